/*
 * test_rank_scan.c
 *		Scans by plans against the cuts of a run, over random rows.
 */
#include "unit.h"

#include "core/rank_scan.h"
#include "rank_random.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define MOST_ROWS 300
#define MOST_GROUPS 200
#define PROCESSES 3

typedef struct Rows
{
	DtcRankKind kind;
	int unit;
	int n;
	uint64_t key[MOST_ROWS];
	uint64_t weight[MOST_ROWS]; /* as in an entry */
	unsigned char run[MOST_ROWS * DTC_RANK_MAX_ENTRY_BYTES];
	size_t length;
} Rows;

/* The run of the rows whose keys a plan wants, or of all. */
static size_t
make_run(const Rows *rows, const DtcScan *scan, unsigned char *out)
{
	int words = dtc_rank_words(rows->kind);
	uint64_t entries[MOST_ROWS * DTC_RANK_MAX_WORDS];
	size_t count = 0;
	DtcRankReader all;
	DtcRankReader none;
	DtcRankWriter writer;
	uint32_t place;

	for (int i = 0; i < rows->n; i++)
	{
		uint64_t *entry = entries + count * words;

		if (scan != NULL && !dtc_scan_place(scan, rows->key[i], &place))
			continue;
		entry[0] = rows->key[i];
		entry[1] = rows->weight[i];
		if (words == 3)
			entry[2] = 1;
		count++;
	}
	dtc_rank_sort(entries, count, rows->kind, NULL);
	dtc_rank_read_array(&all, rows->kind, entries,
						dtc_rank_fold(entries, count, rows->kind, NULL));
	dtc_rank_read_run(&none, rows->kind, out, 0);
	dtc_rank_write_start(&writer, rows->kind, out);
	dtc_rank_merge(&all, &none, &writer, NULL);
	return (size_t) (writer.next - out);
}

/* Reads a plan from its bytes into a scan with arrays of its own. */
static void
scan_open(DtcScan *scan, const unsigned char *bytes, size_t length)
{
	CHECK(dtc_scan_plan_head(&scan->plan, bytes, length));
	scan->interval =
		calloc((size_t) scan->plan.intervals + 1, sizeof(DtcScanInterval));
	scan->low = calloc((size_t) scan->plan.intervals + 1, sizeof(uint64_t));
	scan->bucket = calloc(scan->plan.buckets + 1, sizeof(DtcAmount));
	scan->gap = calloc((size_t) scan->plan.intervals + 1, sizeof(DtcAmount));
	scan->total = (DtcAmount){0, 0};
	CHECK(dtc_scan_plan_read(scan, bytes, length));
}

static void
scan_close(DtcScan *scan)
{
	free(scan->interval);
	free(scan->low);
	free(scan->bucket);
	free(scan->gap);
}

/* Adds rows first, first + step, ... */
static void
scan_rows(DtcScan *scan, const Rows *rows, int first, int step)
{
	for (int i = first; i < rows->n; i += step)
	{
		DtcAmount amount = {rows->weight[i], 0};
		uint32_t place;

		if (rows->kind == DTC_RANK_FLOAT)
			CHECK(dtc_amount_of_weight(
				&amount, dtc_rank_weight(rows->weight[i]), rows->unit));
		CHECK(dtc_amount_add(&scan->total, amount));
		if (dtc_scan_place(scan, rows->key[i], &place))
			dtc_amount_add(&scan->bucket[place], amount);
		else
			dtc_amount_add(&scan->gap[place], amount);
	}
}

static void
scan_merge(DtcScan *scan, const DtcScan *other)
{
	dtc_amount_add(&scan->total, other->total);
	for (uint32_t i = 0; i < scan->plan.buckets; i++)
		dtc_amount_add(&scan->bucket[i], other->bucket[i]);
	for (int i = 0; i <= scan->plan.intervals; i++)
		dtc_amount_add(&scan->gap[i], other->gap[i]);
}

