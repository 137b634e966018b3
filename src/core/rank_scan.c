/*
 * rank_scan.c
 *		Buckets of score keys, exact sums of 128 bits, and what follows.
 *
 * A plan travels to the workers as bytes (little-endian): kind, collect, unit
 * (int16), intervals (uint32); then for each interval first key, last key
 * (uint64 each) and buckets (uint32).
 */
#include "core/rank_scan.h"

#include <math.h>
#include <string.h>

#define MANTISSA_BITS 52
#define EXPONENT_MASK 0x7FF
#define YIELD_EVERY 65536

/* ---------- amounts ---------- */

/* -1, 0 or 1 as a is less than, equal to or greater than b. */
static int
compare_amounts(DtcAmount a, DtcAmount b)
{
	if (a.high != b.high)
		return a.high < b.high ? -1 : 1;
	if (a.low != b.low)
		return a.low < b.low ? -1 : 1;
	return 0;
}

static void
amount_limbs(DtcAmount amount, uint32_t *limb)
{
	limb[0] = (uint32_t) amount.low;
	limb[1] = (uint32_t) (amount.low >> 32);
	limb[2] = (uint32_t) amount.high;
	limb[3] = (uint32_t) (amount.high >> 32);
}

/* share = ceil(whole * k / n) for 0 < k <= n <= DTC_RANK_MAX_GROUPS. */
void
dtc_amount_share(DtcAmount *share, DtcAmount whole, uint32_t k, uint32_t n)
{
	uint32_t limb[5] = {0};
	uint64_t carry = 0;
	uint64_t rest = 0;

	amount_limbs(whole, limb);
	for (int i = 0; i < 5; i++)
	{
		carry += (uint64_t) limb[i] * k;
		limb[i] = (uint32_t) carry;
		carry >>= 32;
	}
	for (int i = 4; i >= 0; i--)
	{
		rest = rest << 32 | limb[i];
		limb[i] = (uint32_t) (rest / n);
		rest %= n;
	}
	share->low = limb[0] | (uint64_t) limb[1] << 32;
	share->high = limb[2] | (uint64_t) limb[3] << 32;
	if (rest > 0)
		dtc_amount_add(share, (DtcAmount){1, 0});
}

/*
 * A finite weight >= 0 in units of 2^unit. 0 if it is no whole number of them
 * or needs more than 127 bits.
 */
int
dtc_amount_of_weight(DtcAmount *amount, double weight, int unit)
{
	uint64_t bits = dtc_rank_weight_bits(weight);
	int exponent = (int) (bits >> MANTISSA_BITS) & EXPONENT_MASK;
	uint64_t mantissa = bits & ((UINT64_C(1) << MANTISSA_BITS) - 1);
	int shift;

	if (exponent != 0)
		mantissa |= UINT64_C(1) << MANTISSA_BITS;
	shift = (exponent != 0 ? exponent - 1 : 0) - 1074 - unit;
	amount->low = mantissa;
	amount->high = 0;
	if (mantissa == 0 || shift == 0)
		return 1;
	if (shift < 0)
	{
		if (shift < -MANTISSA_BITS ||
			(mantissa & ((UINT64_C(1) << -shift) - 1)) != 0)
			return 0;
		amount->low = mantissa >> -shift;
		return 1;
	}
	if (shift > 127 - MANTISSA_BITS - 1)
		return 0;
	if (shift >= 64)
	{
		amount->high = mantissa << (shift - 64);
		amount->low = 0;
	}
	else
	{
		amount->high = mantissa >> (64 - shift);
		amount->low = mantissa << shift;
	}
	return 1;
}

/* a * times; the caller knows that it fits. */
DtcAmount
dtc_amount_times(DtcAmount a, uint64_t times)
{
	uint32_t limb[4];
	uint32_t out[4] = {0};
	uint32_t factor[2] = {(uint32_t) times, (uint32_t) (times >> 32)};
	DtcAmount result;

	amount_limbs(a, limb);
	for (int f = 0; f < 2; f++)
	{
		uint64_t carry = 0;

		for (int i = 0; i + f < 4; i++)
		{
			carry += (uint64_t) limb[i] * factor[f] + out[i + f];
			out[i + f] = (uint32_t) carry;
			carry >>= 32;
		}
	}
	result.low = out[0] | (uint64_t) out[1] << 32;
	result.high = out[2] | (uint64_t) out[3] << 32;
	return result;
}

/* About the number that an amount of units of 2^unit is, for estimates. */
double
dtc_amount_value(DtcAmount amount, int unit)
{
	return ldexp((double) amount.high, unit + 64) +
		   ldexp((double) amount.low, unit);
}

/* ---------- plans ---------- */

