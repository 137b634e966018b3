/*
 * name_range.c
 *		Which words of a range of keys a search need not look at.
 *
 * A search reads all keys that begin or end like a word of it and takes a few.
 * Whoever keeps the words of an index in memory can rule out most of the others
 * by their first letters and the set of their letters, in a few instructions.
 */
#include "core/edit_column.h"
#include "core/name_bound.h"

#include <string.h>

#define JOINED_OFF 3    /* letters more or less that two words as one have */
#define MOST_COLUMNS 64 /* letters of a word whose edits are counted */

/* A word, letter by letter: key[0], key[step] and so on. */
static bool
code_word(const char *key, int n, int step, DtcNameCode *code)
{
	code->first = 0;
	code->letters = 0;
	for (int i = 0; i < n; i++)
	{
		uint32_t letter = (uint32_t) key[i * step] - 'A';

		if (letter > 25)
			return false;
		code->letters |= UINT32_C(1) << letter;
		if (i < DTC_NAME_CODED)
			code->first |= (uint64_t) (letter + 1)
						   << 5 * (DTC_NAME_CODED - 1 - i);
	}
	code->n = n;
	return true;
}

/* The same of the last letters; the last is the lowest. */
static uint64_t
code_end(const char *key, int n, int step)
{
	uint64_t code = 0;

	for (int i = n > DTC_NAME_CODED ? n - DTC_NAME_CODED : 0; i < n; i++)
		code = code << 5 | (uint64_t) (key[i * step] - 'A' + 1);
	return code;
}

/*
 * The word of a key, in the order of the key's letters.
 *
 * key: of an index, or the beginning of one without its tail: tail is false
 * then. False if it is not made of the letters A to Z.
 */
bool
dtc_name_key_code(const uint8_t *key, size_t len, bool tail, DtcNameCode *code)
{
	size_t other = 1;

	if (tail && len > 0)
		other += key[0] == DTC_KEY_FORWARD    ? DTC_KEY_TAIL
				 : key[0] == DTC_KEY_BACKWARD ? DTC_KEY_TAIL_BACK
											  : 0;
	return len >= other &&
		   code_word((const char *) key + 1, (int) (len - other), 1, code);
}

/* Letters: A is the lowest bit. */
#define BIT(letter) (UINT32_C(1) << ((letter) - 'A'))
#define HAS(set, letter) ((set) >> ((letter) - 'A') & 1)

/* Of the end of a word these are folded to others in it. */
#define FOLDED_INSIDE (BIT('W') | BIT('Y'))

/* Letters that cost less than .8 of an edit more or less, see insertion(). */
#define SOFT_MORE (BIT('H') | BIT('I') | BIT('Y') | BIT('G'))
#define CHEAPEST_HARD 80 /* hundredths of an edit, of any other letter */
#define CHEAPEST 40

/*
 * Letters that cost less than .8 of an edit in a word beside another one with
 * these, because a habit writes one of them instead: see name_distance.c.
 */
static uint32_t
soft_beside(uint32_t others)
{
	return SOFT_MORE | (HAS(others, 'O') ? BIT('A') | BIT('U') : 0) |
		   (others & (BIT('A') | BIT('U')) ? BIT('O') : 0) |
		   (HAS(others, 'I') ? BIT('E') : 0) |
		   (HAS(others, 'J') ? BIT('S') : 0) |
		   (others & (BIT('S') | BIT('Y')) ? BIT('J') : 0) |
		   (others & (BIT('H') | BIT('G')) ? BIT('K') : 0) |
		   (HAS(others, 'G') ? BIT('N') : 0);
}

/*
 * What a habit writes for what beside the letters of two words is left out of
 * their skeletons, and A, O and U are one letter in it. So an edit by habit
 * leaves the skeletons as far apart as they are, and any other one changes that by
 * one at most. Which letters are left out is a number below DTC_NAME_SKELETONS.
 */
static inline uint32_t
left_out(uint32_t letters)
{
	return (HAS(letters, 'I') ? 1 : 0) | (HAS(letters, 'J') ? 2 : 0) |
		   (letters & (BIT('S') | BIT('Y')) ? 4 : 0) |
		   (letters & (BIT('H') | BIT('G')) ? 8 : 0) |
		   (HAS(letters, 'G') ? 16 : 0);
}

