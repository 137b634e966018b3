/*
 * nik_distance.c
 *		Edit distance of numbers of 16 digits, and what lies within it.
 *
 * The distance is the restricted Damerau-Levenshtein distance (optimal string
 * alignment): replacing, inserting and deleting a digit and exchanging two
 * neighbours cost one each, and no part is edited twice. Both numbers always
 * have 16 digits, so an insertion pairs with a deletion and one edit is either
 * a replacement or an exchange.
 */
#include "core/nik.h"

#include "core/digits.h"

#include <string.h>

/* Distance of two values of 0 to DTC_DIGITS_MAX: 0 to 16. Symmetric. */
int
dtc_nik_distance(int64_t a, int64_t b)
{
	if (a == b)
		return 0;
	return dtc_nik_bound(dtc_digits_pack(a), dtc_digits_pack(b), DTC_DIGITS);
}

/* Are two values at most k edits apart? Never, when k is below 0. */
bool
dtc_nik_within(int64_t a, int64_t b, int64_t k)
{
	if (a == b)
		return k >= 0;
	if (k < 1)
		return false;
	if (k >= DTC_DIGITS)
		return true;
	return dtc_nik_bound(dtc_digits_pack(a), dtc_digits_pack(b), (int) k) <=
		   (int) k;
}

/*
 * Is one of two values the other with a digit left out, and a 0 put in at the
 * front or at the end to have 16 again? That is what a spreadsheet makes of
 * the last digit, and a program of a number that is one too short.
 */
bool
dtc_nik_lost_digit(int64_t a, int64_t b)
{
	uint64_t from = dtc_digits_pack(a);
	uint64_t to = dtc_digits_pack(b);

	if (a == b)
		return false;
	for (int turn = 0; turn < 2; turn++)
	{
		uint64_t swap = from;

		for (int shift = 0; shift < 4 * DTC_DIGITS; shift += 4)
		{
			uint64_t low = from & ((UINT64_C(1) << shift) - 1);
			uint64_t rest = (from >> shift >> 4) << shift | low;

			if (to == rest || to == rest << 4)
				return true;
		}
		from = to;
		to = swap;
	}
	return false;
}

/*
 * All values within one edit, itself included, ascending, each once.
 *
 * keys: room for DTC_NIK_KEYS_MAX. Returns how many: 145 to 160, fewer the
 * more neighbours are equal.
 */
int
dtc_nik_keys(int64_t nik, int64_t *keys)
{
	static const int64_t power[DTC_DIGITS] = {INT64_C(1000000000000000),
											  INT64_C(100000000000000),
											  INT64_C(10000000000000),
											  INT64_C(1000000000000),
											  INT64_C(100000000000),
											  INT64_C(10000000000),
											  INT64_C(1000000000),
											  INT64_C(100000000),
											  INT64_C(10000000),
											  INT64_C(1000000),
											  INT64_C(100000),
											  INT64_C(10000),
											  INT64_C(1000),
											  INT64_C(100),
											  INT64_C(10),
											  INT64_C(1)};
	int digit[DTC_DIGITS];
	uint64_t packed = dtc_digits_pack(nik);
	int count = 0;

	for (int i = 0; i < DTC_DIGITS; i++)
		digit[i] = (int) (packed >> (4 * (DTC_DIGITS - 1 - i)) & 0xf);

	/*
	 * What is smaller differs first in a digit that got smaller: the earlier
	 * the digit, the smaller the number. The exchange puts the next digit
	 * here and, being followed by a larger one, comes after the replacement
	 * by the same digit.
	 */
	for (int i = 0; i < DTC_DIGITS; i++)
	{
		for (int d = 0; d < digit[i]; d++)
		{
			keys[count++] = nik + (d - digit[i]) * power[i];
			if (i + 1 < DTC_DIGITS && d == digit[i + 1])
				keys[count++] = nik + (d - digit[i]) * power[i] +
								(digit[i] - d) * power[i + 1];
		}
	}
	keys[count++] = nik;
	/* the same for what is larger, mirrored */
	for (int i = DTC_DIGITS - 1; i >= 0; i--)
	{
		for (int d = digit[i] + 1; d <= 9; d++)
		{
			if (i + 1 < DTC_DIGITS && d == digit[i + 1])
				keys[count++] = nik + (d - digit[i]) * power[i] +
								(digit[i] - d) * power[i + 1];
			keys[count++] = nik + (d - digit[i]) * power[i];
		}
	}
	return count;
}

#define MIDDLE (DTC_NIK_DIAGONALS / 2) /* index of the diagonal */
#define FAR 100                        /* more than any distance */

