/*
 * rank_random.h
 *		Random scores for tests of ranking, the same in every run.
 */
#ifndef RANK_RANDOM_H
#define RANK_RANDOM_H

#include <float.h>
#include <math.h>

#include "core/rank.h"

/* The state of rnd(); not 0. */
static uint64_t seed = 20261122;

/* A number from 0 to below - 1. */
static uint64_t
rnd(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed * UINT64_C(0x2545F4914F6CDD1D) >> 11) % below;
}

#define SCORE_SHAPES 6

/*
 * A score of a shape: with ties, apart, at the ends of the doubles or NaN, all
 * the same, neighbouring doubles, or any bits. few: different ones of ties and
 * of neighbours.
 */
static double
random_score(int shape, int few)
{
	static const double odd[] = {0.0,     -0.0,     INFINITY, -INFINITY,
								 DBL_MAX, -DBL_MAX, DBL_MIN,  5e-324,
								 -5e-324, 1.0};

	switch (shape)
	{
		case 0:
			return (double) rnd((uint64_t) few);
		case 1:
			return (double) rnd(5000000) / 7.0;
		case 2:
			return rnd(6) == 0 ? (double) NAN : odd[rnd(10)];
		case 3:
			return 42.0;
		case 4:
			return dtc_rank_weight(dtc_rank_weight_bits(1e6) +
								   rnd((uint64_t) few));
		default:
			return dtc_rank_weight(rnd(UINT64_C(1) << 52) |
								   rnd(UINT64_C(1) << 12) << 52);
	}
}

#endif
