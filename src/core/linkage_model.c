/*
 * linkage_model.c
 *		Weights out of probabilities, without a floating-point logarithm.
 */
#include "core/linkage.h"

#include <math.h>

#define DIGITS 20 /* binary digits of a logarithm */

/*
 * log2(x) in units of 2^-20, rounded down: the same on every machine, which
 * the C library does not promise.
 *
 * x: finite, above 0. Squares the mantissa: each time it passes 2 the next
 * binary digit of the logarithm is 1.
 */
int64_t
dtc_link_log2(double x)
{
	int exponent;
	double mantissa = frexp(x, &exponent);             /* in [0.5, 1) */
	uint64_t y = (uint64_t) (mantissa * 4294967296.0); /* in [2^31, 2^32) */
	int64_t digits = 0;

	for (int i = 0; i < DIGITS; i++)
	{
		/* y / 2^31 is in [1, 2); its square in [1, 4) */
		y = (y * y) >> 31;
		digits <<= 1;
		if (y >> 32)
		{
			digits |= 1;
			y >>= 1;
		}
	}
	return (int64_t) (exponent - 1) * (INT64_C(1) << DIGITS) + digits;
}

/*
 * Weight of a level: log2(m / u), in DTC_LINK_BITths of a bit.
 *
 * m, u: probabilities. DTC_OUT_OF_RANGE unless both are in (0, 1] and at least
 * 2^-64, *weight left alone then.
 */
DtcStatus
dtc_link_weight(double m, double u, int32_t *weight)
{
	const double smallest = 5.421010862427522e-20; /* 2^-64 */
	const int64_t unit = (INT64_C(1) << DIGITS) / DTC_LINK_BIT;
	int64_t bits;

	if (!(m >= smallest && m <= 1 && u >= smallest && u <= 1))
		return DTC_OUT_OF_RANGE;
	bits = dtc_link_log2(m) - dtc_link_log2(u);
	*weight = (int32_t) ((bits + (bits < 0 ? -unit / 2 : unit / 2)) / unit);
	return DTC_OK;
}
