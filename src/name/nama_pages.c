/*
 * nama_pages.c
 *		Reads the pages of an index of access method dtsen_nama.
 *
 * They are GIN's: a tree of keys, each with a list or a tree of rows, and a list
 * of pending insertions. GIN's own scan makes a bitmap of every partial match
 * and asks its operator class about each row again and again, which takes nine
 * tenths of a search for a name; a search that knows what its keys mean needs
 * the keys and the lists alone. Locks are taken as GIN takes them: one page at a
 * time, the key's page left before its tree of rows is entered, the pending list
 * read before the tree of keys. A page whose words are known (nama_kept.c) is
 * locked only where some of its keys are read.
 */
#include "postgres.h"

#include "access/gin_private.h"
#include "access/relscan.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"

#include "compat.h"
#include "errors.h"
#include "name/nama_pages.h"

#define ROWS_A_PAGE 2700 /* of a tree of rows, about */

static bytea *
make_key(const uint8 *bytes, Size len)
{
	bytea *key = palloc(VARHDRSZ + len);

	SET_VARSIZE(key, VARHDRSZ + len);
	memcpy(VARDATA(key), bytes, len);
	return key;
}

/*
 * The key of an entry, or NULL if it is of another column or of no value. The
 * server compresses keys of some 500 bytes and more; one that is unpacked here
 * lives until the next.
 */
static inline bytea *
key_of(NamaPages *pages, IndexTuple entry)
{
	GinNullCategory category = GIN_CAT_NORM_KEY;
	struct varlena *key;

	if (likely(pages->state->oneCol && !IndexTupleHasNulls(entry)))
		key = (struct varlena *) ((char *) entry +
								  IndexInfoFindDataOffset(entry->t_info));
	else if (gintuple_get_attrnum(pages->state, entry) != pages->attribute)
		return NULL;
	else
		key = (struct varlena *) DatumGetPointer(
			gintuple_get_key(pages->state, entry, &category));
	if (category != GIN_CAT_NORM_KEY)
		return NULL;
	if (unlikely(VARATT_IS_COMPRESSED(key)))
	{
		if (pages->unpacked != NULL)
			pfree(pages->unpacked);
		pages->unpacked = key = pg_detoast_datum_packed(key);
	}
	return (bytea *) key;
}

/* Is it a page of keys? Only where a search was long ago need it not be. */
bool
dtsen_nama_has_keys(Page page)
{
	return !PageIsNew(page) && (GinPageGetOpaque(page)->flags &
								(GIN_LEAF | GIN_DATA | GIN_DELETED | GIN_META |
								 GIN_LIST)) == GIN_LEAF;
}

/* The key of an entry of a page, see key_of(). */
void *
dtsen_nama_page_key(NamaPages *pages, Page page, OffsetNumber offset)
{
	return key_of(pages,
				  (IndexTuple) PageGetItem(page, PageGetItemId(page, offset)));
}

/* The order of a key that a page has beside a row of bytes. */
static int
compare_key(NamaPages *pages, Page page, OffsetNumber offset,
			const uint8 *bytes, Size len)
{
	IndexTuple entry =
		(IndexTuple) PageGetItem(page, PageGetItemId(page, offset));
	bytea *key;
	Size key_len;
	int c;

	if (!pages->state->oneCol)
	{
		c = gintuple_get_attrnum(pages->state, entry) - pages->attribute;
		if (c != 0)
			return c;
	}
	key = key_of(pages, entry);
	if (key == NULL)
		return 1; /* no value, which is behind all others */
	key_len = VARSIZE_ANY_EXHDR(key);
	c = memcmp(VARDATA_ANY(key), bytes, Min(key_len, len));
	return c != 0 ? c : (key_len > len) - (key_len < len);
}

/* A page of keys that is being read: pinned, and locked or not. */
typedef struct Reading
{
	Buffer buffer;
	bool locked;
	const NamaWords *words; /* what it holds, or NULL */
} Reading;

/*
 * Locks the page. What it holds is the same as before, or known newly: false
 * then.
 */
static bool
lock_page(NamaPages *pages, Reading *r)
{
	if (r->locked)
		return true;
	LockBuffer(r->buffer, GIN_SHARE);
	r->locked = true;
	if (r->words != NULL &&
		r->words->lsn == PageGetLSN(BufferGetPage(r->buffer)))
		return true;
	r->words = dtsen_nama_keep(pages, r->buffer);
	return false;
}

