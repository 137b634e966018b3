/*
 * rank_cuts.c
 *		Exact cut points of a run, and the group of a score.
 *
 * Rule A: with C(x) the weight of all rows whose score is at most x, and W the
 * weight of all rows, the k-th of n-1 cuts is
 *
 *		Q_k = min { x : n * C(x) >= k * W }
 *
 * and a row is in group 1 + (number of cuts below its score). Rows with equal
 * scores share a group; rows that straddle a cut go to the poorer one. It is
 * percentile_disc with weights (Hyndman and Fan's first definition, "math" in
 * svyquantile of the R package survey).
 *
 * C is a whole number of units: persons for integer weights, 2^-1074 for
 * float ones, of which every double is a multiple. So n*C >= k*W is the same
 * as C >= T_k with T_k = ceil(k*W / n), which never exceeds W, and nothing is
 * rounded anywhere.
 */
#include "core/rank.h"

#include <math.h>
#include <string.h>

#define YIELD_EVERY 65536
#define SELECT_BUCKETS 512 /* of dtc_rank_cuts_of_rows() */
#define SELECT_LEAST 64    /* rows; fewer are sorted as they are */
#define SELECT_GROUPS 64   /* more: most buckets would hold a cut */
#define EXPONENT_MASK 0x7FF
#define MANTISSA_BITS 52
#define MAX_LOW (971 + 1074 - 1) /* of DBL_MAX, see dtc_sum_value() */
#define HIDDEN_BIT (UINT64_C(1) << MANTISSA_BITS)

/* ---------- exact sums of doubles ---------- */

/* Makes a sum zero. */
void
dtc_sum_clear(DtcSum *sum)
{
	memset(sum, 0, sizeof(*sum));
}

/*
 * Adds times * value; value is finite and not negative. Room is enough for
 * 2^63 values of DBL_MAX and for the factor of dtc_sum_share().
 */
void
dtc_sum_add(DtcSum *sum, double value, uint64_t times)
{
	uint64_t bits = dtc_rank_weight_bits(value);
	int exponent = (int) (bits >> MANTISSA_BITS) & EXPONENT_MASK;
	uint64_t mantissa = bits & (HIDDEN_BIT - 1);
	int shift = exponent == 0 ? 0 : exponent - 1;
	int at = shift / 32;
	uint64_t carry = 0;
	uint32_t factor[3];

	if (exponent != 0)
		mantissa |= HIDDEN_BIT;
	/* the mantissa, shifted within its first limb, takes three limbs */
	factor[0] = (uint32_t) (mantissa << shift % 32);
	factor[1] = (uint32_t) (mantissa >> (32 - shift % 32));
	factor[2] = (uint32_t) (mantissa >> 32 >> (32 - shift % 32));

	for (int half = 0; half < 2; half++)
	{
		uint64_t multiplier = half == 0 ? times & UINT32_MAX : times >> 32;
		int i;

		if (multiplier == 0)
			continue;
		carry = 0;
		for (i = 0; i < 3 || carry != 0; i++)
		{
			uint32_t *limb = &sum->limb[at + half + i];

			carry += *limb;
			if (i < 3)
				carry += multiplier * factor[i];
			*limb = (uint32_t) carry;
			carry >>= 32;
		}
		if (at + half + i > sum->used)
			sum->used = at + half + i;
	}
	while (sum->used > 0 && sum->limb[sum->used - 1] == 0)
		sum->used--;
}

