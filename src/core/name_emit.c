/*
 * name_emit.c
 *		The words that are left of a name to tokens: abbreviations expanded, keys
 *		folded, weights looked up.
 */
#include "core/name_parse.h"

#include <string.h>

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
 * How well attested a spelling is: 0 seen by fewer than 5 in the list, 1 by 5
 * to 19, 2 by 20 to 199, 3 by 200 and more. Two tokens of level 2 that differ
 * by a letter are two names, not a slip.
 */
static int
level(int code)
{
	return code < 19 ? 0 : code < 35 ? 1 : code < 61 ? 2 : 3;
}

/* Information of a token in eighths of a bit, from its frequency. */
static uint8_t
weight(int code)
{
	return (uint8_t) (dtc_name_total_code() - (code > 0 ? code : 8));
}

#define RARE_CODE 35      /* of 20 people: round(8 log2(20)) */
#define WEIGHT_INITIAL 32 /* a letter: 4 bits */
#define WEIGHT_RADEN                                                          \
	6 /* R. before a name: perhaps Raden, a title; or I; B. for bin */
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

/*
 * May a letter at the beginning or within a name be no initial: R. for Raden, the
 * article I, B. for bin?
 */
static bool
is_more_than_initial(const DtcNameParser *p, const DtcRaw *r, const char *text)
{
	if (p->name->ntokens == 0)
		return p->nraw > 1 && (*text == 'R' || *text == 'I');
	return *text == 'B' && !r->glued &&
		   dtc_raw_next(p, (int) (r - p->raw), r->alias) >= 0;
}

/*
 * The class of a word that has none by its letters, by its key: a slip in a known
 * spelling. The classes have the h that a key has lost (HOTIDJAH, HOTIJAH); but
 * what people are called has a row of its own.
 *
 * known: somebody is called so; key: of keylen bytes, and room for one more.
 */
static const DtcNameVariant *
variant_of_key(bool known, bool ends_in_h, char *key, size_t keylen)
{
	const DtcNameVariant *v = dtc_name_variant(key, keylen);

	if (v != NULL || keylen < 4 || known || !ends_in_h)
		return v;
	key[keylen] = 'H';
	return dtc_name_variant(key, keylen + 1);
}

/* Adds a token whose canonical form and class are known. */
static bool
emit(DtcNameParser *p, const DtcRaw *r, const char *text, size_t len,
	 uint8_t kind, bool abbreviated)
{
	DtcName *name = p->name;
	DtcNameToken *t;
	const DtcNameVariant *v = NULL;
	char key[2 * DTC_NAME_MAX_BYTES + 1], reading[DTC_NAME_READ_BYTES];
	size_t keylen, n;
	int id, code;
	bool listed;

	if (name->ntokens == DTC_NAME_MAX_TOKENS)
		return false;
	t = &name->token[name->ntokens];
	if (kind == DTC_TOKEN_NAME || kind == DTC_TOKEN_ORDER)
		v = dtc_name_variant(text, len);
	listed = v != NULL;
	id = kind == DTC_TOKEN_SYMBOL ? -1 : dtc_name_token_id(text, len);
	keylen = dtc_name_fold(text, len, key, sizeof(key) - 1);
	if (v == NULL && kind == DTC_TOKEN_NAME)
		v = variant_of_key(id >= 0, text[len - 1] == 'H', key, keylen);
	if (!listed && v != NULL && *text == 'Z' && *v->head == 'Y')
		v = NULL; /* a Z may be a J, and a J a Y, but Zeni is no Yeni */
	if (v != NULL && v->abbreviation)
		v = NULL; /* stands for itself here */
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
		t->weight = len == 1 && is_more_than_initial(p, r, text)
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
is_short_for(const DtcNameParser *p, const DtcRaw *r)
{
	const char *s = p->text + r->off;
	bool vowel = false;

	if (r->len > 5)
		return false;
	for (size_t i = 0; i < r->len && !vowel; i++)
		vowel = strchr("AEIOUY", s[i]) != NULL;
	if (vowel && (!r->dotted || dtc_name_token_code(dtc_name_token_id(
									s, r->len)) >= RARE_CODE))
		return false;
	return dtc_name_variant(s, r->len) == NULL;
}

/* Is a word all that a narrow field has left of the last one: SITI NUR PA? */
static bool
is_cut_short(const DtcNameParser *p, const DtcRaw *r)
{
	return (p->flags & DTC_NAME_CUT) != 0 && r == &p->raw[p->nraw - 1] &&
		   (r->len == 2 ||
			(r->len == 3 && dtc_name_token_id(p->text + r->off, r->len) < 0));
}

/* Adds a word that is a name: abbreviations expanded, ABDUL- split off. */
static bool
expand_name(DtcNameParser *p, const DtcRaw *r, bool abbreviations)
{
	const char *s = p->text + r->off;
	const DtcNameVariant *v = dtc_name_variant(s, r->len);
	size_t rest;

	if (v != NULL && v->abbreviation && abbreviations)
		return emit(p, r, v->head, strlen(v->head), DTC_TOKEN_NAME, true);
	rest = v == NULL ? dtc_name_abdul_rest(s, r->len) : 0;
	if (v == NULL && rest == 0)
		rest = dtc_name_dul_rest(s, r->len);
	if (rest > 0)
		return emit(p, r, "ABDUL", 5, DTC_TOKEN_NAME, false) &&
			   emit(p, r, s + rest, r->len - rest, DTC_TOKEN_NAME, false);
	return emit(p, r, s, r->len, DTC_TOKEN_NAME, false);
}

/* Is a word one of n? */
static bool
is_among(const char *s, size_t len, const char (*words)[8], size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		if (strlen(words[i]) == len && memcmp(words[i], s, len) == 0)
			return true;
	}
	return false;
}

