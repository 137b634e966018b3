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
#include "core/name_unit.h"

#include <string.h>

/* Thousandths, unless said otherwise; measured (docs/name.md). */
#define INVERSION 20
#define WORST_ORDER 100
#define WORST_PAIR 100 /* a pair below is none */

#define EXACT_TOKENS 8 /* more on both sides are paired greedily */
#define MAX_UNITS DTC_UNITS_MAX

typedef DtcUnit Unit;
typedef DtcPair Pair;

typedef struct Side
{
	int n;
	bool father;  /* has a father's name */
	bool husband; /* has nothing else: it is her husband's */
	bool woman;
	Unit unit[MAX_UNITS];
	char joined[MAX_UNITS / 2]
			   [DTC_UNIT_JOINED_LETTERS + 1]; /* keys of joined units */
	int njoined;
} Side;

/* Has a value a second name, and which tokens belong to it? */
static bool
has_alias(const DtcNameView *v)
{
	return (v->flags & DTC_NAME_ALIAS) != 0;
}

/* Unpacks the tokens of the first or the second name of a value. */
static void
unpack(const DtcNameView *v, bool alias, const DtcNameModel *model, Side *side)
{
	const char *key = v->folded, *end = key + v->foldedlen;
	uint8_t infos = 0, all = DTC_TOKEN_FATHER;

	side->n = side->njoined = 0;
	for (int i = 0; i < v->ntokens && i < MAX_UNITS; i++)
	{
		const uint8_t *meta = v->meta + 4 * i;
		const char *space = key;
		Unit *u = &side->unit[side->n];
		uint64_t code = 0;
		uint32_t letters = 0, other = 0;

		for (; space < end && *space != ' '; space++)
		{
			uint32_t letter = (uint32_t) (*space - 'A');

			other |= letter;
			letters |= 1u << (letter & 31);
			code = code << 5 | (letter + 1);
		}
		if (((meta[2] & DTC_TOKEN_ALIAS) != 0) == alias)
		{
			u->key = key;
			u->len = (uint16_t) (space - key);
			u->code = code;
			u->letters = letters;
			u->plain = u->len <= DTC_UNIT_LETTERS && other < 32;
			u->nick = u->len <= DTC_NICKNAME_LETTERS && u->plain &&
					  dtc_name_maybe_nickname(code);
			u->id = (uint16_t) (meta[0] | meta[1] << 8);
			u->info = meta[2];
			u->kind = meta[2] & DTC_TOKEN_KIND;
			u->level = (meta[2] & DTC_TOKEN_LEVEL) >> DTC_TOKEN_LEVEL_SHIFT;
			u->weight = meta[3] < DTC_UNIT_CAP ? meta[3] : DTC_UNIT_CAP;
			u->weight = u->weight > 0 ? u->weight : 1;
			u->index = (uint8_t) i;
			u->joined = 0;
			u->last = false;
			u->letter = (meta[2] & DTC_TOKEN_ABBREVIATED) != 0 &&
						u->id == DTC_NAME_SPELLING_M;
			infos |= meta[2];
			all &= meta[2];
			/* B. within a name is bin, or an initial */
			if (u->kind == DTC_TOKEN_INITIAL && side->n > 0 && u->len == 1 &&
				*u->key == 'B' && u->weight < DTC_UNIT_LETTER)
				infos |= DTC_TOKEN_FATHER;
			side->n++;
			if (model != NULL)
				dtc_name_model_apply(model, u);
		}
		key = space < end ? space + 1 : end;
	}
	side->father = (infos & DTC_TOKEN_FATHER) != 0;
	side->husband = all != 0;
	side->woman = (v->flags & DTC_NAME_FEMALE) != 0;
	if (v->flags & DTC_NAME_CUT && side->n > 0)
		side->unit[side->n - 1].last = true;
}

/* Joins all units of a side when together they are the one of the other. */
static void
join_whole(Side *side, const Side *other)
{
	const Unit *unit[MAX_UNITS], *u = &other->unit[0];
	Unit *first = &side->unit[0];

	for (int i = 0; i < side->n; i++)
	{
		unit[i] = &side->unit[i];
		if (!dtc_unit_may_be_whole(unit[i]))
			return;
	}
	if (!dtc_unit_whole(unit, side->n, u, side->joined[0]))
		return;
	for (int i = 1; i < side->n; i++)
	{
		first->info = (uint8_t) (first->info & unit[i]->info);
		if (unit[i]->weight > first->weight)
			first->weight = unit[i]->weight;
	}
	first->key = side->joined[0];
	first->len = u->len;
	dtc_unit_letters(first);
	first->id = u->id;
	first->kind = DTC_TOKEN_NAME;
	first->level = 0;
	first->joined = (uint8_t) (side->n - 1);
	first->seam = DTC_UNIT_JOINED;
	first->letter = false;
	first->last = unit[side->n - 1]->last;
	side->njoined = side->n = 1;
}

