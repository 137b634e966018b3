/*
 * journal_writer.c
 *		Writing chained entries.
 *
 * A chain is the entries of one machine in one regency. A statement locks the
 * chains that it adds to, in the order of their names, to the end of its
 * transaction; it reads each chain's last entry once in a transaction, and
 * then counts on in memory. So neither many rows in a statement nor many
 * statements in a transaction make an entry dearer, sequence numbers have no
 * gaps, and a chain is written in the order of its commits.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "replication/logicalworker.h"
#include "storage/lock.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/entry.h"

#define BATCH 1000        /* entries that one INSERT adds */
#define CHAIN_LOCK 0xD75E /* kind of advisory lock, not in reach of SQL */

/* The end of a chain, as far as this transaction has come. */
typedef struct HeadKey
{
	DtMachineKey machine;
	char chain[DTC_CHAIN_DIGITS + 1];
} HeadKey;

typedef struct Head
{
	HeadKey key;
	int64 seq;
	uint8 digest[DTC_DIGEST_BYTES];
} Head;

static HTAB *heads = NULL; /* in TopTransactionContext */
static bool heads_stale = false;

/* The journal that journal() is writing to just now. */
static Oid writing = InvalidOid;

#define SCALARS 7 /* columns that are the same in a whole statement */

enum
{
	COL_CHAIN,
	COL_SEQ,
	COL_KEY,
	COL_WILAYAH,
	COL_FROM,
	COL_TO,
	COL_ACTION,
	COL_REASON,
	COL_DIGEST,
	COLUMNS
};

static const Oid column_types[COLUMNS] = {TEXTOID, INT8OID, TEXTOID,
										  TEXTOID, TEXTOID, TEXTOID,
										  TEXTOID, TEXTOID, BYTEAOID};

/* What the entries of a statement have in common. */
struct DtWriter
{
	DtMachine *m;
	MemoryContext cxt; /* of the writer */
	DtScope scope;
	bool has_last;
	HeadKey last;
	Head **wanted; /* chains to lock */
	int nwanted;
	int maxwanted;
	TimestampTz at;
	int64 txid;
	int version; /* of the entries gathered */
	char *session_login;
	DtHasher hasher;
	MemoryContext batch;
	int n;
	Datum values[COLUMNS][BATCH];
	bool nulls[COLUMNS][BATCH];
};

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
		writing = InvalidOid;
	}
	heads_stale = !end_of_transaction;
}

static void
chain_key(const DtMachine *m, DtText wilayah, HeadKey *key)
{
	memset(key, 0, sizeof(*key));
	key->machine = m->key;
	(void) dtc_wilayah_digits(wilayah.data, wilayah.len, key->chain,
							  DTC_CHAIN_DIGITS);
}

static void
lock_chain(const HeadKey *key)
{
	LOCKTAG tag;
	uint64 hash =
		hash_bytes_extended((const unsigned char *) key, sizeof(*key), 0);

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, (uint32) (hash >> 32),
						 (uint32) hash, CHAIN_LOCK);
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
}

/*
 * Reads a chain's last entry, whoever committed it and however old this
 * transaction's snapshot is: the chain goes on where it ends.
 */
static void
read_head(DtMachine *m, Head *head)
{
	Oid types[2] = {TEXTOID, TEXTOID};
	Datum values[2];
	SPIPlanPtr plan;
	int rc;

	values[0] = CStringGetTextDatum(m->key.machine);
	values[1] = CStringGetTextDatum(head->key.chain);
	plan = dtsen_lifecycle_plan(
		m, DT_PLAN_HEAD, 2, types,
		"SELECT j.seq::pg_catalog.int8, j.digest::pg_catalog.bytea "
		"FROM %s.journal AS j WHERE j.machine OPERATOR(pg_catalog.=) $1 "
		"AND j.chain OPERATOR(pg_catalog.=) $2 ORDER BY j.seq DESC LIMIT 1");
	rc = SPI_execute_snapshot(plan, values, NULL, GetLatestSnapshot(),
							  InvalidSnapshot, true, false, 1);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_snapshot: %s", SPI_result_code_string(rc));
	head->seq = 0;
	memset(head->digest, 0, sizeof(head->digest));
	if (SPI_processed > 0)
	{
		HeapTuple tuple = SPI_tuptable->vals[0];
		TupleDesc desc = SPI_tuptable->tupdesc;
		bool isnull;
		struct varlena *digest;

		head->seq = DatumGetInt64(SPI_getbinval(tuple, desc, 1, &isnull));
		digest =
			PG_DETOAST_DATUM_PACKED(SPI_getbinval(tuple, desc, 2, &isnull));
		if (VARSIZE_ANY_EXHDR(digest) != DTC_DIGEST_BYTES)
			ereport(ERROR, (errcode(ERRCODE_DTSEN_JOURNAL),
							errmsg("journal of machine \"%s\" ends in an "
								   "entry without digest",
								   m->key.machine)));
		memcpy(head->digest, VARDATA_ANY(digest), DTC_DIGEST_BYTES);
	}
}

