/*
 * nama_near.c
 *		Candidates of a search for a name, with how similar each can be.
 *
 * Each key of the index that a probe of core/name_keys.h takes is a term: it
 * says something about the rows in its list. Which lists have to be read is in
 * nama_choose.c, how they are read in nama_rows.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "name/nama_near.h"
#include "name/nama_term.h"

#define FEW_ROWS 128     /* of a word */
#define FIRST_ROWS 16384 /* of lists, for which there is room at first */
#define FIRST_TERMS 512
#define FIRST_PENDING 64

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

/*
 * Does a hit matter to rounds alone that look for look-alikes, while the present
 * one does not?
 */
static inline bool
is_aside(const Near *n, const DtcNameHit *hit)
{
	return n->puts_aside && hit->similarity == 0 && hit->lookalike > 0;
}

/* What is done with the key that the present hits are of. */
static NamaVerdict
verdict(const Near *n)
{
	for (int i = 0; i < n->hits.n; i++)
	{
		if (!is_aside(n, &n->hits.hit[i]))
			return NAMA_TAKE;
	}
	return n->hits.n > 0 ? NAMA_TAKE_PACKED : NAMA_SKIP;
}

/* A word that begins as the present probes do. */
static NamaVerdict
visit_forward(void *arg, const uint8 *key, Size len, int rows)
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
	return verdict(n);
}

/*
 * A word that ends as the present probes do: it is looked up later, unless it
 * has so few rows that comparing them all costs less.
 */
static NamaVerdict
visit_backward(void *arg, const uint8 *key, Size len, int rows)
{
	Near *n = (Near *) arg;
	NamaVerdict result;
	Word *word;

	try_key(n, key, len);
	result = verdict(n);
	if (result == NAMA_SKIP || rows <= FEW_ROWS)
		return result;
	word = palloc(offsetof(Word, key) + len);
	word->len = dtc_name_backward_word(key, len, word->key);
	if (word->len == 0)
		return result; /* so long that this key has to do */
	word->hits.n = n->hits.n;
	word->hits.hit = palloc(sizeof(DtcNameHit) * n->hits.n);
	memcpy(word->hits.hit, n->hits.hit, sizeof(DtcNameHit) * n->hits.n);
	if (result == NAMA_TAKE)
		n->words = lappend(n->words, word);
	else
		n->found->words_aside = lappend(n->found->words_aside, word);
	return NAMA_SKIP;
}

/* A key that begins with a word of those kept: is it the word itself? */
static NamaVerdict
visit_word(void *arg, const uint8 *key, Size len, int rows)
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
visit_alone(void *arg, const uint8 *key, Size len, int rows)
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
			return verdict(n);
		case DTC_SKIPPED:
			return NAMA_SKIP;
		default:
			return NAMA_STOP;
	}
}

static void
add_term(Near *n, Terms *to, const DtcNameHit *hit, const NamaList *list)
{
	Term *term;

	if (to->n == to->most)
	{
		const Term *old = to->term;

		to->most = Max(FIRST_TERMS, to->most * 2);
		to->term = dtsen_nama_room(n, sizeof(Term) * to->most);
		if (to->n > 0)
			memcpy(to->term, old, sizeof(Term) * to->n);
	}
	term = &to->term[to->n++];
	term->hit = *hit;
	term->lookalike = hit->lookalike;
	term->list = *list;
	term->size = list->n;
	term->use = TERM_LOOKED_UP;
	term->group = 0;
}

static void
add_terms(void *arg, const NamaList *list)
{
	Near *n = (Near *) arg;

	for (int i = 0; i < n->hits.n; i++)
	{
		const DtcNameHit *hit = &n->hits.hit[i];

		if (hit->class > DTC_NAME_CLASSES)
			dtsen_nama_report_damage(&n->pages);
		add_term(n, is_aside(n, hit) ? &n->found->aside : &n->found->terms,
				 hit, list);
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
	DtcNameRange words;
	bool coded;

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
	coded = dtc_name_range_init(n->query, p->unit, backward, &words);
	dtsen_nama_read_keys(
		&n->pages, range->key, range->len, coded ? &words : NULL,
		backward ? visit_backward : visit_forward, add_terms, n);
	done[probe] = true;
}

/* Looks up words that their backward keys have given. */
static void
look_up(Near *n, const List *words)
{
	ListCell *cell;

	foreach (cell, words)
	{
		n->word = (const Word *) lfirst(cell);
		dtsen_nama_read_keys(&n->pages, n->word->key, n->word->len, NULL,
							 visit_word, add_terms, n);
	}
}

static void
find_terms(Near *n)
{
	int nprobes = n->query->nprobes;
	bool *done = palloc0(sizeof(bool) * Max(nprobes, 1));

	n->begin = palloc(sizeof(Begin *) * Max(nprobes, 1));
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
							 NULL, visit_alone, add_terms, n);
	}
	look_up(n, n->words);
}

