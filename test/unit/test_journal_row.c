/*
 * test_journal_row.c
 *		Commitments to rows, their salts, and blocks that hold them. The bytes
 *		were computed apart, by docs/formats.md and Python's hashlib.
 */
#include <stdlib.h>

#include "core/journal_row.h"
#include "unit.h"

static const char golden_plain[] =
	"01fffffffffffffffb0000000000003039030573697469010002000564726166"
	"05626f726e0564726166096469616a756b616e07616a756b616e020b33323136"
	"3031323030310005333231370533323136010909090909090909090909090909"
	"0909090909090909090909090909090909090000000ed795508d010101d8048a"
	"17907d000000076b2d39724f8fc2";
static const char golden_rows[] =
	"02fffffffffffffffb0000000000003039030573697469010002000564726166"
	"05626f726e0564726166096469616a756b616e07616a756b616e020b33323136"
	"3031323030310005333231370533323136010909090909090909090909090909"
	"0909090909090909090909090909090909090180805bb238d56f2dd44af197c3"
	"48c35a38cbd1c331a73ce4c73e4073639f0ffb42ab384df51b8376000000010e"
	"a63aa3e33e2ff09b5299e66802fe84a54579ad5043caeb88976755914db75378"
	"76b4e59d01010100d8048a17907d00000001076b2d39033a94eb2d075657175e"
	"29315dccff10ace79002f27666a58ff20a1255bdbc7421b2d9b6";

static bool
same(const uint8_t *bytes, size_t len, const char *hex)
{
	char digits[3];

	if (strlen(hex) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		sprintf(digits, "%02x", bytes[i]);
		if (memcmp(digits, hex + 2 * i, 2) != 0)
			return false;
	}
	return true;
}

static DtcText
text_of(const char *s)
{
	DtcText result = {s, s == NULL ? 0 : strlen(s)};

	return result;
}

static const uint8_t seed[DTC_SALT_BYTES] = {0, 1, 2,  3,  4,  5,  6,  7,
											 8, 9, 10, 11, 12, 13, 14, 15};
static const uint8_t note[DTC_NOTE_BYTES] = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
											 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
											 9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
static uint8_t columns[DTC_SHA256_BYTES];
static uint8_t rows[3][DTC_SHA256_BYTES];

static void
test_rows(void)
{
	char letters[201];
	uint8_t bytes[DTC_SHA256_ROOM(DTC_ROW_PREFIX + 300)];
	DtcSha256 h;

	dtc_columns_begin(&h, dtc_sha256_portable);
	dtc_columns_add(&h, text_of("id"), text_of("pg_catalog.int8"));
	dtc_columns_add(&h, text_of("nama"), text_of("dtsen.nama"));
	dtc_sha256_end(&h, columns);
	CHECK(same(
		columns, sizeof(columns),
		"80805bb238d56f2dd44af197c348c35a38cbd1c331a73ce4c73e4073639f0ffb"));
	memset(letters, 'x', 200);
	letters[200] = '\0';
	for (int i = 0; i < 3; i++)
	{
		static const int64_t ids[] = {7, 300, 9};
		const char *names[] = {"SITI", NULL, letters};
		size_t len = dtc_row_prefix(bytes, columns);

		bytes[len++] = 9;
		len += dtc_block_put_int64(bytes + len, ids[i]);
		len += dtc_block_put_field(bytes + len, text_of(names[i]));
		dtc_sha256_whole(dtc_sha256_portable, bytes, len, rows[i]);
	}
}

/* Salts of a block, whole and with one erased. */
static void
test_salts(void)
{
	uint8_t check[DTC_SALT_CHECK];
	uint8_t salt[DTC_SALT_BYTES];
	uint8_t again[DTC_SALT_BYTES];
	char single[1 + 3 * DTC_SALT_BYTES];
	DtcText whole = {(const char *) seed, DTC_SALT_BYTES};
	DtcText apart = {single, sizeof(single)};
	DtcText other = {single, DTC_SALT_BYTES};

	dtc_salt_check(dtc_sha256_portable, seed, check);
	CHECK(same(check, sizeof(check), "42ab384df51b8376"));
	dtc_salt_derive(dtc_sha256_portable, seed, 1, salt);
	CHECK(same(salt, sizeof(salt), "2be5f8d07c7c0acc2e957696e050a2ab"));
	CHECK(dtc_salts_kind(dtc_sha256_portable, whole, 1, check) ==
		  DTC_SALTS_SEED);
	single[0] = DTC_SALTS_SINGLE;
	for (uint32_t i = 0; i < 3; i++)
		CHECK(dtc_salt_at(dtc_sha256_portable, DTC_SALTS_SEED, whole, i,
						  (uint8_t *) single + 1 + i * DTC_SALT_BYTES));
	memset(single + 1, 0, DTC_SALT_BYTES);
	CHECK(dtc_salts_kind(dtc_sha256_portable, apart, 3, check) ==
		  DTC_SALTS_SINGLE);
	CHECK(
		!dtc_salt_at(dtc_sha256_portable, DTC_SALTS_SINGLE, apart, 0, again));
	CHECK(dtc_salt_at(dtc_sha256_portable, DTC_SALTS_SINGLE, apart, 1, again));
	CHECK(memcmp(salt, again, sizeof(salt)) == 0);
	/* other bytes, another length, another form */
	CHECK(dtc_salts_kind(dtc_sha256_portable, other, 1, check) ==
		  DTC_SALTS_BAD);
	CHECK(dtc_salts_kind(dtc_sha256_portable, apart, 2, check) ==
		  DTC_SALTS_BAD);
	single[0] = 1;
	CHECK(dtc_salts_kind(dtc_sha256_portable, apart, 3, check) ==
		  DTC_SALTS_BAD);
	CHECK(!dtc_salt_at(dtc_sha256_portable, DTC_SALTS_BAD, whole, 0, again));
}

