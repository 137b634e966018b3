/*
 * journal_attach.c
 *		Entries for the rows that a table has when it gets a lifecycle.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/journal_row.h"

#define FETCH 1000 /* rows at a time */

/* A column of the row at hand, 1 to 3. */
static DtText
field(uint64 row, int column)
{
	DtText result = {"", 0, true};
	char *value =
		SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);

	if (value != NULL)
	{
		result.data = value;
		result.len = (int) strlen(value);
		result.isnull = false;
	}
	return result;
}

/* What is made of the rows of a query. */
typedef struct Rows
{
	DtWriter *w;
	DtRowColumns *columns; /* to which entries commit, or NULL ... */
	TupleDesc desc;        /* ... and of the row, the query's last column */
} Rows;

static void
want(Rows *rows, uint64 row)
{
	DtText none = {"", 0, true};

	(void) dtsen_journal_region(rows->w, field(row, 1), none, 0);
}

/* The version of the machine that a row is under; 0: the one in force. */
static int
version_of(uint64 row, int column)
{
	bool isnull;
	Datum value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc,
								column, &isnull);

	return isnull ? 0 : DatumGetInt32(value);
}

static DtcMessage
read_row(Rows *rows, uint64 row)
{
	bool isnull;
	Datum value = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc,
								5, &isnull);
	HeapTupleHeader header = DatumGetHeapTupleHeader(value);
	HeapTupleData tuple;

	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	return dtsen_row_tuple(rows->columns, &tuple, rows->desc);
}

static void
add(Rows *rows, uint64 row)
{
	DtWriter *w = rows->w;
	DtcMessage bytes;
	DtText none = {"", 0, true};
	DtText action = {DTSEN_ACTION_ATTACHED, strlen(DTSEN_ACTION_ATTACHED),
					 false};
	DtChange change = {0};

	change.key = field(row, 1);
	change.step = dtsen_journal_step(w, none, field(row, 2), action);
	change.region =
		dtsen_journal_region(w, field(row, 3), none, version_of(row, 4));
	change.reason.isnull = true;
	if (rows->columns != NULL)
	{
		bytes = read_row(rows, row);
		change.row = &bytes;
	}
	dtsen_journal_add(w, &change);
}

/* Passes on each row of a query, which is run as the caller. */
static int64
for_each_row(const char *sql, Rows *rows_of,
			 void (*take)(Rows *rows, uint64 row))
{
	Portal portal;
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext cxt =
		AllocSetContextCreate(outer, "dtsen rows", ALLOCSET_SMALL_SIZES);
	int64 n = 0;

	portal =
		SPI_cursor_open_with_args(NULL, sql, 0, NULL, NULL, NULL, true, 0);
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
			take(rows_of, i);
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

/* "column"::text, or NULL for the empty name. */
static char *
as_text(const char *column)
{
	if (column[0] == '\0')
		return pstrdup("NULL::pg_catalog.text");
	return psprintf("zz_dtsen_row.%s::pg_catalog.text",
					quote_identifier(column));
}

DTSEN_FUNCTION(dtsen__journal_attached);

/*
 * _journal_attached(table regclass, schema, machine, key, state, wilayah and
 * version '' if there is none) -> bigint: writes an entry "attached" for each
 * row of the table, with the columns that its trigger guard says, and returns
 * how many. For attach(), which holds a lock on the table.
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
	const char *version = NameStr(*PG_GETARG_NAME(6));
	Relation rel = table_open(relid, AccessShareLock);
	const Trigger *guard =
		dtsen_lifecycle_guard_of(rel, m->key.schema, m->key.machine);
	Rows rows = {NULL, NULL, RelationGetDescr(rel)};
	char *table;
	int64 n;

	dtsen_lifecycle_load(m);
	dtsen_lifecycle_check_owner(GetUserId(), m->owner);
	dtsen_lifecycle_check_owner(GetUserId(), m->journal_owner);
	dtsen_lifecycle_load_actor(m);
	table = quote_qualified_identifier(
		get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid));

	SPI_connect();
	rows.w = dtsen_journal_writer(m);
	if (guard != NULL)
		rows.columns =
			dtsen_lifecycle_rows(rows.desc, guard, CurrentMemoryContext);
	if (rows.columns != NULL)
		dtsen_journal_rows(rows.w, rows.columns);
	(void) for_each_row(
		psprintf("SELECT DISTINCT pg_catalog.left(pg_catalog.regexp_replace("
				 "%s, '[^0-9]', '', 'g'), %d) FROM %s AS zz_dtsen_row",
				 as_text(wilayah), DTC_CHAIN_DIGITS, table),
		&rows, want);
	dtsen_journal_lock(rows.w);
	dtsen_journal_later(rows.w);
	n = for_each_row(
		psprintf(
			"SELECT %s, %s, %s, %s%s FROM %s AS zz_dtsen_row",
			as_text(NameStr(*PG_GETARG_NAME(3))),
			as_text(NameStr(*PG_GETARG_NAME(4))), as_text(wilayah),
			version[0] == '\0' ? "NULL::pg_catalog.int4"
							   : psprintf("zz_dtsen_row.%s::pg_catalog.int4",
										  quote_identifier(version)),
			/* the row itself, though a column may have its name */
			rows.columns != NULL ? psprintf(", (zz_dtsen_row.*)::%s", table)
								 : "",
			table),
		&rows, add);
	dtsen_journal_finish(rows.w);
	SPI_finish();
	table_close(rel, NoLock);
	PG_RETURN_INT64(n);
}

