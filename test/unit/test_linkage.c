/* Linkage: levels of each field, weights, rivals, and properties of sums. */
#include <math.h>
#include <stdlib.h>

#include "core/linkage.h"
#include "core/nik.h"
#include "core/roster.h"
#include "unit.h"

#define LENGTHOF(array) (sizeof(array) / sizeof((array)[0]))

typedef struct Record
{
	DtcPerson person;
	DtcName name[2];
	uint8_t meta[2][4 * DTC_NAME_MAX_TOKENS];
} Record;

static Record left, right;

static bool
read_name(Record *r, int which, const char *text, DtcNameView *view)
{
	DtcName *name = &r->name[which];

	if (text == NULL ||
		dtc_name_parse(text, strlen(text), name) != DTC_NAME_OK)
		return false;
	dtc_name_meta(name, r->meta[which]);
	view->flags = name->flags;
	view->ntokens = name->ntokens;
	view->foldedlen = name->foldedlen;
	view->meta = r->meta[which];
	view->folded = name->folded;
	return true;
}

static int32_t
day(const char *date)
{
	int year, month, d;
	int32_t days = 0;

	if (sscanf(date, "%d-%d-%d", &year, &month, &d) != 3 ||
		!dtc_days_from_civil(year, month, d, &days))
		CHECK(!"a date");
	return days;
}

/* Fills a record; NULL and 0 are missing. */
static void
set(Record *r, const char *nik, const char *nama, const char *born, char sex,
	const char *mother, const char *place, int64_t nkk, int64_t wilayah)
{
	DtcPerson *p = &r->person;

	memset(p, 0, sizeof(*p));
	if (nik != NULL && dtc_link_nik_read(nik, strlen(nik), true, &p->nik))
		p->has |= 1u << DTC_LINK_NIK;
	if (read_name(r, 0, nama, &p->nama))
		p->has |= 1u << DTC_LINK_NAMA;
	if (born != NULL)
	{
		p->birth_date = day(born);
		p->has |= 1u << DTC_LINK_BIRTH_DATE;
	}
	if (dtc_sex_parse(&sex, 1, &p->sex))
		p->has |= 1u << DTC_LINK_SEX;
	if (read_name(r, 1, mother, &p->mother))
		p->has |= 1u << DTC_LINK_MOTHER;
	if (place != NULL && dtc_place_read(place, strlen(place), &p->birth_place))
		p->has |= 1u << DTC_LINK_BIRTH_PLACE;
	if (nkk != 0 && !dtc_link_nkk_is_dummy(nkk))
	{
		p->nkk = nkk;
		p->has |= 1u << DTC_LINK_NKK;
	}
	if (wilayah != 0)
	{
		p->wilayah = wilayah;
		p->has |= 1u << DTC_LINK_WILAYAH;
	}
}

/* Level of two NIKs, each in a record without anything else. */
static const char *
nik_level(const char *a, const char *b, DtcLinkDates *dates)
{
	DtcLinkNik x, y;

	if (!dtc_link_nik_read(a, strlen(a), true, &x) ||
		!dtc_link_nik_read(b, strlen(b), true, &y))
		return "none";
	return dtc_link_level(DTC_LINK_NIK,
						  dtc_link_nik_level(&x, &y, false, dates));
}

