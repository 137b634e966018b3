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

extern NamaNear *dtsen_nama_near(IndexScanDesc gin, int attribute,
								 const DtNama *name, double threshold,
								 struct TIDBitmap *bitmap);

/* nama_insert.c */
struct IndexInfo;
extern bool dtsen_nama_insert(Relation index, Datum *values, bool *isnull,
							  ItemPointer tid, Relation heap,
							  IndexUniqueCheck check, bool unchanged,
							  struct IndexInfo *info);

#endif /* DTSEN_NAMA_NEAR_H */
