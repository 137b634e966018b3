/*
 * journal_writer.c
 *		Adding a statement's changes to the journal.
 *
 * A chain is the blocks of one machine in one regency. A statement's changes
 * are gathered, sorted by chain and by the hash of the row's key, and packed
 * into blocks of up to a thousand, each with the digest of the block before.
 *
 * Where a chain ends, and who may add to it, is in journal_head.c.
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "lifecycle/journal_row.h"

#define BODY_TARGET 7800     /* bytes of a body, so that a row fills a page */
#define PENDING (256 * 1024) /* changes that are gathered before they go */
#define ARENA (8 * 1024 * 1024)
#define AHEAD 8 /* changes whose digests are fetched before their turn */

/* What the changes of a statement name, each once. */
typedef struct Chain
{
	char regency[DTC_CHAIN_DIGITS + 1];
	int version; /* of the machine: a block is of one */
	uint32 hash;
	DtHead *head; /* NULL: not locked yet; the same for all versions */
} Chain;

typedef struct Region
{
	DtcRegion utf8;
	DtText wilayah; /* as given */
	DtText from;
	int version; /* of the machine, under which the row is */
	uint32 hash;
	int chain;
	int in_block; /* number in the block at hand, if of_block is that one's */
	int of_block;
} Region;

typedef struct Step
{
	DtcStep utf8;
	DtText from;
	DtText to;
	DtText action;
	int in_block;
	int of_block;
} Step;

typedef struct Note
{
	DtText text;
	uint8 salt[DTC_SALT_BYTES];
	uint8 commitment[DTC_NOTE_BYTES];
	DtcText utf8;
	int in_block;
	int of_block;
} Note;

/* A change that waits to be packed. */
typedef struct Pending
{
	uint64 order; /* chain and hash of the key */
	uint64 number;
	const char *key; /* UTF-8, NULL: a number */
	uint32 len;
	int32 step;
	int32 region;
	int32 note; /* -1: none */
	int32 row;  /* in rows[], -1: none */
} Pending;

#define ST_SORT sort_pending
#define ST_ELEMENT_TYPE Pending
#define ST_COMPARE(a, b)                                                      \
	((a)->order < (b)->order ? -1 : (a)->order > (b)->order ? 1 : 0)
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

struct DtWriter
{
	DtMachine *m;
	MemoryContext cxt;   /* of all below */
	MemoryContext arena; /* of keys and notes of the pending changes */
	DtStore blocks;
	DtStore notes_table;
	bool has_notes_table;
	DtcText machine;
	TimestampTz now;
	int64 txid;
	DtcText login;
	DtcText session_login;
	DtcText person;

	Chain *chains;
	int nchains;
	int maxchains;
	Region *regions;
	int nregions;
	int maxregions;
	int *region_table; /* open hash, -1: free */
	int region_mask;
	int last_region;
	Step *steps;
	int nsteps;
	int maxsteps;
	Note *notes;
	int nnotes;
	int maxnotes;

	Pending *pending;
	int npending;
	int maxpending;
	DtRowColumns *columns; /* to which entries commit, or NULL */
	uint8 (*rows)[DTC_SHA256_BYTES];
	int nrows;
	int maxrows;
	DtcMessage unhashed[2]; /* the last of the rows */
	int nunhashed;
	uint8 seed[DTC_SALT_BYTES]; /* of the block at hand */
	Size arena_used;

	int block; /* counts the blocks of the statement */
	DtcBlockWriter out;
	uint8 *body;
	Size body_size;
};

static DtText
text_of(const char *value)
{
	DtText result = {"", 0, true};

	if (value != NULL)
	{
		result.data = value;
		result.len = (int) strlen(value);
		result.isnull = false;
	}
	return result;
}

static DtText
copied(DtWriter *w, DtText given)
{
	char *copy;

	if (given.isnull)
		return given;
	copy = MemoryContextAlloc(w->cxt, given.len + 1);
	memcpy(copy, given.data, given.len);
	copy[given.len] = '\0';
	given.data = copy;
	return given;
}

/* Makes room for one more element in an array of w. */
static void *
grown(DtWriter *w, void *array, int n, int *max, Size size)
{
	if (n < *max)
		return array;
	*max = Max(8, *max * 2);
	if (array == NULL)
		return MemoryContextAlloc(w->cxt, *max * size);
	return repalloc_huge(array, *max * size);
}

