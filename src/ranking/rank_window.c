/*
 * rank_window.c
 *		Window functions: rule A over the rows of a partition.
 *
 *		weighted_ntile(groups, weight) OVER (ORDER BY score)
 *		weighted_cume_dist(weight), weighted_percent_rank(weight)
 *
 * Rows that are equal in the ORDER BY are peers and share the result. With B
 * the weight before them, C that up to and with them, and W the whole,
 *
 *		group = 1 + floor(groups * B / W), at most groups
 *		cume_dist = C / W, percent_rank = B / W
 *
 * A row whose weight is NULL counts for nothing and its result is NULL. The
 * score is not an argument, so a row without one must be left out by the query
 * or be given the weight NULL.
 *
 * Sums are exact: integer weights as int64, float weights without rounding.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "windowapi.h"

#include "compat.h"
#include "core/rank_scan.h"
#include "ranking/rank_error.h"

#define YIELD_EVERY 4096

/* Lives as long as a partition; the server hands it out zeroed. */
typedef struct WindowSums
{
	bool ready;
	int64 rows;  /* of the partition */
	int64 end;   /* first row after the peers of the current one */
	int64 whole; /* integer weights ... */
	int64 before;
	int64 upto;
	DtcSum whole_sum; /* ... and float ones */
	DtcSum before_sum;
	DtcSum upto_sum;
} WindowSums;

DTSEN_FUNCTION(dtsen_weighted_ntile_int8);
DTSEN_FUNCTION(dtsen_weighted_ntile_float8);
DTSEN_FUNCTION(dtsen_weighted_cume_dist_int8);
DTSEN_FUNCTION(dtsen_weighted_cume_dist_float8);
DTSEN_FUNCTION(dtsen_weighted_percent_rank_int8);
DTSEN_FUNCTION(dtsen_weighted_percent_rank_float8);
DTSEN_FUNCTION(dtsen_desil_position_int8);
DTSEN_FUNCTION(dtsen_desil_position_float8);

#define DESIL_GROUPS 10

/*
 * Adds the weight of a row of the partition, argument "argument", to an integer
 * or an exact float sum. 22023 if it is negative or not finite, 22003 if
 * integers add up to more than a bigint.
 */
static void
add_weight(WindowObject window, int argument, int64 row, bool is_float,
		   int64 *count, DtcSum *sum)
{
	bool isnull;
	bool isout;
	Datum datum = WinGetFuncArgInPartition(
		window, argument, row, WINDOW_SEEK_HEAD, false, &isnull, &isout);
	double weight;

	if (isnull || isout)
		return;
	weight = is_float ? DatumGetFloat8(datum) : (double) DatumGetInt64(datum);
	if (!isfinite(weight))
		dtsen_rank_weight_not_finite();
	if (weight < 0)
		dtsen_rank_weight_negative();
	if (is_float)
		dtc_sum_add(sum, weight, 1);
	else
	{
		if (DatumGetInt64(datum) > PG_INT64_MAX - *count)
			dtsen_rank_sum_out_of_range(is_float);
		*count += DatumGetInt64(datum);
	}
}

/*
 * The sums at the current row; NULL if its weight is NULL or all weights are
 * 0. Each row of the partition is read twice, once for W and once for C.
 */
static WindowSums *
sums_at_row(WindowObject window, int argument, bool is_float)
{
	WindowSums *sums = WinGetPartitionLocalMemory(window, sizeof(WindowSums));
	int64 row = WinGetCurrentPosition(window);
	bool isnull;

	if (!sums->ready)
	{
		sums->rows = WinGetPartitionRowCount(window);
		for (int64 i = 0; i < sums->rows; i++)
		{
			if (i % YIELD_EVERY == 0)
				CHECK_FOR_INTERRUPTS();
			add_weight(window, argument, i, is_float, &sums->whole,
					   &sums->whole_sum);
		}
		if (is_float && isinf(dtc_sum_value(&sums->whole_sum)))
			dtsen_rank_sum_out_of_range(is_float);
		sums->ready = true;
	}
	while (sums->end <= row)
	{
		sums->before = sums->upto;
		if (is_float)
			sums->before_sum = sums->upto_sum;
		do
		{
			if (sums->end % YIELD_EVERY == 0)
				CHECK_FOR_INTERRUPTS();
			add_weight(window, argument, sums->end, is_float, &sums->upto,
					   &sums->upto_sum);
			sums->end++;
		} while (sums->end < sums->rows &&
				 /* neighbours: the way back to the first would be long */
				 WinRowsArePeers(window, sums->end - 1, sums->end));
	}
	(void) WinGetFuncArgCurrent(window, argument, &isnull);
	if (isnull || (is_float ? sums->whole_sum.used == 0 : sums->whole == 0))
		return NULL;
	return sums;
}

