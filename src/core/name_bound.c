/*
 * name_bound.c
 *		How similar a name can be at most, by what a search found of it.
 *
 * From the probes of name_keys.c that found something follows, for each word
 * of the search, the best partner that it can have. Similarity s of at least t
 * means
 *
 *		sum over pairs of (s_i - t) w_i  >=  t * (what is missing or too much)
 *
 * and dtc_name_query_may_match() checks that with the largest possible left
 * side. Look-alikes are looked up for low thresholds only: for others, what the
 * best of them would be worth is allowed for in every row. The right side takes
 * in that a row whose words weigh more than the search's has words too much: the
 * class of a row, part of its keys, is a lower bound of what its words weigh.
 */
#include "core/name_bound.h"

#include <string.h>

#define CAP 72 /* as in name_unit.h, eighths of a bit */
/* What the similarity takes off at least; it may take off more. */
#define FLOOR 48           /* weight of words that contradict, the same unit */
#define MISSING 0.4        /* of the weight of missing words, at least */
#define CONTRADICTION 2.2  /* of the weight of words too much on both sides */
#define LOOKALIKE 2.2      /* of the weight of two words that look alike */
#define EPSILON 1e-6       /* the bound is never too low by rounding */
#define BEST_LOOKALIKE 0.6 /* similarity of a pair that weighs more */
#define CHEAPEST_EDIT 0.4
#define BEST_CUT 0.9
#define BEST_INITIAL 0.7

const int dtc_name_class_weight[4] = {0, 0, 89, 161};

/*
 * What unpaired words cost: the search's, known; a row's, of at least weight
 * right. It grows with right (see dtc_surplus_cost()).
 */
static double
surplus_cost(const DtcSurplus *left, int right)
{
	int both = left->weight < right ? left->weight : right;

	if (both > 0 && both < FLOOR)
		both = FLOOR;
	if (right > left->weight)
		return both * CONTRADICTION +
			   (right > both ? (right - both) * MISSING : 0);
	return both * CONTRADICTION + (double) dtc_surplus_cost(left, both) / 1000;
}

/* Worth of a pair of similarity s with a weight in [low, high]. */
static double
worth(double s, double t, int low, int high)
{
	return (s - t) * (s > t ? high : low);
}

/*
 * The best similarity of a word of this length and one that is not the same:
 * the cheapest edit, in the longest word that it can lead to.
 */
static double
best_slip(int len)
{
	return 1 - CHEAPEST_EDIT * 0.8 / (len + 2);
}

/* Bits of what a word has found. */
#define FOUND_WORD 1
#define FOUND_NEAR 2
#define FOUND_INITIAL 4
#define FOUND_CUT 8

/*
 * May a row match in which the words of the search (those of its second name
 * if alias) have found this? class: of the row, 1 when nothing is known.
 */
static bool
may_match(const DtcNameQuery *q, const uint8_t *found, int class, bool alias)
{
	double t = q->threshold, sum = 0, cost, alike = 0, more = -1;
	DtcSurplus left = {0, 0, 0};
	int paired = 0, right;

	for (int i = 0; i < q->nwords; i++)
	{
		const DtcQueryWord *w = &q->word[i];
		int heavy = w->weight > FLOOR ? w->weight : FLOOR;
		uint8_t f = found[i];
		double best, value;

		if (w->alias != alias)
			continue;
		if (f == 0 && !w->open)
		{
			/* missing, or a look-alike, which is not looked up */
			best = w->father ? 0 : t * dtc_unit_missing(w->weight) / 1000;
			value = (LOOKALIKE * t - BEST_LOOKALIKE) * heavy;
			if (!w->father)
				dtc_surplus_add(&left, w->weight);
			if (dtc_name_is_plain(w) && !q->deep)
			{
				best = value < best ? value : best;
				if (more < 0 || value - best < more)
					more = value - best;
			}
			alike += best;
			continue;
		}
		best = -1e9;
		if (f & FOUND_WORD)
			best = (1 - t) * w->weight;
		if (f & FOUND_NEAR)
		{
			value = worth(best_slip(w->len), t, heavy, CAP);
			best = value > best ? value : best;
		}
		if (f & FOUND_CUT)
		{
			value = worth(BEST_CUT, t, heavy, CAP);
			best = value > best ? value : best;
		}
		if (f & FOUND_INITIAL || w->open)
		{
			value = worth(BEST_INITIAL, t,
						  w->weight < DTC_UNIT_LETTER ? w->weight
													  : DTC_UNIT_LETTER,
						  DTC_UNIT_LETTER);
			best = value > best ? value : best;
		}
		/* a father's name may be without a partner at no cost */
		if (w->father && best < 0)
			best = 0;
		sum += best;
		paired++;
	}
	right = dtc_name_class_weight[class] - paired * CAP;
	right = right > 0 ? right : 0;
	cost = t * surplus_cost(&left, right);
	/* or at least one of the words without a partner is a look-alike */
	if (more >= 0 && alike + more < cost)
		cost = alike + more;
	return sum - cost >= -EPSILON;
}

