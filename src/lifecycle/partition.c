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

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "nodes/parsenodes.h"

#include "compat.h"
#include "errors.h"

/* The partition that a command made or attached; InvalidOid: none. */
static Oid
new_partition(const Node *command)
{
	ListCell *lc;

	if (IsA(command, CreateStmt) &&
		((const CreateStmt *) command)->partbound != NULL)
		return RangeVarGetRelid(((const CreateStmt *) command)->relation,
								NoLock, true);
	if (!IsA(command, AlterTableStmt))
		return InvalidOid;
	foreach (lc, ((const AlterTableStmt *) command)->cmds)
	{
		const AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		/* an index is attached by the same command: no table's trigger */
		if (cmd->subtype == AT_AttachPartition)
			return RangeVarGetRelid(((PartitionCmd *) cmd->def)->name, NoLock,
									true);
	}
	return InvalidOid;
}

static const char of_one[] = "SELECT dtsen._complete_partition($1)";
/* elements of CREATE SCHEMA are no commands of their own */
static const char of_schema[] =
	"SELECT dtsen._complete_partition(c.objid) "
	"FROM pg_catalog.pg_event_trigger_ddl_commands() AS c "
	"WHERE c.classid OPERATOR(pg_catalog.=) "
	"'pg_catalog.pg_class'::pg_catalog.regclass "
	"AND c.object_type OPERATOR(pg_catalog.=) 'table'";

DTSEN_FUNCTION(dtsen_partition_guard);

/*
 * partition_guard() -> event_trigger, on ddl_command_end.
 *
 * Errors: 39P03 when not called so; those of CREATE TRIGGER. Cost: a look at
 * the command; a query where a partition is made or attached, or tables are
 * made with their schema.
 */
Datum
dtsen_partition_guard(PG_FUNCTION_ARGS)
{
	EventTriggerData *trigdata = (EventTriggerData *) fcinfo->context;
	bool with_schema;
	Oid type = REGCLASSOID;
	Datum partition;
	int rc;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo) ||
		strcmp(trigdata->event, "ddl_command_end") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("partition_guard: must be fired on ddl_command_end")));
	with_schema = IsA(trigdata->parsetree, CreateSchemaStmt);
	partition = ObjectIdGetDatum(
		with_schema ? InvalidOid : new_partition(trigdata->parsetree));
	if (partition == 0 &&
		(!with_schema ||
		 ((CreateSchemaStmt *) trigdata->parsetree)->schemaElts == NIL))
		PG_RETURN_NULL();
	SPI_connect();
	rc = SPI_execute_with_args(with_schema ? of_schema : of_one,
							   with_schema ? 0 : 1, &type, &partition, NULL,
							   false, 0);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_with_args: %s", SPI_result_code_string(rc));
	SPI_finish();
	PG_RETURN_NULL();
}
