/*
 * journal_trigger.c
 *		journal(): one entry per changed row.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "replication/logicalworker.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/entry.h"

static DtText
slot_text(DtColumn *column, TupleTableSlot *slot)
{
	bool isnull = true;
	Datum value = 0;

	if (column->attno != 0)
		value = slot_getattr(slot, column->attno, &isnull);
	return dtsen_lifecycle_value(column, value, isnull);
}

static void
refuse_unpaired(const DtMachine *m)
{
	ereport(ERROR,
			(errcode(ERRCODE_DTSEN_JOURNAL),
			 errmsg("rows under machine \"%s\" do not pair before and after "
					"the statement",
					m->key.machine),
			 errhint("A trigger of the table, or of a partition, leaves out "
					 "or exchanges rows.")));
}

/* What happened between two states; refuses what the guard cannot have let. */
static DtText
action_of(const DtMachine *m, const DtRules *rules, const DtEntry *entry)
{
	int from = dtsen_lifecycle_state(m, entry->from.data, entry->from.len);
	int to = dtsen_lifecycle_state(m, entry->to.data, entry->to.len);
	const DtTransition *t = dtsen_lifecycle_step(m, rules, from, to);

	if (t != NULL)
		return dtsen_lifecycle_text(t->action);
	if (from >= 0 && from == to && !m->states[from].is_final)
		return dtsen_lifecycle_text(DTSEN_ACTION_EDIT);
	ereport(
		ERROR,
		(errcode(ERRCODE_DTSEN_JOURNAL),
		 errmsg("a change from \"%s\" to \"%s\", which machine \"%s\" does "
				"not know, has passed its guard",
				dtsen_lifecycle_state_label(m, entry->from),
				dtsen_lifecycle_state_label(m, entry->to), m->key.machine),
		 errhint("The guard is switched off, or a trigger after it "
				 "changes the state.")));
}

static void
append_inserts(DtWriter *w, DtAttachment *att, const TriggerData *trigdata,
			   TupleTableSlot *new)
{
	MemoryContext row = AllocSetContextCreate(
		CurrentMemoryContext, "dtsen row", ALLOCSET_SMALL_SIZES);
	MemoryContext old_cxt = MemoryContextSwitchTo(row);
	DtMachine *m = att->machine;
	int64 n = 0;

	dtsen_lifecycle_rewind(trigdata->tg_newtable);
	while (tuplestore_gettupleslot(trigdata->tg_newtable, true, false, new))
	{
		DtEntry entry = {0};

		entry.key = slot_text(&att->key, new);
		entry.wilayah = slot_text(&att->wilayah, new);
		entry.from = dtsen_lifecycle_text(NULL);
		entry.to = slot_text(&att->state, new);
		entry.action = dtsen_lifecycle_text(DTSEN_ACTION_BORN);
		entry.reason = slot_text(&att->reason, new);
		if (dtsen_lifecycle_state(m, entry.to.data, entry.to.len) !=
			m->initial)
			ereport(ERROR,
					(errcode(ERRCODE_DTSEN_JOURNAL),
					 errmsg("a row born in state \"%s\" of machine \"%s\" has "
							"passed its guard",
							dtsen_lifecycle_state_label(m, entry.to),
							m->key.machine)));
		dtsen_lifecycle_append(w, &entry);
		n++;
		ExecClearTuple(new);
		MemoryContextReset(row);
		CHECK_FOR_INTERRUPTS();
	}
	MemoryContextSwitchTo(old_cxt);
	MemoryContextDelete(row);
	if (trigdata->tg_relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE ||
		trigdata->tg_relation->rd_rel->relispartition)
		dtsen_lifecycle_expect(m, -n);
}

