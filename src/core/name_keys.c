/*
 * name_keys.c
 *		Keys under which an index finds names, and what a search asks of them.
 *
 * A row is indexed under each of its folded words twice (letters forward,
 * letters backward), under its initials, and under its last word if it may have
 * been cut. A search asks for its own words and, by a scan of the keys that
 * begin with the same two or three letters or end with them, for all words near
 * to one of them. A key of a word also tells how much the other words of the
 * row weigh, so that a row with words too much is known without looking at it.
 *
 * Why no row is lost. The similarity of two names is a weighted mean over
 * pairs of words, where words without a partner only lower it. Two words make
 * a pair in the ways of dtc_unit_compare(), and for each there is
 * a probe:
 *
 *		same key						WORD
 *		an initial						INITIAL; for an initial of the search
 *										every row counts as if it had a partner
 *		a slip, if it leaves the		NEAR, NEAR_END: they try the
 *		first or the last two (long		comparison itself on every key with
 *		words three) letters alone:		those letters
 *		dtc_name_near()
 *		end or beginning of a word		the same
 *		cut word of the row				CUT
 *		two words of the row are one	HEAD and TAIL, and the same but for
 *		here, equal but for the			the letters at the seam
 *		letters at the seam:
 *		dtc_name_seam()
 *		two words here are one there	JOINED_NEAR
 *		a whole name is one word		the same: HEAD and TAIL, whatever is
 *										between them; JOINED_NEAR
 *		a short name (Wawan, Hermawan)	NICKNAME: the table's other side
 *
 * What follows from the probes that found something is in name_bound.c.
 */
#include "core/name_bound.h"

#include <string.h>

#define DEEP 0.5         /* threshold from which look-alikes are let be */
#define ATTESTED 2       /* level from which a spelling counts as known */
#define LONGEST_NEAR 128 /* letters of a word that are turned round */

/* Letters that two words share at one end at least, to be near. */
static int
near_letters(int longer)
{
	return longer <= 6 ? 2 : 3;
}

/*
 * May a slip lead from one key to the other, as far as an index can see: are
 * their first or last two letters the same (three if the longer one has seven
 * or more)? Symmetric; constant time.
 */
bool
dtc_name_near(const char *a, int alen, const char *b, int blen)
{
	int shorter = alen < blen ? alen : blen;
	int n = near_letters(alen < blen ? blen : alen);

	return shorter >= n &&
		   (memcmp(a, b, (size_t) n) == 0 ||
			memcmp(a + alen - n, b + blen - n, (size_t) n) == 0);
}

/*
 * Are two words the word whole but for the letters where they meet: the last
 * one of the first, if it has four or more, and the first one of the second,
 * likewise?
 */
bool
dtc_name_seam(const char *first, int firstlen, const char *second,
			  int secondlen, const char *whole, int len)
{
	int head = firstlen >= 4 ? firstlen - 1 : firstlen;
	int tail = secondlen >= 4 ? secondlen - 1 : secondlen;

	return firstlen < len && secondlen < len && firstlen >= 2 &&
		   secondlen >= 2 && memcmp(first, whole, (size_t) head) == 0 &&
		   memcmp(second + secondlen - tail, whole + len - tail,
				  (size_t) tail) == 0;
}

/* Reads the words of a value. */
static int
read_words(const DtcNameView *v, DtcQueryWord *word)
{
	const char *key = v->folded, *end = key + v->foldedlen;
	bool own[2] = {false, false};
	int n = 0;

	for (; n < v->ntokens && n < DTC_NAME_MAX_TOKENS; n++)
	{
		const uint8_t *meta = v->meta + 4 * n;
		const char *space = key;
		DtcQueryWord *w = &word[n];

		while (space < end && *space != ' ')
			space++;
		memset(w, 0, sizeof(*w));
		w->key = key;
		w->len = (uint16_t) (space - key);
		w->id = (uint16_t) (meta[0] | meta[1] << 8);
		w->kind = meta[2] & DTC_TOKEN_KIND;
		w->level = (meta[2] & DTC_TOKEN_LEVEL) >> DTC_TOKEN_LEVEL_SHIFT;
		w->weight = meta[3] < DTC_UNIT_CAP ? meta[3] : DTC_UNIT_CAP;
		w->weight = w->weight > 0 ? w->weight : 1;
		w->father = (meta[2] & DTC_TOKEN_FATHER) != 0;
		w->alias = (meta[2] & DTC_TOKEN_ALIAS) != 0;
		w->letter = (meta[2] & DTC_TOKEN_ABBREVIATED) != 0 &&
					w->id == dtc_name_spelling("M", 1);
		key = space < end ? space + 1 : end;
	}
	/* a name that is all a husband's is none beside a row's own words */
	for (int i = 0; i < n; i++)
		own[word[i].alias] |= !word[i].father;
	for (int i = 0; i < n; i++)
	{
		word[i].father &= own[word[i].alias];
		word[i].free =
			word[i].father ||
			dtc_unit_is_link(word[i].kind, word[i].key, word[i].len);
	}
	/* the last word of each of the two names may have been cut */
	for (int i = 0; i < n && v->flags & DTC_NAME_CUT; i++)
		word[i].last = i == n - 1 || word[i].alias != word[i + 1].alias;
	return n;
}

