-- rank_cuts(relation, ...), window functions, assignment: against the aggregate
-- and against plain SQL.
\set ON_ERROR_STOP on
BEGIN;
SET client_min_messages = warning;
SET search_path = public, dtsen;
SELECT no_plan();

SELECT setseed(0.42);
CREATE TABLE family AS
SELECT i AS id, i % 7 AS region, exp(13.9 + 0.9 * (random() + random() + random() - 1.5)) AS score,
       (random() * 11)::int AS persons, random() * 400 AS fine, round((random() * 3000)::numeric, 2) AS spent
FROM generate_series(1, 3000) i;
ALTER TABLE family ADD COLUMN "Skor Akhir" float8, ADD COLUMN "score + 1" float8;
UPDATE family SET "Skor Akhir" = -score, "score + 1" = id,
    score = CASE WHEN id % 50 = 0 THEN NULL WHEN id % 51 = 0 THEN 'NaN' WHEN id % 52 = 0 THEN 'Infinity' WHEN id % 53 = 0 THEN '-Infinity' ELSE score END,
    persons = CASE WHEN id % 49 = 0 THEN NULL ELSE persons END;
CREATE VIEW family_view AS SELECT * FROM family WHERE region < 5;
CREATE TABLE part_of (LIKE family) PARTITION BY LIST (region);
CREATE TABLE part_of_0 PARTITION OF part_of FOR VALUES IN (0, 1, 2);
CREATE TABLE part_of_1 PARTITION OF part_of DEFAULT;
INSERT INTO part_of SELECT * FROM family;
ANALYZE family, part_of;

-- what is asked, and the same by the aggregate
CREATE TABLE asked (relation text, score text, weight text, groups int, condition text);
INSERT INTO asked
SELECT relation, score, weight, groups, condition
FROM unnest(ARRAY['family', 'family_view', 'part_of']) relation,
     unnest(ARRAY['score', 'round(spent)', '"Skor Akhir"', '7', 'id % 3']) score,
     unnest(ARRAY['persons', 'fine', '0', '0.1 * persons', 'fine * 1e-200', '1e300::float8 * (id % 2) + 1e-300']) weight,
     unnest(ARRAY[2, 317]) groups, unnest(ARRAY[NULL, 'region = 3 OR score > 1e6']) condition;
CREATE FUNCTION by_aggregate(a asked) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE result float8[];
BEGIN
    EXECUTE format('SELECT dtsen.rank_cuts(dtsen.rank_state(%s, %s), %s) FROM %s WHERE %s', a.score, a.weight, a.groups,
                   a.relation, coalesce(a.condition, 'true')) INTO result;
    RETURN result;
END $$;
SELECT is_empty($$SELECT * FROM asked a WHERE rank_cuts(relation, score, weight, groups, condition) IS DISTINCT FROM by_aggregate(a)$$,
    'tables, views and partitions: the cuts of the aggregate');
SELECT is(count(*), 360::bigint, 'so many questions') FROM asked;
SELECT is(rank_cuts('family', 'score'), desil_cuts(score), 'without weight') FROM family;
SELECT is(rank_cuts('family'::regclass, 'score', 'persons'), desil_cuts(score, persons), 'relation as regclass') FROM family;
SELECT is(rank_cuts('family', 'Skor Akhir', 'persons'), desil_cuts("Skor Akhir", persons), 'name of a column that wants quotes') FROM family;
SELECT is(rank_cuts('family', 'score + 1'), desil_cuts("score + 1"), 'a column of that very name comes before the expression') FROM family;
SELECT is(rank_cuts('family', ' score + 1 '), desil_cuts(score + 1), 'which a blank makes an expression') FROM family;
SELECT is(rank_cuts('family', 'family.score -- the score', E'persons /* of all */\n'), desil_cuts(score, persons), 'comments, the name of the table') FROM family;
SELECT is(rank_cuts('family', '(SELECT f.id FROM family f WHERE f.id = family.id)', condition => 'id < 300'), desil_cuts(id), 'a subquery')
FROM family WHERE id < 300;
SELECT is(rank_cuts('family', 'score', 'persons', 10000), desil_cuts(score, persons, 10000), '10,000 groups') FROM family;
SELECT is(rank_cuts('family', 'score', 'persons', condition => 'false'), NULL, 'no row: NULL');
SELECT is(rank_cuts('family', 'score', '0'), NULL, 'no weight: NULL');
SELECT is(rank_cuts('family', 'NULL::float8', 'persons'), NULL, 'no score: NULL');
SELECT is(rank_cuts('family', 'score', '2^62::bigint', condition => 'id = 1'), array_fill(max(score), ARRAY[9]), 'one row of great weight')
FROM family WHERE id = 1;

