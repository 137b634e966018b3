/* Jaro, Jaro-Winkler, optimal string alignment: published tables, references. */
#include "core/name_comparators.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#define MAX 700

static uint32_t seed = 7;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* Winkler's table of 1990, and what others print beside it. */
static const struct
{
	const char *a, *b;
	double jaro, winkler;
} published[] = {
	{"SHACKLEFORD", "SHACKELFORD", .970, .982},
	{"DUNNINGHAM", "CUNNIGHAM", .896, .896},
	{"NICHLESON", "NICHULSON", .926, .956},
	{"JONES", "JOHNSON", .790, .832},
	{"MASSEY", "MASSIE", .889, .933},
	{"ABROMS", "ABRAMS", .889, .922},
	{"HARDIN", "MARTINEZ", .722, .722},
	{"ITMAN", "SMITH", .467, .467},
	{"JERALDINE", "GERALDINE", .926, .926},
	{"MARHTA", "MARTHA", .944, .961},
	{"MICHELLE", "MICHAEL", .869, .921},
	{"JULIES", "JULIUS", .889, .933},
	{"TANYA", "TONYA", .867, .880},
	{"DWAYNE", "DUANE", .822, .840},
	{"SEAN", "SUSAN", .783, .805},
	{"JON", "JOHN", .917, .933},
	{"JON", "JAN", .778, .800},
	{"DIXON", "DICKSONX", .767, .813},
	{"", "", 1, 1},
	{"A", "", 0, 0},
	{"A", "A", 1, 1},
	{"AB", "BA", 0, 0},
};

static uint32_t
osa_reference(const uint32_t *a, int n, const uint32_t *b, int m)
{
	static int d[MAX + 1][MAX + 1];

	for (int i = 0; i <= n; i++)
		for (int j = 0; j <= m; j++)
		{
			int c;

			if (i == 0 || j == 0)
			{
				d[i][j] = i + j;
				continue;
			}
			c = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			c = d[i - 1][j] + 1 < c ? d[i - 1][j] + 1 : c;
			c = d[i][j - 1] + 1 < c ? d[i][j - 1] + 1 : c;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < c)
				c = d[i - 2][j - 2] + 1;
			d[i][j] = c;
		}
	return (uint32_t) d[n][m];
}

static double
jaro_reference(const uint32_t *a, int n, const uint32_t *b, int m)
{
	bool in_a[MAX] = {false}, in_b[MAX] = {false};
	int w = (n > m ? n : m) / 2 - 1, c = 0, t = 0;

	w = w < 0 ? 0 : w;
	for (int i = 0; i < n; i++)
		for (int j = i - w < 0 ? 0 : i - w; j < m && j <= i + w; j++)
			if (!in_b[j] && a[i] == b[j])
			{
				in_a[i] = in_b[j] = true;
				c++;
				break;
			}
	for (int i = 0, j = 0; i < n; i++)
		if (in_a[i])
		{
			while (!in_b[j])
				j++;
			t += a[i] != b[j++];
		}
	if (n + m == 0)
		return 1;
	return c == 0
			   ? 0
			   : ((double) c / n + (double) c / m + (double) (c - t / 2) / c) /
					 3;
}

static DtcPlace places[MAX], room[MAX];

static void
sorted(const uint32_t *s, int n)
{
	for (int i = 0; i < n; i++)
		places[i] = (DtcPlace){s[i], (uint32_t) i};
	dtc_sort_places(places, (uint32_t) n, room);
}

static double
jaro_long(const uint32_t *a, int n, const uint32_t *b, int m)
{
	static uint32_t next[MAX];
	static bool taken[2 * MAX];
	DtcJaro j;

	sorted(b, m);
	dtc_jaro(a, (uint32_t) n, b, (uint32_t) m, places, next, taken, &j);
	return dtc_jaro_similarity(&j, false);
}

static uint32_t
osa_long(const uint32_t *a, int n, const uint32_t *b, int m)
{
	static uint32_t letter[MAX];
	static uint64_t agree[MAX * (MAX / 64 + 1)];
	static DtcOsaWord word[MAX / 64 + 1];
	DtcOsa osa = {.rows = (uint32_t) n,
				  .words = (uint32_t) (n + 63) / 64,
				  .letter = letter,
				  .agree = agree,
				  .word = word};

	sorted(a, n);
	osa.letters = dtc_osa_letters(places, (uint32_t) n);
	dtc_osa_begin(&osa, places);
	dtc_osa_columns(&osa, b, (size_t) m / 3);
	dtc_osa_columns(&osa, b + m / 3, (size_t) (m - m / 3));
	return (uint32_t) osa.distance;
}

