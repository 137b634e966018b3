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
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "compat.h"
#include "errors.h"
#include "core/stat_math.h"
#include "ranking/pmt.h"

DTSEN_FUNCTION(dtsen_pmt_score_jsonb);
DTSEN_FUNCTION(dtsen_pmt_score_record);
DTSEN_FUNCTION(dtsen_pmt_explain_jsonb);
DTSEN_FUNCTION(dtsen_pmt_explain_record);
DTSEN_FUNCTION(dtsen_pmt_check);

/* A value of a family, as the model sees it. */
typedef struct PmtValue
{
	double number;
	int level;
	bool defaulted; /* it was missing, or no level of the model */
} PmtValue;

/* Where the columns of a row type hold the variables. */
typedef struct PmtColumns
{
	uint64 identifier; /* of the row type as it was: it may be altered */
	TupleDesc desc;
	Oid *base; /* type of each column; of a domain, what it is over */
	Datum *value;
	bool *is_null;
	int wilayah; /* number of the column, from 0; -1 if there is none */
	int *column; /* of each variable */
	FmgrInfo *output;
} PmtColumns;

/* What is kept from call to call, in fn_extra. */
typedef struct PmtCall
{
	MemoryContext context;          /* of the model and the columns */
	bool is_constant;               /* the model is a constant of the query */
	struct varatt_external pointer; /* if it is stored outside the row */
	bool has_pointer;
	Jsonb *json; /* copy of the model's bytes */
	DtPmtModel *model;
	PmtColumns *columns;
	PmtValue *value; /* of each variable */
} PmtCall;

/* One family: a jsonb object or a row. */
typedef struct PmtFamily
{
	const DtPmtModel *model;
	JsonbContainer *object;
	const PmtColumns *columns;
} PmtFamily;

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
		palloc0(sizeof(PmtValue) * (call->model->variable_count + 1));
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

/* ---------- values of a family ---------- */

static void
refuse_kind(const DtPmtVariable *variable, const char *kind)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("variable \"%s\" must be %s", variable->name.text, kind)));
}

/* Sets a value that is missing. */
static void
set_missing(const DtPmtVariable *variable, PmtValue *value)
{
	if (!variable->has_default)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("variable \"%s\" is missing", variable->name.text),
				 errdetail("The model declares no default for it.")));
	value->number = variable->default_number;
	value->level = variable->default_level;
	value->defaulted = true;
}

static void
set_number(const DtPmtVariable *variable, double number, PmtValue *value)
{
	if (!isfinite(number))
		refuse_kind(variable, "a finite number");
	if (variable->kind == PMT_BOOLEAN && number != 0 && number != 1)
		refuse_kind(variable, "true or false");
	value->number = number;
}

/* The message says what kind of text it is, not which. */
static void
set_category(const DtPmtVariable *variable, const char *string, int length,
			 PmtValue *value)
{
	for (int i = 0; i < variable->level_count; i++)
	{
		const DtPmtName *level = &variable->level[i];

		if (level->length == length &&
			memcmp(level->text, string, length) == 0)
		{
			value->level = i;
			return;
		}
	}
	if (variable->unknown_level == PMT_NO_LEVEL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("variable \"%s\" has an unknown category",
						variable->name.text),
				 errdetail("The value is a text of %d characters, the model "
						   "knows %d levels and declares none for others.",
						   pg_mbstrlen_with_len(string, length),
						   variable->level_count)));
	value->level = variable->unknown_level;
	value->defaulted = true;
}