/*
 * Makes a writer of the machine's journal. Machine and actor must be loaded.
 */
DtWriter *
dtsen_journal_writer(DtMachine *m)
{
	MemoryContext cxt = AllocSetContextCreate(
		CurrentMemoryContext, "dtsen journal", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	DtWriter *w = palloc0(sizeof(DtWriter));

	w->m = m;
	w->cxt = cxt;
	w->machine = dtsen_journal_utf8(text_of(m->key.machine));
	w->now = GetCurrentTimestamp();
	w->txid = (int64) U64FromFullTransactionId(GetTopFullTransactionId());
	w->login = dtsen_journal_utf8(text_of(NameStr(m->actor_login)));
	w->session_login = dtsen_journal_utf8(
		text_of(GetUserNameFromId(GetSessionUserId(), false)));
	w->person = dtsen_journal_utf8(text_of(m->person));
	w->last_region = -1;
	w->out.compress = dtsen_journal_compress();
	w->out.two = dtsen_journal_compress_two();
	w->out.seed = w->seed;
	dtsen_journal_open(&w->blocks, m->relids[DT_TABLE_JOURNAL],
					   DT_STORE_BLOCKS, RowExclusiveLock);
	MemoryContextSwitchTo(old);
	return w;
}

/* Makes entries commit to rows, all with the same list of columns. */
void
dtsen_journal_rows(DtWriter *w, DtRowColumns *columns)
{
	w->columns = columns;
}

/* The number of a step; the few of a statement are looked through. */
int
dtsen_journal_step(DtWriter *w, DtText from, DtText to, DtText action)
{
	MemoryContext old;
	Step *step;

	for (int i = 0; i < w->nsteps; i++)
	{
		if (dtsen_same_text(w->steps[i].from, from) &&
			dtsen_same_text(w->steps[i].to, to) &&
			dtsen_same_text(w->steps[i].action, action))
			return i;
	}
	w->steps = grown(w, w->steps, w->nsteps, &w->maxsteps, sizeof(Step));
	step = &w->steps[w->nsteps];
	old = MemoryContextSwitchTo(w->cxt);
	step->from = copied(w, from);
	step->to = copied(w, to);
	step->action = copied(w, action);
	step->utf8.from = dtsen_journal_utf8(step->from);
	step->utf8.to = dtsen_journal_utf8(step->to);
	step->utf8.action = dtsen_journal_utf8(step->action);
	step->of_block = -1;
	MemoryContextSwitchTo(old);
	return w->nsteps++;
}

static void
regency_of(DtText wilayah, char *regency)
{
	size_t n = 0;

	if (!wilayah.isnull)
		n = dtc_wilayah_digits(wilayah.data, wilayah.len, regency,
							   DTC_CHAIN_DIGITS);
	regency[n] = '\0';
}

static int
chain_of(DtWriter *w, const char *regency, int version)
{
	Chain *chain;

	for (int i = w->nchains - 1; i >= 0; i--)
	{
		if (w->chains[i].version == version &&
			strcmp(w->chains[i].regency, regency) == 0)
			return i;
	}
	w->chains = grown(w, w->chains, w->nchains, &w->maxchains, sizeof(Chain));
	chain = &w->chains[w->nchains];
	strcpy(chain->regency, regency);
	chain->version = version;
	chain->hash = dtc_chain_hash(w->machine, regency, strlen(regency));
	chain->head = NULL;
	return w->nchains++;
}

static uint32
region_hash(DtText wilayah, DtText from, int version)
{
	uint32 h =
		wilayah.isnull
			? 1
			: hash_bytes((const unsigned char *) wilayah.data, wilayah.len);

	if (!from.isnull)
		h = hash_combine(
			h, hash_bytes((const unsigned char *) from.data, from.len));
	return hash_combine(h, (uint32) version);
}

static void
rehash_regions(DtWriter *w)
{
	int size = w->region_mask == 0 ? 64 : (w->region_mask + 1) * 2;

	if (w->region_table != NULL)
		pfree(w->region_table);
	w->region_table =
		MemoryContextAllocHuge(w->cxt, (Size) size * sizeof(int));
	memset(w->region_table, 0xff, (Size) size * sizeof(int));
	w->region_mask = size - 1;
	for (int i = 0; i < w->nregions; i++)
	{
		uint32 slot = w->regions[i].hash & w->region_mask;

		while (w->region_table[slot] >= 0)
			slot = (slot + 1) & w->region_mask;
		w->region_table[slot] = i;
	}
}

static int
new_region(DtWriter *w, DtText wilayah, DtText from, int version, uint32 hash)
{
	MemoryContext old = MemoryContextSwitchTo(w->cxt);
	char regency[DTC_CHAIN_DIGITS + 1];
	Region *region;

	w->regions =
		grown(w, w->regions, w->nregions, &w->maxregions, sizeof(Region));
	region = &w->regions[w->nregions];
	region->wilayah = copied(w, wilayah);
	region->from = copied(w, from);
	region->utf8.wilayah = dtsen_journal_utf8(region->wilayah);
	region->utf8.from_chain = dtsen_journal_utf8(region->from);
	region->version = version;
	region->hash = hash;
	regency_of(wilayah, regency);
	region->chain = chain_of(w, regency, version);
	region->of_block = -1;
	MemoryContextSwitchTo(old);
	return w->nregions++;
}

/*
 * The number of a region, and of where the row was before if its entries were
 * in another chain. from_wilayah: null for a row that is new. version: of the
 * machine under which the row is, 0 for the one in force. Cheap when it is the
 * region of the change before.
 */
int
dtsen_journal_region(DtWriter *w, DtText wilayah, DtText from_wilayah,
					 int version)
{
	DtText from = {"", 0, true};
	char before[DTC_CHAIN_DIGITS + 1];
	uint32 hash;
	uint32 slot;

	if (version == 0)
		version = w->m->version;
	if (!from_wilayah.isnull && !dtsen_same_text(wilayah, from_wilayah))
	{
		char after[DTC_CHAIN_DIGITS + 1];

		regency_of(wilayah, after);
		regency_of(from_wilayah, before);
		if (strcmp(before, after) != 0)
			from = text_of(before);
	}
	if (w->last_region >= 0 && from.isnull &&
		w->regions[w->last_region].from.isnull &&
		w->regions[w->last_region].version == version &&
		dtsen_same_text(w->regions[w->last_region].wilayah, wilayah))
		return w->last_region;
	hash = region_hash(wilayah, from, version);
	if (w->nregions * 2 >= w->region_mask)
		rehash_regions(w);
	slot = hash & w->region_mask;
	while (w->region_table[slot] >= 0)
	{
		Region *r = &w->regions[w->region_table[slot]];

		if (r->hash == hash && r->version == version &&
			dtsen_same_text(r->wilayah, wilayah) &&
			dtsen_same_text(r->from, from))
			return w->last_region = w->region_table[slot];
		slot = (slot + 1) & w->region_mask;
	}
	w->last_region = new_region(w, wilayah, from, version, hash);
	w->region_table[slot] = w->last_region;
	return w->last_region;
}

static int
compare_chains(const void *a, const void *b)
{
	return strcmp((*(Chain *const *) a)->regency,
				  (*(Chain *const *) b)->regency);
}

/*
 * Locks the chains of the regions named so far, in the order of their names:
 * two statements cannot wait for each other in a circle.
 */
void
dtsen_journal_lock(DtWriter *w)
{
	MemoryContext old = MemoryContextSwitchTo(w->cxt);
	Chain **order;
	int n = 0;

	order = palloc(Max(w->nchains, 1) * sizeof(Chain *));
	for (int i = 0; i < w->nchains; i++)
	{
		if (w->chains[i].head == NULL)
			order[n++] = &w->chains[i];
	}
	if (n > 1)
		qsort(order, n, sizeof(Chain *), compare_chains);
	for (int i = 0; i < n; i++)
		order[i]->head =
			dtsen_journal_head(w->m, &w->blocks, order[i]->regency);
	pfree(order);
	MemoryContextSwitchTo(old);
}

/* Makes the changes to come later than all that the locked chains hold. */
void
dtsen_journal_later(DtWriter *w)
{
	for (int i = 0; i < w->nchains; i++)
	{
		if (w->chains[i].head != NULL)
			w->now = Max(w->now, w->chains[i].head->at + 1);
	}
}

/* May a statement with so many rows be written in more than one go? */
bool
dtsen_journal_is_long(int64 rows)
{
	return rows > PENDING;
}

static void
ensure(DtWriter *w, DtcPiece *piece, Size size)
{
	if (piece->size >= size)
		return;
	piece->data = piece->data == NULL ? MemoryContextAlloc(w->cxt, size)
									  : repalloc(piece->data, size);
	piece->size = size;
}

static size_t
region_room(const Region *region)
{
	return 30 + region->utf8.wilayah.len + region->utf8.from_chain.len;
}

static size_t
step_room(const Step *step)
{
	return 40 + step->utf8.from.len + step->utf8.to.len +
		   step->utf8.action.len;
}

static void
begin_block(DtWriter *w, const Chain *chain, DtcBlockHeader *header)
{
	const DtHead *head = chain->head;

	memset(header, 0, sizeof(*header));
	header->machine = w->machine;
	header->chain.data = head->name;
	header->chain.len = strlen(head->name);
	header->seq = head->seq + 1;
	header->at = Max(w->now, head->at);
	header->txid = w->txid;
	header->version = chain->version;
	header->login = w->login;
	header->session_login = w->session_login;
	header->person = w->person;
	ensure(w, &w->out.head,
		   64 + w->login.len + w->session_login.len + w->person.len);
	dtc_block_begin(&w->out, header);
	w->block++;
	if (w->columns == NULL)
		return;
	dtsen_journal_salt(w->seed);
	dtc_salt_check(w->out.compress, w->seed, w->out.salt_check);
	ensure(w, &w->out.columns, DTC_SHA256_BYTES);
	(void) dtc_block_columns(&w->out, w->columns->digest);
}

static void
end_block(DtWriter *w, DtHead *head, DtcBlockHeader *header, int64 cell)
{
	Datum values[DT_BLOCK_COLUMNS];
	uint8 root[DTC_SHA256_BYTES];
	uint8 digest[DTC_SHA256_BYTES];
	uint8 previous[DTC_SHA256_BYTES];
	Size len = dtc_block_size(&w->out) + VARHDRSZ;
	DtcSha256 hash;

	if (w->body_size < len)
	{
		w->body = w->body == NULL ? palloc(Max(len, BODY_TARGET + 512))
								  : repalloc(w->body, len);
		w->body_size = Max(len, BODY_TARGET + 512);
	}
	len = dtc_block_end(&w->out, (uint8 *) VARDATA(w->body), root);
	SET_VARSIZE(w->body, VARHDRSZ + len);
	header->entries = w->out.nentries;
	dtc_sha256_begin(&hash, w->out.compress);
	dtc_sha256_add(&hash, VARDATA(w->body), len);
	dtc_sha256_end(&hash, digest);
	memcpy(previous, head->digest, sizeof(previous));
	dtc_block_content(w->out.compress, header, root, digest, digest);
	dtc_block_link(w->out.compress, previous, digest, head->digest);

	values[DT_BLOCK_MACHINE] = CStringGetTextDatum(w->m->key.machine);
	values[DT_BLOCK_CHAIN] = CStringGetTextDatum(head->name);
	values[DT_BLOCK_SEQ] = Int64GetDatum(header->seq);
	values[DT_BLOCK_ENTRIES] = Int32GetDatum(header->entries);
	values[DT_BLOCK_KEYS] = Int64GetDatum(cell);
	values[DT_BLOCK_BODY] = PointerGetDatum(w->body);
	values[DT_BLOCK_PREVIOUS] =
		dtsen_journal_bytes(previous, DTC_SHA256_BYTES);
	values[DT_BLOCK_DIGEST] =
		dtsen_journal_bytes(head->digest, DTC_SHA256_BYTES);
	values[DT_BLOCK_SALT] =
		w->columns == NULL ? 0 : dtsen_journal_bytes(w->seed, DTC_SALT_BYTES);
	dtsen_journal_insert(&w->blocks, values);
	head->seq += header->entries;
	head->at = header->at;
}

static void
write_note(DtWriter *w, const Note *note, const char *chain, int64 seq)
{
	Datum values[5];

	if (!w->has_notes_table)
	{
		MemoryContext old = MemoryContextSwitchTo(w->cxt);

		dtsen_journal_open(&w->notes_table, w->m->relids[DT_TABLE_NOTE],
						   DT_STORE_NOTES, RowExclusiveLock);
		MemoryContextSwitchTo(old);
		w->has_notes_table = true;
	}
	values[0] = CStringGetTextDatum(w->m->key.machine);
	values[1] = CStringGetTextDatum(chain);
	values[2] = Int64GetDatum(seq);
	values[3] = dtsen_journal_bytes(note->salt, DTC_SALT_BYTES);
	values[4] = PointerGetDatum(
		cstring_to_text_with_len(note->text.data, note->text.len));
	dtsen_journal_insert(&w->notes_table, values);
}

/* Adds what a change names to the block's dictionaries, if it is not there. */
static void
add_to_block(DtWriter *w, const Pending *p, const DtcBlockHeader *header)
{
	Step *step = &w->steps[p->step];
	Region *region = &w->regions[p->region];
	Note *note = p->note >= 0 ? &w->notes[p->note] : NULL;
	const uint8 *row = p->row >= 0 ? w->rows[p->row] : NULL;
	DtcChange change;

	if (step->of_block != w->block)
	{
		ensure(w, &w->out.steps, w->out.steps.len + step_room(step));
		step->in_block = dtc_block_step(&w->out, &step->utf8);
		step->of_block = w->block;
	}
	if (region->of_block != w->block)
	{
		ensure(w, &w->out.regions, w->out.regions.len + region_room(region));
		region->in_block = dtc_block_region(&w->out, &region->utf8);
		region->of_block = w->block;
	}
	if (note != NULL && note->of_block != w->block)
	{
		ensure(w, &w->out.notes, w->out.notes.len + DTC_NOTE_BYTES);
		note->in_block = dtc_block_note(&w->out, note->commitment);
		note->of_block = w->block;
		write_note(w, note, header->chain.data, header->seq + w->out.nentries);
	}
	change.step = &step->utf8;
	change.region = &region->utf8;
	change.note = note != NULL ? note->commitment : NULL;
	change.is_number = p->key == NULL;
	change.number = p->number;
	change.key.data = p->key;
	change.key.len = p->len;
	change.columns = 0;
	change.row = row;
	ensure(w, &w->out.entries, w->out.entries.len + dtc_change_room(&change));
	ensure(w, &w->out.leaves, ((Size) w->out.nentries + 1) * DTC_SHA256_BYTES);
	dtc_block_add(&w->out, step->in_block, region->in_block,
				  note != NULL ? note->in_block + 1 : 0, &change, row);
}

/* Bytes that a change adds to a block, at most. */
static Size
room_for(const DtWriter *w, const Pending *p)
{
	Size room = 34 + p->len + (p->row >= 0 ? DTC_SHA256_BYTES + 5 : 1);

	if (w->steps[p->step].of_block != w->block)
		room += step_room(&w->steps[p->step]);
	if (w->regions[p->region].of_block != w->block)
		room += region_room(&w->regions[p->region]);
	if (p->note >= 0 && w->notes[p->note].of_block != w->block)
		room += DTC_NOTE_BYTES;
	return room;
}

/* Packs the pending changes of one chain, from first to before end. */
static void
write_chain(DtWriter *w, int first, int end)
{
	Chain *chain = &w->chains[w->pending[first].order >> 32];

	while (first < end)
	{
		DtcBlockHeader header;
		uint32 low = (uint32) w->pending[first].order;
		int i = first;

		begin_block(w, chain, &header);
		do
		{
			/* rows are in another order: theirs are not in the cache */
			if (w->nrows > 0 && i + AHEAD < end)
				__builtin_prefetch(w->rows[Max(w->pending[i + AHEAD].row, 0)]);
			add_to_block(w, &w->pending[i++], &header);
		} while (i < end && i - first < DTC_BLOCK_ENTRIES &&
				 dtc_block_size(&w->out) + room_for(w, &w->pending[i]) <
					 BODY_TARGET);
		end_block(
			w, chain->head, &header,
			dtc_key_cell(chain->hash, low, (uint32) w->pending[i - 1].order));
		first = i;
		CHECK_FOR_INTERRUPTS();
	}
}

static void
hash_rows(DtWriter *w)
{
	for (int i = 0; i < w->nunhashed; i++)
		w->unhashed[i].digest = w->rows[w->nrows - w->nunhashed + i];
	dtc_sha256_messages(w->out.compress, w->out.two, w->unhashed,
						w->nunhashed);
	w->nunhashed = 0;
}

static void
write_pending(DtWriter *w)
{
	MemoryContext rows = AllocSetContextCreate(w->cxt, "dtsen journal rows",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(w->cxt);
	int first = 0;

	hash_rows(w);
	ensure(w, &w->out.steps, 1024);
	ensure(w, &w->out.regions, 4096);
	ensure(w, &w->out.entries, w->npending > 16 ? BODY_TARGET : 1024);
	ensure(w, &w->out.leaves,
		   Min(w->npending, DTC_BLOCK_ENTRIES) * DTC_SHA256_BYTES);
	if (w->body == NULL)
	{
		w->body_size = w->npending > 16 ? BODY_TARGET + 512 : 1024;
		w->body = palloc(w->body_size);
	}
	if (w->columns != NULL)
		dtsen_row_columns_known(w->columns, &w->blocks);
	dtsen_journal_lock(w);
	if (w->npending > 1)
		sort_pending(w->pending, w->npending);
	MemoryContextSwitchTo(rows);
	while (first < w->npending)
	{
		uint64 chain = w->pending[first].order >> 32;
		int end = first + 1;

		while (end < w->npending && w->pending[end].order >> 32 == chain)
			end++;
		write_chain(w, first, end);
		MemoryContextReset(rows);
		first = end;
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(rows);
	w->npending = 0;
	w->nnotes = 0;
	w->nrows = 0;
	w->arena_used = 0;
	if (w->arena != NULL)
		MemoryContextReset(w->arena);
}

/* The number of a note; the same as before if it is the same text. */
static int
note_of(DtWriter *w, DtText given)
{
	MemoryContext old;
	Note *note;
	char *copy;

	if (w->nnotes > 0 && dtsen_same_text(w->notes[w->nnotes - 1].text, given))
		return w->nnotes - 1;
	w->notes = grown(w, w->notes, w->nnotes, &w->maxnotes, sizeof(Note));
	note = &w->notes[w->nnotes];
	old = MemoryContextSwitchTo(w->arena);
	copy = palloc(given.len + 1);
	memcpy(copy, given.data, given.len);
	copy[given.len] = '\0';
	note->text.data = copy;
	note->text.len = given.len;
	note->text.isnull = false;
	note->utf8 = dtsen_journal_utf8(note->text);
	MemoryContextSwitchTo(old);
	dtsen_journal_salt(note->salt);
	dtc_note_commit(w->out.compress, note->salt, note->utf8, note->commitment);
	note->of_block = -1;
	w->arena_used += sizeof(Note) + given.len;
	return w->nnotes++;
}

/*
 * Adds a change. What it points to may go away afterwards. It is in the
 * journal after dtsen_journal_finish().
 */
void
dtsen_journal_add(DtWriter *w, const DtChange *change)
{
	const Region *region = &w->regions[change->region];
	Pending *p;

	if (w->npending == PENDING || w->arena_used >= ARENA)
		write_pending(w);
	w->pending =
		grown(w, w->pending, w->npending, &w->maxpending, sizeof(Pending));
	if (w->arena == NULL && !(change->is_number && change->reason.isnull))
		w->arena = AllocSetContextCreate(w->cxt, "dtsen journal keys",
										 ALLOCSET_DEFAULT_SIZES);
	p = &w->pending[w->npending++];
	p->step = change->step;
	p->region = change->region;
	p->note = change->reason.isnull ? -1 : note_of(w, change->reason);
	p->row = -1;
	if (change->row != NULL && w->columns != NULL)
	{
		w->rows = grown(w, w->rows, w->nrows, &w->maxrows, DTC_SHA256_BYTES);
		p->row = w->nrows++;
		w->unhashed[w->nunhashed++] = *change->row;
		if (w->nunhashed == 2)
			hash_rows(w);
	}
	p->key = NULL;
	p->len = 0;
	p->number = change->number;
	if (!change->is_number)
	{
		DtcText utf8 = dtsen_journal_utf8(change->key);

		if (!dtc_key_number(utf8.data, utf8.len, &p->number))
		{
			char *copy = MemoryContextAlloc(w->arena, utf8.len + 1);

			memcpy(copy, utf8.data, utf8.len);
			p->key = copy;
			p->len = (uint32) utf8.len;
			w->arena_used += utf8.len + 16;
		}
	}
	p->order = (uint64) region->chain << 32 |
			   (p->key == NULL ? dtc_key_hash_number(p->number)
							   : dtc_key_hash(p->key, p->len));
}

/* Writes what is left, and frees the writer. */
void
dtsen_journal_finish(DtWriter *w)
{
	if (w->npending > 0)
		write_pending(w);
	dtsen_journal_close(&w->blocks);
	if (w->has_notes_table)
		dtsen_journal_close(&w->notes_table);
	MemoryContextDelete(w->cxt);
	CommandCounterIncrement();
}
