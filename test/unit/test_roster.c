/*
 * test_roster.c
 *		Calendar, ages, order, bytes, text and checks of family rosters.
 */
#include "unit.h"

#include <stdlib.h>

#include "core/digits.h"
#include "core/roster.h"

static uint64_t seed = 7;

static uint32_t
rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t) (seed >> 20) % below;
}

static int32_t
day(int y, int m, int d)
{
	int32_t days = 0;

	CHECK(dtc_days_from_civil(y, m, d, &days));
	return days;
}

static DtcMember
member(int64_t nik, int relation, char sex, int32_t birth)
{
	DtcMember m = {.nik = nik, .birth = birth, .relation = (uint8_t) relation};

	if (sex != '-')
		CHECK(dtc_sex_parse(&sex, 1, &m.sex));
	return m;
}

/* What else may be known about a member, at random. */
static void
decorate(DtcMember *m)
{
	m->marriage = (uint8_t) rnd(5);
	m->school = (uint8_t) rnd(DTC_SCHOOL_LEVELS);
	m->disability = (uint8_t) rnd(3);
	m->pregnant = (uint8_t) rnd(2);
}

/* Walks through all days of the years 1 to 9999 beside a naive calendar. */
static void
test_calendar(void)
{
	static const int length[] = {31, 28, 31, 30, 31, 30,
								 31, 31, 30, 31, 30, 31};
	int y = 1, m = 1, d = 1;
	long wrong = 0;
	int32_t days;

	for (int32_t at = DTC_BIRTH_MIN; at <= DTC_BIRTH_MAX; at++)
	{
		int gy, gm, gd;
		int leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

		dtc_civil_from_days(at, &gy, &gm, &gd);
		wrong += gy != y || gm != m || gd != d;
		wrong += !dtc_days_from_civil(y, m, d, &days) || days != at;
		if (++d > length[m - 1] + (m == 2 && leap))
		{
			d = 1;
			if (++m > 12)
			{
				m = 1;
				y++;
			}
		}
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(y, 10000);
	CHECK_INT(day(2000, 1, 1), 0);
	CHECK(!dtc_days_from_civil(2001, 2, 29, &days));
	CHECK(!dtc_days_from_civil(1900, 2, 29, &days));
	CHECK(dtc_days_from_civil(2000, 2, 29, &days));
	CHECK(!dtc_days_from_civil(2000, 4, 31, &days));
	CHECK(!dtc_days_from_civil(2000, 0, 1, &days));
	CHECK(!dtc_days_from_civil(2000, 13, 1, &days));
	CHECK(!dtc_days_from_civil(2000, 1, 0, &days));
	CHECK(!dtc_days_from_civil(0, 1, 1, &days));
	CHECK(!dtc_days_from_civil(10000, 1, 1, &days));
}

static void
test_age(void)
{
	CHECK_INT(dtc_age(day(1990, 5, 17), day(2026, 5, 16)), 35);
	CHECK_INT(dtc_age(day(1990, 5, 17), day(2026, 5, 17)), 36);
	CHECK_INT(dtc_age(day(2004, 2, 29), day(2023, 2, 28)), 18);
	CHECK_INT(dtc_age(day(2004, 2, 29), day(2023, 3, 1)), 19);
	CHECK_INT(dtc_age(day(2004, 2, 29), day(2024, 2, 29)), 20);
	CHECK_INT(dtc_age(day(2026, 1, 1), day(2026, 1, 1)), 0);
	CHECK_INT(dtc_age(day(2026, 1, 2), day(2026, 1, 1)), -1);
	CHECK_INT(dtc_age(DTC_BIRTH_UNKNOWN, day(2026, 1, 1)), -1);
}

static void
test_order(void)
{
	for (int round = 0; round < 300; round++)
	{
		DtcMember pool[20];
		DtcMember a[DTC_ROSTER_MAX];
		DtcMember b[DTC_ROSTER_MAX];
		unsigned char bytes[2][1 + 20 * DTC_MEMBER_BYTES];
		int count = 1 + (int) rnd(20);
		int na = 0;
		int nb = 0;

		for (int i = 0; i < count; i++)
			pool[i] = member(
				INT64_C(9999999999999980) + i, 1 + (int) rnd(8), "LP-"[rnd(3)],
				rnd(5) ? (int32_t) rnd(9) - 4 : DTC_BIRTH_UNKNOWN);
		for (int i = 0; i < count; i++)
			decorate(&pool[i]);
		for (int i = 0; i < count; i++)
			CHECK_INT(dtc_roster_insert(a, &na, &pool[i]), DTC_OK);
		for (int i = count - 1; i >= 0; i--)
			CHECK_INT(dtc_roster_insert(b, &nb, &pool[i]), DTC_OK);
		dtc_roster_pack(a, na, bytes[0]);
		dtc_roster_pack(b, nb, bytes[1]);
		CHECK(memcmp(bytes[0], bytes[1],
					 1 + (size_t) count * DTC_MEMBER_BYTES) == 0);
		CHECK_INT(dtc_roster_insert(a, &na, &pool[rnd(count)]), DTC_INVALID);
		for (int i = 0; i < count; i++)
		{
			DtcMember back;

			dtc_roster_member(bytes[0], i, &back);
			CHECK(dtc_member_compare(&back, &a[i]) == 0);
			CHECK(dtc_member_is_valid(&back));
			CHECK_INT(dtc_roster_nik(bytes[0], i), a[i].nik);
			CHECK(i == 0 || dtc_member_compare(&a[i - 1], &a[i]) < 0);
			CHECK(i == 0 || a[i - 1].relation <= a[i].relation);
		}
	}
}

static void
test_limit(void)
{
	DtcMember members[DTC_ROSTER_MAX];
	int n = 0;

	for (int i = 0; i < DTC_ROSTER_MAX; i++)
	{
		DtcMember m = member(i, 8, 'L', 0);

		CHECK_INT(dtc_roster_insert(members, &n, &m), DTC_OK);
	}
	for (int i = DTC_ROSTER_MAX - 1; i <= DTC_ROSTER_MAX; i++)
	{
		DtcMember m = member(i, 8, 'L', 0);

		CHECK_INT(dtc_roster_insert(members, &n, &m),
				  i == DTC_ROSTER_MAX ? DTC_LIMIT : DTC_INVALID);
	}
}

static void
test_valid(void)
{
	DtcMember good = member(1, 1, 'L', 0);
	DtcMember bad;

	CHECK(dtc_member_is_valid(&good));
	bad = good, bad.nik = -1;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.nik = DTC_DIGITS_MAX + 1;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.relation = 0;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.relation = 9;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.sex = 3;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.marriage = 5;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.school = 7;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.disability = 3;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.pregnant = 2;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.birth = DTC_BIRTH_MAX + 1;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.birth = DTC_BIRTH_MIN - 1;
	CHECK(!dtc_member_is_valid(&bad));
	bad = good, bad.birth = DTC_BIRTH_UNKNOWN;
	CHECK(dtc_member_is_valid(&bad));
}

static void
write_roster(const DtcMember *members, int n, char *out)
{
	*out++ = '{';
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			*out++ = ',';
		out += dtc_member_write(&members[i], out);
	}
	*out++ = '}';
	*out = '\0';
}

