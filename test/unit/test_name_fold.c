/* Folded keys: what spellings of one name share, and what they must not. */
#include "core/name.h"
#include "core/name_comparators.h"
#include "unit.h"

#include <math.h>

/* Rows of the table of names. */
static int
rows(void)
{
	static int n;
	const char *token;

	while (dtc_name_token_at(n, &token) > 0)
		n++;
	return n;
}

static const char *
fold(const char *token)
{
	static char key[4][64];
	static int turn;
	char *k = key[turn++ % 4];

	k[dtc_name_fold(token, strlen(token), k, 63)] = '\0';
	return k;
}

/* One line a rule of names.md 1.3: all words of a line share the first's key. */
static const char *const same[][8] = {
	{"SUKARNO", "SOEKARNO"},
	{"SUTRISNO", "SOETRISNO", "SUTRISNNO"},
	{"CAHYONO", "TJAHJONO", "TJAHYONO", "CAHIYONO"},
	{"WIJAYA", "WIDJAJA", "WIDJAYA", "WIEJAYA"},
	{"JUMIATI", "DJUMIATI", "JUMIYATI", "JUMIATY"},
	{"SAMSUL", "SYAMSUL", "SJAMSUL", "SHAMSUL"},
	{"FAUZI", "PAUZI", "FAUJI", "PAUJI", "VAUZI", "FAUZIE"},
	{"ZULKIFLI", "ZULKIPLI", "JULKIFLI", "DZULKIFLI", "ZULQIFLY"},
	{"HADIJAH", "KHADIJAH", "CHADIJAH", "HADIJA"},
	{"TAUFIK", "TAUFIQ", "TAUPIK"},
	{"RAHMAN", "RACHMAN", "RAKHMAN"},
	{"ANISA", "ANNISSA", "ANISAH"},
	{"RIZKI", "RIZKY", "RIZQI", "RIZQIE"},
	{"ZAINAL", "ZAENAL", "JAINAL", "JAENAL", "ZAYNAL"},
	{"HUSAIN", "HUSEIN", "HUSSEIN", "HOESAIN"},
	{"AHMAD", "ACHMAD", "AKHMAD", "AHMAT"},
	{"YAKUB", "YAQUB", "YAKUP"},
	{"AZIZ", "AZIS", "AJIZ"},
	{"NUR", "NOOR", "NOER"},
	{"SYAMSUDIN", "SAMSUDDIN", "SYAMSOEDDIN", "SJAMSOEDIEN"},
	{"USMAN", "UTSMAN", "OESMAN"},
	{"KRISTIAN", "CHRISTIAN", "CRISTIAN"},
	{"VIKTOR", "VICTOR", "FICTOR"},
	{"ALEKS", "ALEX"},
	{"SUARNO", "SUWARNO", "SOEWARNO"},
	{"PRIYANTO", "PRIANTO", "PRYANTO"},
	{"YUSUF", "YOESOEF", "JOESOEF", "YUSUP"},
	/* an o between r and hm is an a */
	{"FATHURRAHMAN", "FATHURROHMAN", "FATHURROCHMAN", "FATURROKHMAN"},
	{"RAHMATULLAH", "ROHMATULLOH", "ROCHMATULLAH"},
	/* the c of Latin names, the c after s */
	{"YAKOBUS", "YACOBUS"},
	{"MARKUS", "MARCUS"},
	{"MARSELINUS", "MARCELINUS", "MARCELLINUS"},
	{"LAURENSIUS", "LAURENTIUS"},
	{"VINSENSIUS", "VINCENTIUS"},
	{"FRANSISKA", "FRANSISCA"},
	{"PRISKA", "PRISCA"},
};

