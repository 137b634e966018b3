/*
 * wilayah.h
 *		Reference table of Kemendagri's region codes, present and retired.
 *
 * A code is its digits padded to ten: 3216010000 for 32.16.01. The table is
 * part of the program and ages with it; nothing that decides whether a value
 * may be stored rests on it.
 */
#ifndef DTC_WILAYAH_H
#define DTC_WILAYAH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum
{
	DTC_WILAYAH_UNKNOWN, /* in no edition of the table */
	DTC_WILAYAH_PRESENT, /* in the latest edition */
	DTC_WILAYAH_RETIRED  /* in an earlier edition only */
} DtcWilayahStatus;

typedef struct
{
	int64_t code;      /* padded to ten digits */
	int64_t parent;    /* one level up, 0 for a province */
	int64_t successor; /* of a retired code, 0 if none is known */
	int level;         /* 1 province, 2 regency, 3 district, 4 village */
	DtcWilayahStatus status;
	const char *name; /* UTF-8, name_len bytes, not terminated by a NUL */
	size_t name_len;
	int edition;        /* place of the last edition that lists the code */
	int edition_year;   /* the year that edition goes by */
	const char *decree; /* of that edition */
	const char *decree_date; /* yyyy-mm-dd */
} DtcWilayah;

/* Rows of the table: every present and every retired code. */
extern int32_t dtc_wilayah_count(void);

/*
 * The index of a code, or -1 if the table does not hold it.
 * 17 comparisons.
 */
extern int32_t dtc_wilayah_find(int64_t code);

/*
 * The index of the first row whose code is not below the given one;
 * dtc_wilayah_count() if there is none. Rows are in the order of the codes, so
 * what lies inside a region follows the region itself.
 */
extern int32_t dtc_wilayah_lower_bound(int64_t code);

/*
 * Fills *row with the row at an index. Returns false, and leaves *row alone,
 * if there is no such row. The strings live as long as the program.
 */
extern bool dtc_wilayah_get(int32_t index, DtcWilayah *row);

/*
 * What is known of the district (first six digits) of a code of ten digits;
 * the other four are ignored. A code without a district is unknown. This is
 * the question that every NIK asks: two array look-ups, no search.
 */
extern DtcWilayahStatus dtc_wilayah_district_status(int64_t code);

/*
 * True if the table keeps its own rules: codes ascending, every parent and
 * every successor in the table, successors present and of the same level,
 * names inside the pool, district bits equal to the rows. One pass of the
 * table; for tests and for builds with assertions.
 */
extern bool dtc_wilayah_table_is_sound(void);

#endif /* DTC_WILAYAH_H */
