/*
 * guard_trigger.c
 *		guard(): which change of a row is allowed, and to whom.
 *
 * A BEFORE row trigger, so that it can overwrite the stamps and its refusal
 * names the row. What takes a look at other tables is checked afterwards for
 * the whole statement: see statement_trigger.c.
 */
#include "postgres.h"

#include <ctype.h>

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/gather.h"
#include "lifecycle/move.h"

/* who takes a row to another version of its machine */
#define VERSION_ROLE "penyetuju_mesin"

/* One version of a row, as far as the guard looks at it. */
typedef struct Row
{
	TupleTableSlot *slot; /* holds the tuple that the trigger was given */
	HeapTuple tuple;
	DtText state_text;
	int state; /* -1: not one of the machine's */
	const DtRules *rules;
	bool has_region;
	char region[DTC_WILAYAH_DIGITS];
	int region_len;
} Row;

static DtText
get_text(DtColumn *column, TupleTableSlot *slot)
{
	bool isnull;
	Datum value = slot_getattr(slot, column->attno, &isnull);

	return dtsen_lifecycle_value(column, value, isnull);
}

/* Its text, which is made where it is needed only: not of most rows. */
static DtText
key_of(const DtAttachment *att, const Row *row)
{
	return get_text((DtColumn *) &att->key, row->slot);
}

/* The rules that the row is under; NULL: of a version that never was. */
static void
read_version(Row *row, const DtAttachment *att)
{
	bool isnull;
	Datum version = slot_getattr(row->slot, att->version.attno, &isnull);

	row->rules =
		isnull ? NULL
			   : dtsen_lifecycle_rules(att->machine, DatumGetInt32(version));
}

static void
read_row(Row *row, DtAttachment *att, TupleTableSlot *slot, HeapTuple tuple)
{
	row->slot = slot;
	row->tuple = tuple;
	slot_getsomeattrs(slot, att->last_read);
	row->state_text = get_text(&att->state, slot);
	row->state =
		row->state_text.isnull
			? -1
			: dtsen_lifecycle_state(att->machine, row->state_text.data,
									row->state_text.len);
	row->rules = att->machine->rules;
	if (att->version.attno != 0)
		read_version(row, att);
	row->has_region = false;
	row->region_len = 0;
	if (att->wilayah.attno != 0)
	{
		DtText wilayah = get_text(&att->wilayah, slot);

		row->has_region = !wilayah.isnull;
		if (row->has_region)
			row->region_len = (int) dtc_wilayah_digits(
				wilayah.data, wilayah.len, row->region, DTC_WILAYAH_DIGITS);
	}
}

/* Does a grant of the actor's hold in the region of the row? */
static bool
grant_fits(const DtGrant *grant, const DtAttachment *att, const Row *row)
{
	if (att->wilayah.attno == 0 || grant->wilayah_len < 0)
		return true;
	return row->has_region &&
		   dtc_wilayah_within(row->region, row->region_len, grant->wilayah,
							  grant->wilayah_len);
}

static bool
may_take(const DtAttachment *att, const Row *row, const char *role)
{
	const DtMachine *m = att->machine;

	for (int i = 0; i < m->ngrants; i++)
	{
		if (strcmp(m->grants[i].role, role) == 0 &&
			grant_fits(&m->grants[i], att, row))
			return true;
	}
	return false;
}

/* May the actor take some step out of the state from, in the row's region? */
static bool
may_edit(const DtAttachment *att, const Row *row, int from)
{
	const DtMachine *m = att->machine;

	for (int i = 0; i < m->ntransitions; i++)
	{
		if (m->transitions[i].from == from &&
			m->transitions[i].version == row->rules->version &&
			may_take(att, row, m->transitions[i].actor_role))
			return true;
	}
	return false;
}

static char *
row_label(const DtAttachment *att, const Row *row)
{
	return dtsen_lifecycle_row_label(&att->key, key_of(att, row));
}

