# Targets that test the tree. `make check` is all that needs no root.
UNIT_TESTS = $(patsubst test/unit/%.c,build/unit/%,$(wildcard test/unit/test_*.c))
UNIT_SAN_TESTS = $(UNIT_TESTS:build/unit/%=build/unit-san/%)
CORE_SOURCES = $(wildcard src/core/*.c)
CORE_HEADERS = $(wildcard src/core/*.h) $(wildcard test/unit/*.h)
UNIT_CFLAGS = -std=c11 -O1 -g -Wall -Wextra -Wshadow -Isrc -Itest/unit

build/unit/%: test/unit/%.c $(CORE_SOURCES) $(CORE_HEADERS) $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -o $@ $< $(CORE_SOURCES) -lm

build/unit-san/%: test/unit/%.c $(CORE_SOURCES) $(CORE_HEADERS) $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -fsanitize=address,undefined -fno-sanitize-recover \
		-o $@ $< $(CORE_SOURCES) -lm

.PHONY: check-unit
check-unit: $(UNIT_TESTS) $(UNIT_SAN_TESTS)
	@set -e; for t in $^; do $$t; done

# Each of these starts a throw-away server of its own; TESTS= names the files.
.PHONY: check-regress check-isolation check-pgtap
check-regress:
	@.ci/with-server $(MAKE) -s with_llvm=no installcheck-regress

check-isolation:
	@.ci/with-server $(MAKE) -s with_llvm=no installcheck-isolation

check-pgtap:
	@.ci/with-server .ci/pgtap $(TESTS)

.PHONY: installcheck-regress installcheck-isolation
installcheck-regress:
	$(pg_regress_installcheck) $(REGRESS_OPTS) $(or $(TESTS),$(REGRESS))

installcheck-isolation:
	$(pg_isolation_regress_installcheck) $(ISOLATION_OPTS) \
		$(or $(TESTS),$(ISOLATION))

# The population generator: plain C, no server (docs/population.md).
POPULATION_SOURCES = $(wildcard test/population/*.c) src/core/wilayah.c
POPULATION_TABLES = build/population.d/name_tokens.h \
	build/population.d/regency_population.h

build/population.d/name_tokens.h: data/name_tokens.csv
build/population.d/regency_population.h: data/wilayah_population.csv
$(POPULATION_TABLES): test/population/tables.awk
	@mkdir -p $(@D)
	LC_ALL=C awk -v what=$(basename $(@F)) -f test/population/tables.awk \
		$(filter %.csv,$^) >$@.tmp
	mv $@.tmp $@

build/population: $(POPULATION_SOURCES) $(POPULATION_TABLES) $(GENERATED) \
		test/population/population.h src/core/wilayah.h
	$(CC) -std=c11 -O2 -Wall -Wextra -Wshadow -Isrc -Ibuild/population.d \
		-o $@ $(POPULATION_SOURCES)

.PHONY: population check-population
population: build/population

check-population: build/population
	@test/population/test.sh
