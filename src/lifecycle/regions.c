/*
 * regions.c
 *		actor_regions(): where who acts may act.
 *
 * Policies of row security ask it once a statement. It answers from the rows
 * of table actor that the guard knows the login by, kept in memory.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"

#include "compat.h"
#include "lifecycle/lifecycle.h"

/* Is the role of a grant one of those that are left out? */
static bool
is_left_out(const DtGrant *g, Datum *roles, int n)
{
	for (int i = 0; i < n; i++)
	{
		struct varlena *role = PG_DETOAST_DATUM_PACKED(roles[i]);

		if (VARSIZE_ANY_EXHDR(role) == strlen(g->role) &&
			memcmp(VARDATA_ANY(role), g->role, strlen(g->role)) == 0)
			return true;
	}
	return false;
}

/* The whole country comes first, a region before those within it. */
static int
compare_regions(const void *a, const void *b)
{
	const DtGrant *x = *(const DtGrant *const *) a;
	const DtGrant *y = *(const DtGrant *const *) b;
	int order = memcmp(x->wilayah, y->wilayah,
					   Max(Min(x->wilayah_len, y->wilayah_len), 0));

	return order != 0 ? order : x->wilayah_len - y->wilayah_len;
}

DTSEN_FUNCTION(dtsen_actor_regions);

/*
 * actor_regions(schema, except_roles text[]) -> text[]: the regions that table
 * actor of a lifecycle gives the login that acts, in whatever role but these:
 * digits without dots, none within another, an empty text for the whole
 * country, in ascending order; NULL: there is none. Who acts is whom the guard
 * means: who is assumed, else the role that the client is or SET ROLE to,
 * whatever SECURITY DEFINER functions are between.
 *
 * Errors: 0A000 in a parallel worker, which does not know who is assumed; 39P01
 * there is no lifecycle in the schema; 28000 who was assumed is no longer.
 */
Datum
dtsen_actor_regions(PG_FUNCTION_ARGS)
{
	DtMachine *m;
	Datum *except;
	bool *is_null;
	int nexcept;
	const DtGrant **grants;
	Datum *regions;
	int ngrants = 0;
	int n = 0;

	dtsen_lifecycle_not_in_worker();
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false,
					  TYPALIGN_INT, &except, &is_null, &nexcept);
	for (int i = nexcept - 1; i >= 0; i--)
	{
		if (is_null[i])
			except[i] = except[--nexcept];
	}
	/* a transaction that only reads holds its locks, and hears of nothing else */
	AcceptInvalidationMessages();
	/* every lifecycle has the machine of its machines' versions */
	m = dtsen_lifecycle_machine_entry(NameStr(*PG_GETARG_NAME(0)), "mesin");
	dtsen_lifecycle_load(m);
	dtsen_lifecycle_load_grants(m);
	grants = palloc(Max(m->ngrants, 1) * sizeof(DtGrant *));
	regions = palloc(Max(m->ngrants, 1) * sizeof(Datum));
	for (int i = 0; i < m->ngrants; i++)
	{
		/* a region without a digit is none: the guard lets nobody in there */
		if (m->grants[i].wilayah_len != 0 &&
			!is_left_out(&m->grants[i], except, nexcept))
			grants[ngrants++] = &m->grants[i];
	}
	qsort(grants, ngrants, sizeof(DtGrant *), compare_regions);
	/* so one that is within another, or the same, follows the widest of them */
	for (int i = 0, last = 0; i < ngrants; i++)
	{
		const DtGrant *g = grants[i];

		if (i > 0 && (grants[last]->wilayah_len < 0 ||
					  dtc_wilayah_within(g->wilayah, g->wilayah_len,
										 grants[last]->wilayah,
										 grants[last]->wilayah_len)))
			continue;
		last = i;
		regions[n++] = PointerGetDatum(
			cstring_to_text_with_len(g->wilayah, Max(g->wilayah_len, 0)));
	}
	if (n == 0)
		PG_RETURN_NULL();
	PG_RETURN_ARRAYTYPE_P(
		construct_array(regions, n, TEXTOID, -1, false, TYPALIGN_INT));
}
