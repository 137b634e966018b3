/* Similarity: rules, traps, and properties over names drawn from the table. */
#include "core/name_unit.h"
#include "name_value.h"
#include "unit.h"

static double
similarity(const char *a, const char *b)
{
	set(&left, a);
	set(&right, b);
	return dtc_name_similarity(&left.view, &right.view);
}

/* Pairs and the interval that their similarity must lie in. */
static const struct
{
	const char *a;
	const char *b;
	double least;
	double most;
} cases[] = {
	/* one name, written differently */
	{"SITI AMINAH", "siti aminah", 1, 1},
	{"Drs. H. Ahmad Fauzi, M.Si", "AHMAD FAUZI", 1, 1},
	{"SUTRISNO", "5UTR1SNO", 1, 1},
	{"ABDUL RAHMAN", "ABDURRAHMAN", 1, 1},
	{"Soekarno", "Sukarno", .95, .999},
	{"Tjahjono Widjaja", "Cahyono Wijaya", .95, .999},
	{"ZAINAL ABIDIN", "JAENAL ABIDIN", .95, .999},
	{"RIZKY PRATAMA", "RISKI PRATAMA", .95, .999},
	{"MA'RUF AMIN", "MAKRUF AMIN", .95, .999},
	{"M. Yusuf", "Yusuf", .95, .999},
	{"MARIA GORETI", "M. GORETI", .95, .99},
	{"Muhammad Yusuf", "M. Jusuf", .95, .999},
	{"NURHAYATI", "NUR HAYATI", .95, .999},
	{"SRI WAHYUNI", "SRIWAHYUNI", .95, .999},
	{"MUHAMADYUSUF", "MUHAMMAD YUSUF", .9, .999},
	/* names.md 1.5: equal but for blanks, however many */
	{"SITINURHALIZAH", "SITI NUR HALIZAH", .96, .999},
	{"BUDI SANTOSO PRAKOSO", "BUDISANTOSOPRAKOSO", .96, .999},
	{"MUHAMMADRIZKIPRATAMA", "M. RIZKI PRATAMA", .96, .999},
	{"AMELIAWAHYUNINGSIHAZZAHRA", "AMELIA WAHYU NINGSIH AZZAHRA", .96, .999},
	{"SITI AMINAH (SITINURHALIZAH)", "SITI NUR HALIZAH", .96, .999},
	{"SITI AMINAH", "AMINAH SITI", .95, .999},
	{"WAWAN (HERMAWAN)", "HERMAWAN", .999, 1},
	{"SITI BT AMAT", "SITI", .999, 1},
	/* slips: one side is nobody's spelling */
	{"SUTRISNO", "SUTIRSNO", .8, .99},
	{"SITI AMINAH", "SITI AMUNAH", .8, .99},
	{"BAMBANG HARTONO", "BAMBNG HARTONO", .8, .99},
	/* nobody's spelling of a known name, or a slip of another one */
	{"HARTTI ERNAWATI", "HARTATI ERNAWATI", .85, .95},
	{"HARTTI ERNAWATI", "HARTI ERNAWATI", .95, .999},
	{"ARII SANTOSO", "ARINI SANTOSO", .8, .95},
	/* what a scanner or the old spelling makes of a known name */
	{"RAHMAT", "RAHRNAT", .95, .999},
	{"SUKARMAN", "SUKARRNAN", .95, .999},
	{"WIDODO", "WICLODO", .95, .999},
	{"SURNI", "SUMI", 0, .6}, /* short, and somebody's name */
	{"Noer Hajati", "Nurhayati", .95, .999},
	{"Soekarno Jatmi", "Sukarno Yatmi", .9, .999},
	{"JONO", "YONO", 0, .9}, /* no old word beside it */
	{"Iswandi Soetomo Rija", "ISWANDI SUTOMO RIZA", .95, .999},
	{"MURTADLO", "MURTADHO", .95, .999},
	{"SUYYANTO", "SUYANTO", .95, .999},
	{"BAMBANG S", "BAMBANG SUTRISNO", .75, .95},
	{"RINA", "RINA LESTARI", .6, .85},
	{"TEUKU UMAR", "UMAR", .8, .9}, /* names.md 1.1: about a bit */
	{"MEGAWATI", "WATI", .4, .7},
	/* short for a name: without its vowels, or with a full stop */
	{"BUDI HSB", "BUDI HASIBUAN", .85, .95},
	{"BBG SUSILO", "BAMBANG SUSILO", .85, .95},
	{"BB. SANTOSO", "BAMBANG SANTOSO", .85, .95},
	{"I GUSTI BGS SUKERTI", "I GUSTI BAGUS SUKERTI", .85, .999},
	{"DONAL BR. GINTING", "DONAL BORU GINTING", .85, .999},
	{"ROSMAIDA BR. GINTING", "ROSMAIDA GINTING", .95, .999},
	{"KATH. SUDARMO", "KATARINA SUDARMO", .85, .95},
	{"AG. SUDARMO", "AGUSTINUS SUDARMO", .85, .95},
	{"SJ. UMAR", "SJAHRIR UMAR", .85, .95},
	{"BUDI HSB", "BUDI HARAHAP", 0, .5},
	{"SUT. WIJAYA", "SUGENG WIJAYA", 0, .5},
	{"AG SUDARMO", "AGUSTINUS SUDARMO", 0, .5},
	/* K. is Khotimah, but not who is written with an H */
	{"TRI K", "TRI KHOTIMAH", .85, .95},
	{"TRI K", "TRI HIDAYAT", 0, .5},
	/* castes and saints by their letters */
	{"IB. SUPARTA", "IDA BAGUS SUPARTA", .95, .999},
	{"I.G.A. Made Artini", "I GUSTI AYU MADE ARTINI", .95, .999},
	{"A.A. Ngurah Rai", "ANAK AGUNG NGURAH RAI", .95, .999},
	{"A.A. Ayu Rai", "ANAK AGUNG AYU RAI", .95, .999},
	{"A.A. Hidayat", "ALI AKBAR HIDAYAT", .8, .95},
	{"IGN. SUDARMO", "IGNATIUS SUDARMO", .9, .999},
	{"FX. Sutopo", "FRANSISKUS XAVERIUS SUTOPO", .95, .999},
	{"F.X. Sutopo", "FRANSISKUS SUTOPO", .9, .999},
	/* Md. behind a Balinese title is Made; a pilgrim is no Balinese */
	{"Gusti Md. Rai", "GUSTI MADE RAI", .95, .999},
	{"Luh Md. Sari", "LUH MADE SARI", .95, .999},
	{"Desak Md. Sari", "DESAK MADE SARI", .95, .999},
	{"Cok. Istri Md. Raka", "COKORDA ISTRI MADE RAKA", .95, .999},
	{"Gusti Ayu Md. Rai", "GUSTI AYU MADE RAI", .95, .999},
	{"Dewa Ayu Md. Rai", "DEWA AYU MADE RAI", .95, .999},
	{"A.A. Md. Rai", "ANAK AGUNG MADE RAI", .95, .999},
	{"Ngakan Md. Rai", "MADE RAI", .75, .9},
	{"IGM. Rai", "I GUSTI MADE RAI", .95, .999},
	{"H. Gusti Md. Noor", "GUSTI MUHAMMAD NOOR", .95, .999},
	{"Lalu Md. Rai", "LALU MUHAMMAD RAI", .95, .999},
	/* kh, h and k of one Arabic name, also in the old spelling */
	{"HOTIJAH", "KHOTIJAH", .95, .999},
	{"SITI KOTIJAH", "SITI KHADIJAH", .95, .999},
	{"CHODIDJAH", "KOTIJAH", .95, .999},
	{"KAMBALI", "HAMBALI", 0, .6},
	/* B. is bin, or an initial */
	{"RIYADI B. HUSNI", "RIYADI BIN HUSNI", .95, .999},
	{"RIYADI BN. HUSNI", "RIYADI BIN HUSNI", .999, 1},
	{"RIYADI B. HUSNI", "RIYADI", .65, .8},
	{"RIYADI B. HUSNI", "RIYADI BIN HAMZAH", 0, .5},
	{"RIYADI B. HUSNI", "RIYADI BAMBANG HUSNI", .9, .999},
	/* Syah is a word or an end */
	{"HERMAN SYAH PUTRA", "HERMANSYAH PUTRA", .9, .999},
	/* ai is e to many an ear */
	{"BAIHAKI HASAN", "BEHAKI HASAN", .9, .999},
	/* and au is o */
	{"LAURENSIUS HUREK", "LORENSIUS HUREK", .8, .999},
	/* a Z may be a J and a J a Y, but Zeni is no Yeni */
	{"ZENI", "ZAINI", .65, .9},
	{"ZENI", "YENI", .65, .9},
	{"BENED. KEMUR", "BENEDIKTUS KEMUR", .85, .95},
	/* Arabic names in Java */
	{"KASAN KUSEN", "HASAN HUSEIN", .9, .999},
	{"DULHAMID", "ABDUL HAMID", .9, 1},
	/* names.md 1.5: an end of four letters, though folding changes its first */
	{"HARYONO", "YONO", .65, .7},
	{"MULYADI", "YADI", .65, .7},
	{"Soerjanti", "Yanti", .65, .7},
	{"SUWARNO", "WARNO", .65, .7},
	{"SUWANDI", "WANDI", .65, .7},
	{"BUDI SUWITO", "BUDI WITO", .7, .9},
	{"HARIONO", "WONO", 0, .1},
	{"SUYATI", "WATI", 0, .3},
	{"MUHAMMAD NURHADI BAMBANG SETIA", "MUHAMMAD NURHADI BAMBANG SETIAWAN", .9,
	 .999},
	/* the cut has made an end of what was inside */
	{"MUHAMMAD ILHAM RAMAD", "MUHAMMAD ILHAM RAMADHAN", .9, .999},
	{"JONI YOSEF DZAKI MAND", "JONI YOSEF DZAKI MANDACAN", 0, .8},
	{"JONIUS YOSEF HADI MAND", "JONIUS YOSEF HADI MANDACAN", 0, .8},
	{"MARIA AMALIA HANDAYA", "MARIA AMALIA HANDAYANI", .9, .999},
	{"AHMAD RASYID HANDAY", "AHMAD RASYID HANDAYANI", 0, .6}, /* is 19 */
	{"ADITYA WIJAYA HANDAY", "ADITYA WIJAYA HANDAYANI", .9, .999},
	{"MAGDALENA FEBIOLA PA", "MAGDALENA FEBIOLA PATTY", .85, .95},
	{"MAGDALENA FEBIOLA PA", "MAGDALENA FEBIOLA PUTRA", 0, .7},
	/* the wife of Sutrisno is not Sutrisno */
	{"SUTRISNO", "NY. SUTRISNO", 0, 0},
	{"SUTRISNO HADI", "NY SUTRISNO HADI", 0, 0},
	{"NYONYA SUTRISNO", "NY. SOETRISNO", .9, 1},
	{"SUMIATI", "NY. SUMIATI", .999, 1},
	{"SUMIATI SUTRISNO", "NY. SUMIATI SUTRISNO", .999, 1},
	{"EKA", "NY. EKA", .999, 1},
	{"NY. HJ. SUTRISNO", "IBU SUTRISNO", .999, 1},
	/* articles: one of both, or none, or another */
	{"HARUN AR RASYID", "HARUN AL RASYID", .999, 1},
	{"HARUN AL RASYID", "HARUN RASYID", .999, 1},
	{"YOHANES DA SILVA", "YOHANES DE SILVA", .999, 1},
	{"AHMAD IBNU SETIAWAN", "AHMAD SETIAWAN", .7, .999},
	{"I WAYAN SARI", "NI WAYAN SARI", 0, .6},
	/* Zul is Zulkifli by himself only */
	{"ZUL FAHMI", "ZULFAHMI", .95, .999},
	{"ZUL", "ZULKIFLI", .65, .7},
	{"SAFII", "SYAFI'I", .95, .999},
	/* the -iyem of Java in three spellings */
	{"PONIYEM", "PONIEM", .95, .999},
	{"TUKIJEM", "TUKIYEM", .95, .999},
	{"LIEM", "LIM", .95, .999},
	/* nor is she his child, nor her father-in-law's */
	{"NY. SUTRISNO", "ANDI BIN SUTRISNO", 0, 0},
	{"DEWI BINTI SUTRISNO", "NY. SUTRISNO", 0, 0},
	{"SITI BINTI AHMAD ALIAS NY. SUTRISNO", "ANDI BIN SUTRISNO", 0, 0},
	{"NY. SUTRISNO BIN KARTO", "SUTRISNO BIN KARTO", 0, 0},
	{"NY. SUTRISNO BIN KARTO", "SUTRISNO", 0, 0},
	{"NY. SUTRISNO BIN KARTO", "SITI BINTI KARTO", 0, 0},
	{"NY. SUTRISNO", "SUTRISNO BIN KARTO", 0, 0},
	{"NY. SUTRISNO BIN KARTO", "NY. SUTRISNO", .7, .8},
	{"NY. SUTRISNO BINTI KARTO", "NY. SUTRISNO", .7, .8},
	{"SITI (NY. SUTRISNO)", "NY. SUTRISNO", .999, 1},
	{"SITI AMINAH, NY. SUTRISNO", "SITI AMINAH", .999, 1},
	{"SITI AMINAH NY. SUTRISNO", "NY. SUTRISNO", .999, 1},
	{"SITI (NY. SUTRISNO)", "SUTRISNO", 0, 0},
	{"I NY. SUKERTA", "I NYOMAN SUKERTA", .95, .999},
	/* the titles of a father weigh nothing */
	{"SITI BINTI H. AHMAD", "SITI BINTI AHMAD", .999, 1},
	{"SITI (BINTI AHMAD)", "AHMAD", 0, 0},
	{"ALI BIN M. YUSUF", "ALI BIN MUHAMMAD YUSUF", .95, .999},
	/* who is the son of Slamet is not Slamet */
	{"SLAMET", "AGUS BIN SLAMET", 0, 0},
	{"AGUS SLAMET", "AGUS BIN SLAMET", .999, 1},
	{"AGUS BIN SLAMET", "SLAMET RIYADI", 0, 0},
	{"SITI BINTI UMAR", "UMAR BIN ALI", 0, .6},
	/* two names */
	{"M. Yusuf", "M. Rizki", 0, .1},
	{"SITI AMINAH", "SITI KHADIJAH", 0, .15},
	{"SITI ZIDAN", "MUHAMMAD ZIDAN", 0, .6},
	{"BAMBANG S", "BAMBANG HARTONO", 0, .6},
	{"WAYAN SUDIRA", "MADE SUDIRA", 0, .6},
	{"ABDUL RAHMAN", "ABDUL ROHIM", 0, .3},
	/* names.md 1.4 */
	{"SUNARTO", "SUNARTI", 0, .3},
	{"SUTRISNO", "SUTRISNI", 0, .5},
	{"SULASTRI", "SULASTRO", 0, .6},
	{"MARYANTO", "MARYATI", 0, .3},
	{"HASAN", "HASANAH", 0, .3},
	{"AMIN", "AMINAH", 0, .3},
	/* the old spelling of a name that is known: no slip, whoever wrote it */
	{"SOEDJIATI", "SUMIATI", 0, .4},
	{"RUSDI", "RUSDIANA", 0, .3},
	{"ANDI", "ANDRI", 0, .3},
	{"ANDI", "ANDIKA", 0, .3},
	{"RUDI", "RUDIN", 0, .3},
	{"SURYADI", "SURYANI", 0, .3},
	{"SUPRIYADI", "SUPRIYATI", 0, .3},
	/* endings of sex, though nobody of the list is called so */
	{"DERMAWAN", "DERMAWATI", 0, .3},
	{"KUSUMAWAN", "KUSUMAWATI", 0, .3},
	{"TUKIMIN", "TUKIMINAH", 0, .3},
	{"TASRIP", "TASRIPAH", 0, .3},
	{"KORNELIUS", "KORNELIA", 0, .3},
	{"MARSELINUS", "MARSELINA", 0, .3},
	{"SURATMAN", "SURATMI", 0, .3},
	{"PARYONO", "PARYANI", 0, .3},
	{"SARJONO", "SARJINAH", 0, .5},
	{"TUGIMAN", "TUGINAH", 0, .3},
	/* endings that names are built with, though nobody is called so */
	{"SUTARNO", "SUTARTO", 0, .3},
	{"XUDARNO", "XUDARMO", 0, .6},
	{"DARSONO", "DARSINO", 0, .3},
	{"KASIYEM", "KASINEM", 0, .3},
	{"WAGIRAH", "WAGIRAN", 0, .3},
	{"SARIMAN", "SARIMIN", 0, .3},
	{"WIDIANA", "WIDIATA", 0, .3},
	{"SUTRISNO", "SUTRISMO", .8, .99},
	{"XALAN PUTRA", "XILAN PUTRA", .7, .9},
	{"SUHEXDRA", "SUHEXDRI", .6, .8},
	{"MUSLIH", "MUSLIM", 0, .3}, /* known without a count */
	{"SUWARNI", "SUHARNI", 0, .3},
	/* first letters: kh is written k, an h is not; z is written s, a j is not */
	{"KARTINI", "HARTINI", 0, .3},
	{"JUMIATI", "SUMIATI", 0, .3},
	{"KADAFI", "KHADAFI", .55, .65},
	{"SAGIMIN", "WAGIMIN", 0, .6},
	{"BASIR", "NASIR", 0, .6},
	{"NASIR", "XASIR", .6, .9},
	{"ALDA", "ALDI", 0, .3},
	{"LINA", "LINI", 0, .3},
	{"JULIANA", "JULIAN", 0, .3},
	{"PERMATASARIA", "PERMATASARI", 0, .3},
	{"MARSELINA", "MARSELIN", .6, 1},
	{"DEDI", "DEDE", 0, .4},
	{"DEDI", "DEWI", 0, .3},
	{"YANI", "YANTI", 0, .3},
	{"YANI", "YUNI", 0, .3},
	{"RINA", "RINI", 0, .3},
	{"RINA", "RIMA", 0, .3},
	{"RINA", "RIRI", 0, .3},
	{"NINA", "NITA", 0, .3},
	{"NINA", "NIA", 0, .3},
	{"HASAN", "HUSEIN", 0, .3},
	{"DINA", "DINI", 0, .3},
};

