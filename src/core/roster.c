/*
 * roster.c
 *		Members of a family in canonical order, their bytes, ages and checks.
 */
#include "core/roster.h"

#include <string.h>

#include "core/digits.h"

#define NIK_BITS 54 /* 10^16 is below 2^54 */
#define RELATION_SHIFT 54
#define SEX_SHIFT 58
#define MARRIAGE_SHIFT 60
#define PREGNANT_SHIFT 63
#define DISABILITY_SHIFT 3 /* of the last byte */
#define YOUNGEST_PARENT 10 /* years between a parent and a child */
#define OLDEST 120         /* years */
#define FERTILE_FROM 10 /* years: ages at which a pregnancy is usual, wide */
#define FERTILE_TO 55

/* Are all parts of a member within their domains? */
bool
dtc_member_is_valid(const DtcMember *member)
{
	return member->nik >= 0 && member->nik <= DTC_DIGITS_MAX &&
		   member->relation >= DTC_RELATION_HEAD &&
		   member->relation <= DTC_RELATION_OTHER &&
		   member->sex <= DTC_SEX_FEMALE &&
		   member->marriage <= DTC_MARRIAGE_WIDOWED &&
		   member->school < DTC_SCHOOL_LEVELS &&
		   member->disability <= DTC_DISABILITY_SEVERE &&
		   member->pregnant <= 1 &&
		   (member->birth == DTC_BIRTH_UNKNOWN ||
			(member->birth >= DTC_BIRTH_MIN &&
			 member->birth <= DTC_BIRTH_MAX));
}

/*
 * Canonical order: relation, birth date (unknown ones last), NIK, and the rest
 * for rosters that differ in nothing else. Returns -1, 0 or 1.
 */
int
dtc_member_compare(const DtcMember *a, const DtcMember *b)
{
	if (a->relation != b->relation)
		return a->relation < b->relation ? -1 : 1;
	if (a->birth != b->birth)
		return a->birth < b->birth ? -1 : 1;
	if (a->nik != b->nik)
		return a->nik < b->nik ? -1 : 1;
	if (a->sex != b->sex)
		return a->sex < b->sex ? -1 : 1;
	if (a->marriage != b->marriage)
		return a->marriage < b->marriage ? -1 : 1;
	if (a->school != b->school)
		return a->school < b->school ? -1 : 1;
	if (a->disability != b->disability)
		return a->disability < b->disability ? -1 : 1;
	if (a->pregnant != b->pregnant)
		return a->pregnant < b->pregnant ? -1 : 1;
	return 0;
}

/*
 * Puts a valid member where it belongs.
 *
 * members: room for DTC_ROSTER_MAX, *n of them used.
 * DTC_LIMIT if there is no room, DTC_INVALID if he is in it already: a member
 * with this NIK and birth date. Two persons may bear one NIK, wrongly.
 * Cost: linear in *n.
 */
DtcStatus
dtc_roster_insert(DtcMember *members, int *n, const DtcMember *member)
{
	int at = *n;

	for (int i = 0; i < *n; i++)
		if (members[i].nik == member->nik && members[i].birth == member->birth)
			return DTC_INVALID;
	if (*n >= DTC_ROSTER_MAX)
		return DTC_LIMIT;
	while (at > 0 && dtc_member_compare(member, &members[at - 1]) < 0)
	{
		members[at] = members[at - 1];
		at--;
	}
	members[at] = *member;
	(*n)++;
	return DTC_OK;
}

static void
put_bytes(unsigned char *out, uint64_t value, int count)
{
	for (int i = 0; i < count; i++)
		out[i] = (unsigned char) (value >> (8 * i));
}

static uint64_t
get_bytes(const unsigned char *in, int count)
{
	uint64_t value = 0;

	for (int i = 0; i < count; i++)
		value |= (uint64_t) in[i] << (8 * i);
	return value;
}

/*
 * The bytes of a roster, the same on every machine: a version, then thirteen
 * for each member, little-endian: eight with the NIK in bits 0 to 53, the
 * relation in 54 to 57, the sex in 58 and 59, the marital state in 60 to 62
 * and the pregnancy in 63, then four with the birth date as a signed number,
 * then one with schooling in bits 0 to 2 and disability in 3 and 4. bytes: DTC_ROSTER_HEADER + n * DTC_MEMBER_BYTES.
 */
