/*
 * nama_insert.c
 *		Insertion into an index of access method dtsen_nama with assertions.
 *
 * GIN's macros assert that an index is of access method gin before they read
 * its options. The options of this one are the same. A server without
 * assertions calls GIN itself.
 */
#include "postgres.h"

#include "access/gin_private.h"
#include "catalog/pg_am_d.h"
#include "nodes/execnodes.h"
#include "utils/rel.h"

#include "name/nama_near.h"

/*
 * What GIN would look up in the catalogs is looked up here, and names are
 * fetched from TOAST: that may read the entry of the index in pg_class anew,
 * and nothing behind it does.
 */
bool
dtsen_nama_insert(Relation index, Datum *values, bool *isnull, ItemPointer tid,
				  Relation heap, IndexUniqueCheck check, bool unchanged,
				  IndexInfo *info)
{
	Datum name[INDEX_MAX_KEYS];
	Oid am = index->rd_rel->relam;
	volatile bool result = false;

	if (info->ii_AmCache == NULL)
	{
		GinState *state =
			MemoryContextAlloc(info->ii_Context, sizeof(GinState));
		MemoryContext old = MemoryContextSwitchTo(info->ii_Context);

		initGinState(state, index);
		MemoryContextSwitchTo(old);
		info->ii_AmCache = state;
	}
	for (int i = 0; i < info->ii_NumIndexAttrs; i++)
		name[i] =
			isnull[i] ? (Datum) 0 : PointerGetDatum(DatumGetNamaPP(values[i]));
	index->rd_rel->relam = GIN_AM_OID;
	PG_TRY();
	{
		result =
			gininsert(index, name, isnull, tid, heap, check, unchanged, info);
	}
	PG_CATCH();
	{
		index->rd_rel->relam = am;
		PG_RE_THROW();
	}
	PG_END_TRY();
	index->rd_rel->relam = am;
	return result;
}
