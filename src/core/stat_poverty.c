/*
 * stat_poverty.c
 *		Poverty, concentration and incidence of a benefit, decomposition.
 *
 * Poverty is computed from runs of ratios r = score / line, so that each row
 * may have a line of its own; who is not poor (r >= 1) counts with weight only.
 */
#include "core/stat.h"

#include <float.h>
#include <math.h>

#define YIELD_EVERY 65536

/* ---------- poverty ---------- */

/* Share of the weight whose score is below a line. */
DtcRankStatus
dtc_stat_below(const DtcStatRun *run, double line, double *share,
			   DtcRankYield yield)
{
	DtcStatReader reader;
	DtcStatPoint point;
	DtcPair below = {0, 0};
	DtcPair total = {0, 0};

	dtc_stat_read(&reader, run, yield);
	while (dtc_stat_next(&reader, &point) > 0)
	{
		total = dtc_pair_add(total, point.weight);
		if (point.score < line)
			below = dtc_pair_add(below, point.weight);
	}
	if (reader.state < 0)
		return DTC_RANK_CORRUPT;
	if (total.hi == 0)
		return DTC_RANK_EMPTY;
	*share = dtc_pair_value(dtc_pair_divide(below, total));
	return dtc_pair_is_finite(total) ? DTC_RANK_OK : DTC_RANK_OVERFLOW;
}

/* Weighted mean over all of a function of the ratios below 1. */
static DtcRankStatus
mean_of_poor(const DtcStatRun *ratios, int is_log, double exponent,
			 double *mean, DtcRankYield yield)
{
	DtcStatReader reader;
	DtcStatPoint point;
	DtcPair sum = {0, 0};
	DtcPair total = {0, 0};

	dtc_stat_read(&reader, ratios, yield);
	while (dtc_stat_next(&reader, &point) > 0)
	{
		DtcPair value;

		total = dtc_pair_add(total, point.weight);
		if (point.score >= 1)
			continue;
		if (is_log && point.score < DBL_MIN)
			return point.score < 0 ? DTC_RANK_CORRUPT : DTC_RANK_OVERFLOW;
		if (is_log)
			value = dtc_pair_negative(dtc_pair_log(dtc_pair(point.score)));
		else
			value = dtc_pair_power(
				dtc_pair_add(dtc_pair(1), dtc_pair(-point.score)), exponent);
		sum = dtc_pair_add(sum, dtc_pair_multiply(point.weight, value));
	}
	if (reader.state < 0)
		return DTC_RANK_CORRUPT;
	if (total.hi == 0)
		return DTC_RANK_EMPTY;
	sum = dtc_pair_divide(sum, total);
	*mean = dtc_pair_value(sum);
	return dtc_pair_is_finite(sum) ? DTC_RANK_OK : DTC_RANK_OVERFLOW;
}

/* Foster, Greer, Thorbecke: mean of (1 - r)^alpha of the poor, alpha >= 0. */
DtcRankStatus
dtc_stat_fgt(const DtcStatRun *ratios, double alpha, double *fgt,
			 DtcRankYield yield)
{
	return mean_of_poor(ratios, 0, alpha, fgt, yield);
}

/*
 * Watts: mean of -ln r of the poor. DTC_RANK_OVERFLOW where a ratio is so small
 * that a double has lost digits of it, or all.
 */
DtcRankStatus
dtc_stat_watts(const DtcStatRun *ratios, double *watts, DtcRankYield yield)
{
	return mean_of_poor(ratios, 1, 0, watts, yield);
}

/* ---------- benefits ---------- */

/* Reads points of income together with what they are paid. */
typedef struct IncomeReader
{
	DtcStatReader weights;
	DtcRankReader benefits;
	int has_benefit;
} IncomeReader;

static void
income_read(IncomeReader *reader, const DtcStatIncome *income,
			DtcRankYield yield)
{
	dtc_stat_read(&reader->weights, &income->weights, yield);
	dtc_rank_read_run(&reader->benefits, income->benefits.kind,
					  income->benefits.bytes, income->benefits.length);
	reader->has_benefit = dtc_rank_next(&reader->benefits);
}

