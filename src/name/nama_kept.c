/*
 * nama_kept.c
 *		What a backend keeps of an index of names from search to search.
 *
 * A search compares a word with all words of an index that begin or end like it,
 * some thousand keys, and takes a few. So of a page of keys that was read the
 * lengths and letters of its words are kept, which rule out most of them without a
 * look at their keys; and of a range of keys the page where it began.
 *
 * Nothing kept is believed: a search goes to each page that it would read without,
 * and what is kept of one counts only if its LSN is what it was. No two changes of
 * a page have the same, on a standby neither. For this look a pin will do: whoever
 * is changing the page sets its LSN before the row is there for anybody else, and
 * keys are read below a lock, when the LSN is compared again. Pages that are
 * changed without WAL (of a temporary or unlogged table, or made in the present
 * transaction at wal_level minimal) are not kept; nor does anything kept count for
 * another file of the index, since at that level ALTER INDEX SET TABLESPACE copies
 * pages with their LSN, and the rest of its transaction changes them and leaves it.
 *
 * Both tables have one place for what falls on it, so what is used now drives
 * out what was used before.
 */
#include "postgres.h"

#include "access/gin_private.h"
#include "common/hashfn.h"
#include "utils/memutils.h"

#include "compat.h"
#include "core/name_keys.h"
#include "name/nama_pages.h"

#define PAGES 8192 /* powers of two */
#define PLACES 16384
#define MOST_BYTES (8 * 1024 * 1024) /* of all words, then all are forgotten */

typedef struct KeptPage
{
	Oid index;
	Oid file; /* the block's, see dtsen_file_number() */
	BlockNumber block;
	Buffer buffer; /* where it was the last time */
	uint32 uses;
	NamaWords *words;
} KeptPage;

typedef struct KeptPlace
{
	Oid index;
	Oid file; /* block is of this one, not of what REINDEX makes */
	uint32 hash;
	BlockNumber block;
} KeptPlace;

static KeptPage *page_at;
static KeptPlace *place_at;
static MemoryContext words_context;

static void
begin(void)
{
	MemoryContext context = AllocSetContextCreate(
		TopMemoryContext, "dtsen_nama kept", ALLOCSET_DEFAULT_SIZES);

	words_context = AllocSetContextCreate(context, "dtsen_nama words", 0,
										  MOST_BYTES / 1024, MOST_BYTES / 32);
	place_at = MemoryContextAllocZero(context, sizeof(KeptPlace) * PLACES);
	page_at = MemoryContextAllocZero(context, sizeof(KeptPage) * PAGES);
}

/* What is known of the word of a key. */
static NamaWord
word_of(const uint8 *key, Size len, OffsetNumber offset)
{
	NamaWord word = {0, 0, offset, 0, key[0]};
	DtcNameCode code;

	if (dtc_name_key_code(key, len, true, &code) && code.n <= PG_UINT8_MAX)
	{
		word.code = code.first;
		word.letters = code.letters;
		word.n = (uint8) code.n;
	}
	return word;
}

/* Lists the words of a page of keys, or NULL if that is not worth the trouble. */
static NamaWords *
list_words(NamaPages *pages, Page page)
{
	NamaWord word[MaxIndexTuplesPerPage + 1];
	OffsetNumber most = PageGetMaxOffsetNumber(page);
	NamaWords *words;
	const uint8 *before = NULL;
	Size before_len = 0, size;
	int n = 0;

	if (most > MaxIndexTuplesPerPage)
		return NULL; /* a page that is damaged */
	for (OffsetNumber i = FirstOffsetNumber; i <= most; i++)
	{
		bytea *value = dtsen_nama_page_key(pages, page, i);
		const uint8 *key;
		Size len;

		/* no value, or one that is compressed */
		if (value == NULL || (void *) value == pages->unpacked)
			return NULL;
		key = (const uint8 *) VARDATA_ANY(value);
		len = VARSIZE_ANY_EXHDR(value);
		/* one word, whatever the tail */
		if (n == 0 || word[n - 1].n == 0 || len != before_len ||
			memcmp(key, before, 1 + (Size) word[n - 1].n) != 0)
			word[n++] = word_of(key, len, i);
		before = key;
		before_len = len;
	}
	word[n].first = most + 1;
	size = offsetof(NamaWords, word) + sizeof(NamaWord) * (n + 1);
	words = MemoryContextAlloc(words_context, size);
	words->lsn = PageGetLSN(page);
	words->next = GinPageGetOpaque(page)->rightlink;
	words->n = n;
	memcpy(words->word, word, sizeof(NamaWord) * (n + 1));
	return words;
}

