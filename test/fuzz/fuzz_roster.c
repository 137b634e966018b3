/* Text of a family's roster, its bytes, and what is asked of them. */
#include "core/roster.h"
#include "fuzz.h"

static DtcMember members[DTC_ROSTER_MAX], again[DTC_ROSTER_MAX];
static unsigned char
	bytes[DTC_ROSTER_HEADER + DTC_ROSTER_MAX * DTC_MEMBER_BYTES];
static char text[DTC_ROSTER_MAX * (DTC_MEMBER_TEXT + 2) + 4];

static void
check_members(int n)
{
	size_t position, len = 0;
	int m = 0;

	for (int i = 0; i < n; i++)
	{
		MUST(dtc_member_is_valid(&members[i]));
		MUST(i == 0 || dtc_member_compare(&members[i - 1], &members[i]) < 0);
	}
	dtc_roster_pack(members, n, bytes);
	text[len++] = '{';
	for (int i = 0; i < n; i++)
	{
		DtcMember member;

		dtc_roster_member(bytes, i, &member);
		MUST(dtc_member_compare(&member, &members[i]) == 0);
		MUST(member.sex == members[i].sex);
		MUST(dtc_roster_nik(bytes, i) == member.nik);
		if (i > 0)
			text[len++] = ',';
		len += dtc_member_write(&members[i], text + len);
	}
	text[len++] = '}';
	MUST(dtc_roster_parse(text, len, again, &m, &position) == DTC_ROSTER_OK);
	MUST(m == n);
	for (int i = 0; i < n; i++)
		MUST(dtc_member_compare(&members[i], &again[i]) == 0);
	MUST(dtc_roster_check(members, n, 9000) < 1u << DTC_ROSTER_FINDINGS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = exact(data, size);
	size_t position = 0;
	int n = 0;
	DtcRosterFault fault =
		dtc_roster_parse(copy, size, members, &n, &position);

	free(copy);
	if (fault == DTC_ROSTER_OK)
		check_members(n);
	else
		MUST(position <= size + 1);

	/* members as a client sends them: any bytes, kept if they are valid */
	n = 0;
	for (size_t at = 0; at + 16 <= size && n < DTC_ROSTER_MAX; at += 16)
	{
		DtcMember member;

		memcpy(&member.nik, data + at, 8);
		memcpy(&member.birth, data + at + 8, 4);
		member.relation = data[at + 12];
		member.sex = data[at + 13];
		if (dtc_member_is_valid(&member) &&
			dtc_roster_insert(members, &n, &member) == DTC_OK)
			MUST(dtc_age(member.birth, 9000) < 3000);
	}
	if (n > 0)
		check_members(n);
	return 0;
}
