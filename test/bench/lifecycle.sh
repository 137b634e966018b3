#!/bin/sh
# Benchmark of the lifecycle; make bench-lifecycle runs it.
#   ROWS=1000000 REPS=3 LOOPS=20000 SECONDS_EACH=10 .ci/with-server test/bench/lifecycle.sh
# Prints what guard, journal and chain cost beside no trigger, a state machine
# in PL/pgSQL and a jsonb audit trigger: bulk, one-row transactions, eight
# writers with real fsync; bytes a change, verification, memory.
# Needs /proc (Linux), 4 GB of disk.
set -eu
cd "$(dirname "$0")/../.."
set -- "${ROWS:-1000000}" "${REPS:-3}" "${LOOPS:-20000}" "${SECONDS_EACH:-10}"
. test/bench/lib.sh
bulk() { # VARIANT ROWS REGENCIES LABEL
	psql -X -q -d postgres -v ON_ERROR_STOP=1 <<-SQL
		CALL make('$1', $2, $3);
		VACUUM (FREEZE, ANALYZE) lc.t;
		CHECKPOINT;
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
		SET synchronous_commit = off; SET jit = off; SET bench.login = 'bench_operator';
		CREATE OR REPLACE PROCEDURE loop_over() LANGUAGE plpgsql AS \$\$
		BEGIN
			FOR i IN 1..$loops LOOP
				UPDATE lc.t SET state = 'diajukan' WHERE id = i;
				$2;
			END LOOP;
		END \$\$;
		SET ROLE bench_operator;
		SELECT cpu() AS started \\gset
		CALL loop_over();
		SELECT cpu() AS ended \\gset
		RESET ROLE;
		INSERT INTO result VALUES ('$3', '$1', :ended::float8 - :started::float8);
	SQL
}
rows=$1 reps=$2 loops=$3 seconds=$4
psql -X -d postgres -f test/bench/lifecycle.sql
for rep in $(seq "$reps"); do
	for variant in none guard 'PL/pgSQL' 'guard and journal' 'jsonb audit'; do
		bulk "$variant" "$rows" 514 "1 bulk UPDATE, $rows rows"
	done
	for variant in none guard 'PL/pgSQL'; do
		one_row "$variant" ROLLBACK "2 one-row transactions, rolled back, $loops"
	done
	for variant in none 'guard and journal' 'jsonb audit'; do
		one_row "$variant" COMMIT "3 one-row transactions, committed, $loops"
	done
done
psql -X -d postgres <<'SQL'
WITH m AS (SELECT task, variant, percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms) AS f FROM result GROUP BY 1, 2)
SELECT m.task, m.variant, round(m.f::numeric) AS "CPU ms", round((m.f / n.f)::numeric, 2) AS "x none"
FROM m JOIN m AS n ON n.task = m.task AND n.variant = 'none' ORDER BY 1, m.f;
SQL
