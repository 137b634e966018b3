/*
 * keluarga_members.c
 *		What a roster says: members, head, ages, checks.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "errors.h"
#include "household/household.h"
#include "identity/identity.h"

#define ELDERLY_FROM 60 /* years: lanjut usia, UU 13/1998 article 1 */
#define WORKING_FROM 15 /* years: usia produktif of BPS, 15 to 64 */
#define WORKING_TO 64
#define ADULT_FROM 14 /* years: adults of the OECD scales */
#define NO_LIMIT PG_INT32_MAX

DTSEN_FUNCTION(dtsen_keluarga_size);
DTSEN_FUNCTION(dtsen_keluarga_head);
DTSEN_FUNCTION(dtsen_keluarga_members);
DTSEN_FUNCTION(dtsen_keluarga_age_count);
DTSEN_FUNCTION(dtsen_keluarga_elderly);
DTSEN_FUNCTION(dtsen_keluarga_dependency_ratio);
DTSEN_FUNCTION(dtsen_keluarga_pupils);
DTSEN_FUNCTION(dtsen_keluarga_disabled);
DTSEN_FUNCTION(dtsen_keluarga_pregnant);
DTSEN_FUNCTION(dtsen_keluarga_generations);
DTSEN_FUNCTION(dtsen_keluarga_equivalence);
DTSEN_FUNCTION(dtsen_keluarga_errors);
DTSEN_FUNCTION(dtsen_keluarga_warnings);

/* keluarga_size(keluarga) -> int: members, servants included. */
Datum
dtsen_keluarga_size(PG_FUNCTION_ARGS)
{
	int n;

	dtsen_keluarga_bytes(PG_GETARG_DATUM(0), &n);
	PG_RETURN_INT32(n);
}

/*
 * keluarga_head(keluarga) -> nik: of the head; NULL if there is none, or more
 * than one, because then nobody knows who it is.
 */
Datum
dtsen_keluarga_head(PG_FUNCTION_ARGS)
{
	DtcMember first;
	DtcMember second;
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(PG_GETARG_DATUM(0), &n);

	dtc_roster_member(bytes, 0, &first);
	if (first.relation != DTC_RELATION_HEAD)
		PG_RETURN_NULL();
	if (n > 1)
	{
		dtc_roster_member(bytes, 1, &second);
		if (second.relation == DTC_RELATION_HEAD)
			PG_RETURN_NULL();
	}
	PG_RETURN_NIK(first.nik);
}

typedef struct MemberList
{
	int n;
	DtcMember member[FLEXIBLE_ARRAY_MEMBER];
} MemberList;

static MemberList *
start_member_list(FunctionCallInfo fcinfo, FuncCallContext *call)
{
	MemoryContext old = MemoryContextSwitchTo(call->multi_call_memory_ctx);
	MemberList *list = palloc(offsetof(MemberList, member) +
							  sizeof(DtcMember) * DTC_ROSTER_MAX);
	TupleDesc row;

	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	call->tuple_desc = BlessTupleDesc(row);
	list->n = dtsen_keluarga_unpack(PG_GETARG_DATUM(0), list->member);
	MemoryContextSwitchTo(old);
	return list;
}

static void
fill_member(const DtcMember *member, Datum *values, bool *nulls)
{
	const char *school = dtc_school_word((DtcSchool) member->school);

	values[ANGGOTA_NIK] = NikGetDatum(member->nik);
	values[ANGGOTA_HUBUNGAN] = Int32GetDatum(member->relation);
	nulls[ANGGOTA_KELAMIN] = member->sex == DTC_SEX_UNKNOWN;
	if (member->sex != DTC_SEX_UNKNOWN)
		values[ANGGOTA_KELAMIN] =
			CStringGetTextDatum(member->sex == DTC_SEX_MALE ? "L" : "P");
	nulls[ANGGOTA_TANGGAL_LAHIR] = member->birth == DTC_BIRTH_UNKNOWN;
	values[ANGGOTA_TANGGAL_LAHIR] = DateADTGetDatum(member->birth);
	nulls[ANGGOTA_KAWIN] = member->marriage == DTC_MARRIAGE_UNKNOWN;
	values[ANGGOTA_KAWIN] = Int32GetDatum(member->marriage);
	nulls[ANGGOTA_SEKOLAH] = school == NULL;
	if (school != NULL)
		values[ANGGOTA_SEKOLAH] = CStringGetTextDatum(school);
	values[ANGGOTA_DISABILITAS] = Int32GetDatum(member->disability);
	values[ANGGOTA_HAMIL] = BoolGetDatum(member->pregnant);
}

