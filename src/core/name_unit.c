/*
 * name_unit.c
 *		Compares one word of a name with one of another.
 *
 * Two well attested words that look alike (Sunarto, Sunarti) are two names,
 * not a slip; what nobody is called, beside a name, is one. Most pairs of words
 * have nothing in common: that shows in the sets of their letters, before any
 * table of distances.
 */
#include "core/name_unit.h"

#include <string.h>

/* Thousandths, unless said otherwise; measured (docs/name.md). */
#define ABBREVIATED 940
#define SUFFIX 660
#define PREFIX 660
#define PREFIX_ATTESTED 250 /* Andi, Andika: two names */
#define INITIAL_SOUND 620   /* P. for a name that is written with F */

#define BIT(letter) (1u << ((letter) - 'A'))

/* First letters of an end that are others inside a longer word, see ends(). */
#define FOLDED_INSIDE (BIT('W') | BIT('Y'))
/* Last letters of a word that has been cut, see begins_cut(). */
#define FOLDED_LAST (BIT('I') | BIT('P') | BIT('S') | BIT('T'))

/* Letters that only a plain edit brings in, takes away or changes. */
#define HARD_LETTERS                                                          \
	(BIT('B') | BIT('C') | BIT('D') | BIT('L') | BIT('M') | BIT('P') |        \
	 BIT('R') | BIT('T') | BIT('W'))

/* Cheapest edits there are: one of a hard letter, any other one. */
#define CHEAPEST_HARD 80
#define CHEAPEST 40
/* Edits between two words, hundredths: in short words, in any. */
#define LEAST_ALLOWED 100
#define MOST_ALLOWED 200

/* What a missing word costs at most, thousandths of an eighth of a bit. */
#define MISSING_MOST 28800
#define MISSING_HABIT 6 /* up to this weight: left out by habit */
#define MISSING_SQUARE 250
#define MISSING_MORE 2 /* times, from the second missing word on */

/*
 * What a word costs that one of the two names lacks. To be left out happens to
 * a rare word as often as to any other, so it costs what every word does,
 * however much it would prove; but the commonest are left out more often, and
 * Muhammad, Raden, I and Ni by habit. weight: eighths of a bit. At least .4 of
 * it, at most 2.2.
 */
int
dtc_unit_missing(int weight)
{
	int least = weight * DTC_MISSING_LEAST;
	int cost = weight > MISSING_HABIT ? weight * weight * MISSING_SQUARE : 0;

	if (cost > weight * DTC_CONTRADICTION)
		cost = weight * DTC_CONTRADICTION;
	if (cost > MISSING_MOST)
		cost = MISSING_MOST;
	return cost > least ? cost : least;
}

void
dtc_surplus_add(DtcSurplus *s, int weight)
{
	int cost = dtc_unit_missing(weight);

	s->weight += weight;
	s->missing += cost;
	s->most = cost > s->most ? cost : s->most;
}

/*
 * What the words of the heavier side cost beyond those that contradict.
 *
 * other: weight of the words that contradict them, 0 if the other side has
 * none. Two words missing are rarer than one, so the second costs double; but
 * words that are missing never cost more than words that contradict.
 */
int64_t
dtc_surplus_cost(const DtcSurplus *s, int other)
{
	int heavy = s->weight < DTC_UNIT_FLOOR ? DTC_UNIT_FLOOR : s->weight;
	int64_t most = (int64_t) heavy * DTC_CONTRADICTION;
	int64_t cost = s->most + (int64_t) (s->missing - s->most) * MISSING_MORE;

	cost = cost < most ? cost : most;
	return s->weight > other ? cost * (s->weight - other) / s->weight : 0;
}

static int
count_bits(uint32_t set)
{
	set -= set >> 1 & 0x55555555;
	set = (set & 0x33333333) + (set >> 2 & 0x33333333);
	return (int) (((set + (set >> 4)) & 0x0F0F0F0F) * 0x01010101 >> 24);
}

