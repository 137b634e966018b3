/*
 * lifecycle.c
 *		Pure parts of the lifecycle: regions of actors, and the bytes that
 *		the journal hashes.
 *
 * The canonical form of a journal entry is the domain "dtsen.journal.1", a
 * zero byte, the digest of the entry before it, and then its fields in a fixed
 * order. A field is a tag byte and, but for null, 8 bytes of length or value,
 * most significant first; text is followed by its bytes in UTF-8. No two lists
 * of fields share a form: each field says where it ends.
 */
#include "core/lifecycle.h"

#include <string.h>

#define TAG_NULL 0
#define TAG_TEXT 1
#define TAG_INT 2

static const char domain[] = "dtsen.journal.1";

/*
 * Takes the digits of a region code.
 *
 * text: len bytes, e.g. "32.16.01.2001" or "3216012001"; anything that is no
 * ASCII digit is left out. digits: room for size bytes, gets no terminator.
 * Returns the number of digits kept, at most size.
 */
size_t
dtc_wilayah_digits(const char *text, size_t len, char *digits, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < size; i++)
	{
		if (text[i] >= '0' && text[i] <= '9')
			digits[n++] = text[i];
	}
	return n;
}

/*
 * Is the region of a row the scope of an actor, or inside it?
 *
 * row, scope: digits only. An empty scope holds nothing: the whole country is
 * the caller's to know. A row wider than the scope is not within it.
 */
bool
dtc_wilayah_within(const char *row, size_t row_len, const char *scope,
				   size_t scope_len)
{
	return scope_len > 0 && scope_len <= row_len &&
		   memcmp(row, scope, scope_len) == 0;
}

static void
put_tagged(dtc_sink sink, void *state, uint8_t tag, uint64_t value)
{
	uint8_t bytes[9];

	bytes[0] = tag;
	for (int i = 0; i < 8; i++)
		bytes[1 + i] = (uint8_t) (value >> (8 * (7 - i)));
	sink(state, bytes, sizeof(bytes));
}

/*
 * Begins the canonical form of an entry. previous: digest of the entry before
 * it in its chain, all zero for the first.
 */
void
dtc_canon_begin(dtc_sink sink, void *state,
				const uint8_t previous[DTC_DIGEST_BYTES])
{
	sink(state, (const uint8_t *) domain, sizeof(domain));
	sink(state, previous, DTC_DIGEST_BYTES);
}

/* Adds a text of len bytes, which must be UTF-8; an empty one is not null. */
void
dtc_canon_text(dtc_sink sink, void *state, const char *text, size_t len)
{
	put_tagged(sink, state, TAG_TEXT, len);
	if (len > 0)
		sink(state, (const uint8_t *) text, len);
}

/* Adds a field that is not known. */
void
dtc_canon_null(dtc_sink sink, void *state)
{
	const uint8_t tag = TAG_NULL;

	sink(state, &tag, 1);
}

/* Adds a number, in two's complement. */
void
dtc_canon_int(dtc_sink sink, void *state, int64_t value)
{
	put_tagged(sink, state, TAG_INT, (uint64_t) value);
}
