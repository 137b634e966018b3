/*
 * digits.c
 *		Numbers of exactly 16 decimal digits: reading, diagnosing, cleaning.
 */
#include "core/digits.h"

#include <string.h>

#define HALF INT64_C(100000000) /* ten to the eighth */

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Reads exactly 16 ASCII digits.
 *
 * text: len bytes, need not end with NUL; value: set when the answer is true,
 * 0 to DTC_DIGITS_MAX. Anything else, spaces included, is false.
 */
bool
dtc_digits_parse(const char *text, size_t len, int64_t *value)
{
	uint32_t high = 0;
	uint32_t low = 0;
	unsigned bad = 0;

	if (len != DTC_DIGITS)
		return false;
	for (int i = 0; i < 8; i++)
	{
		unsigned a = (unsigned char) text[i] - (unsigned) '0';
		unsigned b = (unsigned char) text[i + 8] - (unsigned) '0';

		bad |= (a > 9) | (b > 9);
		high = high * 10 + a;
		low = low * 10 + b;
	}
	if (bad)
		return false;
	*value = (int64_t) high * HALF + low;
	return true;
}

/*
 * Writes a value of 0 to DTC_DIGITS_MAX as 16 digits with leading zeros.
 *
 * out: room for 16 bytes; no NUL is written.
 */
void
dtc_digits_write(int64_t value, char *out)
{
	uint32_t high = (uint32_t) (value / HALF);
	uint32_t low = (uint32_t) (value % HALF);

	for (int i = 7; i >= 0; i--)
	{
		out[i] = (char) ('0' + high % 10);
		out[i + 8] = (char) ('0' + low % 10);
		high /= 10;
		low /= 10;
	}
}

/* Eight decimal digits in eight nibbles, the first digit highest. */
static inline uint64_t
pack8(uint32_t value)
{
	/* two numbers of four digits, then four of two, then eight of one */
	uint64_t x = (uint64_t) (value / 10000) << 32 | value % 10000;
	uint64_t q = ((x * 10486) >> 20) & UINT64_C(0x0000007f0000007f);

	x = (q << 16) | (x - q * 100);
	q = ((x * 103) >> 10) & UINT64_C(0x000f000f000f000f);
	x = (q << 8) | (x - q * 10);
	/* bytes to nibbles */
	x = (x | x >> 4) & UINT64_C(0x00ff00ff00ff00ff);
	x = (x | x >> 8) & UINT64_C(0x0000ffff0000ffff);
	return (x | x >> 16) & UINT64_C(0xffffffff);
}

/*
 * The 16 digits of a value of 0 to DTC_DIGITS_MAX, one in each nibble, the
 * first digit in the highest.
 */
uint64_t
dtc_digits_pack(int64_t value)
{
	return pack8((uint32_t) (value / HALF)) << 32 |
		   pack8((uint32_t) (value % HALF));
}

/*
 * Does the text from the first character that is no digit look like what a
 * spreadsheet makes of a number: 3.2160E+15, 3,2160E+15, 3E15?
 */
static bool
is_scientific(const char *text, size_t len)
{
	size_t i = 0;
	size_t digits = 0;

	if (i < len && (text[i] == '+' || text[i] == '-'))
		i++;
	while (i < len && is_digit(text[i]))
		i++, digits++;
	if (i < len && (text[i] == '.' || text[i] == ','))
		i++;
	while (i < len && is_digit(text[i]))
		i++, digits++;
	if (digits == 0 || i >= len || (text[i] != 'e' && text[i] != 'E'))
		return false;
	i++;
	if (i < len && (text[i] == '+' || text[i] == '-'))
		i++;
	if (i >= len)
		return false;
	while (i < len && is_digit(text[i]))
		i++;
	return i == len;
}

/* Digits, one point or comma, then zeros to the end: a number with decimals. */
static bool
is_decimal(const char *text, size_t len, size_t point)
{
	size_t i = point + 1;

	if (point == 0 || (text[point] != '.' && text[point] != ','))
		return false;
	while (i < len && text[i] == '0')
		i++;
	return i == len;
}

/* Three bytes of UTF-8 that are a full-width digit, U+FF10 to U+FF19. */
static bool
is_full_width(const unsigned char *s, size_t len)
{
	return len >= 3 && s[0] == 0xef && s[1] == 0xbc && s[2] >= 0x90 &&
		   s[2] <= 0x99;
}

/* Three bytes of UTF-8 that are a typographic single quote. */
static bool
is_curly_apostrophe(const unsigned char *s, size_t len)
{
	return len >= 3 && s[0] == 0xe2 && s[1] == 0x80 &&
		   (s[2] == 0x98 || s[2] == 0x99);
}

