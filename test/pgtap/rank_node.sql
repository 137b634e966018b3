-- rank_cuts(relation, ...) of plain columns of a table, which a node of the
-- executor reads: the bytes of the same query as it is planned, and those of the
-- aggregate. A condition keeps it from the node. In parallel, also what this
-- transaction has written itself.
\set ON_ERROR_STOP on
BEGIN;
SET client_min_messages = warning;
SET search_path = public, dtsen;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SELECT no_plan();

CREATE DOMAIN amount AS float8;
CREATE DOMAIN person_count AS int CHECK (VALUE >= 0);
SELECT setseed(0.61);
CREATE TABLE family AS
SELECT i AS id, repeat(md5(i::text), CASE WHEN i % 500 = 0 THEN 900 ELSE i % 5 END) AS note,
       CASE WHEN i % 41 = 0 THEN NULL WHEN i % 43 = 0 THEN 'NaN' WHEN i % 47 = 0 THEN 'Infinity' WHEN i % 53 = 0 THEN '-Infinity'
            WHEN i % 59 = 0 THEN '-0' WHEN i % 3 = 0 THEN floor(random() * 20) ELSE (random() - 0.3) * exp(40 * random() - 20) END::float8 AS score,
       i AS gone, ((random() - 0.5) * 1e5)::float4 AS score4, ((random() - 0.5) * 6e4)::int2 AS whole2, ((random() - 0.5) * 4e9)::int4 AS whole4,
       ((random() - 0.5) * 1.8e19)::numeric::int8 AS whole8, (random() * 1e6)::numeric(12, 3) AS exact, (random() * 100)::amount AS ranged,
       (CASE WHEN i % 37 = 0 THEN NULL WHEN i % 7 = 0 THEN 0 ELSE random() * 12 END)::int2 AS persons2, (random() * 12)::int4 AS persons4,
       (random() * 1e12)::int8 AS persons8, (random() * 12)::person_count AS persons_domain,
       CASE WHEN i % 29 = 0 THEN NULL WHEN i % 31 = 0 THEN 0 ELSE random() * 400 END AS fine, (random() * 4)::float4 AS fine4,
       (random() * 4)::numeric AS fine_exact
FROM generate_series(1, 6000) i;
ALTER TABLE family DROP COLUMN gone;
ALTER TABLE family ADD COLUMN later float8 DEFAULT 7.5, ADD COLUMN later_weight int DEFAULT 3;
INSERT INTO family (id, score, persons2, persons4, later) SELECT -i, i, 1, 1, i FROM generate_series(1, 500) i;
SAVEPOINT undone;
INSERT INTO family (id, score, persons4) SELECT 0, 1e9, 1000000 FROM generate_series(1, 100);
ROLLBACK TO undone;
DELETE FROM family WHERE id % 17 = 0;
UPDATE family SET score = score + 1, later = id WHERE id % 19 = 0;
ALTER TABLE family SET (parallel_workers = 2);
ANALYZE family;

CREATE VIEW family_view AS TABLE family;
CREATE MATERIALIZED VIEW family_kept AS TABLE family;
CREATE TEMP TABLE family_own AS TABLE family;
CREATE UNLOGGED TABLE family_light (LIKE family);
INSERT INTO family_light TABLE family;
CREATE TABLE family_parts (LIKE family) PARTITION BY HASH (id);
CREATE TABLE family_part_0 PARTITION OF family_parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE family_part_1 (other text, LIKE family);
ALTER TABLE family_part_1 DROP COLUMN other;
ALTER TABLE family_parts ATTACH PARTITION family_part_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO family_parts TABLE family;
CREATE TABLE family_root (LIKE family);
CREATE TABLE family_child (more int) INHERITS (family_root);
INSERT INTO family_root SELECT * FROM family WHERE id % 2 = 0;
INSERT INTO family_child SELECT *, 1 FROM family WHERE id % 2 <> 0;
CREATE TABLE family_none (LIKE family);