/* The same for the words of either name of the search. */
bool
dtc_name_query_allows(const DtcNameQuery *q, const uint8_t *found, int class)
{
	return may_match(q, found, class, false) ||
		   (q->alias && may_match(q, found, class, true));
}

/* The highest class of rows that can match at all, 1 to 3. */
int
dtc_name_query_best_class(const DtcNameQuery *q)
{
	uint8_t found[DTC_NAME_MAX_TOKENS];

	memset(found, FOUND_WORD | FOUND_NEAR | FOUND_INITIAL, sizeof(found));
	for (int class = 3; class > 1; class --)
	{
		if (dtc_name_query_allows(q, found, class))
			return class;
	}
	return 1;
}

/* What the present probes of one search found. */
typedef struct Finds
{
	uint8_t found[DTC_NAME_MAX_TOKENS];
	/* bit c: the word, or one near to it, in a row of class c */
	uint8_t word[DTC_NAME_MAX_TOKENS];
	uint8_t near[DTC_NAME_MAX_TOKENS];
	uint64_t head, tail; /* of the current word: bit n for n letters */
	bool seam_head, seam_tail;
	bool joined; /* two words may be one: no bound */
} Finds;

/* Two parts that were found: do they make up the word? */
static bool
parts_meet(const Finds *f, int len)
{
	if ((f->seam_head && (f->tail || f->seam_tail)) ||
		(f->head && f->seam_tail))
		return true;
	for (int n = 2; f->tail != 0 && n < len && n < 64; n++)
	{
		/* the letters at the seam may be one less or two more */
		for (int m = len - n - 1; f->head >> n & 1 && m <= len - n + 2; m++)
		{
			if (m >= 2 && m < 64 && f->tail >> m & 1)
				return true;
		}
	}
	return len > 63 && f->head && f->tail;
}

static void
note(Finds *f, const DtcNameProbe *p)
{
	int n = p->to - p->from;
	/* without a class: a row of any */
	uint8_t classes = p->class > 0 ? (uint8_t) (1 << (p->class & 7)) : 0xFF;

	switch ((DtcProbeWhat) p->what)
	{
		case DTC_PROBE_WORD:
			f->word[p->unit] |= classes;
			break;
		case DTC_PROBE_NICKNAME:
		case DTC_PROBE_NEAR:
		case DTC_PROBE_NEAR_END:
			f->near[p->unit] |= classes;
			break;
		case DTC_PROBE_INITIAL:
			f->found[p->unit] |= FOUND_INITIAL;
			break;
		case DTC_PROBE_CUT:
			f->found[p->unit] |= FOUND_CUT;
			break;
		case DTC_PROBE_HEAD:
			f->head |= UINT64_C(1) << (n < 64 ? n : 63);
			break;
		case DTC_PROBE_TAIL:
			f->tail |= UINT64_C(1) << (n < 64 ? n : 63);
			break;
		case DTC_PROBE_SEAM_HEAD:
			f->seam_head = true;
			break;
		case DTC_PROBE_SEAM_TAIL:
			f->seam_tail = true;
			break;
		case DTC_PROBE_JOINED_NEAR:
			f->joined = true;
			break;
	}
}

/*
 * May a row reach the threshold, by which probes have found it?
 *
 * present: one byte a probe, 0 only if the row certainly is not among what the
 * probe found. Returns true whenever the similarity is at least the threshold,
 * and never false where it is true for fewer present probes (an index asks what
 * a row could be that not all is known of; all words of a row have one class,
 * so each class is tried by itself). Linear in the number of probes.
 */
bool
dtc_name_query_may_match(const DtcNameQuery *q, const char *present)
{
	Finds f;
	uint8_t found[DTC_NAME_MAX_TOKENS];
	int unit = -1;

	memset(&f, 0, sizeof(f));
	for (int i = 0; i < q->nprobes; i++)
	{
		if (!present[i])
			continue;
		if (q->probe[i].unit != unit)
		{
			unit = q->probe[i].unit;
			f.head = f.tail = 0;
			f.seam_head = f.seam_tail = false;
		}
		note(&f, &q->probe[i]);
		if (f.joined || parts_meet(&f, q->word[unit].len))
			return true;
	}
	for (int class = 1; class <= q->best_class; class ++)
	{
		for (int i = 0; i < q->nwords; i++)
			found[i] = (uint8_t) (f.found[i] |
								  (f.word[i] >> class & 1 ? FOUND_WORD : 0) |
								  (f.near[i] >> class & 1 ? FOUND_NEAR : 0));
		if (dtc_name_query_allows(q, found, class))
			return true;
	}
	return false;
}
