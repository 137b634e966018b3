/*
 * name_model.c
 *		A ministry's own tables of names, laid over those of the library.
 *
 * The tables work on keys: a word of a name whose key the model knows takes the
 * key of the model's head (a variant, an abbreviation), and the model's weight.
 * The caller owns the memory and fills the slots that these functions find.
 */
#include "core/name_unit.h"

#include <string.h>

static uint32_t
hash(uint32_t h, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char) s[i]) * 16777619u;
	return h ^ h >> 15;
}

/*
 * The slot of a key: the one that holds it or the free one where it belongs.
 *
 * model: at least one slot is free. Expected time is constant.
 */
DtcModelWord *
dtc_name_model_slot(const DtcNameModel *model, const char *key, size_t len)
{
	uint32_t i = hash(2166136261u, key, len);

	for (;; i++)
	{
		DtcModelWord *w = &model->word[i & (model->slots - 1)];

		if (w->key == NULL ||
			(w->keylen == len && memcmp(w->key, key, len) == 0))
			return w;
	}
}

/* The slot of a nickname and the name that it stands for, in the same way. */
DtcModelNickname *
dtc_name_model_nickname_slot(const DtcNameModel *model, const char *nick,
							 size_t nicklen, const char *name, size_t namelen)
{
	uint32_t i = hash(hash(2166136261u, nick, nicklen), name, namelen);

	for (;; i++)
	{
		DtcModelNickname *n =
			&model->nickname[i & (model->nickname_slots - 1)];

		if (n->nick == NULL ||
			(n->nicklen == nicklen && n->namelen == namelen &&
			 memcmp(n->nick, nick, nicklen) == 0 &&
			 memcmp(n->name, name, namelen) == 0))
			return n;
	}
}

/*
 * round(8 * log2(n)) by integers alone: the same on every machine. n: not 0.
 */
static int
log2_eighths(uint64_t n)
{
	int whole = 63, result;
	uint64_t
		part; /* n over the power of two below it, 32 bits after the point */

	while (!(n >> whole & 1))
		whole--;
	part = whole >= 32 ? n >> (whole - 32) : n << (32 - whole);
	result = whole;
	/* three binary digits of the logarithm, and one more to round by */
	for (int digit = 0; digit < 4; digit++)
	{
		part = (part >> 1) * part >> 31;
		result <<= 1;
		if (part >> 33 != 0)
		{
			part >>= 1;
			result |= 1;
		}
	}
	return (result + 1) / 2;
}

/*
 * Weight of a word that count of total people bear, in eighths of a bit: at
 * least half a bit. count: not 0, not above total.
 */
uint8_t
dtc_name_model_weight(uint64_t count, uint64_t total)
{
	int weight = log2_eighths(total) - log2_eighths(count);

	return (uint8_t) (weight < 4              ? 4
					  : weight > DTC_UNIT_CAP ? DTC_UNIT_CAP
											  : weight);
}

/* Gives a word what the model says of it. */
void
dtc_name_model_apply(const DtcNameModel *model, DtcUnit *u)
{
	const DtcModelWord *w;

	if (model->slots == 0 || u->kind == DTC_TOKEN_INITIAL || u->letter)
		return;
	w = dtc_name_model_slot(model, u->key, u->len);
	if (w->key == NULL)
		return;
	if (w->headlen > 0)
	{
		u->key = w->head;
		u->len = w->headlen;
		u->kind = DTC_TOKEN_NAME;
		dtc_unit_letters(u);
		if (w->abbreviated)
			u->info |= DTC_TOKEN_ABBREVIATED;
	}
	if (w->weight > 0)
		u->weight = w->weight < DTC_UNIT_CAP ? w->weight : DTC_UNIT_CAP;
	if (w->level != DTC_MODEL_LEVEL)
		u->level = w->level;
}

/* Does the model know the first as a nickname of the second? */
bool
dtc_name_model_nickname(const DtcNameModel *model, const DtcUnit *nick,
						const DtcUnit *name)
{
	return model->nickname_slots > 0 &&
		   dtc_name_model_nickname_slot(model, nick->key, nick->len, name->key,
										name->len)
				   ->nick != NULL;
}
