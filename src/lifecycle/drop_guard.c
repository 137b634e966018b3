/*
 * drop_guard.c
 *		Refuses the DROP commands that would take registry data along.
 *
 * A column of an extension's type goes with DROP EXTENSION ... CASCADE, silently
 * and for all its rows; DROP SCHEMA ... CASCADE and DROP OWNED take whole
 * tables. PostgreSQL does not ask, so an event trigger does. It is a seat belt,
 * not a lock: a superuser can set dtsen.allow_data_loss, and says so by that.
 *
 * sql_drop would know the exact list of what goes, but it does not fire for
 * the drop of the extension that owns the trigger; hence ddl_command_start and
 * a look at the catalogues.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "commands/proclang.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "errors.h"
#include "guc.h"
#include "lifecycle/lifecycle.h"

DTSEN_FUNCTION(dtsen_drop_guard);

#define EXTENSION_NAME "dtsen"
#define TABLES_SHOWN 5 /* names in the detail of a refusal */

/* tables with a trigger of this extension */
#define UNDER_LIFECYCLE                                                       \
	"SELECT t.tgrelid FROM pg_trigger t "                                     \
	"JOIN pg_depend e ON e.classid = 'pg_proc'::regclass "                    \
	" AND e.objid = t.tgfoid AND e.deptype = 'e' "                            \
	" AND e.refclassid = 'pg_extension'::regclass "                           \
	"JOIN pg_extension x ON x.oid = e.refobjid AND x.extname = "              \
	"'" EXTENSION_NAME "'"

/*
 * Tables with a column of one of the types that "roots" yields, or of a domain,
 * an array or a range over one.
 */
#define WITH_COLUMNS_OF(roots)                                                \
	"WITH RECURSIVE gone(oid) AS (" roots " UNION "                           \
	" SELECT d.objid FROM pg_depend d JOIN gone g "                           \
	" ON d.refclassid = 'pg_type'::regclass AND d.refobjid = g.oid "          \
	" WHERE d.classid = 'pg_type'::regclass) "                                \
	"SELECT d.objid FROM pg_depend d JOIN gone g "                            \
	" ON d.refclassid = 'pg_type'::regclass AND d.refobjid = g.oid "          \
	"WHERE d.classid = 'pg_class'::regclass AND d.objsubid > 0"

#define TYPES_OF_EXTENSION                                                    \
	"SELECT e.objid FROM pg_depend e JOIN pg_extension x "                    \
	" ON e.refclassid = 'pg_extension'::regclass AND e.refobjid = x.oid "     \
	"WHERE x.extname = '" EXTENSION_NAME "' "                                 \
	" AND e.deptype = 'e' AND e.classid = 'pg_type'::regclass"

/*
 * Whether the extension, or a member of it, depends on the object $1 of a
 * catalogue: a cascade that reaches a member takes the extension along.
 */
#define CASCADE_REACHES(catalogue)                                            \
	"EXISTS (WITH RECURSIVE gone(classid, objid) AS ("                        \
	" SELECT '" catalogue "'::regclass::oid, $1 UNION "                       \
	" SELECT d.classid, d.objid FROM pg_depend d JOIN gone g "                \
	" ON d.refclassid = g.classid AND d.refobjid = g.objid) "                 \
	"SELECT FROM gone g JOIN pg_depend e "                                    \
	" ON e.classid = g.classid AND e.objid = g.objid AND e.deptype = 'e' "    \
	" AND e.refclassid = 'pg_extension'::regclass "                           \
	"JOIN pg_extension x ON x.oid = e.refobjid "                              \
	" AND x.extname = '" EXTENSION_NAME "')"

#define NAMES_OF(condition)                                                   \
	"SELECT c.oid::regclass::text FROM pg_class c "                           \
	"WHERE c.relkind IN ('r', 'p', 'm') AND " condition                       \
	" ORDER BY c.oid::regclass::text COLLATE \"C\""

#define OF_EXTENSION                                                          \
	"(c.oid IN (" UNDER_LIFECYCLE                                             \
	") OR c.oid IN (" WITH_COLUMNS_OF(TYPES_OF_EXTENSION) "))"

/* what a command takes along; $1 is the OID of its object */
static const char *const tables_of_extension = NAMES_OF(OF_EXTENSION);
static const char *const tables_past_extension =
	NAMES_OF(OF_EXTENSION " AND " CASCADE_REACHES("pg_extension"));
static const char *const tables_past_language =
	NAMES_OF(OF_EXTENSION " AND " CASCADE_REACHES("pg_language"));
static const char *const tables_of_type =
	NAMES_OF("c.oid IN (" UNDER_LIFECYCLE
			 ") AND c.oid IN (" WITH_COLUMNS_OF("SELECT $1") ")");
static const char *const tables_of_schema =
	NAMES_OF("c.relnamespace = $1 AND c.oid IN (" UNDER_LIFECYCLE ")");
