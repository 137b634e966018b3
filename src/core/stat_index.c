/*
 * stat_index.c
 *		The points of a run, its Lorenz curve and inequality indices.
 *
 * Notation: points i in ascending order of score x_i, weight w_i, C_i the
 * weight up to and with i, S_i the sum of w*x up to and with i, W and S the
 * same of all, m = S / W.
 */
#include "core/stat.h"

#include <math.h>

#define YIELD_EVERY 65536
#define QUINTILES 5
#define SMALL_RATIO 1e-280 /* products below lose digits */

/* ---------- points ---------- */

/* Starts reading the points of a run. */
void
dtc_stat_read(DtcStatReader *reader, const DtcStatRun *run, DtcRankYield yield)
{
	dtc_rank_read_run(&reader->entries, run->kind, run->bytes, run->length);
	reader->kind = run->kind;
	reader->yield = yield;
	reader->count = 0;
	reader->waiting = 0;
	reader->state = 1;
}

static DtcPair
entry_weight(const DtcStatReader *reader)
{
	const uint64_t *entry = reader->entries.entry;

	if (reader->kind == DTC_RANK_INTEGER)
		return dtc_pair_of_int((int64_t) entry[1]);
	return dtc_pair_multiply(dtc_pair(dtc_rank_weight(entry[1])),
							 dtc_pair_of_int((int64_t) entry[2]));
}

/*
 * Reads the next point with weight: 1, at the end 0, -1 where the bytes are no
 * run.
 */
int
dtc_stat_next(DtcStatReader *reader, DtcStatPoint *point)
{
	uint64_t key = 0;
	int found = 0;

	while (reader->state > 0)
	{
		DtcPair weight;

		if (!reader->waiting)
		{
			reader->state = dtc_rank_next(&reader->entries);
			if (reader->state <= 0)
				break;
			if (reader->yield != NULL && ++reader->count % YIELD_EVERY == 0)
				reader->yield();
		}
		reader->waiting = 0;
		if (found && reader->entries.entry[0] != key)
		{
			reader->waiting = 1;
			return 1;
		}
		weight = entry_weight(reader);
		if (weight.hi == 0)
			continue;
		if (found)
			point->weight = dtc_pair_add(point->weight, weight);
		else
		{
			key = reader->entries.entry[0];
			point->score = dtc_rank_score(key);
			point->weight = weight;
			found = 1;
		}
	}
	return reader->state < 0 ? -1 : found;
}

/* What a loop over points ended with, and whether the answer is a number. */
static DtcRankStatus
ended(const DtcStatReader *reader, DtcPair result)
{
	if (reader->state < 0)
		return DTC_RANK_CORRUPT;
	return dtc_pair_is_finite(result) ? DTC_RANK_OK : DTC_RANK_OVERFLOW;
}

/*
 * Sums over the points. DTC_RANK_EMPTY without weight, DTC_RANK_OVERFLOW where
 * a sum is no finite double.
 */
DtcRankStatus
dtc_stat_totals(const DtcStatRun *run, DtcStatTotals *totals,
				DtcRankYield yield)
{
	DtcStatReader reader;
	DtcStatPoint point;

	totals->points = 0;
	totals->weight = totals->amount = dtc_pair(0);
	dtc_stat_read(&reader, run, yield);
	while (dtc_stat_next(&reader, &point) > 0)
	{
		totals->points++;
		totals->weight = dtc_pair_add(totals->weight, point.weight);
		totals->amount = dtc_pair_add(
			totals->amount,
			dtc_pair_multiply(point.weight, dtc_pair(point.score)));
	}
	if (reader.state == 0 && totals->points == 0)
		return DTC_RANK_EMPTY;
	if (!dtc_pair_is_finite(totals->weight))
		return DTC_RANK_OVERFLOW;
	return ended(&reader, totals->amount);
}

/* ---------- Lorenz curve ---------- */

static DtcPair
part_of(DtcPair whole, double numerator, double of)
{
	return dtc_pair_multiply(
		whole, dtc_pair_divide(dtc_pair(numerator), dtc_pair(of)));
}

/*
 * Ordinates L(p) of n ascending p = ascending[i] / of, 0 to 1: the share of
 * the sum of all scores that the poorest p of the weight have, linear within
 * equal scores. DTC_RANK_EMPTY also if that sum is 0.
 */
