/*
 * Text of a rank state: whatever is read must make a run that fits in the room
 * that is said, and what is a valid one must, written out in full, read back
 * to the same bytes; nothing may read past the end.
 */
#include <math.h>

#include "core/rank_text.h"
#include "fuzz.h"

/* Reads a text into a new run; 0 where it makes no sense. */
static int
read_run(const char *string, DtcRankTextHead *head, unsigned char **run,
		 size_t *length)
{
	DtcRankText text;
	DtcRankWriter writer;
	uint64_t entry[DTC_RANK_MAX_WORDS];
	size_t room =
		strlen(string) / 2 + 1; /* entries: two characters at least */
	int more;

	*run = NULL;
	if (!dtc_rank_text_head(&text, string, 1, head))
	{
		MUST(text.at >= string && text.at <= string + strlen(string));
		return 0;
	}
	MUST(head->groups >= 0 && head->groups <= DTC_RANK_MAX_GROUPS &&
		 head->rows >= 0 && head->ignored >= 0);
	*run = malloc(room * DTC_RANK_MAX_ENTRY_BYTES);
	dtc_rank_write_start(&writer, head->kind, *run);
	while ((more = dtc_rank_text_next(&text, entry)) > 0)
		dtc_rank_write(&writer, entry);
	MUST(text.at >= string && text.at <= string + strlen(string));
	*length = (size_t) (writer.next - *run);
	MUST(*length <= room * DTC_RANK_MAX_ENTRY_BYTES);
	return more == 0;
}

static char *
append_number(char *out, double value)
{
	if (isnan(value))
		return out + sprintf(out, "NaN");
	if (isinf(value))
		return out + sprintf(out, value < 0 ? "-Infinity" : "Infinity");
	return out + sprintf(out, "%.17g", value);
}

/* Writes a run as text and reads that. */
static void
read_again(const DtcRankTextHead *head, const unsigned char *run,
		   size_t length, size_t entries)
{
	char *text = malloc(200 + entries * 80);
	char *next = text;
	DtcRankTextHead again;
	DtcRankReader reader;
	unsigned char *copy;
	size_t copied = 0;

	next += sprintf(next, "1:%s:%lld:%lld:%lld{",
					head->kind == DTC_RANK_INTEGER ? "integer" : "float",
					(long long) head->groups, (long long) head->rows,
					(long long) head->ignored);
	dtc_rank_read_run(&reader, head->kind, run, length);
	for (size_t i = 0; dtc_rank_next(&reader) > 0; i++)
	{
		if (i > 0)
			*next++ = ',';
		next = append_number(next, dtc_rank_score(reader.entry[0]));
		*next++ = ':';
		if (head->kind == DTC_RANK_FLOAT)
		{
			next = append_number(next, dtc_rank_weight(reader.entry[1]));
			*next++ = '*';
		}
		next +=
			sprintf(next, "%lld", (long long) reader.entry[reader.words - 1]);
	}
	strcpy(next, "}");
	MUST(read_run(text, &again, &copy, &copied));
	MUST(copied == length && memcmp(copy, run, length) == 0);
	MUST(again.kind == head->kind && again.groups == head->groups &&
		 again.rows == head->rows && again.ignored == head->ignored);
	free(copy);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = exact(data, size);
	char *string = malloc(size + 1);
	DtcRankTextHead head;
	DtcRankSums sums;
	unsigned char *run;
	size_t length;

	memcpy(string, bytes, size);
	string[size] = '\0';
	free(bytes);
	if (read_run(string, &head, &run, &length) &&
		dtc_rank_check(head.kind, run, length, &sums, NULL) == DTC_RANK_OK)
		read_again(&head, run, length, (size_t) sums.entries);
	free(run);
	free(string);
	return 0;
}
