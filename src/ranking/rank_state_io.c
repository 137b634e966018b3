/*
 * rank_state_io.c
 *		Text and binary form of rank_state.
 *
 * Text:	VERSION:WEIGHTS:GROUPS:ROWS:IGNORED{ENTRY,ENTRY,...}
 *
 *		1:integer:0:3:1{1000:4,2500.5:7}	score:weight
 *		1:float:0:3:0{1000:0.5*2,2500.5:1.25*1}	score:weight*rows
 *
 * Numbers are written in the shortest form that reads back to the same double,
 * so text is exact. Entries must be in strictly ascending order: there is one
 * text for a value, and reading proves it.
 */
#include "postgres.h"

#include "common/shortest_dec.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"

#include "compat.h"
#include "errors.h"
#include "core/rank_text.h"
#include "ranking/rank_state.h"

DTSEN_FUNCTION(dtsen_rank_state_in);
DTSEN_FUNCTION(dtsen_rank_state_out);
DTSEN_FUNCTION(dtsen_rank_state_recv);
DTSEN_FUNCTION(dtsen_rank_state_send);

/*
 * Makes a flat value of a header and a run from outside. Returns NULL and says
 * in *why what is wrong with them. Fills in what follows from the run.
 */
static DtRankFlat *
rank_build(DtRankFlat *head, const unsigned char *run, Size length,
		   const char **why)
{
	DtcRankSums sums;
	DtRankFlat *flat;
	bool integer = head->kind == DTC_RANK_INTEGER;

	if (head->groups != 0 && (head->groups < DTC_RANK_MIN_GROUPS ||
							  head->groups > DTC_RANK_MAX_GROUPS))
	{
		*why = gettext_noop("The number of groups is out of range.");
		return NULL;
	}
	switch (dtc_rank_check(head->kind, run, length, &sums, dtsen_rank_yield))
	{
		case DTC_RANK_OK:
			break;
		case DTC_RANK_OVERFLOW:
			*why = gettext_noop(
				"The weights or rows add up to more than a bigint.");
			return NULL;
		default:
			*why =
				gettext_noop("Entries must be valid and in ascending order.");
			return NULL;
	}
	if (head->rows < 0 || head->ignored < 0 || head->rows < sums.entries ||
		(head->rows > 0) != (sums.entries > 0) ||
		(!integer && head->rows != sums.amount))
	{
		*why = gettext_noop("The number of rows does not fit the entries.");
		return NULL;
	}
	head->entries = sums.entries;
	head->total = integer ? sums.amount : 0;
	flat = palloc(DTSEN_RANK_HEADER + length);
	memcpy(flat, head, DTSEN_RANK_HEADER);
	if (length > 0)
		memcpy(DTSEN_RANK_RUN(flat), run, length);
	SET_VARSIZE(flat, DTSEN_RANK_HEADER + length);
	return flat;
}

/* ---------- text ---------- */

/*
 * Reads the text into a run; false where it makes no sense. A number of groups
 * or rows that does not fit the entries is for rank_build() to refuse.
 */
static bool
read_text(DtcRankText *input, const char *string, DtRankFlat *head,
		  StringInfo run)
{
	DtcRankTextHead read;
	DtcRankWriter writer;
	uint64_t entry[DTC_RANK_MAX_WORDS];
	int more;

	if (!dtc_rank_text_head(input, string, DTSEN_RANK_VERSION, &read))
		return false;
	memset(head, 0, DTSEN_RANK_HEADER);
	head->version = DTSEN_RANK_VERSION;
	head->kind = read.kind;
	head->groups = (uint16) read.groups;
	head->rows = read.rows;
	head->ignored = read.ignored;

	initStringInfo(run);
	dtc_rank_write_start(&writer, read.kind, (unsigned char *) run->data);
	while ((more = dtc_rank_text_next(input, entry)) > 0)
	{
		CHECK_FOR_INTERRUPTS();
		enlargeStringInfo(run, DTC_RANK_MAX_ENTRY_BYTES);
		writer.next = (unsigned char *) run->data + run->len;
		dtc_rank_write(&writer, entry);
		run->len = (int) (writer.next - (unsigned char *) run->data);
	}
	return more == 0;
}

/*
 * rank_state input. 22P02 with the character at which the text stops making
 * sense, or with what does not fit together.
 */