static uint32_t seed = 2024;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* A name of one to four words of the table, some of them damaged. */
static void
make(char *out)
{
	int words = 1 + (int) draw(4), n = 0;

	for (int w = 0; w < words; w++)
	{
		const char *token = "";
		int len = dtc_name_token_at((int) draw(30000), &token);

		n += sprintf(out + n, "%s%.*s", w > 0 ? " " : "", len, token);
		if (draw(4) == 0)
			out[n - 1 - (int) draw((uint32_t) len)] =
				(char) ('A' + (char) draw(26));
		if (draw(12) == 0)
			n += sprintf(out + n, " (M. %.*s)", len, token);
	}
}

static void
check_properties(void)
{
	char a[300], b[300];
	int ones = 0, zeros = 0;

	for (int round = 0; round < 20000; round++)
	{
		double s, t;
		DtcNameMatch m;
		int64_t agreed = 0;

		make(a);
		if (draw(2))
			make(b);
		else
		{
			strcpy(b, a);
			b[draw((uint32_t) strlen(b))] = (char) ('A' + (char) draw(26));
		}
		s = similarity(a, b);
		t = dtc_name_similarity(&right.view, &left.view);
		if (s != t || !(s >= 0 && s <= 1))
		{
			CHECK(0 && "symmetric and in [0, 1]");
			printf("%s, %s: %g, %g\n", a, b, s, t);
		}
		if (dtc_name_similarity(&left.view, &left.view) != 1)
			CHECK(0 && "a name is like itself");
		ones += s == 1;
		zeros += s == 0;
		/* the explanation adds up to the result */
		dtc_name_match(&left.view, &right.view, &m);
		for (int i = 0; i < m.npairs; i++)
			agreed += m.pair[i].similarity * m.pair[i].weight;
		if (s < 1 && (m.similarity != s || agreed != m.agreed ||
					  s != (double) (agreed * (1000 - m.order)) /
							   (double) (m.total * 1000)))
			CHECK(0 && "explanation adds up");
	}
	CHECK(ones > 100 && zeros > 1000 && ones + zeros < 18000);
}

