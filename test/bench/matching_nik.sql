-- Benchmark of the search for NIKs with slips, beside pg_trgm, levenshtein and
-- enumerated keys.
--
-- psql variables: rows, probes, rivals (how many probes pg_trgm is tried with), dir.
-- Figures are CPU time of the backend for each
-- probe, planning included, after one round that is not counted. The scheduler
-- brings its clock up to date when a process goes to sleep, else only four times
-- in a hundredth of a second; so a probe is measured between two naps, less what
-- an empty query takes. Every query fetches a column that no index has.
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

CREATE TABLE wanted (id int, n nik, p nik);
CREATE TABLE truth (id int, k int, found bigint, tenth int);
CREATE TABLE probe_result (people int, task text, method text, id int, cpu_ms float8, found bigint, recall float8);
CREATE TABLE built (people int, index text, mb numeric, cpu_s numeric);

CREATE FUNCTION exact_cpu() RETURNS float8 LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_sleep(0.0001);
    RETURN cpu();
END $$;
-- one or two edits: a digit replaced or two neighbours exchanged
CREATE FUNCTION damage(t text, edits int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    i int;
BEGIN
    FOR e IN 1..edits LOOP
        i := 1 + floor(random() * 15);
        IF random() < 0.7 THEN
            t := overlay(t PLACING ((substr(t, i, 1)::int + 1 + floor(random() * 9)::int) % 10)::text FROM i FOR 1);
        ELSE
            t := overlay(t PLACING substr(t, i + 1, 1) || substr(t, i, 1) FROM i FOR 2);
        END IF;
    END LOOP;
    RETURN t;
END $$;
-- what one writes without dtsen: keys within an edit, within two
CREATE FUNCTION keys1(b bigint) RETURNS SETOF bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT b + (d - b / u % 10) * u FROM unnest(array(SELECT (10::numeric ^ i)::bigint FROM generate_series(0, 15) i)) u, generate_series(0, 9) d
    UNION SELECT b + (b / u / 10 % 10 - b / u % 10) * u + (b / u % 10 - b / u / 10 % 10) * u * 10
    FROM unnest(array(SELECT (10::numeric ^ i)::bigint FROM generate_series(0, 14) i)) u $$;
CREATE FUNCTION keys2(b bigint) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(DISTINCT k2) FROM keys1(b) k1, keys1(k1) k2 $$;
CREATE PROCEDURE build(people int, name text, command text) LANGUAGE plpgsql AS $$
DECLARE
    started float8 := exact_cpu();
BEGIN
    EXECUTE command;
    INSERT INTO built VALUES (people, name, round(pg_relation_size(name) / 1e6, 1), round(((exact_cpu() - started) / 1000)::numeric, 1));
END $$;
-- query: $1 the probe; returns rows found. checked: asked once more, without a clock, for how many of the ten nearest are right ($2 the
-- number of the probe)
CREATE PROCEDURE probe(people int, task text, method text, query text, probes int, checked text DEFAULT 'SELECT NULL') LANGUAGE plpgsql AS $$
DECLARE
    w wanted;
    started float8;
    spent float8;
    n bigint;
    good bigint;
    nothing float8;
BEGIN
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms) INTO nothing FROM probe_result r WHERE r.task = 'empty';
    FOR round IN 1..2 LOOP
        FOR w IN SELECT * FROM wanted x WHERE x.id <= probes / (CASE WHEN round = 1 THEN 10 ELSE 1 END) ORDER BY x.id LOOP
            started := exact_cpu();
            EXECUTE query INTO n USING w.p, w.id;
            spent := exact_cpu() - started - coalesce(nothing, 0);
            IF round = 2 THEN
                EXECUTE checked INTO good USING w.p, w.id;
                INSERT INTO probe_result VALUES (people, task, method, w.id, spent, n, good);
            END IF;
        END LOOP;
    END LOOP;
END $$;

CREATE UNLOGGED TABLE source AS
    SELECT (d * 10000000000 + (extract(day FROM born)::bigint + CASE WHEN woman THEN 40 ELSE 0 END) * 100000000
        + extract(month FROM born)::int * 1000000 + extract(year FROM born)::int % 100 * 10000
        + row_number() OVER (PARTITION BY d, born, woman))::nik AS n
    FROM (SELECT 321601 + floor(random() * 23)::bigint d, date '1945-01-01' + floor(random() * 29000)::int born, random() < 0.5 woman
        FROM generate_series(1, :rows)) s;
CREATE ROLE bench_reader;
GRANT USAGE ON SCHEMA public TO bench_reader;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO bench_reader;
GRANT pg_read_server_files TO bench_reader;
GRANT EXECUTE ON FUNCTION pg_read_file(text) TO bench_reader;