/*
 * Class of a row as seen from word i, 1 to 16: how much its other words weigh
 * at least. What the similarity may leave out (father's names, articles, one of two
 * names) does not count.
 */
static int
class_beside(const DtcNameView *v, const DtcQueryWord *word, int n, int i)
{
	int weight = 0;

	if (v->flags & DTC_NAME_ALIAS)
		return 1;
	for (int j = 0; j < n; j++)
		weight += j == i || word[j].free ? 0 : word[j].weight;
	weight /= DTC_NAME_CLASS_STEP;
	return 1 + (weight < DTC_NAME_CLASSES ? weight : DTC_NAME_CLASSES - 1);
}

/* Which third of the classes one is in, 1 to 3. */
static int
third_of(int class)
{
	return class >= dtc_name_third_begin[3]   ? 3
		   : class >= dtc_name_third_begin[2] ? 2
											  : 1;
}

static uint8_t *
begin_key(DtcNameKeys *keys, uint8_t kind)
{
	keys->off[keys->n] = (uint16_t) keys->used;
	keys->bytes[keys->used] = kind;
	return keys->bytes + keys->used + 1;
}

static void
end_key(DtcNameKeys *keys, const uint8_t *end)
{
	int len = (int) (end - (keys->bytes + keys->off[keys->n]));

	keys->len[keys->n++] = (uint16_t) len;
	keys->used += len;
}

static uint8_t *
put(uint8_t *to, const char *letters, int len)
{
	memcpy(to, letters, (size_t) len);
	return to + len;
}

static uint8_t *
put_reversed(uint8_t *to, const char *letters, int len)
{
	for (int i = len - 1; i >= 0; i--)
		*to++ = (uint8_t) letters[i];
	return to;
}

/* How well a spelling is attested and which it is, in a byte below letters. */
static uint8_t
info_byte(int level, int id)
{
	return (uint8_t) (1 + (level >= ATTESTED ? DTC_KEY_SPELLINGS : 0) +
					  id % DTC_KEY_SPELLINGS);
}

/*
 * The keys of a name.
 *
 * v: of this library's version; keys: filled, in the order of the words, with
 * repeats where words repeat. Linear.
 */
void
dtc_name_keys(const DtcNameView *v, DtcNameKeys *keys)
{
	DtcQueryWord word[DTC_NAME_MAX_TOKENS];
	int n = read_words(v, word);

	keys->n = keys->used = 0;
	for (int i = 0; i < n; i++)
	{
		const DtcQueryWord *w = &word[i];
		uint8_t *to;
		int class;

		if (w->len < 2)
			end_key(keys, put(begin_key(keys, DTC_KEY_WORD), w->key, w->len));
		if (w->kind == DTC_TOKEN_INITIAL || w->letter)
		{
			to = begin_key(keys, DTC_KEY_INITIAL);
			end_key(keys, put(to, w->key, w->len > 0 ? 1 : 0));
		}
		if (w->len < 2)
			continue;
		class = class_beside(v, word, n, i);
		to = put(begin_key(keys, DTC_KEY_FORWARD), w->key, w->len);
		*to++ = info_byte(w->level, w->id);
		*to++ = (uint8_t) class;
		end_key(keys, to);
		to = put_reversed(begin_key(keys, DTC_KEY_BACKWARD), w->key, w->len);
		*to++ = info_byte(w->level, 0);
		end_key(keys, to);
		if (w->last && w->len >= 3)
		{
			to = begin_key(keys, DTC_KEY_CUT);
			end_key(keys, put(to, w->key, w->len));
		}
	}
}

