/*
 * test_wilayah.c
 *		The table of region codes against what is known of it, and against a
 *		plain scan.
 */
#include "core/wilayah.h"

#include <stdlib.h>

#include "unit.h"

static int
name_is(const DtcWilayah *row, const char *name)
{
	return row->name_len == strlen(name) &&
		   memcmp(row->name, name, row->name_len) == 0;
}

/* The server side translates U+2019 and nothing else outside ASCII. */
static int
has_not_ascii(const DtcWilayah *row)
{
	int found = 0;

	for (size_t i = 0; i < row->name_len; i++)
		if ((unsigned char) row->name[i] >= 0x80)
		{
			CHECK(i + 3 <= row->name_len &&
				  memcmp(row->name + i, "\xe2\x80\x99", 3) == 0);
			found = 1;
			i += 2;
		}
	return found;
}

static void
test_counts(void)
{
	int present[5] = {0}, retired[5] = {0}, with_successor = 0, bekasi = 0;
	int cities = 0, not_ascii = 0;
	DtcWilayah row;

	for (int32_t i = 0; dtc_wilayah_get(i, &row); i++)
	{
		if (row.status == DTC_WILAYAH_PRESENT)
			present[row.level]++;
		else
		{
			retired[row.level]++;
			with_successor += row.successor != 0;
			CHECK(row.code / 100000000 == 91 || row.code / 100000000 == 92);
		}
		bekasi += row.level == 4 && row.code / 1000000 == 3216;
		not_ascii += has_not_ascii(&row);
		cities += row.level == 2 && row.status == DTC_WILAYAH_PRESENT &&
				  row.code / 1000000 % 100 > 70;
	}
	CHECK_INT(present[1], 38);
	CHECK_INT(present[2], 514);
	CHECK_INT(present[3], 7285);
	CHECK_INT(present[4], 83762);
	CHECK_INT(retired[1], 0);
	CHECK_INT(retired[2], 26);
	CHECK_INT(retired[3], 594);
	CHECK_INT(retired[4], 0);
	CHECK_INT(with_successor, 615);
	CHECK_INT(bekasi, 187);
	CHECK_INT(cities, 98);
	CHECK_INT(dtc_wilayah_count(), 91599 + 620);
	CHECK_INT(not_ascii, 3);
}

static void
test_rows(void)
{
	DtcWilayah row;

	CHECK(dtc_wilayah_get(dtc_wilayah_find(INT64_C(3216012001)), &row));
	CHECK(name_is(&row, "Sagara Makmur"));
	CHECK_INT(row.level, 4);
	CHECK_INT(row.parent, INT64_C(3216010000));
	CHECK_INT(row.status, DTC_WILAYAH_PRESENT);
	CHECK_INT(row.successor, 0);
	CHECK_INT(row.edition_year, 2025);
	CHECK_STR(row.decree_date, "2025-06-23");
	CHECK_STR(row.decree, "Kepmendagri 300.2.2-2138/2025 as changed by "
						  "300.2.2-2430/2025");

	CHECK(dtc_wilayah_get(dtc_wilayah_find(INT64_C(3216000000)), &row));
	CHECK(name_is(&row, "Kabupaten Bekasi"));
	CHECK_INT(row.level, 2);
	CHECK_INT(row.parent, INT64_C(3200000000));

	/* the first and the last row, a quoted name and one outside ASCII */
	CHECK(dtc_wilayah_get(0, &row));
	CHECK(name_is(&row, "Aceh"));
	CHECK_INT(row.parent, 0);
	CHECK(dtc_wilayah_get(dtc_wilayah_count() - 1, &row));
	CHECK_INT(row.code / 100000000, 96);
	CHECK(dtc_wilayah_get(dtc_wilayah_find(INT64_C(1207281007)), &row));
	CHECK(name_is(&row, "Lubuk Pakam I,II"));
	CHECK(dtc_wilayah_get(dtc_wilayah_find(INT64_C(5307012021)), &row));
	CHECK(name_is(&row, "Regapu\xe2\x80\x99u"));

	/* Merauke moved from 91.01 to 93.01 in 2022 */
	CHECK(dtc_wilayah_get(dtc_wilayah_find(INT64_C(9101010000)), &row));
	CHECK(name_is(&row, "Merauke"));
	CHECK_INT(row.status, DTC_WILAYAH_RETIRED);
	CHECK_INT(row.successor, INT64_C(9301010000));
	CHECK_INT(row.edition_year, 2022);
	CHECK_STR(row.decree, "Kepmendagri 050-145/2022");
	CHECK_STR(row.decree_date, "2022-02-14");
	CHECK(dtc_wilayah_get(dtc_wilayah_find(INT64_C(9113360000)), &row));
	CHECK_INT(row.status, DTC_WILAYAH_RETIRED);
	CHECK_INT(row.successor, 0);

	CHECK(!dtc_wilayah_get(-1, &row));
	CHECK(!dtc_wilayah_get(dtc_wilayah_count(), &row));
	CHECK_INT(row.code, INT64_C(9113360000)); /* left alone */
}

/* Every code is found where it stands; what lies between two codes is not. */
static void
test_find(void)
{
	int64_t before = 0;
	int wrong = 0;
	DtcWilayah row;

	for (int32_t i = 0; dtc_wilayah_get(i, &row); i++)
	{
		wrong += row.code <= before;
		wrong += dtc_wilayah_find(row.code) != i;
		wrong += dtc_wilayah_lower_bound(row.code) != i;
		wrong += dtc_wilayah_lower_bound(before + 1) != i;
		wrong += before + 1 < row.code && dtc_wilayah_find(before + 1) != -1;
		wrong += row.code - 1 > before && dtc_wilayah_find(row.code - 1) != -1;
		before = row.code;
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(dtc_wilayah_find(0), -1);
	CHECK_INT(dtc_wilayah_find(-1), -1);
	CHECK_INT(dtc_wilayah_find(INT64_MIN), -1);
	CHECK_INT(dtc_wilayah_find(INT64_MAX), -1);
	CHECK_INT(dtc_wilayah_find(INT64_C(3216)), -1); /* not padded */
	CHECK_INT(dtc_wilayah_lower_bound(INT64_MAX), dtc_wilayah_count());
	CHECK(dtc_wilayah_table_is_sound());
}

/* All million six-digit prefixes, against the rows. */
static void
test_district_status(void)
{
	unsigned char *expected = calloc(1000000, 1);
	int wrong = 0;
	DtcWilayah row;

	for (int32_t i = 0; dtc_wilayah_get(i, &row); i++)
		if (row.level == 3)
			expected[row.code / 10000] = (unsigned char) row.status;
	for (int64_t prefix = 0; prefix < 1000000; prefix++)
		for (int64_t tail = 0; tail < 10000; tail += 9999)
			wrong += dtc_wilayah_district_status(prefix * 10000 + tail) !=
					 (DtcWilayahStatus) expected[prefix];
	free(expected);
	CHECK_INT(wrong, 0);
	CHECK_INT(dtc_wilayah_district_status(-1), DTC_WILAYAH_UNKNOWN);
	CHECK_INT(dtc_wilayah_district_status(INT64_C(10000000000)),
			  DTC_WILAYAH_UNKNOWN);
	CHECK_INT(dtc_wilayah_district_status(INT64_MAX), DTC_WILAYAH_UNKNOWN);
	CHECK_INT(dtc_wilayah_district_status(INT64_MIN), DTC_WILAYAH_UNKNOWN);
}

int
main(void)
{
	test_counts();
	test_rows();
	test_find();
	test_district_status();
	return unit_done("wilayah");
}
