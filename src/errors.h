/*
 * errors.h
 *		SQLSTATEs of class SE and helpers for messages.
 *
 * SE ("sosial-ekonomi") lies outside the classes that the SQL standard and
 * PostgreSQL reserve. A code is never used again for something else; each one
 * is listed in docs/errors.md and has a test.
 */
#ifndef DTSEN_ERRORS_H
#define DTSEN_ERRORS_H

#include "utils/elog.h"

/*
 * Messages are looked up in po/. Each file that reports includes this one, so
 * that none looks in the catalogue of the server instead.
 */
#undef TEXTDOMAIN
#define TEXTDOMAIN PG_TEXTDOMAIN("dtsen")

/* lifecycle */
#define ERRCODE_DTSEN_TRANSITION MAKE_SQLSTATE('S', 'E', '0', '0', '1')
#define ERRCODE_DTSEN_WINDOW MAKE_SQLSTATE('S', 'E', '0', '0', '2')
#define ERRCODE_DTSEN_EVIDENCE MAKE_SQLSTATE('S', 'E', '0', '0', '3')
#define ERRCODE_DTSEN_IMMUTABLE MAKE_SQLSTATE('S', 'E', '0', '0', '4')
#define ERRCODE_DTSEN_JOURNAL MAKE_SQLSTATE('S', 'E', '0', '0', '5')
#define ERRCODE_DTSEN_FOUR_EYES MAKE_SQLSTATE('S', 'E', '0', '0', '6')
/* household and members */
#define ERRCODE_DTSEN_HOUSEHOLD MAKE_SQLSTATE('S', 'E', '1', '0', '1')

/*
 * Copies text into a palloc'd string that is safe in a message: every digit
 * and letter past the first two is a star, other characters that print stay,
 * the rest is '?'. No message may hold a whole NIK, NKK or name.
 */
extern char *dtsen_masked(const char *value, int len);

/*
 * A part of a message in the language of lc_messages: of a literal that is
 * marked with gettext_noop(), or by a function in GETTEXT_TRIGGERS of nls.mk.
 * What ereport() takes directly is translated there.
 */
#define dtsen_gettext(text) dgettext(TEXTDOMAIN, text)

#endif /* DTSEN_ERRORS_H */
