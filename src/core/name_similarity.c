/*
 * name_similarity.c
 *		Graded similarity of two names.
 *
 * Each word of one name is paired with at most one of the other, so that the
 * weighted agreement is greatest; weights are bits of information from the
 * frequency table. What only one side has is missing information; what both
 * sides have too much of contradicts. Two well attested words that look alike
 * (Sunarto, Sunarti) are two names, not a slip. Everything is integer
 * arithmetic up to one division, so the result is the same on every machine.
 */
#include "core/name.h"

#include <string.h>

/* Thousandths, unless said otherwise; measured (docs/name.md). */
#define SPELLING 970
#define ABBREVIATED 940
#define INITIAL 700
#define CUT 900
#define SUFFIX 620
#define PREFIX 250
#define MISSING 400        /* of the weight */
#define CONTRADICTION 2200 /* of the weight of the smaller surplus */
#define LOOKALIKE 2200     /* of the weight of two names that look alike */
#define INVERSION 20
#define WORST_ORDER 100
#define CAP 72         /* eighths of a bit */
#define FLOOR 48       /* the same: what differs weighs at least this */
#define WORST_PAIR 100 /* a pair below is none */

#define EXACT_TOKENS 8 /* more on both sides are paired greedily */
#define MAX_UNITS DTC_NAME_MAX_TOKENS

/* A token, or two that are taken as one. */
typedef struct Unit
{
	const char *key;
	int len;
	uint16_t id;
	uint8_t info;
	uint8_t kind;
	uint8_t level;
	uint8_t weight;
	uint8_t index; /* of the token in the name */
	bool joined;   /* with the next token */
	bool last;     /* of a name that may have been cut */
	bool letter;   /* M for Muhammad: may be another M as well */
	uint32_t hard; /* letters in the key that no cheap edit changes */
} Unit;

typedef struct Side
{
	int n;
	bool father; /* has a father's name */
	Unit unit[MAX_UNITS];
	char joined[MAX_UNITS / 2][2 * 32]; /* keys of joined units */
	int njoined;
} Side;

typedef struct Pair
{
	int16_t similarity;
	uint8_t weight;
	uint8_t rule;
} Pair;

/* Has a value a second name, and which tokens belong to it? */
static bool
has_alias(const DtcNameView *v)
{
	return (v->flags & DTC_NAME_ALIAS) != 0;
}

/*
 * The letters of a key that only a plain edit brings in or takes away, a bit
 * each. See apart().
 */
static uint32_t
hard_letters(const char *key, int len)
{
	const uint32_t hard =
		1u << ('B' - 'A') | 1u << ('C' - 'A') | 1u << ('D' - 'A') |
		1u << ('L' - 'A') | 1u << ('M' - 'A') | 1u << ('P' - 'A') |
		1u << ('R' - 'A') | 1u << ('T' - 'A') | 1u << ('W' - 'A');
	uint32_t set = 0;

	for (int i = 0; i < len; i++)
	{
		if (key[i] >= 'A' && key[i] <= 'Z')
			set |= 1u << (key[i] - 'A');
	}
	return set & hard;
}

/*
 * Are two keys certainly further apart than allowed? One edit changes at most
 * two of the hard letters and costs 80 or more, so counting them spares most
 * pairs of words the table of distances, and no result changes.
 */
static bool
apart(const Unit *a, const Unit *b, int allowed)
{
	uint32_t differ = a->hard ^ b->hard;
	int n = 0;

	for (; differ != 0; differ &= differ - 1)
		n++;
	return (n + 1) / 2 * 80 > allowed;
}

