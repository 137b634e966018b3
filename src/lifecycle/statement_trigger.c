/*
 * statement_trigger.c
 *		What a statement as a whole must fulfil.
 *
 * Four eyes and the guards of a machine need a look at other tables. They are
 * asked once per step and statement, with the keys of all rows that took it;
 * of more than 400,000 rows, once for each 100,000. In one go a guard's query
 * hashes what it looks at once; of several goes each would hash it again. So
 * what they look up by index is planned as read from pages that lie together:
 * their keys come in the order in which the statement met the rows.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "replication/logicalworker.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/regproc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/four_eyes.h"
#include "lifecycle/gather.h"

#define WHOLE                                                                 \
	400000 /* rows of a statement that guards are asked about at once */
#define CHUNK 100000                  /* of a larger one, so many at a time */
#define CHUNK_BYTES (5 * 1024 * 1024) /* of keys, of which plans hold copies */
#define MANY 1000 /* rows for which a guard's call is planned anew */

#define MOST_ANSWERS 100 /* of a guard, to explain_transition() */

/* The rows that took one step. */
typedef struct StepKeys
{
	MemoryContext cxt;
	ArrayType *keys; /* text[], as far as it has come */
	Size used;       /* bytes of it */
	Size size;
	int n;
	bool in_goes;      /* guards are asked more than once */
	DtFourEyes *eyes;  /* NULL: the step has none */
	int64 same;        /* rows of which the person took an earlier step */
	char *first;       /* the first of them, for the message */
	List *periods;     /* of char *, each once */
	List *period_rows; /* of char *: the first row of each, for the message */
} StepKeys;

static void check_guards(DtAttachment *att, const DtTransition *t,
						 StepKeys *step);

static void
add_key(StepKeys *step, DtText key)
{
	Size len = VARHDRSZ + key.len;
	Size end = step->used + INTALIGN(len);
	text *element;

	if (step->keys == NULL)
	{
		step->used = ARR_OVERHEAD_NONULLS(1);
		end += step->used;
		step->size = Max(1024, end);
		step->keys = MemoryContextAllocZero(step->cxt, step->size);
	}
	if (end > step->size)
	{
		step->size = Max(step->size * 2, end);
		step->keys = repalloc(step->keys, step->size);
	}
	element = (text *) ((char *) step->keys + step->used);
	memset((char *) element + INTALIGN(len) - sizeof(int), 0, sizeof(int));
	SET_VARSIZE(element, len);
	memcpy(VARDATA(element), key.data, key.len);
	step->used = end;
	step->n++;
}

static void
refuse_same_person(const DtAttachment *att, const DtTransition *t,
				   const StepKeys *step)
{
	const DtMachine *m = att->machine;

	dtsen_refuse(
		(errcode(ERRCODE_DTSEN_FOUR_EYES),
		 errmsg("step \"%s\" of machine \"%s\" takes another person",
				t->action, m->key.machine),
		 errdetail("The person behind this login took an earlier step "
				   "of row %s, which is to go from \"%s\" to \"%s\"; rows "
				   "like it in this statement: %lld.",
				   step->first, m->states[t->from].name, m->states[t->to].name,
				   (long long) step->same),
		 errhint("Another person with role \"%s\" takes it. The "
				 "earlier steps are those that column distinct_from "
				 "of table %s.transition names.",
				 t->actor_role, quote_identifier(m->key.schema))));
}

/* What one pass over the rows of a statement takes. */
typedef struct Collecting
{
	DtAttachment *att;
	StepKeys *steps;
	int *
		numbers; /* of the steps of the part that is read, among the machine's */
	int chunk;
	bool few;
	MemoryContext row;
} Collecting;

/* Has the person taken an earlier step of the row? */
static void
ask_person(Collecting *c, const DtTransition *t, StepKeys *step, DtText key,
		   DtText region)
{
	const DtMachine *m = c->att->machine;

	if (t->distinct_from == 0 || m->person == NULL)
		return;
	if (step->eyes == NULL)
		step->eyes = dtsen_four_eyes_begin(c->att->machine, t->distinct_from,
										   m->person);
	MemoryContextSwitchTo(c->row);
	if (dtsen_four_eyes_ask(step->eyes, key, region, c->few) &&
		step->same++ == 0)
		step->first =
			MemoryContextStrdup(MemoryContextGetParent(c->row),
								dtsen_lifecycle_row_label(&c->att->key, key));
	MemoryContextSwitchTo(MemoryContextGetParent(c->row));
	MemoryContextReset(c->row);
}

