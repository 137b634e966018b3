-- What the digits of nik and nkk say, against a definition in plain SQL.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;

-- does a date exist, by the calendar alone
CREATE FUNCTION days_in(year int, month int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT extract(day FROM make_date(year, month, 1) + interval '1 month' - interval '1 day')::int $$;
-- the latest date with these digits that exists, is not after asof and lies in
-- the 200 years before it
CREATE FUNCTION plain_date(day int, month int, year int, asof date) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT max(make_date(y, month, day))
    FROM generate_series(extract(year FROM asof)::int - 199, extract(year FROM asof)::int) y
    WHERE day BETWEEN 1 AND 31 AND month BETWEEN 1 AND 12 AND y % 100 = year
      AND CASE WHEN day BETWEEN 1 AND 31 AND month BETWEEN 1 AND 12 AND y % 100 = year THEN
        day <= days_in(y, month) AND make_date(y, month, least(day, days_in(y, month))) <= asof END $$;
SELECT is(plain_date(29, 2, 0, '2000-02-28'), NULL, 'oracle: 29 February 2000 is not yet');
SELECT is(plain_date(29, 2, 0, '2100-01-01'), '2000-02-29', 'oracle: nor in 2100');

-- every pair of day digits and month digits with some years, and the ends of
-- months with every year
CREATE TEMP TABLE digits AS
    SELECT d, m, y FROM generate_series(0, 99) d, generate_series(0, 14) m, unnest('{0,1,4,25,26,96,99}'::int[]) y
    UNION SELECT d, m, y FROM unnest('{0,1,28,29,30,31,32,40,41,68,69,70,71,72}'::int[]) d, unnest('{1,2,4,12}'::int[]) m, generate_series(0, 99) y;
CREATE TEMP TABLE number AS
    SELECT d, m, y, (321601 * 10000000000 + d * 100000000::bigint + m * 1000000 + y * 10000 + 1)::bigint AS v FROM digits;
SELECT is_empty(format($$
    SELECT v::nik FROM number
    WHERE nik_birth_date(v::nik, %L) IS DISTINCT FROM plain_date(CASE WHEN d > 40 THEN d - 40 ELSE CASE WHEN d <= 31 THEN d ELSE 0 END END, m, y, %L)$$, asof, asof),
    'nik_birth_date as of ' || asof)
FROM unnest('{2000-02-28,2000-02-29,2025-12-31,2026-01-01,2100-03-01}'::date[]) asof;
SELECT is_empty(format($$
    SELECT v::nkk FROM number
    WHERE nkk_date(v::nkk, %L) IS DISTINCT FROM plain_date(CASE WHEN d <= 31 THEN d ELSE 0 END, m, y, %L)$$, asof, asof),
    'nkk_date as of ' || asof)
FROM unnest('{2000-02-28,2026-01-01}'::date[]) asof;
SELECT is_empty($$SELECT v FROM number WHERE nik_sex(v::nik) IS DISTINCT FROM
    CASE WHEN d BETWEEN 1 AND 31 THEN 'L' WHEN d BETWEEN 41 AND 71 THEN 'P' END$$, 'nik_sex');
SELECT is_empty($$SELECT v FROM number WHERE nik_is_valid(v::nik) <>
    (plain_date(CASE WHEN d > 40 THEN d - 40 WHEN d <= 31 THEN d END, m, y, '1999-12-31') >= '1900-01-01'
     OR plain_date(CASE WHEN d > 40 THEN d - 40 WHEN d <= 31 THEN d END, m, y, '2099-12-31') >= '2000-01-01') IS TRUE$$,
    'nik_is_valid: a date of 19yy or 20yy');
SELECT is_empty($$SELECT v FROM number WHERE nik_is_valid(v::nik) <> (nik_errors(v::nik, '2099-12-31') = '{}')$$,
    'a known region and no error: valid');
SELECT is_empty($$SELECT v FROM number WHERE ('day_impossible' = ANY (nik_errors(v::nik, '2026-01-01'))) <> (nik_sex(v::nik) IS NULL)
    OR ('month_impossible' = ANY (nik_errors(v::nik, '2026-01-01'))) <> (m NOT BETWEEN 1 AND 12)$$, 'codes of day and month');
SELECT is_empty($$SELECT v FROM number WHERE (nik_birth_date(v::nik, '2026-01-01') IS NULL)
    <> (nik_errors(v::nik, '2026-01-01') && '{day_impossible,month_impossible,date_impossible,date_in_future}')$$, 'no date: an error says why');
SELECT is(nik_errors('3216014101900001', '5874897-12-31'), '{}', 'the last day there is lies after any date')
UNION ALL SELECT is(nik_birth_date('3216014101900001', '5874897-12-31'), '5874890-01-01', 'and has one before it')
UNION ALL SELECT is(nkk_errors('3216010101900001', '5874897-12-31'), '{}', 'so for family cards')
UNION ALL SELECT is(nik_errors('3216014101900001', '4713-01-01 BC'), '{date_in_future}', 'the first day lies before all of them');
SELECT is(nik_birth_date(v, current_date), nik_birth_date(v), 'the short form is of today') FROM unnest('{3216010101260001,3216013112990001}'::nik[]) v;
SELECT is(nik_errors(v, current_date), nik_errors(v), 'so are the errors') FROM unnest('{3216010101260000,3216013113990001}'::nik[]) v;

-- regions
SELECT is_empty($$SELECT v FROM (SELECT (i * 10000000000 + 101900001)::bigint v, i FROM generate_series(0, 999999, 7) i) s
    WHERE nik_wilayah(v::nik)::text IS DISTINCT FROM CASE WHEN i / 10000 > 0 AND i / 100 % 100 > 0 AND i % 100 > 0 THEN lpad(i::text, 6, '0') END$$,
    'nik_wilayah is the first six digits, unless a part is 00');
SELECT results_eq($$SELECT DISTINCT s.status, e FROM (
        SELECT wilayah_status(nik_wilayah(v::nik)) status, array_to_string(nik_errors(v::nik, '2026-01-01') || nik_warnings(v::nik), ',') e
        FROM (SELECT (i * 10000000000 + 101900001)::bigint v FROM generate_series(110101, 999999) i WHERE i % 100 > 0 AND i / 100 % 100 > 0) n) s ORDER BY 1$$,
    $$VALUES ('present', ''), ('retired', 'region_retired'), ('unknown', 'region_unknown')$$,
    'a present district is fine, a retired one a warning, another an error');

-- nothing that is declared immutable depends on the day or on a table
SELECT set_eq($$SELECT proname FROM pg_proc WHERE pronamespace = 'dtsen'::regnamespace AND provolatile = 'i'
        AND proname ~ '^(nik|nkk)_(birth|date|errors|warnings)'$$, $$VALUES ('nik_birth_date'::name), ('nkk_date')$$, 'immutable: the date as of a day');
SELECT lives_ok($$CREATE TABLE generated (n nik, born date GENERATED ALWAYS AS (nik_birth_date(n, '2025-12-31')) STORED, w kode_wilayah GENERATED ALWAYS AS (nik_wilayah(n)) STORED)$$,
    'usable in generated columns');
SELECT throws_ok($$CREATE TABLE refused (n nik, born date GENERATED ALWAYS AS (nik_birth_date(n)) STORED)$$, '42P17', NULL, 'the short form is not');

SELECT matches(nik_mask(v::nik), '^[*]{12}[0-9]{4}$', 'masks leave four digits') FROM unnest('{0,3216010101900001}'::bigint[]) v;
SELECT is(nkk_mask('3216010101120042'), '************0042', 'of family cards too');

-- kode_wilayah: what lies where, against text
SET LOCAL dtsen_test.w = '3216';
CREATE TABLE place (w kode_wilayah, t text);
INSERT INTO place SELECT kode, kode::text FROM wilayah_reference() WHERE kode::text ~ '^(3[1-6]|9[1-7])';
CREATE INDEX place_w ON place (w);
ANALYZE place;
SELECT is_empty($$SELECT a.t, b.t FROM (SELECT * FROM place WHERE length(t) <= 4) a, (SELECT * FROM place ORDER BY md5(t) LIMIT 500) b
    WHERE (a.w @> b.w) <> starts_with(b.t, a.t) OR (b.w <@ a.w) <> starts_with(b.t, a.t)
       OR (b.w @> a.w) <> starts_with(a.t, b.t)$$, 'containment is that of prefixes');
SELECT is_empty($$SELECT t FROM (SELECT t, row_number() OVER (ORDER BY w) i, row_number() OVER (ORDER BY t COLLATE "C") j FROM place) s WHERE i <> j$$,
    'order is that of the text');
SELECT is_empty($$SELECT t FROM place WHERE w::bigint <> t::bigint OR t::bigint::kode_wilayah <> w OR wilayah_dotted(w)::kode_wilayah <> w
    OR w::text <> t OR to_kode_wilayah(' ' || replace(wilayah_dotted(w), '.', '/') || ' ') <> w$$, 'text, number and dotted form come back');
\ir include/plan_of.sql
CREATE FUNCTION rows_of(query text, OUT estimated float8, OUT actual float8) LANGUAGE plpgsql AS $$
DECLARE
    j json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT json, TIMING off) ' || query INTO j;
    estimated := j -> 0 -> 'Plan' ->> 'Plan Rows';
    actual := greatest((j -> 0 -> 'Plan' ->> 'Actual Rows')::float8, 1);
