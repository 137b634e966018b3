/*
 * balance.c
 *		Every change that the guard allows must reach the journal.
 *
 * The guard is a row trigger, which a partition has too; the journal is a
 * statement trigger, which fires only for the table that the statement names.
 * A statement on a partition, a journal trigger that is switched off, or a
 * later trigger that swallows a row would leave a change without an entry. So
 * the guard counts what it allows and the journal counts what it writes, per
 * machine and subtransaction, and a transaction in which the two differ cannot
 * commit. Of updates both also sum up the states that rows are led to, as a
 * trigger after the guard may lead them elsewhere.
 *
 * Here, too, is by which version of the machine a statement's rows were judged,
 * and for whom: a version that comes into force while the statement waits for a
 * row, or an actor whom it becomes in its midst, must not be what four eyes ask
 * for and what the journal says of it.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "errors.h"
#include "lifecycle/lifecycle.h"

typedef struct Balance
{
	DtMachine *machine;
	SubTransactionId subid;
	int64 open;    /* allowed, not yet journalled */
	uint64 states; /* to which rows were let, less those that are journalled */
} Balance;

/*
 * By which version, and for whom, a statement's rows were judged. A statement is
 * known by the command number of its snapshot, which those that it nests
 * between its rows do not share.
 */
typedef struct Judged
{
	DtMachine *machine;
	SubTransactionId subid;
	CommandId cid;
	int version;
	Oid user;
	uint64 assumption;
	bool is_done; /* its rows are in the journal */
} Judged;

/* In TopTransactionContext; few: one per machine and open subtransaction. */
static Balance *balances = NULL;
static int nbalances = 0;
static int maxbalances = 0;

/* Likewise; those that are done go when there is no room. */
static Judged *judgements = NULL;
static int njudgements = 0;
static int maxjudgements = 0;

/* The machine's balance in this subtransaction. */
static Balance *
balance_of(DtMachine *m)
{
	SubTransactionId subid = GetCurrentSubTransactionId();
	Balance *balance;

	for (int i = nbalances - 1; i >= 0; i--)
	{
		if (balances[i].machine == m && balances[i].subid == subid)
			return &balances[i];
	}
	if (nbalances == maxbalances)
	{
		int size = Max(8, maxbalances * 2);

		if (balances == NULL)
			balances = MemoryContextAlloc(TopTransactionContext,
										  size * sizeof(Balance));
		else
			balances = repalloc(balances, size * sizeof(Balance));
		maxbalances = size;
	}
	balance = &balances[nbalances++];
	balance->machine = m;
	balance->subid = subid;
	balance->open = 0;
	balance->states = 0;
	return balance;
}

/*
 * Adds n changes (less than 0: journalled ones) to the machine's balance, and
 * the weights of the states that updates among them lead to, modulo 2^64.
 */
void
dtsen_lifecycle_expect(DtMachine *m, int64 n, uint64 states)
{
	Balance *balance;

	if (n == 0)
		return;
	balance = balance_of(m);
	balance->open += n;
	balance->states += states;
}

static void
refuse_other_version(const DtMachine *m, int judged)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("rules of machine \"%s\" changed while the statement ran",
					m->key.machine),
			 errdetail("Rows were judged by version %d; version %d is in "
					   "force now.",
					   judged, m->version),
			 errhint("Repeat the transaction. A table with a version_column "
					 "keeps its rows under the version they were born "
					 "under.")));
}

/* Nobody takes a step with one person's role and another person's eyes. */
static void
refuse_other_actor(const DtMachine *m)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("the actor changed while the statement ran"),
			 errdetail("Rows under machine \"%s\" were judged for another "
					   "role, or for another person assumed.",
					   m->key.machine),
			 errhint("Change the role, or whom you assume, between two "
					 "statements.")));
}

/* Is it judged now as it was? is_versioned: rows keep their versions. */
static void
compare(const DtMachine *m, const Judged *j, bool is_versioned)
{
	if (!is_versioned && j->version != m->version)
		refuse_other_version(m, j->version);
	if (j->user != m->actor_user || j->assumption != m->actor_assumption)
		refuse_other_actor(m);
}

/* The number of the statement whose rows or triggers are at hand. */
CommandId
dtsen_lifecycle_statement(void)
{
	return ActiveSnapshotSet() ? GetActiveSnapshot()->curcid
							   : GetCurrentCommandId(false);
}

static void
make_room(void)
{
	int kept = 0;
	int size;

	for (int i = 0; i < njudgements; i++)
	{
		if (!judgements[i].is_done)
			judgements[kept++] = judgements[i];
	}
	njudgements = kept;
	if (njudgements * 2 <= maxjudgements && maxjudgements > 0)
		return;
	size = Max(16, maxjudgements * 2);
	if (judgements == NULL)
		judgements =
			MemoryContextAlloc(TopTransactionContext, size * sizeof(Judged));
	else
		judgements = repalloc(judgements, size * sizeof(Judged));
	maxjudgements = size;
}

