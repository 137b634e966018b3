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

-- what ANALYZE counts: words of the column, whatever they are in the country
CREATE TABLE regency AS SELECT g AS id, to_nama(CASE WHEN g % 5 = 0 THEN 'Tigor Siregar ' ELSE '' END
    || regexp_replace(translate((g + 100000)::text, '0123456789', 'BDGKLMNRST'), '(.)', '\1a', 'g') || CASE WHEN g % 500 = 7 THEN ' (Tegar)' ELSE '' END) AS name FROM generate_series(1, 10000) AS g;
INSERT INTO regency SELECT NULL FROM generate_series(1, 10000);
CREATE FUNCTION words_of(relation regclass) RETURNS TABLE (key text, share real) LANGUAGE sql AS $$
    SELECT w.* FROM pg_statistic AS s, LATERAL (VALUES (stakind1, stavalues1::text::text[], stanumbers1), (stakind2, stavalues2::text::text[], stanumbers2),
        (stakind3, stavalues3::text::text[], stanumbers3), (stakind4, stavalues4::text::text[], stanumbers4), (stakind5, stavalues5::text::text[], stanumbers5)) AS slot (kind, keys, shares),
        LATERAL unnest(keys, shares) AS w WHERE starelid = relation AND kind = 22817 $$;
ANALYZE regency;
SELECT results_eq('SELECT * FROM words_of(''regency'')', 'VALUES (''SIREGAR'', (2000 / 14000.0)::real), (''TIGOR'', (2000 / 14000.0)::real), (NULL, (2 / 14000.0)::real)',
    'shares of words among words: no null, no alias, none of one row only; and that of what is not listed, at most');
SELECT ok(e BETWEEN 667 AND 6000, format('%s threshold %s: %s rows of 2000', n, t, e))
    FROM (VALUES ('Tigor Siregar', 0.5), ('Tigor Siergar', 0.5)) AS v (n, t), LATERAL estimated(format('SELECT * FROM regency WHERE nama_similar(name, %L, %s)', n, t)) AS e;
SELECT is((SELECT count(*) FROM regency WHERE nama_similar(name, n::nama, 0.5)), 2000::bigint, n || ': so many are found') FROM unnest(ARRAY['Tigor Siregar', 'Tigor Siergar']) AS n;
-- what nobody has is a slip of words as similar as a row may be, whatever the letters between: Naqla of Nabila,
-- two letters apart, but Raska is no Riska, which is one
CREATE TABLE slips AS SELECT to_nama(CASE WHEN g % 5 = 1 THEN 'Riska ' WHEN g % 5 = 2 THEN 'Nabila ' ELSE '' END
    || regexp_replace(translate((g + 100000)::text, '0123456789', 'BDGKLMNRST'), '(.)', '\1a', 'g')) AS name FROM generate_series(1, 10000) AS g;
ANALYZE slips;
SELECT is((SELECT count(*) FROM slips WHERE nama_similar(name, n::nama, t)), many, format('%s threshold %s: so many are found', n, t))
    FROM (VALUES ('Naqla', 0.5::float8, 2000::bigint), ('Raska', 0.7, 0)) AS v (n, t, many);
SELECT ok(e BETWEEN low AND high, format('%s threshold %s: %s rows of %s to %s', n, t, e, low, high))
    FROM (VALUES ('Naqla', 0.5, 667, 6000), ('Raska', 0.7, 1, 30)) AS v (n, t, low, high), LATERAL estimated(format('SELECT * FROM slips WHERE nama_similar(name, %L, %s)', n, t)) AS e;
-- the statistics are read once for all names of an array, but anew of another column and after ANALYZE
CREATE TABLE both_names AS SELECT to_nama(CASE WHEN g % 4 = 0 THEN 'Sutrisno' ELSE 'Hidayat' END) AS father,
    to_nama(CASE WHEN g % 10 = 0 THEN 'Sutrisno' ELSE 'Lestari' END) AS mother FROM generate_series(1, 10000) AS g;
ANALYZE both_names;
SELECT is(estimated('SELECT * FROM both_names WHERE ' || c), n, c) FROM (VALUES
    ($$father % ANY ('{Sutrisno,Joko}'::nama[]) AND mother % ANY ('{Sutrisno,Joko}'::nama[])$$, 250::float8),
    ($$mother % 'Sutrisno' AND father % 'Sutrisno' AND NOT mother % 'Lestari'$$, 25)) AS v (c, n);