static void
test_text(void)
{
	static const struct
	{
		const char *text;
		DtcRosterFault fault;
		int position;
	} cases[] = {
		{"{3216010101900001 1 L 1990-01-01}", DTC_ROSTER_OK, 0},
		{" { 0000000000000000\t8\n- - } ", DTC_ROSTER_OK, 0},
		{"{3216010101900001 1 1 1990-01-01,3216010101900002 2 2 -}",
		 DTC_ROSTER_OK, 0},
		{"", DTC_ROSTER_SYNTAX, 1},
		{"3216010101900001 1 L -", DTC_ROSTER_SYNTAX, 1},
		{"{}", DTC_ROSTER_EMPTY, 2},
		{"{ }", DTC_ROSTER_EMPTY, 3},
		{"{", DTC_ROSTER_NIK, 2},
		{"{,}", DTC_ROSTER_NIK, 2},
		{"{321601010190000 1 L -}", DTC_ROSTER_NIK, 2},
		{"{32160101019000011 1 L -}", DTC_ROSTER_NIK, 2},
		{"{321601010190000x 1 L -}", DTC_ROSTER_NIK, 2},
		{"{3216010101900001}", DTC_ROSTER_RELATION, 18},
		{"{3216010101900001 0 L -}", DTC_ROSTER_RELATION, 19},
		{"{3216010101900001 9 L -}", DTC_ROSTER_RELATION, 19},
		{"{3216010101900001 01 L -}", DTC_ROSTER_RELATION, 19},
		{"{3216010101900001 1 l -}", DTC_ROSTER_SEX, 21},
		{"{3216010101900001 1 3 -}", DTC_ROSTER_SEX, 21},
		{"{3216010101900001 1 LP -}", DTC_ROSTER_SEX, 21},
		{"{3216010101900001 1 L}", DTC_ROSTER_BIRTH, 22},
		{"{3216010101900001 1 L 1990-02-30}", DTC_ROSTER_BIRTH, 23},
		{"{3216010101900001 1 L 1990-1-30}", DTC_ROSTER_BIRTH, 23},
		{"{3216010101900001 1 L 0000-01-01}", DTC_ROSTER_BIRTH, 23},
		{"{3216010101900001 1 L 01/02/1990}", DTC_ROSTER_BIRTH, 23},
		{"{3216010101900001 1 L - -}", DTC_ROSTER_MARK, 25},
		{"{3216010101900001 1 P - hamil kawin=2 sekolah=smp disabilitas}",
		 DTC_ROSTER_OK, 0},
		{"{3216010101900001 1 P - disabilitas_berat,3216010101900002 3 - - "
		 "sekolah=belum}",
		 DTC_ROSTER_OK, 0},
		{"{3216010101900001 1 P - hamil hamil}", DTC_ROSTER_MARK, 31},
		{"{3216010101900001 1 P - disabilitas disabilitas_berat}",
		 DTC_ROSTER_MARK, 37},
		{"{3216010101900001 1 P - kawin=0}", DTC_ROSTER_MARK, 25},
		{"{3216010101900001 1 P - kawin=5}", DTC_ROSTER_MARK, 25},
		{"{3216010101900001 1 P - kawin=22}", DTC_ROSTER_MARK, 25},
		{"{3216010101900001 1 P - kawin=1 kawin=1}", DTC_ROSTER_MARK, 33},
		{"{3216010101900001 1 P - sekolah=}", DTC_ROSTER_MARK, 25},
		{"{3216010101900001 1 P - sekolah=tk}", DTC_ROSTER_MARK, 25},
		{"{3216010101900001 1 P - sekolah=sd sekolah=sd}", DTC_ROSTER_MARK,
		 36},
		{"{3216010101900001 1 P - HAMIL}", DTC_ROSTER_MARK, 25},
		{"{3216010101900001 1 L -", DTC_ROSTER_SYNTAX, 24},
		{"{3216010101900001 1 L -,}", DTC_ROSTER_NIK, 25},
		{"{3216010101900001 1 L -} x", DTC_ROSTER_SYNTAX, 26},
		{"{3216010101900001 1 L -,3216010101900001 2 P -}",
		 DTC_ROSTER_DUPLICATE, 25},
	};
	DtcMember members[DTC_ROSTER_MAX];
	int n;
	size_t position;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		const char *text = cases[i].text;
		DtcRosterFault fault =
			dtc_roster_parse(text, strlen(text), members, &n, &position);

		if (!CHECK_INT(fault, cases[i].fault) ||
			(fault != DTC_ROSTER_OK &&
			 !CHECK_INT((int64_t) position, cases[i].position)))
			printf("  %s\n", text);
	}
	dtc_roster_parse(cases[2].text, strlen(cases[2].text), members, &n,
					 &position);
	CHECK_INT(n, 2);
	CHECK_INT(members[1].sex, DTC_SEX_FEMALE);
	CHECK_INT(members[0].birth, day(1990, 1, 1));
	CHECK_INT(members[1].birth, DTC_BIRTH_UNKNOWN);
}

