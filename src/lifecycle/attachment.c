/*
 * attachment.c
 *		What a trigger's arguments say about the table it guards.
 *
 * The arguments of trigger zz_dtsen_guard: schema of the machine tables,
 * machine, and the columns key, state, wilayah, reason, changed_at, changed_by,
 * version and period (each may be empty but key and state), then frozen
 * columns. If entries of the journal commit to what rows say, an empty argument
 * follows and the columns, or none for all of them. They are names, unquoted;
 * the table's own name is no part of it, so a partition or a shard means the
 * same as the table.
 *
 * The other triggers have schema and machine alone, and the rest from that
 * one: each statement copies the arguments of all triggers of its table.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/journal_row.h"
#include "lifecycle/lifecycle.h"

#define FIXED_ARGUMENTS 10
#define SHORT_ARGUMENTS 8
#define NAMING_ARGUMENTS 2

static HTAB *attachments = NULL;

/* Forgets what is known of a table's triggers; InvalidOid: of every table. */
void
dtsen_lifecycle_attachment_invalidate(Oid relid)
{
	HASH_SEQ_STATUS scan;
	DtAttachment *att;

	if (attachments == NULL)
		return;
	hash_seq_init(&scan, attachments);
	while ((att = hash_seq_search(&scan)) != NULL)
	{
		if (relid == InvalidOid || att->relid == relid)
			att->valid = false;
	}
}

/*
 * A type that gets another name or schema is another type in the list of columns
 * that entries commit to; its tables hear nothing of that. hash: of the type
 * that changed; 0: of any.
 */
static void
type_changed(Datum arg, int cacheid, uint32 hash)
{
	HASH_SEQ_STATUS scan;
	DtAttachment *att;

	hash_seq_init(&scan, attachments);
	while ((att = hash_seq_search(&scan)) != NULL)
	{
		for (int i = 0; att->rows != NULL && i < att->rows->n; i++)
		{
			if (hash == 0 || att->rows->column[i].type_hash == hash)
				att->valid = false;
		}
	}
}

/*
 * The call's trigger data. Errors: 39P01 if it is not called as a trigger.
 * name: of the SQL function, for the message.
 */
const TriggerData *
dtsen_lifecycle_trigger(FunctionCallInfo fcinfo, const char *name)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("%s: must be called as trigger", name)));
	return (const TriggerData *) fcinfo->context;
}

/*
 * The trigger of a table that says how a machine guards it, or NULL: a copy, as
 * the next look at a catalogue may have the relcache build its own anew.
 */
const Trigger *
dtsen_lifecycle_guard_of(Relation rel, const char *schema, const char *machine)
{
	const TriggerDesc *all = CopyTriggerDesc(rel->trigdesc);

	for (int i = 0; all != NULL && i < all->numtriggers; i++)
	{
		const Trigger *t = &all->triggers[i];

		if (strcmp(t->tgname, "zz_dtsen_guard") == 0 &&
			t->tgnargs > NAMING_ARGUMENTS &&
			strcmp(t->tgargs[0], schema) == 0 &&
			strcmp(t->tgargs[1], machine) == 0)
			return t;
	}
	return NULL;
}

/* The trigger whose arguments are in force for the one that is fired. */
static const Trigger *
explicit_trigger(const TriggerData *trigdata)
{
	const Trigger *fired = trigdata->tg_trigger;
	const Trigger *guard = NULL;

	if (fired->tgnargs == NAMING_ARGUMENTS)
		guard = dtsen_lifecycle_guard_of(trigdata->tg_relation,
										 fired->tgargs[0], fired->tgargs[1]);
	return guard != NULL ? guard : fired;
}

static void
find_column(DtColumn *column, const TriggerData *trigdata,
			const Trigger *trigger, int argument, MemoryContext cxt)
{
	const char *name = trigger->tgargs[argument];
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	Oid output;
	bool is_varlena;

	memset(column, 0, sizeof(*column));
	if (name[0] == '\0')
		return;
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (att->attisdropped || strcmp(NameStr(att->attname), name) != 0)
			continue;
		column->attno = att->attnum;
		column->typid = att->atttypid;
		column->typlen = att->attlen;
		column->typbyval = att->attbyval;
		column->is_text =
			att->atttypid == TEXTOID || att->atttypid == VARCHAROID;
		column->is_padded = getBaseType(att->atttypid) == BPCHAROID;
		getTypeOutputInfo(att->atttypid, &output, &is_varlena);
		fmgr_info_cxt(output, &column->output, cxt);
		return;
	}
	ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					errmsg("table \"%s\" has no column \"%s\", which its "
						   "trigger \"%s\" names",
						   RelationGetRelationName(trigdata->tg_relation),
						   name, trigger->tgname),
					errhint("It was renamed or dropped: rename it back, or "
							"detach the table and attach it again with the "
							"columns that it has.")));
}