CREATE FUNCTION bytes(cuts float8[]) RETURNS text LANGUAGE sql AS $$ SELECT coalesce(md5(array_send(cuts)), 'none') $$;
CREATE FUNCTION differs(relation text, score text, weight text, groups int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    direct text := bytes(rank_cuts(relation, score, weight, groups));
    planned text := bytes(rank_cuts(relation, score, weight, groups, 'now() > ''2000-01-01'''));
    aggregate text;
BEGIN
    EXECUTE format('SELECT bytes(rank_cuts(rank_state(%I, %s), %s)) FROM %s', score, coalesce(quote_ident(weight), '1'), groups, relation) INTO aggregate;
    RETURN CASE WHEN direct <> planned OR direct <> aggregate THEN concat_ws(' ', relation, score, weight, groups, direct, planned, aggregate) END;
END $$;

SELECT is_empty(format($$SELECT * FROM (SELECT differs(%L, s, w, g) d
        FROM unnest(ARRAY['score', 'score4', 'whole2', 'whole4', 'whole8', 'exact', 'ranged', 'later']) s,
             unnest(ARRAY[NULL, 'persons2', 'persons4', 'persons8', 'persons_domain', 'fine', 'fine4', 'fine_exact', 'later_weight']) w,
             unnest(ARRAY[2, 10, 333]) g) x WHERE d IS NOT NULL$$, 'family'), 'every type of score and weight');
SELECT is_empty(format($$SELECT * FROM (SELECT differs(%L, s, w, 10) d FROM unnest(ARRAY['score', 'later']) s,
        unnest(ARRAY[NULL, 'persons2', 'fine']) w) x WHERE d IS NOT NULL$$, relation), relation)
FROM unnest(ARRAY['family_view', 'family_kept', 'family_own', 'family_light', 'family_parts', 'family_part_0', 'family_part_1', 'family_root',
    'family_child', 'family_none']) relation;
SELECT isnt(bytes(rank_cuts('family_child', 'score')), bytes(rank_cuts('family_root', 'score')), 'a child alone is another table than its parent');
SELECT is(rank_cuts('family_none', 'score'), NULL, 'no row: NULL');
SELECT is(rank_cuts('family', 'score', '0'), NULL, 'no weight: NULL');
SELECT is(rank_cuts('family', 'score', 'NULL::int'), NULL, 'no weight that counts: NULL');
SELECT is(rank_cuts('family', 'score', '3'), rank_cuts('family', 'score'), 'a constant weight');
SELECT is(rank_cuts('family', 'score', '0.3::float8'), rank_cuts('family', 'score'), 'one of floats');
SELECT is(rank_cuts('family', '7', 'persons4'), array_fill(7::float8, ARRAY[9]), 'a constant score');
SELECT is(rank_cuts('family', 'tableoid::int8', 'persons4'), array_fill('family'::regclass::oid::int8::float8, ARRAY[9]), 'no column of the table''s own');

-- random shapes: few or many scores, rows of several writes, great and small weights
CREATE FUNCTION try(seed float8) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    many float8;
    n int;
    f text;
BEGIN
    PERFORM setseed(seed);
    many := exp(random() * 20);
    n := (random() * random() * 5000)::int;
    CREATE TABLE tried (s float8, i int, f float8, filler text);
    INSERT INTO tried SELECT floor(random() * many) / many, (random() * 1e6)::int, exp(random() * 60 - 30) * (random() > 0.1)::int, repeat('x', (random() * 300)::int)
        FROM generate_series(1, n);
    DELETE FROM tried WHERE random() < 0.2;
    UPDATE tried SET s = -s, filler = NULL WHERE random() < 0.2;
    UPDATE tried SET i = NULL WHERE random() < 0.05;
    EXECUTE format('SET LOCAL max_parallel_workers_per_gather = %s', (random() * 3)::int);
    RETURN QUERY SELECT d FROM (SELECT differs('tried', 's', w, 2 + (random() * random() * 500)::int) d FROM unnest(ARRAY['i', 'f', NULL]) w) x WHERE d IS NOT NULL;
    DROP TABLE tried;
END $$;
SELECT is_empty('SELECT i, try(i / 100.0) FROM generate_series(1, 40) i', 'random tables');
RESET max_parallel_workers_per_gather;

-- errors, the same as of the aggregate
CREATE TABLE wrong AS SELECT 1::float8 AS score, -1 AS negative, -1::float8 AS below, 'NaN'::float8 AS nan, 'Infinity'::float8 AS infinite,
    6e18::int8 AS great, 1.7e308::float8 AS greatest FROM generate_series(1, 2);
SELECT throws_ok(format('SELECT rank_cuts(''wrong'', ''score'', %L)', w), c, NULL, w)
FROM (VALUES ('negative', '22023'), ('below', '22023'), ('nan', '22023'), ('infinite', '22023'), ('great', '22003'), ('greatest', '22003')) v(w, c);

-- the rights are the caller's, column by column
CREATE ROLE dtsen_node_reader;
GRANT USAGE ON SCHEMA dtsen TO dtsen_node_reader;
GRANT SELECT (id, score, persons4) ON family TO dtsen_node_reader;
CREATE FUNCTION state_of(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE query;
    RETURN 'read';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
CREATE TEMP TABLE answered (what text, got text, wanted text);
GRANT INSERT ON answered TO dtsen_node_reader;
SET LOCAL ROLE dtsen_node_reader;
INSERT INTO answered VALUES
    ('two columns that may be read', state_of($$SELECT dtsen.rank_cuts('public.family', 'score', 'persons4')$$), 'read'),
    ('a weight that may not', state_of($$SELECT dtsen.rank_cuts('public.family', 'score', 'persons2')$$), '42501'),
    ('a score that may not', state_of($$SELECT dtsen.rank_cuts('public.family', 'later', 'persons4')$$), '42501'),
    ('another table', state_of($$SELECT dtsen.rank_cuts('public.family_light', 'score')$$), '42501');
RESET ROLE;
GRANT SELECT (later) ON family TO dtsen_node_reader;
REVOKE SELECT (score) ON family FROM dtsen_node_reader;
SET LOCAL ROLE dtsen_node_reader;
INSERT INTO answered VALUES
    ('granted since', state_of($$SELECT dtsen.rank_cuts('public.family', 'later', 'persons4')$$), 'read'),
    ('revoked since', state_of($$SELECT dtsen.rank_cuts('public.family', 'score', 'persons4')$$), '42501');
RESET ROLE;
SELECT is(got, wanted, what) FROM answered;

-- row security, for whom it holds
GRANT SELECT ON family TO dtsen_node_reader;
ALTER TABLE family ENABLE ROW LEVEL SECURITY;
CREATE POLICY low ON family USING (id < 1000);
SELECT rank_cuts('family', 'score', 'persons4', 10, 'id < 1000') AS some, rank_cuts('family', 'score', 'persons4') AS all \gset
SELECT isnt(:'some'::text, :'all'::text, 'the policy leaves out families that matter');
SET LOCAL ROLE dtsen_node_reader;
SELECT dtsen.rank_cuts('public.family', 'score', 'persons4') AS got \gset
RESET ROLE;
SELECT is(:'got'::text, :'some'::text, 'who has a policy ranks by it');
DROP POLICY low ON family;
SET LOCAL ROLE dtsen_node_reader;
SELECT dtsen.rank_cuts('public.family', 'score', 'persons4') IS NULL AS got \gset
SET LOCAL row_security = off;
SELECT state_of($$SELECT dtsen.rank_cuts('public.family', 'score', 'persons4')$$) AS refused \gset
SET LOCAL row_security = on;
RESET ROLE;
SELECT is(:'got'::bool, true, 'who has none sees no row');
SELECT is(:'refused'::text, '42501', 'and row_security = off is an error');

-- one command sees what the commands before it wrote, not what it writes itself
CREATE FUNCTION add_and_rank() RETURNS float8[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE before float8[] := rank_cuts('family_light', 'id', 'persons4'); later float8[];
BEGIN
    INSERT INTO family_light (id, persons4) VALUES (1000000, 100000000);
    later := rank_cuts('family_light', 'id', 'persons4');
    RETURN ARRAY[before[9], later[9]];
END $$;
SELECT is((c)[2], 1000000::float8, 'what an earlier command wrote') FROM add_and_rank() c;
WITH written AS (INSERT INTO family_light (id, persons4) VALUES (2000000, 2000000000) RETURNING id)
SELECT is((rank_cuts('family_light', 'id', 'persons4'))[9], 1000000::float8, 'not what the same command writes') FROM written;

SELECT * FROM finish();
ROLLBACK;
