/*
 * Drives a fuzz target without libFuzzer: every file named, then mutations of
 * them, the same ones in every run. ROUNDS in the environment says how many.
 * Prints "NAME: N passed, N failed"; a failure ends the program.
 */
#include "fuzz.h"

#define LONGEST 4096

static uint64_t state = 20261122;

static uint32_t
below(uint32_t n)
{
	state =
		state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (state >> 33) % n;
}

/* Changes a few bytes; other: a second seed to take a piece of. */
static size_t
mutate(uint8_t *data, size_t size, const uint8_t *other, size_t othersize)
{
	for (uint32_t n = 1 + below(4); n > 0; n--)
	{
		size_t at = size > 0 ? below((uint32_t) size) : 0;
		size_t piece = 1 + below(8);

		switch (below(6))
		{
			case 0:
				if (size > 0)
					data[at] = (uint8_t) below(256);
				break;
			case 1:
				if (size > 0)
					data[at] ^= (uint8_t) (1 << below(8));
				break;
			case 2: /* less */
				piece = piece < size - at ? piece : size - at;
				memmove(data + at, data + at + piece, size - at - piece);
				size -= piece;
				break;
			case 3: /* the same again */
				piece = piece < size - at ? piece : size - at;
				if (size + piece > LONGEST)
					break;
				memmove(data + at + piece, data + at, size - at);
				size += piece;
				break;
			case 4: /* two bytes exchanged */
				if (at + 1 < size)
				{
					uint8_t c = data[at];

					data[at] = data[at + 1];
					data[at + 1] = c;
				}
				break;
			default: /* a piece of another seed */
				if (othersize > 0)
				{
					size_t from = below((uint32_t) othersize);

					piece = piece * 4 < othersize - from ? piece * 4
														 : othersize - from;
					if (at + piece > LONGEST)
						break;
					memcpy(data + at, other + from, piece);
					size = at + piece > size ? at + piece : size;
				}
		}
	}
	return size;
}

/* Reads at most LONGEST bytes of a file. */
static size_t
read_file(const char *path, uint8_t *data)
{
	FILE *f = fopen(path, "rb");
	size_t size;

	if (f == NULL)
	{
		perror(path);
		exit(1);
	}
	size = fread(data, 1, LONGEST, f);
	fclose(f);
	return size;
}

static void
run(const uint8_t *data, size_t size)
{
	uint8_t *copy = (uint8_t *) exact(data, size);

	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

int
main(int argc, char **argv)
{
	const char *rounds = getenv("ROUNDS");
	long n = rounds != NULL ? atol(rounds) : 20000;
	uint8_t(*seed)[LONGEST] = calloc((size_t) argc, LONGEST);
	size_t *size = calloc((size_t) argc, sizeof(*size));
	static uint8_t data[LONGEST];
	int seeds = argc - 1;

	for (int i = 0; i < seeds; i++)
	{
		size[i] = read_file(argv[i + 1], seed[i]);
		run(seed[i], size[i]);
	}
	for (long i = 0; i < n && seeds > 0; i++)
	{
		uint32_t a = below((uint32_t) seeds), b = below((uint32_t) seeds);

		memcpy(data, seed[a], size[a]);
		run(data, mutate(data, size[a], seed[b], size[b]));
	}
	run(data, 0);
	free(seed);
	free(size);
	printf("%s: %d passed, 0 failed\n", argv[0], seeds + 1 + (n > 0));
	return seeds == 0;
}
