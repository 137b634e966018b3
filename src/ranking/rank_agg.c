/*
 * rank_agg.c
 *		Aggregates that make rank_state and desil_cuts, and accessors.
 *
 * The transition type is rank_state itself, so that the aggregates can be
 * computed in parts anywhere: by parallel workers, on partitions, on the
 * shards of Citus (which wants a concrete type, a combine function and all
 * parameters inside the state).
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/rank_state.h"

#define DECILES 10
#define STATE_GROUPS 0 /* rank_state(): the number of groups comes later */

DTSEN_FUNCTION(dtsen__rank_add);
DTSEN_FUNCTION(dtsen__rank_add_int2);
DTSEN_FUNCTION(dtsen__rank_add_int4);
DTSEN_FUNCTION(dtsen__rank_add_int8);
DTSEN_FUNCTION(dtsen__rank_add_float8);
DTSEN_FUNCTION(dtsen__desil_add);
DTSEN_FUNCTION(dtsen__desil_add_int2);
DTSEN_FUNCTION(dtsen__desil_add_int4);
DTSEN_FUNCTION(dtsen__desil_add_int8);
DTSEN_FUNCTION(dtsen__desil_add_float8);
DTSEN_FUNCTION(dtsen__rank_combine);
DTSEN_FUNCTION(dtsen__desil_cuts_final);
DTSEN_FUNCTION(dtsen_rank_cuts);
DTSEN_FUNCTION(dtsen_rank_total);
DTSEN_FUNCTION(dtsen_rank_count);
DTSEN_FUNCTION(dtsen_rank_ignored);
DTSEN_FUNCTION(dtsen_rank_of);
DTSEN_FUNCTION(dtsen_rank_error);

/* ---------- transition ---------- */

/*
 * The state in argument 0, which may be changed: a new one for NULL, a copy of
 * what came from elsewhere.
 */
static DtRankState *
state_argument(FunctionCallInfo fcinfo, MemoryContext context,
			   DtcRankKind kind, int groups)
{
	DtRankState *state;
	DtRankView view;

	if (PG_ARGISNULL(0))
		return dtsen_rank_new(context, kind, groups);
	state = dtsen_rank_writable(PG_GETARG_DATUM(0));
	if (state != NULL)
		return state;
	dtsen_rank_view(PG_GETARG_DATUM(0), &view);
	state = dtsen_rank_new(context, view.head->kind, view.head->groups);
	dtsen_rank_add_view(state, &view);
	return state;
}

/* Number of groups: argument 3 if there is one. */
static int
groups_argument(FunctionCallInfo fcinfo, int groups)
{
	if (PG_NARGS() < 4)
		return groups;
	if (PG_ARGISNULL(3))
		ereport(
			ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("number of groups must not be null"),
			 errhint(
				 "Give a number, or leave the argument out for deciles.")));
	return dtsen_rank_checked_groups(PG_GETARG_INT32(3));
}

/* Ends a transition: adds the row unless a part of it is NULL. */
static Datum
add_row(FunctionCallInfo fcinfo, DtcRankKind kind, int groups, uint64_t weight)
{
	MemoryContext context = dtsen_rank_aggregate_context(fcinfo);
	bool ignored = PG_ARGISNULL(1) || (PG_NARGS() > 2 && PG_ARGISNULL(2));
	uint64_t score = ignored ? 0 : dtc_rank_key(PG_GETARG_FLOAT8(1));
	DtRankState *state;

	groups = groups_argument(fcinfo, groups);
	if (!ignored && !PG_ARGISNULL(0) &&
		dtsen_rank_add_later(fcinfo, context, kind, groups, score, weight))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	state = state_argument(fcinfo, context, kind, groups);
	if (state->head.groups != groups)
		dtsen_rank_groups_differ();
	if (ignored)
		state->head.ignored++;
	else
		dtsen_rank_add_entry(state, score, weight);
	return EOHPGetRWDatum(&state->header);
}

static Datum
add_integer(FunctionCallInfo fcinfo, int groups, int64 weight)
{
	if (weight < 0 && !PG_ARGISNULL(1))
		dtsen_rank_weight_negative();
	return add_row(fcinfo, DTC_RANK_INTEGER, groups, (uint64_t) weight);
}

static Datum
add_int2(FunctionCallInfo fcinfo, int groups)
{
	return add_integer(fcinfo, groups,
					   PG_ARGISNULL(2) ? 0 : PG_GETARG_INT16(2));
}

