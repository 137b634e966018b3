/*
 * name_parse.c
 *		A name as written to tokens: titles and degrees off, abbreviations
 *		expanded, keys folded.
 *
 * Steps: scan (characters to raw tokens), strip (what is no name becomes a
 * flag), emit (tokens with canonical form, key, weight). A word is only
 * stripped while a name remains, so that nobody is called nothing.
 */
#include "core/name_parse.h"

#include <string.h>

/* What a raw token is if it is no name. */
DtcWordKind
dtc_raw_kind(const DtcNameParser *p, const DtcRaw *r)
{
	return r->digits || r->symbols ? DTC_WORD_NONE
								   : dtc_name_word(p->text + r->off, r->len);
}

/* Ends the raw token that began at start; digits among letters are slips. */
static void
end_token(DtcNameParser *p, size_t start, DtcRaw *pending)
{
	DtcRaw *r;
	bool letters = false;

	if (p->textlen == start)
		return;
	if (p->nraw == DTC_MAX_RAW)
	{
		p->overflow = true;
		return;
	}
	r = &p->raw[p->nraw++];
	*r = *pending;
	r->off = (uint16_t) start;
	r->len = (uint16_t) (p->textlen - start);
	for (size_t i = start; i < p->textlen; i++)
	{
		unsigned char c = (unsigned char) p->text[i];

		r->symbols |= c >= 0x80;
		letters |= c >= 'A';
	}
	r->digits = !letters;
	if (letters)
		dtc_name_read_digits(p->text + start, r->len);
	if (p->hiatus != 0 && letters && !r->symbols)
	{
		r->len = (uint16_t) dtc_name_read_hiatus(p->text + start, r->len,
												 p->hiatus);
		p->textlen = start + r->len;
	}
	p->hiatus = 0;
	pending->glued = pending->marked = false;
}

/* Does a stroke with blanks around it stand here? */
static bool
is_stroke(const char *text, size_t len, size_t i)
{
	return text[i] == '/' && i > 0 && i + 1 < len && text[i - 1] == ' ' &&
		   text[i + 1] == ' ';
}

/* Cuts the text into raw tokens. */
static DtcNameStatus
scan(DtcNameParser *p, const char *text, size_t len)
{
	DtcRaw pending = {0};
	size_t start = 0, chars = 0;
	int depth = 0;
	bool after_dot = false;

	for (size_t i = 0; i < len;)
	{
		DtcGlyph g = dtc_name_glyph(text + i, len - i);

		if (g.class == DTC_GLYPH_CONTROL)
			return DTC_NAME_CONTROL;
		if (++chars > DTC_NAME_MAX_CHARS)
			return DTC_NAME_TOO_LONG;
		if (g.class == DTC_GLYPH_LETTER || g.class == DTC_GLYPH_DIGIT ||
			g.class == DTC_GLYPH_SYMBOL)
		{
			if (p->textlen == start)
				pending.glued = after_dot;
			if (g.class == DTC_GLYPH_SYMBOL)
				memcpy(p->text + p->textlen, text + i, g.bytes);
			else
				memcpy(p->text + p->textlen, g.letter, g.nletter);
			p->textlen += g.class == DTC_GLYPH_SYMBOL ? g.bytes : g.nletter;
			after_dot = false;
		}
		else if (g.class == DTC_GLYPH_APOSTROPHE)
			p->hiatus |= p->textlen - start < 64
							 ? UINT64_C(1) << (p->textlen - start)
							 : 0;
		else if (g.class != DTC_GLYPH_IGNORED)
		{
			int before = p->nraw;

			end_token(p, start, &pending);
			start = p->textlen;
			if (g.class == DTC_GLYPH_DOT && p->nraw > before)
				p->raw[p->nraw - 1].dotted = true;
			after_dot =
				g.class == DTC_GLYPH_DOT && (after_dot || p->nraw > before);
			if (g.class == DTC_GLYPH_COMMA)
				pending.segment++;
			depth += g.class == DTC_GLYPH_OPEN                 ? 1
					 : g.class == DTC_GLYPH_CLOSE && depth > 0 ? -1
															   : 0;
			pending.alias = depth > 0;
			pending.marked |= text[i] == '@' || is_stroke(text, len, i);
		}
		i += g.bytes;
	}
	end_token(p, start, &pending);
	if (chars == 20 || chars == 25 || chars == 30)
		p->flags |= DTC_NAME_CUT;
	return p->overflow ? DTC_NAME_TOO_LONG : DTC_NAME_OK;
}

