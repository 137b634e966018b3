/*
 * linkage.c
 *		The weight of a pair of records: levels, rivals, sums.
 *
 * The default weights are made from data/linkage_weights.csv by the build.
 */
#include "core/linkage.h"

#include "core/nik.h"
#include "core/roster.h"

#include <string.h>

#include "core/linkage_data.h"

static const char fields[DTC_LINK_FIELDS][12] = {
	"nik",    "nama",        "birth_date", "sex",
	"mother", "birth_place", "nkk",        "wilayah"};

static const char rivals[DTC_LINK_RIVALS][10] = {
	"stranger", "local", "neighbour", "sibling", "twin", "kin"};

static const char levels[DTC_LINK_FIELDS][DTC_LINK_LEVELS][14] = {
	[DTC_LINK_NIK] = {"equal", "sex", "day_month", "exchange", "digit",
					  "length", "last_zero", "region", "serial", "two_edits",
					  "date", "suspect", "district", "differs"},
	[DTC_LINK_NAMA] = {"equal", "spelling", "slip", "missing", "lookalike",
					   "letters", "short", "garbled", "part", "differs"},
	[DTC_LINK_BIRTH_DATE] = {"equal", "equal_default", "equal_nik",
							 "equal_date", "slip_nik", "differs_nik",
							 "day_month", "digit", "default", "same_year",
							 "differs", "generation"},
	[DTC_LINK_SEX] = {"equal", "differs", "equal_nik", "differs_nik",
					  "equal_slip", "differs_slip"},
	[DTC_LINK_MOTHER] = {"equal", "spelling", "slip", "missing", "lookalike",
						 "letters", "short", "garbled", "part", "differs"},
	[DTC_LINK_BIRTH_PLACE] = {"equal", "slip", "regency", "province",
							  "unknown", "differs"},
	[DTC_LINK_NKK] = {"equal", "slip", "differs"},
	[DTC_LINK_WILAYAH] = {"village", "district", "regency", "province",
						  "differs"}};

/* The weights that come with the program. */
const DtcLinkModel *
dtc_link_default(void)
{
	return &linkage_default;
}

/* Share of a level among records of one person, as shipped. */
double
dtc_link_default_m(int field, int level)
{
	return linkage_m[field][level];
}

/* Share of a level among two people who are rival to each other. */
double
dtc_link_default_u(int rival, int field, int level)
{
	return linkage_u[rival][field][level];
}

const char *
dtc_link_field(int field)
{
	return fields[field];
}

/* Number of levels of a field. */
int
dtc_link_levels(int field)
{
	int n = 0;

	while (n < DTC_LINK_LEVELS && levels[field][n][0] != '\0')
		n++;
	return n;
}

const char *
dtc_link_level(int field, int level)
{
	return level < 0 ? "missing_field" : levels[field][level];
}

const char *
dtc_link_rival(int rival)
{
	return rivals[rival];
}

static bool
has(const DtcPerson *p, int field)
{
	return (p->has & 1u << field) != 0;
}

/* Is this the NIK of a record, and says what else the record does? */
static bool
is_nik_of(const DtcPerson *p, int64_t number)
{
	return has(p, DTC_LINK_NIK) && has(p, DTC_LINK_BIRTH_DATE) &&
		   p->nik.digits == 16 && p->nik.value == number &&
		   dtc_link_conflict(p) == 0;
}

/*
 * One number as NIK and as that of a family card, of one record or of two, is
 * misplaced in one of the fields, which counts as missing. It is a NIK if it says
 * the birth date of whose NIK it is, or a woman's day, which cards do not have.
 *
 * a, b: both records as they are; as_nik, as_card: copies of one of them or of both.
 */
static void
drop_misplaced(const DtcPerson *a, const DtcPerson *b, DtcPerson *as_nik,
			   DtcPerson *as_card)
{
	int64_t number = as_nik->nik.value;

	if (!has(as_nik, DTC_LINK_NIK) || !has(as_card, DTC_LINK_NKK) ||
		as_nik->nik.digits != 16 || number != as_card->nkk)
		return;
	if (dtc_nik_sex(number) == DTC_NIK_FEMALE || is_nik_of(a, number) ||
		is_nik_of(b, number))
		as_card->has &= ~(1u << DTC_LINK_NKK);
	else
		as_nik->has &= ~(1u << DTC_LINK_NIK);
}

