/*
 * rank_scan.h
 *		One scan of rank_cuts(regclass, ...): aggregate and its result.
 */
#ifndef DTSEN_RANK_SCAN_H
#define DTSEN_RANK_SCAN_H

#include "core/rank_scan.h"
#include "ranking/rank_state.h"

/* Bytes of rows that a scan keeps, in each process; more are given up. */
#define DTSEN_SCAN_KEEP (5 * 1024 * 1024)

/* The state of the aggregate; fixed part of what travels. */
typedef struct DtRankScanHead
{
	int64 rows;    /* rows ranked */
	int64 ignored; /* score or weight is NULL */
	DtcAmount total;
	int32 least_bit; /* float weights: exponent of the lowest bit seen */
	int32 most_bit;  /* ... and of the highest */
	bool misfit;     /* a weight, or the sum, does not fit the unit */
	bool full;       /* rows were given up */
} DtRankScanHead;

#define DTSEN_SCAN_WAITING 16 /* a power of two */

typedef struct DtRankScan
{
	DtRankScanHead head;
	/* sums that wait: each was asked for when its row came */
	struct
	{
		DtcAmount *sum;
		DtcAmount more;
	} wait[DTSEN_SCAN_WAITING];
	uint32 turn;
	bool direct;       /* nothing waits, the sums are few */
	DtcAmount nothing; /* the sum of no row */
	DtcScan scan;
	bytea *plan;
	DtRankState *kept; /* rows of the intervals, while being collected ... */
	DtRankView rows; /* ... or to be read; the run is in the message, if any */
	DtRankFlat rows_head;
	bytea *message;
	uint32 unchecked; /* rows kept since the room was checked */
} DtRankScan;

/* A row of which neither score nor weight is NULL. */
typedef struct DtRankRow
{
	double score;
	union
	{
		int64 integer;
		double number;
	} weight; /* of the plan's kind */
} DtRankRow;

extern DtRankScan *dtsen_rank_scan_new(MemoryContext context,
									   const bytea *plan);
extern void dtsen_rank_scan_add(DtRankScan *state, const DtRankRow *row,
								int rows);
extern void dtsen_rank_scan_merge(DtRankScan *state, DtRankScan *other);
extern bytea *dtsen_rank_scan_write(DtRankScan *state);
extern DtRankScan *dtsen_rank_scan_read(bytea *bytes);
extern void dtsen_rank_scan_finish(DtRankScan *state);

#endif /* DTSEN_RANK_SCAN_H */
