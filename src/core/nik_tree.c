/*
 * nik_tree.c
 *		A search tree over the digits of numbers of 16 digits, and how near a
 *		number can be of which some digits are known.
 *
 * Each inner node of the tree looks at two digits, or at one, at whichever
 * positions tell the numbers below it apart best, and remembers the digits
 * that they share. So a number is found after as few nodes as its information
 * needs: the dates of birth of a district come before the district, which
 * says little there.
 *
 * A pattern is 16 nibbles, the first digit in the highest: 0 to 9 a digit
 * that is known, DTC_NIK_BRANCH and DTC_NIK_BRANCH2 those a node looks at, 15
 * not known.
 */
#include "core/nik.h"

#include "core/digits.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define LOW UINT64_C(0x1111111111111111) /* lowest bit of each nibble */

/*
 * Positions from the one that usually tells most to the one that tells least,
 * as shifts of their nibble. Units of year, day and month come first, the
 * thousands of the serial last.
 */
static const uint8_t preferred[DTC_DIGITS] = {16, 32, 24, 20, 36, 0,  40, 48,
											  28, 44, 56, 4,  52, 60, 8,  12};

/* The lowest bit of each nibble in which two patterns differ. */
static inline uint64_t
differ(uint64_t a, uint64_t b)
{
	uint64_t x = a ^ b;

	x |= x >> 2;
	return (x | x >> 1) & LOW;
}

/* The lowest bit of each nibble that is 15. */
static inline uint64_t
unknown(uint64_t pattern)
{
	pattern &= pattern >> 2;
	return pattern & pattern >> 1 & LOW;
}

/*
 * Least distance that a number with this pattern can have from digits, as far
 * as it is 0, 1 or 2; 3 for all that is more.
 *
 * Two edits are two of replacement and exchange, or a digit out and another
 * in, which moves what lies between by one place.
 */
static int
near_bound(uint64_t pattern, uint64_t digits)
{
	uint64_t known = ~unknown(pattern);
	uint64_t d = differ(pattern, digits) & known;
	uint64_t swaps;
	uint64_t smear;
	uint64_t lowest = d & (~d + 1);
	uint64_t rest = d;
	int edits = 0;

	if (d == 0)
		return 0;
	if (d == lowest)
		return 1;
	/* pairs that differ, each holding what the other has in digits */
	swaps = d & d >> 4;
	if (swaps != 0)
		swaps &= ~differ(pattern, digits >> 4) & ~differ(pattern >> 4, digits);
	while (rest != 0 && edits < 3)
	{
		uint64_t bit = rest & (~rest + 1);

		edits++;
		rest ^= bit;
		if (swaps & bit)
			rest &= ~(bit << 4);
	}
	if (edits < 3)
		return edits;

	/* moved by one place between the lowest difference and the highest? */
	smear = d >> 4;
	smear |= smear >> 4;
	smear |= smear >> 8;
	smear |= smear >> 16;
	smear |= smear >> 32;
	if ((differ(pattern, digits >> 4) & known & smear & ~(lowest - 1)) == 0)
		return 2;
	smear = smear << 4 | 1;
	if ((differ(pattern, digits << 4) & known & smear &
		 ~((lowest << 4) - 1)) == 0)
		return 2;
	return 3;
}

/*
 * Least distance (optimal string alignment) that a number with this pattern
 * can have from the digits of another, 0 to 16; the distance itself where all
 * is known. The pattern has no DTC_NIK_BRANCH.
 *
 * limit: an answer above it may be too small, but is still above it.
 *
 * Source of the matrix in words: H. Hyyro, "A Bit-Vector Algorithm for
 * Computing Levenshtein and Damerau Edit Distances", 2003. A digit that is not
 * known matches every other. What agrees at either end is no part of any edit.
 */
int
dtc_nik_bound(uint64_t pattern, uint64_t digits, int limit)
{
	uint32_t match[16] = {0};
	uint32_t vp = 0xffff;
	uint32_t vn = 0;
	uint32_t d0 = 0;
	uint32_t previous = 0;
	uint64_t apart;
	int distance = near_bound(pattern, digits);
	int top;
	int columns = 1;

	if (distance < 3 || distance > limit)
		return distance;
	apart = differ(pattern, digits) & ~unknown(pattern);
	for (; (apart & 0xf) == 0; apart >>= 4)
	{
		pattern >>= 4;
		digits >>= 4;
	}
	while (apart >>= 4)
		columns++;
	top = columns - 1;
	distance = columns;
	for (int i = 0; i < columns; i++)
		match[digits >> (4 * i) & 0xf] |= UINT32_C(1) << i;
	match[15] = 0xffff;
	for (int j = 0; j < columns; j++)
	{
		uint32_t equal = match[pattern >> (4 * j) & 0xf];
		uint32_t swap = ((~d0 & equal) << 1) & previous;
		uint32_t hp;
		uint32_t hn;

		d0 = ((((equal & vp) + vp) ^ vp) | equal | vn | swap);
		hp = vn | ~(d0 | vp);
		hn = d0 & vp;
		distance += (int) (hp >> top & 1) - (int) (hn >> top & 1);
		hp = hp << 1 | 1;
		hn <<= 1;
		vp = hn | ~(d0 | hp);
		vn = hp & d0;
		previous = equal;
	}
	return distance;
}