/* Tokens of one group (alias or not) that still count as name. */
int
dtc_raw_live(const DtcNameParser *p, bool alias)
{
	int n = 0;

	for (int i = 0; i < p->nraw; i++)
		n += !p->raw[i].gone && p->raw[i].alias == alias;
	return n;
}

/* The one of them behind raw token i; -1: none. */
int
dtc_raw_next(const DtcNameParser *p, int i, bool alias)
{
	for (i++; i < p->nraw; i++)
	{
		if (!p->raw[i].gone && p->raw[i].alias == alias)
			return i;
	}
	return -1;
}

/* How many there are from raw token i on. */
static int
live_from(const DtcNameParser *p, int i, bool alias)
{
	int n = 0;

	for (i--; (i = dtc_raw_next(p, i, alias)) >= 0;)
		n++;
	return n;
}

/* Letters of n raw tokens from i on, without what stood between. */
size_t
dtc_raw_concatenate(const DtcNameParser *p, int i, int n, char *out,
					size_t size)
{
	size_t len = 0;

	for (int k = i; k < i + n; k++)
	{
		if (len + p->raw[k].len > size)
			return 0;
		memcpy(out + len, p->text + p->raw[k].off, p->raw[k].len);
		len += p->raw[k].len;
	}
	return len;
}

/* Joins words that a blank has cut in two: SI TI AMINAH. */
static void
join_cut(DtcNameParser *p)
{
	for (int i = 0; i + 1 < p->nraw; i++)
	{
		DtcRaw *r = &p->raw[i];

		if (r->digits || r->symbols || r[1].digits || r[1].symbols ||
			r->alias != r[1].alias || r[1].marked ||
			!dtc_name_is_cut(p->text + r->off, (size_t) r->len + r[1].len,
							 r->len))
			continue;
		/* the letters of two raw tokens stand side by side */
		r->len = (uint16_t) (r->len + r[1].len);
		r->dotted = r[1].dotted;
		memmove(r + 1, r + 2, sizeof(DtcRaw) * (size_t) (p->nraw - i - 2));
		p->nraw--;
	}
}

/*
 * Does a raw token say that another name follows: ALIAS, ALS, or AL. behind a word
 * that is no abbreviation (HARUN AL RASYID and AL-AMIN have the article)?
 */
static bool
is_alias(const DtcNameParser *p, int i)
{
	const DtcRaw *r = &p->raw[i];

	return dtc_raw_kind(p, r) == DTC_WORD_ALIAS ||
		   (dtc_raw_is(p, r, "AL") && r->dotted && i + 1 < p->nraw &&
			!p->raw[i + 1].glued && !r[-1].dotted && r[-1].len > 2);
}

/* Notes what a title says; false when the word is none. */
static bool
note_title(DtcNameParser *p, DtcWordKind kind)
{
	switch (kind)
	{
		case DTC_WORD_TITLE:
			p->flags |= DTC_NAME_TITLE;
			return true;
		case DTC_WORD_TITLE_M:
			p->flags |= DTC_NAME_MALE;
			return true;
		case DTC_WORD_TITLE_F:
			p->flags |= DTC_NAME_FEMALE;
			return true;
		case DTC_WORD_HAJI:
			p->flags |= DTC_NAME_HAJI;
			return true;
		case DTC_WORD_HAJAH:
			p->flags |= DTC_NAME_HAJI | DTC_NAME_FEMALE;
			return true;
		default:
			return false;
	}
}

/*
 * Strips titles from the front of a group, "K.H." and "Raden Mas" included, or of
 * what follows raw token i.
 */