/* Every word of one side is explained once, whatever the alignment. */
static void
check_explanation(const char *a, const char *b)
{
	DtcNameMatch m, n;
	int seen_a[DTC_NAME_MAX_TOKENS] = {0}, seen_b[DTC_NAME_MAX_TOKENS] = {0};

	set(&left, a);
	set(&right, b);
	dtc_name_match(&left.view, &right.view, &m);
	dtc_name_match(&right.view, &left.view, &n);
	CHECK_INT(m.npairs, n.npairs);
	for (int i = 0; i < m.npairs; i++)
	{
		CHECK_INT(m.pair[i].a, n.pair[i].b);
		CHECK_INT(m.pair[i].b, n.pair[i].a);
		for (int k = 0; m.pair[i].a >= 0 && k <= m.pair[i].a_joined; k++)
			seen_a[m.pair[i].a + k]++;
		for (int k = 0; m.pair[i].b >= 0 && k <= m.pair[i].b_joined; k++)
			seen_b[m.pair[i].b + k]++;
	}
	for (int i = 0; i < left.name.ntokens; i++)
		CHECK_INT(seen_a[i], 1);
	for (int i = 0; i < right.name.ntokens; i++)
		CHECK_INT(seen_b[i], 1);
}

/* The reference: full optimal string alignment with unit costs. */
static int
osa(const char *a, int n, const char *b, int m)
{
	int d[32][32];

	for (int i = 0; i <= n; i++)
		for (int j = 0; j <= m; j++)
		{
			int c;

			if (i == 0 || j == 0)
			{
				d[i][j] = i + j;
				continue;
			}
			c = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			c = d[i - 1][j] + 1 < c ? d[i - 1][j] + 1 : c;
			c = d[i][j - 1] + 1 < c ? d[i][j - 1] + 1 : c;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < c)
				c = d[i - 2][j - 2] + 1;
			d[i][j] = c;
		}
	return d[n][m];
}

