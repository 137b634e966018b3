-- NIKs within some edits: distance against a plain definition, every plan
-- against a sequential scan, estimates against what is there.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;
SELECT setseed(0.4);

-- optimal string alignment as it is defined, on text
CREATE FUNCTION osa(a text, b text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    n int := length(a);
    m int := length(b);
    before int[];
    last int[];
    this int[];
    best int;
BEGIN
    FOR j IN 0..m LOOP last[j] := j; END LOOP;
    FOR i IN 1..n LOOP
        this[0] := i;
        FOR j IN 1..m LOOP
            best := least(last[j - 1] + (substr(a, i, 1) <> substr(b, j, 1))::int, last[j] + 1, this[j - 1] + 1);
            IF i > 1 AND j > 1 AND substr(a, i, 1) = substr(b, j - 1, 1) AND substr(a, i - 1, 1) = substr(b, j, 1) THEN
                best := least(best, before[j - 2] + 1);
            END IF;
            this[j] := best;
        END LOOP;
        before := last;
        last := this;
    END LOOP;
    RETURN this[m];
END $$;
SELECT is(osa('ca', 'abc'), 3, 'the oracle is the restricted distance');
\ir include/damage.sql
CREATE TEMP TABLE pair AS
    SELECT a, damage(a, i % 6) AS b
    FROM (SELECT i, lpad(floor(random() * 1e16)::bigint::text, 16, '0') AS a FROM generate_series(1, 800) i OFFSET 0) s;
SELECT is_empty('SELECT * FROM pair WHERE nik_distance(a::nik, b::nik) <> osa(a, b)', 'nik_distance is the plain distance');
SELECT is_empty('SELECT * FROM pair WHERE (a::nik <-> b::nik) <> (b::nik <-> a::nik) OR ((a::nik <-> b::nik) = 0) <> (a = b)',
    '<-> is symmetric, 0 for equals only');
SELECT is_empty('SELECT * FROM pair, generate_series(-2, 18) k WHERE nik_within(a::nik, b::nik, k) <> (nik_distance(a::nik, b::nik) <= k AND k >= 0)',
    'nik_within follows from the distance');
SELECT is((SELECT count(DISTINCT a::nik <-> b::nik) > 5 FROM pair), true, 'the pairs have all small distances');
SELECT is_empty($$SELECT * FROM pair, LATERAL jsonb_array_length(nik_explain(a::nik, b::nik) -> 'edits') n
    WHERE n <> osa(a, b) OR (nik_explain(a::nik, b::nik) ->> 'distance')::int <> n$$, 'nik_explain lists as many edits as the distance');
SELECT is_empty($$SELECT * FROM pair WHERE nik_explain(a::nik, b::nik)::text ~ '[0-9]{5}'
    OR (osa(a, b) > 3 AND nik_explain(a::nik, b::nik)::text ~ '"(from|to)"')$$, 'and shows no whole number');
-- all numbers within an edit, by text
CREATE FUNCTION one_edit(a text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT a UNION SELECT overlay(a PLACING d::text FROM i FOR 1) FROM generate_series(1, 16) i, generate_series(0, 9) d
    UNION SELECT overlay(a PLACING substr(a, i + 1, 1) || substr(a, i, 1) FROM i FOR 2) FROM generate_series(1, 15) i
$$;
SELECT is_empty($$SELECT a FROM (SELECT a FROM pair LIMIT 40) s
    WHERE (SELECT array_agg(t ORDER BY t) FROM one_edit(a) t) <> (SELECT array_agg(k::text) FROM nik_neighbours(a::nik, 1) k)$$,
    'nik_neighbours(.., 1) has them all, ascending');
SELECT is_empty($$SELECT a FROM (SELECT a FROM pair LIMIT 40) s
    WHERE (SELECT array_agg(k) FROM nik_neighbours(a::nik, 1) k) <> _nik_within_keys(a::nik, 1)$$, 'the keys of the index are the same');
SELECT results_eq($$SELECT k FROM nik_neighbours('3216010101900001', 2) k$$,
    $$SELECT DISTINCT x FROM (
        SELECT k2 x FROM nik_neighbours('3216010101900001', 1) k1, nik_neighbours(k1, 1) k2
        UNION ALL
        SELECT (substr(t, 1, j) || d || substr(t, j + 1))::nik FROM generate_series(1, 16) i,
            LATERAL overlay('3216010101900001' PLACING '' FROM i FOR 1) t, generate_series(0, 15) j, generate_series(0, 9) d) s ORDER BY x$$,
    'nik_neighbours(.., 2): two edits one after the other, or a digit out and another in');
SELECT is(_nik_within_keys('3216010101900001', -1), '{}'::nik[], 'no keys for a negative distance');

-- people: 100 thousand in 5 districts, numbers given as the civil registry does
CREATE TABLE person (n nik, other int);
INSERT INTO person
    SELECT (d * 10000000000 + (extract(day FROM born)::bigint + CASE WHEN woman THEN 40 ELSE 0 END) * 100000000
        + extract(month FROM born)::int * 1000000 + extract(year FROM born)::int % 100 * 10000
        + row_number() OVER (PARTITION BY d, born, woman))::nik, d % 7
    FROM (SELECT 321601 + floor(random() * 5)::bigint d, date '1945-01-01' + floor(random() * 29000)::int born, random() < 0.5 woman
        FROM generate_series(1, 100000)) s;
CREATE INDEX person_n ON person (n);
ANALYZE person;
CREATE TEMP TABLE probe AS
    SELECT row_number() OVER () AS id, n::text AS n, n::text AS p FROM (SELECT n FROM person ORDER BY random() LIMIT 200) s;
UPDATE probe SET p = damage(n, 1) WHERE id % 2 = 0;

\ir include/plan_of.sql
-- the rows of a query with an index and without
CREATE FUNCTION same_rows(query text, wanted text, what text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    indexed text;
    scanned text;
BEGIN
    RETURN NEXT matches(plan_of(query), wanted, what || ': plan');
    EXECUTE 'SELECT md5(string_agg(r::text, '' '' ORDER BY r::text)) || count(*) FROM (' || query || ') r' INTO indexed;
    SET LOCAL enable_indexscan = off;
    SET LOCAL enable_indexonlyscan = off;
    SET LOCAL enable_bitmapscan = off;
    IF plan_of(query) ~ 'Index' THEN
        RAISE EXCEPTION 'still with an index: %', plan_of(query);
    END IF;
    EXECUTE 'SELECT md5(string_agg(r::text, '' '' ORDER BY r::text)) || count(*) FROM (' || query || ') r' INTO scanned;
    SET LOCAL enable_indexscan = on;
    SET LOCAL enable_indexonlyscan = on;
    SET LOCAL enable_bitmapscan = on;
    RETURN NEXT is(indexed, scanned, what || ': rows of a sequential scan');
END $$;

SELECT same_rows(format(q, p), 'Index Cond: \(n = ANY \(_nik_', q)
FROM (SELECT p FROM probe ORDER BY id LIMIT 4) s, unnest(ARRAY[
    'SELECT * FROM person WHERE n %% %L', 'SELECT * FROM person WHERE %L::nik %% n', 'SELECT * FROM person WHERE nik_within(n, %L, 1)',
    'SELECT * FROM person WHERE nik_within(%L, n, 1)', 'SELECT * FROM person WHERE n %% %L::varchar AND other < 3',
    'SELECT count(*) FROM person WHERE n %% %L']) q;
SELECT same_rows(format('SELECT * FROM person WHERE nik_within(n, %L, 0)', n), 'Index Cond: \(n = ', 'nik_within(.., 0)') FROM probe WHERE id = 1;
SELECT unalike(plan_of($$SELECT * FROM person WHERE nik_within(n, '3216010101900001', 4)$$), '%Index%', 'four edits are computed');
SELECT is((SELECT count(*) FROM person WHERE n % NULL), 0::bigint, 'NULL is near nothing');
SELECT is((SELECT count(*) FROM person WHERE nik_within(n, '3216010101900001', -1)), 0::bigint, 'nothing is within less than 0');
SELECT same_rows('SELECT a.n, b.n m FROM (SELECT n FROM person WHERE other = 3 ORDER BY n LIMIT 50) a JOIN person b ON a.n % b.n',
    'Nested Loop(.|\n)*Index Cond: \(n = ANY \(_nik_keys\(', 'join, inner side by index');
SELECT same_rows('SELECT p.id, b.n FROM (SELECT id, p::nik FROM probe WHERE id < 30) p LEFT JOIN person b ON nik_within(p.p, b.n, 1)',
    'Index Cond: \(n = ANY \(_nik_within_keys\(', 'outer join, inner side by index');
SELECT same_rows('SELECT * FROM person WHERE n % (SELECT p::nik FROM probe WHERE id = 2)', 'Index Cond: \(n = ANY \(_nik_keys\(', 'value of a subquery');
-- an index on two columns: only as its first
CREATE INDEX person_on ON person (other, n);
SELECT unalike(plan_of($$SELECT n FROM person WHERE other BETWEEN 1 AND 4 AND n % '3216010101900001' ORDER BY other, n$$), '%Index Cond:%other%_nik_keys%',
    'not on a later column');
DROP INDEX person_on;

-- the setting is read when the plan runs
CREATE FUNCTION found(k int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    PERFORM set_config('dtsen.nik_max_distance', k::text, true);
    EXECUTE 'EXECUTE kept(''3216010101900001'')' INTO n;
    RETURN n;
END $$;
INSERT INTO person SELECT k FROM nik_neighbours('3216010101900001', 2) k WHERE k <-> '3216010101900001' = 2 LIMIT 100;
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE kept(nik) AS SELECT count(*) FROM person WHERE n % $1;
SELECT matches(plan_of('EXECUTE kept(''3216010101900001'')'), 'Index Cond: \(n = ANY \(_nik_keys\(\$1\)\)\)', 'generic plan uses the index');
SELECT is(found(k), (SELECT count(*) FROM person WHERE (n <-> '3216010101900001') <= k), format('the kept plan has the rows of distance %s', k))
FROM unnest('{1,0,2,3,1}'::int[]) k;
SELECT matches(plan_of('EXECUTE kept(''3216010101900001'')'), 'Index Cond', 'and is still the one with the index');
DEALLOCATE kept;
SET LOCAL dtsen.nik_max_distance = 2;
SELECT matches(plan_of($$SELECT * FROM person WHERE n % '3216010101900001'$$), 'Index Cond: \(n = ANY \(_nik_found_keys\(''person_n''', 'a plan made for two edits asks the index first');
RESET dtsen.nik_max_distance;
RESET plan_cache_mode;

-- partitions
CREATE TABLE part (n nik) PARTITION BY RANGE (n);
CREATE TABLE part_a PARTITION OF part FOR VALUES FROM (MINVALUE) TO ('3216030000000000');
CREATE TABLE part_b PARTITION OF part FOR VALUES FROM ('3216030000000000') TO (MAXVALUE);
CREATE INDEX ON part (n);
INSERT INTO part SELECT n FROM person;
ANALYZE part;
SELECT same_rows(format('SELECT * FROM part WHERE n %% %L', p), 'part_a(.|\n)*_nik_keys(.|\n)*part_b(.|\n)*_nik_keys', 'partitions') FROM probe WHERE id = 3;

-- row security: a plain reader keeps the index
CREATE ROLE dtsen_test_reader;
GRANT USAGE ON SCHEMA public TO dtsen_test_reader;
GRANT SELECT ON person, probe TO dtsen_test_reader;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON person FOR SELECT TO dtsen_test_reader USING (other < 5 AND nik_wilayah(n) <@ '3216');
SET LOCAL ROLE dtsen_test_reader;
SELECT same_rows(format('SELECT * FROM person WHERE n %% %L', p), 'Index Cond: \(n = ANY \(_nik_keys', 'below row security') FROM probe WHERE id = 1;
SELECT same_rows(format('SELECT * FROM person WHERE nik_within(n, %L, 1)', p), 'Index Cond: \(n = ANY \(_nik_within_keys', 'below row security') FROM probe WHERE id = 2;
SELECT same_rows($$SELECT * FROM person WHERE n BETWEEN '3216010101000000' AND '3216010201000000'$$, 'Index Cond', 'a range below row security');
SELECT is((SELECT count(*) FROM person WHERE n % '3216010101900001' AND other >= 5), 0::bigint, 'and sees no row of others');
RESET ROLE;
ALTER TABLE person DISABLE ROW LEVEL SECURITY;

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
    FROM probe, LATERAL rows_of(format('SELECT * FROM person WHERE n %% %L', p))), '>=', 0.95, 'within 3 times on 95 of 100 probes: one edit');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT cmp_ok((SELECT avg((greatest(estimated, actual) <= 3 * least(estimated, actual))::int)
    FROM (SELECT p FROM probe ORDER BY id LIMIT 40) s, LATERAL rows_of(format('SELECT * FROM person WHERE nik_within(n, %L, 2)', p))), '>=', 0.95, 'two edits');
RESET max_parallel_workers_per_gather;
SELECT cmp_ok(greatest(estimated, actual) / least(estimated, actual), '<=', 3::float8, 'a join')
FROM rows_of('SELECT * FROM (SELECT n FROM person WHERE other = 3 LIMIT 500) a JOIN person b ON a.n % b.n');
SELECT is(estimated, 157::float8, 'nik_neighbours') FROM rows_of($$SELECT * FROM nik_neighbours('3216010101900001', 1)$$);
-- without statistics, on an empty table, on a column that is one value
CREATE TABLE fresh (n nik);
CREATE INDEX ON fresh (n);
SELECT lives_ok($$SELECT * FROM fresh WHERE n % '3216010101900001'$$, 'empty table');
SELECT cmp_ok(far.estimated, '>=', near.estimated, 'no statistics, any distance')
FROM rows_of($$SELECT * FROM fresh WHERE nik_within(n, '3216010101900001', 16)$$) AS near,
    rows_of($$SELECT * FROM fresh WHERE nik_within(n, '3216010101900001', 700000000)$$) AS far;
INSERT INTO fresh SELECT '3216010101900001' FROM generate_series(1, 1000);
SELECT lives_ok($$SELECT * FROM fresh a JOIN fresh b ON a.n % b.n LIMIT 1$$, 'no statistics');
ANALYZE fresh;
SELECT is(estimated, 1000::float8, 'one value') FROM rows_of($$SELECT * FROM fresh WHERE n % '3216010101900001'$$);
SELECT is(estimated, 1000::float8, 'next to it') FROM rows_of($$SELECT * FROM fresh WHERE n % '3216010101900002'$$);
SELECT cmp_ok(estimated, '<=', 5::float8, 'far from it') FROM rows_of($$SELECT * FROM fresh WHERE n % '3216019999999999'$$);
INSERT INTO fresh SELECT NULL FROM generate_series(1, 1000);
ANALYZE fresh;
SELECT is(estimated, 1000::float8, 'half of it NULL') FROM rows_of($$SELECT * FROM fresh WHERE n % '3216010101900001'$$);
-- nor is a null near to anything in a join, or to a number that only the run knows
CREATE TABLE sparse AS SELECT CASE WHEN row_number() OVER (ORDER BY n) % 20 = 0 THEN n END AS n, NULL::nik AS nothing
    FROM (SELECT n FROM person ORDER BY n LIMIT 4000) s;
CREATE INDEX ON sparse (n);
ANALYZE sparse;
SELECT cmp_ok(greatest(estimated, actual) / least(estimated, actual), '<=', 3::float8, format('where few have a number: %s, %s rows of %s', q, estimated, actual))
FROM unnest(ARRAY['SELECT * FROM sparse a JOIN sparse b ON a.n % b.n', 'SELECT * FROM sparse a JOIN person b ON a.n % b.n',
    'SELECT * FROM person a JOIN sparse b ON nik_within(a.n, b.n, 1)', 'SELECT * FROM sparse a JOIN person b ON a.nothing % b.n',
    'SELECT * FROM sparse WHERE nothing % (SELECT max(n) FROM person)']) AS q, LATERAL rows_of(q);
-- rows that have one near, or none, not pairs
SELECT cmp_ok(greatest(estimated, actual) / least(estimated, actual), '<=', 3::float8, format('%s: %s rows of %s', q, estimated, actual))
FROM unnest(ARRAY['SELECT * FROM sparse a WHERE EXISTS (SELECT FROM person b WHERE a.n % b.n)', 'SELECT * FROM sparse a WHERE EXISTS (SELECT FROM person b WHERE nik_within(b.n, a.n, 1))',
    'SELECT * FROM sparse a WHERE NOT EXISTS (SELECT FROM person b WHERE a.n % b.n)', 'SELECT * FROM person a WHERE EXISTS (SELECT FROM sparse b WHERE a.n % b.n)']) AS q, LATERAL rows_of(q);

SELECT * FROM finish();
ROLLBACK;