static Head *
find_head(const HeadKey *key, bool *found)
{
	if (heads == NULL)
	{
		HASHCTL ctl;

		ctl.keysize = sizeof(HeadKey);
		ctl.entrysize = sizeof(Head);
		ctl.hcxt = TopTransactionContext;
		heads = hash_create("dtsen chains", 64, &ctl,
							HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	return hash_search(heads, key, HASH_ENTER, found);
}

static int
compare_heads(const void *a, const void *b)
{
	return strcmp((*(Head *const *) a)->key.chain,
				  (*(Head *const *) b)->key.chain);
}

/*
 * Tells a writer of a region that entries are going to have. Cheap when it is
 * the same as before.
 */
void
dtsen_lifecycle_want_chain(DtWriter *w, DtText wilayah)
{
	HeadKey key;
	Head *head;
	bool found;

	chain_key(w->m, wilayah, &key);
	if (w->has_last && memcmp(&key, &w->last, sizeof(key)) == 0)
		return;
	w->last = key;
	w->has_last = true;
	head = find_head(&key, &found);
	if (found)
		return;
	if (w->nwanted == w->maxwanted)
	{
		int max = Max(16, w->maxwanted * 2);

		w->wanted = w->wanted == NULL
						? MemoryContextAlloc(w->cxt, max * sizeof(Head *))
						: repalloc(w->wanted, max * sizeof(Head *));
		w->maxwanted = max;
	}
	w->wanted[w->nwanted++] = head;
}

/*
 * Locks the wanted chains that this transaction has not locked yet, in the
 * order of their names: two statements cannot wait for each other in a circle,
 * two transactions of several statements can (40P01).
 */
void
dtsen_lifecycle_lock_chains(DtWriter *w)
{
	if (w->nwanted > 1)
		qsort(w->wanted, w->nwanted, sizeof(Head *), compare_heads);
	for (int i = 0; i < w->nwanted; i++)
	{
		lock_chain(&w->wanted[i]->key);
		read_head(w->m, w->wanted[i]);
	}
	w->nwanted = 0;
}

static void
flush(DtWriter *w)
{
	Oid types[SCALARS + COLUMNS] = {TEXTOID,        NAMEOID, NAMEOID, TEXTOID,
									TIMESTAMPTZOID, INT8OID, INT4OID};
	Datum values[SCALARS + COLUMNS];
	char nulls[SCALARS + COLUMNS + 1];
	NameData session_login;
	SPIPlanPtr plan;

	if (w->n == 0)
		return;
	memset(nulls, ' ', sizeof(nulls));
	nulls[lengthof(nulls) - 1] = '\0';
	namestrcpy(&session_login, w->session_login);
	values[0] = CStringGetTextDatum(w->m->key.machine);
	values[1] = NameGetDatum(&w->m->actor_login);
	values[2] = NameGetDatum(&session_login);
	values[3] = w->m->person != NULL ? CStringGetTextDatum(w->m->person) : 0;
	nulls[3] = w->m->person != NULL ? ' ' : 'n';
	values[4] = TimestampTzGetDatum(w->at);
	values[5] = Int64GetDatum(w->txid);
	values[6] = Int32GetDatum(w->version);
	for (int i = 0; i < COLUMNS; i++)
	{
		int dims[1] = {w->n};
		int lower[1] = {1};
		int16 len;
		bool byval;
		char align;

		get_typlenbyvalalign(column_types[i], &len, &byval, &align);
		types[SCALARS + i] = get_array_type(column_types[i]);
		values[SCALARS + i] = PointerGetDatum(
			construct_md_array(w->values[i], w->nulls[i], 1, dims, lower,
							   column_types[i], len, byval, align));
	}
	plan = dtsen_lifecycle_plan(
		w->m, DT_PLAN_JOURNAL, SCALARS + COLUMNS, types,
		"INSERT INTO %s.journal (machine, login, session_login, person_key, "
		"at, txid, machine_version, chain, seq, key, wilayah, from_state, "
		"to_state, action, reason, digest) "
		"SELECT $1, $2, $3, $4, $5, $6, $7, pg_catalog.unnest($8), "
		"pg_catalog.unnest($9), pg_catalog.unnest($10), "
		"pg_catalog.unnest($11), pg_catalog.unnest($12), "
		"pg_catalog.unnest($13), pg_catalog.unnest($14), "
		"pg_catalog.unnest($15), pg_catalog.unnest($16)");
	writing = w->m->relids[4];
	PG_TRY();
	{
		int rc = SPI_execute_plan(plan, values, nulls, false, 0);

		if (rc != SPI_OK_INSERT)
			elog(ERROR, "SPI_execute_plan: %s", SPI_result_code_string(rc));
	}
	PG_FINALLY();
	{
		writing = InvalidOid;
	}
	PG_END_TRY();
	if (SPI_processed != (uint64) w->n)
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_JOURNAL),
				 errmsg("journal of machine \"%s\" did not take its entries",
						w->m->key.machine)));
	w->n = 0;
	MemoryContextReset(w->batch);
}

