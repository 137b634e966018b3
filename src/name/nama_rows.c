/*
 * nama_rows.c
 *		The rows that the terms of a search for a name find.
 *
 * What is known of a row is one of a few hundred patterns; a row goes from
 * pattern to pattern as terms find it, and what a pattern allows is worked out
 * once.
 *
 * Most rows of most lists are found by one term alone and cannot reach the
 * threshold by it. So lists are read group by group, the fewest rows first
 * (nama_choose.c): of a row that needs another term first a bit of a filter is
 * all that is kept, and it is taken in when a list of a group behind has it, too.
 * What the terms say of the rows that were taken in is noted in a second turn
 * through the lists. A list much longer than there are rows is not read: that
 * each may be in it is taken for granted. Nothing of this is inexact: a candidate
 * too many is compared in the table like any other.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "name/nama_near.h"
#include "name/nama_term.h"

#define STEPS 2048       /* kept from pattern to pattern, a power of two */
#define FIRST_SLOTS 4096 /* for rows, a power of two */
/* A list so many times longer than there are rows is not read for them. */
#define LONG_LIST 40
#define LONG_LIST_LEAST 4000
#define MET 128        /* rows that are looked for at a time */
#define FILTER_BITS 32 /* for each row, at least */
#define FILTER_MOST (UINT64CONST(1) << 22)

/* --- memory --- */

/*
 * What a search needs for as long as it looks for candidates is taken from room
 * that the session keeps: of half a megabyte the C library would give most back
 * to the system after each search, and each page of it would be made anew for the
 * next one. No search begins before another one has its candidates; but one may
 * before another one goes on, which looks at the turn.
 */
#define KEPT_ROOM (1024 * 1024)

static char *kept_room;
static uint64 room_turn;

/* The room is for a search that begins. Returns its turn, not 0. */
uint64
dtsen_nama_take_room(void)
{
	return ++room_turn;
}

/* Has no other search begun since this turn? */
bool
dtsen_nama_has_room(uint64 turn)
{
	return turn != 0 && turn == room_turn;
}

/* Room of this size, in no state; not to be freed but with the search. */
void *
dtsen_nama_room(Near *n, Size size)
{
	void *result;

	size = MAXALIGN(size);
	if (size > KEPT_ROOM - n->room_used)
		return palloc_extended(size, MCXT_ALLOC_HUGE);
	if (kept_room == NULL)
		kept_room = MemoryContextAlloc(TopMemoryContext, KEPT_ROOM);
	result = kept_room + n->room_used;
	n->room_used += size;
	return result;
}

static void *
room_of_zeros(Near *n, Size size)
{
	return memset(dtsen_nama_room(n, size), 0, size);
}

/* Frees what does not come from the room that is kept. */
static void
free_room(void *room)
{
	uintptr_t at = (uintptr_t) room - (uintptr_t) kept_room;

	if (kept_room == NULL || at >= KEPT_ROOM)
		pfree(room);
}

/* --- patterns --- */

StaticAssertDecl(FIRST_SLOTS % NAMA_GATHERED == 0,
				 "rows are gathered from whole stretches of slots");

/* What is known is whole words of eight bytes; the lower bits are the hash. */
StaticAssertDecl(sizeof(DtcNameFind) % sizeof(uint64) == 0,
				 "what is known of a row has no odd bytes");

static inline uint32
hash_pattern(const Near *n, const DtcNameFind *find)
{
	const char *at = (const char *) find;
	uint64 hash = 0, word;

	for (Size i = 0; i < n->find_size; i += sizeof(word))
	{
		memcpy(&word, at + i, sizeof(word));
		hash = (hash ^ word) * UINT64CONST(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	return (uint32) hash;
}

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
		uint32 at = hash_pattern(n, dtsen_nama_find(n, i));

		while (n->slot[at &= n->slots - 1] != 0)
			at++;
		n->slot[at] = i + 1;
	}
}

/* Number of a pattern. */
static uint32
pattern_of(Near *n, const DtcNameFind *find)
{
	uint32 at = hash_pattern(n, find);

	for (; n->slot[at &= n->slots - 1] != 0; at++)
	{
		if (memcmp(dtsen_nama_find(n, n->slot[at] - 1), find, n->find_size) ==
			0)
			return n->slot[at] - 1;
	}
	if (n->npatterns > ROW_PATTERN)
	{
		n->stopped = n->full = true;
		return 0;
	}
	if (n->npatterns == n->most_patterns)
	{
		grow_patterns(n);
		return pattern_of(n, find);
	}
	memcpy(dtsen_nama_find(n, n->npatterns), find, n->find_size);
	n->bound[n->npatterns] = NAMA_NO_BOUND;
	n->slot[at] = n->npatterns + 1;
	return n->npatterns++;
}

