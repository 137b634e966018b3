/*
 * rank_scan.c
 *		_rank_scan(plan, score, weight) -> bytea: one scan by a plan.
 *
 * The aggregate behind rank_cuts(regclass, ...). Its state is a few arrays of
 * fixed size and, if the plan asks for it, the rows of the plan's intervals up
 * to DTSEN_SCAN_KEEP bytes. Parallel workers send theirs in the machine's own
 * byte order, and so is the result, which only rank_relation.c reads.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "port/pg_bitutils.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_error.h"
#include "ranking/rank_scan.h"

#define KEEP_ROOM 65536   /* rows that wait to be sorted */
#define CHECK_EVERY 16384 /* rows between two looks at what is kept */
#define MANTISSA_BITS 52
#define DIRECT_BUCKETS 4096 /* so many are in the cache of a core anyway */

#ifdef __GNUC__
#define ask_for(address) __builtin_prefetch(address, 1)
#else
#define ask_for(address) ((void) (address))
#endif

DTSEN_FUNCTION(dtsen__rank_scan_add_int4);
DTSEN_FUNCTION(dtsen__rank_scan_add_int8);
DTSEN_FUNCTION(dtsen__rank_scan_add_float8);
DTSEN_FUNCTION(dtsen__rank_scan_combine);
DTSEN_FUNCTION(dtsen__rank_scan_serialize);
DTSEN_FUNCTION(dtsen__rank_scan_deserialize);

/* ---------- the state ---------- */

/* Makes an empty state for a plan, which is copied. */
DtRankScan *
dtsen_rank_scan_new(MemoryContext context, const bytea *plan)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	DtRankScan *state = palloc0(sizeof(DtRankScan));
	DtcScan *scan = &state->scan;
	const unsigned char *bytes = (const unsigned char *) VARDATA_ANY(plan);
	Size length = VARSIZE_ANY_EXHDR(plan);

	if (!dtc_scan_plan_head(&scan->plan, bytes, length))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("invalid plan of a scan"),
						errhint("This function is for rank_cuts(relation, "
								"...) alone; call that.")));
	scan->interval =
		palloc(sizeof(DtcScanInterval) * (scan->plan.intervals + 1));
	scan->low = palloc(sizeof(uint64_t) * (scan->plan.intervals + 1));
	scan->bucket = palloc0(sizeof(DtcAmount) * (scan->plan.buckets + 1));
	scan->gap = palloc0(sizeof(DtcAmount) * (scan->plan.intervals + 1));
	if (!dtc_scan_plan_read(scan, bytes, length))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("invalid plan of a scan"),
						errhint("This function is for rank_cuts(relation, "
								"...) alone; call that.")));
	state->plan = palloc(VARSIZE_ANY_EXHDR(plan) + VARHDRSZ);
	SET_VARSIZE(state->plan, length + VARHDRSZ);
	memcpy(VARDATA(state->plan), bytes, length);
	state->head.least_bit = PG_INT32_MAX;
	state->head.most_bit = PG_INT32_MIN;
	for (int i = 0; i < DTSEN_SCAN_WAITING; i++)
		state->wait[i].sum = &state->nothing;
	state->direct = scan->plan.buckets <= DIRECT_BUCKETS;
	if (scan->plan.collect)
	{
		state->kept = dtsen_rank_new(context, scan->plan.kind, 0);
		state->kept->most_room = KEEP_ROOM;
	}
	MemoryContextSwitchTo(old);
	return state;
}

/*
 * Adds to a sum when memory has answered: the cache of a core seldom holds all
 * buckets, and one row after the other would wait for them.
 */
static inline void
add_later(DtRankScan *state, DtcRankKind kind, DtcAmount *sum, DtcAmount more)
{
	uint32 at = state->turn++ & (DTSEN_SCAN_WAITING - 1);

	ask_for(sum);
	if (kind ==
		DTC_RANK_INTEGER) /* the total fits 63 bits, so each sum does */
		state->wait[at].sum->low += state->wait[at].more.low;
	else
		dtc_amount_add(state->wait[at].sum, state->wait[at].more);
	state->wait[at].sum = sum;
	state->wait[at].more = more;
}

/* Adds to a sum of a plan with few of them at once, else later. */
static inline void
add_to(DtRankScan *state, DtcRankKind kind, DtcAmount *sum, DtcAmount more)
{
	if (!state->direct)
		add_later(state, kind, sum, more);
	else if (kind == DTC_RANK_INTEGER)
		sum->low += more.low;
	else
		dtc_amount_add(sum, more);
}