/* Looks at one row that took a step. */
static void
collect_row(void *state, int number, DtText key, DtText region)
{
	Collecting *c = state;
	int i = c->numbers[number];
	const DtTransition *t = &c->att->machine->transitions[i];
	StepKeys *step = &c->steps[i];

	ask_person(c, t, step, key, region);
	if (t->nguards == 0)
		return;
	if (step->cxt == NULL)
		step->cxt = AllocSetContextCreate(MemoryContextGetParent(c->row),
										  "dtsen guarded rows",
										  ALLOCSET_DEFAULT_SIZES);
	add_key(step, key);
	if ((step->n == c->chunk || step->used >= CHUNK_BYTES) && step->same == 0)
	{
		step->in_goes = step->n < WHOLE;
		check_guards(c->att, t, step);
	}
}

/* The number of a step that the guard let rows take, in the machine as it is. */
static int
step_number(const DtMachine *m, const DtGatheredStep *gathered)
{
	for (int i = 0; i < m->ntransitions; i++)
	{
		const DtTransition *t = &m->transitions[i];

		if (t->version == gathered->step->version &&
			strcmp(m->states[t->from].name, gathered->from) == 0 &&
			strcmp(m->states[t->to].name, gathered->to) == 0)
			return i;
	}
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("rules of machine \"%s\" changed while the statement ran",
					m->key.machine),
			 errhint("Repeat the transaction.")));
}

/* Sorts the keys of the rows that the guard let through by step. */
static void
collect(DtAttachment *att, const DtMachine *kept, StepKeys *steps, int64 rows)
{
	const DtMachine *m = att->machine;
	DtGathered *part = NULL;
	Collecting c = {0};

	c.att = att;
	c.steps = steps;
	c.chunk = rows <= WHOLE ? WHOLE : CHUNK;
	c.few = rows <= 32;
	c.row = AllocSetContextCreate(CurrentMemoryContext, "dtsen row",
								  ALLOCSET_SMALL_SIZES);
	while ((part = dtsen_lifecycle_gathered_next(kept, part)) != NULL)
	{
		List *gathered = dtsen_lifecycle_gathered_steps(part);
		ListCell *lc;

		c.numbers = palloc(Max(list_length(gathered), 1) * sizeof(int));
		foreach (lc, gathered)
		{
			DtGatheredStep *step = lfirst(lc);
			int i = step_number(m, step);

			c.numbers[foreach_current_index(lc)] = i;
			steps[i].periods = list_concat(steps[i].periods, step->periods);
			steps[i].period_rows =
				list_concat(steps[i].period_rows, step->period_rows);
		}
		dtsen_lifecycle_gathered_read(part, collect_row, &c);
		pfree(c.numbers);
	}
	MemoryContextDelete(c.row);
}

static char *
key_label(DtAttachment *att, const char *key)
{
	DtText value = {key, (int) strlen(key), false};

	return dtsen_lifecycle_row_label(&att->key, value);
}

/* A guard as table transition names it. */
typedef struct Guard
{
	char *function; /* quoted */
	char volatility;
	Datum arguments; /* text[], or 0: it has none */
} Guard;

/* "schema.function(a, b)": cuts off what is in parentheses, if there are. */
static char *
split_guard(const char *name, Datum *arguments)
{
	const char *open = strchr(name, '(');
	size_t len = strlen(name);
	ArrayBuildState *list = NULL;
	char *piece;
	char *rest;

	*arguments = 0;
	if (open == NULL || name[len - 1] != ')')
		return pstrdup(name);
	list = initArrayResult(TEXTOID, CurrentMemoryContext, false);
	rest = pnstrdup(open + 1, len - (open - name) - 2);
	while ((piece = strsep(&rest, ",")) != NULL)
	{
		while (*piece == ' ')
			piece++;
		for (size_t n = strlen(piece); n > 0 && piece[n - 1] == ' '; n--)
			piece[n - 1] = '\0';
		accumArrayResult(list, CStringGetTextDatum(piece), false, TEXTOID,
						 CurrentMemoryContext);
	}
	*arguments = makeArrayResult(list, CurrentMemoryContext);
	return pnstrdup(name, open - name);
}

