-- Ranking against its definition, computed by plain SQL over generated rows.
\set ON_ERROR_STOP on
BEGIN;
SET client_min_messages = warning;
SET search_path = dtsen, public;
SELECT no_plan();

-- ---------------------------------------------------------------------------
-- Generated rows: each case is a multiset of (score, weight)
-- ---------------------------------------------------------------------------
SELECT setseed(0.42);
CREATE TABLE case_row (case_no int, shape text, i int, s float8, w int);

INSERT INTO case_row
SELECT c, 'lognormal', i, exp(13.9 + 0.55 * (random() + random() + random() + random() - 2) * 1.7),
       1 + (random() * 6)::int
FROM generate_series(1, 8) c, generate_series(1, 3 + c * 71) i;
INSERT INTO case_row
SELECT c, 'ties', i, (random() * 12)::int, (random() * 5)::int
FROM generate_series(101, 110) c, generate_series(1, 5 + c % 100 * 13) i;
INSERT INTO case_row
SELECT 201, 'all equal', i, 7, 3 FROM generate_series(1, 97) i;
INSERT INTO case_row
SELECT 202, 'denormals', i, ('4.9406564584124654e-324'::float8) * (random() * 40)::int,
       (random() * 4)::int FROM generate_series(1, 300) i;
INSERT INTO case_row
SELECT c, 'infinities and NaN', i,
       (ARRAY['-Infinity', 'Infinity', 'NaN', '-0', '0', '1', '-1', '1.7976931348623157e308',
              '-1.7976931348623157e308', '2.2250738585072014e-308'])[1 + (random() * 9)::int]::float8,
       (random() * 3)::int FROM generate_series(301, 306) c, generate_series(1, 10 + c % 100 * 20) i;
INSERT INTO case_row
SELECT 401, 'zero weights', i, random(), CASE WHEN i % 3 = 0 THEN 2 ELSE 0 END
FROM generate_series(1, 200) i;
INSERT INTO case_row VALUES (402, 'one row', 1, 5, 4), (403, 'three rows', 1, 1, 1),
    (403, 'three rows', 2, 2, 1), (403, 'three rows', 3, 3, 1),
    (404, 'one heavy row', 1, 1, 1), (404, 'one heavy row', 2, 2, 2000000000),
    (404, 'one heavy row', 3, 3, 1);
INSERT INTO case_row
SELECT 405, 'neighbouring doubles', i, 1e6::float8 + 1.1641532182693481e-10 * (i % 50), 1 + i % 3
FROM generate_series(1, 400) i;
INSERT INTO case_row
SELECT 406, 'many rows', i, round((random() * 5e6)::numeric, 2), 1 + (random() * 11)::int
FROM generate_series(1, 3000) i;
-- what the aggregates must ignore
INSERT INTO case_row
SELECT case_no, shape, -i, CASE WHEN i % 2 = 0 THEN s END, CASE WHEN i % 2 = 1 THEN w END
FROM case_row WHERE i <= 5;

-- Rule A as it is defined, Q_k = min {x : n*C(x) >= k*W}, in exact numeric.
CREATE FUNCTION oracle(which int, n int) RETURNS float8[] LANGUAGE sql AS $$
    WITH x AS MATERIALIZED (
        SELECT s, sum(sum(w)) OVER (ORDER BY s) AS c, sum(sum(w)) OVER () AS total
        FROM case_row WHERE case_no = which AND s IS NOT NULL AND w IS NOT NULL GROUP BY s)
    SELECT array_agg((SELECT min(s) FROM x WHERE n * c >= k * total) ORDER BY k)
    FROM generate_series(1, n - 1) k
$$;

SELECT is_empty(format($$
    SELECT case_no, min(shape), desil_cuts(s, w, %1$s) FROM case_row GROUP BY case_no
    HAVING desil_cuts(s, w, %1$s) IS DISTINCT FROM oracle(case_no, %1$s) $$, n),
    format('%s groups, integer weights: every cut is what the definition says', n))
FROM unnest(ARRAY[2, 3, 5, 7, 10, 100, 1000]) n;
SELECT is_empty(format($$
    SELECT case_no, min(shape) FROM case_row GROUP BY case_no
    HAVING desil_cuts(s, w::float8 / 1024, %1$s) IS DISTINCT FROM oracle(case_no, %1$s) $$, n),
    format('%s groups, float weights', n))
