/*
 * journal_row.h
 *		What a row says, as the journal commits to it.
 *
 * An entry holds no column of its row, but a commitment to all of them:
 * SHA-256 over a salt and the digest of the row. Without the salt it says
 * nothing of the row, so that who erases the salt erases what the journal
 * knows. docs/formats.md describes the bytes.
 */
#ifndef DTC_JOURNAL_ROW_H
#define DTC_JOURNAL_ROW_H

#include "core/journal.h"

#define DTC_ROW_PREFIX (12 + DTC_SHA256_BYTES)

/* Room for what salts and commitments are digests of, with the padding. */
#define DTC_SALT_MESSAGE 64
#define DTC_COMMIT_MESSAGE 128

/* What the salts of a block are. */
typedef enum DtcSalts
{
	DTC_SALTS_BAD,
	DTC_SALTS_SEED,  /* 16 bytes, from which each entry's salt follows */
	DTC_SALTS_SINGLE /* this byte, then 16 for each entry, 0 where erased */
} DtcSalts;

extern void dtc_columns_begin(DtcSha256 *h, DtcCompress compress);
extern void dtc_columns_add(DtcSha256 *h, DtcText name, DtcText type);
extern size_t dtc_row_prefix(uint8_t out[DTC_ROW_PREFIX],
							 const uint8_t columns[DTC_SHA256_BYTES]);
extern size_t dtc_salt_message(uint8_t out[DTC_SALT_MESSAGE],
							   const uint8_t *seed, uint32_t place);
extern size_t dtc_commit_message(uint8_t out[DTC_COMMIT_MESSAGE],
								 const uint8_t *salt, const uint8_t *row);
extern void dtc_row_commit(DtcCompress compress, const uint8_t *salt,
						   const uint8_t *row, uint8_t out[DTC_SHA256_BYTES]);
extern void dtc_salt_check(DtcCompress compress, const uint8_t *seed,
						   uint8_t out[DTC_SALT_CHECK]);
extern void dtc_salt_derive(DtcCompress compress, const uint8_t *seed,
							uint32_t place, uint8_t out[DTC_SALT_BYTES]);
extern DtcSalts dtc_salts_kind(DtcCompress compress, DtcText salts,
							   uint32_t entries, const uint8_t *check);
extern bool dtc_salt_at(DtcCompress compress, DtcSalts kind, DtcText salts,
						uint32_t place, uint8_t out[DTC_SALT_BYTES]);

#endif /* DTC_JOURNAL_ROW_H */
