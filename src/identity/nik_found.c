/*
 * nik_found.c
 *		The numbers within a few edits of one that a btree index holds. For nik
 *		and nkk.
 *
 * Within two edits of a NIK there are 12 thousand numbers, of which a few
 * hundred are anybody's. An index condition `column = ANY (those)` that looks
 * for each takes long; this finds out first which of them are in the index.
 * Numbers within the distance and numbers of the index are both in order, so
 * that each says how far to go in the other: from a number of the index to the
 * next one within the distance, from that to the next one of the index. Whole
 * parts of the index that no such number begins like are never read.
 *
 * What is returned is a list of keys for an ordinary scan of the same index,
 * which decides what is visible. It may hold numbers of rows that are dead; it
 * lacks none that the snapshot sees, since those were in the index before.
 *
 * Pages are read as nbtree's own searches read them (Lehman and Yao): one page
 * is locked at a time, and what has moved to the right while none was is
 * followed there. No page is reused while a snapshot is there that could have
 * led to it.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/itup.h"
#include "access/nbtree.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/predicate.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "core/nik.h"
#include "errors.h"
#include "guc.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen__nik_index_in);
DTSEN_FUNCTION(dtsen__nik_index_recv);
DTSEN_FUNCTION(dtsen__nik_found_keys);
DTSEN_FUNCTION(dtsen__nik_found_keys_setting);

#define BEYOND PG_INT64_MAX /* a NULL, which is after all numbers */

#define LEVELS_MAX 32 /* of an index, far above what there can be */

/* A search of an index. */
typedef struct Search
{
	Relation index;
	DtcNikWalk walk;
	int64 target;  /* the next number within the distance; below 0: no more */
	int64_t *keys; /* found so far */
	int count;
	int size;
	/* the page read last of each level, from the root, pinned: often the next */
	Buffer page[LEVELS_MAX];
	int levels;
} Search;

/* The number in the first column of a tuple. */
static int64
first_column(Page page, OffsetNumber offset)
{
	IndexTuple tuple =
		(IndexTuple) PageGetItem(page, PageGetItemId(page, offset));
	char *data = (char *) tuple + IndexInfoFindDataOffset(tuple->t_info);
	int64 value;

	if (IndexTupleHasNulls(tuple) &&
		att_isnull(0, (uint8 *) tuple + sizeof(IndexTupleData)))
		return BEYOND;
	memcpy(&value, data, sizeof(value));
	return value;
}

/*
 * The first of the tuples from one on that is not below the target.
 *
 * near: the tuple asked for is probably one of the next.
 */
