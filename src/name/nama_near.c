/*
 * nama_near.c
 *		Candidates of a search for a name, with how similar each can be.
 *
 * Each key of the index that a probe of core/name_keys.h takes is a term: it
 * says something about the rows in its list. Which lists have to be read is in
 * nama_choose.c, how they are read in nama_rows.c.
 */
#include "postgres.h"

#include "name/nama_near.h"
#include "name/nama_term.h"

#define FEW_ROWS 128     /* of a word */
#define FIRST_ROWS 16384 /* of lists, for which there is room at first */

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
	return n->hits.n > 0 ? NAMA_TAKE : NAMA_SKIP;
}

/*
 * A word that ends as the present probes do: it is looked up later, unless it
 * has so few rows that comparing them all costs less.
 */
static NamaVerdict
visit_backward(void *arg, const uint8 *key, Size len, int rows)
{
	Near *n = (Near *) arg;
	Word *word;

	try_key(n, key, len);
	if (n->hits.n == 0)
		return NAMA_SKIP;
	if (rows <= FEW_ROWS)
		return NAMA_TAKE;
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

		if (n->hits.hit[i].class > DTC_NAME_CLASSES)
			dtsen_nama_report_damage(&n->pages);
		if (n->nterms == n->most_terms)
		{
			const Term *old = n->term;

			n->most_terms *= 2;
			n->term = dtsen_nama_room(n, sizeof(Term) * n->most_terms);
			memcpy(n->term, old, sizeof(Term) * n->nterms);
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
							 NULL, visit_alone, add_terms, n);
	}
	foreach (cell, n->words)
	{
		n->word = (const Word *) lfirst(cell);
		dtsen_nama_read_keys(&n->pages, n->word->key, n->word->len, NULL,
							 visit_word, add_terms, n);
	}
	for (uint32 i = 0; i < n->nterms; i++)
	{
		if (n->term[i].list.rows == NULL)
			n->term[i].size =
				dtsen_nama_tree_size(&n->pages, n->term[i].list.root);
	}
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
		dtsen_nama_take_pending(n, tid, &hit);
	}
}

/*
 * Rows whose name can have at least this similarity to a name, or a greater one
 * if there are too many: see threshold of the result.
 *
 * gin: a scan of GIN on the index, for its state; attribute: of the index, from
 * 1; threshold: one for which dtsen_nama_search() is bounded. bitmap: if not NULL,
 * the rows are put into it, all of them, and the result has only their number.
 * Memory: of the current context, which the caller resets. NULL when the rows
 * would take more than work_mem.
 */
NamaNear *
dtsen_nama_near(IndexScanDesc gin, int attribute, const DtNama *name,
				double threshold, struct TIDBitmap *bitmap)
{
	Near *n = palloc0(sizeof(Near));

	n->query = dtsen_nama_search(name, threshold);
	n->query->reads_class = true;
	n->most_terms = 1024;
	n->term = dtsen_nama_room(n, sizeof(Term) * n->most_terms);
	dtsen_nama_begin_rows(n);
	dtsen_nama_pages(&n->pages, gin, attribute);
	n->pages.nroom = FIRST_ROWS;
	n->pages.room = dtsen_nama_room(n, sizeof(NamaRow) * FIRST_ROWS);
	n->pages.page_rows = dtsen_nama_room(n, sizeof(NamaRow) * BLCKSZ);
	dtsen_nama_read_pending(&n->pages, take_pending, n);
	if (n->stopped)
		return NULL;
	find_terms(n);
	dtsen_nama_choose(n);
	return dtsen_nama_collect(n, bitmap);
}
