/*
 * rank_relation.c
 *		rank_cuts(relation, score, weight, groups, condition): exact cuts of a
 *		relation of any size in bounded memory.
 *
 * Usually two looks at the table: a sample of its blocks tells where the cuts
 * must lie, one scan adds up the weight between those places and keeps the few
 * rows around them, which proves the cuts. What the sample got wrong, and what
 * cannot be sampled, takes scans of the aggregate _rank_scan() that narrow the
 * places down. All run through SPI, as SQL of the caller with the caller's
 * rights, in parallel where the planner likes, under one snapshot.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "optimizer/plancat.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/rank_relation.h"

#define FEW_ROWS 200000  /* of so many all rows are kept */
#define FIRST_ROWS 20000 /* that tell the span of what cannot be sampled */
#define FEW_BUCKETS 1024 /* of the scan that keeps all rows */
#define MOST_SCANS 32
#define HEADROOM 45 /* bits of a sum above the greatest weight seen */

DTSEN_FUNCTION(dtsen_rank_cuts_relation);

/* ---------- scans ---------- */

/*
 * About how many rows the relation has; -1 if no sample of it can be taken.
 */
static double
estimated_rows(Oid relation)
{
	double sum = 0;
	ListCell *cell;

	if (get_rel_relkind(relation) != RELKIND_RELATION &&
		get_rel_relkind(relation) != RELKIND_MATVIEW &&
		get_rel_relkind(relation) != RELKIND_PARTITIONED_TABLE)
		return -1;
	foreach (cell, find_all_inheritors(relation, AccessShareLock, NULL))
	{
		Relation part = table_open(lfirst_oid(cell), NoLock);
		BlockNumber pages = 0;
		double tuples = 0;
		double all_visible = 0;

		if (part->rd_rel->relkind == RELKIND_FOREIGN_TABLE)
			sum = -1;
		else if (part->rd_rel->relkind != RELKIND_PARTITIONED_TABLE &&
				 sum >= 0)
			estimate_rel_size(part, NULL, &pages, &tuples, &all_visible);
		if (sum >= 0)
			sum += tuples;
		table_close(part, NoLock);
	}
	return sum;
}

/*
 * Keeps the result of a scan, of which SPI would make several copies; merges
 * those of several processes.
 */
typedef struct ScanReceiver
{
	DestReceiver receiver;
	MemoryContext context;
	int64 rows;
	bytea *message;  /* the first one, until a second comes, */
	DtRankScan *sum; /* then what all say */
} ScanReceiver;