static char *
region_label(const DtAttachment *att, const Row *row)
{
	if (att->wilayah.attno == 0)
		return pstrdup("");
	if (!row->has_region || row->region_len == 0)
		return pstrdup(" for the whole country, as the row has no region");
	return psprintf(" for region %.*s", row->region_len, row->region);
}

/* The steps out of a state, in words. */
static char *
possible_steps(const DtMachine *m, const DtRules *rules, int from)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < m->ntransitions; i++)
	{
		const DtTransition *t = &m->transitions[i];

		if (t->from != from || t->version != rules->version)
			continue;
		appendStringInfo(&out, "%s\"%s\" (%s, by role \"%s\")",
						 out.len > 0 ? ", " : "", m->states[t->to].name,
						 t->action, t->actor_role);
	}
	if (out.len == 0)
		appendStringInfoString(&out, "none");
	return out.data;
}

/* t: the step that is asked for; NULL: the row keeps its state. */
static void
deny(const DtAttachment *att, const Row *row, const DtTransition *t,
	 const char *action, const char *role)
{
	const DtMachine *m = att->machine;

	dtsen_refuse(
		(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		 errmsg("permission denied for step \"%s\" of machine \"%s\"", action,
				m->key.machine),
		 t != NULL
			 ? errdetail("Row %s, from \"%s\" to \"%s\", takes an actor with "
						 "role %s%s.",
						 row_label(att, row), m->states[t->from].name,
						 m->states[t->to].name, role, region_label(att, row))
			 : errdetail("Row %s in state \"%s\" takes an actor with role "
						 "%s%s.",
						 row_label(att, row),
						 dtsen_lifecycle_state_label(m, row->state_text), role,
						 region_label(att, row)),
		 errhint("Actors are the rows of table %s.actor; a superuser "
				 "needs one like everyone.",
				 quote_identifier(m->key.schema))));
}

/* deny() for what anyone may do who has some step to take from this state. */
static void
deny_edit(const DtAttachment *att, const Row *row, int from,
		  const char *action)
{
	const DtMachine *m = att->machine;
	StringInfoData roles;

	initStringInfo(&roles);
	for (int i = 0; i < m->ntransitions; i++)
	{
		char *quoted = psprintf("\"%s\"", m->transitions[i].actor_role);

		if (m->transitions[i].from != from ||
			m->transitions[i].version != row->rules->version ||
			strstr(roles.data, quoted) != NULL)
			continue;
		appendStringInfo(&roles, "%s%s", roles.len > 0 ? " or " : "", quoted);
	}
	if (roles.len == 0)
		appendStringInfoString(&roles, "(none: no step leaves the state)");
	deny(att, row, NULL, action, roles.data);
}

/*
 * Was this version of the row written by a transaction that the statement's
 * snapshot does not know? Then the client decided on an older one.
 */
static bool
changed_meanwhile(HeapTuple old)
{
	TransactionId xmin = HeapTupleHeaderGetXmin(old->t_data);

	return TransactionIdIsNormal(xmin) && ActiveSnapshotSet() &&
		   !TransactionIdIsCurrentTransactionId(xmin) &&
		   XidInMVCCSnapshot(xmin, GetActiveSnapshot());
}

static bool
is_assigned(const TriggerData *trigdata, const DtColumn *column)
{
	return bms_is_member(column->attno - FirstLowInvalidHeapAttributeNumber,
						 trigdata->tg_updatedcols);
}

static void
refuse_already(const DtAttachment *att, const Row *old)
{
	const DtMachine *m = att->machine;

	dtsen_refuse((errcode(ERRCODE_DTSEN_TRANSITION),
				  errmsg("row %s is already in state \"%s\"",
						 row_label(att, old), m->states[old->state].name),
				  errdetail("Another transaction, or an earlier step, took it "
							"there."),
				  errhint("Possible from here: %s.",
						  possible_steps(m, old->rules, old->state))));
}

