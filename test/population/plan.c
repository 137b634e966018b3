/*
 * plan.c
 *		Decides what is wrong in which record.
 *
 * Each record draws from a stream of its own, once for each operation, so a
 * rate that is changed moves no other operation.
 */
#include "population.h"

#include <stdlib.h>
#include <string.h>

#define NIK_DIGITS 16

static int64_t
parse_nik(const char *digits)
{
	int64_t value = 0;

	for (int i = 0; i < NIK_DIGITS; i++)
		value = value * 10 + (digits[i] - '0');
	return value;
}

/* Exchanges a digit; the new one differs. */
static bool
change_digit(Rng *rng, char *nik)
{
	uint32_t at = rng_below(rng, NIK_DIGITS);

	nik[at] =
		(char) ('0' + (nik[at] - '0' + 1 + (int) rng_below(rng, 9)) % 10);
	return true;
}

static bool
swap_digits(Rng *rng, char *nik)
{
	uint32_t at = rng_below(rng, NIK_DIGITS - 1);
	char keep = nik[at];

	nik[at] = nik[at + 1];
	nik[at + 1] = keep;
	return nik[at] != keep;
}

static bool
toggle_sex(char *nik)
{
	nik[6] = (char) (nik[6] >= '4' ? nik[6] - 4 : nik[6] + 4);
	return true;
}

static bool
swap_day_month(char *nik)
{
	int day = (nik[6] - '0') % 4 * 10 + nik[7] - '0';
	int month = (nik[8] - '0') * 10 + nik[9] - '0';
	int woman = nik[6] >= '4' ? 4 : 0;

	if (day > 12 || day == month)
		return false;
	nik[6] = (char) ('0' + month / 10 + woman);
	nik[7] = (char) ('0' + month % 10);
	nik[8] = (char) ('0' + day / 10);
	nik[9] = (char) ('0' + day % 10);
	return true;
}

static bool
residence_prefix(const World *world, const Person *person, char *nik)
{
	char prefix[16];
	int64_t village = world->families[person->family].village;

	snprintf(prefix, sizeof(prefix), "%06d", (int) (village / 10000));
	if (memcmp(nik, prefix, 6) == 0)
		return false;
	memcpy(nik, prefix, 6);
	return true;
}

/* The NIK of another member of the person's family. */
static bool
relatives_nik(Rng *rng, const World *world, const Person *person, char *nik)
{
	const Family *family = &world->families[person->family];
	uint32_t self = (uint32_t) (person - world->persons) - family->first;
	uint32_t other;

	if (family->count < 2 || self >= family->count)
		return false;
	other = rng_below(rng, family->count - 1);
	other += other >= self;
	snprintf(nik, NIK_DIGITS + 1, "%016lld",
			 (long long) world->persons[family->first + other].nik);
	return true;
}

static bool
letter_for_digit(Rng *rng, char *nik)
{
	static const char digits[] = "0158", letters[] = "OlSB";
	uint32_t from = rng_below(rng, NIK_DIGITS);

	for (int i = 0; i < NIK_DIGITS; i++)
	{
		char *c = nik + (from + (uint32_t) i) % NIK_DIGITS;
		const char *found = strchr(digits, *c);

		if (found)
		{
			*c = letters[found - digits];
			return true;
		}
	}
	return false;
}

/* As a spreadsheet shows it, with four decimals: 3.2160E+15. */
static void
scientific(char *nik)
{
	int64_t rounded = (parse_nik(nik) / INT64_C(10000000000) + 5) / 10;
	int exponent = 15;

	if (rounded >= 100000)
	{
		rounded /= 10;
		exponent++;
	}
	snprintf(nik, 24, "%d.%04dE+%d", (int) (rounded / 10000),
			 (int) (rounded % 10000), exponent);
}

/*
 * Puts one error into a NIK of 16 digits, in a buffer of 24 bytes. What stays
 * a number of 16 digits must be nobody's, unless that is the error.
 */
