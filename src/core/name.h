/*
 * name.h
 *		Indonesian personal names: parsing, folding, comparing.
 *
 * A name is cut into tokens; each token has a canonical form (upper case
 * ASCII, abbreviations expanded) and a folded key that the usual spellings of
 * one name share. Folding is for comparing, never for storing. The rules and
 * their sources are in docs/name.md.
 */
#ifndef DTC_NAME_H
#define DTC_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Raised whenever a table or a rule changes what a name folds to. */
#define DTC_NAME_VERSION 8

#define DTC_NAME_MAX_CHARS 255  /* code points of a name */
#define DTC_NAME_MAX_BYTES 1020 /* the same in UTF-8, four bytes each */
#define DTC_NAME_MAX_TOKENS 32
#define DTC_NAME_MAX_FOLDED 2047 /* bytes of all keys with their spaces */

typedef enum DtcNameStatus
{
	DTC_NAME_OK,
	DTC_NAME_EMPTY,    /* no letter in it */
	DTC_NAME_CONTROL,  /* a control character */
	DTC_NAME_TOO_LONG, /* one of the limits above */
} DtcNameStatus;

/* What the parts that are no name say about the person: bits of flags */
#define DTC_NAME_HAJI 0x01     /* H., Hj., K.H.: made the pilgrimage */
#define DTC_NAME_MALE 0x02     /* a man's title: Drs., Tn., Bpk. */
#define DTC_NAME_FEMALE 0x04   /* a woman's title: Hj., Ny., Dra. */
#define DTC_NAME_DECEASED 0x08 /* alm., almh. */
#define DTC_NAME_PATRONYM 0x10 /* bin, binti */
#define DTC_NAME_ALIAS 0x20    /* second name in brackets or after "alias" */
#define DTC_NAME_CUT 0x40      /* exactly as wide as a usual field */
#define DTC_NAME_TITLE 0x80    /* any other title or degree */

/* Kind of a token: the low bits of info */
#define DTC_TOKEN_KIND 0x07
#define DTC_TOKEN_NAME 0
#define DTC_TOKEN_INITIAL 1  /* one letter */
#define DTC_TOKEN_PARTICLE 2 /* al, el, de; the article I or Ni */
#define DTC_TOKEN_ORDER 3    /* birth order, caste or nobility: Wayan, Gusti */
#define DTC_TOKEN_SYMBOL 4   /* digits, or letters outside the Latin script */
/* How often the spelling is somebody's registered one: 0 to 3, see level() */
#define DTC_TOKEN_LEVEL 0x18
#define DTC_TOKEN_LEVEL_SHIFT 3
#define DTC_TOKEN_ABBREVIATED 0x20 /* the key is of the expanded form */
#define DTC_TOKEN_FATHER 0x40      /* after bin or binti */
#define DTC_TOKEN_ALIAS 0x80       /* of the second name */

typedef struct DtcNameToken
{
	uint16_t id;     /* of the spelling: row of the frequency table, or
					  * DTC_NAME_UNSEEN plus 15 bits of a hash */
	uint8_t info;    /* kind, level and the bits above */
	uint8_t weight;  /* bits of information, in eighths */
	uint16_t key;    /* offset of the key in folded */
	uint16_t keylen; /* bytes */
	uint16_t text;   /* offset of the canonical form in canonical */
	uint16_t textlen;
} DtcNameToken;

#define DTC_NAME_UNSEEN 0x8000
#define DTC_NAME_SPELLING_M 0xED0F /* dtc_name_spelling() of "M" */

typedef struct DtcName
{
	uint8_t flags;
	uint8_t ntokens;
	uint16_t foldedlen;
	uint16_t canonicallen;
	DtcNameToken token[DTC_NAME_MAX_TOKENS];
	char folded[DTC_NAME_MAX_FOLDED + 1];    /* keys, one space between */
	char canonical[DTC_NAME_MAX_FOLDED + 1]; /* the same for canonical */
} DtcName;

/* The same as a stored value holds it: nothing is copied. */
typedef struct DtcNameView
{
	uint8_t flags;
	uint8_t ntokens;
	uint16_t foldedlen;
	const uint8_t *meta; /* four bytes a token, see dtc_name_meta() */
	const char *folded;
} DtcNameView;

/* name_parse.c */
extern DtcNameStatus dtc_name_parse(const char *text, size_t len,
									DtcName *name);

