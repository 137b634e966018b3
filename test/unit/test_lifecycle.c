/*
 * test_lifecycle.c
 *		Regions of actors, and the canonical form of journal entries.
 */
#include <limits.h>

#include "core/lifecycle.h"
#include "unit.h"

static uint8_t bytes[256];
static size_t nbytes;

static void
collect(void *state, const uint8_t *data, size_t len)
{
	(void) state;
	memcpy(bytes + nbytes, data, len);
	nbytes += len;
}

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

static void
test_canon(void)
{
	static const uint8_t previous[DTC_DIGEST_BYTES] = {0xaa, 1, 2};
	static const char domain[] = "dtsen.journal.1";

	nbytes = 0;
	dtc_canon_begin(collect, NULL, previous);
	CHECK_INT((int64_t) nbytes, 16 + DTC_DIGEST_BYTES);
	CHECK(memcmp(bytes, domain, 16) == 0);
	CHECK(memcmp(bytes + 16, previous, DTC_DIGEST_BYTES) == 0);

	nbytes = 0;
	dtc_canon_text(collect, NULL, "ab", 2);
	CHECK_INT((int64_t) nbytes, 11);
	CHECK(memcmp(bytes, "\1\0\0\0\0\0\0\0\2ab", 11) == 0);

	nbytes = 0;
	dtc_canon_text(collect, NULL, "", 0);
	CHECK_INT((int64_t) nbytes, 9);
	CHECK(memcmp(bytes, "\1\0\0\0\0\0\0\0\0", 9) == 0);

	nbytes = 0;
	dtc_canon_null(collect, NULL);
	CHECK_INT((int64_t) nbytes, 1);
	CHECK_INT(bytes[0], 0);

	nbytes = 0;
	dtc_canon_int(collect, NULL, -2);
	CHECK_INT((int64_t) nbytes, 9);
	CHECK(memcmp(bytes, "\2\xff\xff\xff\xff\xff\xff\xff\xfe", 9) == 0);

	nbytes = 0;
	dtc_canon_int(collect, NULL, INT64_MIN);
	CHECK(memcmp(bytes, "\2\x80\0\0\0\0\0\0\0", 9) == 0);
}

/* Lists of fields that only a careless form would confuse. */
static void
test_no_confusion(void)
{
	uint8_t first[64];
	size_t nfirst;

	nbytes = 0;
	dtc_canon_text(collect, NULL, "ab", 2);
	dtc_canon_text(collect, NULL, "c", 1);
	memcpy(first, bytes, nbytes);
	nfirst = nbytes;
	nbytes = 0;
	dtc_canon_text(collect, NULL, "a", 1);
	dtc_canon_text(collect, NULL, "bc", 2);
	CHECK(nbytes != nfirst || memcmp(first, bytes, nbytes) != 0);

	nbytes = 0;
	dtc_canon_null(collect, NULL);
	dtc_canon_text(collect, NULL, "", 0);
	memcpy(first, bytes, nbytes);
	nfirst = nbytes;
	nbytes = 0;
	dtc_canon_text(collect, NULL, "", 0);
	dtc_canon_null(collect, NULL);
	CHECK(nbytes != nfirst || memcmp(first, bytes, nbytes) != 0);
}

int
main(void)
{
	test_regions();
	test_canon();
	test_no_confusion();
	return unit_done("lifecycle");
}
