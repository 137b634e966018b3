/*
 * stat_quantile.c
 *		Weighted quantiles, exactly.
 *
 * Weights are added up without rounding (DtcSum of rank.h, integer ones as so
 * many times 1), and a fraction is the decimal that is written for it: 0.55 of
 * 100 persons is the 55th, although 0.55 * 100 in doubles is a little more
 * than 55.
 */
#include "core/stat.h"

#include <math.h>

#define YIELD_EVERY 65536
#define BILLION UINT32_C(1000000000)
#define BILLION_PLACES 9

/* ---------- exact sums of either kind of weight ---------- */

static void
add_entry(DtcSum *sum, const DtcRankReader *reader)
{
	if (reader->words == 2)
		dtc_sum_add(sum, 1, reader->entry[1]);
	else
		dtc_sum_add(sum, dtc_rank_weight(reader->entry[1]), reader->entry[2]);
}

static int
has_no_weight(const DtcRankReader *reader)
{
	return reader->words == 2 ? reader->entry[1] == 0
							  : dtc_rank_weight(reader->entry[1]) == 0;
}

static void
trim(DtcSum *sum)
{
	sum->used = DTC_SUM_LIMBS;
	while (sum->used > 0 && sum->limb[sum->used - 1] == 0)
		sum->used--;
}

