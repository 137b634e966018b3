#!/bin/sh
# Benchmark of matching beside what people use instead; make bench-matching runs
# it: the parts that exist of nik, comparators, names, quality, person, each
# test/bench/matching_PART.sql on a database of its own, in this order.
#   make bench-matching ROWS=3600000 PROBES=100 PART=nik
# ROWS is the larger of the two sizes (the other is a million, if that is less),
# PROBES how many a method is tried with, RIVALS how many pg_trgm is (of nik; as
# many if not given), PART one part instead of all. Needs
# contrib, /proc (Linux), 6 GB of disk.
set -eu
cd "$(dirname "$0")/../.."
set -- "${ROWS:-3600000}" "${PROBES:-100}" "${RIVALS:-${PROBES:-100}}"
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
# thresholds are set on the first seed, figures are of the others
case $parts in
*comparators* | *quality*)
	for set in 101:tune 102:check1 103:check2 104:check3; do
		build/corpus --seed "${set%:*}" >"$dir/${set#*:}.csv"
	done
	chmod -R a+rX "$dir"
	;;
esac
for part in $parts; do
	echo "# part $part"
	createdb "bench_$part"
	psql -X -d "bench_$part" -v "rows=$1" -v "probes=$2" -v "rivals=$3" \
		-v "dir=$dir" -f "test/bench/matching_$part.sql"
	dropdb "bench_$part"
done
