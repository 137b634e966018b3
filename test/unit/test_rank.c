/*
 * test_rank.c
 *		Runs and cut points against slow, obvious computations.
 */
#include "unit.h"

#include "core/rank.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static uint64_t seed = 20260101;

static uint64_t
rnd(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed * UINT64_C(0x2545F4914F6CDD1D) >> 11) % below;
}

static double
from_bits(uint64_t bits)
{
	return dtc_rank_weight(bits);
}

/* Scores as they come and as nobody wants them. */
static double
random_score(int shape)
{
	static const double odd[] = {0.0,     -0.0,     INFINITY, -INFINITY,
								 DBL_MAX, -DBL_MAX, DBL_MIN,  5e-324,
								 -5e-324, 1.0,      -1.0,     1e6};

	switch (shape)
	{
		case 0:
			return (double) rnd(20) - 10; /* many ties */
		case 1:
			return (double) rnd(5000000) / 7.0;
		case 2:
			return rnd(8) == 0 ? (double) NAN : odd[rnd(12)];
		case 3:
			return 42.0;
		default:
			return from_bits(rnd(UINT64_C(1) << 52) | rnd(UINT64_C(1) << 12)
														  << 52);
	}
}

static void
test_keys(void)
{
	static const double ascending[] = {
		-INFINITY, -DBL_MAX, -1.5, -1.0,    -DBL_MIN, -5e-324, 0.0,
		5e-324,    DBL_MIN,  1.0,  DBL_MAX, INFINITY, NAN};

	for (int i = 0; i < 13; i++)
	{
		uint64_t key = dtc_rank_key(ascending[i]);
		double back = dtc_rank_score(key);

		CHECK(dtc_rank_key(back) == key);
		CHECK(isnan(ascending[i]) ? isnan(back) : back == ascending[i]);
		if (i > 0)
			CHECK(dtc_rank_key(ascending[i - 1]) < key);
	}
	CHECK(dtc_rank_key(-0.0) == dtc_rank_key(0.0));
	CHECK(!signbit(dtc_rank_score(dtc_rank_key(-0.0))));
	CHECK(dtc_rank_key(from_bits(UINT64_C(0xFFF8000000000123))) ==
		  dtc_rank_key(NAN));
	for (int i = 0; i < 10000; i++)
	{
		double a = random_score(4);
		double b = random_score(4);
		int below = isnan(b) ? !isnan(a) : a < b;

		CHECK((dtc_rank_key(a) < dtc_rank_key(b)) == below);
	}
}

static int
order_int(const void *a, const void *b)
{
	const uint64_t *x = a;
	const uint64_t *y = b;

	return x[0] < y[0] ? -1 : x[0] > y[0];
}

static int
order_float(const void *a, const void *b)
{
	const uint64_t *x = a;
	const uint64_t *y = b;
	int first = order_int(a, b);

	return first != 0 ? first : x[1] < y[1] ? -1 : x[1] > y[1];
}

static long yields;

static void
count_yield(void)
{
	yields++;
}

static void
test_sort(void)
{
	static const size_t sizes[] = {0, 1, 2, 24, 25, 1000, 70000};

	for (int kind = DTC_RANK_INTEGER; kind <= DTC_RANK_FLOAT; kind++)
		for (int shape = 0; shape < 5; shape++)
			for (int s = 0; s < 7; s++)
			{
				size_t n = sizes[s];
				int words = dtc_rank_words(kind);
				size_t bytes = n * words * sizeof(uint64_t);
				uint64_t *a = malloc(bytes + 1);
				uint64_t *b = malloc(bytes + 1);
				int same = 1;

				for (size_t i = 0; i < n; i++)
				{
					a[i * words] = dtc_rank_key(random_score(shape));
					if (words == 3)
						a[i * words + 1] = rnd(3) ? rnd(4) : rnd(UINT64_MAX);
					a[i * words + words - 1] = 7;
				}
				memcpy(b, a, bytes);
				dtc_rank_sort(a, n, kind, count_yield);
				qsort(b, n, words * sizeof(uint64_t),
					  words == 3 ? order_float : order_int);
				for (size_t i = 0; i < n * words; i++)
					same &= a[i] == b[i];
				CHECK(same);
				free(a);
				free(b);
			}
	CHECK(yields > 0);
}

