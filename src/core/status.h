/*
 * status.h
 *		What a function of src/core answers when it may fail.
 *
 * The glue turns each into an SQLSTATE where it knows the argument; core
 * itself neither raises nor logs.
 */
#ifndef DTC_STATUS_H
#define DTC_STATUS_H

typedef enum DtcStatus
{
	DTC_OK = 0,
	DTC_INVALID,      /* the input is no value of the kind asked for */
	DTC_OUT_OF_RANGE, /* a number outside the domain of its argument */
	DTC_NO_SPACE,     /* the caller's buffer is too small */
	DTC_LIMIT,        /* a limit of the implementation */
	DTC_NOT_FOUND     /* well formed, but there is none */
} DtcStatus;

#endif /* DTC_STATUS_H */