/*
 * The birth date that a NIK says, in the century that brings it nearest to a
 * known date. False when its digits are no date.
 */
static bool
date_of_nik(int64_t nik, int32_t known, int32_t *date)
{
	int year, month, day, back;

	dtc_civil_from_days(known, &year, &month, &day);
	back = (year + 100 - (int) (nik / 10000 % 100)) % 100;
	year -= back > 50 ? back - 100 : back;
	month = (int) (nik / 1000000 % 100);
	day = (int) (nik / 100000000 % 100);
	return dtc_days_from_civil(year, month, day > 40 ? day - 40 : day, date);
}

/*
 * A side that does not say its birth date or sex may say it by its NIK. That is
 * used where the NIKs themselves cannot be compared, else it counts twice.
 */
static void
read_off_nik(const DtcPerson *a, const DtcPerson *b, DtcPerson *filled,
			 DtcLinkMatch *match)
{
	int32_t date;

	if (!has(a, DTC_LINK_NIK) || a->nik.digits != 16)
		return;
	if (!has(a, DTC_LINK_BIRTH_DATE) && has(b, DTC_LINK_BIRTH_DATE) &&
		date_of_nik(a->nik.value, b->birth_date, &date))
	{
		filled->birth_date = date;
		filled->has |= 1u << DTC_LINK_BIRTH_DATE;
		match->from_nik[DTC_LINK_BIRTH_DATE] = true;
	}
	if (!has(a, DTC_LINK_SEX) && has(b, DTC_LINK_SEX) &&
		dtc_nik_sex(a->nik.value) != 0)
	{
		filled->sex = dtc_nik_sex(a->nik.value) == DTC_NIK_FEMALE
						  ? DTC_SEX_FEMALE
						  : DTC_SEX_MALE;
		filled->has |= 1u << DTC_LINK_SEX;
		match->from_nik[DTC_LINK_SEX] = true;
	}
}

/*
 * Level of two sexes. nik: the NIKs say equal ones; slip: they say unequal
 * ones and nothing else is between them, as of twins or where the 40 of a
 * woman's day was forgotten: which of the two, the records' own sexes tell.
 */
static int
sex_level(bool equal, bool nik, bool slip)
{
	if (slip)
		return equal ? DTC_SEX_EQUAL_SLIP : DTC_SEX_DIFFERS_SLIP;
	if (nik)
		return equal ? DTC_SEX_EQUAL_NIK : DTC_SEX_DIFFERS_NIK;
	return equal ? DTC_SEX_EQUAL : DTC_SEX_DIFFERS;
}

/* Compares all fields that both sides have. */
static void
compare(const DtcPerson *a, const DtcPerson *b, const DtcNameModel *names,
		DtcLinkMatch *match)
{
	unsigned both = a->has & b->has;
	DtcLinkDates nik = {false, false, false};
	int8_t *level = match->level;

	memset(level, DTC_LINK_MISSING, sizeof(match->level));
	match->conflict[0] = dtc_link_conflict(a);
	match->conflict[1] = dtc_link_conflict(b);
	if (both & 1u << DTC_LINK_NIK)
		level[DTC_LINK_NIK] = (int8_t) dtc_link_nik_level(
			&a->nik, &b->nik, match->conflict[0] || match->conflict[1], &nik);
	if (both & 1u << DTC_LINK_NAMA)
		level[DTC_LINK_NAMA] = (int8_t) dtc_link_name_level(
			&a->nama, &b->nama, names, &match->information[DTC_LINK_NAMA]);
	if (both & 1u << DTC_LINK_MOTHER)
		level[DTC_LINK_MOTHER] =
			(int8_t) dtc_link_name_level(&a->mother, &b->mother, names,
										 &match->information[DTC_LINK_MOTHER]);
	if (both & 1u << DTC_LINK_BIRTH_DATE)
		level[DTC_LINK_BIRTH_DATE] =
			(int8_t) dtc_link_birth_level(a->birth_date, b->birth_date, &nik);
	if (both & 1u << DTC_LINK_SEX)
		level[DTC_LINK_SEX] = (int8_t) sex_level(
			a->sex == b->sex, nik.sex, level[DTC_LINK_NIK] == DTC_NIK_SEX);
	if (both & 1u << DTC_LINK_BIRTH_PLACE)
		level[DTC_LINK_BIRTH_PLACE] =
			(int8_t) dtc_place_level(&a->birth_place, &b->birth_place);
	if (both & 1u << DTC_LINK_NKK)
		level[DTC_LINK_NKK] = (int8_t) dtc_link_nkk_level(a->nkk, b->nkk);
	if (both & 1u << DTC_LINK_WILAYAH)
		level[DTC_LINK_WILAYAH] =
			(int8_t) dtc_link_wilayah_level(a->wilayah, b->wilayah);
}

