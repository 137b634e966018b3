/*
 * explain.c
 *		explain_transition(): what is missing before a step is allowed.
 *
 * The step is taken, in a subtransaction that is always undone, with the rules
 * told to note what they refuse and to go on. So the answer comes from the same
 * code, guards, triggers, constraints and policies that would refuse the
 * UPDATE, and not from a second copy of them.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/lifecycle.h"

#define MOST_REFUSALS 100

/* What the rules refused, while somebody asks; NULL: they enforce. */
typedef struct Refusals
{
	MemoryContext cxt;
	int n;
	ErrorData *list[MOST_REFUSALS];
} Refusals;

static Refusals *asking = NULL;

/* Do the rules note what they refuse, instead of raising it? */
bool
dtsen_lifecycle_explaining(void)
{
	return asking != NULL;
}

/* Notes the error that was just made, instead of throwing it. */
void
dtsen_lifecycle_collect(void)
{
	MemoryContext cxt = MemoryContextSwitchTo(asking->cxt);
	ErrorData *error = CopyErrorData();

	FlushErrorState();
	if (asking->n < MOST_REFUSALS)
		asking->list[asking->n++] = error;
	MemoryContextSwitchTo(cxt);
}

/* The name of a column in the arguments of the table's guard; may be empty. */
static const char *
guard_column(Relation rel, int argument)
{
	TriggerDesc *triggers = rel->trigdesc;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];

		if (strcmp(trigger->tgname, "zz_dtsen_guard") == 0 &&
			trigger->tgnargs > argument)
			return pstrdup(trigger->tgargs[argument]);
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("table \"%s\" is under no machine",
					RelationGetRelationName(rel)),
			 errhint("dtsen.attach() puts it under one; of a partitioned "
					 "table ask the table, not a partition.")));
}

static char *
type_of(Relation rel, const char *column)
{
	AttrNumber attno = get_attnum(RelationGetRelid(rel), column);

	if (attno == InvalidAttrNumber)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("table \"%s\" has no column \"%s\"",
							   RelationGetRelationName(rel), column)));
	/* told that there is no length, it does not call char(n) char(1) */
	return format_type_extended(get_atttype(RelationGetRelid(rel), attno), -1,
								FORMAT_TYPE_TYPEMOD_GIVEN |
									FORMAT_TYPE_FORCE_QUALIFY);
}

/* The UPDATE that takes the step: $1 the key, $2 the state, $3 the reason. */
static char *
step_query(Relation rel, bool has_reason)
{
	const char *key = guard_column(rel, 2);
	const char *state = guard_column(rel, 3);
	const char *reason = guard_column(rel, 5);
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE %s AS r SET %s = $2::%s",
					 quote_qualified_identifier(
						 get_namespace_name(RelationGetNamespace(rel)),
						 RelationGetRelationName(rel)),
					 quote_identifier(state), type_of(rel, state));
	if (has_reason && reason[0] != '\0')
		appendStringInfo(&sql, ", %s = $3::%s", quote_identifier(reason),
						 type_of(rel, reason));
	/* $3 is always used, so that it always has a type */
	appendStringInfo(&sql,
					 " WHERE r.%s = $1::%s AND ($3 IS NULL OR $3 IS NOT NULL)",
					 quote_identifier(key), type_of(rel, key));
	return sql.data;
}

/* Takes the step; the number of rows that took it. */
static uint64
take_step(const char *sql, FunctionCallInfo fcinfo)
{
	Oid types[3] = {TEXTOID, TEXTOID, TEXTOID};
	Datum values[3];
	char nulls[4] = "   ";
	uint64 n;
	int nest = NewGUCNestLevel();
	int rc;

	/* dtsen for the operators of its types, which the key may be of */
	(void) set_config_option("search_path", "pg_catalog, dtsen, pg_temp",
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true,
							 0, false);
	for (int i = 0; i < 3; i++)
	{
		values[i] = PG_ARGISNULL(i + 1) ? 0 : PG_GETARG_DATUM(i + 1);
		nulls[i] = PG_ARGISNULL(i + 1) ? 'n' : ' ';
	}
	SPI_connect();
	rc = SPI_execute_with_args(sql, 3, types, values, nulls, false, 0);
	if (rc != SPI_OK_UPDATE)
		elog(ERROR, "SPI_execute_with_args: %s", SPI_result_code_string(rc));
	n = SPI_processed;
	SPI_finish();
	AtEOXact_GUC(false, nest);
	return n;
}

