/*
 * nama_am.c
 *		Access method dtsen_nama: GIN that also returns the nearest names first.
 *
 * GIN finds the candidates of a threshold but has no order. ORDER BY nama <->
 * 'x' is served in rounds with falling thresholds: what is at least as similar
 * as the first comes before all that is not, and so on. nama_near.c gives the
 * candidates of a round with how similar each can be at most; they are compared
 * with the rows of the table from the greatest bound downwards, and a row is
 * returned as soon as none of the others can be nearer. So a search that stops
 * early, with LIMIT, compares few. The last round takes all rows and sorts them
 * within work_mem, on disk if there are more, so that the order is complete
 * however many rows are asked for. So does a round with other conditions, and one
 * of which too many candidates are equally near. A round whose candidates do not
 * fit into work_mem ends before its threshold. A condition that asks for names at
 * least as similar to the name that the rows are ordered by is no other condition:
 * it says with which round the search ends.
 *
 * Everything else is GIN's: build, insertion, pending list, VACUUM, WAL and the
 * pages themselves. The routine is a copy of GIN's with another scan. So an
 * index of this method is a GIN index but for its entry in pg_class.
 */
#include "postgres.h"

#include "access/amapi.h"
#include "access/genam.h"
#include "access/gin.h"
#include "access/htup_details.h"
#include "access/relscan.h"
#include "access/tableam.h"
#include "catalog/index.h"
#include "catalog/pg_operator_d.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "lib/pairingheap.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "nodes/tidbitmap.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplesort.h"

#include "compat.h"
#include "guc.h"
#include "name/nama_near.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen__nama_am_handler);

/* Thresholds of the rounds; what is below the last one comes in one more. */
static const double rounds[] = {0.69, 0.45, DTSEN_NAMA_LEAST_ROUND};
#define LEAST_STEP 0.02 /* between two rounds */
#define SHORTENED 2     /* rounds whose candidates do not fit into work_mem */

static IndexAmRoutine gin; /* what the server's GIN does */

/* A row that was compared and waits to be the nearest. */
typedef struct Waiting
{
	pairingheap_node node;
	double similarity;
	ItemPointerData tid;
} Waiting;

/* A scan; opaque of the outer one. */
typedef struct NamaScan
{
	IndexScanDesc inner; /* GIN's, with one more key */
	MemoryContext context;
	MemoryContext round_context;
	bool started;
	double reached; /* threshold of the round, 2 in the beginning */
	double above;   /* of the one before */
	double least;   /* that the condition asks of the rows, 0 without one */
	int shortened;  /* rounds whose candidates did not fit into work_mem */
	TIDBitmap *bitmap;
	/* with order: what the present round found, nearest first */
	DtNama **target;  /* of each ORDER BY, NULL for null */
	NamaFound *found; /* for the rounds to come */
	NamaNear *near;
	int group; /* of near, and its row: the next to be compared */
	uint32 row;
	pairingheap waiting;
	Oid query_type;
	RegProcedure query_function;
	Tuplesortstate *sort;
	TupleDesc sort_desc;
	TupleTableSlot *sort_slot;
	IndexInfo *info;
	EState *estate;
	ExprState *predicate; /* of a partial index */
	TupleTableSlot *heap_slot;
	IndexFetchTableData *fetch;
	/* without: candidates of one round */
	DtsenTidIterator iterator;
	bool iterating;
	HeapTuple nothing; /* for an index-only scan that wants no column */
} NamaScan;

/*
 * Asks GIN for the candidates of a round. Scan keys: the query's own and, with
 * order, the threshold.
 */
static void
run_gin(IndexScanDesc scan, NamaScan *s, double threshold)
{
	int n = scan->numberOfKeys;
	ScanKey keys = palloc(sizeof(ScanKeyData) * (n + 1));

	memcpy(keys, scan->keyData, sizeof(ScanKeyData) * n);
	if (threshold > 0)
		ScanKeyEntryInitialize(
			&keys[n++], 0, scan->orderByData[0].sk_attno, STRATEGY_QUERY,
			s->query_type, InvalidOid, s->query_function,
			PointerGetDatum(dtsen_nama_query_make(s->target[0], threshold)));
	s->inner->numberOfKeys = n;
	s->inner->xs_snapshot = scan->xs_snapshot;
	gin.amrescan(s->inner, keys, n, NULL, 0);
	gin.amgetbitmap(s->inner, s->bitmap);
}

