/*
 * write_other.c
 *		Scores, DTKS list, civil registry and the truth.
 */
#include "population.h"

#include <stdlib.h>
#include <string.h>

static bool
in_family_file(const Family *family)
{
	return !family->outside && (family->ops & OP_BIT(OP_NOT_IN_DTSEN)) == 0;
}

/* skor.csv: one line for each family of the family file. */
void
write_scores(const World *world, const char *dir)
{
	Output out;

	output_open(&out, dir, "skor.csv",
				"nomor_kartu_keluarga|skor|model_version");
	for (size_t i = 0; i < world->family_count; i++)
	{
		const Family *family = &world->families[i];

		if (!in_family_file(family))
			continue;
		put_number(&out, family->nkk_in_file, 16);
		put_number(&out, family->score, 1);
		put_text(&out, "pmt-2026-1");
		end_line(&out);
	}
	output_close(&out);
}

static void
put_address(Output *out, const Family *family)
{
	char address[128];

	snprintf(address, sizeof(address), "%s RT %03d RW %03d",
			 text_get(family->street), family->rt, family->rw);
	put_text(out, address);
}

static void
put_letter_of_sex(Output *out, int sex)
{
	put_raw(out, sex == 1 ? "L" : "P", 1);
}

/* dtks.csv; sets the line of each record. */
void
write_dtks(const World *world, RecordList *list, const char *dir)
{
	Output out;

	output_open(&out, dir, "dtks.csv",
				"id_dtks|nama|nik|nkk|tanggal_lahir|jenis_kelamin|alamat|"
				"kode_kelurahan_desa|status");
	for (size_t i = 0; i < list->count; i++)
	{
		Record *record = &list->records[i];
		const Family *family = &world->families[record->family];

		record->line = out.line;
		put_number(&out, (int64_t) i + 1, 10);
		put_text(&out, text_get(record->name));
		put_text(&out, text_get(record->nik));
		put_number(&out, family->nkk_in_file, 16);
		put_date(&out, record->born);
		put_letter_of_sex(&out, record->sex);
		put_address(&out, family);
		put_number(&out, family->village, 10);
		put_text(&out, rng_hash(record->person * UINT64_C(2) + 1) % 100 < 8
						   ? "NONAKTIF"
						   : "AKTIF");
		end_line(&out);
	}
	output_close(&out);
}

static const char *
status_of(const Person *person)
{
	if (person->traits & TRAIT_DEAD)
		return "meninggal";
	return person->traits & TRAIT_MOVED ? "pindah" : "hidup";
}

static const Person *sort_persons;

static int
by_nik(const void *a, const void *b)
{
	int64_t x = sort_persons[*(const uint32_t *) a].nik;
	int64_t y = sort_persons[*(const uint32_t *) b].nik;

	return (x > y) - (x < y);
}

/*
 * dukcapil.csv, in the order of the NIKs. Returns the line of each person, 0
 * for ghosts.
 */
uint32_t *
write_dukcapil(const World *world, const char *dir)
{
	uint32_t *lines = must_alloc(world->person_count, sizeof(uint32_t));
	uint32_t *order = must_alloc(world->person_count, sizeof(uint32_t));
	size_t count = 0;
	Output out;

	for (uint32_t i = 0; i < world->person_count; i++)
		if ((world->persons[i].traits & TRAIT_GHOST) == 0)
			order[count++] = i;
	sort_persons = world->persons;
	if (count > 0)
		qsort(order, count, sizeof(uint32_t), by_nik);
	output_open(&out, dir, "dukcapil.csv",
				"nik|nkk|nama_lengkap|tempat_lahir|tanggal_lahir|"
				"jenis_kelamin|nama_ibu|status_hidup|kode_wilayah");
	for (size_t i = 0; i < count; i++)
	{
		const Person *person = &world->persons[order[i]];
		const Family *family = &world->families[person->family];
		int64_t village = family->village;
		char place[REGION_SIZE];

		if (person->traits & TRAIT_MOVED)
		{
			Rng rng;

			rng_seed(&rng, world->seed, STREAM_PERSON, ~(uint64_t) order[i]);
			village = village_elsewhere(&rng);
		}
		birth_place((int64_t) person->district * 10000, place);
		lines[order[i]] = out.line;
		put_number(&out, person->nik, 16);
		put_number(&out, family->nkk, 16);
		put_text(&out, text_get(person->name));
		put_text(&out, place);
		put_date(&out, person->born);
		put_letter_of_sex(&out, person->sex);
		put_text(&out, text_get(person->mother_name));
		put_text(&out, status_of(person));
		put_number(&out, village, 10);
		end_line(&out);
	}
	output_close(&out);
	free(order);
	return lines;
}

