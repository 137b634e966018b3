/*
 * wilayah_support.c
 *		Planner support of "lies in" and "contains" of kode_wilayah.
 *
 * What lies in a region is one range of values, and what a region lies in is
 * a list of at most four. So `code <@ region` is planned as two comparisons
 * and `code @> region` as = ANY: indexes, histograms and partitions of plain
 * btree serve them. A constant or a parameter of a prepared statement is
 * replaced in the condition itself, where partition pruning sees it too; for
 * any other expression only the index condition is made.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#include "compat.h"
#include "core/kode_wilayah.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen__wilayah_contains_support);
DTSEN_FUNCTION(dtsen__wilayah_contained_support);
DTSEN_FUNCTION(dtsen__wilayah_contains_sel);
DTSEN_FUNCTION(dtsen__wilayah_contained_sel);
DTSEN_FUNCTION(dtsen__wilayah_contains_joinsel);
DTSEN_FUNCTION(dtsen__wilayah_contained_joinsel);

/* share of rows for a region that is not known when planning */
#define DEFAULT_WILAYAH_SEL 0.005

/*
 * Regions of each kind of statistics that a join looks at: all that there are
 * by default. Each costs an estimate of its own, which reads all statistics of
 * the other side.
 */
#define SAMPLE_MAX 101

/* The constant of kode_wilayah with a value. */
static Const *
kode_const(const Const *model, int64 value)
{
	return makeConst(model->consttype, -1, InvalidOid, model->constlen,
					 Int64GetDatum(value), false, model->constbyval);
}

/* inner >= outer AND inner <= last of outer, as a list. */
static List *
range_conditions(Node *inner, Node *outer)
{
	Node *last;

	if (IsA(outer, Const))
		last = (Node *) kode_const(
			(Const *) outer,
			dtc_kode_last(DatumGetInt64(((Const *) outer)->constvalue)));
	else
		last = dtsen_identity_call("_wilayah_last",
								   list_make1(copyObject(outer)));
	return list_make2(
		dtsen_identity_bigint_compare(BTGreaterEqualStrategyNumber, inner,
									  outer),
		dtsen_identity_bigint_compare(BTLessEqualStrategyNumber,
									  (Node *) copyObject(inner), last));
}

/* outer = ANY (ancestors of inner). equality: the = of kode_wilayah. */
static Node *
ancestor_condition(Node *outer, Node *inner, Oid equality)
{
	ScalarArrayOpExpr *any = makeNode(ScalarArrayOpExpr);
	Node *array = dtsen_identity_call("wilayah_ancestors", list_make1(inner));

	if (IsA(inner, Const))
		array = eval_const_expressions(NULL, array);
	any->opno = equality;
	any->opfuncid = get_opcode(equality);
	any->useOr = true;
	any->inputcollid = InvalidOid;
	any->args = list_make2(outer, array);
	any->location = -1;
	return (Node *) any;
}

/* Is the expression known before the plan runs, and cheap to repeat? */
static bool
is_known(Node *node)
{
	if (IsA(node, Const))
		return !((Const *) node)->constisnull;
	return IsA(node, Param) && ((Param *) node)->paramkind == PARAM_EXTERN;
}