/* -1, 0 or 1 as a is less than, equal to or greater than b. */
int
dtc_sum_compare(const DtcSum *a, const DtcSum *b)
{
	if (a->used != b->used)
		return a->used < b->used ? -1 : 1;
	for (int i = a->used - 1; i >= 0; i--)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

/* share = ceil(sum * k / n) in units, for 0 < k <= n <= DTC_RANK_MAX_GROUPS. */
void
dtc_sum_share(DtcSum *share, const DtcSum *sum, uint32_t k, uint32_t n)
{
	uint64_t carry = 0;
	uint64_t rest = 0;

	dtc_sum_clear(share);
	for (int i = 0; i < sum->used || carry != 0; i++)
	{
		carry += (uint64_t) sum->limb[i] * k;
		share->limb[i] = (uint32_t) carry;
		carry >>= 32;
		share->used = i + 1;
	}
	for (int i = share->used - 1; i >= 0; i--)
	{
		rest = rest << 32 | share->limb[i];
		share->limb[i] = (uint32_t) (rest / n);
		rest %= n;
	}
	for (int i = 0; rest != 0; i++)
	{
		rest = ++share->limb[i] == 0;
		if (i >= share->used)
			share->used = i + 1;
	}
	while (share->used > 0 && share->limb[share->used - 1] == 0)
		share->used--;
}

/* The double nearest to a sum, ties to even; HUGE_VAL if there is none. */
double
dtc_sum_value(const DtcSum *sum)
{
	uint64_t top = 0;
	int high = sum->used * 32 - 1; /* position of the highest set bit */
	int low;
	int odd_rest = 0;

	if (sum->used == 0)
		return 0;
	while (!(sum->limb[high / 32] >> high % 32 & 1))
		high--;
	/* 53 bits and the one below them; smaller sums are exact as they are */
	low = high > MANTISSA_BITS ? high - MANTISSA_BITS - 1 : 0;
	for (int bit = high; bit >= low; bit--)
		top = top << 1 | (sum->limb[bit / 32] >> bit % 32 & 1);
	if (high <= MANTISSA_BITS)
		return ldexp((double) top, -1074);
	for (int bit = 0; bit < low && !odd_rest; bit++)
		odd_rest = sum->limb[bit / 32] >> bit % 32 & 1;
	if ((top & 1) && (odd_rest || (top & 2)))
		top += 2;
	/* said in integers, because some machines compute wider than double */
	if (low > MAX_LOW || (low == MAX_LOW && top >> 1 == HIDDEN_BIT << 1))
		return HUGE_VAL;
	return ldexp((double) (top >> 1), low + 1 - 1074);
}

/*
 * n * below / sum - k, rounded twice, for k <= n * below / sum, below <= sum
 * and 0 < n <= DTC_RANK_MAX_GROUPS.
 */
double
dtc_sum_position(const DtcSum *below, const DtcSum *sum, uint32_t k,
				 uint32_t n)
{
	DtcSum rest;
	int64_t carry = 0;

	dtc_sum_clear(&rest);
	for (int i = 0; i < sum->used || carry != 0; i++)
	{
		carry += (int64_t) ((uint64_t) below->limb[i] * n) -
				 (int64_t) ((uint64_t) sum->limb[i] * k);
		rest.limb[i] = (uint32_t) carry;
		if (rest.limb[i] != 0)
			rest.used = i + 1;
		carry = (carry - (int64_t) rest.limb[i]) / ((int64_t) 1 << 32);
	}
	return dtc_sum_value(&rest) / dtc_sum_value(sum);
}

/*
 * Exact weight of a run of float weights, rounded once to the nearest double.
 * DTC_RANK_OVERFLOW if that is infinite, DTC_RANK_CORRUPT if it is no run.
 */
DtcRankStatus
dtc_rank_total(const unsigned char *run, size_t length, double *total,
			   DtcRankYield yield)
{
	DtcRankReader reader;
	DtcSum sum;
	size_t count = 0;
	int state;

	dtc_sum_clear(&sum);
	dtc_rank_read_run(&reader, DTC_RANK_FLOAT, run, length);
	while ((state = dtc_rank_next(&reader)) > 0)
	{
		dtc_sum_add(&sum, dtc_rank_weight(reader.entry[1]), reader.entry[2]);
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	*total = dtc_sum_value(&sum);
	if (state < 0)
		return DTC_RANK_CORRUPT;
	return isinf(*total) ? DTC_RANK_OVERFLOW : DTC_RANK_OK;
}

/* ---------- cut points ---------- */

/* Yields in a long loop; i counts its steps. */
static inline void
yield_at(size_t i, DtcRankYield yield)
{
	if (i % YIELD_EVERY == YIELD_EVERY - 1 && yield != NULL)
		yield();
}

/* Least sum of weights that reaches cut k, see above; amount <= INT64_MAX. */
static int64_t
cut_target(int64_t amount, int k, int groups)
{
	return k * (amount / groups) +
		   (k * (amount % groups) + groups - 1) / groups;
}

static DtcRankStatus
cuts_of_integer(const unsigned char *run, size_t length, int groups,
				double *cuts, DtcRankYield yield)
{
	DtcRankReader reader;
	DtcRankSums sums;
	DtcRankStatus status =
		dtc_rank_check(DTC_RANK_INTEGER, run, length, &sums, yield);
	int64_t below = 0;
	size_t count = 0;
	int k = 1;

	if (status != DTC_RANK_OK)
		return status;
	if (sums.amount == 0)
		return DTC_RANK_EMPTY;
	dtc_rank_read_run(&reader, DTC_RANK_INTEGER, run, length);
	while (k < groups && dtc_rank_next(&reader) > 0)
	{
		below += (int64_t) reader.entry[1];
		while (k < groups && below >= cut_target(sums.amount, k, groups))
			cuts[k++ - 1] = dtc_rank_score(reader.entry[0]);
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	return DTC_RANK_OK;
}

/*
 * Adds up the weights of buckets of 2^shift keys from "least" on, then turns
 * the sums into the weight below each bucket and marks those that hold a cut.
 */
static void
mark_buckets(const uint64_t *entries, size_t n, uint64_t least, int shift,
			 int groups, int64_t total, int64_t *sum, unsigned char *mark,
			 DtcRankYield yield)
{
	int64_t below = 0;
	int k = 1;

	memset(sum, 0, sizeof(*sum) * SELECT_BUCKETS);
	memset(mark, 0, SELECT_BUCKETS);
	for (size_t i = 0; i < n; i++)
	{
		sum[(entries[2 * i] - least) >> shift] += (int64_t) entries[2 * i + 1];
		yield_at(i, yield);
	}
	for (int b = 0; b < SELECT_BUCKETS && k < groups; b++)
	{
		int64_t weight = sum[b];

		sum[b] = below;
		below += weight;
		mark[b] = below >= cut_target(total, k, groups);
		while (k < groups && below >= cut_target(total, k, groups))
			k++;
	}
}

/* Moves the entries of marked buckets to the front; returns how many. */
static size_t
gather_marked(uint64_t *entries, size_t n, uint64_t least, int shift,
			  const unsigned char *mark, DtcRankYield yield)
{
	size_t front = 0;

	for (size_t i = 0; i < n; i++)
	{
		uint64_t *from = entries + 2 * i;
		uint64_t *to = entries + 2 * front;
		uint64_t key = from[0];
		uint64_t weight = from[1];

		yield_at(i, yield);
		if (!mark[(key - least) >> shift])
			continue;
		from[0] = to[0];
		from[1] = to[1];
		to[0] = key;
		to[1] = weight;
		front++;
	}
	return front;
}

/*
 * The cut points of n rows of integer weights, in any order, with repeated
 * scores, of which the weights add up to at most INT64_MAX; otherwise as
 * dtc_rank_cuts(). The entries are put into another order. Only those near a
 * cut are sorted, so the usual cost is three passes.
 */
DtcRankStatus
dtc_rank_cuts_of_rows(uint64_t *entries, size_t n, int groups, double *cuts,
					  DtcRankYield yield)
{
	int64_t sum[SELECT_BUCKETS];
	unsigned char mark[SELECT_BUCKETS];
	uint64_t least = UINT64_MAX;
	uint64_t most = 0;
	int64_t total = 0;
	int64_t below = 0;
	int shift = 0;
	int select = n > SELECT_LEAST && groups <= SELECT_GROUPS;
	int k = 1;

	for (size_t i = 0; i < n; i++)
	{
		least = entries[2 * i] < least ? entries[2 * i] : least;
		most = entries[2 * i] > most ? entries[2 * i] : most;
		total += (int64_t) entries[2 * i + 1];
		yield_at(i, yield);
	}
	if (total == 0)
		return DTC_RANK_EMPTY;
	while ((most - least) >> shift >= SELECT_BUCKETS)
		shift++;
	if (select)
	{
		mark_buckets(entries, n, least, shift, groups, total, sum, mark,
					 yield);
		n = gather_marked(entries, n, least, shift, mark, yield);
	}
	dtc_rank_sort(entries, n, DTC_RANK_INTEGER, yield);
	for (size_t i = 0; i < n && k < groups; i++)
	{
		uint64_t key = entries[2 * i];

		if (select && (i == 0 || (key - least) >> shift !=
									 (entries[2 * i - 2] - least) >> shift))
			below = sum[(key - least) >> shift];
		below += (int64_t) entries[2 * i + 1];
		while (k < groups && below >= cut_target(total, k, groups))
			cuts[k++ - 1] = dtc_rank_score(key);
	}
	return k < groups ? DTC_RANK_CORRUPT : DTC_RANK_OK;
}

/*
 * The same of n rows of float weights: pairs of a score key and the bits of a
 * weight, in any order. DTC_RANK_OVERFLOW as of dtc_rank_cuts(). Cost: a sort,
 * and two exact sums.
 */
DtcRankStatus
dtc_rank_cuts_of_float_rows(uint64_t *entries, size_t n, int groups,
							double *cuts, DtcRankYield yield)
{
	DtcSum total;
	DtcSum below;
	DtcSum share;
	int k = 1;

	dtc_sum_clear(&total);
	dtc_sum_clear(&below);
	for (size_t i = 0; i < n; i++)
	{
		dtc_sum_add(&total, dtc_rank_weight(entries[2 * i + 1]), 1);
		yield_at(i, yield);
	}
	if (total.used == 0)
		return DTC_RANK_EMPTY;
	if (isinf(dtc_sum_value(&total)))
		return DTC_RANK_OVERFLOW;
	/* rows of one score may come in any order: sums are exact */
	dtc_rank_sort(entries, n, DTC_RANK_INTEGER, yield);
	dtc_sum_share(&share, &total, 1, (uint32_t) groups);
	for (size_t i = 0; i < n && k < groups; i++)
	{
		dtc_sum_add(&below, dtc_rank_weight(entries[2 * i + 1]), 1);
		while (k < groups && dtc_sum_compare(&below, &share) >= 0)
		{
			cuts[k++ - 1] = dtc_rank_score(entries[2 * i]);
			dtc_sum_share(&share, &total, (uint32_t) k, (uint32_t) groups);
		}
		yield_at(i, yield);
	}
	return k < groups ? DTC_RANK_CORRUPT : DTC_RANK_OK;
}

static DtcRankStatus
cuts_of_float(const unsigned char *run, size_t length, int groups,
			  double *cuts, DtcRankYield yield)
{
	DtcRankReader reader;
	DtcSum total;
	DtcSum below;
	DtcSum share;
	size_t count = 0;
	int state;
	int k = 1;

	dtc_sum_clear(&total);
	dtc_sum_clear(&below);
	dtc_rank_read_run(&reader, DTC_RANK_FLOAT, run, length);
	while ((state = dtc_rank_next(&reader)) > 0)
	{
		dtc_sum_add(&total, dtc_rank_weight(reader.entry[1]), reader.entry[2]);
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	if (state < 0)
		return DTC_RANK_CORRUPT;
	if (total.used == 0)
		return DTC_RANK_EMPTY;
	if (isinf(dtc_sum_value(&total)))
		return DTC_RANK_OVERFLOW;

	dtc_sum_share(&share, &total, 1, (uint32_t) groups);
	dtc_rank_read_run(&reader, DTC_RANK_FLOAT, run, length);
	while (k < groups && dtc_rank_next(&reader) > 0)
	{
		dtc_sum_add(&below, dtc_rank_weight(reader.entry[1]), reader.entry[2]);
		while (k < groups && dtc_sum_compare(&below, &share) >= 0)
		{
			cuts[k++ - 1] = dtc_rank_score(reader.entry[0]);
			dtc_sum_share(&share, &total, (uint32_t) k, (uint32_t) groups);
		}
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	return DTC_RANK_OK;
}

/*
 * The cut points of a run by rule A.
 *
 * groups: DTC_RANK_MIN_GROUPS to DTC_RANK_MAX_GROUPS.
 * cuts: room for groups - 1 scores, ascending, equal where a score straddles.
 * DTC_RANK_EMPTY (no rows or no weight), DTC_RANK_OVERFLOW (the float weights
 * add up to no finite double, the integer ones to more than an int64) and
 * DTC_RANK_CORRUPT leave cuts undefined. Cost: two passes over the run.
 */
DtcRankStatus
dtc_rank_cuts(DtcRankKind kind, const unsigned char *run, size_t length,
			  int groups, double *cuts, DtcRankYield yield)
{
	if (kind == DTC_RANK_INTEGER)
		return cuts_of_integer(run, length, groups, cuts, yield);
	return cuts_of_float(run, length, groups, cuts, yield);
}

/*
 * Weight of the scores below a key, and of all, each summed exactly and then
 * rounded once. Statuses of dtc_rank_cuts().
 */
DtcRankStatus
dtc_rank_below(DtcRankKind kind, const unsigned char *run, size_t length,
			   uint64_t key, double *below, double *total, DtcRankYield yield)
{
	DtcRankReader reader;
	DtcSum part;
	DtcSum sum;
	size_t count = 0;
	int state;

	dtc_sum_clear(&part);
	dtc_sum_clear(&sum);
	dtc_rank_read_run(&reader, kind, run, length);
	while ((state = dtc_rank_next(&reader)) > 0)
	{
		double weight =
			kind == DTC_RANK_INTEGER ? 1 : dtc_rank_weight(reader.entry[1]);

		if (reader.entry[0] < key)
			dtc_sum_add(&part, weight, reader.entry[reader.words - 1]);
		dtc_sum_add(&sum, weight, reader.entry[reader.words - 1]);
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
	}
	if (state < 0)
		return DTC_RANK_CORRUPT;
	if (sum.used == 0)
		return DTC_RANK_EMPTY;
	*below = dtc_sum_value(&part);
	*total = dtc_sum_value(&sum);
	return isinf(*total) ? DTC_RANK_OVERFLOW : DTC_RANK_OK;
}

/*
 * Group of a score: 1 + the number of cuts below it.
 *
 * key, cuts: dtc_rank_key() of the score and of n ascending cuts.
 * Ten groups are counted without a branch, many are searched.
 */
int
dtc_rank_group(uint64_t key, const uint64_t *cuts, int n)
{
	int group = 1;
	int low = 0;
	int high = n;

	if (n == 9)
		return dtc_rank_decile(key, cuts);
	if (n <= 16)
	{
		for (int i = 0; i < n; i++)
			group += cuts[i] < key;
		return group;
	}
	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (cuts[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low + 1;
}
