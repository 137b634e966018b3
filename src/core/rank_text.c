/*
 * rank_text.c
 *		Reading the text of a rank state.
 *
 * Numbers are read by strtod(), which gives the double nearest to them, so
 * what was written in the shortest exact form is the same double again. The
 * caller's locale must have a decimal point.
 */
#include "core/rank_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define NUMBER_LENGTH 400 /* characters of a number that can be of use */

/* Takes a word; 0 if the text goes on differently. */
static int
take_word(DtcRankText *text, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(text->at, word, length) != 0)
		return 0;
	text->at += length;
	return 1;
}

/* Takes an unsigned decimal number up to "most". */
static int
take_integer(DtcRankText *text, int64_t most, int64_t *value)
{
	const char *digits = text->at;

	*value = 0;
	for (; *text->at >= '0' && *text->at <= '9'; text->at++)
	{
		int digit = *text->at - '0';

		if (*value > (most - digit) / 10)
			return 0;
		*value = *value * 10 + digit;
	}
	return text->at > digits;
}

/* Takes a number as float8 writes it, or NaN, Infinity, -Infinity. */
static int
take_double(DtcRankText *text, double *value)
{
	char copy[NUMBER_LENGTH + 1];
	size_t length = 0;
	char *end;

	if (take_word(text, "NaN"))
		*value = (double) NAN;
	else if (take_word(text, "Infinity"))
		*value = HUGE_VAL;
	else if (take_word(text, "-Infinity"))
		*value = -HUGE_VAL;
	else
	{
		while (length <= NUMBER_LENGTH && text->at[length] != '\0' &&
			   strchr("0123456789+-.eE", text->at[length]) != NULL)
			length++;
		if (length == 0 || length > NUMBER_LENGTH)
			return 0;
		memcpy(copy, text->at, length);
		copy[length] = '\0';
		errno = 0;
		*value = strtod(copy, &end);
		/* neither infinity nor 0 is what an out-of-range number says */
		if (*end != '\0' || isinf(*value) || (errno == ERANGE && *value == 0))
			return 0;
		text->at += length;
	}
	return 1;
}

/*
 * Takes the part before the entries. 0 if the string does not begin with one
 * of this version; text->at is where it stops making sense.
 */
int
dtc_rank_text_head(DtcRankText *text, const char *string, int version,
				   DtcRankTextHead *head)
{
	int64_t read;

	text->at = string;
	text->entries = 0;
	if (!take_integer(text, version, &read) || read != version ||
		!take_word(text, ":"))
		return 0;
	if (take_word(text, "integer:"))
		text->kind = DTC_RANK_INTEGER;
	else if (take_word(text, "float:"))
		text->kind = DTC_RANK_FLOAT;
	else
		return 0;
	head->kind = text->kind;
	return take_integer(text, DTC_RANK_MAX_GROUPS, &head->groups) &&
		   take_word(text, ":") &&
		   take_integer(text, INT64_MAX, &head->rows) &&
		   take_word(text, ":") &&
		   take_integer(text, INT64_MAX, &head->ignored) &&
		   take_word(text, "{");
}

/*
 * Takes the next entry, dtc_rank_words() of them. Returns 1, after the last
 * one 0, and -1 where the text is none.
 */
int
dtc_rank_text_next(DtcRankText *text, uint64_t *entry)
{
	double score;
	double weight;
	int64_t amount;

	if (take_word(text, "}"))
		return *text->at == '\0' ? 0 : -1;
	if (text->entries > 0 && !take_word(text, ","))
		return -1;
	if (!take_double(text, &score) || !take_word(text, ":"))
		return -1;
	entry[0] = dtc_rank_key(score);
	if (text->kind == DTC_RANK_FLOAT)
	{
		if (!take_double(text, &weight) || !(weight >= 0) || isinf(weight) ||
			!take_word(text, "*"))
			return -1;
		entry[1] = dtc_rank_weight_bits(weight);
	}
	if (!take_integer(text, INT64_MAX, &amount))
		return -1;
	entry[dtc_rank_words(text->kind) - 1] = (uint64_t) amount;
	text->entries++;
	return 1;
}
