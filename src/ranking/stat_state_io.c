/*
 * stat_state_io.c
 *		Portable form of stat_state, its text and its binary form.
 *
 * What is stored, sent and written is one sequence of bytes, the same on every
 * machine (docs/formats.md); text is its hexadecimal form.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errors.h"
#include "ranking/rank_state.h"
#include "ranking/stat_state.h"

#define HEAD_BYTES 56 /* before the parameters */
#define PART_BYTES 9  /* of a part, besides its name and run */

DTSEN_FUNCTION(dtsen_stat_state_in);
DTSEN_FUNCTION(dtsen_stat_state_out);
DTSEN_FUNCTION(dtsen_stat_state_recv);
DTSEN_FUNCTION(dtsen_stat_state_send);

/* ---------- writing ---------- */

/* Bytes that dtsen_stat_pack() writes for a settled state. */
Size
dtsen_stat_packed_size(const DtStatState *state)
{
	Size size = HEAD_BYTES + sizeof(uint64) * state->head.param_count;

	for (uint32 i = 0; i < state->part_count; i++)
		size += PART_BYTES + state->part[i].name_length +
				state->part[i].run_length;
	return size;
}

static char *
put_bytes(char *out, const void *bytes, Size length)
{
	if (length > 0)
		memcpy(out, bytes, length);
	return out + length;
}

static char *
put32(char *out, uint32 value)
{
	value = pg_hton32(value);
	return put_bytes(out, &value, sizeof(value));
}

static char *
put64(char *out, uint64 value)
{
	value = pg_hton64(value);
	return put_bytes(out, &value, sizeof(value));
}

/* Writes a settled state. */
void
dtsen_stat_pack(const DtStatState *state, char *out)
{
	const DtStatHead *head = &state->head;

	*out++ = DTSEN_STAT_VERSION;
	*out++ = (char) head->shape;
	*out++ = (char) head->weights;
	*out++ = (char) (head->param_count >> 8);
	out = put32(out, (uint32) (head->param_count & 0xFF) << 24 |
						 (state->part_count & 0xFFFFFF));
	out = put64(out, (uint64) head->rows);
	out = put64(out, (uint64) head->ignored);
	out = put64(out, (uint64) head->not_finite);
	out = put64(out, (uint64) head->negative);
	out = put64(out, (uint64) head->zero);
	out = put64(out, (uint64) head->total);
	for (int i = 0; i < head->param_count; i++)
	{
		uint64 bits;

		memcpy(&bits, &head->param[i], sizeof(bits));
		out = put64(out, bits);
	}
	for (uint32 i = 0; i < state->part_count; i++)
	{
		const DtStatPart *part = &state->part[i];

		dtsen_rank_yield();
		*out++ = (char) part->kind;
		out = put32(out, part->name_length);
		out = put32(out, (uint32) part->run_length);
		out = put_bytes(out, part->name, part->name_length);
		out = put_bytes(out, part->run, part->run_length);
	}
}

/* ---------- reading ---------- */

typedef struct Packed
{
	const char *at;
	const char *end;
} Packed;

static bool
take_bytes(Packed *in, void *to, Size length)
{
	if ((Size) (in->end - in->at) < length)
		return false;
	memcpy(to, in->at, length);
	in->at += length;
	return true;
}

static bool
take32(Packed *in, uint32 *value)
{
	if (!take_bytes(in, value, sizeof(*value)))
		return false;
	*value = pg_ntoh32(*value);
	return true;
}

static bool
take_count(Packed *in, int64 *value)
{
	uint64 bits;

	if (!take_bytes(in, &bits, sizeof(bits)))
		return false;
	*value = (int64) pg_ntoh64(bits);
	return *value >= 0;
}

/* Takes the part before the parts; the number of those into *parts. */
static bool
take_head(Packed *in, DtStatHead *head, uint32 *parts)
{
	unsigned char start[4];
	uint32 counts;

	memset(head, 0, sizeof(*head));
	if (!take_bytes(in, start, sizeof(start)) || !take32(in, &counts) ||
		start[0] != DTSEN_STAT_VERSION || start[1] < STAT_SCORES ||
		start[1] > STAT_GROUPED ||
		(start[2] != DTC_RANK_INTEGER && start[2] != DTC_RANK_FLOAT))
		return false;
	head->shape = start[1];
	head->weights = start[2];
	head->param_count = start[3] << 8 | (int) (counts >> 24);
	*parts = counts & 0xFFFFFF;
	if (head->param_count > DTSEN_STAT_MAX_PARAMS ||
		!take_count(in, &head->rows) || !take_count(in, &head->ignored) ||
		!take_count(in, &head->not_finite) ||
		!take_count(in, &head->negative) || !take_count(in, &head->zero) ||
		!take_count(in, &head->total) ||
		(Size) (in->end - in->at) < sizeof(double) * head->param_count)
		return false;
	head->param = palloc(sizeof(double) * Max(head->param_count, 1));
	for (int i = 0; i < head->param_count; i++)
	{
		uint64 bits = 0;

		(void) take_bytes(in, &bits, sizeof(bits));
		bits = pg_ntoh64(bits);
		memcpy(&head->param[i], &bits, sizeof(bits));
	}
	return true;
}

