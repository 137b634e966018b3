/*
 * nama_sel.c
 *		How many rows have a name similar to another.
 *
 * The statistics of a column hold its commonest names and a hundred others;
 * almost every search is for a name that is in neither. So the estimate is a
 * model of how names are made: words drawn independently with the frequencies
 * of the table that similarity uses. A row has some words of the search and
 * others beside; whether that reaches the threshold is reckoned as similarity
 * itself does. How many words the column's names have, and how many of them are
 * common ones, is read from its statistics; names among its commonest values
 * are compared and counted as they are.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#include "compat.h"
#include "core/name_unit.h"
#include "guc.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen__nama_similar_sel);
DTSEN_FUNCTION(dtsen__nama_similar_joinsel);

#define WEIGHTY 48      /* eighths of a bit: what makes two names differ */
#define BY_HAND 24      /* weights below were set by hand */
#define SPELLINGS 1.8   /* rows found for each that is spelled as expected */
#define SPELLINGS_ANY 3 /* by thresholds that let parts of words pass */
#define SLIPS 20        /* times as many rows for a misspelt word */
#define SLIP_LEAST 4    /* letters of a word that may have one */
#define SLIP_COST 800  /* of one letter in as many as there are, thousandths */
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
} RowModel;

static const RowModel usual = {{0, .30, .46, .19, .04, .01}, .25, 24, 1};

/* A word that is searched for. */
typedef struct Asked
{
	double share; /* of all words */
	int weight;
	int similarity; /* to what is found by it, thousandths */
	bool father;    /* costs nothing where it is missing */
} Asked;

/* Share of a word among all words of a register. */
static double
word_share(const uint8_t *meta)
{
	int id = meta[0] | meta[1] << 8;
	int weight = meta[3];
	int code = id < DTC_NAME_UNSEEN ? dtc_name_token_code(id) : 0;
	double bits = UNSEEN;

	if (code > 0)
		bits = (dtc_name_total_code() - code) / 8.0;
	if (weight > BY_HAND && weight / 8.0 < bits)
		bits = weight / 8.0;
	return exp2(-bits);
}

/* The words of a name, those first that weigh most. Returns their number. */
static int
asked_words(const DtcNameView *v, double threshold, Asked *asked)
{
	const char *key = v->folded, *end = key + v->foldedlen;
	int n = 0;

	for (int i = 0; i < v->ntokens; i++)
	{
		const uint8_t *meta = v->meta + 4 * i;
		const char *space = memchr(key, ' ', end - key);
		int len = (int) ((space != NULL ? space : end) - key);
		int slip = len < SLIP_LEAST ? 0 : 1000 - SLIP_COST / len;
		Asked word = {word_share(meta), Min(Max(meta[3], 1), DTC_UNIT_CAP),
					  1000, (meta[2] & DTC_TOKEN_FATHER) != 0};
		int at = n;

		key += space != NULL ? len + 1 : len;
		if (meta[2] & DTC_TOKEN_ALIAS)
			continue;
		if ((meta[2] & DTC_TOKEN_KIND) == DTC_TOKEN_INITIAL)
		{
			word.similarity = DTC_UNIT_INITIAL;
			word.weight = Min(word.weight, DTC_UNIT_LETTER);
		}
		/* what nobody has is a slip of what several people do have */
		else if (word.share <= exp2(-UNSEEN) && threshold * 1000 <= slip)
		{
			word.share *= SLIPS;
			word.similarity = slip;
		}
		while (at > 0 && asked[at - 1].weight < word.weight)
			at--;
		if (at == ASKED_MAX)
			continue;
		n = Min(n + 1, ASKED_MAX);
		memmove(&asked[at + 1], &asked[at], sizeof(Asked) * (n - at - 1));
		asked[at] = word;
	}
	return n;
}

/*
 * Does a row reach the threshold that has the words of a set, and so many
 * others, weighty and light ones?
 */
static bool
reaches(const Asked *asked, int n, int set, int weighty, int light,
		int light_weight, double threshold)
{
	DtcSurplus left = {0}, right = {0}, *heavier;
	int64 agreed = 0, total = 0;
	int both;

	for (int i = 0; i < n; i++)
	{
		if (set & 1 << i)
		{
			agreed += asked[i].similarity * asked[i].weight;
			total += 1000 * asked[i].weight;
		}
		else
			dtc_surplus_add(&left, asked[i].father ? 0 : asked[i].weight);
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

/*
 * Share of rows that reach the threshold, by the model. Exponential in the
 * number of words, of which at most six are told apart.
 */
static double
model_fraction(const RowModel *model, const DtcNameView *v, double threshold)
{
	Asked asked[ASKED_MAX + 1];
	int n = asked_words(v, threshold, asked);
	double sum = 0;

	for (int set = 1; set < 1 << n; set++)
	{
		double product = 1;
		int has = 0;

		for (int i = 0; i < n; i++)
		{
			if (set & 1 << i)
			{
				product *= asked[i].share;
				has++;
			}
		}
		for (int words = has; words <= WORDS_MAX; words++)
		{
			int others = words - has;
			double ways = model->words[words] * product, share = 0;

			for (int i = 0; i < has; i++)
				ways *= words - i;
			for (int light = 0; light <= others; light++)
			{
				double choose = 1;

				if (!reaches(asked, n, set, others - light, light,
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
	}
	sum *= threshold > DTC_UNIT_NICKNAME / 1000.0 ? SPELLINGS : SPELLINGS_ANY;
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
	return found + model_fraction(&column->model, &parts.view, threshold) *
					   column->rest;
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
			Column column;

			fit(&column, &left);
			result = column_fraction(&column, name, asked, INT_MAX);
			forget(&column);
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
