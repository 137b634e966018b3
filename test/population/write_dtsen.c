/*
 * write_dtsen.c
 *		The two DTSEN files.
 *
 * What a family owns and what a person does is drawn while it is written, from
 * streams of the house and of the person, around the family's welfare z in
 * thousandths of a standard deviation. Codes are those of Regsosek 2022.
 */
#include "population.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

static const char family_header[] =
	"kode_provinsi|provinsi|kode_kabupaten_kota|kabupaten_kota|"
	"kode_kecamatan|kecamatan|kode_kelurahan_desa|kelurahan_desa|alamat|"
	"nomor_kartu_keluarga|jumlah_anggota_keluarga|nama_kepala_keluarga|"
	"desil_nasional|pbi_nas|pbi_pemda|id_pelanggan_pln|"
	"status_kepemilikan_rumah|jenis_lantai_terluas|luas_lantai|"
	"jenis_dinding_terluas|jenis_atap_terluas|sumber_air_minum_utama|"
	"sumber_penerangan_utama|daya_terpasang|bahan_bakar_utama_memasak|"
	"fasilitas_bab|jenis_kloset|pembuangan_akhir_tinja|kepemilikan_aset|"
	"aset_bergerak_tabung_gas|aset_bergerak_lemari_es|aset_bergerak_ac|"
	"aset_bergerak_pemanas_air|aset_bergerak_telepon_rumah|"
	"aset_bergerak_tv_datar|aset_bergerak_emas_perhiasan|"
	"aset_bergerak_komputer_laptop_tablet|aset_bergerak_sepeda_motor|"
	"aset_bergerak_sepeda|aset_bergerak_mobil|aset_bergerak_perahu|"
	"aset_bergerak_kapal_perahu_motor|aset_bergerak_smartphone|"
	"aset_tidak_bergerak_lahan_lainnya|aset_tidak_bergerak_rumah_lainnya|"
	"jumlah_ternak_sapi|jumlah_ternak_kerbau|jumlah_ternak_kuda|"
	"jumlah_ternak_babi|jumlah_ternak_kambing_domba|desil_provinsi|"
	"desil_kabupaten_kota|is_gc_kemensos|is_pbi_se|is_siks_ng";

static const char member_header[] =
	"nomor_induk_kependudukan|nomor_kartu_keluarga|nama|tanggal_lahir|"
	"jenis_kelamin|status_hubungan_keluarga|pbi_nas|pbi_pemda|status_kawin|"
	"partisipasi_sekolah|jenjang_tertinggi|kelas_tertinggi|ijazah_tertinggi|"
	"status_bekerja|lapangan_usaha_pekerjaan_utama|"
	"status_dalam_pekerjaan_utama|kepemilikan_usaha|jumlah_usaha|"
	"lapangan_usaha_usaha_utama|jumlah_pekerja_dibayar|"
	"jumlah_pekerja_tidak_dibayar|omzet_usaha_utama|kondisi_gizi|"
	"penglihatan|pendengaran|berjalan_atau_naik_tangga|"
	"menggunakan_tangan_jari|belajar_kemampuan_intelektual|"
	"pengendalian_perilaku|berbicara_komunikasi|mengurus_diri|"
	"mengingat_berkonsentrasi|kesedihan_depresi|penyakit_kronis|"
	"kode_provinsi_ktp|provinsi_ktp|kode_kabupaten_kota_ktp|"
	"kabupaten_kota_ktp|kode_kecamatan_ktp|kecamatan_ktp|"
	"kode_kelurahan_desa_ktp|kelurahan_desa_ktp|rt_ktp|rw_ktp|dusun_ktp|"
	"alamat_ktp|pekerjaan_ktp|pendidikan_akhir_ktp";

/*
 * A scale of codes from poor to rich: the code holds up to that welfare. The
 * last one holds beyond.
 */
typedef struct
{
	int upto;
	int code;
} Step;

static const Step floors[] = {{-1700, 8}, {-1400, 7}, {-1100, 5}, {-300, 6},
							  {200, 4},   {1700, 2},  {0, 1}};
static const Step walls[] = {{-1800, 6}, {-1500, 4}, {-1200, 5},
							 {-900, 3},  {-600, 2},  {0, 1}};
static const Step roofs[] = {{-1900, 7}, {-1700, 6}, {-900, 4},
							 {-300, 3},  {1500, 2},  {0, 1}};
