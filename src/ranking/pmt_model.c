/*
 * pmt_model.c
 *		Reads a proxy-means-test model and says all that is wrong with it.
 *
 * Nothing here raises an error: problems are listed with their path, so that
 * pmt_check() can show all of them at once.
 */
#include "postgres.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "ranking/pmt.h"

/* A place in the model. */
typedef struct Place
{
	JsonbContainer *container;
	const char *path;
	List **problems;
} Place;

static void problem(const Place *place, const char *key, const char *format,
					...) pg_attribute_printf(3, 4);

/* Notes that something is wrong at place.key. */
static void
problem(const Place *place, const char *key, const char *format, ...)
{
	DtPmtProblem *found = palloc(sizeof(DtPmtProblem));
	StringInfoData text_;

	initStringInfo(&text_);
	for (;;)
	{
		va_list arguments;
		int needed;

		va_start(arguments, format);
		needed = appendStringInfoVA(&text_, format, arguments);
		va_end(arguments);
		if (needed == 0)
			break;
		enlargeStringInfo(&text_, needed);
	}
	found->path = key == NULL ? pstrdup(place->path)
							  : psprintf("%s.%s", place->path, key);
	found->text = text_.data;
	*place->problems = lappend(*place->problems, found);
}

/* ---------- values ---------- */

static JsonbValue *
member(const Place *place, const char *key)
{
	return getKeyJsonValueFromContainer(place->container, key, strlen(key),
										NULL);
}

static DtPmtName
name_of(const JsonbValue *value)
{
	DtPmtName name;

	name.length = value->val.string.len;
	name.text = pnstrdup(value->val.string.val, name.length);
	return name;
}

