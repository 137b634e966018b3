/*
 * journal_read.c
 *		The entries of blocks, and those of one row.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/journal.h"

#define LEVELS 32
#define LANES 16

/*
 * Begins to read a block. The memory of reading lasts as long as the current
 * context. False: its body is none.
 */
bool
dtsen_journal_begin(DtReading *reading, const DtBlock *block)
{
	DtcBlockReader *r = &reading->reader;

	if (!dtc_block_open(r, (const uint8 *) block->body.data, block->body.len))
		return false;
	r->header.machine = block->machine;
	r->header.chain = block->chain;
	r->header.seq = block->seq;
	r->header.entries = (uint32) block->entries;
	reading->steps = palloc(Max(r->nsteps, 1) * sizeof(DtcStep));
	reading->regions = palloc(Min(Max(block->entries, 1), DTC_BLOCK_ENTRIES) *
							  sizeof(DtcRegion));
	return block->entries > 0 && block->entries <= DTC_BLOCK_ENTRIES &&
		   dtc_block_dictionaries(r, reading->steps, reading->regions);
}

/* Raises that a block cannot be read (SE005). */
void
dtsen_journal_broken(const DtBlock *block)
{
	ereport(ERROR,
			(errcode(ERRCODE_DTSEN_JOURNAL),
			 errmsg("a block of the journal is damaged"),
			 errdetail("It begins with entry %lld.", (long long) block->seq),
			 errhint("dtsen.verify_journal() says more.")));
}

/*
 * A text of a block in the encoding of the server. Bytes that somebody put
 * there and that are no text are said to be that.
 */
static DtText
server_text(DtcText utf8)
{
	DtText result = {"", 0, true};
	char *server;

	if (utf8.data == NULL)
		return result;
	if (!pg_verify_mbstr(PG_UTF8, utf8.data, (int) utf8.len, true))
	{
		result.data = "(no text)";
		result.len = (int) strlen(result.data);
		result.isnull = false;
		return result;
	}
	server = pg_any_to_server(utf8.data, (int) utf8.len, PG_UTF8);
	result.data = server;
	result.len = server == utf8.data ? (int) utf8.len : (int) strlen(server);
	result.isnull = false;
	return result;
}

/* A text in UTF-8, which is a copy only if the server has another encoding. */
DtcText
dtsen_journal_utf8(DtText given)
{
	DtcText result = {NULL, 0};
	char *utf8;

	if (given.isnull)
		return result;
	utf8 = pg_server_to_any(given.data, given.len, PG_UTF8);
	result.data = utf8;
	result.len = utf8 == given.data ? (size_t) given.len : strlen(utf8);
	return result;
}

/* A field as a value of type text, or name. */
void
dtsen_journal_put_text(DtcText field, Datum *value, bool *isnull)
{
	DtText given = server_text(field);

	*isnull = given.isnull;
	*value =
		given.isnull
			? (Datum) 0
			: PointerGetDatum(cstring_to_text_with_len(given.data, given.len));
}

static void
put_name(DtcText field, Datum *value, bool *isnull)
{
	DtText given = server_text(field);
	Name name = palloc0(NAMEDATALEN);

	memcpy(NameStr(*name), given.data, Min(given.len, NAMEDATALEN - 1));
	*isnull = given.isnull;
	*value = NameGetDatum(name);
}

/* A bytea of len bytes. */
Datum
dtsen_journal_bytes(const void *data, Size len)
{
	bytea *result = palloc(VARHDRSZ + len);

	SET_VARSIZE(result, VARHDRSZ + len);
	memcpy(VARDATA(result), data, len);
	return PointerGetDatum(result);
}

/* Argument i, a bytea or text as it is; data is NULL where that is null. */
DtcText
dtsen_journal_bytea(FunctionCallInfo fcinfo, int i)
{
	DtcText result = {NULL, 0};

	if (!PG_ARGISNULL(i))
	{
		bytea *value = PG_GETARG_BYTEA_PP(i);

		result.data = VARDATA_ANY(value);
		result.len = VARSIZE_ANY_EXHDR(value);
	}
	return result;
}