/* names.md 1.4: never one key. */
static const char *const different[][2] = {
	{"SUNARTO", "SUNARTI"},    {"SUTRISNO", "SUTRISNI"},
	{"SULASTRI", "SULASTRO"},  {"MARYANTO", "MARYATI"},
	{"HASAN", "HASANAH"},      {"AMIN", "AMINAH"},
	{"RUSDI", "RUSDIANA"},     {"ANDI", "ANDRI"},
	{"RUDI", "RUDIN"},         {"SURYADI", "SURYANI"},
	{"DEDI", "DEDE"},          {"DEDI", "DEWI"},
	{"YANI", "YANTI"},         {"YANI", "YUNI"},
	{"RINA", "RINI"},          {"RINA", "RIMA"},
	{"NINA", "NITA"},          {"DINA", "DINI"},
	{"HASAN", "HUSEIN"},       {"HERMAWAN", "HERMAWATI"},
	{"SAHARA", "SARA"},        {"YANTO", "JANTO"},
	{"SETIAWAN", "SETIAWATI"}, {"ROMLAH", "RAMLAH"},
	{"MATIUS", "MASIUS"},      {"CUCU", "KUKU"},
	{"CASMADI", "KASMADI"}};

/* By the distance to every row of the table, one by one. */
static double
people_near(const char *token, int len)
{
	double people = 0;

	for (int id = 0; id < rows(); id++)
	{
		const char *other = NULL;
		int n = dtc_name_token_at(id, &other);

		if (dtc_osa_bytes((const unsigned char *) token, (uint32_t) len,
						  (const unsigned char *) other, (uint32_t) n) == 1)
			people += exp2(dtc_name_token_code(id) / 8.0);
	}
	return people;
}

static void
check_people_near(void)
{
	static const char *const words[] = {
		"A",    "NI",      "IN",     "ADI",
		"DAI",  "SUGIYNO", "UNAR",   "MATRHA",
		"SRAI", "MUHAMAD", "QQQQQQ", "AABCDEFGHIJKLMNOPQRSTUVWXYZ"};
	double slips = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		int len = (int) strlen(words[i]);

		CHECK(dtc_name_people_near(words[i], (size_t) len) ==
			  people_near(words[i], len));
	}
	/* every row, a letter less, is near to that row at least */
	for (int id = 26; id < rows(); id += 97)
	{
		const char *token = NULL;
		int len = dtc_name_token_at(id, &token);

		if (len > 1 && dtc_name_people_near(token, (size_t) len - 1) <
						   exp2(dtc_name_token_code(id) / 8.0))
			CHECK(0 && "a known token with a letter less");
		slips += dtc_name_people_near(token, (size_t) len) !=
				 people_near(token, len);
	}
	CHECK(slips == 0);
}