/* How many times a machine was attached. */
static int32
count_attached(const DtMachine *m)
{
	Oid type = TEXTOID;
	Datum machine = CStringGetTextDatum(m->key.machine);
	bool isnull;

	SPI_execute_with_args(
		psprintf("SELECT coalesce(pg_catalog.max(j.number), 0) "
				 "FROM ONLY %s.journal_attached AS j "
				 "WHERE j.machine OPERATOR(pg_catalog.=) $1",
				 quote_identifier(m->key.schema)),
		1, &type, &machine, NULL, false, 1);
	return DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[0],
									   SPI_tuptable->tupdesc, 1, &isnull));
}

DTSEN_FUNCTION(dtsen__journal_attachment);

/*
 * _journal_attachment(table regclass, schema, machine): a row of table
 * journal_attached with the arguments of the table's trigger guard, below the
 * trigger that refuses everybody else's. Nothing if the lifecycle was made by
 * an earlier version. For attach(), which holds the row of the machine.
 *
 * Errors: 42501 as _journal_attached(); 39P01 no such trigger.
 */
Datum
dtsen__journal_attachment(PG_FUNCTION_ARGS)
{
	DtMachine *m = dtsen_lifecycle_machine_entry(
		NameStr(*PG_GETARG_NAME(1)), text_to_cstring(PG_GETARG_TEXT_PP(2)));
	Relation rel = table_open(PG_GETARG_OID(0), AccessShareLock);
	const Trigger *guard =
		dtsen_lifecycle_guard_of(rel, m->key.schema, m->key.machine);
	Oid relid = get_relname_relid("journal_attached",
								  get_namespace_oid(m->key.schema, true));
	Datum values[5];
	Datum *arguments;
	NameData login;
	DtStore store;
	DtScope scope;

	dtsen_lifecycle_load(m);
	dtsen_lifecycle_check_owner(GetUserId(), m->owner);
	dtsen_lifecycle_check_owner(GetUserId(), m->journal_owner);
	if (guard == NULL)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("table \"%s\" is not under machine \"%s\"",
							   RelationGetRelationName(rel), m->key.machine),
						errhint("dtsen.attach() puts it there.")));
	if (OidIsValid(relid))
	{
		arguments = palloc(guard->tgnargs * sizeof(Datum));
		for (int i = 0; i < guard->tgnargs; i++)
			arguments[i] = CStringGetTextDatum(guard->tgargs[i]);
		namestrcpy(&login, GetUserNameFromId(GetOuterUserId(), false));
		/* an index of that owner's may have expressions of his */
		dtsen_lifecycle_enter(m->journal_owner, &scope);
		SPI_connect();
		/* first of all it looks what kind of table this is */
		dtsen_journal_open(&store, relid, DT_STORE_ATTACHED, RowExclusiveLock);
		values[0] = CStringGetTextDatum(m->key.machine);
		values[1] = Int32GetDatum(count_attached(m) + 1);
		values[2] = TimestampTzGetDatum(GetCurrentTimestamp());
		values[3] = NameGetDatum(&login);
		values[4] = PointerGetDatum(construct_array(
			arguments, guard->tgnargs, TEXTOID, -1, false, TYPALIGN_INT));
		dtsen_journal_insert(&store, values);
		dtsen_journal_close(&store);
		CommandCounterIncrement();
		SPI_finish();
		dtsen_lifecycle_leave(&scope);
	}
	table_close(rel, NoLock);
	PG_RETURN_VOID();
}

DTSEN_FUNCTION(dtsen__journal_erased);

/*
 * _journal_erased(schema, machine, key text): an entry "erased" of a row, in
 * the state and region in which it is: whatever the caller knows of it, the
 * row is looked up. For erase_content().
 *
 * Errors: 42501 unless the caller has the privileges of the journal's owner;
 * P0002 no such row.
 */
Datum
dtsen__journal_erased(PG_FUNCTION_ARGS)
{
	Oid types[3] = {NAMEOID, TEXTOID, TEXTOID};
	Datum values[3] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1),
					   PG_GETARG_DATUM(2)};
	DtText none = {"", 0, true};
	DtText action = {DTSEN_ACTION_ERASED, strlen(DTSEN_ACTION_ERASED), false};
	DtChange change = {0};
	DtMachine *m = dtsen_lifecycle_machine_entry(
		NameStr(*PG_GETARG_NAME(0)), text_to_cstring(PG_GETARG_TEXT_PP(1)));
	DtWriter *w;
	DtText state;

	dtsen_lifecycle_load(m);
	dtsen_lifecycle_check_owner(GetUserId(), m->journal_owner);
	dtsen_lifecycle_load_actor(m);
	SPI_connect();
	SPI_execute_with_args("SELECT $3, r.state, r.wilayah, r.version "
						  "FROM dtsen._live_row($1, $2, $3, true) AS r",
						  3, types, values, NULL, false, 1);
	w = dtsen_journal_writer(m);
	change.key = field(0, 1);
	state = field(0, 2);
	change.step = dtsen_journal_step(w, state, state, action);
	change.region =
		dtsen_journal_region(w, field(0, 3), none, version_of(0, 4));
	change.reason.isnull = true;
	dtsen_journal_lock(w);
	dtsen_journal_later(w);
	dtsen_journal_add(w, &change);
	dtsen_journal_finish(w);
	SPI_finish();
	PG_RETURN_VOID();
}