/* Unpacks the tokens of the first or the second name of a value. */
static void
unpack(const DtcNameView *v, bool alias, Side *side)
{
	const char *key = v->folded, *end = key + v->foldedlen;

	side->n = side->njoined = 0;
	side->father = false;
	for (int i = 0; i < v->ntokens && i < MAX_UNITS; i++)
	{
		const uint8_t *meta = v->meta + 4 * i;
		const char *space = key;
		Unit *u = &side->unit[side->n];

		while (space < end && *space != ' ')
			space++;
		if (((meta[2] & DTC_TOKEN_ALIAS) != 0) == alias)
		{
			u->key = key;
			u->len = (int) (space - key);
			u->id = (uint16_t) (meta[0] | meta[1] << 8);
			u->info = meta[2];
			u->kind = meta[2] & DTC_TOKEN_KIND;
			u->level = (meta[2] & DTC_TOKEN_LEVEL) >> DTC_TOKEN_LEVEL_SHIFT;
			u->weight = meta[3] < CAP ? meta[3] : CAP;
			u->weight = u->weight > 0 ? u->weight : 1;
			u->index = (uint8_t) i;
			u->joined = false;
			u->last = false;
			u->hard = hard_letters(u->key, u->len);
			u->letter = (meta[2] & DTC_TOKEN_ABBREVIATED) != 0 &&
						u->id == dtc_name_spelling("M", 1);
			side->father |= (meta[2] & DTC_TOKEN_FATHER) != 0;
			side->n++;
		}
		key = space < end ? space + 1 : end;
	}
	if (v->flags & DTC_NAME_CUT && side->n > 0)
		side->unit[side->n - 1].last = true;
}

static bool
same_key(const Unit *a, const Unit *b)
{
	return a->len == b->len && memcmp(a->key, b->key, (size_t) a->len) == 0;
}

/* May a name that begins with this key be abbreviated by this letter? */
static bool
begins_with(const Unit *name, const Unit *letter)
{
	char c = name->key[0], l = letter->key[0];

	return c == l || (l == 'C' && (c == 'H' || c == 'K')) ||
		   (l == 'K' && c == 'H') || (l == 'D' && c == 'J') ||
		   (l == 'J' && c == 'Y') || (l == 'Y' && c == 'J') ||
		   (l == 'O' && c == 'U');
}

/* A word and the end or the beginning of it: Hermawan, Wawan. */
static Pair
part(const Unit *a, const Unit *b, int weight)
{
	const Unit *longer = a->len > b->len ? a : b;
	const Unit *shorter = a->len > b->len ? b : a;
	Pair p = {0, (uint8_t) weight, DTC_RULE_PART};

	if (shorter->last && shorter->len >= 3 &&
		memcmp(longer->key, shorter->key, (size_t) shorter->len) == 0)
	{
		p.rule = DTC_RULE_CUT;
		p.similarity = CUT;
	}
	else if (shorter->len >= 4 && longer->len - shorter->len >= 2)
	{
		if (memcmp(longer->key + longer->len - shorter->len, shorter->key,
				   (size_t) shorter->len) == 0)
			p.similarity = SUFFIX;
		else if (memcmp(longer->key, shorter->key, (size_t) shorter->len) == 0)
			p.similarity = PREFIX;
	}
	return p;
}

/*
 * Is the difference one that carries the sex (Sunarto, Sunarti; Hasan,
 * Hasanah)? Keys have lost a final h, so that is the last vowel.
 */
static bool
differs_in_sex(const Unit *a, const Unit *b)
{
	static const char vowels[] = "AIO";
	char x = a->key[a->len - 1], y = b->key[b->len - 1];
	int shorter = a->len < b->len ? a->len : b->len;

	if (a->len == b->len)
		return x != y && strchr(vowels, x) != NULL &&
			   strchr(vowels, y) != NULL &&
			   memcmp(a->key, b->key, (size_t) shorter - 1) == 0;
	return (a->len - b->len == 1 || b->len - a->len == 1) &&
		   (a->len > b->len ? x : y) == 'A' &&
		   memcmp(a->key, b->key, (size_t) shorter) == 0;
}

/*
 * What is left of a slip's similarity, in hundredths, by how well the two
 * spellings are attested: a common name and an unknown word next to it are a
 * slip, two common names next to each other are two names.
 */
#define SOFT_LONG 65
#define SOFT_SHORT 55
#define SEX 55
#define SLOPE 80 /* hundredths of similarity lost an edit over the length */

static int
slip_factor(const Unit *a, const Unit *b, bool hard)
{
	static const uint8_t factor[4][4] = {{80, 95, 100, 100},
										 {95, 60, 45, 70},
										 {100, 45, 22, 30},
										 {100, 70, 30, 22}};
	int f = factor[a->level][b->level];
	int longer = a->len > b->len ? a->len : b->len;

	if (!hard)
	{
		int soft = longer >= 6 ? SOFT_LONG : SOFT_SHORT;

		f = f > soft ? f : soft;
	}
	if (differs_in_sex(a, b))
		f = f * SEX / 100;
	return f;
}

