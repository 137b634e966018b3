#!/bin/sh
# How long ranking goes on after it is cancelled; make bench-ranking_cancel.
#   ROWS=10000000 CANCELS=20 .ci/with-server test/bench/ranking_cancel.sh
# Runs each long query, cancels it at as many moments spread over its run, and
# prints the median and the longest time until the error came back, milliseconds.
# TASKS='movement|gini' takes some of the queries. Needs the module dblink of contrib.
set -eu
cd "$(dirname "$0")/../.."
set -- "${ROWS:-10000000}" "${CANCELS:-20}"
. test/bench/lib.sh
psql -X -d postgres -v "rows=$1" -v "cancels=$2" -v "tasks=${TASKS:-.}" -f test/bench/ranking_cancel.sql