/* Ends a round and frees what it held. */
static void
end_round(NamaScan *s)
{
	if (s->iterating)
		dtsen_tid_end(&s->iterator);
	if (s->bitmap != NULL)
		tbm_free(s->bitmap);
	if (s->sort != NULL)
		tuplesort_end(s->sort);
	s->iterating = false;
	s->bitmap = NULL;
	s->sort = NULL;
	s->near = NULL;
	s->group = 0;
	s->row = 0;
	pairingheap_reset(&s->waiting);
	/* GIN frees one by one what it has allocated here */
	gin.amrescan(s->inner, NULL, 0, NULL, 0);
	MemoryContextReset(s->round_context);
}

/* What it takes to read the rows. */
static void
begin_fetch(IndexScanDesc scan, NamaScan *s)
{
	s->info = BuildIndexInfo(scan->indexRelation);
	s->estate = CreateExecutorState();
	s->predicate = ExecPrepareQual(s->info->ii_Predicate, s->estate);
	s->heap_slot = table_slot_create(scan->heapRelation, NULL);
	GetPerTupleExprContext(s->estate)->ecxt_scantuple = s->heap_slot;
}

/*
 * Reads a row of the table. False where the snapshot sees none, or one that a
 * partial index leaves out: where a bitmap holds no more than a page any offset
 * is tried, and the plan does not repeat the condition of the index.
 */
static bool
fetch_row(IndexScanDesc scan, NamaScan *s, ItemPointerData tid)
{
	bool again = false, all_dead;

	if (s->fetch == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(s->context);

		s->fetch = dtsen_index_fetch_begin(scan->heapRelation);
		MemoryContextSwitchTo(old);
	}
	return table_index_fetch_tuple(s->fetch, &tid, scan->xs_snapshot,
								   s->heap_slot, &again, &all_dead) &&
		   ExecQualAndReset(s->predicate, GetPerTupleExprContext(s->estate));
}

/*
 * Lets go of the page read last, which else VACUUM might wait for. (From 19 on a
 * fetch that is reset holds its page.)
 */
static void
leave_page(NamaScan *s)
{
	ExecClearTuple(s->heap_slot);
	if (s->fetch != NULL)
		table_index_fetch_end(s->fetch);
	s->fetch = NULL;
}

/* And to sort them. */
static void
begin_order(IndexScanDesc scan, NamaScan *s)
{
	int n = scan->numberOfOrderBys;
	Relation index = scan->indexRelation;
	Oid type = index->rd_opcintype[scan->orderByData[0].sk_attno - 1];
	Oid types[2] = {type, FLOAT8OID};
	Oid operator;

	s->query_type =
		get_func_rettype(dtsen_nama_function("nama_query", 2, types));
	operator= get_opfamily_member(
		index->rd_opfamily[scan->orderByData[0].sk_attno - 1], type,
		s->query_type, STRATEGY_QUERY);
	s->query_function = get_opcode(operator);
	begin_fetch(scan, s);
	s->sort_desc = CreateTemplateTupleDesc(n + 1);
	for (int i = 0; i < n; i++)
		TupleDescInitEntry(s->sort_desc, i + 1, "distance", FLOAT8OID, -1, 0);
	TupleDescInitEntry(s->sort_desc, n + 1, "tid", TIDOID, -1, 0);
	dtsen_tuple_desc_done(s->sort_desc);
	s->sort_slot = MakeSingleTupleTableSlot(s->sort_desc, &TTSOpsMinimalTuple);
}