/* What a list of all values within a distance is made with. */
typedef struct Search
{
	DtcNikWalk walk;
	DtcNikEmit emit;
	void *state;
} Search;

/* One more for each step off the diagonal, which one more edit must undo. */
static inline int
undone(int cell, int index)
{
	return cell + (index < MIDDLE ? MIDDLE - index : index - MIDDLE);
}

/*
 * Chooses the digit at position j, from 0, and fills the row after it: false
 * when no value within the distance begins with what is chosen so far.
 *
 * Cell (i, j) of the matrix is the distance of the first i digits asked for and
 * the first j chosen. Cells outside of it have no digits that are equal, so
 * they need no question: those before are FAR, those behind lead nowhere.
 */
static bool
choose(DtcNikWalk *walk, int j, int digit)
{
	const int8_t *asked = walk->digit + 2 + j - MIDDLE; /* by index */
	const int8_t *above = walk->cell[j];
	int8_t *row = walk->cell[j + 1];
	int before = walk->chosen[j]; /* the digit chosen before this one */
	bool possible = false;

	walk->chosen[j + 1] = (int8_t) digit;
	for (int n = 1; n < DTC_NIK_DIAGONALS - 1; n++)
	{
		int best = above[n] + (asked[n] != digit);

		if (above[n + 1] < best)
			best = above[n + 1] + 1;
		if (row[n - 1] < best)
			best = row[n - 1] + 1;
		if (asked[n] == before && asked[n - 1] == digit &&
			walk->cell[j - 1][n] < best)
			best = walk->cell[j - 1][n] + 1;
		row[n] = (int8_t) best;
		possible |= undone(best, n) <= walk->k;
		/* an exchange that the next digit completes: no row knows of it yet */
		possible |= asked[n + 1] == digit && undone(above[n], n) < walk->k;
	}
	return j + 1 < DTC_DIGITS ? possible
							  : walk->cell[DTC_DIGITS][MIDDLE] <= walk->k;
}

/*
 * Chooses the least digit from one on at position j with which a value within
 * the distance can begin. Returns it, 10 when there is none.
 *
 * The row after a digit depends on which of the digits asked for nearby it is:
 * all that are none of them have the same, so that one is tried for all.
 */
static int
choose_from(DtcNikWalk *walk, int j, int digit)
{
	uint32_t nearby = 0;
	bool others = true;

	for (int n = 0; n < DTC_NIK_DIAGONALS; n++)
		nearby |= UINT32_C(1) << walk->digit[2 + j - MIDDLE + n];
	for (; digit <= 9; digit++)
	{
		bool other = !(nearby >> digit & 1);

		if (other && !others)
			continue;
		if (choose(walk, j, digit))
			return digit;
		if (other)
			others = false;
	}
	return digit;
}

/* Tries every digit at position j; false when the caller wants no more. */
static bool
descend(Search *search, int j, int64_t prefix)
{
	for (int d = choose_from(&search->walk, j, 0); d <= 9;
		 d = choose_from(&search->walk, j, d + 1))
	{
		if (j + 1 < DTC_DIGITS)
		{
			if (!descend(search, j + 1, prefix * 10 + d))
				return false;
		}
		else if (!search->emit(prefix * 10 + d, search->state))
			return false;
	}
	return true;
}

/*
 * Begins a walk over the values within k edits of nik.
 *
 * k: 0 to DTC_NIK_NEIGHBOURS_MAX. DTC_OUT_OF_RANGE for another.
 */
DtcStatus
dtc_nik_walk_begin(DtcNikWalk *walk, int64_t nik, int k)
{
	uint64_t packed = dtc_digits_pack(nik);

	if (k < 0 || k > DTC_NIK_NEIGHBOURS_MAX)
		return DTC_OUT_OF_RANGE;
	/* no digit is like those beside the 16, nor the one before the first */
	memset(walk->digit, 16, sizeof(walk->digit));
	memset(walk->cell, FAR, sizeof(walk->cell));
	walk->chosen[0] = 17;
	for (int i = 0; i < DTC_DIGITS; i++)
		walk->digit[i + 2] =
			(int8_t) (packed >> (4 * (DTC_DIGITS - 1 - i)) & 0xf);
	for (int n = MIDDLE; n < DTC_NIK_DIAGONALS - 1; n++)
		walk->cell[0][n] = (int8_t) (n - MIDDLE);
	walk->k = k;
	walk->known = 0;
	return DTC_OK;
}

/*
 * The least value from `from` on (0 to DTC_DIGITS_MAX) that is within the
 * distance, -1 when none is. Quick when one value asked for begins like the one
 * before.
 */