static const struct
{
	const char *a;
	const char *b;
	const char *level;
	bool date; /* the dates of both are equal */
} niks[] = {
	{"3216014107850003", "3216014107850003", "equal", true},
	{"3216014107850003", "'3216.0141.0785.0003", "equal", true},
	{"3216014107850003", "321601410785OO03", "equal", true},
	{"3216014107850003", "3216010107850003", "sex", true},
	{"3216010107850003", "3216010701850003", "day_month", false},
	{"3216014107850003", "3216014170850003", "exchange", false},
	{"3216014107850003", "3261014107850003", "exchange", true},
	{"3216014107850003", "3216014107860003", "digit", false},
	{"3216014107850003", "3216024107850003", "digit", true},
	{"3216014107850003", "3216014107851003", "digit", true},
	{"3216014107850003", "321601410785003", "length", true},
	{"3216014107850003", "32160141077850003", "length", true},
	{"321601410785003", "321601410785003", "length", true},
	{"3216014107850003", "321601410785774", "missing_field", false},
	{"3216014107850003", "3216014107850000", "last_zero", true},
	{"3216014107850003", "3275034107850003", "region", true},
	{"3216014107850003", "3216014107850004", "serial", true},
	{"3216014107850003", "3216014107850021", "serial", true},
	{"3216014107850003", "3216014107860103", "two_edits", false},
	{"3216014107850003", "3275034107850021", "date", true},
	{"3216014107850003", "3216012011650001", "district", false},
	{"3216014107850003", "3578012011650001", "differs", false},
	{"3216014107850003", "9999999999999999", "none", false},
	{"3216014107850003", "0000000000000000", "none", false},
	{"3216014107850003", "3216010000000000", "none", false},
	{"3216014107850003", "1234567890123456", "none", false},
	{"3216014107850003", "", "none", false},
	{"3216014107850003", "3.21601E+15", "none", false},
	{"3216014107850003", "ABCDEFGHIJKLMNOP", "none", false},
	{"3216014107850003", "321601410785000312", "none", false},
};

static void
check_niks(void)
{
	for (size_t i = 0; i < LENGTHOF(niks); i++)
	{
		DtcLinkDates x = {false, false, false}, y = x;

		CHECK_STR(nik_level(niks[i].a, niks[i].b, &x), niks[i].level);
		CHECK_STR(nik_level(niks[i].b, niks[i].a, &y), niks[i].level);
		CHECK(x.equal == niks[i].date && y.equal == niks[i].date);
	}
}

static int
order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;

	return (x > y) - (x < y);
}

/* The numbers to search by are those that reach the level, each once. */
static void
check_nik_keys(void)
{
	int64_t keys[DTC_NIK_KEYS_MAX];
	char text[18], other[17];
	DtcLinkNik nik, found;
	DtcLinkDates dates;
	int n, runs;

	srand(5);
	for (int i = 0; i < 2000; i++)
	{
		int digits = 15 + i % 3;

		for (int d = 0; d < digits; d++)
			text[d] = (char) ('0' + rand() % (i % 7 == 0 ? 2 : 10));
		text[0] = '3';
		text[digits] = '\0';
		if (!dtc_link_nik_read(text, (size_t) digits, true, &nik))
			continue;
		n = dtc_link_nik_keys(&nik, keys);
		qsort(keys, (size_t) n, sizeof(*keys), order);
		runs = 1;
		for (int d = 1; d < digits; d++)
			runs += text[d] != text[d - 1];
		if (digits != 16)
			CHECK_INT(n, digits == 15 ? 145 : runs);
		for (int k = 0; k < n; k++)
		{
			CHECK(k == 0 || keys[k] != keys[k - 1]);
			snprintf(other, sizeof(other), "%016lld", (long long) keys[k]);
			if (digits == 16 || !dtc_link_nik_read(other, 16, true, &found))
				continue;
			CHECK_INT(dtc_link_nik_level(&nik, &found, false, &dates),
					  DTC_NIK_LENGTH);
		}
	}
	CHECK(!dtc_link_nik_read("9999999999999999", 16, true, &nik));
	CHECK_INT(dtc_link_nik_keys(&nik, keys), 0);
}

static const struct
{
	const char *a;
	const char *b;
	int nik; /* 0 NIKs say nothing, 1 dates equal, 2 NIKs equal */
	const char *level;
} births[] = {
	{"1985-07-01", "1985-07-01", 0, "equal_default"},
	{"1985-01-01", "1985-01-01", 0, "equal_default"},
	{"1985-12-31", "1985-12-31", 0, "equal_default"},
	{"1985-07-11", "1985-07-11", 0, "equal"},
	{"1985-07-11", "1985-07-11", 1, "equal_date"},
	{"1985-07-11", "1985-07-11", 2, "equal_nik"},
	{"1985-07-11", "1985-11-07", 0, "day_month"},
	{"1985-07-11", "1985-11-07", 2, "slip_nik"},
	{"1985-07-11", "1986-07-11", 0, "digit"},
	{"1985-07-11", "1958-07-11", 0, "digit"},
	{"1985-07-21", "1985-07-12", 0, "digit"},
	{"1985-07-11", "1985-01-01", 0, "default"},
	{"1985-07-11", "1985-03-28", 0, "same_year"},
	{"1985-07-11", "1988-03-28", 0, "differs"},
	{"1985-07-11", "1988-03-28", 2, "differs_nik"},
	{"1985-07-11", "2004-03-28", 0, "generation"},
	{"0001-01-01", "9999-12-31", 0, "generation"},
};