/* The first letter of a key, or of what keys begin with; 0 for none. */
static inline uint8
first_letter(const uint8 *key, Size len)
{
	return len > 1 ? key[1] : 0;
}

/* All probes with what their keys begin with, by the first letters of these. */
static void
begin_all(Near *n)
{
	int nprobes = n->query->nprobes;
	Begin **all = palloc(sizeof(Begin *) * Max(nprobes, 1));
	int at[FIRST_LETTERS + 1] = {0};

	n->begin = palloc(sizeof(Begin *) * Max(nprobes, 1));
	n->nbegin = 0;
	for (int i = 0; i < nprobes; i++)
	{
		if (n->query->probe[i].third > 1)
			continue;
		all[n->nbegin] = begin_of(n, i);
		at[first_letter(all[n->nbegin]->key, all[n->nbegin]->len) + 1]++;
		n->nbegin++;
	}
	for (int c = 0; c < FIRST_LETTERS; c++)
		at[c + 1] += at[c];
	memcpy(n->begin_at, at, sizeof(at));
	for (int i = 0; i < n->nbegin; i++)
		n->begin[at[first_letter(all[i]->key, all[i]->len)]++] = all[i];
	pfree(all);
}

/* A key of a pending row: as if it were a term of this row alone. */
static void
take_pending(void *arg, const uint8 *key, Size len, ItemPointer tid)
{
	Near *n = (Near *) arg;
	NamaFound *found = n->found;
	uint8 letter = first_letter(key, len);

	if (n->begin == NULL)
		begin_all(n);
	for (int i = n->begin_at[letter];
		 i < n->begin_at[letter + 1] && !n->stopped; i++)
	{
		const Begin *b = n->begin[i];
		DtcNameHit hit;

		if (len < b->len || memcmp(key, b->key, b->len) != 0 ||
			(!n->query->probe[b->probe].partial && len != b->len) ||
			dtc_name_probe_takes(n->query, b->probe, key, len, &hit) !=
				DTC_TAKEN)
			continue;
		if (found->npending == found->most_pending)
		{
			found->most_pending = Max(FIRST_PENDING, found->most_pending * 2);
			n->stopped = sizeof(Pending) * found->most_pending >
						 n->room / NAMA_ROWS_SHARE;
			if (n->stopped)
				return;
			found->pending =
				found->pending == NULL
					? palloc(sizeof(Pending) * found->most_pending)
					: repalloc_huge(found->pending,
									sizeof(Pending) * found->most_pending);
		}
		found->pending[found->npending++] = (Pending){*tid, hit};
	}
}

/* --- rounds --- */

/* For a search of several rounds: in the current context, nothing is found. */
NamaFound *
dtsen_nama_begin_found(void)
{
	NamaFound *found = palloc0(sizeof(NamaFound));

	found->context = AllocSetContextCreate(
		CurrentMemoryContext, "dtsen_nama found", ALLOCSET_DEFAULT_SIZES);
	return found;
}

/* Frees what was found: another search begins. */
void
dtsen_nama_forget(NamaFound *found)
{
	MemoryContext context = found->context;

	MemoryContextReset(context);
	memset(found, 0, sizeof(NamaFound));
	found->context = context;
}

/* Adds what was put aside to the terms. */
static void
take_aside(Near *n)
{
	NamaFound *found = n->found;

	for (uint32 i = 0; i < found->aside.n; i++)
	{
		Term *t = &found->aside.term[i];

		if (t->list.packed != NULL)
			dtsen_nama_unpack(&n->pages, &t->list);
		add_term(n, &found->terms, &t->hit, &t->list);
	}
	look_up(n, found->words_aside);
	found->aside.n = 0;
	found->words_aside = NIL;
}