int64_t
dtc_nik_walk_next(DtcNikWalk *walk, int64_t from)
{
	uint64_t packed = dtc_digits_pack(from);
	int wanted[DTC_DIGITS];
	int64_t value = 0;
	int j = 0;

	for (int i = 0; i < DTC_DIGITS; i++)
		wanted[i] = (int) (packed >> (4 * (DTC_DIGITS - 1 - i)) & 0xf);
	while (j < walk->known && walk->chosen[j + 1] == wanted[j])
		j++;
	while (j < DTC_DIGITS && choose(walk, j, wanted[j]))
		j++;
	walk->known = DTC_DIGITS;
	if (j == DTC_DIGITS)
		return from;

	/* nothing begins like that: the last digit that can be greater */
	for (;;)
	{
		if (choose_from(walk, j, wanted[j] + 1) <= 9)
			break;
		if (j-- == 0)
		{
			walk->known = 0;
			return -1;
		}
	}
	/* and the least digits after it; there always is one */
	while (++j < DTC_DIGITS)
		choose_from(walk, j, 0);
	for (int i = 0; i < DTC_DIGITS; i++)
		value = value * 10 + walk->chosen[i + 1];
	return value;
}

/*
 * Calls emit with every value within k edits of nik, itself included,
 * ascending, each once.
 *
 * k: 0 to DTC_NIK_NEIGHBOURS_MAX. About 160 values for 1, 12 thousand for 2,
 * 600 thousand for 3. DTC_OUT_OF_RANGE for another k; DTC_OK also when emit
 * stopped it.
 */
DtcStatus
dtc_nik_neighbours(int64_t nik, int k, DtcNikEmit emit, void *state)
{
	Search search = {.emit = emit, .state = state};

	if (dtc_nik_walk_begin(&search.walk, nik, k) != DTC_OK)
		return DTC_OUT_OF_RANGE;
	descend(&search, 0, 0);
	return DTC_OK;
}

/*
 * An alignment of two values with as few edits as their distance.
 *
 * edits: room for DTC_DIGITS, filled from the left. Returns how many. Where
 * several alignments are equally good, replacing goes before exchanging, and
 * that before deleting and inserting.
 */
int
dtc_nik_align(int64_t a, int64_t b, DtcNikEdit *edits)
{
	int x[DTC_DIGITS];
	int y[DTC_DIGITS];
	int d[DTC_DIGITS + 1][DTC_DIGITS + 1];
	uint64_t packed_a = dtc_digits_pack(a);
	uint64_t packed_b = dtc_digits_pack(b);
	int count;
	int i;
	int j;

	for (i = 0; i < DTC_DIGITS; i++)
	{
		x[i] = (int) (packed_a >> (4 * (DTC_DIGITS - 1 - i)) & 0xf);
		y[i] = (int) (packed_b >> (4 * (DTC_DIGITS - 1 - i)) & 0xf);
	}
	for (i = 0; i <= DTC_DIGITS; i++)
	{
		for (j = 0; j <= DTC_DIGITS; j++)
		{
			if (i == 0 || j == 0)
			{
				d[i][j] = i + j;
				continue;
			}
			d[i][j] = d[i - 1][j - 1] + (x[i - 1] != y[j - 1]);
			if (d[i - 1][j] + 1 < d[i][j])
				d[i][j] = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < d[i][j])
				d[i][j] = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] &&
				x[i - 2] == y[j - 1] && d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	}
	count = d[DTC_DIGITS][DTC_DIGITS];
	i = j = DTC_DIGITS;
	for (int n = count; i > 0 || j > 0;)
	{
		DtcNikEdit edit = {DTC_NIK_REPLACE, i, -1, -1};

		if (i > 0 && j > 0 && x[i - 1] == y[j - 1] &&
			d[i][j] == d[i - 1][j - 1])
		{
			i--, j--;
			continue;
		}
		if (i > 0 && j > 0 && d[i][j] == d[i - 1][j - 1] + 1)
		{
			edit.from = x[--i];
			edit.to = y[--j];
		}
		else if (i > 1 && j > 1 && x[i - 1] == y[j - 2] &&
				 x[i - 2] == y[j - 1] && d[i][j] == d[i - 2][j - 2] + 1)
		{
			i -= 2, j -= 2;
			edit.kind = DTC_NIK_SWAP;
			edit.position = i + 1;
			edit.from = x[i];
			edit.to = x[i + 1];
		}
		else if (i > 0 && d[i][j] == d[i - 1][j] + 1)
		{
			edit.kind = DTC_NIK_DELETE;
			edit.from = x[--i];
		}
		else
		{
			edit.kind = DTC_NIK_INSERT;
			edit.position = j;
			edit.to = y[--j];
		}
		edits[--n] = edit;
	}
	return count;
}