/*
 * Length in bytes of a space of any kind at the start of UTF-8 text, 0 when
 * there is none: no-break, figure and thin spaces, the byte order mark and
 * other marks of no width, the ideographic space.
 */
static size_t
unicode_space(const unsigned char *s, size_t len)
{
	if (len >= 2 && s[0] == 0xc2 && s[1] == 0xa0)
		return 2;
	if (len < 3)
		return 0;
	if (s[0] == 0xe2 && s[1] == 0x80 &&
		((s[2] >= 0x80 && s[2] <= 0x8f) || s[2] == 0xaf))
		return 3;
	if (s[0] == 0xe2 && s[1] == 0x81 && (s[2] == 0x9f || s[2] == 0xa0))
		return 3;
	if (s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf)
		return 3;
	if (s[0] == 0xe3 && s[1] == 0x80 && s[2] == 0x80)
		return 3;
	return 0;
}

/*
 * Says what keeps a text from being 16 digits.
 *
 * text: len bytes in any encoding that holds ASCII as it is; that a wrong
 * character is a full-width digit or a Unicode space is seen in UTF-8 only.
 * problem: filled; fault is DTC_DIGITS_OK when dtc_digits_parse() takes it.
 */
void
dtc_digits_diagnose(const char *text, size_t len, DtcDigitsProblem *problem)
{
	const unsigned char *s;
	size_t first = len; /* first character that is no digit */
	size_t rest;

	memset(problem, 0, sizeof(*problem));
	for (size_t i = len; i-- > 0;)
	{
		if (is_digit(text[i]))
			problem->digits++;
		else
			first = i;
	}
	if (first == len)
	{
		if (len == 0)
			problem->fault = DTC_DIGITS_EMPTY;
		else if (len < DTC_DIGITS)
			problem->fault = DTC_DIGITS_TOO_FEW;
		else if (len > DTC_DIGITS)
			problem->fault = DTC_DIGITS_TOO_MANY;
		return;
	}
	s = (const unsigned char *) text + first;
	rest = len - first;
	problem->position = (int) first + 1;
	if (is_scientific(text, len))
		problem->fault = DTC_DIGITS_SCIENTIFIC;
	else if (is_decimal(text, len, first))
		problem->fault = DTC_DIGITS_DECIMAL;
	else if ((*s | 0x20) >= 'a' && (*s | 0x20) <= 'z')
		problem->fault = DTC_DIGITS_LETTER;
	else if (is_full_width(s, rest))
		problem->fault = DTC_DIGITS_FULL_WIDTH;
	else if (*s == '\n' || *s == '\r')
		problem->fault = DTC_DIGITS_NEWLINE;
	else if (*s == ' ' || unicode_space(s, rest) > 0)
		problem->fault = DTC_DIGITS_SPACE;
	else if (*s < 0x20 || *s == 0x7f)
		problem->fault = DTC_DIGITS_CONTROL;
	else if (*s == '\'' || *s == '`' || is_curly_apostrophe(s, rest))
		problem->fault = DTC_DIGITS_APOSTROPHE;
	else if (*s == '.' || *s == '-' || *s == '/' || *s == ',')
		problem->fault = DTC_DIGITS_SEPARATOR;
	else
		problem->fault = DTC_DIGITS_OTHER;
}

/*
 * A stable name of a fault for programs, NULL for DTC_DIGITS_OK. Names are
 * never changed: import reports are stored.
 */
const char *
dtc_digits_fault_code(DtcDigitsFault fault)
{
	switch (fault)
	{
		case DTC_DIGITS_OK:
			return NULL;
		case DTC_DIGITS_EMPTY:
			return "empty";
		case DTC_DIGITS_TOO_FEW:
			return "too_few_digits";
		case DTC_DIGITS_TOO_MANY:
			return "too_many_digits";
		case DTC_DIGITS_LETTER:
			return "letter";
		case DTC_DIGITS_FULL_WIDTH:
			return "full_width_digit";
		case DTC_DIGITS_SPACE:
			return "space";
		case DTC_DIGITS_NEWLINE:
			return "newline";
		case DTC_DIGITS_CONTROL:
			return "control_character";
		case DTC_DIGITS_APOSTROPHE:
			return "apostrophe";
		case DTC_DIGITS_SEPARATOR:
			return "separator";
		case DTC_DIGITS_DECIMAL:
			return "decimal_number";
		case DTC_DIGITS_SCIENTIFIC:
			return "scientific_notation";
		case DTC_DIGITS_OTHER:
			break;
	}
	return "other_character";
}

