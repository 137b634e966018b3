/*
 * rank_text.h
 *		Reading the text of a rank state.
 *
 *		VERSION:WEIGHTS:GROUPS:ROWS:IGNORED{ENTRY,ENTRY,...}
 *
 *		1:integer:0:3:1{1000:4,2500.5:7}	score:weight
 *		1:float:0:3:0{1000:0.5*2,2500.5:1.25*1}	score:weight*rows
 *
 * Whether entries ascend and fit the head is for dtc_rank_check() to say, of
 * the run that they are written into.
 */
#ifndef DTC_RANK_TEXT_H
#define DTC_RANK_TEXT_H

#include "core/rank.h"

/* The part before the entries. */
typedef struct DtcRankTextHead
{
	DtcRankKind kind;
	int64_t groups;
	int64_t rows;
	int64_t ignored;
} DtcRankTextHead;

/* Where reading has come to; where it failed, the character in question. */
typedef struct DtcRankText
{
	const char *at;
	DtcRankKind kind;
	int64_t entries; /* that were read */
} DtcRankText;

extern int dtc_rank_text_head(DtcRankText *text, const char *string,
							  int version, DtcRankTextHead *head);
extern int dtc_rank_text_next(DtcRankText *text, uint64_t *entry);

#endif /* DTC_RANK_TEXT_H */
