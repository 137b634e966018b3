/*
 * nama_words.c
 *		The commonest words of a column's names, which ANALYZE counts.
 *
 * The table of words that similarity uses is of the whole country. In a regency
 * of Bali every other man is a Wayan, in one of North Sumatra every tenth a
 * Siregar: how many rows a search finds there is told by the column only. So
 * its statistics have a slot of their own beside those of any type: keys of
 * words, in bytewise order, and of each its share of the words of the column;
 * then one number more, the share that a word has at most which is not listed.
 */
#include "postgres.h"

#include <math.h>

#include "access/detoast.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "commands/vacuum.h"
#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "core/name_unit.h"
#include "name/nama_words.h"

DTSEN_FUNCTION(dtsen__nama_typanalyze);

#define STATISTIC_KIND_WORDS 22817 /* one of those for private use */
#define WIDEST 1024                /* bytes of a name that is looked at */
#define ROWS_A_WORD                                                           \
	60                /* of ANALYZE's sample: 5 words for each of its target */
#define LEAST_COUNT 2 /* a word of one row is listed nowhere */
#define COMMON_LEVEL 3 /* of a word that is listed: somebody's name for sure */

typedef struct Key
{
	const char *letters;
	int len;
} Key;

typedef struct Word
{
	Key key;   /* must be first */
	int count; /* in the sample */
} Word;

/* What the standard statistics need, kept while ours are made too. */
typedef struct Standard
{
	AnalyzeAttrComputeStatsFunc compute;
	void *extra;
} Standard;

static int
compare_keys(Key a, Key b)
{
	int c = memcmp(a.letters, b.letters, Min(a.len, b.len));

	return c != 0 ? c : a.len - b.len;
}

static uint32
hash_key(const void *key, Size size)
{
	const Key *k = key;

	return hash_bytes((const unsigned char *) k->letters, k->len);
}

static int
match_keys(const void *a, const void *b, Size size)
{
	return compare_keys(*(const Key *) a, *(const Key *) b);
}

/* An empty table of words in the current memory context. */
static HTAB *
no_words(void)
{
	HASHCTL ctl;

	ctl.keysize = sizeof(Key);
	ctl.entrysize = sizeof(Word);
	ctl.hash = hash_key;
	ctl.match = match_keys;
	ctl.hcxt = CurrentMemoryContext;
	return hash_create("dtsen words of names", 1024, &ctl,
					   HASH_ELEM | HASH_FUNCTION | HASH_COMPARE |
						   HASH_CONTEXT);
}

static int
by_key(const void *a, const void *b)
{
	return compare_keys((*(Word *const *) a)->key, (*(Word *const *) b)->key);
}

/* The commonest first, so that which of two as common is listed is settled. */
static int
by_count(const void *a, const void *b)
{
	const Word *v = *(Word *const *) a, *w = *(Word *const *) b;

	return v->count != w->count ? (v->count < w->count ? 1 : -1)
								: compare_keys(v->key, w->key);
}

/* Counts the words of a name that are letters; returns the number of all. */
static int
count_words(HTAB *words, const DtNamaParts *parts)
{
	const DtcNameView *v = &parts->view;
	const char *at = v->folded, *end = at + v->foldedlen;
	int n = 0;

	for (int i = 0; i < v->ntokens; i++)
	{
		const char *space = memchr(at, ' ', end - at);
		Key key = {at, (int) ((space != NULL ? space : end) - at)};
		bool found;
		Word *word;

		at += space != NULL ? key.len + 1 : key.len;
		if (v->meta[4 * i + 2] & DTC_TOKEN_ALIAS)
			continue;
		n++;
		/* keys of other scripts are UTF-8, which the database may not be */
		if ((v->meta[4 * i + 2] & DTC_TOKEN_KIND) == DTC_TOKEN_SYMBOL)
			continue;
		word = hash_search(words, &key, HASH_ENTER, &found);
		if (!found)
		{
			word->key.letters = pnstrdup(key.letters, key.len);
			word->count = 0;
		}
		word->count++;
	}
	return n;
}

/* Puts the commonest words into a free slot of the statistics, if there is one. */
static void
store(VacAttrStats *stats, HTAB *words, double total)
{
	int most = stats->minrows / ROWS_A_WORD, n = 0, slot = 0;
	Word **word = palloc_extended(
		(hash_get_num_entries(words) + 1) * sizeof(Word *), MCXT_ALLOC_HUGE);
	HASH_SEQ_STATUS all;
	float4 least = (float4) (LEAST_COUNT / total);
	MemoryContext old;

	hash_seq_init(&all, words);
	for (Word *w; (w = hash_seq_search(&all)) != NULL;)
	{
		if (w->count >= LEAST_COUNT)
			word[n++] = w;
	}
	while (slot < STATISTIC_NUM_SLOTS && stats->stakind[slot] != 0)
		slot++;
	if (n == 0 || slot == STATISTIC_NUM_SLOTS)
		return;
	qsort(word, n, sizeof(Word *), by_count);
	if (n > most)
	{
		n = most;
		least = (float4) (word[n - 1]->count / total);
	}
	qsort(word, n, sizeof(Word *), by_key);
	old = MemoryContextSwitchTo(stats->anl_context);
	stats->stakind[slot] = STATISTIC_KIND_WORDS;
	stats->staop[slot] = InvalidOid;
	stats->stacoll[slot] = C_COLLATION_OID;
	stats->statypid[slot] = TEXTOID;
	stats->statyplen[slot] = -1;
	stats->statypbyval[slot] = false;
	stats->statypalign[slot] = TYPALIGN_INT;
	stats->numvalues[slot] = n;
	stats->stavalues[slot] = palloc(n * sizeof(Datum));
	stats->numnumbers[slot] = n + 1;
	stats->stanumbers[slot] = palloc((n + 1) * sizeof(float4));
	for (int i = 0; i < n; i++)
	{
		stats->stavalues[slot][i] = PointerGetDatum(
			cstring_to_text_with_len(word[i]->key.letters, word[i]->key.len));
		stats->stanumbers[slot][i] = (float4) (word[i]->count / total);
	}
	stats->stanumbers[slot][n] = least;
	MemoryContextSwitchTo(old);
}