UPDATE both_names SET father = 'Hidayat';
ANALYZE both_names;
SELECT is(estimated($$SELECT * FROM both_names WHERE father % ANY ('{Sutrisno,Joko}'::nama[])$$), 1::float8, 'after ANALYZE');
-- five words for each of the target at most, the commonest
CREATE TABLE hundred AS SELECT regexp_replace(translate((h + 100)::text, '0123456789', 'BDGKLMNRST'), '(.)', '\1a', 'g')::nama AS name FROM generate_series(1, 100) AS h, generate_series(1, h);
ALTER TABLE hundred ALTER name SET STATISTICS 4;
ANALYZE hundred;
SELECT is((SELECT array_agg(share ORDER BY share DESC) FROM words_of('hundred')), (SELECT array_agg((n / 1200.0)::real ORDER BY n DESC) FROM words_of('hundred'), LATERAL (SELECT round(share * 1200) AS n) AS r), 'shares of a sample of 1,200 rows');
SELECT is((SELECT (count(*), count(key), min(share) FILTER (WHERE key IS NOT NULL) = min(share) FILTER (WHERE key IS NULL))::text FROM words_of('hundred')), '(21,20,t)', '20 words, and the least of them');
-- where there is nothing to count
CREATE TABLE nobody (name nama);
ANALYZE nobody;
INSERT INTO nobody VALUES (NULL);
ANALYZE nobody;
SELECT is_empty('SELECT * FROM words_of(''nobody'')', 'no name, no words');
INSERT INTO nobody VALUES ('Siti');
ANALYZE nobody;
SELECT is_empty('SELECT * FROM words_of(''nobody'')', 'one name: none of two rows');
ALTER TABLE regency ALTER name SET STATISTICS 0;
ANALYZE regency;
SELECT results_eq('SELECT key FROM words_of(''regency'')', ARRAY['SIREGAR', 'TIGOR', NULL], 'no statistics asked for: the old ones stay');
-- of an expression, of a domain, of a partitioned table
CREATE DOMAIN person_name AS nama CHECK (length(VALUE::text) > 2);
CREATE TABLE split (id int, name person_name, t text) PARTITION BY RANGE (id);
CREATE TABLE split_1 PARTITION OF split FOR VALUES FROM (0) TO (500);
CREATE TABLE split_2 PARTITION OF split FOR VALUES FROM (500) TO (1000);
INSERT INTO split SELECT g, nama('Siti ' || chr(65 + g % 20)), 'Tigor ' || chr(65 + g % 20) FROM generate_series(0, 999) AS g;
CREATE INDEX split_2_t ON split_2 (to_nama(t));
CREATE STATISTICS split_1_t ON to_nama(t) FROM split_1;
ANALYZE split;
SELECT ok(EXISTS (SELECT FROM words_of(r) WHERE key = k AND share = 0.5), format('words of %s: %s', r, k))
    FROM (VALUES ('split'::regclass, 'SITI'), ('split_1', 'SITI'), ('split_2_t', 'TIGOR')) AS v (r, k);
SELECT ok(stxdexpr::text LIKE '%TIGOR%', 'words of extended statistics') FROM pg_statistic_ext_data JOIN pg_statistic_ext AS e ON e.oid = stxoid WHERE stxname = 'split_1_t';
SELECT ok(e BETWEEN 20 AND 125, format('extended statistics: %s rows of 50', e)) FROM estimated('SELECT FROM split_1 WHERE nama_similar(to_nama(t), ''Tigor A'', 0.9)') AS e;
-- A search in order is quick as far as similar names go, 333 here, and compares all rows for whoever wants more, as
-- a LIMIT does of which another condition leaves one row in a hundred; and for who asks by initials alone.
CREATE TABLE in_order AS SELECT g % 1000 AS k, to_nama(CASE WHEN g % 150 = 0 THEN 'Siti Aminah ' ELSE '' END
    || regexp_replace(translate((g + 100000)::text, '0123456789', 'BDGKLMNRST'), '(.)', '\1a', 'g')) AS name FROM generate_series(1, 50000) AS g;
CREATE INDEX ON in_order USING dtsen_nama (name);
ANALYZE in_order;
CREATE FUNCTION before_first_row(query text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Startup Cost';
END $$;
SET LOCAL enable_seqscan = off;
SELECT ok((before_first_row(q) > 5000) = all_rows, CASE WHEN all_rows THEN 'all rows: ' ELSE 'similar ones: ' END || q)
    FROM (SELECT format('SELECT * FROM in_order AS o WHERE %s ORDER BY name <-> %s LIMIT %s', c, n, k) AS q, all_rows FROM (VALUES
    ('true', '''Siti Aminah''', 12, false), ('k < 100', '''Siti Aminah''', 12, false), ('k < 10', '''Siti Aminah''', 10, true),
    ('true', '''Siti Aminah''', 3000, true), ('true', '''Siti Aminah''', 30, false), ('k < 100', '''S.''', 12, true),
    ('true', '''S.''', 3, true), ('true', '''K. S. W.''', 10, true), ('true', '''S. Aminah D.''', 12, false),
    ('k < 300', '(SELECT ''Siti Aminah''::nama)', 32, false), ('k < 10', '(SELECT ''Siti Aminah''::nama)', 10, true)) AS v (c, n, k, all_rows)) AS queries;
-- A partial index costs what the index of a table of its rows does, not what its table's other rows would add.
CREATE TABLE in_part AS SELECT * FROM in_order WHERE k < 400;
CREATE INDEX ON in_part USING dtsen_nama (name);
CREATE TABLE in_both AS SELECT * FROM in_order;
CREATE INDEX ON in_both USING dtsen_nama (name) WHERE k < 400;
ANALYZE in_part, in_both;
SELECT ok(part > 0 AND whole BETWEEN part * 0.8 AND part * 1.2, format('%s LIMIT %s: %s by a partial index, %s by a table of its rows', c, n, round(whole), round(part)))
    FROM (VALUES ('k < 400', 70), ('k < 400', 2000), ('k < 100', 70), ('k < 20', 12)) AS v (c, n),
        LATERAL (SELECT before_first_row(format('SELECT * FROM %I WHERE %s ORDER BY name <-> ''Siti Aminah'' LIMIT %s', 'in_part', c, n)) AS part,
            before_first_row(format('SELECT * FROM %I WHERE %s ORDER BY name <-> ''Siti Aminah'' LIMIT %s', 'in_both', c, n)) AS whole) AS costs;
RESET enable_seqscan;
SELECT * FROM finish();
ROLLBACK;
