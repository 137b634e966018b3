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
 * commit.
 *
 * Here, too, is by which version of the machine a statement's rows were judged:
 * one that comes into force while the statement waits for a row must not be what
 * the journal says of it.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/memutils.h"

#include "errors.h"
#include "lifecycle/lifecycle.h"

typedef struct Balance
{
	DtMachine *machine;
	SubTransactionId subid;
	int64 open;   /* allowed, not yet journalled */
	int version;  /* by which the statement at hand is judged */
	bool is_done; /* and that statement is in the journal */
} Balance;

/* In TopTransactionContext; few: one per machine and open subtransaction. */
static Balance *balances = NULL;
static int nbalances = 0;
static int maxbalances = 0;

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
	balance->version = m->version;
	balance->is_done = true;
	return balance;
}

/* Adds n changes (less than 0: journalled ones) to the machine's balance. */
void
dtsen_lifecycle_expect(DtMachine *m, int64 n)
{
	if (n != 0)
		balance_of(m)->open += n;
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

/*
 * A row of a table without version_column is about to be judged, by the version
 * in force: 40001 if an earlier row of the statement was judged by another.
 */
void
dtsen_lifecycle_judge(DtMachine *m)
{
	Balance *balance = balance_of(m);

	if (balance->is_done)
	{
		balance->version = m->version;
		balance->is_done = false;
	}
	else if (balance->version != m->version)
		refuse_other_version(m, balance->version);
}

/*
 * The same for what is done with the rows after the statement. is_last: nothing
 * else is; the next row is one of another statement, unless rows of an outer one
 * still wait for their entries.
 */
void
dtsen_lifecycle_judged(DtMachine *m, bool is_last)
{
	Balance *balance = balance_of(m);

	if (balance->version != m->version)
		refuse_other_version(m, balance->version);
	if (is_last && balance->open == 0)
		balance->is_done = true;
}

/* Refuses to commit (SE005) what the guard allowed and no journal holds. */
void
dtsen_lifecycle_balance_at_commit(void)
{
	for (int i = 0; i < nbalances; i++)
	{
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
		return;
	}
	for (int i = 0; i < nbalances; i++)
	{
		if (balances[i].subid < subid)
			balances[kept++] = balances[i];
	}
	nbalances = kept;
}
