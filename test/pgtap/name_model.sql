-- nama_model, versions and stale indexes, min and max, comparators, and what
-- row security does to a threshold.
BEGIN;
SET search_path = dtsen, public, pg_catalog;
SELECT no_plan();

-- a model is rows of a table
CREATE TEMP TABLE own (kind text, word text, name text, count bigint, bits float8);
INSERT INTO own VALUES ('variant', 'Bejo', 'Untung', NULL, NULL), ('abbreviation', 'spm', 'Suparman', NULL, NULL),
    ('nickname', 'Ceking', 'Bambang', NULL, NULL),
    ('frequency', 'Untung', NULL, 1024, NULL), ('frequency', 'Zzyx', NULL, 1, NULL), ('weight', 'Sutrisno', NULL, NULL, 0.5);
CREATE TEMP TABLE m AS SELECT nama_model(jsonb_agg(to_jsonb(own))) AS m, nama_model('[]') AS none FROM own;
SELECT is(nama_similarity('Bejo', 'Untung'), 0::float8, 'without a model two names');
SELECT is(nama_similarity('Bejo', 'Untung', m), 0.97::float8, 'a variant') FROM m;
SELECT is(nama_similarity('SPM', 'Suparman', m), 0.94::float8, 'an abbreviation') FROM m;
SELECT is(nama_similarity('Ceking', 'Bambang', m), 0.66::float8, 'a nickname is a candidate') FROM m;
SELECT is(nama_similarity('Bejo', 'Untung', none), 0::float8, 'an empty model changes nothing') FROM m;
SELECT cmp_ok(nama_similarity('Hadi', 'Sutrisno Hadi', m), '>', 0.9::float8, 'a word of little weight may be missing') FROM m;
SELECT is((SELECT string_agg(p ->> 'rule' || ' ' || (p ->> 'weight'), ', ') FROM m,
    jsonb_array_elements(nama_explain('Bejo Zzyx', 'Untung Zzyx', m) -> 'pairs') p), 'spelling 0.500, equal 9.000',
    'weights are bits of the frequencies in the model, from half a bit to nine');
SELECT is((nama_explain('Bejo', 'Untung', m) ->> 'model_rows')::int, 6, 'an explanation says that there was a model') FROM m;
SELECT is((nama_explain('Bejo', 'Untung', m) ->> 'similarity')::float8, nama_similarity('Bejo', 'Untung', m),
    'and is of the same similarity') FROM m;
