#!/bin/sh
# Benchmark of the lifecycle; make bench-lifecycle runs it.
#   ROWS=1000000 REPS=3 LOOPS=20000 SECONDS_EACH=10 PARTS="bulk loop client guards size writers policy" .ci/with-server test/bench/lifecycle.sh
# Prints what guard, journal and chain cost beside no trigger, a state machine
# in PL/pgSQL and a jsonb audit trigger: bulk; one-row transactions in a loop on
# the server, and from a client; guards that look elsewhere; eight writers with
# real fsync; bytes a change, verification, memory; row security. What is measured runs in a
# session of its own: one that has made tables and triggers before has caches
# and a lock table that slow down each of its later transactions.
# Needs /proc (Linux), 4 GB of disk.
set -eu
cd "$(dirname "$0")/../.."
export PGOPTIONS='-c client_min_messages=warning'
set -- "${ROWS:-1000000}" "${REPS:-3}" "${LOOPS:-20000}" "${SECONDS_EACH:-10}"
. test/bench/lib.sh
bulk() { # VARIANT ROWS REGENCIES LABEL
	psql -X -q -d postgres -v ON_ERROR_STOP=1 <<-SQL
		CALL make('$1', $2, $3);
		VACUUM (FREEZE, ANALYZE) lc.t;
		CHECKPOINT;
		\connect
		SET synchronous_commit = off; SET jit = off; SET bench.login = 'bench_operator';
		SELECT cpu() AS started \\gset
		SET ROLE bench_operator;
		BEGIN;
		UPDATE lc.t SET state = 'diajukan';
		RESET ROLE;
		SELECT cpu() AS ended \\gset
		ROLLBACK;
		INSERT INTO result VALUES ('$4', '$1', :ended::float8 - :started::float8);
	SQL
}
one_row() { # VARIANT END LABEL
	psql -X -q -d postgres -v ON_ERROR_STOP=1 <<-SQL
		CALL make('$1', $loops, 514);
		VACUUM (FREEZE, ANALYZE) lc.t;
		CREATE OR REPLACE PROCEDURE loop_over() LANGUAGE plpgsql AS \$\$
		BEGIN
			FOR i IN 1..$loops LOOP
				UPDATE lc.t SET state = 'diajukan' WHERE id = i;
				$2;
			END LOOP;
		END \$\$;
		\connect
		SET synchronous_commit = off; SET jit = off; SET bench.login = 'bench_operator';
		SET ROLE bench_operator;
		SELECT cpu() AS started \\gset
		CALL loop_over();
		SELECT cpu() AS ended \\gset
		RESET ROLE;
		INSERT INTO result VALUES ('$3', '$1', :ended::float8 - :started::float8);
	SQL
}
# the same from a client, by pgbench: what the backend takes for a transaction
# with its statements, after 100 to warm up
client() { # VARIANT PROTOCOL END LABEL; END: of a block of transaction, or nothing
	psql -X -q -d postgres -v ON_ERROR_STOP=1 <<-SQL
		CALL make('$1', $loops, 514);
		VACUUM (FREEZE, ANALYZE) lc.t;
		ALTER ROLE bench_operator LOGIN;
	SQL
	{
		cat <<-'SQL'
			\set n :n + 1
			\if :n = 101
			SELECT cpu() AS started \gset
			\endif
		SQL
		[ -z "$3" ] || echo 'BEGIN;'
		echo "UPDATE lc.t SET state = 'diajukan' WHERE id = :n;"
		[ -z "$3" ] || echo "$3;"
		cat <<-SQL
			\if :n = $loops
			INSERT INTO result SELECT '$4', '$1', (cpu() - :started) * $loops / ($loops - 100);
			\endif
		SQL
	} >"$dir/client.sql"
	PGOPTIONS="$PGOPTIONS -c synchronous_commit=off -c jit=off -c bench.login=bench_operator" \
		pgbench -n -U bench_operator -M "$2" -D n=0 -c 1 -t "$loops" -f "$dir/client.sql" postgres >"$dir/client.out" 2>&1 ||
		{ cat "$dir/client.out" >&2; exit 1; }
}
rows=$1 reps=$2 loops=$3 seconds=$4
parts=${PARTS:-bulk loop client guards size writers policy}
has() { case " $parts " in *" $1 "*) true ;; *) false ;; esac; }
psql -X -d postgres -f test/bench/lifecycle.sql
for rep in $(seq "$reps"); do
	! has bulk || for variant in none 'empty C trigger' guard 'PL/pgSQL' 'guard and journal, no content' 'guard and journal' 'jsonb audit'; do
		bulk "$variant" "$rows" 514 "1 bulk UPDATE, $rows rows"
	done
	! has loop || for variant in none 'empty C trigger' guard 'PL/pgSQL'; do
		one_row "$variant" ROLLBACK "2 loop on the server, rolled back, $loops"
	done
	! has loop || for variant in none 'empty C trigger' 'guard and journal, no content' 'guard and journal' 'jsonb audit' 'PL/pgSQL'; do
		one_row "$variant" COMMIT "3 loop on the server, committed, $loops"
	done
	! has client || for protocol in prepared simple; do
		for variant in none 'empty C trigger' guard 'PL/pgSQL'; do
			client "$variant" "$protocol" ROLLBACK "4 one client, $protocol, BEGIN, UPDATE, ROLLBACK, $loops"
		done
		for variant in none 'empty C trigger' 'guard and journal, no content' 'guard and journal' 'jsonb audit' 'PL/pgSQL'; do
			client "$variant" "$protocol" '' "5 one client, $protocol, UPDATE, $loops"
			client "$variant" "$protocol" COMMIT "5 one client, $protocol, BEGIN, UPDATE, COMMIT, $loops"
		done
	done
