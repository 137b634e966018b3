/*
 * nik_spgist.c
 *		SP-GiST over the 16 digits: all numbers within any number of edits of
 *		one, and the nearest first. For nik and nkk.
 *
 * The tree is that of core/nik_tree.c; the access method keeps it on pages.
 *
 *		leaf		the digits packed into nibbles, in an int8
 *		node		a hundred children, one for each two digits at the
 *					positions that the prefix marks, or ten for one; the
 *					prefix also has the digits shared
 *		fork		two children: numbers that have all digits of the prefix,
 *					and all others. Above a node of equal numbers when
 *					another one comes.
 *
 * Children have no labels: their place in the tuple says which they are, so a
 * node never grows. The server makes nodes of its own for equal numbers
 * ("all the same"), whose children are all alike; their prefix is what the
 * numbers share.
 *
 * A search spends its time waiting for memory, a cache line or two for each
 * leaf. The server divides a list of leaves only when it has 64 of them and
 * its page is full, so two digits at once make for short lists: 1.4 to 1.7 times
 * faster than one digit at one to four million numbers.
 *
 * What is known of the digits on the way down is handed on as the
 * reconstructed value, inverted, so that the 0 the server starts with says
 * that nothing is known. From it follows the least distance that anything
 * below can have; at the leaf it is the distance. Nothing is rechecked.
 *
 * The index does not return its numbers for an index-only scan, though it could.
 * A search by order keeps what it has read of a page until its turn comes, and the
 * server holds no pin on the page meanwhile; so VACUUM may remove a deleted row and
 * mark its page of the table all-visible before the scan asks whether it has to look
 * there, and the row would be returned (PostgreSQL 15, its own classes likewise).
 *
 * What comes from a page is checked before it is the place of something in memory: a
 * page may be damaged.
 */
#include "postgres.h"

#include "access/spgist.h"
#include "access/stratnum.h"
#include "catalog/pg_type.h"

#include "compat.h"
#include "core/nik.h"
#include "errors.h"
#include "identity/identity.h"

DTSEN_FUNCTION(dtsen__number16_spg_config);
DTSEN_FUNCTION(dtsen__number16_spg_compress);
DTSEN_FUNCTION(dtsen__number16_spg_choose);
DTSEN_FUNCTION(dtsen__number16_spg_picksplit);
DTSEN_FUNCTION(dtsen__number16_spg_inner_consistent);
DTSEN_FUNCTION(dtsen__number16_spg_leaf_consistent);

#define CHILDREN 10     /* of a node that looks at a digit, squared for two */
#define FORK_CHILDREN 2 /* of a fork: what agrees with its prefix, the rest */

#define DatumGetDigits(X) ((uint64) DatumGetInt64(X))
#define DigitsGetDatum(X) Int64GetDatum((int64) (X))

/* _nik_spg_config(internal, internal) */
Datum
dtsen__number16_spg_config(PG_FUNCTION_ARGS)
{
	spgConfigOut *config = (spgConfigOut *) PG_GETARG_POINTER(1);

	config->prefixType = INT8OID;
	config->labelType = VOIDOID;
	config->leafType = INT8OID;
	config->canReturnData = false;
	config->longValuesOK = false;
	PG_RETURN_VOID();
}

/* _nik_spg_compress(nik) -> bigint: the digits in nibbles, as leaves have
 * them. */
Datum
dtsen__number16_spg_compress(PG_FUNCTION_ARGS)
{
	return DigitsGetDatum(dtc_digits_pack(PG_GETARG_NIK(0)));
}

/* The functions of an operator class are not told which index they work for. */
static void
report_damage(void)
{
	ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
					errmsg("an SP-GiST index of nik or nkk is damaged"),
					errhint("REINDEX makes it anew.")));
}

/* What a node looks at, which must be as many digits as it has children for. */
static DtcNikBranch
branch_of(uint64 prefix, int children)
{
	DtcNikBranch branch = dtc_nik_branch(prefix);

	if (branch.first < 0 ||
		children != (branch.second < 0 ? CHILDREN : CHILDREN * CHILDREN))
		report_damage();
	return branch;
}

/* The prefix of a tuple. */
static uint64
prefix_of(bool has_prefix, Datum prefix)
{
	if (!has_prefix)
		report_damage();
	return DatumGetDigits(prefix);
}

/* The child for a number in a node that looks at digits. */
static int
child_of(DtcNikBranch branch, uint64 digits)
{
	int child = (int) (digits >> branch.first & 0xf);

	if (branch.second >= 0)
		child = child * CHILDREN + (int) (digits >> branch.second & 0xf);
	return child;
}