static uint32
pattern_with(Near *n, uint32 pattern, const DtcNameHit *hit)
{
	DtcNameFind find[DTC_NAME_MAX_TOKENS];

	memcpy(find, dtsen_nama_find(n, pattern), n->find_size);
	dtc_name_note(n->query, find, hit);
	return pattern_of(n, find);
}

/* The pattern of a row that the present term has found. */
static inline uint32
step_by(Near *n, uint32 pattern)
{
	const Term *t = &n->term[n->current];
	Step *s = &n->step[(pattern * UINT32_C(0x9E3779B1) ^
						t->what * UINT32_C(0x85EBCA77)) >>
						   7 &
					   (STEPS - 1)];

	if (s->what != t->what + 1 || s->pattern != pattern)
	{
		uint32 to = pattern_with(n, pattern, &t->hit);

		*s = (Step){pattern, t->what + 1, to};
	}
	return s->to;
}

/* --- rows --- */

/* A row of which nothing is known. */
static inline Row
as_row(NamaRow row)
{
	return row << 16;
}

static inline uint64
hash_row(NamaRow row)
{
	return row * UINT64CONST(0x9E3779B97F4A7C15) >> 16;
}

/* Of a row, whatever its pattern. */
static inline uint64
hash_of(Row row)
{
	return hash_row(row >> 16);
}

/* Notes that the present term has found a row. */
static inline void
step_row(Near *n, Row *row)
{
	*row = (*row & ~ROW_PATTERN) | step_by(n, *row & ROW_PATTERN);
}

/* The slot of a row, free if it is not there. */
static inline Row *
row_slot(const Near *n, uint64 tid)
{
	uint64 at = hash_of(tid);

	while (((n->row[at &= n->row_slots - 1] ^ tid) & ~ROW_PATTERN) != 0 &&
		   n->row[at] != 0)
		at++;
	return &n->row[at];
}

static void
make_room(Near *n, uint64 slots)
{
	Row *old = n->row;
	uint64 old_slots = n->row_slots;

	if (slots * sizeof(Row) > n->room / NAMA_ROWS_SHARE)
	{
		n->stopped = true;
		return;
	}
	n->row_slots = slots;
	n->row = room_of_zeros(n, sizeof(Row) * slots);
	for (uint64 i = 0; i < old_slots; i++)
	{
		if (old[i] != 0)
			*row_slot(n, old[i] & ~ROW_PATTERN) = old[i];
	}
	if (old != NULL)
		free_room(old);
}

/*
 * Makes room at once for as many rows as will come, about: a quarter of those in
 * the lists that are taken in.
 */
static void
make_room_for_expected(Near *n)
{
	uint64 slots = n->row_slots;

	while (slots < n->expected / 2 &&
		   slots * 2 * sizeof(Row) <= n->room / NAMA_ROWS_SHARE)
		slots *= 2;
	if (slots > n->row_slots)
		make_room(n, slots);
}

/* The row, taken in if it was not there; NULL if there is no room. */
static inline Row *
take_in(Near *n, uint64 tid)
{
	Row *row;

	if ((n->nrows + 1) * 2 > n->row_slots)
		make_room(n, n->row_slots * 2);
	if (n->stopped)
		return NULL;
	row = row_slot(n, tid);
	if (*row == 0)
	{
		*row = tid;
		n->nrows++;
	}
	return row;
}

/* A row of the pending list, and what one of its keys says. */
void
dtsen_nama_take_pending(Near *n, const ItemPointerData *tid,
						const DtcNameHit *hit)
{
	Row *row = take_in(n, as_row(dtsen_nama_row(tid)));

	if (row != NULL)
		*row =
			(*row & ~ROW_PATTERN) | pattern_with(n, *row & ROW_PATTERN, hit);
}

/* --- filters --- */

/* Two bits of the same word for each row. */
static inline void
put_into_filter(Near *n, uint64 hash)
{
	n->filter[hash >> 12 & n->filter_words] |=
		UINT64CONST(1) << (hash & 63) | UINT64CONST(1) << (hash >> 6 & 63);
}

static inline int
in_filter(const uint64 *filter, uint64 words, uint64 hash)
{
	uint64 bits = filter[hash >> 12 & words];

	return (int) (bits >> (hash & 63) & bits >> (hash >> 6 & 63) & 1);
}