/* One scan by several processes, merged; its rows if they are collected. */
static DtcRankStatus
one_scan(const Rows *rows, const DtcScanPlan *plan,
		 const DtcScanInterval *interval, int groups, DtcScanCut *cuts)
{
	static unsigned char
		bytes[DTC_SCAN_PLAN_HEADER + MOST_GROUPS * DTC_SCAN_PLAN_INTERVAL];
	static unsigned char run[MOST_ROWS * DTC_RANK_MAX_ENTRY_BYTES];
	size_t length = dtc_scan_plan_write(plan, interval, bytes);
	size_t run_length = 0;
	DtcScan scan;
	DtcRankStatus status;

	scan_open(&scan, bytes, length);
	for (int p = 0; p < PROCESSES; p++)
	{
		DtcScan part;

		scan_open(&part, bytes, length);
		scan_rows(&part, rows, p, PROCESSES);
		scan_merge(&scan, &part);
		scan_close(&part);
	}
	if (plan->collect)
		run_length = make_run(rows, &scan, run);
	status = dtc_scan_cuts(&scan, run, run_length, plan->collect, groups, cuts,
						   NULL);
	scan_close(&scan);
	return status;
}

/* Random intervals, ascending and disjoint. */
static int
random_plan(DtcScanInterval *interval)
{
	int n = (int) rnd(4);
	uint64_t at = 0;

	for (int i = 0; i < n; i++)
	{
		uint64_t low = at + rnd(UINT64_C(1) << 62);
		uint64_t high = low + rnd(UINT64_C(1) << (1 + rnd(62)));

		dtc_scan_interval(&interval[i], low, high, 1 + (uint32_t) rnd(20));
		if (high == UINT64_MAX || high < low)
			return i;
		at = high + 1;
	}
	return n;
}

/*
 * Random rows; a first plan of any kind, then the cells that are left, until
 * every cut is found. Compared with dtc_rank_cuts() of the same rows.
 */
static void
test_case(void)
{
	static Rows rows;
	static DtcScanInterval interval[MOST_GROUPS];
	static DtcScanCut cuts[MOST_GROUPS];
	static double expected[MOST_GROUPS];
	int shape = (int) rnd(SCORE_SHAPES);
	int groups = 2 + (int) rnd(rnd(10) == 0 ? MOST_GROUPS - 2 : 12);
	int collect = (int) rnd(2);
	DtcRankStatus status;
	DtcScanPlan plan = {0};
	int scans = 0;

	rows.kind = rnd(2) ? DTC_RANK_INTEGER : DTC_RANK_FLOAT;
	rows.unit = rows.kind == DTC_RANK_FLOAT ? -20 : 0;
	rows.n = (int) rnd(rnd(10) == 0 ? MOST_ROWS : 30);
	for (int i = 0; i < rows.n; i++)
	{
		uint64_t units = rnd(4) == 0 ? 0 : rnd(20000);

		rows.key[i] = dtc_rank_key(random_score(shape, shape == 0 ? 12 : 300));
		rows.weight[i] =
			rows.kind == DTC_RANK_INTEGER
				? units
				: dtc_rank_weight_bits(ldexp((double) units, -20));
	}
	rows.length = make_run(&rows, NULL, rows.run);
	status = dtc_rank_cuts(rows.kind, rows.run, rows.length, groups, expected,
						   NULL);

	plan.kind = rows.kind;
	plan.unit = rows.unit;
	plan.collect = collect;
	plan.intervals = random_plan(interval);
	for (int k = 0; k < groups; k++)
		cuts[k] = (DtcScanCut){0, 0, UINT64_MAX};
	for (;;)
	{
		int left = 0;
		uint64_t last = 0;

		if (!CHECK_INT(one_scan(&rows, &plan, interval, groups, cuts),
					   status) ||
			status != DTC_RANK_OK)
			return;
		for (int k = 0; k < groups - 1; k++)
		{
			uint64_t key = dtc_rank_key(expected[k]);

			if (key < cuts[k].low || key > cuts[k].high ||
				(cuts[k].found && cuts[k].low != cuts[k].high))
			{
				CHECK(!"the cut lies elsewhere");
				return;
			}
			if (!cuts[k].found && (left == 0 || cuts[k].low > last))
			{
				dtc_scan_interval(&interval[left++], cuts[k].low, cuts[k].high,
								  2 + (uint32_t) rnd(60));
				last = cuts[k].high;
			}
		}
		if (left == 0)
			break;
		if (++scans > 70)
		{
			CHECK(!"no end");
			return;
		}
		plan.intervals = left;
	}
	/* with the rows one look into the right places is enough */
	CHECK(scans <= (collect ? 1 : 65));
}