static Datum
add_int4(FunctionCallInfo fcinfo, int groups)
{
	return add_integer(fcinfo, groups,
					   PG_ARGISNULL(2) ? 0 : PG_GETARG_INT32(2));
}

static Datum
add_int8(FunctionCallInfo fcinfo, int groups)
{
	return add_integer(fcinfo, groups,
					   PG_ARGISNULL(2) ? 0 : PG_GETARG_INT64(2));
}

static Datum
add_float8(FunctionCallInfo fcinfo, int groups)
{
	double weight = PG_ARGISNULL(2) ? 0 : PG_GETARG_FLOAT8(2);

	if (PG_ARGISNULL(1))
		weight = 0;
	if (!isfinite(weight))
		dtsen_rank_weight_not_finite();
	if (weight < 0)
		dtsen_rank_weight_negative();
	return add_row(fcinfo, DTC_RANK_FLOAT, groups,
				   dtc_rank_weight_bits(weight));
}

/*
 * Transition functions of rank_state(score [, weight]) and, with a number of
 * groups (10, or the last argument), of desil_cuts.
 *
 * score: any float8; NULL, or a NULL weight: the row is counted as ignored.
 * weight: integer or finite, >= 0, else 22023; 1 if there is none.
 * 22003: integer weights add up to more than a bigint. 22004, 22023: groups
 * is NULL, out of 2 to 10,000, or not the same in every row.
 */
Datum
dtsen__rank_add(PG_FUNCTION_ARGS)
{
	return add_row(fcinfo, DTC_RANK_INTEGER, STATE_GROUPS, 1);
}

Datum
dtsen__rank_add_int2(PG_FUNCTION_ARGS)
{
	return add_int2(fcinfo, STATE_GROUPS);
}

Datum
dtsen__rank_add_int4(PG_FUNCTION_ARGS)
{
	return add_int4(fcinfo, STATE_GROUPS);
}

Datum
dtsen__rank_add_int8(PG_FUNCTION_ARGS)
{
	return add_int8(fcinfo, STATE_GROUPS);
}

Datum
dtsen__rank_add_float8(PG_FUNCTION_ARGS)
{
	return add_float8(fcinfo, STATE_GROUPS);
}

Datum
dtsen__desil_add(PG_FUNCTION_ARGS)
{
	return add_row(fcinfo, DTC_RANK_INTEGER, DECILES, 1);
}

Datum
dtsen__desil_add_int2(PG_FUNCTION_ARGS)
{
	return add_int2(fcinfo, DECILES);
}

Datum
dtsen__desil_add_int4(PG_FUNCTION_ARGS)
{
	return add_int4(fcinfo, DECILES);
}

Datum
dtsen__desil_add_int8(PG_FUNCTION_ARGS)
{
	return add_int8(fcinfo, DECILES);
}

Datum
dtsen__desil_add_float8(PG_FUNCTION_ARGS)
{
	return add_float8(fcinfo, DECILES);
}

/*
 * Merges argument 1 into argument 0: combine function of all, and transition
 * function of rank_state_merge(). NULL is no state. Errors of
 * dtsen_rank_add_view().
 */
Datum
dtsen__rank_combine(PG_FUNCTION_ARGS)
{
	DtRankState *state;
	DtRankView other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	dtsen_rank_view(PG_GETARG_DATUM(1), &other);
	state = state_argument(fcinfo, dtsen_rank_aggregate_context(fcinfo),
						   other.head->kind, other.head->groups);
	dtsen_rank_add_view(state, &other);
	return EOHPGetRWDatum(&state->header);
}

/* ---------- what a state says ---------- */

static void
check_status(DtcRankStatus status)
{
	if (status == DTC_RANK_OVERFLOW)
		dtsen_rank_sum_out_of_range(true);
	if (status != DTC_RANK_OK)
		dtsen_rank_corrupt();
}

/*
 * The cuts of a state as an array, NULL without weight. groups: 0 = as many as
 * the state says. Rows that no run holds yet need none for it.
 */
