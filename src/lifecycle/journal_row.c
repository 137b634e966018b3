/*
 * journal_row.c
 *		The bytes of a row: the same in every session, database and version.
 *
 * A column is what its type's binary send function says, which knows neither
 * DateStyle nor extra_float_digits. Where send functions look at something that
 * is not in the value they are not asked: arrays, composites and what is made
 * of them name the OIDs of types, texts come in the encoding of the client.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/journal_row.h"

typedef enum RowKind
{
	ROW_BOOL,
	ROW_INT2,
	ROW_INT4,
	ROW_INT8,
	ROW_TEXT,
	ROW_SENT,
	ROW_ARRAY,
	ROW_COMPOSITE
} RowKind;

typedef struct DtRowType
{
	RowKind kind;
	FmgrInfo send;
	/* of an array */
	Oid element_oid;
	int16 element_len;
	bool element_byval;
	char element_align;
	struct DtRowType *element;
} DtRowType;

static void
refuse_type(const char *column, Oid type)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("the journal cannot commit to column \"%s\" of type %s",
					column, format_type_be(type)),
			 errdetail("Its binary form holds numbers of this database, or it "
					   "has none."),
			 errhint("Name the columns that it can commit to as "
					 "content_columns of dtsen.attach().")));
}

static RowKind
kind_of(Oid base)
{
	switch (base)
	{
		case BOOLOID:
			return ROW_BOOL;
		case INT2OID:
			return ROW_INT2;
		case INT4OID:
		case DATEOID:
			return ROW_INT4;
		case INT8OID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return ROW_INT8;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return ROW_TEXT;
		default:
			return ROW_SENT;
	}
}

/* How values of a type are read. column: for the message. Errors: 0A000. */
static DtRowType *
row_type(Oid typid, const char *column)
{
	DtRowType *result = palloc0(sizeof(DtRowType));
	Oid base = getBaseType(typid);
	Oid inner = InvalidOid;
	Form_pg_type form;
	HeapTuple tuple;
	bool refused;

	check_stack_depth();
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(base));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", base);
	form = (Form_pg_type) GETSTRUCT(tuple);
	refused = form->typtype == TYPTYPE_PSEUDO ||
			  (form->typnamespace == PG_CATALOG_NAMESPACE &&
			   strncmp(NameStr(form->typname), "reg", 3) == 0);
	result->kind = kind_of(base);
	result->element_oid = get_element_type(base);
	if (OidIsValid(result->element_oid))
	{
		result->kind = ROW_ARRAY;
		get_typlenbyvalalign(result->element_oid, &result->element_len,
							 &result->element_byval, &result->element_align);
		result->element = row_type(result->element_oid, column);
	}
	else if (form->typtype == TYPTYPE_COMPOSITE)
		result->kind = ROW_COMPOSITE;
	else if (form->typtype == TYPTYPE_RANGE)
		inner = get_range_subtype(base);
	else if (form->typtype == TYPTYPE_MULTIRANGE)
		inner = get_range_subtype(get_multirange_range(base));
	if (OidIsValid(inner))
	{
		DtRowType *bound = row_type(inner, column);

		/* what sends a range sends its bounds in their own way */
		refused = refused || bound->kind == ROW_ARRAY ||
				  bound->kind == ROW_COMPOSITE;
	}
	if (result->kind == ROW_SENT)
	{
		refused = refused || !OidIsValid(form->typsend);
		if (!refused)
			fmgr_info(form->typsend, &result->send);
	}
	ReleaseSysCache(tuple);
	if (refused)
		refuse_type(column, typid);
	if (result->kind == ROW_COMPOSITE)
	{
		/* those of its attributes are looked up with each value */
		TupleDesc desc = lookup_rowtype_tupdesc_copy(base, -1);

		for (int i = 0; i < desc->natts; i++)
		{
			Form_pg_attribute att = TupleDescAttr(desc, i);

			if (!att->attisdropped)
				(void) row_type(att->atttypid, column);
		}
	}
	return result;
}

static void put_field(StringInfo out, DtRowType *type, Datum value,
					  bool isnull);

