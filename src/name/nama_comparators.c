/*
 * nama_comparators.c
 *		jaro, jaro_winkler, osa_distance for SQL, on any text.
 *
 * Characters are code points of the database's encoding. Short texts of single
 * bytes, which is what names, words and numbers are, are compared in place.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errors.h"
#include "core/name_comparators.h"

/* Memory that a comparison may take, bytes. */
#define MOST_MEMORY (256 * 1024 * 1024)
/* Steps of 64 rows between two looks at interrupts. */
#define STEPS 1000000

/* A text as characters. */
typedef struct Characters
{
	uint32 *c;
	uint32 n;
} Characters;

/* Has a text no byte above 127? */
static inline bool
is_ascii(const char *s, int len)
{
	uint64 all = 0, word;

	if (len < 8)
	{
		while (len > 0)
			all |= (unsigned char) s[--len];
		return (all & 0x80) == 0;
	}
	for (int i = 0; i < len - 8; i += 8)
	{
		memcpy(&word, s + i, 8);
		all |= word;
	}
	memcpy(&word, s + len - 8, 8); /* some of them again */
	all |= word;
	return (all & UINT64CONST(0x8080808080808080)) == 0;
}

/* May two texts be compared by their bytes, and in one machine word? */
static bool
are_short(const text *a, const text *b)
{
	int alen = VARSIZE_ANY_EXHDR(a), blen = VARSIZE_ANY_EXHDR(b);

	return alen <= DTC_COMPARATOR_WORD && blen <= DTC_COMPARATOR_WORD &&
		   ((is_ascii(VARDATA_ANY(a), alen) &&
			 is_ascii(VARDATA_ANY(b), blen)) ||
			pg_database_encoding_max_length() == 1);
}

/* Errors: 54000 for two texts whose comparison would take too much memory. */
static void
check_memory(uint64 bytes)
{
	if (bytes > MOST_MEMORY)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("texts too long to be compared"),
						errdetail("It would take more than %d megabytes.",
								  MOST_MEMORY / (1024 * 1024))));
}

/* What decode() takes, and sorted_places() of one of the texts. */
static uint64
memory_of(const text *a, const text *b, bool longer)
{
	uint64 alen = VARSIZE_ANY_EXHDR(a), blen = VARSIZE_ANY_EXHDR(b);
	uint64 sorted = longer ? Max(alen, blen) : Min(alen, blen);

	return (alen + blen) * sizeof(uint32) + sorted * 2 * sizeof(DtcPlace);
}

static void *
allocate(Size count, Size size)
{
	return palloc(Max(count, 1) * size);
}

static Characters
decode(const text *t)
{
	const char *s = VARDATA_ANY(t);
	int len = VARSIZE_ANY_EXHDR(t);
	Characters result;

	StaticAssertStmt(sizeof(pg_wchar) == sizeof(uint32),
					 "pg_wchar has 32 bits");
	result.c = allocate((Size) len + 1, sizeof(uint32));
	if (pg_database_encoding_max_length() > 1)
		result.n = pg_mb2wchar_with_len(s, (pg_wchar *) result.c, len);
	else
	{
		for (int i = 0; i < len; i++)
			result.c[i] = (unsigned char) s[i];
		result.n = len;
	}
	return result;
}

/* The characters of a text with their places, sorted. */
static DtcPlace *
sorted_places(const uint32 *c, uint32 n)
{
	DtcPlace *places = allocate(n, sizeof(DtcPlace));
	DtcPlace *room = allocate(n, sizeof(DtcPlace));

	for (uint32 i = 0; i < n; i++)
	{
		places[i].character = c[i];
		places[i].place = i;
	}
	dtc_sort_places(places, n, room);
	pfree(room);
	return places;
}

