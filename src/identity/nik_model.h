/*
 * nik_model.h
 *		How the numbers of a column of NIKs are distributed.
 */
#ifndef DTSEN_NIK_MODEL_H
#define DTSEN_NIK_MODEL_H

#include "postgres.h"

#define NIK_SERIAL_CLASSES 14 /* 1, 2-3, 4-7, ... 8192-9999 */

/* How the numbers of a column are distributed. */
typedef struct NikModel
{
	const Datum *bounds; /* histogram, ascending */
	int nbounds;
	double share;      /* of rows that the histogram stands for */
	double valid;      /* share of values with a possible date */
	double decade[10]; /* share of years by their first digit */
	double serial[NIK_SERIAL_CLASSES]; /* share of serials by size */
} NikModel;

extern void dtsen_nik_fit(NikModel *model, const Datum *bounds, int nbounds,
						  double share);
extern double dtsen_nik_neighbour_share(const NikModel *model, int64 nik,
										int k);

#endif /* DTSEN_NIK_MODEL_H */
