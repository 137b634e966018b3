/*
 * roster.h
 *		The roster of a family: members, canonical order, text, ages, checks.
 *
 * A roster is an array of members in canonical order: relation (the head is
 * relation 1), then birth date, then NIK. Nobody is in it twice, but two
 * persons of different birth dates may bear one NIK. So equal
 * families are equal arrays, in whatever order their members came.
 *
 * roster.c			members, bytes, ages, checks
 * roster_text.c	text form, calendar
 */
#ifndef DTC_ROSTER_H
#define DTC_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

#define DTC_ROSTER_MAX 200   /* members; the largest families have some 30 */
#define DTC_ROSTER_VERSION 1 /* of the bytes, see dtc_roster_pack() */
#define DTC_ROSTER_HEADER 1  /* bytes before the members */
#define DTC_MEMBER_BYTES 13
#define DTC_MEMBER_TEXT 80 /* characters of the longest member */

/* Relation to the head, question 409 of Regsosek 2022. */
typedef enum DtcRelation
{
	DTC_RELATION_HEAD = 1,
	DTC_RELATION_SPOUSE = 2,
	DTC_RELATION_CHILD = 3,
	DTC_RELATION_CHILD_IN_LAW = 4,
	DTC_RELATION_GRANDCHILD = 5,
	DTC_RELATION_PARENT = 6, /* or parent-in-law */
	DTC_RELATION_SERVANT = 7,
	DTC_RELATION_OTHER = 8
} DtcRelation;

typedef enum DtcSex
{
	DTC_SEX_UNKNOWN = 0,
	DTC_SEX_MALE = 1,  /* L, laki-laki */
	DTC_SEX_FEMALE = 2 /* P, perempuan */
} DtcSex;

/* Marital state, question 408 of Regsosek 2022. */
typedef enum DtcMarriage
{
	DTC_MARRIAGE_UNKNOWN = 0,
	DTC_MARRIAGE_SINGLE = 1,
	DTC_MARRIAGE_MARRIED = 2,
	DTC_MARRIAGE_DIVORCED = 3,
	DTC_MARRIAGE_WIDOWED = 4
} DtcMarriage;

/* Schooling: question 412 of Regsosek 2022, with the level attended. */
typedef enum DtcSchool
{
	DTC_SCHOOL_UNKNOWN = 0,
	DTC_SCHOOL_NEVER = 1,  /* belum: has not been to school, or not yet */
	DTC_SCHOOL_LEFT = 2,   /* tidak: no longer goes */
	DTC_SCHOOL_SD = 3,     /* attends primary school or its equal */
	DTC_SCHOOL_SMP = 4,    /* lower secondary */
	DTC_SCHOOL_SMA = 5,    /* upper secondary */
	DTC_SCHOOL_TINGGI = 6, /* higher education */
	DTC_SCHOOL_LEVELS
} DtcSchool;

typedef enum DtcDisability
{
	DTC_DISABILITY_NONE = 0, /* none, or none known */
	DTC_DISABILITY_ANY = 1,
	DTC_DISABILITY_SEVERE = 2
} DtcDisability;

/* Birth dates are days since 2000-01-01, of the years 1 to 9999. */
#define DTC_BIRTH_UNKNOWN INT32_MAX
#define DTC_BIRTH_MIN (-730119)
#define DTC_BIRTH_MAX 2921939

typedef struct DtcMember
{
	int64_t nik; /* 0 to DTC_DIGITS_MAX */
	int32_t birth;
	uint8_t relation;
	uint8_t sex;
	uint8_t marriage;
	uint8_t school;
	uint8_t disability;
	uint8_t pregnant; /* 0 or 1 */
} DtcMember;

/* What keeps a text from being a roster. */
typedef enum DtcRosterFault
{
	DTC_ROSTER_OK = 0,
	DTC_ROSTER_SYNTAX,
	DTC_ROSTER_NIK,
	DTC_ROSTER_RELATION,
	DTC_ROSTER_SEX,
	DTC_ROSTER_BIRTH,
	DTC_ROSTER_MARK, /* a word after the birth date */
	DTC_ROSTER_DUPLICATE,
	DTC_ROSTER_EMPTY,
	DTC_ROSTER_FULL
} DtcRosterFault;

/*
 * Findings of dtc_roster_check(), in the order in which they are reported:
 * first what cannot be, then, from DTC_ROSTER_WARNINGS on, what hardly can.
 */
typedef enum DtcRosterFinding
{
	DTC_ROSTER_NO_HEAD = 0,
	DTC_ROSTER_SEVERAL_HEADS,
	DTC_ROSTER_SPOUSE_OF_SAME_SEX,
	DTC_ROSTER_SEVERAL_HUSBANDS,
	DTC_ROSTER_CHILD_OLDER_THAN_HEAD,
	DTC_ROSTER_GRANDCHILD_OLDER_THAN_HEAD,
	DTC_ROSTER_PARENT_YOUNGER_THAN_HEAD,
	DTC_ROSTER_BORN_LATER,
	DTC_ROSTER_PREGNANT_MAN,
	DTC_ROSTER_DUPLICATE_NIK, /* two members bear one */
	DTC_ROSTER_WARNINGS,
	DTC_ROSTER_CHILD_CLOSE_TO_HEAD = DTC_ROSTER_WARNINGS,
	DTC_ROSTER_SPOUSE_NOT_MARRIED,
	DTC_ROSTER_PREGNANT_AT_UNUSUAL_AGE,
	DTC_ROSTER_AGE_OVER_120,
	DTC_ROSTER_BIRTH_UNKNOWN,
	DTC_ROSTER_SEX_UNKNOWN,
	DTC_ROSTER_FINDINGS
} DtcRosterFinding;

/* roster.c */
extern bool dtc_member_is_valid(const DtcMember *member);
extern int dtc_member_compare(const DtcMember *a, const DtcMember *b);
extern DtcStatus dtc_roster_insert(DtcMember *members, int *n,
								   const DtcMember *member);
extern void dtc_roster_pack(const DtcMember *members, int n,
							unsigned char *bytes);
extern void dtc_roster_member(const unsigned char *bytes, int i,
							  DtcMember *member);
extern int64_t dtc_roster_nik(const unsigned char *bytes, int i);
extern int dtc_roster_generations(const unsigned char *bytes, int n);
extern int dtc_age(int32_t birth, int32_t asof);
extern uint32_t dtc_roster_check(const DtcMember *members, int n,
								 int32_t asof);
extern const char *dtc_roster_finding(DtcRosterFinding finding);

/* roster_text.c */
extern void dtc_civil_from_days(int32_t days, int *year, int *month, int *day);
extern bool dtc_days_from_civil(int year, int month, int day, int32_t *days);
extern bool dtc_sex_parse(const char *text, size_t len, uint8_t *sex);
extern bool dtc_school_parse(const char *text, size_t len, uint8_t *school);
extern const char *dtc_school_word(DtcSchool school);
extern DtcRosterFault dtc_roster_parse(const char *text, size_t len,
									   DtcMember *members, int *n,
									   size_t *position);
extern size_t dtc_member_write(const DtcMember *member, char *out);

#endif /* DTC_ROSTER_H */