DtcRankStatus
dtc_stat_lorenz(const DtcStatRun *run, const double *ascending, int n,
				double of, double *ordinates, DtcRankYield yield)
{
	DtcStatTotals totals;
	DtcRankStatus status = dtc_stat_totals(run, &totals, yield);
	DtcStatReader reader;
	DtcStatPoint point;
	DtcPair c = {0, 0};
	DtcPair s = {0, 0};
	DtcPair at;
	int i = 0;

	if (status != DTC_RANK_OK)
		return status;
	if (totals.amount.hi == 0)
		return DTC_RANK_EMPTY;
	at = part_of(totals.weight, n > 0 ? ascending[0] : 0, of);
	dtc_stat_read(&reader, run, yield);
	while (i < n && dtc_stat_next(&reader, &point) > 0)
	{
		DtcPair score = dtc_pair(point.score);
		DtcPair c_after = dtc_pair_add(c, point.weight);

		while (i < n && dtc_pair_compare(at, c_after) <= 0)
		{
			DtcPair part = dtc_pair_multiply(dtc_pair_subtract(at, c), score);

			ordinates[i++] = dtc_pair_value(
				dtc_pair_divide(dtc_pair_add(s, part), totals.amount));
			if (i < n)
				at = part_of(totals.weight, ascending[i], of);
		}
		c = c_after;
		s = dtc_pair_add(s, dtc_pair_multiply(point.weight, score));
	}
	for (; i < n; i++) /* 1, and what rounding put above the last point */
		ordinates[i] = 1;
	return ended(&reader, s);
}

/*
 * Gini index: sum of w_i x_i (2 C_i - w_i) / (W S) - 1, which is 1 less twice
 * the area under the Lorenz curve. DTC_RANK_EMPTY if S is 0.
 */
DtcRankStatus
dtc_stat_gini(const DtcStatRun *run, double *gini, DtcRankYield yield)
{
	DtcStatTotals totals;
	DtcRankStatus status = dtc_stat_totals(run, &totals, yield);
	DtcStatReader reader;
	DtcStatPoint point;
	DtcPair c = {0, 0};
	DtcPair sum = {0, 0};
	DtcPair inverse;

	if (status != DTC_RANK_OK)
		return status;
	if (totals.amount.hi == 0)
		return DTC_RANK_EMPTY;
	inverse = dtc_pair_divide(dtc_pair(1), totals.weight);
	dtc_stat_read(&reader, run, yield);
	while (dtc_stat_next(&reader, &point) > 0)
	{
		/* C_{i-1} + C_i, over W, so that sums stay near S */
		DtcPair both = dtc_pair_add(c, c);

		both = dtc_pair_multiply(dtc_pair_add(both, point.weight), inverse);
		c = dtc_pair_add(c, point.weight);
		both = dtc_pair_multiply(both, point.weight);
		sum =
			dtc_pair_add(sum, dtc_pair_multiply(both, dtc_pair(point.score)));
	}
	sum = dtc_pair_subtract(sum, totals.amount);
	sum = dtc_pair_divide(sum, totals.amount);
	*gini = dtc_pair_value(sum);
	return ended(&reader, sum);
}

/*
 * Sum of x over the persons above the fourth quintile cut, over that of the
 * persons up to the first. DTC_RANK_EMPTY if the latter is 0.
 */
DtcRankStatus
dtc_stat_quintile_ratio(const DtcStatRun *run, double *ratio,
						DtcRankYield yield)
{
	double cuts[QUINTILES - 1];
	DtcRankStatus status = dtc_rank_cuts(run->kind, run->bytes, run->length,
										 QUINTILES, cuts, yield);
	DtcStatReader reader;
	DtcStatPoint point;
	DtcPair low = {0, 0};
	DtcPair high = {0, 0};

	if (status != DTC_RANK_OK)
		return status;
	dtc_stat_read(&reader, run, yield);
	while (dtc_stat_next(&reader, &point) > 0)
	{
		DtcPair amount =
			dtc_pair_multiply(point.weight, dtc_pair(point.score));

		if (point.score <= cuts[0])
			low = dtc_pair_add(low, amount);
		if (point.score > cuts[QUINTILES - 2])
			high = dtc_pair_add(high, amount);
	}
	if (low.hi == 0)
		return reader.state < 0 ? DTC_RANK_CORRUPT : DTC_RANK_EMPTY;
	high = dtc_pair_divide(high, low);
	*ratio = dtc_pair_value(high);
	return ended(&reader, high);
}

/* ---------- entropy ---------- */

typedef enum Term
{
	TERM_LOG,     /* -ln r */
	TERM_R_LOG_R, /* r ln r */
	TERM_POWER    /* r^exponent */
} Term;

/*
 * Weighted mean of a function of r = x / m. Scores must be positive, but for a
 * positive power 0 is allowed; where one is not, the state is corrupt, because
 * the caller has looked at its counts. DTC_RANK_EMPTY if m is 0.
 */
