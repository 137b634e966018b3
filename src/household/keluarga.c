/*
 * keluarga.c
 *		Type keluarga: input, output, and the aggregate that makes one of rows.
 *
 * A value is a varlena with the bytes of dtc_roster_pack(); docs/formats.md
 * describes them.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/date.h"
#include "utils/typcache.h"

#include "compat.h"
#include "core/digits.h"
#include "errors.h"
#include "household/household.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen_keluarga_in);
DTSEN_FUNCTION(dtsen_keluarga_out);
DTSEN_FUNCTION(dtsen_keluarga_recv);
DTSEN_FUNCTION(dtsen_keluarga_send);
DTSEN_FUNCTION(dtsen__keluarga_add);
DTSEN_FUNCTION(dtsen__keluarga_add_int4);
DTSEN_FUNCTION(dtsen__keluarga_add_anggota);
DTSEN_FUNCTION(dtsen__keluarga_combine);

/*
 * The bytes of a stored roster and, in *n, its members. They lie in the datum,
 * at any alignment, or in the current context if it had to be detoasted.
 */
const unsigned char *
dtsen_keluarga_bytes(Datum datum, int *n)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(datum);
	const unsigned char *bytes = (const unsigned char *) VARDATA_ANY(value);
	int length = (int) VARSIZE_ANY_EXHDR(value);

	*n = (length - DTC_ROSTER_HEADER) / DTC_MEMBER_BYTES;
	if (length <= DTC_ROSTER_HEADER || *n > DTC_ROSTER_MAX ||
		(length - DTC_ROSTER_HEADER) % DTC_MEMBER_BYTES != 0 ||
		bytes[0] != DTC_ROSTER_VERSION)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("stored keluarga is not valid")));
	return bytes;
}

/* Unpacks a stored roster; members has room for DTC_ROSTER_MAX. */
int
dtsen_keluarga_unpack(Datum datum, DtcMember *members)
{
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(datum, &n);

	for (int i = 0; i < n; i++)
		dtc_roster_member(bytes, i, &members[i]);
	return n;
}

static Datum
keluarga_pack(const DtcMember *members, int n)
{
	Size size = VARHDRSZ + DTC_ROSTER_HEADER + (Size) n * DTC_MEMBER_BYTES;
	struct varlena *value = palloc(size);

	SET_VARSIZE(value, size);
	dtc_roster_pack(members, n, (unsigned char *) VARDATA(value));
	return PointerGetDatum(value);
}

/* ---------- text ---------- */

/* What is wrong with a text, without a character of it. */
static const char *
fault_detail(DtcRosterFault fault)
{
	switch (fault)
	{
		case DTC_ROSTER_NIK:
			return "A member starts with a NIK of exactly 16 digits.";
		case DTC_ROSTER_RELATION:
			return "The relation to the head is a code from 1 to 8.";
		case DTC_ROSTER_SEX:
			return "The sex is L or P (or 1 or 2), - if unknown.";
		case DTC_ROSTER_BIRTH:
			return "The birth date is written YYYY-MM-DD, - if unknown.";
		case DTC_ROSTER_MARK:
			return "After the birth date may come, once each, kawin=1 to 4, "
				   "sekolah= with belum, tidak, sd, smp, sma or tinggi, "
				   "disabilitas or disabilitas_berat, hamil.";
		case DTC_ROSTER_DUPLICATE:
			return "A member occurs twice, with NIK and birth date.";
		case DTC_ROSTER_EMPTY:
			return "A family has at least one member.";
		default:
			return "Members are in braces, with commas between them.";
	}
}

/*
 * keluarga input. Errors: 22P02 with the position, 54000 for more than
 * DTC_ROSTER_MAX members. No part of the text is shown: it names people.
 */
