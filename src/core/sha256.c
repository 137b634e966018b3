/*
 * sha256.c
 *		SHA-256 (FIPS 180-4) of messages in pieces.
 *
 * The journal hashes a handful of short messages for each change. The library
 * that the server links takes longer to begin such a message than to hash it;
 * so one that is in memory as a whole gets its padding there, and is compressed
 * by one call.
 */
#include "core/sha256.h"

#include <string.h>

_Alignas(16) const uint32_t dtc_sha256_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static const uint32_t first_state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
										0xa54ff53a, 0x510e527f, 0x9b05688c,
										0x1f83d9ab, 0x5be0cd19};

static uint32_t
rotated(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void
schedule(uint32_t w[64], const uint8_t *data)
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t) data[4 * i] << 24 |
			   (uint32_t) data[4 * i + 1] << 16 |
			   (uint32_t) data[4 * i + 2] << 8 | data[4 * i + 3];
	for (int i = 16; i < 64; i++)
	{
		uint32_t s0 =
			rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 =
			rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ w[i - 2] >> 10;

		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

/* The compression function in plain C. */
void
dtc_sha256_portable(uint32_t state[8], const uint8_t *data, size_t n)
{
	for (; n > 0; n--, data += 64)
	{
		uint32_t w[64];
		uint32_t s[8];

		schedule(w, data);
		memcpy(s, state, sizeof(s));
		for (int i = 0; i < 64; i++)
		{
			uint32_t t1 =
				s[7] +
				(rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)) +
				((s[4] & s[5]) ^ (~s[4] & s[6])) + dtc_sha256_constants[i] +
				w[i];
			uint32_t t2 =
				(rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)) +
				((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

			memmove(s + 1, s, 7 * sizeof(s[0]));
			s[4] += t1;
			s[0] = t1 + t2;
		}
		for (int i = 0; i < 8; i++)
			state[i] += s[i];
	}
}

/* Begins a message. compress: dtc_sha256_portable or what does the same. */
void
dtc_sha256_begin(DtcSha256 *h, DtcCompress compress)
{
	h->compress = compress;
	h->total = 0;
	memcpy(h->state, first_state, sizeof(first_state));
}

/* Adds len bytes to the message. */
void
dtc_sha256_add(DtcSha256 *h, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t held = (size_t) (h->total % 64);

	if (len == 0)
		return;
	h->total += len;
	if (held > 0)
	{
		size_t n = len < 64 - held ? len : 64 - held;

		memcpy(h->rest + held, p, n);
		p += n;
		len -= n;
		if (held + n < 64)
			return;
		h->compress(h->state, h->rest, 1);
	}
	if (len >= 64)
	{
		h->compress(h->state, p, len / 64);
		p += len / 64 * 64;
		len %= 64;
	}
	memcpy(h->rest, p, len);
}

static void
put_big(uint8_t *out, uint32_t value)
{
	out[0] = (uint8_t) (value >> 24);
	out[1] = (uint8_t) (value >> 16);
	out[2] = (uint8_t) (value >> 8);
	out[3] = (uint8_t) value;
}

/* Writes the length of a message of total bytes to the end of its padding. */
static void
put_total(uint8_t *out, uint64_t total)
{
	put_big(out, (uint32_t) (total >> 29));
	put_big(out + 4, (uint32_t) (total << 3));
}

static void
put_digest(uint8_t digest[DTC_SHA256_BYTES], const uint32_t state[8])
{
	for (int i = 0; i < 8; i++)
		put_big(digest + 4 * i, state[i]);
}

/* Ends the message; the state is of no use afterwards. */
void
dtc_sha256_end(DtcSha256 *h, uint8_t digest[DTC_SHA256_BYTES])
{
	size_t held = (size_t) (h->total % 64);

	h->rest[held++] = 0x80;
	if (held > 56)
	{
		memset(h->rest + held, 0, 64 - held);
		h->compress(h->state, h->rest, 1);
		held = 0;
	}
	memset(h->rest + held, 0, 56 - held);
	put_total(h->rest + 56, h->total);
	h->compress(h->state, h->rest, 1);
	put_digest(digest, h->state);
}

/*
 * Writes the padding of a message of len bytes behind it, where there must be
 * room up to DTC_SHA256_ROOM(len). Returns the blocks that it is then.
 */
size_t
dtc_sha256_pad(uint8_t *message, size_t len)
{
	size_t end = DTC_SHA256_ROOM(len);

	message[len] = 0x80;
	memset(message + len + 1, 0, end - len - 9);
	put_total(message + end - 8, len);
	return end / 64;
}

/* The digest of a message of len bytes; with room as dtc_sha256_pad() has it */
void
dtc_sha256_whole(DtcCompress compress, uint8_t *message, size_t len,
				 uint8_t digest[DTC_SHA256_BYTES])
{
	DtcMessage padded = {message, dtc_sha256_pad(message, len), digest};

	dtc_sha256_messages(compress, NULL, &padded, 1);
}

/*
 * The digests of n messages with their padding. two: compresses two at once, or
 * NULL. A digest may go over a message that is hashed already.
 */
void
dtc_sha256_messages(DtcCompress compress, DtcCompressTwo two,
					const DtcMessage *messages, int n)
{
	uint32_t state[2][8];

	while (two != NULL && n >= 2)
	{
		const DtcMessage *a = &messages[0];
		const DtcMessage *b = &messages[1];
		size_t both = a->blocks < b->blocks ? a->blocks : b->blocks;

		memcpy(state[0], first_state, sizeof(first_state));
		memcpy(state[1], first_state, sizeof(first_state));
		two(state[0], a->data, state[1], b->data, both);
		if (a->blocks > both)
			compress(state[0], a->data + 64 * both, a->blocks - both);
		if (b->blocks > both)
			compress(state[1], b->data + 64 * both, b->blocks - both);
		put_digest(a->digest, state[0]);
		put_digest(b->digest, state[1]);
		messages += 2;
		n -= 2;
	}
	for (; n > 0; messages++, n--)
	{
		memcpy(state[0], first_state, sizeof(first_state));
		compress(state[0], messages->data, messages->blocks);
		put_digest(messages->digest, state[0]);
	}
}
