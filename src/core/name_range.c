/*
 * name_range.c
 *		Which words of a range of keys a search need not look at.
 *
 * A search reads all keys that begin or end like a word of it and takes a few.
 * Whoever keeps the words of an index in memory can rule out most of the others
 * by their first letters and the set of their letters, in a few instructions.
 */
#include "core/name_bound.h"

#include <string.h>

#define JOINED_OFF 3 /* letters more or less that two words as one have */

/* A word, letter by letter: key[0], key[step] and so on. */
static bool
code_word(const char *key, int n, int step, DtcNameCode *code)
{
	code->first = 0;
	code->letters = 0;
	for (int i = 0; i < n; i++)
	{
		uint32_t letter = (uint32_t) key[i * step] - 'A';

		if (letter > 25)
			return false;
		code->letters |= UINT32_C(1) << letter;
		if (i < DTC_NAME_CODED)
			code->first |= (uint64_t) (letter + 1)
						   << 5 * (DTC_NAME_CODED - 1 - i);
	}
	code->n = n;
	return true;
}

/* The same of the last letters; the last is the lowest. */
static uint64_t
code_end(const char *key, int n, int step)
{
	uint64_t code = 0;

	for (int i = n > DTC_NAME_CODED ? n - DTC_NAME_CODED : 0; i < n; i++)
		code = code << 5 | (uint64_t) (key[i * step] - 'A' + 1);
	return code;
}

/*
 * The word of a key, in the order of the key's letters.
 *
 * key: of an index, or the beginning of one without its tail: tail is false
 * then. False if it is not made of the letters A to Z.
 */
bool
dtc_name_key_code(const uint8_t *key, size_t len, bool tail, DtcNameCode *code)
{
	size_t other = 1;

	if (tail && len > 0)
		other += key[0] == DTC_KEY_FORWARD    ? DTC_KEY_TAIL
				 : key[0] == DTC_KEY_BACKWARD ? DTC_KEY_TAIL_BACK
											  : 0;
	return len >= other &&
		   code_word((const char *) key + 1, (int) (len - other), 1, code);
}

/* Do two words have their first n letters in common, as far as that is known? */
static inline bool
begin_alike(uint64_t a, uint64_t b, int n)
{
	return n <= 0 ||
		   (a ^ b) >> 5 * (n < DTC_NAME_CODED ? DTC_NAME_CODED - n : 0) == 0;
}

/*
 * Prepares to look through keys for a word of a search, forward or backward
 * ones. False if that is no use.
 */
bool
dtc_name_range_init(const DtcNameQuery *q, int unit, bool backward,
					DtcNameRange *r)
{
	const DtcQueryWord *w = &q->word[unit];
	const char *key = backward ? w->key + w->len - 1 : w->key;
	int step = backward ? -1 : 1;

	if (w->len < 2 || !code_word(key, w->len, step, &r->word))
		return false;
	r->end = code_end(key, w->len, step);
	r->unit = &w->unit;
	r->backward = backward;
	r->joined = 0;
	if (unit + 1 < q->nwords && !backward)
		r->joined = w->len + w[1].len;
	return true;
}

/*
 * May a probe of the word of the search, other than CUT, take the key of a word?
 * Never false where dtc_name_probe_takes() says so. Constant time.
 */
bool
dtc_name_range_may_take(const DtcNameRange *r, const DtcNameCode *other)
{
	int n = other->n, len = r->word.n, shorter = n < len ? n : len;
	int head = len >= 4 ? len - 1 : len;
	char key[DTC_NAME_CODED];
	DtcUnit unit;

	/* the beginning of the other one but for a letter: HEAD, TAIL, a part */
	if (begin_alike(r->word.first, other->first, shorter - 1))
		return true;
	if (n > DTC_NAME_CODED)
	{
		if ((r->word.letters & ~other->letters) == 0 ||
			(other->letters & ~r->word.letters) == 0 || n > 64)
			return true;
	}
	else if (((r->end ^ other->first >> 5 * (DTC_NAME_CODED - n)) &
			  ((UINT64_C(1) << 5 * shorter) - 1)) == 0)
		return true; /* its end */
	if (r->joined > 0 && n >= r->joined - JOINED_OFF &&
		n <= r->joined + JOINED_OFF &&
		begin_alike(r->word.first, other->first, head))
		return true;
	unit.letters = other->letters;
	unit.len = (uint16_t) n;
	if (!dtc_unit_may_slip(r->unit, &unit))
		return false;
	if (n > DTC_NAME_CODED)
		return true;
	for (int i = 0; i < n; i++)
		key[r->backward ? n - 1 - i : i] =
			(char) ('A' - 1 +
					(other->first >> 5 * (DTC_NAME_CODED - 1 - i) & 31));
	unit.key = key;
	return dtc_unit_is_slip(r->unit, &unit);
}
