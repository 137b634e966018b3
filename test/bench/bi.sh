#!/bin/sh
# Benchmark of the views for analysts; make bench-bi runs it.
#   FAMILIES=1000000 .ci/with-server test/bench/bi.sh
# Makes a registry of one regency with two published editions, a run of matching
# over 3 persons a family, proposals of three families in ten with their journal,
# programmes with three families in ten and a year of payments; then asks every
# view what BI tools ask when they synchronise: SELECT * ... LIMIT 10000 and, for
# every column, SELECT DISTINCT column ... LIMIT 1000, as an analyst of the
# country, of the regency and of one district. Prints wall-clock seconds: what a
# user waits. Not measured: the import, the matching and the ranking themselves;
# their rows are made by plain inserts without row triggers. The counting by
# publication, by a run and by program_summarise() is real.
# Needs 3 GB of disk.
set -eu
cd "$(dirname "$0")/../.."
export PGOPTIONS='-c client_min_messages=warning'
FAMILIES=${FAMILIES:-1000000}
set -- "$FAMILIES"
. test/bench/lib.sh
psql -X -q -d postgres -c 'CREATE DATABASE bi'
PGDATABASE=bi psql -X -q -v ON_ERROR_STOP=1 -v families="$FAMILIES" -f test/bench/bi.sql
