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

/*
 * The instructions keep the state as two vectors, ABEF and CDGH, and the
 * message as four, of which the one of four rounds ago becomes the next.
 */
__attribute__((target("sha,sse4.1"))) static void
compress(uint32_t state[8], const uint8_t *data, size_t n)
{
	const __m128i order = _mm_set_epi64x(INT64CONST(0x0c0d0e0f08090a0b),
										 INT64CONST(0x0405060700010203));
	__m128i abcd = _mm_loadu_si128((const __m128i *) &state[0]);
	__m128i efgh = _mm_loadu_si128((const __m128i *) &state[4]);
	__m128i cdab = _mm_shuffle_epi32(abcd, 0xb1);
	__m128i hgfe = _mm_shuffle_epi32(efgh, 0x1b);
	__m128i abef = _mm_alignr_epi8(cdab, hgfe, 8);
	__m128i cdgh = _mm_blend_epi16(hgfe, cdab, 0xf0);

	for (; n > 0; n--, data += 64)
	{
		__m128i first_abef = abef;
		__m128i first_cdgh = cdgh;
		__m128i w[4];

		for (int i = 0; i < 4; i++)
			w[i] = _mm_shuffle_epi8(
				_mm_loadu_si128((const __m128i *) (data + 16 * i)), order);
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++)
		{
			__m128i sum = _mm_add_epi32(
				w[i % 4], _mm_load_si128(
							  (const __m128i *) &dtc_sha256_constants[4 * i]));

			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
			abef = _mm_sha256rnds2_epu32(abef, cdgh,
										 _mm_shuffle_epi32(sum, 0x0e));
			if (i < 12)
				w[i % 4] = _mm_sha256msg2_epu32(
					_mm_add_epi32(
						_mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]),
						_mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4)),
					w[(i + 3) % 4]);
		}
		abef = _mm_add_epi32(abef, first_abef);
		cdgh = _mm_add_epi32(cdgh, first_cdgh);
	}
	cdab = _mm_shuffle_epi32(abef, 0x1b); /* feba */
	hgfe = _mm_shuffle_epi32(cdgh, 0xb1); /* dchg */
	_mm_storeu_si128((__m128i *) &state[0], _mm_blend_epi16(cdab, hgfe, 0xf0));
	_mm_storeu_si128((__m128i *) &state[4], _mm_alignr_epi8(hgfe, cdab, 8));
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
