/*
 * nama_model.c
 *		The type nama_model: a ministry's own variants, abbreviations, nicknames
 *		and frequencies of name words, as an argument of the similarity.
 *
 * A value holds rows of words, checked, sorted, and nothing that depends on the
 * folding tables (docs/formats.md). It is compiled into the tables that
 * comparing needs once a query; see dtsen_nama_model().
 */
#include "postgres.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"

#include "name/name.h"

#define MODEL_VERSION 1
#define MODEL_HEADER 8 /* version, three zeros, number of rows */
#define MODEL_ROW 8    /* kind, lengths of word and name, bits, count */
#define MODEL_ROWS 1000000
#define WORD_LETTERS 30

static const char *const kinds[] = {"variant", "abbreviation", "nickname",
									"frequency", "weight"};

typedef enum ModelKind
{
	MODEL_VARIANT,
	MODEL_ABBREVIATION,
	MODEL_NICKNAME,
	MODEL_FREQUENCY,
	MODEL_WEIGHT
} ModelKind;

typedef struct ModelRow
{
	uint8 kind;
	uint8 bits;   /* eighths */
	uint32 count; /* people */
	char word[WORD_LETTERS + 1];
	char name[WORD_LETTERS + 1];
} ModelRow;

/* Ends with an error that says which row is wrong, and why. */
#define ROW_ERROR(row, ...)                                                   \
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),                 \
					errmsg("row %d of the model is not valid", (row) + 1),    \
					errdetail(__VA_ARGS__)))

static int
compare_rows(const void *a, const void *b)
{
	const ModelRow *x = a, *y = b;
	int c = (int) x->kind - (int) y->kind;

	c = c != 0 ? c : strcmp(x->word, y->word);
	return c != 0 ? c : strcmp(x->name, y->name);
}

/* Takes a word of a row: letters A to Z, in upper case from here on. */
static void
take_word(const JsonbValue *v, int row, const char *what, char *word)
{
	if (v->type != jbvString || v->val.string.len < 1 ||
		v->val.string.len > WORD_LETTERS)
		ROW_ERROR(row, "\"%s\" must be a word of 1 to %d letters.", what,
				  WORD_LETTERS);
	for (int i = 0; i < v->val.string.len; i++)
	{
		word[i] = pg_ascii_toupper((unsigned char) v->val.string.val[i]);
		if (word[i] < 'A' || word[i] > 'Z')
			ROW_ERROR(row, "\"%s\" must be a word of letters A to Z.", what);
	}
	word[v->val.string.len] = '\0';
}

static double
take_number(const JsonbValue *v, int row, const char *what, double least,
			double most)
{
	double number;

	if (v->type != jbvNumeric)
		ROW_ERROR(row, "\"%s\" must be a number.", what);
	number = DatumGetFloat8(DirectFunctionCall1(
		numeric_float8_no_overflow, NumericGetDatum(v->val.numeric)));
	if (!(number >= least && number <= most))
		ROW_ERROR(row, "\"%s\" must be from %g to %g.", what, least, most);
	return number;
}

static int
take_kind(const JsonbValue *v, int row)
{
	for (int kind = 0; v->type == jbvString && kind < (int) lengthof(kinds);
		 kind++)
	{
		if (v->val.string.len == (int) strlen(kinds[kind]) &&
			memcmp(v->val.string.val, kinds[kind], v->val.string.len) == 0)
			return kind;
	}
	ROW_ERROR(row, "\"kind\" must be one of variant, abbreviation, nickname, "
				   "frequency, weight.");
	return 0; /* not reached */
}

/* Takes one field of a row; a null counts as left out. */
static void
take_field(const JsonbValue *key, const JsonbValue *v, int row,
		   ModelRow *result, bool *seen)
{
	static const char *const fields[] = {"kind", "word", "name", "count",
										 "bits"};
	int field = 0;

	while (
		field < (int) lengthof(fields) &&
		(key->val.string.len != (int) strlen(fields[field]) ||
		 memcmp(key->val.string.val, fields[field], key->val.string.len) != 0))
		field++;
	if (field == (int) lengthof(fields))
		ROW_ERROR(row, "Its fields are kind, word, name, count and bits.");
	if (v->type == jbvNull)
		return;
	seen[field] = true;
	switch (field)
	{
		case 0:
			result->kind = take_kind(v, row);
			break;
		case 1:
			take_word(v, row, "word", result->word);
			break;
		case 2:
			take_word(v, row, "name", result->name);
			break;
		case 3:
			result->count = (uint32) take_number(v, row, "count", 1, 4e9);
			break;
		default:
			result->bits =
				(uint8) rint(take_number(v, row, "bits", 0.125, 9) * 8);
	}
}