static const Step waters[] = {{-1900, 9}, {-1500, 8}, {-1200, 6}, {-700, 5},
							  {-200, 4},  {200, 3},   {1300, 2},  {0, 1}};
static const Step lights[] = {{-2100, 4}, {-1900, 3}, {-1400, 2}, {0, 1}};
static const Step powers[] = {
	{-600, 1}, {500, 2}, {1300, 3}, {2000, 4}, {0, 5}};
static const Step fuels[] = {{-1300, 10}, {-1200, 7}, {1200, 4},
							 {1500, 2},   {1900, 3},  {0, 1}};
static const Step toilets[] = {
	{-1700, 6}, {-1400, 5}, {-1100, 3}, {-700, 2}, {0, 1}};
static const Step closets[] = {{-1700, 4}, {-1300, 3}, {-900, 2}, {0, 1}};
static const Step sewage[] = {
	{-1900, 5}, {-1500, 4}, {-1000, 3}, {-200, 2}, {0, 1}};
static const Step owners[] = {{-1500, 3}, {-1000, 2}, {2400, 1}, {0, 4}};
static const Step schooling[] = {{-1700, 23}, {-700, 3},  {-200, 8},
								 {200, 9},    {800, 13},  {1200, 15},
								 {1500, 18},  {2400, 19}, {0, 21}};

/* Movable assets in the order of the file: from which welfare on, how many. */
static const struct
{
	int from, next; /* the first piece; each further one needs next more */
	int most;
} assets[] = {
	{-1400, 1600, 3}, /* gas cylinder of 5.5 kg or more */
	{-500, 3500, 2},  /* refrigerator */
	{1300, 700, 4},   /* air conditioner */
	{2000, 1500, 2},  /* water heater */
	{1700, 3000, 1},  /* telephone line */
	{-300, 1300, 3},  /* flat television */
	{900, 600, 9},    /* gold, 10 grams a piece */
	{700, 900, 4},    /* computer */
	{-1000, 1200, 3}, /* motorcycle */
	{-400, 1500, 3},  /* bicycle */
	{1400, 1400, 3},  /* car */
	{3300, 900, 1},   /* boat */
	{3600, 900, 1},   /* motor boat */
	{-1500, 700, 6}   /* smartphone */
};

static int
scale_draw(Rng *rng, const Step *steps, size_t count, int z)
{
	size_t at = 0;

	z += rng_normal(rng) * 600 / 1000;
	while (at < count - 1 && z > steps[at].upto)
		at++;
	return steps[at].code;
}

#define SCALE(rng, steps, z) scale_draw((rng), (steps), COUNT_OF(steps), (z))

static int
yes_no(bool yes)
{
	return yes ? 1 : 2;
}

/* Codes and names of the four levels of a village. */
static void
put_region(Output *out, int64_t village)
{
	static const int digits[] = {2, 4, 6, 10};
	int64_t unit = INT64_C(100000000);

	for (size_t i = 0; i < COUNT_OF(digits); i++)
	{
		char name[REGION_SIZE];

		put_number(out, village / unit, digits[i]);
		region_name(village / unit * unit, name);
		put_text(out, name);
		unit = digits[i] == 6 ? 1 : unit / 100;
	}
}

/* The three deciles of an earlier edition, empty if it had none. */
static void
put_decile(Output *out, const Family *family, int64_t scope)
{
	int shift = scope ? (int) (rng_hash((uint64_t) scope) % 500) - 250 : 0;

	if (rng_hash((uint64_t) family->nkk) % 100 < 3)
		put_empty(out);
	else
		put_number(out, decile_of(family->earlier + shift), 1);
}

/* Poor enough, by what was known, to have the premium paid by the state. */
static bool
has_pbi(const Family *family)
{
	return family->earlier < 0 && rng_hash((uint64_t) family->nkk) % 7 < 5;
}

static bool
has_local_pbi(const Family *family)
{
	return !has_pbi(family) && family->earlier < 600 &&
		   rng_hash((uint64_t) family->nkk) % 5 == 0;
}

