-- Two and three edits by a btree index alone: the rows of a sequential scan,
-- whatever the index looks like; plans; and that nobody can read an index by the
-- function that the plans call.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SELECT setseed(0.5);

\ir include/damage.sql
\ir include/plan_of.sql
CREATE FUNCTION plans(query text, wanted text, what text) RETURNS text LANGUAGE sql AS $$ SELECT matches(plan_of(query), wanted, what) $$;

-- Numbers as the civil registry gives them, some of them many times over, some
-- without; an index of so few numbers a page that it has three levels.
CREATE TABLE person (id int GENERATED ALWAYS AS IDENTITY, n nik, k nkk);
INSERT INTO person (n, k)
    SELECT n::nik, n::nkk FROM (
        SELECT d * 10000000000 + (extract(day FROM born)::bigint + CASE WHEN woman THEN 40 ELSE 0 END) * 100000000
            + extract(month FROM born)::int * 1000000 + extract(year FROM born)::int % 100 * 10000
            + row_number() OVER (PARTITION BY d, born, woman) AS n
        FROM (SELECT 321601 + floor(random() * 23)::bigint d, date '1945-01-01' + floor(random() * 29000)::int born, random() < 0.5 woman
            FROM generate_series(1, 40000)) s) t;
INSERT INTO person (n, k) SELECT n, k FROM (SELECT n, k FROM person ORDER BY random() LIMIT 50) s, generate_series(1, 100);
INSERT INTO person (n, k) SELECT v::bigint::nik, v::bigint::nkk FROM generate_series(0, 300) i, unnest(ARRAY[i, 9999999999999999 - i, 5000000000000000 + i]) v;
INSERT INTO person (n) SELECT NULL FROM generate_series(1, 2000);
CREATE TABLE probe AS SELECT row_number() OVER () AS pid, p FROM (
    SELECT damage(n::text, (random() * 3)::int)::nik AS p FROM (SELECT n FROM person WHERE n IS NOT NULL ORDER BY random() LIMIT 40) s
    UNION ALL SELECT v FROM unnest('{0000000000000000, 9999999999999999, 0000000000000150, 5000000000000000, 1234567890123456, 3216999999999999}'::nik[]) v) s;
ANALYZE person, probe;

