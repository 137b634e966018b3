/*
 * nama_near.c
 *		Candidates of a search for a name, with how similar each can be.
 *
 * Each key of the index that a probe of core/name_keys.h takes is a term: it
 * says something about the rows in its list. What is known of a row is one of a
 * few hundred patterns; a row goes from pattern to pattern as terms find it, and
 * what a pattern allows is worked out once.
 *
 * Most lists of common words need not be taken in (nama_choose.c): they only
 * tell more of the rows that are there already, and where they are much longer
 * than those are many, that is taken for granted instead. Nothing of this is inexact: a candidate too many is compared in the
 * table like any other.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "compat.h"
#include "name/nama_near.h"
#include "name/nama_term.h"

#define UNKNOWN_BOUND 2.0 /* not worked out yet */
#define STEPS 8192        /* kept from pattern to pattern, a power of two */
/* A list so many times longer than there are rows is not read for them. */
#define LONG_LIST 40
#define LONG_LIST_LEAST 4000

static DtcNameFind *
find_of(Near *n, uint32 pattern)
{
	return n->find + (Size) pattern * n->query->nwords;
}

/* --- patterns --- */

static void
grow_patterns(Near *n)
{
	n->most_patterns *= 2;
	n->slots *= 2;
	n->find = repalloc_huge(n->find, n->find_size * n->most_patterns);
	n->bound = repalloc_huge(n->bound, sizeof(double) * n->most_patterns);
	n->slot = repalloc_huge(n->slot, sizeof(uint32) * n->slots);
	memset(n->slot, 0, sizeof(uint32) * n->slots);
	for (uint32 i = 0; i < n->npatterns; i++)
	{
		uint32 at =
			hash_bytes((unsigned char *) find_of(n, i), (int) n->find_size);

		while (n->slot[at &= n->slots - 1] != 0)
			at++;
		n->slot[at] = i + 1;
	}
}

/* Number of a pattern. */
static uint32
pattern_of(Near *n, const DtcNameFind *find)
{
	uint32 at = hash_bytes((const unsigned char *) find, (int) n->find_size);

	for (; n->slot[at &= n->slots - 1] != 0; at++)
	{
		if (memcmp(find_of(n, n->slot[at] - 1), find, n->find_size) == 0)
			return n->slot[at] - 1;
	}
	if (n->npatterns == n->most_patterns)
	{
		grow_patterns(n);
		return pattern_of(n, find);
	}
	memcpy(find_of(n, n->npatterns), find, n->find_size);
	n->bound[n->npatterns] = UNKNOWN_BOUND;
	n->slot[at] = n->npatterns + 1;
	return n->npatterns++;
}

static uint32
pattern_with(Near *n, uint32 pattern, const DtcNameHit *hit)
{
	DtcNameFind find[DTC_NAME_MAX_TOKENS];

	memcpy(find, find_of(n, pattern), n->find_size);
	dtc_name_note(n->query, find, hit);
	return pattern_of(n, find);
}

/* The pattern of a row that a term has found. */
static uint32
step_by(Near *n, uint32 pattern, uint32 term)
{
	Step *s = &n->step[(pattern * UINT32_C(0x9E3779B1) ^
						term * UINT32_C(0x85EBCA77)) >>
						   7 &
					   (STEPS - 1)];

	if (s->term != term + 1 || s->pattern != pattern)
	{
		uint32 to = pattern_with(n, pattern, &n->term[term].hit);

		*s = (Step){pattern, term + 1, to};
	}
	return s->to;
}

/* --- rows --- */

static inline uint64
pack(const ItemPointerData *tid)
{
	return (uint64) ItemPointerGetBlockNumberNoCheck(tid) << 16 |
		   ItemPointerGetOffsetNumberNoCheck(tid);
}

/* The slot of a row, free if it is not there. */
static inline Row *
row_slot(const Near *n, uint64 tid)
{
	uint64 at = tid * UINT64CONST(0x9E3779B97F4A7C15) >> 20;

	while (n->row[at &= n->row_slots - 1].tid != tid && n->row[at].tid != 0)
		at++;
	return &n->row[at];
}

