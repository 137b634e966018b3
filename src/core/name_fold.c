/*
 * name_fold.c
 *		Folded key of one name token: what its usual spellings share.
 *
 * Applied to the canonical form, left to right, longest pattern first:
 * old spelling (oe, dj, tj, sj, nj, ie), Arabic transliteration (kh, ch, sy,
 * sh, ts, dz, dh, th, q, z), f/v/p, y and i, the c of Latin names, doubled
 * letters, and the ends of words (-h, -d/-t, -b/-p, -z/-s). What distinguishes people is left alone:
 * the last vowel (Sunarto, Sunarti), vowels inside (Dina, Dini are two women)
 * and -ah after a man's name (Hasan, Hasanah).
 */
#include "core/name.h"

#include <string.h>

typedef struct Fold
{
	const char *s; /* the token */
	size_t len;
	char *key;
	size_t size; /* room in key */
	size_t n;    /* used */
	bool latin;  /* the token ends in -us */
	bool old;    /* the token shows a spelling from before 1972 */
} Fold;

static bool
is_vowel(char c)
{
	return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}

static bool
is_consonant(char c)
{
	return c >= 'A' && c <= 'Z' && !is_vowel(c);
}

/* The letter at offset i, NUL past the end. */
static char
at(const Fold *f, size_t i)
{
	return i < f->len ? f->s[i] : '\0';
}

/* Appends a letter; runs of one letter collapse. */
static void
push(Fold *f, char c)
{
	bool collapse = f->n > 0 && f->key[f->n - 1] == c && c >= 'A' && c <= 'Z';

	if (!collapse && f->n < f->size)
		f->key[f->n++] = c;
}

/* Does the token show the spelling in which J was Y? */
bool
dtc_name_old_spelling(const char *s, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++)
	{
		char c = s[i], next = s[i + 1];

		if ((c == 'O' && next == 'E') ||
			(next == 'J' && (c == 'D' || c == 'T' || c == 'S')))
			return true;
	}
	return false;
}

/* Do the letters from offset i on end a name of Javanese women: Ponijem, Poniem? */
static bool
is_iyem(const Fold *f, size_t i)
{
	return f->len > 5 && i + 2 == f->len && f->s[i] == 'E' &&
		   f->s[i + 1] == 'M';
}

/* Y, or the J of the old spelling, at offset i. */
static void
fold_y(Fold *f, size_t i)
{
	bool vowel_after = is_vowel(at(f, i + 1));
	bool consonant_before = i > 0 && is_consonant(f->s[i - 1]);

	if (!vowel_after || consonant_before)
		push(f, 'I');
	else if (i == 0 || f->s[i - 1] != 'I') /* -iya- is -ia- */
		push(f, 'Y');
}

/*
 * Is the O at offset i that of ROHMAN, ROCHMAT, FATHURROHMAN, which are written
 * with A as well: between R and HM?
 */
static bool
is_rahm(const Fold *f, size_t i)
{
	size_t h = i + 1;

	if (i == 0 || f->s[i - 1] != 'R')
		return false;
	if (at(f, h) == 'C' || at(f, h) == 'K')
		h++;
	return at(f, h) == 'H' && at(f, h + 1) == 'M' && is_vowel(at(f, h + 2));
}

/* Vowels at offset i; returns the letters read. */
static size_t
fold_vowel(Fold *f, size_t i)
{
	char c = f->s[i], next = at(f, i + 1);
	size_t read = 1;

	/* oe is the old u, and Noor is Nur */
	if (c == 'O' && (next == 'E' || (next == 'O' && i == 1 && f->s[0] == 'N')))
	{
		c = 'U';
		read = 2;
		next = at(f, i + 2);
	}
	if (c == 'I' && next == 'E' && !is_iyem(f, i + 1))
	{
		push(f, 'I');
		return 2;
	}
	/* Zaenal, Husein, Reyhan are written Zainal, Husain, Raihan as well */
	if ((c == 'A' && next == 'E') ||
		(c == 'E' &&
		 (next == 'I' || (next == 'Y' && !is_vowel(at(f, i + 2))))))
	{
		push(f, 'A');
		push(f, 'I');
		return 2;
	}
	if (c == 'O' && is_rahm(f, i))
		c = 'A';
	push(f, c);
	if (c == 'U' && next == 'W' && !is_consonant(at(f, i + read + 1)))
		read++; /* Suwarno, Suarno; Lauw, Lau */
	return read;
}

/* C at offset i: the tj of Candra, the k of Victor, the h of Achmad. */
static size_t
fold_c(Fold *f, size_t i)
{
	char next = at(f, i + 1), after = at(f, i + 2);

	if (next == 'H')
	{
		if (after == 'R' || after == 'L')
			push(f, 'K'); /* Christian */
		else if (i == 0 && (after == 'I' || after == 'E' || after == 'Y'))
			push(f, 'C'); /* Chelsea */
		else
			push(f, 'H');
		return 2;
	}
	if (next == 'C' || next == 'K')
		return 1;
	if (f->latin)
	{
		/* Marcelinus, Vincentius; Jacobus, Franciscus */
		push(f, next == 'E' || next == 'I' || next == 'Y' ? 'S' : 'K');
		return 1;
	}
	if (i > 0 && (f->s[i - 1] == 'S' || f->s[i - 1] == 'C') &&
		(next == 'A' || next == 'O' || next == 'U'))
	{
		push(f, 'K'); /* Fransisca, Oscar, Rebecca */
		return 1;
	}
	if (f->len > 4 && i + 3 == f->len && next == 'I' && after == 'A')
	{
		push(f, 'S'); /* Lucia, Felicia */
		return 1;
	}
	if (f->len > 4 && i + 2 == f->len && f->s[i - 1] == 'I' && next == 'A')
	{
		push(f, 'K'); /* Monica, Jessica */
		return 1;
	}
	push(f, next == '\0' || is_consonant(next) ? 'K' : 'C');
	return 1;
}

