/*
 * lifecycle.h
 *		Regions of rows and actors.
 */
#ifndef DTC_LIFECYCLE_H
#define DTC_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>

#define DTC_WILAYAH_DIGITS 10 /* longest region code */
#define DTC_CHAIN_DIGITS 4    /* a chain per regency */

extern size_t dtc_wilayah_digits(const char *text, size_t len, char *digits,
								 size_t size);
extern bool dtc_wilayah_within(const char *row, size_t row_len,
							   const char *scope, size_t scope_len);

#endif /* DTC_LIFECYCLE_H */