/* Proves that a row has what its kind needs and nothing else. */
static void
check_row(const ModelRow *r, int row, const bool *seen)
{
	bool named = r->kind <= MODEL_NICKNAME;

	if (!seen[0] || !seen[1])
		ROW_ERROR(row, "It needs \"kind\" and \"word\".");
	if (seen[2] != named || seen[3] != (r->kind == MODEL_FREQUENCY) ||
		seen[4] != (r->kind == MODEL_WEIGHT))
		ROW_ERROR(row, "Beside \"word\" a %s has \"%s\" and nothing else.",
				  kinds[r->kind],
				  named                        ? "name"
				  : r->kind == MODEL_FREQUENCY ? "count"
											   : "bits");
	if (strlen(r->word) < 2 || (named && strlen(r->name) < 2))
		ROW_ERROR(row, "A word needs two letters; single ones are initials.");
	if (named && strcmp(r->word, r->name) == 0)
		ROW_ERROR(row, "\"word\" and \"name\" are the same.");
}

/* Is there a row of a kind and a word? Rows are sorted. */
static bool
has_row(const ModelRow *rows, int n, int kind, const char *word)
{
	int low = 0, high = n;

	while (low < high)
	{
		int middle = low + (high - low) / 2;
		int c = (int) rows[middle].kind - kind;

		c = c != 0 ? c : strcmp(rows[middle].word, word);
		if (c == 0)
			return true;
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* Proves that sorted rows do not contradict each other. */
static void
check_rows(const ModelRow *rows, int n)
{
	for (int i = 1; i < n; i++)
	{
		const ModelRow *r = &rows[i], *before = &rows[i - 1];

		if (r->kind == before->kind && strcmp(r->word, before->word) == 0 &&
			(r->kind != MODEL_NICKNAME || strcmp(r->name, before->name) == 0))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model has two rows of kind \"%s\" for one word",
							kinds[r->kind])));
	}
	for (int i = 0; i < n && rows[i].kind <= MODEL_ABBREVIATION; i++)
	{
		if (has_row(rows, n, MODEL_VARIANT, rows[i].name) ||
			has_row(rows, n, MODEL_ABBREVIATION, rows[i].name))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("model has a chain of variants"),
							errdetail("A name that others are variants of "
									  "is itself given as a variant.")));
		if (rows[i].kind == MODEL_ABBREVIATION &&
			has_row(rows, n, MODEL_VARIANT, rows[i].word))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("model has a variant and an abbreviation "
								   "for one word")));
	}
}

/* Lays out checked and sorted rows. */
static bytea *
pack(const ModelRow *rows, int n)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoSpaces(&buf, VARHDRSZ);
	appendStringInfoChar(&buf, MODEL_VERSION);
	for (int i = 0; i < 3; i++)
		appendStringInfoChar(&buf, 0);
	for (int shift = 0; shift < 32; shift += 8)
		appendStringInfoChar(&buf, n >> shift & 0xFF);
	for (int i = 0; i < n; i++)
	{
		const ModelRow *r = &rows[i];

		appendStringInfoChar(&buf, r->kind);
		appendStringInfoChar(&buf, strlen(r->word));
		appendStringInfoChar(&buf, strlen(r->name));
		appendStringInfoChar(&buf, r->bits);
		for (int shift = 0; shift < 32; shift += 8)
			appendStringInfoChar(&buf, r->count >> shift & 0xFF);
		appendStringInfoString(&buf, r->word);
		appendStringInfoString(&buf, r->name);
	}
	SET_VARSIZE(buf.data, buf.len);
	return (bytea *) buf.data;
}

