/*
 * gather.c
 *		The rows that four eyes, the calendar and guards are asked about.
 *
 * The guard notes them as it lets them through, and the statement's triggers
 * take them from here: a tenth of what the server's transition tables hold.
 * That they are the rows of those is proven: the journal, which reads those,
 * adds up key, step and period of each, and refuses where the sum is not that
 * of what was gathered. So a row that was exchanged or left out after the guard,
 * or that never met it, is never committed without having been asked about.
 *
 * A statement is known by the command number of its snapshot, like in
 * balance.c. Those of a cascade have later numbers, and their rows are taken
 * together with those of the statement that began it; a statement nested between
 * rows has taken its own before.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/gather.h"

#define FIRST_BLOCK 64
#define LARGEST_BLOCK 32768

/* Before each key in a block is its length; with this bit, a head before it. */
#define HAS_HEAD 0x80000000

/* What the rows after it have in common. */
typedef struct RowHead
{
	uint16 step;
	uint8 region_len;
	char region[DTC_CHAIN_DIGITS];
} RowHead;

struct DtGathered
{
	DtMachine *machine;
	SubTransactionId subid;
	CommandId cid;
	int64 rows;
	uint64 sum;    /* of dtsen_lifecycle_gathered_weight() */
	bool is_asked; /* by the statement's trigger */
	List *steps;   /* of DtGatheredStep * */
	DtGatheredStep *last;
	int last_number;
	RowHead head; /* of the row before */
	char *block;  /* the last one */
	Size used;
	Size size;
	Tuplestorestate *blocks; /* those before, as bytea; NULL: none */
	TupleTableSlot *slot;    /* of the block that is read */
	DtGathered *next;
};

/* By falling command number. */
static DtGathered *newest = NULL;

/* Of all that is gathered; in TopTransactionContext. */
static MemoryContext cxt = NULL;

static DtGathered *
gathered_of(DtMachine *m)
{
	SubTransactionId subid = GetCurrentSubTransactionId();
	CommandId cid = dtsen_lifecycle_statement();
	DtGathered **place = &newest;
	DtGathered *g;

	while (*place != NULL && (*place)->cid > cid)
		place = &(*place)->next;
	for (g = *place; g != NULL && g->cid == cid; g = g->next)
	{
		if (g->machine == m && g->subid == subid)
			return g;
	}
	if (cxt == NULL)
		cxt = AllocSetContextCreate(TopTransactionContext, "dtsen asked rows",
									ALLOCSET_DEFAULT_SIZES);
	g = MemoryContextAllocZero(cxt, sizeof(DtGathered));
	g->machine = m;
	g->subid = subid;
	g->cid = cid;
	g->next = *place;
	*place = g;
	return g;
}

/* The step, of which the statement has few. */
static DtGatheredStep *
step_of(DtGathered *g, const DtTransition *t)
{
	ListCell *lc;

	if (g->last != NULL && g->last->step == t)
		return g->last;
	foreach (lc, g->steps)
	{
		g->last = lfirst(lc);
		g->last_number = foreach_current_index(lc);
		if (g->last->step == t)
			return g->last;
	}
	if (list_length(g->steps) > PG_UINT16_MAX)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many steps in one statement")));
	g->last = palloc0(sizeof(DtGatheredStep));
	g->last->step = t;
	g->last->from = g->machine->states[t->from].name;
	g->last->to = g->machine->states[t->to].name;
	g->last_number = list_length(g->steps);
	g->steps = lappend(g->steps, g->last);
	return g->last;
}

/* As in calendar.period: empty where the table or the row has none. */
static void
add_period(DtGatheredStep *step, const DtColumn *column, DtText key,
		   DtText period)
{
	ListCell *lc;

	foreach (lc, step->periods)
	{
		const char *known = lfirst(lc);

		if (strlen(known) == (size_t) period.len &&
			memcmp(known, period.data, period.len) == 0)
			return;
	}
	step->periods = lappend(step->periods, pnstrdup(period.data, period.len));
	step->period_rows =
		lappend(step->period_rows, dtsen_lifecycle_row_label(column, key));
}

static TupleDesc
block_desc(void)
{
	TupleDesc desc = CreateTemplateTupleDesc(1);

	TupleDescInitEntry(desc, 1, "block", BYTEAOID, -1, 0);
	dtsen_tuple_desc_done(desc);
	return desc;
}

