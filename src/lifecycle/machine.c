/*
 * machine.c
 *		Machines and actors, read from the user's tables and kept in memory.
 *
 * What a session keeps is dropped by the relcache invalidation that the
 * trigger machine_changed() sends from each machine table. Invalidations are
 * looked for at each new command, so that rules that were committed before a
 * statement began govern it, even late in a long transaction. Rules are always
 * read with the latest snapshot: a transaction whose snapshot is old must not
 * leave old rules in memory for its successors, nor act on them itself.
 *
 * Whatever the caller may read, the tables are read as their owner.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/gather.h"

#define MAX_STATES 1000 /* of a machine; its step table is 4 bytes squared */

static const char *const table_names[DT_TABLES] = {
	"machine", "state",         "transition",
	"actor",   "journal_block", "journal_note"};

static HTAB *machines = NULL;
static uint64 invalidations = 0;
static uint64 epoch = 1;
static bool command_seen = false;
static CommandId command_id;

static void
relation_changed(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS scan;
	DtMachine *m;

	invalidations++;
	hash_seq_init(&scan, machines);
	while ((m = hash_seq_search(&scan)) != NULL)
	{
		for (size_t i = 0; i < lengthof(m->relids); i++)
		{
			if (relid != InvalidOid && m->relids[i] != relid)
				continue;
			m->valid = false;
			m->actor_valid = false;
		}
	}
	dtsen_lifecycle_attachment_invalidate(relid);
	dtsen_lifecycle_assume_invalidate(relid);
}

/* A role that gets another name is another actor, or none. */
static void
role_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	HASH_SEQ_STATUS scan;
	DtMachine *m;

	invalidations++;
	hash_seq_init(&scan, machines);
	while ((m = hash_seq_search(&scan)) != NULL)
		m->actor_valid = false;
}

/* A schema that gets another name is no more what triggers and types name. */
static void
schema_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	relation_changed(arg, InvalidOid);
}

/*
 * What was undone can be done again: a row whose move to another partition was
 * half done is a row like any other.
 */
static void
forget_moves(void)
{
	HASH_SEQ_STATUS scan;
	DtMachine *m;

	hash_seq_init(&scan, machines);
	while ((m = hash_seq_search(&scan)) != NULL)
	{
		m->move_stage = DT_MOVE_NONE;
		m->moved = false;
	}
}

static void
transaction_event(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
			dtsen_lifecycle_balance_at_commit();
			dtsen_lifecycle_gathered_at_commit();
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			command_seen = false;
			epoch++;
			forget_moves();
			dtsen_lifecycle_balance_forget(InvalidSubTransactionId);
			dtsen_lifecycle_gathered_forget(InvalidSubTransactionId);
			dtsen_lifecycle_forget_heads(true);
			dtsen_lifecycle_assume_end(event != XACT_EVENT_ABORT);
			break;
		default:
			break;
	}
}

static void
subtransaction_event(SubXactEvent event, SubTransactionId mine,
					 SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_COMMIT_SUB)
		dtsen_lifecycle_assume_subend(mine, parent, true);
	if (event != SUBXACT_EVENT_ABORT_SUB)
		return;
	dtsen_lifecycle_assume_subend(mine, parent, false);
	command_seen = false;
	epoch++;
	dtsen_lifecycle_balance_forget(mine);
	dtsen_lifecycle_gathered_forget(mine);
	dtsen_lifecycle_forget_heads(false);
	forget_moves();
}

/* Registers the callbacks, once in a session. */
void
dtsen_lifecycle_init(void)
{
	HASHCTL ctl;

	if (machines != NULL)
		return;
	ctl.keysize = sizeof(DtMachineKey);
	ctl.entrysize = sizeof(DtMachine);
	machines = hash_create("dtsen machines", 16, &ctl, HASH_ELEM | HASH_BLOBS);
	CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHOID, role_changed, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, schema_changed, (Datum) 0);
	RegisterXactCallback(transaction_event, NULL);
	RegisterSubXactCallback(subtransaction_event, NULL);
}

