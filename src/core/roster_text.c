/*
 * roster_text.c
 *		Text form of a roster, and the calendar it needs.
 *
 *		{3216010101900001 1 L 1990-01-01, 3216014101920002 2 P 1992-01-01 hamil}
 *
 * A member is NIK, relation, sex and birth date, apart by white space, then
 * what else is known, in any order: kawin=1 to 4, sekolah=WORD, disabilitas or
 * disabilitas_berat, hamil. Members are apart by a comma. Sex is L or P (or
 * the codes 1 and 2), a date is ISO whatever the session's DateStyle; "-" is
 * unknown for both.
 */
#include "core/roster.h"

#include <string.h>

#include "core/digits.h"

#define DAYS_TO_2000 730425 /* from 0000-03-01 to 2000-01-01 */
#define DAYS_OF_ERA 146097  /* 400 years */

/*
 * The date of a day since 2000-01-01, Gregorian, year 1 and later.
 * After H. Hinnant, "chrono-compatible low-level date algorithms": years start
 * in March, so that the leap day ends one.
 */
void
dtc_civil_from_days(int32_t days, int *year, int *month, int *day)
{
	int32_t z = days + DAYS_TO_2000;
	int32_t era = z / DAYS_OF_ERA;
	int32_t doe = z - era * DAYS_OF_ERA;
	int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int32_t mp = (5 * doy + 2) / 153;

	*day = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

/* The day of a date of the years 1 to 9999; false if there is no such date. */
bool
dtc_days_from_civil(int year, int month, int day, int32_t *days)
{
	int y = year - (month <= 2);
	int era = y / 400;
	int yoe = y - era * 400;
	int mp = month > 2 ? month - 3 : month + 9;
	int doy = (153 * mp + 2) / 5 + day - 1;
	int back_year, back_month, back_day;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
		day > 31)
		return false;
	*days = era * DAYS_OF_ERA + yoe * 365 + yoe / 4 - yoe / 100 + doy -
			DAYS_TO_2000;
	dtc_civil_from_days(*days, &back_year, &back_month, &back_day);
	return back_day == day && back_month == month && back_year == year;
}

/* Reads L, P, 1 or 2. */
bool
dtc_sex_parse(const char *text, size_t len, uint8_t *sex)
{
	if (len != 1)
		return false;
	switch (text[0])
	{
		case 'L':
		case '1':
			*sex = DTC_SEX_MALE;
			return true;
		case 'P':
		case '2':
			*sex = DTC_SEX_FEMALE;
			return true;
		default:
			return false;
	}
}

/* The word for schooling; NULL for unknown. */
const char *
dtc_school_word(DtcSchool school)
{
	switch (school)
	{
		case DTC_SCHOOL_NEVER:
			return "belum";
		case DTC_SCHOOL_LEFT:
			return "tidak";
		case DTC_SCHOOL_SD:
			return "sd";
		case DTC_SCHOOL_SMP:
			return "smp";
		case DTC_SCHOOL_SMA:
			return "sma";
		case DTC_SCHOOL_TINGGI:
			return "tinggi";
		default:
			return NULL;
	}
}

/* Reads a word of dtc_school_word(). */
bool
dtc_school_parse(const char *text, size_t len, uint8_t *school)
{
	for (uint8_t i = DTC_SCHOOL_NEVER; i < DTC_SCHOOL_LEVELS; i++)
	{
		const char *word = dtc_school_word((DtcSchool) i);

		if (strlen(word) == len && memcmp(word, text, len) == 0)
		{
			*school = i;
			return true;
		}
	}
	return false;
}

typedef struct Scanner
{
	const char *text;
	size_t len;
	size_t at;
} Scanner;

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip_spaces(Scanner *scanner)
{
	while (scanner->at < scanner->len && is_space(scanner->text[scanner->at]))
		scanner->at++;
}

static bool
take_mark(Scanner *scanner, char mark)
{
	skip_spaces(scanner);
	if (scanner->at >= scanner->len || scanner->text[scanner->at] != mark)
		return false;
	scanner->at++;
	return true;
}

/* The next word, up to white space or a mark; length 0 if there is none. */
static const char *
take_field(Scanner *scanner, size_t *length)
{
	const char *start;

	skip_spaces(scanner);
	start = scanner->text + scanner->at;
	*length = 0;
	while (scanner->at + *length < scanner->len && !is_space(start[*length]) &&
		   start[*length] != ',' && start[*length] != '}' &&
		   start[*length] != '{')
		(*length)++;
	return start;
}

