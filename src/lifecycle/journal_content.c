/*
 * journal_content.c
 *		Lists of columns, and whether rows are what their entries commit to.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/journal_row.h"

/* Names of an array, none of which is null; 22004. */
static char **
name_array(ArrayType *array, int *n)
{
	Datum *values;
	bool *nulls;
	char **result;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls,
					  n);
	result = palloc(Max(*n, 1) * sizeof(char *));
	for (int i = 0; i < *n; i++)
	{
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("array must not contain nulls")));
		result[i] = TextDatumGetCString(values[i]);
	}
	return result;
}

/*
 * Is the list in table journal_columns? is_lasting: and will it be whatever
 * becomes of this transaction?
 */
static bool
find_list(const DtStore *store, const DtRowColumns *columns, bool *is_lasting)
{
	Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
	SysScanDesc scan =
		systable_beginscan(store->rel, InvalidOid, false, snapshot, 0, NULL);
	bool found = false;
	HeapTuple tuple;

	*is_lasting = false;
	while (!*is_lasting && (tuple = systable_getnext(scan)) != NULL)
	{
		bool isnull;
		Datum value = heap_getattr(tuple, store->column[0],
								   RelationGetDescr(store->rel), &isnull);
		bytea *digest = isnull ? NULL : DatumGetByteaPP(value);

		if (digest == NULL || VARSIZE_ANY_EXHDR(digest) != DTC_SHA256_BYTES ||
			memcmp(VARDATA_ANY(digest), columns->digest, DTC_SHA256_BYTES) !=
				0)
			continue;
		found = true;
		*is_lasting = !TransactionIdIsCurrentTransactionId(
			HeapTupleHeaderGetXmin(tuple->t_data));
	}
	systable_endscan(scan);
	UnregisterSnapshot(snapshot);
	return found;
}

static void
add_list(DtStore *store, const DtRowColumns *columns)
{
	Datum *names = palloc(Max(columns->n, 1) * sizeof(Datum));
	Datum *types = palloc(Max(columns->n, 1) * sizeof(Datum));
	Datum values[3];

	for (int i = 0; i < columns->n; i++)
	{
		names[i] = CStringGetTextDatum(columns->column[i].name);
		types[i] = CStringGetTextDatum(columns->column[i].type_name);
	}
	values[0] = dtsen_journal_bytes(columns->digest, DTC_SHA256_BYTES);
	values[1] = PointerGetDatum(
		construct_array(names, columns->n, TEXTOID, -1, false, TYPALIGN_INT));
	values[2] = PointerGetDatum(
		construct_array(types, columns->n, TEXTOID, -1, false, TYPALIGN_INT));
	dtsen_journal_insert(store, values);
	CommandCounterIncrement();
}

/*
 * Sees to it that table journal_columns has a list to which entries of a block
 * are about to commit.
 *
 * blocks: table journal_block, open. Errors: SE005 a lifecycle made by an
 * earlier version has nowhere to keep it.
 */
void
dtsen_row_columns_known(DtRowColumns *columns, const DtStore *blocks)
{
	DtStore store;
	/* asked for each time: a lifecycle may be dropped and made again */
	Oid relid = get_relname_relid("journal_columns",
								  RelationGetNamespace(blocks->rel));
	bool is_there;
	bool is_lasting;

	if (OidIsValid(relid) && columns->known_in == relid)
		return;
	if (!OidIsValid(relid) || blocks->column[DT_BLOCK_SALT] == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_JOURNAL),
				 errmsg("the journal cannot commit to what rows say"),
				 errdetail("It was made by an earlier version."),
				 errhint("SELECT dtsen.upgrade_lifecycle() of its schema, as "
						 "its owner.")));
	/* a lock to read waits for nobody who adds another list */
	dtsen_journal_open(&store, relid, DT_STORE_COLUMNS, AccessShareLock);
	is_there = find_list(&store, columns, &is_lasting);
	dtsen_journal_close(&store);
	if (!is_there)
	{
		/* two sessions may both be the first */
		LockRelationOid(relid, ShareRowExclusiveLock);
		dtsen_journal_open(&store, relid, DT_STORE_COLUMNS, RowExclusiveLock);
		if (!find_list(&store, columns, &is_lasting))
			add_list(&store, columns);
		dtsen_journal_close(&store);
	}
	if (is_lasting)
		columns->known_in = relid;
}

DTSEN_FUNCTION(dtsen__journal_columns_digest);

/*
 * _journal_columns_digest(names text[], types text[]) -> bytea: of a list of
 * columns. Errors: 2202E the arrays differ in length; 22004.
 */
