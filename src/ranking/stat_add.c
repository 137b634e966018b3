/*
 * stat_add.c
 *		Transition functions of the statistics.
 *
 * They know no statistic: a state collects a multiset and keeps the parameters
 * of whoever will ask. So aggregates with the same arguments, like gini(score,
 * weight) and theil_t(score, weight) of one query, share one state; the server
 * sees that their transition functions are the same.
 *
 * One C function serves every type of weight. Which one it is, and which
 * parameters are constants that need not be compared in each row, is found out
 * in the first call.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/primnodes.h"
#include "utils/array.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/stat_state.h"

#define CELL_ROWS 2 /* of targeting: is poor, receives */

DTSEN_FUNCTION(dtsen__stat_add);
DTSEN_FUNCTION(dtsen__stat_add_table);
DTSEN_FUNCTION(dtsen__stat_add_poverty);
DTSEN_FUNCTION(dtsen__stat_add_benefit);
DTSEN_FUNCTION(dtsen__stat_add_grouped);
DTSEN_FUNCTION(dtsen__stat_add_targeting);
DTSEN_FUNCTION(dtsen__stat_add_transition);
DTSEN_FUNCTION(dtsen__stat_add_movement);
DTSEN_FUNCTION(dtsen__stat_combine);

/* What is known of a call in this query, in fn_extra. */
typedef struct StatCall
{
	Oid weight_type;
	bool constant_params;
	int cut_count[2]; /* of dtsen__stat_add_movement(), last arrays seen */
	Size cut_size[2];
	ArrayType *cut_array[2];
	uint64_t *cut_key[2];
} StatCall;

typedef struct StatWeight
{
	DtcRankKind kind;
	int64 integer;
	double real;
	bool is_zero;
} StatWeight;

/* ---------- arguments ---------- */

static bool
params_are_constant(FunctionCallInfo fcinfo, int first)
{
	Aggref *aggref = AggGetAggref(fcinfo);

	if (aggref == NULL)
		return false;
	for (int i = first; i < PG_NARGS(); i++)
	{
		TargetEntry *argument;

		if (i - 1 >= list_length(aggref->args))
			return false;
		argument = list_nth_node(TargetEntry, aggref->args, i - 1);
		if (!IsA(argument->expr, Const))
			return false;
	}
	return true;
}

/* weight, first: numbers of the arguments. */
static StatCall *
stat_call(FunctionCallInfo fcinfo, int weight, int first)
{
	StatCall *call = fcinfo->flinfo->fn_extra;

	if (call != NULL)
		return call;
	call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(StatCall));
	call->weight_type = get_fn_expr_argtype(fcinfo->flinfo, weight);
	call->constant_params = params_are_constant(fcinfo, first);
	fcinfo->flinfo->fn_extra = call;
	return call;
}

/*
 * The weight in an argument. A negative or infinite one or NaN is an error,
 * 22023; so is nothing that is NULL.
 */
static void
take_weight(FunctionCallInfo fcinfo, const StatCall *call, int number,
			StatWeight *weight)
{
	bool is_null = PG_ARGISNULL(number);

	weight->kind = DTC_RANK_INTEGER;
	weight->integer = 0;
	weight->real = 0;
	switch (call->weight_type)
	{
		case INT2OID:
			weight->integer = is_null ? 0 : PG_GETARG_INT16(number);
			break;
		case INT4OID:
			weight->integer = is_null ? 0 : PG_GETARG_INT32(number);
			break;
		case INT8OID:
			weight->integer = is_null ? 0 : PG_GETARG_INT64(number);
			break;
		case FLOAT8OID:
			weight->kind = DTC_RANK_FLOAT;
			weight->real = is_null ? 0 : PG_GETARG_FLOAT8(number);
			break;
		default:
			elog(ERROR, "weight of unexpected type %u", call->weight_type);
	}
	if (!isfinite(weight->real))
		dtsen_rank_weight_not_finite();
	if (weight->integer < 0 || weight->real < 0)
		dtsen_rank_weight_negative();
	weight->is_zero = weight->integer == 0 && weight->real == 0;
}

