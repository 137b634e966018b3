-- The ten most similar names: the index of nama beside pg_trgm's. Run by make
-- bench-matching, or alone, with CPU time from /proc (Linux):
--   .ci/with-server psql -X -d postgres -v rows=1000000 -v probes=200 \
--       -v dir=/tmp/population -f test/bench/matching_names.sql
-- dir: a directory of build/population; it is filled when it holds nothing.
-- Probes are names of persons with at most three namesakes, each corrupted in
-- one of eight ways; the true person has to be among the ten. trgm_probes: how
-- many of them pg_trgm's slower methods get.
\set QUIET on
\set ON_ERROR_STOP on
\pset footer off
\if :{?rows}
\else
\set rows 1000000
\endif
\if :{?probes}
\else
\set probes 200
\endif
\if :{?trgm_probes}
\else
\set trgm_probes 40
\endif
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS bench_names CASCADE;
CREATE SCHEMA bench_names;
CREATE EXTENSION IF NOT EXISTS dtsen;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
SET search_path = bench_names, dtsen, public;
\setenv DTSEN_BENCH_DIR :dir
\setenv DTSEN_BENCH_ROWS :rows
\! [ -f "$DTSEN_BENCH_DIR/dukcapil.csv" ] || build/population --dir "$DTSEN_BENCH_DIR" --families $((DTSEN_BENCH_ROWS / 3 + 1)) --seed 3 >/dev/null
CREATE TABLE raw (nik text, nkk text, name text, place text, birth text,
    sex text, mother text, state text, region text);
SELECT format('COPY raw FROM %L (FORMAT csv, DELIMITER %L, HEADER)',
    :'dir' || '/dukcapil.csv', '|') \gexec
CREATE TABLE person AS
    SELECT row_number() OVER () AS id, name AS t, name::nama AS nama
    FROM (SELECT name FROM raw WHERE is_nama(name) LIMIT :rows) AS r;
DROP TABLE raw;

CREATE FUNCTION cpu() RETURNS float8 LANGUAGE sql VOLATILE AS $$
    SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e6 $$;

\ir ../pgtap/include/corrupt.sql

CREATE TABLE probe AS
    WITH rare AS (
        SELECT min(id) AS id, t FROM person GROUP BY t HAVING count(*) <= 4),
    made AS (
        SELECT id, kind, corrupt(t, kind, id) AS t
        FROM rare, generate_series(0, 7) AS kind
        WHERE draw(id, 99) < least(1.0, 100.0 * :probes / :rows))
    SELECT row_number() OVER (ORDER BY nth, kind) AS number, id, kind, t,
        to_nama(t) AS nama
    FROM (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY draw(id, 7))
            AS nth FROM made WHERE t IS NOT NULL AND is_nama(t)) AS m
    WHERE nth <= (:probes + 7) / 8
    ORDER BY 1;

CREATE TABLE built (method text, mb numeric, cpu_s numeric);
CREATE PROCEDURE build(method text, command text) LANGUAGE plpgsql AS $$
DECLARE
    started float8 := cpu();
BEGIN
    EXECUTE command;
    INSERT INTO built SELECT method,
        round(pg_relation_size('built_index') / 1048576.0, 1),
        round((cpu() - started)::numeric / 1000, 1);
END $$;

CREATE TABLE took (method text, probe bigint, kind int, found boolean,
    cpu_ms float8, wall_ms float8, estimated float8, rows bigint);

-- Runs a search for each probe: query is SQL with the probe as $1 and returns
-- ids of persons.
CREATE PROCEDURE search(method text, query text, type regtype, most int)
    LANGUAGE plpgsql AS $$
DECLARE
    p record;
    c float8;
    w timestamptz;
    wall float8;
    ids bigint[];
BEGIN
    EXECUTE format('PREPARE search (%s) AS SELECT array_agg(id) FROM (%s) AS s',
        type, query);
    FOR p IN SELECT * FROM probe WHERE number <= most ORDER BY number LOOP
        -- who has slept has his time counted up to now, not to the last tick
        PERFORM pg_sleep(0.0001);
        c := cpu();
        w := clock_timestamp();
        EXECUTE format('EXECUTE search(%L)',
            CASE WHEN type = 'text'::regtype THEN p.t ELSE p.nama::text END)
            INTO ids;
        wall := extract(epoch FROM clock_timestamp() - w) * 1000;
        PERFORM pg_sleep(0.0001);
        INSERT INTO took VALUES (method, p.number, p.kind,
            coalesce(p.id = ANY (ids), false), cpu() - c, wall, NULL,
            cardinality(ids));
    END LOOP;
    DEALLOCATE search;
END $$;

SELECT count(*) AS names, count(DISTINCT t) AS different FROM person;
\set QUIET off
\set QUIET on

CALL build('nama', 'CREATE INDEX built_index ON person USING dtsen_nama (nama)');
VACUUM ANALYZE person;
CALL search('nama: ORDER BY <->',
    'SELECT id FROM person ORDER BY nama <-> $1 LIMIT 10', 'nama', :probes);
