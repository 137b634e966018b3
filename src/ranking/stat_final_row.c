/*
 * stat_final_row.c
 *		Final functions whose result is a row or an array of rows.
 *
 * The row type is the one that the function is declared with, so its columns
 * are in the order of the CREATE TYPE.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/rank_state.h"
#include "ranking/stat_state.h"

#define DECILES 10
#define MAX_COLUMNS 16
#define MATRIX_GROUPS 1000 /* a square of more is no result to read */

DTSEN_FUNCTION(dtsen__stat_table);
DTSEN_FUNCTION(dtsen__stat_incidence);
DTSEN_FUNCTION(dtsen__stat_fgt_all);
DTSEN_FUNCTION(dtsen__stat_targeting);
DTSEN_FUNCTION(dtsen__stat_transition);
DTSEN_FUNCTION(dtsen__stat_gini_decompose);
DTSEN_FUNCTION(dtsen__stat_theil_decompose);
DTSEN_FUNCTION(dtsen__stat_movement);
DTSEN_FUNCTION(dtsen__stat_movement_effects);
DTSEN_FUNCTION(dtsen_mobility_index);

/* ---------- results ---------- */

typedef struct Row
{
	TupleDesc desc;
	Datum value[MAX_COLUMNS];
	bool is_null[MAX_COLUMNS];
	int columns;
} Row;

static void
row_start(Row *row)
{
	row->columns = 0;
}

static void
row_add(Row *row, Datum value, bool is_null)
{
	row->value[row->columns] = value;
	row->is_null[row->columns++] = is_null;
}

static void
row_add_int(Row *row, int64 value)
{
	bool is_int4 = TupleDescAttr(row->desc, row->columns)->atttypid == INT4OID;

	row_add(row, is_int4 ? Int32GetDatum((int32) value) : Int64GetDatum(value),
			false);
}

static void
row_add_float(Row *row, double value, bool is_null)
{
	row_add(row, is_null ? (Datum) 0 : Float8GetDatum(value), is_null);
}

/* a / b, NULL if b is 0 */
static void
row_add_ratio(Row *row, DtcPair a, DtcPair b)
{
	bool is_null = b.hi == 0;

	row_add_float(row, is_null ? 0 : dtc_pair_value(dtc_pair_divide(a, b)),
				  is_null);
}

/* A sum of weights as numeric: integer ones exactly. */
static void
row_add_weight(Row *row, DtcRankKind kind, DtcPair weight)
{
	char number[DOUBLE_SHORTEST_DECIMAL_LEN];
	Datum value;

	if (kind == DTC_RANK_INTEGER)
	{
		/* hi may be 2^63 although the sum is less */
		int64 half = (int64) (weight.hi / 2);
		int64 rest =
			(int64) (weight.hi - 2.0 * (double) half) + (int64) weight.lo;

		value = NumericGetDatum(int64_to_numeric(half + (half + rest)));
	}
	else
	{
		if (!isfinite(dtc_pair_value(weight)))
			(void) dtsen_stat_status(DTC_RANK_OVERFLOW);
		double_to_shortest_decimal_buf(dtc_pair_value(weight), number);
		value = DirectFunctionCall3(numeric_in, CStringGetDatum(number),
									ObjectIdGetDatum(InvalidOid),
									Int32GetDatum(-1));
	}
	row_add(row, value, false);
}

static Datum
row_datum(Row *row)
{
	Assert(row->columns == row->desc->natts);
	return HeapTupleGetDatum(
		heap_form_tuple(row->desc, row->value, row->is_null));
}

/* The row type of the result, which is *type or an array of it. */
static TupleDesc
result_desc(FunctionCallInfo fcinfo, Oid *type)
{
	Oid result = get_func_rettype(fcinfo->flinfo->fn_oid);
	Oid element = get_element_type(result);
	TupleDesc desc;
	TupleDesc copy;

	*type = OidIsValid(element) ? element : result;
	desc = lookup_rowtype_tupdesc(*type, -1);
	copy = CreateTupleDescCopy(desc);
	ReleaseTupleDesc(desc);
	return copy;
}

