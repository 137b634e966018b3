/*
 * stat.h
 *		Statistics of runs: quantiles, inequality, poverty, incidence.
 *
 * All are computed from runs of (score, weight), rank.h says what those are.
 * A run is the canonical form of a multiset and every sum goes through it from
 * the lowest score to the highest in pairs of doubles (stat_math.h), so a
 * result depends on the multiset alone, to the last bit: not on the order of
 * the rows, nor on how they were split and merged, nor on the machine.
 *
 * Equal scores are one point, points without weight have no influence.
 *
 * stat_quantile.c	cut points and quantiles, compared without rounding
 * stat_index.c		points, Lorenz curve and the indices made from it
 * stat_poverty.c	poverty, concentration of a benefit, decomposition
 */
#ifndef DTC_STAT_H
#define DTC_STAT_H

#include "core/rank.h"
#include "core/stat_math.h"

typedef struct DtcStatRun
{
	DtcRankKind kind;
	const unsigned char *bytes;
	size_t length;
} DtcStatRun;

/* Reads the points of a run. */
typedef struct DtcStatReader
{
	DtcRankReader entries;
	DtcRankKind kind;
	DtcRankYield yield;
	size_t count;
	int waiting; /* the entry read last belongs to the next point */
	int state;   /* of dtc_rank_next() */
} DtcStatReader;

typedef struct DtcStatPoint
{
	double score;
	DtcPair weight; /* > 0 */
} DtcStatPoint;

/* Sums over the points of a run. */
typedef struct DtcStatTotals
{
	int64_t points;
	DtcPair weight;
	DtcPair amount; /* of weight * score */
} DtcStatTotals;

/* A group of quantile_table() and benefit_incidence(). */
typedef struct DtcStatGroup
{
	int64_t families;
	double lower; /* lowest and highest score, if any family is in it */
	double upper;
	uint64_t last; /* key of the highest score, 0 if there is none */
	DtcPair weight;
	DtcPair amount; /* of weight * score, or of weight * benefit */
} DtcStatGroup;

/* A fraction as the decimal digits * 10^-places that is written for it. */
typedef struct DtcFraction
{
	uint64_t digits; /* below 10^17 */
	int places;      /* 0 or more */
} DtcFraction;

typedef struct DtcStatIncome
{
	DtcStatRun weights;  /* (score, weight) */
	DtcStatRun benefits; /* (score, value, amount): their product is paid */
} DtcStatIncome;

/* One group of a decomposition. */
typedef struct DtcStatPart
{
	DtcStatTotals totals;
	double index; /* Gini or Theil within the group */
} DtcStatPart;

/* stat_quantile.c */
extern DtcRankStatus dtc_stat_percentile_disc(const DtcStatRun *run,
											  const DtcFraction *fraction,
											  double *score,
											  DtcRankYield yield);
extern DtcRankStatus dtc_stat_percentiles(const DtcStatRun *run,
										  const DtcFraction *ascending, int n,
										  double *scores, DtcRankYield yield);
extern DtcRankStatus dtc_stat_percentile_cont(const DtcStatRun *run,
											  const DtcFraction *fraction,
											  double *score,
											  DtcRankYield yield);
extern DtcRankStatus dtc_stat_median(const DtcStatRun *run, double *median,
									 DtcRankYield yield);
extern DtcRankStatus dtc_stat_table(const DtcStatRun *weights,
									const DtcStatRun *families, int groups,
									DtcStatGroup *table, DtcRankYield yield);

/* stat_index.c */
extern void dtc_stat_read(DtcStatReader *reader, const DtcStatRun *run,
						  DtcRankYield yield);
extern int dtc_stat_next(DtcStatReader *reader, DtcStatPoint *point);
extern DtcRankStatus dtc_stat_totals(const DtcStatRun *run,
									 DtcStatTotals *totals,
									 DtcRankYield yield);
extern DtcRankStatus dtc_stat_lorenz(const DtcStatRun *run,
									 const double *ascending, int n, double of,
									 double *ordinates, DtcRankYield yield);
extern DtcRankStatus dtc_stat_gini(const DtcStatRun *run, double *gini,
								   DtcRankYield yield);
extern DtcRankStatus dtc_stat_entropy(const DtcStatRun *run, double alpha,
									  double *entropy, DtcRankYield yield);
extern DtcRankStatus dtc_stat_atkinson(const DtcStatRun *run, double epsilon,
									   double *atkinson, DtcRankYield yield);
extern DtcRankStatus dtc_stat_quintile_ratio(const DtcStatRun *run,
											 double *ratio,
											 DtcRankYield yield);
extern double dtc_stat_gini_grouped(const double *p, const double *share,
									int n, DtcRankYield yield);

/* stat_poverty.c */
extern DtcRankStatus dtc_stat_below(const DtcStatRun *run, double line,
									double *share, DtcRankYield yield);
extern DtcRankStatus dtc_stat_fgt(const DtcStatRun *ratios, double alpha,
								  double *fgt, DtcRankYield yield);
extern DtcRankStatus dtc_stat_watts(const DtcStatRun *ratios, double *watts,
									DtcRankYield yield);
extern DtcRankStatus dtc_stat_concentration(const DtcStatIncome *income,
											double *index, DtcRankYield yield);
extern DtcRankStatus dtc_stat_concentration_curve(const DtcStatIncome *income,
												  const double *ascending,
												  int n, double of,
												  double *ordinates,
												  DtcRankYield yield);
extern DtcRankStatus dtc_stat_incidence(const DtcStatIncome *income,
										int groups, DtcStatGroup *table,
										DtcRankYield yield);
extern DtcRankStatus dtc_stat_theil_parts(const DtcStatPart *parts, int n,
										  double *within, double *between);
extern DtcRankStatus dtc_stat_gini_parts(DtcStatPart *parts, int n,
										 double *within, double *between);

#endif /* DTC_STAT_H */