/*
 * Cuts the keys low to high into at most "buckets" (>= 1) buckets of equal
 * width, a power of two; sets all but the number of the first.
 */
void
dtc_scan_interval(DtcScanInterval *interval, uint64_t low, uint64_t high,
				  uint32_t buckets)
{
	uint64_t span = high - low;

	interval->low = low;
	interval->high = high;
	interval->shift = 0;
	while (span >> interval->shift >= buckets)
	{
		/* a shift by 64 is not defined, one bucket takes all */
		if (++interval->shift == 63)
			break;
	}
	interval->buckets = (uint32_t) (span >> interval->shift) + 1;
}

static void
put(unsigned char **out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++, value >>= 8)
		*(*out)++ = (unsigned char) value;
}

static uint64_t
take(const unsigned char **in, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value |= (uint64_t) * (*in)++ << (8 * i);
	return value;
}

/*
 * Writes a plan, DTC_SCAN_PLAN_HEADER bytes and DTC_SCAN_PLAN_INTERVAL for
 * each interval; returns how many.
 */
size_t
dtc_scan_plan_write(const DtcScanPlan *plan, const DtcScanInterval *interval,
					unsigned char *out)
{
	unsigned char *next = out;

	put(&next, (uint64_t) plan->kind, 1);
	put(&next, plan->collect != 0, 1);
	put(&next, (uint64_t) (plan->unit + 32768), 2);
	put(&next, (uint64_t) plan->intervals, 4);
	for (int i = 0; i < plan->intervals; i++)
	{
		put(&next, interval[i].low, 8);
		put(&next, interval[i].high, 8);
		put(&next, interval[i].buckets, 4);
	}
	return (size_t) (next - out);
}

/*
 * Reads the head of a plan, so that the caller knows how much room the rest
 * takes; 0 if the bytes are no plan.
 */
int
dtc_scan_plan_head(DtcScanPlan *plan, const unsigned char *bytes,
				   size_t length)
{
	const unsigned char *next = bytes;
	uint64_t kind;
	uint64_t collect;
	uint64_t intervals;
	uint64_t buckets = 0;

	if (length < DTC_SCAN_PLAN_HEADER)
		return 0;
	kind = take(&next, 1);
	collect = take(&next, 1);
	plan->unit = (int) take(&next, 2) - 32768;
	intervals = take(&next, 4);
	if ((kind != DTC_RANK_INTEGER && kind != DTC_RANK_FLOAT) || collect > 1 ||
		intervals > DTC_SCAN_INTERVALS ||
		length != DTC_SCAN_PLAN_HEADER + intervals * DTC_SCAN_PLAN_INTERVAL ||
		(kind == DTC_RANK_INTEGER ? plan->unit != 0
								  : plan->unit < DTC_SCAN_UNIT_LEAST - 64 ||
										plan->unit > DTC_SCAN_UNIT_MOST))
		return 0;
	plan->kind = (DtcRankKind) kind;
	plan->collect = (int) collect;
	plan->intervals = (int) intervals;
	for (uint64_t i = 0; i < intervals; i++)
	{
		next += 16;
		buckets += take(&next, 4);
	}
	if (buckets > DTC_SCAN_BUCKETS)
		return 0;
	plan->buckets = (uint32_t) buckets;
	return 1;
}

/*
 * Reads the intervals of a plan whose head is in scan->plan into the arrays of
 * the scan; 0 unless they are ascending, disjoint and as dtc_scan_interval()
 * makes them.
 */
int
dtc_scan_plan_read(DtcScan *scan, const unsigned char *bytes, size_t length)
{
	const unsigned char *next = bytes + DTC_SCAN_PLAN_HEADER;
	uint32_t first = 0;

	if (length < DTC_SCAN_PLAN_HEADER)
		return 0;
	for (int i = 0; i < scan->plan.intervals; i++)
	{
		DtcScanInterval *interval = &scan->interval[i];
		uint64_t low = take(&next, 8);
		uint64_t high = take(&next, 8);
		uint32_t buckets = (uint32_t) take(&next, 4);

		if (high < low || buckets == 0 ||
			(i > 0 && low <= scan->interval[i - 1].high))
			return 0;
		dtc_scan_interval(interval, low, high, buckets);
		if (interval->buckets != buckets)
			return 0;
		interval->first = first;
		first += buckets;
		scan->low[i] = low;
	}
	return 1;
}

/* ---------- what a scan says ---------- */

/* Starts reading the cells of a scan in ascending order: gap, buckets, gap. */
void
dtc_scan_cells(DtcScanCells *cells, const DtcScan *scan)
{
	memset(cells, 0, sizeof(*cells));
	cells->scan = scan;
	cells->in_gap = 1;
}

