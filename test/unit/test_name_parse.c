/* From what is written to tokens: titles, abbreviations, scripts, limits. */
#include "core/name.h"
#include "unit.h"

#include <stdlib.h>

static DtcName name;

static const char *
normal(const char *text)
{
	static char out[DTC_NAME_MAX_FOLDED + 16];

	if (dtc_name_parse(text, strlen(text), &name) != DTC_NAME_OK)
		return NULL;
	dtc_name_normal(&name, out, sizeof(out));
	return out;
}

static const struct
{
	const char *text;
	const char *normal;
	int flags;
} cases[] = {
	/* frame */
	{"  siti   aminah ", "SITI AMINAH", 0},
	{"Ma'ruf", "MARUF", 0},
	{"Ma\xE2\x80\x99ruf", "MARUF", 0},
	{"Ma'sum", "MAKSUM", 0}, /* K where it makes a known name */
	{"Ma\xCA\xBCmun", "MAKMUN", 0},
	{"Xa'zub", "XAZUB", 0},
	{"Nur'aini", "NURAINI", 0},
	{"'Aisyah'", "AISYAH", 0},
	{"Abdul-Aziz", "ABDUL AZIZ", 0},
	{"SITI\xC2\xA0"
	 "AMINAH",
	 "SITI AMINAH", 0},
	{"Jos\xC3\xA9 \xC3\x91"
	 "and\xC3\xBA",
	 "JOSE NANDU", 0},
	{"e\xCC\x81lisa", "ELISA", 0},
	{"\xEF\xBC\xB3iti", "SITI", 0}, /* full width S */
	{"5UTR1SNO", "SUTRISNO", 0},
	{"HA1IM", "HALIM", 0}, /* a 1 may be an L as well */
	{"SU1A1MAN", "SULAIMAN", 0},
	{"HENDR1", "HENDRI", 0},
	{"XQ1Z", "XQIZ", 0},
	{"\xC3\x86gir", "AEGIR", 0},
	/* titles */
	{"H. Sutrisno", "SUTRISNO", DTC_NAME_HAJI},
	{"H SUTRISNO", "SUTRISNO", DTC_NAME_HAJI},
	{"Hj. Siti Aminah", "SITI AMINAH", DTC_NAME_HAJI | DTC_NAME_FEMALE},
	{"Drs. H. Ahmad Fauzi, M.Si", "AHMAD FAUZI",
	 DTC_NAME_MALE | DTC_NAME_HAJI | DTC_NAME_TITLE},
	{"K.H. Ahmad Dahlan", "AHMAD DAHLAN", DTC_NAME_HAJI},
	{"HM. Yusuf", "MUHAMMAD YUSUF", DTC_NAME_HAJI},
	{"Pastor Yohanes", "YOHANES", DTC_NAME_MALE},
	{"Bq. Nurul", "BAIQ NURUL", 0},
	{"I Gst Ngr Rai", "I GUSTI NGURAH RAI", 0},
	{"Raden Mas Suryo Utomo", "SURYO UTOMO", DTC_NAME_MALE},
	{"R.A. Kartini", "KARTINI", DTC_NAME_FEMALE},
	{"R.M. Suryo", "SURYO", DTC_NAME_MALE},
	{"Mbok Karti", "KARTI", DTC_NAME_FEMALE},
	{"KRT. Suryo", "SURYO", DTC_NAME_MALE},
	{"Raden Mas", "MAS", DTC_NAME_TITLE},
	{"Kapt. Budi", "BUDI", DTC_NAME_TITLE},
	{"I.B. Oka", "IDA BAGUS OKA", 0},
	{"IB", "IB", 0},
	{"FX", "FX", 0},
	{"FX. Sutopo", "FRANSISKUS XAVERIUS SUTOPO", 0},
	{"Budi bn Slamet", "BUDI BIN SLAMET", DTC_NAME_PATRONYM},
	{"Budi B. Slamet", "BUDI B SLAMET", 0},
	{"I Md. Rai", "I MADE RAI", 0},
	{"Ni Gusti Ayu Md Rai", "NI GUSTI AYU MADE RAI", 0},
	{"Dewa Md Rai", "DEWA MADE RAI", 0},
	{"Lalu Md. Yusuf", "LALU MUHAMMAD YUSUF", 0},
	{"Dulhamid", "ABDUL HAMID", 0},
	{"Durahman", "ABDUL RAHMAN", 0},
	{"Dulkarnain", "DULKARNAIN", 0},
	{"Duriyah", "DURIYAH", 0},
	{"Ny. Sumiati", "SUMIATI", DTC_NAME_FEMALE},
	{"Ny. Sutrisno", "SUTRISNO", DTC_NAME_FEMALE},
	{"Prof. Dr. Ir. Budi", "BUDI", DTC_NAME_TITLE},
	{"H.", "H", 0}, /* nobody is called nothing */
	{"Drs. H", "H", DTC_NAME_MALE},
	/* degrees */
	{"Budi, S.Pd.I", "BUDI", DTC_NAME_TITLE},
	{"Budi Santoso SE", "BUDI SANTOSO", DTC_NAME_TITLE},
	{"Budi SE", "BUDI SE", 0}, /* may be an initial or a name */
	{"Budi S.E.", "BUDI", DTC_NAME_TITLE},
	{"Budi Santoso S Pd", "BUDI SANTOSO", DTC_NAME_TITLE},
	{"Siti Aminah, S.Ag., M.Pd.", "SITI AMINAH", DTC_NAME_TITLE},
	{"Siti Aminah, S.Tr.Keb., Bdn.", "SITI AMINAH", DTC_NAME_TITLE},
	{"Siti Aminah, A.Md.Kes", "SITI AMINAH", DTC_NAME_TITLE},
	{"Siti Aminah S.Pd., Gr.", "SITI AMINAH", DTC_NAME_TITLE},
	{"Aminah, Siti", "AMINAH SITI", 0}, /* a comma is no degree */
	{"Bambang S.", "BAMBANG S", 0},
	/* abbreviations */
	{"M. Yusuf", "MUHAMMAD YUSUF", 0},
	{"Moch. Rizky", "MUHAMMAD RIZKY", 0},
	{"Mochammad Rizky", "MOCHAMMAD RIZKY", 0}, /* a spelling, kept */
	{"Hj. M. Sari", "M SARI", DTC_NAME_HAJI | DTC_NAME_FEMALE},
	{"M", "M", 0},
	{"St. Aminah", "SITI AMINAH", 0},
	{"Abd. Rahman", "ABDUL RAHMAN", 0},
	{"Abdurrahman", "ABDUL RAHMAN", 0},
	{"ABDUSSALAM", "ABDUL SALAM", 0},
	{"Abdulaziz", "ABDUL AZIZ", 0},
	{"Abdullah", "ABDULLAH", 0},
	/* father, alias, death */
	{"Siti binti Amat", "SITI BIN AMAT", DTC_NAME_PATRONYM},
	{"Keanu bin Edi", "KEANU BIN EDI", DTC_NAME_PATRONYM},
	{"Siti Bin", "SITI BIN", 0}, /* nothing follows: a name */
	{"Siti (binti Amat)", "SITI BIN AMAT", DTC_NAME_PATRONYM},
	{"Siti binti (Amat)", "SITI BIN AMAT", DTC_NAME_PATRONYM},
	{"Siti bin alias Amat", "SITI (AMAT)", DTC_NAME_ALIAS},
	/* the titles, and the death, of a father are not his child's */
	{"Siti binti H. Amat", "SITI BIN AMAT", DTC_NAME_PATRONYM},
	{"Ali bin KH. M. Amat", "ALI BIN MUHAMMAD AMAT", DTC_NAME_PATRONYM},
	{"Ali bin alm. Amat", "ALI BIN AMAT", DTC_NAME_PATRONYM},
	{"Ali bin (alm) Drs. Amat", "ALI BIN AMAT", DTC_NAME_PATRONYM},
	{"Ali bin H", "ALI BIN H", DTC_NAME_PATRONYM},
	/* a husband's name is no father's */
	{"Siti (Ny. Sutrisno)", "SITI (SUTRISNO)",
	 DTC_NAME_FEMALE | DTC_NAME_ALIAS},
	{"Siti, Ny. H. Sutrisno", "SITI (SUTRISNO)",
	 DTC_NAME_FEMALE | DTC_NAME_HAJI | DTC_NAME_ALIAS},
	{"Siti binti Amat alias Ny. Sutrisno", "SITI BIN AMAT (SUTRISNO)",
	 DTC_NAME_FEMALE | DTC_NAME_PATRONYM | DTC_NAME_ALIAS},
	{"Siti binti alias Ny. Sutrisno", "SITI (SUTRISNO)",
	 DTC_NAME_FEMALE | DTC_NAME_ALIAS},
	{"Siti Ny. Lestari", "SITI NY LESTARI", 0},
	{"I Ny. Sukerta", "I NYOMAN SUKERTA", 0},
	{"Ni Ny. Suparto", "NI NYOMAN SUPARTO", 0},
	{"Wawan (Hermawan)", "WAWAN (HERMAWAN)", DTC_NAME_ALIAS},
	{"Ujang alias Asep", "UJANG (ASEP)", DTC_NAME_ALIAS},
	{"Ujang a.k.a. Asep", "UJANG (ASEP)", DTC_NAME_ALIAS},
	{"Ujang als. Asep", "UJANG (ASEP)", DTC_NAME_ALIAS},
	{"Ujang AL. Asep", "UJANG (ASEP)", DTC_NAME_ALIAS},
	{"Harun AL Rasyid", "HARUN AL RASYID", 0}, /* the article */
	{"Harun Al.Rasyid", "HARUN AL RASYID", 0},
	{"Moh. Al. Amin", "MUHAMMAD AL AMIN", 0},
	{"Al. Hasan", "ALI HASAN", 0},
	{"Jamal ad-Din", "JAMAL UDDIN", 0},
	{"Jamal al Din Lubis", "JAMAL UDDIN LUBIS", 0},
	{"Jamal ud Din", "JAMAL UDDIN", 0},
	{"Ad-Din", "AD DIN", 0},
	{"Jamal di Din", "JAMAL DI DIN", 0},
	{"Amir @ Ucok", "AMIR (UCOK)", DTC_NAME_ALIAS},
	{"Ratna Gunawan / Cak Nur", "RATNA GUNAWAN (CAK NUR)", DTC_NAME_ALIAS},
	{"Siti/Aminah", "SITI AMINAH", 0},
	{"@ Budi", "BUDI", 0},
	/* a word that a blank has cut in two, if neither part is a name */
	{"SI TI AMINAH", "SITI AMINAH", 0},
	{"KOM ARUDIN", "KOMARUDIN", 0},
	{"KHAIRUL AN WAR", "KHAIRUL ANWAR", 0},
	{"SUTRI SNO WIBOWO", "SUTRISNO WIBOWO", 0},
	{"NUR AINI", "NUR AINI", 0},
	{"RUSLIN A", "RUSLIN A", 0},
	{"SI @ TI AMINAH", "SI (TI AMINAH)", DTC_NAME_ALIAS},
	/* Md. behind the article is Made, elsewhere Muhammad */
	{"I Md. Suardana", "I MADE SUARDANA", 0},
	{"Ni Md Suardani", "NI MADE SUARDANI", 0},
	{"Md. Yusuf", "MUHAMMAD YUSUF", 0},
	{"(Wawan)", "WAWAN", 0},
	{"(ALM) Sukarno", "SUKARNO", DTC_NAME_DECEASED},
	{"Sukarno alm.", "SUKARNO", DTC_NAME_DECEASED},
	{"Siti (Almh)", "SITI", DTC_NAME_DECEASED},
	{"Alm", "ALM", 0},
	/* symbols */
	{"Siti 2", "SITI 2", 0},
	{"\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF", "\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF",
	 0},
	{"Siti \xF0\x9F\x98\x80", "SITI \xF0\x9F\x98\x80", 0},
	{"Siti \xE2\x80\x8F", "SITI", 0}, /* right-to-left mark */
	{"A\xFF"
	 "B",
	 "A\xFF"
	 "B",
	 0}, /* no UTF-8: symbols one by one */
};

