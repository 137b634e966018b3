/*
 * variants.c
 *		One planted error in a name: how clerks, spelling reforms and forms
 *		change what the civil registry holds.
 */
#include "population.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

/* Replaces len bytes at a place; false if the result would be too long. */
static bool
splice(char *name, size_t at, size_t len, const char *with)
{
	size_t size = strlen(name), with_len = strlen(with);

	if (size - len + with_len >= NAME_SIZE)
		return false;
	memmove(name + at + with_len, name + at + len, size - at - len + 1);
	memcpy(name + at, with, with_len);
	return true;
}

static int
count_tokens(const char *name)
{
	int count = 1;

	for (const char *c = name; *c; c++)
		count += *c == ' ';
	return count;
}

/* Bounds of the i-th token. */
static void
token_at(const char *name, int i, size_t *at, size_t *len)
{
	const char *c = name;

	while (i-- > 0)
		c = strchr(c, ' ') + 1;
	*at = (size_t) (c - name);
	*len = strcspn(c, " ");
}

/* Applies one of the rewritings that fit somewhere; the drawn one first. */
static bool
rewrite_one(Rng *rng, char *name, const char *const (*pairs)[2], size_t count)
{
	size_t first = rng_below(rng, (uint32_t) count);

	for (size_t i = 0; i < count; i++)
	{
		const char *const *pair = pairs[(first + i) % count];
		char *found = strstr(name + 1, pair[0]);

		size_t len = strlen(pair[0]);

		if (found == NULL || found[-1] == ' ')
			continue;
		/* not where the longer spelling stands already */
		if (strlen(pair[1]) > len &&
			strncmp(found, pair[1], strlen(pair[1])) == 0)
			continue;
		return splice(name, (size_t) (found - name), len, pair[1]);
	}
	return false;
}

static bool
old_spelling(Rng *rng, char *name)
{
	static const char *const pairs[][2] = {{"U", "OE"},  {"J", "DJ"},
										   {"Y", "J"},   {"SY", "SJ"},
										   {"NY", "NJ"}, {"C", "TJ"}};

	return rewrite_one(rng, name, pairs, COUNT_OF(pairs));
}

static bool
other_letter(Rng *rng, char *name)
{
	static const char *const pairs[][2] = {
		{"N", "NN"},   {"S", "SS"},  {"T", "TT"},       {"MM", "M"},
		{"NN", "N"},   {"SS", "S"},  {"F", "P"},        {"V", "P"},
		{"Z", "J"},    {"Z", "S"},   {"I", "Y"},        {"Y", "I"},
		{"KH", "H"},   {"KH", "K"},  {"SY", "S"},       {"TH", "T"},
		{"D", "T"},    {"DH", "D"},  {"Q", "K"},        {"IY", "I"},
		{"IA", "IYA"}, {"AI", "AE"}, {"EI", "EN"},      {"A", "O"},
		{"E", "I"},    {"AH", "A"},  {"UDDIN", "UDIN"}, {"O", "U"},
		{"H", ""},     {"CH", "H"}};

	return rewrite_one(rng, name, pairs, COUNT_OF(pairs));
}

static bool
slip(Rng *rng, char *name)
{
	static const char *const near[26] = {
		"SQ", "VN", "XV", "SF", "WR", "DG", "FH", "GJ", "UO",
		"HK", "JL", "KO", "N",  "BM", "IP", "OL", "WA", "ET",
		"AD", "RY", "YI", "CB", "QE", "ZC", "TU", "XA"};
	size_t len = strlen(name);
	size_t at = rng_below(rng, (uint32_t) len);
	char letter = name[at];

	if (letter < 'A' || letter > 'Z')
		return false;
	switch (rng_below(rng, 3))
	{
		case 0:
			name[at] =
				near[letter - 'A']
					[rng_below(rng, (uint32_t) strlen(near[letter - 'A']))];
			return true;
		case 1: /* drop */
			return len > 3 && splice(name, at, 1, "");
		default: /* exchange with the next */
			if (name[at + 1] < 'A' || name[at + 1] > 'Z' ||
				name[at + 1] == letter)
				return false;
			name[at] = name[at + 1];
			name[at + 1] = letter;
			return true;
	}
}