static void
make_room(Near *n, uint64 slots)
{
	Row *old = n->row;
	uint64 old_slots = n->row_slots;

	if (slots * sizeof(Row) > n->room)
	{
		n->full = true;
		return;
	}
	n->row_slots = slots;
	n->row =
		MemoryContextAllocExtended(CurrentMemoryContext, sizeof(Row) * slots,
								   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint64 i = 0; i < old_slots; i++)
	{
		if (old[i].tid != 0)
			*row_slot(n, old[i].tid) = old[i];
	}
	if (old != NULL)
		pfree(old);
}

static void
take_in(void *arg, const ItemPointerData *rows, int count)
{
	Near *n = (Near *) arg;
	uint32 first = step_by(n, 0, n->current);

	while (!n->full && (n->nrows + count) * 2 > n->row_slots)
		make_room(n, n->row_slots * 2);
	for (int i = 0; i < count && !n->full; i++)
	{
		uint64 tid = pack(&rows[i]);
		Row *row = row_slot(n, tid);

		if (row->tid == 0)
		{
			row->tid = tid;
			row->pattern = first;
			n->nrows++;
		}
		else
			row->pattern = step_by(n, row->pattern, n->current);
	}
}

#define FILTER_BITS 16 /* for each row, at least */
#define FILTER_MOST (UINT64CONST(1) << 21)

static inline uint64
filter_bit(const Near *n, uint64 tid)
{
	return (tid * UINT64CONST(0x9E3779B97F4A7C15) >> 40) & n->filter_bits;
}

/* Makes the filter of the rows that are there. */
static void
make_filter(Near *n)
{
	uint64 bits = 1024;

	while (bits < n->nrows * FILTER_BITS && bits < FILTER_MOST)
		bits *= 2;
	n->filter = palloc0(bits / 8);
	n->filter_bits = bits - 1;
	for (uint64 i = 0; i < n->row_slots; i++)
	{
		uint64 bit = filter_bit(n, n->row[i].tid);

		if (n->row[i].tid != 0)
			n->filter[bit / 64] |= UINT64CONST(1) << bit % 64;
	}
}

static void
look_up(void *arg, const ItemPointerData *rows, int count)
{
	Near *n = (Near *) arg;

	for (int i = 0; i < count; i++)
	{
		uint64 tid = pack(&rows[i]), bit = filter_bit(n, tid);
		Row *row;

		if ((n->filter[bit / 64] >> bit % 64 & 1) == 0)
			continue;
		row = row_slot(n, tid);
		if (row->tid != 0)
			row->pattern = step_by(n, row->pattern, n->current);
	}
}

/* Takes for granted that each row may be in the list of the present term. */
static void
assume(Near *n)
{
	DtcNameHit hit = n->term[n->current].hit;

	hit.class = 0; /* it may be not, so this says nothing */
	for (uint64 i = 0; i < n->row_slots; i++)
	{
		if (n->row[i].tid != 0)
			n->row[i].pattern = pattern_with(n, n->row[i].pattern, &hit);
	}
}

/* --- terms --- */

/* Do two keys differ in the spelling and the class alone? */
static bool
same_word(const Near *n, const uint8 *key, Size len)
{
	return len == n->last_len &&
		   memcmp(key, n->last, len - DTC_KEY_TAIL) == 0 &&
		   (key[len - 2] > DTC_KEY_SPELLINGS) ==
			   (n->last[len - 2] > DTC_KEY_SPELLINGS);
}

/* Tries the present probes on a key. */
static void
try_key(Near *n, const uint8 *key, Size len)
{
	n->hits.n = 0;
	for (int i = 0; i < n->nbegin; i++)
	{
		const Begin *b = n->begin[i];

		if (b->exact &&
			len != b->len + (key[0] == DTC_KEY_BACKWARD ? DTC_KEY_TAIL_BACK
														: DTC_KEY_TAIL))
			continue;
		if (len >= b->len && memcmp(key, b->key, b->len) == 0 &&
			dtc_name_probe_takes(n->query, b->probe, key, len,
								 &n->hits.hit[n->hits.n]) == DTC_TAKEN)
			n->hits.n++;
	}
}

/* A word that begins as the present probes do. */
static NamaVerdict
visit_forward(void *arg, const uint8 *key, Size len)
{
	Near *n = (Near *) arg;

	if (!same_word(n, key, len))
	{
		try_key(n, key, len);
		n->last_len = 0;
		if (len <= sizeof(n->last))
		{
			memcpy(n->last, key, len);
			n->last_len = len;
		}
	}
	for (int i = 0; i < n->hits.n; i++)
	{
		DtcNameHit *hit = &n->hits.hit[i];

		if (hit->what == DTC_PROBE_WORD)
			hit->similarity =
				dtc_name_spelling_similarity(n->query, hit->unit, key, len);
		hit->class = key[len - 1];
	}
	return n->hits.n > 0 ? NAMA_TAKE : NAMA_SKIP;
}