static void
add_probe(DtcNameQuery *q, DtcProbeWhat what, int unit, int third, int from,
		  int to)
{
	DtcNameProbe *p = &q->probe[q->nprobes++];

	p->what = (uint8_t) what;
	p->unit = (uint8_t) unit;
	p->letter = 0;
	p->third = (uint8_t) third;
	p->partial = what != DTC_PROBE_INITIAL &&
				 (what != DTC_PROBE_WORD || q->word[unit].len >= 2);
	p->from = (uint16_t) from;
	p->to = (uint16_t) to;
}

/* Most probes that a search for a name can have. */
int
dtc_name_query_probes(const DtcNameView *v)
{
	return 128 * v->ntokens + 6 * v->foldedlen;
}

/* A word as what the similarity compares. */
static DtcUnit
as_unit(const char *key, int len, uint8_t kind, uint8_t level, uint8_t weight)
{
	DtcUnit unit;

	memset(&unit, 0, sizeof(unit));
	unit.key = key;
	unit.len = (uint16_t) len;
	unit.kind = kind;
	unit.level = level;
	unit.weight = weight;
	dtc_unit_letters(&unit);
	return unit;
}

/* Letters that may stand for the word in another name. */
static void
add_initials(DtcNameQuery *q, int i)
{
	bool lookalike;

	for (char c = 'A'; c <= 'Z'; c++)
	{
		DtcUnit letter = as_unit(&c, 1, DTC_TOKEN_INITIAL, 0, 1);

		if (dtc_unit_similarity(&q->word[i].unit, &letter, &lookalike) > 0)
		{
			add_probe(q, DTC_PROBE_INITIAL, i, 0, 0, 0);
			q->probe[q->nprobes - 1].letter = (uint8_t) c;
		}
	}
}

/* Short names of the word, or names that it is short for. */
static void
add_nicknames(DtcNameQuery *q, int i)
{
	const DtcUnit *u = &q->word[i].unit;
	bool is_nick;

	if (!u->plain)
		return; /* longer than any of the table */
	for (int row = 0;
		 (row = dtc_name_nickname_next(row, u->code, &is_nick)) >= 0; row++)
		add_probe(q, DTC_PROBE_NICKNAME, i, 0, row, is_nick);
}

/* The word as two words of a row. */
static void
add_splits(DtcNameQuery *q, int i)
{
	const DtcQueryWord *w = &q->word[i];

	if (w->kind != DTC_TOKEN_NAME || w->len < 5 ||
		w->len > DTC_UNIT_JOINED_LETTERS + 2)
		return;
	for (int n = 2; n < w->len; n++)
	{
		add_probe(q, DTC_PROBE_HEAD, i, 0, 0, n);
		add_probe(q, DTC_PROBE_TAIL, i, 0, w->len - n, w->len);
	}
	add_probe(q, DTC_PROBE_SEAM_HEAD, i, 0, 0, 3);
	add_probe(q, DTC_PROBE_SEAM_TAIL, i, 0, w->len - 3, w->len);
}

/* The word and the next one as one word of a row. */
static void
add_joined(DtcNameQuery *q, int i)
{
	const DtcQueryWord *a = &q->word[i], *b;

	if (i + 1 >= q->nwords)
		return;
	b = a + 1;
	if (a->alias != b->alias || a->len < 2 || b->len < 2 ||
		a->kind == DTC_TOKEN_INITIAL || b->kind == DTC_TOKEN_INITIAL ||
		a->len + b->len > DTC_UNIT_JOINED_LETTERS)
		return;
	add_probe(q, DTC_PROBE_JOINED_NEAR, i, 0, 0,
			  a->len >= 4 ? a->len - 1 : a->len);
}

/* Notes which words may be one with all others of their name. */
static void
find_wholes(DtcNameQuery *q)
{
	for (int i = 0, n; i < q->nwords; i += n)
	{
		bool may_be = true;

		for (n = 0;
			 i + n < q->nwords && q->word[i + n].alias == q->word[i].alias;
			 n++)
			may_be &= dtc_unit_may_be_whole(&q->word[i + n].unit);
		q->word[i].alone = n == 1;
		q->word[i].whole = (uint8_t) (may_be && n >= 3 ? n : 0);
	}
}

/*
 * Prepares a search.
 *
 * q: filled; it points into v and probe, which must live as long. threshold:
 * in [0, 1]. probe: room for dtc_name_query_probes(v). When q->everything is
 * set on return, there are no probes and every row is a candidate.
 */
