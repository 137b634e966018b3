/* Text of region codes: reading, cleaning, writing. */
#include "core/kode_wilayah.h"
#include "core/wilayah.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = exact(data, size);
	char out[DTC_KODE_TEXT_SIZE];
	int64_t value, again;
	DtcKodeProblem problem;

	if (dtc_kode_parse(text, size, &value, &problem))
	{
		int level = dtc_kode_level(value);

		MUST(dtc_kode_valid(value) && level >= 1 && level <= DTC_KODE_LEVELS);
		for (int dotted = 0; dotted < 2; dotted++)
		{
			size_t n = dtc_kode_write(value, dotted, out);

			MUST(n < sizeof(out));
			MUST(dtc_kode_parse(out, n, &again, &problem) && again == value);
		}
		/* a number has lost the leading zero of a province below 10 */
		MUST(value < INT64_C(1000000000) ||
			 (dtc_kode_from_number(dtc_kode_to_number(value), &again) &&
			  again == value));
		MUST(dtc_kode_last(value) >= value);
		for (int l = 1; l <= level; l++)
			MUST(dtc_kode_level(dtc_kode_ancestor(value, l)) == l);
		MUST(dtc_wilayah_find(value) >= -1);
		MUST(dtc_kode_clean(text, size, true, &again) && again == value);
	}
	else
		MUST(dtc_kode_fault_code(problem.fault) != NULL);
	if (dtc_kode_clean(text, size, true, &value))
		MUST(dtc_kode_valid(value));
	free(text);
	return 0;
}