/* name_text.c */
typedef enum DtcGlyphClass
{
	DTC_GLYPH_LETTER, /* ASCII A to Z in letters */
	DTC_GLYPH_DIGIT,
	DTC_GLYPH_SPACE,
	DTC_GLYPH_DOT,
	DTC_GLYPH_COMMA,
	DTC_GLYPH_OPEN,
	DTC_GLYPH_CLOSE,
	DTC_GLYPH_APOSTROPHE, /* of any kind */
	DTC_GLYPH_IGNORED,    /* combining and invisible marks */
	DTC_GLYPH_SYMBOL,     /* everything else, kept as it is */
	DTC_GLYPH_CONTROL,
} DtcGlyphClass;

typedef struct DtcGlyph
{
	DtcGlyphClass class;
	uint8_t bytes;   /* read, at least 1 */
	uint8_t nletter; /* 1 or 2 for LETTER and DIGIT */
	char letter[2];
} DtcGlyph;

extern DtcGlyph dtc_name_glyph(const char *text, size_t len);
extern size_t dtc_name_normal(const DtcName *name, char *out, size_t size);
extern size_t dtc_name_clean(const char *text, size_t len, char *out);

/* name_fold.c */
extern bool dtc_name_old_spelling(const char *token, size_t len);
extern size_t dtc_name_fold(const char *token, size_t len, char *key,
							size_t size);

/* name_reading.c */
#define DTC_NAME_READ_BYTES 64 /* room for a reading */

extern void dtc_name_read_digits(char *s, size_t len);
extern size_t dtc_name_read_hiatus(char *s, size_t len, uint64_t hiatus);
extern bool dtc_name_is_cut(const char *whole, size_t len, size_t first);
extern size_t dtc_name_read(const char *s, size_t len, int own, bool old,
							char *out);
extern size_t dtc_name_abdul_rest(const char *s, size_t len);
extern size_t dtc_name_dul_rest(const char *s, size_t len);
extern bool dtc_name_is_digraph(const char *s, size_t len);

typedef struct DtcExpansion
{
	char letters[4];
	bool before_order; /* else other names: IGN. is Ignatius */
	uint8_t kind[3];   /* DTC_TOKEN_NAME and so on */
	char word[3][12];  /* what the letters stand for; "" after the last */
} DtcExpansion;

extern const DtcExpansion *dtc_name_expansion(const char *s, size_t len);

/* name_table.c */
typedef enum DtcWordKind
{
	DTC_WORD_NONE,
	DTC_WORD_TITLE,
	DTC_WORD_TITLE_M,
	DTC_WORD_TITLE_F,
	DTC_WORD_HAJI,
	DTC_WORD_HAJAH,
	DTC_WORD_DEGREE,
	DTC_WORD_DECEASED,
	DTC_WORD_PATRONYM,
	DTC_WORD_ALIAS,
	DTC_WORD_PARTICLE,
	DTC_WORD_ORDER,
} DtcWordKind;

typedef struct DtcNameVariant
{
	char token[16];
	char head[16];        /* of the class */
	uint8_t abbreviation; /* 1 when token only stands for head */
	uint8_t code;         /* round(8 log2(count of the class)), 0 unseen */
	uint8_t weight;       /* set by hand, in eighths of a bit; 0 not set */
} DtcNameVariant;

extern uint16_t dtc_name_spelling(const char *text, size_t len);
extern void dtc_name_meta(const DtcName *name, uint8_t *meta);
extern DtcWordKind dtc_name_word(const char *token, size_t len);
extern const DtcNameVariant *dtc_name_variant(const char *token, size_t len);
extern int dtc_name_token_id(const char *token, size_t len);
extern int dtc_name_token_code(int id);
extern bool dtc_name_is_man(int id);
extern int dtc_name_total_code(void);
extern int dtc_name_token_at(int id, const char **token);
extern double dtc_name_people_near(const char *token, size_t len);
extern bool dtc_name_maybe_nickname(uint64_t key);
extern bool dtc_name_nickname(uint64_t nick, uint64_t name);
extern int dtc_name_nickname_next(int row, uint64_t key, bool *is_nick);
extern bool dtc_name_nickname_at(int row, char *nick, int *nicklen, char *name,
								 int *namelen);

#define DTC_NAME_CODE_LETTERS 12 /* of a key that fit into a number */
#define DTC_NICKNAME_LETTERS 7   /* of the longest nickname */

/* name_distance.c */
#define DTC_NAME_EDIT 100      /* cost of a plain edit */
#define DTC_NAME_SLIP_NONE 999 /* more than two edits apart */

