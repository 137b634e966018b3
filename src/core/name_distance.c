/*
 * name_distance.c
 *		Weighted edit distance of two folded keys.
 *
 * Optimal string alignment (insertion, deletion, substitution, exchange of two
 * neighbours) within a band of two, so that time is linear in the length. What
 * habits of spelling explain costs less than what only a slip of the finger
 * does, and is counted apart.
 */
#include "core/name.h"

#include <string.h>

#define BAND 2
#define WIDEST 64 /* longer keys are compared for equality only */

#define COST_SOFT 40      /* e/i, o/u, a/o inside; h or y more or less */
#define COST_HALF 50      /* z/s, j/y, h/k, final g, k, n */
#define COST_NEIGHBOUR 80 /* next key of the keyboard, exchanged letters */
#define COST_DOUBLE 60    /* a letter repeated across another */

/* A cost and, in the low bits, the hard edits in it: the sum orders both. */
#define EDIT(cost, hard) ((cost) *16 + (hard))
#define FAR EDIT(DTC_NAME_SLIP_NONE, 15)

static bool
is_vowel(char c)
{
	return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}

static bool
is_pair(char a, char b, const char *pairs)
{
	for (; *pairs != '\0'; pairs += 2)
	{
		if ((a == pairs[0] && b == pairs[1]) ||
			(a == pairs[1] && b == pairs[0]))
			return true;
	}
	return false;
}

/* Neighbours on a QWERTY keyboard, by the letter: row and column. */
static bool
is_neighbour(char a, char b)
{
	/* column times two plus half a key for each row down */
	static const char place[26][2] = {
		/* A */ {1, 1},  {2, 11}, {2, 7},  {1, 5},  {0, 4},  /* E */
		/* F */ {1, 7},  {1, 9},  {1, 11}, {0, 14}, {1, 13}, /* J */
		/* K */ {1, 15}, {1, 17}, {2, 15}, {2, 13}, {0, 16}, /* O */
		/* P */ {0, 18}, {0, 0},  {0, 6},  {1, 3},  {0, 8},  /* T */
		/* U */ {0, 12}, {2, 9},  {0, 2},  {2, 5},  {0, 10}, /* Y */
		/* Z */ {2, 3}};
	int row, column;

	if (a < 'A' || a > 'Z' || b < 'A' || b > 'Z')
		return false;
	row = place[a - 'A'][0] - place[b - 'A'][0];
	column = place[a - 'A'][1] - place[b - 'A'][1];
	return row >= -1 && row <= 1 && column >= -2 && column <= 2;
}

/* Cost of one letter for another; place: first, inside or last. */
static int
substitution(char a, char b, bool first, bool last)
{
	if (!first && !last && is_vowel(a) && is_vowel(b) &&
		is_pair(a, b, "EIOUAO"))
		return EDIT(COST_SOFT, 0);
	if (is_pair(a, b, "JSJYIYHK"))
		return EDIT(COST_HALF, 0);
	if (last && is_pair(a, b, "GKNG"))
		return EDIT(COST_HALF, 0);
	if (!first && is_neighbour(a, b))
		return EDIT(COST_NEIGHBOUR, 1);
	return EDIT(DTC_NAME_EDIT, 1);
}

/* Cost of a letter that only one side has; before, after: its neighbours. */
static int
insertion(char c, char before, char after)
{
	if (c == 'H' && (is_vowel(after) || is_vowel(before)))
		return EDIT(COST_SOFT, 0);
	if ((c == 'I' || c == 'Y') && is_vowel(before) && is_vowel(after))
		return EDIT(COST_SOFT, 0);
	if ((c == 'I' && before == 'A' && after != '\0') ||
		(c == 'G' && before == 'N' && after == '\0'))
		return EDIT(COST_HALF, 0);
	return EDIT(DTC_NAME_EDIT, 1);
}

/*
 * How far apart two keys are.
 *
 * a, b: alen and blen bytes, A to Z (other bytes cost a full edit each).
 * Returns cost DTC_NAME_SLIP_NONE when the lengths differ by more than two or
 * a key is longer than 64 bytes. Symmetric. Linear.
 */
DtcNameSlip
dtc_name_slip(const char *a, int alen, const char *b, int blen)
{
	DtcNameSlip none = {DTC_NAME_SLIP_NONE, 0}, slip;
	int rows[3][WIDEST + 2];
	int *two = rows[0], *one = rows[1], *row = rows[2], *swap;

	if (alen > WIDEST || blen > WIDEST || alen - blen > BAND ||
		blen - alen > BAND)
		return none;
	for (int j = 0; j <= blen && j <= BAND + 1; j++)
		one[j] = j == 0     ? 0
				 : j > BAND ? FAR
							: one[j - 1] + insertion(b[j - 1],
													 j > 1 ? b[j - 2] : '\0',
													 j < blen ? b[j] : '\0');
	for (int j = 0; j <= BAND + 1; j++)
		two[j] = FAR;
	for (int i = 1; i <= alen; i++)
	{
		int from = i > BAND ? i - BAND : 0;
		int to = i + BAND < blen ? i + BAND : blen;
		int best = FAR;
		char before_a = i > 1 ? a[i - 2] : '\0';
		char after_a = i < alen ? a[i] : '\0';

		if (from > 0)
			row[from - 1] = FAR;
		for (int j = from; j <= to; j++)
		{
			int cost = FAR, c;

			if (j <= i - 1 + BAND)
				cost = one[j] + insertion(a[i - 1], before_a, after_a);
			if (j > 0)
			{
				char x = a[i - 1], y = b[j - 1];

				c = row[j - 1] + insertion(y, j > 1 ? b[j - 2] : '\0',
										   j < blen ? b[j] : '\0');
				cost = c < cost ? c : cost;
				c = one[j - 1] + (x == y
									  ? 0
									  : substitution(x, y, i == 1 || j == 1,
													 i == alen || j == blen));
				cost = c < cost ? c : cost;
				if (i > 1 && j > 1 && x == b[j - 2] && y == a[i - 2])
				{
					c = two[j - 2] + EDIT(COST_NEIGHBOUR, 1);
					cost = c < cost ? c : cost;
				}
			}
			row[j] = cost;
			best = cost < best ? cost : best;
		}
		if (to < blen)
			row[to + 1] = FAR;
		if (best > EDIT(2 * DTC_NAME_EDIT, 15))
			return none;
		swap = two;
		two = one;
		one = row;
		row = swap;
	}
	slip.cost = one[blen] / 16;
	slip.hard = one[blen] % 16;
	return slip.cost > 2 * DTC_NAME_EDIT ? none : slip;
}
