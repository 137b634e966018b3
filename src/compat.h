/*
 * compat.h
 *		Every difference between server versions that dtsen has to know.
 *
 * No other file of the project tests PG_VERSION_NUM.
 */
#ifndef DTSEN_COMPAT_H
#define DTSEN_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "dtsen needs PostgreSQL 15 or later"
#endif

/*
 * Soft errors came with 16. Before, an input function has no caller that could
 * take one, so ereturn() is a plain error.
 */
#if PG_VERSION_NUM < 160000
#define ereturn(escontext, dummy_value, ...)                                  \
	do                                                                        \
	{                                                                         \
		(void) (escontext);                                                   \
		ereport(ERROR, __VA_ARGS__);                                          \
	} while (0)
#else
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif

/* Takes a soft-error context since 16, which nobody here has a use for. */
#if PG_VERSION_NUM < 160000
#define dtsen_qualified_name_list(name) stringToQualifiedNameList(name)
#else
#define dtsen_qualified_name_list(name) stringToQualifiedNameList(name, NULL)
#endif

/* Some index methods have something to release after insertions since 17. */
#if PG_VERSION_NUM < 170000
#define dtsen_index_insert_cleanup(index, info) ((void) (info))
#else
#define dtsen_index_insert_cleanup(index, info)                               \
	index_insert_cleanup(index, info)
#endif

/* A stored generated column gets another expression since 17. */
#if PG_VERSION_NUM < 170000
#define AT_SetExpression ((AlterTableType) -1)
#endif

/* Takes flags of the scan since 19; a scan of an index says none. */
#if PG_VERSION_NUM < 190000
#define dtsen_index_fetch_begin(heap) table_index_fetch_begin(heap)
#else
#define dtsen_index_fetch_begin(heap) table_index_fetch_begin(heap, 0)
#endif

/* So do scans of a table. */
#if PG_VERSION_NUM < 190000
#define dtsen_table_begin(table, snapshot)                                    \
	table_beginscan(table, snapshot, 0, NULL)
#define dtsen_table_begin_parallel(table, shared)                             \
	table_beginscan_parallel(table, shared)
#else
#define dtsen_table_begin(table, snapshot)                                    \
	table_beginscan(table, snapshot, 0, NULL, SO_NONE)
#define dtsen_table_begin_parallel(table, shared)                             \
	table_beginscan_parallel(table, shared, SO_NONE)
#endif

/* Said whether it runs once only, up to 17. */
#if PG_VERSION_NUM < 180000
#define dtsen_executor_run(query)                                             \
	ExecutorRun(query, ForwardScanDirection, 0, true)
#else
#define dtsen_executor_run(query) ExecutorRun(query, ForwardScanDirection, 0)
#endif

/*
 * A row type made column by column has to be finished since 19: it knows then
 * which columns have offsets that do not change. Without, reading a row of it
 * crashes.
 */
#if PG_VERSION_NUM < 190000
#define dtsen_tuple_desc_done(desc) ((void) (desc))
#else
#define dtsen_tuple_desc_done(desc) TupleDescFinalize(desc)
#endif

/* Functions of GIN took a snapshot, to find out whether it is too old, up to 16. */
#if PG_VERSION_NUM < 170000
#define dtsen_gin_find_leaf(tree, snapshot)                                   \
	ginFindLeafPage(tree, true, false, snapshot)
#define dtsen_gin_begin_rows(tree, index, root, snapshot)                     \
	ginScanBeginPostingTree(tree, index, root, snapshot)
#else
#define dtsen_gin_find_leaf(tree, snapshot) ginFindLeafPage(tree, true, false)
#define dtsen_gin_begin_rows(tree, index, root, snapshot)                     \
	ginScanBeginPostingTree(tree, index, root)
#endif

/* The file of a relation has a name of its own since 16. */
#if PG_VERSION_NUM < 160000
#define dtsen_file(relation) ((relation)->rd_node)
#define dtsen_file_number(relation) ((relation)->rd_node.relNode)
#else
#define dtsen_file(relation) ((relation)->rd_locator)
#define dtsen_file_number(relation) ((relation)->rd_locator.relNumber)
#endif

