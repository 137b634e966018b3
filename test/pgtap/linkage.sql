-- Record linkage: the weight against its own definition, one row against bulk,
-- parallel plans, privileges, row security, partitions, quoting, SQLSTATEs.
BEGIN;
SET search_path = dtsen, public, pg_catalog;
SELECT no_plan();
SELECT setseed(0.3);

-- people and what other registers say about them; names and numbers made up
CREATE TABLE people (id int PRIMARY KEY, nik nik, nama nama, birth_date date, sex text, mother nama, birth_place text, nkk nkk, wilayah kode_wilayah);
CREATE FUNCTION pick(a text[]) RETURNS text LANGUAGE sql VOLATILE RETURN a[1 + floor(random() * array_length(a, 1))::int];
INSERT INTO people
SELECT i, ('321601' || to_char(CASE WHEN p THEN 40 ELSE 0 END + extract(day FROM born)::int, 'FM00') || to_char(born, 'MMYY') || lpad((1 + i % 9)::text, 4, '0'))::nik,
    (pick('{SITI,NUR,AGUS,DEWI,M.,Muhammad,SRI}'::text[]) || ' ' || pick('{Nurhayati,Sunarto,Sunarti,Yusuf,Jusuf,Lestari,Setiawan,Hermawan,Aminah}'::text[])
        || pick('{"",""," binti Sulaiman",", S.Pd"," WIDJAJA"}'::text[]))::nama,
    born, CASE WHEN p THEN 'P' ELSE 'L' END, pick('{SULASTRI,Aminah,Hj. Sumiati,RINA,Rina Lestari}'::text[])::nama,
    pick('{BEKASI,KOTA BEKASI,JKT,Solo,SURAKARTA,x}'::text[]), ('321601020310' || lpad((1 + i / 4)::text, 4, '0'))::nkk, pick('{3216,321601,3216012001,3275}'::text[])::kode_wilayah
FROM (SELECT i, date '1950-01-01' + floor(random() * 25000)::int AS born, random() < 0.5 AS p FROM generate_series(1, 400) i OFFSET 0) s;
INSERT INTO people SELECT id + 1000, CASE WHEN id % 3 = 0 THEN NULL WHEN id % 5 = 0 THEN (nik::bigint + 10000)::nik ELSE nik END,
    CASE WHEN id % 7 > 0 THEN upper(nama::text)::nama END, CASE WHEN id % 4 > 0 THEN birth_date ELSE make_date(extract(year FROM birth_date)::int, 1, 1) END,
    nullif(sex, pick('{L,P,x}'::text[])), CASE WHEN id % 3 > 0 THEN mother END, nullif(birth_place, 'x'), CASE WHEN id % 2 > 0 THEN nkk END, wilayah
FROM people;
CREATE FUNCTION record_of(p people) RETURNS person_record LANGUAGE sql STABLE
    RETURN ROW((p).nik, (p).nama, (p).birth_date, (p).sex, (p).mother, (p).birth_place, (p).nkk, (p).wilayah)::person_record;
CREATE TEMP TABLE pair AS
SELECT a.id AS a_id, b.id AS b_id, record_of(a) AS a, record_of(b) AS b FROM people a, people b
WHERE a.id < 1000 AND (b.id = a.id + 1000 OR b.id = a.id % 400 + 1 OR (b.birth_date = a.birth_date AND b.id > a.id) OR (b.nkk = a.nkk AND b.id > a.id));
SELECT cmp_ok((SELECT count(*) FROM pair), '>', 1500::bigint, 'there are pairs');

