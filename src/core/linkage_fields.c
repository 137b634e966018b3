/*
 * linkage_fields.c
 *		Comparing two records field by field: which level they reach.
 *
 * All comparisons are symmetric and none raises an error.
 */
#include "core/linkage.h"

#include "core/digits.h"
#include "core/kode_wilayah.h"
#include "core/nik.h"
#include "core/roster.h"

#include <string.h>

#define REGION_UNIT INT64_C(10000000000)
#define SERIAL_UNIT INT64_C(10000)
#define GENERATION_DAYS 5479 /* 15 years */
#define NEIGHBOURS 50        /* serials closer than that may be neighbours */

/* Name similarity, from which on a level is reached. */
#define NAME_EQUAL 0.995
#define NAME_SPELLING 0.93
#define NAME_SLIP 0.80
#define NAME_MISSING 0.10
#define NAME_PART 0.20

#define LETTERS 64 /* of what is left of a name */

/*
 * Numbers that forms hold when nobody knew one: all digits the same, a
 * counting row, a region or a date of nothing but zeros.
 */
static bool
is_dummy(int64_t number)
{
	int64_t ones = INT64_C(1111111111111111);

	return number % ones == 0 || number / REGION_UNIT == 0 ||
		   number % REGION_UNIT / SERIAL_UNIT == 0 ||
		   number == INT64_C(1234567890123456) ||
		   number == INT64_C(9876543210987654);
}

/* Is a family card number one that stands for none? */
bool
dtc_link_nkk_is_dummy(int64_t nkk)
{
	return is_dummy(nkk);
}

/* A digit, or the digit that a letter was mistaken for; 0 when neither. */
static char
digit_at(char c)
{
	static const char letters[] = "OoDQIilSsBZzGg";
	static const char digits[] = "00001115582266";
	const char *found = c != '\0' ? strchr(letters, c) : NULL;

	if (c >= '0' && c <= '9')
		return c;
	return found != NULL ? digits[found - letters] : '\0';
}

/*
 * Reads a NIK as it was written, for comparing only: 15 or 17 digits and up to
 * two letters that look like digits are told, not refused.
 *
 * text: len bytes; utf8: whether bytes above 127 are UTF-8. False, and digits
 * 0, when it is none or a dummy. Linear.
 */
bool
dtc_link_nik_read(const char *text, size_t len, bool utf8, DtcLinkNik *nik)
{
	char plain[32];
	size_t n;
	int count = 0, letters = 0;

	memset(nik, 0, sizeof(*nik));
	if (!dtc_digits_parse(text, len, &nik->value) &&
		!dtc_digits_clean(text, len, utf8, &nik->value))
	{
		n = dtc_digits_strip(text, len, utf8, plain, sizeof(plain));
		if (n == 0 && len < sizeof(plain))
		{
			memcpy(plain, text, len);
			n = len;
		}
		for (size_t i = 0; i < n; i++)
		{
			char c = digit_at(plain[i]);

			if (plain[i] == ' ')
				continue;
			letters += c != plain[i];
			if (c == '\0' || count == 17 || letters > 2)
				return false;
			nik->text[count++] = c;
		}
		if (count < 15)
			return false;
		if (count != 16)
		{
			nik->digits = (uint8_t) count;
			return true;
		}
		if (!dtc_digits_parse(nik->text, 16, &nik->value))
			return false;
	}
	if (is_dummy(nik->value))
		return false;
	dtc_digits_write(nik->value, nik->text);
	nik->digits = 16;
	return true;
}

/* Number of 16 digits. */
static int64_t
number_of(const char *text)
{
	int64_t number = 0;

	for (int i = 0; i < 16; i++)
		number = number * 10 + (text[i] - '0');
	return number;
}

/*
 * The numbers that a NIK may stand for: within one edit, with a digit put in
 * where one is too few, with one left out where one is too many.
 *
 * nik: as dtc_link_nik_read() fills it. keys: room for DTC_NIK_KEYS_MAX.
 * Returns how many, each once.
 */
