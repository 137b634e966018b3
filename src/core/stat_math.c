/*
 * stat_math.c
 *		Arithmetic in pairs of doubles, logarithm and exponential function.
 *
 * The two functions are reduced with a table to arguments below 1/64, where a
 * short series is good to about 2^-68 of the result. So the double nearest to
 * a pair is the correctly rounded one in all but some 1 of 10,000 cases, and
 * in those it is its neighbour.
 */
#include "core/stat_math.h"

#include <math.h>

#define SPLIT 134217729.0 /* 2^27 + 1 */
#define LOG_FIRST 22      /* log_table starts with log(22/32) */
#define LOG_STEPS 32.0
#define EXP_STEPS 32
#define EXP_MOST 709.8   /* above, e^x is no finite double */
#define EXP_LEAST -745.2 /* below, it is 0 */

/* log(c/32) for c from 22 to 46 */
static const DtcPair log_table[] = {
	{-0x1.7fafa3bd8151cp-2, 0x1.219024acd3b77p-58},
	{-0x1.522ae0738a3d8p-2, 0x1.8f7e9b38a6979p-57},
	{-0x1.269621134db92p-2, -0x1.e0efadd9db02bp-56},
	{-0x1.f991c6cb3b379p-3, -0x1.f665066f980a2p-57},
	{-0x1.a93ed3c8ad9e3p-3, -0x1.bcafa9de97203p-57},
	{-0x1.5bf406b543db2p-3, 0x1.1f5b44c0df7e7p-61},
	{-0x1.1178e8227e47cp-3, 0x1.0e63a5f01c691p-58},
	{-0x1.9335e5d594989p-4, 0x1.478a85704ccb7p-58},
	{-0x1.08598b59e3a07p-4, 0x1.dd7009902bf32p-58},
	{-0x1.0415d89e74444p-5, -0x1.c05cf1d753622p-59},
	{0.0, 0.0},
	{0x1.f829b0e783300p-6, 0x1.33e3f04f1ef23p-60},
	{0x1.f0a30c01162a6p-5, 0x1.85f325c5bbacdp-59},
	{0x1.6f0d28ae56b4cp-4, -0x1.906d99184b992p-58},
	{0x1.e27076e2af2e6p-4, -0x1.61578001e0162p-60},
	{0x1.29552f81ff523p-3, 0x1.301771c407dbfp-57},
	{0x1.5ff3070a793d4p-3, -0x1.bc60efafc6f6ep-58},
	{0x1.9525a9cf456b4p-3, 0x1.d904c1d4e2e26p-57},
	{0x1.c8ff7c79a9a22p-3, -0x1.4f689f8434012p-57},
	{0x1.fb9186d5e3e2bp-3, -0x1.caaae64f21acbp-57},
	{0x1.1675cababa60ep-2, 0x1.ce63eab883717p-61},
	{0x1.2e8e2bae11d31p-2, -0x1.8f4cdb95ebdf9p-56},
	{0x1.4618bc21c5ec2p-2, 0x1.f42decdeccf1dp-56},
	{0x1.5d1bdbf5809cap-2, 0x1.4236383dc7fe1p-56},
	{0x1.739d7f6bbd007p-2, -0x1.8c76ceb014b04p-56}};

