/*
 * nama_sel.c
 *		How many rows have a name similar to another.
 *
 * The statistics of a column hold its commonest names and a hundred others;
 * almost every search is for a name that is in neither. So the estimate is a
 * model of how names are made: words drawn nearly independently, as often as
 * ANALYZE counted them in the column or, of rarer ones, as the table has them
 * that similarity uses. A row has some words of the search, as they are written,
 * in another spelling or, of a word that nobody has, as one that it may be a slip
 * of, and others beside; whether that reaches the threshold is reckoned as
 * similarity itself does. How many words the column's names have, and how many
 * of them are common ones, is read from its statistics; names among its
 * commonest values are compared and counted as they are.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#include "compat.h"
#include "core/name_unit.h"
#include "guc.h"
#include "name/nama_words.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen__nama_similar_sel);
DTSEN_FUNCTION(dtsen__nama_similar_joinsel);

#define WEIGHTY 48    /* eighths of a bit: what makes two names differ */
#define BY_HAND 24    /* weights below were set by hand */
#define SPELLINGS 0.4 /* spellings of a word that no table has, beside it */
#define PARTS 1.3     /* rows, by thresholds that let parts of words pass */
#define TOGETHER 0.97 /* power of the share: words of a people go together */
#define LEAST 1e-12   /* share of rows that is not worth reckoning */
#define SLIPS_UNLISTED 0.0002 /* of words that are not listed: slips, a step */
#define SLIPS_MOST 0.004 /* and as many more as of listed ones, up to this */
#define SLIP_LEAST 4     /* letters of a word that may have one */
#define SLIP_COST 800  /* of one letter in as many as there are, thousandths */
#define SAME_SLIP 0.25 /* of UNSEEN: what nobody has, written so by others */
#define WORDS_MAX 5    /* words of a row that are told apart */
#define ASKED_MAX 6    /* words of a search that are */
#define SAMPLE_MAX 25  /* values of the other side that a join looks at */
#define COMMON_MAX 500 /* of the commonest names of this one beside each */
#define UNSEEN 16 /* log2: a word that the table does not have: often a slip */
#define USUAL 0.01     /* how much of it is taken for granted of any column */
#define UNKNOWN 0.0001 /* share of rows when nothing is known */

/* How the names of a column are made. */
typedef struct RowModel
{
	double words[WORDS_MAX + 1]; /* share of rows by their number of words */
	double light;                /* share of words that are no weighty ones */
	double light_weight;         /* of these, eighths of a bit */
	double most; /* share of rows of a name that is not among the commonest */
	AttStatsSlot known; /* the commonest ones, see nama_words.c */
} RowModel;

static const RowModel usual = {{0, .30, .46, .19, .04, .01}, .25, 24, 1, {0}};

/* How a row may have a word that is searched for. */
typedef enum Way
{
	WAY_MISSING,
	WAY_WRITTEN,
	WAY_SPELLED, /* in another spelling */
	WAY_SLIP,    /* as a word that it may be a slip of, by their similarity */
	WAYS = WAY_SLIP + NAMA_SLIPS
} Way;

/* A word that is searched for. */
typedef struct Asked
{
	double share[WAYS];   /* of all words */
	int similarity[WAYS]; /* thousandths */
	int weight;           /* eighths of a bit */
	bool free;            /* costs nothing where it is missing */
} Asked;

/*
 * How rows may have a word that nobody has, the i-th of a name: as one that it is
 * a slip of. Of the words of the column that are not listed it is a slip as often,
 * about, as of those that are; and what the table has one letter apart counts where
 * none that is listed is as near.
 */
