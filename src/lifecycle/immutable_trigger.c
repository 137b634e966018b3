/*
 * immutable_trigger.c
 *		immutable(): rows that can never change, of their own or once what
 *		they belong to is published.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_trigger.h"
#include "executor/spi.h"
#include "replication/logicalworker.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "errors.h"
#include "lifecycle/lifecycle.h"

#define LEAST_ARGUMENTS 5 /* of the form with a parent table */

/*
 * The parent table of a trigger, and its last answer. Both are looked up anew
 * in each command. In between the answer holds: the parent row is share-locked,
 * so nobody else can publish it before this transaction ends.
 */
typedef struct Parent
{
	Oid tgoid; /* hash key, must be first */

	uint64 epoch;
	CommandId command;

	Oid parent;
	Oid owner;
	AttrNumber column; /* of the trigger's table */
	Oid coltype;
	Oid idtype;
	int16 idlen;
	bool idbyval;
	char *sql;
	SPIPlanPtr plan;
	Oid plantype; /* of the key that it takes */

	bool known;
	Datum id; /* in cxt */
	bool published;
	MemoryContext cxt;
} Parent;

static HTAB *parents = NULL;

static void
misused(const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					errmsg("immutable: %s", what)));
}

/*
 * Does the table protect its rows so: append-only, or by what they belong to? The
 * trigger of TRUNCATE itself need not say.
 */
static bool
protects_rows(const TriggerData *trigdata, bool by_parent)
{
	const TriggerDesc *all = trigdata->tg_relation->trigdesc;

	for (int i = 0; i < all->numtriggers; i++)
	{
		const Trigger *t = &all->triggers[i];

		if (t->tgfoid == trigdata->tg_trigger->tgfoid &&
			TRIGGER_FOR_ROW(t->tgtype) && (t->tgnargs > 0) == by_parent)
			return true;
	}
	return false;
}

static void
refuse(const TriggerData *trigdata)
{
	const char *hint = gettext_noop("The table is append-only.");

	if (TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event))
	{
		if (trigdata->tg_trigger->tgnargs > 0 || protects_rows(trigdata, true))
			hint = gettext_noop("Rows of it may be published: DELETE those "
								"that are not.");
		else if (!protects_rows(trigdata, false))
			hint = gettext_noop("TRUNCATE asks no trigger of a row: DELETE "
								"those that may go.");
	}
	ereport(ERROR, (errcode(ERRCODE_DTSEN_IMMUTABLE),
					errmsg("rows of table \"%s\" cannot change",
						   RelationGetRelationName(trigdata->tg_relation)),
					errhint("%s", dtsen_gettext(hint))));
}

static void
refuse_published(const TriggerData *trigdata)
{
	char **args = trigdata->tg_trigger->tgargs;

	ereport(ERROR,
			(errcode(ERRCODE_DTSEN_IMMUTABLE),
			 errmsg("rows of table \"%s\" cannot change: they are published",
					RelationGetRelationName(trigdata->tg_relation)),
			 errdetail("The row of table %s that column \"%s\" names is in a "
					   "published state.",
					   args[1], args[0]),
			 errhint("A correction belongs into a later edition.")));
}

static AttrNumber
column_of(Oid relid, const char *name, Oid *type)
{
	AttrNumber attno = get_attnum(relid, name);

	if (attno <= 0)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("immutable: there is no column \"%s\"", name)));
	*type = get_atttype(relid, attno);
	return attno;
}

/* Equality of the key's type, as OPERATOR(schema.name). */
static char *
equality(Oid type)
{
	Oid oid = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(oid));
	Form_pg_operator form;
	char *result;

	if (!HeapTupleIsValid(tuple))
		misused("the key of the parent table has no equality");
	form = (Form_pg_operator) GETSTRUCT(tuple);
	result = psprintf("OPERATOR(%s.%s)",
					  quote_identifier(get_namespace_name(form->oprnamespace)),
					  NameStr(form->oprname));
	ReleaseSysCache(tuple);
	return result;
}

