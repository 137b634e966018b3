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
	DTC_LIMIT         /* a limit of the implementation */
} DtcStatus;

#endif /* DTC_STATUS_H */
