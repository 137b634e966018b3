/*
 * journal.c
 *		What is hashed of the journal, and where a key's entries are found.
 *
 * A field is its length plus one as a number (null is 0) and its bytes; a
 * number is written in groups of seven bits, the lowest first, all but the
 * last with the highest bit set. A field says where it ends, so no two lists
 * of fields have the same bytes.
 */
#include "core/journal_row.h"

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

/* Writes a number's decimal form before end; returns where it begins. */
char *
dtc_key_print(uint64_t number, char *end)
{
	do
	{
		*--end = (char) ('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return end;
}

/* The fields of a leaf, in its order; returns the bytes of it, at most. */
static size_t
leaf_fields(const DtcChange *change, char digits[24], DtcText fields[7])
{
	size_t len = 16 + DTC_SHA256_BYTES;

	fields[0] = change->key;
	if (change->is_number)
	{
		fields[0].data = dtc_key_print(change->number, digits + 24);
		fields[0].len = (size_t) (digits + 24 - fields[0].data);
	}
	fields[1] = change->region->wilayah;
	fields[2] = change->region->from_chain;
	fields[3] = change->step->from;
	fields[4] = change->step->to;
	fields[5] = change->step->action;
	fields[6].data = (const char *) change->note;
	fields[6].len = DTC_NOTE_BYTES;
	for (int i = 0; i < 7; i++)
		len += fields[i].len + 10;
	return len;
}

/* Writes what a leaf is of, if it is short; returns its bytes, else 0. */
static size_t
put_leaf(uint8_t *out, int64_t seq, const DtcChange *change)
{
	char digits[24];
	DtcText fields[7];
	size_t n = 0;

	if (leaf_fields(change, digits, fields) > DTC_LEAF_SHORT)
		return 0;
	out[n++] = change->row == NULL ? 0 : ROW_LEAF;
	n += dtc_block_put_int64(out + n, seq);
	for (int i = 0; i < 7; i++)
		n += dtc_block_put_field(out + n, fields[i]);
	if (change->row != NULL)
	{
		memcpy(out + n, change->row, DTC_SHA256_BYTES);
		n += DTC_SHA256_BYTES;
	}
	return n;
}

/* The leaf that an entry is in the tree of its block. */
void
dtc_change_leaf(DtcCompress compress, int64_t seq, const DtcChange *change,
				uint8_t leaf[DTC_SHA256_BYTES])
{
	uint8_t kind = change->row == NULL ? 0 : ROW_LEAF;
	uint8_t message[DTC_SHA256_ROOM(DTC_LEAF_SHORT)];
	size_t len = put_leaf(message, seq, change);
	char digits[24];
	DtcText fields[7];
	DtcSha256 h;

	if (len > 0)
	{
		dtc_sha256_whole(compress, message, len, leaf);
		return;
	}
	(void) leaf_fields(change, digits, fields);
	dtc_sha256_begin(&h, compress);
	dtc_sha256_add(&h, &kind, 1);
	hash_int64(&h, seq);
	for (int i = 0; i < 7; i++)
		hash_field(&h, fields[i]);
	if (change->row != NULL)
		dtc_sha256_add(&h, change->row, DTC_SHA256_BYTES);
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
 * and a region 30 bytes and their texts; an entry dtc_change_room() bytes, and
 * the leaves 32 for each entry.
 */
void
dtc_block_begin(DtcBlockWriter *w, const DtcBlockHeader *header)
{
	uint8_t version = DTC_BLOCK_VERSION;

	w->head.len = w->steps.len = w->regions.len = 0;
	w->notes.len = w->columns.len = w->entries.len = 0;
	w->nsteps = w->nregions = w->nnotes = w->ncolumns = w->nentries = 0;
	w->seq = header->seq;
	w->nqueued = 0;
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

/* Salts, commitments and leaves of the entries that wait, each in one go. */
static void
hash_queued(DtcBlockWriter *w)
{
	uint8_t bytes[2][DTC_COMMIT_MESSAGE];
	uint8_t digest[2][DTC_SHA256_BYTES];
	DtcMessage messages[2] = {{0}};
	DtcQueued *rows[2];
	int n = 0;

	for (int i = 0; i < w->nqueued; i++)
	{
		DtcQueued *q = &w->queue[i];

		if (q->row == NULL)
			continue;
		messages[n].data = bytes[n];
		messages[n].blocks = dtc_salt_message(bytes[n], w->seed, q->place);
		messages[n].digest = digest[n];
		rows[n++] = q;
	}
	dtc_sha256_messages(w->compress, w->two, messages, n);
	for (int i = 0; i < n; i++)
		messages[i].blocks =
			dtc_commit_message(bytes[i], digest[i], rows[i]->row);
	dtc_sha256_messages(w->compress, w->two, messages, n);
	for (int i = 0; i < n; i++)
	{
		memcpy(w->entries.data + rows[i]->check - DTC_SHA256_BYTES, digest[i],
			   DTC_SHA256_BYTES);
		memcpy(rows[i]->leaf + rows[i]->len - DTC_SHA256_BYTES, digest[i],
			   DTC_SHA256_BYTES);
	}
	for (int i = 0; i < w->nqueued; i++)
	{
		DtcQueued *q = &w->queue[i];

		messages[i].data = q->leaf;
		messages[i].blocks = dtc_sha256_pad(q->leaf, q->len);
		messages[i].digest =
			w->leaves.data + (size_t) q->place * DTC_SHA256_BYTES;
	}
	dtc_sha256_messages(w->compress, w->two, messages, w->nqueued);
	for (int i = 0; i < w->nqueued; i++)
		memcpy(w->entries.data + w->queue[i].check, messages[i].digest, 4);
	w->nqueued = 0;
}

/*
 * What the entry at a place is hashed from waits in the queue, if it is short;
 * else its digests are made here.
 */
static void
hash_entry(DtcBlockWriter *w, const DtcChange *change, const uint8_t *row)
{
	uint8_t *end = w->entries.data + w->entries.len;
	uint8_t *leaf = w->leaves.data + (size_t) w->nentries * DTC_SHA256_BYTES;
	DtcQueued *q = &w->queue[w->nqueued];

	q->len = put_leaf(q->leaf, w->seq + w->nentries, change);
	if (q->len > 0)
	{
		q->check = w->entries.len;
		q->place = w->nentries;
		q->row = row;
		if (++w->nqueued == 2)
			hash_queued(w);
		return;
	}
	if (row != NULL)
	{
		uint8_t salt[DTC_SALT_BYTES];

		dtc_salt_derive(w->compress, w->seed, w->nentries, salt);
		dtc_row_commit(w->compress, salt, row, end - DTC_SHA256_BYTES);
	}
	dtc_change_leaf(w->compress, w->seq + w->nentries, change, leaf);
	memcpy(end, leaf, 4);
}

/*
 * Adds an entry. step, region: numbers in this block. note: number in this
 * block plus one, or 0. row: the digest of its row, to which it is to commit by
 * a salt from w->seed, instead of what change->row says; it must live until
 * dtc_block_end(). A block that has lists of columns must have got the first of
 * them before.
 */
void
dtc_block_add(DtcBlockWriter *w, uint32_t step, uint32_t region, uint32_t note,
			  const DtcChange *given, const uint8_t *row)
{
	uint8_t *out = w->entries.data + w->entries.len;
	DtcChange change = *given;
	size_t n = 0;

	if (row != NULL)
		change.row = row;
	n += put_number(out, step);
	n += put_number(out + n, region);
	n += put_number(out + n, note);
	if (w->ncolumns > 0)
		n += put_number(
			out + n, change.row == NULL ? 0 : (uint64_t) change.columns + 1);
	if (change.is_number)
		n += put_number(out + n, change.number << 1);
	else
	{
		n += put_number(out + n, (uint64_t) change.key.len << 1 | 1);
		memcpy(out + n, change.key.data, change.key.len);
		n += change.key.len;
	}
	if (change.row != NULL)
	{
		memcpy(out + n, change.row, DTC_SHA256_BYTES);
		change.row = out + n;
		n += DTC_SHA256_BYTES;
	}
	w->entries.len += n;
	hash_entry(w, &change, row);
	w->entries.len += 4;
	w->nentries++;
}

/*
 * Ends a block: writes its body (at most dtc_block_size() bytes) and gives the
 * root of its entries. Returns the bytes written.
 */
size_t
dtc_block_end(DtcBlockWriter *w, uint8_t *body, uint8_t root[DTC_SHA256_BYTES])
{
	uint8_t *out = body;

	hash_queued(w);
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
	dtc_merkle_fold(w->compress, w->two, w->leaves.data, w->nentries, root);
	return (size_t) (out - body);
}