/* What is written is read back; damaged text is refused or reads as itself. */
static void
test_damage(void)
{
	static const char marks[] = "{}, -0129LPx\n=hmk";
	long refused = 0;

	for (int round = 0; round < 20000; round++)
	{
		DtcMember members[DTC_ROSTER_MAX];
		DtcMember back[DTC_ROSTER_MAX];
		char text[5 * (DTC_MEMBER_TEXT + 1) + 2];
		char again[5 * (DTC_MEMBER_TEXT + 1) + 2];
		char *exact;
		size_t len;
		size_t position;
		int n = 0;
		int m;

		for (int count = 1 + (int) rnd(5); count > 0; count--)
		{
			DtcMember one =
				member(rnd(1000000), 1 + (int) rnd(8), "LP-"[rnd(3)],
					   rnd(5) ? DTC_BIRTH_MIN + (int32_t) rnd(3652059)
							  : DTC_BIRTH_UNKNOWN);

			decorate(&one);
			dtc_roster_insert(members, &n, &one);
		}
		write_roster(members, n, text);
		len = strlen(text);
		CHECK_INT(dtc_roster_parse(text, len, back, &m, &position),
				  DTC_ROSTER_OK);
		write_roster(back, m, again);
		CHECK_STR(again, text);

		text[rnd((uint32_t) len)] = marks[rnd(sizeof(marks) - 1)];
		len -= rnd(10) ? 0 : rnd((uint32_t) len);
		exact = malloc(len + !len);
		memcpy(exact, text, len);
		if (dtc_roster_parse(exact, len, back, &m, &position) != DTC_ROSTER_OK)
		{
			refused++;
			CHECK(position >= 1 && position <= len + 1);
		}
		else
			for (int i = 0; i < m; i++)
				CHECK(dtc_member_is_valid(&back[i]));
		free(exact);
	}
	CHECK(refused > 1000);
}

