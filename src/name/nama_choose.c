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

/* What a term says, as a number. */
static uint64
code_of(const DtcNameHit *hit)
{
	return (uint64) hit->what << 56 | (uint64) hit->unit << 48 |
		   (uint64) hit->length << 40 | (uint64) hit->class << 32 |
		   (uint64) hit->similarity << 16 | hit->lookalike;
}

/* Finds the terms that say the same. first: of each number, for nterms. */
static uint32
number_terms(Near *n, uint32 *first)
{
	uint32 slots = 64, found = 0;
	uint32 *slot;

	while (slots < 2 * n->nterms)
		slots *= 2;
	slot = palloc0(sizeof(uint32) * slots);
	for (uint32 i = 0; i < n->nterms; i++)
	{
		uint64 code = code_of(&n->term[i].hit);
		uint64 at = code * UINT64CONST(0x9E3779B97F4A7C15) >> 32;

		while (slot[at &= slots - 1] != 0 &&
			   code_of(&n->term[first[slot[at] - 1]].hit) != code)
			at++;
		if (slot[at] == 0)
		{
			first[found] = i;
			slot[at] = ++found;
		}
		n->term[i].what = slot[at] - 1;
	}
	pfree(slot);
	return found;
}

/*
 * Decides which terms are taken in: those whose rows can be candidates by them
 * and the groups behind theirs, in the order of group.
 */
static void
choose(Near *n, int ngroups)
{
	Size size = n->find_size;
	DtcNameFind *behind = palloc0(size * (ngroups + 1));
	DtcNameFind *others = palloc0(size * ngroups);
	DtcNameFind *find = palloc(size);
	uint32 *first = palloc(sizeof(uint32) * Max(n->nterms, 1));
	uint32 found = number_terms(n, first);
	int words = n->query->nwords;

	for (uint32 i = 0; i < found; i++)
	{
		const Term *t = &n->term[first[i]];

		for (int g = 0; g < ngroups; g++)
		{
			if (g < t->group)
				note_perhaps(n, behind + (Size) (g + 1) * words, &t->hit);
			if (g != t->group)
				note_perhaps(n, others + (Size) g * words, &t->hit);
		}
	}
	for (uint32 i = 0; i < found; i++)
	{
		Term *t = &n->term[first[i]];

		memcpy(find, others + (Size) t->group * words, size);
		dtc_name_note(n->query, find, &t->hit);
		if (!dtc_name_allows(n->query, find))
		{
			t->use = TERM_DROPPED;
			continue;
		}
		t->use = TERM_LOOKED_UP;
		memcpy(find, behind + (Size) (t->group + 1) * words, size);
		dtc_name_note(n->query, find, &t->hit);
		if (!dtc_name_allows(n->query, find))
			continue;
		memset(find, 0, size);
		dtc_name_note(n->query, find, &t->hit);
		t->use = dtc_name_allows(n->query, find) ? TERM_ALONE : TERM_TAKEN_IN;
	}
	for (uint32 i = 0; i < n->nterms; i++)
	{
		Term *t = &n->term[i];

		t->use = n->term[first[t->what]].use;
		if (t->use == TERM_ALONE || t->use == TERM_TAKEN_IN)
			n->expected += t->size;
	}
	pfree(first);
	pfree(find);
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
