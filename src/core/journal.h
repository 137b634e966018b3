/*
 * journal.h
 *		Blocks of the journal: their bytes, and what is hashed of them.
 *
 * A block holds the changes of one statement in one chain. docs/formats.md
 * describes the bytes. All texts are UTF-8.
 */
#ifndef DTC_JOURNAL_H
#define DTC_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/merkle.h"
#include "core/sha256.h"

#define DTC_BLOCK_VERSION 1     /* no entry says what its row says */
#define DTC_BLOCK_VERSION_ROW 2 /* entries may hold commitments to rows */
#define DTC_BLOCK_ENTRIES 1024  /* most entries of a block */
#define DTC_NOTE_BYTES 32
#define DTC_SALT_BYTES 16
#define DTC_SALT_CHECK 8 /* bytes of a block that tell its seed */

/* A text of len bytes without end mark; data NULL: null, not empty. */
typedef struct DtcText
{
	const char *data;
	size_t len;
} DtcText;

/* What all entries of a block have in common. */
typedef struct DtcBlockHeader
{
	DtcText machine; /* these four are columns, not in the body */
	DtcText chain;
	int64_t seq; /* of the first entry */
	uint32_t entries;
	int64_t at; /* microseconds since 2000-01-01 00:00 UTC */
	int64_t txid;
	int32_t version; /* of the machine */
	DtcText login;
	DtcText session_login;
	DtcText person;
} DtcBlockHeader;

typedef struct DtcStep
{
	DtcText from;
	DtcText to;
	DtcText action;
} DtcStep;

typedef struct DtcRegion
{
	DtcText wilayah;
	DtcText from_chain; /* where the row's entries were before, or null */
} DtcRegion;

/* One change. number: the key if it is_number, else in key. */
typedef struct DtcChange
{
	const DtcStep *step;
	const DtcRegion *region;
	const uint8_t *note; /* commitment to the reason, or NULL */
	bool is_number;
	uint64_t number;
	DtcText key;
	const uint8_t *row; /* commitment to the row's columns, or NULL ... */
	uint32_t columns;   /* ... and the number of their list in the block */
} DtcChange;

/* A growing piece of a block, in memory of the caller's. */
typedef struct DtcPiece
{
	uint8_t *data;
	size_t len;
	size_t size;
} DtcPiece;

/* Bytes of what a leaf is of, that is hashed at once; longer ones piecewise. */
#define DTC_LEAF_SHORT 512

/* An entry that waits for its digests. */
typedef struct DtcQueued
{
	uint8_t leaf[DTC_SHA256_ROOM(DTC_LEAF_SHORT)];
	size_t len;
	size_t check;       /* where in the entries the leaf's first bytes go */
	uint32_t place;     /* in the block */
	const uint8_t *row; /* digest of the row to commit to, or NULL */
} DtcQueued;

/* A block in the making. The caller provides the data of each piece. */
typedef struct DtcBlockWriter
{
	DtcCompress compress;
	DtcCompressTwo two;  /* or NULL */
	const uint8_t *seed; /* of salts */
	DtcPiece head;
	DtcPiece steps;
	DtcPiece regions;
	DtcPiece notes;
	DtcPiece columns;
	DtcPiece entries;
	uint32_t nsteps;
	uint32_t nregions;
	uint32_t nnotes;
	uint32_t ncolumns;
	uint32_t nentries;
	uint8_t salt_check[DTC_SALT_CHECK];
	int64_t seq;
	DtcPiece leaves;
	DtcQueued queue[2];
	int nqueued;
} DtcBlockWriter;

/* A block that is read. The caller provides steps and regions. */
typedef struct DtcBlockReader
{
	DtcBlockHeader header;
	const uint8_t *body;
	const uint8_t *next;
	const uint8_t *end;
	uint32_t nsteps;
	uint32_t nregions;
	uint32_t nnotes;
	uint32_t ncolumns; /* lists of columns; 0: no entry has any */
	uint32_t done;     /* entries read */
	const uint8_t *notes;
	const uint8_t *columns;
	const uint8_t *salt_check;
	DtcStep *steps;
	DtcRegion *regions;
	char digits[24];
} DtcBlockReader;

/* What dtc_block_next() found. */
typedef enum DtcBlockNext
{
	DTC_BLOCK_ENTRY,
	DTC_BLOCK_END,
	DTC_BLOCK_BROKEN
} DtcBlockNext;

extern size_t dtc_block_put_int64(uint8_t *out, int64_t value);
extern size_t dtc_block_put_length(uint8_t *out, size_t len);
extern size_t dtc_block_put_field(uint8_t *out, DtcText field);
extern bool dtc_key_number(const char *key, size_t len, uint64_t *number);
extern uint32_t dtc_key_hash(const char *key, size_t len);
extern char *dtc_key_print(uint64_t number, char *end);
extern uint32_t dtc_key_hash_number(uint64_t number);
extern uint32_t dtc_chain_hash(DtcText machine, const char *chain, size_t len);
extern int64_t dtc_key_cell(uint32_t chain, uint32_t low, uint32_t high);
extern int64_t dtc_key_cell_at(uint32_t chain, uint32_t hash, int level);

extern uint64_t dtc_row_hash(const uint64_t secret[2], DtcText key,
							 DtcText state);
extern void dtc_note_commit(DtcCompress compress, const uint8_t *salt,
							DtcText note, uint8_t out[DTC_NOTE_BYTES]);
extern void dtc_change_leaf(DtcCompress compress, int64_t seq,
							const DtcChange *change,
							uint8_t leaf[DTC_SHA256_BYTES]);
extern void dtc_block_content(DtcCompress compress,
							  const DtcBlockHeader *header,
							  const uint8_t *root, const uint8_t *body_digest,
							  uint8_t content[DTC_SHA256_BYTES]);
extern void dtc_block_link(DtcCompress compress, const uint8_t *previous,
						   const uint8_t *content,
						   uint8_t digest[DTC_SHA256_BYTES]);

extern void dtc_block_begin(DtcBlockWriter *w, const DtcBlockHeader *header);
extern uint32_t dtc_block_step(DtcBlockWriter *w, const DtcStep *step);
extern uint32_t dtc_block_region(DtcBlockWriter *w, const DtcRegion *region);
extern uint32_t dtc_block_note(DtcBlockWriter *w, const uint8_t *commitment);
extern uint32_t dtc_block_columns(DtcBlockWriter *w, const uint8_t *columns);
extern size_t dtc_block_size(const DtcBlockWriter *w);
extern size_t dtc_change_room(const DtcChange *change);
extern void dtc_block_add(DtcBlockWriter *w, uint32_t step, uint32_t region,
						  uint32_t note, const DtcChange *change,
						  const uint8_t *row);
extern size_t dtc_block_end(DtcBlockWriter *w, uint8_t *body,
							uint8_t root[DTC_SHA256_BYTES]);

extern bool dtc_block_open(DtcBlockReader *r, const uint8_t *body, size_t len);
extern bool dtc_block_dictionaries(DtcBlockReader *r, DtcStep *steps,
								   DtcRegion *regions);
extern DtcBlockNext dtc_block_next(DtcBlockReader *r, DtcChange *change,
								   const uint8_t **check);

#endif /* DTC_JOURNAL_H */
