/*
 * test_nik_tree.c
 *		The search tree over digits: bounds of numbers of which some digits are
 *		known, how nodes divide numbers, and how they are split.
 */
#include <stdlib.h>

#include "core/digits.h"
#include "core/nik.h"
#include "unit.h"

/* xorshift: the same numbers on every machine */
static uint64_t seed = UINT64_C(88172645463325252);

static unsigned
below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned) (seed >> 11) % n;
}

/* Digits of a pattern from the left; -1 where it knows none. */
static void
spell(uint64_t pattern, int *out)
{
	for (int i = 0; i < 16; i++)
	{
		int nibble = (int) (pattern >> (60 - 4 * i) & 0xf);

		out[i] = nibble == 15 ? -1 : nibble;
	}
}

/* The textbook matrix, where a digit that is not known equals every other. */
static int
plain_bound(uint64_t pattern, uint64_t digits)
{
	int x[16];
	int y[16];
	int d[17][17];

	spell(digits, x);
	spell(pattern, y);
#define SAME(i, j) (y[(j) -1] < 0 || x[(i) -1] == y[(j) -1])
	for (int i = 0; i <= 16; i++)
	{
		for (int j = 0; j <= 16; j++)
		{
			int best;

			if (i == 0 || j == 0)
			{
				d[i][j] = i + j;
				continue;
			}
			best = d[i - 1][j - 1] + (SAME(i, j) ? 0 : 1);
			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && SAME(i, j - 1) && SAME(i - 1, j) &&
				d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
#undef SAME
	return d[16][16];
}

static uint64_t
random_digits(unsigned kinds)
{
	uint64_t digits = 0;

	for (int i = 0; i < 16; i++)
		digits = digits << 4 | below(kinds);
	return digits;
}

static uint64_t
put(uint64_t digits, int i, unsigned digit)
{
	return (digits & ~(UINT64_C(15) << 4 * i)) | (uint64_t) digit << 4 * i;
}

/* Some edits: replaced, exchanged, or one out and one in. */
static uint64_t
damage(uint64_t digits, unsigned edits)
{
	while (edits-- > 0)
	{
		int i = (int) below(16);
		int j = (int) below(16);
		unsigned a = (unsigned) (digits >> 4 * i & 15);

		switch (below(3))
		{
			case 0:
				digits = put(digits, i, below(10));
				break;
			case 1:
				if (i == 15)
					break;
				digits =
					put(digits, i, (unsigned) (digits >> 4 * (i + 1) & 15));
				digits = put(digits, i + 1, a);
				break;
			default:
				for (; i < j; i++)
					digits = put(digits, i,
								 (unsigned) (digits >> 4 * (i + 1) & 15));
				for (; i > j; i--)
					digits = put(digits, i,
								 (unsigned) (digits >> 4 * (i - 1) & 15));
				digits = put(digits, j, below(10));
		}
	}
	return digits;
}

static void
test_bound(void)
{
	long wrong = 0;
	long seen[17] = {0};

	for (int n = 0; n < UNIT_CASES(1000000); n++)
	{
		uint64_t x = random_digits(n % 3 == 0 ? 2 : 10);
		uint64_t y = n % 7 == 0 ? random_digits(10) : damage(x, below(6));
		int hidden = n % 4 == 0 ? 0 : (int) below(17);
		int expected;

		while (hidden-- > 0)
			y |= UINT64_C(15) << 4 * below(16);
		expected = plain_bound(y, x);
		seen[expected]++;
		wrong += dtc_nik_bound(y, x, DTC_DIGITS) != expected;
		for (int limit = -1; limit < 5; limit++)
		{
			int bound = dtc_nik_bound(y, x, limit);

			wrong += (bound <= limit) != (expected <= limit);
			wrong += bound > expected;
		}
	}
	CHECK_INT(wrong, 0);
	for (int d = 0; d <= 12; d++)
		CHECK(seen[d] > 0);
	CHECK_INT(dtc_nik_bound(DTC_NIK_NOTHING_KNOWN, 0, DTC_DIGITS), 0);
}

/* The bounds of all children of a node, beside those of each. */
static void
test_bounds(void)
{
	long wrong = 0;

	for (int n = 0; n < UNIT_CASES(20000); n++)
	{
		uint64_t x = random_digits(n % 3 == 0 ? 2 : 10);
		uint64_t y = n % 7 == 0 ? random_digits(10) : damage(x, below(6));
		int first = (int) below(16);
		int second = (int) below(17); /* the last one: none */
		int hidden = (int) below(17);
		int count = second == 16 || second == first ? 10 : DTC_NIK_CHILDREN;
		uint8_t bounds[DTC_NIK_CHILDREN];
		DtcNikBranch branch;

		while (hidden-- > 0)
			y |= UINT64_C(15) << 4 * below(16);
		y |= UINT64_C(15) << 4 * first;
		branch.first = 4 * first;
		branch.second = -1;
		if (count == DTC_NIK_CHILDREN)
		{
			y |= UINT64_C(15) << 4 * second;
			branch.second = 4 * second;
		}
		dtc_nik_bounds(y, branch, x, bounds);
		for (int i = 0; i < count; i++)
		{
			uint64_t child =
				put(y, first, (unsigned) (count == 10 ? i : i / 10));

			if (count == DTC_NIK_CHILDREN)
				child = put(child, second, (unsigned) (i % 10));
			wrong += bounds[i] != plain_bound(child, x);
		}
	}
	CHECK_INT(wrong, 0);
}

/* The value whose digits are in the nibbles: the reverse of packing. */
static int64_t
unpack(uint64_t packed)
{
	int64_t value = 0;

	for (int shift = 4 * (DTC_DIGITS - 1); shift >= 0; shift -= 4)
		value = value * 10 + (int64_t) (packed >> shift & 0xf);
	return value;
}

static void
test_pack(void)
{
	long wrong = 0;

	for (int n = 0; n < 100000; n++)
	{
		uint64_t x = random_digits(10);

		wrong += dtc_digits_pack(unpack(x)) != x;
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(unpack(UINT64_C(0x9999999999999999)), DTC_DIGITS_MAX);
	CHECK_INT(unpack(0), 0);
}

/* The digit of a number at a shift. */
static int
at(uint64_t digits, int shift)
{
	return (int) (digits >> shift & 15);
}

static void
test_divide(void)
{
	long wrong = 0;
	long with_two = 0;
	uint64_t one = UINT64_C(0x3216014101900001);

	for (int n = 0; n < 20000; n++)
	{
		uint64_t digits[100];
		int count = 2 + (int) below(99);
		uint64_t base = random_digits(10);
		unsigned varied = 1 + below(16);
		bool same = true;
		uint64_t prefix;
		DtcNikBranch branch;
		bool apart = false;

		for (int i = 0; i < count; i++)
		{
			digits[i] = base;
			for (unsigned v = 0; v < varied; v++)
				digits[i] = put(digits[i], (int) (v * 7 % 16), below(3));
			same = same && digits[i] == digits[0];
		}
		prefix = dtc_nik_divide(digits, count);
		branch = dtc_nik_branch(prefix);
		wrong += same != (branch.first < 0);
		if (same)
		{
			wrong += prefix != digits[0];
			continue;
		}
		with_two += branch.second >= 0;
		wrong += branch.first == branch.second;
		for (int i = 0; i < count; i++)
		{
			wrong += !dtc_nik_agrees(dtc_nik_shared(prefix), digits[i]);
			apart = apart ||
					at(digits[i], branch.first) != at(digits[0], branch.first);
		}
		wrong += !apart;
	}
	CHECK_INT(wrong, 0);
	CHECK(with_two > 1000);
	/* a single number is divided all the same */
	CHECK(dtc_nik_branch(dtc_nik_divide(&one, 1)).first >= 0);
}

static void
test_split(void)
{
	long wrong = 0;
	long splits = 0;

	for (int n = 0; n < 20000; n++)
	{
		uint64_t digits[30];
		uint64_t stranger;
		uint64_t prefix;
		uint64_t upper;
		uint64_t lower;
		DtcNikBranch old;
		DtcNikBranch branch;
		int child;

		digits[0] = random_digits(10);
		for (int i = 1; i < 30; i++)
			digits[i] = damage(digits[0], below(3));
		prefix = dtc_nik_divide(digits, 30);
		stranger = damage(digits[0], 1 + below(6));
		if (dtc_nik_agrees(dtc_nik_shared(prefix), stranger))
			continue;
		splits++;
		child = dtc_nik_split(prefix, stranger, &upper, &lower);
		branch = dtc_nik_branch(upper);
		old = dtc_nik_branch(prefix);
		wrong += branch.first < 0 || branch.second >= 0;
		wrong += !dtc_nik_agrees(dtc_nik_shared(upper), stranger);
		wrong += at(stranger, branch.first) == child;
		/* the old node looks where it did */
		wrong += dtc_nik_branch(lower).first != old.first;
		wrong += dtc_nik_branch(lower).second != old.second;
		for (int i = 0; i < 30; i++)
		{
			wrong += !dtc_nik_agrees(dtc_nik_shared(upper), digits[i]);
			wrong += !dtc_nik_agrees(dtc_nik_shared(lower), digits[i]);
			wrong += at(digits[i], branch.first) != child;
		}
		/* nothing that was known is forgotten */
		wrong += (dtc_nik_shared(upper) & dtc_nik_shared(lower) &
				  ~((uint64_t) (15 - child) << branch.first)) !=
				 dtc_nik_shared(prefix);
	}
	CHECK_INT(wrong, 0);
	CHECK(splits > 1000);
}

int
main(void)
{
	test_pack();
	test_bound();
	test_bounds();
	test_divide();
	test_split();
	return unit_done("nik_tree");
}