static DtcRankStatus
mean_of(const DtcStatRun *run, Term term, double exponent, DtcPair *mean,
		DtcRankYield yield)
{
	DtcStatTotals totals;
	DtcRankStatus status = dtc_stat_totals(run, &totals, yield);
	DtcStatReader reader;
	DtcStatPoint point;
	DtcPair sum = {0, 0};
	DtcPair inverse; /* 1 / m */

	if (status != DTC_RANK_OK)
		return status;
	if (totals.amount.hi == 0)
		return DTC_RANK_EMPTY;
	inverse = dtc_pair_divide(totals.weight, totals.amount);
	dtc_stat_read(&reader, run, yield);
	while (dtc_stat_next(&reader, &point) > 0)
	{
		DtcPair r = dtc_pair_multiply(dtc_pair(point.score), inverse);
		DtcPair value;

		if (point.score < 0 ||
			(point.score == 0 && (term != TERM_POWER || exponent <= 0)))
			return DTC_RANK_CORRUPT;
		if (term == TERM_POWER)
			value = dtc_pair_power(r, exponent);
		else if (r.hi >= SMALL_RATIO)
			value = dtc_pair_log(r);
		else /* a double has lost digits of the ratio, or all */
			value = dtc_pair_add(dtc_pair_log(dtc_pair(point.score)),
								 dtc_pair_log(inverse));
		if (term == TERM_LOG)
			value = dtc_pair_negative(value);
		if (term == TERM_R_LOG_R)
			value = dtc_pair_multiply(r, value);
		sum = dtc_pair_add(sum, dtc_pair_multiply(point.weight, value));
	}
	*mean = dtc_pair_divide(sum, totals.weight);
	return ended(&reader, *mean);
}

/*
 * Generalised entropy: (mean of r^alpha - 1) / (alpha^2 - alpha), for alpha 1
 * the mean of r ln r (Theil T), for 0 that of -ln r (Theil L).
 */
DtcRankStatus
dtc_stat_entropy(const DtcStatRun *run, double alpha, double *entropy,
				 DtcRankYield yield)
{
	DtcPair mean = {0, 0};
	Term term = alpha == 0 ? TERM_LOG : alpha == 1 ? TERM_R_LOG_R : TERM_POWER;
	DtcRankStatus status = mean_of(run, term, alpha, &mean, yield);
	DtcPair by;

	if (status != DTC_RANK_OK)
		return status;
	if (term == TERM_POWER)
	{
		by = dtc_pair_multiply(dtc_pair(alpha),
							   dtc_pair_add(dtc_pair(alpha), dtc_pair(-1)));
		mean = dtc_pair_divide(dtc_pair_add(mean, dtc_pair(-1)), by);
	}
	*entropy = dtc_pair_value(mean);
	return isfinite(*entropy) ? DTC_RANK_OK : DTC_RANK_OVERFLOW;
}

/*
 * Atkinson: 1 - (mean of r^(1 - epsilon))^(1 / (1 - epsilon)), for epsilon 1
 * one less the exponential of the mean of ln r. epsilon is positive.
 */
DtcRankStatus
dtc_stat_atkinson(const DtcStatRun *run, double epsilon, double *atkinson,
				  DtcRankYield yield)
{
	DtcPair mean = {0, 0};
	double exponent = 1 - epsilon;
	DtcRankStatus status = mean_of(run, exponent == 0 ? TERM_LOG : TERM_POWER,
								   exponent, &mean, yield);

	if (status != DTC_RANK_OK)
		return status;
	if (exponent == 0)
		mean = dtc_pair_exp(dtc_pair_negative(mean));
	else
		mean = dtc_pair_exp(
			dtc_pair_divide(dtc_pair_log(mean), dtc_pair(exponent)));
	mean = dtc_pair_subtract(dtc_pair(1), mean);
	*atkinson = dtc_pair_value(mean);
	return isfinite(*atkinson) ? DTC_RANK_OK : DTC_RANK_OVERFLOW;
}

/*
 * Gini index of a Lorenz curve given by n points (p, share), ascending, the
 * last one (1, 1): 1 - sum of (p_i - p_{i-1}) (L_i + L_{i-1}).
 */
double
dtc_stat_gini_grouped(const double *p, const double *share, int n,
					  DtcRankYield yield)
{
	DtcPair sum = {1, 0};
	DtcPair last_p = {0, 0};
	DtcPair last_share = {0, 0};

	for (int i = 0; i < n; i++)
	{
		DtcPair wide = dtc_pair_subtract(dtc_pair(p[i]), last_p);
		DtcPair high = dtc_pair_add(dtc_pair(share[i]), last_share);

		if (yield != NULL && i % YIELD_EVERY == YIELD_EVERY - 1)
			yield();
		sum = dtc_pair_subtract(sum, dtc_pair_multiply(wide, high));
		last_p = dtc_pair(p[i]);
		last_share = dtc_pair(share[i]);
	}
	return dtc_pair_value(sum);
}