/*
 * What the rarity of the words that agree adds to a name's weight: only
 * against people who have nothing to do with each other, since families choose
 * names for their likeness or their difference, not by frequency.
 */
static int32_t
adjustment(const DtcLinkModel *model, const DtcLinkMatch *match, int rival,
		   int field)
{
	int64_t x;

	if (rival != DTC_RIVAL_STRANGER && rival != DTC_RIVAL_LOCAL &&
		rival != DTC_RIVAL_NEIGHBOUR)
		return 0;
	x = (int64_t) (match->information[field] - model->reference) *
		model->slope[field][match->level[field]] / DTC_LINK_BIT;
	if (x < model->least)
		return model->least;
	return x > model->most ? model->most : (int32_t) x;
}

/*
 * The weight of two records being one person's, and how it came about.
 *
 * a, b: any fields may be missing. match: filled. total is the least of the
 * weights against each rival, in DTC_LINK_BITths of a bit: rarity plus, for
 * each field, weight and adjustment. Symmetric but for conflict, whose order is
 * that of a and b. About 60 kB of stack for the names.
 */
void
dtc_link_match(const DtcPerson *a, const DtcPerson *b,
			   const DtcLinkModel *model, DtcLinkMatch *match)
{
	DtcPerson x = *a, y = *b;

	memset(match, 0, sizeof(*match));
	drop_misplaced(a, b, &x, &x);
	drop_misplaced(a, b, &y, &y);
	drop_misplaced(a, b, &x, &y);
	drop_misplaced(a, b, &y, &x);
	if (!has(&x, DTC_LINK_NIK) != !has(&y, DTC_LINK_NIK) &&
		(x.has & y.has & (1u << DTC_LINK_BIRTH_DATE | 1u << DTC_LINK_SEX)) !=
			(1u << DTC_LINK_BIRTH_DATE | 1u << DTC_LINK_SEX))
	{
		DtcPerson from_x = x, from_y = y;

		read_off_nik(&from_x, &from_y, &x, match);
		read_off_nik(&from_y, &from_x, &y, match);
	}
	compare(&x, &y, model->names, match);
	match->rival = DTC_LINK_RIVALS;
	for (int r = 0; r < DTC_LINK_RIVALS; r++)
	{
		int32_t sum = model->rarity[r];

		for (int f = 0; f < DTC_LINK_FIELDS; f++)
		{
			if (match->level[f] < 0)
				continue;
			sum += model->weight[r][f][match->level[f]];
			if (model->slope[f][match->level[f]] != 0)
				sum += adjustment(model, match, r, f);
		}
		match->against[r] = sum;
		if (match->rival == DTC_LINK_RIVALS || sum < match->total)
		{
			match->total = sum;
			match->rival = (DtcLinkRival) r;
		}
	}
	match->rarity = model->rarity[match->rival];
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		if (match->level[f] < 0)
			continue;
		match->weight[f] = model->weight[match->rival][f][match->level[f]];
		if (model->slope[f][match->level[f]] != 0)
			match->adjustment[f] = adjustment(model, match, match->rival, f);
	}
}
