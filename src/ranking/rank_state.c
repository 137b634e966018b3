/*
 * rank_state.c
 *		The two forms of a rank_state, adding rows and merging.
 *
 * Rows are collected as plain words. When their room is full they are sorted,
 * equal ones are merged, and what is left is merged into the compressed run.
 * The room grows with the run, so each entry is merged a bounded number of
 * times and a row costs constant time, sorting apart; at ten million distinct
 * scores the run takes some 60 MB, the rows another 50, the run being written
 * 60 more.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/rank_state.h"

#define RANK_MAGIC 0x52414e4b
#define FIRST_ROOM 16    /* entries: most groups of a GROUP BY are small */
#define LEAST_ROOM 32768 /* a larger state grows by need */
#define BUSY_ROOM 65536  /* entries that a state of many rows may have */
#define BUSY_ROWS 16     /* rows for each of those */
#define MOST_ROOM 0x40000000
#define RUN_SHARE 2    /* room: at most 1/2 of the run's entries */
#define FEW_ENTRIES 8  /* "few" is 1/8 of the entries of the run */
#define ON_STACK 16384 /* bytes: a smaller run is copied to fit */

static Size rank_flat_size(ExpandedObjectHeader *header);
static void rank_flatten(ExpandedObjectHeader *header, void *result,
						 Size allocated);

static const ExpandedObjectMethods rank_methods = {rank_flat_size,
												   rank_flatten};

/* Lets long loops of src/core be cancelled. */
void
dtsen_rank_yield(void)
{
	CHECK_FOR_INTERRUPTS();
}

/*
 * Reports a value that no input function of this library has let through.
 */
void
dtsen_rank_corrupt(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("stored rank_state is not valid"),
					errhint("Compute the state again from its rows, and check "
							"the storage of the table.")));
}

/* ---------- making and reading ---------- */

/* Makes an empty state, which lives as long as "parent". */
DtRankState *
dtsen_rank_new(MemoryContext parent, DtcRankKind kind, int groups)
{
	MemoryContext own = dtsen_rank_pool(parent);
	DtRankState *state = dtsen_rank_pool_state(own);

	EOH_init_header(&state->header, &rank_methods, own);
	state->magic = RANK_MAGIC;
	state->head.version = DTSEN_RANK_VERSION;
	state->head.kind = kind;
	state->head.groups = groups;
	return state;
}

/*
 * The expanded state that a datum holds with the right to change it; NULL if
 * the datum is a flat value or may only be read.
 */
DtRankState *
dtsen_rank_writable(Datum datum)
{
	DtRankState *state;

	if (unlikely(!VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(datum))))
		return NULL;
	state = (DtRankState *) DatumGetEOHP(datum);
	if (state->magic != RANK_MAGIC)
		elog(ERROR, "expanded object is not a rank_state");
	return state;
}

/*
 * Merges the sorted entries of "b" into the run of the state. b_most bounds
 * the bytes they take. The run is replaced when the new one is complete, so
 * an error on the way leaves the state as it was.
 */
static void
rank_merge(DtRankState *state, DtcRankReader *b, Size b_most)
{
	MemoryContext own = state->header.eoh_context;
	DtcRankKind kind = state->head.kind;
	Size most = state->run_length + b_most;
	unsigned char on_stack[ON_STACK];
	unsigned char *out = on_stack;
	unsigned char *run;
	DtcRankReader a;
	DtcRankWriter writer;
	Size length;

	if (most > ON_STACK)
		out = MemoryContextAllocHuge(own, most);
	dtc_rank_read_run(&a, kind, state->run, state->run_length);
	dtc_rank_write_start(&writer, kind, out);
	if (dtc_rank_merge(&a, b, &writer, dtsen_rank_yield) != DTC_RANK_OK)
		dtsen_rank_corrupt();
	length = writer.next - out;

	if (out == on_stack)
	{
		run = MemoryContextAlloc(own, Max(length, 1));
		memcpy(run, out, length);
	}
	else
		run = repalloc_huge(out, Max(length, 1));
	if (state->run != NULL)
		pfree(state->run);
	state->run = run;
	state->run_length = length;
	state->head.entries = writer.entries;
}