/*
 * A guard function. Only the owner of the machine, or a superuser, may own it:
 * it runs with the rights of the machine's owner.
 */
static Guard
find_guard(const DtMachine *m, const char *name)
{
	Guard guard;
	Oid argtypes[2] = {TEXTARRAYOID, TEXTARRAYOID};
	List *names =
		dtsen_qualified_name_list(split_guard(name, &guard.arguments));
	Oid oid;
	HeapTuple tuple;
	Oid owner;

	if (list_length(names) != 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("guard \"%s\" of machine \"%s\" is not written as "
						"schema.function or schema.function(arguments)",
						name, m->key.machine)));
	oid = LookupFuncName(names, guard.arguments != 0 ? 2 : 1, argtypes, false);
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(oid));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", oid);
	owner = ((Form_pg_proc) GETSTRUCT(tuple))->proowner;
	guard.volatility = ((Form_pg_proc) GETSTRUCT(tuple))->provolatile;
	/* no lock keeps it from being dropped: it is not looked up again */
	guard.function = quote_qualified_identifier(
		strVal(linitial(names)),
		NameStr(((Form_pg_proc) GETSTRUCT(tuple))->proname));
	ReleaseSysCache(tuple);
	if (owner != m->owner && !superuser_arg(owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("guard \"%s\" must belong to the owner of machine "
						"\"%s\", as whom it runs",
						name, m->key.machine)));
	return guard;
}

static char *
answer(uint64 row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc,
						column);
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
refuse_guarded(DtAttachment *att, const DtTransition *t, const char *guard,
			   uint64 row)
{
	const DtMachine *m = att->machine;
	char *key = answer(row, 1);
	char *message = answer(row, 3);
	char *hint = answer(row, 4);
	bool isnull;
	int64 n = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[row],
										  SPI_tuptable->tupdesc, 5, &isnull));

	dtsen_refuse(
		(errcode(guard_sqlstate(answer(row, 2))),
		 message != NULL ? errmsg("%s", message)
						 : errmsg("guard refuses the row"),
		 errdetail("Step \"%s\" of machine \"%s\", by role \"%s\", row %s; "
				   "from \"%s\" to \"%s\"; rows that guard \"%s\" refuses "
				   "in this statement: %lld.",
				   t->action, m->key.machine, t->actor_role,
				   key != NULL ? key_label(att, key) : "(null)",
				   m->states[t->from].name, m->states[t->to].name, guard,
				   (long long) n),
		 hint != NULL ? errhint("%s", hint)
					  : errhint("Role \"%s\" takes the step when the guard "
								"lists the row no more.",
								t->actor_role)));
}

/*
 * The statement of a guard's call, prepared at its first use and kept: by its
 * text, as a function may be dropped and made anew. For many rows it is planned
 * each time, so that the planner sees how many keys there are, and what of the
 * guard is SQL that it can take into the query. There is no LIMIT, which would
 * have the planner choose what gives a first row soon: all are counted, and
 * mostly there is none.
 */
static SPIPlanPtr
guard_plan(const Guard *guard, bool many)
{
	typedef struct GuardPlan
	{
		char *call;
		bool many;
		SPIPlanPtr plan;
		struct GuardPlan *next;
	} GuardPlan;
	static GuardPlan *plans = NULL;
	GuardPlan *found;
	Oid types[2] = {TEXTARRAYOID, TEXTARRAYOID};
	char *call = psprintf("%s(%s)", guard->function,
						  guard->arguments != 0 ? "$1, $2" : "$1");
	SPIPlanPtr plan;

	for (found = plans; found != NULL; found = found->next)
	{
		if (found->many == many && strcmp(found->call, call) == 0)
			return found->plan;
	}
	plan = SPI_prepare_cursor(
		psprintf("SELECT g.key::pg_catalog.text, g.code::pg_catalog.text, "
				 "g.message::pg_catalog.text, g.hint::pg_catalog.text, "
				 "pg_catalog.count(*) OVER () "
				 "FROM %s AS g(key, code, message, hint)",
				 call),
		guard->arguments != 0 ? 2 : 1, types,
		many ? CURSOR_OPT_CUSTOM_PLAN : 0);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare: %s", SPI_result_code_string(SPI_result));
	found = MemoryContextAlloc(CacheMemoryContext, sizeof(GuardPlan));
	found->call = MemoryContextStrdup(CacheMemoryContext, call);
	found->many = many;
	SPI_keepplan(plan);
	found->plan = plan;
	found->next = plans;
	plans = found;
	return plan;
}