static const char *const tables_of_owner =
	NAMES_OF("c.relowner = $1 AND c.oid IN (" UNDER_LIFECYCLE ")");

/*
 * Refuses when the query names a table: 2BP01. "what" is the command's object
 * as the message shows it. An object that does not exist takes nothing.
 */
static void
refuse_if_any(const char *query, Oid object, const char *what)
{
	Oid argtype = OIDOID;
	Datum argument = ObjectIdGetDatum(object);
	StringInfoData names;
	int nestlevel;
	uint64 count;

	if (!OidIsValid(object))
		return;
	initStringInfo(&names);
	/* the look-up must not meet operators of the user's search_path */
	nestlevel = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args(query, 1, &argtype, &argument, NULL, true, 0) !=
		SPI_OK_SELECT)
		elog(ERROR, "could not look for the tables of a DROP command");
	count = SPI_processed;
	for (uint64 i = 0; i < Min(count, TABLES_SHOWN); i++)
		appendStringInfo(
			&names, "%s%s", i > 0 ? ", " : "",
			SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1));
	if (count > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot drop %s: registry data would be lost", what),
				 errdetail_plural("%llu table is concerned: %s%s.",
								  "%llu tables are concerned: %s%s.", count,
								  (unsigned long long) count, names.data,
								  count > TABLES_SHOWN ? ", ..." : ""),
				 errhint("Move or drop these tables first, or, as a "
						 "superuser, SET dtsen.allow_data_loss = on to drop "
						 "them all the same.")));
	SPI_finish();
	AtEOXact_GUC(true, nestlevel);
}

/* The schema of the extension, and the role that owns it. */
static void
find_extension(Oid extension, Oid *schema, Oid *owner)
{
	Relation rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;

	*schema = *owner = InvalidOid;
	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(extension));
	scan = systable_beginscan(rel, ExtensionOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		*schema = ((Form_pg_extension) GETSTRUCT(tuple))->extnamespace;
		*owner = ((Form_pg_extension) GETSTRUCT(tuple))->extowner;
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
}

/* DROP SCHEMA CASCADE; with its schema the extension goes, too. */
static void
check_drop_schema(const char *name)
{
	Oid schema = get_namespace_oid(name, true);
	Oid extension = get_extension_oid(EXTENSION_NAME, true);
	Oid own_schema;
	Oid owner;

	refuse_if_any(tables_of_schema, schema, psprintf("schema \"%s\"", name));
	find_extension(extension, &own_schema, &owner);
	if (schema == own_schema)
		refuse_if_any(tables_of_extension, extension,
					  psprintf("schema \"%s\"", name));
}

/*
 * DROP EXTENSION, LANGUAGE, SCHEMA, TYPE and DOMAIN without CASCADE: the server
 * itself refuses while anything depends on the object.
 */
static void
check_drop(DropStmt *stmt)
{
	ListCell *lc;

	if (stmt->behavior != DROP_CASCADE)
		return;
	foreach (lc, stmt->objects)
	{
		Node *object = lfirst(lc);

		switch (stmt->removeType)
		{
			case OBJECT_EXTENSION:
				/* with plpgsql go the functions in it, and so this one */
				refuse_if_any(strcmp(strVal(object), EXTENSION_NAME) == 0
								  ? tables_of_extension
								  : tables_past_extension,
							  get_extension_oid(strVal(object), true),
							  psprintf("extension \"%s\"", strVal(object)));
				break;
			case OBJECT_LANGUAGE:
				refuse_if_any(tables_past_language,
							  get_language_oid(strVal(object), true),
							  psprintf("language \"%s\"", strVal(object)));
				break;
			case OBJECT_SCHEMA:
				check_drop_schema(strVal(object));
				break;
			case OBJECT_TYPE:
			case OBJECT_DOMAIN:
			{
				TypeName *name = castNode(TypeName, object);

				refuse_if_any(tables_of_type,
							  LookupTypeNameOid(NULL, name, true),
							  psprintf("type \"%s\"", TypeNameToString(name)));
				break;
			}
			default:
				break;
		}
	}
}

/* The immutable() triggers of a table that name a parent, with their owner. */
#define IMMUTABLE_TRIGGERS                                                    \
	"SELECT dtsen.trigger_arguments(t.oid) AS a "                             \
	"FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "                 \
	"WHERE t.tgrelid = $1 AND t.tgfoid = 'dtsen.immutable()'::regprocedure "  \
	"AND t.tgnargs >= 5 AND t.tgtype & 1 = 1 "                                \
	"AND pg_has_role(c.relowner, (SELECT p.relowner FROM pg_class p "         \
	" WHERE p.oid = to_regclass((dtsen.trigger_arguments(t.oid))[2])), "      \
	"'USAGE')"

