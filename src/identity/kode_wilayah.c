/*
 * kode_wilayah.c
 *		Type kode_wilayah: the code of a province, regency, district or
 *		village.
 *
 * Whether a code exists is not asked here: a type whose values depend on a
 * table that ages could not be restored from a dump.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "core/kode_wilayah.h"
#include "errors.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen_kode_wilayah_in);
DTSEN_FUNCTION(dtsen_kode_wilayah_out);
DTSEN_FUNCTION(dtsen_kode_wilayah_recv);
DTSEN_FUNCTION(dtsen_kode_wilayah_send);
DTSEN_FUNCTION(dtsen_kode_wilayah_from_bigint);
DTSEN_FUNCTION(dtsen_kode_wilayah_from_integer);
DTSEN_FUNCTION(dtsen_kode_wilayah_to_bigint);
DTSEN_FUNCTION(dtsen_to_kode_wilayah);
DTSEN_FUNCTION(dtsen_is_kode_wilayah);
DTSEN_FUNCTION(dtsen_kode_wilayah_input_error);
DTSEN_FUNCTION(dtsen_wilayah_level);
DTSEN_FUNCTION(dtsen_wilayah_parent);
DTSEN_FUNCTION(dtsen_wilayah_parent_level);
DTSEN_FUNCTION(dtsen_wilayah_ancestors);
DTSEN_FUNCTION(dtsen_wilayah_dotted);
DTSEN_FUNCTION(dtsen__wilayah_last);
DTSEN_FUNCTION(dtsen_kode_wilayah_contains);
DTSEN_FUNCTION(dtsen_kode_wilayah_contained);

/* What is wrong with a code, as the detail of an error. */
static int
fault_detail(const DtcKodeProblem *problem)
{
	static const char *const part_name[DTC_KODE_LEVELS + 1] = {
		"", gettext_noop("The province part is zero."),
		gettext_noop("The regency part is zero."),
		gettext_noop("The district part is zero."),
		gettext_noop("The village part is zero.")};

	switch (problem->fault)
	{
		case DTC_KODE_EMPTY:
			return errdetail("The value is empty.");
		case DTC_KODE_LENGTH:
			return errdetail_plural(
				"The value has %d digit; a province has 2, a regency 4, a "
				"district 6, a village 10.",
				"The value has %d digits; a province has 2, a regency 4, a "
				"district 6, a village 10.",
				problem->digits, problem->digits);
		case DTC_KODE_DOTS:
			return errdetail("The dot at position %d does not stand between "
							 "parts, or another one is missing.",
							 problem->position);
		case DTC_KODE_ZERO:
			return errdetail("%s", dtsen_gettext(part_name[problem->part]));
		default:
			break;
	}
	return errdetail("There is a character that is neither digit nor dot at "
					 "position %d.",
					 problem->position);
}

/*
 * kode_wilayah_in(cstring) -> kode_wilayah: 2, 4, 6 or 10 digits, dotted or
 * not. Errors (soft where the server has them): 22P02.
 */
Datum
dtsen_kode_wilayah_in(PG_FUNCTION_ARGS)
{
	const char *input = PG_GETARG_CSTRING(0);
	size_t len = strlen(input);
	DtcKodeProblem problem;
	int64_t value;

	if (dtc_kode_parse(input, len, &value, &problem))
		PG_RETURN_KODE(value);
	ereturn(
		fcinfo->context, (Datum) 0,
		(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
		 errmsg("invalid input syntax for type %s: \"%s\"", "kode_wilayah",
				dtsen_masked(input, (int) Min(len, 100))),
		 fault_detail(&problem),
		 problem.fault == DTC_KODE_LENGTH && problem.digits == 7
			 ? errhint("7 digits are a district in the codes of BPS, which "
					   "are not those of Kemendagri.")
			 : 0));
}

/* kode_wilayah_out(kode_wilayah) -> cstring: digits without dots. */
Datum
dtsen_kode_wilayah_out(PG_FUNCTION_ARGS)
{
	char *out = palloc(DTC_KODE_TEXT_SIZE);

	dtc_kode_write(PG_GETARG_KODE(0), false, out);
	PG_RETURN_CSTRING(out);
}

/*
 * kode_wilayah_recv(internal) -> kode_wilayah: a big-endian int8, the code
 * filled up to ten digits. Errors: 22P03.
 */
Datum
dtsen_kode_wilayah_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int64 value = pq_getmsgint64(buf);

	if (!dtc_kode_valid(value))
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("invalid binary representation of type %s",
							   "kode_wilayah"),
						errdetail("The number is no code filled up with "
								  "zeros to ten digits.")));
	PG_RETURN_KODE(value);
}

