/*
 * journal_row.c
 *		Digests of rows, commitments to them, and their salts.
 */
#include "core/journal_row.h"

#include <string.h>

static const char columns_domain[] = "dtsen.columns.1";
static const char row_domain[] = "dtsen.row.1";
static const char content_domain[] = "dtsen.commit.1";
static const char check_domain[] = "dtsen.seed.1";
static const char salt_domain[] = "dtsen.salt.1";

/* Begins the digest of a list of columns, to be ended by dtc_sha256_end(). */
void
dtc_columns_begin(DtcSha256 *h, DtcCompress compress)
{
	dtc_sha256_begin(h, compress);
	dtc_sha256_add(h, columns_domain, sizeof(columns_domain));
}

static void
add_name(DtcSha256 *h, DtcText name)
{
	uint8_t length[10];

	dtc_sha256_add(h, length, dtc_block_put_length(length, name.len));
	dtc_sha256_add(h, name.data, name.len);
}

/* Adds a column: its name, and that of its type with its schema. */
void
dtc_columns_add(DtcSha256 *h, DtcText name, DtcText type)
{
	add_name(h, name);
	add_name(h, type);
}

/* What the bytes of a row begin with; its columns follow as fields. */
size_t
dtc_row_prefix(uint8_t out[DTC_ROW_PREFIX],
			   const uint8_t columns[DTC_SHA256_BYTES])
{
	memcpy(out, row_domain, sizeof(row_domain));
	memcpy(out + sizeof(row_domain), columns, DTC_SHA256_BYTES);
	return DTC_ROW_PREFIX;
}

/* What a commitment is the digest of, padded. row: its digest. */
size_t
dtc_commit_message(uint8_t out[DTC_COMMIT_MESSAGE], const uint8_t *salt,
				   const uint8_t *row)
{
	uint8_t *p = out;

	memcpy(p, content_domain, sizeof(content_domain));
	p += sizeof(content_domain);
	memcpy(p, salt, DTC_SALT_BYTES);
	p += DTC_SALT_BYTES;
	memcpy(p, row, DTC_SHA256_BYTES);
	p += DTC_SHA256_BYTES;
	return dtc_sha256_pad(out, (size_t) (p - out));
}

/* What stands for a row in its entry. row: its digest. */
void
dtc_row_commit(DtcCompress compress, const uint8_t *salt, const uint8_t *row,
			   uint8_t out[DTC_SHA256_BYTES])
{
	uint8_t bytes[DTC_COMMIT_MESSAGE];
	DtcMessage message = {bytes, dtc_commit_message(bytes, salt, row), out};

	dtc_sha256_messages(compress, NULL, &message, 1);
}

/* What a block keeps of its seed, to tell whether it was changed. */
void
dtc_salt_check(DtcCompress compress, const uint8_t *seed,
			   uint8_t out[DTC_SALT_CHECK])
{
	uint8_t digest[DTC_SHA256_BYTES];
	DtcSha256 h;

	dtc_sha256_begin(&h, compress);
	dtc_sha256_add(&h, check_domain, sizeof(check_domain));
	dtc_sha256_add(&h, seed, DTC_SALT_BYTES);
	dtc_sha256_end(&h, digest);
	memcpy(out, digest, DTC_SALT_CHECK);
}

/* What the salt of an entry is of, padded. place: in its block, from 0. */
size_t
dtc_salt_message(uint8_t out[DTC_SALT_MESSAGE], const uint8_t *seed,
				 uint32_t place)
{
	uint8_t *p = out;

	memcpy(p, salt_domain, sizeof(salt_domain));
	p += sizeof(salt_domain);
	memcpy(p, seed, DTC_SALT_BYTES);
	p += DTC_SALT_BYTES;
	p += dtc_block_put_int64(p, place);
	return dtc_sha256_pad(out, (size_t) (p - out));
}

/* The salt of the entry at a place of its block, from 0. */
void
dtc_salt_derive(DtcCompress compress, const uint8_t *seed, uint32_t place,
				uint8_t out[DTC_SALT_BYTES])
{
	uint8_t bytes[DTC_SALT_MESSAGE];
	uint8_t digest[DTC_SHA256_BYTES];
	DtcMessage message = {bytes, dtc_salt_message(bytes, seed, place), digest};

	dtc_sha256_messages(compress, NULL, &message, 1);
	memcpy(out, digest, DTC_SALT_BYTES);
}

/* What the salts of a block are. check: what the block keeps of its seed. */
DtcSalts
dtc_salts_kind(DtcCompress compress, DtcText salts, uint32_t entries,
			   const uint8_t *check)
{
	uint8_t given[DTC_SALT_CHECK];

	if (salts.len == 1 + (size_t) entries * DTC_SALT_BYTES &&
		salts.data[0] == DTC_SALTS_SINGLE)
		return DTC_SALTS_SINGLE;
	if (salts.len != DTC_SALT_BYTES)
		return DTC_SALTS_BAD;
	dtc_salt_check(compress, (const uint8_t *) salts.data, given);
	return memcmp(given, check, DTC_SALT_CHECK) == 0 ? DTC_SALTS_SEED
													 : DTC_SALTS_BAD;
}

/* The salt of the entry at a place; false if it was erased, or is not there. */
bool
dtc_salt_at(DtcCompress compress, DtcSalts kind, DtcText salts, uint32_t place,
			uint8_t out[DTC_SALT_BYTES])
{
	static const uint8_t erased[DTC_SALT_BYTES] = {0};

	if (kind == DTC_SALTS_BAD)
		return false;
	if (kind == DTC_SALTS_SEED)
	{
		dtc_salt_derive(compress, (const uint8_t *) salts.data, place, out);
		return true;
	}
	memcpy(out, salts.data + 1 + (size_t) place * DTC_SALT_BYTES,
		   DTC_SALT_BYTES);
	return memcmp(out, erased, DTC_SALT_BYTES) != 0;
}