/* Makes room and returns where it begins. */
static uint8 *
room(StringInfo out, Size len)
{
	enlargeStringInfo(out, (int) len);
	return (uint8 *) out->data + out->len;
}

static void
put_bytes(StringInfo out, const char *data, Size len)
{
	DtcText field = {data, len};

	if (len > MaxAllocSize - 16)
		elog(ERROR, "value is too long");
	out->len += (int) dtc_block_put_field(room(out, len + 10), field);
}

static void
put_whole(StringInfo out, uint64 value, int bytes)
{
	uint8 *p = room(out, 9);

	p[0] = (uint8) (bytes + 1);
	for (int i = 0; i < bytes; i++)
		p[i + 1] = (uint8) (value >> (8 * (bytes - 1 - i)));
	out->len += bytes + 1;
}

static void
put_text(StringInfo out, Datum value)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);
	DtText given = {VARDATA_ANY(packed), (int) VARSIZE_ANY_EXHDR(packed),
					false};

	if (GetDatabaseEncoding() == PG_SQL_ASCII)
		put_bytes(out, given.data, given.len);
	else
	{
		DtcText utf8 = dtsen_journal_utf8(given);

		put_bytes(out, utf8.data, utf8.len);
	}
}

/* Dimensions, of each its length and its lower bound, and the elements. */
static void
put_array(StringInfo out, DtRowType *type, Datum value)
{
	ArrayType *array = DatumGetArrayTypeP(value);
	StringInfoData inner;
	Datum *values;
	bool *nulls;
	int n;

	initStringInfo(&inner);
	for (int i = 0; i < ARR_NDIM(array); i++)
	{
		put_whole(&inner, (uint64) ARR_DIMS(array)[i], 4);
		put_whole(&inner, (uint64) ARR_LBOUND(array)[i], 4);
	}
	put_bytes(out, inner.data, inner.len);
	resetStringInfo(&inner);
	deconstruct_array(array, type->element_oid, type->element_len,
					  type->element_byval, type->element_align, &values,
					  &nulls, &n);
	for (int i = 0; i < n; i++)
		put_field(&inner, type->element, values[i], nulls[i]);
	put_bytes(out, inner.data, inner.len);
	pfree(inner.data);
}

static DtcText
utf8_of(const char *name)
{
	DtText given = {name, (int) strlen(name), false};

	return dtsen_journal_utf8(given);
}

/* Name and value of each attribute that is not null. */
static void
put_composite(StringInfo out, Datum value)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(value);
	TupleDesc desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header),
											HeapTupleHeaderGetTypMod(header));
	StringInfoData inner;
	HeapTupleData tuple;

	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	initStringInfo(&inner);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		const char *name = NameStr(att->attname);
		DtcText utf8;
		bool isnull;
		Datum one;

		if (att->attisdropped)
			continue;
		one = heap_getattr(&tuple, i + 1, desc, &isnull);
		if (isnull)
			continue;
		utf8 = utf8_of(name);
		put_bytes(&inner, utf8.data, utf8.len);
		put_field(&inner, row_type(att->atttypid, name), one, false);
	}
	ReleaseTupleDesc(desc);
	put_bytes(out, inner.data, inner.len);
	pfree(inner.data);
}

static void
put_field(StringInfo out, DtRowType *type, Datum value, bool isnull)
{
	bytea *sent;

	if (isnull)
	{
		DtcText none = {NULL, 0};

		out->len += (int) dtc_block_put_field(room(out, 10), none);
		return;
	}
	switch (type->kind)
	{
		case ROW_BOOL:
			put_whole(out, DatumGetBool(value) ? 1 : 0, 1);
			break;
		case ROW_INT2:
			put_whole(out, (uint16) DatumGetInt16(value), 2);
			break;
		case ROW_INT4:
			put_whole(out, (uint32) DatumGetInt32(value), 4);
			break;
		case ROW_INT8:
			put_whole(out, (uint64) DatumGetInt64(value), 8);
			break;
		case ROW_TEXT:
			put_text(out, value);
			break;
		case ROW_SENT:
			sent = SendFunctionCall(&type->send, value);
			put_bytes(out, VARDATA(sent), VARSIZE(sent) - VARHDRSZ);
			pfree(sent);
			break;
		case ROW_ARRAY:
		{
			StringInfoData inner;

			initStringInfo(&inner);
			put_array(&inner, type, value);
			put_bytes(out, inner.data, inner.len);
			pfree(inner.data);
		}
		break;
		case ROW_COMPOSITE:
			check_stack_depth();
			put_composite(out, value);
			break;
	}
}

