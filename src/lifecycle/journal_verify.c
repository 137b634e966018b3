/*
 * journal_verify.c
 *		Recomputing the digests of blocks; trees over digests.
 *
 * A block is checked by itself, with the digest of the block before as the row
 * states it, so that the blocks can be checked in any order and by several
 * processes. That each states the right one is a comparison of short columns,
 * which verify_journal() does in SQL.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/journal_row.h"

/* What the entries of a block add up to. */
typedef struct Sums
{
	int64 bad_seq; /* 0: none */
	const char *problem;
	bool attached;
	int32 contents; /* entries that commit to what their rows say */
	uint64 rows;
	uint32 low;
	uint32 high;
	DtcMerkle tree;
} Sums;

/* Reads machine, chain, seq, entries, body from arguments 0 to 4. */
static void
block_arguments(FunctionCallInfo fcinfo, DtBlock *block)
{
	memset(block, 0, sizeof(*block));
	block->machine = dtsen_journal_argument(fcinfo, 0);
	block->chain = dtsen_journal_argument(fcinfo, 1);
	block->seq = PG_GETARG_INT64(2);
	block->entries = PG_GETARG_INT32(3);
	block->body = dtsen_journal_bytea(fcinfo, 4);
}

static void
add_rows(Sums *sums, const uint64 *secret, const DtcChange *change)
{
	const DtcStep *step = change->step;

	if (step->from.data != NULL)
	{
		/* what an edit adds it takes away */
		if (step->from.len == step->to.len &&
			memcmp(step->from.data, step->to.data, step->to.len) == 0)
			return;
		sums->rows -= dtc_row_hash(secret, change->key, step->from);
	}
	else if (step->action.len == strlen(DTSEN_ACTION_ATTACHED) &&
			 memcmp(step->action.data, DTSEN_ACTION_ATTACHED,
					step->action.len) == 0)
		sums->attached = true;
	sums->rows += dtc_row_hash(secret, change->key, step->to);
}

/* Reads all entries; the first that is not as it was written is the bad one */
static void
check_entries(DtReading *reading, int64 seq, const uint64 *secret, Sums *sums)
{
	DtcBlockReader *r = &reading->reader;
	DtcCompress compress = dtsen_journal_compress();
	DtcChange change;
	const uint8 *check;
	DtcBlockNext next;

	sums->low = PG_UINT32_MAX;
	sums->high = 0;
	dtc_merkle_begin(&sums->tree, compress);
	while ((next = dtc_block_next(r, &change, &check)) == DTC_BLOCK_ENTRY)
	{
		uint8 leaf[DTC_SHA256_BYTES];
		uint32 hash = change.is_number
						  ? dtc_key_hash_number(change.number)
						  : dtc_key_hash(change.key.data, change.key.len);

		dtc_change_leaf(compress, seq + r->done - 1, &change, leaf);
		if (sums->bad_seq == 0 && memcmp(leaf, check, 4) != 0)
		{
			sums->bad_seq = seq + r->done - 1;
			sums->problem = "entry";
		}
		dtc_merkle_add(&sums->tree, leaf);
		sums->contents += change.row != NULL ? 1 : 0;
		sums->low = Min(sums->low, hash);
		sums->high = Max(sums->high, hash);
		if (secret != NULL)
			add_rows(sums, secret, &change);
	}
	if (next != DTC_BLOCK_END && sums->bad_seq == 0)
	{
		sums->bad_seq = seq + Min(r->done, r->header.entries - 1);
		sums->problem = "damaged";
	}
}

/* Digest of the body, root of the entries, and content of a block. */
static void
block_digests(const DtReading *reading, const DtBlock *block, const Sums *sums,
			  uint8 *body, uint8 *root, uint8 *content)
{
	DtcCompress compress = dtsen_journal_compress();
	DtcSha256 hash;

	dtc_merkle_root(&sums->tree, root);
	dtc_sha256_begin(&hash, compress);
	dtc_sha256_add(&hash, block->body.data, block->body.len);
	dtc_sha256_end(&hash, body);
	dtc_block_content(compress, &reading->reader.header, root, body, content);
}

