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
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "commands/proclang.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
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
 * Tables of one of the types that "roots" yields, or with a column of one, or of
 * a domain, an array or a range over one.
 */
#define WITH_COLUMNS_OF(roots)                                                \
	"WITH RECURSIVE gone(oid) AS (" roots " UNION "                           \
	" SELECT d.objid FROM pg_depend d JOIN gone g "                           \
	" ON d.refclassid = 'pg_type'::regclass AND d.refobjid = g.oid "          \
	" WHERE d.classid = 'pg_type'::regclass) "                                \
	"SELECT d.objid FROM pg_depend d JOIN gone g "                            \
	" ON d.refclassid = 'pg_type'::regclass AND d.refobjid = g.oid "          \
	"WHERE d.classid = 'pg_class'::regclass"

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

/* The immutable() triggers of a table that name a parent. */
#define IMMUTABLE_TRIGGERS                                                    \
	"SELECT dtsen.trigger_arguments(t.oid) AS a FROM pg_trigger t "           \
	"WHERE t.tgrelid = $1 AND t.tgfoid = 'dtsen.immutable()'::regprocedure "  \
	"AND t.tgnargs >= 5 AND t.tgtype & 1 = 1"

/* A cast for the column that names a parent's row, as the trigger converts it */
static char *
cast_to_key(Oid rows, const char *column, Oid parent, const char *key)
{
	Oid given = get_atttype(rows, get_attnum(rows, column));
	Oid wanted = get_atttype(parent, get_attnum(parent, key));

	if (given == wanted || !OidIsValid(given) || !OidIsValid(wanted))
		return pstrdup("");
	/* told that there is no length, it does not call char(n) char(1) */
	return psprintf("::text::%s",
					format_type_extended(wanted, -1,
										 FORMAT_TYPE_TYPEMOD_GIVEN |
											 FORMAT_TYPE_FORCE_QUALIFY));
}

/*
 * Appends what asks whether rows of the table belong to something published. It
 * locks what they belong to, so that it is not published before the command is
 * committed either. False: as the table's owner cannot ask that, of a parent
 * that is not there under its name or that is another's, the question is
 * whether there is a row that names any.
 */
static bool
published_query(StringInfo sql, Oid rows, Oid owner, Datum arguments)
{
	Datum *args;
	int n;
	Oid parent;
	HeapTuple tuple;
	bool can_ask;
	char *table = quote_qualified_identifier(
		get_namespace_name(get_rel_namespace(rows)), get_rel_name(rows));

	deconstruct_array(DatumGetArrayTypeP(arguments), TEXTOID, -1, false,
					  TYPALIGN_INT, &args, NULL, &n);
	/* as a name is read, it need not be how SQL writes it */
	parent =
		RangeVarGetRelid(makeRangeVarFromNameList(dtsen_qualified_name_list(
							 TextDatumGetCString(args[1]))),
						 NoLock, true);
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(parent));
	can_ask =
		HeapTupleIsValid(tuple) &&
		has_privs_of_role(owner, ((Form_pg_class) GETSTRUCT(tuple))->relowner);
	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	if (!can_ask)
	{
		appendStringInfo(sql,
						 "SELECT 1 FROM %s AS t WHERE t.%s IS NOT NULL "
						 "LIMIT 1",
						 table,
						 quote_identifier(TextDatumGetCString(args[0])));
		return false;
	}
	appendStringInfo(sql,
					 "SELECT 1 FROM (SELECT p.%s::text AS state FROM %s AS p ",
					 quote_identifier(TextDatumGetCString(args[3])),
					 quote_qualified_identifier(
						 get_namespace_name(get_rel_namespace(parent)),
						 get_rel_name(parent)));
	appendStringInfo(sql,
					 "WHERE EXISTS (SELECT FROM %s AS t WHERE t.%s%s = p.%s) "
					 "FOR SHARE OF p) AS x WHERE x.state = ANY (ARRAY[",
					 table, quote_identifier(TextDatumGetCString(args[0])),
					 cast_to_key(rows, TextDatumGetCString(args[0]), parent,
								 TextDatumGetCString(args[2])),
					 quote_identifier(TextDatumGetCString(args[2])));
	for (int i = 4; i < n; i++)
		appendStringInfo(sql, "%s%s", i > 4 ? ", " : "",
						 quote_literal_cstr(TextDatumGetCString(args[i])));
	appendStringInfoString(sql, "]::text[]) LIMIT 1");
	return true;
}

