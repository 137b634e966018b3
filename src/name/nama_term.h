/*
 * nama_term.h
 *		What a search for a name knows: its terms, and the rows they have found.
 */
#ifndef DTSEN_NAMA_TERM_H
#define DTSEN_NAMA_TERM_H

#include "nodes/pg_list.h"

#include "name/nama_near.h"
#include "name/nama_pages.h"
#include "name/name.h"

/* Groups of terms, three for each word of a search. */
#define NAMA_GROUPS (3 * DTC_NAME_MAX_TOKENS)

#define FIRST_LETTERS 256

typedef enum TermUse
{
	TERM_DROPPED,   /* no row of it can be a candidate */
	TERM_ALONE,     /* every row of it may be one */
	TERM_TAKEN_IN,  /* one that a term of a group behind finds, too */
	TERM_LOOKED_UP, /* one that a term taken in has found */
	TERM_ASSUMED,   /* the same, but its list is too long to be read */
} TermUse;

typedef struct Term
{
	DtcNameHit hit;
	NamaList list;
	double size;      /* of the list, about */
	uint32 what;      /* terms that say the same have the same number */
	uint16 lookalike; /* that of hit, if look-alikes are looked up */
	uint8 use;        /* TermUse */
	uint8 group;      /* in the order of groups, see nama_choose.c */
} Term;

typedef struct Terms
{
	Term *term;
	uint32 n;
	uint32 most;
} Terms;

/* What a key of a pending row says. */
typedef struct Pending
{
	ItemPointerData tid;
	DtcNameHit hit;
} Pending;

/* What the probes that take a key say. */
typedef struct Hits
{
	int n;
	DtcNameHit *hit;
} Hits;

/* A word that its backward key has given; its rows are under the forward one. */
typedef struct Word
{
	Hits hits;
	Size len;
	uint8 key[FLEXIBLE_ARRAY_MEMBER];
} Word;

/* A probe with what its keys begin with. */
typedef struct Begin
{
	int probe;
	bool exact; /* takes words of its length only */
	Size len;
	uint8 key[FLEXIBLE_ARRAY_MEMBER];
} Begin;

/*
 * What a search has found in the index, for all its rounds: only the look-alikes
 * are put aside until a round takes them. Rows of lists do not get fewer, and one
 * that was pending is here even if it is in the tree meanwhile.
 */
struct NamaFound
{
	MemoryContext context; /* of what is not in the room of the session */
	uint64 turn;           /* of that room; 0: nothing is found yet */
	Size room_used;
	Terms terms;
	Terms aside;       /* of look-alikes */
	List *words_aside; /* the same, to be looked up yet */
	Pending *pending;
	uint32 npending;
	uint32 most_pending;
	NamaRow *room; /* as in NamaPages */
	int nroom;
	NamaRow *page_rows;
};

/* A row as the lists have it, and below it its pattern; 0: free. */
typedef uint64 Row;
#define ROW_PATTERN UINT64CONST(0xFFFF)

#define NAMA_ROWS_SHARE 2 /* of work_mem, for the rows that are known */

/* A bound that was not worked out; one below 0 says that no row may match. */
#define NAMA_NO_BOUND 2.0

typedef struct Step
{
	uint32 pattern; /* from */
	uint32 what;    /* of the term, plus 1; 0: free */
	uint32 to;
} Step;

/* A search. */
typedef struct Near
{
	NamaPages pages;
	DtcNameQuery *query;
	Size find_size; /* of what is known of a row */
	Size room;      /* bytes that rows may take */
	Size room_used; /* of what the session keeps */
	bool stopped;   /* rows do not fit: those of a smaller slice may */
	bool full;      /* nor do those of any slice */
	NamaFound *found;
	bool puts_aside; /* look-alikes */
	/* terms of the present round */
	Term *term;
	uint32 nterms;
	/* the probes that the present keys are tried with */
	Begin **begin;
	int nbegin;
	int begin_at[FIRST_LETTERS +
				 1]; /* of each first letter, for pending rows */
	Hits hits;       /* of the present key */
	List *words;     /* to be looked up yet */
	const Word *word;
	/* the key before, if it was a word: others may differ in the tail only */
	uint8 last[DTC_NAME_MAX_FOLDED + 8];
	Size last_len;
	/* patterns; each is nwords finds long */
	DtcNameFind *find;
	double *bound; /* of each, or NAMA_NO_BOUND */
	uint32 npatterns;
	uint32 most_patterns;
	uint32 *slot; /* hash of patterns, number plus 1 */
	uint32 slots;
	Step *step;
	/* rows */
	double expected; /* in the lists that are taken in */
	NamaSlice slice; /* of the table, whose rows are read */
	Row *row;
	uint64 nrows;
	uint64 row_slots;
	/* bits of rows: that others are not among them is known by it mostly */
	uint64 *filter;
	uint64 filter_words; /* a power of two, less one */
	uint64 filter_room;  /* in words */
	/* of the term that is read */
	uint32 current;
} Near;

/* What is known of the rows of a pattern. */
static inline DtcNameFind *
dtsen_nama_find(const Near *n, uint32 pattern)
{
	return n->find + (Size) pattern * n->query->nwords;
}

#define NAMA_GATHERED                                                         \
	256 /* slots at a time, which divides how many there are */

/*
 * The rows in the slots from one on, NAMA_GATHERED of them: no branch for each,
 * since none could be foretold. Returns how many.
 */
static inline int
dtsen_nama_gather(const Near *n, uint64 from, Row *rows)
{
	const Row *slot = &n->row[from];
	int found = 0;

	for (int i = 0; i < NAMA_GATHERED; i++)
	{
		rows[found] = slot[i];
		found += slot[i] != 0;
	}
	return found;
}

/* nama_choose.c */
extern void dtsen_nama_choose(Near *n);

/* nama_rows.c */
extern uint64 dtsen_nama_take_room(void);
extern bool dtsen_nama_has_room(uint64 turn);
extern void *dtsen_nama_room(Near *n, Size size);
extern void dtsen_nama_begin_rows(Near *n);
extern void dtsen_nama_take_pending(Near *n, const ItemPointerData *tid,
									const DtcNameHit *hit);
extern void dtsen_nama_leave_out_long(Near *n);
extern void dtsen_nama_begin_slice(Near *n, const Row *rows, uint64 count);
extern void dtsen_nama_read_terms(Near *n);
extern void dtsen_nama_drop_rows(Near *n);

/* nama_collect.c */
extern NamaNear *dtsen_nama_collect(Near *n, struct TIDBitmap *bitmap);

#endif /* DTSEN_NAMA_TERM_H */
