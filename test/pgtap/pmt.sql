-- Proxy means test: scores against plain SQL, explanations, models that are wrong.
\set ON_ERROR_STOP on
BEGIN;
SET client_min_messages = warning;
SET search_path = dtsen, public;
SELECT no_plan();

CREATE TABLE model (id int, m jsonb);
INSERT INTO model VALUES (1, '{
  "version": "2026.1", "scale": "log_rupiah", "wilayah": "wilayah",
  "variables": {
    "floor": {"kind": "number", "default": 36},
    "members": {"kind": "number"},
    "power": {"kind": "boolean", "default": false},
    "wall": {"kind": "category", "levels": ["brick", "wood", "bamboo"], "default": "bamboo", "unknown": "wood"},
    "water": {"kind": "category", "levels": ["1", "2", "3"]}
  },
  "models": [
    {"name": "Java", "wilayah": ["31", "32", "3578"], "intercept": 13.25, "terms": [
      {"variable": "floor", "coefficient": 0.18, "transform": "log"},
      {"variable": "members", "coefficient": -0.11},
      {"variable": "members", "coefficient": 0.004, "transform": "square"},
      {"variable": "power", "coefficient": 0.15},
      {"variable": "wall", "coefficients": {"brick": 0.21, "wood": 0.07, "bamboo": 0}},
      {"variable": "water", "coefficients": {"1": 0.3, "2": 0.1, "3": -0.05}},
      {"product": [{"variable": "power"}, {"variable": "wall", "level": "brick"}, {"variable": "floor", "transform": "log"}],
       "coefficient": 0.02}]},
    {"name": "one city", "wilayah": ["3273"], "intercept": 14, "terms": []},
    {"name": "others", "intercept": 12.75, "terms": [
      {"variable": "members", "coefficient": -0.2},
      {"variable": "wall", "coefficients": {"brick": 0.1, "wood": 0, "bamboo": -0.1}}]}]}');
SELECT is_empty('SELECT (pmt_check(m)).* FROM model', 'the model is valid');

CREATE TABLE family (id int, wilayah text, floor numeric, members smallint, power bool, wall varchar(10), water int, note text);
INSERT INTO family
SELECT i, (ARRAY['3201012001', '3578', '3273', '1101', '31.71'])[1 + i % 5], CASE WHEN i % 11 > 0 THEN 20 + i % 90 END, 1 + i % 9,
       (ARRAY[true, false, NULL])[1 + i % 3], (ARRAY['brick', 'wood', 'bamboo', NULL, 'straw'])[1 + i / 3 % 5], 1 + i % 3, 'x'
FROM generate_series(1, 3000) i;

CREATE FUNCTION by_hand(f family) RETURNS float8 LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN f.wilayah = '3273' THEN 14::float8
        WHEN f.wilayah = '1101' THEN 12.75::float8 + (-0.2::float8 * f.members)
            + CASE wall WHEN 'brick' THEN 0.1 WHEN 'bamboo' THEN -0.1 ELSE 0 END::float8
        ELSE 13.25::float8 + 0.18::float8 * ln(floor) + (-0.11::float8 * f.members)
            + 0.004::float8 * (f.members * f.members) + 0.15::float8 * power
            + CASE wall WHEN 'brick' THEN 0.21 WHEN 'wood' THEN 0.07 ELSE 0 END::float8
            + CASE f.water WHEN 1 THEN 0.3 WHEN 2 THEN 0.1 ELSE -0.05 END::float8
            + 0.02::float8 * power * (wall = 'brick')::int * ln(floor)
        END
    FROM (SELECT coalesce(f.floor, 36)::float8 AS floor, coalesce(f.power, false)::int AS power,
          CASE WHEN f.wall IS NULL THEN 'bamboo' WHEN f.wall = 'straw' THEN 'wood' ELSE f.wall END AS wall) d
$$;
SELECT is_empty($$ SELECT f.*, pmt_score(m, f), by_hand(f) FROM family f, model
    WHERE abs(pmt_score(m, f) - by_hand(f)) > 1e-14 * 20 $$, 'scores of rows are the formula');
SELECT is_empty($$ SELECT f.*, pmt_score(m, f), pmt_score(m, to_jsonb(f)) FROM family f, model
    WHERE pmt_score(m, f) IS DISTINCT FROM pmt_score(m, to_jsonb(f)) $$, 'rows and JSON objects: the same bits');