/* The rows of a detoasted value; n: how many. */
static ModelRow *
unpack(const bytea *value, int *n)
{
	const uint8 *p = (const uint8 *) VARDATA_ANY(value);
	ModelRow *rows;

	if (VARSIZE_ANY_EXHDR(value) < MODEL_HEADER || p[0] != MODEL_VERSION)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("model was made by another version of dtsen")));
	*n = p[4] | p[5] << 8 | p[6] << 16 | p[7] << 24;
	rows = palloc0(sizeof(ModelRow) * Max(*n, 1));
	p += MODEL_HEADER;
	for (int i = 0; i < *n; i++)
	{
		rows[i].kind = p[0];
		rows[i].bits = p[3];
		rows[i].count = p[4] | p[5] << 8 | p[6] << 16 | (uint32) p[7] << 24;
		memcpy(rows[i].word, p + MODEL_ROW, p[1]);
		memcpy(rows[i].name, p + MODEL_ROW + p[1], p[2]);
		p += MODEL_ROW + p[1] + p[2];
	}
	return rows;
}

/* Makes a value of an array of objects. Errors: 22023. */
static bytea *
from_jsonb(Jsonb *jsonb)
{
	JsonbIterator *it = JsonbIteratorInit(&jsonb->root);
	JsonbIteratorToken token;
	JsonbValue v, key = {0};
	ModelRow *rows;
	int n = 0, capacity = 64, depth = 0;
	bool seen[5];

	if (!JB_ROOT_IS_ARRAY(jsonb) || JB_ROOT_IS_SCALAR(jsonb))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a model is an array of objects")));
	rows = palloc(sizeof(ModelRow) * capacity);
	while ((token = JsonbIteratorNext(&it, &v, true)) != WJB_DONE)
	{
		switch (token)
		{
			case WJB_BEGIN_ARRAY:
				if (depth++ > 0)
					ROW_ERROR(n, "It is no object.");
				break;
			case WJB_ELEM:
				/* with skipNested an object comes as one binary element */
				if (v.type != jbvBinary ||
					!JsonContainerIsObject(v.val.binary.data))
					ROW_ERROR(n, "It is no object.");
				if (n == MODEL_ROWS)
					ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
									errmsg("a model has at most %d rows",
										   MODEL_ROWS)));
				if (n == capacity)
					rows = repalloc_huge(rows,
										 sizeof(ModelRow) * (capacity *= 2));
				memset(&rows[n], 0, sizeof(ModelRow));
				memset(seen, 0, sizeof(seen));
				{
					JsonbIterator *in = JsonbIteratorInit(v.val.binary.data);
					JsonbValue field;

					while ((token = JsonbIteratorNext(&in, &field, true)) !=
						   WJB_DONE)
					{
						if (token == WJB_KEY)
							key = field;
						else if (token == WJB_VALUE)
							take_field(&key, &field, n, &rows[n], seen);
					}
				}
				check_row(&rows[n], n, seen);
				n++;
				break;
			default:
				break;
		}
	}
	qsort(rows, n, sizeof(ModelRow), compare_rows);
	check_rows(rows, n);
	return pack(rows, n);
}

/* The rows as text: an array of JSON objects in canonical order. */
static char *
rows_text(const bytea *value)
{
	StringInfoData buf;
	int n;
	ModelRow *rows = unpack(value, &n);

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '[');
	for (int i = 0; i < n; i++)
	{
		const ModelRow *r = &rows[i];

		appendStringInfo(&buf, "%s{\"kind\": \"%s\", \"word\": \"%s\"",
						 i > 0 ? ", " : "", kinds[r->kind], r->word);
		if (r->kind <= MODEL_NICKNAME)
			appendStringInfo(&buf, ", \"name\": \"%s\"", r->name);
		else if (r->kind == MODEL_FREQUENCY)
			appendStringInfo(&buf, ", \"count\": %u", r->count);
		else
			appendStringInfo(&buf, ", \"bits\": %d.%03d", r->bits / 8,
							 r->bits % 8 * 125);
		appendStringInfoChar(&buf, '}');
	}
	appendStringInfoChar(&buf, ']');
	pfree(rows);
	return buf.data;
}

DTSEN_FUNCTION(dtsen_nama_model_in);
DTSEN_FUNCTION(dtsen_nama_model_out);
DTSEN_FUNCTION(dtsen_nama_model_recv);
DTSEN_FUNCTION(dtsen_nama_model_send);
DTSEN_FUNCTION(dtsen_nama_model_from_jsonb);

