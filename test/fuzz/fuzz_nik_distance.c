/* Distance, keys and alignment of two NIKs against the plain definition. */
#include "core/digits.h"
#include "core/nik.h"
#include "fuzz.h"

/* Optimal string alignment, as it is defined. */
static int
plain(const char *a, const char *b)
{
	int d[DTC_DIGITS + 1][DTC_DIGITS + 1];

	for (int i = 0; i <= DTC_DIGITS; i++)
	{
		for (int j = 0; j <= DTC_DIGITS; j++)
		{
			int best;

			if (i == 0 || j == 0)
			{
				d[i][j] = i + j;
				continue;
			}
			best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
			best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[DTC_DIGITS][DTC_DIGITS];
}

/* Does an alignment, applied to a, give b? */
static bool
leads_to(const char *a, const char *b, const DtcNikEdit *edits, int n)
{
	char out[2 * DTC_DIGITS + 1];
	int i = 0, len = 0;

	for (int e = 0; e <= n; e++)
	{
		/* digits before the edit are copied */
		while (e == n                            ? i < DTC_DIGITS
			   : edits[e].kind == DTC_NIK_INSERT ? len < edits[e].position - 1
												 : i < edits[e].position - 1)
			out[len++] = a[i++];
		if (e == n)
			break;
		if (edits[e].kind == DTC_NIK_SWAP)
		{
			out[len++] = a[i + 1];
			out[len++] = a[i];
			i += 2;
			continue;
		}
		if (edits[e].to >= 0)
			out[len++] = (char) ('0' + edits[e].to);
		if (edits[e].from >= 0)
			i++;
	}
	return len == DTC_DIGITS && memcmp(out, b, DTC_DIGITS) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[2][DTC_DIGITS];
	int64_t value[2], keys[DTC_NIK_KEYS_MAX];
	DtcNikEdit edits[DTC_DIGITS];
	int distance, n;
	bool found = false;

	for (int side = 0; side < 2; side++)
	{
		for (int i = 0; i < DTC_DIGITS; i++)
		{
			size_t at = (size_t) (side * DTC_DIGITS + i);

			text[side][i] = at < size ? (char) ('0' + data[at] % 10) : '0';
		}
		MUST(dtc_digits_parse(text[side], DTC_DIGITS, &value[side]));
	}
	distance = plain(text[0], text[1]);
	MUST(dtc_nik_distance(value[0], value[1]) == distance);
	MUST(dtc_nik_distance(value[1], value[0]) == distance);
	for (int k = -1; k < 4; k++)
		MUST(dtc_nik_within(value[0], value[1], k) == (distance <= k));
	MUST(dtc_nik_align(value[0], value[1], edits) == distance);
	MUST(leads_to(text[0], text[1], edits, distance));
	n = dtc_nik_keys(value[0], keys);
	MUST(n >= 145 && n <= DTC_NIK_KEYS_MAX);
	for (int i = 0; i < n; i++)
	{
		MUST(i == 0 || keys[i] > keys[i - 1]);
		found |= keys[i] == value[1];
	}
	MUST(found == (distance <= 1));
	for (int k = 0; k <= DTC_NIK_NEIGHBOURS_MAX; k++)
	{
		DtcNikWalk walk;
		int64_t next, again;

		MUST(dtc_nik_walk_begin(&walk, value[0], k) == DTC_OK);
		next = dtc_nik_walk_next(&walk, value[1]);
		MUST((next == value[1]) == (distance <= k));
		MUST(next == -1 ||
			 (next >= value[1] && dtc_nik_distance(value[0], next) <= k));
		MUST(next != -1 || value[0] < value[1]);
		/* asked in another order it says the same, and leaves none out */
		if (next > value[1])
		{
			int64_t between = value[1] + (next - value[1]) / 2;

			MUST(dtc_nik_walk_next(&walk, 0) >= 0);
			again = dtc_nik_walk_next(&walk, between);
			MUST(again == next);
			MUST(value[0] < value[1] || value[0] >= next);
		}
	}
	return 0;
}