/* Weighted costs lie between a fraction of the plain distance and all of it. */
static void
check_slips(void)
{
	for (int round = 0; round < 50000; round++)
	{
		char a[16], b[16];
		int n = 1 + (int) draw(8), m = 1 + (int) draw(8), plain;
		DtcNameSlip s, t;

		for (int i = 0; i < n; i++)
			a[i] = "AEHISZJKN"[draw(9)];
		for (int i = 0; i < m; i++)
			b[i] = i < n && draw(4) ? a[i] : "AEHISZJKN"[draw(9)];
		plain = osa(a, n, b, m);
		s = dtc_name_slip(a, n, b, m, 200, 64);
		t = dtc_name_slip(b, m, a, n, 200, 64);
		if (s.cost != t.cost || s.hard != t.hard)
			CHECK(0 && "slip is symmetric");
		if ((s.cost == 0) != (plain == 0))
			CHECK(0 && "cost 0 is equality");
		if (plain <= 2 && s.cost > 100 * plain)
			CHECK(0 && "no edit costs more than 1");
		if (s.cost != DTC_NAME_SLIP_NONE && s.cost < 40 * plain)
			CHECK(0 && "no edit costs less than .4");
		if (s.hard > plain && s.cost != DTC_NAME_SLIP_NONE)
			CHECK(0 && "no more hard edits than edits");
	}
}

