/*
 * kode_wilayah.h
 *		Codes of regions: province, regency, district, village.
 *
 * A code is PP, PPKK, PPKKCC or PPKKCCVVVV. Its value is the code filled up
 * with zeros to ten digits: no part of a code is zero, so the zeros at the end
 * tell the level, a region sorts right before what lies in it, and what lies
 * in it is one range of numbers.
 */
#ifndef DTC_KODE_WILAYAH_H
#define DTC_KODE_WILAYAH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DTC_KODE_LEVELS 4     /* province, regency, district, village */
#define DTC_KODE_TEXT_SIZE 14 /* "32.16.01.2001" and a NUL */

typedef enum DtcKodeFault
{
	DTC_KODE_OK = 0,
	DTC_KODE_EMPTY,
	DTC_KODE_LENGTH,    /* not 2, 4, 6 or 10 digits */
	DTC_KODE_CHARACTER, /* neither a digit nor a dot */
	DTC_KODE_DOTS,      /* dots that do not stand between all parts */
	DTC_KODE_ZERO       /* a part is 00 or 0000 */
} DtcKodeFault;

typedef struct DtcKodeProblem
{
	DtcKodeFault fault;
	int position; /* wrong character, from 1; 0 when none is */
	int digits;   /* digits in the whole text */
	int part;     /* part that is zero, 1 to 4; 0 when none is */
} DtcKodeProblem;

extern bool dtc_kode_parse(const char *input, size_t len, int64_t *value,
						   DtcKodeProblem *problem);
extern const char *dtc_kode_fault_code(DtcKodeFault fault);
extern bool dtc_kode_clean(const char *input, size_t len, bool utf8,
						   int64_t *value);
extern size_t dtc_kode_write(int64_t value, bool dotted, char *out);
extern bool dtc_kode_valid(int64_t value);
extern bool dtc_kode_from_number(int64_t number, int64_t *value);
extern int64_t dtc_kode_to_number(int64_t value);
extern int dtc_kode_level(int64_t value);
extern int64_t dtc_kode_ancestor(int64_t value, int level);
extern int64_t dtc_kode_last(int64_t value);

#endif /* DTC_KODE_WILAYAH_H */
