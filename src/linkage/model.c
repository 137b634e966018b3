/*
 * model.c
 *		Models of linkage: the weights of the program, or a ministry's own.
 *
 * A model is jsonb: m and u of every level, the rarity of every rival and the
 * bounds of the adjustment for frequent words. What it leaves out is as
 * shipped. It is compiled to integer weights once a query.
 */
#include "postgres.h"

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "compat.h"
#include "errors.h"
#include "linkage/linkage.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen_linkage_model_default);
DTSEN_FUNCTION(dtsen_linkage_model);

#define RARITY_MOST 100.0 /* bits */
#define FREQUENCY_MOST 64.0
#define SLOPE_MOST 2.0
#define SMALLEST 5.421010862427522e-20 /* 2^-64, see dtc_link_weight() */

/* Part of a model that an error is about: "fields", "nik", "equal", "m". */
typedef struct Path
{
	const struct Path *parent;
	const char *key;
} Path;

/* Fills source with what the program comes with. */
static void
set_default(DtLinkSource *source)
{
	const DtcLinkModel *model = dtc_link_default();

	memset(source, 0, sizeof(*source));
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		for (int l = 0; l < dtc_link_levels(f); l++)
		{
			source->m[f][l] = dtc_link_default_m(f, l);
			source->slope[f][l] = model->slope[f][l] / (double) DTC_LINK_BIT;
			for (int r = 0; r < DTC_LINK_RIVALS; r++)
				source->u[r][f][l] = dtc_link_default_u(r, f, l);
		}
	}
	for (int r = 0; r < DTC_LINK_RIVALS; r++)
		source->rarity[r] = model->rarity[r] / (double) DTC_LINK_BIT;
	source->reference = model->reference / (double) DTC_LINK_BIT;
	source->least = model->least / (double) DTC_LINK_BIT;
	source->most = model->most / (double) DTC_LINK_BIT;
}

static void
append_path(StringInfo out, const Path *path)
{
	if (path->parent != NULL)
	{
		append_path(out, path->parent);
		appendStringInfoChar(out, '.');
	}
	appendStringInfoString(out, path->key);
}

/* Raises 22023 and says where. */
static void
refuse(const Path *path, const char *detail)
{
	StringInfoData where;

	initStringInfo(&where);
	if (path != NULL)
		append_path(&where, path);
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					path != NULL
						? errmsg("invalid linkage model at \"%s\"", where.data)
						: errmsg("invalid linkage model"),
					errdetail("%s", dtsen_gettext(detail)),
					errhint("dtsen.linkage_model() shows a complete model.")));
}

/* A number of a model between two bounds; low itself is allowed. */
static double
number(const Path *path, const JsonbValue *v, double low, double high)
{
	double x;

	if (v->type != jbvNumeric)
		refuse(path, "A number is expected here.");
	x = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
										   NumericGetDatum(v->val.numeric)));
	if (!(x >= low && x <= high))
		refuse(path,
			   psprintf(dtsen_gettext("The number must be between %g and %g."),
						low, high));
	return x;
}

/* Place of a key in a list of names, or an error. */
static int
place_of(const Path *path, int n, const char *(*name)(int) )
{
	for (int i = 0; i < n; i++)
	{
		if (strcmp(path->key, name(i)) == 0)
			return i;
	}
	refuse(path, "There is nothing of that name in a model.");
	return -1; /* not reached */
}

typedef void (*Reader)(DtLinkSource *source, const Path *path,
					   const JsonbValue *value, int field, int level);

/* Calls read for each key of an object. */
static void
read_object(DtLinkSource *source, const Path *path, const JsonbValue *object,
			Reader read, int field, int level)
{
	JsonbIterator *it;
	JsonbValue v;
	JsonbIteratorToken token;
	Path here = {path, NULL};

	if (object->type != jbvBinary ||
		!JsonContainerIsObject(object->val.binary.data))
		refuse(path, "An object is expected here.");
	it = JsonbIteratorInit(object->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			here.key = pnstrdup(v.val.string.val, v.val.string.len);
		else if (token == WJB_VALUE)
			read(source, &here, &v, field, level);
	}
}

static void
read_u(DtLinkSource *source, const Path *path, const JsonbValue *v, int field,
	   int level)
{
	int rival = place_of(path, DTC_LINK_RIVALS, dtc_link_rival);

	source->u[rival][field][level] = number(path, v, SMALLEST, 1);
}