static void
strip_titles(DtcNameParser *p, int i, bool alias)
{
	i = dtc_raw_next(p, i, alias);
	while (i >= 0 && live_from(p, i, alias) > 1)
	{
		int next = dtc_raw_next(p, i, alias);
		char pair[16];
		size_t len = 0;

		if (next == i + 1 &&
			(p->raw[next].glued || dtc_raw_is(p, &p->raw[i], "RADEN")) &&
			live_from(p, i, alias) > 2)
			len = dtc_raw_concatenate(p, i, 2, pair, sizeof(pair));
		if (len > 0 && note_title(p, dtc_name_word(pair, len)))
		{
			p->raw[i].gone = p->raw[next].gone = true;
			i = dtc_raw_next(p, next, alias);
			continue;
		}
		if (!note_title(p, dtc_raw_kind(p, &p->raw[i])))
			break;
		p->raw[i].gone = true;
		i = next;
	}
}

/*
 * Is the span of n raw tokens from i a degree? spare: name tokens that stay.
 * After a comma anything in the list is, and what is dotted and short; before
 * one only what is dotted, or stands alone after two name tokens.
 */
static bool
is_degree(const DtcNameParser *p, int i, int n, int spare)
{
	char word[16];
	const DtcRaw *first = &p->raw[i];
	size_t len = dtc_raw_concatenate(p, i, n, word, sizeof(word));
	bool glued = true;

	for (int k = i; k < i + n; k++)
	{
		if (p->raw[k].digits || p->raw[k].symbols || p->raw[k].gone ||
			p->raw[k].segment != first->segment)
			return false;
		glued &= k == i || p->raw[k].glued;
	}
	if (len == 0 || spare < 1)
		return false;
	if (dtc_name_word(word, len) == DTC_WORD_DEGREE)
	{
		if (first->segment > 0)
			return true;
		if (n > 1)
			return glued || (spare > 1 && len > 2);
		return spare > 1 || (first->dotted && len > 2);
	}
	return first->segment > 0 && glued && n > 1 && len <= 6;
}

/* Strips degrees from the end of a group, and titles after a comma. */
static void
strip_degrees(DtcNameParser *p, bool alias)
{
	for (;;)
	{
		int last = -1, n;

		for (int i = dtc_raw_next(p, -1, alias); i >= 0;
			 i = dtc_raw_next(p, i, alias))
			last = i;
		for (n = 4; n > 0; n--)
		{
			if (last - n + 1 >= 0 && p->raw[last - n + 1].alias == alias &&
				is_degree(p, last - n + 1, n, dtc_raw_live(p, alias) - n))
				break;
		}
		if (n == 0 && last >= 0 && p->raw[last].segment > 0 &&
			dtc_raw_live(p, alias) > 1 &&
			note_title(p, dtc_raw_kind(p, &p->raw[last])))
			n = 1;
		else if (n > 0)
			p->flags |= DTC_NAME_TITLE;
		if (n == 0)
			return;
		for (int k = last - n + 1; k <= last; k++)
			p->raw[k].gone = true;
	}
}

/* Is a word a man's name, in whatever spelling? */
static bool
is_mans(const DtcNameParser *p, const DtcRaw *r)
{
	char key[2 * DTC_NAME_MAX_BYTES];
	int id;

	if (r->digits || r->symbols)
		return false;
	id = dtc_name_token_id(p->text + r->off, r->len);
	if (id < 0)
		id = dtc_name_token_id(
			key, dtc_name_fold(p->text + r->off, r->len, key, sizeof(key)));
	return dtc_name_is_man(id);
}

/* Does a father's name follow raw token i, which says whose child somebody is? */
static bool
is_patronym(const DtcNameParser *p, int i, bool alias)
{
	return dtc_raw_kind(p, &p->raw[i]) == DTC_WORD_PATRONYM &&
		   dtc_raw_next(p, i, alias) >= 0;
}

/*
 * Is a name that of a woman's husband: NY. SUTRISNO? It says whose wife she is,
 * as what follows binti says whose daughter, but not what she is called. Bin
 * behind it says whose son he is; binti, that the name is her own.
 */
