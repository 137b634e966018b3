/*
 * keluarga_ops.c
 *		Comparison, hashing and containment of rosters.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"

#include "compat.h"
#include "household/household.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen_keluarga_eq);
DTSEN_FUNCTION(dtsen_keluarga_ne);
DTSEN_FUNCTION(dtsen_keluarga_lt);
DTSEN_FUNCTION(dtsen_keluarga_le);
DTSEN_FUNCTION(dtsen_keluarga_gt);
DTSEN_FUNCTION(dtsen_keluarga_ge);
DTSEN_FUNCTION(dtsen_keluarga_cmp);
DTSEN_FUNCTION(dtsen_keluarga_hash);
DTSEN_FUNCTION(dtsen_keluarga_hash_extended);
DTSEN_FUNCTION(dtsen_keluarga_has);
DTSEN_FUNCTION(dtsen_keluarga_contained);
DTSEN_FUNCTION(dtsen_keluarga_distance);

static Size
roster_bytes(int n)
{
	return DTC_ROSTER_HEADER + (Size) n * DTC_MEMBER_BYTES;
}

/*
 * Compares member by member in canonical order; a roster that ends first comes
 * first. Detoasted copies are freed, as btree asks for.
 */
static int
keluarga_compare(FunctionCallInfo fcinfo)
{
	int na, nb;
	struct varlena *va = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0));
	struct varlena *vb = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(1));
	const unsigned char *a = dtsen_keluarga_bytes(PointerGetDatum(va), &na);
	const unsigned char *b = dtsen_keluarga_bytes(PointerGetDatum(vb), &nb);
	int result = 0;

	for (int i = 0; i < na && i < nb && result == 0; i++)
	{
		DtcMember ma, mb;

		dtc_roster_member(a, i, &ma);
		dtc_roster_member(b, i, &mb);
		result = dtc_member_compare(&ma, &mb);
	}
	if (result == 0)
		result = (na > nb) - (na < nb);
	PG_FREE_IF_COPY(va, 0);
	PG_FREE_IF_COPY(vb, 1);
	return result;
}

static bool
keluarga_equal(FunctionCallInfo fcinfo)
{
	int na, nb;
	struct varlena *va = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0));
	struct varlena *vb = PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(1));
	const unsigned char *a = dtsen_keluarga_bytes(PointerGetDatum(va), &na);
	const unsigned char *b = dtsen_keluarga_bytes(PointerGetDatum(vb), &nb);
	bool result = na == nb && memcmp(a, b, roster_bytes(na)) == 0;

	PG_FREE_IF_COPY(va, 0);
	PG_FREE_IF_COPY(vb, 1);
	return result;
}

/*
 * keluarga =, <>, <, <=, >, >= and btree support. Rosters are equal if they
 * have the same members with the same parts; the order is total and the same
 * on every machine, it has no meaning besides.
 */
Datum
dtsen_keluarga_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(keluarga_equal(fcinfo));
}

Datum
dtsen_keluarga_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!keluarga_equal(fcinfo));
}

Datum
dtsen_keluarga_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(keluarga_compare(fcinfo) < 0);
}

Datum
dtsen_keluarga_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(keluarga_compare(fcinfo) <= 0);
}

Datum
dtsen_keluarga_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(keluarga_compare(fcinfo) > 0);
}

Datum
dtsen_keluarga_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(keluarga_compare(fcinfo) >= 0);
}

Datum
dtsen_keluarga_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(keluarga_compare(fcinfo));
}

/* Hash support: equal rosters have equal bytes. */
Datum
dtsen_keluarga_hash(PG_FUNCTION_ARGS)
{
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(PG_GETARG_DATUM(0), &n);

	return hash_any(bytes, (int) roster_bytes(n));
}

Datum
dtsen_keluarga_hash_extended(PG_FUNCTION_ARGS)
{
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(PG_GETARG_DATUM(0), &n);

	return hash_any_extended(bytes, (int) roster_bytes(n), PG_GETARG_INT64(1));
}

static bool
keluarga_contains(Datum keluarga, int64 nik)
{
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(keluarga, &n);

	for (int i = 0; i < n; i++)
		if (dtc_roster_nik(bytes, i) == nik)
			return true;
	return false;
}

/* keluarga_has(keluarga, nik) and keluarga @> nik: is it a member's? */
Datum
dtsen_keluarga_has(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(keluarga_contains(PG_GETARG_DATUM(0), PG_GETARG_NIK(1)));
}

/* nik <@ keluarga */
Datum
dtsen_keluarga_contained(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(keluarga_contains(PG_GETARG_DATUM(1), PG_GETARG_NIK(0)));
}

/*
 * keluarga <-> keluarga: 1 less the share of the NIKs of either that both
 * have (Jaccard distance): 0 for the same people, 1 for nobody in common. A
 * NIK that two members bear counts twice.
 */
Datum
dtsen_keluarga_distance(PG_FUNCTION_ARGS)
{
	int na, nb;
	const unsigned char *a = dtsen_keluarga_bytes(PG_GETARG_DATUM(0), &na);
	const unsigned char *b = dtsen_keluarga_bytes(PG_GETARG_DATUM(1), &nb);
	bool found[DTC_ROSTER_MAX] = {false};
	int common = 0;

	for (int i = 0; i < na; i++)
		for (int j = 0; j < nb; j++)
			if (!found[j] && dtc_roster_nik(a, i) == dtc_roster_nik(b, j))
			{
				found[j] = true;
				common++;
				break;
			}
	PG_RETURN_FLOAT8((double) (na + nb - 2 * common) / (na + nb - common));
}