/* Sets what is known of a unit's letters; its key is there. */
void
dtc_unit_letters(DtcUnit *u)
{
	uint64_t code = 0;
	uint32_t letters = 0, other = 0;

	/* other bytes only make a key that is not plain; no result depends on it */
	for (int i = 0; i < u->len; i++)
	{
		uint32_t letter = (uint32_t) (u->key[i] - 'A');

		other |= letter;
		letters |= 1u << (letter & 31);
		code = code << 5 | (letter + 1);
	}
	u->code = code;
	u->letters = letters;
	u->plain = u->len <= DTC_UNIT_LETTERS && other < 32;
	u->nick = u->plain && u->len <= DTC_NICKNAME_LETTERS &&
			  dtc_name_maybe_nickname(code);
}

/* Are two keys the same? */
bool
dtc_unit_same_key(const DtcUnit *a, const DtcUnit *b)
{
	return a->len == b->len && a->code == b->code &&
		   ((a->plain && b->plain) ||
			memcmp(a->key, b->key, (size_t) a->len) == 0);
}

/* A set without two of its members. */
static uint32_t
drop_two(uint32_t set)
{
	set &= set - 1;
	return set & (set - 1);
}

/*
 * How many edits may be between two keys that are not further apart than
 * allowed; -1 if they are. A letter that only one of them has takes an edit; an
 * edit takes at most one letter of each.
 */
static int
most_edits(const DtcUnit *a, const DtcUnit *b, int allowed)
{
	uint32_t left = a->letters & ~b->letters, right = b->letters & ~a->letters;
	uint32_t hard_left = left & HARD_LETTERS,
			 hard_right = right & HARD_LETTERS;
	int x, y, edits, most;

	/* more than two of one side are too many whatever is allowed */
	if ((drop_two(hard_left) | drop_two(hard_right)) != 0)
		return -1;
	x = count_bits(left);
	y = count_bits(right);
	edits = x > y ? x : y;
	if (edits * CHEAPEST > allowed)
		return -1;
	x = count_bits(hard_left);
	y = count_bits(hard_right);
	x = x > y ? x : y;
	most = x + (allowed - x * CHEAPEST_HARD) / CHEAPEST;
	return allowed >= x * CHEAPEST_HARD && edits <= most ? most : -1;
}

/* May two words be a slip of each other, by their lengths and letters alone? */
static bool
may_slip(const DtcUnit *a, const DtcUnit *b)
{
	int longer = a->len > b->len ? a->len : b->len;

	return longer > 3 && a->len - b->len <= 2 && b->len - a->len <= 2 &&
		   most_edits(a, b, MOST_ALLOWED) >= 0;
}

/*
 * The same by the letters as they stand, whatever the levels of the words; for
 * two that may_slip() does not rule out.
 */
bool
dtc_unit_is_slip(const DtcUnit *a, const DtcUnit *b)
{
	int longer = a->len > b->len ? a->len : b->len;
	int allowed = longer > 4 ? MOST_ALLOWED : LEAST_ALLOWED;
	int most = most_edits(a, b, allowed);

	return most >= 0 && dtc_name_near(a->key, a->len, b->key, b->len) &&
		   dtc_name_slip(a->key, a->len, b->key, b->len, allowed, most).cost <=
			   allowed;
}

/*
 * May two words that are not the same make a pair at all, whatever their
 * spellings are worth, if neither is a nickname? Most do not: it shows in their
 * letters.
 */
bool
dtc_unit_may_pair(const DtcUnit *a, const DtcUnit *b)
{
	uint32_t a_folded = FOLDED_INSIDE | (a->last ? FOLDED_LAST : 0);
	uint32_t b_folded = FOLDED_INSIDE | (b->last ? FOLDED_LAST : 0);

	if ((a->letters & ~b->letters & ~a_folded) == 0 ||
		(b->letters & ~a->letters & ~b_folded) == 0)
		return true; /* one may be part of the other */
	return may_slip(a, b);
}

/* May a name that begins with this key be abbreviated by this letter? */
static bool
begins_with(const DtcUnit *name, const DtcUnit *letter)
{
	char c = name->key[0], l = letter->key[0];

	return c == l || (l == 'C' && (c == 'H' || c == 'K')) ||
		   (l == 'K' && c == 'H') || (l == 'D' && c == 'J') ||
		   (l == 'J' && c == 'Y') || (l == 'Y' && c == 'J') ||
		   (l == 'O' && c == 'U');
}

