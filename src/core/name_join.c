/*
 * name_join.c
 *		Two words of a name, or all of them, that another name writes as one.
 */
#include "core/name_unit.h"

#include <string.h>

/*
 * May two words be what the other side writes as one? Most are not: its letters
 * are theirs, but for two edits.
 */
static bool
may_join(const DtcUnit *first, const DtcUnit *second, const DtcUnit *u)
{
	uint32_t differ = (first->letters | second->letters) ^ u->letters;

	for (int n = 0; n < 4; n++)
		differ &= differ - 1;
	return differ == 0;
}

/*
 * Writes the key of two words as one. What folding does at the end of a word it
 * does not do inside: the letter at the seam is the one that the other side has
 * if it only folds to ours (Muhamad Yusuf: MUHAMAT, MUHAMADYUSUP).
 *
 * key: room for all letters and one more. Returns their number.
 */
static int
write_joined(const DtcUnit *first, const DtcUnit *second, const DtcUnit *u,
			 char *key)
{
	static const char ours[] = "TPS", theirs[] = "DBJ";
	int seam = first->len, more = second->len;
	const char *rest = second->key, *fold;

	memcpy(key, first->key, (size_t) seam);
	if (seam < u->len && u->key[seam] == 'H' && rest[0] != 'H')
		key[seam++] = 'H';
	else if ((fold = strchr(ours, key[seam - 1])) != NULL && seam <= u->len &&
			 u->key[seam - 1] == theirs[fold - ours])
		key[seam - 1] = u->key[seam - 1];
	if (key[seam - 1] == rest[0])
	{
		rest++; /* a doubled letter at the seam folds as anywhere */
		more--;
	}
	memcpy(key + seam, rest, (size_t) more);
	return seam + more;
}

/*
 * How similar are two words taken as one to unit u: thousandths, 0 if they are
 * not the same word.
 *
 * key: room for the letters of both and one more; their key as one, if they
 * are. len: its length.
 */
int
dtc_unit_seam(const DtcUnit *first, const DtcUnit *second, const DtcUnit *u,
			  char *key, int *len)
{
	DtcNameSlip slip = {0, 0};

	*len = first->len + second->len;
	if (first->len < 2 || second->len < 2 || *len > DTC_UNIT_JOINED_LETTERS ||
		first->key[0] != u->key[0] || first->kind == DTC_TOKEN_INITIAL ||
		second->kind == DTC_TOKEN_INITIAL || !may_join(first, second, u))
		return 0;
	if (!dtc_name_seam(first->key, first->len, second->key, second->len,
					   u->key, u->len))
		return 0; /* an index could not find it */
	*len = write_joined(first, second, u, key);
	if (*len != u->len || memcmp(key, u->key, (size_t) *len) != 0)
	{
		int allowed = *len < 10 ? 100 : 150;

		slip = dtc_name_slip(key, *len, u->key, u->len, allowed, *len);
		if (*len < 7 || slip.cost > allowed)
			return 0; /* the seam folds differently, too */
	}
	return slip.cost == 0   ? DTC_UNIT_JOINED
		   : slip.hard == 0 ? DTC_UNIT_JOINED_SOFT
							: DTC_UNIT_JOINED_HARD;
}

/* Can a word be one of those that dtc_unit_whole() takes as one? */
bool
dtc_unit_may_be_whole(const DtcUnit *u)
{
	return u->len >= 2 && u->kind != DTC_TOKEN_INITIAL &&
		   u->kind != DTC_TOKEN_SYMBOL && !(u->info & DTC_TOKEN_FATHER);
}

/*
 * Are n words, three or more, what a name of one word writes without blanks?
 * But for the seams, which fold as those of two words, letters are the same.
 *
 * unit: of which each may be one; key: room for DTC_UNIT_JOINED_LETTERS, their
 * key as one, if they are. Linear in the letters.
 */
bool
dtc_unit_whole(const DtcUnit *const *unit, int n, const DtcUnit *u, char *key)
{
	char before[DTC_UNIT_JOINED_LETTERS + 1];
	const DtcUnit *last = unit[n - 1];
	DtcUnit first = *unit[0];
	int len = first.len, total = 0;

	for (int i = 0; i < n; i++)
		total += unit[i]->len;
	if (n < 3 || total > DTC_UNIT_JOINED_LETTERS || total > u->len + n ||
		total < u->len - n || u->kind != DTC_TOKEN_NAME ||
		!dtc_name_seam(first.key, first.len, last->key, last->len, u->key,
					   u->len)) /* an index could not find it */
		return false;
	for (int i = 1; i < n; i++)
	{
		if (len + unit[i]->len > DTC_UNIT_JOINED_LETTERS)
			return false;
		memcpy(before, i == 1 ? unit[0]->key : key, (size_t) len);
		first.key = before;
		first.len = (uint16_t) len;
		len = write_joined(&first, unit[i], u, key);
	}
	return len == u->len && memcmp(key, u->key, (size_t) len) == 0;
}
