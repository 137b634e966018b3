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

/* Terms that say the same but for their class. */
typedef struct Kind
{
	uint64 code;
	const DtcNameHit *hit; /* of one of them */
	uint8 group;
	uint8 allowed[QUESTIONS]; /* the classes below are known to be */
	uint8 refused[QUESTIONS]; /* and these and those above not to be */
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

/* What a term says but for its class, as a number. */
static uint64
code_of(const DtcNameHit *hit)
{
	return (uint64) hit->what << 48 | (uint64) hit->unit << 40 |
		   (uint64) hit->length << 32 | (uint64) hit->similarity << 16 |
		   hit->lookalike;
}

/*
 * Finds the terms that say the same, and numbers what they say: the kind, which
 * is what they say but for their class, and the class. kind: for nterms. Returns
 * how many kinds there are.
 */
static uint32
number_terms(Near *n, Kind *kind)
{
	uint32 slots = 64, found = 0;
	uint32 *slot;

	while (slots < 2 * n->nterms)
		slots *= 2;
	slot = palloc0(sizeof(uint32) * slots);
	for (uint32 i = 0; i < n->nterms; i++)
	{
		Term *t = &n->term[i];
		uint64 code = code_of(&t->hit);
		uint64 at = code * UINT64CONST(0x9E3779B97F4A7C15) >> 32;

		while (slot[at &= slots - 1] != 0 && kind[slot[at] - 1].code != code)
			at++;
		if (slot[at] == 0)
		{
			kind[found] = (Kind){.code = code, .hit = &t->hit};
			kind[found].group = t->group;
			memset(kind[found].refused, CLASS_END, QUESTIONS);
			slot[at] = ++found;
		}
		t->what = (slot[at] - 1) * CLASS_END + t->hit.class;
	}
	pfree(slot);
	return found;
}

/*
 * May a row be a candidate of which this is known and what a term says? A higher
 * class never allows what a lower one does not, so of the terms of a kind few
 * have to be tried.
 */
static bool
allows(Near *n, Kind *kind, Question question, const DtcNameFind *known,
	   const DtcNameHit *hit)
{
	DtcNameFind find[DTC_NAME_MAX_TOKENS];

	if (hit->class < kind->allowed[question])
		return true;
	if (hit->class >= kind->refused[question])
		return false;
	memcpy(find, known, n->find_size);
	dtc_name_note(n->query, find, hit);
	if (!dtc_name_allows(n->query, find))
	{
		kind->refused[question] = hit->class;
		return false;
	}
	kind->allowed[question] = hit->class + 1;
	return true;
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
	Kind *kind = palloc(sizeof(Kind) * Max(n->nterms, 1));
	uint32 kinds = number_terms(n, kind);

	for (uint32 i = 0; i < kinds; i++)
	{
		for (int g = 0; g < ngroups; g++)
		{
			if (g < kind[i].group)
				note_perhaps(n, behind + (Size) (g + 1) * words, kind[i].hit);
			if (g != kind[i].group)
				note_perhaps(n, others + (Size) g * words, kind[i].hit);
		}
	}
	for (uint32 i = 0; i < n->nterms; i++)
	{
		Term *t = &n->term[i];
		Kind *k = &kind[t->what / CLASS_END];

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
