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
#define BEST_LOOKALIKE 600   /* similarity of a pair that weighs more */
#define CHEAPEST_EDIT 0.4
#define JOINS 3   /* two words that may be one, at most, for a bound */
#define CHOICES 4 /* words whose partner is tried both ways, at most */
/*
 * By how much more a choice has to be worth to be better. What two choices are
 * worth at the ratio of a third differs by more or not at all.
 */
#define ROUNDING 1e-8
#define EPSILON 1e-3 /* a threshold is never missed by rounding */

const uint8_t dtc_name_third_begin[4] = {0, 1, 3, 6};

/*
 * What a choice of partners adds to both sides of the fraction that the
 * similarity is: whole numbers, thousandths of an eighth of a bit; and how much
 * the one exceeds t times the other.
 */
typedef struct Worth
{
	int64_t agreed, total;
	double value;
} Worth;

static inline Worth
worth_of(int64_t agreed, int64_t total, double t)
{
	return (Worth){agreed, total, (double) agreed - t * (double) total};
}

static inline void
add(Worth *to, const Worth *w)
{
	to->agreed += w->agreed;
	to->total += w->total;
	to->value += w->value;
}

static inline void
keep_better(Worth *best, Worth other)
{
	if (other.value > best->value)
		*best = other;
}

/*
 * What unpaired words cost: the search's, known; a row's, of at least weight
 * right. It grows with right (see dtc_surplus_cost()).
 */
static int64_t
surplus_cost(const DtcSurplus *left, int right)
{
	int both = left->weight < right ? left->weight : right;

	if (both > 0 && both < FLOOR)
		both = FLOOR;
	if (right > left->weight)
		return both * DTC_CONTRADICTION +
			   (right > both ? (right - both) * DTC_MISSING_LEAST : 0);
	return both * DTC_CONTRADICTION + dtc_surplus_cost(left, both);
}

/* A pair of similarity s, thousandths, with a weight in [low, high]. */
static Worth
pair_of(int s, double t, int low, int high)
{
	int weight = s > 1000 * t ? high : low;

	return worth_of((int64_t) s * weight, 1000 * (int64_t) weight, t);
}