static void
open_page(NamaPages *pages, BlockNumber block, Reading *r)
{
	r->buffer = dtsen_nama_pin(pages, block);
	r->locked = false;
	r->words = dtsen_nama_kept(pages, r->buffer);
	if (r->words == NULL)
		(void) lock_page(pages, r);
}

static void
close_page(Reading *r)
{
	if (r->locked)
		LockBuffer(r->buffer, GIN_UNLOCK);
	ReleaseBuffer(r->buffer);
}

/* The keys that are read, and what is done with them. */
typedef struct Reader
{
	const uint8 *prefix; /* what they begin with */
	Size len;
	bool coded; /* prefix is short and made of the letters A to Z */
	DtcNameCode code;
	DtcNameRange *range;
	NamaVisit visit;
	NamaTake take;
	void *arg;
} Reader;

/* Where a word is beside those that begin with the prefix. */
typedef enum Place
{
	BEFORE,
	AMONG,
	BEHIND,
	UNKNOWN,
} Place;

static inline Place
place_of(const Reader *r, const NamaWord *w)
{
	int shift = 5 * (DTC_NAME_CODED - r->code.n);

	if (w->kind != r->prefix[0])
		return w->kind < r->prefix[0] ? BEFORE : BEHIND;
	if (w->n == 0)
		return UNKNOWN;
	if (w->code >> shift != r->code.first >> shift)
		return w->code < r->code.first ? BEFORE : BEHIND;
	return AMONG;
}

/*
 * Where keys were found that begin so they still are, or on the right of it:
 * keys move to the right alone, and a page of keys stays what it is but for the
 * root, which ceases to be a leaf. True if that is known of this page, and if
 * they are not further on the right.
 */
static bool
still_begin(NamaPages *pages, const Reader *r, const Reading *at)
{
	Page page = BufferGetPage(at->buffer);
	const NamaWords *words = at->words;
	OffsetNumber last;

	if (words != NULL && r->coded && words->n > 0)
		return place_of(r, &words->word[0]) == BEFORE &&
			   (words->next == InvalidBlockNumber ||
				place_of(r, &words->word[words->n - 1]) != BEFORE);
	if (!at->locked || !dtsen_nama_has_keys(page))
		return false;
	last = PageGetMaxOffsetNumber(page);
	return last >= FirstOffsetNumber &&
		   compare_key(pages, page, FirstOffsetNumber, r->prefix, r->len) <
			   0 &&
		   (GinPageRightMost(page) ||
			compare_key(pages, page, last, r->prefix, r->len) >= 0);
}

/* Opens the page where the keys begin, or one to the left of it. */
static void
find_page(NamaPages *pages, const Reader *r, Reading *at)
{
	BlockNumber *place = dtsen_nama_place(pages, r->prefix, r->len);
	GinBtreeData tree;
	GinBtreeStack *stack;
	bytea *begin;

	if (*place != InvalidBlockNumber)
	{
		open_page(pages, *place, at);
		if (still_begin(pages, r, at))
			return;
		close_page(at);
	}
	begin = make_key(r->prefix, r->len);
	ginPrepareEntryScan(&tree, pages->attribute, PointerGetDatum(begin),
						GIN_CAT_NORM_KEY, pages->state);
	stack = dtsen_gin_find_leaf(&tree, pages->snapshot);
	at->buffer = stack->buffer;
	at->locked = true;
	*place = stack->blkno;
	stack->buffer = InvalidBuffer;
	freeGinBtreeStack(stack);
	pfree(begin);
	at->words = dtsen_nama_kept(pages, at->buffer);
	if (at->words == NULL)
		at->words = dtsen_nama_keep(pages, at->buffer);
}

