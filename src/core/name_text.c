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
 * U+00C0 to U+023F, two characters each: base letters, a blank for none.
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
			   /* 0170 */ "U U U U W W Y Y Y Z Z Z Z Z Z S "
			   /* 0180 */ "                                "
			   /* 0190 */ "                                "
			   /* 01A0 */ "O O                           U "
			   /* 01B0 */ "U                               "
			   /* 01C0 */ "        DZDZDZLJLJLJNJNJNJA A I "
			   /* 01D0 */ "I O O U U U U U U U U U U   A A "
			   /* 01E0 */ "A A AEAE    G G K K O O O O     "
			   /* 01F0 */ "J DZDZDZG G     N N A A AEAEO O "
			   /* 0200 */ "A A A A E E E E I I I I O O O O "
			   /* 0210 */ "R R R R U U U U S S T T     H H "
			   /* 0220 */ "            A A E E O O O O O O "
			   /* 0230 */ "O O Y Y                         ";

/* The same of U+1E00 to U+1EFF, which scholars write Arabic with. */
static const char latin_more[] =
	/* 1E00 */ "A A B B B B B B C C D D D D D D "
			   /* 1E10 */ "D D D D E E E E E E E E E E F F "
			   /* 1E20 */ "G G H H H H H H H H H H I I I I "
			   /* 1E30 */ "K K K K K K L L L L L L L L M M "
			   /* 1E40 */ "M M M M N N N N N N N N O O O O "
			   /* 1E50 */ "O O O O P P P P R R R R R R R R "
			   /* 1E60 */ "S S S S S S S S S S T T T T T T "
			   /* 1E70 */ "T T U U U U U U U U U U V V V V "
			   /* 1E80 */ "W W W W W W W W W W X X X X Y Y "
			   /* 1E90 */ "Z Z Z Z Z Z H T W Y A S     SS  "
			   /* 1EA0 */ "A A A A A A A A A A A A A A A A "
			   /* 1EB0 */ "A A A A A A A A E E E E E E E E "
			   /* 1EC0 */ "E E E E E E E E I I I I O O O O "
			   /* 1ED0 */ "O O O O O O O O O O O O O O O O "
			   /* 1EE0 */ "O O O O U U U U U U U U U U U U "
			   /* 1EF0 */ "U U Y Y Y Y Y Y Y Y             ";

/* The entry of a character, or NULL. */
static const char *
latin_letters(uint32_t c)
{
	const char *base = NULL;

	if (c >= 0xC0 && c <= 0x23F)
		base = latin_base + 2 * (c - 0xC0);
	else if (c >= 0x1E00 && c <= 0x1EFF)
		base = latin_more + 2 * (c - 0x1E00);
	return base != NULL && *base != ' ' ? base : NULL;
}

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
			return DTC_GLYPH_APOSTROPHE;
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
	if (c == 0xB4 || (c >= 0x2B9 && c <= 0x2BF) ||
		(c >= 0x2018 && c <= 0x201B) || c == 0x2032)
		return DTC_GLYPH_APOSTROPHE;
	if (c == 0xAD || (c >= 0x300 && c <= 0x36F) ||
		(c >= 0x200B && c <= 0x200F) || (c >= 0x2060 && c <= 0x206F) ||
		c == 0xFEFF)
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
	const char *base;

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
	else if ((base = latin_letters(c)) != NULL)
	{
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

/* A blank of any width, the no-break ones included. */
static bool
is_blank(const char *text, const DtcGlyph *g)
{
	const unsigned char *u = (const unsigned char *) text;

	if (g->bytes == 1)
		return *u == ' ';
	if (g->bytes == 2)
		return u[0] == 0xC2 && u[1] == 0xA0;
	return (u[0] == 0xE2 && u[1] == 0x80 && (u[2] <= 0x8A || u[2] == 0xAF)) ||
		   memcmp(u, "\xE2\x81\x9F", 3) == 0 ||
		   memcmp(u, "\xE3\x80\x80", 3) == 0;
}

/*
 * What programs leave in a text and nobody sees: soft hyphen, zero width
 * space, marks of direction, byte order mark. Joiners belong to some scripts.
 */
static bool
is_residue(const char *text, const DtcGlyph *g)
{
	if (g->bytes == 2)
		return memcmp(text, "\xC2\xAD", 2) == 0;
	if (g->bytes != 3)
		return false;
	return memcmp(text, "\xE2\x80\x8B", 3) == 0 ||
		   memcmp(text, "\xE2\x80\x8E", 3) == 0 ||
		   memcmp(text, "\xE2\x80\x8F", 3) == 0 ||
		   memcmp(text, "\xEF\xBB\xBF", 3) == 0;
}

/*
 * Cleans a text for the forgiving constructor: control characters and runs of
 * blanks become one space, blanks at the ends and what nobody sees go. Nothing
 * else changes.
 *
 * text: len bytes; out: room for len bytes. Returns the bytes written. Linear.
 */
size_t
dtc_name_clean(const char *text, size_t len, char *out)
{
	size_t n = 0;
	bool blank = false;

	for (size_t i = 0; i < len;)
	{
		DtcGlyph g = dtc_name_glyph(text + i, len - i);

		if (g.class == DTC_GLYPH_CONTROL || is_blank(text + i, &g))
			blank = n > 0;
		else if (!is_residue(text + i, &g))
		{
			if (blank)
				out[n++] = ' ';
			blank = false;
			memcpy(out + n, text + i, g.bytes);
			n += g.bytes;
		}
		i += g.bytes;
	}
	return n;
}

/*
 * The name in one spelling: canonical tokens, BIN before the father's name,
 * the second name in brackets.
 *
 * out: room for size bytes, NUL-terminated. Returns the bytes that the whole
 * needs without the NUL; it was cut when that is size or more. Linear.
 */
size_t
dtc_name_normal(const DtcName *name, char *out, size_t size)
{
	size_t n = 0;
	uint8_t seen = 0;

	for (int i = 0; i <= name->ntokens; i++)
	{
		/* after the last token comes what closes the second name */
		const DtcNameToken *t = i < name->ntokens ? &name->token[i] : NULL;
		uint8_t info = t != NULL ? t->info : 0;
		char text[16];

		strcpy(text, i == name->ntokens ? "" : i > 0 ? " " : "");
		if (info & ~seen & DTC_TOKEN_ALIAS)
			strcat(text, "(");
		if (info & ~seen & DTC_TOKEN_FATHER && i > 0 &&
			!(info & ~seen & DTC_TOKEN_ALIAS))
			strcat(text, "BIN "); /* all of a name: her husband's */
		if (i == name->ntokens && seen & DTC_TOKEN_ALIAS)
			strcat(text, ")");
		seen = info;
		for (int part = 0; part < 2; part++)
		{
			const char *from =
				part == 0 || t == NULL ? text : name->canonical + t->text;
			size_t len = part == 0 ? strlen(text) : t == NULL ? 0 : t->textlen;

			for (size_t k = 0; k < len; k++, n++)
			{
				if (n + 1 < size)
					out[n] = from[k];
			}
		}
	}
	if (size > 0)
		out[n < size ? n : size - 1] = '\0';
	return n;
}