/* Puts the last block to those before, which go to disk beyond work_mem. */
static void
put_block(DtGathered *g)
{
	Datum value = PointerGetDatum(g->block);
	bool isnull = false;

	if (g->blocks == NULL)
	{
		ResourceOwner owner = CurrentResourceOwner;

		g->slot = MakeSingleTupleTableSlot(block_desc(), &TTSOpsMinimalTuple);
		/* its file may outlive the portal, but not the transaction */
		CurrentResourceOwner = TopTransactionResourceOwner;
		g->blocks = tuplestore_begin_heap(true, false, work_mem);
		CurrentResourceOwner = owner;
	}
	SET_VARSIZE(g->block, g->used);
	tuplestore_putvalues(g->blocks, g->slot->tts_tupleDescriptor, &value,
						 &isnull);
	g->used = VARHDRSZ;
}

static void
add_row(DtGathered *g, DtText key, const char *region, int region_len)
{
	RowHead head = {0};
	uint32 key_len = key.len;
	Size len = sizeof(key_len) + key.len;
	char *at;

	head.step = (uint16) g->last_number;
	head.region_len = (uint8) Min(region_len, DTC_CHAIN_DIGITS);
	memcpy(head.region, region, head.region_len);
	if (g->rows == 0 || memcmp(&head, &g->head, sizeof(head)) != 0)
	{
		key_len |= HAS_HEAD;
		len += sizeof(head);
		g->head = head;
	}
	if (g->block == NULL)
	{
		g->size = Max(FIRST_BLOCK, VARHDRSZ + len);
		g->block = palloc(g->size);
		g->used = VARHDRSZ;
	}
	else if (g->used + len > g->size)
	{
		if (g->size >= LARGEST_BLOCK)
			put_block(g);
		if (g->used + len > g->size || g->size < LARGEST_BLOCK)
		{
			g->size = Max(Min(g->size * 2, LARGEST_BLOCK), g->used + len);
			g->block = repalloc(g->block, g->size);
		}
	}
	at = g->block + g->used;
	memcpy(at, &key_len, sizeof(key_len));
	at += sizeof(key_len);
	if (key_len & HAS_HEAD)
	{
		memcpy(at, &head, sizeof(head));
		at += sizeof(head);
	}
	memcpy(at, key.data, key.len);
	g->used += len;
	g->rows++;
}

/* What a row adds to the sum, as the guard and the journal reckon it alike. */
uint64
dtsen_lifecycle_gathered_weight(const DtMachine *m, const DtTransition *t,
								DtText key, DtText period)
{
	uint64 weight =
		hash_combine64(m->states[t->from].weight, m->states[t->to].weight);

	weight =
		hash_bytes_extended((const unsigned char *) key.data, key.len, weight);
	if (t->is_timed)
		weight = hash_bytes_extended((const unsigned char *) period.data,
									 period.len, weight);
	return weight;
}

/*
 * The guard lets a row take a step that looks elsewhere. key, period: as the
 * row has them afterwards; region: the digits of where it was before.
 */
void
dtsen_lifecycle_gather(const DtAttachment *att, const DtTransition *t,
					   DtText key, const char *region, int region_len,
					   DtText period)
{
	DtGathered *g = gathered_of(att->machine);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	DtGatheredStep *step = step_of(g, t);

	if (t->is_timed)
		add_period(step, &att->key, key, period);
	add_row(g, key, region, region_len);
	g->sum += dtsen_lifecycle_gathered_weight(att->machine, t, key, period);
	MemoryContextSwitchTo(old);
}

/* How many rows the statement that has ended let take such steps. */
int64
dtsen_lifecycle_gathered_rows(const DtMachine *m)
{
	int64 rows = 0;

	for (DtGathered *g = dtsen_lifecycle_gathered_next(m, NULL); g != NULL;
		 g = dtsen_lifecycle_gathered_next(m, g))
		rows += g->rows;
	return rows;
}

/* The sum of their weights. */
uint64
dtsen_lifecycle_gathered_sum(const DtMachine *m)
{
	uint64 sum = 0;

	for (DtGathered *g = dtsen_lifecycle_gathered_next(m, NULL); g != NULL;
		 g = dtsen_lifecycle_gathered_next(m, g))
		sum += g->sum;
	return sum;
}