/*
 * Another number after each end of a transaction and each subtransaction that
 * is undone: what was learnt under another number may no longer hold.
 */
uint64
dtsen_lifecycle_epoch(void)
{
	return epoch;
}

/*
 * The entry of a machine, which stays where it is for the session's life.
 * It may not be loaded yet.
 *
 * schema, machine: as in the trigger's arguments, each of at most 63 bytes
 * (39P01 else).
 */
DtMachine *
dtsen_lifecycle_machine_entry(const char *schema, const char *machine)
{
	DtMachineKey key;
	DtMachine *m;
	bool found;

	dtsen_lifecycle_init();
	if (strlen(schema) >= NAMEDATALEN || strlen(machine) >= NAMEDATALEN)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("names of schema and machine have at most %d "
							   "bytes",
							   NAMEDATALEN - 1)));
	memset(&key, 0, sizeof(key));
	strcpy(key.schema, schema);
	strcpy(key.machine, machine);
	m = hash_search(machines, &key, HASH_ENTER, &found);
	if (!found)
		memset((char *) m + sizeof(key), 0, sizeof(*m) - sizeof(key));
	return m;
}

/*
 * Becomes another role and takes a search_path that nobody can have prepared,
 * for a query on tables of that role's. An error undoes both.
 */
void
dtsen_lifecycle_enter(Oid userid, DtScope *scope)
{
	GetUserIdAndSecContext(&scope->userid, &scope->sec_context);
	SetUserIdAndSecContext(userid, scope->sec_context |
									   SECURITY_LOCAL_USERID_CHANGE |
									   SECURITY_NOFORCE_RLS);
	scope->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void
dtsen_lifecycle_leave(const DtScope *scope)
{
	AtEOXact_GUC(false, scope->guc_level);
	SetUserIdAndSecContext(scope->userid, scope->sec_context);
}

/*
 * The plan of a query of this machine's, made at its first use and kept.
 *
 * format: the query, with %s for the schema's quoted name. The plan finds the
 * tables by name, so it serves tables that were dropped and made anew.
 */
SPIPlanPtr
dtsen_lifecycle_plan(DtMachine *m, DtPlan which, int nargs, Oid *argtypes,
					 const char *format)
{
	if (m->plans[which] == NULL)
	{
		StringInfoData sql;
		const char *schema = quote_identifier(m->key.schema);
		SPIPlanPtr plan;

		initStringInfo(&sql);
		for (const char *p = format; *p; p++)
		{
			if (p[0] == '%' && p[1] == 's')
			{
				appendStringInfoString(&sql, schema);
				p++;
			}
			else
				appendStringInfoChar(&sql, *p);
		}
		plan = SPI_prepare(sql.data, nargs, argtypes);
		if (plan == NULL)
			elog(ERROR, "SPI_prepare: %s", SPI_result_code_string(SPI_result));
		SPI_keepplan(plan);
		m->plans[which] = plan;
	}
	return m->plans[which];
}

/*
 * Runs one of the queries below with the latest snapshot. A policy may ask
 * amidst a parallel query, when none can be taken: then with that of the query,
 * and what was read is not kept (is_latest()), for it may be old.
 */
static void
read_rules(DtMachine *m, DtPlan which, Oid argtype, Datum arg,
		   const char *format)
{
	SPIPlanPtr plan = dtsen_lifecycle_plan(m, which, 1, &argtype, format);
	Snapshot snapshot =
		IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot();
	int rc = SPI_execute_snapshot(plan, &arg, NULL, snapshot, InvalidSnapshot,
								  true, false, 0);

	if (rc != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_snapshot: %s", SPI_result_code_string(rc));
}

/* Is what was read since then what is committed now? */
static bool
is_latest(uint64 before)
{
	return before == invalidations && !IsInParallelMode();
}

static char *
text_of(uint64 row, int column)
{
	char *value =
		SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);

	if (value == NULL)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("table of a machine holds null where it must "
							   "not")));
	return value;
}

static Datum
value_of(uint64 row, int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc,
						 column, isnull);
}

