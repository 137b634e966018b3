/*
 * corpus.c
 *		Labelled pairs of records, for tuning and judging a matcher: two
 *		records of one person, or of two people who are easily confused.
 *
 * The people are those of the population generator; docs/population.md lists
 * the kinds of pairs and the columns. The first record of a pair is as the
 * civil registry has it, the second as another registry wrote it.
 */
#include "population.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"

#include "name_tokens.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))
#define PAIRS_MAX 5000000
#define ATTESTED 20 /* bearers of a token that is nobody's slip */

typedef enum
{
	KIND_MATCH,
	KIND_NEAR,     /* a token exchanged for an attested one, a letter apart */
	KIND_SIBLING,  /* same parents */
	KIND_TWIN,     /* same parents, same birth date */
	KIND_FATHER,   /* father and son or daughter */
	KIND_FIRST,    /* same first token */
	KIND_NEIGHBOUR, /* NIKs of one district, day and sex */
	KIND_NAMESAKE, /* same complete name */
	KIND_MEMBER,   /* of one family in another way */
	KIND_COUNT
} Kind;

static const struct
{
	const char *name;
	int share;    /* thousandths of all pairs */
	bool by_name; /* can names alone tell? */
} kinds[KIND_COUNT] = {{"match", 375, true},      {"near_spelling", 140, true},
					   {"sibling", 130, true},    {"twin", 40, true},
					   {"father", 80, true},      {"first_token", 105, true},
					   {"neighbour", 65, true},   {"namesake", 40, false},
					   {"member", 25, true}};

/* How often the second record differs: rates of the generator's operations. */
static const char *const usual_rates[] = {
	"all=0",           "nik_digit=0.06",       "nik_swap=0.03",
	"nik_sex=0.01",    "nik_day_month=0.01",   "nik_last0=0.03",
	"nik_prefix=0.01", "nik_relative=0.04",    "nik_kk=0.01",
	"nik_empty=0.08",  "nik_15=0.01",          "nik_letter=0.005",
	"nik_apostrophe=0.01", "name_old=0.10",    "name_letter=0.24",
	"name_typo=0.18",  "name_abbreviated=0.18", "name_nickname=0.02",
	"name_dropped=0.12", "name_order=0.08",    "name_joined=0.09",
	"name_bin=0.05",   "name_title=0.12",      "birth_date=0.08",
	"sex=0.02",        "twins=0.15",           "namesake_son=0.10"};

/* A record as one side of a pair shows it. */
typedef struct
{
	const Person *person; /* who it is, for what is not below */
	char nik[24];
	char name[NAME_SIZE];
	char mother[NAME_SIZE];
	char place[REGION_SIZE];
	int64_t nkk, region;
	int32_t born;
	int sex;
} Side;

static World world;
static uint32_t *by_nik;   /* persons in the order of their NIKs */
static uint32_t *by_name;  /* of their names */
static uint32_t *by_token; /* rows of tokens[] in the order of their text */
static uint32_t people;

static const char *
name_of(uint32_t person)
{
	return text_get(world.persons[person].name);
}

static int
order_names(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
	int c = strcmp(name_of(x), name_of(y));

	return c != 0 ? c : (x > y) - (x < y);
}

static int
order_numbers(const void *a, const void *b)
{
	int64_t x = world.persons[*(const uint32_t *) a].nik;
	int64_t y = world.persons[*(const uint32_t *) b].nik;

	return (x > y) - (x < y);
}

static int
order_tokens(const void *a, const void *b)
{
	return strcmp(tokens[*(const uint32_t *) a].text,
				  tokens[*(const uint32_t *) b].text);
}