/* Moves the rows added since into the run. */
static void
rank_settle(DtRankState *state)
{
	DtcRankKind kind = state->head.kind;
	DtcRankReader added;

	if (state->added_count == 0)
		return;
	dtc_rank_sort(state->added, state->added_count, kind, dtsen_rank_yield);
	state->added_count = (uint32_t) dtc_rank_fold(
		state->added, state->added_count, kind, dtsen_rank_yield);
	dtc_rank_read_array(&added, kind, state->added, state->added_count);
	rank_merge(state, &added,
			   (Size) state->added_count * DTC_RANK_MAX_ENTRY_BYTES);
	state->added_count = 0;
}

/*
 * The expanded state that a datum points to, also if it may only be read, with
 * all rows in it; NULL if the datum is a flat value.
 */
DtRankState *
dtsen_rank_expanded(Datum datum)
{
	DtRankState *state;

	if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(datum)))
		return NULL;
	state = (DtRankState *) DatumGetEOHP(datum);
	if (state->magic != RANK_MAGIC)
		elog(ERROR, "expanded object is not a rank_state");
	dtsen_rank_pool_settle(state);
	return state;
}

/*
 * Prepares a state of either form for reading. What the view points to lives
 * as long as the datum, or in the current context if it had to be detoasted.
 */
void
dtsen_rank_view(Datum datum, DtRankView *view)
{
	DtRankState *state = dtsen_rank_expanded(datum);
	DtRankFlat *flat;

	if (state != NULL)
	{
		rank_settle(state);
		view->head = &state->head;
		view->run = state->run;
		view->run_length = state->run_length;
		return;
	}
	flat = (DtRankFlat *) PG_DETOAST_DATUM(datum);
	if (VARSIZE(flat) < DTSEN_RANK_HEADER ||
		flat->version != DTSEN_RANK_VERSION ||
		(flat->kind != DTC_RANK_INTEGER && flat->kind != DTC_RANK_FLOAT))
		dtsen_rank_corrupt();
	view->head = flat;
	view->run = DTSEN_RANK_RUN(flat);
	view->run_length = VARSIZE(flat) - DTSEN_RANK_HEADER;
}

/* ---------- adding and merging ---------- */

/*
 * Entries that may wait: few for the many states of a GROUP BY, of which most
 * then move to the run only once; more for a state that has seen many rows
 * (scores in whole thousands of rupiah fill a small run with millions of
 * rows); half of the run for a large one.
 */
static Size
rank_room(const DtRankState *state)
{
	Size room = LEAST_ROOM;

	if (state->most_room > 0)
		return state->most_room;
	room = Max(room, (Size) (state->head.entries / RUN_SHARE));
	room = Min(room, MOST_ROOM);
	return Max(room, Min((Size) (state->head.rows / BUSY_ROWS), BUSY_ROOM));
}

/* Makes room for one more entry, by growing or by moving all to the run. */
static void
rank_make_room(DtRankState *state)
{
	MemoryContext own = state->header.eoh_context;
	Size entry = dtc_rank_words(state->head.kind) * sizeof(uint64_t);
	Size wanted = Max(rank_room(state), FIRST_ROOM);

	if (state->added_room >= wanted)
	{
		rank_settle(state);
		wanted = rank_room(state);
		if (state->added_room >= wanted)
			return;
	}
	wanted = Min(wanted, Max((Size) state->added_room * 2, FIRST_ROOM));
	if (state->added_count == 0)
	{
		/* nothing to copy: the old room need not live beside the new one */
		if (state->added != NULL)
			pfree(state->added);
		state->added = MemoryContextAllocHuge(own, wanted * entry);
	}
	else
		state->added = repalloc_huge(state->added, wanted * entry);
	state->added_room = wanted;
}

