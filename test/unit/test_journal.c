/*
 * test_journal.c
 *		SHA-256, trees of digests, and blocks of the journal.
 */
#include <stdlib.h>

#include "core/journal.h"
#include "unit.h"

static void
digest_of(const char *text, size_t piece, char *hex)
{
	uint8_t digest[32];
	size_t len = strlen(text);
	DtcSha256 h;

	dtc_sha256_begin(&h, dtc_sha256_portable);
	for (size_t i = 0; i < len; i += piece)
		dtc_sha256_add(&h, text + i, len - i < piece ? len - i : piece);
	dtc_sha256_end(&h, digest);
	for (int i = 0; i < 32; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}

/* Vectors of FIPS 180-4 and NIST's example of a million letters. */
static void
test_sha256(void)
{
	static const char two_blocks[] =
		"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	char million[1000001];
	char hex[65];

	digest_of("", 1, hex);
	CHECK(strcmp(hex,
				 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
				 "7852b855") == 0);
	for (size_t piece = 1; piece < 70; piece++)
	{
		digest_of("abc", piece, hex);
		CHECK(strcmp(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb41"
						  "0ff61f20015ad") == 0);
		digest_of(two_blocks, piece, hex);
		CHECK(strcmp(hex, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6e"
						  "cedd419db06c1") == 0);
	}
	memset(million, 'a', 1000000);
	million[1000000] = '\0';
	digest_of(million, 977, hex);
	CHECK(strcmp(hex,
				 "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39cc"
				 "c7112cd0") == 0);
}

static long pairs;

static void
portable_two(uint32_t a[8], const uint8_t *data_a, uint32_t b[8],
			 const uint8_t *data_b, size_t n)
{
	pairs++;
	dtc_sha256_portable(a, data_a, n);
	dtc_sha256_portable(b, data_b, n);
}

/* Whole messages have the digests of messages in pieces, one, two or three. */
static void
test_messages(void)
{
	static uint8_t bytes[3][DTC_SHA256_ROOM(400)];
	uint32_t x = 1;

	for (size_t len = 0; len < 400; len++)
	{
		uint8_t expected[3][32];
		uint8_t given[3][32];
		DtcMessage messages[3];

		CHECK(DTC_SHA256_ROOM(len) == (len + 9 + 63) / 64 * 64);
		for (int i = 0; i < 3; i++)
		{
			/* as long as it, a block apart, or of any length */
			size_t n = i == 0 ? len : i == 1 ? (len + 64) % 400 : x % 400;
			DtcSha256 h;

			for (size_t j = 0; j < n; j++)
			{
				x = x * 1664525 + 1013904223;
				bytes[i][j] = (uint8_t) (x >> 24);
			}
			dtc_sha256_begin(&h, dtc_sha256_portable);
			dtc_sha256_add(&h, bytes[i], n);
			dtc_sha256_end(&h, expected[i]);
			messages[i].data = bytes[i];
			messages[i].blocks = dtc_sha256_pad(bytes[i], n);
			messages[i].digest = given[i];
		}
		for (int n = 1; n <= 3; n++)
		{
			memset(given, 0, sizeof(given));
			pairs = 0;
			dtc_sha256_messages(dtc_sha256_portable, portable_two, messages,
								n);
			CHECK(memcmp(given, expected, (size_t) n * 32) == 0);
			CHECK(pairs == n / 2);
		}
		dtc_sha256_whole(dtc_sha256_portable, bytes[0], len, given[0]);
		CHECK(memcmp(given[0], expected[0], 32) == 0);
	}
}

/* Paths lead to the root that the tree computes, for every size and leaf. */
static void
test_merkle(void)
{
	static uint8_t leaves[70][32];

	for (uint64_t n = 1; n <= 70; n++)
	{
		static uint8_t copy[70][32];
		uint8_t root[32];
		uint8_t folded[32];
		DtcMerkle tree;

		memset(leaves[n - 1], (int) n, 32);
		dtc_merkle_begin(&tree, dtc_sha256_portable);
		for (uint64_t i = 0; i < n; i++)
			dtc_merkle_add(&tree, leaves[i]);
		dtc_merkle_root(&tree, root);
		for (int two = 0; two < 2; two++)
		{
			memcpy(copy, leaves, sizeof(copy));
			dtc_merkle_fold(dtc_sha256_portable, two ? portable_two : NULL,
							copy[0], n, folded);
			CHECK(memcmp(folded, root, 32) == 0);
		}
		for (uint64_t i = 0; i < n; i++)
		{
			uint8_t path[DTC_MERKLE_DEPTH * 32];
			uint8_t is_left[DTC_MERKLE_DEPTH];
			uint8_t node[32];
			int depth = dtc_merkle_path(dtc_sha256_portable, leaves[0], n, i,
										path, is_left);

			memcpy(node, leaves[i], 32);
			for (int d = 0; d < depth; d++)
			{
				DtcSha256 h;

				dtc_sha256_begin(&h, dtc_sha256_portable);
				dtc_sha256_add(&h, "\1", 1);
				dtc_sha256_add(&h, is_left[d] ? path + 32 * d : node, 32);
				dtc_sha256_add(&h, is_left[d] ? node : path + 32 * d, 32);
				dtc_sha256_end(&h, node);
			}
			CHECK(memcmp(node, root, 32) == 0);
		}
	}
}

static DtcText
text_of(const char *s)
{
	DtcText result = {s, s == NULL ? 0 : strlen(s)};

	return result;
}

static void
test_keys(void)
{
	uint64_t n = 0;

	CHECK(dtc_key_number("0", 1, &n) && n == 0);
	CHECK(dtc_key_number("999999999999999999", 18, &n) &&
		  n == UINT64_C(999999999999999999));
	CHECK(!dtc_key_number("1000000000000000000", 19, &n));
	CHECK(!dtc_key_number("", 0, &n));
	CHECK(!dtc_key_number("01", 2, &n));
	CHECK(!dtc_key_number("-1", 2, &n));
	CHECK(!dtc_key_number("1a", 2, &n));
	CHECK(dtc_key_hash("42", 2) == dtc_key_hash_number(42));
	CHECK(dtc_key_hash("042", 3) != dtc_key_hash_number(42));
}

/* The cell of a block is among those looked into for each key in it. */
static void
test_cells(void)
{
	uint32_t x = 12345;

	for (int i = 0; i < 20000; i++)
	{
		uint32_t low;
		uint32_t high;
		uint32_t hash;
		int64_t cell;
		int found = 0;

		x = x * 1664525 + 1013904223;
		low = x >> (i % 7 == 0 ? 20 : 0);
		x = x * 1664525 + 1013904223;
		high = low + (UINT32_MAX - low) / (1 + x % 100000);
		x = x * 1664525 + 1013904223;
		hash = high == low ? low : low + x % (high - low);
		cell = dtc_key_cell(77, low, high);
		CHECK(cell > 0);
		for (int level = 0; level < 32; level++)
		{
			int64_t at = dtc_key_cell_at(77, hash, level);

			found += cell == at || (hash >> level > 0 && cell == at - 1);
		}
		CHECK(found == 1);
		CHECK(dtc_key_cell(78, low, high) != cell);
	}
}

#define KEYS 300

static uint8_t body[65536];
static uint8_t memory[6][32768];
static char long_key[700];
static DtcStep steps[2];
static DtcRegion regions[2];
static uint8_t note[32] = {9, 9, 9};

/* Of some keys the leaf is too long to be hashed at once. */
static size_t
key_len(int i)
{
	return i % 21 == 0 ? 400 + (size_t) i : 5;
}

static size_t
write_block(const DtcBlockHeader *header, uint8_t root[32])
{
	DtcBlockWriter w;
	uint32_t ids[5];

	memset(&w, 0, sizeof(w));
	w.compress = dtc_sha256_portable;
	w.head.data = memory[0];
	w.steps.data = memory[1];
	w.regions.data = memory[2];
	w.notes.data = memory[3];
	w.entries.data = memory[4];
	w.leaves.data = memory[5];
	w.two = header->version % 2 == 0 ? portable_two : NULL;
	dtc_block_begin(&w, header);
	for (int i = 0; i < 2; i++)
	{
		ids[i] = dtc_block_step(&w, &steps[i]);
		ids[2 + i] = dtc_block_region(&w, &regions[i]);
	}
	ids[4] = dtc_block_note(&w, note);
	for (int i = 0; i < KEYS; i++)
	{
		DtcChange change = {&steps[i % 2],
							&regions[i / 2 % 2],
							i % 5 == 0 ? note : NULL,
							i % 3 != 0,
							(uint64_t) i << (i % 50),
							{long_key, key_len(i)},
							NULL,
							0};
		size_t before = dtc_block_size(&w);

		dtc_block_add(&w, ids[i % 2], ids[2 + i / 2 % 2],
					  i % 5 == 0 ? ids[4] + 1 : 0, &change, NULL);
		CHECK(dtc_block_size(&w) <= before + dtc_change_room(&change));
	}
	return dtc_block_end(&w, body, root);
}

/* What is read is what was written; each entry's check is that of its leaf. */
static void
read_block(const DtcBlockHeader *header, size_t len, const uint8_t root[32])
{
	DtcBlockReader r;
	DtcStep read_steps[2];
	DtcRegion read_regions[DTC_BLOCK_ENTRIES];
	DtcChange change;
	const uint8_t *check;
	uint8_t again[32];
	DtcMerkle tree;
	int i = 0;

	CHECK(dtc_block_open(&r, body, len));
	CHECK(r.header.at == header->at && r.header.txid == header->txid);
	CHECK(r.header.version == header->version);
	CHECK(r.header.login.len == 4 &&
		  memcmp(r.header.login.data, "siti", 4) == 0);
	CHECK(r.header.person.data == NULL && r.nsteps == 2);
	/* a region more than entries has no room */
	r.header.entries = 1;
	CHECK(!dtc_block_dictionaries(&r, read_steps, read_regions));
	CHECK(dtc_block_open(&r, body, len));
	r.header.entries = KEYS;
	CHECK(dtc_block_dictionaries(&r, read_steps, read_regions));
	CHECK(r.nregions == 2 && r.nnotes == 1);
	dtc_merkle_begin(&tree, dtc_sha256_portable);
	while (dtc_block_next(&r, &change, &check) == DTC_BLOCK_ENTRY)
	{
		uint8_t leaf[32];

		CHECK(change.is_number == (i % 3 != 0));
		CHECK(!change.is_number || change.number == (uint64_t) i << (i % 50));
		CHECK(change.is_number || change.key.len == key_len(i));
		CHECK((change.note != NULL) == (i % 5 == 0));
		CHECK((change.step->from.data == NULL) == (i % 2 == 0));
		CHECK((change.region->from_chain.data == NULL) == (i / 2 % 2 == 0));
		dtc_change_leaf(dtc_sha256_portable, header->seq + i, &change, leaf);
		CHECK(memcmp(leaf, check, 4) == 0);
		dtc_merkle_add(&tree, leaf);
		i++;
	}
	CHECK(i == KEYS);
	dtc_merkle_root(&tree, again);
	CHECK(memcmp(root, again, 32) == 0);
}

/* Damaged bodies, cut ones and noise are read to some end, within bounds. */
static void
read_damaged(size_t len)
{
	for (size_t i = 0; i < len * 3; i += 10 / UNIT_CASES(10))
	{
		size_t n = i < len ? i : len;
		uint8_t *copy = malloc(n > 0 ? n : 1);
		DtcBlockReader r;
		static DtcStep some_steps[DTC_BLOCK_ENTRIES];
		static DtcRegion some_regions[DTC_BLOCK_ENTRIES];
		DtcChange change;
		const uint8_t *check;
		DtcBlockNext next = DTC_BLOCK_BROKEN;
		uint8_t leaf[32];

		memcpy(copy, body, n);
		if (i >= len)
			copy[i % len] ^= (uint8_t) (1 + i * 37 % 255);
		r.header.entries = KEYS;
		if (dtc_block_open(&r, copy, n) &&
			dtc_block_dictionaries(&r, some_steps, some_regions))
		{
			while ((next = dtc_block_next(&r, &change, &check)) ==
				   DTC_BLOCK_ENTRY)
				dtc_change_leaf(dtc_sha256_portable, r.done, &change, leaf);
		}
		if (i < len)
			CHECK(next == DTC_BLOCK_BROKEN);
		free(copy);
	}
}

static void
test_blocks(void)
{
	DtcBlockHeader header;
	uint8_t root[32];
	size_t len;

	memset(&header, 0, sizeof(header));
	header.seq = 1000;
	header.at = -5;
	header.txid = INT64_MAX;
	header.version = 3;
	header.login = text_of("siti");
	header.session_login = text_of("");
	steps[0].to = text_of("draf");
	steps[0].action = text_of("born");
	steps[1].from = text_of("draf");
	steps[1].to = text_of("diajukan");
	steps[1].action = text_of("ajukan");
	regions[0].wilayah = text_of("3216012001");
	regions[1].wilayah = text_of("3217");
	regions[1].from_chain = text_of("3216");
	memset(long_key, 'k', sizeof(long_key));
	for (header.version = 3; header.version < 5; header.version++)
	{
		len = write_block(&header, root);
		CHECK(len < KEYS * 16 + KEYS / 21 * 700);
		read_block(&header, len, root);
	}
	read_damaged(len);
}

int
main(void)
{
	test_sha256();
	test_messages();
	test_merkle();
	test_keys();
	test_cells();
	test_blocks();
	return unit_done("journal");
}
