/*
 * rank_error.c
 *		Errors that several functions of ranking report in the same words.
 */
#include "postgres.h"

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