void
dtc_roster_pack(const DtcMember *members, int n, unsigned char *bytes)
{
	*bytes++ = DTC_ROSTER_VERSION;
	for (int i = 0; i < n; i++, bytes += DTC_MEMBER_BYTES)
	{
		put_bytes(bytes,
				  (uint64_t) members[i].nik |
					  (uint64_t) members[i].relation << RELATION_SHIFT |
					  (uint64_t) members[i].sex << SEX_SHIFT |
					  (uint64_t) members[i].marriage << MARRIAGE_SHIFT |
					  (uint64_t) members[i].pregnant << PREGNANT_SHIFT,
				  8);
		put_bytes(bytes + 8, (uint32_t) members[i].birth, 4);
		bytes[12] =
			(unsigned char) (members[i].school | members[i].disability
													 << DISABILITY_SHIFT);
	}
}

/* Member i, from 0, of a packed roster. */
void
dtc_roster_member(const unsigned char *bytes, int i, DtcMember *member)
{
	const unsigned char *at =
		bytes + DTC_ROSTER_HEADER + (size_t) i * DTC_MEMBER_BYTES;
	uint64_t word = get_bytes(at, 8);
	uint32_t birth = (uint32_t) get_bytes(at + 8, 4);

	member->nik = (int64_t) (word & ((UINT64_C(1) << NIK_BITS) - 1));
	member->relation = word >> RELATION_SHIFT & 15;
	member->sex = word >> SEX_SHIFT & 3;
	member->marriage = word >> MARRIAGE_SHIFT & 7;
	member->pregnant = word >> PREGNANT_SHIFT & 1;
	member->school = at[12] & 7;
	member->disability = at[12] >> DISABILITY_SHIFT & 3;
	memcpy(&member->birth, &birth, sizeof(birth));
}

/* NIK of member i, from 0, of a packed roster. */
int64_t
dtc_roster_nik(const unsigned char *bytes, int i)
{
	uint64_t word = get_bytes(
		bytes + DTC_ROSTER_HEADER + (size_t) i * DTC_MEMBER_BYTES, 8);

	return (int64_t) (word & ((UINT64_C(1) << NIK_BITS) - 1));
}

/*
 * Generations that live together, by relation to the head: parents, head and
 * spouse, children and their spouses, grandchildren. Servants and others
 * belong to none.
 */
int
dtc_roster_generations(const unsigned char *bytes, int n)
{
	static const uint8_t generation[DTC_RELATION_OTHER + 1] = {0, 2, 2, 4, 4,
															   8, 1, 0, 0};
	unsigned seen = 0;
	int count = 0;

	for (int i = 0; i < n; i++)
	{
		DtcMember member;

		dtc_roster_member(bytes, i, &member);
		if (member.relation <= DTC_RELATION_OTHER)
			seen |= generation[member.relation];
	}
	for (; seen != 0; seen &= seen - 1)
		count++;
	return count;
}

/*
 * Completed years at a date: who was born on 29 February is a year older on
 * 1 March. Negative if the birth date is unknown or later.
 */
int
dtc_age(int32_t birth, int32_t asof)
{
	int y1, m1, d1, y2, m2, d2;

	if (birth == DTC_BIRTH_UNKNOWN || birth > asof)
		return -1;
	dtc_civil_from_days(birth, &y1, &m1, &d1);
	dtc_civil_from_days(asof, &y2, &m2, &d2);
	return y2 - y1 - (m2 < m1 || (m2 == m1 && d2 < d1));
}

