/*
 * rank_node.c
 *		One scan of rank_cuts(relation, ...) as a node of the executor.
 *
 * The aggregate _rank_scan() over a table costs more in what lies between the
 * table and it, row by row, than in itself. So the server plans the query of a
 * scan as it always did, with all its rules: rights, row security, workers. If
 * what comes out is the aggregate over a whole table and plain columns of it,
 * the aggregate and the scan below it become one node, which reads the rows and
 * adds them up; everything else runs as it was planned.
 */
#include "postgres.h"

#include "access/relscan.h"
#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/extensible.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "parser/parsetree.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "ranking/rank_relation.h"

#define BATCH 64 /* rows that are added at a time */

/* Where score or weight comes from. */
typedef struct RankSource
{
	AttrNumber column; /* 0: a constant */
	Oid type;
	Datum constant;
} RankSource;

typedef struct RankNode
{
	CustomScanState css;
	bytea *plan;
	RankSource score;
	RankSource weight;
	TableScanDesc scan;
	bool done;
} RankNode;

/* ---------- the rows ---------- */

static inline Datum
source_value(const RankSource *source, const TupleTableSlot *slot)
{
	return source->column == 0 ? source->constant
							   : slot->tts_values[source->column - 1];
}

static inline bool
source_is_null(const RankSource *source, const TupleTableSlot *slot)
{
	return source->column != 0 && slot->tts_isnull[source->column - 1];
}

static inline double
as_double(Datum value, Oid type)
{
	switch (type)
	{
		case FLOAT4OID:
			return DatumGetFloat4(value);
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		case INT8OID:
			return (double) DatumGetInt64(value);
		default:
			return DatumGetFloat8(value);
	}
}

static inline int64
as_integer(Datum value, Oid type)
{
	switch (type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		default:
			return DatumGetInt64(value);
	}
}