static void
refuse_step(const DtAttachment *att, const Row *old, const Row *new)
{
	const DtMachine *m = att->machine;

	dtsen_refuse((errcode(ERRCODE_DTSEN_TRANSITION),
				  errmsg("machine \"%s\" has no step from \"%s\" to \"%s\"",
						 m->key.machine,
						 dtsen_lifecycle_state_label(m, old->state_text),
						 dtsen_lifecycle_state_label(m, new->state_text)),
				  changed_meanwhile(old->tuple)
					  ? errdetail("Row %s was changed by another transaction "
								  "meanwhile.",
								  row_label(att, old))
					  : errdetail("Row %s.", row_label(att, old)),
				  errhint("Possible from here: %s.",
						  possible_steps(m, old->rules, old->state))));
}

/* Whoever asks who did what to the row before must find it in the journal. */
static void
refuse_nested(const DtAttachment *att, const Row *old, const DtTransition *t)
{
	const DtMachine *m = att->machine;

	dtsen_refuse((
		errcode(ERRCODE_DTSEN_FOUR_EYES),
		errmsg("step \"%s\" of machine \"%s\" waits for the statement that "
			   "it is nested in",
			   t->action, m->key.machine),
		errdetail("Row %s, from \"%s\" to \"%s\": that statement changed "
				  "it, and who did so is in the journal when it has ended.",
				  row_label(att, old), m->states[t->from].name,
				  m->states[t->to].name),
		errhint("Role \"%s\" takes the step in a statement of its own, not in "
				"a function or trigger of another.",
				t->actor_role)));
}

static void
check_step(DtAttachment *att, const TriggerData *trigdata, const Row *old,
		   const Row *new)
{
	const DtMachine *m = att->machine;
	const DtTransition *t =
		dtsen_lifecycle_step(m, old->rules, old->state, new->state);
	DtText no_period = {"", 0, true};
	char *role;

	if (t == NULL)
	{
		refuse_step(att, old, new);
		return;
	}
	role = t->actor_role;
	if (!may_take(att, old, role))
		deny(att, old, t, t->action, psprintf("\"%s\"", role));
	else if (!may_take(att, new, role))
		deny(att, new, t, t->action, psprintf("\"%s\"", role));
	if (t->needs_reason)
	{
		bool given = false;

		if (att->reason.attno != 0 && is_assigned(trigdata, &att->reason))
		{
			DtText reason = get_text(&att->reason, new->slot);

			for (int i = 0; i < reason.len && !given; i++)
				given = !isspace((unsigned char) reason.data[i]);
		}
		if (!given)
			dtsen_refuse((
				errcode(ERRCODE_DTSEN_EVIDENCE),
				errmsg("step \"%s\" of machine \"%s\" needs a reason",
					   t->action, m->key.machine),
				errdetail("Row %s, from \"%s\" to \"%s\".",
						  row_label(att, old), m->states[t->from].name,
						  m->states[t->to].name),
				errhint("Who takes it, by role \"%s\", sets the reason column "
						"in the same UPDATE.",
						role)));
	}
	if (dtsen_looks_elsewhere(t) && dtsen_lifecycle_is_open(m, old->tuple))
		refuse_nested(att, old, t);
	if (dtsen_looks_elsewhere(t))
		dtsen_lifecycle_gather(att, t, key_of(att, new), old->region,
							   old->region_len,
							   t->is_timed && att->period.attno != 0
								   ? get_text(&att->period, new->slot)
								   : no_period);
}

static void
check_same(const DtAttachment *att, DtColumn *column, const Row *old,
		   const Row *new, const TriggerData *trigdata)
{
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	bool old_null;
	bool new_null;
	Datum old_value = slot_getattr(old->slot, column->attno, &old_null);
	Datum new_value = slot_getattr(new->slot, column->attno, &new_null);

	if (old_null == new_null &&
		(old_null || datum_image_eq(old_value, new_value, column->typbyval,
									column->typlen)))
		return;
	dtsen_refuse(
		(errcode(ERRCODE_DTSEN_IMMUTABLE),
		 errmsg("column \"%s\" of table \"%s\" cannot change",
				NameStr(TupleDescAttr(desc, column->attno - 1)->attname),
				RelationGetRelationName(trigdata->tg_relation)),
		 errdetail("Row %s is in state \"%s\" of machine \"%s\".",
				   row_label(att, old),
				   dtsen_lifecycle_state_label(att->machine, old->state_text),
				   att->machine->key.machine),
		 errhint("The key stays as the row was born, a frozen column as it "
				 "was when the row left the initial state. What is to change "
				 "goes into a new row.")));
}

