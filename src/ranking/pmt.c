/*
 * pmt.c
 *		Score of a family by a proxy-means-test model, and its explanation.
 *
 * The contributions are added in the order of the model, starting from the
 * intercept, in double precision, with the project's own logarithm and
 * exponential function: the same bits everywhere, and the explanation's
 * contributions add up to the score exactly, in that order.
 */
#include "postgres.h"

#include <math.h>

#include "access/detoast.h"
#include "common/shortest_dec.h"
#include "fmgr.h"
#include "funcapi.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"
#include "core/stat_math.h"
#include "ranking/pmt.h"

DTSEN_FUNCTION(dtsen_pmt_score_jsonb);
DTSEN_FUNCTION(dtsen_pmt_score_record);
DTSEN_FUNCTION(dtsen_pmt_explain_jsonb);
DTSEN_FUNCTION(dtsen_pmt_explain_record);
DTSEN_FUNCTION(dtsen_pmt_check);

/* What is kept from call to call, in fn_extra. */
typedef struct PmtCall
{
	MemoryContext context;          /* of the model and the columns */
	bool is_constant;               /* the model is a constant of the query */
	struct varatt_external pointer; /* if it is stored outside the row */
	bool has_pointer;
	Jsonb *json; /* copy of the model's bytes */
	DtPmtModel *model;
	DtPmtColumns *columns;
	DtPmtValue *value; /* of each variable */
} PmtCall;

/* ---------- the model ---------- */

static void
refuse_model(List *problems)
{
	DtPmtProblem *first = linitial(problems);

	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("model is not valid"),
					errdetail("At %s: %s.", first->path, first->text),
					errhint("pmt_check() lists all problems (%d).",
							list_length(problems))));
}

static bool
model_is_constant(FmgrInfo *flinfo)
{
	Node *call = flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) &&
		   IsA(linitial(((FuncExpr *) call)->args), Const);
}

/* Compiles a model into a context of its own and keeps it. */
static PmtCall *
keep_model(FunctionCallInfo fcinfo, PmtCall *call, Jsonb *json)
{
	MemoryContext old;
	List *problems = NIL;

	if (call == NULL)
	{
		call =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(PmtCall));
		call->context = AllocSetContextCreate(
			fcinfo->flinfo->fn_mcxt, "dtsen pmt model", ALLOCSET_SMALL_SIZES);
		call->is_constant = model_is_constant(fcinfo->flinfo);
		fcinfo->flinfo->fn_extra = call;
	}
	call->json = NULL;
	call->model = NULL;
	call->columns = NULL;
	call->has_pointer = false;
	MemoryContextReset(call->context);
	old = MemoryContextSwitchTo(call->context);
	call->model = dtsen_pmt_compile(json, &problems);
	call->value =
		palloc0(sizeof(DtPmtValue) * (call->model->variable_count + 1));
	if (problems != NIL)
	{
		MemoryContextSwitchTo(old);
		refuse_model(problems);
	}
	call->json = palloc(VARSIZE(json));
	memcpy(call->json, json, VARSIZE(json));
	MemoryContextSwitchTo(old);
	return call;
}

/* The compiled model of argument 0. */
static PmtCall *
model_argument(FunctionCallInfo fcinfo)
{
	PmtCall *call = fcinfo->flinfo->fn_extra;
	struct varlena *raw = (struct varlena *) PG_GETARG_POINTER(0);
	struct varatt_external pointer;
	bool outside;
	Jsonb *json;

	if (call != NULL && call->json != NULL && call->is_constant)
		return call;
	/* the same stored value need not be fetched again */
	outside = VARATT_IS_EXTERNAL_ONDISK(raw);
	if (outside)
	{
		VARATT_EXTERNAL_GET_POINTER(pointer, raw);
		if (call != NULL && call->json != NULL && call->has_pointer &&
			memcmp(&pointer, &call->pointer, sizeof(pointer)) == 0)
			return call;
	}
	json = PG_GETARG_JSONB_P(0);
	if (call == NULL || call->json == NULL ||
		VARSIZE(json) != VARSIZE(call->json) ||
		memcmp(json, call->json, VARSIZE(json)) != 0)
		call = keep_model(fcinfo, call, json);
	call->has_pointer = outside;
	if (outside)
		call->pointer = pointer;
	PG_FREE_IF_COPY(json, 0);
	return call;
}

