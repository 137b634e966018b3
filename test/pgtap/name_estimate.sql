-- How many rows the planner expects to have a similar name: where most rows have
-- none, and where every name will do.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;

-- names of ten kinds, all among the column's commonest values: what is left to
-- the estimate is how many rows have any
CREATE TABLE full_of AS
    SELECT g AS id, to_nama((ARRAY['Sutrisno', 'Hidayat', 'Wahyuni', 'Lestari', 'Hermawan', 'Santoso', 'Rahmawati', 'Setiawan', 'Fatimah', 'Yusuf'])[1 + g / 20 % 10])
        AS name FROM generate_series(1, 20000) AS g;
CREATE TABLE nearly_empty AS SELECT id, CASE WHEN id % 20 = 0 THEN name END AS name FROM full_of;
CREATE TABLE empty AS SELECT id, NULL::nama AS name FROM full_of;
ANALYZE full_of;
ANALYZE nearly_empty;
ANALYZE empty;
CREATE FUNCTION estimated(query text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;

-- a join, within a factor of three
CREATE TABLE pairs AS SELECT count(*) AS n FROM nearly_empty AS a JOIN nearly_empty AS b ON a.name % b.name;
SELECT cmp_ok(greatest(e, n * times) / least(e, n * times), '<=', 3::float8, format('%s joined with %s: %s rows of %s', a, b, e, n * times))
    FROM pairs, (VALUES ('nearly_empty', 'nearly_empty', 1), ('full_of', 'nearly_empty', 20), ('nearly_empty', 'full_of', 20)) AS v(a, b, times),
        LATERAL estimated(format('SELECT * FROM %I AS a JOIN %I AS b ON a.name %% b.name', a, b)) AS e;
SELECT cmp_ok(estimated(format('SELECT * FROM %I AS a JOIN %I AS b ON a.name %% b.name', a, b)), '<=', 1::float8, format('%s joined with %s', a, b))
    FROM (VALUES ('full_of', 'empty'), ('empty', 'full_of'), ('empty', 'empty')) AS v(a, b);
-- names that nobody else has, in two registers
CREATE TABLE rare AS SELECT g AS id, to_nama(translate((g * 7919 + 100003)::text, '0123456789', 'BKDPGTJMNS') || 'ARWI '
    || translate((g * 104729 + 1000003)::text, '0123456789', 'MALUPERINO')) AS name FROM generate_series(1, 1200) AS g;
ANALYZE rare;
CREATE TABLE rare_pairs AS SELECT count(*) AS n FROM rare AS a JOIN rare AS b ON a.name % b.name;
SELECT cmp_ok(greatest(e, n) / least(e, n), '<=', 3::float8, format('rare names joined with themselves: %s rows of %s', e, n))
    FROM rare_pairs, LATERAL estimated('SELECT * FROM rare AS a JOIN rare AS b ON a.name % b.name') AS e;
SELECT cmp_ok(estimated('SELECT * FROM rare AS a WHERE EXISTS (SELECT FROM rare AS b WHERE a.name % b.name)'), '>', 400::float8, 'rows that have a similar one');
SELECT cmp_ok(estimated('SELECT * FROM rare AS a WHERE NOT EXISTS (SELECT FROM rare AS b WHERE b.name % a.name)'), '<', 400::float8, 'rows that have none');
-- of ten thousand commonest names a join looks at a thousand for each name of the other side
CREATE TABLE wide AS SELECT g AS id, to_nama(translate((g % 12000 * 7919 + 100003)::text, '0123456789', 'BKDPGTJMNS') || 'ARWI '
    || translate((g % 12000 * 104729::bigint + 1000003)::text, '0123456789', 'MALUPERINO')) AS name FROM generate_series(1, 30000) AS g;
ALTER TABLE wide ALTER name SET STATISTICS 10000;
ANALYZE wide;
SELECT ok(estimated('SELECT * FROM wide AS a JOIN wide AS b ON a.name % b.name') BETWEEN 26000 AND 234000, 'and expects its rows: 78,000');
SELECT is(estimated(format('SELECT * FROM %I WHERE nama_similar(name, ''Joko'', 0)', t)), n, 'threshold 0: all names of ' || t)
    FROM (VALUES ('full_of', 20000::float8), ('nearly_empty', 1000), ('empty', 1)) AS v(t, n);
SELECT * FROM finish();
ROLLBACK;