/*
 * stamp() without taking the row apart: a copy with when and who written over
 * what is there. who: a text with a long header. NULL: one of them is null, or
 * who has another length and is not the last of the row.
 */
static HeapTuple
stamp_copy(const DtAttachment *att, TupleDesc desc, HeapTuple tuple,
		   TimestampTz when, const struct varlena *who)
{
	HeapTupleHeader header = tuple->t_data;
	char *data = (char *) header + header->t_hoff;
	bool has_nulls = HeapTupleHasNulls(tuple);
	uint32 when_off = 0;
	uint32 who_off = 0;
	uint32 who_end = 0;
	uint32 off = 0;
	int who_len = (int) VARSIZE(who) - VARHDRSZ + VARHDRSZ_SHORT;
	HeapTuple result;

	if (HeapTupleHeaderGetNatts(header) != desc->natts ||
		!VARATT_CAN_MAKE_SHORT(who))
		return NULL;
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute a = TupleDescAttr(desc, i);

		if (has_nulls && att_isnull(i, header->t_bits))
		{
			if (i + 1 == att->changed_at.attno ||
				i + 1 == att->changed_by.attno)
				return NULL;
			continue;
		}
		off = att_align_pointer(off, a->attalign, a->attlen, data + off);
		if (i + 1 == att->changed_at.attno)
			when_off = header->t_hoff + off;
		if (i + 1 == att->changed_by.attno)
		{
			if (!VARATT_IS_SHORT(data + off))
				return NULL;
			who_off = header->t_hoff + off;
			who_end = who_off + VARSIZE_SHORT(data + off);
		}
		off = att_addlength_pointer(off, a->attlen, data + off);
	}
	if (who_end != tuple->t_len && who_end != who_off + who_len)
		return NULL;

	result = palloc(HEAPTUPLESIZE + tuple->t_len + who_len);
	*result = *tuple;
	result->t_data = (HeapTupleHeader) ((char *) result + HEAPTUPLESIZE);
	memcpy(result->t_data, header, tuple->t_len);
	memcpy((char *) result->t_data + when_off, &when, sizeof(when));
	SET_VARSIZE_SHORT((char *) result->t_data + who_off, who_len);
	memcpy((char *) result->t_data + who_off + VARHDRSZ_SHORT, VARDATA(who),
		   who_len - VARHDRSZ_SHORT);
	result->t_len = tuple->t_len + who_off + who_len - who_end;
	return result;
}

static void
set_value(Datum *values, bool *nulls, const DtColumn *column, Datum value)
{
	if (column->attno == 0)
		return;
	values[column->attno - 1] = value;
	nulls[column->attno - 1] = false;
}

/*
 * Overwrites who and when: transaction time, and the outer user; and for a new
 * row, under which version of the machine it is born.
 */
static HeapTuple
stamp(const DtAttachment *att, const TriggerData *trigdata, const Row *row,
	  bool is_born)
{
	const DtMachine *m = att->machine;
	TupleTableSlot *slot = row->slot;
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	TimestampTz when = GetCurrentTransactionStartTimestamp();
	Datum who = att->changed_by.typid == NAMEOID
					? NameGetDatum(&m->actor_login)
					: PointerGetDatum(m->actor_text);
	Datum *values;
	bool *nulls;
	HeapTuple result;

	if (att->changed_at.attno == 0 && att->changed_by.attno == 0 &&
		!(is_born && att->version.attno != 0))
		return row->tuple;
	if (!is_born && att->changed_at.attno != 0 &&
		att->changed_by.typid == TEXTOID)
	{
		result = stamp_copy(att, desc, row->tuple, when,
							(struct varlena *) DatumGetPointer(who));
		if (result != NULL)
			return result;
	}
	slot_getallattrs(slot);
	values = palloc(desc->natts * (sizeof(Datum) + sizeof(bool)));
	nulls = (bool *) (values + desc->natts);
	memcpy(values, slot->tts_values, desc->natts * sizeof(Datum));
	memcpy(nulls, slot->tts_isnull, desc->natts * sizeof(bool));
	set_value(values, nulls, &att->changed_at, TimestampTzGetDatum(when));
	set_value(values, nulls, &att->changed_by, who);
	if (is_born)
		set_value(values, nulls, &att->version, Int32GetDatum(m->version));
	result = heap_form_tuple(desc, values, nulls);
	result->t_data->t_ctid = row->tuple->t_data->t_ctid;
	result->t_self = row->tuple->t_self;
	result->t_tableOid = row->tuple->t_tableOid;
	return result;
}

