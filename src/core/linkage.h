/*
 * linkage.h
 *		How likely two records are one person: fields, levels, weights.
 *
 * After I. P. Fellegi and A. B. Sunter, "A Theory for Record Linkage", 1969:
 * each field is compared to a level, a level's weight is log2(m / u), m being
 * its share among records of one person and u among records of two. What is
 * our own: u is not one number. Two people may be strangers, strangers of one
 * regency or with neighbouring NIKs, siblings, twins or other kin, and in each case fields
 * agree together in another way. The weight of a pair is its weight against
 * the rival that explains it best, so what a whole family shares is never
 * taken for proof. docs/linkage.md explains fields, levels and rivals.
 *
 * Weights are integers, 1024ths of a bit: the same sum on every machine.
 *
 * linkage.c			model, levels, sums
 * linkage_fields.c		comparing each field
 * linkage_place.c		places of birth
 * linkage_model.c		replacing weights, logarithms
 */
#ifndef DTC_LINKAGE_H
#define DTC_LINKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/name.h"
#include "core/status.h"

#define DTC_LINK_VERSION 1 /* of fields, levels and rivals */
#define DTC_LINK_BIT 1024  /* units of a bit */

typedef enum DtcLinkField
{
	DTC_LINK_NIK,
	DTC_LINK_NAMA,
	DTC_LINK_BIRTH_DATE,
	DTC_LINK_SEX,
	DTC_LINK_MOTHER,
	DTC_LINK_BIRTH_PLACE,
	DTC_LINK_NKK,
	DTC_LINK_WILAYAH,
	DTC_LINK_FIELDS
} DtcLinkField;

/* Who two people who are not one may be to each other. */
typedef enum DtcLinkRival
{
	DTC_RIVAL_STRANGER,
	DTC_RIVAL_LOCAL,     /* strangers of one regency */
	DTC_RIVAL_NEIGHBOUR, /* strangers whose NIKs are neighbours */
	DTC_RIVAL_SIBLING,
	DTC_RIVAL_TWIN,
	DTC_RIVAL_KIN, /* parent and child, spouses, others of one family */
	DTC_LINK_RIVALS
} DtcLinkRival;

/* Levels of each field; DTC_LINK_MISSING when a side does not say. */
#define DTC_LINK_MISSING (-1)
#define DTC_LINK_LEVELS 14

enum
{
	DTC_NIK_EQUAL,
	DTC_NIK_SEX,       /* day differs by 40 */
	DTC_NIK_DAY_MONTH, /* day and month exchanged */
	DTC_NIK_EXCHANGE,  /* two neighbouring digits exchanged */
	DTC_NIK_DIGIT,     /* one digit of region or date differs */
	DTC_NIK_LENGTH,    /* a digit too few or too many */
	DTC_NIK_LAST_ZERO, /* last digit differs, and one of the two is 0 */
	DTC_NIK_REGION,    /* region alone differs */
	DTC_NIK_SERIAL,    /* serial alone differs */
	DTC_NIK_TWO_EDITS, /* two edits */
	DTC_NIK_DATE,      /* date alone is equal */
	DTC_NIK_SUSPECT,   /* differ; one contradicts its own record */
	DTC_NIK_DISTRICT,  /* region alone is equal */
	DTC_NIK_DIFFERS
};

enum
{
	DTC_NAMA_EQUAL,
	DTC_NAMA_SPELLING,
	DTC_NAMA_SLIP,
	DTC_NAMA_MISSING,   /* a word is on one side only, nothing contradicts */
	DTC_NAMA_LOOKALIKE, /* a word is nearly another well known one */
	DTC_NAMA_LETTERS,   /* what differs has most letters in common */
	DTC_NAMA_SHORT,     /* what differs is the end or the beginning */
	DTC_NAMA_GARBLED,   /* what differs has half its letters in common */
	DTC_NAMA_PART,      /* some words agree, others contradict */
	DTC_NAMA_DIFFERS
};

