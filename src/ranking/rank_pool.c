/*
 * rank_pool.c
 *		Where the expanded states of an aggregation lie, and rows that wait.
 *
 * A GROUP BY of many groups meets them in no order: each row wants a state, and
 * the end of its rows, that no cache holds. One after the other these waits
 * cost more than all the rest. So rows first wait in a short list, and when it
 * is full, all that they will touch is asked for before the first is added.
 * Whatever reads a state adds the waiting rows before.
 */
#include "postgres.h"

#include "fmgr.h"
#include "nodes/memnodes.h"
#include "utils/memutils.h"

#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/rank_state.h"

#define LINE 64      /* bytes of a cache line */
#define WAITING 64   /* rows that wait at most */
#define FIRST_SLAB 8 /* states; each slab holds twice as many as the last */
#define SLABS 40     /* 2^42 states */
#define STRIDE TYPEALIGN(LINE, sizeof(DtRankState))

#ifdef __GNUC__
#define ask_for(address) __builtin_prefetch(address, 1)
#else
#define ask_for(address) ((void) (address))
#endif

typedef struct RankWaiting
{
	DtRankState *state;
	uint64_t score;
	uint64_t weight;
	int groups; /* what the state has to be of */
	DtcRankKind kind;
} RankWaiting;

/* Of the states below one memory context; lies in a child of it. */
typedef struct RankPool
{
	MemoryContextCallback gone; /* also finds the pool of a context */
	int slabs;
	Size slab_used; /* bytes of the last slab */
	char *slab[SLABS];
	Size slab_size[SLABS];
	int waiting;
	RankWaiting wait[WAITING];
} RankPool;

/* What a call site remembers, while no pool has gone since. */
typedef struct RankSite
{
	MemoryContext parent;
	RankPool *pool;
	uint64 pools_gone;
} RankSite;

static const char context_name[] = "dtsen rank_state";

/* Counts the pools that have been freed: what was remembered may be one. */
static uint64 pools_gone = 0;

static void
rank_pool_gone(void *nothing)
{
	pools_gone++;
}

static RankPool *
pool_of(MemoryContext own)
{
	MemoryContextCallback *gone = own->reset_cbs;

	if (gone == NULL || gone->func != rank_pool_gone)
		elog(ERROR, "memory context of a rank_state has no pool");
	return (RankPool *) ((char *) gone - offsetof(RankPool, gone));
}

/*
 * The memory context of all states of an aggregation: a child of "parent",
 * made when first asked for.
 *
 * A context for each state would be the usual way of expanded objects, but
 * hashed aggregation adds up the memory of all contexts below its own with
 * every new group, which is quadratic: 80,000 groups took 24 s. The price is
 * that one state cannot be deleted alone. Nothing does so: a transition here
 * always answers the pointer it got, and readers get a read-only one.
 */
MemoryContext
dtsen_rank_pool(MemoryContext parent)
{
	MemoryContext child = parent->firstchild;
	RankPool *pool;

	while (child != NULL && child->name != context_name)
		child = child->nextchild;
	if (child != NULL)
		return child;
	child = AllocSetContextCreateInternal(parent, context_name,
										  ALLOCSET_DEFAULT_SIZES);
	pool = MemoryContextAlloc(child, sizeof(RankPool));
	pool->slabs = 0;
	pool->waiting = 0;
	pool->gone.func = rank_pool_gone;
	pool->gone.arg = NULL;
	MemoryContextRegisterResetCallback(child, &pool->gone);
	return child;
}

/* Room for a state, all zero, in a context that dtsen_rank_pool() made. */
DtRankState *
dtsen_rank_pool_state(MemoryContext own)
{
	RankPool *pool = pool_of(own);
	char *state;

	if (pool->slabs == 0 ||
		pool->slab_used == pool->slab_size[pool->slabs - 1])
	{
		Size size = STRIDE * FIRST_SLAB << pool->slabs;
		char *slab = MemoryContextAllocHuge(own, size + LINE);

		pool->slab[pool->slabs] = (char *) TYPEALIGN(LINE, slab);
		pool->slab_size[pool->slabs] = size;
		pool->slab_used = 0;
		pool->slabs++;
	}
	state = pool->slab[pool->slabs - 1] + pool->slab_used;
	pool->slab_used += STRIDE;
	memset(state, 0, sizeof(DtRankState));
	return (DtRankState *) state;
}

/*
 * The state that a datum points to with the right to change it, if it is one of
 * the pool; known from the address alone, without a look at the state.
 */
static DtRankState *
pool_member(const RankPool *pool, Datum datum)
{
	const char *pointer = DatumGetPointer(datum);

	for (int i = pool->slabs - 1; i >= 0; i--)
	{
		Size at = (Size) (pointer - pool->slab[i]);

		if (at < pool->slab_size[i])
		{
			if (at % STRIDE != offsetof(DtRankState, header.eoh_rw_ptr))
				return NULL;
			return (DtRankState *) (pointer -
									offsetof(DtRankState, header.eoh_rw_ptr));
		}
	}
	return NULL;
}

/* Adds the rows that wait. */
static void
add_waiting(RankPool *pool)
{
	int n = pool->waiting;

	pool->waiting = 0;
	for (int i = 0; i < n; i++)
		ask_for(&pool->wait[i].state->added);
	for (int i = 0; i < n; i++)
	{
		const DtRankState *state = pool->wait[i].state;

		ask_for(state->added +
				(Size) state->added_count * dtc_rank_words(state->head.kind));
	}
	for (int i = 0; i < n; i++)
	{
		const RankWaiting *row = &pool->wait[i];

		if (row->state->head.kind != row->kind ||
			row->state->head.groups != row->groups)
			dtsen_rank_groups_differ();
		dtsen_rank_add_entry(row->state, row->score, row->weight);
	}
}

/* The pool below a context, as the call site remembers it. */
static RankPool *
site_pool(FmgrInfo *flinfo, MemoryContext parent)
{
	RankSite *site = flinfo->fn_extra;

	if (likely(site != NULL && site->parent == parent &&
			   site->pools_gone == pools_gone))
		return site->pool;
	if (site == NULL)
	{
		site = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(RankSite));
		flinfo->fn_extra = site;
	}
	site->pool = pool_of(dtsen_rank_pool(parent));
	site->parent = parent;
	site->pools_gone = pools_gone;
	return site->pool;
}

/*
 * Takes note of a row for the state in argument 0, if that is one of the
 * aggregation in "parent"; false: the caller has to add it. Errors of
 * dtsen_rank_add_entry(), and 22023 if the state is of another number of
 * groups, may come with a later row.
 */
bool
dtsen_rank_add_later(FunctionCallInfo fcinfo, MemoryContext parent,
					 DtcRankKind kind, int groups, uint64_t score,
					 uint64_t weight)
{
	RankPool *pool = site_pool(fcinfo->flinfo, parent);
	DtRankState *state = pool_member(pool, PG_GETARG_DATUM(0));

	if (state == NULL)
		return false;
	pool->wait[pool->waiting++] =
		(RankWaiting){state, score, weight, groups, kind};
	if (pool->waiting == WAITING)
		add_waiting(pool);
	return true;
}

/* Adds all rows that wait where a state lies. */
void
dtsen_rank_pool_settle(const DtRankState *state)
{
	RankPool *pool = pool_of(state->header.eoh_context);

	if (pool->waiting > 0)
		add_waiting(pool);
}
