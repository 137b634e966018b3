/*
 * journal_protect.c
 *		Triggers of the journal's own tables.
 *
 * journal() puts its rows in below the triggers, so these have nobody to let
 * through but logical replication, and who erases a note or a salt.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/journal_row.h"

DTSEN_FUNCTION(dtsen_journal_only);

/*
 * journal_only(): BEFORE INSERT row trigger of the journal's tables. Refuses
 * every row but those of logical replication; those of journal() do not come
 * here.
 *
 * Errors: 39P01; SE004.
 */
Datum
dtsen_journal_only(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata =
		dtsen_lifecycle_trigger(fcinfo, "journal_only");

	if (!TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ||
		trigdata->tg_trigger->tgnargs != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("journal_only: must be fired before an insert, for "
						"each row, without arguments")));
	if (IsLogicalWorker())
		return PointerGetDatum(trigdata->tg_trigtuple);
	ereport(ERROR,
			(errcode(ERRCODE_DTSEN_IMMUTABLE),
			 errmsg("table \"%s\" is written by the journal trigger only",
					RelationGetRelationName(trigdata->tg_relation))));
}

/*
 * A trigger that lets something of a row be erased: BEFORE UPDATE, for each
 * row, without arguments (39P01).
 */
static const TriggerData *
erasing_trigger(FunctionCallInfo fcinfo, const char *name)
{
	const TriggerData *trigdata = dtsen_lifecycle_trigger(fcinfo, name);

	if (!TRIGGER_FIRED_BEFORE(trigdata->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) ||
		!TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ||
		trigdata->tg_trigger->tgnargs != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("%s: must be fired before an update, for each row, "
						"without arguments",
						name)));
	return trigdata;
}

static int
column_of(const TriggerData *trigdata, const char *trigger, const char *name,
		  Oid type)
{
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	int attno = SPI_fnumber(desc, name);

	if (attno <= 0 || SPI_gettypeid(desc, attno) != type)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("%s: table \"%s\" has no column \"%s\" of the "
							   "right type",
							   trigger,
							   RelationGetRelationName(trigdata->tg_relation),
							   name)));
	return attno;
}

/* Do the rows differ in a column but those four (0: none)? */
static bool
differs_elsewhere(const TriggerData *trigdata, const int *stamped)
{
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);

	for (int i = 1; i <= desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i - 1);
		bool old_null;
		bool new_null;
		Datum before;
		Datum after;

		if (att->attisdropped || i == stamped[0] || i == stamped[1] ||
			i == stamped[2] || i == stamped[3])
			continue;
		before = heap_getattr(trigdata->tg_trigtuple, i, desc, &old_null);
		after = heap_getattr(trigdata->tg_newtuple, i, desc, &new_null);
		if (old_null != new_null ||
			(!old_null &&
			 !datum_image_eq(before, after, att->attbyval, att->attlen)))
			return true;
	}
	return false;
}

DTSEN_FUNCTION(dtsen_note_erase);

/*
 * note_erase(): BEFORE UPDATE row trigger of table journal_note. Lets a note
 * be erased, that is its salt and text be set to NULL together, and stamps
 * when and by whom; refuses any other change.
 *
 * Errors: 39P01; SE004.
 */
