/*
 * stat_math.h
 *		Arithmetic in pairs of doubles, logarithm and exponential function.
 *
 * A pair (hi, lo) with |lo| <= ulp(hi)/2 stands for hi + lo, some 106 bits.
 * Only +, -, *, / and scaling by powers of two are used, which IEEE 754
 * defines to the bit, so every result is the same on every machine and with
 * every C library. The code must not be compiled with contraction to fused
 * operations, nor with excess precision (the Makefile sees to both).
 *
 * Numbers above 2^996 overflow inside a product and give NaN; callers treat
 * whatever is not finite as out of range.
 */
#ifndef DTC_STAT_MATH_H
#define DTC_STAT_MATH_H

#include <stdint.h>

typedef struct DtcPair
{
	double hi;
	double lo;
} DtcPair;

extern DtcPair dtc_pair(double value);
extern DtcPair dtc_pair_of_int(int64_t value);
extern double dtc_pair_value(DtcPair a);
extern int dtc_pair_is_finite(DtcPair a);
extern int dtc_pair_compare(DtcPair a, DtcPair b);
extern DtcPair dtc_pair_negative(DtcPair a);
extern DtcPair dtc_pair_add(DtcPair a, DtcPair b);
extern DtcPair dtc_pair_subtract(DtcPair a, DtcPair b);
extern DtcPair dtc_pair_multiply(DtcPair a, DtcPair b);
extern DtcPair dtc_pair_divide(DtcPair a, DtcPair b);
extern DtcPair dtc_pair_log(DtcPair x);
extern DtcPair dtc_pair_exp(DtcPair x);
extern DtcPair dtc_pair_power(DtcPair x, double exponent);

#endif /* DTC_STAT_MATH_H */