#ifdef __SSE2__
#define LANES 8 /* children that a register holds */

/* Columns of the matrix of dtc_nik_bound(), of as many patterns. */
typedef struct Columns
{
	__m128i vp;
	__m128i vn;
	__m128i d0;
	__m128i previous;
	__m128i distance;
} Columns;

/* The next column; equal: where each pattern's digit is in the number. */
static inline void
next_column(Columns *c, __m128i equal)
{
	const __m128i all = _mm_set1_epi16(-1);
	__m128i swap = _mm_and_si128(
		_mm_slli_epi16(_mm_andnot_si128(c->d0, equal), 1), c->previous);
	__m128i sum = _mm_add_epi16(_mm_and_si128(equal, c->vp), c->vp);
	__m128i hp;
	__m128i hn;

	c->d0 = _mm_or_si128(_mm_or_si128(_mm_xor_si128(sum, c->vp), equal),
						 _mm_or_si128(c->vn, swap));
	hp =
		_mm_or_si128(c->vn, _mm_andnot_si128(_mm_or_si128(c->d0, c->vp), all));
	hn = _mm_and_si128(c->d0, c->vp);
	c->distance = _mm_add_epi16(c->distance, _mm_srli_epi16(hp, 15));
	c->distance = _mm_sub_epi16(c->distance, _mm_srli_epi16(hn, 15));
	hp = _mm_or_si128(_mm_slli_epi16(hp, 1), _mm_set1_epi16(1));
	hn = _mm_slli_epi16(hn, 1);
	c->vp = _mm_or_si128(hn, _mm_andnot_si128(_mm_or_si128(c->d0, hp), all));
	c->vn = _mm_and_si128(hp, c->d0);
	c->previous = equal;
}
#endif

/*
 * dtc_nik_bound() of all children of a node that looks at digits, without a
 * limit.
 *
 * pattern: of the node, which knows none of the digits that it looks at.
 * bounds: room for DTC_NIK_CHILDREN; set for as many children as there are, ten
 * or a hundred, in their order.
 */
void
dtc_nik_bounds(uint64_t pattern, DtcNikBranch branch, uint64_t digits,
			   uint8_t *bounds)
{
	int count = branch.second < 0 ? 10 : DTC_NIK_CHILDREN;
#ifdef __SSE2__
	/* where the number has the digits of each child */
	uint16_t first[DTC_NIK_CHILDREN + LANES] = {0};
	uint16_t second[DTC_NIK_CHILDREN + LANES] = {0};
	uint16_t match[16] = {0};
	uint16_t out[LANES];
	__m128i equal[DTC_DIGITS];
	Columns begin = {_mm_set1_epi16(-1), _mm_setzero_si128(),
					 _mm_setzero_si128(), _mm_setzero_si128(),
					 _mm_set1_epi16(DTC_DIGITS)};
	int at_first = branch.first / 4;
	int at_second = branch.second < 0 ? DTC_DIGITS : branch.second / 4;
	int shared = at_first < at_second ? at_first : at_second;

	for (int i = 0; i < DTC_DIGITS; i++)
		match[digits >> (4 * i) & 0xf] |= (uint16_t) (1u << i);
	match[15] = 0xffff;
	for (int j = 0; j < DTC_DIGITS; j++)
		equal[j] = _mm_set1_epi16((short) match[pattern >> (4 * j) & 0xf]);
	for (int i = 0; i < count; i++)
	{
		first[i] = match[count == 10 ? i : i / 10];
		second[i] = match[i % 10];
	}
	for (int j = 0; j < shared; j++)
		next_column(&begin, equal[j]);
	for (int i = 0; i < count; i += LANES)
	{
		Columns c = begin;

		equal[at_first] =
			_mm_loadu_si128((const __m128i *) (const void *) (first + i));
		if (at_second < DTC_DIGITS)
			equal[at_second] =
				_mm_loadu_si128((const __m128i *) (const void *) (second + i));
		for (int j = shared; j < DTC_DIGITS; j++)
			next_column(&c, equal[j]);
		_mm_storeu_si128((__m128i *) (void *) out, c.distance);
		for (int n = 0; n < LANES && i + n < count; n++)
			bounds[i + n] = (uint8_t) out[n];
	}
#else
	for (int i = 0; i < count; i++)
	{
		int digit = count == 10 ? i : i / 10;
		uint64_t child = pattern ^ (uint64_t) (15 ^ digit) << branch.first;

		if (branch.second >= 0)
			child ^= (uint64_t) (15 ^ i % 10) << branch.second;
		bounds[i] = (uint8_t) dtc_nik_bound(child, digits, DTC_DIGITS);
	}
#endif
}

/* The shift of the nibble that is a mark in a prefix; -1 when none is. */
static int
shift_of(uint64_t prefix, unsigned mark)
{
	for (int shift = 0; shift < 4 * DTC_DIGITS; shift += 4)
	{
		if ((prefix >> shift & 0xf) == mark)
			return shift;
	}
	return -1;
}