/* Is the expression a plain column, which costs nothing to read twice? */
static bool
is_column(Node *node)
{
	while (IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	return IsA(node, Var);
}

/* Replaces the condition, or NULL. */
static Node *
simplify_containment(Node *outer, Node *inner)
{
	if (is_known(outer) && is_column(inner))
		return (Node *) make_andclause(range_conditions(inner, outer));
	if (is_known(inner) && !is_known(outer) &&
		OidIsValid(dtsen_identity_equality(getBaseType(exprType(outer)))))
		return ancestor_condition(
			outer, inner,
			dtsen_identity_equality(getBaseType(exprType(outer))));
	return NULL;
}

/*
 * Makes the index condition, or NULL. outer, inner: arguments of the clause;
 * the request says which one is the column.
 */
static List *
index_condition(SupportRequestIndexCondition *request, Node *outer,
				Node *inner, bool column_is_outer)
{
	Node *other = column_is_outer ? inner : outer;
	Oid equality;

	if (request->index->relam != BTREE_AM_OID &&
		request->index->relam != BRIN_AM_OID)
		return NIL;
	if (!is_pseudo_constant_for_index(request->root, other, request->index))
		return NIL;
	if (!column_is_outer)
	{
		if (!op_in_opfamily(Int8LessOperator, request->opfamily))
			return NIL;
		request->lossy = false;
		return range_conditions(inner, outer);
	}
	/* on a later column the planner would take the result for sorted */
	if (request->indexcol != 0 || request->index->relam != BTREE_AM_OID)
		return NIL;
	equality = dtsen_identity_equality(getBaseType(exprType(outer)));
	if (!OidIsValid(equality) || !op_in_opfamily(equality, request->opfamily))
		return NIL;
	request->lossy = false;
	return list_make1(ancestor_condition(outer, inner, equality));
}

/* Answers the requests. outer_arg: which argument contains the other. */
static Datum
containment_support(FunctionCallInfo fcinfo, int outer_arg)
{
	Node *node = (Node *) PG_GETARG_POINTER(0);

	if (IsA(node, SupportRequestSimplify))
	{
		List *args = ((SupportRequestSimplify *) node)->fcall->args;

		if (list_length(args) == 2)
			PG_RETURN_POINTER(simplify_containment(
				list_nth(args, outer_arg), list_nth(args, 1 - outer_arg)));
	}
	else if (IsA(node, SupportRequestIndexCondition))
	{
		SupportRequestIndexCondition *request =
			(SupportRequestIndexCondition *) node;
		List *args = NIL;

		if (is_opclause(request->node))
			args = ((OpExpr *) request->node)->args;
		else if (is_funcclause(request->node))
			args = ((FuncExpr *) request->node)->args;
		if (list_length(args) == 2)
			PG_RETURN_POINTER(index_condition(request,
											  list_nth(args, outer_arg),
											  list_nth(args, 1 - outer_arg),
											  request->indexarg == outer_arg));
	}
	PG_RETURN_POINTER(NULL);
}

/* _wilayah_contains_support(internal) -> internal: of a @> b. */
Datum
dtsen__wilayah_contains_support(PG_FUNCTION_ARGS)
{
	return containment_support(fcinfo, 0);
}

/* _wilayah_contained_support(internal) -> internal: of a <@ b. */
Datum
dtsen__wilayah_contained_support(PG_FUNCTION_ARGS)
{
	return containment_support(fcinfo, 1);
}

/* Share of rows whose column, inner, lies in the region outer. */
static double
inner_selectivity(PlannerInfo *root, Node *inner, Const *outer, int varRelid)
{
	return clauselist_selectivity(root,
								  range_conditions(inner, (Node *) outer),
								  varRelid, JOIN_INNER, NULL);
}

/* Share of rows whose column, outer, is the region inner or contains it. */
static double
outer_selectivity(PlannerInfo *root, Node *outer, Const *inner, int varRelid)
{
	int64 value = DatumGetInt64(inner->constvalue);
	Oid equality = dtsen_identity_equality(getBaseType(exprType(outer)));
	double sum = 0;

	if (!OidIsValid(equality))
		return DEFAULT_WILAYAH_SEL;
	for (int level = dtc_kode_level(value); level > 0; level--)
	{
		Const *ancestor = kode_const(inner, dtc_kode_ancestor(value, level));
		Expr *clause =
			make_opclause(equality, BOOLOID, false, (Expr *) outer,
						  (Expr *) ancestor, InvalidOid, InvalidOid);

		set_opfuncid((OpExpr *) clause);
		sum += clause_selectivity(root, (Node *) clause, varRelid, JOIN_INNER,
								  NULL);
	}
	return sum;
}

/* Restriction estimator. outer_arg: which argument contains the other. */
static Datum
containment_sel(FunctionCallInfo fcinfo, int outer_arg)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	List *args = (List *) PG_GETARG_POINTER(2);
	int varRelid = PG_GETARG_INT32(3);
	VariableStatData vardata;
	Node *other;
	bool on_left;
	double result = DEFAULT_WILAYAH_SEL;

	if (!get_restriction_variable(root, args, varRelid, &vardata, &other,
								  &on_left))
		PG_RETURN_FLOAT8(result);
	if (IsA(other, Const))
	{
		Node *column = list_nth(args, on_left ? 0 : 1);
		bool column_is_outer = outer_arg == (on_left ? 0 : 1);

		if (((Const *) other)->constisnull)
			result = 0;
		else if (column_is_outer)
			result =
				outer_selectivity(root, column, (Const *) other, varRelid);
		else
			result =
				inner_selectivity(root, column, (Const *) other, varRelid);
	}
	ReleaseVariableStats(vardata);
	CLAMP_PROBABILITY(result);
	PG_RETURN_FLOAT8(result);
}