/* An empty filter for so many rows, about. */
static void
make_filter(Near *n, double rows)
{
	uint64 words = 16;

	while (words * 64 < rows * FILTER_BITS && words * 64 < FILTER_MOST)
		words *= 2;
	if (words > n->filter_room)
	{
		if (n->filter != NULL)
			free_room(n->filter);
		n->filter = dtsen_nama_room(n, sizeof(uint64) * words);
		n->filter_room = words;
	}
	memset(n->filter, 0, sizeof(uint64) * words);
	n->filter_words = words - 1;
}

/* Makes the filter one of the rows that were taken in. */
static void
filter_rows(Near *n)
{
	Row rows[NAMA_GATHERED];

	make_filter(n, n->nrows);
	for (uint64 from = 0; from < n->row_slots; from += NAMA_GATHERED)
	{
		int found = dtsen_nama_gather(n, from, rows);

		for (int i = 0; i < found; i++)
			put_into_filter(n, hash_of(rows[i]));
	}
}

/* --- lists --- */

/* Every row may be a candidate by this term. */
static void
take_all(void *arg, const NamaRow *rows, int count)
{
	Near *n = (Near *) arg;

	for (int i = 0; i < count; i++)
	{
		uint64 tid = as_row(rows[i]);
		Row *row = take_in(n, tid);

		if (row == NULL)
			return;
		step_row(n, row);
		put_into_filter(n, hash_of(tid));
	}
}

/*
 * Which of some rows the filter may have: no branch for each, since none could
 * be foretold. count: at most MET. Returns how many.
 */
static inline int
meet(const Near *n, const NamaRow *rows, int count, Row *met)
{
	const uint64 *filter = n->filter;
	uint64 words = n->filter_words;
	int found = 0;

	for (int i = 0; i < count; i++)
	{
		met[found] = as_row(rows[i]);
		found += in_filter(filter, words, hash_row(rows[i]));
	}
	return found;
}

/* Takes in the rows that terms before have found, too. */
static void
take_met(void *arg, const NamaRow *rows, int count)
{
	Near *n = (Near *) arg;
	Row met[MET];

	for (int from = 0; from < count; from += MET)
	{
		int found = meet(n, rows + from, Min(MET, count - from), met);

		for (int i = 0; i < found; i++)
		{
			if (take_in(n, met[i]) == NULL)
				return;
		}
	}
}

/* The same, and notes what this term says of them. */
static void
take_met_and_note(void *arg, const NamaRow *rows, int count)
{
	Near *n = (Near *) arg;
	Row met[MET];

	for (int from = 0; from < count; from += MET)
	{
		int found = meet(n, rows + from, Min(MET, count - from), met);

		for (int i = 0; i < found; i++)
		{
			Row *row = take_in(n, met[i]);

			if (row == NULL)
				return;
			step_row(n, row);
		}
	}
}

/* Notes what a term says of the rows that were taken in. */
static void
note(void *arg, const NamaRow *rows, int count)
{
	Near *n = (Near *) arg;
	Row met[MET];

	for (int from = 0; from < count; from += MET)
	{
		int found = meet(n, rows + from, Min(MET, count - from), met);

		for (int i = 0; i < found; i++)
		{
			Row *row = row_slot(n, met[i]);

			if (*row != 0)
				step_row(n, row);
		}
	}
}

/* Rows that are taken in if a list of a group behind has them, too. */
static void
put_rows(void *arg, const NamaRow *rows, int count)
{
	Near *n = (Near *) arg;

	for (int i = 0; i < count; i++)
		put_into_filter(n, hash_row(rows[i]));
}

/* Takes for granted that each row may be in the list of a term. */
static void
assume(Near *n, const Term *t)
{
	DtcNameHit hit = t->hit;

	hit.class = 0; /* it may be not, so this says nothing */
	for (uint64 i = 0; i < n->row_slots; i++)
	{
		Row *row = &n->row[i];

		if (*row != 0)
			*row = (*row & ~ROW_PATTERN) |
				   pattern_with(n, *row & ROW_PATTERN, &hit);
	}
}

static void
read_list(Near *n, uint32 term, NamaRows take_rows)
{
	n->current = term;
	dtsen_nama_read_rows(&n->pages, &n->term[term].list, &n->slice, take_rows,
						 n);
}

/*
 * Which lists are not read; if there are any, a row may need no other term than
 * theirs.
 */
void
dtsen_nama_leave_out_long(Near *n)
{
	bool any = false;

	for (uint32 i = 0; i < n->nterms; i++)
	{
		Term *t = &n->term[i];

		if (t->use == TERM_LOOKED_UP &&
			t->size > LONG_LIST_LEAST + LONG_LIST * n->expected)
		{
			t->use = TERM_ASSUMED;
			any = true;
		}
	}
	for (uint32 i = 0; i < n->nterms && any; i++)
	{
		if (n->term[i].use == TERM_TAKEN_IN)
			n->term[i].use = TERM_ALONE;
	}
}