/* An initial as it was written, if its key is another letter; NUL: two letters. */
static char
written(const DtcUnit *letter)
{
	static const char folded[] = "PPJKK", letters[] = "FVZQX";
	char key = letter->key[0];

	for (int i = 0; folded[i] != '\0'; i++)
	{
		if (key == folded[i] &&
			letter->id == dtc_name_spelling(&letters[i], 1))
			return letters[i];
	}
	return letter->id == dtc_name_spelling(&key, 1) ? key : '\0';
}

/*
 * Has a name the letters of an abbreviation without vowels, in their order:
 * Hsb. and Hasibuan? What a letter folds to at the end it need not inside.
 */
static bool
has_skeleton(const DtcUnit *name, const DtcUnit *letter)
{
	int n = 1;

	for (int i = 1; i < name->len && n < letter->len; i++)
	{
		char c = name->key[i], l = letter->key[n];

		n += c == l || (l == 'P' && c == 'B') || (l == 'T' && c == 'D') ||
			 (l == 'S' && c == 'J') || (l == 'I' && c == 'Y') ||
			 (l == 'E' && c == 'I');
		if (letter->last && n == i)
			return false; /* what was cut has the letters side by side */
	}
	return n == letter->len;
}

/*
 * A letter and a name that it may stand for: who writes Z. means Zaenal rather
 * than Jaenal. Of a spelling that is not in the table, only the key is known.
 */
static int16_t
initial(const DtcUnit *name, const DtcUnit *letter)
{
	const char *spelling;
	char l = written(letter);

	if (l == '\0' || name->id >= DTC_NAME_UNSEEN ||
		dtc_name_token_at(name->id, &spelling) == 0 || *spelling == l)
		return DTC_UNIT_INITIAL;
	/* K. is no Hidayat, but Khotimah, whose key begins with H as well */
	return *spelling == 'H' ? 0 : INITIAL_SOUND;
}

/*
 * Does the longer key end with the shorter one? A y after a consonant folds to
 * i, a w after u to nothing: Yono is the end of Haryono (HARIONO), Warno of
 * Suwarno (SUARNO).
 */
static bool
ends(const DtcUnit *longer, const DtcUnit *shorter)
{
	int more = longer->len - shorter->len;
	char c = shorter->key[0];

	if (more >= 2 && longer->key[more] == c)
		return memcmp(longer->key + more, shorter->key,
					  (size_t) shorter->len) == 0;
	return more >= 1 &&
		   ((c == 'Y' && longer->key[more] == 'I') ||
			(c == 'W' && longer->key[more] == 'U')) &&
		   memcmp(longer->key + more + 1, shorter->key + 1,
				  (size_t) shorter->len - 1) == 0;
}

/* Does the longer key begin with the shorter one? */
static bool
begins(const DtcUnit *longer, const DtcUnit *shorter)
{
	return longer->key[0] == shorter->key[0] &&
		   memcmp(longer->key, shorter->key, (size_t) shorter->len) == 0;
}

/*
 * The same of a word whose end was cut off: what has become its last letter was
 * folded as one, a D to T, B to P, Z to S and Y to I (ISKAND, ISKANDAR). An index
 * looks for the first three letters, so those are the same.
 */
static bool
begins_cut(const DtcUnit *longer, const DtcUnit *cut)
{
	static const char voiced[] = "DBJY", silent[] = "TPSI";
	int last = cut->len - 1;
	const char *at;

	if (longer->key[0] != cut->key[0] ||
		memcmp(longer->key, cut->key, (size_t) last) != 0)
		return false;
	at = last >= 3 ? strchr(silent, cut->key[last]) : NULL;
	return longer->key[last] == cut->key[last] ||
		   (at != NULL && longer->key[last] == voiced[at - silent]);
}