static int
kind(int token)
{
	return name.token[token].info & DTC_TOKEN_KIND;
}

static void
check_limits(void)
{
	char text[2100];

	memset(text, 'A', sizeof(text));
	CHECK_INT(dtc_name_parse(text, 255, &name), DTC_NAME_OK);
	CHECK_INT(dtc_name_parse(text, 256, &name), DTC_NAME_TOO_LONG);
	CHECK_INT(dtc_name_parse(text, 2000, &name), DTC_NAME_TOO_LONG);
	for (int i = 0; i < 255; i++)
		text[i] = i % 2 ? ' ' : 'B';
	CHECK_INT(dtc_name_parse(text, 63, &name), DTC_NAME_OK);
	CHECK_INT(name.ntokens, 32);
	CHECK_INT(dtc_name_parse(text, 65, &name), DTC_NAME_TOO_LONG);
	CHECK_INT(dtc_name_parse(text, 255, &name), DTC_NAME_TOO_LONG);
	/* four-byte characters: 255 of them fit, 256 do not */
	for (int i = 0; i < 256; i++)
		memcpy(text + 4 * i, "\xF0\x9F\x98\x80", 4);
	CHECK_INT(dtc_name_parse(text, 1020, &name), DTC_NAME_OK);
	CHECK_INT(dtc_name_parse(text, 1024, &name), DTC_NAME_TOO_LONG);

	CHECK_INT(dtc_name_parse("", 0, &name), DTC_NAME_EMPTY);
	CHECK_INT(dtc_name_parse(" .-,()", 6, &name), DTC_NAME_EMPTY);
	CHECK_INT(dtc_name_parse("123", 3, &name), DTC_NAME_EMPTY);
	CHECK_INT(dtc_name_parse("A\tB", 3, &name), DTC_NAME_CONTROL);
	CHECK_INT(dtc_name_parse("A\0B", 3, &name), DTC_NAME_CONTROL);
	CHECK_INT(dtc_name_parse("A\x7F", 2, &name), DTC_NAME_CONTROL);
	CHECK_INT(dtc_name_parse("A\xC2\x85", 3, &name), DTC_NAME_CONTROL);
}

