/*
 * name_comparators.c
 *		Plain string comparators: Jaro, Jaro-Winkler, optimal string alignment.
 *
 * Jaro (1989) and Winkler (1990) as in the Census Bureau's strcmp95 without its
 * table of similar characters: of the characters that stand elsewhere half
 * count, rounded down; the prefix counts only above .7. The distance is that of
 * Damerau and Levenshtein restricted to edits that do not overlap, by the bit
 * vectors of Hyyro (2003).
 */
#include "core/edit_column.h"
#include "core/name_comparators.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static uint32_t
smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Number of the lowest bit that is set; there is one. */
static uint32_t
lowest(uint64_t set)
{
#ifdef __GNUC__
	return (uint32_t) __builtin_ctzll(set);
#else
	uint32_t n = 0;

	while (!(set >> n & 1))
		n++;
	return n;
#endif
}

/* How far apart equal characters may stand and still be common. */
static uint32_t
reach(uint32_t alen, uint32_t blen)
{
	uint32_t half = (alen > blen ? alen : blen) / 2;

	return half > 0 ? half - 1 : 0;
}

#ifdef __SSE2__
#define BLOCK 16               /* bytes of a register */
#define TWO_BLOCKS (2 * BLOCK) /* as long as nearly all names are */

/* The first eight bytes of n or fewer, zeros after them; n below 8. */
static inline uint64_t
few_bytes(const unsigned char *s, uint32_t n)
{
	uint64_t low = 0, high = 0;

	if (n >= 4)
	{
		/* the last four may have been among the first four */
		memcpy(&low, s, 4);
		memcpy(&high, s + n - 4, 4);
		return low | high << (n - 4) * 8;
	}
	for (uint32_t i = n; i > 0; i--)
		low = low << 8 | s[i - 1];
	return low;
}

/* Eight bytes. */
static inline uint64_t
eight_bytes(const unsigned char *s)
{
	uint64_t word;

	memcpy(&word, s, 8);
	return word;
}

/*
 * The first n bytes of a text, at most two blocks, zeros after them; reads
 * nothing else. No branch but one: lengths of names cannot be foretold.
 */
static inline void
load_blocks(const unsigned char *s, uint32_t n, __m128i *low, __m128i *high)
{
	uint64_t word[4] = {0};

	if (n < 8)
		word[0] = few_bytes(s, n);
	else
	{
		uint32_t last = n - 8; /* the last eight bytes, some of them again */
		uint32_t second = smaller(8, last), third = smaller(16, last);

		word[0] = eight_bytes(s);
		/* in two steps, since it may be by all 64 bits */
		word[1] = eight_bytes(s + second) >> 4 * (8 - second);
		word[1] >>= 4 * (8 - second);
		word[2] = eight_bytes(s + third) >> (8 * (16 - third) & 63);
		word[2] = n > 16 ? word[2] : 0;
		word[3] = eight_bytes(s + last) >> (8 * (32 - n) & 63);
		word[3] = n > 24 ? word[3] : 0;
	}
	*low = _mm_set_epi64x((long long) word[1], (long long) word[0]);
	*high = _mm_set_epi64x((long long) word[3], (long long) word[2]);
}

/* Where a block, or two, are equal to others, as bits. */
static inline uint32_t __attribute__((always_inline))
equal_bytes(bool wide, __m128i low, __m128i high, __m128i other_low,
			__m128i other_high)
{
	uint32_t bits =
		(uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(low, other_low));

	if (wide)
		bits |= (uint32_t) _mm_movemask_epi8(_mm_cmpeq_epi8(high, other_high))
				<< BLOCK;
	return bits;
}

