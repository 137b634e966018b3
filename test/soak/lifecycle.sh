#!/bin/sh
# Random transactions of many sessions on one lifecycle, then a replay of its
# journal. Run by `make soak-lifecycle` beside a throw-away server.
#   SESSIONS      16          TRANSACTIONS  100000 in all
# Prints what was done and refused; fails when the replay finds anything.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sessions=${SESSIONS:-16}
each=$(((${TRANSACTIONS:-100000} + sessions - 1) / sessions))
scratch=$(mktemp -d "${TMPDIR:-/tmp}/dtsen-soak.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d soak "$@"; }

psql -X -q -d postgres -c 'CREATE DATABASE soak'
sql -f "$here/lifecycle.sql"
echo 'SELECT soak.step(:client_id);' >"$scratch/one"
printf 'BEGIN;\nSELECT soak.step(:client_id);\nSELECT soak.step(:client_id);\nCOMMIT;\n' >"$scratch/two"
printf 'BEGIN;\nSELECT soak.step(:client_id);\nSAVEPOINT s;\nSELECT soak.step(:client_id);\nROLLBACK TO s;\nCOMMIT;\n' >"$scratch/half"
printf 'BEGIN;\nSELECT soak.step(:client_id);\nROLLBACK;\n' >"$scratch/none"
printf 'BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT count(*) FROM soak.edisi;\nSELECT soak.step(:client_id);\nCOMMIT;\n' >"$scratch/repeat"
printf 'BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT count(*) FROM soak.edisi;\nSELECT soak.step(:client_id);\nCOMMIT;\n' >"$scratch/serial"
pgbench -n -d soak -c "$sessions" -j 2 -t "$each" --max-tries=1000 --failures-detailed \
	-f "$scratch/one@10" -f "$scratch/two@3" -f "$scratch/half@2" -f "$scratch/none@1" \
	-f "$scratch/repeat@3" -f "$scratch/serial@1" >"$scratch/out" 2>"$scratch/err" ||
	{ tail -n 5 "$scratch/err"; exit 1; }
sed -n 's/^number of transactions actually processed: \([0-9]*\).*/transactions: \1/p; s/^number of failed transactions: \(.*\)/failed: \1/p; s/^total number of retries: \(.*\)/retries: \1/p' "$scratch/out"
sql -c "SELECT 'entries: ' || string_agg(format('%s %s', action, n), ', ') FROM (SELECT action, count(*) AS n FROM soak.journal GROUP BY action ORDER BY action) AS a" \
	-c "SELECT 'refusals: ' || string_agg(format('%s %s', code, n), ', ') FROM (SELECT code, sum(n) AS n FROM soak.tally GROUP BY code ORDER BY code) AS t" \
	-c "SELECT 'editions closed: ' || count(*) FROM soak.edisi WHERE state = 'tutup'"
faults=$(sql -f "$here/check.sql")
if [ -n "$faults" ]; then
	echo "faults:"
	echo "$faults"
	exit 1
fi
echo 'faults: none'