END $$;
SELECT is((SELECT count(*) FROM place WHERE w <@ r.r::kode_wilayah), (SELECT count(*) FROM place WHERE starts_with(t, r.r)), 'rows in ' || r.r)
FROM unnest('{32,3216,321601,3216012001,99}'::text[]) r(r);
SELECT matches(plan_of(q), 'Index Cond: \(\(\(w\)::bigint >= .*\) AND \(\(w\)::bigint <= ', 'an index range: ' || q)
FROM unnest(ARRAY[$$SELECT * FROM place WHERE w <@ '3216'$$, $$SELECT * FROM place WHERE '3216' @> w$$, $$SELECT * FROM place WHERE kode_wilayah_contained(w, '3216')$$,
    $$SELECT * FROM place WHERE w <@ current_setting('dtsen_test.w')::kode_wilayah$$,
    $$SELECT * FROM place WHERE w <@ (SELECT max(w) FROM place)$$,
    $$SELECT * FROM place WHERE w <@ '3216'::varchar$$]) q;
SELECT matches(plan_of($$SELECT * FROM place WHERE w @> '3216012001'$$), 'w = ANY \(''\{32,3216,321601,3216012001\}''::kode_wilayah\[\]\)', 'what a village lies in is a list');
SELECT is((SELECT array_agg(w ORDER BY w) FROM place WHERE w @> '3216012001'), wilayah_ancestors('3216012001'), 'and these are the rows');
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE inside(kode_wilayah) AS SELECT count(*) FROM place WHERE w <@ $1;
SELECT matches(plan_of('EXECUTE inside(''3216'')'), 'Index Cond: .*\$1.*_wilayah_last\(\$1\)', 'generic plan');
RESET plan_cache_mode;
DEALLOCATE inside;
SELECT cmp_ok(greatest(estimated, actual) / least(estimated, actual), '<=', 2::float8, format('estimate of %s: %s of %s', r, estimated, actual))
FROM unnest('{32,3216,94,35}'::text[]) r, LATERAL rows_of(format('SELECT * FROM place WHERE w <@ %L', r));
SELECT cmp_ok(greatest(estimated, actual) / least(estimated, actual), '<=', 2::float8, 'of a stable expression')
FROM rows_of($$SELECT * FROM place WHERE w <@ current_setting('dtsen_test.w')::kode_wilayah$$);
SELECT cmp_ok(estimated, '<=', 8::float8, 'of ancestors') FROM rows_of($$SELECT * FROM place WHERE w @> '3216012001'$$);
-- joins, both ways
CREATE TABLE reader (name text, w kode_wilayah);
INSERT INTO reader SELECT 'r' || t, w FROM place WHERE length(t) = 4;
ANALYZE reader;
SELECT matches(plan_of($$SELECT count(*) FROM reader r JOIN place p ON p.w <@ r.w WHERE r.name = 'r3216'$$), 'Index Cond.*_wilayah_last', 'inner side of a join by range');
SELECT is((SELECT count(*) FROM reader r JOIN place p ON p.w <@ r.w), (SELECT count(*) FROM place WHERE length(t) >= 4), 'each place lies in one regency');
SELECT matches(plan_of($$SELECT * FROM (SELECT w FROM place ORDER BY md5(t) LIMIT 5) s JOIN place p ON p.w @> s.w$$), 'Index Cond: \(w = ANY \(wilayah_ancestors', 'inner side of a join by list');
SELECT is((SELECT count(*) FROM place v JOIN place p ON p.w @> v.w), (SELECT sum(wilayah_level(w)) FROM place), 'each place lies in as many as its level');
SELECT cmp_ok(greatest(estimated, actual) / least(estimated, actual), '<=', 3::float8, format('join: %s of %s', estimated, actual))
FROM rows_of('SELECT * FROM reader r JOIN place p ON p.w <@ r.w');
SELECT cmp_ok(greatest(estimated, actual) / least(estimated, actual), '<=', 3::float8, format('%s: %s of %s', q, estimated, actual))
FROM unnest(ARRAY['SELECT * FROM place p WHERE EXISTS (SELECT FROM reader r WHERE p.w <@ r.w)', 'SELECT * FROM reader r WHERE EXISTS (SELECT FROM place p WHERE r.w @> p.w)']) q, LATERAL rows_of(q);
-- partitions are pruned, also when the plan runs
CREATE TABLE parted (w kode_wilayah) PARTITION BY RANGE (w);
CREATE TABLE parted_31 PARTITION OF parted FOR VALUES FROM ('31') TO ('32');
CREATE TABLE parted_32 PARTITION OF parted FOR VALUES FROM ('32') TO ('33');
CREATE TABLE parted_33 PARTITION OF parted FOR VALUES FROM ('33') TO ('34');
SELECT ok(p LIKE '%parted_32%' AND p NOT LIKE '%parted_31%' AND p NOT LIKE '%parted_33%', 'pruned by a constant') FROM plan_of($$SELECT * FROM parted WHERE w <@ '3216'$$) p;
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE pruned(kode_wilayah) AS SELECT * FROM parted WHERE w <@ $1;
SELECT ok(p LIKE '%parted_32%' AND p NOT LIKE '%parted_31%' AND p LIKE '%Subplans Removed: 2%', 'pruned by a parameter') FROM plan_of('EXECUTE pruned(''3216'')') p;
DEALLOCATE pruned;
RESET plan_cache_mode;
-- BRIN, row security
CREATE TABLE sorted AS SELECT w, t FROM place ORDER BY w;
CREATE INDEX sorted_brin ON sorted USING brin (w) WITH (pages_per_range = 2);
SET LOCAL enable_seqscan = off;
SELECT matches(plan_of($$SELECT * FROM sorted WHERE w <@ '3216'$$), 'sorted_brin', 'BRIN serves containment');
SELECT is((SELECT count(*) FROM sorted WHERE w <@ '3216'), (SELECT count(*) FROM sorted WHERE t LIKE '3216%'), 'with the same rows');
RESET enable_seqscan;
CREATE ROLE dtsen_test_reader;
GRANT SELECT ON place TO dtsen_test_reader;
ALTER TABLE place ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON place FOR SELECT TO dtsen_test_reader USING (w <@ current_setting('dtsen_test.w')::kode_wilayah);
SET LOCAL ROLE dtsen_test_reader;
SELECT is((SELECT count(*) FROM place), (SELECT count(*) FROM place WHERE w <@ '3216'), 'a policy by region');
SELECT matches(plan_of($$SELECT * FROM place WHERE w <@ '321601'$$), 'Index Cond', 'and a query below it, by index');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