Datum
dtsen_keluarga_in(PG_FUNCTION_ARGS)
{
	const char *string = PG_GETARG_CSTRING(0);
	DtcMember members[DTC_ROSTER_MAX];
	size_t position;
	int n;
	DtcRosterFault fault =
		dtc_roster_parse(string, strlen(string), members, &n, &position);

	if (fault == DTC_ROSTER_FULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a keluarga has at most %d members", DTC_ROSTER_MAX)));
	if (fault != DTC_ROSTER_OK)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "keluarga"),
				 errdetail("Member %d, character %d: %s", n + 1,
						   (int) position, fault_detail(fault))));
	PG_RETURN_DATUM(keluarga_pack(members, n));
}

/* keluarga output: members in canonical order, whole NIKs. */
Datum
dtsen_keluarga_out(PG_FUNCTION_ARGS)
{
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(PG_GETARG_DATUM(0), &n);
	char *out = palloc((Size) n * (DTC_MEMBER_TEXT + 2) + 3);
	char *at = out;

	*at++ = '{';
	for (int i = 0; i < n; i++)
	{
		DtcMember member;

		if (i > 0)
		{
			*at++ = ',';
			*at++ = ' ';
		}
		dtc_roster_member(bytes, i, &member);
		at += dtc_member_write(&member, at);
	}
	*at++ = '}';
	*at = '\0';
	PG_RETURN_CSTRING(out);
}

/* ---------- binary ---------- */

static void
refuse_binary(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("invalid binary format for type %s", "keluarga"),
					errdetail("%s", dtsen_gettext(detail))));
}

/*
 * keluarga receive: version, number of members, then for each the NIK (int8),
 * relation and sex (bytes), birth date (int4), marital state, schooling,
 * disability and pregnancy (bytes). Members may come in any order. Errors:
 * 22P03.
 */
Datum
dtsen_keluarga_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	DtcMember members[DTC_ROSTER_MAX];
	int n = 0;
	int count;

	if (pq_getmsgbyte(message) != DTC_ROSTER_VERSION)
		refuse_binary("The version is not known.");
	count = pq_getmsgbyte(message);
	if (count < 1 || count > DTC_ROSTER_MAX)
		refuse_binary("The number of members is out of range.");
	while (n < count)
	{
		DtcMember member;

		member.nik = pq_getmsgint64(message);
		member.relation = pq_getmsgbyte(message);
		member.sex = pq_getmsgbyte(message);
		member.birth = (int32) pq_getmsgint(message, 4);
		member.marriage = pq_getmsgbyte(message);
		member.school = pq_getmsgbyte(message);
		member.disability = pq_getmsgbyte(message);
		member.pregnant = pq_getmsgbyte(message);
		if (!dtc_member_is_valid(&member))
			refuse_binary("A part of a member is out of range.");
		if (dtc_roster_insert(members, &n, &member) != DTC_OK)
			refuse_binary("A member occurs twice, with NIK and birth date.");
	}
	PG_RETURN_DATUM(keluarga_pack(members, n));
}

/* keluarga send, see dtsen_keluarga_recv(). */
Datum
dtsen_keluarga_send(PG_FUNCTION_ARGS)
{
	int n;
	const unsigned char *bytes = dtsen_keluarga_bytes(PG_GETARG_DATUM(0), &n);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbyte(&out, DTC_ROSTER_VERSION);
	pq_sendbyte(&out, n);
	for (int i = 0; i < n; i++)
	{
		DtcMember member;

		dtc_roster_member(bytes, i, &member);
		pq_sendint64(&out, member.nik);
		pq_sendbyte(&out, member.relation);
		pq_sendbyte(&out, member.sex);
		pq_sendint32(&out, member.birth);
		pq_sendbyte(&out, member.marriage);
		pq_sendbyte(&out, member.school);
		pq_sendbyte(&out, member.disability);
		pq_sendbyte(&out, member.pregnant);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

/* ---------- of rows ---------- */

/* Adds a member to a roster of rows, or says why not. */
static void
keluarga_insert(DtcMember *members, int *n, const DtcMember *member)
{
	char digits[DTC_DIGITS];

	switch (dtc_roster_insert(members, n, member))
	{
		case DTC_OK:
			return;
		case DTC_LIMIT:
			ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
							errmsg("a keluarga has at most %d members",
								   DTC_ROSTER_MAX)));
			break;
		default:
			dtc_digits_write(member->nik, digits);
			ereport(ERROR,
					(errcode(ERRCODE_DTSEN_HOUSEHOLD),
					 errmsg("a member occurs twice in one keluarga"),
					 errdetail("The birth date is the same, too, and the nik "
							   "is like %s.",
							   dtsen_masked(digits, DTC_DIGITS))));
	}
}

