/*
 * name_parse.c
 *		A name as written to tokens: titles and degrees off, abbreviations
 *		expanded, keys folded.
 *
 * Steps: scan (characters to raw tokens), strip (what is no name becomes a
 * flag), emit (tokens with canonical form, key, weight). A word is only
 * stripped while a name remains, so that nobody is called nothing.
 */
#include "core/name.h"

#include <string.h>

#define MAX_RAW 128 /* raw tokens: 255 characters hold no more */

/* A token as scanned; letters are in Parser.text. */
typedef struct Raw
{
	uint16_t off;
	uint16_t len;
	uint8_t segment; /* number of commas before it in its group */
	bool dotted;     /* a full stop follows */
	bool glued;      /* only a full stop between it and the one before */
	bool alias;      /* in brackets or after "alias" */
	bool marked;     /* after an @, or a stroke between blanks */
	bool digits;     /* nothing but digits */
	bool symbols;    /* holds bytes outside ASCII */
	bool father;     /* after bin or binti */
	bool gone;       /* stripped */
} Raw;

typedef struct Parser
{
	char text[2 * DTC_NAME_MAX_BYTES];
	size_t textlen;
	Raw raw[MAX_RAW];
	int nraw;
	uint8_t flags;
	bool overflow;
	bool old;        /* a word shows the spelling from before 1972 */
	uint64_t hiatus; /* before which letters of the word an apostrophe stood */
	DtcName *name;
} Parser;

static bool
is_word(const Parser *p, const Raw *r, const char *word)
{
	return r->len == strlen(word) &&
		   memcmp(p->text + r->off, word, r->len) == 0;
}

static DtcWordKind
word_kind(const Parser *p, const Raw *r)
{
	return r->digits || r->symbols ? DTC_WORD_NONE
								   : dtc_name_word(p->text + r->off, r->len);
}

