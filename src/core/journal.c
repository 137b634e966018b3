/*
 * journal.c
 *		What is hashed of the journal, and where a key's entries are found.
 *
 * A field is its length plus one as a number (null is 0) and its bytes; a
 * number is written in groups of seven bits, the lowest first, all but the
 * last with the highest bit set. A field says where it ends, so no two lists
 * of fields have the same bytes.
 */
#include "core/journal.h"

#include <string.h>

#define NUMBER_DIGITS 18 /* of the longest key that is kept as a number */
#define CHAIN_BITS 24
#define ROW_LEAF 2 /* first byte of a leaf with a row; 0 without, 1: a node */

static const char content_domain[] = "dtsen.content.1";
static const char block_domain[] = "dtsen.block.1";
static const char note_domain[] = "dtsen.note.1";

static size_t
put_number(uint8_t *out, uint64_t value)
{
	size_t n = 0;

	while (value >= 0x80)
	{
		out[n++] = (uint8_t) (value | 0x80);
		value >>= 7;
	}
	out[n++] = (uint8_t) value;
	return n;
}

/* Writes a number as 8 bytes, most significant first; returns 8. */
size_t
dtc_block_put_int64(uint8_t *out, int64_t value)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t) ((uint64_t) value >> (8 * (7 - i)));
	return 8;
}

/* Writes what a field of len bytes begins with: at most 10 bytes. */
size_t
dtc_block_put_length(uint8_t *out, size_t len)
{
	return put_number(out, (uint64_t) len + 1);
}

/* Writes a field; out: room for 10 bytes more than the field has. */
size_t
dtc_block_put_field(uint8_t *out, DtcText field)
{
	size_t n;

	if (field.data == NULL)
		return put_number(out, 0);
	n = put_number(out, (uint64_t) field.len + 1);
	memcpy(out + n, field.data, field.len);
	return n + field.len;
}

static void
hash_field(DtcSha256 *h, DtcText field)
{
	uint8_t prefix[10];

	dtc_sha256_add(
		h, prefix,
		put_number(prefix, field.data == NULL ? 0 : (uint64_t) field.len + 1));
	if (field.data != NULL)
		dtc_sha256_add(h, field.data, field.len);
}

static void
hash_int64(DtcSha256 *h, int64_t value)
{
	uint8_t bytes[8];

	dtc_sha256_add(h, bytes, dtc_block_put_int64(bytes, value));
}

/*
 * Is a key the usual decimal form of a number with at most 18 digits? Then
 * number is that.
 */
bool
dtc_key_number(const char *key, size_t len, uint64_t *number)
{
	uint64_t n = 0;

	if (len == 0 || len > NUMBER_DIGITS || (key[0] == '0' && len > 1))
		return false;
	for (size_t i = 0; i < len; i++)
	{
		if (key[i] < '0' || key[i] > '9')
			return false;
		n = n * 10 + (uint64_t) (key[i] - '0');
	}
	*number = n;
	return true;
}

