/*
 * name_bound.h
 *		Shared by name_keys.c and name_bound.c.
 */
#ifndef DTC_NAME_BOUND_H
#define DTC_NAME_BOUND_H

#include "core/name_keys.h"

/* First class of each third (index 0 unused) */
extern const uint8_t dtc_name_third_begin[4];

/* Can the word of a search be a slip or a part of another? */
static inline bool
dtc_name_is_plain(const DtcQueryWord *w)
{
	return w->len >= 2 && !w->letter &&
		   (w->kind == DTC_TOKEN_NAME || w->kind == DTC_TOKEN_ORDER);
}

/* name_bound.c */
extern int dtc_name_query_thirds(const DtcNameQuery *q);

#endif /* DTC_NAME_BOUND_H */