int
dtc_link_nik_keys(const DtcLinkNik *nik, int64_t *keys)
{
	char text[16];
	int count = 0;

	if (nik->digits == 16)
		return dtc_nik_keys(nik->value, keys);
	/* a digit put in, or left out, beside its like is the same everywhere */
	for (int i = 0; nik->digits == 15 && i <= 15; i++)
	{
		memcpy(text, nik->text, (size_t) i);
		memcpy(text + i + 1, nik->text + i, (size_t) (15 - i));
		for (text[i] = '0'; text[i] <= '9'; text[i]++)
		{
			if (i == 0 || text[i] != text[i - 1])
				keys[count++] = number_of(text);
		}
	}
	for (int i = 0; nik->digits == 17 && i <= 16; i++)
	{
		memcpy(text, nik->text, (size_t) i);
		memcpy(text + i, nik->text + i + 1, (size_t) (16 - i));
		if (i == 0 || nik->text[i] != nik->text[i - 1])
			keys[count++] = number_of(text);
	}
	return count;
}

/* An upper-case letter of a byte; bytes above 127 are letters of their own. */
static unsigned
letter_of(char c)
{
	unsigned upper = (unsigned char) c & ~0x20u;

	if ((unsigned char) c >= 0x80)
		return (unsigned char) c;
	return upper >= 'A' && upper <= 'Z' ? upper : 0;
}

/* Reads the next word in capitals, cut to size. Returns its length. */
static int
next_word(const char *text, size_t len, size_t *at, char *word, int size)
{
	int n = 0;

	while (*at < len && letter_of(text[*at]) == 0)
		++*at;
	for (unsigned c; *at < len && (c = letter_of(text[*at])) != 0; ++*at)
	{
		if (n < size)
			word[n++] = (char) c;
	}
	return n;
}

static bool
is_word(const char *word, int len, const char *other)
{
	return len == (int) strlen(other) &&
		   memcmp(word, other, (size_t) len) == 0;
}

/* Is a text made of one letter only, twice or more? */
static bool
is_run(const char *text, size_t len, unsigned letter)
{
	int count = 0;

	for (size_t i = 0; i < len; i++)
	{
		unsigned c = letter_of(text[i]);

		if (c != 0 && c != letter)
			return false;
		count += c != 0;
	}
	return count > 1;
}

/*
 * Does a name say that there is none: BELUM DIBERI NAMA, TIDAK DIKETAHUI, NN,
 * or whose baby it is, BAYI NY. SITI?
 *
 * text: as written, len bytes. Nobody in the list of names is called by one of
 * these words.
 */
bool
dtc_link_name_is_dummy(const char *text, size_t len)
{
	static const char first[][9] = {
		"BAYI", "BAYINY",   "BYNY",   "BELUM",  "BLM",    "TANPA",  "TIDAK",
		"TDK",  "TIDAKADA", "KOSONG", "NONAME", "ANONIM", "UNKNOWN"};
	char word[9];
	size_t at = 0;
	int n;

	/* most names are none by their first letter */
	while (at < len && letter_of(text[at]) == 0)
		at++;
	if (at == len || (unsigned char) text[at] >= 0x80 ||
		strchr("BTKNAUX", (int) letter_of(text[at])) == NULL)
		return false;
	n = next_word(text, len, &at, word, sizeof(word));
	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
	{
		if (word[0] == first[i][0] && is_word(word, n, first[i]))
			return true;
	}
	if (is_word(word, n, "BY"))
	{
		n = next_word(text, len, &at, word, sizeof(word));
		return is_word(word, n, "NY") || is_word(word, n, "NYONYA") ||
			   is_word(word, n, "IBU");
	}
	if (is_word(word, n, "NO"))
	{
		n = next_word(text, len, &at, word, sizeof(word));
		return is_word(word, n, "NAME");
	}
	if (word[0] != 'N' && word[0] != 'X')
		return false;
	return is_run(text, len, (unsigned char) word[0]);
}

/*
 * Reads a sex as registers write it: L, P, 1, 2, or a word for them in any case.
 *
 * text: len bytes. False when it says none.
 */