Datum
dtsen_rank_state_in(PG_FUNCTION_ARGS)
{
	char *string = PG_GETARG_CSTRING(0);
	DtcRankText input;
	const char *why = NULL;
	DtRankFlat head;
	DtRankFlat *flat;
	StringInfoData run;

	if (!read_text(&input, string, &head, &run))
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "rank_state"),
				 errdetail("The text cannot be read from character %d on.",
						   (int) (input.at - string) + 1),
				 errhint("Give what the text output of the type wrote, of a "
						 "version that this one knows.")));
	flat = rank_build(&head, (unsigned char *) run.data, run.len, &why);
	if (flat == NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "rank_state"),
				 errdetail("%s", dtsen_gettext(why)),
				 errhint("Give what the text output of the type wrote, of a "
						 "version that this one knows.")));
	PG_RETURN_POINTER(flat);
}

static void
append_double(StringInfo out, double value)
{
	char number[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, number);
	appendStringInfoString(out, number);
}

/* rank_state output: exact, see the top of this file. */
Datum
dtsen_rank_state_out(PG_FUNCTION_ARGS)
{
	DtRankView view;
	DtcRankReader reader;
	StringInfoData out;
	const char *separator = "";
	int more;

	dtsen_rank_view(PG_GETARG_DATUM(0), &view);
	initStringInfo(&out);
	appendStringInfo(&out, "%d:%s:%d:" INT64_FORMAT ":" INT64_FORMAT "{",
					 view.head->version,
					 view.head->kind == DTC_RANK_INTEGER ? "integer" : "float",
					 view.head->groups, view.head->rows, view.head->ignored);
	dtc_rank_read_run(&reader, view.head->kind, view.run, view.run_length);
	while ((more = dtc_rank_next(&reader)) > 0)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(&out, separator);
		separator = ",";
		append_double(&out, dtc_rank_score(reader.entry[0]));
		appendStringInfoChar(&out, ':');
		if (view.head->kind == DTC_RANK_FLOAT)
		{
			append_double(&out, dtc_rank_weight(reader.entry[1]));
			appendStringInfoChar(&out, '*');
		}
		appendStringInfo(&out, INT64_FORMAT,
						 (int64) reader.entry[reader.words - 1]);
	}
	if (more < 0)
		dtsen_rank_corrupt();
	appendStringInfoChar(&out, '}');
	PG_RETURN_CSTRING(out.data);
}

/* ---------- binary ---------- */

/* rank_state receive: as strict as the text; 22P03. */
Datum
dtsen_rank_state_recv(PG_FUNCTION_ARGS)
{
	StringInfo message = (StringInfo) PG_GETARG_POINTER(0);
	const char *why = NULL;
	DtRankFlat head;
	DtRankFlat *flat;
	int length;

	memset(&head, 0, sizeof(head));
	head.version = pq_getmsgbyte(message);
	head.kind = pq_getmsgbyte(message);
	head.groups = pq_getmsgint(message, 2);
	head.rows = pq_getmsgint64(message);
	head.ignored = pq_getmsgint64(message);
	if (head.version != DTSEN_RANK_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary format for type %s", "rank_state"),
				 errdetail("Version %d is not known.", head.version),
				 errhint("Send what the binary output of the type wrote, of a "
						 "version that this one knows.")));
	if (head.kind != DTC_RANK_INTEGER && head.kind != DTC_RANK_FLOAT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary format for type %s", "rank_state"),
				 errdetail("Kind of weights %d is not known.", head.kind),
				 errhint("Send what the binary output of the type wrote, of a "
						 "version that this one knows.")));
	length = message->len - message->cursor;
	flat = rank_build(&head,
					  (const unsigned char *) pq_getmsgbytes(message, length),
					  length, &why);
	if (flat == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary format for type %s", "rank_state"),
				 errdetail("%s", dtsen_gettext(why)),
				 errhint("Send what the binary output of the type wrote, of a "
						 "version that this one knows.")));
	PG_RETURN_POINTER(flat);
}

/* rank_state send: the header in network order, then the run as it is. */
Datum
dtsen_rank_state_send(PG_FUNCTION_ARGS)
{
	DtRankView view;
	StringInfoData out;

	dtsen_rank_view(PG_GETARG_DATUM(0), &view);
	pq_begintypsend(&out);
	pq_sendbyte(&out, view.head->version);
	pq_sendbyte(&out, view.head->kind);
	pq_sendint16(&out, view.head->groups);
	pq_sendint64(&out, view.head->rows);
	pq_sendint64(&out, view.head->ignored);
	pq_sendbytes(&out, (const char *) view.run, (int) view.run_length);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}
