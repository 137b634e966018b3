/*
 * test_stat.c
 *		Pairs of doubles against long double, quantiles and indices of runs
 *		against slow, obvious computations, and runs that are none.
 */
#include "unit.h"

#include "core/stat.h"

#include <math.h>
#include <stdlib.h>

#define ROWS 200

static uint64_t seed = 20261122;

static uint64_t
rnd(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed * UINT64_C(0x2545F4914F6CDD1D) >> 11) % below;
}

static double
uniform(void)
{
	return (double) rnd(UINT64_C(1) << 53) / 9007199254740992.0;
}

static int
near(double a, double b, double relative)
{
	double most = fabs(a) > fabs(b) ? fabs(a) : fabs(b);

	return fabs(a - b) <= relative * most;
}

/* Long double has 64 bits on x86; elsewhere the test is coarser. */
static void
test_functions(void)
{
	for (int i = 0; i < 20000; i++)
	{
		double x = i % 2 ? exp((uniform() - 0.5) * 1400)
						 : 1 + (uniform() - 0.5) * pow(uniform(), 6);
		double y = (uniform() - 0.5) * 1400;
		long double exact = logl((long double) x);
		DtcPair got = dtc_pair_log(dtc_pair(x));

		CHECK(fabsl((long double) got.hi + got.lo - exact) <=
			  2.3e-16L * fabsl(exact));
		CHECK(near(dtc_pair_value(got), (double) exact, 2.3e-16));
		exact = expl((long double) y);
		got = dtc_pair_exp(dtc_pair(y));
		CHECK(near(dtc_pair_value(got), (double) exact, 2.3e-16));
		/* one undoes the other far below the precision of a double */
		got = dtc_pair_exp(dtc_pair_log(dtc_pair(x)));
		CHECK(fabs((got.hi - x) + got.lo) <= 1e-17 * x);
	}
	CHECK(dtc_pair_value(dtc_pair_log(dtc_pair(1))) == 0);
	CHECK(dtc_pair_value(dtc_pair_exp(dtc_pair(0))) == 1);
	CHECK(isnan(dtc_pair_log(dtc_pair(0)).hi));
	CHECK(isnan(dtc_pair_log(dtc_pair(-1)).hi));
	CHECK(isnan(dtc_pair_log(dtc_pair(INFINITY)).hi));
	CHECK(isinf(dtc_pair_exp(dtc_pair(710)).hi));
	CHECK(dtc_pair_exp(dtc_pair(-800)).hi == 0);
	CHECK(near(dtc_pair_value(dtc_pair_log(dtc_pair(5e-324))),
			   -744.4400719213812, 1e-15));
	CHECK(dtc_pair_power(dtc_pair(3), 2).hi == 9);
	CHECK(near(dtc_pair_power(dtc_pair(2), 0.5).hi, sqrt(2), 1e-15));
	CHECK(dtc_pair_value(dtc_pair_of_int(INT64_MAX)) == 9223372036854775808.0);
	CHECK(dtc_pair_of_int(INT64_MAX).lo == -1);
}

typedef struct Sample
{
	double score[ROWS]; /* ascending */
	int weight[ROWS];
	int rows;
	unsigned char bytes[ROWS * DTC_RANK_MAX_ENTRY_BYTES];
	DtcStatRun run;
} Sample;

static int
compare_entries(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *) a;
	uint64_t y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

/* Makes rows and their run, of integer weights or of the same as floats. */
static void
make_sample(Sample *sample, int rows, DtcRankKind kind)
{
	uint64_t entries[ROWS * DTC_RANK_MAX_WORDS];
	int words = dtc_rank_words(kind);
	DtcRankWriter writer;
	size_t left;

	sample->rows = rows;
	for (int i = 0; i < rows; i++)
	{
		uint64_t pair[2];

		pair[0] = dtc_rank_key((double) (1 + rnd(60)) * 1000);
		pair[1] = rnd(5);
		entries[i * 2] = pair[0];
		entries[i * 2 + 1] = pair[1];
	}
	qsort(entries, (size_t) rows, sizeof(uint64_t) * 2, compare_entries);
	for (int i = 0; i < rows; i++)
	{
		sample->score[i] = dtc_rank_score(entries[i * 2]);
		sample->weight[i] = (int) entries[i * 2 + 1];
	}
	for (int i = 0; i < rows; i++)
	{
		entries[i * words] = dtc_rank_key(sample->score[i]);
		entries[i * words + 1] = kind == DTC_RANK_INTEGER
									 ? (uint64_t) sample->weight[i]
									 : dtc_rank_weight_bits(sample->weight[i]);
		if (words == 3)
			entries[i * words + 2] = 1;
	}
	dtc_rank_sort(entries, (size_t) rows, kind, NULL);
	left = dtc_rank_fold(entries, (size_t) rows, kind, NULL);
	dtc_rank_write_start(&writer, kind, sample->bytes);
	for (size_t i = 0; i < left; i++)
		dtc_rank_write(&writer, entries + i * words);
	sample->run.kind = kind;
	sample->run.bytes = sample->bytes;
	sample->run.length = (size_t) (writer.next - sample->bytes);
}

/* The score of the n-th person, from 1. */
static double
person(const Sample *sample, int n)
{
	for (int i = 0; i < sample->rows; i++)
	{
		n -= sample->weight[i];
		if (n <= 0)
			return sample->score[i];
	}
	return NAN;
}