/* Adds all rows that the scan gives this process. */
static void
add_rows(RankNode *node, DtRankScan *state)
{
	const RankSource score = node->score;
	const RankSource weight = node->weight;
	bool is_integer = state->scan.plan.kind == DTC_RANK_INTEGER;
	int columns = Max(score.column, weight.column);
	TupleTableSlot *slot =
		table_slot_create(node->css.ss.ss_currentRelation, NULL);
	DtRankRow row[BATCH];
	int rows = 0;

	while (table_scan_getnextslot(node->scan, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		slot_getsomeattrs(slot, columns);
		if (source_is_null(&score, slot) || source_is_null(&weight, slot))
		{
			state->head.ignored++;
			continue;
		}
		row[rows].score = as_double(source_value(&score, slot), score.type);
		if (is_integer)
			row[rows].weight.integer =
				as_integer(source_value(&weight, slot), weight.type);
		else
			row[rows].weight.number =
				as_double(source_value(&weight, slot), weight.type);
		if (++rows == BATCH)
		{
			dtsen_rank_scan_add(state, row, rows);
			rows = 0;
		}
	}
	dtsen_rank_scan_add(state, row, rows);
	ExecDropSingleTupleTableSlot(slot);
}

/* ---------- the node ---------- */

static void
source_of(RankSource *source, List *list)
{
	Const *constant = lsecond_node(Const, list);

	source->column = (AttrNumber) intVal(linitial(list));
	source->type = constant->consttype;
	source->constant = constant->constvalue;
}

static void
node_begin(CustomScanState *css, EState *estate, int eflags)
{
	RankNode *node = (RankNode *) css;
	List *what = ((CustomScan *) css->ss.ps.plan)->custom_private;

	node->plan = DatumGetByteaPP(linitial_node(Const, what)->constvalue);
	source_of(&node->score, lsecond(what));
	source_of(&node->weight, lthird(what));
}

/* One row, of all that this process reads; then none. */
static TupleTableSlot *
node_next(CustomScanState *css)
{
	RankNode *node = (RankNode *) css;
	TupleTableSlot *result = css->ss.ss_ScanTupleSlot;
	EState *estate = css->ss.ps.state;
	MemoryContext work;
	MemoryContext old;
	DtRankScan *state;

	ExecClearTuple(result);
	if (node->done)
		return result;
	node->done = true;
	if (node->scan == NULL)
		node->scan =
			dtsen_table_begin(css->ss.ss_currentRelation, estate->es_snapshot);
	work = AllocSetContextCreate(estate->es_query_cxt, "scan of rank_cuts",
								 ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(work);
	state = dtsen_rank_scan_new(work, node->plan);
	add_rows(node, state);
	MemoryContextSwitchTo(estate->es_query_cxt);
	result->tts_values[0] = PointerGetDatum(dtsen_rank_scan_write(state));
	result->tts_isnull[0] = false;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(work);
	return ExecStoreVirtualTuple(result);
}

static void
node_end(CustomScanState *css)
{
	RankNode *node = (RankNode *) css;

	if (node->scan != NULL)
		table_endscan(node->scan);
}

static void
node_again(CustomScanState *css)
{
	RankNode *node = (RankNode *) css;

	node->done = false;
	if (node->scan != NULL)
		table_rescan(node->scan, NULL);
}

static Size
node_shared_size(CustomScanState *css, ParallelContext *context)
{
	return table_parallelscan_estimate(css->ss.ss_currentRelation,
									   css->ss.ps.state->es_snapshot);
}

static void
node_share(CustomScanState *css, ParallelContext *context, void *shared)
{
	Relation relation = css->ss.ss_currentRelation;

	table_parallelscan_initialize(relation, shared,
								  css->ss.ps.state->es_snapshot);
	((RankNode *) css)->scan = dtsen_table_begin_parallel(relation, shared);
}

static void
node_share_again(CustomScanState *css, ParallelContext *context, void *shared)
{
	table_parallelscan_reinitialize(css->ss.ss_currentRelation, shared);
}

static void
node_join(CustomScanState *css, shm_toc *contents, void *shared)
{
	((RankNode *) css)->scan =
		dtsen_table_begin_parallel(css->ss.ss_currentRelation, shared);
}

#define NODE_NAME "dtsen_rank_cuts" /* unique in a server, plans show it */

static const CustomExecMethods node_methods = {
	.CustomName = NODE_NAME,
	.BeginCustomScan = node_begin,
	.ExecCustomScan = node_next,
	.EndCustomScan = node_end,
	.ReScanCustomScan = node_again,
	.EstimateDSMCustomScan = node_shared_size,
	.InitializeDSMCustomScan = node_share,
	.ReInitializeDSMCustomScan = node_share_again,
	.InitializeWorkerCustomScan = node_join,
};

static Node *
node_new(CustomScan *plan)
{
	RankNode *node = (RankNode *) newNode(sizeof(RankNode), T_CustomScanState);

	node->css.methods = &node_methods;
	return (Node *) node;
}

static const CustomScanMethods scan_methods = {
	.CustomName = NODE_NAME,
	.CreateCustomScanState = node_new,
};

/* Workers find the node by its name. When the library is loaded. */
void
dtsen_rank_node_init(void)
{
	RegisterCustomScanMethods(&scan_methods);
}

/* ---------- the plan ---------- */

/* Casts that lose nothing but what float8 has no room for, each built in. */
static bool
is_widening(Oid function)
{
	return function == F_FLOAT8_FLOAT4 || function == F_FLOAT8_INT2 ||
		   function == F_FLOAT8_INT4 || function == F_FLOAT8_INT8 ||
		   function == F_INT4_INT2 || function == F_INT8_INT2 ||
		   function == F_INT8_INT4;
}

/*
 * What an argument of the aggregate reads, as a list for source_of(): a column
 * of the table that "scan" reads, or a constant. NIL: it does more than that.
 */
static List *
source_list(Expr *expression, const SeqScan *scan)
{
	Oid type = exprType((Node *) expression);
	AttrNumber column = 0;
	Const *constant;

	for (;;)
	{
		if (IsA(expression, RelabelType))
			expression = ((RelabelType *) expression)->arg;
		else if (IsA(expression, FuncExpr) &&
				 is_widening(((FuncExpr *) expression)->funcid))
		{
			expression = linitial(((FuncExpr *) expression)->args);
			type = exprType((Node *) expression);
		}
		else if (IsA(expression, Var) &&
				 ((Var *) expression)->varno == OUTER_VAR)
			expression = get_tle_by_resno(scan->scan.plan.targetlist,
										  ((Var *) expression)->varattno)
							 ->expr;
		else
			break;
	}
	if (type != FLOAT8OID && type != FLOAT4OID && type != INT2OID &&
		type != INT4OID && type != INT8OID)
		return NIL;
	if (IsA(expression, Const) && !((Const *) expression)->constisnull)
		constant = (Const *) expression;
	else if (IsA(expression, Var) &&
			 ((Var *) expression)->varno == (int) scan->scan.scanrelid &&
			 ((Var *) expression)->varattno > 0)
	{
		column = ((Var *) expression)->varattno;
		constant = makeNullConst(type, -1, InvalidOid);
	}
	else
		return NIL;
	return list_make2(makeInteger(column), constant);
}

/* The node in place of an aggregate over a table; NULL if it cannot be. */
static Plan *
node_plan(const PlannedStmt *statement, const Agg *aggregate)
{
	const SeqScan *scan = (SeqScan *) outerPlan(aggregate);
	const RangeTblEntry *table;
	const Aggref *call;
	Expr *argument[3];
	List *score;
	List *weight;
	CustomScan *node;

	if (scan == NULL || !IsA(scan, SeqScan) || scan->scan.plan.qual != NIL ||
		scan->scan.plan.initPlan != NIL ||
		list_length(aggregate->plan.targetlist) != 1)
		return NULL;
	table = rt_fetch(scan->scan.scanrelid, statement->rtable);
	if (table->relkind != RELKIND_RELATION &&
		table->relkind != RELKIND_MATVIEW)
		return NULL;
	call = (Aggref *) linitial_node(TargetEntry, aggregate->plan.targetlist)
			   ->expr;
	if (!IsA(call, Aggref) || list_length(call->args) != 3 ||
		call->aggfilter != NULL)
		return NULL;
	for (int i = 0; i < 3; i++)
		argument[i] = list_nth_node(TargetEntry, call->args, i)->expr;
	score = source_list(argument[1], scan);
	weight = source_list(argument[2], scan);
	if (!IsA(argument[0], Const) || ((Const *) argument[0])->constisnull ||
		score == NIL || weight == NIL)
		return NULL;

	node = makeNode(CustomScan);
	node->scan.plan = scan->scan.plan;
	node->scan.plan.type = T_CustomScan;
	node->scan.plan.plan_rows = 1;
	node->scan.plan.targetlist = list_make1(makeTargetEntry(
		(Expr *) makeVar(INDEX_VAR, 1, BYTEAOID, -1, InvalidOid, 0), 1, NULL,
		false));
	node->scan.scanrelid = scan->scan.scanrelid;
	node->custom_private = list_make3(argument[0], score, weight);
	node->custom_scan_tlist = list_make1(makeTargetEntry(
		(Expr *) makeNullConst(BYTEAOID, -1, InvalidOid), 1, NULL, false));
	node->custom_relids = bms_make_singleton((int) scan->scan.scanrelid);
	node->methods = &scan_methods;
	return (Plan *) node;
}

/* The same for the whole plan, which is changed. */
static Plan *
whole_plan(const PlannedStmt *statement, Plan *plan)
{
	Gather *gather;

	if (plan->qual != NIL || plan->initPlan != NIL)
		return NULL;
	if (IsA(plan, Agg) && ((Agg *) plan)->aggsplit == AGGSPLIT_FINAL_DESERIAL)
		plan = outerPlan(plan); /* who receives the rows does the same */
	if (IsA(plan, Agg))
		return node_plan(statement, (Agg *) plan);
	if (!IsA(plan, Gather) || !IsA(outerPlan(plan), Agg))
		return NULL;
	gather = (Gather *) plan;
	outerPlan(plan) = node_plan(statement, (Agg *) outerPlan(plan));
	if (outerPlan(plan) == NULL)
		return NULL;
	gather->plan.targetlist = list_make1(makeTargetEntry(
		(Expr *) makeVar(OUTER_VAR, 1, BYTEAOID, -1, InvalidOid, 0), 1, NULL,
		false));
	return plan;
}

/*
 * Runs the prepared query of a scan by a node of this file, within SPI. "to"
 * gets a bytea of each process, to be merged. False, and nothing was run, if
 * the query is more than that.
 */
bool
dtsen_rank_run_node(SPIPlanPtr prepared, const char *query, DestReceiver *to)
{
	CachedPlan *cached = SPI_plan_get_cached_plan(prepared);
	PlannedStmt *statement;
	QueryDesc *run;

	if (cached == NULL)
		return false;
	statement = copyObject(linitial_node(PlannedStmt, cached->stmt_list));
	ReleaseCachedPlan(cached, NULL);
	if (statement->commandType != CMD_SELECT || statement->subplans != NIL ||
		statement->rowMarks != NIL)
		return false;
	statement->planTree = whole_plan(statement, statement->planTree);
	if (statement->planTree == NULL)
		return false;
	run = CreateQueryDesc(statement, query, GetActiveSnapshot(),
						  InvalidSnapshot, to, NULL, NULL, 0);
	ExecutorStart(run, 0);
	dtsen_executor_run(run);
	ExecutorFinish(run);
	ExecutorEnd(run);
	FreeQueryDesc(run);
	return true;
}
