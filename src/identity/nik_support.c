/*
 * nik_support.c
 *		Planner support of nik_within() and of nik % nik; the same of nkk.
 *
 * Within one edit of a NIK there are at most 160 numbers. So the condition is
 * answered exactly by `column = ANY (those numbers)` on a plain btree index:
 * no index of its own, no recheck, on every partition, as the inner side of a
 * join, and below row security, because the functions are leakproof. Within
 * two and three there are too many; there the condition is the same, for those
 * of them that the index has, see nik_found.c. An SP-GiST index answers any
 * number of edits, by `column <@ ball`, where a ball is a number and a radius.
 *
 * Each condition keeps a call that makes the numbers or the ball when the
 * plan runs. For % that call reads dtsen.nik_max_distance, so a plan that was
 * made for one distance and is run with another gives the rows of the other:
 * slowly where a btree was chosen and the distance is larger, since there are
 * 12 thousand numbers within two edits and 700 thousand within three, but
 * rightly.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/stratnum.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "core/nik.h"
#include "guc.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen__nik_fuzzy_support);
DTSEN_FUNCTION(dtsen__nik_ball_support);
DTSEN_FUNCTION(dtsen__nik_found_support);
DTSEN_FUNCTION(dtsen__nik_neighbours_support);

#define KEYS_MAX 1 /* largest distance of which a btree is asked for all */

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

/* The name of a type, and its schema. */
static char *
name_of_type(Oid type, Oid *schema)
{
	HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	char *name;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	name = pstrdup(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname));
	*schema = ((Form_pg_type) GETSTRUCT(tuple))->typnamespace;
	ReleaseSysCache(tuple);
	return name;
}

/*
 * A call of an internal function of nik or nkk, named after the type:
 * _nik_keys(), _nkk_ball().
 */
static Node *
call_of_type(Oid type, const char *what, List *args)
{
	Oid schema;
	char *name = name_of_type(type, &schema);

	return dtsen_identity_call(psprintf("_%s_%s", name, what), args);
}

/*
 * A call that makes those of the numbers within a distance that an index has.
 *
 * The processes of a parallel scan share a position in the list of numbers, and
 * the lists of two may differ, since the index changes; so the index is not
 * scanned in parallel. The planner has not looked at that yet when it asks for
 * conditions.
 */
static Node *
call_of_found(IndexOptInfo *index, Oid type, List *query)
{
	Oid schema;
	char *name = psprintf("_%s_index", name_of_type(type, &schema));
	Oid of_index =
		GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, PointerGetDatum(name),
						ObjectIdGetDatum(schema));
	Const *given;

	if (!OidIsValid(of_index))
		elog(ERROR, "type \"%s\" not found", name);
	index->amcanparallel = false;
	given = makeConst(of_index, -1, InvalidOid, sizeof(Oid),
					  ObjectIdGetDatum(index->indexoid), false, true);
	return call_of_type(type, "found_keys", lcons(given, list_copy(query)));
}

/*
 * `column = ANY (numbers within distance)` for a btree, or NULL.
 *
 * Only the first column: on a later one the planner would take the rows of an
 * = ANY for sorted that it does not recognise as one.
 */
static Node *
btree_condition(SupportRequestIndexCondition *request, Oid type, Node *column,
				List *query, int distance)
{
	Oid equality = get_opfamily_member(request->opfamily, type, type,
									   BTEqualStrategyNumber);
	IndexOptInfo *index = request->index;
	ScalarArrayOpExpr *any;
	Node *keys;

	if (!OidIsValid(equality) || request->indexcol != 0)
		return NULL;
	if (distance <= KEYS_MAX)
		keys = call_of_type(
			type, list_length(query) == 1 ? "keys" : "within_keys", query);
	else if (!index->reverse_sort[0] && !index->nulls_first[0] &&
			 equality == dtsen_identity_equality(type))
		keys = call_of_found(index, type, query);
	else
		return NULL;
	any = makeNode(ScalarArrayOpExpr);
	any->opno = equality;
	any->opfuncid = get_opcode(equality);
	any->useOr = true;
	any->inputcollid = InvalidOid;
	any->args = list_make2(column, keys);
	any->location = -1;
	return (Node *) any;
}

/* `column <@ ball` for SP-GiST, or NULL when the family is another one. */
static Node *
spgist_condition(SupportRequestIndexCondition *request, Oid type, Node *column,
				 List *query)
{
	Node *ball = call_of_type(type, "ball", query);
	Oid contained = get_opfamily_member(request->opfamily, type,
										exprType(ball), STRATEGY_IN_BALL);
	Expr *clause;

	if (!OidIsValid(contained))
		return NULL;
	clause = make_opclause(contained, BOOLOID, false, (Expr *) column,
						   (Expr *) ball, InvalidOid, InvalidOid);
	set_opfuncid((OpExpr *) clause);
	return (Node *) clause;
}

