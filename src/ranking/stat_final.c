/*
 * stat_final.c
 *		Final functions whose result is a number or an array of numbers.
 *
 * All parameters come from the state. No rows, no weight, or nothing to share
 * out: NULL.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "fmgr.h"
#include "utils/array.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/rank_state.h"
#include "ranking/stat_state.h"

#define LORENZ_POINTS 10 /* what parameters are if there are none */
#define RISK_SHARE 0.6
#define CGH_SHARE 0.4
#define PALMA_TOP 0.9
#define PALMA_BOTTOM 0.4

DTSEN_FUNCTION(dtsen__stat_percentile_disc);
DTSEN_FUNCTION(dtsen__stat_percentiles_disc);
DTSEN_FUNCTION(dtsen__stat_percentile_cont);
DTSEN_FUNCTION(dtsen__stat_percentiles_cont);
DTSEN_FUNCTION(dtsen__stat_median);
DTSEN_FUNCTION(dtsen__stat_lorenz);
DTSEN_FUNCTION(dtsen__stat_gini);
DTSEN_FUNCTION(dtsen__stat_theil_t);
DTSEN_FUNCTION(dtsen__stat_theil_l);
DTSEN_FUNCTION(dtsen__stat_entropy);
DTSEN_FUNCTION(dtsen__stat_atkinson);
DTSEN_FUNCTION(dtsen__stat_palma);
DTSEN_FUNCTION(dtsen__stat_quintile_ratio);
DTSEN_FUNCTION(dtsen__stat_share_between);
DTSEN_FUNCTION(dtsen__stat_risk_of_poverty);
DTSEN_FUNCTION(dtsen__stat_fgt);
DTSEN_FUNCTION(dtsen__stat_watts);
DTSEN_FUNCTION(dtsen__stat_concentration);
DTSEN_FUNCTION(dtsen__stat_concentration_curve);
DTSEN_FUNCTION(dtsen__stat_cgh);
DTSEN_FUNCTION(dtsen_gini_grouped);

/* ---------- errors ---------- */

/*
 * Turns the status of src/core into an error: false for "nothing to compute",
 * which is NULL.
 */
bool
dtsen_stat_status(DtcRankStatus status)
{
	if (status == DTC_RANK_OVERFLOW)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("statistic is out of range"),
						errdetail("A sum or the result is no finite number "
								  "of double precision."),
						errhint("Divide all scores by the same number.")));
	if (status == DTC_RANK_CORRUPT)
		dtsen_stat_corrupt();
	return status == DTC_RANK_OK;
}

/* The settled state of a final function, which must be of its shape. */
DtStatState *
dtsen_stat_argument(Datum datum, DtStatShape shape)
{
	DtStatState *state = dtsen_stat_readable(datum);

	if (state->head.shape != shape)
		dtsen_stat_corrupt();
	return state;
}

/* A parameter, counted from 0. */
double
dtsen_stat_param(const DtStatHead *head, int number)
{
	if (number >= head->param_count)
		dtsen_stat_corrupt();
	return head->param[number];
}

static void
refuse_scores(int64 rows, const char *what)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		 errmsg("scores must be %s", dtsen_gettext(what)),
		 errdetail_plural("%lld row has another score.",
						  "%lld rows have another score.",
						  (unsigned long) rows, (long long) rows),
		 errhint(
			 "Leave these rows out with FILTER or WHERE, or correct them.")));
}

/* 22023, with their number, if rows have scores that are not allowed. */
void
dtsen_stat_check_scores(const DtStatHead *head, bool allow_negative,
						bool allow_zero)
{
	if (head->not_finite > 0)
		refuse_scores(head->not_finite, gettext_noop("finite numbers"));
	if (!allow_zero && head->negative + head->zero > 0)
		refuse_scores(head->negative + head->zero, gettext_noop("positive"));
	if (!allow_negative && head->negative > 0)
		refuse_scores(head->negative, gettext_noop("positive or zero"));
}

static double
checked_range(double value, double least, double most, const char *name)
{
	if (!(value >= least && value <= most))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be between %g and %g", name, least, most),
				 errhint("A half is 0.5, not 50.")));
	return value;
}

