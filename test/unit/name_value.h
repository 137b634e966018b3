/*
 * name_value.h
 *		Two names that a test compares, as the core keeps them.
 */
#ifndef NAME_VALUE_H
#define NAME_VALUE_H

#include <string.h>

#include "core/name.h"
#include "unit.h"

typedef struct Value
{
	DtcName name;
	uint8_t meta[4 * DTC_NAME_MAX_TOKENS];
	DtcNameView view;
} Value;

static Value left, right;

static void
set(Value *v, const char *text)
{
	if (!CHECK_INT(dtc_name_parse(text, strlen(text), &v->name), DTC_NAME_OK))
		return;
	dtc_name_meta(&v->name, v->meta);
	v->view.flags = v->name.flags;
	v->view.ntokens = v->name.ntokens;
	v->view.foldedlen = v->name.foldedlen;
	v->view.meta = v->meta;
	v->view.folded = v->name.folded;
}

#endif /* NAME_VALUE_H */
