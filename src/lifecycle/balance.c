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
	int64 open; /* allowed, not yet journalled */
} Balance;

/* In TopTransactionContext; few: one per machine and open subtransaction. */
static Balance *balances = NULL;
static int nbalances = 0;
static int maxbalances = 0;

/* Adds n changes (less than 0: journalled ones) to the machine's balance. */
void
dtsen_lifecycle_expect(DtMachine *m, int64 n)
{
	SubTransactionId subid = GetCurrentSubTransactionId();

	for (int i = nbalances - 1; i >= 0; i--)
	{
		if (balances[i].machine == m && balances[i].subid == subid)
		{
			balances[i].open += n;
			return;
		}
	}
	if (n == 0)
		return;
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
	balances[nbalances].machine = m;
	balances[nbalances].subid = subid;
	balances[nbalances].open = n;
	nbalances++;
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
