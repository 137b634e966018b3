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

#include <math.h>

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "optimizer/plancat.h"
#include "parser/parse_coerce.h"
#include "parser/parser.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_scan.h"

#define FEW_ROWS 200000    /* of so many all rows are kept */
#define FIRST_ROWS 20000   /* that tell the span of what cannot be sampled */
#define SAMPLE_ROWS 400000 /* rows of the first sample at most */
#define SAMPLE_MOST 0.25   /* share of the second sample */
#define SAMPLE_PARTS 8     /* of the first one: how far they differ */
#define KEEP_ROWS 480000   /* rows that brackets may be expected to hold */
#define LIKELY 4.5         /* standard deviations that a bracket should take */
#define UNLIKELY 3.0       /* with fewer it is not tried */
#define BRACKET_GROUPS                                                        \
	100                  /* for more groups the brackets would be the table */
#define FEW_BUCKETS 1024 /* of the scan that keeps all rows */
#define FIRST_BUCKETS 32768 /* of the scan without brackets */
#define MOST_SCANS 32
#define HEADROOM 45 /* bits of a sum above the greatest weight seen */

typedef struct RankRelation
{
	const char *name;  /* quoted and qualified */
	const char *alias; /* quoted */
	const char *score; /* expressions as SQL, in parentheses */
	const char *weight;
	const char *condition; /* NULL: none */
	DtcRankKind kind;
	int unit;
	bool has_unit;
	double rows;      /* estimate; < 0: not known, and no sample possible */
	int scans;        /* of the whole relation */
	int64 total_rows; /* what the first of them saw */
	bool misfit;      /* the weights do not fit 128 bits */
} RankRelation;

DTSEN_FUNCTION(dtsen_rank_cuts_relation);

/* ---------- what the caller wrote ---------- */

typedef struct ExpressionPlace
{
	const char *argument;
	const char *given;
} ExpressionPlace;

/* Errors of the parser point into the caller's text. */
static void
expression_error(void *arg)
{
	ExpressionPlace *place = arg;
	int position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery(place->given);
	}
	errcontext("argument \"%s\" of rank_cuts()", place->argument);
}

/*
 * Is the raw tree of "SELECT <text>" one expression and nothing else?
 */
static bool
is_one_expression(List *tree)
{
	SelectStmt *select;
	ResTarget *target;

	if (list_length(tree) != 1)
		return false;
	select = (SelectStmt *) linitial_node(RawStmt, tree)->stmt;
	if (!IsA(select, SelectStmt) || select->op != SETOP_NONE ||
		list_length(select->targetList) != 1 || select->distinctClause ||
		select->intoClause || select->fromClause || select->whereClause ||
		select->groupClause || select->havingClause || select->windowClause ||
		select->valuesLists || select->sortClause || select->limitOffset ||
		select->limitCount || select->lockingClause || select->withClause)
		return false;
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL || target->indirection != NIL)
		return false;
	if (IsA(target->val, ColumnRef) &&
		IsA(llast(((ColumnRef *) target->val)->fields), A_Star))
		return false;
	return true;
}

/*
 * The caller's text as SQL that can stand anywhere: the name of a column, or an
 * expression, which the parser has seen to be one by itself. Error 42601 with
 * the caller's text if it is neither.
 */
static const char *
expression_sql(Oid relation, const char *argument, const char *given)
{
	ExpressionPlace place = {argument, given};
	ErrorContextCallback callback = {error_context_stack, expression_error,
									 &place};

	if (get_attnum(relation, given) > 0)
		return psprintf("(%s)", quote_identifier(given));
	error_context_stack = &callback;
	if (!is_one_expression(raw_parser(given, RAW_PARSE_PLPGSQL_EXPR)))
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
						errmsg("\"%s\" is not one expression", given),
						errhint("Give the name of a column, or one SQL "
								"expression over the columns.")));
	error_context_stack = callback.previous;
	/* the text may end in a comment */
	return psprintf("(%s\n)", given);
}