/* Which of two rows comes first for a search. */
static const struct
{
	const char *search;
	const char *first;
	const char *second;
} ranks[] = {
	/* a letter that fits beats no word at all */
	{"S SALSABILA", "SEKAR SALSABILA", "SALSABILA"},
	{"N WATI", "NAZWA WATI", "WATI"},
	/* a rare word is missing as easily as a common one */
	{"NUR YULIANA", "NUR SRI YULIANA", "YULIANA"},
	{"FATIMAH PUTRI", "ERFINA FATIMAH PUTRI", "FATIMAH"},
	/* two words missing are rarer than a slip */
	{"REZA YXLIANTO PRATAMA", "REZA YULIANTO PRATAMA", "REZA"},
	{"NURDIN PXNJI AKBAR", "NURDIN PANJI AKBAR", "NURDIN"},
	/* a slip that folding hides, where one side is nobody's name */
	{"RANAD PELANI", "RANDA PELANI", "PELANI"},
	{"FATHAN EFENID", "FATHAN EFENDI", "FATHAN"},
	{"NUGRAHA SUOYNO", "NUGRAHA SUYONO", "NUGRAHA"},
	{"SUBARKIH SAPUTRA", "SUBARKAH SAPUTRA", "SAPUTRA"},
	/* the article of Balinese names stands before an order of birth only */
	{"I ANDREAN", "IRWAN ANDREAN", "ANDREAN"},
	{"I CITA JANNAH", "INDAH CITA JANNAH", "CITA"},
	{"I WAYAN SUDIRA", "WAYAN SUDIRA", "IRMA WAYAN SUDIRA"},
	/* R. is Raden, or the letter of a name */
	{"R SUSANTI", "RIRIN SUSANTI", "SUSANTI"},
	{"R SUSANTI", "SUSANTI", "SITI SUSANTI"},
	/* M. is Muhammad, or the letter of a name */
	{"M WARTINI", "MUHAMMAD WARTINI", "MARLIANI WARTINI"},
	{"M WARTINI", "MARLIANI WARTINI", "WARTINI"},
	{"MALIK FAJAR", "M FAJAR", "FAJAR"},
	/* a doubled letter: another spelling of a name, else a slip of its like */
	{"HARTTI ERNAWATI", "HARTI ERNAWATI", "HARTATI ERNAWATI"},
	{"HARTTI ERNAWATI", "HARTATI ERNAWATI", "ERNAWATI"},
	{"NURUL TIAA NANI", "NURUL TIARA NANI", "NURUL NANI"},
	{"MMAN RANGGA", "MAMAN RANGGA", "RANGGA"},
	/* a letter as it was written, then one of the same sound */
	{"SUDIRMAN Z", "SUDIRMAN ZAINI", "SUDIRMAN JOHAN"},
	{"V ANWAR", "VALENTINO ANWAR", "FAJAR ANWAR"},
	{"ENDANG P", "ENDANG PRAYITNO", "ENDANG FADHIL"},
	/* an edit less, however rare the name */
	{"BUDIHEARTO", "BUDIHARTO", "BUDIARTO"},
	/* the first letter is rarely the wrong one */
	{"LIDNI", "LINDI", "ZIDNI"},
};

