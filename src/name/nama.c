/*
 * nama.c
 *		The type nama: input, output, binary form, casts.
 *
 * A value keeps the name as written and, beside it, what comparing needs: the
 * folded keys and four bytes a token. Folding happens once, on input; the
 * version of the folding tables is part of the value, and a value of another
 * version is folded again whenever it is compared (docs/formats.md).
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"
#include "name/name.h"

/* Blanks at the ends are no part of a name. */
static void
trim(const char **str, int *len)
{
	while (*len > 0 && **str == ' ')
	{
		(*str)++;
		(*len)--;
	}
	while (*len > 0 && (*str)[*len - 1] == ' ')
		(*len)--;
}

/*
 * Text of the database's encoding as UTF-8, which is what folding knows; that of
 * SQL_ASCII is taken as it is. Sets *utf8len.
 *
 * Returns str itself when nothing is to be done, NULL when it holds bytes that
 * are no character or is too long to be converted. Raises nothing. Linear.
 */
static char *
to_utf8(const char *str, int len, int *utf8len)
{
	int encoding = GetDatabaseEncoding();
	Oid conversion;
	char *utf8;
	int room;

	*utf8len = len;
	if (encoding == PG_SQL_ASCII || encoding == PG_UTF8 || len == 0)
		return unconstify(char *, str);
	conversion = FindDefaultConversionProc(encoding, PG_UTF8);
	if (!OidIsValid(conversion) ||
		len >= (int) (MaxAllocSize / MAX_CONVERSION_GROWTH))
		return NULL;
	room = len * MAX_CONVERSION_GROWTH + 1;
	utf8 = palloc(room);
	if (pg_do_encoding_conversion_buf(
			conversion, encoding, PG_UTF8,
			(unsigned char *) unconstify(char *, str), len,
			(unsigned char *) utf8, room, true) < len)
	{
		pfree(utf8);
		return NULL;
	}
	*utf8len = strlen(utf8);
	return utf8;
}

/* Parses text of the database's encoding. */
static DtcNameStatus
parse(const char *str, int len, DtcName *name)
{
	int utf8len;
	char *utf8;
	DtcNameStatus status;

	if (len > DTC_NAME_MAX_BYTES)
		return DTC_NAME_TOO_LONG;
	utf8 = to_utf8(str, len, &utf8len);
	if (utf8 == NULL)
		return DTC_NAME_CONTROL;
	status = dtc_name_parse(utf8, utf8len, name);
	if (utf8 != str)
		pfree(utf8);
	return status;
}

/*
 * The other way: a folded or normal form to the database's encoding.
 *
 * str: NUL-terminated UTF-8 that parse() made of text of the database.
 * Returns str itself when nothing is to be done. Linear.
 */
char *
dtsen_nama_from_utf8(char *str)
{
	int encoding = GetDatabaseEncoding();

	if (encoding == PG_SQL_ASCII || encoding == PG_UTF8)
		return str;
	return pg_any_to_server(str, strlen(str), PG_UTF8);
}

/* Lays out a value. */
static DtNama *
build(const char *str, int len, const DtcName *name)
{
	Size size = VARHDRSZ + DT_NAMA_HEADER + DT_NAMA_TOKEN * name->ntokens +
				name->foldedlen + len;
	DtNama *value = palloc(size);
	uint8 *p = (uint8 *) VARDATA(value);

	SET_VARSIZE(value, size);
	p[0] = DTC_NAME_VERSION;
	p[1] = name->flags;
	p[2] = name->ntokens;
	p[3] = name->foldedlen & 0xFF;
	p[4] = name->foldedlen >> 8;
	p += DT_NAMA_HEADER;
	dtc_name_meta(name, p);
	p += DT_NAMA_TOKEN * name->ntokens;
	memcpy(p, name->folded, name->foldedlen);
	memcpy(p + name->foldedlen, str, len);
	return value;
}

/*
 * Makes a value of a text.
 *
 * str: len bytes of the database's encoding; blanks at the ends are dropped.
 * sqlstate: 22P02 for text, 22P03 for binary input; the limits are 54000.
 * Returns NULL after a soft error. Linear in len.
 */