/* Adds all that waits. Before anything reads the sums. */
static void
settle(DtRankScan *state)
{
	for (int i = 0; i < DTSEN_SCAN_WAITING; i++)
		add_later(state, state->scan.plan.kind, &state->nothing,
				  (DtcAmount){0, 0});
}

/* Gives up the rows when they take too much. */
static void
limit_kept(DtRankScan *state)
{
	state->unchecked = 0;
	if (state->kept->run_length <= DTSEN_SCAN_KEEP)
		return;
	dtsen_rank_clear(state->kept);
	state->head.full = true;
}

/* ---------- transition ---------- */

/* The state of the first row. */
static pg_noinline DtRankScan *
scan_first(FunctionCallInfo fcinfo)
{
	MemoryContext context = dtsen_rank_aggregate_context(fcinfo);

	if (PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("plan of a scan must not be null"),
						errhint("This function is for rank_cuts(relation, "
								"...) alone; call that.")));
	return dtsen_rank_scan_new(context, PG_GETARG_BYTEA_PP(1));
}

static inline DtRankScan *
scan_argument(FunctionCallInfo fcinfo)
{
	if (likely(!PG_ARGISNULL(0)))
		return (DtRankScan *) PG_GETARG_POINTER(0);
	return scan_first(fcinfo);
}

/* Adds a row; weight as in an entry of a run, amount in units. */
static pg_attribute_always_inline void
scan_add(DtRankScan *state, DtcRankKind kind, double score, uint64_t weight,
		 DtcAmount amount)
{
	DtcScan *scan = &state->scan;
	uint64_t key = dtc_rank_key(score);
	uint32_t place;

	state->head.rows++;
	if (!dtc_scan_place(scan, key, &place))
	{
		add_to(state, kind, &scan->gap[place], amount);
		return;
	}
	add_to(state, kind, &scan->bucket[place], amount);
	if (scan->plan.collect && !state->head.full)
	{
		dtsen_rank_add_entry(state->kept, key, weight);
		if (++state->unchecked == CHECK_EVERY)
			limit_kept(state);
	}
}

static inline void
refuse_kind(const DtRankScan *state, DtcRankKind kind)
{
	if (unlikely(state->scan.plan.kind != kind))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("invalid plan of a scan"),
						errhint("This function is for rank_cuts(relation, "
								"...) alone; call that.")));
}

/* Adds a row with an integer weight. */
static pg_attribute_always_inline void
add_integer(DtRankScan *state, double score, int64 weight)
{
	DtcAmount amount = {(uint64_t) weight, 0};

	if (weight < 0)
		dtsen_rank_weight_negative();
	state->head.total.low += amount.low;
	if (state->head.total.low > PG_INT64_MAX)
		dtsen_rank_sum_out_of_range(false);
	scan_add(state, DTC_RANK_INTEGER, score, amount.low, amount);
}

/* Adds the row of a call; the weight is of no use if it is NULL. */
static pg_attribute_always_inline Datum
scan_add_integer(FunctionCallInfo fcinfo, int64 weight)
{
	DtRankScan *state = scan_argument(fcinfo);

	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
	{
		state->head.ignored++;
		PG_RETURN_POINTER(state);
	}
	refuse_kind(state, DTC_RANK_INTEGER);
	add_integer(state, PG_GETARG_FLOAT8(2), weight);
	PG_RETURN_POINTER(state);
}

/*
 * Transition for integer weights. Arguments: state, plan, score, weight.
 * NULL score or weight: the row is counted as ignored. Errors: 22023 negative
 * weight or invalid plan, 22003 sum of the weights. Persons are counted in
 * integers mostly, which need no cast this way.
 */
Datum
dtsen__rank_scan_add_int4(PG_FUNCTION_ARGS)
{
	return scan_add_integer(fcinfo, PG_ARGISNULL(3) ? 0 : PG_GETARG_INT32(3));
}

Datum
dtsen__rank_scan_add_int8(PG_FUNCTION_ARGS)
{
	return scan_add_integer(fcinfo, PG_ARGISNULL(3) ? 0 : PG_GETARG_INT64(3));
}

/* Remembers which bits a weight has. */
static inline void
note_bits(DtRankScanHead *head, uint64_t bits)
{
	int exponent = (int) (bits >> MANTISSA_BITS);
	uint64_t mantissa = bits & ((UINT64CONST(1) << MANTISSA_BITS) - 1);
	int low;
	int high;

	if (exponent != 0)
		mantissa |= UINT64CONST(1) << MANTISSA_BITS;
	else
		exponent = 1;
	low = exponent - 1 - 1074 + pg_rightmost_one_pos64(mantissa);
	high = exponent - 1 - 1074 + pg_leftmost_one_pos64(mantissa);
	head->least_bit = Min(head->least_bit, low);
	head->most_bit = Max(head->most_bit, high);
}