/* Two words that are not the same: a slip, a part, or two names. */
static Pair
unequal(const Unit *a, const Unit *b, int weight)
{
	int longer = a->len > b->len ? a->len : b->len;
	int allowed = longer <= 3 ? 0 : longer <= 6 ? 100 : 200;
	Pair p = {0, (uint8_t) weight, DTC_RULE_SLIP}, q;
	DtcNameSlip slip = {DTC_NAME_SLIP_NONE, 0};

	if (allowed > 0 && dtc_name_near(a->key, a->len, b->key, b->len) &&
		!apart(a, b, allowed))
		slip = dtc_name_slip(a->key, a->len, b->key, b->len);
	if (slip.cost <= allowed)
	{
		int factor = slip_factor(a, b, slip.hard > 0);

		p.similarity =
			(int16_t) ((1000 - slip.cost * 10 * SLOPE / 100 / longer) *
					   factor / 100);
		if (factor < 60)
			p.rule = DTC_RULE_LOOKALIKE;
	}
	q = part(a, b, weight);
	return q.similarity > p.similarity ? q : p;
}

/* Compares two units. */
static Pair
compare(const Unit *a, const Unit *b)
{
	int lighter = a->weight < b->weight ? a->weight : b->weight;
	int heavier = a->weight < b->weight ? b->weight : a->weight;
	Pair p = {0, (uint8_t) lighter, DTC_RULE_EQUAL};
	bool a_initial = a->kind == DTC_TOKEN_INITIAL;
	bool b_initial = b->kind == DTC_TOKEN_INITIAL;

	if (same_key(a, b))
	{
		if (a->id == b->id)
			p.similarity = 1000;
		else if ((a->info | b->info) & DTC_TOKEN_ABBREVIATED)
		{
			p.rule = DTC_RULE_ABBREVIATED;
			p.similarity = ABBREVIATED;
		}
		else
		{
			p.rule = DTC_RULE_SPELLING;
			p.similarity = SPELLING;
		}
		return p;
	}
	if ((a_initial || a->letter) && (b_initial || b->letter))
		return p;
	if (a_initial || b_initial || a->letter || b->letter)
	{
		bool a_is = a_initial || a->letter;

		p.rule = DTC_RULE_INITIAL;
		p.weight = (uint8_t) heavier;
		if ((a_is ? b : a)->kind != DTC_TOKEN_PARTICLE &&
			begins_with(a_is ? b : a, a_is ? a : b))
			p.similarity = INITIAL;
		return p;
	}
	if (a->kind == DTC_TOKEN_SYMBOL || b->kind == DTC_TOKEN_SYMBOL ||
		a->kind == DTC_TOKEN_PARTICLE || b->kind == DTC_TOKEN_PARTICLE)
		return p;
	return unequal(a, b, heavier > FLOOR ? heavier : FLOOR);
}

/* Joins units i and i + 1 of a side when together they are unit u. */
static bool
join(Side *side, int i, const Unit *u)
{
	Unit *first = &side->unit[i], *second = &side->unit[i + 1];
	int len = first->len + second->len;
	char *key;
	DtcNameSlip slip;

	if (len > u->len + 2 || len < u->len - 1 || u->len < 5 || first->len < 2 ||
		second->len < 2 || len > 2 * 32 || first->key[0] != u->key[0] ||
		first->kind == DTC_TOKEN_INITIAL ||
		second->kind == DTC_TOKEN_INITIAL || side->njoined == MAX_UNITS / 2)
		return false;
	key = side->joined[side->njoined];
	memcpy(key, first->key, (size_t) first->len);
	if (key[first->len - 1] == second->key[0])
		len--; /* a doubled letter at the seam folds as anywhere */
	memcpy(key + len - second->len, second->key, (size_t) second->len);
	if (len != u->len || memcmp(key, u->key, (size_t) len) != 0)
	{
		slip = dtc_name_slip(key, len, u->key, u->len);
		if (len < 7 ||
			!dtc_name_seam(first->key, first->len, second->key, second->len,
						   u->key, u->len) ||
			slip.cost > (len < 10 ? 100 : 150))
			return false; /* the seam folds differently, too */
	}
	side->njoined++;
	first->key = key;
	first->len = len;
	first->hard = hard_letters(key, len);
	first->id = u->id;
	first->info = (uint8_t) (first->info & second->info);
	first->kind = DTC_TOKEN_NAME;
	first->level = 0;
	if (second->weight > first->weight)
		first->weight = second->weight;
	first->joined = true;
	first->letter = false;
	first->last = second->last;
	memmove(second, second + 1, sizeof(Unit) * (size_t) (side->n - i - 2));
	side->n--;
	return true;
}