/* Makes a run of rows. */
static size_t
make_run(DtcRankKind kind, const uint64_t *rows, size_t n, unsigned char *out)
{
	int words = dtc_rank_words(kind);
	uint64_t *copy = malloc(n * words * sizeof(uint64_t) + 1);
	DtcRankReader rows_reader;
	DtcRankReader nothing;
	DtcRankWriter writer;

	memcpy(copy, rows, n * words * sizeof(uint64_t));
	dtc_rank_sort(copy, n, kind, NULL);
	dtc_rank_read_array(&rows_reader, kind, copy,
						dtc_rank_fold(copy, n, kind, NULL));
	dtc_rank_read_run(&nothing, kind, out, 0);
	dtc_rank_write_start(&writer, kind, out);
	CHECK_INT(dtc_rank_merge(&rows_reader, &nothing, &writer, NULL),
			  DTC_RANK_OK);
	free(copy);
	return (size_t) (writer.next - out);
}

#define MOST 400

/*
 * One case: rows with weights of any kind are cut; every k is checked against
 * the definition, Q_k = min {x : n*C(x) >= k*W}, computed from the rows with
 * weights that are small multiples of 1/1024, so that int64 holds it exactly.
 */
/* Cuts of rows as they come are those of their run, to the bit. */
static void
check_rows(DtcRankKind kind, const double *score, const int64_t *units,
		   size_t n, int groups, DtcRankStatus expected, const double *cuts)
{
	static uint64_t rows[MOST * 2];
	static double own[DTC_RANK_MAX_GROUPS];

	for (size_t i = 0; i < n; i++)
	{
		rows[2 * i] = dtc_rank_key(score[i]);
		rows[2 * i + 1] = kind == DTC_RANK_INTEGER
							  ? (uint64_t) units[i]
							  : dtc_rank_weight_bits((double) units[i] / 1024);
	}
	CHECK_INT((kind == DTC_RANK_INTEGER
				   ? dtc_rank_cuts_of_rows
				   : dtc_rank_cuts_of_float_rows)(rows, n, groups, own, NULL),
			  expected);
	if (expected == DTC_RANK_OK)
		CHECK(memcmp(own, cuts, sizeof(double) * (groups - 1)) == 0);
}

static void
check_case(DtcRankKind kind, int shape, size_t n, int groups)
{
	static uint64_t rows[MOST * DTC_RANK_MAX_WORDS];
	static unsigned char run[MOST * DTC_RANK_MAX_ENTRY_BYTES];
	static unsigned char parts[3][MOST * DTC_RANK_MAX_ENTRY_BYTES];
	static double cuts[DTC_RANK_MAX_GROUPS];
	double score[MOST];
	int64_t units[MOST];
	int64_t total = 0;
	int words = dtc_rank_words(kind);
	size_t length;
	size_t split = n == 0 ? 0 : rnd(n + 1);
	DtcRankStatus status;
	DtcRankReader a;
	DtcRankReader b;
	DtcRankWriter writer;
	DtcRankSums sums;

	for (size_t i = 0; i < n; i++)
	{
		score[i] = random_score(shape);
		units[i] = rnd(4) == 0 ? 0 : (int64_t) rnd(20000);
		total += units[i];
		rows[i * words] = dtc_rank_key(score[i]);
		rows[i * words + 1] =
			kind == DTC_RANK_INTEGER
				? (uint64_t) units[i]
				: dtc_rank_weight_bits((double) units[i] / 1024);
		if (words == 3)
			rows[i * words + 2] = 1;
	}
	length = make_run(kind, rows, n, run);
	CHECK_INT(dtc_rank_check(kind, run, length, &sums, NULL), DTC_RANK_OK);
	CHECK_INT(sums.amount, kind == DTC_RANK_INTEGER ? total : (int64_t) n);

	/* two parts, merged in either order, are the same bytes */
	for (int swap = 0; swap < 2; swap++)
	{
		size_t first = make_run(kind, rows, split, parts[0]);
		size_t second =
			make_run(kind, rows + split * words, n - split, parts[1]);

		dtc_rank_read_run(&a, kind, parts[swap], swap ? second : first);
		dtc_rank_read_run(&b, kind, parts[!swap], swap ? first : second);
		dtc_rank_write_start(&writer, kind, parts[2]);
		CHECK_INT(dtc_rank_merge(&a, &b, &writer, NULL), DTC_RANK_OK);
		CHECK_INT((int64_t) (writer.next - parts[2]), (int64_t) length);
		CHECK(memcmp(parts[2], run, length) == 0);
		CHECK(length <= first + second);
	}

	status = dtc_rank_cuts(kind, run, length, groups, cuts, NULL);
	CHECK_INT(status, total == 0 ? DTC_RANK_EMPTY : DTC_RANK_OK);
	check_rows(kind, score, units, n, groups, status, cuts);
	for (int k = 1; k < groups && total > 0; k++)
	{
		uint64_t cut = dtc_rank_key(cuts[k - 1]);
		int64_t at = 0;    /* C(cut) */
		int64_t below = 0; /* weight strictly below the cut */
		int found = 0;

		for (size_t i = 0; i < n; i++)
		{
			uint64_t key = dtc_rank_key(score[i]);

			at += key <= cut ? units[i] : 0;
			below += key < cut ? units[i] : 0;
			found |= key == cut;
		}
		if (!found || groups * at < k * total || groups * below >= k * total)
		{
			CHECK(!"cut is not the least x with n*C(x) >= k*W");
			return;
		}
	}
	CHECK(1);
}

