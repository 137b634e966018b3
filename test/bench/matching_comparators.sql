-- Speed of the comparators, pairs a second of one core, net of reading the same
-- rows: nama_similarity beside pg_trgm's similarity, Jaro-Winkler beside
-- pg_similarity's, optimal string alignment beside fuzzystrmatch's levenshtein.
--
-- psql variables: dir (with check1.csv of build/corpus), pairs (about; 400000),
-- reps (5). Runs alone:
--   .ci/with-server psql -X -d postgres -v dir=/tmp/corpus -f test/bench/matching_comparators.sql
-- Two sets: the pairs of the corpus as they are, and each name beside one drawn
-- at random. CPU time from the scheduler's clock; the methods take turns, and the
-- median of the turns counts, so that what else runs on the machine hits all.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
\if :{?pairs}
\else
\set pairs 400000
\endif
\if :{?reps}
\else
\set reps 5
\endif
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS dtsen;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
SELECT count(*) > 0 AS has_pg_similarity FROM pg_available_extensions WHERE name = 'pg_similarity' \gset
\if :has_pg_similarity
CREATE EXTENSION IF NOT EXISTS pg_similarity;
\endif
SET search_path = dtsen, public;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SELECT to_regprocedure('public.cpu()') IS NULL AS needs_lib \gset
\if :needs_lib
SET search_path = public, dtsen;
\ir lib.sql
SET search_path = dtsen, public;
\endif

CREATE TEMP TABLE pair (kind text, label int, by_name bool,
    a_nik text, a_name text, a_birth_date text, a_sex text, a_mother text, a_place text, a_nkk text, a_region text,
    b_nik text, b_name text, b_birth_date text, b_sex text, b_mother text, b_place text, b_nkk text, b_region text);
SELECT format('COPY pair FROM %L (FORMAT csv, HEADER)', :'dir' || '/check1.csv') \gexec
SELECT greatest(1, :pairs / count(*)) AS copies FROM pair \gset
-- in no order: of the same pair ten times in a row the processor foretells every branch
CREATE TABLE compared AS
SELECT a_name AS a, b_name AS b, a_name::nama AS na, b_name::nama AS nb FROM pair, generate_series(1, :copies) copy
ORDER BY hashtext(copy || a_name || b_name), a_name, b_name;
CREATE TABLE compared_random AS
SELECT x.a, y.b, x.na, y.nb FROM (SELECT *, row_number() OVER (ORDER BY hashtext('a' || ctid), ctid) AS i FROM compared) x
JOIN (SELECT *, row_number() OVER (ORDER BY hashtext('b' || ctid), ctid) AS i FROM compared) y USING (i) ORDER BY i;
ANALYZE compared, compared_random;
CREATE TEMP TABLE method (i int, name text, expression text, scan text);
INSERT INTO method VALUES (1, 'nama_similarity', 'nama_similarity(na, nb)', 'na, nb'), (2, 'pg_trgm similarity', 'similarity(a, b)', 'a, b'),
    (3, 'jaro_winkler', 'dtsen.jaro_winkler(a, b)', 'a, b'), (5, 'osa_distance', 'osa_distance(a, b)', 'a, b'),
    (6, 'fuzzystrmatch levenshtein', 'levenshtein(a, b)', 'a, b'), (7, 'read two nama', NULL, 'na, nb'), (8, 'read two text', NULL, 'a, b');
\if :has_pg_similarity
INSERT INTO method VALUES (4, 'pg_similarity jarowinkler', 'public.jarowinkler(a, b)', 'a, b');
\endif
DELETE FROM result WHERE task IN ('compared', 'compared_random');
CREATE PROCEDURE pg_temp.turns(reps int) LANGUAGE plpgsql AS $$
DECLARE
    m record;
    t text;
BEGIN
    FOR r IN 0..reps LOOP
        FOREACH t IN ARRAY '{compared,compared_random}'::text[] LOOP
            FOR m IN SELECT * FROM method ORDER BY i LOOP
                CALL measure(t, m.name, format('SELECT count(%s) FROM %s WHERE (%s) IS NOT NULL',
                    coalesce(m.expression, split_part(m.scan, ',', 1)), t, replace(m.scan, ', ', ') IS NOT NULL AND (')));
            END LOOP;
        END LOOP;
        IF r = 0 THEN
            DELETE FROM result WHERE task IN ('compared', 'compared_random'); -- caches are warm now
        END IF;
    END LOOP;
END $$;
CALL pg_temp.turns(:reps);

\echo '# Comparators: nanoseconds a pair net of reading it, million pairs a second, times the rival behind it'
WITH median AS (
    SELECT task, variant, percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms) AS ms FROM result
    WHERE task IN ('compared', 'compared_random') GROUP BY task, variant),
net AS (
    SELECT m.i, d.task, m.name, (d.ms - s.ms) * 1e6 / (SELECT count(*) FROM compared) AS ns
    FROM median d JOIN method m ON m.name = d.variant JOIN median s ON s.task = d.task
        AND s.variant = CASE m.scan WHEN 'a, b' THEN 'read two text' ELSE 'read two nama' END
    WHERE m.expression IS NOT NULL)
SELECT CASE task WHEN 'compared' THEN 'corpus' ELSE 'random' END AS pairs, name, round(ns::numeric) AS ns, round((1000 / ns)::numeric, 2) AS "million/s",
    CASE WHEN i IN (1, 3, 5) THEN round((lead(ns) OVER (PARTITION BY task ORDER BY i) / ns)::numeric, 1) END AS times
FROM net ORDER BY task, i;
\echo '# Size of a value'
SELECT round(avg(pg_column_size(na)), 1) AS "bytes of nama", round(avg(pg_column_size(a)), 1) AS "bytes of text", round(avg(length(a)), 1) AS characters FROM compared;
DROP TABLE compared, compared_random;
