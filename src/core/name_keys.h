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
#define DTC_KEY_WORD 'E' /* a word of one letter */
#define DTC_KEY_FORWARD                                                       \
	'F' /* a longer word, its spelling, what is beside it */
#define DTC_KEY_BACKWARD 'R' /* the same, letters reversed: only the word */
#define DTC_KEY_INITIAL 'I'  /* a letter that stands for a word */
#define DTC_KEY_CUT 'C'      /* last word of a name as wide as a field */

#define DTC_NAME_MAX_KEYS (5 * DTC_NAME_MAX_TOKENS)
/*
 * The last bytes of a key of a longer word, below any letter: how well the
 * spelling is attested and three bits of which it is; forward also the class, 1
 * to 16, which is how much the other words of the row weigh at least.
 */
#define DTC_KEY_TAIL 2      /* forward */
#define DTC_KEY_TAIL_BACK 1 /* backward */
#define DTC_KEY_SPELLINGS 8
#define DTC_NAME_CLASSES 16
#define DTC_NAME_CLASS_STEP 24 /* eighths of a bit */
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
	DTC_PROBE_WORD,        /* partial if longer: the word itself */
	DTC_PROBE_NEAR,        /* partial: a slip, a part, seen from the front */
	DTC_PROBE_NEAR_END,    /* partial: the same from the end */
	DTC_PROBE_INITIAL,     /* a letter that may stand for the word */
	DTC_PROBE_CUT,         /* partial: a beginning of it that was cut there */
	DTC_PROBE_HEAD,        /* partial: first part of the word */
	DTC_PROBE_TAIL,        /* partial: last part */
	DTC_PROBE_SEAM_HEAD,   /* partial: first part but for its last letter */
	DTC_PROBE_SEAM_TAIL,   /* partial: last part but for its first letter */
	DTC_PROBE_JOINED_NEAR, /* partial: this word and the next as one */
	DTC_PROBE_NICKNAME,    /* partial: a short name of the word, or what it is
						 * short for */
} DtcProbeWhat;

typedef struct DtcNameProbe
{
	uint8_t what;
	uint8_t unit;   /* word of the query */
	uint8_t letter; /* INITIAL: which */
	/*
	 * Classes of rows that it takes, a third of them: 1 to 3, or all: 0. A
	 * search that reads the class in the keys itself needs only those below 2
	 * and takes all classes by them.
	 */
	uint8_t third;
	bool partial;  /* all keys that begin with it are tried */
	uint16_t from; /* letters of the word; NICKNAME: row of the table */
	uint16_t to;   /* NICKNAME: 1 for the name, 0 for its short name */
} DtcNameProbe;

/* Does a probe take a key? */
typedef enum DtcTaken
{
	DTC_SKIPPED,
	DTC_TAKEN,
	DTC_PASSED, /* nor any key behind it */
} DtcTaken;

/* What a key that a probe takes says about the rows that have it */
typedef struct DtcNameHit
{
	uint8_t what; /* DtcProbeWhat */
	uint8_t unit;
	/* HEAD, TAIL: letters of the part; JOINED_NEAR: 1 if all words are one */
	uint8_t length;
	bool attested;       /* the key is of a spelling that is known well */
	uint8_t class;       /* 1 to 16, 0 unknown */
	uint16_t similarity; /* of the two words, thousandths, at most */
	uint16_t lookalike;  /* the same if they look alike */
} DtcNameHit;

/* What is known of a row about one word of the search */
typedef struct DtcNameFind
{
	uint64_t head, tail; /* bit n: a part of n letters */
	uint16_t same;       /* similarity, thousandths: 970 or 1000 */
	uint16_t near;
	uint16_t lookalike;
	uint8_t class; /* least of those told, 0 if none is */
	uint8_t flags;
} DtcNameFind;