/* ---------- the score ---------- */

/* What a term adds to the score. */
static double
contribution(const DtPmtModel *model, const DtPmtTerm *term,
			 const DtPmtValue *values)
{
	double product = term->coefficient;

	if (term->by_level != NULL)
		return term->by_level[values[term->factor[0].variable].level];
	for (int i = 0; i < term->factor_count; i++)
	{
		const DtPmtFactor *factor = &term->factor[i];
		const DtPmtValue *value = &values[factor->variable];
		double number = value->number;

		if (factor->level != PMT_NO_LEVEL)
			number = value->level == factor->level ? 1 : 0;
		if (factor->transform == PMT_SQUARE)
			number *= number;
		if (factor->transform == PMT_LOG)
		{
			if (number <= 0)
				dtsen_pmt_refuse_kind(&model->variable[factor->variable],
									  "positive, its logarithm is taken");
			number = dtc_pair_value(dtc_pair_log(dtc_pair(number)));
		}
		product *= number;
	}
	return product;
}

static double
finite_score(double score)
{
	if (!isfinite(score))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("score is out of range"),
						errhint("Check the coefficients of the model and the "
								"values of the family.")));
	return score;
}

static double
exponential(double value)
{
	return dtc_pair_value(dtc_pair_exp(dtc_pair(value)));
}

static double
score_of(PmtCall *call, const DtPmtFamily *family)
{
	const DtPmtModel *model = call->model;
	const DtPmtRegion *region = dtsen_pmt_read_values(family, call->value);
	double score = region->intercept;

	for (int i = 0; i < region->term_count; i++)
		score += contribution(model, &region->term[i], call->value);
	if (model->is_log && model->give_rupiah)
		score = exponential(score);
	return finite_score(score);
}

/*
 * pmt_score(model, family) -> float8. 22023: the model is not valid, a
 * variable is missing, of another kind or an unknown category without a
 * declared default; 22003: the score is no finite number.
 */
Datum
dtsen_pmt_score_jsonb(PG_FUNCTION_ARGS)
{
	PmtCall *call = model_argument(fcinfo);
	Jsonb *json = PG_GETARG_JSONB_P(1);
	DtPmtFamily family;
	double score;

	dtsen_pmt_read_object(call->model, json, &family);
	score = score_of(call, &family);
	PG_FREE_IF_COPY(json, 1);
	PG_RETURN_FLOAT8(score);
}

/* The same for a row whose columns have the names of the variables. */
Datum
dtsen_pmt_score_record(PG_FUNCTION_ARGS)
{
	PmtCall *call = model_argument(fcinfo);
	DtPmtFamily family;

	dtsen_pmt_read_row(call->model, PG_GETARG_HEAPTUPLEHEADER(1),
					   call->context, &call->columns, &family);
	PG_RETURN_FLOAT8(score_of(call, &family));
}

/* ---------- the explanation ---------- */

/* Each of these appends a key and a value; the text is read as jsonb. */
static void
put_key(StringInfo out, const char *key)
{
	if (out->data[out->len - 1] != '{')
		appendStringInfoString(out, ", ");
	appendStringInfo(out, "\"%s\": ", key);
}

static void
put_text(StringInfo out, const char *key, const char *text_)
{
	put_key(out, key);
	escape_json(out, text_);
}

/* As the shortest decimal that reads back to the same double. */
static void
put_number(StringInfo out, const char *key, double number)
{
	char digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(finite_score(number), digits);
	put_key(out, key);
	appendStringInfoString(out, digits);
}

static void
put_bool(StringInfo out, const char *key, bool boolean)
{
	put_key(out, key);
	appendStringInfoString(out, boolean ? "true" : "false");
}