static inline uint32_t
letters_left_out(uint32_t skeleton)
{
	return SOFT_MORE | (skeleton & 1 ? BIT('E') : 0) |
		   (skeleton & 2 ? BIT('S') : 0) | (skeleton & 4 ? BIT('J') : 0) |
		   (skeleton & 8 ? BIT('K') : 0) | (skeleton & 16 ? BIT('N') : 0);
}

static inline uint32_t
bone(uint32_t letter)
{
	return letter == 'O' - 'A' || letter == 'U' - 'A' ? 0 : letter;
}

/*
 * As dtc_name_edits(), of a word of which it is known where its letters are; len:
 * of it. letter: the other one's.
 */
static int
count_edits(const uint64_t *place, int len, const uint8_t *letter, int n)
{
	DtcEditColumn column;

	if (len == 0)
		return n;
	column = dtc_edit_begin(len);
	for (int i = 0; i < n; i++)
		dtc_edit_add(&column, place[letter[i]]);
	return column.edits;
}

/* Prepares the columns of a skeleton of the word. */
static void
init_skeleton(DtcNameRange *r, uint32_t skeleton)
{
	uint64_t *place = r->bone[skeleton];
	uint32_t out = letters_left_out(skeleton);
	const char *key =
		r->backward ? r->unit->key + r->unit->len - 1 : r->unit->key;
	int step = r->backward ? -1 : 1, n = 0;

	memset(place, 0, sizeof(r->bone[skeleton]));
	for (int i = 0; i < r->unit->len; i++)
	{
		uint32_t letter = (uint32_t) (key[i * step] - 'A');

		if ((out >> letter & 1) == 0)
			place[bone(letter)] |= UINT64_C(1) << n++;
	}
	r->bones[skeleton] = (uint8_t) n;
	r->known |= UINT32_C(1) << skeleton;
}

/*
 * Prepares to look through keys for a word of a search, forward or backward
 * ones. False if that is no use.
 */
bool
dtc_name_range_init(const DtcNameQuery *q, int unit, bool backward,
					DtcNameRange *r)
{
	const DtcQueryWord *w = &q->word[unit];
	const char *key = backward ? w->key + w->len - 1 : w->key;
	int step = backward ? -1 : 1;

	if (w->len < 2 || !code_word(key, w->len, step, &r->word))
		return false;
	r->end = code_end(key, w->len, step);
	r->unit = &w->unit;
	r->backward = backward;
	r->soft = soft_beside(r->word.letters);
	r->known = 0;
	memset(r->place, 0, sizeof(r->place));
	for (int i = 0; i < w->len && w->len <= MOST_COLUMNS; i++)
		r->place[key[i * step] - 'A'] |= UINT64_C(1) << i;
	r->joined = 0;
	r->head = w->len >= 4 ? w->len - 1 : w->len;
	r->head = r->head < DTC_NAME_CODED ? r->head : DTC_NAME_CODED;
	if (unit + 1 < q->nwords && !backward)
		r->joined = w->len + w[1].len;
	return true;
}

static int
letters_in(uint32_t set)
{
	int n = 0;

	for (; set != 0; set &= set - 1)
		n++;
	return n;
}

/*
 * Are two words certainly further apart than allowed, hundredths of an edit, by
 * the letters that only one of them has? An edit takes at most one letter of
 * each.
 */
static inline bool
too_far(const DtcNameRange *r, uint32_t letters, int allowed)
{
	uint32_t left = r->word.letters & ~letters;
	uint32_t right = letters & ~r->word.letters;
	uint32_t hard_right = right & ~r->soft, hard_left;
	int x, y, hard, edits;

	/* three of one side are too many: most words are done with here */
	hard_right &= hard_right - 1;
	if ((hard_right & (hard_right - 1)) != 0)
		return true;
	hard_left = left & ~soft_beside(letters);
	x = letters_in(hard_left);
	y = letters_in(right & ~r->soft);
	hard = x > y ? x : y;
	x = letters_in(left);
	y = letters_in(right);
	edits = x > y ? x : y;
	return hard * CHEAPEST_HARD + (edits - hard) * CHEAPEST > allowed;
}

/*
 * May the other word, of at most DTC_NAME_CODED letters, be a slip of the word by
 * the number of edits between them? No edit costs more than one, none less than
 * .4, and one that changes a skeleton .8. certain: set if it is one.
 */