static bool
damage_nik(Rng *rng, Operation op, const World *world, const Person *person,
		   char *nik)
{
	bool fits;

	switch (op)
	{
		case OP_NIK_DIGIT:
			fits = change_digit(rng, nik);
			break;
		case OP_NIK_SWAP:
			fits = swap_digits(rng, nik);
			break;
		case OP_NIK_SEX:
			fits = toggle_sex(nik);
			break;
		case OP_NIK_DAY_MONTH:
			fits = swap_day_month(nik);
			break;
		case OP_NIK_LAST0:
			fits = nik[15] != '0';
			nik[15] = '0';
			break;
		case OP_NIK_PREFIX:
			fits = residence_prefix(world, person, nik);
			break;
		case OP_NIK_RELATIVE:
			return relatives_nik(rng, world, person, nik);
		case OP_NIK_KK:
			snprintf(nik, 24, "%016lld",
					 (long long) world->families[person->family].nkk_in_file);
			return true;
		case OP_NIK_EMPTY:
			nik[0] = '\0';
			return true;
		case OP_NIK_15:
		{
			uint32_t at = rng_below(rng, NIK_DIGITS);

			memmove(nik + at, nik + at + 1, NIK_DIGITS - at);
			return true;
		}
		case OP_NIK_LETTER:
			return letter_for_digit(rng, nik);
		case OP_NIK_SCIENTIFIC:
			scientific(nik);
			return true;
		case OP_NIK_APOSTROPHE:
			memmove(nik + 1, nik, NIK_DIGITS + 1);
			nik[0] = '\'';
			return true;
		default:
			return false;
	}
	return fits && !number_taken(parse_nik(nik));
}

/*
 * NIK that the record claims and that the civil registry gives to somebody
 * else: it has the person's own district, date and sex.
 */
static void
recycle_nik(Rng *rng, World *world, uint32_t index, char *nik)
{
	Person person = world->persons[index];
	Person holder = {.born = person.born - rng_between(rng, 400, 12000),
					 .district = person.district,
					 .sex = person.sex,
					 .married = 1,
					 .traits = TRAIT_HOLDER | TRAIT_NIK_DATE};
	NameWish wish = {GROUP_MELAYU, person.sex, age_of(holder.born), 0,
					 NULL,         NULL};
	char name[NAME_SIZE];

	holder.nik = nik_make(rng, person.district, person.born, person.sex);
	name_draw(rng, &wish, name);
	holder.name = text_add(name);
	wish.sex = 2;
	name_draw(rng, &wish, name);
	holder.mother_name = text_add(name);
	snprintf(nik, 24, "%016lld", (long long) holder.nik);
	world_add_outsider(world, rng, &holder);
}

static void
plan_nik(Rng *rng, World *world, Record *record, bool may_recycle)
{
	char nik[24], original[24];
	bool done = false;

	snprintf(original, sizeof(original), "%016lld",
			 (long long) world->persons[record->person].nik);
	strcpy(nik, original);
	for (int op = OP_NIK_DIGIT; op <= OP_NIK_APOSTROPHE; op++)
	{
		if (!rng_chance(rng, rate_of((Operation) op)) || done)
			continue;
		if (op == OP_NIK_RECYCLED)
		{
			if (!may_recycle)
				continue;
			recycle_nik(rng, world, record->person, nik);
			done = true;
		}
		for (int tries = 0; tries < 20 && !done; tries++)
		{
			strcpy(nik, original);
			done = damage_nik(rng, (Operation) op, world,
							  &world->persons[record->person], nik);
		}
		if (done)
			record->ops |= OP_BIT(op);
		else
			strcpy(nik, original);
	}
	record->nik = text_add(nik);
}

static void
plan_name(Rng *rng, const World *world, Record *record)
{
	const Person *person = &world->persons[record->person];
	NameOwner owner = {person->sex, age_of(person->born), NULL};
	char name[NAME_SIZE], father[NAME_SIZE];
	bool changed = false;

	strcpy(name, text_get(person->name));
	strcpy(father, text_get(person->father_name));
	owner.father = father;
	for (int op = OP_NAME_OLD; op <= OP_NAME_TITLE; op++)
		if (rng_chance(rng, rate_of((Operation) op)) &&
			name_vary(rng, (Operation) op, &owner, name))
		{
			record->ops |= OP_BIT(op);
			changed = true;
		}
	/* two errors may undo each other */
	if (changed && strcmp(name, text_get(person->name)) == 0)
	{
		for (int op = OP_NAME_OLD; op <= OP_NAME_TITLE; op++)
			record->ops &= ~OP_BIT(op);
		changed = false;
	}
	record->name = changed ? text_add(name) : person->name;
}

/* Another birth date that is near in some way. */
static int32_t
other_date(Rng *rng, int32_t born)
{
	for (;;)
	{
		int year, month, day, keep;
		int32_t other;

		date_parts(born, &year, &month, &day);
		switch (rng_below(rng, 5))
		{
			case 0:
				day += rng_between(rng, -9, 9);
				break;
			case 1:
				month = rng_between(rng, 1, 12);
				break;
			case 2:
				year += rng_between(rng, -2, 2);
				break;
			case 3:
				keep = day;
				day = month;
				month = keep;
				break;
			default:
				month = day = 1;
				break;
		}
		if (!date_exists(year, month, day))
			continue;
		other = date_days(year, month, day);
		if (other != born && other <= data_day())
			return other;
	}
}

