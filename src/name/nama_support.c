/*
 * nama_support.c
 *		Planner support of nama_similar().
 *
 * nama_similar(column, name, threshold) is answered by an index as column %
 * nama_query(name, threshold), so every query has its own threshold. With a
 * threshold that is a constant in [0, 1] the call becomes one of
 * _nama_similar(), which raises nothing and is therefore leakproof: so the
 * index serves below row security, too.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "guc.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen__nama_support);

#define STRATEGY_QUERY 2

/* A function of schema dtsen. */
Oid
dtsen_nama_function(const char *name, int nargs, const Oid *types)
{
	return LookupFuncName(
		list_make2(makeString(pstrdup("dtsen")), makeString(pstrdup(name))),
		nargs, types, false);
}

/* The threshold of a call when it is known and valid, else -1. */
static double
known_threshold(List *args)
{
	Const *c;
	double threshold;

	if (list_length(args) == 2)
		return dtsen_nama_similarity_threshold;
	c = (Const *) lthird(args);
	if (!IsA(c, Const) || c->constisnull)
		return -1;
	threshold = DatumGetFloat8(c->constvalue);
	return threshold >= 0 && threshold <= 1 ? threshold : -1;
}

/* nama_similar() with a threshold that need not be checked any more. */
static Node *
simplify(FuncExpr *call)
{
	Oid types[3];
	Oid checked;

	if (list_length(call->args) != 3 || known_threshold(call->args) < 0)
		return NULL;
	types[0] = types[1] = getBaseType(exprType(linitial(call->args)));
	types[2] = FLOAT8OID;
	checked = dtsen_nama_function("_nama_similar", 3, types);
	if (call->funcid == checked)
		return NULL;
	return (Node *) makeFuncExpr(checked, BOOLOID, call->args, InvalidOid,
								 InvalidOid, COERCE_EXPLICIT_CALL);
}

/* The operator nama % nama_query of a family, or InvalidOid. */
static Oid
query_operator(Oid opfamily, Oid name, Oid *query)
{
	Oid types[2] = {name, FLOAT8OID};

	*query = get_func_rettype(dtsen_nama_function("nama_query", 2, types));
	return get_opfamily_member(opfamily, name, *query, STRATEGY_QUERY);
}

/* The index condition for a call with these arguments, or NIL. */
static List *
index_condition(SupportRequestIndexCondition *request, List *args)
{
	Node *column;
	Node *other;
	Node *threshold;
	Node *search;
	Oid type, query, operator;
	Oid types[2];
	Expr *clause;

	if (request->indexarg > 1)
		return NIL;
	column = list_nth(args, request->indexarg);
	other = list_nth(args, 1 - request->indexarg);
	type = getBaseType(exprType(column));
	operator= query_operator(request->opfamily, type, &query);
	if (!OidIsValid(operator) ||
		!is_pseudo_constant_for_index(request->root, other, request->index))
		return NIL;
	if (list_length(args) == 2)
	{
		/* by the setting when the plan runs, as % does */
		operator= get_opfamily_member(request->opfamily, type, type, 1);
		search = other;
	}
	else
	{
		threshold = lthird(args);
		if (!is_pseudo_constant_for_index(request->root, threshold,
										  request->index))
			return NIL;
		types[0] = type;
		types[1] = FLOAT8OID;
		search = eval_const_expressions(
			request->root, (Node *) makeFuncExpr(
							   dtsen_nama_function("nama_query", 2, types),
							   query, list_make2(other, threshold), InvalidOid,
							   InvalidOid, COERCE_EXPLICIT_CALL));
	}
	clause = make_opclause(operator, BOOLOID, false, (Expr *) column,
						   (Expr *) search, InvalidOid, InvalidOid);
	set_opfuncid((OpExpr *) clause);
	request->lossy = false;
	return list_make1(clause);
}

/* _nama_support(internal) -> internal: see the head of the file. */
Datum
dtsen__nama_support(PG_FUNCTION_ARGS)
{
	Node *node = (Node *) PG_GETARG_POINTER(0);

	if (IsA(node, SupportRequestSimplify))
		PG_RETURN_POINTER(simplify(((SupportRequestSimplify *) node)->fcall));
	if (IsA(node, SupportRequestIndexCondition))
	{
		SupportRequestIndexCondition *request =
			(SupportRequestIndexCondition *) node;

		if (!is_funcclause(request->node))
			PG_RETURN_POINTER(NULL);
		PG_RETURN_POINTER(
			index_condition(request, ((FuncExpr *) request->node)->args));
	}
	if (IsA(node, SupportRequestSelectivity))
	{
		SupportRequestSelectivity *request =
			(SupportRequestSelectivity *) node;
		double threshold = known_threshold(request->args);

		request->selectivity = dtsen_nama_selectivity(
			request->root, request->args,
			threshold >= 0 ? threshold : dtsen_nama_similarity_threshold,
			request->is_join, request->varRelid, request->sjinfo);
		PG_RETURN_POINTER(request);
	}
	PG_RETURN_POINTER(NULL);
}