static int
checked_points(double points)
{
	if (!(points >= 1 && points <= DTSEN_STAT_MAX_PARAMS))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("number of points must be between 1 and %d",
							   DTSEN_STAT_MAX_PARAMS),
						errhint("Ten points are deciles.")));
	return (int) points;
}

/* ---------- results ---------- */

static Datum
number_result(FunctionCallInfo fcinfo, DtcRankStatus status,
			  const double *value)
{
	if (!dtsen_stat_status(status))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(*value);
}

static Datum
array_result(FunctionCallInfo fcinfo, DtcRankStatus status,
			 const double *values, int count)
{
	Datum *elements;

	if (!dtsen_stat_status(status))
		PG_RETURN_NULL();
	elements = palloc(sizeof(Datum) * Max(count, 1));
	for (int i = 0; i < count; i++)
		elements[i] = Float8GetDatum(values[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, count, FLOAT8OID,
										  sizeof(float8), FLOAT8PASSBYVAL,
										  TYPALIGN_DOUBLE));
}

static DtStatState *
state_argument(FunctionCallInfo fcinfo, DtStatShape shape)
{
	return dtsen_stat_argument(PG_GETARG_DATUM(0), shape);
}

/* The first parameter, or what it is where the aggregate has none. */
static double
param_or(const DtStatState *state, double otherwise)
{
	return state->head.param_count > 0 ? dtsen_stat_param(&state->head, 0)
									   : otherwise;
}

/* The run of a state whose scores are all allowed. */
static DtcStatRun
checked_run(FunctionCallInfo fcinfo, bool allow_negative, bool allow_zero)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);

	dtsen_stat_check_scores(&state->head, allow_negative, allow_zero);
	return dtsen_stat_run(&state->part[0]);
}

/* ---------- percentiles ---------- */

/*
 * The shortest decimal that is this double: what the user has written. 22023
 * unless it is from 0 to 1.
 */
static DtcFraction
decimal_fraction(double value)
{
	char decimal[DOUBLE_SHORTEST_DECIMAL_LEN];
	DtcFraction fraction = {0, 0};
	bool after_point = false;
	const char *at = decimal;

	checked_range(value, 0, 1, "fraction");
	double_to_shortest_decimal_buf(value, decimal);
	for (; *at != '\0' && *at != 'e'; at++)
	{
		if (*at == '.')
			after_point = true;
		else
		{
			fraction.digits = fraction.digits * 10 + (*at - '0');
			fraction.places += after_point;
		}
	}
	if (*at == 'e')
		fraction.places -= atoi(at + 1);
	return fraction;
}

static int
compare_params(const void *a, const void *b, void *params)
{
	double x = ((double *) params)[*(const int *) a];
	double y = ((double *) params)[*(const int *) b];

	return x < y ? -1 : x > y;
}

/* weighted_percentile_disc(score, weight, fraction) */
Datum
dtsen__stat_percentile_disc(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	DtcFraction fraction = decimal_fraction(dtsen_stat_param(&state->head, 0));
	double score = 0;

	return number_result(
		fcinfo,
		dtc_stat_percentile_disc(&run, &fraction, &score, dtsen_rank_yield),
		&score);
}

/* weighted_percentile_disc(score, weight, fractions): in the given order. */
Datum
dtsen__stat_percentiles_disc(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	int count = state->head.param_count;
	int *order = palloc(sizeof(int) * Max(count, 1));
	DtcFraction *fractions = palloc(sizeof(DtcFraction) * Max(count, 1));
	double *ascending = palloc(sizeof(double) * Max(count, 1));
	double *scores = palloc(sizeof(double) * Max(count, 1));
	DtcRankStatus status = DTC_RANK_OK;

	for (int i = 0; i < count; i++)
	{
		order[i] = i;
		(void) decimal_fraction(state->head.param[i]);
	}
	qsort_arg(order, count, sizeof(int), compare_params, state->head.param);
	for (int i = 0; i < count; i++)
		fractions[i] = decimal_fraction(state->head.param[order[i]]);
	if (count > 0)
		status = dtc_stat_percentiles(&run, fractions, count, ascending,
									  dtsen_rank_yield);
	for (int i = 0; status == DTC_RANK_OK && i < count; i++)
		scores[order[i]] = ascending[i];
	return array_result(fcinfo, status, scores, count);
}

