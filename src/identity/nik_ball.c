/*
 * nik_ball.c
 *		A number and a radius: what the condition of an SP-GiST index compares
 *		a column with. For nik and nkk.
 *
 * The planner makes balls, see nik_support.c; nobody stores them. A ball is a
 * bigint: the number in the low 54 bits, the radius and one above. A radius
 * below 0 contains nothing and is kept as -1; above 16 it is 16.
 */
#include "postgres.h"

#include "compat.h"
#include "core/nik.h"
#include "guc.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen__nik_ball_setting);
DTSEN_FUNCTION(dtsen__nik_ball);
DTSEN_FUNCTION(dtsen__nik_in_ball);

#define NUMBER_BITS 54 /* of 9999999999999999 */

static Datum
make_ball(int64 nik, int radius)
{
	radius = Min(Max(radius, -1), DTC_DIGITS);
	return Int64GetDatum((int64) (radius + 1) << NUMBER_BITS | nik);
}

/* The number in the middle of a ball. */
int64
dtsen_nik_ball_nik(Datum ball)
{
	return DatumGetInt64(ball) & ((INT64CONST(1) << NUMBER_BITS) - 1);
}

/* The radius of a ball, -1 to 16 edits. */
int
dtsen_nik_ball_radius(Datum ball)
{
	return (int) (DatumGetInt64(ball) >> NUMBER_BITS) - 1;
}

/* _nik_ball(nik, int) -> _nik_ball */
Datum
dtsen__nik_ball(PG_FUNCTION_ARGS)
{
	return make_ball(PG_GETARG_NIK(0), PG_GETARG_INT32(1));
}

/*
 * _nik_ball(nik) -> _nik_ball, as large as dtsen.nik_max_distance says when
 * the plan runs, so that a kept plan follows the setting.
 */
Datum
dtsen__nik_ball_setting(PG_FUNCTION_ARGS)
{
	return make_ball(PG_GETARG_NIK(0), dtsen_nik_max_distance);
}

/* _nik_in_ball(nik, _nik_ball) -> bool: operator <@. */
Datum
dtsen__nik_in_ball(PG_FUNCTION_ARGS)
{
	Datum ball = PG_GETARG_DATUM(1);

	PG_RETURN_BOOL(dtc_nik_within(PG_GETARG_NIK(0), dtsen_nik_ball_nik(ball),
								  dtsen_nik_ball_radius(ball)));
}
