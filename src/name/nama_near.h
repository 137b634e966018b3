/*
 * nama_near.h
 *		Candidates of a search for a name, with how similar each can be.
 */
#ifndef DTSEN_NAMA_NEAR_H
#define DTSEN_NAMA_NEAR_H

#include "access/genam.h"
#include "storage/itemptr.h"

#include "name/name.h"

/* Rows that can be equally similar, at most. */
typedef struct NamaGroup
{
	double bound;
	int class;      /* of their other words */
	uint32 pattern; /* of nama_rows.c */
	uint32 first;   /* of rows */
	uint32 n;
} NamaGroup;

struct TIDBitmap;

typedef struct NamaNear
{
	NamaGroup *group; /* the greatest bound first */
	int ngroups;
	ItemPointer row; /* within a group in no order */
	int64 nrows;
	double threshold;
} NamaNear;

/* What is kept from round to round of a search. */
typedef struct NamaFound NamaFound;

extern NamaFound *dtsen_nama_begin_found(void);
extern void dtsen_nama_forget(NamaFound *found);
extern NamaNear *dtsen_nama_near(IndexScanDesc gin, int attribute,
								 const DtNama *name, double threshold,
								 struct TIDBitmap *bitmap, NamaFound *found);

/* Threshold of the last round of an ordered search that has one. */
#define DTSEN_NAMA_LEAST_ROUND 0.25

/* nama_cost.c */
struct PlannerInfo;
struct IndexPath;
extern void dtsen_nama_cost(struct PlannerInfo *root, struct IndexPath *path,
							double loop_count, double *startup, double *total,
							double *selectivity, double *correlation,
							double *pages);

/* nama_insert.c */
struct IndexInfo;
extern bool dtsen_nama_insert(Relation index, Datum *values, bool *isnull,
							  ItemPointer tid, Relation heap,
							  IndexUniqueCheck check, bool unchanged,
							  struct IndexInfo *info);

#endif /* DTSEN_NAMA_NEAR_H */
