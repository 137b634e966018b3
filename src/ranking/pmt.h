/*
 * pmt.h
 *		Proxy means test: a model as data, compiled once a query.
 *
 * pmt_model.c	reads and checks a model (jsonb)
 * pmt_family.c	values of a family, and the model of its region
 * pmt.c		the score and its explanation
 *
 * docs/pmt.md describes the model.
 */
#ifndef DTSEN_PMT_H
#define DTSEN_PMT_H

#include "access/htup.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

typedef enum DtPmtKind
{
	PMT_NUMBER,
	PMT_BOOLEAN,
	PMT_CATEGORY
} DtPmtKind;

typedef enum DtPmtTransform
{
	PMT_PLAIN,
	PMT_LOG,
	PMT_SQUARE
} DtPmtTransform;

#define PMT_NO_LEVEL (-1)
#define PMT_REGION_DIGITS 10 /* of a village's code, the longest */

typedef struct DtPmtName
{
	char *text;
	int length;
} DtPmtName;

typedef struct DtPmtVariable
{
	DtPmtName name;
	DtPmtKind kind;
	bool has_default;
	double default_number;
	int default_level; /* of a category: for a missing value, */
	int unknown_level; /* for one that is no level; or PMT_NO_LEVEL */
	int level_count;
	DtPmtName *level;
} DtPmtVariable;

typedef struct DtPmtFactor
{
	int variable;
	DtPmtTransform transform;
	int level; /* 1 at this level, else 0; or PMT_NO_LEVEL */
} DtPmtFactor;

/* A term: coefficient times all factors, or a coefficient for each level. */
typedef struct DtPmtTerm
{
	int factor_count;
	DtPmtFactor *factor;
	double coefficient;
	double *by_level; /* of the one factor's variable, or NULL */
} DtPmtTerm;

/* The model of a group of regions. */
typedef struct DtPmtRegion
{
	DtPmtName name;
	int prefix_count; /* 0: every region that has no other model */
	DtPmtName *prefix;
	double intercept;
	int term_count;
	DtPmtTerm *term;
	int used_count;
	int *used; /* variables that the terms use */
} DtPmtRegion;

typedef struct DtPmtModel
{
	DtPmtName version;
	bool is_log;       /* the terms add up to the logarithm of rupiah */
	bool give_rupiah;  /* the score is in rupiah */
	DtPmtName wilayah; /* column with the region's code; text NULL if none */
	int variable_count;
	DtPmtVariable *variable;
	int region_count;
	DtPmtRegion *region;
} DtPmtModel;

/* What is wrong with a model, and where. */
typedef struct DtPmtProblem
{
	char *path;
	char *text;
} DtPmtProblem;

/* A value of a family, as the model sees it. */
typedef struct DtPmtValue
{
	double number;
	int level;
	bool defaulted; /* it was missing, or no level of the model */
} DtPmtValue;

typedef struct DtPmtColumns DtPmtColumns;

/* One family: a jsonb object or a row. */
typedef struct DtPmtFamily
{
	const DtPmtModel *model;
	JsonbContainer *object;
	const DtPmtColumns *columns;
} DtPmtFamily;

/* pmt_model.c */
extern DtPmtModel *dtsen_pmt_compile(Jsonb *json, List **problems);

/* pmt_family.c */
extern void dtsen_pmt_read_object(const DtPmtModel *model, Jsonb *json,
								  DtPmtFamily *family);
extern void dtsen_pmt_read_row(const DtPmtModel *model, HeapTupleHeader row,
							   MemoryContext context, DtPmtColumns **kept,
							   DtPmtFamily *family);
extern const DtPmtRegion *dtsen_pmt_read_values(const DtPmtFamily *family,
												DtPmtValue *values);
_Noreturn extern void dtsen_pmt_refuse_kind(const DtPmtVariable *variable,
											const char *kind);

#endif /* DTSEN_PMT_H */
