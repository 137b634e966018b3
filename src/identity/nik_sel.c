/*
 * nik_sel.c
 *		How many rows are within some edits of a NIK.
 *
 * Common values that are near are counted one by one; how many of the others are
 * says a model of how numbers are given (nik_model.c), fitted to the histogram.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#include "compat.h"
#include "core/nik.h"
#include "guc.h"
#include "identity/identity.h"
#include "identity/nik_model.h"

DTSEN_FUNCTION(dtsen__nik_similar_sel);
DTSEN_FUNCTION(dtsen__nik_similar_joinsel);
DTSEN_FUNCTION(dtsen__nik_ball_sel);

#define SAMPLE_MAX 25 /* values of the other side that a join looks at */
/* share of rows when nothing is known of them: a few per exact match */
#define UNKNOWN_NEIGHBOURS 4.0

/* Share of rows whose value is in the list of most common ones, near nik. */
static double
common_share(const AttStatsSlot *common, int64 nik, int k)
{
	double sum = 0;

	for (int i = 0; i < common->nvalues; i++)
	{
		int64 value = DatumGetNik(common->values[i]);

		if (value != nik && dtc_nik_within(value, nik, k))
			sum += common->numbers[i];
	}
	return sum;
}

/* The statistics of a column that the estimate needs. */
typedef struct NikStats
{
	AttStatsSlot common;
	AttStatsSlot histogram;
	NikModel model;
	double present; /* share of rows that are not null */
	bool known;     /* there are statistics */
	bool modeled;   /* among them a histogram */
} NikStats;

