/* Two names, a line each: parsing, folding, cleaning, comparing. */
#include "core/name.h"
#include "fuzz.h"

static DtcName name[2];
static uint8_t meta[2][4 * DTC_NAME_MAX_TOKENS];

/* Parses a name; false when it is none. */
static bool
read_name(const uint8_t *data, size_t size, int i, DtcNameView *view)
{
	char *text = exact(data, size), *clean = malloc(size + 1);
	char normal[DTC_NAME_MAX_FOLDED + 16];
	DtcNameStatus status = dtc_name_parse(text, size, &name[i]);
	size_t n;

	MUST(dtc_name_clean(text, size, clean) <= size);
	free(text);
	free(clean);
	if (status != DTC_NAME_OK)
		return false;
	MUST(name[i].ntokens > 0 && name[i].ntokens <= DTC_NAME_MAX_TOKENS);
	MUST(name[i].foldedlen <= DTC_NAME_MAX_FOLDED);
	n = dtc_name_normal(&name[i], normal, sizeof(normal));
	MUST(n < sizeof(normal));
	dtc_name_meta(&name[i], meta[i]);
	view->flags = name[i].flags;
	view->ntokens = name[i].ntokens;
	view->foldedlen = name[i].foldedlen;
	view->meta = meta[i];
	view->folded = name[i].folded;
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n = line(data, size);
	DtcNameView a, b;
	DtcNameMatch match;
	bool first, second;

	if (size > 2 * DTC_NAME_MAX_BYTES)
		return 0;
	first = read_name(data, n, 0, &a);
	second = n < size && read_name(data + n + 1, size - n - 1, 1, &b);
	if (first)
		MUST(dtc_name_similarity(&a, &a) == 1);
	if (first && second)
	{
		double x = dtc_name_similarity(&a, &b);

		MUST(x >= 0 && x <= 1 && x == dtc_name_similarity(&b, &a));
		dtc_name_match(&a, &b, &match);
		MUST(match.similarity == x);
		MUST(match.npairs > 0 && match.npairs <= 2 * DTC_NAME_MAX_TOKENS);
		for (int i = 0; i < match.npairs; i++)
			MUST(match.pair[i].a < a.ntokens && match.pair[i].b < b.ntokens);
	}
	return 0;
}
