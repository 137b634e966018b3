/*
 * name_distance.c
 *		Weighted edit distance of two folded keys.
 *
 * Optimal string alignment (insertion, deletion, substitution, exchange of two
 * neighbours) within a band of two, so that time is linear in the length. What
 * habits of spelling explain costs less than what only a slip of the finger
 * does, and is counted apart.
 *
 * What both keys begin and end with is left out first: one edit, which is what
 * most slips are, needs no table then.
 */
#include "core/edit_column.h"
#include "core/name.h"

#include <string.h>

#define BAND 2
#define WIDEST 64 /* longer keys are compared for equality only */

#define COST_SOFT 40      /* e/i, o/u, a/o inside; h or y more or less */
#define COST_HALF 50      /* z/s, j/y, h/k, final g, k, n */
#define COST_NEIGHBOUR 80 /* next key of the keyboard, exchanged letters */

/* A cost and, in the low bits, the hard edits in it: the sum orders both. */
#define EDIT(cost, hard) ((cost) *16 + (hard))
#define FAR EDIT(DTC_NAME_SLIP_NONE, 15)

static bool
is_vowel(char c)
{
	return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}

#define BIT(letter) (UINT32_C(1) << ((letter) - 'A'))
#define VOWELS (BIT('A') | BIT('E') | BIT('I') | BIT('O') | BIT('U'))

/* Letters that stand for each other wherever they are. */
static const uint32_t habits[26] = {
	['I' - 'A'] = BIT('Y'), ['J' - 'A'] = BIT('S') | BIT('Y'),
	['S' - 'A'] = BIT('J'), ['Y' - 'A'] = BIT('J') | BIT('I'),
	['H' - 'A'] = BIT('K'), ['K' - 'A'] = BIT('H')};

/* And neither at the beginning nor at the end of a word. */
static const uint32_t habits_inside[26] = {['A' - 'A'] = BIT('O'),
										   ['E' - 'A'] = BIT('I'),
										   ['I' - 'A'] = BIT('E'),
										   ['O' - 'A'] = BIT('A') | BIT('U'),
										   ['U' - 'A'] = BIT('O')};

/* And at its end. */
static const uint32_t habits_last[26] = {['K' - 'A'] = BIT('G'),
										 ['G' - 'A'] = BIT('K') | BIT('N'),
										 ['N' - 'A'] = BIT('G')};

/* Neighbours of each letter on a QWERTY keyboard. */
static const uint32_t neighbours[26] = {
	/* A */ BIT('Q') | BIT('S') | BIT('W') | BIT('Z'),
	/* B */ BIT('G') | BIT('H') | BIT('N') | BIT('V'),
	/* C */ BIT('D') | BIT('F') | BIT('V') | BIT('X'),
	/* D */ BIT('C') | BIT('E') | BIT('F') | BIT('R') | BIT('S') | BIT('X'),
	/* E */ BIT('D') | BIT('R') | BIT('S') | BIT('W'),
	/* F */ BIT('C') | BIT('D') | BIT('G') | BIT('R') | BIT('T') | BIT('V'),
	/* G */ BIT('B') | BIT('F') | BIT('H') | BIT('T') | BIT('V') | BIT('Y'),
	/* H */ BIT('B') | BIT('G') | BIT('J') | BIT('N') | BIT('U') | BIT('Y'),
	/* I */ BIT('J') | BIT('K') | BIT('O') | BIT('U'),
	/* J */ BIT('H') | BIT('I') | BIT('K') | BIT('M') | BIT('N') | BIT('U'),
	/* K */ BIT('I') | BIT('J') | BIT('L') | BIT('M') | BIT('O'),
	/* L */ BIT('K') | BIT('O') | BIT('P'),
	/* M */ BIT('J') | BIT('K') | BIT('N'),
	/* N */ BIT('B') | BIT('H') | BIT('J') | BIT('M'),
	/* O */ BIT('I') | BIT('K') | BIT('L') | BIT('P'),
	/* P */ BIT('L') | BIT('O'),
	/* Q */ BIT('A') | BIT('W'),
	/* R */ BIT('D') | BIT('E') | BIT('F') | BIT('T'),
	/* S */ BIT('A') | BIT('D') | BIT('E') | BIT('W') | BIT('X') | BIT('Z'),
	/* T */ BIT('F') | BIT('G') | BIT('R') | BIT('Y'),
	/* U */ BIT('H') | BIT('I') | BIT('J') | BIT('Y'),
	/* V */ BIT('B') | BIT('C') | BIT('F') | BIT('G'),
	/* W */ BIT('A') | BIT('E') | BIT('Q') | BIT('S'),
	/* X */ BIT('C') | BIT('D') | BIT('S') | BIT('Z'),
	/* Y */ BIT('G') | BIT('H') | BIT('T') | BIT('U'),
	/* Z */ BIT('A') | BIT('S') | BIT('X')};

