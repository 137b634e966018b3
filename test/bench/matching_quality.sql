-- Quality of name similarities on labelled pairs of build/corpus: best F1,
-- average precision, recall at 99 % precision, and how many near spellings pass
-- at a recall of 0.90.
--
-- psql variables: dir (a directory with tune.csv and check1.csv, check2.csv,
-- check3.csv: build/corpus of four seeds). Runs alone:
--   .ci/with-server psql -X -d postgres -v dir=/tmp/corpus -f test/bench/matching_quality.sql
-- Each rival gets the threshold that is best for it on tune.csv; the figures
-- are of the three others. Only kinds of pairs that names alone can tell.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
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

CREATE TEMP TABLE pair (kind text, label int, by_name bool,
    a_nik text, a_name text, a_birth_date text, a_sex text, a_mother text, a_place text, a_nkk text, a_region text,
    b_nik text, b_name text, b_birth_date text, b_sex text, b_mother text, b_place text, b_nkk text, b_region text,
    file text DEFAULT current_setting('bench.file'));
SELECT format('SET bench.file = %L', f), format('COPY pair (kind, label, by_name, a_nik, a_name, a_birth_date, a_sex, a_mother, a_place, a_nkk, a_region, '
    'b_nik, b_name, b_birth_date, b_sex, b_mother, b_place, b_nkk, b_region) FROM %L (FORMAT csv, HEADER)', :'dir' || '/' || f || '.csv')
FROM unnest('{tune,check1,check2,check3}'::text[]) f \gexec

-- one score a method and pair, rounded so that ties are ties
CREATE TEMP TABLE score (method text, file text, kind text, label int, s float8);
CREATE PROCEDURE pg_temp.add(method text, expression text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO score SELECT %L, file, kind, label, %s FROM pair WHERE by_name', method, expression);
END $$;
CALL pg_temp.add('nama_similarity', 'nama_similarity(a_name::nama, b_name::nama)');
CALL pg_temp.add('pg_trgm similarity', 'similarity(a_name, b_name)');
CALL pg_temp.add('levenshtein / longer length', $$1 - levenshtein(nama_normalize(a_name), nama_normalize(b_name))::float8
    / greatest(length(nama_normalize(a_name)), length(nama_normalize(b_name)))$$);
CALL pg_temp.add('jaro_winkler on normalised names', 'jaro_winkler(nama_normalize(a_name), nama_normalize(b_name))');
\if :has_pg_similarity
CALL pg_temp.add('pg_similarity jarowinkler', 'jarowinkler(upper(a_name), upper(b_name))');
CALL pg_temp.add('pg_similarity qgram', 'qgram(upper(a_name), upper(b_name))');
\endif
ANALYZE score;

-- counts above each threshold
CREATE TEMP TABLE curve AS
SELECT method, file, s, tp, n, tp::float8 / n AS precision, tp::float8 / positives AS recall, near::float8 / nullif(nears, 0) AS near_passed,
    (tp - coalesce(lag(tp) OVER (PARTITION BY method, file ORDER BY s DESC), 0))::float8 / positives AS gained
FROM (SELECT method, file, s,
        sum(sum(label)) OVER w AS tp, sum(count(*)) OVER w AS n, sum(count(*) FILTER (WHERE kind = 'near_spelling')) OVER w AS near,
        sum(sum(label)) OVER (PARTITION BY method, file) AS positives,
        sum(count(*) FILTER (WHERE kind = 'near_spelling')) OVER (PARTITION BY method, file) AS nears
    FROM score GROUP BY method, file, s WINDOW w AS (PARTITION BY method, file ORDER BY s DESC)) c;
CREATE TEMP TABLE quality AS
SELECT method, file, max(2 * precision * recall / nullif(precision + recall, 0)) AS best_f1, sum(gained * precision) AS ap,
    coalesce(max(recall) FILTER (WHERE precision >= 0.99), 0) AS r99, min(near_passed) FILTER (WHERE recall >= 0.90) AS near
FROM curve GROUP BY method, file;
CREATE TEMP TABLE threshold AS
SELECT DISTINCT ON (method) method, s FROM curve WHERE file = 'tune'
ORDER BY method, 2 * precision * recall / nullif(precision + recall, 0) DESC NULLS LAST;

\echo '# Pairs:'
SELECT file, count(*) FILTER (WHERE label = 1) AS matches, count(*) FILTER (WHERE label = 0) AS others FROM pair WHERE by_name GROUP BY file ORDER BY file;
\echo '# Quality on names alone; threshold of the best F1 on tune, F1 there on the three others; the rest their mean'
SELECT t.method, round(t.s::numeric, 3) AS threshold, round(avg(f.f1)::numeric, 3) AS f1, round(avg(q.best_f1)::numeric, 3) AS "best F1",
    round(avg(q.ap)::numeric, 3) AS "average precision", round(avg(q.r99)::numeric, 3) AS "recall at 99 %",
    round(min(q.r99)::numeric, 3) AS "worst of three", round(avg(q.near)::numeric, 3) AS "near spellings at recall .90"
FROM threshold t JOIN quality q USING (method),
    LATERAL (SELECT 2.0 * sum(label) FILTER (WHERE s >= t.s) / (count(*) FILTER (WHERE s >= t.s) + sum(label)) AS f1
        FROM score WHERE method = t.method AND file = q.file) f
WHERE q.file <> 'tune' GROUP BY t.method, t.s ORDER BY avg(q.ap) DESC;
\echo '# nama_similarity by threshold, the three files together'
SELECT t AS threshold, round((tp::numeric / n), 3) AS precision, round(tp::numeric / positives, 3) AS recall,
    round(2.0 * tp / (n + positives), 3) AS f1, round(near::numeric / nears, 3) AS "near spellings"
FROM unnest('{0.50,0.55,0.60,0.65,0.70,0.75,0.80,0.85,0.90,0.95}'::float8[]) t,
    LATERAL (SELECT sum(label) FILTER (WHERE s >= t) AS tp, count(*) FILTER (WHERE s >= t) AS n, sum(label) AS positives,
        count(*) FILTER (WHERE s >= t AND kind = 'near_spelling') AS near, count(*) FILTER (WHERE kind = 'near_spelling') AS nears
        FROM score WHERE method = 'nama_similarity' AND file <> 'tune') c ORDER BY t;
\echo '# Share of each kind accepted at that threshold'
SELECT s.kind, count(*) / 3 AS pairs, round(avg((s.s >= t.s)::int), 3) AS accepted
FROM score s JOIN threshold t USING (method) WHERE method = 'nama_similarity' AND file <> 'tune' GROUP BY s.kind ORDER BY s.kind;
