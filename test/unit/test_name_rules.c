/*
 * The catalogue of how Indonesian names vary, row by row: pairs and the band
 * that their similarity must lie in. SAME: spellings of one name; CLOSE: a
 * slip, or less than the whole; CANDIDATE: worth a look, never decided by it;
 * APART: two names.
 */
#include "name_value.h"
#include "unit.h"

enum
{
	SAME,
	CLOSE,
	CANDIDATE,
	APART
};

static const double least[] = {.95, .65, .5, 0}, most[] = {1, .999, .75, .6};

static const struct
{
	const char *a, *b;
	int band;
} rows[] = {
	/* frame: case, blanks, punctuation, apostrophes of any kind */
	{"Ma'ruf", "MAKRUF", SAME},
	{"Ma\xE2\x80\x99ruf", "MARUF", SAME},
	{"MAKRUF", "MARUF", SAME},
	{"Ma'sum", "MAKSUM", SAME},
	{"MU'MIN", "MUKMIN", SAME},
	{"Nu'man", "NUKMAN", SAME},
	{"Abdul-Aziz", "ABDUL AZIZ", SAME},
	{"SITI\xC2\xA0 AMINAH", "Siti  Aminah", SAME},
	{"Ju\xCC\x81lia", "JULIA", SAME},
	/* titles before, degrees behind */
	{"H. SUTRISNO", "SUTRISNO", SAME},
	{"HJ. NURHAYATI", "Nurhayati", SAME},
	{"K.H. AHMAD DAHLAN", "AHMAD DAHLAN", SAME},
	{"Drs. H. Budi Santoso, M.Si", "BUDI SANTOSO", SAME},
	{"PROF. DR. IR. SUHARTO", "SUHARTO", SAME},
	{"NY. SUMIATI", "SUMIATI", SAME},
	{"TN BAMBANG HARTONO", "BAMBANG HARTONO", SAME},
	{"R. SUPARMAN", "SUPARMAN", SAME},
	{"RR. SRI RAHAYU", "SRI RAHAYU", SAME},
	{"RADEN SUPARMAN", "R. SUPARMAN", SAME},
	{"BUDI SANTOSO, S.PD", "BUDI SANTOSO", SAME},
	{"BUDI SANTOSO S.Pd.I", "BUDI SANTOSO", SAME},
	{"BUDI SANTOSO, A.MD", "BUDI SANTOSO", SAME},
	{"BUDI SANTOSO SE", "BUDI SANTOSO", SAME},
	{"BUDI SANTOSO, SH, MM", "BUDI SANTOSO", SAME},
	{"ST AMINAH", "SITI AMINAH", SAME},
	{"BUDI SANTOSO ST", "BUDI SANTOSO", SAME},
	/* single letters */
	{"M YUSUF", "MUHAMMAD YUSUF", SAME},
	{"M. GORETI", "MARIA GORETI", CLOSE},
	{"I WAYAN SUDIRA", "WAYAN SUDIRA", SAME},
	{"NI MADE SARI", "MADE SARI", SAME},
	{"A RAHMAN", "ABDUL RAHMAN", CLOSE},
	/* birth order and nobility */
	{"WYN SUDIRA", "WAYAN SUDIRA", SAME},
	{"COK GDE PUTRA", "TJOKORDA GEDE PUTRA", SAME},
	{"KDK SUKERTA", "KADEK SUKERTA", SAME},
	{"NYM SUKERTA", "NYOMAN SUKERTA", SAME},
	{"NAUFAL", "NOVAL", SAME},
	{"MAULANA", "MOLANA", SAME},
	{"TAUFAN", "TOPAN", SAME},
	{"VINSENSIUS", "VINCENTIUS", SAME},
	{"KATARINA", "CATHARINA", SAME},
	{"CHARLY", "CARLI", SAME},
	{"CHAROLINE", "KAROLINE", SAME},
	{"CHANIAGO", "CANIAGO", SAME},
	{"FRANSISKUS XAVERIUS", "FRANSISKUS SAVERIUS", SAME},
	{"OPIK", "TAUFIQ", CANDIDATE},
	{"IPAH", "SYARIPAH", CANDIDATE},
	{"KT SUKERTA", "KETUT SUKERTA", SAME},
	{"I GST PUTRAWAN", "I GUSTI PUTRAWAN", SAME},
	{"DG NAJA", "DAENG NAJA", SAME},
	{"PUTU SUDIRA", "WAYAN SUDIRA", APART},
	{"MADE SUDIRA", "KADEK SUDIRA", APART},
	/* the dead, fathers, second names */
	{"ALM. SUTRISNO", "SUTRISNO", SAME},
	{"SUTRISNO (ALM)", "SUTRISNO", SAME},
	{"ALMH. SUMIATI", "SUMIATI", SAME},
	{"KEANU BIN EDI", "KEANU", SAME},
	{"SITI BT AMAT", "SITI BINTI AMAT", SAME},
	{"KEANU BIN EDI", "KEANU BIN SUHARTO", APART},
	{"WAWAN (HERMAWAN)", "HERMAWAN", SAME},
	{"HERMAWAN ALIAS WAWAN", "WAWAN", SAME},
	{"HERMAWAN A.K.A WAWAN", "WAWAN", SAME},
	/* fields of 20, 25 and 30 characters */
	{"MUHAMMAD NURHADI SET", "MUHAMMAD NURHADI SETIAWAN", CLOSE},
	{"MUHAMMAD NURHADI BAMBANG SETIA", "MUHAMMAD NURHADI BAMBANG SETIAWAN",
	 CLOSE},
	/* abbreviations and variants */
	{"MOH. YUSUF", "MUHAMMAD YUSUF", SAME},
	{"MOCHAMAD YUSUF", "MUHAMAD YUSUF", SAME},
	{"MHD YUSUF", "MOHAMMAD YUSUF", SAME},
	{"MUCHAMMAD YUSUF", "MUHAMMAT YUSUF", SAME},
	{"MOHD YUSUF", "MUKHAMAD YUSUF", SAME},
	{"MOHAMED YUSUF", "MUCH YUSUF", SAME},
	{"MOH.", "MUHAMMAD", CLOSE},
	{"Abd.", "Abdul", CLOSE},
	{"MOH", "MUHAMMAD", APART},
	{"M. Yusuf", "Yusuf", SAME},
	{"M. Yusuf", "M. Rizki", APART},
	{"ACHMAD FAUZI", "AHMAD FAUZI", SAME},
	{"AKHMAD FAUZI", "AHMAT FAUZI", SAME},
	{"ACH. FAUZI", "AHMAD FAUZI", SAME},
	{"AHM FAUZI", "AHMAD FAUZI", SAME},
	{"ABD. RAHMAN", "ABDUL RAHMAN", SAME},
	{"ABDULRAHMAN", "ABDUL RAHMAN", SAME},
	{"ABDURRAHMAN", "ABDUL RAHMAN", SAME},
	{"ABDURAHMAN", "ABDUL RAHMAN", SAME},
	{"ABDOEL RAHMAN", "ABDUL RAHMAN", SAME},
	{"ABDUSSALAM", "ABDUL SALAM", SAME},
	{"SITTI AMINAH", "SITI AMINAH", SAME},
	{"SITY AMINAH", "SITI AMINAH", SAME},
	{"NOOR HIDAYAH", "NUR HIDAYAH", SAME},
	{"NOR HIDAYAH", "NUR HIDAYAH", SAME},
	{"NORHAYATI", "NURHAYATI", SAME},
	{"NOORHAYATI", "NUR HAYATI", SAME},
	{"SRIE RAHAYU", "SRI RAHAYU", SAME},
	{"DWIE PUTERA", "DWI PUTRA", SAME},
	{"FR. SUTRISNO", "FRANSISKUS SUTRISNO", SAME},
	{"IGN. SUTRISNO", "IGNATIUS SUTRISNO", SAME},
	{"Y. SUTRISNO", "YOHANES SUTRISNO", CLOSE},
	{"BAMBANG S", "BAMBANG SUTRISNO", CLOSE},
	{"S. HARTONO", "SUTRISNO HARTONO", CLOSE},
	{"DJ. HARTONO", "JOKO HARTONO", CLOSE},
	{"BAMBANG S", "BAMBANG HARTONO", APART},
	/* old and new spelling */
	{"SOEKARNO", "SUKARNO", SAME},
	{"SOETRISNO", "SUTRISNO", SAME},
	{"DJUMIATI", "JUMIATI", SAME},
	{"SJAMSUL", "SYAMSUL", SAME},
	{"TJAHJONO", "CAHYONO", SAME},
	{"JUSUF", "YUSUF", SAME},
	{"JANTO", "YANTO", CLOSE},
	{"WIDJAJA", "WIJAYA", SAME},
	{"WIDJAYA", "WIJAYA", SAME},
	{"WIJAJA", "WIJAYA", CLOSE},
	{"SOETARDJIE", "SUTARJI", SAME},
	/* letters of one sound */
	{"PAUZI", "FAUZI", SAME},
	{"PAISAL", "FAISAL", SAME},
	{"PATIMAH", "FATIMAH", SAME},
	{"VITRI", "FITRI", SAME},
	{"ZULKIPLI", "ZULKIFLI", SAME},
	{"JAINAL", "ZAINAL", SAME},
	{"FAUJI", "FAUZI", SAME},
	{"AZIS", "AZIZ", SAME},
	{"AJIS", "AZIZ", SAME},
	{"DZULKIFLI", "JULKIFLI", SAME},
	{"KOMARIYAH", "QOMARIAH", SAME},
	{"HADIJAH", "KHADIJAH", SAME},
	{"CHADIJAH", "KHADIJAH", SAME},
	{"KHODIJAH", "KHADIJAH", SAME},
	{"TAUFIQ", "TAUFIK", SAME},
	{"CHOLID", "KHOLID", SAME},
	{"RACHMAN", "RAHMAN", SAME},
	{"RAKHMAN", "RAHMAN", SAME},
	{"ROHMAN", "RAHMAN", CLOSE},
	{"SARIF", "SYARIF", SAME},
	{"SARIP", "SYARIF", SAME},
	{"SAMSUL", "SYAMSUL", SAME},
	{"ROSIDAH", "ROSYIDAH", SAME},
	{"RATHNA", "RATNA", SAME},
	/* doubled letters, i and y */
	{"MUHAMAD YUSUF", "MUHAMMAD YUSUF", SAME},
	{"ANNISA", "ANISA", SAME},
	{"HASSAN", "HASAN", SAME},
	{"HERRI", "HERI", SAME},
	{"RIZKY", "RIZKI", SAME},
	{"RISKI", "RIZQI", SAME},
	{"REZKY", "RIZKY", SAME},
	{"RIZQY", "RISKY", SAME},
	{"EDY", "EDI", SAME},
	{"EDDY", "EDI", SAME},
	{"HERRY", "HERI", SAME},
	{"JUMIYATI", "JUMIATI", SAME},
	/* vowels */
	{"ROHMAT", "RAHMAT", CLOSE},
	{"ZAENAL", "ZAINAL", SAME},
	{"HUSEIN", "HUSAIN", SAME},
	{"HUSEN", "HUSEIN", SAME},
	/* h, final consonants, -uddin */
	{"FATIMA", "FATIMAH", SAME},
	{"AMINA", "AMINAH", SAME},
	{"ASANAH", "HASANAH", CLOSE},
	{"ERMAN", "HERMAN", CLOSE},
	{"BAARUDIN", "BAHARUDIN", CLOSE},
	{"AHMAT FAUZI", "AHMAD FAUZI", SAME},
	{"YUSUP", "YUSUF", SAME},
	{"AYUP", "AYUB", SAME},
	{"SYAMSUDDIN", "SYAMSUDIN", SAME},
	{"SAMSUDIN", "SYAMSOEDIN", SAME},
	{"SYAMSUDDIEN", "SYAMSUDIN", SAME},
	/* what must stay different */
	{"SUNARTO", "SUNARTI", APART},
	{"SUTRISNO", "SUTRISNI", APART},
	{"SULASTRI", "SULASTRO", APART},
	{"MARYANTO", "MARYATI", APART},
	{"HASAN", "HASANAH", APART},
	{"AMIN", "AMINAH", APART},
	{"RUSDI", "RUSDIANA", APART},
	{"ANDI", "ANDRI", APART},
	{"ANDI", "ANDIKA", APART},
	{"ANDRI", "ANDIKA", APART},
	{"RUDI", "RUDIN", APART},
	{"SURYADI", "SURYANI", APART},
	{"DEDI", "DEDE", APART},
	{"DEDI", "DEWI", APART},
	{"DEDE", "DEWI", APART},
	{"YANI", "YANTI", APART},
	{"YANI", "YUNI", APART},
	{"YANTI", "YUNI", APART},
	{"RINA", "RINI", APART},
	{"RINA", "RIMA", APART},
	{"RINA", "RIRI", APART},
	{"RINI", "RIRI", APART},
	{"NINA", "NITA", APART},
	{"NINA", "NIA", APART},
	{"NITA", "NIA", APART},
	{"HASAN", "HUSEIN", APART},
	{"DINA", "DINI", APART},
	{"KARTINI", "KARTINAH", APART},
	{"SETIAWAN", "SETIAWATI", APART},
	{"HERMAWAN", "HERMAWATI", APART},
	{"SUPARDI", "SUPARNI", APART},
	{"SUYANTO", "SUYANTI", APART},
	/* a bag of words */
	{"SITI AMINAH", "AMINAH SITI", SAME},
	{"NURHAYATI", "NUR HAYATI", SAME},
	{"SRI WAHYUNI", "SRIWAHYUNI", SAME},
	{"MUHAMADYUSUF", "MUHAMMAD YUSUF", CLOSE},
	{"RINA", "RINA LESTARI", CLOSE},
	{"RINA SARI", "RINA LESTARI", APART},
	{"SITI AMINAH", "SITI KHADIJAH", APART},
	/* short names and tails: never decided by them */
	{"WAWAN", "HERMAWAN", CANDIDATE},
	{"WAWAN", "KURNIAWAN", CANDIDATE},
	{"YATI", "NURHAYATI", CANDIDATE},
	{"UDIN", "BAHARUDIN", CANDIDATE},
	{"IJAH", "KHADIJAH", CANDIDATE},
	{"MAMAT", "MUHAMMAD", CANDIDATE},
	{"TRIS", "SUTRISNO", CANDIDATE},
	{"WATI", "MEGAWATI", CANDIDATE},
	{"UCUP", "YUSUF", CANDIDATE},
	/* slips and scans */
	{"SUTRISNO", "SUTIRSNO", CLOSE},
	{"SUTRISNO", "SUTRISMO", CLOSE},
	{"BAMBANG", "BAMBNG", CLOSE},
	{"BAMBANG", "BAMBBANG", SAME},
	{"5UTR1SN0", "SUTRISNO", SAME},
	{"8UDI SANTOSO", "BUDI SANTOSO", SAME},
	{"6UNAWAN", "GUNAWAN", SAME},
	{"2AINAL", "ZAINAL", SAME},
	{"HERMAWAN", "HERMAVVAN", CLOSE},
	{"RUMINI", "RURNINI", CLOSE},
};