/* The variable of a factor with its value; a category is one of the model's. */
static void
put_factor(StringInfo out, const DtPmtModel *model, const DtPmtFactor *factor,
		   const DtPmtValue *values)
{
	const DtPmtVariable *variable = &model->variable[factor->variable];
	const DtPmtValue *value = &values[factor->variable];

	put_text(out, "variable", variable->name.text);
	if (variable->kind == PMT_CATEGORY)
		put_text(out, "value", variable->level[value->level].text);
	else if (variable->kind == PMT_BOOLEAN)
		put_bool(out, "value", value->number != 0);
	else
		put_number(out, "value", value->number);
	if (factor->level != PMT_NO_LEVEL)
		put_text(out, "level", variable->level[factor->level].text);
	if (value->defaulted)
		put_bool(out, "defaulted", true);
}

static void
put_term(StringInfo out, const DtPmtModel *model, const DtPmtTerm *term,
		 const DtPmtValue *values, double score)
{
	double added = contribution(model, term, values);

	appendStringInfoChar(out, '{');
	if (term->factor_count == 1)
		put_factor(out, model, &term->factor[0], values);
	else
	{
		put_key(out, "product");
		for (int i = 0; i < term->factor_count; i++)
		{
			appendStringInfoString(out, i == 0 ? "[{" : ", {");
			put_factor(out, model, &term->factor[i], values);
			appendStringInfoChar(out, '}');
		}
		appendStringInfoChar(out, ']');
	}
	put_number(out, "contribution", added);
	if (model->is_log)
		put_number(out, "rupiah",
				   exponential(score) - exponential(score - added));
	else
		put_number(out, "rupiah", added);
	appendStringInfoChar(out, '}');
}

static Datum
explanation_of(PmtCall *call, const DtPmtFamily *family)
{
	const DtPmtModel *model = call->model;
	const DtPmtRegion *region = dtsen_pmt_read_values(family, call->value);
	double score = region->intercept;
	StringInfoData out;

	for (int i = 0; i < region->term_count; i++)
		score += contribution(model, &region->term[i], call->value);
	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	put_text(&out, "version", model->version.text);
	put_text(&out, "model", region->name.text);
	put_text(&out, "scale", model->is_log ? "log_rupiah" : "rupiah");
	put_number(&out, "intercept", region->intercept);
	put_key(&out, "terms");
	appendStringInfoChar(&out, '[');
	for (int i = 0; i < region->term_count; i++)
	{
		if (i > 0)
			appendStringInfoString(&out, ", ");
		put_term(&out, model, &region->term[i], call->value, score);
	}
	appendStringInfoChar(&out, ']');
	put_number(&out, "sum", score);
	put_number(&out, "rupiah", model->is_log ? exponential(score) : score);
	appendStringInfoChar(&out, '}');
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* pmt_explain(model, family) -> jsonb; errors of pmt_score(). */
Datum
dtsen_pmt_explain_jsonb(PG_FUNCTION_ARGS)
{
	PmtCall *call = model_argument(fcinfo);
	DtPmtFamily family;

	dtsen_pmt_read_object(call->model, PG_GETARG_JSONB_P(1), &family);
	PG_RETURN_DATUM(explanation_of(call, &family));
}

Datum
dtsen_pmt_explain_record(PG_FUNCTION_ARGS)
{
	PmtCall *call = model_argument(fcinfo);
	DtPmtFamily family;

	dtsen_pmt_read_row(call->model, PG_GETARG_HEAPTUPLEHEADER(1),
					   call->context, &call->columns, &family);
	PG_RETURN_DATUM(explanation_of(call, &family));
}

/* pmt_check(model) -> setof (path, problem): no row if the model is valid. */
Datum
dtsen_pmt_check(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	List *problems = NIL;
	ListCell *cell;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	(void) dtsen_pmt_compile(PG_GETARG_JSONB_P(0), &problems);
	foreach (cell, problems)
	{
		DtPmtProblem *found = lfirst(cell);
		Datum values[2] = {CStringGetTextDatum(found->path),
						   CStringGetTextDatum(found->text)};
		bool nulls[2] = {false, false};

		tuplestore_putvalues(result->setResult, result->setDesc, values,
							 nulls);
	}
	return (Datum) 0;
}