static Oid
table_owner(Oid relid)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

static bool
is_table(Oid relid)
{
	return OidIsValid(relid) &&
		   (get_rel_relkind(relid) == RELKIND_RELATION ||
			get_rel_relkind(relid) == RELKIND_PARTITIONED_TABLE);
}

/*
 * Refuses a command that would change, hide or unprotect published rows: SE004.
 * The table's owner is asked, not whoever runs the command. rows: the table
 * that has them, or is going to be a partition of it.
 */
static void
refuse_if_rows_published(Oid relid, Oid rows, const char *command)
{
	Oid argtype = OIDOID;
	Datum argument = ObjectIdGetDatum(relid);
	bool published = false;
	bool can_ask = true;
	SPITupleTable *triggers;
	uint64 n;
	DtScope scope;

	if (!is_table(relid) || !is_table(rows))
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
		Oid owner = table_owner(relid);
		StringInfoData sql;
		DtScope as_owner;

		if (isnull)
			elog(ERROR, "a trigger has no arguments");
		/* the server itself refuses whoever is not the owner */
		if (!has_privs_of_role(scope.userid, owner))
			break;
		initStringInfo(&sql);
		can_ask = published_query(&sql, rows, owner, arguments);
		dtsen_lifecycle_enter(owner, &as_owner);
		/*
		 * The owner chose what is asked, which may be a view, and whoever runs
		 * the command did not: nothing of it may be put off to his commit.
		 */
		SetUserIdAndSecContext(
			owner, as_owner.sec_context | SECURITY_LOCAL_USERID_CHANGE |
					   SECURITY_RESTRICTED_OPERATION | SECURITY_NOFORCE_RLS);
		(void) set_config_option("search_path", "pg_catalog, dtsen, pg_temp",
								 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
		/* policies of the rows' table must not hide them */
		(void) set_config_option("row_security", "off", PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
								 false);
		if (SPI_execute(sql.data, false, 1) != SPI_OK_SELECT)
			elog(ERROR, "could not look for published rows");
		published = SPI_processed > 0;
		dtsen_lifecycle_leave(&as_owner);
	}
	SPI_finish();
	dtsen_lifecycle_leave(&scope);
	if (published)
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_IMMUTABLE),
				 can_ask ? errmsg("cannot %s table \"%s\": its rows are "
								  "published",
								  command, get_rel_name(rows))
						 : errmsg("cannot %s table \"%s\": its rows may be "
								  "published",
								  command, get_rel_name(rows)),
				 can_ask ? 0
						 : errdetail("The table that its trigger names is not "
									 "there, or belongs to somebody whose "
									 "privileges the owner lacks."),
				 errhint("A superuser who means it sets "
						 "dtsen.allow_data_loss; the digest of the edition "
						 "shows what was done.")));
}

static void
refuse_if_published(Oid relid, const char *command)
{
	refuse_if_rows_published(relid, relid, command);
}

static Oid
table_of(const RangeVar *name)
{
	return RangeVarGetRelid(name, NoLock, true);
}