static Datum
not_null_param(FunctionCallInfo fcinfo, int number)
{
	if (PG_ARGISNULL(number))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("parameter %d must not be null", number),
						errhint("Give a value, the same in every row.")));
	return PG_GETARG_DATUM(number);
}

static int
array_params(ArrayType *array, double **params)
{
	int count;
	Datum *elements;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("fractions must be an array of one dimension"),
						errhint("Write them as '{0.25,0.5,0.75}'.")));
	if (array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("fractions must not contain nulls"),
						errhint("Leave the nulls out.")));
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &elements, NULL, &count);
	if (count > DTSEN_STAT_MAX_PARAMS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("more than %d fractions", DTSEN_STAT_MAX_PARAMS),
				 errhint("Ask for some of them at a time.")));
	*params = palloc(sizeof(double) * Max(count, 1));
	for (int i = 0; i < count; i++)
		(*params)[i] = DatumGetFloat8(elements[i]);
	pfree(elements);
	return count;
}

/* The parameters from argument "first" on; -0 is made 0, NaN one NaN. */
static void
take_params(FunctionCallInfo fcinfo, int first, DtStatHead *head)
{
	double *params = palloc(sizeof(double) * FUNC_MAX_ARGS);
	int count = 0;

	for (int i = first; i < PG_NARGS(); i++)
	{
		Datum value = not_null_param(fcinfo, i);

		switch (get_fn_expr_argtype(fcinfo->flinfo, i))
		{
			case INT4OID:
				params[count++] = DatumGetInt32(value);
				break;
			case FLOAT8OID:
				params[count++] = DatumGetFloat8(value);
				break;
			case FLOAT8ARRAYOID:
				pfree(params);
				count = array_params(DatumGetArrayTypeP(value), &params);
				break;
			default:
				elog(ERROR, "parameter of unexpected type");
		}
	}
	for (int i = 0; i < count; i++)
		params[i] = isnan(params[i]) ? (double) NAN : params[i] + 0.0;
	head->param = params;
	head->param_count = count;
}

/* The state in argument 0 as one that may be changed. */
static DtStatState *
own_state(FunctionCallInfo fcinfo)
{
	MemoryContext context = dtsen_rank_aggregate_context(fcinfo);
	DtStatState *state = dtsen_stat_writable(PG_GETARG_DATUM(0));
	DtStatState *other;

	if (state != NULL)
		return state;
	other = dtsen_stat_readable(PG_GETARG_DATUM(0));
	state = dtsen_stat_new(context, &other->head);
	dtsen_stat_merge(state, other);
	return state;
}

/*
 * The state of a transition: a new one for NULL. Its kind of weights and its
 * parameters are those of this row, else 22023.
 */
static DtStatState *
row_state(FunctionCallInfo fcinfo, const StatCall *call, DtStatShape shape,
		  DtcRankKind weights, int first)
{
	DtStatHead head = {.shape = shape, .weights = weights};
	DtStatState *state;

	if (PG_ARGISNULL(0))
	{
		MemoryContext context = dtsen_rank_aggregate_context(fcinfo);

		take_params(fcinfo, first, &head);
		state = dtsen_stat_new(context, &head);
		pfree(head.param);
		return state;
	}
	state = own_state(fcinfo);
	if (first < PG_NARGS() && !call->constant_params)
	{
		take_params(fcinfo, first, &head);
		if (!dtsen_stat_same_params(&head, &state->head))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("parameters must be the same in every row"),
					 errhint("Give a constant, or add it to GROUP BY.")));
		pfree(head.param);
	}
	return state;
}

/* ---------- rows ---------- */

static void
count_score(DtStatHead *head, double score, const StatWeight *weight)
{
	head->rows++;
	if (weight->is_zero)
		return;
	if (!isfinite(score))
		head->not_finite++;
	else if (score < 0)
		head->negative++;
	else if (score == 0)
		head->zero++;
}

static void
add_score(DtStatState *state, DtStatPart *part, double score,
		  const StatWeight *weight)
{
	if (weight->kind == DTC_RANK_INTEGER)
	{
		dtsen_stat_add_total(state, weight->integer);
		dtsen_stat_add(state, part, dtc_rank_key(score),
					   (uint64_t) weight->integer, 0);
	}
	else
		dtsen_stat_add(state, part, dtc_rank_key(score),
					   dtc_rank_weight_bits(weight->real), 1);
}

