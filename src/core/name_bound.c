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
 * and dtc_name_allows() checks that with the largest possible left side, for
 * every choice of words that could rather stay without a partner. Look-alikes
 * are looked up for low thresholds only: for others, what the best of them would
 * be worth is allowed for in every row. The right side takes in that a row whose
 * words weigh more than the search's has words too much: the class of a row,
 * part of its keys, is a lower bound of what the words beside that one weigh.
 */
#include "core/name_bound.h"

#include <string.h>

/* What the similarity takes off at least; it may take off more. */
#define CAP DTC_UNIT_CAP
#define FLOOR DTC_UNIT_FLOOR /* weight of words that contradict */
#define MISSING (DTC_MISSING_LEAST / 1000.0)
#define CONTRADICTION (DTC_CONTRADICTION / 1000.0)
#define LOOKALIKE (DTC_LOOKALIKE / 1000.0)
#define EPSILON 1e-6       /* the bound is never too low by rounding */
#define BEST_LOOKALIKE 0.6 /* similarity of a pair that weighs more */
#define CHEAPEST_EDIT 0.4
#define BEST_CUT (DTC_UNIT_CUT / 1000.0)
#define BEST_INITIAL (DTC_UNIT_INITIAL / 1000.0)
#define BEST_JOINED (DTC_UNIT_JOINED / 1000.0)
#define CHOICES 4 /* words whose partner is tried both ways, at most */

const uint8_t dtc_name_third_begin[4] = {0, 1, 3, 6};

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

/* Bits of flags of what a word has found. */
#define FOUND_INITIAL 1
#define FOUND_CUT 2
#define FOUND_SPLIT 4  /* as two words */
#define FOUND_JOINED 8 /* this word and the next one as one: no bound */
#define FOUND_SEAM_HEAD 16
#define FOUND_SEAM_TAIL 32

static bool
found_any(const DtcNameFind *f)
{
	return f->same > 0 || f->near > 0 || f->lookalike > 0 ||
		   (f->flags & (FOUND_INITIAL | FOUND_CUT | FOUND_SPLIT)) != 0;
}

/*
 * What a word of the search adds to the sum at most, with a partner of those
 * that were found.
 */
static double
best_worth(const DtcQueryWord *w, const DtcNameFind *f, double t)
{
	int heavy = w->weight > FLOOR ? w->weight : FLOOR;
	double best = -1e9, value;

	if (f->same > 0)
		best = worth(f->same / 1000.0, t, 0, w->weight);
	if (f->near > 0)
	{
		value = worth(f->near / 1000.0, t, heavy, CAP);
		best = value > best ? value : best;
	}
	if (f->lookalike > 0)
	{
		value = (f->lookalike / 1000.0 - LOOKALIKE * t) * heavy;
		best = value > best ? value : best;
	}
	if (f->flags & FOUND_CUT)
	{
		value = worth(BEST_CUT, t, heavy, CAP);
		best = value > best ? value : best;
	}
	if (f->flags & FOUND_SPLIT)
	{
		value = worth(BEST_JOINED, t, 0, CAP);
		best = value > best ? value : best;
	}
	if (f->flags & FOUND_INITIAL || w->open)
	{
		value =
			worth(BEST_INITIAL, t,
				  w->weight < DTC_UNIT_LETTER ? w->weight : DTC_UNIT_LETTER,
				  DTC_UNIT_LETTER);
		best = value > best ? value : best;
	}
	/* a father's name may be without a partner at no cost */
	return w->father && best < 0 ? 0 : best;
}

/*
 * May a row match at t in which the words of the search (those of its second
 * name if alias) have found this, and those of the set alone have no partner?
 */