SELECT is_empty($$ SELECT f.* FROM family f, model, LATERAL pmt_explain(m, f) e
    WHERE (e ->> 'sum')::float8 IS DISTINCT FROM pmt_score(m, f) OR e IS DISTINCT FROM pmt_explain(m, to_jsonb(f))
       OR (e ->> 'rupiah')::float8 IS DISTINCT FROM pmt_score(m || '{"result": "rupiah"}', f)
       OR abs((e ->> 'rupiah')::float8 / exp((e ->> 'sum')::float8) - 1) > 1e-14 $$, 'an explanation ends with the score');
CREATE FUNCTION added(e jsonb) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    total float8 := (e ->> 'intercept')::float8; t jsonb;
BEGIN
    FOR t IN SELECT jsonb_array_elements(e -> 'terms') LOOP total := total + (t ->> 'contribution')::float8; END LOOP;
    RETURN total;
END $$;
SELECT is_empty($$ SELECT f.* FROM family f, model WHERE added(pmt_explain(m, f)) <> pmt_score(m, f) $$,
    'contributions add up to the score, to the last bit');
SELECT is(pmt_explain(m, '{"wilayah": "31", "members": 2, "power": true, "wall": "straw", "water": "3"}'::jsonb) - 'rupiah' - 'sum'
          #- '{terms,0,rupiah}' #- '{terms,1,rupiah}' #- '{terms,2,rupiah}' #- '{terms,3,rupiah}' #- '{terms,4,rupiah}'
          #- '{terms,5,rupiah}' #- '{terms,6,rupiah}' #- '{terms,0,contribution}',
    '{"version": "2026.1", "model": "Java", "scale": "log_rupiah", "intercept": 13.25, "terms": [
      {"variable": "floor", "value": 36, "defaulted": true}, {"variable": "members", "value": 2, "contribution": -0.22},
      {"variable": "members", "value": 2, "contribution": 0.016},
      {"variable": "power", "value": true, "contribution": 0.15},
      {"variable": "wall", "value": "wood", "defaulted": true, "contribution": 0.07},
      {"variable": "water", "value": "3", "contribution": -0.05},
      {"product": [{"variable": "power", "value": true}, {"variable": "wall", "value": "wood", "level": "brick", "defaulted": true},
        {"variable": "floor", "value": 36, "defaulted": true}], "contribution": 0}]}'::jsonb, 'the parts of an explanation')
