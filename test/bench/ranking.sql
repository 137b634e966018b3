-- Benchmark of ranking beside what people use instead.
--
-- psql variables: rows, dir (watched by memory.pl). This prepares; ranking.sh runs each query of the table work. CPU time is
-- of the leader and its workers: the scheduler's own clock of this backend, and
-- what the postmaster has been told of children that ended (10 ms ticks).
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET client_min_messages = warning;
CREATE EXTENSION dtsen;
SELECT count(*) > 0 AS has_tdigest FROM pg_available_extensions WHERE name = 'tdigest' \gset
\if :has_tdigest
CREATE EXTENSION tdigest;
\endif
SET search_path = public, dtsen;
SET jit = off;
SET max_parallel_workers_per_gather = 2;
SELECT setseed(0.25) \g /dev/null
\ir lib.sql

-- 514 regencies, 80,000 villages; rows lie in no order
CREATE UNLOGGED TABLE family AS
SELECT i AS id, v AS village, (v % 514) AS regency,
       exp(13.9 + 0.55 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS score,
       (1 + floor(random() * 12))::int AS persons
FROM (SELECT i, floor(random() * 80000)::int AS v FROM generate_series(1, :rows) i) s;
ALTER TABLE family SET (parallel_workers = 2);
VACUUM (ANALYZE) family;
SELECT desil_cuts(score, persons) AS cuts FROM family TABLESAMPLE system (5) \gset

CREATE TABLE work (place serial, task text, variant text, query text, sorts bool DEFAULT false);
CREATE TABLE run (place serial, task text, variant text, cpu float8, wall float8, temp float8);
CREATE FUNCTION cpu_of_children() RETURNS float8 LANGUAGE sql VOLATILE AS $$
    SELECT ((stat[14])::float8 + (stat[15])::float8) * 10
    FROM (SELECT string_to_array(substr(s, strpos(s, ') ') + 2), ' ') AS stat
          FROM pg_read_file('/proc/' || split_part(pg_read_file('postmaster.pid'), E'\n', 1) || '/stat') s) x $$;
CREATE FUNCTION temp_bytes() RETURNS float8 LANGUAGE sql VOLATILE AS $$
    SELECT temp_bytes::float8 FROM pg_stat_database WHERE datname = current_database() $$;
CREATE PROCEDURE bench(which int, dir text) LANGUAGE plpgsql AS $$
DECLARE
    w work := (SELECT w FROM work w WHERE w.place = which);
    spent float8;
    began timestamptz;
    temp float8;
    wall float8;
BEGIN
    PERFORM pg_stat_force_next_flush();
    COMMIT;
    PERFORM pg_stat_clear_snapshot();
    temp := temp_bytes();
    EXECUTE format('COPY (SELECT %L) TO %L', w.task || ': ' || w.variant, dir || '/label');
    PERFORM pg_sleep(0.3);
    spent := cpu() + cpu_of_children();
    began := clock_timestamp();
    EXECUTE w.query;
    wall := extract(epoch FROM clock_timestamp() - began);
    PERFORM pg_sleep(0.1); -- workers are reaped a moment later
    spent := cpu() + cpu_of_children() - spent;
    EXECUTE format('COPY (SELECT %L) TO %L', '', dir || '/label');
    PERFORM pg_stat_force_next_flush();
    COMMIT;
    PERFORM pg_stat_clear_snapshot();
    INSERT INTO run (task, variant, cpu, wall, temp)
    VALUES (w.task, w.variant, spent / 1000, wall, temp_bytes() - temp);
    COMMIT;
END $$;
INSERT INTO work (task, variant, query) VALUES
    ('floor', 'count(*)', 'SELECT count(*) FROM family'),
    ('floor', 'sum(score)', 'SELECT sum(score) FROM family'),
    ('cuts', 'rank_cuts(family, score, persons)', $$SELECT rank_cuts('family', 'score', 'persons')$$),
    ('cuts', 'rank_cuts(family, score)', $$SELECT rank_cuts('family', 'score')$$),
    ('cuts', 'rank_cuts, float weights', $$SELECT rank_cuts('family', 'score', 'persons * 0.37::float8')$$),
    ('cuts', 'rank_cuts, score in thousands', $$SELECT rank_cuts('family', 'floor(score / 1000)', 'persons')$$),
    ('cuts', 'rank_cuts, 1,000 groups', $$SELECT rank_cuts('family', 'score', 'persons', 1000)$$),
    ('cuts', 'rank_cuts of a view', $$SELECT rank_cuts('family_view', 'score', 'persons')$$),
    ('cuts', 'desil_cuts(score, persons)', 'SELECT desil_cuts(score, persons) FROM family'),
    ('histogram', 'an aggregate that does nothing', 'SELECT nothing(score, persons::bigint) FROM family'),
    ('histogram', '22,529 buckets', $$SELECT _rank_scan('\x$$ || encode('\x0100008001000000', 'hex')
        || '00000000000022c1' || '0000000000007ac1' || '01580000' || $$', score, persons::bigint) FROM family$$),
    ('assign', 'sum(desil(score, cuts))', format('SELECT sum(desil(score, %L)) FROM family', :'cuts')),
    ('assign', 'sum(width_bucket(score, cuts))', format('SELECT sum(width_bucket(score, %L)) FROM family', :'cuts')),
    ('both', 'cuts and desil of every family',
        $$SELECT sum(desil(score, (SELECT rank_cuts('family', 'score', 'persons')))) FROM family$$),
    ('514 regencies', 'sum(score)', 'SELECT count(s) FROM (SELECT regency, sum(score) s FROM family GROUP BY 1 OFFSET 0) x'),
    ('514 regencies', 'desil_cuts(score, persons)', 'SELECT count(c) FROM (SELECT regency, desil_cuts(score, persons) c FROM family GROUP BY 1 OFFSET 0) x'),
    ('514 regencies', 'rank_cuts_by(family, regency, score, persons)', $$SELECT count(cuts) FROM rank_cuts_by('family', 'regency', 'score', 'persons')$$),
    ('80,000 villages', 'rank_cuts_by(family, village, score, persons)', $$SELECT count(cuts) FROM rank_cuts_by('family', 'village', 'score', 'persons')$$),
    ('80,000 villages', 'rank_cuts_by, float weights', $$SELECT count(cuts) FROM rank_cuts_by('family', 'village', 'score', 'persons * 0.37::float8')$$),
    ('80,000 villages', 'sum(score)', 'SELECT count(s) FROM (SELECT village, sum(score) s FROM family GROUP BY 1 OFFSET 0) x'),
    ('80,000 villages', 'desil_cuts(score, persons)', 'SELECT count(c) FROM (SELECT village, desil_cuts(score, persons) c FROM family GROUP BY 1 OFFSET 0) x');
INSERT INTO work (task, variant, query, sorts) VALUES
    ('cuts', 'percentile_disc, unweighted', 'SELECT percentile_disc(ARRAY[.1,.2,.3,.4,.5,.6,.7,.8,.9]) WITHIN GROUP (ORDER BY score) FROM family', true),
    ('514 regencies', 'percentile_disc, unweighted', 'SELECT count(c) FROM (SELECT regency, percentile_disc(ARRAY[.1,.2,.3,.4,.5,.6,.7,.8,.9]) WITHIN GROUP (ORDER BY score) c FROM family GROUP BY 1 OFFSET 0) x', true),
    ('80,000 villages', 'percentile_disc, unweighted', 'SELECT count(c) FROM (SELECT village, percentile_disc(ARRAY[.1,.2,.3,.4,.5,.6,.7,.8,.9]) WITHIN GROUP (ORDER BY score) c FROM family GROUP BY 1 OFFSET 0) x', true),
    ('both', 'ntile, unweighted, ties at random', 'SELECT sum(d) FROM (SELECT ntile(10) OVER (ORDER BY score) d FROM family) x', true),
    ('both', 'weighted window', 'SELECT sum(ceil(10.0::float8 * c / t)) FROM (SELECT sum(persons) OVER (ORDER BY score) c, sum(persons) OVER () t FROM family) x', true);
CREATE VIEW family_view AS SELECT * FROM family;
CREATE FUNCTION nothing_add(float8, float8, bigint) RETURNS float8 LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'float8up';
CREATE AGGREGATE nothing(float8, bigint) (SFUNC = nothing_add, STYPE = float8, INITCOND = '0', COMBINEFUNC = float8larger, PARALLEL = SAFE);
\if :has_tdigest
INSERT INTO work (task, variant, query) VALUES
    ('cuts', 'tdigest(1000), weighted, approximate', 'SELECT tdigest_percentile(score, persons::bigint, 1000, ARRAY[.1,.2,.3,.4,.5,.6,.7,.8,.9]) FROM family'),
    ('514 regencies', 'tdigest(100), weighted, approximate', 'SELECT count(c) FROM (SELECT regency, tdigest_percentile(score, persons::bigint, 100, ARRAY[.1,.2,.3,.4,.5,.6,.7,.8,.9]) c FROM family GROUP BY 1 OFFSET 0) x');
\else
\echo '# tdigest is not installed: left out'
\endif