static void
test_cuts(void)
{
	static const int groups[] = {2, 3, 4, 5, 10, 20, 100, 1000};

	for (int i = 0; i < 3000; i++)
		check_case(i % 2 ? DTC_RANK_INTEGER : DTC_RANK_FLOAT, (int) rnd(5),
				   i % 50 < 2 ? MOST : rnd(i % 50 < 10 ? 300 : 30),
				   groups[rnd(8)]);

	/* float weights that add up to no finite number */
	{
		uint64_t rows[4] = {dtc_rank_key(1), dtc_rank_weight_bits(DBL_MAX),
							dtc_rank_key(2), dtc_rank_weight_bits(DBL_MAX)};
		double cut = 0;

		CHECK_INT(dtc_rank_cuts_of_float_rows(rows, 2, 2, &cut, NULL),
				  DTC_RANK_OVERFLOW);
		CHECK_INT(dtc_rank_cuts_of_float_rows(rows, 1, 2, &cut, NULL),
				  DTC_RANK_OK);
		CHECK(cut == 1);
	}
}

/* Sums whose parts differ by more than a double can hold. */
static void
test_sums(void)
{
	DtcSum a;
	DtcSum b;
	DtcSum part;

	dtc_sum_clear(&a);
	CHECK(dtc_sum_value(&a) == 0);
	dtc_sum_add(&a, 1e300, 1);
	dtc_sum_add(&a, 5e-324, 1);
	dtc_sum_clear(&b);
	dtc_sum_add(&b, 1e300, 1);
	CHECK_INT(dtc_sum_compare(&a, &b), 1);
	CHECK_INT(dtc_sum_compare(&b, &a), -1);
	CHECK(dtc_sum_value(&a) == 1e300);
	dtc_sum_add(&b, 5e-324, 1);
	CHECK_INT(dtc_sum_compare(&a, &b), 0);

	/* 2^53 + 1 is a tie and goes to even; a trifle more rounds up */
	dtc_sum_clear(&a);
	dtc_sum_add(&a, 9007199254740992.0, 1);
	dtc_sum_add(&a, 1.0, 1);
	CHECK(dtc_sum_value(&a) == 9007199254740992.0);
	dtc_sum_add(&a, 5e-324, 1);
	CHECK(dtc_sum_value(&a) == 9007199254740994.0);

	/* the greatest sum there can be, and its shares */
	dtc_sum_clear(&a);
	dtc_sum_add(&a, DBL_MAX, INT64_MAX);
	CHECK(isinf(dtc_sum_value(&a)));
	dtc_sum_share(&part, &a, 1000, 1000);
	CHECK_INT(dtc_sum_compare(&part, &a), 0);
	dtc_sum_share(&part, &a, 999, 1000);
	CHECK_INT(dtc_sum_compare(&part, &a), -1);
	dtc_sum_clear(&a);
	dtc_sum_add(&a, DBL_MAX, 1);
	CHECK(dtc_sum_value(&a) == DBL_MAX);
	dtc_sum_add(&a, ldexp(1, 969), 1); /* less than half a last digit */
	CHECK(dtc_sum_value(&a) == DBL_MAX);
	dtc_sum_add(&a, ldexp(1, 969), 1);
	CHECK(isinf(dtc_sum_value(&a)));

	/* denormals, and ceil: 3 units cut in two is 2 */
	dtc_sum_clear(&a);
	dtc_sum_add(&a, 5e-324, 3);
	CHECK(dtc_sum_value(&a) == 3 * 5e-324);
	dtc_sum_share(&part, &a, 1, 2);
	CHECK(dtc_sum_value(&part) == 2 * 5e-324);

	/* many equal weights are one product: 0.1 * n, rounded once */
	for (int i = 0; i < 200; i++)
	{
		uint64_t times = rnd(UINT64_C(1) << 40);
		double value = (double) rnd(1000000) / 1024;

		dtc_sum_clear(&a);
		dtc_sum_clear(&b);
		dtc_sum_add(&a, value, times);
		dtc_sum_add(&b, value, times / 2);
		dtc_sum_add(&b, value, times - times / 2);
		CHECK_INT(dtc_sum_compare(&a, &b), 0);
		CHECK(dtc_sum_value(&a) == (double) times * value);
	}
}