/* Has the table a trigger of dtsen, of that name and firing so? NULL, 0: any */
static bool
has_trigger(Oid relid, const char *name, char enabled)
{
	Oid types[3] = {OIDOID, TEXTOID, CHAROID};
	Datum values[3] = {ObjectIdGetDatum(relid), 0, CharGetDatum(enabled)};
	char nulls[3] = {' ', name == NULL ? 'n' : ' ', enabled == 0 ? 'n' : ' '};
	DtScope scope;
	bool found;

	if (name != NULL)
		values[1] = CStringGetTextDatum(name);
	dtsen_lifecycle_enter(GetUserId(), &scope);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args(
			"SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
			"WHERE t.tgrelid = $1 AND p.pronamespace = 'dtsen'::regnamespace "
			"AND t.tgname = coalesce($2, t.tgname) "
			"AND t.tgenabled = coalesce($3, t.tgenabled)",
			3, types, values, nulls, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not look for the triggers of a table");
	found = SPI_processed > 0;
	SPI_finish();
	dtsen_lifecycle_leave(&scope);
	return found;
}

/* CREATE OR REPLACE TRIGGER in place of one of dtsen's. */
static void
check_replace_trigger(const CreateTrigStmt *stmt)
{
	Oid relid = table_of(stmt->relation);

	if (stmt->replace && OidIsValid(relid) &&
		has_trigger(relid, stmt->trigname, 0))
		refuse_if_published(relid, "replace a trigger of");
}

/*
 * ALTER TRIGGER ... DEPENDS ON EXTENSION: a DROP of that extension would take
 * the trigger along without a word, whoever owns the extension.
 */
static void
check_depends(const AlterObjectDependsStmt *stmt)
{
	const char *name;
	Oid relid;

	if (stmt->objectType != OBJECT_TRIGGER)
		return;
	relid = table_of(stmt->relation);
	name = strVal(llast(castNode(List, stmt->object)));
	if (OidIsValid(relid) && !stmt->remove && has_trigger(relid, name, 0))
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_IMMUTABLE),
				 errmsg("cannot make trigger \"%s\" of table \"%s\" depend "
						"on another extension",
						name, get_rel_name(relid)),
				 errdetail("It would go with that extension, without a "
						   "word."),
				 errhint("Leave it to dtsen.")));
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
		Oid part;

		if (cmd->subtype == AT_SetExpression)
			refuse_if_published(relid, "change a column's expression in");
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
			case AT_EnableTrigAll:
			case AT_EnableTrigUser:
				/* it ends a restore that had to disable them, too */
				if (has_trigger(relid, NULL, TRIGGER_FIRES_ALWAYS))
					refuse_if_published(relid, "weaken triggers of");
				break;
			case AT_DetachPartition:
			case AT_DetachPartitionFinalize:
				refuse_if_published(
					table_of(castNode(PartitionCmd, cmd->def)->name),
					"detach");
				break;
			case AT_AttachPartition:
				part = table_of(castNode(PartitionCmd, cmd->def)->name);
				refuse_if_published(part, "attach");
				/* nor do others come into what is published */
				refuse_if_rows_published(relid, part, "attach");
				break;
			default:
				break;
		}
	}
}

/* A table, and with CASCADE those that inherit from it. */
static void
check_drop_tables(Oid relid, bool cascade)
{
	ListCell *lc;

	if (!cascade || !is_table(relid) ||
		get_rel_relkind(relid) == RELKIND_PARTITIONED_TABLE)
		refuse_if_published(relid, "drop");
	else
		foreach (lc, find_all_inheritors(relid, NoLock, NULL))
			refuse_if_published(lfirst_oid(lc), "drop");
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
			check_drop_tables(table_of(makeRangeVarFromNameList(names)),
							  stmt->behavior == DROP_CASCADE);
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
		else if (IsA(trigdata->parsetree, CreateTrigStmt))
			check_replace_trigger((CreateTrigStmt *) trigdata->parsetree);
		else if (IsA(trigdata->parsetree, AlterObjectDependsStmt))
			check_depends((AlterObjectDependsStmt *) trigdata->parsetree);
		else if (IsA(trigdata->parsetree, DropOwnedStmt))
			check_drop_owned((DropOwnedStmt *) trigdata->parsetree);
		else if (IsA(trigdata->parsetree, AlterExtensionContentsStmt))
			check_alter_extension(
				(AlterExtensionContentsStmt *) trigdata->parsetree);
	}
	PG_RETURN_NULL();
}
