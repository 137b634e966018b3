/*
 * range_support.c
 *		Planner support of < <= >= > of nik, nkk and kode_wilayah.
 *
 * The planner estimates a range by interpolating the histogram, and it can do
 * so for built-in types only: on any other type a range that falls within one
 * of the 100 parts of the histogram is estimated at one row. A district of 40
 * thousand persons among 290 million is such a range. So a comparison with a
 * constant becomes the same comparison of bigint, which costs no conversion.
 * The operator families hold bigint's comparisons, so indexes and partitions
 * are found as before.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen__lt_support);
DTSEN_FUNCTION(dtsen__le_support);
DTSEN_FUNCTION(dtsen__ge_support);
DTSEN_FUNCTION(dtsen__gt_support);

/*
 * An expression of one of the types, or of bigint, as bigint at no cost.
 */
static Node *
as_bigint(Node *node)
{
	if (exprType(node) == INT8OID)
		return node;
	if (IsA(node, Const))
	{
		Const *constant = copyObject((Const *) node);

		constant->consttype = INT8OID;
		return (Node *) constant;
	}
	return applyRelabelType(node, INT8OID, -1, InvalidOid,
							COERCE_IMPLICIT_CAST, -1, false);
}

/*
 * The comparison of bigint that btree strategy stands for, applied to two
 * expressions of any of the types.
 */
Node *
dtsen_identity_bigint_compare(int strategy, Node *left, Node *right)
{
	Oid op = Int8LessOperator;
	Expr *clause;

	switch (strategy)
	{
		case BTLessStrategyNumber:
			break;
		case BTLessEqualStrategyNumber:
			op = get_commutator(get_negator(op));
			break;
		case BTGreaterEqualStrategyNumber:
			op = get_negator(op);
			break;
		case BTGreaterStrategyNumber:
			op = get_commutator(op);
			break;
		default:
			elog(ERROR, "unexpected btree strategy: %d", strategy);
	}
	if (!OidIsValid(op))
		elog(ERROR, "comparison operator of bigint not found");
	clause = make_opclause(op, BOOLOID, false, (Expr *) as_bigint(left),
						   (Expr *) as_bigint(right), InvalidOid, InvalidOid);
	set_opfuncid((OpExpr *) clause);
	return (Node *) clause;
}

/* Answers SupportRequestSimplify for the comparison of a btree strategy. */
static Datum
simplify_comparison(FunctionCallInfo fcinfo, int strategy)
{
	Node *request = (Node *) PG_GETARG_POINTER(0);
	List *args;

	if (!IsA(request, SupportRequestSimplify))
		PG_RETURN_POINTER(NULL);
	args = ((SupportRequestSimplify *) request)->fcall->args;
	if (list_length(args) != 2)
		PG_RETURN_POINTER(NULL);
	if (IsA(linitial(args), Const) == IsA(lsecond(args), Const))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(dtsen_identity_bigint_compare(strategy, linitial(args),
													lsecond(args)));
}

/* _lt_support(internal) -> internal: support function of <. */
Datum
dtsen__lt_support(PG_FUNCTION_ARGS)
{
	return simplify_comparison(fcinfo, BTLessStrategyNumber);
}

/* _le_support(internal) -> internal: support function of <=. */
Datum
dtsen__le_support(PG_FUNCTION_ARGS)
{
	return simplify_comparison(fcinfo, BTLessEqualStrategyNumber);
}

/* _ge_support(internal) -> internal: support function of >=. */
Datum
dtsen__ge_support(PG_FUNCTION_ARGS)
{
	return simplify_comparison(fcinfo, BTGreaterEqualStrategyNumber);
}

/* _gt_support(internal) -> internal: support function of >. */
Datum
dtsen__gt_support(PG_FUNCTION_ARGS)
{
	return simplify_comparison(fcinfo, BTGreaterStrategyNumber);
}

/*
 * A call of a function of our schema in a plan.
 *
 * name: one that has a single form for these arguments, at most three.
 */
Node *
dtsen_identity_call(const char *name, List *args)
{
	List *names =
		list_make2(makeString(pstrdup("dtsen")), makeString(pstrdup(name)));
	Oid types[3];
	int count = 0;
	Oid function;
	ListCell *cell;

	Assert(list_length(args) <= (int) lengthof(types));
	foreach (cell, args)
		types[count++] = getBaseType(exprType(lfirst(cell)));
	function = LookupFuncName(names, count, types, false);
	return (Node *) makeFuncExpr(function, get_func_rettype(function), args,
								 InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

/* The = of the default btree operator class of a type, or InvalidOid. */
Oid
dtsen_identity_equality(Oid type)
{
	return lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
}

/*
 * What the planner asks of a join, from the share of pairs of rows: of a semi or
 * anti join that of outer rows that have a pair, as if each row had its own. May
 * be above 1. inner: NULL where it is not known.
 */
double
dtsen_identity_join_share(double pairs, const SpecialJoinInfo *sjinfo,
						  const RelOptInfo *inner)
{
	if (sjinfo->jointype != JOIN_SEMI && sjinfo->jointype != JOIN_ANTI)
		return pairs;
	return pairs * Max(inner != NULL ? inner->rows : 1, 1);
}