/* A word that ends as the present probes do: it is looked up later. */
static NamaVerdict
visit_backward(void *arg, const uint8 *key, Size len)
{
	Near *n = (Near *) arg;
	Word *word;

	try_key(n, key, len);
	if (n->hits.n == 0)
		return NAMA_SKIP;
	word = palloc(offsetof(Word, key) + len);
	word->len = dtc_name_backward_word(key, len, word->key);
	if (word->len == 0)
		return NAMA_TAKE; /* so long that this key has to do */
	word->hits.n = n->hits.n;
	word->hits.hit = palloc(sizeof(DtcNameHit) * n->hits.n);
	memcpy(word->hits.hit, n->hits.hit, sizeof(DtcNameHit) * n->hits.n);
	n->words = lappend(n->words, word);
	return NAMA_SKIP;
}

/* A key that begins with a word of those kept: is it the word itself? */
static NamaVerdict
visit_word(void *arg, const uint8 *key, Size len)
{
	Near *n = (Near *) arg;
	const Hits *hits = &n->word->hits;

	if (len != n->word->len + DTC_KEY_TAIL)
		return NAMA_STOP;
	if ((key[len - 2] > DTC_KEY_SPELLINGS) != hits->hit[0].attested)
		return NAMA_SKIP;
	n->hits.n = hits->n;
	for (int i = 0; i < hits->n; i++)
	{
		n->hits.hit[i] = hits->hit[i];
		n->hits.hit[i].class = key[len - 1];
	}
	return NAMA_TAKE;
}

/* A key for a probe by itself. */
static NamaVerdict
visit_alone(void *arg, const uint8 *key, Size len)
{
	Near *n = (Near *) arg;
	const Begin *b = n->begin[0];

	n->hits.n = 0;
	if (!n->query->probe[b->probe].partial && len != b->len)
		return NAMA_STOP;
	switch (
		dtc_name_probe_takes(n->query, b->probe, key, len, &n->hits.hit[0]))
	{
		case DTC_TAKEN:
			n->hits.n = 1;
			return NAMA_TAKE;
		case DTC_SKIPPED:
			return NAMA_SKIP;
		default:
			return NAMA_STOP;
	}
}

static void
add_terms(void *arg, const NamaList *list)
{
	Near *n = (Near *) arg;

	for (int i = 0; i < n->hits.n; i++)
	{
		Term *term;

		if (n->nterms == n->most_terms)
		{
			n->most_terms *= 2;
			n->term = repalloc_huge(n->term, sizeof(Term) * n->most_terms);
		}
		term = &n->term[n->nterms++];
		term->hit = n->hits.hit[i];
		term->list = *list;
		term->size = list->n;
		term->use = TERM_LOOKED_UP;
		term->group = 0;
	}
}

static Begin *
begin_of(const Near *n, int probe)
{
	const DtcNameProbe *p = &n->query->probe[probe];
	uint8 key[2 + DTC_NAME_MAX_FOLDED];
	Size len = dtc_name_probe_key(n->query, probe, key);
	Begin *b = palloc(offsetof(Begin, key) + len);

	b->probe = probe;
	b->len = len;
	memcpy(b->key, key, len);
	b->exact = p->what == DTC_PROBE_HEAD || p->what == DTC_PROBE_TAIL ||
			   p->what == DTC_PROBE_WORD;
	return b;
}

/*
 * Reads the keys for a probe that stands for a range, NEAR or NEAR_END, and for
 * all others of its word whose keys are in that range; they are done then.
 */
