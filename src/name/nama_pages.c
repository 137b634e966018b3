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
 * read before the tree of keys.
 */
#include "postgres.h"

#include "access/gin_private.h"
#include "access/relscan.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"

#include "compat.h"
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

/* To the page on the right where the present one has no more keys. */
static bool
step(NamaPages *pages, GinBtreeStack *stack)
{
	Page page = BufferGetPage(stack->buffer);

	while (stack->off > PageGetMaxOffsetNumber(page))
	{
		if (GinPageRightMost(page))
			return false;
		stack->buffer = ginStepRight(stack->buffer, pages->index, GIN_SHARE);
		stack->blkno = BufferGetBlockNumber(stack->buffer);
		stack->off = FirstOffsetNumber;
		page = BufferGetPage(stack->buffer);
	}
	return true;
}

/*
 * Calls visit for the keys that begin with prefix, in their order, until it
 * says NAMA_STOP; of those for which it says NAMA_TAKE the rows are put into
 * list and take is called. A page is locked meanwhile: visit and take must be
 * short and must not read others.
 */
void
dtsen_nama_read_keys(NamaPages *pages, const uint8 *prefix, Size len,
					 NamaVisit visit, NamaTake take, void *arg)
{
	GinBtreeData tree;
	GinBtreeStack *stack;
	bytea *begin = make_key(prefix, len);

	ginPrepareEntryScan(&tree, pages->attribute, PointerGetDatum(begin),
						GIN_CAT_NORM_KEY, pages->state);
	stack = dtsen_gin_find_leaf(&tree, pages->snapshot);
	(void) tree.findItem(&tree, stack);
	for (; step(pages, stack); stack->off++)
	{
		Page page = BufferGetPage(stack->buffer);
		IndexTuple entry =
			(IndexTuple) PageGetItem(page, PageGetItemId(page, stack->off));
		bytea *key = key_of(pages, entry);
		NamaVerdict verdict;
		bool in_tree;
		NamaList list = {0};

		if (key == NULL || VARSIZE_ANY_EXHDR(key) < len ||
			memcmp(VARDATA_ANY(key), prefix, len) != 0)
			break;
		in_tree = GinIsPostingTree(entry);
		verdict =
			visit(arg, (uint8 *) VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key),
				  in_tree ? INT_MAX : (int) GinGetNPosting(entry));
		if (verdict == NAMA_STOP)
			break;
		if (verdict == NAMA_SKIP)
			continue;
		if (in_tree)
			list.root = GinGetPostingTree(entry);
		else
			list.rows =
				ginReadTuple(pages->state, pages->attribute, entry, &list.n);
		take(arg, &list);
	}
	LockBuffer(stack->buffer, GIN_UNLOCK);
	freeGinBtreeStack(stack);
	pfree(begin);
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

/* Calls take_rows for the rows of a list, in their order. */
void
dtsen_nama_read_rows(NamaPages *pages, const NamaList *list,
					 NamaRows take_rows, void *arg)
{
	GinBtreeData tree;
	GinBtreeStack *stack;
	ItemPointerData least;

	if (list->rows != NULL)
	{
		take_rows(arg, list->rows, list->n);
		return;
	}
	ItemPointerSetMin(&least);
	stack =
		dtsen_gin_begin_rows(&tree, pages->index, list->root, pages->snapshot);
	for (;;)
	{
		Page page = BufferGetPage(stack->buffer);
		ItemPointer rows = NULL;
		int n = 0;

		CHECK_FOR_INTERRUPTS();
		if (!GinPageIsDeleted(page))
			rows = GinDataLeafPageGetItems(page, &n, least);
		if (n > 0)
			take_rows(arg, rows, n);
		if (rows != NULL)
			pfree(rows);
		if (GinPageRightMost(page))
			break;
		stack->buffer = ginStepRight(stack->buffer, pages->index, GIN_SHARE);
		stack->blkno = BufferGetBlockNumber(stack->buffer);
	}
	LockBuffer(stack->buffer, GIN_UNLOCK);
	freeGinBtreeStack(stack);
}

/*
 * Calls visit for each key of each pending row. To be done before keys are
 * read: what is moved to the tree meanwhile is found twice, not missed.
 */
void
dtsen_nama_read_pending(NamaPages *pages, NamaPending visit, void *arg)
{
	Buffer meta = ReadBuffer(pages->index, GIN_METAPAGE_BLKNO), buffer;
	BlockNumber block;

	LockBuffer(meta, GIN_SHARE);
	block = GinPageGetMeta(BufferGetPage(meta))->head;
	if (block == InvalidBlockNumber)
	{
		UnlockReleaseBuffer(meta);
		return;
	}
	buffer = ReadBuffer(pages->index, block);
	LockBuffer(buffer, GIN_SHARE);
	UnlockReleaseBuffer(meta);
	for (;;)
	{
		Page page = BufferGetPage(buffer);
		Buffer next;

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
		block = GinPageGetOpaque(page)->rightlink;
		if (block == InvalidBlockNumber)
			break;
		next = ReadBuffer(pages->index, block);
		LockBuffer(next, GIN_SHARE);
		UnlockReleaseBuffer(buffer);
		buffer = next;
	}
	UnlockReleaseBuffer(buffer);
}

/* Begins to read: gin, a scan of GIN on the index; attribute: from 1. */
void
dtsen_nama_pages(NamaPages *pages, IndexScanDesc gin, int attribute)
{
	pages->index = gin->indexRelation;
	pages->state = &((GinScanOpaque) gin->opaque)->ginstate;
	pages->snapshot = gin->xs_snapshot;
	pages->attribute = attribute;
	pages->unpacked = NULL;
	/* coarser than GIN, which locks the pages that it reads */
	PredicateLockRelation(pages->index, pages->snapshot);
}