/*
 * Each row of the table of nicknames: its keys are what the words fold to, and
 * the two are a candidate. The makefile runs the test in the tree's root.
 */
static void
check_nicknames(void)
{
	FILE *file = fopen("data/name_nicknames.csv", "r");
	char line[256], nick[64], name[64], nick_key[64], name_key[64];
	int count = 0;

	if (!CHECK(file != NULL))
		return;
	while (fgets(line, sizeof(line), file))
	{
		double s;

		if (sscanf(line, "%63[^,],%63[^,],%63[^,],%63[^,\n]", nick, name,
				   nick_key, name_key) != 4)
			CHECK(0 && "four fields");
		if (strcmp(nick, "nickname") == 0)
			continue;
		set(&left, nick);
		set(&right, name);
		s = dtc_name_similarity(&left.view, &right.view);
		if (!CHECK(s >= least[CANDIDATE] && s < .7))
			printf("%s, %s: %.3f\n", nick, name, s);
		CHECK_STR(left.name.folded, nick_key);
		CHECK_STR(right.name.folded, name_key);
		count++;
	}
	fclose(file);
	CHECK(count > 200);
}

int
main(void)
{
	check_nicknames();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		int band = rows[i].band;
		double s;

		set(&left, rows[i].a);
		set(&right, rows[i].b);
		s = dtc_name_similarity(&left.view, &right.view);
		if (!CHECK(s >= least[band] && s <= most[band]))
			printf("%s, %s: %.3f, not from %g to %g\n", rows[i].a, rows[i].b,
				   s, least[band], most[band]);
	}
	return unit_done("name_rules");
}
