/*
 * entry.h
 *		Journal entries and their digests.
 */
#ifndef DTSEN_LIFECYCLE_ENTRY_H
#define DTSEN_LIFECYCLE_ENTRY_H

#include "common/cryptohash.h"
#include "datatype/timestamp.h"
#include "lib/stringinfo.h"

#include "lifecycle/lifecycle.h"

/* One entry, as it is hashed. */
typedef struct DtEntry
{
	const char *machine;
	DtText chain;
	int64 seq;
	DtText key;
	DtText wilayah;
	DtText from;
	DtText to;
	DtText action;
	DtText login;
	DtText session_login;
	DtText person;
	TimestampTz at;
	int64 txid;
	int32 version;
	DtText reason;
} DtEntry;

/* A hash in the making; its input is gathered, as many small pieces are slow */
typedef struct DtHasher
{
	pg_cryptohash_ctx *context;
	StringInfoData input;
} DtHasher;

/* Adds entries of one machine to its journal, in one statement. */
typedef struct DtWriter DtWriter;

/* entry.c */
extern DtText dtsen_lifecycle_text(const char *value);
extern void dtsen_lifecycle_hasher(DtHasher *hasher);
extern void dtsen_lifecycle_digest(DtHasher *hasher, const uint8 *previous,
								   const DtEntry *entry, uint8 *digest);

/* journal_writer.c */
extern DtWriter *dtsen_lifecycle_writer(DtMachine *m);
extern void dtsen_lifecycle_want_chain(DtWriter *w, DtText wilayah);
extern void dtsen_lifecycle_lock_chains(DtWriter *w);
extern void dtsen_lifecycle_append(DtWriter *w, DtEntry *entry);
extern void dtsen_lifecycle_finish(DtWriter *w);

#endif /* DTSEN_LIFECYCLE_ENTRY_H */
