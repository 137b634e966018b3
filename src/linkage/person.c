/*
 * person.c
 *		The weight of two records being one person's, and its explanation.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "errors.h"
#include "core/kode_wilayah.h"
#include "core/nik.h"
#include "core/roster.h"
#include "identity/identity.h"
#include "linkage/linkage.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen_person_match);
DTSEN_FUNCTION(dtsen_person_explain);
DTSEN_FUNCTION(dtsen_person_probability);
DTSEN_FUNCTION(dtsen__person_niks);

/* Sets the bit of a field. */
static void
set(DtcPerson *person, DtcLinkField field)
{
	person->has |= 1u << field;
}

static void
read_text(DtcPerson *person, DtcLinkField field, Datum value)
{
	text *t = DatumGetTextPP(value);
	const char *s = VARDATA_ANY(t);
	size_t len = VARSIZE_ANY_EXHDR(t);
	bool utf8 = GetDatabaseEncoding() == PG_UTF8;

	if (field == DTC_LINK_NIK && dtc_link_nik_read(s, len, utf8, &person->nik))
		set(person, field);
	else if (field == DTC_LINK_SEX && dtc_link_sex_read(s, len, &person->sex))
		set(person, field);
	else if (field == DTC_LINK_BIRTH_PLACE &&
			 !dtc_link_name_is_dummy(s, len) &&
			 dtc_place_read(s, len, &person->birth_place))
		set(person, field);
}

static void
read_nama(DtcPerson *person, DtcLinkField field, Datum value)
{
	DtNamaParts parts;

	dtsen_nama_parts(DatumGetNamaPP(value), &parts);
	if (dtc_link_name_is_dummy(parts.text, (size_t) parts.textlen))
		return;
	if (field == DTC_LINK_NAMA)
		person->nama = parts.view;
	else
		person->mother = parts.view;
	set(person, field);
}

static void
read_number(DtcPerson *person, DtcLinkField field, Datum value)
{
	int64 number = DatumGetInt64(value);

	if (field == DTC_LINK_NKK && !dtc_link_nkk_is_dummy(number))
	{
		person->nkk = number;
		set(person, field);
	}
	else if (field == DTC_LINK_WILAYAH && dtc_kode_valid(number))
	{
		person->wilayah = number;
		set(person, field);
	}
}

/*
 * Is an attribute of the type that the extension made for it? Those of its own
 * are known by their names and the schema that they are in.
 */
static bool
is_as_made(Oid type, Oid schema, DtcLinkField field)
{
	static const char *const own[DTC_LINK_FIELDS] = {
		[DTC_LINK_NAMA] = "nama",
		[DTC_LINK_MOTHER] = "nama",
		[DTC_LINK_NKK] = "nkk",
		[DTC_LINK_WILAYAH] = "kode_wilayah",
	};

	if (own[field] == NULL)
		return type == (field == DTC_LINK_BIRTH_DATE ? DATEOID : TEXTOID);
	return OidIsValid(type) &&
		   type == GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
								   CStringGetDatum(own[field]),
								   ObjectIdGetDatum(schema));
}

/*
 * Proves that the type is what CREATE EXTENSION made: its owner can alter it,
 * and values are read as they are stored. Looks again only where the server
 * knows it under another number than the last time, as it does when it has been
 * altered.
 */
static void
check_record(Oid type, int32 typmod, TupleDesc desc)
{
	static uint64 proven = 0;
	uint64 identifier = assign_record_type_identifier(type, typmod);
	bool same = desc->natts == DTC_LINK_FIELDS;
	Oid schema;

	if (identifier == proven)
		return;
	schema = get_rel_namespace(get_typ_typrelid(type));
	for (int f = 0; same && f < DTC_LINK_FIELDS; f++)
		same = is_as_made(TupleDescAttr(desc, f)->atttypid, schema, f);
	if (!same)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("type %s was altered", "person_record"),
				 errdetail("Its attributes are not those that dtsen made."),
				 errhint("Undo what ALTER TYPE did; a database restored from "
						 "a dump has the type as dtsen made it.")));
	proven = identifier;
}

/*
 * Reads an argument of type dtsen.person_record, whose attributes are in the order of
 * DtcLinkField. Names and texts stay in the value, or where it was detoasted.
 */
static void
read_person(Datum argument, DtcPerson *person)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(argument);
	Oid type = HeapTupleHeaderGetTypeId(header);
	int32 typmod = HeapTupleHeaderGetTypMod(header);
	TupleDesc desc = lookup_rowtype_tupdesc(type, typmod);
	HeapTupleData tuple;
	Datum value[DTC_LINK_FIELDS];
	bool null[DTC_LINK_FIELDS];

	check_record(type, typmod, desc);
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	heap_deform_tuple(&tuple, desc, value, null);
	ReleaseTupleDesc(desc);

	memset(person, 0, sizeof(*person));
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		DateADT date;

		if (null[f])
			continue;
		switch ((DtcLinkField) f)
		{
			case DTC_LINK_NIK:
			case DTC_LINK_SEX:
			case DTC_LINK_BIRTH_PLACE:
				read_text(person, f, value[f]);
				break;
			case DTC_LINK_NAMA:
			case DTC_LINK_MOTHER:
				read_nama(person, f, value[f]);
				break;
			case DTC_LINK_BIRTH_DATE:
				date = DatumGetDateADT(value[f]);
				if (date >= DTC_BIRTH_MIN && date <= DTC_BIRTH_MAX)
				{
					person->birth_date = date;
					set(person, f);
				}
				break;
			case DTC_LINK_NKK:
			case DTC_LINK_WILAYAH:
				read_number(person, f, value[f]);
				break;
			case DTC_LINK_FIELDS:
				break;
		}
	}
}