static void
check_births(void)
{
	for (size_t i = 0; i < LENGTHOF(births); i++)
	{
		DtcLinkDates nik = {births[i].nik > 0, false, births[i].nik > 1};
		int32_t a = day(births[i].a), b = day(births[i].b);

		CHECK_STR(dtc_link_level(DTC_LINK_BIRTH_DATE,
								 dtc_link_birth_level(a, b, &nik)),
				  births[i].level);
		CHECK_INT(dtc_link_birth_level(b, a, &nik),
				  dtc_link_birth_level(a, b, &nik));
	}
}

static void
check_dummies(void)
{
	static const char *const none[] = {"BELUM DIBERI NAMA",
									   "belum ada nama",
									   "Blm. bernama",
									   "TANPA NAMA",
									   "TIDAK DIKETAHUI",
									   "Tdk diketahui",
									   "(tidak ada)",
									   "NN",
									   "N.N.",
									   "N N",
									   "NO NAME",
									   "NONAME",
									   "Xx",
									   "x x x",
									   "BAYI",
									   "BAYI NY. SITI AMINAH",
									   "By. Ny. Siti",
									   "BY NYONYA SITI",
									   "BYNY SITI",
									   "BAYI SITI",
									   "KOSONG",
									   "Anonim",
									   "unknown"};
	static const char *const names[] = {"SITI",
										"BAYU",
										"BAYINUDDIN",
										"N",
										"NANA",
										"X",
										"NO",
										"NOVI",
										"BY. SETYO",
										"BUDI BAYI",
										"NY. SITI",
										"TIDAR",
										"TANTI",
										"NOER NAME",
										"BELUMO",
										"NN SITI",
										"\xc3\x9c"
										"NN",
										"A",
										"ANA",
										"ANTON NIM"};

	for (size_t i = 0; i < LENGTHOF(none); i++)
		CHECK(dtc_link_name_is_dummy(none[i], strlen(none[i])));
	for (size_t i = 0; i < LENGTHOF(names); i++)
		CHECK(!dtc_link_name_is_dummy(names[i], strlen(names[i])));
	CHECK(!dtc_link_name_is_dummy("", 0));
}

static void
check_sexes(void)
{
	static const char *const men[] = {"L",         "1",   "l",     "Laki-Laki",
									  "LAKI LAKI", "LK.", "L    ", " pria"};
	static const char *const women[] = {
		"P", "2", "Perempuan", "PEREMPUAN ", "pr", "Wanita", "P."};
	static const char *const none[] = {"",  " ", "-",  "LP",   "L/P",
									   "0", "3", "12", "MALE", "PEREMPUANAN"};
	uint8_t sex = 77;

	for (size_t i = 0; i < LENGTHOF(men); i++)
		CHECK(dtc_link_sex_read(men[i], strlen(men[i]), &sex) &&
			  sex == DTC_SEX_MALE);
	for (size_t i = 0; i < LENGTHOF(women); i++)
		CHECK(dtc_link_sex_read(women[i], strlen(women[i]), &sex) &&
			  sex == DTC_SEX_FEMALE);
	for (size_t i = 0; i < LENGTHOF(none); i++)
		CHECK(!dtc_link_sex_read(none[i], strlen(none[i]), &sex));
	CHECK(!dtc_link_sex_read("L\0", 2, &sex));
}

