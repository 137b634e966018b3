/*
 * journal_store.c
 *		The tables of the journal, row by row.
 *
 * Rows are put in without an executor, and so without the triggers that refuse
 * everybody else's: for a statement that changes one row the rest of a query
 * would cost more than all else that the journal does. What the table must be
 * for that is checked here.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "utils/rel.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/journal.h"

typedef struct Column
{
	const char *name;
	Oid type;
} Column;

static const Column block_columns[DT_BLOCK_COLUMNS] = {
	{"machine", TEXTOID},   {"chain", TEXTOID},   {"seq", INT8OID},
	{"entries", INT4OID},   {"keys", INT8OID},    {"body", BYTEAOID},
	{"previous", BYTEAOID}, {"digest", BYTEAOID}, {"salt", BYTEAOID}};

static const Column note_columns[] = {{"machine", TEXTOID},
									  {"chain", TEXTOID},
									  {"seq", INT8OID},
									  {"salt", BYTEAOID},
									  {"note", TEXTOID}};

static const Column columns_columns[] = {
	{"digest", BYTEAOID}, {"names", TEXTARRAYOID}, {"types", TEXTARRAYOID}};

static const Column attached_columns[] = {{"machine", TEXTOID},
										  {"number", INT4OID},
										  {"attached_at", TIMESTAMPTZOID},
										  {"attached_by", NAMEOID},
										  {"arguments", TEXTARRAYOID}};

static void
refuse_table(Relation rel, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_DTSEN_JOURNAL),
			 errmsg("table \"%s\" is not as dtsen.create_lifecycle() makes it",
					RelationGetRelationName(rel)),
			 errdetail("%s", dtsen_gettext(why))));
}

static void
find_columns(DtStore *store, const Column *columns, int n)
{
	TupleDesc desc = RelationGetDescr(store->rel);
	int given = 0;

	store->ncolumns = n;
	memset(store->column, 0, sizeof(store->column));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		int j = 0;

		if (att->attisdropped)
			continue;
		while (j < n && strcmp(NameStr(att->attname), columns[j].name) != 0)
			j++;
		if (j < n && att->atttypid == columns[j].type)
		{
			store->column[j] = att->attnum;
			given += j != DT_BLOCK_SALT ? 1 : 0;
		}
		else if (att->attnotnull)
			refuse_table(store->rel, "It has another column that must not be "
									 "null.");
	}
	/* a journal made by an earlier version has no salts */
	if (given < Min(n, DT_BLOCK_SALT))
		refuse_table(store->rel, "A column is missing or of another type.");
}

static bool
has_keys(const Form_pg_index index, const DtStore *store, int n,
		 const DtBlockColumn *columns)
{
	if (index->indnkeyatts != n || !index->indisvalid)
		return false;
	for (int i = 0; i < n; i++)
	{
		if (index->indkey.values[i] != store->column[columns[i]])
			return false;
	}
	return true;
}

static void
open_index(DtStore *store, Relation index)
{
	static const DtBlockColumn by_chain[] = {DT_BLOCK_MACHINE, DT_BLOCK_CHAIN,
											 DT_BLOCK_SEQ};
	static const DtBlockColumn by_key[] = {DT_BLOCK_KEYS};
	Form_pg_index form = index->rd_index;
	IndexInfo *info;
	bool simple =
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indexprs, NULL);

	if (store->nindexes == DT_STORE_INDEXES)
		refuse_table(store->rel, "It has too many indexes.");
	if (form->indisexclusion || (form->indisunique && !form->indimmediate))
		refuse_table(store->rel, "It has a deferrable or exclusion "
								 "constraint.");
	if (simple && store->ncolumns == DT_BLOCK_COLUMNS &&
		index->rd_rel->relam == BTREE_AM_OID)
	{
		if (form->indisprimary && has_keys(form, store, 3, by_chain))
			store->pkey = RelationGetRelid(index);
		else if (has_keys(form, store, 1, by_key))
			store->key_index = RelationGetRelid(index);
	}
	if (store->lockmode == AccessShareLock)
		return;
	if (simple)
	{
		info = makeNode(IndexInfo);
		info->ii_NumIndexAttrs = form->indnatts;
		info->ii_NumIndexKeyAttrs = form->indnkeyatts;
		for (int i = 0; i < form->indnatts; i++)
			info->ii_IndexAttrNumbers[i] = form->indkey.values[i];
		info->ii_Unique = form->indisunique;
		info->ii_ReadyForInserts = form->indisready;
		info->ii_Am = index->rd_rel->relam;
		info->ii_Context = CurrentMemoryContext;
	}
	else
	{
		info = BuildIndexInfo(index);
		if (store->estate == NULL)
			store->estate = CreateExecutorState();
	}
	store->simple[store->nindexes] = simple;
	store->info[store->nindexes] = info;
	store->index[store->nindexes++] = index;
}

/*
 * Opens a table of the journal. lockmode: AccessShareLock to
 * read, RowExclusiveLock to add.
 *
 * Errors: SE005 the table is not as the template has it.
 */
