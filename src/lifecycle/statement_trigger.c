/*
 * statement_trigger.c
 *		guard_statement(): what a statement as a whole must fulfil.
 *
 * Four eyes and the guards of a machine need a look at other tables. They are
 * asked once per step and statement, with the keys of all rows that took it;
 * of more than 100,000 rows, once for as many.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "parser/parse_func.h"
#include "replication/logicalworker.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/varlena.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/four_eyes.h"
#include "lifecycle/lifecycle.h"

#define CHUNK 100000 /* rows that a guard is asked about at a time */

/* The rows that took one step. */
typedef struct StepKeys
{
	MemoryContext cxt;
	Datum *keys; /* text */
	int n;
	int max;
	DtFourEyes *eyes; /* NULL: the step has none */
	int64 same;       /* rows of which the person took an earlier step */
	char *first;      /* the first of them, for the message */
} StepKeys;

static void check_guards(DtAttachment *att, const DtTransition *t,
						 StepKeys *step);

static void
add_key(StepKeys *step, DtText key)
{
	MemoryContext old = MemoryContextSwitchTo(step->cxt);

	if (step->n == step->max)
	{
		step->max = Max(64, step->max * 2);
		if (step->keys == NULL)
			step->keys = palloc(step->max * sizeof(Datum));
		else
			step->keys = repalloc(step->keys, step->max * sizeof(Datum));
	}
	step->keys[step->n++] =
		PointerGetDatum(cstring_to_text_with_len(key.data, key.len));
	MemoryContextSwitchTo(old);
}

static DtText
text_in(DtColumn *column, TupleTableSlot *slot)
{
	bool isnull = true;
	Datum value = 0;

	if (column->attno != 0)
		value = slot_getattr(slot, column->attno, &isnull);
	return dtsen_lifecycle_value(column, value, isnull);
}

static int
state_in(DtAttachment *att, TupleTableSlot *slot)
{
	DtText state = text_in(&att->state, slot);

	return state.isnull
			   ? -1
			   : dtsen_lifecycle_state(att->machine, state.data, state.len);
}

static void
refuse_same_person(const DtAttachment *att, const DtTransition *t,
				   const StepKeys *step)
{
	const DtMachine *m = att->machine;

	ereport(
		ERROR,
		(errcode(ERRCODE_DTSEN_FOUR_EYES),
		 errmsg("step \"%s\" of machine \"%s\" takes another person",
				t->action, m->key.machine),
		 errdetail("The person behind this login took an earlier step "
				   "of row %s; rows like it in this statement: " INT64_FORMAT
				   ".",
				   step->first, step->same),
		 errhint("The earlier steps are those that column "
				 "distinct_from of table %s.transition names.",
				 quote_identifier(m->key.schema))));
}

/* Looks at one row that took a step. cxt: of the statement. */
static void
collect_row(DtAttachment *att, const DtTransition *t, StepKeys *step,
			TupleTableSlot *old, TupleTableSlot *new, bool few,
			MemoryContext cxt)
{
	DtText key = text_in(&att->key, new);

	if (t->distinct_from != 0 && att->machine->person != NULL)
	{
		if (step->eyes == NULL)
		{
			MemoryContext row = MemoryContextSwitchTo(cxt);

			step->eyes = dtsen_four_eyes_begin(att->machine, t->distinct_from,
											   att->machine->person);
			MemoryContextSwitchTo(row);
		}
		if (dtsen_four_eyes_ask(step->eyes, key, text_in(&att->wilayah, old),
								few) &&
			step->same++ == 0)
			step->first = MemoryContextStrdup(
				cxt, dtsen_lifecycle_row_label(&att->key, key));
	}
	if (t->nguards == 0)
		return;
	if (step->cxt == NULL)
		step->cxt = AllocSetContextCreate(cxt, "dtsen guarded rows",
										  ALLOCSET_DEFAULT_SIZES);
	add_key(step, key);
}

/*
 * Sorts the keys of changed rows by step. Both transition tables hold the rows
 * in the same order; the journal proves that.
 */
