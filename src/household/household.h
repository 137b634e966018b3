/*
 * household.h
 *		Type keluarga: a family's roster.
 *
 * keluarga.c			input and output, making one of rows
 * keluarga_ops.c		comparison, hashing, containment
 * keluarga_members.c	accessors and checks
 */
#ifndef DTSEN_HOUSEHOLD_H
#define DTSEN_HOUSEHOLD_H

#include "core/roster.h"

extern const unsigned char *dtsen_keluarga_bytes(Datum datum, int *n);
extern int dtsen_keluarga_unpack(Datum datum, DtcMember *members);

#endif /* DTSEN_HOUSEHOLD_H */
