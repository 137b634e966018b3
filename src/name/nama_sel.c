/*
 * nama_sel.c
 *		How many rows have a name similar to another.
 *
 * The statistics of a column hold its commonest names and a hundred others;
 * almost every search is for a name that is in neither. So the estimate is a
 * model of how names are made: words drawn independently with the frequencies
 * of the table that similarity uses. A row matches when its weighty words are
 * those of the search, or one more or less where the threshold allows that.
 * How many weighty words the column's names have is read from its statistics;
 * names among its commonest values are compared and counted as they are.
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
#include "guc.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen__nama_similar_sel);
DTSEN_FUNCTION(dtsen__nama_similar_joinsel);

#define WEIGHTY 48    /* eighths of a bit: what makes two names differ */
#define HEAVIEST 72   /* the similarity counts no more */
#define BY_HAND 24    /* weights below were set by hand */
#define SPELLINGS 1.5 /* rows found for each that is spelled as expected */
#define MISSING 0.5   /* of the weight of a missing word */
#define MISSING_LIGHT 0.55 /* of that of one that is not weighty */
#define SLIPS 6 /* times as many rows for a misspelt word that is alone */
#define SLIPS_BELOW 0.85 /* by thresholds that let a slip pass */
#define INITIAL 0.70     /* similarity of an initial and a word that has it */
#define WORDS_MAX 4      /* weighty words of a row that are told apart */
#define SAMPLE_MAX 25    /* values of the other side that a join looks at */
#define UNSEEN 16 /* log2: a word that the table does not have: often a slip */
#define UNKNOWN 0.0001 /* share of rows when nothing is known */

/* Share of rows by their number of weighty words. */
typedef struct RowModel
{
	double words[WORDS_MAX + 1];
} RowModel;

static const RowModel usual = {{.02, .40, .40, .15, .03}};

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

static int
weighty_words(const DtcNameView *v)
{
	int n = 0;

	for (int i = 0; i < v->ntokens; i++)
		n += v->meta[4 * i + 3] >= WEIGHTY;
	return n;
}

/* Share of rows with n weighty words that have these m among them. */
static double
rows_with(const RowModel *model, int n, int m, double product)
{
	double ways = 1;

	if (n < m)
		return 0;
	for (int i = 0; i < m; i++)
		ways *= n - i;
	return model->words[Min(n, WORDS_MAX)] * ways * product;
}

/*
 * Share of rows that reach the threshold, by the model. Exponential in the
 * number of weighty words, of which at most six are told apart.
 */
static double
model_fraction(const RowModel *model, const DtcNameView *v, double threshold)
{
	double share[6], weight[6], light = 1, all = 0, sum = 0;
	double beside = 0, rows_beside = 1;
	int n = 0;

	for (int i = 0; i < v->ntokens; i++)
	{
		const uint8_t *meta = v->meta + 4 * i;

		if (meta[3] >= WEIGHTY && n < (int) lengthof(share))
		{
			share[n] = word_share(meta);
			weight[n] = Min(meta[3], HEAVIEST);
			all += weight[n++];
		}
		else
		{
			light = Min(light, Max(word_share(meta), 0.02));
			rows_beside *= Max(word_share(meta), 0.02);
			beside += meta[3];
		}
	}
	if (n == 0)
	{
		sum = model->words[0] * light;
		/* one of them an initial, perhaps, of any word */
		if (threshold < INITIAL)
			sum = Min(sum + model->words[1] * rows_beside, 1);
		return sum;
	}
	/* a lone word that nobody has is a slip of several that people do have */
	if (n == 1 && share[0] <= exp2(-UNSEEN) && threshold < SLIPS_BELOW)
		share[0] *= SLIPS;
	for (int set = 1; set < 1 << n; set++)
	{
		double product = 1, has = 0, lacks;
		int m = 0;

		for (int i = 0; i < n; i++)
		{
			if (set & 1 << i)
			{
				product *= share[i];
				has += weight[i];
				m++;
			}
		}
		/* without the light words, or with them */
		lacks = MISSING * (all - has);
		if (has < threshold * (has + lacks + MISSING_LIGHT * beside))
		{
			has += beside;
			product *= rows_beside;
			if (has < threshold * (has + lacks))
				continue;
		}
		sum += rows_with(model, m, m, product);
		if (set == (1 << n) - 1 &&
			has >= threshold * (has + MISSING * HEAVIEST))
			sum += rows_with(model, n + 1, n, product);
	}
	return Min(sum * SPELLINGS, 1);
}

