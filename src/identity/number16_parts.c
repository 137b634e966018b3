/*
 * number16_parts.c
 *		What the digits of nik and nkk say: region, date, serial, faults.
 *
 * None of these raises an error: what the digits do not say is NULL. A
 * function that needs to know what day it is takes the day, or is STABLE.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "core/kode_wilayah.h"
#include "core/nik.h"
#include "core/wilayah.h"
#include "identity/identity.h"

#define MASK_VISIBLE 4 /* digits at the end that a mask leaves */

DTSEN_FUNCTION(dtsen_nik_wilayah);
DTSEN_FUNCTION(dtsen_nik_birth_date);
DTSEN_FUNCTION(dtsen_nik_birth_date_today);
DTSEN_FUNCTION(dtsen_nik_sex);
DTSEN_FUNCTION(dtsen_nik_serial);
DTSEN_FUNCTION(dtsen_nik_is_valid);
DTSEN_FUNCTION(dtsen_nik_errors);
DTSEN_FUNCTION(dtsen_nik_errors_today);
DTSEN_FUNCTION(dtsen_nik_warnings);
DTSEN_FUNCTION(dtsen_nik_mask);
DTSEN_FUNCTION(dtsen_nkk_wilayah);
DTSEN_FUNCTION(dtsen_nkk_date);
DTSEN_FUNCTION(dtsen_nkk_date_today);
DTSEN_FUNCTION(dtsen_nkk_serial);
DTSEN_FUNCTION(dtsen_nkk_is_valid);
DTSEN_FUNCTION(dtsen_nkk_errors);
DTSEN_FUNCTION(dtsen_nkk_errors_today);
DTSEN_FUNCTION(dtsen_nkk_warnings);
DTSEN_FUNCTION(dtsen_nkk_mask);

/* The district as kode_wilayah, NULL when a part of it is 00. */
static Datum
district(FunctionCallInfo fcinfo)
{
	int64 value = dtc_nik_district(PG_GETARG_INT64(0)) * 10000;

	if (!dtc_kode_valid(value) || dtc_kode_level(value) != 3)
		PG_RETURN_NULL();
	PG_RETURN_KODE(value);
}

/* The last four digits. */
static Datum
serial(FunctionCallInfo fcinfo)
{
	PG_RETURN_INT32(dtc_nik_serial(PG_GETARG_INT64(0)));
}

/* The date as a function of core finds it, NULL when there is none. */
static Datum
date_asof(FunctionCallInfo fcinfo, DateADT asof,
		  bool (*find)(int64_t, int32_t, int32_t *))
{
	int32_t date;

	if (DATE_NOT_FINITE(asof) || !find(PG_GETARG_INT64(0), asof, &date))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(date);
}

/*
 * A set of faults as text[], in the order of their bits; empty for none.
 */
