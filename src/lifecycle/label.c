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
 * and a uuid, which says nothing of anybody; anything else may be a name, and
 * is masked.
 */
char *
dtsen_lifecycle_row_label(const DtColumn *column, DtText key)
{
	bool shown = column->typid == UUIDOID;

	if (key.isnull)
		return pstrdup("(null)");
	if (!shown && key.len <= LONGEST_NUMBER)
	{
		int i = key.len > 0 && key.data[0] == '-';

		while (i < key.len && key.data[i] >= '0' && key.data[i] <= '9')
			i++;
		shown = i == key.len;
	}
	if (shown)
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
