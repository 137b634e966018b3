/*
 * pseudonym.c
 *		Keyed pseudonyms of numbers of persons and families.
 *
 * A plain hash of a NIK hides nothing: there are few enough possible numbers
 * to hash them all. With a key that only the owner has, the same person has
 * the same pseudonym within a project and others in other projects.
 */
#include "postgres.h"

#include "common/hmac.h"
#include "common/sha2.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errors.h"
#include "identity/identity.h"

#define LEAST_KEY 16       /* bytes */
#define PSEUDONYM_BYTES 16 /* of the 32 of HMAC-SHA-256 */

DTSEN_FUNCTION(dtsen_nik_pseudonym);
DTSEN_FUNCTION(dtsen_nkk_pseudonym);

/*
 * The first 16 bytes of HMAC-SHA-256(key, domain || 0 || 16 digits), as 32
 * hexadecimal digits. domain keeps a NIK and a family card apart that have the
 * same digits. Errors: 22023 for a key under 16 bytes.
 */
static Datum
pseudonym(int64 number, bytea *key, const char *domain)
{
	uint8 digest[PG_SHA256_DIGEST_LENGTH];
	char digits[DTC_DIGITS];
	char hex[2 * PSEUDONYM_BYTES];
	pg_hmac_ctx *context;

	if (VARSIZE_ANY_EXHDR(key) < LEAST_KEY)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("key of a pseudonym must have at least %d bytes",
					LEAST_KEY),
			 errhint("sha256(gen_random_uuid()::text::bytea) makes one, or "
					 "take random bytes from outside.")));
	dtc_digits_write(number, digits);
	context = pg_hmac_create(PG_SHA256);
	if (context == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (pg_hmac_init(context, (const uint8 *) VARDATA_ANY(key),
					 VARSIZE_ANY_EXHDR(key)) < 0 ||
		pg_hmac_update(context, (const uint8 *) domain, strlen(domain) + 1) <
			0 ||
		pg_hmac_update(context, (const uint8 *) digits, DTC_DIGITS) < 0 ||
		pg_hmac_final(context, digest, sizeof(digest)) < 0)
	{
		pg_hmac_free(context);
		elog(ERROR, "could not compute an HMAC");
	}
	pg_hmac_free(context);
	hex_encode((const char *) digest, PSEUDONYM_BYTES, hex);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(hex, sizeof(hex)));
}

/* nik_pseudonym(nik, key bytea) -> text, see pseudonym(). */
Datum
dtsen_nik_pseudonym(PG_FUNCTION_ARGS)
{
	return pseudonym(PG_GETARG_NIK(0), PG_GETARG_BYTEA_PP(1), "nik");
}

/* nkk_pseudonym(nkk, key bytea) -> text, see pseudonym(). */
Datum
dtsen_nkk_pseudonym(PG_FUNCTION_ARGS)
{
	return pseudonym(PG_GETARG_NIK(0), PG_GETARG_BYTEA_PP(1), "nkk");
}
