-- Index of names: the rows and the order of a sequential scan, whatever the
-- name, the threshold, the state of the index; plans below row security.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;
SELECT setseed(0.7);

\ir include/names.sql
CREATE TABLE person (id int, kab int, name nama) PARTITION BY LIST (kab);
CREATE TABLE person_0 PARTITION OF person FOR VALUES IN (0);
CREATE TABLE person_1 PARTITION OF person FOR VALUES IN (1);
WITH drawn AS MATERIALIZED (SELECT g, name_at(g) AS t FROM generate_series(1, 900) AS g)
INSERT INTO person SELECT g, g % 2, to_nama(CASE WHEN g % 4 = 0 THEN damaged(t) ELSE t END) FROM drawn;
INSERT INTO person VALUES (0, 0, NULL), (-1, 1, '王小明'), (-2, 1, repeat('X', 255)::nama), (-3, 0, repeat('AB ', 32)::nama);
CREATE TABLE search AS
    SELECT row_number() OVER () AS nr, name FROM (
        SELECT DISTINCT to_nama(CASE WHEN id % 3 = 0 THEN name::text ELSE damaged(damaged(name::text)) END) AS name
        FROM person WHERE id % 40 = 7
        UNION VALUES ('SITI'::nama), ('M. S.'), ('王小明'), ('A'), ('QXZ'), (repeat('X', 255)::nama), (repeat('AB ', 32)::nama)) AS s
    WHERE name IS NOT NULL;

-- What a search returns, by the plan that is allowed.
CREATE FUNCTION answers(index boolean, bitmap boolean) RETURNS TABLE (nr bigint, t float8, ids int[]) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM allow(index, bitmap);
    RETURN QUERY EXECUTE 'SELECT s.nr, v.t, (SELECT array_agg(id ORDER BY id) FROM person AS p WHERE nama_similar(p.name, s.name, v.t))
        FROM search AS s, unnest(ARRAY[0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1]::float8[]) AS v(t)';
