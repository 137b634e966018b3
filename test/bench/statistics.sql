-- Benchmark of the statistics. psql variables: rows, reps. Nothing runs in
-- parallel; scores are lognormal with all digits, or rounded to Rp 1,000.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET client_min_messages = warning;
CREATE EXTENSION dtsen;
SET search_path = public, dtsen;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SELECT setseed(0.25) \g /dev/null

\ir lib.sql
CREATE UNLOGGED TABLE family AS
    SELECT s, round(s / 1000) * 1000 AS r, w, w / 3.0::float8 AS f, g, CASE WHEN s < 1e6 THEN 200000::float8 ELSE 0 END AS b
    FROM (SELECT exp(13.9 + 0.55 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS s,
                 1 + (random() * 11)::int AS w, (random() * 513)::int AS g FROM generate_series(1, :rows)) x;
VACUUM ANALYZE family;
CREATE TABLE work (n serial, task text, query text);
INSERT INTO work (task, query) VALUES
    ('sum(score)', 'SELECT sum(s) FROM family'),
    ('desil_cuts(score, persons)', 'SELECT desil_cuts(s, w) FROM family'),
    ('gini', 'SELECT gini(s, w) FROM family'),
    ('gini, score in whole thousands', 'SELECT gini(r, w) FROM family'),
    ('gini, float weights', 'SELECT gini(s, f) FROM family'),
    ('gini in SQL, window query', 'SELECT sum(w * s * (2 * c - w)) / max(t * x) - 1 FROM (SELECT s, w,
        sum(w) OVER (ORDER BY s) AS c, sum(w) OVER () AS t, sum(w * s) OVER () AS x FROM family) y'),
    ('theil_t', 'SELECT theil_t(s, w) FROM family'),
    ('theil_t in SQL, mean known', 'SELECT sum(w * s * ln(s / 1.2e6)) FROM family'),
    ('weighted_median', 'SELECT weighted_median(s, w) FROM family'),
    ('percentile_disc(0.5), no weights', 'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY s) FROM family'),
    ('eight at once', 'SELECT gini(s, w), theil_t(s, w), theil_l(s, w), palma(s, w), lorenz(s, w),
        quintile_share_ratio(s, w), weighted_median(s, w), at_risk_of_poverty(s, w) FROM family'),
    ('fgt_all', 'SELECT fgt_all(s, w, 8e5) FROM family'),
    ('FGT 0 to 2 in SQL', 'SELECT sum(w) FILTER (WHERE s < 8e5)::float8 / sum(w), sum(w * (1 - s / 8e5)) FILTER (WHERE s < 8e5) / sum(w),
        sum(w * (1 - s / 8e5) ^ 2) FILTER (WHERE s < 8e5) / sum(w) FROM family'),
    ('concentration_index', 'SELECT concentration_index(b, s, w) FROM family'),
    ('targeting_errors', 'SELECT targeting_errors(s < 8e5, b > 0, w) FROM family'),
    ('quantile_table', 'SELECT quantile_table(s, w) FROM family'),
    ('gini_decompose, 514 groups', 'SELECT gini_decompose(s, w, g::text) FROM family'),
    ('gini GROUP BY 514', 'SELECT count(x) FROM (SELECT gini(s, w) AS x FROM family GROUP BY g) y');
SELECT format('CALL measure(%L, %L, %L)', task, n, query) FROM work, generate_series(1, :reps) ORDER BY n \gexec
SELECT task, round((min(cpu_ms) / 1000)::numeric, 2) AS "CPU s" FROM result GROUP BY task, variant ORDER BY variant::int;

-- pmt_score: 39 variables, a third each numbers, booleans, categories
TRUNCATE result;
SELECT format('CREATE UNLOGGED TABLE household AS SELECT ''3201''::text AS wilayah, %s FROM generate_series(1, %s)',
    string_agg(format('random() * 5 + 1 AS n%1$s, random() < 0.5 AS b%1$s, ''level '' || (random() * 4)::int AS c%1$s', i), ', '),
    :rows / 20) FROM generate_series(1, 13) i \gexec
VACUUM ANALYZE household;
SELECT jsonb_build_object('version', '1', 'scale', 'log_rupiah', 'wilayah', 'wilayah',
    'variables', jsonb_object_agg('n' || i, '{"kind": "number"}'::jsonb) || jsonb_object_agg('b' || i, '{"kind": "boolean"}'::jsonb)
        || jsonb_object_agg('c' || i, '{"kind": "category", "levels": ["level 0", "level 1", "level 2", "level 3", "level 4"]}'::jsonb),
    'models', jsonb_build_array(jsonb_build_object('name', 'x', 'wilayah', '["32"]'::jsonb, 'intercept', 13, 'terms',
        jsonb_agg(jsonb_build_object('variable', 'n' || i, 'coefficient', 0.01 * i))
        || jsonb_agg(jsonb_build_object('variable', 'b' || i, 'coefficient', 0.01 * i))
        || jsonb_agg(jsonb_build_object('variable', 'c' || i, 'coefficients',
            '{"level 0": 0.1, "level 1": 0.2, "level 2": 0.3, "level 3": 0.4, "level 4": 0.5}'::jsonb))))) AS model
FROM generate_series(1, 13) i \gset
SELECT string_agg(format($$ 0.01 * %1$s * n%1$s + 0.01 * %1$s * b%1$s::int + CASE c%1$s WHEN 'level 0' THEN 0.1 WHEN 'level 1'
    THEN 0.2 WHEN 'level 2' THEN 0.3 WHEN 'level 3' THEN 0.4 ELSE 0.5 END $$, i), ' + ') AS formula FROM generate_series(1, 13) i \gset
CREATE TEMP TABLE work2 (n serial, task text, query text);
INSERT INTO work2 (task, query) VALUES ('scan', 'SELECT sum(n13) FROM household'),
    ('row made, not scored', 'SELECT sum(pg_column_size(h)) FROM household h'),
    ('pmt_score', format('SELECT sum(pmt_score(%L::jsonb, h)) FROM household h', :'model')),
    ('the formula in SQL', 'SELECT sum(13 + ' || :'formula' || ') FROM household');
SELECT format('CALL measure(%L, %L, %L)', task, n, query) FROM work2, generate_series(1, :reps) ORDER BY n \gexec
SELECT task, round((min(cpu_ms) * 1e6 / (:rows / 20))::numeric) AS "CPU ns a family" FROM result GROUP BY task, variant ORDER BY variant::int;
SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s*(\d+) kB')::int / 1024 AS "peak memory MB, shared included";