static Datum
rows_datum(Datum *rows, int count, Oid type)
{
	return PointerGetDatum(
		construct_array(rows, count, type, -1, false, TYPALIGN_DOUBLE));
}

static DtStatState *
state_argument(FunctionCallInfo fcinfo, DtStatShape shape)
{
	return dtsen_stat_argument(PG_GETARG_DATUM(0), shape);
}

/* ---------- tables of groups ---------- */

/* Number of groups of a table: the parameter, or ten. */
static int
groups_of(const DtStatState *state)
{
	return state->head.param_count > 0
			   ? dtsen_rank_checked_groups(dtsen_stat_param(&state->head, 0))
			   : DECILES;
}

/*
 * quantile_table(score, weight, groups) -> quantile_group[]: what is in each
 * group. Without families lower, upper and mean are NULL; share is NULL if
 * there are negative scores or nothing to share.
 */
Datum
dtsen__stat_table(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_TABLE);
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	DtcStatRun families = dtsen_stat_run(&state->part[1]);
	int groups = groups_of(state);
	DtcStatGroup *table = palloc0(sizeof(DtcStatGroup) * groups);
	Datum *rows = palloc(sizeof(Datum) * groups);
	DtcPair total = {0, 0};
	Row row;
	Oid type;

	dtsen_stat_check_scores(&state->head, true, true);
	if (!dtsen_stat_status(
			dtc_stat_table(&run, &families, groups, table, dtsen_rank_yield)))
		PG_RETURN_NULL();
	row.desc = result_desc(fcinfo, &type);
	for (int i = 0; i < groups; i++)
		total = dtc_pair_add(total, table[i].amount);
	if (!dtc_pair_is_finite(total))
		(void) dtsen_stat_status(DTC_RANK_OVERFLOW);
	if (state->head.negative > 0)
		total = dtc_pair(0);
	for (int i = 0; i < groups; i++)
	{
		const DtcStatGroup *group = &table[i];

		row_start(&row);
		row_add_int(&row, i + 1);
		row_add_float(&row, group->lower, group->families == 0);
		row_add_float(&row, group->upper, group->families == 0);
		row_add_int(&row, group->families);
		row_add_weight(&row, run.kind, group->weight);
		row_add_ratio(&row, group->amount, group->weight);
		row_add_ratio(&row, group->amount, total);
		rows[i] = row_datum(&row);
	}
	PG_RETURN_DATUM(rows_datum(rows, groups, type));
}

/*
 * benefit_incidence(benefit, score, weight, groups) -> benefit_group[]: what
 * each group is paid, its mean and its share.
 */
Datum
dtsen__stat_incidence(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_BENEFIT);
	DtcStatIncome income = {dtsen_stat_run(&state->part[0]),
							dtsen_stat_run(&state->part[1])};
	int groups = groups_of(state);
	DtcStatGroup *table = palloc0(sizeof(DtcStatGroup) * groups);
	Datum *rows = palloc(sizeof(Datum) * groups);
	DtcPair total = {0, 0};
	Row row;
	Oid type;

	dtsen_stat_check_scores(&state->head, true, true);
	if (!dtsen_stat_status(
			dtc_stat_incidence(&income, groups, table, dtsen_rank_yield)))
		PG_RETURN_NULL();
	row.desc = result_desc(fcinfo, &type);
	for (int i = 0; i < groups; i++)
		total = dtc_pair_add(total, table[i].amount);
	if (!dtc_pair_is_finite(total))
		(void) dtsen_stat_status(DTC_RANK_OVERFLOW);
	for (int i = 0; i < groups; i++)
	{
		const DtcStatGroup *group = &table[i];

		row_start(&row);
		row_add_int(&row, i + 1);
		row_add_weight(&row, income.weights.kind, group->weight);
		row_add_float(&row, dtc_pair_value(group->amount), false);
		row_add_ratio(&row, group->amount, group->weight);
		row_add_ratio(&row, group->amount, total);
		rows[i] = row_datum(&row);
	}
	PG_RETURN_DATUM(rows_datum(rows, groups, type));
}