-- the rows of the table: number, distance and how many
CREATE TABLE near AS SELECT pid, n, n <-> p AS d, count(*) AS c FROM person, probe WHERE (n <-> p) <= 3 GROUP BY 1, 2, 3;
SET LOCAL enable_seqscan = off;
-- how many probes have other rows by the index
CREATE FUNCTION wrong(edits int, what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    bad bigint;
    lines int := 0;
BEGIN
    CREATE TEMP TABLE got (pid bigint, n nik, c bigint);
    FOR i IN 1..(SELECT max(pid) FROM probe) LOOP
        EXECUTE format('INSERT INTO got SELECT %s, n, count(*) FROM person WHERE nik_within(n, %L, %s) GROUP BY n', i, (SELECT p FROM probe WHERE pid = i), edits);
    END LOOP;
    SELECT count(*) INTO bad FROM (SELECT pid, n, c FROM near WHERE d <= edits) a FULL JOIN got b USING (pid, n) WHERE a.c IS DISTINCT FROM b.c;
    DROP TABLE got;
    RETURN is(bad, 0::bigint, format('%s edits, %s', edits, what));
END $$;
SELECT unalike(plan_of($$SELECT n FROM person WHERE nik_within(n, '3216014101900001', 2)$$), '%Index%', 'no index: computed');
CREATE INDEX person_n ON person (n) WITH (fillfactor = 10);
SELECT plans(format($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', %s)$$, k),
    format('Index Cond: \(n = ANY \(_nik_found_keys\(''person_n''::_nik_index, ''3216014101900001''::nik, %s\)\)\)', k), k || ' edits') FROM generate_series(2, 3) k;
SELECT plans($$SELECT * FROM person WHERE nik_within('3216014101900001', n, 2)$$, 'found_keys', 'the other way round');
SELECT plans($$SELECT n FROM person WHERE nik_within(n, '3216014101900001', 2)$$, 'Index Only Scan using person_n(.|\n)*found_keys', 'its column alone');
SELECT unalike(plan_of($$SELECT n FROM person WHERE nik_within(n, '3216014101900001', 4)$$), '%found_keys%', 'four edits: computed');
SELECT wrong(2, 'many pages');
SELECT wrong(3, 'many pages');
SELECT is((SELECT count(*) FROM person WHERE nik_within(n, NULL, 2)), 0::bigint, 'NULL is near nothing');
-- a bitmap, and the inner side of a join
SET LOCAL enable_indexscan = off;
SET LOCAL enable_indexonlyscan = off;
SELECT plans($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', 2)$$, 'Bitmap Index Scan(.|\n)*found_keys', 'bitmap');
SELECT wrong(2, 'bitmap');
SET LOCAL enable_indexscan = on;
SET LOCAL enable_indexonlyscan = on;
SELECT plans('SELECT * FROM probe LEFT JOIN person ON nik_within(n, p, 2)', 'Index Cond: \(n = ANY \(_nik_found_keys\(''person_n''::_nik_index, probe.p, 2\)\)\)', 'a join');
SELECT is((SELECT count(*) FROM probe JOIN person ON nik_within(n, p, 2)), (SELECT sum(c)::bigint FROM near WHERE d <= 2), 'its rows');
-- %, and a plan that is kept while the setting changes
SELECT set_config('dtsen.nik_max_distance', '2', true);
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE kept(nik) AS SELECT count(*) FROM person WHERE n % $1;
SELECT plans('EXECUTE kept(''3216014101900001'')', 'Index Cond: \(n = ANY \(_nik_found_keys\(''person_n''::_nik_index, \$1\)\)\)', 'a generic plan of %');
CREATE FUNCTION found(k int, p nik) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    PERFORM set_config('dtsen.nik_max_distance', k::text, true);
    EXECUTE format('EXECUTE kept(%L)', p) INTO n;
    RETURN n;
END $$;
SELECT is(found(k, p), (SELECT coalesce(sum(c), 0)::bigint FROM near a WHERE a.pid = s.pid AND d <= k), format('the kept plan has the rows of distance %s', k))
FROM unnest('{2,0,3,1,2}'::int[]) k, (SELECT * FROM probe WHERE pid IN (3, 44)) s;
DEALLOCATE kept;
RESET plan_cache_mode;
RESET dtsen.nik_max_distance;

-- rows that come and go while the index is there
INSERT INTO person (n) SELECT (n::bigint / 100 * 100 + (random() * 99)::int)::nik FROM person WHERE n IS NOT NULL ORDER BY random() LIMIT 10000;
DELETE FROM person WHERE id % 3 = 0;
UPDATE person SET n = damage(n::text, 1)::nik WHERE id % 5 = 0;
TRUNCATE near;
INSERT INTO near SELECT pid, n, n <-> p, count(*) FROM person, probe WHERE (n <-> p) <= 3 GROUP BY 1, 2, 3;
SELECT wrong(2, 'after changes');
SELECT wrong(3, 'after changes');
-- other indexes: two columns, with deduplication and without, in other orders
DROP INDEX person_n;
CREATE INDEX person_other ON person (id, n);
SELECT unalike(plan_of($$SELECT n FROM person WHERE id = 5 AND nik_within(n, '3216014101900001', 2)$$), '%found_keys%', 'not on a later column');
DROP INDEX person_other;
CREATE INDEX person_other ON person (n, id) WITH (deduplicate_items = off);
SELECT plans($$SELECT n FROM person WHERE id = 5 AND nik_within(n, '3216014101900001', 2)$$, 'person_other(.|\n)*Index Cond: .*found_keys', 'two columns');
SELECT wrong(2, 'two columns');
DROP INDEX person_other;
CREATE INDEX person_other ON person (n) INCLUDE (id) WHERE id % 2 = 0;
SELECT plans($$SELECT n FROM person WHERE id % 2 = 0 AND nik_within(n, '3216014101900001', 2)$$, 'person_other(.|\n)*Index Cond: .*found_keys', 'a part of the table');
SELECT is((SELECT count(*) FROM probe JOIN person ON nik_within(n, p, 3) AND id % 2 = 0), (SELECT count(*) FROM probe JOIN person ON (n <-> p) <= 3 AND id % 2 = 0), 'its rows');
DROP INDEX person_other;
CREATE FUNCTION without(definition text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'CREATE INDEX person_other ON person ' || definition;
    RETURN plan_of($q$SELECT n FROM person WHERE nik_within(n, '3216014101900001', 2)$q$);
END $$;
SELECT unalike(without('(n DESC)'), '%found_keys%', 'not backward');
DROP INDEX person_other;
SELECT unalike(without('(n NULLS FIRST)'), '%found_keys%', 'not with NULLs first');
DROP INDEX person_other;
SELECT unalike(without('USING hash (n)'), '%found_keys%', 'not by hash');
DROP INDEX person_other;
-- family cards have the same
CREATE INDEX person_k ON person (k);
SELECT plans($$SELECT * FROM person WHERE nkk_within(k, '3216014101900001', 2)$$, 'Index Cond: \(k = ANY \(_nkk_found_keys\(''person_k''::_nkk_index', 'nkk');
SELECT is((SELECT count(*) FROM probe JOIN person ON nkk_within(k, p::bigint::nkk, 2)), (SELECT count(*) FROM probe JOIN person ON (k <-> p::bigint::nkk) <= 2), 'its rows');
-- an empty index, one with NULLs alone, one number, a page of nothing else
CREATE TABLE fresh (n nik);
CREATE INDEX fresh_n ON fresh (n);
SELECT is((SELECT count(*) FROM fresh WHERE nik_within(n, '3216014101900001', 2)), 0::bigint, 'empty');
INSERT INTO fresh VALUES (NULL);
SELECT is((SELECT count(*) FROM fresh WHERE nik_within(n, '3216014101900001', 2)), 0::bigint, 'NULL');
INSERT INTO fresh SELECT '3216014101900002' FROM generate_series(1, 5000);
SELECT plans($$SELECT * FROM fresh WHERE nik_within(n, '3216014101900001', 2)$$, 'found_keys', 'one number: plan');
SELECT is((SELECT count(*) FROM fresh WHERE nik_within(n, p, 2)), c, 'one number, near ' || p) FROM (VALUES ('3216014101900001'::nik, 5000::bigint), ('3216014101900333', 0)) v (p, c);
CREATE TEMP TABLE mine (n nik);
CREATE INDEX mine_n ON mine (n);
INSERT INTO mine SELECT n FROM person;
SELECT is((SELECT count(*) FROM mine WHERE nik_within(n, p, 2)), (SELECT count(*) FROM person WHERE (n <-> p) <= 2), 'a temporary table') FROM probe WHERE pid < 4;

-- partitions: each by its own index
CREATE TABLE part (n nik) PARTITION BY RANGE (n);
CREATE TABLE part_a PARTITION OF part FOR VALUES FROM (MINVALUE) TO ('3216110000000000');
CREATE TABLE part_b PARTITION OF part FOR VALUES FROM ('3216110000000000') TO (MAXVALUE);
CREATE INDEX part_n ON part (n);
INSERT INTO part SELECT n FROM person WHERE n IS NOT NULL;
ANALYZE part;
SELECT plans($$SELECT * FROM part WHERE nik_within(n, '3216114101900001', 2)$$, 'part_a(.|\n)*_nik_found_keys\(''part_a_n_idx''(.|\n)*part_b(.|\n)*_nik_found_keys\(''part_b_n_idx''', 'partitions');
SELECT is((SELECT count(*) FROM part WHERE nik_within(n, p, 2)), (SELECT count(*) FROM person WHERE (n <-> p) <= 2), 'their rows') FROM probe WHERE pid < 4;

-- workers would each have a list of their own: the index is not shared out
CREATE INDEX person_n ON person (n);
SET LOCAL enable_bitmapscan = off;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_index_scan_size = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT plans($$SELECT count(*) FROM person WHERE n > '3216014101900001'$$, 'Parallel Index Only Scan', 'other conditions are');
SELECT unalike(plan_of($$SELECT count(*) FROM person WHERE nik_within(n, '3216014101900001', 3)$$), '%Parallel Index%', 'this is not');
SELECT is((SELECT count(*) FROM person WHERE nik_within(n, p, 3)), (SELECT count(*) FROM person WHERE (n <-> p) <= 3), 'with workers') FROM probe WHERE pid < 4;
RESET enable_bitmapscan;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_index_scan_size;
RESET min_parallel_table_scan_size;

-- row security; nobody can name an index
SELECT throws_ok($$SELECT 'person_n'::dtsen._nik_index$$, '0A000', NULL, 'no value in text');
SELECT throws_ok($$SELECT '12345'::dtsen._nkk_index$$, '0A000', NULL, 'nor by number');
SELECT throws_ok($$SELECT 'person_n'::regclass::oid::dtsen._nik_index$$, '42846', NULL, 'nor by a cast');
SELECT throws_ok($$SELECT 'person_n'::regclass::text::dtsen._nik_index$$, '0A000', NULL, 'nor by a cast of text');
SELECT throws_ok($$SELECT '{12345}'::dtsen._nik_index[]$$, '0A000', NULL, 'nor in an array');
SELECT throws_ok($$SELECT dtsen._nik_found_keys('person_n', '3216014101900001', 2)$$, '0A000', NULL, 'nor as an argument');
SELECT is(dtsen._nik_found_keys(NULL, '3216014101900001', 2), NULL, 'NULL says nothing');
CREATE ROLE dtsen_test_reader;
GRANT USAGE ON SCHEMA public TO dtsen_test_reader;
GRANT SELECT ON person TO dtsen_test_reader;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON person FOR SELECT TO dtsen_test_reader USING (id % 2 = 0);
CREATE TEMP TABLE expected AS SELECT count(*) AS c FROM person WHERE (n <-> '3216014101900001') <= 2 AND id % 2 = 0;
GRANT SELECT ON expected TO dtsen_test_reader;
SET LOCAL ROLE dtsen_test_reader;
SELECT plans($$SELECT * FROM person WHERE nik_within(n, '3216014101900001', 2)$$, 'Index Cond: \(n = ANY \(_nik_found_keys', 'below row security');
SELECT is((SELECT count(*) FROM person WHERE nik_within(n, '3216014101900001', 2)), c, 'the rows that may be seen') FROM expected;
RESET ROLE;

-- a search that finds nobody is counted: an index that counts none looks unused
CREATE TABLE nobody (n nik);
CREATE INDEX nobody_n ON nobody (n);
INSERT INTO nobody SELECT (1111110101000000 + i)::nik FROM generate_series(1, 5000) AS i;
SET LOCAL enable_seqscan = off;
SELECT is((SELECT count(*) FROM nobody WHERE nik_within(n, '3216014101900001', 2)), 0::bigint, 'nobody is near');
SELECT cmp_ok(pg_stat_get_xact_numscans('nobody_n'::regclass), '>', 0::bigint, 'which the statistics of the index tell');

SELECT * FROM finish();
ROLLBACK;