/* Joins units i and i + 1 of a side when together they are unit u. */
static bool
join(Side *side, int i, const Unit *u)
{
	Unit *first = &side->unit[i], *second = &side->unit[i + 1];
	char *key;
	int len, seam;

	if (side->njoined == MAX_UNITS / 2)
		return false;
	key = side->joined[side->njoined];
	seam = dtc_unit_seam(first, second, u, key, &len);
	if (seam == 0)
		return false;
	side->njoined++;
	first->key = key;
	first->len = (uint16_t) len;
	dtc_unit_letters(first);
	first->id = u->id;
	first->info = (uint8_t) (first->info & second->info);
	first->kind = DTC_TOKEN_NAME;
	first->level = 0;
	if (second->weight > first->weight)
		first->weight = second->weight;
	first->joined = 1;
	first->seam = (int16_t) seam;
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
		int len = side->unit[i].len + side->unit[i + 1].len;

		for (int j = 0; j < other->n; j++)
		{
			const Unit *u = &other->unit[j];

			if (len > u->len + 2 || len + 1 < u->len || u->len < 5 ||
				u->kind != DTC_TOKEN_NAME || u->joined ||
				dtc_unit_same_key(&side->unit[i], u) ||
				dtc_unit_same_key(&side->unit[i + 1], u))
				continue;
			if (join(side, i, u))
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

/*
 * The assignment when no word has two partners to choose from: everybody gets
 * his own. False if there is a choice.
 */
static bool
assign_freely(Work *w)
{
	uint32_t taken = 0;

	for (int i = 0; i < w->a->n; i++)
	{
		int partner = -1;

		for (int j = 0; j < w->b->n; j++)
		{
			if (w->pair[i][j].similarity < WORST_PAIR)
				continue;
			if (partner >= 0 || (taken & 1u << j) != 0)
				return false;
			partner = j;
			taken |= 1u << j;
		}
		w->chosen[i] = (int8_t) partner;
	}
	return true;
}

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
	return ((u->info & DTC_TOKEN_FATHER) && !other->father) ||
				   dtc_unit_is_link(u->kind, u->key, u->len)
			   ? 0
			   : u->weight;
}

static void
add_pair(DtcNameMatch *m, const Unit *a, const Unit *b, const Pair *p,
		 bool swapped)
{
	DtcNamePair *to = &m->pair[m->npairs++];
	const Unit *first = swapped ? b : a, *second = swapped ? a : b;

	to->a = first != NULL ? (int8_t) first->index : -1;
	to->b = second != NULL ? (int8_t) second->index : -1;
	to->a_joined = (int8_t) (first != NULL ? first->joined : 0);
	to->b_joined = (int8_t) (second != NULL ? second->joined : 0);
	to->rule = (to->a_joined || to->b_joined) && p->similarity > 0
				   ? DTC_RULE_JOINED
				   : p->rule;
	to->similarity = p->similarity;
	to->weight = p->weight;
}

/* Lists the pairs of an assignment; left, right: the surplus of both sides. */
static void
list_pairs(const Work *w, bool swapped, bool contradicted, DtcNameMatch *m)
{
	uint32_t taken = 0;
	Pair none = {0, 0, DTC_RULE_MISSING};

	m->npairs = 0;
	for (int i = 0; i < w->a->n; i++)
	{
		int j = w->chosen[i];

		if (j < 0)
			continue;
		taken |= 1u << j;
		add_pair(m, &w->a->unit[i], &w->b->unit[j], &w->pair[i][j], swapped);
	}
	if (contradicted)
		none.rule = DTC_RULE_CONTRADICTED;
	for (int i = 0; i < w->a->n; i++)
	{
		none.weight = (uint8_t) surplus(&w->a->unit[i], w->b);
		if (w->chosen[i] < 0)
			add_pair(m, &w->a->unit[i], NULL, &none, swapped);
	}
	for (int j = 0; j < w->b->n; j++)
	{
		none.weight = (uint8_t) surplus(&w->b->unit[j], w->a);
		if (!(taken & 1u << j))
			add_pair(m, NULL, &w->b->unit[j], &none, swapped);
	}
}

/*
 * Do two names agree in more than a father's name whatever agrees? Both have one,
 * or none; and a husband is nobody's father.
 */
static bool
is_own(const Side *a, const Side *b)
{
	return a->father == b->father && a->husband == b->husband;
}

/*
 * Do two words that agree say so: what she is called, or both whose wife she is?
 * NY. SUTRISNO BINTI KARTO may be called so or be his wife.
 */
static bool
is_own_pair(const Side *a, const Unit *u, const Side *b, const Unit *v)
{
	if (a->husband != b->husband)
		return a->father && b->father && a->woman && b->woman &&
			   (u->info & DTC_TOKEN_FATHER) != (v->info & DTC_TOKEN_FATHER);
	return !((u->info | v->info) & DTC_TOKEN_FATHER);
}

/*
 * Sums up an assignment. swapped: a of the work is the caller's second;
 * pairs: list them as well.
 */
static void
sum_up(const Work *w, bool swapped, bool pairs, DtcNameMatch *m)
{
	int agree = 0, total = 0, order, both;
	DtcSurplus left = {0, 0, 0}, right = {0, 0, 0};
	uint32_t taken = 0;
	bool own = is_own(w->a, w->b); /* more than a father's name */

	m->inversions = 0;
	for (int i = 0; i < w->a->n; i++)
	{
		int j = w->chosen[i];
		const Pair *p = &w->pair[i][j < 0 ? 0 : j];

		if (j < 0)
		{
			dtc_surplus_add(&left, surplus(&w->a->unit[i], w->b));
			continue;
		}
		own = own || is_own_pair(w->a, &w->a->unit[i], w->b, &w->b->unit[j]);
		agree += p->similarity * p->weight;
		total +=
			p->weight * (p->rule == DTC_RULE_LOOKALIKE ? DTC_LOOKALIKE : 1000);
		/* those taken before that stand behind j */
		for (uint32_t after = taken >> j; after != 0; after &= after - 1)
			m->inversions++;
		taken |= 1u << j;
	}
	for (int j = 0; j < w->b->n; j++)
	{
		if (!(taken & 1u << j))
			dtc_surplus_add(&right, surplus(&w->b->unit[j], w->a));
	}
	if (pairs)
		list_pairs(w, swapped, left.weight > 0 && right.weight > 0, m);
	if (!own)
	{
		/* who is the son of Slamet is not Slamet */
		agree = 0;
		for (int i = 0; pairs && i < m->npairs; i++)
			m->pair[i].similarity = 0;
	}
	both = left.weight < right.weight ? left.weight : right.weight;
	if (both > 0 && both < DTC_UNIT_FLOOR)
		both = DTC_UNIT_FLOOR; /* common words that differ are two names */
	order = INVERSION * m->inversions;
	m->order = order < WORST_ORDER ? order : WORST_ORDER;
	m->contradicted = (int64_t) both * DTC_CONTRADICTION;
	m->missing =
		dtc_surplus_cost(left.weight > right.weight ? &left : &right, both);
	m->agreed = agree;
	m->total = total + m->contradicted + m->missing;
	m->similarity = m->agreed == 0 ? 0
								   : (double) (m->agreed * (1000 - m->order)) /
										 (double) (m->total * 1000);
}

/* Compares each word of one side with each of the other. */
static void
compare_all(Work *w, const DtcNameModel *model)
{
	uint32_t equal_b[MAX_UNITS], settled_a = 0, settled_b = 0;

	/*
	 * Words with the same key, if each has only the other, are partners:
	 * looking at what else they resemble would change nothing worth knowing.
	 */
	for (int j = 0; j < w->b->n; j++)
		equal_b[j] = 0;
	for (int i = 0; i < w->a->n; i++)
	{
		uint32_t equal = 0;

		for (int j = 0; j < w->b->n; j++)
		{
			if (dtc_unit_same_key(&w->a->unit[i], &w->b->unit[j]))
			{
				equal |= 1u << j;
				equal_b[j] |= 1u << i;
			}
		}
		if (equal != 0 && (equal & (equal - 1)) == 0)
			settled_a |= 1u << i;
		for (int j = 0; j < w->b->n; j++)
			w->pair[i][j] =
				(Pair){(int16_t) (equal >> j & 1), 0, DTC_RULE_SLIP};
	}
	for (int j = 0; j < w->b->n; j++)
	{
		uint32_t equal = equal_b[j];

		if (equal != 0 && (equal & (equal - 1)) == 0 &&
			(equal & settled_a) != 0)
			settled_b |= 1u << j;
		else
			settled_a &= ~equal;
	}
	for (int i = 0; i < w->a->n; i++)
	{
		for (int j = 0; j < w->b->n; j++)
		{
			const Unit *u = &w->a->unit[i], *v = &w->b->unit[j];
			Pair *p = &w->pair[i][j];

			if (p->similarity == 0 &&
				((settled_a >> i & 1) != 0 || (settled_b >> j & 1) != 0))
				continue;
			*p = dtc_unit_compare(u, v, model);
			if ((u->joined || v->joined) && u->id == v->id)
				p->similarity = u->joined ? u->seam : v->seam;
			/* no better than with the word that they were joined for */
			if (u->joined && p->similarity > u->seam)
				p->similarity = u->seam;
			if (v->joined && p->similarity > v->seam)
				p->similarity = v->seam;
		}
	}
}

/* Compares one name of a with one name of b. */
static void
match_names(const DtcNameView *a, bool a_alias, const DtcNameView *b,
			bool b_alias, const DtcNameModel *model, bool pairs,
			DtcNameMatch *m)
{
	Side x, y;
	Work w;
	bool swapped;

	unpack(a, a_alias, model, &x);
	unpack(b, b_alias, model, &y);
	if (x.n == 0 || y.n == 0)
	{
		memset(m, 0, offsetof(DtcNameMatch, pair));
		return;
	}
	if (x.n >= 3 && y.n == 1)
		join_whole(&x, &y);
	else if (y.n >= 3 && x.n == 1)
		join_whole(&y, &x);
	join_all(&x, &y);
	join_all(&y, &x);
	swapped = x.n < y.n;
	w.a = swapped ? &y : &x;
	w.b = swapped ? &x : &y;
	compare_all(&w, model);
	if (!assign_freely(&w))
	{
		if (w.b->n <= EXACT_TOKENS)
			assign_exactly(&w);
		else
			assign_greedily(&w);
	}
	sum_up(&w, swapped, pairs, m);
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

	unpack(a, false, NULL, &x);
	w.a = w.b = &x;
	for (int i = 0; i < x.n; i++)
	{
		w.chosen[i] = (int8_t) i;
		w.pair[i][i] = dtc_unit_compare(&x.unit[i], &x.unit[i], NULL);
	}
	sum_up(&w, false, true, m);
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

/* The best of the pairs of names that two values hold; x before y. */
static void
match_values(const DtcNameView *x, const DtcNameView *y,
			 const DtcNameModel *model, bool pairs, DtcNameMatch *m)
{
	match_names(x, false, y, false, model, pairs, m);
	if (!has_alias(x) && !has_alias(y))
		return;
	for (int k = 1; k < 4; k++)
	{
		bool x_alias = (k & 1) != 0, y_alias = (k & 2) != 0;
		DtcNameMatch other;

		if ((x_alias && !has_alias(x)) || (y_alias && !has_alias(y)))
			continue;
		match_names(x, x_alias, y, y_alias, model, pairs, &other);
		if (other.similarity > m->similarity)
			*m = other;
	}
}

/*
 * Compares two names and says how the result came about.
 *
 * a, b: values of this library's version; model: a ministry's own tables, or
 * NULL; m: filled. A name with an alias is compared by whichever of its two
 * names fits better. m->similarity is in [0, 1], 1 for equal spellings, and
 * does not depend on the order of a and b.
 * Time grows with the product of the numbers of words, and for up to 8 words a
 * side that have a choice with 2 to their power. About 20 kB of stack.
 */
void
dtc_name_match_with(const DtcNameView *a, const DtcNameView *b,
					const DtcNameModel *model, DtcNameMatch *m)
{
	int order = order_views(a, b);

	if (order == 0)
	{
		match_itself(a, m);
		return;
	}
	match_values(order > 0 ? b : a, order > 0 ? a : b, model, true, m);
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

/* The same by the library's own tables alone. */
void
dtc_name_match(const DtcNameView *a, const DtcNameView *b, DtcNameMatch *m)
{
	dtc_name_match_with(a, b, NULL, m);
}

/*
 * Similarity of two names in [0, 1]: 1 for equal spellings, symmetric, the
 * same on every machine, and what dtc_name_match_with() says to the last bit.
 */
double
dtc_name_similarity_with(const DtcNameView *a, const DtcNameView *b,
						 const DtcNameModel *model)
{
	int order = order_views(a, b);
	DtcNameMatch m;

	if (order == 0)
		return 1;
	match_values(order > 0 ? b : a, order > 0 ? a : b, model, false, &m);
	return m.similarity;
}

/* The same by the library's own tables alone. */
double
dtc_name_similarity(const DtcNameView *a, const DtcNameView *b)
{
	return dtc_name_similarity_with(a, b, NULL);
}

/*
 * Similarity of two words in thousandths by what comparing them said, 0 where
 * they make no pair; sets *lookalike if the pair weighs more than others.
 */
int
dtc_unit_pair_similarity(const DtcPair *p, bool *lookalike)
{
	*lookalike = p->rule == DTC_RULE_LOOKALIKE;
	return p->similarity < WORST_PAIR ? 0 : p->similarity;
}

/*
 * The same of two words. Of the words of an index not all is known. The result
 * is the one that whole names use.
 */
int
dtc_unit_similarity(const DtcUnit *a, const DtcUnit *b, bool *lookalike)
{
	DtcPair p = dtc_unit_compare(a, b, NULL);

	return dtc_unit_pair_similarity(&p, lookalike);
}