/*
 * (state, score, weight, parameters ...): aggregates of scores.
 *
 * score: any float8. weight: integer or finite, >= 0, else 22023. Rows with a
 * NULL score or weight are ignored. 22003: integer weights add up to more than
 * a bigint. 22004, 22023: a parameter is NULL, or not the same in every row.
 */
Datum
dtsen__stat_add(PG_FUNCTION_ARGS)
{
	StatCall *call = stat_call(fcinfo, 2, 3);
	StatWeight weight;
	DtStatState *state;
	double score;

	take_weight(fcinfo, call, 2, &weight);
	state = row_state(fcinfo, call, STAT_SCORES, weight.kind, 3);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		state->head.ignored++;
		return EOHPGetRWDatum(&state->header);
	}
	score = PG_GETARG_FLOAT8(1);
	count_score(&state->head, score, &weight);
	add_score(state, &state->part[0], score, &weight);
	return EOHPGetRWDatum(&state->header);
}

/* (state, score, weight, groups): as dtsen__stat_add(), counting rows too. */
Datum
dtsen__stat_add_table(PG_FUNCTION_ARGS)
{
	StatCall *call = stat_call(fcinfo, 2, 3);
	StatWeight weight;
	DtStatState *state;
	double score;

	take_weight(fcinfo, call, 2, &weight);
	state = row_state(fcinfo, call, STAT_TABLE, weight.kind, 3);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		state->head.ignored++;
		return EOHPGetRWDatum(&state->header);
	}
	score = PG_GETARG_FLOAT8(1);
	count_score(&state->head, score, &weight);
	if (!isfinite(score) && weight.is_zero)
		state->head.not_finite++; /* no place in a table of means */
	add_score(state, &state->part[0], score, &weight);
	dtsen_stat_add(state, &state->part[1], dtc_rank_key(score), 1, 0);
	return EOHPGetRWDatum(&state->header);
}

/*
 * (state, score, weight, line, parameters ...): poverty. The state holds the
 * ratio score / line of the poor, and 1 for all others. A NULL line leaves the
 * row out; 22023 unless it is finite and positive. 22003 where the ratio is no
 * finite number.
 */
Datum
dtsen__stat_add_poverty(PG_FUNCTION_ARGS)
{
	StatCall *call = stat_call(fcinfo, 2, 4);
	StatWeight weight;
	DtStatState *state;
	double score;
	double line;
	double ratio;

	take_weight(fcinfo, call, 2, &weight);
	state = row_state(fcinfo, call, STAT_SCORES, weight.kind, 4);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
	{
		state->head.ignored++;
		return EOHPGetRWDatum(&state->header);
	}
	score = PG_GETARG_FLOAT8(1);
	line = PG_GETARG_FLOAT8(3);
	if (!isfinite(line) || line <= 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("poverty line must be a positive, finite "
							   "number"),
						errhint("Correct the line, or leave the row out; a "
								"row whose line is NULL is ignored.")));
	count_score(&state->head, score, &weight);
	ratio = score < line ? score / line : 1;
	if (isfinite(score) && !isfinite(ratio) && !weight.is_zero)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("score is out of range"),
						errdetail("Divided by the poverty line it is no "
								  "finite number."),
						errhint("Look for scores or lines of another unit, "
								"and correct them or leave them out.")));
	if (isfinite(ratio))
		add_score(state, &state->part[0], ratio, &weight);
	else if (weight.kind == DTC_RANK_INTEGER)
		dtsen_stat_add_total(state, weight.integer);
	return EOHPGetRWDatum(&state->header);
}

/*
 * (state, benefit, score, weight, parameters ...): who gets a benefit. With
 * float weights weight * benefit is rounded to a double, in each row for
 * itself. 22023 unless the benefit is finite and not negative.
 */
