/*
 * lifecycle.c
 *		Regions of rows and actors.
 */
#include "core/lifecycle.h"

#include <string.h>

/*
 * Takes the digits of a region code.
 *
 * text: len bytes, e.g. "32.16.01.2001" or "3216012001"; anything that is no
 * ASCII digit is left out. digits: room for size bytes, gets no terminator.
 * Returns the number of digits kept, at most size.
 */
size_t
dtc_wilayah_digits(const char *text, size_t len, char *digits, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < size; i++)
	{
		if (text[i] >= '0' && text[i] <= '9')
			digits[n++] = text[i];
	}
	return n;
}

/*
 * Is the region of a row the scope of an actor, or inside it?
 *
 * row, scope: digits only. An empty scope holds nothing: the whole country is
 * the caller's to know. A row wider than the scope is not within it.
 */
bool
dtc_wilayah_within(const char *row, size_t row_len, const char *scope,
				   size_t scope_len)
{
	return scope_len > 0 && scope_len <= row_len &&
		   memcmp(row, scope, scope_len) == 0;
}