DtNama *
dtsen_nama_make(const char *str, int len, int sqlstate, Node *escontext)
{
	DtcName name;
	DtcNameStatus status;

	trim(&str, &len);
	status = parse(str, len, &name);
	if (status == DTC_NAME_OK)
		return build(str, len, &name);
	if (status == DTC_NAME_TOO_LONG)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("value too long for type %s", "nama"),
				 errdetail("A name has at most %d characters and %d words.",
						   DTC_NAME_MAX_CHARS, DTC_NAME_MAX_TOKENS)));
	ereturn(escontext, NULL,
			(errcode(sqlstate),
			 errmsg("invalid input syntax for type %s: \"%s\"", "nama",
					dtsen_masked(str, len)),
			 status == DTC_NAME_EMPTY
				 ? errdetail("A name needs at least one letter.")
				 : errdetail("A name holds no control characters."),
			 status == DTC_NAME_EMPTY
				 ? 0
				 : errhint("dtsen.to_nama() replaces them by spaces.")));
}

/*
 * Cleans and parses a text the forgiving way, see dtc_name_clean().
 *
 * Sets *clean, UTF-8 and to be freed, and *cleanlen. Returns false when what is
 * left is no name. Linear in len.
 */
static bool
parse_cleaned(const char *str, int len, char **clean, int *cleanlen,
			  DtcName *name)
{
	int utf8len;
	char *utf8 = to_utf8(str, len, &utf8len);

	*clean = NULL;
	if (utf8 == NULL)
		return false;
	*clean = palloc(utf8len + 1);
	*cleanlen = dtc_name_clean(utf8, utf8len, *clean);
	(*clean)[*cleanlen] = '\0';
	if (utf8 != str)
		pfree(utf8);
	return dtc_name_parse(*clean, *cleanlen, name) == DTC_NAME_OK;
}

/* Makes a value the forgiving way; NULL when the text is no name. */
static DtNama *
try_make(const char *str, int len)
{
	char *clean;
	DtNama *value = NULL;
	DtcName name;
	int cleanlen;

	if (parse_cleaned(str, len, &clean, &cleanlen, &name))
	{
		char *own = dtsen_nama_from_utf8(clean);

		value = build(own, own == clean ? cleanlen : (int) strlen(own), &name);
		if (own != clean)
			pfree(own);
	}
	if (clean != NULL)
		pfree(clean);
	return value;
}

/* Parses a text the forgiving way, without making a value. */
bool
dtsen_nama_parse(const char *str, int len, DtcName *name)
{
	char *clean;
	int cleanlen;
	bool ok = parse_cleaned(str, len, &clean, &cleanlen, name);

	if (clean != NULL)
		pfree(clean);
	return ok;
}

/*
 * Sets pointers into a value, whatever its version: for those who need only the
 * name as written.
 */
void
dtsen_nama_stored_parts(const DtNama *value, DtNamaParts *parts)
{
	const uint8 *p = (const uint8 *) VARDATA_ANY(value);

	parts->view.flags = p[1];
	parts->view.ntokens = p[2];
	parts->view.foldedlen = p[3] | p[4] << 8;
	parts->view.meta = p + DT_NAMA_HEADER;
	parts->view.folded =
		(const char *) parts->view.meta + DT_NAMA_TOKEN * p[2];
	parts->text = parts->view.folded + parts->view.foldedlen;
	parts->textlen =
		VARSIZE_ANY_EXHDR(value) - (int) (parts->text - (const char *) p);
	parts->fresh = NULL;
}

/*
 * Takes a value apart.
 *
 * value: detoasted. A value that an older or newer library has folded is
 * folded again, so that all comparisons are by the tables of this library;
 * should this library refuse the text, what is stored stands. Who takes apart
 * many values in one context, as a sort does, calls dtsen_nama_release().
 */
void
dtsen_nama_parts(const DtNama *value, DtNamaParts *parts)
{
	DtcName name;
	DtNama *fresh;

	dtsen_nama_stored_parts(value, parts);
	if (likely(*(const uint8 *) VARDATA_ANY(value) == DTC_NAME_VERSION))
		return;
	if (parse(parts->text, parts->textlen, &name) != DTC_NAME_OK)
		return;
	fresh = build(parts->text, parts->textlen, &name);
	dtsen_nama_stored_parts(fresh, parts);
	parts->fresh = fresh;
}