static void
receive_more(ScanReceiver *to, bytea *message)
{
	MemoryContext work = AllocSetContextCreate(to->context, "scan received",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(work);
	DtRankScan *part = dtsen_rank_scan_read(message);

	if (to->sum == NULL)
		to->sum = dtsen_rank_scan_new(to->context, part->plan);
	dtsen_rank_scan_merge(to->sum, part);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(work);
}

static bool
scan_receive(TupleTableSlot *slot, DestReceiver *self)
{
	ScanReceiver *to = (ScanReceiver *) self;
	MemoryContext old = MemoryContextSwitchTo(to->context);
	bool isnull;
	Datum datum = slot_getattr(slot, 1, &isnull);

	if (to->rows++ == 0)
		to->message = isnull ? NULL : DatumGetByteaPCopy(datum);
	else
	{
		if (to->sum == NULL)
		{
			receive_more(to, to->message);
			pfree(to->message);
		}
		receive_more(to, DatumGetByteaPP(datum));
	}
	MemoryContextSwitchTo(old);
	return true;
}

static void
scan_startup(DestReceiver *self, int operation, TupleDesc description)
{
}

static void
scan_shutdown(DestReceiver *self)
{
}

/*
 * Reads the relation by a plan, or only "share" of its blocks chosen by "seed"
 * (share < 1), or only the rows that come first (share 0). The result lives in
 * the current context; NULL if there was no row.
 */
DtRankScan *
dtsen_rank_run_scan(DtRankRelation *r, bool collect, DtcScanInterval *interval,
					int intervals, double share, int seed)
{
	DtcScanPlan plan = {r->kind, r->unit, collect, intervals, 0};
	Size most =
		DTC_SCAN_PLAN_HEADER + (Size) intervals * DTC_SCAN_PLAN_INTERVAL;
	unsigned char *bytes = palloc(most);
	StringInfoData query;
	ScanReceiver to = {{scan_receive, scan_startup, scan_shutdown,
						scan_shutdown, DestTuplestore},
					   CurrentMemoryContext};
	SPIExecuteOptions options = {.read_only = true, .dest = &to.receiver};
	SPIPlanPtr prepared;
	DtRankScan *result = NULL;
	int code = SPI_OK_SELECT;

	initStringInfo(&query);
	appendStringInfoString(&query, "SELECT dtsen._rank_scan('\\x");
	most = dtc_scan_plan_write(&plan, interval, bytes);
	enlargeStringInfo(&query, (int) most * 2);
	query.len += hex_encode((char *) bytes, most, query.data + query.len);
	query.data[query.len] = '\0';
	appendStringInfo(&query, "'::pg_catalog.bytea, %s, %s)\nFROM %s", r->score,
					 r->weight, share > 0 ? r->name : "");
	if (share <= 0)
		appendStringInfo(&query, "(SELECT * FROM %s%s%s LIMIT %d) AS %s",
						 r->name, r->condition != NULL ? "\nWHERE " : "",
						 r->condition != NULL ? r->condition : "", FIRST_ROWS,
						 r->alias);
	else if (share < 1)
		appendStringInfo(&query,
						 " TABLESAMPLE pg_catalog.system(%.6f) REPEATABLE(%d)",
						 Min(share * 100, 100), seed);
	if (r->condition != NULL && share > 0)
		appendStringInfo(&query, "\nWHERE %s", r->condition);

	prepared = SPI_prepare_cursor(query.data, 0, NULL, CURSOR_OPT_PARALLEL_OK);
	if (prepared == NULL)
		elog(ERROR, "SPI_prepare failed: %s",
			 SPI_result_code_string(SPI_result));
	if (share < 1 || !dtsen_rank_run_node(prepared, query.data, &to.receiver))
		code = SPI_execute_plan_extended(prepared, &options);
	if (code != SPI_OK_SELECT || to.rows == 0)
		elog(ERROR, "scan of rank_cuts failed: %s",
			 SPI_result_code_string(code));
	SPI_freeplan(prepared);
	/* SPI leaves another context behind */
	MemoryContextSwitchTo(to.context);
	if (to.sum != NULL)
		dtsen_rank_scan_finish(result = to.sum);
	else if (to.message != NULL)
		result = dtsen_rank_scan_read(to.message);
	if (result != NULL && result->head.rows + result->head.ignored == 0)
		result = NULL; /* the aggregate of no row */
	pfree(query.data);
	pfree(bytes);
	return result;
}

/* The rows that a scan has kept. */
void
dtsen_rank_kept_rows(const DtRankScan *scan, DtRankView *view)
{
	*view = scan->rows;
}

/* Has a scan kept all rows of its intervals? */
bool
dtsen_rank_has_rows(const DtRankScan *scan)
{
	return scan->rows.head != NULL && !scan->head.full;
}

/*
 * Chooses the unit of float weights so that there is room above the greatest
 * weight that was seen. Returns whether it is another one than before.
 */
bool
dtsen_rank_choose_unit(DtRankRelation *r, const DtRankScanHead *head,
					   int64 rows)
{
	int unit = r->unit;

	if (head->most_bit < head->least_bit)
		return false; /* no weight at all */
	if (rows > 0)
	{
		/* all weights are known: every bit, and the sum with its carries */
		int carries = 1;

		while (carries < 63 && rows >> carries != 0)
			carries++;
		if (head->most_bit + 1 + carries - head->least_bit > 126)
			r->misfit = true;
		unit = head->least_bit;
	}
	else
		unit = head->most_bit + HEADROOM - 126;
	unit = Max(unit, DTC_SCAN_UNIT_LEAST);
	if (unit > DTC_SCAN_UNIT_MOST)
		r->misfit = true;
	if (r->misfit)
		return false;
	if (r->has_unit && unit == r->unit)
		return false;
	r->unit = unit;
	r->has_unit = true;
	return true;
}

/* ---------- finding ---------- */

/* The plan that looks into the places where cuts were seen to lie. */
static int
refine(const DtcScanCut *cuts, int groups, DtcScanInterval *interval)
{
	int places = 0;
	uint32_t buckets;
	uint64_t last = 0;

	for (int k = 0; k < groups - 1; k++)
		if (!cuts[k].found && (places == 0 || cuts[k].low > last))
		{
			places++;
			last = cuts[k].high;
		}
	buckets = Min(4096, DTC_SCAN_BUCKETS / 2 / places);
	places = 0;
	for (int k = 0; k < groups - 1; k++)
		if (!cuts[k].found && (places == 0 || cuts[k].low > last))
		{
			dtc_scan_interval(&interval[places++], cuts[k].low, cuts[k].high,
							  buckets);
			last = cuts[k].high;
		}
	return places;
}

/*
 * Reads the whole relation by a plan; false if the unit of the weights was not
 * right, and another one is set.
 */
static bool
one_scan(DtRankRelation *r, bool collect, DtcScanInterval *interval,
		 int intervals, int groups, DtcScanCut *cuts, bool *empty)
{
	DtRankScan *scan =
		dtsen_rank_run_scan(r, collect, interval, intervals, 1, 0);
	DtRankView view = {0};

	r->scans++;
	*empty = scan == NULL;
	if (scan == NULL)
		return true;
	if (r->total_rows < 0)
		r->total_rows = scan->head.rows;
	if (scan->head.rows != r->total_rows)
		elog(ERROR, "two scans of %s under one snapshot saw different rows",
			 r->name);
	if (scan->head.misfit)
	{
		if (!dtsen_rank_choose_unit(r, &scan->head, scan->head.rows))
			r->misfit = true;
		return false;
	}
	if (dtsen_rank_has_rows(scan))
		dtsen_rank_kept_rows(scan, &view);
	switch (dtc_scan_cuts(&scan->scan, view.run, view.run_length,
						  dtsen_rank_has_rows(scan), groups, cuts,
						  dtsen_rank_yield))
	{
		case DTC_RANK_EMPTY:
			*empty = true;
			break;
		case DTC_RANK_OK:
			break;
		default:
			elog(ERROR, "scan of %s does not fit its plan", r->name);
	}
	return true;
}

/*
 * The cuts, found = 1 each, or *empty. False if the weights differ by so many
 * orders of magnitude that no 128 bits hold their sum.
 */
static bool
find_cuts(DtRankRelation *r, int groups, DtcScanCut *cuts, bool *empty)
{
	MemoryContext old;
	MemoryContext work = AllocSetContextCreate(
		CurrentMemoryContext, "rank_cuts", ALLOCSET_DEFAULT_SIZES);
	DtcScanInterval *interval =
		palloc(sizeof(DtcScanInterval) * Max(groups, 2));
	int intervals = 1;
	bool collect = true;
	bool done = false;

	old = MemoryContextSwitchTo(work);
	if (r->rows >= FEW_ROWS)
	{
		intervals = dtsen_rank_guess(r, groups, interval);
		collect = intervals > 0;
		intervals = Max(intervals, 1);
	}
	else if (r->rows < 0)
	{
		dtsen_rank_guess_span(r, interval);
		collect = false;
	}
	else
		dtc_scan_interval(&interval[0], 0, UINT64_MAX, FEW_BUCKETS);
	while (!done && !r->misfit)
	{
		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(work);
		if (r->scans >= MOST_SCANS)
			elog(ERROR, "rank_cuts did not come to an end");
		if (!one_scan(r, collect, interval, intervals, groups, cuts, empty))
			continue;
		if (*empty)
			break;
		done = true;
		for (int k = 0; k < groups - 1; k++)
			done &= cuts[k].found;
		if (!done)
			intervals = refine(cuts, groups, interval);
		collect = true;
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(work);
	return !r->misfit;
}

/* The same from the aggregate rank_state, which has no such limit. */
static Datum
cuts_by_state(DtRankRelation *r, int groups, bool *isnull,
			  MemoryContext context)
{
	MemoryContext old;
	Datum result;
	char *query = psprintf(
		"SELECT dtsen.rank_cuts(dtsen.rank_state(%s, %s), %d)\nFROM %s%s%s",
		r->score, r->weight, groups, r->name,
		r->condition != NULL ? "\nWHERE " : "",
		r->condition != NULL ? r->condition : "");

	if (SPI_execute(query, true, 0) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "rank_cuts failed on %s", r->name);
	result =
		SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, isnull);
	if (*isnull)
		return result;
	old = MemoryContextSwitchTo(context);
	result = PointerGetDatum(DatumGetArrayTypePCopy(result));
	MemoryContextSwitchTo(old);
	return result;
}

/*
 * rank_cuts(relation, score, weight, groups, condition) -> float8[]
 *
 * score, weight, condition: the name of a column, or an SQL expression over the
 * columns; weight and condition may be NULL. groups: 2 to 10,000, else 22023.
 * NULL if there is no weight. Errors: of the expressions (42601, 42703, 42804,
 * 22023 if volatile), of the weights (22023, 22003).
 * Cost: a sample and one scan, or two scans; more where neither helps.
 */
Datum
dtsen_rank_cuts_relation(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	DtRankRelation r = {
		.function = "rank_cuts()", .total_rows = -1, .rows = -1};
	DtcScanCut *cuts;
	Datum *elements;
	Datum result = (Datum) 0;
	bool isnull = false;
	int groups;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		ereport(
			ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("relation, score and groups must not be null"),
			 errhint(
				 "Give each of them; weight and condition may be left out.")));
	groups = dtsen_rank_checked_groups(PG_GETARG_INT32(3));
	cuts = palloc0(sizeof(DtcScanCut) * groups);
	for (int k = 0; k < groups; k++)
		cuts[k].high = UINT64_MAX;
	elements = palloc(sizeof(Datum) * groups);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	dtsen_rank_describe(
		&r, PG_GETARG_OID(0), text_to_cstring(PG_GETARG_TEXT_PP(1)),
		PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)),
		PG_ARGISNULL(4) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(4)));
	r.rows = estimated_rows(PG_GETARG_OID(0));
	if (!find_cuts(&r, groups, cuts, &isnull))
		result = cuts_by_state(&r, groups, &isnull, caller);
	SPI_finish();

	if (isnull)
		PG_RETURN_NULL();
	if (r.misfit)
		PG_RETURN_DATUM(result);
	for (int k = 0; k < groups - 1; k++)
		elements[k] = Float8GetDatum(dtc_rank_score(cuts[k].low));
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, groups - 1, FLOAT8OID,
										  sizeof(float8), FLOAT8PASSBYVAL,
										  TYPALIGN_DOUBLE));
}
