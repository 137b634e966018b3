-- nik, nkk, kode_wilayah: SQLSTATEs, mixed operands, binary, index support.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;

-- the plan of a query, without costs
\ir include/plan_of.sql
-- what an expression raises: SQLSTATE and all texts of the error, or NULL
CREATE FUNCTION error_of(expression text, OUT state text, OUT words text)
    LANGUAGE plpgsql AS $$
DECLARE
    m text;
    d text;
    h text;
BEGIN
    EXECUTE 'SELECT ' || expression;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, m = MESSAGE_TEXT,
        d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
    words := concat_ws(' ', m, d, h);
END $$;

-- every bad input is 22P02, says which fault it is, and shows no whole number
CREATE TEMP TABLE bad (input text, says text);
INSERT INTO bad VALUES
    ('', 'empty'), ('321601010190000', '15 digits'), ('32160101019000011', '17 digits'),
    ('321601010190000112345678901234', '30 digits'), ('32160101O1900001', 'letter "O" at position 9'),
    ('321601010190000１', 'full-width digit at position 16'),
    ('３２１６０１０１０１９００００１', 'full-width digit at position 1'),
    (E'3216010101\n900001', 'line end at position 11'), (E'3216010101900001\n', 'line end at position 17'),
    (E'3216010101900001\r\n', 'line end at position 17'), (E'\t3216010101900001', 'control character at position 1'),
    ('3.2160E+15', 'scientific notation'), ('3,2160E+15', 'scientific notation'),
    ('''3216010101900001', 'apostrophe at position 1'), ('3216010101900001''', 'apostrophe at position 17'),
    ('3216.0101.0190.0001', 'separator "." at position 5'), ('3216-0101-0190-0001', 'separator "-" at position 5'),
    (' 3216010101900001', 'space at position 1'), ('3216 0101 0190 0001', 'space at position 5'),
    (E'3216010101900001\u00a0', 'space at position 17'), ('3216010101900001.0', 'number with decimals'),
    ('"3216010101900001"', 'no digit at position 1'), ('3216010101900001;3216010101900002', 'no digit at position 17');
SELECT results_eq(
    format('SELECT state, words LIKE ''%%%s%%'' FROM error_of(format(''%%L::%s'', %L))', replace(says, '"', '"'), t, input),
    $$VALUES ('22P02', true)$$, format('%s refuses %s: %s', t, row_to_json(bad), says))
FROM bad, unnest('{nik,nkk}'::text[]) t;
SELECT is_empty(
    $$SELECT b.input FROM bad b, unnest('{nik,nkk,kode_wilayah}'::text[]) t,
        LATERAL error_of(format('%L::%s', b.input, t)) e
        WHERE e.state IS NULL OR e.words ~ '[0-9]{5}' OR translate(e.words, '. -', '') ~ '[0-9]{6}'$$,
    'no message, detail or hint shows more than a few digits of a value');
SELECT throws_ok($$SELECT convert_from('\x3332313600', 'UTF8')::nik$$, '22021', NULL, 'a NUL byte never gets as far as the type');
SELECT throws_ok($$SELECT (-1)::bigint::nik$$, '22003', 'bigint out of range for type nik');
SELECT throws_ok($$SELECT 10000000000000000::nkk$$, '22003', 'bigint out of range for type nkk');
SELECT lives_ok($$SELECT 9999999999999999::nik$$, 'the largest bigint that fits');
SELECT throws_ok($$SELECT 3216012::kode_wilayah$$, '22003');
SELECT throws_ok($$SELECT wilayah_parent('3216', 5)$$, '22023', 'level 5 of a region does not exist');
SELECT throws_ok($$SELECT * FROM nik_neighbours('3216010101900001', 4)$$, '22023', 'distance must be between 0 and 3');
SELECT throws_ok($$SELECT _nik_within_keys('3216010101900001', 4)$$, '22023', 'distance must be at most 3');
SELECT throws_ok($$SELECT '3216013201900001'::nik_valid$$, '23514');

-- soft errors
CREATE FUNCTION soft(input text, type text) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
    result bool;
BEGIN
    EXECUTE 'SELECT pg_input_is_valid($1, $2)' INTO result USING input, type;
    RETURN result;