/* Reads the next cell that holds a key; 0 after the last. */
int
dtc_scan_next(DtcScanCells *cells)
{
	const DtcScan *scan = cells->scan;
	int n = scan->plan.intervals;

	for (;;)
	{
		const DtcScanInterval *interval = &scan->interval[cells->interval];

		if (cells->in_gap)
		{
			int i = cells->interval;

			cells->in_gap = 0;
			cells->bucket = 0;
			cells->is_bucket = 0;
			if (i > 0 && scan->interval[i - 1].high == UINT64_MAX)
				return 0;
			cells->low = i == 0 ? 0 : scan->interval[i - 1].high + 1;
			if (i < n && interval->low == cells->low)
				continue;
			cells->high = i < n ? interval->low - 1 : UINT64_MAX;
			cells->sum = scan->gap[i];
			return 1;
		}
		if (cells->interval == n)
			return 0;
		if (cells->bucket == interval->buckets)
		{
			cells->interval++;
			cells->in_gap = 1;
			continue;
		}
		cells->low =
			interval->low + ((uint64_t) cells->bucket << interval->shift);
		cells->high =
			cells->bucket + 1 == interval->buckets
				? interval->high
				: cells->low + ((UINT64_C(1) << interval->shift) - 1);
		cells->sum = scan->bucket[interval->first + cells->bucket];
		cells->is_bucket = 1;
		cells->bucket++;
		return 1;
	}
}

static int
entry_amount(const DtcRankReader *rows, int unit, DtcAmount *amount)
{
	if (rows->words == 2)
	{
		*amount = (DtcAmount){rows->entry[1], 0};
		return 1;
	}
	if (!dtc_amount_of_weight(amount, dtc_rank_weight(rows->entry[1]), unit))
		return 0;
	*amount = dtc_amount_times(*amount, rows->entry[2]);
	return 1;
}

/* Takes note that a cut lies in low to high, unless more is known already. */
static void
narrow(DtcScanCut *cut, uint64_t low, uint64_t high)
{
	cut->low = cut->low > low ? cut->low : low;
	cut->high = cut->high < high ? cut->high : high;
	cut->found = cut->low == cut->high;
}

/*
 * Finds the groups - 1 cuts by rule A, or the keys that each lies in.
 *
 * cuts: what earlier scans of the same rows have found; before the first, low 0
 * and high UINT64_MAX each.
 * run, length: the rows of all intervals if has_rows. DTC_RANK_EMPTY without
 * weight; DTC_RANK_CORRUPT if the rows do not fit the sums, which happens only
 * if the scans did not see the same rows. Cost: one pass over buckets and rows.
 */
DtcRankStatus
dtc_scan_cuts(const DtcScan *scan, const unsigned char *run, size_t length,
			  int has_rows, int groups, DtcScanCut *cuts, DtcRankYield yield)
{
	DtcScanCells cells;
	DtcAmount below = {0, 0};
	DtcAmount upto = {0, 0};
	DtcAmount share;
	DtcRankReader rows;
	size_t count = 0;
	int more = 0;
	int k = 1;

	if (scan->total.low == 0 && scan->total.high == 0)
		return DTC_RANK_EMPTY;
	dtc_scan_cells(&cells, scan);
	dtc_rank_read_run(&rows, scan->plan.kind, run, has_rows ? length : 0);
	if (has_rows)
		more = dtc_rank_next(&rows);
	dtc_amount_share(&share, scan->total, 1, (uint32_t) groups);
	while (k < groups && dtc_scan_next(&cells))
	{
		below = upto;
		dtc_amount_add(&upto, cells.sum);
		if (yield != NULL && ++count % YIELD_EVERY == 0)
			yield();
		if (has_rows && cells.is_bucket)
		{
			DtcAmount amount = {0, 0};

			while (more > 0 && rows.entry[0] <= cells.high)
			{
				if (rows.entry[0] < cells.low ||
					!entry_amount(&rows, scan->plan.unit, &amount))
					return DTC_RANK_CORRUPT;
				dtc_amount_add(&below, amount);
				while (k < groups && compare_amounts(below, share) >= 0)
				{
					narrow(&cuts[k++ - 1], rows.entry[0], rows.entry[0]);
					dtc_amount_share(&share, scan->total, (uint32_t) k,
									 (uint32_t) groups);
				}
				more = dtc_rank_next(&rows);
			}
			if (more < 0 || compare_amounts(below, upto) != 0)
				return DTC_RANK_CORRUPT;
			continue;
		}
		while (k < groups && compare_amounts(upto, share) >= 0)
		{
			narrow(&cuts[k++ - 1], cells.low, cells.high);
			dtc_amount_share(&share, scan->total, (uint32_t) k,
							 (uint32_t) groups);
		}
	}
	return k < groups ? DTC_RANK_CORRUPT : DTC_RANK_OK;
}
