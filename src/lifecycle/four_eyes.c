/*
 * four_eyes.c
 *		Has a person taken an earlier step of a row? The journal tells.
 *
 * For a few rows each row's entries are looked up. For many, all blocks of
 * their regencies are gone through once: a block is of one person, so that
 * those of other people are passed by without reading their entries.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "lifecycle/four_eyes.h"
#include "lifecycle/journal.h"

#define LANES 16
#define FEW 32 /* rows that are looked up one by one */

/* A set of hashes of keys; 0 is free, so no key has it. */
typedef struct KeySet
{
	uint64 *slots;
	uint64 mask;
	uint64 n;
} KeySet;

/* What was found in the blocks of one regency. */
typedef struct Regency
{
	char name[DTC_CHAIN_DIGITS + 1];
	KeySet taken; /* by the person */
	KeySet moved; /* came from another regency */
} Regency;

struct DtFourEyes
{
	DtMachine *m;
	MemoryContext cxt;
	DtStore store;
	SnapshotData self;
	DtcText machine;
	DtcText person;
	DtcText *actions;
	int nactions;
	int64 asked;
	Regency *regencies;
	int nregencies;
	int maxregencies;
};

static uint64
key_hash(DtcText key)
{
	uint64 h = hash_bytes_extended((const unsigned char *) key.data,
								   (int) key.len, 0x5e55);

	return h == 0 ? 1 : h;
}

static bool
set_has(const KeySet *set, uint64 hash)
{
	uint64 i;

	if (set->slots == NULL)
		return false;
	for (i = hash & set->mask; set->slots[i] != 0; i = (i + 1) & set->mask)
	{
		if (set->slots[i] == hash)
			return true;
	}
	return false;
}

static void
set_put(KeySet *set, uint64 hash)
{
	uint64 i = hash & set->mask;

	while (set->slots[i] != 0 && set->slots[i] != hash)
		i = (i + 1) & set->mask;
	set->n += set->slots[i] == 0;
	set->slots[i] = hash;
}