static void
begin_sort(NamaScan *s, int norderbys)
{
	int n = norderbys + 1;
	AttrNumber *attribute = palloc(sizeof(AttrNumber) * n);
	Oid *operator= palloc(sizeof(Oid) * n);
	Oid *collation = palloc0(sizeof(Oid) * n);
	bool *nulls_first = palloc0(sizeof(bool) * n);

	for (int i = 0; i < n; i++)
	{
		attribute[i] = i + 1;
		operator[i] = i<norderbys ? Float8LessOperator : TIDLessOperator;
	}
	s->sort =
		tuplesort_begin_heap(s->sort_desc, n, attribute, operator, collation,
							 nulls_first, work_mem, NULL, TUPLESORT_NONE);
}

/* Similarity of a row to the target of an ORDER BY; false for null. */
static bool
similarity(NamaScan *s, int i, Datum value, bool isnull, double *result)
{
	DtNamaParts a, b;
	DtNama *name;

	if (isnull || s->target[i] == NULL)
		return false;
	name = DatumGetNamaPP(value);
	dtsen_nama_parts(name, &a);
	dtsen_nama_parts(s->target[i], &b);
	*result = dtc_name_similarity(&a.view, &b.view);
	dtsen_nama_release(&a);
	dtsen_nama_release(&b);
	/* a round goes through many rows in one context */
	if ((Pointer) name != DatumGetPointer(value))
		pfree(name);
	return true;
}

/*
 * Puts a row into the sort if its distance is in this round's interval: more
 * than above (nothing is nearer), at most below. Null belongs to the last.
 */
static void
take_row(IndexScanDesc scan, NamaScan *s, TupleTableSlot *slot,
		 ItemPointer tid, double above, double below)
{
	Datum value[INDEX_MAX_KEYS], column[INDEX_MAX_KEYS + 1];
	bool isnull[INDEX_MAX_KEYS], none[INDEX_MAX_KEYS + 1];
	int n = scan->numberOfOrderBys;
	ItemPointerData row = *tid;
	double first = 0;

	if (!fetch_row(scan, s, *tid))
		return;
	FormIndexDatum(s->info, s->heap_slot, s->estate, value, isnull);
	ExecClearTuple(slot);
	for (int i = 0; i < n; i++)
	{
		int attribute = scan->orderByData[i].sk_attno - 1;
		double like = 1;

		none[i] =
			!similarity(s, i, value[attribute], isnull[attribute], &like);
		column[i] = Float8GetDatum(1 - like);
		if (i == 0)
			first = none[i] ? 2 : 1 - like; /* after all that has a distance */
	}
	if (first > above && first <= below)
	{
		column[n] = PointerGetDatum(&row);
		none[n] = false;
		memcpy(slot->tts_values, column, sizeof(Datum) * (n + 1));
		memcpy(slot->tts_isnull, none, sizeof(bool) * (n + 1));
		ExecStoreVirtualTuple(slot);
		tuplesort_puttupleslot(s->sort, slot);
	}
	ResetPerTupleExprContext(s->estate);
}

/*
 * The threshold of the next round, 0 for the last one. Where the next of rounds
 * has no bound, the lowest threshold that has one comes in between, and then
 * all rows at once. None is below what the condition asks for.
 */
static double
next_threshold(const NamaScan *s)
{
	double low = 0, high = Min(s->reached, 1);

	for (int i = 0; i < (int) lengthof(rounds) && low == 0; i++)
		low = rounds[i] < s->reached - LEAST_STEP ? rounds[i] : 0;
	if (low < s->least + LEAST_STEP)
		low = s->least;
	if (low > 0)
		low = dtsen_nama_bounded_from(s->target[0], low, high);
	return low < high - LEAST_STEP || low == s->least ? low : 0;
}

/*
 * Can a search be answered by nama_near.c? The limit of gin_fuzzy_search_limit
 * is GIN's to keep.
 */
static bool
is_simple(const IndexScanDesc scan, int keys, int orderbys)
{
	return scan->numberOfKeys == keys && scan->numberOfOrderBys == orderbys &&
		   GinFuzzySearchLimit == 0;
}

/* And one in order? */
static bool
is_simple_order(const IndexScanDesc scan, const NamaScan *s)
{
	return is_simple(scan, s->least > 0 ? 1 : 0, 1);
}

