/*
 * kode_wilayah.c
 *		Codes of regions: reading, writing, level and range.
 *
 * Form after Permendagri 58/2021 and its successors. Which codes exist is
 * data and no business of this file.
 */
#include "core/kode_wilayah.h"

#include "core/digits.h"

#include <string.h>

/* numbers of ten digits that one code of a level spans, by level */
static const int64_t span[DTC_KODE_LEVELS + 1] = {
	INT64_C(10000000000), INT64_C(100000000), INT64_C(1000000), INT64_C(10000),
	INT64_C(1)};
/* digits of a code, by level */
static const int width[DTC_KODE_LEVELS + 1] = {0, 2, 4, 6, 10};

/* The level whose codes have so many digits, 0 when none has. */
static int
level_of_width(int digits)
{
	for (int level = 1; level <= DTC_KODE_LEVELS; level++)
	{
		if (width[level] == digits)
			return level;
	}
	return 0;
}

/* The first part of a value that is zero though it should not, 0 if none. */
static int
zero_part(int64_t value, int level)
{
	for (int part = 1; part <= level; part++)
	{
		if (value % span[part - 1] / span[part] == 0)
			return part;
	}
	return 0;
}

/*
 * Reads a code of 2, 4, 6 or 10 digits, with a dot between all parts or with
 * none.
 *
 * input: len bytes; value: set when the answer is true; problem: filled when
 * it is false, may be NULL.
 */
bool
dtc_kode_parse(const char *input, size_t len, int64_t *value,
			   DtcKodeProblem *problem)
{
	DtcKodeProblem ignored;
	int64_t number = 0;
	size_t dot[DTC_KODE_LEVELS];
	int dots = 0;
	int level;

	if (problem == NULL)
		problem = &ignored;
	memset(problem, 0, sizeof(*problem));
	if (len == 0)
		problem->fault = DTC_KODE_EMPTY;
	for (size_t i = 0; i < len; i++)
	{
		if (input[i] >= '0' && input[i] <= '9')
		{
			if (problem->digits < 10)
				number = number * 10 + (input[i] - '0');
			problem->digits++;
		}
		else if (input[i] == '.' && dots < DTC_KODE_LEVELS)
			dot[dots++] = i;
		else if (problem->fault == DTC_KODE_OK)
		{
			problem->fault = DTC_KODE_CHARACTER;
			problem->position = (int) i + 1;
		}
	}
	if (problem->fault != DTC_KODE_OK)
		return false;
	level = level_of_width(problem->digits);
	if (level == 0)
	{
		problem->fault = DTC_KODE_LENGTH;
		return false;
	}
	for (int i = 0; i < dots; i++)
	{
		/* the i-th dot follows the digits of level i + 1 and i dots */
		if (dots != level - 1 || dot[i] != (size_t) (width[i + 1] + i))
		{
			problem->fault = DTC_KODE_DOTS;
			problem->position = (int) dot[i] + 1;
			return false;
		}
	}
	number *= span[level];
	problem->part = zero_part(number, level);
	if (problem->part > 0)
	{
		problem->fault = DTC_KODE_ZERO;
		return false;
	}
	*value = number;
	return true;
}

/* A stable name of a fault for programs, NULL for DTC_KODE_OK. */
const char *
dtc_kode_fault_code(DtcKodeFault fault)
{
	switch (fault)
	{
		case DTC_KODE_OK:
			return NULL;
		case DTC_KODE_EMPTY:
			return "empty";
		case DTC_KODE_LENGTH:
			return "wrong_length";
		case DTC_KODE_CHARACTER:
			return "other_character";
		case DTC_KODE_DOTS:
			return "misplaced_dot";
		case DTC_KODE_ZERO:
			break;
	}
	return "zero_part";
}

/*
 * Reads a code out of a text written by people: what dtc_digits_strip() takes
 * off is taken off, and dots, dashes, slashes or spaces may stand between the
 * parts, between all of them or none. Nothing is filled up or cut.
 */
bool
dtc_kode_clean(const char *input, size_t len, bool utf8, int64_t *value)
{
	char marked[32];
	size_t length = dtc_digits_strip(input, len, utf8, marked, sizeof(marked));

	for (size_t i = 0; i < length; i++)
	{
		if (marked[i] < '0' || marked[i] > '9')
			marked[i] = '.';
	}
	return dtc_kode_parse(marked, length, value, NULL);
}

/*
 * Writes a code.
 *
 * value: any of ten digits; dotted: 32.16.01.2001 instead of 3216012001; out:
 * room for DTC_KODE_TEXT_SIZE bytes, a NUL ends it. Returns the length.
 */
size_t
dtc_kode_write(int64_t value, bool dotted, char *out)
{
	int level = dtc_kode_level(value);
	size_t length = 0;

	for (int part = 1; part <= level; part++)
	{
		int digits = width[part] - width[part - 1];
		int64_t number = value % span[part - 1] / span[part];

		if (dotted && part > 1)
			out[length++] = '.';
		for (int i = digits - 1; i >= 0; i--)
		{
			out[length + (size_t) i] = (char) ('0' + number % 10);
			number /= 10;
		}
		length += (size_t) digits;
	}
	out[length] = '\0';
	return length;
}

/* Is a number a value of the type: ten digits with no zero part inside? */
bool
dtc_kode_valid(int64_t value)
{
	return value >= span[1] && value < span[0] &&
		   zero_part(value, dtc_kode_level(value)) == 0;
}

/*
 * The value of a code written as a number, 321601 for 32.16.01. A number has
 * lost its leading zeros, so it must have exactly 2, 4, 6 or 10 digits.
 */
bool
dtc_kode_from_number(int64_t number, int64_t *value)
{
	for (int level = 1; level <= DTC_KODE_LEVELS; level++)
	{
		int64_t end = span[0] / span[level];

		if (number >= end / 10 && number < end)
		{
			if (zero_part(number * span[level], level) != 0)
				return false;
			*value = number * span[level];
			return true;
		}
	}
	return false;
}

/* The code as a number without the zeros that fill it up. */
int64_t
dtc_kode_to_number(int64_t value)
{
	return value / span[dtc_kode_level(value)];
}

/* 1 province, 2 regency, 3 district, 4 village. */
int
dtc_kode_level(int64_t value)
{
	for (int level = 1; level < DTC_KODE_LEVELS; level++)
	{
		if (value % span[level] == 0)
			return level;
	}
	return DTC_KODE_LEVELS;
}

/*
 * The region of a level, 1 to 4, that a region lies in; the region itself at
 * its own level. A level below its own gives the region itself too.
 */
int64_t
dtc_kode_ancestor(int64_t value, int level)
{
	return value - value % span[level];
}

/* The largest value that lies in a region; the region itself is the least. */
int64_t
dtc_kode_last(int64_t value)
{
	return value + span[dtc_kode_level(value)] - 1;
}