/* The next part of what the statement gathered, after this (NULL: the first) */
DtGathered *
dtsen_lifecycle_gathered_next(const DtMachine *m, DtGathered *after)
{
	CommandId cid = dtsen_lifecycle_statement();
	DtGathered *g = after == NULL ? newest : after->next;

	while (g != NULL && g->cid >= cid && g->machine != m)
		g = g->next;
	return g != NULL && g->cid >= cid ? g : NULL;
}

List *
dtsen_lifecycle_gathered_steps(const DtGathered *g)
{
	return g->steps;
}

/* head: of the row before, in this block or in the one before. */
static void
read_block(const char *block, const char *end, RowHead *head,
		   DtGatheredVisit *visit, void *state)
{
	while (block < end)
	{
		uint32 key_len;
		DtText key;
		DtText region;

		memcpy(&key_len, block, sizeof(key_len));
		block += sizeof(key_len);
		if (key_len & HAS_HEAD)
		{
			memcpy(head, block, sizeof(*head));
			block += sizeof(*head);
		}
		key.data = block;
		key.len = (int) (key_len & ~HAS_HEAD);
		key.isnull = false;
		region.data = head->region;
		region.len = head->region_len;
		region.isnull = false;
		visit(state, head->step, key, region);
		block += key.len;
		CHECK_FOR_INTERRUPTS();
	}
}

/* Calls visit for each row, in the order in which the guard saw them. */
void
dtsen_lifecycle_gathered_read(DtGathered *g, DtGatheredVisit *visit,
							  void *state)
{
	RowHead head = {0};

	g->is_asked = true;
	if (g->blocks != NULL)
	{
		dtsen_lifecycle_rewind(g->blocks);
		while (tuplestore_gettupleslot(g->blocks, true, false, g->slot))
		{
			bool isnull;
			const struct varlena *block =
				(const struct varlena *) DatumGetPointer(
					slot_getattr(g->slot, 1, &isnull));

			read_block(VARDATA_ANY(block),
					   VARDATA_ANY(block) + VARSIZE_ANY_EXHDR(block), &head,
					   visit, state);
		}
		ExecClearTuple(g->slot);
	}
	read_block(g->block + VARHDRSZ, g->block + g->used, &head, visit, state);
}

static void
drop(DtGathered *g)
{
	ListCell *lc;

	if (g->blocks != NULL)
	{
		tuplestore_end(g->blocks);
		ExecDropSingleTupleTableSlot(g->slot);
	}
	if (g->block != NULL)
		pfree(g->block);
	foreach (lc, g->steps)
	{
		DtGatheredStep *step = lfirst(lc);

		list_free_deep(step->periods);
		list_free_deep(step->period_rows);
		pfree(step);
	}
	list_free(g->steps);
	pfree(g);
}

/* The statement's rows are in the journal. */
void
dtsen_lifecycle_gathered_done(const DtMachine *m)
{
	CommandId cid = dtsen_lifecycle_statement();
	DtGathered **place = &newest;

	while (*place != NULL && (*place)->cid >= cid)
	{
		DtGathered *g = *place;

		if (g->machine != m || !g->is_asked)
		{
			place = &g->next;
			continue;
		}
		*place = g->next;
		drop(g);
	}
}

/* Refuses to commit (SE005) rows that nobody was asked about. */
void
dtsen_lifecycle_gathered_at_commit(void)
{
	if (newest != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_JOURNAL),
				 errmsg("steps under machine \"%s\" were not checked for the "
						"statement as a whole",
						newest->machine->key.machine),
				 errhint("dtsen.check_attached() finds triggers that are "
						 "missing.")));
}

/*
 * Forgets what an aborted subtransaction and those inside it let through;
 * invalid: everything, at the end of the transaction, whose memory and files go
 * by themselves.
 */
void
dtsen_lifecycle_gathered_forget(SubTransactionId subid)
{
	DtGathered **place = &newest;

	if (subid == InvalidSubTransactionId)
	{
		newest = NULL;
		cxt = NULL;
		return;
	}
	while (*place != NULL)
	{
		DtGathered *g = *place;

		if (g->subid < subid)
		{
			place = &g->next;
			continue;
		}
		*place = g->next;
		drop(g);
	}
}
