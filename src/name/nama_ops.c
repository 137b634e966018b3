/*
 * nama_ops.c
 *		Comparison of nama: order, equality, hash.
 *
 * Equality is of the name as written. Order is bytewise by the folded keys,
 * then by the name as written: neighbours in an index are spellings of one
 * name, and no locale or library version takes part.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/sortsupport.h"

#include "compat.h"
#include "name/name.h"

static int
compare_bytes(const char *a, int alen, const char *b, int blen)
{
	int c = memcmp(a, b, Min(alen, blen));

	return c != 0 ? c : (alen > blen) - (alen < blen);
}

static int
compare(const DtNama *a, const DtNama *b)
{
	DtNamaParts x, y;
	int c;

	dtsen_nama_parts(a, &x);
	dtsen_nama_parts(b, &y);
	c = compare_bytes(x.view.folded, x.view.foldedlen, y.view.folded,
					  y.view.foldedlen);
	if (c == 0)
		c = compare_bytes(x.text, x.textlen, y.text, y.textlen);
	dtsen_nama_release(&x);
	dtsen_nama_release(&y);
	return c;
}

static bool
same(const DtNama *a, const DtNama *b)
{
	DtNamaParts x, y;

	dtsen_nama_stored_parts(a, &x);
	dtsen_nama_stored_parts(b, &y);
	return x.textlen == y.textlen && memcmp(x.text, y.text, x.textlen) == 0;
}

/* Defines a comparison of two values as a function for SQL. */
#define COMPARISON(name, expression)                                          \
	DTSEN_FUNCTION(name);                                                     \
	Datum name(PG_FUNCTION_ARGS)                                              \
	{                                                                         \
		DtNama *a = PG_GETARG_NAMA_PP(0);                                     \
		DtNama *b = PG_GETARG_NAMA_PP(1);                                     \
		Datum result = (expression);                                          \
                                                                              \
		PG_FREE_IF_COPY(a, 0);                                                \
		PG_FREE_IF_COPY(b, 1);                                                \
		return result;                                                        \
	}

COMPARISON(dtsen_nama_eq, BoolGetDatum(same(a, b)))
COMPARISON(dtsen_nama_ne, BoolGetDatum(!same(a, b)))
COMPARISON(dtsen_nama_lt, BoolGetDatum(compare(a, b) < 0))
COMPARISON(dtsen_nama_le, BoolGetDatum(compare(a, b) <= 0))
COMPARISON(dtsen_nama_gt, BoolGetDatum(compare(a, b) > 0))
COMPARISON(dtsen_nama_ge, BoolGetDatum(compare(a, b) >= 0))
COMPARISON(dtsen_nama_cmp, Int32GetDatum(compare(a, b)))

/* Defines a choice between two values, for the aggregates. */
#define CHOICE(name, sign)                                                    \
	DTSEN_FUNCTION(name);                                                     \
	Datum name(PG_FUNCTION_ARGS)                                              \
	{                                                                         \
		DtNama *a = PG_GETARG_NAMA_PP(0);                                     \
		DtNama *b = PG_GETARG_NAMA_PP(1);                                     \
                                                                              \
		PG_RETURN_POINTER(sign compare(a, b) >= 0 ? a : b);                   \
	}

CHOICE(dtsen_nama_larger, +)
CHOICE(dtsen_nama_smaller, -)

static int
sort_compare(Datum a, Datum b, SortSupport ssup)
{
	DtNama *x = DatumGetNamaPP(a);
	DtNama *y = DatumGetNamaPP(b);
	int c = compare(x, y);

	if ((Pointer) x != DatumGetPointer(a))
		pfree(x);
	if ((Pointer) y != DatumGetPointer(b))
		pfree(y);
	return c;
}

DTSEN_FUNCTION(dtsen_nama_sortsupport);
DTSEN_FUNCTION(dtsen_nama_hash);
DTSEN_FUNCTION(dtsen_nama_hash_extended);

/* nama_sortsupport(internal): sorts without a function call a comparison. */
Datum
dtsen_nama_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = sort_compare;
	PG_RETURN_VOID();
}

/* nama_hash(nama) -> integer: of the name as written. */
Datum
dtsen_nama_hash(PG_FUNCTION_ARGS)
{
	DtNama *value = PG_GETARG_NAMA_PP(0);
	DtNamaParts parts;
	Datum result;

	dtsen_nama_stored_parts(value, &parts);
	result = hash_any((const unsigned char *) parts.text, parts.textlen);
	PG_FREE_IF_COPY(value, 0);
	return result;
}

/* nama_hash_extended(nama, bigint) -> bigint: the same with a seed. */
Datum
dtsen_nama_hash_extended(PG_FUNCTION_ARGS)
{
	DtNama *value = PG_GETARG_NAMA_PP(0);
	DtNamaParts parts;
	Datum result;

	dtsen_nama_stored_parts(value, &parts);
	result = hash_any_extended((const unsigned char *) parts.text,
							   parts.textlen, PG_GETARG_INT64(1));
	PG_FREE_IF_COPY(value, 0);
	return result;
}