/* Fills a record with what is true and then with errors of the fields. */
void
plan_record(Rng *rng, World *world, Record *record, uint32_t index,
			bool may_recycle)
{
	Person person = world->persons[index];

	memset(record, 0, sizeof(*record));
	record->person = index;
	record->family = person.family;
	record->born = person.born;
	record->sex = person.sex;
	plan_nik(rng, world, record, may_recycle);
	plan_name(rng, world, record);
	if (rng_chance(rng, rate_of(OP_BIRTH_DATE)))
	{
		record->ops |= OP_BIT(OP_BIRTH_DATE);
		record->born = other_date(rng, person.born);
	}
	if (rng_chance(rng, rate_of(OP_SEX)))
	{
		record->ops |= OP_BIT(OP_SEX);
		record->sex = (uint8_t) (3 - person.sex);
	}
}

/* Errors of the line itself. */
static void
plan_line(Rng *rng, Record *record)
{
	for (int op = OP_LINE_SHORT; op <= OP_LINE_NUL; op++)
		if (rng_chance(rng, rate_of((Operation) op)) &&
			(record->ops & LINE_OPS) == 0)
			record->ops |= OP_BIT(op);
	for (int op = OP_QUOTED_FIELD; op <= OP_QUOTED_NEWLINE; op++)
		if (rng_chance(rng, rate_of((Operation) op)) &&
			(record->ops & LINE_OPS) == 0)
			record->ops |= OP_BIT(op);
}

static void
add_record(World *world, RecordList *list, const Record *record)
{
	list->records =
		must_grow(list->records, list->count, &list->capacity, sizeof(Record));
	list->records[list->count++] = *record;
	world->families[record->family].listed++;
}

/* A line for nobody, in a family that exists. */
static void
plan_ghost(Rng *rng, World *world, RecordList *list, uint32_t family)
{
	Person ghost = {.family = family,
					.father = NOBODY,
					.married = 1,
					.relation = 8,
					.traits = TRAIT_GHOST};
	int64_t village = world->families[family].village;
	NameWish wish = {
		(Group) world->families[family].group, 1, 0, 0, NULL, NULL};
	char name[NAME_SIZE];
	Record record;
	int64_t nik;

	ghost.sex = (uint8_t) (1 + rng_below(rng, 2));
	ghost.born = data_day() - rng_between(rng, 1000, 26000);
	ghost.district = (int32_t) (village / 10000);
	wish.sex = ghost.sex;
	wish.age = age_of(ghost.born);
	name_draw(rng, &wish, name);
	ghost.name = text_add(name);
	nik = nik_make(rng, ghost.district, ghost.born, ghost.sex);
	snprintf(name, sizeof(name), "%016lld", (long long) nik);
	record = (Record){.ops = OP_BIT(OP_GHOST),
					  .family = family,
					  .nik = text_add(name),
					  .name = ghost.name,
					  .born = ghost.born,
					  .sex = ghost.sex};
	record.person = world_add_person(world, &ghost);
	add_record(world, list, &record);
}

static int
by_family(const void *a, const void *b)
{
	const Record *x = a, *y = b;

	if (x->family != y->family)
		return x->family < y->family ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return 0;
}

/*
 * What happened to families and persons apart from any file: families that
 * are not in DTSEN or are listed under an old number, the dead, who moved.
 */
void
plan_fates(World *world)
{
	size_t families = world->family_count, persons = world->person_count;
	Rng rng;

	for (size_t i = 0; i < families; i++)
	{
		Family *family = &world->families[i];
		bool latin1;

		rng_seed(&rng, world->seed, STREAM_FATE, i);
		if (rng_chance(&rng, rate_of(OP_NOT_IN_DTSEN)))
			family->ops |= OP_BIT(OP_NOT_IN_DTSEN);
		if (rng_chance(&rng, rate_of(OP_FAMILY_LINE_SHORT)))
			family->ops |= OP_BIT(OP_FAMILY_LINE_SHORT);
		latin1 = rng_chance(&rng, rate_of(OP_FAMILY_LINE_LATIN1));
		if (latin1 && (family->ops & OP_BIT(OP_FAMILY_LINE_SHORT)) == 0)
			family->ops |= OP_BIT(OP_FAMILY_LINE_LATIN1);
		if (rng_chance(&rng, rate_of(OP_NKK_OLD)))
		{
			family->ops |= OP_BIT(OP_NKK_OLD);
			family->nkk_in_file =
				nkk_make(&rng, family->village, day_recorded(&rng));
		}
	}
	for (size_t i = 0; i < persons; i++)
	{
		Person *person = &world->persons[i];
		bool dead, moved;

		rng_seed(&rng, world->seed, STREAM_FATE, families + i);
		dead = rng_chance(&rng, rate_of(OP_DEAD));
		moved = rng_chance(&rng, rate_of(OP_MOVED));
		if (dead)
			person->traits |= TRAIT_DEAD;
		else if (moved)
			person->traits |= TRAIT_MOVED;
	}
}

