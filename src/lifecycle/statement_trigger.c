/*
 * statement_trigger.c
 *		guard_statement(): what a statement as a whole must fulfil.
 *
 * Four eyes and the guards of a machine need a look at other tables. They are
 * asked once per step and statement, with the keys of all rows that took it,
 * however many these are.
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
#include "lifecycle/lifecycle.h"

/* The keys of the rows that took one step. */
typedef struct StepKeys
{
	Datum *keys; /* text */
	int n;
	int max;
} StepKeys;

static void
add_key(StepKeys *step, DtText key, MemoryContext cxt)
{
	MemoryContext old = MemoryContextSwitchTo(cxt);

	if (step->n == step->max)
	{
		step->max = Max(64, step->max * 2);
		if (step->keys == NULL)
			step->keys = palloc(step->max * sizeof(Datum));
		else
			step->keys =
				repalloc_huge(step->keys, (Size) step->max * sizeof(Datum));
	}
	step->keys[step->n++] =
		PointerGetDatum(cstring_to_text_with_len(key.data, key.len));
	MemoryContextSwitchTo(old);
}

static int
state_in(DtAttachment *att, TupleTableSlot *slot)
{
	bool isnull;
	Datum value = slot_getattr(slot, att->state.attno, &isnull);
	DtText state = dtsen_lifecycle_value(&att->state, value, isnull);

	return state.isnull
			   ? -1
			   : dtsen_lifecycle_state(att->machine, state.data, state.len);
}

/*
 * Sorts the keys of changed rows by step. Both transition tables hold the rows
 * in the same order; the journal proves that.
 */
static void
collect(DtAttachment *att, const TriggerData *trigdata, StepKeys *steps)
{
	DtMachine *m = att->machine;
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	TupleTableSlot *old = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	TupleTableSlot *new = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	MemoryContext keys = CurrentMemoryContext;
	MemoryContext row =
		AllocSetContextCreate(keys, "dtsen row", ALLOCSET_SMALL_SIZES);

	MemoryContextSwitchTo(row);
	dtsen_lifecycle_rewind(trigdata->tg_oldtable);
	dtsen_lifecycle_rewind(trigdata->tg_newtable);
	while (tuplestore_gettupleslot(trigdata->tg_oldtable, true, false, old) &&
		   tuplestore_gettupleslot(trigdata->tg_newtable, true, false, new))
	{
		const DtTransition *t =
			dtsen_lifecycle_step(m, state_in(att, old), state_in(att, new));

		if (t != NULL && (t->nguards > 0 || t->distinct_from != 0))
		{
			bool isnull;
			Datum value = slot_getattr(new, att->key.attno, &isnull);

			add_key(&steps[t - m->transitions],
					dtsen_lifecycle_value(&att->key, value, isnull), keys);
		}
		ExecClearTuple(old);
		ExecClearTuple(new);
		MemoryContextReset(row);
		CHECK_FOR_INTERRUPTS();
	}
	ExecClearTuple(old);
	ExecClearTuple(new);
	MemoryContextSwitchTo(keys);
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

/* Refuses a step of which the journal shows a part by the same person. */
static void
check_four_eyes(DtAttachment *att, const DtTransition *t, Datum keys)
{
	DtMachine *m = att->machine;
	Oid types[4] = {TEXTOID, TEXTARRAYOID, TEXTARRAYOID, TEXTOID};
	Datum values[4];
	SPIPlanPtr plan;
	DtScope scope;
	int rc;

	values[0] = CStringGetTextDatum(m->key.machine);
	values[1] = keys;
	values[2] = t->distinct_from;
	values[3] = CStringGetTextDatum(m->person != NULL ? m->person : "");
	dtsen_lifecycle_enter(m->journal_owner, &scope);
	SPI_connect();
	plan = dtsen_lifecycle_plan(
		m, DT_PLAN_FOUR_EYES, 4, types,
		"SELECT k.key, pg_catalog.count(*) OVER () "
		"FROM pg_catalog.unnest($2) AS k(key) WHERE EXISTS (SELECT "
		"FROM %s.journal AS j WHERE j.machine OPERATOR(pg_catalog.=) $1 "
		"AND j.key OPERATOR(pg_catalog.=) k.key "
		"AND j.action OPERATOR(pg_catalog.=) ANY ($3) "
		"AND j.person_key OPERATOR(pg_catalog.=) $4) LIMIT 1");
	rc = SPI_execute_snapshot(plan, values, NULL, GetLatestSnapshot(),
							  InvalidSnapshot, true, false, 0);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_snapshot: %s", SPI_result_code_string(rc));
	if (SPI_processed > 0)
	{
		char *key =
			SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
		bool isnull;
		int64 n = DatumGetInt64(SPI_getbinval(
			SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull));

		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_FOUR_EYES),
				 errmsg("step \"%s\" of machine \"%s\" takes another person",
						t->action, m->key.machine),
				 errdetail(
					 "The person behind this login took an earlier step "
					 "of row %s; rows like it in this statement: " INT64_FORMAT
					 ".",
					 key_label(att, key), n),
				 errhint("The earlier steps are those that column "
						 "distinct_from of table %s.transition names.",
						 quote_identifier(m->key.schema))));
	}
	SPI_finish();
	dtsen_lifecycle_leave(&scope);
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

static void
check_steps(DtAttachment *att, StepKeys *steps)
{
	/* a guard may change the machine: what is checked here stays as it was */
	const DtTransition *transitions = att->machine->transitions;
	int n = att->machine->ntransitions;

	for (int i = 0; i < n; i++)
	{
		const DtTransition *t = &transitions[i];
		Datum keys;

		if (steps[i].n == 0)
			continue;
		keys = PointerGetDatum(construct_array(
			steps[i].keys, steps[i].n, TEXTOID, -1, false, TYPALIGN_INT));
		if (t->distinct_from != 0)
			check_four_eyes(att, t, keys);
		for (int j = 0; j < t->nguards; j++)
			run_guard(att, t, t->guards[j], keys);
	}
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
 * Cost: one pass over the transition tables, one query a guard and step.
 */
Datum
dtsen_guard_statement(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata =
		dtsen_lifecycle_trigger(fcinfo, "guard_statement");
	DtAttachment att;
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
	if (att.machine->ntransitions == 0)
		return PointerGetDatum(NULL);
	steps = palloc0(att.machine->ntransitions * sizeof(StepKeys));
	collect(&att, trigdata, steps);
	check_steps(&att, steps);
	return PointerGetDatum(NULL);
}
