-- SP-GiST over digits: the rows and the order of a sequential scan, whatever the
-- tree looks like; plans, estimates, row security, partitions.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;
SET LOCAL client_min_messages = warning;
SELECT setseed(0.5);

SELECT ok(amvalidate(o.oid), opcname || ' is valid') FROM pg_opclass o WHERE opcname IN ('nik_spgist_ops', 'nkk_spgist_ops');
SELECT is((SELECT count(*) FROM pg_opclass WHERE opcname IN ('nik_spgist_ops', 'nkk_spgist_ops') AND opcdefault), 2::bigint, 'both are defaults');

\ir include/damage.sql
\ir include/plan_of.sql

-- How many probes have other rows within k edits than the table, and other
-- distances than the nearest of a sorted table. The rows of the table come from
-- nik_distance(), which the other file holds against its definition.
CREATE FUNCTION wrong_within(what regclass, bitmap boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    bad bigint;
    scanned text;
BEGIN
    SET LOCAL enable_seqscan = on;
    SET LOCAL enable_indexscan = off;
    SET LOCAL enable_indexonlyscan = off;
    SET LOCAL enable_bitmapscan = off;
    EXECUTE format('CREATE TEMP TABLE scanned AS SELECT p, k, count(n) AS c, coalesce(sum(hashint8extended(n::bigint, 1)), 0) AS s
        FROM probe JOIN %s t ON nik_distance(t.n, p) <= 4, generate_series(0, 4) k WHERE nik_distance(t.n, p) <= k GROUP BY p, k', what);
    SET LOCAL enable_seqscan = off;
    PERFORM set_config('enable_bitmapscan', bitmap::text, true), set_config('enable_indexscan', (NOT bitmap)::text, true),
        set_config('enable_indexonlyscan', (NOT bitmap)::text, true);
    EXECUTE format('SELECT count(*) FROM probe CROSS JOIN generate_series(0, 4) k LEFT JOIN scanned USING (p, k), LATERAL (
        SELECT count(n) AS c, coalesce(sum(hashint8extended(n::bigint, 1)), 0) AS s FROM %s t WHERE nik_within(t.n, p, k)) i
        WHERE i.c <> coalesce(scanned.c, 0) OR i.s <> coalesce(scanned.s, 0)', what) INTO bad;
    scanned := plan_of(format('SELECT n FROM %s t, probe WHERE nik_within(t.n, p, 2)', what));
    IF scanned !~ (CASE WHEN bitmap THEN 'Bitmap Index Scan(.|\n)*_nik_ball' ELSE 'Index Scan(.|\n)*_nik_ball' END) THEN
        RAISE EXCEPTION 'not the plan: %', scanned;
    END IF;
    DROP TABLE scanned;
    RESET enable_seqscan;
    RESET enable_indexscan;
    RESET enable_indexonlyscan;
    RESET enable_bitmapscan;
    RETURN bad;
END $$;
CREATE FUNCTION wrong_nearest(what regclass, most int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    bad bigint;
BEGIN
    SET LOCAL enable_indexscan = off;
    SET LOCAL enable_indexonlyscan = off;
    EXECUTE format('CREATE TEMP TABLE sorted AS SELECT p, array(SELECT nik_distance(n, p) AS d FROM %s t ORDER BY d LIMIT %s) AS d FROM probe', what, most);
    SET LOCAL enable_seqscan = off;
    SET LOCAL enable_sort = off;
    SET LOCAL enable_indexscan = on;
    IF plan_of(format('SELECT (SELECT array_agg(n) FROM (SELECT n FROM %s t ORDER BY n <-> p LIMIT 5) x) FROM probe', what)) !~ 'Order By: \(n <-> ' THEN
        RAISE EXCEPTION 'not ordered by the index';
    END IF;
    EXECUTE format('SELECT count(*) FROM probe JOIN sorted USING (p) WHERE d <> array(
        SELECT nik_distance(n, p) FROM (SELECT n FROM %s t ORDER BY n <-> p LIMIT %s) x)', what, most) INTO bad;
    DROP TABLE sorted;
    RESET enable_seqscan;
    RESET enable_sort;
    RESET enable_indexscan;
    RESET enable_indexonlyscan;
    RETURN bad;
END $$;

-- people of 23 districts, and numbers at every edge
CREATE FUNCTION people(districts int, many int) RETURNS SETOF nik LANGUAGE sql VOLATILE AS $$
    SELECT (d * 10000000000 + (extract(day FROM born)::bigint + CASE WHEN woman THEN 40 ELSE 0 END) * 100000000
        + extract(month FROM born)::int * 1000000 + extract(year FROM born)::int % 100 * 10000
        + row_number() OVER (PARTITION BY d, born, woman))::nik
    FROM (SELECT 321601 + floor(random() * districts)::bigint d, date '1945-01-01' + floor(random() * 29000)::int born, random() < 0.5 woman
        FROM generate_series(1, many)) s $$;
CREATE TABLE person (id int GENERATED ALWAYS AS IDENTITY, n nik);
INSERT INTO person (n) SELECT n FROM people(23, 20000) n ORDER BY random();
INSERT INTO person (n) SELECT repeat(d::text, 16)::nik FROM generate_series(0, 9) d, generate_series(1, 3);
INSERT INTO person (n) SELECT lpad(d::text, 16, '0')::nik FROM generate_series(0, 1000) d;
INSERT INTO person (n) SELECT (9999999999999999 - d)::nik FROM generate_series(0, 1000) d;
INSERT INTO person (n) SELECT (d * 1000000000000000)::nik FROM generate_series(0, 9) d;
INSERT INTO person (n) SELECT NULL FROM generate_series(1, 100);
CREATE INDEX person_s ON person USING spgist (n);
CREATE TABLE probe AS
    SELECT damage(n::text, (id % 5)::int)::nik AS p FROM (SELECT row_number() OVER () AS id, n FROM (SELECT n FROM person WHERE n IS NOT NULL ORDER BY random() LIMIT 60) s) t;
INSERT INTO probe VALUES ('0000000000000000'), ('9999999999999999'), ('1111111111111111'), ('0123456789012345'), ('9000000000000000'), ('0000000000000010');
ANALYZE;
SELECT is(wrong_within('person', false), 0::bigint, '1.4 million pairs: rows of a sequential scan, 0 to 4 edits');
SELECT is(wrong_within('person', true), 0::bigint, 'the same with a bitmap');
SELECT is(wrong_nearest('person', 100), 0::bigint, 'the hundred nearest of a sorted table');

-- one table for each way a tree may grow: sorted, backwards, equal numbers first
-- or in between, few digits, one digit that differs, wide leaves, thousands added later
CREATE FUNCTION grown(name text, numbers text, with_later boolean DEFAULT false) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'DROP TABLE IF EXISTS grow, probe CASCADE';
    CREATE TABLE grow (n nik, filler text);
    EXECUTE 'INSERT INTO grow (n) ' || numbers;
    IF with_later THEN
        CREATE INDEX ON grow USING spgist (n) INCLUDE (filler) WITH (fillfactor = 50);
        EXECUTE 'INSERT INTO grow SELECT x, repeat(''x'', 900) FROM (' || numbers || ') s (x) LIMIT 1500';
        DELETE FROM grow WHERE hashint8(n::bigint) % 3 = 0;
        INSERT INTO grow SELECT n FROM people(9, 2000) n;
    ELSE
        CREATE INDEX ON grow USING spgist (n);
    END IF;
    CREATE TABLE probe AS SELECT DISTINCT damage(n::text, (random() * 4)::int)::nik AS p FROM (SELECT n FROM grow ORDER BY random() LIMIT 8) s;
    ANALYZE grow;
    RETURN NEXT is(wrong_within('grow', true), 0::bigint, name || ': rows');
    RETURN NEXT is(wrong_nearest('grow', (SELECT count(*)::int FROM grow)), 0::bigint, name || ': order of all');
END $$;
SELECT grown('sorted', 'SELECT n FROM people(4, 3000) n ORDER BY 1');
SELECT grown('backwards', 'SELECT n FROM people(4, 3000) n ORDER BY 1 DESC');
SELECT grown('sorted by the end', 'SELECT n FROM people(4, 3000) n ORDER BY reverse(n::text)');
SELECT grown('equal numbers first', $$SELECT '3216014101900001'::nik FROM generate_series(1, 2000) UNION ALL SELECT n FROM people(4, 2000) n$$);
SELECT grown('equal numbers last', $$SELECT n FROM people(4, 2000) n UNION ALL SELECT '3216014101900001'::nik FROM generate_series(1, 2000)$$);
SELECT grown('two numbers', $$SELECT CASE WHEN i % 500 = 499 THEN '3216014101900002' ELSE '3216014101900001' END::nik FROM generate_series(1, 3000) i$$);
SELECT grown('one after equal ones', $$SELECT CASE WHEN i > 2999 THEN '9916014101900002' ELSE '3216014101900001' END::nik FROM generate_series(1, 3000) i$$);
SELECT grown('zeros first', $$SELECT n FROM (SELECT '0000000000000000'::nik n, 0 i FROM generate_series(1, 400) UNION ALL SELECT n, 1 FROM people(4, 2000) n) s ORDER BY i$$);
SELECT grown('two digits', $$SELECT translate(((random() * 65535)::int)::bit(16)::text, '01', '38')::nik FROM generate_series(1, 3000)$$);
SELECT grown('one digit differs', $$SELECT overlay('3216014101900001' PLACING (i % 10)::text FROM 9 FOR 1)::nik FROM generate_series(1, 3000) i$$);
SELECT grown('any digits', $$SELECT floor(random() * 1e16)::bigint::nik FROM generate_series(1, 3000)$$);
SELECT grown('one number', $$SELECT '9999999999999999'::nik$$);
SELECT grown('later, wide leaves', $$SELECT n FROM people(4, 2000) n$$, true);
SELECT grown('later, wide and equal', $$SELECT '3216014101900001'::nik FROM generate_series(1, 300)$$, true);
DROP TABLE grow, probe;
-- a hundred thousand equal numbers
CREATE TABLE many (n nik);
CREATE INDEX many_s ON many USING spgist (n);
INSERT INTO many SELECT '3216014101900001' FROM generate_series(1, 100000);
INSERT INTO many SELECT n FROM people(4, 1000) n WHERE n <-> '3216014101900001' > 2;
ANALYZE many;
SET LOCAL enable_seqscan = off;
SELECT is((SELECT count(*) FROM many WHERE nik_within(n, '3216014101900002', 2)), 100000::bigint, 'a hundred thousand equal numbers');
SELECT is((SELECT count(*) FROM many WHERE n = '3216014101900001'), 100000::bigint, 'and by =');
SELECT is((SELECT count(*) FROM many WHERE nik_within(n, '9999999999999999', 3)), 0::bigint, 'none far away');
RESET enable_seqscan;
DROP TABLE many;

-- plans
DROP TABLE person;
CREATE TABLE person (id int GENERATED ALWAYS AS IDENTITY, n nik);
INSERT INTO person (n) SELECT n FROM people(23, 60000) n ORDER BY random();
INSERT INTO person (n) VALUES (NULL), (NULL);
CREATE INDEX person_s ON person USING spgist (n);
ANALYZE person;
CREATE FUNCTION plans(query text, wanted text, what text) RETURNS text LANGUAGE sql AS $$ SELECT matches(plan_of(query), wanted, what) $$;
CREATE TABLE probe AS SELECT row_number() OVER () AS pid, damage(n::text, (random() * 2)::int)::nik AS p FROM (SELECT n FROM person WHERE n IS NOT NULL ORDER BY random() LIMIT 200) s;
ANALYZE probe;
SELECT plans($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', 2)$$, 'person_s(.|\n)*Index Cond: \(n <@ _nik_ball\(''3216014101900001''::nik, 2\)\)', 'two edits');
SELECT plans($$SELECT * FROM person WHERE nik_within('3216014101900001', n, 2)$$, 'Index Cond: \(n <@ _nik_ball', 'the other way round');
SELECT plans($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', 1)$$, 'Index Cond: \(n <@ _nik_ball', 'one edit without a btree');
SELECT plans($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', 0)$$, 'Index Cond: \(n = ', 'none');
SELECT plans($$SELECT * FROM person WHERE n = '3216014101900001'$$, 'Index Cond: \(n = ', 'equality');
SELECT plans($$SELECT n FROM person WHERE nik_within(n, '3216014101900001', 2)$$, 'Index Cond: \(n <@', 'its column alone');
SELECT plans($$SELECT * FROM person ORDER BY n <-> '3216014101900001' LIMIT 10$$, '^Limit\n  ->  Index Scan using person_s on person\n        Order By: \(n <-> ', 'nearest first');
SELECT plans($$SELECT n FROM person ORDER BY '3216014101900001'::nik <-> n LIMIT 10$$, 'Index Scan using person_s(.|\n)*Order By', 'nearest first, the other way round, from the index alone');
SELECT plans($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', 2) ORDER BY n <-> '3216014101900001' LIMIT 3$$, 'Index Cond: \(n <@', 'both');
SELECT plans('SELECT * FROM probe, LATERAL (SELECT n FROM person ORDER BY n <-> p LIMIT 2) s', 'Order By: \(n <-> probe.p\)', 'nearest of each');
SELECT plans('SELECT * FROM probe JOIN person ON nik_within(n, p, 2) WHERE pid < 5', 'Nested Loop(.|\n)*Index Cond: \(n <@ _nik_ball\(probe.p, 2\)\)', 'a join');
CREATE INDEX person_n ON person (n);
SELECT plans($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', 1)$$, 'Index Cond: \(n = ANY', 'the btree has one edit');
SELECT plans($$SELECT * FROM person WHERE n % '3216014101900001'$$, 'Index Cond: \(n = ANY', 'also by %');
SELECT plans($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', 2)$$, 'Index Cond: \(n = ANY \(_nik_found_keys', 'and two');
DROP INDEX person_n;
SELECT plans($$SELECT * FROM person WHERE n % $$ || quote_literal(p), 'Index Cond: \(n <@ _nik_ball\(''[0-9]{16}''::nik\)\)', 'also by %, with ' || k)
FROM (SELECT p FROM probe WHERE pid = 1) s, generate_series(2, 2) k, set_config('dtsen.nik_max_distance', k::text, true);
-- a plan that is kept follows the setting
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE kept(nik) AS SELECT count(*) FROM person WHERE n % $1;
PREPARE counted(nik, int) AS SELECT count(*) FROM person WHERE nik_within(n, $1, $2);
SELECT plans('EXECUTE kept(''3216014101900001'')', 'Index Cond: \(n <@ _nik_ball\(\$1\)\)', 'a generic plan of %');
CREATE FUNCTION found(k int, p nik, OUT by_setting bigint, OUT by_argument bigint) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('dtsen.nik_max_distance', k::text, true);
    EXECUTE format('EXECUTE kept(%L)', p) INTO by_setting;
    EXECUTE format('EXECUTE counted(%L, %s)', p, k) INTO by_argument;
END $$;
SELECT is(f, row((SELECT count(*) FROM person WHERE n <-> p <= k), (SELECT count(*) FROM person WHERE n <-> p <= k)), format('kept plans have the rows of distance %s', k))
FROM unnest('{2,0,3,1,2}'::int[]) k, (SELECT p FROM probe WHERE pid = 3) s, found(k, p) f;
SELECT plans('EXECUTE counted(''3216014101900001'', 2)', 'Index Cond: \(n <@ _nik_ball\(\$1, \$2\)\)', 'a distance that is a parameter');
DEALLOCATE kept;
DEALLOCATE counted;
RESET plan_cache_mode;
RESET dtsen.nik_max_distance;
SELECT is((SELECT count(*) FROM person WHERE nik_within(n, NULL, 2)), 0::bigint, 'NULL is near nothing');
SELECT is((SELECT count(*) FROM person WHERE nik_within(n, '3216014101900001', -1)), 0::bigint, 'nothing within less than 0');
SET LOCAL enable_seqscan = off;
SET LOCAL enable_indexscan = off;
SELECT is((SELECT count(*) FROM person WHERE nik_within(n, p, k)), CASE WHEN k < 0 THEN 0 ELSE (SELECT count(n) FROM person) END, format('radius %s', k))
FROM (SELECT p FROM probe WHERE pid = 3) s, unnest('{-2147483648,-1,16,17,2147483647}'::int[]) k;
RESET enable_seqscan;
RESET enable_indexscan;
SET LOCAL enable_sort = off;
SET LOCAL enable_seqscan = off;
SELECT is((SELECT count(*) FROM (SELECT n FROM person ORDER BY n <-> '3216014101900001') s), (SELECT count(*) FROM person), 'the order has all rows, also NULL');
-- by two numbers: who is as near to the first is in the order of the second
SELECT is_empty(format($$SELECT * FROM (SELECT a, b, lag(a) OVER w AS a_before, lag(b) OVER w AS b_before FROM (
        SELECT row_number() OVER () AS place, n <-> '3216014101900001' AS a, n <-> %1$L AS b
        FROM (SELECT n FROM person WHERE n IS NOT NULL ORDER BY n <-> '3216014101900001', n <-> %1$L LIMIT 2000) AS s) AS p
    WINDOW w AS (ORDER BY place)) AS q WHERE (a_before, b_before) > (a, b)$$, one), 'the order by two numbers, of which the other is ' || one)
FROM unnest('{3216020202910002,3216014112850003,1101010101010001}'::text[]) AS one;
-- a distance and two orders, all of them other ones with each row of the outer query
CREATE TEMP TABLE pairs AS SELECT p, q FROM (SELECT p, lag(p) OVER (ORDER BY hashint8extended(p::bigint, 1)) AS q FROM probe) AS s WHERE q IS NOT NULL LIMIT 15;
SELECT plans('SELECT (SELECT array_agg(n) FROM (SELECT n FROM person WHERE nik_within(n, p, 5) ORDER BY n <-> q, n <-> p LIMIT 3) x) FROM pairs',
    'Index Cond: (.|\n)*Order By: \(\(n <-> pairs.q\) AND \(n <-> pairs.p\)\)', 'a distance and two orders');
SELECT is((SELECT count(*) FROM pairs WHERE
        array(SELECT nik_distance(n, q) * 100 + nik_distance(n, p) FROM (SELECT n FROM person WHERE nik_within(n, p, 5) ORDER BY n <-> q, n <-> p LIMIT 30) AS x)
        <> array(SELECT nik_distance(n, q) * 100 + nik_distance(n, p) AS d FROM person WHERE nik_distance(n, p) <= 5 ORDER BY d LIMIT 30)),
    0::bigint, 'their rows in their order');
SELECT is((SELECT array_agg(n IS NULL) FROM (SELECT n FROM person ORDER BY n <-> '3216014101900001' OFFSET (SELECT count(n) - 2 FROM person) LIMIT 4) s),
    '{f,f,t,t}', 'NULL comes last');
SELECT is((SELECT count(*) FROM (SELECT n FROM person ORDER BY n <-> NULL) s), (SELECT count(*) FROM person), 'ordered by NULL');
SELECT is((SELECT array_agg(d) FROM (SELECT n <-> '3216014101900001' AS d FROM person WHERE nik_within(n, '3216014101900001', 3) ORDER BY n <-> '3216014101900001' LIMIT 20) s),
    (SELECT array_agg(d) FROM (SELECT n <-> '3216014101900001' AS d FROM person ORDER BY 1 LIMIT 20) s), 'near ones in their order');
RESET enable_sort;
RESET enable_seqscan;
SELECT lives_ok($$CREATE TABLE only_one (n nik, EXCLUDE USING spgist (n WITH =)); INSERT INTO only_one SELECT n FROM (SELECT DISTINCT n FROM person WHERE n IS NOT NULL LIMIT 1000) s$$, 'an exclusion constraint takes different numbers');
SELECT throws_ok($$INSERT INTO only_one SELECT n FROM only_one LIMIT 1$$, '23P01', NULL, 'and refuses equal ones');

-- partitions
CREATE TABLE part (n nik) PARTITION BY RANGE (n);
CREATE TABLE part_a PARTITION OF part FOR VALUES FROM (MINVALUE) TO ('3216110000000000');
CREATE TABLE part_b PARTITION OF part FOR VALUES FROM ('3216110000000000') TO (MAXVALUE);
CREATE INDEX part_s ON part USING spgist (n);
INSERT INTO part SELECT n FROM person WHERE n IS NOT NULL;
ANALYZE part;
SELECT plans($$SELECT * FROM part WHERE nik_within(n, '3216114101900001', 2)$$, 'Append(.|\n)*part_a(.|\n)*_nik_ball(.|\n)*part_b(.|\n)*_nik_ball', 'partitions');
SELECT plans($$SELECT * FROM part ORDER BY n <-> '3216114101900001' LIMIT 5$$, 'Merge Append(.|\n)*part_a(.|\n)*Order By: \(.*n <-> (.|\n)*part_b(.|\n)*Order By: \(.*n <-> ', 'nearest of partitions: merged');
SELECT is((SELECT array_agg(n <-> '3216114101900001' ORDER BY i) FROM (SELECT n, row_number() OVER () i FROM (SELECT n FROM part ORDER BY n <-> '3216114101900001' LIMIT 50) s) t),
    (SELECT array_agg(d) FROM (SELECT n <-> '3216114101900001' AS d FROM person ORDER BY 1 LIMIT 50) s), 'and in order');
SELECT is((SELECT count(*) FROM part WHERE nik_within(n, p, 2)), (SELECT count(*) FROM person WHERE n <-> p <= 2), 'their rows') FROM probe WHERE pid IN (1, 2, 3);
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
ALTER TABLE part_b SET (parallel_workers = 2);
SELECT is((SELECT count(*) FROM part, probe WHERE nik_within(n, p, 2) AND pid < 20), (SELECT count(*) FROM person, probe WHERE n <-> p <= 2 AND pid < 20), 'with workers');
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- anybody may write functions that return a ball, of whatever arguments
CREATE FUNCTION own_ball() RETURNS _nik_ball LANGUAGE plpgsql AS $$ BEGIN RETURN _nik_ball('3216014101900001', 2); END $$;
CREATE FUNCTION own_ball(text, bigint DEFAULT 2) RETURNS _nik_ball LANGUAGE plpgsql AS $$ BEGIN RETURN _nik_ball($1::nik, $2::int); END $$;
SELECT is((SELECT count(*) FROM person WHERE n <@ own_ball()), (SELECT count(*) FROM person WHERE nik_within(n, '3216014101900001', 2)), 'a ball without arguments');
SELECT is((SELECT count(*) FROM person WHERE n <@ own_ball('3216014101900001')), (SELECT count(*) FROM person WHERE nik_within(n, '3216014101900001', 2)), 'a ball of a text');
SELECT is((SELECT count(*) FROM person WHERE n <@ '-5'::_nik_ball), 0::bigint, 'a ball that is none');

-- row security: a plain reader has the plans of the owner
CREATE ROLE dtsen_test_reader;
GRANT USAGE ON SCHEMA public TO dtsen_test_reader;
GRANT SELECT ON person, part, probe TO dtsen_test_reader;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE part ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON person FOR SELECT TO dtsen_test_reader USING (id <= 30000);
CREATE POLICY reader ON part FOR SELECT TO dtsen_test_reader USING (nik_serial(n) < 3);
SET LOCAL ROLE dtsen_test_reader;
SELECT plans($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', 2)$$, 'Index Cond: \(n <@ _nik_ball\(''3216014101900001''::nik, 2\)\)', 'below row security: two edits');
SELECT plans($$SELECT * FROM person ORDER BY n <-> '3216014101900001' LIMIT 10$$, '^Limit\n  ->  Index Scan using person_s on person\n        Order By: \(n <-> .*\n        Filter: ', 'nearest first');
SELECT plans($$SELECT * FROM part WHERE nik_within(n, '3216114101900001', 2)$$, 'Append(.|\n)*part_a(.|\n)*_nik_ball(.|\n)*part_b(.|\n)*_nik_ball', 'partitions');
SELECT plans($$SELECT * FROM part ORDER BY n <-> '3216114101900001' LIMIT 5$$, 'Merge Append(.|\n)*Order By', 'nearest of partitions');
SELECT set_config('dtsen.nik_max_distance', '2', true);
SELECT plans($$SELECT * FROM person WHERE n % '3216014101900001'$$, 'Index Cond: \(n <@ _nik_ball', '%');
RESET dtsen.nik_max_distance;
SELECT is((SELECT count(*) FROM person WHERE nik_within(n, p, 2) AND id > 30000), 0::bigint, 'no row of others') FROM probe WHERE pid = 1;
CREATE TEMP TABLE seen AS SELECT pid, array_agg(n <-> p) AS d FROM probe, LATERAL (SELECT n FROM person ORDER BY n <-> p LIMIT 7) s WHERE pid < 9 GROUP BY 1;
RESET ROLE;
SELECT is(d, (SELECT array_agg(x) FROM (SELECT n <-> p AS x FROM person WHERE id <= 30000 ORDER BY 1 LIMIT 7) s), 'the nearest that may be seen')
FROM seen JOIN probe USING (pid);
ALTER TABLE person DISABLE ROW LEVEL SECURITY;
SELECT is((SELECT count(*) FROM pg_proc WHERE pronamespace = 'dtsen'::regnamespace AND NOT proleakproof
    AND proname IN ('nik_within', 'nik_similar', 'nik_distance', '_nik_in_ball', '_nik_ball', 'nkk_within', 'nkk_similar', 'nkk_distance', '_nkk_in_ball', '_nkk_ball')), 0::bigint, 'leakproof');

-- estimates
CREATE FUNCTION rows_of(query text, OUT estimated float8, OUT actual float8) LANGUAGE plpgsql AS $$
DECLARE
    j json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT json, TIMING off) ' || query INTO j;
    estimated := j -> 0 -> 'Plan' ->> 'Plan Rows';
    actual := greatest((j -> 0 -> 'Plan' ->> 'Actual Rows')::float8, 1);
END $$;
SELECT cmp_ok((SELECT avg((greatest(estimated, actual) <= 3 * least(estimated, actual))::int)
    FROM (SELECT p FROM probe LIMIT CASE k WHEN 3 THEN 120 ELSE 200 END) s, LATERAL rows_of(format('SELECT * FROM person WHERE nik_within(n, %L, %s)', p, k))), '>=', wanted, format('within 3 times: %s edits', k))
FROM generate_series(1, 3) AS k, (VALUES (0.95)) AS v (wanted);
SELECT cmp_ok(greatest(estimated, actual) / least(estimated, actual), '<=', 3::float8, 'a join of two edits')
FROM rows_of('SELECT * FROM probe JOIN person b ON nik_within(p, b.n, 2)');
SELECT ok(actual BETWEEN 600000 AND 800000 AND estimated BETWEEN actual / 2 AND actual * 2, 'nik_neighbours(.., 3) about as many as estimated')
FROM rows_of($$SELECT * FROM nik_neighbours('3216014101900001', 3) n$$);

-- family cards
CREATE TABLE card (n nkk);
INSERT INTO card SELECT n::bigint::nkk FROM people(5, 3000) n;
CREATE INDEX card_s ON card USING spgist (n);
ANALYZE card;
SET LOCAL enable_seqscan = off;
SELECT plans($$SELECT * FROM card WHERE nkk_within(n, '3216014101900001', 2)$$, 'card_s(.|\n)*Index Cond: \(n <@ _nkk_ball\(''3216014101900001''::nkk, 2\)\)', 'nkk: two edits');
SELECT plans($$SELECT n FROM card ORDER BY n <-> '3216014101900001' LIMIT 2$$, 'Order By: \(n <-> ', 'nkk: nearest first');
SELECT is((SELECT count(*) FROM card WHERE nkk_within(n, '3216014101900001', k)), (SELECT count(*) FROM (SELECT n::bigint::nik AS x FROM card OFFSET 0) s WHERE x <-> '3216014101900001' <= k), format('nkk: %s edits', k)) FROM generate_series(0, 4) k;
CREATE INDEX card_n ON card (n);
SELECT plans($$SELECT * FROM card WHERE n % '3216014101900001'$$, 'card_n(.|\n)*Index Cond: \(n = ANY \(_nkk_keys\(', 'nkk: one edit by the btree');

SELECT * FROM finish();
ROLLBACK;