/* The first key of a page that is not below prefix. */
static OffsetNumber
first_key(NamaPages *pages, Page page, const Reader *r)
{
	OffsetNumber low = FirstOffsetNumber,
				 high = PageGetMaxOffsetNumber(page) + 1;

	while (low < high)
	{
		OffsetNumber middle = low + (high - low) / 2;

		if (compare_key(pages, page, middle, r->prefix, r->len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Ends a search that has met what is on no page. */
void
dtsen_nama_report_damage(NamaPages *pages)
{
	ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
					errmsg("index \"%s\" is damaged",
						   RelationGetRelationName(pages->index)),
					errhint("REINDEX makes it anew.")));
}

/* Visits keys of a page until they are not in the range; false at its end. */
static bool
visit_keys(NamaPages *pages, const Reader *r, Page page, OffsetNumber from,
		   OffsetNumber to)
{
	for (OffsetNumber i = from; i < to; i++)
	{
		IndexTuple entry =
			(IndexTuple) PageGetItem(page, PageGetItemId(page, i));
		bytea *key = key_of(pages, entry);
		bool in_tree = GinIsPostingTree(entry);
		NamaList list = {0};
		NamaVerdict verdict;

		if (key == NULL || VARSIZE_ANY_EXHDR(key) < r->len ||
			memcmp(VARDATA_ANY(key), r->prefix, r->len) != 0)
			return false;
		verdict = r->visit(r->arg, (uint8 *) VARDATA_ANY(key),
						   VARSIZE_ANY_EXHDR(key),
						   in_tree ? INT_MAX : (int) GinGetNPosting(entry));
		if (verdict == NAMA_STOP)
			return false;
		if (verdict == NAMA_SKIP)
			continue;
		if (in_tree)
			list.root = GinGetPostingTree(entry);
		else
			dtsen_nama_read_list(pages, entry, verdict == NAMA_TAKE_PACKED,
								 &list);
		r->take(r->arg, &list);
	}
	return true;
}

static bool visit_page(NamaPages *pages, const Reader *r, Reading *at);

/* The same for a page whose words are known: some need no look at their keys. */
static bool
visit_words(NamaPages *pages, const Reader *r, Reading *at)
{
	Page page = BufferGetPage(at->buffer);
	const NamaWord *look[MaxIndexTuplesPerPage];
	const NamaWord *w = at->words->word, *end = w + at->words->n;
	Place place = AMONG;
	int n = 0;

	for (; w < end && (place = place_of(r, w)) != BEHIND; w++)
	{
		DtcNameCode code = {w->code, w->letters, w->n};

		if (place == UNKNOWN ||
			(place == AMONG &&
			 (r->range == NULL || dtc_name_range_may_take(r->range, &code))))
			look[n++] = w;
	}
	if (n == 0)
		return w == end;
	/* nothing was visited yet if the page has changed */
	if (!lock_page(pages, at))
	{
		/* the root has got pages below it: the keys are there now */
		if (!dtsen_nama_has_keys(page))
		{
			close_page(at);
			find_page(pages, r, at);
		}
		return visit_page(pages, r, at);
	}
	/* the keys are all over the page: all of them are asked for at once */
	for (int i = 0; i < n; i++)
	{
		for (OffsetNumber k = look[i]->first; k < look[i][1].first; k++)
			dtsen_prefetch(PageGetItem(page, PageGetItemId(page, k)));
	}
	for (int i = 0; i < n; i++)
	{
		OffsetNumber from = look[i]->first, to = look[i][1].first;

		if (place_of(r, look[i]) == UNKNOWN)
			from = Max(from, first_key(pages, page, r));
		if (from < to && !visit_keys(pages, r, page, from, to))
			return false;
	}
	return w == end;
}

/*
 * Visits the keys of the page that is open, or, if that is not one of keys any
 * more, of the one where they begin. False where no more are behind it.
 */
static bool
visit_page(NamaPages *pages, const Reader *r, Reading *at)
{
	Page page = BufferGetPage(at->buffer);

	if (at->words != NULL && r->coded)
		return visit_words(pages, r, at);
	(void) lock_page(pages, at);
	if (!dtsen_nama_has_keys(page))
		dtsen_nama_report_damage(pages);
	return visit_keys(pages, r, page, first_key(pages, page, r),
					  PageGetMaxOffsetNumber(page) + 1);
}

/*
 * Calls visit for the keys that begin with prefix, in their order, until it
 * says NAMA_STOP; of those for which it says NAMA_TAKE or NAMA_TAKE_PACKED the
 * rows are put into list and take is called. A page is locked meanwhile: visit and take must be
 * short and must not read others. range: if not NULL, keys of words that it
 * does not take may be left out.
 */
void
dtsen_nama_read_keys(NamaPages *pages, const uint8 *prefix, Size len,
					 DtcNameRange *range, NamaVisit visit, NamaTake take,
					 void *arg)
{
	Reader r = {prefix, len, false, {0}, range, visit, take, arg};
	Reading at;

	r.coded = dtc_name_key_code(prefix, len, false, &r.code) &&
			  r.code.n <= DTC_NAME_CODED;
	find_page(pages, &r, &at);
	for (;;)
	{
		bool more = visit_page(pages, &r, &at);
		/* pages of keys are never deleted, so none is missed on the way */
		BlockNumber next =
			at.words != NULL
				? at.words->next
				: GinPageGetOpaque(BufferGetPage(at.buffer))->rightlink;

		close_page(&at);
		if (!more || next == InvalidBlockNumber)
			break;
		CHECK_FOR_INTERRUPTS(); /* nobody is heard below a lock */
		open_page(pages, next, &at);
	}
}

/* How many rows a tree of rows has, about: only its root is read. */
double
dtsen_nama_tree_size(NamaPages *pages, BlockNumber root)
{
	Buffer buffer = ReadBuffer(pages->index, root);
	Page page = BufferGetPage(buffer);
	double n;

	LockBuffer(buffer, GIN_SHARE);
	n = GinPageIsLeaf(page)
			? ROWS_A_PAGE
			: (double) GinPageGetOpaque(page)->maxoff * ROWS_A_PAGE;
	UnlockReleaseBuffer(buffer);
	return n;
}

/*
 * The leaf of a tree of rows where those from a row on begin, or one on the left
 * of it; locked.
 */
static GinBtreeStack *
find_rows(NamaPages *pages, BlockNumber root, NamaRow row, GinBtreeData *tree)
{
	GinBtreeStack *stack =
		dtsen_gin_begin_rows(tree, pages->index, root, pages->snapshot);
	Page page = BufferGetPage(stack->buffer);

	if (row == 0 || GinPageRightMost(page) ||
		dtsen_nama_row(GinDataPageGetRightBound(page)) >= row)
		return stack;
	LockBuffer(stack->buffer, GIN_UNLOCK);
	freeGinBtreeStack(stack);
	ItemPointerSet(&tree->itemptr, row >> NAMA_PLACE_BITS,
				   row & ((1 << NAMA_PLACE_BITS) - 1));
	tree->fullScan = false;
	return dtsen_gin_find_leaf(tree, pages->snapshot);
}

/* How many of some rows come before one. */
static int
rows_before(const NamaRow *rows, int n, NamaRow row)
{
	int low = 0, high = n;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (rows[middle] < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Calls take_rows for those of some rows that are in a slice. */
static void
take_slice(const NamaRow *rows, int n, const NamaSlice *slice,
		   NamaRows take_rows, void *arg)
{
	int from = slice->begin == 0 ? 0 : rows_before(rows, n, slice->begin);

	if (slice->end != NAMA_ROWS_END)
		n = rows_before(rows, n, slice->end);
	if (n > from)
		take_rows(arg, rows + from, n - from);
}

/*
 * Calls take_rows for the rows of a list that are in a slice, in their order; a
 * row may come twice.
 */
void
dtsen_nama_read_rows(NamaPages *pages, const NamaList *list,
					 const NamaSlice *slice, NamaRows take_rows, void *arg)
{
	GinBtreeData tree;
	GinBtreeStack *stack;

	if (list->rows != NULL)
	{
		take_slice(list->rows, list->n, slice, take_rows, arg);
		return;
	}
	if (pages->page_rows == NULL)
		pages->page_rows = palloc(sizeof(NamaRow) * BLCKSZ);
	stack = find_rows(pages, list->root, slice->begin, &tree);
	for (;;)
	{
		Page page = BufferGetPage(stack->buffer);
		Size size = GinDataLeafPageGetPostingListSize(page);
		int n = 0;

		if (size > BLCKSZ)
			dtsen_nama_report_damage(pages);
		if (!GinPageIsDeleted(page))
			n = dtsen_nama_unpack_rows(GinDataLeafPageGetPostingList(page),
									   size, pages->page_rows, BLCKSZ);
		take_slice(pages->page_rows, n, slice, take_rows, arg);
		if (GinPageRightMost(page) ||
			(n > 0 && pages->page_rows[n - 1] >= slice->end))
			break;
		if (INTERRUPTS_PENDING_CONDITION())
		{
			/*
			 * Heard without a lock only. A page that splits meanwhile keeps the
			 * lesser rows, one that is deleted its link to the right, which is
			 * good for as long as a snapshot of now is.
			 */
			LockBuffer(stack->buffer, GIN_UNLOCK);
			CHECK_FOR_INTERRUPTS();
			LockBuffer(stack->buffer, GIN_SHARE);
		}
		stack->buffer = ginStepRight(stack->buffer, pages->index, GIN_SHARE);
		stack->blkno = BufferGetBlockNumber(stack->buffer);
	}
	LockBuffer(stack->buffer, GIN_UNLOCK);
	freeGinBtreeStack(stack);
}

/* The first page of the pending list, locked, or InvalidBuffer. */
static Buffer
open_pending(NamaPages *pages)
{
	Buffer meta = ReadBuffer(pages->index, GIN_METAPAGE_BLKNO);
	Buffer buffer = InvalidBuffer;
	BlockNumber head;

	LockBuffer(meta, GIN_SHARE);
	head = GinPageGetMeta(BufferGetPage(meta))->head;
	if (head != InvalidBlockNumber)
	{
		buffer = ReadBuffer(pages->index, head);
		LockBuffer(buffer, GIN_SHARE);
	}
	UnlockReleaseBuffer(meta);
	return buffer;
}

/*
 * Calls visit for each key of each pending row, of some twice. To be done before
 * keys are read: what is moved to the tree meanwhile is found twice, not missed.
 *
 * Pages are locked one before the other is left, for else they may be emptied
 * and be others then; and below a lock nobody is heard. So who is heard without,
 * and does not end the search, makes it begin again with the first page; he is
 * not listened to for twice as many pages each time, so that it comes to an end.
 */
void
dtsen_nama_read_pending(NamaPages *pages, NamaPending visit, void *arg)
{
	bool listening = INTERRUPTS_CAN_BE_PROCESSED();
	uint64 read = 0, next_time = 0;
	Buffer buffer = open_pending(pages);

	while (BufferIsValid(buffer))
	{
		Page page = BufferGetPage(buffer);
		BlockNumber next = GinPageGetOpaque(page)->rightlink;
		Buffer left = buffer;

		for (OffsetNumber i = FirstOffsetNumber;
			 i <= PageGetMaxOffsetNumber(page); i++)
		{
			IndexTuple entry =
				(IndexTuple) PageGetItem(page, PageGetItemId(page, i));
			bytea *key = key_of(pages, entry);

			if (key != NULL)
				visit(arg, (uint8 *) VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key),
					  &entry->t_tid);
		}
		read++;
		if (listening && read >= next_time && INTERRUPTS_PENDING_CONDITION())
		{
			UnlockReleaseBuffer(left);
			CHECK_FOR_INTERRUPTS();
			next_time = 3 * read;
			buffer = open_pending(pages);
			continue;
		}
		buffer = InvalidBuffer;
		if (next != InvalidBlockNumber)
		{
			buffer = ReadBuffer(pages->index, next);
			LockBuffer(buffer, GIN_SHARE);
		}
		UnlockReleaseBuffer(left);
	}
}

/* Begins to read: gin, a scan of GIN on the index; attribute: from 1. */
void
dtsen_nama_pages(NamaPages *pages, IndexScanDesc gin, int attribute)
{
	pages->index = gin->indexRelation;
	pages->state = &((GinScanOpaque) gin->opaque)->ginstate;
	pages->snapshot = gin->xs_snapshot;
	pages->attribute = attribute;
	pages->blocks = RelationGetNumberOfBlocks(pages->index);
	pages->unpacked = NULL;
	pages->room = pages->page_rows = NULL;
	pages->nroom = 0;
	/* as GIN counts its own: who sees an index unused may drop it */
	pgstat_count_index_scan(pages->index);
	dtsen_count_search(gin);
	/* coarser than GIN, which locks the pages that it reads */
	PredicateLockRelation(pages->index, pages->snapshot);
}