/*
 * A row is about to be judged, for the actor loaded and by the version in force,
 * unless the table has a version_column: 42501 and 40001 if an earlier row of
 * the statement was judged for or by another.
 */
void
dtsen_lifecycle_judge(DtMachine *m, bool is_versioned)
{
	CommandId cid = dtsen_lifecycle_statement();
	Judged *j;

	for (int i = njudgements - 1; i >= 0; i--)
	{
		j = &judgements[i];
		if (j->machine != m || j->cid != cid)
			continue;
		compare(m, j, is_versioned);
		return;
	}
	if (njudgements == maxjudgements)
		make_room();
	j = &judgements[njudgements++];
	j->machine = m;
	j->subid = GetCurrentSubTransactionId();
	j->cid = cid;
	j->version = m->version;
	j->user = m->actor_user;
	j->assumption = m->actor_assumption;
	j->is_done = false;
}

/*
 * The same for what is done with the rows after the statement. Those of a
 * cascade were judged under a number of their own, which is later.
 */
void
dtsen_lifecycle_judged(DtMachine *m, bool is_versioned)
{
	CommandId cid = dtsen_lifecycle_statement();

	for (int i = 0; i < njudgements; i++)
	{
		const Judged *j = &judgements[i];

		if (j->machine == m &&
			(j->cid == cid || (j->cid > cid && !j->is_done)))
			compare(m, j, is_versioned);
	}
}

/*
 * May a statement that has not ended have changed the row, so that the journal
 * does not tell of it yet? The one at hand is then nested in that: a function
 * that its RETURNING calls, or a trigger. old: this version of the row was
 * written since that statement began, by itself or by what it nests.
 */
bool
dtsen_lifecycle_is_open(const DtMachine *m, HeapTuple old)
{
	CommandId cid = dtsen_lifecycle_statement();

	for (int i = 0; i < njudgements; i++)
	{
		const Judged *j = &judgements[i];

		if (j->machine == m && !j->is_done && j->cid < cid &&
			TransactionIdIsCurrentTransactionId(
				HeapTupleHeaderGetXmin(old->t_data)) &&
			HeapTupleHeaderGetCmin(old->t_data) >= j->cid)
			return true;
	}
	return false;
}

/* The statement's rows are in the journal, or it had none. */
void
dtsen_lifecycle_judged_done(DtMachine *m)
{
	CommandId cid = dtsen_lifecycle_statement();

	for (int i = 0; i < njudgements; i++)
	{
		if (judgements[i].machine == m && judgements[i].cid >= cid)
			judgements[i].is_done = true;
	}
}

/* Refuses to commit (SE005) what the guard allowed and no journal holds. */
void
dtsen_lifecycle_balance_at_commit(void)
{
	for (int i = 0; i < nbalances; i++)
	{
		if (balances[i].open == 0 && balances[i].states != 0)
			ereport(ERROR, (errcode(ERRCODE_DTSEN_JOURNAL),
							errmsg("rows under machine \"%s\" are not in the "
								   "states that the guard let them to",
								   balances[i].machine->key.machine),
							errhint("A trigger after the guard changes the "
									"state; dtsen.check_attached() names "
									"it.")));
		if (balances[i].open == 0)
			continue;
		ereport(
			ERROR,
			(errcode(ERRCODE_DTSEN_JOURNAL),
			 errmsg("changes under machine \"%s\" did not reach the "
					"journal",
					balances[i].machine->key.machine),
			 errdetail("The guard let %lld more through than the journal got.",
					   (long long) balances[i].open),
			 errhint("Write to the table that the lifecycle is attached "
					 "to, not to a partition of it; "
					 "dtsen.check_attached() finds triggers that are "
					 "missing.")));
	}
}

/*
 * Forgets what an aborted subtransaction and those inside it allowed; invalid:
 * everything, at the end of the transaction. Subtransactions are numbered
 * upwards, so that those inside have higher numbers.
 */
void
dtsen_lifecycle_balance_forget(SubTransactionId subid)
{
	int kept = 0;

	if (subid == InvalidSubTransactionId)
	{
		balances = NULL;
		nbalances = maxbalances = 0;
		judgements = NULL;
		njudgements = maxjudgements = 0;
		return;
	}
	for (int i = 0; i < nbalances; i++)
	{
		if (balances[i].subid < subid)
			balances[kept++] = balances[i];
	}
	nbalances = kept;
	kept = 0;
	for (int i = 0; i < njudgements; i++)
	{
		if (judgements[i].subid < subid)
			judgements[kept++] = judgements[i];
	}
	njudgements = kept;
}
