/*
 * desil.c
 *		desil(score, cuts): the group of a family by published cuts.
 */
#include "postgres.h"

#include "fmgr.h"
#include "nodes/primnodes.h"

#include "compat.h"
#include "errors.h"
#include "core/rank.h"
#include "ranking/rank_error.h"

#define DECILE_CUTS 9
#define PERCENTILE_CUTS 99

/* Cuts of the last call, checked and turned into keys. */
typedef struct DesilCuts
{
	bool is_constant; /* the argument is the same in every call */
	int count;        /* cuts */
	Size length;      /* bytes of the array after its header */
	char *bytes;      /* copy of them, follows the keys */
	uint64_t key[FLEXIBLE_ARRAY_MEMBER];
} DesilCuts;

DTSEN_FUNCTION(dtsen_desil);
DTSEN_FUNCTION(dtsen_percentile);

/*
 * Are the cuts a constant of the query text? A parameter is not enough: PL/pgSQL
 * evaluates one prepared expression with other values of its variables.
 */
static bool
cuts_are_constant(FmgrInfo *flinfo)
{
	Node *call = flinfo->fn_expr;

	return call != NULL && IsA(call, FuncExpr) &&
		   IsA(lsecond(((FuncExpr *) call)->args), Const);
}

/*
 * Keeps an array of cuts for the calls to come. Errors of
 * dtsen_rank_checked_cuts().
 */
static DesilCuts *
keep_cuts(FmgrInfo *flinfo, ArrayType *array)
{
	const double *cut;
	int count = dtsen_rank_checked_cuts(array, &cut);
	Size length = VARSIZE(array) - VARHDRSZ;
	Size key_bytes = offsetof(DesilCuts, key) + sizeof(uint64_t) * count;
	DesilCuts *cuts =
		MemoryContextAlloc(flinfo->fn_mcxt, MAXALIGN(key_bytes) + length);

	cuts->is_constant = cuts_are_constant(flinfo);
	cuts->count = count;
	cuts->length = length;
	cuts->bytes = (char *) cuts + MAXALIGN(key_bytes);
	memcpy(cuts->bytes, VARDATA(array), length);
	for (int i = 0; i < count; i++)
		cuts->key[i] = dtc_rank_key(cut[i]);
	if (flinfo->fn_extra != NULL)
		pfree(flinfo->fn_extra);
	flinfo->fn_extra = cuts;
	return cuts;
}

/* Are these the same bytes? Inline, because it runs for every row. */
static inline bool
same_bytes(const char *a, const char *b, Size length)
{
	uint64 differ = 0;
	uint64 x;
	uint64 y;

	if (length < sizeof(uint64))
		return memcmp(a, b, length) == 0;
	for (Size i = 0; i + sizeof(uint64) <= length; i += sizeof(uint64))
	{
		memcpy(&x, a + i, sizeof(x));
		memcpy(&y, b + i, sizeof(y));
		differ |= x ^ y;
	}
	memcpy(&x, a + length - sizeof(x), sizeof(x));
	memcpy(&y, b + length - sizeof(y), sizeof(y));
	return (differ | (x ^ y)) == 0;
}

/* The cuts in argument 1 as an array, if need be kept from now on. */
static pg_noinline DesilCuts *
other_cuts(FunctionCallInfo fcinfo, DesilCuts *cuts)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(1);

	if (cuts == NULL || VARSIZE(array) - VARHDRSZ != cuts->length ||
		memcmp(VARDATA(array), cuts->bytes, cuts->length) != 0)
		cuts = keep_cuts(fcinfo->flinfo, array);
	PG_FREE_IF_COPY(array, 1);
	return cuts;
}

/*
 * The cuts in argument 1, as they were kept or from now on are. What a subquery
 * or a table gives has a short header: it is compared as it lies there, and only
 * made an array if it is another one.
 */
static pg_attribute_always_inline DesilCuts *
cuts_argument(FunctionCallInfo fcinfo)
{
	DesilCuts *cuts = fcinfo->flinfo->fn_extra;
	struct varlena *raw;

	if (cuts != NULL && cuts->is_constant)
		return cuts;
	raw = PG_GETARG_RAW_VARLENA_P(1);
	if (cuts != NULL && !VARATT_IS_EXTERNAL(raw) && !VARATT_IS_COMPRESSED(raw))
	{
		if (VARSIZE_ANY_EXHDR(raw) == cuts->length &&
			same_bytes(VARDATA_ANY(raw), cuts->bytes, cuts->length))
			return cuts;
	}
	return other_cuts(fcinfo, cuts);
}

/*
 * desil(score, cuts) -> int: 1 + the number of cuts below the score, so a
 * score equal to a cut is in the poorer group; 1 to count + 1.
 *
 * score: any float8, NaN is the greatest. cuts: as desil_cuts() gives them.
 * Errors of dtsen_rank_checked_cuts(). Constant cuts are checked once a query, others when
 * they are not those of the row before.
 */
Datum
dtsen_desil(PG_FUNCTION_ARGS)
{
	DesilCuts *cuts = cuts_argument(fcinfo);
	uint64_t key = dtc_rank_key(PG_GETARG_FLOAT8(0));

	if (likely(cuts->count == DECILE_CUTS))
		PG_RETURN_INT32(dtc_rank_decile(key, cuts->key));
	PG_RETURN_INT32(dtc_rank_group(key, cuts->key, cuts->count));
}

/* percentile(score, cuts) -> int: the same, 22023 unless there are 99 cuts. */
Datum
dtsen_percentile(PG_FUNCTION_ARGS)
{
	DesilCuts *cuts = cuts_argument(fcinfo);

	if (cuts->count != PERCENTILE_CUTS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("percentiles need %d cuts, not %d",
							   PERCENTILE_CUTS, cuts->count),
						errhint("Compute them with 100 groups: "
								"desil_cuts(score, weight, 100).")));
	PG_RETURN_INT32(dtc_rank_group(dtc_rank_key(PG_GETARG_FLOAT8(0)),
								   cuts->key, cuts->count));
}