/* What a member makes suspicious beside the head (NULL: none or several). */
static uint32_t
check_member(const DtcMember *member, const DtcMember *head, int32_t asof)
{
	uint32_t found = 0;
	bool comparable;

	if (member->sex == DTC_SEX_UNKNOWN)
		found |= UINT32_C(1) << DTC_ROSTER_SEX_UNKNOWN;
	if (member->birth == DTC_BIRTH_UNKNOWN)
		found |= UINT32_C(1) << DTC_ROSTER_BIRTH_UNKNOWN;
	else if (member->birth > asof)
		found |= UINT32_C(1) << DTC_ROSTER_BORN_LATER;
	else if (dtc_age(member->birth, asof) > OLDEST)
		found |= UINT32_C(1) << DTC_ROSTER_AGE_OVER_120;
	if (member->pregnant)
	{
		int age = dtc_age(member->birth, asof);

		if (member->sex == DTC_SEX_MALE)
			found |= UINT32_C(1) << DTC_ROSTER_PREGNANT_MAN;
		else if (age >= 0 && (age < FERTILE_FROM || age > FERTILE_TO))
			found |= UINT32_C(1) << DTC_ROSTER_PREGNANT_AT_UNUSUAL_AGE;
	}
	if (member->relation == DTC_RELATION_SPOUSE &&
		member->marriage != DTC_MARRIAGE_UNKNOWN &&
		member->marriage != DTC_MARRIAGE_MARRIED)
		found |= UINT32_C(1) << DTC_ROSTER_SPOUSE_NOT_MARRIED;

	if (head == NULL)
		return found;
	if (member->relation == DTC_RELATION_SPOUSE)
	{
		if (member->sex != DTC_SEX_UNKNOWN && member->sex == head->sex)
			found |= UINT32_C(1) << DTC_ROSTER_SPOUSE_OF_SAME_SEX;
		if (head->marriage != DTC_MARRIAGE_UNKNOWN &&
			head->marriage != DTC_MARRIAGE_MARRIED)
			found |= UINT32_C(1) << DTC_ROSTER_SPOUSE_NOT_MARRIED;
	}

	comparable =
		member->birth != DTC_BIRTH_UNKNOWN && head->birth != DTC_BIRTH_UNKNOWN;
	if (!comparable)
		return found;
	if (member->relation == DTC_RELATION_CHILD)
	{
		if (member->birth <= head->birth)
			found |= UINT32_C(1) << DTC_ROSTER_CHILD_OLDER_THAN_HEAD;
		else if (dtc_age(head->birth, member->birth) < YOUNGEST_PARENT)
			found |= UINT32_C(1) << DTC_ROSTER_CHILD_CLOSE_TO_HEAD;
	}
	if (member->relation == DTC_RELATION_GRANDCHILD &&
		member->birth <= head->birth)
		found |= UINT32_C(1) << DTC_ROSTER_GRANDCHILD_OLDER_THAN_HEAD;
	if (member->relation == DTC_RELATION_PARENT &&
		member->birth >= head->birth)
		found |= UINT32_C(1) << DTC_ROSTER_PARENT_YOUNGER_THAN_HEAD;
	return found;
}

/*
 * Looks for what cannot be, or hardly can, at a date. Returns a set of
 * findings, bit 1 << DtcRosterFinding each. Members are compared with the head
 * only where there is exactly one.
 */
uint32_t
dtc_roster_check(const DtcMember *members, int n, int32_t asof)
{
	uint32_t found = 0;
	int heads = 0;
	int spouses = 0;

	while (heads < n && members[heads].relation == DTC_RELATION_HEAD)
		heads++;
	if (heads == 0)
		found |= UINT32_C(1) << DTC_ROSTER_NO_HEAD;
	if (heads > 1)
		found |= UINT32_C(1) << DTC_ROSTER_SEVERAL_HEADS;
	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < i; j++)
			if (members[j].nik == members[i].nik)
				found |= UINT32_C(1) << DTC_ROSTER_DUPLICATE_NIK;
		spouses += members[i].relation == DTC_RELATION_SPOUSE;
		found |= check_member(&members[i], heads == 1 ? members : NULL, asof);
	}
	if (heads == 1 && members[0].sex == DTC_SEX_FEMALE && spouses > 1)
		found |= UINT32_C(1) << DTC_ROSTER_SEVERAL_HUSBANDS;
	return found;
}

/*
 * The stable name of a finding. Names are never changed, since reports are
 * stored.
 */
const char *
dtc_roster_finding(DtcRosterFinding finding)
{
	static const char name[DTC_ROSTER_FINDINGS][28] = {
		"no_head",
		"several_heads",
		"spouse_of_same_sex",
		"several_husbands",
		"child_older_than_head",
		"grandchild_older_than_head",
		"parent_younger_than_head",
		"born_later",
		"pregnant_man",
		"duplicate_nik",
		"child_close_to_head",
		"spouse_not_married",
		"pregnant_at_unusual_age",
		"age_over_120",
		"birth_date_unknown",
		"sex_unknown"};

	return name[finding];
}
