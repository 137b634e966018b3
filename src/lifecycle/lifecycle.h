/*
 * lifecycle.h
 *		What the files of the lifecycle module share.
 *
 * A lifecycle is five tables in a schema of the user's (template.sql). A
 * machine is known by that schema and its name, never by an OID; the tables it
 * guards by the arguments of their triggers (see dtsen_lifecycle_attachment).
 */
#ifndef DTSEN_LIFECYCLE_H
#define DTSEN_LIFECYCLE_H

#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"

#include "core/lifecycle.h"

#define DTSEN_ACTION_BORN "born"
#define DTSEN_ACTION_EDIT "edit"
#define DTSEN_ACTION_ATTACHED "attached"
#define DTSEN_ACTION_ERASED "erased"

/* One state of a machine. */
typedef struct DtState
{
	char *name;
	int len;
	uint64 weight; /* of a row that is led there: see balance.c */
} DtState;

/* One step of a machine; from and to count into its states. */
typedef struct DtTransition
{
	int version;
	int from;
	int to;
	char *action;
	char *actor_role;
	int nguards;
	char **guards;       /* as written in the table */
	Datum distinct_from; /* text[], or 0 where it is empty */
	bool needs_reason;
	bool is_timed;
} DtTransition;

/* The rules of one version of a machine; states are numbered alike in all. */
typedef struct DtRules
{
	int version;
	int initial;
	bool *final; /* by state */
	int *step;   /* nstates * nstates: index of transition or -1 */
} DtRules;

/* One row of table actor; wilayah_len is -1 for the whole country. */
typedef struct DtGrant
{
	char *role;
	char wilayah[DTC_WILAYAH_DIGITS];
	int wilayah_len;
} DtGrant;

/* Queries that are planned once in a session and machine. */
typedef enum DtPlan
{
	DT_PLAN_VERSION,
	DT_PLAN_STATE,
	DT_PLAN_TRANSITION,
	DT_PLAN_ACTOR,
	DT_PLAN_CALENDAR,
	DT_PLANS
} DtPlan;

/* The tables of a lifecycle, as they are numbered in relids. */
#define DT_TABLE_JOURNAL 4
#define DT_TABLE_NOTE 5
#define DT_TABLES 6

typedef struct DtMachineKey
{
	char schema[NAMEDATALEN];
	char machine[NAMEDATALEN];
} DtMachineKey;

/* How far an UPDATE that moves a row to another partition has come. */
typedef enum DtMoveStage
{
	DT_MOVE_NONE,
	DT_MOVE_ALLOWED, /* the guard allowed the UPDATE of a partition's row */
	DT_MOVE_LEFT     /* and then saw that row deleted */
} DtMoveStage;

/* A machine as this session knows it. Never freed; see machine.c. */
typedef struct DtMachine
{
	DtMachineKey key; /* hash key, must be first */

	bool valid;
	MemoryContext cxt; /* of all below that is allocated */
	Oid relids[DT_TABLES];
	Oid owner; /* of the machine tables */
	Oid journal_owner;
	int version; /* in force: that under which rows are born */
	int initial; /* of that version */
	int nstates; /* of all versions */
	DtState *states;
	int nversions;
	DtRules *versions; /* those that came into force, oldest first */
	DtRules *rules;    /* the one in force */
	int ntransitions;  /* of all versions */
	DtTransition *transitions;

	bool actor_valid;
	MemoryContext actor_cxt;
	Oid actor_user;
	uint64 actor_assumption; /* 0: the login acts for itself */
	NameData actor_login;
	struct varlena *actor_text; /* the same as text */
	char *person;               /* NULL: not an actor */
	bool is_two_persons;        /* rows of another person name the login too */
	int ngrants;
	DtGrant *grants;

	DtMoveStage move_stage;
	Oid move_relid;
	ItemPointerData move_tid;
	int move_state;
	StringInfoData move_key;
	bool moved; /* the row of move_key has arrived */

	SPIPlanPtr plans[DT_PLANS];
} DtMachine;

/* Does the step take a look at other tables, once the statement has ended? */
static inline bool
dtsen_looks_elsewhere(const DtTransition *t)
{
	return t->nguards > 0 || t->distinct_from != 0 || t->is_timed;
}

/* Where to find a value of the guarded table. */
typedef struct DtColumn
{
	AttrNumber attno; /* 0: the table has no such column */
	Oid typid;
	int16 typlen;
	bool typbyval;
	bool is_text;   /* text or varchar: read without its output function */
	bool is_padded; /* char(n): blanks at its end are no part of it */
	FmgrInfo output;
} DtColumn;

typedef struct DtText
{
	const char *data;
	int len;
	bool isnull;
} DtText;

static inline bool
dtsen_same_text(DtText a, DtText b)
{
	return a.isnull == b.isnull && a.len == b.len &&
		   memcmp(a.data, b.data, a.len) == 0;
}