static void
read_range(Near *n, int probe, bool *done)
{
	const DtcNameProbe *p = &n->query->probe[probe];
	bool backward = p->what == DTC_PROBE_NEAR_END;
	Begin *range = begin_of(n, probe);

	n->nbegin = 0;
	n->begin[n->nbegin++] = range;
	for (int i = 0; i < n->query->nprobes; i++)
	{
		const DtcNameProbe *other = &n->query->probe[i];
		Begin *b;

		if (done[i] || i == probe || other->unit != p->unit)
			continue;
		if (backward ? other->what != DTC_PROBE_TAIL &&
						   other->what != DTC_PROBE_SEAM_TAIL
					 : other->what != DTC_PROBE_HEAD &&
						   other->what != DTC_PROBE_SEAM_HEAD &&
						   other->what != DTC_PROBE_JOINED_NEAR &&
						   other->what != DTC_PROBE_WORD)
			continue;
		b = begin_of(n, i);
		if (backward)
			b->len = dtc_name_probe_backward(n->query, i, b->key);
		if (b->len < range->len || memcmp(b->key, range->key, range->len) != 0)
			continue;
		n->begin[n->nbegin++] = b;
		done[i] = true;
	}
	n->last_len = 0;
	dtsen_nama_read_keys(&n->pages, range->key, range->len,
						 backward ? visit_backward : visit_forward, add_terms,
						 n);
	done[probe] = true;
}

static void
find_terms(Near *n)
{
	int nprobes = n->query->nprobes;
	bool *done = palloc0(sizeof(bool) * Max(nprobes, 1));
	ListCell *cell;

	n->begin = palloc(sizeof(Begin *) * Max(nprobes, 1));
	n->hits.hit = palloc(sizeof(DtcNameHit) * Max(nprobes, 1));
	for (int i = 0; i < nprobes; i++)
		done[i] = n->query->probe[i].third > 1; /* the first does for all */
	for (int i = 0; i < nprobes; i++)
	{
		const DtcNameProbe *p = &n->query->probe[i];

		if (!done[i] &&
			(p->what == DTC_PROBE_NEAR || p->what == DTC_PROBE_NEAR_END))
			read_range(n, i, done);
	}
	for (int i = 0; i < nprobes; i++)
	{
		if (done[i])
			continue;
		n->begin[0] = begin_of(n, i);
		dtsen_nama_read_keys(&n->pages, n->begin[0]->key, n->begin[0]->len,
							 visit_alone, add_terms, n);
	}
	foreach (cell, n->words)
	{
		n->word = (const Word *) lfirst(cell);
		dtsen_nama_read_keys(&n->pages, n->word->key, n->word->len, visit_word,
							 add_terms, n);
	}
	for (uint32 i = 0; i < n->nterms; i++)
	{
		if (n->term[i].list.rows == NULL)
			n->term[i].size =
				dtsen_nama_tree_size(&n->pages, n->term[i].list.root);
	}
}

/* A key of a pending row: as if it were a term of this row alone. */
static void
take_pending(void *arg, const uint8 *key, Size len, ItemPointer tid)
{
	Near *n = (Near *) arg;
	uint8 begin[2 + DTC_NAME_MAX_FOLDED];

	for (int i = 0; i < n->query->nprobes && !n->full; i++)
	{
		const DtcNameProbe *p = &n->query->probe[i];
		DtcNameHit hit;
		Size begin_len;
		Row *row;
		uint64 packed = pack(tid);

		if (p->third > 1)
			continue;
		begin_len = dtc_name_probe_key(n->query, i, begin);
		if (len < begin_len || memcmp(key, begin, begin_len) != 0 ||
			(!p->partial && len != begin_len) ||
			dtc_name_probe_takes(n->query, i, key, len, &hit) != DTC_TAKEN)
			continue;
		if ((n->nrows + 1) * 2 > n->row_slots)
			make_room(n, n->row_slots * 2);
		if (n->full)
			return;
		row = row_slot(n, packed);
		if (row->tid == 0)
		{
			row->tid = packed;
			row->pattern = 0;
			n->nrows++;
		}
		row->pattern = pattern_with(n, row->pattern, &hit);
	}
}

static void
read_terms(Near *n)
{
	uint64 slots = n->row_slots;

	while (slots < 2 * n->expected && slots * 2 * sizeof(Row) <= n->room)
		slots *= 2;
	if (slots > n->row_slots)
		make_room(n, slots);
	for (uint32 i = 0; i < n->nterms && !n->full; i++)
	{
		n->current = i;
		if (n->term[i].use == TERM_TAKEN_IN)
			dtsen_nama_read_rows(&n->pages, &n->term[i].list, take_in, n);
	}
	if (n->full || n->nrows == 0)
		return;
	make_filter(n);
	for (uint32 i = 0; i < n->nterms; i++)
	{
		Term *t = &n->term[i];

		n->current = i;
		if (t->use != TERM_LOOKED_UP)
			continue;
		if (t->size > LONG_LIST_LEAST + (double) LONG_LIST * n->nrows)
			assume(n);
		else
			dtsen_nama_read_rows(&n->pages, &t->list, look_up, n);
	}
}