static void
check_digest(const DtReading *reading, const DtBlock *block, Sums *sums,
			 DtcText previous, DtcText digest)
{
	DtcCompress compress = dtsen_journal_compress();
	uint8 body[DTC_SHA256_BYTES];
	uint8 root[DTC_SHA256_BYTES];
	uint8 content[DTC_SHA256_BYTES];
	size_t len = 0;

	block_digests(reading, block, sums, body, root, content);
	if (previous.len == DTC_SHA256_BYTES && digest.len == DTC_SHA256_BYTES)
	{
		dtc_block_link(compress, (const uint8 *) previous.data, content, body);
		if (memcmp(body, digest.data, DTC_SHA256_BYTES) == 0)
		{
			while (len < block->chain.len && block->chain.data[len] != '/')
				len++;
			if (block->keys ==
				dtc_key_cell(
					dtc_chain_hash(block->machine, block->chain.data, len),
					sums->low, sums->high))
				return;
			sums->problem = "index";
			sums->bad_seq = block->seq;
			return;
		}
	}
	sums->problem = "digest";
	sums->bad_seq = block->seq;
}

DTSEN_FUNCTION(dtsen__journal_check);

/*
 * _journal_check(machine, chain, seq, entries, body, keys, previous, digest,
 * secret bytea, salt bytea) -> (bad_seq, problem, at, txid, is_attached, notes,
 * rows, contents, is_salted): is a block as it was written?
 *
 * secret: 16 random bytes, the same for a whole verification. bad_seq: the
 * first entry that is not, NULL if all is well; rows: sum of the hashes of the
 * states that its entries lead to less those that they leave, modulo 2^64.
 * contents: how many entries commit to what their rows say; is_salted: whether
 * salt, empty for none, is what the block says of it.
 */
Datum
dtsen__journal_check(PG_FUNCTION_ARGS)
{
	DtBlock block;
	DtReading reading;
	Sums sums = {0};
	uint64 secret[2];
	DtcText given = dtsen_journal_bytea(fcinfo, 8);
	TupleDesc desc;
	Datum values[9];
	bool nulls[9] = {false};
	DtcText salt = dtsen_journal_bytea(fcinfo, 9);
	bool is_read;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (given.len != sizeof(secret))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("secret must have %d bytes", (int) sizeof(secret))));
	memcpy(secret, given.data, sizeof(secret));
	block_arguments(fcinfo, &block);
	block.keys = PG_GETARG_INT64(5);
	is_read = dtsen_journal_begin(&reading, &block);
	if (is_read)
	{
		check_entries(&reading, block.seq, secret, &sums);
		if (sums.bad_seq == 0)
			check_digest(&reading, &block, &sums,
						 dtsen_journal_bytea(fcinfo, 6),
						 dtsen_journal_bytea(fcinfo, 7));
	}
	else
	{
		sums.bad_seq = block.seq;
		sums.problem = "damaged";
	}
	nulls[0] = nulls[1] = sums.problem == NULL;
	values[0] = Int64GetDatum(sums.bad_seq);
	values[1] =
		sums.problem == NULL ? (Datum) 0 : CStringGetTextDatum(sums.problem);
	values[2] = TimestampTzGetDatum(reading.reader.header.at);
	values[3] = Int64GetDatum(reading.reader.header.txid);
	nulls[2] = nulls[3] = nulls[8] =
		sums.problem != NULL && strcmp(sums.problem, "damaged") == 0;
	values[4] = BoolGetDatum(sums.attached);
	values[5] = Int32GetDatum((int32) reading.reader.nnotes);
	values[6] = Int64GetDatum((int64) sums.rows);
	values[7] = Int32GetDatum(sums.contents);
	values[8] = BoolGetDatum(
		!is_read || reading.reader.ncolumns == 0
			? salt.len == 0
			: dtc_salts_kind(dtsen_journal_compress(), salt,
							 reading.reader.header.entries,
							 reading.reader.salt_check) != DTC_SALTS_BAD);
	PG_RETURN_DATUM(HeapTupleGetDatum(
		heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

DTSEN_FUNCTION(dtsen__journal_row_hash);

/* _journal_row_hash(secret bytea, key text, state text) -> bigint */
Datum
dtsen__journal_row_hash(PG_FUNCTION_ARGS)
{
	DtcText given = dtsen_journal_bytea(fcinfo, 0);
	uint64 secret[2];

	if (given.len != sizeof(secret))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("secret must have %d bytes", (int) sizeof(secret))));
	memcpy(secret, given.data, sizeof(secret));
	PG_RETURN_INT64((int64) dtc_row_hash(secret,
										 dtsen_journal_argument(fcinfo, 1),
										 dtsen_journal_argument(fcinfo, 2)));
}

DTSEN_FUNCTION(dtsen__journal_content);

/*
 * _journal_content(machine, chain, seq, entries, body) -> (root, body_digest,
 * content) of a block; NULLs if its body is damaged.
 */