/*
 * keluarga_members(keluarga) -> setof anggota_keluarga: in canonical order; what is not
 * known is NULL, disabilitas and hamil are never NULL.
 */
Datum
dtsen_keluarga_members(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	MemberList *list;
	const DtcMember *member;
	Datum values[ANGGOTA_PARTS] = {0};
	bool nulls[ANGGOTA_PARTS] = {false};

	if (SRF_IS_FIRSTCALL())
	{
		call = SRF_FIRSTCALL_INIT();
		call->user_fctx = start_member_list(fcinfo, call);
	}
	call = SRF_PERCALL_SETUP();
	list = call->user_fctx;
	if (call->call_cntr >= (uint64) list->n)
		SRF_RETURN_DONE(call);

	member = &list->member[call->call_cntr];
	fill_member(member, values, nulls);
	SRF_RETURN_NEXT(call, HeapTupleGetDatum(heap_form_tuple(call->tuple_desc,
															values, nulls)));
}

/* ---------- ages ---------- */

/* A date argument; 22023 outside the years 1 to 9999. */
static int32
date_argument(FunctionCallInfo fcinfo, int argument)
{
	DateADT date = PG_GETARG_DATEADT(argument);

	if (date < DTC_BIRTH_MIN || date > DTC_BIRTH_MAX)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("date must be within the years 1 to 9999")));
	return date;
}

/* Members between two ages, in completed years, both included. */
static int
count_ages(Datum keluarga, int from, int to, int32 asof)
{
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(keluarga, &n);
	int count = 0;

	for (int i = 0; i < n; i++)
	{
		DtcMember member;
		int age;

		dtc_roster_member(bytes, i, &member);
		age = dtc_age(member.birth, asof);
		count += age >= from && age <= to;
	}
	return count;
}

/*
 * keluarga_age_count(keluarga, from, to, asof) -> int: members who are from
 * "from" to "to" completed years old at a date. Who is born later or has no
 * birth date is not counted. Errors: 22023 unless 0 <= from <= to.
 */
Datum
dtsen_keluarga_age_count(PG_FUNCTION_ARGS)
{
	int from = PG_GETARG_INT32(1);
	int to = PG_GETARG_INT32(2);

	if (from < 0 || to < from)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("ages must not be negative, the first not "
							   "above the second")));
	PG_RETURN_INT32(
		count_ages(PG_GETARG_DATUM(0), from, to, date_argument(fcinfo, 3)));
}

/* keluarga_elderly(keluarga, asof) -> int: members of 60 years and more. */
Datum
dtsen_keluarga_elderly(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(count_ages(PG_GETARG_DATUM(0), ELDERLY_FROM, NO_LIMIT,
							   date_argument(fcinfo, 1)));
}

/*
 * keluarga_dependency_ratio(keluarga, asof) -> float8: members under 15 and
 * above 64 for each of 15 to 64 years; NULL if there is none of those. Members
 * without birth date are left out.
 */
Datum
dtsen_keluarga_dependency_ratio(PG_FUNCTION_ARGS)
{
	Datum keluarga = PG_GETARG_DATUM(0);
	int32 asof = date_argument(fcinfo, 1);
	int all = count_ages(keluarga, 0, NO_LIMIT, asof);
	int working = count_ages(keluarga, WORKING_FROM, WORKING_TO, asof);

	if (working == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) (all - working) / working);
}

/*
 * keluarga_equivalence(keluarga, asof, scale) -> float8: number of equivalent
 * adults. Scales: oecd_modified (1, 0.5 for each further adult, 0.3 for each
 * child; Hagenaars, de Vos and Zaidi 1994), oecd (1, 0.7, 0.5; OECD 1982),
 * square_root (of the members; OECD 2008), per_capita. Children are under 14;
 * who has no birth date is an adult; a family without adult has its first
 * child for one. Errors: 22023 for any other scale.
 */