Datum
dtsen__stat_add_benefit(PG_FUNCTION_ARGS)
{
	StatCall *call = stat_call(fcinfo, 3, 4);
	StatWeight weight;
	DtStatState *state;
	double benefit;
	double score;
	uint64_t times;

	take_weight(fcinfo, call, 3, &weight);
	state = row_state(fcinfo, call, STAT_BENEFIT, weight.kind, 4);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
	{
		state->head.ignored++;
		return EOHPGetRWDatum(&state->header);
	}
	benefit = PG_GETARG_FLOAT8(1);
	score = PG_GETARG_FLOAT8(2);
	if (!isfinite(benefit) || benefit < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("benefit must be a finite number, not "
							   "negative"),
						errhint("Correct the benefit, or leave the row out; a "
								"row whose benefit is NULL is ignored.")));
	count_score(&state->head, score, &weight);
	add_score(state, &state->part[0], score, &weight);
	if (weight.is_zero)
		return EOHPGetRWDatum(&state->header);
	times = 1;
	if (weight.kind == DTC_RANK_INTEGER)
		times = (uint64_t) weight.integer;
	else
		benefit *= weight.real;
	if (!isfinite(benefit))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("benefit times weight is out of range"),
						errhint("Divide all benefits by the same number.")));
	dtsen_stat_add(state, &state->part[1], dtc_rank_key(score),
				   dtc_rank_weight_bits(benefit), times);
	return EOHPGetRWDatum(&state->header);
}

/* (state, score, weight, group): decompositions; a NULL group is ignored. */
Datum
dtsen__stat_add_grouped(PG_FUNCTION_ARGS)
{
	StatCall *call = stat_call(fcinfo, 2, 4);
	StatWeight weight;
	DtStatState *state;
	text *group;
	double score;

	take_weight(fcinfo, call, 2, &weight);
	state = row_state(fcinfo, call, STAT_GROUPED, weight.kind, 4);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
	{
		state->head.ignored++;
		return EOHPGetRWDatum(&state->header);
	}
	score = PG_GETARG_FLOAT8(1);
	group = PG_GETARG_TEXT_PP(3);
	count_score(&state->head, score, &weight);
	add_score(
		state,
		dtsen_stat_group(state, VARDATA_ANY(group), VARSIZE_ANY_EXHDR(group)),
		score, &weight);
	PG_FREE_IF_COPY(group, 3);
	return EOHPGetRWDatum(&state->header);
}

/* ---------- cells ---------- */

/*
 * (state, is_poor, receives, weight): the score is the number of the cell,
 * 2 * is_poor + receives.
 */
Datum
dtsen__stat_add_targeting(PG_FUNCTION_ARGS)
{
	StatCall *call = stat_call(fcinfo, 3, 4);
	StatWeight weight;
	DtStatState *state;

	take_weight(fcinfo, call, 3, &weight);
	state = row_state(fcinfo, call, STAT_SCORES, weight.kind, 4);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
	{
		state->head.ignored++;
		return EOHPGetRWDatum(&state->header);
	}
	state->head.rows++;
	add_score(state, &state->part[0],
			  (PG_GETARG_BOOL(1) ? CELL_ROWS : 0) +
				  (PG_GETARG_BOOL(2) ? 1 : 0),
			  &weight);
	return EOHPGetRWDatum(&state->header);
}

static int
group_argument(FunctionCallInfo fcinfo, int number, int groups)
{
	int group = PG_GETARG_INT32(number);

	if (group < 1 || group > groups)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("group %d is out of range", group),
						errdetail("Groups are 1 to %d.", groups),
						errhint("Give the number of groups by which the rows "
								"were grouped.")));
	return group;
}

/*
 * (state, old_group, new_group, weight, groups): the score is the number of
 * the cell. 22023 if a group is not from 1 to groups.
 */
Datum
dtsen__stat_add_transition(PG_FUNCTION_ARGS)
{
	StatCall *call = stat_call(fcinfo, 3, 4);
	StatWeight weight;
	DtStatState *state;
	int groups;
	int before;
	int after;

	take_weight(fcinfo, call, 3, &weight);
	state = row_state(fcinfo, call, STAT_SCORES, weight.kind, 4);
	groups = dtsen_rank_checked_groups(state->head.param[0]);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
	{
		state->head.ignored++;
		return EOHPGetRWDatum(&state->header);
	}
	before = group_argument(fcinfo, 1, groups) - 1;
	after = group_argument(fcinfo, 2, groups) - 1;
	state->head.rows++;
	add_score(state, &state->part[0], (double) before * groups + after,
			  &weight);
	return EOHPGetRWDatum(&state->header);
}