FROM unnest(ARRAY[2, 3, 10, 100]) n;
SELECT is_empty($$
    SELECT case_no FROM case_row GROUP BY case_no
    HAVING desil_cuts(s, w) IS DISTINCT FROM desil_cuts(s, w::bigint, 10)
        OR desil_cuts(s, w) IS DISTINCT FROM rank_cuts(rank_state(s, w), 10)
        OR desil_cuts(s, w) IS DISTINCT FROM rank_cuts(rank_state(s, w::float8)) $$,
    'the forms of the same question agree');
SELECT cmp_ok(count(DISTINCT case_no), '>=', 30::bigint, 'there were cases') FROM case_row;

-- Many groups at once: rows of all of them wait together, of several aggregates
-- and, in grouping sets, of several memory contexts.
CREATE TABLE crowd AS
SELECT i, (random() * 3000)::int AS g, CASE WHEN i % 17 > 0 THEN round((random() * 100)::numeric) END::float8 AS s,
       CASE WHEN i % 19 > 0 THEN (random() * 9)::int END AS w
FROM generate_series(1, 40000) i;
CREATE INDEX ON crowd (g);
CREATE TABLE crowd_alone (g, d, f, x, y) AS
SELECT g, c.* FROM generate_series(0, 3000, 20) g, LATERAL (SELECT desil_cuts(s, w) AS d, desil_cuts(s, w / 8::float8, 3) AS f,
    rank_state(s, w)::text AS x, rank_state(s)::text AS y FROM crowd o WHERE o.g = g.g) c;
SET LOCAL enable_hashagg = off;
CREATE TABLE crowd_sorted (g, n, d, f, x, y, o) AS
SELECT g, count(*), desil_cuts(s, w), desil_cuts(s, w / 8::float8, 3), rank_state(s, w)::text, rank_state(s)::text, sum(s) FROM crowd GROUP BY g;
RESET enable_hashagg;
SET LOCAL enable_sort = off;
CREATE TABLE crowd_hashed (g, n, d, f, x, y, o) AS
SELECT g, count(*), desil_cuts(s, w), desil_cuts(s, w / 8::float8, 3), rank_state(s, w)::text, rank_state(s)::text, sum(s) FROM crowd GROUP BY g;
RESET enable_sort;
SELECT is_empty('TABLE crowd_hashed EXCEPT TABLE crowd_sorted', '3,000 groups: hashed as sorted');
SELECT cmp_ok(count(*), '>', 2900::bigint, 'and there are as crowd') FROM crowd_hashed;
SELECT is_empty('SELECT g, d, f, x, y FROM crowd_sorted WHERE g % 20 = 0 EXCEPT SELECT g, d, f, x, y FROM crowd_alone', 'as each group alone');
SELECT is_empty($$SELECT s.g, s.d, s.x FROM (SELECT g, w, desil_cuts(s, w) AS d, rank_state(s, w)::text AS x, grouping(g) AS a, grouping(w) AS b
        FROM crowd GROUP BY GROUPING SETS (g, w, ())) s WHERE a = 0 EXCEPT SELECT g, d, x FROM crowd_sorted$$, 'in grouping sets');
SELECT is_empty($$SELECT i FROM (SELECT i, desil_cuts(s, w) OVER (PARTITION BY g ORDER BY i) AS d,
        (SELECT desil_cuts(o.s, o.w) FROM crowd o WHERE o.g = m.g AND o.i <= m.i) AS alone FROM crowd m WHERE g < 30) x
    WHERE d IS DISTINCT FROM alone$$, 'as a window function, which reads on the way');
SELECT throws_ok('SELECT g, desil_cuts(s, 1, 2 + (i / 39990)) FROM crowd GROUP BY g', '22023',
    'number of groups must be the same in every row', 'also of a row that waits');
SELECT throws_ok('SELECT g, desil_cuts(s, 9223372036854775807) FROM crowd GROUP BY g', '22003', NULL, 'and an overflow');
CREATE AGGREGATE begun_state(float8) (SFUNC = dtsen._rank_add, STYPE = rank_state, INITCOND = '1:integer:0:1:0{5:2}');
SELECT is(array_agg(x::text ORDER BY g), ARRAY['1:integer:0:3:0{2:1,4:1,5:2}', '1:integer:0:3:0{1:1,3:1,5:2}'],
    'a state that came from elsewhere is not taken for one that is here')
FROM (SELECT i % 2 AS g, begun_state(i) AS x FROM generate_series(1, 4) i GROUP BY 1) x;
DROP AGGREGATE begun_state(float8);