/* The question whether a row of the parent is published, locking that row. */
static char *
question(const Parent *p, const Trigger *trigger)
{
	char **args = trigger->tgargs;
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql,
					 "SELECT p.%s::pg_catalog.text OPERATOR(pg_catalog.=) ANY "
					 "(ARRAY[",
					 quote_identifier(args[3]));
	for (int i = LEAST_ARGUMENTS - 1; i < trigger->tgnargs; i++)
		appendStringInfo(&sql, "%s%s::pg_catalog.text",
						 i >= LEAST_ARGUMENTS ? ", " : "",
						 quote_literal_cstr(args[i]));
	appendStringInfo(&sql, "]) FROM %s AS p WHERE p.%s %s $1 FOR SHARE OF p",
					 quote_qualified_identifier(
						 get_namespace_name(get_rel_namespace(p->parent)),
						 get_rel_name(p->parent)),
					 quote_identifier(args[2]), equality(p->idtype));
	return sql.data;
}

/* Resolves the arguments; the plan stays if the question is still the same. */
static void
resolve(Parent *p, const TriggerData *trigdata)
{
	const Trigger *trigger = trigdata->tg_trigger;
	char **args = trigger->tgargs;
	List *names = dtsen_qualified_name_list(args[1]);
	HeapTuple tuple;
	char *sql;

	if (list_length(names) != 2)
		misused("the parent table must be written as schema.table");
	p->parent =
		RangeVarGetRelid(makeRangeVarFromNameList(names), NoLock, false);
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(p->parent));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", p->parent);
	p->owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	dtsen_lifecycle_check_owner(trigdata->tg_relation->rd_rel->relowner,
								p->owner);
	p->column = column_of(RelationGetRelid(trigdata->tg_relation), args[0],
						  &p->coltype);
	(void) column_of(p->parent, args[2], &p->idtype);
	get_typlenbyval(p->idtype, &p->idlen, &p->idbyval);
	sql = question(p, trigger);
	/* the key may have got another type, whose operator is called the same */
	if (p->sql == NULL || strcmp(p->sql, sql) != 0 || p->plantype != p->idtype)
	{
		char *before = p->sql;

		if (p->plan != NULL)
			SPI_freeplan(p->plan);
		p->plan = NULL;
		p->sql = MemoryContextStrdup(p->cxt, sql);
		p->plantype = p->idtype;
		if (before != NULL)
			pfree(before);
	}
}

/* The context of what is kept lives as long as the session: nothing stays. */
static void
forget_answer(Parent *p)
{
	if (p->known && !p->idbyval)
		pfree(DatumGetPointer(p->id));
	p->known = false;
}

static Parent *
find_parent(const TriggerData *trigdata)
{
	CommandId command = GetCurrentCommandId(false);
	uint64 epoch = dtsen_lifecycle_epoch();
	Parent *p;
	bool found;

	if (parents == NULL)
	{
		HASHCTL ctl;

		dtsen_lifecycle_init();
		ctl.keysize = sizeof(Oid);
		ctl.entrysize = sizeof(Parent);
		parents =
			hash_create("dtsen parents", 16, &ctl, HASH_ELEM | HASH_BLOBS);
	}
	p = hash_search(parents, &trigdata->tg_trigger->tgoid, HASH_ENTER, &found);
	if (!found)
	{
		memset((char *) p + sizeof(Oid), 0, sizeof(*p) - sizeof(Oid));
		p->epoch = epoch - 1;
	}
	if (p->cxt == NULL)
		p->cxt = AllocSetContextCreate(CacheMemoryContext, "dtsen parent",
									   ALLOCSET_SMALL_SIZES);
	if (p->epoch != epoch || p->command != command)
	{
		forget_answer(p);
		p->epoch = epoch - 1; /* unless resolve() succeeds */
		resolve(p, trigdata);
		p->epoch = epoch;
		p->command = command;
	}
	return p;
}

