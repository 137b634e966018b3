/*
 * rules_trigger.c
 *		machine_rules(): rules in force are not written.
 *
 * Until a machine guards a table its owner writes it freely. From then on a
 * change is a new version: a row of machine_version, which is itself under a
 * machine, and whose states and steps can be written while it is a draft. Each
 * person who writes them is journalled as an editor of the draft, so that four
 * eyes hold whoever drafted and whoever approves.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/lifecycle.h"

/* The draft that this transaction was last seen to edit, and by whom. */
static uint64 touched_epoch = 0;
static Oid touched_user = InvalidOid;
static uint64 touched_assumption = 0;
static Oid touched_schema = InvalidOid;
static char touched_id[2 * NAMEDATALEN];

static char *
column(const TriggerData *trigdata, HeapTuple tuple, const char *name)
{
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	int attno = SPI_fnumber(desc, name);

	if (attno <= 0)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("machine_rules: table \"%s\" has no column "
							   "\"%s\"",
							   RelationGetRelationName(trigdata->tg_relation),
							   name)));
	return SPI_getvalue(tuple, desc, attno);
}

static const char *
schema_of(const TriggerData *trigdata)
{
	return quote_identifier(
		get_namespace_name(RelationGetNamespace(trigdata->tg_relation)));
}

/* Runs a query with two texts; the first value of its first row, or NULL. */
static char *
ask(const char *format, const char *schema, const char *a, const char *b,
	int expected)
{
	Oid types[2] = {TEXTOID, TEXTOID};
	Datum values[2];
	int rc;

	values[0] = CStringGetTextDatum(a);
	values[1] = CStringGetTextDatum(b);
	rc = SPI_execute_with_args(psprintf(format, schema), 2, types, values,
							   NULL, false, 0);
	if (rc != expected)
		elog(ERROR, "SPI_execute_with_args: %s", SPI_result_code_string(rc));
	if (SPI_processed == 0 || SPI_tuptable == NULL)
		return NULL;
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
}

static void
refuse_in_force(const char *machine, const char *version)
{
	ereport(ERROR,
			(errcode(ERRCODE_DTSEN_IMMUTABLE),
			 errmsg("the rules of machine \"%s\", version %s, cannot change",
					machine, version),
			 errdetail("They are in force, submitted, or were refused."),
			 errhint("dtsen.machine_draft() drafts the next version, which "
					 "another person puts in force.")));
}

/* Journals who edits a draft, once a transaction and person. */
static void
touch(const TriggerData *trigdata, const char *id)
{
	uint64 epoch = dtsen_lifecycle_epoch();

	if (touched_epoch == epoch && touched_user == GetOuterUserId() &&
		touched_assumption == dtsen_lifecycle_assume_serial() &&
		touched_schema == RelationGetNamespace(trigdata->tg_relation) &&
		strcmp(touched_id, id) == 0)
		return;
	(void) ask("UPDATE %s.machine_version AS v SET changed_at = NULL "
			   "WHERE v.id OPERATOR(pg_catalog.=) $1 "
			   "AND $2 OPERATOR(pg_catalog.=) ''",
			   schema_of(trigdata), id, "", SPI_OK_UPDATE);
	touched_epoch = epoch;
	touched_user = GetOuterUserId();
	touched_assumption = dtsen_lifecycle_assume_serial();
	touched_schema = RelationGetNamespace(trigdata->tg_relation);
	strlcpy(touched_id, id, sizeof(touched_id));
}

/* A row of state or transition: of a machine not yet in force, or a draft. */
static void
check_rule(const TriggerData *trigdata, HeapTuple tuple)
{
	char *machine = column(trigdata, tuple, "machine");
	char *version = column(trigdata, tuple, "version");
	const char *schema = schema_of(trigdata);
	char *is_live;
	char *state;

	if (machine == NULL || version == NULL)
		return; /* the table's constraints say so */
	is_live = ask("SELECT m.is_live FROM %s.machine AS m "
				  "WHERE m.machine OPERATOR(pg_catalog.=) $1 "
				  "AND $2 IS NOT NULL FOR SHARE OF m",
				  schema, machine, version, SPI_OK_SELECT);
	if (is_live == NULL ||
		(strcmp(is_live, "f") == 0 && strcmp(version, "1") == 0))
		return;
	state = ask("SELECT v.state FROM %s.machine_version AS v "
				"WHERE v.machine OPERATOR(pg_catalog.=) $1 "
				"AND v.version OPERATOR(pg_catalog.=) "
				"$2::pg_catalog.int4 FOR SHARE OF v",
				schema, machine, version, SPI_OK_SELECT);
	if (state == NULL || strcmp(state, "draf") != 0)
		refuse_in_force(machine, version);
	touch(trigdata, psprintf("%s/%s", machine, version));
}

static bool
same(const TriggerData *trigdata, const char *name)
{
	char *old = column(trigdata, trigdata->tg_trigtuple, name);
	char *new = column(trigdata, trigdata->tg_newtuple, name);

	if (old == NULL || new == NULL)
		return old == new;
	return strcmp(old, new) == 0;
}