/* fgt_all(score, weight, line) -> poverty_result: FGT 0, 1 and 2 */
Datum
dtsen__stat_fgt_all(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	Row row;
	Oid type;

	dtsen_stat_check_scores(&state->head, true, true);
	row.desc = result_desc(fcinfo, &type);
	row_start(&row);
	for (int alpha = 0; alpha < 3; alpha++)
	{
		double value = 0;

		if (!dtsen_stat_status(
				dtc_stat_fgt(&run, alpha, &value, dtsen_rank_yield)))
			PG_RETURN_NULL();
		row_add_float(&row, value, false);
	}
	PG_RETURN_DATUM(row_datum(&row));
}

/* ---------- targeting ---------- */

/*
 * targeting_errors(is_poor, receives, weight) -> targeting_result. A rate
 * whose denominator is 0 is NULL.
 */
Datum
dtsen__stat_targeting(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	DtcPair cell[4] = {{0, 0}, {0, 0}, {0, 0}, {0, 0}};
	DtcPair tn, fp, fn, tp, poor, other, all, receive, miss;
	DtcStatReader reader;
	DtcStatPoint point;
	Row row;
	Oid type;

	dtc_stat_read(&reader, &run, dtsen_rank_yield);
	while (dtc_stat_next(&reader, &point) > 0)
	{
		if (!(point.score >= 0 && point.score <= 3))
			dtsen_stat_corrupt();
		cell[(int) point.score] = point.weight;
	}
	if (reader.state < 0)
		dtsen_stat_corrupt();
	tn = cell[0];
	fp = cell[1];
	fn = cell[2];
	tp = cell[3];
	poor = dtc_pair_add(tp, fn);
	other = dtc_pair_add(fp, tn);
	all = dtc_pair_add(poor, other);
	receive = dtc_pair_add(tp, fp);
	miss = dtc_pair_add(fp, fn);
	if (all.hi == 0)
		PG_RETURN_NULL();

	row.desc = result_desc(fcinfo, &type);
	row_start(&row);
	row_add_weight(&row, run.kind, tp);
	row_add_weight(&row, run.kind, fp);
	row_add_weight(&row, run.kind, fn);
	row_add_weight(&row, run.kind, tn);
	row_add_ratio(&row, fn, poor);     /* exclusion_error */
	row_add_ratio(&row, fp, other);    /* inclusion_error */
	row_add_ratio(&row, fp, receive);  /* leakage */
	row_add_ratio(&row, miss, all);    /* error_rate */
	row_add_ratio(&row, receive, all); /* coverage */
	if (poor.hi == 0 || other.hi == 0) /* differential */
		row_add_float(&row, 0, true);
	else
		row_add_float(
			&row,
			dtc_pair_value(dtc_pair_subtract(dtc_pair_divide(tp, poor),
											 dtc_pair_divide(fp, other))),
			false);
	if (receive.hi == 0) /* normalized_share */
		row_add_float(&row, 0, true);
	else
		row_add_ratio(&row, dtc_pair_divide(tp, receive),
					  dtc_pair_divide(poor, all));
	PG_RETURN_DATUM(row_datum(&row));
}

/* ---------- movement ---------- */

/*
 * transition_matrix(old_group, new_group, weight, groups) -> bigint[][]: rows
 * are old groups, columns new ones. All rows ignored: NULL.
 */
