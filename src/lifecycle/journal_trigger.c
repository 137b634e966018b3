/*
 * journal_trigger.c
 *		journal(): every changed row enters the journal.
 *
 * Before that it checks what a statement as a whole must fulfil: the two are
 * one trigger, because each costs a statement of one row a tenth, and because
 * who switches off the checks then has no journal, without which nothing that
 * the guard let through can commit.
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "replication/logicalworker.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/gather.h"
#include "lifecycle/journal_row.h"

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

/* What four eyes, the calendar and guards were asked about: gather.c */
static void
refuse_unasked(const DtMachine *m)
{
	ereport(ERROR,
			(errcode(ERRCODE_DTSEN_JOURNAL),
			 errmsg("rows that changed under machine \"%s\" are not those "
					"that the guard let through",
					m->key.machine),
			 errhint("A trigger after the guard leaves out or exchanges rows; "
					 "or one query changes the table under two names, of "
					 "itself or of partitions: use a statement for each.")));
}

/*
 * A row that MERGE moves to another partition is in no transition table of an
 * UPDATE; it is in that of an INSERT if MERGE has one, as if it were born. A row
 * that UPDATE moves is in that of the UPDATE.
 */
static void
refuse_merge(const DtMachine *m)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("MERGE cannot move a row under machine \"%s\" to another "
					"partition",
					m->key.machine),
			 errdetail("PostgreSQL keeps such rows from the triggers of the "
					   "statement, so that they would not reach the "
					   "journal."),
			 errhint("Move them by UPDATE.")));
}

/* Is this the row that was moved last? */
static bool
is_moved(DtAttachment *att, TupleTableSlot *slot)
{
	const DtMachine *m = att->machine;
	DtText key;

	if (!m->moved)
		return false;
	key = slot_text(&att->key, slot);
	return !key.isnull && key.len == m->move_key.len &&
		   memcmp(key.data, m->move_key.data, key.len) == 0;
}

/* What a statement's rows have in common. */
typedef struct Pass
{
	DtWriter *w;
	DtAttachment *att;
	const TriggerData *trigdata;
	MemoryContext row;
	int *steps; /* number of the step between two states, -1 not known ... */
	const DtRules *rules; /* ... by these rules */
	int last_from;
	int last_to;
	uint64 led_to; /* sum of the weights of the states of updated rows */
	uint64 asked;  /* the same of what was asked about: gather.c */
	bool reason_assigned;
	DtcMessage bytes; /* of the row at hand */
} Pass;

static DtText
name_text(const char *name)
{
	DtText result = {name, (int) strlen(name), false};

	return result;
}

/* The number of a state, which is mostly that of the row before. */
static int
state_number(const DtMachine *m, DtText state, int *last)
{
	if (state.isnull)
		return -1;
	if (*last >= 0 && m->states[*last].len == state.len &&
		memcmp(m->states[*last].name, state.data, state.len) == 0)
		return *last;
	return *last = dtsen_lifecycle_state(m, state.data, state.len);
}

/* The step between two states; refuses what the guard cannot have let. */
static int
step_between(Pass *pass, const DtRules *rules, DtText from_text,
			 DtText to_text)
{
	const DtMachine *m = pass->att->machine;
	int from = state_number(m, from_text, &pass->last_from);
	int to = state_number(m, to_text, &pass->last_to);
	int *step = NULL;
	const DtTransition *t;
	const char *action;

	if (rules != pass->rules)
	{
		memset(pass->steps, 0xff, sizeof(int) * m->nstates * m->nstates);
		pass->rules = rules;
	}
	if (from >= 0 && to >= 0)
	{
		step = &pass->steps[from * m->nstates + to];
		if (*step >= 0)
			return *step;
	}
	t = dtsen_lifecycle_step(m, rules, from, to);
	if (t != NULL)
		action = t->action;
	else if (from >= 0 && from == to && !rules->final[from])
		action = DTSEN_ACTION_EDIT;
	else if (from >= 0 && from == to && dtsen_lifecycle_empties(m, NULL))
		action = DTSEN_ACTION_ERASED;
	else
		ereport(
			ERROR,
			(errcode(ERRCODE_DTSEN_JOURNAL),
			 errmsg("a change from \"%s\" to \"%s\", which machine "
					"\"%s\" does not know, has passed its guard",
					dtsen_lifecycle_state_label(m, from_text),
					dtsen_lifecycle_state_label(m, to_text), m->key.machine),
			 errhint("The guard is switched off, or a trigger after it "
					 "changes the state.")));
	*step = dtsen_journal_step(pass->w, from_text, to_text, name_text(action));
	return *step;
}