bool
dtc_link_sex_read(const char *text, size_t len, uint8_t *sex)
{
	static const char words[][10] = {"L",        "1",         "LK",    "LAKI",
									 "LAKILAKI", "PRIA",      "P",     "2",
									 "PR",       "PEREMPUAN", "WANITA"};
	const int men = 6;
	char word[9];
	size_t n = 0;

	if (dtc_sex_parse(text, len, sex))
		return true;
	for (size_t i = 0; i < len; i++)
	{
		char c = text[i];

		if (c == ' ' || c == '-' || c == '.')
			continue;
		if (n == sizeof(word))
			return false;
		word[n++] = c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
	}
	for (int i = 0; n > 0 && i < (int) (sizeof(words) / sizeof(*words)); i++)
	{
		if (strlen(words[i]) != n || memcmp(word, words[i], n) != 0)
			continue;
		*sex = i < men ? DTC_SEX_MALE : DTC_SEX_FEMALE;
		return true;
	}
	return false;
}

/* Day digits without the 40 of a woman. */
static int
day_of(int64_t nik)
{
	int day = (int) (nik / INT64_C(100000000) % 100);

	return day > 40 ? day - 40 : day;
}

/* Month and year digits. */
static int
month_year_of(int64_t nik)
{
	return (int) (nik / SERIAL_UNIT % 10000);
}

/*
 * What a record's NIK says against its own birth date and sex: DTC_CONFLICT_
 * bits, 0 when there is nothing to compare.
 */
uint8_t
dtc_link_conflict(const DtcPerson *person)
{
	int64_t nik = person->nik.value;
	uint8_t conflict = 0;

	if (!(person->has & 1u << DTC_LINK_NIK) || person->nik.digits != 16)
		return 0;
	if (dtc_nik_faults(nik) &
		(DTC_NIK_DAY_IMPOSSIBLE | DTC_NIK_MONTH_IMPOSSIBLE |
		 DTC_NIK_DATE_IMPOSSIBLE))
		return DTC_CONFLICT_IMPOSSIBLE;
	if (person->has & 1u << DTC_LINK_BIRTH_DATE)
	{
		int year, month, day;

		dtc_civil_from_days(person->birth_date, &year, &month, &day);
		if (day != day_of(nik) ||
			month * 100 + year % 100 != month_year_of(nik))
			conflict |= DTC_CONFLICT_BIRTH_DATE;
	}
	if (person->has & 1u << DTC_LINK_SEX &&
		(dtc_nik_sex(nik) == DTC_NIK_FEMALE) !=
			(person->sex == DTC_SEX_FEMALE))
		conflict |= DTC_CONFLICT_SEX;
	return conflict;
}

/* Is the longer text the shorter one with a digit more? */
static bool
one_more(const char *shorter, int len, const char *longer)
{
	int i = 0;

	while (i < len && shorter[i] == longer[i])
		i++;
	return memcmp(shorter + i, longer + i + 1, (size_t) (len - i)) == 0;
}

/* Level of two numbers of which one has not 16 digits; may be missing. */
static int
length_level(const DtcLinkNik *a, const DtcLinkNik *b, DtcLinkDates *dates)
{
	const DtcLinkNik *x = a->digits < b->digits ? a : b;
	const DtcLinkNik *y = a->digits < b->digits ? b : a;
	bool same = false;

	if (x->digits == y->digits)
		same = memcmp(x->text, y->text, x->digits) == 0;
	else if (y->digits - x->digits == 1)
		same = one_more(x->text, x->digits, y->text);
	if (!same)
		return DTC_LINK_MISSING;
	dates->equal = dates->sex = dates->near = true;
	return DTC_NIK_LENGTH;
}

/* One edit: which part it lies in. */
static int
one_edit_level(int64_t a, int64_t b)
{
	int64_t x = a % SERIAL_UNIT, y = b % SERIAL_UNIT;
	int64_t diff = a > b ? a - b : b - a;
	int count = 0;

	if (a / 10 == b / 10 && (x % 10 == 0 || y % 10 == 0))
		return DTC_NIK_LAST_ZERO;
	if (a / SERIAL_UNIT == b / SERIAL_UNIT && diff < NEIGHBOURS)
		return DTC_NIK_SERIAL;
	for (; a != b; a /= 10, b /= 10)
		count += a % 10 != b % 10;
	return count > 1 ? DTC_NIK_EXCHANGE : DTC_NIK_DIGIT;
}

