/*
 * rank_expression.c
 *		What the caller of rank_cuts(relation, ...) wrote: names of columns, or
 *		SQL expressions, as SQL that can stand in the scans.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parser.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"

#include "errors.h"
#include "ranking/rank_relation.h"

typedef struct ExpressionPlace
{
	const char *function;
	const char *argument;
	const char *given;
} ExpressionPlace;

/* Errors of the parser point into the caller's text. */
static void
expression_error(void *arg)
{
	ExpressionPlace *place = arg;
	int position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery(place->given);
	}
	errcontext("argument \"%s\" of %s", place->argument, place->function);
}

/*
 * Is the raw tree of "SELECT <text>" one expression and nothing else?
 */
static bool
is_one_expression(List *tree)
{
	SelectStmt *select;
	ResTarget *target;

	if (list_length(tree) != 1)
		return false;
	select = (SelectStmt *) linitial_node(RawStmt, tree)->stmt;
	if (!IsA(select, SelectStmt) || select->op != SETOP_NONE ||
		list_length(select->targetList) != 1 || select->distinctClause ||
		select->intoClause || select->fromClause || select->whereClause ||
		select->groupClause || select->havingClause || select->windowClause ||
		select->valuesLists || select->sortClause || select->limitOffset ||
		select->limitCount || select->lockingClause || select->withClause)
		return false;
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL || target->indirection != NIL)
		return false;
	if (IsA(target->val, ColumnRef) &&
		IsA(llast(((ColumnRef *) target->val)->fields), A_Star))
		return false;
	return true;
}

/*
 * The caller's text as SQL that can stand anywhere: the name of a column, or an
 * expression, which the parser has seen to be one by itself. Error 42601 with
 * the caller's text if it is neither.
 */
static const char *
expression_sql(const DtRankRelation *r, Oid relation, const char *argument,
			   const char *given)
{
	ExpressionPlace place = {r->function, argument, given};
	ErrorContextCallback callback = {error_context_stack, expression_error,
									 &place};

	if (get_attnum(relation, given) > 0)
		return psprintf("(%s)", quote_identifier(given));
	error_context_stack = &callback;
	if (!is_one_expression(raw_parser(given, RAW_PARSE_PLPGSQL_EXPR)))
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
						errmsg("\"%s\" is not one expression", given),
						errhint("Give the name of a column, or one SQL "
								"expression over the columns.")));
	error_context_stack = callback.previous;
	/* the text may end in a comment */
	return psprintf("(%s\n)", given);
}

/*
 * Type of an expression over the relation. Errors of the server's parser, and
 * 22023 if it is volatile: several scans must see the same values.
 */
static Oid
expression_type(DtRankRelation *r, const char *argument, const char *given,
				const char *sql)
{
	ExpressionPlace place = {r->function, argument, given};
	ErrorContextCallback callback = {error_context_stack, expression_error,
									 &place};
	SPIPlanPtr plan;
	CachedPlanSource *source;
	Oid type;
	ListCell *cell;

	error_context_stack = &callback;
	plan = SPI_prepare(psprintf("SELECT %s\nFROM %s", sql, r->name), 0, NULL);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s",
			 SPI_result_code_string(SPI_result));
	source = linitial(SPI_plan_get_plan_sources(plan));
	type = getBaseType(TupleDescAttr(source->resultDesc, 0)->atttypid);
	foreach (cell, source->query_list)
	{
		if (contain_volatile_functions((Node *) lfirst(cell)))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("\"%s\" must not be volatile", given),
							errdetail("The relation may be read more than "
									  "once, and each time the values must "
									  "be the same."),
							errhint("Store the values in a column or a "
									"table first.")));
	}
	SPI_freeplan(plan);
	error_context_stack = callback.previous;
	return type;
}

static void
check_numeric(const char *argument, const char *given, Oid type)
{
	if (TypeCategory(type) != TYPCATEGORY_NUMERIC)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("%s \"%s\" must be a number, not of type %s",
							   argument, given, format_type_be(type)),
						errhint("Cast it to a number in the expression.")));
}

/*
 * Fills in what is to be scanned, within SPI. score: not NULL; the others may
 * be. Errors 42P01, 42601, 42703, 42804, 22023.
 */
void
dtsen_rank_describe(DtRankRelation *r, Oid relation, const char *score,
					const char *weight, const char *condition)
{
	Oid type;
	const char *sql;
	char *name = get_rel_name(relation);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relation),
				 errhint("Give the name of a table or view.")));
	r->name = quote_qualified_identifier(
		get_namespace_name(get_rel_namespace(relation)), name);
	r->alias = quote_identifier(name);

	sql = expression_sql(r, relation, "score", score);
	check_numeric("score", score, expression_type(r, "score", score, sql));
	r->score = psprintf("%s::pg_catalog.float8", sql);

	r->kind = DTC_RANK_INTEGER;
	r->weight = "1::pg_catalog.int8";
	if (weight != NULL)
	{
		sql = expression_sql(r, relation, "weight", weight);
		type = expression_type(r, "weight", weight, sql);
		check_numeric("weight", weight, type);
		if (type != INT2OID && type != INT4OID && type != INT8OID)
			r->kind = DTC_RANK_FLOAT;
		r->weight = psprintf("%s::pg_catalog.%s", sql,
							 r->kind == DTC_RANK_FLOAT ? "float8"
							 : type == INT4OID         ? "int4"
													   : "int8");
	}
	if (condition != NULL)
	{
		sql = expression_sql(r, relation, "condition", condition);
		type = expression_type(r, "condition", condition, sql);
		if (type != BOOLOID)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("condition \"%s\" must be boolean, not of "
							"type %s",
							condition, format_type_be(type)),
					 errhint("Write a comparison, as in a WHERE clause.")));
		r->condition = sql;
	}
}

/*
 * Fills in what the regions are, of which *type is the type. After
 * dtsen_rank_describe(), with its errors.
 */
void
dtsen_rank_describe_by(DtRankRelation *r, Oid relation, const char *by,
					   Oid *type)
{
	r->by = expression_sql(r, relation, "by", by);
	*type = expression_type(r, "by", by, r->by);
}