static void
set_from_json(const DtPmtVariable *variable, const JsonbValue *json,
			  PmtValue *value)
{
	char *digits;

	if (json == NULL || json->type == jbvNull)
		set_missing(variable, value);
	else if (variable->kind == PMT_CATEGORY)
	{
		if (json->type == jbvString)
			set_category(variable, json->val.string.val, json->val.string.len,
						 value);
		else if (json->type == jbvNumeric)
		{
			digits = DatumGetCString(DirectFunctionCall1(
				numeric_out, NumericGetDatum(json->val.numeric)));
			set_category(variable, digits, strlen(digits), value);
		}
		else
			refuse_kind(variable, "a text or a number");
	}
	else if (json->type == jbvNumeric)
		set_number(variable,
				   DatumGetFloat8(DirectFunctionCall1(
					   numeric_float8_no_overflow,
					   NumericGetDatum(json->val.numeric))),
				   value);
	else if (json->type == jbvBool && variable->kind == PMT_BOOLEAN)
		value->number = json->val.boolean ? 1 : 0;
	else
		refuse_kind(variable, variable->kind == PMT_BOOLEAN ? "true or false"
															: "a number");
}

/* Text of a column; it need not end with a zero byte. */
static const char *
column_text(const PmtColumns *columns, int column, int *length)
{
	Datum datum = columns->value[column];
	Oid type = columns->base[column];
	char *string;

	if (type == TEXTOID || type == VARCHAROID || type == BPCHAROID)
	{
		struct varlena *value = PG_DETOAST_DATUM_PACKED(datum);

		string = VARDATA_ANY(value);
		*length = VARSIZE_ANY_EXHDR(value);
		while (type == BPCHAROID && *length > 0 && string[*length - 1] == ' ')
			(*length)--;
		return string;
	}
	string = OutputFunctionCall(&columns->output[column], datum);
	*length = (int) strlen(string);
	return string;
}

static void
set_from_column(const DtPmtVariable *variable, const PmtColumns *columns,
				int column, PmtValue *value)
{
	Datum datum;
	const char *string;
	int length;

	if (column < 0 || columns->is_null[column])
	{
		set_missing(variable, value);
		return;
	}
	if (variable->kind == PMT_CATEGORY)
	{
		string = column_text(columns, column, &length);
		set_category(variable, string, length, value);
		return;
	}
	datum = columns->value[column];
	switch (columns->base[column])
	{
		case INT2OID:
			set_number(variable, DatumGetInt16(datum), value);
			break;
		case INT4OID:
			set_number(variable, DatumGetInt32(datum), value);
			break;
		case INT8OID:
			set_number(variable, (double) DatumGetInt64(datum), value);
			break;
		case FLOAT4OID:
			set_number(variable, DatumGetFloat4(datum), value);
			break;
		case FLOAT8OID:
			set_number(variable, DatumGetFloat8(datum), value);
			break;
		case NUMERICOID:
			set_number(variable,
					   DatumGetFloat8(DirectFunctionCall1(
						   numeric_float8_no_overflow, datum)),
					   value);
			break;
		case BOOLOID:
			if (variable->kind != PMT_BOOLEAN)
				refuse_kind(variable, "a number");
			value->number = DatumGetBool(datum) ? 1 : 0;
			break;
		default:
			refuse_kind(variable, variable->kind == PMT_BOOLEAN
									  ? "true or false"
									  : "a number");
	}
}

/* ---------- rows ---------- */

static int
find_column(TupleDesc desc, const DtPmtName *name)
{
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped &&
			strcmp(NameStr(attribute->attname), name->text) == 0)
			return i;
	}
	return -1;
}

/*
 * Finds out where a row type holds the variables, once for each type. In
 * PL/pgSQL a table may be altered between two calls.
 */