/* The next point and what all of it is paid; as dtc_stat_next(). */
static int
income_next(IncomeReader *reader, DtcStatPoint *point, DtcPair *paid)
{
	int state = dtc_stat_next(&reader->weights, point);
	uint64_t key;

	*paid = dtc_pair(0);
	if (state <= 0)
		return state < 0 || reader->has_benefit ? -1 : 0;
	key = dtc_rank_key(point->score);
	while (reader->has_benefit > 0 && reader->benefits.entry[0] <= key)
	{
		const uint64_t *entry = reader->benefits.entry;

		*paid = dtc_pair_add(
			*paid, dtc_pair_multiply(dtc_pair(dtc_rank_weight(entry[1])),
									 dtc_pair_of_int((int64_t) entry[2])));
		reader->has_benefit = dtc_rank_next(&reader->benefits);
	}
	return reader->has_benefit < 0 ? -1 : 1;
}

static DtcRankStatus
income_totals(const DtcStatIncome *income, DtcPair *weight, DtcPair *paid,
			  DtcRankYield yield)
{
	IncomeReader reader;
	DtcStatPoint point;
	DtcPair here;
	int state;

	*weight = *paid = dtc_pair(0);
	income_read(&reader, income, yield);
	while ((state = income_next(&reader, &point, &here)) > 0)
	{
		*weight = dtc_pair_add(*weight, point.weight);
		*paid = dtc_pair_add(*paid, here);
	}
	if (state < 0)
		return DTC_RANK_CORRUPT;
	if (paid->hi == 0)
		return DTC_RANK_EMPTY;
	return dtc_pair_is_finite(*weight) && dtc_pair_is_finite(*paid)
			   ? DTC_RANK_OK
			   : DTC_RANK_OVERFLOW;
}

/*
 * Concentration index: with R_i the middle of the ranks of point i, from 0 to
 * 1, and B_i what it is paid of B in all: 2 * sum of R_i B_i / B - 1.
 * DTC_RANK_EMPTY if nothing is paid.
 */
DtcRankStatus
dtc_stat_concentration(const DtcStatIncome *income, double *index,
					   DtcRankYield yield)
{
	IncomeReader reader;
	DtcStatPoint point;
	DtcPair weight;
	DtcPair paid;
	DtcPair here;
	DtcPair c = {0, 0};
	DtcPair sum = {0, 0};
	DtcPair inverse;
	DtcRankStatus status = income_totals(income, &weight, &paid, yield);

	if (status != DTC_RANK_OK)
		return status;
	inverse = dtc_pair_divide(dtc_pair(1), weight);
	income_read(&reader, income, yield);
	while (income_next(&reader, &point, &here) > 0)
	{
		DtcPair both = dtc_pair_add(dtc_pair_add(c, c), point.weight);

		c = dtc_pair_add(c, point.weight);
		both = dtc_pair_multiply(both, inverse);
		sum = dtc_pair_add(sum, dtc_pair_multiply(both, here));
	}
	sum = dtc_pair_divide(dtc_pair_subtract(sum, paid), paid);
	*index = dtc_pair_value(sum);
	return dtc_pair_is_finite(sum) ? DTC_RANK_OK : DTC_RANK_OVERFLOW;
}

/*
 * Share of all that is paid which goes to the poorest p = ascending[i] / of,
 * linear within equal scores.
 */
DtcRankStatus
dtc_stat_concentration_curve(const DtcStatIncome *income,
							 const double *ascending, int n, double of,
							 double *ordinates, DtcRankYield yield)
{
	IncomeReader reader;
	DtcStatPoint point;
	DtcPair weight;
	DtcPair paid;
	DtcPair here;
	DtcPair c = {0, 0};
	DtcPair b = {0, 0};
	DtcPair at;
	DtcRankStatus status = income_totals(income, &weight, &paid, yield);
	int i = 0;

	if (status != DTC_RANK_OK)
		return status;
	at = dtc_pair_multiply(
		weight, dtc_pair_divide(dtc_pair(ascending[0]), dtc_pair(of)));
	income_read(&reader, income, yield);
	while (i < n && income_next(&reader, &point, &here) > 0)
	{
		DtcPair c_after = dtc_pair_add(c, point.weight);

		while (i < n && dtc_pair_compare(at, c_after) <= 0)
		{
			DtcPair part =
				dtc_pair_divide(dtc_pair_subtract(at, c), point.weight);

			part = dtc_pair_add(b, dtc_pair_multiply(part, here));
			ordinates[i++] = dtc_pair_value(dtc_pair_divide(part, paid));
			if (i < n)
				at = dtc_pair_multiply(
					weight,
					dtc_pair_divide(dtc_pair(ascending[i]), dtc_pair(of)));
		}
		c = c_after;
		b = dtc_pair_add(b, here);
	}
	for (; i < n; i++)
		ordinates[i] = 1;
	return DTC_RANK_OK;
}

