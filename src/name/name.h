/*
 * name.h
 *		The type nama: layout of a value and what the files of src/name share.
 */
#ifndef DTSEN_NAME_H
#define DTSEN_NAME_H

#include "fmgr.h"
#include "nodes/nodes.h"

#include "core/name.h"

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
} DtNamaParts;

/* nama.c */
extern DtNama *dtsen_nama_make(const char *text, int len, int sqlstate,
							   Node *escontext);
extern DtNama *dtsen_nama_try(const char *text, int len);
extern void dtsen_nama_parts(const DtNama *value, DtNamaParts *parts);
extern char *dtsen_nama_from_utf8(char *str);
extern bool dtsen_nama_parse(const char *text, int len, DtcName *name);

/* nama_model.c */
extern const DtcNameModel *dtsen_nama_model(FunctionCallInfo fcinfo, int arg,
											int *rows);
extern const DtcNameModel *dtsen_nama_model_kept(FunctionCallInfo fcinfo,
												 int arg, void **kept,
												 int *rows);

#endif /* DTSEN_NAME_H */