static void
check_stamps(const DtAttachment *att, const Trigger *trigger)
{
	Oid by = att->changed_by.typid;

	if (att->changed_at.attno != 0 && att->changed_at.typid != TIMESTAMPTZOID)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("column \"%s\" must be of type timestamptz",
							   trigger->tgargs[6]),
						errhint("Give it that type again, or detach the table "
								"and attach it again with other columns.")));
	if (att->changed_by.attno != 0 && by != TEXTOID && by != NAMEOID)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("column \"%s\" must be of type text or name",
							   trigger->tgargs[7]),
						errhint("Give it that type again, or detach the table "
								"and attach it again with other columns.")));
	if (att->version.attno != 0 && att->version.typid != INT4OID)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("column \"%s\" must be of type integer",
							   trigger->tgargs[8]),
						errhint("Give it that type again, or detach the table "
								"and attach it again with other columns.")));
}

/*
 * The columns of a table to which entries commit, by the arguments of its
 * trigger guard; NULL: to none. Errors: 0A000, 42703.
 */
DtRowColumns *
dtsen_lifecycle_rows(TupleDesc desc, const Trigger *guard, MemoryContext cxt)
{
	int i = FIXED_ARGUMENTS;

	while (i < guard->tgnargs && guard->tgargs[i][0] != '\0')
		i++;
	if (i >= guard->tgnargs)
		return NULL;
	i++;
	return dtsen_row_columns(desc,
							 i == guard->tgnargs ? -1 : guard->tgnargs - i,
							 guard->tgargs + i, NULL, cxt);
}

static void
resolve(DtAttachment *att, const TriggerData *trigdata, MemoryContext cxt)
{
	const Trigger *trigger = explicit_trigger(trigdata);

	/* without version and period it has no frozen columns either */
	if (trigger->tgnargs < FIXED_ARGUMENTS &&
		trigger->tgnargs != SHORT_ARGUMENTS)
		ereport(
			ERROR,
			(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
			 errmsg("trigger \"%s\" has %d arguments, %d are needed",
					trigger->tgname, trigger->tgnargs, FIXED_ARGUMENTS),
			 errhint("Attach the lifecycle with dtsen.attach(); off a table "
					 "that was a partition dtsen.detach() takes it.")));
	att->machine =
		dtsen_lifecycle_machine_entry(trigger->tgargs[0], trigger->tgargs[1]);
	find_column(&att->key, trigdata, trigger, 2, cxt);
	find_column(&att->state, trigdata, trigger, 3, cxt);
	find_column(&att->wilayah, trigdata, trigger, 4, cxt);
	find_column(&att->reason, trigdata, trigger, 5, cxt);
	find_column(&att->changed_at, trigdata, trigger, 6, cxt);
	find_column(&att->changed_by, trigdata, trigger, 7, cxt);
	if (trigger->tgnargs >= FIXED_ARGUMENTS)
	{
		find_column(&att->version, trigdata, trigger, 8, cxt);
		find_column(&att->period, trigdata, trigger, 9, cxt);
	}
	if (att->key.attno == 0 || att->state.attno == 0)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("trigger \"%s\" names no key or no state "
							   "column",
							   trigger->tgname)));
	check_stamps(att, trigger);
	att->last_read = Max(Max(att->key.attno, att->state.attno),
						 Max(att->wilayah.attno, att->version.attno));
	while (FIXED_ARGUMENTS + att->nfrozen < trigger->tgnargs &&
		   trigger->tgargs[FIXED_ARGUMENTS + att->nfrozen][0] != '\0')
		att->nfrozen++;
	att->frozen =
		MemoryContextAllocZero(cxt, (att->nfrozen + 1) * sizeof(DtColumn));
	for (int i = 0; i < att->nfrozen; i++)
		find_column(&att->frozen[i], trigdata, trigger, FIXED_ARGUMENTS + i,
					cxt);
	if (trigger != trigdata->tg_trigger)
		att->rows = dtsen_lifecycle_rows(
			RelationGetDescr(trigdata->tg_relation), trigger, cxt);
}

/*
 * May the owner of a guarded table have triggers that act as another role?
 * Only if that owner could do the same: else anyone could write another's
 * journal by hanging its trigger on a table of his own. Errors: 42501.
 */
void
dtsen_lifecycle_check_owner(Oid table_owner, Oid needed)
{
	if (table_owner == needed || has_privs_of_role(table_owner, needed))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("owner of the table lacks the privileges of role \"%s\", "
					"who owns the lifecycle",
					GetUserNameFromId(needed, false)),
			 errhint("Grant that role to the owner of the table, or give the "
					 "table another owner.")));
}

/*
 * The attachment that a trigger belongs to, its machine and actor loaded.
 *
 * Errors: 39P01 for arguments that do not fit the table, those of
 * dtsen_lifecycle_load() and dtsen_lifecycle_check_owner(). Cost: two hash
 * look-ups once it is known.
 */
