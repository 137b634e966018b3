/*
 * number16.c
 *		Input, output and cleaning that nik and nkk have in common.
 *
 * The types differ by name and by what their digits mean, never by what they
 * accept: exactly 16 ASCII digits.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"

#include "compat.h"
#include "errors.h"
#include "identity/identity.h"

/*
 * Which of the faults a text has, as the detail of an error. No message
 * repeats more of the value than one character that is no digit.
 */
static int
fault_detail(const char *input, const DtcDigitsProblem *problem)
{
	int at = problem->position;

	switch (problem->fault)
	{
		case DTC_DIGITS_EMPTY:
			return errdetail("The value is empty, 16 digits are needed.");
		case DTC_DIGITS_TOO_FEW:
			return errdetail_plural("The value has %d digit, 16 are needed.",
									"The value has %d digits, 16 are needed.",
									problem->digits, problem->digits);
		case DTC_DIGITS_TOO_MANY:
			return errdetail("The value has %d digits, 16 are needed.",
							 problem->digits);
		case DTC_DIGITS_LETTER:
			return errdetail("There is the letter \"%c\" at position %d.",
							 input[at - 1], at);
		case DTC_DIGITS_FULL_WIDTH:
			return errdetail("There is a full-width digit at position %d, "
							 "only ASCII digits are taken.",
							 at);
		case DTC_DIGITS_SPACE:
			return errdetail("There is a space at position %d.", at);
		case DTC_DIGITS_NEWLINE:
			return errdetail("There is a line end at position %d.", at);
		case DTC_DIGITS_CONTROL:
			return errdetail("There is a control character at position %d.",
							 at);
		case DTC_DIGITS_APOSTROPHE:
			return errdetail("There is an apostrophe at position %d.", at);
		case DTC_DIGITS_SEPARATOR:
			return errdetail("There is the separator \"%c\" at position %d.",
							 input[at - 1], at);
		case DTC_DIGITS_DECIMAL:
			return errdetail("The value is a number with decimals, as a "
							 "spreadsheet or a data frame writes it.");
		case DTC_DIGITS_SCIENTIFIC:
			return errdetail("The value is in scientific notation, a "
							 "spreadsheet has dropped its last digits.");
		default:
			break;
	}
	return errdetail("There is a character that is no digit at position %d.",
					 at);
}

/*
 * What can be done about a text that is not taken. type: "nik" or "nkk".
 */
static int
fault_hint(const char *input, const DtcDigitsProblem *problem,
		   const char *type)
{
	int64_t value;

	if (dtc_digits_clean(input, strlen(input),
						 GetDatabaseEncoding() == PG_UTF8, &value))
		return errhint("to_%s() reads this value without guessing a digit.",
					   type);
	if (problem->fault == DTC_DIGITS_TOO_FEW && problem->digits == 15)
		return errhint("15 digits are what a spreadsheet or a migration "
					   "leaves when it loses a digit. Take the value from "
					   "its source again.");
	if (problem->fault == DTC_DIGITS_SCIENTIFIC ||
		problem->fault == DTC_DIGITS_DECIMAL)
		return errhint("Take the value from its source again, with the "
					   "column as text.");
	return 0;
}

/*
 * Input function of a type of 16 digits.
 *
 * argument 0: cstring; type: name of the type for messages.
 * Errors (soft where the server has them): 22P02.
 */
Datum
dtsen_number16_in(FunctionCallInfo fcinfo, const char *type)
{
	const char *input = PG_GETARG_CSTRING(0);
	size_t len = strlen(input);
	DtcDigitsProblem problem;
	int64_t value;

	if (likely(dtc_digits_parse(input, len, &value)))
		PG_RETURN_INT64(value);

	dtc_digits_diagnose(input, len, &problem);
	ereturn(fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"", type,
					dtsen_masked(input, (int) Min(len, 100))),
			 fault_detail(input, &problem),
			 fault_hint(input, &problem, type)));
}

/* Output: 16 digits. A value outside the domain cannot be, but is printed. */
Datum
dtsen_number16_out(int64 value)
{
	char *out;

	if (unlikely(value < 0 || value > DTC_DIGITS_MAX))
		return CStringGetDatum(psprintf(INT64_FORMAT, value));
	out = palloc(DTC_DIGITS + 1);
	dtc_digits_write(value, out);
	out[DTC_DIGITS] = '\0';
	return CStringGetDatum(out);
}

/* Binary input: eight bytes, as strict as text. Errors: 22P03. */
Datum
dtsen_number16_recv(FunctionCallInfo fcinfo, const char *type)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int64 value = pq_getmsgint64(buf);

	if (value < 0 || value > DTC_DIGITS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary representation of type %s", type),
				 errdetail("The number is negative or has more than 16 "
						   "digits.")));
	PG_RETURN_INT64(value);
}

/* Cast from bigint. Errors: 22003 below 0 and above 16 digits. */
Datum
dtsen_number16_from_bigint(int64 value, const char *type)
{
	if (value < 0 || value > DTC_DIGITS_MAX)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("bigint out of range for type %s", type),
						errdetail("The number is negative or has more than "
								  "16 digits.")));
	return Int64GetDatum(value);
}

/* to_nik(text), to_nkk(text): true and the value, or false. */
bool
dtsen_number16_clean(Datum text_datum, int64_t *value)
{
	text *source = DatumGetTextPP(text_datum);

	return dtc_digits_clean(VARDATA_ANY(source), VARSIZE_ANY_EXHDR(source),
							GetDatabaseEncoding() == PG_UTF8, value);
}

/* is_nik(text), is_nkk(text): does the input function take it? */
bool
dtsen_number16_test(Datum text_datum)
{
	text *source = DatumGetTextPP(text_datum);
	int64_t value;

	return dtc_digits_parse(VARDATA_ANY(source), VARSIZE_ANY_EXHDR(source),
							&value);
}

/* nik_input_error(text): code of the fault, NULL when there is none. */
const char *
dtsen_number16_fault(Datum text_datum)
{
	text *source = DatumGetTextPP(text_datum);
	DtcDigitsProblem problem;

	dtc_digits_diagnose(VARDATA_ANY(source), VARSIZE_ANY_EXHDR(source),
						&problem);
	return dtc_digits_fault_code(problem.fault);
}