/* The weights of a state must add up to 1 or more for percentile_cont. */
static DtcRankStatus
percentile_cont(DtStatState *state, double fraction, double *score)
{
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	DtcFraction decimal = decimal_fraction(fraction);
	DtcRankStatus status =
		dtc_stat_percentile_cont(&run, &decimal, score, dtsen_rank_yield);
	DtcStatTotals totals;

	if (status == DTC_RANK_EMPTY &&
		dtc_stat_totals(&run, &totals, dtsen_rank_yield) != DTC_RANK_EMPTY)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("weights must add up to 1 at least"),
						errdetail("A continuous percentile lies between two "
								  "persons, whom the weights count."),
						errhint("Multiply all weights by the same number, or "
								"use weighted_percentile_disc().")));
	return status;
}

/* weighted_percentile_cont(score, weight, fraction) */
Datum
dtsen__stat_percentile_cont(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	double score = 0;

	return number_result(
		fcinfo,
		percentile_cont(state, dtsen_stat_param(&state->head, 0), &score),
		&score);
}

/* weighted_percentile_cont(score, weight, fractions) */
Datum
dtsen__stat_percentiles_cont(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	int count = state->head.param_count;
	double *scores = palloc(sizeof(double) * Max(count, 1));
	DtcRankStatus status = DTC_RANK_OK;

	for (int i = 0; status == DTC_RANK_OK && i < count; i++)
		status = percentile_cont(state, state->head.param[i], &scores[i]);
	return array_result(fcinfo, status, scores, count);
}

/* weighted_median(score, weight) */
Datum
dtsen__stat_median(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = dtsen_stat_run(&state->part[0]);
	double median = 0;

	return number_result(
		fcinfo, dtc_stat_median(&run, &median, dtsen_rank_yield), &median);
}

/* ---------- shares ---------- */

static double *
points_up_to(int count)
{
	double *points = palloc(sizeof(double) * count);

	for (int i = 0; i < count; i++)
		points[i] = i + 1;
	return points;
}

/* lorenz(score, weight, points): L(k / points) for k = 1 to points. */
Datum
dtsen__stat_lorenz(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = checked_run(fcinfo, false, true);
	int count = checked_points(param_or(state, LORENZ_POINTS));
	double *points = points_up_to(count);

	return array_result(
		fcinfo,
		dtc_stat_lorenz(&run, points, count, count, points, dtsen_rank_yield),
		points, count);
}

/* palma(score, weight): share of the richest tenth by that of the poorest 40 % */
Datum
dtsen__stat_palma(PG_FUNCTION_ARGS)
{
	DtcStatRun run = checked_run(fcinfo, false, true);
	double at[2] = {PALMA_BOTTOM, PALMA_TOP};
	DtcRankStatus status =
		dtc_stat_lorenz(&run, at, 2, 1, at, dtsen_rank_yield);

	if (status == DTC_RANK_OK && at[0] == 0)
		status = DTC_RANK_EMPTY;
	at[1] = (1 - at[1]) / at[0];
	return number_result(fcinfo, status, &at[1]);
}

/* quintile_share_ratio(score, weight) */
Datum
dtsen__stat_quintile_ratio(PG_FUNCTION_ARGS)
{
	DtcStatRun run = checked_run(fcinfo, false, true);
	double ratio = 0;

	return number_result(
		fcinfo, dtc_stat_quintile_ratio(&run, &ratio, dtsen_rank_yield),
		&ratio);
}

/* share_between(score, weight, lo, hi): L(hi) - L(lo) */
Datum
dtsen__stat_share_between(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = checked_run(fcinfo, false, true);
	DtcRankStatus status;
	double at[2];

	at[0] = checked_range(dtsen_stat_param(&state->head, 0), 0, 1,
						  "lower fraction");
	at[1] = checked_range(dtsen_stat_param(&state->head, 1), at[0], 1,
						  "upper fraction");
	status = dtc_stat_lorenz(&run, at, 2, 1, at, dtsen_rank_yield);
	at[1] -= at[0];
	return number_result(fcinfo, status, &at[1]);
}

