/*
 * pmt_family.c
 *		A family as the model sees it: a jsonb object or a row.
 *
 * No message holds a value: only which variable it is of, and what kind of
 * value it wants.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

#include "errors.h"
#include "ranking/pmt.h"

/* Where the columns of a row type hold the variables. */
struct DtPmtColumns
{
	uint64 identifier; /* of the row type as it was: it may be altered */
	TupleDesc desc;
	Oid *base; /* type of each column; of a domain, what it is over */
	Datum *value;
	bool *is_null;
	int wilayah; /* number of the column, from 0; -1 if there is none */
	int *column; /* of each variable */
	FmgrInfo *output;
};

/* ---------- values of a family ---------- */

/* Error 22023: the value of a variable is none that the model can take. */
void
dtsen_pmt_refuse_kind(const DtPmtVariable *variable, const char *kind)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("variable \"%s\" must be %s", variable->name.text, kind),
			 errhint("Correct the value of the family.")));
}

/* Sets a value that is missing. */
static void
set_missing(const DtPmtVariable *variable, DtPmtValue *value)
{
	if (!variable->has_default)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("variable \"%s\" is missing", variable->name.text),
			 errdetail("The model declares no default for it."),
			 errhint(
				 "Add the value to the family, or a default to the model.")));
	value->number = variable->default_number;
	value->level = variable->default_level;
	value->defaulted = true;
}

static void
set_number(const DtPmtVariable *variable, double number, DtPmtValue *value)
{
	if (!isfinite(number))
		dtsen_pmt_refuse_kind(variable, "a finite number");
	if (variable->kind == PMT_BOOLEAN && number != 0 && number != 1)
		dtsen_pmt_refuse_kind(variable, "true or false");
	value->number = number;
}

/* The message says what kind of text it is, not which. */
static void
set_category(const DtPmtVariable *variable, const char *string, int length,
			 DtPmtValue *value)
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
						   variable->level_count),
				 errhint("Correct the value, or declare a level for others in "
						 "the model.")));
	value->level = variable->unknown_level;
	value->defaulted = true;
}

static void
set_from_json(const DtPmtVariable *variable, const JsonbValue *json,
			  DtPmtValue *value)
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
			dtsen_pmt_refuse_kind(variable, "a text or a number");
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
		dtsen_pmt_refuse_kind(variable, variable->kind == PMT_BOOLEAN
											? "true or false"
											: "a number");
}

/* Text of a column; it need not end with a zero byte. */
static const char *
column_text(const DtPmtColumns *columns, int column, int *length)
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
set_from_column(const DtPmtVariable *variable, const DtPmtColumns *columns,
				int column, DtPmtValue *value)
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
				dtsen_pmt_refuse_kind(variable, "a number");
			value->number = DatumGetBool(datum) ? 1 : 0;
			break;
		default:
			dtsen_pmt_refuse_kind(variable, variable->kind == PMT_BOOLEAN
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
 * Where a row type holds the variables; *kept is what was found for the last
 * row, and lives in the context. In PL/pgSQL a table may be altered between two
 * calls.
 */
static DtPmtColumns *
columns_of(const DtPmtModel *model, HeapTupleHeader row, MemoryContext context,
		   DtPmtColumns **kept)
{
	Oid type = HeapTupleHeaderGetTypeId(row);
	int32 typmod = HeapTupleHeaderGetTypMod(row);
	DtPmtColumns *columns = *kept;
	uint64 identifier = assign_record_type_identifier(type, typmod);
	MemoryContext old;
	TupleDesc desc;

	if (columns != NULL && columns->identifier == identifier)
		return columns;
	desc = lookup_rowtype_tupdesc(type, typmod);
	old = MemoryContextSwitchTo(context);
	columns = palloc0(sizeof(DtPmtColumns));
	columns->identifier = identifier;
	/* with what a column is that was added after the row was written */
	columns->desc = CreateTupleDescCopyConstr(desc);
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
		fmgr_info_cxt(output, &columns->output[i], context);
	}
	MemoryContextSwitchTo(old);
	ReleaseTupleDesc(desc);
	*kept = columns;
	return columns;
}

/*
 * Makes a row the family. *kept keeps where its type has the variables, NULL
 * at first, in the context, for the rows to come.
 */
void
dtsen_pmt_read_row(const DtPmtModel *model, HeapTupleHeader row,
				   MemoryContext context, DtPmtColumns **kept,
				   DtPmtFamily *family)
{
	DtPmtColumns *columns = columns_of(model, row, context, kept);
	HeapTupleData tuple;

	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, columns->desc, columns->value, columns->is_null);
	family->model = model;
	family->object = NULL;
	family->columns = columns;
}

/* Makes a jsonb object the family; 22023 if it is none. */
void
dtsen_pmt_read_object(const DtPmtModel *model, Jsonb *json,
					  DtPmtFamily *family)
{
	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("family must be a JSON object"),
						errhint("Give the row itself, or to_jsonb(row).")));
	family->model = model;
	family->object = &json->root;
	family->columns = NULL;
}

/* ---------- the region ---------- */

/* The digits of the family's region code, 1 to 10. */
static int
region_digits(const DtPmtFamily *family, char *digits)
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
								  "by which the model is chosen."),
						errhint("Add the code to the family.")));
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
						   PMT_REGION_DIGITS),
				 errhint("Correct the code of the family.")));
	return count;
}

/* The model with the longest prefix of the region, else that for all others. */
static const DtPmtRegion *
choose_region(const DtPmtFamily *family)
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
								  Min(length, 2), digits),
						errhint("Correct the code, or add a model for the "
								"region, or one without regions.")));
	return best;
}

/* ---------- what the model wants of it ---------- */

/*
 * Chooses the model of the family's region and reads the variables that its
 * terms use. values: room for every variable of the model. 22023: no model for
 * the region, a value is missing, of another kind or unknown.
 */
const DtPmtRegion *
dtsen_pmt_read_values(const DtPmtFamily *family, DtPmtValue *values)
{
	const DtPmtModel *model = family->model;
	const DtPmtRegion *region = choose_region(family);

	for (int i = 0; i < region->used_count; i++)
	{
		int number = region->used[i];
		const DtPmtVariable *variable = &model->variable[number];
		DtPmtValue *value = &values[number];

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
	return region;
}
