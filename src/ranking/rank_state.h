/*
 * rank_state.h
 *		Type rank_state: a weighted multiset of scores that can be ranked.
 *
 * rank_state.c		flat and expanded form, adding, merging
 * rank_pool.c		where the states of an aggregation lie, rows that wait
 * rank_state_io.c	text and binary input and output
 * rank_agg.c		aggregates and accessors
 * rank_scan.c		aggregate that does one scan of rank_cuts(regclass, ...)
 * rank_relation.c	rank_cuts(regclass, ...), see rank_relation.h
 * rank_window.c	window functions
 * desil.c			group of a score by its cuts
 */
#ifndef DTSEN_RANK_STATE_H
#define DTSEN_RANK_STATE_H

#include "fmgr.h"

#include "core/rank.h"
#include "utils/expandeddatum.h"

#define DTSEN_RANK_VERSION 1

/*
 * What is stored, docs/formats.md describes it. The run follows the header to
 * the end of the value.
 */
typedef struct DtRankFlat
{
	int32 vl_len_;
	uint8 version;
	uint8 kind;    /* DtcRankKind */
	uint16 groups; /* of desil_cuts(), 0 in a rank_state() */
	int64 rows;    /* rows ranked */
	int64 ignored; /* rows left out: score or weight is NULL */
	int64 entries; /* entries of the run */
	int64 total;   /* sum of integer weights; 0 for float weights */
} DtRankFlat;

#define DTSEN_RANK_HEADER sizeof(DtRankFlat)
#define DTSEN_RANK_RUN(flat) ((unsigned char *) ((flat) + 1))

/*
 * The expanded form: a run, and rows that are not in it yet. It is changed in
 * place by the aggregates, in a memory context below theirs. Reading moves the
 * rows into the run, which does not change the value, so also a read-only
 * pointer may be read.
 */
typedef struct DtRankState
{
	ExpandedObjectHeader header;
	int magic;
	uint32_t most_room; /* entries of "added" at most; 0 = by need */
	unsigned char *run;
	/* what adding a row needs is one cache line: a GROUP BY has many */
	uint64_t *added; /* entries of dtc_rank_words() each, in any order */
	uint32_t added_count;
	uint32_t added_room;
	DtRankFlat head; /* all but the run; entries and vl_len_ are of the run */
	Size run_length;
} DtRankState;

/* A state of either form, ready to be read. */
typedef struct DtRankView
{
	const DtRankFlat *head;
	const unsigned char *run;
	Size run_length;
} DtRankView;

extern void dtsen_rank_yield(void);
extern DtRankState *dtsen_rank_new(MemoryContext parent, DtcRankKind kind,
								   int groups);
extern DtRankState *dtsen_rank_writable(Datum datum);
extern DtRankState *dtsen_rank_expanded(Datum datum);
extern void dtsen_rank_view(Datum datum, DtRankView *view);
extern void dtsen_rank_add_entry(DtRankState *state, uint64_t score,
								 uint64_t weight);
extern MemoryContext dtsen_rank_pool(MemoryContext parent);
extern DtRankState *dtsen_rank_pool_state(MemoryContext own);
extern bool dtsen_rank_add_later(FunctionCallInfo fcinfo, MemoryContext parent,
								 DtcRankKind kind, int groups, uint64_t score,
								 uint64_t weight);
extern void dtsen_rank_pool_settle(const DtRankState *state);
extern void dtsen_rank_clear(DtRankState *state);
extern void dtsen_rank_add_view(DtRankState *state, const DtRankView *other);
_Noreturn extern void dtsen_rank_corrupt(void);

#endif /* DTSEN_RANK_STATE_H */
