/*
 * entry.c
 *		Journal entries and their digests.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "lifecycle/entry.h"

/* A C string as a field; NULL is null. */
DtText
dtsen_lifecycle_text(const char *value)
{
	DtText result = {"", 0, true};

	if (value != NULL)
	{
		result.data = value;
		result.len = (int) strlen(value);
		result.isnull = false;
	}
	return result;
}

static void
append_input(void *state, const uint8_t *data, size_t len)
{
	appendBinaryStringInfo((StringInfo) state, (const char *) data, (int) len);
}

static void
hash_text(StringInfo input, DtText field)
{
	char *utf8;

	if (field.isnull)
	{
		dtc_canon_null(append_input, input);
		return;
	}
	utf8 = pg_server_to_any(field.data, field.len, PG_UTF8);
	dtc_canon_text(append_input, input, utf8,
				   utf8 == field.data ? (size_t) field.len : strlen(utf8));
}

/* Makes a hasher, which lives in the current memory context. */
void
dtsen_lifecycle_hasher(DtHasher *hasher)
{
	hasher->context = pg_cryptohash_create(PG_SHA256);
	if (hasher->context == NULL)
		elog(ERROR, "could not hash: %s", pg_cryptohash_error(NULL));
	initStringInfo(&hasher->input);
}

/*
 * Digest of an entry that follows one with digest previous (all zero for the
 * first of a chain). The form is described in docs/lifecycle.md.
 */
void
dtsen_lifecycle_digest(DtHasher *hasher, const uint8 *previous,
					   const DtEntry *entry, uint8 *digest)
{
	StringInfo input = &hasher->input;

	resetStringInfo(input);
	dtc_canon_begin(append_input, input, previous);
	hash_text(input, dtsen_lifecycle_text(entry->machine));
	hash_text(input, entry->chain);
	dtc_canon_int(append_input, input, entry->seq);
	hash_text(input, entry->key);
	hash_text(input, entry->wilayah);
	hash_text(input, entry->from);
	hash_text(input, entry->to);
	hash_text(input, entry->action);
	hash_text(input, entry->login);
	hash_text(input, entry->session_login);
	hash_text(input, entry->person);
	dtc_canon_int(append_input, input, entry->at);
	dtc_canon_int(append_input, input, entry->txid);
	dtc_canon_int(append_input, input, entry->version);
	hash_text(input, entry->reason);
	if (pg_cryptohash_init(hasher->context) < 0 ||
		pg_cryptohash_update(hasher->context, (const uint8 *) input->data,
							 input->len) < 0 ||
		pg_cryptohash_final(hasher->context, digest, DTC_DIGEST_BYTES) < 0)
		elog(ERROR, "could not hash: %s",
			 pg_cryptohash_error(hasher->context));
}

DTSEN_FUNCTION(dtsen_journal_digest);

static DtText
argument_text(FunctionCallInfo fcinfo, int i)
{
	DtText result = {"", 0, true};

	if (!PG_ARGISNULL(i))
	{
		text *value = PG_GETARG_TEXT_PP(i);

		result.data = VARDATA_ANY(value);
		result.len = (int) VARSIZE_ANY_EXHDR(value);
		result.isnull = false;
	}
	return result;
}

/*
 * journal_digest(previous bytea, then the columns of table journal in their
 * order, without digest) -> bytea: the digest that the entry must have.
 *
 * previous: digest of the entry before it in the chain, NULL for the first.
 * NULL for a number that is NULL; 22023 for a previous digest that is not 32
 * bytes long. The form is described in docs/lifecycle.md.
 */
Datum
dtsen_journal_digest(PG_FUNCTION_ARGS)
{
	uint8 previous[DTC_DIGEST_BYTES] = {0};
	bytea *result;
	DtHasher hasher;
	DtEntry entry = {0};

	if (PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(12) ||
		PG_ARGISNULL(13) || PG_ARGISNULL(14))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(0))
	{
		bytea *value = PG_GETARG_BYTEA_PP(0);

		if (VARSIZE_ANY_EXHDR(value) != DTC_DIGEST_BYTES)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("digest must have %d bytes", DTC_DIGEST_BYTES)));
		memcpy(previous, VARDATA_ANY(value), DTC_DIGEST_BYTES);
	}
	entry.machine = text_to_cstring(PG_GETARG_TEXT_PP(1));
	entry.chain = argument_text(fcinfo, 2);
	entry.seq = PG_GETARG_INT64(3);
	entry.key = argument_text(fcinfo, 4);
	entry.wilayah = argument_text(fcinfo, 5);
	entry.from = argument_text(fcinfo, 6);
	entry.to = argument_text(fcinfo, 7);
	entry.action = argument_text(fcinfo, 8);
	entry.login = dtsen_lifecycle_text(
		PG_ARGISNULL(9) ? NULL : NameStr(*PG_GETARG_NAME(9)));
	entry.session_login = dtsen_lifecycle_text(
		PG_ARGISNULL(10) ? NULL : NameStr(*PG_GETARG_NAME(10)));
	entry.person = argument_text(fcinfo, 11);
	entry.at = PG_GETARG_TIMESTAMPTZ(12);
	entry.txid = PG_GETARG_INT64(13);
	entry.version = PG_GETARG_INT32(14);
	entry.reason = argument_text(fcinfo, 15);

	dtsen_lifecycle_hasher(&hasher);
	result = palloc(VARHDRSZ + DTC_DIGEST_BYTES);
	SET_VARSIZE(result, VARHDRSZ + DTC_DIGEST_BYTES);
	dtsen_lifecycle_digest(&hasher, previous, &entry,
						   (uint8 *) VARDATA(result));
	pg_cryptohash_free(hasher.context);
	pfree(hasher.input.data);
	PG_RETURN_BYTEA_P(result);
}
