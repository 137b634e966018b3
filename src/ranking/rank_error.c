/*
 * rank_error.c
 *		What several functions of ranking check, and report in the same words.
 */
#include "postgres.h"

#include <math.h>

#include "core/rank.h"
#include "errors.h"
#include "ranking/rank_error.h"

/* A number of groups: 2 to 10,000, else 22023. */
int
dtsen_rank_checked_groups(double groups)
{
	if (!(groups >= DTC_RANK_MIN_GROUPS && groups <= DTC_RANK_MAX_GROUPS))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("number of groups must be between %d and %d",
							   DTC_RANK_MIN_GROUPS, DTC_RANK_MAX_GROUPS),
						errhint("Deciles are 10 groups, percentiles 100.")));
	return (int) groups;
}

/*
 * Published cuts, which stay where they are; their number. Errors: 2202E unless
 * the array has one dimension, 22004 if it holds a NULL, 22023 if it holds NaN
 * or a cut that is less than the one before.
 */
int
dtsen_rank_checked_cuts(const ArrayType *array, const double **cut)
{
	if (ARR_NDIM(array) != 1)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("cuts must be an array of one dimension"),
						errhint("Give the array that desil_cuts() or "
								"rank_cuts() returned.")));
	if (array_contains_nulls(unconstify(ArrayType *, array)))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("cuts must not contain nulls"),
						errhint("Give the array that desil_cuts() or "
								"rank_cuts() returned.")));
	*cut = dtsen_rank_elements(array);
	for (int i = 0; i < ARR_DIMS(array)[0]; i++)
	{
		if (isnan((*cut)[i]))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("cuts must not contain NaN"),
							errhint("Leave scores that are NaN out before the "
									"cuts are computed.")));
		if (i > 0 && (*cut)[i] < (*cut)[i - 1])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("cuts must be in ascending order"),
					 errdetail("Cut %d is less than the one before.", i + 1),
					 errhint("Give the array that desil_cuts() or rank_cuts() "
							 "returned.")));
	}
	return ARR_DIMS(array)[0];
}

/* 22023: a weight is NaN or infinite. */
void
dtsen_rank_weight_not_finite(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("weight must be a finite number"),
					errhint("Correct the weight, or leave the row out; a row "
							"whose weight is NULL is ignored.")));
}

/* 22023: a weight is below 0. */
void
dtsen_rank_weight_negative(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("weight must not be negative"),
					errhint("Correct the weight, or leave the row out; a row "
							"whose weight is NULL is ignored.")));
}

/* 22003: the weights add up to more than their type holds. */
void
dtsen_rank_sum_out_of_range(bool is_float)
{
	if (is_float)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("sum of the weights is out of range"),
						errdetail("Float weights may add up to at most the "
								  "greatest double precision number."),
						errhint("Divide all weights by the same number.")));
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("sum of the weights is out of range"),
					errdetail("Integer weights may add up to at most %lld.",
							  (long long) PG_INT64_MAX),
					errhint("Use weights of double precision, or divide all "
							"by the same number.")));
}

/* 22023: rows or states of an aggregate ask for different numbers of groups. */
void
dtsen_rank_groups_differ(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("number of groups must be the same in every row"),
					errhint("Give a constant, or add it to GROUP BY.")));
}