static void
put_address(Output *out, const Family *family, const Record *record)
{
	uint64_t ops = record ? record->ops : 0;
	char address[160];

	snprintf(address, sizeof(address), "%s%s%s RT %03d RW %03d",
			 text_get(family->street),
			 ops & OP_BIT(OP_QUOTED_FIELD) ? " \"BELAKANG\" | TOKO" : "",
			 ops & OP_BIT(OP_QUOTED_NEWLINE) ? "\n" : "", family->rt,
			 family->rw);
	put_text(out, address);
}

static void
put_house(Output *out, Rng *rng, const Family *family)
{
	int z = family->welfare;
	int light = SCALE(rng, lights, z);

	if (light == 1)
		put_number(out,
				   INT64_C(520000000000) +
					   (int64_t) (rng_next(rng) % UINT64_C(9999999999)),
				   12);
	else
		put_empty(out);
	put_number(out, SCALE(rng, owners, z), 1);
	put_number(out, SCALE(rng, floors, z), 1);
	put_number(out, 18 + (z + 6000) / 150 + rng_between(rng, 0, 20), 1);
	put_number(out, SCALE(rng, walls, z), 1);
	put_number(out, SCALE(rng, roofs, z), 1);
	put_number(out, SCALE(rng, waters, z), 1);
	put_number(out, light, 1);
	if (light == 1)
		put_number(out, SCALE(rng, powers, z), 1);
	else
		put_empty(out);
	put_number(out, SCALE(rng, fuels, z), 1);
	put_number(out, SCALE(rng, toilets, z), 1);
	put_number(out, SCALE(rng, closets, z), 1);
	put_number(out, SCALE(rng, sewage, z), 1);
}

static void
put_assets(Output *out, Rng *rng, const Family *family)
{
	int pieces[COUNT_OF(assets)];
	bool any = false;
	bool town = family->village / 1000 % 10 == 1;

	for (size_t i = 0; i < COUNT_OF(assets); i++)
	{
		int z = family->welfare + rng_normal(rng) * 700 / 1000;

		pieces[i] =
			z < assets[i].from ? 0 : 1 + (z - assets[i].from) / assets[i].next;
		if (pieces[i] > assets[i].most)
			pieces[i] = assets[i].most;
		any = any || pieces[i] > 0;
	}
	put_number(out, yes_no(any), 1);
	for (size_t i = 0; i < COUNT_OF(assets); i++)
		put_number(out, pieces[i], 1);
	put_number(out, yes_no(family->welfare + rng_normal(rng) > 900), 1);
	put_number(out, yes_no(family->welfare + rng_normal(rng) > 1900), 1);
	for (int animal = 0; animal < 5; animal++)
	{
		static const uint32_t keepers[] = {30, 6, 2, 4, 70};
		bool has = !town && rng_below(rng, 1000) < keepers[animal];

		put_number(out, has ? rng_between(rng, 1, animal == 4 ? 9 : 3) : 0, 1);
	}
}

static void
put_family(Output *out, const World *world, const Family *family, size_t index)
{
	Rng rng;

	rng_seed(&rng, world->seed, STREAM_HOUSE, index);
	put_region(out, family->village);
	put_address(out, family, NULL);
	put_number(out, family->nkk_in_file, 16);
	put_number(out, family->listed, 1);
	put_text(out, text_get(world->persons[family->first].name));
	put_decile(out, family, 0);
	put_number(out, yes_no(has_pbi(family)), 1);
	put_number(out, yes_no(has_local_pbi(family)), 1);
	put_house(out, &rng, family);
	put_assets(out, &rng, family);
	put_decile(out, family, family->village / INT64_C(100000000));
	put_decile(out, family, family->village / INT64_C(1000000));
	put_number(out, rng_below(&rng, 100) < 12, 1);
	put_number(out, rng_below(&rng, 100) < 5, 1);
	put_number(out, rng_below(&rng, 100) < 20, 1);
}

/*
 * Damages a line: ends it after that many fields, or puts a byte that does not
 * belong there in front of the field after them. One more byte fits.
 */
static void
damage_line(char *line, size_t *len, uint64_t ops, int keep_fields)
{
	char *at = line;

	if (ops & (OP_BIT(OP_LINE_SHORT) | OP_BIT(OP_FAMILY_LINE_SHORT)))
	{
		while (keep_fields > 0 && at < line + *len)
			keep_fields -= *at++ == '|';
		*len = (size_t) (at - line) - 1;
		return;
	}
	for (int bars = keep_fields; bars > 0 && at < line + *len; at++)
		bars -= *at == '|';
	memmove(at + 1, at, (size_t) (line + *len - at));
	*len += 1;
	if (ops & OP_BIT(OP_LINE_QUOTE))
		*at = '"';
	else if (ops & OP_BIT(OP_LINE_NUL))
		*at = '\0';
	else
		*at = (char) 0xba; /* the ordinal sign of "N\xba 5" in Latin 1 */
}