-- A table that is sampled: 250,000 rows and more. Sorted rows and rows in
-- clusters mislead the sample, ties and adversarial keys the buckets.
CREATE TABLE large AS
SELECT i, exp(13.9 + 0.55 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())) AS score, (random() * 11)::int AS persons,
       i::float8 AS sorted, (i / 1000)::float8 AS clustered,
       CASE WHEN i % 10 < 9 THEN 1e6 ELSE i END AS heavy,
       1e6::float8 + 1.1641532182693481e-10 * (i % 100) + CASE WHEN i = 77777 THEN 1e300 WHEN i = 7777 THEN -1e-300 ELSE 0 END AS crowded
FROM generate_series(1, 250000) i;
ANALYZE large;
SELECT is(rank_cuts('large', x, w, n), (SELECT CASE x WHEN 'score' THEN rank_cuts(rank_state(score, persons), n)
        WHEN 'sorted' THEN rank_cuts(rank_state(sorted, persons), n) WHEN 'clustered' THEN rank_cuts(rank_state(clustered, persons), n)
        WHEN 'heavy' THEN rank_cuts(rank_state(heavy, persons), n) ELSE rank_cuts(rank_state(crowded, persons), n) END FROM large),
    format('sampled: %s, weight %s, %s groups', x, w, n))
FROM unnest(ARRAY['score', 'sorted', 'clustered', 'heavy', 'crowded']) x, unnest(ARRAY['persons', 'persons * 0.1::float8']) w,
     unnest(ARRAY[10, 100, 3000]) n WHERE n <= 100 OR (x = 'score' AND w = 'persons');
CREATE VIEW large_view AS TABLE large;
SELECT is(rank_cuts('large_view', x, 'persons'), rank_cuts('large', x, 'persons'), 'a view is not sampled: ' || x)
FROM unnest(ARRAY['score', 'sorted', 'crowded']) x;

-- rank_cuts_by(relation, ...): the cuts of GROUP BY
CREATE FUNCTION region_cuts(relation text, by text, score text, weight text, groups int, condition text)
    RETURNS TABLE (region text, cuts float8[], ranked bigint, ignored bigint) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT (%1$s)::text, dtsen.desil_cuts(%2$s, %3$s, %4$s), dtsen.rank_count(dtsen.rank_state(%2$s, %3$s)),
        dtsen.rank_ignored(dtsen.rank_state(%2$s, %3$s)) FROM %5$s WHERE %6$s GROUP BY (%1$s)::text', by, score, weight, groups, relation, coalesce(condition, 'true'));
END $$;
SELECT is_empty(format($$WITH a AS MATERIALIZED (SELECT * FROM rank_cuts_by(%1$L, %2$L, %3$L, %4$L, %5$s, %6$L)),
        b AS MATERIALIZED (SELECT * FROM region_cuts(%1$L, %2$L, %3$L, %4$L, %5$s, %6$L))
    (TABLE a EXCEPT ALL TABLE b) UNION ALL (TABLE b EXCEPT ALL TABLE a)$$,
    relation, by, score, weight, groups, condition), concat_ws(', ', 'by', by, relation, weight, groups))