static void
find_tables(DtMachine *m)
{
	Oid nsp = get_namespace_oid(m->key.schema, true);

	for (size_t i = 0; i < lengthof(m->relids); i++)
	{
		HeapTuple tuple;

		m->relids[i] = OidIsValid(nsp) ? get_relname_relid(table_names[i], nsp)
									   : InvalidOid;
		tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(m->relids[i]));
		if (!HeapTupleIsValid(tuple))
			ereport(ERROR,
					(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					 errmsg("there is no table %s.%s",
							quote_identifier(m->key.schema), table_names[i]),
					 errhint("A lifecycle is made by "
							 "dtsen.create_lifecycle(); a schema that was "
							 "renamed gets its name back by ALTER SCHEMA "
							 "... RENAME.")));
		if (i == 0)
			m->owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		if (i == DT_TABLE_JOURNAL)
			m->journal_owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
		ReleaseSysCache(tuple);
	}
}

static char *
keep(MemoryContext cxt, const char *value)
{
	return MemoryContextStrdup(cxt, value);
}

/* The versions of m that came into force, from the rows at hand. */
static void
load_versions(DtMachine *m, MemoryContext cxt, char ***initial)
{
	int n = (int) SPI_processed;

	if (n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("table %s.machine has no machine \"%s\"",
						quote_identifier(m->key.schema), m->key.machine)));
	m->nversions = n;
	m->versions = MemoryContextAllocZero(cxt, n * sizeof(DtRules));
	*initial = palloc(n * sizeof(char *));
	for (int i = 0; i < n; i++)
	{
		bool isnull;

		m->versions[i].version = DatumGetInt32(value_of(i, 1, &isnull));
		m->versions[i].initial = -1;
		(*initial)[i] = text_of(i, 2);
	}
	m->rules = &m->versions[n - 1];
	m->version = m->rules->version;
}

/* The states of all versions; one that several have is one state. */
static void
load_states(DtMachine *m, MemoryContext cxt, char **initial)
{
	int n = (int) SPI_processed;

	m->nstates = 0;
	m->states = MemoryContextAllocZero(cxt, Max(n, 1) * sizeof(DtState));
	for (int i = 0; i < n; i++)
	{
		char *name = text_of(i, 1);

		if (dtsen_lifecycle_state(m, name, (int) strlen(name)) >= 0)
			continue;
		if (m->nstates == MAX_STATES)
			ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
							errmsg("machine \"%s\" has more than %d states",
								   m->key.machine, MAX_STATES)));
		m->states[m->nstates].name = keep(cxt, name);
		m->states[m->nstates].len = (int) strlen(name);
		m->states[m->nstates].weight = hash_bytes_extended(
			(const unsigned char *) name, (int) strlen(name), 0);
		m->nstates++;
	}
	for (int v = 0; v < m->nversions; v++)
	{
		DtRules *rules = &m->versions[v];
		Size steps = (Size) Max(m->nstates * m->nstates, 1) * sizeof(int);

		rules->final =
			MemoryContextAllocZero(cxt, Max(m->nstates, 1) * sizeof(bool));
		rules->step = MemoryContextAlloc(cxt, steps);
		memset(rules->step, 0xff, steps);
		rules->initial =
			dtsen_lifecycle_state(m, initial[v], (int) strlen(initial[v]));
	}
	for (int i = 0; i < n; i++)
	{
		char *name = text_of(i, 1);
		int state = dtsen_lifecycle_state(m, name, (int) strlen(name));
		bool isnull;
		bool final = DatumGetBool(value_of(i, 2, &isnull)) && !isnull;
		int version = DatumGetInt32(value_of(i, 3, &isnull));
		DtRules *rules = (DtRules *) dtsen_lifecycle_rules(m, version);

		if (rules != NULL)
			rules->final[state] = final;
	}
	m->initial = m->rules->initial;
	if (m->initial < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("machine \"%s\" does not load: its initial "
							   "state \"%s\" is not one of its states",
							   m->key.machine, initial[m->nversions - 1])));
}