-- Without weights: core's percentile_disc, with fractions that are exact.
SELECT is_empty(format($$
    SELECT case_no FROM case_row WHERE s IS NOT NULL GROUP BY case_no
    HAVING rank_cuts(rank_state(s), %1$s) IS DISTINCT FROM
        (percentile_disc((SELECT array_agg(k / %1$s::float8) FROM generate_series(1, %1$s - 1) k))
             WITHIN GROUP (ORDER BY s)) $$, n),
    format('%s groups without weights: equal to percentile_disc', n))
FROM unnest(ARRAY[2, 4, 8, 64]) n;
SELECT is_empty($$
    SELECT case_no FROM case_row WHERE s IS NOT NULL GROUP BY case_no HAVING count(*) % 10 <> 0 AND
        desil_cuts(s) IS DISTINCT FROM (percentile_disc(
            ARRAY[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) WITHIN GROUP (ORDER BY s)) $$,
    'deciles without weights: equal to percentile_disc');

-- Float weights whose sums no double holds: m / 2^20 with m of 52 bits.
CREATE TABLE fine_row AS
SELECT i, (random() * 50)::int::float8 AS s, (random() * 4503599627370495)::bigint AS m
FROM generate_series(1, 2000) i;
INSERT INTO fine_row VALUES (0, 25, 1), (0, 24, 4503599627370495);
SELECT is(desil_cuts(s, m / 1048576.0::float8, 500),
    (SELECT array_agg(q ORDER BY k) FROM (
        SELECT k, (SELECT min(s) FROM (SELECT s, sum(sum(m)) OVER (ORDER BY s) AS c,
                                              sum(sum(m)) OVER () AS total FROM fine_row GROUP BY s) x
                   WHERE 500 * c >= k * total) AS q FROM generate_series(1, 499) k) y),
    'sums of float weights are not rounded') FROM fine_row;
SELECT is(desil_cuts(s, w, 2), ARRAY[2]::float8[], 'one unit beside 2^60 decides a cut')
FROM (VALUES (1::float8, 1152921504606846976::float8), (2, 1), (3, 1152921504606846976), (4, 0.5)) v(s, w);
SELECT is(desil_cuts(s, w, 2), ARRAY[1]::float8[], 'and so does its absence')
FROM (VALUES (1::float8, 1152921504606846976::float8), (3, 1152921504606846976)) v(s, w);
SELECT is(desil_cuts(s, w, 2), ARRAY[2]::float8[], 'integers past 2^53 are exact, too')
FROM (VALUES (1::float8, 4611686018427387903::bigint), (2, 2), (3, 4611686018427387902)) v(s, w);
SELECT is(desil_cuts(s, w, 2), ARRAY[2]::float8[], 'the least weight there is counts')
FROM (VALUES (1::float8, '5e-324'::float8), (2, '1e-323')) v(s, w);

-- ---------------------------------------------------------------------------
-- Assignment
-- ---------------------------------------------------------------------------
-- desil() refuses cuts that are NaN; what it would say otherwise:
CREATE FUNCTION quantile_of(s float8, cuts float8[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT 1 + count(*)::int FROM unnest(cuts) q WHERE s > q
$$;
SELECT is_empty(format($$
    SELECT s FROM (
        SELECT case_no, s, w, sum(w) OVER (PARTITION BY case_no ORDER BY s)
                             - sum(w) OVER (PARTITION BY case_no, s) AS below,
               sum(w) OVER (PARTITION BY case_no) AS total
        FROM case_row WHERE s IS NOT NULL AND w IS NOT NULL) r
    JOIN (SELECT case_no, desil_cuts(s, w, %1$s) AS cuts FROM case_row GROUP BY case_no
          HAVING 'NaN' <> ALL (desil_cuts(s, w, %1$s))) c USING (case_no)
    WHERE desil(s, cuts) IS DISTINCT FROM
          LEAST(1 + floor(%1$s * below::numeric / total), %1$s) AND w > 0 $$, n),
    format('the cuts reproduce 1 + floor(%s * B / W) of every row', n))
FROM unnest(ARRAY[2, 3, 10, 100]) n;
SELECT is_empty($$
    SELECT s FROM case_row JOIN (SELECT case_no, desil_cuts(s, w) AS d, desil_cuts(s, w, 20) AS v,
                                        desil_cuts(s, w, 100) AS p
                                 FROM case_row GROUP BY case_no HAVING 'NaN' <> ALL (desil_cuts(s, w, 100))) c USING (case_no)
    WHERE desil(s, d) <> (desil(s, p) + 9) / 10 OR desil(s, d) <> (desil(s, v) + 1) / 2 $$,
    'percentiles and ventiles nest in deciles');
SELECT is(array_agg(desil(s, '{10,20,20,30}') ORDER BY o), ARRAY[1, 1, 2, 2, 4, 4, 5, 5, 1, 5]::int[],
    'a score at a cut is in the poorer group, NaN in the last')
FROM (VALUES (1, -5::float8), (2, 10), (3, 10.5), (4, 20), (5, 20.5), (6, 30), (7, 31), (8, 'NaN'),
             (9, '-Infinity'), (10, 'Infinity')) v(o, s);
SELECT is(ARRAY[desil('NaN', '{1,Infinity}'), desil('Infinity', '{1,Infinity}'), desil(-0.0, '{0}'), desil(0, '{-0}')],
    ARRAY[3, 2, 1, 1], 'a cut may be infinite; -0 and 0 are the same');
SELECT is(desil(NULL, '{1}'), NULL, 'no score, no group');
SELECT is(desil(1, NULL), NULL, 'no cuts, no group');
SELECT is(desil(s, ARRAY[1, 5, 9]::float8[]), desil(s, cuts), 'constant cuts and cuts of a row agree')
FROM (VALUES (0::float8, '{1,5,9}'::float8[]), (5, '{1,5,9}'), (10, '{1,5,9}')) v(s, cuts);
SELECT is(array_agg(desil(15, cuts) ORDER BY o), ARRAY[2, 1, 2, 3, 1], 'cuts may change from row to row')
FROM (VALUES (1, '{10,20}'::float8[]), (2, '{20,30}'), (3, '{10,20}'), (4, '{1,2,20}'), (5, '{15}')) v(o, cuts);
CREATE FUNCTION changing_cuts() RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE cuts float8[]; result int[];
BEGIN
    FOREACH cuts SLICE 1 IN ARRAY '{{10,20},{1,2},{10,20}}'::float8[] LOOP
        result := result || desil(15, cuts);
    END LOOP;
    RETURN result;
END $$;
SELECT is(changing_cuts(), ARRAY[2, 3, 2], 'and from call to call of one expression in PL/pgSQL');
SELECT is(desil(500.5, (SELECT array_agg(k::float8) FROM generate_series(1, 999) k)), 501, '1000 groups');
-- each function that takes cuts refuses the same ones, in the same words
SELECT throws_ok(format(f, c), code, message, format(f, c)) FROM unnest(ARRAY['SELECT desil(1, %L)', 'SELECT percentile(1, %L)',
        'SELECT rank_movement(1, 2, %1$L, ''{1,2}'', 1)', 'SELECT rank_movement(1, 2, ''{1,2}'', %1$L, 1)', 'SELECT rank_movement_effects(1, 2, %1$L, ''{1,2}'', 1)']) AS f,
    (VALUES ('{1,NULL}', '22004', 'cuts must not contain nulls'), ('{NULL}', '22004', 'cuts must not contain nulls'), ('{NULL,NaN}', '22004', 'cuts must not contain nulls'),
        ('{1,NaN}', '22023', 'cuts must not contain NaN'), ('{2,1}', '22023', 'cuts must be in ascending order'),
        ('{}', '2202E', 'cuts must be an array of one dimension'), ('{{1,2}}', '2202E', 'cuts must be an array of one dimension')) AS c (c, code, message);
SELECT throws_ok($$SELECT desil(1, '{NaN,1}')$$, '22023', 'cuts must not contain NaN', 'cuts: NaN is told before the order');
SELECT throws_ok($$SELECT desil(1, c) FROM (VALUES ('{1,2}'::float8[]), ('{2,1}')) v(c)$$, '22023', NULL,
    'cuts: also a later row is checked');

-- ---------------------------------------------------------------------------
-- The result is a function of the multiset: any split, order, nesting, plan
-- ---------------------------------------------------------------------------
CREATE TABLE whole AS
SELECT case_no, rank_state_send(rank_state(s, w)) AS i, rank_state_send(rank_state(s, w::float8 / 7)) AS f
FROM case_row GROUP BY case_no;
SELECT is_empty(format($$
    SELECT case_no FROM (
        SELECT case_no, rank_state_send(rank_state_merge(i ORDER BY md5(part::text || %2$L))) AS i,
               rank_state_send(rank_state_merge(f ORDER BY md5(part::text || %2$L))) AS f
        FROM (SELECT case_no, abs(hashint4(i * 31 + %2$s)) %% %1$s AS part,
                     rank_state(s, w ORDER BY md5(i::text)) AS i,
                     rank_state(s, w::float8 / 7 ORDER BY -i) AS f
              FROM case_row GROUP BY 1, 2) p GROUP BY case_no) m
    JOIN whole USING (case_no) WHERE m.i <> whole.i OR m.f <> whole.f $$, parts, salt),
    format('merged from %s parts, order %s: identical bytes', parts, salt))
FROM unnest(ARRAY[2, 5, 40]) parts, generate_series(1, 3) salt;
SELECT is_empty($$
    SELECT case_no FROM (
        SELECT case_no, rank_state_merge(x) AS x FROM (
            SELECT case_no, rank_state_merge(x) AS x FROM (
                SELECT case_no, i % 3 AS a, i % 7 AS b, rank_state(s, w) AS x
                FROM case_row GROUP BY 1, 2, 3) p GROUP BY case_no, a) q GROUP BY case_no) r
    JOIN whole USING (case_no) WHERE rank_state_send(r.x) <> whole.i $$, 'nested merges: identical bytes');

CREATE TABLE many AS SELECT i, (random() * 40000)::int::float8 AS s, 1 + (random() * 9)::int AS w
                     FROM generate_series(1, 150000) i;
ANALYZE many;
CREATE TABLE one_process AS
SELECT desil_cuts(s, w) AS d, desil_cuts(s, w / 3.0::float8, 100) AS p,
       md5(rank_state_send(rank_state(s, w))) AS st, md5(rank_state_send(rank_state(s))) AS u FROM many;
\ir include/plan_of.sql
ALTER TABLE many SET (parallel_workers = 3);
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT matches(plan_of($$SELECT desil_cuts(s, w), desil_cuts(s, w / 3.0::float8, 100),
        md5(rank_state_send(rank_state(s, w))), md5(rank_state_send(rank_state(s))) FROM many$$),
    'Finalize Aggregate(.|\n)*Partial Aggregate', 'the aggregates have a parallel plan');
SELECT results_eq($$SELECT desil_cuts(s, w), desil_cuts(s, w / 3.0::float8, 100),
        md5(rank_state_send(rank_state(s, w))), md5(rank_state_send(rank_state(s))) FROM many$$,
    'TABLE one_process', 'parallel and serial: identical');
SET LOCAL enable_hashagg = off;
CREATE TABLE by_sort AS SELECT i % 300 AS g, desil_cuts(s, w) AS c FROM many GROUP BY 1;
SET LOCAL enable_hashagg = on;
SET LOCAL enable_sort = off;
SELECT set_eq('SELECT i % 300 AS g, desil_cuts(s, w) AS c FROM many GROUP BY 1', 'TABLE by_sort',
    'by hash, in parallel, and by sort: identical');
RESET enable_sort;
SELECT is_empty($$
    SELECT i FROM (SELECT i, desil_cuts(s, w, 4) OVER (ORDER BY i) AS got,
                          percentile.c AS expected FROM case_row r, LATERAL (
                              SELECT rank_cuts(rank_state(s, w), 4) AS c FROM case_row p
                              WHERE p.case_no = 101 AND p.i <= r.i) percentile
                   WHERE case_no = 101) x WHERE got IS DISTINCT FROM expected $$,
    'as a window function, read and then added to');
SELECT is(count(*), 0::bigint, 'FILTER') FROM (
    SELECT desil_cuts(s, w) FILTER (WHERE i % 2 = 0) AS a FROM many) x,
    (SELECT desil_cuts(s, w) AS b FROM many WHERE i % 2 = 0) y WHERE a <> b;

-- ---------------------------------------------------------------------------
-- What a state says
-- ---------------------------------------------------------------------------
SELECT is_empty($$
    SELECT case_no FROM case_row GROUP BY case_no
    HAVING rank_count(rank_state(s, w)) <> count(*) FILTER (WHERE s IS NOT NULL AND w IS NOT NULL)
        OR rank_ignored(rank_state(s, w)) <> count(*) FILTER (WHERE s IS NULL OR w IS NULL)
        OR rank_total(rank_state(s, w)) <> sum(w) FILTER (WHERE s IS NOT NULL)
        OR rank_total(rank_state(s, w / 1024.0::float8)) <> sum(w / 1024.0) FILTER (WHERE s IS NOT NULL) $$,
    'rows, ignored rows and total');
SELECT is(rank_total(rank_state(1, w)), 0.3, 'a float total is rounded once: ten times 0.03')
FROM (SELECT 0.03::float8 AS w FROM generate_series(1, 10)) x;
SELECT is(rank_state(s, w)::text, NULL, 'no row: NULL') FROM case_row WHERE false;
SELECT is(desil_cuts(s, w), NULL, 'no row: no cuts') FROM case_row WHERE false;
SELECT is(desil_cuts(s, w), NULL, 'only ignored rows: no cuts') FROM case_row WHERE s IS NULL;
SELECT is(desil_cuts(s, 0), NULL, 'no weight: no cuts') FROM case_row;
SELECT is(desil_cuts(s, 0::float8), NULL, 'no float weight: no cuts') FROM case_row;
SELECT is(rank_state_merge(NULL)::text, NULL, 'nothing merged: NULL') FROM generate_series(1, 3);
SELECT is(rank_count(rank_state_merge(x)), 2::bigint, 'NULL is no part')
FROM (SELECT rank_state(g) AS x FROM generate_series(1, 2) g UNION ALL SELECT NULL) p;
SELECT is(split_part(x, ':', 2), kind, 'weights of type ' || type)
FROM (SELECT rank_state(1, 2::int2)::text, 'integer', 'smallint' UNION ALL
      SELECT rank_state(1, 2)::text, 'integer', 'integer' UNION ALL
      SELECT rank_state(1, 2::int8)::text, 'integer', 'bigint' UNION ALL
      SELECT rank_state(1)::text, 'integer', 'none' UNION ALL
      SELECT rank_state(1, 2::float4)::text, 'float', 'real' UNION ALL
      SELECT rank_state(1, 2::numeric)::text, 'float', 'numeric' UNION ALL
      SELECT rank_state(1, 2::float8)::text, 'float', 'double precision') v(x, kind, type);
SELECT is(desil_cuts(g, 1::int2), desil_cuts(g), 'smallint weights') FROM generate_series(1, 77) g;
SELECT is(desil_cuts(g, 1::int2, 3), desil_cuts(g, 1, 3), 'smallint weights and groups')
FROM generate_series(1, 77) g;

-- ---------------------------------------------------------------------------
-- Errors
-- ---------------------------------------------------------------------------
SELECT throws_ok(query, code, NULL, query) FROM (VALUES
    ('SELECT desil_cuts(1, -1)', '22023'),
    ('SELECT desil_cuts(1, -1::int2)', '22023'),
    ('SELECT desil_cuts(1, -1::int8)', '22023'),
    ('SELECT desil_cuts(1, -1::float8)', '22023'),
    ('SELECT desil_cuts(1, ''-5e-324''::float8)', '22023'),
    ('SELECT desil_cuts(1, ''NaN''::float8)', '22023'),
    ('SELECT desil_cuts(1, ''Infinity''::float8)', '22023'),
    ('SELECT rank_state(1, -1)', '22023'),
    ('SELECT rank_state(1, ''-Infinity''::float8)', '22023'),
    ('SELECT desil_cuts(1, 1, 1)', '22023'),
    ('SELECT desil_cuts(1, 1, 10001)', '22023'),
    ('SELECT desil_cuts(1, 1, -5)', '22023'),
    ('SELECT desil_cuts(1, 1, 65546)', '22023'),
    ('SELECT desil_cuts(NULL::float8, 1, 0)', '22023'),
    ('SELECT desil_cuts(1, 1, NULL::int)', '22004'),
    ('SELECT desil_cuts(1, 1, g) FROM generate_series(4, 5) g', '22023'),
    ('SELECT rank_cuts(rank_state(1), 1)', '22023'),
    ('SELECT rank_cuts(rank_state(1), 10001)', '22023'),
    ('SELECT desil_cuts(g, 9223372036854775807) FROM generate_series(1, 2) g', '22003'),
    ('SELECT rank_state(1, 9223372036854775807) FROM generate_series(1, 2) g', '22003'),
    ('SELECT rank_state_merge(x) FROM (SELECT rank_state(g, 5000000000000000000) AS x
      FROM generate_series(1, 2) g GROUP BY g) p', '22003'),
    ('SELECT desil_cuts(g, 1.7e308::float8) FROM generate_series(1, 2) g', '22003'),
    ('SELECT rank_total(rank_state(g, 1.7e308::float8)) FROM generate_series(1, 2) g', '22003'),
    ('SELECT rank_state_merge(x) FROM (SELECT rank_state(1, 1) AS x UNION ALL
      SELECT rank_state(1, 1::float8)) p', '22023')) v(query, code);
SELECT lives_ok('SELECT desil_cuts(NULL::float8, -1)', 'a row without score is ignored before its weight is looked at');
SELECT lives_ok('SELECT desil_cuts(NULL::float8, ''NaN''::float8)', 'also with float weights');
SELECT is(rank_total(rank_state(1, 9223372036854775807)), 9223372036854775807::numeric, 'the greatest total');
CREATE ROLE dtsen_ranking_reader;
GRANT USAGE ON SCHEMA dtsen TO dtsen_ranking_reader;
SET LOCAL ROLE dtsen_ranking_reader;
PREPARE anyone AS SELECT dtsen.desil_cuts(g, 1) FROM generate_series(1, 20) g;
EXECUTE anyone;
RESET ROLE;
SELECT is(has_function_privilege('dtsen_ranking_reader', p.oid, 'execute'), p.proname !~ '^_' OR p.proname = '_rank_scan',
          'privilege on ' || p.oid::regprocedure)
FROM pg_proc p WHERE p.pronamespace = 'dtsen'::regnamespace AND p.proname ~ 'rank|desil';

-- ---------------------------------------------------------------------------
-- Text and binary form
-- ---------------------------------------------------------------------------
SELECT is_empty($$
    SELECT case_no FROM case_row GROUP BY case_no
    HAVING rank_state_send(rank_state(s, w)::text::rank_state) <> rank_state_send(rank_state(s, w))
        OR rank_state_send(rank_state(s, w / 7.0::float8)::text::rank_state)
           <> rank_state_send(rank_state(s, w / 7.0::float8)) $$, 'text round trip: identical bytes');

-- Receives a state through COPY's binary format in a server file; sends it again.
CREATE FUNCTION receive(message bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    file text := current_setting('data_directory') || '/dtsen_pgtap_ranking.bin';
    object oid;
    result bytea;
BEGIN
    object := lo_from_bytea(0, '\x5047434f50590aff0d0a000000000000000000'::bytea || int2send(1::int2)
        || int4send(octet_length(message)) || message || int2send((-1)::int2));
    PERFORM lo_export(object, file);
    PERFORM lo_unlink(object);
    CREATE TEMPORARY TABLE received (x rank_state) ON COMMIT DROP;
    BEGIN
        EXECUTE format('COPY received FROM %L (FORMAT binary)', file);
    EXCEPTION WHEN OTHERS THEN
        DROP TABLE received;
        RAISE;
    END;
    SELECT rank_state_send(x) INTO result FROM received;
    DROP TABLE received;
    RETURN result;
END $$;
SELECT is(receive(i), i, 'binary round trip, integer, case ' || case_no)
FROM whole WHERE case_no IN (1, 101, 202, 303, 406);
SELECT is(receive(f), f, 'binary round trip, float, case ' || case_no)
FROM whole WHERE case_no IN (1, 101, 202, 303, 406);
SELECT is(rank_state_send('1:integer:0:3:1{-1.5:2,1000:4}'::rank_state),
    decode(concat('01', '01', '0000', '0000000000000003', '0000000000000001',
                  '81', 'ffffffffffff0740', '02', '81', '0100000000408780', '04'), 'hex'), 'the bytes of docs/formats.md');

SELECT throws_ok(format('SELECT %L::rank_state', t), '22P02', NULL, 'refused text: ' || left(t, 40))
FROM unnest(ARRAY['', ' ', '{}', '1', '1:integer:0:0:0', '1:integer:0:0:0{', '1:integer:0:0:0{} ',
    '2:integer:0:0:0{}', '0:integer:0:0:0{}', '1:numeric:0:0:0{}', '1:integer:1:0:0{}',
    '1:integer:10001:0:0{}', '1:integer:-2:0:0{}', '1:integer:0:1:0{}', '1:integer:0:0:0{1:1}',
    '1:integer:0:1:0{1:1,2:1}', '1:integer:0:-1:0{1:1}', '1:integer:0:2:0{2:1,1:1}',
    '1:integer:0:2:0{1:1,1:1}', '1:integer:0:2:0{0:1,-0:1}', '1:integer:0:1:0{1:-1}',
    '1:integer:0:1:0{1:1.5}', '1:integer:0:1:0{1:9223372036854775808}',
    '1:integer:0:2:0{1:9223372036854775807,2:1}', '1:integer:0:1:0{:1}', '1:integer:0:1:0{1}',
    '1:integer:0:1:0{1:}', '1:integer:0:1:0{,1:1}', '1:integer:0:1:0{1:1,}', '1:integer:0:1:0{1e999:1}',
    '1:integer:0:1:0{1e-999:1}', '1:integer:0:1:0{0x10:1}', '1:integer:0:1:0{nan:1}',
    '1:integer:0:1:0{inf:1}', '1:integer:0:1:0{--1:1}', '1:integer:0:1:0{1 :1}', '1:integer:0:1:0{1:1*1}',
    '1:integer:0:1:0{' || repeat('1', 500) || ':1}', '1:integer:0:2:0{NaN:1,Infinity:1}',
    '1:float:0:1:0{1:1}', '1:float:0:1:0{1:1*0}', '1:float:0:1:0{1:1*2}', '1:float:0:1:0{1:-1*1}',
    '1:float:0:1:0{1:Infinity*1}', '1:float:0:1:0{1:NaN*1}', '1:float:0:2:0{1:2*1,1:1*1}',
    '1:float:0:2:0{1:1*1,1:1*1}']) t;
SELECT lives_ok(format('SELECT %L::rank_state', t), 'accepted text: ' || t)
FROM unnest(ARRAY['1:integer:0:0:0{}', '1:integer:0:0:7{}', '1:integer:10:5:0{1:0}', '1:integer:0:1:0{-0:1}',
    '1:integer:0:3:0{-Infinity:1,Infinity:1,NaN:1}', '1:float:1000:3:0{1:0*1,1:1*2}',
    '1:integer:0:1:0{1.50e+01:1}']) t;
SELECT throws_ok(format('SELECT receive(%L)', b), '22P03', NULL, 'refused bytes: ' || why)
FROM (SELECT '\x0101000000000000000000010000000000000000'::bytea AS h) x, LATERAL (VALUES
    (overlay(h placing '\x02' from 1 for 1) || '\x8100000000000000f001', 'version'),
    (overlay(h placing '\x03' from 2 for 1) || '\x810000000000f08001', 'kind'),
    (overlay(h placing '\x0001' from 3 for 2) || '\x810000000000f08001', 'groups'),
    (h, 'rows without entries'),
    (overlay(h placing '\xff' from 5 for 1) || '\x810000000000f08001', 'negative rows'),
    (overlay(h placing '\xff' from 13 for 1) || '\x810000000000f0bf01', 'negative ignored'),
    (h || '\x8100', 'cut short'),
    (h || '\x91000000000000f0bf0101', 'length of nine'),
    (h || '\x82000000000000f0bf0100', 'number not in its shortest form'),
    (h || '\x8000000000000000f000', 'one byte too many'),
    (h || '\x81ffffffffffffff7f01', 'minus zero'),
    (h || '\x110101', 'below -infinity'),
    (h || '\x88000000000000f0bf0000000000000080', 'weight past a bigint')) v(b, why);
SELECT throws_ok(format('SELECT receive(%L)', '\x0101'::bytea), '08P01', NULL, 'refused bytes: no header');
-- Every changed byte is refused, or makes the state whose bytes these are.
CREATE FUNCTION verdict(message bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE WHEN receive(message) = message THEN 'same' ELSE 'changed' END;
EXCEPTION WHEN invalid_binary_representation THEN RETURN 'refused';
END $$;
SELECT results_eq($$
    SELECT DISTINCT verdict(set_byte(b, n, v))
    FROM (SELECT rank_state_send(rank_state(g * 1.5, g)) AS b FROM generate_series(1, 3) g
          UNION ALL SELECT rank_state_send(rank_state(g * 1.5, g * 0.7::float8)) FROM generate_series(1, 2) g) x,
         generate_series(0, octet_length(b) - 1) n, unnest(ARRAY[0, 1, 128, 255]) v ORDER BY 1 $$,
    ARRAY['refused', 'same'], 'changed bytes');

-- ---------------------------------------------------------------------------
-- What an engine that splits aggregates (Citus) asks for
-- ---------------------------------------------------------------------------
SELECT is(ARRAY[a.aggcombinefn::oid <> 0, NOT a.aggfinalextra, a.aggkind = 'n', p.pronargs >= 1,
                p.proparallel = 's', t.typtype = 'b', t.typsend::oid <> 0, t.typreceive::oid <> 0,
                a.aggtransspace > 0],
          array_fill(true, ARRAY[9]), 'can be split: ' || a.aggfnoid::regprocedure)
FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_type t ON t.oid = a.aggtranstype
WHERE p.pronamespace = 'dtsen'::regnamespace AND a.aggtranstype IN ('rank_state'::regtype, 'stat_state'::regtype);

-- ---------------------------------------------------------------------------
-- Stored states
-- ---------------------------------------------------------------------------
CREATE TABLE stored (k int, x rank_state);
INSERT INTO stored SELECT i % 5, rank_state(s, w) FROM many GROUP BY 1;
SELECT is(rank_cuts(rank_state_merge(x)), (SELECT d FROM one_process), 'states out of a table, toasted')
FROM stored;
SELECT cmp_ok(min(pg_column_size(x)), '<', 12 * 30000, 'are compact') FROM stored;

SELECT * FROM finish();
ROLLBACK;
