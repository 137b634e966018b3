/*
 * regions.c
 *		Villages to live in and districts to be registered in.
 */
#include "population.h"

#include <ctype.h>
#include <string.h>

#include "core/wilayah.h"
#include "regency_population.h"

#define DISTRICT INT64_C(10000)
#define REGENCY INT64_C(1000000)

/* Things to draw from, by weight. */
typedef struct
{
	int64_t *code;
	uint64_t *upto; /* cumulative weight */
	size_t count, capacity, upto_capacity;
} Lot;

static Lot home_villages;  /* of the chosen region, by weight */
static Lot all_regencies;  /* of the country, by inhabitants */
static Lot retired;        /* districts */
static int64_t *districts; /* of the country, ascending */
static size_t district_count;

static void
lot_add(Lot *lot, int64_t code, uint32_t weight)
{
	uint64_t before = lot->count ? lot->upto[lot->count - 1] : 0;

	lot->code =
		must_grow(lot->code, lot->count, &lot->capacity, sizeof(*lot->code));
	lot->upto = must_grow(lot->upto, lot->count, &lot->upto_capacity,
						  sizeof(*lot->upto));
	lot->code[lot->count] = code;
	lot->upto[lot->count++] = before + weight;
}

static int64_t
lot_draw(Rng *rng, const Lot *lot)
{
	uint64_t ticket = rng_next(rng) % lot->upto[lot->count - 1];
	size_t low = 0, high = lot->count - 1;

	while (low < high)
	{
		size_t middle = (low + high) / 2;

		if (lot->upto[middle] <= ticket)
			low = middle + 1;
		else
			high = middle;
	}
	return lot->code[low];
}

/* Inhabitants of a regency, at least 1. */
static uint32_t
inhabitants(int64_t regency)
{
	for (size_t i = 0; i < REGENCY_POPULATIONS; i++)
		if (regency_population[i].code == regency / REGENCY)
			return regency_population[i].population;
	return 1;
}

static int
count_villages(int64_t regency)
{
	return dtc_wilayah_lower_bound(regency + REGENCY) -
		   dtc_wilayah_lower_bound(regency);
}

/* Reads "32.16", "3216" or "nasional" as the bounds of the codes inside. */
static bool
parse_wilayah(const char *wilayah, int64_t *from, int64_t *to)
{
	int64_t code = 0, step = INT64_C(10000000000);
	int digits = 0;

	*from = 0;
	*to = step;
	if (strcmp(wilayah, "nasional") == 0)
		return true;
	for (const char *c = wilayah; *c; c++)
	{
		if (*c == '.' && (digits == 2 || digits == 4 || digits == 6))
			continue;
		if (!isdigit((unsigned char) *c) || ++digits > 10)
			return false;
		code = code * 10 + (*c - '0');
		step /= 10;
	}
	*from = code * step;
	*to = *from + step;
	return (digits == 2 || digits == 4 || digits == 6 || digits == 10) &&
		   dtc_wilayah_find(*from) >= 0;
}

static void
load_country(void)
{
	DtcWilayah row;

	districts = must_alloc((size_t) dtc_wilayah_count(), sizeof(int64_t));
	for (int32_t i = 0; dtc_wilayah_get(i, &row); i++)
	{
		if (row.status == DTC_WILAYAH_RETIRED && row.level == 3)
			lot_add(&retired, row.code, 1);
		if (row.status != DTC_WILAYAH_PRESENT)
			continue;
		if (row.level == 2)
			lot_add(&all_regencies, row.code, inhabitants(row.code));
		if (row.level == 3)
			districts[district_count++] = row.code;
	}
}

/*
 * Chooses the region to populate: a present code or "nasional". A village's
 * weight is its regency's inhabitants shared out by a fixed hash of its code,
 * towns (kelurahan) double. Returns false if there is no such region.
 */
bool
regions_choose(const char *wilayah)
{
	int64_t from, to, regency = -1;
	uint32_t share = 1;
	DtcWilayah row;

	load_country();
	if (!parse_wilayah(wilayah, &from, &to))
		return false;
	for (int32_t i = dtc_wilayah_lower_bound(from);
		 dtc_wilayah_get(i, &row) && row.code < to; i++)
	{
		uint32_t weight;

		if (row.level != 4)
			continue;
		if (row.code / REGENCY != regency)
		{
			regency = row.code / REGENCY;
			share = inhabitants(regency * REGENCY) /
						(uint32_t) count_villages(regency * REGENCY) +
					1;
		}
		weight = share * (50 + rng_hash((uint64_t) row.code) % 100) / 100 + 1;
		if (row.code / 1000 % 10 == 1)
			weight *= 2;
		lot_add(&home_villages, row.code, weight);
	}
	return home_villages.count > 0;
}

