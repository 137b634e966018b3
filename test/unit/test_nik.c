/*
 * test_nik.c
 *		Digits, components and distance against plain definitions.
 */
#include <stdlib.h>

#include "core/digits.h"
#include "core/kode_wilayah.h"
#include "core/nik.h"
#include "nik_random.h"
#include "unit.h"

/* The textbook matrix on text. */
static int
plain_distance(const char *a, const char *b)
{
	int d[17][17];

	for (int i = 0; i <= 16; i++)
	{
		for (int j = 0; j <= 16; j++)
		{
			int best;

			if (i == 0 || j == 0)
			{
				d[i][j] = i + j;
				continue;
			}
			best = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[16][16];
}

static void
text_of(int64_t value, char *out)
{
	dtc_digits_write(value, out);
	out[16] = '\0';
}

/* Some random edits of a text of 16 digits, which stays one. */
static void
damage(char *t, int edits)
{
	while (edits-- > 0)
	{
		int i = (int) (next_random() % 16);
		int j = (int) (next_random() % 16);
		char digit = (char) ('0' + next_random() % 10);

		switch (next_random() % 3)
		{
			case 0:
				t[i] = digit;
				break;
			case 1:
				if (i < 15)
				{
					char c = t[i];

					t[i] = t[i + 1];
					t[i + 1] = c;
				}
				break;
			default:
				/* one digit out at i, another in at j */
				memmove(t + i, t + i + 1, (size_t) (15 - i));
				memmove(t + j + 1, t + j, (size_t) (15 - j));
				t[j] = digit;
		}
	}
}

static void
test_distance(void)
{
	char a[17];
	char b[17];
	long wrong = 0;
	long seen[17] = {0};

	for (int n = 0; n < UNIT_CASES(1000000); n++)
	{
		int64_t x = random_number();
		int64_t y;
		int expected;

		text_of(x, a);
		if (n % 3 == 0) /* few different digits: many equal neighbours */
		{
			for (int i = 0; i < 16; i++)
				a[i] = (char) ('0' + next_random() % 2);
			dtc_digits_parse(a, 16, &x);
		}
		memcpy(b, a, 17);
		if (n % 5 == 0)
			text_of(random_number(), b);
		else
			damage(b, (int) (next_random() % 7));
		if (!dtc_digits_parse(b, 16, &y))
		{
			wrong++;
			continue;
		}
		expected = plain_distance(a, b);
		seen[expected]++;
		wrong += dtc_nik_distance(x, y) != expected;
		wrong += dtc_nik_distance(y, x) != expected;
		for (int k = -1; k <= 4; k++)
			wrong += dtc_nik_within(x, y, k) != (expected <= k);
	}
	CHECK_INT(wrong, 0);
	for (int d = 0; d <= 12; d++)
		CHECK(seen[d] > 0);
	CHECK(dtc_nik_within(0, DTC_DIGITS_MAX, INT64_MAX));
	CHECK(!dtc_nik_within(1, 1, INT64_MIN));
	CHECK_INT(dtc_nik_distance(0, DTC_DIGITS_MAX), 16);
	/* optimal string alignment, not the unrestricted distance: 2, not 3 */
	CHECK_INT(
		dtc_nik_distance(INT64_C(1200000000000000), INT64_C(2310000000000000)),
		3);
}

/* A digit out and a 0 in, on text; both ways, and nothing else. */
static void
test_lost_digit(void)
{
	long wrong = 0;
	long seen = 0;

	for (int n = 0; n < 20000; n++)
	{
		char a[17];
		char b[17];
		int64_t x = random_number();
		int64_t y;
		bool expected = false;

		if (n % 2 == 0)
			x = x / 10000000 * 10000000 + n % 7; /* zeros within */
		text_of(x, a);
		memcpy(b, a, 17);
		if (n % 3 == 0)
		{
			int i = (int) (next_random() % 16);

			memmove(b + i, b + i + 1, (size_t) (15 - i));
			b[15] = '0';
			if (n % 2 == 0)
			{
				memmove(b + 1, b, 15);
				b[0] = '0';
			}
		}
		else
			damage(b, 1);
		dtc_digits_parse(b, 16, &y);
		for (int i = 0; i < 16 && x != y; i++)
		{
			for (int turn = 0; turn < 2; turn++)
			{
				char c[18] = "0";

				memcpy(c + 1, turn ? b : a, 17);
				memmove(c + 1 + i, c + 2 + i, (size_t) (15 - i));
				c[16] = '0';
				/* c is 0, 15 digits, 0: the first or the last 16 of it */
				expected = expected || memcmp(c, turn ? a : b, 16) == 0 ||
						   memcmp(c + 1, turn ? a : b, 16) == 0;
			}
		}
		seen += expected;
		wrong += dtc_nik_lost_digit(x, y) != expected;
	}
	CHECK_INT(wrong, 0);
	CHECK(seen > 5000);
}

typedef struct Collected
{
	int64_t center;
	int64_t previous;
	int k;
	long count;
	long wrong;
} Collected;

static bool
collect(int64_t nik, void *state)
{
	Collected *c = state;

	if (nik <= c->previous || nik > DTC_DIGITS_MAX ||
		dtc_nik_distance(c->center, nik) > c->k)
		c->wrong++;
	c->previous = nik;
	c->count++;
	return true;
}

/* One edit of any kind on text, for counting what lies within two. */
static long
count_within_two(int64_t center)
{
	const uint64_t size = UINT64_C(1) << 16;
	long count = 0;
	int64_t *table = malloc(size * sizeof(int64_t));
	int64_t keys[DTC_NIK_KEYS_MAX];
	int n = dtc_nik_keys(center, keys);

	memset(table, 0xff, size * sizeof(int64_t));
	for (int round = 0; round < 2; round++)
	{
		for (int i = 0; i < (round == 0 ? n : 16); i++)
		{
			int64_t more[DTC_NIK_KEYS_MAX];
			int m = 0;

			if (round == 0)
				m = dtc_nik_keys(keys[i], more);
			else
			{
				/* digit i out, any digit in at j */
				char a[17];

				text_of(center, a);
				memmove(a + i, a + i + 1, (size_t) (15 - i));
				for (int j = 0; j < 16; j++)
				{
					for (int d = 0; d < 10; d++)
					{
						char b[17];

						memcpy(b, a, 16);
						memmove(b + j + 1, b + j, (size_t) (15 - j));
						b[j] = (char) ('0' + d);
						dtc_digits_parse(b, 16, &more[m++]);
					}
				}
			}
			for (int j = 0; j < m; j++)
			{
				uint64_t h =
					(uint64_t) more[j] * UINT64_C(0x9e3779b97f4a7c15) >> 48;

				while (table[h] != -1 && table[h] != more[j])
					h = (h + 1) % size;
				count += table[h] == -1;
				table[h] = more[j];
			}
		}
	}
	free(table);
	return count;
}

static void
test_neighbours(void)
{
	for (int n = 0; n < 300; n++)
	{
		int64_t x = n == 0 ? 0 : n == 1 ? DTC_DIGITS_MAX : random_number();
		int64_t keys[DTC_NIK_KEYS_MAX];
		Collected c = {x, -1, 1, 0, 0};
		int count;
		int swaps = 0;
		char t[17];

		if (n > 1 && n % 4 == 0)
			x = c.center = x % 1000 * INT64_C(1001001001001);
		text_of(x, t);
		for (int i = 0; i < 15; i++)
			swaps += t[i] != t[i + 1];
		count = dtc_nik_keys(x, keys);
		CHECK_INT(count, 145 + swaps);
		for (int i = 0; i < count; i++)
			collect(keys[i], &c);
		CHECK_INT(c.wrong, 0);
		for (int k = 0; k <= (n == 2 ? 3 : 2); k++)
		{
			Collected s = {x, -1, k, 0, 0};

			if (n > 8 && k == 2)
				continue;
			CHECK_INT(dtc_nik_neighbours(x, k, collect, &s), DTC_OK);
			CHECK_INT(s.wrong, 0);
			if (k == 0)
				CHECK_INT(s.count, 1);
			if (k == 1)
				CHECK_INT(s.count, count);
			if (k == 2)
				CHECK_INT(s.count, count_within_two(x));
			if (k == 3)
				CHECK(s.count > 400000);
		}
	}
	CHECK_INT(dtc_nik_neighbours(0, -1, collect, NULL), DTC_OUT_OF_RANGE);
	CHECK_INT(dtc_nik_neighbours(0, 4, collect, NULL), DTC_OUT_OF_RANGE);
}

/* Applying the edits of an alignment to the first gives the second. */
static void
test_align(void)
{
	for (int n = 0; n < 20000; n++)
	{
		DtcNikEdit edits[DTC_DIGITS];
		char a[17];
		char b[17];
		char built[40];
		int64_t x = random_number();
		int64_t y;
		int count;
		int at = 0;
		int length = 0;

		text_of(x, a);
		memcpy(b, a, 17);
		if (n % 10 == 0)
			text_of(random_number(), b);
		else
			damage(b, n % 5);
		dtc_digits_parse(b, 16, &y);
		count = dtc_nik_align(x, y, edits);
		if (count != dtc_nik_distance(x, y))
			CHECK_INT(count, dtc_nik_distance(x, y));
		for (int e = 0; e < count; e++)
		{
			if (edits[e].kind == DTC_NIK_INSERT)
			{
				while (length < edits[e].position - 1)
					built[length++] = a[at++];
				built[length++] = (char) ('0' + edits[e].to);
				continue;
			}
			while (at < edits[e].position - 1)
				built[length++] = a[at++];
			if (edits[e].from != a[at] - '0')
				CHECK_INT(edits[e].from, a[at] - '0');
			at++;
			if (edits[e].kind == DTC_NIK_REPLACE)
				built[length++] = (char) ('0' + edits[e].to);
			else if (edits[e].kind == DTC_NIK_SWAP)
			{
				built[length++] = a[at++];
				built[length++] = a[at - 2];
			}
		}
		while (at < 16)
			built[length++] = a[at++];
		built[length] = '\0';
		if (strcmp(built, b) != 0)
			CHECK_STR(built, b);
		else
			unit_passed++;
	}
}

static DtcDigitsFault
fault_of(const char *input, int *position)
{
	DtcDigitsProblem problem;

	dtc_digits_diagnose(input, strlen(input), &problem);
	if (position != NULL)
		*position = problem.position;
	return problem.fault;
}

static void
test_digits(void)
{
	static const struct
	{
		const char *input;
		DtcDigitsFault fault;
		int position;
	} cases[] = {
		{"3216010101900001", DTC_DIGITS_OK, 0},
		{"", DTC_DIGITS_EMPTY, 0},
		{"321601010190000", DTC_DIGITS_TOO_FEW, 0},
		{"32160101019000011", DTC_DIGITS_TOO_MANY, 0},
		{"32160101O1900001", DTC_DIGITS_LETTER, 9},
		{"x216010101900001", DTC_DIGITS_LETTER, 1},
		{"321601010190000\xef\xbc\x91", DTC_DIGITS_FULL_WIDTH, 16},
		{"3216010101900001 ", DTC_DIGITS_SPACE, 17},
		{"\xc2\xa0"
		 "3216010101900001",
		 DTC_DIGITS_SPACE, 1},
		{"\xef\xbb\xbf"
		 "3216010101900001",
		 DTC_DIGITS_SPACE, 1},
		{"3216010101900001\n", DTC_DIGITS_NEWLINE, 17},
		{"3216010101\r\n900001", DTC_DIGITS_NEWLINE, 11},
		{"3216010101900001\t", DTC_DIGITS_CONTROL, 17},
		{"'3216010101900001", DTC_DIGITS_APOSTROPHE, 1},
		{"\xe2\x80\x99"
		 "3216010101900001",
		 DTC_DIGITS_APOSTROPHE, 1},
		{"3216.0101.0190.0001", DTC_DIGITS_SEPARATOR, 5},
		{"3216-0101-0190-0001", DTC_DIGITS_SEPARATOR, 5},
		{"3216010101900001.0", DTC_DIGITS_DECIMAL, 17},
		{"3216010101900001,00", DTC_DIGITS_DECIMAL, 17},
		{"3.2160E+15", DTC_DIGITS_SCIENTIFIC, 2},
		{"3,2160e15", DTC_DIGITS_SCIENTIFIC, 2},
		{"3E15", DTC_DIGITS_SCIENTIFIC, 2},
		{"-3E15", DTC_DIGITS_SCIENTIFIC, 1},
		{"3E", DTC_DIGITS_LETTER, 2},
		{"E15", DTC_DIGITS_LETTER, 1},
		{"\"3216010101900001\"", DTC_DIGITS_OTHER, 1},
		{"+3216010101900001", DTC_DIGITS_OTHER, 1},
		{"\xd9\xa3"
		 "216010101900001",
		 DTC_DIGITS_OTHER, 1},
	};
	static const struct
	{
		const char *input;
		bool taken;
	} cleaned[] = {
		{"3216010101900001", true},
		{" 3216010101900001\r\n", true},
		{"\xef\xbb\xbf"
		 "3216010101900001",
		 true},
		{"'3216010101900001", true},
		{"3216010101900001'", true},
		{"\"3216010101900001\"", true},
		{"=\"3216010101900001\"", true},
		{"\xe2\x80\x98"
		 "3216010101900001\xe2\x80\x99",
		 true},
		{"' 3216010101900001", true},
		{"3216 0101 0190 0001", true},
		{"3216\xc2\xa0"
		 "0101\xe2\x80\x8b"
		 "01900001",
		 true},
		{"3 2 1 6 0 1 0 1 0 1 9 0 0 0 0 1", true},
		{"3216.0101.0190.0001", true},
		{"32.16.01-010190-0001", true},
		{"32/16/01/010190/0001", true},
		{"32 - 16 - 01 - 010190 - 0001", true},
		{"321601\xe2\x80\x93"
		 "010190\xe2\x80\x93"
		 "0001",
		 true},
		{"\xef\xbc\x93"
		 "216010101900001",
		 true},
		{"", false},
		{"   ", false},
		{"''", false},
		{"''3216010101900001", false},
		{"321601010190000", false},
		{"32160101019000011", false},
		{"321601010190000.0", false},
		{"3216010101900001.0", false},
		{"32160101019000.01", false},
		{"3.216.010.101.900.001", false},
		{"3,216,010,101,900,001", false},
		{"3216..010101900001", false},
		{".3216010101900001", false},
		{"3216010101900001.", false},
		{"3.2160E+15", false},
		{"321601O101900001", false},
		{"3216010101\n900001", false},
		{"3216010101\t900001", false},
		{"NIK 3216010101900001", false},
		{"3216010101900001/3216010101900002", false},
		{"-3216010101900001", false},
		{"+3216010101900001", false},
		{"((3216010101900001))", false},
		{"\xd9\xa3"
		 "216010101900001",
		 false},
		{"\xff"
		 "3216010101900001",
		 false},
		{"3216010101900001\xe2\x80", false},
		{"                                                            "
		 "3216010101900001                                          ",
		 true},
		{"3                                                            "
		 "216010101900001",
		 false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		int position = -1;
		int64_t value;

		if (!CHECK_INT(fault_of(cases[i].input, &position), cases[i].fault) ||
			!CHECK_INT(position, cases[i].position))
			printf("  of \"%s\"\n", cases[i].input);
		CHECK_INT(
			dtc_digits_parse(cases[i].input, strlen(cases[i].input), &value),
			cases[i].fault == DTC_DIGITS_OK);
		CHECK((dtc_digits_fault_code(cases[i].fault) == NULL) ==
			  (cases[i].fault == DTC_DIGITS_OK));
	}
	for (size_t i = 0; i < sizeof(cleaned) / sizeof(cleaned[0]); i++)
	{
		int64_t value = 0;

		if (!CHECK_INT(dtc_digits_clean(cleaned[i].input,
										strlen(cleaned[i].input), true,
										&value),
					   cleaned[i].taken) ||
			(cleaned[i].taken && !CHECK_INT(value, INT64_C(3216010101900001))))
			printf("  of \"%s\"\n", cleaned[i].input);
	}
	/* bytes above 127 are no spaces unless they are UTF-8 */
	{
		int64_t value;

		CHECK(!dtc_digits_clean("\xc2\xa0"
								"3216010101900001",
								18, false, &value));
	}
	for (int n = 0; n < 100000; n++)
	{
		int64_t x = random_number() / (n % 2 ? 1 : 1000000);
		int64_t y = -1;
		char t[17];
		uint64_t packed = dtc_digits_pack(x);
		bool ok = true;

		text_of(x, t);
		for (int i = 0; i < 16; i++)
			ok = ok &&
				 (packed >> (60 - 4 * i) & 0xf) == (uint64_t) (t[i] - '0');
		if (!ok || !dtc_digits_parse(t, 16, &y) || x != y)
			CHECK_STR(t, "(parse, write and pack agree)");
	}
}

/* Days from 2000-01-01, counted one by one. */
static void
test_dates(void)
{
	static const int month_days[] = {31, 28, 31, 30, 31, 30,
									 31, 31, 30, 31, 30, 31};
	/* first day of each year from 1700 to 2299 */
	static int32_t start[600];
	int32_t date;
	long wrong = 0;
	int32_t day = 0;

	for (int y = 2000; y < 2299; y++)
	{
		start[y - 1700] = day;
		day += (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) ? 366 : 365;
	}
	day = 0;
	for (int y = 1999; y >= 1700; y--)
	{
		day -= (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) ? 366 : 365;
		start[y - 1700] = day;
	}
	/* every value of the six digits, for several days of asking */
	for (int digits = 0; digits < 1000000; digits++)
	{
		int64_t nik = INT64_C(3216010000000001) + (int64_t) digits * 10000;
		int dd = digits / 10000;
		int mm = digits / 100 % 100;
		int yy = digits % 100;
		int real = dd > 40 ? dd - 40 : dd;
		int asof_year[] = {1999, 2000, 2025, 2026, 2100};
		bool possible = false;

		for (int a = 0; a < 5; a++)
		{
			/* 1 July */
			int leap = asof_year[a] % 4 == 0 && asof_year[a] != 2100;
			int32_t asof = start[asof_year[a] - 1700] + 181 + leap;
			bool expected = false;
			int32_t expected_date = 0;
			bool got;

			if (real >= 1 && real <= 31 && dd <= 71 && mm >= 1 && mm <= 12)
			{
				for (int y = asof_year[a] - (asof_year[a] - yy) % 100;
					 y > asof_year[a] - 200; y -= 100)
				{
					int l = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
					int32_t that = start[y - 1700] + real - 1;

					if (real > month_days[mm - 1] + (l && mm == 2))
						continue;
					for (int m = 1; m < mm; m++)
						that += month_days[m - 1] + (l && m == 2);
					if (that > asof)
						continue;
					expected = true;
					expected_date = that;
					break;
				}
			}
			got = dtc_nik_birth_date(nik, asof, &date);
			wrong += got != expected || (got && date != expected_date);
			possible |= expected;
			wrong += dtc_nkk_date(nik, asof, &date) != (expected && dd <= 31);
		}
		wrong += (dtc_nik_faults(nik) == 0) != possible;
		wrong += dtc_nik_sex(nik) != (dd >= 1 && dd <= 31    ? 'L'
									  : dd >= 41 && dd <= 71 ? 'P'
															 : 0);
	}
	CHECK_INT(wrong, 0);
	/* the ends of what a day can be: year 5881580, and before the year 1 */
	CHECK(dtc_nik_birth_date(INT64_C(3216010101900001), INT32_MAX, &date));
	CHECK(INT32_MAX - date < 100 * 366);
	CHECK_INT(dtc_nik_faults_asof(INT64_C(3216010101900001), INT32_MAX), 0);
	CHECK(!dtc_nik_birth_date(INT64_C(3216010101900001), INT32_MIN, &date));
	/* 29 February 2000: before that day there is none in 200 years */
	CHECK(!dtc_nik_birth_date(INT64_C(3216012902000001), 58, &date));
	CHECK(dtc_nik_birth_date(INT64_C(3216012902000001), 59, &date));
	CHECK_INT(date, 59);
	CHECK_INT(dtc_nik_faults_asof(INT64_C(3216012902000001), 58),
			  DTC_NIK_DATE_IN_FUTURE);
	CHECK_INT(dtc_nik_faults_asof(INT64_C(3216012902000001), 59), 0);
}

static void
test_faults(void)
{
	static const struct
	{
		int64_t nik;
		unsigned faults;
	} cases[] = {
		{INT64_C(3216010101900001), 0},
		{INT64_C(3216014101900001), 0},
		{INT64_C(16010101900001), DTC_NIK_REGION_MALFORMED},
		{INT64_C(3200010101900001), DTC_NIK_REGION_MALFORMED},
		{INT64_C(3216000101900001), DTC_NIK_REGION_MALFORMED},
		{INT64_C(3216010001900001), DTC_NIK_DAY_IMPOSSIBLE},
		{INT64_C(3216013201900001), DTC_NIK_DAY_IMPOSSIBLE},
		{INT64_C(3216014001900001), DTC_NIK_DAY_IMPOSSIBLE},
		{INT64_C(3216017201900001), DTC_NIK_DAY_IMPOSSIBLE},
		{INT64_C(3216019901900001), DTC_NIK_DAY_IMPOSSIBLE},
		{INT64_C(3216010100900001), DTC_NIK_MONTH_IMPOSSIBLE},
		{INT64_C(3216010113900001), DTC_NIK_MONTH_IMPOSSIBLE},
		{INT64_C(3216013002900001), DTC_NIK_DATE_IMPOSSIBLE},
		{INT64_C(3216017102900001), DTC_NIK_DATE_IMPOSSIBLE},
		{INT64_C(3216012902010001), DTC_NIK_DATE_IMPOSSIBLE},
		{INT64_C(3216012902000001), 0},
		{INT64_C(3216010101900000), DTC_NIK_SERIAL_ZERO},
		{0, DTC_NIK_REGION_MALFORMED | DTC_NIK_DAY_IMPOSSIBLE |
				DTC_NIK_MONTH_IMPOSSIBLE | DTC_NIK_SERIAL_ZERO},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(dtc_nik_faults(cases[i].nik), cases[i].faults);
	CHECK_INT(dtc_nkk_faults(INT64_C(3216014101900001)),
			  DTC_NIK_DAY_IMPOSSIBLE);
	for (int i = 0; i < DTC_NIK_FAULTS; i++)
		CHECK(dtc_nik_fault_code(1 << i) != NULL);
}

static void
test_kode(void)
{
	static const struct
	{
		const char *input;
		DtcKodeFault fault;
		int64_t value;
	} cases[] = {
		{"32", DTC_KODE_OK, INT64_C(3200000000)},
		{"3216", DTC_KODE_OK, INT64_C(3216000000)},
		{"32.16", DTC_KODE_OK, INT64_C(3216000000)},
		{"32.16.01", DTC_KODE_OK, INT64_C(3216010000)},
		{"321601", DTC_KODE_OK, INT64_C(3216010000)},
		{"32.16.01.2001", DTC_KODE_OK, INT64_C(3216012001)},
		{"3216012001", DTC_KODE_OK, INT64_C(3216012001)},
		{"", DTC_KODE_EMPTY, 0},
		{"3", DTC_KODE_LENGTH, 0},
		{"321", DTC_KODE_LENGTH, 0},
		{"3216012", DTC_KODE_LENGTH, 0},
		{"321601200", DTC_KODE_LENGTH, 0},
		{"32160120011", DTC_KODE_LENGTH, 0},
		{"3216010101900001", DTC_KODE_LENGTH, 0},
		{"32.1601", DTC_KODE_DOTS, 0},
		{"3216.01", DTC_KODE_DOTS, 0},
		{"321.6", DTC_KODE_DOTS, 0},
		{".3216", DTC_KODE_DOTS, 0},
		{"3216.", DTC_KODE_DOTS, 0},
		{"32..16", DTC_KODE_DOTS, 0},
		{"32.....16", DTC_KODE_CHARACTER, 0},
		{"32 16", DTC_KODE_CHARACTER, 0},
		{"3a", DTC_KODE_CHARACTER, 0},
		{"00", DTC_KODE_ZERO, 0},
		{"3200", DTC_KODE_ZERO, 0},
		{"320001", DTC_KODE_ZERO, 0},
		{"321600", DTC_KODE_ZERO, 0},
		{"3216010000", DTC_KODE_ZERO, 0},
		{"0016012001", DTC_KODE_ZERO, 0},
	};
	int64_t value;
	char out[DTC_KODE_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		DtcKodeProblem problem;
		const char *input = cases[i].input;

		value = 0;
		if (!CHECK_INT(dtc_kode_parse(input, strlen(input), &value, &problem),
					   cases[i].fault == DTC_KODE_OK) ||
			!CHECK_INT(problem.fault, cases[i].fault) ||
			!CHECK_INT(value, cases[i].value))
			printf("  of \"%s\"\n", input);
		if (cases[i].fault == DTC_KODE_OK)
		{
			CHECK(dtc_kode_valid(value));
			dtc_kode_write(value, strchr(input, '.') != NULL, out);
			if (strchr(input, '.') != NULL || strlen(input) == 2)
				CHECK_STR(out, input);
		}
	}
	CHECK(!dtc_kode_valid(0));
	CHECK(!dtc_kode_valid(-1));
	CHECK(!dtc_kode_valid(32));
	CHECK(!dtc_kode_valid(INT64_C(10000000000)));
	CHECK(!dtc_kode_valid(INT64_C(3200010000)));
	CHECK(!dtc_kode_valid(INT64_C(3200000001)));
	CHECK(dtc_kode_valid(INT64_C(9999999999)));
	CHECK(dtc_kode_clean(" '32 16-01/2001' ", 17, true, &value));
	CHECK_INT(value, INT64_C(3216012001));
	CHECK(!dtc_kode_clean("32.1", 4, true, &value));
	CHECK(!dtc_kode_clean("3216.0", 6, true, &value));
	CHECK(dtc_kode_from_number(321601, &value));
	CHECK_INT(value, INT64_C(3216010000));
	CHECK_INT(dtc_kode_to_number(value), 321601);
	CHECK(!dtc_kode_from_number(3216012, &value));
	CHECK(!dtc_kode_from_number(321640001, &value));
	CHECK(!dtc_kode_from_number(0, &value));
	CHECK(!dtc_kode_from_number(-32, &value));
	CHECK(!dtc_kode_from_number(9, &value));
	CHECK(!dtc_kode_from_number(3200, &value));
	/* a region comes right before what lies in it, and no other does */
	for (int n = 0; n < 200000; n++)
	{
		int64_t a = random_number() % INT64_C(10000000000);
		int64_t b;
		int level = 1 + n % 4;

		if (!dtc_kode_valid(a))
			continue;
		b = dtc_kode_ancestor(a, level);
		if (b > a || a > dtc_kode_last(b) ||
			dtc_kode_level(b) > dtc_kode_level(a) ||
			(level <= dtc_kode_level(a) && dtc_kode_level(b) != level))
			CHECK_INT(a, b);
	}
}

int
main(void)
{
	test_digits();
	test_dates();
	test_faults();
	test_kode();
	test_distance();
	test_lost_digit();
	test_neighbours();
	test_align();
	return unit_done("nik");
}