Datum
dtsen__stat_transition(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	int groups = dtsen_rank_checked_groups(dtsen_stat_param(&state->head, 0));
	DtcRankReader reader;
	Datum *cells;
	int sizes[2] = {groups, groups};
	int lower[2] = {1, 1};
	int count = groups * groups;
	int more;

	if (groups > MATRIX_GROUPS)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("a matrix has at most %d groups", MATRIX_GROUPS),
			 errhint("Use fewer groups, or count the pairs with GROUP BY.")));
	if (state->head.rows == 0 || run.kind != DTC_RANK_INTEGER)
		PG_RETURN_NULL();
	cells = palloc(sizeof(Datum) * count);
	for (int i = 0; i < count; i++)
		cells[i] = Int64GetDatum(0);
	dtc_rank_read_run(&reader, run.kind, run.bytes, run.length);
	while ((more = dtc_rank_next(&reader)) > 0)
	{
		double cell = dtc_rank_score(reader.entry[0]);

		if (!(cell >= 0 && cell < count))
			dtsen_stat_corrupt();
		cells[(int) cell] = Int64GetDatum((int64) reader.entry[1]);
	}
	if (more < 0)
		dtsen_stat_corrupt();
	PG_RETURN_ARRAYTYPE_P(
		construct_md_array(cells, NULL, 2, sizes, lower, INT8OID,
						   sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/*
 * mobility_index(matrix) -> float8: Shorrocks (n - trace P) / (n - 1), P the
 * shares within each row. NULL if a row has no weight. 2202E unless the matrix
 * is square with two rows at least; 22023 for a negative element.
 */
Datum
dtsen_mobility_index(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	DtcPair sum = {0, 0};
	const int64 *cells;
	int n;

	if (ARR_NDIM(array) != 2 || ARR_DIMS(array)[0] != ARR_DIMS(array)[1] ||
		ARR_DIMS(array)[0] < 2)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("transition matrix must be square with two "
							   "rows or more"),
						errhint("Give what transition_matrix() returned.")));
	if (array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("transition matrix must not contain nulls"),
						errhint("Give what transition_matrix() returned.")));
	/* without nulls the elements lie one after the other */
	cells = dtsen_rank_elements(array);
	n = ARR_DIMS(array)[0];
	for (int i = 0; i < n; i++)
	{
		DtcPair total = {0, 0};

		dtsen_rank_yield();
		for (int j = 0; j < n; j++)
		{
			int64 cell = cells[(Size) i * n + j];

			if (cell < 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("transition matrix must not contain "
								"negative numbers"),
						 errhint("Give what transition_matrix() returned.")));
			total = dtc_pair_add(total, dtc_pair_of_int(cell));
		}
		if (total.hi == 0)
			PG_RETURN_NULL();
		sum = dtc_pair_add(
			sum,
			dtc_pair_divide(dtc_pair_of_int(cells[(Size) i * n + i]), total));
	}
	sum = dtc_pair_subtract(dtc_pair(n), sum);
	PG_RETURN_FLOAT8(dtc_pair_value(dtc_pair_divide(sum, dtc_pair(n - 1))));
}

typedef struct Moved
{
	int before; /* old group */
	int recut;  /* group of the old score by the new cuts */
	int after;  /* new group */
	int64 weight;
} Moved;

/* Reads the cells of a movement state. False at the end. */
static bool
next_moved(DtcRankReader *reader, int groups, Moved *moved)
{
	int more;
	double cell;
	int64 number;

	dtsen_rank_yield();
	more = dtc_rank_next(reader);
	if (more == 0)
		return false;
	if (more < 0)
		dtsen_stat_corrupt();
	cell = dtc_rank_score(reader->entry[0]);
	if (!(cell >= 0 && cell < (double) groups * groups * groups))
		dtsen_stat_corrupt();
	number = (int64) cell;
	moved->after = (int) (number % groups) + 1;
	number /= groups;
	moved->recut = (int) (number % groups) + 1;
	moved->before = (int) (number / groups) + 1;
	moved->weight = (int64) reader->entry[1];
	return true;
}

/*
 * rank_movement(...) -> movement_cell[]: persons by old group, group of the
 * old score by the new cuts, and new group; only cells that occur.
 */
Datum
dtsen__stat_movement(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	int groups = dtsen_rank_checked_groups(dtsen_stat_param(&state->head, 0));
	DtcRankReader reader;
	Moved moved;
	Datum *rows;
	Size room = 64;
	int count = 0;
	Row row;
	Oid type;

	row.desc = result_desc(fcinfo, &type);
	rows = palloc(sizeof(Datum) * room);
	dtc_rank_read_run(&reader, run.kind, run.bytes, run.length);
	while (next_moved(&reader, groups, &moved))
	{
		if ((Size) count == room)
		{
			room *= 2;
			rows = repalloc_huge(rows, sizeof(Datum) * room);
		}
		row_start(&row);
		row_add_int(&row, moved.before);
		row_add_int(&row, moved.recut);
		row_add_int(&row, moved.after);
		row_add_int(&row, moved.weight);
		rows[count++] = row_datum(&row);
	}
	PG_RETURN_DATUM(rows_datum(rows, count, type));
}