/* What a missing word costs: more for a heavier one, .4 to 2.2 of its weight. */
static void
check_missing(void)
{
	DtcSurplus s = {0, 0, 0};

	for (int w = 1; w <= DTC_UNIT_CAP; w++)
	{
		int cost = dtc_unit_missing(w);

		if (cost < dtc_unit_missing(w - 1) || cost < 400 * w ||
			cost > DTC_CONTRADICTION * w)
			CHECK(0 && "cost of a missing word");
	}
	CHECK_INT(dtc_unit_missing(DTC_UNIT_CAP), 28800);
	CHECK_INT(dtc_unit_missing(4), 1600);
	dtc_surplus_add(&s, DTC_UNIT_CAP);
	CHECK_INT(dtc_surplus_cost(&s, 0), 28800);
	CHECK_INT(dtc_surplus_cost(&s, DTC_UNIT_CAP), 0);
	dtc_surplus_add(&s, DTC_UNIT_CAP);
	CHECK_INT(dtc_surplus_cost(&s, 0), 3 * 28800);
	/* what is missing never costs more than what contradicts */
	for (int i = 0; i < 20; i++)
		dtc_surplus_add(&s, 11);
	CHECK(dtc_surplus_cost(&s, 0) <= (int64_t) s.weight * DTC_CONTRADICTION);
}

