/*
 * name_table.c
 *		Constant tables of personal names: title words, variant classes and
 *		token frequencies.
 *
 * The tables are made from data/name_*.csv by the build; every lookup is a
 * binary search in bytewise order and allocates nothing.
 */
#include "core/name.h"

#include <math.h>
#include <string.h>

typedef struct DtcNameWord
{
	char word[16];
	uint8_t kind;
} DtcNameWord;

/*
 * Keys of a nickname and of a name that it is short for, as numbers: five bits
 * a letter, the last one lowest. Sorted by both.
 */
typedef struct DtcNickname
{
	uint64_t nick;
	uint64_t name;
} DtcNickname;

#include "core/name_data.h"

#define LENGTHOF(array) (sizeof(array) / sizeof((array)[0]))
#define LONGEST (LENGTHOF(dtc_name_group) - 1)

/* Orders a token of len bytes against a NUL-terminated entry. */
static int
order(const char *token, size_t len, const char *entry)
{
	int c = strncmp(token, entry, len);

	return c != 0 ? c : (entry[len] == '\0' ? 0 : -1);
}

/*
 * What a word is besides a name: a title, a degree, "bin", a particle.
 *
 * token: upper case ASCII, len bytes. Returns DTC_WORD_NONE for other words.
 */
DtcWordKind
dtc_name_word(const char *token, size_t len)
{
	size_t low = 0, high = LENGTHOF(dtc_name_words);

	if (len >= sizeof(dtc_name_words[0].word))
		return DTC_WORD_NONE;
	while (low < high)
	{
		size_t middle = (low + high) / 2;
		int c = order(token, len, dtc_name_words[middle].word);

		if (c == 0)
			return (DtcWordKind) dtc_name_words[middle].kind;
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return DTC_WORD_NONE;
}

/*
 * The variant class of a token, or NULL.
 *
 * token: upper case ASCII, len bytes.
 */
const DtcNameVariant *
dtc_name_variant(const char *token, size_t len)
{
	size_t low = 0, high = LENGTHOF(dtc_name_variants);

	if (len >= sizeof(dtc_name_variants[0].token))
		return NULL;
	while (low < high)
	{
		size_t middle = (low + high) / 2;
		int c = order(token, len, dtc_name_variants[middle].token);

		if (c == 0)
			return &dtc_name_variants[middle];
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/*
 * Row of a token in the frequency table, or -1.
 *
 * token: upper case ASCII, len bytes. Rows are grouped by length and sorted
 * within a group; the number is stable for one DTC_NAME_VERSION only.
 */
int
dtc_name_token_id(const char *token, size_t len)
{
	size_t row = 0, byte = 0, low, high;

	if (len > LONGEST || len == 0)
		return -1;
	for (size_t l = 1; l < len; l++)
	{
		row += dtc_name_group[l];
		byte += (size_t) dtc_name_group[l] * l;
	}
	low = 0;
	high = dtc_name_group[len];
	while (low < high)
	{
		size_t middle = (low + high) / 2;
		int c = memcmp(token, dtc_name_letters + byte + middle * len, len);

		if (c == 0)
			return (int) (row + middle);
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

/*
 * round(8 * log2(count)) of a row of the frequency table.
 *
 * id: from dtc_name_token_id, 0 to DTC_NAME_TOKENS - 1; -1 gives 0.
 */
int
dtc_name_token_code(int id)
{
	return id >= 0 && id < DTC_NAME_TOKENS ? dtc_name_count_code[id] : 0;
}

/* Is a row, -1 for none, a name that men have and few women, behind their own? */
bool
dtc_name_is_man(int id)
{
	return id >= 0 && id < DTC_NAME_TOKENS &&
		   (dtc_name_men[id / 32] >> id % 32 & 1) != 0;
}

/* round(8 * log2(count of all tokens)), the scale of dtc_name_token_code. */
int
dtc_name_total_code(void)
{
	return DTC_NAME_TOTAL_CODE;
}

/*
 * The spelling of a row, for tests and generators.
 *
 * Sets *token to its letters (no NUL after them) and returns their number, or
 * 0 when there is no such row. Linear in the number of lengths.
 */
int
dtc_name_token_at(int id, const char **token)
{
	size_t byte = 0;

	for (size_t l = 1; l <= LONGEST && id >= 0; l++)
	{
		if (id < dtc_name_group[l])
		{
			*token = dtc_name_letters + byte + (size_t) id * l;
			return (int) l;
		}
		id -= dtc_name_group[l];
		byte += (size_t) dtc_name_group[l] * l;
	}
	return 0;
}

/*
 * May a key be a nickname? False for all but one in six of those that are not.
 *
 * key: its letters as a number, five bits each, at most seven.
 */
bool
dtc_name_maybe_nickname(uint64_t key)
{
	unsigned slot = (unsigned) (key % 509);

	return (dtc_name_nickname_slots[slot / 32] >> slot % 32 & 1) != 0;
}

/*
 * Is the first key a nickname of the second (Wawan, Hermawan)?
 *
 * nick, name: letters of the keys as numbers, five bits each, at most twelve.
 */
bool
dtc_name_nickname(uint64_t nick, uint64_t name)
{
	size_t low = 0, high = LENGTHOF(dtc_name_nicknames_of);

	while (low < high)
	{
		size_t middle = (low + high) / 2;
		const DtcNickname *row = &dtc_name_nicknames_of[middle];

		if (row->nick == nick && row->name == name)
			return true;
		if (row->nick > nick || (row->nick == nick && row->name > name))
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

/* One edit apart: a letter for another, one more or less, two exchanged? */
static bool
one_edit(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t shorter = alen < blen ? alen : blen;
	size_t head = 0, tail = 0;

	while (head < shorter && a[head] == b[head])
		head++;
	while (tail < shorter - head && a[alen - 1 - tail] == b[blen - 1 - tail])
		tail++;
	if (alen != blen)
		return head + tail == shorter;
	return head + tail + 1 == alen ||
		   (head + tail + 2 == alen && a[head] == b[head + 1] &&
			a[head + 1] == b[head]);
}

/*
 * How many people, of those that the frequency table counts, have a word that
 * is one edit from this one; its own row is not among them.
 *
 * token: upper case ASCII, len bytes, one at least. Reads the rows of three
 * lengths: some 15 microseconds.
 */
double
dtc_name_people_near(const char *token, size_t len)
{
	const char *row = dtc_name_letters;
	const uint8_t *code = dtc_name_count_code;
	double people = 0;

	for (size_t l = 1; l <= LONGEST && l <= len + 1; l++)
	{
		const char *end = row + l * dtc_name_group[l];

		if (l + 1 < len)
		{
			code += dtc_name_group[l];
			row = end;
		}
		for (; row < end; row += l, code++)
		{
			/* of three letters an edit leaves the first or the last */
			if ((row[0] == token[0] || row[l - 1] == token[len - 1] ||
				 l < 3) &&
				one_edit(token, len, row, l))
				people += exp2(*code / 8.0);
		}
	}
	return people;
}

/* Writes the letters of a key that is a number; returns how many. */
static int
decode(uint64_t code, char *key)
{
	int n = 0;

	for (uint64_t rest = code; rest != 0; rest >>= 5)
		n++;
	for (int i = n - 1; i >= 0; i--, code >>= 5)
		key[i] = (char) ('A' + (int) (code & 31) - 1);
	return n;
}

/*
 * The first row of the table of nicknames, from this one on, that has the key on
 * either side, or -1. key: letters as a number, see dtc_name_nickname(); is_nick:
 * is it the nickname?
 */
int
dtc_name_nickname_next(int row, uint64_t key, bool *is_nick)
{
	for (; (size_t) row < LENGTHOF(dtc_name_nicknames_of); row++)
	{
		const DtcNickname *r = &dtc_name_nicknames_of[row];

		*is_nick = r->nick == key;
		if (*is_nick || r->name == key)
			return row;
	}
	return -1;
}

/*
 * A row of the table of nicknames; false when there is no such row.
 *
 * nick, name: room for DTC_NAME_CODE_LETTERS letters each.
 */
bool
dtc_name_nickname_at(int row, char *nick, int *nicklen, char *name,
					 int *namelen)
{
	if (row < 0 || (size_t) row >= LENGTHOF(dtc_name_nicknames_of))
		return false;
	*nicklen = decode(dtc_name_nicknames_of[row].nick, nick);
	*namelen = decode(dtc_name_nicknames_of[row].name, name);
	return true;
}

/*
 * Id of a spelling that the frequency table does not know: DTC_NAME_UNSEEN
 * plus 15 bits of a hash (FNV-1a). Linear.
 */
uint16_t
dtc_name_spelling(const char *text, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char) text[i]) * 16777619u;
	return (uint16_t) (DTC_NAME_UNSEEN | ((h >> 15 ^ h) & 0x7FFF));
}

/* How well attested a spelling of so many people is, see name_emit.c. */
int
dtc_name_level(uint64_t count)
{
	return count < 5 ? 0 : count < 20 ? 1 : count < 200 ? 2 : 3;
}

/*
 * Writes what a stored value keeps of each token: id (low byte, high byte),
 * info, weight.
 *
 * meta: room for 4 * ntokens bytes.
 */
void
dtc_name_meta(const DtcName *name, uint8_t *meta)
{
	for (int i = 0; i < name->ntokens; i++)
	{
		const DtcNameToken *t = &name->token[i];

		meta[4 * i] = (uint8_t) (t->id & 0xFF);
		meta[4 * i + 1] = (uint8_t) (t->id >> 8);
		meta[4 * i + 2] = t->info;
		meta[4 * i + 3] = t->weight;
	}
}