FROM model;
SELECT ok(abs((e #>> '{terms,1,rupiah}')::float8 - (exp(s) - exp(s + 0.22))) < 1e-6, 'rupiah: with the variable less without it')
FROM model, LATERAL (SELECT pmt_explain(m, '{"wilayah": "31", "members": 2, "water": "3"}'::jsonb) AS e) x,
    LATERAL (SELECT (e ->> 'sum')::float8 AS s) y;
SELECT is(pmt_score('{"version": "1", "scale": "rupiah", "variables": {"a": {"kind": "number"}},
    "models": [{"name": "all", "intercept": 1000, "terms": [{"variable": "a", "coefficient": 5}]}]}', '{"a": 3}'::jsonb), 1015::float8,
    'a model in rupiah, without regions');
SELECT is(pmt_score(m, NULL::jsonb), NULL, 'no family, no score') FROM model;

-- the model may change from row to row
SELECT is(array_agg(pmt_score(jsonb_set(m, '{models,1,intercept}', to_jsonb(i / 2)), '{"wilayah": "3273"}'::jsonb) ORDER BY i),
    '{0,0,1,1,2,2}', 'each row by its own model') FROM model, generate_series(0, 5) i;
CREATE FUNCTION scored(m jsonb) RETURNS float8 LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN RETURN dtsen.pmt_score(m, '{"wilayah": "3273"}'::jsonb); END $$;
SELECT is(array_agg(scored(jsonb_set(m, '{models,1,intercept}', to_jsonb(i))) ORDER BY i), '{1,2,3}', 'in PL/pgSQL too')
FROM model, generate_series(1, 3) i;
-- and the row type
SELECT is(pmt_score(m, r), by_hand(f), 'a row of another type') FROM model, family f,
    LATERAL (SELECT water, wall, wilayah, members::float8, power, floor::int) r WHERE f.id = 4;
CREATE TABLE big AS SELECT jsonb_set(m, '{version}', to_jsonb(string_agg(md5(i::text), ''))) AS m FROM model,
    generate_series(1, 500) i GROUP BY m;
SELECT is((SELECT count(*) FROM family f, big b, model o WHERE pmt_score(b.m, f) = pmt_score(o.m, f)), 3000::bigint,
    'a model stored out of line');

-- a column may be of a domain, its table altered between two calls of one expression
CREATE DOMAIN counted AS int CHECK (VALUE > 0);
CREATE DOMAIN counted_few AS counted CHECK (VALUE < 100);
CREATE DOMAIN walls AS text;
CREATE DOMAIN village AS kode_wilayah;
SELECT is(pmt_score(m, r), by_hand(f), 'columns of domains') FROM model, family f,
    LATERAL (SELECT water::counted, wall::walls, wilayah::village, members::counted_few, power, floor::int) r WHERE f.id = 1;
CREATE TABLE altered (note text, wilayah text, members int, water int);
INSERT INTO altered VALUES (repeat('x', 40), '31', 3, 1);
CREATE FUNCTION scored_twice() RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE
    row_ record; model_ jsonb; scores float8[];
BEGIN
    SELECT m INTO model_ FROM model;
    FOR i IN 1..4 LOOP
        FOR row_ IN EXECUTE 'SELECT a FROM altered a' LOOP
            scores := scores || dtsen.pmt_score(model_, row_.a);
        END LOOP;
        CASE i WHEN 1 THEN ALTER TABLE altered ALTER members TYPE float8;
               WHEN 2 THEN ALTER TABLE altered DROP COLUMN note, ADD COLUMN note text, ALTER water TYPE text;
               WHEN 3 THEN ALTER TABLE altered DROP COLUMN members, ADD COLUMN members numeric DEFAULT 3;
               ELSE NULL; END CASE;
    END LOOP;
    RETURN scores;
END $$;
SELECT is(s, array_fill(s[1], ARRAY[4]), 'a table that is altered between calls') FROM scored_twice() s;
-- a row older than a column: triggers get it as it was written
CREATE TABLE old_row AS SELECT 10::float8 AS floor;
ALTER TABLE old_row ADD rooms int DEFAULT 7;
CREATE TABLE old_score (s float8);
CREATE FUNCTION score_old() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO old_score VALUES (pmt_score('{"version": "1", "scale": "rupiah", "variables": {"floor": {"kind": "number"},
        "rooms": {"kind": "number", "default": 0}}, "models": [{"name": "all", "intercept": 0, "terms": [
        {"variable": "floor", "coefficient": 1}, {"variable": "rooms", "coefficient": 1}]}]}', OLD));
    RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON old_row FOR EACH ROW EXECUTE FUNCTION score_old();
UPDATE old_row SET floor = 11;
SELECT results_eq('TABLE old_score', '{17}'::float8[], 'a column added later has its default in rows from before');

-- Families that have no score
SELECT throws_ok(format('SELECT pmt_score(m, %L::jsonb) FROM model', f), code, NULL, f) FROM (VALUES
    ('{"wilayah": ""}', '22023'), ('{"wilayah": "."}', '22023'), ('{"wilayah": "32010120012"}', '22023'),
    ('[]', '22023'), ('{}', '22023'), ('{"wilayah": 31}', '22023'), ('{"wilayah": "Bandung"}', '22023'),
    ('{"wilayah": "31", "water": "1"}', '22023'), ('{"wilayah": "31", "members": null, "water": "1"}', '22023'),
    ('{"wilayah": "31", "members": "2", "water": "1"}', '22023'), ('{"wilayah": "31", "members": 2, "water": "4"}', '22023'),
    ('{"wilayah": "31", "members": 2, "water": true}', '22023'), ('{"wilayah": "31", "members": 2, "water": "1", "power": "yes"}', '22023'),
    ('{"wilayah": "31", "members": 2, "water": "1", "power": 2}', '22023'),
    ('{"wilayah": "31", "members": 2, "water": "1", "floor": 0}', '22023'),
    ('{"wilayah": "31", "members": 1e400, "water": "1"}', '22023'),
    ('{"wilayah": "31", "members": 1e300, "water": "1"}', '22003')) t (f, code);
SELECT throws_ok($$ SELECT pmt_score(m, ROW(1, 2)) FROM model $$, '22023', NULL, 'a row without the columns');
SELECT throws_ok($$ SELECT pmt_score(m, f) FROM model, (SELECT '31'::text AS wilayah, '2'::text AS members, 1 AS water) f $$,
    '22023', NULL, 'a number in a text column');
SELECT throws_ok($$ SELECT pmt_score(jsonb_set(m, '{models,2,wilayah}', '["99"]'), '{"wilayah": "11"}'::jsonb) FROM model $$, '22023',
    'there is no model for the region', 'a region without a model');
CREATE FUNCTION complaint(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    m text; d text; h text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', m, d, h);
END $$;
SELECT unalike(complaint($$ SELECT pmt_score(m, '{"wilayah": "31", "members": 2, "water": "Jl. Mawar 7"}'::jsonb) FROM model $$),
    '%Mawar%', 'no message shows a value');

-- Models that are wrong: every problem with its place
SELECT results_eq(format('SELECT path || '': '' || problem AS p FROM pmt_check(%L) ORDER BY (path || '': '' || problem) COLLATE "C"', m), expected, left(m, 50)) FROM (VALUES
    ('[]', ARRAY['$: must be an object']),
    ('{}', ARRAY['$.models: must be an array', '$.scale: a text is missing', '$.variables: must be an object',
                 '$.version: a text is missing']),
    ('{"version": 1, "scale": "usd", "result": "log_rupiah", "variables": {}, "models": [], "extra": 1}',
        ARRAY['$.extra: is no known key', '$.models: must not be empty',
              '$.result: must be rupiah, or log_rupiah if that is the scale', '$.scale: must be log_rupiah or rupiah',
              '$.version: must be a text that is not empty']),
    ('{"version": "1", "scale": "rupiah", "models": [7], "variables": {"a": 1, "b": {"kind": "colour"},
       "c": {"kind": "category", "levels": ["x", "x", 3], "default": "y"}, "d": {"kind": "number", "default": "1", "levels": []},
       "e": {"kind": "boolean", "default": 1, "unknown": "x"}, "f": {"kind": "category", "levels": []},
       "g": {"kind": "number", "defaul": 1}}}',
        ARRAY['$.models[0]: must be an object', '$.variables.a: must be an object',
              '$.variables.b.kind: must be number, boolean or category', '$.variables.c.default: is no level of the variable',
              '$.variables.c.levels[1]: is there twice', '$.variables.c.levels[2]: must be a text',
              '$.variables.d.default: must be a number', '$.variables.d.levels: only a category has levels',
              '$.variables.e.default: must be true or false', '$.variables.e.unknown: only a category has unknown levels',
              '$.variables.f.levels: must not be empty', '$.variables.g.defaul: is no known key']),
    ('{"version": "1", "scale": "rupiah", "variables": {"a": {"kind": "number"}, "b": {"kind": "boolean"},
       "c": {"kind": "category", "levels": ["x", "y"]}}, "models": [
       {"name": "p", "wilayah": ["31", "x", "31"], "intercept": 1, "terms": [{"variable": "z", "coefficient": 1}, 5,
         {"variable": "a", "coefficient": "1"}, {"variable": "a", "coefficient": 1e400}, {"variable": "b", "coefficient": 1, "transform": "log"},
         {"variable": "a", "coefficient": 1, "transform": "cube"}, {"variable": "c", "coefficients": {"x": 1, "q": 2}},
         {"variable": "c", "coefficient": 1}, {"product": [{"variable": "a"}], "coefficient": 1},
         {"product": [{"variable": "c"}, {"variable": "a", "level": "x"}], "coefficient": 1}]},
       {"intercept": 1, "terms": []}, {"name": "r", "terms": []}]}',
        ARRAY['$.models[0].terms[0].variable: is not one of the variables', '$.models[0].terms[1]: must be an object',
              '$.models[0].terms[2].coefficient: must be a number',
              '$.models[0].terms[3].coefficient: is out of the range of double precision',
              '$.models[0].terms[4].transform: only a number can be transformed',
              '$.models[0].terms[5].transform: must be log or square',
              '$.models[0].terms[6].coefficients.q: is no known key',
              '$.models[0].terms[6].coefficients.y: a number is missing',
              '$.models[0].terms[7].coefficient: is no known key', '$.models[0].terms[7].coefficients: must be an object',
              '$.models[0].terms[8].product: must have two factors or more',
              '$.models[0].terms[9].product[0].level: a text is missing',
              '$.models[0].terms[9].product[1].level: only a category has levels',
              '$.models[0].wilayah: the model names no variable "wilayah"',
              '$.models[0].wilayah[1]: must be a text of 1 to 10 digits', '$.models[0].wilayah[2]: is there twice',
              '$.models[1].name: a text is missing', '$.models[2].intercept: a number is missing',
              '$.models[2]: a second model for all other regions'])) t (m, expected);
SELECT throws_ok($$ SELECT pmt_score('{}', '{}'::jsonb) $$, '22023', 'model is not valid', 'no score by such a model');
SELECT is(provolatile::text, v, f || ' is ' || v) FROM (VALUES ('pmt_score(jsonb,jsonb)', 'i'), ('pmt_score(jsonb,record)', 's'),
    ('pmt_explain(jsonb,jsonb)', 'i'), ('pmt_explain(jsonb,record)', 's'), ('pmt_check(jsonb)', 'i')) t (f, v)
    JOIN pg_proc ON oid = f::regprocedure;

SELECT * FROM finish();
ROLLBACK;
