/*
 * move.c
 *		An UPDATE that moves a row to another partition.
 *
 * It comes to the guard three times: as an update of the old partition, a
 * delete there, an insert into the new one. The delete and the insert are let
 * through because the update was allowed.
 */
#include "postgres.h"

#include "utils/memutils.h"
#include "utils/rel.h"

#include "lifecycle/move.h"

/* The guard allows an update; state: of the row afterwards. */
void
dtsen_move_allowed(DtMachine *m, const TriggerData *trigdata, int state)
{
	m->move_stage = DT_MOVE_ALLOWED;
	m->move_relid = RelationGetRelid(trigdata->tg_relation);
	m->move_tid = trigdata->tg_trigtuple->t_self;
	m->move_state = state;
}

/* The row with this key leaves its partition. */
void
dtsen_move_left(DtMachine *m, DtText key)
{
	if (m->move_key.data == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(CacheMemoryContext);

		initStringInfo(&m->move_key);
		MemoryContextSwitchTo(old);
	}
	resetStringInfo(&m->move_key);
	appendBinaryStringInfo(&m->move_key, key.data, key.len);
	m->move_stage = DT_MOVE_LEFT;
	dtsen_lifecycle_expect(m, 1, 0);
}

/* Is what is inserted, in this state and with this key, the row that left? */
bool
dtsen_move_arrives(const DtMachine *m, DtMoveStage stage, int state,
				   DtText key)
{
	return stage == DT_MOVE_LEFT && state == m->move_state && !key.isnull &&
		   key.len == m->move_key.len &&
		   memcmp(key.data, m->move_key.data, key.len) == 0;
}