/*
 * Asks a guard. One that is STABLE sees what is committed now, whatever the
 * isolation level: a snapshot from before another's commit must not let a step
 * through. One that is VOLATILE takes its snapshots as functions do, and must
 * lock what it relies on.
 */
static void
run_guard(DtAttachment *att, const DtTransition *t, const char *name,
		  const StepKeys *step)
{
	bool many = step->n >= MANY;
	DtMachine *m = att->machine;
	long most = dtsen_lifecycle_explaining() ? MOST_ANSWERS : 1;
	Guard guard;
	Datum values[2];
	DtScope scope;
	uint64 n;
	int rc;

	dtsen_lifecycle_enter(m->owner, &scope);
	if (step->in_goes)
		(void) set_config_option(
			"random_page_cost",
			psprintf("%.17g", Min(seq_page_cost, random_page_cost)),
			PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	SPI_connect();
	guard = find_guard(m, name);
	values[0] = PointerGetDatum(step->keys);
	values[1] = guard.arguments;
	if (guard.volatility == PROVOLATILE_VOLATILE)
		rc = SPI_execute_plan(guard_plan(&guard, many), values, NULL, false,
							  most);
	else
	{
		/* the statement's own changes are seen from the next command on */
		CommandCounterIncrement();
		rc = SPI_execute_snapshot(guard_plan(&guard, many), values, NULL,
								  GetLatestSnapshot(), InvalidSnapshot, true,
								  false, most);
	}
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan: %s", SPI_result_code_string(rc));
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
		refuse_guarded(att, t, name, i);
	SPI_finish();
	dtsen_lifecycle_leave(&scope);
}

static void
refuse_window(DtAttachment *att, const DtTransition *t, const char *period,
			  const char *window, const char *row)
{
	const DtMachine *m = att->machine;

	dtsen_refuse(
		(errcode(ERRCODE_DTSEN_WINDOW),
		 errmsg("step \"%s\" of machine \"%s\" is outside its window",
				t->action, m->key.machine),
		 errdetail("Row %s, from \"%s\" to \"%s\", period \"%s\": the "
				   "window %s.",
				   row, m->states[t->from].name, m->states[t->to].name, period,
				   window != NULL ? window : "is not in the calendar"),
		 errhint("Windows are the rows of table %s.calendar; within one the "
				 "step is taken by role \"%s\".",
				 quote_identifier(m->key.schema), t->actor_role)));
}

/*
 * Refuses a timed step outside its window: the one of the row's period, else
 * that of the empty period. The window is share-locked, so that nobody closes
 * it before this transaction ends; the clock is that of now, not of the
 * transaction's beginning. plans: the machine that keeps them, of which that
 * of att is a copy.
 */
static void
check_calendar(DtAttachment *att, DtMachine *plans, const DtTransition *t,
			   const StepKeys *step)
{
	const DtMachine *m = att->machine;
	Oid types[3] = {TEXTOID, TEXTOID, TEXTOID};
	DtScope scope;
	ListCell *lc;

	dtsen_lifecycle_enter(m->owner, &scope);
	SPI_connect();
	foreach (lc, step->periods)
	{
		char *period = lfirst(lc);
		Datum values[3];
		SPIPlanPtr plan;
		char *window = NULL;
		int rc;

		values[0] = CStringGetTextDatum(m->key.machine);
		values[1] = CStringGetTextDatum(t->action);
		values[2] = CStringGetTextDatum(period);
		plan = dtsen_lifecycle_plan(
			plans, DT_PLAN_CALENDAR, 3, types,
			"SELECT CASE WHEN pg_catalog.clock_timestamp() "
			"OPERATOR(pg_catalog.<) c.opens_at "
			"THEN 'opens at ' OPERATOR(pg_catalog.||) c.opens_at "
			"WHEN pg_catalog.clock_timestamp() OPERATOR(pg_catalog.>=) "
			"c.closes_at "
			"THEN 'closed at ' OPERATOR(pg_catalog.||) c.closes_at "
			"ELSE '' END FROM %s.calendar AS c "
			"WHERE c.machine OPERATOR(pg_catalog.=) $1 "
			"AND c.action OPERATOR(pg_catalog.=) $2 "
			"AND c.period OPERATOR(pg_catalog.=) ANY (ARRAY[$3, '']) "
			"ORDER BY c.period DESC LIMIT 1 FOR SHARE OF c");
		rc = SPI_execute_plan(plan, values, NULL, false, 0);
		if (rc != SPI_OK_SELECT)
			elog(ERROR, "SPI_execute_plan: %s", SPI_result_code_string(rc));
		if (SPI_processed > 0)
			window = answer(0, 1);
		if (window == NULL || window[0] != '\0')
			refuse_window(
				att, t, period, window,
				list_nth(step->period_rows, foreach_current_index(lc)));
	}
	SPI_finish();
	dtsen_lifecycle_leave(&scope);
}

/* Asks the guards of a step about the rows gathered so far. */
static void
check_guards(DtAttachment *att, const DtTransition *t, StepKeys *step)
{
	MemoryContext old = MemoryContextSwitchTo(step->cxt);
	ArrayType *keys = step->keys;

	SET_VARSIZE(keys, step->used);
	keys->ndim = 1;
	keys->dataoffset = 0;
	keys->elemtype = TEXTOID;
	ARR_DIMS(keys)[0] = step->n;
	ARR_LBOUND(keys)[0] = 1;
	for (int i = 0; i < t->nguards; i++)
		run_guard(att, t, t->guards[i], step);
	MemoryContextSwitchTo(old);
	MemoryContextReset(step->cxt);
	step->keys = NULL;
	step->used = step->size = 0;
	step->n = 0;
}

static void
check_steps(DtAttachment *att, DtMachine *plans, StepKeys *steps)
{
	const DtTransition *transitions = att->machine->transitions;

	for (int i = 0; i < att->machine->ntransitions; i++)
	{
		if (steps[i].periods != NIL)
			check_calendar(att, plans, &transitions[i], &steps[i]);
		if (steps[i].eyes != NULL)
			dtsen_four_eyes_end(steps[i].eyes);
		if (steps[i].same > 0)
			refuse_same_person(att, &transitions[i], &steps[i]);
		if (steps[i].n > 0)
			check_guards(att, &transitions[i], &steps[i]);
	}
}

/*
 * Checks the calendar, four eyes (transition.distinct_from, by person) and the
 * guards of each step that rows took in the statement, in the order of
 * transition.guards. The first row that a guard lists raises its SQLSTATE and
 * message, if of class SE, 22, 23 or 42, else SE003.
 *
 * given: what the statement is about, its machine loaded. False: no row
 * took such a step, and nothing was done; true: a guard may have changed the
 * machine.
 *
 * Errors: SE002 outside its window; SE006 same person; what guards raise;
 * 40001 the rules changed meanwhile; 22023, 42883, 42501 a guard that is
 * misnamed, missing or of another owner. Cost: one pass over the keys
 * gathered; one query a guard and step, of more than 400,000 rows one for each
 * 100,000.
 */
bool
dtsen_lifecycle_check_statement(const DtAttachment *given)
{
	DtAttachment att = *given;
	DtMachine *kept = att.machine;
	int64 rows = dtsen_lifecycle_gathered_rows(kept);
	DtMachine machine;
	StepKeys *steps;

	if (rows == 0)
		return false;
	dtsen_lifecycle_judged(kept, att.version.attno != 0);
	/* a guard may change the machine: what is checked here stays as it was */
	machine = *kept;
	att.machine = &machine;
	steps = palloc0(machine.ntransitions * sizeof(StepKeys));
	collect(&att, kept, steps, rows);
	check_steps(&att, kept, steps);
	return true;
}

DTSEN_FUNCTION(dtsen_guard_statement);

/*
 * guard_statement(the arguments of guard): AFTER UPDATE statement trigger, for
 * who wants these checks before the journal makes them: before other triggers,
 * or apart from the journal.
 *
 * Errors: 39P01 attached wrongly; those of dtsen_lifecycle_check_statement().
 */
Datum
dtsen_guard_statement(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata =
		dtsen_lifecycle_trigger(fcinfo, "guard_statement");

	if (IsLogicalWorker())
		return PointerGetDatum(NULL);
	if (!TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("guard_statement: must be fired after an update, for "
						"each statement")));
	(void) dtsen_lifecycle_check_statement(
		dtsen_lifecycle_attachment(trigdata));
	return PointerGetDatum(NULL);
}
