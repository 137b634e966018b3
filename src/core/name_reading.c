/*
 * name_reading.c
 *		What was meant where a word is written as nobody's: digits for letters,
 *		an apostrophe for a K, an old J, what a scanner makes of two letters,
 *		a word cut in two, two words in one.
 *
 * Whatever changes letters asks the table of names: what somebody is called is
 * left as it is.
 */
#include "core/name.h"

#include <string.h>

/* Letters that a scanner or a thumb makes of 0 to 9; '\0': none is likely. */
static const char digit_letter[] = "OIZEASGTBG";

#define KNOWN_CODE 35   /* of 20 people: round(8 log2(20)) */
#define LEAST_SCANNED 6 /* letters of a word that a scanner may have changed */

static bool
is_vowel(char c)
{
	return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}

/* Is this written like a name or a title that the tables know? */
static bool
is_known(const char *s, size_t len)
{
	return dtc_name_token_id(s, len) >= 0 || dtc_name_variant(s, len) ||
		   dtc_name_word(s, len) != DTC_WORD_NONE;
}

/*
 * Puts letters for the digits of a word of len bytes. A 1 is an I, or an L where
 * that makes a known word of an unknown one (HA1IM, HALIM).
 */
void
dtc_name_read_digits(char *s, size_t len)
{
	uint64_t ones = 0;

	for (size_t i = 0; i < len; i++)
	{
		if (s[i] == '1' && i < 64)
			ones |= UINT64_C(1) << i;
		if (s[i] >= '0' && s[i] <= '9')
			s[i] = digit_letter[s[i] - '0'];
	}
	for (size_t i = 0; i < 64 && ones >> i != 0 && !is_known(s, len); i++)
	{
		if ((ones >> i & 1) == 0)
			continue;
		s[i] = 'L';
		if (!is_known(s, len))
			s[i] = 'I';
	}
}

/*
 * Writes K for the apostrophe of a word where that makes a known word of an
 * unknown one: Ma'sum is Maksum.
 *
 * s: len bytes and room for one more a bit of hiatus, before whose letters an
 * apostrophe stood. Returns the new length.
 */
size_t
dtc_name_read_hiatus(char *s, size_t len, uint64_t hiatus)
{
	for (size_t i = 1; i < len && i < 64 && hiatus >> i != 0; i++)
	{
		if ((hiatus >> i & 1) == 0 || !is_vowel(s[i - 1]) || is_vowel(s[i]) ||
			is_known(s, len))
			continue;
		memmove(s + i + 1, s + i, len - i);
		s[i] = 'K';
		if (is_known(s, len + 1))
			len++;
		else
			memmove(s + i, s + i + 1, len - i);
	}
	return len;
}

/* round(8 log2) of how many have a spelling, or any of its class; 0: none. */
static int
code_of(const char *s, size_t len)
{
	const DtcNameVariant *v = dtc_name_variant(s, len);

	if (v != NULL)
		return v->abbreviation ? 0 : v->code;
	return dtc_name_token_code(dtc_name_token_id(s, len));
}

/* Is a word next to nobody's name, nor a title, nor short for a name? */
static bool
is_nobody(const char *s, size_t len)
{
	return len >= 2 &&
		   dtc_name_token_code(dtc_name_token_id(s, len)) < KNOWN_CODE &&
		   dtc_name_variant(s, len) == NULL &&
		   dtc_name_word(s, len) == DTC_WORD_NONE;
}

/*
 * Are two words that stand side by side one that a blank has cut (SI TI, KOM
 * ARUDIN)? Together they are a name, and by themselves neither is.
 *
 * whole: both of them, len bytes; first: letters of the first one.
 */
bool
dtc_name_is_cut(const char *whole, size_t len, size_t first)
{
	return len >= 4 && is_nobody(whole, first) &&
		   is_nobody(whole + first, len - first) &&
		   code_of(whole, len) >= KNOWN_CODE;
}

/* Copies a word with one pair of letters for another; false: it has none. */
static bool
replaced(const char *s, size_t len, const char *from, const char *to,
		 char *out, size_t *outlen)
{
	size_t flen = strlen(from), tlen = strlen(to), n = 0;
	bool any = false;

	for (size_t i = 0; i < len;)
	{
		if (i + flen <= len && memcmp(s + i, from, flen) == 0)
		{
			memcpy(out + n, to, tlen);
			n += tlen;
			i += flen;
			any = true;
		}
		else
			out[n++] = s[i++];
	}
	*outlen = n;
	return any;
}

/* The same with y for each J before a vowel that is not the J of DJ or NJ. */
static bool
other_j(const char *s, size_t len, char y, char *out)
{
	bool any = false;

	for (size_t i = 0; i < len; i++)
	{
		bool is_y = s[i] == 'J' && i + 1 < len && is_vowel(s[i + 1]) &&
					(i == 0 || strchr("DNST", s[i - 1]) == NULL);

		out[i] = is_y ? y : s[i];
		any |= is_y;
	}
	return any;
}

/*
 * The known name that a word is another writing of: a J from before 1972 in one
 * beside a word of the old spelling (NOER HAJATI), the dl of Java for dh, and
 * letters that a scanner has taken for others (RAHRNAT, WICLODO).
 *
 * own: round(8 log2) of how many are called so; old: another word of the name
 * shows the old spelling. out: room for
 * DTC_NAME_READ_BYTES. Returns the bytes written, 0 if there is none.
 */
