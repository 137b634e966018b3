/*
 * Two records, eight lines each: NIK, name, birth date as a number of days,
 * sex, mother, place, family card, region.
 */
#include "core/digits.h"
#include "core/kode_wilayah.h"
#include "core/linkage.h"
#include "core/roster.h"
#include "fuzz.h"

static DtcName name[4];
static uint8_t meta[4][4 * DTC_NAME_MAX_TOKENS];

static bool
read_name(const char *text, size_t len, int i, DtcNameView *view)
{
	if (len > DTC_NAME_MAX_BYTES ||
		dtc_name_parse(text, len, &name[i]) != DTC_NAME_OK)
		return false;
	dtc_name_meta(&name[i], meta[i]);
	view->flags = name[i].flags;
	view->ntokens = name[i].ntokens;
	view->foldedlen = name[i].foldedlen;
	view->meta = meta[i];
	view->folded = name[i].folded;
	return true;
}

static bool
read_field(DtcPerson *p, int field, const char *text, size_t len, int side)
{
	DtcKodeProblem problem;
	char number[16];
	long days;

	switch (field)
	{
		case DTC_LINK_NIK:
			return dtc_link_nik_read(text, len, true, &p->nik);
		case DTC_LINK_NAMA:
			return !dtc_link_name_is_dummy(text, len) &&
				   read_name(text, len, 2 * side, &p->nama);
		case DTC_LINK_MOTHER:
			return read_name(text, len, 2 * side + 1, &p->mother);
		case DTC_LINK_BIRTH_DATE:
			if (len == 0 || len >= sizeof(number))
				return false;
			memcpy(number, text, len);
			number[len] = '\0';
			days = strtol(number, NULL, 10);
			if (days < DTC_BIRTH_MIN || days > DTC_BIRTH_MAX)
				return false;
			p->birth_date = (int32_t) days;
			return true;
		case DTC_LINK_SEX:
			return dtc_link_sex_read(text, len, &p->sex);
		case DTC_LINK_BIRTH_PLACE:
			return dtc_place_read(text, len, &p->birth_place);
		case DTC_LINK_NKK:
			return dtc_digits_parse(text, len, &p->nkk) &&
				   !dtc_link_nkk_is_dummy(p->nkk);
		case DTC_LINK_WILAYAH:
			return dtc_kode_parse(text, len, &p->wilayah, &problem);
	}
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static DtcPerson person[2];
	DtcLinkMatch match, back;
	int32_t sum;

	memset(person, 0, sizeof(person));
	for (int i = 0; i < 2 * DTC_LINK_FIELDS && size > 0; i++)
	{
		size_t n = line(data, size);
		char *text = exact(data, n);
		DtcPerson *p = &person[i / DTC_LINK_FIELDS];

		if (read_field(p, i % DTC_LINK_FIELDS, text, n, i / DTC_LINK_FIELDS))
			p->has |= 1u << i % DTC_LINK_FIELDS;
		free(text);
		data += n < size ? n + 1 : n;
		size -= n < size ? n + 1 : n;
	}
	dtc_link_match(&person[0], &person[1], dtc_link_default(), &match);
	dtc_link_match(&person[1], &person[0], dtc_link_default(), &back);
	MUST(match.total == back.total && match.rival == back.rival);
	sum = match.rarity;
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		MUST(match.level[f] == back.level[f]);
		MUST(match.level[f] < dtc_link_levels(f));
		sum += match.weight[f] + match.adjustment[f];
	}
	MUST(sum == match.total);
	for (int r = 0; r < DTC_LINK_RIVALS; r++)
		MUST(match.total <= match.against[r]);
	return 0;
}