DtAttachment *
dtsen_lifecycle_attachment(const TriggerData *trigdata)
{
	static DtAttachment *last = NULL;
	Oid tgoid = trigdata->tg_trigger->tgoid;
	DtAttachment *att;
	bool found = true;

	if (attachments == NULL)
	{
		HASHCTL ctl;

		dtsen_lifecycle_init();
		ctl.keysize = sizeof(Oid);
		ctl.entrysize = sizeof(DtAttachment);
		attachments =
			hash_create("dtsen attachments", 64, &ctl, HASH_ELEM | HASH_BLOBS);
		CacheRegisterSyscacheCallback(TYPEOID, type_changed, (Datum) 0);
	}
	/* entries stay where they are */
	if (last != NULL && last->tgoid == tgoid)
		att = last;
	else
		att = last = hash_search(attachments, &tgoid, HASH_ENTER, &found);
	if (!found)
		memset((char *) att + sizeof(Oid), 0, sizeof(*att) - sizeof(Oid));
	if (!att->valid)
	{
		DtAttachment fresh;
		MemoryContext cxt = AllocSetContextCreate(
			CurrentMemoryContext, "dtsen attachment", ALLOCSET_SMALL_SIZES);

		memset(&fresh, 0, sizeof(fresh));
		fresh.tgoid = tgoid;
		fresh.relid = RelationGetRelid(trigdata->tg_relation);
		fresh.cxt = cxt;
		fresh.valid = true;
		resolve(&fresh, trigdata, cxt);
		MemoryContextSetParent(cxt, CacheMemoryContext);
		if (att->cxt != NULL)
			MemoryContextSetParent(att->cxt, TopTransactionContext);
		*att = fresh;
	}
	dtsen_lifecycle_load(att->machine);
	dtsen_lifecycle_check_owner(trigdata->tg_relation->rd_rel->relowner,
								att->machine->owner);
	dtsen_lifecycle_check_owner(trigdata->tg_relation->rd_rel->relowner,
								att->machine->journal_owner);
	dtsen_lifecycle_load_actor(att->machine);
	return att;
}

/*
 * A value as text, without a copy where its type is text. The result lives as
 * long as the value, or in the current memory context; it need not end in a
 * zero byte.
 */
DtText
dtsen_lifecycle_value(DtColumn *column, Datum value, bool isnull)
{
	DtText result = {"", 0, true};

	if (isnull)
		return result;
	result.isnull = false;
	if (column->is_text)
	{
		struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);

		result.data = VARDATA_ANY(packed);
		result.len = (int) VARSIZE_ANY_EXHDR(packed);
	}
	else if (column->typid == INT4OID || column->typid == INT8OID)
	{
		char *digits = palloc(24);

		result.len = column->typid == INT4OID
						 ? pg_ltoa(DatumGetInt32(value), digits)
						 : pg_lltoa(DatumGetInt64(value), digits);
		result.data = digits;
	}
	else
	{
		result.data = OutputFunctionCall(&column->output, value);
		result.len = (int) strlen(result.data);
		/* as the cast to text has it, which attach() and verification see */
		while (column->is_padded && result.len > 0 &&
			   result.data[result.len - 1] == ' ')
			result.len--;
	}
	return result;
}

/*
 * The rules under which a row is; those in force where the table keeps no
 * version, or the row one that never came into force.
 */
const DtRules *
dtsen_lifecycle_rules_of(const DtAttachment *att, TupleTableSlot *slot)
{
	const DtRules *rules = NULL;
	bool isnull;
	Datum version;

	if (att->version.attno != 0)
	{
		version = slot_getattr(slot, att->version.attno, &isnull);
		if (!isnull)
			rules =
				dtsen_lifecycle_rules(att->machine, DatumGetInt32(version));
	}
	return rules != NULL ? rules : att->machine->rules;
}

/*
 * Goes to the first row of a transition table. Triggers that read it by SQL
 * leave the table at a reading position of their own.
 */
void
dtsen_lifecycle_rewind(Tuplestorestate *rows)
{
	tuplestore_select_read_pointer(rows, 0);
	tuplestore_rescan(rows);
}

DTSEN_FUNCTION(dtsen_trigger_arguments);

/*
 * trigger_arguments(oid) -> text[]: the arguments of a trigger, as given.
 *
 * oid: of pg_trigger. NULL if there is no such trigger; empty if it has no
 * arguments.
 */
Datum
dtsen_trigger_arguments(PG_FUNCTION_ARGS)
{
	Relation rel = table_open(TriggerRelationId, AccessShareLock);
	ArrayBuildState *result =
		initArrayResult(TEXTOID, CurrentMemoryContext, false);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;
	bool found;

	ScanKeyInit(&key, Anum_pg_trigger_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(PG_GETARG_OID(0)));
	scan = systable_beginscan(rel, TriggerOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	found = HeapTupleIsValid(tuple);
	if (found)
	{
		bool isnull;
		bytea *args = DatumGetByteaPP(heap_getattr(
			tuple, Anum_pg_trigger_tgargs, RelationGetDescr(rel), &isnull));
		const char *p = VARDATA_ANY(args);

		for (int i = 0; i < ((Form_pg_trigger) GETSTRUCT(tuple))->tgnargs; i++)
		{
			accumArrayResult(result, CStringGetTextDatum(p), false, TEXTOID,
							 CurrentMemoryContext);
			p += strlen(p) + 1;
		}
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(makeArrayResult(result, CurrentMemoryContext));
}