int64_t
village_draw(Rng *rng)
{
	return lot_draw(rng, &home_villages);
}

/* The first of the districts at or above a code. */
static size_t
district_bound(int64_t code)
{
	size_t low = 0, high = district_count;

	while (low < high)
	{
		size_t middle = (low + high) / 2;

		if (districts[middle] < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int64_t
district_in_regency(Rng *rng, int64_t regency)
{
	size_t from = district_bound(regency);
	size_t count = district_bound(regency + REGENCY) - from;

	return districts[from + rng_below(rng, (uint32_t) count)];
}

/* The retired district that became this one, or 0. */
static int64_t
predecessor(int64_t district)
{
	DtcWilayah row;

	for (size_t i = 0; i < retired.count; i++)
		if (dtc_wilayah_get(dtc_wilayah_find(retired.code[i]), &row) &&
			row.successor == district)
			return row.code;
	return 0;
}

/*
 * The district, ten digits, where somebody was registered first who lives in
 * a village: in another regency if away, else in the same regency. Who was
 * born before the codes of Papua changed has mostly the retired one there;
 * of those who came from elsewhere one in fifty has.
 */
int64_t
district_of_registration(Rng *rng, int64_t village, bool away, int32_t born)
{
	int64_t home = village / DISTRICT * DISTRICT;
	int64_t regency = village / REGENCY * REGENCY;
	bool before_change = born < date_days(2022, 11, 9);
	int64_t district = home;

	if (away)
	{
		if (before_change && rng_below(rng, 50) == 0)
			return lot_draw(rng, &retired);
		for (int tries = 0; tries < 100; tries++)
		{
			int64_t other = lot_draw(rng, &all_regencies);

			if (other != regency)
				return district_in_regency(rng, other);
		}
	}
	if (rng_below(rng, 100) < 15)
		district = district_in_regency(rng, regency);
	if (before_change && village / (100 * REGENCY) >= 91 &&
		rng_below(rng, 100) < 80)
	{
		int64_t old = predecessor(district);

		if (old != 0)
			return old;
	}
	return district;
}

/* A village anywhere in the country. */
int64_t
village_elsewhere(Rng *rng)
{
	DtcWilayah row;
	int32_t from, count;

	do
	{
		int64_t district =
			district_in_regency(rng, lot_draw(rng, &all_regencies));

		from = dtc_wilayah_lower_bound(district + 1);
		count = dtc_wilayah_lower_bound(district + DISTRICT) - from;
	} while (count == 0);
	dtc_wilayah_get(from + (int32_t) rng_below(rng, (uint32_t) count), &row);
	return row.code;
}

bool
code_is_retired(int64_t district)
{
	return dtc_wilayah_district_status(district) == DTC_WILAYAH_RETIRED;
}

/*
 * The name of a region in upper case (ASCII letters) into REGION_SIZE bytes;
 * "" if the table does not hold the code.
 */
void
region_name(int64_t code, char *name)
{
	DtcWilayah row;

	name[0] = '\0';
	if (!dtc_wilayah_get(dtc_wilayah_find(code), &row))
		return;
	for (size_t i = 0; i < row.name_len; i++)
		name[i] = row.name[i] >= 'a' && row.name[i] <= 'z'
					  ? (char) (row.name[i] - 'a' + 'A')
					  : row.name[i];
	name[row.name_len] = '\0';
}

/* The regency of a district as a place of birth: without its kind. */
void
birth_place(int64_t district, char *name)
{
	static const char *kinds[] = {"KABUPATEN ADM. ", "KOTA ADM. ",
								  "KABUPATEN ", "KAB. ", "KOTA "};

	region_name(district / REGENCY * REGENCY, name);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strncmp(name, kinds[i], strlen(kinds[i])) == 0)
		{
			memmove(name, name + strlen(kinds[i]),
					strlen(name + strlen(kinds[i])) + 1);
			return;
		}
}
