/*
 * stat_state.c
 *		The expanded form of a stat_state: adding rows, merging, flattening.
 *
 * A state is a few numbers and one or more runs (core/rank.h). Rows wait as
 * plain words; when their room is full they are sorted, equal ones are merged,
 * and what is left goes into the compressed run. The room grows with the run,
 * so a row costs constant time, sorting apart.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/memnodes.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/rank_state.h"
#include "ranking/stat_state.h"

#define STAT_MAGIC 0x53544154
#define FIRST_ROOM 16   /* entries: most groups of a GROUP BY are small */
#define LEAST_ROOM 512  /* a larger state grows by need */
#define BUSY_ROOM 65536 /* entries that a state of many rows may have */
#define BUSY_ROWS 16    /* rows for each of those */
#define RUN_SHARE 16    /* room: an entry for this many bytes of the run */
#define FEW_BYTES 8     /* "few" is 1/8 of the bytes of the run */
#define FEW_PARTS 4     /* groups up to which no hash table is worth it */

static Size stat_flat_size(ExpandedObjectHeader *header);
static void stat_flatten(ExpandedObjectHeader *header, void *result,
						 Size allocated);

static const ExpandedObjectMethods stat_methods = {stat_flat_size,
												   stat_flatten};

static const char context_name[] = "dtsen stat_state";

/* Reports a value that no input function of this library has let through. */
void
dtsen_stat_corrupt(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("stored stat_state is not valid"),
					errhint("Compute the state again from its rows, and check "
							"the storage of the table.")));
}

/* ---------- making and reading ---------- */

/*
 * The memory context of all states below "parent", made when first asked for:
 * hashed aggregation adds up the memory of every context with every new
 * group, so a context for each state would make it quadratic.
 */
static MemoryContext
stat_context(MemoryContext parent)
{
	MemoryContext child = parent->firstchild;

	while (child != NULL && child->name != context_name)
		child = child->nextchild;
	if (child == NULL)
		child = AllocSetContextCreateInternal(parent, context_name,
											  ALLOCSET_DEFAULT_SIZES);
	return child;
}

static DtStatPart *
add_part(DtStatState *state, DtcRankKind kind)
{
	MemoryContext own = state->header.eoh_context;
	DtStatPart *part;

	if (state->part_count == state->part_room)
	{
		state->part_room = Max(state->part_room * 2, 1);
		if (state->part == NULL)
			state->part =
				MemoryContextAlloc(own, sizeof(DtStatPart) * state->part_room);
		else
			state->part = repalloc_huge(state->part,
										sizeof(DtStatPart) * state->part_room);
	}
	part = &state->part[state->part_count++];
	memset(part, 0, sizeof(*part));
	part->kind = kind;
	return part;
}

/*
 * Makes an empty state with the shape, weights and parameters of "head", which
 * lives as long as "parent".
 */
DtStatState *
dtsen_stat_new(MemoryContext parent, const DtStatHead *head)
{
	MemoryContext own = stat_context(parent);
	DtStatState *state = MemoryContextAllocZero(own, sizeof(DtStatState));

	EOH_init_header(&state->header, &stat_methods, own);
	state->magic = STAT_MAGIC;
	state->head.shape = head->shape;
	state->head.weights = head->weights;
	state->head.param_count = head->param_count;
	if (head->param_count > 0)
	{
		Size size = sizeof(double) * head->param_count;

		state->head.param = MemoryContextAlloc(own, size);
		memcpy(state->head.param, head->param, size);
	}
	if (head->shape != STAT_GROUPED)
		add_part(state, head->weights);
	if (head->shape == STAT_TABLE)
		add_part(state, DTC_RANK_INTEGER);
	if (head->shape == STAT_BENEFIT)
		add_part(state, DTC_RANK_FLOAT);
	return state;
}

static DtStatState *
expanded_state(Datum datum)
{
	DtStatState *state = (DtStatState *) DatumGetEOHP(datum);

	if (state->magic != STAT_MAGIC)
		elog(ERROR, "expanded object is not a stat_state");
	return state;
}

/*
 * The expanded state that a datum holds with the right to change it; NULL if
 * the datum is a flat value or may only be read.
 */
DtStatState *
dtsen_stat_writable(Datum datum)
{
	if (!VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(datum)))
		return NULL;
	return expanded_state(datum);
}

/* Merges the sorted entries of "b", of at most b_most bytes, into the run. */
static void
merge_run(DtStatState *state, DtStatPart *part, DtcRankReader *b, Size b_most)
{
	MemoryContext own = state->header.eoh_context;
	Size most = Max(part->run_length + b_most, 1);
	unsigned char *out = MemoryContextAllocHuge(own, most);
	DtcRankReader a;
	DtcRankWriter writer;

	dtc_rank_read_run(&a, part->kind, part->run, part->run_length);
	dtc_rank_write_start(&writer, part->kind, out);
	if (dtc_rank_merge(&a, b, &writer, dtsen_rank_yield) != DTC_RANK_OK)
		dtsen_stat_corrupt();
	part->run_length = writer.next - out;
	if (part->run != NULL)
		pfree(part->run);
	part->run = repalloc_huge(out, Max(part->run_length, 1));
}

