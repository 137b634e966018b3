/*
 * name.h
 *		The type nama: layout of a value and what the files of src/name share.
 */
#ifndef DTSEN_NAME_H
#define DTSEN_NAME_H

#include "fmgr.h"
#include "nodes/nodes.h"
#include "nodes/pg_list.h"

#include "core/name.h"
#include "core/name_keys.h"

/*
 * A value after its varlena header, bytes only, so that it needs no alignment
 * and is the same on every machine (docs/formats.md):
 *
 *	 version, flags, number of tokens, length of folded (low, high byte),
 *	 four bytes a token (id low, id high, info, weight), folded, original
 */
#define DT_NAMA_HEADER 5
#define DT_NAMA_TOKEN 4

typedef struct varlena DtNama;

#define DatumGetNamaPP(d) ((DtNama *) PG_DETOAST_DATUM_PACKED(d))
#define PG_GETARG_NAMA_PP(n) DatumGetNamaPP(PG_GETARG_DATUM(n))

/* Pointers into a value. */
typedef struct DtNamaParts
{
	DtcNameView view; /* what comparing needs */
	const char *text; /* as written */
	int textlen;
	DtNama *fresh; /* what was made by folding again, or NULL */
} DtNamaParts;

/* nama.c */
extern DtNama *dtsen_nama_make(const char *text, int len, int sqlstate,
							   Node *escontext);
extern void dtsen_nama_parts(const DtNama *value, DtNamaParts *parts);
extern void dtsen_nama_stored_parts(const DtNama *value, DtNamaParts *parts);
extern void dtsen_nama_release(DtNamaParts *parts);
extern char *dtsen_nama_from_utf8(char *str);
extern bool dtsen_nama_parse(const char *text, int len, DtcName *name);
extern bool dtsen_nama_words(const DtNamaParts *parts, DtcName *name);

/* nama_model.c */
extern const DtcNameModel *dtsen_nama_model(FunctionCallInfo fcinfo, int arg,
											int *rows);
/*
 * A search, the type nama_query, after its varlena header: version, threshold
 * (8 bytes, a double in the machine's order), then what follows the varlena
 * header of the name.
 */
#define DT_NAMA_QUERY_VERSION 1
#define DT_NAMA_QUERY_HEADER 9

typedef struct varlena DtNamaQuery;

#define DatumGetNamaQueryPP(d) ((DtNamaQuery *) PG_DETOAST_DATUM_PACKED(d))
#define PG_GETARG_NAMA_QUERY_PP(n) DatumGetNamaQueryPP(PG_GETARG_DATUM(n))

/* nama_query.c */
extern DtNamaQuery *dtsen_nama_query_make(const DtNama *name,
										  double threshold);
extern DtNama *dtsen_nama_query_name(const DtNamaQuery *query,
									 double *threshold);
extern bool dtsen_nama_is_threshold(double threshold);
extern void dtsen_nama_check_threshold(double threshold);

/* nama_gin.c */
extern DtcNameQuery *dtsen_nama_search(const DtNama *name, double threshold);
extern double dtsen_nama_bounded_from(const DtNama *name, double low,
									  double high);

/* nama_support.c */
extern Oid dtsen_nama_function(const char *name, int nargs, const Oid *types);

/* nama_sel.c */
struct PlannerInfo;
struct SpecialJoinInfo;
extern double dtsen_nama_selectivity(struct PlannerInfo *root, List *args,
									 double threshold, bool is_join,
									 int varRelid,
									 struct SpecialJoinInfo *sjinfo);
extern const DtcNameModel *dtsen_nama_model_kept(FunctionCallInfo fcinfo,
												 int arg, void **kept,
												 int *rows);

/* nama_validate.c; strategies of an operator class of dtsen_nama */
#define STRATEGY_SIMILAR 1
#define STRATEGY_QUERY 2
#define STRATEGY_DISTANCE 3
extern bool dtsen_nama_validate(Oid opclass);

#endif /* DTSEN_NAME_H */