/* Ends the raw token that began at start; digits among letters are slips. */
static void
end_token(Parser *p, size_t start, Raw *pending)
{
	Raw *r;
	bool letters = false;

	if (p->textlen == start)
		return;
	if (p->nraw == MAX_RAW)
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
scan(Parser *p, const char *text, size_t len)
{
	Raw pending = {0};
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
static int
live(const Parser *p, bool alias)
{
	int n = 0;

	for (int i = 0; i < p->nraw; i++)
		n += !p->raw[i].gone && p->raw[i].alias == alias;
	return n;
}

static int
next_live(const Parser *p, int i, bool alias)
{
	for (i++; i < p->nraw; i++)
	{
		if (!p->raw[i].gone && p->raw[i].alias == alias)
			return i;
	}
	return -1;
}

/* Letters of n raw tokens from i on, without what stood between. */
static size_t
concatenate(const Parser *p, int i, int n, char *out, size_t size)
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
join_cut(Parser *p)
{
	for (int i = 0; i + 1 < p->nraw; i++)
	{
		Raw *r = &p->raw[i];

		if (r->digits || r->symbols || r[1].digits || r[1].symbols ||
			r->alias != r[1].alias || r[1].marked ||
			!dtc_name_is_cut(p->text + r->off, (size_t) r->len + r[1].len,
							 r->len))
			continue;
		/* the letters of two raw tokens stand side by side */
		r->len = (uint16_t) (r->len + r[1].len);
		r->dotted = r[1].dotted;
		memmove(r + 1, r + 2, sizeof(Raw) * (size_t) (p->nraw - i - 2));
		p->nraw--;
	}
}

/*
 * Does a raw token say that another name follows: ALIAS, ALS, or AL. behind a word
 * that is no abbreviation (HARUN AL RASYID and AL-AMIN have the article)?
 */
static bool
is_alias(const Parser *p, int i)
{
	const Raw *r = &p->raw[i];

	return word_kind(p, r) == DTC_WORD_ALIAS ||
		   (is_word(p, r, "AL") && r->dotted && i + 1 < p->nraw &&
			!p->raw[i + 1].glued && !r[-1].dotted && r[-1].len > 2);
}

/* Strips what only says that the person is dead, and "alias" itself. */
static void
strip_marks(Parser *p)
{
	bool alias = false;
	int named = live(p, false) + live(p, true);

	for (int i = 0; i < p->nraw; i++)
	{
		Raw *r = &p->raw[i];
		DtcWordKind kind = word_kind(p, r);
		char word[4];

		if (kind == DTC_WORD_DECEASED && named > 1)
		{
			r->gone = true;
			named--;
			p->flags |= DTC_NAME_DECEASED;
		}
		else if (i > 0 && named > 2 && is_alias(p, i))
			alias = r->gone = true;
		else if (i > 0 && i + 3 < p->nraw && p->raw[i + 2].glued &&
				 p->raw[i + 1].glued &&
				 concatenate(p, i, 3, word, sizeof(word)) == 3 &&
				 memcmp(word, "AKA", 3) == 0)
		{
			for (int k = i; k < i + 3; k++)
				p->raw[k].gone = true;
			alias = true;
			i += 2;
		}
		else
		{
			alias |= i > 0 && r->marked;
			r->alias |= alias;
		}
	}
	if (live(p, false) == 0)
	{
		for (int i = 0; i < p->nraw; i++)
			p->raw[i].alias = false;
	}
}

/* Notes what a title says; false when the word is none. */
static bool
note_title(Parser *p, DtcWordKind kind)
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

/* Strips titles from the front of a group, "K.H." and "N.Y." included. */
static void
strip_titles(Parser *p, bool alias)
{
	int i = next_live(p, -1, alias);

	while (i >= 0 && live(p, alias) > 1)
	{
		int next = next_live(p, i, alias);
		char pair[2];

		if (next == i + 1 && p->raw[next].glued && live(p, alias) > 2 &&
			concatenate(p, i, 2, pair, sizeof(pair)) == 2 &&
			note_title(p, dtc_name_word(pair, 2)))
		{
			p->raw[i].gone = p->raw[next].gone = true;
			i = next_live(p, next, alias);
			continue;
		}
		if (!note_title(p, word_kind(p, &p->raw[i])))
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
is_degree(const Parser *p, int i, int n, int spare)
{
	char word[16];
	const Raw *first = &p->raw[i];
	size_t len = concatenate(p, i, n, word, sizeof(word));
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
strip_degrees(Parser *p, bool alias)
{
	for (;;)
	{
		int last = -1, n;

		for (int i = next_live(p, -1, alias); i >= 0;
			 i = next_live(p, i, alias))
			last = i;
		for (n = 4; n > 0; n--)
		{
			if (last - n + 1 >= 0 && p->raw[last - n + 1].alias == alias &&
				is_degree(p, last - n + 1, n, live(p, alias) - n))
				break;
		}
		if (n == 0 && last >= 0 && p->raw[last].segment > 0 &&
			live(p, alias) > 1 && note_title(p, word_kind(p, &p->raw[last])))
			n = 1;
		else if (n > 0)
			p->flags |= DTC_NAME_TITLE;
		if (n == 0)
			return;
		for (int k = last - n + 1; k <= last; k++)
			p->raw[k].gone = true;
	}
}

/* Marks what follows bin or binti as the father's name. */
static void
mark_father(Parser *p, bool alias)
{
	bool father = false;

	for (int i = next_live(p, -1, alias), first = i; i >= 0;
		 i = next_live(p, i, alias))
	{
		if (i != first && next_live(p, i, alias) >= 0 &&
			word_kind(p, &p->raw[i]) == DTC_WORD_PATRONYM)
		{
			father = p->raw[i].gone = true;
			p->flags |= DTC_NAME_PATRONYM;
		}
		else
			p->raw[i].father = father;
	}
}

/* JAMAL AD-DIN is JAMAL UDDIN, whatever the article has become. */
static void
join_uddin(Parser *p, bool alias)
{
	static const char articles[][3] = {"AD", "AL", "ED", "EL", "UD", "UL"};
	int i = next_live(p, -1, alias); /* nobody is called just Ad-din */

	while (i >= 0 && (i = next_live(p, i, alias)) >= 0)
	{
		Raw *r = &p->raw[i];
		size_t k = 0;

		if (next_live(p, i, alias) != i + 1 || !is_word(p, r + 1, "DIN"))
			continue;
		while (k < 6 && !is_word(p, r, articles[k]))
			k++;
		if (k == 6)
			continue;
		/* the letters of two raw tokens stand side by side */
		memcpy(p->text + r->off, "UDDIN", 5);
		r->len = 5;
		r[1].gone = true;
	}
}

/* Appends len bytes to a string of a name; false when it is full. */
static bool
append(char *to, uint16_t *used, const char *text, size_t len)
{
	if (*used + len + 1 > DTC_NAME_MAX_FOLDED)
		return false;
	if (*used > 0)
		to[(*used)++] = ' ';
	memcpy(to + *used, text, len);
	*used = (uint16_t) (*used + len);
	to[*used] = '\0';
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

/*
 * How well attested a spelling is: 0 seen by fewer than 5 in the list, 1 by 5
 * to 19, 2 by 20 to 199, 3 by 200 and more. Two tokens of level 2 that differ
 * by a letter are two names, not a slip.
 */
static int
level(int code)
{
	return code < 19 ? 0 : code < 35 ? 1 : code < 61 ? 2 : 3;
}

/* The same of a number of people. */
int
dtc_name_level(uint64_t count)
{
	return count < 5 ? 0 : count < 20 ? 1 : count < 200 ? 2 : 3;
}

/* Information of a token in eighths of a bit, from its frequency. */
static uint8_t
weight(int code)
{
	return (uint8_t) (dtc_name_total_code() - (code > 0 ? code : 8));
}

#define WEIGHT_INITIAL 32 /* a letter: 4 bits */
#define WEIGHT_RADEN 6    /* R. before a name: perhaps Raden, a title; or I */
#define WEIGHT_PARTICLE 6
#define WEIGHT_ORDER 8
#define WEIGHT_SHORT 48 /* two letters: not in the table */
#define WEIGHT_DIGITS 8

/*
 * How well the spelling of row id, none if negative, is attested. Nobody is
 * called HARTTI: a slip of Hartati as well as of Harti, though the key is that
 * of Harti, who is known. But Soedjarwo is Sujarwo by rule.
 *
 * listed: a class of variants has it; code: of the class, or of the key.
 */
static int
spelling_level(int id, bool listed, int code, const char *text, size_t len)
{
	return id >= 0 || listed || dtc_name_old_spelling(text, len) ? level(code)
																 : 0;
}

/* Adds a token whose canonical form and class are known. */
static bool
emit(Parser *p, const Raw *r, const char *text, size_t len, uint8_t kind,
	 bool abbreviated)
{
	DtcName *name = p->name;
	DtcNameToken *t;
	const DtcNameVariant *v = NULL;
	char key[2 * DTC_NAME_MAX_BYTES], reading[DTC_NAME_READ_BYTES];
	size_t keylen, n;
	int id, code;
	bool listed;

	if (name->ntokens == DTC_NAME_MAX_TOKENS)
		return false;
	t = &name->token[name->ntokens];
	if (kind == DTC_TOKEN_NAME || kind == DTC_TOKEN_ORDER)
		v = dtc_name_variant(text, len);
	listed = v != NULL;
	keylen = dtc_name_fold(text, len, key, sizeof(key));
	if (v == NULL && kind == DTC_TOKEN_NAME)
		v = dtc_name_variant(key, keylen); /* a slip in a known variant */
	if (v != NULL && v->abbreviation)
		v = NULL; /* stands for itself here */
	id = kind == DTC_TOKEN_SYMBOL ? -1 : dtc_name_token_id(text, len);
	code = dtc_name_token_code(id);
	if (v == NULL && kind == DTC_TOKEN_NAME &&
		(n = dtc_name_read(text, len, code, p->old, reading)) > 0)
	{
		v = dtc_name_variant(reading, n);
		code = dtc_name_token_code(dtc_name_token_id(reading, n));
		keylen = dtc_name_fold(reading, n, key, sizeof(key));
	}
	if (v != NULL)
	{
		keylen = dtc_name_fold(v->head, strlen(v->head), key, sizeof(key));
		code = v->code;
	}
	else if (code == 0 && kind == DTC_TOKEN_NAME)
		code = dtc_name_token_code(dtc_name_token_id(key, keylen));
	t->info = (uint8_t) (kind | spelling_level(id, listed, code, text, len)
									<< DTC_TOKEN_LEVEL_SHIFT);
	if (abbreviated || kind == DTC_TOKEN_INITIAL)
	{
		/* an abbreviation is another spelling than what it stands for */
		t->id = dtc_name_spelling(p->text + r->off, r->len);
		t->info |= abbreviated ? DTC_TOKEN_ABBREVIATED : 0;
	}
	else
		t->id = id >= 0 ? (uint16_t) id : dtc_name_spelling(text, len);
	t->info |= r->father ? DTC_TOKEN_FATHER : 0;
	t->info |= r->alias ? DTC_TOKEN_ALIAS : 0;
	if (kind == DTC_TOKEN_INITIAL)
		t->weight = name->ntokens == 0 && len == 1 && p->nraw > 1 &&
							(*text == 'R' || *text == 'I')
						? WEIGHT_RADEN
						: WEIGHT_INITIAL;
	else if (kind == DTC_TOKEN_PARTICLE)
		t->weight = WEIGHT_PARTICLE;
	else if (kind == DTC_TOKEN_ORDER)
		t->weight = WEIGHT_ORDER;
	else if (r->digits)
		t->weight = WEIGHT_DIGITS;
	else if (v != NULL && v->weight > 0)
		t->weight = v->weight;
	else if (len <= 2 && !r->symbols)
		t->weight = WEIGHT_SHORT;
	else
		t->weight = weight(code);
	if (!append(name->folded, &name->foldedlen, key, keylen) ||
		!append(name->canonical, &name->canonicallen, text, len))
		return false;
	t->keylen = (uint16_t) keylen;
	t->key = (uint16_t) (name->foldedlen - keylen);
	t->textlen = (uint16_t) len;
	t->text = (uint16_t) (name->canonicallen - len);
	name->ntokens++;
	return true;
}

/*
 * Is a word written short: without its vowels (Bbg, Hsb, Sgt; no name has none
 * but Ng and its like, which are compared as they stand), or with a full stop and
 * nobody's name (Ag., Sut.)?
 */
static bool
is_short_for(const Parser *p, const Raw *r)
{
	const char *s = p->text + r->off;
	bool vowel = false;

	if (r->len > 5)
		return false;
	for (size_t i = 0; i < r->len && !vowel; i++)
		vowel = strchr("AEIOUY", s[i]) != NULL;
	if (vowel &&
		(!r->dotted || r->len > 3 || dtc_name_token_id(s, r->len) >= 0))
		return false;
	return dtc_name_variant(s, r->len) == NULL;
}

/* Adds a word that is a name: abbreviations expanded, ABDUL- split off. */
static bool
expand_name(Parser *p, const Raw *r, bool abbreviations)
{
	const char *s = p->text + r->off;
	const DtcNameVariant *v = dtc_name_variant(s, r->len);
	size_t rest;

	if (v != NULL && v->abbreviation && abbreviations)
		return emit(p, r, v->head, strlen(v->head), DTC_TOKEN_NAME, true);
	rest = v == NULL ? dtc_name_abdul_rest(s, r->len) : 0;
	if (rest > 0)
		return emit(p, r, "ABDUL", 5, DTC_TOKEN_NAME, false) &&
			   emit(p, r, s + rest, r->len - rest, DTC_TOKEN_NAME, false);
	return emit(p, r, s, r->len, DTC_TOKEN_NAME, false);
}

/* Does a name of birth order or caste follow, before which I is the article? */
static bool
before_order(const Parser *p, const Raw *r)
{
	int next = next_live(p, (int) (r - p->raw), r->alias);

	return next >= 0 && word_kind(p, &p->raw[next]) == DTC_WORD_ORDER;
}

/* Does a word stand behind the article of Balinese names, which is the first? */
static bool
after_article(const Parser *p)
{
	const DtcName *name = p->name;

	return name->ntokens == 1 && (strcmp(name->canonical, "I") == 0 ||
								  strcmp(name->canonical, "NI") == 0);
}

/* Expands a raw token and adds what it stands for. */
static bool
expand(Parser *p, const Raw *r, bool first, bool alone)
{
	const char *s = p->text + r->off;
	DtcWordKind kind;

	if (r->digits || r->symbols)
		return emit(p, r, s, r->len, DTC_TOKEN_SYMBOL, false);
	if (alone && r->len == 1)
		return emit(p, r, s, r->len, DTC_TOKEN_INITIAL, false);
	if (alone)
		return expand_name(p, r, false);
	if (first && is_word(p, r, "HM"))
		p->flags |= DTC_NAME_HAJI; /* Haji Muhammad, in one word */
	if (first &&
		(is_word(p, r, "M") || is_word(p, r, "MD") || is_word(p, r, "HM")) &&
		!(p->flags & DTC_NAME_FEMALE))
		return emit(p, r, "MUHAMMAD", 8, DTC_TOKEN_NAME, true);
	if (first && is_word(p, r, "ST"))
		return emit(p, r, "SITI", 4, DTC_TOKEN_NAME, true);
	if (first && is_word(p, r, "AL") && r->dotted)
		return emit(p, r, "ALI", 3, DTC_TOKEN_NAME, true);
	if (first &&
		(is_word(p, r, "NI") || (is_word(p, r, "I") && before_order(p, r))))
		return emit(p, r, s, r->len, DTC_TOKEN_PARTICLE, false);
	if (is_word(p, r, "MD") && after_article(p))
		return emit(p, r, "MADE", 4, DTC_TOKEN_ORDER, true);
	if (r->len == 1 || dtc_name_is_digraph(s, r->len))
		return emit(p, r, s, r->len, DTC_TOKEN_INITIAL, false);
	kind = dtc_name_word(s, r->len);
	if (kind == DTC_WORD_PARTICLE)
		return emit(p, r, s, r->len, DTC_TOKEN_PARTICLE, false);
	if (kind == DTC_WORD_ORDER)
	{
		const DtcNameVariant *v = dtc_name_variant(s, r->len);

		if (v != NULL && v->abbreviation)
			return emit(p, r, v->head, strlen(v->head), DTC_TOKEN_ORDER, true);
		return emit(p, r, s, r->len, DTC_TOKEN_ORDER, false);
	}
	if (is_short_for(p, r))
		return emit(p, r, s, r->len, DTC_TOKEN_INITIAL, false);
	return expand_name(p, r, true);
}

/* Adds the tokens of one group. */
static bool
emit_group(Parser *p, bool alias)
{
	int n = live(p, alias), first = next_live(p, -1, alias);

	for (int i = first; i >= 0; i = next_live(p, i, alias))
	{
		if (!expand(p, &p->raw[i], i == first, n == 1))
			return false;
	}
	return true;
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
	Parser p;
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
	for (int group = 0; group < 2; group++)
	{
		strip_titles(&p, group);
		strip_degrees(&p, group);
		mark_father(&p, group);
		join_uddin(&p, group);
	}
	if (p.raw[p.nraw - 1].gone || p.raw[p.nraw - 1].dotted)
		p.flags &= (uint8_t) ~DTC_NAME_CUT; /* the last name word is whole */
	name->ntokens = 0;
	name->foldedlen = name->canonicallen = 0;
	name->folded[0] = name->canonical[0] = '\0';
	if (!emit_group(&p, false) || !emit_group(&p, true))
		return DTC_NAME_TOO_LONG;
	if (live(&p, true) > 0)
		p.flags |= DTC_NAME_ALIAS;
	name->flags = p.flags;
	return DTC_NAME_OK;
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