int
main(void)
{
	char key[8], long_token[300], long_key[600];

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
	{
		for (int k = 1; k < 8 && same[i][k] != NULL; k++)
			CHECK_STR(fold(same[i][k]), fold(same[i][0]));
	}
	for (size_t i = 0; i < sizeof(different) / sizeof(different[0]); i++)
	{
		int equal = strcmp(fold(different[i][0]), fold(different[i][1])) == 0;

		if (!CHECK(!equal))
			printf("%s and %s share a key\n", different[i][0],
				   different[i][1]);
	}

	/* the keys themselves, so that a change of rules is seen */
	CHECK_STR(fold("MUHAMMAD"), "MUHAMAT");
	CHECK_STR(fold("KHOIRUNNISSA"), "HOIRUNISA");
	CHECK_STR(fold("DJOKO"), "JOKO");
	CHECK_STR(fold("NJOMAN"), "NIOMAN");
	CHECK_STR(fold("SANJAYA"), "SANJAYA"); /* today's nj is the old ndj */
	CHECK_STR(fold("SANDJAJA"), "SANJAYA");
	CHECK_STR(fold("ALEX"), "ALEKS");
	CHECK_STR(fold("PXNJI"), "PXNJI"); /* x after a consonant is a slip */
	CHECK_STR(fold("NYOMAN"), "NIOMAN");
	/* the -oh of Arabic names is their -ah, other ones are not */
	CHECK_STR(fold("HUMAIROH"), fold("HUMAIRAH"));
	CHECK_STR(fold("SAIFULLOH"), "SAIPULA");
	CHECK_STR(fold("MUTHOHAROH"), "MUTOHARA");
	CHECK_STR(fold("HAFSHOH"), "HAPSA");
	CHECK_STR(fold("ENTOH"), "ENTO");
	CHECK_STR(fold("SOLEH"), "SOLE");
	CHECK_STR(fold("OLOH"), "OLO");
	CHECK_STR(fold("NUH"), "NUH"); /* too short to lose its h */
	CHECK_STR(fold("SYAH"), "SA"); /* as in HERMANSYAH */
	CHECK_STR(fold("RORIMPANDEY"), fold("RORIMPANDEI"));
	CHECK_STR(fold("LAUW"), "LAU");
	CHECK_STR(fold("LUCIA"), "LUSIA");
	CHECK_STR(fold("REBECCA"), "REBEKA");
	CHECK_STR(fold("MONICA"), "MONIKA");
	CHECK_STR(fold("KENCANA"), "KENCANA");
	CHECK_STR(fold("ICA"), "ICA");
	CHECK_STR(fold("X"), "K");
	CHECK_STR(fold("F"), "P");
	CHECK_STR(fold("Y"), "Y");
	CHECK_STR(fold("\xD8\xB9\xD9\x84\xD9\x8A"), "\xD8\xB9\xD9\x84\xD9\x8A");
	CHECK_STR(fold(""), "");

	/* never past the room given */
	memset(key, '#', sizeof(key));
	CHECK_INT((int64_t) dtc_name_fold("XXAXXAXXA", 9, key, 3), 3);
	CHECK(key[3] == '#');
	memset(long_token, 'X', sizeof(long_token));
	for (size_t i = 1; i < sizeof(long_token); i += 2)
		long_token[i] = 'A';
	CHECK_INT((int64_t) dtc_name_fold(long_token, 300, long_key, 600), 450);

	/* folding a key again changes little enough to stay a key: same length
	 * or shorter, never longer */
	for (int id = 0; id < rows(); id++)
	{
		const char *token = NULL;
		int len = dtc_name_token_at(id, &token);
		size_t n = dtc_name_fold(token, (size_t) len, long_key, 600);

		if (n < 1 || n > 2 * (size_t) len || memchr(long_key, ' ', n) != NULL)
			CHECK(0 && "key of a known token");
		if (dtc_name_token_id(token, (size_t) len) != id)
			CHECK(0 && "a known token finds its row");
	}
	CHECK_INT(dtc_name_token_id("ZZZZZ", 5), -1);
	CHECK_INT(dtc_name_token_id("", 0), -1);
	CHECK_INT(dtc_name_token_id("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 26), -1);
	CHECK_INT(dtc_name_token_at(rows(), &(const char *){NULL}), 0);
	CHECK_INT(dtc_name_token_at(-1, &(const char *){NULL}), 0);
	CHECK_INT(dtc_name_token_code(-1), 0);
	CHECK_INT(dtc_name_token_code(40000), 0);
	CHECK(dtc_name_token_code(dtc_name_token_id("MUHAMMAD", 8)) >
		  dtc_name_token_code(dtc_name_token_id("YUSUF", 5)));
	CHECK_INT(dtc_name_word("DRS", 3), DTC_WORD_TITLE_M);
	CHECK_INT(dtc_name_word("DRSX", 4), DTC_WORD_NONE);
	CHECK_INT(dtc_name_word("DR", 2), DTC_WORD_TITLE);
	CHECK(dtc_name_variant("MOCH", 4) != NULL &&
		  dtc_name_variant("MOCH", 4)->abbreviation == 1);
	CHECK(dtc_name_variant("MOC", 3) == NULL);
	check_people_near();
	return unit_done("name_fold");
}
