/*
 * test_rank_laws.c
 *		Laws of runs and cut points, over 100,000 random multisets.
 *
 * Any split, order and nesting of merges gives the same bytes; text and bytes
 * read back are the same; cuts reproduce the assignment that the definition
 * makes; percentiles nest in ventiles, those in deciles, those in quintiles.
 */
#include "unit.h"

#include "core/rank_text.h"
#include "rank_random.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define CASES UNIT_CASES(100000)
#define MOST 120      /* rows of a case */
#define MOST_PARTS 12 /* runs that are merged */
#define UNITS 1024    /* float weights are so many parts of 1 */

typedef struct Row
{
	double score;
	int64_t units;
} Row;

typedef struct Run
{
	unsigned char bytes[MOST * DTC_RANK_MAX_ENTRY_BYTES];
	size_t length;
} Run;

static void
make_run(DtcRankKind kind, const Row *row, size_t n, Run *run)
{
	uint64_t entries[MOST * DTC_RANK_MAX_WORDS];
	int words = dtc_rank_words(kind);
	DtcRankReader rows;
	DtcRankReader nothing;
	DtcRankWriter writer;

	for (size_t i = 0; i < n; i++)
	{
		uint64_t *entry = entries + i * words;

		entry[0] = dtc_rank_key(row[i].score);
		entry[1] = kind == DTC_RANK_INTEGER
					   ? (uint64_t) row[i].units
					   : dtc_rank_weight_bits((double) row[i].units / UNITS);
		if (words == 3)
			entry[2] = 1;
	}
	dtc_rank_sort(entries, n, kind, NULL);
	dtc_rank_read_array(&rows, kind, entries,
						dtc_rank_fold(entries, n, kind, NULL));
	dtc_rank_read_run(&nothing, kind, run->bytes, 0);
	dtc_rank_write_start(&writer, kind, run->bytes);
	CHECK_INT(dtc_rank_merge(&rows, &nothing, &writer, NULL), DTC_RANK_OK);
	run->length = (size_t) (writer.next - run->bytes);
}