/* The index condition for a call with these arguments, or NIL. */
static List *
index_condition(SupportRequestIndexCondition *request, List *args)
{
	Node *column;
	Node *other;
	Oid type;
	int distance = planned_distance(args);
	List *query;
	Node *clause = NULL;

	if (request->indexarg > 1)
		return NIL;
	column = list_nth(args, request->indexarg);
	other = list_nth(args, 1 - request->indexarg);
	if (!is_pseudo_constant_for_index(request->root, other, request->index))
		return NIL;
	query = list_make1(other);
	if (list_length(args) == 3)
	{
		if (!is_pseudo_constant_for_index(request->root, lthird(args),
										  request->index))
			return NIL;
		query = lappend(query, lthird(args));
	}
	type = getBaseType(exprType(column));
	if (request->index->relam == BTREE_AM_OID && distance >= 0 &&
		distance <= DTC_NIK_NEIGHBOURS_MAX)
		clause = btree_condition(request, type, column, query, distance);
	else if (request->index->relam == SPGIST_AM_OID)
		clause = spgist_condition(request, type, column, query);
	if (clause == NULL)
		return NIL;
	request->lossy = false;
	return list_make1(clause);
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

/*
 * Answers SupportRequestCost by a table of costs by distance: the argument of
 * the call at a place, or the setting when it has no such. A distance that is
 * not known is taken for 1, one beyond the table for its last.
 */
static Node *
cost_by_distance(SupportRequestCost *request, int place, const double *costs,
				 int count)
{
	List *args;
	int distance = dtsen_nik_max_distance;

	if (request->node == NULL || !IsA(request->node, FuncExpr))
		return NULL;
	args = ((FuncExpr *) request->node)->args;
	if (list_length(args) > place)
	{
		Const *given = (Const *) list_nth(args, place);

		distance = IsA(given, Const) && !given->constisnull
					   ? DatumGetInt32(given->constvalue)
					   : 1;
	}
	request->startup = 0;
	request->per_tuple =
		costs[Min(Max(distance, 0), count - 1)] * cpu_operator_cost;
	return (Node *) request;
}

/*
 * _nik_ball_support(internal) -> internal: what a search of an SP-GiST index
 * costs besides what it returns.
 *
 * The server counts the rows found and their share of the pages, as if they
 * lay together; the search visits the surroundings too, whose size grows
 * slowly with the table. Measured on one to four million rows and put into
 * operators by what a sequential scan costs: 75, 375, 5750, 30000 units for 1
 * to 4 edits. For one edit that is nearly three times what it costs on
 * average, and what the dearest of twenty probes costs; the btree, which most
 * columns have anyway, answers that in a time that hardly varies. The cost is
 * counted where the ball is made, since nothing else of an index condition has
 * one.
 */
Datum
dtsen__nik_ball_support(PG_FUNCTION_ARGS)
{
	static const double costs[] = {800, 30000, 150000, 2300000, 12000000};
	Node *node = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(node, SupportRequestCost))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(cost_by_distance((SupportRequestCost *) node, 1, costs,
									   lengthof(costs)));
}

/*
 * _nik_found_support(internal) -> internal: what it costs to find out which
 * numbers an index has, and to look for each of them, which the server does not
 * count where it does not know how many they are. Measured beside the search of
 * an SP-GiST index on one million rows.
 */
Datum
dtsen__nik_found_support(PG_FUNCTION_ARGS)
{
	static const double costs[] = {800, 10000, 100000, 1500000};
	Node *node = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(node, SupportRequestCost))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(cost_by_distance((SupportRequestCost *) node, 2, costs,
									   lengthof(costs)));
}

/*
 * _nik_neighbours_support(internal) -> internal: how many rows it returns and
 * what they cost to make.
 */
Datum
dtsen__nik_neighbours_support(PG_FUNCTION_ARGS)
{
	static const double rows[] = {1, 157, 12800, 670000};
	static const double costs[] = {20, 40, 20000, 1200000};
	Node *node = (Node *) PG_GETARG_POINTER(0);
	SupportRequestRows *request;
	Const *distance;

	if (IsA(node, SupportRequestCost))
		PG_RETURN_POINTER(cost_by_distance((SupportRequestCost *) node, 1,
										   costs, lengthof(costs)));
	if (!IsA(node, SupportRequestRows))
		PG_RETURN_POINTER(NULL);
	request = (SupportRequestRows *) node;
	if (!is_funcclause(request->node))
		PG_RETURN_POINTER(NULL);
	distance = (Const *) lsecond(((FuncExpr *) request->node)->args);
	if (!IsA(distance, Const) || distance->constisnull ||
		DatumGetInt32(distance->constvalue) < 0 ||
		DatumGetInt32(distance->constvalue) >= (int) lengthof(rows))
		PG_RETURN_POINTER(NULL);
	request->rows = rows[DatumGetInt32(distance->constvalue)];
	PG_RETURN_POINTER(request);
}