static void
read_level(DtLinkSource *source, const Path *path, const JsonbValue *v,
		   int field, int level)
{
	if (strcmp(path->key, "m") == 0)
		source->m[field][level] = number(path, v, SMALLEST, 1);
	else if (strcmp(path->key, "slope") == 0 &&
			 (field == DTC_LINK_NAMA || field == DTC_LINK_MOTHER))
		source->slope[field][level] = number(path, v, 0, SLOPE_MOST);
	else if (strcmp(path->key, "u") == 0)
		read_object(source, path, v, read_u, field, level);
	else
		refuse(path, "There is nothing of that name in a model.");
}

static void
read_field(DtLinkSource *source, const Path *path, const JsonbValue *v,
		   int field, int level)
{
	for (int l = 0; l < dtc_link_levels(field); l++)
	{
		if (strcmp(path->key, dtc_link_level(field, l)) == 0)
		{
			read_object(source, path, v, read_level, field, l);
			return;
		}
	}
	refuse(path, "There is nothing of that name in a model.");
}

static void
read_fields(DtLinkSource *source, const Path *path, const JsonbValue *v,
			int field, int level)
{
	read_object(source, path, v, read_field,
				place_of(path, DTC_LINK_FIELDS, dtc_link_field), 0);
}

static void
read_rarity(DtLinkSource *source, const Path *path, const JsonbValue *v,
			int field, int level)
{
	int rival = place_of(path, DTC_LINK_RIVALS, dtc_link_rival);

	source->rarity[rival] = number(path, v, 0, RARITY_MOST);
}

static void
read_frequency(DtLinkSource *source, const Path *path, const JsonbValue *v,
			   int field, int level)
{
	if (strcmp(path->key, "reference") == 0)
		source->reference = number(path, v, 0, FREQUENCY_MOST);
	else if (strcmp(path->key, "least") == 0)
		source->least = number(path, v, -FREQUENCY_MOST, 0);
	else if (strcmp(path->key, "most") == 0)
		source->most = number(path, v, 0, FREQUENCY_MOST);
	else
		refuse(path, "There is nothing of that name in a model.");
}

static void
read_top(DtLinkSource *source, const Path *path, const JsonbValue *v,
		 int field, int level)
{
	if (strcmp(path->key, "version") == 0)
	{
		if (number(path, v, 0, 1e9) != DTC_LINK_VERSION)
			refuse(path,
				   psprintf(dtsen_gettext("This program reads version %d."),
							DTC_LINK_VERSION));
	}
	else if (strcmp(path->key, "fields") == 0)
		read_object(source, path, v, read_fields, 0, 0);
	else if (strcmp(path->key, "rarity") == 0)
		read_object(source, path, v, read_rarity, 0, 0);
	else if (strcmp(path->key, "frequency") == 0)
		read_object(source, path, v, read_frequency, 0, 0);
	else
		refuse(path, "There is nothing of that name in a model.");
}

/* Reads a model; what it leaves out is as shipped. */
static void
read_model(Jsonb *value, DtLinkSource *source)
{
	JsonbValue top;

	top.type = jbvBinary;
	top.val.binary.data = &value->root;
	top.val.binary.len = (int) VARSIZE(value) - VARHDRSZ;
	set_default(source);
	if (!JB_ROOT_IS_OBJECT(value))
		refuse(NULL, "A model is an object.");
	if (getKeyJsonValueFromContainer(&value->root, "version", 7, NULL) == NULL)
		refuse(NULL, "A model needs its \"version\".");
	read_object(source, NULL, &top, read_top, 0, 0);
}

/* Bits, as a float, in the integer unit of weights. */
static int32
fixed(double bits)
{
	return (int32) (bits * DTC_LINK_BIT + (bits < 0 ? -0.5 : 0.5));
}

/* Turns probabilities into weights. */
static void
compile(const DtLinkSource *source, DtcLinkModel *model)
{
	memset(model, 0, sizeof(*model));
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		for (int l = 0; l < dtc_link_levels(f); l++)
		{
			model->slope[f][l] = fixed(source->slope[f][l]);
			for (int r = 0; r < DTC_LINK_RIVALS; r++)
			{
				if (dtc_link_weight(source->m[f][l], source->u[r][f][l],
									&model->weight[r][f][l]) != DTC_OK)
					elog(ERROR, "probability of a linkage model out of range");
			}
		}
	}
	for (int r = 0; r < DTC_LINK_RIVALS; r++)
		model->rarity[r] = fixed(source->rarity[r]);
	model->reference = fixed(source->reference);
	model->least = fixed(source->least);
	model->most = fixed(source->most);
}