/* Argument i, a text that is not null, in UTF-8. */
DtcText
dtsen_journal_argument(FunctionCallInfo fcinfo, int i)
{
	DtcText bytes = dtsen_journal_bytea(fcinfo, i);
	DtText server = {bytes.data, (int) bytes.len, false};

	return dtsen_journal_utf8(server);
}

#define ENTRY_COLUMNS 18

/*
 * The columns of an entry: seq, key, wilayah, from_state, to_state, action,
 * login, session_login, person_key, at, txid, machine_version, digest,
 * from_chain, note_seq, commitment, columns, content. state: note_seq[] of the
 * first entry with each note of the block, 0 where it was not met yet.
 */
static void
entry_columns(void *state, const DtReading *reading, const DtcChange *change,
			  int64 seq, Datum *values, bool *nulls)
{
	int64 *note_seq = state;
	const DtcBlockHeader *header = &reading->reader.header;
	uint8 leaf[DTC_SHA256_BYTES];

	memset(nulls, 0, ENTRY_COLUMNS * sizeof(bool));
	values[0] = Int64GetDatum(seq);
	dtsen_journal_put_text(change->key, &values[1], &nulls[1]);
	dtsen_journal_put_text(change->region->wilayah, &values[2], &nulls[2]);
	dtsen_journal_put_text(change->step->from, &values[3], &nulls[3]);
	dtsen_journal_put_text(change->step->to, &values[4], &nulls[4]);
	dtsen_journal_put_text(change->step->action, &values[5], &nulls[5]);
	put_name(header->login, &values[6], &nulls[6]);
	put_name(header->session_login, &values[7], &nulls[7]);
	dtsen_journal_put_text(header->person, &values[8], &nulls[8]);
	values[9] = TimestampTzGetDatum(header->at);
	values[10] = Int64GetDatum(header->txid);
	values[11] = Int32GetDatum(header->version);
	dtc_change_leaf(dtsen_journal_compress(), seq, change, leaf);
	values[12] = dtsen_journal_bytes(leaf, DTC_SHA256_BYTES);
	dtsen_journal_put_text(change->region->from_chain, &values[13],
						   &nulls[13]);
	nulls[14] = nulls[15] = change->note == NULL;
	if (change->note != NULL)
	{
		int64 *first =
			&note_seq[(change->note - reading->reader.notes) / DTC_NOTE_BYTES];

		if (*first == 0)
			*first = seq;
		values[14] = Int64GetDatum(*first);
		values[15] = dtsen_journal_bytes(change->note, DTC_NOTE_BYTES);
	}
	nulls[16] = nulls[17] = change->row == NULL;
	if (change->row != NULL)
	{
		values[16] =
			dtsen_journal_bytes(reading->reader.columns +
									(Size) change->columns * DTC_SHA256_BYTES,
								DTC_SHA256_BYTES);
		values[17] = dtsen_journal_bytes(change->row, DTC_SHA256_BYTES);
	}
}

/*
 * Returns the entries of a block as rows of a function, whose columns (at most
 * ENTRY_COLUMNS) fill() sets.
 *
 * reading: from dtsen_journal_begin(). Errors: SE005 the body is damaged.
 */
