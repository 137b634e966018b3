/*
 * nama_choose.c
 *		Which terms of a search for a name have to be taken in.
 *
 * Terms are put into groups (a word of the search, its first parts, its last
 * parts), the fewest rows first. A row that only the groups behind a term have
 * found cannot reach the threshold without it, so most lists of common words
 * need not be taken in.
 */
#include "postgres.h"

#include "name/nama_term.h"

/* A group of terms; three for each word of the search. */
typedef struct Group
{
	double size;
	int number;
} Group;

/* What is asked of a term: can its rows be candidates? */
typedef enum Question
{
	BY_ALL,    /* with whatever terms of other groups say */
	BY_BEHIND, /* with what those of the groups behind it say */
	BY_ITSELF,
	QUESTIONS,
} Question;

#define CLASS_END (DTC_NAME_CLASSES + 1)
#define MOST_SIMILAR 1000 /* thousandths, of two words */

/*
 * Terms that say the same but for the similarity, of which it keeps the most, and
 * the class. Of each class, what is known of an answer: that it is yes from a
 * similarity on, and no up to another one.
 */
typedef struct Kind
{
	uint64 code;
	DtcNameHit hit; /* of one of them, with the greatest similarity */
	uint8 group;
	uint16 allowed[QUESTIONS][CLASS_END];
	uint16 refused[QUESTIONS][CLASS_END]; /* plus one; 0 if none is */
} Kind;

static int
by_size(const void *a, const void *b)
{
	double x = ((const Group *) a)->size, y = ((const Group *) b)->size;

	return x < y ? -1 : x > y;
}

static int
group_of(const DtcNameHit *hit)
{
	switch ((DtcProbeWhat) hit->what)
	{
		case DTC_PROBE_HEAD:
		case DTC_PROBE_SEAM_HEAD:
			return 3 * hit->unit + 1;
		case DTC_PROBE_TAIL:
		case DTC_PROBE_SEAM_TAIL:
			return 3 * hit->unit + 2;
		default:
			return 3 * hit->unit;
	}
}

/* Notes a term as something that a row may have, or may not have. */
static void
note_perhaps(Near *n, DtcNameFind *find, const DtcNameHit *hit)
{
	DtcNameHit perhaps = *hit;

	perhaps.class = 0;
	dtc_name_note(n->query, find, &perhaps);
}

/*
 * What a term says but for its similarity and its class, as a number: the same of
 * all that find a word like one of the search, wherever they have looked. Which
 * side of the threshold the similarity is on belongs to it, since words below it
 * may do better without their partner; next to it each one is by itself.
 */
static uint64
code_of(const DtcNameHit *hit, double threshold)
{
	int what = hit->what;
	double above = hit->similarity - 1000 * threshold;
	int side = above > 1 ? 1 : above < -1 ? 0 : 2 + hit->similarity;

	if (what == DTC_PROBE_NEAR_END || what == DTC_PROBE_NICKNAME)
		what = DTC_PROBE_NEAR;
	return (uint64) side << 48 | (uint64) what << 32 |
		   (uint64) hit->unit << 24 | (uint64) hit->length << 16 |
		   hit->lookalike;
}

/*
 * Finds the terms that say the same, and numbers what they say with similarity
 * and class. kind: where each term's is noted, for nterms. Returns the kinds.
 */
static Kind *
sort_kinds(Near *n, uint32 *kind, uint32 *nkinds)
{
	uint32 slots = 64, found = 0, most = 32;
	uint32 *slot;
	Kind *result = palloc(sizeof(Kind) * most);

	while (slots < 2 * n->nterms)
		slots *= 2;
	slot = palloc0(sizeof(uint32) * slots);
	for (uint32 i = 0; i < n->nterms; i++)
	{
		Term *t = &n->term[i];
		uint64 code = code_of(&t->hit, n->query->threshold);
		uint64 at = code * UINT64CONST(0x9E3779B97F4A7C15) >> 32;
		Kind *k;

		while (slot[at &= slots - 1] != 0 && result[slot[at] - 1].code != code)
			at++;
		if (slot[at] == 0)
		{
			if (found == most)
				result = repalloc_huge(result, sizeof(Kind) * (most *= 2));
			k = &result[found];
			memset(k, 0, sizeof(Kind));
			memset(k->allowed, 0xFF, sizeof(k->allowed));
			k->code = code;
			k->hit = t->hit;
			k->group = t->group;
			slot[at] = ++found;
		}
		k = &result[slot[at] - 1];
		k->hit.similarity = Max(k->hit.similarity, t->hit.similarity);
		kind[i] = slot[at] - 1;
		/* whatever says the same has the same number */
		t->what =
			(kind[i] * (MOST_SIMILAR + 1) + t->hit.similarity) * CLASS_END +
			t->hit.class;
	}
	pfree(slot);
	*nkinds = found;
	return result;
}