void
dtc_name_query_init(DtcNameQuery *q, const DtcNameView *v, double threshold,
					DtcNameProbe *probe)
{
	DtcNameFind none[DTC_NAME_MAX_TOKENS];
	int thirds;

	memset(none, 0, sizeof(none));
	q->threshold = threshold;
	q->deep = threshold < DEEP;
	q->reads_class = false;
	q->probe = probe;
	q->nprobes = 0;
	q->nwords = read_words(v, q->word);
	q->alias = (v->flags & DTC_NAME_ALIAS) != 0;
	for (int i = 0; i < q->nwords; i++)
	{
		DtcQueryWord *w = &q->word[i];

		w->open = w->kind == DTC_TOKEN_INITIAL || w->letter;
		w->unit = as_unit(w->key, w->len, w->kind, w->level, w->weight);
		w->unit.last = w->last;
		w->unit.letter = w->letter;
		w->unit.info |= w->father ? DTC_TOKEN_FATHER : 0;
	}
	find_wholes(q);
	q->everything =
		threshold < DTC_NAME_LEAST_INDEXED || dtc_name_allows(q, none);
	if (q->everything)
		return;
	thirds = dtc_name_query_thirds(q);
	for (int i = 0; i < q->nwords; i++)
	{
		const DtcQueryWord *w = &q->word[i];
		int n = near_letters(w->len);

		if (w->len < 2)
			add_probe(q, DTC_PROBE_WORD, i, 0, 0, 0);
		for (int third = 1; third <= thirds && w->len >= 2; third++)
			add_probe(q, DTC_PROBE_WORD, i, third, 0, 0);
		if (!w->open)
			add_initials(q, i);
		for (int third = 1;
			 third <= thirds && dtc_name_is_plain(w) && w->len >= n; third++)
			add_probe(q, DTC_PROBE_NEAR, i, third, 0, n);
		if (dtc_name_is_plain(w) && w->len >= n)
			add_probe(q, DTC_PROBE_NEAR_END, i, 0, w->len - n, w->len);
		if (dtc_name_is_plain(w) && w->len >= 3)
			add_probe(q, DTC_PROBE_CUT, i, 0, 0, 3);
		if (dtc_name_is_plain(w))
			add_nicknames(q, i);
		add_splits(q, i);
		add_joined(q, i);
	}
}

/*
 * The key of a probe, or what its keys begin with.
 *
 * out: room for 2 + DTC_NAME_MAX_FOLDED bytes. Returns the bytes written.
 */
size_t
dtc_name_probe_key(const DtcNameQuery *q, int i, uint8_t *out)
{
	const DtcNameProbe *p = &q->probe[i];
	const DtcQueryWord *w = &q->word[p->unit];
	int len = p->to - p->from, nicklen, namelen;
	char nick[DTC_NAME_CODE_LETTERS], name[DTC_NAME_CODE_LETTERS];
	uint8_t *to = out;

	switch ((DtcProbeWhat) p->what)
	{
		case DTC_PROBE_WORD:
			*to++ = p->partial ? DTC_KEY_FORWARD : DTC_KEY_WORD;
			to = put(to, w->key, w->len);
			break;
		case DTC_PROBE_NICKNAME:
			*to++ = DTC_KEY_FORWARD;
			dtc_name_nickname_at(p->from, nick, &nicklen, name, &namelen);
			to = p->to ? put(to, name, namelen) : put(to, nick, nicklen);
			break;
		case DTC_PROBE_INITIAL:
			*to++ = DTC_KEY_INITIAL;
			*to++ = p->letter;
			break;
		case DTC_PROBE_CUT:
			*to++ = DTC_KEY_CUT;
			to = put(to, w->key, len);
			break;
		case DTC_PROBE_HEAD:
		case DTC_PROBE_TAIL:
		case DTC_PROBE_NEAR:
		case DTC_PROBE_SEAM_HEAD:
		case DTC_PROBE_JOINED_NEAR:
			*to++ = DTC_KEY_FORWARD;
			to = put(to, w->key + p->from, len);
			break;
		case DTC_PROBE_NEAR_END:
		case DTC_PROBE_SEAM_TAIL:
			*to++ = DTC_KEY_BACKWARD;
			to = put_reversed(to, w->key + p->from, len);
			break;
	}
	return (size_t) (to - out);
}

