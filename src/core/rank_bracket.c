/*
 * rank_bracket.c
 *		Where cuts probably lie, from a sample of the rows.
 *
 * Nothing here need be exact: a wrong guess costs a scan, not a cut.
 */
#include "core/rank_scan.h"

static double
entry_weight(const DtcRankReader *rows)
{
	if (rows->words == 2)
		return (double) rows->entry[1];
	return dtc_rank_weight(rows->entry[1]) * (double) rows->entry[2];
}

static double
run_weight(DtcRankKind kind, const unsigned char *run, size_t length)
{
	DtcRankReader rows;
	double total = 0;

	dtc_rank_read_run(&rows, kind, run, length);
	while (dtc_rank_next(&rows) > 0)
		total += entry_weight(&rows);
	return total;
}

/*
 * key[i] = score key below or at which share[i] of the weight of a run lies.
 * share: n of them, ascending; those <= 0 give the first key, those >= 1 the
 * last. Returns the weight of the run, 0 if nothing could be found.
 */
double
dtc_bracket_of_run(DtcRankKind kind, const unsigned char *run, size_t length,
				   const double *share, int n, uint64_t *key)
{
	DtcRankReader rows;
	double total = run_weight(kind, run, length);
	double sum = 0;
	int i = 0;

	dtc_rank_read_run(&rows, kind, run, length);
	while (i < n && dtc_rank_next(&rows) > 0)
	{
		sum += entry_weight(&rows);
		while (i < n && (share[i] <= 0 || sum >= share[i] * total))
			key[i++] = rows.entry[0];
	}
	while (i < n)
		key[i++] = rows.entry[0];
	return total;
}

/* share[i] = part of the weight of a run at or below key[i], ascending. */
void
dtc_bracket_shares(DtcRankKind kind, const unsigned char *run, size_t length,
				   const uint64_t *key, int n, double *share)
{
	DtcRankReader rows;
	double total = run_weight(kind, run, length);
	double sum = 0;
	int i = 0;

	dtc_rank_read_run(&rows, kind, run, length);
	while (i < n && dtc_rank_next(&rows) > 0)
	{
		while (i < n && rows.entry[0] > key[i])
			share[i++] = total > 0 ? sum / total : 0;
		sum += entry_weight(&rows);
	}
	while (i < n)
		share[i++] = total > 0 ? sum / total : 0;
}

/*
 * low[i], high[i] = keys of the cell in which share[i] of the weight of a scan
 * is reached. share: n of them, ascending, within 0 to 1.
 */
void
dtc_bracket_of_scan(const DtcScan *scan, const double *share, int n,
					uint64_t *low, uint64_t *high)
{
	DtcScanCells cells;
	double total = dtc_amount_value(scan->total, 0);
	double sum = 0;
	int i = 0;

	dtc_scan_cells(&cells, scan);
	while (i < n && dtc_scan_next(&cells))
	{
		sum += dtc_amount_value(cells.sum, 0);
		while (i < n && (share[i] <= 0 || sum >= share[i] * total))
		{
			low[i] = cells.low;
			high[i++] = cells.high;
		}
	}
	for (; i < n; i++)
	{
		low[i] = cells.low;
		high[i] = cells.high;
	}
}
