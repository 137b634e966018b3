/*
 * wilayah.c
 *		Look-ups in the table of region codes.
 */
#include "core/wilayah.h"

#include "core/kode_wilayah.h"
#include "core/wilayah_data.h"

#define VILLAGE_DIVISOR INT64_C(10000)    /* digits 7 to 10 */
#define DISTRICT_DIVISOR INT64_C(1000000) /* digits 5 to 10 */
#define CODE_LIMIT INT64_C(10000000000)   /* eleven digits */

int32_t
dtc_wilayah_count(void)
{
	return WILAYAH_ROWS;
}

int32_t
dtc_wilayah_lower_bound(int64_t code)
{
	int32_t low = 0, high = WILAYAH_ROWS;

	while (low < high)
	{
		int32_t middle = low + (high - low) / 2;

		if (wilayah_code[middle] < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int32_t
dtc_wilayah_find(int64_t code)
{
	int32_t index = dtc_wilayah_lower_bound(code);

	return index < WILAYAH_ROWS && wilayah_code[index] == code ? index : -1;
}

/* The place of a row in the arrays of retired codes, or -1. */
static int
retired_place(int32_t index)
{
	int low = 0, high = WILAYAH_RETIRED;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (wilayah_retired_row[middle] < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low < WILAYAH_RETIRED && wilayah_retired_row[low] == index ? low
																	  : -1;
}

bool
dtc_wilayah_get(int32_t index, DtcWilayah *row)
{
	int retired;

	if (index < 0 || index >= WILAYAH_ROWS)
		return false;
	retired = retired_place(index);
	row->code = wilayah_code[index];
	row->level = dtc_kode_level(row->code);
	row->parent =
		row->level == 1 ? 0 : dtc_kode_ancestor(row->code, row->level - 1);
	row->name = wilayah_names + wilayah_name_offset[index];
	row->name_len = wilayah_name_length[index];
	if (retired < 0)
	{
		row->status = DTC_WILAYAH_PRESENT;
		row->successor = 0;
		row->edition = WILAYAH_EDITIONS - 1;
	}
	else
	{
		row->status = DTC_WILAYAH_RETIRED;
		row->successor = wilayah_retired_successor[retired];
		row->edition = wilayah_retired_edition[retired];
	}
	row->edition_year = wilayah_edition[row->edition].year;
	row->decree = wilayah_edition[row->edition].decree;
	row->decree_date = wilayah_edition[row->edition].date;
	return true;
}

DtcWilayahStatus
dtc_wilayah_district_status(int64_t code)
{
	int slot, district;
	const uint32_t *words;

	if (code < 0 || code >= CODE_LIMIT)
		return DTC_WILAYAH_UNKNOWN;
	slot = wilayah_regency_slot[code / DISTRICT_DIVISOR];
	district = (int) (code / VILLAGE_DIVISOR % 100);
	words = wilayah_district_bits[slot]; /* slot 0 has no bit set */
	if (words[district / 32] >> (district % 32) & 1)
		return DTC_WILAYAH_PRESENT;
	if (words[4 + district / 32] >> (district % 32) & 1)
		return DTC_WILAYAH_RETIRED;
	return DTC_WILAYAH_UNKNOWN;
}

/* True if the row keeps the rules of dtc_wilayah_table_is_sound(). */
static bool
row_is_sound(int32_t index)
{
	DtcWilayah row, successor;

	if (index > 0 && wilayah_code[index - 1] >= wilayah_code[index])
		return false;
	if (!dtc_wilayah_get(index, &row) || row.name_len == 0 ||
		wilayah_name_offset[index] + row.name_len > sizeof(wilayah_names) - 1)
		return false;
	if (row.parent != 0 && dtc_wilayah_find(row.parent) < 0)
		return false;
	if (row.successor != 0 &&
		(!dtc_wilayah_get(dtc_wilayah_find(row.successor), &successor) ||
		 successor.status != DTC_WILAYAH_PRESENT ||
		 successor.level != row.level))
		return false;
	return row.level != 3 ||
		   dtc_wilayah_district_status(row.code) == row.status;
}

bool
dtc_wilayah_table_is_sound(void)
{
	int32_t districts = 0, bits = 0;

	for (int32_t i = 0; i < WILAYAH_ROWS; i++)
	{
		DtcWilayah row;

		if (!row_is_sound(i))
			return false;
		districts += dtc_wilayah_get(i, &row) && row.level == 3;
	}
	/* no bit without a row */
	for (int slot = 0; slot <= WILAYAH_REGENCIES; slot++)
		for (int word = 0; word < 8; word++)
			for (uint32_t w = wilayah_district_bits[slot][word]; w; w &= w - 1)
				bits++;
	return bits == districts;
}