/*
 * A row of machine: in force it changes by an approved version alone. The
 * table's constraints, which refuse nulls, are asked after this trigger, and
 * its owner can drop them.
 */
static void
check_machine(const TriggerData *trigdata)
{
	HeapTuple old = trigdata->tg_trigtuple;
	HeapTuple new = trigdata->tg_newtuple;
	char *machine = column(trigdata, old, "machine");
	char *version = column(trigdata, old, "version");
	char *is_live = column(trigdata, old, "is_live");
	char *new_version;
	char *digest;

	if (TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
	{
		if (machine == NULL || version == NULL || is_live == NULL)
			return;
		if (strcmp(version, "1") != 0 || strcmp(is_live, "f") != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("machine \"%s\" begins with version 1, not in "
							"force",
							machine),
					 errhint("dtsen.attach() puts it in force.")));
		return;
	}
	if (is_live != NULL && strcmp(is_live, "f") == 0)
	{
		if (TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) &&
			!same(trigdata, "version"))
			refuse_in_force(machine, version);
		return;
	}
	if (TRIGGER_FIRED_BY_DELETE(trigdata->tg_event) ||
		!same(trigdata, "machine") || !same(trigdata, "initial_state") ||
		!same(trigdata, "is_live") || !same(trigdata, "first_digest"))
		refuse_in_force(machine, version);
	if (same(trigdata, "version") && same(trigdata, "digest"))
		return;
	new_version = column(trigdata, new, "version");
	if (machine == NULL || version == NULL || new_version == NULL)
		refuse_in_force(machine, version);
	digest = ask("SELECT v.digest FROM %s.machine_version AS v "
				 "WHERE v.machine OPERATOR(pg_catalog.=) $1 "
				 "AND v.version OPERATOR(pg_catalog.=) $2::pg_catalog.int4 "
				 "AND v.state OPERATOR(pg_catalog.=) 'berlaku'",
				 schema_of(trigdata), machine, new_version, SPI_OK_SELECT);
	if (digest == NULL || column(trigdata, new, "digest") == NULL ||
		strcmp(digest, column(trigdata, new, "digest")) != 0 ||
		pg_strtoint32(new_version) <= pg_strtoint32(version))
		refuse_in_force(machine, version);
}

/* A window that has closed stays as it was. */
static void
check_calendar(const TriggerData *trigdata)
{
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	bool isnull;
	Datum closes;

	if (TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		return;
	(void) column(trigdata, trigdata->tg_trigtuple, "closes_at");
	closes = SPI_getbinval(trigdata->tg_trigtuple, desc,
						   SPI_fnumber(desc, "closes_at"), &isnull);
	if (!isnull && DatumGetTimestampTz(closes) <= GetCurrentTimestamp())
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_IMMUTABLE),
				 errmsg("a window of the calendar that has closed cannot "
						"change"),
				 errdetail("Machine \"%s\", period \"%s\", action \"%s\".",
						   column(trigdata, trigdata->tg_trigtuple, "machine"),
						   column(trigdata, trigdata->tg_trigtuple, "period"),
						   column(trigdata, trigdata->tg_trigtuple, "action")),
				 errhint("What came too late belongs to a later period.")));
}

DTSEN_FUNCTION(dtsen_machine_rules);

/*
 * machine_rules('machine' | 'rule' | 'calendar'): BEFORE row trigger of the
 * tables machine, state and transition, and calendar of a lifecycle. Apply
 * workers of logical replication pass.
 *
 * Errors: 39P01; SE004 the rule is in force, the window closed; those of the
 * guard of machine_version, for an actor who may not draft. Cost: two look-ups
 * by key a row.
 */
Datum
dtsen_machine_rules(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata =
		dtsen_lifecycle_trigger(fcinfo, "machine_rules");
	const Trigger *trigger = trigdata->tg_trigger;
	bool update = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event);
	DtScope scope;

	if (!TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) || trigger->tgnargs != 1)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("machine_rules: must be fired before the "
							   "change, for each row, with the kind of table "
							   "as argument")));
	if (!IsLogicalWorker())
	{
		dtsen_lifecycle_init();
		dtsen_lifecycle_enter(trigdata->tg_relation->rd_rel->relowner, &scope);
		SPI_connect();
		if (strcmp(trigger->tgargs[0], "calendar") == 0)
			check_calendar(trigdata);
		else if (strcmp(trigger->tgargs[0], "machine") == 0)
			check_machine(trigdata);
		else
		{
			check_rule(trigdata, trigdata->tg_trigtuple);
			if (update)
				check_rule(trigdata, trigdata->tg_newtuple);
		}
		SPI_finish();
		dtsen_lifecycle_leave(&scope);
	}
	return PointerGetDatum(update ? trigdata->tg_newtuple
								  : trigdata->tg_trigtuple);
}

DTSEN_FUNCTION(dtsen_is_apply_worker);

/*
 * is_apply_worker() -> bool, for the WHEN of triggers that are ENABLE ALWAYS:
 * a setting can be changed by a client, the kind of process cannot.
 */
Datum
dtsen_is_apply_worker(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(IsLogicalWorker());
}
