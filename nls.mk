# Messages in other languages; PGXS reads this file beside the Makefile only.
#
#   make messages     brings po/ up to the messages of today
#
# Functions that take a message, or a part of one, as a literal are triggers.
# Without gettext's tools the library is built all the same, in English.
CATALOG_NAME = dtsen
# From 16 the server's makefiles read po/LINGUAS instead.
AVAIL_LANGUAGES = $(shell cat $(srcdir)/po/LINGUAS)
ifeq ($(shell command -v msgfmt),)
$(warning msgfmt is missing: messages will be in English only; Debian has it in gettext)
WANTED_LANGUAGES = none
endif
GETTEXT_FILES = $(sort $(wildcard src/*.c src/*/*.c))
GETTEXT_TRIGGERS = $(BACKEND_COMMON_GETTEXT_TRIGGERS) gettext_noop \
	dtsen_gettext ROW_ERROR:2 refuse:2 refuse_binary:1 refuse_part:1 \
	code_part:5 refuse_table:2
GETTEXT_FLAGS = $(BACKEND_COMMON_GETTEXT_FLAGS) ROW_ERROR:2:c-format
# Places change with every line; the source is searched by the message.
MSGMERGE += --no-location
