/*
 * compat.h
 *		Every difference between server versions that dtsen has to know.
 *
 * No other file of the project tests PG_VERSION_NUM.
 */
#ifndef DTSEN_COMPAT_H
#define DTSEN_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "dtsen needs PostgreSQL 15 or later"
#endif

/*
 * Soft errors came with 16. Before, an input function has no caller that could
 * take one, so ereturn() is a plain error.
 */
#if PG_VERSION_NUM < 160000
#define ereturn(escontext, dummy_value, ...)                                  \
	do                                                                        \
	{                                                                         \
		(void) (escontext);                                                   \
		ereport(ERROR, __VA_ARGS__);                                          \
	} while (0)
#else
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif

/* Takes a soft-error context since 16, which nobody here has a use for. */
#if PG_VERSION_NUM < 160000
#define dtsen_qualified_name_list(name) stringToQualifiedNameList(name)
#else
#define dtsen_qualified_name_list(name) stringToQualifiedNameList(name, NULL)
#endif

/* Some index methods have something to release after insertions since 17. */
#if PG_VERSION_NUM < 170000
#define dtsen_index_insert_cleanup(index, info) ((void) (info))
#else
#define dtsen_index_insert_cleanup(index, info)                               \
	index_insert_cleanup(index, info)
#endif

/*
 * Declares a function that SQL calls. Before 16 PG_FUNCTION_INFO_V1 exports
 * only the information record, and this library is built with hidden symbols.
 */
#define DTSEN_FUNCTION(name)                                                  \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS);                          \
	PG_FUNCTION_INFO_V1(name)

#endif /* DTSEN_COMPAT_H */