/* The name that a condition compares with, and its threshold. */
static DtNama *
condition_name(ScanKey key, double *threshold)
{
	*threshold = dtsen_nama_similarity_threshold;
	return key->sk_strategy == STRATEGY_SIMILAR
			   ? DatumGetNamaPP(key->sk_argument)
			   : dtsen_nama_query_name(DatumGetNamaQueryPP(key->sk_argument),
									   threshold);
}

/*
 * The similarity to the name of the ORDER BY that the only condition asks for, 0
 * if it asks for something else. In the context of a round.
 */
static double
least_similarity(IndexScanDesc scan, const NamaScan *s)
{
	ScanKey key = scan->keyData;
	double threshold;
	DtNama *name;

	if (!is_simple(scan, 1, 1) || key->sk_flags & SK_ISNULL ||
		s->target[0] == NULL || key->sk_attno != scan->orderByData[0].sk_attno)
		return 0;
	name = condition_name(key, &threshold);
	return VARSIZE_ANY_EXHDR(name) == VARSIZE_ANY_EXHDR(s->target[0]) &&
				   memcmp(VARDATA_ANY(name), VARDATA_ANY(s->target[0]),
						  VARSIZE_ANY_EXHDR(name)) == 0
			   ? threshold
			   : 0;
}

static int
by_tid(const void *a, const void *b)
{
	return ItemPointerCompare((ItemPointer) a, (ItemPointer) b);
}

/* Compares the next row of a round with the table. */
static void
next_row(IndexScanDesc scan, NamaScan *s)
{
	const NamaGroup *group = &s->near->group[s->group];
	int attribute = scan->orderByData[0].sk_attno - 1;
	ItemPointerData found;
	Datum value[INDEX_MAX_KEYS];
	bool isnull[INDEX_MAX_KEYS];
	double like;

	CHECK_FOR_INTERRUPTS();
	if (s->row == 0)
		qsort(s->near->row + group->first, group->n, sizeof(ItemPointerData),
			  by_tid);
	found = s->near->row[group->first + s->row];
	if (++s->row == group->n)
	{
		s->group++;
		s->row = 0;
	}
	if (!fetch_row(scan, s, found))
		return;
	FormIndexDatum(s->info, s->heap_slot, s->estate, value, isnull);
	if (similarity(s, 0, value[attribute], isnull[attribute], &like) &&
		1 - like > 1 - s->above && 1 - like <= 1 - s->reached)
	{
		Waiting *row = palloc(sizeof(Waiting));

		row->similarity = like;
		row->tid = found;
		pairingheap_add(&s->waiting, &row->node);
	}
	ResetPerTupleExprContext(s->estate);
}

/*
 * The nearest row of a round by nama_near.c, or false at its end. No row is more
 * similar than the bound of its group, to the last bit, so one that is as
 * similar as the bound need not wait for others that are.
 */
static bool
next_near(IndexScanDesc scan, NamaScan *s)
{
	MemoryContext old = MemoryContextSwitchTo(s->round_context);
	IndexOrderByDistance d = {0, false};
	Oid type = FLOAT8OID;
	Waiting *first = NULL;

	for (;;)
	{
		first = pairingheap_is_empty(&s->waiting)
					? NULL
					: pairingheap_container(Waiting, node,
											pairingheap_first(&s->waiting));
		if (s->group == s->near->ngroups ||
			(first != NULL &&
			 first->similarity >= s->near->group[s->group].bound))
			break;
		next_row(scan, s);
	}
	leave_page(s);
	MemoryContextSwitchTo(old);
	if (first == NULL)
		return false;
	pairingheap_remove_first(&s->waiting);
	d.value = 1 - first->similarity;
	scan->xs_heaptid = first->tid;
	index_store_float8_orderby_distances(scan, &type, &d, false);
	scan->xs_recheck = scan->numberOfKeys > 0;
	pfree(first);
	return true;
}

/* The candidates of a search in order by nama_near.c. */
static NamaNear *
ask_near(IndexScanDesc scan, NamaScan *s, double threshold, TIDBitmap *bitmap)
{
	s->inner->xs_snapshot = scan->xs_snapshot;
	return dtsen_nama_near(s->inner, scan->orderByData[0].sk_attno,
						   s->target[0], threshold, bitmap, s->found);
}