static uint64_t
mixed(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint64_t
hash_bytes(const char *data, size_t len, uint64_t h)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t) data[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* Where among the keys of a chain a key is: of a number, and of any key. */
uint32_t
dtc_key_hash_number(uint64_t number)
{
	return (uint32_t) (mixed(number + UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

uint32_t
dtc_key_hash(const char *key, size_t len)
{
	uint64_t number;

	if (dtc_key_number(key, len, &number))
		return dtc_key_hash_number(number);
	return (
		uint32_t) (mixed(hash_bytes(key, len, UINT64_C(0xcbf29ce484222325))) >>
				   32);
}

/* Tells chains apart in the index of cells; they need not be all different. */
uint32_t
dtc_chain_hash(DtcText machine, const char *chain, size_t len)
{
	uint64_t h =
		hash_bytes(machine.data, machine.len, UINT64_C(0xcbf29ce484222325));

	h = hash_bytes("", 1, h);
	return (uint32_t) (mixed(hash_bytes(chain, len, h)) >> (64 - CHAIN_BITS));
}

/* The cell of that level in which a hash is. */
int64_t
dtc_key_cell_at(uint32_t chain, uint32_t hash, int level)
{
	return (int64_t) ((uint64_t) chain << 38 | (uint64_t) level << 32 |
					  (uint64_t) hash >> level);
}

/*
 * The cell of a block with keys from low to high. A cell of level n is 2^n
 * hashes wide; the block takes the lowest level in which it reaches into one
 * more cell at most. So a key's blocks are those of the key's cell, or of the
 * one before it, in each of the levels 0 to 31.
 */
int64_t
dtc_key_cell(uint32_t chain, uint32_t low, uint32_t high)
{
	int level = 0;

	while (level < 31 && (high >> level) - (low >> level) > 1)
		level++;
	return dtc_key_cell_at(chain, low, level);
}

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = (v[1] << 13 | v[1] >> 51) ^ v[0];
	v[0] = v[0] << 32 | v[0] >> 32;
	v[2] += v[3];
	v[3] = (v[3] << 16 | v[3] >> 48) ^ v[2];
	v[0] += v[3];
	v[3] = (v[3] << 21 | v[3] >> 43) ^ v[0];
	v[2] += v[1];
	v[1] = (v[1] << 17 | v[1] >> 47) ^ v[2];
	v[2] = v[2] << 32 | v[2] >> 32;
}

static void
sip_text(uint64_t v[4], DtcText text)
{
	for (size_t i = 0; i < text.len; i += 8)
	{
		uint64_t m = 0;

		for (size_t j = 0; j < 8 && i + j < text.len; j++)
			m |= (uint64_t) (uint8_t) text.data[i + j] << (8 * j);
		v[3] ^= m;
		sip_round(v);
		sip_round(v);
		v[0] ^= m;
	}
	/* where it ends: texts of other lengths have other ends */
	v[3] ^= (uint64_t) text.len | UINT64_C(1) << 63;
	sip_round(v);
	sip_round(v);
	v[0] ^= (uint64_t) text.len | UINT64_C(1) << 63;
}

/*
 * A row's key and state, hashed by SipHash-2-4 under a secret that is drawn
 * for each verification: nobody can choose rows whose sums agree.
 */
uint64_t
dtc_row_hash(const uint64_t secret[2], DtcText key, DtcText state)
{
	uint64_t v[4] = {UINT64_C(0x736f6d6570736575) ^ secret[0],
					 UINT64_C(0x646f72616e646f6d) ^ secret[1],
					 UINT64_C(0x6c7967656e657261) ^ secret[0],
					 UINT64_C(0x7465646279746573) ^ secret[1]};

	sip_text(v, key);
	sip_text(v, state);
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* What stands for a note in an entry, so that the note can be erased. */
void
dtc_note_commit(DtcCompress compress, const uint8_t *salt, DtcText note,
				uint8_t out[DTC_NOTE_BYTES])
{
	DtcSha256 h;

	dtc_sha256_begin(&h, compress);
	dtc_sha256_add(&h, note_domain, sizeof(note_domain));
	dtc_sha256_add(&h, salt, DTC_SALT_BYTES);
	dtc_sha256_add(&h, note.data, note.len);
	dtc_sha256_end(&h, out);
}

static char *
print_number(uint64_t number, char *end)
{
	do
	{
		*--end = (char) ('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return end;
}

/* The leaf that an entry is in the tree of its block. */
void
dtc_change_leaf(DtcCompress compress, int64_t seq, const DtcChange *change,
				uint8_t leaf[DTC_SHA256_BYTES])
{
	const DtcStep *step = change->step;
	const DtcRegion *region = change->region;
	DtcText fields[7];
	size_t len = 16;
	char digits[24];
	uint8_t small[512];
	DtcSha256 h;

	fields[0] = change->key;
	if (change->is_number)
	{
		fields[0].data = print_number(change->number, digits + 24);
		fields[0].len = (size_t) (digits + 24 - fields[0].data);
	}
	fields[1] = region->wilayah;
	fields[2] = region->from_chain;
	fields[3] = step->from;
	fields[4] = step->to;
	fields[5] = step->action;
	fields[6].data = (const char *) change->note;
	fields[6].len = DTC_NOTE_BYTES;
	for (int i = 0; i < 7; i++)
		len += fields[i].len + 10;
	dtc_sha256_begin(&h, compress);
	if (len <= sizeof(small) - DTC_SHA256_BYTES)
	{
		size_t n = 0;

		small[n++] = change->row == NULL ? 0 : ROW_LEAF;
		n += dtc_block_put_int64(small + n, seq);
		for (int i = 0; i < 7; i++)
			n += dtc_block_put_field(small + n, fields[i]);
		if (change->row != NULL)
		{
			memcpy(small + n, change->row, DTC_SHA256_BYTES);
			n += DTC_SHA256_BYTES;
		}
		dtc_sha256_add(&h, small, n);
	}
	else
	{
		small[0] = change->row == NULL ? 0 : ROW_LEAF;
		dtc_sha256_add(&h, small, 1);
		hash_int64(&h, seq);
		for (int i = 0; i < 7; i++)
			hash_field(&h, fields[i]);
		if (change->row != NULL)
			dtc_sha256_add(&h, change->row, DTC_SHA256_BYTES);
	}
	dtc_sha256_end(&h, leaf);
}

/*
 * Digest of all that a block says, but for the block before it. root: of the
 * tree of its entries; body_digest: SHA-256 of its body.
 */
void
dtc_block_content(DtcCompress compress, const DtcBlockHeader *header,
				  const uint8_t *root, const uint8_t *body_digest,
				  uint8_t content[DTC_SHA256_BYTES])
{
	DtcSha256 h;

	dtc_sha256_begin(&h, compress);
	dtc_sha256_add(&h, content_domain, sizeof(content_domain));
	hash_field(&h, header->machine);
	hash_field(&h, header->chain);
	hash_int64(&h, header->seq);
	hash_int64(&h, header->entries);
	hash_int64(&h, header->at);
	hash_int64(&h, header->txid);
	hash_int64(&h, header->version);
	hash_field(&h, header->login);
	hash_field(&h, header->session_login);
	hash_field(&h, header->person);
	dtc_sha256_add(&h, root, DTC_SHA256_BYTES);
	dtc_sha256_add(&h, body_digest, DTC_SHA256_BYTES);
	dtc_sha256_end(&h, content);
}

/* Digest of a block that follows one with digest previous. */
void
dtc_block_link(DtcCompress compress, const uint8_t *previous,
			   const uint8_t *content, uint8_t digest[DTC_SHA256_BYTES])
{
	DtcSha256 h;

	dtc_sha256_begin(&h, compress);
	dtc_sha256_add(&h, block_domain, sizeof(block_domain));
	dtc_sha256_add(&h, previous, DTC_SHA256_BYTES);
	dtc_sha256_add(&h, content, DTC_SHA256_BYTES);
	dtc_sha256_end(&h, digest);
}

static void
put(DtcPiece *piece, const void *data, size_t len)
{
	memcpy(piece->data + piece->len, data, len);
	piece->len += len;
}

static void
put_field(DtcPiece *piece, DtcText field)
{
	piece->len += dtc_block_put_field(piece->data + piece->len, field);
}

/*
 * Begins a block. Each piece of w must have its memory already, and its size
 * must hold what is going to be added: the head 64 bytes and its texts; a step
 * and a region 30 bytes and their texts; an entry dtc_change_room() bytes.
 */
void
dtc_block_begin(DtcBlockWriter *w, const DtcBlockHeader *header)
{
	uint8_t version = DTC_BLOCK_VERSION;

	w->head.len = w->steps.len = w->regions.len = 0;
	w->notes.len = w->columns.len = w->entries.len = 0;
	w->nsteps = w->nregions = w->nnotes = w->ncolumns = w->nentries = 0;
	w->seq = header->seq;
	dtc_merkle_begin(&w->tree, w->compress);
	put(&w->head, &version, 1);
	w->head.len += dtc_block_put_int64(w->head.data + w->head.len, header->at);
	w->head.len +=
		dtc_block_put_int64(w->head.data + w->head.len, header->txid);
	w->head.len += put_number(w->head.data + w->head.len,
							  (uint64_t) (uint32_t) header->version);
	put_field(&w->head, header->login);
	put_field(&w->head, header->session_login);
	put_field(&w->head, header->person);
}

/* Adds a step, a region, a note to what entries can refer to; its number. */
uint32_t
dtc_block_step(DtcBlockWriter *w, const DtcStep *step)
{
	put_field(&w->steps, step->from);
	put_field(&w->steps, step->to);
	put_field(&w->steps, step->action);
	return w->nsteps++;
}

uint32_t
dtc_block_region(DtcBlockWriter *w, const DtcRegion *region)
{
	put_field(&w->regions, region->wilayah);
	put_field(&w->regions, region->from_chain);
	return w->nregions++;
}

uint32_t
dtc_block_note(DtcBlockWriter *w, const uint8_t *commitment)
{
	put(&w->notes, commitment, DTC_NOTE_BYTES);
	return w->nnotes++;
}

/*
 * Adds a list of columns, by its digest. w->salt_check must be filled before
 * dtc_block_end().
 */
uint32_t
dtc_block_columns(DtcBlockWriter *w, const uint8_t *columns)
{
	put(&w->columns, columns, DTC_SHA256_BYTES);
	return w->ncolumns++;
}

/* Bytes of the block so far, at most. */
size_t
dtc_block_size(const DtcBlockWriter *w)
{
	return w->head.len + w->steps.len + w->regions.len + w->notes.len +
		   w->columns.len + w->entries.len + 20 + DTC_SALT_CHECK;
}

/* Bytes that an entry takes, at most. */
size_t
dtc_change_room(const DtcChange *change)
{
	return 24 + (change->is_number ? 10 : 10 + change->key.len) +
		   (change->row == NULL ? 1 : 5 + DTC_SHA256_BYTES);
}

/*
 * Adds an entry. step, region: numbers in this block. note: number in this
 * block plus one, or 0. A block that has lists of columns must have got the
 * first of them before.
 */
void
dtc_block_add(DtcBlockWriter *w, uint32_t step, uint32_t region, uint32_t note,
			  const DtcChange *change)
{
	uint8_t *out = w->entries.data + w->entries.len;
	uint8_t leaf[DTC_SHA256_BYTES];
	size_t n = 0;

	n += put_number(out, step);
	n += put_number(out + n, region);
	n += put_number(out + n, note);
	if (w->ncolumns > 0)
		n += put_number(
			out + n, change->row == NULL ? 0 : (uint64_t) change->columns + 1);
	if (change->is_number)
		n += put_number(out + n, change->number << 1);
	else
	{
		n += put_number(out + n, (uint64_t) change->key.len << 1 | 1);
		memcpy(out + n, change->key.data, change->key.len);
		n += change->key.len;
	}
	if (change->row != NULL)
	{
		memcpy(out + n, change->row, DTC_SHA256_BYTES);
		n += DTC_SHA256_BYTES;
	}
	dtc_change_leaf(w->compress, w->seq + w->nentries, change, leaf);
	memcpy(out + n, leaf, 4);
	w->entries.len += n + 4;
	w->nentries++;
	dtc_merkle_add(&w->tree, leaf);
}

/*
 * Ends a block: writes its body (at most dtc_block_size() bytes) and gives the
 * root of its entries. Returns the bytes written.
 */
size_t
dtc_block_end(DtcBlockWriter *w, uint8_t *body, uint8_t root[DTC_SHA256_BYTES])
{
	uint8_t *out = body;

	memcpy(out, w->head.data, w->head.len);
	if (w->ncolumns > 0)
		out[0] = DTC_BLOCK_VERSION_ROW;
	out += w->head.len;
	out += put_number(out, w->nsteps);
	memcpy(out, w->steps.data, w->steps.len);
	out += w->steps.len;
	out += put_number(out, w->nregions);
	memcpy(out, w->regions.data, w->regions.len);
	out += w->regions.len;
	out += put_number(out, w->nnotes);
	if (w->nnotes > 0)
		memcpy(out, w->notes.data, w->notes.len);
	out += w->notes.len;
	if (w->ncolumns > 0)
	{
		out += put_number(out, w->ncolumns);
		memcpy(out, w->columns.data, w->columns.len);
		out += w->columns.len;
		memcpy(out, w->salt_check, DTC_SALT_CHECK);
		out += DTC_SALT_CHECK;
	}
	memcpy(out, w->entries.data, w->entries.len);
	out += w->entries.len;
	dtc_merkle_root(&w->tree, root);
	return (size_t) (out - body);
}

static bool
get_number(DtcBlockReader *r, uint64_t *value)
{
	uint64_t n = 0;

	for (int shift = 0; shift < 63 && r->next < r->end; shift += 7)
	{
		uint8_t byte = *r->next++;

		n |= (uint64_t) (byte & 0x7f) << shift;
		if (byte < 0x80)
		{
			*value = n;
			return byte != 0 || shift == 0; /* the shortest form only */
		}
	}
	return false;
}

static bool
get_int64(DtcBlockReader *r, int64_t *value)
{
	uint64_t n = 0;

	if (r->end - r->next < 8)
		return false;
	for (int i = 0; i < 8; i++)
		n = n << 8 | *r->next++;
	*value = (int64_t) n;
	return true;
}

static bool
get_field(DtcBlockReader *r, DtcText *field)
{
	uint64_t n;

	field->data = NULL;
	field->len = 0;
	if (!get_number(r, &n))
		return false;
	if (n == 0)
		return true;
	if ((uint64_t) (r->end - r->next) < n - 1)
		return false;
	field->data = (const char *) r->next;
	field->len = (size_t) (n - 1);
	r->next += n - 1;
	return true;
}

static bool
get_count(DtcBlockReader *r, uint32_t *count)
{
	uint64_t n;

	if (!get_number(r, &n) || n > DTC_BLOCK_ENTRIES)
		return false;
	*count = (uint32_t) n;
	return true;
}

/*
 * Begins to read a body of len bytes: what its entries have in common, and
 * nsteps. header.machine, chain, seq and entries are the caller's to fill.
 * False if it is none.
 */
bool
dtc_block_open(DtcBlockReader *r, const uint8_t *body, size_t len)
{
	uint64_t version;

	r->body = body;
	r->next = body;
	r->end = body + len;
	r->nsteps = r->nregions = r->nnotes = r->ncolumns = r->done = 0;
	r->notes = r->columns = r->salt_check = NULL;
	if (len < 1 ||
		(*r->next != DTC_BLOCK_VERSION && *r->next != DTC_BLOCK_VERSION_ROW))
		return false;
	r->next++;
	if (!get_int64(r, &r->header.at) || !get_int64(r, &r->header.txid) ||
		!get_number(r, &version) || version > UINT32_MAX ||
		!get_field(r, &r->header.login) ||
		!get_field(r, &r->header.session_login) ||
		!get_field(r, &r->header.person) || !get_count(r, &r->nsteps))
		return false;
	r->header.version = (int32_t) (uint32_t) version;
	return true;
}

/*
 * Goes on to the first entry. header.entries must be filled. steps: room for
 * nsteps; regions: room for header.entries, since each is of an entry. Both
 * point into the body afterwards. False if the body is none.
 */
bool
dtc_block_dictionaries(DtcBlockReader *r, DtcStep *steps, DtcRegion *regions)
{
	r->steps = steps;
	r->regions = regions;
	for (uint32_t i = 0; i < r->nsteps; i++)
	{
		if (!get_field(r, &steps[i].from) || !get_field(r, &steps[i].to) ||
			!get_field(r, &steps[i].action))
			return false;
	}
	if (!get_count(r, &r->nregions) || r->nregions > r->header.entries)
		return false;
	for (uint32_t i = 0; i < r->nregions; i++)
	{
		if (!get_field(r, &regions[i].wilayah) ||
			!get_field(r, &regions[i].from_chain))
			return false;
	}
	if (!get_count(r, &r->nnotes) ||
		(size_t) (r->end - r->next) < (size_t) r->nnotes * DTC_NOTE_BYTES)
		return false;
	r->notes = r->next;
	r->next += (size_t) r->nnotes * DTC_NOTE_BYTES;
	if (r->body[0] != DTC_BLOCK_VERSION_ROW)
		return true;
	if (!get_count(r, &r->ncolumns) || r->ncolumns == 0 ||
		(size_t) (r->end - r->next) <
			(size_t) r->ncolumns * DTC_SHA256_BYTES + DTC_SALT_CHECK)
		return false;
	r->columns = r->next;
	r->next += (size_t) r->ncolumns * DTC_SHA256_BYTES;
	r->salt_check = r->next;
	r->next += DTC_SALT_CHECK;
	return true;
}

/*
 * Reads the next of header.entries entries; END if there is no more, and no
 * byte either. check: gets the first four bytes of its leaf. The texts of the
 * change live as long as the body; that of a number is in r, to the next call.
 */
DtcBlockNext
dtc_block_next(DtcBlockReader *r, DtcChange *change, const uint8_t **check)
{
	uint64_t step;
	uint64_t region;
	uint64_t note;
	uint64_t columns = 0;
	uint64_t key;

	if (r->done == r->header.entries)
		return r->next == r->end ? DTC_BLOCK_END : DTC_BLOCK_BROKEN;
	if (!get_number(r, &step) || step >= r->nsteps ||
		!get_number(r, &region) || region >= r->nregions ||
		!get_number(r, &note) || note > r->nnotes ||
		(r->ncolumns > 0 && !get_number(r, &columns)) ||
		columns > r->ncolumns || !get_number(r, &key))
		return DTC_BLOCK_BROKEN;
	change->step = &r->steps[step];
	change->region = &r->regions[region];
	change->note =
		note == 0 ? NULL : r->notes + (size_t) (note - 1) * DTC_NOTE_BYTES;
	change->is_number = (key & 1) == 0;
	if (change->is_number)
	{
		char *end = r->digits + sizeof(r->digits);

		change->number = key >> 1;
		change->key.data = print_number(change->number, end);
		change->key.len = (size_t) (end - change->key.data);
	}
	else
	{
		if ((uint64_t) (r->end - r->next) < key >> 1)
			return DTC_BLOCK_BROKEN;
		change->key.data = (const char *) r->next;
		change->key.len = (size_t) (key >> 1);
		r->next += key >> 1;
		change->number = 0;
	}
	change->row = NULL;
	change->columns = 0;
	if (columns > 0)
	{
		if (r->end - r->next < DTC_SHA256_BYTES)
			return DTC_BLOCK_BROKEN;
		change->row = r->next;
		change->columns = (uint32_t) columns - 1;
		r->next += DTC_SHA256_BYTES;
	}
	if (r->end - r->next < 4)
		return DTC_BLOCK_BROKEN;
	*check = r->next;
	r->next += 4;
	r->done++;
	return DTC_BLOCK_ENTRY;
}
