/*
 * journal_reader.c
 *		Reading the blocks of the journal, which may be damaged.
 */
#include "core/journal.h"

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
		change->key.data = dtc_key_print(change->number, end);
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
