/*
 * identity.h
 *		What the files of the identity types share.
 *
 * nik, nkk and kode_wilayah are bigint underneath (LIKE = bigint), by value
 * where bigint is: comparison, sorting and hashing are bigint's own functions
 * under names of ours.
 */
#ifndef DTSEN_IDENTITY_H
#define DTSEN_IDENTITY_H

#include "fmgr.h"
#include "nodes/pathnodes.h"

#include "core/digits.h"

#define DatumGetNik(X) DatumGetInt64(X)
#define NikGetDatum(X) Int64GetDatum(X)
#define PG_GETARG_NIK(n) PG_GETARG_INT64(n)
#define PG_RETURN_NIK(x) PG_RETURN_INT64(x)

#define PG_GETARG_KODE(n) PG_GETARG_INT64(n)
#define PG_RETURN_KODE(x) PG_RETURN_INT64(x)

/* number16.c: what nik and nkk have in common */
extern Datum dtsen_number16_in(FunctionCallInfo fcinfo, const char *type);
extern Datum dtsen_number16_out(int64 value);
extern Datum dtsen_number16_recv(FunctionCallInfo fcinfo, const char *type);
extern Datum dtsen_number16_from_bigint(int64 value, const char *type);
extern bool dtsen_number16_clean(Datum text_datum, int64_t *value);
extern bool dtsen_number16_test(Datum text_datum);
extern const char *dtsen_number16_fault(Datum text_datum);

/* range_support.c */
extern Node *dtsen_identity_bigint_compare(int strategy, Node *left,
										   Node *right);
extern Node *dtsen_identity_call(const char *name, List *args);
extern Oid dtsen_identity_equality(Oid type);
extern double dtsen_identity_join_share(double pairs,
										const SpecialJoinInfo *sjinfo,
										const RelOptInfo *inner);

/* nik_fuzzy.c */
extern Datum dtsen_nik_array(FunctionCallInfo fcinfo, int64_t *keys,
							 int count);

/* nik_sel.c */
extern double dtsen_nik_selectivity(PlannerInfo *root, List *args, int k,
									bool is_join, int varRelid,
									SpecialJoinInfo *sjinfo);

/* nik_ball.c */
extern int64 dtsen_nik_ball_nik(Datum ball);
extern int dtsen_nik_ball_radius(Datum ball);

/* strategies of nik_spgist_ops */
#define STRATEGY_EQUAL 1
#define STRATEGY_IN_BALL 2
#define STRATEGY_DISTANCE 3

#endif /* DTSEN_IDENTITY_H */