Datum
dtsen__journal_columns_digest(PG_FUNCTION_ARGS)
{
	int n;
	int ntypes;
	char **names = name_array(PG_GETARG_ARRAYTYPE_P(0), &n);
	char **types = name_array(PG_GETARG_ARRAYTYPE_P(1), &ntypes);
	uint8 digest[DTC_SHA256_BYTES];
	DtcSha256 hash;

	if (n != ntypes)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("arrays must have the same length")));
	dtc_columns_begin(&hash, dtsen_journal_compress());
	for (int i = 0; i < n; i++)
	{
		DtText name = {names[i], (int) strlen(names[i]), false};
		DtText type = {types[i], (int) strlen(types[i]), false};

		dtc_columns_add(&hash, dtsen_journal_utf8(name),
						dtsen_journal_utf8(type));
	}
	dtc_sha256_end(&hash, digest);
	PG_RETURN_DATUM(dtsen_journal_bytes(digest, DTC_SHA256_BYTES));
}

/* The salts of the block that dtsen__journal_contents() reads. */
typedef struct Salts
{
	DtcText salts;
	DtcSalts kind;
} Salts;

static void
content_columns(void *state, const DtReading *reading, const DtcChange *change,
				int64 seq, Datum *values, bool *nulls)
{
	const Salts *of = state;
	const DtcBlockReader *r = &reading->reader;
	uint8 salt[DTC_SALT_BYTES];

	dtsen_journal_put_text(change->key, &values[0], &nulls[0]);
	values[1] = Int64GetDatum(seq);
	values[2] = TimestampTzGetDatum(r->header.at);
	values[3] = Int64GetDatum(r->header.txid);
	dtsen_journal_put_text(change->step->to, &values[4], &nulls[4]);
	nulls[5] = nulls[6] = nulls[7] = change->row == NULL;
	if (change->row == NULL)
		return;
	values[5] = dtsen_journal_bytes(r->columns + (Size) change->columns *
													 DTC_SHA256_BYTES,
									DTC_SHA256_BYTES);
	nulls[6] = !dtc_salt_at(dtsen_journal_compress(), of->kind, of->salts,
							r->done - 1, salt);
	values[6] = dtsen_journal_bytes(salt, DTC_SALT_BYTES);
	values[7] = dtsen_journal_bytes(change->row, DTC_SHA256_BYTES);
}

DTSEN_FUNCTION(dtsen__journal_contents);

/*
 * _journal_contents(seq bigint, entries int, body bytea, salt bytea) -> set of
 * (key, seq, at, txid, to_state, columns, salt, content): of each entry of a
 * block what it commits to, with NULLs where it does not, and its salt, NULL
 * where that was erased or changed.
 *
 * Errors: SE005 the body is damaged.
 */
Datum
dtsen__journal_contents(PG_FUNCTION_ARGS)
{
	Salts of = {dtsen_journal_bytea(fcinfo, 3), DTC_SALTS_BAD};
	DtBlock block = {0};
	DtReading reading;
	const DtcBlockReader *r = &reading.reader;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return (Datum) 0;
	block.seq = PG_GETARG_INT64(0);
	block.entries = PG_GETARG_INT32(1);
	block.body = dtsen_journal_bytea(fcinfo, 2);
	if (!dtsen_journal_begin(&reading, &block))
		dtsen_journal_broken(&block);
	if (r->ncolumns > 0)
		of.kind = dtc_salts_kind(dtsen_journal_compress(), of.salts,
								 r->header.entries, r->salt_check);
	dtsen_journal_each(fcinfo, &reading, &block, content_columns, &of);
	return (Datum) 0;
}

/* A list of columns, as it is read from rows of a type. */
typedef struct KnownList
{
	uint8 digest[DTC_SHA256_BYTES];
	DtRowColumns *columns; /* NULL: the type has not these columns */
} KnownList;

typedef struct KnownLists
{
	TupleDesc desc;
	int n;
	KnownList *list;
} KnownLists;

/* The list with a digest, for rows of the type of argument 0; NULL: none. */
static DtRowColumns *
list_of(FunctionCallInfo fcinfo, HeapTupleHeader header, DtcText digest)
{
	MemoryContext cxt = fcinfo->flinfo->fn_mcxt;
	KnownLists *known = fcinfo->flinfo->fn_extra;
	Oid type = HeapTupleHeaderGetTypeId(header);
	int32 typmod = HeapTupleHeaderGetTypMod(header);
	MemoryContext old;
	KnownList *list;
	char **names;
	int n;

	if (digest.len != DTC_SHA256_BYTES)
		return NULL;
	if (known == NULL || known->desc->tdtypeid != type ||
		known->desc->tdtypmod != typmod)
	{
		old = MemoryContextSwitchTo(cxt);
		known = palloc0(sizeof(KnownLists));
		known->desc = lookup_rowtype_tupdesc_copy(type, typmod);
		fcinfo->flinfo->fn_extra = known;
		MemoryContextSwitchTo(old);
	}
	for (int i = known->n - 1; i >= 0; i--)
	{
		if (memcmp(known->list[i].digest, digest.data, DTC_SHA256_BYTES) == 0)
			return known->list[i].columns;
	}
	names = name_array(PG_GETARG_ARRAYTYPE_P(2), &n);
	old = MemoryContextSwitchTo(cxt);
	known->list = known->n == 0 ? palloc(sizeof(KnownList))
								: repalloc(known->list,
										   (known->n + 1) * sizeof(KnownList));
	list = &known->list[known->n];
	memcpy(list->digest, digest.data, DTC_SHA256_BYTES);
	list->columns = dtsen_row_columns(known->desc, n, names,
									  (const uint8 *) digest.data, cxt);
	known->n++;
	MemoryContextSwitchTo(old);
	return list->columns;
}

