/*
 * nama_similarity.c
 *		Graded similarity of names for SQL, its operators and explanation.
 */
#include "postgres.h"

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "compat.h"
#include "guc.h"
#include "name/name.h"

/* Similarity of the first two arguments; model: a ministry's own, or NULL. */
static double
similarity(FunctionCallInfo fcinfo, const DtcNameModel *model)
{
	DtNama *a = PG_GETARG_NAMA_PP(0);
	DtNama *b = PG_GETARG_NAMA_PP(1);
	DtNamaParts x, y;
	double result;

	dtsen_nama_parts(a, &x);
	dtsen_nama_parts(b, &y);
	result = dtc_name_similarity_with(&x.view, &y.view, model);
	dtsen_nama_release(&x);
	dtsen_nama_release(&y);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

DTSEN_FUNCTION(dtsen_nama_similarity);
DTSEN_FUNCTION(dtsen_nama_distance);
DTSEN_FUNCTION(dtsen_nama_similar);
DTSEN_FUNCTION(dtsen_nama_similar_op);
DTSEN_FUNCTION(dtsen__nama_similar);
DTSEN_FUNCTION(dtsen_nama_similarity_model);
DTSEN_FUNCTION(dtsen_nama_similar_model);
DTSEN_FUNCTION(dtsen_nama_explain);
DTSEN_FUNCTION(dtsen_nama_explain_model);

/* nama_similarity(nama, nama) -> float8 in [0, 1]. Raises nothing. */
Datum
dtsen_nama_similarity(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(similarity(fcinfo, NULL));
}

/* nama_distance(nama, nama) -> float8: 1 - similarity; behind <->. */
Datum
dtsen_nama_distance(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(1 - similarity(fcinfo, NULL));
}

/*
 * nama_similar(nama, nama, threshold float8) -> boolean. Errors: 22023 when
 * the threshold is not in [0, 1].
 */
Datum
dtsen_nama_similar(PG_FUNCTION_ARGS)
{
	double threshold = PG_GETARG_FLOAT8(2);

	dtsen_nama_check_threshold(threshold);
	PG_RETURN_BOOL(similarity(fcinfo, NULL) >= threshold);
}

/*
 * _nama_similar(nama, nama, threshold float8) -> boolean: the same, but a
 * threshold that is none finds nobody. It raises nothing and is leakproof.
 */
Datum
dtsen__nama_similar(PG_FUNCTION_ARGS)
{
	double threshold = PG_GETARG_FLOAT8(2);

	PG_RETURN_BOOL(dtsen_nama_is_threshold(threshold) &&
				   similarity(fcinfo, NULL) >= threshold);
}

/*
 * nama_similarity(nama, nama, nama_model) -> float8: by a ministry's own tables
 * on top of the library's. Errors: 0A000 for a model of another version.
 */
Datum
dtsen_nama_similarity_model(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(similarity(fcinfo, dtsen_nama_model(fcinfo, 2, NULL)));
}

/* nama_similar(nama, nama, float8, nama_model) -> boolean. Errors: 22023. */
Datum
dtsen_nama_similar_model(PG_FUNCTION_ARGS)
{
	double threshold = PG_GETARG_FLOAT8(2);

	dtsen_nama_check_threshold(threshold);
	PG_RETURN_BOOL(similarity(fcinfo, dtsen_nama_model(fcinfo, 3, NULL)) >=
				   threshold);
}

/*
 * nama_similar(nama, nama) -> boolean: by dtsen.nama_similarity_threshold,
 * therefore STABLE; behind %.
 */
Datum
dtsen_nama_similar_op(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(similarity(fcinfo, NULL) >=
				   dtsen_nama_similarity_threshold);
}

static const char *
rule_name(DtcNameRule rule)
{
	switch (rule)
	{
		case DTC_RULE_MISSING:
			return "missing";
		case DTC_RULE_CONTRADICTED:
			return "contradicted";
		case DTC_RULE_EQUAL:
			return "equal";
		case DTC_RULE_SPELLING:
			return "spelling";
		case DTC_RULE_ABBREVIATED:
			return "abbreviated";
		case DTC_RULE_INITIAL:
			return "initial";
		case DTC_RULE_JOINED:
			return "joined";
		case DTC_RULE_CUT:
			return "cut";
		case DTC_RULE_PART:
			return "part";
		case DTC_RULE_NICKNAME:
			return "nickname";
		case DTC_RULE_SLIP:
			return "slip";
		case DTC_RULE_LOOKALIKE:
			return "lookalike";
	}
	return "unknown";
}

/* Characters of a word: bytes that do not go on with one. */
static int
word_length(const DtcName *name, const DtcNameToken *t)
{
	int n = 0;

	for (int k = 0; k < t->textlen; k++)
		n += ((unsigned char) name->canonical[t->text + k] & 0xC0) != 0x80;
	return n;
}

/* Has a name nothing but letters that stand alone? */
static bool
is_letters(const DtcName *name)
{
	for (int i = 0; i < name->ntokens; i++)
	{
		if (word_length(name, &name->token[i]) > 1)
			return false;
	}
	return true;
}

/*
 * A word of a name as an explanation shows it: its first letter, then stars.
 * Words in other scripts, and what is missing, show nothing, nor does a name of
 * nothing but letters, which would show as a whole.
 */
static void
append_token(StringInfo out, const DtcName *name, int token, int joined)
{
	bool letters = is_letters(name);

	if (token < 0)
	{
		appendStringInfoString(out, "null");
		return;
	}
	appendStringInfoChar(out, '"');
	for (int i = token; i <= token + joined; i++)
	{
		const DtcNameToken *t = &name->token[i];
		const char *s = name->canonical + t->text;

		if (i > token)
			appendStringInfoChar(out, ' ');
		for (int k = 0; k < t->textlen; k++)
		{
			if (k == 0 && (unsigned char) s[0] < 0x80 && !letters)
				appendStringInfoChar(out, s[0]);
			else if (((unsigned char) s[k] & 0xC0) != 0x80)
				appendStringInfoChar(out, '*');
		}
	}
	appendStringInfoChar(out, '"');
}

/* What nama_explain() prints; model: NULL without one, rows: of it. */
static Datum
explain(FunctionCallInfo fcinfo, const DtcNameModel *model, int rows)
{
	DtNama *a = PG_GETARG_NAMA_PP(0);
	DtNama *b = PG_GETARG_NAMA_PP(1);
	DtNamaParts x, y;
	DtcName *names = palloc(2 * sizeof(DtcName));
	DtcNameMatch m;
	StringInfoData out;
	char number[DOUBLE_SHORTEST_DECIMAL_LEN];
	double total;

	dtsen_nama_parts(a, &x);
	dtsen_nama_parts(b, &y);
	dtc_name_match_with(&x.view, &y.view, model, &m);
	if (!dtsen_nama_words(&x, &names[0]) || !dtsen_nama_words(&y, &names[1]))
		elog(ERROR, "stored name does not parse");
	total = m.total > 0 ? (double) m.total : 1;
	double_to_shortest_decimal_buf(m.similarity, number);
	initStringInfo(&out);
	appendStringInfo(&out, "{\"similarity\": %s, \"version\": %d, ", number,
					 DTC_NAME_VERSION);
	if (model != NULL)
		appendStringInfo(&out, "\"model_rows\": %d, ", rows);
	appendStringInfo(&out,
					 "\"order\": %.3f, \"missing\": %.4f, "
					 "\"contradicted\": %.4f, \"pairs\": [",
					 m.order / 1000.0, m.missing / total,
					 m.contradicted / total);
	for (int i = 0; i < m.npairs; i++)
	{
		const DtcNamePair *p = &m.pair[i];

		appendStringInfoString(&out, i > 0 ? ", {\"a\": " : "{\"a\": ");
		append_token(&out, &names[0], p->a, p->a_joined);
		appendStringInfoString(&out, ", \"b\": ");
		append_token(&out, &names[1], p->b, p->b_joined);
		appendStringInfo(
			&out,
			", \"rule\": \"%s\", \"similarity\": %.3f, \"weight\": %.3f, "
			"\"contribution\": %.4f}",
			rule_name(p->rule), p->similarity / 1000.0, p->weight / 8.0,
			p->similarity * p->weight / total);
	}
	appendStringInfoString(&out, "]}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/*
 * nama_explain(nama, nama) -> jsonb: how the similarity came about.
 *
 * "pairs" holds each pair of words (masked), its rule, the similarity of the
 * two words, its weight in bits and what it contributes; the sum of the
 * contributions times 1 - "order" is "similarity". "missing"
 * and "contradicted" are the shares that unpaired words take from 1.
 */
Datum
dtsen_nama_explain(PG_FUNCTION_ARGS)
{
	return explain(fcinfo, NULL, 0);
}

/* nama_explain(nama, nama, nama_model) -> jsonb: the same with a model. */
Datum
dtsen_nama_explain_model(PG_FUNCTION_ARGS)
{
	int rows;
	const DtcNameModel *model = dtsen_nama_model(fcinfo, 2, &rows);

	return explain(fcinfo, model, rows);
}