static bool
parse_digits(const char *text, int count, int *value)
{
	*value = 0;
	for (int i = 0; i < count; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

/* YYYY-MM-DD */
static bool
parse_date(const char *text, size_t len, int32_t *days)
{
	int year, month, day;

	return len == 10 && parse_digits(text, 4, &year) && text[4] == '-' &&
		   parse_digits(text + 5, 2, &month) && text[7] == '-' &&
		   parse_digits(text + 8, 2, &day) &&
		   dtc_days_from_civil(year, month, day, days);
}

static bool
is_unknown(const char *text, size_t len)
{
	return len == 1 && text[0] == '-';
}

static bool
is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(text, word, len) == 0;
}

static bool
begins(const char *text, size_t len, const char *start)
{
	return len > strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

/* A word after the birth date; each kind at most once. */
static bool
parse_mark(const char *text, size_t len, DtcMember *member)
{
	if (is_word(text, len, "hamil") && !member->pregnant)
		member->pregnant = 1;
	else if (is_word(text, len, "disabilitas") && member->disability == 0)
		member->disability = DTC_DISABILITY_ANY;
	else if (is_word(text, len, "disabilitas_berat") &&
			 member->disability == 0)
		member->disability = DTC_DISABILITY_SEVERE;
	else if (begins(text, len, "kawin=") && len == 7 && text[6] >= '1' &&
			 text[6] <= '4' && member->marriage == 0)
		member->marriage = (uint8_t) (text[6] - '0');
	else
		return begins(text, len, "sekolah=") && member->school == 0 &&
			   dtc_school_parse(text + 8, len - 8, &member->school);
	return true;
}

/* Reads one member; on a fault the scanner stands where the field starts. */
static DtcRosterFault
parse_member(Scanner *scanner, DtcMember *member)
{
	size_t len;
	const char *field = take_field(scanner, &len);

	if (!dtc_digits_parse(field, len, &member->nik))
		return DTC_ROSTER_NIK;
	scanner->at += len;

	field = take_field(scanner, &len);
	if (len != 1 || field[0] < '1' || field[0] > '8')
		return DTC_ROSTER_RELATION;
	member->relation = (uint8_t) (field[0] - '0');
	scanner->at += len;

	field = take_field(scanner, &len);
	member->sex = DTC_SEX_UNKNOWN;
	if (!is_unknown(field, len) && !dtc_sex_parse(field, len, &member->sex))
		return DTC_ROSTER_SEX;
	scanner->at += len;

	field = take_field(scanner, &len);
	member->birth = DTC_BIRTH_UNKNOWN;
	if (!is_unknown(field, len) && !parse_date(field, len, &member->birth))
		return DTC_ROSTER_BIRTH;
	scanner->at += len;

	member->marriage = DTC_MARRIAGE_UNKNOWN;
	member->school = DTC_SCHOOL_UNKNOWN;
	member->disability = DTC_DISABILITY_NONE;
	member->pregnant = 0;
	while (field = take_field(scanner, &len), len > 0)
	{
		if (!parse_mark(field, len, member))
			return DTC_ROSTER_MARK;
		scanner->at += len;
	}
	return DTC_ROSTER_OK;
}

/*
 * Reads a roster; its members may come in any order.
 *
 * text: len bytes. members: room for DTC_ROSTER_MAX, *n is set.
 * On a fault *position is the byte, from 1, of the field or mark that is
 * wrong, and *n the members read before.
 */
DtcRosterFault
dtc_roster_parse(const char *text, size_t len, DtcMember *members, int *n,
				 size_t *position)
{
	Scanner scanner = {text, len, 0};
	DtcRosterFault fault = DTC_ROSTER_OK;

	*n = 0;
	if (!take_mark(&scanner, '{'))
		fault = DTC_ROSTER_SYNTAX;
	else if (take_mark(&scanner, '}'))
	{
		scanner.at--;
		fault = DTC_ROSTER_EMPTY;
	}
	while (fault == DTC_ROSTER_OK)
	{
		DtcMember member;
		size_t start;
		DtcStatus status;

		skip_spaces(&scanner);
		start = scanner.at;
		fault = parse_member(&scanner, &member);
		if (fault != DTC_ROSTER_OK)
			break;
		status = dtc_roster_insert(members, n, &member);
		if (status != DTC_OK)
		{
			scanner.at = start;
			fault =
				status == DTC_LIMIT ? DTC_ROSTER_FULL : DTC_ROSTER_DUPLICATE;
		}
		else if (take_mark(&scanner, '}'))
		{
			skip_spaces(&scanner);
			if (scanner.at == len)
				return DTC_ROSTER_OK;
			fault = DTC_ROSTER_SYNTAX;
		}
		else if (!take_mark(&scanner, ','))
			fault = DTC_ROSTER_SYNTAX;
	}
	*position = scanner.at + 1;
	return fault;
}

static char *
write_text(char *out, const char *text)
{
	size_t len = strlen(text);

	memcpy(out, text, len);
	return out + len;
}

static char *
write_number(char *out, int value, int digits)
{
	for (int i = digits - 1; i >= 0; i--, value /= 10)
		out[i] = (char) ('0' + value % 10);
	return out + digits;
}

/*
 * Writes a member as text, without end mark; out has room for DTC_MEMBER_TEXT.
 * Returns the characters written.
 */
size_t
dtc_member_write(const DtcMember *member, char *out)
{
	char *at = out;
	int year, month, day;

	dtc_digits_write(member->nik, at);
	at += DTC_DIGITS;
	*at++ = ' ';
	at = write_number(at, member->relation, 1);
	*at++ = ' ';
	*at++ = member->sex == DTC_SEX_MALE     ? 'L'
			: member->sex == DTC_SEX_FEMALE ? 'P'
											: '-';
	*at++ = ' ';
	if (member->birth == DTC_BIRTH_UNKNOWN)
		*at++ = '-';
	else
	{
		dtc_civil_from_days(member->birth, &year, &month, &day);
		at = write_number(at, year, 4);
		*at++ = '-';
		at = write_number(at, month, 2);
		*at++ = '-';
		at = write_number(at, day, 2);
	}
	if (member->marriage != DTC_MARRIAGE_UNKNOWN)
		at = write_number(write_text(at, " kawin="), member->marriage, 1);
	if (dtc_school_word((DtcSchool) member->school) != NULL)
		at = write_text(write_text(at, " sekolah="),
						dtc_school_word((DtcSchool) member->school));
	if (member->disability != DTC_DISABILITY_NONE)
		at = write_text(at, member->disability == DTC_DISABILITY_SEVERE
								? " disabilitas_berat"
								: " disabilitas");
	if (member->pregnant)
		at = write_text(at, " hamil");
	return (size_t) (at - out);
}