int
main(void)
{
	char a[256], b[256];
	DtcNameSlip slip;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		double s = similarity(cases[i].a, cases[i].b);

		if (!CHECK(s >= cases[i].least && s <= cases[i].most))
			printf("%s, %s: %g\n", cases[i].a, cases[i].b, s);
	}

	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++)
	{
		double first = similarity(ranks[i].search, ranks[i].first);
		double second = similarity(ranks[i].search, ranks[i].second);

		if (!CHECK(first > second))
			printf("%s: %s %g, %s %g\n", ranks[i].search, ranks[i].first,
				   first, ranks[i].second, second);
	}
	check_missing();
	/* what is attested decides: a slip in SUNARTO against SUNARTI */
	CHECK(similarity("SUNARTO", "SUNARTK") > similarity("SUNARTO", "SUNARTI"));
	/* more agreement, more similarity */
	CHECK(similarity("RINA LESTARI", "RINA LESTARI PUTRI") >
		  similarity("RINA LESTARI", "RINA"));
	CHECK(similarity("BAMBANG SUTRISNO", "BAMBANG S") >
		  similarity("BAMBANG SUTRISNO", "BAMBANG"));
	CHECK(similarity("BAMBANG SUTRISNO", "BAMBANG S") >
		  similarity("BAMBANG SUTRISNO", "BAMBANG H"));

	/* an exchange that begins where the limit has been passed */
	slip = dtc_name_slip("DAMIAYATNI", 10, "DAMAIANTI", 9, 200, 64);
	CHECK_INT(slip.cost, 200);
	slip = dtc_name_slip("DAMAIANTI", 9, "DAMIAYATNI", 10, 200, 64);
	CHECK_INT(slip.cost, 200);
	slip = dtc_name_slip("SUTRISNO", 8, "SUTIRSNO", 8, 200, 64);
	CHECK_INT(slip.cost, 80);
	CHECK_INT(slip.hard, 1);
	slip = dtc_name_slip("ROHMAT", 6, "RAHMAT", 6, 200, 64);
	CHECK_INT(slip.cost, 40);
	CHECK_INT(slip.hard, 0);
	slip = dtc_name_slip("RINA", 4, "RINI", 4, 200,
						 64); /* the last vowel is hard */
	CHECK_INT(slip.cost, 100);
	CHECK_INT(slip.hard, 1);
	CHECK_INT(dtc_name_slip("A", 1, "ABCD", 4, 200, 64).cost,
			  DTC_NAME_SLIP_NONE);
	memset(a, 'A', sizeof(a));
	CHECK_INT(dtc_name_slip(a, 200, a, 200, 200, 64).cost, DTC_NAME_SLIP_NONE);

	check_explanation("SITI NUR HAYATI", "NURHAYATI PUTRI");
	check_explanation("M. YUSUF BIN AMAT", "YUSUF MUHAMMAD");
	check_explanation("A B C D E F G H I J K", "K J I H G F E D C B A");
	check_explanation("SITI SITI SITI", "SITI SITI");
	check_properties();
	check_slips();

	/* the longest names there are */
	for (int i = 0; i < 63; i++)
	{
		a[i] = i % 2 ? ' ' : (char) ('A' + i / 2 % 26);
		b[i] = i % 2 ? ' ' : (char) ('Z' - i / 2 % 26);
	}
	a[63] = b[63] = '\0';
	CHECK(similarity(a, b) > 0);
	memset(a, 'S', 254);
	a[254] = '\0';
	CHECK(similarity(a, "SITI") == 0);
	return unit_done("name_similarity");
}
