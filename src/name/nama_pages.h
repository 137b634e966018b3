/*
 * nama_pages.h
 *		Reading the pages of an index of access method dtsen_nama.
 */
#ifndef DTSEN_NAMA_PAGES_H
#define DTSEN_NAMA_PAGES_H

#include "access/genam.h"
#include "access/ginblock.h"
#include "access/itup.h"
#include "storage/block.h"
#include "storage/bufmgr.h"
#include "storage/itemptr.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

#include "core/name_keys.h"

/* Keys of a page that stand for one word, from first to those of the next. */
typedef struct NamaWord
{
	uint64 code;    /* its first letters, see DtcNameCode */
	uint32 letters; /* which letters it has */
	OffsetNumber first;
	uint8 n;    /* letters; 0: not known, nor are code and letters */
	uint8 kind; /* of key */
} NamaWord;

/* The words of a page of keys. */
typedef struct NamaWords
{
	XLogRecPtr lsn; /* of the page */
	BlockNumber next;
	int n;
	NamaWord word[FLEXIBLE_ARRAY_MEMBER]; /* and one behind the last */
} NamaWords;

/*
 * A row as GIN counts them in its lists: block and place, of which no page has
 * more than this many bits can tell.
 */
typedef uint64 NamaRow;
#define NAMA_PLACE_BITS 11

static inline NamaRow
dtsen_nama_row(const ItemPointerData *tid)
{
	return (NamaRow) ItemPointerGetBlockNumberNoCheck(tid) << NAMA_PLACE_BITS |
		   ItemPointerGetOffsetNumberNoCheck(tid);
}

/* Rows from begin to what is below end. */
typedef struct NamaSlice
{
	NamaRow begin;
	NamaRow end;
} NamaSlice;

/* Behind every row, also of a page that is damaged. */
#define NAMA_ROWS_END PG_UINT64_MAX

typedef struct NamaPages
{
	Relation index;
	struct GinState *state;
	Snapshot snapshot;
	OffsetNumber attribute;
	BlockNumber blocks; /* of the index, when the search began */
	void *unpacked; /* the key read last if the index holds it compressed */
	NamaRow *room;  /* for the rows of lists to come */
	int nroom;
	NamaRow *page_rows; /* room for those of a page of a tree, or NULL */
} NamaPages;

/* Rows of a key: here, unpacked or not, or in a tree of their own. */
typedef struct NamaList
{
	NamaRow *rows;      /* NULL: not here, or packed */
	const void *packed; /* NULL: not here, or unpacked */
	int n;
	BlockNumber root;
} NamaList;

typedef enum NamaVerdict
{
	NAMA_SKIP,
	NAMA_TAKE,
	NAMA_TAKE_PACKED, /* the same, but its rows may never be looked at */
	NAMA_STOP,
} NamaVerdict;

/* rows: how many the key has, or more than any list where they are in a tree */
typedef NamaVerdict (*NamaVisit)(void *arg, const uint8 *key, Size len,
								 int rows);
typedef void (*NamaTake)(void *arg, const NamaList *list);
typedef void (*NamaRows)(void *arg, const NamaRow *rows, int n);
typedef void (*NamaPending)(void *arg, const uint8 *key, Size len,
							ItemPointer row);

/* nama_pages.c */
extern bool dtsen_nama_has_keys(Page page);
extern void *dtsen_nama_page_key(NamaPages *pages, Page page,
								 OffsetNumber offset);
extern void dtsen_nama_pages(NamaPages *pages, IndexScanDesc gin,
							 int attribute);
extern void dtsen_nama_read_keys(NamaPages *pages, const uint8 *prefix,
								 Size len, DtcNameRange *range,
								 NamaVisit visit, NamaTake take, void *arg);
extern void dtsen_nama_report_damage(NamaPages *pages);
extern double dtsen_nama_tree_size(NamaPages *pages, BlockNumber root);
extern void dtsen_nama_read_rows(NamaPages *pages, const NamaList *list,
								 const NamaSlice *slice, NamaRows take_rows,
								 void *arg);
extern void dtsen_nama_read_pending(NamaPages *pages, NamaPending visit,
									void *arg);

/* nama_list.c */
extern int dtsen_nama_unpack_rows(const GinPostingList *segment, Size size,
								  NamaRow *rows, int room);
extern void dtsen_nama_read_list(NamaPages *pages, IndexTuple entry,
								 bool packed, NamaList *list);
extern void dtsen_nama_unpack(NamaPages *pages, NamaList *list);

/* nama_kept.c */
extern Buffer dtsen_nama_pin(NamaPages *pages, BlockNumber block);
extern const NamaWords *dtsen_nama_kept(NamaPages *pages, Buffer buffer);
extern const NamaWords *dtsen_nama_keep(NamaPages *pages, Buffer buffer);
extern BlockNumber *dtsen_nama_place(NamaPages *pages, const uint8 *prefix,
									 Size len);

#endif /* DTSEN_NAMA_PAGES_H */