/*
 * The question whether rows of the table belong to something published. It
 * locks what they belong to, so that it is not published before the command is
 * committed either.
 */
static char *
published_query(Oid relid, Datum arguments)
{
	Datum *args;
	int n;
	Oid parent;
	StringInfoData sql;

	deconstruct_array(DatumGetArrayTypeP(arguments), TEXTOID, -1, false,
					  TYPALIGN_INT, &args, NULL, &n);
	initStringInfo(&sql);
	/* as a name is read, it need not be how SQL writes it */
	parent =
		RangeVarGetRelid(makeRangeVarFromNameList(dtsen_qualified_name_list(
							 TextDatumGetCString(args[1]))),
						 NoLock, false);
	appendStringInfo(&sql,
					 "SELECT 1 FROM (SELECT p.%s::text AS state FROM %s AS p ",
					 quote_identifier(TextDatumGetCString(args[3])),
					 quote_qualified_identifier(
						 get_namespace_name(get_rel_namespace(parent)),
						 get_rel_name(parent)));
	appendStringInfo(
		&sql,
		"WHERE EXISTS (SELECT FROM %s AS t WHERE t.%s = p.%s) FOR SHARE OF p) "
		"AS x WHERE x.state = ANY (ARRAY[",
		quote_qualified_identifier(
			get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid)),
		quote_identifier(TextDatumGetCString(args[0])),
		quote_identifier(TextDatumGetCString(args[2])));
	for (int i = 4; i < n; i++)
		appendStringInfo(&sql, "%s%s", i > 4 ? ", " : "",
						 quote_literal_cstr(TextDatumGetCString(args[i])));
	appendStringInfoString(&sql, "]::text[]) LIMIT 1");
	return sql.data;
}

/*
 * Refuses a command that would change, hide or unprotect published rows:
 * SE004. The table's owner is asked, not whoever runs the command.
 */
static void
refuse_if_published(Oid relid, const char *command)
{
	Oid argtype = OIDOID;
	Datum argument = ObjectIdGetDatum(relid);
	bool published = false;
	SPITupleTable *triggers;
	uint64 n;
	DtScope scope;

	if (!OidIsValid(relid) ||
		(get_rel_relkind(relid) != RELKIND_RELATION &&
		 get_rel_relkind(relid) != RELKIND_PARTITIONED_TABLE))
		return;
	dtsen_lifecycle_enter(GetUserId(), &scope);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args(IMMUTABLE_TRIGGERS, 1, &argtype, &argument, NULL,
							  true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not look for the triggers of a table");
	n = SPI_processed;
	triggers = SPI_tuptable;
	for (uint64 i = 0; i < n && !published; i++)
	{
		bool isnull;
		Datum arguments =
			SPI_getbinval(triggers->vals[i], triggers->tupdesc, 1, &isnull);
		HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
		Oid owner;
		DtScope as_owner;

		if (isnull || !HeapTupleIsValid(tuple))
			elog(ERROR, "cache lookup failed for relation %u", relid);
		owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
		/* the server itself refuses whoever is not the owner */
		if (!has_privs_of_role(scope.userid, owner))
			break;
		dtsen_lifecycle_enter(owner, &as_owner);
		(void) set_config_option("search_path", "pg_catalog, dtsen, pg_temp",
								 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
		if (SPI_execute(published_query(relid, arguments), false, 1) !=
			SPI_OK_SELECT)
			elog(ERROR, "could not look for published rows");
		published = SPI_processed > 0;
		dtsen_lifecycle_leave(&as_owner);
	}
	SPI_finish();
	dtsen_lifecycle_leave(&scope);
	if (published)
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_IMMUTABLE),
				 errmsg("cannot %s table \"%s\": its rows are published",
						command, get_rel_name(relid)),
				 errhint("A superuser who means it sets "
						 "dtsen.allow_data_loss; the digest of the edition "
						 "shows what was done.")));
}

static Oid
table_of(const RangeVar *name)
{
	return RangeVarGetRelid(name, NoLock, true);
}

/* ALTER TABLE: what would touch the rows of the table, or their protection. */
static void
check_alter(AlterTableStmt *stmt)
{
	Oid relid = table_of(stmt->relation);
	ListCell *lc;

	if (stmt->objtype != OBJECT_TABLE)
		return;
	foreach (lc, stmt->cmds)
	{
		AlterTableCmd *cmd = lfirst_node(AlterTableCmd, lc);

		switch (cmd->subtype)
		{
			case AT_DropColumn:
				refuse_if_published(relid, "drop a column of");
				break;
			case AT_AlterColumnType:
				refuse_if_published(relid, "change a column's type in");
				break;
			case AT_SetUnLogged:
				refuse_if_published(relid, "make unlogged");
				break;
			case AT_DisableTrig:
			case AT_DisableTrigAll:
			case AT_DisableTrigUser:
			case AT_EnableReplicaTrig:
			case AT_EnableTrig:
				refuse_if_published(relid, "disable triggers of");
				break;
			case AT_DetachPartition:
			case AT_DetachPartitionFinalize:
				refuse_if_published(
					table_of(castNode(PartitionCmd, cmd->def)->name),
					"detach");
				break;
			case AT_AttachPartition:
				refuse_if_published(
					table_of(castNode(PartitionCmd, cmd->def)->name),
					"attach");
				break;
			default:
				break;
		}
	}
}