static int
is_same(const Run *a, const Run *b)
{
	return a->length == b->length &&
		   memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* Parts of the rows in another order, merged two by two as chance has it. */
static void
check_merges(DtcRankKind kind, const Row *row, size_t n, const Run *whole)
{
	static Run part[MOST_PARTS];
	static Run both;
	Row shuffled[MOST];
	size_t parts = 1 + rnd(MOST_PARTS);
	size_t done = 0;

	memcpy(shuffled, row, sizeof(Row) * n);
	for (size_t i = n; i > 1; i--)
	{
		size_t other = rnd(i);
		Row kept = shuffled[i - 1];

		shuffled[i - 1] = shuffled[other];
		shuffled[other] = kept;
	}
	for (size_t p = 0; p < parts; p++)
	{
		size_t take = p + 1 == parts ? n - done : rnd(n - done + 1);

		make_run(kind, shuffled + done, take, &part[p]);
		done += take;
	}
	while (parts > 1)
	{
		size_t a = rnd(parts);
		size_t b = rnd(parts - 1);
		DtcRankReader left;
		DtcRankReader right;
		DtcRankWriter writer;

		b += b >= a;
		dtc_rank_read_run(&left, kind, part[a].bytes, part[a].length);
		dtc_rank_read_run(&right, kind, part[b].bytes, part[b].length);
		dtc_rank_write_start(&writer, kind, both.bytes);
		CHECK_INT(dtc_rank_merge(&left, &right, &writer, NULL), DTC_RANK_OK);
		both.length = (size_t) (writer.next - both.bytes);
		part[a] = both;
		part[b] = part[--parts];
	}
	CHECK(is_same(&part[0], whole));
}

/* The run written as text and read, and as bytes and read. */
static void
check_round_trips(DtcRankKind kind, const Run *whole)
{
	static char string[MOST * 80 + 100];
	static Run again;
	static Run copy;
	char *next = string;
	uint64_t entry[DTC_RANK_MAX_WORDS] = {0};
	DtcRankReader reader;
	DtcRankWriter writer;
	DtcRankText text;
	DtcRankTextHead head;
	DtcRankSums sums;
	int more;

	CHECK_INT(dtc_rank_check(kind, whole->bytes, whole->length, &sums, NULL),
			  DTC_RANK_OK);
	next += sprintf(next, "1:%s:10:%d:7{",
					kind == DTC_RANK_INTEGER ? "integer" : "float", MOST);
	dtc_rank_read_run(&reader, kind, whole->bytes, whole->length);
	dtc_rank_write_start(&writer, kind, copy.bytes);
	while (dtc_rank_next(&reader) > 0)
	{
		double score = dtc_rank_score(reader.entry[0]);

		next += writer.entries > 0 ? sprintf(next, ",") : 0;
		if (isnan(score) || isinf(score))
			next += sprintf(next, "%s",
							isnan(score) ? "NaN"
							: score < 0  ? "-Infinity"
										 : "Infinity");
		else
			next += sprintf(next, "%.17g", score);
		if (kind == DTC_RANK_FLOAT)
			next += sprintf(next, ":%.17g*", dtc_rank_weight(reader.entry[1]));
		else
			next += sprintf(next, ":");
		next +=
			sprintf(next, "%lld", (long long) reader.entry[reader.words - 1]);
		dtc_rank_write(&writer, reader.entry);
	}
	strcpy(next, "}");
	copy.length = (size_t) (writer.next - copy.bytes);
	CHECK(is_same(&copy, whole));

	CHECK(dtc_rank_text_head(&text, string, 1, &head));
	CHECK(head.kind == kind && head.groups == 10 && head.rows == MOST &&
		  head.ignored == 7);
	dtc_rank_write_start(&writer, kind, again.bytes);
	while ((more = dtc_rank_text_next(&text, entry)) > 0)
		dtc_rank_write(&writer, entry);
	CHECK_INT(more, 0);
	again.length = (size_t) (writer.next - again.bytes);
	CHECK(is_same(&again, whole));
}

/* Group of each row by its definition, 1 + floor(n * B / W), at most n. */
static void
check_groups(DtcRankKind kind, const Row *row, size_t n, const Run *whole)
{
	static const int nested[] = {100, 20, 10, 5};
	uint64_t cuts[4][100];
	double score[100];
	int64_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += row[i].units;
	for (int g = 0; g < 4; g++)
	{
		CHECK_INT(dtc_rank_cuts(kind, whole->bytes, whole->length, nested[g],
								score, NULL),
				  total == 0 ? DTC_RANK_EMPTY : DTC_RANK_OK);
		for (int k = 0; k < nested[g] - 1; k++)
			cuts[g][k] = total == 0 ? 0 : dtc_rank_key(score[k]);
	}
	for (size_t i = 0; i < n && total > 0; i++)
	{
		uint64_t key = dtc_rank_key(row[i].score);
		int64_t below = 0;
		int group[4];
		int right = 1;

		for (size_t j = 0; j < n; j++)
			below += dtc_rank_key(row[j].score) < key ? row[j].units : 0;
		for (int g = 0; g < 4; g++)
		{
			int64_t defined = 1 + nested[g] * below / total;

			group[g] = dtc_rank_group(key, cuts[g], nested[g] - 1);
			if (defined > nested[g])
				defined = nested[g];
			right &= group[g] == defined;
		}
		right &= group[1] == (group[0] + 4) / 5 &&
				 group[2] == (group[0] + 9) / 10 &&
				 group[3] == (group[2] + 1) / 2;
		if (!right)
		{
			CHECK(!"group by the cuts is not that of the definition");
			return;
		}
	}
	CHECK(1);
}

int
main(void)
{
	static Run whole;
	Row row[MOST];

	for (int c = 0; c < CASES; c++)
	{
		DtcRankKind kind = c % 2 == 0 ? DTC_RANK_INTEGER : DTC_RANK_FLOAT;
		size_t n = c % 20 == 0 ? rnd(MOST + 1) : rnd(24);
		int shape = (int) rnd(SCORE_SHAPES);
		int heavy = rnd(8) == 0;

		for (size_t i = 0; i < n; i++)
		{
			row[i].score = random_score(shape, 8);
			row[i].units = rnd(4) == 0 ? 0
						   : heavy     ? (int64_t) rnd(UINT64_C(1) << 40)
									   : (int64_t) rnd(13);
		}
		make_run(kind, row, n, &whole);
		check_merges(kind, row, n, &whole);
		check_round_trips(kind, &whole);
		check_groups(kind, row, n, &whole);
	}
	return unit_done("rank_laws");
}
