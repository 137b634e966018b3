/*
 * move.h
 *		An UPDATE that moves a row to another partition.
 */
#ifndef DTSEN_LIFECYCLE_MOVE_H
#define DTSEN_LIFECYCLE_MOVE_H

#include "lifecycle/lifecycle.h"

extern void dtsen_move_allowed(DtMachine *m, const TriggerData *trigdata,
							   int state);
extern void dtsen_move_left(DtMachine *m, DtText key);
extern bool dtsen_move_arrives(const DtMachine *m, DtMoveStage stage,
							   int state, DtText key);

#endif