/* Moves the rows added since into the run. */
static void
settle_part(DtStatState *state, DtStatPart *part)
{
	DtcRankReader added;

	if (part->added_count == 0)
		return;
	dtc_rank_sort(part->added, part->added_count, part->kind,
				  dtsen_rank_yield);
	part->added_count = dtc_rank_fold(part->added, part->added_count,
									  part->kind, dtsen_rank_yield);
	dtc_rank_read_array(&added, part->kind, part->added, part->added_count);
	merge_run(state, part, &added,
			  part->added_count * DTC_RANK_MAX_ENTRY_BYTES);
	part->added_count = 0;
}

static int
compare_parts(const void *a, const void *b, void *arg)
{
	const DtStatPart *x = a;
	const DtStatPart *y = b;
	int order;

	order = memcmp(x->name, y->name, Min(x->name_length, y->name_length));
	if (order != 0)
		return order;
	return x->name_length < y->name_length ? -1
										   : x->name_length > y->name_length;
}

/* Brings a state into its canonical form; its value does not change. */
static void
settle(DtStatState *state)
{
	for (uint32 i = 0; i < state->part_count; i++)
	{
		dtsen_rank_yield();
		settle_part(state, &state->part[i]);
	}
	if (state->head.shape == STAT_GROUPED && state->part_count > 1)
	{
		qsort_interruptible(state->part, state->part_count, sizeof(DtStatPart),
							compare_parts, NULL);
		if (state->slot != NULL)
			pfree(state->slot);
		state->slot = NULL;
		state->slot_count = 0;
		state->last_part = 0;
	}
}

/*
 * A state of either form, settled. It lives as long as the datum, or in the
 * current context if that is flat.
 */
DtStatState *
dtsen_stat_readable(Datum datum)
{
	DtStatState *state;
	struct varlena *flat;
	const char *why = NULL;

	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(datum)))
		state = expanded_state(datum);
	else
	{
		flat = PG_DETOAST_DATUM(datum);
		state = dtsen_stat_unpack(VARDATA(flat), VARSIZE(flat) - VARHDRSZ,
								  CurrentMemoryContext, false, &why);
		if (state == NULL)
			dtsen_stat_corrupt();
	}
	settle(state);
	return state;
}

/* The run of a part of a settled state. */
DtcStatRun
dtsen_stat_run(const DtStatPart *part)
{
	DtcStatRun run = {part->kind, part->run, part->run_length};

	return run;
}

/* ---------- adding and merging ---------- */

static void
make_room(DtStatState *state, DtStatPart *part)
{
	MemoryContext own = state->header.eoh_context;
	Size entry = dtc_rank_words(part->kind) * sizeof(uint64_t);
	Size busy = Min((Size) (state->head.rows / BUSY_ROWS), BUSY_ROOM);
	Size wanted = Max(Max(LEAST_ROOM, part->run_length / RUN_SHARE), busy);

	if (state->head.shape == STAT_GROUPED)
		wanted = Max(LEAST_ROOM, part->run_length / RUN_SHARE);
	if (part->added_room >= wanted)
	{
		settle_part(state, part);
		return;
	}
	wanted = Min(wanted, Max(part->added_room * 2, FIRST_ROOM));
	if (part->added == NULL)
		part->added = MemoryContextAllocHuge(own, wanted * entry);
	else
		part->added = repalloc_huge(part->added, wanted * entry);
	part->added_room = wanted;
}

/*
 * Adds an entry of dtc_rank_words() words to a part of the state; whoever adds
 * to several parts counts the row once.
 */
void
dtsen_stat_add(DtStatState *state, DtStatPart *part, uint64_t first,
			   uint64_t second, uint64_t third)
{
	int words = dtc_rank_words(part->kind);
	uint64_t *to;

	if (part->added_count == part->added_room)
		make_room(state, part);
	to = part->added + part->added_count++ * words;
	to[0] = first;
	to[1] = second;
	if (words == 3)
		to[2] = third;
}

/* Adds to the sum of integer weights; 22003 if it is more than a bigint. */
void
dtsen_stat_add_total(DtStatState *state, int64 weight)
{
	if (weight > PG_INT64_MAX - state->head.total)
		dtsen_rank_sum_out_of_range(false);
	state->head.total += weight;
}

static bool
has_name(const DtStatPart *part, const char *name, uint32 length)
{
	return part->name_length == length &&
		   memcmp(part->name, name, length) == 0;
}

static void
enter_slot(DtStatState *state, uint32 part)
{
	const DtStatPart *entry = &state->part[part];
	uint32 at = hash_bytes((const unsigned char *) entry->name,
						   (int) entry->name_length);

	while (state->slot[at & (state->slot_count - 1)] != 0)
		at++;
	state->slot[at & (state->slot_count - 1)] = part + 1;
}

