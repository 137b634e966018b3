-- The reference table of region codes against its own rules.
BEGIN;
SELECT plan(22);
SET LOCAL search_path = public, dtsen;
CREATE TEMP TABLE r AS SELECT * FROM dtsen.wilayah_reference();
CREATE UNIQUE INDEX ON r (kode);
ANALYZE r;

SELECT is((SELECT string_agg(format('%s %s', attname, atttypid::regtype), ', ' ORDER BY attnum)
    FROM pg_attribute WHERE attrelid = 'r'::regclass AND attnum > 0),
    'kode kode_wilayah, nama text, level integer, parent kode_wilayah, '
    'status text, decree text, decree_date date, last_edition integer, '
    'successor kode_wilayah', 'columns and their types');

SELECT results_eq(
    $$SELECT level, count(*) FROM r WHERE status = 'present' GROUP BY 1 ORDER BY 1$$,
    $$VALUES (1, 38::bigint), (2, 514), (3, 7285), (4, 83762)$$,
    'the decree in force has as many codes of each level');
SELECT results_eq(
    $$SELECT level, count(*) FROM r WHERE status = 'retired' GROUP BY 1 ORDER BY 1$$,
    $$VALUES (2, 26::bigint), (3, 594)$$, 'and so many are retired');
SELECT is_empty($$SELECT kode FROM r WHERE status NOT IN ('present', 'retired')$$,
    'no other status');

-- the arithmetic of kode_wilayah and the table agree
SELECT is_empty($$SELECT kode FROM r WHERE level IS DISTINCT FROM dtsen.wilayah_level(kode)$$,
    'the level is that of the code');
SELECT is_empty($$SELECT kode FROM r WHERE parent IS DISTINCT FROM dtsen.wilayah_parent(kode)$$,
    'the parent is that of the code');
SELECT is_empty(
    $$SELECT kode FROM r WHERE parent IS NOT NULL
      AND NOT EXISTS (SELECT FROM r p WHERE p.kode = r.parent)$$,
    'every parent is in the table');
SELECT is_empty(
    $$SELECT r.kode FROM r JOIN r p ON p.kode = r.parent
      WHERE r.status = 'present' AND p.status <> 'present'$$,
    'nothing in force lies in a retired region');
SELECT is_empty(
    $$SELECT r.kode FROM r LEFT JOIN r s ON s.kode = r.successor
      WHERE r.successor IS NOT NULL
        AND (s.status IS DISTINCT FROM 'present' OR s.level <> r.level)$$,
    'every successor is in force and of the same level');
SELECT is_empty(
    $$SELECT kode FROM r WHERE status = 'present' AND successor IS NOT NULL$$,
    'nothing in force has a successor');
SELECT is((SELECT count(*) FROM r WHERE successor IS NOT NULL), 615::bigint,
    '615 of the retired codes have one');
SELECT is((SELECT count(*) FROM r WHERE kode <@ '3216' AND level = 4),
    187::bigint, 'Kabupaten Bekasi has 187 villages');
SELECT is_empty(
    $$SELECT kode FROM r WHERE level = 2 AND status = 'present'
      AND (nama LIKE 'Kota%') <> (substr(kode::text, 3, 2) > '70')$$,
    'cities, and only they, are numbered from 71');

-- the look-ups are the table
SELECT is_empty(
    $$SELECT kode FROM r WHERE dtsen.wilayah_name(kode) IS DISTINCT FROM nama
      OR dtsen.wilayah_status(kode) IS DISTINCT FROM status$$,
    'wilayah_name and wilayah_status answer as the table, for every code');
SELECT is(dtsen.wilayah_status('3299'), 'unknown', 'unknown is said to be so');
SELECT is(dtsen.wilayah_name('3299'), NULL, 'and has no name');

SELECT is((SELECT bool_and(kode > before) FROM (
    SELECT kode, lag(kode) OVER (ORDER BY ordinality) AS before
    FROM dtsen.wilayah_reference() WITH ORDINALITY) o), true,
    'rows come in the order of the codes');

-- a set in more than one place of a query, and under a small work_mem
SET LOCAL work_mem = '64kB';
SELECT is((SELECT count(*) FROM dtsen.wilayah_reference() a
    JOIN dtsen.wilayah_reference() b USING (kode)), 92219::bigint,
    'a join of the function with itself');
SELECT is((SELECT count(*) FROM (SELECT dtsen.wilayah_reference()) s),
    92219::bigint, 'in the select list');

-- truth about the functions
SELECT volatility_is('dtsen', 'wilayah_reference', '{}'::name[], 'stable',
    'the table may change with the library: not immutable');
SELECT volatility_is('dtsen', 'wilayah_name', ARRAY['kode_wilayah'], 'stable');
SELECT volatility_is('dtsen', 'wilayah_status', ARRAY['kode_wilayah'], 'stable');
SELECT * FROM finish();
ROLLBACK;