/* Asks for a new tuple above the one that a number has come to. */
static void
split_tuple(spgChooseOut *out, int children, uint64 upper, int child,
			uint64 lower)
{
	out->resultType = spgSplitTuple;
	out->result.splitTuple.prefixHasPrefix = true;
	out->result.splitTuple.prefixPrefixDatum = DigitsGetDatum(upper);
	out->result.splitTuple.prefixNNodes = children;
	out->result.splitTuple.prefixNodeLabels = NULL;
	out->result.splitTuple.childNodeN = child;
	out->result.splitTuple.postfixHasPrefix = true;
	out->result.splitTuple.postfixPrefixDatum = DigitsGetDatum(lower);
}

/* _nik_spg_choose(internal, internal): where a number goes below a tuple. */
Datum
dtsen__number16_spg_choose(PG_FUNCTION_ARGS)
{
	spgChooseIn *in = (spgChooseIn *) PG_GETARG_POINTER(0);
	spgChooseOut *out = (spgChooseOut *) PG_GETARG_POINTER(1);
	uint64 digits = DatumGetDigits(in->leafDatum);
	uint64 prefix = prefix_of(in->hasPrefix, in->prefixDatum);
	uint64 shared = dtc_nik_shared(prefix);
	bool agrees = dtc_nik_agrees(shared, digits);
	bool fork = !in->allTheSame && in->nNodes == FORK_CHILDREN;
	DtcNikBranch branch = {-1, -1};

	if (!in->allTheSame && !fork)
		branch = branch_of(prefix, in->nNodes);
	if (!agrees && !fork)
	{
		/* a node of equal numbers cannot look at a digit: a fork above it */
		if (in->allTheSame)
			split_tuple(out, FORK_CHILDREN, shared, 0, prefix);
		else
		{
			uint64_t upper;
			uint64_t lower;
			int child = dtc_nik_split(prefix, digits, &upper, &lower);

			if (child >= CHILDREN)
				report_damage();
			split_tuple(out, CHILDREN, upper, child, lower);
		}
		PG_RETURN_VOID();
	}
	out->resultType = spgMatchNode;
	if (in->allTheSame)
		out->result.matchNode.nodeN = 0; /* the server takes any */
	else if (fork)
		out->result.matchNode.nodeN = agrees ? 0 : 1;
	else
		out->result.matchNode.nodeN = child_of(branch, digits);
	out->result.matchNode.levelAdd = 0;
	out->result.matchNode.restDatum = in->leafDatum;
	PG_RETURN_VOID();
}

/* _nik_spg_picksplit(internal, internal): a tuple for leaves that are many. */
Datum
dtsen__number16_spg_picksplit(PG_FUNCTION_ARGS)
{
	spgPickSplitIn *in = (spgPickSplitIn *) PG_GETARG_POINTER(0);
	spgPickSplitOut *out = (spgPickSplitOut *) PG_GETARG_POINTER(1);
	uint64_t *digits = palloc(sizeof(uint64_t) * in->nTuples);
	uint64 prefix;
	DtcNikBranch branch;

	for (int i = 0; i < in->nTuples; i++)
	{
		digits[i] = DatumGetDigits(in->datums[i]);
		if (!dtc_nik_is_digits(digits[i]))
			report_damage();
	}
	prefix = dtc_nik_divide(digits, in->nTuples);
	branch = dtc_nik_branch(prefix);
	out->hasPrefix = true;
	out->prefixDatum = DigitsGetDatum(prefix);
	/* a single node makes the server divide equal numbers as it likes */
	out->nNodes = 1;
	if (branch.first >= 0)
		out->nNodes = branch.second < 0 ? CHILDREN : CHILDREN * CHILDREN;
	out->nodeLabels = NULL;
	out->mapTuplesToNodes = palloc(sizeof(int) * in->nTuples);
	out->leafTupleDatums = palloc(sizeof(Datum) * in->nTuples);
	for (int i = 0; i < in->nTuples; i++)
	{
		out->mapTuplesToNodes[i] =
			branch.first < 0 ? 0 : child_of(branch, digits[i]);
		out->leafTupleDatums[i] = in->datums[i];
	}
	PG_RETURN_VOID();
}

/* A condition of a scan: digits of a number, and how far from it. */
typedef struct Ball
{
	uint64 digits;
	int radius;
} Ball;

/* What a number or a ball was when it was read, and which of the two. */
typedef struct Read
{
	int64 argument;
	StrategyNumber strategy;
} Read;

/*
 * What a scan asks for: one condition, nearly always. Read once, since it is
 * asked for with every leaf.
 */
typedef struct Search
{
	int nballs;
	int ncentres;
	Ball *balls;
	uint64 *centres; /* digits of what the order is by */
	Read *read;      /* of both, balls first */
	double *distances;
} Search;