/* nama_model_in(cstring): the same as nama_model(jsonb). Errors: 22P02, 22023. */
Datum
dtsen_nama_model_in(PG_FUNCTION_ARGS)
{
	Datum jsonb = DirectFunctionCall1(jsonb_in, PG_GETARG_DATUM(0));

	PG_RETURN_BYTEA_P(from_jsonb(DatumGetJsonbP(jsonb)));
}

Datum
dtsen_nama_model_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(rows_text(PG_GETARG_BYTEA_PP(0)));
}

/* nama_model_recv(internal): version byte, then the text. Error: 22P03. */
Datum
dtsen_nama_model_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int version = pq_getmsgbyte(buf), len;
	char *str;
	Datum jsonb;

	if (version != MODEL_VERSION)
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("unknown version %d of type %s", version,
							   "nama_model")));
	str = pq_getmsgtext(buf, buf->len - buf->cursor, &len);
	jsonb = DirectFunctionCall1(jsonb_in, CStringGetDatum(str));
	PG_RETURN_BYTEA_P(from_jsonb(DatumGetJsonbP(jsonb)));
}

Datum
dtsen_nama_model_send(PG_FUNCTION_ARGS)
{
	char *str = rows_text(PG_GETARG_BYTEA_PP(0));
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, MODEL_VERSION);
	pq_sendtext(&buf, str, strlen(str));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/*
 * nama_model(jsonb) -> nama_model: an array of objects with kind, word, and
 * name, count or bits. Errors: 22023 for a row that makes no sense, 54000.
 */
Datum
dtsen_nama_model_from_jsonb(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(from_jsonb(PG_GETARG_JSONB_P(0)));
}

/* The key that a word alone folds to, and what is known of it. */
static const char *
key_of(const char *word, uint16 *len, DtcName *name)
{
	if (dtc_name_parse(word, strlen(word), name) != DTC_NAME_OK ||
		name->ntokens != 1)
	{
		name->foldedlen = (uint16) dtc_name_fold(
			word, strlen(word), name->folded, DTC_NAME_MAX_FOLDED);
		name->ntokens = 0;
	}
	*len = name->foldedlen;
	return pnstrdup(name->folded, name->foldedlen);
}

static uint32
slots_for(int n)
{
	uint32 slots = 4;

	while (slots < (uint32) n * 2)
		slots *= 2;
	return slots;
}

/* Puts one row into the tables. total: people of all frequency rows. */
static void
compile_row(const ModelRow *r, uint64 total, DtcName *name,
			DtcNameModel *model)
{
	uint16 keylen, headlen = 0;
	const char *key = key_of(r->word, &keylen, name), *head = NULL;
	DtcModelWord *w;

	if (r->kind <= MODEL_NICKNAME)
		head = key_of(r->name, &headlen, name);
	if (r->kind == MODEL_NICKNAME)
	{
		DtcModelNickname *n =
			dtc_name_model_nickname_slot(model, key, keylen, head, headlen);

		n->nick = key;
		n->nicklen = keylen;
		n->name = head;
		n->namelen = headlen;
		return;
	}
	w = dtc_name_model_slot(model, key, keylen);
	if (w->key == NULL)
	{
		w->key = key;
		w->keylen = keylen;
		w->level = DTC_MODEL_LEVEL;
	}
	if (r->kind == MODEL_WEIGHT)
		w->weight = r->bits;
	else if (r->kind == MODEL_FREQUENCY)
	{
		w->weight = dtc_name_model_weight(r->count, total);
		w->level = dtc_name_level(r->count);
	}
	else
	{
		w->head = head;
		w->headlen = headlen;
		w->abbreviated = r->kind == MODEL_ABBREVIATION;
	}
}