static KeptPage *
kept_page(NamaPages *pages, BlockNumber block)
{
	Oid index = RelationGetRelid(pages->index);

	return &page_at[(murmurhash32(index) + block) & (PAGES - 1)];
}

/* Are the words those of a block of the present file of the index? */
static bool
is_of(const KeptPage *kept, NamaPages *pages, BlockNumber block)
{
	return kept->words != NULL && kept->block == block &&
		   kept->index == RelationGetRelid(pages->index) &&
		   kept->file == dtsen_file_number(pages->index);
}

/* Pins a page of keys, where it was the last time if it still is there. */
Buffer
dtsen_nama_pin(NamaPages *pages, BlockNumber block)
{
	KeptPage *kept = kept_page(pages, block);
	bool known = is_of(kept, pages, block);
	Buffer buffer;

	/* not always: what is pinned so does not count as used */
	if (known && BufferIsValid(kept->buffer) && (++kept->uses & 7) != 0 &&
		ReadRecentBuffer(dtsen_file(pages->index), MAIN_FORKNUM, block,
						 kept->buffer))
		return kept->buffer;
	buffer = ReadBuffer(pages->index, block);
	if (known)
		kept->buffer = buffer;
	return buffer;
}

/*
 * The words of a page of keys, which is pinned: what it holds now, or NULL if
 * that is not known. Valid until the next call of dtsen_nama_keep().
 */
const NamaWords *
dtsen_nama_kept(NamaPages *pages, Buffer buffer)
{
	BlockNumber block = BufferGetBlockNumber(buffer);
	const KeptPage *kept = kept_page(pages, block);

	return is_of(kept, pages, block) &&
				   kept->words->lsn == BufferGetLSNAtomic(buffer)
			   ? kept->words
			   : NULL;
}

/*
 * The words of a page of keys, which is locked; valid until the next call. NULL
 * when they are not to be kept.
 */
const NamaWords *
dtsen_nama_keep(NamaPages *pages, Buffer buffer)
{
	Page page = BufferGetPage(buffer);
	BlockNumber block = BufferGetBlockNumber(buffer);
	KeptPage *kept = kept_page(pages, block);

	if (XLogRecPtrIsInvalid(PageGetLSN(page)) || !dtsen_nama_has_keys(page) ||
		!RelationNeedsWAL(pages->index) || !pages->state->oneCol)
		return NULL;
	if (kept->words != NULL)
		pfree(kept->words);
	kept->words = NULL;
	if (MemoryContextMemAllocated(words_context, false) > MOST_BYTES)
	{
		MemoryContextReset(words_context);
		memset(page_at, 0, sizeof(KeptPage) * PAGES);
	}
	kept->index = RelationGetRelid(pages->index);
	kept->file = dtsen_file_number(pages->index);
	kept->block = block;
	kept->buffer = buffer;
	kept->words = list_words(pages, page);
	return kept->words;
}

/*
 * Where the page is noted on which the keys that begin so were found: the block,
 * or InvalidBlockNumber, to be set by the caller. It is of the present file of
 * the index; it may be that of another range, or of no keys, if the table was
 * made empty in its place, as that of ON COMMIT DELETE ROWS is.
 */
BlockNumber *
dtsen_nama_place(NamaPages *pages, const uint8 *prefix, Size len)
{
	Oid index = RelationGetRelid(pages->index);
	Oid file = dtsen_file_number(pages->index);
	uint32 hash;
	KeptPlace *place;

	if (page_at == NULL)
		begin();
	hash = hash_combine(hash_bytes(prefix, (int) len),
						murmurhash32(index + pages->attribute));
	place = &place_at[hash & (PLACES - 1)];
	if (place->index != index || place->file != file || place->hash != hash ||
		place->block >= pages->blocks)
		*place = (KeptPlace){index, file, hash, InvalidBlockNumber};
	return &place->block;
}