/* kode_wilayah_send(kode_wilayah) -> bytea: the mirror of recv. */
Datum
dtsen_kode_wilayah_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_KODE(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* The cast from a number. Errors: 22003 unless it has 2, 4, 6 or 10 digits. */
static Datum
from_number(int64 number)
{
	int64_t value;

	if (!dtc_kode_from_number(number, &value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number is not a value of type %s", "kode_wilayah"),
				 errdetail("A number must have 2, 4, 6 or 10 digits and no "
						   "part of it may be zero.")));
	PG_RETURN_KODE(value);
}

/* kode_wilayah(bigint) -> kode_wilayah: 321601 is 32.16.01. */
Datum
dtsen_kode_wilayah_from_bigint(PG_FUNCTION_ARGS)
{
	return from_number(PG_GETARG_INT64(0));
}

/* kode_wilayah(integer) -> kode_wilayah: 321601 is 32.16.01. */
Datum
dtsen_kode_wilayah_from_integer(PG_FUNCTION_ARGS)
{
	return from_number(PG_GETARG_INT32(0));
}

/* int8(kode_wilayah) -> bigint: 32.16.01 is 321601. */
Datum
dtsen_kode_wilayah_to_bigint(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(dtc_kode_to_number(PG_GETARG_KODE(0)));
}

/* to_kode_wilayah(text) -> kode_wilayah: cleaned, or NULL. */
Datum
dtsen_to_kode_wilayah(PG_FUNCTION_ARGS)
{
	text *source = PG_GETARG_TEXT_PP(0);
	int64_t value;

	if (!dtc_kode_clean(VARDATA_ANY(source), VARSIZE_ANY_EXHDR(source),
						GetDatabaseEncoding() == PG_UTF8, &value))
		PG_RETURN_NULL();
	PG_RETURN_KODE(value);
}

/* is_kode_wilayah(text) -> bool: would the cast take it? */
Datum
dtsen_is_kode_wilayah(PG_FUNCTION_ARGS)
{
	text *source = PG_GETARG_TEXT_PP(0);
	int64_t value;

	PG_RETURN_BOOL(dtc_kode_parse(VARDATA_ANY(source),
								  VARSIZE_ANY_EXHDR(source), &value, NULL));
}

/* kode_wilayah_input_error(text) -> text: why the cast refuses it, or NULL. */
Datum
dtsen_kode_wilayah_input_error(PG_FUNCTION_ARGS)
{
	text *source = PG_GETARG_TEXT_PP(0);
	DtcKodeProblem problem;
	int64_t value;

	if (dtc_kode_parse(VARDATA_ANY(source), VARSIZE_ANY_EXHDR(source), &value,
					   &problem))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(dtc_kode_fault_code(problem.fault)));
}

/* wilayah_level(kode_wilayah) -> int: 1 province to 4 village. */
Datum
dtsen_wilayah_level(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(dtc_kode_level(PG_GETARG_KODE(0)));
}

/*
 * wilayah_parent(kode_wilayah) -> kode_wilayah: the region one level up, NULL
 * of a province.
 */
Datum
dtsen_wilayah_parent(PG_FUNCTION_ARGS)
{
	int64 value = PG_GETARG_KODE(0);
	int level = dtc_kode_level(value);

	if (level == 1)
		PG_RETURN_NULL();
	PG_RETURN_KODE(dtc_kode_ancestor(value, level - 1));
}

/*
 * wilayah_parent(kode_wilayah, level int) -> kode_wilayah: the region of a
 * level that the region lies in, itself at its own level, NULL when it is
 * larger than the level. Errors: 22023 for a level that is not 1 to 4.
 */
Datum
dtsen_wilayah_parent_level(PG_FUNCTION_ARGS)
{
	int64 value = PG_GETARG_KODE(0);
	int32 level = PG_GETARG_INT32(1);

	if (level < 1 || level > DTC_KODE_LEVELS)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("level %d of a region does not exist", level),
						errdetail("Levels are 1 province, 2 regency, 3 "
								  "district, 4 village.")));
	if (level > dtc_kode_level(value))
		PG_RETURN_NULL();
	PG_RETURN_KODE(dtc_kode_ancestor(value, level));
}

/*
 * wilayah_ancestors(kode_wilayah) -> kode_wilayah[]: the region and all that
 * it lies in, province first; one to four elements.
 */
Datum
dtsen_wilayah_ancestors(PG_FUNCTION_ARGS)
{
	int64 value = PG_GETARG_KODE(0);
	int level = dtc_kode_level(value);
	Oid element = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
	Datum datums[DTC_KODE_LEVELS];

	for (int i = 0; i < level; i++)
		datums[i] = Int64GetDatum(dtc_kode_ancestor(value, i + 1));
	PG_RETURN_ARRAYTYPE_P(construct_array(datums, level, element,
										  sizeof(int64), FLOAT8PASSBYVAL,
										  TYPALIGN_DOUBLE));
}

/* wilayah_dotted(kode_wilayah) -> text: 32.16.01.2001. */
Datum
dtsen_wilayah_dotted(PG_FUNCTION_ARGS)
{
	char out[DTC_KODE_TEXT_SIZE];
	size_t length = dtc_kode_write(PG_GETARG_KODE(0), true, out);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(out, (int) length));
}

/*
 * _wilayah_last(kode_wilayah) -> kode_wilayah: the largest code that lies in
 * the region, for the range that stands for containment in a plan.
 */
Datum
dtsen__wilayah_last(PG_FUNCTION_ARGS)
{
	PG_RETURN_KODE(dtc_kode_last(PG_GETARG_KODE(0)));
}

/* Does inner lie in outer, or is it outer? */
static bool
contains(int64 outer, int64 inner)
{
	return inner >= outer && inner <= dtc_kode_last(outer);
}

/* kode_wilayah_contains(a, b) -> bool: operator @>. Never raises. */
Datum
dtsen_kode_wilayah_contains(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(contains(PG_GETARG_KODE(0), PG_GETARG_KODE(1)));
}

/* kode_wilayah_contained(a, b) -> bool: operator <@. Never raises. */
Datum
dtsen_kode_wilayah_contained(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(contains(PG_GETARG_KODE(1), PG_GETARG_KODE(0)));
}
