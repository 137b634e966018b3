/*
 * rank_run.c
 *		Order-preserving keys and compressed runs of (score, weight).
 *
 * Bytes of an entry in a run (all numbers are unsigned and little-endian, in
 * as few bytes as hold them, so that a multiset has one run only):
 *
 *	integer		lengths | score delta | weight sum
 *	float		lengths | weight length | score delta | weight | rows
 *
 * "lengths" holds the length of the score delta in its high four bits and that
 * of the last number in its low four. The delta is the distance of the score
 * key from that of the entry before, of the first entry from 0. The weight is
 * its 64 bits with the byte order turned round, which makes the weights that
 * people use (1, 0.5, 312.25) short. A length of 0 means the number 0.
 *
 * Ten million random scores take some six bytes each this way, where pairs of
 * words take sixteen.
 */
#include "core/rank.h"

#include <math.h>
#include <string.h>

#define SIGN_BIT (UINT64_C(1) << 63)
#define KEY_NAN UINT64_MAX
#define KEY_MAX UINT64_C(0xFFF0000000000000)        /* +infinity */
#define KEY_MIN UINT64_C(0x000FFFFFFFFFFFFF)        /* -infinity */
#define KEY_MINUS_ZERO UINT64_C(0x7FFFFFFFFFFFFFFF) /* stored as +0 */
#define WEIGHT_MAX UINT64_C(0x7FEFFFFFFFFFFFFF)     /* bits of DBL_MAX */

#define SMALL_SORT 24     /* below this, insertion is faster than buckets */
#define YIELD_EVERY 65536 /* entries between two calls of a yield function */
#define BUCKETS 256
#define BUCKET_BITS 8

/* The score of a key that dtc_rank_key() made. */
double
dtc_rank_score(uint64_t key)
{
	uint64_t bits = key & SIGN_BIT ? key & ~SIGN_BIT : ~key;
	double score;

	if (key == KEY_NAN)
		return (double) NAN;
	memcpy(&score, &bits, sizeof(score));
	return score;
}

/* The bits of a finite weight >= 0; they compare like the weights. */
uint64_t
dtc_rank_weight_bits(double weight)
{
	uint64_t bits;

	weight += 0.0;
	memcpy(&bits, &weight, sizeof(bits));
	return bits;
}

/* The weight whose bits these are. */
double
dtc_rank_weight(uint64_t bits)
{
	double weight;

	memcpy(&weight, &bits, sizeof(weight));
	return weight;
}

/* Words of an entry; all but the last are what entries are ordered by. */
int
dtc_rank_words(DtcRankKind kind)
{
	return kind == DTC_RANK_INTEGER ? 2 : 3;
}

static int
key_is_valid(uint64_t key)
{
	return (key >= KEY_MIN && key <= KEY_MAX && key != KEY_MINUS_ZERO) ||
		   key == KEY_NAN;
}

/* ---------- sorting ---------- */

/* Order of two entries by the words from "word" on, the amount left out. */
static int
entry_compare(const uint64_t *a, const uint64_t *b, int word, int words)
{
	for (; word < words - 1; word++)
		if (a[word] != b[word])
			return a[word] < b[word] ? -1 : 1;
	return 0;
}

static void
entry_copy(uint64_t *to, const uint64_t *from, int words)
{
	to[0] = from[0];
	to[1] = from[1];
	if (words == 3)
		to[2] = from[2];
}

/* Yields in a long loop; i counts its steps. */
static inline void
yield_at(size_t i, DtcRankYield yield)
{
	if (i % YIELD_EVERY == YIELD_EVERY - 1 && yield != NULL)
		yield();
}

static void
sort_small(uint64_t *entries, size_t n, int word, int words)
{
	for (size_t i = 1; i < n; i++)
	{
		uint64_t moving[DTC_RANK_MAX_WORDS] = {0};
		size_t at = i;

		entry_copy(moving, entries + i * words, words);
		while (at > 0 && entry_compare(moving, entries + (at - 1) * words,
									   word, words) < 0)
		{
			entry_copy(entries + at * words, entries + (at - 1) * words,
					   words);
			at--;
		}
		entry_copy(entries + at * words, moving, words);
	}
}

