/*
 * nama_gin.c
 *		GIN operator class of nama: candidates for similar names.
 *
 * Keys, and why no row is lost, are in core/name_keys.c. GIN asks the
 * consistent function first which of the most frequent keys cannot make a
 * match together, and reads only the others from end to end; in the frequent
 * ones it looks up what those have found. So a search costs what its rarer
 * words cost. Every candidate is compared again in the heap.
 */
#include "postgres.h"

#include "access/gin.h"
#include "access/stratnum.h"

#include "compat.h"
#include "guc.h"
#include "name/name.h"

DTSEN_FUNCTION(dtsen__nama_gin_extract_value);
DTSEN_FUNCTION(dtsen__nama_gin_extract_query);
DTSEN_FUNCTION(dtsen__nama_gin_compare_partial);
DTSEN_FUNCTION(dtsen__nama_gin_consistent);

#define STRATEGY_SIMILAR 1 /* nama % nama */
#define STRATEGY_QUERY 2   /* nama % nama_query */

/* What GIN hands from extract_query to the other functions. */
typedef struct Probe
{
	DtcNameQuery *query;
	int number;
} Probe;

static Datum
make_key(const uint8_t *bytes, Size len)
{
	bytea *key = palloc(VARHDRSZ + len);

	SET_VARSIZE(key, VARHDRSZ + len);
	memcpy(VARDATA(key), bytes, len);
	return PointerGetDatum(key);
}

/*
 * Prepares a search in memory of the current context.
 *
 * name: of any version, not needed afterwards.
 */
DtcNameQuery *
dtsen_nama_search(const DtNama *name, double threshold)
{
	DtNama *copy = palloc(VARSIZE_ANY(name));
	DtcNameQuery *query = palloc(sizeof(DtcNameQuery));
	DtNamaParts parts;

	memcpy(copy, name, VARSIZE_ANY(name));
	dtsen_nama_parts(copy, &parts);
	dtc_name_query_init(
		query, &parts.view, threshold,
		palloc(sizeof(DtcNameProbe) * dtc_name_query_probes(&parts.view)));
	return query;
}

/*
 * The lowest threshold from low to high, to a hundredth, for which a search does
 * not read the whole index; high if there is none below.
 */
double
dtsen_nama_bounded_from(const DtNama *name, double low, double high)
{
	if (!dtsen_nama_search(name, low)->everything)
		return low;
	while (high - low > 0.01)
	{
		double middle = (low + high) / 2;

		if (dtsen_nama_search(name, middle)->everything)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* _nama_gin_extract_value(nama, internal) -> internal: keys of a row. */
Datum
dtsen__nama_gin_extract_value(PG_FUNCTION_ARGS)
{
	DtNama *name = PG_GETARG_NAMA_PP(0);
	int32 *n = (int32 *) PG_GETARG_POINTER(1);
	DtcNameKeys keys;
	DtNamaParts parts;
	Datum *result;

	dtsen_nama_parts(name, &parts);
	dtc_name_keys(&parts.view, &keys);
	result = palloc(sizeof(Datum) * Max(keys.n, 1));
	for (int i = 0; i < keys.n; i++)
		result[i] = make_key(keys.bytes + keys.off[i], keys.len[i]);
	*n = keys.n;
	PG_FREE_IF_COPY(name, 0);
	PG_RETURN_POINTER(result);
}

/*
 * _nama_gin_extract_query(nama or nama_query, ...) -> internal: what a search
 * looks up. For nama % nama the threshold is the setting's at this moment.
 */
Datum
dtsen__nama_gin_extract_query(PG_FUNCTION_ARGS)
{
	int32 *n = (int32 *) PG_GETARG_POINTER(1);
	StrategyNumber strategy = PG_GETARG_UINT16(2);
	bool **partial = (bool **) PG_GETARG_POINTER(3);
	Pointer **extra = (Pointer **) PG_GETARG_POINTER(4);
	int32 *mode = (int32 *) PG_GETARG_POINTER(6);
	double threshold = dtsen_nama_similarity_threshold;
	DtNama *name;
	DtcNameQuery *query;
	Probe *probe;
	Datum *result;
	uint8_t key[2 + DTC_NAME_MAX_FOLDED];

	if (strategy == STRATEGY_QUERY)
		name = dtsen_nama_query_name(PG_GETARG_NAMA_QUERY_PP(0), &threshold);
	else
		name = PG_GETARG_NAMA_PP(0);
	query = dtsen_nama_search(name, threshold);
	*n = query->nprobes;
	if (query->everything)
	{
		*mode = GIN_SEARCH_MODE_ALL;
		PG_RETURN_POINTER(NULL);
	}
	result = palloc(sizeof(Datum) * Max(query->nprobes, 1));
	*partial = palloc(sizeof(bool) * Max(query->nprobes, 1));
	*extra = palloc(sizeof(Pointer) * Max(query->nprobes, 1));
	probe = palloc(sizeof(Probe) * Max(query->nprobes, 1));
	for (int i = 0; i < query->nprobes; i++)
	{
		probe[i].query = query;
		probe[i].number = i;
		result[i] = make_key(key, dtc_name_probe_key(query, i, key));
		(*partial)[i] = query->probe[i].partial;
		(*extra)[i] = (Pointer) &probe[i];
	}
	PG_RETURN_POINTER(result);
}

/*
 * _nama_gin_compare_partial(bytea, bytea, ...) -> int4: 0 a key that the probe
 * takes, -1 another one in its range, 1 past the range.
 */
Datum
dtsen__nama_gin_compare_partial(PG_FUNCTION_ARGS)
{
	bytea *begin = PG_GETARG_BYTEA_PP(0);
	bytea *key = PG_GETARG_BYTEA_PP(1);
	Probe *probe = (Probe *) PG_GETARG_POINTER(3);
	Size len = VARSIZE_ANY_EXHDR(begin), keylen = VARSIZE_ANY_EXHDR(key);
	DtcNameHit hit;

	if (keylen < len || memcmp(VARDATA_ANY(begin), VARDATA_ANY(key), len) != 0)
		PG_RETURN_INT32(1);
	switch (dtc_name_probe_takes(probe->query, probe->number,
								 (uint8_t *) VARDATA_ANY(key), keylen, &hit))
	{
		case DTC_TAKEN:
			PG_RETURN_INT32(0);
		case DTC_SKIPPED:
			PG_RETURN_INT32(-1);
		default:
			PG_RETURN_INT32(1);
	}
}

/*
 * _nama_gin_consistent(internal, ...) -> "char": false, or maybe when the row
 * could reach the threshold.
 */
Datum
dtsen__nama_gin_consistent(PG_FUNCTION_ARGS)
{
	GinTernaryValue *check = (GinTernaryValue *) PG_GETARG_POINTER(0);
	int32 n = PG_GETARG_INT32(3);
	Pointer *extra = (Pointer *) PG_GETARG_POINTER(4);

	if (n == 0 || extra == NULL)
		PG_RETURN_GIN_TERNARY_VALUE(GIN_MAYBE);
	PG_RETURN_GIN_TERNARY_VALUE(
		dtc_name_query_may_match(((Probe *) extra[0])->query, check)
			? GIN_MAYBE
			: GIN_FALSE);
}