static void
rank_append(DtRankState *state, const uint64_t *entry)
{
	int words = dtc_rank_words(state->head.kind);
	uint64_t *to;

	if (state->added_count == state->added_room)
		rank_make_room(state);
	to = state->added + (Size) state->added_count++ * words;
	to[0] = entry[0];
	to[1] = entry[1];
	if (words == 3)
		to[2] = entry[2];
}

static void
rank_add_total(DtRankState *state, int64 weight)
{
	if (weight > PG_INT64_MAX - state->head.total)
		dtsen_rank_sum_out_of_range(false);
	state->head.total += weight;
}

/*
 * Adds one row.
 *
 * score: a key; weight: an int64 >= 0, or the bits of a finite double >= 0,
 * after the kind of the state. Error 22003 if integer weights overflow.
 * Amortised constant cost, sorting apart.
 */
void
dtsen_rank_add_entry(DtRankState *state, uint64_t score, uint64_t weight)
{
	uint64_t entry[DTC_RANK_MAX_WORDS] = {score, weight, 1};

	if (state->head.kind == DTC_RANK_INTEGER)
		rank_add_total(state, (int64) weight);
	state->head.rows++;
	rank_append(state, entry);
}

/* Forgets all rows. */
void
dtsen_rank_clear(DtRankState *state)
{
	if (state->run != NULL)
		pfree(state->run);
	if (state->added != NULL)
		pfree(state->added);
	state->run = NULL;
	state->added = NULL;
	state->run_length = 0;
	state->added_count = 0;
	state->added_room = 0;
	state->head.entries = 0;
	state->head.rows = 0;
	state->head.ignored = 0;
	state->head.total = 0;
}

/*
 * Merges another state into this one. Error 22023 if one has integer and the
 * other float weights, or if they are for different numbers of groups; 22003
 * on overflow. Cost: a large one, both runs are copied; a small one, its own
 * entries.
 */
void
dtsen_rank_add_view(DtRankState *state, const DtRankView *other)
{
	const DtRankFlat *head = other->head;
	DtcRankReader reader;
	int more;

	if (head->kind != state->head.kind)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("rank states of integer and of float weights "
							   "cannot be merged"),
						errhint("Make all states with one type of weights.")));
	if (head->groups != state->head.groups)
		dtsen_rank_groups_differ();
	if (head->rows > PG_INT64_MAX - state->head.rows ||
		head->ignored > PG_INT64_MAX - state->head.ignored)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("number of rows is out of range"),
						errhint("Rank the parts apart from each other.")));
	rank_add_total(state, head->total);
	state->head.rows += head->rows;
	state->head.ignored += head->ignored;

	dtc_rank_read_run(&reader, head->kind, other->run, other->run_length);
	if (head->entries >
		(state->head.entries + (int64) state->added_count) / FEW_ENTRIES)
	{
		rank_settle(state);
		rank_merge(state, &reader, other->run_length);
		return;
	}
	while ((more = dtc_rank_next(&reader)) > 0)
		rank_append(state, reader.entry);
	if (more < 0)
		dtsen_rank_corrupt();
}

/* ---------- flattening ---------- */

static Size
rank_flat_size(ExpandedObjectHeader *header)
{
	DtRankState *state = (DtRankState *) header;

	dtsen_rank_pool_settle(state);
	rank_settle(state);
	if (!AllocSizeIsValid(DTSEN_RANK_HEADER + state->run_length))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("rank_state is too large to be stored or sent"),
				 errdetail("It holds %lld distinct scores in %zu "
						   "bytes.",
						   (long long) state->head.entries, state->run_length),
				 errhint("Round the scores, or rank without parallel "
						 "workers.")));
	return DTSEN_RANK_HEADER + state->run_length;
}

static void
rank_flatten(ExpandedObjectHeader *header, void *result, Size allocated)
{
	DtRankState *state = (DtRankState *) header;

	Assert(allocated == DTSEN_RANK_HEADER + state->run_length);
	memcpy(result, &state->head, DTSEN_RANK_HEADER);
	if (state->run_length > 0)
		memcpy((char *) result + DTSEN_RANK_HEADER, state->run,
			   state->run_length);
	SET_VARSIZE(result, allocated);
}
