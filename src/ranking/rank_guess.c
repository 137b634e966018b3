/*
 * rank_guess.c
 *		Where the cuts of a relation probably are, from samples of its blocks.
 *
 * A guess only chooses the plan of the first scan: a poor one costs another
 * scan, never a wrong cut.
 */
#include "postgres.h"

#include <math.h>

#include "ranking/rank_relation.h"

#define SAMPLE_ROWS 400000   /* rows of the first sample at most, */
#define SAMPLE_FLOATS 200000 /* of which each takes twice the room */
#define SAMPLE_MOST 0.25     /* share of the second sample at most */
#define SAMPLE_PARTS 8       /* of the first one: how far they differ */
#define KEEP_ROWS 640000     /* rows that brackets may be expected to hold, */
#define KEEP_FLOATS 200000   /* which take more room with float weights */
#define AIM 0.625            /* part of them that the second sample aims at */
#define LIKELY 4.5   /* standard deviations that a bracket should take */
#define ENOUGH 3.5   /* that the second sample is to make room for */
#define UNLIKELY 2.5 /* with fewer it is not tried */
#define BRACKET_GROUPS                                                        \
	100 /* for more groups the brackets would be the table */
#define FIRST_BUCKETS 32768 /* of the scan without brackets */

/* The first sample: small parts of it, and all of them together. */
typedef struct RankSample
{
	DtRankScan *part[SAMPLE_PARTS];
	int parts; /* that have rows */
	DtRankState *whole;
	DtRankView view; /* of whole */
	double share;    /* of the relation's blocks */
	double rows;
} RankSample;

/* What a sample spans, and an eighth more at each end. */
static void
span_of(DtcScanInterval *interval, uint64_t low, uint64_t high)
{
	uint64_t more = (high - low) / 8;

	dtc_scan_interval(interval, low - Min(low, more), high + Min(~high, more),
					  FIRST_BUCKETS);
}

/*
 * Turns brackets, ascending but perhaps touching, into intervals that do not;
 * returns how many. Numbers of first buckets are for the plan's reader.
 */
static int
join_brackets(DtcScanInterval *interval, const uint64_t *low,
			  const uint64_t *high, int n, uint32_t buckets)
{
	int count = 0;
	uint64_t start = low[0];
	uint64_t end = high[0];

	for (int i = 1; i <= n; i++)
	{
		if (i < n && low[i] <= end)
		{
			end = Max(end, high[i]);
			continue;
		}
		dtc_scan_interval(&interval[count++], start, end, buckets);
		if (i < n)
		{
			start = low[i];
			end = high[i];
		}
	}
	return count;
}

/* Sum over the cuts of sqrt(p * (1 - p)), the deviation with one row. */
static double
sum_of_deviations(int groups)
{
	double sum = 0;

	for (int k = 1; k < groups; k++)
		sum += sqrt((double) k * (groups - k)) / groups;
	return sum;
}

/* share[2k - 2], share[2k - 1] = k-th cut -/+ "most" deviations of one row. */
static void
bracket_shares(double *share, int groups, double most)
{
	for (int k = 1; k < groups; k++)
	{
		double p = (double) k / groups;
		double half = most * sqrt(p * (1 - p));

		share[2 * k - 2] = Max(p - half, 0);
		share[2 * k - 1] = Min(p + half, 1);
	}
	/* ascending, as the readers want them; brackets that cross are joined */
	for (int i = 1; i < 2 * (groups - 1); i++)
		share[i] = Max(share[i], share[i - 1]);
}

/*
 * By how much the variance of a share in the sample exceeds that of rows drawn
 * one by one with equal weights: families of a village are alike and lie in
 * the same blocks. Measured between the parts of the sample.
 */
static double
design_effect(const RankSample *sample, DtcRankKind kind, const uint64_t *key,
			  int groups)
{
	int parts = sample->parts;
	double sum = 0;
	double share[SAMPLE_PARTS][BRACKET_GROUPS];

	for (int i = 0; i < parts; i++)
	{
		DtRankView view;

		dtsen_rank_kept_rows(sample->part[i], &view);
		dtc_bracket_shares(kind, view.run, view.run_length, key, groups - 1,
						   share[i]);
	}
	for (int k = 1; k < groups; k++)
	{
		double p = (double) k / groups;
		double mean = 0;
		double variance = 0;

		for (int i = 0; i < parts; i++)
			mean += share[i][k - 1] / parts;
		for (int i = 0; i < parts; i++)
			variance += (share[i][k - 1] - mean) * (share[i][k - 1] - mean);
		variance /= (double) parts * (parts - 1);
		sum += variance * sample->rows / (p * (1 - p));
	}
	return Max(sum / (groups - 1), 1);
}

