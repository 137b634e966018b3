/*
 * families.c
 *		Families: who belongs to them, when each was born, what they are
 *		called and which numbers they have.
 */
#include "population.h"

#include <stdlib.h>
#include <string.h>

#define YEAR 365
#define HEAD 1
#define SPOUSE 2
#define CHILD 3
#define CHILD_IN_LAW 4
#define GRANDCHILD 5
#define PARENT 6
#define SERVANT 7
#define OTHER 8
#define MALE 1
#define FEMALE 2

/* A family while it is being put together. */
typedef struct
{
	World *world;
	Rng *rng;
	uint32_t family;
	Group group;
	const char *clan;
	uint32_t head, wife, husband; /* NOBODY if there is none */
	int births;
	int32_t district; /* where a twin was registered; 0: not drawn yet */
} Builder;

/* A NIK that nobody has, for somebody of that district, date and sex. */
int64_t
nik_make(Rng *rng, int32_t district, int32_t born, int sex)
{
	int year, month, day, serial = 1;
	int64_t prefix;

	date_parts(born, &year, &month, &day);
	prefix = district;
	prefix = prefix * 100 + day + (sex == FEMALE ? 40 : 0);
	prefix = prefix * 100 + month;
	prefix = prefix * 100 + year % 100;
	while (serial < 6 && rng_below(rng, 3) == 0)
		serial++;
	while (!number_take(prefix * 10000 + serial))
		if (++serial > 9999)
			fatal("no NIK is left for a district and a day: too many families "
				  "for the region");
	return prefix * 10000 + serial;
}

/* A family number that nobody has, of a district and a day of recording. */
int64_t
nkk_make(Rng *rng, int64_t village, int32_t recorded)
{
	int32_t district = (int32_t) (village / 10000);

	return nik_make(rng, district, recorded, MALE);
}

uint32_t
world_add_person(World *world, const Person *person)
{
	world->persons = must_grow(world->persons, world->person_count,
							   &world->person_capacity, sizeof(Person));
	world->persons[world->person_count] = *person;
	return (uint32_t) world->person_count++;
}

/* The day of birth of somebody who is now about that many days old. */
static int32_t
birthday(Rng *rng, int days)
{
	if (days < 0)
		days = (int) rng_below(rng, 200);
	return data_day() - days;
}

static int
draw_sex(Rng *rng)
{
	return rng_below(rng, 1000) < 512 ? MALE : FEMALE;
}

/* Draws where somebody was registered, and gives the NIK. */
static void
register_person(Builder *b, Person *person, int64_t village)
{
	bool away = rng_chance(b->rng, rate_of(FACT_ELSEWHERE));
	int64_t district =
		district_of_registration(b->rng, village, away, person->born);
	int32_t stated = person->born;

	if (b->district != 0)
		district = b->district * INT64_C(10000);
	if (rng_chance(b->rng, rate_of(FACT_NIK_DATE)))
	{
		stated -= rng_between(b->rng, 1, 400);
		person->traits |= TRAIT_NIK_DATE;
	}
	person->district = (int32_t) (district / 10000);
	if (district / 1000000 != village / 1000000)
		person->traits |= TRAIT_ELSEWHERE;
	if (code_is_retired(district))
		person->traits |= TRAIT_RETIRED;
	person->nik = nik_make(b->rng, person->district, stated, person->sex);
}

/*
 * Adds a member: name, NIK, parents' names. father and mother are indexes or
 * NOBODY; then a mother's name is invented. name is NULL to draw one.
 */