/* Weight of all entries. DTC_RANK_EMPTY if there is none. */
static DtcRankStatus
exact_total(const DtcStatRun *run, DtcSum *total, DtcRankYield yield)
{
	DtcRankReader reader;
	size_t count = 0;
	int state;

	dtc_sum_clear(total);
	dtc_rank_read_run(&reader, run->kind, run->bytes, run->length);
	while ((state = dtc_rank_next(&reader)) > 0)
	{
		add_entry(total, &reader);
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	if (state < 0)
		return DTC_RANK_CORRUPT;
	if (total->used == 0)
		return DTC_RANK_EMPTY;
	return isinf(dtc_sum_value(total)) ? DTC_RANK_OVERFLOW : DTC_RANK_OK;
}

static void
multiply_small(DtcSum *sum, uint32_t factor)
{
	uint64_t carry = 0;

	for (int i = 0; i < DTC_SUM_LIMBS; i++)
	{
		carry += (uint64_t) sum->limb[i] * factor;
		sum->limb[i] = (uint32_t) carry;
		carry >>= 32;
	}
	trim(sum);
}

/* Divides in place, returns the remainder. */
static uint32_t
divide_small(DtcSum *sum, uint32_t divisor)
{
	uint64_t rest = 0;

	for (int i = sum->used - 1; i >= 0; i--)
	{
		rest = rest << 32 | sum->limb[i];
		sum->limb[i] = (uint32_t) (rest / divisor);
		rest %= divisor;
	}
	trim(sum);
	return (uint32_t) rest;
}

/*
 * share = ceil(total * fraction) in units of a DtcSum; the fraction is at most
 * 1. A total of 2^63 doubles leaves room for 17 digits more.
 */
static void
exact_share(DtcSum *share, const DtcSum *total, const DtcFraction *fraction)
{
	int places = fraction->places;
	int rest = 0;

	*share = *total;
	multiply_small(share, (uint32_t) (fraction->digits / BILLION));
	{
		DtcSum low = *total;
		uint64_t carry = 0;

		multiply_small(share, BILLION);
		multiply_small(&low, (uint32_t) (fraction->digits % BILLION));
		for (int i = 0; i < DTC_SUM_LIMBS; i++)
		{
			carry += (uint64_t) share->limb[i] + low.limb[i];
			share->limb[i] = (uint32_t) carry;
			carry >>= 32;
		}
		trim(share);
	}
	while (places > 0 && share->used > 0)
	{
		uint32_t divisor = 1;
		int digits = places < BILLION_PLACES ? places : BILLION_PLACES;

		for (int i = 0; i < digits; i++)
			divisor *= 10;
		rest |= divide_small(share, divisor) != 0;
		places -= digits;
	}
	for (int i = 0; rest && i < DTC_SUM_LIMBS; i++)
		rest = ++share->limb[i] == 0;
	trim(share);
}

/* ---------- quantiles ---------- */

/*
 * min { x : C(x) >= share } for n ascending shares of fractions of the total.
 */
DtcRankStatus
dtc_stat_percentiles(const DtcStatRun *run, const DtcFraction *ascending,
					 int n, double *scores, DtcRankYield yield)
{
	DtcRankReader reader;
	DtcSum total;
	DtcSum below;
	DtcSum share;
	DtcRankStatus status = exact_total(run, &total, yield);
	size_t count = 0;
	int i = 0;

	if (status != DTC_RANK_OK)
		return status;
	dtc_sum_clear(&below);
	exact_share(&share, &total, &ascending[0]);
	dtc_rank_read_run(&reader, run->kind, run->bytes, run->length);
	while (i < n && dtc_rank_next(&reader) > 0)
	{
		add_entry(&below, &reader);
		while (i < n && dtc_sum_compare(&below, &share) >= 0)
		{
			scores[i++] = dtc_rank_score(reader.entry[0]);
			if (i < n)
				exact_share(&share, &total, &ascending[i]);
		}
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	return i < n ? DTC_RANK_CORRUPT : DTC_RANK_OK;
}

/* One of them. */
DtcRankStatus
dtc_stat_percentile_disc(const DtcStatRun *run, const DtcFraction *fraction,
						 double *score, DtcRankYield yield)
{
	return dtc_stat_percentiles(run, fraction, 1, score, yield);
}

/* The scores that the first "at" and the first "at" + 1 units reach. */
static DtcRankStatus
neighbours(const DtcStatRun *run, const DtcSum *at, double *low, double *high,
		   DtcRankYield yield)
{
	DtcRankReader reader;
	DtcSum below;
	DtcSum next = *at;
	size_t count = 0;
	int found = 0;

	dtc_sum_add(&next, 1, 1);
	dtc_sum_clear(&below);
	dtc_rank_read_run(&reader, run->kind, run->bytes, run->length);
	while (found < 2 && dtc_rank_next(&reader) > 0)
	{
		double score = dtc_rank_score(reader.entry[0]);

		if (has_no_weight(&reader))
			continue;
		add_entry(&below, &reader);
		if (found == 0 && dtc_sum_compare(&below, at) >= 0)
		{
			*low = score;
			found = 1;
		}
		/* beyond the last unit, the last score with weight */
		if (found == 1)
			*high = score;
		if (found == 1 && dtc_sum_compare(&below, &next) >= 0)
			found = 2;
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	return found == 0 ? DTC_RANK_CORRUPT : DTC_RANK_OK;
}

/*
 * percentile_cont over persons: as if each row stood there as many times as
 * its weight says, position 1 + (W - 1) * fraction, linear between the persons
 * before and after. Weights need not be whole numbers but must add up to 1 at
 * least (else DTC_RANK_EMPTY).
 */
DtcRankStatus
dtc_stat_percentile_cont(const DtcStatRun *run, const DtcFraction *fraction,
						 double *score, DtcRankYield yield)
{
	DtcSum total;
	DtcSum at;
	DtcRankStatus status = exact_total(run, &total, yield);
	double whole;
	double low = 0;
	double high = 0;
	DtcPair position;
	double part;

	if (status != DTC_RANK_OK)
		return status;
	whole = dtc_sum_value(&total);
	if (whole < 1)
		return DTC_RANK_EMPTY;
	/* exact for integer weights below 2^53, as precise as a pair above */
	position = dtc_pair((double) (fraction->digits / BILLION));
	position = dtc_pair_add(dtc_pair_multiply(position, dtc_pair(BILLION)),
							dtc_pair((double) (fraction->digits % BILLION)));
	position = dtc_pair_multiply(position,
								 dtc_pair_add(dtc_pair(whole), dtc_pair(-1)));
	for (int i = fraction->places; i > 0; i -= BILLION_PLACES)
	{
		double divisor = 1;

		for (int k = 0; k < (i < BILLION_PLACES ? i : BILLION_PLACES); k++)
			divisor *= 10;
		position = dtc_pair_divide(position, dtc_pair(divisor));
	}
	if (!dtc_pair_is_finite(position))
		return DTC_RANK_OVERFLOW;
	part = floor(dtc_pair_value(position));
	position = dtc_pair_subtract(position, dtc_pair(part));
	dtc_sum_clear(&at);
	dtc_sum_add(&at, part, 1);
	dtc_sum_add(&at, 1, 1);
	if (dtc_sum_compare(&at, &total) > 0)
		at = total;
	status = neighbours(run, &at, &low, &high, yield);
	part = dtc_pair_value(position);
	if (part < 0)
		part = 0;
	*score = low == high || part == 0 ? low : low + part * (high - low);
	if (isnan(low) || isnan(high))
		*score = part == 0 ? low : (double) NAN;
	return status;
}

/*
 * The score that half of the weight reaches; where exactly half of it lies at
 * or below one score, the middle between that and the next.
 */
DtcRankStatus
dtc_stat_median(const DtcStatRun *run, double *median, DtcRankYield yield)
{
	DtcRankReader reader;
	DtcSum total;
	DtcSum below;
	DtcRankStatus status = exact_total(run, &total, yield);
	size_t count = 0;
	int order = -1;

	if (status != DTC_RANK_OK)
		return status;
	dtc_sum_clear(&below);
	dtc_rank_read_run(&reader, run->kind, run->bytes, run->length);
	while (dtc_rank_next(&reader) > 0)
	{
		double score = dtc_rank_score(reader.entry[0]);
		DtcSum twice;

		if (has_no_weight(&reader))
			continue;
		/* the halves are equal, and this is the next score */
		if (order == 0 && score != *median)
		{
			*median = *median / 2 + score / 2;
			return DTC_RANK_OK;
		}
		add_entry(&below, &reader);
		twice = below;
		multiply_small(&twice, 2);
		order = dtc_sum_compare(&twice, &total);
		if (order >= 0)
			*median = score;
		if (order > 0)
			return DTC_RANK_OK;
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	return DTC_RANK_CORRUPT;
}

/* ---------- tables ---------- */

/*
 * What is in each of n groups by rule A.
 *
 * families: a run with the same scores whose weights are numbers of rows.
 * table: room for "groups" groups. All scores are finite.
 */
DtcRankStatus
dtc_stat_table(const DtcStatRun *weights, const DtcStatRun *families,
			   int groups, DtcStatGroup *table, DtcRankYield yield)
{
	DtcRankReader reader;
	DtcRankReader rows;
	DtcSum total;
	DtcSum below;
	DtcSum share;
	DtcRankStatus status = exact_total(weights, &total, yield);
	size_t count = 0;
	int group = 1; /* of the score at hand */
	int cut = 1;   /* the next one to be passed */
	uint64_t last = 0;
	int has_rows;
	int state;

	if (status != DTC_RANK_OK)
		return status;
	if (families->kind != DTC_RANK_INTEGER)
		return DTC_RANK_CORRUPT;
	for (int i = 0; i < groups; i++)
	{
		DtcStatGroup empty = {0};

		table[i] = empty;
	}
	dtc_sum_clear(&below);
	dtc_sum_share(&share, &total, 1, (uint32_t) groups);
	dtc_rank_read_run(&reader, weights->kind, weights->bytes, weights->length);
	dtc_rank_read_run(&rows, families->kind, families->bytes,
					  families->length);
	has_rows = dtc_rank_next(&rows);
	while ((state = dtc_rank_next(&reader)) > 0)
	{
		double score = dtc_rank_score(reader.entry[0]);
		DtcStatGroup *entry;
		DtcPair weight;

		if (reader.entry[0] != last)
			group = cut;
		last = reader.entry[0];
		entry = &table[group - 1];
		entry->last = last;
		if (reader.words == 2)
			weight = dtc_pair_of_int((int64_t) reader.entry[1]);
		else
			weight =
				dtc_pair_multiply(dtc_pair(dtc_rank_weight(reader.entry[1])),
								  dtc_pair_of_int((int64_t) reader.entry[2]));
		entry->weight = dtc_pair_add(entry->weight, weight);
		entry->amount = dtc_pair_add(
			entry->amount, dtc_pair_multiply(weight, dtc_pair(score)));
		if (has_rows > 0 && rows.entry[0] == reader.entry[0])
		{
			if (entry->families == 0)
				entry->lower = score;
			entry->upper = score;
			entry->families =
				(int64_t) ((uint64_t) entry->families + rows.entry[1]);
			has_rows = dtc_rank_next(&rows);
		}
		add_entry(&below, &reader);
		while (cut < groups && dtc_sum_compare(&below, &share) >= 0)
		{
			cut++;
			dtc_sum_share(&share, &total, (uint32_t) cut, (uint32_t) groups);
		}
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	return state < 0 || has_rows ? DTC_RANK_CORRUPT : DTC_RANK_OK;
}
