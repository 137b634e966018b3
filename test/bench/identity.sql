-- Benchmark of the identity types: nik beside what people use instead.
--
-- psql variables: rows, reps (repetitions, the median counts), dir (a
-- directory that the server can write to). All figures are CPU time of the
-- backend, from the scheduler's own clock, so that other work on the machine
-- counts as little as can be. Nothing runs in parallel.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET client_min_messages = warning;
CREATE EXTENSION dtsen;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION fuzzystrmatch;
SET search_path = public, dtsen;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET max_parallel_maintenance_workers = 0;
SET plan_cache_mode = auto;
SELECT setseed(0.25) \g /dev/null

\ir lib.sql
CREATE TABLE fact (task text, variant text, figure numeric);

-- people of one regency: 23 districts, numbers given as the registry gives them
CREATE UNLOGGED TABLE source AS
    SELECT lpad((d * 10000000000 + (extract(day FROM born)::bigint + CASE WHEN woman THEN 40 ELSE 0 END) * 100000000
        + extract(month FROM born)::int * 1000000 + extract(year FROM born)::int % 100 * 10000
        + row_number() OVER (PARTITION BY d, born, woman))::text, 16, '0') AS v
    FROM (SELECT 321601 + floor(random() * 23)::bigint d, date '1945-01-01' + floor(random() * 29000)::int born, random() < 0.5 woman
        FROM generate_series(1, :rows)) s;
SELECT format('COPY (SELECT v FROM source ORDER BY hashtext(v)) TO %L', :'dir' || '/nik.txt') \gexec

CREATE TABLE variant (name text, type text, born text, i int);
INSERT INTO variant VALUES
    ('char(16) + regex', 'char(16) CHECK (v ~ ''^[0-9]{16}$'')', $$
        SELECT max(CASE WHEN d > asof THEN d - interval '100 years' ELSE d END) FROM (SELECT date '2025-07-01' asof,
            make_date(2000 + substr(v, 11, 2)::int, substr(v, 9, 2)::int, substr(v, 7, 2)::int % 40) d FROM t) s$$, 1),
    ('bigint + range', 'bigint CHECK (v BETWEEN 0 AND 9999999999999999)', $$
        SELECT max(CASE WHEN d > asof THEN d - interval '100 years' ELSE d END) FROM (SELECT date '2025-07-01' asof,
            make_date(2000 + (v / 10000 % 100)::int, (v / 1000000 % 100)::int, (v / 100000000 % 100)::int % 40) d FROM t) s$$, 2),
    ('nik', 'nik', $$SELECT max(nik_birth_date(v, '2025-07-01')) FROM t$$, 3),
    ('nik_valid', 'nik_valid', $$SELECT max(nik_birth_date(v, '2025-07-01')) FROM t$$, 4);
CREATE PROCEDURE run(file text) LANGUAGE plpgsql AS $$
DECLARE
    w variant;
BEGIN
    FOR w IN SELECT * FROM variant ORDER BY i LOOP
        EXECUTE 'DROP TABLE IF EXISTS t';
        EXECUTE format('CREATE TABLE t (v %s)', w.type);
        CALL measure('COPY in', w.name, format('COPY t FROM %L', file));
        ANALYZE t;
        CALL measure('btree build', w.name, 'CREATE INDEX t_v ON t (v)');
        CALL measure('sort', w.name, 'SELECT count(*) FROM (SELECT v FROM t ORDER BY v OFFSET 0) s');
        CALL measure('count(distinct)', w.name, 'SELECT count(DISTINCT v) FROM t');
        CALL measure('self hash join', w.name, 'SELECT count(*) FROM t a JOIN t b USING (v)');
        CALL measure('birth date of each row', w.name, w.born);
        INSERT INTO fact VALUES ('heap, MB', w.name, pg_table_size('t') / 1e6), ('btree, MB', w.name, pg_relation_size('t_v') / 1e6);
    END LOOP;
END $$;
SET enable_mergejoin = off;
SET enable_nestloop = off;
SET enable_indexscan = off;
SET enable_indexonlyscan = off;
SET enable_bitmapscan = off;
SELECT format('CALL run(%L)', :'dir' || '/nik.txt') FROM generate_series(1, :reps) \gexec
RESET ALL;
SET search_path = public, dtsen;
SET client_min_messages = warning;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET max_parallel_maintenance_workers = 0;

\echo '# One column of' :rows 'NIKs: megabytes; CPU milliseconds of one core, median of' :reps
WITH m AS (
    SELECT task, variant, percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms) AS f FROM result GROUP BY 1, 2
    UNION ALL SELECT task, variant, max(figure) FROM fact GROUP BY 1, 2)