static bool
ask(Parent *p, Datum id)
{
	DtScope scope;
	bool published = false;
	int rc;

	dtsen_lifecycle_enter(p->owner, &scope);
	SPI_connect();
	if (p->plan == NULL)
	{
		SPIPlanPtr plan = SPI_prepare(p->sql, 1, &p->idtype);

		if (plan == NULL)
			elog(ERROR, "SPI_prepare: %s", SPI_result_code_string(SPI_result));
		SPI_keepplan(plan);
		p->plan = plan;
	}
	rc = SPI_execute_plan(p->plan, &id, NULL, false, 0);
	if (rc != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan: %s", SPI_result_code_string(rc));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool isnull;
		Datum value = SPI_getbinval(SPI_tuptable->vals[i],
									SPI_tuptable->tupdesc, 1, &isnull);

		published = published || (!isnull && DatumGetBool(value));
	}
	SPI_finish();
	dtsen_lifecycle_leave(&scope);
	return published;
}

/* Does the row belong to something that is published? */
static bool
is_published(Parent *p, const TriggerData *trigdata, HeapTuple tuple)
{
	bool isnull;
	Datum id = heap_getattr(tuple, p->column,
							RelationGetDescr(trigdata->tg_relation), &isnull);
	MemoryContext old;

	if (isnull)
		return false;
	if (p->coltype != p->idtype)
	{
		Oid output;
		Oid input;
		Oid ioparam;
		bool is_varlena;

		getTypeOutputInfo(p->coltype, &output, &is_varlena);
		getTypeInputInfo(p->idtype, &input, &ioparam);
		id = OidInputFunctionCall(input, OidOutputFunctionCall(output, id),
								  ioparam, -1);
	}
	if (p->known && datum_image_eq(p->id, id, p->idbyval, p->idlen))
		return p->published;

	forget_answer(p);
	p->published = ask(p, id);
	old = MemoryContextSwitchTo(p->cxt);
	p->id = datumCopy(id, p->idbyval, p->idlen);
	MemoryContextSwitchTo(old);
	p->known = true;
	/* asking was a command of its own */
	p->command = GetCurrentCommandId(false);
	return p->published;
}

static HeapTuple
check_parent(const TriggerData *trigdata)
{
	Parent *p = find_parent(trigdata);

	if (is_published(p, trigdata, trigdata->tg_trigtuple))
		refuse_published(trigdata);
	if (!TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event))
		return trigdata->tg_trigtuple;
	if (is_published(p, trigdata, trigdata->tg_newtuple))
		refuse_published(trigdata);
	return trigdata->tg_newtuple;
}

DTSEN_FUNCTION(dtsen_immutable);

/*
 * immutable() or immutable(column, parent table, parent's key, parent's state
 * column, published states...): BEFORE trigger, of rows, or of TRUNCATE.
 *
 * Without arguments the table is append-only: UPDATE and DELETE of any row are
 * refused, and INSERT passes. With arguments INSERT, UPDATE and DELETE are
 * refused for rows whose column names a row of the parent ("schema.table")
 * that is in one of the states; rows of other parents change freely, and until
 * they commit nobody can publish their parent. A row whose column is NULL
 * belongs to no parent. TRUNCATE is refused either way. Apply workers of
 * logical replication pass.
 *
 * Errors: 39P01 attached wrongly; SE004; 42501 if the table's owner is not
 * also the parent's. Cost: a query for each parent and command.
 */
Datum
dtsen_immutable(PG_FUNCTION_ARGS)
{
	const TriggerData *trigdata = dtsen_lifecycle_trigger(fcinfo, "immutable");
	int nargs = trigdata->tg_trigger->tgnargs;

	if (!TRIGGER_FIRED_BEFORE(trigdata->tg_event))
		misused("must be fired before the change");
	if (nargs > 0 && nargs < LEAST_ARGUMENTS)
		misused("takes no argument, or column, table, key, state column and "
				"published states");
	if (TRIGGER_FIRED_FOR_STATEMENT(trigdata->tg_event) &&
		!TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event))
		misused("must be fired for each row");
	if (IsLogicalWorker())
		return PointerGetDatum(TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event)
								   ? trigdata->tg_newtuple
								   : trigdata->tg_trigtuple);
	if (TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event))
		refuse(trigdata);
	if (nargs > 0)
		return PointerGetDatum(check_parent(trigdata));
	if (!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		refuse(trigdata);
	return PointerGetDatum(trigdata->tg_trigtuple);
}