/* Compares the first two arguments by the models of the others, if given. */
static void
match_arguments(FunctionCallInfo fcinfo, DtcLinkMatch *match)
{
	const DtcLinkModel *model = dtc_link_default();
	DtcPerson a, b;

	if (PG_NARGS() > 2)
		model = dtsen_linkage_model_of(fcinfo);
	read_person(PG_GETARG_DATUM(0), &a);
	read_person(PG_GETARG_DATUM(1), &b);
	dtc_link_match(&a, &b, model, match);
}

/*
 * person_match(person, person [, model jsonb [, names nama_model]]) -> float8:
 * bits for being one person. Errors: 22023 for a model that is none.
 */
Datum
dtsen_person_match(PG_FUNCTION_ARGS)
{
	DtcLinkMatch match;

	match_arguments(fcinfo, &match);
	PG_RETURN_FLOAT8(match.total / (double) DTC_LINK_BIT);
}

/* Appends 1024ths of a bit: a decimal number that is exact. */
static void
append_bits(StringInfo out, const char *key, int32 weight)
{
	char digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(weight / (double) DTC_LINK_BIT, digits);
	appendStringInfo(out, "\"%s\": %s", key, digits);
}

static void
append_conflict(StringInfo out, const char *key, uint8 conflict)
{
	static const char *const names[] = {"birth_date", "sex", "date_digits"};
	const char *separator = "";

	appendStringInfo(out, "\"%s\": [", key);
	for (int i = 0; i < (int) lengthof(names); i++)
	{
		if (conflict & 1 << i)
		{
			appendStringInfo(out, "%s\"%s\"", separator, names[i]);
			separator = ", ";
		}
	}
	appendStringInfoChar(out, ']');
}

static void
append_field(StringInfo out, const DtcLinkMatch *match, int f)
{
	appendStringInfo(out, "{\"field\": \"%s\", \"level\": \"%s\", ",
					 dtc_link_field(f), dtc_link_level(f, match->level[f]));
	append_bits(out, "weight", match->weight[f]);
	appendStringInfoString(out, ", ");
	if (f == DTC_LINK_NAMA || f == DTC_LINK_MOTHER)
	{
		append_bits(out, "information", match->information[f]);
		appendStringInfoString(out, ", ");
	}
	append_bits(out, "adjustment", match->adjustment[f]);
	appendStringInfoString(out, ", ");
	append_bits(out, "contribution", match->weight[f] + match->adjustment[f]);
	if (match->from_nik[f])
		appendStringInfoString(out, ", \"from_nik\": true");
	appendStringInfoChar(out, '}');
}

/*
 * person_explain(person, person [, model jsonb [, names nama_model]]) -> jsonb:
 * the rival that decides, each field's level and contribution, what the NIKs say against
 * their own records. rarity and the contributions add up to the weight
 * exactly. Shows no NIK, number, name or date.
 */
Datum
dtsen_person_explain(PG_FUNCTION_ARGS)
{
	DtcLinkMatch match;
	StringInfoData out;
	const char *separator = "";

	match_arguments(fcinfo, &match);
	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	append_bits(&out, "weight", match.total);
	appendStringInfo(&out, ", \"version\": %d, \"rival\": \"%s\", ",
					 DTC_LINK_VERSION, dtc_link_rival(match.rival));
	append_bits(&out, "rarity", match.rarity);
	appendStringInfoString(&out, ", \"fields\": [");
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		if (match.level[f] < 0)
			continue;
		appendStringInfoString(&out, separator);
		append_field(&out, &match, f);
		separator = ", ";
	}
	appendStringInfoString(&out, "], \"missing\": [");
	separator = "";
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		if (match.level[f] >= 0)
			continue;
		appendStringInfo(&out, "%s\"%s\"", separator, dtc_link_field(f));
		separator = ", ";
	}
	appendStringInfoString(&out, "], \"against\": {");
	for (int r = 0; r < DTC_LINK_RIVALS; r++)
	{
		appendStringInfoString(&out, r > 0 ? ", " : "");
		append_bits(&out, dtc_link_rival(r), match.against[r]);
	}
	appendStringInfoString(&out, "}, \"nik_contradicts\": {");
	append_conflict(&out, "a", match.conflict[0]);
	appendStringInfoString(&out, ", ");
	append_conflict(&out, "b", match.conflict[1]);
	appendStringInfoString(&out, "}}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/*
 * person_probability(weight, prior) -> float8: the probability of being one
 * person that a weight and the share of matches among all pairs make.
 * Errors: 22023 unless the prior is between 0 and 1, both excluded, and the
 * weight a number.
 */
Datum
dtsen_person_probability(PG_FUNCTION_ARGS)
{
	double weight = PG_GETARG_FLOAT8(0);
	double prior = PG_GETARG_FLOAT8(1);

	if (!(prior > 0 && prior < 1))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("prior must be between 0 and 1"),
						errdetail("It is the share of matches among all pairs "
								  "that could be compared.")));
	if (isnan(weight))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("weight must be a number")));
	weight = Max(Min(weight, 1000), -1000);
	PG_RETURN_FLOAT8(1 / (1 + (1 - prior) / prior * pow(2, -weight)));
}

/*
 * _person_niks(text) -> nik[]: the numbers that the NIK of a record may stand
 * for, to search by; none of a dummy.
 */
Datum
dtsen__person_niks(PG_FUNCTION_ARGS)
{
	text *t = PG_GETARG_TEXT_PP(0);
	int64_t *keys = palloc(sizeof(int64_t) * DTC_NIK_KEYS_MAX);
	DtcLinkNik nik;

	dtc_link_nik_read(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t),
					  GetDatabaseEncoding() == PG_UTF8, &nik);
	return dtsen_nik_array(fcinfo, keys, dtc_link_nik_keys(&nik, keys));
}