/* A word and the end or the beginning of it, or a short name of it. */
static DtcPair
part(const DtcUnit *a, const DtcUnit *b, int weight, const DtcNameModel *model)
{
	const DtcUnit *longer = a->len > b->len ? a : b;
	const DtcUnit *shorter = a->len > b->len ? b : a;
	int more = longer->len - shorter->len;
	DtcPair p = {0, (uint8_t) weight, DTC_RULE_PART};

	if (shorter->last && shorter->len >= 3 && more >= 1 &&
		begins_cut(longer, shorter))
	{
		p.rule = DTC_RULE_CUT;
		p.similarity = DTC_UNIT_CUT;
		return p;
	}
	if ((shorter->letters & ~longer->letters & ~FOLDED_INSIDE) == 0 &&
		shorter->len >= 4 && more >= 1)
	{
		if (ends(longer, shorter))
			p.similarity = SUFFIX;
		else if (more >= 2 && begins(longer, shorter))
			p.similarity =
				a->level >= 2 && b->level >= 2 ? PREFIX_ATTESTED : PREFIX;
	}
	if ((a->nick || b->nick) &&
		((a->nick && b->plain && dtc_name_nickname(a->code, b->code)) ||
		 (b->nick && a->plain && dtc_name_nickname(b->code, a->code))))
	{
		p.rule = DTC_RULE_NICKNAME;
		p.similarity = DTC_UNIT_NICKNAME;
	}
	if (model != NULL && (dtc_name_model_nickname(model, a, b) ||
						  dtc_name_model_nickname(model, b, a)))
	{
		p.rule = DTC_RULE_NICKNAME;
		p.similarity = DTC_UNIT_NICKNAME;
	}
	return p;
}

static bool
is_vowel(char c)
{
	return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}

static bool
ends_as_woman(char last)
{
	return last == 'A' || last == 'I';
}

/*
 * Ends of a man's and a woman's name: Dermawan and Dermawati, Kornelius and
 * Kornelia, Suratman and Suratmi, whether anybody is called so or not.
 */
static bool
has_ends_of(const DtcUnit *man, const DtcUnit *woman)
{
	static const struct
	{
		char man[4], woman[5];
		uint8_t manlen, womanlen;
	} end[] = {{"WAN", "WATI", 3, 4}, {"US", "A", 2, 1},
			   {"MAN", "MI", 3, 2},   {"MAN", "NA", 3, 2},
			   {"MIN", "NA", 3, 2},   {"ONO", "ANI", 3, 3},
			   {"ONO", "INI", 3, 3},  {"ONO", "INA", 3, 3}};

	if (!ends_as_woman(woman->key[woman->len - 1]))
		return false;
	for (size_t i = 0; i < sizeof(end) / sizeof(end[0]); i++)
	{
		int stem = man->len - end[i].manlen;

		if (stem >= 2 && woman->len == stem + end[i].womanlen &&
			memcmp(man->key + stem, end[i].man, end[i].manlen) == 0 &&
			memcmp(woman->key + stem, end[i].woman, end[i].womanlen) == 0 &&
			memcmp(man->key, woman->key, (size_t) stem) == 0)
			return true;
	}
	return false;
}

/*
 * Is the difference one that carries the sex (Sunarto, Sunarti; Hasan,
 * Hasanah)? Keys have lost a final h, so that is the last vowel. An a instead of
 * another vowel says so between names alone. An a more says so of whatever is
 * beside a man's name, for a slip hardly adds one there (Tukimin, Tukiminah); but
 * what nobody is called has lost it.
 */
static bool
differs_in_sex(const DtcUnit *a, const DtcUnit *b)
{
	static const char vowels[] = "AIO";
	char x = a->key[a->len - 1], y = b->key[b->len - 1];
	int shorter = a->len < b->len ? a->len : b->len;
	bool names = a->level > 0 && b->level > 0;

	if (x != y && (ends_as_woman(x) ? has_ends_of(b, a) : has_ends_of(a, b)))
		return true;
	if (a->len == b->len)
		return x != y && strchr(vowels, x) != NULL &&
			   strchr(vowels, y) != NULL &&
			   (names || (x != 'A' && y != 'A') ||
				(a->len <= 6 && x != 'O' && y != 'O')) &&
			   memcmp(a->key, b->key, (size_t) shorter - 1) == 0;
	if (a->len - b->len != 1 && b->len - a->len != 1)
		return false;
	return (a->len < b->len ? a : b)->level > 0 &&
		   (a->len > b->len ? x : y) == 'A' &&
		   memcmp(a->key, b->key, (size_t) shorter) == 0;
}