CREATE PROCEDURE prepare(people int) LANGUAGE plpgsql AS $$
BEGIN
    DROP TABLE IF EXISTS person;
    CREATE UNLOGGED TABLE person AS
        SELECT row_number() OVER ()::int AS id, n, n::text AS t, n::bigint AS b FROM (SELECT n FROM source ORDER BY hashtext(n::text) LIMIT people) s;
    CALL build(people, 'person_n', 'CREATE INDEX person_n ON person (n)');
    CALL build(people, 'person_b', 'CREATE INDEX person_b ON person (b)');
    CALL build(people, 'person_spgist', 'CREATE INDEX person_spgist ON person USING spgist (n)');
    CALL build(people, 'person_gin', 'CREATE INDEX person_gin ON person USING gin (t gin_trgm_ops)');
    CALL build(people, 'person_gist', 'CREATE INDEX person_gist ON person USING gist (t gist_trgm_ops (siglen = 64))');
    TRUNCATE wanted, truth;
    INSERT INTO wanted SELECT row_number() OVER (), n, damage(n::text, 1 + (hashtext(n::text) & 1))::nik
        FROM (SELECT n FROM person ORDER BY hashtext(n::text || 'x') LIMIT 1000) s;
    GRANT SELECT ON person TO bench_reader;
END $$;
CREATE PROCEDURE methods(people int, probes int, rivals int) LANGUAGE plpgsql AS $$
BEGIN
    CALL probe(people, 'empty', '', 'SELECT 1', 100);
    -- the truth, by the table
    SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off;
    INSERT INTO truth SELECT w.id, 0, 0, (SELECT d FROM (SELECT nik_distance(n, w.p) AS d FROM person ORDER BY d OFFSET 9 LIMIT 1) s) FROM wanted w WHERE w.id <= probes;
    INSERT INTO truth SELECT w.id, k, count(*) FROM wanted w JOIN person s ON nik_distance(s.n, w.p) <= 2, generate_series(1, 2) k
        WHERE w.id <= probes AND nik_distance(s.n, w.p) <= k GROUP BY 1, 2;
    RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan;

    CALL probe(people, '1 edit', 'nik_within, btree', 'SELECT count(id) FROM person WHERE nik_within(n, $1, 1)', probes);
    CALL probe(people, '2 edits', 'nik_within, btree', 'SELECT count(id) FROM person WHERE nik_within(n, $1, 2)', probes);
    CALL probe(people, '3 edits', 'nik_within, btree', 'SELECT count(id) FROM person WHERE nik_within(n, $1, 3)', probes);
    CALL probe(people, '2 edits', 'enumerated keys, SQL, btree on bigint', 'SELECT count(id) FROM person WHERE b = ANY (keys2($1::bigint))', probes);
    CALL probe(people, '2 edits', 'enumerated keys, nik_neighbours, btree on bigint',
        'SELECT count(id) FROM person WHERE b = ANY (array(SELECT k::bigint FROM nik_neighbours($1, 2) k))', probes);
    CALL probe(people, '10 nearest', 'ORDER BY <->, SP-GiST', 'SELECT count(id) FROM (SELECT id FROM person ORDER BY n <-> $1 LIMIT 10) s', probes,
        'SELECT count(*) FROM (SELECT n FROM person ORDER BY n <-> $1 LIMIT 10) s WHERE nik_distance(n, $1) <= (SELECT tenth FROM truth WHERE truth.id = $2 AND k = 0)');
    SET enable_indexscan = on; SET enable_bitmapscan = on;
    DROP INDEX person_n;
    CALL probe(people, '1 edit', 'nik_within, SP-GiST', 'SELECT count(id) FROM person WHERE nik_within(n, $1, 1)', probes);
    CALL probe(people, '2 edits', 'nik_within, SP-GiST', 'SELECT count(id) FROM person WHERE nik_within(n, $1, 2)', probes);
    CALL probe(people, '3 edits', 'nik_within, SP-GiST', 'SELECT count(id) FROM person WHERE nik_within(n, $1, 3)', probes);
    DROP INDEX person_spgist;
    CALL probe(people, '2 edits', 'nik_within, sequential', 'SELECT count(id) FROM person WHERE nik_within(n, $1, 2)', least(probes, 20));
    CALL probe(people, '10 nearest', 'pg_trgm GiST', 'SELECT count(id) FROM (SELECT id FROM person ORDER BY t <-> $1::text LIMIT 10) s', rivals,
        'SELECT count(*) FROM (SELECT n FROM person ORDER BY t <-> $1::text LIMIT 10) s WHERE nik_distance(n, $1) <= (SELECT tenth FROM truth WHERE truth.id = $2 AND k = 0)');
    -- an exchange is two edits for levenshtein
    PERFORM set_config('pg_trgm.similarity_threshold', '0.35', false);
    CALL probe(people, '2 edits', 'pg_trgm GiST + levenshtein', 'SELECT count(id) FROM person WHERE t % $1::text AND levenshtein_less_equal(t, $1::text, 4) <= 4', rivals);
    DROP INDEX person_gist;
    CALL probe(people, '2 edits', 'pg_trgm GIN + levenshtein', 'SELECT count(id) FROM person WHERE t % $1::text AND levenshtein_less_equal(t, $1::text, 4) <= 4', rivals);
    PERFORM set_config('pg_trgm.similarity_threshold', '0.55', false);
    CALL probe(people, '1 edit', 'pg_trgm GIN + levenshtein', 'SELECT count(id) FROM person WHERE t % $1::text AND levenshtein_less_equal(t, $1::text, 2) <= 2', rivals);
