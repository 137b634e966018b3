/*
 * rank.h
 *		Exact ranking: order-preserving keys, compressed runs, cut points.
 *
 * A *run* is the canonical compressed form of a weighted multiset of scores.
 * Its entries are in strictly ascending order; an entry is a few 64-bit words:
 *
 *	integer weights		score key | sum of the weights at that score
 *	float weights		score key | weight bits | rows with that pair
 *
 * All words but the last identify the entry, the last one is its amount and
 * adds up when two runs are merged. So a run depends on the multiset of
 * (score, weight) only, never on the order, grouping or number of merges, and
 * no sum of floating-point weights is rounded before the cut points are known.
 *
 * rank_run.c		keys, sorting, reading, writing, merging, checking
 * rank_cuts.c		exact sums, cut points
 */
#ifndef DTC_RANK_H
#define DTC_RANK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DTC_RANK_MIN_GROUPS 2
#define DTC_RANK_MAX_GROUPS 10000
#define DTC_RANK_MAX_WORDS 3        /* words of the widest entry */
#define DTC_RANK_MAX_ENTRY_BYTES 26 /* bytes of the longest entry in a run */

typedef enum DtcRankStatus
{
	DTC_RANK_OK = 0,
	DTC_RANK_EMPTY,    /* no rows, or the weights add up to 0 */
	DTC_RANK_OVERFLOW, /* the weights add up to more than can be counted */
	DTC_RANK_CORRUPT   /* the bytes are no run */
} DtcRankStatus;

typedef enum DtcRankKind
{
	DTC_RANK_INTEGER = 1, /* integer weights, summed exactly as int64 */
	DTC_RANK_FLOAT = 2    /* float weights, kept apart, summed exactly */
} DtcRankKind;

/*
 * Called every few thousand entries of a long loop, may be NULL. It may leave
 * by longjmp: nothing here holds a resource. What is being sorted then lies in
 * some other order, what is being merged or written is incomplete and lost.
 */
typedef void (*DtcRankYield)(void);

/* Reads entries from a run, or from a sorted array of entries. */
typedef struct DtcRankReader
{
	const unsigned char *next; /* the rest of a run ... */
	const unsigned char *end;
	const uint64_t *array; /* ... or of an array, if array_left > 0 */
	size_t array_left;
	int words;
	int started;
	uint64_t entry[DTC_RANK_MAX_WORDS]; /* what was read last */
} DtcRankReader;

/* Writes entries, which must come in ascending order, into a run. */
typedef struct DtcRankWriter
{
	unsigned char *next;
	size_t entries;
	int words;
	uint64_t last[2];
} DtcRankWriter;

/* Sums over a run, see dtc_rank_check(). */
typedef struct DtcRankSums
{
	int64_t entries;
	int64_t amount; /* sum of the amounts: total weight, or rows */
} DtcRankSums;

/* Exact sum of non-negative doubles, in units of 2^-1074, least limb first. */
#define DTC_SUM_LIMBS 70
typedef struct DtcSum
{
	uint32_t limb[DTC_SUM_LIMBS];
	int used; /* limbs from here on are 0 */
} DtcSum;

/* rank_run.c */
extern double dtc_rank_score(uint64_t key);
extern uint64_t dtc_rank_weight_bits(double weight);
extern double dtc_rank_weight(uint64_t bits);
extern int dtc_rank_words(DtcRankKind kind);
extern void dtc_rank_sort(uint64_t *entries, size_t n, DtcRankKind kind,
						  DtcRankYield yield);
extern size_t dtc_rank_fold(uint64_t *entries, size_t n, DtcRankKind kind,
							DtcRankYield yield);
extern void dtc_rank_read_run(DtcRankReader *reader, DtcRankKind kind,
							  const unsigned char *run, size_t length);
extern void dtc_rank_read_array(DtcRankReader *reader, DtcRankKind kind,
								const uint64_t *entries, size_t n);
extern int dtc_rank_next(DtcRankReader *reader);
extern void dtc_rank_write_start(DtcRankWriter *writer, DtcRankKind kind,
								 unsigned char *out);
extern void dtc_rank_write(DtcRankWriter *writer, const uint64_t *entry);
extern DtcRankStatus dtc_rank_merge(DtcRankReader *a, DtcRankReader *b,
									DtcRankWriter *out, DtcRankYield yield);
extern DtcRankStatus dtc_rank_check(DtcRankKind kind, const unsigned char *run,
									size_t length, DtcRankSums *sums,
									DtcRankYield yield);

/* rank_cuts.c */
extern void dtc_sum_clear(DtcSum *sum);
extern void dtc_sum_add(DtcSum *sum, double value, uint64_t times);
extern int dtc_sum_compare(const DtcSum *a, const DtcSum *b);
extern void dtc_sum_share(DtcSum *share, const DtcSum *sum, uint32_t k,
						  uint32_t n);
extern double dtc_sum_position(const DtcSum *below, const DtcSum *sum,
							   uint32_t k, uint32_t n);
extern double dtc_sum_value(const DtcSum *sum);
extern DtcRankStatus dtc_rank_total(const unsigned char *run, size_t length,
									double *total, DtcRankYield yield);
extern DtcRankStatus dtc_rank_cuts(DtcRankKind kind, const unsigned char *run,
								   size_t length, int groups, double *cuts,
								   DtcRankYield yield);
extern DtcRankStatus dtc_rank_cuts_of_rows(uint64_t *entries, size_t n,
										   int groups, double *cuts,
										   DtcRankYield yield);
extern DtcRankStatus dtc_rank_cuts_of_float_rows(uint64_t *entries, size_t n,
												 int groups, double *cuts,
												 DtcRankYield yield);
extern DtcRankStatus dtc_rank_below(DtcRankKind kind, const unsigned char *run,
									size_t length, uint64_t key, double *below,
									double *total, DtcRankYield yield);
extern int dtc_rank_group(uint64_t key, const uint64_t *cuts, int n);

/*
 * Maps a score to an unsigned number so that numbers compare like float8 in a
 * btree: -infinity first, -0 equal to 0, every NaN equal and after +infinity.
 * Here, because it runs for every row.
 */
static inline uint64_t
dtc_rank_key(double score)
{
	uint64_t bits;

	if (score != score)
		return UINT64_MAX;
	score += 0.0; /* -0 becomes +0 */
	memcpy(&bits, &score, sizeof(bits));
	return bits ^ ((UINT64_C(0) - (bits >> 63)) | UINT64_C(1) << 63);
}

/*
 * dtc_rank_group() of nine cuts, without a branch: compilers would keep a loop.
 * Here for the same reason.
 */
static inline int
dtc_rank_decile(uint64_t key, const uint64_t *cuts)
{
	return 1 + (cuts[0] < key) + (cuts[1] < key) + (cuts[2] < key) +
		   (cuts[3] < key) + (cuts[4] < key) + (cuts[5] < key) +
		   (cuts[6] < key) + (cuts[7] < key) + (cuts[8] < key);
}

#endif /* DTC_RANK_H */