/* How alike are the word and one of an index at most? Zero: no pair. */
static void
compare(const DtcNameQuery *q, const DtcQueryWord *w, const char *key, int len,
		int level, bool last, DtcNameHit *hit)
{
	DtcUnit other;
	DtcPair pair[2];
	int longer = len > w->len ? len : w->len, shorter = len + w->len - longer;
	int begin = shorter - (last || w->last ? 1 : 0);

	hit->similarity = hit->lookalike = 0;
	/*
	 * Further apart in length there are parts only, and nicknames elsewhere; the
	 * first letter of an end may be another one inside, and the last one of a
	 * word that was cut.
	 */
	if (longer - shorter > 2 && memcmp(key, w->key, (size_t) begin) != 0 &&
		memcmp(key + len - shorter + 1, w->key + w->len - shorter + 1,
			   (size_t) shorter - 1) != 0)
		return;
	other = as_unit(key, len, DTC_TOKEN_NAME, 0, DTC_UNIT_CAP);
	other.last = last;
	if (!dtc_unit_same_key(&w->unit, &other) &&
		!dtc_unit_may_pair(&w->unit, &other))
		return; /* a nickname has a probe of its own */
	other.level = (uint8_t) level;
	dtc_unit_compare_levels(&w->unit, &other, pair);
	for (int i = 0; i < 2; i++)
	{
		bool lookalike;
		uint16_t s = (uint16_t) dtc_unit_pair_similarity(&pair[i], &lookalike);

		if (!lookalike && s > hit->similarity)
			hit->similarity = s;
		if (lookalike && q->deep && s > hit->lookalike)
			hit->lookalike = s;
	}
}

/* How alike are the word and the next one, taken as one, and one of an index? */
static uint16_t
joined(const DtcQueryWord *w, const char *letters, int n)
{
	char key[DTC_UNIT_JOINED_LETTERS + 1];
	DtcUnit other = as_unit(letters, n, DTC_TOKEN_NAME, 0, DTC_UNIT_CAP);
	int len;

	return (uint16_t) dtc_unit_seam(&w[0].unit, &w[1].unit, &other, key, &len);
}

/* Are all words of the name that begins with this one, taken as one, that word? */
static bool
whole(const DtcQueryWord *w, const char *letters, int n)
{
	char key[DTC_UNIT_JOINED_LETTERS + 1];
	const DtcUnit *unit[DTC_NAME_MAX_TOKENS];
	DtcUnit other;
	int total = 0;

	for (int i = 0; i < w->whole; i++)
	{
		unit[i] = &w[i].unit;
		total += w[i].len;
	}
	if (w->whole == 0 || n > total + w->whole || n < total - w->whole)
		return false;
	other = as_unit(letters, n, DTC_TOKEN_NAME, 0, DTC_UNIT_CAP);
	return dtc_unit_whole(unit, w->whole, &other, key);
}

/* As compare(), for a key of an index without its first byte. */
static DtcTaken
near(const DtcNameQuery *q, const DtcQueryWord *w, const char *letters, int n,
	 int level, bool last, DtcNameHit *hit)
{
	if (n < 2 ||
		(n == w->len && !last && memcmp(letters, w->key, (size_t) n) == 0))
		return DTC_SKIPPED; /* the WORD probes find it */
	compare(q, w, letters, n, level, last, hit);
	return hit->similarity > 0 || hit->lookalike > 0 ? DTC_TAKEN : DTC_SKIPPED;
}

/*
 * How alike a word of the search and the same word of a row are at most, by the
 * spelling that the row's forward key tells: thousandths.
 */
uint16_t
dtc_name_spelling_similarity(const DtcNameQuery *q, int unit,
							 const uint8_t *key, size_t len)
{
	return (key[len - 2] - 1 - q->word[unit].id) % DTC_KEY_SPELLINGS == 0
			   ? 1000
			   : DTC_UNIT_SPELLING;
}

/*
 * Does a probe take this key, which begins as the probe does? A partial one
 * does not take all; TAIL is asked of backward keys, too, see
 * dtc_name_probe_backward().
 *
 * key: of an index, len bytes; hit: filled when it does. Linear in len.
 */