/*
 * Level of two NIKs that are there; DTC_LINK_MISSING when one has a wrong
 * number of digits and tells nothing.
 *
 * suspect: one of them contradicts its own record. dates: filled.
 */
int
dtc_link_nik_level(const DtcLinkNik *a, const DtcLinkNik *b, bool suspect,
				   DtcLinkDates *dates)
{
	int64_t x = a->value, y = b->value;
	int xday, yday, xsex, ysex;
	bool region, date, serial;
	int distance;

	dates->equal = dates->sex = dates->near = false;
	if (a->digits != 16 || b->digits != 16)
		return length_level(a, b, dates);
	xday = day_of(x);
	yday = day_of(y);
	xsex = dtc_nik_sex(x);
	ysex = dtc_nik_sex(y);
	dates->equal = xday == yday && month_year_of(x) == month_year_of(y);
	dates->sex = dates->equal && xsex == ysex;
	dates->near = x == y;
	if (x == y)
		return DTC_NIK_EQUAL;
	region = x / REGION_UNIT == y / REGION_UNIT;
	serial = x % SERIAL_UNIT == y % SERIAL_UNIT;
	date = dates->equal && xsex == ysex;
	if (region && serial)
	{
		if (dates->equal && xsex != ysex && xsex != 0 && ysex != 0)
			return DTC_NIK_SEX;
		if (xsex == ysex && xday == month_year_of(y) / 100 &&
			yday == month_year_of(x) / 100 &&
			month_year_of(x) % 100 == month_year_of(y) % 100)
			return DTC_NIK_DAY_MONTH;
	}
	distance = dtc_nik_distance(x, y);
	if (distance == 1)
		return one_edit_level(x, y);
	if (date && serial)
		return DTC_NIK_REGION;
	if (date && region)
		return DTC_NIK_SERIAL;
	if (distance == 2)
		return DTC_NIK_TWO_EDITS;
	if (date)
		return DTC_NIK_DATE;
	dates->equal = dates->sex = false; /* by chance */
	if (suspect)
		return DTC_NIK_SUSPECT;
	return region ? DTC_NIK_DISTRICT : DTC_NIK_DIFFERS;
}

/* What is left of a name: its words that have no partner in the other. */
typedef struct Rest
{
	int len;
	int words;
	int end[DTC_NAME_MAX_TOKENS]; /* of each word in letter */
	char letter[LETTERS];
} Rest;

/* second: whether it is the second name of the match. Longer ones are cut. */
static void
rest_of(const DtcNameView *name, const DtcNameMatch *match, bool second,
		Rest *rest)
{
	uint32_t paired = 0;
	int token = 0;

	rest->len = rest->words = 0;
	for (int i = 0; i < match->npairs; i++)
	{
		const DtcNamePair *p = &match->pair[i];
		int own = second ? p->b : p->a, other = second ? p->a : p->b;
		int joined = second ? p->b_joined : p->a_joined;

		if (own >= 0 && other >= 0 && p->rule != DTC_RULE_INITIAL)
			paired |= ((UINT32_C(2) << joined) - 1) << own;
	}
	for (int i = 0; i <= name->foldedlen; i++)
	{
		bool end = i == name->foldedlen || name->folded[i] == ' ';

		if (!end && rest->len < LETTERS && !(paired >> token & 1))
			rest->letter[rest->len++] = name->folded[i];
		if (end && !(paired >> token & 1) &&
			rest->len > (rest->words > 0 ? rest->end[rest->words - 1] : 0))
			rest->end[rest->words++] = rest->len;
		token += end;
	}
}

/* Is a row of letters the end or the beginning of a word, or inside it? */
static bool
is_part(const char *part, int len, const char *word, int wordlen)
{
	if (len > wordlen)
		return false;
	if (memcmp(word, part, (size_t) len) == 0)
		return true;
	if (len < 3)
		return false;
	if (dtc_name_edits(word + wordlen - len, len, part, len) <=
		(len > 3 ? 1 : 0))
		return true;
	for (int i = 1; len > 3 && i < wordlen - len; i++)
	{
		if (memcmp(word + i, part, (size_t) len) == 0)
			return true;
	}
	return false;
}

