/*
 * four_eyes.h
 *		Has a person taken an earlier step of a row?
 */
#ifndef DTSEN_LIFECYCLE_FOUR_EYES_H
#define DTSEN_LIFECYCLE_FOUR_EYES_H

#include "lifecycle/lifecycle.h"

typedef struct DtFourEyes DtFourEyes;

extern DtFourEyes *dtsen_four_eyes_begin(DtMachine *m, Datum actions,
										 const char *person);
extern bool dtsen_four_eyes_ask(DtFourEyes *f, DtText key, DtText wilayah,
								bool few);
extern void dtsen_four_eyes_end(DtFourEyes *f);

#endif /* DTSEN_LIFECYCLE_FOUR_EYES_H */