static uint8_t body[1024];
static DtcBlockHeader header;

static void
portable_two(uint32_t a[8], const uint8_t *data_a, uint32_t b[8],
			 const uint8_t *data_b, size_t n)
{
	dtc_sha256_portable(a, data_a, n);
	dtc_sha256_portable(b, data_b, n);
}

/*
 * Writes the block of both golden vectors; the second entry has no row. by_two:
 * two messages at once, and commitments made by the writer.
 */
static size_t
write_block(bool with_rows, bool by_two, uint8_t root[DTC_SHA256_BYTES])
{
	static uint8_t memory[7][1024];
	DtcStep steps[2] = {
		{text_of(NULL), text_of("draf"), text_of("born")},
		{text_of("draf"), text_of("diajukan"), text_of("ajukan")}};
	DtcRegion regions[2] = {{text_of("3216012001"), text_of(NULL)},
							{text_of("3217"), text_of("3216")}};
	DtcBlockWriter w;

	memset(&w, 0, sizeof(w));
	w.compress = dtc_sha256_portable;
	w.head.data = memory[0];
	w.steps.data = memory[1];
	w.regions.data = memory[2];
	w.notes.data = memory[3];
	w.columns.data = memory[4];
	w.entries.data = memory[5];
	w.leaves.data = memory[6];
	w.seed = seed;
	w.two = by_two ? portable_two : NULL;
	dtc_block_begin(&w, &header);
	if (with_rows)
	{
		dtc_salt_check(w.compress, seed, w.salt_check);
		CHECK(dtc_block_columns(&w, columns) == 0);
	}
	for (int i = 0; i < 2; i++)
	{
		(void) dtc_block_step(&w, &steps[i]);
		(void) dtc_block_region(&w, &regions[i]);
	}
	(void) dtc_block_note(&w, note);
	for (int i = 0; i < 3; i++)
	{
		uint8_t salt[DTC_SALT_BYTES];
		uint8_t commitment[DTC_SHA256_BYTES];
		size_t before = dtc_block_size(&w);
		DtcChange change = {&steps[i % 2],
							&regions[i % 2],
							i == 1 ? note : NULL,
							i < 2,
							i == 0 ? 7 : 300,
							text_of("k-9"),
							NULL,
							0};

		dtc_salt_derive(w.compress, seed, i, salt);
		dtc_row_commit(w.compress, salt, rows[i], commitment);
		if (with_rows && i != 1)
			change.row = commitment;
		dtc_block_add(&w, i % 2, i % 2, i == 1 ? 1 : 0, &change,
					  by_two && change.row != NULL ? rows[i] : NULL);
		CHECK(dtc_block_size(&w) <= before + dtc_change_room(&change));
	}
	return dtc_block_end(&w, body, root);
}

/* The bytes are those of before, and read back to the root of before. */
static void
test_golden(bool with_rows, bool by_two, const char *golden,
			const char *golden_root, const char *golden_content)
{
	static const char *commitments[] = {
		"a63aa3e33e2ff09b5299e66802fe84a54579ad5043caeb88976755914db75378",
		NULL,
		"033a94eb2d075657175e29315dccff10ace79002f27666a58ff20a1255bdbc74"};
	uint8_t root[DTC_SHA256_BYTES];
	uint8_t digest[DTC_SHA256_BYTES];
	size_t len = write_block(with_rows, by_two, root);
	DtcBlockReader r;
	DtcStep read_steps[3];
	DtcRegion read_regions[3];
	DtcChange change;
	const uint8_t *check;
	DtcMerkle tree;
	DtcSha256 h;
	int i = 0;

	CHECK(same(body, len, golden));
	CHECK(same(root, sizeof(root), golden_root));
	CHECK(dtc_block_open(&r, body, len));
	r.header.entries = 3;
	CHECK(dtc_block_dictionaries(&r, read_steps, read_regions));
	CHECK(r.ncolumns == (with_rows ? 1 : 0));
	CHECK(!with_rows || memcmp(r.columns, columns, sizeof(columns)) == 0);
	dtc_merkle_begin(&tree, dtc_sha256_portable);
	while (dtc_block_next(&r, &change, &check) == DTC_BLOCK_ENTRY)
	{
		uint8_t leaf[DTC_SHA256_BYTES];

		CHECK((change.row != NULL) == (with_rows && i != 1));
		CHECK(change.row == NULL ||
			  same(change.row, DTC_SHA256_BYTES, commitments[i]));
		dtc_change_leaf(dtc_sha256_portable, 1000 + i, &change, leaf);
		CHECK(memcmp(leaf, check, 4) == 0);
		dtc_merkle_add(&tree, leaf);
		i++;
	}
	CHECK(i == 3);
	dtc_merkle_root(&tree, root);
	CHECK(same(root, sizeof(root), golden_root));
	header.entries = 3;
	dtc_sha256_begin(&h, dtc_sha256_portable);
	dtc_sha256_add(&h, body, len);
	dtc_sha256_end(&h, digest);
	dtc_block_content(dtc_sha256_portable, &header, root, digest, digest);
	CHECK(same(digest, sizeof(digest), golden_content));
}

