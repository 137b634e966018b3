/*
 * stat_state.h
 *		Type stat_state: what the statistics are computed from.
 *
 * stat_state.c		expanded form, adding, merging, flattening
 * stat_state_io.c	portable form, text and binary input and output
 * stat_add.c		transition functions
 * stat_final.c		final functions with one number or an array of them
 * stat_final_row.c	final functions with composite results
 */
#ifndef DTSEN_STAT_STATE_H
#define DTSEN_STAT_STATE_H

#include "core/stat.h"
#include "fmgr.h"
#include "utils/expandeddatum.h"

#define DTSEN_STAT_VERSION 1
#define DTSEN_STAT_MAX_PARAMS 10000
#define DTSEN_STAT_MAX_GROUPS 0xFFFFFF

/* Which runs a state has. */
typedef enum DtStatShape
{
	STAT_SCORES = 1,  /* (score, weight); the score may be a ratio or a cell */
	STAT_TABLE = 2,   /* the same, and (score, 1) to count rows */
	STAT_BENEFIT = 3, /* (score, weight), and (score, benefit, weight) */
	STAT_GROUPED = 4  /* (score, weight) for each name of a group */
} DtStatShape;

typedef struct DtStatPart
{
	char *name; /* of a group; NULL in the other shapes */
	uint32 name_length;
	DtcRankKind kind;
	unsigned char *run;
	Size run_length;
	uint64_t *added; /* entries that are not in the run yet, in any order */
	Size added_count;
	Size added_room;
} DtStatPart;

/* Everything but the runs; merging adds up the counts. */
typedef struct DtStatHead
{
	DtStatShape shape;
	DtcRankKind weights;
	int64 rows;       /* rows that count */
	int64 ignored;    /* rows left out because an argument is NULL */
	int64 not_finite; /* rows with weight whose score is NaN or infinite, */
	int64 negative;   /* below 0, */
	int64 zero;       /* equal to 0 */
	int64 total;      /* sum of integer weights, 0 of float weights */
	int param_count;
	double *param;
} DtStatHead;

typedef struct DtStatState
{
	ExpandedObjectHeader header;
	int magic;
	DtStatHead head;
	DtStatPart *part;
	uint32 part_count;
	uint32 part_room;
	uint32 *slot; /* hash table of parts by name, part + 1; 0 is free */
	uint32 slot_count;
	uint32 last_part; /* the one used last, groups often come together */
} DtStatState;

/* stat_state.c */
extern DtStatState *dtsen_stat_new(MemoryContext parent,
								   const DtStatHead *head);
extern DtStatState *dtsen_stat_writable(Datum datum);
extern DtStatState *dtsen_stat_readable(Datum datum);
extern void dtsen_stat_add(DtStatState *state, DtStatPart *part,
						   uint64_t first, uint64_t second, uint64_t third);
extern void dtsen_stat_add_total(DtStatState *state, int64 weight);
extern DtStatPart *dtsen_stat_group(DtStatState *state, const char *name,
									uint32 length);
extern void dtsen_stat_merge(DtStatState *state, DtStatState *other);
extern bool dtsen_stat_same_params(const DtStatHead *a, const DtStatHead *b);
extern DtcStatRun dtsen_stat_run(const DtStatPart *part);
_Noreturn extern void dtsen_stat_corrupt(void);

/* stat_state_io.c */
extern Size dtsen_stat_packed_size(const DtStatState *state);
extern void dtsen_stat_pack(const DtStatState *state, char *out);
extern DtStatState *dtsen_stat_unpack(const char *bytes, Size length,
									  MemoryContext parent, bool check,
									  const char **why);

/* stat_final.c */
extern DtStatState *dtsen_stat_argument(Datum datum, DtStatShape shape);
extern double dtsen_stat_param(const DtStatHead *head, int number);
extern void dtsen_stat_check_scores(const DtStatHead *head,
									bool allow_negative, bool allow_zero);
extern bool dtsen_stat_status(DtcRankStatus status);

#endif /* DTSEN_STAT_STATE_H */
