#!/bin/sh
# Benchmark of the identity types; make bench-identity runs it.
#   ROWS=3600000 REPS=3 .ci/with-server test/bench/identity.sh
# Prints two tables: nik beside char(16) and bigint, and search within one edit
# beside pg_trgm and levenshtein. Needs contrib and /proc (Linux), 3 GB of disk.
set -eu
cd "$(dirname "$0")/../.."
set -- "${ROWS:-3600000}" "${REPS:-3}"
. test/bench/lib.sh
psql -X -d postgres -v "rows=$1" -v "reps=$2" \
	-v "dir=$dir" -f test/bench/identity.sql
