#!/bin/sh
# A cluster with a registry goes through pg_upgrade, and nothing else is done.
#
#   PG_CONFIG=NEW OLD_PG_CONFIG=OLD test/upgrade/pg_upgrade.sh
#
# Both are pg_config of servers in which the extension is installed; make
# check-pg-upgrade sees to that. On the old server the demo makes a registry with
# two editions, proposals, meetings, programmes and a journal; beside it stand
# tables of a DBA's own (pg_upgrade_own.sql). What can be seen of both
# (pg_upgrade_facts.sql) is compared, line by line, before and after an upgrade by
# copy and one by hard links. MODES= names others (from 17 on also copy-file-range,
# from 18 on swap; link and swap leave no old cluster, so only one of them, as the
# last), FAMILIES= the size. Prints a TAP line for each
# proof; the clusters have a socket only, and are removed.
set -eu
cd "$(dirname "$0")/../.."
top=$PWD
old=$("$OLD_PG_CONFIG" --bindir)
new=$("$PG_CONFIG" --bindir)
unset PGDATABASE PGSERVICE PGOPTIONS PGPASSWORD PGPASSFILE PGHOSTADDR PGCLIENTENCODING PGDATESTYLE PGDATA
unset MAKEFLAGS MFLAGS
work=$(mktemp -d "${TMPDIR:-/tmp}/dtsen-pg_upgrade.XXXXXX")
stop() {
	status=$?
	trap - EXIT INT TERM HUP
	for data in "$work"/*/data; do
		if [ -e "$data/postmaster.pid" ]; then
			case $data in
			"$work/old/data") "$old/pg_ctl" -D "$data" -m immediate -s stop || true ;;
			*) "$new/pg_ctl" -D "$data" -m immediate -s stop || true ;;
			esac
		fi
	done
	rm -rf "$work"
	exit $status
}
trap stop EXIT
trap 'exit 130' INT TERM HUP
export PGHOST="$work" PGPORT=5498 PGUSER=postgres PGTZ=Asia/Jakarta PGDATABASE=demo
failed=0

check() { # check TEXT COMMAND...: the command must succeed; shows its output if not
	text=$1
	shift
	if "$@" >"$work/output" 2>&1; then
		echo "ok - $text"
	else
		echo "not ok - $text"
		sed 's/^/#   /' "$work/output" | cut -c 1-300 | head -n 40
		failed=1
		return 1
	fi
}
answers() { # answers EXPECTED SQL: as the superuser
	sql -c "$2" >"$work/answer" && printf '%s' "$1" | diff - "$work/answer"
}
start() { # start BIN CLUSTER
	"$1/pg_ctl" -D "$work/$2/data" -l "$work/$2/log" -s -w -t 180 \
		-o "-k $work -p $PGPORT -c fsync=off -c max_prepared_transactions=0" start
}
end() { "$1/pg_ctl" -D "$work/$2/data" -s -w -t 180 -m fast stop; }
facts() { "$1/psql" -X -q -A -t <test/upgrade/pg_upgrade_facts.sql 2>&1 | sed '/^LOCATION:/d'; }
sql() { "$new/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }

echo "# $("$OLD_PG_CONFIG" --version) to $("$PG_CONFIG" --version)"
PG_CONFIG=$OLD_PG_CONFIG test/demo/run --families "${FAMILIES:-1000}" --seed 3 --dir "$work/old" --keep >"$work/demo" 2>&1 ||
	{ tail -n 40 "$work/demo"; exit 1; }
"$old/pg_ctl" -D "$work/old/data" -s -w -m fast stop
start "$old" old
"$old/psql" -X -q -v ON_ERROR_STOP=1 -f test/upgrade/pg_upgrade_own.sql
facts "$old" >"$work/before"
end "$old" old
bad='^finding|^journal|^machine|^attached|^index .* NOT as'
check 'the facts before are many, and none is bad' sh -c '
	! grep -E "$2" "$1/before" && sed "/^refusals$/,\$d" "$1/before" | { ! grep -A 2 "^ERROR"; } &&
		test "$(wc -l <"$1/before")" -gt 500' sh "$work" "$bad" || true
check 'each statement that must be refused is' test "$(grep -c '^BEGIN;' test/upgrade/pg_upgrade_facts.sql)" = \
	"$(sed '1,/^refusals$/d' "$work/before" | grep -c '^ERROR:')" || true
check 'each index answers as the table' sh -c '
	for index in $(sed -n "s/^CREATE INDEX \(\(person\|roster\)_[a-z_]*\) .*/\1/p" test/upgrade/pg_upgrade_own.sql); do
		grep -q "$index: as the table $index" "$1/before" || { echo "$index"; bad=1; }
	done; [ -z "${bad:-}" ]' sh "$work" || true

checksums=''
[ "$("$old/pg_controldata" -D "$work/old/data" | sed -n 's/^Data page checksum version: *//p')" != 0 ] ||
	! "$new/initdb" --help | grep -q no-data-checksums || checksums=--no-data-checksums
cluster() { # cluster BIN NAME [OPTION]: an empty one
	mkdir -p "$work/$2"
	"$1/initdb" -D "$work/$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync ${3:-} >"$work/initdb" 2>&1 ||
		{ cat "$work/initdb"; exit 1; }
}
# upgrade FROM TO [OPTION...]; pg_upgrade leaves its notes where it is run
upgrade() {
	from=$1 to=$2
	shift 2
	(cd "$work/$to" && "$new/pg_upgrade" -b "$old" -B "$new" -d "$work/$from/data" -D "$work/$to/data" -U postgres \
		-s "$work" -O '-c fsync=off' -o '-c fsync=off' "$@" >said 2>&1) || {
		grep -hE '^(pg_restore: )?(from TOC|error|warning|while|ERROR|DETAIL|HINT|CONTEXT|psql)' -r --include='*.log' "$work/$to" || tail "$work/$to/said"
		return 1
	}
}
# An older minor release can lack what a newer one of the old major writes: then
# these servers cannot upgrade any table, and nothing is said of this one.
servers_can() {
	cluster "$old" plain_old
	cluster "$new" plain_new "$checksums"
	start "$old" plain_old
	"$old/psql" -X -q -d postgres -c 'CREATE TABLE plain (a integer)'
	end "$old" plain_old
	upgrade plain_old plain_new
}
for mode in ${MODES:-copy link}; do
	cluster "$new" "$mode" "$checksums"
	case $mode in copy) option='' ;; *) option=--$mode ;; esac
	check "$mode: pg_upgrade --check finds nothing against it" upgrade old "$mode" $option --check || true
	if ! upgrade old "$mode" $option >"$work/upgrade" 2>&1; then
		if servers_can >"$work/plain" 2>&1; then
			echo "not ok - $mode: pg_upgrade"
			sed 's/^/#   /' "$work/upgrade" | cut -c 1-300
			failed=1
		else
			echo "ok - $mode: pg_upgrade # SKIP these servers cannot upgrade any table: $(sed -n 's/.*ERROR: *//p' "$work/plain" | head -n 1)"
		fi
		break
	fi
	echo "ok - $mode: pg_upgrade"
	start "$new" "$mode"
	facts "$new" >"$work/after"
	check "$mode: every row, grant, index, refusal and finding is as before" diff "$work/before" "$work/after" || true
	# what the extension is on this server, made anew
	sql -d postgres -c 'CREATE DATABASE fresh TEMPLATE template0'
	sql -d fresh -c 'CREATE EXTENSION dtsen'
	sql -d fresh -f test/upgrade/digest.sql >"$work/fresh"
	sql -c 'SET search_path = public' -f test/upgrade/digest.sql >"$work/upgraded"
	check "$mode: the extension is what CREATE EXTENSION makes here" diff "$work/fresh" "$work/upgraded" || true
	sql -c 'ANALYZE'
	check "$mode: after ANALYZE check_registry finds nothing at all" \
		answers '' "SELECT check_name, row_id FROM dtsen.check_registry('bekasi')" || true
	# and work goes on
	check "$mode: a village holds a meeting, a request is granted" sql -U op_3216011007 \
		-c "INSERT INTO bekasi.musyawarah (wilayah, held_on, place) VALUES ('3216011007', CURRENT_DATE, 'hall')" \
		-c '\connect - own_head' \
		-c "UPDATE own.request SET state = 'granted', reason = 'in need' WHERE state = 'sent'" || true
	check "$mode: which the journals hold" \
		answers '' "SELECT * FROM dtsen.verify_journal('bekasi') UNION ALL SELECT * FROM dtsen.verify_journal('own')" || true
	check "$mode: a file of before changes nothing" sh -c '
		PGUSER=data_bekasi PATH=$2:$PATH src/registry/dtsen-import --schema bekasi --kind keluarga "$1"/old/keluarga_dtsen_v1_2026.csv |
			grep "imported before: nothing to do"' sh "$work" "$new" || true
	end "$new" "$mode"
done
[ $failed = 0 ] || exit 1