-- The weight by its definition: the model's m and u, rarity, and the levels
-- that the explanation names.
CREATE FUNCTION by_definition(e jsonb, model jsonb) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT min((model #>> ARRAY['rarity', rival])::float8 + coalesce(s, 0))
    FROM jsonb_object_keys(model -> 'rarity') rival, LATERAL (
        SELECT sum(round(1024 * (ln(m) - ln(u)) / ln(2::float8)) / 1024
            + CASE WHEN rival IN ('stranger', 'local', 'neighbour') AND slope > 0 THEN
                greatest((model #>> '{frequency,least}')::float8, least((model #>> '{frequency,most}')::float8,
                    trunc(((f ->> 'information')::float8 - (model #>> '{frequency,reference}')::float8) * round(slope * 1024)) / 1024))
              ELSE 0 END) AS s
        FROM jsonb_array_elements(e -> 'fields') f, LATERAL (SELECT model #> ARRAY['fields', f ->> 'field', f ->> 'level'] AS l) x,
            LATERAL (SELECT (l ->> 'm')::float8 AS m, (l #>> ARRAY['u', rival])::float8 AS u, coalesce((l ->> 'slope')::float8, 0) AS slope) y) z $$;
SELECT is_empty('SELECT a_id, b_id FROM pair WHERE person_match(a, b) IS DISTINCT FROM by_definition(person_explain(a, b), linkage_model())',
    'the weight is what the model and the levels say');
SELECT is_empty($$SELECT a_id, b_id FROM pair WHERE person_match(a, b) <> person_match(b, a)$$, 'symmetric');
SELECT is_empty($$SELECT a_id, b_id FROM pair WHERE person_match(a, b, linkage_model()) <> person_match(a, b)$$, 'the default model as a value is the default');
SELECT is_empty($$SELECT a_id, b_id FROM pair, LATERAL (SELECT person_explain(a, b) AS e) x
    WHERE (e ->> 'weight')::numeric <> (e ->> 'rarity')::numeric + coalesce((SELECT sum((f ->> 'contribution')::numeric) FROM jsonb_array_elements(e -> 'fields') f), 0)
        OR (e ->> 'weight')::float8 <> person_match(a, b)$$, 'rarity and contributions are the weight, exactly');
SELECT is_empty($$SELECT a_id FROM pair, LATERAL (SELECT person_explain(a, b)::text AS e) x
    WHERE e LIKE '%' || (a).nik || '%' OR e LIKE '%' || right((a).nik, 10) || '%' OR e ILIKE '%' || (a).nama::text || '%' OR e LIKE '%' || (a).nkk::text || '%'
        OR e ILIKE '%' || (a).mother::text || '%' OR e LIKE '%' || (a).birth_date::text || '%'$$, 'no explanation shows a number, name or date');
-- as docs/linkage.md has them
SELECT is(array_agg(DISTINCT k ORDER BY k), '{against,fields,missing,nik_contradicts,rarity,rival,version,weight}', 'keys of an explanation') FROM pair, jsonb_object_keys(person_explain(a, b)) k;
SELECT is(array_agg(DISTINCT k ORDER BY k), '{adjustment,contribution,field,from_nik,information,level,weight}', 'and of its fields') FROM (SELECT a, b FROM pair UNION ALL
    VALUES (ROW('3216014107850003', NULL, NULL, NULL, NULL, NULL, NULL, NULL)::person_record, ROW(NULL, NULL, '1985-07-01', NULL, NULL, NULL, NULL, NULL)::person_record)) p,
    jsonb_array_elements(person_explain(a, b) -> 'fields') f, jsonb_object_keys(f) k;
SELECT is(array_agg(DISTINCT k ORDER BY k), '{kin,local,neighbour,sibling,stranger,twin}', 'and its rivals') FROM pair, jsonb_object_keys(person_explain(a, b) -> 'against') k;
SELECT is(person_explain(ROW(NULL, NULL, NULL, x, NULL, NULL, NULL, NULL), ROW(NULL, NULL, NULL, 'P', NULL, NULL, NULL, NULL)) #>> '{fields,0,level}', y, 'sex written ' || x)
FROM (VALUES ('Perempuan', 'equal'), ('LAKI-LAKI', 'differs'), ('2 ', 'equal'), ('laki', 'differs'), ('PL', NULL)) v(x, y);
-- another model, compiled once for many rows and anew for each that differs
CREATE TEMP TABLE model AS SELECT i, jsonb_build_object('version', 1, 'rarity', jsonb_build_object('twin', i),
    'frequency', jsonb_build_object('reference', 10 + i, 'most', 3), 'fields', jsonb_build_object('nik', jsonb_build_object('equal',
    jsonb_build_object('m', 0.5, 'u', jsonb_build_object('stranger', 0.001 * i))), 'nama', jsonb_build_object('equal', jsonb_build_object('slope', 0.5)))) AS m FROM generate_series(1, 5) i;
SELECT is_empty('SELECT a_id, b_id, i FROM (SELECT * FROM pair ORDER BY a_id, b_id LIMIT 200) p, model WHERE person_match(a, b, m) IS DISTINCT FROM by_definition(person_explain(a, b, m), linkage_model(m))',
    'a model given means what it says');
SELECT is(linkage_model(linkage_model(m)), linkage_model(m), 'a completed model is complete') FROM model WHERE i = 3;
-- matches above, others below: coarse here, docs/linkage.md measures
SELECT cmp_ok((SELECT avg((person_match(a, b) > 20)::int) FROM pair WHERE b_id = a_id + 1000), '>', 0.8, 'most who are one person are found');
SELECT cmp_ok((SELECT avg((person_match(a, b) > 20)::int) FROM pair WHERE b_id % 1000 <> a_id), '<', 0.02, 'hardly one of two persons is');

-- one new row in a trigger, and bulk: the same to the last bit
CREATE TABLE seen (id int, other int, weight float8);
CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO seen SELECT NEW.id, p.id, person_match(record_of(NEW), record_of(p)) FROM people p WHERE p.id < 100;
    RETURN NULL;
END $$;
CREATE TRIGGER see AFTER INSERT ON people FOR EACH ROW EXECUTE FUNCTION see();
INSERT INTO people SELECT id + 5000, nik, nama, birth_date, sex, mother, birth_place, nkk, wilayah FROM people WHERE id BETWEEN 90 AND 99;
SELECT is((SELECT count(*) FROM seen s JOIN people a ON a.id = s.id JOIN people b ON b.id = s.other
    WHERE float8send(s.weight) = float8send(person_match(record_of(b), record_of(a)))), (SELECT count(*) FROM seen), 'a trigger computes what bulk computes');
DROP TRIGGER see ON people;

-- parallel workers
CREATE INDEX ON people (nik);
CREATE INDEX ON people (birth_date);
CREATE INDEX ON people (nkk);
ANALYZE people;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
CREATE FUNCTION total() RETURNS float8 LANGUAGE sql AS 'SELECT sum(person_match(record_of(a), record_of(b))) FROM people a JOIN people b ON b.nkk = a.nkk';
CREATE TEMP TABLE sums AS SELECT total() AS parallel;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is(total(), parallel, 'parallel and serial sums are equal: every weight is exact') FROM sums;

-- of a temporary table, which no worker can read
SET LOCAL max_parallel_workers_per_gather = 2;
CREATE TEMP TABLE own_people AS SELECT * FROM people;
CREATE INDEX ON own_people (nik);
SELECT count(set_config(name, 'on', true)) = 1 AS forced FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
SELECT lives_ok($$CREATE TEMP TABLE own_found AS SELECT count(*) FROM person_candidates('own_people', ROW('3216014107850003', 'Siti', NULL, NULL, NULL, NULL, NULL, NULL)::person_record)$$,
    'candidates in a temporary table, where workers are wished for');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT count(set_config(name, 'off', true)) = 1 AS forced FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
DISCARD PLANS; -- those with a worker

-- candidates: everyone is found by what is left of the record
CREATE TEMP TABLE found AS
SELECT p.id, k.what, (SELECT q.id FROM person_candidates('people', k.probe, 1) c JOIN people q ON q.ctid = c.row_tid AND q.tableoid = c.row_table) AS first
FROM people p, LATERAL (VALUES
    ('nik', ROW((p.nik::bigint + 1)::nik, p.nama, NULL, NULL, NULL, NULL, NULL, NULL)::person_record),
    ('date', ROW(NULL, p.nama, p.birth_date, p.sex, p.mother, NULL, NULL, NULL)::person_record),
    ('family', ROW(NULL, p.nama, NULL, p.sex, p.mother, NULL, p.nkk, NULL)::person_record)) k(what, probe)
WHERE p.id <= 60;
SELECT cmp_ok((SELECT avg((first % 1000 = id)::int) FROM found WHERE what = w), '>', 0.75, 'found by ' || w) FROM unnest('{nik,date,family}'::text[]) w;
SELECT is_empty($$SELECT * FROM people p, LATERAL person_candidates('people', record_of(p), 5) c WHERE p.id < 50
    AND c.weight IS DISTINCT FROM person_match(record_of(p), c.candidate)$$, 'a candidate has the weight of bulk');
SELECT is((SELECT array_agg(row_tid) FROM person_candidates('people', record_of(p), 3, '{}', linkage_model())),
    (SELECT array_agg(row_tid) FROM person_candidates('people', record_of(p), 3)), 'a model may be given') FROM people p WHERE id = 7;

-- a NIK that is used, not refused, is searched by, too
SELECT is((SELECT q.id FROM person_candidates('people', ROW(what.nik, 'Siti', NULL, NULL, NULL, NULL, NULL, NULL), 1000) c JOIN people q ON q.ctid = c.row_tid AND q.id = p.id), p.id, 'found by a NIK with ' || what.has)
FROM people p, LATERAL (SELECT p.nik::text AS n) t, LATERAL (VALUES ('a letter', translate(left(n, 5), '1', 'I') || substr(n, 6)), ('15 digits', left(n, 9) || substr(n, 11)),
    ('17 digits', left(n, 9) || '7' || substr(n, 10)), ('blanks', left(n, 6) || ' ' || substr(n, 7)), ('a wrong digit', left(n, 15) || '0')) what(has, nik) WHERE p.id = 17;
SELECT is_empty($$SELECT FROM person_candidates('people', ROW('0000000000000001', 'Siti', NULL, NULL, NULL, NULL, NULL, NULL), 1000)$$, 'nobody by one that stands for none');

-- a hostile table: names, partitions, types of columns
CREATE SCHEMA "a'b""; DROP TABLE people; --";
CREATE TABLE "a'b""; DROP TABLE people; --"."T %s" ("n'ik""" text, "nama %I" text, tgl date, "nkk " bigint) PARTITION BY HASH (tgl);
CREATE TABLE "a'b""; DROP TABLE people; --"."p 0" PARTITION OF "a'b""; DROP TABLE people; --"."T %s" FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE "a'b""; DROP TABLE people; --"."p 1" PARTITION OF "a'b""; DROP TABLE people; --"."T %s" FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE INDEX ON "a'b""; DROP TABLE people; --"."T %s" ("n'ik""");
CREATE INDEX ON "a'b""; DROP TABLE people; --"."T %s" ("nkk ");
INSERT INTO "a'b""; DROP TABLE people; --"."T %s" SELECT nik::text, nama::text, birth_date, nkk::bigint FROM people WHERE id < 400;
INSERT INTO "a'b""; DROP TABLE people; --"."T %s" VALUES ('3216 rusak', '-', '2000-01-01', 1);
CREATE FUNCTION hostile(p person_record) RETURNS SETOF float8 LANGUAGE sql AS $$
    SELECT weight FROM person_candidates($q$"a'b""; DROP TABLE people; --"."T %s"$q$, p, 1, $q${"nik": "n'ik\"", "nama": "nama %I", "birth_date": "tgl", "nkk": "nkk "}$q$) $$;
SELECT is(hostile(record_of(p)), person_match(record_of(p), ROW(p.nik, p.nama, p.birth_date, NULL, NULL, NULL, p.nkk, NULL)::person_record),
    'any identifier, text and bigint columns, partitions') FROM people p WHERE id = 11;

-- the types that numbers have in other registers, and values that are none
CREATE DOMAIN own_nik AS nik_valid;
CREATE TABLE char_people (nik char(16), nama varchar(80), birth_date timestamp, nkk bigint, wilayah bigint);
CREATE TABLE domain_people (nik own_nik PRIMARY KEY, nama nama, tgl text);
CREATE TABLE numeric_people (nik numeric PRIMARY KEY, nama nama, nkk nkk);
INSERT INTO char_people VALUES ('3216014101900001', 'SITI NURHAYATI', '1990-01-01', 3216011505120003, 3216012001), ('3216014101900002', 'SITI', '1990-01-01', -5, 7), ('3216014101900003', '', NULL, 99999999999999999, 0);
INSERT INTO domain_people SELECT nik::nik, to_nama(nama), '30-02-1990' FROM char_people;
INSERT INTO numeric_people SELECT nik::numeric, to_nama(nama), to_nkk(nkk::text) FROM char_people;
CREATE INDEX ON char_people (nik);
CREATE INDEX ON numeric_people (nkk);
CREATE FUNCTION numbers(relation regclass, columns jsonb DEFAULT '{}', p person_record DEFAULT ROW('3216014101900001', 'Siti Nurhayati', NULL, NULL, NULL, NULL, '3216011505120003', NULL)) RETURNS text[] LANGUAGE sql AS
    'SELECT array_agg(right((candidate).nik, 1) ORDER BY weight DESC, (candidate).nik) FROM person_candidates(relation, p, 10, columns)';
SELECT is(numbers('char_people'), '{1,3,2}', 'a column of type char, bigints that are no numbers');
SELECT is(numbers('domain_people', '{"birth_date": null}'), '{1,3,2}', 'a domain over a domain whose check not all neighbours pass');
SELECT throws_ok($$SELECT numbers('domain_people', '{"birth_date": "tgl"}')$$, '42804', NULL, 'dates written as text');
SELECT is(numbers('numeric_people'), '{1}', 'a type that is not searched by is compared');
SELECT throws_ok($$SELECT numbers('numeric_people', '{"nkk": null}')$$, '55000', NULL, 'and does not help alone');
SELECT throws_ok('SELECT numbers(4294967295::oid::regclass)', '42P01', NULL, 'a relation that is none');
SELECT lives_ok(format($$SELECT numbers('people', '{}', ROW('x', 'Siti', %L::date, NULL, NULL, NULL, NULL, NULL))$$, d), 'born ' || d)
FROM unnest('{infinity,-infinity,4713-01-01 BC,5874897-12-31,2000-12-31}'::text[]) d;
-- the text is prepared in a session that somebody else may have filled
CREATE SCHEMA linkage_evil;
CREATE FUNCTION linkage_evil.refuse(date, date) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RAISE ''taken over''; END';
CREATE OPERATOR linkage_evil.= (FUNCTION = linkage_evil.refuse, LEFTARG = date, RIGHTARG = date);
CREATE DOMAIN linkage_evil.regclass AS int;
SELECT person_candidates_sql('people') AS query \gset
SET LOCAL search_path = linkage_evil, pg_catalog;
PREPARE candidates(dtsen.person_record, int) AS :query;
SET LOCAL search_path = dtsen, public, pg_catalog;
SELECT lives_ok($$EXECUTE candidates(ROW('3216014101900001', 'Siti', '1990-01-01', NULL, NULL, NULL, '3216011505120003', NULL), 3)$$, 'nothing in it depends on the search path');

-- own tables of names
CREATE FUNCTION own() RETURNS nama_model LANGUAGE sql IMMUTABLE RETURN nama_model '[{"kind": "variant", "word": "Bejo", "name": "Untung"}]';
CREATE TEMP TABLE renamed AS SELECT a_id, a, ROW((a).nik, regexp_replace((a).nama::text, '^\S+', 'Bejo')::nama, (a).birth_date, (a).sex, NULL, NULL, NULL, NULL)::person_record AS bejo,
    ROW((a).nik, regexp_replace((a).nama::text, '^\S+', 'Untung')::nama, (a).birth_date, (a).sex, NULL, NULL, NULL, NULL)::person_record AS untung FROM pair WHERE a_id < 200;
SELECT is_empty($$SELECT a_id FROM renamed WHERE person_match(bejo, untung) >= person_match(bejo, untung, linkage_model(), own())$$, 'a variant of a ministry''s own counts');
SELECT is_empty($$SELECT a_id FROM renamed WHERE person_match(untung, bejo, linkage_model(), own()) <> person_match(bejo, untung, '{"version": 1}', own())
    OR (person_explain(bejo, untung, linkage_model(), own()) ->> 'weight')::float8 <> person_match(bejo, untung, linkage_model(), own())$$, 'symmetric, and explained');
SELECT is_empty($$SELECT a_id FROM pair WHERE person_match(a, b, linkage_model(), own()) <> person_match(a, b)$$, 'others are compared as ever');
SELECT is_empty($$SELECT a_id, i FROM (SELECT * FROM renamed ORDER BY a_id LIMIT 30) r, model, LATERAL (VALUES (own()), ('[{"kind": "nickname", "word": "Bejo", "name": "Untung"}]')) o(n)
    WHERE person_match(bejo, untung, m, n) IS DISTINCT FROM by_definition(person_explain(bejo, untung, m, n), linkage_model(m))$$, 'both models may change from row to row');
SELECT is((SELECT weight FROM person_candidates('people', bejo, 1, '{}', NULL, own())), (SELECT max(own_weight) FROM person_candidates('people', bejo, 1000),
    LATERAL (SELECT person_match(candidate, bejo, linkage_model(), own()) OFFSET 0) w(own_weight)), 'candidates by own tables of names') FROM renamed WHERE a_id = 7 LIMIT 1;
SELECT is((SELECT array_agg(weight) FROM person_candidates('people', bejo, 5, '{}', m, own())),
    (SELECT array_agg(person_match(candidate, bejo, m, own()) ORDER BY weight DESC) FROM person_candidates('people', bejo, 5, '{}', m, own())), 'and by both') FROM renamed, model WHERE a_id = 7 AND i = 2 LIMIT 1;

-- row security of the caller; no rights are lent
CREATE ROLE linkage_clerk;
GRANT USAGE ON SCHEMA dtsen TO linkage_clerk;
CREATE TEMP TABLE probe AS SELECT id, record_of(p) AS p FROM people p WHERE id IN (20, 21);
GRANT SELECT ON probe TO linkage_clerk;
SET ROLE linkage_clerk;
SELECT throws_ok($$SELECT person_candidates('people', p) FROM probe$$, '42501', NULL, 'a reader without the right reads nothing');
RESET ROLE;
GRANT SELECT ON people TO linkage_clerk;
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY half ON people FOR SELECT TO linkage_clerk USING (id % 2 = 0);
SET ROLE linkage_clerk;
SELECT is_empty($$SELECT FROM probe, LATERAL person_candidates('people', p, 100) c JOIN people q ON q.ctid = c.row_tid WHERE q.id % 2 = 1$$, 'candidates are rows that the reader may see');
SELECT isnt_empty($$SELECT FROM probe, LATERAL person_candidates('people', p, 100)$$, 'and those are found');
SELECT is((SELECT count(*) FROM probe, LATERAL person_candidates('people', p, 1000) c), (SELECT count(*) FROM probe, LATERAL person_candidates('people', p, 1000) c JOIN people q ON q.ctid = c.row_tid),
    'none is counted beyond them');
SELECT lives_ok($$SELECT person_match(p, p), person_explain(p, p), linkage_model(), linkage_model('{"version": 1}'), person_probability(1) FROM probe$$, 'everyone may compare');
RESET ROLE;
SELECT is_empty($$SELECT proname FROM pg_proc WHERE pronamespace = 'dtsen'::regnamespace AND proname ~ '^(person|linkage)' AND (prosecdef OR proparallel <> CASE proname WHEN 'person_candidates' THEN 'r' ELSE 's' END)$$, 'none runs with its owner''s rights, all are parallel safe but the one that reads a table');

-- refusals
CREATE VIEW people_view AS SELECT * FROM people;
SELECT throws_ok($$SELECT person_candidates('people_view', p) FROM probe$$, '42809', NULL, 'a view has no rows to point at');
SELECT throws_ok($$SELECT person_candidates('seen', p) FROM probe$$, '55000', NULL, 'a table without an index');
SELECT throws_ok($$SELECT person_candidates('people', p, 1, '{"nik": "x"}') FROM probe$$, '42703', NULL, 'a column that is not there');
SELECT throws_ok($$SELECT person_candidates('people', p, 1, '{"x": "nik"}') FROM probe$$, '42703', NULL, 'an attribute that is not there');
SELECT throws_ok($$SELECT person_candidates('people', p, 1, '7') FROM probe$$, '22023', NULL, 'columns that are no object');
SELECT throws_ok($$SELECT person_candidates('people', p, 0) FROM probe$$, '22023', NULL, 'no candidates asked for');
SELECT lives_ok($$SELECT person_candidates('people', p, 1, '{"nik": null, "nkk": null}') FROM probe$$, 'an attribute may be left out');
SELECT throws_ok(format('SELECT linkage_model(%L)', m), '22023', NULL, 'refused: ' || m) FROM unnest(ARRAY['7', '"x"', 'null', '[1]', '{}', '{"version": "1"}', '{"version": 1.5}',
    '{"version": 1, "fields": 7}', '{"version": 1, "fields": {"x": {}}}', '{"version": 1, "fields": {"nik": {"x": {}}}}', '{"version": 1, "fields": {"nik": {"equal": 7}}}',
    '{"version": 1, "fields": {"nik": {"equal": {"m": 1.01}}}}', '{"version": 1, "fields": {"nik": {"equal": {"m": 1e-30}}}}', '{"version": 1, "fields": {"nik": {"equal": {"m": 1e999}}}}',
    '{"version": 1, "fields": {"nik": {"equal": {"u": {"x": 1}}}}}', '{"version": 1, "fields": {"nama": {"equal": {"slope": 3}}}}', '{"version": 1, "rarity": {"kin": 101}}',
    '{"version": 1, "frequency": {"x": 1}}', '{"version": 1, "frequency": {"most": -1}}']) m;
SELECT throws_ok('SELECT person_match(p, p, ''{}'') FROM probe', '22023', NULL, 'a model that is none');
SELECT throws_ok(format('SELECT person_probability(1, %L)', x), '22023', NULL, 'prior ' || x) FROM unnest('{0,1,-1,2,nan,infinity}'::text[]) x;
SELECT throws_ok('SELECT person_probability(''nan'')', '22023', NULL, 'weight that is no number');
SELECT is(person_probability(x::float8, 0.25), y, 'probability at ' || x) FROM (VALUES ('0', 0.25::float8), ('infinity', 1), ('1000', 1)) v(x, y);
-- what cannot be a value of a field is a missing one
SELECT is(person_explain(ROW(n, NULL, d::date, s, NULL, t, NULL, NULL)::person_record, ROW('3216014107850003', NULL, '1985-07-01', 'P', NULL, 'BEKASI', NULL, NULL)::person_record) -> 'fields',
    '[]'::jsonb, 'missing: ' || n || ' ' || d || ' ' || t)
FROM (VALUES ('', 'infinity', '', ''), ('0000000000000000', '-infinity', 'x', '12'), ('abc', '4000-01-01 BC', 'LP', '-')) v(n, d, s, t);
SELECT is(person_explain(ROW(NULL, n::nama, NULL, NULL, n::nama, n, NULL, NULL), ROW(NULL, n::nama, NULL, NULL, n::nama, n, NULL, NULL)) -> 'fields', '[]'::jsonb, 'no name: ' || n)
FROM unnest('{TIDAK DIKETAHUI,BAYI NY. SITI AMINAH,NN}'::text[]) n;
-- a whole family under the number of its card
SELECT ok(person_explain(ROW(k, 'Siti', '1985-07-11', NULL, NULL, NULL, k::nkk, NULL)::person_record, ROW(k, 'Agus', '1988-03-02', NULL, NULL, NULL, k::nkk, NULL)::person_record) -> 'missing' ? 'nik', 'the number of the own card is no NIK')
FROM (SELECT '3216010203100001'::text AS k) x;
SELECT is(person_explain(ROW('3216010203100001', 'Siti', NULL, NULL, NULL, NULL, '3216010203100009', NULL)::person_record, ROW('3216010203100001', 'Siti', NULL, NULL, NULL, NULL, NULL, NULL)::person_record) #>> '{fields,0,level}', 'equal', 'that of another is one');
SELECT is(ARRAY(SELECT f ->> 'field' FROM jsonb_array_elements(person_explain(ROW(n, 'Siti', '1985-07-11', NULL, NULL, NULL, c::nkk, NULL)::person_record,
    ROW('3216011107850001', 'Siti', '1985-07-11', NULL, NULL, NULL, k::nkk, NULL)::person_record) -> 'fields') AS f WHERE f ->> 'field' IN ('nik', 'nkk')), fields, what)
FROM (VALUES ('3216010203100001', NULL, '3216010203100001', '{}'::text[], 'nor is that of the other''s card'), ('3216010203100001', '3216010203100009', '3216010203100001', '{nkk}', 'nor beside a card of its own'),
    ('3216011107850001', '3216010203100001', '3216011107850001', '{nik}', 'the NIK is no number of a card')) AS x (n, c, k, fields, what);
-- values are read as they are stored: not where the owner of the type has altered it
CREATE FUNCTION altered(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    DROP FUNCTION record_of, numbers;
    DROP TABLE pair, found, renamed, probe;
    EXECUTE 'ALTER TYPE person_record ' || what;
    EXECUTE format('SELECT person_match(p, p) FROM (SELECT ROW(%s)::person_record AS p) AS x',
        (SELECT string_agg('NULL', ',') FROM pg_attribute WHERE attrelid = 'person_record'::regclass AND attnum > 0 AND NOT attisdropped));
    RETURN 'answered';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN sqlstate || CASE WHEN hint LIKE 'Undo what ALTER TYPE did%' THEN ' with a hint' ELSE '' END;
END $$;
SELECT is(altered(what), '42804 with a hint', 'refused: ' || what)
FROM unnest('{ALTER ATTRIBUTE birth_place TYPE bigint,ALTER ATTRIBUTE nama TYPE text,ALTER ATTRIBUTE nkk TYPE nama,ALTER ATTRIBUTE nama TYPE nama_query,ALTER ATTRIBUTE nkk TYPE nik,ADD ATTRIBUTE age int,DROP ATTRIBUTE sex}'::text[]) AS what;
SELECT is(person_match(p, p) > 0, true, 'and answered as it was made') FROM (SELECT ROW(NULL, 'Budi', '1990-01-02', NULL, NULL, NULL, NULL, NULL)::person_record) AS x (p);
SELECT * FROM finish();
ROLLBACK;