/* allows(), where what is known of the kind does not say. */
static bool
try_kind(Near *n, Kind *kind, Question question, const DtcNameFind *known,
		 const DtcNameHit *hit)
{
	DtcNameFind find[DTC_NAME_MAX_TOKENS];
	uint16 *allowed = kind->allowed[question];
	uint16 *refused = kind->refused[question];

	memcpy(find, known, n->find_size);
	dtc_name_note(n->query, find, hit);
	if (!dtc_name_allows(n->query, find))
	{
		for (int i = hit->class; i < CLASS_END; i++)
			refused[i] = Max(refused[i], hit->similarity + 1);
		return false;
	}
	for (int i = 0; i <= hit->class; i++)
		allowed[i] = Min(allowed[i], hit->similarity);
	return true;
}

/*
 * May a row be a candidate of which this is known and what a term says? A higher
 * class never allows what a lower one does not, nor a lower similarity what a
 * higher one on the same side of the threshold does not, so of the terms of a
 * kind few have to be tried.
 */
static inline bool
allows(Near *n, Kind *kind, Question question, const DtcNameFind *known,
	   const DtcNameHit *hit)
{
	if (hit->similarity >= kind->allowed[question][hit->class])
		return true;
	return hit->similarity >= kind->refused[question][hit->class] &&
		   try_kind(n, kind, question, known, hit);
}

/*
 * Decides which terms are taken in: those whose rows can be candidates by them
 * and the groups behind theirs, in the order of group.
 */
static void
choose(Near *n, int ngroups)
{
	int words = n->query->nwords;
	DtcNameFind *behind = palloc0(n->find_size * (ngroups + 1));
	DtcNameFind *others = palloc0(n->find_size * ngroups);
	DtcNameFind *nothing = palloc0(n->find_size);
	uint32 *kind_of = palloc(sizeof(uint32) * Max(n->nterms, 1));
	uint32 kinds;
	Kind *kind = sort_kinds(n, kind_of, &kinds);

	for (uint32 i = 0; i < kinds; i++)
	{
		for (int g = 0; g < ngroups; g++)
		{
			if (g < kind[i].group)
				note_perhaps(n, behind + (Size) (g + 1) * words, &kind[i].hit);
			if (g != kind[i].group)
				note_perhaps(n, others + (Size) g * words, &kind[i].hit);
		}
	}
	for (uint32 i = 0; i < n->nterms; i++)
	{
		Term *t = &n->term[i];
		Kind *k = &kind[kind_of[i]];

		/* what is behind a term is less than all others, so that is asked first */
		if (allows(n, k, BY_BEHIND, behind + (Size) (t->group + 1) * words,
				   &t->hit))
			t->use = allows(n, k, BY_ITSELF, nothing, &t->hit) ? TERM_ALONE
															   : TERM_TAKEN_IN;
		else
			t->use =
				allows(n, k, BY_ALL, others + (Size) t->group * words, &t->hit)
					? TERM_LOOKED_UP
					: TERM_DROPPED;
		if (t->use == TERM_ALONE || t->use == TERM_TAKEN_IN)
			n->expected += t->size;
	}
	pfree(kind);
	pfree(kind_of);
	pfree(nothing);
	pfree(others);
	pfree(behind);
}

/* Sets the groups of the terms, numbered by their sizes. */
static void
sort_groups(Near *n, int ngroups)
{
	Group *group = palloc(sizeof(Group) * ngroups);
	uint8 place[NAMA_GROUPS];

	for (int g = 0; g < ngroups; g++)
		group[g] = (Group){0, g};
	for (uint32 i = 0; i < n->nterms; i++)
		group[group_of(&n->term[i].hit)].size += n->term[i].size;
	qsort(group, ngroups, sizeof(Group), by_size);
	for (int g = 0; g < ngroups; g++)
		place[group[g].number] = (uint8) g;
	for (uint32 i = 0; i < n->nterms; i++)
		n->term[i].group = place[group_of(&n->term[i].hit)];
	pfree(group);
}

/* Sets use and group of each term. */
void
dtsen_nama_choose(Near *n)
{
	int ngroups = 3 * n->query->nwords;

	sort_groups(n, ngroups);
	choose(n, ngroups);
}
