/*
 * errors.c
 *		Helpers for messages: masking of personal data.
 */
#include "postgres.h"

#include "errors.h"

#define MASK_VISIBLE 2 /* characters of a value that a message may show */
#define MASK_LENGTH 40 /* longest masked copy, in bytes */

/*
 * Masks a value for a message.
 *
 * value: any bytes, len of them, in any encoding.
 * Returns a palloc'd, NUL-terminated ASCII string of at most 43 bytes; what
 * was longer ends with "...". The first two letters or digits stay, each later
 * one becomes '*', as does each byte outside ASCII; control bytes become '?'.
 */
char *
dtsen_masked(const char *value, int len)
{
	int n = Min(len, MASK_LENGTH);
	char *out = palloc(n + 4);
	int shown = 0;

	for (int i = 0; i < n; i++)
	{
		unsigned char c = (unsigned char) value[i];
		bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
					 (c >= 'A' && c <= 'Z');

		if (alnum && shown < MASK_VISIBLE)
		{
			out[i] = (char) c;
			shown++;
		}
		else if (alnum || c >= 0x80)
			out[i] = '*';
		else if (c < 0x20 || c == 0x7f)
			out[i] = '?';
		else
			out[i] = (char) c;
	}
	strcpy(out + n, len > n ? "..." : "");
	return out;
}