static void
add_fate(const World *world, Record *record)
{
	uint16_t traits = world->persons[record->person].traits;

	if (traits & TRAIT_DEAD)
		record->ops |= OP_BIT(OP_DEAD);
	if (traits & TRAIT_MOVED)
		record->ops |= OP_BIT(OP_MOVED);
}

/* A second record of a person, in the same family or in one nearby. */
static void
plan_duplicate(World *world, RecordList *list, uint32_t index,
			   size_t family_count)
{
	Record record;
	Rng rng;

	rng_seed(&rng, world->seed, STREAM_DUPLICATE, index);
	plan_record(&rng, world, &record, index, false);
	plan_line(&rng, &record);
	record.ops |= OP_BIT(OP_DUPLICATE);
	add_fate(world, &record);
	if (rng_below(&rng, 2) == 0)
		for (int tries = 0; tries < 10; tries++)
		{
			size_t other =
				(record.family + 1 + rng_below(&rng, 50)) % family_count;

			if ((world->families[other].ops & OP_BIT(OP_NOT_IN_DTSEN)) == 0)
			{
				record.family = (uint32_t) other;
				break;
			}
		}
	add_record(world, list, &record);
}

/*
 * The records of the DTSEN person file, in the order of the families; the
 * people of the world so far, then duplicates and ghosts among them.
 */
void
plan_dtsen(World *world, RecordList *list)
{
	size_t persons = world->person_count, families = world->family_count;
	Rng rng;

	for (uint32_t i = 0; i < persons; i++)
	{
		Record record;
		uint32_t family = world->persons[i].family;

		if (world->families[family].ops & OP_BIT(OP_NOT_IN_DTSEN))
			continue;
		rng_seed(&rng, world->seed, STREAM_PLAN, i);
		plan_record(&rng, world, &record, i, true);
		plan_line(&rng, &record);
		add_fate(world, &record);
		add_record(world, list, &record);
		rng_seed(&rng, world->seed, STREAM_GHOST, i);
		if (rng_chance(&rng, rate_of(OP_DUPLICATE)))
			plan_duplicate(world, list, i, families);
		if (rng_chance(&rng, rate_of(OP_GHOST)))
			plan_ghost(&rng, world, list, family);
	}
	/* line holds the order until it is written: qsort is not stable */
	for (size_t i = 0; i < list->count; i++)
		list->records[i].line = (uint32_t) i;
	if (list->count > 0)
		qsort(list->records, list->count, sizeof(Record), by_family);
}

/*
 * The records of the DTKS list, shuffled: born before 2024, mostly of the
 * poorer half.
 */
void
plan_dtks(World *world, RecordList *list)
{
	size_t persons = world->person_count;
	int32_t closed = date_days(2024, 1, 1);
	Rng rng;

	for (uint32_t i = 0; i < persons; i++)
	{
		const Person *person = &world->persons[i];
		const Family *family = &world->families[person->family];
		Record record;

		rng_seed(&rng, world->seed, STREAM_DTKS, person->family);
		if (rng_below(&rng, 100) >= (family->earlier < 100 ? 85u : 8u))
			continue;
		rng_seed(&rng, world->seed, STREAM_DTKS,
				 (UINT64_C(1) << 32) + (uint64_t) i);
		if (rng_below(&rng, 100) >= 97 || person->born >= closed ||
			family->outside || (person->traits & TRAIT_GHOST))
			continue;
		plan_record(&rng, world, &record, i, false);
		list->records = must_grow(list->records, list->count, &list->capacity,
								  sizeof(Record));
		list->records[list->count++] = record;
	}
	rng_seed(&rng, world->seed, STREAM_DTKS, UINT64_C(1) << 33);
	for (size_t i = list->count; i > 1; i--)
	{
		size_t j = rng_below(&rng, (uint32_t) i);
		Record keep = list->records[i - 1];

		list->records[i - 1] = list->records[j];
		list->records[j] = keep;
	}
}
