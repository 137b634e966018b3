/*
 * store.c
 *		Memory, strings, the set of numbers in use, dates.
 */
#include "population.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program with a message. */
void
fatal(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("population: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

void *
must_alloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (memory == NULL)
		fatal("out of memory: %zu times %zu bytes", count, size);
	return memory;
}

/* Makes room for one more than count elements; returns the array. */
void *
must_grow(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 1024;
	array = realloc(array, *capacity * size);
	if (array == NULL)
		fatal("out of memory: %zu times %zu bytes", *capacity, size);
	return array;
}

static char *arena;
static size_t arena_used, arena_size;

/* Keeps a copy of a string. */
Text
text_add(const char *string)
{
	size_t len = strlen(string) + 1;
	Text place;

	if (arena_used == 0)
		arena_used = 1; /* place 0 is the empty string */
	if (arena_used + len > arena_size)
	{
		arena_size = (arena_size + len) * 2;
		if (arena_size < 1 << 20)
			arena_size = 1 << 20;
		arena = realloc(arena, arena_size);
		if (arena == NULL)
			fatal("out of memory: %zu bytes", arena_size);
	}
	if (arena_used + len > UINT32_MAX)
		fatal("too many families: their names pass 4 GB");
	if (len == 1)
		return 0;
	place = (Text) arena_used;
	memcpy(arena + arena_used, string, len);
	arena_used += len;
	return place;
}

/* The string; good until the next text_add(). */
const char *
text_get(Text text)
{
	return text == 0 ? "" : arena + text;
}

/* Open addressing with linear probing; 0 marks a free place. */
static int64_t *taken;
static size_t taken_count, taken_size;

static size_t
place_of(int64_t number)
{
	uint64_t h = (uint64_t) number * UINT64_C(0x9e3779b97f4a7c15);
	size_t place = (size_t) (h >> 20) & (taken_size - 1);

	while (taken[place] != 0 && taken[place] != number)
		place = (place + 1) & (taken_size - 1);
	return place;
}

bool
number_taken(int64_t number)
{
	return taken_size > 0 && taken[place_of(number)] != 0;
}

/* Takes a NIK or NKK; false if it is taken already. */
bool
number_take(int64_t number)
{
	if (taken_count * 2 >= taken_size)
	{
		int64_t *old = taken;
		size_t old_size = taken_size;

		taken_size = old_size ? old_size * 2 : 1 << 16;
		taken = must_alloc(taken_size, sizeof(int64_t));
		for (size_t i = 0; i < old_size; i++)
			if (old[i] != 0)
				taken[place_of(old[i])] = old[i];
		free(old);
	}
	if (number_taken(number))
		return false;
	taken[place_of(number)] = number;
	taken_count++;
	return true;
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool
date_exists(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month >= 1 && month <= 12 && day >= 1 &&
		   day <= days[month - 1] + (month == 2 && is_leap(year));
}

/* Proleptic Gregorian; for years after 1600. */
int32_t
date_days(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = y / 400;
	int of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
		   719468;
}

void
date_parts(int32_t days, int *year, int *month, int *day)
{
	int32_t z = days + 719468;
	int era = z / 146097;
	int of_era = z - era * 146097;
	int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * y + y / 4 - y / 100);
	int m = (5 * of_year + 2) / 153;

	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = y + era * 400 + (*month <= 2);
}

/* The day that the data describe: 17 January 2026. */
int32_t
data_day(void)
{
	return date_days(2026, 1, 17);
}

/* Age in completed years on that day. */
int
age_of(int32_t born)
{
	int y, m, d, y0, m0, d0;

	date_parts(born, &y, &m, &d);
	date_parts(data_day(), &y0, &m0, &d0);
	return y0 - y - (m0 < m || (m0 == m && d0 < d));
}
