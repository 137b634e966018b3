/*
 * journal_row.h
 *		The columns of a row that its journal entry commits to.
 */
#ifndef DTSEN_LIFECYCLE_JOURNAL_ROW_H
#define DTSEN_LIFECYCLE_JOURNAL_ROW_H

#include "access/tupdesc.h"
#include "executor/tuptable.h"

#include "core/journal_row.h"
#include "lifecycle/journal.h"

/* One column, or an attribute of a composite one. */
typedef struct DtRowColumn
{
	AttrNumber attno;
	char *name;
	char *type_name;
	Oid type_oid;
	uint32 type_hash; /* of what is known of the type */
	struct DtRowType *type;
} DtRowColumn;

/* A list of columns, and how to read them. */
typedef struct DtRowColumns
{
	int n;
	DtRowColumn *column;
	bool has_sent; /* by a type's own function, which may look at settings */
	Oid known_in;  /* the table journal_columns that has the list, for good */
	uint8 digest[DTC_SHA256_BYTES];
	StringInfo row;         /* of the row at hand, one of these two ... */
	StringInfoData rows[2]; /* ... of which the other has the row before */
} DtRowColumns;

/* journal_row.c */
extern DtRowColumns *dtsen_row_columns(TupleDesc desc, int n, char **names,
									   const uint8 *wanted, MemoryContext cxt);
extern DtcMessage dtsen_row_read(DtRowColumns *columns, TupleTableSlot *slot);
extern DtcMessage dtsen_row_tuple(DtRowColumns *columns, HeapTuple tuple,
								  TupleDesc desc);

/* journal_content.c */
extern void dtsen_row_columns_known(DtRowColumns *columns,
									const DtStore *blocks);

/* attachment.c */
extern const Trigger *dtsen_lifecycle_guard_of(Relation rel,
											   const char *schema,
											   const char *machine);
extern DtRowColumns *dtsen_lifecycle_rows(TupleDesc desc, const Trigger *guard,
										  MemoryContext cxt);

#endif /* DTSEN_LIFECYCLE_JOURNAL_ROW_H */