/* The state so far: the result of a row that is no member. */
static Datum
keep_state(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

static Datum
add_member(FunctionCallInfo fcinfo, const DtcMember *member)
{
	DtcMember members[DTC_ROSTER_MAX];
	int n = 0;

	if (!PG_ARGISNULL(0))
		n = dtsen_keluarga_unpack(PG_GETARG_DATUM(0), members);
	keluarga_insert(members, &n, member);
	PG_RETURN_DATUM(keluarga_pack(members, n));
}

static void
refuse_part(const char *message)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("%s", dtsen_gettext(message))));
}

/* The code of one of 0 or 1 to "most"; absent stands for 0. */
static uint8
code_part(Datum value, bool isnull, int least, int most, const char *message)
{
	int code;

	if (isnull)
		return 0;
	code = DatumGetInt32(value);
	if (code < least || code > most)
		refuse_part(message);
	return (uint8) code;
}

static uint8
sex_part(Datum value, bool isnull)
{
	uint8 sex = DTC_SEX_UNKNOWN;
	text *word;

	if (isnull)
		return sex;
	word = DatumGetTextPP(value);
	if (!dtc_sex_parse(VARDATA_ANY(word), VARSIZE_ANY_EXHDR(word), &sex))
		refuse_part("sex must be L or P, or code 1 or 2");
	return sex;
}

/* nik, hubungan and lahir of a row; the rest of the member is not known. */
static void
start_member(DtcMember *member, const NullableDatum *nik,
			 const NullableDatum *relation, const NullableDatum *birth)
{
	memset(member, 0, sizeof(*member));
	if (nik->isnull || relation->isnull)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("nik and relation of a member must not be "
							   "null")));
	member->nik = DatumGetNik(nik->value);
	member->relation = code_part(
		relation->value, false, DTC_RELATION_HEAD, DTC_RELATION_OTHER,
		"relation to the head must be a code from 1 to 8");
	member->birth =
		birth->isnull ? DTC_BIRTH_UNKNOWN : DatumGetDateADT(birth->value);
	if (!birth->isnull &&
		(member->birth < DTC_BIRTH_MIN || member->birth > DTC_BIRTH_MAX))
		refuse_part("birth date must be within the years 1 to 9999");
}

/* Is it what an outer join gives for a family without members? */
static bool
no_member(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(1) && PG_ARGISNULL(2) && PG_ARGISNULL(3) &&
		   PG_ARGISNULL(4);
}

/*
 * Transition functions of keluarga(nik, hubungan, kelamin, lahir): kelamin as
 * text (L, P, 1, 2) or as a code (1, 2), NULL if unknown, as may be lahir. A
 * row of NULLs is no member. Errors: 22004 NULL nik or relation, 22023 other
 * parts, SE101 a member twice, 54000 too many members.
 */
Datum
dtsen__keluarga_add(PG_FUNCTION_ARGS)
{
	DtcMember member;

	if (no_member(fcinfo))
		return keep_state(fcinfo);
	start_member(&member, &fcinfo->args[1], &fcinfo->args[2],
				 &fcinfo->args[4]);
	member.sex = sex_part(fcinfo->args[3].value, fcinfo->args[3].isnull);
	return add_member(fcinfo, &member);
}

