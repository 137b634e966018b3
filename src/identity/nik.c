/*
 * nik.c
 *		Type nik: the number of a person, 16 digits.
 *
 * Comparison, hashing and the aggregates are bigint's functions, declared in
 * the install script.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "compat.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen_nik_in);
DTSEN_FUNCTION(dtsen_nik_out);
DTSEN_FUNCTION(dtsen_nik_recv);
DTSEN_FUNCTION(dtsen_nik_send);
DTSEN_FUNCTION(dtsen_nik_from_bigint);
DTSEN_FUNCTION(dtsen_to_nik);
DTSEN_FUNCTION(dtsen_is_nik);
DTSEN_FUNCTION(dtsen_nik_input_error);

/* nik_in(cstring) -> nik: exactly 16 ASCII digits. Errors: 22P02. */
Datum
dtsen_nik_in(PG_FUNCTION_ARGS)
{
	return dtsen_number16_in(fcinfo, "nik");
}

/* nik_out(nik) -> cstring: 16 digits. */
Datum
dtsen_nik_out(PG_FUNCTION_ARGS)
{
	return dtsen_number16_out(PG_GETARG_INT64(0));
}

/* nik_recv(internal) -> nik: a big-endian int8. Errors: 22P03. */
Datum
dtsen_nik_recv(PG_FUNCTION_ARGS)
{
	return dtsen_number16_recv(fcinfo, "nik");
}

/* nik_send(nik) -> bytea: a big-endian int8. */
Datum
dtsen_nik_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_INT64(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* nik(bigint) -> nik: the cast. Errors: 22003. */
Datum
dtsen_nik_from_bigint(PG_FUNCTION_ARGS)
{
	return dtsen_number16_from_bigint(PG_GETARG_INT64(0), "nik");
}

/* to_nik(text) -> nik: cleaned without guessing, or NULL. */
Datum
dtsen_to_nik(PG_FUNCTION_ARGS)
{
	int64_t value;

	if (!dtsen_number16_clean(PG_GETARG_DATUM(0), &value))
		PG_RETURN_NULL();
	PG_RETURN_INT64(value);
}

/* is_nik(text) -> bool: would the cast to nik take it? */
Datum
dtsen_is_nik(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(dtsen_number16_test(PG_GETARG_DATUM(0)));
}

/* nik_input_error(text) -> text: why the cast refuses it, NULL if it does not.
 */
Datum
dtsen_nik_input_error(PG_FUNCTION_ARGS)
{
	const char *code = dtsen_number16_fault(PG_GETARG_DATUM(0));

	if (code == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(code));
}