/* Any bytes at all: no error but those listed, offsets inside the strings. */
static void
check_noise(void)
{
	static const char alphabet[] = "AEIOUMHSTXYZ'.,()- 01\xC3\xA9\xD8\xFF\xE2";
	uint32_t seed = 12345;
	char text[260];

	for (int round = 0; round < 20000; round++)
	{
		size_t len, end = 0;
		char *copy;

		seed = seed * 1664525u + 1013904223u;
		len = (seed >> 16) % 200;
		for (size_t i = 0; i < len; i++)
		{
			seed = seed * 1664525u + 1013904223u;
			text[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		copy = malloc(len + 1); /* so that a sanitizer sees one byte more */
		memcpy(copy, text, len);
		if (dtc_name_parse(copy, len, &name) == DTC_NAME_OK)
		{
			for (int i = 0; i < name.ntokens; i++)
			{
				const DtcNameToken *t = &name.token[i];

				if (t->key != end || t->keylen == 0 ||
					t->key + t->keylen > name.foldedlen ||
					t->text + t->textlen > name.canonicallen)
					CHECK(0 && "offsets of a token");
				end = (size_t) t->key + t->keylen + 1;
			}
			CHECK(name.ntokens > 0 && end == (size_t) name.foldedlen + 1);
		}
		free(copy);
	}
}

int
main(void)
{
	char out[64];
	uint8_t meta[4 * DTC_NAME_MAX_TOKENS];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		CHECK_STR(normal(cases[i].text), cases[i].normal);
		CHECK_INT(name.flags, cases[i].flags);
	}
	/* the normal form is a fixed point, flags apart */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		if (strcmp(cases[i].normal, "M SARI") != 0)
			CHECK_STR(normal(cases[i].normal), cases[i].normal);
	}

	normal("M. Yusuf");
	CHECK(name.token[0].info & DTC_TOKEN_ABBREVIATED);
	CHECK_STR(name.folded, "MUHAMAT YUSUP");
	CHECK(name.token[0].weight < name.token[1].weight);
	normal("I Wayan Sudira");
	CHECK_INT(kind(0), DTC_TOKEN_PARTICLE);
	CHECK_INT(kind(1), DTC_TOKEN_ORDER);
	CHECK_INT(kind(2), DTC_TOKEN_NAME);
	normal("Bambang S. Dj.");
	CHECK_INT(kind(1), DTC_TOKEN_INITIAL);
	CHECK_INT(kind(2), DTC_TOKEN_INITIAL);
	normal("Siti binti Amat bin Edi");
	CHECK(!(name.token[0].info & DTC_TOKEN_FATHER));
	CHECK(name.token[1].info & DTC_TOKEN_FATHER);
	CHECK(name.token[2].info & DTC_TOKEN_FATHER);
	normal("Wawan (H. Hermawan)");
	CHECK(name.token[1].info & DTC_TOKEN_ALIAS);
	CHECK_INT(name.flags, DTC_NAME_ALIAS | DTC_NAME_HAJI);
	normal("ABDUL RAHMAN HIDAYAT");
	CHECK(name.flags & DTC_NAME_CUT); /* twenty characters */
	/* a class shares its key whatever the spelling folds to */
	normal("Rohman");
	CHECK_STR(name.folded, "RAHMAN");
	normal("RISKY");
	CHECK_STR(name.folded, "RIJKI");

	normal("Siti Aminah");
	dtc_name_meta(&name, meta);
	CHECK_INT(meta[0] | meta[1] << 8, name.token[0].id);
	CHECK_INT(meta[6], name.token[1].info);
	CHECK_INT(meta[7], name.token[1].weight);
	CHECK_INT((int64_t) dtc_name_normal(&name, out, 5), 11);
	CHECK_STR(out, "SITI");

	CHECK_INT((int64_t) dtc_name_clean(" a\t\n b\xC2\xA0"
									   "c ",
									   9, out),
			  5);
	CHECK(memcmp(out, "a b c", 5) == 0);
	CHECK_INT((int64_t) dtc_name_clean(" \t ", 3, out), 0);
	/* byte order mark, ideographic and em space, zero width space, reversal */
	CHECK_INT((int64_t) dtc_name_clean("\xEF\xBB\xBF\xE3\x80\x80"
									   "a\xE2\x80\x83\xE2\x80\xAE"
									   "b\xE2\x80\x8B"
									   "c\xE2\x80\xA8",
									   21, out),
			  4);
	CHECK(memcmp(out, "a bc", 4) == 0);
	/* a joiner and a letter of three bytes stay */
	CHECK_INT((int64_t) dtc_name_clean("\xE2\x80\x8D\xE6\x9D\x8E", 6, out), 6);
	check_limits();
	check_noise();
	return unit_done("name_parse");
}