CALL search('nama: similar 0.7, ORDER BY <->',
    'SELECT id FROM person WHERE nama_similar(nama, $1, 0.7)
     ORDER BY nama <-> $1 LIMIT 10', 'nama', :probes);
CALL search('nama: similar 0.7, sort',
    'SELECT id FROM person WHERE nama_similar(nama, $1, 0.7)
     ORDER BY nama_similarity(nama, $1) DESC LIMIT 10', 'nama', :probes);

-- Row estimates.
CREATE TABLE estimate (number bigint, threshold float8, estimated float8,
    actual float8);
DO $$
DECLARE
    p record;
    plan json;
BEGIN
    FOR p IN SELECT number, nama, threshold FROM probe,
        unnest(ARRAY[0.65, 0.8, 0.9]) AS threshold LOOP
        EXECUTE format('EXPLAIN (ANALYZE, FORMAT json, TIMING off) SELECT 1
            FROM person WHERE nama_similar(nama, %L, %s)', p.nama, p.threshold)
            INTO plan;
        INSERT INTO estimate VALUES (p.number, p.threshold,
            (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8,
            (plan -> 0 -> 'Plan' ->> 'Actual Rows')::float8);
    END LOOP;
END $$;

-- Row security: a plain reader who sees all but a few rows.
CREATE ROLE bench_reader;
GRANT USAGE ON SCHEMA bench_names, dtsen TO bench_reader;
GRANT SELECT ON person, probe TO bench_reader;
GRANT INSERT, SELECT ON took TO bench_reader;
GRANT pg_read_server_files TO bench_reader;
GRANT EXECUTE ON FUNCTION pg_read_file(text) TO bench_reader;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY most ON person USING (id % 1000000 <> 999999);
SET ROLE bench_reader;
CALL search('nama: row security, ORDER BY <->',
    'SELECT id FROM person ORDER BY nama <-> $1 LIMIT 10', 'nama', :probes);
CALL search('nama: row security, similar 0.7, ORDER BY <->',
    'SELECT id FROM person WHERE nama_similar(nama, $1, 0.7)
     ORDER BY nama <-> $1 LIMIT 10', 'nama', :probes);
RESET ROLE;
DROP INDEX built_index;

CALL build('pg_trgm GIN', 'CREATE INDEX built_index ON person USING gin (t gin_trgm_ops)');
VACUUM person;
SET ROLE bench_reader;
SET pg_trgm.similarity_threshold = 0.45;
CALL search('pg_trgm: row security, % 0.45',
    'SELECT id FROM person WHERE t % $1 ORDER BY similarity(t, $1) DESC LIMIT 10',
    'text', least(5, :probes));
RESET ROLE;
ALTER TABLE person DISABLE ROW LEVEL SECURITY;
SET pg_trgm.similarity_threshold = 0.3;
CALL search('pg_trgm GIN % 0.3',
    'SELECT id FROM person WHERE t % $1 ORDER BY similarity(t, $1) DESC LIMIT 10',
    'text', :trgm_probes);
SET pg_trgm.similarity_threshold = 0.45;
CALL search('pg_trgm GIN % 0.45',
    'SELECT id FROM person WHERE t % $1 ORDER BY similarity(t, $1) DESC LIMIT 10',
    'text', :probes);
SET pg_trgm.similarity_threshold = 0.6;
CALL search('pg_trgm GIN % 0.6',
    'SELECT id FROM person WHERE t % $1 ORDER BY similarity(t, $1) DESC LIMIT 10',
    'text', :probes);
DROP INDEX built_index;
CALL build('pg_trgm GiST', 'CREATE INDEX built_index ON person USING gist (t gist_trgm_ops(siglen = 64))');
VACUUM person;
CALL search('pg_trgm GiST <->',
    'SELECT id FROM person ORDER BY t <-> $1 LIMIT 10', 'text', :trgm_probes);
DROP INDEX built_index;

\echo Indexes
SELECT * FROM built;
\echo Ten most similar names
SELECT method, count(*) AS probes,
    round(avg(found::int), 3) AS recall,
    round(avg(cpu_ms)::numeric, 2) AS mean_cpu_ms,
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms)::numeric, 2) AS p50_cpu,
    round(percentile_cont(0.95) WITHIN GROUP (ORDER BY cpu_ms)::numeric, 2) AS p95_cpu,
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY wall_ms)::numeric, 2) AS p50_wall,
    round(percentile_cont(0.95) WITHIN GROUP (ORDER BY wall_ms)::numeric, 2) AS p95_wall
FROM took GROUP BY method ORDER BY min(ctid);
\echo Recall by corruption
SELECT method,
    round(avg(found::int) FILTER (WHERE kind = 0), 2) AS substitution,
    round(avg(found::int) FILTER (WHERE kind = 1), 2) AS deletion,
    round(avg(found::int) FILTER (WHERE kind = 2), 2) AS transposition,
    round(avg(found::int) FILTER (WHERE kind = 3), 2) AS insertion,
    round(avg(found::int) FILTER (WHERE kind = 4), 2) AS old,
    round(avg(found::int) FILTER (WHERE kind = 5), 2) AS initial,
    round(avg(found::int) FILTER (WHERE kind = 6), 2) AS dropped,
    round(avg(found::int) FILTER (WHERE kind = 7), 2) AS exchanged
FROM took GROUP BY method HAVING count(*) >= 40 ORDER BY min(ctid);
\echo Row estimates: share of probes within a factor
SELECT threshold, count(*) AS probes,
    round(avg((greatest(estimated, 1) / greatest(actual, 1) BETWEEN 1 / 3.0 AND 3)::int), 3) AS factor_3,
    round(avg((greatest(estimated, 1) / greatest(actual, 1) BETWEEN 0.1 AND 10)::int), 3) AS factor_10,
    round(avg((greatest(estimated, 1) / greatest(actual, 1) < 0.1)::int), 3) AS too_low,
    round(avg((greatest(estimated, 1) / greatest(actual, 1) > 10)::int), 3) AS too_high
FROM estimate GROUP BY threshold ORDER BY threshold;
DROP OWNED BY bench_reader;
DROP ROLE bench_reader;