Datum
dtsen_note_erase(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata = erasing_trigger(fcinfo, "note_erase");
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	int columns[4];
	Datum values[4] = {0};
	bool nulls[4] = {true, true, false, false};
	NameData login;

	if (IsLogicalWorker())
		return PointerGetDatum(trigdata->tg_newtuple);
	columns[0] = column_of(trigdata, "note_erase", "salt", BYTEAOID);
	columns[1] = column_of(trigdata, "note_erase", "note", TEXTOID);
	columns[2] =
		column_of(trigdata, "note_erase", "erased_at", TIMESTAMPTZOID);
	columns[3] = column_of(trigdata, "note_erase", "erased_by", NAMEOID);
	if (heap_attisnull(trigdata->tg_trigtuple, columns[0], desc) ||
		!heap_attisnull(trigdata->tg_newtuple, columns[0], desc) ||
		!heap_attisnull(trigdata->tg_newtuple, columns[1], desc) ||
		differs_elsewhere(trigdata, columns))
		ereport(ERROR,
				(errcode(ERRCODE_DTSEN_IMMUTABLE),
				 errmsg("rows of table \"%s\" cannot change",
						RelationGetRelationName(trigdata->tg_relation)),
				 errhint("A note can be erased: dtsen.erase_notes().")));
	namestrcpy(&login, GetUserNameFromId(GetOuterUserId(), false));
	values[2] = TimestampTzGetDatum(GetCurrentTimestamp());
	values[3] = NameGetDatum(&login);
	return PointerGetDatum(heap_modify_tuple_by_cols(
		trigdata->tg_newtuple, desc, 4, columns, values, nulls));
}

/* Are salts those that were there, but for some that were erased? */
static bool
is_erasure(DtcText before, DtcText after, int entries)
{
	DtcCompress compress = dtsen_journal_compress();
	DtcSalts kind =
		before.len == DTC_SALT_BYTES ? DTC_SALTS_SEED : DTC_SALTS_SINGLE;
	static const uint8 erased[DTC_SALT_BYTES] = {0};

	if (entries < 1 || entries > DTC_BLOCK_ENTRIES ||
		after.len != 1 + (Size) entries * DTC_SALT_BYTES ||
		after.data[0] != DTC_SALTS_SINGLE ||
		(kind == DTC_SALTS_SINGLE && before.len != after.len))
		return false;
	for (int i = 0; i < entries; i++)
	{
		uint8 salt[DTC_SALT_BYTES];
		const char *now = after.data + 1 + i * DTC_SALT_BYTES;

		(void) dtc_salt_at(compress, kind, before, i, salt);
		if (memcmp(now, salt, DTC_SALT_BYTES) != 0 &&
			memcmp(now, erased, DTC_SALT_BYTES) != 0)
			return false;
	}
	return true;
}

static DtcText
bytes_at(HeapTuple tuple, TupleDesc desc, int attno)
{
	DtcText result = {"", 0};
	bool isnull;
	Datum value = heap_getattr(tuple, attno, desc, &isnull);

	if (!isnull)
	{
		struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);

		result.data = VARDATA_ANY(packed);
		result.len = VARSIZE_ANY_EXHDR(packed);
	}
	return result;
}

DTSEN_FUNCTION(dtsen_salt_erase);

/*
 * salt_erase(): BEFORE UPDATE row trigger of table journal_block. Lets salts of
 * entries be erased, and refuses any other change.
 *
 * Errors: 39P01; SE004.
 */
Datum
dtsen_salt_erase(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata = erasing_trigger(fcinfo, "salt_erase");
	TupleDesc desc = RelationGetDescr(trigdata->tg_relation);
	int columns[4] = {0};
	int entries;
	bool isnull;

	if (IsLogicalWorker())
		return PointerGetDatum(trigdata->tg_newtuple);
	columns[0] = column_of(trigdata, "salt_erase", "salt", BYTEAOID);
	entries = DatumGetInt32(heap_getattr(
		trigdata->tg_trigtuple,
		column_of(trigdata, "salt_erase", "entries", INT4OID), desc, &isnull));
	if (isnull || differs_elsewhere(trigdata, columns) ||
		!is_erasure(bytes_at(trigdata->tg_trigtuple, desc, columns[0]),
					bytes_at(trigdata->tg_newtuple, desc, columns[0]),
					entries))
		ereport(ERROR, (errcode(ERRCODE_DTSEN_IMMUTABLE),
						errmsg("rows of table \"%s\" cannot change",
							   RelationGetRelationName(trigdata->tg_relation)),
						errhint("What entries say of a row can be erased: "
								"dtsen.erase_content().")));
	return PointerGetDatum(trigdata->tg_newtuple);
}
