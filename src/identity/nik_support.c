/*
 * nik_support.c
 *		Planner support of nik_within() and of nik % nik.
 *
 * Within one edit of a NIK there are at most 160 numbers. So the condition is
 * answered exactly by `column = ANY (those numbers)` on a plain btree index:
 * no index of its own, no recheck, on every partition, as the inner side of a
 * join, and below row security, because the functions are leakproof.
 *
 * The condition keeps a call that makes the numbers when the plan runs. For %
 * that call reads dtsen.nik_max_distance, so a plan that was made for one
 * distance and is run with another gives the rows of the other: slowly where
 * the distance is larger, since there are 12 thousand numbers within two edits
 * and 600 thousand within three, but rightly.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "guc.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen__nik_fuzzy_support);
DTSEN_FUNCTION(dtsen__nik_neighbours_support);

#define INDEXED_MAX 1 /* largest distance that is planned with the index */

/*
 * The distance of a call, when the planner may count on it: the third
 * argument of nik_within() if it is constant, the setting for %. -1 otherwise.
 */
static int
planned_distance(List *args)
{
	Const *distance;

	if (list_length(args) == 2)
		return dtsen_nik_max_distance;
	distance = (Const *) lthird(args);
	if (!IsA(distance, Const) || distance->constisnull ||
		DatumGetInt32(distance->constvalue) < 0)
		return -1;
	return DatumGetInt32(distance->constvalue);
}

/*
 * The index condition for a call with these arguments, or NIL.
 *
 * Only the first column of a btree: on a later one the planner would take the
 * rows of an = ANY for sorted that it does not recognise as one.
 */
static List *
index_condition(SupportRequestIndexCondition *request, List *args)
{
	Node *column;
	Node *other;
	Oid type;
	Oid equality;
	int distance = planned_distance(args);
	ScalarArrayOpExpr *any;

	if (request->index->relam != BTREE_AM_OID || request->indexcol != 0 ||
		request->indexarg > 1 || distance < 0 || distance > INDEXED_MAX)
		return NIL;
	column = list_nth(args, request->indexarg);
	other = list_nth(args, 1 - request->indexarg);
	if (!is_pseudo_constant_for_index(request->root, other, request->index))
		return NIL;
	type = getBaseType(exprType(column));
	equality = get_opfamily_member(request->opfamily, type, type,
								   BTEqualStrategyNumber);
	if (!OidIsValid(equality))
		return NIL;
	any = makeNode(ScalarArrayOpExpr);
	any->opno = equality;
	any->opfuncid = get_opcode(equality);
	any->useOr = true;
	any->inputcollid = InvalidOid;
	any->args = list_make2(
		column, list_length(args) == 2
					? dtsen_identity_call("_nik_keys", list_make1(other))
					: dtsen_identity_call("_nik_within_keys",
										  list_make2(other, lthird(args))));
	any->location = -1;
	request->lossy = false;
	return list_make1(any);
}

/* nik_within(a, b, 0) is a = b, which every kind of index and join knows. */
static Node *
simplify(List *args)
{
	Oid type;
	Oid equality;
	Expr *clause;

	if (list_length(args) != 3 || planned_distance(args) != 0)
		return NULL;
	type = getBaseType(exprType(linitial(args)));
	equality = dtsen_identity_equality(type);
	if (!OidIsValid(equality))
		return NULL;
	clause = make_opclause(equality, BOOLOID, false, linitial(args),
						   lsecond(args), InvalidOid, InvalidOid);
	set_opfuncid((OpExpr *) clause);
	return (Node *) clause;
}

/* _nik_fuzzy_support(internal) -> internal: see the head of the file. */
Datum
dtsen__nik_fuzzy_support(PG_FUNCTION_ARGS)
{
	Node *node = (Node *) PG_GETARG_POINTER(0);
	List *args;

	if (IsA(node, SupportRequestSimplify))
		PG_RETURN_POINTER(
			simplify(((SupportRequestSimplify *) node)->fcall->args));
	if (IsA(node, SupportRequestIndexCondition))
	{
		SupportRequestIndexCondition *request =
			(SupportRequestIndexCondition *) node;

		if (is_opclause(request->node))
			args = ((OpExpr *) request->node)->args;
		else if (is_funcclause(request->node))
			args = ((FuncExpr *) request->node)->args;
		else
			PG_RETURN_POINTER(NULL);
		PG_RETURN_POINTER(index_condition(request, args));
	}
	if (IsA(node, SupportRequestSelectivity))
	{
		SupportRequestSelectivity *request =
			(SupportRequestSelectivity *) node;

		args = list_make2(linitial(request->args), lsecond(request->args));
		request->selectivity = dtsen_nik_selectivity(
			request->root, args, planned_distance(request->args),
			request->is_join, request->varRelid, request->sjinfo);
		PG_RETURN_POINTER(request);
	}
	PG_RETURN_POINTER(NULL);
}

/* _nik_neighbours_support(internal) -> internal: how many rows it returns. */
Datum
dtsen__nik_neighbours_support(PG_FUNCTION_ARGS)
{
	static const double rows[] = {1, 157, 12800};
	Node *node = (Node *) PG_GETARG_POINTER(0);
	SupportRequestRows *request;
	Node *distance;

	if (!IsA(node, SupportRequestRows))
		PG_RETURN_POINTER(NULL);
	request = (SupportRequestRows *) node;
	if (!is_funcclause(request->node))
		PG_RETURN_POINTER(NULL);
	distance = lsecond(((FuncExpr *) request->node)->args);
	if (!IsA(distance, Const) || ((Const *) distance)->constisnull)
		PG_RETURN_POINTER(NULL);
	switch (DatumGetInt32(((Const *) distance)->constvalue))
	{
		case 0:
		case 1:
		case 2:
			request->rows =
				rows[DatumGetInt32(((Const *) distance)->constvalue)];
			PG_RETURN_POINTER(request);
		default:
			PG_RETURN_POINTER(NULL);
	}
}