/* Finds a group, at + 1, or 0 if it is not there. */
static uint32
find_group(DtStatState *state, const char *name, uint32 length)
{
	uint32 at;

	if (state->part_count <= FEW_PARTS)
	{
		for (uint32 i = 0; i < state->part_count; i++)
			if (has_name(&state->part[i], name, length))
				return i + 1;
		return 0;
	}
	if (state->slot_count < state->part_count * 2)
	{
		MemoryContext own = state->header.eoh_context;
		uint32 count = 16;

		while (count < state->part_count * 4)
			count *= 2;
		if (state->slot != NULL)
			pfree(state->slot);
		state->slot = MemoryContextAllocZero(own, sizeof(uint32) * count);
		state->slot_count = count;
		for (uint32 i = 0; i < state->part_count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			enter_slot(state, i);
		}
	}
	at = hash_bytes((const unsigned char *) name, (int) length);
	for (;; at++)
	{
		uint32 part = state->slot[at & (state->slot_count - 1)];

		if (part == 0 || has_name(&state->part[part - 1], name, length))
			return part;
	}
}

/* The part of a group, made if the state has none yet. */
DtStatPart *
dtsen_stat_group(DtStatState *state, const char *name, uint32 length)
{
	DtStatPart *part;
	uint32 found;

	if (state->last_part < state->part_count &&
		has_name(&state->part[state->last_part], name, length))
		return &state->part[state->last_part];
	found = find_group(state, name, length);
	if (found == 0)
	{
		if (state->part_count >= DTSEN_STAT_MAX_GROUPS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("more than %d groups", DTSEN_STAT_MAX_GROUPS),
					 errhint("Decompose by a coarser grouping.")));
		part = add_part(state, state->head.weights);
		part->name =
			MemoryContextAlloc(state->header.eoh_context, Max(length, 1));
		memcpy(part->name, name, length);
		part->name_length = length;
		found = state->part_count;
		if (state->slot != NULL && state->slot_count >= found * 2)
			enter_slot(state, found - 1);
	}
	state->last_part = found - 1;
	return &state->part[found - 1];
}

static void
merge_part(DtStatState *state, DtStatPart *part, const DtStatPart *other)
{
	DtcRankReader reader;
	int more;

	dtc_rank_read_run(&reader, other->kind, other->run, other->run_length);
	if (other->run_length > part->run_length / FEW_BYTES)
	{
		settle_part(state, part);
		merge_run(state, part, &reader, other->run_length);
		return;
	}
	while ((more = dtc_rank_next(&reader)) > 0)
		dtsen_stat_add(state, part, reader.entry[0], reader.entry[1],
					   reader.entry[2]);
	if (more < 0)
		dtsen_stat_corrupt();
}

bool
dtsen_stat_same_params(const DtStatHead *a, const DtStatHead *b)
{
	return a->param_count == b->param_count &&
		   (a->param_count == 0 ||
			memcmp(a->param, b->param, sizeof(double) * a->param_count) == 0);
}

static void
add_count(int64 *count, int64 more)
{
	if (more > PG_INT64_MAX - *count)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("number of rows is out of range"),
						errhint("Rank the parts apart from each other.")));
	*count += more;
}

/*
 * Merges another, settled state into this one. 22023 unless both have the same
 * kind of weights and the same parameters; 22003 on overflow.
 */
void
dtsen_stat_merge(DtStatState *state, DtStatState *other)
{
	const DtStatHead *head = &other->head;

	if (head->shape != state->head.shape ||
		head->weights != state->head.weights)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("states of different statistics cannot be "
						"merged"),
				 errhint("Merge only states that one aggregate has made.")));
	if (!dtsen_stat_same_params(head, &state->head))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("parameters must be the same in every row"),
						errhint("Give a constant, or add it to GROUP BY.")));
	dtsen_stat_add_total(state, head->total);
	add_count(&state->head.rows, head->rows);
	add_count(&state->head.ignored, head->ignored);
	add_count(&state->head.not_finite, head->not_finite);
	add_count(&state->head.negative, head->negative);
	add_count(&state->head.zero, head->zero);
	for (uint32 i = 0; i < other->part_count; i++)
	{
		const DtStatPart *from = &other->part[i];
		DtStatPart *part = &state->part[i];

		dtsen_rank_yield();
		if (head->shape == STAT_GROUPED)
			part = dtsen_stat_group(state, from->name, from->name_length);
		merge_part(state, part, from);
	}
}

/* ---------- flattening ---------- */

static Size
stat_flat_size(ExpandedObjectHeader *header)
{
	DtStatState *state = (DtStatState *) header;
	Size size;

	settle(state);
	size = VARHDRSZ + dtsen_stat_packed_size(state);
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("stat_state is too large to be stored or sent"),
				 errdetail("It takes %zu bytes.", size),
				 errhint("Round the scores, or compute without parallel "
						 "workers.")));
	return size;
}

static void
stat_flatten(ExpandedObjectHeader *header, void *result, Size allocated)
{
	dtsen_stat_pack((DtStatState *) header, VARDATA(result));
	SET_VARSIZE(result, allocated);
}
