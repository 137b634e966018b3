/*
 * label.c
 *		Values of guarded rows as messages may show them.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "errors.h"
#include "lifecycle/lifecycle.h"

#define LONGEST_NUMBER 12 /* a NIK stored as a number has 15 or 16 digits */

/*
 * The key of a row for a message: a number as it is, unless it may be a NIK,
 * anything else masked.
 */
char *
dtsen_lifecycle_row_label(const DtColumn *column, DtText key)
{
	if (key.isnull)
		return pstrdup("(null)");
	if ((column->typid == INT2OID || column->typid == INT4OID ||
		 column->typid == INT8OID) &&
		key.len <= LONGEST_NUMBER)
		return pnstrdup(key.data, key.len);
	return dtsen_masked(key.data, key.len);
}

/*
 * A state for a message: by its name if the machine knows it, else masked, as
 * it may be anything that the client put in the wrong column.
 */
char *
dtsen_lifecycle_state_label(const DtMachine *m, DtText state)
{
	if (state.isnull)
		return pstrdup("(null)");
	if (dtsen_lifecycle_state(m, state.data, state.len) >= 0)
		return pnstrdup(state.data, state.len);
	return dtsen_masked(state.data, state.len);
}
