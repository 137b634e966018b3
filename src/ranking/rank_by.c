/*
 * rank_by.c
 *		rank_cuts_by(relation, by, score, weight, groups, condition): exact
 *		cuts of every region of a relation, in one scan.
 *
 * A GROUP BY meets its groups in the order of the rows, so each row of a table
 * in no order of regions waits for memory that no cache holds: the hash table
 * of the server, the state, the end of its rows. Here a row only looks up the
 * number of its region in a small table and is appended to the rows of 64
 * regions. When all have been read, each such part is put in order by region,
 * which touches little memory at a time, and the cuts of each follow.
 */
#include "postgres.h"

#include <math.h>

#include "access/nbtree.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/rank_relation.h"

#define PART_BITS 6 /* a part is the rows of 2^6 regions */
#define PART_REGIONS (1 << PART_BITS)
#define FIRST_CHUNK 254  /* words: with its header 2 kB */
#define MOST_CHUNK 4094  /* 32 kB */
#define FIRST_SLOTS 1024 /* a power of two */
#define WEIGHT_BITS (64 - PART_BITS)
#define MOST_WEIGHT ((UINT64CONST(1) << WEIGHT_BITS) - 1)
#define NO_REGION PG_UINT32_MAX
#define MOST_REGIONS (PG_UINT32_MAX / 4) /* so that their slots are a uint32 */
#define SHORT_TEXT 15                    /* bytes */
#define LONG_TEXT PG_UINT64_MAX
#define WAITING 32 /* rows that wait at most; a power of two */
#define COLUMNS 4

#ifdef __GNUC__
#define ask_for(address) __builtin_prefetch(address)
#else
#define ask_for(address) ((void) (address))
#endif

/*
 * Rows of a part. An integer weight is a row of two words, the score key, and
 * the weight with the region in its lowest bits; one that does not fit is
 * several rows. A float weight is three: key, bits of the weight, region.
 */
typedef struct ByChunk
{
	struct ByChunk *next; /* the one before, in time */
	uint32 used;          /* words */
	uint32 room;
	uint64_t word[FLEXIBLE_ARRAY_MEMBER];
} ByChunk;

typedef struct ByRegion
{
	Datum key; /* as it is, or a text; 0 of the region NULL */
	bool isnull;
	int64 ignored;  /* rows whose score or weight is NULL */
	int64 repeated; /* rows that are there only for a great weight */
} ByRegion;

/*
 * What a region is found by: a value as it is and 0; a text of at most 15 bytes
 * and, last, its length + 1; or the hash of a longer one and LONG_TEXT.
 */
typedef struct ByKey
{
	uint64 word[2];
} ByKey;

/* Hash table from a region to its number. */
typedef struct BySlot
{
	ByKey key;
	uint32 region; /* number + 1; 0 is a free slot */
} BySlot;

/* A row whose region is looked up when memory has answered. */
typedef struct ByRow
{
	ByKey by;
	uint64 at;
	uint64_t key; /* of the score */
	union
	{
		int64 integer;
		double number;
	} weight;     /* a value: the row of the query is gone by then */
	bool ignored; /* score or weight is NULL */
} ByRow;

/* Receives the rows of the query. */
typedef struct RankBy
{
	DestReceiver receiver;
	MemoryContext context; /* of all that follows */
	DtcRankKind kind;
	bool is_text; /* keys are texts, else compared as they are */
	Datum bits;   /* the bits of a Datum that such a value has */
	uint32 regions;
	uint32 region_room;
	ByRegion *region;
	uint32 slots;
	BySlot *slot;
	uint32 null_region;
	uint32 last_region; /* rows often lie by region */
	ByKey last_key;
	uint32 part_room;
	ByChunk **part; /* by region >> PART_BITS, the newest chunk of each */
	uint32 waiting;
	ByRow wait[WAITING];
} RankBy;

DTSEN_FUNCTION(dtsen_rank_cuts_by);

/* ---------- regions ---------- */

static uint64
mixed(uint64 word)
{
	word ^= word >> 33;
	word *= UINT64CONST(0xff51afd7ed558ccd);
	word ^= word >> 33;
	word *= UINT64CONST(0xc4ceb9fe1a85ec53);
	word ^= word >> 33;
	return word;
}

static uint64
place_of(const ByKey *key)
{
	return mixed(key->word[0] ^ mixed(key->word[1]));
}