/*
 * Moves the entries into 256 buckets by the eight bits of a word that start at
 * "shift", within the array. bounds gets the first entry of each bucket and,
 * last, n.
 */
static void
partition(uint64_t *entries, size_t n, int word, int shift, int words,
		  size_t *bounds, DtcRankYield yield)
{
	size_t fill[BUCKETS];
	size_t sum = 0;
	size_t moves = 0;

	memset(bounds, 0, sizeof(size_t) * (BUCKETS + 1));
	for (size_t i = 0; i < n; i++)
	{
		bounds[(entries[i * words + word] >> shift) & (BUCKETS - 1)]++;
		yield_at(i, yield);
	}
	for (int b = 0; b <= BUCKETS; b++)
	{
		size_t count = b < BUCKETS ? bounds[b] : 0;

		bounds[b] = sum;
		if (b < BUCKETS)
			fill[b] = sum;
		sum += count;
	}
	for (int b = 0; b < BUCKETS; b++)
	{
		while (fill[b] < bounds[b + 1])
		{
			uint64_t *here = entries + fill[b] * words;
			int home = (int) ((here[word] >> shift) & (BUCKETS - 1));
			uint64_t other[DTC_RANK_MAX_WORDS] = {0};
			uint64_t *there;

			yield_at(moves++, yield);
			if (home == b)
			{
				fill[b]++;
				continue;
			}
			there = entries + fill[home]++ * words;
			entry_copy(other, there, words);
			entry_copy(there, here, words);
			entry_copy(here, other, words);
		}
	}
}

/*
 * Sorts by the words from "word" on. Each call first looks for the highest
 * byte in which the entries differ at all, so the depth is at most 16 and a
 * column of similar scores does not pay for its common bits.
 */
static void
sort_entries(uint64_t *entries, size_t n, int word, int words,
			 DtcRankYield yield)
{
	size_t bounds[BUCKETS + 1];
	uint64_t differ = 0;
	int shift = 0;

	if (n <= SMALL_SORT)
	{
		sort_small(entries, n, word, words);
		return;
	}
	for (; word < words - 1; word++)
	{
		for (size_t i = 1; i < n; i++)
		{
			differ |= entries[i * words + word] ^ entries[word];
			yield_at(i, yield);
		}
		if (differ != 0)
			break;
	}
	if (differ == 0)
		return;
	while (differ >> shift >= BUCKETS)
		shift += BUCKET_BITS;

	if (yield != NULL && n > YIELD_EVERY / 64)
		yield();
	partition(entries, n, word, shift, words, bounds, yield);
	for (int b = 0; b < BUCKETS; b++)
		if (bounds[b + 1] - bounds[b] > 1)
			sort_entries(entries + bounds[b] * words,
						 bounds[b + 1] - bounds[b], word, words, yield);
}

/*
 * Sorts an array of n entries in place, without memory of its own.
 * Cost: about three passes for a million distinct scores, 16 in the worst
 * case, never quadratic.
 */
void
dtc_rank_sort(uint64_t *entries, size_t n, DtcRankKind kind,
			  DtcRankYield yield)
{
	sort_entries(entries, n, 0, dtc_rank_words(kind), yield);
}

/*
 * Merges equal neighbours of a sorted array, adding up their amounts, and
 * returns how many entries are left. The caller has made sure that no sum of
 * amounts overflows.
 */
size_t
dtc_rank_fold(uint64_t *entries, size_t n, DtcRankKind kind,
			  DtcRankYield yield)
{
	int words = dtc_rank_words(kind);
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
	{
		uint64_t *entry = entries + i * words;
		uint64_t *next = entries + left * words;

		yield_at(i, yield);
		if (left > 0 && entry_compare(entry, next - words, 0, words) == 0)
			next[-1] += entry[words - 1];
		else
		{
			entry_copy(next, entry, words);
			left++;
		}
	}
	return left;
}