static void
collect(DtAttachment *att, const TriggerData *trigdata, StepKeys *steps)
{
	const DtTransition *transitions = att->machine->transitions;
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	TupleTableSlot *old = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	TupleTableSlot *new = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext row =
		AllocSetContextCreate(outer, "dtsen row", ALLOCSET_SMALL_SIZES);
	bool few = tuplestore_tuple_count(trigdata->tg_newtable) <= 32;

	dtsen_lifecycle_rewind(trigdata->tg_oldtable);
	dtsen_lifecycle_rewind(trigdata->tg_newtable);
	while (tuplestore_gettupleslot(trigdata->tg_oldtable, true, false, old) &&
		   tuplestore_gettupleslot(trigdata->tg_newtable, true, false, new))
	{
		const DtTransition *t;
		StepKeys *step;

		MemoryContextSwitchTo(row);
		t = dtsen_lifecycle_step(att->machine, state_in(att, old),
								 state_in(att, new));
		if (t == NULL || (t->nguards == 0 && t->distinct_from == 0))
		{
			MemoryContextSwitchTo(outer);
			MemoryContextReset(row);
			continue;
		}
		step = &steps[t - transitions];
		collect_row(att, t, step, old, new, few, outer);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(row);
		if (step->n == CHUNK && step->same == 0)
			check_guards(att, t, step);
		CHECK_FOR_INTERRUPTS();
	}
	ExecClearTuple(old);
	ExecClearTuple(new);
	MemoryContextDelete(row);
	ExecDropSingleTupleTableSlot(old);
	ExecDropSingleTupleTableSlot(new);
}

static char *
key_label(DtAttachment *att, const char *key)
{
	DtText value = {key, (int) strlen(key), false};

	return dtsen_lifecycle_row_label(&att->key, value);
}

/*
 * The quoted name of a guard function. Only the owner of the machine, or a
 * superuser, may own it: it runs with the rights of the machine's owner.
 */
static char *
guard_function(const DtMachine *m, const char *name)
{
	Oid argtypes[1] = {TEXTARRAYOID};
	List *names = dtsen_qualified_name_list(name);
	Oid oid;
	HeapTuple tuple;
	Oid owner;

	if (list_length(names) != 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("guard \"%s\" of machine \"%s\" is not written as "
						"schema.function",
						name, m->key.machine)));
	oid = LookupFuncName(names, 1, argtypes, false);
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(oid));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", oid);
	owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	ReleaseSysCache(tuple);
	if (owner != m->owner && !superuser_arg(owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("guard \"%s\" must belong to the owner of machine "
						"\"%s\", as whom it runs",
						name, m->key.machine)));
	return quote_qualified_identifier(
		get_namespace_name(get_func_namespace(oid)), get_func_name(oid));
}

static char *
answer(int column)
{
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column);
}

/* The SQLSTATE that a guard may raise: of class SE, 22, 23 or 42; else SE003 */
static int
guard_sqlstate(const char *code)
{
	static const char *const classes[] = {"SE", "22", "23", "42"};

	if (code == NULL || strlen(code) != 5 ||
		strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5)
		return ERRCODE_DTSEN_EVIDENCE;
	for (size_t i = 0; i < lengthof(classes); i++)
	{
		if (strncmp(code, classes[i], 2) == 0)
			return MAKE_SQLSTATE(code[0], code[1], code[2], code[3], code[4]);
	}
	return ERRCODE_DTSEN_EVIDENCE;
}

static void
refuse_guarded(DtAttachment *att, const DtTransition *t, const char *guard)
{
	char *key = answer(1);
	char *message = answer(3);
	char *hint = answer(4);
	bool isnull;
	int64 n = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
										  SPI_tuptable->tupdesc, 5, &isnull));

	ereport(
		ERROR,
		(errcode(guard_sqlstate(answer(2))),
		 errmsg("%s", message != NULL ? message : "guard refuses the row"),
		 errdetail("Step \"%s\" of machine \"%s\", row %s; rows that "
				   "guard \"%s\" refuses in this statement: " INT64_FORMAT ".",
				   t->action, att->machine->key.machine,
				   key != NULL ? key_label(att, key) : "(null)", guard, n),
		 hint != NULL ? errhint("%s", hint) : 0));
}

/*
 * The plan of a guard's call, made at its first use and kept: by its text, as
 * a function may be dropped and made anew.
 */