/* Joins words of one side that the other side writes as one. */
static void
join_all(Side *side, const Side *other)
{
	for (int i = 0; i + 1 < side->n; i++)
	{
		for (int j = 0; j < other->n; j++)
		{
			const Unit *u = &other->unit[j];

			if (u->kind == DTC_TOKEN_NAME && !u->joined &&
				!same_key(&side->unit[i], u) &&
				!same_key(&side->unit[i + 1], u) && join(side, i, u))
				break;
		}
	}
}

typedef struct Work
{
	Side *a, *b; /* b has no more units than a */
	Pair pair[MAX_UNITS][MAX_UNITS];
	int8_t chosen[MAX_UNITS]; /* unit of b for each of a, or -1 */
} Work;

/* The best assignment, exactly: dynamic programme over subsets of b. */
static void
assign_exactly(Work *w)
{
	int best[MAX_UNITS + 1][1 << EXACT_TOKENS];
	int n = w->a->n, subsets = 1 << w->b->n, set;

	/* best[i][set]: units from i on, with set of b still free */
	for (set = 0; set < subsets; set++)
		best[n][set] = 0;
	for (int i = n - 1; i >= 0; i--)
	{
		for (set = 0; set < subsets; set++)
		{
			int most = best[i + 1][set];

			for (int j = 0; j < w->b->n; j++)
			{
				const Pair *p = &w->pair[i][j];
				int value;

				if (!(set & 1 << j) || p->similarity < WORST_PAIR)
					continue;
				value =
					p->similarity * p->weight + best[i + 1][set & ~(1 << j)];
				most = value > most ? value : most;
			}
			best[i][set] = most;
		}
	}
	set = subsets - 1;
	for (int i = 0; i < n; i++)
	{
		w->chosen[i] = -1;
		for (int j = 0; j < w->b->n && w->chosen[i] < 0; j++)
		{
			const Pair *p = &w->pair[i][j];

			if ((set & 1 << j) && p->similarity >= WORST_PAIR &&
				best[i][set] ==
					p->similarity * p->weight + best[i + 1][set & ~(1 << j)])
				w->chosen[i] = (int8_t) j;
		}
		if (w->chosen[i] >= 0)
			set &= ~(1 << w->chosen[i]);
	}
}

/* A good assignment of many units: the greatest pair first. */
static void
assign_greedily(Work *w)
{
	bool taken[MAX_UNITS] = {false};

	memset(w->chosen, -1, sizeof(w->chosen));
	for (;;)
	{
		int most = 0, x = -1, y = -1;

		for (int i = 0; i < w->a->n; i++)
		{
			for (int j = 0; j < w->b->n && w->chosen[i] < 0; j++)
			{
				const Pair *p = &w->pair[i][j];
				int value = p->similarity * p->weight;

				if (!taken[j] && p->similarity >= WORST_PAIR && value > most)
				{
					most = value;
					x = i;
					y = j;
				}
			}
		}
		if (x < 0)
			return;
		w->chosen[x] = (int8_t) y;
		taken[y] = true;
	}
}

/* Weight of a unit that found no partner. */
static int
surplus(const Unit *u, const Side *other)
{
	/* a father's name that the other side does not record says nothing */
	return (u->info & DTC_TOKEN_FATHER) && !other->father ? 0 : u->weight;
}