END $$;
-- below row security, as a plain reader
CREATE PROCEDURE secured(people int, probes int, rivals int) LANGUAGE plpgsql AS $$
BEGIN
    CREATE INDEX person_n ON person (n);
    CREATE INDEX person_spgist ON person USING spgist (n);
    ANALYZE person;
    ALTER TABLE person ENABLE ROW LEVEL SECURITY;
    CREATE POLICY reader ON person FOR SELECT USING (id % 10 <> 0);
    PERFORM set_config('pg_trgm.similarity_threshold', '0.35', false);
    SET ROLE bench_reader;
    CALL probe(people, '1 edit, row security', 'nik_within, btree', 'SELECT count(id) FROM person WHERE nik_within(n, $1, 1)', probes);
    CALL probe(people, '2 edits, row security', 'nik_within, btree', 'SELECT count(id) FROM person WHERE nik_within(n, $1, 2)', probes);
    CALL probe(people, '10 nearest, row security', 'ORDER BY <->, SP-GiST', 'SELECT count(id) FROM (SELECT id FROM person ORDER BY n <-> $1 LIMIT 10) s', probes);
    CALL probe(people, '2 edits, row security', 'pg_trgm GIN + levenshtein', 'SELECT count(id) FROM person WHERE t % $1::text AND levenshtein_less_equal(t, $1::text, 4) <= 4', greatest(rivals / 5, 1));
    CALL probe(people, '1 edit, row security', 'pg_trgm GIN + levenshtein', 'SELECT count(id) FROM person WHERE t % $1::text AND levenshtein_less_equal(t, $1::text, 2) <= 2', greatest(rivals / 5, 1));
    RESET ROLE;
END $$;
SELECT least(1000000, :rows) AS small \gset
SELECT DISTINCT format('CALL prepare(%1$s); VACUUM ANALYZE person; CALL methods(%1$s, %2$s, %3$s); CALL secured(%1$s, %2$s, %3$s);', r, :probes, :rivals), r
FROM unnest(ARRAY[:small, :rows]) r ORDER BY r \g (format=unaligned tuples_only=on fieldsep=' --') :dir/commands.sql
\i :dir/commands.sql

\echo '# Indexes: megabytes, CPU seconds to build'
SELECT * FROM built ORDER BY 1, cpu_s;
\echo '# A NIK with one or two slips: CPU milliseconds a probe, planning included; times: of the quickest method, over the same probes'
\echo '# recall: rows of the table found, within so many edits; of the nearest, ten that are among the nearest'
WITH r AS (
    SELECT p.people, p.task, p.method, count(*) AS probes, avg(cpu_ms) AS mean, percentile_cont('{0.5,0.95}'::float8[]) WITHIN GROUP (ORDER BY cpu_ms) AS q,
        avg(p.found) AS rows, avg(p.recall) / 10 AS recall
    FROM probe_result p WHERE task <> 'empty' GROUP BY 1, 2, 3),
best AS (SELECT DISTINCT ON (people, task) people, task, method FROM r ORDER BY people, task, mean),
same AS (
    SELECT p.people, p.task, p.method, avg(b.cpu_ms) AS mean, percentile_cont('{0.5,0.95}'::float8[]) WITHIN GROUP (ORDER BY b.cpu_ms) AS q
    FROM probe_result p JOIN best USING (people, task)
    JOIN probe_result b ON (b.people, b.task, b.method, b.id) = (p.people, p.task, best.method, p.id) GROUP BY 1, 2, 3)
SELECT people, task, method, probes, round(r.mean::numeric, 3) AS mean, round(r.q[1]::numeric, 3) AS p50, round(r.q[2]::numeric, 3) AS p95, round((r.q[2] / r.q[1])::numeric, 1) AS "p95 / p50",
    round((r.mean / same.mean)::numeric, 1) AS "times mean", round((r.q[1] / same.q[1])::numeric, 1) AS "times p50",
    round((r.q[2] / same.q[2])::numeric, 1) AS "times p95", round(rows, 1) AS rows, round(recall::numeric, 2) AS recall
FROM r JOIN same USING (people, task, method) ORDER BY people, task, r.mean;
\echo '# Probes in which an exact method has other rows than the table: none expected'
SELECT p.people, p.method, count(*) FILTER (WHERE p.found <> coalesce(t.found, 0)) AS wrong FROM probe_result p
JOIN truth t ON t.id = p.id AND t.k = left(p.task, 1)::int WHERE p.method LIKE 'nik_within%' AND p.task ~ '^[12] edits?$' AND p.people = :rows GROUP BY 1, 2 ORDER BY 2;
