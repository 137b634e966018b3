/*
 * rank_error.h
 *		Errors that several functions of ranking report in the same words.
 */
#ifndef DTSEN_RANK_ERROR_H
#define DTSEN_RANK_ERROR_H

extern int dtsen_rank_checked_groups(double groups);
_Noreturn extern void dtsen_rank_weight_not_finite(void);
_Noreturn extern void dtsen_rank_weight_negative(void);
_Noreturn extern void dtsen_rank_sum_out_of_range(bool is_float);
_Noreturn extern void dtsen_rank_groups_differ(void);

#endif /* DTSEN_RANK_ERROR_H */
