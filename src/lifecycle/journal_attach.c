/*
 * journal_attach.c
 *		Entries for the rows that a table has when it gets a lifecycle.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/entry.h"

#define FETCH 1000 /* rows at a time */

/* A column of the row at hand, 1 to 3. */
static DtText
field(uint64 row, int column)
{
	return dtsen_lifecycle_text(
		SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column));
}

/*
 * Passes on each row of a query, which is run as the caller, whose table it
 * reads, while the writer writes as the owner of the journal.
 */
static int64
for_each_row(const char *sql, const DtScope *caller, DtWriter *w,
			 void (*take)(DtWriter *w, uint64 row))
{
	Portal portal;
	DtScope writer;
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext cxt =
		AllocSetContextCreate(outer, "dtsen rows", ALLOCSET_SMALL_SIZES);
	int64 n = 0;

	GetUserIdAndSecContext(&writer.userid, &writer.sec_context);
	SetUserIdAndSecContext(caller->userid, caller->sec_context);
	portal =
		SPI_cursor_open_with_args(NULL, sql, 0, NULL, NULL, NULL, true, 0);
	SetUserIdAndSecContext(writer.userid, writer.sec_context);
	for (;;)
	{
		SPITupleTable *rows;

		SPI_cursor_fetch(portal, true, FETCH);
		rows = SPI_tuptable;
		if (SPI_processed == 0)
			break;
		for (uint64 i = 0, processed = SPI_processed; i < processed; i++)
		{
			MemoryContextSwitchTo(cxt);
			SPI_tuptable = rows;
			take(w, i);
			MemoryContextSwitchTo(outer);
			MemoryContextReset(cxt);
			n++;
		}
		SPI_freetuptable(rows);
		CHECK_FOR_INTERRUPTS();
	}
	SPI_cursor_close(portal);
	MemoryContextDelete(cxt);
	return n;
}

static void
want(DtWriter *w, uint64 row)
{
	dtsen_lifecycle_want_chain(w, field(row, 1));
}

static void
add(DtWriter *w, uint64 row)
{
	DtEntry entry = {0};

	entry.key = field(row, 1);
	entry.to = field(row, 2);
	entry.wilayah = field(row, 3);
	entry.from = dtsen_lifecycle_text(NULL);
	entry.action = dtsen_lifecycle_text(DTSEN_ACTION_ATTACHED);
	entry.reason = dtsen_lifecycle_text(NULL);
	dtsen_lifecycle_append(w, &entry);
}

/* "column"::text, or NULL for the empty name. */
static char *
as_text(const char *column)
{
	if (column[0] == '\0')
		return pstrdup("NULL::pg_catalog.text");
	return psprintf("r.%s::pg_catalog.text", quote_identifier(column));
}

DTSEN_FUNCTION(dtsen__journal_attached);

/*
 * _journal_attached(table regclass, schema, machine, key, state, wilayah ''
 * if there is none) -> bigint: writes an entry "attached" for each row of the
 * table, and returns how many. For attach(), which holds a lock on the table.
 *
 * Errors: 42501 unless the caller has the privileges of the owners of both the
 * table and the journal.
 */
Datum
dtsen__journal_attached(PG_FUNCTION_ARGS)
{
	Oid relid = PG_GETARG_OID(0);
	DtMachine *m = dtsen_lifecycle_machine_entry(
		NameStr(*PG_GETARG_NAME(1)), text_to_cstring(PG_GETARG_TEXT_PP(2)));
	const char *wilayah = NameStr(*PG_GETARG_NAME(5));
	char *table;
	DtScope caller;
	DtWriter *w;
	int64 n;

	dtsen_lifecycle_load(m);
	dtsen_lifecycle_check_owner(GetUserId(), m->owner);
	dtsen_lifecycle_check_owner(GetUserId(), m->journal_owner);
	dtsen_lifecycle_load_actor(m);
	table = quote_qualified_identifier(
		get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid));

	GetUserIdAndSecContext(&caller.userid, &caller.sec_context);
	w = dtsen_lifecycle_writer(m);
	(void) for_each_row(
		psprintf("SELECT DISTINCT pg_catalog.left(pg_catalog.regexp_replace("
				 "%s, '[^0-9]', '', 'g'), %d) FROM %s AS r",
				 as_text(wilayah), DTC_CHAIN_DIGITS, table),
		&caller, w, want);
	dtsen_lifecycle_lock_chains(w);
	n = for_each_row(psprintf("SELECT %s, %s, %s FROM %s AS r",
							  as_text(NameStr(*PG_GETARG_NAME(3))),
							  as_text(NameStr(*PG_GETARG_NAME(4))),
							  as_text(wilayah), table),
					 &caller, w, add);
	dtsen_lifecycle_finish(w);
	PG_RETURN_INT64(n);
}