/*
 * rank_movement_effects(...) -> movement_effects. Steps are groups times
 * persons: those of the cuts (recut - old) and those of the scores (new -
 * recut) add up to all. Thresholds of the extremes are those of V3 of DTSEN:
 * a fall by 7 groups or more, a rise by more than 6.
 */
Datum
dtsen__stat_movement_effects(PG_FUNCTION_ARGS)
{
	enum
	{
		ALL,
		SAME,
		RISEN,
		FALLEN,
		EXTREME_RISE,
		EXTREME_FALL,
		BY_SCORE,
		BY_CUTS,
		BY_BOTH,
		CANCELLED,
		COUNTS
	};
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	int groups = dtsen_rank_checked_groups(dtsen_stat_param(&state->head, 0));
	int64 count[COUNTS] = {0};
	DtcPair score_steps = {0, 0};
	DtcPair cut_steps = {0, 0};
	DtcRankReader reader;
	Moved moved;
	Row row;
	Oid type;

	dtc_rank_read_run(&reader, run.kind, run.bytes, run.length);
	while (next_moved(&reader, groups, &moved))
	{
		int by_cuts = moved.recut - moved.before;
		int by_score = moved.after - moved.recut;
		int step = moved.after - moved.before;
		DtcPair weight = dtc_pair_of_int(moved.weight);

		count[ALL] += moved.weight;
		count[step == 0 ? SAME : step > 0 ? RISEN : FALLEN] += moved.weight;
		if (step > 6)
			count[EXTREME_RISE] += moved.weight;
		if (step <= -7)
			count[EXTREME_FALL] += moved.weight;
		if (step == 0 && by_cuts != 0)
			count[CANCELLED] += moved.weight;
		if (step != 0)
			count[by_cuts == 0    ? BY_SCORE
				  : by_score == 0 ? BY_CUTS
								  : BY_BOTH] += moved.weight;
		score_steps = dtc_pair_add(
			score_steps, dtc_pair_multiply(weight, dtc_pair(by_score)));
		cut_steps = dtc_pair_add(cut_steps,
								 dtc_pair_multiply(weight, dtc_pair(by_cuts)));
	}
	if (count[ALL] == 0)
		PG_RETURN_NULL();
	row.desc = result_desc(fcinfo, &type);
	row_start(&row);
	for (int i = 0; i < COUNTS; i++)
		row_add_int(&row, count[i]);
	row_add_ratio(&row, dtc_pair_add(score_steps, cut_steps),
				  dtc_pair_of_int(count[ALL]));
	row_add_ratio(&row, score_steps, dtc_pair_of_int(count[ALL]));
	row_add_ratio(&row, cut_steps, dtc_pair_of_int(count[ALL]));
	PG_RETURN_DATUM(row_datum(&row));
}

/* ---------- decomposition ---------- */

static int
compare_means(const void *a, const void *b, void *arg)
{
	const DtcStatTotals *x = &((const DtcStatPart *) a)->totals;
	const DtcStatTotals *y = &((const DtcStatPart *) b)->totals;
	int order = dtc_pair_compare(dtc_pair_divide(x->amount, x->weight),
								 dtc_pair_divide(y->amount, y->weight));

	/* equal means: any fixed order, so that sums round the same way */
	return order != 0 ? order : dtc_pair_compare(x->weight, y->weight);
}

/*
 * The parts of a state that have something to share, with their totals and
 * their index. A part whose scores are all 0 is equal within itself.
 */
static DtcStatPart *
parts_of(DtStatState *state, bool gini, int *count)
{
	DtcStatPart *parts =
		palloc(sizeof(DtcStatPart) * Max(state->part_count, 1));

	*count = 0;
	for (uint32 i = 0; i < state->part_count; i++)
	{
		DtcStatRun run = dtsen_stat_run(&state->part[i]);
		DtcStatPart *part = &parts[*count];

		dtsen_rank_yield(); /* each part may be too small to do so */
		part->index = 0;
		if (!dtsen_stat_status(
				dtc_stat_totals(&run, &part->totals, dtsen_rank_yield)))
			continue;
		if (gini)
			(void) dtsen_stat_status(
				dtc_stat_gini(&run, &part->index, dtsen_rank_yield));
		else
			(void) dtsen_stat_status(
				dtc_stat_entropy(&run, 1, &part->index, dtsen_rank_yield));
		(*count)++;
	}
	return parts;
}