static PmtColumns *
columns_of(PmtCall *call, HeapTupleHeader row)
{
	Oid type = HeapTupleHeaderGetTypeId(row);
	int32 typmod = HeapTupleHeaderGetTypMod(row);
	const DtPmtModel *model = call->model;
	PmtColumns *columns = call->columns;
	uint64 identifier = assign_record_type_identifier(type, typmod);
	MemoryContext old;
	TupleDesc desc;

	if (columns != NULL && columns->identifier == identifier)
		return columns;
	desc = lookup_rowtype_tupdesc(type, typmod);
	old = MemoryContextSwitchTo(call->context);
	columns = palloc0(sizeof(PmtColumns));
	columns->identifier = identifier;
	columns->desc = CreateTupleDescCopy(desc);
	columns->base = palloc0(sizeof(Oid) * (desc->natts + 1));
	columns->value = palloc(sizeof(Datum) * (desc->natts + 1));
	columns->is_null = palloc(sizeof(bool) * (desc->natts + 1));
	columns->column = palloc(sizeof(int) * (model->variable_count + 1));
	columns->output = palloc0(sizeof(FmgrInfo) * (desc->natts + 1));
	columns->wilayah =
		model->wilayah.text == NULL ? -1 : find_column(desc, &model->wilayah);
	for (int i = 0; i < model->variable_count; i++)
		columns->column[i] = find_column(desc, &model->variable[i].name);
	for (int i = 0; i < desc->natts; i++)
	{
		Oid output;
		bool is_varlena;

		if (TupleDescAttr(desc, i)->attisdropped)
			continue;
		columns->base[i] = getBaseType(TupleDescAttr(desc, i)->atttypid);
		getTypeOutputInfo(TupleDescAttr(desc, i)->atttypid, &output,
						  &is_varlena);
		fmgr_info_cxt(output, &columns->output[i], call->context);
	}
	MemoryContextSwitchTo(old);
	ReleaseTupleDesc(desc);
	call->columns = columns;
	return columns;
}

static void
read_row(PmtCall *call, HeapTupleHeader row, PmtFamily *family)
{
	PmtColumns *columns = columns_of(call, row);
	HeapTupleData tuple;

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, columns->desc, columns->value, columns->is_null);
	family->model = call->model;
	family->object = NULL;
	family->columns = columns;
}

static void
read_object(PmtCall *call, Jsonb *json, PmtFamily *family)
{
	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("family must be a JSON object")));
	family->model = call->model;
	family->object = &json->root;
	family->columns = NULL;
}

/* ---------- the region ---------- */

/* The digits of the family's region code, 1 to 10. */
static int
region_digits(const PmtFamily *family, char *digits)
{
	const DtPmtName *name = &family->model->wilayah;
	const char *string = NULL;
	int length = 0;
	int count = 0;

	if (family->object != NULL)
	{
		JsonbValue *json = getKeyJsonValueFromContainer(
			family->object, name->text, name->length, NULL);

		if (json != NULL && json->type == jbvString)
		{
			string = json->val.string.val;
			length = json->val.string.len;
		}
	}
	else if (family->columns->wilayah >= 0 &&
			 !family->columns->is_null[family->columns->wilayah])
		string =
			column_text(family->columns, family->columns->wilayah, &length);
	if (string == NULL || length == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("variable \"%s\" is missing", name->text),
						errdetail("It holds the code of the region, as text, "
								  "by which the model is chosen.")));
	for (int i = 0; i < length; i++)
	{
		bool digit = string[i] >= '0' && string[i] <= '9';

		if (digit ? count == PMT_REGION_DIGITS : string[i] != '.')
			count = -1;
		if (count < 0)
			break;
		if (digit)
			digits[count++] = string[i];
	}
	if (count <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("variable \"%s\" must be a region code", name->text),
				 errdetail("A code has 1 to %d digits, which dots may "
						   "separate.",
						   PMT_REGION_DIGITS)));
	return count;
}

/* The model with the longest prefix of the region, else that for all others. */
static const DtPmtRegion *
choose_region(const PmtFamily *family)
{
	const DtPmtModel *model = family->model;
	const DtPmtRegion *best = NULL;
	char digits[PMT_REGION_DIGITS];
	int best_length = -1;
	int length = 0;

	if (model->wilayah.text != NULL)
		length = region_digits(family, digits);
	for (int i = 0; i < model->region_count; i++)
	{
		const DtPmtRegion *region = &model->region[i];

		if (region->prefix_count == 0 && best_length < 0)
		{
			best = region;
			best_length = 0;
		}
		for (int k = 0; k < region->prefix_count; k++)
		{
			const DtPmtName *prefix = &region->prefix[k];

			if (prefix->length > best_length && prefix->length <= length &&
				memcmp(prefix->text, digits, prefix->length) == 0)
			{
				best = region;
				best_length = prefix->length;
			}
		}
	}
	if (best == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("there is no model for the region"),
						errdetail("Its code begins with \"%.*s\".",
								  Min(length, 2), digits)));
	return best;
}