/* Length of white space at the start of the text, 0 when there is none. */
static size_t
space_at(const unsigned char *s, size_t len, bool utf8)
{
	if (len == 0)
		return 0;
	if (*s == ' ' || (*s >= '\t' && *s <= '\r'))
		return 1;
	return utf8 ? unicode_space(s, len) : 0;
}

/* Length of a quotation mark at the start of the text, 0 when none. */
static size_t
quote_at(const unsigned char *s, size_t len, bool utf8)
{
	if (len == 0)
		return 0;
	if (*s == '\'' || *s == '"' || *s == '`')
		return 1;
	if (utf8 && len >= 3 && s[0] == 0xe2 && s[1] == 0x80 &&
		(s[2] == 0x98 || s[2] == 0x99 || s[2] == 0x9c || s[2] == 0x9d))
		return 3;
	return 0;
}

/* Length of white space or, if asked for, a quote that ends the text. */
static size_t
ends_with(const unsigned char *s, size_t len, bool utf8,
		  size_t (*at)(const unsigned char *, size_t, bool))
{
	for (size_t n = 1; n <= 3 && n <= len; n++)
	{
		if (at(s + len - n, n, utf8) == n)
			return n;
	}
	return 0;
}

/*
 * Takes what is no part of the number off both ends and writes the rest with
 * each separator as one ASCII character.
 *
 * Taken off: white space; then the frame ="..." that keeps spreadsheets from
 * touching a number, or at most one quotation mark or apostrophe at either
 * end; then white space again. In the rest an ASCII digit stays, a full-width
 * digit becomes ASCII, a space between becomes ' ', a dash of any kind '-',
 * '.' and '/' stay. A line end or tab inside and every other character is a
 * refusal.
 *
 * text: len bytes; utf8: whether bytes above 127 are UTF-8 (else they are
 * refused); out: room for size bytes, NUL added.
 * Returns the length of out, 0 when nothing is left, refused or too long.
 */
size_t
dtc_digits_strip(const char *text, size_t len, bool utf8, char *out,
				 size_t size)
{
	const unsigned char *s = (const unsigned char *) text;
	size_t n;
	size_t length = 0;

	for (int round = 0; round < 2; round++)
	{
		while ((n = space_at(s, len, utf8)) > 0)
			s += n, len -= n;
		while ((n = ends_with(s, len, utf8, space_at)) > 0)
			len -= n;
		if (round > 0)
			break;
		if (len >= 4 && s[0] == '=' && s[1] == '"' && s[len - 1] == '"')
		{
			s += 2;
			len -= 3;
			continue;
		}
		n = quote_at(s, len, utf8);
		s += n, len -= n;
		len -= ends_with(s, len, utf8, quote_at);
	}
	while (len > 0)
	{
		char c;

		n = 1;
		if (is_digit((char) *s) || *s == '.' || *s == '-' || *s == '/')
			c = (char) *s;
		else if (*s >= '\t' && *s <= '\r')
			return 0;
		else if ((n = space_at(s, len, utf8)) > 0)
			c = ' ';
		else if (utf8 && is_full_width(s, len))
		{
			c = (char) ('0' + s[2] - 0x90);
			n = 3;
		}
		else if (utf8 && len >= 3 && s[0] == 0xe2 && s[1] == 0x80 &&
				 s[2] >= 0x90 && s[2] <= 0x95)
		{
			c = '-';
			n = 3;
		}
		else
			return 0;
		if (length + 1 >= size)
			return 0;
		out[length++] = c;
		s += n, len -= n;
	}
	out[length] = '\0';
	return length;
}

/*
 * Reads 16 digits out of a text written by people and spreadsheets, as long
 * as no digit has to be guessed.
 *
 * On top of dtc_digits_strip(): spaces may stand anywhere; a dot, dash or
 * slash only singly between digits, with two digits or more on each side of it
 * and four or more after the last one, so that neither a number with decimals
 * nor one with thousands marks is taken for a grouped one. What is left must
 * be exactly 16 digits.
 */
bool
dtc_digits_clean(const char *text, size_t len, bool utf8, int64_t *value)
{
	char marked[64];
	char digits[DTC_DIGITS];
	size_t length = dtc_digits_strip(text, len, utf8, marked, sizeof(marked));
	size_t count = 0;
	size_t group = 0;
	bool separated = false;

	for (size_t i = 0; i < length; i++)
	{
		char c = marked[i];

		if (c == ' ')
			continue;
		if (is_digit(c))
		{
			if (count == DTC_DIGITS)
				return false;
			digits[count++] = c;
			group++;
		}
		else
		{
			if (group < 2)
				return false;
			group = 0;
			separated = true;
		}
	}
	if (separated && group < 4)
		return false;
	return dtc_digits_parse(digits, count, value);
}