static bool
is_husband(const DtcNameParser *p, bool alias)
{
	static const char titles[][7] = {"NY", "NYONYA", "IBU", "BU"};
	int first = dtc_raw_next(p, -1, alias);
	bool wife = false;

	for (int i = 0; i < first; i++)
	{
		for (int k = 0; k < 4 && p->raw[i].alias == alias; k++)
			wife |= dtc_raw_is(p, &p->raw[i], titles[k]);
	}
	for (int i = first; i >= 0 && wife; i = dtc_raw_next(p, i, alias))
	{
		if (i != first && is_patronym(p, i, alias))
			return dtc_raw_is(p, &p->raw[i], "BIN") ||
				   dtc_raw_is(p, &p->raw[i], "BN");
		wife = is_mans(p, &p->raw[i]);
	}
	return wife;
}

/*
 * Marks what follows bin or binti, but for his titles, as the father's name, and
 * a husband's name with his father's as a whole.
 */
static void
mark_father(DtcNameParser *p, bool alias)
{
	bool father = is_husband(p, alias);

	for (int i = dtc_raw_next(p, -1, alias), first = i; i >= 0;
		 i = dtc_raw_next(p, i, alias))
	{
		if (i != first && is_patronym(p, i, alias))
		{
			uint8_t flags = p->flags | DTC_NAME_PATRONYM;

			father = p->raw[i].gone = true;
			strip_titles(p, i, alias);
			p->flags = flags; /* the pilgrim is he */
		}
		else
			p->raw[i].father = father;
	}
}

/*
 * Does raw token i, amid a name, say that her husband's follows: SITI NY. SUTRISNO?
 * Behind the article it is short for Nyoman.
 */
static bool
is_wife_of(const DtcNameParser *p, int i)
{
	bool own = false, husband = false;

	if ((!dtc_raw_is(p, &p->raw[i], "NY") &&
		 !dtc_raw_is(p, &p->raw[i], "NYONYA")) ||
		dtc_raw_is(p, &p->raw[i - 1], "I") ||
		dtc_raw_is(p, &p->raw[i - 1], "NI"))
		return false;
	for (int k = 0; k < i; k++)
		own |= dtc_raw_kind(p, &p->raw[k]) == DTC_WORD_NONE;
	for (int k = i + 1; k < p->nraw && !p->raw[k].alias; k++)
	{
		if (dtc_raw_kind(p, &p->raw[k]) == DTC_WORD_PATRONYM)
			break;
		if (dtc_raw_kind(p, &p->raw[k]) != DTC_WORD_NONE)
			continue; /* his titles */
		if (!is_mans(p, &p->raw[k]))
			return false;
		husband = true;
	}
	return own && husband;
}

/*
 * Bin and binti before or in brackets: SITI (BINTI AHMAD) and SITI BINTI (AHMAD)
 * have a father and no second name; of SITI BINTI ALIAS NY. SUTRISNO nobody wrote
 * him down.
 */
static void
join_father(DtcNameParser *p)
{
	int first = dtc_raw_next(p, -1, true), last = -1, own;
	bool father, alias = false;

	if (first < 0)
		return;
	own = dtc_raw_next(p, -1, false);
	for (int i = own; i >= 0; i = dtc_raw_next(p, i, false))
		last = i;
	if (own < 0 || last > first)
		return;
	for (int i = last + 1; i <= first; i++)
		alias |= p->raw[i].marked || is_alias(p, i) ||
				 dtc_raw_is(p, &p->raw[i], "AKA") ||
				 dtc_raw_kind(p, &p->raw[i]) == DTC_WORD_TITLE_F;
	father = last > own && dtc_raw_kind(p, &p->raw[last]) == DTC_WORD_PATRONYM;
	if (father && alias)
		p->raw[last].gone = true;
	else if (father || is_patronym(p, first, true))
	{
		for (int i = first; i < p->nraw; i++)
			p->raw[i].alias = false;
	}
}