/* A trigger's arguments, resolved. */
typedef struct DtAttachment
{
	Oid tgoid; /* hash key, must be first */

	bool valid;
	Oid relid;
	MemoryContext cxt;
	DtMachine *machine;
	DtColumn key;
	DtColumn state;
	DtColumn wilayah;
	DtColumn reason;
	DtColumn changed_at;
	DtColumn changed_by;
	DtColumn version;     /* under which the row is; none: the one in force */
	DtColumn period;      /* of the calendar */
	AttrNumber last_read; /* of the columns that each row's check takes */
	int nfrozen;
	DtColumn *frozen;
	struct DtRowColumns *rows; /* what entries commit to, or NULL */
} DtAttachment;

/* What dtsen_lifecycle_enter() changed. */
typedef struct DtScope
{
	Oid userid;
	int sec_context;
	int guc_level;
} DtScope;

/* machine.c */
extern DtMachine *dtsen_lifecycle_machine_entry(const char *schema,
												const char *machine);
extern void dtsen_lifecycle_load(DtMachine *m);
extern void dtsen_lifecycle_load_grants(DtMachine *m);
extern void dtsen_lifecycle_load_actor(DtMachine *m);
extern int dtsen_lifecycle_state(const DtMachine *m, const char *state,
								 int len);
extern const DtTransition *dtsen_lifecycle_step(const DtMachine *m,
												const DtRules *rules, int from,
												int to);
extern const DtRules *dtsen_lifecycle_rules(const DtMachine *m, int version);
extern SPIPlanPtr dtsen_lifecycle_plan(DtMachine *m, DtPlan which, int nargs,
									   Oid *argtypes, const char *format);
extern void dtsen_lifecycle_enter(Oid userid, DtScope *scope);
extern void dtsen_lifecycle_leave(const DtScope *scope);
extern void dtsen_lifecycle_init(void);
extern uint64 dtsen_lifecycle_epoch(void);

/* assume.c */
extern Name dtsen_lifecycle_assumed(const char *schema, uint64 *number);
extern uint64 dtsen_lifecycle_assume_serial(void);
extern void dtsen_lifecycle_not_in_worker(void);
extern void dtsen_lifecycle_assume_end(bool committed);
extern void dtsen_lifecycle_assume_subend(SubTransactionId mine,
										  SubTransactionId parent,
										  bool committed);
extern void dtsen_lifecycle_assume_invalidate(Oid relid);

/* balance.c */
extern CommandId dtsen_lifecycle_statement(void);
extern void dtsen_lifecycle_expect(DtMachine *m, int64 n, uint64 states);
extern void dtsen_lifecycle_judge(DtMachine *m, bool is_versioned);
extern void dtsen_lifecycle_judged(DtMachine *m, bool is_versioned);
extern bool dtsen_lifecycle_is_open(const DtMachine *m, HeapTuple old);
extern void dtsen_lifecycle_judged_done(DtMachine *m);
extern void dtsen_lifecycle_balance_at_commit(void);
extern void dtsen_lifecycle_balance_forget(SubTransactionId subid);

/* attachment.c */
extern DtAttachment *dtsen_lifecycle_attachment(const TriggerData *trigdata);
extern void dtsen_lifecycle_attachment_invalidate(Oid relid);
extern DtText dtsen_lifecycle_value(DtColumn *column, Datum value,
									bool isnull);
extern void dtsen_lifecycle_check_owner(Oid table_owner, Oid needed);
extern void dtsen_lifecycle_rewind(Tuplestorestate *rows);
extern const TriggerData *dtsen_lifecycle_trigger(FunctionCallInfo fcinfo,
												  const char *name);

extern const DtRules *dtsen_lifecycle_rules_of(const DtAttachment *att,
											   TupleTableSlot *slot);

/* empty_row.c */
extern bool dtsen_lifecycle_empties(const DtMachine *m, const DtText *key);

/* statement_trigger.c */
extern bool dtsen_lifecycle_check_statement(const DtAttachment *given);

/* explain.c */
extern bool dtsen_lifecycle_explaining(void);
extern void dtsen_lifecycle_collect(void);

/*
 * ereport(ERROR, ...) for what a rule refuses: where explain_transition() asks,
 * the refusal is noted and the code goes on behind it, as if it were allowed.
 * The error is made, but not thrown: nothing is to be caught.
 */
#define dtsen_refuse(...)                                                     \
	do                                                                        \
	{                                                                         \
		if (!dtsen_lifecycle_explaining())                                    \
			ereport(ERROR, __VA_ARGS__);                                      \
		else if (errstart(ERROR, TEXTDOMAIN))                                 \
		{                                                                     \
			(void) (__VA_ARGS__);                                             \
			dtsen_lifecycle_collect();                                        \
		}                                                                     \
	} while (0)

/* journal_head.c */
extern void dtsen_lifecycle_forget_heads(bool end_of_transaction);

/* label.c */
extern char *dtsen_lifecycle_row_label(const DtColumn *column, DtText key);
extern char *dtsen_lifecycle_state_label(const DtMachine *m, DtText state);

#endif /* DTSEN_LIFECYCLE_H */
