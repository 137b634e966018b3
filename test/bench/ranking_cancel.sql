-- Time between a cancel request and its error; ranking_cancel.sh runs this.
--
-- psql variables: rows, cancels (of each query). A query runs in a session of
-- its own (dblink); once whole, which tells how long it takes, then cancelled
-- after an even share of that time. What ended before its cancel is not counted.
-- tasks: a regular expression, of those to be run.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS dtsen;
CREATE EXTENSION IF NOT EXISTS dblink;
SELECT setseed(0.25) \g /dev/null
CREATE UNLOGGED TABLE family AS
SELECT i AS id, (i::bigint * 7919 % 514)::int AS regency,
       exp(13.9 + 0.55 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS score,
       (1 + floor(random() * 12))::int AS persons
FROM generate_series(1, :rows) i;
VACUUM (ANALYZE) family;
CREATE VIEW family_view AS SELECT * FROM family;
CREATE TABLE state AS SELECT dtsen.rank_state(score, persons) AS whole FROM family;

CREATE TABLE work (place serial, what text, query text, parallel bool DEFAULT false);
INSERT INTO work (what, query, parallel) VALUES
    ('rank_cuts of a table', $$SELECT dtsen.rank_cuts('family', 'score', 'persons')$$, true),
    ('... of a view', $$SELECT dtsen.rank_cuts('family_view', 'score', 'persons')$$, true),
    ('... 10,000 groups', $$SELECT dtsen.rank_cuts('family', 'score', 'persons', 10000)$$, true),
    ('... float weights', $$SELECT dtsen.rank_cuts('family', 'score', 'persons * 0.37::float8')$$, true),
    ('desil_cuts, parallel', 'SELECT dtsen.desil_cuts(score, persons) FROM family', true);
INSERT INTO work (what, query) VALUES
    ('desil_cuts', 'SELECT dtsen.desil_cuts(score, persons) FROM family'),
    ('desil_cuts, float weights', 'SELECT dtsen.desil_cuts(score, persons::float8) FROM family'),
    ('desil_cuts by 514', 'SELECT count(c) FROM (SELECT dtsen.desil_cuts(score, persons) c FROM family GROUP BY regency OFFSET 0) x'),
    ('rank_state, as text', 'SELECT length(dtsen.rank_state(score, persons)::text) FROM family'),
    ('merge of stored states', 'SELECT dtsen.rank_cuts(dtsen.rank_state_merge(whole), 10) FROM state, generate_series(1, 4)'),
    ('gini and theil_t', 'SELECT dtsen.gini(score, persons), dtsen.theil_t(score, persons) FROM family'),
    ('weighted_percentile_cont', 'SELECT dtsen.weighted_percentile_cont(score, persons, 0.5) FROM family'),
    ('quantile_table', 'SELECT dtsen.quantile_table(score, persons) FROM family'),
    ('concentration_index', 'SELECT dtsen.concentration_index(score, score, persons) FROM family'),
    ('gini_decompose', 'SELECT dtsen.gini_decompose(score, persons, regency::text) FROM family'),
    ('theil_decompose', 'SELECT dtsen.theil_decompose(score, persons, regency::text) FROM family'),
    ('decompositions, a group a family', 'SELECT dtsen.gini_decompose(score, persons, id::text), dtsen.theil_decompose(score, persons, id::text) FROM family'),
    -- a million cells of movement: groups of the score, of another order of it, and of a third
    ('rank_movement, a cell a family', 'SELECT count(*) FROM (SELECT unnest(dtsen.rank_movement(id, id * 7919::bigint % ' || :rows || ', a.c, b.c, 1::bigint))
        FROM family, (SELECT array_agg(g * ' || :rows || ' / 1000.0 ORDER BY g)::float8[] c FROM generate_series(1, 999) g) a,
        (SELECT array_agg(g * ' || :rows || ' / 1000.0 + 7 ORDER BY g)::float8[] c FROM generate_series(1, 999) g) b OFFSET 0) x'),
    ('rank_movement_effects, a cell a family', 'SELECT dtsen.rank_movement_effects(id, id * 7919::bigint % ' || :rows || ', a.c, b.c, 1::bigint)
        FROM family, (SELECT array_agg(g * ' || :rows || ' / 1000.0 ORDER BY g)::float8[] c FROM generate_series(1, 999) g) a,
        (SELECT array_agg(g * ' || :rows || ' / 1000.0 + 7 ORDER BY g)::float8[] c FROM generate_series(1, 999) g) b'),
    ('mobility_index, nine million cells', 'SELECT dtsen.mobility_index(array_agg(r)) FROM (SELECT array_agg(1 + g::bigint) r FROM generate_series(1, 3000) g, generate_series(1, 3000) i GROUP BY i) x'),
    ('gini_grouped, ten million points', 'SELECT dtsen.gini_grouped(a, a) FROM (SELECT array_agg(g / 1e7::float8) a FROM generate_series(1, 10000000) g) x'),
    ('rank_cuts_by', $$SELECT count(cuts) FROM dtsen.rank_cuts_by('family', 'regency', 'score', 'persons')$$),
    ('rank_cuts_by, one region', $$SELECT count(cuts) FROM dtsen.rank_cuts_by('family', '1', 'score', 'persons')$$),
    ('rank_cuts_by, one region, float weights', $$SELECT count(cuts) FROM dtsen.rank_cuts_by('family', '1', 'score', 'persons::float8')$$),
    ('rank_cuts_by, each family', $$SELECT count(cuts) FROM dtsen.rank_cuts_by('family', 'id', 'score', 'persons')$$),
    ('rank_of', 'SELECT sum(dtsen.rank_of(whole, g)) FROM state, generate_series(1, 20) g');
INSERT INTO work (what, query)
SELECT f, format('SELECT sum(d) FROM (SELECT dtsen.%s OVER (ORDER BY %s) d FROM family) x', f, o)
FROM unnest(ARRAY['weighted_ntile(10, persons)', 'weighted_ntile(10, persons::float8)', 'weighted_cume_dist(persons)', 'weighted_cume_dist(persons::float8)',
    'weighted_percent_rank(persons)', 'weighted_percent_rank(persons::float8)', 'desil_position(persons)', 'desil_position(persons::float8)']) f, unnest(ARRAY['score']) o;
INSERT INTO work (what, query) VALUES ('weighted_ntile, all equal', 'SELECT sum(d) FROM (SELECT dtsen.weighted_ntile(10, persons) OVER (ORDER BY 1::int) d FROM family) x');
INSERT INTO work (what, query)
SELECT f, format('SELECT dtsen.%s FROM family', f)
FROM unnest(ARRAY['gini(score, persons)', 'gini(score, persons::float8)', 'lorenz(score, persons)', 'theil_l(score, persons)', 'generalized_entropy(score, persons, 2.5)',
    'atkinson(score, persons, 0.5)', 'palma(score, persons)', 'quintile_share_ratio(score, persons)', 'share_between(score, persons, 0.4, 0.8)',
    'fgt(score, persons, 2e6, 2)', 'fgt_all(score, persons, 2e6)', 'watts(score, persons, 2e6)', 'at_risk_of_poverty(score, persons)',
    'weighted_percentile_disc(score, persons, 0.5)', 'weighted_percentile_cont(score, persons::float8, 0.5)', 'weighted_median(score, persons)',
    'quantile_table(score, persons::float8)', 'quantile_table(score, persons, 10000)', 'concentration_index(score, score, persons::float8)',
    'concentration_curve(score, score, persons)', 'cgh_index(score, score, persons)', 'benefit_incidence(score, score, persons)',
    'targeting_errors(score < 1e6, persons > 3, persons)', 'transition_matrix(persons, 13 - persons, persons::bigint, 12)',
    'rank_movement(score, score * persons, ''{1e6,2e6}'', ''{1e6,3e6}'', persons::bigint)',
    'rank_movement_effects(score, score * persons, ''{1e6,2e6}'', ''{1e6,3e6}'', persons::bigint)']) f;

CREATE TABLE run (what text, ms float8, during float8);
CREATE PROCEDURE bench(w work, cancels int) LANGUAGE plpgsql AS $$
DECLARE
    server text := format('dbname=%s host=%s port=%s', current_database(), current_setting('unix_socket_directories'), current_setting('port'));
    whole float8;
    began timestamptz;
BEGIN
    PERFORM dblink_connect('run', server);
    PERFORM dblink_exec('run', format('SET jit = off; SET max_parallel_workers_per_gather = %s', CASE WHEN w.parallel THEN 2 ELSE 0 END));
    began := clock_timestamp();
    PERFORM * FROM dblink('run', format('SELECT count(x) FROM (%s OFFSET 0) x', w.query)) t (n bigint);
    whole := extract(epoch FROM clock_timestamp() - began);
    FOR i IN 1..cancels LOOP
        PERFORM dblink_send_query('run', w.query);
        PERFORM pg_sleep(whole * (i - 0.5) / cancels);
        IF dblink_is_busy('run') = 1 THEN
            began := clock_timestamp();
            PERFORM dblink_cancel_query('run');
            WHILE dblink_is_busy('run') = 1 LOOP
                PERFORM pg_sleep(0.0005);
            END LOOP;
            INSERT INTO run VALUES (w.what, 1000 * extract(epoch FROM clock_timestamp() - began), (i - 0.5) / cancels);
        END IF;
        PERFORM dblink_disconnect('run');
        PERFORM dblink_connect('run', server);
        PERFORM dblink_exec('run', format('SET jit = off; SET max_parallel_workers_per_gather = %s', CASE WHEN w.parallel THEN 2 ELSE 0 END));
    END LOOP;
    PERFORM dblink_disconnect('run');
    COMMIT;
END $$;
DELETE FROM work WHERE what !~ :'tasks';
SELECT format('CALL bench(%L, %s)', w, :cancels) FROM work w ORDER BY place \gexec
\echo '#' :rows 'families: milliseconds from cancel to error'
SELECT w.what, count(r.ms) AS cancels, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY r.ms)::numeric, 1) AS median,
    round(max(r.ms)::numeric, 1) AS longest, count(*) FILTER (WHERE r.ms > 100) AS "above 100"
FROM work w LEFT JOIN run r USING (what) GROUP BY w.place, w.what ORDER BY w.place;
SELECT what, round(ms::numeric, 1) AS ms, during FROM run WHERE ms > 100 ORDER BY ms DESC LIMIT 10;