FROM (VALUES ('family', NULL), ('family_view', 'region = 3 OR score > 1e6'), ('part_of', NULL)) t(relation, condition),
     (VALUES ('region'), ('nullif(id % 130, 5)'), ('id'), ('repeat(''x'', id % 40)'), ('nullif((id % 3)::text, ''1'')'), ('id % 2 = 0'),
             ('round(spent)'), ('(id % 90 + 10)::text::dtsen.kode_wilayah'), ('''2026-01-01''::date + region'), ('(id % 4)::float8')) b(by),
     (VALUES ('score', 'persons', 10), ('spent', 'fine', 3), ('7', 'CASE WHEN id = 77 THEN 4611686018427387904 ELSE id END', 317)) s(score, weight, groups)
WHERE relation = 'family' OR by = 'region';
SELECT is_empty($$SELECT * FROM rank_cuts_by('family', '1', 'id', condition => 'id < 0')$$, 'no row: no region');
SELECT results_eq($$SELECT region, cuts, ranked, ignored FROM rank_cuts_by('family', 'id % 2', 'id', '0', 2, 'id < 4') ORDER BY region$$,
    $$VALUES ('0', NULL::float8[], 1::bigint, 0::bigint), ('1', NULL, 2, 0)$$, 'no weight: NULL');
SELECT results_eq($$SELECT region, cuts, ranked, ignored FROM rank_cuts_by('family', 'NULL::text', 'id', 'nullif(id, 2)', 2, 'id < 4')$$,
    $$VALUES (NULL::text, '{3}'::float8[], 2::bigint, 1::bigint)$$, 'NULL is a region');

CREATE TABLE numbered AS SELECT i, 4000000000::oid AS o FROM generate_series(1, 4) i;
SELECT results_eq($$SELECT region, ranked FROM rank_cuts_by('numbered', 'CASE WHEN i > 2 THEN o ELSE 4000000000::oid END', 'i')$$,
    $$VALUES ('4000000000', 4::bigint)$$, 'a stored and a computed number above 2^31 are one region');
SELECT is((SELECT cuts FROM rank_cuts_by('family', '1', 'score', w)), rank_cuts('family', 'score', w), 'weight ' || w)
FROM unnest(ARRAY['persons::int2', 'persons', 'persons::int8', 'persons::numeric']) w;

-- errors
SELECT throws_ok(format('SELECT rank_cuts_by(%s)', arguments), code, NULL, 'by: ' || arguments) FROM (VALUES
    ($$'family', 'regio', 'score'$$, '42703'), ($$'family', 'id, region', 'score'$$, '42601'), ($$'family', 'random()', 'score'$$, '22023'),
    ($$'family', 'region', 'score', '-1'$$, '22023'), ($$'family', 'region', 'score', '-1::float8'$$, '22023'),
    ($$'family', 'region', 'score', '''NaN''::float8'$$, '22023'), ($$'family', 'region', 'score', '1.7e308::float8'$$, '22003'),
    ($$'family', 'region', 'score', '9223372036854775807'$$, '22003'), ($$'family', 'region', 'score', 'persons', 1$$, '22023'),
    ($$'family', NULL, 'score'$$, '22004'), ($$NULL, 'region', 'score'$$, '22004'), ($$'family', 'region', NULL$$, '22004'),
    ($$'family', 'region', 'score', NULL, NULL$$, '22004')) v(arguments, code);
SELECT throws_ok(format('SELECT rank_cuts(%s)', arguments), code, NULL, arguments) FROM (VALUES
    ($$'family', 'scor'$$, '42703'), ($$'family', 'score', 'person'$$, '42703'), ($$'family', 'score', condition => 'x'$$, '42703'),
    ($$'family', ''$$, '42601'), ($$'family', 'score, id'$$, '42601'), ($$'family', '*'$$, '42601'), ($$'family', 'score AS x'$$, '42601'),
    ($$'family', 'score FROM family'$$, '42601'), ($$'family', 'DISTINCT score'$$, '42601'), ($$'family', 'score; DROP TABLE family'$$, '42601'),
    ($$'family', 'score) FROM family --'$$, '42601'), ($$'family', 'score /*'$$, '42601'), ($$'family', 'score UNION SELECT 1'$$, '42601'),
    ($$'family', 'score', condition => 'true GROUP BY id'$$, '42601'), ($$'family', 'score', condition => 'true); DELETE FROM family; SELECT (1'$$, '42601'),
    ($$'family', '$1'$$, '42P02'), ($$'family', 'sum(score)'$$, '42803'), ($$'family', 'generate_series(1, 2)'$$, '0A000'),
    ($$'family', 'random()'$$, '22023'), ($$'family', 'score', condition => 'random() < 0.5'$$, '22023'),
    ($$'family', '''a'''$$, '42804'), ($$'family', 'score', 'now()'$$, '42804'), ($$'family', 'score', condition => 'id'$$, '42804'),
    ($$'family', 'score', '-1'$$, '22023'), ($$'family', 'score', '-1::float8'$$, '22023'), ($$'family', 'score', '''NaN''::float8'$$, '22023'),
    ($$'family', 'score', '''Infinity''::float8'$$, '22023'), ($$'family', 'score', '9223372036854775807'$$, '22003'),
    ($$'family', 'score', '1.7e308::float8'$$, '22003'), ($$'family', 'score', 'persons', 1$$, '22023'), ($$'family', 'score', 'persons', 10001$$, '22023'),
    ($$'family', NULL$$, '22004'), ($$NULL::text, 'score'$$, '22004'), ($$'family', 'score', 'persons', NULL$$, '22004'),
    ($$'nothing', 'score'$$, '42P01'), ($$0::oid::regclass, 'score'$$, '42P01'), ($$'family', '1 / (id - id)'$$, '22012')) v(arguments, code);
SELECT throws_ok($$SELECT _rank_scan('\x0102', 1, 1::bigint)$$, '22023', NULL, 'bytes that are no plan');
SELECT throws_ok($$SELECT _rank_scan(NULL, 1, 1::bigint)$$, '22004', NULL, 'no plan');

-- the rights are the caller's
CREATE ROLE dtsen_rank_reader;
GRANT USAGE ON SCHEMA dtsen TO dtsen_rank_reader;
GRANT SELECT ON family_view TO dtsen_rank_reader;
CREATE FUNCTION state_of(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'read';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
SET LOCAL ROLE dtsen_rank_reader;
SELECT state_of($$SELECT dtsen.rank_cuts('public.family_view', 'score')$$) AS of_view,
    state_of($$SELECT dtsen.rank_cuts('public.family', 'score')$$) AS of_table \gset
RESET ROLE;
SELECT is(:'of_view'::text, 'read', 'who may read the view may rank it');
SELECT is(:'of_table'::text, '42501', 'who may not read the table may not');
ALTER TABLE family ENABLE ROW LEVEL SECURITY;
CREATE POLICY one_region ON family USING (region = 2);
GRANT SELECT ON family TO dtsen_rank_reader;
SELECT desil_cuts(score, persons) AS wanted FROM family WHERE region = 2 \gset
SET LOCAL ROLE dtsen_rank_reader;
SELECT dtsen.rank_cuts('public.family', 'score', 'persons') AS got \gset
RESET ROLE;
SELECT is(:'got'::text, :'wanted'::text, 'row security holds');
SET LOCAL ROLE dtsen_rank_reader;
SELECT string_agg(region || cuts::text, '') AS got FROM dtsen.rank_cuts_by('public.family', 'region', 'score', 'persons') \gset
RESET ROLE;
SELECT is(:'got'::text, '2' || :'wanted'::text, 'by region too');

-- one snapshot: what this statement adds is not seen
CREATE FUNCTION add_and_rank() RETURNS float8[] LANGUAGE sql VOLATILE AS $$
    INSERT INTO family (id, score, persons) VALUES (-1, 1, 1000000);
    SELECT dtsen.rank_cuts('family', 'score', 'persons') $$;
SELECT is((add_and_rank())[9], 1::float8, 'a later statement sees earlier ones');

-- ---------------------------------------------------------------------------
-- Assignment and windows
-- ---------------------------------------------------------------------------
-- Cuts of every length and form (short, compressed, of a variable, of a subquery), in turns:
-- what is kept of the row before is not taken for those of this one.
CREATE TABLE cut_rows AS
SELECT i, n, (SELECT array_agg((CASE WHEN k = n THEN k + i % 3 ELSE k END)::float8 ORDER BY k) FROM generate_series(1, n) k) AS cuts
FROM generate_series(1, 240) i, LATERAL (SELECT (ARRAY[1, 2, 9, 9, 9, 10, 16, 17, 99, 4000])[1 + i % 10] AS n) l;
CREATE FUNCTION by_variable(score float8, cuts float8[]) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    RETURN dtsen.desil(score, cuts);
END $$;
SELECT is_empty($$SELECT i, s FROM cut_rows, unnest(ARRAY[0, 1, 1.5, 9, 10, 11, 99, 100, 4001, 5000]::float8[]) s,
        LATERAL (SELECT 1 + count(*) AS wanted FROM unnest(cuts) c WHERE c < s) w
    WHERE desil(s, cuts) <> wanted OR by_variable(s, cuts) <> wanted OR desil(s, (SELECT cuts)) <> wanted OR desil(s, cuts || 1e9) <> wanted$$,
    'desil counts the cuts below, whatever the row before had');
SELECT is_empty($$SELECT i FROM cut_rows, generate_series(0, 9) s WHERE n = 9 AND desil(s, (SELECT c.cuts FROM cut_rows c WHERE c.i = 3)) <> greatest(s, 1)$$,
    'cuts of a subquery');

-- the planner knows how many groups there are if it is told, and guesses few if it must
CREATE FUNCTION planned_groups(query text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
SELECT desil_cuts(score) AS cuts FROM large \gset
SELECT format('SELECT desil(score, %L), count(*) FROM large GROUP BY 1', :'cuts') AS grouped \gset
SELECT cmp_ok(planned_groups(:'grouped'), '>', 100000::float8, 'of itself it plans for as many groups as scores');
SELECT is(planned_groups($$SELECT d, count(*) FROM (SELECT desil(score, (SELECT rank_cuts('large', 'score'))) AS d FROM large OFFSET 0) x GROUP BY d$$),
    200::float8, 'a subquery with OFFSET 0: 200');
SELECT format('CREATE STATISTICS of_desil ON (desil(score, %L)) FROM large', :'cuts') \gexec
ANALYZE large;
SELECT is(planned_groups(:'grouped'), 10::float8, 'statistics of the expression: 10');

-- a cut that is NaN assigns nobody: desil() refuses it
CREATE VIEW number_family AS SELECT * FROM family WHERE (score = 'NaN') IS NOT TRUE;
SELECT is_empty($$SELECT id FROM (SELECT id, quantile_group(score, c) q, desil(score, c) d, percentile(score, p) pc
        FROM number_family, (SELECT desil_cuts(score, persons) c, desil_cuts(score, persons, 100) p FROM number_family) x) y
    WHERE q IS DISTINCT FROM d OR d IS DISTINCT FROM (pc + 9) / 10$$, 'desil, quantile_group, percentile');
SELECT throws_ok($$SELECT percentile(1, '{1,2}')$$, '22023', NULL, 'percentiles need 99 cuts');
SELECT is_empty(format($$SELECT id FROM (
        SELECT id, weighted_ntile(%1$s, persons::bigint) OVER w AS i, weighted_ntile(%1$s, persons * 0.125::float8) OVER w AS f,
               desil(score, (SELECT desil_cuts(score, persons, %1$s) FROM number_family)) AS d, persons
        FROM number_family WHERE score IS NOT NULL AND persons IS NOT NULL WINDOW w AS (ORDER BY score)) x
    WHERE persons > 0 AND (i <> d OR f <> d)$$, n), 'weighted_ntile is the group by the cuts, ' || n)
FROM unnest(ARRAY[2, 3, 10, 10000]) n;
SELECT is_empty($$SELECT id FROM (
        SELECT id, region, desil_position(persons::bigint) OVER w AS i, desil_position(persons * 0.5::float8) OVER w AS f,
               weighted_ntile(10, persons::bigint) OVER w AS d,
               (sum(persons) OVER w - sum(persons) OVER (PARTITION BY region, score))::numeric AS b,
               sum(persons) OVER (PARTITION BY region) AS t
        FROM family WHERE persons IS NOT NULL WINDOW w AS (PARTITION BY region ORDER BY score)) x
    WHERE abs(i - (10 * b / t - (d - 1))::float8) > 1e-15 OR abs(f - i) > 1e-15 OR i < 0 OR i > 1 OR (i = 1 AND b < t)$$,
    'desil_position is the rest of the decile, by region');
SELECT is_empty($$SELECT id FROM (
        SELECT id, region, weighted_cume_dist(persons::bigint) OVER w AS c, weighted_percent_rank(persons::bigint) OVER w AS b,
               weighted_cume_dist(persons * 0.5::float8) OVER w AS cf, weighted_percent_rank(persons * 0.5::float8) OVER w AS bf,
               sum(persons) OVER w / sum(persons::float8) OVER (PARTITION BY region) AS c0,
               (sum(persons) OVER w - sum(persons) OVER (PARTITION BY region, score)) / sum(persons::float8) OVER (PARTITION BY region) AS b0
        FROM family WHERE persons IS NOT NULL WINDOW w AS (PARTITION BY region ORDER BY score)) x
    WHERE abs(c - c0) + abs(b - b0) + abs(cf - c0) + abs(bf - b0) > 1e-14$$, 'weighted_cume_dist and weighted_percent_rank, by region');
SELECT is_empty($$SELECT id FROM (SELECT id, weighted_percent_rank(persons::bigint) OVER (ORDER BY score) AS r,
        rank_of((SELECT rank_state(score, persons) FROM family), score) AS o FROM family WHERE score IS NOT NULL) x WHERE r <> o$$,
    'rank_of is weighted_percent_rank');
SELECT results_eq($$SELECT weighted_ntile(2, w) OVER (ORDER BY s), weighted_cume_dist(w) OVER (ORDER BY s), weighted_percent_rank(w) OVER (ORDER BY s)
        FROM (VALUES (1::float8, 6::bigint), (2, 1), (2, 1), (3, NULL), (4, 2)) v(s, w)$$,
    $$VALUES (1, 0.6::float8, 0::float8), (2, 0.8, 0.6), (2, 0.8, 0.6), (NULL, NULL, NULL), (2, 1, 0.8)$$, 'five families');
-- 150,000 families of one score: an hour if each looked back to the first of them
SET LOCAL statement_timeout = '60s';
SELECT results_eq($$SELECT d, count(*) FROM (SELECT weighted_ntile(10, 1::bigint) OVER (ORDER BY g / 150000) d FROM generate_series(0, 150009) g) x GROUP BY 1 ORDER BY 1$$,
    $$VALUES (1, 150000::bigint), (10, 10)$$, 'many families of one score');
RESET statement_timeout;
SELECT is(array_agg(x), ARRAY[NULL, NULL]::int[], 'no weight: NULL') FROM (SELECT weighted_ntile(4, 0::bigint) OVER (ORDER BY g) x FROM generate_series(1, 2) g) y;
SELECT throws_ok(format('SELECT %s OVER (ORDER BY g) FROM generate_series(1, 2) g', f), c, NULL, f) FROM (VALUES
    ('weighted_ntile(1, 1::bigint)', '22023'), ('weighted_ntile(10001, 1::float8)', '22023'), ('weighted_ntile(2, -1::bigint)', '22023'),
    ('weighted_cume_dist(''NaN''::float8)', '22023'), ('weighted_percent_rank(''-1''::float8)', '22023'),
    ('weighted_ntile(2, 9223372036854775807)', '22003'), ('weighted_cume_dist(1.7e308::float8)', '22003')) v(f, c);
SELECT is(ARRAY[rank_of(x, 1), rank_of(x, 2), rank_of(x, 'NaN'), rank_error(x)], ARRAY[0, 0.25, 1, 0]::float8[], 'rank_of, rank_error')
FROM (SELECT rank_state(s, w) x FROM (VALUES (1::float8, 1), (2, 3)) v(s, w)) y;
SELECT is(rank_of(rank_state(1, 0), 1), NULL, 'rank_of without weight');

SELECT * FROM finish();
ROLLBACK;