/* Is a word of birth order or caste, before which I is the article? */
static bool
is_order(const DtcNameParser *p, int i)
{
	return i >= 0 && dtc_raw_kind(p, &p->raw[i]) == DTC_WORD_ORDER;
}

/*
 * Does a word stand where the birth order of a Balinese name does: behind the
 * article or a caste, and nothing else (I Md., Luh Md., I Gusti Ayu Md., Dewa
 * Md.)? Behind Lalu and Andi, and of a pilgrim to Mecca, Md. is Muhammad.
 */
static bool
after_article(const DtcNameParser *p)
{
	static const char first[][8] = {"I",      "NI",   "IDA",    "ANAK",
									"GUSTI",  "DEWA", "LUH",    "DESAK",
									"NGAKAN", "SANG", "SAGUNG", "COKORDA"};
	const DtcName *name = p->name;

	if ((p->flags & DTC_NAME_HAJI) != 0 ||
		!is_among(name->canonical, strcspn(name->canonical, " "), first,
				  sizeof(first) / sizeof(first[0])))
		return false;
	for (int i = 1; i < name->ntokens; i++)
	{
		int kind = name->token[i].info & DTC_TOKEN_KIND;

		if (kind != DTC_TOKEN_PARTICLE && kind != DTC_TOKEN_ORDER)
			return false;
	}
	return true;
}

/*
 * Does a word stand where Bagus, Ayu, Agung and Ngurah are of a name of caste:
 * Ida Bagus, Anak Agung, I Gusti Ayu, Dewa Ayu?
 */
static bool
after_caste(const DtcNameParser *p)
{
	static const char caste[][8] = {"IDA", "ANAK", "GUSTI", "DEWA", "SANG"};
	const char *before = p->name->canonical;

	if (strncmp(before, "I ", 2) == 0)
		before += 2;
	else if (strncmp(before, "NI ", 3) == 0)
		before += 3;
	return is_among(before, strlen(before), caste,
					sizeof(caste) / sizeof(caste[0]));
}

static bool
is_caste(const DtcNameParser *p, const DtcRaw *r)
{
	return dtc_raw_is(p, r, "AGUNG") || dtc_raw_is(p, r, "AYU") ||
		   dtc_raw_is(p, r, "BAGUS") || dtc_raw_is(p, r, "BGS");
}

/*
 * Adds what letters at the beginning of a name stand for (IB., I.G.N., FX.).
 * Returns how many raw tokens they are, 0 if they stand for nothing, -1 if there is
 * no room.
 */
static int
expand_letters(DtcNameParser *p, int i)
{
	char letters[4];
	const DtcRaw *r = &p->raw[i];
	const DtcExpansion *e = NULL;
	int n = 0, next;

	if (r->len > 3)
		return 0;
	for (n = r->len == 1 ? 4 : 2; n > 1 && e == NULL;)
	{
		bool joined = i + --n < p->nraw;

		for (int k = 1; k < n && joined; k++)
			joined = r[k].len == 1 && r[k - 1].dotted && !r[k].gone &&
					 r[k].alias == r->alias;
		if (joined && dtc_raw_live(p, r->alias) > n)
			e = dtc_name_expansion(letters,
								   dtc_raw_concatenate(p, i, n, letters, 3));
	}
	if (e == NULL)
		return 0;
	next = dtc_raw_next(p, i + n - 1, r->alias);
	if ((e->before_order || (n > 1 && *letters == 'A')) &&
		!is_caste(p, &p->raw[next]) && !is_order(p, next) &&
		!dtc_raw_is(p, &p->raw[next], "MD"))
		return 0; /* A.A. are initials as well */
	for (int k = 0; k < 3 && e->word[k][0] != '\0'; k++)
	{
		if (!emit(p, r, e->word[k], strlen(e->word[k]), e->kind[k], true))
			return -1;
	}
	return n;
}