typedef struct DtcQueryWord
{
	const char *key;
	uint16_t len;
	uint16_t id; /* of the spelling */
	uint8_t kind;
	uint8_t level;
	uint8_t weight;
	bool father;
	bool free; /* costs nothing where it is missing */
	bool alias;
	bool letter; /* M for Muhammad */
	bool last;   /* of a name that may have been cut */
	bool open;   /* an initial: any word may be meant */
	bool alone;  /* the only word of its name */
	/*
	 * How many words a name has of which it is the first, and that may all be one
	 * word of a row; 0 if they may not.
	 */
	uint8_t whole;
	DtcUnit unit; /* as a unit */
} DtcQueryWord;

typedef struct DtcNameQuery
{
	double threshold;
	bool everything;  /* no bound: all rows are candidates */
	bool deep;        /* look-alikes are looked up, too */
	bool alias;       /* has a second name */
	bool reads_class; /* whoever searches reads classes in the keys */
	int nwords;
	int nprobes;
	DtcQueryWord word[DTC_NAME_MAX_TOKENS];
	DtcNameProbe *probe;
} DtcNameQuery;

#define DTC_NAME_CODED 12 /* letters that are kept of a word */

/* A word of an index as far as it is kept in memory; letters A to Z only. */
typedef struct DtcNameCode
{
	uint64_t first;   /* letters in the order of the key, five bits each, the
					   * first one highest */
	uint32_t letters; /* which there are, a bit each */
	int n;
} DtcNameCode;

#define DTC_NAME_SKELETONS 32

/* A word of a search beside the words of a range of keys. */
typedef struct DtcNameRange
{
	DtcNameCode word;
	uint64_t end; /* its last letters, the last one lowest */
	const DtcUnit *unit;
	bool backward;
	int joined;    /* letters of it and the next word, or 0 */
	int head;      /* letters that those two as one begin with */
	uint32_t soft; /* letters that may cost little beside the word's */
	/* bits of where each letter is in the word, and in its skeletons so far */
	uint64_t place[26];
	uint32_t known;
	uint8_t bones[DTC_NAME_SKELETONS];
	uint64_t bone[DTC_NAME_SKELETONS][26];
} DtcNameRange;

/* name_range.c */
extern bool dtc_name_key_code(const uint8_t *key, size_t len, bool tail,
							  DtcNameCode *code);
extern bool dtc_name_range_init(const DtcNameQuery *q, int unit, bool backward,
								DtcNameRange *r);
extern bool dtc_name_range_may_take(DtcNameRange *r, const DtcNameCode *other);

/* name_keys.c */
extern void dtc_name_keys(const DtcNameView *v, DtcNameKeys *keys);
extern int dtc_name_query_probes(const DtcNameView *v);
extern void dtc_name_query_init(DtcNameQuery *q, const DtcNameView *v,
								double threshold, DtcNameProbe *probe);
extern size_t dtc_name_probe_key(const DtcNameQuery *q, int i, uint8_t *out);
extern DtcTaken dtc_name_probe_takes(const DtcNameQuery *q, int i,
									 const uint8_t *key, size_t len,
									 DtcNameHit *hit);
extern size_t dtc_name_probe_backward(const DtcNameQuery *q, int i,
									  uint8_t *out);
extern uint16_t dtc_name_spelling_similarity(const DtcNameQuery *q, int unit,
											 const uint8_t *key, size_t len);
extern size_t dtc_name_backward_word(const uint8_t *key, size_t len,
									 uint8_t *out);

/* name_bound.c */
extern void dtc_name_note(const DtcNameQuery *q, DtcNameFind *find,
						  const DtcNameHit *hit);
extern bool dtc_name_allows(const DtcNameQuery *q, const DtcNameFind *find);
extern double dtc_name_bound(const DtcNameQuery *q, const DtcNameFind *find);
extern bool dtc_name_query_may_match(const DtcNameQuery *q,
									 const char *present);

#endif /* DTC_NAME_KEYS_H */
