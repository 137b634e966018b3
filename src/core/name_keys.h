/*
 * name_keys.h
 *		Keys under which an index finds names, and what a search asks of them.
 *
 * The keys of a row say nothing about its similarity but bound it from above:
 * dtc_name_query_may_match() is true for every row whose similarity reaches
 * the threshold. That is the whole promise; name_keys.c says why it holds.
 */
#ifndef DTC_NAME_KEYS_H
#define DTC_NAME_KEYS_H

#include "core/name_unit.h"

/* Five kinds of key, told apart by their first byte */
#define DTC_KEY_WORD 'E'     /* a folded word */
#define DTC_KEY_FORWARD 'F'  /* class of row, word, 1 or, if known well, 2 */
#define DTC_KEY_BACKWARD 'R' /* the same with the letters reversed */
#define DTC_KEY_INITIAL 'I'  /* a letter that stands for a word */
#define DTC_KEY_CUT 'C'      /* last word of a name as wide as a field */

#define DTC_NAME_MAX_KEYS (5 * DTC_NAME_MAX_TOKENS)
#define DTC_NAME_KEY_BYTES (4 * DTC_NAME_MAX_FOLDED + 20 * DTC_NAME_MAX_TOKENS)

/* Below this threshold an index gives no bound, all rows are candidates. */
#define DTC_NAME_LEAST_INDEXED 0.2

typedef struct DtcNameKeys
{
	int n;
	int used;
	uint16_t off[DTC_NAME_MAX_KEYS];
	uint16_t len[DTC_NAME_MAX_KEYS];
	uint8_t bytes[DTC_NAME_KEY_BYTES];
} DtcNameKeys;

/* What a search looks up, and what its presence means for a word of it */
typedef enum DtcProbeWhat
{
	DTC_PROBE_WORD,        /* the word itself */
	DTC_PROBE_NEAR,        /* partial: a slip, a part, seen from the front */
	DTC_PROBE_NEAR_END,    /* partial: the same from the end */
	DTC_PROBE_INITIAL,     /* a letter that may stand for the word */
	DTC_PROBE_CUT,         /* partial: a beginning of it that was cut there */
	DTC_PROBE_HEAD,        /* first part of the word */
	DTC_PROBE_TAIL,        /* last part */
	DTC_PROBE_SEAM_HEAD,   /* partial: first part but for its last letter */
	DTC_PROBE_SEAM_TAIL,   /* partial: last part but for its first letter */
	DTC_PROBE_JOINED_NEAR, /* partial: this word and the next as one */
	DTC_PROBE_NICKNAME, /* a short name of the word, or what it is short for */
} DtcProbeWhat;

typedef struct DtcNameProbe
{
	uint8_t what;
	uint8_t unit;  /* word of the query */
	uint8_t class; /* of rows, for keys that tell it: 1 to 3, else 0 */
	bool partial;  /* all keys that begin with it are tried */
	uint16_t from; /* letters of the word; NICKNAME: row of the table */
	uint16_t
		to; /* NICKNAME: 1 for the name, 0 for its short name; WORD: level */
} DtcNameProbe;

typedef struct DtcQueryWord
{
	const char *key;
	uint16_t len;
	uint8_t kind;
	uint8_t level;
	uint8_t weight;
	bool father;
	bool alias;
	bool letter;  /* M for Muhammad */
	bool last;    /* of a name that may have been cut */
	bool open;    /* an initial: any word may be meant */
	DtcUnit unit; /* as a unit */
} DtcQueryWord;

typedef struct DtcNameQuery
{
	double threshold;
	bool everything;    /* no bound: all rows are candidates */
	bool deep;          /* look-alikes are looked up, too */
	bool alias;         /* has a second name */
	uint8_t best_class; /* rows of a higher class cannot match */
	int nwords;
	int nprobes;
	DtcQueryWord word[DTC_NAME_MAX_TOKENS];
	DtcNameProbe *probe;
} DtcNameQuery;

/* name_keys.c */
extern void dtc_name_keys(const DtcNameView *v, DtcNameKeys *keys);
extern int dtc_name_query_probes(const DtcNameView *v);
extern void dtc_name_query_init(DtcNameQuery *q, const DtcNameView *v,
								double threshold, DtcNameProbe *probe);
extern size_t dtc_name_probe_key(const DtcNameQuery *q, int i, uint8_t *out);
extern bool dtc_name_probe_accepts(const DtcNameQuery *q, int i,
								   const uint8_t *key, size_t len);
extern int dtc_name_row_class(const DtcNameView *v);

/* name_bound.c */
extern bool dtc_name_query_may_match(const DtcNameQuery *q,
									 const char *present);

#endif /* DTC_NAME_KEYS_H */