/* The key of a text. */
static ByKey
text_key(const char *bytes, Size length)
{
	ByKey key = {{0, 0}};

	if (length > SHORT_TEXT)
	{
		key.word[0] = hash_bytes_extended((const unsigned char *) bytes,
										  (int) length, 0);
		key.word[1] = LONG_TEXT;
		return key;
	}
	memcpy(&key, bytes, length);
	((unsigned char *) &key)[SHORT_TEXT] = (unsigned char) (length + 1);
	return key;
}

static void
grow_slots(RankBy *by)
{
	uint32 slots = by->slots * 2;
	BySlot *slot =
		MemoryContextAllocHuge(by->context, sizeof(BySlot) * (Size) slots);

	for (uint32 i = 0; i < slots; i += FIRST_SLOTS)
	{
		CHECK_FOR_INTERRUPTS();
		memset(slot + i, 0, sizeof(BySlot) * FIRST_SLOTS);
	}
	for (uint32 i = 0; i < by->slots; i++)
	{
		uint64 at = place_of(&by->slot[i].key);

		if (i % FIRST_SLOTS == 0)
			CHECK_FOR_INTERRUPTS();
		if (by->slot[i].region == 0)
			continue;
		while (slot[at & (slots - 1)].region != 0)
			at++;
		slot[at & (slots - 1)] = by->slot[i];
	}
	pfree(by->slot);
	by->slot = slot;
	by->slots = slots;
}

/* A new region; NULL if there is no key. A text is copied. */
static uint32
new_region(RankBy *by, const ByKey *key, Datum value)
{
	MemoryContext old = MemoryContextSwitchTo(by->context);
	ByRegion *region;

	if (by->regions == MOST_REGIONS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many regions to be ranked"),
						errhint("Rank a part of them at a time, with a "
								"condition.")));
	if (by->regions == by->region_room)
	{
		by->region_room *= 2;
		by->region =
			repalloc_huge(by->region, sizeof(ByRegion) * by->region_room);
	}
	if (by->regions >> PART_BITS >= by->part_room)
	{
		Size room = (Size) by->part_room * 2;

		by->part = repalloc_huge(by->part, sizeof(ByChunk *) * room);
		memset(by->part + by->part_room, 0,
			   sizeof(ByChunk *) * (room - by->part_room));
		by->part_room = (uint32) room;
	}
	region = &by->region[by->regions];
	memset(region, 0, sizeof(*region));
	region->isnull = key == NULL;
	if (key == NULL)
		region->key = (Datum) 0;
	else if (!by->is_text)
		region->key = (Datum) key->word[0];
	else if (key->word[1] == LONG_TEXT)
		region->key = PointerGetDatum(cstring_to_text_with_len(
			VARDATA_ANY(DatumGetPointer(value)),
			VARSIZE_ANY_EXHDR(DatumGetPointer(value))));
	else
		region->key = PointerGetDatum(cstring_to_text_with_len(
			(const char *) key,
			((const unsigned char *) key)[SHORT_TEXT] - 1));
	MemoryContextSwitchTo(old);
	return by->regions++;
}