static bool
is_one_of(const char *letters, char x, char y)
{
	return strchr(letters, x) != NULL && strchr(letters, y) != NULL;
}

/* Do two words differ in -iyem and -inem, or -irah and -iran: Kasiyem, Kasinem? */
static bool
differs_in_nasal(const DtcUnit *a, const DtcUnit *b)
{
	const DtcUnit *longer = a->len > b->len ? a : b;
	const DtcUnit *shorter = a->len > b->len ? b : a;
	int stem = shorter->len - 3;

	return longer->len == shorter->len + 1 && stem >= 3 &&
		   memcmp(longer->key, shorter->key, (size_t) stem) == 0 &&
		   ((memcmp(longer->key + stem, "INEM", 4) == 0 &&
			 memcmp(shorter->key + stem, "IEM", 3) == 0) ||
			(memcmp(longer->key + stem, "IRAN", 4) == 0 &&
			 memcmp(shorter->key + stem, "IRA", 3) == 0));
}

/*
 * Do two words differ in the ending that Javanese and its neighbours build names
 * with: -no, -to, -mo and the like (Sudarno, Sudarto), -ni and -ti, -na and -ta
 * (Widiana, Widiata), -man, -min and -mun (Sariman, Sarimin), -ono and -ino? A
 * list knows few of them, and who looks for one of them does not mean the other.
 */
static bool
differs_in_ending(const DtcUnit *a, const DtcUnit *b)
{
	const char *x = a->key + a->len, *y = b->key + b->len;
	int same = a->len - 2;

	if (a->len != b->len)
		return differs_in_nasal(a, b);
	if (a->len < 5 || x[-1] != y[-1])
		return false;
	if (x[-1] == 'O' && x[-2] == 'N' && y[-2] == 'N')
	{
		same--;
		if (a->len < 6 || !is_one_of("IO", x[-3], y[-3]))
			return false;
	}
	else if (!(x[-1] == 'O' && is_one_of("DJKNRST", x[-2], y[-2])) &&
			 !(x[-1] == 'O' && x[-3] == 'R' &&
			   is_one_of("DJKMNST", x[-2], y[-2])) &&
			 !(a->len > 5 && (x[-1] == 'A' || x[-1] == 'I') &&
			   is_one_of("NT", x[-2], y[-2])) &&
			 !(x[-1] == 'N' && (is_one_of("AI", x[-2], y[-2]) ||
								is_one_of("AU", x[-2], y[-2]))))
		return false;
	return memcmp(a->key, b->key, (size_t) same) == 0;
}

/*
 * Do two words differ in one vowel that neither a habit writes nor a finger hits
 * for the other: in up to six letters (Wenda, Wonda), or an A and an I at the end
 * (Suhendra, Suhendri)? That is another name more often than a slip.
 */
static bool
differs_in_vowel(const DtcUnit *a, const DtcUnit *b)
{
	static const char pairs[][3] = {"AE", "AI", "AU", "EO", "EU"};
	int at = 1, last = a->len - 1;

	if (a->len != b->len || last < 1 || a->key[0] != b->key[0])
		return false;
	while (at < last && a->key[at] == b->key[at])
		at++;
	if (memcmp(a->key + at + 1, b->key + at + 1, (size_t) (last - at)) != 0)
		return false;
	if (last >= 6)
		return at == last && is_one_of("AI", a->key[at], b->key[at]);
	for (size_t k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++)
	{
		if (is_one_of(pairs[k], a->key[at], b->key[at]))
			return true;
	}
	return false;
}

/* Is a word, whose spelling the table has, written with this first letter? */
static bool
is_written(const DtcUnit *u, char letter)
{
	const char *spelling;

	return u->id < DTC_NAME_UNSEEN &&
		   dtc_name_token_at(u->id, &spelling) > 0 && *spelling == letter;
}

/*
 * Do two words begin with a K and an H, or an S and a J, that no habit writes for
 * each other: Kartini and Hartini, Sumiati and Jumiati? It is kh that is written
 * k, and z that is written s. Of a word of an index the spelling is not known; it
 * may be either there.
 */