/* the mother's name has the levels of the name */
enum
{
	DTC_MOTHER_EQUAL,
	DTC_MOTHER_SPELLING,
	DTC_MOTHER_SLIP,
	DTC_MOTHER_MISSING,
	DTC_MOTHER_LOOKALIKE,
	DTC_MOTHER_LETTERS,
	DTC_MOTHER_SHORT,
	DTC_MOTHER_GARBLED,
	DTC_MOTHER_PART,
	DTC_MOTHER_DIFFERS
};

enum
{
	DTC_BIRTH_DATE_EQUAL,
	DTC_BIRTH_DATE_EQUAL_DEFAULT, /* both 1 January or 31 December */
	DTC_BIRTH_DATE_EQUAL_NIK,     /* equal, and so say two equal NIKs */
	DTC_BIRTH_DATE_EQUAL_DATE,    /* equal, and so say two NIKs that differ */
	DTC_BIRTH_DATE_SLIP_NIK,      /* nearly, while the NIKs' dates are equal */
	DTC_BIRTH_DATE_DIFFERS_NIK,   /* not, while the NIKs' dates are equal */
	DTC_BIRTH_DATE_DAY_MONTH,     /* day and month exchanged */
	DTC_BIRTH_DATE_DIGIT,         /* one digit, or two exchanged */
	DTC_BIRTH_DATE_DEFAULT,       /* same year, one is a default day */
	DTC_BIRTH_DATE_SAME_YEAR,
	DTC_BIRTH_DATE_DIFFERS,
	DTC_BIRTH_DATE_GENERATION /* 15 years apart or more */
};

enum
{
	DTC_SEX_EQUAL,
	DTC_SEX_DIFFERS,
	DTC_SEX_EQUAL_NIK,   /* so say the NIKs, too */
	DTC_SEX_DIFFERS_NIK, /* while the NIKs say that they are equal */
	DTC_SEX_EQUAL_SLIP,  /* while the NIKs are one but for the sex */
	DTC_SEX_DIFFERS_SLIP /* as do the NIKs, which are one but for that */
};

enum
{
	DTC_BIRTH_PLACE_EQUAL,
	DTC_BIRTH_PLACE_SLIP,     /* one edit */
	DTC_BIRTH_PLACE_REGENCY,  /* another word for, or part of, one regency */
	DTC_BIRTH_PLACE_PROVINCE, /* of one province */
	DTC_BIRTH_PLACE_UNKNOWN,  /* one of them is no region that is known */
	DTC_BIRTH_PLACE_DIFFERS
};

enum
{
	DTC_NKK_EQUAL,
	DTC_NKK_SLIP, /* one edit */
	DTC_NKK_DIFFERS
};

enum
{
	DTC_WILAYAH_VILLAGE,
	DTC_WILAYAH_DISTRICT,
	DTC_WILAYAH_REGENCY,
	DTC_WILAYAH_PROVINCE,
	DTC_WILAYAH_DIFFERS
};

/* Everything in DTC_LINK_BITths of a bit; slope in 1024ths. */
typedef struct DtcLinkModel
{
	int32_t weight[DTC_LINK_RIVALS][DTC_LINK_FIELDS][DTC_LINK_LEVELS];
	int32_t slope[DTC_LINK_FIELDS][DTC_LINK_LEVELS];
	int32_t rarity[DTC_LINK_RIVALS];
	int32_t reference;   /* information that the names' weights stand for */
	int32_t least, most; /* bounds of the adjustment */
	const DtcNameModel *names; /* a ministry's own tables, or NULL */
} DtcLinkModel;

#define DTC_PLACE_KEY 31

typedef struct DtcPlace
{
	uint8_t len;
	char key[DTC_PLACE_KEY]; /* A to Z, without KABUPATEN or KOTA */
	uint16_t code;           /* province and regency; 0 not known */
} DtcPlace;