/* Bodies cut, and with each byte changed, are read within bounds. */
static void
test_damaged(void)
{
	uint8_t root[DTC_SHA256_BYTES];
	size_t len = write_block(true, true, root);

	for (size_t i = 0; i < len * 256; i++)
	{
		size_t n = i < len ? i : len;
		uint8_t *copy = malloc(n > 0 ? n : 1);
		DtcBlockReader r;
		static DtcStep steps[DTC_BLOCK_ENTRIES];
		static DtcRegion regions[DTC_BLOCK_ENTRIES];
		DtcChange change;
		const uint8_t *check;
		DtcBlockNext next = DTC_BLOCK_BROKEN;
		uint8_t leaf[DTC_SHA256_BYTES];

		memcpy(copy, body, n);
		if (i >= len)
			copy[i % len] ^= (uint8_t) (i / len);
		r.header.entries = 3;
		if (dtc_block_open(&r, copy, n) &&
			dtc_block_dictionaries(&r, steps, regions))
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

/* A row's entry is another leaf than the same entry without one, long or not */
static void
test_leaves(void)
{
	char key[700];
	DtcStep step = {text_of(NULL), text_of("a"), text_of("born")};
	DtcRegion region = {text_of("32"), text_of(NULL)};

	memset(key, 'k', sizeof(key));
	for (size_t len = 400; len < sizeof(key); len++)
	{
		DtcChange change = {&step, &region,    NULL, false,
							0,     {key, len}, NULL, 0};
		uint8_t without[DTC_SHA256_BYTES];
		uint8_t with[DTC_SHA256_BYTES];
		uint8_t expected[DTC_SHA256_BYTES];
		uint8_t bytes[1024];
		size_t n = 0;
		DtcSha256 h;

		dtc_change_leaf(dtc_sha256_portable, 5, &change, without);
		change.row = note;
		dtc_change_leaf(dtc_sha256_portable, 5, &change, with);
		bytes[n++] = 2;
		n += dtc_block_put_int64(bytes + n, 5);
		n += dtc_block_put_field(bytes + n, change.key);
		n += dtc_block_put_field(bytes + n, region.wilayah);
		n += dtc_block_put_field(bytes + n, region.from_chain);
		n += dtc_block_put_field(bytes + n, step.from);
		n += dtc_block_put_field(bytes + n, step.to);
		n += dtc_block_put_field(bytes + n, step.action);
		bytes[n++] = 0;
		memcpy(bytes + n, note, sizeof(note));
		n += sizeof(note);
		dtc_sha256_begin(&h, dtc_sha256_portable);
		dtc_sha256_add(&h, bytes, n);
		dtc_sha256_end(&h, expected);
		CHECK(memcmp(with, expected, sizeof(with)) == 0);
		CHECK(memcmp(with, without, sizeof(with)) != 0);
	}
}

int
main(void)
{
	header.machine = text_of("usulan");
	header.chain = text_of("3216");
	header.seq = 1000;
	header.at = -5;
	header.txid = 12345;
	header.version = 3;
	header.login = text_of("siti");
	header.session_login = text_of("");
	test_rows();
	test_salts();
	for (int by_two = 0; by_two < 2; by_two++)
	{
		test_golden(false, by_two, golden_plain,
					"d51882186dc604683645e959e2c0fcdd9b1ba7f3237497ac6f16152a8"
					"a07ce0b",
					"02afe60bc9f1087a69b42e9cdd413ce8114979fb2029455eebae8ce8d"
					"53eee65");
		test_golden(true, by_two, golden_rows,
					"28c0588561336e37e5c192a461134e0a6c3a1c96070dd2262f49947ac"
					"ed0f8b6",
					"0e7fb426435e6be2b82c6cadb8685dc26ea3ab26dd67a3a17a6a4997c"
					"e9396f7");
	}
	test_damaged();
	test_leaves();
	return unit_done("journal_row");
}