static void
append_updates(DtWriter *w, DtAttachment *att, const TriggerData *trigdata,
			   TupleTableSlot *new)
{
	TupleTableSlot *old = MakeSingleTupleTableSlot(
		RelationGetDescr(trigdata->tg_relation), &TTSOpsMinimalTuple);
	MemoryContext row = AllocSetContextCreate(
		CurrentMemoryContext, "dtsen row", ALLOCSET_SMALL_SIZES);
	MemoryContext old_cxt = MemoryContextSwitchTo(row);
	DtMachine *m = att->machine;
	int64 n = 0;

	dtsen_lifecycle_rewind(trigdata->tg_oldtable);
	dtsen_lifecycle_rewind(trigdata->tg_newtable);
	for (;;)
	{
		bool more_old =
			tuplestore_gettupleslot(trigdata->tg_oldtable, true, false, old);
		bool more_new =
			tuplestore_gettupleslot(trigdata->tg_newtable, true, false, new);
		DtEntry entry = {0};
		DtText old_key;

		if (!more_old && !more_new)
			break;
		if (more_old != more_new)
			refuse_unpaired(m);
		old_key = slot_text(&att->key, old);
		entry.key = slot_text(&att->key, new);
		if (old_key.isnull || entry.key.isnull ||
			old_key.len != entry.key.len ||
			memcmp(old_key.data, entry.key.data, old_key.len) != 0)
			refuse_unpaired(m);
		entry.wilayah = slot_text(&att->wilayah, new);
		entry.from = slot_text(&att->state, old);
		entry.to = slot_text(&att->state, new);
		entry.action =
			action_of(m, dtsen_lifecycle_rules_of(att, old), &entry);
		entry.version = dtsen_lifecycle_rules_of(att, new)->version;
		entry.reason = slot_text(&att->reason, new);
		dtsen_lifecycle_append(w, &entry);
		n++;
		ExecClearTuple(old);
		ExecClearTuple(new);
		MemoryContextReset(row);
		CHECK_FOR_INTERRUPTS();
	}
	ExecClearTuple(old);
	ExecClearTuple(new);
	MemoryContextSwitchTo(old_cxt);
	MemoryContextDelete(row);
	ExecDropSingleTupleTableSlot(old);
	dtsen_lifecycle_expect(m, -n);
}

static void
refuse_deletes(const DtMachine *m, const TriggerData *trigdata)
{
	if (tuplestore_tuple_count(trigdata->tg_oldtable) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_JOURNAL),
				 errmsg("rows under machine \"%s\" were deleted, which has "
						"passed its guard",
						m->key.machine)));
}

static void
want_chains(DtWriter *w, DtAttachment *att, Tuplestorestate *rows,
			TupleTableSlot *slot)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext row =
		AllocSetContextCreate(outer, "dtsen row", ALLOCSET_SMALL_SIZES);

	dtsen_lifecycle_rewind(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		MemoryContextSwitchTo(row);
		dtsen_lifecycle_want_chain(w, slot_text(&att->wilayah, slot));
		MemoryContextSwitchTo(outer);
		MemoryContextReset(row);
		CHECK_FOR_INTERRUPTS();
	}
	MemoryContextDelete(row);
}

static void
write_entries(DtAttachment *att, const TriggerData *trigdata)
{
	TupleTableSlot *new = MakeSingleTupleTableSlot(
		RelationGetDescr(trigdata->tg_relation), &TTSOpsMinimalTuple);
	DtWriter *w = dtsen_lifecycle_writer(att->machine);

	want_chains(w, att, trigdata->tg_newtable, new);
	dtsen_lifecycle_lock_chains(w);
	if (TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		append_inserts(w, att, trigdata, new);
	else
		append_updates(w, att, trigdata, new);
	dtsen_lifecycle_finish(w);
	ExecDropSingleTupleTableSlot(new);
}

DTSEN_FUNCTION(dtsen_journal);

/*
 * journal(the arguments of guard): AFTER statement trigger with transition
 * tables, one for INSERT, one for UPDATE, one for DELETE. Adds an entry per
 * changed row to table journal, as that table's owner, whatever the client may
 * write. A DELETE has no entry: it is refused.
 *
 * Errors: 39P01 attached wrongly; SE005 the statement's rows do not pair, or
 * changed as the machine does not allow. Cost: two passes over the transition
 * tables, an index insertion and one SHA-256 a row. Transactions that write to
 * the same chain (machine and regency) wait for each other.
 */
Datum
dtsen_journal(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata = dtsen_lifecycle_trigger(fcinfo, "journal");
	bool insert = TRIGGER_FIRED_BY_INSERT(trigdata->tg_event);
	bool update = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event);
	DtAttachment att;

	if (IsLogicalWorker() || dtsen_lifecycle_explaining())
		return PointerGetDatum(NULL);
	if (!TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event) ||
		(!insert && trigdata->tg_oldtable == NULL) ||
		((insert || update) && trigdata->tg_newtable == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("journal: must be fired after the change, for each "
						"statement, with its transition tables")));
	att = *dtsen_lifecycle_attachment(trigdata);
	att.machine->move_stage = DT_MOVE_NONE;
	if (!insert && !update)
		refuse_deletes(att.machine, trigdata);
	else if (tuplestore_tuple_count(trigdata->tg_newtable) > 0 ||
			 (update && tuplestore_tuple_count(trigdata->tg_oldtable) > 0))
		write_entries(&att, trigdata);
	return PointerGetDatum(NULL);
}
