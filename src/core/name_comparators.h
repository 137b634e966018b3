/*
 * name_comparators.h
 *		Plain string comparators: Jaro, Jaro-Winkler, optimal string alignment.
 *
 * They take code points (or bytes, each of them a character) and know nothing
 * of names. Texts of up to 64 characters are compared a machine word at a time.
 */
#ifndef DTC_NAME_COMPARATORS_H
#define DTC_NAME_COMPARATORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DTC_COMPARATOR_WORD 64 /* characters of a short text */

/* What Jaro's similarity is made of. */
typedef struct DtcJaro
{
	uint32_t alen, blen; /* characters */
	uint32_t common;
	uint32_t exchanged; /* half of those common ones that stand elsewhere */
	uint32_t prefix;    /* characters at the beginning that agree, at most 4 */
} DtcJaro;

/* A character of a long text and where it stands. */
typedef struct DtcPlace
{
	uint32_t character;
	uint32_t place;
} DtcPlace;

extern bool dtc_jaro_ascii(const unsigned char *a, uint32_t alen,
						   const unsigned char *b, uint32_t blen,
						   DtcJaro *result);
extern void dtc_jaro_bytes(const unsigned char *a, uint32_t alen,
						   const unsigned char *b, uint32_t blen,
						   DtcJaro *result);
extern void dtc_jaro(const uint32_t *a, uint32_t alen, const uint32_t *b,
					 uint32_t blen, const DtcPlace *places, uint32_t *next,
					 bool *taken, DtcJaro *result);
extern void dtc_sort_places(DtcPlace *places, uint32_t n, DtcPlace *room);
extern double dtc_jaro_similarity(const DtcJaro *jaro, bool winkler);

extern uint32_t dtc_osa_bytes(const unsigned char *a, uint32_t alen,
							  const unsigned char *b, uint32_t blen);

/* The table of distances of a long text, a word of 64 rows at a time. */
typedef struct DtcOsaWord
{
	uint64_t plus, minus; /* vertical differences */
	uint64_t zero;        /* diagonal ones that are zero, of this column */
	uint64_t here;        /* rows that agree with this column's character */
} DtcOsaWord;

typedef struct DtcOsa
{
	uint32_t rows, words; /* of the pattern */
	uint32_t letters;     /* different characters of the pattern */
	uint32_t *letter;     /* them, ascending; room for rows */
	uint64_t *agree;      /* words of rows that hold it, for each */
	DtcOsaWord *word;     /* words */
	uint64_t distance;
} DtcOsa;

extern uint32_t dtc_osa_letters(const DtcPlace *places, uint32_t n);
extern void dtc_osa_begin(DtcOsa *osa, const DtcPlace *places);
extern void dtc_osa_columns(DtcOsa *osa, const uint32_t *text, size_t n);

#endif /* DTC_NAME_COMPARATORS_H */
