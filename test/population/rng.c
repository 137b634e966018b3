/*
 * rng.c
 *		Pseudo-random numbers: xoshiro256** (Blackman and Vigna), seeded by
 *		splitmix64. Integers only.
 */
#include "population.h"

static uint64_t
splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Starts the stream that belongs to one thing: the same each time. */
void
rng_seed(Rng *rng, uint64_t seed, Stream stream, uint64_t id)
{
	uint64_t state = seed;

	state = splitmix(&state) ^ ((uint64_t) stream + 1);
	state = splitmix(&state) ^ id;
	for (int i = 0; i < 4; i++)
		rng->s[i] = splitmix(&state);
}

static uint64_t
rotate_left(uint64_t x, int by)
{
	return (x << by) | (x >> (64 - by));
}

uint64_t
rng_next(Rng *rng)
{
	uint64_t *s = rng->s;
	uint64_t result = rotate_left(s[1] * 5, 7) * 9;
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate_left(s[3], 45);
	return result;
}

/* A number from 0 to limit - 1; limit is not 0. Bias below limit / 2^32. */
uint32_t
rng_below(Rng *rng, uint32_t limit)
{
	return (uint32_t) (((rng_next(rng) >> 32) * limit) >> 32);
}

/* A number from low to high, both included. */
int
rng_between(Rng *rng, int low, int high)
{
	if (high <= low)
		return low;
	return low + (int) rng_below(rng, (uint32_t) (high - low) + 1);
}

/* True with a probability in millionths. Draws even if it is 0 or 1. */
bool
rng_chance(Rng *rng, uint32_t ppm)
{
	return rng_below(rng, 1000000) < ppm;
}

/*
 * About normal: mean 0, standard deviation 1000, within +-6000 (the sum of
 * twelve uniform numbers).
 */
int
rng_normal(Rng *rng)
{
	int64_t sum = 0;

	for (int i = 0; i < 3; i++)
	{
		uint64_t bits = rng_next(rng);

		for (int j = 0; j < 4; j++)
			sum += (bits >> (16 * j)) & 0xffff;
	}
	return (int) ((sum - 12 * 65535 / 2) * 1000 / 65536);
}

/* A number that depends on nothing but the value. */
uint32_t
rng_hash(uint64_t value)
{
	return (uint32_t) (splitmix(&value) >> 32);
}