static const struct
{
	const char *a;
	const char *b;
	const char *level;
} places[] = {
	{"BANDUNG", "Kab. Bandung", "equal"},
	{"KOTA BANDUNG", "bandung", "equal"},
	{"Bandoeng", "BANDUNG, JAWA BARAT", "equal"},
	{"KOTA ADMINISTRASI JAKARTA SELATAN", "Jakarta Selatan", "equal"},
	{"JAKSEL", "JAKARTA SELATAN", "regency"},
	{"Ujung Pandang", "MAKASSAR", "regency"},
	{"SBY", "Surabaya", "regency"},
	{"Djakarta", "BATAVIA", "regency"},
	{"YOGYA", "D.I. Yogyakarta", "regency"},
	{"SOLO", "SURAKARTA", "regency"},
	{"MAGELANG", "SURAKARTA", "province"},
	{"SURABAYA", "MALANG", "province"},
	{"SURABAYA", "MEDAN", "differs"},
	{"QWERTZUIOP", "MEDAN", "unknown"},
	{"QWERTZUIOP", "QWERTZUIP", "slip"},
	{"Surabaja", "SURABAYA", "regency"},
};

static void
check_places(void)
{
	DtcPlace a, b;

	for (size_t i = 0; i < LENGTHOF(places); i++)
	{
		if (!CHECK(dtc_place_read(places[i].a, strlen(places[i].a), &a)) ||
			!CHECK(dtc_place_read(places[i].b, strlen(places[i].b), &b)))
			continue;
		CHECK_STR(
			dtc_link_level(DTC_LINK_BIRTH_PLACE, dtc_place_level(&a, &b)),
			places[i].level);
		CHECK_INT(dtc_place_level(&b, &a), dtc_place_level(&a, &b));
	}
	CHECK(!dtc_place_read("", 0, &a));
	CHECK(!dtc_place_read("12 -", 4, &a));
	CHECK(!dtc_place_read("KOTA", 4, &a));
}

static const struct
{
	const char *a;
	const char *b;
	const char *level;
} names[] = {
	{"SITI AMINAH", "siti aminah", "equal"},
	{"M. YUSUF", "MUHAMMAD JUSUF", "spelling"},
	{"RINA", "RINA LESTARI", "missing"},
	{"SUNARTO", "SUNARTI", "lookalike"},
	{"HERMAWAN", "WAWAN", "missing"},
	{"MUHAMMAD JUMADI FAJAR", "MUHAMMAD JUMAD FAJAR", "letters"},
	{"MUMTAAZ RENATA", "TAAZ", "short"},
	{"AHMAD SUPARDI", "BUDI SUPARDI", "part"},
	{"SUTRISNO", "NURHAYATI", "differs"},
	{"", "NURHAYATI", "none"},
};

static void
check_names(void)
{
	for (size_t i = 0; i < LENGTHOF(names); i++)
	{
		int32_t x, y;
		DtcNameView a, b;

		if (!read_name(&left, 0, names[i].a, &a) ||
			!read_name(&right, 0, names[i].b, &b))
		{
			CHECK_STR(names[i].level, "none");
			continue;
		}
		CHECK_STR(dtc_link_level(DTC_LINK_NAMA,
								 dtc_link_name_level(&a, &b, NULL, &x)),
				  names[i].level);
		CHECK_INT(dtc_link_name_level(&b, &a, NULL, &y),
				  dtc_link_name_level(&a, &b, NULL, &x));
		CHECK_INT(x, y);
	}
}

static void
check_regions(void)
{
	CHECK_INT(dtc_link_wilayah_level(3216012001, 3216012001),
			  DTC_WILAYAH_VILLAGE);
	CHECK_INT(dtc_link_wilayah_level(3216012001, 3216012002),
			  DTC_WILAYAH_DISTRICT);
	CHECK_INT(dtc_link_wilayah_level(3216012001, 3216020000),
			  DTC_WILAYAH_REGENCY);
	CHECK_INT(dtc_link_wilayah_level(3216012001, 3216000000),
			  DTC_WILAYAH_REGENCY);
	CHECK_INT(dtc_link_wilayah_level(3216012001, 3275000000),
			  DTC_WILAYAH_PROVINCE);
	CHECK_INT(dtc_link_wilayah_level(3216012001, 5101012001),
			  DTC_WILAYAH_DIFFERS);
	CHECK_INT(dtc_link_nkk_level(3216010101850001, 3216010101850001),
			  DTC_NKK_EQUAL);
	CHECK_INT(dtc_link_nkk_level(3216010101850001, 3216010101850002),
			  DTC_NKK_SLIP);
	CHECK_INT(dtc_link_nkk_level(3216010101850001, 3216010203850002),
			  DTC_NKK_DIFFERS);
}

