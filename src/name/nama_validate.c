/*
 * nama_validate.c
 *		What an operator class of the access method dtsen_nama must have.
 */
#include "postgres.h"

#include "access/gin.h"
#include "access/htup_details.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_opclass.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "name/name.h"

/* Are the members of an operator class those that this method knows? */
bool
dtsen_nama_validate(Oid opclass)
{
	HeapTuple tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(opclass));
	Form_pg_opclass form;
	CatCList *members;
	bool valid = true;
	Oid family, type;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator class %u", opclass);
	form = (Form_pg_opclass) GETSTRUCT(tuple);
	family = form->opcfamily;
	type = form->opcintype;
	members = SearchSysCacheList1(AMOPSTRATEGY, ObjectIdGetDatum(family));
	for (int i = 0; i < members->n_members; i++)
	{
		Form_pg_amop op =
			(Form_pg_amop) GETSTRUCT(&members->members[i]->tuple);
		bool ordering = op->amopstrategy == STRATEGY_DISTANCE;

		valid &= op->amopstrategy >= 1 &&
				 op->amopstrategy <= STRATEGY_DISTANCE &&
				 (op->amoppurpose == AMOP_ORDER) == ordering &&
				 op->amoplefttype == type;
	}
	ReleaseCatCacheList(members);
	for (int number = GIN_COMPARE_PROC; number <= GIN_TRICONSISTENT_PROC;
		 number++)
		valid &= number == GIN_CONSISTENT_PROC ||
				 OidIsValid(get_opfamily_proc(family, type, type, number));
	ReleaseSysCache(tuple);
	return valid;
}