/* Changed bytes are refused or are another run, exactly that one. */
static void
test_hostile(void)
{
	static uint64_t rows[60 * DTC_RANK_MAX_WORDS];
	unsigned char run[60 * DTC_RANK_MAX_ENTRY_BYTES];
	long refused = 0;
	long taken = 0;

	for (int i = 0; i < 20000; i++)
	{
		DtcRankKind kind = i % 2 ? DTC_RANK_INTEGER : DTC_RANK_FLOAT;
		int words = dtc_rank_words(kind);
		size_t n = 1 + rnd(60);
		size_t length;
		unsigned char *bytes;
		DtcRankSums sums;
		double cuts[9];
		double total;

		for (size_t r = 0; r < n * words; r++)
			rows[r] =
				r % words == 0 ? dtc_rank_key(random_score(4)) : 1 + rnd(1000);
		length = make_run(kind, rows, n, run);
		if (rnd(2))
			length -= rnd(length);
		/* exactly as long as the run, so that a sanitizer sees an overrun */
		bytes = malloc(length + !length);
		memcpy(bytes, run, length);
		for (int change = (int) rnd(4); change > 0 && length > 0; change--)
			bytes[rnd(length)] = (unsigned char) rnd(256);
		if (dtc_rank_check(kind, bytes, length, &sums, NULL) == DTC_RANK_OK)
		{
			unsigned char again[60 * DTC_RANK_MAX_ENTRY_BYTES * 4];
			DtcRankReader reader;
			DtcRankReader nothing;
			DtcRankWriter writer;

			taken++;
			dtc_rank_read_run(&reader, kind, bytes, length);
			dtc_rank_read_run(&nothing, kind, bytes, 0);
			dtc_rank_write_start(&writer, kind, again);
			dtc_rank_merge(&reader, &nothing, &writer, NULL);
			CHECK((size_t) (writer.next - again) == length &&
				  memcmp(again, bytes, length) == 0);
		}
		else
		{
			refused++;
			/* used all the same it ends, and within the bytes */
			dtc_rank_cuts(kind, bytes, length, 10, cuts, NULL);
			if (kind == DTC_RANK_FLOAT)
				dtc_rank_total(bytes, length, &total, NULL);
		}
		free(bytes);
	}
	CHECK(refused > 1000 && taken > 1000);
}