static bool
allows_alone(const DtcNameQuery *q, const DtcNameFind *find, double t,
			 bool alias, uint32_t alone)
{
	double sum = 0, cost, alike = 0, more = -1;
	DtcSurplus left = {0, 0, 0};
	int paired = 0, beside = 0, right;

	for (int i = 0; i < q->nwords; i++)
	{
		const DtcQueryWord *w = &q->word[i];
		const DtcNameFind *f = &find[i];
		double best, value;

		if (w->alias != alias)
			continue;
		if (f->class > 0)
		{
			int least = (f->class - 1) * DTC_NAME_CLASS_STEP;

			/* its partner may also be a word that tells no class */
			least -= w->open || f->flags != 0 ? CAP : 0;
			beside = least > beside ? least : beside;
		}
		if ((alone >> i & 1) == 0 && (found_any(f) || w->open))
		{
			sum += best_worth(w, f, t);
			paired += f->flags & FOUND_SPLIT ? 2 : 1;
			continue;
		}
		/* missing, or a look-alike, which is not looked up */
		best = w->father ? 0 : t * dtc_unit_missing(w->weight) / 1000;
		value = (LOOKALIKE * t - BEST_LOOKALIKE) *
				(w->weight > FLOOR ? w->weight : FLOOR);
		if (!w->father)
			dtc_surplus_add(&left, w->weight);
		if (dtc_name_is_plain(w) && !q->deep)
		{
			best = value < best ? value : best;
			if (more < 0 || value - best < more)
				more = value - best;
		}
		alike += best;
	}
	/* of the words beside one, the others that have a partner are no surplus */
	right = beside - (paired > 0 ? paired - 1 : 0) * CAP;
	right = right > 0 ? right : 0;
	cost = t * surplus_cost(&left, right);
	/* or at least one of the words without a partner is a look-alike */
	if (more >= 0 && alike + more < cost)
		cost = alike + more;
	return sum - cost >= -EPSILON;
}

/* The same for any set of words that could do better without their partner. */
static bool
allows(const DtcNameQuery *q, const DtcNameFind *find, double t, bool alias)
{
	uint32_t choice[CHOICES];
	int n = 0;

	for (int i = 0; i < q->nwords; i++)
	{
		const DtcQueryWord *w = &q->word[i];

		if (w->alias != alias || (!found_any(&find[i]) && !w->open) ||
			best_worth(w, &find[i], t) >= 0)
			continue;
		if (n == CHOICES)
			return true;
		choice[n++] = UINT32_C(1) << i;
	}
	for (uint32_t set = 0; set < UINT32_C(1) << n; set++)
	{
		uint32_t alone = 0;

		for (int k = 0; k < n; k++)
			alone |= set >> k & 1 ? choice[k] : 0;
		if (allows_alone(q, find, t, alias, alone))
			return true;
	}
	return false;
}

static bool
allows_either(const DtcNameQuery *q, const DtcNameFind *find, double t)
{
	return allows(q, find, t, false) || (q->alias && allows(q, find, t, true));
}

static bool
has_joined(const DtcNameQuery *q, const DtcNameFind *find)
{
	for (int i = 0; i < q->nwords; i++)
	{
		if (find[i].flags & FOUND_JOINED)
			return true;
	}
	return false;
}

/*
 * May a row of which this is known reach the threshold of the search?
 *
 * find: of each word of the search. Never false for a row that does, and not
 * false where it is true for less that is known.
 */
bool
dtc_name_allows(const DtcNameQuery *q, const DtcNameFind *find)
{
	return has_joined(q, find) || allows_either(q, find, q->threshold);
}

/*
 * How similar can a row be of which this is known? At most 1; -1 if it cannot
 * reach the threshold.
 */