/* The key as a number, which saves its text. */
static bool
key_number(const DtColumn *column, Datum value, uint64 *number)
{
	int64 n;

	if (column->typid == INT8OID)
		n = DatumGetInt64(value);
	else if (column->typid == INT4OID)
		n = DatumGetInt32(value);
	else if (column->typid == INT2OID)
		n = DatumGetInt16(value);
	else
		return false;
	*number = (uint64) n;
	return n >= 0 && n < INT64CONST(1000000000000000000);
}

static void
read_key(DtAttachment *att, TupleTableSlot *slot, DtChange *change)
{
	bool isnull;
	Datum value = slot_getattr(slot, att->key.attno, &isnull);

	change->is_number =
		!isnull && key_number(&att->key, value, &change->number);
	if (!change->is_number)
		change->key = dtsen_lifecycle_value(&att->key, value, isnull);
}

static bool
same_key(const DtChange *a, const DtChange *b)
{
	if (a->is_number != b->is_number)
		return false;
	if (a->is_number)
		return a->number == b->number;
	return !a->key.isnull && !b->key.isnull && a->key.len == b->key.len &&
		   memcmp(a->key.data, b->key.data, a->key.len) == 0;
}

/* Lets the entry commit to what the row says, where the table wants that. */
static void
read_row(Pass *pass, TupleTableSlot *slot, DtChange *change)
{
	if (pass->att->rows == NULL)
		return;
	pass->bytes = dtsen_row_read(pass->att->rows, slot);
	change->row = &pass->bytes;
}

static void
append_inserts(Pass *pass, TupleTableSlot *new)
{
	const TriggerData *trigdata = pass->trigdata;
	DtMachine *m = pass->att->machine;
	DtText none = {"", 0, true};
	DtText born = name_text(DTSEN_ACTION_BORN);
	int step = -1;
	int64 n = 0;

	dtsen_lifecycle_rewind(trigdata->tg_newtable);
	while (tuplestore_gettupleslot(trigdata->tg_newtable, true, false, new))
	{
		MemoryContext old_cxt = MemoryContextSwitchTo(pass->row);
		DtChange change = {0};
		DtText to = slot_text(&pass->att->state, new);

		if (is_moved(pass->att, new))
			refuse_merge(m);
		read_key(pass->att, new, &change);
		change.reason = slot_text(&pass->att->reason, new);
		read_row(pass, new, &change);
		if (state_number(m, to, &pass->last_to) != m->initial)
			ereport(
				ERROR,
				(errcode(ERRCODE_DTSEN_JOURNAL),
				 errmsg("a row born in state \"%s\" of machine \"%s\" has "
						"passed its guard",
						dtsen_lifecycle_state_label(m, to), m->key.machine),
				 errhint("The guard is switched off, or a trigger after it "
						 "changes the state.")));
		if (!change.is_number && change.key.isnull)
			refuse_unpaired(m);
		if (step < 0)
			step = dtsen_journal_step(pass->w, none, to, born);
		change.step = step;
		change.region = dtsen_journal_region(
			pass->w, slot_text(&pass->att->wilayah, new), none,
			dtsen_lifecycle_rules_of(pass->att, new)->version);
		dtsen_journal_add(pass->w, &change);
		n++;
		ExecClearTuple(new);
		MemoryContextSwitchTo(old_cxt);
		MemoryContextReset(pass->row);
		CHECK_FOR_INTERRUPTS();
	}
	if (trigdata->tg_relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE ||
		trigdata->tg_relation->rd_rel->relispartition)
		dtsen_lifecycle_expect(m, -n, 0);
}

/* Notes a row that took a step (NULL: none) if the step looks elsewhere. */
static void
reckon_asked(Pass *pass, const DtTransition *t, TupleTableSlot *new)
{
	DtAttachment *att = pass->att;
	DtText none = {"", 0, true};

	if (t != NULL && dtsen_looks_elsewhere(t))
		pass->asked += dtsen_lifecycle_gathered_weight(
			att->machine, t, slot_text(&att->key, new),
			t->is_timed ? slot_text(&att->period, new) : none);
}

