/*
 * nama_cost.c
 *		What a scan of an index of access method dtsen_nama costs.
 *
 * Without order as much as GIN says. A search in order goes by rounds (nama_am.c):
 * what the rounds with a threshold find comes quickly, and whoever wants more rows
 * has them all compared. The planner takes the cost to grow evenly with the rows
 * that are wanted, so the step is shown where it can be foreseen: where the search
 * is the only table and a LIMIT, by what other conditions leave of the rows, wants
 * more of them than have a similar name, or than are as near as a search of initials
 * can tell rows apart.
 */
#include "postgres.h"

#include <math.h>

#include "nodes/pathnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/index_selfuncs.h"

#include "name/name.h"
#include "name/nama_near.h"

/* What a round without many rows costs: look-ups of some hundred keys. */
#define ROUNDS 3
#define ROUND_PAGES 60
#define ROUND_CANDIDATES 200
#define ROW_OPERATORS 20 /* of comparing two names, as declared in SQL */

#define FEW_WANTED 100   /* rows that rounds nearly always find ... */
#define FEW_ROUND 0.69   /* ... if one of this threshold has a bound */
#define USUAL_NEAR 0.003 /* share of rows that they find of a name not known */
#define SURE 0.5 /* share of what they find, as estimated, that they do find */

/*
 * Rows of the index that are read until LIMIT has its own, 0 if not known. A
 * partial index has only those that its predicate leaves.
 */
static double
rows_wanted(PlannerInfo *root, const IndexOptInfo *index)
{
	const RelOptInfo *rel = index->rel;
	int only;

	if (root->limit_tuples <= 0 || rel->rows <= 0 || index->tuples <= 0 ||
		!bms_get_singleton_member(root->all_baserels, &only) ||
		only != (int) rel->relid)
		return 0;
	return root->limit_tuples * Max(index->tuples / rel->rows, 1);
}

/* The name that an index is ordered by, if it is known now, as a constant. */
static const Const *
name_of(PlannerInfo *root, Node *order)
{
	List *args = IsA(order, OpExpr) ? ((OpExpr *) order)->args : NIL;
	Node *name = list_length(args) == 2
					 ? estimate_expression_value(root, lsecond(args))
					 : NULL;

	return name != NULL && IsA(name, Const) ? (const Const *) name : NULL;
}

/*
 * How likely it is that all rows are compared for who wants so many, 0 to 1: that
 * the rounds with a threshold do not find them.
 */
static double
all_compared(PlannerInfo *root, Node *order, double rows, double wanted)
{
	const Const *name = name_of(root, order);
	bool few = wanted <= FEW_WANTED;
	double least = few ? FEW_ROUND : DTSEN_NAMA_LEAST_ROUND;
	double near = USUAL_NEAR;

	if (name != NULL && name->constisnull)
		return 1;
	if (name != NULL)
		least = dtsen_nama_bounded_from(DatumGetNamaPP(name->constvalue),
										least, 1);
	if (few && least <= FEW_ROUND)
		return 0;
	if (name != NULL)
		near = dtsen_nama_selectivity(root, ((OpExpr *) order)->args, least,
									  false, 0, NULL);
	return Max(Min(wanted / Max(rows * near, 1) - SURE, 1), 0);
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
	/* the predicate of a partial index is part of the selectivity */
	all = Min(path->indexinfo->rel->tuples * *selectivity, rows) *
		  (ROUNDS * row_cost + 2 * cpu_operator_cost * log2(rows + 2));
	*total += *startup + all;
	wanted = rows_wanted(root, path->indexinfo);
	if (path->indexclauses == NIL && wanted > 0)
		*startup +=
			all * all_compared(root, (Node *) linitial(path->indexorderbys),
							   rows, wanted);
}
