/*
 * rank_relation.h
 *		rank_cuts(relation, score, weight, groups, condition) and its parts.
 *
 * rank_by.c			rank_cuts_by(relation, ...), which needs no more than this
 * rank_expression.c	what the caller wrote
 * rank_guess.c			where the cuts probably are
 * rank_node.c			one scan as a node of the executor, where that can be
 * rank_relation.c		scans, and the cuts
 */
#ifndef DTSEN_RANK_RELATION_H
#define DTSEN_RANK_RELATION_H

#include "executor/spi.h"
#include "ranking/rank_scan.h"

/* What is ranked, and what is known of it so far. */
typedef struct DtRankRelation
{
	const char *function; /* that was called, for errors */
	const char *name;     /* quoted and qualified */
	const char *alias;    /* quoted */
	const char *score;    /* expressions as SQL, in parentheses */
	const char *weight;
	const char *condition; /* NULL: none */
	const char *by;        /* of rank_cuts_by() */
	DtcRankKind kind;
	int unit;
	bool has_unit;
	double rows;      /* estimate; < 0: not known, and no sample possible */
	int scans;        /* of the whole relation */
	int64 total_rows; /* what the first of them saw */
	bool misfit;      /* the weights do not fit 128 bits */
} DtRankRelation;

/* rank_expression.c */
extern void dtsen_rank_describe(DtRankRelation *r, Oid relation,
								const char *score, const char *weight,
								const char *condition);
extern void dtsen_rank_describe_by(DtRankRelation *r, Oid relation,
								   const char *by, Oid *type);

/* rank_guess.c */
extern void dtsen_rank_guess_span(DtRankRelation *r,
								  DtcScanInterval *interval);
extern int dtsen_rank_guess(DtRankRelation *r, int groups,
							DtcScanInterval *interval);

/* rank_node.c */
extern void dtsen_rank_node_init(void);
extern bool dtsen_rank_run_node(SPIPlanPtr prepared, const char *query,
								DestReceiver *to);

/* rank_relation.c */
extern DtRankScan *dtsen_rank_run_scan(DtRankRelation *r, bool collect,
									   DtcScanInterval *interval,
									   int intervals, double share, int seed);
extern void dtsen_rank_kept_rows(const DtRankScan *scan, DtRankView *view);
extern bool dtsen_rank_has_rows(const DtRankScan *scan);
extern bool dtsen_rank_choose_unit(DtRankRelation *r,
								   const DtRankScanHead *head, int64 rows);

#endif /* DTSEN_RANK_RELATION_H */
