/*
 * nik_fuzzy.c
 *		Distance of NIKs, the keys within a distance, and why two differ.
 *
 * nik_distance(), nik_within() and nik_similar() are declared LEAKPROOF: they
 * raise no error whatever they are given, so that conditions on them may use
 * an index below row security.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "errors.h"
#include "core/nik.h"
#include "guc.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen_nik_distance);
DTSEN_FUNCTION(dtsen_nik_within);
DTSEN_FUNCTION(dtsen_nik_similar);
DTSEN_FUNCTION(dtsen_nik_neighbours);
DTSEN_FUNCTION(dtsen__nik_keys);
DTSEN_FUNCTION(dtsen__nik_within_keys);

/* nik_distance(nik, nik) -> int: edits between two, 0 to 16. */
Datum
dtsen_nik_distance(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(dtc_nik_distance(PG_GETARG_NIK(0), PG_GETARG_NIK(1)));
}

/*
 * nik_within(nik, nik, int) -> bool: are two at most so many edits apart?
 * Never, when the number is negative.
 */
Datum
dtsen_nik_within(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(dtc_nik_within(PG_GETARG_NIK(0), PG_GETARG_NIK(1),
								  PG_GETARG_INT32(2)));
}

/* nik_similar(nik, nik) -> bool: within dtsen.nik_max_distance; operator %. */
Datum
dtsen_nik_similar(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(dtc_nik_within(PG_GETARG_NIK(0), PG_GETARG_NIK(1),
								  dtsen_nik_max_distance));
}

/* A list that grows, of the values within a distance. */
typedef struct KeyList
{
	int64_t *keys;
	int count;
	int size;
} KeyList;

static bool
append_key(int64_t key, void *state)
{
	KeyList *list = state;

	if (list->count == list->size)
	{
		CHECK_FOR_INTERRUPTS();
		list->size *= 4;
		list->keys =
			repalloc_huge(list->keys, (Size) list->size * sizeof(int64_t));
	}
	list->keys[list->count++] = key;
	return true;
}

/* All values within k edits, ascending; none when k is negative. */
static void
collect_keys(int64 nik, int k, KeyList *list)
{
	list->count = 0;
	list->size = DTC_NIK_KEYS_MAX;
	list->keys = palloc(sizeof(int64_t) * DTC_NIK_KEYS_MAX);
	if (k == 1)
		list->count = dtc_nik_keys(nik, list->keys);
	else if (k >= 0)
		dtc_nik_neighbours(nik, k, append_key, list);
}

/*
 * Values as the array that a function returns, nik[] or nkk[]; frees them.
 * Ascending order matters: an index scan sorts its keys, and takes the shortest
 * way when they are sorted.
 */
Datum
dtsen_nik_array(FunctionCallInfo fcinfo, int64_t *keys, int count)
{
	ArrayType *array;
	Size bytes;

	if (fcinfo->flinfo->fn_extra == NULL)
	{
		Oid *element =
			MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(Oid));

		*element = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
		fcinfo->flinfo->fn_extra = element;
	}
	if (count == 0)
		PG_RETURN_ARRAYTYPE_P(
			construct_empty_array(*(Oid *) fcinfo->flinfo->fn_extra));
	/* elements have eight bytes, by value or not: copy them in one go */
	bytes = ARR_OVERHEAD_NONULLS(1) + sizeof(int64_t) * count;
	array = palloc0(bytes);
	SET_VARSIZE(array, bytes);
	array->ndim = 1;
	array->elemtype = *(Oid *) fcinfo->flinfo->fn_extra;
	ARR_DIMS(array)[0] = count;
	ARR_LBOUND(array)[0] = 1;
	memcpy((char *) array + ARR_OVERHEAD_NONULLS(1), keys,
		   sizeof(int64_t) * count);
	pfree(keys);
	PG_RETURN_ARRAYTYPE_P(array);
}

/* All values within k edits as an array. */
static Datum
key_array(FunctionCallInfo fcinfo, int64 nik, int k)
{
	KeyList list;

	collect_keys(nik, k, &list);
	return dtsen_nik_array(fcinfo, list.keys, list.count);
}

/*
 * _nik_keys(nik) -> nik[]: what is within dtsen.nik_max_distance now. Index
 * conditions call it when they run, so that a kept plan follows the setting.
 */
Datum
dtsen__nik_keys(PG_FUNCTION_ARGS)
{
	return key_array(fcinfo, PG_GETARG_NIK(0), dtsen_nik_max_distance);
}

/*
 * _nik_within_keys(nik, int) -> nik[]: what is within so many edits. Errors:
 * 22023 above 3, which the planner never asks for.
 */
Datum
dtsen__nik_within_keys(PG_FUNCTION_ARGS)
{
	int32 k = PG_GETARG_INT32(1);

	if (k > DTC_NIK_NEIGHBOURS_MAX)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("distance must be at most %d",
							   DTC_NIK_NEIGHBOURS_MAX)));
	return key_array(fcinfo, PG_GETARG_NIK(0), k);
}

/*
 * nik_neighbours(nik, int) -> setof nik: all numbers within so many edits,
 * itself included, ascending, whether anyone has them or not: 1, about 160,
 * about 12 thousand or about 670 thousand (5 MB). Errors: 22023 unless the
 * distance is 0 to 3; within four there are above ten million.
 */
Datum
dtsen_nik_neighbours(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	KeyList *list;

	if (SRF_IS_FIRSTCALL())
	{
		int32 k = PG_GETARG_INT32(1);
		MemoryContext old;

		if (k < 0 || k > DTC_NIK_NEIGHBOURS_MAX)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("distance must be between 0 and %d",
								   DTC_NIK_NEIGHBOURS_MAX)));
		call = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(call->multi_call_memory_ctx);
		list = palloc(sizeof(KeyList));
		collect_keys(PG_GETARG_NIK(0), k, list);
		call->user_fctx = list;
		MemoryContextSwitchTo(old);
	}
	call = SRF_PERCALL_SETUP();
	list = call->user_fctx;
	if (call->call_cntr < (uint64) list->count)
	{
		/* the macro counts before it takes its second argument */
		int64_t key = list->keys[call->call_cntr];

		SRF_RETURN_NEXT(call, NikGetDatum(key));
	}
	SRF_RETURN_DONE(call);
}