/* Row of an attested token, or -1. */
static int
token_row(const char *text)
{
	uint32_t low = 0, high = TOKENS;

	while (low < high)
	{
		uint32_t middle = (low + high) / 2;
		int c = strcmp(text, tokens[by_token[middle]].text);

		if (c == 0)
		{
			uint32_t row = by_token[middle];

			return tokens[row].women + tokens[row].men >= ATTESTED ? (int) row
																   : -1;
		}
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

/*
 * What two spellings of one name share by the plainest rules: doubled letters,
 * h, y, oe, and the letters that sound alike. Not the library's folding, which
 * this corpus is to judge.
 */
static void
skeleton(const char *token, char *out)
{
	static const char from[] = "YVFZQDBJ", to[] = "IPPSKTPS";
	static const char two[] = "KHCHSYSHDZDJCK", one[] = "HHSSSSK";
	size_t n = 0;

	for (const char *c = token; *c; c++)
	{
		char letter = *c;
		const char *found = strchr(from, letter);

		for (size_t i = 0; i < sizeof(one) - 1; i++)
			if (c[0] == two[2 * i] && c[1] == two[2 * i + 1])
			{
				letter = one[i];
				found = NULL;
				c++;
				break;
			}
		letter = found ? to[found - from] : letter;
		if (letter == 'H' || (letter == 'E' && n > 0 && out[n - 1] == 'U'))
			continue;
		if (letter == 'O' && c[1] == 'E')
			letter = 'U';
		if ((letter == 'A' || letter == 'E') &&
			(c[1] == 'I' || c[1] == 'E' || c[1] == 'Y'))
		{
			letter = 'E'; /* Husain, Husein, Husen */
			c++;
		}
		if (n == 0 || out[n - 1] != letter)
			out[n++] = letter;
	}
	out[n] = '\0';
}

static bool
same_skeleton(const char *a, const char *b)
{
	char x[32], y[32];

	skeleton(a, x);
	skeleton(b, y);
	return strcmp(x, y) == 0;
}

/* Does data/name_variants.csv list both as spellings of one name? */
static bool
same_class(const char *a, const char *b)
{
	const DtcNameVariant *x = dtc_name_variant(a, strlen(a));
	const DtcNameVariant *y = dtc_name_variant(b, strlen(b));

	return x != NULL && y != NULL && strcmp(x->head, y->head) == 0;
}

/* One edit in a token of at most 20 letters; out has room for two more. */
static void
edit(Rng *rng, const char *token, char *out)
{
	size_t len = strlen(token);
	size_t at = rng_below(rng, (uint32_t) len);
	char letter = (char) ('A' + rng_below(rng, 26));

	strcpy(out, token);
	switch (rng_below(rng, 6))
	{
		case 0: /* one letter more */
			memmove(out + at + 1, out + at, len - at + 1);
			out[at] = letter;
			break;
		case 1: /* one less */
			memmove(out + at, out + at + 1, len - at);
			break;
		case 2: /* two exchanged */
			if (at + 1 < len)
			{
				out[at] = token[at + 1];
				out[at + 1] = token[at];
			}
			break;
		case 3: /* another last letter: the sex, or a vowel */
			out[len - 1] = letter;
			break;
		default:
			out[at] = letter;
	}
}

/*
 * Exchanges one token of a name of NAME_SIZE bytes for an attested one that is
 * one edit away and no other spelling of it. False if there is none.
 */
static bool
near_spelling(Rng *rng, char *name)
{
	int count = 1, wanted;
	const char *start = name;
	char token[32], other[32], rest[NAME_SIZE];
	size_t len;

	for (const char *c = name; *c; c++)
		count += *c == ' ';
	wanted = (int) rng_below(rng, (uint32_t) count);
	while (wanted-- > 0)
		start = strchr(start, ' ') + 1;
	len = strcspn(start, " ");
	if (len < 4 || len > 20)
		return false;
	memcpy(token, start, len);
	token[len] = '\0';
	if (token_row(token) < 0)
		return false;
	for (int tries = 0; tries < 400; tries++)
	{
		edit(rng, token, other);
		if (strlen(other) >= 3 && token_row(other) >= 0 &&
			!same_skeleton(token, other) && !same_class(token, other))
		{
			strcpy(rest, start + len);
			snprintf(name + (start - name), NAME_SIZE - (size_t) (start - name),
					 "%s%s", other, rest);
			return true;
		}
	}
	return false;
}

/* A record as the civil registry has it. */
static void
show_true(uint32_t index, Side *side)
{
	const Person *person = &world.persons[index];
	const Family *family = &world.families[person->family];

	side->person = person;
	snprintf(side->nik, sizeof(side->nik), "%016lld",
			 (long long) person->nik);
	strcpy(side->name, text_get(person->name));
	strcpy(side->mother, text_get(person->mother_name));
	birth_place((int64_t) person->district * 10000, side->place);
	side->nkk = family->nkk;
	side->region = family->village;
	side->born = person->born;
	side->sex = person->sex;
}

/* Puts something before a text that has room for it. */
static void
prefix(char *text, size_t size, const char *with)
{
	size_t len = strlen(with), have = strlen(text);

	if (len + have >= size)
		return;
	memmove(text + len, text, have + 1);
	memcpy(text, with, len);
}

/* Errors of the fields that the population generator leaves alone. */
static void
vary_fields(Rng *rng, Side *side)
{
	static const Operation ops[] = {
		OP_NAME_OLD,     OP_NAME_LETTER, OP_NAME_TYPO, OP_NAME_ABBREVIATED,
		OP_NAME_DROPPED, OP_NAME_TITLE,  OP_NAME_ORDER};
	NameOwner mother = {2, 40, ""};
	uint32_t drawn = rng_below(rng, 100);

	if (drawn < 10)
		side->mother[0] = '\0';
	else if (drawn < 40 && side->mother[0])
		name_vary(rng, ops[rng_below(rng, COUNT_OF(ops))], &mother,
				  side->mother);
	drawn = rng_below(rng, 100);
	if (drawn < 6)
		side->place[0] = '\0';
	else if (drawn < 22 && side->place[0])
		prefix(side->place, sizeof(side->place),
			   rng_below(rng, 2) ? "KAB. " : "KOTA ");
	else if (drawn < 28)
		region_name(side->region / 10000 * 10000, side->place);
	if (rng_below(rng, 100) < 15)
		side->nkk = nkk_make(rng, side->region, day_recorded(rng));
	if (rng_below(rng, 100) < 10)
		side->region = village_elsewhere(rng);
}

/* How a form or a scanner writes what a clerk has read. */
static void
vary_writing(Rng *rng, char *name)
{
	static const char letters[] = "OISBGZ", digits[] = "015862";
	size_t len = strlen(name);
	uint32_t drawn = rng_below(rng, 100);

	if (drawn < 30) /* Siti Aminah */
	{
		for (size_t i = 1; i < len; i++)
			if (name[i - 1] >= 'A' && name[i - 1] != ' ' && name[i] >= 'A' &&
				name[i] <= 'Z')
				name[i] = (char) (name[i] - 'A' + 'a');
	}
	else if (drawn < 34) /* a scanner: SIT1 */
	{
		size_t at = rng_below(rng, (uint32_t) len);
		const char *found = strchr(letters, name[at]);

		/* beside a letter: an initial stays one */
		if (found && *found && at > 0 && name[at - 1] >= 'A')
			name[at] = digits[found - letters];
	}
	else if (drawn < 37) /* hyphen, two blanks */
	{
		char *space = strchr(name, ' ');

		if (space && rng_below(rng, 2))
			*space = '-';
		else if (space && len + 1 < NAME_SIZE)
			memmove(space + 1, space, strlen(space) + 1);
	}
	else if (drawn < 40 && len > 20) /* a narrow field */
		name[len > 25 && rng_below(rng, 2) ? 25 : 20] = '\0';
}

/* The record of a person as another registry wrote it. */
static void
show_written(Rng *rng, uint32_t index, Side *side)
{
	Record record;

	plan_record(rng, &world, &record, index, false);
	show_true(index, side);
	strcpy(side->nik, text_get(record.nik));
	strcpy(side->name, text_get(record.name));
	side->born = record.born;
	side->sex = record.sex;
	vary_writing(rng, side->name);
	vary_fields(rng, side);
}

/* Somebody beside a place of an order, one or two steps away. */
static uint32_t
beside(Rng *rng, const uint32_t *order, uint32_t at)
{
	uint32_t step = 1 + rng_below(rng, 2);

	return order[at + step < people ? at + step : at - step];
}

static bool
same_first_token(uint32_t a, uint32_t b)
{
	const char *x = name_of(a), *y = name_of(b);
	size_t len = strcspn(x, " ");

	return strcspn(y, " ") == len && memcmp(x, y, len) == 0;
}

/* Are two names one but for what any matcher overlooks? */
static bool
same_name(uint32_t a, uint32_t b)
{
	return strcmp(name_of(a), name_of(b)) == 0;
}

/*
 * Draws two people for a kind of pair; false if the first one drawn has nobody
 * of that kind.
 */
static bool
draw_people(Rng *rng, Kind kind, uint32_t *a, uint32_t *b)
{
	uint32_t at = rng_below(rng, people);
	const Person *p, *q;
	const Family *family;

	if (kind == KIND_FIRST || kind == KIND_NAMESAKE)
	{
		*a = by_name[at];
		*b = kind == KIND_NAMESAKE
				 ? beside(rng, by_name, at)
				 : by_name[(at + 1 + rng_below(rng, 400)) % people];
		return kind == KIND_NAMESAKE
				   ? same_name(*a, *b)
				   : same_first_token(*a, *b) && !same_name(*a, *b);
	}
	if (kind == KIND_NEIGHBOUR)
	{
		*a = by_nik[at];
		*b = beside(rng, by_nik, at);
		return !same_name(*a, *b) && world.persons[*a].nik / 10000000000 ==
										 world.persons[*b].nik / 10000000000;
	}
	*a = *b = at;
	if (kind == KIND_MATCH || kind == KIND_NEAR)
		return true;
	p = &world.persons[at];
	family = &world.families[p->family];
	if (family->count < 2)
		return false;
	*b = family->first + rng_below(rng, family->count);
	q = &world.persons[*b];
	if (*b == *a || *b >= people || same_name(*a, *b))
		return false;
	switch (kind)
	{
		case KIND_SIBLING:
			return p->father != NOBODY && p->father == q->father &&
				   p->born != q->born;
		case KIND_TWIN:
			return p->father != NOBODY && p->father == q->father &&
				   p->born == q->born;
		case KIND_FATHER:
			/* sons more often than daughters: they are confused */
			return (p->father == *b || q->father == *a) &&
				   (p->sex == q->sex || rng_below(rng, 3) == 0);
		default:
			return p->father != *b && q->father != *a &&
				   (p->father == NOBODY || p->father != q->father);
	}
}

/* Draws a pair of a kind; ends the program if the people have none. */
static void
draw_pair(Rng *rng, Kind kind, Side *first, Side *second)
{
	uint32_t a, b;
	bool found = false;

	for (int tries = 0; tries < 2000000 && !found; tries++)
	{
		found = draw_people(rng, kind, &a, &b);
		if (found && kind == KIND_NEAR)
		{
			char name[NAME_SIZE];

			b = rng_below(rng, people);
			strcpy(name, name_of(a));
			found = b != a && near_spelling(rng, name);
			if (found)
			{
				/* another person, who is called so from here on */
				world.persons[b].sex = world.persons[a].sex;
				world.persons[b].name = text_add(name);
			}
		}
	}
	if (!found)
		fatal("these people have no pair of kind %s", kinds[kind].name);
	show_true(a, first);
	if (kind == KIND_MATCH || (kind != KIND_NEAR && rng_below(rng, 2) == 0))
		show_written(rng, b, second);
	else
	{
		/* an error could undo a near spelling, or leave out its word */
		show_true(b, second);
		vary_fields(rng, second);
	}
	/* a relative's NIK is the error that an equal number does not see */
	if (kind != KIND_MATCH && kind != KIND_NEAR && kind != KIND_FIRST &&
		kind != KIND_NAMESAKE && kind != KIND_NEIGHBOUR &&
		rng_below(rng, 100) < 12)
		strcpy(second->nik, first->nik);
}

static void
put_csv(FILE *out, const char *text)
{
	if (strpbrk(text, ",\"") == NULL)
	{
		fprintf(out, ",%s", text);
		return;
	}
	fputs(",\"", out);
	for (; *text; text++)
	{
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void
put_side(FILE *out, const Side *side)
{
	int year, month, day;

	date_parts(side->born, &year, &month, &day);
	put_csv(out, side->nik);
	put_csv(out, side->name);
	fprintf(out, ",%04d-%02d-%02d,%c", year, month, day,
			side->sex == 1 ? 'L' : 'P');
	put_csv(out, side->mother);
	put_csv(out, side->place);
	fprintf(out, ",%016lld,%010lld", (long long) side->nkk,
			(long long) side->region);
}

static uint64_t
number_after(int argc, char **argv, int i, uint64_t low, uint64_t high)
{
	const char *text = i + 1 < argc ? argv[i + 1] : "";
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 ||
		value < low || value > high)
	{
		fprintf(stderr, "corpus: %s takes no \"%s\"\n", argv[i], text);
		exit(2);
	}
	return value;
}

static const char usage[] =
	"corpus: labelled pairs of records of people who do not exist, as CSV on"
	" standard\noutput (docs/population.md)\n\n"
	"  --pairs N          pairs, 1000 to 5000000 (default 40000)\n"
	"  --seed S           0 to 18446744073709551615 (default 1)\n"
	"  --wilayah CODE     where they live, as 32.16 or nasional (the default)\n"
	"  --rate NAME=VALUE  as of build/population\n"
	"  --help             print this and end\n";

/* Builds the people and their orders. */
static void
make_people(uint64_t seed, uint32_t pairs)
{
	world_build(&world, pairs < 8000 ? 4000 : pairs / 2, seed);
	/* only who lives in a family of the region is drawn */
	people = 0;
	for (size_t i = 0; i < world.family_count && !world.families[i].outside;
		 i++)
		people += world.families[i].count;
	by_name = must_alloc(people, sizeof(uint32_t));
	by_nik = must_alloc(people, sizeof(uint32_t));
	by_token = must_alloc(TOKENS, sizeof(uint32_t));
	for (uint32_t i = 0; i < people; i++)
		by_name[i] = by_nik[i] = i;
	for (uint32_t i = 0; i < TOKENS; i++)
		by_token[i] = i;
	qsort(by_name, people, sizeof(uint32_t), order_names);
	qsort(by_nik, people, sizeof(uint32_t), order_numbers);
	qsort(by_token, TOKENS, sizeof(uint32_t), order_tokens);
}

int
main(int argc, char **argv)
{
	const char *wilayah = "nasional";
	uint64_t seed = 1;
	uint32_t pairs = 40000, done = 0;
	Side first, second;

	for (size_t i = 0; i < COUNT_OF(usual_rates); i++)
		if (!rate_set(usual_rates[i]))
			fatal("no such rate: %s", usual_rates[i]);
	for (int i = 1; i < argc; i++)
	{
		if (strcmp(argv[i], "--help") == 0)
		{
			fputs(usage, stdout);
			return 0;
		}
		else if (strcmp(argv[i], "--seed") == 0)
			seed = number_after(argc, argv, i++, 0, UINT64_MAX);
		else if (strcmp(argv[i], "--pairs") == 0)
			pairs = (uint32_t) number_after(argc, argv, i++, 1000, PAIRS_MAX);
		else if (strcmp(argv[i], "--wilayah") == 0 && i + 1 < argc)
			wilayah = argv[++i];
		else if (strcmp(argv[i], "--rate") != 0 || i + 1 >= argc ||
				 !rate_set(argv[++i]))
		{
			fprintf(stderr, "corpus: \"%s\" makes no sense here\n%s", argv[i],
					usage);
			return 2;
		}
	}
	names_init();
	if (!regions_choose(wilayah))
		fatal("no region with villages has the code \"%s\"", wilayah);
	make_people(seed, pairs);
	puts("kind,label,by_name,"
		 "a_nik,a_name,a_birth_date,a_sex,a_mother,a_place,a_nkk,a_region,"
		 "b_nik,b_name,b_birth_date,b_sex,b_mother,b_place,b_nkk,b_region");
	for (int kind = 0; kind < KIND_COUNT; kind++)
	{
		/* shares of the rest round down, the last kind takes what is left */
		uint32_t n = kind + 1 == KIND_COUNT
						 ? pairs - done
						 : (uint32_t) ((uint64_t) pairs *
									   (uint64_t) kinds[kind].share / 1000);

		for (uint32_t i = 0; i < n; i++)
		{
			Rng rng;

			rng_seed(&rng, seed, STREAM_CORPUS, (uint64_t) done + i);
			draw_pair(&rng, (Kind) kind, &first, &second);
			printf("%s,%d,%c", kinds[kind].name, kind == KIND_MATCH,
				   kinds[kind].by_name ? 't' : 'f');
			put_side(stdout, &first);
			put_side(stdout, &second);
			putchar('\n');
		}
		done += n;
	}
	return fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
