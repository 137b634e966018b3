/*
 * main.c
 *		Command line of the population generator.
 */
#include "population.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FAMILIES_MAX 5000000

typedef struct
{
	const char *dir;
	const char *wilayah;
	uint32_t families;
	uint64_t seed;
} Options;

static void
usage(FILE *out)
{
	fputs(
		"population: invents the people of a region and writes the files of a"
		" registry\n\n"
		"  --dir DIR          where to write (needed; made if missing)\n"
		"  --families N       families, 1 to 5000000 (default 20000)\n"
		"  --seed S           0 to 18446744073709551615 (default 1)\n"
		"  --wilayah CODE     region, as 32.16 or 3216, or nasional"
		" (default 32.16)\n"
		"  --rate NAME=VALUE  rate of a planted operation, 0 to 1; all=0"
		" plants nothing\n"
		"  --list-rates       print the rates and end\n"
		"  --help             print this and end\n\n"
		"Every person is synthetic. docs/population.md describes the files.\n",
		out);
}

/* Ends the program: the command line is wrong. */
static void
wrong_usage(const char *what, const char *value)
{
	fprintf(stderr, "population: %s \"%s\"\n", what, value);
	fputs("population: --help lists the options\n", stderr);
	exit(2);
}

static uint64_t
parse_number(const char *option, const char *text, uint64_t low, uint64_t high)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 ||
		value < low || value > high)
	{
		char what[64];

		snprintf(what, sizeof(what), "%s takes no", option);
		wrong_usage(what, text);
	}
	return value;
}

/* Settings that other settings do not depend on; ends on what is wrong. */
static void
parse_options(int argc, char **argv, Options *options)
{
	bool list = false;

	for (int i = 1; i < argc; i++)
	{
		const char *option = argv[i];
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (strcmp(option, "--help") == 0)
		{
			usage(stdout);
			exit(0);
		}
		if (strcmp(option, "--list-rates") == 0)
		{
			list = true;
			continue;
		}
		if (strcmp(option, "--dir") != 0 &&
			strcmp(option, "--families") != 0 &&
			strcmp(option, "--seed") != 0 &&
			strcmp(option, "--wilayah") != 0 && strcmp(option, "--rate") != 0)
			wrong_usage("unknown option", option);
		if (value == NULL)
			wrong_usage("value missing after", option);
		i++;
		if (strcmp(option, "--dir") == 0)
			options->dir = value;
		else if (strcmp(option, "--wilayah") == 0)
			options->wilayah = value;
		else if (strcmp(option, "--families") == 0)
			options->families =
				(uint32_t) parse_number(option, value, 1, FAMILIES_MAX);
		else if (strcmp(option, "--seed") == 0)
			options->seed = parse_number(option, value, 0, UINT64_MAX);
		else if (!rate_set(value))
			wrong_usage("no such rate, or not from 0 to 1:", value);
	}
	if (list)
	{
		rate_list(stdout);
		exit(0);
	}
}

static void
check_dir(const char *dir)
{
	struct stat status;

	if (dir == NULL)
	{
		usage(stderr);
		exit(2);
	}
	if (mkdir(dir, 0777) == 0)
		return;
	if (errno != EEXIST)
		fatal("cannot create directory \"%s\": %s", dir, strerror(errno));
	if (stat(dir, &status) != 0)
		fatal("directory \"%s\": %s", dir, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		fatal("\"%s\" is no directory", dir);
}

/* POPULATION.txt: what the files are and how to make them again. */
static void
write_note(const Options *options)
{
	size_t size = strlen(options->dir) + sizeof("/POPULATION.txt");
	char *path = must_alloc(size, 1);
	FILE *file;

	snprintf(path, size, "%s/POPULATION.txt", options->dir);
	file = fopen(path, "wb");
	if (file == NULL)
		fatal("cannot write \"%s\": %s", path, strerror(errno));
	fprintf(file,
			"Every person in these files is synthetic. Names and numbers were "
			"drawn\nindependently of each other; a pair of them says nothing "
			"about anybody.\n\n"
			"families %lu\nseed %llu\nwilayah %s\n\nrates\n",
			(unsigned long) options->families,
			(unsigned long long) options->seed, options->wilayah);
	rate_list(file);
	if (fclose(file) != 0)
		fatal("cannot write \"%s\": %s", path, strerror(errno));
	free(path);
}

static void
print_summary(const World *world, const RecordList *dtsen,
			  const RecordList *dtks)
{
	size_t families = 0, listed = 0, persons = 0, registered = 0, planted = 0;

	for (size_t i = 0; i < world->family_count; i++)
	{
		families += !world->families[i].outside;
		listed += world->families[i].line > 0;
	}
	for (size_t i = 0; i < world->person_count; i++)
	{
		uint16_t traits = world->persons[i].traits;

		persons += (traits & (TRAIT_GHOST | TRAIT_HOLDER)) == 0;
		registered += (traits & TRAIT_GHOST) == 0;
	}
	for (size_t i = 0; i < dtsen->count; i++)
		planted += dtsen->records[i].ops != 0;
	printf(
		"families %zu, persons %zu\n"
		"keluarga_dtsen_v1_2026.csv %zu\n"
		"anggota_keluarga_dtsen_v1_2026.csv %zu, with something planted %zu\n"
		"dtks.csv %zu\n"
		"dukcapil.csv %zu\n"
		"skor.csv %zu\n",
		families, persons, listed, dtsen->count, planted, dtks->count,
		registered, listed);
}

int
main(int argc, char **argv)
{
	Options options = {NULL, "32.16", 20000, 1};
	RecordList dtsen = {NULL, 0, 0}, dtks = {NULL, 0, 0};
	World world;
	uint32_t *dukcapil_line;

	parse_options(argc, argv, &options);
	check_dir(options.dir);
	names_init();
	if (!regions_choose(options.wilayah))
		wrong_usage("no region with villages has the code", options.wilayah);
	world_build(&world, options.families, options.seed);
	plan_fates(&world);
	plan_dtsen(&world, &dtsen);
	plan_dtks(&world, &dtks);
	write_families(&world, options.dir);
	write_members(&world, &dtsen, options.dir);
	write_scores(&world, options.dir);
	write_dtks(&world, &dtks, options.dir);
	dukcapil_line = write_dukcapil(&world, options.dir);
	write_truth(&world, &dtsen, &dtks, dukcapil_line, options.dir);
	write_note(&options);
	print_summary(&world, &dtsen, &dtks);
	free(dukcapil_line);
	free(dtsen.records);
	free(dtks.records);
	free(world.families);
	free(world.persons);
	return 0;
}