/* Frees what taking apart has made, if anything; parts lead nowhere then. */
void
dtsen_nama_release(DtNamaParts *parts)
{
	if (unlikely(parts->fresh != NULL))
		pfree(parts->fresh);
}

/* The words of a value in full, those that its parts number. */
bool
dtsen_nama_words(const DtNamaParts *parts, DtcName *name)
{
	return parse(parts->text, parts->textlen, name) == DTC_NAME_OK &&
		   name->ntokens == parts->view.ntokens;
}

DTSEN_FUNCTION(dtsen_nama_in);
DTSEN_FUNCTION(dtsen_nama_out);
DTSEN_FUNCTION(dtsen_nama_recv);
DTSEN_FUNCTION(dtsen_nama_send);
DTSEN_FUNCTION(dtsen_nama_from_text);
DTSEN_FUNCTION(dtsen_nama_to_text);
DTSEN_FUNCTION(dtsen_to_nama);
DTSEN_FUNCTION(dtsen_is_nama);

/*
 * nama_in(cstring) -> nama. Errors: 22P02 no letter or a control character,
 * 54000 over 255 characters or 32 words; all soft.
 */
Datum
dtsen_nama_in(PG_FUNCTION_ARGS)
{
	char *str = PG_GETARG_CSTRING(0);
	DtNama *value =
		dtsen_nama_make(str, strlen(str), ERRCODE_INVALID_TEXT_REPRESENTATION,
						fcinfo->context);

	if (value == NULL)
		return (Datum) 0;
	PG_RETURN_POINTER(value);
}

/* nama_out(nama) -> cstring: the name as written. */
Datum
dtsen_nama_out(PG_FUNCTION_ARGS)
{
	DtNama *value = PG_GETARG_NAMA_PP(0);
	DtNamaParts parts;

	dtsen_nama_stored_parts(value, &parts);
	PG_RETURN_CSTRING(pnstrdup(parts.text, parts.textlen));
}

/*
 * nama_recv(internal) -> nama: the text alone, folded here, so that no client
 * can store a key that does not belong to its name. Errors: 22P03, 54000.
 */
Datum
dtsen_nama_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int len;
	char *str = pq_getmsgtext(buf, buf->len - buf->cursor, &len);
	DtNama *value =
		dtsen_nama_make(str, len, ERRCODE_INVALID_BINARY_REPRESENTATION, NULL);

	pfree(str);
	PG_RETURN_POINTER(value);
}

/* nama_send(nama) -> bytea: the name as written. */
Datum
dtsen_nama_send(PG_FUNCTION_ARGS)
{
	DtNama *value = PG_GETARG_NAMA_PP(0);
	DtNamaParts parts;
	StringInfoData buf;

	dtsen_nama_stored_parts(value, &parts);
	pq_begintypsend(&buf);
	pq_sendtext(&buf, parts.text, parts.textlen);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* nama(text), nama(varchar) -> nama: as nama_in. Errors: 22P02, 54000. */
Datum
dtsen_nama_from_text(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);
	DtNama *value =
		dtsen_nama_make(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t),
						ERRCODE_INVALID_TEXT_REPRESENTATION, fcinfo->context);

	if (value == NULL)
		return (Datum) 0;
	PG_RETURN_POINTER(value);
}

/* text(nama) -> text: the name as written. */
Datum
dtsen_nama_to_text(PG_FUNCTION_ARGS)
{
	DtNama *value = PG_GETARG_NAMA_PP(0);
	DtNamaParts parts;

	dtsen_nama_stored_parts(value, &parts);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(parts.text, parts.textlen));
}

/*
 * to_nama(text) -> nama: cleans blanks and control characters; NULL when what
 * is left is no name. Raises nothing.
 */
Datum
dtsen_to_nama(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);
	DtNama *value = try_make(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t));

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(value);
}

/* is_nama(text) -> boolean: would the cast to nama succeed? */
Datum
dtsen_is_nama(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);
	const char *s = VARDATA_ANY(t);
	int len = VARSIZE_ANY_EXHDR(t);
	DtcName name;

	trim(&s, &len);
	PG_RETURN_BOOL(parse(s, len, &name) == DTC_NAME_OK);
}
