/* Text of NIK and family card number: reading, diagnosing, cleaning. */
#include "core/digits.h"
#include "core/nik.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = exact(data, size);
	char out[DTC_DIGITS], stripped[64];
	int64_t value = -1, cleaned = -1;
	DtcDigitsProblem problem;

	dtc_digits_diagnose(text, size, &problem);
	MUST(dtc_digits_parse(text, size, &value) ==
		 (problem.fault == DTC_DIGITS_OK));
	MUST(dtc_digits_fault_code(problem.fault) != NULL ||
		 problem.fault == DTC_DIGITS_OK);
	for (int utf8 = 0; utf8 < 2; utf8++)
	{
		size_t n =
			dtc_digits_strip(text, size, utf8, stripped, sizeof(stripped));

		MUST(n < sizeof(stripped));
		if (dtc_digits_clean(text, size, utf8, &cleaned))
		{
			MUST(cleaned >= 0 && cleaned <= DTC_DIGITS_MAX && n >= DTC_DIGITS);
			dtc_digits_write(cleaned, out);
			MUST(dtc_digits_parse(out, DTC_DIGITS, &value) &&
				 value == cleaned);
			MUST(dtc_nik_faults(value) < 1u << DTC_NIK_FAULTS);
			MUST(dtc_nkk_faults(value) < 1u << DTC_NIK_FAULTS);
			MUST(dtc_nik_distance(value, cleaned) == 0);
		}
		else
			MUST(problem.fault != DTC_DIGITS_OK);
	}
	free(text);
	return 0;
}