END $$;
SELECT CASE WHEN current_setting('server_version_num')::int < 160000
    THEN skip('the server has no soft errors', 2)
    ELSE is((SELECT count(*) FROM bad b, unnest('{nik,nkk,kode_wilayah}'::text[]) t WHERE soft(b.input, t)),
            0::bigint, 'bad input is a soft error')
        || E'\n' || ok(soft('3216010101900001', 'nik') AND NOT soft('3216013201900001', 'nik_valid'),
            'good input is taken, the domain is checked')
    END;

-- operands: what compares, and what must not
CREATE TEMP TABLE operand (type text, good text);
INSERT INTO operand VALUES ('nik', '''3216010101900001''::nik'), ('nkk', '''3216010101900001''::nkk'),
    ('nik_valid', '''3216010101900001''::nik_valid'), ('varchar', '''3216010101900001''::varchar'),
    ('text', '''3216010101900001''::text'), ('bigint', '3216010101900001'), ('integer', '5'),
    ('numeric', '5.0'), ('unknown', '''3216010101900001'''), ('kode_wilayah', '''3216''::kode_wilayah');
CREATE TEMP TABLE allowed (a text, b text);
INSERT INTO allowed VALUES ('nik', 'nik'), ('nik', 'nik_valid'), ('nik', 'varchar'), ('nik', 'bigint'), ('nik', 'integer'),
    ('nik', 'unknown'), ('nik_valid', 'nik_valid'), ('nik_valid', 'varchar'), ('nik_valid', 'bigint'),
    ('nik_valid', 'integer'), ('nik_valid', 'unknown'), ('nkk', 'nkk'), ('nkk', 'varchar'), ('nkk', 'bigint'),
    ('nkk', 'integer'), ('nkk', 'unknown'), ('varchar', 'varchar'), ('varchar', 'text'), ('varchar', 'unknown'),
    ('text', 'text'), ('text', 'unknown'), ('bigint', 'bigint'), ('bigint', 'integer'), ('bigint', 'numeric'),
    ('bigint', 'unknown'), ('integer', 'integer'), ('integer', 'numeric'), ('numeric', 'numeric'),
    ('kode_wilayah', 'kode_wilayah'), ('unknown', 'unknown');
SELECT is(
    (SELECT string_agg(format('%s %s %s: %s', a.type, op, b.type, e.state), '; ')
     FROM operand a, operand b, unnest('{=,<>,<,<=,>,>=}'::text[]) op,
        LATERAL error_of(format('%s %s %s', a.good, op, b.good)) e
     WHERE e.state IS DISTINCT FROM CASE
        WHEN EXISTS (SELECT FROM allowed x WHERE (x.a, x.b) IN ((a.type, b.type), (b.type, a.type))) THEN NULL
        WHEN 'kode_wilayah' IN (a.type, b.type) AND ('varchar' IN (a.type, b.type) OR 'unknown' IN (a.type, b.type)) THEN '22P02'
        WHEN 'numeric' IN (a.type, b.type) AND 'unknown' IN (a.type, b.type) THEN NULL
        WHEN 'integer' IN (a.type, b.type) AND 'unknown' IN (a.type, b.type) THEN '22003'
        -- nik = bigint and nkk = bigint would both do
        WHEN 'varchar' IN (a.type, b.type) AND (a.type || b.type) ~ 'bigint|integer' THEN '42725'
        ELSE '42883' END),
    NULL, 'all 600 pairs of operands and comparisons do what they should');
SELECT ok('b'::varchar > 'a'::varchar AND 'b'::varchar > 'a'::text AND 'b'::varchar > 'a' AND 'b' < 'c'::varchar
    AND 'x'::varchar IN ('x', 'y') AND 'x'::varchar LIKE 'x%' AND lower('X'::varchar) = 'x'
    AND (SELECT max(v) FROM (VALUES ('x'::varchar)) s(v)) = 'x', 'varchar keeps its own operators');
SELECT is('3216010101900001'::nik || '!', '3216010101900001!', 'concatenation is by text');
SELECT ok(nik '3216010101900001' IN ('3216010101900001', '3216010101900002'), 'IN with literals');
SELECT ok(nik '3216010101900001' = ANY (ARRAY['3216010101900001']::nik[]), 'arrays');

-- with pg_trgm beside, % and <-> of text stay those of text
SAVEPOINT trgm;
CREATE FUNCTION trgm_beside() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        RETURN NEXT skip('pg_trgm is not installed', 1);
        RETURN;
    END IF;
    CREATE EXTENSION pg_trgm;
    RETURN NEXT ok('siti'::varchar % 'siti'::varchar AND 'siti'::varchar % 'siti' AND 'siti' % 'siti'::text
        AND ('siti'::varchar <-> 'sita') BETWEEN 0.1 AND 0.9, 'varchar % varchar is pg_trgm''s');
END $$;
SELECT * FROM trgm_beside();
ROLLBACK TO trgm;

-- binary: what bigint sends is received, as strictly as text
CREATE FUNCTION binary_file() RETURNS text LANGUAGE sql AS $$
    SELECT current_setting('data_directory') || '/dtsen_test_' || pg_backend_pid() $$;
CREATE FUNCTION round_trip(source text, target text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    EXECUTE format('COPY (%s) TO %L (FORMAT binary)', source, binary_file());
    EXECUTE format('CREATE TEMP TABLE received (v %s)', target);
    EXECUTE format('COPY received FROM %L (FORMAT binary)', binary_file());
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
SELECT is(round_trip('SELECT (i * 7919::bigint * 1000003 % 10000000000000000)::nik FROM generate_series(0, 5000) i', 'nik'),
    5001::bigint, 'binary COPY out and in');
SELECT results_eq('SELECT v FROM received ORDER BY v',
    'SELECT (i * 7919::bigint * 1000003 % 10000000000000000)::nik FROM generate_series(0, 5000) i ORDER BY 1',
    'and nothing has changed');
DROP TABLE received;
SELECT is(round_trip('SELECT unnest(ARRAY[32,3216,321601,3216012001]::kode_wilayah[])', 'kode_wilayah'), 4::bigint,
    'regions too');
SELECT is((SELECT array_agg(v) FROM received), '{32,3216,321601,3216012001}'::kode_wilayah[], 'unchanged');
DROP TABLE received;
SELECT throws_ok(format('SELECT round_trip(%L, %L)', 'SELECT (' || v || ')::bigint', t), '22P03', NULL,
    format('%s does not receive %s', t, v))
FROM (VALUES ('nik', '-1'), ('nik', '10000000000000000'), ('nkk', '-9223372036854775808'), ('nkk', '9223372036854775807'),
    ('kode_wilayah', '0'), ('kode_wilayah', '-3216000000'), ('kode_wilayah', '3216'), ('kode_wilayah', '3200010000'),
    ('kode_wilayah', '32160100001'), ('kode_wilayah', '3200000001')) s(t, v);
SELECT throws_ok($$SELECT round_trip('SELECT 5::int', 'nik')$$, '08P01', NULL, 'four bytes are too few');
-- text COPY
SELECT lives_ok(format('COPY (SELECT nik ''0000000000000012'', NULL::nik) TO %L', binary_file()), 'COPY out as text');
CREATE TEMP TABLE copied (a nik, b nik);
SELECT lives_ok(format('COPY copied FROM %L', binary_file()), 'COPY in as text');
SELECT results_eq('SELECT a::text, b::text FROM copied', $$VALUES ('0000000000000012', NULL::text)$$, 'is the same');

-- operator classes
SELECT ok(amvalidate(c.oid), format('%s is valid', opcname)) FROM pg_opclass c
WHERE opcnamespace = 'dtsen'::regnamespace AND opcintype IN ('nik'::regtype, 'nkk'::regtype, 'kode_wilayah'::regtype);
SELECT is(nik_hash(n), hashint8(n::bigint), 'hash is that of bigint') FROM unnest('{0,3216010101900001}'::bigint[]) b, LATERAL (SELECT b::nik n) s;
SELECT is(nik_hash_extended(n, 42), hashint8extended(n::bigint, 42), 'with a seed too') FROM (SELECT '3216010101900001'::nik n) s;

CREATE TABLE person (n nik, b bigint, k nkk, w kode_wilayah);
INSERT INTO person SELECT v::nik, v, (v % 700)::nkk, (3216010000 + 1 + i % 20 * 10000 + i % 9)::kode_wilayah
    FROM (SELECT i, 3216010101900001 + (i * 7919::bigint) % 1000000007 v FROM generate_series(1, 20000) i) s;
CREATE INDEX person_n ON person (n);
CREATE INDEX person_k ON person (k);
ANALYZE person;
-- a client that sends varchar keeps the index
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE by_varchar(varchar) AS SELECT * FROM person WHERE n = $1;
SELECT matches(plan_of('EXECUTE by_varchar(''3216010101900001'')'), 'Index Cond: \(n = \(\$1\)::nik\)', 'varchar parameter, generic plan');
PREPARE by_bigint(bigint) AS SELECT * FROM person WHERE n = $1;
SELECT matches(plan_of('EXECUTE by_bigint(5)'), 'Index Cond: \(n = \$1\)', 'bigint parameter, generic plan');
RESET plan_cache_mode;
SELECT matches(plan_of($$SELECT * FROM person WHERE '3216010101900001'::varchar = n$$), 'Index Cond', 'the other way round');
SELECT matches(plan_of($$SELECT * FROM person WHERE n BETWEEN '3216010101900001' AND '3216010101907920'$$),
    'Index Cond: \(\(\(n\)::bigint >= ''3216010101900001''::bigint\) AND \(\(n\)::bigint <= ''3216010101907920''::bigint\)\)',
    'a range is planned on bigint');
SELECT is((SELECT count(*) FROM person WHERE n BETWEEN '3216010101900001' AND '3216010111900001'),
    (SELECT count(*) FROM person WHERE b BETWEEN 3216010101900001 AND 3216010111900001), 'and has the same rows');
-- joins with bigint by all three methods
CREATE TEMP TABLE plain AS SELECT b FROM person WHERE b % 3 = 0;
ANALYZE plain;
SET LOCAL enable_mergejoin = off; SET LOCAL enable_nestloop = off;
SELECT matches(plan_of('SELECT count(*) FROM person p JOIN plain q ON p.n = q.b'), 'Hash Cond: \(p.n = q.b\)', 'hash join with bigint');
SELECT is((SELECT count(*) FROM person p JOIN plain q ON p.n = q.b), (SELECT count(*) FROM person p JOIN plain q ON p.b = q.b), 'same rows');
SET LOCAL enable_mergejoin = on; SET LOCAL enable_hashjoin = off;
SELECT matches(plan_of('SELECT count(*) FROM person p JOIN plain q ON q.b = p.n'), 'Merge Cond: \(p.n = q.b\)|Merge Cond: \(q.b = p.n\)', 'merge join with bigint');
SELECT is((SELECT count(*) FROM person p JOIN plain q ON q.b = p.n), (SELECT count(*) FROM plain), 'same rows');
SET LOCAL enable_mergejoin = off; SET LOCAL enable_nestloop = on; SET LOCAL enable_seqscan = off;
SELECT matches(plan_of('SELECT count(*) FROM plain q JOIN person p ON p.n = q.b'), 'Index Cond: \(n = q.b\)', 'nested loop with bigint');
SELECT is((SELECT count(*) FROM plain q JOIN person p ON p.n = q.b), (SELECT count(*) FROM plain), 'same rows');
RESET enable_mergejoin; RESET enable_hashjoin; RESET enable_seqscan; RESET enable_nestloop;
-- a column of bigint and one of integer still are one class to the planner
CREATE TEMP TABLE i4 (a int PRIMARY KEY);
CREATE TEMP TABLE i8 (b bigint);
SELECT matches(plan_of('SELECT * FROM i4 JOIN i8 ON a = b WHERE b = 42::bigint'), 'a = ''42''::bigint', 'core''s own joins are left alone');
-- hash and BRIN indexes
CREATE INDEX person_hash ON person USING hash (n);
DROP INDEX person_n;
SELECT matches(plan_of('SELECT * FROM person WHERE n = 5::bigint'), 'person_hash', 'hash index, bigint');
SELECT is((SELECT count(*) FROM person WHERE n = (SELECT n FROM person LIMIT 1)), 1::bigint, 'finds the row');
DROP INDEX person_hash;
CREATE TABLE sorted AS SELECT n, b FROM person ORDER BY n;
CREATE INDEX sorted_brin ON sorted USING brin (n) WITH (pages_per_range = 4);
ANALYZE sorted;
SET LOCAL enable_seqscan = off;
SELECT matches(plan_of(q), 'sorted_brin', 'BRIN serves ' || q)
FROM unnest(ARRAY[$$SELECT * FROM sorted WHERE n = '3216010101900001'$$, 'SELECT * FROM sorted WHERE n = 3216010101900001',
    $$SELECT * FROM sorted WHERE n < '3216010101950001'$$, $$SELECT * FROM sorted WHERE n >= 3216010101950001 AND n < 3216010102950001$$]) q;
SELECT is((SELECT count(*) FROM sorted WHERE n >= 3216010101950001 AND n < 3216010142950001),
    (SELECT count(*) FROM sorted WHERE b >= 3216010101950001 AND b < 3216010142950001), 'and has the same rows');
RESET enable_seqscan;
-- equal keys share one entry
CREATE TABLE twins AS SELECT (3216010101900001 + i % 10)::nik n FROM generate_series(1, 20000) i;
CREATE INDEX twins_n ON twins (n);
CREATE INDEX twins_plain ON twins (n) WITH (deduplicate_items = off);
SELECT cmp_ok(pg_relation_size('twins_n') * 2, '<', pg_relation_size('twins_plain'), 'btree removes duplicates');
-- as long as bigint
CREATE TABLE same_size AS SELECT b FROM person ORDER BY b;
CREATE TABLE as_nik AS SELECT n FROM person ORDER BY n;
CREATE INDEX same_size_b ON same_size (b);
CREATE INDEX as_nik_n ON as_nik (n);
SELECT is(pg_relation_size('as_nik'), pg_relation_size('same_size'), 'heap as large as bigint''s');
SELECT is(pg_relation_size('as_nik_n'), pg_relation_size('same_size_b'), 'index as large as bigint''s');
-- narrow ranges are estimated from the histogram
CREATE FUNCTION rows_of(query text, OUT estimated float8, OUT actual float8) LANGUAGE plpgsql AS $$
DECLARE
    j json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT json, TIMING off) ' || query INTO j;
    estimated := j -> 0 -> 'Plan' ->> 'Plan Rows';
    actual := j -> 0 -> 'Plan' ->> 'Actual Rows';
END $$;
CREATE INDEX person_n ON person (n);
SELECT cmp_ok(greatest(estimated, actual) / least(estimated, actual), '<', 2::float8, format('a range of %s rows is estimated at %s', actual, estimated))
FROM unnest('{300000,3000000,80000000}'::bigint[]) width,
    LATERAL rows_of(format('SELECT * FROM person WHERE n >= %L AND n < %s', 3216010151900001, 3216010151900001 + width));
-- parallel plans
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off;
SELECT matches(plan_of('SELECT count(*), max(n) FROM person WHERE n % ''3216010101900001'' AND nik_is_valid(n) AND nik_birth_date(n, ''2025-01-01'') > ''1990-01-01'''),
    'Parallel Seq Scan', 'functions and operators run in parallel workers');
SELECT is((SELECT max(n)::bigint FROM person), (SELECT max(b) FROM person), 'max in parallel');
SELECT is((SELECT min(k) FROM person), '0000000000000000'::nkk, 'min in parallel');
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size;
RESET enable_indexonlyscan; RESET enable_indexscan; RESET enable_bitmapscan;
-- partitions by range and by hash
CREATE TABLE part (n nik) PARTITION BY RANGE (n);
CREATE TABLE part_31 PARTITION OF part FOR VALUES FROM ('3100000000000000') TO ('3200000000000000');
CREATE TABLE part_32 PARTITION OF part FOR VALUES FROM ('3200000000000000') TO ('3300000000000000');
SELECT unalike(plan_of(q), '%part_31%', 'pruned: ' || q)
FROM unnest(ARRAY[$$SELECT * FROM part WHERE n = '3216010101900001'$$, 'SELECT * FROM part WHERE n = 3216010101900001',
    $$SELECT * FROM part WHERE n >= '3216010101900001'$$, $$SELECT * FROM part WHERE n BETWEEN '3216010000000000' AND '3216020000000000'$$]) q;
CREATE TABLE parth (n nik) PARTITION BY HASH (n);
CREATE TABLE parth_0 PARTITION OF parth FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parth_1 PARTITION OF parth FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parth SELECT n FROM person;
SELECT cmp_ok((SELECT count(*) FROM parth_0), '>', 8000::bigint, 'hash partitions share the rows');
SELECT is((SELECT count(*) FROM parth WHERE n = (SELECT min(n) FROM person)), 1::bigint, 'and find them');

SELECT * FROM finish();
ROLLBACK;
