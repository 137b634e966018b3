/*
 * nik.h
 *		What the digits of a NIK and of a family card number say.
 *
 * NIK: 2 digits province, 2 regency, 2 district, then day, month, year of
 * birth of two digits each, the day of a woman plus 40, then a serial of four
 * digits from 0001. Family card number (NKK): the same with the date of
 * recording, without the 40. There is no check digit (UU 23/2006 as changed by
 * UU 24/2013; Permendagri 108/2019 for the form of the numbers).
 */
#ifndef DTC_NIK_H
#define DTC_NIK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/digits.h"
#include "core/status.h"

/*
 * Faults of a number that has 16 digits, in the order in which they are
 * reported. Bits of a set.
 */
typedef enum DtcNikFault
{
	DTC_NIK_REGION_MALFORMED = 1 << 0, /* a part of the region is 00 */
	DTC_NIK_REGION_UNKNOWN = 1 << 1,   /* no region past or present */
	DTC_NIK_DAY_IMPOSSIBLE = 1 << 2,   /* day digits name no day */
	DTC_NIK_MONTH_IMPOSSIBLE = 1 << 3, /* month digits are not 01 to 12 */
	DTC_NIK_DATE_IMPOSSIBLE = 1 << 4,  /* 30 February and the like */
	DTC_NIK_DATE_IN_FUTURE = 1 << 5,   /* exists only after the day asked */
	DTC_NIK_SERIAL_ZERO = 1 << 6       /* serial 0000 is never given */
} DtcNikFault;

#define DTC_NIK_FAULTS 7

/* 'P'erempuan or 'L'aki-laki; 0 when the day digits name no day */
#define DTC_NIK_MALE 'L'
#define DTC_NIK_FEMALE 'P'

/* largest distance that dtc_nik_neighbours() enumerates */
#define DTC_NIK_NEIGHBOURS_MAX 3
/* strings within one edit, itself included: 16 * 9 + 15 swaps + 1 */
#define DTC_NIK_KEYS_MAX 160

/* Called with each neighbour in ascending order; false stops. */
typedef bool (*DtcNikEmit)(int64_t nik, void *state);

/* diagonals of the matrix that are of use below that distance, and one more
 * on either side */
#define DTC_NIK_DIAGONALS (2 * (DTC_NIK_NEIGHBOURS_MAX / 2) + 3)

/* Where a walk over the values within a distance is. */
typedef struct DtcNikWalk
{
	int8_t digit[DTC_DIGITS + 4];  /* of the value asked for, and two beside */
	int8_t chosen[DTC_DIGITS + 1]; /* of the value being built, after one */
	/* row j: cells (j + offset, j) of the matrix */
	int8_t cell[DTC_DIGITS + 1][DTC_NIK_DIAGONALS];
	int k;
	int known; /* digits chosen whose rows are filled */
} DtcNikWalk;

/* One difference of an alignment of two numbers. */
typedef enum DtcNikEditKind
{
	DTC_NIK_REPLACE, /* digit at position became another */
	DTC_NIK_SWAP,    /* digits at position and position + 1 changed places */
	DTC_NIK_DELETE,  /* digit of the first at position is missing */
	DTC_NIK_INSERT   /* digit of the second at position is new */
} DtcNikEditKind;

typedef struct DtcNikEdit
{
	DtcNikEditKind kind;
	int position; /* in the first number (INSERT: in the second), from 1 */
	int from;     /* digit of the first number, -1 for INSERT */
	int to;       /* digit of the second number, -1 for DELETE */
} DtcNikEdit;

extern int64_t dtc_nik_district(int64_t number);
extern int dtc_nik_sex(int64_t nik);
extern int dtc_nik_serial(int64_t number);
extern bool dtc_nik_birth_date(int64_t nik, int32_t asof, int32_t *date);
extern bool dtc_nkk_date(int64_t nkk, int32_t asof, int32_t *date);
extern unsigned dtc_nik_faults(int64_t nik);
extern unsigned dtc_nkk_faults(int64_t nkk);
extern unsigned dtc_nik_faults_asof(int64_t nik, int32_t asof);
extern unsigned dtc_nkk_faults_asof(int64_t nkk, int32_t asof);
extern const char *dtc_nik_fault_code(DtcNikFault fault);

/* nik_distance.c */
extern int dtc_nik_distance(int64_t a, int64_t b);
extern bool dtc_nik_within(int64_t a, int64_t b, int64_t k);
extern bool dtc_nik_lost_digit(int64_t a, int64_t b);
extern int dtc_nik_keys(int64_t nik, int64_t *keys);
extern DtcStatus dtc_nik_neighbours(int64_t nik, int k, DtcNikEmit emit,
									void *state);
extern DtcStatus dtc_nik_walk_begin(DtcNikWalk *walk, int64_t nik, int k);
extern int64_t dtc_nik_walk_next(DtcNikWalk *walk, int64_t from);
extern int dtc_nik_align(int64_t a, int64_t b, DtcNikEdit *edits);

/*
 * nik_tree.c: patterns of 16 nibbles, the first digit highest, where 15 is a
 * digit that is not known. A prefix marks one or two positions, or none.
 */
#define DTC_NIK_BRANCH 14
#define DTC_NIK_BRANCH2 13
#define DTC_NIK_NOTHING_KNOWN UINT64_MAX

/* Shifts of the nibbles that a node looks at, -1 for none. */
typedef struct DtcNikBranch
{
	int first;
	int second;
} DtcNikBranch;

#define DTC_NIK_CHILDREN 100 /* most children of a node */

extern int dtc_nik_bound(uint64_t pattern, uint64_t digits, int limit);
extern void dtc_nik_bounds(uint64_t pattern, DtcNikBranch branch,
						   uint64_t digits, uint8_t *bounds);
extern DtcNikBranch dtc_nik_branch(uint64_t prefix);
extern uint64_t dtc_nik_shared(uint64_t prefix);
extern bool dtc_nik_is_digits(uint64_t packed);
extern bool dtc_nik_agrees(uint64_t pattern, uint64_t digits);
extern int dtc_nik_split(uint64_t prefix, uint64_t digits, uint64_t *upper,
						 uint64_t *lower);
extern uint64_t dtc_nik_divide(const uint64_t *digits, int count);

#endif /* DTC_NIK_H */