DtcTaken
dtc_name_probe_takes(const DtcNameQuery *q, int i, const uint8_t *key,
					 size_t len, DtcNameHit *hit)
{
	const DtcNameProbe *p = &q->probe[i];
	const DtcQueryWord *w = &q->word[p->unit];
	char reversed[LONGEST_NEAR];
	const char *letters = (const char *) key + 1;
	bool backward = key[0] == DTC_KEY_BACKWARD;
	int tail = backward ? DTC_KEY_TAIL_BACK : DTC_KEY_TAIL;
	int n = (int) len - 1 - tail, parts = p->to - p->from, level;

	memset(hit, 0, sizeof(*hit));
	hit->what = p->what;
	hit->unit = p->unit;
	if (p->what == DTC_PROBE_CUT)
		return near(q, w, letters, n + tail, 0, true, hit);
	if (!p->partial)
	{
		/* an initial, or a word that is a letter */
		hit->similarity = 1000;
		return DTC_TAKEN;
	}
	if (n < 2)
		return DTC_SKIPPED;
	hit->attested = key[len - (size_t) tail] > DTC_KEY_SPELLINGS;
	level = hit->attested ? ATTESTED : 0;
	hit->class = backward ? 0 : key[len - 1];
	if (p->third > 0 && !q->reads_class && third_of(hit->class) != p->third)
		return DTC_SKIPPED;
	if (backward)
	{
		if (n > LONGEST_NEAR)
		{
			hit->similarity = 1000;
			return DTC_TAKEN; /* so long that the row itself may tell */
		}
		put_reversed((uint8_t *) reversed, letters, n);
		letters = reversed;
	}
	switch ((DtcProbeWhat) p->what)
	{
		case DTC_PROBE_WORD:
			hit->similarity =
				dtc_name_spelling_similarity(q, p->unit, key, len);
			return n == w->len ? DTC_TAKEN : DTC_PASSED;
		case DTC_PROBE_NICKNAME:
			hit->similarity = DTC_UNIT_NICKNAME;
			/* the probe's own key has no tail */
			parts = (int) dtc_name_probe_key(q, i, (uint8_t *) reversed) - 1;
			return n == parts ? DTC_TAKEN : DTC_PASSED;
		case DTC_PROBE_HEAD:
		case DTC_PROBE_TAIL:
			hit->length = (uint8_t) (parts < 64 ? parts : 63);
			return n == parts ? DTC_TAKEN : DTC_PASSED;
		case DTC_PROBE_NEAR_END:
			parts = near_letters(w->len);
			if (n >= parts && memcmp(letters, w->key, (size_t) parts) == 0)
				return DTC_SKIPPED; /* NEAR finds it */
			return near(q, w, letters, n, level, false, hit);
		case DTC_PROBE_NEAR:
			return near(q, w, letters, n, level, false, hit);
		case DTC_PROBE_SEAM_HEAD:
			return n >= 4 && n < w->len &&
						   memcmp(letters, w->key, (size_t) n - 1) == 0
					   ? DTC_TAKEN
					   : DTC_SKIPPED;
		case DTC_PROBE_SEAM_TAIL:
			return n >= 4 && n < w->len &&
						   memcmp(letters + 1, w->key + w->len - n + 1,
								  (size_t) n - 1) == 0
					   ? DTC_TAKEN
					   : DTC_SKIPPED;
		case DTC_PROBE_JOINED_NEAR:
			hit->length = whole(w, letters, n);
			hit->similarity =
				hit->length > 0 ? DTC_UNIT_JOINED : joined(w, letters, n);
			return hit->similarity > 0 ? DTC_TAKEN : DTC_SKIPPED;
		default:
			return DTC_SKIPPED;
	}
}

/*
 * The key of a probe TAIL or SEAM_TAIL as a backward one.
 *
 * out: as of dtc_name_probe_key(). Returns the bytes written.
 */
size_t
dtc_name_probe_backward(const DtcNameQuery *q, int i, uint8_t *out)
{
	const DtcNameProbe *p = &q->probe[i];

	*out = DTC_KEY_BACKWARD;
	return (size_t) (put_reversed(out + 1, q->word[p->unit].key + p->from,
								  p->to - p->from) -
					 out);
}

/*
 * What the keys of a word begin with, from its backward key of len bytes: room
 * for as many. Returns the bytes written, 0 if the word is so long that this key
 * has to do.
 */
size_t
dtc_name_backward_word(const uint8_t *key, size_t len, uint8_t *out)
{
	int n = (int) len - 1 - DTC_KEY_TAIL_BACK;

	if (n > LONGEST_NEAR)
		return 0;
	*out = DTC_KEY_FORWARD;
	put_reversed(out + 1, (const char *) key + 1, n);
	return (size_t) n + 1;
}