static bool
abbreviate(Rng *rng, char *name)
{
	static const struct
	{
		const char *token;
		const char *shorter[5];
	} known[] = {{"MUHAMMAD", {"M.", "MUH.", "MOH", "MHD", "MUH"}},
				 {"MUHAMAD", {"M.", "MUH", "MOH.", "MHD.", "MOCH"}},
				 {"MOHAMMAD", {"M.", "MOH.", "MOH", "MOH", "MHD"}},
				 {"MOCHAMAD", {"MOCH.", "MOCH", "M.", "MOH", "MOCH."}},
				 {"AHMAD", {"A.", "AHM.", "ACH", "AHM", "A"}},
				 {"ACHMAD", {"ACH.", "ACH", "A.", "A", "ACH."}},
				 {"ABDUL", {"ABD.", "ABD", "A.", "ABD", "A"}},
				 {"SITI", {"ST.", "S.", "ST", "S", "ST."}},
				 {"NUR", {"N.", "N", "N.", "NR", "NR."}},
				 {"WAYAN", {"WYN", "WYN.", "WY.", "W.", "WYN"}},
				 {"NYOMAN", {"NYM", "NYM.", "NY.", "N.", "NYM"}}};
	int count = count_tokens(name);
	int i = (int) rng_below(rng, (uint32_t) count);
	char initial[3] = "?.";
	size_t at, len;

	token_at(name, 0, &at, &len);
	for (size_t k = 0; k < COUNT_OF(known); k++)
		if (strlen(known[k].token) == len &&
			memcmp(name, known[k].token, len) == 0 && count > 1)
			return splice(name, 0, len, known[k].shorter[rng_below(rng, 5)]);
	token_at(name, i, &at, &len);
	if (count < 2 || len < 4)
		return false;
	initial[0] = name[at];
	initial[1] = rng_below(rng, 2) == 0 ? '.' : '\0';
	return splice(name, at, len, initial);
}

static bool
nickname(Rng *rng, char *name)
{
	static const char *const known[][2] = {
		{"HERMAWAN", "WAWAN"}, {"KURNIAWAN", "WAWAN"}, {"SETIAWAN", "IWAN"},
		{"NURHAYATI", "YATI"}, {"KHADIJAH", "IJAH"},   {"MUHAMMAD", "MAMAT"},
		{"MUHAMAD", "MAMAT"},  {"FATIMAH", "IMAH"},    {"AMINAH", "MINAH"},
		{"BAHARUDIN", "UDIN"}, {"JAMALUDIN", "UDIN"},  {"SYAMSUDIN", "UDIN"},
		{"SUTRISNO", "TRIS"},  {"HARYANTO", "YANTO"},  {"SUPRIYANTO", "YANTO"},
		{"SITI", "ITI"},       {"HALIMAH", "IMAH"},    {"ROHMAN", "OMAN"},
		{"ISMAIL", "MAIL"},    {"IBRAHIM", "BOIM"},    {"SULAIMAN", "EMAN"}};
	int count = count_tokens(name);
	int first = (int) rng_below(rng, (uint32_t) count);

	for (int i = 0; i < count; i++)
	{
		size_t at, len;
		char tail[8];

		token_at(name, (first + i) % count, &at, &len);
		for (size_t k = 0; k < COUNT_OF(known); k++)
			if (strlen(known[k][0]) == len &&
				memcmp(name + at, known[k][0], len) == 0)
			{
				strcpy(name, known[k][1]);
				return true;
			}
		if (len < 7)
			continue;
		memcpy(tail, name + at + len - 4, 4);
		tail[4] = '\0';
		strcpy(name, tail);
		return true;
	}
	return false;
}