/*
 * What a node looks at: shifts of the nibbles, -1 for none; the second one
 * only if there is a first.
 */
DtcNikBranch
dtc_nik_branch(uint64_t prefix)
{
	DtcNikBranch branch;

	branch.first = shift_of(prefix, DTC_NIK_BRANCH);
	branch.second = shift_of(prefix, DTC_NIK_BRANCH2);
	return branch;
}

/* The digits that all numbers below a node share, as a pattern. */
uint64_t
dtc_nik_shared(uint64_t prefix)
{
	DtcNikBranch branch = dtc_nik_branch(prefix);

	if (branch.first >= 0)
		prefix |= UINT64_C(0xf) << branch.first;
	if (branch.second >= 0)
		prefix |= UINT64_C(0xf) << branch.second;
	return prefix;
}

/* Are all nibbles digits? */
bool
dtc_nik_is_digits(uint64_t packed)
{
	return (packed >> 3 & (packed >> 2 | packed >> 1) & LOW) == 0;
}

/* Does a number have the digits that a pattern knows? */
bool
dtc_nik_agrees(uint64_t pattern, uint64_t digits)
{
	return (differ(pattern, digits) & ~unknown(pattern)) == 0;
}

/*
 * Makes room in a node for a number that has not all the digits shared there:
 * a new node above it looks at one of the digits that differ.
 *
 * prefix: of a node that looks at digits; digits: of the number, which does
 * not agree; upper, lower: prefixes of the new node and, from now on, of the
 * old one. Returns the digit of upper below which the old one goes.
 */
int
dtc_nik_split(uint64_t prefix, uint64_t digits, uint64_t *upper,
			  uint64_t *lower)
{
	uint64_t shared = dtc_nik_shared(prefix);
	uint64_t d = differ(shared, digits) & ~unknown(shared);
	uint64_t nibbles = d * 15; /* all bits of those that differ */
	int shift = 0;

	for (int i = 0; i < DTC_DIGITS; i++)
	{
		if (d >> preferred[i] & 1)
		{
			shift = preferred[i];
			break;
		}
	}
	/* what agrees is said above, what does not stays below */
	*upper = (shared | nibbles) ^ UINT64_C(1) << shift;
	*lower = prefix | UINT64_C(0xf) << shift;
	for (int i = 0; i < 4 * DTC_DIGITS; i += 4)
	{
		if ((nibbles >> i & 0xf) == 0 &&
			(prefix >> i & 0xf) != DTC_NIK_BRANCH &&
			(prefix >> i & 0xf) != DTC_NIK_BRANCH2)
			*lower |= UINT64_C(0xf) << i;
	}
	return (int) (prefix >> shift & 0xf);
}

/* Digit of a number at a shift; 0 for no shift. */
static inline unsigned
digit_at(uint64_t digits, int shift)
{
	return shift < 0 ? 0 : (unsigned) (digits >> shift & 0xf);
}

/*
 * The position that, besides another one, spreads numbers most evenly: the
 * least sum of squares of how many fall together.
 *
 * beside: a shift, -1 for none; sum: set to that sum. Returns the shift.
 */
static int
best_shift(const uint64_t *digits, int count, int beside, uint64_t *sum)
{
	int best = -1;

	*sum = UINT64_MAX;
	for (int i = 0; i < DTC_DIGITS; i++)
	{
		int seen[10][10];
		int shift = preferred[i];
		uint64_t squares = 0;

		if (shift == beside)
			continue;
		memset(seen, 0, sizeof(seen));
		/* the square grows by twice the count and one */
		for (int n = 0; n < count; n++)
			squares += 1 + 2 * (uint64_t) seen[digit_at(digits[n], beside)]
											  [digit_at(digits[n], shift)]++;
		if (squares < *sum)
		{
			*sum = squares;
			best = shift;
		}
	}
	return best;
}

/*
 * The prefix of a node for these numbers: the digits that they share, and the
 * positions whose digits spread them most evenly. A second position is used
 * when it at least halves what falls together. None is when all numbers are
 * the same and there are at least two.
 */
uint64_t
dtc_nik_divide(const uint64_t *digits, int count)
{
	uint64_t varies = 0;
	uint64_t prefix;
	uint64_t sum;
	uint64_t sum_of_two;
	int first;
	int second;

	for (int n = 1; n < count; n++)
		varies |= digits[n] ^ digits[0];
	if (varies == 0 && count > 1)
		return digits[0];
	first = best_shift(digits, count, -1, &sum);
	second = best_shift(digits, count, first, &sum_of_two);
	prefix = digits[0] | differ(varies, 0) * 15;
	prefix |= UINT64_C(0xf) << first;
	prefix ^= (uint64_t) (15 ^ DTC_NIK_BRANCH) << first;
	if (sum_of_two <= sum / 2)
	{
		prefix |= UINT64_C(0xf) << second;
		prefix ^= (uint64_t) (15 ^ DTC_NIK_BRANCH2) << second;
	}
	return prefix;
}