/* DROP TABLE, and DROP TRIGGER on a table. */
static void
check_drop_table(DropStmt *stmt)
{
	ListCell *lc;

	foreach (lc, stmt->objects)
	{
		List *names = castNode(List, lfirst(lc));

		if (stmt->removeType == OBJECT_TABLE)
			refuse_if_published(table_of(makeRangeVarFromNameList(names)),
								"drop");
		else if (stmt->removeType == OBJECT_TRIGGER)
			refuse_if_published(
				table_of(makeRangeVarFromNameList(
					list_truncate(list_copy(names), list_length(names) - 1))),
				"drop a trigger of");
	}
}

/*
 * ALTER EXTENSION dtsen DROP: what is no member any more can be dropped, and a
 * cascade from it takes the others along. Update scripts may.
 */
static void
check_alter_extension(AlterExtensionContentsStmt *stmt)
{
	if (stmt->action < 0 && !creating_extension &&
		strcmp(stmt->extname, EXTENSION_NAME) == 0)
		refuse_if_any(tables_of_extension,
					  get_extension_oid(EXTENSION_NAME, true),
					  "a member from extension \"" EXTENSION_NAME "\"");
}

static Oid
schema_owner(Oid schema)
{
	HeapTuple tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(schema));
	Oid owner = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
		ReleaseSysCache(tuple);
	}
	return owner;
}

/*
 * DROP OWNED takes tables without asking, CASCADE or not, and the extension
 * with the types of everyone's columns when the role owns that or its schema.
 */
static void
check_drop_owned(DropOwnedStmt *stmt)
{
	Oid extension = get_extension_oid(EXTENSION_NAME, true);
	Oid schema;
	Oid owner;
	ListCell *lc;

	find_extension(extension, &schema, &owner);
	foreach (lc, stmt->roles)
	{
		Oid role = get_rolespec_oid(lfirst_node(RoleSpec, lc), false);

		refuse_if_any(tables_of_owner, role, "what the role owns");
		if (owner == role || schema_owner(schema) == role)
			refuse_if_any(tables_of_extension, extension,
						  "extension \"" EXTENSION_NAME "\"");
	}
}

/*
 * drop_guard() -> event_trigger, on ddl_command_start.
 *
 * Errors: 39P03 when not called so; 2BP01 when the command would take registry
 * data along, SE004 when it would change published rows or their protection,
 * unless dtsen.allow_data_loss is on.
 */
Datum
dtsen_drop_guard(PG_FUNCTION_ARGS)
{
	EventTriggerData *trigdata;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("drop_guard: not fired by event trigger manager")));
	trigdata = (EventTriggerData *) fcinfo->context;
	if (strcmp(trigdata->event, "ddl_command_start") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("drop_guard: must be fired on ddl_command_start")));
	if (!dtsen_allow_data_loss)
	{
		if (IsA(trigdata->parsetree, DropStmt))
		{
			DropStmt *stmt = (DropStmt *) trigdata->parsetree;

			if (stmt->removeType == OBJECT_TABLE ||
				stmt->removeType == OBJECT_TRIGGER)
				check_drop_table(stmt);
			else
				check_drop(stmt);
		}
		else if (IsA(trigdata->parsetree, AlterTableStmt))
			check_alter((AlterTableStmt *) trigdata->parsetree);
		else if (IsA(trigdata->parsetree, RenameStmt) &&
				 ((RenameStmt *) trigdata->parsetree)->relation != NULL)
			refuse_if_published(
				table_of(((RenameStmt *) trigdata->parsetree)->relation),
				"rename, or a part of,");
		else if (IsA(trigdata->parsetree, AlterObjectSchemaStmt) &&
				 ((AlterObjectSchemaStmt *) trigdata->parsetree)->relation !=
					 NULL)
			refuse_if_published(
				table_of(
					((AlterObjectSchemaStmt *) trigdata->parsetree)->relation),
				"move");
		else if (IsA(trigdata->parsetree, DropOwnedStmt))
			check_drop_owned((DropOwnedStmt *) trigdata->parsetree);
		else if (IsA(trigdata->parsetree, AlterExtensionContentsStmt))
			check_alter_extension(
				(AlterExtensionContentsStmt *) trigdata->parsetree);
	}
	PG_RETURN_NULL();
}