static void
add_slips(const RowModel *model, const DtcName *words, int i, const char *key,
		  int len, int level, Asked *word)
{
	const AttStatsSlot *known = &model->known;
	NamaSlips slips;
	double listed = dtsen_nama_words_slips(known, key, len, level, &slips);

	for (int k = 0; k < NAMA_SLIPS; k++)
	{
		double unlisted = SLIPS_UNLISTED;

		if (slips.share[k] > 0)
			unlisted += Min(slips.share[k] / listed, SLIPS_MOST);
		word->share[WAY_SLIP + k] =
			slips.share[k] + Max(1 - listed, 0) * unlisted;
		word->similarity[WAY_SLIP + k] = slips.similarity[k];
	}
	if (slips.share[0] == 0 && level == 0 && i < words->ntokens)
	{
		const DtcNameToken *token = &words->token[i];
		double share = dtc_name_people_near(words->canonical + token->text,
											token->textlen) /
					   exp2(dtc_name_total_code() / 8.0);

		if (known->nvalues > 0)
			share = Min(share, known->numbers[known->nvalues]);
		word->share[WAY_SLIP] += share;
		word->similarity[WAY_SLIP] = 1000 - SLIP_COST / len;
	}
}

/*
 * How often rows have the i-th word of a name, in which way.
 *
 * key: its key of len letters. words: the name in full once it was needed, or
 * NULL.
 */
static Asked
asked_word(const RowModel *model, const DtNamaParts *parts, int i,
		   const char *key, int len, DtcName **words)
{
	const uint8_t *meta = parts->view.meta + 4 * i;
	int id = meta[0] | meta[1] << 8;
	int code = id < DTC_NAME_UNSEEN ? dtc_name_token_code(id) : 0;
	int level = (meta[2] & DTC_TOKEN_LEVEL) >> DTC_TOKEN_LEVEL_SHIFT;
	double written =
		code > 0 ? exp2((code - dtc_name_total_code()) / 8.0) : exp2(-UNSEEN);
	double name = meta[3] > BY_HAND ? exp2(-meta[3] / 8.0) : 0;
	double spelled = Max(name - written, 0) + SPELLINGS * Max(written, name);
	double here =
		dtsen_nama_words_share(&model->known, key, len, written + spelled) /
		(written + spelled);
	Asked word = {{0, written * here, spelled * here},
				  {0, 1000, DTC_UNIT_SPELLING},
				  Min(Max(meta[3], 1), DTC_UNIT_CAP),
				  (meta[2] & DTC_TOKEN_FATHER) != 0 ||
					  dtc_unit_is_link(meta[2] & DTC_TOKEN_KIND, key, len)};

	if ((meta[2] & DTC_TOKEN_KIND) == DTC_TOKEN_INITIAL)
	{
		word.similarity[WAY_WRITTEN] = DTC_UNIT_INITIAL;
		word.weight = Min(word.weight, DTC_UNIT_LETTER);
		word.share[WAY_WRITTEN] = Max(written, name);
		word.share[WAY_SPELLED] = 0;
		return word;
	}
	if (Max(written, name) <= exp2(-UNSEEN) && len >= SLIP_LEAST &&
		(meta[2] & DTC_TOKEN_KIND) == DTC_TOKEN_NAME)
	{
		if (*words == NULL)
		{
			*words = palloc(sizeof(DtcName));
			if (!dtsen_nama_words(parts, *words))
				(*words)->ntokens = 0;
		}
		add_slips(model, *words, i, key, len, level, &word);
		if (level == 0)
		{
			word.share[WAY_WRITTEN] *= SAME_SLIP;
			word.share[WAY_SPELLED] *= SAME_SLIP;
		}
	}
	return word;
}

/* The words of a name, those first that weigh most. Returns their number. */
static int
asked_words(const RowModel *model, const DtNamaParts *parts, Asked *asked)
{
	const DtcNameView *v = &parts->view;
	const char *key = v->folded, *end = key + v->foldedlen;
	DtcName *words = NULL;
	int n = 0;

	for (int i = 0; i < v->ntokens; i++)
	{
		const char *space = memchr(key, ' ', end - key);
		int len = (int) ((space != NULL ? space : end) - key);
		const char *word_key = key;
		Asked word;
		int at = n;

		key += space != NULL ? len + 1 : len;
		if (v->meta[4 * i + 2] & DTC_TOKEN_ALIAS)
			continue;
		word = asked_word(model, parts, i, word_key, len, &words);
		while (at > 0 && asked[at - 1].weight < word.weight)
			at--;
		if (at == ASKED_MAX)
			continue;
		n = Min(n + 1, ASKED_MAX);
		memmove(&asked[at + 1], &asked[at], sizeof(Asked) * (n - at - 1));
		asked[at] = word;
	}
	if (words != NULL)
		pfree(words);
	return n;
}