/* Cost of one letter for another; place: first, inside or last. */
static inline int
substitution(char a, char b, bool first, bool last)
{
	uint32_t x = (uint32_t) (a - 'A'), y = (uint32_t) (b - 'A'), other, habit;

	if (x >= 26 || y >= 26)
		return EDIT(DTC_NAME_EDIT, 1);
	other = UINT32_C(1) << y;
	habit = habits[x] | (last     ? habits_last[x]
						 : !first ? habits_inside[x]
								  : 0);
	if (habit & other)
		return (VOWELS >> x & VOWELS >> y & 1) != 0 ? EDIT(COST_SOFT, 0)
													: EDIT(COST_HALF, 0);
	return !first && (neighbours[x] & other) ? EDIT(COST_NEIGHBOUR, 1)
											 : EDIT(DTC_NAME_EDIT, 1);
}

/* Cost of the letter at i that only one key has. */
static int
insertion(const char *s, int i, int len)
{
	char c = s[i], before = '\0', after = '\0';

	if (c != 'H' && c != 'I' && c != 'Y' && c != 'G')
		return EDIT(DTC_NAME_EDIT, 1);
	before = i > 0 ? s[i - 1] : '\0';
	after = i + 1 < len ? s[i + 1] : '\0';
	if (c == 'H' && before == 'U' && after == 'A')
		return EDIT(DTC_NAME_EDIT, 1); /* Suharni; SUARNI is Suwarni */
	if (c == 'H' && (is_vowel(after) || is_vowel(before)))
		return EDIT(COST_SOFT, 0);
	if ((c == 'I' || c == 'Y') && is_vowel(before) && is_vowel(after))
		return EDIT(COST_SOFT, 0);
	if ((c == 'I' && before == 'A' && after != '\0') ||
		(c == 'G' && before == 'N' && after == '\0'))
		return EDIT(COST_HALF, 0);
	return EDIT(DTC_NAME_EDIT, 1);
}

/* Does folding write the two the same elsewhere: I and Y, at the end T and D? */
static bool
alike(char x, char y, bool last)
{
	static const char voiced[] = "DBJ", silent[] = "TPS";
	const char *at;

	if (x == y || (x == 'I' && y == 'Y') || (x == 'Y' && y == 'I'))
		return true;
	return last && x != '\0' &&
		   (((at = strchr(voiced, x)) != NULL && silent[at - voiced] == y) ||
			((at = strchr(silent, x)) != NULL && voiced[at - silent] == y));
}

/* Two keys, and what they begin and end with. */
typedef struct Keys
{
	const char *a, *b;
	int alen, blen;
	int head; /* letters at the beginning that both have */
	int tail; /* the same at the end */
} Keys;

/* Cost of letter i of a for letter j of b. */
static inline int
replace(const Keys *k, int i, int j)
{
	return substitution(k->a[i], k->b[j], i == 0 || j == 0,
						i + 1 == k->alen || j + 1 == k->blen);
}

/*
 * How many edits, of whatever kind, two rows of letters are apart: the distance
 * of optimal string alignment, all rows of a column at a time.
 *
 * a: 1 to 64 bytes. Letters that share five bits count as one, which only makes
 * the answer smaller. Symmetric; linear in blen.
 */
int
dtc_name_edits(const char *a, int alen, const char *b, int blen)
{
	uint64_t place[32] = {0};
	DtcEditColumn column = dtc_edit_begin(alen);

	for (int i = 0; i < alen; i++)
		place[a[i] & 31] |= UINT64_C(1) << i;
	for (int j = 0; j < blen; j++)
		dtc_edit_add(&column, place[b[j] & 31]);
	return column.edits;
}

/*
 * The table over what is left between head and tail, n letters of a and m of
 * b, within the band. FAR when it is certain that limit is passed.
 */