typedef struct DtcNameSlip
{
	int cost; /* hundredths of an edit, or DTC_NAME_SLIP_NONE */
	int hard; /* edits that no habit of spelling explains */
} DtcNameSlip;

extern int dtc_name_edits(const char *a, int alen, const char *b, int blen);
extern DtcNameSlip dtc_name_slip(const char *a, int alen, const char *b,
								 int blen, int allowed, int most);

/* name_similarity.c */
typedef enum DtcNameRule
{
	DTC_RULE_MISSING,      /* on one side only, the other side is shorter */
	DTC_RULE_CONTRADICTED, /* on one side, and the other has a surplus too */
	DTC_RULE_EQUAL,        /* same spelling */
	DTC_RULE_SPELLING,     /* same key or variant class */
	DTC_RULE_ABBREVIATED,  /* one abbreviates the other */
	DTC_RULE_INITIAL,      /* a letter and a word that begins with it */
	DTC_RULE_JOINED,       /* two words written as one */
	DTC_RULE_CUT,          /* the field was too narrow */
	DTC_RULE_PART,         /* beginning or end of a longer word */
	DTC_RULE_NICKNAME,     /* a short name of it: Wawan, Hermawan */
	DTC_RULE_SLIP,         /* a few letters apart, one side unknown */
	DTC_RULE_LOOKALIKE,    /* a few letters apart, both well known */
} DtcNameRule;

typedef struct DtcNamePair
{
	int8_t a;        /* token of the first name, -1 for none */
	int8_t b;        /* of the second */
	int8_t a_joined; /* so many tokens behind it are part of it */
	int8_t b_joined;
	uint8_t rule;
	int16_t similarity; /* thousandths */
	int16_t weight;     /* in the denominator, eighths of a bit */
} DtcNamePair;

typedef struct DtcNameMatch
{
	double similarity;
	int npairs;
	int inversions;
	int64_t agreed;       /* numerator: thousandths of eighths of a bit */
	int64_t total;        /* denominator, the same */
	int64_t missing;      /* of the denominator: what one side lacks */
	int64_t contradicted; /* of the denominator: what both have too much */
	int order;            /* thousandths taken off for exchanged words */
	DtcNamePair pair[2 * DTC_NAME_MAX_TOKENS];
} DtcNameMatch;

/* name_model.c: a ministry's own tables, see there */
typedef struct DtcModelWord
{
	const char *key; /* NULL: a free slot */
	const char *head;
	uint16_t keylen;
	uint16_t headlen; /* 0: keeps its key */
	uint8_t weight;   /* eighths of a bit; 0: keeps its own */
	uint8_t level;    /* 0 to 3, or DTC_MODEL_LEVEL */
	bool abbreviated;
} DtcModelWord;

#define DTC_MODEL_LEVEL 255 /* keeps its own */

typedef struct DtcModelNickname
{
	const char *nick;
	const char *name;
	uint16_t nicklen;
	uint16_t namelen;
} DtcModelNickname;

typedef struct DtcNameModel
{
	DtcModelWord *word; /* hash table of slots, a power of two */
	uint32_t slots;
	DtcModelNickname *nickname; /* the same */
	uint32_t nickname_slots;
} DtcNameModel;

extern DtcModelWord *dtc_name_model_slot(const DtcNameModel *model,
										 const char *key, size_t len);
extern DtcModelNickname *dtc_name_model_nickname_slot(
	const DtcNameModel *model, const char *nick, size_t nicklen,
	const char *name, size_t namelen);
extern int dtc_name_level(uint64_t count);
extern uint8_t dtc_name_model_weight(uint64_t count, uint64_t total);
extern void dtc_name_match(const DtcNameView *a, const DtcNameView *b,
						   DtcNameMatch *match);
extern double dtc_name_similarity(const DtcNameView *a, const DtcNameView *b);
extern void dtc_name_match_with(const DtcNameView *a, const DtcNameView *b,
								const DtcNameModel *model,
								DtcNameMatch *match);
extern double dtc_name_similarity_with(const DtcNameView *a,
									   const DtcNameView *b,
									   const DtcNameModel *model);

/* name_keys.c: which pairs of words an index can find, see there */
extern bool dtc_name_near(const char *a, int alen, const char *b, int blen);
extern bool dtc_name_seam(const char *first, int firstlen, const char *second,
						  int secondlen, const char *whole, int len);

#endif /* DTC_NAME_H */