END $$;
CREATE FUNCTION nearest(index boolean, k int) RETURNS TABLE (nr bigint, d text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM allow(index, false);
    RETURN QUERY EXECUTE $q$SELECT s.nr, (SELECT string_agg(coalesce(x.d::text, 'null'), ' ') FROM
        (SELECT p.name <-> s.name AS d FROM person AS p ORDER BY p.name <-> s.name LIMIT $1) AS x) FROM search AS s$q$ USING k;
END $$;
-- In order, among those of a threshold for the same name; t null: by %.
CREATE FUNCTION nearest_similar(index boolean, k int) RETURNS TABLE (nr bigint, t float8, d text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM allow(index, false);
    RETURN QUERY EXECUTE $q$SELECT s.nr, v.t, (SELECT string_agg(x.d::text, ' ') FROM
        (SELECT p.name <-> s.name AS d FROM person AS p WHERE nama_similar(p.name, s.name, v.t) ORDER BY p.name <-> s.name LIMIT $1) AS x)
        FROM search AS s, unnest(ARRAY[0, 0.1, 0.25, 0.4, 0.68, 0.69, 0.7, 0.9, 1]::float8[]) AS v(t)$q$ USING k;
    RETURN QUERY EXECUTE $q$SELECT s.nr, NULL::float8, (SELECT string_agg(x.d::text, ' ') FROM
        (SELECT p.name <-> s.name AS d FROM person AS p WHERE p.name % s.name ORDER BY p.name <-> s.name LIMIT $1) AS x) FROM search AS s$q$ USING k;
END $$;

CREATE TABLE expected AS SELECT * FROM answers(false, false);
CREATE TABLE expected_similar AS SELECT 5 AS k, * FROM nearest_similar(false, 5) UNION ALL SELECT 1500, * FROM nearest_similar(false, 1500);
CREATE FUNCTION same_similar(what text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT is_empty('TABLE expected_similar EXCEPT (SELECT 5, * FROM nearest_similar(true, 5) UNION ALL SELECT 1500, * FROM nearest_similar(true, 1500))',
        'nearest of those that are similar enough, ' || what) $$;
CREATE TABLE expected_near AS SELECT 20 AS k, * FROM nearest(false, 20) UNION ALL SELECT 1500, * FROM nearest(false, 1500);
SELECT ok((SELECT count(*) > 300 FROM expected, unnest(ids) WHERE t >= 0.6), 'there is something to find');
CREATE FUNCTION same(what text, bitmap boolean) RETURNS text LANGUAGE sql AS $$
    SELECT is((SELECT count(*)::int FROM (SELECT * FROM expected EXCEPT SELECT * FROM answers(true, bitmap)) AS x), 0, what) $$;

CREATE INDEX person_name ON person USING gin (name);
ANALYZE person;
SELECT same('gin returns the rows of a sequential scan', true);
DROP INDEX person_name;

CREATE INDEX person_near ON person USING dtsen_nama (name);
SELECT same('dtsen_nama returns the rows of a sequential scan', true);
SELECT same('also one by one', false);
SELECT is((SELECT count(*)::int FROM (SELECT nr, d FROM expected_near WHERE k = 20 EXCEPT SELECT * FROM nearest(true, 20)) AS x), 0,
    'nearest twenty are those of a sort');
SELECT is((SELECT count(*)::int FROM (SELECT nr, d FROM expected_near WHERE k = 1500 EXCEPT SELECT * FROM nearest(true, 1500)) AS x), 0,
    'nearest first is complete, nulls last');
SELECT same_similar('by threshold and by %');
-- workers are wished for, but none can order by a parameter of the outer query
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL min_parallel_index_scan_size = 0;
SET LOCAL parallel_leader_participation = off;
SELECT is((SELECT count(*)::int FROM (SELECT nr, d FROM expected_near WHERE k = 1500 EXCEPT SELECT * FROM nearest(true, 1500)) AS x), 0,
    'nearest first over partitions beside parallel workers');
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET min_parallel_index_scan_size;
RESET parallel_leader_participation;
SET LOCAL work_mem = '64kB';
SELECT same('with little memory', true);
SELECT is((SELECT count(*)::int FROM (SELECT nr, d FROM expected_near WHERE k = 1500 EXCEPT SELECT * FROM nearest(true, 1500)) AS x), 0,
    'nearest first with little memory');
SELECT same_similar('with little memory');
RESET work_mem;

-- the pending list, updates and deletes
UPDATE person SET name = to_nama(damaged(name::text)) WHERE id % 7 = 1 AND to_nama(damaged(name::text)) IS NOT NULL;
DELETE FROM person WHERE id % 11 = 2;
WITH drawn AS MATERIALIZED (SELECT g, name_at(g) AS t FROM generate_series(3001, 3100) AS g)
INSERT INTO person SELECT g, g % 2, to_nama(t) FROM drawn;
TRUNCATE expected, expected_near, expected_similar;
INSERT INTO expected SELECT * FROM answers(false, false);
INSERT INTO expected_near SELECT 20, * FROM nearest(false, 20);
INSERT INTO expected_similar SELECT 5, * FROM nearest_similar(false, 5);
SELECT same('with pending insertions, updates and deletions', true);
SELECT is((SELECT count(*)::int FROM (SELECT nr, d FROM expected_near EXCEPT SELECT * FROM nearest(true, 20)) AS x), 0,
    'nearest twenty with pending insertions');
SELECT same_similar('with pending insertions');

-- several columns: keys of each are told apart
CREATE TABLE couple AS SELECT id, name AS husband, lag(name, 7) OVER (ORDER BY id) AS wife FROM person;
CREATE INDEX ON couple USING dtsen_nama (husband, wife) WITH (fastupdate = off);
ANALYZE couple;
CREATE FUNCTION couples(index boolean) RETURNS TABLE (nr bigint, found text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM allow(index, index);
    RETURN QUERY EXECUTE $q$SELECT s.nr, (SELECT string_agg(id::text, ' ' ORDER BY id) FROM couple WHERE nama_similar(wife, s.name, 0.6)) FROM search AS s
        UNION ALL SELECT -s.nr, (SELECT string_agg(id::text, ' ' ORDER BY id) FROM couple WHERE nama_similar(husband, s.name, 0.6)
            AND nama_similar(wife, s.name, 0.2)) FROM search AS s$q$;
    PERFORM allow(index, false);
    RETURN QUERY EXECUTE $q$SELECT s.nr + 1000, (SELECT string_agg(x.d::text, ' ') FROM
        (SELECT wife <-> s.name AS d FROM couple ORDER BY wife <-> s.name LIMIT 20) AS x) FROM search AS s$q$;
END $$;
CREATE TABLE couple_expected AS SELECT * FROM couples(false);
SELECT is((SELECT count(*)::int FROM (SELECT * FROM couple_expected EXCEPT SELECT * FROM couples(true)) AS x), 0,
    'a second column, alone and with the first, in conditions and in order');

-- a limit on what GIN reads leaves rows out, never adds or reorders any
CREATE TABLE many AS SELECT to_nama('Siti Aminah') AS name FROM generate_series(1, 5000)
    UNION ALL SELECT to_nama('Sri ' || w) FROM word WHERE length(w) > 4;
CREATE INDEX ON many USING dtsen_nama (name);
ANALYZE many;
SELECT allow(true, true);
SET LOCAL gin_fuzzy_search_limit = 1;
SELECT ok(count(*) BETWEEN 1 AND 5000 AND bool_and(name = 'Siti Aminah'), 'gin_fuzzy_search_limit, a condition')
    FROM (SELECT name FROM many WHERE nama_similar(name, 'Siti Aminah', 0.95)) AS x;
SELECT allow(true, false);
SELECT ok(count(*) BETWEEN 1 AND 5040 AND bool_and(d >= before), 'gin_fuzzy_search_limit, nearest first')
    FROM (SELECT d, coalesce(lag(d) OVER (ORDER BY nr), 0) AS before FROM (SELECT row_number() OVER () AS nr, d
        FROM (SELECT name <-> 'Sri Lestari' AS d FROM many ORDER BY name <-> 'Sri Lestari') AS x) AS y) AS z;
RESET gin_fuzzy_search_limit;

-- plans
\ir include/plan_of.sql
CREATE ROLE name_reader;
GRANT USAGE ON SCHEMA dtsen, public TO name_reader;
GRANT SELECT ON person, search TO name_reader;
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY odd ON person USING (id % 2 = 1);
SELECT allow(true, true);
SET LOCAL ROLE name_reader;
SELECT alike(plan_of(q), '%Index Cond: (name % %', 'index below row security: ' || q) FROM unnest(ARRAY[
    $$SELECT * FROM person WHERE name % 'SITI AMINAH'$$,
    $$SELECT * FROM person WHERE nama_similar(name, 'SITI AMINAH', 0.8)$$,
    $$SELECT * FROM person WHERE nama_similar('SITI AMINAH', name, 0.8)$$,
    $$SELECT * FROM search AS s, person AS p WHERE nama_similar(p.name, s.name, 0.8)$$,
    $$SELECT * FROM search AS s, person AS p WHERE p.name % s.name$$]) AS q;
SELECT allow(true, false);
SELECT alike(plan_of($$SELECT * FROM person ORDER BY name <-> 'SITI AMINAH' LIMIT 3$$), '%Order By: (name <-> %',
    'ordered index scan below row security');
SELECT is((SELECT count(*)::int FROM person WHERE nama_similar(name, 'SITI', 0.3) AND id % 2 = 0), 0, 'and only permitted rows');
RESET ROLE;

-- A word so long that the server compresses its key sorts among the others of its
-- beginning and its end, in the tree and in the pending list.
CREATE TABLE long_word (id int, name nama);
INSERT INTO long_word SELECT n, ('BUDI SANTOSO ' || chr(65 + n % 3))::nama FROM generate_series(1, 60) AS n;
INSERT INTO long_word VALUES (61, ('BU' || repeat('ÆX', 126))::nama), (62, (repeat('XÆ', 125) || 'ASO')::nama), (63, ('BUDI ' || repeat('一', 249))::nama);
CREATE INDEX long_word_name ON long_word USING dtsen_nama (name);
INSERT INTO long_word SELECT id + 100, name FROM long_word;
CREATE TEMP TABLE long_search AS SELECT x.name::nama AS name, y.t FROM (VALUES ('BUDI SANTOSO'), ('BODI SANTOSA'), ('BU' || repeat('ÆX', 126)),
    ('BUDI ' || repeat('一', 249))) AS x (name), unnest('{0.4,0.7,0.9}'::float8[]) AS y (t);
SET LOCAL enable_seqscan = off;
CREATE TEMP TABLE long_found AS SELECT s.name, s.t, (SELECT array_agg(w.id ORDER BY w.id) FROM long_word AS w WHERE nama_similar(w.name, s.name, s.t)) AS ids,
    (SELECT array_agg(d ORDER BY n) FROM (SELECT w.name <-> s.name AS d, row_number() OVER () AS n FROM (SELECT * FROM long_word ORDER BY name <-> s.name LIMIT 70) AS w) AS o) AS distances
    FROM long_search AS s;
RESET enable_seqscan;
DROP INDEX long_word_name;
SELECT is_empty($$ SELECT s.t FROM long_search AS s JOIN long_found AS f USING (name, t)
    WHERE f.ids IS DISTINCT FROM (SELECT array_agg(w.id ORDER BY w.id) FROM long_word AS w WHERE nama_similar(w.name, s.name, s.t)) $$, 'a long word hides nobody');
SELECT is_empty($$ SELECT s.t FROM long_search AS s JOIN long_found AS f USING (name, t)
    WHERE f.distances IS DISTINCT FROM (SELECT array_agg(d ORDER BY d) FROM (SELECT w.name <-> s.name AS d FROM long_word AS w ORDER BY 1 LIMIT 70) AS o) $$, 'nor in order');
SELECT cmp_ok((SELECT min(cardinality(ids)) FROM long_found), '>=', 2, 'and is found itself');

-- a column of searches: nothing of the name is taken for one
CREATE TABLE asked AS SELECT nama_query('BUDI', 0.5) AS q FROM generate_series(1, 10000);
ANALYZE asked;
CREATE FUNCTION rows_expected(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
SELECT is(rows_expected(format('SELECT * FROM asked WHERE %L::nama %% q', name)), 1::numeric, 'rows expected of a column of searches')
    FROM unnest('{A,Ny. A B CDE F,BUDI SANTOSO}'::text[]) AS name;

-- a search that goes through all rows keeps none of the names that it fetches from TOAST
CREATE TABLE apart (name nama, rest text) WITH (toast_tuple_target = 128);
ALTER TABLE apart ALTER name SET STORAGE external, ALTER rest SET STORAGE external;
INSERT INTO apart SELECT to_nama(repeat('LESTARI' || translate(n::text, '0123456789', 'ABCDEFGHIJ') || ' ', 16)), repeat('x', 2100) FROM generate_series(1, 1500) AS n;
CREATE INDEX ON apart USING dtsen_nama (name);
SET LOCAL enable_seqscan = off;
SET LOCAL enable_sort = off;
SET LOCAL enable_indexscan = on;
DECLARE far CURSOR FOR SELECT name <-> 'Budi' FROM apart ORDER BY name <-> 'Budi';
MOVE 1 FROM far;
SELECT cmp_ok((SELECT sum(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'dtsen_nama round'), '<', 200000::numeric,
    'names out of the row are freed one by one');
CLOSE far;

-- nor does an exclusion constraint, which begins a search for each row
CREATE TABLE unlike (n int, name nama, held numeric, EXCLUDE USING dtsen_nama (name WITH %));
CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.n % 1000 = 0 THEN
        NEW.held := (SELECT sum(used_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER held BEFORE INSERT ON unlike FOR EACH ROW EXECUTE FUNCTION held();
SET LOCAL dtsen.nama_similarity_threshold = 1;
INSERT INTO unlike SELECT n, to_nama(translate(md5(n::text), '0123456789', 'GHIJKLMNOP')) FROM generate_series(1, 2000) AS n;
SELECT cmp_ok(max(held) - min(held), '<', 30000::numeric, 'an exclusion constraint keeps no memory') FROM unlike HAVING count(held) = 2;
SELECT throws_ok($$INSERT INTO unlike SELECT 0, name FROM unlike WHERE n = 7$$, '23P01', NULL, 'and holds');
RESET dtsen.nama_similarity_threshold;

-- rows from next to each other to more than a thousand pages apart: numbers of one byte to four in the lists
CREATE TABLE sparse (n int, name nama, rest text);
ALTER TABLE sparse ALTER rest SET STORAGE plain;
INSERT INTO sparse SELECT n, to_nama(CASE WHEN n % 1511 = 5 OR n % 1511 < 3 THEN 'Kartini Wibowo' WHEN n % 311 < 2 THEN 'Rahmawati Kusuma'
    WHEN n % 29 < 5 THEN 'Sutrisno Hidayat' ELSE 'Lestari' END), CASE WHEN n % 7 < 5 THEN repeat('x', 8000) END FROM generate_series(1, 4700) AS n;
CREATE INDEX ON sparse USING dtsen_nama (name);
ANALYZE sparse;
CREATE FUNCTION sums(index boolean) RETURNS TABLE (t text, rows bigint, sum bigint) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM allow(index, false);
    RETURN QUERY EXECUTE $q$SELECT s.t, count(p), sum(p.n) FROM unnest('{Kartini Wibowo,Rahmawati Kusuma,Sutrisno Hidayat,Lestari,Kartini}'::text[]) AS s(t),
        LATERAL (SELECT n FROM sparse WHERE nama_similar(name, s.t::nama, 0.6)) AS p GROUP BY 1$q$;
END $$;
SELECT results_eq('SELECT * FROM sums(true) ORDER BY t', 'SELECT * FROM sums(false) ORDER BY t', 'rows near to and far from each other');
SELECT allow(true, false);

-- errors
SELECT throws_ok(format('SELECT nama_query(%L, %L)', 'Budi', t), '22023', NULL, 'threshold ' || t)
    FROM unnest(ARRAY['-0.01', '1.01', 'NaN', 'Infinity']) AS t;
SELECT throws_ok(format('SELECT count(*) FROM person WHERE nama_similar(name, %L, %L)', 'Budi', t), '22023', NULL, 'condition with threshold ' || t)
    FROM unnest(ARRAY['-0.01', '1.01', 'NaN']) AS t;
SELECT throws_ok($$SELECT 'Budi'::nama_query$$, '22P02', NULL, 'a search without a threshold');
SELECT throws_ok($$SELECT '7 Budi'::nama_query$$, '22023', NULL, 'a search with a threshold that is none');
SELECT throws_ok($$SELECT '0.7 --'::nama_query$$, '22P02', NULL, 'a search for no name');
SELECT throws_ok(format('SELECT %L::nama_query', '0.7 ' || repeat('x', 256)), '54000', NULL, 'a search for too long a name');

-- each search is counted, as of any index: one that counts none looks unused
CREATE TEMP TABLE counted AS SELECT name FROM person LIMIT 500;
CREATE INDEX counted_name ON counted USING dtsen_nama (name);
CREATE FUNCTION searches(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    before bigint := coalesce(pg_stat_get_xact_numscans('counted_name'::regclass), 0);
BEGIN
    SET LOCAL enable_seqscan = off;
    EXECUTE query;
    RETURN pg_stat_get_xact_numscans('counted_name'::regclass) - before;
END $$;
CREATE FUNCTION explained(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query;
END $$;
SELECT is(searches($$SELECT name FROM counted WHERE nama_similar(name, 'Siti Aminah', 0.8)$$), 1::bigint, 'a search is counted');
SELECT is(searches($$SELECT name FROM counted ORDER BY name <-> 'Siti Aminah' LIMIT 1$$), 1::bigint, 'a search by order, too');
SELECT doesnt_match(string_agg(line, ''), 'Searches: 0', 'and in EXPLAIN, by servers that have it there')
    FROM (SELECT explained($$SELECT name FROM counted ORDER BY name <-> 'Siti Aminah' LIMIT 1$$) AS line) AS s;

-- a threshold for the name that the rows are ordered by ends a search, it makes none of its own
CREATE FUNCTION pages(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    PERFORM allow(true, false);
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ' || query INTO plan;
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ' || query INTO plan; -- what the session keeps of pages is there
    IF plan -> 0 -> 'Plan' -> 'Plans' -> 0 ->> 'Index Name' IS DISTINCT FROM 'many_name_idx' THEN
        RETURN NULL;
    END IF;
    RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
END $$;
SELECT cmp_ok(pages(format('SELECT * FROM many WHERE %s ORDER BY name <-> %L LIMIT 10', condition, 'Sri Lestari')), '<=',
    pages(format('SELECT * FROM many ORDER BY name <-> %L LIMIT 10', 'Sri Lestari')), 'as many pages with ' || condition)
    FROM unnest(ARRAY[$$nama_similar(name, 'Sri Lestari', 0.75)$$, $$name % 'Sri Lestari'$$]) AS condition;

-- nothing that reads the setting is immutable, the conditions are leakproof
SELECT is((SELECT provolatile::text FROM pg_proc WHERE oid = 'nama_similar(nama, nama)'::regprocedure), 's', '% is stable');
SELECT ok(proleakproof, oid::regprocedure::text || ' is leakproof') FROM pg_proc
    WHERE oid IN ('nama_similar(nama, nama)'::regprocedure, 'nama_similar(nama, nama_query)'::regprocedure, 'dtsen._nama_similar(nama, nama, float8)'::regprocedure);
SELECT ok(NOT proleakproof, 'nama_similar with a threshold to check is not') FROM pg_proc
    WHERE oid = 'nama_similar(nama, nama, float8)'::regprocedure;
SELECT * FROM finish();
ROLLBACK;