static Datum
fault_array(unsigned faults)
{
	Datum codes[DTC_NIK_FAULTS];
	int count = 0;

	for (int i = 0; i < DTC_NIK_FAULTS; i++)
	{
		if (faults & (1u << i))
			codes[count++] = CStringGetTextDatum(
				dtc_nik_fault_code((DtcNikFault) (1u << i)));
	}
	return PointerGetDatum(
		construct_array(codes, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* What the table of regions that ships with the library knows of it. */
static DtcWilayahStatus
district_status(int64 value)
{
	return dtc_wilayah_district_status(dtc_nik_district(value) * 10000);
}

/* Adds to the faults of a number that no edition of the table has it. */
static unsigned
with_region(unsigned faults, int64 value)
{
	if ((faults & DTC_NIK_REGION_MALFORMED) == 0 &&
		district_status(value) == DTC_WILAYAH_UNKNOWN)
		faults |= DTC_NIK_REGION_UNKNOWN;
	return faults;
}

/* The faults of a NIK as seen on a day. */
static Datum
nik_errors(int64 nik, DateADT asof)
{
	unsigned faults = DATE_NOT_FINITE(asof) ? dtc_nik_faults(nik)
											: dtc_nik_faults_asof(nik, asof);

	return fault_array(with_region(faults, nik));
}

/* The faults of a family card number as seen on a day. */
static Datum
nkk_errors(int64 nkk, DateADT asof)
{
	unsigned faults = DATE_NOT_FINITE(asof) ? dtc_nkk_faults(nkk)
											: dtc_nkk_faults_asof(nkk, asof);

	return fault_array(with_region(faults, nkk));
}

/*
 * What is no fault but worth a look, as text[]: region_retired, the district's
 * code is of an earlier edition of the table only.
 */
static Datum
warning_array(int64 value)
{
	Datum code = CStringGetTextDatum("region_retired");
	int count = district_status(value) == DTC_WILAYAH_RETIRED ? 1 : 0;

	return PointerGetDatum(
		construct_array(&code, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* All but the last four digits as stars. */
static Datum
mask(int64 value)
{
	char out[DTC_DIGITS];

	dtc_digits_write(value, out);
	memset(out, '*', DTC_DIGITS - MASK_VISIBLE);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out, DTC_DIGITS));
}

/* nik_wilayah(nik) -> kode_wilayah: district of first registration. */
Datum
dtsen_nik_wilayah(PG_FUNCTION_ARGS)
{
	return district(fcinfo);
}

/*
 * nik_birth_date(nik, asof date) -> date: the latest date with these digits
 * that exists and is not after asof. NULL when the digits name no date, when
 * there was none in 200 years, and for an infinite asof.
 */
Datum
dtsen_nik_birth_date(PG_FUNCTION_ARGS)
{
	return date_asof(fcinfo, PG_GETARG_DATEADT(1), dtc_nik_birth_date);
}

/* nik_birth_date(nik) -> date: the same as of today. */
Datum
dtsen_nik_birth_date_today(PG_FUNCTION_ARGS)
{
	return date_asof(fcinfo, GetSQLCurrentDate(), dtc_nik_birth_date);
}

/* nik_sex(nik) -> text: 'L' or 'P', NULL when the day is impossible. */
Datum
dtsen_nik_sex(PG_FUNCTION_ARGS)
{
	char sex = (char) dtc_nik_sex(PG_GETARG_NIK(0));

	if (sex == '\0')
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(&sex, 1));
}

/* nik_serial(nik) -> int: the last four digits. */
Datum
dtsen_nik_serial(PG_FUNCTION_ARGS)
{
	return serial(fcinfo);
}

/* nik_is_valid(nik) -> bool: no fault that the digits alone can show. */
Datum
dtsen_nik_is_valid(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(dtc_nik_faults(PG_GETARG_NIK(0)) == 0);
}

/* nik_errors(nik, asof date) -> text[]: codes of the faults. */
Datum
dtsen_nik_errors(PG_FUNCTION_ARGS)
{
	return nik_errors(PG_GETARG_NIK(0), PG_GETARG_DATEADT(1));
}

/* nik_errors(nik) -> text[]: the same as of today. */
Datum
dtsen_nik_errors_today(PG_FUNCTION_ARGS)
{
	return nik_errors(PG_GETARG_NIK(0), GetSQLCurrentDate());
}

/* nik_warnings(nik) -> text[]: codes of what is worth a look. */
Datum
dtsen_nik_warnings(PG_FUNCTION_ARGS)
{
	return warning_array(PG_GETARG_NIK(0));
}

/* nik_mask(nik) -> text: ************0001. */
Datum
dtsen_nik_mask(PG_FUNCTION_ARGS)
{
	return mask(PG_GETARG_NIK(0));
}

/* nkk_wilayah(nkk) -> kode_wilayah: district that issued the number. */
Datum
dtsen_nkk_wilayah(PG_FUNCTION_ARGS)
{
	return district(fcinfo);
}

/* nkk_date(nkk, asof date) -> date: day of recording, as nik_birth_date. */
Datum
dtsen_nkk_date(PG_FUNCTION_ARGS)
{
	return date_asof(fcinfo, PG_GETARG_DATEADT(1), dtc_nkk_date);
}

/* nkk_date(nkk) -> date: the same as of today. */
Datum
dtsen_nkk_date_today(PG_FUNCTION_ARGS)
{
	return date_asof(fcinfo, GetSQLCurrentDate(), dtc_nkk_date);
}

/* nkk_serial(nkk) -> int: the last four digits. */
Datum
dtsen_nkk_serial(PG_FUNCTION_ARGS)
{
	return serial(fcinfo);
}

/* nkk_is_valid(nkk) -> bool: no fault that the digits alone can show. */
Datum
dtsen_nkk_is_valid(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(dtc_nkk_faults(PG_GETARG_INT64(0)) == 0);
}

/* nkk_errors(nkk, asof date) -> text[]: codes of the faults. */
Datum
dtsen_nkk_errors(PG_FUNCTION_ARGS)
{
	return nkk_errors(PG_GETARG_INT64(0), PG_GETARG_DATEADT(1));
}

/* nkk_errors(nkk) -> text[]: the same as of today. */
Datum
dtsen_nkk_errors_today(PG_FUNCTION_ARGS)
{
	return nkk_errors(PG_GETARG_INT64(0), GetSQLCurrentDate());
}

/* nkk_warnings(nkk) -> text[]: codes of what is worth a look. */
Datum
dtsen_nkk_warnings(PG_FUNCTION_ARGS)
{
	return warning_array(PG_GETARG_INT64(0));
}

/* nkk_mask(nkk) -> text: ************0001. */
Datum
dtsen_nkk_mask(PG_FUNCTION_ARGS)
{
	return mask(PG_GETARG_INT64(0));
}