/* Searches of an index scan are counted, for EXPLAIN, since 18. */
#if PG_VERSION_NUM < 180000
#define dtsen_share_instrument(inner, outer) ((void) (inner))
#define dtsen_count_search(scan) ((void) (scan))
#else
#if PG_VERSION_NUM < 190000
#include "access/genam.h"
#else
#include "executor/instrument_node.h"
#endif
#define dtsen_share_instrument(inner, outer)                                  \
	((inner)->instrument = (outer)->instrument)
#define dtsen_count_search(scan)                                              \
	do                                                                        \
	{                                                                         \
		if ((scan)->instrument != NULL)                                       \
			(scan)->instrument->nsearches++;                                  \
	} while (0)
#endif

/*
 * Walks over the rows of a bitmap; 18 changed both the names and who holds the
 * offsets. Where the bitmap knows no more than the page, every possible offset
 * is returned.
 */
#include "access/htup_details.h"
#include "nodes/tidbitmap.h"

typedef struct DtsenTidIterator
{
#if PG_VERSION_NUM < 180000
	TBMIterator *iterator;
	TBMIterateResult *page;
#else
	TBMPrivateIterator *iterator;
	TBMIterateResult result;
	TBMIterateResult *page;
	OffsetNumber offsets[MaxHeapTuplesPerPage];
#endif
	int n;    /* offsets of the page, -1 when they are not known */
	int next; /* of them */
} DtsenTidIterator;

static inline void
dtsen_tid_begin(DtsenTidIterator *it, TIDBitmap *bitmap)
{
	it->page = NULL;
#if PG_VERSION_NUM < 180000
	it->iterator = tbm_begin_iterate(bitmap);
#else
	it->iterator = tbm_begin_private_iterate(bitmap);
#endif
}

static inline bool
dtsen_tid_page(DtsenTidIterator *it)
{
#if PG_VERSION_NUM < 180000
	it->page = tbm_iterate(it->iterator);
	if (it->page == NULL)
		return false;
	it->n = it->page->ntuples;
#else
	if (!tbm_private_iterate(it->iterator, &it->result))
		return false;
	it->page = &it->result;
	it->n = it->result.lossy ? -1
							 : tbm_extract_page_tuple(&it->result, it->offsets,
													  MaxHeapTuplesPerPage);
#endif
	it->next = 0;
	return true;
}

static inline bool
dtsen_tid_next(DtsenTidIterator *it, ItemPointer tid, bool *recheck)
{
	OffsetNumber offset;

	while (it->page == NULL ||
		   it->next >= (it->n < 0 ? (int) MaxHeapTuplesPerPage : it->n))
	{
		if (!dtsen_tid_page(it))
			return false;
	}
#if PG_VERSION_NUM < 180000
	offset = it->n < 0 ? it->next + 1 : it->page->offsets[it->next];
#else
	offset = it->n < 0 ? it->next + 1 : it->offsets[it->next];
#endif
	it->next++;
	ItemPointerSet(tid, it->page->blockno, offset);
	*recheck = it->n < 0 || it->page->recheck;
	return true;
}

static inline void
dtsen_tid_end(DtsenTidIterator *it)
{
#if PG_VERSION_NUM < 180000
	tbm_end_iterate(it->iterator);
#else
	tbm_end_private_iterate(it->iterator);
#endif
}

/*
 * What an index access method's handler returns is freed by the caller up to
 * 18, and kept by pointer since 19.
 */
#if PG_VERSION_NUM < 190000
#define dtsen_am_routine(storage) palloc(sizeof(*(storage)))
#else
#define dtsen_am_routine(storage) (storage)
#endif

/*
 * Declares a function that SQL calls. Before 16 PG_FUNCTION_INFO_V1 exports
 * only the information record, and this library is built with hidden symbols.
 */
#define DTSEN_FUNCTION(name)                                                  \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS);                          \
	PG_FUNCTION_INFO_V1(name)

/* Asks for memory that will be read soon; where the compiler cannot, it waits. */
#ifdef __GNUC__
#define dtsen_prefetch(p) __builtin_prefetch(p)
#else
#define dtsen_prefetch(p) ((void) (p))
#endif

#endif /* DTSEN_COMPAT_H */