/* Strips what only says that the person is dead, and "alias" itself. */
static void
strip_marks(DtcNameParser *p)
{
	bool alias = false;
	int named = dtc_raw_live(p, false) + dtc_raw_live(p, true);

	for (int i = 0; i < p->nraw; i++)
	{
		DtcRaw *r = &p->raw[i];
		DtcWordKind kind = dtc_raw_kind(p, r);
		char word[4];

		if (kind == DTC_WORD_DECEASED && named > 1)
		{
			r->gone = true;
			named--;
			if (i == 0 || dtc_raw_kind(p, &r[-1]) != DTC_WORD_PATRONYM)
				p->flags |= DTC_NAME_DECEASED; /* else the father is */
		}
		else if (i > 0 && named > 2 && is_alias(p, i))
			alias = r->gone = true;
		else if (i > 0 && i + 3 < p->nraw && p->raw[i + 2].glued &&
				 p->raw[i + 1].glued &&
				 dtc_raw_concatenate(p, i, 3, word, sizeof(word)) == 3 &&
				 memcmp(word, "AKA", 3) == 0)
		{
			for (int k = i; k < i + 3; k++)
				p->raw[k].gone = true;
			alias = true;
			i += 2;
		}
		else
		{
			alias |= i > 0 && (r->marked || is_wife_of(p, i));
			r->alias |= alias;
		}
	}
	if (dtc_raw_live(p, false) == 0)
	{
		for (int i = 0; i < p->nraw; i++)
			p->raw[i].alias = false;
	}
}

/* JAMAL AD-DIN is JAMAL UDDIN, whatever the article has become. */
static void
join_uddin(DtcNameParser *p, bool alias)
{
	static const char articles[][3] = {"AD", "AL", "ED", "EL", "UD", "UL"};
	int i = dtc_raw_next(p, -1, alias); /* nobody is called just Ad-din */

	while (i >= 0 && (i = dtc_raw_next(p, i, alias)) >= 0)
	{
		DtcRaw *r = &p->raw[i];
		size_t k = 0;

		if (dtc_raw_next(p, i, alias) != i + 1 || !dtc_raw_is(p, r + 1, "DIN"))
			continue;
		while (k < 6 && !dtc_raw_is(p, r, articles[k]))
			k++;
		if (k == 6)
			continue;
		/* the letters of two raw tokens stand side by side */
		memcpy(p->text + r->off, "UDDIN", 5);
		r->len = 5;
		r[1].gone = true;
	}
}

/*
 * Parses and folds a name.
 *
 * text: len bytes, UTF-8 (other bytes count as symbols); name: filled.
 * Returns DTC_NAME_EMPTY when there is no letter, DTC_NAME_CONTROL at a
 * control character, DTC_NAME_TOO_LONG past 255 characters, 1,020 bytes or 32
 * tokens; name is then undefined. Time is linear in len but for the table
 * look-ups (a binary search a token). Uses about 8 kB of stack.
 */
DtcNameStatus
dtc_name_parse(const char *text, size_t len, DtcName *name)
{
	DtcNameParser p;
	DtcNameStatus status;
	bool letter = false;

	if (len > DTC_NAME_MAX_BYTES)
		return DTC_NAME_TOO_LONG;
	p.textlen = 0;
	p.nraw = 0;
	p.flags = 0;
	p.overflow = false;
	p.hiatus = 0;
	p.old = false;
	p.name = name;
	status = scan(&p, text, len);
	if (status != DTC_NAME_OK)
		return status;
	for (int i = 0; i < p.nraw; i++)
	{
		letter |= !p.raw[i].digits;
		p.old |= dtc_name_old_spelling(p.text + p.raw[i].off, p.raw[i].len);
	}
	if (!letter)
		return DTC_NAME_EMPTY;

	join_cut(&p);
	strip_marks(&p);
	join_father(&p);
	for (int group = 0; group < 2; group++)
	{
		strip_titles(&p, -1, group);
		strip_degrees(&p, group);
		mark_father(&p, group);
		join_uddin(&p, group);
	}
	if (p.raw[p.nraw - 1].gone || p.raw[p.nraw - 1].dotted)
		p.flags &= (uint8_t) ~DTC_NAME_CUT; /* the last name word is whole */
	name->ntokens = 0;
	name->foldedlen = name->canonicallen = 0;
	name->folded[0] = name->canonical[0] = '\0';
	if (!dtc_name_emit(&p, false) || !dtc_name_emit(&p, true))
		return DTC_NAME_TOO_LONG;
	if (dtc_raw_live(&p, true) > 0)
		p.flags |= DTC_NAME_ALIAS;
	name->flags = p.flags;
	return DTC_NAME_OK;
}
