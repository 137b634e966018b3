/*
 * output.c
 *		Writes fields and lines.
 */
#include "population.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER (1 << 16)
#define LINE_MAX_BYTES 8192

static void
flush(Output *out)
{
	if (out->used > 0 &&
		fwrite(out->buffer, 1, out->used, out->file) != out->used)
		fatal("cannot write \"%s\": %s", out->path, strerror(errno));
	out->used = 0;
}

static void
put_bytes(Output *out, const char *bytes, size_t len)
{
	if (out->used + len > BUFFER)
		flush(out);
	memcpy(out->buffer + out->used, bytes, len);
	out->used += len;
}

/* Opens DIR/name and writes the header; replaces what is there. */
void
output_open(Output *out, const char *dir, const char *name, const char *header)
{
	size_t size = strlen(dir) + strlen(name) + 2;

	memset(out, 0, sizeof(*out));
	out->path = must_alloc(size, 1);
	snprintf(out->path, size, "%s/%s", dir, name);
	out->buffer = must_alloc(BUFFER, 1);
	out->file = fopen(out->path, "wb");
	if (out->file == NULL)
		fatal("cannot write \"%s\": %s", out->path, strerror(errno));
	put_bytes(out, header, strlen(header));
	put_bytes(out, "\n", 1);
	out->line = 2;
}

void
output_close(Output *out)
{
	flush(out);
	if (fclose(out->file) != 0)
		fatal("cannot write \"%s\": %s", out->path, strerror(errno));
	free(out->path);
	free(out->buffer);
}

static void
separate(Output *out)
{
	if (out->has_field)
		put_bytes(out, "|", 1);
	out->has_field = true;
}

/* A field as it is, without quotes; len at most BUFFER. */
void
put_raw(Output *out, const char *bytes, size_t len)
{
	separate(out);
	put_bytes(out, bytes, len);
}

/* A field, quoted where it must be. */
void
put_text(Output *out, const char *value)
{
	separate(out);
	if (strpbrk(value, "|\"\n\r") == NULL)
	{
		put_bytes(out, value, strlen(value));
		return;
	}
	put_bytes(out, "\"", 1);
	for (const char *c = value; *c; c++)
	{
		put_bytes(out, c, 1);
		if (*c == '"')
			put_bytes(out, c, 1);
		if (*c == '\n')
			out->line++;
	}
	put_bytes(out, "\"", 1);
}

void
put_empty(Output *out)
{
	separate(out);
}

/* A number that is not negative, with zeros in front up to a width. */
void
put_number(Output *out, int64_t value, int width)
{
	char digits[24];
	int at = (int) sizeof(digits);

	do
	{
		digits[--at] = (char) ('0' + value % 10);
		value /= 10;
	} while (value > 0 || (int) sizeof(digits) - at < width);
	put_raw(out, digits + at, sizeof(digits) - (size_t) at);
}

void
put_date(Output *out, int32_t days)
{
	char text[16];
	int year, month, day;

	date_parts(days, &year, &month, &day);
	text[0] = (char) ('0' + year / 1000);
	text[1] = (char) ('0' + year / 100 % 10);
	text[2] = (char) ('0' + year / 10 % 10);
	text[3] = (char) ('0' + year % 10);
	text[4] = text[7] = '-';
	text[5] = (char) ('0' + month / 10);
	text[6] = (char) ('0' + month % 10);
	text[8] = (char) ('0' + day / 10);
	text[9] = (char) ('0' + day % 10);
	put_raw(out, text, 10);
}

/* Names of operations, with commas between. */
void
put_operations(Output *out, uint64_t ops)
{
	bool first = true;

	separate(out);
	for (int op = 0; op < OP_COUNT; op++)
		if (ops & OP_BIT(op))
		{
			if (!first)
				put_bytes(out, ",", 1);
			put_bytes(out, rate_name((Operation) op),
					  strlen(rate_name((Operation) op)));
			first = false;
		}
}

void
end_line(Output *out)
{
	put_bytes(out, "\n", 1);
	out->has_field = false;
	out->line++;
}

/* Starts a line that line_change() may need whole in the buffer. */
void
line_begin(Output *out)
{
	if (out->used + LINE_MAX_BYTES > BUFFER)
		flush(out);
	out->start = out->used;
}

/* Lets a function change the line since line_begin(); it may add a byte. */
void
line_change(Output *out, LineChange change, uint64_t ops, int fields)
{
	size_t len = out->used - out->start;

	if (out->used < out->start || len + 1 > LINE_MAX_BYTES)
		fatal("a line of \"%s\" is longer than %d bytes", out->path,
			  LINE_MAX_BYTES);
	change(out->buffer + out->start, &len, ops, fields);
	out->used = out->start + len;
}