/* The integer logarithm, and the table that the build made. */
static void
check_weights(void)
{
	const DtcLinkModel *model = dtc_link_default();
	int32_t weight = 77;
	long far = 0;

	for (int i = -64; i <= 64; i++)
		CHECK_INT(dtc_link_log2(ldexp(1, i)), i * (INT64_C(1) << 20));
	srand(1);
	for (int i = 0; i < 20000; i++)
	{
		double x = ldexp(1 + rand() / (RAND_MAX + 1.0), rand() % 120 - 60);

		far += fabs((double) dtc_link_log2(x) - log2(x) * 1048576) > 1.1;
	}
	CHECK_INT(far, 0);
	CHECK_INT(dtc_link_weight(0, 1, &weight), DTC_OUT_OF_RANGE);
	CHECK_INT(dtc_link_weight(1, 1.5, &weight), DTC_OUT_OF_RANGE);
	CHECK_INT(dtc_link_weight((double) NAN, 1, &weight), DTC_OUT_OF_RANGE);
	CHECK_INT(weight, 77);
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		for (int l = 0; l < dtc_link_levels(f); l++)
		{
			for (int r = 0; r < DTC_LINK_RIVALS; r++)
			{
				CHECK_INT(dtc_link_weight(dtc_link_default_m(f, l),
										  dtc_link_default_u(r, f, l),
										  &weight),
						  DTC_OK);
				CHECK_INT(model->weight[r][f][l], weight);
			}
		}
	}
	CHECK_INT(model->rarity[DTC_RIVAL_STRANGER], 0);
}

static double
weight(void)
{
	DtcLinkMatch m, back;
	int32_t sum;

	dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
	dtc_link_match(&right.person, &left.person, dtc_link_default(), &back);
	CHECK_INT(back.total, m.total);
	CHECK_INT(back.rival, m.rival);
	sum = m.rarity;
	for (int f = 0; f < DTC_LINK_FIELDS; f++)
	{
		CHECK_INT(back.level[f], m.level[f]);
		sum += m.weight[f] + m.adjustment[f];
	}
	CHECK_INT(sum, m.total);
	for (int r = 0; r < DTC_LINK_RIVALS; r++)
		CHECK(m.total <= m.against[r]);
	return m.total / (double) DTC_LINK_BIT;
}

#define SURE 20 /* bits; matches lie above, the rest below */

