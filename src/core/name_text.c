/*
 * name_text.c
 *		Reads one character of a name: UTF-8 to upper case ASCII where there
 *		is a Latin base letter, else to a class.
 *
 * The table is small and our own, so that a folded name does not change with
 * the Unicode or locale data of a machine. Bytes that are no UTF-8 (a server
 * with another encoding that was not converted) count as symbols one by one.
 */
#include "core/name.h"

#include <string.h>

/*
 * U+00C0 to U+017F, two characters each: base letters, a blank for none.
 * Worked example: U+00C9 (E with acute) is entry 9, "E ".
 */
static const char latin_base[] =
	/* 00C0 */ "A A A A A A AEC E E E E I I I I "
			   /* 00D0 */ "D N O O O O O   O U U U U Y THSS"
			   /* 00E0 */ "A A A A A A AEC E E E E I I I I "
			   /* 00F0 */ "D N O O O O O   O U U U U Y THY "
			   /* 0100 */ "A A A A A A C C C C C C C C D D "
			   /* 0110 */ "D D E E E E E E E E E E G G G G "
			   /* 0120 */ "G G G G H H H H I I I I I I I I "
			   /* 0130 */ "I I IJIJJ J K K K L L L L L L L "
			   /* 0140 */ "L L L N N N N N N N N N O O O O "
			   /* 0150 */ "O O OEOER R R R R R S S S S S S "
			   /* 0160 */ "S S T T T T T T U U U U U U U U "
			   /* 0170 */ "U U U U W W Y Y Y Z Z Z Z Z Z S ";

/* Reads a code point; *bytes is 1 and the result UINT32_MAX when malformed. */
static uint32_t
decode(const unsigned char *s, size_t len, uint8_t *bytes)
{
	int extra = s[0] < 0x80 ? 0 : s[0] < 0xE0 ? 1 : s[0] < 0xF0 ? 2 : 3;
	uint32_t c = s[0];

	*bytes = 1;
	if (extra == 0)
		return c;
	if (s[0] < 0xC2 || s[0] > 0xF4 || (size_t) extra >= len)
		return UINT32_MAX;
	c = s[0] & (0x3F >> extra);
	for (int i = 1; i <= extra; i++)
	{
		if ((s[i] & 0xC0) != 0x80)
			return UINT32_MAX;
		c = c << 6 | (s[i] & 0x3F);
	}
	*bytes = (uint8_t) (extra + 1);
	return c;
}

static DtcGlyphClass
ascii_class(uint32_t c)
{
	if (c < 0x20 || c == 0x7F)
		return DTC_GLYPH_CONTROL;
	switch (c)
	{
		case '.':
			return DTC_GLYPH_DOT;
		case ',':
		case ';':
			return DTC_GLYPH_COMMA;
		case '(':
		case '[':
		case '{':
			return DTC_GLYPH_OPEN;
		case ')':
		case ']':
		case '}':
			return DTC_GLYPH_CLOSE;
		case '\'':
		case '`':
			return DTC_GLYPH_IGNORED;
		default:
			return DTC_GLYPH_SPACE; /* all other punctuation separates */
	}
}

static DtcGlyphClass
wide_class(uint32_t c)
{
	/* C1, line ends, and what makes the rest of a line read backwards */
	if (c < 0xA0 || (c >= 0x2028 && c <= 0x202E) ||
		(c >= 0x2066 && c <= 0x2069))
		return DTC_GLYPH_CONTROL;
	if (c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
		c == 0x205F || c == 0x3000 || (c >= 0x2010 && c <= 0x2015) ||
		c == 0x2212 || (c >= 0x201C && c <= 0x201F) || c == 0xAB || c == 0xBB)
		return DTC_GLYPH_SPACE;
	if (c == 0xB4 || c == 0xAD || (c >= 0x2B9 && c <= 0x2BF) ||
		(c >= 0x2018 && c <= 0x201B) || c == 0x2032 ||
		(c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) ||
		(c >= 0x2060 && c <= 0x206F) || c == 0xFEFF)
		return DTC_GLYPH_IGNORED;
	return DTC_GLYPH_SYMBOL;
}

/*
 * Classifies the first character of a text.
 *
 * text: len bytes, len at least 1, UTF-8 or anything else.
 * Never fails; bytes of the result says how far to go on.
 */
DtcGlyph
dtc_name_glyph(const char *text, size_t len)
{
	DtcGlyph g = {DTC_GLYPH_SYMBOL, 1, 0, {0, 0}};
	uint32_t c = decode((const unsigned char *) text, len, &g.bytes);

	if (c == UINT32_MAX)
		return g;
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFF01 - 0x21; /* full width forms of ASCII */
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	if (c >= 'A' && c <= 'Z')
		g.class = DTC_GLYPH_LETTER;
	else if (c >= '0' && c <= '9')
		g.class = DTC_GLYPH_DIGIT;
	else if (c < 0x80)
		g.class = ascii_class(c);
	else if (c >= 0xC0 && c <= 0x17F && latin_base[2 * (c - 0xC0)] != ' ')
	{
		const char *base = latin_base + 2 * (c - 0xC0);

		g.class = DTC_GLYPH_LETTER;
		g.nletter = base[1] == ' ' ? 1 : 2;
		g.letter[0] = base[0];
		g.letter[1] = base[1];
		return g;
	}
	else
		g.class = wide_class(c);
	g.nletter = 1;
	g.letter[0] = (char) c;
	return g;
}