/* ---------- inequality ---------- */

/* gini(score, weight) */
Datum
dtsen__stat_gini(PG_FUNCTION_ARGS)
{
	DtcStatRun run = checked_run(fcinfo, false, true);
	double gini = 0;

	return number_result(fcinfo, dtc_stat_gini(&run, &gini, dtsen_rank_yield),
						 &gini);
}

static Datum
entropy_result(FunctionCallInfo fcinfo, double alpha)
{
	DtcStatRun run = checked_run(fcinfo, false, alpha > 0 && alpha != 1);
	double entropy = 0;

	return number_result(
		fcinfo, dtc_stat_entropy(&run, alpha, &entropy, dtsen_rank_yield),
		&entropy);
}

/* theil_t(score, weight): generalised entropy with alpha 1 */
Datum
dtsen__stat_theil_t(PG_FUNCTION_ARGS)
{
	return entropy_result(fcinfo, 1);
}

/* theil_l(score, weight): generalised entropy with alpha 0 */
Datum
dtsen__stat_theil_l(PG_FUNCTION_ARGS)
{
	return entropy_result(fcinfo, 0);
}

/* generalized_entropy(score, weight, alpha) */
Datum
dtsen__stat_entropy(PG_FUNCTION_ARGS)
{
	double alpha =
		dtsen_stat_param(&state_argument(fcinfo, STAT_SCORES)->head, 0);

	if (!isfinite(alpha))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("alpha must be a finite number"),
						errhint("0 is theil_l, 1 theil_t; others weigh the "
								"poor or the rich more.")));
	return entropy_result(fcinfo, alpha);
}

/* atkinson(score, weight, epsilon) */
Datum
dtsen__stat_atkinson(PG_FUNCTION_ARGS)
{
	double epsilon =
		dtsen_stat_param(&state_argument(fcinfo, STAT_SCORES)->head, 0);
	double atkinson = 0;
	DtcStatRun run;

	if (!isfinite(epsilon) || epsilon <= 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("epsilon must be a positive, finite number"),
						errhint("Usual are 0.5, 1 and 2.")));
	run = checked_run(fcinfo, false, epsilon < 1);
	return number_result(
		fcinfo, dtc_stat_atkinson(&run, epsilon, &atkinson, dtsen_rank_yield),
		&atkinson);
}

/* gini_grouped(p, share) -> float8: Gini of points of a Lorenz curve */
Datum
dtsen_gini_grouped(PG_FUNCTION_ARGS)
{
	ArrayType *array[2] = {PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(1)};
	const double *value[2];
	int count[2];

	for (int which = 0; which < 2; which++)
	{
		if (ARR_NDIM(array[which]) != 1)
			ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
							errmsg("points must be an array of one dimension"),
							errhint("Write them as '{0.25,0.5,1}'.")));
		if (array_contains_nulls(array[which]))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("points must not contain nulls"),
							errhint("Leave the nulls out, in both arrays.")));
		/* without nulls the elements lie one after the other */
		value[which] = dtsen_rank_elements(array[which]);
		count[which] = ARR_DIMS(array[which])[0];
		for (int i = 0; i < count[which]; i++)
		{
			dtsen_rank_yield();
			if (!(value[which][i] >= (i == 0 ? 0 : value[which][i - 1])) ||
				value[which][i] > 1)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("cumulative shares must ascend from 0 to 1"),
						 errdetail("Element %d of argument %d does not.",
								   i + 1, which + 1),
						 errhint("Add up the shares from the poorest group to "
								 "the richest.")));
		}
		if (value[which][count[which] - 1] != 1)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("the last cumulative share must be 1"),
							errhint("Add up the shares from the poorest group "
									"to the richest.")));
	}
	if (count[0] != count[1])
		ereport(
			ERROR,
			(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
			 errmsg("arrays must be of the same length"),
			 errhint(
				 "Give for each share of the persons that of their income.")));
	PG_RETURN_FLOAT8(
		dtc_stat_gini_grouped(value[0], value[1], count[0], dtsen_rank_yield));
}