/*
 * Takes the step in a subtransaction of its own and undoes it. An error that
 * no rule raised by dtsen_refuse() ends the attempt, and is noted as the last.
 */
static uint64
try_step(const char *sql, FunctionCallInfo fcinfo, Refusals *refusals)
{
	MemoryContext cxt = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	Refusals *before = asking;
	volatile uint64 n = 1;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(cxt);
	PG_TRY();
	{
		asking = refusals;
		n = take_step(sql, fcinfo);
		asking = before;
	}
	PG_CATCH();
	{
		ErrorData *error;

		asking = before;
		MemoryContextSwitchTo(refusals->cxt);
		error = CopyErrorData();
		FlushErrorState();
		/* a cancelled question has no answer */
		if (error->sqlerrcode == ERRCODE_QUERY_CANCELED ||
			error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN)
		{
			RollbackAndReleaseCurrentSubTransaction();
			MemoryContextSwitchTo(cxt);
			CurrentResourceOwner = owner;
			ReThrowError(error);
		}
		if (refusals->n < MOST_REFUSALS)
			refusals->list[refusals->n++] = error;
	}
	PG_END_TRY();
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(cxt);
	CurrentResourceOwner = owner;
	return n;
}

static void
put(ReturnSetInfo *rsinfo, const char *sqlstate, const char *const *texts)
{
	Datum values[4];
	bool nulls[4] = {false, false, false, false};

	values[0] = CStringGetTextDatum(sqlstate);
	for (int i = 0; i < 3; i++)
	{
		nulls[i + 1] = texts[i] == NULL;
		values[i + 1] = texts[i] == NULL ? 0 : CStringGetTextDatum(texts[i]);
	}
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

DTSEN_FUNCTION(dtsen_explain_transition);

/*
 * explain_transition(table regclass, key text, to_state text, reason text) ->
 * setof (sqlstate, message, detail, hint): what refuses the step to the caller
 * now; no row if it is allowed.
 *
 * Errors: 22004 a NULL where there may be none, 22023 a number that is no
 * table's, 42704 a table without a machine, 22P02 and the like for a key that is none, 25006 in a read-only
 * transaction or on a standby. Cost: that of the step, undone.
 */
Datum
dtsen_explain_transition(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Refusals refusals = {CurrentMemoryContext, 0, {NULL}};
	Relation rel;
	char *sql;
	uint64 n;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("table, key and state must not be null")));
	PreventCommandIfReadOnly("explain_transition()");
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	/* any number is a regclass; a table may be dropped before it is locked */
	rel = try_table_open(PG_GETARG_OID(0), AccessShareLock);
	if (rel == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("relation with OID %u does not exist",
							   PG_GETARG_OID(0)),
						errhint("Name the table: 'schema.table'.")));
	sql = step_query(rel, !PG_ARGISNULL(3));
	table_close(rel, NoLock);

	n = try_step(sql, fcinfo, &refusals);
	for (int i = 0; i < refusals.n; i++)
	{
		ErrorData *error = refusals.list[i];
		const char *texts[3] = {error->message, error->detail, error->hint};

		put(rsinfo, unpack_sql_state(error->sqlerrcode), texts);
	}
	if (n == 0 && refusals.n == 0)
	{
		const char *texts[3] = {
			"there is no such row for this login", NULL,
			"Row security shows a login the rows of its region only."};

		put(rsinfo, "P0002", texts);
	}
	return (Datum) 0;
}