void
dtsen_journal_open(DtStore *store, Oid relid, DtStoreKind kind,
				   LOCKMODE lockmode)
{
	ListCell *cell;
	List *indexes;

	memset(store, 0, sizeof(*store));
	store->lockmode = lockmode;
	store->rel = table_open(relid, lockmode);
	if (store->rel->rd_rel->relkind != RELKIND_RELATION)
		refuse_table(store->rel, "It is no ordinary table.");
	if (kind == DT_STORE_NOTES)
		find_columns(store, note_columns, lengthof(note_columns));
	else if (kind == DT_STORE_COLUMNS)
		find_columns(store, columns_columns, lengthof(columns_columns));
	else if (kind == DT_STORE_ATTACHED)
		find_columns(store, attached_columns, lengthof(attached_columns));
	else
		find_columns(store, block_columns, lengthof(block_columns));
	indexes = RelationGetIndexList(store->rel);
	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), lockmode);

		open_index(store, index);
		if (lockmode == AccessShareLock)
			index_close(index, NoLock);
	}
	list_free(indexes);
	if (kind == DT_STORE_BLOCKS &&
		(store->pkey == InvalidOid || store->key_index == InvalidOid))
		refuse_table(store->rel, "Its primary key, or the index of column "
								 "keys, is missing.");
	if (lockmode != AccessShareLock)
		store->slot = MakeSingleTupleTableSlot(RelationGetDescr(store->rel),
											   &TTSOpsVirtual);
}

static void
insert_into_index(DtStore *store, int i)
{
	TupleTableSlot *slot = store->slot;
	IndexInfo *info = store->info[i];
	Datum values[INDEX_MAX_KEYS];
	bool nulls[INDEX_MAX_KEYS];

	if (!info->ii_ReadyForInserts)
		return;
	if (store->simple[i])
	{
		for (int k = 0; k < info->ii_NumIndexAttrs; k++)
		{
			AttrNumber attno = info->ii_IndexAttrNumbers[k];

			values[k] = slot->tts_values[attno - 1];
			nulls[k] = slot->tts_isnull[attno - 1];
		}
	}
	else
	{
		GetPerTupleExprContext(store->estate)->ecxt_scantuple = slot;
		if (info->ii_Predicate != NIL)
		{
			if (info->ii_PredicateState == NULL)
				info->ii_PredicateState =
					ExecPrepareQual(info->ii_Predicate, store->estate);
			if (!ExecQual(info->ii_PredicateState,
						  GetPerTupleExprContext(store->estate)))
				return;
		}
		FormIndexDatum(info, slot, store->estate, values, nulls);
	}
	index_insert(store->index[i], values, nulls, &slot->tts_tid, store->rel,
				 info->ii_Unique ? UNIQUE_CHECK_YES : UNIQUE_CHECK_NO, false,
				 info);
}

/*
 * Adds a row; values in the order of the table's columns as named above. A
 * block without a salt has 0 there.
 */
void
dtsen_journal_insert(DtStore *store, Datum *values)
{
	TupleTableSlot *slot = store->slot;
	int natts = slot->tts_tupleDescriptor->natts;

	ExecClearTuple(slot);
	memset(slot->tts_isnull, true, natts * sizeof(bool));
	for (int i = 0; i < store->ncolumns; i++)
	{
		if (i == DT_BLOCK_SALT && values[i] == 0)
			continue;
		slot->tts_values[store->column[i] - 1] = values[i];
		slot->tts_isnull[store->column[i] - 1] = false;
	}
	ExecStoreVirtualTuple(slot);
	simple_table_tuple_insert(store->rel, slot);
	for (int i = 0; i < store->nindexes; i++)
		insert_into_index(store, i);
	if (store->estate != NULL)
		ResetPerTupleExprContext(store->estate);
}

/* Closes a table; a lock to add is kept to the end of the transaction. */
void
dtsen_journal_close(DtStore *store)
{
	for (int i = 0; i < store->nindexes; i++)
	{
		dtsen_index_insert_cleanup(store->index[i], store->info[i]);
		index_close(store->index[i], NoLock);
	}
	if (store->slot != NULL)
		ExecDropSingleTupleTableSlot(store->slot);
	if (store->estate != NULL)
		FreeExecutorState(store->estate);
	table_close(store->rel,
				store->lockmode == AccessShareLock ? AccessShareLock : NoLock);
}

static DtcText
bytes_of(Datum value)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);
	DtcText result;

	result.data = VARDATA_ANY(packed);
	result.len = VARSIZE_ANY_EXHDR(packed);
	return result;
}

/*
 * A row of journal_block, which lives as long as the tuple and the current
 * memory context. False: it holds null, or a digest that is none.
 */
bool
dtsen_journal_tuple(const DtStore *store, HeapTuple tuple, DtBlock *block)
{
	Datum values[DT_BLOCK_COLUMNS];
	DtcText previous;
	DtcText digest;

	memset(block, 0, sizeof(*block));
	for (int i = 0; i < DT_BLOCK_COLUMNS; i++)
	{
		bool isnull;

		if (i == DT_BLOCK_SALT && store->column[i] == 0)
			continue;
		values[i] = heap_getattr(tuple, store->column[i],
								 RelationGetDescr(store->rel), &isnull);
		if (i == DT_BLOCK_SALT && !isnull)
			block->salt = bytes_of(values[i]);
		else if (i != DT_BLOCK_SALT && isnull)
			return false;
	}
	block->machine = bytes_of(values[DT_BLOCK_MACHINE]);
	block->chain = bytes_of(values[DT_BLOCK_CHAIN]);
	block->seq = DatumGetInt64(values[DT_BLOCK_SEQ]);
	block->entries = DatumGetInt32(values[DT_BLOCK_ENTRIES]);
	block->keys = DatumGetInt64(values[DT_BLOCK_KEYS]);
	block->body = bytes_of(values[DT_BLOCK_BODY]);
	previous = bytes_of(values[DT_BLOCK_PREVIOUS]);
	digest = bytes_of(values[DT_BLOCK_DIGEST]);
	block->previous = (const uint8 *) previous.data;
	block->digest = (const uint8 *) digest.data;
	return previous.len == DTC_SHA256_BYTES && digest.len == DTC_SHA256_BYTES;
}
