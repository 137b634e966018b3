/*
 * nama_functions.c
 *		What SQL can ask about one name: normal form, keys, mask, version.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen_nama_normalize);
DTSEN_FUNCTION(dtsen_nama_keys);
DTSEN_FUNCTION(dtsen_nama_mask);
DTSEN_FUNCTION(dtsen_nama_version);
DTSEN_FUNCTION(dtsen_nama_value_version);

/*
 * nama_normalize(text) -> text: titles and degrees off, abbreviations
 * expanded, upper case. NULL when the text is no name. Raises nothing.
 */
Datum
dtsen_nama_normalize(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);
	DtcName name;
	char normal[DTC_NAME_MAX_FOLDED + 16];

	if (!dtsen_nama_parse(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t), &name))
		PG_RETURN_NULL();
	dtc_name_normal(&name, normal, sizeof(normal));
	/* symbols were converted to UTF-8 for folding; turn them back */
	PG_RETURN_TEXT_P(cstring_to_text(dtsen_nama_from_utf8(normal)));
}

/*
 * nama_keys(nama) -> text[]: the distinct folded keys of its words, in order
 * of appearance; initials, particles and birth-order names are left out unless
 * there is nothing else. For blocking: names that share a key may match.
 */
Datum
dtsen_nama_keys(PG_FUNCTION_ARGS)
{
	DtNama *value = PG_GETARG_NAMA_PP(0);
	DtNamaParts parts;
	Datum keys[DTC_NAME_MAX_TOKENS];
	int n = 0;

	dtsen_nama_parts(value, &parts);
	for (int pass = 0; pass < 2 && n == 0; pass++)
	{
		const char *key = parts.view.folded;
		const char *end = key + parts.view.foldedlen;

		for (int i = 0; i < parts.view.ntokens; i++)
		{
			uint8 info = parts.view.meta[DT_NAMA_TOKEN * i + 2];
			const char *space = memchr(key, ' ', end - key);
			int len = (space != NULL ? space : end) - key;
			int kind = info & DTC_TOKEN_KIND;
			bool known = pass == 0 && kind != DTC_TOKEN_NAME &&
						 kind != DTC_TOKEN_SYMBOL;

			for (int k = 0; k < n && !known; k++)
			{
				text *t = DatumGetTextPP(keys[k]);

				known = (int) VARSIZE_ANY_EXHDR(t) == len &&
						memcmp(VARDATA_ANY(t), key, len) == 0;
			}
			if (!known)
			{
				char *copy = pnstrdup(key, len);

				keys[n++] = PointerGetDatum(
					cstring_to_text(dtsen_nama_from_utf8(copy)));
			}
			key += len + 1;
		}
	}
	PG_RETURN_ARRAYTYPE_P(
		construct_array(keys, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Characters of the word at offset i. */
static int
word_length(const DtNamaParts *parts, int i)
{
	int n = 0;

	while (i < parts->textlen && parts->text[i] != ' ')
	{
		i += pg_mblen(parts->text + i);
		n++;
	}
	return n;
}

/*
 * nama_mask(nama) -> text: the first letter of each word and a star for each
 * character that follows, for lists that others may see. A word of one
 * character is starred too unless it is a letter beside longer words: a mask
 * never shows a whole name.
 */
Datum
dtsen_nama_mask(PG_FUNCTION_ARGS)
{
	DtNama *value = PG_GETARG_NAMA_PP(0);
	DtNamaParts parts;
	StringInfoData buf;
	bool longer = false;
	int letter = 0;

	dtsen_nama_parts(value, &parts);
	initStringInfo(&buf);
	for (int pass = 0; pass < 2; pass++)
	{
		for (int i = 0; i < parts.textlen;)
		{
			int len = Min(pg_mblen(parts.text + i), parts.textlen - i);
			int length = letter == 0 ? word_length(&parts, i) : 0;

			if (parts.text[i] == ' ')
			{
				letter = 0;
				if (pass == 1)
					appendStringInfoChar(&buf, ' ');
			}
			else
			{
				longer |= length > 1;
				if (pass == 0)
					;
				else if (letter == 0 && (length > 1 || longer) &&
						 (length > 1 || (unsigned char) parts.text[i] < 0x80))
					appendBinaryStringInfo(&buf, parts.text + i, len);
				else
					appendStringInfoChar(&buf, '*');
				letter++;
			}
			i += len;
		}
		letter = 0;
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(buf.data, buf.len));
}

/*
 * nama_version() -> integer: version of the folding tables. When it changes,
 * indexes on nama columns need REINDEX.
 */
Datum
dtsen_nama_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(DTC_NAME_VERSION);
}

/* nama_version(nama) -> integer: version of the tables that folded a value. */
Datum
dtsen_nama_value_version(PG_FUNCTION_ARGS)
{
	DtNama *value = PG_GETARG_NAMA_PP(0);
	int version = *(const uint8 *) VARDATA_ANY(value);

	PG_FREE_IF_COPY(value, 0);
	PG_RETURN_INT32(version);
}
