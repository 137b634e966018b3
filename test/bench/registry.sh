#!/bin/sh
# A regency from its raw files to a published edition and its views, at two
# sizes; make bench-registry runs it.
#   SIZES="100000 1000000" .ci/with-server test/bench/registry.sh
# Prints for each step wall seconds, CPU seconds of the server and of the
# clients, and the most private memory (MB) that all processes of the server had
# at one moment; then what a family costs at each size. The steps and logins are
# those of ./demo (test/demo). KEEP=FILE appends the figures to FILE. Needs /proc
# (Linux), perl, and 6 kB of disk a family below TMPDIR.
set -eu
cd "$(dirname "$0")/../.."
sizes=${SIZES:-100000 1000000}
. test/bench/lib.sh $sizes
top=$PWD
chmod 777 "$dir"
perl test/bench/memory.pl "$dir" &
sampler=$!
trap 'kill $sampler 2>/dev/null; rm -rf "$dir"' EXIT INT TERM HUP
postmaster=$(head -n 1 "$PGHOST/data/postmaster.pid")
ticks=$(getconf CLK_TCK)

# CPU ticks of the server's processes, ended ones included, and of this
# script's children.
server_cpu() {
	cat "/proc/$postmaster/stat" $(sed 's| |/stat |g; s|\([0-9]*/stat\)|/proc/\1|g' "/proc/$postmaster/task/$postmaster/children") 2>/dev/null |
		sed 's/.*) //' | awk 'NR == 1 { n = $12 + $13 + $14 + $15; next } { n += $12 + $13 } END { print n }'
}
client_cpu() { sed 's/.*) //' "/proc/$$/stat" | awk '{ print $14 + $15 }'; }
uptime_now() { cut -d' ' -f1 /proc/uptime; }

# step NAME COMMAND...: runs it and notes what it cost
step() {
	name=$1
	shift
	printf '%s: %s\n' "$families" "$name" >"$dir/label"
	from_server=$(server_cpu) from_client=$(client_cpu) from=$(uptime_now)
	"$@" >"$dir/said" 2>&1 || { cat "$dir/said" >&2; exit 1; }
	sed -n '/lines read\|[0-9] ms \|probes,/s/^/    /p' "$dir/said"
	sleep 0.2 # the last backend ends
	awk -v name="$name" -v families="$families" -v a="$from" -v b="$(uptime_now)" -v sa="$from_server" -v sb="$(server_cpu)" \
		-v ca="$from_client" -v cb="$(client_cpu)" -v t="$ticks" -v label="$families: $name" -v OFS='\t' '
		BEGIN { FS = "\t" } $1 == label { memory = $4 / 1024 }
		END { print families, name, b - a - 0.2, (sb - sa) / t, (cb - ca) / t, memory }' "$dir/memory" >>"$dir/result"
	tail -n 1 "$dir/result" | awk -F '\t' '{ printf "%-34s %8.1f s wall %8.1f s server %7.1f s clients %6.0f MB\n", $2, $3, $4, $5, $6 }'
}
as() {
	login=$1
	shift
	PGUSER=$login PGOPTIONS='-c client_min_messages=warning' psql -X -q -A -t -v ON_ERROR_STOP=1 \
		-v edition=v2_2026 -v model=pmt-2026-1 -d demo "$@"
}
generate() {
	build/population --dir "$files" --families "$families" --seed 1 --wilayah 32.16
	for area in nasional 32; do
		mkdir -p "$files/$area"
		build/population --dir "$files/$area" --families 4000 --seed 1 --wilayah "$area" --rate all=0 >/dev/null
	done
}
registry() {
	psql -X -q -v ON_ERROR_STOP=1 -d postgres -f test/demo/01_install.sql
	as dba -f test/demo/02_registry.sql
	as dba -f test/demo/03_logins.sql
}
import() { PGUSER=$1 PGDATABASE=demo src/registry/dtsen-import --schema bekasi --kind "$2" "$files/$3"; }
analyze() { as dba -c 'ANALYZE bekasi.keluarga, bekasi.rumah, bekasi.aset, bekasi.anggota, bekasi.dukcapil'; }
edition() {
	as kemensos_1 -f test/demo/11_edition.sql
	as bps_1 -c "INSERT INTO bekasi.model VALUES ('pmt-2026-1', 'invented', 'test/population')"
	for area in nasional 32; do
		awk -F '|' -v area="$area" 'FNR > 1 && $6 != "" { print area "|" $5 "|" $6 }' "$files/$area/truth_families.csv"
	done | as bps_1 -f test/demo/12_cuts.sql
}
rank() {
	as kemensos_1 -f test/demo/35_cut_off.sql
	as bps_1 -f test/demo/40_rank.sql
}
publish() {
	as bupati -f test/demo/42_recheck.sql
	as bps_2 -f test/demo/50_publish.sql
}
# All of every view, as a login that reads nothing but the views.
views() {
	as analis_1 -c "SELECT format('SELECT count(v.*) FROM bekasi_bi.%I AS v', c.relname) FROM pg_class AS c
		WHERE c.relnamespace = 'bekasi_bi'::regnamespace AND c.relkind = 'v' ORDER BY 1" >"$dir/views.sql"
	sed 's/$/;/' "$dir/views.sql" | as analis_1 -f - >/dev/null
	wc -l <"$dir/views.sql"
}
# What a BI tool asks first of each view, and each column: the slowest.
probes() {
	{
		printf '%s\n' '\timing on'
		as analis_1 -c "SELECT format('\\echo %1\$s\\n\\o /dev/null\\nSELECT * FROM bekasi_bi.%1\$I LIMIT 10000;\\n\\o', c.relname)
			FROM pg_class AS c WHERE c.relnamespace = 'bekasi_bi'::regnamespace AND c.relkind = 'v'
			UNION ALL SELECT format('\\echo %1\$s.%2\$s\\n\\o /dev/null\\nSELECT DISTINCT %2\$I FROM bekasi_bi.%1\$I LIMIT 1000;\\n\\o', c.relname, a.attname)
			FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
			WHERE c.relnamespace = 'bekasi_bi'::regnamespace AND c.relkind = 'v'" | sed 's/\\n/\n/g'
	} >"$dir/probes.sql"
	as analis_1 -f "$dir/probes.sql" | awk '/^Time: / { print $2, name; next } { name = $0 }' | sort -rn >"$dir/probe_times"
	awk '{ n++; slow += $1 > 1000 } NR <= 3 { print $1 " ms " $2 } END { print n " probes, " slow + 0 " above 1 s" }' "$dir/probe_times"
}
report() { as "$1" -c "SELECT count(*) FROM bekasi.$2"; }