/* Is the state one of these rules? */
static bool
has_state(const DtMachine *m, const DtRules *rules, int state)
{
	if (state == rules->initial || rules->final[state])
		return true;
	for (int i = 0; i < m->ntransitions; i++)
	{
		if (m->transitions[i].version == rules->version &&
			(m->transitions[i].from == state || m->transitions[i].to == state))
			return true;
	}
	return false;
}

/* None if the row is in no state, which only explain_transition() lets by. */
static uint64
weight_of(const DtMachine *m, const Row *row)
{
	return row->state < 0 ? 0 : m->states[row->state].weight;
}

static HeapTuple
guard_insert(DtAttachment *att, const TriggerData *trigdata)
{
	DtMachine *m = att->machine;
	HeapTuple tuple = trigdata->tg_trigtuple;
	DtMoveStage stage = m->move_stage;
	DtText key;
	Row row;

	read_row(&row, att, trigdata->tg_trigslot, tuple);
	m->move_stage = DT_MOVE_NONE;
	key = key_of(att, &row);
	if (dtsen_move_arrives(m, stage, row.state, key))
	{
		/* once for the departure, once for what arrived() is going to add */
		dtsen_lifecycle_expect(m, -2, 0);
		m->moved = true;
		return tuple;
	}
	if (row.state != m->initial)
		dtsen_refuse(
			(errcode(ERRCODE_DTSEN_TRANSITION),
			 errmsg("a row under machine \"%s\" is born in state \"%s\", "
					"not \"%s\"",
					m->key.machine, m->states[m->initial].name,
					dtsen_lifecycle_state_label(m, row.state_text)),
			 errdetail("Row %s.", row_label(att, &row)),
			 errhint("It goes on from there by steps: %s.",
					 possible_steps(m, m->rules, m->initial))));
	if (key.isnull)
		dtsen_refuse(
			(errcode(ERRCODE_NOT_NULL_VIOLATION),
			 errmsg("a row under machine \"%s\" needs a key", m->key.machine),
			 errhint(
				 "Set column \"%s\".",
				 NameStr(TupleDescAttr(RelationGetDescr(trigdata->tg_relation),
									   att->key.attno - 1)
							 ->attname))));
	row.rules = m->rules;
	if (!may_edit(att, &row, row.state))
		deny_edit(att, &row, row.state, DTSEN_ACTION_BORN);
	return stamp(att, trigdata, &row, true);
}

static void
refuse_version(const DtAttachment *att, const Row *row)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_DTSEN_TRANSITION),
		 errmsg("row %s is under a version that machine \"%s\" never had",
				row_label(att, row), att->machine->key.machine),
		 errhint("Its triggers were switched off when that was written.")));
}

/*
 * An UPDATE that takes a row to another version of the machine: to the one in
 * force, which must know its state, by who puts versions in force. The journal
 * says under which version the row is from then on.
 */