/* ---------- reading ---------- */

/* Starts reading a run of "length" bytes; they need not be a valid one. */
void
dtc_rank_read_run(DtcRankReader *reader, DtcRankKind kind,
				  const unsigned char *run, size_t length)
{
	memset(reader, 0, sizeof(*reader));
	reader->next = run;
	reader->end = run + length;
	reader->words = dtc_rank_words(kind);
}

/* Starts reading n entries of a sorted array without equal neighbours. */
void
dtc_rank_read_array(DtcRankReader *reader, DtcRankKind kind,
					const uint64_t *entries, size_t n)
{
	memset(reader, 0, sizeof(*reader));
	reader->array = entries;
	reader->array_left = n;
	reader->words = dtc_rank_words(kind);
}

/*
 * The number of "length" (0 to 8) bytes at p. The first form reads eight bytes
 * at once, which compilers turn into one load.
 */
static uint64_t
number_at(const unsigned char *p, int length, size_t readable)
{
	uint64_t value = 0;

	if (readable >= 8)
	{
		value = (uint64_t) p[0] | (uint64_t) p[1] << 8 |
				(uint64_t) p[2] << 16 | (uint64_t) p[3] << 24 |
				(uint64_t) p[4] << 32 | (uint64_t) p[5] << 40 |
				(uint64_t) p[6] << 48 | (uint64_t) p[7] << 56;
		return length == 0 ? 0 : value & (UINT64_MAX >> (64 - 8 * length));
	}
	for (int i = 0; i < length; i++)
		value |= (uint64_t) p[i] << (8 * i);
	return value;
}

static uint64_t
turn_bytes(uint64_t value)
{
	value = (value & UINT64_C(0x00FF00FF00FF00FF)) << 8 |
			(value >> 8 & UINT64_C(0x00FF00FF00FF00FF));
	value = (value & UINT64_C(0x0000FFFF0000FFFF)) << 16 |
			(value >> 16 & UINT64_C(0x0000FFFF0000FFFF));
	return value << 32 | value >> 32;
}

/*
 * Takes a number of the given length from a run. False if the run ends before
 * or if the number has a shorter form.
 */
static int
take_number(DtcRankReader *reader, int length, uint64_t *value)
{
	size_t readable = (size_t) (reader->end - reader->next);

	if (length > 8 || (size_t) length > readable)
		return 0;
	if (length > 0 && reader->next[length - 1] == 0)
		return 0;
	*value = number_at(reader->next, length, readable);
	reader->next += length;
	return 1;
}

/*
 * Reads the next entry into reader->entry. Returns 1, at the end 0, and -1
 * where the bytes are no run: an incomplete or over-long number, or an entry
 * not greater than the one before. Whether its words make sense is for
 * dtc_rank_check().
 */
int
dtc_rank_next(DtcRankReader *reader)
{
	uint64_t delta;
	uint64_t weight = 0;
	uint64_t amount;
	int lengths;
	int weight_length = 0;

	if (reader->array_left > 0)
	{
		entry_copy(reader->entry, reader->array, reader->words);
		reader->array += reader->words;
		reader->array_left--;
		return 1;
	}
	if (reader->next == reader->end)
		return 0;
	lengths = *reader->next++;
	if (reader->words == 3)
	{
		if (reader->next == reader->end)
			return -1;
		weight_length = *reader->next++;
	}
	if (!take_number(reader, lengths >> 4, &delta) ||
		!take_number(reader, weight_length, &weight) ||
		!take_number(reader, lengths & 15, &amount) ||
		delta > UINT64_MAX - reader->entry[0])
		return -1;
	weight = turn_bytes(weight);
	if (delta == 0 && reader->started &&
		(reader->words == 2 || weight <= reader->entry[1]))
		return -1;
	reader->started = 1;
	reader->entry[0] += delta;
	if (reader->words == 3)
		reader->entry[1] = weight;
	reader->entry[reader->words - 1] = amount;
	return 1;
}

/* ---------- writing ---------- */