/* Jaro's similarity of the first two arguments, or Winkler's. */
static double
jaro(FunctionCallInfo fcinfo, bool winkler)
{
	text *a = PG_GETARG_TEXT_PP(0);
	text *b = PG_GETARG_TEXT_PP(1);
	DtcJaro result;

	if (likely(dtc_jaro_ascii((const unsigned char *) VARDATA_ANY(a),
							  VARSIZE_ANY_EXHDR(a),
							  (const unsigned char *) VARDATA_ANY(b),
							  VARSIZE_ANY_EXHDR(b), &result)))
		;
	else if (are_short(a, b))
		dtc_jaro_bytes((const unsigned char *) VARDATA_ANY(a),
					   VARSIZE_ANY_EXHDR(a),
					   (const unsigned char *) VARDATA_ANY(b),
					   VARSIZE_ANY_EXHDR(b), &result);
	else
	{
		Characters x, y;
		DtcPlace *places;
		uint32 *next;
		bool *taken;

		check_memory(memory_of(a, b, true));
		x = decode(a);
		y = decode(b);
		places = sorted_places(y.c, y.n);
		next = allocate(y.n, sizeof(uint32));
		taken = allocate((Size) x.n + y.n, sizeof(bool));
		CHECK_FOR_INTERRUPTS();
		dtc_jaro(x.c, x.n, y.c, y.n, places, next, taken, &result);
		pfree(taken);
		pfree(next);
		pfree(places);
		pfree(x.c);
		pfree(y.c);
	}
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return dtc_jaro_similarity(&result, winkler);
}

DTSEN_FUNCTION(dtsen_jaro);
DTSEN_FUNCTION(dtsen_jaro_winkler);
DTSEN_FUNCTION(dtsen_osa_distance);

/*
 * jaro(text, text) -> float8 in [0, 1]; 1 for two empty texts. Errors: 54000 as
 * osa_distance().
 */
Datum
dtsen_jaro(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(jaro(fcinfo, false));
}

/*
 * jaro_winkler(text, text) -> float8 in [0, 1]: above .7 a tenth of what is
 * missing for each of the first four characters that agree.
 */
Datum
dtsen_jaro_winkler(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(jaro(fcinfo, true));
}

/* The distance of two texts of any length; rows is not longer than columns. */
static uint32
osa_long(Characters rows, Characters columns)
{
	DtcPlace *places = sorted_places(rows.c, rows.n);
	DtcOsa osa = {0};
	Size size;
	uint32 at_once;

	osa.rows = rows.n;
	osa.words = (rows.n + 63) / 64;
	osa.letters = dtc_osa_letters(places, rows.n);
	check_memory((uint64) osa.words * osa.letters * sizeof(uint64));
	size = (Size) osa.words * osa.letters * sizeof(uint64);
	osa.letter = allocate(rows.n, sizeof(uint32));
	osa.agree = allocate(size, 1);
	osa.word = allocate(osa.words, sizeof(DtcOsaWord));
	dtc_osa_begin(&osa, places);
	at_once = Max(STEPS / osa.words, 1);
	for (uint32 i = 0; i < columns.n; i += at_once)
	{
		CHECK_FOR_INTERRUPTS();
		dtc_osa_columns(&osa, columns.c + i, Min(at_once, columns.n - i));
	}
	pfree(osa.word);
	pfree(osa.agree);
	pfree(osa.letter);
	pfree(places);
	return (uint32) osa.distance;
}

/*
 * osa_distance(text, text) -> integer: insertions, deletions, substitutions and
 * exchanges of two neighbours, none of them touched twice. Error: 54000 when
 * that would take more than 256 megabytes (for two texts of one script from some
 * ten million characters on).
 */
Datum
dtsen_osa_distance(PG_FUNCTION_ARGS)
{
	text *a = PG_GETARG_TEXT_PP(0);
	text *b = PG_GETARG_TEXT_PP(1);
	uint32 distance;

	if (likely(are_short(a, b)))
		distance = dtc_osa_bytes(
			(const unsigned char *) VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a),
			(const unsigned char *) VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b));
	else
	{
		Characters x, y, first, second;

		check_memory(memory_of(a, b, false));
		x = first = decode(a);
		y = second = decode(b);
		while (x.n > 0 && y.n > 0 && *x.c == *y.c)
			x.c++, x.n--, y.c++, y.n--;
		while (x.n > 0 && y.n > 0 && x.c[x.n - 1] == y.c[y.n - 1])
			x.n--, y.n--;
		if (x.n == 0 || y.n == 0)
			distance = x.n + y.n;
		else
			distance = x.n < y.n ? osa_long(x, y) : osa_long(y, x);
		pfree(first.c);
		pfree(second.c);
	}
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	PG_RETURN_INT32((int32) distance);
}
