# Targets that test the tree; none needs root or an installed copy.

CORE_SOURCES = $(wildcard src/core/*.c)
CORE_HEADERS = $(wildcard src/core/*.h) $(wildcard test/unit/*.h)
UNIT_NAMES = $(patsubst test/unit/%.c,%,$(sort $(wildcard test/unit/test_*.c)))
UNIT_TESTS = $(UNIT_NAMES:%=build/unit/%)
UNIT_SAN_TESTS = $(UNIT_NAMES:%=build/unit-san/%)
UNIT_CFLAGS = -std=c11 -O1 -g -Wall -Wextra -Wshadow -ffp-contract=off \
	$(FLOAT_CFLAGS) -Isrc -Itest/unit $(DTSEN_CFLAGS)
UNIT_SAN_CFLAGS = $(UNIT_CFLAGS) -DUNIT_SANITIZED -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer

# The core is compiled once, plain and with sanitizers, and linked into each
# test program. No header or flag of the server takes part.
UNIT_CORE = $(CORE_SOURCES:src/core/%.c=build/unit/core/%.o)
UNIT_SAN_CORE = $(CORE_SOURCES:src/core/%.c=build/unit-san/core/%.o)

$(UNIT_CORE): build/unit/core/%.o: src/core/%.c $(CORE_HEADERS) $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -c -o $@ $<

$(UNIT_SAN_CORE): build/unit-san/core/%.o: src/core/%.c $(CORE_HEADERS) $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(UNIT_SAN_CFLAGS) -c -o $@ $<

$(UNIT_TESTS): build/unit/%: test/unit/%.c $(UNIT_CORE)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_CORE) -lm

UNIT_NO_LEAKS = $(if $(wildcard /proc/self/maps),,test/unit/no_leaks.c)

$(UNIT_SAN_TESTS): build/unit-san/%: test/unit/%.c $(UNIT_SAN_CORE)
	@mkdir -p $(@D)
	$(CC) $(UNIT_SAN_CFLAGS) -o $@ $< $(UNIT_NO_LEAKS) $(UNIT_SAN_CORE) -lm

# Every program runs, also after one that failed. TESTS= names some of them
# (test_nik), SAN=no leaves the sanitizers out.
.PHONY: check-unit
check-unit: $(if $(TESTS),$(TESTS:%=build/unit/%),$(UNIT_TESTS)) \
		$(if $(filter no,$(SAN)),,$(if $(TESTS),$(TESTS:%=build/unit-san/%),$(UNIT_SAN_TESTS)))
	@status=0; $(if $(UNIT_NO_LEAKS),echo "# leaks: not looked for because /proc is not mounted";) \
	for t in $^; do \
		echo "$$t"; UBSAN_OPTIONS=print_stacktrace=1 $$t || \
		{ status=1; echo "$$t: failed"; }; \
	done; exit $$status

# Fuzz targets of src/core: test/fuzz/fuzz_NAME.c, seeds in test/fuzz/seeds/NAME.
# check-fuzz-short replays the seeds and ROUNDS mutations of them, with any
# compiler. check-fuzz lets clang's libFuzzer look for SECONDS each; TESTS=name
# picks targets. What fails is left in build/fuzz.
FUZZ_NAMES = $(patsubst test/fuzz/fuzz_%.c,%,$(sort $(wildcard test/fuzz/fuzz_*.c)))
FUZZ_CLANG ?= clang
FUZZ_CFLAGS = -std=c11 -O1 -g -Wall -Wextra -Wshadow -ffp-contract=off $(FLOAT_CFLAGS) \
	-Isrc -Itest/fuzz -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
FUZZ_CORE = $(CORE_SOURCES:src/core/%.c=build/fuzz/core/%.o)
FUZZ_REPLAY = $(FUZZ_NAMES:%=build/fuzz-replay/%)

$(FUZZ_CORE): build/fuzz/core/%.o: src/core/%.c $(CORE_HEADERS) $(GENERATED)
	@mkdir -p $(@D)
	$(FUZZ_CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<

$(FUZZ_NAMES:%=build/fuzz/%): build/fuzz/%: test/fuzz/fuzz_%.c test/fuzz/fuzz.h $(FUZZ_CORE)
	$(FUZZ_CLANG) $(FUZZ_CFLAGS) -fsanitize=fuzzer -o $@ $< $(FUZZ_CORE) -lm

$(FUZZ_REPLAY): build/fuzz-replay/%: test/fuzz/fuzz_%.c test/fuzz/replay.c test/fuzz/fuzz.h $(UNIT_SAN_CORE)
	@mkdir -p $(@D)
	$(CC) $(UNIT_SAN_CFLAGS) -Itest/fuzz -o $@ $< test/fuzz/replay.c $(UNIT_NO_LEAKS) $(UNIT_SAN_CORE) -lm

.PHONY: check-fuzz check-fuzz-short
check-fuzz-short: $(if $(TESTS),$(TESTS:%=build/fuzz-replay/%),$(FUZZ_REPLAY))
	@status=0; for t in $^; do \
		echo "$$t"; UBSAN_OPTIONS=print_stacktrace=1 $$t test/fuzz/seeds/$${t##*/}/* || \
		{ status=1; echo "$$t: failed"; }; \
	done; exit $$status

check-fuzz: $(addprefix build/fuzz/,$(or $(TESTS),$(FUZZ_NAMES)))
	@PG_CONFIG= .ci/fuzz $(or $(SECONDS),600) $^

# Each of these starts a throw-away server of its own; TESTS= names the files.
.PHONY: check-regress check-isolation check-pgtap check-upgrade
check-regress:
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server $(MAKE) -s with_llvm=no installcheck-regress

check-isolation:
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server $(MAKE) -s with_llvm=no installcheck-isolation

check-pgtap:
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server .ci/pgtap $(TESTS)

check-upgrade:
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server .ci/upgrade

# A registry goes through pg_upgrade from an older server (not part of check:
# .ci/matrix brings the older ones). OLD_PG_CONFIG= names it, MODES= the ways.
.PHONY: check-pg-upgrade
check-pg-upgrade:
	@PG_CONFIG='$(PG_CONFIG)' .ci/pg-upgrade

# Tests that start, stop and copy servers themselves.
.PHONY: check-tap
check-tap:
	@PG_CONFIG='$(PG_CONFIG)' .ci/tap $(TESTS)

# The same questions through six clients, and their metadata of the views for
# analysts (needs the packages that test/clients/run names).
.PHONY: check-clients
check-clients:
	@.ci/clients
# The dashboard of docs/dashboard in a headless Chromium (not part of check):
# needs chromium, nodejs and npm.
.PHONY: check-dashboard
check-dashboard:
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server test/dashboard/run

# What R says, against the figures that the tests hold (not part of check).
.PHONY: check-r
check-r:
	@.ci/oracle
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server test/oracle/ranking.sh
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server test/oracle/convey.sh

# More of what the suites do a little of: 50 crashes, 10,000 tamperings.
.PHONY: soak-crash check-tamper
soak-crash:
	@CRASHES=$(or $(CRASHES),50) PG_CONFIG='$(PG_CONFIG)' .ci/tap test/tap/020_journal.pl

check-tamper:
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server env TAMPERINGS=$(or $(TAMPERINGS),10000) \
		.ci/pgtap test/pgtap/lifecycle_tamper.sql

# These use the running server that PGHOST and PGPORT name.
.PHONY: installcheck-regress installcheck-isolation
installcheck-regress:
	$(pg_regress_installcheck) $(REGRESS_OPTS) $(or $(TESTS),$(REGRESS))

installcheck-isolation:
	$(pg_isolation_regress_installcheck) $(ISOLATION_OPTS) \
		again $(filter-out again,$(or $(TESTS),$(ISOLATION)))

# What a compiler says of every source, as errors. The objects are not used.
.PHONY: check-clang
check-clang: $(GENERATED)
	$(CLANG) $(CPPFLAGS) -std=gnu11 -fsyntax-only -Werror -Wall -Wextra -Wshadow \
		-Wno-unused-parameter -Wno-missing-field-initializers \
		-Wno-ignored-attributes \
		-Wdeclaration-after-statement -Wvla $(OBJS:.o=.c)

.PHONY: lint format matrix demo
lint:
	@PG_CONFIG='$(PG_CONFIG)' .ci/lint

format:
	@.ci/format --apply

# The same suites on other servers, in chroots (needs root, see docs/testing.md).
matrix:
	@.ci/matrix $(JOBS)

# The main job on generated data, on a throw-away server of its own.
demo: build/population
	@set -e; PG_CONFIG=$$(PG_CONFIG='$(PG_CONFIG)' .ci/private-tree); \
	export PG_CONFIG; test/demo/run $(DEMO_ARGS)

# The population generator: plain C, no server (docs/population.md).
POPULATION_PARTS = $(filter-out test/population/main.c test/population/corpus.c,\
	$(wildcard test/population/*.c)) $(CORE_SOURCES)
POPULATION_TABLES = build/population.d/name_tokens.h \
	build/population.d/regency_population.h

build/population.d/name_tokens.h: data/name_tokens.csv
build/population.d/regency_population.h: data/wilayah_population.csv
$(POPULATION_TABLES): test/population/tables.awk
	@mkdir -p $(@D)
	LC_ALL=C awk -v what=$(basename $(@F)) -f test/population/tables.awk \
		$(filter %.csv,$^) >$@.tmp
	mv $@.tmp $@

build/population: test/population/main.c
# Labelled pairs of records of the same people, for judging a matcher.
build/corpus: test/population/corpus.c
build/population build/corpus: $(POPULATION_PARTS) $(POPULATION_TABLES) \
		$(GENERATED) test/population/population.h $(CORE_HEADERS)
	$(CC) -std=c11 -O2 -ffp-contract=off $(FLOAT_CFLAGS) -Wall -Wextra -Wshadow -Isrc -Ibuild/population.d \
		-o $@ $(filter test/population/main.c test/population/corpus.c,$^) \
		$(POPULATION_PARTS) -lm

.PHONY: population corpus check-population
population: build/population
corpus: build/corpus

check-population: build/population build/corpus
	@test/population/test.sh

# CPU times beside what people use instead: test/bench/NAME.sh says what and
# which variables (ROWS=, REPS=) make it smaller. Not part of check.
BENCHMARKS = $(filter-out lib,$(patsubst test/bench/%.sh,%,$(wildcard test/bench/*.sh)))
.PHONY: $(BENCHMARKS:%=bench-%)
BENCH_SETTINGS = -c shared_buffers=$(or $(SHARED_BUFFERS),2GB) -c work_mem=256MB -c maintenance_work_mem=512MB \
	-c max_wal_size=8GB -c autovacuum=off
# A registry runs as on a small server, with autovacuum.
bench-registry: BENCH_SETTINGS = -c shared_buffers=1GB -c work_mem=64MB \
	-c maintenance_work_mem=256MB -c max_wal_size=8GB -c checkpoint_timeout=30min
bench-registry bench-sizes: build/population
bench-matching bench-matching_person: build/population build/corpus
$(BENCHMARKS:%=bench-%): bench-%:
	@PG_CONFIG='$(PG_CONFIG)' SERVER_OPTIONS='$(BENCH_SETTINGS)' .ci/with-server test/bench/$*.sh

# Longer than the everyday suites: hundreds of millions of pairs of NIKs by
# SP-GiST and by the table (test/pgtap/identity_spgist.sql is the short form).
.PHONY: check-nik-pairs
check-nik-pairs:
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server psql -X -d postgres -v rows=$(or $(ROWS),1000000) \
		-v probes=$(or $(PROBES),200) -v seed=$(or $(SEED),0.5) -f test/property/nik_pairs.sql
# The national work with a nation's families: some 6 GB of table, 20 minutes.
.PHONY: bench-ranking-large
bench-ranking-large:
	@TASKS='$(or $(TASKS),cuts|histogram|assign|both)' WINDOWS=$(or $(WINDOWS),no) $(MAKE) -s bench-ranking \
		ROWS=$(or $(ROWS),95000000) REPS=$(or $(REPS),3) SHARED_BUFFERS=$(or $(SHARED_BUFFERS),7GB)

# Random cases of the exact scans, 100,000 of them; the everyday run has 4,000.
.PHONY: check-ranking-long
check-ranking-long: build/unit/test_rank_scan
	RANK_CASES=$(or $(CASES),100000) build/unit/test_rank_scan

# Random pairs of names against the keys and bounds of the index of names; the
# everyday run has 100,000.
.PHONY: check-name-long
check-name-long: build/unit/test_name_keys
	NAME_PAIRS=$(or $(PAIRS),2000000) NAME_SEED=$(or $(SEED),1) build/unit/test_name_keys

# Random transactions on one lifecycle and a replay of its journal, at length;
# a short form is part of check (test/tap/020_lifecycle.pl).
.PHONY: soak-lifecycle
soak-lifecycle:
	@PG_CONFIG='$(PG_CONFIG)' .ci/with-server test/soak/lifecycle.sh

# Brings the catalogues up to the messages of today; untranslated ones are left
# empty and obsolete ones dropped. The header's dates of the tools stay out.
.PHONY: messages
messages: update-po
	for po in po/*.po; do \
		sed -e '/^"Report-Msgid-Bugs-To:/d' -e '/^"POT-Creation-Date:/d' $$po.new | \
			msgattrib --no-obsolete --no-wrap -o $$po - && rm $$po.new || exit 1; \
	done
