# dtsen: types, matching, ranking and lifecycle of a socio-economic registry.
#
#   make, make install            with PG_CONFIG= the server to build for
#   make check                    every suite on a private server (see .ci/)
#   make installcheck             pg_regress and isolation on a running server
#   make lint, make format        the rules of CONTRIBUTING.md, proven, applied

EXTENSION = dtsen
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" dtsen.control)
MODULE_big = dtsen
OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))

# Types of a weight: ranking has each aggregate once for each of them.
WEIGHTS = int2 int4 int8 float8

# Install SQL of the modules, in dependency order: what comes later may use
# what comes before, never the other way round.
SQL_PARTS = \
	src/dtsen.sql \
	src/identity/identity.sql \
	src/identity/nik_type.sql \
	src/identity/nik_bigint.sql \
	src/identity/nik_index.sql \
	src/identity/nkk_type.sql \
	build/nkk_bigint.sql \
	build/nkk_index.sql \
	src/identity/kode_wilayah_type.sql \
	src/identity/kode_wilayah_bigint.sql \
	src/identity/kode_wilayah_index.sql \
	src/identity/kode_wilayah.sql \
	src/identity/nik.sql \
	src/identity/nik_fuzzy.sql \
	src/identity/nik_spgist.sql \
	src/identity/nik_found.sql \
	src/identity/nkk.sql \
	src/identity/pseudonym.sql \
	build/nkk_fuzzy.sql \
	build/nkk_spgist.sql \
	build/nkk_found.sql \
	src/identity/wilayah.sql \
	src/name/name.sql \
	src/name/model.sql \
	src/name/comparators.sql \
	src/name/name_index.sql \
	src/linkage/linkage.sql \
	src/household/household.sql \
	src/household/keluarga_members.sql \
	src/household/keluarga_ops.sql \
	src/ranking/ranking.sql \
	src/ranking/rank_agg.sql \
	$(WEIGHTS:%=build/rank_agg_%.sql) \
	src/ranking/statistics.sql \
	src/ranking/stat_final.sql \
	$(WEIGHTS:%=build/stat_add_%.sql) \
	$(WEIGHTS:%=build/stat_score_%.sql) \
	$(WEIGHTS:%=build/stat_policy_%.sql) \
	src/ranking/movement.sql \
	src/ranking/pmt.sql \
	src/ranking/rank_relation.sql \
	src/ranking/rank_window.sql \
	build/lifecycle_template.sql \
	build/lifecycle_template_assume.sql \
	build/lifecycle_template_content.sql \
	build/lifecycle_template_attached.sql \
	src/lifecycle/lifecycle.sql \
	src/lifecycle/assume.sql \
	src/lifecycle/journal.sql \
	src/lifecycle/content.sql \
	src/lifecycle/empty_row.sql \
	src/lifecycle/attach_check.sql \
	src/lifecycle/attach.sql \
	src/lifecycle/access.sql \
	src/lifecycle/machine.sql \
	src/lifecycle/machine_file.sql \
	src/lifecycle/verify.sql \
	src/lifecycle/anchor.sql \
	src/lifecycle/verify_journal.sql \
	src/lifecycle/proof.sql \
	src/lifecycle/drop_guard.sql \
	build/registry_template.sql \
	build/registry_grants.sql \
	src/registry/registry.sql \
	src/registry/roles.sql \
	src/registry/dictionary.sql \
	src/registry/structure.sql \
	src/registry/structure_code.sql \
	src/registry/shadow.sql \
	src/registry/differences.sql \
	src/registry/machines.sql \
	src/registry/check.sql \
	build/registry_steps.sql \
	src/registry/upgrade.sql