static bool
drop_token(Rng *rng, char *name)
{
	int count = count_tokens(name);
	int i = rng_below(rng, 3) == 0 ? 0 : count - 1;
	size_t at, len;

	if (count < 2)
		return false;
	token_at(name, i, &at, &len);
	return i == 0 ? splice(name, 0, len + 1, "")
				  : splice(name, at - 1, len + 1, "");
}

static bool
exchange_tokens(Rng *rng, char *name)
{
	int count = count_tokens(name);
	char turned[NAME_SIZE];
	size_t at, len, next_at, next_len;
	int i;

	if (count < 2)
		return false;
	i = (int) rng_below(rng, (uint32_t) count - 1);
	token_at(name, i, &at, &len);
	token_at(name, i + 1, &next_at, &next_len);
	memcpy(turned, name + next_at, next_len);
	turned[next_len] = ' ';
	memcpy(turned + next_len + 1, name + at, len);
	memcpy(name + at, turned, len + next_len + 1);
	return true;
}

static bool
join_tokens(Rng *rng, char *name)
{
	int count = count_tokens(name);
	size_t at, len;

	if (count < 2)
		return false;
	token_at(name, (int) rng_below(rng, (uint32_t) count - 1), &at, &len);
	return splice(name, at + len, 1, "");
}

static bool
add_patronym(const NameOwner *owner, char *name)
{
	char patronym[NAME_SIZE];

	if (owner->father[0] == '\0')
		return false;
	snprintf(patronym, sizeof(patronym), " %s %.*s",
			 owner->sex == 1 ? "BIN" : "BINTI",
			 (int) strcspn(owner->father, " "), owner->father);
	return splice(name, strlen(name), 0, patronym);
}

static bool
add_title(Rng *rng, const NameOwner *owner, char *name)
{
	static const char *const men[] = {"H. ",  "H ",  "DRS. ", "IR. ",
									  "BPK ", "R. ", "H. ",   "ALM. "};
	static const char *const women[] = {"HJ. ", "HJ ",  "DRA. ", "NY ",
										"IBU ", "RR. ", "HJ. ",  "ALMH. "};
	static const char *const degrees[] = {", S.PD", ", SE",   ", SH",
										  ", ST",   ", A.MD", ", S.PD.I"};
	uint32_t drawn = rng_below(rng, 12);

	if (owner->age < 22)
		return false;
	if (drawn >= 8)
		return splice(name, strlen(name), 0,
					  degrees[rng_below(rng, COUNT_OF(degrees))]);
	return splice(name, 0, 0, owner->sex == 1 ? men[drawn] : women[drawn]);
}

static bool
vary_once(Rng *rng, Operation op, const NameOwner *owner, char *name)
{
	switch (op)
	{
		case OP_NAME_OLD:
			return old_spelling(rng, name);
		case OP_NAME_LETTER:
			return other_letter(rng, name);
		case OP_NAME_TYPO:
			return slip(rng, name);
		case OP_NAME_ABBREVIATED:
			return abbreviate(rng, name);
		case OP_NAME_NICKNAME:
			return nickname(rng, name);
		case OP_NAME_DROPPED:
			return drop_token(rng, name);
		case OP_NAME_ORDER:
			return exchange_tokens(rng, name);
		case OP_NAME_JOINED:
			return join_tokens(rng, name);
		case OP_NAME_BIN:
			return add_patronym(owner, name);
		case OP_NAME_TITLE:
			return add_title(rng, owner, name);
		default:
			return false;
	}
}

/*
 * Plants one error in a name of NAME_SIZE bytes, in place. Returns false, and
 * leaves the name as it was, if the error cannot be made in this name.
 */
bool
name_vary(Rng *rng, Operation op, const NameOwner *owner, char *name)
{
	char original[NAME_SIZE];

	strcpy(original, name);
	for (int tries = 0; tries < 8; tries++)
	{
		if (vary_once(rng, op, owner, name) && name[0] != '\0' &&
			strcmp(name, original) != 0)
			return true;
		strcpy(name, original);
	}
	return false;
}