#define FOUND(finding) (UINT32_C(1) << (finding))

/* Findings that depend on what is known besides. */
static void
test_marks(int32_t asof)
{
	DtcMember man = member(1, 1, 'L', day(1980, 6, 1));
	DtcMember woman = member(2, 2, 'P', day(1985, 6, 1));
	DtcMember other = member(3, 2, 'L', day(1984, 6, 1));
	DtcMember family[6];
	unsigned char bytes[1 + 6 * DTC_MEMBER_BYTES];
	int n = 0;

	woman.pregnant = 1;
	woman.marriage = DTC_MARRIAGE_MARRIED;
	dtc_roster_insert(family, &n, &man);
	dtc_roster_insert(family, &n, &woman);
	CHECK_INT(dtc_roster_check(family, n, asof), 0);
	dtc_roster_pack(family, n, bytes);
	CHECK_INT(dtc_roster_generations(bytes, n), 1);

	family[0].marriage = DTC_MARRIAGE_WIDOWED;
	CHECK_INT(dtc_roster_check(family, n, asof),
			  FOUND(DTC_ROSTER_SPOUSE_NOT_MARRIED));
	family[0].marriage = DTC_MARRIAGE_UNKNOWN;
	family[1].marriage = DTC_MARRIAGE_SINGLE;
	CHECK_INT(dtc_roster_check(family, n, asof),
			  FOUND(DTC_ROSTER_SPOUSE_NOT_MARRIED));
	family[1].marriage = DTC_MARRIAGE_UNKNOWN;
	family[0].pregnant = 1;
	CHECK_INT(dtc_roster_check(family, n, asof),
			  FOUND(DTC_ROSTER_PREGNANT_MAN));
	family[0].pregnant = 0;
	family[1].birth = day(1969, 12, 1);
	CHECK_INT(dtc_roster_check(family, n, asof),
			  FOUND(DTC_ROSTER_PREGNANT_AT_UNUSUAL_AGE));
	family[1].birth = DTC_BIRTH_UNKNOWN;
	CHECK_INT(dtc_roster_check(family, n, asof),
			  FOUND(DTC_ROSTER_BIRTH_UNKNOWN));

	n = 0;
	woman.relation = 1;
	dtc_roster_insert(family, &n, &woman);
	dtc_roster_insert(family, &n, &other);
	CHECK_INT(dtc_roster_check(family, n, asof), 0);
	man.relation = 2;
	dtc_roster_insert(family, &n, &man);
	CHECK_INT(dtc_roster_check(family, n, asof),
			  FOUND(DTC_ROSTER_SEVERAL_HUSBANDS));
	man = member(4, 6, 'L', 0);
	dtc_roster_insert(family, &n, &man);
	man = member(5, 5, 'L', 0);
	dtc_roster_insert(family, &n, &man);
	man = member(6, 7, 'L', 0);
	dtc_roster_insert(family, &n, &man);
	dtc_roster_pack(family, n, bytes);
	CHECK_INT(dtc_roster_generations(bytes, n), 3);
}