static HeapTuple
guard_version(DtAttachment *att, const TriggerData *trigdata, const Row *old,
			  const Row *new)
{
	DtMachine *m = att->machine;

	if (old->rules == NULL)
		refuse_version(att, old);
	if (new->rules != m->rules || old->state != new->state || old->state < 0 ||
		old->rules->final[old->state] || !has_state(m, m->rules, old->state))
		dtsen_refuse(
			(errcode(ERRCODE_DTSEN_TRANSITION),
			 errmsg("row %s cannot go to another version of machine "
					"\"%s\" so",
					row_label(att, old), m->key.machine),
			 errdetail("It is in state \"%s\" under version %d; "
					   "version %d is in force.",
					   dtsen_lifecycle_state_label(m, old->state_text),
					   old->rules->version, m->version),
			 errhint("A row goes to the version in force, if that "
					 "has its state, keeps the state, and is not in "
					 "a final one.")));
	check_same(att, &att->key, old, new, trigdata);
	for (int i = 0; i < att->nfrozen; i++)
		check_same(att, &att->frozen[i], old, new, trigdata);
	if (!may_take(att, old, VERSION_ROLE) || !may_take(att, new, VERSION_ROLE))
		deny(att, old, NULL, "version", "\"" VERSION_ROLE "\"");
	if (trigdata->tg_relation->rd_rel->relispartition)
		dtsen_move_allowed(m, trigdata, new->state);
	dtsen_lifecycle_expect(m, 1, weight_of(m, new));
	return stamp(att, trigdata, new, false);
}

/* Is empty_row() at this row? */
static bool
is_being_emptied(const DtAttachment *att, const Row *row)
{
	DtText key;

	if (!dtsen_lifecycle_empties(att->machine, NULL))
		return false;
	key = key_of(att, row);
	return dtsen_lifecycle_empties(att->machine, &key);
}

static HeapTuple
guard_update(DtAttachment *att, const TriggerData *trigdata)
{
	DtMachine *m = att->machine;
	bool to_same;
	bool is_emptied;
	Row old;
	Row new;

	read_row(&old, att, trigdata->tg_trigslot, trigdata->tg_trigtuple);
	read_row(&new, att, trigdata->tg_newslot, trigdata->tg_newtuple);
	m->move_stage = DT_MOVE_NONE;
	to_same = old.state >= 0 && old.state == new.state;
	if (old.rules != new.rules)
		return guard_version(att, trigdata, &old, &new);
	if (old.rules == NULL)
		refuse_version(att, &old);

	if (to_same && is_assigned(trigdata, &att->state) &&
		changed_meanwhile(old.tuple))
		refuse_already(att, &old);
	is_emptied = old.state >= 0 && old.rules->final[old.state] &&
				 is_being_emptied(att, &old);
	if (old.state >= 0 && old.rules->final[old.state] && !is_emptied)
	{
		dtsen_refuse((errcode(ERRCODE_DTSEN_IMMUTABLE),
					  errmsg("row %s is in the final state \"%s\" of machine "
							 "\"%s\"",
							 row_label(att, &old), m->states[old.state].name,
							 m->key.machine),
					  to_same ? 0
							  : errdetail("It was to go to \"%s\".",
										  dtsen_lifecycle_state_label(
											  m, new.state_text)),
					  errhint("Nobody takes it on from there. A correction is "
							  "a new row.")));
		/* somebody only asks: there is no more to say, nor to move or delete */
		return NULL;
	}
	check_same(att, &att->key, &old, &new, trigdata);
	if (old.state != old.rules->initial && !is_emptied)
	{
		for (int i = 0; i < att->nfrozen; i++)
			check_same(att, &att->frozen[i], &old, &new, trigdata);
	}
	if (!to_same)
		check_step(att, trigdata, &old, &new);
	else if (!is_emptied && !may_edit(att, &old, old.state))
	{
		if (is_assigned(trigdata, &att->state))
			refuse_already(att, &old);
		deny_edit(att, &old, old.state, DTSEN_ACTION_EDIT);
	}
	else if (!is_emptied && !may_edit(att, &new, old.state))
		deny_edit(att, &new, old.state, DTSEN_ACTION_EDIT);

	if (trigdata->tg_relation->rd_rel->relispartition)
		dtsen_move_allowed(m, trigdata, new.state);
	dtsen_lifecycle_expect(m, 1, weight_of(m, &new));
	return stamp(att, trigdata, &new, false);
}

