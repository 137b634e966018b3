/*
 * edit_column.h
 *		One column of the table of optimal string alignment, all rows at a time.
 *
 * Source: H. Hyyro, "A Bit-Vector Algorithm for Computing Levenshtein and
 * Damerau Edit Distances", 2003.
 */
#ifndef DTC_EDIT_COLUMN_H
#define DTC_EDIT_COLUMN_H

#include <stdint.h>

typedef struct DtcEditColumn
{
	uint64_t plus, minus, zero, before;
	int last;  /* row of the pattern's last letter */
	int edits; /* between the pattern and the letters so far */
} DtcEditColumn;

/* len: letters of the pattern, 1 to 64. */
static inline DtcEditColumn
dtc_edit_begin(int len)
{
	return (DtcEditColumn){~UINT64_C(0), 0, 0, 0, len - 1, len};
}

/* One letter more; here: rows of the pattern that have it, the first lowest. */
static inline void
dtc_edit_add(DtcEditColumn *c, uint64_t here)
{
	uint64_t exchange = ((~c->zero & here) << 1) & c->before;
	uint64_t up, down;

	c->zero =
		(((here & c->plus) + c->plus) ^ c->plus) | here | c->minus | exchange;
	up = c->minus | ~(c->zero | c->plus);
	down = c->zero & c->plus;
	c->edits += (int) (up >> c->last & 1) - (int) (down >> c->last & 1);
	up = up << 1 | 1;
	down <<= 1;
	c->plus = down | ~(c->zero | up);
	c->minus = up & c->zero;
	c->before = here;
}

#endif