/* Where values are read from: a slot, or a tuple and its descriptor. */
typedef struct Source
{
	TupleTableSlot *slot;
	HeapTuple tuple;
	TupleDesc desc;
} Source;

static void
put_columns(DtRowColumns *columns, const Source *from)
{
	StringInfo row = &columns->rows[columns->row == &columns->rows[0] ? 1 : 0];
	uint8 prefix[DTC_ROW_PREFIX];

	columns->row = row;
	if (row->maxlen > 65536)
	{
		/* it lives long: no room is kept for one row that was large */
		pfree(row->data);
		row->data =
			MemoryContextAlloc(GetMemoryChunkContext(columns->column), 1024);
		row->maxlen = 1024;
	}
	resetStringInfo(row);
	appendBinaryStringInfo(row, (char *) prefix,
						   (int) dtc_row_prefix(prefix, columns->digest));
	for (int i = 0; i < columns->n; i++)
	{
		AttrNumber attno = columns->column[i].attno;
		bool isnull;
		Datum value =
			from->slot != NULL
				? slot_getattr(from->slot, attno, &isnull)
				: heap_getattr(from->tuple, attno, from->desc, &isnull);

		put_field(row, columns->column[i].type, value, isnull);
	}
}

/*
 * Reads a row into columns->row. What send functions make of texts is in the
 * encoding of the client, which is UTF-8 meanwhile.
 */
static void
read_columns(DtRowColumns *columns, const Source *from)
{
	int wanted =
		GetDatabaseEncoding() == PG_SQL_ASCII ? PG_SQL_ASCII : PG_UTF8;
	int given = pg_get_client_encoding();

	if (!columns->has_sent || given == wanted)
	{
		put_columns(columns, from);
		return;
	}
	if (PrepareClientEncoding(wanted) < 0 || SetClientEncoding(wanted) < 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("conversion between %s and %s is not supported",
					pg_encoding_to_char(wanted), GetDatabaseEncodingName()),
			 errhint("dtsen is for databases whose encoding is UTF8.")));
	PG_TRY();
	{
		put_columns(columns, from);
	}
	PG_FINALLY();
	{
		(void) SetClientEncoding(given);
	}
	PG_END_TRY();
}

static DtcMessage
padded_columns(DtRowColumns *columns)
{
	Size len = columns->row->len;
	DtcMessage result = {0};

	enlargeStringInfo(columns->row, (int) (DTC_SHA256_ROOM(len) - len));
	result.data = (uint8 *) columns->row->data;
	result.blocks = dtc_sha256_pad((uint8 *) columns->row->data, len);
	return result;
}

/*
 * What the digest of a row is of. It is there until the second row from then is
 * read by the same columns. Cost: about 0.3 us; of a type's send function more.
 */
DtcMessage
dtsen_row_read(DtRowColumns *columns, TupleTableSlot *slot)
{
	Source from = {slot, NULL, NULL};

	read_columns(columns, &from);
	return padded_columns(columns);
}

/* The same of a row that is a tuple. */
DtcMessage
dtsen_row_tuple(DtRowColumns *columns, HeapTuple tuple, TupleDesc desc)
{
	Source from = {NULL, tuple, desc};

	read_columns(columns, &from);
	return padded_columns(columns);
}

/*
 * Adds a name, in double quotes if it has a dot or one of these in it: so no
 * two pairs of names read alike. quote_identifier() would also quote the words
 * of SQL, which differ from one version of the server to the next.
 */