/* 2^(j/32) */
static const DtcPair exp_table[EXP_STEPS] = {
	{0x1.0000000000000p+0, 0.0},
	{0x1.059b0d3158574p+0, 0x1.d73e2a475b465p-55},
	{0x1.0b5586cf9890fp+0, 0x1.8a62e4adc610bp-54},
	{0x1.11301d0125b51p+0, -0x1.6c51039449b3ap-54},
	{0x1.172b83c7d517bp+0, -0x1.19041b9d78a76p-55},
	{0x1.1d4873168b9aap+0, 0x1.e016e00a2643cp-54},
	{0x1.2387a6e756238p+0, 0x1.9b07eb6c70573p-54},
	{0x1.29e9df51fdee1p+0, 0x1.612e8afad1255p-55},
	{0x1.306fe0a31b715p+0, 0x1.6f46ad23182e4p-55},
	{0x1.371a7373aa9cbp+0, -0x1.63aeabf42eae2p-54},
	{0x1.3dea64c123422p+0, 0x1.ada0911f09ebcp-55},
	{0x1.44e086061892dp+0, 0x1.89b7a04ef80d0p-59},
	{0x1.4bfdad5362a27p+0, 0x1.d4397afec42e2p-56},
	{0x1.5342b569d4f82p+0, -0x1.07abe1db13cadp-55},
	{0x1.5ab07dd485429p+0, 0x1.6324c054647adp-54},
	{0x1.6247eb03a5585p+0, -0x1.383c17e40b497p-54},
	{0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54},
	{0x1.71f75e8ec5f74p+0, -0x1.16e4786887a99p-55},
	{0x1.7a11473eb0187p+0, -0x1.41577ee04992fp-55},
	{0x1.82589994cce13p+0, -0x1.d4c1dd41532d8p-54},
	{0x1.8ace5422aa0dbp+0, 0x1.6e9f156864b27p-54},
	{0x1.93737b0cdc5e5p+0, -0x1.75fc781b57ebcp-57},
	{0x1.9c49182a3f090p+0, 0x1.c7c46b071f2bep-56},
	{0x1.a5503b23e255dp+0, -0x1.d2f6edb8d41e1p-54},
	{0x1.ae89f995ad3adp+0, 0x1.7a1cd345dcc81p-54},
	{0x1.b7f76f2fb5e47p+0, -0x1.5584f7e54ac3bp-56},
	{0x1.c199bdd85529cp+0, 0x1.11065895048ddp-55},
	{0x1.cb720dcef9069p+0, 0x1.503cbd1e949dbp-56},
	{0x1.d5818dcfba487p+0, 0x1.2ed02d75b3707p-55},
	{0x1.dfc97337b9b5fp+0, -0x1.1a5cd4f184b5cp-54},
	{0x1.ea4afa2a490dap+0, -0x1.e9c23179c2893p-54},
	{0x1.f50765b6e4540p+0, 0x1.9d3e12dd8a18bp-54}};

static const DtcPair ln2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

/* ln(2)/32 in parts so short that 16-bit multiples of two are exact */
#define LN2_32_A 0x1.62e42fef00000p-6
#define LN2_32_B 0x1.473de6af20000p-39
#define LN2_32_C 0x1.e3b39803f2f6bp-77
#define INVERSE_LN2_32 0x1.71547652b82fep+5

/* The pair of a double. */
DtcPair
dtc_pair(double value)
{
	DtcPair result = {value, 0};

	return result;
}

/* a + b where |a| >= |b| or a is 0. */
static DtcPair
quick_sum(double a, double b)
{
	DtcPair result;

	result.hi = a + b;
	result.lo = b - (result.hi - a);
	return result;
}

static DtcPair
exact_sum(double a, double b)
{
	DtcPair result;
	double rest;

	result.hi = a + b;
	rest = result.hi - a;
	result.lo = (a - (result.hi - rest)) + (b - rest);
	return result;
}

static DtcPair
exact_product(double a, double b)
{
	DtcPair result;
	double ta = SPLIT * a;
	double tb = SPLIT * b;
	double ah = ta - (ta - a);
	double bh = tb - (tb - b);
	double al = a - ah;
	double bl = b - bh;

	result.hi = a * b;
	result.lo = ((ah * bh - result.hi) + ah * bl + al * bh) + al * bl;
	return result;
}

/* The pair that is a 64-bit number, exactly. */
DtcPair
dtc_pair_of_int(int64_t value)
{
	int64_t low = value % (INT64_C(1) << 32);

	return exact_sum((double) (value - low), (double) low);
}

/* The double nearest to a pair. */
double
dtc_pair_value(DtcPair a)
{
	return a.hi + a.lo;
}

int
dtc_pair_is_finite(DtcPair a)
{
	return isfinite(a.hi) && isfinite(a.lo);
}

/* -1, 0 or 1 as a is less than, equal to or greater than b. */
int
dtc_pair_compare(DtcPair a, DtcPair b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo < b.lo ? -1 : a.lo > b.lo;
}

DtcPair
dtc_pair_negative(DtcPair a)
{
	a.hi = -a.hi;
	a.lo = -a.lo;
	return a;
}

DtcPair
dtc_pair_add(DtcPair a, DtcPair b)
{
	DtcPair high = exact_sum(a.hi, b.hi);
	DtcPair low = exact_sum(a.lo, b.lo);

	high = quick_sum(high.hi, high.lo + low.hi);
	return quick_sum(high.hi, high.lo + low.lo);
}

DtcPair
dtc_pair_subtract(DtcPair a, DtcPair b)
{
	return dtc_pair_add(a, dtc_pair_negative(b));
}

DtcPair
dtc_pair_multiply(DtcPair a, DtcPair b)
{
	DtcPair result = exact_product(a.hi, b.hi);

	result.lo += a.hi * b.lo + a.lo * b.hi;
	return quick_sum(result.hi, result.lo);
}

