/*
 * digits.h
 *		Numbers of exactly 16 decimal digits: reading, diagnosing, cleaning.
 *
 * NIK and family card numbers share this form. Their value is the number the
 * digits write, so that numeric order is the order of the text.
 */
#ifndef DTC_DIGITS_H
#define DTC_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DTC_DIGITS 16
#define DTC_DIGITS_MAX INT64_C(9999999999999999)

/* What is wrong with a text that should be 16 digits. */
typedef enum DtcDigitsFault
{
	DTC_DIGITS_OK = 0,
	DTC_DIGITS_EMPTY,
	DTC_DIGITS_TOO_FEW,
	DTC_DIGITS_TOO_MANY,
	DTC_DIGITS_LETTER,
	DTC_DIGITS_FULL_WIDTH,
	DTC_DIGITS_SPACE,
	DTC_DIGITS_NEWLINE,
	DTC_DIGITS_CONTROL,
	DTC_DIGITS_APOSTROPHE,
	DTC_DIGITS_SEPARATOR,
	DTC_DIGITS_DECIMAL,
	DTC_DIGITS_SCIENTIFIC,
	DTC_DIGITS_OTHER
} DtcDigitsFault;

typedef struct DtcDigitsProblem
{
	DtcDigitsFault fault;
	int position; /* character that is wrong, from 1; 0 when none is */
	int digits;   /* ASCII digits in the whole text */
} DtcDigitsProblem;

extern bool dtc_digits_parse(const char *text, size_t len, int64_t *value);
extern void dtc_digits_write(int64_t value, char *out);
extern void dtc_digits_diagnose(const char *text, size_t len,
								DtcDigitsProblem *problem);
extern const char *dtc_digits_fault_code(DtcDigitsFault fault);
extern bool dtc_digits_clean(const char *text, size_t len, bool utf8,
							 int64_t *value);
extern size_t dtc_digits_strip(const char *text, size_t len, bool utf8,
							   char *out, size_t size);
extern uint64_t dtc_digits_pack(int64_t value);

#endif /* DTC_DIGITS_H */