static void
load_guards(DtTransition *t, MemoryContext cxt, Datum value)
{
	Datum *elems;

	deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false,
					  TYPALIGN_INT, &elems, NULL, &t->nguards);
	t->guards = MemoryContextAlloc(cxt, Max(t->nguards, 1) * sizeof(char *));
	for (int i = 0; i < t->nguards; i++)
		t->guards[i] = keep(cxt, TextDatumGetCString(elems[i]));
}

static void
load_transitions(DtMachine *m, MemoryContext cxt)
{
	int n = 0;

	m->transitions = MemoryContextAllocZero(cxt, Max(SPI_processed, 1) *
													 sizeof(DtTransition));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		DtTransition *t = &m->transitions[n];
		char *from = text_of(i, 1);
		char *to = text_of(i, 2);
		bool isnull;
		Datum value;
		DtRules *rules;

		t->version = DatumGetInt32(value_of(i, 8, &isnull));
		rules = (DtRules *) dtsen_lifecycle_rules(m, t->version);
		t->from = dtsen_lifecycle_state(m, from, (int) strlen(from));
		t->to = dtsen_lifecycle_state(m, to, (int) strlen(to));
		/* what leaves a final state, or is no change, is no step */
		if (rules == NULL || t->from < 0 || t->to < 0 || t->from == t->to ||
			rules->final[t->from])
			continue;
		t->action = keep(cxt, text_of(i, 3));
		t->actor_role = keep(cxt, text_of(i, 4));
		value = value_of(i, 5, &isnull);
		if (!isnull)
			load_guards(t, cxt, value);
		value = value_of(i, 6, &isnull);
		if (!isnull && ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(value)),
									  ARR_DIMS(DatumGetArrayTypeP(value))) > 0)
		{
			MemoryContext old = MemoryContextSwitchTo(cxt);

			t->distinct_from = PointerGetDatum(DatumGetArrayTypePCopy(value));
			MemoryContextSwitchTo(old);
		}
		value = value_of(i, 7, &isnull);
		t->needs_reason = !isnull && DatumGetBool(value);
		value = value_of(i, 9, &isnull);
		t->is_timed = !isnull && DatumGetBool(value);
		rules->step[t->from * m->nstates + t->to] = n;
		n++;
	}
	m->ntransitions = n;
}

/* Reads the rules of m into fresh; m itself stays as it is if that fails. */
static void
load_machine(DtMachine *m, DtMachine *fresh, MemoryContext cxt)
{
	Datum name = CStringGetTextDatum(m->key.machine);
	char **initial;

	read_rules(m, DT_PLAN_VERSION, TEXTOID, name,
			   "SELECT 1 AS version, m.initial_state::pg_catalog.text "
			   "FROM %s.machine AS m "
			   "WHERE m.machine OPERATOR(pg_catalog.=) $1 "
			   "UNION ALL SELECT v.version::pg_catalog.int4, "
			   "v.initial_state::pg_catalog.text FROM %s.machine AS m "
			   "JOIN %s.machine_version AS v "
			   "ON v.machine OPERATOR(pg_catalog.=) m.machine "
			   "WHERE m.machine OPERATOR(pg_catalog.=) $1 "
			   "AND v.state OPERATOR(pg_catalog.=) 'berlaku' "
			   "AND v.version OPERATOR(pg_catalog.<=) m.version ORDER BY 1");
	load_versions(fresh, cxt, &initial);

	read_rules(m, DT_PLAN_STATE, TEXTOID, name,
			   "SELECT s.state::pg_catalog.text, s.is_final::pg_catalog.bool, "
			   "s.version::pg_catalog.int4 FROM %s.state AS s "
			   "WHERE s.machine OPERATOR(pg_catalog.=) $1 "
			   "ORDER BY s.version, s.sort_order, s.state");
	load_states(fresh, cxt, initial);

	read_rules(m, DT_PLAN_TRANSITION, TEXTOID, name,
			   "SELECT t.from_state::pg_catalog.text, "
			   "t.to_state::pg_catalog.text, t.action::pg_catalog.text, "
			   "t.actor_role::pg_catalog.text, "
			   "pg_catalog.array_remove(t.guards::pg_catalog.text[], NULL), "
			   "pg_catalog.array_remove(t.distinct_from::pg_catalog.text[], "
			   "NULL), t.needs_reason::pg_catalog.bool, "
			   "t.version::pg_catalog.int4, t.is_timed::pg_catalog.bool "
			   "FROM %s.transition AS t "
			   "WHERE t.machine OPERATOR(pg_catalog.=) $1 "
			   "ORDER BY t.version, t.from_state, t.to_state");
	load_transitions(fresh, cxt);
}

