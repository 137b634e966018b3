/*
 * wilayah.c
 *		The reference table of region codes for SQL.
 *
 * The table is part of the library (core/wilayah.h) and ages with it, so these
 * functions are STABLE: a newer library may answer otherwise, and nothing that
 * is stored or indexed may depend on them. The registry copies the table into
 * one of its own, which a ministry keeps current and which wins there.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "core/wilayah.h"

#define REFERENCE_COLUMNS 9

/* U+2019 in UTF-8: the one character of the table that is not ASCII */
#define QUOTE "\xe2\x80\x99"

/* In builds with assertions: checks the table the first time it is used. */
static void
assert_table(void)
{
#ifdef USE_ASSERT_CHECKING
	static bool checked = false;

	if (!checked && !dtc_wilayah_table_is_sound())
		elog(ERROR, "table of region codes is broken");
	checked = true;
#endif
}

/*
 * A name of the table as text in the database's encoding. The table is UTF-8;
 * where the database is not, the typographic apostrophe of three villages
 * becomes the plain one, because most single-byte encodings lack it.
 */
static text *
region_name(const DtcWilayah *row)
{
	text *result = cstring_to_text_with_len(row->name, (int) row->name_len);
	char *data = VARDATA(result);
	int encoding = GetDatabaseEncoding();
	int len = 0;

	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII)
		return result;
	for (size_t i = 0; i < row->name_len;)
	{
		if (row->name_len - i >= strlen(QUOTE) &&
			memcmp(row->name + i, QUOTE, strlen(QUOTE)) == 0)
		{
			data[len++] = '\'';
			i += strlen(QUOTE);
		}
		else
			data[len++] = row->name[i++];
	}
	SET_VARSIZE(result, VARHDRSZ + len);
	return result;
}

static const char *
status_name(DtcWilayahStatus status)
{
	switch (status)
	{
		case DTC_WILAYAH_PRESENT:
			return "present";
		case DTC_WILAYAH_RETIRED:
			return "retired";
		case DTC_WILAYAH_UNKNOWN:
			break;
	}
	return "unknown";
}

/* A date of the table, yyyy-mm-dd, as a Datum of type date. */
static Datum
date_datum(const char *iso)
{
	int year, month, day;

	if (sscanf(iso, "%d-%d-%d", &year, &month, &day) != 3)
		elog(ERROR, "table of region codes holds a broken date");
	return DateADTGetDatum(date2j(year, month, day) - POSTGRES_EPOCH_JDATE);
}

DTSEN_FUNCTION(dtsen_wilayah_reference);

/*
 * wilayah_reference() -> set of (kode, nama, level, parent, status, decree,
 * decree_date, last_edition, successor): every code of the table, in the order
 * of the codes. parent is NULL for provinces, successor where none is known.
 * Errors: 0A000 where a set cannot be returned. About 0.1 s for all rows.
 */
Datum
dtsen_wilayah_reference(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext per_row, old;
	DtcWilayah row;

	assert_table();
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	per_row = AllocSetContextCreate(CurrentMemoryContext, "wilayah_reference",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(per_row);
	for (int32 i = 0; dtc_wilayah_get(i, &row); i++)
	{
		Datum values[REFERENCE_COLUMNS];
		bool nulls[REFERENCE_COLUMNS] = {false};

		if (i % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		values[0] = Int64GetDatum(row.code);
		values[1] = PointerGetDatum(region_name(&row));
		values[2] = Int32GetDatum(row.level);
		values[3] = Int64GetDatum(row.parent);
		nulls[3] = row.parent == 0;
		values[4] = CStringGetTextDatum(status_name(row.status));
		values[5] = CStringGetTextDatum(row.decree);
		values[6] = date_datum(row.decree_date);
		values[7] = Int32GetDatum(row.edition_year);
		values[8] = Int64GetDatum(row.successor);
		nulls[8] = row.successor == 0;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
		MemoryContextReset(per_row);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(per_row);
	return (Datum) 0;
}

DTSEN_FUNCTION(dtsen_wilayah_name);

/*
 * wilayah_name(kode_wilayah) -> text: the name of the region by the last
 * edition that lists it; NULL if no edition does.
 */
Datum
dtsen_wilayah_name(PG_FUNCTION_ARGS)
{
	DtcWilayah row;

	assert_table();
	if (!dtc_wilayah_get(dtc_wilayah_find(PG_GETARG_INT64(0)), &row))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(region_name(&row));
}

DTSEN_FUNCTION(dtsen_wilayah_status);

/*
 * wilayah_status(kode_wilayah) -> text: "present", "retired" or "unknown", at
 * the level of the code. Of villages only the present ones are known.
 */
Datum
dtsen_wilayah_status(PG_FUNCTION_ARGS)
{
	DtcWilayahStatus status = DTC_WILAYAH_UNKNOWN;
	DtcWilayah row;

	assert_table();
	if (dtc_wilayah_get(dtc_wilayah_find(PG_GETARG_INT64(0)), &row))
		status = row.status;
	PG_RETURN_TEXT_P(cstring_to_text(status_name(status)));
}