static void
test_quantiles(DtcRankKind kind)
{
	for (int round = 0; round < 200; round++)
	{
		Sample sample;
		int total = 0;
		double got;

		make_sample(&sample, 1 + (int) rnd(ROWS), kind);
		for (int i = 0; i < sample.rows; i++)
			total += sample.weight[i];
		if (total == 0)
		{
			CHECK_INT(dtc_stat_median(&sample.run, &got, NULL),
					  DTC_RANK_EMPTY);
			continue;
		}
		for (int percent = 1; percent <= 100; percent++)
		{
			DtcFraction fraction = {(uint64_t) percent, 2};
			int nth = (percent * total + 99) / 100;
			double between, exact;

			CHECK_INT(
				dtc_stat_percentile_disc(&sample.run, &fraction, &got, NULL),
				DTC_RANK_OK);
			CHECK(got == person(&sample, nth));
			CHECK_INT(
				dtc_stat_percentile_cont(&sample.run, &fraction, &got, NULL),
				DTC_RANK_OK);
			nth = 1 + (total - 1) * percent / 100;
			between = (double) ((total - 1) * percent % 100) / 100;
			exact = person(&sample, nth);
			if (between > 0) /* else there may be no other person */
				exact += between * (person(&sample, nth + 1) - exact);
			CHECK(near(got, exact, 1e-14));
		}
		CHECK_INT(dtc_stat_median(&sample.run, &got, NULL), DTC_RANK_OK);
		CHECK(got == (person(&sample, (total + 1) / 2) +
					  person(&sample, total / 2 + 1)) /
						 2);
	}
}

/* Gini by its first definition: mean difference of all pairs of persons. */
static void
test_indices(DtcRankKind kind)
{
	for (int round = 0; round < 50; round++)
	{
		Sample sample;
		double weight = 0;
		double amount = 0;
		double pairs = 0;
		double theil = 0;
		double got = 0;

		make_sample(&sample, 2 + (int) rnd(ROWS - 2), kind);
		for (int i = 0; i < sample.rows; i++)
		{
			weight += sample.weight[i];
			amount += sample.weight[i] * sample.score[i];
			for (int k = 0; k < sample.rows; k++)
				pairs += (double) sample.weight[i] * sample.weight[k] *
						 fabs(sample.score[i] - sample.score[k]);
		}
		if (weight == 0)
			continue;
		for (int i = 0; i < sample.rows; i++)
		{
			double r = sample.score[i] * weight / amount;

			theil += sample.weight[i] / weight * r * log(r);
		}
		CHECK_INT(dtc_stat_gini(&sample.run, &got, NULL), DTC_RANK_OK);
		CHECK(fabs(got - pairs / (2 * weight * amount)) < 1e-13);
		CHECK_INT(dtc_stat_entropy(&sample.run, 1, &got, NULL), DTC_RANK_OK);
		CHECK(fabs(got - theil) < 1e-13);
	}
}

/* Bytes that are no run are refused or computed with, never read beyond. */
static void
test_damage(DtcRankKind kind)
{
	for (int round = 0; round < 3000; round++)
	{
		Sample sample;
		DtcFraction half = {5, 1};
		DtcStatIncome income;
		DtcStatGroup table[7];
		double out[3];
		double at[3] = {1, 2, 3};
		unsigned char *copy;

		make_sample(&sample, 1 + (int) rnd(20), kind);
		for (int i = 0; i < 3; i++)
			sample.bytes[rnd(sample.run.length)] ^= (unsigned char) rnd(256);
		sample.run.length -= rnd(sample.run.length / 2 + 1);
		copy = malloc(sample.run.length + (sample.run.length == 0));
		memcpy(copy, sample.bytes, sample.run.length);
		sample.run.bytes = copy;
		income.weights = sample.run;
		income.benefits = sample.run;
		(void) dtc_stat_median(&sample.run, out, NULL);
		(void) dtc_stat_percentile_disc(&sample.run, &half, out, NULL);
		(void) dtc_stat_gini(&sample.run, out, NULL);
		(void) dtc_stat_entropy(&sample.run, 1, out, NULL);
		(void) dtc_stat_atkinson(&sample.run, 0.5, out, NULL);
		(void) dtc_stat_lorenz(&sample.run, at, 3, 3, out, NULL);
		(void) dtc_stat_watts(&sample.run, out, NULL);
		(void) dtc_stat_table(&sample.run, &sample.run, 7, table, NULL);
		if (kind == DTC_RANK_FLOAT)
		{
			(void) dtc_stat_concentration(&income, out, NULL);
			(void) dtc_stat_incidence(&income, 7, table, NULL);
		}
		free(copy);
	}
	CHECK(1);
}

int
main(void)
{
	static const double p[] = {0.5, 1};
	static const double share[] = {0.25, 1};

	test_functions();
	test_quantiles(DTC_RANK_INTEGER);
	test_quantiles(DTC_RANK_FLOAT);
	test_indices(DTC_RANK_INTEGER);
	test_indices(DTC_RANK_FLOAT);
	test_damage(DTC_RANK_INTEGER);
	test_damage(DTC_RANK_FLOAT);
	CHECK(dtc_stat_gini_grouped(p, share, 2, NULL) == 0.25);
	return unit_done("test_stat");
}