void
dtsen_journal_each(FunctionCallInfo fcinfo, DtReading *reading,
				   const DtBlock *block, DtFillEntry fill, void *state)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext row = AllocSetContextCreate(
		CurrentMemoryContext, "dtsen entry", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(row);
	DtcChange change;
	const uint8 *check;
	DtcBlockNext next;

	while ((next = dtc_block_next(&reading->reader, &change, &check)) ==
		   DTC_BLOCK_ENTRY)
	{
		Datum values[ENTRY_COLUMNS] = {0};
		bool nulls[ENTRY_COLUMNS] = {false};

		fill(state, reading, &change, block->seq + reading->reader.done - 1,
			 values, nulls);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
		MemoryContextReset(row);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(row);
	if (next != DTC_BLOCK_END)
		dtsen_journal_broken(block);
}

DTSEN_FUNCTION(dtsen_journal_entries);

/*
 * journal_entries(seq bigint, entries int, body bytea) -> set of entries, from
 * three columns of table journal_block.
 *
 * Errors: SE005 the body is damaged. Cost: below 1 us an entry.
 */
Datum
dtsen_journal_entries(PG_FUNCTION_ARGS)
{
	DtBlock block = {0};
	DtReading reading;

	/* Deriving the row type anew would leave memory behind for each block. */
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	block.seq = PG_GETARG_INT64(0);
	block.entries = PG_GETARG_INT32(1);
	block.body = dtsen_journal_bytea(fcinfo, 2);
	if (!dtsen_journal_begin(&reading, &block))
		dtsen_journal_broken(&block);
	dtsen_journal_each(fcinfo, &reading, &block, entry_columns,
					   palloc0(Max(reading.reader.nnotes, 1) * sizeof(int64)));
	return (Datum) 0;
}

static bool
same_bytes(DtcText a, DtcText b)
{
	return (a.data == NULL) == (b.data == NULL) && a.len == b.len &&
		   (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* The digits that name a chain, without its lane. */
static size_t
regency_len(DtcText chain)
{
	size_t n = 0;

	while (n < chain.len && chain.data[n] != '/')
		n++;
	return n;
}

/* Gives each entry of the key in a block; false if take has enough. */
static bool
find_in_block(const DtBlock *block, DtcText key, List **chains,
			  DtTakeEntry take, void *state)
{
	DtReading reading;
	DtcChange change;
	const uint8 *check;
	DtcBlockNext next;

	if (!dtsen_journal_begin(&reading, block))
		dtsen_journal_broken(block);
	while ((next = dtc_block_next(&reading.reader, &change, &check)) ==
		   DTC_BLOCK_ENTRY)
	{
		DtcText from = change.region->from_chain;

		if (!same_bytes(change.key, key))
			continue;
		if (from.data != NULL)
		{
			char *name = pnstrdup(from.data, from.len);

			*chains = list_append_unique(*chains, makeString(name));
		}
		if (!take(state, block, &reading, &change,
				  block->seq + reading.reader.done - 1))
			return false;
	}
	if (next != DTC_BLOCK_END)
		dtsen_journal_broken(block);
	return true;
}

static bool
find_in_chain(DtStore *store, Snapshot snapshot, DtcText machine,
			  DtcText chain, DtcText key, List **chains, DtTakeEntry take,
			  void *state)
{
	Datum cells[2 * LEVELS];
	int n = 0;
	uint32 chain_hash = dtc_chain_hash(machine, chain.data, chain.len);
	uint32 hash = dtc_key_hash(key.data, key.len);
	MemoryContext old = CurrentMemoryContext;
	MemoryContext row =
		AllocSetContextCreate(old, "dtsen block", ALLOCSET_DEFAULT_SIZES);
	Relation index = index_open(store->key_index, AccessShareLock);
	ScanKeyData scankey;
	SysScanDesc scan;
	HeapTuple tuple;
	bool more = true;

	for (int level = 0; level < LEVELS; level++)
	{
		if (hash >> level > 0)
			cells[n++] =
				Int64GetDatum(dtc_key_cell_at(chain_hash, hash, level) - 1);
		cells[n++] = Int64GetDatum(dtc_key_cell_at(chain_hash, hash, level));
	}
	ScanKeyEntryInitialize(
		&scankey, SK_SEARCHARRAY, store->column[DT_BLOCK_KEYS],
		BTEqualStrategyNumber, InvalidOid, InvalidOid, F_INT8EQ,
		PointerGetDatum(construct_array(cells, n, INT8OID, 8, FLOAT8PASSBYVAL,
										TYPALIGN_DOUBLE)));
	/*
	 * By this index whatever the session says: without one, which
	 * systable_beginscan() does for ignore_system_indexes, an array of keys
	 * finds nothing, and whoever connects could set that.
	 */
	scan =
		systable_beginscan_ordered(store->rel, index, snapshot, 1, &scankey);
	while (more && (tuple = systable_getnext_ordered(
						scan, ForwardScanDirection)) != NULL)
	{
		DtBlock block;
		List *found = NIL;
		ListCell *cell;

		MemoryContextSwitchTo(row);
		if (!dtsen_journal_tuple(store, tuple, &block))
			dtsen_journal_broken(&block);
		if (same_bytes(block.machine, machine) &&
			regency_len(block.chain) == chain.len &&
			memcmp(block.chain.data, chain.data, chain.len) == 0)
			more = find_in_block(&block, key, &found, take, state);
		MemoryContextSwitchTo(old);
		foreach (cell, found)
			*chains = list_append_unique(
				*chains, makeString(pstrdup(strVal(lfirst(cell)))));
		MemoryContextReset(row);
		CHECK_FOR_INTERRUPTS();
	}
	systable_endscan_ordered(scan);
	index_close(index, AccessShareLock);
	MemoryContextDelete(row);
	return more;
}

/*
 * Gives every entry of a key to take, in no order: of a regency's chains, and
 * of those in which the row was before. chain: digits, without lane.
 *
 * Errors: SE005 a block is damaged. Cost: some 60 index probes a chain, and a
 * block of a thousand entries for each statement in which the row may be.
 */
void
dtsen_journal_find(DtStore *store, Snapshot snapshot, DtcText machine,
				   DtcText chain, DtcText key, DtTakeEntry take, void *state)
{
	List *chains = list_make1(
		makeString(pnstrdup(chain.data == NULL ? "" : chain.data, chain.len)));

	for (int i = 0; i < list_length(chains); i++)
	{
		const char *name = strVal(list_nth(chains, i));
		DtcText at = {name, strlen(name)};

		if (!find_in_chain(store, snapshot, machine, at, key, &chains, take,
						   state))
			return;
	}
}

/* What dtsen_journal_history() gathers. */
typedef struct History
{
	ReturnSetInfo *rsinfo;
	Datum machine;
} History;

static bool
take_history(void *state, const DtBlock *block, const DtReading *reading,
			 const DtcChange *change, int64 seq)
{
	History *h = state;
	Datum values[ENTRY_COLUMNS + 2];
	bool nulls[ENTRY_COLUMNS + 2];
	int64 *note_seq = palloc0(Max(reading->reader.nnotes, 1) * sizeof(int64));

	if (change->note != NULL)
	{
		/* the note is filed under the first entry of the block that has it */
		DtReading again;
		DtcChange other;
		const uint8 *check;

		if (!dtsen_journal_begin(&again, block))
			dtsen_journal_broken(block);
		while (dtc_block_next(&again.reader, &other, &check) ==
			   DTC_BLOCK_ENTRY)
		{
			int64 *first;

			if (other.note == NULL)
				continue;
			first =
				&note_seq[(other.note - again.reader.notes) / DTC_NOTE_BYTES];
			if (*first == 0)
				*first = block->seq + again.reader.done - 1;
		}
	}
	nulls[0] = nulls[1] = false;
	values[0] = h->machine;
	dtsen_journal_put_text(block->chain, &values[1], &nulls[1]);
	entry_columns(note_seq, reading, change, seq, values + 2, nulls + 2);
	tuplestore_putvalues(h->rsinfo->setResult, h->rsinfo->setDesc, values,
						 nulls);
	return true;
}

/* The regencies in which a machine has entries, by skipping from one to next */
static List *
regencies(DtStore *store, Snapshot snapshot, Datum machine)
{
	List *result = NIL;
	Relation index = index_open(store->pkey, AccessShareLock);
	char *last = NULL;

	for (;;)
	{
		ScanKeyData keys[2];
		SysScanDesc scan;
		HeapTuple tuple;
		DtBlock block;
		char *name = NULL;

		ScanKeyInit(&keys[0], store->column[DT_BLOCK_MACHINE],
					BTEqualStrategyNumber, F_TEXTEQ, machine);
		if (last != NULL)
			ScanKeyInit(&keys[1], store->column[DT_BLOCK_CHAIN],
						BTGreaterStrategyNumber, F_TEXT_GT,
						CStringGetTextDatum(last));
		scan = systable_beginscan_ordered(store->rel, index, snapshot,
										  last == NULL ? 1 : 2, keys);
		tuple = systable_getnext_ordered(scan, ForwardScanDirection);
		if (tuple != NULL && !dtsen_journal_tuple(store, tuple, &block))
			dtsen_journal_broken(&block);
		if (tuple != NULL)
			name = pnstrdup(block.chain.data, block.chain.len);
		systable_endscan_ordered(scan);
		if (name == NULL)
			break;
		last = pstrdup(name);
		name[strcspn(name, "/")] = '\0';
		result = list_append_unique(result, makeString(name));
		CHECK_FOR_INTERRUPTS();
	}
	index_close(index, AccessShareLock);
	return result;
}

DTSEN_FUNCTION(dtsen__journal_history);

/*
 * _journal_history(journal_block regclass, machine text, key text, wilayah
 * text) -> set of entries of one row, in no order, with their machine and
 * chain first. wilayah: where the row is now; NULL looks into every chain,
 * which takes some milliseconds.
 *
 * Errors: 42501 without SELECT on view journal of the same schema; SE005.
 */
Datum
dtsen__journal_history(PG_FUNCTION_ARGS)
{
	Oid relid;
	Oid view;
	DtcText machine;
	DtcText key;
	History h;
	DtStore store;
	Snapshot snapshot;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return (Datum) 0;
	relid = PG_GETARG_OID(0);
	view = get_relname_relid("journal", get_rel_namespace(relid));
	machine = dtsen_journal_argument(fcinfo, 1);
	key = dtsen_journal_argument(fcinfo, 2);
	snapshot = RegisterSnapshot(GetActiveSnapshot());
	if (!OidIsValid(view) ||
		pg_class_aclcheck(view, GetUserId(), ACL_SELECT) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_VIEW, "journal");
	h.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	h.machine = PG_GETARG_DATUM(1);
	dtsen_journal_open(&store, relid, DT_STORE_BLOCKS, AccessShareLock);
	if (!PG_ARGISNULL(3))
	{
		DtcText wilayah = dtsen_journal_argument(fcinfo, 3);
		char digits[DTC_CHAIN_DIGITS];
		DtcText chain;

		chain.data = digits;
		chain.len = dtc_wilayah_digits(wilayah.data, wilayah.len, digits,
									   DTC_CHAIN_DIGITS);
		dtsen_journal_find(&store, snapshot, machine, chain, key, take_history,
						   &h);
	}
	else
	{
		ListCell *cell;

		foreach (cell, regencies(&store, snapshot, PG_GETARG_DATUM(1)))
		{
			const char *name = strVal(lfirst(cell));
			DtcText chain = {name, strlen(name)};
			List *chains = NIL;

			(void) find_in_chain(&store, snapshot, machine, chain, key,
								 &chains, take_history, &h);
		}
	}
	dtsen_journal_close(&store);
	UnregisterSnapshot(snapshot);
	return (Datum) 0;
}

DTSEN_FUNCTION(dtsen__journal_note_count);

/*
 * _journal_note_count(entries int, body bytea) -> int: notes of a block; 0 of
 * what is no block.
 */
Datum
dtsen__journal_note_count(PG_FUNCTION_ARGS)
{
	DtBlock block = {0};
	DtReading reading;

	block.entries = PG_GETARG_INT32(0);
	block.body = dtsen_journal_bytea(fcinfo, 1);
	if (!dtsen_journal_begin(&reading, &block))
		PG_RETURN_INT32(0);
	PG_RETURN_INT32((int32) reading.reader.nnotes);
}
