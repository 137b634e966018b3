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

#define BAND (DTC_NIK_NEIGHBOURS_MAX / 2) /* farthest useful diagonal */
#define DIAGONALS (2 * BAND + 1)
#define FAR 100 /* more than any distance */

/* State of the search for all values within a distance. */
typedef struct Search
{
	int digit[DTC_DIGITS];  /* of the value that is asked for */
	int chosen[DTC_DIGITS]; /* of the value being built */
	/* row j: cells (j + offset, j) of the matrix, by offset + BAND */
	int cell[DTC_DIGITS + 1][DIAGONALS];
	int k;
	DtcNikEmit emit;
	void *state;
} Search;

/* Cell (i, j) of the matrix: i digits of the value asked for, j chosen. */
static int
cell(const Search *search, int i, int j)
{
	int offset = i - j;

	if (i < 0 || j < 0 || i > DTC_DIGITS || offset < -BAND || offset > BAND)
		return FAR;
	return search->cell[j][offset + BAND];
}

/*
 * Fills row j after chosen[j - 1] was set. Returns the least distance that
 * any completion can have.
 */
static int
fill_row(Search *search, int j)
{
	int least = FAR;

	for (int offset = -BAND; offset <= BAND; offset++)
	{
		int i = j + offset;
		int best = FAR;

		if (i == 0)
			best = j;
		else if (i > 0 && i <= DTC_DIGITS)
		{
			int same = search->digit[i - 1] == search->chosen[j - 1];
			int other;

			best = cell(search, i - 1, j - 1) + (same ? 0 : 1);
			other = cell(search, i, j - 1) + 1;
			if (other < best)
				best = other;
			/* cells of this row to the left are filled already */
			if (offset > -BAND)
			{
				other = search->cell[j][offset + BAND - 1] + 1;
				if (other < best)
					best = other;
			}
			if (i > 1 && j > 1 &&
				search->digit[i - 1] == search->chosen[j - 2] &&
				search->digit[i - 2] == search->chosen[j - 1])
			{
				other = cell(search, i - 2, j - 2) + 1;
				if (other < best)
					best = other;
			}
		}
		search->cell[j][offset + BAND] = best;
		/* each step off the diagonal has to be undone by one more edit */
		if (best + (offset < 0 ? -offset : offset) < least)
			least = best + (offset < 0 ? -offset : offset);
	}
	return least;
}

/*
 * May the digit just chosen, the j-th, be the first of an exchange that the
 * next one completes? Its own row does not know of that yet.
 */
static bool
begins_swap(const Search *search, int j)
{
	for (int offset = -BAND; offset <= BAND; offset++)
	{
		int i = j - 1 + offset;

		if (i >= 0 && i + 1 < DTC_DIGITS &&
			search->digit[i + 1] == search->chosen[j - 1] &&
			cell(search, i, j - 1) + 1 + (offset < 0 ? -offset : offset) <=
				search->k)
			return true;
	}
	return false;
}

/* Tries every digit at position j; false when the caller wants no more. */
static bool
descend(Search *search, int j, int64_t prefix)
{
	for (int d = 0; d <= 9; d++)
	{
		int least;

		search->chosen[j] = d;
		least = fill_row(search, j + 1);
		if (least > search->k && !begins_swap(search, j + 1))
			continue;
		if (j + 1 < DTC_DIGITS)
		{
			if (!descend(search, j + 1, prefix * 10 + d))
				return false;
		}
		else if (search->cell[DTC_DIGITS][BAND] <= search->k &&
				 !search->emit(prefix * 10 + d, search->state))
			return false;
	}
	return true;
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
	Search search;
	uint64_t packed = dtc_digits_pack(nik);

	if (k < 0 || k > DTC_NIK_NEIGHBOURS_MAX)
		return DTC_OUT_OF_RANGE;
	memset(&search, 0, sizeof(search));
	for (int i = 0; i < DTC_DIGITS; i++)
		search.digit[i] = (int) (packed >> (4 * (DTC_DIGITS - 1 - i)) & 0xf);
	search.k = k;
	search.emit = emit;
	search.state = state;
	for (int offset = -BAND; offset <= BAND; offset++)
		search.cell[0][offset + BAND] = offset < 0 ? FAR : offset;
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
