/*
 * fuzz.h
 *		What a fuzz target of src/core needs.
 *
 * A target defines LLVMFuzzerTestOneInput(). Built with clang it is driven by
 * libFuzzer (make check-fuzz), built with any compiler by replay.c, which runs
 * the seeds and mutations of them (make check-fuzz-short).
 */
#ifndef DTSEN_FUZZ_H
#define DTSEN_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program when what must hold does not. */
#define MUST(condition)                                                       \
	do                                                                        \
	{                                                                         \
		if (!(condition))                                                     \
		{                                                                     \
			fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__,     \
					#condition);                                              \
			abort();                                                          \
		}                                                                     \
	} while (0)

/*
 * Copies a part of the input to memory of exactly its size, so that a read
 * past its end is seen; to be freed.
 */
static inline char *
exact(const uint8_t *data, size_t size)
{
	char *copy = malloc(size > 0 ? size : 1);

	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

/* Length of the input before the first line feed. */
static inline size_t
line(const uint8_t *data, size_t size)
{
	size_t n = 0;

	while (n < size && data[n] != '\n')
		n++;
	return n;
}

#endif /* DTSEN_FUZZ_H */