static void
set_add(KeySet *set, uint64 hash, MemoryContext cxt)
{
	if (set->slots == NULL || set->n * 2 > set->mask)
	{
		KeySet old = *set;
		uint64 size = old.slots == NULL ? 256 : (old.mask + 1) * 2;

		set->slots = MemoryContextAllocExtended(
			cxt, size * sizeof(uint64), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		set->mask = size - 1;
		set->n = 0;
		for (uint64 i = 0; old.slots != NULL && i <= old.mask; i++)
		{
			if (old.slots[i] != 0)
				set_put(set, old.slots[i]);
		}
		if (old.slots != NULL)
			pfree(old.slots);
	}
	set_put(set, hash);
}

static bool
same_bytes(DtcText a, DtcText b)
{
	return a.data != NULL && b.data != NULL && a.len == b.len &&
		   memcmp(a.data, b.data, a.len) == 0;
}

/* Is the step one of those that the person must not have taken? */
static bool
is_asked(const DtFourEyes *f, const DtcStep *step)
{
	for (int i = 0; i < f->nactions; i++)
	{
		if (same_bytes(f->actions[i], step->action))
			return true;
	}
	return false;
}

/*
 * Begins to ask for a person's part in earlier steps. actions: text[], not
 * null. The machine must be loaded; the answers are those of this moment.
 */
DtFourEyes *
dtsen_four_eyes_begin(DtMachine *m, Datum actions, const char *person)
{
	MemoryContext cxt = AllocSetContextCreate(
		CurrentMemoryContext, "dtsen four eyes", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	DtFourEyes *f = palloc0(sizeof(DtFourEyes));
	DtText name = {m->key.machine, (int) strlen(m->key.machine), false};
	DtText who = {person, (int) strlen(person), false};
	Datum *values;

	f->m = m;
	f->cxt = cxt;
	f->machine = dtsen_journal_utf8(name);
	f->person = dtsen_journal_utf8(who);
	deconstruct_array(DatumGetArrayTypeP(actions), TEXTOID, -1, false,
					  TYPALIGN_INT, &values, NULL, &f->nactions);
	f->actions = palloc(Max(f->nactions, 1) * sizeof(DtcText));
	for (int i = 0; i < f->nactions; i++)
	{
		DtText action = {VARDATA_ANY(DatumGetPointer(values[i])),
						 (int) VARSIZE_ANY_EXHDR(DatumGetPointer(values[i])),
						 false};

		f->actions[i] = dtsen_journal_utf8(action);
	}
	InitDirtySnapshot(f->self);
	f->self.snapshot_type = SNAPSHOT_SELF;
	/* of a block that erase_content() exchanges this snapshot may miss both */
	LockRelationOid(m->relids[DT_TABLE_JOURNAL], RowExclusiveLock);
	dtsen_journal_open(&f->store, m->relids[DT_TABLE_JOURNAL], DT_STORE_BLOCKS,
					   AccessShareLock);
	MemoryContextSwitchTo(old);
	return f;
}

typedef struct Asking
{
	const DtFourEyes *f;
	bool taken;
} Asking;

static bool
take_entry(void *state, const DtBlock *block, const DtReading *reading,
		   const DtcChange *change, int64 seq)
{
	Asking *a = state;

	a->taken = same_bytes(reading->reader.header.person, a->f->person) &&
			   is_asked(a->f, change->step);
	return !a->taken;
}

static bool
look_up(DtFourEyes *f, DtcText regency, DtcText key)
{
	Asking a = {f, false};
	MemoryContext cxt = AllocSetContextCreate(
		CurrentMemoryContext, "dtsen look-up", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);

	dtsen_journal_find(&f->store, &f->self, f->machine, regency, key,
					   take_entry, &a);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
	return a.taken;
}

/* Notes who of a block's rows the person took steps of, or came from elsewhere */
static void
read_block(DtFourEyes *f, Regency *regency, const DtBlock *block)
{
	DtcBlockReader header;
	DtReading reading;
	DtcChange change;
	const uint8 *check;
	bool by_person;
	bool any = false;
	bool moves = false;
	DtcBlockNext next;

	if (!dtc_block_open(&header, (const uint8 *) block->body.data,
						block->body.len) ||
		!dtsen_journal_begin(&reading, block))
		dtsen_journal_broken(block);
	by_person = same_bytes(header.header.person, f->person);
	for (uint32 i = 0; by_person && !any && i < header.nsteps; i++)
		any = is_asked(f, &reading.steps[i]);
	for (uint32 i = 0; !moves && i < reading.reader.nregions; i++)
		moves = reading.regions[i].from_chain.data != NULL;
	if (!any && !moves)
		return;
	while ((next = dtc_block_next(&reading.reader, &change, &check)) ==
		   DTC_BLOCK_ENTRY)
	{
		if (any && is_asked(f, change.step))
			set_add(&regency->taken, key_hash(change.key), f->cxt);
		if (change.region->from_chain.data != NULL)
			set_add(&regency->moved, key_hash(change.key), f->cxt);
	}
	if (next != DTC_BLOCK_END)
		dtsen_journal_broken(block);
}

static void
read_lane(DtFourEyes *f, Regency *regency, const char *name)
{
	MemoryContext cxt = AllocSetContextCreate(
		CurrentMemoryContext, "dtsen lane", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	Relation index = index_open(f->store.pkey, AccessShareLock);
	MemoryContext row =
		AllocSetContextCreate(cxt, "dtsen block", ALLOCSET_DEFAULT_SIZES);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple tuple;

	ScanKeyInit(&keys[0], f->store.column[DT_BLOCK_MACHINE],
				BTEqualStrategyNumber, F_TEXTEQ,
				CStringGetTextDatum(f->m->key.machine));
	ScanKeyInit(&keys[1], f->store.column[DT_BLOCK_CHAIN],
				BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(name));
	scan = systable_beginscan_ordered(f->store.rel, index, &f->self, 2, keys);
	while ((tuple = systable_getnext_ordered(scan, ForwardScanDirection)) !=
		   NULL)
	{
		DtBlock block;

		MemoryContextSwitchTo(row);
		if (!dtsen_journal_tuple(&f->store, tuple, &block))
			dtsen_journal_broken(&block);
		read_block(f, regency, &block);
		MemoryContextSwitchTo(cxt);
		MemoryContextReset(row);
		CHECK_FOR_INTERRUPTS();
	}
	systable_endscan_ordered(scan);
	index_close(index, AccessShareLock);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
}

static Regency *
regency_of(DtFourEyes *f, const char *name)
{
	Regency *regency;

	for (int i = f->nregencies - 1; i >= 0; i--)
	{
		if (strcmp(f->regencies[i].name, name) == 0)
			return &f->regencies[i];
	}
	if (f->nregencies == f->maxregencies)
	{
		f->maxregencies = Max(8, f->maxregencies * 2);
		f->regencies =
			f->regencies == NULL
				? MemoryContextAlloc(f->cxt, f->maxregencies * sizeof(Regency))
				: repalloc(f->regencies, f->maxregencies * sizeof(Regency));
	}
	regency = &f->regencies[f->nregencies++];
	memset(regency, 0, sizeof(*regency));
	strcpy(regency->name, name);
	for (int lane = 0; lane < LANES; lane++)
	{
		char lane_name[DTC_CHAIN_DIGITS + 4];

		if (lane == 0)
			strcpy(lane_name, name);
		else
			snprintf(lane_name, sizeof(lane_name), "%s/%d", name, lane);
		read_lane(f, regency, lane_name);
	}
	return &f->regencies[f->nregencies - 1];
}

/*
 * Has the person taken one of the actions on a row? wilayah: the row's region.
 * few: there are not many rows to ask for.
 */
bool
dtsen_four_eyes_ask(DtFourEyes *f, DtText key, DtText wilayah, bool few)
{
	DtcText utf8 = dtsen_journal_utf8(key);
	char name[DTC_CHAIN_DIGITS + 1];
	DtcText chain = {name, 0};
	const Regency *regency;
	uint64 hash;

	if (!wilayah.isnull)
		chain.len = dtc_wilayah_digits(wilayah.data, wilayah.len, name,
									   DTC_CHAIN_DIGITS);
	name[chain.len] = '\0';
	if (few && ++f->asked <= FEW)
		return look_up(f, chain, utf8);
	regency = regency_of(f, name);
	hash = key_hash(utf8);
	if (!set_has(&regency->taken, hash) && !set_has(&regency->moved, hash))
		return false;
	return look_up(f, chain, utf8);
}

void
dtsen_four_eyes_end(DtFourEyes *f)
{
	dtsen_journal_close(&f->store);
	MemoryContextDelete(f->cxt);
}
