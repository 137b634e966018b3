/*
 * Runs of a stat_state: whatever dtc_rank_check() lets pass, every statistic
 * must read to its end, and say the same twice; nothing may read past the end.
 * The first byte says where the second run, of families or benefits, begins.
 */
#include "core/stat.h"
#include "fuzz.h"

#define NUMBERS 5

/* Notes a statistic: its status, and its numbers if there are any. */
typedef struct Said
{
	bool refuses; /* scores that some indices refuse to read */
	size_t count;
	double number[256];
} Said;

static void
say(Said *said, DtcRankStatus status, const double *numbers, int n)
{
	MUST(status == DTC_RANK_OK || status == DTC_RANK_EMPTY ||
		 status == DTC_RANK_OVERFLOW ||
		 (status == DTC_RANK_CORRUPT && said->refuses));
	said->number[said->count++] = status;
	for (int i = 0; i < n && status == DTC_RANK_OK; i++)
		said->number[said->count++] = numbers[i];
}

static void
quantiles(const DtcStatRun *run, Said *said)
{
	static const DtcFraction fraction[NUMBERS] = {
		{0, 0}, {1, 1}, {5, 1}, {99999, 5}, {1, 0}};
	double number[NUMBERS] = {0};
	DtcRankStatus status;

	status = dtc_stat_percentiles(run, fraction, NUMBERS, number, NULL);
	say(said, status, number, NUMBERS);
	for (int i = 1; i < NUMBERS && status == DTC_RANK_OK; i++)
		MUST(dtc_rank_key(number[i - 1]) <= dtc_rank_key(number[i]));
	for (int i = 0; i < NUMBERS; i++)
	{
		double one = 0;

		say(said, dtc_stat_percentile_disc(run, &fraction[i], &one, NULL),
			&one, 1);
		if (status == DTC_RANK_OK)
			MUST(dtc_rank_key(one) == dtc_rank_key(number[i]));
		say(said, dtc_stat_percentile_cont(run, &fraction[i], &one, NULL),
			&one, 1);
	}
	say(said, dtc_stat_median(run, number, NULL), number, 1);
}

static void
indices(const DtcStatRun *run, Said *said)
{
	static const double points[NUMBERS] = {0, 0.1, 0.4, 0.9, 1};
	static const double parameters[NUMBERS] = {-1, 0, 0.5, 1, 2};
	double number[NUMBERS] = {0};

	say(said, dtc_stat_lorenz(run, points, NUMBERS, 1, number, NULL), number,
		NUMBERS);
	say(said, dtc_stat_gini(run, number, NULL), number, 1);
	say(said, dtc_stat_quintile_ratio(run, number, NULL), number, 1);
	say(said, dtc_stat_below(run, 1, number, NULL), number, 1);
	say(said, dtc_stat_watts(run, number, NULL), number, 1);
	for (int i = 0; i < NUMBERS; i++)
	{
		say(said, dtc_stat_entropy(run, parameters[i], number, NULL), number,
			1);
		if (parameters[i] > 0)
			say(said, dtc_stat_atkinson(run, parameters[i], number, NULL),
				number, 1);
		if (parameters[i] >= 0)
			say(said, dtc_stat_fgt(run, parameters[i], number, NULL), number,
				1);
	}
}

/* Two runs need not be of the same rows: then the second one is corrupt. */
static void
two_runs(const DtcStatRun *run, const DtcStatRun *second)
{
	static const double points[NUMBERS] = {0, 0.1, 0.4, 0.9, 1};
	DtcStatIncome income = {*run, *second};
	DtcStatGroup table[NUMBERS];
	double number[NUMBERS];

	if (second->kind == DTC_RANK_INTEGER)
	{
		(void) dtc_stat_table(run, second, NUMBERS, table, NULL);
		return;
	}
	(void) dtc_stat_concentration(&income, number, NULL);
	(void) dtc_stat_concentration_curve(&income, points, NUMBERS, 1, number,
										NULL);
	(void) dtc_stat_incidence(&income, NUMBERS, table, NULL);
}

/* Is there a score below or equal to 0, whose logarithm nobody takes? */
static bool
has_low_score(const DtcStatRun *run)
{
	DtcRankReader reader;

	dtc_rank_read_run(&reader, run->kind, run->bytes, run->length);
	return dtc_rank_next(&reader) > 0 && reader.entry[0] <= dtc_rank_key(0);
}

static bool
is_run(const DtcStatRun *run)
{
	DtcRankSums sums;

	return dtc_rank_check(run->kind, run->bytes, run->length, &sums, NULL) ==
		   DTC_RANK_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t first = size == 0 ? 0 : data[0];
	char *a;
	char *b;

	if (size == 0)
		return 0;
	if (first > size - 1)
		first = size - 1;
	a = exact(data + 1, first);
	b = exact(data + 1 + first, size - 1 - first);
	for (int kind = DTC_RANK_INTEGER; kind <= DTC_RANK_FLOAT; kind++)
	{
		DtcStatRun run = {(DtcRankKind) kind, (unsigned char *) a, first};
		Said said = {0};
		Said again = {0};

		if (!is_run(&run))
			continue;
		quantiles(&run, &said);
		quantiles(&run, &again);
		said.refuses = again.refuses = has_low_score(&run);
		indices(&run, &said);
		indices(&run, &again);
		MUST(said.count == again.count &&
			 memcmp(said.number, again.number, said.count * sizeof(double)) ==
				 0);
		for (int other = DTC_RANK_INTEGER; other <= DTC_RANK_FLOAT; other++)
		{
			DtcStatRun second = {(DtcRankKind) other, (unsigned char *) b,
								 size - 1 - first};

			if (is_run(&second))
				two_runs(&run, &second);
		}
	}
	free(a);
	free(b);
	return 0;
}