static bool
same_name(const DtPmtName *a, const DtPmtName *b)
{
	return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* A finite double; a problem if it is none. */
static double
take_number(const Place *place, const char *key, const JsonbValue *value)
{
	double number = 0;

	if (value == NULL)
		problem(place, key, "a number is missing");
	else if (value->type != jbvNumeric)
		problem(place, key, "must be a number");
	else
	{
		number = DatumGetFloat8(DirectFunctionCall1(
			numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
		if (!isfinite(number))
			problem(place, key, "is out of the range of double precision");
	}
	return number;
}

static DtPmtName
take_name(const Place *place, const char *key, bool required)
{
	JsonbValue *value = member(place, key);
	DtPmtName none = {NULL, 0};

	if (value == NULL)
	{
		if (required)
			problem(place, key, "a text is missing");
		return none;
	}
	if (value->type != jbvString || value->val.string.len == 0)
	{
		problem(place, key, "must be a text that is not empty");
		return none;
	}
	return name_of(value);
}

/* A member that is an object or an array; NULL, and a problem, if not. */
static JsonbContainer *
take_container(const Place *place, const char *key, bool array)
{
	JsonbValue *value = member(place, key);
	JsonbContainer *found = value != NULL && value->type == jbvBinary
								? value->val.binary.data
								: NULL;

	if (found != NULL && array == JsonContainerIsArray(found))
		return found;
	problem(place, key, "must be %s", array ? "an array" : "an object");
	return NULL;
}

static int
container_size(JsonbContainer *container)
{
	return (int) JsonContainerSize(container);
}

/* The element of an array as a place; container NULL unless an object. */
static Place
element(const Place *place, const char *key, JsonbContainer *array, int i)
{
	JsonbValue *value = getIthJsonbValueFromContainer(array, i);
	Place result = *place;

	CHECK_FOR_INTERRUPTS();
	result.path = psprintf("%s.%s[%d]", place->path, key, i);
	result.container = NULL;
	if (value->type == jbvBinary &&
		JsonContainerIsObject(value->val.binary.data))
		result.container = value->val.binary.data;
	else
		problem(&result, NULL, "must be an object");
	return result;
}

/* Notes every key that is not in the list, which ends with NULL. */
static void
check_keys(const Place *place, const char *const *allowed)
{
	JsonbIterator *iterator = JsonbIteratorInit(place->container);
	JsonbIteratorToken token;
	JsonbValue value;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		const char *const *key = allowed;

		CHECK_FOR_INTERRUPTS();
		if (token != WJB_KEY)
			continue;
		while (*key != NULL &&
			   (strlen(*key) != (size_t) value.val.string.len ||
				memcmp(*key, value.val.string.val, strlen(*key)) != 0))
			key++;
		if (*key == NULL)
			problem(place,
					pnstrdup(value.val.string.val, value.val.string.len),
					"is no known key");
	}
}

/* ---------- variables ---------- */

/* The level in a member; a problem if it is none. */
static int
take_level(const Place *place, const char *key, const DtPmtVariable *variable)
{
	DtPmtName name = take_name(place, key, true);

	for (int i = 0; i < variable->level_count; i++)
		if (name.text != NULL && same_name(&variable->level[i], &name))
			return i;
	if (name.text != NULL)
		problem(place, key, "is no level of the variable");
	return PMT_NO_LEVEL;
}

static void
take_levels(const Place *place, DtPmtVariable *variable)
{
	JsonbContainer *array = take_container(place, "levels", true);
	int count = array == NULL ? 0 : container_size(array);

	if (array != NULL && count == 0)
		problem(place, "levels", "must not be empty");
	variable->level = palloc0(sizeof(DtPmtName) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(array, i);

		CHECK_FOR_INTERRUPTS();
		if (value->type != jbvString)
		{
			problem(place, psprintf("levels[%d]", i), "must be a text");
			continue;
		}
		variable->level[variable->level_count] = name_of(value);
		for (int k = 0; k < variable->level_count; k++)
			if (same_name(&variable->level[k],
						  &variable->level[variable->level_count]))
				problem(place, psprintf("levels[%d]", i), "is there twice");
		variable->level_count++;
	}
}

static void
take_variable(const Place *place, DtPmtVariable *variable)
{
	static const char *const keys[] = {"kind", "levels", "default", "unknown",
									   NULL};
	DtPmtName kind;
	JsonbValue *value;

	check_keys(place, keys);
	variable->default_level = variable->unknown_level = PMT_NO_LEVEL;
	kind = take_name(place, "kind", true);
	if (kind.text != NULL && strcmp(kind.text, "category") == 0)
		variable->kind = PMT_CATEGORY;
	else if (kind.text != NULL && strcmp(kind.text, "boolean") == 0)
		variable->kind = PMT_BOOLEAN;
	else if (kind.text != NULL && strcmp(kind.text, "number") != 0)
		problem(place, "kind", "must be number, boolean or category");
	value = member(place, "default");
	variable->has_default = value != NULL;
	if (variable->kind == PMT_CATEGORY)
	{
		take_levels(place, variable);
		if (value != NULL)
			variable->default_level = take_level(place, "default", variable);
		if (member(place, "unknown") != NULL)
			variable->unknown_level = take_level(place, "unknown", variable);
		return;
	}
	if (member(place, "levels") != NULL)
		problem(place, "levels", "only a category has levels");
	if (member(place, "unknown") != NULL)
		problem(place, "unknown", "only a category has unknown levels");
	if (value != NULL && variable->kind == PMT_BOOLEAN)
	{
		if (value->type == jbvBool)
			variable->default_number = value->val.boolean ? 1 : 0;
		else
			problem(place, "default", "must be true or false");
	}
	else if (value != NULL)
		variable->default_number = take_number(place, "default", value);
}

static void
take_variables(const Place *place, DtPmtModel *model)
{
	JsonbContainer *object = take_container(place, "variables", false);
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue value;

	if (object == NULL)
		return;
	model->variable =
		palloc0(sizeof(DtPmtVariable) * Max(container_size(object), 1));
	iterator = JsonbIteratorInit(object);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		DtPmtVariable *variable = &model->variable[model->variable_count];
		Place here = *place;

		if (token != WJB_KEY)
			continue;
		variable->name = name_of(&value);
		model->variable_count++;
		(void) JsonbIteratorNext(&iterator, &value, true);
		here.path =
			psprintf("%s.variables.%s", place->path, variable->name.text);
		if (value.type != jbvBinary ||
			!JsonContainerIsObject(value.val.binary.data))
		{
			problem(&here, NULL, "must be an object");
			continue;
		}
		here.container = value.val.binary.data;
		take_variable(&here, variable);
	}
}

/* ---------- terms ---------- */

/* The variable that a place names; NULL, and a problem, if there is none. */
static DtPmtVariable *
named_variable(const Place *place, const DtPmtModel *model)
{
	DtPmtName name = take_name(place, "variable", true);

	for (int i = 0; i < model->variable_count; i++)
		if (name.text != NULL && same_name(&model->variable[i].name, &name))
			return &model->variable[i];
	if (name.text != NULL)
		problem(place, "variable", "is not one of the variables");
	return NULL;
}

static DtPmtTransform
take_transform(const Place *place, const DtPmtVariable *variable)
{
	DtPmtName name = take_name(place, "transform", false);

	if (name.text == NULL)
		return PMT_PLAIN;
	if (variable->kind != PMT_NUMBER)
		problem(place, "transform", "only a number can be transformed");
	if (strcmp(name.text, "log") == 0)
		return PMT_LOG;
	if (strcmp(name.text, "square") == 0)
		return PMT_SQUARE;
	problem(place, "transform", "must be log or square");
	return PMT_PLAIN;
}

/* A factor: the value of a variable, or whether it has a level. */
static void
take_factor(const Place *place, const DtPmtModel *model, DtPmtFactor *factor)
{
	static const char *const keys[] = {"variable", "transform", "level", NULL};
	DtPmtVariable *variable = named_variable(place, model);

	check_keys(place, keys);
	factor->level = PMT_NO_LEVEL;
	if (variable == NULL)
		return;
	factor->variable = (int) (variable - model->variable);
	factor->transform = take_transform(place, variable);
	if (variable->kind == PMT_CATEGORY)
		factor->level = take_level(place, "level", variable);
	else if (member(place, "level") != NULL)
		problem(place, "level", "only a category has levels");
}

static void
take_by_level(const Place *place, const DtPmtVariable *variable,
			  DtPmtTerm *term)
{
	JsonbContainer *object = take_container(place, "coefficients", false);
	Place here = *place;
	const char **keys = palloc0(sizeof(char *) * (variable->level_count + 1));

	term->by_level = palloc0(sizeof(double) * Max(variable->level_count, 1));
	if (object == NULL)
		return;
	here.container = object;
	here.path = psprintf("%s.coefficients", place->path);
	for (int i = 0; i < variable->level_count; i++)
	{
		const char *level = variable->level[i].text;

		keys[i] = level;
		term->by_level[i] = take_number(&here, level, member(&here, level));
	}
	check_keys(&here, keys);
}

static void
take_term(const Place *place, const DtPmtModel *model, DtPmtTerm *term)
{
	static const char *const product_keys[] = {"product", "coefficient", NULL};
	static const char *const keys[] = {"variable", "coefficient", "transform",
									   NULL};
	static const char *const level_keys[] = {"variable", "coefficients", NULL};
	DtPmtVariable *variable;
	JsonbContainer *array;

	if (member(place, "product") != NULL)
	{
		check_keys(place, product_keys);
		term->coefficient =
			take_number(place, "coefficient", member(place, "coefficient"));
		array = take_container(place, "product", true);
		if (array == NULL)
			return;
		term->factor_count = container_size(array);
		if (term->factor_count < 2)
			problem(place, "product", "must have two factors or more");
		term->factor =
			palloc0(sizeof(DtPmtFactor) * Max(term->factor_count, 1));
		for (int i = 0; i < term->factor_count; i++)
		{
			Place here = element(place, "product", array, i);

			if (here.container != NULL)
				take_factor(&here, model, &term->factor[i]);
		}
		return;
	}
	variable = named_variable(place, model);
	if (variable == NULL)
		return;
	term->factor_count = 1;
	term->factor = palloc0(sizeof(DtPmtFactor));
	term->factor[0].variable = (int) (variable - model->variable);
	term->factor[0].level = PMT_NO_LEVEL;
	check_keys(place, variable->kind == PMT_CATEGORY ? level_keys : keys);
	if (variable->kind == PMT_CATEGORY)
		take_by_level(place, variable, term);
	else
	{
		term->coefficient =
			take_number(place, "coefficient", member(place, "coefficient"));
		term->factor[0].transform = take_transform(place, variable);
	}
}

/* ---------- regions ---------- */

static void
take_prefixes(const Place *place, const DtPmtModel *model, DtPmtRegion *region)
{
	JsonbContainer *array;

	if (member(place, "wilayah") == NULL)
		return;
	if (model->wilayah.text == NULL)
		problem(place, "wilayah", "the model names no variable \"wilayah\"");
	array = take_container(place, "wilayah", true);
	if (array == NULL)
		return;
	if (container_size(array) == 0)
		problem(place, "wilayah", "must not be empty");
	region->prefix = palloc0(sizeof(DtPmtName) * (container_size(array) + 1));
	for (int i = 0; i < container_size(array); i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(array, i);
		DtPmtName *prefix = &region->prefix[region->prefix_count];

		CHECK_FOR_INTERRUPTS();
		if (value->type == jbvString)
			*prefix = name_of(value);
		if (prefix->text == NULL || prefix->length == 0 ||
			prefix->length > PMT_REGION_DIGITS ||
			strspn(prefix->text, "0123456789") != (size_t) prefix->length)
			problem(place, psprintf("wilayah[%d]", i),
					"must be a text of 1 to %d digits", PMT_REGION_DIGITS);
		region->prefix_count++;
		/* has another model of the list, or this one, the same? */
		for (DtPmtRegion *other = model->region; other <= region; other++)
			for (int k = 0; k < other->prefix_count - (other == region); k++)
				if (prefix->text != NULL && other->prefix[k].text != NULL &&
					same_name(&other->prefix[k], prefix))
					problem(place, psprintf("wilayah[%d]", i),
							"is there twice");
	}
}

static void
take_region(const Place *place, const DtPmtModel *model, DtPmtRegion *region)
{
	static const char *const keys[] = {"name", "wilayah", "intercept", "terms",
									   NULL};
	JsonbContainer *array;
	bool *used = palloc0(sizeof(bool) * (model->variable_count + 1));

	check_keys(place, keys);
	region->name = take_name(place, "name", true);
	region->intercept =
		take_number(place, "intercept", member(place, "intercept"));
	take_prefixes(place, model, region);
	array = take_container(place, "terms", true);
	if (array == NULL)
		return;
	region->term_count = container_size(array);
	region->term = palloc0(sizeof(DtPmtTerm) * Max(region->term_count, 1));
	region->used = palloc0(sizeof(int) * (model->variable_count + 1));
	for (int i = 0; i < region->term_count; i++)
	{
		Place here = element(place, "terms", array, i);
		DtPmtTerm *term = &region->term[i];

		if (here.container == NULL)
			continue;
		take_term(&here, model, term);
		for (int k = 0; k < term->factor_count; k++)
		{
			int variable = term->factor[k].variable;

			if (!used[variable])
				region->used[region->used_count++] = variable;
			used[variable] = true;
		}
	}
}

static void
take_regions(const Place *place, DtPmtModel *model)
{
	JsonbContainer *array = take_container(place, "models", true);
	int others = 0;
	int count;

	if (array == NULL)
		return;
	count = container_size(array);
	if (count == 0)
		problem(place, "models", "must not be empty");
	model->region = palloc0(sizeof(DtPmtRegion) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		Place here = element(place, "models", array, i);

		if (here.container == NULL)
			continue;
		take_region(&here, model, &model->region[model->region_count]);
		if (member(&here, "wilayah") == NULL && others++ > 0)
			problem(&here, NULL, "a second model for all other regions");
		model->region_count++;
	}
}

/*
 * Reads a model into the current memory context. Problems are appended to
 * *problems, of DtPmtProblem; the model may be used only if there are none.
 */
DtPmtModel *
dtsen_pmt_compile(Jsonb *json, List **problems)
{
	static const char *const keys[] = {
		"version", "scale", "result", "wilayah", "variables", "models", NULL};
	DtPmtModel *model = palloc0(sizeof(DtPmtModel));
	Place place = {&json->root, "$", problems};
	DtPmtName scale;
	DtPmtName result;

	if (!JB_ROOT_IS_OBJECT(json))
	{
		problem(&place, NULL, "must be an object");
		return model;
	}
	check_keys(&place, keys);
	model->version = take_name(&place, "version", true);
	scale = take_name(&place, "scale", true);
	if (scale.text != NULL && strcmp(scale.text, "log_rupiah") == 0)
		model->is_log = true;
	else if (scale.text != NULL && strcmp(scale.text, "rupiah") != 0)
		problem(&place, "scale", "must be log_rupiah or rupiah");
	result = take_name(&place, "result", false);
	model->give_rupiah = !model->is_log;
	if (result.text != NULL && strcmp(result.text, "rupiah") == 0)
		model->give_rupiah = true;
	else if (result.text != NULL &&
			 (strcmp(result.text, "log_rupiah") != 0 || !model->is_log))
		problem(&place, "result",
				"must be rupiah, or log_rupiah if that is the scale");
	model->wilayah = take_name(&place, "wilayah", false);
	take_variables(&place, model);
	take_regions(&place, model);
	return model;
}