/* --- result --- */

static int
by_bound(const void *a, const void *b)
{
	double x = ((const NamaGroup *) a)->bound;
	double y = ((const NamaGroup *) b)->bound;

	return x > y ? -1 : x < y;
}

static int
by_tid(const void *a, const void *b)
{
	return ItemPointerCompare((ItemPointer) a, (ItemPointer) b);
}

/* Sorts the rows of the patterns that allow a match by their patterns. */
static NamaNear *
collect(Near *n)
{
	NamaNear *result = palloc0(sizeof(NamaNear));
	uint32 *count = palloc0(sizeof(uint32) * n->npatterns);
	uint32 *at = palloc0(sizeof(uint32) * n->npatterns);
	uint32 rows = 0;

	for (uint64 i = 0; i < n->row_slots; i++)
	{
		if (n->row[i].tid != 0)
			count[n->row[i].pattern]++;
	}
	result->group = palloc(sizeof(NamaGroup) * n->npatterns);
	for (uint32 p = 0; p < n->npatterns; p++)
	{
		if (count[p] == 0)
			continue;
		if (n->bound[p] == UNKNOWN_BOUND)
			n->bound[p] = dtc_name_bound(n->query, find_of(n, p));
		if (n->bound[p] < 0)
			continue;
		at[p] = rows;
		result->group[result->ngroups++] =
			(NamaGroup){n->bound[p], rows, count[p]};
		rows += count[p];
	}
	result->nrows = rows;
	result->row = palloc_extended(sizeof(ItemPointerData) * Max(rows, 1),
								  MCXT_ALLOC_HUGE);
	for (uint64 i = 0; i < n->row_slots; i++)
	{
		const Row *row = &n->row[i];
		ItemPointer to;

		if (row->tid == 0 || n->bound[row->pattern] < 0)
			continue;
		to = &result->row[at[row->pattern]++];
		ItemPointerSet(to, row->tid >> 16, row->tid & 0xFFFF);
	}
	for (int g = 0; g < result->ngroups; g++)
		qsort(result->row + result->group[g].first, result->group[g].n,
			  sizeof(ItemPointerData), by_tid);
	qsort(result->group, result->ngroups, sizeof(NamaGroup), by_bound);
	return result;
}

/*
 * Rows whose name can have at least this similarity to a name.
 *
 * gin: a scan of GIN on the index, for its state; attribute: of the index, from
 * 1; threshold: one for which dtsen_nama_search() is bounded.
 * Memory: of the current context, which the caller resets. NULL when the rows
 * would take more than work_mem.
 */
NamaNear *
dtsen_nama_near(IndexScanDesc gin, int attribute, const DtNama *name,
				double threshold)
{
	Near *n = palloc0(sizeof(Near));

	n->query = dtsen_nama_search(name, threshold);
	n->query->reads_class = true;
	n->find_size = sizeof(DtcNameFind) * n->query->nwords;
	n->room = work_mem * (Size) 1024;
	n->most_terms = 256;
	n->term = palloc(sizeof(Term) * n->most_terms);
	n->most_patterns = 256;
	n->slots = 1024;
	n->find = palloc(n->find_size * n->most_patterns);
	n->bound = palloc(sizeof(double) * n->most_patterns);
	n->slot = palloc0(sizeof(uint32) * n->slots);
	n->step = palloc0(sizeof(Step) * STEPS);
	memset(n->last, 0, sizeof(n->last));
	{
		DtcNameFind nothing[DTC_NAME_MAX_TOKENS];

		memset(nothing, 0, sizeof(nothing));
		(void) pattern_of(n, nothing);
	}
	make_room(n, 1024);
	dtsen_nama_pages(&n->pages, gin, attribute);
	if (!n->full)
		dtsen_nama_read_pending(&n->pages, take_pending, n);
	find_terms(n);
	dtsen_nama_choose(n);
	read_terms(n);
	return n->full ? NULL : collect(n);
}