/*
 * The same of rows drawn one by one with the weights of the sample, in which
 * entries of one score are one; at least 1.
 */
static double
weight_effect(const RankSample *sample, DtcRankKind kind)
{
	DtcRankReader rows;
	double sum = 0;
	double squares = 0;

	dtc_rank_read_run(&rows, kind, sample->view.run, sample->view.run_length);
	while (dtc_rank_next(&rows) > 0)
	{
		double weight = kind == DTC_RANK_INTEGER
							? (double) rows.entry[1]
							: dtc_rank_weight(rows.entry[1]);
		double times = kind == DTC_RANK_INTEGER ? 1 : (double) rows.entry[2];

		sum += times * weight;
		squares += times * weight * weight;
	}
	return sum > 0 ? Max(sample->rows * squares / (sum * sum), 1) : 1;
}

/*
 * interval[0] = the span of the scores in the first rows of what cannot be
 * sampled, or of all; and the unit of float weights.
 */
void
dtsen_rank_guess_span(DtRankRelation *r, DtcScanInterval *interval)
{
	DtRankScan *scan;
	DtRankView view;
	double ends[2] = {0, 1};
	uint64_t key[2];

	dtc_scan_interval(&interval[0], 0, UINT64_MAX, 1);
	scan = dtsen_rank_run_scan(r, true, interval, 1, 0, 0);
	if (scan != NULL && r->kind == DTC_RANK_FLOAT &&
		dtsen_rank_choose_unit(r, &scan->head, 0))
		scan = dtsen_rank_run_scan(r, true, interval, 1, 0, 0);
	dtc_scan_interval(&interval[0], 0, UINT64_MAX, FIRST_BUCKETS);
	if (scan == NULL || !dtsen_rank_has_rows(scan) || scan->head.misfit)
		return;
	dtsen_rank_kept_rows(scan, &view);
	if (view.head->rows == 0 ||
		dtc_bracket_of_run(r->kind, view.run, view.run_length, ends, 2, key) ==
			0)
		return;
	span_of(interval, key[0], key[1]);
}

/* The keys that shares of a sample's weight reach; 0 if it has no weight. */
static double
sample_keys(const DtRankRelation *r, const RankSample *sample,
			const double *share, int n, uint64_t *key)
{
	return dtc_bracket_of_run(r->kind, sample->view.run,
							  sample->view.run_length, share, n, key);
}

/*
 * Takes the first sample, in parts. False if it shows nothing: no row, too many
 * for the room, or weights that do not fit.
 */
static bool
take_sample(DtRankRelation *r, RankSample *sample, DtcScanInterval *all)
{
	DtRankView view;

	sample->share =
		Min(r->kind == DTC_RANK_FLOAT ? SAMPLE_FLOATS : SAMPLE_ROWS,
			pow(10 * r->rows, 2.0 / 3)) /
		r->rows;
	sample->parts = 0;
	sample->whole = dtsen_rank_new(CurrentMemoryContext, r->kind, 0);
	sample->whole->most_room = 65536;
	dtc_scan_interval(all, 0, UINT64_MAX, 1);
	for (int i = 0; i < SAMPLE_PARTS; i++)
	{
		double share = sample->share / SAMPLE_PARTS;
		DtRankScan *part = dtsen_rank_run_scan(r, true, all, 1, share, i);

		if (part == NULL)
			continue;
		if (r->kind == DTC_RANK_FLOAT && !r->has_unit &&
			dtsen_rank_choose_unit(r, &part->head, 0))
			part = dtsen_rank_run_scan(r, true, all, 1, share, i);
		if (!dtsen_rank_has_rows(part) || part->head.misfit)
			return false;
		dtsen_rank_kept_rows(part, &view);
		if (view.head->rows == 0)
			continue;
		dtsen_rank_add_view(sample->whole, &view);
		sample->part[sample->parts++] = part;
	}
	if (sample->parts == 0)
		return false;
	dtsen_rank_view(EOHPGetRODatum(&sample->whole->header), &sample->view);
	sample->rows = sample->view.head->rows;
	return true;
}