Datum
dtsen__journal_content(PG_FUNCTION_ARGS)
{
	DtBlock block;
	DtReading reading;
	Sums sums = {0};
	uint8 digests[3][DTC_SHA256_BYTES];
	TupleDesc desc;
	Datum values[3] = {0};
	bool nulls[3] = {true, true, true};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	block_arguments(fcinfo, &block);
	if (dtsen_journal_begin(&reading, &block))
	{
		check_entries(&reading, block.seq, NULL, &sums);
		block_digests(&reading, &block, &sums, digests[1], digests[0],
					  digests[2]);
		for (int i = 0; i < 3; i++)
		{
			values[i] = dtsen_journal_bytes(digests[i], DTC_SHA256_BYTES);
			nulls[i] = false;
		}
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(
		heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* Digests of an array, one after the other; 22023 if one is none. */
static uint8 *
digest_array(ArrayType *array, int *n)
{
	Datum *values;
	bool *nulls;
	uint8 *result;

	deconstruct_array(array, BYTEAOID, -1, false, TYPALIGN_INT, &values,
					  &nulls, n);
	result =
		palloc_extended((Size) Max(*n, 1) * DTC_SHA256_BYTES, MCXT_ALLOC_HUGE);
	for (int i = 0; i < *n; i++)
	{
		bytea *value = nulls[i] ? NULL : DatumGetByteaPP(values[i]);

		if (value == NULL || VARSIZE_ANY_EXHDR(value) != DTC_SHA256_BYTES)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("digest must have %d bytes", DTC_SHA256_BYTES)));
		memcpy(result + (Size) i * DTC_SHA256_BYTES, VARDATA_ANY(value),
			   DTC_SHA256_BYTES);
	}
	return result;
}

/* The compression of trees over as many digests as somebody likes. */
static void
compress_or_cancel(uint32_t state[8], const uint8_t *data, size_t n)
{
	CHECK_FOR_INTERRUPTS();
	dtsen_journal_compress()(state, data, n);
}

DTSEN_FUNCTION(dtsen_merkle_root);

/*
 * merkle_root(leaves bytea[]) -> bytea: the root of the tree of RFC 6962 over
 * digests, which are leaves already. Errors: 22023 no digest of 32 bytes.
 */
Datum
dtsen_merkle_root(PG_FUNCTION_ARGS)
{
	int n;
	uint8 *leaves = digest_array(PG_GETARG_ARRAYTYPE_P(0), &n);
	uint8 root[DTC_SHA256_BYTES];
	DtcMerkle tree;

	dtc_merkle_begin(&tree, compress_or_cancel);
	for (int i = 0; i < n; i++)
		dtc_merkle_add(&tree, leaves + (Size) i * DTC_SHA256_BYTES);
	dtc_merkle_root(&tree, root);
	pfree(leaves);
	PG_RETURN_DATUM(dtsen_journal_bytes(root, DTC_SHA256_BYTES));
}

DTSEN_FUNCTION(dtsen_merkle_path);

/*
 * merkle_path(leaves bytea[], index int) -> text[]: the way from leaf index,
 * from 1, to the root: of each node on it the sibling in hexadecimal after L
 * (it is the left one) or R. Errors: 22023.
 */
Datum
dtsen_merkle_path(PG_FUNCTION_ARGS)
{
	int n;
	uint8 *leaves = digest_array(PG_GETARG_ARRAYTYPE_P(0), &n);
	int index = PG_GETARG_INT32(1);
	uint8 path[DTC_MERKLE_DEPTH * DTC_SHA256_BYTES];
	uint8 is_left[DTC_MERKLE_DEPTH];
	Datum values[DTC_MERKLE_DEPTH];
	int depth;

	if (index < 1 || index > n)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("there is no leaf %d among %d", index, n)));
	depth = dtc_merkle_path(compress_or_cancel, leaves, n, index - 1, path,
							is_left);
	for (int i = 0; i < depth; i++)
	{
		char sibling[2 * DTC_SHA256_BYTES + 2];

		sibling[0] = is_left[i] ? 'L' : 'R';
		for (int j = 0; j < DTC_SHA256_BYTES; j++)
			snprintf(sibling + 1 + 2 * j, 3, "%02x",
					 path[i * DTC_SHA256_BYTES + j]);
		values[i] = CStringGetTextDatum(sibling);
	}
	pfree(leaves);
	PG_RETURN_ARRAYTYPE_P(
		construct_array(values, depth, TEXTOID, -1, false, TYPALIGN_INT));
}