/* _wilayah_contains_sel(internal, oid, internal, int) -> float8. */
Datum
dtsen__wilayah_contains_sel(PG_FUNCTION_ARGS)
{
	return containment_sel(fcinfo, 0);
}

/* _wilayah_contained_sel(internal, oid, internal, int) -> float8. */
Datum
dtsen__wilayah_contained_sel(PG_FUNCTION_ARGS)
{
	return containment_sel(fcinfo, 1);
}

/*
 * The regions that statistics of the containing side name, each with its
 * share, sum up to the average share of the other side that a region holds.
 */
static double
join_selectivity(PlannerInfo *root, Node *inner, VariableStatData *outer)
{
	AttStatsSlot slot;
	double sum = 0;
	double weight = 0;

	if (!HeapTupleIsValid(outer->statsTuple) ||
		!statistic_proc_security_check(outer, F_INT8LT))
		return DEFAULT_WILAYAH_SEL;
	if (get_attstatsslot(&slot, outer->statsTuple, STATISTIC_KIND_MCV,
						 InvalidOid,
						 ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
	{
		/* the most common come first */
		for (int i = 0; i < Min(slot.nvalues, SAMPLE_MAX); i++)
		{
			Const *region = makeConst(getBaseType(outer->atttype), -1,
									  InvalidOid, sizeof(int64),
									  slot.values[i], false, FLOAT8PASSBYVAL);

			sum += slot.numbers[i] * inner_selectivity(root, inner, region, 0);
			weight += slot.numbers[i];
		}
		free_attstatsslot(&slot);
	}
	if (get_attstatsslot(&slot, outer->statsTuple, STATISTIC_KIND_HISTOGRAM,
						 InvalidOid, ATTSTATSSLOT_VALUES))
	{
		int step = (slot.nvalues + SAMPLE_MAX - 1) / SAMPLE_MAX;
		double rest = Max(1.0 - weight, 0.0) * step / Max(slot.nvalues, 1);

		for (int i = step / 2; i < slot.nvalues; i += step)
		{
			Const *region = makeConst(getBaseType(outer->atttype), -1,
									  InvalidOid, sizeof(int64),
									  slot.values[i], false, FLOAT8PASSBYVAL);

			sum += rest * inner_selectivity(root, inner, region, 0);
			weight += rest;
		}
		free_attstatsslot(&slot);
	}
	return weight > 0 ? sum / weight : DEFAULT_WILAYAH_SEL;
}

/* Join estimator. outer_arg: which argument contains the other. */
static Datum
containment_joinsel(FunctionCallInfo fcinfo, int outer_arg)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	List *args = (List *) PG_GETARG_POINTER(2);
	SpecialJoinInfo *sjinfo = (SpecialJoinInfo *) PG_GETARG_POINTER(4);
	VariableStatData left;
	VariableStatData right;
	bool reversed;
	double result;

	get_join_variables(root, args, sjinfo, &left, &right, &reversed);
	result = join_selectivity(root, list_nth(args, 1 - outer_arg),
							  outer_arg == 0 ? &left : &right);
	result = dtsen_identity_join_share(result, sjinfo,
									   reversed ? left.rel : right.rel);
	ReleaseVariableStats(left);
	ReleaseVariableStats(right);
	CLAMP_PROBABILITY(result);
	PG_RETURN_FLOAT8(result);
}

/* _wilayah_contains_joinsel(internal, oid, internal, int2, internal). */
Datum
dtsen__wilayah_contains_joinsel(PG_FUNCTION_ARGS)
{
	return containment_joinsel(fcinfo, 0);
}

/* _wilayah_contained_joinsel(internal, oid, internal, int2, internal). */
Datum
dtsen__wilayah_contained_joinsel(PG_FUNCTION_ARGS)
{
	return containment_joinsel(fcinfo, 1);
}