static OffsetNumber
first_not_below(Page page, OffsetNumber from, int64 target, bool near)
{
	OffsetNumber low = from;
	OffsetNumber high = PageGetMaxOffsetNumber(page) + 1;

	for (OffsetNumber step = 1; near && low + step < high; step *= 2)
	{
		if (first_column(page, low + step - 1) >= target)
		{
			high = low + step - 1;
			break;
		}
		low += step;
	}
	while (low < high)
	{
		OffsetNumber middle = low + (high - low) / 2;

		if (first_column(page, middle) < target)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Reads a page of a level and locks it for reading, no page being locked. */
static Page
turn_to(Search *search, int level, BlockNumber block)
{
	CHECK_FOR_INTERRUPTS();
	if (level >= LEVELS_MAX)
		elog(ERROR, "index \"%s\" has too many levels",
			 RelationGetRelationName(search->index));
	for (; search->levels <= level; search->levels++)
		search->page[search->levels] = InvalidBuffer;
	search->page[level] =
		ReleaseAndReadBuffer(search->page[level], search->index, block);
	LockBuffer(search->page[level], BUFFER_LOCK_SHARE);
	_bt_checkpage(search->index, search->page[level]);
	return BufferGetPage(search->page[level]);
}

static void
unlock(Search *search, int level)
{
	LockBuffer(search->page[level], BUFFER_LOCK_UNLOCK);
}

/*
 * The same, but a page further right when the page is deleted, or when all of
 * it is below the target.
 */
static Page
turn_to_target(Search *search, int level, BlockNumber block)
{
	for (;;)
	{
		Page page = turn_to(search, level, block);
		BTPageOpaque opaque = BTPageGetOpaque(page);

		if (!P_IGNORE(opaque) &&
			(P_RIGHTMOST(opaque) ||
			 first_column(page, P_HIKEY) >= search->target))
			return page;
		if (P_RIGHTMOST(opaque))
			elog(ERROR, "fell off the end of index \"%s\"",
				 RelationGetRelationName(search->index));
		block = opaque->btpo_next;
		unlock(search, level);
	}
}

/*
 * Goes down to the leaf in which the target is, or would be, and leaves it
 * locked. Returns its level.
 */
static int
descend(Search *search, BlockNumber block)
{
	for (int level = 0;; level++)
	{
		Page page = turn_to_target(search, level, block);
		BTPageOpaque opaque = BTPageGetOpaque(page);
		OffsetNumber child;

		if (P_ISLEAF(opaque))
			return level;
		/* the first child has no key: it is below everything */
		child = first_not_below(page, P_FIRSTDATAKEY(opaque) + 1,
								search->target, false) -
				1;
		block = BTreeTupleGetDownLink(
			(IndexTuple) PageGetItem(page, PageGetItemId(page, child)));
		unlock(search, level);
	}
}

/* Takes the target as found, and goes on to the next one. */
static void
found(Search *search)
{
	if (search->count == search->size)
	{
		search->size *= 4;
		search->keys =
			repalloc_huge(search->keys, sizeof(int64_t) * search->size);
	}
	search->keys[search->count++] = search->target;
	search->target =
		search->target == DTC_DIGITS_MAX
			? -1
			: dtc_nik_walk_next(&search->walk, search->target + 1);
}

/* Looks for targets in a leaf, until one is beyond its tuples. */
static void
search_leaf(Search *search, Page page)
{
	OffsetNumber max = PageGetMaxOffsetNumber(page);
	OffsetNumber at = P_FIRSTDATAKEY(BTPageGetOpaque(page));
	bool near = false;

	while (search->target >= 0)
	{
		int64 key;

		at = first_not_below(page, at, search->target, near);
		near = true;
		if (at > max)
			return;
		key = first_column(page, at);
		if (key > DTC_DIGITS_MAX)
			search->target = -1;
		else if (key == search->target)
			found(search);
		else
			search->target = dtc_nik_walk_next(&search->walk, key);
	}
}

static void
search_index(Search *search)
{
	Page page = turn_to(search, 0, BTREE_METAPAGE);
	BlockNumber root = BTPageGetMeta(page)->btm_fastroot;

	unlock(search, 0);
	/* whoever makes the first page conflicts with this */
	if (root == P_NONE)
		PredicateLockRelation(search->index, GetActiveSnapshot());
	while (root != P_NONE && search->target >= 0)
	{
		int level = descend(search, root);

		for (;;)
		{
			BTPageOpaque opaque;
			BlockNumber next;

			page = BufferGetPage(search->page[level]);
			opaque = BTPageGetOpaque(page);
			next = opaque->btpo_next;
			PredicateLockPage(search->index,
							  BufferGetBlockNumber(search->page[level]),
							  GetActiveSnapshot());
			search_leaf(search, page);
			if (P_RIGHTMOST(opaque))
				search->target = -1;
			/* equal keys may be on both sides of a high key */
			if (search->target < 0 ||
				search->target > first_column(page, P_HIKEY))
				break;
			unlock(search, level);
			turn_to_target(search, level, next);
		}
		unlock(search, level);
	}
	while (search->levels > 0)
	{
		search->levels--;
		if (BufferIsValid(search->page[search->levels]))
			ReleaseBuffer(search->page[search->levels]);
	}
}

/* Numbers within k edits that an index has, as nik[] or nkk[]. */
static Datum
found_keys(FunctionCallInfo fcinfo, int k)
{
	Search search;

	search.size = DTC_NIK_KEYS_MAX;
	search.keys = palloc(sizeof(int64_t) * search.size);
	search.count = 0;
	search.levels = 0;
	if (dtc_nik_walk_begin(&search.walk, PG_GETARG_NIK(1), k) == DTC_OK)
	{
		search.target = dtc_nik_walk_next(&search.walk, 0);
		/* the scan that asks holds a lock */
		search.index = index_open(PG_GETARG_OID(0), AccessShareLock);
		/* the scan counts nothing where no number is found */
		pgstat_count_index_scan(search.index);
		search_index(&search);
		index_close(search.index, AccessShareLock);
	}
	return dtsen_nik_array(fcinfo, search.keys, search.count);
}

/*
 * _nik_found_keys(_nik_index, nik, int) -> nik[]: those of the numbers within
 * so many edits, at most 3, that a btree index has in its first column,
 * ascending. The planner makes the first argument, and nobody else can:
 * whoever runs the plan may read the rows that the keys lead to, not the index.
 */
Datum
dtsen__nik_found_keys(PG_FUNCTION_ARGS)
{
	return found_keys(fcinfo, PG_GETARG_INT32(2));
}

/*
 * _nik_found_keys(_nik_index, nik) -> nik[]: within dtsen.nik_max_distance when
 * the plan runs, so that a kept plan follows the setting.
 */
Datum
dtsen__nik_found_keys_setting(PG_FUNCTION_ARGS)
{
	return found_keys(fcinfo, dtsen_nik_max_distance);
}

/* _nik_index has no values but those that the planner makes. */
Datum
dtsen__nik_index_in(PG_FUNCTION_ARGS)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		 errmsg("values of this type are made by the planner"),
		 errhint(
			 "Ask with nik_within() or %%; the index is used by itself.")));
	PG_RETURN_VOID();
}

/* The same for the binary form. */
Datum
dtsen__nik_index_recv(PG_FUNCTION_ARGS)
{
	return dtsen__nik_index_in(fcinfo);
}