static void
test_check(void)
{
	int32_t asof = day(2026, 1, 1);
	DtcMember head = member(1, 1, 'L', day(1980, 6, 1));
	DtcMember twin;
	DtcMember family[6];
	int n;
	static const struct
	{
		int relation;
		char sex;
		int year; /* of birth, on 1 June; 0: unknown */
		uint32_t found;
	} cases[] = {
		{2, 'P', 1985, 0},
		{2, 'L', 1985, FOUND(DTC_ROSTER_SPOUSE_OF_SAME_SEX)},
		{2, '-', 1985, FOUND(DTC_ROSTER_SEX_UNKNOWN)},
		{3, 'P', 2005, 0},
		{3, 'P', 1990, 0},
		{3, 'P', 1989, FOUND(DTC_ROSTER_CHILD_CLOSE_TO_HEAD)},
		{3, 'P', 1980, FOUND(DTC_ROSTER_CHILD_OLDER_THAN_HEAD)},
		{3, 'P', 1979, FOUND(DTC_ROSTER_CHILD_OLDER_THAN_HEAD)},
		{3, 'P', 0, FOUND(DTC_ROSTER_BIRTH_UNKNOWN)},
		{3, 'P', 2026, FOUND(DTC_ROSTER_BORN_LATER)},
		{4, 'P', 1979, 0},
		{5, 'P', 2020, 0},
		{5, 'P', 1979, FOUND(DTC_ROSTER_GRANDCHILD_OLDER_THAN_HEAD)},
		{6, 'P', 1950, 0},
		{6, 'P', 1980, FOUND(DTC_ROSTER_PARENT_YOUNGER_THAN_HEAD)},
		{6, 'P', 1904, FOUND(DTC_ROSTER_AGE_OVER_120)},
		{6, 'P', 1905, 0},
		{1, 'P', 1985, FOUND(DTC_ROSTER_SEVERAL_HEADS)},
		{8, 'P', 1985, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		DtcMember other = member(
			2, cases[i].relation, cases[i].sex,
			cases[i].year == 0 ? DTC_BIRTH_UNKNOWN : day(cases[i].year, 6, 1));

		n = 0;
		dtc_roster_insert(family, &n, &other);
		dtc_roster_insert(family, &n, &head);
		if (!CHECK_INT(dtc_roster_check(family, n, asof), cases[i].found))
			printf("  case %d\n", (int) i);
	}
	test_marks(asof);
	/* two persons of one number; the same person twice is refused */
	n = 0;
	dtc_roster_insert(family, &n, &head);
	CHECK_INT(dtc_roster_insert(family, &n, &head), DTC_INVALID);
	twin = member(1, 3, 'P', day(2005, 6, 1));
	CHECK_INT(dtc_roster_insert(family, &n, &twin), DTC_OK);
	CHECK_INT(n, 2);
	CHECK_INT(dtc_roster_check(family, n, asof),
			  FOUND(DTC_ROSTER_DUPLICATE_NIK));
	n = 0;
	head.relation = 8;
	dtc_roster_insert(family, &n, &head);
	CHECK_INT(dtc_roster_check(family, n, asof), FOUND(DTC_ROSTER_NO_HEAD));
	for (int i = 0; i < DTC_ROSTER_FINDINGS; i++)
		CHECK(strlen(dtc_roster_finding(i)) > 0);
}

/* Bytes that no roster has, as a damaged disk may: read within bounds. */
static void
test_bytes(void)
{
	unsigned char bytes[DTC_ROSTER_HEADER + DTC_MEMBER_BYTES];
	char text[DTC_MEMBER_TEXT];
	DtcMember member;

	for (int at = 0; at < DTC_MEMBER_BYTES; at++)
	{
		for (int value = 0; value < 256; value++)
		{
			memset(bytes, value % 2 == 0 ? 0 : 0xff, sizeof(bytes));
			bytes[DTC_ROSTER_HEADER + at] = (unsigned char) value;
			dtc_roster_member(bytes, 0, &member);
			CHECK(dtc_member_write(&member, text) <= DTC_MEMBER_TEXT);
			CHECK(dtc_roster_generations(bytes, 1) <= 1);
			(void) dtc_roster_check(&member, 1, 0);
		}
	}
}

int
main(void)
{
	test_bytes();
	test_calendar();
	test_age();
	test_order();
	test_limit();
	test_valid();
	test_text();
	test_damage();
	test_check();
	return unit_done("roster");
}