/* keluarga_dtsen_v1_2026.csv; sets the line of each family. */
void
write_families(World *world, const char *dir)
{
	Output out;

	output_open(&out, dir, "keluarga_dtsen_v1_2026.csv", family_header);
	for (size_t i = 0; i < world->family_count; i++)
	{
		Family *family = &world->families[i];

		if (family->outside || (family->ops & OP_BIT(OP_NOT_IN_DTSEN)))
			continue;
		family->line = out.line;
		line_begin(&out);
		put_family(&out, world, family, i);
		if (family->ops &
			(OP_BIT(OP_FAMILY_LINE_SHORT) | OP_BIT(OP_FAMILY_LINE_LATIN1)))
			line_change(&out, damage_line, family->ops,
						family->ops & OP_BIT(OP_FAMILY_LINE_SHORT) ? 30 : 8);
		end_line(&out);
	}
	output_close(&out);
}

/* School, level, class and certificate. */
static void
put_school(Output *out, Rng *rng, int age, int z)
{
	int level = SCALE(rng, schooling, z - (age > 45 ? (age - 45) * 25 : 0));
	static const int at_age[] = {3, 3, 3, 3, 3, 3, 8, 8, 8, 13, 13, 13};

	if (age < 6)
	{
		put_number(out, 1, 1);
		for (int i = 0; i < 3; i++)
			put_empty(out);
		return;
	}
	if (age < 18 && (age < 16 || z + rng_normal(rng) > -1200))
	{
		put_number(out, 2, 1);
		put_number(out, at_age[age - 6], 2);
		put_number(out, age < 12 ? age - 5 : (age - 12) % 3 + 1, 1);
		put_number(out, age < 12 ? 23 : age < 15 ? 3 : 8, 2);
		return;
	}
	if (age >= 18 && age < 23 && z + rng_normal(rng) > 900)
	{
		put_number(out, 2, 1);
		put_number(out, 19, 2);
		put_number(out, age - 17, 1);
		put_number(out, 13, 2);
		return;
	}
	if (age < 22 && level > 15)
		level = 15;
	put_number(out, level == 23 && age > 50 ? 1 : 3, 1);
	if (level == 23)
		put_empty(out);
	else
		put_number(out, level, 2);
	if (level == 23)
		put_empty(out);
	else
		put_number(out, level < 4 ? 6 : 3, 1);
	put_number(out, level, 2);
}

/* Work and business; returns whether the person works. */
static bool
put_work(Output *out, Rng *rng, const Person *person, int age, int z)
{
	static const Step sectors_village[] = {{-600, 1}, {-300, 5}, {300, 10},
										   {900, 12}, {1500, 9}, {0, 20}};
	static const Step jobs[] = {{-1300, 6}, {-700, 7}, {-200, 1},
								{200, 2},   {1900, 4}, {0, 5}};
	uint32_t percent = person->sex == 1 ? 88 : 48;
	bool works, business;

	if (age < 15)
		percent = 0;
	else if (age < 19)
		percent = 18;
	else if (age > 65)
		percent = person->sex == 1 ? 45 : 22;
	works = rng_below(rng, 100) < percent;
	business = works && rng_below(rng, 100) < 30;
	put_number(out, yes_no(works), 1);
	if (works)
	{
		put_number(out, SCALE(rng, sectors_village, z), 2);
		put_number(out, business && z < 1500 ? 1 : SCALE(rng, jobs, z), 1);
	}
	else
	{
		put_empty(out);
		put_empty(out);
	}
	put_number(out, yes_no(business), 1);
	if (business)
	{
		put_number(out, 1 + (rng_below(rng, 12) == 0), 1);
		put_number(out, SCALE(rng, sectors_village, z), 2);
		put_number(out, z > 1200 ? rng_between(rng, 0, 9) : 0, 1);
		put_number(out, rng_between(rng, 0, 2), 1);
		put_number(out, z > 1500 ? 3 : z > 300 ? 2 : 1, 1);
	}
	else
		for (int i = 0; i < 5; i++)
			put_empty(out);
	return works;
}