static void
add_pair(DtcNameMatch *m, const Unit *a, const Unit *b, const Pair *p,
		 bool swapped)
{
	DtcNamePair *to = &m->pair[m->npairs++];
	const Unit *first = swapped ? b : a, *second = swapped ? a : b;

	to->a = first != NULL ? (int8_t) first->index : -1;
	to->b = second != NULL ? (int8_t) second->index : -1;
	to->a_joined = first != NULL && first->joined;
	to->b_joined = second != NULL && second->joined;
	to->rule = (to->a_joined || to->b_joined) && p->similarity > 0
				   ? DTC_RULE_JOINED
				   : p->rule;
	to->similarity = p->similarity;
	to->weight = p->weight;
}

/* Sums up an assignment; swapped: a of the work is the caller's second. */
static void
sum_up(const Work *w, bool swapped, DtcNameMatch *m)
{
	int64_t agree = 0, total = 0;
	int left = 0, right = 0, smaller, larger, order;
	bool taken[MAX_UNITS] = {false};
	Pair none = {0, 0, 0};

	m->npairs = m->inversions = 0;
	for (int i = 0; i < w->a->n; i++)
	{
		int j = w->chosen[i];

		if (j < 0)
		{
			left += surplus(&w->a->unit[i], w->b);
			continue;
		}
		taken[j] = true;
		agree += w->pair[i][j].similarity * w->pair[i][j].weight;
		total += w->pair[i][j].weight *
				 (w->pair[i][j].rule == DTC_RULE_LOOKALIKE ? LOOKALIKE : 1000);
		for (int k = 0; k < i; k++)
			m->inversions += w->chosen[k] > j;
		add_pair(m, &w->a->unit[i], &w->b->unit[j], &w->pair[i][j], swapped);
	}
	for (int j = 0; j < w->b->n; j++)
		right += taken[j] ? 0 : surplus(&w->b->unit[j], w->a);
	none.rule =
		left > 0 && right > 0 ? DTC_RULE_CONTRADICTED : DTC_RULE_MISSING;
	for (int i = 0; i < w->a->n; i++)
	{
		none.weight = (uint8_t) surplus(&w->a->unit[i], w->b);
		if (w->chosen[i] < 0)
			add_pair(m, &w->a->unit[i], NULL, &none, swapped);
	}
	for (int j = 0; j < w->b->n; j++)
	{
		none.weight = (uint8_t) surplus(&w->b->unit[j], w->a);
		if (!taken[j])
			add_pair(m, NULL, &w->b->unit[j], &none, swapped);
	}
	smaller = left < right ? left : right;
	larger = left < right ? right : left;
	if (smaller > 0 && smaller < FLOOR)
		smaller =
			FLOOR; /* common words that differ are two names all the same */
	larger = larger > smaller ? larger : smaller;
	order = INVERSION * m->inversions;
	m->order = order < WORST_ORDER ? order : WORST_ORDER;
	m->contradicted = (int64_t) smaller * CONTRADICTION;
	m->missing = (int64_t) (larger - smaller) * MISSING;
	m->agreed = agree;
	m->total = total + m->contradicted + m->missing;
	m->similarity =
		(double) (m->agreed * (1000 - m->order)) / (double) (m->total * 1000);
}

/* Compares one name of a with one name of b. */
static void
match_names(const DtcNameView *a, bool a_alias, const DtcNameView *b,
			bool b_alias, DtcNameMatch *m)
{
	Side x, y;
	Work w;
	bool swapped;

	unpack(a, a_alias, &x);
	unpack(b, b_alias, &y);
	if (x.n == 0 || y.n == 0)
	{
		memset(m, 0, offsetof(DtcNameMatch, pair));
		return;
	}
	join_all(&x, &y);
	join_all(&y, &x);
	swapped = x.n < y.n;
	w.a = swapped ? &y : &x;
	w.b = swapped ? &x : &y;
	for (int i = 0; i < w.a->n; i++)
	{
		for (int j = 0; j < w.b->n; j++)
		{
			Unit *u = &w.a->unit[i], *v = &w.b->unit[j];

			w.pair[i][j] = compare(u, v);
			if ((u->joined || v->joined) && u->id == v->id &&
				w.pair[i][j].similarity < SPELLING)
				w.pair[i][j].similarity = SPELLING - 50;
			else if ((u->joined || v->joined) &&
					 w.pair[i][j].similarity > SPELLING)
				w.pair[i][j].similarity = SPELLING;
		}
	}
	if (w.b->n <= EXACT_TOKENS)
		assign_exactly(&w);
	else
		assign_greedily(&w);
	sum_up(&w, swapped, m);
}