static int
table(const Keys *k, int n, int m, int limit)
{
	int rows[3][WIDEST + 2], more[WIDEST];
	int *two = rows[0], *one = rows[1], *row = rows[2], *swap;
	const char *a = k->a + k->head, *b = k->b + k->head;
	int before = 0; /* the best of the row before */

	for (int j = 0; j < m; j++)
		more[j] = insertion(k->b, k->head + j, k->blen);
	for (int j = 0; j <= m && j <= BAND + 1; j++)
		one[j] = j == 0 ? 0 : j > BAND ? FAR : one[j - 1] + more[j - 1];
	for (int j = 0; j <= BAND + 1; j++)
		two[j] = FAR;
	for (int i = 1; i <= n; i++)
	{
		int from = i > BAND ? i - BAND : 0;
		int to = i + BAND < m ? i + BAND : m;
		int best = FAR, less = insertion(k->a, k->head + i - 1, k->alen);

		if (from > 0)
			row[from - 1] = FAR;
		for (int j = from; j <= to; j++)
		{
			int cost = FAR, c;

			if (j <= i - 1 + BAND)
				cost = one[j] + less;
			if (j > 0)
			{
				char x = a[i - 1], y = b[j - 1];

				c = row[j - 1] + more[j - 1];
				cost = c < cost ? c : cost;
				c = one[j - 1];
				if (x != y && c + EDIT(COST_SOFT, 0) < cost)
					c += replace(k, k->head + i - 1, k->head + j - 1);
				else if (x != y)
					c = FAR;
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
		if (to < m)
			row[to + 1] = FAR;
		/* an exchange leads from the row before past this one */
		if (best > limit && before > limit)
			return FAR;
		before = best;
		swap = two;
		two = one;
		one = row;
		row = swap;
	}
	return one[m];
}

/*
 * Can habits of spelling alone have made one of the rests, n letters of a and m
 * of b, of the other? Not where the letters differ that no habit touches.
 */
static bool
by_habit(const Keys *k, int n, int m)
{
	const uint32_t touched = BIT('A') | BIT('E') | BIT('G') | BIT('H') |
							 BIT('I') | BIT('J') | BIT('K') | BIT('N') |
							 BIT('O') | BIT('S') | BIT('U') | BIT('Y');
	uint32_t left = 0, right = 0;

	for (int i = 0; i < n; i++)
		left |= UINT32_C(1) << ((k->a[k->head + i] - 'A') & 31);
	for (int j = 0; j < m; j++)
		right |= UINT32_C(1) << ((k->b[k->head + j] - 'A') & 31);
	return ((left ^ right) & ~touched) == 0;
}

/*
 * Are the rests, two letters each, the same two exchanged? Folding has looked at
 * their neighbours: Hayu is HAYU, Hauy HAUI; Rizad RIZAT, Rizda RIZDA.
 */
static bool
exchanged(const Keys *k)
{
	const char *a = k->a + k->head, *b = k->b + k->head;
	bool last = k->tail == 0;

	return alike(a[0], b[1], last) && alike(b[0], a[1], last);
}

/*
 * Are the rests the E and the AI of Behaki and Baihaki, or the O and the AU of
 * Lorensius and Laurensius, n letters of a?
 */
static bool
is_diphthong(const Keys *k, int n)
{
	const char *two = (n == 2 ? k->a : k->b) + k->head;
	const char *one = (n == 2 ? k->b : k->a) + k->head;

	return two[0] == 'A' &&
		   ((*one == 'E' && two[1] == 'I') || (*one == 'O' && two[1] == 'U'));
}

/*
 * How far apart two keys are.
 *
 * a, b: alen and blen bytes, A to Z (other bytes cost a full edit each).
 * allowed: hundredths of an edit; what is further apart need not be known; most:
 * edits that may be between them then, or more.
 * Returns cost DTC_NAME_SLIP_NONE when it is, when the lengths differ by more
 * than two, or when a key is longer than 64 bytes. Symmetric. Linear.
 */
DtcNameSlip
dtc_name_slip(const char *a, int alen, const char *b, int blen, int allowed,
			  int most)
{
	DtcNameSlip none = {DTC_NAME_SLIP_NONE, 0}, slip;
	Keys k = {a, b, alen, blen, 0, 0};
	int shorter = alen < blen ? alen : blen, n, m, cost;
	int limit = EDIT(allowed, 15);

	if (alen > WIDEST || blen > WIDEST || alen - blen > BAND ||
		blen - alen > BAND)
		return none;
	while (k.head < shorter && a[k.head] == b[k.head])
		k.head++;
	while (k.tail < shorter - k.head &&
		   a[alen - 1 - k.tail] == b[blen - 1 - k.tail])
		k.tail++;
	n = alen - k.head - k.tail;
	m = blen - k.head - k.tail;
	if (n + m == 0)
		cost = 0;
	else if (n + m == 1)
		cost =
			n == 1 ? insertion(a, k.head, alen) : insertion(b, k.head, blen);
	else if (n == 1 && m == 1)
		cost = replace(&k, k.head, k.head);
	else if (n + m == 3 && k.head > 0 && k.tail > 0 && is_diphthong(&k, n))
		cost = EDIT(COST_SOFT, 0);
	else if (n == 2 && m == 2 && exchanged(&k))
		cost = EDIT(COST_NEIGHBOUR, 1);
	else if (allowed < COST_NEIGHBOUR + COST_SOFT && !by_habit(&k, n, m))
		cost = FAR;
	else if (n > 0 && (n > most || m > most) &&
			 dtc_name_edits(a + k.head, n, b + k.head, m) > most)
		cost = FAR;
	else
		cost = table(&k, n, m, limit);
	if (cost > limit)
		return none;
	slip.cost = cost / 16;
	slip.hard = cost % 16;
	return slip;
}
