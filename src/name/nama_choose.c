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

	if (hit->what == DTC_PROBE_JOINED_NEAR)
		return; /* its rows are taken in by themselves */
	perhaps.class = 0;
	dtc_name_note(n->query, find, &perhaps);
}

/* But for the class? */
static bool
says_the_same(const DtcNameHit *a, const DtcNameHit *b)
{
	return a->what == b->what && a->unit == b->unit &&
		   a->length == b->length && a->similarity == b->similarity &&
		   a->lookalike == b->lookalike;
}

/*
 * Decides which terms are taken in: those whose rows can be candidates by them
 * and the groups behind theirs, in the order of group.
 */
static void
choose(Near *n, const Group *group, int ngroups)
{
	Size size = n->find_size;
	DtcNameFind *behind = palloc0(size * (ngroups + 1));
	DtcNameFind *others = palloc0(size * ngroups);
	DtcNameFind *find = palloc(size);
	int place[3 * DTC_NAME_MAX_TOKENS];
	int words = n->query->nwords;

	for (int g = 0; g < ngroups; g++)
		place[group[g].number] = g;
	for (uint32 i = 0; i < n->nterms; i++)
	{
		int at = place[n->term[i].group];

		if (i > 0 && says_the_same(&n->term[i].hit, &n->term[i - 1].hit))
			continue;
		for (int g = 0; g < ngroups; g++)
		{
			if (g < at)
				note_perhaps(n, behind + (Size) (g + 1) * words,
							 &n->term[i].hit);
			if (g != at)
				note_perhaps(n, others + (Size) g * words, &n->term[i].hit);
		}
	}
	for (uint32 i = 0; i < n->nterms; i++)
	{
		Term *t = &n->term[i];
		int at = place[t->group];

		if (t->hit.what == DTC_PROBE_JOINED_NEAR)
		{
			t->use = TERM_TAKEN_IN;
			continue;
		}
		memcpy(find, others + (Size) at * words, size);
		dtc_name_note(n->query, find, &t->hit);
		if (!dtc_name_allows(n->query, find))
		{
			t->use = TERM_DROPPED;
			continue;
		}
		memcpy(find, behind + (Size) (at + 1) * words, size);
		dtc_name_note(n->query, find, &t->hit);
		if (dtc_name_allows(n->query, find))
		{
			t->use = TERM_TAKEN_IN;
			n->expected += t->size;
		}
	}
	pfree(find);
	pfree(others);
	pfree(behind);
}

static void
sort_groups(Near *n, Group *group, int ngroups)
{
	for (int g = 0; g < ngroups; g++)
		group[g] = (Group){0, g};
	for (uint32 i = 0; i < n->nterms; i++)
	{
		Term *t = &n->term[i];

		t->group = (uint8) group_of(&t->hit);
		group[t->group].size += t->size;
	}
	qsort(group, ngroups, sizeof(Group), by_size);
}

/* Sets use and group of each term. */
void
dtsen_nama_choose(Near *n)
{
	int ngroups = 3 * n->query->nwords;
	Group *group = palloc(sizeof(Group) * ngroups);

	sort_groups(n, group, ngroups);
	choose(n, group, ngroups);
	pfree(group);
}