/* Records of one person, and of two that are easily taken for one. */
static void
check_pairs(void)
{
	const int64_t nkk = 3216010203100001, village = 3216012001;

#define TRUTH                                                                 \
	set(&left, "3216014107850003", "SITI NURHAYATI", "1985-07-01", 'P',       \
		"SULASTRI", "BEKASI", nkk, village)

	TRUTH;
	right = left;
	CHECK(weight() > SURE);
	/* names of two words, one of them rare: sure without NIK */
	TRUTH;
	set(&right, NULL, "SITI NUR HAYATI", "1985-07-01", 'P', "SULASTRI",
		"KOTA BEKASI", nkk, village);
	CHECK(weight() > SURE);
	/* slips of the NIK beside a name that stands */
	for (size_t i = 0; i < 9; i++)
	{
		TRUTH;
		set(&right, niks[i + 3].b, "SITI NURHAYATI", "1985-07-01", 'P', NULL,
			NULL, 0, 0);
		CHECK(weight() > SURE);
	}
	/* a woman's 40 forgotten, her name misspelt: no brother of one birth */
	TRUTH;
	set(&right, "3216010107850003", "SITI NURHAYTI", "1985-07-01", 'P', NULL,
		NULL, 0, 0);
	CHECK(weight() > SURE);
	/* a maiden's nickname, everything else stands */
	TRUTH;
	set(&right, "3216014107850003", "YATI", "1985-07-01", 'P', "SULASTRI",
		NULL, 0, village);
	CHECK(weight() > SURE);
	/* birth date wrong */
	TRUTH;
	set(&right, "3216014107850003", "SITI NURHAYATI", "1991-03-22", 'P',
		"SULASTRI", NULL, 0, 0);
	CHECK(weight() > SURE);

	/* twins */
	TRUTH;
	set(&right, "3216014107850004", "SITI NURHASANAH", "1985-07-01", 'P',
		"SULASTRI", "BEKASI", nkk, village);
	CHECK(weight() < SURE);
	TRUTH;
	set(&right, "3216014107850004", "DEWI NURHAYATI", "1985-07-01", 'P',
		"SULASTRI", "BEKASI", nkk, village);
	CHECK(weight() < SURE);
	/* brother and sister, twins */
	TRUTH;
	set(&right, "3216010107850003", "AGUS SETIAWAN", "1985-07-01", 'L',
		"SULASTRI", "BEKASI", nkk, village);
	CHECK(weight() < SURE);
	/* a sibling under the same NIK */
	TRUTH;
	set(&right, "3216014107850003", "DEWI LESTARI", "1988-02-11", 'P',
		"SULASTRI", "BEKASI", nkk, village);
	CHECK(weight() < SURE);
	/* daughter with the mother's NIK and first word */
	TRUTH;
	set(&right, "3216014107850003", "SITI AMINAH", "2008-02-11", 'P',
		"SITI NURHAYATI", "BEKASI", nkk, village);
	CHECK(weight() < SURE);
	/* namesake */
	TRUTH;
	set(&right, "3578014503620001", "SITI NURHAYATI", "1962-03-05", 'P',
		"RUMINAH", "SURABAYA", 3578010203100001, 3578011001);
	CHECK(weight() < 0);
	/* of one regency, where both are born and live: the namesake of one year,
	   somebody of the same day whose name has most letters in common */
	for (int i = 0; i < 2; i++)
	{
		set(&left, "3216015107850003", i == 0 ? "NURHAYATI" : "SUYATI",
			"1985-07-11", 'P', "SULASTRI", "BEKASI", nkk, village);
		set(&right, NULL, i == 0 ? "NURHAYATI" : "SUSANTI FADILLA",
			i == 0 ? "1985-03-22" : "1985-07-11", 'P', NULL, "BEKASI",
			i == 0 ? 3216010506120004 : 0, i == 0 ? village : 3216080000);
		CHECK(weight() < SURE - 2);
	}
	/* neighbour in NIK */
	TRUTH;
	set(&right, "3216014107850004", "RINA WATI", "1985-07-01", 'P', "KASIYEM",
		"BEKASI", 3216010506120004, 3216012003);
	CHECK(weight() < SURE);
	/* nothing in common; nothing known */
	TRUTH;
	set(&right, "5101010503620001", "I WAYAN SUDIRA", "1962-03-05", 'L',
		"NI MADE RAI", "DENPASAR", 5101010203100001, 5101012001);
	CHECK(weight() < -20);
	set(&left, NULL, NULL, NULL, '?', NULL, NULL, 0, 0);
	CHECK(weight() == 0);
}