/* The terms in the order of their groups; first: of each group, and an end. */
static uint32 *
sort_terms(const Near *n, uint32 *first)
{
	uint32 *order = palloc(sizeof(uint32) * Max(n->nterms, 1));
	uint32 at[NAMA_GROUPS] = {0};

	for (uint32 i = 0; i < n->nterms; i++)
		at[n->term[i].group]++;
	first[0] = 0;
	for (int g = 0; g < NAMA_GROUPS; g++)
	{
		first[g + 1] = first[g] + at[g];
		at[g] = first[g];
	}
	for (uint32 i = 0; i < n->nterms; i++)
		order[at[n->term[i].group]++] = i;
	return order;
}

/*
 * Takes in the rows that a term finds of which all that it finds may be
 * candidates with another, and a term of a group behind it. last: of the former
 * ones' groups.
 */
static void
read_groups(Near *n, int last)
{
	uint32 first[NAMA_GROUPS + 1];
	uint32 *order = sort_terms(n, first);
	bool any = false; /* rows in the filter that are not taken in */

	for (int g = 0; g < NAMA_GROUPS && !n->stopped; g++)
	{
		for (uint32 i = first[g]; i < first[g + 1] && !n->stopped; i++)
		{
			const Term *t = &n->term[order[i]];

			if (t->use == TERM_LOOKED_UP && g > last)
				read_list(n, order[i], take_met_and_note);
			else if (any &&
					 (t->use == TERM_TAKEN_IN || t->use == TERM_LOOKED_UP))
				read_list(n, order[i], take_met);
		}
		for (uint32 i = first[g]; i < first[g + 1] && !n->stopped; i++)
		{
			if (n->term[order[i]].use != TERM_TAKEN_IN)
				continue;
			any = true;
			read_list(n, order[i], put_rows);
		}
	}
	pfree(order);
}

/* Reads the lists of the terms for the rows of the present slice. */
void
dtsen_nama_read_terms(Near *n)
{
	int last_taken = -1;

	make_room_for_expected(n);
	make_filter(n, n->expected);
	for (uint32 i = 0; i < n->nterms && !n->stopped; i++)
	{
		if (n->term[i].use == TERM_ALONE)
			read_list(n, i, take_all);
		else if (n->term[i].use == TERM_TAKEN_IN)
			last_taken = Max(last_taken, n->term[i].group);
	}
	read_groups(n, last_taken);
	if (n->stopped || n->nrows == 0)
		return;
	filter_rows(n);
	for (uint32 i = 0; i < n->nterms && !n->stopped; i++)
	{
		const Term *t = &n->term[i];

		if (t->use == TERM_TAKEN_IN ||
			(t->use == TERM_LOOKED_UP && t->group <= last_taken))
			read_list(n, i, note);
		else if (t->use == TERM_ASSUMED)
			assume(n, t);
	}
}

/* Forgets the rows, and takes in those of some that are in the present slice. */
void
dtsen_nama_begin_slice(Near *n, const Row *rows, uint64 count)
{
	memset(n->row, 0, sizeof(Row) * n->row_slots);
	n->nrows = 0;
	n->stopped = n->full;
	for (uint64 i = 0; i < count; i++)
	{
		NamaRow row = rows[i] >> 16;
		Row *slot = NULL;

		if (row >= n->slice.begin && row < n->slice.end)
			slot = take_in(n, as_row(row));
		if (slot != NULL)
			*slot = rows[i];
	}
}

/* Frees what took the room of rows. */
void
dtsen_nama_drop_rows(Near *n)
{
	free_room(n->row);
	free_room(n->filter);
}

/* Makes room for patterns and rows. */
void
dtsen_nama_begin_rows(Near *n)
{
	DtcNameFind nothing[DTC_NAME_MAX_TOKENS];

	n->find_size = sizeof(DtcNameFind) * n->query->nwords;
	n->most_patterns = 256;
	n->slots = 1024;
	n->find = palloc(n->find_size * n->most_patterns);
	n->bound = palloc(sizeof(double) * n->most_patterns);
	n->slot = palloc0(sizeof(uint32) * n->slots);
	n->step = room_of_zeros(n, sizeof(Step) * STEPS);
	memset(nothing, 0, sizeof(nothing));
	(void) pattern_of(n, nothing);
	make_room(n, FIRST_SLOTS);
}