static uint32_t
add_member(Builder *b, int relation, int sex, int32_t born, int married,
		   uint32_t father, uint32_t mother, const char *clan,
		   const char *name)
{
	World *world = b->world;
	Family *family = &world->families[b->family];
	Person person = {.family = b->family,
					 .father = father,
					 .born = born,
					 .sex = (uint8_t) sex,
					 .relation = (uint8_t) relation,
					 .married = (uint8_t) married};
	NameWish wish = {b->group, sex, age_of(born), b->births, clan, NULL};
	char own[NAME_SIZE], parent[NAME_SIZE];

	if (father != NOBODY && sex == MALE &&
		rng_chance(b->rng, rate_of(FACT_NAMESAKE_SON)))
	{
		strcpy(parent, text_get(world->persons[father].name));
		wish.father = parent;
		person.traits |= TRAIT_NAMESAKE_SON;
	}
	name_draw(b->rng, &wish, own);
	person.name = text_add(name ? name : own);
	if (father != NOBODY)
		person.father_name = world->persons[father].name;
	if (mother != NOBODY)
		person.mother_name = world->persons[mother].name;
	else
	{
		NameWish mothers = {b->group, FEMALE, age_of(born) + 26,
							0,        NULL,   NULL};

		name_draw(b->rng, &mothers, parent);
		person.mother_name = text_add(parent);
	}
	register_person(b, &person, family->village);
	family->count++;
	return world_add_person(world, &person);
}

/* A child of the couple; now and then a twin of the one before. */
static uint32_t
add_child(Builder *b, int days)
{
	uint32_t before =
		b->births > 0 ? (uint32_t) b->world->person_count - 1 : NOBODY;
	/* each pair of twins is two births of the many */
	bool twin = before != NOBODY &&
				rng_chance(b->rng, rate_of(FACT_TWINS) >= 1000000
									   ? 1000000
									   : rate_of(FACT_TWINS) / 2 * 3);
	int sex = draw_sex(b->rng);
	int32_t born = birthday(b->rng, days);
	char name[NAME_SIZE];
	uint32_t child;

	if (twin)
	{
		Person other = b->world->persons[before];
		char others[NAME_SIZE];
		NameWish wish = {b->group,  sex,     age_of(other.born),
						 b->births, b->clan, NULL};

		born = other.born;
		b->district = other.district;
		if (rng_below(b->rng, 100) < 60)
			wish.sex = sex = other.sex;
		strcpy(others, text_get(other.name));
		if (sex == other.sex)
			name_of_twin(b->rng, others, &wish, name);
		else
			name_draw(b->rng, &wish, name);
	}
	child = add_member(b, CHILD, sex, born, 1, b->husband, b->wife, b->clan,
					   twin ? name : NULL);
	b->district = 0;
	if (twin)
	{
		b->world->persons[before].traits |= TRAIT_TWIN;
		b->world->persons[child].traits |= TRAIT_TWIN;
		b->world->persons[child].traits &= (uint16_t) ~TRAIT_NAMESAKE_SON;
	}
	b->births++;
	return child;
}

/* Adds the couple: husband first, as head. Ages in days. */
static void
add_couple(Builder *b, int wife_days)
{
	int husband_days = wife_days + rng_between(b->rng, -2 * YEAR, 8 * YEAR);
	const char *maiden = clan_draw(b->rng, b->group);

	if (husband_days < 20 * YEAR)
		husband_days = 20 * YEAR + rng_between(b->rng, 0, YEAR);
	b->husband = b->head =
		add_member(b, HEAD, MALE, birthday(b->rng, husband_days), 2, NOBODY,
				   NOBODY, b->clan, NULL);
	b->wife = add_member(b, SPOUSE, FEMALE, birthday(b->rng, wife_days), 2,
						 NOBODY, NOBODY, maiden, NULL);
}

/* A head without spouse: mostly a mother; widowed when old. */
static void
add_single_parent(Builder *b, int days)
{
	int sex = rng_below(b->rng, 100) < 80 ? FEMALE : MALE;
	int married = (int) rng_below(b->rng, 100) < days / YEAR ? 4 : 3;
	uint32_t head = add_member(b, HEAD, sex, birthday(b->rng, days), married,
							   NOBODY, NOBODY, b->clan, NULL);

	b->head = head;
	if (sex == FEMALE)
		b->wife = head;
	else
		b->husband = head;
}