done
# guards that look elsewhere, all rows in one regency, and ten times as many
evidence() { # VARIANT ROWS
	psql -X -q -d postgres -v ON_ERROR_STOP=1 <<-SQL
		CALL make('none', $2, 1);
		TRUNCATE lc.evidence, lc.meeting;
		INSERT INTO lc.meeting SELECT g, 60, 50 FROM generate_series(1, 1000) AS g;
		INSERT INTO lc.evidence SELECT g, 1 + g % 1000 FROM generate_series(1, $2) AS g;
		ANALYZE lc.evidence; ANALYZE lc.meeting;
		UPDATE lc.t SET state = 'diajukan';
		VACUUM (FULL, FREEZE, ANALYZE) lc.t;
		SELECT '$1' = 'none' AS plain, '$1' = 'guard' AS alone \gset
		\if :plain
		\else
		\if :alone
		\else
		UPDATE lc.transition SET guards = '{lc.has_evidence,lc.has_quorum}', distinct_from = '{born,ajukan}' WHERE action = 'sahkan';
		\endif
		SELECT dtsen.attach('lc.t', 't', 'lc') \g /dev/null
		DROP TRIGGER zz_dtsen_journal_update ON lc.t;
		\if :alone
		\else
		CREATE TRIGGER zz_dtsen_guard_update AFTER UPDATE ON lc.t FOR EACH STATEMENT EXECUTE FUNCTION dtsen.guard_statement('lc', 't');
		\endif
		\endif
		CHECKPOINT;
		\connect
		SET synchronous_commit = off; SET jit = off;
		SET ROLE bench_verifier;
		SELECT cpu() AS started \gset
		BEGIN;
		UPDATE lc.t SET state = 'disahkan';
		SELECT cpu() AS ended \gset
		ROLLBACK;
		RESET ROLE;
		INSERT INTO result VALUES ('6 evidence, quorum and four eyes, one regency, $2 rows', '$1', :ended::float8 - :started::float8);
	SQL
}
! has guards || for rep in $(seq "$reps"); do
	for variant in none guard 'guard and guards'; do
		evidence "$variant" $((rows * 3 / 10))
	done
	for variant in none 'guard and guards'; do
		evidence "$variant" $((rows * 3))
	done
done

# private memory of one large statement, sampled; the transition tables alone
# take up to work_mem each, and any BEFORE UPDATE row trigger some bytes a row
sample() { # LABEL
	most=0
	while [ ! -s "$dir/pid" ]; do sleep 0.1; done
	pid=$(tr -cd 0-9 <"$dir/pid")
	while [ -e "$dir/pid" ]; do
		now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")
		[ "${now:-0}" -le "$most" ] || most=$now
		sleep 0.05
	done
	psql -X -q -d postgres -c "INSERT INTO fact VALUES ('MB of private memory at most, one UPDATE of $rows rows, work_mem 64 MB, $1', $most / 1024.0)"
}
memory() { # VARIANT
	psql -X -q -d postgres -v ON_ERROR_STOP=1 -c "CALL make('$1', $rows, 514)" -c 'VACUUM (FREEZE, ANALYZE) lc.t'
	sample "$1" &
	sampler=$!
	psql -X -q -At -d postgres -v ON_ERROR_STOP=1 <<-SQL
		SET jit = off; SET work_mem = '64MB';
		\o $dir/pid
		SELECT pg_backend_pid();
		\o
		SET ROLE bench_operator;
		UPDATE lc.t SET state = 'diajukan';
		\! rm $dir/pid
	SQL
	wait "$sampler"
}
# that, then size and verification of what it wrote
written() { # VARIANT
	memory "$1"
	psql -X -q -At -d postgres -v ON_ERROR_STOP=1 <<-SQL
		SET jit = off; SET work_mem = '64MB';
		VACUUM lc.journal_block;
		INSERT INTO fact SELECT 'bytes a change, table and indexes, bulk, $1', pg_total_relation_size('lc.journal_block')::float8 / (2 * $rows);
		SET max_parallel_workers_per_gather = 0;
		SELECT cpu() AS started \gset
		SELECT count(*) FROM dtsen._verify_chains('lc', NULL, uuid_send(gen_random_uuid())) \g /dev/null
		SELECT cpu() AS ended \gset
		INSERT INTO fact VALUES ('million changes verified a second of CPU, chains, $1', 2 * $rows / 1000.0 / (:ended::float8 - :started::float8));
		SELECT cpu() AS started \gset
		SELECT count(*) FROM dtsen.verify_journal('lc') \g /dev/null
		SELECT cpu() AS ended \gset
		INSERT INTO fact VALUES ('million changes verified a second of CPU, chains and rows, $1', 2 * $rows / 1000.0 / (:ended::float8 - :started::float8));
	SQL
}
size() {
	memory 'empty triggers, row and transition tables'
	written 'guard and journal, no content'
	written 'guard and journal'
}
! has size || size

