/*
 * gather.h
 *		The rows that four eyes, the calendar and guards are asked about.
 */
#ifndef DTSEN_LIFECYCLE_GATHER_H
#define DTSEN_LIFECYCLE_GATHER_H

#include "lifecycle/lifecycle.h"

typedef struct DtGathered DtGathered;

/* A step that rows took; good until these are in the journal. */
typedef struct DtGatheredStep
{
	const DtTransition *step;
	const char *from;
	const char *to;
	List *periods;     /* of char *, each once, if the step is timed */
	List *period_rows; /* of char *: the first row of each, for the message */
} DtGatheredStep;

/* step: its number in dtsen_lifecycle_gathered_steps() */
typedef void DtGatheredVisit(void *state, int step, DtText key, DtText region);

extern void dtsen_lifecycle_gather(const DtAttachment *att,
								   const DtTransition *t, DtText key,
								   const char *region, int region_len,
								   DtText period);
extern uint64 dtsen_lifecycle_gathered_weight(const DtMachine *m,
											  const DtTransition *t,
											  DtText key, DtText period);
extern uint64 dtsen_lifecycle_gathered_sum(const DtMachine *m);
extern int64 dtsen_lifecycle_gathered_rows(const DtMachine *m);
extern DtGathered *dtsen_lifecycle_gathered_next(const DtMachine *m,
												 DtGathered *after);
extern List *dtsen_lifecycle_gathered_steps(const DtGathered *g);
extern void dtsen_lifecycle_gathered_read(DtGathered *g,
										  DtGatheredVisit *visit, void *state);
extern void dtsen_lifecycle_gathered_done(const DtMachine *m);
extern void dtsen_lifecycle_gathered_at_commit(void);
extern void dtsen_lifecycle_gathered_forget(SubTransactionId subid);

#endif /* DTSEN_LIFECYCLE_GATHER_H */