/* Nutrition of small children, ten limits of function, chronic illness. */
static void
put_health(Output *out, Rng *rng, int age, int z)
{
	uint32_t frail = age > 60 ? (uint32_t) (age - 55) * 8 : 8; /* per mille */

	if (age < 5)
		put_number(out, rng_below(rng, 1000) < (z < -500 ? 60u : 15u) ? 1 : 3,
				   1);
	else
		put_empty(out);
	for (int i = 0; i < 10; i++)
	{
		if (age < 5)
			put_empty(out);
		else if (rng_below(rng, 1000) >= frail)
			put_number(out, 4, 1);
		else
			put_number(out, rng_between(rng, 1, 3), 1);
	}
	if (rng_below(rng, 1000) < frail * 2)
		put_number(out, rng_between(rng, 2, 18), 1);
	else
		put_number(out, 1, 1);
}

static void
put_identity_card(Output *out, Rng *rng, const Family *family,
				  const Record *record, int age, bool works)
{
	static const char *const jobs[] = {"BURUH HARIAN LEPAS",
									   "WIRASWASTA",
									   "KARYAWAN SWASTA",
									   "PEDAGANG",
									   "PETANI/PEKEBUN",
									   "BURUH TANI/PERKEBUNAN",
									   "SOPIR",
									   "GURU",
									   "TUKANG BATU",
									   "PEGAWAI NEGERI SIPIL"};
	static const char *const schools[] = {
		"TIDAK/BELUM SEKOLAH", "TAMAT SD/SEDERAJAT", "SLTP/SEDERAJAT",
		"SLTA/SEDERAJAT", "DIPLOMA IV/STRATA I"};
	int school = age < 12 ? 0 : 1 + (family->welfare + 2000) / 1200;

	put_region(out, family->village);
	put_number(out, family->rt, 3);
	put_number(out, family->rw, 3);
	put_text(out, text_get(family->hamlet));
	put_address(out, family, record);
	if (works)
		put_text(out, jobs[rng_below(rng, COUNT_OF(jobs))]);
	else if (age < 18)
		put_text(out, age < 6 ? "BELUM/TIDAK BEKERJA" : "PELAJAR/MAHASISWA");
	else
		put_text(out, record->sex == 2 ? "MENGURUS RUMAH TANGGA"
									   : "BELUM/TIDAK BEKERJA");
	school = school < 0 ? 0 : school > 4 ? 4 : school;
	put_text(out, schools[school]);
}

static void
put_member(Output *out, const World *world, const Record *record)
{
	const Person *person = &world->persons[record->person];
	const Family *family = &world->families[record->family];
	int age = age_of(person->born);
	int z = family->welfare;
	bool works;
	Rng rng;

	rng_seed(&rng, world->seed, STREAM_PERSON, record->person);
	put_text(out, text_get(record->nik));
	put_number(out, family->nkk_in_file, 16);
	put_text(out, text_get(record->name));
	put_date(out, record->born);
	put_number(out, record->sex, 1);
	put_number(out, record->family == person->family ? person->relation : 8,
			   1);
	put_number(out, yes_no(has_pbi(family)), 1);
	put_number(out, yes_no(has_local_pbi(family)), 1);
	put_number(out, person->married, 1);
	put_school(out, &rng, age, z);
	works = put_work(out, &rng, person, age, z);
	put_health(out, &rng, age, z);
	put_identity_card(out, &rng, family, record, age, works);
}

/* anggota_keluarga_dtsen_v1_2026.csv; sets the line of each record. */
void
write_members(World *world, RecordList *list, const char *dir)
{
	Output out;

	output_open(&out, dir, "anggota_keluarga_dtsen_v1_2026.csv",
				member_header);
	for (size_t i = 0; i < list->count; i++)
	{
		Record *record = &list->records[i];

		record->line = out.line;
		line_begin(&out);
		put_member(&out, world, record);
		if (record->ops & LINE_OPS)
			line_change(&out, damage_line, record->ops,
						record->ops & OP_BIT(OP_LINE_SHORT) ? 20 : 45);
		end_line(&out);
	}
	output_close(&out);
}