/* Is a word the first of several of a father's name: BIN M. YUSUF? */
static bool
begins_father(const DtcNameParser *p, const DtcRaw *r)
{
	int i = (int) (r - p->raw), before = -1;

	for (int k = dtc_raw_next(p, -1, r->alias); k >= 0 && k < i;
		 k = dtc_raw_next(p, k, r->alias))
		before = k;
	return r->father && (before < 0 || !p->raw[before].father) &&
		   dtc_raw_next(p, i, r->alias) >= 0;
}

/* Expands a raw token and adds what it stands for. */
static bool
expand(DtcNameParser *p, const DtcRaw *r, bool first, bool alone)
{
	const char *s = p->text + r->off;
	DtcWordKind kind;
	int next;

	if (r->digits || r->symbols)
		return emit(p, r, s, r->len, DTC_TOKEN_SYMBOL, false);
	if (alone && r->len == 1)
		return emit(p, r, s, r->len, DTC_TOKEN_INITIAL, false);
	if (alone)
		return expand_name(p, r, r->dotted); /* Moh. is, Moh may be a name */
	if (first && dtc_raw_is(p, r, "HM"))
		p->flags |= DTC_NAME_HAJI; /* Haji Muhammad, in one word */
	if ((dtc_raw_is(p, r, "M") || dtc_raw_is(p, r, "MD") ||
		 dtc_raw_is(p, r, "HM")) &&
		((first && !(p->flags & DTC_NAME_FEMALE)) || begins_father(p, r)))
		return emit(p, r, "MUHAMMAD", 8, DTC_TOKEN_NAME, true);
	if (first && dtc_raw_is(p, r, "ST"))
		return emit(p, r, "SITI", 4, DTC_TOKEN_NAME, true);
	if (first && dtc_raw_is(p, r, "AL") && r->dotted)
		return emit(p, r, "ALI", 3, DTC_TOKEN_NAME, true);
	if (first &&
		(dtc_raw_is(p, r, "NI") ||
		 (dtc_raw_is(p, r, "I") &&
		  is_order(p, dtc_raw_next(p, (int) (r - p->raw), r->alias)))))
		return emit(p, r, s, r->len, DTC_TOKEN_PARTICLE, false);
	if (first && dtc_raw_is(p, r, "IDA") &&
		(next = dtc_raw_next(p, (int) (r - p->raw), r->alias)) >= 0 &&
		is_caste(p, &p->raw[next]))
		return emit(p, r, s, r->len, DTC_TOKEN_PARTICLE, false);
	if (after_caste(p) && is_caste(p, r))
		return dtc_raw_is(p, r, "BGS")
				   ? emit(p, r, "BAGUS", 5, DTC_TOKEN_ORDER, true)
				   : emit(p, r, s, r->len, DTC_TOKEN_ORDER, false);
	if (dtc_raw_is(p, r, "MD") && after_article(p))
		return emit(p, r, "MADE", 4, DTC_TOKEN_ORDER, true);
	if (dtc_raw_is(p, r, "NY") && after_article(p))
		return emit(p, r, "NYOMAN", 6, DTC_TOKEN_ORDER, true);
	if (r->len == 1 || dtc_name_is_digraph(s, r->len) || is_cut_short(p, r))
		return emit(p, r, s, r->len, DTC_TOKEN_INITIAL, false);
	kind = dtc_name_word(s, r->len);
	if (kind == DTC_WORD_PARTICLE || kind == DTC_WORD_ORDER)
	{
		const DtcNameVariant *v = dtc_name_variant(s, r->len);
		uint8_t light =
			kind == DTC_WORD_ORDER ? DTC_TOKEN_ORDER : DTC_TOKEN_PARTICLE;

		if (v != NULL && v->abbreviation)
			return emit(p, r, v->head, strlen(v->head), light, true);
		return emit(p, r, s, r->len, light, false);
	}
	if (is_short_for(p, r))
		return emit(p, r, s, r->len, DTC_TOKEN_INITIAL, false);
	return expand_name(p, r, true);
}

/* Adds the tokens of one group. */
bool
dtc_name_emit(DtcNameParser *p, bool alias)
{
	int n = dtc_raw_live(p, alias), first = dtc_raw_next(p, -1, alias);
	int i = first, letters = first >= 0 ? expand_letters(p, first) : 0;

	if (letters > 0)
		i = dtc_raw_next(p, first + letters - 1, alias);
	for (; i >= 0; i = dtc_raw_next(p, i, alias))
	{
		if (!expand(p, &p->raw[i], i == first, n == 1))
			return false;
	}
	return letters >= 0;
}
