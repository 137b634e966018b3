/* Two names, a line each: parsing, folding, cleaning, comparing, searching. */
#include "core/name_keys.h"
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

/*
 * How similar a row can be to a search, by the keys of both; at least threshold
 * if it is that similar.
 */
static double
bound(const DtcNameView *search, const DtcNameView *row, double threshold)
{
	static DtcNameQuery q;
	static DtcNameKeys keys;
	uint8_t begin[2 + DTC_NAME_MAX_FOLDED];
	DtcNameFind find[DTC_NAME_MAX_TOKENS];
	DtcNameProbe *probe =
		malloc(sizeof(DtcNameProbe) * (size_t) dtc_name_query_probes(search));
	double result = 1;

	memset(find, 0, sizeof(find));
	dtc_name_keys(row, &keys);
	dtc_name_query_init(&q, search, threshold, probe);
	q.reads_class = true;
	for (int i = 0; i < q.nprobes; i++)
	{
		size_t len = dtc_name_probe_key(&q, i, begin);

		for (int k = 0; k < keys.n; k++)
		{
			DtcNameHit hit;
			char *key = exact(keys.bytes + keys.off[k], keys.len[k]);

			if (keys.len[k] >= len && memcmp(key, begin, len) == 0 &&
				(q.probe[i].partial || keys.len[k] == len) &&
				dtc_name_probe_takes(&q, i, (uint8_t *) key, keys.len[k],
									 &hit) == DTC_TAKEN)
				dtc_name_note(&q, find, &hit);
			free(key);
		}
	}
	if (!q.everything)
		result = dtc_name_bound(&q, find);
	free(probe);
	return result;
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
		MUST(bound(&a, &b, x) >= x - 1e-9);
		MUST(match.npairs > 0 && match.npairs <= 2 * DTC_NAME_MAX_TOKENS);
		for (int i = 0; i < match.npairs; i++)
			MUST(match.pair[i].a < a.ntokens && match.pair[i].b < b.ntokens);
	}
	return 0;
}