SELECT ok(nama_similar('Bejo', 'Untung', 0.97, m) AND NOT nama_similar('Bejo', 'Untung', 0.98, m), 'threshold with a model') FROM m;
-- PL/pgSQL evaluates one expression with other values of its variables
CREATE FUNCTION similarities(own nama_model[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    one nama_model;
    result text := '';
    s float8;
    weight float8;
BEGIN
    FOREACH one IN ARRAY own LOOP
        s := nama_similarity('Bejo', 'Untung', one);
        weight := person_match(ROW (NULL, 'Bejo', NULL, NULL, NULL, NULL, NULL, NULL)::person_record,
            ROW (NULL, 'Untung', NULL, NULL, NULL, NULL, NULL, NULL)::person_record, '{"version": 1}', one);
        result := concat_ws(' ', result, s, weight > 0);
    END LOOP;
    RETURN result;
END $$;
SELECT is(similarities(ARRAY[none, m, none]), ' 0 f 0.97 t 0 f', 'a variable that changes') FROM m;
SELECT is(m::text::nama_model::text, m::text, 'text round trip') FROM m;
SELECT is(nama_model(m::text::jsonb)::text, m::text, 'the text is the argument') FROM m;
SELECT is(substr(nama_model_send(m), 1, 1), '\x01'::bytea, 'binary form has a version') FROM m;
CREATE TEMP TABLE copied (m nama_model);
DO $$
DECLARE
    file text := current_setting('data_directory') || '/nama_model.bin';
BEGIN
    EXECUTE format('COPY (SELECT m FROM m) TO %L (FORMAT binary)', file);
    EXECUTE format('COPY copied FROM %L (FORMAT binary)', file);
END $$;
SELECT is(copied.m::text, m.m::text, 'binary round trip') FROM copied, m;
-- another model in each row, and one that is toasted
SELECT results_eq($$SELECT nama_similarity('Bejo', 'Untung', x) FROM m, unnest(ARRAY[m, none, m, m, none]) x$$,
    $$VALUES (0.97::float8), (0), (0.97), (0.97), (0)$$, 'each row by its own model');
INSERT INTO copied SELECT nama_model(jsonb_agg(jsonb_build_object('kind', 'frequency', 'count', i, 'word',
    translate(i::text, '0123456789', 'ABCDEFGHIJ') || 'X')) || '[{"kind": "variant", "word": "Bejo", "name": "Untung"}]') FROM generate_series(1, 20000) i;
SELECT is((SELECT array_agg(DISTINCT nama_similarity('Bejo', 'Untung', m)) FROM copied, generate_series(1, 3)), '{0.97}', 'a model of 20,000 rows');
SELECT is((SELECT count(*) FROM (SELECT nama_similarity(a, b, m) s, nama_similarity(b, a, m) t FROM m,
    unnest('{Bejo Hadi,SPM,Sutrisno,Ceking,Untung Zzyx,Siti (Bejo)}'::nama[]) a,
    unnest('{Untung Hadi,Suparman,Sutrisni,Bambang,Zzyx Bejo,Untung}'::nama[]) b) x WHERE s <> t OR NOT s BETWEEN 0 AND 1), 0::bigint, 'symmetric, from 0 to 1');

SELECT throws_ok(format('SELECT dtsen.nama_model(%L)', j), '22023', NULL, 'no model: ' || j) FROM unnest(ARRAY[
    '{}', '1', '[1]', '[[]]', '[{}]', '[{"kind": "x", "word": "ab"}]', '[{"kind": "variant", "word": "ab"}]',
    '[{"kind": "variant", "word": "a", "name": "bc"}]', '[{"kind": "variant", "word": "ab", "name": "ab"}]',
    '[{"kind": "variant", "word": "ab", "name": "cd", "count": 1}]', '[{"kind": "frequency", "word": "ab"}]',
    '[{"kind": "frequency", "word": "ab", "count": 0}]', '[{"kind": "frequency", "word": "ab", "count": "1"}]',
    '[{"kind": "frequency", "word": "a b", "count": 1}]', '[{"kind": "weight", "word": "ab", "bits": 10}]',
    '[{"kind": "weight", "word": "ab", "bits": 1, "x": 1}]', '[{"kind": "weight", "word": "a1", "bits": 1}]',
    '[{"kind": "variant", "word": "ab", "name": "cd"}, {"kind": "variant", "word": "AB", "name": "ef"}]',
    '[{"kind": "variant", "word": "ab", "name": "cd"}, {"kind": "abbreviation", "word": "cd", "name": "ef"}]',
    '[{"kind": "variant", "word": "ab", "name": "cd"}, {"kind": "abbreviation", "word": "ab", "name": "ef"}]']) j;
SELECT throws_ok($$SELECT 'x'::dtsen.nama_model$$, '22P02', NULL, 'text that is no JSON');
SELECT throws_ok(format($$SELECT dtsen.nama_similar('a', 'b', %L, dtsen.nama_model('[]'))$$, t), '22023', NULL, 'threshold ' || t)
FROM unnest('{-0.1,1.1,NaN,Infinity,-Infinity}'::float8[]) t;
SELECT throws_ok(format($$SELECT dtsen.nama_similar('a', 'b', %L)$$, t), '22023',
    'similarity threshold must be between 0 and 1', 'threshold ' || t) FROM unnest('{-0.1,1.1,NaN,Infinity,-Infinity}'::float8[]) t;

-- a constant threshold makes the condition leakproof
CREATE TABLE people (name nama, owner text);
INSERT INTO people SELECT 'Budi Santoso', CASE WHEN i % 2 = 0 THEN 'nobody' ELSE 'model_reader' END FROM generate_series(1, 10) i;
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON people USING (owner = current_user);
CREATE ROLE model_reader;
GRANT SELECT ON people TO model_reader;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    result text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS off, VERBOSE) ' || query LOOP
        result := result || line || E'\n';
    END LOOP;
    RETURN result;
END $$;
GRANT USAGE ON SCHEMA dtsen TO model_reader;
SET ROLE model_reader;
SELECT matches(pg_temp.plan_of($$SELECT * FROM people WHERE nama_similar(name, 'Budi Santosa', 0.8)$$), '_nama_similar\(', 'a good constant: the leakproof one');
SELECT doesnt_match(pg_temp.plan_of($$SELECT * FROM people WHERE nama_similar(name, 'Budi Santosa', 1.8)$$), '_nama_similar\(', 'a bad constant: the one that complains');
SELECT throws_ok($$SELECT * FROM people WHERE nama_similar(name, 'Budi Santosa', 1.8)$$, '22023', NULL, 'and it does');
SELECT is((SELECT count(*) FROM people WHERE nama_similar(name, 'Budi Santoso', 0.8)), 5::bigint, 'a plain reader finds his rows');
SELECT is((SELECT count(*) FROM people WHERE name % 'Budi Santoso'), 5::bigint, 'so with the operator');
RESET ROLE;
SELECT is((SELECT bool_and(proleakproof) FROM pg_proc WHERE oid IN ('nama_similar(nama, nama)'::regprocedure,
    '_nama_similar(nama, nama, float8)'::regprocedure)), true, 'both may run before row security');
SELECT is(_nama_similar('a', 'a', t), false, 'what is no threshold finds nobody') FROM unnest('{-1,2,NaN}'::float8[]) t;

-- versions
SELECT is(nama_version('Budi'::nama), nama_version(), 'a new value is of this version');
CREATE TABLE stale (id int, name nama);
CREATE INDEX stale_name ON stale (name);
CREATE INDEX stale_normal ON stale (nama_normalize(name::text));
INSERT INTO stale VALUES (1, 'Budi'), (2, NULL);
SELECT is_empty('SELECT * FROM nama_stale_indexes()', 'nothing is stale');
-- a value as another version left it: other version, no words, the name alone
CREATE CAST (bytea AS nama) WITHOUT FUNCTION;
INSERT INTO stale VALUES (3, ('\x0000000000'::bytea || 'Soekarno'::bytea)::nama);
SELECT is(nama_version(name), 0, 'a value of another version says so') FROM stale WHERE id = 3;
SELECT is(nama_similarity(name, 'Sukarno'), 0.97::float8, 'is compared by the tables of this one') FROM stale WHERE id = 3;
SELECT is(nama_keys(name), '{SUKARNO}', 'and shows its keys') FROM stale WHERE id = 3;
SELECT is((SELECT string_agg(format('%s.%s %s %s', "table", "column", stale_values, indexes), ', ') FROM nama_stale_indexes()),
    'stale.name 1 {stale_name,stale_normal}', 'the column and its indexes are listed');
-- a temporary table, which no worker can read, and a domain over a domain
CREATE DOMAIN own_name AS nama;
CREATE DOMAIN own_checked AS own_name CHECK (nama_keys(VALUE) <> '{}');
CREATE TEMP TABLE stale_too AS SELECT id, name, name::own_checked AS checked FROM stale;
SELECT count(set_config(name, 'on', true)) = 1 AS forced FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
CREATE TEMP TABLE stale_columns AS SELECT string_agg("table" || '.' || "column" || ' ' || stale_values, ', ' ORDER BY "table"::text, "column") AS all FROM nama_stale_indexes();
SELECT is("all", 'stale.name 1, stale_too.checked 1, stale_too.name 1', 'in temporary tables and of domains, too') FROM stale_columns;
SELECT count(set_config(name, 'off', true)) = 1 AS forced FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
DROP TABLE stale_too;
UPDATE stale SET name = name::text::nama WHERE nama_version(name) <> nama_version();
SELECT is_empty('SELECT * FROM nama_stale_indexes()', 'until the values are folded again');

-- least and greatest
SELECT is(min(n)::text || ', ' || max(n)::text, 'Budi, Wahyu', 'min and max') FROM unnest('{Soekarno,Wahyu,Budi,NULL}'::nama[]) n;
SELECT is(min(n), NULL, 'of nothing: null') FROM unnest('{}'::nama[]) n;
SELECT is((SELECT array[min(name), max(name)]::text FROM stale), (SELECT array[(array_agg(name ORDER BY name))[1],
    (array_agg(name ORDER BY name DESC NULLS LAST))[1]]::text FROM stale), 'as sorting says');

-- comparators: published values, any characters, any length
SELECT is(round(jaro(a, b)::numeric, 3)::text || ' ' || round(jaro_winkler(a, b)::numeric, 3)::text, j || ' ' || w, a || ', ' || b)
FROM (VALUES ('MARTHA', 'MARHTA', '0.944', '0.961'), ('DIXON', 'DICKSONX', '0.767', '0.813'), ('DWAYNE', 'DUANE', '0.822', '0.840'),
    ('', '', '1.000', '1.000'), ('a', '', '0.000', '0.000'), ('DÏXÖN', 'DÏCKSÖNX', '0.767', '0.813'), ('محمد', 'محمود', '0.933', '0.953'),
    ('SHACKLEFORD', 'SHACKELFORD', '0.970', '0.982'), ('JON', 'JAN', '0.778', '0.800')) v(a, b, j, w);
SELECT is(osa_distance(a, b), d, a || ', ' || b) FROM (VALUES ('', '', 0), ('', 'abc', 3), ('ca', 'abc', 3), ('SUTRISNO', 'SUTIRSNO', 1),
    ('é', 'e', 1), ('😀', '', 1), ('👍a', 'a👍', 1), ('kitten', 'sitting', 3)) v(a, b, d);
-- two edits a copy and nine more: 209 by the plain table for 100 copies
SELECT is(osa_distance(repeat('Sutrisno é', n), repeat('Sutirsno ê', n + 1)), 2 * n + 9, 10 * n || ' characters') FROM unnest('{100,1000}'::int[]) n;
SELECT is(osa_distance(repeat('x', 100000) || 'y', 'z' || repeat('x', 100000)), 2, '100,000 alike');
SELECT is(jaro(repeat('ab', 50000), repeat('ab', 50000) || 'c') > 0.99, true, 'jaro of 100,000');
SELECT is((SELECT count(*) FROM (SELECT substr(repeat(md5(i::text), 6), 1, i % 130) a, substr(repeat(md5((i / 3)::text), 6), 1, i % 117) b
    FROM generate_series(1, 3000) i) x WHERE osa_distance(a, b) <> osa_distance(b, a) OR jaro(a, b) NOT BETWEEN 0 AND 1
    OR osa_distance(a || 'é', b || 'é') <> osa_distance(a, b) OR jaro_winkler(a, b) < jaro(a, b)), 0::bigint, 'symmetric, in range, short and long ways agree');

-- what stands where a name should: no error where a name can be one
SELECT lives_ok(format('SELECT dtsen.nama_similarity(%L::dtsen.nama, %L::dtsen.nama), dtsen.nama_explain(%1$L, %2$L)', a, b), 'compares ' || i)
FROM (VALUES (1, 'H. Drs.', 'Ir.'), (2, 'محمد علي', 'محمد'), (3, '😀 Siti', 'Siti 😀😀'), (4, repeat(E'e\u0301', 127), 'é'), (5, 'Ma’ruf', 'Ma‘ruf'),
    (6, repeat('a b ', 16), repeat('b a ', 16)), (7, repeat('x', 255), repeat('x', 254) || 'y'), (8, 'Żółć', 'ZOLC'), (9, '(((', 'x'), (10, 'x)(y', 'x (y'))
    v(i, a, b) WHERE is_nama(a) AND is_nama(b);
SELECT is(to_nama(t), NULL, 'no name: ' || i) FROM (VALUES (1, ''), (2, '   '), (3, '123'), (4, '.,-'), (5, repeat('a', 10000)), (6, repeat('ab ', 5000))) v(i, t);
SELECT * FROM finish();
ROLLBACK;