static HeapTuple
guard_delete(DtAttachment *att, const TriggerData *trigdata)
{
	DtMachine *m = att->machine;
	Row row;

	read_row(&row, att, trigdata->tg_trigslot, trigdata->tg_trigtuple);
	if (m->move_stage == DT_MOVE_ALLOWED &&
		m->move_relid == RelationGetRelid(trigdata->tg_relation) &&
		ItemPointerEquals(&m->move_tid, &trigdata->tg_trigtuple->t_self))
	{
		dtsen_move_left(m, key_of(att, &row));
		return trigdata->tg_trigtuple;
	}
	ereport(ERROR, (errcode(ERRCODE_DTSEN_IMMUTABLE),
					errmsg("rows under machine \"%s\" are never deleted",
						   m->key.machine),
					errdetail("Row %s.", row_label(att, &row)),
					errhint("Withdraw it by a step of the machine.")));
}

/* AFTER INSERT on a partition: the journal has to tell of one more row. */
static Datum
arrived(const TriggerData *trigdata)
{
	if (!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("guard: fired after, it must be for each row "
							   "of an insert")));
	dtsen_lifecycle_expect(dtsen_lifecycle_attachment(trigdata)->machine, 1,
						   0);
	return PointerGetDatum(NULL);
}

static Datum
guard_truncate(const TriggerData *trigdata)
{
	if (!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		trigdata->tg_trigger->tgnargs < 2)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("guard: must name a schema and a machine")));
	ereport(ERROR, (errcode(ERRCODE_DTSEN_IMMUTABLE),
					errmsg("table \"%s\" under machine \"%s\" cannot be "
						   "truncated",
						   RelationGetRelationName(trigdata->tg_relation),
						   trigdata->tg_trigger->tgargs[1]),
					errdetail("Its rows are never deleted, not all at once "
							  "either."),
					errhint("Withdraw rows by a step of the machine.")));
}

DTSEN_FUNCTION(dtsen_guard);

/*
 * guard(schema, machine, key, state, wilayah, reason, changed_at, changed_by,
 * frozen...): BEFORE row trigger of a table with a lifecycle, and BEFORE
 * TRUNCATE; on a partitioned table also AFTER INSERT for each row. dtsen.attach
 * creates it.
 *
 * A row is born in the initial state, changes its state by a step of the
 * machine and is never deleted; who may do so is the outer user, by his rows
 * in table actor, within his region. Stamps are overwritten: changed_at by
 * the transaction's time, changed_by by the outer user. Rows from an apply
 * worker of logical replication pass untouched: the publisher judged them.
 *
 * Errors: 39P01 attached wrongly; SE001 no such step; SE003 reason missing;
 * SE004 change of a key, frozen column or final row, DELETE, TRUNCATE; SE006 the
 * statement is nested in one that changed the row; 42501 role or region, another
 * actor meanwhile; 40001 the rules changed meanwhile. Cost: about 1 us a row.
 */
Datum
dtsen_guard(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata = dtsen_lifecycle_trigger(fcinfo, "guard");
	DtAttachment *att;

	if (IsLogicalWorker())
		return PointerGetDatum(TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event)
								   ? trigdata->tg_newtuple
								   : trigdata->tg_trigtuple);
	if (TRIGGER_FIRED_AFTER(trigdata->tg_event))
		return arrived(trigdata);
	if (!TRIGGER_FIRED_BEFORE(trigdata->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("guard: must be fired before the change")));
	if (TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event))
		return guard_truncate(trigdata);
	if (!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("guard: must be fired for each row")));
	att = dtsen_lifecycle_attachment(trigdata);
	dtsen_lifecycle_judge(att->machine, att->version.attno != 0);
	if (TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		return PointerGetDatum(guard_insert(att, trigdata));
	if (TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event))
		return PointerGetDatum(guard_update(att, trigdata));
	return PointerGetDatum(guard_delete(att, trigdata));
}
