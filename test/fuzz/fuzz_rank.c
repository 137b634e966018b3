/*
 * Runs of a rank state: whatever dtc_rank_check() lets pass must merge, keep
 * its sums and give cut points; nothing may read past the end.
 */
#include "core/rank.h"
#include "fuzz.h"

static void
use_run(DtcRankKind kind, const unsigned char *run, size_t length,
		const DtcRankSums *sums)
{
	unsigned char *out = malloc(2 * length + DTC_RANK_MAX_ENTRY_BYTES);
	DtcRankReader a, b;
	DtcRankWriter writer;
	DtcRankSums merged;
	DtcRankStatus status;
	double cuts[9];

	status = dtc_rank_cuts(kind, run, length, 10, cuts, NULL);
	MUST(status == DTC_RANK_OK || status == DTC_RANK_EMPTY ||
		 status == DTC_RANK_OVERFLOW);
	for (int i = 1; i < 9 && status == DTC_RANK_OK; i++)
		MUST(dtc_rank_key(cuts[i - 1]) <= dtc_rank_key(cuts[i]));

	dtc_rank_read_run(&a, kind, run, length);
	dtc_rank_read_run(&b, kind, run, length);
	dtc_rank_write_start(&writer, kind, out);
	status = dtc_rank_merge(&a, &b, &writer, NULL);
	if (status == DTC_RANK_OK)
	{
		size_t size = (size_t) (writer.next - out);

		MUST(size <= 2 * length + DTC_RANK_MAX_ENTRY_BYTES);
		status = dtc_rank_check(kind, out, size, &merged, NULL);
		if (status == DTC_RANK_OK)
			MUST(merged.entries == sums->entries &&
				 merged.amount == 2 * sums->amount);
		else
			MUST(status == DTC_RANK_OVERFLOW);
	}
	else
		MUST(status == DTC_RANK_OVERFLOW);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int kind = DTC_RANK_INTEGER; kind <= DTC_RANK_FLOAT; kind++)
	{
		unsigned char *run = (unsigned char *) exact(data, size);
		DtcRankSums sums;

		if (dtc_rank_check((DtcRankKind) kind, run, size, &sums, NULL) ==
			DTC_RANK_OK)
			use_run((DtcRankKind) kind, run, size, &sums);
		free(run);
	}
	return 0;
}