/* Finds and sorts the rows of the next round. */
static void
next_round(IndexScanDesc scan, NamaScan *s)
{
	double threshold, above = 1 - s->reached;
	bool last;
	MemoryContext old;
	TupleTableSlot *slot;
	DtsenTidIterator iterator;
	ItemPointerData tid;
	bool recheck;

	end_round(s);
	old = MemoryContextSwitchTo(s->round_context);
	threshold = s->target[0] == NULL ? 0 : next_threshold(s);
	last = threshold == 0;
	if (last)
		dtsen_nama_forget(s->found);
	if (!last && is_simple_order(scan, s) && s->shortened < SHORTENED)
	{
		s->near = ask_near(scan, s, threshold, NULL);
		if (s->near != NULL && s->near->threshold > threshold)
			s->shortened++;
		if (s->near != NULL && 1 - s->near->threshold > 1 - s->reached)
		{
			s->above = s->reached;
			s->reached = s->near->threshold;
			MemoryContextSwitchTo(old);
			return;
		}
		s->near = NULL;
		MemoryContextReset(s->round_context);
	}
	begin_sort(s, scan->numberOfOrderBys);
	slot = MakeSingleTupleTableSlot(s->sort_desc, &TTSOpsVirtual);
	s->bitmap = tbm_create(work_mem * (Size) 1024, NULL);
	if (last || !is_simple_order(scan, s) ||
		ask_near(scan, s, threshold, s->bitmap) == NULL)
		run_gin(scan, s, threshold);
	dtsen_tid_begin(&iterator, s->bitmap);
	while (dtsen_tid_next(&iterator, &tid, &recheck))
	{
		CHECK_FOR_INTERRUPTS();
		take_row(scan, s, slot, &tid, above, last ? 2 : 1 - threshold);
	}
	dtsen_tid_end(&iterator);
	tbm_free(s->bitmap);
	s->bitmap = NULL;
	leave_page(s);
	ExecDropSingleTupleTableSlot(slot);
	tuplesort_performsort(s->sort);
	s->reached = threshold;
	MemoryContextSwitchTo(old);
}

/* The next row of a round that is sorted, or false at its end. */
static bool
next_sorted(IndexScanDesc scan, NamaScan *s)
{
	int n = scan->numberOfOrderBys;
	IndexOrderByDistance *distances;
	Oid *types;
	bool isnull;

	if (!tuplesort_gettupleslot(s->sort, true, false, s->sort_slot, NULL))
		return false;
	distances = palloc(sizeof(IndexOrderByDistance) * n);
	types = palloc(sizeof(Oid) * n);
	for (int i = 0; i < n; i++)
	{
		Datum d = slot_getattr(s->sort_slot, i + 1, &distances[i].isnull);

		distances[i].value = distances[i].isnull ? 0 : DatumGetFloat8(d);
		types[i] = FLOAT8OID;
	}
	scan->xs_heaptid = *(ItemPointer) DatumGetPointer(
		slot_getattr(s->sort_slot, n + 1, &isnull));
	index_store_float8_orderby_distances(scan, types, distances, false);
	scan->xs_recheck = scan->numberOfKeys > 0;
	pfree(distances);
	pfree(types);
	return true;
}

/* The next row in order. */
static bool
next_in_order(IndexScanDesc scan, NamaScan *s)
{
	for (;;)
	{
		if (s->near != NULL && next_near(scan, s))
			return true;
		if (s->sort != NULL && next_sorted(scan, s))
			return true;
		if (s->reached <= s->least)
			return false;
		next_round(scan, s);
	}
}

/* Nearest first; the first in the table of those that wait equally near. */
static int
compare_waiting(const pairingheap_node *a, const pairingheap_node *b,
				void *arg)
{
	const Waiting *x = pairingheap_const_container(Waiting, node, a);
	const Waiting *y = pairingheap_const_container(Waiting, node, b);

	if (x->similarity != y->similarity)
		return x->similarity > y->similarity ? 1 : -1;
	return ItemPointerCompare((ItemPointer) &y->tid, (ItemPointer) &x->tid);
}

