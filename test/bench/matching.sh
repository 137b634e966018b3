#!/bin/sh
# Benchmark of matching beside what people use instead; make bench-matching runs
# it: the parts that exist of nik, comparators, names, quality, person, each
# test/bench/matching_PART.sql on a database of its own, in this order.
#   ROWS=3600000 PROBES=100 PART=nik .ci/with-server test/bench/matching.sh
# ROWS is the larger of the two sizes (the other is a million, if that is less),
# PROBES how many a method is tried with, PART one part instead of all. Needs
# contrib, /proc (Linux), 6 GB of disk.
set -eu
cd "$(dirname "$0")/../.."
set -- "${ROWS:-3600000}" "${PROBES:-100}"
. test/bench/lib.sh
parts=
for part in ${PART:-nik comparators names quality person}; do
	if [ -f "test/bench/matching_$part.sql" ]; then
		parts="$parts $part"
	elif [ -n "${PART:-}" ]; then
		echo "bench: there is no part \"$part\": test/bench/matching_*.sql" >&2
		exit 1
	fi
done
for part in $parts; do
	echo "# part $part"
	createdb "bench_$part"
	psql -X -d "bench_$part" -v "rows=$1" -v "probes=$2" \
		-v "dir=$dir" -f "test/bench/matching_$part.sql"
	dropdb "bench_$part"
done
