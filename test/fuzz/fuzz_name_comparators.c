/*
 * Jaro and the distance of optimal string alignment against their plain
 * definitions: by registers, by machine words, and as long texts.
 */
#include "core/name_comparators.h"
#include "fuzz.h"

#define MOST 200 /* bytes of a text; the definitions take their product */
#define WORDS ((MOST + 63) / 64)

typedef struct Text
{
	unsigned char *byte;  /* exactly its size */
	uint32_t *character;  /* the same */
	DtcPlace place[MOST]; /* sorted */
	uint32_t n;
} Text;

static void
make_text(Text *t, const uint8_t *data, size_t size)
{
	DtcPlace room[MOST];

	t->n = (uint32_t) (size < MOST ? size : MOST);
	t->byte = (unsigned char *) exact(data, t->n);
	t->character = malloc(sizeof(uint32_t) * (t->n + 1));
	for (uint32_t i = 0; i < t->n; i++)
	{
		t->character[i] = t->byte[i];
		t->place[i] = (DtcPlace){t->byte[i], i};
	}
	dtc_sort_places(t->place, t->n, room);
	for (uint32_t i = 1; i < t->n; i++)
		MUST(t->place[i - 1].character < t->place[i].character ||
			 (t->place[i - 1].character == t->place[i].character &&
			  t->place[i - 1].place < t->place[i].place));
}

/* Optimal string alignment, as it is defined. */
static uint32_t
plain_distance(const Text *a, const Text *b)
{
	static uint32_t d[MOST + 1][MOST + 1];
	const unsigned char *x = a->byte, *y = b->byte;

	for (uint32_t i = 0; i <= a->n; i++)
	{
		for (uint32_t j = 0; j <= b->n; j++)
		{
			uint32_t best;

			if (i == 0 || j == 0)
			{
				d[i][j] = i + j;
				continue;
			}
			best = d[i - 1][j - 1] + (x[i - 1] != y[j - 1]);
			best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
			best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] &&
				x[i - 2] == y[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[a->n][b->n];
}

/* Jaro's common characters, and those of them that stand elsewhere. */
static void
plain_jaro(const Text *a, const Text *b, DtcJaro *result)
{
	bool in_a[MOST] = {false}, in_b[MOST] = {false};
	uint32_t longer = a->n > b->n ? a->n : b->n, moved = 0;
	uint32_t near = longer / 2 > 0 ? longer / 2 - 1 : 0;

	*result = (DtcJaro){a->n, b->n, 0, 0, 0};
	for (uint32_t i = 0; i < a->n; i++)
	{
		for (uint32_t j = i > near ? i - near : 0; j < b->n && j <= i + near;
			 j++)
		{
			if (in_b[j] || a->byte[i] != b->byte[j])
				continue;
			in_a[i] = in_b[j] = true;
			result->common++;
			break;
		}
	}
	for (uint32_t i = 0, j = 0; i < a->n; i++)
	{
		if (!in_a[i])
			continue;
		while (!in_b[j])
			j++;
		moved += a->byte[i] != b->byte[j++];
	}
	result->exchanged = moved / 2;
	while (result->prefix < 4 && result->prefix < a->n &&
		   result->prefix < b->n &&
		   a->byte[result->prefix] == b->byte[result->prefix])
		result->prefix++;
}

static bool
same(const DtcJaro *x, const DtcJaro *y)
{
	return x->alen == y->alen && x->blen == y->blen &&
		   x->common == y->common && x->exchanged == y->exchanged &&
		   x->prefix == y->prefix;
}

static void
compare_jaro(const Text *a, const Text *b)
{
	DtcJaro expected, found;
	uint32_t *next = malloc(sizeof(uint32_t) * (b->n + 1));
	bool *taken = malloc((size_t) a->n + b->n + 1);
	double plain, winkler;

	plain_jaro(a, b, &expected);
	if (dtc_jaro_ascii(a->byte, a->n, b->byte, b->n, &found))
		MUST(same(&found, &expected));
	if (a->n <= DTC_COMPARATOR_WORD && b->n <= DTC_COMPARATOR_WORD)
	{
		dtc_jaro_bytes(a->byte, a->n, b->byte, b->n, &found);
		MUST(same(&found, &expected));
	}
	dtc_jaro(a->character, a->n, b->character, b->n, b->place, next, taken,
			 &found);
	MUST(same(&found, &expected));
	plain = dtc_jaro_similarity(&found, false);
	winkler = dtc_jaro_similarity(&found, true);
	MUST(plain >= 0 && winkler >= plain && winkler <= 1);
	free(next);
	free(taken);
}

static void
compare_distance(const Text *a, const Text *b)
{
	uint32_t expected = plain_distance(a, b);
	uint64_t *agree;
	DtcOsaWord word[WORDS];
	uint32_t letter[MOST];
	DtcOsa osa = {0};

	if (a->n <= DTC_COMPARATOR_WORD)
		MUST(dtc_osa_bytes(a->byte, a->n, b->byte, b->n) == expected);
	if (a->n == 0)
		return;
	osa.rows = a->n;
	osa.words = (a->n + 63) / 64;
	osa.letters = dtc_osa_letters(a->place, a->n);
	agree = malloc(sizeof(uint64_t) * osa.words * osa.letters);
	osa.letter = letter;
	osa.agree = agree;
	osa.word = word;
	dtc_osa_begin(&osa, a->place);
	dtc_osa_columns(&osa, b->character, b->n / 2);
	dtc_osa_columns(&osa, b->character + b->n / 2, b->n - b->n / 2);
	MUST(osa.distance == expected);
	free(agree);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Text a, b;
	size_t first = line(data, size);
	size_t rest = first < size ? first + 1 : size;

	make_text(&a, data, first);
	make_text(&b, data + rest, size - rest);
	compare_jaro(&a, &b);
	compare_jaro(&b, &a);
	compare_distance(&a, &b);
	compare_distance(&b, &a);
	free(a.byte);
	free(a.character);
	free(b.byte);
	free(b.character);
	return 0;
}