/* A NIK stands in for what its record lacks, but never twice. */
static void
check_from_nik(void)
{
	DtcLinkMatch m;

	set(&left, "3216014107850003", "SITI", NULL, '?', NULL, NULL, 0, 0);
	set(&right, NULL, "SITI", "1985-07-01", 'P', NULL, NULL, 0, 0);
	dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
	CHECK(m.from_nik[DTC_LINK_BIRTH_DATE] && m.from_nik[DTC_LINK_SEX]);
	CHECK_INT(m.level[DTC_LINK_BIRTH_DATE], DTC_BIRTH_DATE_EQUAL_DEFAULT);
	CHECK_INT(m.level[DTC_LINK_SEX], DTC_SEX_EQUAL);
	set(&right, "3216014107850003", "SITI", "1985-07-01", 'P', NULL, NULL, 0,
		0);
	dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
	CHECK_INT(m.level[DTC_LINK_BIRTH_DATE], DTC_LINK_MISSING);
	/* the sex of a NIK that lacks its 40, and of its own record */
	set(&left, "3216014107850003", NULL, NULL, 'P', NULL, NULL, 0, 0);
	set(&right, "3216010107850003", NULL, NULL, 'P', NULL, NULL, 0, 0);
	dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
	CHECK_INT(m.level[DTC_LINK_SEX], DTC_SEX_EQUAL_SLIP);
	set(&right, "3216010107850003", NULL, NULL, 'L', NULL, NULL, 0, 0);
	dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
	CHECK_INT(m.level[DTC_LINK_SEX], DTC_SEX_DIFFERS_SLIP);
	/* in the century that is nearest */
	set(&left, "3216014207990003", NULL, NULL, '?', NULL, NULL, 0, 0);
	set(&right, NULL, NULL, "2001-07-02", '?', NULL, NULL, 0, 0);
	dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
	CHECK_INT(m.level[DTC_LINK_BIRTH_DATE], DTC_BIRTH_DATE_DIFFERS);
	set(&right, NULL, NULL, "1901-07-02", '?', NULL, NULL, 0, 0);
	dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
	CHECK_INT(m.level[DTC_LINK_BIRTH_DATE], DTC_BIRTH_DATE_DIFFERS);
	set(&left, "3216014207480003", NULL, NULL, '?', NULL, NULL, 0, 0);
	set(&right, NULL, NULL, "1999-07-02", '?', NULL, NULL, 0, 0);
	dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
	CHECK_INT(m.level[DTC_LINK_BIRTH_DATE], DTC_BIRTH_DATE_GENERATION);
	/* the first year there is has none before it */
	set(&left, "3216014207990003", NULL, NULL, '?', NULL, NULL, 0, 0);
	set(&right, NULL, NULL, "0001-07-02", '?', NULL, NULL, 0, 0);
	dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
	CHECK_INT(m.level[DTC_LINK_BIRTH_DATE], DTC_LINK_MISSING);
	/* which field is wrong */
	set(&left, "3216014107850003", "SITI", "1985-07-01", 'L', NULL, NULL, 0,
		0);
	set(&right, "3216019907850003", "SITI", "1985-07-01", 'P', NULL, NULL, 0,
		0);
	CHECK_INT(dtc_link_conflict(&left.person), DTC_CONFLICT_SEX);
	CHECK_INT(dtc_link_conflict(&right.person), DTC_CONFLICT_IMPOSSIBLE);
	set(&left, "3216014107850003", "SITI", "1985-07-02", 'P', NULL, NULL, 0,
		0);
	CHECK_INT(dtc_link_conflict(&left.person), DTC_CONFLICT_BIRTH_DATE);
}

