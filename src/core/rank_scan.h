/*
 * rank_scan.h
 *		Exact cut points in bounded memory, by a few scans of the rows.
 *
 * A scan is told which intervals of score keys matter (its plan). It adds up
 * the weight of every bucket of every interval and of the gaps between them,
 * and may keep the rows of the intervals. From that follows, exactly, in which
 * bucket each cut lies; the next plan looks into those buckets. Nothing is
 * estimated: a poor plan costs another scan, never a wrong cut.
 *
 * Sums are whole numbers of 128 bits: of integer weights as they are, of float
 * weights in units of a power of two that divides every weight.
 */
#ifndef DTC_RANK_SCAN_H
#define DTC_RANK_SCAN_H

#include "core/rank.h"

#define DTC_SCAN_INTERVALS DTC_RANK_MAX_GROUPS /* most intervals of a plan */
#define DTC_SCAN_BUCKETS 262144                /* most buckets of a plan */
#define DTC_SCAN_PLAN_HEADER 8 /* bytes of a plan before its intervals */
#define DTC_SCAN_PLAN_INTERVAL 20
#define DTC_SCAN_UNIT_LEAST (-1074)
#define DTC_SCAN_UNIT_MOST 774 /* 2^126 units are a double */

/* An unsigned number of 128 bits. */
typedef struct DtcAmount
{
	uint64_t low;
	uint64_t high;
} DtcAmount;

/* An interval of score keys, cut into buckets of 2^shift keys. */
typedef struct DtcScanInterval
{
	uint64_t low; /* first and last key */
	uint64_t high;
	uint32_t buckets; /* of which the last may be shorter */
	uint32_t first;   /* number of its first bucket in the plan */
	int shift;
} DtcScanInterval;

typedef struct DtcScanPlan
{
	DtcRankKind kind;
	int unit;    /* float weights: exponent of the unit; else 0 */
	int collect; /* keep the rows of the intervals */
	int intervals;
	uint32_t buckets; /* of all intervals */
} DtcScanPlan;

/* Where a scan adds up; arrays are the caller's. */
typedef struct DtcScan
{
	DtcScanPlan plan;
	DtcScanInterval
		*interval;     /* plan.intervals of them, ascending, disjoint */
	uint64_t *low;     /* their first keys */
	DtcAmount *bucket; /* plan.buckets sums */
	DtcAmount *gap;    /* plan.intervals + 1 sums */
	DtcAmount total;
} DtcScan;

/* A cut that is looked for. */
typedef struct DtcScanCut
{
	int found;
	uint64_t low; /* the cut lies in these keys; found: it is low */
	uint64_t high;
} DtcScanCut;

/* Reads the cells of a scan: its gaps and buckets. */
typedef struct DtcScanCells
{
	const DtcScan *scan;
	int interval;    /* the next cell is of this one ... */
	uint32_t bucket; /* ... and this bucket */
	int in_gap;      /* or the gap before it */
	uint64_t low;    /* the cell read last: its keys, its weight */
	uint64_t high;
	int is_bucket;
	DtcAmount sum;
} DtcScanCells;

/* rank_scan.c */
extern void dtc_amount_share(DtcAmount *share, DtcAmount whole, uint32_t k,
							 uint32_t n);
extern int dtc_amount_of_weight(DtcAmount *amount, double weight, int unit);
extern DtcAmount dtc_amount_times(DtcAmount a, uint64_t times);
extern double dtc_amount_value(DtcAmount amount, int unit);

extern void dtc_scan_interval(DtcScanInterval *interval, uint64_t low,
							  uint64_t high, uint32_t buckets);
extern size_t dtc_scan_plan_write(const DtcScanPlan *plan,
								  const DtcScanInterval *interval,
								  unsigned char *out);
extern int dtc_scan_plan_head(DtcScanPlan *plan, const unsigned char *bytes,
							  size_t length);
extern int dtc_scan_plan_read(DtcScan *scan, const unsigned char *bytes,
							  size_t length);
extern void dtc_scan_cells(DtcScanCells *cells, const DtcScan *scan);
extern int dtc_scan_next(DtcScanCells *cells);
extern DtcRankStatus dtc_scan_cuts(const DtcScan *scan,
								   const unsigned char *run, size_t length,
								   int has_rows, int groups, DtcScanCut *cuts,
								   DtcRankYield yield);

/* rank_bracket.c: where cuts probably are, from a sample */
extern double dtc_bracket_of_run(DtcRankKind kind, const unsigned char *run,
								 size_t length, const double *share, int n,
								 uint64_t *key);
extern void dtc_bracket_shares(DtcRankKind kind, const unsigned char *run,
							   size_t length, const uint64_t *key, int n,
							   double *share);
extern void dtc_bracket_of_scan(const DtcScan *scan, const double *share,
								int n, uint64_t *low, uint64_t *high);

/* The two that run for every row. */

/* sum += more; 0 if that needs more than 128 bits. */
static inline int
dtc_amount_add(DtcAmount *sum, DtcAmount more)
{
	uint64_t low = sum->low + more.low;
	uint64_t carry = low < more.low;
	uint64_t high = sum->high + more.high;
	int fits = high >= more.high;

	sum->low = low;
	sum->high = high + carry;
	return fits && sum->high >= carry;
}

/*
 * Where a key belongs: 1 and the number of its bucket, or 0 and the number of
 * its gap (gap i lies before interval i).
 */
static inline int
dtc_scan_place(const DtcScan *scan, uint64_t key, uint32_t *bucket)
{
	const DtcScanInterval *interval;
	int n = scan->plan.intervals;
	int at;

	if (n == 1) /* the histogram of all */
	{
		interval = &scan->interval[0];
		*bucket = key > interval->high;
		if (key < interval->low || key > interval->high)
			return 0;
		*bucket = (uint32_t) ((key - interval->low) >> interval->shift);
		return 1;
	}
	if (n == 9) /* deciles, without a branch: compilers keep a loop */
	{
		const uint64_t *low = scan->low;

		at = (low[0] <= key) + (low[1] <= key) + (low[2] <= key) +
			 (low[3] <= key) + (low[4] <= key) + (low[5] <= key) +
			 (low[6] <= key) + (low[7] <= key) + (low[8] <= key);
	}
	else if (n <= 16)
	{
		at = 0;
		for (int i = 0; i < n; i++)
			at += scan->low[i] <= key;
	}
	else
		at = key == UINT64_MAX ? n : dtc_rank_group(key + 1, scan->low, n) - 1;
	*bucket = (uint32_t) at;
	if (at == 0)
		return 0;
	interval = &scan->interval[at - 1];
	if (key > interval->high)
		return 0;
	*bucket = interval->first +
			  (uint32_t) ((key - interval->low) >> interval->shift);
	return 1;
}

#endif /* DTC_RANK_SCAN_H */
