/*
 * population.h
 *		What the parts of the population generator share.
 *
 * Every person is synthetic: names are drawn token by token from frequency
 * tables, NIKs from region, birth date and a serial, independently of each
 * other. docs/population.md describes the files.
 *
 * The same seed gives the same bytes on every machine: all arithmetic is on
 * integers, and no expression draws twice (C leaves open which goes first).
 * Each person and family draws from streams of its own, so that the people
 * stay the same when other errors are planted in their records.
 */
#ifndef POPULATION_H
#define POPULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define NAME_SIZE 128   /* bytes of a name with everything planted, and NUL */
#define REGION_SIZE 256 /* bytes of a region's name, and NUL */
#define LETTERS_MAX 60  /* of a name in the civil registry */

/* ---- rng.c ---- */

typedef struct
{
	uint64_t s[4];
} Rng;

typedef enum
{
	STREAM_VILLAGE,
	STREAM_FAMILY,    /* who lives in it */
	STREAM_HOUSE,     /* what it owns */
	STREAM_PERSON,    /* schooling, work, health */
	STREAM_PLAN,      /* errors of the DTSEN files */
	STREAM_DUPLICATE, /* errors of a second record */
	STREAM_GHOST,
	STREAM_DTKS,  /* errors of the DTKS list */
	STREAM_FATE,  /* dead, moved, recycled */
	STREAM_CORPUS /* pairs of corpus.c */
} Stream;

extern void rng_seed(Rng *rng, uint64_t seed, Stream stream, uint64_t id);
extern uint64_t rng_next(Rng *rng);
extern uint32_t rng_below(Rng *rng, uint32_t limit);
extern int rng_between(Rng *rng, int low, int high);
extern bool rng_chance(Rng *rng, uint32_t ppm);
extern int rng_normal(Rng *rng);
extern uint32_t rng_hash(uint64_t value);

/* ---- store.c: memory, strings, numbers that are taken ---- */

typedef uint32_t Text; /* place of a string in the arena; 0 is "" */

extern void *must_alloc(size_t count, size_t size);
extern void *must_grow(void *array, size_t count, size_t *capacity,
					   size_t size);
extern void fatal(const char *format, ...);
extern Text text_add(const char *string);
extern const char *text_get(Text text);
extern bool number_taken(int64_t number);
extern bool number_take(int64_t number);

/* ---- dates: days since 1 January 1970 ---- */

extern int32_t date_days(int year, int month, int day);
extern void date_parts(int32_t days, int *year, int *month, int *day);
extern bool date_exists(int year, int month, int day);
extern int32_t data_day(void);
extern int age_of(int32_t born);

/* ---- rates.c: what can be planted ---- */

typedef enum
{
	/* errors of a family */
	OP_NOT_IN_DTSEN,
	OP_NKK_OLD,
	OP_FAMILY_LINE_SHORT,
	OP_FAMILY_LINE_LATIN1,
	/* NIK: at most one of these, the first that is drawn and applies */
	OP_NIK_DIGIT,
	OP_NIK_SWAP,
	OP_NIK_SEX,
	OP_NIK_DAY_MONTH,
	OP_NIK_LAST0,
	OP_NIK_PREFIX,
	OP_NIK_RELATIVE,
	OP_NIK_KK,
	OP_NIK_RECYCLED,
	OP_NIK_EMPTY,
	OP_NIK_15,
	OP_NIK_LETTER,
	OP_NIK_SCIENTIFIC,
	OP_NIK_APOSTROPHE,
	/* name */
	OP_NAME_OLD,
	OP_NAME_LETTER,
	OP_NAME_TYPO,
	OP_NAME_ABBREVIATED,
	OP_NAME_NICKNAME,
	OP_NAME_DROPPED,
	OP_NAME_ORDER,
	OP_NAME_JOINED,
	OP_NAME_BIN,
	OP_NAME_TITLE,
	/* other fields */
	OP_BIRTH_DATE,
	OP_SEX,
	/* persons and records */
	OP_DUPLICATE,
	OP_GHOST,
	OP_DEAD,
	OP_MOVED,
	/* lines: at most one of these */
	OP_LINE_SHORT,
	OP_LINE_QUOTE,
	OP_LINE_LATIN1,
	OP_LINE_NUL,
	/* right, but hard to read */
	OP_QUOTED_FIELD,
	OP_QUOTED_NEWLINE,
	/* facts of the population, no errors */
	FACT_ELSEWHERE,
	FACT_TWINS,
	FACT_NAMESAKE_SON,
	FACT_NIK_DATE,
	FACT_SCORE_TIE,
	OP_COUNT
} Operation;

#define OP_BIT(op) (UINT64_C(1) << (op))
#define LINE_OPS                                                              \
	(OP_BIT(OP_LINE_SHORT) | OP_BIT(OP_LINE_QUOTE) | OP_BIT(OP_LINE_LATIN1) | \
	 OP_BIT(OP_LINE_NUL))

extern uint32_t rate_of(Operation op);
extern const char *rate_name(Operation op);
extern bool rate_set(const char *setting);
extern void rate_list(FILE *out);

/* ---- regions.c ---- */

extern bool regions_choose(const char *wilayah);
extern int64_t village_draw(Rng *rng);
extern int64_t district_of_registration(Rng *rng, int64_t village, bool away,
										int32_t born);
extern int64_t village_elsewhere(Rng *rng);
extern void region_name(int64_t code, char *name);
extern void birth_place(int64_t district, char *name);
extern bool code_is_retired(int64_t district);

/* ---- names.c ---- */

