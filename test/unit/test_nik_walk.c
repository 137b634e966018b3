/*
 * test_nik_walk.c
 *		The walk over the numbers within a distance against a list of them.
 */
#include <stdlib.h>

#include "core/nik.h"
#include "nik_random.h"
#include "unit.h"

typedef struct Listed
{
	int64_t *values;
	int count;
} Listed;

static bool
list_value(int64_t value, void *state)
{
	Listed *l = state;

	l->values[l->count++] = value;
	return true;
}

/* Each walk stops where the list of all values says. */
static void
test_walk(void)
{
	Listed l = {malloc(sizeof(int64_t) * 1000000), 0};
	DtcNikWalk walk;

	for (int n = 0; n < 24; n++)
	{
		int64_t x = n == 0 ? 0 : n == 1 ? DTC_DIGITS_MAX : random_number();
		int k = n == 23 ? 3 : n % 3;
		int wrong = 0;
		int64_t at = 0;
		int seen = 0;

		if (n % 4 == 3)
			x = x % 1000 * INT64_C(1001001001001);
		l.count = 0;
		CHECK_INT(dtc_nik_neighbours(x, k, list_value, &l), DTC_OK);
		CHECK_INT(dtc_nik_walk_begin(&walk, x, k), DTC_OK);
		while (at <= DTC_DIGITS_MAX &&
			   (at = dtc_nik_walk_next(&walk, at)) >= 0)
			wrong += seen >= l.count || l.values[seen++] != at++;
		CHECK_INT(wrong, 0);
		CHECK_INT(seen, l.count);
		for (int i = 0; i < 20000; i++)
		{
			int64_t from = random_number();
			int low = 0;
			int high = l.count;

			/* near to a value, or one with digits of it in front */
			if (i % 4 != 0)
			{
				from = l.values[next_random() % (uint64_t) l.count];
				if (i % 4 == 1)
					from += (int64_t) (next_random() % 3) - 1;
				else if (i % 4 == 2)
				{
					int64_t unit = 1;

					for (uint64_t p = next_random() % 16; p > 0; p--)
						unit *= 10;
					from = from / unit * unit + random_number() % unit;
				}
				if (from < 0 || from > DTC_DIGITS_MAX)
					from = x;
			}
			while (low < high)
			{
				int middle = low + (high - low) / 2;

				if (l.values[middle] < from)
					low = middle + 1;
				else
					high = middle;
			}
			wrong += dtc_nik_walk_next(&walk, from) !=
					 (low < l.count ? l.values[low] : -1);
		}
		CHECK_INT(wrong, 0);
	}
	CHECK_INT(dtc_nik_walk_begin(&walk, 0, -1), DTC_OUT_OF_RANGE);
	CHECK_INT(dtc_nik_walk_begin(&walk, 0, 4), DTC_OUT_OF_RANGE);
	free(l.values);
}

int
main(void)
{
	test_walk();
	return unit_done("nik_walk");
}
