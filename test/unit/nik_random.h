/*
 * nik_random.h
 *		Random numbers of 16 digits for tests.
 */
#ifndef NIK_RANDOM_H
#define NIK_RANDOM_H

#include <stdint.h>

#include "core/digits.h"

/* xorshift: the same numbers on every machine */
static uint64_t seed = UINT64_C(88172645463325252);

static uint64_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static int64_t
random_number(void)
{
	return (int64_t) (next_random() % (DTC_DIGITS_MAX + UINT64_C(1)));
}

#endif