/* Reads the index for the first round. */
static void
find_first(Near *n)
{
	bool deep = n->query->deep;

	n->query->deep |= n->puts_aside;
	n->pages.nroom = FIRST_ROWS;
	n->pages.room = dtsen_nama_room(n, sizeof(NamaRow) * FIRST_ROWS);
	n->pages.page_rows = dtsen_nama_room(n, sizeof(NamaRow) * BLCKSZ);
	dtsen_nama_read_pending(&n->pages, take_pending, n);
	if (!n->stopped)
		find_terms(n);
	n->query->deep = deep;
}

/* Finds terms and pending rows, what of them no round before has found. */
static void
find(Near *n)
{
	NamaFound *found = n->found;
	MemoryContext old = MemoryContextSwitchTo(found->context);
	uint64 turn = found->turn;
	uint32 known = found->terms.n;

	found->turn = 0;
	n->hits.hit = palloc(sizeof(DtcNameHit) * Max(n->query->nprobes, 1));
	if (turn == 0)
	{
		turn = dtsen_nama_take_room();
		find_first(n);
	}
	else
	{
		n->room_used = found->room_used;
		n->pages.room = found->room;
		n->pages.nroom = found->nroom;
		n->pages.page_rows = found->page_rows;
		if (!n->puts_aside)
			take_aside(n);
	}
	for (uint32 i = known; i < found->terms.n; i++)
	{
		Term *t = &found->terms.term[i];

		if (t->list.rows == NULL)
			t->size = dtsen_nama_tree_size(&n->pages, t->list.root);
	}
	found->room_used = n->room_used;
	found->room = n->pages.room;
	found->nroom = n->pages.nroom;
	found->page_rows = n->pages.page_rows;
	found->turn = n->stopped ? 0 : turn;
	MemoryContextSwitchTo(old);
}

/* Takes of what was found what matters to the present round. */
static void
take_found(Near *n)
{
	NamaFound *found = n->found;
	bool deep = n->query->deep;

	n->term = found->terms.term;
	n->nterms = found->terms.n;
	for (uint32 i = 0; i < n->nterms; i++)
		n->term[i].hit.lookalike = deep ? n->term[i].lookalike : 0;
	for (uint32 i = 0; i < found->npending && !n->stopped; i++)
	{
		DtcNameHit hit = found->pending[i].hit;

		if (is_aside(n, &hit))
			continue;
		hit.lookalike = deep ? hit.lookalike : 0;
		dtsen_nama_take_pending(n, &found->pending[i].tid, &hit);
	}
}

/*
 * Rows whose name can have at least this similarity to a name, or a greater one
 * if there are too many: see threshold of the result.
 *
 * gin: a scan of GIN on the index, for its state; attribute: of the index, from
 * 1; threshold: one for which dtsen_nama_search() is bounded. bitmap: if not NULL,
 * the rows are put into it, all of them, and the result has only their number.
 * found: if not NULL, what rounds before have found for the same name and
 * snapshot, or nothing yet; it is kept for those to come.
 * Memory: of the current context, which the caller resets. NULL when the rows
 * would take more than work_mem.
 */
NamaNear *
dtsen_nama_near(IndexScanDesc gin, int attribute, const DtNama *name,
				double threshold, struct TIDBitmap *bitmap, NamaFound *found)
{
	Near *n = palloc0(sizeof(Near));
	NamaFound once = {.context = CurrentMemoryContext};

	/* what is in the room of the session may be another one's by now */
	if (found != NULL && !dtsen_nama_has_room(found->turn))
		dtsen_nama_forget(found);
	n->query = dtsen_nama_search(name, threshold);
	n->query->reads_class = true;
	n->found = found != NULL ? found : &once;
	n->puts_aside = found != NULL && !n->query->deep;
	n->room = work_mem * (Size) 1024;
	dtsen_nama_pages(&n->pages, gin, attribute);
	find(n);
	if (n->stopped)
		return NULL;
	dtsen_nama_begin_rows(n);
	take_found(n);
	if (n->stopped)
		return NULL;
	dtsen_nama_choose(n);
	return dtsen_nama_collect(n, bitmap);
}