for families in $sizes; do
	files=$dir/$families
	mkdir "$files"
	echo "== $families families"
	step 'generate the files' generate
	step 'create the registry' registry
	step 'import families' import data_bekasi keluarga keluarga_dtsen_v1_2026.csv
	step 'import persons' import data_bekasi anggota anggota_keluarga_dtsen_v1_2026.csv
	step 'import the civil registry' import data_bekasi dukcapil dukcapil.csv
	step 'analyze' analyze
	step 'match' as data_bekasi -f test/demo/10_match.sql
	step 'edition, cuts supplied' edition
	step 'import scores' import bps_1 skor skor.csv
	step 'rank' rank
	step 'open the re-check' as bps_1 -f test/demo/41_open_recheck.sql
	step 'publish, with the figures' publish
	step 'read every BI view' views
	# no part of the way from files to views
	step '+ probe every BI view' probes
	step '+ report_unregistered()' report data_bekasi 'report_unregistered()'
	for report in 'report_quality()' 'report_anomaly()' 'report_worklist(1)'; do
		step "+ $report" report verifikator_1 "$report"
	done
	rm -rf "$files"
	psql -X -q -d postgres -c 'DROP DATABASE demo'
	psql -X -q -A -t -d postgres -c "SELECT format('DROP ROLE %I;', rolname) FROM pg_roles
		WHERE rolname <> CURRENT_USER AND rolname !~ '^pg_'" | psql -X -q -d postgres -v ON_ERROR_STOP=1
done

echo '== of each size'
awk -F '\t' '
	$2 ~ /^\+/ { next }
	{ if (!($1 in wall)) { order[++n] = $1 } wall[$1] += $3; cpu[$1] += $4 + $5; if ($6 > memory[$1]) memory[$1] = $6 }
	END { for (i = 1; i <= n; i++) { f = order[i]; each = cpu[f] / f * 1e6
		if (i == 1) first = each
		printf "%d families: %.1f min wall, %.1f min CPU, %.0f us CPU a family (x %.2f), %.0f MB at most besides shared_buffers\n",
			f, wall[f] / 60, cpu[f] / 60, each, each / first, memory[f] } }' "$dir/result"
[ -z "${KEEP:-}" ] || cat "$dir/result" >>"$KEEP"
