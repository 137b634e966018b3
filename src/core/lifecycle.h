/*
 * lifecycle.h
 *		Pure parts of the lifecycle: regions of actors, and the bytes that
 *		the journal hashes.
 */
#ifndef DTC_LIFECYCLE_H
#define DTC_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DTC_WILAYAH_DIGITS 10 /* longest region code */
#define DTC_CHAIN_DIGITS 4    /* a chain per regency */
#define DTC_DIGEST_BYTES 32   /* SHA-256 */

/* Takes the bytes of the canonical form piece by piece, e.g. a hash. */
typedef void (*dtc_sink)(void *state, const uint8_t *data, size_t len);

extern size_t dtc_wilayah_digits(const char *text, size_t len, char *digits,
								 size_t size);
extern bool dtc_wilayah_within(const char *row, size_t row_len,
							   const char *scope, size_t scope_len);

extern void dtc_canon_begin(dtc_sink sink, void *state,
							const uint8_t previous[DTC_DIGEST_BYTES]);
extern void dtc_canon_text(dtc_sink sink, void *state, const char *text,
						   size_t len);
extern void dtc_canon_null(dtc_sink sink, void *state);
extern void dtc_canon_int(dtc_sink sink, void *state, int64_t value);

#endif /* DTC_LIFECYCLE_H */
