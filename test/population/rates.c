/*
 * rates.c
 *		Names and rates of what can be planted.
 */
#include "population.h"

#include <string.h>

static struct
{
	const char *name;
	uint32_t ppm;
	const char *meaning;
} rates[OP_COUNT] = {
	[OP_NOT_IN_DTSEN] = {"not_in_dtsen", 20000,
						 "family is in the civil registry only"},
	[OP_NKK_OLD] = {"nkk_old", 30000,
					"family is listed under a former family number"},
	[OP_FAMILY_LINE_SHORT] = {"family_line_short", 100,
							  "line of the family file ends early"},
	[OP_FAMILY_LINE_LATIN1] = {"family_line_latin1", 100,
							   "byte that is no UTF-8 in the family file"},
	[OP_NIK_DIGIT] = {"nik_digit", 10000, "one digit of the NIK is wrong"},
	[OP_NIK_SWAP] = {"nik_swap", 4000, "two neighbouring digits exchanged"},
	[OP_NIK_SEX] = {"nik_sex", 2000, "day with 40 too much or too little"},
	[OP_NIK_DAY_MONTH] = {"nik_day_month", 1000, "day and month exchanged"},
	[OP_NIK_LAST0] = {"nik_last0", 3000, "last digit became 0"},
	[OP_NIK_PREFIX] = {"nik_prefix", 1000,
					   "district of residence instead of registration"},
	[OP_NIK_RELATIVE] = {"nik_relative", 4000,
						 "NIK of another member of the family"},
	[OP_NIK_KK] = {"nik_kk", 1000, "family number in place of the NIK"},
	[OP_NIK_RECYCLED] = {"nik_recycled", 500,
						 "NIK is now another person's in the registry"},
	[OP_NIK_EMPTY] = {"nik_empty", 2000, "NIK is missing"},
	[OP_NIK_15] = {"nik_15", 500, "one digit lost: 15 are left"},
	[OP_NIK_LETTER] = {"nik_letter", 200, "letter that looks like a digit"},
	[OP_NIK_SCIENTIFIC] = {"nik_scientific", 300, "as in 3.2160E+15"},
	[OP_NIK_APOSTROPHE] = {"nik_apostrophe", 1000,
						   "apostrophe before the first digit"},
	[OP_NAME_OLD] = {"name_old", 5000, "old spelling: oe, dj, tj, sj, nj"},
	[OP_NAME_LETTER] = {"name_letter", 12000,
						"letter doubled, dropped or of the same sound"},
	[OP_NAME_TYPO] = {"name_typo", 6000, "slip of the keyboard"},
	[OP_NAME_ABBREVIATED] = {"name_abbreviated", 10000,
							 "token shortened: M., MUH., ABD., initial"},
	[OP_NAME_NICKNAME] = {"name_nickname", 2000, "short name instead"},
	[OP_NAME_DROPPED] = {"name_dropped", 6000, "token left out"},
	[OP_NAME_ORDER] = {"name_order", 2000, "two tokens exchanged"},
	[OP_NAME_JOINED] = {"name_joined", 3000, "space left out"},
	[OP_NAME_BIN] = {"name_bin", 3000, "BIN or BINTI and the father's name"},
	[OP_NAME_TITLE] = {"name_title", 5000, "title before or after the name"},
	[OP_BIRTH_DATE] = {"birth_date", 8000, "another birth date"},
	[OP_SEX] = {"sex", 2000, "the other sex"},
	[OP_DUPLICATE] = {"duplicate", 4000, "person is listed a second time"},
	[OP_GHOST] = {"ghost", 3000, "line for a person who does not exist"},
	[OP_DEAD] = {"dead", 6000, "dead in the civil registry"},
	[OP_MOVED] = {"moved", 6000, "moved away in the civil registry"},
	[OP_LINE_SHORT] = {"line_short", 300, "line ends early"},
	[OP_LINE_QUOTE] = {"line_quote", 200, "quote that is not closed"},
	[OP_LINE_LATIN1] = {"line_latin1", 300, "byte that is no UTF-8"},
	[OP_LINE_NUL] = {"line_nul", 100, "NUL byte"},
	[OP_QUOTED_FIELD] = {"quoted_field", 500,
						 "address that needs quotes; a correct line"},
	[OP_QUOTED_NEWLINE] = {"quoted_newline", 0,
						   "line end inside quotes; a correct record"},
	[FACT_ELSEWHERE] = {"elsewhere", 160000,
						"person registered first in another regency"},
	[FACT_TWINS] = {"twins", 11000, "birth is one of twins"},
	[FACT_NAMESAKE_SON] = {"namesake_son", 20000,
						   "son bears his father's first token"},
	[FACT_NIK_DATE] = {"nik_date", 3000,
					   "NIK keeps a birth date that was corrected since"},
	[FACT_SCORE_TIE] = {"score_tie", 5000, "score rounded to Rp 1,000"},
};

/* Rate in millionths. */
uint32_t
rate_of(Operation op)
{
	return rates[op].ppm;
}

const char *
rate_name(Operation op)
{
	return rates[op].name;
}

/* Reads 0, 1 or a decimal fraction with up to six digits, as millionths. */
static bool
parse_fraction(const char *text, uint32_t *ppm)
{
	uint32_t unit = 1000000;

	if ((text[0] != '0' && text[0] != '1') ||
		(text[1] != '\0' && text[1] != '.'))
		return false;
	*ppm = (uint32_t) (text[0] - '0') * unit;
	if (text[1] == '.')
		for (const char *c = text + 2; *c; c++)
		{
			unit /= 10;
			if (*c < '0' || *c > '9' || unit == 0)
				return false;
			*ppm += (uint32_t) (*c - '0') * unit;
		}
	return *ppm <= 1000000;
}

/*
 * Applies NAME=VALUE; NAME "all" is every operation that is an error, not the
 * facts of the population. Returns false if the setting makes no sense.
 */
bool
rate_set(const char *setting)
{
	const char *equals = strchr(setting, '=');
	bool known = false;
	uint32_t ppm;

	if (equals == NULL || !parse_fraction(equals + 1, &ppm))
		return false;
	for (int op = 0; op < OP_COUNT; op++)
	{
		size_t len = (size_t) (equals - setting);
		bool is_all = len == 3 && memcmp(setting, "all", 3) == 0;

		if ((is_all && op < (int) FACT_ELSEWHERE) ||
			(strlen(rates[op].name) == len &&
			 memcmp(rates[op].name, setting, len) == 0))
		{
			rates[op].ppm = ppm;
			known = true;
		}
	}
	return known;
}

void
rate_list(FILE *out)
{
	for (int op = 0; op < OP_COUNT; op++)
		fprintf(out, "%-20s %u.%06u  %s%s\n", rates[op].name,
				rates[op].ppm / 1000000, rates[op].ppm % 1000000,
				rates[op].meaning,
				op >= (int) FACT_ELSEWHERE ? " (no error)" : "");
}