static bool
differs_in_first(const DtcUnit *a, const DtcUnit *b)
{
	char x = a->key[0], y = b->key[0];

	return (x == 'H' && y == 'K' && is_written(a, 'H')) ||
		   (x == 'K' && y == 'H' && is_written(b, 'H')) ||
		   (x == 'J' && y == 'S' && is_written(a, 'J')) ||
		   (x == 'S' && y == 'J' && is_written(b, 'J'));
}

/*
 * Are two words that people are called by the same but for their first consonants
 * (Sagimin, Wagimin; Basir, Nasir), which no habit writes for each other? A slip
 * there is rare, and rarer still one that makes another name.
 */
static bool
rhymes(const DtcUnit *a, const DtcUnit *b)
{
	return a->level > 0 && b->level > 0 && a->len == b->len && a->len >= 5 &&
		   a->key[0] != b->key[0] && !is_vowel(a->key[0]) &&
		   !is_vowel(b->key[0]) &&
		   memcmp(a->key + 1, b->key + 1, (size_t) a->len - 1) == 0;
}

/*
 * What is left of a slip's similarity, in hundredths, by how well the two
 * spellings are attested: a common name and an unknown word next to it are a
 * slip, two common names next to each other are two names.
 */
#define SOFT_LONG 65
#define SOFT_SHORT 55
#define SEX 55
#define VOWEL 80
#define SLOPE 80 /* hundredths of similarity lost an edit over the length */
#define FIRST                                                                 \
	40 /* hundredths of an edit more: first letters are rarely wrong */

static int
slip_factor(const DtcUnit *a, const DtcUnit *b, bool hard)
{
	static const uint8_t factor[4][4] = {{80, 100, 100, 100},
										 {100, 80, 75, 85},
										 {100, 75, 22, 30},
										 {100, 85, 30, 22}};
	int f = factor[a->level][b->level];
	int longer = a->len > b->len ? a->len : b->len;

	hard = hard || differs_in_first(a, b);
	if (!hard)
	{
		int soft = longer >= 6 ? SOFT_LONG : SOFT_SHORT;

		f = f > soft ? f : soft;
	}
	if (differs_in_sex(a, b) || differs_in_ending(a, b) ||
		(hard && rhymes(a, b)))
		f = f * SEX / 100;
	else if (f > VOWEL && differs_in_vowel(a, b))
		f = VOWEL;
	return f;
}

/* How far apart may two words be that are a slip of each other? */
static int
allowed_between(const DtcUnit *a, const DtcUnit *b)
{
	int longer = a->len > b->len ? a->len : b->len;
	bool unknown = (a->level == 0) != (b->level == 0);

	/* what nobody is called, and a name: a second edit by habit is likely */
	if (unknown && (longer == 5 || longer == 6))
		return MOST_ALLOWED;
	return longer <= 3 ? 0 : longer <= 6 ? LEAST_ALLOWED : MOST_ALLOWED;
}

/* How far apart are two words, if not further than allowed? */
static DtcNameSlip
slip_between(const DtcUnit *a, const DtcUnit *b, int allowed)
{
	DtcNameSlip none = {DTC_NAME_SLIP_NONE, 0};
	int most;

	if (allowed == 0 || a->len - b->len > 2 || b->len - a->len > 2 ||
		(most = most_edits(a, b, allowed)) < 0 ||
		!dtc_name_near(a->key, a->len, b->key, b->len))
		return none;
	return dtc_name_slip(a->key, a->len, b->key, b->len, allowed, most);
}

/*
 * Two words that are not the same: a slip, a part, or two names. known: how far
 * apart they are, if not further than allowed, or NULL.
 */