/* ---------- poverty ---------- */

/* at_risk_of_poverty(score, weight, share of the median) */
Datum
dtsen__stat_risk_of_poverty(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_SCORES);
	DtcStatRun run = checked_run(fcinfo, true, true);
	double share = param_or(state, RISK_SHARE);
	double median = 0;
	double below = 0;
	DtcRankStatus status = dtc_stat_median(&run, &median, dtsen_rank_yield);

	if (!isfinite(share) || share <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("share of the median must be a positive, finite "
						"number"),
				 errhint("The usual share is 0.6.")));
	if (status == DTC_RANK_OK)
		status =
			dtc_stat_below(&run, share * median, &below, dtsen_rank_yield);
	return number_result(fcinfo, status, &below);
}

/* fgt(score, weight, line, alpha) */
Datum
dtsen__stat_fgt(PG_FUNCTION_ARGS)
{
	double alpha =
		dtsen_stat_param(&state_argument(fcinfo, STAT_SCORES)->head, 0);
	DtcStatRun run = checked_run(fcinfo, true, true);
	double fgt = 0;

	if (!isfinite(alpha) || alpha < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("alpha must be a finite number, not "
							   "negative"),
						errhint("0 is the headcount, 1 the gap, 2 the "
								"severity of poverty.")));
	return number_result(
		fcinfo, dtc_stat_fgt(&run, alpha, &fgt, dtsen_rank_yield), &fgt);
}

/* watts(score, weight, line) */
Datum
dtsen__stat_watts(PG_FUNCTION_ARGS)
{
	DtcStatRun run = checked_run(fcinfo, false, false);
	DtcStatReader reader;
	DtcStatPoint least;
	double watts = 0;

	dtc_stat_read(&reader, &run, dtsen_rank_yield);
	if (dtc_stat_next(&reader, &least) > 0 && least.score >= 0 &&
		least.score < DBL_MIN)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("score is too small beside the poverty line"),
				 errdetail("The logarithm of their ratio cannot be computed."),
				 errhint("Look for scores or lines of another unit, and "
						 "correct them or leave them out.")));
	return number_result(
		fcinfo, dtc_stat_watts(&run, &watts, dtsen_rank_yield), &watts);
}

/* ---------- benefits ---------- */

static DtcStatIncome
income_of(DtStatState *state)
{
	DtcStatIncome income;

	dtsen_stat_check_scores(&state->head, true, true);
	income.weights = dtsen_stat_run(&state->part[0]);
	income.benefits = dtsen_stat_run(&state->part[1]);
	return income;
}

/* concentration_index(benefit, score, weight) */
Datum
dtsen__stat_concentration(PG_FUNCTION_ARGS)
{
	DtcStatIncome income = income_of(state_argument(fcinfo, STAT_BENEFIT));
	double index = 0;

	return number_result(
		fcinfo, dtc_stat_concentration(&income, &index, dtsen_rank_yield),
		&index);
}

/* concentration_curve(benefit, score, weight, points) */
Datum
dtsen__stat_concentration_curve(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_BENEFIT);
	DtcStatIncome income = income_of(state);
	int count = checked_points(param_or(state, LORENZ_POINTS));
	double *points = points_up_to(count);

	return array_result(fcinfo,
						dtc_stat_concentration_curve(&income, points, count,
													 count, points,
													 dtsen_rank_yield),
						points, count);
}

/* cgh_index(benefit, score, weight, q): share of the poorest q, over q */
Datum
dtsen__stat_cgh(PG_FUNCTION_ARGS)
{
	DtStatState *state = state_argument(fcinfo, STAT_BENEFIT);
	DtcStatIncome income = income_of(state);
	double q = param_or(state, CGH_SHARE);
	double share = 0;
	DtcRankStatus status;

	if (!(q > 0 && q <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("q must be above 0 and at most 1"),
				 errhint("The usual share is 0.4, the poorest 40 percent.")));
	status = dtc_stat_concentration_curve(&income, &q, 1, 1, &share,
										  dtsen_rank_yield);
	share /= q;
	return number_result(fcinfo, status, &share);
}