/*
 * What each of n groups by rule A weighs and is paid (in "amount"); families
 * stay 0. Not DTC_RANK_EMPTY if nothing is paid.
 */
DtcRankStatus
dtc_stat_incidence(const DtcStatIncome *income, int groups,
				   DtcStatGroup *table, DtcRankYield yield)
{
	DtcStatRun none = {DTC_RANK_INTEGER, income->weights.bytes, 0};
	DtcRankStatus status =
		dtc_stat_table(&income->weights, &none, groups, table, yield);
	IncomeReader reader;
	DtcStatPoint point;
	DtcPair here;
	int group = 0;
	int state;

	if (status != DTC_RANK_OK)
		return status;
	for (int i = 0; i < groups; i++)
		table[i].amount = dtc_pair(0);
	income_read(&reader, income, yield);
	while ((state = income_next(&reader, &point, &here)) > 0)
	{
		uint64_t key = dtc_rank_key(point.score);

		while (group < groups - 1 && key > table[group].last)
			group++;
		table[group].amount = dtc_pair_add(table[group].amount, here);
	}
	return state < 0 ? DTC_RANK_CORRUPT : DTC_RANK_OK;
}

/* ---------- decomposition by group ---------- */

static void
parts_totals(const DtcStatPart *parts, int n, DtcPair *weight, DtcPair *amount)
{
	*weight = *amount = dtc_pair(0);
	for (int i = 0; i < n; i++)
	{
		*weight = dtc_pair_add(*weight, parts[i].totals.weight);
		*amount = dtc_pair_add(*amount, parts[i].totals.amount);
	}
}

/*
 * Theil T of a whole from those of its parts: within = sum of S_g/S T_g,
 * between = sum of S_g/S ln(m_g / m); their sum is the index of the whole.
 * Every part has weight and a positive sum.
 */
DtcRankStatus
dtc_stat_theil_parts(const DtcStatPart *parts, int n, double *within,
					 double *between)
{
	DtcPair weight;
	DtcPair amount;
	DtcPair inside = {0, 0};
	DtcPair outside = {0, 0};

	parts_totals(parts, n, &weight, &amount);
	for (int i = 0; i < n; i++)
	{
		const DtcStatTotals *part = &parts[i].totals;
		DtcPair share = dtc_pair_divide(part->amount, amount);
		DtcPair mean =
			dtc_pair_divide(share, dtc_pair_divide(part->weight, weight));

		inside = dtc_pair_add(
			inside, dtc_pair_multiply(share, dtc_pair(parts[i].index)));
		outside = dtc_pair_add(outside,
							   dtc_pair_multiply(share, dtc_pair_log(mean)));
	}
	*within = dtc_pair_value(inside);
	*between = dtc_pair_value(outside);
	return isfinite(*within) && isfinite(*between) ? DTC_RANK_OK
												   : DTC_RANK_OVERFLOW;
}

/*
 * Gini of a whole from its parts, which must be in ascending order of their
 * means: within = sum of W_g/W S_g/S G_g, between = Gini of the means. What is
 * missing to the index of the whole is the overlap of the groups.
 */
DtcRankStatus
dtc_stat_gini_parts(DtcStatPart *parts, int n, double *within, double *between)
{
	DtcPair weight;
	DtcPair amount;
	DtcPair c = {0, 0};
	DtcPair inside = {0, 0};
	DtcPair outside = {-1, 0};

	parts_totals(parts, n, &weight, &amount);
	for (int i = 0; i < n; i++)
	{
		const DtcStatTotals *part = &parts[i].totals;
		DtcPair share = dtc_pair_divide(part->amount, amount);
		DtcPair size = dtc_pair_divide(part->weight, weight);
		DtcPair both = dtc_pair_add(dtc_pair_add(c, c), size);

		inside = dtc_pair_add(inside,
							  dtc_pair_multiply(dtc_pair_multiply(size, share),
												dtc_pair(parts[i].index)));
		outside = dtc_pair_add(outside, dtc_pair_multiply(both, share));
		c = dtc_pair_add(c, size);
	}
	*within = dtc_pair_value(inside);
	*between = dtc_pair_value(outside);
	return isfinite(*within) && isfinite(*between) ? DTC_RANK_OK
												   : DTC_RANK_OVERFLOW;
}
