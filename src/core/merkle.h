/*
 * merkle.h
 *		Trees of digests as in RFC 6962 (and 9162), section 2.1.
 *
 * A leaf is SHA-256 of a zero byte and what it stands for, a node SHA-256 of a
 * one byte, its left and its right child. A tree of n leaves has the largest
 * power of two below n of them on its left.
 */
#ifndef DTC_MERKLE_H
#define DTC_MERKLE_H

#include <stdint.h>

#include "core/sha256.h"

#define DTC_MERKLE_DEPTH 64

/* A tree that grows by leaves; keeps one node of each height. */
typedef struct DtcMerkle
{
	DtcCompress compress;
	uint64_t leaves;
	uint8_t node[DTC_MERKLE_DEPTH][DTC_SHA256_BYTES];
} DtcMerkle;

extern void dtc_merkle_begin(DtcMerkle *tree, DtcCompress compress);
extern void dtc_merkle_add(DtcMerkle *tree,
						   const uint8_t leaf[DTC_SHA256_BYTES]);
extern void dtc_merkle_root(const DtcMerkle *tree,
							uint8_t root[DTC_SHA256_BYTES]);
extern void dtc_merkle_fold(DtcCompress compress, DtcCompressTwo two,
							uint8_t *leaves, size_t n,
							uint8_t root[DTC_SHA256_BYTES]);
extern int dtc_merkle_path(DtcCompress compress, const uint8_t *leaves,
						   uint64_t n, uint64_t index, uint8_t *path,
						   uint8_t *is_left);

#endif /* DTC_MERKLE_H */