/*
 * Looks at a larger sample, a share of the blocks, within brackets that hold
 * too many rows, and makes narrower ones of it. most: deviations of that
 * sample that a bracket may take; per_row: deviation of one row. Returns and
 * changes interval as dtsen_rank_guess().
 */
static int
look_closer(DtRankRelation *r, const RankSample *sample, int groups,
			double share, double most, double per_row, const uint64_t *low,
			const uint64_t *high, DtcScanInterval *interval)
{
	DtcScanInterval span = interval[0];
	double shares[2 * BRACKET_GROUPS];
	uint64_t starts[2 * BRACKET_GROUPS];
	uint64_t ends[2 * BRACKET_GROUPS];
	int count = join_brackets(interval, low, high, groups - 1, 4096);
	DtRankScan *scan =
		dtsen_rank_run_scan(r, false, interval, count, share, 100);

	interval[0] = span;
	if (scan == NULL || scan->head.misfit || scan->head.rows < sample->rows)
		return 0;
	bracket_shares(shares, groups,
				   most * per_row * sqrt((1 - share) / scan->head.rows));
	dtc_bracket_of_scan(&scan->scan, shares, 2 * (groups - 1), starts, ends);
	for (int k = 1; k < groups; k++)
	{
		starts[k - 1] = starts[2 * k - 2];
		ends[k - 1] = ends[2 * k - 1];
	}
	return join_brackets(interval, starts, ends, groups - 1, 256);
}

/*
 * Looks at samples. Returns the number of intervals in which the cuts probably
 * lie and which few rows share, or 0; then interval[0] are the keys that the
 * scores span, as far as the sample saw them.
 */
int
dtsen_rank_guess(DtRankRelation *r, int groups, DtcScanInterval *interval)
{
	RankSample sample;
	double shares[2 * BRACKET_GROUPS];
	uint64_t key[2 * BRACKET_GROUPS];
	uint64_t high[2 * BRACKET_GROUPS];
	double effect;
	double by_weight;
	double per_row;
	double likely;
	double share;
	double keep = r->kind == DTC_RANK_FLOAT ? KEEP_FLOATS : KEEP_ROWS;

	if (!take_sample(r, &sample, interval))
		return 0;
	shares[0] = 0;
	shares[1] = 1;
	if (sample_keys(r, &sample, shares, 2, key) == 0)
		return 0;
	span_of(interval, key[0], key[1]);
	if (groups > BRACKET_GROUPS || sample.parts < SAMPLE_PARTS / 2)
		return 0;

	for (int k = 1; k < groups; k++)
		shares[k - 1] = (double) k / groups;
	sample_keys(r, &sample, shares, groups - 1, key);
	/* standard deviation of a share, for the one of a single row */
	effect = design_effect(&sample, r->kind, key, groups);
	/* of scores that many rows share the weights of single rows are not known */
	by_weight = Min(weight_effect(&sample, r->kind), 2 * effect);
	/* so few parts show a double effect also where there is none */
	per_row = sqrt(effect < 2 * by_weight ? by_weight : effect);
	for (int i = 0; i < sample.parts; i++)
		pfree(sample.part[i]->message);
	likely = AIM * keep * (sample.share / sample.rows) * sqrt(sample.rows) /
			 (2 * per_row * sum_of_deviations(groups));
	bracket_shares(shares, groups,
				   (likely < UNLIKELY ? LIKELY : Min(likely, LIKELY)) *
					   per_row / sqrt(sample.rows));
	sample_keys(r, &sample, shares, 2 * (groups - 1), key);
	for (int k = 1; k < groups; k++)
	{
		high[k - 1] = key[2 * k - 1];
		key[k - 1] = key[2 * k - 2];
	}
	if (likely >= UNLIKELY)
		return join_brackets(interval, key, high, groups - 1, 256);

	/* the brackets hold too many rows */
	share = sample.share * (ENOUGH / likely) * (ENOUGH / likely);
	share = Min(share, SAMPLE_MOST);
	likely *= sqrt(share / sample.share / (1 - share)) / AIM;
	if (likely < UNLIKELY)
		return 0;
	dtsen_rank_clear(sample.whole);
	return look_closer(r, &sample, groups, share, Min(likely, ENOUGH), per_row,
					   key, high, interval);
}
