/*
 * linkage_place.c
 *		Places of birth: one word for a regency, however it is written.
 *
 * People write a city, a regency or a district, with KAB. or KOTA or without,
 * abbreviated, or by the name it had when they were born. The table maps names
 * to the regency, or the province, that they mean today (data/place_names.csv
 * and the region table).
 */
#include "core/linkage.h"

#include <string.h>

#include "core/place_data.h"

/* Words that say what kind of place follows. */
static const char kinds[][13] = {
	"KABUPATEN", "KAB",       "KOTAMADYA", "KODYA",        "KOTIP",
	"KOTA",      "KOTAMADIA", "KECAMATAN", "KEC",          "DESA",
	"KELURAHAN", "KEL",       "DS",        "ADMINISTRASI", "ADM",
	"PROVINSI",  "PROPINSI",  "PROV",      "RSUD",         "RS"};

/* Reads an upper-case letter at a byte; 0 when it is none. */
static char
letter_at(unsigned char c)
{
	if (c >= 'a' && c <= 'z')
		return (char) (c - 'a' + 'A');
	return c >= 'A' && c <= 'Z' ? (char) c : 0;
}

/* Is a word of len letters one of kinds? */
static bool
is_kind(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
	{
		if (strlen(kinds[i]) == len && memcmp(kinds[i], word, len) == 0)
			return true;
	}
	return false;
}

/* The row of a key, or the code 0. */
static uint16_t
find(const char *key, size_t len)
{
	int low = 0, high = PLACE_ROWS;

	while (low < high)
	{
		int middle = low + (high - low) / 2;
		const char *row = place_letters + place_rows[middle].start;
		size_t rowlen =
			place_rows[middle + 1].start - place_rows[middle].start;
		int c = memcmp(key, row, len < rowlen ? len : rowlen);

		if (c == 0)
			c = (len > rowlen) - (len < rowlen);
		if (c == 0)
			return place_rows[middle].code;
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

/* Old spelling: OE is U, DJ is J, TJ is C. Returns the new length. */
static size_t
respell(char *key, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
	{
		char c = key[i], next = i + 1 < len ? key[i + 1] : 0;

		if (c == 'O' && next == 'E')
			c = 'U', i++;
		else if (c == 'D' && next == 'J')
			c = 'J', i++;
		else if (c == 'T' && next == 'J')
			c = 'C', i++;
		key[n++] = c;
	}
	return n;
}

/*
 * Reads a place as a record writes it. What stands after a comma or in
 * brackets ("CIREBON, JAWA BARAT") is left out, and so are digits.
 *
 * text: len bytes of any encoding that has ASCII. False when no letter is
 * left: the record does not say. Linear.
 */
bool
dtc_place_read(const char *text, size_t len, DtcPlace *place)
{
	char key[DTC_PLACE_KEY * 2];
	size_t n = 0, word = 0;
	bool named = false; /* a word that is no kind of place */

	for (size_t i = 0; i <= len && n < sizeof(key); i++)
	{
		unsigned char c = i < len ? (unsigned char) text[i] : ' ';
		char letter = letter_at(c);

		if (letter != 0)
		{
			key[n++] = letter;
			continue;
		}
		if (c == '\'' || c >= 0x80)
			continue;
		if (!named && n > word && is_kind(key + word, n - word))
			n = word;
		else if (n > word)
			named = true;
		word = n;
		if (named && (c == ',' || c == '(' || c == '/'))
			break;
	}
	n = respell(key, n);
	if (n > DTC_PLACE_KEY)
		n = DTC_PLACE_KEY;
	memset(place, 0, sizeof(*place));
	if (n == 0)
		return false;
	place->len = (uint8_t) n;
	memcpy(place->key, key, n);
	place->code = find(key, n);
	return true;
}

/* Level of two places that are there. */
int
dtc_place_level(const DtcPlace *a, const DtcPlace *b)
{
	if (a->len == b->len && memcmp(a->key, b->key, a->len) == 0)
		return DTC_BIRTH_PLACE_EQUAL;
	if (a->code != 0 && b->code != 0)
	{
		if (a->code == b->code)
			return DTC_BIRTH_PLACE_REGENCY;
		if (a->code / 100 == b->code / 100)
			return DTC_BIRTH_PLACE_PROVINCE;
		return DTC_BIRTH_PLACE_DIFFERS;
	}
	if (a->len >= 5 && b->len >= 5 &&
		dtc_name_edits(a->key, a->len, b->key, b->len) <= 1)
		return DTC_BIRTH_PLACE_SLIP;
	return DTC_BIRTH_PLACE_UNKNOWN;
}