/* Is the weight before the peers at least k / groups of the whole? */
static bool
reaches(const WindowSums *sums, bool is_float, int k, int groups)
{
	if (is_float)
	{
		DtcSum share;

		dtc_sum_share(&share, &sums->whole_sum, (uint32_t) k,
					  (uint32_t) groups);
		return dtc_sum_compare(&sums->before_sum, &share) >= 0;
	}
	else
	{
		DtcAmount share;

		dtc_amount_share(&share, (DtcAmount){(uint64_t) sums->whole, 0},
						 (uint32_t) k, (uint32_t) groups);
		return (uint64_t) sums->before >= share.low;
	}
}

/* The greatest k of 0 to groups - 1 that the weight before the peers reaches. */
static int
share_reached(const WindowSums *sums, bool is_float, int groups)
{
	int low = 0;
	int high = groups - 1;

	while (low < high)
	{
		int middle = low + (high - low + 1) / 2;

		if (reaches(sums, is_float, middle, groups))
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static Datum
ntile(FunctionCallInfo fcinfo, bool is_float)
{
	WindowObject window = PG_WINDOW_OBJECT();
	WindowSums *sums = sums_at_row(window, 1, is_float);
	bool isnull;
	int groups = DatumGetInt32(WinGetFuncArgCurrent(window, 0, &isnull));

	if (isnull)
		PG_RETURN_NULL();
	(void) dtsen_rank_checked_groups(groups);
	if (sums == NULL)
		PG_RETURN_NULL();
	PG_RETURN_INT32(share_reached(sums, is_float, groups) + 1);
}

static Datum
share_of(FunctionCallInfo fcinfo, bool is_float, bool with_peers)
{
	WindowSums *sums = sums_at_row(PG_WINDOW_OBJECT(), 0, is_float);

	if (sums == NULL)
		PG_RETURN_NULL();
	if (is_float)
		PG_RETURN_FLOAT8(
			dtc_sum_value(with_peers ? &sums->upto_sum : &sums->before_sum) /
			dtc_sum_value(&sums->whole_sum));
	PG_RETURN_FLOAT8((double) (with_peers ? sums->upto : sums->before) /
					 (double) sums->whole);
}

/* 10 * B / W less the deciles below the row's, without rounding of sums. */
static Datum
position(FunctionCallInfo fcinfo, bool is_float)
{
	WindowSums *sums = sums_at_row(PG_WINDOW_OBJECT(), 0, is_float);
	int reached;
	uint64 rest;

	if (sums == NULL)
		PG_RETURN_NULL();
	reached = share_reached(sums, is_float, DESIL_GROUPS);
	if (is_float)
		PG_RETURN_FLOAT8(dtc_sum_position(&sums->before_sum, &sums->whole_sum,
										  (uint32_t) reached, DESIL_GROUPS));
	/* the products may wrap, their difference is at most the whole */
	rest = (uint64) sums->before * DESIL_GROUPS -
		   (uint64) sums->whole * (uint64) reached;
	PG_RETURN_FLOAT8((double) rest / (double) sums->whole);
}

/*
 * weighted_ntile(groups, weight) -> int: 1 to groups; NULL groups or weight
 * give NULL, 22023 if groups is not 2 to 10,000, errors of add_weight().
 */
Datum
dtsen_weighted_ntile_int8(PG_FUNCTION_ARGS)
{
	return ntile(fcinfo, false);
}

Datum
dtsen_weighted_ntile_float8(PG_FUNCTION_ARGS)
{
	return ntile(fcinfo, true);
}

/* weighted_cume_dist(weight) -> float8 in [0,1]: errors of add_weight(). */
Datum
dtsen_weighted_cume_dist_int8(PG_FUNCTION_ARGS)
{
	return share_of(fcinfo, false, true);
}

Datum
dtsen_weighted_cume_dist_float8(PG_FUNCTION_ARGS)
{
	return share_of(fcinfo, true, true);
}

/* weighted_percent_rank(weight) -> float8 in [0,1]: errors of add_weight(). */
Datum
dtsen_weighted_percent_rank_int8(PG_FUNCTION_ARGS)
{
	return share_of(fcinfo, false, false);
}

Datum
dtsen_weighted_percent_rank_float8(PG_FUNCTION_ARGS)
{
	return share_of(fcinfo, true, false);
}

/*
 * desil_position(weight) -> float8 in [0,1), or 1 above all weight: errors of
 * add_weight().
 */
Datum
dtsen_desil_position_int8(PG_FUNCTION_ARGS)
{
	return position(fcinfo, false);
}

Datum
dtsen_desil_position_float8(PG_FUNCTION_ARGS)
{
	return position(fcinfo, true);
}