/* Is the T at offset i that of a name in -ntius, which is -nsius as well? */
static bool
is_ntius(const Fold *f, size_t i)
{
	return f->latin && i > 0 && i + 4 == f->len && f->s[i - 1] == 'N' &&
		   f->s[i + 1] == 'I';
}

/* Consonants that begin a digraph; returns the letters read. */
static size_t
fold_consonant(Fold *f, size_t i)
{
	char c = f->s[i], next = at(f, i + 1);
	bool vowel_after = is_vowel(at(f, i + 2));

	switch (c)
	{
		case 'C':
			return fold_c(f, i);
		case 'D':
			push(f, next == 'J' || next == 'Z' ? 'J' : 'D');
			return next == 'J' || next == 'Z' || next == 'H' ? 2 : 1;
		case 'T':
			if ((next == 'S' && at(f, i + 2) != '\0') || is_ntius(f, i))
				push(f, 'S'); /* Utsman, Tsani; Laurentius */
			else
				push(f, next == 'J' ? 'C' : 'T');
			return next == 'J' || next == 'H' ||
						   (next == 'S' && at(f, i + 2) != '\0')
					   ? 2
					   : 1;
		case 'S':
			push(f, 'S');
			return next == 'H' || ((next == 'Y' || next == 'J') && vowel_after)
					   ? 2
					   : 1;
		case 'N':
			push(f, 'N');
			/* the old nj is ny; today it is what was ndj (Panji, Sanjaya) */
			if (next == 'J' && vowel_after && (i == 0 || f->old))
			{
				push(f, 'I'); /* y after a consonant is i */
				return 2;
			}
			return 1;
		case 'K':
			push(f, next == 'H' ? 'H' : 'K');
			return next == 'H' ? 2 : 1;
		case 'P':
		case 'G':
		case 'B':
			push(f, c);
			return next == 'H' ? 2 : 1;
		case 'Q':
			push(f, 'K');
			return 1;
		case 'F':
		case 'V':
			push(f, 'P');
			return 1;
		case 'Z':
			push(f, 'J');
			return next == 'H' ? 2 : 1;
		case 'X':
			if (i > 0 && is_consonant(f->s[i - 1]))
			{
				push(f, c); /* no sound there: a slip */
				return 1;
			}
			push(f, 'K');
			push(f, 'S');
			return 1;
		default:
			push(f, c);
			return 1;
	}
}

/*
 * Does a token end in the -oh of Arabic names, which is their -ah after a heavy
 * consonant: Humairoh, Saifulloh, Rofiqoh, Muthoharoh? Not Entoh, Pontoh.
 */
static bool
ends_in_oh(const Fold *f)
{
	const char *s = f->s + f->len;

	return f->len > 4 && s[-1] == 'H' && s[-2] == 'O' &&
		   (strchr("RLQSZ", s[-3]) != NULL ||
			(s[-3] == 'H' && is_consonant(s[-4])));
}

/* Syah, which loses its h as the end of Hermansyah does; Nuh keeps it. */
static bool
is_shah(const Fold *f)
{
	return f->len == 4 && f->n == 3 && f->s[0] == 'S' && f->s[2] == 'A';
}

/* The last letter: final h is silent, final d, b and z are t, p and s. */
static void
fold_end(Fold *f)
{
	char last = f->s[f->len - 1];

	if (f->n < 2)
		return; /* nothing, or a letter: Bb. */
	if ((f->n > 3 || is_shah(f)) && f->key[f->n - 1] == 'H')
	{
		f->n--;
		if (ends_in_oh(f))
			f->key[f->n - 1] = 'A';
	}
	else if (f->key[f->n - 1] == 'D')
		f->key[f->n - 1] = 'T';
	else if (f->key[f->n - 1] == 'B')
		f->key[f->n - 1] = 'P';
	else if (f->key[f->n - 1] == 'J' &&
			 (last == 'Z' || (f->len > 1 && f->s[f->len - 2] == 'Z')))
		f->key[f->n - 1] = 'S';
	if (f->n > 1 && f->key[f->n - 1] == f->key[f->n - 2])
		f->n--; /* Ahmadt */
}

/*
 * Folds one token to its key.
 *
 * token: canonical form, len bytes; letters A to Z are folded, any other byte
 * is copied. key: receives at most size bytes, no NUL.
 * Returns the bytes written, at most 2 * len, at least 1 for len > 0. Linear.
 */
size_t
dtc_name_fold(const char *token, size_t len, char *key, size_t size)
{
	Fold f = {token, len, key, size, 0, false, false};
	size_t i = 0;

	if (len == 0)
		return 0;
	if (len == 1)
	{
		/* an initial: only the letter that its name's key would begin with */
		key[0] = *token == 'F' || *token == 'V'   ? 'P'
				 : *token == 'Z'                  ? 'J'
				 : *token == 'Q' || *token == 'X' ? 'K'
												  : *token;
		return 1;
	}
	f.latin = len > 4 && token[len - 2] == 'U' && token[len - 1] == 'S';
	f.old = dtc_name_old_spelling(token, len);
	while (i < len)
	{
		char c = token[i];

		if (is_vowel(c))
			i += fold_vowel(&f, i);
		else if (c == 'Y' ||
				 (c == 'J' && (f.old || (i > 0 && token[i - 1] == 'I' &&
										 is_iyem(&f, i + 1)))))
			fold_y(&f, i++);
		else
			i += fold_consonant(&f, i);
	}
	fold_end(&f);
	return f.n;
}
