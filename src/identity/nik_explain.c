/*
 * nik_explain.c
 *		Why two NIKs differ, in words that a clerk knows.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/fmgrprotos.h"

#include "compat.h"
#include "core/nik.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen_nik_explain);

#define REGION_UNIT INT64_C(10000000000)
#define SERIAL_UNIT 10000

/* more edits than this are listed without their digits: no whole NIK */
#define EDITS_WITH_DIGITS 3

/* The part of a NIK that a position, 1 to 16, lies in. */
static const char *
part_at(int position)
{
	static const char *const parts[] = {"province", "regency", "district",
										"day",      "month",   "year"};

	return position <= 12 ? parts[(position - 1) / 2] : "serial";
}

static const char *
edit_name(DtcNikEditKind kind)
{
	switch (kind)
	{
		case DTC_NIK_REPLACE:
			return "replace";
		case DTC_NIK_SWAP:
			return "swap";
		case DTC_NIK_DELETE:
			return "delete";
		case DTC_NIK_INSERT:
			break;
	}
	return "insert";
}

/* Day of the month of the day digits, whichever sex; 0 for none. */
static int
day_of(int64 nik)
{
	int day = (int) (nik / INT64_C(100000000) % 100);

	return dtc_nik_sex(nik) == DTC_NIK_FEMALE ? day - 40 : day;
}

/*
 * Appends the names of the slips that alone explain the difference.
 *
 * sex: the 40 of a woman's day added or forgotten. day_month: day and month
 * exchanged. exchange: two neighbours changed places. lost_digit: a digit
 * left out, and a 0 at the front or the end. region, birth_date, serial:
 * nothing differs but that part: the same person registered elsewhere, or
 * born on the same day and registered beside, as twins are.
 */
static void
append_slips(StringInfo out, int64 a, int64 b, bool exchange)
{
	int64 date_a = a % REGION_UNIT / SERIAL_UNIT;
	int64 date_b = b % REGION_UNIT / SERIAL_UNIT;
	bool region = a / REGION_UNIT == b / REGION_UNIT;
	bool serial = a % SERIAL_UNIT == b % SERIAL_UNIT;
	const char *separator = "";

#define APPEND_SLIP(name)                                                     \
	do                                                                        \
	{                                                                         \
		appendStringInfo(out, "%s\"%s\"", separator, name);                   \
		separator = ", ";                                                     \
	} while (0)

	if (a == b)
		return;
	if (region && serial)
	{
		if (dtc_nik_sex(a) != 0 && dtc_nik_sex(b) != 0 &&
			dtc_nik_sex(a) != dtc_nik_sex(b) && day_of(a) == day_of(b) &&
			date_a % 10000 == date_b % 10000)
			APPEND_SLIP("sex");
		if (dtc_nik_sex(a) != 0 && dtc_nik_sex(a) == dtc_nik_sex(b) &&
			date_a % 100 == date_b % 100 && day_of(a) == date_b / 100 % 100 &&
			day_of(b) == date_a / 100 % 100)
			APPEND_SLIP("day_month");
		APPEND_SLIP("birth_date");
	}
	if (exchange)
		APPEND_SLIP("exchange");
	if (dtc_nik_lost_digit(a, b))
		APPEND_SLIP("lost_digit");
	if (date_a == date_b && serial)
		APPEND_SLIP("region");
	if (region && date_a == date_b)
		APPEND_SLIP("serial");
#undef APPEND_SLIP
}

/*
 * nik_explain(nik, nik) -> jsonb: {"distance": n, "edits": [{"edit",
 * "position", "part", "from", "to"}], "slips": [...]}.
 *
 * Positions are digits of the first number from 1; of an insertion, of the
 * second. Up to three edits show the digits that differ; further ones do
 * not, so that no whole number can be read off.
 */
Datum
dtsen_nik_explain(PG_FUNCTION_ARGS)
{
	int64 a = PG_GETARG_NIK(0);
	int64 b = PG_GETARG_NIK(1);
	DtcNikEdit edits[DTC_DIGITS];
	int count = dtc_nik_align(a, b, edits);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "{\"distance\": %d, \"edits\": [", count);
	for (int i = 0; i < count; i++)
	{
		appendStringInfo(
			&out, "%s{\"edit\": \"%s\", \"position\": %d, \"part\": \"%s\"",
			i > 0 ? ", " : "", edit_name(edits[i].kind), edits[i].position,
			part_at(edits[i].position));
		if (edits[i].from >= 0 && count <= EDITS_WITH_DIGITS)
			appendStringInfo(&out, ", \"from\": \"%d\"", edits[i].from);
		if (edits[i].to >= 0 && count <= EDITS_WITH_DIGITS)
			appendStringInfo(&out, ", \"to\": \"%d\"", edits[i].to);
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoString(&out, "], \"slips\": [");
	append_slips(&out, a, b, count == 1 && edits[0].kind == DTC_NIK_SWAP);
	appendStringInfoString(&out, "]}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}