/*
 * Type of an expression over the relation. Errors of the server's parser, and
 * 22023 if it is volatile: several scans must see the same values.
 */
static Oid
expression_type(RankRelation *r, const char *argument, const char *given,
				const char *sql)
{
	ExpressionPlace place = {argument, given};
	ErrorContextCallback callback = {error_context_stack, expression_error,
									 &place};
	SPIPlanPtr plan;
	CachedPlanSource *source;
	Oid type;
	ListCell *cell;

	error_context_stack = &callback;
	plan = SPI_prepare(psprintf("SELECT %s\nFROM %s", sql, r->name), 0, NULL);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s",
			 SPI_result_code_string(SPI_result));
	source = linitial(SPI_plan_get_plan_sources(plan));
	type = getBaseType(TupleDescAttr(source->resultDesc, 0)->atttypid);
	foreach (cell, source->query_list)
	{
		if (contain_volatile_functions((Node *) lfirst(cell)))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("\"%s\" must not be volatile", given),
							errdetail("The relation is read more than once, "
									  "and each time the values must be the "
									  "same.")));
	}
	SPI_freeplan(plan);
	error_context_stack = callback.previous;
	return type;
}

static void
check_numeric(const char *argument, const char *given, Oid type)
{
	if (TypeCategory(type) != TYPCATEGORY_NUMERIC)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("%s \"%s\" must be a number, not of type %s",
							   argument, given, format_type_be(type))));
}

/* Fills in what is to be scanned. score: not NULL; the others may be. */
static void
describe(RankRelation *r, Oid relation, const char *score, const char *weight,
		 const char *condition)
{
	Oid type;
	const char *sql;
	char *name = get_rel_name(relation);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relation)));
	r->name = quote_qualified_identifier(
		get_namespace_name(get_rel_namespace(relation)), name);
	r->alias = quote_identifier(name);

	sql = expression_sql(relation, "score", score);
	check_numeric("score", score, expression_type(r, "score", score, sql));
	r->score = psprintf("%s::pg_catalog.float8", sql);

	r->kind = DTC_RANK_INTEGER;
	r->weight = "1::pg_catalog.int8";
	if (weight != NULL)
	{
		sql = expression_sql(relation, "weight", weight);
		type = expression_type(r, "weight", weight, sql);
		check_numeric("weight", weight, type);
		if (type != INT2OID && type != INT4OID && type != INT8OID)
			r->kind = DTC_RANK_FLOAT;
		r->weight = psprintf("%s::pg_catalog.%s", sql,
							 r->kind == DTC_RANK_INTEGER ? "int8" : "float8");
	}
	if (condition != NULL)
	{
		sql = expression_sql(relation, "condition", condition);
		type = expression_type(r, "condition", condition, sql);
		if (type != BOOLOID)
			ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
							errmsg("condition \"%s\" must be boolean, not of "
								   "type %s",
								   condition, format_type_be(type))));
		r->condition = sql;
	}
}

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

/* ---------- scans ---------- */

/*
 * Reads the relation by a plan, or only "share" of its blocks chosen by "seed"
 * (share < 1), or only the rows that come first (share 0). The result lives in the current context; NULL if there was no
 * row.
 */
static DtRankScan *
run_scan(RankRelation *r, bool collect, DtcScanInterval *interval,
		 int intervals, double share, int seed)
{
	DtcScanPlan plan = {r->kind, r->unit, collect, intervals, 0};
	Size most =
		DTC_SCAN_PLAN_HEADER + (Size) intervals * DTC_SCAN_PLAN_INTERVAL;
	unsigned char *bytes = palloc(most);
	StringInfoData query;
	MemoryContext here = CurrentMemoryContext;
	DtRankScan *result = NULL;
	bool isnull;
	int code;
	Datum datum;

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

	code = SPI_execute(query.data, true, 0);
	if (code != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "scan of rank_cuts failed: %s",
			 SPI_result_code_string(code));
	datum = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1,
						  &isnull);
	/* SPI leaves another context behind */
	MemoryContextSwitchTo(here);
	if (!isnull)
		result = dtsen_rank_scan_read(DatumGetByteaPP(datum));
	SPI_freetuptable(SPI_tuptable);
	pfree(query.data);
	pfree(bytes);
	return result;
}

