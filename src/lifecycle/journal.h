/*
 * journal.h
 *		Writing and reading the journal's blocks.
 */
#ifndef DTSEN_LIFECYCLE_JOURNAL_H
#define DTSEN_LIFECYCLE_JOURNAL_H

#include "utils/rel.h"
#include "utils/snapshot.h"

#include "core/journal.h"
#include "lifecycle/lifecycle.h"

/* The columns of table journal_block, by their order in names[] of store.c. */
typedef enum DtBlockColumn
{
	DT_BLOCK_MACHINE,
	DT_BLOCK_CHAIN,
	DT_BLOCK_SEQ,
	DT_BLOCK_ENTRIES,
	DT_BLOCK_KEYS,
	DT_BLOCK_BODY,
	DT_BLOCK_PREVIOUS,
	DT_BLOCK_DIGEST,
	DT_BLOCK_SALT, /* may be missing, and null */
	DT_BLOCK_COLUMNS
} DtBlockColumn;

/* The tables of the journal. */
typedef enum DtStoreKind
{
	DT_STORE_BLOCKS,
	DT_STORE_NOTES,
	DT_STORE_COLUMNS,
	DT_STORE_ATTACHED
} DtStoreKind;

#define DT_STORE_INDEXES 16

/* A table of the journal, open. */
typedef struct DtStore
{
	Relation rel;
	LOCKMODE lockmode;
	int ncolumns;
	AttrNumber column[DT_BLOCK_COLUMNS];
	Oid pkey;
	Oid key_index; /* over column keys alone */
	struct TupleTableSlot *slot;
	int nindexes;
	Relation index[DT_STORE_INDEXES];
	struct IndexInfo *info[DT_STORE_INDEXES];
	bool simple[DT_STORE_INDEXES];
	struct EState *estate; /* of indexes that are not simple */
} DtStore;

/* One row of journal_block; the texts are UTF-8. */
typedef struct DtBlock
{
	DtcText machine;
	DtcText chain;
	int64 seq;
	int32 entries;
	int64 keys;
	DtcText body;
	const uint8 *previous;
	const uint8 *digest;
	DtcText salt;
} DtBlock;

/* A change, as a trigger sees it; texts in the encoding of the server. */
typedef struct DtChange
{
	bool is_number;
	uint64 number;
	DtText key;
	DtText reason;
	int step;              /* of dtsen_journal_step() */
	int region;            /* of dtsen_journal_region() */
	const DtcMessage *row; /* of dtsen_row_read(), or NULL */
} DtChange;

#define DT_CHAIN_NAME (DTC_CHAIN_DIGITS + 4)

/* The end of a chain, as far as this transaction has come. */
typedef struct DtHead
{
	const DtMachine *m;
	Oid blocks; /* the table that it was read from */
	char regency[DTC_CHAIN_DIGITS + 1];
	char name[DT_CHAIN_NAME];
	int64 seq;
	int64 at;
	uint8 digest[DTC_SHA256_BYTES];
} DtHead;

typedef struct DtWriter DtWriter;

/* sha256_hw.c */
extern DtcCompress dtsen_journal_compress(void);
extern DtcCompressTwo dtsen_journal_compress_two(void);

/* journal_store.c */
extern void dtsen_journal_open(DtStore *store, Oid relid, DtStoreKind kind,
							   LOCKMODE lockmode);
extern void dtsen_journal_insert(DtStore *store, Datum *values);
extern void dtsen_journal_close(DtStore *store);
extern bool dtsen_journal_tuple(const DtStore *store, HeapTuple tuple,
								DtBlock *block);

/* journal_head.c */
extern DtHead *dtsen_journal_head(const DtMachine *m, const DtStore *blocks,
								  const char *regency);

/* journal_salt.c */
extern void dtsen_journal_salt(uint8 *salt);

/* journal_writer.c */
extern DtWriter *dtsen_journal_writer(DtMachine *m);
extern int dtsen_journal_step(DtWriter *w, DtText from, DtText to,
							  DtText action);
extern int dtsen_journal_region(DtWriter *w, DtText wilayah,
								DtText from_wilayah, int version);
extern void dtsen_journal_rows(DtWriter *w, struct DtRowColumns *columns);
extern void dtsen_journal_lock(DtWriter *w);
extern void dtsen_journal_later(DtWriter *w);
extern bool dtsen_journal_is_long(int64 rows);
extern void dtsen_journal_add(DtWriter *w, const DtChange *change);
extern void dtsen_journal_finish(DtWriter *w);

/* journal_read.c */
typedef struct DtReading
{
	DtcBlockReader reader;
	DtcStep *steps;
	DtcRegion *regions;
} DtReading;

/* Takes an entry; false: enough. */
typedef bool (*DtTakeEntry)(void *state, const DtBlock *block,
							const DtReading *reading, const DtcChange *change,
							int64 seq);

/* Sets the columns of the row that an entry becomes; all are not null. */
typedef void (*DtFillEntry)(void *state, const DtReading *reading,
							const DtcChange *change, int64 seq, Datum *values,
							bool *nulls);

extern bool dtsen_journal_begin(DtReading *reading, const DtBlock *block);
extern void dtsen_journal_broken(const DtBlock *block)
	__attribute__((noreturn));
extern Datum dtsen_journal_bytes(const void *data, Size len);
extern void dtsen_journal_put_text(DtcText field, Datum *value, bool *isnull);
extern DtcText dtsen_journal_bytea(FunctionCallInfo fcinfo, int i);
extern DtcText dtsen_journal_argument(FunctionCallInfo fcinfo, int i);
extern void dtsen_journal_each(FunctionCallInfo fcinfo, DtReading *reading,
							   const DtBlock *block, DtFillEntry fill,
							   void *state);
extern DtcText dtsen_journal_utf8(DtText text);
extern void dtsen_journal_find(DtStore *store, Snapshot snapshot,
							   DtcText machine, DtcText chain, DtcText key,
							   DtTakeEntry take, void *state);

#endif /* DTSEN_LIFECYCLE_JOURNAL_H */
