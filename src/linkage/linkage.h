/*
 * linkage.h
 *		What the files of src/linkage share.
 */
#ifndef DTSEN_LINKAGE_H
#define DTSEN_LINKAGE_H

#include "fmgr.h"

#include "core/linkage.h"

/* Probabilities behind a model's weights, as a model value states them. */
typedef struct DtLinkSource
{
	double m[DTC_LINK_FIELDS][DTC_LINK_LEVELS];
	double u[DTC_LINK_RIVALS][DTC_LINK_FIELDS][DTC_LINK_LEVELS];
	double slope[DTC_LINK_FIELDS][DTC_LINK_LEVELS];
	double rarity[DTC_LINK_RIVALS];
	double reference, least, most;
} DtLinkSource;

/* model.c */
extern const DtcLinkModel *dtsen_linkage_model_of(FunctionCallInfo fcinfo);

#endif /* DTSEN_LINKAGE_H */