/* The rows a scan has kept. */
static void
kept_rows(const DtRankScan *scan, DtRankView *view)
{
	dtsen_rank_view(PointerGetDatum(scan->flat), view);
}

static bool
has_rows(const DtRankScan *scan)
{
	return scan->flat != NULL && !scan->head.full;
}

/*
 * Chooses the unit of float weights so that there is room above the greatest
 * weight that was seen. Returns whether it is another one than before.
 */
static bool
choose_unit(RankRelation *r, const DtRankScanHead *head, int64 rows)
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

/* ---------- guessing ---------- */

/* What a sample spans, and an eighth more at each end. */
static void
span_of(DtcScanInterval *interval, uint64_t low, uint64_t high)
{
	uint64_t more = (high - low) / 8;

	dtc_scan_interval(interval, low - Min(low, more), high + Min(~high, more),
					  FIRST_BUCKETS);
}

/*
 * Turns brackets, ascending but perhaps touching, into intervals that do not;
 * returns how many. Numbers of first buckets are for the plan's reader.
 */
static int
join_brackets(DtcScanInterval *interval, const uint64_t *low,
			  const uint64_t *high, int n, uint32_t buckets)
{
	int count = 0;
	uint64_t start = low[0];
	uint64_t end = high[0];

	for (int i = 1; i <= n; i++)
	{
		if (i < n && low[i] <= end)
		{
			end = Max(end, high[i]);
			continue;
		}
		dtc_scan_interval(&interval[count++], start, end, buckets);
		if (i < n)
		{
			start = low[i];
			end = high[i];
		}
	}
	return count;
}

/* Sum over the cuts of sqrt(p * (1 - p)), the deviation with one row. */
static double
sum_of_deviations(int groups)
{
	double sum = 0;

	for (int k = 1; k < groups; k++)
		sum += sqrt((double) k * (groups - k)) / groups;
	return sum;
}

/* share[2k - 2], share[2k - 1] = k-th cut -/+ "most" deviations of one row. */
static void
bracket_shares(double *share, int groups, double most)
{
	for (int k = 1; k < groups; k++)
	{
		double p = (double) k / groups;
		double half = most * sqrt(p * (1 - p));

		share[2 * k - 2] = Max(p - half, 0);
		share[2 * k - 1] = Min(p + half, 1);
	}
	/* ascending, as the readers want them; brackets that cross are joined */
	for (int i = 1; i < 2 * (groups - 1); i++)
		share[i] = Max(share[i], share[i - 1]);
}

/*
 * By how much the variance of a share in the sample exceeds that of rows drawn
 * one by one with equal weights: families of a village are alike and lie in
 * the same blocks. Measured between the parts of the sample.
 */
static double
design_effect(DtRankScan **part, int parts, DtcRankKind kind,
			  const uint64_t *key, int groups, double rows)
{
	double sum = 0;
	double share[SAMPLE_PARTS][BRACKET_GROUPS];

	for (int i = 0; i < parts; i++)
	{
		DtRankView view;

		kept_rows(part[i], &view);
		dtc_bracket_shares(kind, view.run, view.run_length, key, groups - 1,
						   share[i]);
	}
	for (int k = 1; k < groups; k++)
	{
		double p = (double) k / groups;
		double mean = 0;
		double variance = 0;

		for (int i = 0; i < parts; i++)
			mean += share[i][k - 1] / parts;
		for (int i = 0; i < parts; i++)
			variance += (share[i][k - 1] - mean) * (share[i][k - 1] - mean);
		variance /= (double) parts * (parts - 1);
		sum += variance * rows / (p * (1 - p));
	}
	return Max(sum / (groups - 1), 1);
}

