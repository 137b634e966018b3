/*
 * partition.c
 *		partition_guard(): a partition that joins a table under a machine gets
 *		the triggers that PostgreSQL does not clone.
 *
 * Row triggers come to a new partition by themselves. Without those of the
 * statement, who may TRUNCATE the partition empties it past the guard, and what
 * names it fails at COMMIT, as nothing journals it.
 */
#include "postgres.h"

#include "commands/event_trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "nodes/parsenodes.h"

#include "compat.h"
#include "errors.h"

/* Does a command make or attach a partition? */
static bool
makes_partition(const Node *command)
{
	ListCell *lc;

	if (IsA(command, CreateStmt))
		return ((const CreateStmt *) command)->partbound != NULL;
	if (IsA(command, CreateSchemaStmt))
	{
		/* the tables made with it have no events of their own */
		foreach (lc, ((const CreateSchemaStmt *) command)->schemaElts)
			if (makes_partition(lfirst(lc)))
				return true;
		return false;
	}
	if (!IsA(command, AlterTableStmt))
		return false;
	foreach (lc, ((const AlterTableStmt *) command)->cmds)
	{
		if (lfirst_node(AlterTableCmd, lc)->subtype == AT_AttachPartition)
			return true;
	}
	return false;
}

DTSEN_FUNCTION(dtsen_partition_guard);

/*
 * partition_guard() -> event_trigger, on ddl_command_end.
 *
 * Errors: 39P03 when not called so; those of CREATE TRIGGER. Cost: a look at
 * the command; a query where a partition is made or attached. Where the command
 * names the partitioned table, all its partitions are looked at.
 */
Datum
dtsen_partition_guard(PG_FUNCTION_ARGS)
{
	EventTriggerData *trigdata = (EventTriggerData *) fcinfo->context;
	int rc;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo) ||
		strcmp(trigdata->event, "ddl_command_end") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("partition_guard: must be fired on ddl_command_end")));
	if (!makes_partition(trigdata->parsetree))
		PG_RETURN_NULL();
	SPI_connect();
	rc = SPI_execute("SELECT dtsen._complete_partition(d.objid) "
					 "FROM pg_catalog.pg_event_trigger_ddl_commands() AS d "
					 "WHERE d.object_type OPERATOR(pg_catalog.=) 'table'",
					 false, 0);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute: %s", SPI_result_code_string(rc));
	SPI_finish();
	PG_RETURN_NULL();
}