static void
put_traits(Output *out, uint16_t traits)
{
	static const struct
	{
		uint16_t bit;
		const char *name;
	} names[] = {{TRAIT_TWIN, "twin"},
				 {TRAIT_ELSEWHERE, "elsewhere"},
				 {TRAIT_RETIRED, "retired_code"},
				 {TRAIT_NAMESAKE_SON, "namesake_son"},
				 {TRAIT_NIK_DATE, "nik_date"},
				 {TRAIT_GHOST, "ghost"},
				 {TRAIT_HOLDER, "nik_holder"}};
	char text[128] = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (traits & names[i].bit)
		{
			if (text[0] != '\0')
				strcat(text, ",");
			strcat(text, names[i].name);
		}
	put_text(out, text);
}

/* The number of a line, or nothing. */
static void
put_line(Output *out, uint32_t line)
{
	if (line == 0)
		put_empty(out);
	else
		put_number(out, line, 1);
}

static void
put_record(Output *out, const Record *record)
{
	put_line(out, record ? record->line : 0);
	put_text(out, record ? text_get(record->nik) : "");
	put_operations(out, record ? record->ops : 0);
}

static void
put_truth(Output *out, const World *world, uint32_t index, const Record *dtsen,
		  const Record *dtks, uint32_t dukcapil_line)
{
	const Person *person = &world->persons[index];
	bool ghost = person->traits & TRAIT_GHOST;

	put_number(out, (int64_t) index + 1, 1);
	put_number(out, (int64_t) person->family + 1, 1);
	if (ghost)
	{
		for (int i = 0; i < 5; i++)
			put_empty(out);
	}
	else
	{
		put_number(out, person->nik, 16);
		put_number(out, world->families[person->family].nkk, 16);
		put_text(out, text_get(person->name));
		put_date(out, person->born);
		put_letter_of_sex(out, person->sex);
	}
	put_record(out, dtsen);
	put_record(out, dtks);
	put_line(out, dukcapil_line);
	put_text(out, ghost ? "" : status_of(person));
	put_traits(out, person->traits);
	end_line(out);
}

static void
write_truth_of_persons(const World *world, const RecordList *dtsen,
					   const RecordList *dtks, const uint32_t *dukcapil_line,
					   const char *dir)
{
	const Record **in_dtks = must_alloc(world->person_count, sizeof(*in_dtks));
	bool *listed = must_alloc(world->person_count, sizeof(*listed));
	Output out;

	for (size_t i = 0; i < dtks->count; i++)
		in_dtks[dtks->records[i].person] = &dtks->records[i];
	output_open(&out, dir, "truth.csv",
				"id_person|id_family|nik|nkk|nama|tanggal_lahir|jenis_kelamin|"
				"dtsen_line|dtsen_nik|dtsen_operations|dtks_line|dtks_nik|"
				"dtks_operations|dukcapil_line|status_hidup|traits");
	for (size_t i = 0; i < dtsen->count; i++)
	{
		uint32_t person = dtsen->records[i].person;

		listed[person] = true;
		put_truth(&out, world, person, &dtsen->records[i], in_dtks[person],
				  dukcapil_line[person]);
	}
	for (uint32_t i = 0; i < world->person_count; i++)
		if (!listed[i])
			put_truth(&out, world, i, NULL, in_dtks[i], dukcapil_line[i]);
	output_close(&out);
	free(in_dtks);
	free(listed);
}

static void
write_truth_of_families(const World *world, const char *dir)
{
	Output out;

	output_open(&out, dir, "truth_families.csv",
				"id_family|nkk|nkk_in_file|kode_kelurahan_desa|members|skor|"
				"family_line|operations");
	for (size_t i = 0; i < world->family_count; i++)
	{
		const Family *family = &world->families[i];
		bool listed = in_family_file(family);

		put_number(&out, (int64_t) i + 1, 1);
		put_number(&out, family->nkk, 16);
		if (listed)
			put_number(&out, family->nkk_in_file, 16);
		else
			put_empty(&out);
		put_number(&out, family->village, 10);
		put_number(&out, family->count, 1);
		if (family->outside)
			put_empty(&out);
		else
			put_number(&out, family->score, 1);
		put_line(&out, listed ? family->line : 0);
		put_operations(&out, family->ops);
		end_line(&out);
	}
	output_close(&out);
}

/* truth.csv and truth_families.csv, after all other files. */
void
write_truth(const World *world, const RecordList *dtsen,
			const RecordList *dtks, const uint32_t *dukcapil_line,
			const char *dir)
{
	write_truth_of_persons(world, dtsen, dtks, dukcapil_line, dir);
	write_truth_of_families(world, dir);
}