Datum
dtsen_keluarga_equivalence(PG_FUNCTION_ARGS)
{
	Datum keluarga = PG_GETARG_DATUM(0);
	int32 asof = date_argument(fcinfo, 1);
	char *scale = text_to_cstring(PG_GETARG_TEXT_PP(2));
	int children = count_ages(keluarga, 0, ADULT_FROM - 1, asof);
	int adults;
	int n;

	dtsen_keluarga_bytes(keluarga, &n);
	children = Min(children, n - 1);
	adults = n - children;
	if (strcmp(scale, "oecd_modified") == 0)
		PG_RETURN_FLOAT8((5 + 5 * adults + 3 * children) / 10.0);
	if (strcmp(scale, "oecd") == 0)
		PG_RETURN_FLOAT8((3 + 7 * adults + 5 * children) / 10.0);
	if (strcmp(scale, "square_root") == 0)
		PG_RETURN_FLOAT8(sqrt(n));
	if (strcmp(scale, "per_capita") == 0)
		PG_RETURN_FLOAT8(n);
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("equivalence scale \"%s\" is not known", scale),
					errhint("Scales are oecd_modified, oecd, square_root and "
							"per_capita.")));
	PG_RETURN_NULL();
}

/* ---------- what members are ---------- */

static bool
attends(const DtcMember *member, int level)
{
	return member->school == level;
}

static bool
is_disabled(const DtcMember *member, int least)
{
	return member->disability >= least;
}

static bool
is_pregnant(const DtcMember *member, int yes)
{
	return member->pregnant == yes;
}

/* Members of whom a condition is true. */
static int
count_members(Datum keluarga, bool (*condition)(const DtcMember *, int),
			  int value)
{
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(keluarga, &n);
	int count = 0;

	for (int i = 0; i < n; i++)
	{
		DtcMember member;

		dtc_roster_member(bytes, i, &member);
		count += condition(&member, value);
	}
	return count;
}

/*
 * keluarga_pupils(keluarga, level) -> int: members who attend sd, smp, sma or
 * tinggi. Errors: 22023 for any other level.
 */
Datum
dtsen_keluarga_pupils(PG_FUNCTION_ARGS)
{
	text *word = PG_GETARG_TEXT_PP(1);
	uint8 level;

	if (!dtc_school_parse(VARDATA_ANY(word), VARSIZE_ANY_EXHDR(word),
						  &level) ||
		level < DTC_SCHOOL_SD)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("school level must be sd, smp, sma or tinggi")));
	PG_RETURN_INT32(count_members(PG_GETARG_DATUM(0), attends, level));
}

/*
 * keluarga_disabled(keluarga, severe) -> int: members with a disability; if
 * "severe", those with a severe one.
 */
Datum
dtsen_keluarga_disabled(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(count_members(PG_GETARG_DATUM(0), is_disabled,
								  PG_GETARG_BOOL(1) ? DTC_DISABILITY_SEVERE
													: DTC_DISABILITY_ANY));
}

/* keluarga_pregnant(keluarga) -> int: members who are pregnant. */
Datum
dtsen_keluarga_pregnant(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(count_members(PG_GETARG_DATUM(0), is_pregnant, 1));
}

/* keluarga_generations(keluarga) -> int, see dtc_roster_generations(). */
Datum
dtsen_keluarga_generations(PG_FUNCTION_ARGS)
{
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(PG_GETARG_DATUM(0), &n);

	PG_RETURN_INT32(dtc_roster_generations(bytes, n));
}

/* ---------- checks ---------- */

/* Codes of the findings from one to another, the last one not included. */
static Datum
finding_codes(FunctionCallInfo fcinfo, int from, int to)
{
	DtcMember members[DTC_ROSTER_MAX];
	int n = dtsen_keluarga_unpack(PG_GETARG_DATUM(0), members);
	uint32 found = dtc_roster_check(members, n, date_argument(fcinfo, 1));
	Datum codes[DTC_ROSTER_FINDINGS];
	int count = 0;

	for (int i = from; i < to; i++)
		if (found & ((uint32) 1 << i))
			codes[count++] = CStringGetTextDatum(dtc_roster_finding(i));
	PG_RETURN_ARRAYTYPE_P(
		construct_array(codes, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * keluarga_errors(keluarga, asof) -> text[]: codes of what cannot be at a
 * date; keluarga_warnings: of what hardly can, or is missing. Empty if there
 * is nothing. docs/household.md lists them.
 */
Datum
dtsen_keluarga_errors(PG_FUNCTION_ARGS)
{
	return finding_codes(fcinfo, 0, DTC_ROSTER_WARNINGS);
}

Datum
dtsen_keluarga_warnings(PG_FUNCTION_ARGS)
{
	return finding_codes(fcinfo, DTC_ROSTER_WARNINGS, DTC_ROSTER_FINDINGS);
}