/* Adds a row with a float weight. */
static pg_attribute_always_inline void
add_float(DtRankScan *state, double score, double weight)
{
	DtcAmount amount;

	if (!isfinite(weight))
		dtsen_rank_weight_not_finite();
	if (weight < 0)
		dtsen_rank_weight_negative();
	if (weight > 0)
		note_bits(&state->head, dtc_rank_weight_bits(weight));
	if (!dtc_amount_of_weight(&amount, weight, state->scan.plan.unit) ||
		!dtc_amount_add(&state->head.total, amount))
	{
		state->head.rows++;
		state->head.misfit = true;
		return;
	}
	scan_add(state, DTC_RANK_FLOAT, score, dtc_rank_weight_bits(weight),
			 amount);
}

/*
 * Transition for float weights: as above; 22023 also if a weight is not
 * finite. A weight that is no multiple of the plan's unit is not added up, but
 * the state then says so.
 */
Datum
dtsen__rank_scan_add_float8(PG_FUNCTION_ARGS)
{
	DtRankScan *state = scan_argument(fcinfo);

	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
	{
		state->head.ignored++;
		PG_RETURN_POINTER(state);
	}
	refuse_kind(state, DTC_RANK_FLOAT);
	add_float(state, PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3));
	PG_RETURN_POINTER(state);
}

/* Adds rows whose weights are of the plan's kind. Errors 22023, 22003. */
void
dtsen_rank_scan_add(DtRankScan *state, const DtRankRow *row, int rows)
{
	if (state->scan.plan.kind == DTC_RANK_INTEGER)
		for (int i = 0; i < rows; i++)
			add_integer(state, row[i].score, row[i].weight.integer);
	else
		for (int i = 0; i < rows; i++)
			add_float(state, row[i].score, row[i].weight.number);
}

/* ---------- combining, sending ---------- */

/* Adds what another state has to this one; both have the same plan. */
void
dtsen_rank_scan_merge(DtRankScan *state, DtRankScan *other)
{
	DtRankScanHead *head = &state->head;
	const DtRankScanHead *more = &other->head;

	settle(state);
	settle(other);

	if (VARSIZE(state->plan) != VARSIZE(other->plan) ||
		memcmp(state->plan, other->plan, VARSIZE(state->plan)) != 0)
		elog(ERROR, "scans of different plans cannot be merged");
	for (uint32_t i = 0; i < state->scan.plan.buckets; i++)
		dtc_amount_add(&state->scan.bucket[i], other->scan.bucket[i]);
	for (int i = 0; i <= state->scan.plan.intervals; i++)
		dtc_amount_add(&state->scan.gap[i], other->scan.gap[i]);
	head->rows += more->rows;
	head->ignored += more->ignored;
	head->misfit |= more->misfit;
	head->least_bit = Min(head->least_bit, more->least_bit);
	head->most_bit = Max(head->most_bit, more->most_bit);
	if (!dtc_amount_add(&head->total, more->total))
		head->misfit = true;
	if (state->scan.plan.kind == DTC_RANK_INTEGER &&
		(head->total.high > 0 || head->total.low > PG_INT64_MAX))
		dtsen_rank_sum_out_of_range(false);
	if (state->kept == NULL || head->full)
		return;
	if (more->full)
	{
		dtsen_rank_clear(state->kept);
		head->full = true;
	}
	else
	{
		DtRankView rows = other->rows;

		if (rows.head == NULL)
			dtsen_rank_view(EOHPGetRODatum(&other->kept->header), &rows);
		dtsen_rank_add_view(state->kept, &rows);
		limit_kept(state);
	}
}

/* Combine function. */
Datum
dtsen__rank_scan_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = dtsen_rank_aggregate_context(fcinfo);
	DtRankScan *state;
	DtRankScan *other;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_POINTER(PG_GETARG_POINTER(0));
	}
	other = (DtRankScan *) PG_GETARG_POINTER(1);
	if (PG_ARGISNULL(0))
		state = dtsen_rank_scan_new(context, other->plan);
	else
		state = (DtRankScan *) PG_GETARG_POINTER(0);
	dtsen_rank_scan_merge(state, other);
	PG_RETURN_POINTER(state);
}