/* Two names that look alike, with a weight of at least low. */
static Worth
lookalike_of(int s, double t, int low)
{
	int weight = s > DTC_LOOKALIKE * t ? CAP : low;

	return worth_of((int64_t) s * weight, (int64_t) DTC_LOOKALIKE * weight, t);
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
#define FOUND_SPLIT 4         /* as two words */
#define FOUND_JOINED 8        /* this word and the next one as one */
#define FOUND_JOINED_SOFT 64  /* the same but for a habit */
#define FOUND_JOINED_HARD 128 /* the same but for a slip */
#define FOUND_AS_ONE (FOUND_JOINED | FOUND_JOINED_SOFT | FOUND_JOINED_HARD)
#define FOUND_SEAM_HEAD 16
#define FOUND_SEAM_TAIL 32

static bool
found_any(const DtcNameFind *f)
{
	return f->same > 0 || f->near > 0 || f->lookalike > 0 ||
		   (f->flags & (FOUND_INITIAL | FOUND_CUT | FOUND_SPLIT)) != 0;
}

/*
 * What a word of the search is worth at most, with a partner of those that were
 * found.
 */
static Worth
best_worth(const DtcQueryWord *w, const DtcNameFind *f, double t)
{
	int heavy = w->weight > FLOOR ? w->weight : FLOOR;
	Worth best = {0, 0, -1e12};

	if (f->same > 0)
		best = pair_of(f->same, t, 1, w->weight);
	if (f->near > 0)
		keep_better(&best, pair_of(f->near, t, heavy, CAP));
	if (f->lookalike > 0)
		keep_better(&best, lookalike_of(f->lookalike, t, heavy));
	if (f->flags & FOUND_CUT)
		keep_better(&best, pair_of(DTC_UNIT_CUT, t, heavy, CAP));
	if (f->flags & FOUND_SPLIT)
		keep_better(&best, pair_of(DTC_UNIT_JOINED, t, 1, CAP));
	if (f->flags & FOUND_INITIAL || w->open)
	{
		int low = w->weight < DTC_UNIT_LETTER ? w->weight : DTC_UNIT_LETTER;
		int high = DTC_UNIT_LETTER;

		if (w->open)
			high = low;
		else if (w->len > 0 && strchr("BIMR", w->key[0]) != NULL)
			low = 1; /* the row's letter may weigh less than others */
		keep_better(&best, pair_of(DTC_UNIT_INITIAL, t, low, high));
	}
	/* a father's name or an article may be without a partner at no cost */
	if (w->free)
		keep_better(&best, (Worth){0, 0, 0});
	return best;
}

/* This word and the next one with one of a row that is both. */
static Worth
joined_worth(const DtcNameFind *f, double t)
{
	int s = f->flags & FOUND_JOINED        ? DTC_UNIT_JOINED
			: f->flags & FOUND_JOINED_SOFT ? DTC_UNIT_JOINED_SOFT
										   : DTC_UNIT_JOINED_HARD;

	return pair_of(s, t, 1, CAP);
}

/*
 * What a row is worth at most in which the words of the search (those of its
 * second name if alias) have found this, those of the set joined are one with
 * the next word, and those of the set alone have no partner. by: best_worth() of
 * each word that has found something.
 */
static Worth
worth_alone(const DtcNameQuery *q, const DtcNameFind *find, const Worth *by,
			double t, bool alias, uint32_t joined, uint32_t alone)
{
	uint32_t covered = joined | joined << 1;
	Worth sum = {0, 0, 0}, alike = {0, 0, 0}, more = {0, 0, 0}, cost;
	DtcSurplus left = {0, 0, 0};
	int paired = 0, beside = 0, right;
	bool any_more = false;

	for (int i = 0; i < q->nwords; i++)
	{
		const DtcQueryWord *w = &q->word[i];
		const DtcNameFind *f = &find[i];
		Worth best = {0, 0, 0}, value;
		int heavy = w->weight > FLOOR ? w->weight : FLOOR;
		bool has_partner;

		if (w->alias != alias)
			continue;
		has_partner = (alone >> i & 1) == 0 && (found_any(f) || w->open);
		if (f->class > 0)
		{
			int least = (f->class - 1) * DTC_NAME_CLASS_STEP;

			/* what tells the class may be no partner, or another than its own */
			least -= !has_partner || w->open || f->flags != 0 ||
							 (covered >> i & 1) != 0
						 ? CAP
						 : 0;
			beside = least > beside ? least : beside;
		}
		if ((covered >> i & 1) != 0)
		{
			if ((joined >> i & 1) == 0)
				continue;
			best = joined_worth(f, t);
			add(&sum, &best);
			paired++;
			continue;
		}
		if (has_partner)
		{
			add(&sum, &by[i]);
			paired += (f->flags & FOUND_SPLIT) == 0 ? 1
					  : w->alone                    ? w->len
													: 2;
			continue;
		}
		/* missing, or a look-alike, which is not looked up */
		if (!w->free)
		{
			best = worth_of(0, dtc_unit_missing(w->weight), t);
			dtc_surplus_add(&left, w->weight);
		}
		if (dtc_name_is_plain(w) && !q->deep)
		{
			value = lookalike_of(BEST_LOOKALIKE, t, heavy);
			keep_better(&best, value);
			value.agreed -= best.agreed;
			value.total -= best.total;
			value.value -= best.value;
			if (!any_more || value.value > more.value)
				more = value;
			any_more = true;
		}
		add(&alike, &best);
	}
	/* of the words beside one, the others that have a partner are no surplus */
	right = beside - (paired > 0 ? paired - 1 : 0) * CAP;
	right = right > 0 ? right : 0;
	cost = worth_of(0, surplus_cost(&left, right), t);
	/* or at least one of the words without a partner is a look-alike */
	if (any_more)
	{
		add(&alike, &more);
		keep_better(&cost, alike);
	}
	add(&sum, &cost);
	return sum;
}

/*
 * The same for any set of words that could do better without their partner;
 * false if those are too many to be tried.
 */
static bool
best_of_joined(const DtcNameQuery *q, const DtcNameFind *find, const Worth *by,
			   double t, bool alias, uint32_t joined, Worth *best)
{
	uint32_t choice[CHOICES], covered = joined | joined << 1;
	int n = 0;

	for (int i = 0; i < q->nwords; i++)
	{
		const DtcQueryWord *w = &q->word[i];

		if (w->alias != alias || (covered >> i & 1) != 0 ||
			(!found_any(&find[i]) && !w->open) || by[i].value >= 0)
			continue;
		if (n == CHOICES)
			return false;
		choice[n++] = UINT32_C(1) << i;
	}
	for (uint32_t set = 0; set < UINT32_C(1) << n; set++)
	{
		uint32_t alone = 0;

		for (int k = 0; k < n; k++)
			alone |= set >> k & 1 ? choice[k] : 0;
		keep_better(best, worth_alone(q, find, by, t, alias, joined, alone));
	}
	return true;
}

/* The same for any words that may be one with the next. */
static bool
best_of_name(const DtcNameQuery *q, const DtcNameFind *find, double t,
			 bool alias, Worth *best)
{
	uint32_t join[JOINS];
	Worth by[DTC_NAME_MAX_TOKENS];
	int n = 0;

	for (int i = 0; i < q->nwords; i++)
	{
		const DtcQueryWord *w = &q->word[i];

		if (w->alias != alias)
			continue;
		if (found_any(&find[i]) || w->open)
			by[i] = best_worth(w, &find[i], t);
		if (!(find[i].flags & FOUND_AS_ONE))
			continue;
		if (n == JOINS)
			return false;
		join[n++] = UINT32_C(1) << i;
	}
	for (uint32_t set = 0; set < UINT32_C(1) << n; set++)
	{
		uint32_t joined = 0;

		for (int k = 0; k < n; k++)
			joined |= set >> k & 1 ? join[k] : 0;
		if ((joined & joined << 1) == 0 &&
			!best_of_joined(q, find, by, t, alias, joined, best))
			return false;
	}
	return true;
}

/* What a row of which this is known is worth at most, by either name. */
static bool
best_of(const DtcNameQuery *q, const DtcNameFind *find, double t, Worth *best)
{
	*best = (Worth){0, 0, -1e12};
	return best_of_name(q, find, t, false, best) &&
		   (!q->alias || best_of_name(q, find, t, true, best));
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
	Worth best;

	return !best_of(q, find, q->threshold, &best) || best.value >= -EPSILON;
}

/*
 * How similar can a row be of which this is known? At most 1; -1 if it cannot
 * reach the threshold.
 *
 * The result is a quotient of two whole numbers, as the similarity is, that is
 * not less; so no rounding can make it less. From a similarity that can be
 * reached follows the choice that is worth most there, from it a greater
 * similarity, until there is none (Dinkelbach's way).
 */
double
dtc_name_bound(const DtcNameQuery *q, const DtcNameFind *find)
{
	double bound = q->threshold;
	Worth best;

	if (!dtc_name_allows(q, find))
		return -1;
	for (;;)
	{
		double next;

		if (!best_of(q, find, bound, &best) || best.total <= 0)
			return 1;
		next = (double) best.agreed / (double) best.total;
		if (next >= 1)
			return 1;
		if (best.value <= ROUNDING || next <= bound)
			return next > bound ? next : bound;
		bound = next;
	}
}

/*
 * Two parts that were found: do they make up the word? alone: of a word that is
 * all of its name there may be others between them.
 */
static bool
parts_meet(const DtcNameFind *f, int len, bool alone)
{
	bool seam_head = (f->flags & FOUND_SEAM_HEAD) != 0;
	bool seam_tail = (f->flags & FOUND_SEAM_TAIL) != 0;

	if ((seam_head && (f->tail || seam_tail)) || (f->head && seam_tail))
		return true;
	for (int n = 2; f->tail != 0 && n < len && n < 64; n++)
	{
		/* the letters at the seam may be one less or two more */
		int m = alone ? 2 : len - n - 1;

		for (; f->head >> n & 1 && m <= len - n + 2; m++)
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

/* Is what a probe finds a word that tells the class of its row? */
static bool
tells_class(int what)
{
	return what == DTC_PROBE_WORD || what == DTC_PROBE_NICKNAME ||
		   what == DTC_PROBE_NEAR || what == DTC_PROBE_NEAR_END;
}

/* Adds to what is known of a row that a probe has found it. */
void
dtc_name_note(const DtcNameQuery *q, DtcNameFind *find, const DtcNameHit *hit)
{
	DtcNameFind *f = &find[hit->unit];

	switch ((DtcProbeWhat) hit->what)
	{
		case DTC_PROBE_WORD:
			raise(&f->same, hit->similarity);
			break;
		case DTC_PROBE_NICKNAME:
		case DTC_PROBE_NEAR:
		case DTC_PROBE_NEAR_END:
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
			f->flags |= hit->similarity > DTC_UNIT_JOINED_SOFT ? FOUND_JOINED
						: hit->similarity > DTC_UNIT_JOINED_HARD
							? FOUND_JOINED_SOFT
							: FOUND_JOINED_HARD;
			/* all words of the name are one: each is part of a word */
			for (int i = 0; hit->length == 1 && i < q->word[hit->unit].whole;
				 i++)
				f[i].flags |= FOUND_SPLIT;
			break;
	}
	/* a word of no class, and one of which more than one row's word is found */
	if (tells_class(hit->what))
	{
		uint8_t class = hit->class > 0 ? hit->class : 1;

		f->class = f->class == 0 || class < f->class ? class : f->class;
	}
	if ((f->head || f->tail ||
		 f->flags & (FOUND_SEAM_HEAD | FOUND_SEAM_TAIL)) &&
		parts_meet(f, q->word[hit->unit].len, q->word[hit->unit].alone))
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
		if (p->what != DTC_PROBE_WORD && p->what != DTC_PROBE_JOINED_NEAR)
			hit.similarity =
				(uint16_t) (1000 * best_slip(q->word[p->unit].len) + 1);
		dtc_name_note(q, find, &hit);
		if (p->what == DTC_PROBE_JOINED_NEAR && q->word[p->unit].whole > 0)
		{
			hit.length = 1; /* all words or two of them, that is not known */
			dtc_name_note(q, find, &hit);
		}
		if (present[i] == 1 && tells_class(p->what))
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