static SPIPlanPtr
guard_plan(const char *function)
{
	typedef struct GuardPlan
	{
		char *function;
		SPIPlanPtr plan;
		struct GuardPlan *next;
	} GuardPlan;
	static GuardPlan *plans = NULL;
	GuardPlan *found;
	Oid type = TEXTARRAYOID;
	SPIPlanPtr plan;

	for (found = plans; found != NULL; found = found->next)
	{
		if (strcmp(found->function, function) == 0)
			return found->plan;
	}
	plan = SPI_prepare(
		psprintf("SELECT g.key::pg_catalog.text, g.code::pg_catalog.text, "
				 "g.message::pg_catalog.text, g.hint::pg_catalog.text, "
				 "pg_catalog.count(*) OVER () "
				 "FROM %s($1) AS g(key, code, message, hint) LIMIT 1",
				 function),
		1, &type);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare: %s", SPI_result_code_string(SPI_result));
	found = MemoryContextAlloc(CacheMemoryContext, sizeof(GuardPlan));
	found->function = MemoryContextStrdup(CacheMemoryContext, function);
	SPI_keepplan(plan);
	found->plan = plan;
	found->next = plans;
	plans = found;
	return plan;
}

static void
run_guard(DtAttachment *att, const DtTransition *t, const char *guard,
		  Datum keys)
{
	DtMachine *m = att->machine;
	DtScope scope;
	int rc;

	dtsen_lifecycle_enter(m->owner, &scope);
	SPI_connect();
	rc = SPI_execute_plan(guard_plan(guard_function(m, guard)), &keys, NULL,
						  false, 0);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan: %s", SPI_result_code_string(rc));
	if (SPI_processed > 0)
		refuse_guarded(att, t, guard);
	SPI_finish();
	dtsen_lifecycle_leave(&scope);
}

/* Asks the guards of a step about the rows gathered so far. */
static void
check_guards(DtAttachment *att, const DtTransition *t, StepKeys *step)
{
	MemoryContext old = MemoryContextSwitchTo(step->cxt);
	Datum keys = PointerGetDatum(construct_array(step->keys, step->n, TEXTOID,
												 -1, false, TYPALIGN_INT));

	for (int i = 0; i < t->nguards; i++)
		run_guard(att, t, t->guards[i], keys);
	MemoryContextSwitchTo(old);
	MemoryContextReset(step->cxt);
	step->keys = NULL;
	step->n = step->max = 0;
}

static void
check_steps(DtAttachment *att, StepKeys *steps)
{
	const DtTransition *transitions = att->machine->transitions;

	for (int i = 0; i < att->machine->ntransitions; i++)
	{
		if (steps[i].eyes != NULL)
			dtsen_four_eyes_end(steps[i].eyes);
		if (steps[i].same > 0)
			refuse_same_person(att, &transitions[i], &steps[i]);
		if (steps[i].n > 0)
			check_guards(att, &transitions[i], &steps[i]);
	}
}

/* Does any step of the machine take a look at the statement as a whole? */
static bool
has_checks(const DtMachine *m)
{
	for (int i = 0; i < m->ntransitions; i++)
	{
		if (m->transitions[i].nguards > 0 ||
			m->transitions[i].distinct_from != 0)
			return true;
	}
	return false;
}

DTSEN_FUNCTION(dtsen_guard_statement);

/*
 * guard_statement(the arguments of guard): AFTER UPDATE statement trigger with
 * both transition tables. Checks four eyes (transition.distinct_from, by
 * person) and the guards of each step that rows took in the statement, in the
 * order of transition.guards. The first row that a guard lists raises its
 * SQLSTATE and message, if of class SE, 22, 23 or 42, else SE003.
 *
 * Errors: 39P01 attached wrongly; SE006 same person; what guards raise; 22023,
 * 42883, 42501 a guard that is misnamed, missing or of another owner.
 * Cost: one pass over the transition tables; one query a guard, step and
 * 100,000 rows; nothing if the machine has no such step.
 */
Datum
dtsen_guard_statement(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata =
		dtsen_lifecycle_trigger(fcinfo, "guard_statement");
	DtAttachment att;
	DtMachine machine;
	StepKeys *steps;

	if (IsLogicalWorker())
		return PointerGetDatum(NULL);
	if (!TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ||
		trigdata->tg_oldtable == NULL || trigdata->tg_newtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("guard_statement: must be fired after an update, for "
						"each statement, with old and new table")));
	att = *dtsen_lifecycle_attachment(trigdata);
	if (!has_checks(att.machine))
		return PointerGetDatum(NULL);
	/* a guard may change the machine: what is checked here stays as it was */
	machine = *att.machine;
	att.machine = &machine;
	steps = palloc0(machine.ntransitions * sizeof(StepKeys));
	collect(&att, trigdata, steps);
	check_steps(&att, steps);
	return PointerGetDatum(NULL);
}
