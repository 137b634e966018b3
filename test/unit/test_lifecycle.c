/*
 * test_lifecycle.c
 *		Regions of rows and actors.
 */
#include "core/lifecycle.h"
#include "unit.h"

static int
digits_are(const char *text, size_t size, const char *expected)
{
	char out[16];
	size_t n = dtc_wilayah_digits(text, strlen(text), out, size);

	return n == strlen(expected) && memcmp(out, expected, n) == 0;
}

static int
within(const char *row, const char *scope)
{
	return dtc_wilayah_within(row, strlen(row), scope, strlen(scope));
}

static void
test_regions(void)
{
	CHECK(digits_are("32.16.01.2001", 10, "3216012001"));
	CHECK(digits_are("3216012001", 10, "3216012001"));
	CHECK(digits_are("321601200199", 10, "3216012001"));
	CHECK(digits_are("32.16", 4, "3216"));
	CHECK(digits_are("", 10, ""));
	CHECK(digits_are("..", 10, ""));
	CHECK(digits_are("\xd9\xa3\x32", 10, "2"));
	CHECK(digits_are("32", 0, ""));

	CHECK(within("3216012001", "3216"));
	CHECK(within("3216", "3216"));
	CHECK(!within("32", "3216"));
	CHECK(!within("3217012001", "3216"));
	CHECK(!within("3216", ""));
	CHECK(!within("", ""));
	CHECK(!within("", "32"));
}

int
main(void)
{
	test_regions();
	return unit_done("lifecycle");
}