/* What is sent: plan, head, gaps, buckets, rows. */
bytea *
dtsen_rank_scan_write(DtRankScan *state)
{
	Size plan_size;
	Size gap_size;
	Size bucket_size;
	Size kept_size = 0;
	Size size;
	bytea *result;
	char *next;

	settle(state);
	plan_size = VARSIZE(state->plan);
	gap_size = sizeof(DtcAmount) * (state->scan.plan.intervals + 1);
	bucket_size = sizeof(DtcAmount) * state->scan.plan.buckets;
	if (state->kept != NULL)
		kept_size = EOH_get_flat_size(&state->kept->header);
	size = VARHDRSZ + plan_size + sizeof(DtRankScanHead) + gap_size +
		   bucket_size + kept_size;
	result = palloc(size);
	SET_VARSIZE(result, size);
	next = VARDATA(result);
	memcpy(next, state->plan, plan_size);
	next += plan_size;
	memcpy(next, &state->head, sizeof(DtRankScanHead));
	next += sizeof(DtRankScanHead);
	memcpy(next, state->scan.gap, gap_size);
	next += gap_size;
	memcpy(next, state->scan.bucket, bucket_size);
	next += bucket_size;
	if (kept_size > 0)
	{
		/* as the flat form, but it may lie anywhere */
		DtRankFlat head;
		DtRankView rows;

		dtsen_rank_view(EOHPGetRODatum(&state->kept->header), &rows);
		head = *rows.head;
		SET_VARSIZE(&head, kept_size);
		memcpy(next, &head, DTSEN_RANK_HEADER);
		if (rows.run_length > 0)
			memcpy(next + DTSEN_RANK_HEADER, rows.run, rows.run_length);
	}
	return result;
}

/* Serialization function, and the final function. */
Datum
dtsen__rank_scan_serialize(PG_FUNCTION_ARGS)
{
	(void) dtsen_rank_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(
		dtsen_rank_scan_write((DtRankScan *) PG_GETARG_POINTER(0)));
}

/*
 * Reads what dtsen_rank_scan_write() wrote, in the current context. The
 * rows stay where they are: the bytes have to live as long as the result.
 */
DtRankScan *
dtsen_rank_scan_read(bytea *bytes)
{
	const char *next = VARDATA_ANY(bytes);
	const char *end = next + VARSIZE_ANY_EXHDR(bytes);
	bytea *plan;
	uint32 plan_word;
	Size plan_size;
	Size gap_size;
	Size bucket_size;
	DtRankScan *state;

	if (end - next < VARHDRSZ)
		elog(ERROR, "scan of ranking is incomplete");
	memcpy(&plan_word, next, sizeof(plan_word));
	plan_size = VARSIZE(&plan_word);
	if (plan_size < VARHDRSZ || (Size) (end - next) < plan_size)
		elog(ERROR, "scan of ranking is incomplete");
	plan = palloc(plan_size);
	memcpy(plan, next, plan_size);
	next += plan_size;
	state = dtsen_rank_scan_new(CurrentMemoryContext, plan);
	gap_size = sizeof(DtcAmount) * (state->scan.plan.intervals + 1);
	bucket_size = sizeof(DtcAmount) * state->scan.plan.buckets;
	if ((Size) (end - next) < sizeof(DtRankScanHead) + gap_size + bucket_size)
		elog(ERROR, "scan of ranking is incomplete");
	memcpy(&state->head, next, sizeof(DtRankScanHead));
	next += sizeof(DtRankScanHead);
	memcpy(state->scan.gap, next, gap_size);
	next += gap_size;
	memcpy(state->scan.bucket, next, bucket_size);
	next += bucket_size;
	state->scan.total = state->head.total;
	state->message = bytes;
	if (state->scan.plan.collect)
	{
		if (end - next < (ptrdiff_t) DTSEN_RANK_HEADER)
			elog(ERROR, "scan of ranking is incomplete");
		memcpy(&state->rows_head, next, DTSEN_RANK_HEADER);
		next += DTSEN_RANK_HEADER;
		state->rows = (DtRankView){&state->rows_head,
								   (const unsigned char *) next, end - next};
	}
	return state;
}

/* Makes a state that others were merged into one to be read, as if received. */
void
dtsen_rank_scan_finish(DtRankScan *state)
{
	settle(state);
	state->scan.total = state->head.total;
	if (state->kept != NULL)
		dtsen_rank_view(EOHPGetRODatum(&state->kept->header), &state->rows);
}

/* Deserialization function. */
Datum
dtsen__rank_scan_deserialize(PG_FUNCTION_ARGS)
{
	(void) dtsen_rank_aggregate_context(fcinfo);
	PG_RETURN_POINTER(dtsen_rank_scan_read(PG_GETARG_BYTEA_PP(0)));
}