/* What a call site keeps: the model it compiled last. */
typedef struct Compiled
{
	DtcLinkModel model;
	void *names; /* of a model of names, see dtsen_nama_model_kept() */
	Size size;
	char value[FLEXIBLE_ARRAY_MEMBER];
} Compiled;

/* The weights that a model value states, compiled once for equal values. */
static Compiled *
compiled(FunctionCallInfo fcinfo, Jsonb *value)
{
	Compiled *kept = fcinfo->flinfo->fn_extra, *old = kept;
	Size size = VARSIZE(value);
	DtLinkSource source;

	if (kept != NULL && kept->size == size &&
		memcmp(kept->value, value, size) == 0)
		return kept;
	read_model(value, &source);
	kept = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
								  offsetof(Compiled, value) + size);
	compile(&source, &kept->model);
	kept->size = size;
	memcpy(kept->value, value, size);
	if (old != NULL)
		kept->names = old->names;
	fcinfo->flinfo->fn_extra = kept;
	if (old != NULL)
		pfree(old);
	return kept;
}

/*
 * The model of a call: the third argument, with the own tables of names of the
 * fourth if there is one. Valid until the next call at the same call site.
 * Errors: 22023; 0A000 for names of another version.
 */
const DtcLinkModel *
dtsen_linkage_model_of(FunctionCallInfo fcinfo)
{
	Compiled *kept = compiled(fcinfo, PG_GETARG_JSONB_P(2));

	kept->model.names =
		PG_NARGS() > 3 ? dtsen_nama_model_kept(fcinfo, 3, &kept->names, NULL)
					   : NULL;
	return &kept->model;
}

static void
append_number(StringInfo out, const char *before, double x)
{
	char digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(x, digits);
	appendStringInfo(out, "%s%s", before, digits);
}

/* A complete model as jsonb. */
static Datum
write_model(const DtLinkSource *source)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "{\"version\": %d, \"rarity\": {",
					 DTC_LINK_VERSION);
	for (int r = 0; r < DTC_LINK_RIVALS; r++)
	{
		appendStringInfo(&out, "%s\"%s\": ", r > 0 ? ", " : "",
						 dtc_link_rival(r));
		append_number(&out, "", source->rarity[r]);
	}
	append_number(&out,
				  "}, \"frequency\": {\"reference\": ", source->reference);
	append_number(&out, ", \"least\": ", source->least);
	append_number(&out, ", \"most\": ", source->most);
	appendStringInfoString(&out, "}, \"fields\": {");
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		appendStringInfo(&out, "%s\"%s\": {", f > 0 ? ", " : "",
						 dtc_link_field(f));
		for (int l = 0; l < dtc_link_levels(f); l++)
		{
			appendStringInfo(&out, "%s\"%s\": {", l > 0 ? ", " : "",
							 dtc_link_level(f, l));
			append_number(&out, "\"m\": ", source->m[f][l]);
			if (f == DTC_LINK_NAMA || f == DTC_LINK_MOTHER)
				append_number(&out, ", \"slope\": ", source->slope[f][l]);
			appendStringInfoString(&out, ", \"u\": {");
			for (int r = 0; r < DTC_LINK_RIVALS; r++)
			{
				appendStringInfo(&out, "%s\"%s\": ", r > 0 ? ", " : "",
								 dtc_link_rival(r));
				append_number(&out, "", source->u[r][f][l]);
			}
			appendStringInfoString(&out, "}}");
		}
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoString(&out, "}}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* linkage_model() -> jsonb: the model that the program comes with. */
Datum
dtsen_linkage_model_default(PG_FUNCTION_ARGS)
{
	DtLinkSource source;

	set_default(&source);
	return write_model(&source);
}

/*
 * linkage_model(jsonb) -> jsonb: checks a model and completes it by what the
 * program comes with. Errors: 22023.
 */
Datum
dtsen_linkage_model(PG_FUNCTION_ARGS)
{
	DtLinkSource source;

	read_model(PG_GETARG_JSONB_P(0), &source);
	return write_model(&source);
}