/*
 * Adds the candidates of a search without order to a bitmap by nama_near.c.
 * False when that is GIN's to do. In the context of a round.
 */
static bool
add_near(IndexScanDesc scan, NamaScan *s, TIDBitmap *bitmap, int64 *rows)
{
	ScanKey key = scan->keyData;
	double threshold;
	DtNama *name;
	NamaNear *near;

	if (!is_simple(scan, 1, 0) || key->sk_flags & SK_ISNULL)
		return false;
	name = condition_name(key, &threshold);
	if (dtsen_nama_search(name, threshold)->everything)
		return false;
	s->inner->xs_snapshot = scan->xs_snapshot;
	near = dtsen_nama_near(s->inner, key->sk_attno, name, threshold, bitmap,
						   NULL);
	*rows = near == NULL ? 0 : near->nrows;
	return near != NULL;
}

/* The next candidate, in the order of the table. */
static bool
next_candidate(IndexScanDesc scan, NamaScan *s)
{
	int64 rows;

	if (!s->iterating)
	{
		MemoryContext old = MemoryContextSwitchTo(s->round_context);

		s->bitmap = tbm_create(work_mem * (Size) 1024, NULL);
		if (!add_near(scan, s, s->bitmap, &rows))
			run_gin(scan, s, 0);
		dtsen_tid_begin(&s->iterator, s->bitmap);
		s->iterating = true;
		MemoryContextSwitchTo(old);
	}
	while (dtsen_tid_next(&s->iterator, &scan->xs_heaptid, &scan->xs_recheck))
	{
		/* the plan looks at the row itself, unless it wants no column */
		if (s->iterator.n >= 0 && !scan->xs_want_itup)
			return true;
		CHECK_FOR_INTERRUPTS();
		if (s->info == NULL)
			begin_fetch(scan, s);
		if (fetch_row(scan, s, scan->xs_heaptid))
			return true;
	}
	if (s->info != NULL)
		leave_page(s);
	return false;
}

/* A row of nulls: the index cannot return names, only that there is a row. */
static HeapTuple
make_nothing(Relation index)
{
	TupleDesc desc = RelationGetDescr(index);
	Datum *values = palloc0(sizeof(Datum) * desc->natts);
	bool *isnull = palloc(sizeof(bool) * desc->natts);

	memset(isnull, true, sizeof(bool) * desc->natts);
	return heap_form_tuple(desc, values, isnull);
}

static bool
nama_gettuple(IndexScanDesc scan, ScanDirection direction)
{
	NamaScan *s = (NamaScan *) scan->opaque;
	MemoryContext old;
	bool result;

	if (direction != ForwardScanDirection)
		elog(ERROR, "access method dtsen_nama scans forward only");
	old = MemoryContextSwitchTo(s->context);
	if (!s->started && scan->numberOfOrderBys > 0 && s->info == NULL)
		begin_order(scan, s);
	if (scan->xs_want_itup && s->nothing == NULL)
		s->nothing = make_nothing(scan->indexRelation);
	scan->xs_hitup = s->nothing;
	s->started = true;
	result = scan->numberOfOrderBys > 0 ? next_in_order(scan, s)
										: next_candidate(scan, s);
	MemoryContextSwitchTo(old);
	return result;
}

static IndexScanDesc
nama_beginscan(Relation index, int nkeys, int norderbys)
{
	IndexScanDesc scan = RelationGetIndexScan(index, nkeys, norderbys);
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "dtsen_nama scan", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	NamaScan *s = palloc0(sizeof(NamaScan));

	/* all that the scan has, for an exclusion constraint begins one a row */
	s->context = context;
	s->inner = gin.ambeginscan(index, nkeys + 1, 0);
	s->waiting.ph_compare = compare_waiting;
	s->round_context = AllocSetContextCreate(context, "dtsen_nama round",
											 ALLOCSET_DEFAULT_SIZES);
	if (norderbys > 0)
	{
		s->found = dtsen_nama_begin_found();
		s->target = palloc0(sizeof(DtNama *) * norderbys);
		scan->xs_orderbyvals = palloc0(sizeof(Datum) * norderbys);
		scan->xs_orderbynulls = palloc(sizeof(bool) * norderbys);
		memset(scan->xs_orderbynulls, true, sizeof(bool) * norderbys);
	}
	scan->xs_hitupdesc = RelationGetDescr(index);
	scan->opaque = s;
	MemoryContextSwitchTo(old);
	return scan;
}

