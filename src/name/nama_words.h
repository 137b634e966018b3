/*
 * nama_words.h
 *		The commonest words of a column's names, from its statistics.
 */
#ifndef DTSEN_NAMA_WORDS_H
#define DTSEN_NAMA_WORDS_H

#include "access/htup.h"
#include "utils/lsyscache.h"

#include "name/name.h"

/* Words that one may be a slip of, the most similar first. */
#define NAMA_SLIPS 4

typedef struct NamaSlips
{
	double share[NAMA_SLIPS];   /* of all words */
	int similarity[NAMA_SLIPS]; /* thousandths, on average */
} NamaSlips;

extern void dtsen_nama_words_read(AttStatsSlot *words, HeapTuple statistics);
extern double dtsen_nama_words_share(const AttStatsSlot *words,
									 const char *key, int len, double table);
extern double dtsen_nama_words_slips(const AttStatsSlot *words,
									 const char *key, int len, int level,
									 NamaSlips *slips);

#endif /* DTSEN_NAMA_WORDS_H */