/*
 * The span of the scores in the first rows of what cannot be sampled, and the
 * unit of float weights.
 */
static void
guess_span(RankRelation *r, DtcScanInterval *interval)
{
	DtRankScan *scan;
	DtRankView view;
	double ends[2] = {0, 1};
	uint64_t key[2];

	dtc_scan_interval(&interval[0], 0, UINT64_MAX, 1);
	scan = run_scan(r, true, interval, 1, 0, 0);
	if (scan != NULL && r->kind == DTC_RANK_FLOAT &&
		choose_unit(r, &scan->head, 0))
		scan = run_scan(r, true, interval, 1, 0, 0);
	dtc_scan_interval(&interval[0], 0, UINT64_MAX, FIRST_BUCKETS);
	if (scan == NULL || !has_rows(scan) || scan->head.misfit)
		return;
	kept_rows(scan, &view);
	if (view.head->rows == 0 ||
		dtc_bracket_of_run(r->kind, view.run, view.run_length, ends, 2, key) ==
			0)
		return;
	span_of(interval, key[0], key[1]);
}

/*
 * Looks at samples. Returns the number of intervals in which the cuts probably
 * lie and which few rows share, or 0; then interval[0] are the keys that the
 * scores span, as far as the sample saw them.
 */
static int
guess(RankRelation *r, int groups, DtcScanInterval *interval)
{
	DtRankScan *part[SAMPLE_PARTS];
	DtRankState *whole;
	DtRankView view;
	double share = Min(SAMPLE_ROWS, pow(10 * r->rows, 2.0 / 3)) / r->rows;
	double ends[2] = {0, 1};
	double shares[2 * BRACKET_GROUPS];
	uint64_t key[2 * BRACKET_GROUPS];
	uint64_t high[2 * BRACKET_GROUPS];
	double per_row;
	double likely;
	double rows;
	int parts = 0;
	int count;

	dtc_scan_interval(&interval[0], 0, UINT64_MAX, 1);
	whole = dtsen_rank_new(CurrentMemoryContext, r->kind, 0);
	whole->most_room = 65536;
	for (int i = 0; i < SAMPLE_PARTS; i++)
	{
		part[parts] = run_scan(r, true, interval, 1, share / SAMPLE_PARTS, i);
		if (part[parts] == NULL)
			continue;
		if (r->kind == DTC_RANK_FLOAT && !r->has_unit &&
			choose_unit(r, &part[parts]->head, 0))
			part[parts] =
				run_scan(r, true, interval, 1, share / SAMPLE_PARTS, i);
		if (!has_rows(part[parts]) || part[parts]->head.misfit)
			return 0;
		kept_rows(part[parts], &view);
		if (view.head->rows == 0)
			continue;
		dtsen_rank_add_view(whole, &view);
		parts++;
	}
	if (parts == 0)
		return 0;
	dtsen_rank_view(EOHPGetRODatum(&whole->header), &view);
	rows = view.head->rows;
	if (dtc_bracket_of_run(r->kind, view.run, view.run_length, ends, 2, key) ==
		0)
		return 0;
	span_of(interval, key[0], key[1]);
	if (groups > BRACKET_GROUPS || parts < SAMPLE_PARTS / 2)
		return 0;

	for (int k = 1; k < groups; k++)
		shares[k - 1] = (double) k / groups;
	dtc_bracket_of_run(r->kind, view.run, view.run_length, shares, groups - 1,
					   key);
	/* standard deviation of a share, for the one of a single row */
	per_row = sqrt(design_effect(part, parts, r->kind, key, groups, rows));
	for (int i = 0; i < parts; i++)
		pfree(part[i]->flat);
	likely = KEEP_ROWS * (share / rows) * sqrt(rows) /
			 (2 * per_row * sum_of_deviations(groups));
	bracket_shares(shares, groups,
				   (likely < UNLIKELY ? LIKELY : Min(likely, LIKELY)) *
					   per_row / sqrt(rows));
	dtc_bracket_of_run(r->kind, view.run, view.run_length, shares,
					   2 * (groups - 1), key);
	for (int k = 1; k < groups; k++)
	{
		high[k - 1] = key[2 * k - 1];
		key[k - 1] = key[2 * k - 2];
	}
	if (likely >= UNLIKELY)
		return join_brackets(interval, key, high, groups - 1, 256);

	/* the brackets hold too many rows: a larger sample within them */
	{
		double times = SAMPLE_MOST / share;
		DtcScanInterval first = interval[0];
		DtRankScan *scan;

		likely *= sqrt(times / (1 - SAMPLE_MOST));
		if (likely < UNLIKELY || times < 4)
			return 0;
		dtsen_rank_clear(whole);
		count = join_brackets(interval, key, high, groups - 1, 4096);
		scan = run_scan(r, false, interval, count, SAMPLE_MOST, 100);
		interval[0] = first;
		if (scan == NULL || scan->head.misfit || scan->head.rows < rows)
			return 0;
		bracket_shares(shares, groups,
					   Min(likely, LIKELY) * per_row *
						   sqrt((1 - SAMPLE_MOST) / scan->head.rows));
		{
			uint64_t low_of[2 * BRACKET_GROUPS];
			uint64_t high_of[2 * BRACKET_GROUPS];

			dtc_bracket_of_scan(&scan->scan, shares, 2 * (groups - 1), low_of,
								high_of);
			for (int k = 1; k < groups; k++)
			{
				key[k - 1] = low_of[2 * k - 2];
				high[k - 1] = high_of[2 * k - 1];
			}
		}
		return join_brackets(interval, key, high, groups - 1, 256);
	}
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
one_scan(RankRelation *r, bool collect, DtcScanInterval *interval,
		 int intervals, int groups, DtcScanCut *cuts, bool *empty)
{
	DtRankScan *scan = run_scan(r, collect, interval, intervals, 1, 0);
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
		if (!choose_unit(r, &scan->head, scan->head.rows))
			r->misfit = true;
		return false;
	}
	if (has_rows(scan))
		kept_rows(scan, &view);
	switch (dtc_scan_cuts(&scan->scan, view.run, view.run_length,
						  has_rows(scan), groups, cuts, dtsen_rank_yield))
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
find_cuts(RankRelation *r, int groups, DtcScanCut *cuts, bool *empty)
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
		intervals = guess(r, groups, interval);
		collect = intervals > 0;
		intervals = Max(intervals, 1);
	}
	else if (r->rows < 0)
	{
		guess_span(r, interval);
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
cuts_by_state(RankRelation *r, int groups, bool *isnull, MemoryContext context)
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
	RankRelation r = {.total_rows = -1, .rows = -1};
	DtcScanCut *cuts;
	Datum *elements;
	Datum result = (Datum) 0;
	bool isnull = false;
	int groups;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("relation, score and groups must not be null")));
	groups = PG_GETARG_INT32(3);
	if (groups < DTC_RANK_MIN_GROUPS || groups > DTC_RANK_MAX_GROUPS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("number of groups must be between %d and %d",
							   DTC_RANK_MIN_GROUPS, DTC_RANK_MAX_GROUPS)));
	cuts = palloc0(sizeof(DtcScanCut) * groups);
	for (int k = 0; k < groups; k++)
		cuts[k].high = UINT64_MAX;
	elements = palloc(sizeof(Datum) * groups);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	describe(&r, PG_GETARG_OID(0), text_to_cstring(PG_GETARG_TEXT_PP(1)),
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