/* dtc_jaro_ascii() of texts that are in registers. wide: b has two blocks */
static inline void __attribute__((always_inline))
jaro_blocks(bool wide, const unsigned char *a, uint32_t alen,
			const unsigned char *b, uint32_t blen, uint32_t equal,
			__m128i b_low, __m128i b_high, DtcJaro *result)
{
	unsigned char of_a[TWO_BLOCKS + 1]; /* common characters in their order */
	uint32_t shorter = smaller(alen, blen), near = reach(alen, blen);
	uint64_t differ = ~(uint64_t) equal & ((UINT64_C(1) << shorter) - 1);
	uint32_t head = differ == 0 ? shorter : lowest(differ);
	uint32_t count = 0, moved = 0, in_b;
	uint32_t all = (uint32_t) (((UINT64_C(1) << blen) - 1) >> head << head);
	uint32_t free = all;
	/* in the upper half: from i - near to i + near, as bits */
	uint64_t window = ((UINT64_C(2) << 2 * near) - 1)
					  << (TWO_BLOCKS + head - near);

	/* what both begin with is common and in its place */
	result->alen = alen;
	result->blen = blen;
	result->prefix = smaller(head, 4);
	for (uint32_t i = head; i < alen; i++, window <<= 1)
	{
		__m128i byte = _mm_set1_epi8((char) a[i]);
		uint32_t found = equal_bytes(wide, byte, byte, b_low, b_high);

		found &= free & (uint32_t) (window >> TWO_BLOCKS);
		found &= ~found + 1; /* the first of them */
		free ^= found;
		of_a[count] = a[i];
		count += found != 0;
	}
	result->common = head + count;
	/* how many differ from those of b in their order? */
	count = 0;
	for (in_b = all ^ free; in_b != 0; in_b &= in_b - 1)
		moved += of_a[count++] != b[lowest(in_b)];
	result->exchanged = moved / 2;
}
#endif

/*
 * Compares two texts of at most 32 bytes below 128, with both in registers:
 * where b has a byte of a is one comparison, without a table. Returns false,
 * having done nothing, when a text is another one or the machine cannot.
 */
bool
dtc_jaro_ascii(const unsigned char *a, uint32_t alen, const unsigned char *b,
			   uint32_t blen, DtcJaro *result)
{
#ifdef __SSE2__
	__m128i a_low, a_high, b_low, b_high;
	uint32_t equal;

	if (alen > TWO_BLOCKS || blen > TWO_BLOCKS)
		return false;
	load_blocks(a, alen, &a_low, &a_high);
	load_blocks(b, blen, &b_low, &b_high);
	if (_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(a_low, a_high),
									   _mm_or_si128(b_low, b_high))) != 0)
		return false;
	equal = equal_bytes(true, a_low, a_high, b_low, b_high);
	if (blen <= BLOCK)
		jaro_blocks(false, a, alen, b, blen, equal, b_low, b_low, result);
	else
		jaro_blocks(true, a, alen, b, blen, equal, b_low, b_high, result);
	return true;
#else
	(void) a, (void) alen, (void) b, (void) blen, (void) result;
#endif
	return false;
}

/*
 * Compares two short texts of single bytes.
 *
 * a, b: at most 64 bytes each. Linear.
 */
void
dtc_jaro_bytes(const unsigned char *a, uint32_t alen, const unsigned char *b,
			   uint32_t blen, DtcJaro *result)
{
	uint64_t places[256]; /* where b has a byte; only what is set is read */
	uint64_t in_a = 0, in_b = 0, window, bit;
	uint32_t near = reach(alen, blen), common = 0, moved = 0, head = 0, i;

	result->alen = alen;
	result->blen = blen;
	/* what both begin with is common and in its place */
	while (head < alen && head < blen && a[head] == b[head])
		head++;
	result->prefix = smaller(head, 4);
	if (head == alen && head == blen)
	{
		result->common = head;
		result->exchanged = 0;
		return;
	}
	for (i = head; i < alen; i++)
		places[a[i]] = 0;
	for (i = head; i < blen; i++)
		places[b[i]] = 0;
	for (i = head, bit = UINT64_C(1) << head; i < blen; i++, bit <<= 1)
		places[b[i]] |= bit;

	/* within reach of i: from i - near to i + near */
	window =
		head + near < 63 ? (UINT64_C(2) << (head + near)) - 1 : ~UINT64_C(0);
	if (head > near)
		window = window >> (head - near) << (head - near);
	for (i = head; i < alen; i++)
	{
		uint64_t found = places[a[i]] & window & ~in_b;

		found &= ~found + 1; /* the first of them */
		in_b |= found;
		in_a |= (uint64_t) (found != 0) << i;
		common += found != 0;
		window = window << 1 | (i < near);
	}
	/* the characters of both in their order: how many differ? */
	for (; in_a != 0; in_a &= in_a - 1)
	{
		uint64_t first = in_b & (~in_b + 1);

		moved += (places[a[lowest(in_a)]] & first) == 0;
		in_b ^= first;
	}
	result->common = head + common;
	result->exchanged = moved / 2;
}