/* Reads the row of argument 0 by the list of 1 and 2; NULL: it has others. */
static DtRowColumns *
read_argument(FunctionCallInfo fcinfo, uint8 *digest)
{
	HeapTupleHeader header = PG_GETARG_HEAPTUPLEHEADER(0);
	DtRowColumns *columns =
		list_of(fcinfo, header, dtsen_journal_bytea(fcinfo, 1));
	HeapTupleData tuple;
	DtcMessage bytes;

	if (columns == NULL)
		return NULL;
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	bytes = dtsen_row_tuple(columns, &tuple,
							((KnownLists *) fcinfo->flinfo->fn_extra)->desc);
	bytes.digest = digest;
	dtc_sha256_messages(dtsen_journal_compress(), NULL, &bytes, 1);
	return columns;
}

DTSEN_FUNCTION(dtsen__journal_row_is);

/*
 * _journal_row_is(row record, columns bytea, names text[], salt bytea, content
 * bytea) -> bool: is the row what an entry commits to? NULL if it has not the
 * columns of that list. Cost: about 1 us.
 */
Datum
dtsen__journal_row_is(PG_FUNCTION_ARGS)
{
	DtcText salt = dtsen_journal_bytea(fcinfo, 3);
	DtcText content = dtsen_journal_bytea(fcinfo, 4);
	uint8 digest[DTC_SHA256_BYTES];

	if (read_argument(fcinfo, digest) == NULL)
		PG_RETURN_NULL();
	if (salt.len != DTC_SALT_BYTES || content.len != DTC_SHA256_BYTES)
		PG_RETURN_BOOL(false);
	dtc_row_commit(dtsen_journal_compress(), (const uint8 *) salt.data, digest,
				   digest);
	PG_RETURN_BOOL(memcmp(digest, content.data, DTC_SHA256_BYTES) == 0);
}

DTSEN_FUNCTION(dtsen__journal_row_fields);

/*
 * _journal_row_fields(row record, columns bytea, names text[]) -> bytea: the
 * columns of a row as they are hashed; NULL if it has not those of that list.
 */
Datum
dtsen__journal_row_fields(PG_FUNCTION_ARGS)
{
	uint8 digest[DTC_SHA256_BYTES];
	DtRowColumns *columns = read_argument(fcinfo, digest);

	if (columns == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(dtsen_journal_bytes(columns->row->data + DTC_ROW_PREFIX,
										columns->row->len - DTC_ROW_PREFIX));
}

DTSEN_FUNCTION(dtsen__journal_salt_without);

/*
 * _journal_salt_without(salt bytea, entries int, places int[]) -> bytea: the
 * salts of a block without those of some of its entries, counted from 0.
 *
 * Errors: 22023 no salts of a block, or no place in it.
 */
Datum
dtsen__journal_salt_without(PG_FUNCTION_ARGS)
{
	DtcCompress compress = dtsen_journal_compress();
	DtcText given = dtsen_journal_bytea(fcinfo, 0);
	int entries = PG_GETARG_INT32(1);
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(2);
	uint8 out[1 + DTC_BLOCK_ENTRIES * DTC_SALT_BYTES];
	DtcSalts kind =
		given.len == DTC_SALT_BYTES ? DTC_SALTS_SEED : DTC_SALTS_SINGLE;
	Datum *places;
	bool *nulls;
	int n;

	if (entries < 1 || entries > DTC_BLOCK_ENTRIES ||
		(kind == DTC_SALTS_SINGLE &&
		 given.len != 1 + (Size) entries * DTC_SALT_BYTES))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("these are no salts of a block")));
	out[0] = DTC_SALTS_SINGLE;
	for (int i = 0; i < entries; i++)
		(void) dtc_salt_at(compress, kind, given, i,
						   out + 1 + i * DTC_SALT_BYTES);
	deconstruct_array(array, INT4OID, 4, true, TYPALIGN_INT, &places, &nulls,
					  &n);
	for (int i = 0; i < n; i++)
	{
		int place = nulls[i] ? -1 : DatumGetInt32(places[i]);

		if (place < 0 || place >= entries)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("these are no salts of a block")));
		memset(out + 1 + place * DTC_SALT_BYTES, 0, DTC_SALT_BYTES);
	}
	PG_RETURN_DATUM(
		dtsen_journal_bytes(out, 1 + (Size) entries * DTC_SALT_BYTES));
}