/*
 * Does a row reach the threshold that has the words in these ways, and so many
 * others, weighty and light ones?
 */
static bool
reaches(const Asked *asked, int n, const Way *way, int weighty, int light,
		int light_weight, double threshold)
{
	DtcSurplus left = {0}, right = {0}, *heavier;
	int64 agreed = 0, total = 0;
	int both;

	for (int i = 0; i < n; i++)
	{
		if (way[i] != WAY_MISSING)
		{
			agreed += asked[i].weight * asked[i].similarity[way[i]];
			total += 1000 * asked[i].weight;
		}
		else
			dtc_surplus_add(&left, asked[i].free ? 0 : asked[i].weight);
	}
	for (int i = 0; i < weighty; i++)
		dtc_surplus_add(&right, DTC_UNIT_CAP);
	for (int i = 0; i < light; i++)
		dtc_surplus_add(&right, light_weight);
	both = Min(left.weight, right.weight);
	if (both > 0)
		both = Max(both, DTC_UNIT_FLOOR);
	heavier = left.weight > right.weight ? &left : &right;
	total +=
		(int64) both * DTC_CONTRADICTION + dtc_surplus_cost(heavier, both);
	return total > 0 && agreed >= threshold * total;
}

/* The next of the ways in which rows have the words; false after the last. */
static bool
next_ways(const Asked *asked, int n, Way *way)
{
	for (int i = 0; i < n; i++)
	{
		while (++way[i] < WAYS)
		{
			if (asked[i].share[way[i]] > 0)
				return true;
		}
		way[i] = WAY_MISSING;
	}
	return false;
}

/* Share of rows that have the words in these ways, and reach the threshold. */
static double
ways_fraction(const RowModel *model, const Asked *asked, int n, const Way *way,
			  double threshold)
{
	double product = 1, sum = 0;
	int has = 0;

	for (int i = 0; i < n; i++)
	{
		if (way[i] == WAY_MISSING)
			continue;
		product *= asked[i].share[way[i]];
		has++;
	}
	if (product < LEAST)
		return 0;
	if (has > 1)
		product = pow(product, TOGETHER);
	for (int words = has; words <= WORDS_MAX; words++)
	{
		int others = words - has;
		double ways = model->words[words] * product, share = 0;

		for (int i = 0; i < has; i++)
			ways *= words - i;
		for (int light = 0; light <= others; light++)
		{
			double choose = 1;

			if (!reaches(asked, n, way, others - light, light,
						 (int) rint(model->light_weight), threshold))
				continue;
			for (int i = 0; i < light; i++)
				choose = choose * (others - i) / (i + 1);
			share += choose * pow(model->light, light) *
					 pow(1 - model->light, others - light);
		}
		share *= ways;
		/* it would be among the commonest if it were commoner */
		sum += others == 0 ? Min(share, model->most) : share;
	}
	return sum;
}

/*
 * Share of rows that reach the threshold, by the model. Exponential in the
 * number of words, of which at most six are told apart.
 */
static double
model_fraction(const RowModel *model, const DtNamaParts *parts,
			   double threshold)
{
	Asked asked[ASKED_MAX + 1];
	Way way[ASKED_MAX] = {WAY_MISSING};
	int n = asked_words(model, parts, asked);
	double sum = 0;

	while (next_ways(asked, n, way))
		sum += ways_fraction(model, asked, n, way, threshold);
	if (threshold <= DTC_UNIT_NICKNAME / 1000.0)
		sum *= PARTS;
	return Min(sum, 1);
}