static bool
few_edits(DtcNameRange *r, const DtcNameCode *other, int allowed,
		  bool *certain)
{
	uint8_t letter[DTC_NAME_CODED];
	uint32_t skeleton, out;
	int edits, n = 0;

	for (int i = 0; i < other->n; i++)
		letter[i] =
			(uint8_t) ((other->first >> 5 * (DTC_NAME_CODED - 1 - i) & 31) -
					   1);
	edits = count_edits(r->place, r->word.n, letter, other->n);
	*certain = edits * DTC_NAME_EDIT <= allowed;
	if (*certain || edits * CHEAPEST > allowed)
		return *certain;
	skeleton = left_out(r->word.letters | other->letters);
	out = letters_left_out(skeleton);
	if ((r->known >> skeleton & 1) == 0)
		init_skeleton(r, skeleton);
	for (int i = 0; i < other->n; i++)
	{
		letter[n] = (uint8_t) bone(letter[i]);
		n += (out >> letter[i] & 1) == 0;
	}
	return edits * CHEAPEST +
			   count_edits(r->bone[skeleton], r->bones[skeleton], letter, n) *
				   (CHEAPEST_HARD - CHEAPEST) <=
		   allowed;
}

/* Is the other word, of at most DTC_NAME_CODED letters, a slip of the word? */
static bool
is_slip(DtcNameRange *r, const DtcNameCode *other, int allowed)
{
	char key[DTC_NAME_CODED];
	bool certain = false;
	DtcUnit unit;

	/* in short words T and D may be exchanged, see dtc_name_slip() */
	if (r->word.n <= MOST_COLUMNS && allowed > DTC_NAME_EDIT &&
		!few_edits(r, other, allowed, &certain))
		return false;
	if (certain)
		return true;
	for (int i = 0; i < other->n; i++)
		key[r->backward ? other->n - 1 - i : i] =
			(char) ('A' - 1 +
					(other->first >> 5 * (DTC_NAME_CODED - 1 - i) & 31));
	unit.key = key;
	unit.letters = other->letters;
	unit.len = (uint16_t) other->n;
	return dtc_unit_is_slip(r->unit, &unit);
}

/* How many of the first or of the last letters are the same. */
static inline int
same_first(uint64_t differ)
{
	int n = 0;

	if (differ == 0)
		return DTC_NAME_CODED;
	while ((differ >> 5 * (DTC_NAME_CODED - 1 - n)) == 0)
		n++;
	return n;
}

static inline int
same_last(uint64_t differ)
{
	int n = 0;

	if (differ == 0)
		return DTC_NAME_CODED;
	for (; (differ & 31) == 0; differ >>= 5)
		n++;
	return n;
}

/*
 * May a probe of the word of the search, other than CUT, take the key of a word?
 * Never false where dtc_name_probe_takes() says so. Constant time.
 */
bool
dtc_name_range_may_take(DtcNameRange *r, const DtcNameCode *other)
{
	int n = other->n, len = r->word.n, shorter = n < len ? n : len;
	int longer = n + len - shorter, near = longer <= 6 ? 2 : 3;
	int most = shorter - 1 < DTC_NAME_CODED ? shorter - 1 : DTC_NAME_CODED;
	int begin = same_first(r->word.first ^ other->first), end = 0;
	int allowed = longer > 4 ? 2 * DTC_NAME_EDIT : DTC_NAME_EDIT;

	/* the beginning of the other one but for a letter: HEAD, TAIL, a part */
	if (begin >= most)
		return true;
	if (n > DTC_NAME_CODED)
	{
		if ((r->word.letters & ~other->letters & ~FOLDED_INSIDE) == 0 ||
			(other->letters & ~r->word.letters & ~FOLDED_INSIDE) == 0 ||
			n > 64)
			return true;
	}
	else
	{
		end = same_last(r->end ^ other->first >> 5 * (DTC_NAME_CODED - n));
		if (end >= shorter - 1)
			return true; /* its end; the first letter may fold inside */
	}
	if (r->joined > 0 && n >= r->joined - JOINED_OFF &&
		n <= r->joined + JOINED_OFF && begin >= r->head)
		return true;
	if (longer <= 3 || longer - shorter > 2 ||
		too_far(r, other->letters, allowed))
		return false;
	if (n > DTC_NAME_CODED)
		return true;
	return (begin >= near || end >= near) && is_slip(r, other, allowed);
}
