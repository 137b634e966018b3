/*
 * nama_query.c
 *		The type nama_query: a name and the similarity that is asked of others.
 *
 * What nama_similar(column, name, threshold) becomes in an index condition:
 * column % nama_query(name, threshold). So the threshold is part of the query,
 * not of the session. The operator raises nothing, so it is leakproof, and the
 * threshold is checked where the value is made.
 */
#include "postgres.h"

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"

#include "compat.h"
#include "errors.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen_nama_query_in);
DTSEN_FUNCTION(dtsen_nama_query_out);
DTSEN_FUNCTION(dtsen_nama_query_recv);
DTSEN_FUNCTION(dtsen_nama_query_send);
DTSEN_FUNCTION(dtsen_nama_query);
DTSEN_FUNCTION(dtsen_nama_similar_query);

bool
dtsen_nama_is_threshold(double threshold)
{
	return threshold >= 0 && threshold <= 1; /* false for NaN */
}

/* Errors: 22023 when the threshold is not in [0, 1]. */
void
dtsen_nama_check_threshold(double threshold)
{
	if (!dtsen_nama_is_threshold(threshold))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("similarity threshold must be between 0 and 1")));
}

/* Makes a value; threshold: in [0, 1]. */
DtNamaQuery *
dtsen_nama_query_make(const DtNama *name, double threshold)
{
	Size len = VARSIZE_ANY_EXHDR(name);
	DtNamaQuery *query = palloc(VARHDRSZ + DT_NAMA_QUERY_HEADER + len);
	char *p = VARDATA(query);

	SET_VARSIZE(query, VARHDRSZ + DT_NAMA_QUERY_HEADER + len);
	p[0] = DT_NAMA_QUERY_VERSION;
	memcpy(p + 1, &threshold, sizeof(threshold));
	memcpy(p + DT_NAMA_QUERY_HEADER, VARDATA_ANY(name), len);
	return query;
}

/* The name of a search, a copy, and its threshold. */
DtNama *
dtsen_nama_query_name(const DtNamaQuery *query, double *threshold)
{
	Size len = VARSIZE_ANY_EXHDR(query) - DT_NAMA_QUERY_HEADER;
	DtNama *name = palloc(VARHDRSZ + len);
	const char *p = VARDATA_ANY(query);

	if (p[0] != DT_NAMA_QUERY_VERSION)
		elog(ERROR, "unknown version %d of nama_query", p[0]);
	memcpy(threshold, p + 1, sizeof(*threshold));
	SET_VARSIZE(name, VARHDRSZ + len);
	memcpy(VARDATA(name), p + DT_NAMA_QUERY_HEADER, len);
	return name;
}

/*
 * nama_query_in(cstring) -> nama_query: the threshold, a blank, the name.
 * Errors: 22P02, 22023 when the threshold is not in [0, 1], 54000; soft but
 * for the second.
 */
Datum
dtsen_nama_query_in(PG_FUNCTION_ARGS)
{
	char *str = PG_GETARG_CSTRING(0);
	char *end;
	double threshold = strtod(str, &end);
	DtNama *name;

	if (end == str || *end != ' ')
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "nama_query"),
				 errdetail("It is a threshold, a blank and a name.")));
	if (!dtsen_nama_is_threshold(threshold))
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("similarity threshold must be between 0 and 1")));
	name =
		dtsen_nama_make(end, strlen(end), ERRCODE_INVALID_TEXT_REPRESENTATION,
						fcinfo->context);
	if (name == NULL)
		return (Datum) 0;
	PG_RETURN_POINTER(dtsen_nama_query_make(name, threshold));
}

/* nama_query_out(nama_query) -> cstring */
Datum
dtsen_nama_query_out(PG_FUNCTION_ARGS)
{
	double threshold;
	DtNama *name =
		dtsen_nama_query_name(PG_GETARG_NAMA_QUERY_PP(0), &threshold);
	DtNamaParts parts;
	char number[DOUBLE_SHORTEST_DECIMAL_LEN];

	dtsen_nama_stored_parts(name, &parts);
	double_to_shortest_decimal_buf(threshold, number);
	PG_RETURN_CSTRING(psprintf("%s %.*s", number, parts.textlen, parts.text));
}

/*
 * nama_query_recv(internal) -> nama_query: float8, then the name as text.
 * Errors: 22P03, 22023, 54000.
 */
Datum
dtsen_nama_query_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	double threshold = pq_getmsgfloat8(buf);
	int len;
	char *str = pq_getmsgtext(buf, buf->len - buf->cursor, &len);

	dtsen_nama_check_threshold(threshold);
	PG_RETURN_POINTER(dtsen_nama_query_make(
		dtsen_nama_make(str, len, ERRCODE_INVALID_BINARY_REPRESENTATION, NULL),
		threshold));
}

/* nama_query_send(nama_query) -> bytea */
Datum
dtsen_nama_query_send(PG_FUNCTION_ARGS)
{
	double threshold;
	DtNama *name =
		dtsen_nama_query_name(PG_GETARG_NAMA_QUERY_PP(0), &threshold);
	DtNamaParts parts;
	StringInfoData buf;

	dtsen_nama_stored_parts(name, &parts);
	pq_begintypsend(&buf);
	pq_sendfloat8(&buf, threshold);
	pq_sendtext(&buf, parts.text, parts.textlen);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* nama_query(nama, threshold float8) -> nama_query. Errors: 22023. */
Datum
dtsen_nama_query(PG_FUNCTION_ARGS)
{
	DtNama *name = PG_GETARG_NAMA_PP(0);
	double threshold = PG_GETARG_FLOAT8(1);

	dtsen_nama_check_threshold(threshold);
	PG_RETURN_POINTER(dtsen_nama_query_make(name, threshold));
}

static double
similarity(const DtNama *a, const DtNama *b)
{
	DtNamaParts x, y;
	double result;

	dtsen_nama_parts(a, &x);
	dtsen_nama_parts(b, &y);
	result = dtc_name_similarity(&x.view, &y.view);
	dtsen_nama_release(&x);
	dtsen_nama_release(&y);
	return result;
}

/*
 * nama_similar(nama, nama_query) -> boolean; behind nama % nama_query. Raises
 * nothing.
 */
Datum
dtsen_nama_similar_query(PG_FUNCTION_ARGS)
{
	DtNama *name = PG_GETARG_NAMA_PP(0);
	DtNamaQuery *query = PG_GETARG_NAMA_QUERY_PP(1);
	double threshold;
	DtNama *other = dtsen_nama_query_name(query, &threshold);
	bool result = similarity(name, other) >= threshold;

	pfree(other);
	PG_FREE_IF_COPY(name, 0);
	PG_FREE_IF_COPY(query, 1);
	PG_RETURN_BOOL(result);
}