/* NIK of a record as written: 16 digits, or one too few or too many. */
typedef struct DtcLinkNik
{
	uint8_t digits; /* 0 none or a dummy, else 15, 16, 17 */
	char text[17];
	int64_t value; /* when digits is 16 */
} DtcLinkNik;

/* A record. A field that is missing has its bit of has unset. */
typedef struct DtcPerson
{
	unsigned has; /* bits 1 << DtcLinkField */
	DtcLinkNik nik;
	DtcNameView nama;
	int32_t birth_date; /* days since 2000-01-01 */
	uint8_t sex;        /* 1 male, 2 female */
	DtcNameView mother;
	DtcPlace birth_place;
	int64_t nkk;
	int64_t wilayah; /* padded to ten digits */
} DtcPerson;

/* What a NIK says against its own record: bits. */
#define DTC_CONFLICT_BIRTH_DATE 1
#define DTC_CONFLICT_SEX 2
#define DTC_CONFLICT_IMPOSSIBLE 4 /* its date digits are no date */

typedef struct DtcLinkMatch
{
	int32_t total;
	DtcLinkRival rival;
	int32_t rarity;
	int8_t level[DTC_LINK_FIELDS];
	bool from_nik[DTC_LINK_FIELDS];       /* birth date, sex: read off a NIK */
	int32_t weight[DTC_LINK_FIELDS];      /* of the level, against the rival */
	int32_t adjustment[DTC_LINK_FIELDS];  /* for the frequency of the words */
	int32_t information[DTC_LINK_FIELDS]; /* of the words that agree */
	int32_t against[DTC_LINK_RIVALS];     /* total against each rival */
	uint8_t conflict[2];                  /* of a and b */
} DtcLinkMatch;

/* linkage.c */
extern const DtcLinkModel *dtc_link_default(void);
extern double dtc_link_default_m(int field, int level);
extern double dtc_link_default_u(int rival, int field, int level);
extern const char *dtc_link_field(int field);
extern int dtc_link_levels(int field);
extern const char *dtc_link_level(int field, int level);
extern const char *dtc_link_rival(int rival);
extern void dtc_link_match(const DtcPerson *a, const DtcPerson *b,
						   const DtcLinkModel *model, DtcLinkMatch *match);

/* linkage_fields.c */
typedef struct DtcLinkDates
{
	bool equal; /* the NIKs' date digits, but for sex, are equal */
	bool sex;   /* and so is the sex they say */
	bool near;  /* the NIKs are one, or one with a slip */
} DtcLinkDates;

extern bool dtc_link_nik_read(const char *text, size_t len, bool utf8,
							  DtcLinkNik *nik);
extern int dtc_link_nik_keys(const DtcLinkNik *nik, int64_t *keys);
extern bool dtc_link_nkk_is_dummy(int64_t nkk);
extern bool dtc_link_name_is_dummy(const char *text, size_t len);
extern bool dtc_link_sex_read(const char *text, size_t len, uint8_t *sex);
extern uint8_t dtc_link_conflict(const DtcPerson *person);
extern int dtc_link_nik_level(const DtcLinkNik *a, const DtcLinkNik *b,
							  bool suspect, DtcLinkDates *dates);
extern int dtc_link_name_level(const DtcNameView *a, const DtcNameView *b,
							   const DtcNameModel *names,
							   int32_t *information);
extern int dtc_link_birth_level(int32_t a, int32_t b, const DtcLinkDates *nik);
extern int dtc_link_nkk_level(int64_t a, int64_t b);
extern int dtc_link_wilayah_level(int64_t a, int64_t b);

/* linkage_place.c */
extern bool dtc_place_read(const char *text, size_t len, DtcPlace *place);
extern int dtc_place_level(const DtcPlace *a, const DtcPlace *b);

/* linkage_model.c */
extern int64_t dtc_link_log2(double x);
extern DtcStatus dtc_link_weight(double m, double u, int32_t *weight);

#endif /* DTC_LINKAGE_H */
