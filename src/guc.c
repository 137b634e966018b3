/*
 * guc.c
 *		Every setting of dtsen.
 *
 * A setting exists only where two real users need different values. None
 * relaxes the validation of input or switches enforcement off, and a function
 * that reads one is STABLE, never IMMUTABLE.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "guc.h"

int dtsen_nik_max_distance = 1;
bool dtsen_allow_data_loss = false;
double dtsen_nama_similarity_threshold = 0.65;

/*
 * Declares the settings and reserves the prefix, so that a misspelt
 * dtsen.something is an error instead of a placeholder.
 */
void
dtsen_guc_init(void)
{
	/*
	 * Set by anyone who searches: a clerk who corrects one number wants 1, an
	 * analyst who looks for the rest of a damaged file 2. nik_within() takes
	 * the same limit as an argument.
	 */
	DefineCustomIntVariable(
		"dtsen.nik_max_distance",
		"Edits (optimal string alignment) within which \"nik % nik\" is true.",
		"0 is equality; 1 is answered from the btree index.",
		&dtsen_nik_max_distance, 1, 0, 3, PGC_USERSET, 0, NULL, NULL, NULL);

	/*
	 * Set by a DBA who really means to remove a registry with the extension
	 * or its schema; nobody else may, and a session at a time is enough.
	 */
	DefineCustomBoolVariable("dtsen.allow_data_loss",
							 "Lets DROP EXTENSION, SCHEMA, TYPE, DOMAIN and "
							 "OWNED take registry data along.",
							 NULL, &dtsen_allow_data_loss, false, PGC_SUSET, 0,
							 NULL, NULL, NULL);

	/*
	 * Set by anyone who searches: a clerk who looks for one person takes less
	 * and reads more candidates, a program that links lists takes more. The
	 * default is where precision and recall meet (docs/name.md).
	 * nama_similar() takes the same threshold as an argument.
	 */
	DefineCustomRealVariable(
		"dtsen.nama_similarity_threshold",
		"Similarity from which \"nama % nama\" is true.",
		"A fraction: 0 accepts any two names, 1 only equal spellings.",
		&dtsen_nama_similarity_threshold, 0.65, 0.0, 1.0, PGC_USERSET, 0, NULL,
		NULL, NULL);

	MarkGUCPrefixReserved("dtsen");
}
