/*
 * nama_words.h
 *		The commonest words of a column's names, from its statistics.
 */
#ifndef DTSEN_NAMA_WORDS_H
#define DTSEN_NAMA_WORDS_H

#include "access/htup.h"
#include "utils/lsyscache.h"

#include "name/name.h"

extern void dtsen_nama_words_read(AttStatsSlot *words, HeapTuple statistics);
extern double dtsen_nama_words_share(const AttStatsSlot *words,
									 const char *key, int len, double table);
extern double dtsen_nama_words_near(const AttStatsSlot *words, const char *key,
									int len);

#endif /* DTSEN_NAMA_WORDS_H */