static Search *
new_search(MemoryContext context, int nballs, int ncentres)
{
	MemoryContext before = MemoryContextSwitchTo(context);
	Search *search = palloc(sizeof(Search));

	search->nballs = nballs;
	search->ncentres = ncentres;
	search->balls = palloc(sizeof(Ball) * nballs);
	search->centres = palloc(sizeof(uint64) * ncentres);
	search->read = palloc(sizeof(Read) * (nballs + ncentres));
	search->distances = palloc(sizeof(double) * ncentres);
	for (int i = 0; i < nballs + ncentres; i++)
		search->read[i].argument = -1; /* which none is */
	MemoryContextSwitchTo(before);
	return search;
}

/* The condition of a scan key. */
static Ball
ball_of(ScanKey key)
{
	Ball ball;

	switch (key->sk_strategy)
	{
		case STRATEGY_EQUAL:
			ball.digits = dtc_digits_pack(DatumGetNik(key->sk_argument));
			ball.radius = 0;
			break;
		case STRATEGY_IN_BALL:
			ball.digits =
				dtc_digits_pack(dtsen_nik_ball_nik(key->sk_argument));
			ball.radius = dtsen_nik_ball_radius(key->sk_argument);
			break;
		default:
			elog(ERROR, "unrecognized strategy number: %d", key->sk_strategy);
	}
	return ball;
}

/* Is the argument of a key another one than when it was read last? */
static bool
is_new(Read *read, ScanKey key)
{
	int64 argument = DatumGetInt64(key->sk_argument);

	if (read->argument == argument && read->strategy == key->sk_strategy)
		return false;
	read->argument = argument;
	read->strategy = key->sk_strategy;
	return true;
}

/* The search of a scan; the function's own copy of the scan keeps it. */
static const Search *
search_of(FmgrInfo *function, ScanKey keys, int nkeys, ScanKey orders,
		  int norders)
{
	Search *search = function->fn_extra;

	if (search == NULL || search->nballs != nkeys ||
		search->ncentres != norders)
	{
		search = new_search(function->fn_mcxt, nkeys, norders);
		function->fn_extra = search;
	}
	for (int i = 0; i < nkeys; i++)
	{
		if (is_new(&search->read[i], &keys[i]))
			search->balls[i] = ball_of(&keys[i]);
	}
	for (int i = 0; i < norders; i++)
	{
		if (is_new(&search->read[nkeys + i], &orders[i]))
			search->centres[i] =
				dtc_digits_pack(DatumGetNik(orders[i].sk_argument));
	}
	return search;
}

/* May a number with this pattern be in all balls? */
static bool
may_match(const Search *search, uint64 pattern)
{
	for (int i = 0; i < search->nballs; i++)
	{
		if (dtc_nik_bound(pattern, search->balls[i].digits,
						  search->balls[i].radius) > search->balls[i].radius)
			return false;
	}
	return true;
}

/* Digits not known, of 16. */
static int
count_unknown(uint64 pattern)
{
	int count = 0;

	for (; pattern != 0; pattern >>= 4)
		count += (pattern & 0xf) == 0xf;
	return count;
}

/* The children of a node that are worth a visit. */
typedef struct Visits
{
	const Search *search;
	spgInnerConsistentOut *out;
	uint8 *bounds;     /* DTC_NIK_CHILDREN for each centre, of the children */
	double *distances; /* room for those of all children */
} Visits;

static void
begin_visits(Visits *visits, const Search *search, int nodes,
			 spgInnerConsistentOut *out)
{
	visits->search = search;
	visits->out = out;
	out->nNodes = 0;
	out->nodeNumbers = palloc(sizeof(int) * nodes);
	out->reconstructedValues = palloc(sizeof(Datum) * nodes);
	if (search->ncentres > 0)
	{
		out->distances = palloc(sizeof(double *) * nodes);
		visits->distances = palloc(sizeof(double) * nodes * search->ncentres);
		visits->bounds = palloc(DTC_NIK_CHILDREN * search->ncentres);
	}
}

/*
 * Adds a child to those worth a visit.
 *
 * near: the child's place in bounds, which are set; shallow: how many digits of
 * the pattern are not known.
 */
static void
visit(Visits *visits, int child, uint64 pattern, int near, int shallow)
{
	int ncentres = visits->search->ncentres;
	spgInnerConsistentOut *out = visits->out;

	out->nodeNumbers[out->nNodes] = child;
	out->reconstructedValues[out->nNodes] = DigitsGetDatum(~pattern);
	if (ncentres > 0)
	{
		double *distances = visits->distances + out->nNodes * ncentres;

		for (int i = 0; i < ncentres; i++)
			distances[i] = visits->bounds[i * DTC_NIK_CHILDREN + near];

		/*
		 * Of two nodes with the same bound the deeper is to come first, and
		 * any leaf before both. Distances are whole numbers, so a fraction
		 * below one keeps the order of the leaves; of several orders only in
		 * the last, which the others go before.
		 */
		distances[ncentres - 1] += shallow / 32.0;
		out->distances[out->nNodes] = distances;
	}
	out->nNodes++;
}

