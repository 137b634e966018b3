/*
 * journal_salt.c
 *		Random salts.
 *
 * A generator takes as long for sixteen bytes as for some hundred, so that many
 * are drawn at once. Each is wiped when it is given out: what a session
 * remembers are salts of entries that are not there yet.
 */
#include "postgres.h"

#include "errors.h"
#include "lifecycle/journal.h"

#define DRAWN 32

/* Gives out a salt of DTC_SALT_BYTES that nobody else gets. */
void
dtsen_journal_salt(uint8 *salt)
{
	static uint8 drawn[DRAWN][DTC_SALT_BYTES];
	static int left = 0;

	if (left == 0)
	{
		if (!pg_strong_random(drawn, sizeof(drawn)))
			ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
							errmsg("could not generate random values")));
		left = DRAWN;
	}
	left--;
	memcpy(salt, drawn[left], DTC_SALT_BYTES);
	memset(drawn[left], 0, DTC_SALT_BYTES);
}