/*
 * Ages in days of the children, the oldest first; returns the mother's age.
 * None is born before she is 17 or after she is 46.
 */
static int
plan_children(Rng *rng, int count, int *days)
{
	int youngest = rng_between(rng, 0, 24 * YEAR);
	int mother;

	for (int i = count - 1, at = youngest; i >= 0; i--)
	{
		days[i] = at;
		at += rng_between(rng, count > 4 ? 400 : 500,
						  count > 4 ? 3 * YEAR : 7 * YEAR);
	}
	mother = days[0] + rng_between(rng, 18 * YEAR, 31 * YEAR);
	if (mother > youngest + 46 * YEAR)
		mother = youngest + 46 * YEAR;
	if (mother < days[0] + 17 * YEAR)
		mother = days[0] + 17 * YEAR;
	return mother;
}

/* A parent of the head, or of the wife; then the head is the child. */
static void
add_parent(Builder *b)
{
	World *world = b->world;
	uint32_t child =
		b->wife != NOBODY && rng_below(b->rng, 3) == 0 ? b->wife : b->head;
	int days = data_day() - world->persons[child].born +
			   rng_between(b->rng, 18 * YEAR, 34 * YEAR);
	int sex = rng_below(b->rng, 100) < 70 ? FEMALE : MALE;
	uint32_t parent;

	if (days > 99 * YEAR)
		days = 99 * YEAR;
	parent = add_member(b, PARENT, sex, birthday(b->rng, days), 4, NOBODY,
						NOBODY, sex == MALE ? b->clan : NULL, NULL);
	if (sex == FEMALE)
		world->persons[child].mother_name = world->persons[parent].name;
	else
	{
		world->persons[child].father = parent;
		world->persons[child].father_name = world->persons[parent].name;
	}
}

/* A grown child with spouse and grandchildren, two members or more. */
static void
add_young_family(Builder *b, int members)
{
	int wife_days = rng_between(b->rng, 20 * YEAR, 30 * YEAR);
	uint32_t child = add_child(b, wife_days), in_law, father, mother;
	World *world = b->world;
	int sex = world->persons[child].sex == MALE ? FEMALE : MALE;
	const char *in_law_clan = clan_draw(b->rng, b->group);
	int in_law_days;

	world->persons[child].married = 2;
	in_law_days = wife_days + rng_between(b->rng, -2 * YEAR, 5 * YEAR);
	in_law = add_member(b, CHILD_IN_LAW, sex, birthday(b->rng, in_law_days), 2,
						NOBODY, NOBODY, in_law_clan, NULL);
	father = sex == MALE ? in_law : child;
	mother = sex == MALE ? child : in_law;
	b->births = 0;
	for (int i = 2; i < members; i++)
	{
		int32_t born = birthday(b->rng, rng_between(b->rng, 0, 4 * YEAR));

		add_member(b, GRANDCHILD, draw_sex(b->rng), born, 1, father, mother,
				   b->clan, NULL);
	}
}

/* Somebody who is no close relative. */
static void
add_lodger(Builder *b)
{
	int32_t born = birthday(b->rng, rng_between(b->rng, 16 * YEAR, 50 * YEAR));
	int relation = rng_below(b->rng, 12) ? OTHER : SERVANT;

	add_member(b, relation, draw_sex(b->rng), born, 1, NOBODY, NOBODY, NULL,
			   NULL);
}

static void
add_alone(Builder *b)
{
	bool aged = rng_below(b->rng, 100) < 58;
	int days = aged ? rng_between(b->rng, 56 * YEAR, 90 * YEAR)
					: rng_between(b->rng, 20 * YEAR, 45 * YEAR);
	int sex = rng_below(b->rng, 100) < (aged ? 70u : 45u) ? FEMALE : MALE;

	b->head = add_member(b, HEAD, sex, birthday(b->rng, days), aged ? 4 : 1,
						 NOBODY, NOBODY, b->clan, NULL);
}