/*
 * A name and itself: each word beside itself. The assignment above would join
 * or cross words that repeat or begin each other, "A bin Abd" for one.
 */
static void
match_itself(const DtcNameView *a, DtcNameMatch *m)
{
	Side x;
	Work w;

	unpack(a, false, &x);
	w.a = w.b = &x;
	for (int i = 0; i < x.n; i++)
	{
		w.chosen[i] = i;
		w.pair[i][i] = compare(&x.unit[i], &x.unit[i]);
	}
	sum_up(&w, false, m);
	m->similarity = 1;
}

/* An order of values that makes the similarity symmetric by construction. */
static int
order_views(const DtcNameView *a, const DtcNameView *b)
{
	int c;

	if (a->ntokens != b->ntokens)
		return a->ntokens < b->ntokens ? -1 : 1;
	if (a->foldedlen != b->foldedlen)
		return a->foldedlen < b->foldedlen ? -1 : 1;
	c = memcmp(a->folded, b->folded, a->foldedlen);
	if (c == 0)
		c = memcmp(a->meta, b->meta, 4 * (size_t) a->ntokens);
	return c != 0 ? c : (a->flags > b->flags) - (a->flags < b->flags);
}

/*
 * Compares two names and says how the result came about.
 *
 * a, b: values of this library's version; m: filled. A name with an alias is
 * compared by whichever of its two names fits better. m->similarity is in
 * [0, 1], 1 for equal spellings, and does not depend on the order of a and b.
 * Time grows with the product of the numbers of words, and for up to 8 words a
 * side with 2 to their power. About 50 kB of stack.
 */
void
dtc_name_match(const DtcNameView *a, const DtcNameView *b, DtcNameMatch *m)
{
	int order = order_views(a, b);
	const DtcNameView *x = order > 0 ? b : a, *y = order > 0 ? a : b;
	DtcNameMatch other;

	if (order == 0)
	{
		match_itself(a, m);
		return;
	}
	match_names(x, false, y, false, m);
	for (int k = 1; k < 4; k++)
	{
		bool x_alias = (k & 1) != 0, y_alias = (k & 2) != 0;

		if ((x_alias && !has_alias(x)) || (y_alias && !has_alias(y)))
			continue;
		match_names(x, x_alias, y, y_alias, &other);
		if (other.similarity > m->similarity)
			*m = other;
	}
	for (int i = 0; i < m->npairs && order > 0; i++)
	{
		DtcNamePair *p = &m->pair[i];
		int8_t swap = p->a;

		p->a = p->b;
		p->b = swap;
		swap = p->a_joined;
		p->a_joined = p->b_joined;
		p->b_joined = swap;
	}
}

/*
 * Similarity of two names in [0, 1]: 1 for equal spellings, symmetric, the
 * same on every machine. See dtc_name_match().
 */
double
dtc_name_similarity(const DtcNameView *a, const DtcNameView *b)
{
	DtcNameMatch m;

	if (order_views(a, b) == 0)
		return 1;
	dtc_name_match(a, b, &m);
	return m.similarity;
}

/*
 * Similarity of two words in thousandths, 0 where they make no pair; sets
 * *lookalike if the pair weighs more than others.
 *
 * For an index: of one of the words not all is known. The result is the one
 * that the similarity of whole names uses.
 */
int
dtc_name_word_similarity(const DtcKeyWord *a, const DtcKeyWord *b,
						 bool *lookalike)
{
	const DtcKeyWord *word[2] = {a, b};
	Unit unit[2];
	Pair p;

	memset(unit, 0, sizeof(unit));
	for (int i = 0; i < 2; i++)
	{
		unit[i].key = word[i]->key;
		unit[i].len = word[i]->len;
		unit[i].kind = word[i]->kind;
		unit[i].level = word[i]->level;
		unit[i].weight = word[i]->weight;
		unit[i].last = word[i]->last;
		unit[i].letter = word[i]->letter;
		unit[i].hard = hard_letters(word[i]->key, word[i]->len);
	}
	p = compare(&unit[0], &unit[1]);
	*lookalike = p.rule == DTC_RULE_LOOKALIKE;
	return p.similarity < WORST_PAIR ? 0 : p.similarity;
}
