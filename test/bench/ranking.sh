#!/bin/sh
# Benchmark of ranking; make bench-ranking runs it, make bench-ranking-large
# with 95 million families.
#   ROWS=10000000 REPS=2 .ci/with-server test/bench/ranking.sh
# Prints CPU seconds of all processes together, wall seconds, the private memory
# of the largest process, and temporary files, for dtsen and for what people use
# instead. WINDOWS=no leaves out the queries that sort the whole table. Needs
# /proc (Linux), perl, 100 bytes of disk a row; tdigest if it is installed.
set -eu
cd "$(dirname "$0")/../.."
set -- "${ROWS:-10000000}" "${REPS:-2}"
. test/bench/lib.sh
perl test/bench/memory.pl "$dir" &
sampler=$!
trap 'kill $sampler 2>/dev/null; rm -rf "$dir"' EXIT INT TERM HUP
chmod 777 "$dir"
psql -X -d postgres -v "rows=$1" -v "reps=$2" -v "dir=$dir" -f test/bench/ranking.sql
# a session for each query: what one leaves in memory is not counted to the next
psql -X -d postgres -At -c "SELECT place FROM work WHERE '${WINDOWS:-yes}' = 'yes' OR NOT sorts ORDER BY place" >"$dir/places"
while read -r place; do
	psql -X -q -d postgres -v ON_ERROR_STOP=1 -c 'SET search_path = public, dtsen' -c 'SET jit = off' \
		-c 'SET max_parallel_workers_per_gather = 2' \
		-c "DO 'BEGIN PERFORM 1; END'" -c "CALL bench($place, $2, '$dir')" </dev/null
done <"$dir/places"
psql -X -d postgres -v "rows=$1" -v "reps=$2" -v "dir=$dir" -f test/bench/ranking_report.sql
