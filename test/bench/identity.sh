#!/bin/sh
# Benchmark of the identity types; make bench-identity runs it.
#   ROWS=3600000 REPS=3 .ci/with-server test/bench/identity.sh
# Prints two tables: nik beside char(16) and bigint, and search within one edit
# beside pg_trgm and levenshtein. Needs contrib and /proc (Linux), 3 GB of disk.
set -eu
cd "$(dirname "$0")/../.."
if [ ! -r /proc/self/schedstat ]; then
	echo "bench-identity: no /proc/self/schedstat here, CPU time cannot be read" >&2
	exit 1
fi
case ${ROWS:-1}${REPS:-1} in
*[!0-9]*)
	echo "bench-identity: ROWS and REPS are whole numbers: make bench-identity ROWS=100000" >&2
	exit 1
	;;
esac
dir=$(mktemp -d "${TMPDIR:-/tmp}/dtsen-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT INT TERM HUP
psql -X -d postgres -At -c 'SELECT version()'
psql -X -d postgres -v "rows=${ROWS:-3600000}" -v "reps=${REPS:-3}" \
	-v "dir=$dir" -f test/bench/identity.sql