static void
add_children(Builder *b, const int *days, int count)
{
	for (int i = 0; i < count; i++)
		add_child(b, days[i]);
}

/* Puts a family of that many together. */
static void
add_members(Builder *b, int size)
{
	int days[16];
	uint32_t kind = rng_below(b->rng, 100);

	if (size == 1)
		add_alone(b);
	else if (size == 2 && kind < 50)
		add_couple(b, kind < 20 ? rng_between(b->rng, 19 * YEAR, 32 * YEAR)
								: rng_between(b->rng, 48 * YEAR, 80 * YEAR));
	else if (size == 2 && kind < 62)
	{
		add_single_parent(b, rng_between(b->rng, 25 * YEAR, 60 * YEAR));
		add_parent(b);
	}
	else if (size == 2 || kind < 9)
	{
		add_single_parent(b, plan_children(b->rng, size - 1, days));
		add_children(b, days, size - 1);
	}
	else if (size >= 4 && kind < 20)
	{
		add_couple(b, plan_children(b->rng, size - 3, days));
		add_children(b, days, size - 3);
		add_parent(b);
	}
	else if (size >= 5 && kind < 34)
	{
		add_couple(b, rng_between(b->rng, 46 * YEAR, 62 * YEAR));
		add_young_family(b, size - 2);
	}
	else if (size >= 4 && kind < 24)
	{
		add_couple(b, plan_children(b->rng, size - 3, days));
		add_children(b, days, size - 3);
		add_lodger(b);
	}
	else
	{
		add_couple(b, plan_children(b->rng, size - 2, days));
		add_children(b, days, size - 2);
	}
}

/* Members of a family: 3.1 in the mean. */
static int
size_draw(Rng *rng)
{
	static const uint32_t upto[] = {115, 335, 615, 855, 947, 983, 995, 1000};
	uint32_t ticket = rng_below(rng, 1000);
	int size = 1;

	while (ticket >= upto[size - 1])
		size++;
	return size;
}

static void
draw_address(Rng *rng, Family *family)
{
	static const char *const streets[] = {
		"MELATI",   "MAWAR",   "KENANGA", "ANGGREK",   "DAHLIA",  "MANGGA",
		"RAMBUTAN", "NANGKA",  "CEMPAKA", "FLAMBOYAN", "MERPATI", "KENARI",
		"GARUDA",   "PELITA",  "MERDEKA", "VETERAN",   "PASAR",   "MASJID",
		"STASIUN",  "IRIGASI", "SAWAH",   "KEBUN",     "CENDANA", "BERINGIN"};
	static const char *const hamlets[] = {
		"KRAJAN", "PONDOK", "SAWAH", "POJOK", "TENGAH", "KIDUL", "LOR",
		"WETAN",  "KULON",  "BARU",  "GEDE",  "CIKAL",  "RAWA",  "TANAH ABU"};
	uint32_t street =
		rng_below(rng, (uint32_t) (sizeof(streets) / sizeof(*streets)));
	uint32_t hamlet =
		rng_below(rng, (uint32_t) (sizeof(hamlets) / sizeof(*hamlets)));
	uint32_t kind = rng_below(rng, 10);
	char text[64];

	family->rt = (uint8_t) rng_between(rng, 1, 9);
	family->rw = (uint8_t) rng_between(rng, 1, 16);
	if (kind < 4)
		snprintf(text, sizeof(text), "JL. %s NO. %d", streets[street],
				 rng_between(rng, 1, 180));
	else if (kind < 6)
		snprintf(text, sizeof(text), "GG. %s %d", streets[street],
				 rng_between(rng, 1, 9));
	else if (kind < 9)
		snprintf(text, sizeof(text), "KP. %s", hamlets[hamlet]);
	else
	{
		int block = rng_between(rng, 0, 9), row = rng_between(rng, 1, 20);

		snprintf(text, sizeof(text), "PERUM %s INDAH BLOK %c%d NO. %d",
				 streets[street], 'A' + block, row, rng_between(rng, 1, 40));
	}
	family->street = text_add(text);
	snprintf(text, sizeof(text), "DUSUN %s", hamlets[hamlet]);
	family->hamlet = text_add(text);
}