static void
count_words(RowModel *model, Datum value, double share)
{
	DtNama *name = DatumGetNamaPP(value);
	DtNamaParts parts;

	dtsen_nama_parts(name, &parts);
	model->words[Min(weighty_words(&parts.view), WORDS_MAX)] += share;
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

/*
 * The model of a column, and its share of rows that are neither null nor among
 * the commonest values.
 */
static double
fit(RowModel *model, VariableStatData *vardata, AttStatsSlot *common,
	AttStatsSlot *others)
{
	double rest = 1 - null_share(vardata), sum = 0;

	*model = usual;
	memset(common, 0, sizeof(*common));
	memset(others, 0, sizeof(*others));
	if (!HeapTupleIsValid(vardata->statsTuple))
		return rest;
	get_attstatsslot(common, vardata->statsTuple, STATISTIC_KIND_MCV,
					 InvalidOid, ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS);
	get_attstatsslot(others, vardata->statsTuple, STATISTIC_KIND_HISTOGRAM,
					 InvalidOid, ATTSTATSSLOT_VALUES);
	for (int i = 0; i < common->nvalues; i++)
		rest -= common->numbers[i];
	rest = Max(rest, 0);
	if (others->nvalues == 0 && common->nvalues == 0)
		return rest;
	for (int i = 0; i <= WORDS_MAX; i++)
		model->words[i] = usual.words[i] * 0.01;
	for (int i = 0; i < others->nvalues; i++)
		count_words(model, others->values[i], rest / others->nvalues);
	for (int i = 0; i < common->nvalues; i++)
		count_words(model, common->values[i], common->numbers[i]);
	for (int i = 0; i <= WORDS_MAX; i++)
		sum += model->words[i];
	for (int i = 0; i <= WORDS_MAX; i++)
		model->words[i] /= sum;
	return rest;
}

/*
 * Share of a column's rows similar to a name. May the user read the column's
 * values? The comparison is leakproof, so the statistics may be used.
 */
static double
column_fraction(VariableStatData *vardata, const DtNama *name,
				double threshold)
{
	AttStatsSlot common, others;
	RowModel model;
	DtNamaParts parts, other;
	double rest = fit(&model, vardata, &common, &others);
	double found = 0;

	dtsen_nama_parts(name, &parts);
	for (int i = 0; i < common.nvalues; i++)
	{
		dtsen_nama_parts(DatumGetNamaPP(common.values[i]), &other);
		if (dtc_name_similarity(&parts.view, &other.view) >= threshold)
			found += common.numbers[i];
	}
	found += model_fraction(&model, &parts.view, threshold) * rest;
	if (threshold <= 0)
		found = 1 - null_share(vardata); /* whatever the name */
	free_attstatsslot(&common);
	free_attstatsslot(&others);
	return found;
}

/* Average of column_fraction() over the names that another column holds. */
static double
sampled_fraction(VariableStatData *vardata, VariableStatData *from,
				 double threshold)
{
	AttStatsSlot common, others;
	RowModel model;
	double rest = fit(&model, from, &common, &others);
	double sum = 0, weight = 0;
	int step = Max(others.nvalues / SAMPLE_MAX, 1);

	for (int i = 0; i < others.nvalues; i += step)
	{
		double w = rest * step / others.nvalues;

		sum += w * column_fraction(vardata, DatumGetNamaPP(others.values[i]),
								   threshold);
		weight += w;
	}
	for (int i = 0; i < common.nvalues && i < SAMPLE_MAX; i++)
	{
		sum += common.numbers[i] *
			   column_fraction(vardata, DatumGetNamaPP(common.values[i]),
							   threshold);
		weight += common.numbers[i];
	}
	free_attstatsslot(&common);
	free_attstatsslot(&others);
	return weight > 0 ? sum / weight : UNKNOWN;
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
			result = column_fraction(&left, name, asked);
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