/* The standard statistics of the column, and the words of the same sample. */
static void
compute(VacAttrStatsP stats, AnalyzeAttrFetchFunc fetch, int samplerows,
		double totalrows)
{
	Standard *standard = stats->extra_data;
	MemoryContext cxt, old;
	HTAB *words;
	double total = 0;

	stats->extra_data = standard->extra;
	standard->compute(stats, fetch, samplerows, totalrows);
	stats->extra_data = standard;
	if (!stats->stats_valid)
		return;
	cxt = AllocSetContextCreate(CurrentMemoryContext, "dtsen words of names",
								ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(cxt);
	words = no_words();
	for (int i = 0; i < samplerows; i++)
	{
		bool isnull;
		Datum value = fetch(stats, i, &isnull);
		DtNamaParts parts;
		DtNama *name;

		CHECK_FOR_INTERRUPTS();
		if (isnull || toast_raw_datum_size(value) > WIDEST)
			continue;
		name = DatumGetNamaPP(value);
		dtsen_nama_parts(name, &parts);
		total += count_words(words, &parts);
		dtsen_nama_release(&parts);
		if (name != (DtNama *) DatumGetPointer(value))
			pfree(name);
	}
	store(stats, words, total);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
}

/*
 * _nama_typanalyze(internal) -> bool: ANALYZE of a column of names. False: no
 * statistics are asked for.
 */
Datum
dtsen__nama_typanalyze(PG_FUNCTION_ARGS)
{
	VacAttrStats *stats = (VacAttrStats *) PG_GETARG_POINTER(0);
	Standard *standard;

	if (!std_typanalyze(stats))
		PG_RETURN_BOOL(false);
	standard = palloc(sizeof(Standard));
	standard->compute = stats->compute_stats;
	standard->extra = stats->extra_data;
	stats->compute_stats = compute;
	stats->extra_data = standard;
	PG_RETURN_BOOL(true);
}

/* Reads the words of a column's statistics: none if ANALYZE found none. */
void
dtsen_nama_words_read(AttStatsSlot *words, HeapTuple statistics)
{
	memset(words, 0, sizeof(*words));
	(void) get_attstatsslot(words, statistics, STATISTIC_KIND_WORDS,
							InvalidOid,
							ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS);
	if (words->nvalues == 0 || words->valuetype != TEXTOID ||
		words->nnumbers != words->nvalues + 1)
	{
		free_attstatsslot(words);
		memset(words, 0, sizeof(*words));
	}
}

static Key
listed(const AttStatsSlot *words, int i)
{
	const text *t = DatumGetTextPP(words->values[i]);

	return (Key){VARDATA_ANY(t), (int) VARSIZE_ANY_EXHDR(t)};
}

/*
 * Share of a word among the words of a column.
 *
 * key: its key of len letters. table: its share among those of the country,
 * which counts for what is not listed, up to what is.
 */
double
dtsen_nama_words_share(const AttStatsSlot *words, const char *key, int len,
					   double table)
{
	Key asked = {key, len};
	int low = 0, high = words->nvalues;

	while (low < high)
	{
		int middle = (low + high) / 2;
		int c = compare_keys(asked, listed(words, middle));

		if (c == 0)
			return words->numbers[middle];
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return words->nvalues > 0 ? Min(table, words->numbers[words->nvalues])
							  : table;
}

/* A word by itself. level: how well its spelling is attested. */
static DtcUnit
unit_of(Key key, int level)
{
	DtcUnit unit = {0};

	unit.key = key.letters;
	unit.len = (uint16_t) key.len;
	unit.kind = DTC_TOKEN_NAME;
	unit.level = (uint8_t) level;
	unit.weight = DTC_UNIT_CAP;
	dtc_unit_letters(&unit);
	return unit;
}

/*
 * The listed words that a word which nobody has may be a slip of, or a part.
 * Returns the share of all that are listed.
 */
double
dtsen_nama_words_slips(const AttStatsSlot *words, const char *key, int len,
					   int level, NamaSlips *slips)
{
	/* the least similarity of each but the last, and a usual one */
	static const int least[NAMA_SLIPS] = {830, 750, 680, 1};
	static const int usual[NAMA_SLIPS] = {860, 790, 720, 650};
	DtcUnit asked = unit_of((Key){key, len}, level);
	double listed_share = 0, sum[NAMA_SLIPS] = {0};

	memset(slips, 0, sizeof(*slips));
	for (int i = 0; i < words->nvalues; i++)
	{
		DtcUnit other = unit_of(listed(words, i), COMMON_LEVEL);
		double share = words->numbers[i];
		bool lookalike = false;
		int similarity = 0, k = 0;

		listed_share += share;
		if (dtc_unit_may_pair(&asked, &other))
			similarity = dtc_unit_similarity(&asked, &other, &lookalike);
		if (similarity == 0 || lookalike)
			continue; /* two names, then */
		while (similarity < least[k])
			k++;
		slips->share[k] += share;
		sum[k] += share * similarity;
	}
	for (int k = 0; k < NAMA_SLIPS; k++)
		slips->similarity[k] = slips->share[k] > 0
								   ? (int) rint(sum[k] / slips->share[k])
								   : usual[k];
	return listed_share;
}
