/*
 * sha256.h
 *		SHA-256 (FIPS 180-4) of messages in pieces.
 *
 * The compression is the caller's to choose: the portable one of this file, or
 * one that uses instructions of the processor and gives the same.
 */
#ifndef DTC_SHA256_H
#define DTC_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define DTC_SHA256_BYTES 32

/* Takes n blocks of 64 bytes into the state. */
typedef void (*DtcCompress)(uint32_t state[8], const uint8_t *data, size_t n);

typedef struct DtcSha256
{
	DtcCompress compress;
	uint32_t state[8];
	uint64_t total; /* bytes so far */
	uint8_t rest[64];
} DtcSha256;

/* The same for two messages at once, n blocks of each. */
typedef void (*DtcCompressTwo)(uint32_t a[8], const uint8_t *data_a,
							   uint32_t b[8], const uint8_t *data_b, size_t n);

/* Bytes that a message of len bytes takes with its padding. */
#define DTC_SHA256_ROOM(len) (((len) + 72) / 64 * 64)

/* A message with its padding, of so many blocks, and where its digest goes. */
typedef struct DtcMessage
{
	const uint8_t *data;
	size_t blocks;
	uint8_t *digest;
} DtcMessage;

/* The constants of the rounds, aligned for loads of 16 bytes. */
extern const uint32_t dtc_sha256_constants[64];

extern void dtc_sha256_portable(uint32_t state[8], const uint8_t *data,
								size_t n);
extern void dtc_sha256_begin(DtcSha256 *h, DtcCompress compress);
extern void dtc_sha256_add(DtcSha256 *h, const void *data, size_t len);
extern void dtc_sha256_end(DtcSha256 *h, uint8_t digest[DTC_SHA256_BYTES]);
extern size_t dtc_sha256_pad(uint8_t *message, size_t len);
extern void dtc_sha256_whole(DtcCompress compress, uint8_t *message,
							 size_t len, uint8_t digest[DTC_SHA256_BYTES]);
extern void dtc_sha256_messages(DtcCompress compress, DtcCompressTwo two,
								const DtcMessage *messages, int n);

#endif /* DTC_SHA256_H */