/* Merges two runs into new memory. */
static DtcStatRun
merged_run(const DtcStatRun *a, const DtcStatRun *b)
{
	DtcStatRun result = {a->kind, NULL, 0};
	unsigned char *out = MemoryContextAllocHuge(CurrentMemoryContext,
												Max(a->length + b->length, 1));
	DtcRankReader x;
	DtcRankReader y;
	DtcRankWriter writer;

	dtc_rank_read_run(&x, a->kind, a->bytes, a->length);
	dtc_rank_read_run(&y, b->kind, b->bytes, b->length);
	dtc_rank_write_start(&writer, a->kind, out);
	if (dtc_rank_merge(&x, &y, &writer, dtsen_rank_yield) != DTC_RANK_OK)
		dtsen_stat_corrupt();
	result.bytes = out;
	result.length = writer.next - out;
	return result;
}

/*
 * The run of all groups together: neighbours are merged, then those, so that
 * an entry is copied as often as the number of groups can be halved.
 */
static DtcStatRun
whole_run(DtStatState *state)
{
	uint32 count = state->part_count;
	DtcStatRun *runs = palloc0(sizeof(DtcStatRun) * Max(count, 1));
	bool own = false;

	runs[0].kind = state->head.weights;
	for (uint32 i = 0; i < count; i++)
		runs[i] = dtsen_stat_run(&state->part[i]);
	while (count > 1)
	{
		for (uint32 i = 0; i < count; i += 2)
		{
			DtcStatRun none = {runs[i].kind, NULL, 0};
			const DtcStatRun *other = i + 1 < count ? &runs[i + 1] : &none;
			DtcStatRun both = merged_run(&runs[i], other);

			dtsen_rank_yield();
			if (own)
			{
				pfree((void *) runs[i].bytes);
				if (other->bytes != NULL)
					pfree((void *) other->bytes);
			}
			runs[i / 2] = both;
		}
		count = (count + 1) / 2;
		own = true;
	}
	return runs[0];
}

/* gini_decompose(score, weight, group) -> gini_parts */
Datum
dtsen__stat_gini_decompose(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_GROUPED);
	DtcStatPart *parts;
	DtcStatRun whole;
	double gini = 0;
	double within = 0;
	double between = 0;
	int count;
	Row row;
	Oid type;

	dtsen_stat_check_scores(&state->head, false, true);
	whole = whole_run(state);
	if (!dtsen_stat_status(dtc_stat_gini(&whole, &gini, dtsen_rank_yield)))
		PG_RETURN_NULL();
	parts = parts_of(state, true, &count);
	qsort_interruptible(parts, count, sizeof(DtcStatPart), compare_means,
						NULL);
	(void) dtsen_stat_status(
		dtc_stat_gini_parts(parts, count, &within, &between));
	row.desc = result_desc(fcinfo, &type);
	row_start(&row);
	row_add_float(&row, gini, false);
	row_add_float(&row, within, false);
	row_add_float(&row, between, false);
	row_add_float(&row, gini - within - between, false);
	PG_RETURN_DATUM(row_datum(&row));
}

/* theil_decompose(score, weight, group) -> theil_parts, of Theil T */
Datum
dtsen__stat_theil_decompose(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_GROUPED);
	DtcStatPart *parts;
	double within = 0;
	double between = 0;
	int count;
	Row row;
	Oid type;

	dtsen_stat_check_scores(&state->head, false, false);
	parts = parts_of(state, false, &count);
	if (count == 0)
		PG_RETURN_NULL();
	(void) dtsen_stat_status(
		dtc_stat_theil_parts(parts, count, &within, &between));
	row.desc = result_desc(fcinfo, &type);
	row_start(&row);
	row_add_float(&row, within + between, false);
	row_add_float(&row, within, false);
	row_add_float(&row, between, false);
	PG_RETURN_DATUM(row_datum(&row));
}