/* Takes a part into the state, whose run stays where it is. */
static bool
take_part(Packed *in, DtStatState *state, uint32 number, bool check)
{
	const DtStatHead *head = &state->head;
	DtStatPart *part;
	DtcRankSums sums;
	unsigned char kind;
	uint32 name_length;
	uint32 run_length;

	if (!take_bytes(in, &kind, 1) || !take32(in, &name_length) ||
		!take32(in, &run_length) ||
		(uint64) (in->end - in->at) < (uint64) name_length + run_length)
		return false;
	if (head->shape == STAT_GROUPED)
	{
		part = dtsen_stat_group(state, in->at, name_length);
		if (state->part_count != number + 1)
			return false;
	}
	else
		part = &state->part[number];
	if (part->kind != kind || part->name_length != name_length)
		return false;
	in->at += name_length;
	part->run =
		MemoryContextAlloc(state->header.eoh_context, Max(run_length, 1));
	part->run_length = run_length;
	(void) take_bytes(in, part->run, run_length);
	if (!check)
		return true;
	return dtc_rank_check(part->kind, part->run, run_length, &sums,
						  dtsen_rank_yield) == DTC_RANK_OK &&
		   sums.amount <= Max(head->rows, head->total);
}

/*
 * Makes a state, living in "parent", of bytes. NULL, with the reason, if they
 * are none; "check" also proves the runs.
 */
DtStatState *
dtsen_stat_unpack(const char *bytes, Size length, MemoryContext parent,
				  bool check, const char **why)
{
	Packed in = {bytes, bytes + length};
	DtStatHead head;
	DtStatState *state;
	uint32 parts;

	*why = gettext_noop("The header is not one of version 1.");
	if (!take_head(&in, &head, &parts))
		return NULL;
	state = dtsen_stat_new(parent, &head);
	head.param = state->head.param;
	state->head = head;
	*why = gettext_noop(
		"The number of parts does not fit the kind of statistic.");
	if (head.shape != STAT_GROUPED && parts != state->part_count)
		return NULL;
	*why = gettext_noop("A part is not valid.");
	for (uint32 i = 0; i < parts; i++)
	{
		dtsen_rank_yield();
		if (!take_part(&in, state, i, check))
			return NULL;
	}
	*why = gettext_noop("There are more bytes than a state has.");
	if (in.at != in.end)
		return NULL;
	*why = gettext_noop("Groups are not in ascending order.");
	for (uint32 i = 1; check && head.shape == STAT_GROUPED && i < parts; i++)
	{
		const DtStatPart *a = &state->part[i - 1];
		const DtStatPart *b = &state->part[i];
		int order =
			memcmp(a->name, b->name, Min(a->name_length, b->name_length));

		if (order > 0 || (order == 0 && a->name_length >= b->name_length))
			return NULL;
	}
	return state;
}

/* ---------- text and binary ---------- */

static struct varlena *
checked_copy(const char *bytes, Size length, const char **why)
{
	struct varlena *flat;

	if (dtsen_stat_unpack(bytes, length, CurrentMemoryContext, true, why) ==
		NULL)
		return NULL;
	flat = palloc(VARHDRSZ + length);
	SET_VARSIZE(flat, VARHDRSZ + length);
	memcpy(VARDATA(flat), bytes, length);
	return flat;
}

/* The bytes of a state of either form, as a varlena. */
static struct varlena *
flat_argument(FunctionCallInfo fcinfo)
{
	DtStatState *state = dtsen_stat_readable(PG_GETARG_DATUM(0));
	Size size = EOH_get_flat_size(&state->header);
	struct varlena *flat = palloc(size);

	EOH_flatten_into(&state->header, flat, size);
	return flat;
}

/* stat_state input: hexadecimal, two digits a byte; 22P02. */
Datum
dtsen_stat_state_in(PG_FUNCTION_ARGS)
{
	const char *string = PG_GETARG_CSTRING(0);
	size_t length = strlen(string);
	char *bytes = palloc(length / 2 + 1);
	const char *why = gettext_noop("The text is not hexadecimal.");
	struct varlena *flat = NULL;

	if (length % 2 == 0 && strspn(string, "0123456789abcdef") == length)
	{
		(void) hex_decode(string, length, bytes);
		flat = checked_copy(bytes, length / 2, &why);
	}
	if (flat == NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "stat_state"),
				 errdetail("%s", dtsen_gettext(why)),
				 errhint("Give what the text output of the type wrote, of a "
						 "version that this one knows.")));
	PG_RETURN_POINTER(flat);
}

/* stat_state output: hexadecimal. */
Datum
dtsen_stat_state_out(PG_FUNCTION_ARGS)
{
	struct varlena *flat = flat_argument(fcinfo);
	Size length = VARSIZE(flat) - VARHDRSZ;
	char *string = palloc(length * 2 + 1);

	(void) hex_encode(VARDATA(flat), length, string);
	string[length * 2] = '\0';
	PG_RETURN_CSTRING(string);
}

/* stat_state receive; 22P03. */
Datum
dtsen_stat_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	int length = message->len - message->cursor;
	const char *why;
	struct varlena *flat =
		checked_copy(pq_getmsgbytes(message, length), length, &why);

	if (flat == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary format for type %s", "stat_state"),
				 errdetail("%s", dtsen_gettext(why)),
				 errhint("Send what the binary output of the type wrote, of a "
						 "version that this one knows.")));
	PG_RETURN_POINTER(flat);
}

/* stat_state send: the bytes. */
Datum
dtsen_stat_state_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(flat_argument(fcinfo));
}