static void
append_update(Pass *pass, TupleTableSlot *old, TupleTableSlot *new)
{
	DtAttachment *att = pass->att;
	const DtRules *rules = dtsen_lifecycle_rules_of(att, old);
	DtText from = slot_text(&att->wilayah, old);
	DtChange change = {0};
	DtChange before = {0};
	const DtTransition *t;

	read_key(att, old, &before);
	read_key(att, new, &change);
	if (!same_key(&before, &change))
		refuse_unpaired(att->machine);
	read_row(pass, new, &change);
	change.step = step_between(pass, rules, slot_text(&att->state, old),
							   slot_text(&att->state, new));
	pass->led_to += att->machine->states[pass->last_to].weight;
	t = dtsen_lifecycle_step(att->machine, rules, pass->last_from,
							 pass->last_to);
	reckon_asked(pass, t, new);
	/* one that had no region comes from its chain: it is not new */
	if (from.isnull && att->wilayah.attno != 0)
		from.isnull = false;
	change.region =
		dtsen_journal_region(pass->w, slot_text(&att->wilayah, new), from,
							 dtsen_lifecycle_rules_of(att, new)->version);
	change.reason.isnull = true;
	if (att->reason.attno != 0)
	{
		DtText reason = slot_text(&att->reason, new);

		/*
		 * Of a query that updates the table twice only one UPDATE's columns
		 * are told; a step that needs a reason was given one: the guard saw.
		 */
		if (pass->reason_assigned || (t != NULL && t->needs_reason) ||
			!dtsen_same_text(reason, slot_text(&att->reason, old)))
			change.reason = reason;
	}
	dtsen_journal_add(pass->w, &change);
}

static void
append_updates(Pass *pass, TupleTableSlot *new)
{
	const TriggerData *trigdata = pass->trigdata;
	DtMachine *m = pass->att->machine;
	TupleTableSlot *old = MakeSingleTupleTableSlot(
		RelationGetDescr(trigdata->tg_relation), &TTSOpsMinimalTuple);
	bool found = false;
	int64 n = 0;

	dtsen_lifecycle_rewind(trigdata->tg_oldtable);
	dtsen_lifecycle_rewind(trigdata->tg_newtable);
	for (;;)
	{
		bool more_old =
			tuplestore_gettupleslot(trigdata->tg_oldtable, true, false, old);
		bool more_new =
			tuplestore_gettupleslot(trigdata->tg_newtable, true, false, new);
		MemoryContext old_cxt;

		if (!more_old && !more_new)
			break;
		if (more_old != more_new)
			refuse_unpaired(m);
		old_cxt = MemoryContextSwitchTo(pass->row);
		append_update(pass, old, new);
		found = found || is_moved(pass->att, new);
		n++;
		MemoryContextSwitchTo(old_cxt);
		MemoryContextReset(pass->row);
		CHECK_FOR_INTERRUPTS();
	}
	ExecClearTuple(old);
	ExecClearTuple(new);
	ExecDropSingleTupleTableSlot(old);
	if (m->moved && !found)
		refuse_merge(m);
	m->moved = false;
	if (pass->asked != dtsen_lifecycle_gathered_sum(m))
		refuse_unasked(m);
	dtsen_lifecycle_expect(m, -n, -pass->led_to);
}

static void
refuse_deletes(const DtMachine *m, const TriggerData *trigdata)
{
	if (tuplestore_tuple_count(trigdata->tg_oldtable) > 0 && m->moved)
		refuse_merge(m);
	if (tuplestore_tuple_count(trigdata->tg_oldtable) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_JOURNAL),
				 errmsg("rows under machine \"%s\" were deleted, which has "
						"passed its guard",
						m->key.machine),
				 errhint("The guard is switched off: dtsen.check_attached() "
						 "says so.")));
}

