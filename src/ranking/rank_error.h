/*
 * rank_error.h
 *		What several functions of ranking check, and report in the same words.
 */
#ifndef DTSEN_RANK_ERROR_H
#define DTSEN_RANK_ERROR_H

#include "fmgr.h"
#include "utils/array.h"

extern int dtsen_rank_checked_groups(double groups);
extern int dtsen_rank_checked_cuts(const ArrayType *array, const double **cut);
_Noreturn extern void dtsen_rank_weight_not_finite(void);
_Noreturn extern void dtsen_rank_weight_negative(void);
_Noreturn extern void dtsen_rank_sum_out_of_range(bool is_float);
_Noreturn extern void dtsen_rank_groups_differ(void);

/*
 * The elements of an array of numbers of eight bytes that holds no null; they
 * lie one after the other. What ARR_DATA_PTR() gives, which mixes signs.
 */
static inline const void *
dtsen_rank_elements(const ArrayType *array)
{
	Size offset = array->dataoffset != 0
					  ? (Size) array->dataoffset
					  : ARR_OVERHEAD_NONULLS(ARR_NDIM(array));

	return (const char *) array + offset;
}

/* Where the state of an aggregate lies. Inline, because it runs for every row. */
static inline MemoryContext
dtsen_rank_aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	return context;
}

#endif /* DTSEN_RANK_ERROR_H */