/*
 * Memory that a caller further up may still point into lives on to the end of
 * the transaction.
 */
static void
retire(MemoryContext cxt)
{
	if (cxt != NULL)
		MemoryContextSetParent(cxt, TopTransactionContext);
}

/*
 * Makes the entry of a machine current: tables, states, transitions.
 *
 * Errors: 39P01 there is no such machine, 22023 or 54000 it cannot be loaded.
 * Cost: nothing but a look at the invalidation queue, unless a table changed.
 */
void
dtsen_lifecycle_load(DtMachine *m)
{
	CommandId current = GetCurrentCommandId(false);
	DtMachine fresh;
	MemoryContext cxt;
	DtScope scope;
	uint64 before;

	if (!command_seen || command_id != current)
	{
		AcceptInvalidationMessages();
		command_id = current;
		command_seen = true;
	}
	if (m->valid)
		return;

	cxt = AllocSetContextCreate(CurrentMemoryContext, "dtsen machine",
								ALLOCSET_SMALL_SIZES);
	find_tables(m);
	before = invalidations;
	fresh = *m;
	dtsen_lifecycle_enter(m->owner, &scope);
	SPI_connect();
	load_machine(m, &fresh, cxt);
	SPI_finish();
	dtsen_lifecycle_leave(&scope);

	MemoryContextSetParent(cxt, CacheMemoryContext);
	retire(m->cxt);
	m->cxt = cxt;
	m->version = fresh.version;
	m->initial = fresh.initial;
	m->nstates = fresh.nstates;
	m->states = fresh.states;
	m->nversions = fresh.nversions;
	m->versions = fresh.versions;
	m->rules = fresh.rules;
	m->ntransitions = fresh.ntransitions;
	m->transitions = fresh.transitions;
	m->valid = is_latest(before);
}

/* Reads the actor into fresh, from the rows of table actor at hand. */
static void
load_grants(DtMachine *m, MemoryContext cxt)
{
	m->person = NULL;
	m->is_two_persons = false;
	m->ngrants = (int) SPI_processed;
	m->grants = MemoryContextAlloc(cxt, Max(m->ngrants, 1) * sizeof(DtGrant));
	for (int i = 0; i < m->ngrants; i++)
	{
		DtGrant *grant = &m->grants[i];
		char *person = text_of(i, 2);
		char *wilayah;

		grant->role = keep(cxt, text_of(i, 1));
		wilayah =
			SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 3);
		grant->wilayah_len = -1;
		if (wilayah != NULL)
			grant->wilayah_len = (int) dtc_wilayah_digits(
				wilayah, strlen(wilayah), grant->wilayah, DTC_WILAYAH_DIGITS);
		if (m->person == NULL)
			m->person = keep(cxt, person);
		else if (strcmp(m->person, person) != 0)
			m->is_two_persons = true;
	}
}

/*
 * Makes the actor of the entry the outer user: the role that the client
 * connected as or SET ROLE to, whatever SECURITY DEFINER functions it came
 * through; or who is assumed (assume.c). One who is not in table actor has no
 * grants and no person. For who asks where somebody may act, not who he is:
 * the login may be of two persons.
 *
 * The machine must be loaded. Errors: 28000 who was assumed is no longer.
 */
