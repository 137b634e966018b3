/*
 * empty_row.c
 *		Emptying a row in a final state, which no other UPDATE changes.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "compat.h"
#include "lifecycle/lifecycle.h"

/* The row that is being emptied, while its UPDATE runs. */
static const DtMachine *emptied_of = NULL;
static const char *emptied_key = NULL;

/* Is this row of the machine, or any if key is NULL, being emptied now? */
bool
dtsen_lifecycle_empties(const DtMachine *m, const DtText *key)
{
	return m == emptied_of && m != NULL &&
		   (key == NULL ||
			(!key->isnull && key->len == (int) strlen(emptied_key) &&
			 memcmp(key->data, emptied_key, key->len) == 0));
}

DTSEN_FUNCTION(dtsen_is_emptied);

/*
 * is_emptied(schema name, machine text, key text) -> bool: is empty_row() at
 * this row now? For triggers of one's own that keep what rows say.
 */
Datum
dtsen_is_emptied(PG_FUNCTION_ARGS)
{
	const DtMachine *m = emptied_of;
	DtText key;

	if (m == NULL)
		PG_RETURN_BOOL(false);
	key.data = text_to_cstring(PG_GETARG_TEXT_PP(2));
	key.len = (int) strlen(key.data);
	key.isnull = false;
	PG_RETURN_BOOL(
		strcmp(m->key.schema, NameStr(*PG_GETARG_NAME(0))) == 0 &&
		strcmp(m->key.machine, text_to_cstring(PG_GETARG_TEXT_PP(1))) == 0 &&
		dtsen_lifecycle_empties(m, &key));
}

DTSEN_FUNCTION(dtsen__empty_row);

/*
 * _empty_row(schema name, machine, key text, emptied jsonb, reason text) ->
 * bigint: runs the UPDATE that _empty_statement() writes, with the guard told
 * to let it by. For empty_row().
 *
 * Errors: 42501 unless the caller has the privileges of the owners of the
 * lifecycle; those of _empty_statement() and of the UPDATE.
 */
Datum
dtsen__empty_row(PG_FUNCTION_ARGS)
{
	const DtMachine *outer_of = emptied_of;
	const char *outer_key = emptied_key;
	Oid asked[3] = {NAMEOID, TEXTOID, JSONBOID};
	Oid given[2] = {TEXTOID, TEXTOID};
	Datum values[3];
	char nulls[2] = {' ', ' '};
	DtMachine *m;
	char *key;
	char *sql;
	volatile uint64 n = 0;

	for (int i = 0; i < 4; i++)
	{
		if (PG_ARGISNULL(i))
			PG_RETURN_INT64(0);
	}
	m = dtsen_lifecycle_machine_entry(NameStr(*PG_GETARG_NAME(0)),
									  text_to_cstring(PG_GETARG_TEXT_PP(1)));
	key = text_to_cstring(PG_GETARG_TEXT_PP(2));
	dtsen_lifecycle_load(m);
	dtsen_lifecycle_check_owner(GetUserId(), m->owner);
	dtsen_lifecycle_check_owner(GetUserId(), m->journal_owner);

	SPI_connect();
	values[0] = PG_GETARG_DATUM(0);
	values[1] = PG_GETARG_DATUM(1);
	values[2] = PG_GETARG_DATUM(3);
	SPI_execute_with_args("SELECT dtsen._empty_statement($1, $2, $3)", 3,
						  asked, values, NULL, true, 1);
	sql = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	values[0] = PG_GETARG_DATUM(2);
	values[1] = PG_ARGISNULL(4) ? (Datum) 0 : PG_GETARG_DATUM(4);
	nulls[1] = PG_ARGISNULL(4) ? 'n' : ' ';
	emptied_of = m;
	emptied_key = key;
	PG_TRY();
	{
		SPI_execute_with_args(sql, 2, given, values, nulls, false, 0);
		n = SPI_processed;
	}
	PG_FINALLY();
	{
		emptied_of = outer_of;
		emptied_key = outer_key;
	}
	PG_END_TRY();
	SPI_finish();
	PG_RETURN_INT64((int64) n);
}
