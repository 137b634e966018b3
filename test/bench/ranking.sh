#!/bin/sh
# Benchmark of ranking; make bench-ranking runs it, make bench-ranking-large
# with 95 million families.
#   ROWS=10000000 REPS=3 .ci/with-server test/bench/ranking.sh
# Prints CPU seconds of all processes together, wall seconds, the private memory
# of the largest process, and temporary files, for dtsen and for what people use
# instead. TASKS='cuts|assign' takes some of the tasks (or 'both: weighted window'), WINDOWS=no leaves out the
# queries that sort the whole table. Needs /proc (Linux), perl, 100 bytes of disk
# a row; tdigest if it is installed; DuckDB if the python3 that DUCKDB_PYTHON names has it.
set -eu
cd "$(dirname "$0")/../.."
set -- "${ROWS:-10000000}" "${REPS:-3}"
. test/bench/lib.sh
perl test/bench/memory.pl "$dir" &
sampler=$!
trap 'kill $sampler 2>/dev/null; rm -rf "$dir"' EXIT INT TERM HUP
chmod 777 "$dir"
psql -X -d postgres -v "rows=$1" -v "dir=$dir" -f test/bench/ranking.sql
# a session for each query: what one leaves in memory is not counted to the next
psql -X -d postgres -At -v "tasks=${TASKS:-.}" -v "windows=${WINDOWS:-yes}" >"$dir/places" <<'SQL'
SELECT place FROM work WHERE (:'windows' = 'yes' OR NOT sorts) AND task || ': ' || variant ~ ('^(floor|' || :'tasks' || ')') ORDER BY place
SQL
rep=0
while [ "$rep" -lt "$2" ]; do
	rep=$((rep + 1))
	while read -r place; do
		psql -X -q -d postgres -v ON_ERROR_STOP=1 -c 'SET search_path = public, dtsen' -c 'SET jit = off' \
			-c 'SET max_parallel_workers_per_gather = 2' \
			-c "DO 'BEGIN PERFORM 1; END'" -c "CALL bench($place, '$dir')" </dev/null
	done <"$dir/places"
done
psql -X -d postgres -v "rows=$1" -v "reps=$2" -v "dir=$dir" -f test/bench/ranking_report.sql
python=${DUCKDB_PYTHON:-python3} # PYTHON is a variable of the server's makefiles
if [ "${WINDOWS:-yes}" = yes ] && "$python" -c 'import duckdb' 2>/dev/null; then
	psql -X -d postgres -c "COPY (SELECT id, village, regency, score, persons FROM family) TO STDOUT (FORMAT csv)" >"$dir/family.csv"
	"$python" test/bench/ranking_duckdb.py "$dir/family.csv" "$2"
else
	echo '# DuckDB is not installed for python3, or WINDOWS=no: left out'
fi