/* Each way in which bytes can fail to be a run, by hand. */
static void
test_refusals(void)
{
	static const struct
	{
		const char *why;
		DtcRankKind kind;
		size_t length;
		unsigned char bytes[40];
		DtcRankStatus status;
	} cases[] = {
		{"empty", DTC_RANK_INTEGER, 0, {0}, DTC_RANK_OK},
		{"score 0, weight 1",
		 DTC_RANK_INTEGER,
		 10,
		 {0x81, 0, 0, 0, 0, 0, 0, 0, 0x80, 1},
		 DTC_RANK_OK},
		{"score -0",
		 DTC_RANK_INTEGER,
		 10,
		 {0x81, 255, 255, 255, 255, 255, 255, 255, 0x7f, 1},
		 DTC_RANK_CORRUPT},
		{"score below -infinity",
		 DTC_RANK_INTEGER,
		 3,
		 {0x11, 1, 1},
		 DTC_RANK_CORRUPT},
		{"NaN with another key",
		 DTC_RANK_INTEGER,
		 10,
		 {0x81, 1, 0, 0, 0, 0, 0, 0xf0, 0xff, 1},
		 DTC_RANK_CORRUPT},
		{"cut short",
		 DTC_RANK_INTEGER,
		 9,
		 {0x81, 0, 0, 0, 0, 0, 0, 0, 0x80, 1},
		 DTC_RANK_CORRUPT},
		{"length 9",
		 DTC_RANK_INTEGER,
		 11,
		 {0x91, 0, 0, 0, 0, 0, 0, 0, 0x80, 1, 1},
		 DTC_RANK_CORRUPT},
		{"weight 1 in two bytes",
		 DTC_RANK_INTEGER,
		 11,
		 {0x82, 0, 0, 0, 0, 0, 0, 0, 0x80, 1, 0},
		 DTC_RANK_CORRUPT},
		{"same score twice",
		 DTC_RANK_INTEGER,
		 12,
		 {0x81, 0, 0, 0, 0, 0, 0, 0, 0x80, 1, 0x01, 1},
		 DTC_RANK_CORRUPT},
		{"past the last key",
		 DTC_RANK_INTEGER,
		 20,
		 {0x81, 0, 0, 0, 0, 0, 0, 0, 0x80, 1,
		  0x81, 0, 0, 0, 0, 0, 0, 0, 0x80, 1},
		 DTC_RANK_CORRUPT},
		{"weight above int64",
		 DTC_RANK_INTEGER,
		 17,
		 {0x88, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x80},
		 DTC_RANK_OVERFLOW},
		{"float: weight 1",
		 DTC_RANK_FLOAT,
		 13,
		 {0x81, 2, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0xf0, 1},
		 DTC_RANK_OK},
		{"float: weight -1",
		 DTC_RANK_FLOAT,
		 13,
		 {0x81, 2, 0, 0, 0, 0, 0, 0, 0, 0x80, 0xbf, 0xf0, 1},
		 DTC_RANK_CORRUPT},
		{"float: weight infinite",
		 DTC_RANK_FLOAT,
		 13,
		 {0x81, 2, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x7f, 0xf0, 1},
		 DTC_RANK_CORRUPT},
		{"float: no rows",
		 DTC_RANK_FLOAT,
		 12,
		 {0x80, 2, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0xf0},
		 DTC_RANK_CORRUPT},
		{"float: only lengths", DTC_RANK_FLOAT, 1, {0x81}, DTC_RANK_CORRUPT},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		DtcRankSums sums;
		DtcRankStatus status = dtc_rank_check(cases[i].kind, cases[i].bytes,
											  cases[i].length, &sums, NULL);

		if (!CHECK_INT(status, cases[i].status))
			printf("  %s\n", cases[i].why);
	}
}

static void
test_groups(void)
{
	for (int i = 0; i < 2000; i++)
	{
		uint64_t cuts[40];
		int n = (int) rnd(41);
		int expected = 1;
		uint64_t key = rnd(30);

		for (int c = 0; c < n; c++)
			cuts[c] = (c > 0 ? cuts[c - 1] : 0) + rnd(3);
		for (int c = 0; c < n; c++)
			expected += key > cuts[c];
		CHECK_INT(dtc_rank_group(key, cuts, n), expected);
	}
}

int
main(void)
{
	test_keys();
	test_sort();
	test_cuts();
	test_sums();
	test_hostile();
	test_refusals();
	test_groups();
	return unit_done("rank");
}