DATA_built = dtsen--$(EXTVERSION).sql
DATA = $(wildcard src/upgrade/dtsen--*.sql)
SCRIPTS = src/registry/dtsen-import
DOCS = $(filter-out docs/README.md,$(wildcard README.md README.id.md data/NOTICE.md docs/*.md docs/*.sql))

REGRESS = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
REGRESS_OPTS = --inputdir=. --load-extension=dtsen

# again.spec makes what the others use, so it goes first, whatever TESTS names.
# SKIP_SPECS: those that a slow run leaves out
ISOLATION = $(filter-out again $(SKIP_SPECS),$(patsubst test/isolation/specs/%.spec,%,\
	$(sort $(wildcard test/isolation/specs/*.spec))))
ISOLATION_OPTS = --inputdir=test/isolation --load-extension=dtsen

EXTRA_CLEAN = dtsen--*.sql build $(GENERATED) tmp_check results output_iso

PG_CPPFLAGS = -I$(srcdir)/src -DDTSEN_VERSION=\"$(EXTVERSION)\"
PG_CFLAGS = -Wall -Wextra -Wshadow -Wno-unused-parameter \
	-Wno-missing-field-initializers -fvisibility=hidden -ffp-contract=off \
	$(DTSEN_CFLAGS)

PG_CONFIG ?= pg_config
PG_MAJOR := $(shell '$(PG_CONFIG)' --version 2>/dev/null | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p')
ifeq ($(PG_MAJOR),)
$(error "$(PG_CONFIG)" is no pg_config that runs: install the server's development package, or say make PG_CONFIG=/path/to/pg_config)
endif
ifeq ($(shell test $(PG_MAJOR) -ge 15 && echo yes),)
$(error dtsen needs PostgreSQL 15 or later, "$(PG_CONFIG)" is of $(PG_MAJOR): say make PG_CONFIG=/path/to/pg_config)
endif
PGXS := $(shell $(PG_CONFIG) --pgxs)
ifeq ($(wildcard $(PGXS)),)
$(error "$(PGXS)" is missing: install the development package of the server (Debian: postgresql-server-dev-$(PG_MAJOR)))
endif
# Before 16 the server's headers mark what a module exports with an empty word.
ifeq ($(PG_MAJOR),15)
PG_CPPFLAGS += -DPGDLLEXPORT='__attribute__((visibility("default")))'
endif

# From 19 the server's headers use typeof_unqual of C23 if its own build could.
ifeq ($(shell test $(PG_MAJOR) -ge 19 && echo yes),)
PG_CFLAGS += -std=gnu11
endif

# The x87 unit of 32-bit machines rounds twice; cut points must be the same
# everywhere, so floating point is done by SSE2 there, as on 64 bits.
ifneq ($(shell $(CC) -dumpmachine | grep '^i[3-6]86-'),)
FLOAT_CFLAGS = -msse2 -mfpmath=sse
endif
PG_CFLAGS += $(FLOAT_CFLAGS)

# Constant tables of the library, made from the data files of the tree.
GENERATED = src/core/wilayah_data.h src/core/name_data.h \
	src/core/linkage_data.h src/core/place_data.h

all:

# PGXS answers the goal "check" with "not supported"; here it is a goal of the
# tree, so PGXS stays out when it is asked for.
ifneq ($(filter check,$(MAKECMDGOALS)),)
.PHONY: $(MAKECMDGOALS)
check: $(filter-out check,$(MAKECMDGOALS))
	@PG_CONFIG='$(PG_CONFIG)' .ci/suites $(SUITES)
$(filter-out check,$(MAKECMDGOALS)):
	$(MAKE) $@
else
include .ci/check.mk
include $(PGXS)

# PGXS looks for scripts and documents where they lie in the tree.
.PHONY: uninstall-flat
uninstall: uninstall-flat
uninstall-flat:
	rm -f $(addprefix '$(DESTDIR)$(bindir)'/, $(notdir $(SCRIPTS))) \
		$(addprefix '$(DESTDIR)$(docdir)/$(docmoduledir)'/, $(notdir $(DOCS)))
endif

src/core/wilayah_data.h: data/wilayah.awk data/wilayah_edition.csv \
		data/wilayah_retired.csv data/wilayah.csv
	@mkdir -p build
	LC_ALL=C awk -f $^ >build/$(@F).tmp
	mv build/$(@F).tmp $@

src/core/name_data.h: data/name_words.csv data/name_variants.csv \
		data/name_nicknames.csv data/name_known.csv data/name_tokens.csv \
		data/name_tables.awk data/name_header.awk
	@mkdir -p build
	LC_ALL=C awk -f data/name_tables.awk data/name_words.csv \
		data/name_variants.csv data/name_nicknames.csv \
		data/name_known.csv data/name_tokens.csv >build/name_rows
	LC_ALL=C sort build/name_rows >build/name_sorted
	LC_ALL=C awk -f data/name_header.awk build/name_sorted >$@.new
	mv $@.new $@

src/core/linkage_data.h: data/linkage_weights.csv data/linkage_header.awk
	LC_ALL=C awk -f data/linkage_header.awk data/linkage_weights.csv >$@.new
	mv $@.new $@

src/core/place_data.h: data/place_names.csv data/wilayah_retired.csv \
		data/wilayah.csv data/place_table.awk data/place_header.awk
	@mkdir -p build
	LC_ALL=C awk -f data/place_table.awk data/place_names.csv \
		data/wilayah_retired.csv data/wilayah.csv >build/place_rows
	LC_ALL=C sort build/place_rows >build/place_sorted
	LC_ALL=C awk -f data/place_header.awk build/place_sorted >$@.new
	mv $@.new $@

$(OBJS) $(OBJS:.o=.bc): $(GENERATED) $(wildcard src/*.h src/*/*.h)

# Templates of tables, wrapped into functions that return them.
# What create_registry() and setup_roles() run, as functions that return it.
REGISTRY_TEMPLATES = $(sort $(wildcard src/registry/[1-3]*.sql)) \
	src/registry/40_machines.sql build/machines.sql \
	$(sort $(wildcard src/registry/4[1-9]*.sql)) \
	$(sort $(wildcard src/views/*.sql))

# The default machines, which dtsen.attach() checks when all guards are there.
MACHINES = $(sort $(wildcard data/machine/*.json))

build/machines.sql: $(MACHINES)
	@mkdir -p $(@D)
	for machine in $(MACHINES); do \
		printf "\nSELECT dtsen.machine_load('@registry@', \$$machine\$$\n"; \
		cat $$machine; printf "\$$machine\$$, false);\n"; \
	done >$@.tmp
	mv $@.tmp $@

build/registry_template.sql: $(REGISTRY_TEMPLATES) src/registry/wrap.sh
	@mkdir -p $(@D)
	sh src/registry/wrap.sh _registry_template \
		'text of the templates of a registry' $(REGISTRY_TEMPLATES) >$@.tmp
	mv $@.tmp $@

build/registry_grants.sql: src/registry/grants.sql src/registry/wrap.sh
	@mkdir -p $(@D)
	sh src/registry/wrap.sh _registry_grants \
		'text of src/registry/grants.sql' $< >$@.tmp
	mv $@.tmp $@

# Steps between versions of a registry: N.sql before, N_after.sql after the tables
# of version N are there; a function each.
REGISTRY_STEPS = $(sort $(wildcard src/registry/upgrade/*.sql))

build/registry_steps.sql: $(REGISTRY_STEPS) src/registry/wrap.sh
	@mkdir -p $(@D)
	for step in $(REGISTRY_STEPS); do sh src/registry/wrap.sh \
		_registry_step_$$(basename $$step .sql) "text of $$step" $$step || exit; done >$@.tmp
	mv $@.tmp $@

# nkk has the operators and operator classes of nik under its own name, so these
# parts are written once. The functions of the library and the setting are the
# same for both.
build/nkk_%.sql: src/identity/nik_%.sql
	@mkdir -p $(@D)
	sed -e 's/nik/nkk/g' -e "s/'\(dtsen_[a-z_]*\)nkk/'\1nik/" \
		-e 's/dtsen\.nkk_max_distance/dtsen.nik_max_distance/' $< >$@

# What takes a weight is written once for all types of weights. The comment at the
# head of a template stays out.
define WEIGHT_RULE
build/%_$(1).sql: src/ranking/%_weight.sql
	@mkdir -p $$(@D)
	sed -e '1,/^$$$$/d' -e 's/WEIGHT/$(1)/g' $$< >$$@
endef
$(foreach weight,$(WEIGHTS),$(eval $(call WEIGHT_RULE,$(weight))))

LIFECYCLE_TEMPLATES = src/lifecycle/template.sql \
	src/lifecycle/template_content.sql \
	src/lifecycle/template_attached.sql \
	src/lifecycle/template_assume.sql src/lifecycle/template_rules.sql

build/lifecycle_template.sql: $(LIFECYCLE_TEMPLATES) src/registry/wrap.sh
	@mkdir -p $(@D)
	sh src/registry/wrap.sh _lifecycle_template \
		'text of the templates of a lifecycle' $(LIFECYCLE_TEMPLATES) >$@.tmp
	mv $@.tmp $@

build/lifecycle_template_%.sql: src/lifecycle/template_%.sql \
		src/registry/wrap.sh
	@mkdir -p $(@D)
	sh src/registry/wrap.sh _lifecycle_template_$* \
		'text of src/lifecycle/template_$*.sql' $< >$@.tmp
	mv $@.tmp $@

dtsen--$(EXTVERSION).sql: $(SQL_PARTS)
	cat $(SQL_PARTS) > $@
