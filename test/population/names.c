/*
 * names.c
 *		Personal names: tokens drawn by their frequency among women and men,
 *		put together in the way of several peoples.
 *
 * Tokens that old people bear are found by their shape (SU...NO, ...YEM); the
 * frequency table itself leans to the young.
 */
#include "population.h"

#include <string.h>

#include "name_tokens.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))
#define TOKENS_MAX 6

/* Tokens to draw from, by weight. */
typedef struct
{
	uint32_t *token;
	uint32_t *upto; /* cumulative weight */
	uint32_t count;
} Sampler;

static Sampler any[2], single[2], old[2]; /* women, men */

/* Tokens that are never a whole name and come first. */
static const char *const leading[] = {
	"MUHAMMAD", "MUHAMAD",   "MOHAMMAD", "MUH",       "MOH",      "MOHAMAD",
	"MOCHAMAD", "MOCHAMMAD", "MUCHAMAD", "MUCHAMMAD", "MUKHAMAD", "ABDUL",
	"ABD",      "ABU",       "SITI",     "SITTI",     "SRI",      "DWI",
	"TRI",      "NUR",       "NOOR",     "NOR",       "NURUL",    "AHMAD",
	"ACHMAD",   "AKHMAD",    "ANDI",     "EKA",       "RAJA",     "UMMI",
	"UMMU",     "MOHD",      "MHD",      "AL",        "EL",       "SAIFUL",
	"SYAIFUL",  "KHOIRUL",   "KHAIRUL",  "SYAMSUL",   "MIFTAHUL"};

/* Tokens that come last. */
static const char *const trailing[] = {
	"PUTRA",      "PUTRI",     "SAPUTRA", "SAPUTRI",  "PRATAMA",
	"RAMADHAN",   "MAULANA",   "HIDAYAT", "SETIAWAN", "KURNIAWAN",
	"WIJAYA",     "LESTARI",   "WAHYUNI", "WATI",     "SARI",
	"RAHAYU",     "RAMADHANI", "AZZAHRA", "ZAHRA",    "RAHMAN",
	"AKBAR",      "ANWAR",     "HADI",    "NUGROHO",  "HANDAYANI",
	"FIRMANSYAH", "SANTOSO",   "SAPUTRO", "KURNIA",   "PERMATASARI",
	"NINGSIH",    "NINGRUM",   "UTAMI",   "UTOMO",    "WIBOWO",
	"SUSANTO",    "HASANAH",   "JANNAH",  "KHASANAH", "ANGGRAINI",
	"PRASETYO",   "SYAHPUTRA"};

static const char *const old_men_ends[] = {"NO",  "TO", "YO",  "MAN", "MIN",
										   "DIN", "JO", "DI",  "SO",  "RO",
										   "JI",  "MO", "DJO", "IB",  "IR"};
static const char *const old_women_ends[] = {
	"YEM", "NAH", "SIH", "TUN", "MI",   "NI", "YAH", "WATI",
	"TIN", "MAH", "SAH", "LAH", "INEM", "TI", "IYAH"};
static const char *const old_starts[] = {
	"SU", "SO", "MU", "SAR", "KAR", "WAR", "PAR", "KAS", "MAR",
	"TU", "RO", "JU", "SAM", "RUS", "DAR", "MIS", "NGA", "WAG"};

static const char *const sunda_men[] = {
	"ASEP", "DEDE",  "UJANG", "CECEP", "DADANG", "ENDANG", "NANA", "YAYAT",
	"AJAT", "ENCEP", "MAMAN", "DEDI",  "IWAN",   "TATANG", "AEP",  "UUS"};
static const char *const sunda_women[] = {
	"NENG", "EUIS", "IIS",  "LILIS", "IMAS", "TETI",   "ENUNG", "AI",
	"NYAI", "YETI", "ELIS", "ENTIN", "CUCU", "NENENG", "TITIN", "ICIH"};