/* ---------- the score ---------- */

static void
read_values(const PmtFamily *family, const DtPmtRegion *region,
			PmtValue *values)
{
	const DtPmtModel *model = family->model;

	for (int i = 0; i < region->used_count; i++)
	{
		int number = region->used[i];
		const DtPmtVariable *variable = &model->variable[number];
		PmtValue *value = &values[number];

		value->level = PMT_NO_LEVEL;
		value->number = 0;
		value->defaulted = false;
		if (family->object != NULL)
			set_from_json(variable,
						  getKeyJsonValueFromContainer(
							  family->object, variable->name.text,
							  variable->name.length, NULL),
						  value);
		else
			set_from_column(variable, family->columns,
							family->columns->column[number], value);
	}
}

/* What a term adds to the score. */
static double
contribution(const DtPmtModel *model, const DtPmtTerm *term,
			 const PmtValue *values)
{
	double product = term->coefficient;

	if (term->by_level != NULL)
		return term->by_level[values[term->factor[0].variable].level];
	for (int i = 0; i < term->factor_count; i++)
	{
		const DtPmtFactor *factor = &term->factor[i];
		const PmtValue *value = &values[factor->variable];
		double number = value->number;

		if (factor->level != PMT_NO_LEVEL)
			number = value->level == factor->level ? 1 : 0;
		if (factor->transform == PMT_SQUARE)
			number *= number;
		if (factor->transform == PMT_LOG)
		{
			if (number <= 0)
				refuse_kind(&model->variable[factor->variable],
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
						errmsg("score is out of range")));
	return score;
}

static double
exponential(double value)
{
	return dtc_pair_value(dtc_pair_exp(dtc_pair(value)));
}

static double
score_of(PmtCall *call, const PmtFamily *family)
{
	const DtPmtModel *model = call->model;
	const DtPmtRegion *region = choose_region(family);
	double score = region->intercept;

	read_values(family, region, call->value);
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
	PmtFamily family;
	double score;

	read_object(call, json, &family);
	score = score_of(call, &family);
	PG_FREE_IF_COPY(json, 1);
	PG_RETURN_FLOAT8(score);
}

/* The same for a row whose columns have the names of the variables. */
Datum
dtsen_pmt_score_record(PG_FUNCTION_ARGS)
{
	PmtCall *call = model_argument(fcinfo);
	PmtFamily family;

	read_row(call, PG_GETARG_HEAPTUPLEHEADER(1), &family);
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
		   const PmtValue *values)
{
	const DtPmtVariable *variable = &model->variable[factor->variable];
	const PmtValue *value = &values[factor->variable];

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
		 const PmtValue *values, double score)
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
explanation_of(PmtCall *call, const PmtFamily *family)
{
	const DtPmtModel *model = call->model;
	const DtPmtRegion *region = choose_region(family);
	double score = region->intercept;
	StringInfoData out;

	read_values(family, region, call->value);
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
	PmtFamily family;

	read_object(call, PG_GETARG_JSONB_P(1), &family);
	PG_RETURN_DATUM(explanation_of(call, &family));
}

Datum
dtsen_pmt_explain_record(PG_FUNCTION_ARGS)
{
	PmtCall *call = model_argument(fcinfo);
	PmtFamily family;

	read_row(call, PG_GETARG_HEAPTUPLEHEADER(1), &family);
	PG_RETURN_DATUM(explanation_of(call, &family));
}

/* pmt_check(model) -> setof (path, problem): no row if the model is valid. */
Datum
dtsen_pmt_check(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	List *problems = NIL;
	ListCell *cell;

	InitMaterializedSRF(fcinfo, 0);
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