/*
 * Starts a run at "out", which must have room for DTC_RANK_MAX_ENTRY_BYTES an
 * entry. Two runs merged never need more bytes than both have.
 */
void
dtc_rank_write_start(DtcRankWriter *writer, DtcRankKind kind,
					 unsigned char *out)
{
	memset(writer, 0, sizeof(*writer));
	writer->next = out;
	writer->words = dtc_rank_words(kind);
}

static int
put_number(unsigned char **out, uint64_t value)
{
	int length = 0;

	for (; value != 0; value >>= 8)
	{
		*(*out)++ = (unsigned char) value;
		length++;
	}
	return length;
}

/* Appends an entry, which must be greater than the one before. */
void
dtc_rank_write(DtcRankWriter *writer, const uint64_t *entry)
{
	unsigned char *lengths = writer->next;
	int delta_length;

	writer->next += writer->words - 1;
	delta_length = put_number(&writer->next, entry[0] - writer->last[0]);
	if (writer->words == 3)
		lengths[1] =
			(unsigned char) put_number(&writer->next, turn_bytes(entry[1]));
	lengths[0] =
		(unsigned char) (delta_length << 4 |
						 put_number(&writer->next, entry[writer->words - 1]));
	writer->last[0] = entry[0];
	writer->last[1] = entry[1];
	writer->entries++;
}

/*
 * Writes the entries of both readers in order, adding up the amounts of those
 * that both have. The caller has made sure that the sums do not overflow.
 * DTC_RANK_CORRUPT if one of them is no run.
 */
DtcRankStatus
dtc_rank_merge(DtcRankReader *a, DtcRankReader *b, DtcRankWriter *out,
			   DtcRankYield yield)
{
	int has_a = dtc_rank_next(a);
	int has_b = dtc_rank_next(b);
	int words = out->words;

	while (has_a > 0 || has_b > 0)
	{
		int order = has_a <= 0   ? 1
					: has_b <= 0 ? -1
								 : entry_compare(a->entry, b->entry, 0, words);

		if (order == 0)
		{
			uint64_t both[DTC_RANK_MAX_WORDS] = {0};

			entry_copy(both, a->entry, words);
			both[words - 1] += b->entry[words - 1];
			dtc_rank_write(out, both);
		}
		else
			dtc_rank_write(out, order < 0 ? a->entry : b->entry);
		if (order <= 0)
			has_a = dtc_rank_next(a);
		if (order >= 0)
			has_b = dtc_rank_next(b);
		if (yield != NULL && out->entries % YIELD_EVERY == 0)
			yield();
	}
	return has_a < 0 || has_b < 0 ? DTC_RANK_CORRUPT : DTC_RANK_OK;
}

/*
 * Proves that bytes from outside are a run in which every score key is one
 * that dtc_rank_key() makes, every float weight is finite and not negative,
 * and every pair has at least one row; counts its entries and adds up its
 * amounts. DTC_RANK_OVERFLOW if those exceed an int64.
 */
DtcRankStatus
dtc_rank_check(DtcRankKind kind, const unsigned char *run, size_t length,
			   DtcRankSums *sums, DtcRankYield yield)
{
	DtcRankReader reader;
	int state;

	memset(sums, 0, sizeof(*sums));
	dtc_rank_read_run(&reader, kind, run, length);
	while ((state = dtc_rank_next(&reader)) > 0)
	{
		uint64_t amount = reader.entry[reader.words - 1];

		if (!key_is_valid(reader.entry[0]))
			return DTC_RANK_CORRUPT;
		if (kind == DTC_RANK_FLOAT &&
			(reader.entry[1] > WEIGHT_MAX || amount == 0))
			return DTC_RANK_CORRUPT;
		if (amount > (uint64_t) (INT64_MAX - sums->amount))
			return DTC_RANK_OVERFLOW;
		sums->amount += (int64_t) amount;
		sums->entries++;
		if (yield != NULL && sums->entries % YIELD_EVERY == 0)
			yield();
	}
	return state < 0 ? DTC_RANK_CORRUPT : DTC_RANK_OK;
}