static const char *const christian_men[] = {
	"YOHANES", "AGUSTINUS", "PETRUS", "PAULUS",  "YOSEF",   "ANTONIUS",
	"MARKUS",  "LUKAS",     "DANIEL", "DAVID",   "SAMUEL",  "STEFANUS",
	"ROBERT",  "JHON",      "JONI",   "HENDRIK", "MARTHEN", "YUNUS"};
static const char *const christian_women[] = {
	"MARIA",    "MARTHA", "KRISTINA", "YULIANA", "ELISABET", "THERESIA",
	"AGUSTINA", "RUTH",   "ESTER",    "DEBORA",  "YOHANA",   "MARGARETHA",
	"ROSALINA", "LIDIA",  "NATALIA",  "MARLINA", "DORKAS",   "SARCE"};
static const char *const batak_clans[] = {
	"SIREGAR",   "HUTAPEA", "SIMANJUNTAK", "SITUMORANG", "NASUTION",
	"HARAHAP",   "LUBIS",   "SINAGA",      "PANJAITAN",  "SIAHAAN",
	"MANURUNG",  "GULTOM",  "TAMPUBOLON",  "SIMBOLON",   "GINTING",
	"SEMBIRING", "TARIGAN", "PURBA",       "SARAGIH",    "DAULAY"};
static const char *const minang_clans[] = {"TANJUNG", "CHANIAGO",  "KOTO",
										   "PILIANG", "SIKUMBANG", "GUCI",
										   "JAMBAK",  "MELAYU"};
static const char *const timur_clans[] = {
	"LEWAR",     "NAHAK",    "SERAN",    "TAEK",     "KEFI",    "BRIA",
	"PATTINAMA", "LATUHERU", "TUHUTERU", "WAKUM",    "RUMBIAK", "YIKWA",
	"WENDA",     "KOGOYA",   "TABUNI",   "MANDACAN", "NENO",    "LAKA"};
static const char *const minahasa_clans[] = {
	"WOWOR",   "LUMENTA",    "RORING",   "TUMBELAKA", "SUMUAL",
	"MANDAGI", "PANGEMANAN", "RUMIMPER", "KALALO",    "SONDAKH"};
static const char *const bali_order[] = {"WAYAN", "MADE", "NYOMAN", "KETUT"};
static const char *const bali_order2[] = {"PUTU", "KADEK", "KOMANG", "KETUT"};
static const char *const twin_men[] = {"HASAN", "HUSEIN", "RAMA",   "RAMI",
									   "DENI",  "DONI",   "REZA",   "REZI",
									   "RAFI",  "RAFA",   "FARHAN", "FARHAT"};
static const char *const twin_women[] = {"DINA",  "DINI",   "RINA",  "RINI",
										 "NISA",  "NISI",   "LALA",  "LILI",
										 "NADIA", "NADIRA", "TIARA", "TIARI"};

static bool
is_one_of(const char *token, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(token, list[i]) == 0)
			return true;
	return false;
}

static bool
has_part(const char *token, const char *const *parts, size_t count, bool end)
{
	size_t len = strlen(token);

	for (size_t i = 0; i < count; i++)
	{
		size_t part = strlen(parts[i]);

		if (len > part + 2 &&
			memcmp(end ? token + len - part : token, parts[i], part) == 0)
			return true;
	}
	return false;
}

/* A name of old people by its shape; index 0 women, 1 men. */
static bool
looks_old(const char *token, int men)
{
	if (men)
		return has_part(token, old_men_ends, COUNT_OF(old_men_ends), true) &&
			   has_part(token, old_starts, COUNT_OF(old_starts), false);
	return has_part(token, old_women_ends, COUNT_OF(old_women_ends), true) &&
		   has_part(token, old_starts, COUNT_OF(old_starts), false);
}

static void
sampler_add(Sampler *sampler, uint32_t token, uint32_t weight)
{
	uint32_t before = sampler->count ? sampler->upto[sampler->count - 1] : 0;

	sampler->token[sampler->count] = token;
	sampler->upto[sampler->count++] = before + weight;
}

