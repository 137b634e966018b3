/*
 * nama_list.c
 *		Lists of rows as GIN packs them.
 */
#include "postgres.h"

#include "access/gin_private.h"
#include "port/pg_bitutils.h"

#include "name/nama_pages.h"

#define ROOM 8192        /* rows that room is made for at a time */
#define BEHIND_PACKED 16 /* bytes: a number that has no end ends there */

/* What an entry holds behind its key. */
typedef struct Packed
{
	Size size;
	uint8 rows[FLEXIBLE_ARRAY_MEMBER];
} Packed;

/*
 * The number at a place of a segment, and the place behind it: seven bits a
 * byte, the lowest first, of which the last one is below 128.
 */
static inline const uint8 *
unpack_number(const uint8 *at, uint64 *number)
{
	uint64 x = *at++, byte;

	/* each byte also takes away the highest bit of the one before */
	if (likely(x >= 0x80))
	{
		byte = *at++;
		x += (byte << 7) - 0x80;
		if (likely(byte >= 0x80))
		{
			byte = *at++;
			x += (byte << 14) - (0x80 << 7);
			/* of a page that is damaged it may have no end */
			for (int shift = 14; unlikely(byte >= 0x80) && shift < 56;
				 shift += 7)
			{
				x -= UINT64CONST(0x80) << shift;
				byte = *at++;
				x += byte << (shift + 7);
			}
		}
	}
	*number = x;
	return at;
}

/*
 * Two numbers at a place of a segment, of four bytes each at most: *two, the first
 * one lower. Returns the place behind them, or NULL if they are longer or the
 * second one ends behind last. How long a number is cannot be foretold, so there
 * is no branch for it. Reads up to seven bytes behind last, which every page has.
 */
static inline const uint8 *
unpack_two(const uint8 *at, const uint8 *last, uint64 *two)
{
#ifdef WORDS_BIGENDIAN
	return NULL;
#else
	uint64 bytes, ends, second, low, high;
	int len;

	memcpy(&bytes, at, sizeof(bytes));
	ends = ~bytes & UINT64CONST(0x8080808080808080);
	second = ends & (ends - 1);
	if (unlikely(second == 0))
		return NULL;
	/* as far as the end of the one, and from there to that of the other */
	low = bytes & (ends ^ (ends - 1));
	high = (bytes & (second ^ (second - 1))) >>
		   (pg_rightmost_one_pos64(ends) + 1);
	len = (pg_rightmost_one_pos64(second) + 1) / 8;
	if (unlikely((low | high) >> 32 != 0 || len > last - at))
		return NULL;
	low = (low | high << 32) & UINT64CONST(0x7F7F7F7F7F7F7F7F);
	low = (low & UINT64CONST(0x007F007F007F007F)) |
		  (low & UINT64CONST(0x7F007F007F007F00)) >> 1;
	*two = (low & UINT64CONST(0x00003FFF00003FFF)) |
		   (low & UINT64CONST(0x3FFF00003FFF0000)) >> 2;
	return at + len;
#endif
}

/*
 * Unpacks the rows of GIN's segments, size bytes of them; returns how many there
 * are, at most room. Lists that are not packed are older than this access method.
 */
int
dtsen_nama_unpack_rows(const GinPostingList *segment, Size size, NamaRow *rows,
					   int room)
{
	const uint8 *end = (const uint8 *) segment + size;
	int n = 0;

	for (; (const uint8 *) segment < end && n < room;
		 segment = GinNextPostingListSegment(segment))
	{
		const uint8 *at = segment->bytes, *last = at + segment->nbytes;
		NamaRow row = dtsen_nama_row(&segment->first);

		rows[n++] = row;
		last = Min(last, end);
		while (at < last && n < room)
		{
			const uint8 *next = NULL;
			uint64 more;

			if (n + 1 < room)
				next = unpack_two(at, last, &more);
			if (next != NULL)
			{
				rows[n] = row + (more & PG_UINT32_MAX);
				row = rows[n + 1] = rows[n] + (more >> 32);
				n += 2;
				at = next;
				continue;
			}
			at = unpack_number(at, &more);
			rows[n++] = row += more;
		}
	}
	return n;
}

/* Room for so many rows. */
static NamaRow *
take_room(NamaPages *pages, int n)
{
	NamaRow *room;

	if (pages->room == NULL || pages->nroom < n)
	{
		pages->nroom = Max(ROOM, n);
		pages->room = palloc(sizeof(NamaRow) * pages->nroom);
	}
	room = pages->room;
	pages->room += n;
	pages->nroom -= n;
	return room;
}

/* Unpacks rows of a list of n; fewer would be missed in silence. */
static void
unpack_list(NamaPages *pages, const GinPostingList *rows, Size size,
			NamaList *list)
{
	int n = 0;

	list->rows = take_room(pages, list->n);
	if (list->n > 0 && size >= sizeof(GinPostingList))
		n = dtsen_nama_unpack_rows(rows, Min(SizeOfGinPostingList(rows), size),
								   list->rows, list->n);
	if (n != list->n)
		dtsen_nama_report_damage(pages);
}

/* Reads the rows that an entry holds itself. */
void
dtsen_nama_read_list(NamaPages *pages, IndexTuple entry, bool packed,
					 NamaList *list)
{
	const GinPostingList *rows = (const GinPostingList *) GinGetPosting(entry);
	Size size = IndexTupleSize(entry), offset = GinGetPostingOffset(entry);
	Packed *copy;

	size = offset < size ? size - offset : 0;
	list->n = GinGetNPosting(entry);
	if (!packed)
	{
		unpack_list(pages, rows, size, list);
		return;
	}
	copy = (Packed *) take_room(
		pages, (sizeof(Packed) + size + BEHIND_PACKED) / sizeof(NamaRow) + 1);
	copy->size = size;
	memcpy(copy->rows, rows, size);
	memset(copy->rows + size, 0, BEHIND_PACKED);
	list->packed = copy;
}

/* Unpacks the rows of a list that was read packed. */
void
dtsen_nama_unpack(NamaPages *pages, NamaList *list)
{
	const Packed *packed = (const Packed *) list->packed;

	list->packed = NULL;
	unpack_list(pages, (const GinPostingList *) packed->rows, packed->size,
				list);
}