static void
add_name(StringInfo out, const char *name)
{
	if (strpbrk(name, ".\"") == NULL)
	{
		appendStringInfoString(out, name);
		return;
	}
	appendStringInfoChar(out, '"');
	for (const char *c = name; *c != '\0'; c++)
	{
		if (*c == '"')
			appendStringInfoChar(out, '"');
		appendStringInfoChar(out, *c);
	}
	appendStringInfoChar(out, '"');
}

static char *
type_name(Oid typid)
{
	HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(typid));
	StringInfoData result;
	char *schema;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", typid);
	schema =
		get_namespace_name(((Form_pg_type) GETSTRUCT(tuple))->typnamespace);
	initStringInfo(&result);
	if (schema != NULL)
		add_name(&result, schema);
	appendStringInfoChar(&result, '.');
	add_name(&result, NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname));
	ReleaseSysCache(tuple);
	return result.data;
}

static int
compare_columns(const void *a, const void *b)
{
	return strcmp(((const DtRowColumn *) a)->name,
				  ((const DtRowColumn *) b)->name);
}

/* Is the column of a list? names: n of them; n < 0: all that are stored. */
static bool
is_wanted(Form_pg_attribute att, int n, char **names)
{
	if (att->attisdropped)
		return false;
	for (int i = 0; i < n; i++)
	{
		if (strcmp(names[i], NameStr(att->attname)) == 0)
			return true;
	}
	return n < 0 && att->attgenerated != 'v';
}

static const char *
missing_name(const DtRowColumns *columns, int n, char **names)
{
	for (int j = 0; j < n; j++)
	{
		int i = 0;

		while (i < columns->n &&
			   strcmp(columns->column[i].name, names[j]) != 0)
			i++;
		if (i == columns->n)
			return names[j];
	}
	return NULL;
}

/*
 * The list of columns of a table, in the order of their names. names: n of
 * them; n < 0: all, but those computed when they are read. wanted: the digest
 * of a list; NULL is returned if it is not that of these columns. cxt: where
 * the list lives.
 *
 * Errors: 0A000 a type that has no bytes of its own; 42703 no such column,
 * unless wanted is given.
 */
DtRowColumns *
dtsen_row_columns(TupleDesc desc, int n, char **names, const uint8 *wanted,
				  MemoryContext cxt)
{
	MemoryContext old = MemoryContextSwitchTo(cxt);
	DtRowColumns *result = palloc0(sizeof(DtRowColumns));
	const char *missing;
	DtcSha256 hash;

	result->column = palloc0(Max(desc->natts, 1) * sizeof(DtRowColumn));
	for (int i = 0; i < 2; i++)
		initStringInfo(&result->rows[i]);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		DtRowColumn *column = &result->column[result->n];

		if (!is_wanted(att, n, names))
			continue;
		column->attno = att->attnum;
		column->name = pstrdup(NameStr(att->attname));
		column->type_name = type_name(att->atttypid);
		column->type_oid = att->atttypid;
		column->type_hash =
			GetSysCacheHashValue1(TYPEOID, ObjectIdGetDatum(att->atttypid));
		result->n++;
	}
	missing = missing_name(result, n, names);
	if (missing != NULL && wanted == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
						errmsg("column \"%s\", which the journal commits to, "
							   "does not exist",
							   missing),
						errhint("Detach the table and attach it again.")));
	qsort(result->column, result->n, sizeof(DtRowColumn), compare_columns);
	dtc_columns_begin(&hash, dtsen_journal_compress());
	for (int i = 0; i < result->n; i++)
		dtc_columns_add(&hash, utf8_of(result->column[i].name),
						utf8_of(result->column[i].type_name));
	dtc_sha256_end(&hash, result->digest);
	if (wanted != NULL &&
		memcmp(result->digest, wanted, DTC_SHA256_BYTES) != 0)
		result = NULL;
	for (int i = 0; result != NULL && i < result->n; i++)
	{
		DtRowColumn *column = &result->column[i];

		column->type = row_type(column->type_oid, column->name);
		result->has_sent = result->has_sent || column->type->kind >= ROW_SENT;
	}
	MemoryContextSwitchTo(old);
	return result;
}
