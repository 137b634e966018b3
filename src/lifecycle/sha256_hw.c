/*
 * sha256_hw.c
 *		SHA-256 by the instructions of x86-64, where the processor has them.
 *
 * Gives what dtc_sha256_portable() gives, six times faster. It is here and not
 * in src/core because the core knows the C library alone.
 */
#include "postgres.h"

#include "lifecycle/journal.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>
#include <immintrin.h>

#define WITH_INSTRUCTIONS __attribute__((target("sha,sse4.1")))
#define PART static inline __attribute__((target("sha,sse4.1"), always_inline))

/*
 * A message at work. The instructions keep the state as two vectors, ABEF and
 * CDGH, and the message as four, of which the one of four rounds ago becomes
 * the next.
 */
typedef struct Lane
{
	__m128i abef;
	__m128i cdgh;
	__m128i first_abef;
	__m128i first_cdgh;
	__m128i w[4];
} Lane;

PART void
lane_begin(Lane *lane, const uint32_t state[8])
{
	__m128i abcd = _mm_loadu_si128((const __m128i *) &state[0]);
	__m128i efgh = _mm_loadu_si128((const __m128i *) &state[4]);
	__m128i cdab = _mm_shuffle_epi32(abcd, 0xb1);
	__m128i hgfe = _mm_shuffle_epi32(efgh, 0x1b);

	lane->abef = _mm_alignr_epi8(cdab, hgfe, 8);
	lane->cdgh = _mm_blend_epi16(hgfe, cdab, 0xf0);
}

PART void
lane_load(Lane *lane, const uint8_t *data)
{
	const __m128i order = _mm_set_epi64x(INT64CONST(0x0c0d0e0f08090a0b),
										 INT64CONST(0x0405060700010203));

	lane->first_abef = lane->abef;
	lane->first_cdgh = lane->cdgh;
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
		lane->w[i] = _mm_shuffle_epi8(
			_mm_loadu_si128((const __m128i *) (data + 16 * i)), order);
}

/* Four rounds, of which the first is 4 * i. */
PART void
lane_rounds(Lane *lane, int i)
{
	__m128i *w = lane->w;
	__m128i sum = _mm_add_epi32(
		w[i % 4],
		_mm_load_si128((const __m128i *) &dtc_sha256_constants[4 * i]));

	lane->cdgh = _mm_sha256rnds2_epu32(lane->cdgh, lane->abef, sum);
	lane->abef = _mm_sha256rnds2_epu32(lane->abef, lane->cdgh,
									   _mm_shuffle_epi32(sum, 0x0e));
	if (i < 12)
		w[i % 4] = _mm_sha256msg2_epu32(
			_mm_add_epi32(_mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]),
						  _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4)),
			w[(i + 3) % 4]);
}

PART void
lane_add(Lane *lane)
{
	lane->abef = _mm_add_epi32(lane->abef, lane->first_abef);
	lane->cdgh = _mm_add_epi32(lane->cdgh, lane->first_cdgh);
}

PART void
lane_end(const Lane *lane, uint32_t state[8])
{
	__m128i feba = _mm_shuffle_epi32(lane->abef, 0x1b);
	__m128i dchg = _mm_shuffle_epi32(lane->cdgh, 0xb1);

	_mm_storeu_si128((__m128i *) &state[0], _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *) &state[4], _mm_alignr_epi8(dchg, feba, 8));
}

WITH_INSTRUCTIONS static void
compress(uint32_t state[8], const uint8_t *data, size_t n)
{
	Lane lane;

	lane_begin(&lane, state);
	for (; n > 0; n--, data += 64)
	{
		lane_load(&lane, data);
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++)
			lane_rounds(&lane, i);
		lane_add(&lane);
	}
	lane_end(&lane, state);
}

/* A round waits for the one before; meanwhile there is time for another's. */
WITH_INSTRUCTIONS static void
compress_two(uint32_t a[8], const uint8_t *data_a, uint32_t b[8],
			 const uint8_t *data_b, size_t n)
{
	Lane one;
	Lane other;

	lane_begin(&one, a);
	lane_begin(&other, b);
	for (; n > 0; n--, data_a += 64, data_b += 64)
	{
		lane_load(&one, data_a);
		lane_load(&other, data_b);
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++)
		{
			lane_rounds(&one, i);
			lane_rounds(&other, i);
		}
		lane_add(&one);
		lane_add(&other);
	}
	lane_end(&one, a);
	lane_end(&other, b);
}

static bool
has_instructions(void)
{
	unsigned int a;
	unsigned int b;
	unsigned int c;
	unsigned int d;

	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (b & (1U << 29)) == 0)
		return false;
	return __get_cpuid(1, &a, &b, &c, &d) && (c & (1U << 19)) != 0;
}

#else

#define compress dtc_sha256_portable
#define compress_two NULL

static bool
has_instructions(void)
{
	return false;
}

#endif

/* The fastest compression that this processor can do. */
DtcCompress
dtsen_journal_compress(void)
{
	static DtcCompress chosen = NULL;

	if (chosen == NULL)
		chosen = has_instructions() ? compress : dtc_sha256_portable;
	return chosen;
}

/* The same of two messages at once, or NULL. */
DtcCompressTwo
dtsen_journal_compress_two(void)
{
	return dtsen_journal_compress() == dtc_sha256_portable ? NULL
														   : compress_two;
}