static const char *
sampler_draw(Rng *rng, const Sampler *sampler)
{
	uint32_t ticket = rng_below(rng, sampler->upto[sampler->count - 1]);
	uint32_t low = 0, high = sampler->count - 1;

	while (low < high)
	{
		uint32_t middle = (low + high) / 2;

		if (sampler->upto[middle] <= ticket)
			low = middle + 1;
		else
			high = middle;
	}
	return tokens[sampler->token[low]].text;
}

/* Sorts the tokens into samplers. */
void
names_init(void)
{
	for (int men = 0; men < 2; men++)
	{
		Sampler *all[] = {&any[men], &single[men], &old[men]};

		for (size_t i = 0; i < COUNT_OF(all); i++)
		{
			all[i]->token = must_alloc(TOKENS, sizeof(uint32_t));
			all[i]->upto = must_alloc(TOKENS, sizeof(uint32_t));
		}
		for (uint32_t i = 0; i < TOKENS; i++)
		{
			const char *text = tokens[i].text;
			uint32_t here = men ? tokens[i].men : tokens[i].women;
			uint32_t there = men ? tokens[i].women : tokens[i].men;

			if (here == 0 || strlen(text) < 2)
				continue;
			sampler_add(&any[men], i, here);
			if (strlen(text) < 4 || here < there ||
				is_one_of(text, leading, COUNT_OF(leading)) ||
				is_one_of(text, trailing, COUNT_OF(trailing)))
				continue;
			sampler_add(&single[men], i, here);
			if (looks_old(text, men))
				sampler_add(&old[men], i, here);
		}
	}
}

/* Shares of the groups in percent, by the first two digits of the region. */
static const struct
{
	int province;
	uint8_t share[GROUP_COUNT]; /* in the order of Group */
} peoples[] = {
	{11, {10, 0, 0, 0, 5, 0, 0, 85, 0, 0}},
	{12, {33, 0, 20, 45, 2, 0, 0, 0, 0, 0}},
	{13, {8, 0, 0, 0, 92, 0, 0, 0, 0, 0}},
	{18, {65, 10, 25, 0, 0, 0, 0, 0, 0, 0}},
	{31, {38, 16, 32, 6, 5, 0, 0, 0, 3, 0}},
	{32, {15, 70, 10, 3, 2, 0, 0, 0, 0, 0}},
	{33, {98, 1, 0, 1, 0, 0, 0, 0, 0, 0}},
	{34, {97, 1, 1, 1, 0, 0, 0, 0, 0, 0}},
	{35, {80, 0, 20, 0, 0, 0, 0, 0, 0, 0}},
	{36, {22, 50, 20, 4, 4, 0, 0, 0, 0, 0}},
	{51, {10, 0, 0, 0, 0, 88, 0, 0, 2, 0}},
	{52, {5, 0, 90, 0, 0, 5, 0, 0, 0, 0}},
	{53, {3, 0, 0, 0, 0, 0, 0, 0, 97, 0}},
	{71, {10, 0, 0, 0, 0, 0, 15, 0, 0, 75}},
	{72, {15, 0, 10, 0, 0, 0, 65, 0, 10, 0}},
	{73, {10, 0, 0, 0, 0, 0, 85, 0, 5, 0}},
	{74, {15, 0, 0, 0, 0, 0, 80, 0, 5, 0}},
	{76, {10, 0, 0, 0, 0, 0, 90, 0, 0, 0}},
	{81, {10, 0, 0, 0, 0, 0, 15, 0, 75, 0}},
	{82, {10, 0, 20, 0, 0, 0, 15, 0, 55, 0}},
	{91, {12, 0, 0, 2, 0, 0, 16, 0, 70, 0}},
	{92, {12, 0, 0, 2, 0, 0, 16, 0, 70, 0}},
	{93, {15, 0, 0, 2, 0, 0, 13, 0, 70, 0}},
	{94, {8, 0, 0, 1, 0, 0, 11, 0, 80, 0}},
	{95, {4, 0, 0, 0, 0, 0, 6, 0, 90, 0}},
	{96, {15, 0, 0, 2, 0, 0, 13, 0, 70, 0}},
	{0, {30, 0, 50, 10, 10, 0, 0, 0, 0, 0}} /* the other ones */
};