/*
 * Welfare in thousandths of a standard deviation: of the village, of the
 * family, less for many heads; the score is of spending a head.
 */
static void
draw_welfare(Rng *rng, Family *family)
{
	Rng village;
	int common, z, estimate;

	rng_seed(&village, rng_hash((uint64_t) family->village), STREAM_VILLAGE,
			 0);
	common = rng_normal(&village);
	z = common * 400 / 1000 + rng_normal(rng) * 860 / 1000 -
		((int) family->count - 3) * 130;
	family->welfare = (int16_t) z;
	family->earlier = (int16_t) (z + rng_normal(rng) * 350 / 1000);
	/* the estimate knows welfare only through what it asks for */
	estimate = z + rng_normal(rng) * 250 / 1000;
	family->score = score_of((int64_t) estimate * 1000 + rng_below(rng, 1000));
	if (rng_chance(rng, rate_of(FACT_SCORE_TIE)))
		family->score = (family->score + 500) / 1000 * 1000;
}

static uint32_t
world_add_family(World *world, const Family *family)
{
	world->families = must_grow(world->families, world->family_count,
								&world->family_capacity, sizeof(Family));
	world->families[world->family_count] = *family;
	return (uint32_t) world->family_count++;
}

/* A day on which a family number may have been issued. */
int32_t
day_recorded(Rng *rng)
{
	return rng_between(rng, date_days(2009, 1, 5), date_days(2025, 12, 20));
}

static void
build_family(World *world, int64_t village)
{
	Family blank = {.village = village,
					.first = (uint32_t) world->person_count};
	Builder b = {
		.world = world, .head = NOBODY, .wife = NOBODY, .husband = NOBODY};
	Rng rng;
	Family *family;

	rng_seed(&rng, world->seed, STREAM_FAMILY, world->family_count);
	b.rng = &rng;
	b.family = world_add_family(world, &blank);
	b.group = group_draw(&rng, village);
	b.clan = clan_draw(&rng, b.group);
	add_members(&b, size_draw(&rng));
	family = &world->families[b.family];
	family->group = (uint8_t) b.group;
	family->nkk = nkk_make(&rng, village, day_recorded(&rng));
	family->nkk_in_file = family->nkk;
	draw_address(&rng, family);
	draw_welfare(&rng, family);
}

static int
compare_codes(const void *a, const void *b)
{
	int64_t x = *(const int64_t *) a, y = *(const int64_t *) b;

	return (x > y) - (x < y);
}

/* Invents the families of the chosen region, in the order of their villages. */
void
world_build(World *world, uint32_t families, uint64_t seed)
{
	int64_t *villages = must_alloc(families, sizeof(int64_t));
	Rng rng;

	memset(world, 0, sizeof(*world));
	world->seed = seed;
	rng_seed(&rng, seed, STREAM_VILLAGE, 0);
	for (uint32_t i = 0; i < families; i++)
		villages[i] = village_draw(&rng);
	qsort(villages, families, sizeof(int64_t), compare_codes);
	for (uint32_t i = 0; i < families; i++)
		build_family(world, villages[i]);
	free(villages);
}

/*
 * Adds somebody who is in the civil registry and in no other file, with a
 * family of his own. person holds NIK, name, birth, sex and traits.
 */
uint32_t
world_add_outsider(World *world, Rng *rng, Person *person)
{
	int64_t village = village_elsewhere(rng);
	Family family = {.village = village,
					 .first = (uint32_t) world->person_count,
					 .count = 1,
					 .outside = true};

	family.nkk = nkk_make(rng, village, day_recorded(rng));
	family.nkk_in_file = family.nkk;
	person->family = world_add_family(world, &family);
	person->relation = HEAD;
	person->father = NOBODY;
	return world_add_person(world, person);
}