/* Arithmetic against numbers that doubles and 64 bits hold. */
static void
test_amounts(void)
{
	DtcAmount a;
	DtcAmount share;

	for (int i = 0; i < 20000; i++)
	{
		uint64_t whole = rnd(UINT64_C(1) << 40);
		uint32_t n = 2 + (uint32_t) rnd(DTC_RANK_MAX_GROUPS - 1);
		uint32_t k = 1 + (uint32_t) rnd(n);
		int unit = -(int) rnd(60);

		dtc_amount_share(&share, (DtcAmount){whole, 0}, k, n);
		CHECK(share.high == 0 && share.low == (whole * k + n - 1) / n);
		/* the same 64 bits higher: ceil(2^64 x) lies between */
		dtc_amount_share(&share, (DtcAmount){0, whole}, k, n);
		CHECK(share.high == whole * k / n);
		CHECK(dtc_amount_of_weight(&a, ldexp((double) whole, unit), unit));
		CHECK(a.low == whole && a.high == 0);
		CHECK(
			whole % 2 == 0 ||
			!dtc_amount_of_weight(&a, ldexp((double) whole, unit), unit + 1));
	}
	CHECK(dtc_amount_of_weight(&a, 3.0, -100));
	CHECK(a.low == 0 && a.high == UINT64_C(3) << 36);
	CHECK(!dtc_amount_of_weight(&a, 1e300, -100));
	CHECK(dtc_amount_of_weight(&a, 5e-324, -1074) && a.low == 1);
	CHECK(dtc_amount_of_weight(&a, 0, 5) && a.low == 0 && a.high == 0);
	a = dtc_amount_times((DtcAmount){UINT64_MAX, 1}, 7);
	CHECK(a.low == UINT64_MAX - 6 && a.high == 7 + 6);
	a = (DtcAmount){UINT64_MAX, UINT64_MAX};
	CHECK(!dtc_amount_add(&a, (DtcAmount){1, 0}));
	a = (DtcAmount){UINT64_MAX, UINT64_MAX - 1};
	CHECK(dtc_amount_add(&a, (DtcAmount){UINT64_MAX, 0}));
}

/* Random bytes are refused or make a plan whose every key has a place. */
static void
test_plans(void)
{
	unsigned char bytes[DTC_SCAN_PLAN_HEADER + 4 * DTC_SCAN_PLAN_INTERVAL];
	DtcScanInterval interval[4];
	int taken = 0;
	int refused = 0;

	for (int i = 0; i < 30000; i++)
	{
		DtcScanPlan plan = {DTC_RANK_INTEGER, 0, 1, random_plan(interval), 0};
		size_t length = dtc_scan_plan_write(&plan, interval, bytes);
		DtcScan scan;
		uint32_t place;

		if (i % 3 != 0)
			bytes[rnd(length)] = (unsigned char) rnd(256);
		if (!dtc_scan_plan_head(&scan.plan, bytes, length))
		{
			refused++;
			continue;
		}
		scan.interval =
			calloc((size_t) scan.plan.intervals + 1, sizeof(DtcScanInterval));
		scan.low = calloc((size_t) scan.plan.intervals + 1, sizeof(uint64_t));
		if (dtc_scan_plan_read(&scan, bytes, length))
		{
			taken++;
			for (int j = 0; j < 20; j++)
			{
				uint64_t key = j == 0 ? UINT64_MAX
							   : scan.plan.intervals > 0 && j < 8
								   ? scan.low[0] + rnd(3) - 1
								   : rnd(UINT64_MAX);

				if (dtc_scan_place(&scan, key, &place))
					CHECK(place < scan.plan.buckets);
				else
					CHECK((int) place <= scan.plan.intervals);
			}
		}
		else
		{
			CHECK(i % 3 != 0);
			refused++;
		}
		free(scan.interval);
		free(scan.low);
	}
	CHECK(taken > 5000 && refused > 5000);
	CHECK(!dtc_scan_plan_head(&(DtcScanPlan){0}, bytes, 3));
}

/* RANK_CASES in the environment makes the run longer. */
int
main(void)
{
	const char *cases = getenv("RANK_CASES");
	long n = cases != NULL ? atol(cases) : 4000;

	test_amounts();
	test_plans();
	for (long i = 0; i < n; i++)
		test_case();
	return unit_done("rank_scan");
}