/* Do at most a share of the letters differ between two rows? share: 2, 3. */
static bool
is_close(const char *a, int alen, const char *b, int blen, int share)
{
	int longer = alen > blen ? alen : blen;

	return alen >= 2 && blen >= 2 &&
		   dtc_name_edits(a, alen, b, blen) <=
			   (share == 2 && longer < 4 ? 1 : (longer + share - 2) / share);
}

/*
 * Is each word of one rest close to a word of the other? Initials may stand
 * beside such words, but say nothing alone.
 */
static bool
words_close(const Rest *few, const Rest *many, int share)
{
	bool whole = false;

	for (int i = 0; i < few->words; i++)
	{
		int start = i > 0 ? few->end[i - 1] : 0, len = few->end[i] - start;
		bool found = false;

		for (int j = 0; j < many->words && !found; j++)
		{
			int other = j > 0 ? many->end[j - 1] : 0;

			found = is_close(few->letter + start, len, many->letter + other,
							 many->end[j] - other, share) ||
					(len == 1 && few->letter[start] == many->letter[other]);
		}
		if (!found)
			return false;
		whole |= len > 1;
	}
	return whole;
}

/* The same of the rests as a whole, or of the words of the shorter one. */
static bool
rests_close(const Rest *x, const Rest *y, int share)
{
	return is_close(x->letter, x->len, y->letter, y->len, share) ||
		   (x->words <= y->words && words_close(x, y, share)) ||
		   (y->words <= x->words && words_close(y, x, share));
}

/*
 * What two names that contradict each other still have in common: a level, or
 * DTC_LINK_MISSING for nothing. Only the words without a partner are looked
 * at, so that what twins share does not count.
 */
static int
rest_level(const DtcNameView *a, const DtcNameView *b,
		   const DtcNameMatch *match)
{
	Rest x, y;
	const Rest *longer, *shorter;
	int start = 0;

	rest_of(a, match, false, &x);
	rest_of(b, match, true, &y);
	longer = x.len < y.len ? &y : &x;
	shorter = x.len < y.len ? &x : &y;
	if (shorter->len == 0)
		return DTC_LINK_MISSING;
	/* a wrong initial tells little */
	if (shorter->len == 1 && match->similarity >= NAME_PART)
		return DTC_NAMA_SHORT;
	if (rests_close(&x, &y, 3))
		return DTC_NAMA_LETTERS;
	for (int i = 0; i < longer->words; i++)
	{
		if (is_part(shorter->letter, shorter->len, longer->letter + start,
					longer->end[i] - start))
			return DTC_NAMA_SHORT;
		start = longer->end[i];
	}
	return rests_close(&x, &y, 2) ? DTC_NAMA_GARBLED : DTC_LINK_MISSING;
}

/*
 * Level of two names, and how much the words say that agree.
 *
 * names: own tables of names, or NULL. information: DTC_LINK_BITths of a bit,
 * by the frequency of the words.
 */
int
dtc_link_name_level(const DtcNameView *a, const DtcNameView *b,
					const DtcNameModel *names, int32_t *information)
{
	DtcNameMatch match;
	bool lookalike = false;
	int rest;

	dtc_name_match_with(a, b, names, &match);
	for (int i = 0; i < match.npairs; i++)
		lookalike |= match.pair[i].rule == DTC_RULE_LOOKALIKE;
	/* thousandths of eighths of a bit */
	*information = (int32_t) (match.agreed * DTC_LINK_BIT / 8000);
	if (match.similarity >= NAME_EQUAL)
		return DTC_NAMA_EQUAL;
	if (match.similarity >= NAME_SPELLING)
		return DTC_NAMA_SPELLING;
	if (match.contradicted == 0 && lookalike)
		return DTC_NAMA_LOOKALIKE;
	if (match.contradicted == 0 && match.similarity >= NAME_SLIP)
		return DTC_NAMA_SLIP;
	if (match.contradicted > 0 || match.similarity < NAME_MISSING)
	{
		rest = rest_level(a, b, &match);
		if (rest != DTC_LINK_MISSING)
			return rest;
		return match.similarity >= NAME_PART ? DTC_NAMA_PART
											 : DTC_NAMA_DIFFERS;
	}
	return DTC_NAMA_MISSING;
}

