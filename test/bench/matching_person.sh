#!/bin/sh
# Benchmark of the person score; make bench-matching_person runs it.
#   make bench-matching_person ROWS=3600000 PROBES=200
# Prints quality on three corpora beside simple rules, pairs a second, and one
# new person against 1,000,000 and ROWS rows. Needs contrib (pg_trgm,
# fuzzystrmatch) and /proc (Linux), 4 GB of disk.
set -eu
cd "$(dirname "$0")/../.."
set -- "${ROWS:-3600000}" "${PROBES:-200}"
. test/bench/lib.sh
psql -X -d postgres -v "rows=$1" -v "probes=$2" \
	-v "dir=$dir" -f test/bench/matching_person.sql