static void
nama_rescan(IndexScanDesc scan, ScanKey keys, int nkeys, ScanKey orderbys,
			int norderbys)
{
	NamaScan *s = (NamaScan *) scan->opaque;
	int n = orderbys == NULL ? 0 : scan->numberOfOrderBys;
	MemoryContext old;

	end_round(s);
	if (s->found != NULL)
		dtsen_nama_forget(s->found);
	dtsen_share_instrument(s->inner, scan);
	s->reached = 2;
	s->shortened = 0;
	s->started = false;
	if (keys != NULL && scan->numberOfKeys > 0)
		memmove(scan->keyData, keys, sizeof(ScanKeyData) * scan->numberOfKeys);
	if (n > 0)
		memmove(scan->orderByData, orderbys, sizeof(ScanKeyData) * n);
	old = MemoryContextSwitchTo(s->context);
	for (int i = 0; i < n; i++)
	{
		ScanKey key = &scan->orderByData[i];

		if (s->target[i] != NULL)
			pfree(s->target[i]);
		s->target[i] =
			key->sk_flags & SK_ISNULL
				? NULL
				: (DtNama *) PG_DETOAST_DATUM_COPY(key->sk_argument);
	}
	MemoryContextSwitchTo(s->round_context);
	s->least = least_similarity(scan, s);
	MemoryContextSwitchTo(old);
	MemoryContextReset(s->round_context);
}

static int64
nama_getbitmap(IndexScanDesc scan, TIDBitmap *bitmap)
{
	NamaScan *s = (NamaScan *) scan->opaque;
	MemoryContext old = MemoryContextSwitchTo(s->round_context);
	int64 rows = 0;
	bool added = add_near(scan, s, bitmap, &rows);

	MemoryContextSwitchTo(old);
	MemoryContextReset(s->round_context);
	if (added)
		return rows;
	s->inner->numberOfKeys = scan->numberOfKeys;
	s->inner->xs_snapshot = scan->xs_snapshot;
	gin.amrescan(s->inner, scan->keyData, scan->numberOfKeys, NULL, 0);
	return gin.amgetbitmap(s->inner, bitmap);
}

static void
nama_endscan(IndexScanDesc scan)
{
	NamaScan *s = (NamaScan *) scan->opaque;

	end_round(s);
	if (s->info != NULL)
	{
		leave_page(s);
		if (s->sort_slot != NULL)
			ExecDropSingleTupleTableSlot(s->sort_slot);
		ExecDropSingleTupleTableSlot(s->heap_slot);
		FreeExecutorState(s->estate);
	}
	gin.amendscan(s->inner);
	MemoryContextDelete(s->context);
}

/* _nama_am_handler(internal) -> index_am_handler */
Datum
dtsen__nama_am_handler(PG_FUNCTION_ARGS)
{
	static IndexAmRoutine storage;
	IndexAmRoutine *routine = dtsen_am_routine(&storage);

	gin = *(const IndexAmRoutine *) DatumGetPointer(
		DirectFunctionCall1(ginhandler, (Datum) 0));
	*routine = gin;
	routine->amcanorderbyop = true;
	routine->ambeginscan = nama_beginscan;
	routine->amrescan = nama_rescan;
	routine->amgettuple = nama_gettuple;
	routine->amgetbitmap = nama_getbitmap;
	routine->amendscan = nama_endscan;
#ifdef USE_ASSERT_CHECKING
	routine->aminsert = dtsen_nama_insert;
#endif
	routine->amcostestimate = dtsen_nama_cost;
	routine->amvalidate = dtsen_nama_validate;
	PG_RETURN_POINTER(routine);
}