/* Is it that region? A long text is compared too. */
static inline bool
is_region(const RankBy *by, const ByKey *found, uint32 number,
		  const ByKey *key, Datum value)
{
	const char *a;
	const char *b;

	if (found->word[0] != key->word[0] || found->word[1] != key->word[1])
		return false;
	if (likely(!by->is_text || key->word[1] != LONG_TEXT))
		return true;
	a = DatumGetPointer(by->region[number].key);
	b = DatumGetPointer(value);
	return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		   memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

/*
 * The number of a region, a new one if it was not seen before. value: only of a
 * long text; at: where to begin to look. Not for NULL.
 */
static uint32
region_number(RankBy *by, const ByKey *key, uint64 at, Datum value)
{
	if (by->last_region != NO_REGION &&
		is_region(by, &by->last_key, by->last_region, key, value))
		return by->last_region;
	by->last_key = *key;
	for (;; at++)
	{
		BySlot *slot = &by->slot[at & (by->slots - 1)];

		if (slot->region == 0)
		{
			by->last_region = new_region(by, key, value);
			*slot = (BySlot){*key, by->last_region + 1};
			if (by->regions > by->slots / 3 * 2)
				grow_slots(by);
			return by->last_region;
		}
		if (is_region(by, &slot->key, slot->region - 1, key, value))
			return by->last_region = slot->region - 1;
	}
}

/* ---------- rows ---------- */

/* Room for a row of the part of a region. */
static inline uint64_t *
row_room(RankBy *by, uint32 region, uint32 words)
{
	ByChunk **part = &by->part[region >> PART_BITS];
	ByChunk *chunk = *part;

	if (unlikely(chunk == NULL || chunk->room - chunk->used < words))
	{
		uint32 room =
			chunk == NULL ? FIRST_CHUNK : Min(chunk->room * 2 + 2, MOST_CHUNK);
		ByChunk *more = MemoryContextAlloc(
			by->context, offsetof(ByChunk, word) + sizeof(uint64_t) * room);

		more->next = chunk;
		more->used = 0;
		more->room = room;
		chunk = *part = more;
	}
	chunk->used += words;
	return chunk->word + chunk->used - words;
}

static void
add_integer(RankBy *by, uint32 region, uint64_t key, int64 weight)
{
	uint64_t rest = (uint64_t) weight;
	uint64_t *row;

	if (weight < 0)
		dtsen_rank_weight_negative();
	while (unlikely(rest > MOST_WEIGHT))
	{
		row = row_room(by, region, 2);
		row[0] = key;
		row[1] = MOST_WEIGHT << PART_BITS | (region & (PART_REGIONS - 1));
		rest -= MOST_WEIGHT;
		by->region[region].repeated++;
	}
	row = row_room(by, region, 2);
	row[0] = key;
	row[1] = rest << PART_BITS | (region & (PART_REGIONS - 1));
}

static void
add_float(RankBy *by, uint32 region, uint64_t key, double weight)
{
	uint64_t *row;

	if (!isfinite(weight))
		dtsen_rank_weight_not_finite();
	if (weight < 0)
		dtsen_rank_weight_negative();
	row = row_room(by, region, 3);
	row[0] = key;
	row[1] = dtc_rank_weight_bits(weight);
	row[2] = region & (PART_REGIONS - 1);
}

static void
add_row(RankBy *by, uint32 region, const ByRow *row)
{
	if (row->ignored)
		by->region[region].ignored++;
	else if (by->kind == DTC_RANK_INTEGER)
		add_integer(by, region, row->key, row->weight.integer);
	else
		add_float(by, region, row->key, row->weight.number);
}

/* Adds the rows that wait; none is of a long text. */
static void
add_waiting(RankBy *by)
{
	uint32 n = by->waiting;

	by->waiting = 0;
	for (uint32 i = 0; i < n; i++)
	{
		const ByRow *row = &by->wait[i];

		add_row(by, region_number(by, &row->by, row->at, (Datum) 0), row);
	}
}

/* Takes a row of the query: region, score, weight. */
static bool
by_receive(TupleTableSlot *slot, DestReceiver *self)
{
	RankBy *by = (RankBy *) self;
	ByRow *row = &by->wait[by->waiting];
	Datum *value;
	Datum key;

	slot_getallattrs(slot);
	value = slot->tts_values;
	row->ignored = slot->tts_isnull[1] || slot->tts_isnull[2];
	if (!row->ignored)
	{
		row->key = dtc_rank_key(DatumGetFloat8(value[1]));
		if (by->kind == DTC_RANK_INTEGER)
			row->weight.integer = DatumGetInt64(value[2]);
		else
			row->weight.number = DatumGetFloat8(value[2]);
	}
	if (slot->tts_isnull[0])
	{
		if (by->null_region == NO_REGION)
			by->null_region = new_region(by, NULL, (Datum) 0);
		add_row(by, by->null_region, row);
		return true;
	}
	key = value[0];
	if (by->is_text)
	{
		key = PointerGetDatum(PG_DETOAST_DATUM_PACKED(key));
		row->by = text_key(VARDATA_ANY(DatumGetPointer(key)),
						   VARSIZE_ANY_EXHDR(DatumGetPointer(key)));
	}
	else
		row->by = (ByKey){{key & by->bits, 0}};
	row->at = place_of(&row->by);
	if (by->is_text && row->by.word[1] == LONG_TEXT)
		add_row(by, region_number(by, &row->by, row->at, key), row);
	else
	{
		ask_for(&by->slot[row->at & (by->slots - 1)]);
		by->waiting++;
	}
	if (key != value[0])
		pfree(DatumGetPointer(key));
	if (by->waiting == WAITING)
		add_waiting(by);
	return true;
}

static void
by_startup(DestReceiver *self, int operation, TupleDesc description)
{
}

static void
by_shutdown(DestReceiver *self)
{
}

/* ---------- cuts ---------- */

typedef struct ByResult
{
	ReturnSetInfo *set;
	FmgrInfo output; /* of the region's type */
	int groups;
	double *cut;
	Datum *element;
} ByResult;

static void
put_region(RankBy *by, ByResult *result, const ByRegion *region,
		   uint64_t *entries, Size n)
{
	Datum values[COLUMNS] = {0};
	bool nulls[COLUMNS] = {0};
	DtcRankStatus status;

	if (by->kind == DTC_RANK_INTEGER)
		status = dtc_rank_cuts_of_rows(entries, n, result->groups, result->cut,
									   dtsen_rank_yield);
	else
		status = dtc_rank_cuts_of_float_rows(entries, n, result->groups,
											 result->cut, dtsen_rank_yield);
	if (status == DTC_RANK_OVERFLOW)
		dtsen_rank_sum_out_of_range(by->kind == DTC_RANK_FLOAT);
	nulls[0] = region->isnull;
	if (by->is_text)
		values[0] = region->key;
	else if (!region->isnull)
		values[0] = CStringGetTextDatum(
			OutputFunctionCall(&result->output, region->key));
	nulls[1] = status == DTC_RANK_EMPTY;
	if (!nulls[1])
	{
		for (int i = 0; i < result->groups - 1; i++)
			result->element[i] = Float8GetDatum(result->cut[i]);
		values[1] = PointerGetDatum(
			construct_array(result->element, result->groups - 1, FLOAT8OID,
							sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	}
	values[2] = Int64GetDatum((int64) n - region->repeated);
	values[3] = Int64GetDatum(region->ignored);
	tuplestore_putvalues(result->set->setResult, result->set->setDesc, values,
						 nulls);
}

/* Puts the rows of a part in order by region, and then the cuts of each. */
static void
finish_part(RankBy *by, ByResult *result, uint32 part)
{
	uint32 first = part << PART_BITS;
	uint32 words = by->kind == DTC_RANK_INTEGER ? 2 : 3;
	Size start[PART_REGIONS + 1] = {0};
	Size fill[PART_REGIONS];
	int64 total[PART_REGIONS] = {0};
	uint64_t *entries = NULL;

	for (ByChunk *c = by->part[part]; c != NULL; c = c->next)
	{
		CHECK_FOR_INTERRUPTS();
		for (uint32 i = words - 1; i < c->used; i += words)
			start[(c->word[i] & (PART_REGIONS - 1)) + 1]++;
	}
	for (int r = 0; r < PART_REGIONS; r++)
	{
		start[r + 1] += start[r];
		fill[r] = start[r];
	}
	if (start[PART_REGIONS] > 0)
		entries = MemoryContextAllocHuge(by->context, 2 * sizeof(uint64_t) *
														  start[PART_REGIONS]);
	for (ByChunk *c = by->part[part]; c != NULL; c = by->part[part])
	{
		CHECK_FOR_INTERRUPTS();
		for (uint32 i = 0; i < c->used; i += words)
		{
			int r = (int) (c->word[i + words - 1] & (PART_REGIONS - 1));
			uint64_t *to = entries + 2 * fill[r]++;

			to[0] = c->word[i];
			to[1] = c->word[i + 1];
			if (words == 3)
				continue;
			to[1] >>= PART_BITS;
			if ((int64) to[1] > PG_INT64_MAX - total[r])
				dtsen_rank_sum_out_of_range(false);
			total[r] += (int64) to[1];
		}
		by->part[part] = c->next;
		pfree(c);
	}
	for (int r = 0; r < PART_REGIONS && first + r < by->regions; r++)
		put_region(by, result, &by->region[first + r], entries + 2 * start[r],
				   start[r + 1] - start[r]);
	if (entries != NULL)
		pfree(entries);
}

static void
finish(RankBy *by, ByResult *result)
{
	MemoryContext scratch = AllocSetContextCreate(
		CurrentMemoryContext, "rank_cuts_by", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);

	for (uint32 part = 0; part < by->part_room; part++)
	{
		if (part << PART_BITS >= by->regions)
			break;
		finish_part(by, result, part);
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
}

/* ---------- the function ---------- */

/*
 * May values of a type be compared by their bits, and shown by its output
 * function? Other types are cast to text first; so is boolean, of which the
 * cast writes other words.
 */
static bool
is_equal_by_bits(Oid type)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY);
	Oid proc;

	if (!get_typbyval(type) || !OidIsValid(entry->btree_opf) ||
		find_coercion_pathway(TEXTOID, type, COERCION_EXPLICIT, &proc) !=
			COERCION_PATH_COERCEVIAIO)
		return false;
	proc = get_opfamily_proc(entry->btree_opf, entry->btree_opintype,
							 entry->btree_opintype, BTEQUALIMAGE_PROC);
	return OidIsValid(proc) &&
		   DatumGetBool(OidFunctionCall1Coll(
			   proc, InvalidOid, ObjectIdGetDatum(entry->btree_opintype)));
}

/*
 * The bits that values of a type have of their own; the others differ between a
 * stored value and a computed one where one of them is taken as signed, as
 * numbers of objects above 2^31 are.
 */
static Datum
bits_of(Oid type)
{
	int bits = get_typlen(type) * BITS_PER_BYTE;

	if (bits <= 0 || bits >= (int) sizeof(Datum) * BITS_PER_BYTE)
		return ~(Datum) 0;
	return ((Datum) 1 << bits) - 1;
}

static RankBy *
by_new(DtcRankKind kind, bool is_text, Oid type)
{
	RankBy *by = palloc0(sizeof(RankBy));

	by->receiver.receiveSlot = by_receive;
	by->receiver.rStartup = by_startup;
	by->receiver.rShutdown = by_shutdown;
	by->receiver.rDestroy = by_shutdown;
	by->receiver.mydest = DestTuplestore; /* as far as SPI need know */
	by->context = CurrentMemoryContext;
	by->kind = kind;
	by->is_text = is_text;
	by->bits = bits_of(type);
	by->null_region = NO_REGION;
	by->last_region = NO_REGION;
	by->region_room = FIRST_SLOTS;
	by->region = palloc(sizeof(ByRegion) * by->region_room);
	by->slots = FIRST_SLOTS;
	by->slot = palloc0(sizeof(BySlot) * by->slots);
	by->part_room = FIRST_SLOTS;
	by->part = palloc0(sizeof(ByChunk *) * by->part_room);
	return by;
}

/*
 * rank_cuts_by(relation, by, score, weight, groups, condition)
 *		-> set of (region, cuts, ranked, ignored)
 *
 * Arguments as of rank_cuts(relation, ...); by: the name of a column or an SQL
 * expression, NULL is a region too. Regions are the same if their text is.
 * cuts is NULL without weight. Errors as there, 22003 also for one region.
 * Cost: one scan, and sorting within each region near its cuts; 16 bytes a row
 * (float weights: 24), not bounded by work_mem.
 */
Datum
dtsen_rank_cuts_by(PG_FUNCTION_ARGS)
{
	DtRankRelation r = {.function = "rank_cuts_by()"};
	ByResult result = {.set = (ReturnSetInfo *) fcinfo->resultinfo};
	SPIExecuteOptions options = {.read_only = true};
	RankBy *by;
	MemoryContext work;
	MemoryContext old;
	Oid type;
	Oid output;
	bool is_varlena;
	StringInfoData query;
	int code;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) ||
		PG_ARGISNULL(4))
		ereport(
			ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("relation, by, score and groups must not be null"),
			 errhint(
				 "Give each of them; weight and condition may be left out.")));
	result.groups = dtsen_rank_checked_groups(PG_GETARG_INT32(4));
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	dtsen_rank_describe(
		&r, PG_GETARG_OID(0), text_to_cstring(PG_GETARG_TEXT_PP(2)),
		PG_ARGISNULL(3) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(3)),
		PG_ARGISNULL(5) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(5)));
	dtsen_rank_describe_by(&r, PG_GETARG_OID(0),
						   text_to_cstring(PG_GETARG_TEXT_PP(1)), &type);
	work = AllocSetContextCreate(CurrentMemoryContext, "rank_cuts_by",
								 ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(work);
	by = by_new(r.kind, !is_equal_by_bits(type), type);
	result.cut = palloc(sizeof(double) * result.groups);
	result.element = palloc(sizeof(Datum) * result.groups);
	getTypeOutputInfo(type, &output, &is_varlena);
	fmgr_info(output, &result.output);
	initStringInfo(&query);
	appendStringInfo(&query, "SELECT %s%s, %s, %s%s\nFROM %s%s%s", r.by,
					 by->is_text ? "::pg_catalog.text" : "", r.score, r.weight,
					 r.kind == DTC_RANK_INTEGER ? "::pg_catalog.int8" : "",
					 r.name, r.condition != NULL ? "\nWHERE " : "",
					 r.condition != NULL ? r.condition : "");
	options.dest = &by->receiver;
	code = SPI_execute_extended(query.data, &options);
	if (code != SPI_OK_SELECT)
		elog(ERROR, "scan of rank_cuts_by failed: %s",
			 SPI_result_code_string(code));
	MemoryContextSwitchTo(work);
	add_waiting(by);
	finish(by, &result);
	MemoryContextSwitchTo(old);
	SPI_finish();
	return (Datum) 0;
}