/* Adds children with this pattern, if they are worth a visit. */
static void
visit_alike(Visits *visits, int first, int count, uint64 pattern)
{
	const Search *search = visits->search;
	int shallow = count_unknown(pattern);

	if (!may_match(search, pattern))
		return;
	for (int i = 0; i < search->ncentres; i++)
		visits->bounds[i * DTC_NIK_CHILDREN] =
			(uint8) dtc_nik_bound(pattern, search->centres[i], DTC_DIGITS);
	for (int i = 0; i < count; i++)
		visit(visits, first + i, pattern, 0, shallow);
}

/* A pattern with the digit at a shift, which it does not know, filled in. */
static uint64
with_digit(uint64 pattern, int shift, int digit)
{
	return pattern & ~((uint64) (15 - digit) << shift);
}

/* Adds the children of a node that looks at digits. */
static void
visit_branches(Visits *visits, uint64 pattern, DtcNikBranch branch)
{
	const Search *search = visits->search;
	int shallow = count_unknown(pattern) - (branch.second < 0 ? 1 : 2);

	for (int i = 0; i < search->ncentres; i++)
		dtc_nik_bounds(pattern, branch, search->centres[i],
					   visits->bounds + i * DTC_NIK_CHILDREN);
	for (int i = 0; i < CHILDREN; i++)
	{
		uint64 upper = with_digit(pattern, branch.first, i);

		if (!may_match(search, upper))
			continue;
		if (branch.second < 0)
		{
			visit(visits, i, upper, i, shallow);
			continue;
		}
		for (int j = 0; j < CHILDREN; j++)
		{
			uint64 lower = with_digit(upper, branch.second, j);
			int child = i * CHILDREN + j;

			if (may_match(search, lower))
				visit(visits, child, lower, child, shallow);
		}
	}
}

/* _nik_spg_inner_consistent(internal, internal): children worth a visit. */
Datum
dtsen__number16_spg_inner_consistent(PG_FUNCTION_ARGS)
{
	spgInnerConsistentIn *in = (spgInnerConsistentIn *) PG_GETARG_POINTER(0);
	spgInnerConsistentOut *out =
		(spgInnerConsistentOut *) PG_GETARG_POINTER(1);
	uint64 prefix = prefix_of(in->hasPrefix, in->prefixDatum);
	/* by reference on some machines, where 0 is no pointer to follow */
	uint64 path = in->reconstructedValue == (Datum) 0
					  ? DTC_NIK_NOTHING_KNOWN
					  : ~DatumGetDigits(in->reconstructedValue);
	uint64 shared = path & dtc_nik_shared(prefix);
	const Search *search = search_of(fcinfo->flinfo, in->scankeys, in->nkeys,
									 in->orderbys, in->norderbys);
	Visits visits;

	begin_visits(&visits, search, in->nNodes, out);
	if (in->allTheSame)
		visit_alike(&visits, 0, in->nNodes, shared);
	else if (in->nNodes == FORK_CHILDREN)
	{
		visit_alike(&visits, 0, 1, shared);
		visit_alike(&visits, 1, 1, path);
	}
	else
		visit_branches(&visits, shared, branch_of(prefix, in->nNodes));
	PG_RETURN_VOID();
}

/* _nik_spg_leaf_consistent(internal, internal): is a number wanted? */
Datum
dtsen__number16_spg_leaf_consistent(PG_FUNCTION_ARGS)
{
	spgLeafConsistentIn *in = (spgLeafConsistentIn *) PG_GETARG_POINTER(0);
	spgLeafConsistentOut *out = (spgLeafConsistentOut *) PG_GETARG_POINTER(1);
	uint64 digits = DatumGetDigits(in->leafDatum);
	const Search *search = search_of(fcinfo->flinfo, in->scankeys, in->nkeys,
									 in->orderbys, in->norderbys);

	if (!may_match(search, digits))
		PG_RETURN_BOOL(false);
	out->recheck = false;
	out->recheckDistances = false;
	if (search->ncentres > 0)
	{
		/* the server takes a copy */
		out->distances = search->distances;
		for (int i = 0; i < search->ncentres; i++)
			out->distances[i] =
				dtc_nik_bound(digits, search->centres[i], DTC_DIGITS);
	}
	PG_RETURN_BOOL(true);
}