# eight writers with real fsync, on eight regencies and on one
count_flushes="SELECT coalesce((to_jsonb(w) ->> 'wal_sync')::int8, 0) FROM pg_stat_wal AS w"
writers() { # VARIANT REGENCIES LABEL
	psql -X -q -d postgres -v ON_ERROR_STOP=1 <<-SQL
		CALL make('$1', 80000, 8);
		VACUUM (FREEZE, ANALYZE) lc.t;
		CHECKPOINT;
	SQL
	# each client has its own rows, all of its regency
	cat >"$dir/writer.sql" <<-SQL
		\set n random(1, 9999)
		\set id :n * 8 + CASE WHEN $2 = 1 THEN 0 ELSE :client_id END
		UPDATE lc.t SET name = 'x' WHERE id = :id AND state = 'draf';
	SQL
	# the disk decides how many flushes a second there are, the server how many
	# transactions share one (PostgreSQL 18 counts flushes elsewhere)
	psql -X -q -d postgres -c 'ALTER ROLE bench_operator LOGIN'
	flushes=$(psql -X -At -d postgres -c "$count_flushes")
	tps=$(pgbench -n -U bench_operator -M prepared -c 8 -j 2 -T "$seconds" -f "$dir/writer.sql" postgres 2>/dev/null | sed -n 's/^tps = \([0-9.]*\).*/\1/p')
	psql -X -q -d postgres -c "INSERT INTO fact VALUES ('$3, $1, transactions a second', $tps)" \
		-c "INSERT INTO fact SELECT '$3, $1, transactions a flush', $tps * $seconds / nullif(($count_flushes) - $flushes, 0)"
}
! has writers || psql -X -q -d postgres -c 'ALTER SYSTEM SET fsync = on' -c 'ALTER SYSTEM SET synchronous_commit = on' -c 'SELECT pg_reload_conf()' >/dev/null
! has writers || for rep in $(seq "$reps"); do
	for variant in none 'guard and journal'; do
		writers "$variant" 8 '8 writers on 8 regencies'
		writers "$variant" 1 '8 writers on one regency'
	done
done

# the own region counted, by policies
counted() { # TABLE REPEATS
	psql -X -q -At -d postgres -v ON_ERROR_STOP=1 <<-SQL
		SET jit = off; SET ROLE bench_region;
		\o /dev/null
		SELECT 'SELECT count(*) FROM pol.$1' FROM generate_series(1, 20) \gexec
		SELECT cpu() AS started \gset
		SELECT 'SELECT count(*) FROM pol.$1' FROM generate_series(1, $2) \gexec
		SELECT cpu() AS ended \gset
		INSERT INTO fact VALUES ('ms of CPU, count of the own region of 200,000 rows, $1', (:ended::float8 - :started::float8) / $2);
	SQL
}
! has policy || psql -X -d postgres -f test/bench/lifecycle_policy.sql
! has policy || for rep in $(seq "$reps"); do
	for table in by_hand own_table registry by_hand_text own_table_text; do counted "$table" 300; done
	counted per_row 3
done

psql -X -d postgres <<SQL
WITH m AS (SELECT task, variant, percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms) AS f, min(cpu_ms) AS least FROM result GROUP BY 1, 2)
SELECT m.task, m.variant, round(m.f::numeric) AS "CPU ms", round((m.f / n.f)::numeric, 2) AS "x none",
    round(m.least::numeric) AS "fastest", round((m.least / n.least)::numeric, 2) AS "x none's",
    CASE WHEN m.task ~ '^[2-5]' THEN round((m.f * 1000 / $loops)::numeric, 1) END AS "us each"
FROM m JOIN m AS n ON n.task = m.task AND n.variant = 'none' ORDER BY 1, m.f;
SELECT f.what, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY f.figure)::numeric, 2) AS figure FROM fact AS f GROUP BY 1 ORDER BY 1;
SQL