Group
group_draw(Rng *rng, int64_t village)
{
	int province = (int) (village / INT64_C(100000000));
	int ticket = (int) rng_below(rng, 100);
	size_t row = 0;

	while (peoples[row].province != province && peoples[row].province != 0)
		row++;
	for (int group = 0; group < GROUP_COUNT; group++)
	{
		ticket -= peoples[row].share[group];
		if (ticket < 0)
			return (Group) group;
	}
	return GROUP_JAWA;
}

#define DRAW_FROM(rng, list) ((list)[rng_below((rng), COUNT_OF(list))])

/* A clan or family name; NULL where the group has none. */
const char *
clan_draw(Rng *rng, Group group)
{
	switch (group)
	{
		case GROUP_BATAK:
			return DRAW_FROM(rng, batak_clans);
		case GROUP_MINANG:
			return rng_below(rng, 4) == 0 ? DRAW_FROM(rng, minang_clans)
										  : NULL;
		case GROUP_TIMUR:
			return DRAW_FROM(rng, timur_clans);
		case GROUP_MINAHASA:
			return DRAW_FROM(rng, minahasa_clans);
		default:
			return NULL;
	}
}

typedef struct
{
	char text[TOKENS_MAX][24];
	int count;
} TokenList;

/* Adds a token unless it is there already or the list is full. */
static void
add_token(TokenList *list, const char *token)
{
	size_t len = strcspn(token, " ");

	if (list->count == TOKENS_MAX || len == 0 || len >= sizeof(list->text[0]))
		return;
	for (int i = 0; i < list->count; i++)
		if (strlen(list->text[i]) == len &&
			memcmp(list->text[i], token, len) == 0)
			return;
	memcpy(list->text[list->count], token, len);
	list->text[list->count++][len] = '\0';
}

static int
rank_of(const char *token)
{
	if (is_one_of(token, leading, COUNT_OF(leading)))
		return 0;
	return is_one_of(token, trailing, COUNT_OF(trailing)) ? 2 : 1;
}

/* Puts leading tokens first and trailing ones last, from a place on. */
static void
order_tokens(TokenList *list, int from)
{
	for (int i = from + 1; i < list->count; i++)
		for (int j = i;
			 j > from && rank_of(list->text[j - 1]) > rank_of(list->text[j]);
			 j--)
		{
			char keep[sizeof(list->text[0])];

			memcpy(keep, list->text[j], sizeof(keep));
			memcpy(list->text[j], list->text[j - 1], sizeof(keep));
			memcpy(list->text[j - 1], keep, sizeof(keep));
		}
}

/* Tokens in a name of that age, in percent: one, two, three, else four. */
static int
count_draw(Rng *rng, int age)
{
	static const struct
	{
		int age, one, two, three;
	} shares[] = {{60, 58, 34, 7},  {45, 42, 44, 12}, {30, 27, 52, 18},
				  {17, 14, 52, 29}, {4, 5, 45, 40},   {0, 0, 45, 43}};
	int ticket = (int) rng_below(rng, 100);
	size_t row = 0;

	while (age < shares[row].age)
		row++;
	if (ticket < shares[row].one)
		return 1;
	if (ticket < shares[row].one + shares[row].two)
		return 2;
	return ticket < shares[row].one + shares[row].two + shares[row].three ? 3
																		  : 4;
}

/* What a group puts before the free tokens; returns how many it counts for. */
static int
group_opening(Rng *rng, const NameWish *wish, TokenList *list)
{
	bool male = wish->sex == 1;

	switch (wish->group)
	{
		case GROUP_BALI:
			if (wish->age > 25 || rng_below(rng, 3) == 0)
				add_token(list, male ? "I" : "NI");
			add_token(list, rng_below(rng, 2) == 0
								? bali_order[wish->birth_order % 4]
								: bali_order2[wish->birth_order % 4]);
			return 0;
		case GROUP_SUNDA:
			if (rng_below(rng, 100) >= 15)
				return 0;
			add_token(list, male ? DRAW_FROM(rng, sunda_men)
								 : DRAW_FROM(rng, sunda_women));
			return 1;
		case GROUP_BUGIS:
			if (rng_below(rng, 100) < 8)
				add_token(list, "ANDI");
			return 0;
		case GROUP_ACEH:
			if (rng_below(rng, 100) < 7)
				add_token(list, male ? "TEUKU" : "CUT");
			return 0;
		case GROUP_TIMUR:
		case GROUP_MINAHASA:
		case GROUP_BATAK:
			if (rng_below(rng, 100) >= 70)
				return 0;
			add_token(list, male ? DRAW_FROM(rng, christian_men)
								 : DRAW_FROM(rng, christian_women));
			return 1;
		default:
			return 0;
	}
}

