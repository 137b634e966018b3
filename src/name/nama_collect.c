/*
 * nama_collect.c
 *		Candidates of a search for a name, with how similar each can be: what all
 *		its terms say.
 *
 * Most rows that the lists find are no candidates. Where those of the whole table
 * do not fit into memory they are looked at slice by slice of the table, and of
 * each list only what is in the slice. Where there are too many candidates those
 * that can be the least similar are dropped: the threshold of the search rises.
 */
#include "postgres.h"

#include "access/relation.h"
#include "miscadmin.h"
#include "nodes/tidbitmap.h"

#include "name/nama_near.h"
#include "name/nama_term.h"

#define CANDIDATES_SHARE 2 /* of work_mem */

/* Rows of all slices. */
typedef struct Candidates
{
	Row *row;
	uint32 n;
	uint32 most;
	double least;      /* bound */
	TIDBitmap *bitmap; /* where they go, or NULL */
	int64 added;       /* to it */
} Candidates;

/* The rows that are known, with their patterns. */
static Row *
copy_rows(const Near *n)
{
	Row *rows =
		palloc_extended(sizeof(Row) * Max(n->nrows, 1), MCXT_ALLOC_HUGE);
	uint64 found = 0;

	for (uint64 i = 0; i < n->row_slots && found < n->nrows; i++)
	{
		if (n->row[i] != 0)
			rows[found++] = n->row[i];
	}
	return rows;
}

/* The first row that a table of this size does not have. */
static NamaRow
end_of_table(const Near *n)
{
	Relation table =
		relation_open(n->pages.index->rd_index->indrelid, AccessShareLock);
	BlockNumber blocks = RelationGetNumberOfBlocks(table);

	relation_close(table, NoLock);
	return (NamaRow) Max(blocks, 1) << NAMA_PLACE_BITS;
}

/* How similar rows of a pattern can be; below 0 if they cannot match. */
static inline double
bound_of(Near *n, uint32 pattern)
{
	double *bound = &n->bound[pattern];

	/* of free slots, and of rows of which nothing is known */
	if (pattern == 0)
		return -1;
	if (*bound == NAMA_NO_BOUND)
		*bound = dtc_name_bound(n->query, dtsen_nama_find(n, pattern));
	return *bound;
}

/* Of equal bounds the one first that leaves less room for other words. */
static int
by_bound(const void *a, const void *b)
{
	const NamaGroup *x = (const NamaGroup *) a, *y = (const NamaGroup *) b;

	if (x->bound != y->bound)
		return x->bound > y->bound ? -1 : 1;
	return x->class - y->class;
}

/* How much other words the rows of a pattern have at least. */
static int
class_of(const Near *n, uint32 pattern)
{
	int class = 0;

	for (int i = 0; i < n->query->nwords; i++)
		class = Max(class, dtsen_nama_find(n, pattern)[i].class);
	return class;
}

/* The patterns of candidates, the greatest bound first, and where each begins. */
static NamaGroup *
sort_patterns(const Near *n, const Candidates *c, int *ngroups)
{
	uint32 *count = palloc0(sizeof(uint32) * n->npatterns);
	NamaGroup *group = palloc(sizeof(NamaGroup) * n->npatterns);
	uint32 first = 0;

	for (uint32 i = 0; i < c->n; i++)
		count[c->row[i] & ROW_PATTERN]++;
	*ngroups = 0;
	for (uint32 p = 0; p < n->npatterns; p++)
	{
		if (count[p] > 0)
			group[(*ngroups)++] =
				(NamaGroup){n->bound[p], class_of(n, p), p, 0, count[p]};
	}
	pfree(count);
	qsort(group, *ngroups, sizeof(NamaGroup), by_bound);
	for (int g = 0; g < *ngroups; g++)
	{
		group[g].first = first;
		first += group[g].n;
	}
	return group;
}

static void
set_tid(ItemPointer tid, Row row)
{
	ItemPointerSet(tid, row >> (16 + NAMA_PLACE_BITS),
				   row >> 16 & ((1 << NAMA_PLACE_BITS) - 1));
}

/* Candidates, those of a pattern together. */
static NamaNear *
sort_candidates(const Near *n, const Candidates *c)
{
	NamaNear *result = palloc0(sizeof(NamaNear));
	uint32 *at = palloc(sizeof(uint32) * n->npatterns);

	result->group = sort_patterns(n, c, &result->ngroups);
	for (int g = 0; g < result->ngroups; g++)
		at[result->group[g].pattern] = result->group[g].first;
	result->row = palloc_extended(sizeof(ItemPointerData) * Max(c->n, 1),
								  MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < c->n; i++)
	{
		ItemPointer to = &result->row[at[c->row[i] & ROW_PATTERN]++];

		set_tid(to, c->row[i]);
	}
	pfree(at);
	return result;
}