/* Sorts places by character, then place: bottom-up merges; room: for n. */
void
dtc_sort_places(DtcPlace *places, uint32_t n, DtcPlace *room)
{
	DtcPlace *from = places, *to = room, *swap;

	for (uint64_t width = 1; width < n; width *= 2)
	{
		for (uint64_t low = 0; low < n; low += 2 * width)
		{
			uint64_t middle = low + width < n ? low + width : n;
			uint64_t high = low + 2 * width < n ? low + 2 * width : n;
			uint64_t i = low, j = middle;

			for (uint64_t k = low; k < high; k++)
				to[k] = i < middle && (j >= high ||
									   from[i].character <= from[j].character)
							? from[i++]
							: from[j++];
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != places)
		memcpy(places, from, sizeof(DtcPlace) * n);
}

/*
 * Compares two texts of any length.
 *
 * a, b: characters; places: those of b with their places, sorted; next: room
 * for blen; taken: room for alen + blen.
 *
 * Each character of a takes the first free equal one of b within reach. The
 * window only moves to the right, so the equal ones of b are a queue, and time
 * is linear but for a binary search a character.
 */
void
dtc_jaro(const uint32_t *a, uint32_t alen, const uint32_t *b, uint32_t blen,
		 const DtcPlace *places, uint32_t *next, bool *taken, DtcJaro *result)
{
	uint32_t near = reach(alen, blen), common = 0, moved = 0;
	bool *in_a = taken, *in_b = taken + alen;

	memset(taken, 0, (size_t) alen + blen);
	memset(next, 0, sizeof(uint32_t) * blen);
	for (uint32_t i = 0; i < alen; i++)
	{
		uint32_t first = 0, high = blen, at;

		while (first < high)
		{
			uint32_t middle = first + (high - first) / 2;

			if (places[middle].character < a[i])
				first = middle + 1;
			else
				high = middle;
		}
		if (first == blen)
			continue;
		/* next of the queue's first entry: how many are taken or passed */
		for (at = first + next[first];
			 at < blen && places[at].character == a[i] &&
			 (uint64_t) places[at].place + near < i;
			 at++)
			;
		if (at < blen && places[at].character == a[i] &&
			places[at].place <= (uint64_t) i + near)
		{
			in_a[i] = in_b[places[at].place] = true;
			common++;
			at++;
		}
		next[first] = at - first;
	}
	for (uint32_t i = 0, j = 0; i < alen; i++)
	{
		if (!in_a[i])
			continue;
		while (!in_b[j])
			j++;
		moved += a[i] != b[j++];
	}
	result->alen = alen;
	result->blen = blen;
	result->common = common;
	result->exchanged = moved / 2;
	result->prefix = 0;
	while (result->prefix < 4 && result->prefix < smaller(alen, blen) &&
		   a[result->prefix] == b[result->prefix])
		result->prefix++;
}

/*
 * Jaro's similarity, or Winkler's, in [0, 1]. Two empty texts are equal.
 *
 * One division of two integers where the texts are shorter than a million
 * characters: the same on every machine.
 */
double
dtc_jaro_similarity(const DtcJaro *jaro, bool winkler)
{
	uint64_t a = jaro->alen, b = jaro->blen, c = jaro->common;
	double part, whole;

	if (a + b == 0)
		return 1;
	if (c == 0)
		return 0;
	if (a < 1000000 && b < 1000000)
	{
		/* c/a + c/b + (c - exchanged)/c, over 3 */
		part = (double) (int64_t) (c * c * (a + b) +
								   (c - jaro->exchanged) * a * b);
		whole = (double) (int64_t) (3 * c * a * b);
	}
	else
	{
		part = (double) c / (double) a + (double) c / (double) b +
			   (double) (c - jaro->exchanged) / (double) c;
		whole = 3;
	}
	if (winkler && part * 10 > whole * 7)
	{
		part = part * 10 + (whole - part) * jaro->prefix;
		whole *= 10;
	}
	return part / whole;
}

/*
 * Optimal string alignment distance of two short texts of single bytes.
 *
 * a: at most 64 bytes; b: any number. Linear in blen.
 */
uint32_t
dtc_osa_bytes(const unsigned char *a, uint32_t alen, const unsigned char *b,
			  uint32_t blen)
{
	uint64_t places[256]; /* where a has a byte; only what is set is read */
	DtcEditColumn column;
	uint32_t i;

	while (alen > 0 && blen > 0 && a[0] == b[0])
		a++, b++, alen--, blen--;
	while (alen > 0 && blen > 0 && a[alen - 1] == b[blen - 1])
		alen--, blen--;
	if (alen == 0 || blen == 0)
		return alen + blen;
	for (i = 0; i < blen; i++)
		places[b[i]] = 0;
	for (i = 0; i < alen; i++)
		places[a[i]] = 0;
	for (i = 0; i < alen; i++)
		places[a[i]] |= UINT64_C(1) << i;
	column = dtc_edit_begin((int) alen);
	for (i = 0; i < blen; i++)
		dtc_edit_add(&column, places[b[i]]);
	return (uint32_t) column.edits;
}

/*
 * Begins the table of a long text.
 *
 * osa: rows is set, letter, agree and word have room (agree for words times the
 * different characters, see dtc_osa_letters()); places: the characters of the
 * pattern, sorted.
 */
void
dtc_osa_begin(DtcOsa *osa, const DtcPlace *places)
{
	uint32_t n = 0;

	memset(osa->agree, 0,
		   sizeof(uint64_t) * osa->words * (size_t) osa->letters);
	for (uint32_t i = 0; i < osa->rows; i++)
	{
		if (i == 0 || places[i].character != places[i - 1].character)
			osa->letter[n++] = places[i].character;
		osa->agree[(size_t) (n - 1) * osa->words + places[i].place / 64] |=
			UINT64_C(1) << places[i].place % 64;
	}
	for (uint32_t w = 0; w < osa->words; w++)
		osa->word[w] = (DtcOsaWord){~UINT64_C(0), 0, 0, 0};
	osa->distance = osa->rows;
}

/* How many different characters there are; places: n, sorted. */
uint32_t
dtc_osa_letters(const DtcPlace *places, uint32_t n)
{
	uint32_t letters = 0;

	for (uint32_t i = 0; i < n; i++)
		letters += i == 0 || places[i].character != places[i - 1].character;
	return letters;
}

/* Words of the pattern's rows that hold a character, or NULL. */
static const uint64_t *
rows_of(const DtcOsa *osa, uint32_t character)
{
	uint32_t low = 0, high = osa->letters;

	while (low < high)
	{
		uint32_t middle = low + (high - low) / 2;

		if (osa->letter[middle] == character)
			return osa->agree + (size_t) middle * osa->words;
		if (osa->letter[middle] < character)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/*
 * Goes on with n more characters of the other text; distance is then that to
 * all of them so far. Time: n times the number of words.
 */
void
dtc_osa_columns(DtcOsa *osa, const uint32_t *text, size_t n)
{
	uint64_t last = UINT64_C(1) << (osa->rows - 1) % 64;

	for (size_t i = 0; i < n; i++)
	{
		const uint64_t *agree = rows_of(osa, text[i]);
		uint64_t up_in = 1, down_in = 0; /* from the word below */
		uint64_t zero_below = 0, here_below = 0;

		for (uint32_t w = 0; w < osa->words; w++)
		{
			DtcOsaWord *word = &osa->word[w];
			uint64_t here = agree != NULL ? agree[w] : 0;
			uint64_t old_zero = word->zero, exchange, zero, up, down, carry;

			exchange =
				((~old_zero & here) << 1 | (~zero_below & here_below) >> 63) &
				word->here;
			zero = (((here | down_in) & word->plus) + word->plus) ^ word->plus;
			zero |= here | down_in | word->minus | exchange;
			up = word->minus | ~(zero | word->plus);
			down = zero & word->plus;
			if (w + 1 == osa->words)
			{
				osa->distance += (up & last) != 0;
				osa->distance -= (down & last) != 0;
			}
			carry = up >> 63;
			up = up << 1 | up_in;
			up_in = carry;
			carry = down >> 63;
			down = down << 1 | down_in;
			down_in = carry;
			word->plus = down | ~(zero | up);
			word->minus = up & zero;
			word->zero = zero;
			word->here = here;
			zero_below = old_zero;
			here_below = here;
		}
	}
}
