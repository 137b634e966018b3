/*
 * nama_cost.c
 *		What a scan of an index of access method dtsen_nama costs.
 *
 * Without order as much as GIN says. A search in order goes by rounds (nama_am.c):
 * what the rounds with a threshold find comes quickly, and whoever wants more rows
 * has them all compared. The planner takes the cost to grow evenly with the rows
 * that are wanted, so the step is shown where it can be foreseen: where the search
 * is the only table and a LIMIT, by what other conditions leave of the rows, wants
 * more of them than have a similar name.
 */
#include "postgres.h"

#include <math.h>

#include "nodes/pathnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "utils/index_selfuncs.h"

#include "compat.h"
#include "name/name.h"
#include "name/nama_near.h"

/* What a round without many rows costs: look-ups of some hundred keys. */
#define ROUNDS 3
#define ROUND_PAGES 60
#define ROUND_CANDIDATES 200
#define ROW_OPERATORS 20 /* of comparing two names, as declared in SQL */

#define FEW_WANTED 100 /* rows that nearly every search finds by its rounds */
#define USUAL_NEAR 0.003 /* share of rows that they find of a name not known */
#define SURE 0.5 /* share of what they find, as estimated, that they do find */

/* Rows of the index that are read until LIMIT has its own, 0 if not known. */
static double
rows_wanted(PlannerInfo *root, const RelOptInfo *rel)
{
	int only;

	if (root->limit_tuples <= 0 || rel->rows <= 0 || rel->tuples <= 0 ||
		!bms_get_singleton_member(root->all_baserels, &only) ||
		only != (int) rel->relid)
		return 0;
	return root->limit_tuples * Max(rel->tuples / rel->rows, 1);
}

/* Share of the rows that the rounds with a threshold find. */
static double
near_fraction(PlannerInfo *root, Node *order)
{
	List *args;
	Const *name;

	if (!IsA(order, OpExpr) || list_length(((OpExpr *) order)->args) != 2)
		return USUAL_NEAR;
	args = ((OpExpr *) order)->args;
	name = (Const *) estimate_expression_value(root, lsecond(args));
	if (!IsA(name, Const))
		return USUAL_NEAR;
	if (name->constisnull ||
		dtsen_nama_search(DatumGetNamaPP(name->constvalue),
						  DTSEN_NAMA_LEAST_ROUND)
			->everything)
		return 0;
	return dtsen_nama_selectivity(root, args, DTSEN_NAMA_LEAST_ROUND, false, 0,
								  NULL);
}

void
dtsen_nama_cost(PlannerInfo *root, IndexPath *path, double loop_count,
				Cost *startup, Cost *total, Selectivity *selectivity,
				double *correlation, double *pages)
{
	double rows = path->indexinfo->tuples;
	double row_cost = cpu_tuple_cost + ROW_OPERATORS * cpu_operator_cost;
	double all, wanted;

	gincostestimate(root, path, loop_count, startup, total, selectivity,
					correlation, pages);
	if (path->indexorderbys == NIL)
		return;

	/*
	 * The planner asks of a relation's conditions and columns whether a
	 * worker may evaluate them, but not of what its index orders by. Of a
	 * subquery's outer parameter, which no worker has, a worker would read a
	 * null pointer.
	 */
	if (!is_parallel_safe(root, (Node *) path->indexorderbys))
		path->path.parallel_safe = false;

	if (path->indexclauses == NIL)
		*startup = 0; /* GIN means to read all of the index first */
	*startup += ROUND_PAGES * random_page_cost +
				ROUND_CANDIDATES * (row_cost + random_page_cost / 10);
	all = rows * *selectivity *
		  (ROUNDS * row_cost + 2 * cpu_operator_cost * log2(rows + 2));
	*total += *startup + all;
	wanted = rows_wanted(root, path->indexinfo->rel);
	if (path->indexclauses == NIL && wanted > FEW_WANTED)
	{
		double near =
			rows * near_fraction(root, (Node *) linitial(path->indexorderbys));

		/* the more likely all rows are compared, the more of them count */
		*startup += all * Max(Min(wanted / Max(near, 1) - SURE, 1), 0);
	}
}