size_t
dtc_name_read(const char *s, size_t len, int own, bool old, char *out)
{
	static const struct
	{
		char from[3], to[3];
		bool scanned;
	} reading[] = {{"DL", "DH", false}, {"DL", "D", false}, {"YY", "Y", false},
				   {"RN", "M", true},   {"CL", "D", true},  {"VV", "W", true}};
	size_t n;
	int other;

	if (len < 4 || 2 * len > DTC_NAME_READ_BYTES)
		return 0;
	if (old && own < KNOWN_CODE && other_j(s, len, 'Z', out))
	{
		other = code_of(out, len);
		other_j(s, len, 'Y', out);
		if (code_of(out, len) >= KNOWN_CODE && code_of(out, len) > other)
			return len;
	}
	for (size_t i = 0; i < sizeof(reading) / sizeof(reading[0]) && own == 0;
		 i++)
	{
		if (reading[i].scanned && len < LEAST_SCANNED)
			continue;
		if (replaced(s, len, reading[i].from, reading[i].to, out, &n) &&
			code_of(out, n) >= KNOWN_CODE)
			return n;
	}
	return 0;
}

/*
 * Where the second part of ABDULAZIZ, ABDURRAHMAN, ABDUSSALAM begins, or 0:
 * the article's l becomes the letter that follows it, written once or twice.
 */
size_t
dtc_name_abdul_rest(const char *s, size_t len)
{
	size_t rest = 4;

	if (len < 8 || memcmp(s, "ABDU", 4) != 0)
		return 0;
	if (s[4] == 'L' || s[4] == s[5])
		rest = 5;
	return len - rest >= 4 ? rest : 0;
}

/*
 * Where the second part of DULHAMID and DURAHMAN begins, or 0: Abdul as old
 * Javanese and Madurese write it, before what is a name by itself. Dulkarnain is
 * Zulkarnain.
 */
size_t
dtc_name_dul_rest(const char *s, size_t len)
{
	if (len < 7 || memcmp(s, "DU", 2) != 0 || memcmp(s, "DULKARN", 7) == 0)
		return 0;
	if (s[2] == 'L' && code_of(s + 3, len - 3) >= KNOWN_CODE)
		return 3;
	if (s[2] == 'R' && (s[3] == 'A' || s[3] == 'O') &&
		dtc_name_variant(s + 2, len - 2) != NULL)
		return 2;
	return 0;
}

/* A token of consonants that is written for one letter: Dj., Sy., Th. */
bool
dtc_name_is_digraph(const char *s, size_t len)
{
	static const char digraphs[] = "DJTJSJSYCHKHNYTHPH";

	for (size_t i = 0; len == 2 && i + 1 < sizeof(digraphs); i += 2)
	{
		if (memcmp(s, digraphs + i, 2) == 0)
			return true;
	}
	return false;
}

/*
 * What letters at the beginning of a name stand for: the castes of Bali, and the
 * saint of who is FX. NULL if they stand for nothing.
 */
const DtcExpansion *
dtc_name_expansion(const char *s, size_t len)
{
	static const DtcExpansion expansions[] = {
		{"AA", false, {DTC_TOKEN_ORDER, DTC_TOKEN_ORDER}, {"ANAK", "AGUNG"}},
		{"FX",
		 false,
		 {DTC_TOKEN_NAME, DTC_TOKEN_NAME},
		 {"FRANSISKUS", "XAVERIUS"}},
		{"IA", false, {DTC_TOKEN_PARTICLE, DTC_TOKEN_ORDER}, {"IDA", "AYU"}},
		{"IB", false, {DTC_TOKEN_PARTICLE, DTC_TOKEN_ORDER}, {"IDA", "BAGUS"}},
		{"IG", true, {DTC_TOKEN_PARTICLE, DTC_TOKEN_ORDER}, {"I", "GUSTI"}},
		{"IGA",
		 false,
		 {DTC_TOKEN_PARTICLE, DTC_TOKEN_ORDER, DTC_TOKEN_ORDER},
		 {"I", "GUSTI", "AYU"}},
		{"IGK",
		 false,
		 {DTC_TOKEN_PARTICLE, DTC_TOKEN_ORDER, DTC_TOKEN_ORDER},
		 {"I", "GUSTI", "KETUT"}},
		{"IGM",
		 false,
		 {DTC_TOKEN_PARTICLE, DTC_TOKEN_ORDER, DTC_TOKEN_ORDER},
		 {"I", "GUSTI", "MADE"}},
		{"IGP",
		 false,
		 {DTC_TOKEN_PARTICLE, DTC_TOKEN_ORDER, DTC_TOKEN_ORDER},
		 {"I", "GUSTI", "PUTU"}},
		{"IGN",
		 true,
		 {DTC_TOKEN_PARTICLE, DTC_TOKEN_ORDER, DTC_TOKEN_ORDER},
		 {"I", "GUSTI", "NGURAH"}}};

	for (size_t i = 0; i < sizeof(expansions) / sizeof(expansions[0]); i++)
	{
		if (strlen(expansions[i].letters) == len &&
			memcmp(s, expansions[i].letters, len) == 0)
			return &expansions[i];
	}
	return NULL;
}