/* The cuts in an argument as keys, kept while they do not change. */
static void
take_cuts(FunctionCallInfo fcinfo, StatCall *call, int number, int which)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(number);
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	const double *cut;
	int count;

	if (call->cut_array[which] != NULL &&
		call->cut_size[which] == VARSIZE(array) &&
		memcmp(call->cut_array[which], array, VARSIZE(array)) == 0)
	{
		PG_FREE_IF_COPY(array, number);
		return;
	}
	count = dtsen_rank_checked_cuts(array, &cut);
	(void) dtsen_rank_checked_groups(Max(count + 1, DTC_RANK_MIN_GROUPS));
	if (call->cut_array[which] != NULL)
	{
		pfree(call->cut_array[which]);
		pfree(call->cut_key[which]);
		call->cut_array[which] = NULL;
	}
	call->cut_key[which] =
		MemoryContextAlloc(context, sizeof(uint64_t) * count);
	for (int i = 0; i < count; i++)
		call->cut_key[which][i] = dtc_rank_key(cut[i]);
	call->cut_count[which] = count;
	call->cut_size[which] = VARSIZE(array);
	call->cut_array[which] = MemoryContextAlloc(context, VARSIZE(array));
	memcpy(call->cut_array[which], array, VARSIZE(array));
	PG_FREE_IF_COPY(array, number);
}

/*
 * (state, old_score, new_score, old_cuts, new_cuts, weight): the score is the
 * number of the cell (old group, group of the old score by the new cuts, new
 * group). Cuts may differ from row to row (regions), not their number.
 */
Datum
dtsen__stat_add_movement(PG_FUNCTION_ARGS)
{
	StatCall *call = stat_call(fcinfo, 5, 6);
	StatWeight weight;
	DtStatHead head = {.shape = STAT_SCORES, .param_count = 1};
	DtStatState *state;
	uint64_t old_key;
	double groups;
	double cell;

	take_weight(fcinfo, call, 5, &weight);
	for (int i = 1; i <= 5; i++)
	{
		if (!PG_ARGISNULL(i))
			continue;
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL(); /* the number of groups is not known yet */
		return EOHPGetRWDatum(&own_state(fcinfo)->header);
	}
	take_cuts(fcinfo, call, 3, 0);
	take_cuts(fcinfo, call, 4, 1);
	groups = call->cut_count[0] + 1;
	head.param = &groups;
	head.weights = weight.kind;
	if (PG_ARGISNULL(0))
		state = dtsen_stat_new(dtsen_rank_aggregate_context(fcinfo), &head);
	else
		state = own_state(fcinfo);
	if (call->cut_count[0] != call->cut_count[1] ||
		state->head.param[0] != groups)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("old and new cuts must be of the same number "
						"of groups in every row"),
				 errhint("Compute both with the same number of groups.")));
	old_key = dtc_rank_key(PG_GETARG_FLOAT8(1));
	cell = dtc_rank_group(old_key, call->cut_key[0], call->cut_count[0]) - 1;
	cell = cell * groups +
		   dtc_rank_group(old_key, call->cut_key[1], call->cut_count[1]) - 1;
	cell = cell * groups +
		   dtc_rank_group(dtc_rank_key(PG_GETARG_FLOAT8(2)), call->cut_key[1],
						  call->cut_count[1]) -
		   1;
	state->head.rows++;
	add_score(state, &state->part[0], cell, &weight);
	return EOHPGetRWDatum(&state->header);
}

/* Combine function of all: merges argument 1 into argument 0. */
Datum
dtsen__stat_combine(PG_FUNCTION_ARGS)
{
	DtStatState *state;
	DtStatState *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	other = dtsen_stat_readable(PG_GETARG_DATUM(1));
	if (PG_ARGISNULL(0))
		state =
			dtsen_stat_new(dtsen_rank_aggregate_context(fcinfo), &other->head);
	else
		state = own_state(fcinfo);
	dtsen_stat_merge(state, other);
	return EOHPGetRWDatum(&state->header);
}
