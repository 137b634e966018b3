/*
 * journal_head.c
 *		The ends of the journal's chains, where writers add to them.
 *
 * Whoever adds to a chain holds its lock to the end of his transaction. A
 * writer who finds it held opens another lane instead of waiting: a chain of
 * its own, named after the regency too. So writers of one regency do not wait
 * for each other's commits, and sequence numbers have no gaps in any chain.
 * The end of a chain is read once in a transaction and then counted on.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "errors.h"
#include "lifecycle/journal.h"

#define CHAIN_LOCK 0xD75E /* kind of advisory lock, not in reach of SQL */
#define LANES 16          /* chains of a machine and regency */

/* In TopTransactionContext, sorted by machine and regency. */
static DtHead **heads = NULL;
static int nheads = 0;
static int maxheads = 0;
static bool heads_stale = false;

/*
 * Forgets the ends of chains: a subtransaction that wrote entries is undone,
 * or the transaction is over.
 */
void
dtsen_lifecycle_forget_heads(bool end_of_transaction)
{
	if (end_of_transaction)
	{
		heads = NULL;
		nheads = maxheads = 0;
	}
	heads_stale = !end_of_transaction;
}

/* Where the head of a chain is, or where it would have to be. */
static int
head_position(const DtMachine *m, const char *regency, bool *found)
{
	int low = 0;
	int high = nheads;

	while (low < high)
	{
		int middle = (low + high) / 2;
		const DtHead *head = heads[middle];
		int order = head->m < m   ? -1
					: head->m > m ? 1
								  : strcmp(head->regency, regency);

		if (order == 0)
		{
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*found = false;
	return low;
}

static bool
lock_lane(const DtHead *head, bool wait)
{
	char name[2 * NAMEDATALEN + DT_CHAIN_NAME];
	LOCKTAG tag;
	uint64 hash;
	int len = snprintf(name, sizeof(name), "%s%c%s%c%s", head->m->key.schema,
					   0, head->m->key.machine, 0, head->name);

	hash = hash_bytes_extended((const unsigned char *) name, len, 0);
	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (hash >> 32),
						 (uint32) hash, CHAIN_LOCK);
	return LockAcquire(&tag, ExclusiveLock, false, !wait) !=
		   LOCKACQUIRE_NOT_AVAIL;
}

/*
 * How far this session has read each chain: a hint of where to look for its
 * end, which others may have moved on, or an abort back.
 */
typedef struct Reached
{
	struct ReachedKey
	{
		const DtMachine *m;
		char name[DT_CHAIN_NAME];
	} key;     /* must be first */
	int64 seq; /* of a block that was the last one */
} Reached;

static Reached *
reached(const DtHead *head)
{
	static HTAB *table = NULL;
	struct ReachedKey key;
	Reached *r;
	bool found;

	if (table == NULL)
	{
		HASHCTL ctl;

		ctl.keysize = sizeof(struct ReachedKey);
		ctl.entrysize = sizeof(Reached);
		table = hash_create("dtsen ends of chains", 64, &ctl,
							HASH_ELEM | HASH_BLOBS);
	}
	memset(&key, 0, sizeof(key));
	key.m = head->m;
	strcpy(key.name, head->name);
	r = hash_search(table, &key, HASH_ENTER, &found);
	if (!found)
		r->seq = 0;
	return r;
}

/* Reads the last block of a chain that begins at seq from or later, if any. */
static bool
read_end(const DtStore *blocks, DtHead *head, Reached *r, Relation index,
		 int64 from)
{
	SnapshotData self;
	ScanKeyData keys[3];
	SysScanDesc scan;
	HeapTuple tuple;

	InitDirtySnapshot(self);
	self.snapshot_type = SNAPSHOT_SELF;
	ScanKeyInit(&keys[0], blocks->column[DT_BLOCK_MACHINE],
				BTEqualStrategyNumber, F_TEXTEQ,
				CStringGetTextDatum(head->m->key.machine));
	ScanKeyInit(&keys[1], blocks->column[DT_BLOCK_CHAIN],
				BTEqualStrategyNumber, F_TEXTEQ,
				CStringGetTextDatum(head->name));
	ScanKeyInit(&keys[2], blocks->column[DT_BLOCK_SEQ],
				BTGreaterEqualStrategyNumber, F_INT8GE, Int64GetDatum(from));
	scan = systable_beginscan_ordered(blocks->rel, index, &self,
									  from > 0 ? 3 : 2, keys);
	tuple = systable_getnext_ordered(scan, BackwardScanDirection);
	if (tuple != NULL)
	{
		DtcBlockReader reader;
		DtBlock block;

		if (!dtsen_journal_tuple(blocks, tuple, &block) ||
			!dtc_block_open(&reader, (const uint8 *) block.body.data,
							block.body.len))
			ereport(ERROR, (errcode(ERRCODE_DTSEN_JOURNAL),
							errmsg("journal of machine \"%s\" ends in a block "
								   "that cannot be read",
								   head->m->key.machine),
							errhint("dtsen.verify_journal() says more.")));
		head->seq = block.seq + block.entries - 1;
		head->at = reader.header.at;
		memcpy(head->digest, block.digest, DTC_SHA256_BYTES);
		r->seq = block.seq;
	}
	systable_endscan_ordered(scan);
	return tuple != NULL;
}

/*
 * Reads the last block of a chain, whoever committed it and however old this
 * transaction's snapshot is: the chain goes on where it ends. Its lock is
 * held, so nobody adds to it meanwhile. Looked for from where this session
 * found it before: an index page of the chain's older blocks is not gone
 * through.
 */
static void
read_head(const DtStore *blocks, DtHead *head)
{
	Relation index = NULL;
	Reached *r = reached(head);

	head->blocks = RelationGetRelid(blocks->rel);
	head->seq = 0;
	head->at = PG_INT64_MIN;
	memset(head->digest, 0, sizeof(head->digest));
	for (int i = 0; i < blocks->nindexes; i++)
	{
		if (RelationGetRelid(blocks->index[i]) == blocks->pkey)
			index = blocks->index[i];
	}
	if (r->seq <= 0 || !read_end(blocks, head, r, index, r->seq))
	{
		r->seq = 0;
		(void) read_end(blocks, head, r, index, 0);
	}
}

/* Locks a chain of the regency's that nobody else is adding to. */
static void
take_lane(DtHead *head)
{
	for (int lane = 0; lane < LANES; lane++)
	{
		if (lane == 0)
			strcpy(head->name, head->regency);
		else
			snprintf(head->name, sizeof(head->name), "%s/%d", head->regency,
					 lane);
		if (lock_lane(head, false))
			return;
	}
	strcpy(head->name, head->regency);
	(void) lock_lane(head, true);
}

/*
 * The end of a chain of the regency's, which this transaction has locked, or
 * locks now. It stays where it is, and the caller counts it on.
 *
 * blocks: table journal_block, open to add. Errors: SE005 its last block is damaged.
 */
DtHead *
dtsen_journal_head(const DtMachine *m, const DtStore *blocks,
				   const char *regency)
{
	bool found;
	int i;
	DtHead *head;

	if (heads_stale)
	{
		while (nheads > 0)
			pfree(heads[--nheads]);
		heads_stale = false;
	}
	i = head_position(m, regency, &found);
	if (found)
	{
		/* the lifecycle may have been dropped and made again, with its lock */
		if (heads[i]->blocks != RelationGetRelid(blocks->rel))
			read_head(blocks, heads[i]);
		return heads[i];
	}
	head = MemoryContextAlloc(TopTransactionContext, sizeof(DtHead));
	head->m = m;
	strcpy(head->regency, regency);
	take_lane(head);
	read_head(blocks, head);
	if (nheads == maxheads)
	{
		maxheads = Max(8, maxheads * 2);
		heads = heads == NULL ? MemoryContextAlloc(TopTransactionContext,
												   maxheads * sizeof(DtHead *))
							  : repalloc(heads, maxheads * sizeof(DtHead *));
	}
	memmove(heads + i + 1, heads + i, (nheads - i) * sizeof(DtHead *));
	heads[i] = head;
	nheads++;
	return head;
}
