#!/bin/sh
# Benchmark of the statistics and of pmt_score; make bench-statistics runs it.
#   ROWS=10000000 REPS=2 .ci/with-server test/bench/statistics.sh
# Prints CPU seconds of one backend, the smallest of the repetitions, beside the
# same work in plain SQL, and the greatest memory of the process. Needs /proc
# (Linux), 2 GB of disk for ten million rows.
set -eu
cd "$(dirname "$0")/../.."
set -- "${ROWS:-10000000}" "${REPS:-2}"
. test/bench/lib.sh
psql -X -d postgres -v "rows=$1" -v "reps=$2" -f test/bench/statistics.sql