void
dtsen_lifecycle_load_grants(DtMachine *m)
{
	Oid userid = GetOuterUserId();
	DtMachine fresh;
	MemoryContext cxt;
	DtScope scope;
	uint64 before = invalidations;
	Datum login;
	uint64 assumption;
	Name assumed = dtsen_lifecycle_assumed(m->key.schema, &assumption);

	if (m->actor_valid && m->actor_user == userid &&
		m->actor_assumption == assumption)
		return;

	fresh = *m;
	m->actor_valid = false;
	cxt = AllocSetContextCreate(CurrentMemoryContext, "dtsen actor",
								ALLOCSET_SMALL_SIZES);
	if (assumed != NULL)
		fresh.actor_login = *assumed;
	else
		namestrcpy(&fresh.actor_login, GetUserNameFromId(userid, false));
	login = NameGetDatum(&fresh.actor_login);
	dtsen_lifecycle_enter(m->owner, &scope);
	SPI_connect();
	read_rules(m, DT_PLAN_ACTOR, NAMEOID, login,
			   "SELECT a.actor_role::pg_catalog.text, "
			   "a.person_key::pg_catalog.text, a.wilayah::pg_catalog.text "
			   "FROM %s.actor AS a WHERE a.login OPERATOR(pg_catalog.=) $1");
	load_grants(&fresh, cxt);
	SPI_finish();
	fresh.actor_text = MemoryContextAlloc(cxt, VARHDRSZ + NAMEDATALEN);
	SET_VARSIZE(fresh.actor_text,
				VARHDRSZ + strlen(NameStr(fresh.actor_login)));
	memcpy(VARDATA(fresh.actor_text), NameStr(fresh.actor_login),
		   strlen(NameStr(fresh.actor_login)));
	dtsen_lifecycle_leave(&scope);

	MemoryContextSetParent(cxt, CacheMemoryContext);
	retire(m->actor_cxt);
	m->actor_cxt = cxt;
	m->actor_login = fresh.actor_login;
	m->actor_text = fresh.actor_text;
	m->person = fresh.person;
	m->is_two_persons = fresh.is_two_persons;
	m->ngrants = fresh.ngrants;
	m->grants = fresh.grants;
	m->actor_user = userid;
	m->actor_assumption = assumption;
	m->actor_valid = is_latest(before);
}

/*
 * The same for who acts: the actor is one person.
 *
 * Errors: 42501 a login of two persons; 28000 who was assumed is no longer.
 */
void
dtsen_lifecycle_load_actor(DtMachine *m)
{
	dtsen_lifecycle_load_grants(m);
	if (m->is_two_persons)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("login stands for more than one person in "
							   "table %s.actor",
							   quote_identifier(m->key.schema)),
						errhint("Give each person a login.")));
}

/* The number of a state, -1 if the machine has no such state. */
int
dtsen_lifecycle_state(const DtMachine *m, const char *state, int len)
{
	for (int i = 0; i < m->nstates; i++)
	{
		if (m->states[i].len == len &&
			memcmp(m->states[i].name, state, len) == 0)
			return i;
	}
	return -1;
}

/* The rules of a version, NULL if it never came into force. */
const DtRules *
dtsen_lifecycle_rules(const DtMachine *m, int version)
{
	for (int i = m->nversions - 1; i >= 0; i--)
	{
		if (m->versions[i].version == version)
			return &m->versions[i];
	}
	return NULL;
}

/* The step between two states by these rules, NULL if there is none. */
const DtTransition *
dtsen_lifecycle_step(const DtMachine *m, const DtRules *rules, int from,
					 int to)
{
	int i;

	if (from < 0 || to < 0)
		return NULL;
	i = rules->step[from * m->nstates + to];
	return i < 0 ? NULL : &m->transitions[i];
}

DTSEN_FUNCTION(dtsen_machine_changed);

/*
 * machine_changed(): AFTER row trigger of the machine tables. Tells every
 * session to read them again, once the change is committed; this one at its
 * next command.
 *
 * Errors: 39P01.
 */
Datum
dtsen_machine_changed(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata =
		dtsen_lifecycle_trigger(fcinfo, "machine_changed");

	if (!TRIGGER_FIRED_AFTER(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("machine_changed: must be fired after, for "
							   "each row")));
	if (trigdata->tg_trigger->tgnargs != 0)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("machine_changed: takes no arguments")));
	CacheInvalidateRelcache(trigdata->tg_relation);
	return PointerGetDatum(NULL);
}