double
dtc_name_bound(const DtcNameQuery *q, const DtcNameFind *find)
{
	double low = q->threshold, high = 1;

	if (!dtc_name_allows(q, find))
		return -1;
	if (has_joined(q, find) || allows_either(q, find, high))
		return 1;
	for (int i = 0; i < 9; i++)
	{
		double middle = (low + high) / 2;

		if (allows_either(q, find, middle))
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* Two parts that were found: do they make up the word? */
static bool
parts_meet(const DtcNameFind *f, int len)
{
	bool seam_head = (f->flags & FOUND_SEAM_HEAD) != 0;
	bool seam_tail = (f->flags & FOUND_SEAM_TAIL) != 0;

	if ((seam_head && (f->tail || seam_tail)) || (f->head && seam_tail))
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
raise(uint16_t *to, uint16_t value)
{
	*to = value > *to ? value : *to;
}

/* Adds to what is known of a row that a probe has found it. */
void
dtc_name_note(const DtcNameQuery *q, DtcNameFind *find, const DtcNameHit *hit)
{
	DtcNameFind *f = &find[hit->unit];
	bool tells_class = false;

	switch ((DtcProbeWhat) hit->what)
	{
		case DTC_PROBE_WORD:
			tells_class = true;
			raise(&f->same, hit->similarity);
			break;
		case DTC_PROBE_NICKNAME:
		case DTC_PROBE_NEAR:
		case DTC_PROBE_NEAR_END:
			tells_class = true;
			raise(&f->near, hit->similarity);
			raise(&f->lookalike, hit->lookalike);
			break;
		case DTC_PROBE_INITIAL:
			f->flags |= FOUND_INITIAL;
			break;
		case DTC_PROBE_CUT:
			f->flags |= FOUND_CUT;
			break;
		case DTC_PROBE_HEAD:
			f->head |= UINT64_C(1) << hit->length;
			break;
		case DTC_PROBE_TAIL:
			f->tail |= UINT64_C(1) << hit->length;
			break;
		case DTC_PROBE_SEAM_HEAD:
			f->flags |= FOUND_SEAM_HEAD;
			break;
		case DTC_PROBE_SEAM_TAIL:
			f->flags |= FOUND_SEAM_TAIL;
			break;
		case DTC_PROBE_JOINED_NEAR:
			f->flags |= FOUND_JOINED;
			break;
	}
	/* a word of no class, and one of which more than one row's word is found */
	if (tells_class)
	{
		uint8_t class = hit->class > 0 ? hit->class : 1;

		f->class = f->class == 0 || class < f->class ? class : f->class;
	}
	if ((f->head || f->tail ||
		 f->flags & (FOUND_SEAM_HEAD | FOUND_SEAM_TAIL)) &&
		parts_meet(f, q->word[hit->unit].len))
		f->flags |= FOUND_SPLIT;
}

/* How many thirds of the classes, from the lowest, can match at all. */
int
dtc_name_query_thirds(const DtcNameQuery *q)
{
	DtcNameFind find[DTC_NAME_MAX_TOKENS];

	memset(find, 0, sizeof(find));
	for (int i = 0; i < q->nwords; i++)
	{
		find[i].same = 1000;
		find[i].near = 1000;
		find[i].flags = FOUND_SPLIT;
	}
	for (int third = 3; third > 1; third--)
	{
		for (int i = 0; i < q->nwords; i++)
			find[i].class = dtc_name_third_begin[third];
		if (dtc_name_allows(q, find))
			return third;
	}
	return 1;
}

/*
 * May a row reach the threshold, by which probes have found it?
 *
 * present: one byte a probe: 0 if the row certainly is not among what the probe
 * found, 1 if it certainly is, 2 if that is not known. Returns true whenever the
 * similarity is at least the threshold, and never false where it is true for any
 * of what the row could be. Linear in the number of probes.
 */
bool
dtc_name_query_may_match(const DtcNameQuery *q, const char *present)
{
	DtcNameFind find[DTC_NAME_MAX_TOKENS], some[DTC_NAME_MAX_TOKENS];
	uint32_t certain = 0, unknown[CHOICES];
	size_t size = sizeof(DtcNameFind) * (size_t) q->nwords;
	int n = 0;

	memset(find, 0, size);
	for (int i = 0; i < q->nprobes; i++)
	{
		const DtcNameProbe *p = &q->probe[i];
		DtcNameHit hit = {p->what, p->unit, 0, false, 0, 1000, 0};
		int letters = p->to - p->from;

		if (!present[i])
			continue;
		hit.class = dtc_name_third_begin[p->third];
		hit.length = (uint8_t) (letters < 64 ? letters : 63);
		if (p->what != DTC_PROBE_WORD)
			hit.similarity =
				(uint16_t) (1000 * best_slip(q->word[p->unit].len) + 1);
		dtc_name_note(q, find, &hit);
		if (present[i] == 1 && find[p->unit].class > 0)
			certain |= UINT32_C(1) << p->unit;
	}
	/* a class is known only if the key that told it is the row's */
	for (int i = 0; i < q->nwords; i++)
	{
		if (find[i].class <= 1 || (certain >> i & 1) != 0)
			continue;
		if (n < CHOICES)
			unknown[n++] = (uint32_t) i;
		else
			find[i].class = 1;
	}
	for (uint32_t set = 0; set < UINT32_C(1) << n; set++)
	{
		memcpy(some, find, size);
		for (int k = 0; k < n; k++)
		{
			DtcNameFind *f = &some[unknown[k]];

			if (set >> k & 1)
				f->same = f->near = f->lookalike = f->class = 0;
		}
		if (dtc_name_allows(q, some))
			return true;
	}
	return false;
}