/* Puts the candidates into the bitmap. */
static void
add_to_bitmap(Candidates *c)
{
	ItemPointerData tid[256];

	for (uint32 from = 0; from < c->n; from += lengthof(tid))
	{
		int count = Min(c->n - from, lengthof(tid));

		for (int i = 0; i < count; i++)
			set_tid(&tid[i], c->row[from + i]);
		tbm_add_tuples(c->bitmap, tid, count, true);
	}
	c->added += c->n;
	c->n = 0;
}

/* May rows of a pattern be candidates? Rounds tell them apart by distance. */
static inline bool
is_wanted(Near *n, const Candidates *c, uint32 pattern)
{
	return 1 - bound_of(n, pattern) <= 1 - c->least;
}

/*
 * Drops the candidates of the least bounds, a quarter of all or more unless too
 * many are of the greatest; and those to come of no greater ones.
 */
static void
raise_least(Near *n, Candidates *c)
{
	int ngroups;
	NamaGroup *group = sort_patterns(n, c, &ngroups);
	uint32 kept = 0;

	for (int g = 0; g < ngroups && group[g].first + group[g].n <= c->n / 4 * 3;
		 g++)
		c->least = group[g].bound;
	pfree(group);
	for (uint32 i = 0; i < c->n; i++)
	{
		if (is_wanted(n, c, c->row[i] & ROW_PATTERN))
			c->row[kept++] = c->row[i];
	}
	c->n = kept;
}

/* Makes room for one more candidate; false if there is none. */
static bool
more_room(Near *n, Candidates *c)
{
	if (2 * c->most * sizeof(Row) <= n->room / CANDIDATES_SHARE)
	{
		c->most *= 2;
		c->row = repalloc_huge(c->row, sizeof(Row) * c->most);
	}
	else if (c->bitmap != NULL)
		add_to_bitmap(c);
	else
		raise_least(n, c);
	return c->n < c->most;
}

/* Adds the rows of the present slice that can match. */
static void
add_candidates(Near *n, Candidates *c)
{
	Row rows[NAMA_GATHERED];

	for (uint64 from = 0; from < n->row_slots; from += NAMA_GATHERED)
	{
		int found = dtsen_nama_gather(n, from, rows);

		for (int i = 0; i < found; i++)
		{
			/* first, since it may end with fewer that are wanted */
			if (c->n == c->most && !more_room(n, c))
			{
				n->stopped = n->full = true;
				return;
			}
			/* nor can it be foretold which ones are */
			c->row[c->n] = rows[i];
			c->n += is_wanted(n, c, rows[i] & ROW_PATTERN) ? 1 : 0;
		}
	}
}

/* Reads the terms for the whole table, or for one slice of it after another. */
static void
read_slices(Near *n, Candidates *c)
{
	uint64 npending = n->nrows;
	Row *pending = npending > 0 ? copy_rows(n) : NULL;
	NamaRow table_end = 0, width = 0; /* 0: of the whole table */

	n->slice = (NamaSlice){0, NAMA_ROWS_END};
	dtsen_nama_leave_out_long(n);
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		dtsen_nama_read_terms(n);
		if (!n->stopped)
			add_candidates(n, c);
		if (n->full || (!n->stopped && n->slice.end == NAMA_ROWS_END))
			return;
		if (!n->stopped)
			n->slice.begin = n->slice.end;
		else if (width == 0)
		{
			table_end = end_of_table(n);
			width = table_end / 2;
		}
		else if (width > 1)
			width /= 2;
		else
		{
			n->full = true;
			return;
		}
		n->slice.end = n->slice.begin + width;
		if (n->slice.end >= table_end)
			n->slice.end = NAMA_ROWS_END;
		dtsen_nama_begin_slice(n, pending, npending);
	}
}

/*
 * The rows that the terms find and that can match, those of a pattern together;
 * NULL when they do not fit into work_mem. bitmap: see dtsen_nama_near().
 * Before: the rows of the pending list are taken in, the terms chosen.
 */
NamaNear *
dtsen_nama_collect(Near *n, TIDBitmap *bitmap)
{
	Candidates c = {NULL, 0, 1024, 0, bitmap, 0};
	NamaNear *result;

	c.row = palloc(sizeof(Row) * c.most);
	read_slices(n, &c);
	if (n->full)
		return NULL;
	dtsen_nama_drop_rows(n);
	if (bitmap != NULL)
		add_to_bitmap(&c);
	result = sort_candidates(n, &c);
	result->nrows = c.n + c.added;
	result->threshold = Max(n->query->threshold, c.least);
	return result;
}