/* What has been counted of the names of a column. */
typedef struct Counted
{
	double names, words, light, light_weight;
} Counted;

static void
count_words(RowModel *model, Counted *counted, Datum value, double share)
{
	DtcNameView *v;
	DtNamaParts parts;
	int n = 0;

	dtsen_nama_parts(DatumGetNamaPP(value), &parts);
	v = &parts.view;
	for (int i = 0; i < v->ntokens; i++)
	{
		const uint8_t *meta = v->meta + 4 * i;

		if (meta[2] & DTC_TOKEN_ALIAS)
			continue;
		n++;
		counted->words += share;
		if (meta[3] >= WEIGHTY)
			continue;
		counted->light += share;
		counted->light_weight += share * meta[3];
	}
	model->words[Min(n, WORDS_MAX)] += share;
	counted->names += share;
}

/* Share of a column's rows that are null. */
static double
null_share(const VariableStatData *vardata)
{
	return HeapTupleIsValid(vardata->statsTuple)
			   ? ((Form_pg_statistic) GETSTRUCT(vardata->statsTuple))
					 ->stanullfrac
			   : 0;
}

/* What the statistics of a column say. */
typedef struct Column
{
	RowModel model;
	AttStatsSlot common; /* its commonest names, and how common they are */
	AttStatsSlot others; /* some of the others */
	double nulls;        /* share of rows */
	double rest;         /* share of rows that are neither null nor common */
} Column;

/* Reads the statistics of a column; see forget(). */
static void
fit(Column *column, const VariableStatData *vardata)
{
	RowModel *model = &column->model;
	AttStatsSlot *common = &column->common, *others = &column->others;
	Counted counted;

	memset(column, 0, sizeof(*column));
	*model = usual;
	column->nulls = null_share(vardata);
	column->rest = 1 - column->nulls;
	if (!HeapTupleIsValid(vardata->statsTuple))
		return;
	dtsen_nama_words_read(&model->known, vardata->statsTuple);
	get_attstatsslot(common, vardata->statsTuple, STATISTIC_KIND_MCV,
					 InvalidOid, ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS);
	get_attstatsslot(others, vardata->statsTuple, STATISTIC_KIND_HISTOGRAM,
					 InvalidOid, ATTSTATSSLOT_VALUES);
	for (int i = 0; i < common->nvalues; i++)
		column->rest -= common->numbers[i];
	column->rest = Max(column->rest, 0);
	if (others->nvalues == 0 && common->nvalues == 0)
		return;
	for (int i = 0; i <= WORDS_MAX; i++)
		model->words[i] *= USUAL;
	counted = (Counted){USUAL, 2 * USUAL, 2 * USUAL * usual.light,
						2 * USUAL * usual.light * usual.light_weight};
	for (int i = 0; i < others->nvalues; i++)
		count_words(model, &counted, others->values[i],
					column->rest / others->nvalues);
	for (int i = 0; i < common->nvalues; i++)
		count_words(model, &counted, common->values[i], common->numbers[i]);
	if (common->nnumbers > 0)
		model->most = common->numbers[common->nnumbers - 1] / 2;
	for (int i = 0; i <= WORDS_MAX; i++)
		model->words[i] /= counted.names;
	model->light = counted.light / counted.words;
	model->light_weight = counted.light_weight / counted.light;
}

static void
forget(Column *column)
{
	free_attstatsslot(&column->common);
	free_attstatsslot(&column->others);
	free_attstatsslot(&column->model.known);
}

/* The column read last, for as long as the memory that holds it. */
typedef struct Kept
{
	Column column;
	ItemPointerData row; /* of pg_statistic */
	TransactionId xmin;
	MemoryContextCallback forgotten;
} Kept;

static Kept *kept;

static void
drop_kept(void *arg)
{
	if (kept == arg)
		kept = NULL;
}