/* Locks all chains of a statement that is written in more than one go. */
static void
lock_chains(Pass *pass, TupleTableSlot *slot)
{
	Tuplestorestate *rows = pass->trigdata->tg_newtable;
	DtText none = {"", 0, true};

	dtsen_lifecycle_rewind(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		MemoryContext old_cxt = MemoryContextSwitchTo(pass->row);

		(void) dtsen_journal_region(
			pass->w, slot_text(&pass->att->wilayah, slot), none,
			dtsen_lifecycle_rules_of(pass->att, slot)->version);
		MemoryContextSwitchTo(old_cxt);
		MemoryContextReset(pass->row);
		CHECK_FOR_INTERRUPTS();
	}
	dtsen_journal_lock(pass->w);
}

static void
write_entries(DtAttachment *att, const TriggerData *trigdata)
{
	TupleTableSlot *new = MakeSingleTupleTableSlot(
		RelationGetDescr(trigdata->tg_relation), &TTSOpsMinimalTuple);
	const DtMachine *m = att->machine;
	Pass pass = {0};

	dtsen_lifecycle_judged(att->machine, att->version.attno != 0);
	pass.w = dtsen_journal_writer(att->machine);
	if (att->rows != NULL)
		dtsen_journal_rows(pass.w, att->rows);
	pass.att = att;
	pass.trigdata = trigdata;
	pass.last_from = pass.last_to = -1;
	pass.row = AllocSetContextCreate(CurrentMemoryContext, "dtsen row",
									 ALLOCSET_SMALL_SIZES);
	if (dtsen_journal_is_long(tuplestore_tuple_count(trigdata->tg_newtable)))
		lock_chains(&pass, new);
	if (TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		append_inserts(&pass, new);
	else
	{
		pass.reason_assigned =
			att->reason.attno != 0 &&
			bms_is_member(att->reason.attno -
							  FirstLowInvalidHeapAttributeNumber,
						  trigdata->tg_updatedcols);
		pass.steps = palloc(Max(m->nstates * m->nstates, 1) * sizeof(int));
		memset(pass.steps, 0xff,
			   Max(m->nstates * m->nstates, 1) * sizeof(int));
		append_updates(&pass, new);
		pfree(pass.steps);
	}
	MemoryContextDelete(pass.row);
	dtsen_journal_finish(pass.w);
	dtsen_lifecycle_judged_done(att->machine);
	ExecDropSingleTupleTableSlot(new);
}

DTSEN_FUNCTION(dtsen_journal);

/*
 * journal(the arguments of guard): AFTER statement trigger with transition
 * tables, one for INSERT, one for UPDATE, one for DELETE. Adds an entry per
 * changed row to table journal, as that table's owner, whatever the client may
 * write. A DELETE has no entry: it is refused.
 *
 * Errors: those of dtsen_lifecycle_check_statement(), which is asked first;
 * 39P01 attached wrongly; SE005 the statement's rows do not pair, or changed as the machine does not allow; 40001 its rules changed meanwhile;
 * 0A000 MERGE moved a row to another partition. Cost: one pass over the transition
 * tables, two short SHA-256 a row, five where entries commit to rows, a row of
 * the journal for a thousand, or for some 150.
 */
Datum
dtsen_journal(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata = dtsen_lifecycle_trigger(fcinfo, "journal");
	bool insert = TRIGGER_FIRED_BY_INSERT(trigdata->tg_event);
	bool update = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event);
	DtAttachment att;

	if (IsLogicalWorker())
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
	if (update && dtsen_lifecycle_check_statement(&att))
		att = *dtsen_lifecycle_attachment(trigdata);
	if (dtsen_lifecycle_explaining())
		return PointerGetDatum(NULL);
	att.machine->move_stage = DT_MOVE_NONE;
	if (!insert && !update)
		refuse_deletes(att.machine, trigdata);
	else if (tuplestore_tuple_count(trigdata->tg_newtable) > 0 ||
			 (update && tuplestore_tuple_count(trigdata->tg_oldtable) > 0))
		write_entries(&att, trigdata);
	else if (update && att.machine->moved)
		refuse_merge(att.machine);
	else if (update && dtsen_lifecycle_gathered_sum(att.machine) != 0)
		refuse_unasked(att.machine);
	else
		dtsen_lifecycle_judged_done(att.machine);
	if (update)
		dtsen_lifecycle_gathered_done(att.machine);
	return PointerGetDatum(NULL);
}