/* A variant is as common as its name, unless the model says otherwise. */
static void
inherit(DtcNameModel *model)
{
	for (uint32 i = 0; i < model->slots; i++)
	{
		DtcModelWord *w = &model->word[i];
		const DtcModelWord *head;
		DtcName *name;

		if (w->key == NULL || w->headlen == 0)
			continue;
		head = dtc_name_model_slot(model, w->head, w->headlen);
		if (head->key != NULL && w->weight == 0)
			w->weight = head->weight;
		if (head->key != NULL && w->level == DTC_MODEL_LEVEL)
			w->level = head->level;
		if (w->weight > 0 && w->level != DTC_MODEL_LEVEL)
			continue;
		name = palloc(sizeof(DtcName));
		if (dtc_name_parse(w->head, w->headlen, name) == DTC_NAME_OK &&
			name->ntokens == 1)
		{
			uint8 info = name->token[0].info;

			if (w->weight == 0)
				w->weight = name->token[0].weight;
			if (w->level == DTC_MODEL_LEVEL)
				w->level = (info & DTC_TOKEN_LEVEL) >> DTC_TOKEN_LEVEL_SHIFT;
		}
		pfree(name);
	}
}

/* What a call site keeps of its model. */
typedef struct ModelCache
{
	MemoryContext context;
	bytea *value;
	DtcNameModel model;
	int rows;
} ModelCache;

static void
compile(ModelCache *cache, const bytea *value)
{
	MemoryContext old;
	ModelRow *rows;
	DtcName *name;
	uint64 total = 0;
	int n, nicknames = 0;

	MemoryContextReset(cache->context);
	cache->value = NULL;
	old = MemoryContextSwitchTo(cache->context);
	rows = unpack(value, &n);
	for (int i = 0; i < n; i++)
	{
		nicknames += rows[i].kind == MODEL_NICKNAME;
		total += rows[i].count;
	}
	cache->rows = n;
	cache->model.slots = n > nicknames ? slots_for(n - nicknames) : 0;
	cache->model.nickname_slots = nicknames > 0 ? slots_for(nicknames) : 0;
	cache->model.word = MemoryContextAllocExtended(
		cache->context, sizeof(DtcModelWord) * Max(cache->model.slots, 1),
		MCXT_ALLOC_ZERO | MCXT_ALLOC_HUGE);
	cache->model.nickname = MemoryContextAllocExtended(
		cache->context,
		sizeof(DtcModelNickname) * Max(cache->model.nickname_slots, 1),
		MCXT_ALLOC_ZERO | MCXT_ALLOC_HUGE);
	name = palloc(sizeof(DtcName));
	for (int i = 0; i < n; i++)
		compile_row(&rows[i], total, name, &cache->model);
	inherit(&cache->model);
	pfree(name);
	pfree(rows);
	cache->value = (bytea *) DatumGetPointer(
		datumCopy(PointerGetDatum(value), false, -1));
	MemoryContextSwitchTo(old);
}

/*
 * Is an argument a constant of the query text? A parameter is not enough:
 * PL/pgSQL evaluates one prepared expression with other values of its
 * variables.
 */
static bool
is_constant(FmgrInfo *flinfo, int arg)
{
	Node *call = flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) &&
		   IsA(list_nth(((FuncExpr *) call)->args, arg), Const);
}

/*
 * The model that is argument number arg of a call, compiled.
 *
 * It is compiled once for a constant, and again whenever the value differs
 * from the one before where it is none. kept: NULL before the
 * first call. rows: how many it has.
 */
const DtcNameModel *
dtsen_nama_model_kept(FunctionCallInfo fcinfo, int arg, void **kept, int *rows)
{
	ModelCache *cache = *kept;
	bytea *value;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
									   sizeof(ModelCache));
		cache->context =
			AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "dtsen name model",
								  ALLOCSET_DEFAULT_SIZES);
		*kept = cache;
	}
	if (cache->value == NULL || !is_constant(fcinfo->flinfo, arg))
	{
		value = PG_GETARG_BYTEA_PP(arg);
		if (cache->value == NULL ||
			VARSIZE_ANY_EXHDR(value) != VARSIZE_ANY_EXHDR(cache->value) ||
			memcmp(VARDATA_ANY(value), VARDATA_ANY(cache->value),
				   VARSIZE_ANY_EXHDR(value)) != 0)
			compile(cache, value);
		PG_FREE_IF_COPY(value, arg);
	}
	if (rows != NULL)
		*rows = cache->rows;
	return &cache->model;
}

/* The same for a function that keeps nothing else at its call site. */
const DtcNameModel *
dtsen_nama_model(FunctionCallInfo fcinfo, int arg, int *rows)
{
	return dtsen_nama_model_kept(fcinfo, arg, &fcinfo->flinfo->fn_extra, rows);
}
