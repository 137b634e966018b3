/*
 * name_unit.h
 *		What the files that compare names share: a word of a name unpacked.
 */
#ifndef DTC_NAME_UNIT_H
#define DTC_NAME_UNIT_H

#include "core/name.h"

#define DTC_UNITS_MAX DTC_NAME_MAX_TOKENS
#define DTC_UNIT_LETTERS 12        /* that fit into code */
#define DTC_UNIT_JOINED_LETTERS 64 /* of two words taken as one, at most */

/* A token, or two that are taken as one. */
typedef struct DtcUnit
{
	uint64_t code;    /* letters of the key, five bits each, the last lowest;
					   * of a longer key its last twelve */
	uint32_t letters; /* which letters are in the key, a bit each */
	const char *key;
	uint16_t id;
	uint16_t len;
	uint8_t info;
	uint8_t kind;
	uint8_t level;
	uint8_t weight;
	uint8_t index;  /* of the token in the name */
	bool plain;     /* nothing but letters, all of them in code */
	uint8_t joined; /* with so many tokens behind it */
	int16_t seam; /* of joined ones: similarity to the one word, thousandths */
	bool last;    /* of a name that may have been cut */
	bool nick;    /* perhaps a nickname */
	bool letter;  /* M for Muhammad: may be another M as well */
} DtcUnit;

typedef struct DtcPair
{
	int16_t similarity;
	uint8_t weight;
	uint8_t rule;
} DtcPair;

/* The most that a word can weigh, and what differs weighs at least, eighths. */
#define DTC_UNIT_CAP 72
#define DTC_UNIT_FLOOR 48
/* Similarity of two words in thousandths, measured (docs/name.md). */
#define DTC_UNIT_SPELLING 970    /* same key, another spelling */
#define DTC_UNIT_JOINED 970      /* two words written as one */
#define DTC_UNIT_JOINED_SOFT 920 /* the same but for a habit */
#define DTC_UNIT_JOINED_HARD 780 /* the same but for a slip */
#define DTC_UNIT_CUT 900         /* the field was too narrow */
#define DTC_UNIT_INITIAL 700     /* a letter and a word that begins with it */
#define DTC_UNIT_NICKNAME 660    /* a short name of it */
/* Weight of a letter beside a word that begins with it, eighths of a bit. */
#define DTC_UNIT_LETTER 32

/* Words of one side without a partner; costs in thousandths of an eighth. */
typedef struct DtcSurplus
{
	int weight;
	int missing; /* what they cost if the other side lacks them, one by one */
	int most;    /* the costliest of them */
} DtcSurplus;

#define DTC_CONTRADICTION 2200 /* thousandths of the weight of both sides */
#define DTC_LOOKALIKE 2200     /* of the weight of two names that look alike */
#define DTC_MISSING_LEAST 400  /* of the weight of a missing word */

/*
 * Is a word an article or the like, which one clerk writes and another leaves out or
 * writes otherwise: Harun Ar Rasyid, da Costa? I and Ni tell the sex of a Balinese,
 * Ida and Boru the family, and Ibnu is a name, too.
 */
static inline bool
dtc_unit_is_link(int kind, const char *key, int len)
{
	return kind == DTC_TOKEN_PARTICLE && (len == 2 || len == 3) &&
		   *key != 'I' && *key != 'N';
}

/* name_unit.c */
extern int dtc_unit_missing(int weight);
extern void dtc_surplus_add(DtcSurplus *s, int weight);
extern int64_t dtc_surplus_cost(const DtcSurplus *s, int other);
extern void dtc_unit_letters(DtcUnit *u);
extern bool dtc_unit_same_key(const DtcUnit *a, const DtcUnit *b);
extern bool dtc_unit_is_slip(const DtcUnit *a, const DtcUnit *b);
extern bool dtc_unit_may_pair(const DtcUnit *a, const DtcUnit *b);
extern DtcPair dtc_unit_compare(const DtcUnit *a, const DtcUnit *b,
								const DtcNameModel *model);
extern void dtc_unit_compare_levels(const DtcUnit *a, const DtcUnit *b,
									DtcPair pair[2]);

/* name_join.c */
extern int dtc_unit_seam(const DtcUnit *first, const DtcUnit *second,
						 const DtcUnit *u, char *key, int *len);
extern bool dtc_unit_may_be_whole(const DtcUnit *u);
extern bool dtc_unit_whole(const DtcUnit *const *unit, int n, const DtcUnit *u,
						   char *key);

/* name_similarity.c */
extern int dtc_unit_pair_similarity(const DtcPair *p, bool *lookalike);
extern int dtc_unit_similarity(const DtcUnit *a, const DtcUnit *b,
							   bool *lookalike);

/* name_model.c */
extern void dtc_name_model_apply(const DtcNameModel *model, DtcUnit *u);
extern bool dtc_name_model_nickname(const DtcNameModel *model,
									const DtcUnit *shorter,
									const DtcUnit *longer);

#endif /* DTC_NAME_UNIT_H */