/*
 * What the statistics of a column say, read once for all the searches that a plan
 * has: column % ANY (array) asks of each one. own: room for what is not kept,
 * which statistics that are no row of the catalogue are not.
 */
static const Column *
read_column(const VariableStatData *vardata, Column *own)
{
	HeapTuple row = vardata->statsTuple;
	TransactionId xmin;

	if (!HeapTupleIsValid(row) || !ItemPointerIsValid(&row->t_self))
	{
		fit(own, vardata);
		return own;
	}
	xmin = HeapTupleHeaderGetRawXmin(row->t_data);
	if (kept != NULL && ItemPointerEquals(&kept->row, &row->t_self) &&
		kept->xmin == xmin)
		return &kept->column;
	if (kept != NULL)
		forget(&kept->column);
	kept = NULL;
	fit(own, vardata);
	kept = palloc(sizeof(Kept));
	kept->column = *own;
	kept->row = row->t_self;
	kept->xmin = xmin;
	kept->forgotten.func = drop_kept;
	kept->forgotten.arg = kept;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &kept->forgotten);
	return &kept->column;
}

/*
 * Share of a column's rows similar to a name. May the user read the column's
 * values? The comparison is leakproof, so the statistics may be used.
 *
 * most: of the commonest names so many are compared, and behind them as many of
 * the others at equal steps, each for those between.
 */
static double
column_fraction(const Column *column, const DtNama *name, double threshold,
				int most)
{
	const AttStatsSlot *common = &column->common;
	DtNamaParts parts, other;
	double found = 0;
	int step = Max((common->nvalues - 1) / most, 1);

	if (threshold <= 0)
		return 1 - column->nulls; /* whatever the name */
	dtsen_nama_parts(name, &parts);
	for (int i = 0; i < common->nvalues;)
	{
		int many = i < most ? 1 : Min(step, common->nvalues - i);
		int middle = i + many / 2;

		dtsen_nama_parts(DatumGetNamaPP(common->values[middle]), &other);
		if (dtc_name_similarity(&parts.view, &other.view) >= threshold)
			found += many * common->numbers[middle];
		i += many;
	}
	return found +
		   model_fraction(&column->model, &parts, threshold) * column->rest;
}

/* Average of column_fraction() over the names that another column holds. */
static double
sampled_fraction(const VariableStatData *vardata, const VariableStatData *from,
				 double threshold)
{
	Column column, other;
	double sum = 0, weight = 0;
	int step;

	fit(&column, vardata);
	fit(&other, from);
	step = Max(other.others.nvalues / SAMPLE_MAX, 1);
	for (int i = 0; i < other.others.nvalues; i += step)
	{
		double w = other.rest * step / other.others.nvalues;

		sum += w * column_fraction(&column,
								   DatumGetNamaPP(other.others.values[i]),
								   threshold, COMMON_MAX);
		weight += w;
	}
	for (int i = 0; i < other.common.nvalues && i < SAMPLE_MAX; i++)
	{
		sum += other.common.numbers[i] *
			   column_fraction(&column, DatumGetNamaPP(other.common.values[i]),
							   threshold, COMMON_MAX);
		weight += other.common.numbers[i];
	}
	forget(&column);
	forget(&other);
	return weight > 0 ? sum / weight : UNKNOWN;
}

/*
 * Share of pairs of rows whose names are the same, as the server estimates it of
 * equality: each of the names of one side is on the other. 0 if that is not known.
 */
static double
same_fraction(VariableStatData *left, VariableStatData *right)
{
	bool unknown_left, unknown_right;
	double names_left = get_variable_numdistinct(left, &unknown_left);
	double names_right = get_variable_numdistinct(right, &unknown_right);

	if (unknown_left || unknown_right)
		return 0;
	return (1 - null_share(left)) * (1 - null_share(right)) /
		   Max(names_left, names_right);
}

/*
 * Of a semi or anti join the share of outer rows that have a pair is asked: from
 * that of pairs, as if each row had its own.
 */
