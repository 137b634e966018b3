/*
 * dtsen.c
 *		Module magic, load and version.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errors.h"
#include "guc.h"
#include "ranking/rank_relation.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	pg_bindtextdomain(TEXTDOMAIN);
	dtsen_guc_init();
	dtsen_rank_node_init();
}

DTSEN_FUNCTION(dtsen_version);

/*
 * dtsen_version() -> text: version of the loaded library, "major.minor.patch".
 * The SQL objects have a version of their own in pg_extension.
 */
Datum
dtsen_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(DTSEN_VERSION));
}