static Datum
cuts_datum(FunctionCallInfo fcinfo, int groups)
{
	DtRankState *state = dtsen_rank_expanded(PG_GETARG_DATUM(0));
	bool has_rows = state != NULL && state->run == NULL &&
					state->head.kind == DTC_RANK_INTEGER;
	DtRankView view = {0};
	double *cuts;
	Datum *elements;
	DtcRankStatus status;

	if (has_rows)
		view.head = &state->head;
	else
		dtsen_rank_view(PG_GETARG_DATUM(0), &view);
	if (groups == STATE_GROUPS)
		groups = dtsen_rank_checked_groups(view.head->groups);
	cuts = palloc(sizeof(double) * (groups - 1));
	elements = palloc(sizeof(Datum) * (groups - 1));
	if (has_rows)
		status = dtc_rank_cuts_of_rows(state->added, state->added_count,
									   groups, cuts, dtsen_rank_yield);
	else
		status = dtc_rank_cuts(view.head->kind, view.run, view.run_length,
							   groups, cuts, dtsen_rank_yield);
	if (status == DTC_RANK_EMPTY)
		PG_RETURN_NULL();
	check_status(status);
	for (int i = 0; i < groups - 1; i++)
		elements[i] = Float8GetDatum(cuts[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, groups - 1, FLOAT8OID,
										  sizeof(float8), FLOAT8PASSBYVAL,
										  TYPALIGN_DOUBLE));
}

/* Final function of desil_cuts: the state knows the number of groups. */
Datum
dtsen__desil_cuts_final(PG_FUNCTION_ARGS)
{
	return cuts_datum(fcinfo, STATE_GROUPS);
}

/*
 * rank_cuts(state, groups) -> float8[]: the groups - 1 cuts by rule A.
 * NULL if the weights add up to 0; 22023 unless groups is 2 to 10,000; 22003 if
 * float weights add up to no finite number.
 */
Datum
dtsen_rank_cuts(PG_FUNCTION_ARGS)
{
	return cuts_datum(fcinfo, dtsen_rank_checked_groups(PG_GETARG_INT32(1)));
}

/*
 * rank_total(state) -> numeric: sum of the weights; of float weights the
 * double nearest to the exact sum (22003 if that is infinite).
 */
Datum
dtsen_rank_total(PG_FUNCTION_ARGS)
{
	char number[DOUBLE_SHORTEST_DECIMAL_LEN];
	DtRankView view;
	double total;

	dtsen_rank_view(PG_GETARG_DATUM(0), &view);
	if (view.head->kind == DTC_RANK_INTEGER)
		PG_RETURN_NUMERIC(int64_to_numeric(view.head->total));
	check_status(
		dtc_rank_total(view.run, view.run_length, &total, dtsen_rank_yield));
	double_to_shortest_decimal_buf(total, number);
	PG_RETURN_DATUM(DirectFunctionCall3(numeric_in, CStringGetDatum(number),
										ObjectIdGetDatum(InvalidOid),
										Int32GetDatum(-1)));
}

/* rank_count(state) -> bigint: rows that are ranked. */
Datum
dtsen_rank_count(PG_FUNCTION_ARGS)
{
	DtRankView view;

	dtsen_rank_view(PG_GETARG_DATUM(0), &view);
	PG_RETURN_INT64(view.head->rows);
}

/* rank_ignored(state) -> bigint: rows whose score or weight is NULL. */
Datum
dtsen_rank_ignored(PG_FUNCTION_ARGS)
{
	DtRankView view;

	dtsen_rank_view(PG_GETARG_DATUM(0), &view);
	PG_RETURN_INT64(view.head->ignored);
}

/*
 * rank_of(state, score) -> float8 in [0,1]: B(x) / W, the share of the weight
 * that lies below the score; NULL without weight. The sums are exact, the
 * quotient is rounded. 22003 as rank_cuts().
 */
Datum
dtsen_rank_of(PG_FUNCTION_ARGS)
{
	DtRankView view;
	double below;
	double total;
	DtcRankStatus status;

	dtsen_rank_view(PG_GETARG_DATUM(0), &view);
	status = dtc_rank_below(view.head->kind, view.run, view.run_length,
							dtc_rank_key(PG_GETARG_FLOAT8(1)), &below, &total,
							dtsen_rank_yield);
	if (status == DTC_RANK_EMPTY)
		PG_RETURN_NULL();
	check_status(status);
	PG_RETURN_FLOAT8(below / total);
}

/*
 * rank_error(state) -> float8: a bound of the error of rank_of() and of the
 * cuts, as a share of the weight. A rank_state holds every score: 0.
 */
Datum
dtsen_rank_error(PG_FUNCTION_ARGS)
{
	DtRankView view;

	dtsen_rank_view(PG_GETARG_DATUM(0), &view);
	PG_RETURN_FLOAT8(0);
}