static double
paired_fraction(double pairs, const VariableStatData *outer,
				const VariableStatData *inner)
{
	double rows = inner->rel != NULL ? inner->rel->rows : 1;

	return Min(pairs * Max(rows, 1), 1 - null_share(outer));
}

/* The name and threshold of a constant; NULL when it is none. */
static const DtNama *
constant_name(Node *node, double *threshold)
{
	Const *c = (Const *) node;

	if (node == NULL || !IsA(node, Const) || c->constisnull)
		return NULL;
	if (*threshold >= 0)
		return DatumGetNamaPP(c->constvalue);
	return dtsen_nama_query_name(DatumGetNamaQueryPP(c->constvalue),
								 threshold);
}

/*
 * Selectivity of similar(args) where the second argument is a name when
 * threshold is at least 0, else a nama_query that holds the threshold.
 */
double
dtsen_nama_selectivity(PlannerInfo *root, List *args, double threshold,
					   bool is_join, int varRelid, SpecialJoinInfo *sjinfo)
{
	VariableStatData left, right;
	double result = UNKNOWN;
	Node *other;
	bool on_left, reversed;

	args = list_make2(linitial(args), lsecond(args));
	if (is_join)
	{
		get_join_variables(root, args, sjinfo, &left, &right, &reversed);
		if (HeapTupleIsValid(right.statsTuple))
			result = sampled_fraction(
				&left, &right,
				threshold >= 0 ? threshold : dtsen_nama_similarity_threshold);
		result *= 1 - null_share(&right);
		/* the model expects a rare name nowhere; where it stands it is found */
		result = Max(result, same_fraction(&left, &right));
		if (sjinfo->jointype == JOIN_SEMI || sjinfo->jointype == JOIN_ANTI)
			result = reversed ? paired_fraction(result, &right, &left)
							  : paired_fraction(result, &left, &right);
		ReleaseVariableStats(left);
		ReleaseVariableStats(right);
	}
	else if (get_restriction_variable(root, args, varRelid, &left, &other,
									  &on_left))
	{
		double asked = threshold;
		const DtNama *name = NULL;
		/* or a column of searches: the other side is a name then */
		bool of_names = threshold >= 0 || on_left;

		if (of_names)
			name =
				constant_name(estimate_expression_value(root, other), &asked);
		if (name != NULL)
		{
			Column own;
			const Column *column = read_column(&left, &own);

			result = column_fraction(column, name, asked, INT_MAX);
			if (column == &own)
				forget(&own);
		}
		else if (of_names && HeapTupleIsValid(left.statsTuple))
			result = sampled_fraction(
				&left, &left,
				threshold >= 0 ? threshold : dtsen_nama_similarity_threshold);
		ReleaseVariableStats(left);
	}
	CLAMP_PROBABILITY(result);
	return result;
}

/* The setting for nama % nama, -1 for nama % nama_query. */
static double
operator_threshold(Oid operator)
{
	Oid left, right;

	op_input_types(operator, & left, &right);
	return left == right ? dtsen_nama_similarity_threshold : -1;
}

/* _nama_similar_sel(...) -> float8: restriction selectivity of %. */
Datum
dtsen__nama_similar_sel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(dtsen_nama_selectivity(
		(PlannerInfo *) PG_GETARG_POINTER(0), (List *) PG_GETARG_POINTER(2),
		operator_threshold(PG_GETARG_OID(1)), false, PG_GETARG_INT32(3),
		NULL));
}

/* _nama_similar_joinsel(...) -> float8: join selectivity of %. */
Datum
dtsen__nama_similar_joinsel(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(dtsen_nama_selectivity(
		(PlannerInfo *) PG_GETARG_POINTER(0), (List *) PG_GETARG_POINTER(2),
		operator_threshold(PG_GETARG_OID(1)), true, 0,
		(SpecialJoinInfo *) PG_GETARG_POINTER(4)));
}
