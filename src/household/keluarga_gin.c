/*
 * keluarga_gin.c
 *		GIN operator class of keluarga: one key for each member, its NIK.
 *
 * The keys are exact, so what the index finds needs no second look.
 */
#include "postgres.h"

#include "access/gin.h"
#include "fmgr.h"

#include "compat.h"
#include "household/household.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen__keluarga_gin_value);
DTSEN_FUNCTION(dtsen__keluarga_gin_query);
DTSEN_FUNCTION(dtsen__keluarga_gin_consistent);
DTSEN_FUNCTION(dtsen__keluarga_gin_triconsistent);

/* extractValue: the NIKs of the members; GIN takes one that occurs twice once. */
Datum
dtsen__keluarga_gin_value(PG_FUNCTION_ARGS)
{
	int32 *nkeys = (int32 *) PG_GETARG_POINTER(1);
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(PG_GETARG_DATUM(0), &n);
	Datum *keys = palloc(sizeof(Datum) * n);

	for (int i = 0; i < n; i++)
		keys[i] = NikGetDatum(dtc_roster_nik(bytes, i));
	*nkeys = n;
	PG_RETURN_POINTER(keys);
}

/* extractQuery of keluarga @> nik, the only strategy: that NIK. */
Datum
dtsen__keluarga_gin_query(PG_FUNCTION_ARGS)
{
	int32 *nkeys = (int32 *) PG_GETARG_POINTER(1);
	Datum *keys = palloc(sizeof(Datum));

	keys[0] = NikGetDatum(PG_GETARG_NIK(0));
	*nkeys = 1;
	PG_RETURN_POINTER(keys);
}

Datum
dtsen__keluarga_gin_consistent(PG_FUNCTION_ARGS)
{
	const bool *check = (const bool *) PG_GETARG_POINTER(0);
	bool *recheck = (bool *) PG_GETARG_POINTER(5);

	*recheck = false;
	PG_RETURN_BOOL(check[0]);
}

Datum
dtsen__keluarga_gin_triconsistent(PG_FUNCTION_ARGS)
{
	const GinTernaryValue *check =
		(const GinTernaryValue *) PG_GETARG_POINTER(0);

	PG_RETURN_GIN_TERNARY_VALUE(check[0]);
}