static void
put_text(DtWriter *w, int column, DtText field)
{
	w->nulls[column][w->n] = field.isnull;
	w->values[column][w->n] =
		field.isnull
			? (Datum) 0
			: PointerGetDatum(cstring_to_text_with_len(field.data, field.len));
}

/*
 * Adds an entry: key, wilayah, from, to, action and reason are the caller's,
 * the rest is filled in. What it points to may go away afterwards.
 */
void
dtsen_lifecycle_append(DtWriter *w, DtEntry *entry)
{
	MemoryContext old = MemoryContextSwitchTo(w->batch);
	HeadKey key;
	Head *head;
	bool found;
	bytea *digest;

	if (entry->version == 0)
		entry->version = w->m->version;
	if (w->n > 0 && entry->version != w->version)
		flush(w);
	w->version = entry->version;
	digest = palloc(VARHDRSZ + DTC_DIGEST_BYTES);
	chain_key(w->m, entry->wilayah, &key);
	head = find_head(&key, &found);
	if (!found)
		elog(ERROR, "chain of a journal entry is not locked");
	entry->machine = w->m->key.machine;
	entry->chain = dtsen_lifecycle_text(key.chain);
	entry->seq = head->seq + 1;
	entry->login = dtsen_lifecycle_text(NameStr(w->m->actor_login));
	entry->session_login = dtsen_lifecycle_text(w->session_login);
	entry->person = dtsen_lifecycle_text(w->m->person);
	entry->at = w->at;
	entry->txid = w->txid;
	SET_VARSIZE(digest, VARHDRSZ + DTC_DIGEST_BYTES);
	dtsen_lifecycle_digest(&w->hasher, head->digest, entry,
						   (uint8 *) VARDATA(digest));

	put_text(w, COL_CHAIN, entry->chain);
	w->values[COL_SEQ][w->n] = Int64GetDatum(entry->seq);
	w->nulls[COL_SEQ][w->n] = false;
	put_text(w, COL_KEY, entry->key);
	put_text(w, COL_WILAYAH, entry->wilayah);
	put_text(w, COL_FROM, entry->from);
	put_text(w, COL_TO, entry->to);
	put_text(w, COL_ACTION, entry->action);
	put_text(w, COL_REASON, entry->reason);
	w->values[COL_DIGEST][w->n] = PointerGetDatum(digest);
	w->nulls[COL_DIGEST][w->n] = false;

	head->seq = entry->seq;
	memcpy(head->digest, VARDATA(digest), DTC_DIGEST_BYTES);
	MemoryContextSwitchTo(old);
	if (++w->n == BATCH)
		flush(w);
}

/*
 * Makes a writer, connects to SPI and becomes the owner of the journal. The
 * machine and its actor must be loaded.
 */
DtWriter *
dtsen_lifecycle_writer(DtMachine *m)
{
	MemoryContext cxt = CurrentMemoryContext;
	DtWriter *w = palloc(sizeof(DtWriter));

	if (heads_stale)
	{
		if (heads != NULL)
			hash_destroy(heads);
		heads = NULL;
		heads_stale = false;
	}
	w->m = m;
	w->cxt = cxt;
	w->has_last = false;
	w->wanted = NULL;
	w->nwanted = w->maxwanted = 0;
	w->at = GetCurrentTimestamp();
	w->txid = (int64) U64FromFullTransactionId(GetTopFullTransactionId());
	w->session_login = GetUserNameFromId(GetSessionUserId(), false);
	w->n = 0;
	w->batch =
		AllocSetContextCreate(cxt, "dtsen journal", ALLOCSET_DEFAULT_SIZES);
	dtsen_lifecycle_hasher(&w->hasher);
	dtsen_lifecycle_enter(m->journal_owner, &w->scope);
	SPI_connect();
	return w;
}

/* Writes what is left, and becomes the caller again. */
void
dtsen_lifecycle_finish(DtWriter *w)
{
	flush(w);
	SPI_finish();
	dtsen_lifecycle_leave(&w->scope);
	pg_cryptohash_free(w->hasher.context);
	MemoryContextDelete(w->batch);
}

DTSEN_FUNCTION(dtsen_journal_only);

/*
 * journal_only(): BEFORE INSERT row trigger of table journal. Refuses every
 * row but those of journal() and of logical replication.
 *
 * Errors: 39P01; SE004.
 */
Datum
dtsen_journal_only(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata =
		dtsen_lifecycle_trigger(fcinfo, "journal_only");

	if (!TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ||
		trigdata->tg_trigger->tgnargs != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("journal_only: must be fired before an insert, for "
						"each row, without arguments")));
	if (IsLogicalWorker() ||
		(OidIsValid(writing) &&
		 writing == RelationGetRelid(trigdata->tg_relation)))
		return PointerGetDatum(trigdata->tg_trigtuple);
	ereport(ERROR,
			(errcode(ERRCODE_DTSEN_IMMUTABLE),
			 errmsg("table \"%s\" is written by the journal trigger only",
					RelationGetRelationName(trigdata->tg_relation))));
}
