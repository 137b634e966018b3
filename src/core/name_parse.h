/*
 * name_parse.h
 *		What the files that parse names share: words as scanned.
 */
#ifndef DTC_NAME_PARSE_H
#define DTC_NAME_PARSE_H

#include "core/name.h"

#include <string.h>

#define DTC_MAX_RAW 128 /* raw tokens: 255 characters hold no more */

/* A token as scanned; letters are in DtcNameParser.text. */
typedef struct DtcRaw
{
	uint16_t off;
	uint16_t len;
	uint8_t segment; /* number of commas before it in its group */
	bool dotted;     /* a full stop follows */
	bool glued;      /* only a full stop between it and the one before */
	bool alias;      /* in brackets or after "alias" */
	bool marked;     /* after an @, or a stroke between blanks */
	bool digits;     /* nothing but digits */
	bool symbols;    /* holds bytes outside ASCII */
	bool father;     /* after bin or binti */
	bool gone;       /* stripped */
} DtcRaw;

typedef struct DtcNameParser
{
	char text[2 * DTC_NAME_MAX_BYTES];
	size_t textlen;
	DtcRaw raw[DTC_MAX_RAW];
	int nraw;
	uint8_t flags;
	bool overflow;
	bool old;        /* a word shows the spelling from before 1972 */
	uint64_t hiatus; /* before which letters of the word an apostrophe stood */
	DtcName *name;
} DtcNameParser;

/* Is a raw token this word? */
static inline bool
dtc_raw_is(const DtcNameParser *p, const DtcRaw *r, const char *word)
{
	return r->len == strlen(word) &&
		   memcmp(p->text + r->off, word, r->len) == 0;
}

/* name_parse.c */
extern DtcWordKind dtc_raw_kind(const DtcNameParser *p, const DtcRaw *r);
extern int dtc_raw_live(const DtcNameParser *p, bool alias);
extern int dtc_raw_next(const DtcNameParser *p, int i, bool alias);
extern size_t dtc_raw_concatenate(const DtcNameParser *p, int i, int n,
								  char *out, size_t size);

/* name_emit.c */
extern bool dtc_name_emit(DtcNameParser *p, bool alias);

#endif /* DTC_NAME_PARSE_H */