/* The same of short texts by registers, where the machine has them. */
static void
check_ascii(unsigned char *a, uint32_t n, const unsigned char *b, uint32_t m,
			const DtcJaro *expected)
{
	DtcJaro j = {0};

	if (!dtc_jaro_ascii(a, n, b, m, &j))
	{
#ifdef __SSE2__
		CHECK(n > 32 || m > 32);
#endif
		return;
	}
	CHECK(j.alen == n && j.blen == m && j.common == expected->common &&
		  j.exchanged == expected->exchanged && j.prefix == expected->prefix);
	/* any byte above 127 is seen */
	if (n > 0)
	{
		uint32_t at = draw(n);

		a[at] |= 128;
		CHECK(!dtc_jaro_ascii(a, n, b, m, &j));
		CHECK(!dtc_jaro_ascii(b, m, a, n, &j));
		a[at] &= 127;
	}
}

/* Random pairs that resemble each other, against the plain definitions. */
static void
check_random(int rounds, int longest)
{
	for (int round = 0; round < rounds; round++)
	{
		static uint32_t a[MAX], b[MAX];
		unsigned char *x, *y;
		uint32_t letters = 1 + draw(12), letter = draw(2) == 0 ? 0 : 'a';
		int n = (int) draw((uint32_t) longest + 1), m = 0;
		DtcJaro j;

		for (int i = 0; i < n; i++)
			a[i] = letter + draw(letters);
		for (int i = 0; i < n && m + 2 < longest; i++)
		{
			uint32_t what = draw(10);

			if (what == 0)
				continue;
			b[m++] = what == 1 ? letter + draw(letters) : a[i];
			if (what == 2)
				b[m++] = letter + draw(letters);
			if (what == 3 && m > 1)
			{
				uint32_t keep = b[m - 1];

				b[m - 1] = b[m - 2];
				b[m - 2] = keep;
			}
		}
		/* of their own length, so that nothing behind them is read */
		x = malloc(n > 0 ? (size_t) n : 1);
		y = malloc(m > 0 ? (size_t) m : 1);
		for (int i = 0; i < n; i++)
			x[i] = (unsigned char) a[i];
		for (int i = 0; i < m; i++)
			y[i] = (unsigned char) b[i];
		CHECK(fabs(jaro_long(a, n, b, m) - jaro_reference(a, n, b, m)) <
			  1e-12);
		if (n > 0)
			CHECK_INT(osa_long(a, n, b, m), osa_reference(a, n, b, m));
		if (n <= 64 && m <= 64)
		{
			dtc_jaro_bytes(x, (uint32_t) n, y, (uint32_t) m, &j);
			CHECK(dtc_jaro_similarity(&j, false) == jaro_long(a, n, b, m));
			check_ascii(x, (uint32_t) n, y, (uint32_t) m, &j);
			CHECK_INT(dtc_osa_bytes(x, (uint32_t) n, y, (uint32_t) m),
					  osa_reference(a, n, b, m));
		}
		free(x);
		free(y);
	}
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++)
	{
		const unsigned char *a = (const unsigned char *) published[i].a;
		const unsigned char *b = (const unsigned char *) published[i].b;
		uint32_t n = (uint32_t) strlen(published[i].a);
		uint32_t m = (uint32_t) strlen(published[i].b);
		DtcJaro j;
		bool ok;

		dtc_jaro_bytes(a, n, b, m, &j);
		ok = fabs(dtc_jaro_similarity(&j, false) - published[i].jaro) <=
				 .00051 &&
			 fabs(dtc_jaro_similarity(&j, true) - published[i].winkler) <=
				 .00051;
		if (!CHECK(ok))
			printf("%s %s: %.4f %.4f\n", published[i].a, published[i].b,
				   dtc_jaro_similarity(&j, false),
				   dtc_jaro_similarity(&j, true));
	}
	check_random(20000, 12);
	check_random(10000, 34);
	check_random(3000, 64);
	check_random(300, 300);
	check_random(40, MAX - 4);
	return unit_done("name_comparators");
}
