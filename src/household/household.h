/*
 * household.h
 *		Type keluarga: a family's roster.
 *
 * keluarga.c			input and output, making one of rows
 * keluarga_ops.c		comparison, hashing, containment
 * keluarga_gin.c		inverted index over members
 * keluarga_members.c	accessors and checks
 */
#ifndef DTSEN_HOUSEHOLD_H
#define DTSEN_HOUSEHOLD_H

#include "core/roster.h"

/* Columns of the row type anggota_keluarga. */
typedef enum AnggotaPart
{
	ANGGOTA_NIK,
	ANGGOTA_HUBUNGAN,
	ANGGOTA_KELAMIN,
	ANGGOTA_TANGGAL_LAHIR,
	ANGGOTA_KAWIN,
	ANGGOTA_SEKOLAH,
	ANGGOTA_DISABILITAS,
	ANGGOTA_HAMIL,
	ANGGOTA_PARTS
} AnggotaPart;

extern const unsigned char *dtsen_keluarga_bytes(Datum datum, int *n);
extern int dtsen_keluarga_unpack(Datum datum, DtcMember *members);

#endif /* DTSEN_HOUSEHOLD_H */