/* Days that stand for "some day of that year". */
static bool
is_default(int month, int day)
{
	return (day == 1 && (month == 1 || month == 7)) ||
		   (day == 31 && month == 12);
}

/* One digit of ddmmyyyy differs, or two neighbours are exchanged. */
static bool
one_digit(const int *a, const int *b)
{
	char x[8], y[8];
	int differ = 0, first = -1;

	for (int side = 0; side < 2; side++)
	{
		const int *d = side == 0 ? a : b;
		char *out = side == 0 ? x : y;

		out[0] = (char) (d[2] / 10);
		out[1] = (char) (d[2] % 10);
		out[2] = (char) (d[1] / 10);
		out[3] = (char) (d[1] % 10);
		for (int i = 0, n = d[0]; i < 4; i++, n /= 10)
			out[7 - i] = (char) (n % 10);
	}
	for (int i = 0; i < 8; i++)
	{
		if (x[i] == y[i])
			continue;
		first = first < 0 ? i : first;
		differ++;
	}
	return differ == 1 ||
		   (differ == 2 && first < 7 && x[first] == y[first + 1] &&
			x[first + 1] == y[first]);
}

/* Level of two birth dates (days since 2000-01-01), given what the NIKs say. */
int
dtc_link_birth_level(int32_t a, int32_t b, const DtcLinkDates *nik)
{
	int x[3], y[3]; /* year, month, day */
	int64_t apart = a > b ? (int64_t) a - b : (int64_t) b - a;
	int level;

	dtc_civil_from_days(a, &x[0], &x[1], &x[2]);
	dtc_civil_from_days(b, &y[0], &y[1], &y[2]);
	if (a == b)
	{
		if (nik->equal)
			return nik->near ? DTC_BIRTH_DATE_EQUAL_NIK
							 : DTC_BIRTH_DATE_EQUAL_DATE;
		return is_default(x[1], x[2]) ? DTC_BIRTH_DATE_EQUAL_DEFAULT
									  : DTC_BIRTH_DATE_EQUAL;
	}
	if (x[0] == y[0] && x[1] == y[2] && x[2] == y[1])
		level = DTC_BIRTH_DATE_DAY_MONTH;
	else if (one_digit(x, y))
		level = DTC_BIRTH_DATE_DIGIT;
	else if (x[0] == y[0])
		level = is_default(x[1], x[2]) || is_default(y[1], y[2])
					? DTC_BIRTH_DATE_DEFAULT
					: DTC_BIRTH_DATE_SAME_YEAR;
	else
		level = apart >= GENERATION_DAYS ? DTC_BIRTH_DATE_GENERATION
										 : DTC_BIRTH_DATE_DIFFERS;
	if (!nik->equal || !nik->near)
		return level;
	return level == DTC_BIRTH_DATE_DIFFERS ||
				   level == DTC_BIRTH_DATE_GENERATION
			   ? DTC_BIRTH_DATE_DIFFERS_NIK
			   : DTC_BIRTH_DATE_SLIP_NIK;
}

/* Level of two family card numbers that are there. */
int
dtc_link_nkk_level(int64_t a, int64_t b)
{
	if (a == b)
		return DTC_NKK_EQUAL;
	return dtc_nik_within(a, b, 1) ? DTC_NKK_SLIP : DTC_NKK_DIFFERS;
}

/* Level of two region codes, padded to ten digits. */
int
dtc_link_wilayah_level(int64_t a, int64_t b)
{
	int x = dtc_kode_level(a), y = dtc_kode_level(b);

	for (int level = x < y ? x : y; level > 0; level--)
	{
		if (dtc_kode_ancestor(a, level) == dtc_kode_ancestor(b, level))
			return DTC_WILAYAH_VILLAGE + DTC_KODE_LEVELS - level;
	}
	return DTC_WILAYAH_DIFFERS;
}
