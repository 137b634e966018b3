/*
 * welfare.c
 *		From welfare to rupiah and deciles, by tables of integers: no logarithm
 *		of any machine's library decides a digit.
 */
#include "population.h"

/*
 * Spending a head a month at welfare -5 to 5 standard deviations in steps of
 * an eighth: 1,100,000 * exp(0.55 z).
 */
static const int32_t spending[] = {
	70321,    75325,    80686,    86428,    92579,    99168,    106226,
	113786,   121883,   130558,   139849,   149802,   160463,   171883,
	184116,   197219,   211255,   226290,   242394,   259645,   278124,
	297917,   319119,   341831,   366158,   392217,   420131,   450031,
	482058,   516366,   553115,   592479,   634645,   679811,   728193,
	780017,   835529,   894993,   958688,   1026916,  1100000,  1178285,
	1262142,  1351966,  1448184,  1551249,  1661648,  1779905,  1906578,
	2042266,  2187611,  2343300,  2510069,  2688706,  2880057,  3085026,
	3304583,  3539764,  3791684,  4061532,  4350584,  4660208,  4991868,
	5347131,  5727678,  6135307,  6571947,  7039662,  7540664,  8077320,
	8652170,  9267931,  9927515,  10634040, 11390847, 12201516, 13069878,
	14000040, 14996400, 16063670, 17206895};

#define Z_MAX 4999999 /* millionths */
#define STEP 125000

/* Rupiah a head a month at a welfare in millionths; ends are cut. */
int32_t
score_of(int64_t z)
{
	int32_t at;

	z = (z < -Z_MAX ? -Z_MAX : z > Z_MAX ? Z_MAX : z) + Z_MAX + 1;
	at = (int32_t) (z / STEP);
	return spending[at] +
		   (int32_t) ((spending[at + 1] - spending[at]) * (z % STEP) / STEP);
}

/* The decile of the country, 1 to 10. */
int
decile_of(int z)
{
	static const int cuts[] = {-1282, -842, -524, -253, 0,
							   253,   524,  842,  1282};
	int decile = 1;

	while (decile < 10 && z > cuts[decile - 1])
		decile++;
	return decile;
}