SELECT c.task, round(c.f::numeric, 1) AS "char(16) + regex", round(b.f::numeric, 1) AS "bigint + range", round(n.f::numeric, 1) AS nik,
    round(v.f::numeric, 1) AS nik_valid, round((c.f / nullif(n.f, 0))::numeric, 2) AS "char / nik", round((n.f / nullif(b.f, 0))::numeric, 3) AS "nik / bigint",
    round((c.f / nullif(v.f, 0))::numeric, 2) AS "char / valid", round((v.f / nullif(b.f, 0))::numeric, 3) AS "valid / bigint"
FROM m c JOIN m b USING (task) JOIN m n USING (task) JOIN m v USING (task)
WHERE c.variant LIKE 'char%' AND b.variant LIKE 'bigint%' AND n.variant = 'nik' AND v.variant = 'nik_valid'
ORDER BY array_position('{"heap, MB","btree, MB","COPY in","btree build",sort,count(distinct),"self hash join","birth date of each row"}', c.task);

-- NIK within one edit
CREATE TABLE probe_result (people int, method text, probes int, cpu_ms float8, found bigint, index_mb numeric);
CREATE FUNCTION damage(t text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    i int := 1 + floor(random() * 15);
BEGIN
    IF random() < 0.7 THEN
        RETURN overlay(t PLACING floor(random() * 10)::text FROM i FOR 1);
    END IF;
    RETURN overlay(t PLACING substr(t, i + 1, 1) || substr(t, i, 1) FROM i FOR 2);
END $$;
CREATE PROCEDURE probe(people int, method text, query text, probes int, index regclass) LANGUAGE plpgsql AS $$
DECLARE
    p text;
    started float8;
    n bigint;
    sum bigint := 0;
    spent float8;
BEGIN
    -- the first round warms caches and is not counted
    FOR round IN 1..2 LOOP
        sum := 0;
        started := cpu();
        FOR p IN SELECT w.p FROM wanted w ORDER BY id LIMIT probes LOOP
            EXECUTE query INTO n USING p;
            sum := sum + n;
        END LOOP;
        spent := cpu() - started;
        EXIT WHEN method LIKE '%sequential%';
    END LOOP;
    INSERT INTO probe_result VALUES (people, method, probes, spent / probes, sum, CASE WHEN index IS NOT NULL THEN round(pg_relation_size(index) / 1e6, 1) END);
END $$;
SET pg_trgm.similarity_threshold = 0.55;
CREATE PROCEDURE methods(people int) LANGUAGE plpgsql AS $$
BEGIN
    CALL probe(people, 'n % $1, btree', 'SELECT count(*) FROM person WHERE n % $1::nik', 1000, 'person_n');
    CALL probe(people, 'n % $1, btree (again, first 20)', 'SELECT count(*) FROM person WHERE n % $1::nik', 20, 'person_n');
    CALL probe(people, 'pg_trgm GIN + levenshtein', 'SELECT count(*) FROM person WHERE t % $1 AND levenshtein_less_equal(t, $1, 2) <= 2', 20, 'person_t');
    CALL probe(people, 'levenshtein, sequential', 'SELECT count(*) FROM person WHERE levenshtein_less_equal(t, $1, 2) <= 2', 3, NULL);
    SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off;
    CALL probe(people, 'n % $1, sequential', 'SELECT count(*) FROM person WHERE n % $1::nik', 20, NULL);
    RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan;
END $$;
SELECT least(1000000, :rows) AS small \gset
CREATE UNLOGGED TABLE person AS SELECT v::nik AS n, v AS t FROM source ORDER BY hashtext(v) LIMIT :small;
CREATE INDEX person_n ON person (n);
CREATE INDEX person_t ON person USING gin (t gin_trgm_ops);
CREATE TABLE wanted AS SELECT row_number() OVER () id, damage(t) p FROM (SELECT t FROM person ORDER BY hashtext(t || 'x') LIMIT 1000) s;
VACUUM ANALYZE person;
CALL methods(:small);
SELECT :rows > :small AS more \gset
\if :more
DROP TABLE person, wanted;
CREATE UNLOGGED TABLE person AS SELECT v::nik AS n, v AS t FROM source;
CREATE INDEX person_n ON person (n);
CREATE INDEX person_t ON person USING gin (t gin_trgm_ops);
CREATE TABLE wanted AS SELECT row_number() OVER () id, damage(t) p FROM (SELECT t FROM person ORDER BY hashtext(t || 'x') LIMIT 1000) s;
VACUUM ANALYZE person;
CALL methods(:rows);
\endif
\echo '# One NIK within one edit: CPU milliseconds a probe, planning included'
SELECT r.people, r.method, r.probes, round(r.cpu_ms::numeric, 3) AS "ms / probe", round((r.cpu_ms / n.cpu_ms)::numeric) AS "times n % $1",
    round(r.found::numeric / r.probes, 1) AS "rows / probe", r.index_mb AS "index, MB"
FROM probe_result r JOIN probe_result n ON n.people = r.people AND n.method = 'n % $1, btree' ORDER BY r.people, r.cpu_ms;