static DtcPair
unequal(const DtcUnit *a, const DtcUnit *b, int weight,
		const DtcNameModel *model, const DtcNameSlip *known)
{
	int longer = a->len > b->len ? a->len : b->len;
	int allowed = allowed_between(a, b);
	DtcPair p = {0, (uint8_t) weight, DTC_RULE_SLIP}, q;
	DtcNameSlip slip;

	if (a->len >= 4 || b->len >= 4 || a->nick || b->nick || model != NULL ||
		a->last || b->last)
	{
		q = part(a, b, weight, model);
		if (q.rule == DTC_RULE_NICKNAME)
			return q; /* Mamat is no slip of Muhammad */
	}
	else
		q = p;
	slip = known != NULL ? *known : slip_between(a, b, allowed);
	if (slip.cost <= allowed)
	{
		int factor = slip_factor(a, b, slip.hard > 0);
		int cost = slip.cost;

		if (slip.hard > 0 && a->key[0] != b->key[0])
			cost += FIRST;

		p.similarity = (int16_t) ((1000 - cost * 10 * SLOPE / 100 / longer) *
								  factor / 100);
		if (factor < 60)
			p.rule = DTC_RULE_LOOKALIKE;
	}
	return q.similarity > p.similarity ? q : p;
}

static int
weight_of_unequal(const DtcUnit *a, const DtcUnit *b)
{
	int heavier = a->weight < b->weight ? b->weight : a->weight;

	return heavier > DTC_UNIT_FLOOR ? heavier : DTC_UNIT_FLOOR;
}

/*
 * Compares two words of two names.
 *
 * model: a ministry's own tables, or NULL. Symmetric. Linear in the length of
 * the words.
 */
DtcPair
dtc_unit_compare(const DtcUnit *a, const DtcUnit *b, const DtcNameModel *model)
{
	int lighter = a->weight < b->weight ? a->weight : b->weight;
	int heavier = a->weight < b->weight ? b->weight : a->weight;
	DtcPair p = {0, (uint8_t) lighter, DTC_RULE_EQUAL};
	bool a_initial = a->kind == DTC_TOKEN_INITIAL || a->letter;
	bool b_initial = b->kind == DTC_TOKEN_INITIAL || b->letter;

	if (dtc_unit_same_key(a, b))
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
			p.similarity = DTC_UNIT_SPELLING;
		}
		return p;
	}
	if (a_initial && b_initial)
		return p;
	if (a_initial || b_initial)
	{
		const DtcUnit *letter = a_initial ? a : b, *name = a_initial ? b : a;
		int most = DTC_UNIT_LETTER;

		/* a letter says no more than that it is this one; R., I. and M. less */
		if (letter->weight < most)
			most = letter->weight;
		p.rule = DTC_RULE_INITIAL;
		p.weight = (uint8_t) (heavier < most ? heavier : most);
		if (name->kind != DTC_TOKEN_PARTICLE && begins_with(name, letter) &&
			(letter->len < 2 || letter->kind != DTC_TOKEN_INITIAL ||
			 has_skeleton(name, letter)))
			p.similarity = initial(name, letter);
		return p;
	}
	if (a->kind == DTC_TOKEN_SYMBOL || b->kind == DTC_TOKEN_SYMBOL ||
		a->kind == DTC_TOKEN_PARTICLE || b->kind == DTC_TOKEN_PARTICLE)
		return p;
	return unequal(a, b, weight_of_unequal(a, b), model, NULL);
}

/*
 * Compares a word with one whose spelling has one of two levels, the one that it
 * says and the next: what dtc_unit_compare() says of either. The letters are
 * compared once for both.
 */
void
dtc_unit_compare_levels(const DtcUnit *a, const DtcUnit *b, DtcPair pair[2])
{
	DtcUnit next = *b;
	DtcNameSlip slip;
	int allowed, most;

	next.level++;
	if (dtc_unit_same_key(a, b) || a->kind != DTC_TOKEN_NAME ||
		b->kind != DTC_TOKEN_NAME || a->letter || b->letter)
	{
		pair[0] = dtc_unit_compare(a, b, NULL);
		pair[1] = dtc_unit_compare(a, &next, NULL);
		return;
	}
	allowed = allowed_between(a, b);
	most = allowed_between(a, &next);
	slip = slip_between(a, b, allowed > most ? allowed : most);
	pair[0] = unequal(a, b, weight_of_unequal(a, b), NULL, &slip);
	pair[1] = unequal(a, &next, weight_of_unequal(a, &next), NULL, &slip);
}
