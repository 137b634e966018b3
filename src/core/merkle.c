/*
 * merkle.c
 *		Trees of digests as in RFC 6962 (and 9162), section 2.1.
 */
#include "core/merkle.h"

#include <string.h>

#define NODE_BYTES (1 + 2 * DTC_SHA256_BYTES)

/* What a node is the digest of. */
static void
put_node(uint8_t out[NODE_BYTES], const uint8_t *left, const uint8_t *right)
{
	out[0] = 1;
	memcpy(out + 1, left, DTC_SHA256_BYTES);
	memcpy(out + 1 + DTC_SHA256_BYTES, right, DTC_SHA256_BYTES);
}

static void
join(DtcCompress compress, const uint8_t *left, const uint8_t *right,
	 uint8_t *node)
{
	uint8_t message[DTC_SHA256_ROOM(NODE_BYTES)];

	put_node(message, left, right);
	dtc_sha256_whole(compress, message, NODE_BYTES, node);
}

/* Begins a tree without leaves. */
void
dtc_merkle_begin(DtcMerkle *tree, DtcCompress compress)
{
	tree->compress = compress;
	tree->leaves = 0;
}

/* Adds a leaf, which is a digest already. Cost: two nodes, on average one. */
void
dtc_merkle_add(DtcMerkle *tree, const uint8_t leaf[DTC_SHA256_BYTES])
{
	uint8_t node[DTC_SHA256_BYTES];
	int height = 0;

	memcpy(node, leaf, sizeof(node));
	for (uint64_t n = tree->leaves; n & 1; n >>= 1)
		join(tree->compress, tree->node[height++], node, node);
	memcpy(tree->node[height], node, sizeof(node));
	tree->leaves++;
}

/* The root; of a tree without leaves the digest of nothing. */
void
dtc_merkle_root(const DtcMerkle *tree, uint8_t root[DTC_SHA256_BYTES])
{
	int any = 0;
	int height = 0;

	for (uint64_t n = tree->leaves; n != 0; n >>= 1, height++)
	{
		if ((n & 1) == 0)
			continue;
		if (any)
			join(tree->compress, tree->node[height], root, root);
		else
			memcpy(root, tree->node[height], DTC_SHA256_BYTES);
		any = 1;
	}
	if (!any)
	{
		DtcSha256 h;

		dtc_sha256_begin(&h, tree->compress);
		dtc_sha256_end(&h, root);
	}
}

/*
 * The root of n leaves that are all there, which are gone afterwards: joined two
 * by two, height by height, the last alone where their number is odd.
 */
void
dtc_merkle_fold(DtcCompress compress, DtcCompressTwo two, uint8_t *leaves,
				size_t n, uint8_t root[DTC_SHA256_BYTES])
{
	uint8_t bytes[2][DTC_SHA256_ROOM(NODE_BYTES)];

	if (n == 0)
		dtc_sha256_whole(compress, bytes[0], 0, root);
	while (n > 1)
	{
		size_t half = n / 2;

		for (size_t i = 0; i < half; i += 2)
		{
			DtcMessage nodes[2];
			int count = half - i < 2 ? 1 : 2;

			for (int j = 0; j < count; j++)
			{
				const uint8_t *left = leaves + 2 * (i + j) * DTC_SHA256_BYTES;

				put_node(bytes[j], left, left + DTC_SHA256_BYTES);
				nodes[j].data = bytes[j];
				nodes[j].blocks = dtc_sha256_pad(bytes[j], NODE_BYTES);
				nodes[j].digest = leaves + (i + j) * DTC_SHA256_BYTES;
			}
			dtc_sha256_messages(compress, two, nodes, count);
		}
		if (n & 1)
			memmove(leaves + half * DTC_SHA256_BYTES,
					leaves + (n - 1) * DTC_SHA256_BYTES, DTC_SHA256_BYTES);
		n = half + (n & 1);
	}
	if (n == 1)
		memcpy(root, leaves, DTC_SHA256_BYTES);
}

static void
root_of(DtcCompress compress, const uint8_t *leaves, uint64_t n, uint8_t *root)
{
	DtcMerkle tree;

	dtc_merkle_begin(&tree, compress);
	for (uint64_t i = 0; i < n; i++)
		dtc_merkle_add(&tree, leaves + i * DTC_SHA256_BYTES);
	dtc_merkle_root(&tree, root);
}

/*
 * The way from a leaf to the root of n leaves, each 32 bytes, of which index
 * counts from 0.
 *
 * path: room for DTC_MERKLE_DEPTH digests, gets the sibling of each node on
 * the way, from the leaf up; is_left[i]: 1 if that sibling is the left one.
 * Returns their number. Cost: all nodes of the tree.
 */
int
dtc_merkle_path(DtcCompress compress, const uint8_t *leaves, uint64_t n,
				uint64_t index, uint8_t *path, uint8_t *is_left)
{
	uint64_t from[DTC_MERKLE_DEPTH];
	uint64_t count[DTC_MERKLE_DEPTH];
	uint64_t begin = 0;
	int depth = 0;

	while (n > 1)
	{
		uint64_t half = 1;

		while (half * 2 < n)
			half *= 2;
		is_left[depth] = index >= half;
		if (index >= half)
		{
			from[depth] = begin;
			count[depth] = half;
			begin += half;
			index -= half;
			n -= half;
		}
		else
		{
			from[depth] = begin + half;
			count[depth] = n - half;
			n = half;
		}
		depth++;
	}
	for (int i = 0; i < depth / 2; i++)
	{
		uint8_t side = is_left[i];

		is_left[i] = is_left[depth - 1 - i];
		is_left[depth - 1 - i] = side;
	}
	for (int i = 0; i < depth; i++)
		root_of(compress, leaves + from[depth - 1 - i] * DTC_SHA256_BYTES,
				count[depth - 1 - i], path + i * DTC_SHA256_BYTES);
	return depth;
}