/* Numbers of family cards where NIKs belong, and the other way round. */
static void
check_misplaced(void)
{
	static const struct
	{
		const char *nik[2], *born[2];
		int64_t nkk[2];
		const char *nik_level, *nkk_level;
	} rows[] = {
		/* the own card's number, or the other record's, is no NIK */
		{{"3216010203100001", "3216010107850003"},
		 {"1985-07-01", "1985-07-01"},
		 {3216010203100001, 3216010203100001},
		 "missing_field",
		 "equal"},
		{{"3216010203100001", "3216010107850003"},
		 {"1985-07-01", "1985-07-01"},
		 {0, 3216010203100001},
		 "missing_field",
		 "missing_field"},
		{{"3216010203100001", "3216010203100001"},
		 {NULL, NULL},
		 {0, 3216010203100001},
		 "missing_field",
		 "missing_field"},
		{{"3216010203100001", "3216010203100001"},
		 {NULL, NULL},
		 {3216010203100009, 0},
		 "equal",
		 "missing_field"},
		/* what says the birth date is a NIK, and no card's number */
		{{"3216010107850003", "3216010107850003"},
		 {"1985-07-01", "1985-07-01"},
		 {3216010107850003, 3216010203100001},
		 "equal",
		 "missing_field"},
		{{"3216010107850003", "3216010107850003"},
		 {"1985-07-01", NULL},
		 {3216010203100001, 3216010107850003},
		 "equal",
		 "missing_field"},
		{{"3216010107850003", "3216010107850004"},
		 {"1985-07-01", NULL},
		 {3216010203100001, 3216010107850003},
		 "serial",
		 "missing_field"},
		/* no card has a woman's day */
		{{"3216014107850003", "3216014107850003"},
		 {NULL, NULL},
		 {3216014107850003, 3216010203100001},
		 "equal",
		 "missing_field"},
	};

	for (size_t i = 0; i < LENGTHOF(rows); i++)
	{
		DtcLinkMatch m, back;

		set(&left, rows[i].nik[0], "SITI", rows[i].born[0], '?', NULL, NULL,
			rows[i].nkk[0], 0);
		set(&right, rows[i].nik[1], "SITI", rows[i].born[1], '?', NULL, NULL,
			rows[i].nkk[1], 0);
		dtc_link_match(&left.person, &right.person, dtc_link_default(), &m);
		dtc_link_match(&right.person, &left.person, dtc_link_default(), &back);
		CHECK_STR(dtc_link_level(DTC_LINK_NIK, m.level[DTC_LINK_NIK]),
				  rows[i].nik_level);
		CHECK_STR(dtc_link_level(DTC_LINK_NKK, m.level[DTC_LINK_NKK]),
				  rows[i].nkk_level);
		CHECK_INT(back.total, m.total);
	}
}

/* Symmetry and sums over records drawn at random, many fields missing. */
static void
check_random(void)
{
	static const char *const words[] = {
		"SITI",  "NUR",   "HAYATI", "SUNARTO", "SUNARTI", "M.",
		"YUSUF", "JUSUF", "bin",    "Drs.",    "WAWAN",   "HERMAWAN"};
	static const char *const towns[] = {"BEKASI", "JKT",  "Kab. Bandung",
										"x",      "SOLO", "SURAKARTA"};

	srand(7);
	for (int i = 0; i < 20000; i++)
	{
		for (int side = 0; side < 2; side++)
		{
			char nik[24], nama[64], mother[64], born[16];

			snprintf(nik, sizeof(nik), "32160%d%02d%02d85000%d", rand() % 3,
					 rand() % 3 + (rand() % 2 ? 40 : 0), rand() % 4,
					 rand() % 4);
			if (rand() % 20 == 0)
				nik[15] = '\0';
			snprintf(nama, sizeof(nama), "%s %s %s",
					 words[rand() % LENGTHOF(words)],
					 words[rand() % LENGTHOF(words)],
					 words[rand() % LENGTHOF(words)]);
			snprintf(mother, sizeof(mother), "%s %s",
					 words[rand() % LENGTHOF(words)],
					 words[rand() % LENGTHOF(words)]);
			snprintf(born, sizeof(born), "19%d5-%02d-%02d", 7 + rand() % 3,
					 1 + rand() % 12, 1 + rand() % 28);
			set(side ? &right : &left, rand() % 5 ? nik : NULL,
				rand() % 5 ? nama : NULL, rand() % 5 ? born : NULL,
				"LP?"[rand() % 3], rand() % 3 ? mother : NULL,
				rand() % 3 ? towns[rand() % LENGTHOF(towns)] : NULL,
				rand() % 3 ? 3216010203100001 + rand() % 3 : 0,
				rand() % 3 ? 3216012001 + rand() % 3 : 0);
		}
		weight();
	}
}

int
main(void)
{
	check_niks();
	check_nik_keys();
	check_births();
	check_dummies();
	check_sexes();
	check_places();
	check_names();
	check_regions();
	check_weights();
	check_pairs();
	check_from_nik();
	check_misplaced();
	check_random();
	return unit_done("test_linkage");
}