static void
load_stats(VariableStatData *vardata, NikStats *stats)
{
	double share;

	memset(stats, 0, sizeof(*stats));
	stats->present = 1;
	if (!HeapTupleIsValid(vardata->statsTuple) ||
		!statistic_proc_security_check(vardata, F_INT8EQ))
		return;
	stats->known = true;
	stats->present =
		1.0 -
		((Form_pg_statistic) GETSTRUCT(vardata->statsTuple))->stanullfrac;
	share = stats->present;
	if (get_attstatsslot(&stats->common, vardata->statsTuple,
						 STATISTIC_KIND_MCV, InvalidOid,
						 ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
	{
		for (int i = 0; i < stats->common.nvalues; i++)
			share -= stats->common.numbers[i];
	}
	if (get_attstatsslot(&stats->histogram, vardata->statsTuple,
						 STATISTIC_KIND_HISTOGRAM, InvalidOid,
						 ATTSTATSSLOT_VALUES) &&
		stats->histogram.nvalues > 1)
	{
		dtsen_nik_fit(&stats->model, stats->histogram.values,
					  stats->histogram.nvalues, Max(share, 0));
		stats->modeled = true;
	}
}

static void
free_stats(NikStats *stats)
{
	free_attstatsslot(&stats->common);
	free_attstatsslot(&stats->histogram);
}

/* Share of rows near a value, those that equal it left out. */
static double
near_share(const NikStats *stats, int64 nik, int k)
{
	double sum = common_share(&stats->common, nik, k);

	if (stats->modeled)
		sum += dtsen_nik_neighbour_share(&stats->model, nik, k);
	return sum;
}

/*
 * The average of near_share() over the values of another column, or of the
 * column itself: what a value that is not known yet will find.
 */
static double
average_near(const NikStats *stats, const NikStats *values, int k)
{
	int count = values->histogram.nvalues;
	int step = Max(count / SAMPLE_MAX, 1);
	int used = 0;
	double sum = 0;

	for (int i = step / 2; i < count; i += step, used++)
		sum += near_share(stats, DatumGetNik(values->histogram.values[i]), k);
	return used > 0 ? sum / used : 0;
}

/* Share of rows of one column near a constant or unknown value. */
static double
restriction_selectivity_of(PlannerInfo *root, List *args, int k, int varRelid)
{
	VariableStatData vardata;
	NikStats stats;
	Node *other;
	bool on_left;
	bool is_default;
	double distinct;
	double result;

	if (!get_restriction_variable(root, args, varRelid, &vardata, &other,
								  &on_left))
		return DEFAULT_EQ_SEL;
	if (IsA(other, Const) && ((Const *) other)->constisnull)
	{
		ReleaseVariableStats(vardata);
		return 0;
	}
	load_stats(&vardata, &stats);
	distinct = get_variable_numdistinct(&vardata, &is_default);
	if (IsA(other, Const))
	{
		Oid equality = dtsen_identity_equality(getBaseType(exprType(other)));

		result =
			var_eq_const(&vardata, equality, InvalidOid,
						 ((Const *) other)->constvalue, false, on_left, false);
		if (stats.known)
			result += near_share(
				&stats, DatumGetNik(((Const *) other)->constvalue), k);
	}
	else
	{
		result = stats.present / Max(distinct, 1);
		if (stats.known)
			result += average_near(&stats, &stats, k);
	}
	if (!stats.known)
		result += UNKNOWN_NEIGHBOURS * k / Max(distinct, 1);
	free_stats(&stats);
	ReleaseVariableStats(vardata);
	return result;
}

/* Share of pairs of rows of two columns that are near, or of outer rows. */
static double
join_selectivity_of(PlannerInfo *root, List *args, int k,
					SpecialJoinInfo *sjinfo)
{
	VariableStatData left;
	VariableStatData right;
	NikStats left_stats;
	NikStats right_stats;
	bool reversed;
	bool is_default;
	double distinct;
	double result;

	get_join_variables(root, args, sjinfo, &left, &right, &reversed);
	load_stats(&left, &left_stats);
	load_stats(&right, &right_stats);
	distinct = Max(get_variable_numdistinct(&left, &is_default),
				   get_variable_numdistinct(&right, &is_default));
	result = left_stats.present / Max(distinct, 1);
	if (left_stats.known && right_stats.known)
		result += average_near(&left_stats, &right_stats, k);
	else
		result += UNKNOWN_NEIGHBOURS * k / Max(distinct, 1);
	result *= right_stats.present;
	result = dtsen_identity_join_share(result, sjinfo,
									   reversed ? left.rel : right.rel);
	result = Min(result, reversed ? right_stats.present : left_stats.present);
	free_stats(&left_stats);
	free_stats(&right_stats);
	ReleaseVariableStats(left);
	ReleaseVariableStats(right);
	return result;
}

/*
 * Share of rows, or of pairs of rows, whose two arguments are within k edits.
 *
 * args: two expressions of nik; k: below 0 for not known when planning, which
 * is taken for 1; is_join, varRelid, sjinfo: as the planner gives them.
 */
double
dtsen_nik_selectivity(PlannerInfo *root, List *args, int k, bool is_join,
					  int varRelid, SpecialJoinInfo *sjinfo)
{
	double result;

	if (k < 0)
		k = 1;
	if (is_join)
		result = join_selectivity_of(root, args, k, sjinfo);
	else
		result = restriction_selectivity_of(root, args, k, varRelid);
	CLAMP_PROBABILITY(result);
	return result;
}

/* _nik_similar_sel(internal, oid, internal, int) -> float8: of %. */
Datum
dtsen__nik_similar_sel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(dtsen_nik_selectivity(
		(PlannerInfo *) PG_GETARG_POINTER(0), (List *) PG_GETARG_POINTER(2),
		dtsen_nik_max_distance, false, PG_GETARG_INT32(3), NULL));
}

/*
 * _nik_similar_joinsel(internal, oid, internal, int2, internal) -> float8: of
 * %.
 */
Datum
dtsen__nik_similar_joinsel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(dtsen_nik_selectivity(
		(PlannerInfo *) PG_GETARG_POINTER(0), (List *) PG_GETARG_POINTER(2),
		dtsen_nik_max_distance, true, 0,
		(SpecialJoinInfo *) PG_GETARG_POINTER(4)));
}

/*
 * _nik_ball_sel(internal, oid, internal, int) -> float8: of nik <@ ball, as
 * index conditions have it. The ball is a call there: what it is made of is
 * what the estimate is about.
 */
Datum
dtsen__nik_ball_sel(PG_FUNCTION_ARGS)
{
	List *args = (List *) PG_GETARG_POINTER(2);
	FuncExpr *ball = (FuncExpr *) lsecond(args);
	int k = dtsen_nik_max_distance;

	/* anybody may write a function that returns a ball */
	if (!IsA(ball, FuncExpr) || ball->args == NIL ||
		getBaseType(exprType(linitial(ball->args))) !=
			getBaseType(exprType(linitial(args))))
		PG_RETURN_FLOAT8(DEFAULT_EQ_SEL);
	if (list_length(ball->args) > 1)
	{
		Const *radius = (Const *) lsecond(ball->args);

		k = IsA(radius, Const) && radius->consttype == INT4OID &&
					!radius->constisnull
				? DatumGetInt32(radius->constvalue)
				: 1;
	}
	PG_RETURN_FLOAT8(
		dtsen_nik_selectivity((PlannerInfo *) PG_GETARG_POINTER(0),
							  list_make2(linitial(args), linitial(ball->args)),
							  k, false, PG_GETARG_INT32(3), NULL));
}