typedef enum
{
	GROUP_JAWA,
	GROUP_SUNDA,
	GROUP_MELAYU, /* Betawi, Banjar, Madura, Sasak and others: no group names */
	GROUP_BATAK,
	GROUP_MINANG,
	GROUP_BALI,
	GROUP_BUGIS,
	GROUP_ACEH,
	GROUP_TIMUR, /* Nusa Tenggara Timur, Maluku, Papua */
	GROUP_MINAHASA,
	GROUP_COUNT
} Group;

typedef struct
{
	Group group;
	int sex;            /* 1 male, 2 female */
	int age;            /* years */
	int birth_order;    /* 0 the first child; for Bali */
	const char *clan;   /* last token of the family, or NULL */
	const char *father; /* to take a token from, or NULL */
} NameWish;

extern void names_init(void);
extern Group group_draw(Rng *rng, int64_t village);
extern const char *clan_draw(Rng *rng, Group group);
extern void name_draw(Rng *rng, const NameWish *wish, char *name);
extern void name_of_twin(Rng *rng, const char *other, const NameWish *wish,
						 char *name);

/* ---- variants.c: one planted error in a name ---- */

typedef struct
{
	int sex;
	int age;
	const char *father; /* "" if not known */
} NameOwner;

extern bool name_vary(Rng *rng, Operation op, const NameOwner *owner,
					  char *name);

/* ---- families.c: who lives where ---- */

#define TRAIT_TWIN 1u
#define TRAIT_ELSEWHERE 2u    /* registered in another regency */
#define TRAIT_RETIRED 4u      /* with a code that is retired */
#define TRAIT_NAMESAKE_SON 8u /* shares his first token with his father */
#define TRAIT_NIK_DATE 16u    /* NIK holds another date, legally */
#define TRAIT_GHOST 32u       /* in no civil registry */
#define TRAIT_HOLDER 64u      /* has the NIK that a record claims */
#define TRAIT_DEAD 128u
#define TRAIT_MOVED 256u

typedef struct
{
	int64_t nik; /* 0: a ghost has none */
	uint32_t family;
	uint32_t father; /* index of the person, or NOBODY */
	Text name;
	Text father_name; /* "" if not known */
	Text mother_name;
	int32_t born;
	int32_t district; /* of first registration, six digits */
	uint16_t traits;
	uint8_t sex;
	uint8_t relation; /* status_hubungan_keluarga */
	uint8_t married;  /* status_kawin */
} Person;

#define NOBODY UINT32_MAX

typedef struct
{
	int64_t nkk;
	int64_t nkk_in_file; /* differs if OP_NKK_OLD is planted */
	int64_t village;
	uint64_t ops;
	uint32_t first, count; /* persons */
	uint32_t listed;       /* lines of the person file */
	uint32_t line;         /* of the family file */
	int32_t score;         /* rupiah a head a month */
	int16_t welfare;       /* thousandths of a standard deviation */
	int16_t earlier;       /* the same, when the deciles were made */
	Text street;
	Text hamlet;
	uint8_t rt, rw;
	uint8_t group;
	bool outside; /* only holds a person of the civil registry */
} Family;

typedef struct
{
	uint64_t seed;
	Family *families;
	Person *persons;
	size_t family_count, family_capacity;
	size_t person_count, person_capacity;
} World;

extern void world_build(World *world, uint32_t families, uint64_t seed);
extern uint32_t world_add_person(World *world, const Person *person);
extern uint32_t world_add_outsider(World *world, Rng *rng, Person *person);
extern int64_t nik_make(Rng *rng, int32_t district, int32_t born, int sex);
extern int64_t nkk_make(Rng *rng, int64_t village, int32_t recorded);
extern int32_t day_recorded(Rng *rng);

/* ---- welfare.c ---- */

extern int32_t score_of(int64_t z);
extern int decile_of(int z);

/* ---- plan.c: records with planted errors ---- */

typedef struct
{
	uint64_t ops;
	uint32_t person;
	uint32_t family;
	uint32_t line;
	Text nik; /* as written */
	Text name;
	int32_t born;
	uint8_t sex;
} Record;

typedef struct
{
	Record *records;
	size_t count, capacity;
} RecordList;

extern void plan_record(Rng *rng, World *world, Record *record,
						uint32_t index, bool may_recycle);
extern void plan_fates(World *world);
extern void plan_dtsen(World *world, RecordList *list);
extern void plan_dtks(World *world, RecordList *list);

/* ---- output.c: a CSV file being written ---- */

typedef struct
{
	FILE *file;
	char *path;
	char *buffer;
	size_t used, start; /* bytes; where the line starts */
	uint32_t line;      /* the one that is being written */
	bool has_field;     /* in this line */
} Output;

extern void output_open(Output *out, const char *dir, const char *name,
						const char *header);
extern void output_close(Output *out);
extern void put_text(Output *out, const char *value);
extern void put_raw(Output *out, const char *bytes, size_t len);
extern void put_number(Output *out, int64_t value, int width);
extern void put_empty(Output *out);
extern void put_date(Output *out, int32_t days);
extern void put_operations(Output *out, uint64_t ops);
extern void end_line(Output *out);

/* Changes a line before it ends: bytes, length, what and where. */
typedef void (*LineChange)(char *line, size_t *len, uint64_t ops, int fields);

extern void line_begin(Output *out);
extern void line_change(Output *out, LineChange change, uint64_t ops,
						int fields);

/* ---- write_dtsen.c, write_other.c ---- */

extern void write_families(World *world, const char *dir);
extern void write_members(World *world, RecordList *list, const char *dir);
extern void write_scores(const World *world, const char *dir);
extern void write_dtks(const World *world, RecordList *list, const char *dir);
extern uint32_t *write_dukcapil(const World *world, const char *dir);
extern void write_truth(const World *world, const RecordList *dtsen,
						const RecordList *dtks, const uint32_t *dukcapil_line,
						const char *dir);

#endif /* POPULATION_H */
