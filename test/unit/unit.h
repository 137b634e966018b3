/*
 * unit.h
 *		The little that a unit test of src/core needs.
 *
 * A test is a program: it calls CHECK() and friends and ends with
 * `return unit_done("name");`, which prints "name: N passed, N failed".
 */
#ifndef DTSEN_UNIT_H
#define DTSEN_UNIT_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The sanitizers make a test ten times slower: they see a tenth of the cases. */
#ifdef UNIT_SANITIZED
#define UNIT_CASES(n) ((n) / 10)
#else
#define UNIT_CASES(n) (n)
#endif

static long unit_passed, unit_failed;

#define CHECK(condition)                                                      \
	unit_check((condition) != 0, #condition, __FILE__, __LINE__)
#define CHECK_INT(got, expected)                                              \
	unit_check_int((got), (expected), #got, __FILE__, __LINE__)
#define CHECK_STR(got, expected)                                              \
	unit_check_str((got), (expected), #got, __FILE__, __LINE__)

static inline int
unit_check(int ok, const char *what, const char *file, int line)
{
	if (ok)
		unit_passed++;
	else
	{
		unit_failed++;
		printf("%s:%d: failed: %s\n", file, line, what);
	}
	return ok;
}

static inline int
unit_check_int(int64_t got, int64_t expected, const char *what,
			   const char *file, int line)
{
	if (got != expected)
		printf("%s is %" PRId64 ", expected %" PRId64 "\n", what, got,
			   expected);
	return unit_check(got == expected, what, file, line);
}

static inline int
unit_check_str(const char *got, const char *expected, const char *what,
			   const char *file, int line)
{
	int same = got != NULL && strcmp(got, expected) == 0;

	if (!same)
		printf("%s is \"%s\", expected \"%s\"\n", what, got ? got : "(null)",
			   expected);
	return unit_check(same, what, file, line);
}

static inline int
unit_done(const char *name)
{
	printf("%s: %ld passed, %ld failed\n", name, unit_passed, unit_failed);
	return unit_failed != 0;
}

#endif /* DTSEN_UNIT_H */
