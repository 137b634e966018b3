/*
 * nik.c
 *		What the digits of a NIK and of a family card number say.
 */
#include "core/nik.h"

#define FEMALE_OFFSET 40      /* added to the day of a woman */
#define EPOCH_FROM_1970 10957 /* days from 1970-01-01 to 2000-01-01 */

static int
day_digits(int64_t number)
{
	return (int) (number / INT64_C(100000000) % 100);
}

static int
month_digits(int64_t number)
{
	return (int) (number / 1000000 % 100);
}

static int
year_digits(int64_t number)
{
	return (int) (number / 10000 % 100);
}

static bool
is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of a month, 1 to 12, in a year of the Gregorian calendar. */
static int
days_of_month(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/*
 * Days from 2000-01-01 of a date of the Gregorian calendar. Source: Howard
 * Hinnant, chrono-compatible low-level date algorithms, days_from_civil.
 */
static int64_t
days_of_date(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468 - EPOCH_FROM_1970;
}

/* The year of a day counted from 2000-01-01; civil_from_days, same source. */
static int64_t
year_of_day(int64_t date)
{
	int64_t z = date + EPOCH_FROM_1970 + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);

	/* years of this calendar begin in March */
	return yoe + era * 400 + (doy >= 306 ? 1 : 0);
}

/*
 * The six digits of the region, 0 to 999999. Of a NIK that of the district
 * where the person was first registered, of a family card that of its issue.
 */
int64_t
dtc_nik_district(int64_t number)
{
	return number / INT64_C(10000000000);
}

/* DTC_NIK_MALE, DTC_NIK_FEMALE, or 0 when the day digits name no day. */
int
dtc_nik_sex(int64_t nik)
{
	int day = day_digits(nik);

	if (day >= 1 && day <= 31)
		return DTC_NIK_MALE;
	if (day >= 1 + FEMALE_OFFSET && day <= 31 + FEMALE_OFFSET)
		return DTC_NIK_FEMALE;
	return 0;
}

/* The last four digits, 0 to 9999. */
int
dtc_nik_serial(int64_t number)
{
	return (int) (number % 10000);
}

/* Day of the month that the day digits of a NIK name, 0 for none. */
static int
birth_day(int64_t nik)
{
	int day = day_digits(nik);

	if (dtc_nik_sex(nik) == DTC_NIK_FEMALE)
		day -= FEMALE_OFFSET;
	return day >= 1 && day <= 31 ? day : 0;
}

/* Day of the month that the day digits of a family card name, 0 for none. */
static int
card_day(int64_t nkk)
{
	int day = day_digits(nkk);

	return day >= 1 && day <= 31 ? day : 0;
}

/*
 * The latest date with these digits that exists and is not after asof.
 *
 * day: 1 to 31, or 0 for none; asof, *date: days from 2000-01-01. Looks back
 * over two centuries: the second one is needed for 29 February only. False
 * when there is none.
 */
static bool
latest_date(int64_t number, int day, int32_t asof, int32_t *date)
{
	int month = month_digits(number);
	int64_t limit;
	int64_t year;

	if (day == 0 || month < 1 || month > 12)
		return false;
	limit = year_of_day(asof);
	/* latest year up to that of asof with these two digits */
	year = limit - ((limit - year_digits(number)) % 100 + 100) % 100;
	for (int century = 0; century < 3 && year > limit - 200; century++)
	{
		if (year < 1)
			return false;
		if (day <= days_of_month(year, month))
		{
			int64_t found = days_of_date(year, month, day);

			if (found <= asof)
			{
				*date = (int32_t) found;
				return true;
			}
		}
		year -= 100;
	}
	return false;
}

/*
 * The date of birth that a NIK names: the latest that is not after asof.
 *
 * asof, *date: days from 2000-01-01. False when the digits name no date, and
 * when the date (29 February) exists in none of the 200 years before asof.
 */
bool
dtc_nik_birth_date(int64_t nik, int32_t asof, int32_t *date)
{
	return latest_date(nik, birth_day(nik), asof, date);
}

/* The same of the date of recording of a family card. */
bool
dtc_nkk_date(int64_t nkk, int32_t asof, int32_t *date)
{
	return latest_date(nkk, card_day(nkk), asof, date);
}

/* The faults that can be told from the digits alone. */
static unsigned
faults(int64_t number, int day)
{
	int64_t district = dtc_nik_district(number);
	int month = month_digits(number);
	int year = year_digits(number);
	unsigned set = 0;

	if (district / 10000 == 0 || district / 100 % 100 == 0 ||
		district % 100 == 0)
		set |= DTC_NIK_REGION_MALFORMED;
	if (day == 0)
		set |= DTC_NIK_DAY_IMPOSSIBLE;
	if (month < 1 || month > 12)
		set |= DTC_NIK_MONTH_IMPOSSIBLE;
	else if (day > days_of_month(1900 + year, month) &&
			 day > days_of_month(2000 + year, month))
		set |= DTC_NIK_DATE_IMPOSSIBLE;
	if (dtc_nik_serial(number) == 0)
		set |= DTC_NIK_SERIAL_ZERO;
	return set;
}

/*
 * The faults of a NIK that need no calendar day and no table: its date must
 * exist in 19yy or 20yy. 0 means none.
 */
unsigned
dtc_nik_faults(int64_t nik)
{
	return faults(nik, birth_day(nik));
}

/* The same of a family card number. */
unsigned
dtc_nkk_faults(int64_t nkk)
{
	return faults(nkk, card_day(nkk));
}

/* Adds what can only be told for a day: the date lies after it. */
static unsigned
faults_asof(unsigned set, bool dated)
{
	if (!dated && (set & (DTC_NIK_DAY_IMPOSSIBLE | DTC_NIK_MONTH_IMPOSSIBLE |
						  DTC_NIK_DATE_IMPOSSIBLE)) == 0)
		set |= DTC_NIK_DATE_IN_FUTURE;
	return set;
}

/* The faults of a NIK as seen on a day, counted from 2000-01-01. */
unsigned
dtc_nik_faults_asof(int64_t nik, int32_t asof)
{
	int32_t date;

	return faults_asof(dtc_nik_faults(nik),
					   dtc_nik_birth_date(nik, asof, &date));
}

/* The faults of a family card number as seen on a day. */
unsigned
dtc_nkk_faults_asof(int64_t nkk, int32_t asof)
{
	int32_t date;

	return faults_asof(dtc_nkk_faults(nkk), dtc_nkk_date(nkk, asof, &date));
}

/* A stable name of one fault for programs. Never changed: they are stored. */
const char *
dtc_nik_fault_code(DtcNikFault fault)
{
	switch (fault)
	{
		case DTC_NIK_REGION_MALFORMED:
			return "region_malformed";
		case DTC_NIK_REGION_UNKNOWN:
			return "region_unknown";
		case DTC_NIK_DAY_IMPOSSIBLE:
			return "day_impossible";
		case DTC_NIK_MONTH_IMPOSSIBLE:
			return "month_impossible";
		case DTC_NIK_DATE_IMPOSSIBLE:
			return "date_impossible";
		case DTC_NIK_DATE_IN_FUTURE:
			return "date_in_future";
		case DTC_NIK_SERIAL_ZERO:
			break;
	}
	return "serial_zero";
}