/* Joins tokens into a name, leaving out what passes LETTERS_MAX. */
static void
join_tokens(const TokenList *list, const char *clan, char *name)
{
	size_t len = 0, keep = clan ? strlen(clan) + 1 : 0;

	for (int i = 0; i < list->count; i++)
	{
		size_t more = strlen(list->text[i]) + (len > 0);

		if (len + more + keep > LETTERS_MAX)
			continue;
		if (len > 0)
			name[len++] = ' ';
		strcpy(name + len, list->text[i]);
		len += strlen(list->text[i]);
	}
	if (clan && strstr(name, clan) == NULL)
	{
		name[len] = ' ';
		strcpy(name + len + 1, clan);
	}
}

/* Draws a name of NAME_SIZE bytes, upper case, one to six tokens. */
void
name_draw(Rng *rng, const NameWish *wish, char *name)
{
	int men = wish->sex == 1;
	int count = count_draw(rng, wish->age);
	/* from 25 on, ever more names of the old shapes */
	bool aged = (int) rng_below(rng, 100) < (wish->age - 25) * 3 / 2;
	TokenList list = {.count = 0};
	int fixed;

	if (wish->father)
		add_token(&list, wish->father);
	if (wish->group == GROUP_JAWA && aged && wish->age > 40 && count > 1 &&
		rng_below(rng, 3) > 0)
		count--;
	count -= group_opening(rng, wish, &list);
	fixed = list.count;
	for (int tries = 0; count > 0 && tries < 20; tries++)
	{
		int before = list.count;
		const Sampler *from = &any[men];

		if (aged && old[men].count > 0 && rng_below(rng, 3) > 0)
			from = &old[men];
		else if (count == 1 && list.count == 0)
			from = &single[men];
		add_token(&list, sampler_draw(rng, from));
		count -= list.count - before;
	}
	order_tokens(&list, fixed);
	/* a leading token alone, or last, is no name */
	if (list.count == 0 ||
		(wish->clan == NULL && rank_of(list.text[list.count - 1]) == 0))
	{
		if (list.count == TOKENS_MAX)
			list.count--;
		add_token(&list, sampler_draw(rng, &single[men]));
	}
	name[0] = '\0';
	join_tokens(&list, wish->clan, name);
}

/*
 * The name of a twin: the other's with its first token exchanged for one that
 * is easily confused, or a name of its own.
 */
void
name_of_twin(Rng *rng, const char *other, const NameWish *wish, char *name)
{
	const char *const *pairs = wish->sex == 1 ? twin_men : twin_women;
	size_t count = wish->sex == 1 ? COUNT_OF(twin_men) : COUNT_OF(twin_women);
	const char *rest = strchr(other, ' ');
	size_t first = strcspn(other, " ");

	for (size_t i = 0; i < count; i++)
		if (strlen(pairs[i]) == first && memcmp(pairs[i], other, first) == 0)
		{
			snprintf(name, NAME_SIZE, "%s%s", pairs[i ^ 1], rest ? rest : "");
			return;
		}
	if (rest && rng_below(rng, 2) == 0)
	{
		snprintf(name, NAME_SIZE, "%s%s",
				 sampler_draw(rng, &single[wish->sex == 1]), rest);
		if (strlen(name) <= LETTERS_MAX && strcmp(name, other) != 0)
			return;
	}
	name_draw(rng, wish, name);
}