/* a / b, b is not 0. */
DtcPair
dtc_pair_divide(DtcPair a, DtcPair b)
{
	double first = a.hi / b.hi;
	double second;
	double third;
	DtcPair rest = dtc_pair_subtract(a, dtc_pair_multiply(b, dtc_pair(first)));

	second = rest.hi / b.hi;
	rest = dtc_pair_subtract(rest, dtc_pair_multiply(b, dtc_pair(second)));
	third = rest.hi / b.hi;
	rest = quick_sum(first, second);
	return dtc_pair_add(rest, dtc_pair(third));
}

/* Natural logarithm of a finite pair > 0; NaN of any other. */
DtcPair
dtc_pair_log(DtcPair x)
{
	DtcPair result;
	DtcPair s;
	double square;
	double rest;
	int exponent;
	int step;

	if (!(x.hi > 0) || isinf(x.hi))
		return dtc_pair((double) NAN);
	/* x = 2^exponent * m, m from 0.707 to 1.414; then c next to m */
	x.hi = frexp(x.hi, &exponent);
	if (x.hi < 0x1.6a09e667f3bcdp-1)
	{
		x.hi *= 2;
		exponent--;
	}
	x.lo = ldexp(x.lo, -exponent);
	step = (int) (x.hi * LOG_STEPS + 0.5);

	/* log(m/c) = 2 artanh(s) with s = (m - c) / (m + c) */
	s = dtc_pair(-(step / LOG_STEPS));
	s = dtc_pair_divide(dtc_pair_add(x, s),
						dtc_pair_add(x, dtc_pair_negative(s)));
	square = s.hi * s.hi;
	rest = 1.0 / 11 + square * (1.0 / 13);
	rest = 1.0 / 7 + square * (1.0 / 9 + square * rest);
	rest = s.hi * square * (1.0 / 3 + square * (1.0 / 5 + square * rest));
	s = dtc_pair_add(s, dtc_pair(rest));
	s.hi *= 2;
	s.lo *= 2;

	result = dtc_pair_multiply(ln2, dtc_pair(exponent));
	result = dtc_pair_add(result, log_table[step - LOG_FIRST]);
	return dtc_pair_add(result, s);
}

/* e^x of a finite pair; hi is HUGE_VAL where that is no finite double. */
DtcPair
dtc_pair_exp(DtcPair x)
{
	DtcPair r;
	DtcPair result;
	double k;
	double series;
	int steps;
	int part;

	if (isnan(x.hi) || x.hi > EXP_MOST)
		return dtc_pair(isnan(x.hi) ? x.hi : HUGE_VAL);
	if (x.hi < EXP_LEAST)
		return dtc_pair(0);
	/* x = steps * ln(2)/32 + r, |r| < 0.0109 */
	steps = (int) (x.hi * INVERSE_LN2_32 + (x.hi < 0 ? -0.5 : 0.5));
	k = steps;
	r = exact_sum(x.hi - k * LN2_32_A, -k * LN2_32_B);
	r = dtc_pair_add(r, dtc_pair(x.lo - k * LN2_32_C));
	part = ((steps % EXP_STEPS) + EXP_STEPS) % EXP_STEPS;

	/* 1 + r + r^2/2 in pairs, the rest is below 2^-22 */
	series = 1.0 / 720 + r.hi * (1.0 / 5040 + r.hi * (1.0 / 40320));
	series = 1.0 / 6 + r.hi * (1.0 / 24 + r.hi * (1.0 / 120 + r.hi * series));
	result = dtc_pair_multiply(r, r);
	result.hi *= 0.5;
	result.lo *= 0.5;
	result = dtc_pair_add(result, dtc_pair(r.hi * r.hi * r.hi * series));
	result = dtc_pair_add(result, r);
	result =
		dtc_pair_multiply(exp_table[part], dtc_pair_add(dtc_pair(1), result));
	result.hi = ldexp(result.hi, (steps - part) / EXP_STEPS);
	result.lo = ldexp(result.lo, (steps - part) / EXP_STEPS);
	return result;
}

/*
 * x^exponent for x > 0, and for x = 0 with a positive exponent; small whole
 * exponents by multiplication. Not finite where the power is no double.
 */
DtcPair
dtc_pair_power(DtcPair x, double exponent)
{
	if (exponent == 0)
		return dtc_pair(1);
	if (x.hi == 0 || exponent == 1)
		return x;
	if (exponent == 2)
		return dtc_pair_multiply(x, x);
	if (exponent == -1)
		return dtc_pair_divide(dtc_pair(1), x);
	return dtc_pair_exp(
		dtc_pair_multiply(dtc_pair_log(x), dtc_pair(exponent)));
}