Datum
dtsen__keluarga_add_int4(PG_FUNCTION_ARGS)
{
	DtcMember member;

	if (no_member(fcinfo))
		return keep_state(fcinfo);
	start_member(&member, &fcinfo->args[1], &fcinfo->args[2],
				 &fcinfo->args[4]);
	member.sex =
		code_part(fcinfo->args[3].value, fcinfo->args[3].isnull, DTC_SEX_MALE,
				  DTC_SEX_FEMALE, "sex must be L or P, or code 1 or 2");
	return add_member(fcinfo, &member);
}

/* Schooling, disability and pregnancy of an anggota_keluarga. */
static void
more_parts(DtcMember *member, const NullableDatum *part)
{
	if (!part[ANGGOTA_SEKOLAH].isnull)
	{
		text *word = DatumGetTextPP(part[ANGGOTA_SEKOLAH].value);

		if (!dtc_school_parse(VARDATA_ANY(word), VARSIZE_ANY_EXHDR(word),
							  &member->school))
			refuse_part("schooling must be belum, tidak, sd, smp, sma or "
						"tinggi");
	}
	member->marriage =
		code_part(part[ANGGOTA_KAWIN].value, part[ANGGOTA_KAWIN].isnull,
				  DTC_MARRIAGE_SINGLE, DTC_MARRIAGE_WIDOWED,
				  "marital state must be a code from 1 to 4");
	member->disability =
		code_part(part[ANGGOTA_DISABILITAS].value,
				  part[ANGGOTA_DISABILITAS].isnull, DTC_DISABILITY_NONE,
				  DTC_DISABILITY_SEVERE, "disability must be 0, 1 or 2");
	member->pregnant =
		!part[ANGGOTA_HAMIL].isnull && DatumGetBool(part[ANGGOTA_HAMIL].value);
}

/*
 * Transition function of keluarga(anggota_keluarga): a NULL row, or one of NULLs, is no
 * member; unknown parts are NULL. Errors: as dtsen__keluarga_add().
 */
Datum
dtsen__keluarga_add_anggota(PG_FUNCTION_ARGS)
{
	Datum values[ANGGOTA_PARTS];
	bool nulls[ANGGOTA_PARTS];
	NullableDatum part[ANGGOTA_PARTS];
	DtcMember member;
	HeapTupleHeader row;
	HeapTupleData tuple;
	TupleDesc shape;
	int known = 0;

	if (PG_ARGISNULL(1))
		return keep_state(fcinfo);
	row = PG_GETARG_HEAPTUPLEHEADER(1);
	shape = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
								   HeapTupleHeaderGetTypMod(row));
	if (shape->natts != ANGGOTA_PARTS)
		elog(ERROR, "row type anggota_keluarga has %d columns", shape->natts);
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	tuple.t_data = row;
	heap_deform_tuple(&tuple, shape, values, nulls);
	ReleaseTupleDesc(shape);
	for (int i = 0; i < ANGGOTA_PARTS; i++)
	{
		part[i].value = values[i];
		part[i].isnull = nulls[i];
		known += !nulls[i];
	}
	if (known == 0)
		return keep_state(fcinfo);
	start_member(&member, &part[ANGGOTA_NIK], &part[ANGGOTA_HUBUNGAN],
				 &part[ANGGOTA_TANGGAL_LAHIR]);
	member.sex =
		sex_part(part[ANGGOTA_KELAMIN].value, part[ANGGOTA_KELAMIN].isnull);
	more_parts(&member, part);
	return add_member(fcinfo, &member);
}

/* Merges the parts that parallel workers saw; strict. Errors: SE101, 54000. */
Datum
dtsen__keluarga_combine(PG_FUNCTION_ARGS)
{
	DtcMember members[DTC_ROSTER_MAX];
	DtcMember member;
	int n = dtsen_keluarga_unpack(PG_GETARG_DATUM(0), members);
	int count;
	const unsigned char *bytes =
		dtsen_keluarga_bytes(PG_GETARG_DATUM(1), &count);

	for (int i = 0; i < count; i++)
	{
		dtc_roster_member(bytes, i, &member);
		keluarga_insert(members, &n, &member);
	}
	PG_RETURN_DATUM(keluarga_pack(members, n));
}
