-- Type keluarga against rows and the server's own calendar.
\set ON_ERROR_STOP on
BEGIN;
SET client_min_messages = warning;
SET search_path = dtsen, public;
SELECT no_plan();

-- ---------------------------------------------------------------------------
-- Generated families
-- ---------------------------------------------------------------------------
SELECT setseed(0.17);
CREATE TABLE anggota AS
SELECT f AS family, to_nik(lpad((3216010000000000 + f * 100 + i)::text, 16, '0')) AS nik,
       CASE WHEN i = 1 AND f % 10 <> 0 THEN 1 ELSE 1 + (random() * 7)::int END AS hubungan,
       (ARRAY['L', 'P', NULL])[1 + (random() * 2.3)::int] AS kelamin,
       CASE WHEN random() < 0.95 THEN '1925-01-01'::date + (random() * 36800)::int END AS lahir,
       nullif((random() * 4)::int, 0) AS kawin, (ARRAY[NULL, 'belum', 'tidak', 'sd', 'smp', 'sma', 'tinggi'])[1 + (random() * 6)::int] AS sekolah,
       greatest(0, (random() * 9)::int - 7) AS disabilitas, random() < 0.05 AS hamil
FROM generate_series(1, 3000) f, LATERAL generate_series(1, 1 + (f * 7) % 9) i;
-- people who are born on days when years change
UPDATE anggota SET lahir = (ARRAY['2004-02-29', '2000-02-29', '1999-12-31', '2001-01-01', '2011-03-01',
                                  '1961-02-28']::date[])[1 + family % 6] WHERE family % 11 = 0;
CREATE TABLE rumah AS
SELECT family, keluarga(nik, hubungan, kelamin, lahir) AS k, count(*) AS n FROM anggota GROUP BY family;
SELECT is(count(*), 3000::bigint, 'there are families') FROM rumah;
CREATE TABLE lengkap AS
SELECT family, keluarga((nik, hubungan, kelamin, lahir, kawin, sekolah, disabilitas, hamil)::anggota_keluarga) AS k FROM anggota GROUP BY family;

SELECT is_empty($$
    (SELECT family, m.nik, m.hubungan, m.kelamin, m.tanggal_lahir FROM rumah, keluarga_members(k) m
     EXCEPT ALL SELECT family, nik, hubungan, kelamin, lahir FROM anggota)
    UNION ALL
    (SELECT family, nik, hubungan, kelamin, lahir FROM anggota
     EXCEPT ALL SELECT family, m.nik, m.hubungan, m.kelamin, m.tanggal_lahir FROM rumah, keluarga_members(k) m) $$,
    'members come back as they were put in');
SELECT is_empty($$
    SELECT family FROM rumah, LATERAL (
        SELECT array_agg(m.nik ORDER BY m.ordinality) AS got,
               array_agg(m.nik ORDER BY m.hubungan, m.tanggal_lahir NULLS LAST, m.nik) AS expected
        FROM keluarga_members(k) WITH ORDINALITY m) x WHERE got <> expected $$,
    'in canonical order: relation, birth date, NIK');
SELECT is_empty(format($$
    SELECT family FROM (SELECT family, keluarga(nik, hubungan, kelamin, lahir
                               ORDER BY md5(nik::text || %L)) AS k FROM anggota GROUP BY family) x
    JOIN rumah USING (family) WHERE x.k <> rumah.k OR keluarga_send(x.k) <> keluarga_send(rumah.k) $$, salt),
    'in whatever order the rows come, salt ' || salt) FROM generate_series(1, 3) salt;
SELECT is_empty($$
    SELECT family FROM (SELECT family, keluarga(nik, hubungan, CASE kelamin WHEN 'L' THEN 1 WHEN 'P' THEN 2 END, lahir) AS k
                        FROM anggota GROUP BY family) x JOIN rumah USING (family) WHERE x.k <> rumah.k $$,
    'sex by code');
SELECT is_empty('SELECT family FROM rumah WHERE k::text::keluarga <> k OR k::text::keluarga::text <> k::text',
    'text round trip');
SELECT is_empty('SELECT family FROM rumah WHERE keluarga_size(k) <> n', 'size');

-- parallel: parts of one family are seen by different workers
ALTER TABLE anggota SET (parallel_workers = 3);
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
\ir include/plan_of.sql
ANALYZE anggota;
SELECT matches(plan_of('SELECT keluarga(nik, hubungan, kelamin, lahir) FROM anggota WHERE family <= 30'),
    'Finalize Aggregate(.|\n)*Partial Aggregate', 'the aggregate has a parallel plan');
CREATE TABLE from_parts AS
SELECT keluarga(nik, hubungan, kelamin, lahir) AS k FROM anggota WHERE family <= 30;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is(keluarga(nik, hubungan, kelamin, lahir), (SELECT k FROM from_parts), 'parallel and serial: the same')
FROM anggota WHERE family <= 30;
RESET max_parallel_workers_per_gather;
SELECT throws_ok('SELECT keluarga(nik, hubungan, kelamin, lahir) FROM (SELECT * FROM anggota WHERE family = 3
                  UNION ALL SELECT * FROM anggota WHERE family = 3) x', 'SE101', NULL, 'a member twice, in parts');
-- a wrong family is stored and says what is wrong: two persons of one number, as registers have them
SELECT is(k::text || keluarga_errors(k, '2026-01-01')::text, '{3216010101800001 1 L 1980-01-01, 3216010101800001 3 L 2001-01-01}{duplicate_nik}', 'two persons with one NIK are a family with an error')
FROM (SELECT keluarga(nik, hubungan, kelamin, lahir) AS k FROM (VALUES ('3216010101800001'::nik, 3, 1, '2001-01-01'::date), ('3216010101800001', 1, 1, '1980-01-01')) AS v (nik, hubungan, kelamin, lahir)) AS x;
SELECT is(keluarga_size(k) || ' ' || (k @> '3216010101800001')::text || ' ' || (k = k::text::keluarga)::text, '2 true true', 'it is kept, asked and written like any')
FROM (SELECT '{3216010101800001 1 L 1980-01-01, 3216010101800001 3 L 2001-01-01}'::keluarga AS k) AS x;
SELECT is(a <-> b, d, format('%s <-> %s', a, b)) FROM (VALUES
    ('{3216010101800001 1 L 1980-01-01, 3216010101800001 3 L 2001-01-01}'::keluarga, '{3216010101800001 1 L 1980-01-01, 3216010101800001 3 L 2001-01-01}'::keluarga, 0::float8),
    ('{3216010101800001 1 L 1980-01-01, 3216010101800001 3 L 2001-01-01}', '{3216010101800001 1 L 1980-01-01}', 0.5), ('{3216010101800001 1 L 1980-01-01}', '{3216010101800001 1 L 1980-01-01, 3216010101800001 3 L 2001-01-01}', 0.5)) AS v (a, b, d);

-- ---------------------------------------------------------------------------
-- Accessors against rows
-- ---------------------------------------------------------------------------
SELECT is_empty($$
    SELECT family FROM rumah JOIN (
        SELECT family, CASE WHEN count(*) FILTER (WHERE hubungan = 1) = 1
                            THEN min(nik) FILTER (WHERE hubungan = 1) END AS head
        FROM anggota GROUP BY family) x USING (family)
    WHERE keluarga_head(k) IS DISTINCT FROM head $$, 'head: of exactly one');
SELECT isnt_empty('SELECT 1 FROM rumah WHERE keluarga_head(k) IS NULL', 'some have no head, or several');
CREATE TABLE tanggal AS SELECT d::date AS d FROM unnest(ARRAY['2026-01-01', '2023-02-28', '2023-03-01',
    '2024-02-29', '1999-12-31', '2026-05-17', '1900-01-01']::date[]) d;
SELECT is_empty($$
    SELECT family, d, lo, hi FROM (
        SELECT family, d, lo, hi, count(*) FILTER (
                   WHERE lahir <= d AND extract(year FROM age(d, lahir)) BETWEEN lo AND hi) AS expected
        FROM anggota, tanggal, (VALUES (0, 6), (0, 200), (7, 12), (15, 64), (18, 18), (60, 200)) a(lo, hi)
        WHERE family % 7 = 0 OR family % 11 = 0 GROUP BY 1, 2, 3, 4) x JOIN rumah USING (family)
    WHERE keluarga_age_count(k, lo, hi, d) <> expected $$, 'ages: as age() counts them');
SELECT is_empty($$
    SELECT family, d FROM rumah, tanggal
    WHERE keluarga_elderly(k, d) <> keluarga_age_count(k, 60, 9999, d)
       OR keluarga_dependency_ratio(k, d) IS DISTINCT FROM
          (keluarga_age_count(k, 0, 14, d) + keluarga_age_count(k, 65, 9999, d))
          / nullif(keluarga_age_count(k, 15, 64, d), 0)::float8 $$, 'elderly and dependency ratio');
SELECT is_empty($$
    SELECT family FROM rumah CROSS JOIN (SELECT nik, family AS home FROM anggota WHERE family % 97 = 0) a
    WHERE (k @> nik) <> (family = home) OR (nik <@ k) <> (k @> nik) OR keluarga_has(k, nik) <> (k @> nik) $$,
    'membership');

-- what else is known of a member
SELECT is_empty($$
    (SELECT family, m.* FROM lengkap, keluarga_members(k) m
     EXCEPT ALL SELECT family, nik, hubungan, kelamin, lahir, kawin, sekolah, disabilitas, hamil FROM anggota)
    UNION ALL
    (SELECT family, nik, hubungan, kelamin, lahir, kawin, sekolah, disabilitas, hamil FROM anggota
     EXCEPT ALL SELECT family, m.* FROM lengkap, keluarga_members(k) m) $$, 'members of type anggota_keluarga come back as they were');
SELECT is_empty('SELECT family FROM lengkap WHERE k::text::keluarga <> k OR k::text::keluarga::text <> k::text
                 OR (SELECT keluarga(m) FROM keluarga_members(k) m) <> k', 'round trips of text and members');
SELECT is_empty($$
    SELECT family FROM lengkap JOIN (
        SELECT family, count(*) FILTER (WHERE sekolah = 'sd') AS sd, count(*) FILTER (WHERE sekolah = 'smp') AS smp,
               count(*) FILTER (WHERE sekolah = 'sma') AS sma, count(*) FILTER (WHERE sekolah = 'tinggi') AS tinggi,
               count(*) FILTER (WHERE disabilitas > 0) AS disabled, count(*) FILTER (WHERE disabilitas = 2) AS severe,
               count(*) FILTER (WHERE hamil) AS pregnant,
               count(DISTINCT CASE WHEN hubungan IN (1, 2) THEN 0 WHEN hubungan IN (3, 4) THEN 1 WHEN hubungan = 5 THEN 2
                                   WHEN hubungan = 6 THEN -1 END) AS generations,
               count(*) AS n, least(count(*) - 1, count(*) FILTER (WHERE lahir <= '2026-01-01'
                   AND extract(year FROM age('2026-01-01', lahir)) < 14)) AS children,
               count(*) FILTER (WHERE lahir <= '2026-01-01' AND extract(year FROM age('2026-01-01', lahir)) < 7) AS small
        FROM anggota GROUP BY family) x USING (family)
    WHERE keluarga_pupils(k, 'sd') <> sd OR keluarga_pupils(k, 'smp') <> smp OR keluarga_pupils(k, 'sma') <> sma
       OR keluarga_pupils(k, 'tinggi') <> tinggi OR keluarga_disabled(k) <> disabled OR keluarga_disabled(k, true) <> severe
       OR keluarga_pregnant(k) <> pregnant OR keluarga_generations(k) <> generations
       OR keluarga_under_seven(k, '2026-01-01') <> small
       OR abs(keluarga_equivalence(k, '2026-01-01') - (1 + 0.5 * (n - children - 1) + 0.3 * children)) > 1e-12
       OR abs(keluarga_equivalence(k, '2026-01-01', 'oecd') - (1 + 0.7 * (n - children - 1) + 0.5 * children)) > 1e-12
       OR keluarga_equivalence(k, '2026-01-01', 'square_root') <> sqrt(n)
       OR keluarga_equivalence(k, '2026-01-01', 'per_capita') <> n $$, 'accessors: as the rows say');

-- components of a programme, each member for its dearest one, four paid
CREATE TABLE komponen_pkh AS
SELECT (c).* FROM unnest(ARRAY[('hamil', 3000000, NULL, NULL, NULL, NULL, true), ('usia_dini', 3000000, 0, 6, '{not_attending}', NULL, NULL),
    ('sd', 900000, NULL, NULL, '{sd}', NULL, NULL), ('smp', 1500000, NULL, NULL, '{smp}', NULL, NULL),
    ('sma', 2000000, NULL, 21, '{sma}', NULL, NULL), ('lansia', 2400000, 60, NULL, NULL, NULL, NULL),
    ('disabilitas_berat', 2400000, NULL, NULL, NULL, 2, NULL)]::komponen_program[]) WITH ORDINALITY AS c;
SELECT is_empty($$
    WITH got AS (
        SELECT family, nik, code, amount, is_paid
        FROM lengkap, keluarga_components(k, '2026-01-01', (SELECT array_agg((code, amount, min_age, max_age, sekolah, disabilitas,
            hamil)::komponen_program) FROM komponen_pkh), 2)),
    best AS (
        SELECT family, nik, hubungan, lahir, greatest(
            CASE WHEN hamil THEN 3000000 END,
            CASE WHEN age < 7 AND coalesce(sekolah, 'tidak') IN ('belum', 'tidak') THEN 3000000 END,
            CASE WHEN sekolah = 'sd' THEN 900000 END, CASE WHEN sekolah = 'smp' THEN 1500000 END,
            CASE WHEN sekolah = 'sma' AND age <= 21 THEN 2000000 END, CASE WHEN age >= 60 THEN 2400000 END,
            CASE WHEN disabilitas = 2 THEN 2400000 END) AS amount
        FROM (SELECT *, CASE WHEN lahir <= '2026-01-01' THEN extract(year FROM age('2026-01-01', lahir)) END AS age FROM anggota) a),
    expected AS (
        SELECT family, nik, amount, row_number() OVER (PARTITION BY family ORDER BY amount DESC, hubungan, lahir NULLS LAST, nik) <= 2 AS is_paid
        FROM best WHERE amount IS NOT NULL)
    (SELECT family, nik, amount, is_paid FROM got EXCEPT SELECT * FROM expected)
    UNION ALL (SELECT * FROM expected EXCEPT SELECT family, nik, amount, is_paid FROM got) $$, 'components: as the rules say');
SELECT is(count(DISTINCT code), 7::bigint, 'every component occurred') FROM lengkap, keluarga_components(k, '2026-01-01',
    (SELECT array_agg((code, amount, min_age, max_age, sekolah, disabilitas, hamil)::komponen_program) FROM komponen_pkh));
SELECT is_empty('SELECT 1 FROM lengkap, keluarga_components(k, ''2026-01-01'', ''{}'', 4)', 'no components, no members');

-- findings: each rule written again in SQL
SELECT is_empty($$
    SELECT family, keluarga_errors(k, d), keluarga_warnings(k, d), expected FROM lengkap JOIN (
        SELECT family, d, array_remove(ARRAY[
            CASE WHEN heads = 0 THEN 'no_head' END,
            CASE WHEN heads > 1 THEN 'several_heads' END,
            CASE WHEN bool_or(heads = 1 AND hubungan = 2 AND kelamin = head_sex) THEN 'spouse_of_same_sex' END,
            CASE WHEN heads = 1 AND bool_or(head_sex = 'P') AND count(*) FILTER (WHERE hubungan = 2) > 1 THEN 'several_husbands' END,
            CASE WHEN bool_or(heads = 1 AND hubungan = 3 AND lahir <= head_born) THEN 'child_older_than_head' END,
            CASE WHEN bool_or(heads = 1 AND hubungan = 5 AND lahir <= head_born) THEN 'grandchild_older_than_head' END,
            CASE WHEN bool_or(heads = 1 AND hubungan = 6 AND lahir >= head_born) THEN 'parent_younger_than_head' END,
            CASE WHEN bool_or(lahir > d) THEN 'born_later' END,
            CASE WHEN bool_or(hamil AND kelamin = 'L') THEN 'pregnant_man' END,
            CASE WHEN bool_or(heads = 1 AND hubungan = 3 AND lahir > head_born
                              AND extract(year FROM age(lahir, head_born)) < 10) THEN 'child_close_to_head' END,
            CASE WHEN bool_or(hubungan = 2 AND (kawin <> 2 OR (heads = 1 AND head_kawin <> 2))) THEN 'spouse_not_married' END,
            CASE WHEN bool_or(hamil AND kelamin IS DISTINCT FROM 'L' AND lahir <= d
                              AND extract(year FROM age(d, lahir)) NOT BETWEEN 10 AND 55) THEN 'pregnant_at_unusual_age' END,
            CASE WHEN bool_or(extract(year FROM age(d, lahir)) > 120) THEN 'age_over_120' END,
            CASE WHEN bool_or(lahir IS NULL) THEN 'birth_date_unknown' END,
            CASE WHEN bool_or(kelamin IS NULL) THEN 'sex_unknown' END], NULL) AS expected
        FROM (SELECT *, count(*) FILTER (WHERE hubungan = 1) OVER w AS heads,
                     max(lahir) FILTER (WHERE hubungan = 1) OVER w AS head_born,
                     max(kawin) FILTER (WHERE hubungan = 1) OVER w AS head_kawin,
                     max(kelamin) FILTER (WHERE hubungan = 1) OVER w AS head_sex
              FROM anggota WINDOW w AS (PARTITION BY family)) a,
             (VALUES ('2026-01-01'::date), ('2010-06-01'), ('2090-01-01')) t(d)
        GROUP BY family, d, heads) x USING (family)
    WHERE keluarga_errors(k, d) || keluarga_warnings(k, d) IS DISTINCT FROM expected
       OR keluarga_errors(k, d) && ARRAY['child_close_to_head', 'spouse_not_married', 'pregnant_at_unusual_age', 'age_over_120',
                                         'birth_date_unknown', 'sex_unknown'] $$, 'findings: as the rules say');
SELECT is(count(DISTINCT code), 15::bigint, 'every finding occurred')
FROM lengkap, unnest(ARRAY['2026-01-01', '2010-06-01', '2090-01-01']::date[]) d,
     unnest(keluarga_errors(k, d) || keluarga_warnings(k, d)) code;
SELECT is(keluarga_errors('{3216010101900001 1 L 1990-01-01}', '2026-01-01'), '{}'::text[],
    'nothing found: an empty array');

-- ---------------------------------------------------------------------------
-- Comparison
-- ---------------------------------------------------------------------------
CREATE TABLE varian AS
SELECT x::keluarga AS k FROM unnest(ARRAY[
    '{3216010101900001 1 L 1990-01-01}', '{3216010101900001 1 P 1990-01-01}', '{3216010101900001 1 - 1990-01-01}',
    '{3216010101900001 1 L -}', '{3216010101900001 2 L 1990-01-01}', '{3216010101900002 1 L 1990-01-01}',
    '{3216010101900001 1 L 1990-01-02}', '{3216010101900001 1 L 1990-01-01, 3216010101900002 2 P -}',
    '{3216010101900002 2 P -, 3216010101900001 1 L 1990-01-01}']) x;
SELECT is_empty($$
    SELECT a.k, b.k FROM varian a, varian b
    WHERE (a.k = b.k) <> (a.k::text = b.k::text) OR (a.k <> b.k) = (a.k = b.k)
       OR (a.k < b.k)::int + (a.k = b.k)::int + (a.k > b.k)::int <> 1
       OR (a.k <= b.k) <> (a.k < b.k OR a.k = b.k) OR (a.k >= b.k) <> (a.k > b.k OR a.k = b.k)
       OR (a.k < b.k) <> (b.k > a.k) OR sign(keluarga_cmp(a.k, b.k)) <> (a.k > b.k)::int - (a.k < b.k)::int
       OR (a.k = b.k AND (keluarga_hash(a.k) <> keluarga_hash(b.k)
                          OR keluarga_hash_extended(a.k, 5) <> keluarga_hash_extended(b.k, 5))) $$,
    'one order, and hashes that fit equality');
SELECT is_empty($$SELECT 1 FROM varian a, varian b, varian c WHERE a.k < b.k AND b.k < c.k AND a.k >= c.k$$,
    'the order is transitive');
SELECT is(count(DISTINCT k), 8::bigint, 'DISTINCT') FROM varian;
SELECT is(count(*), 8::bigint, 'GROUP BY hash') FROM (SELECT k FROM varian GROUP BY k) x;
CREATE UNIQUE INDEX rumah_k ON rumah (k);
SET LOCAL enable_seqscan = off;
SELECT matches(plan_of($$SELECT * FROM rumah WHERE k = '{3216010101900001 1 L -}'$$), 'rumah_k', 'btree is used');
SELECT is(count(*), 1::bigint, 'and finds') FROM rumah WHERE k = (SELECT k FROM rumah WHERE family = 77);
SET LOCAL enable_seqscan = on;
SELECT ok(bool_and(amvalidate(oid)), 'operator classes are complete')
FROM pg_opclass WHERE opcname IN ('keluarga_btree_ops', 'keluarga_hash_ops', 'keluarga_gin_ops');

-- which families is a NIK in: by the index as without it
INSERT INTO lengkap SELECT family + 100000, k FROM lengkap WHERE family % 3 = 0;
CREATE INDEX lengkap_k ON lengkap USING gin (k);
INSERT INTO lengkap SELECT family + 200000, k FROM lengkap WHERE family % 5 = 0;
CREATE TABLE dicari AS SELECT nik FROM anggota WHERE random() < 0.01 UNION SELECT '9999999999999999'::nik;
CREATE FUNCTION families_of(n nik) RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE
    found int[];
BEGIN
    EXECUTE 'SELECT array_agg(family ORDER BY family) FROM lengkap WHERE k @> $1' INTO found USING n; -- planned anew
    RETURN found;
END $$;
SET LOCAL enable_seqscan = off;
SELECT matches(plan_of($$SELECT * FROM lengkap WHERE '3216010101900001' <@ k$$), 'Bitmap Index Scan on lengkap_k', 'GIN is used');
CREATE TABLE dengan_indeks AS SELECT nik, families_of(nik) AS found FROM dicari;
SET LOCAL enable_seqscan = on;
SET LOCAL enable_bitmapscan = off;
SELECT is_empty('SELECT nik FROM dengan_indeks WHERE found IS DISTINCT FROM families_of(nik)', 'and finds what a scan finds');
SET LOCAL enable_bitmapscan = on;
SELECT isnt_empty('SELECT 1 FROM dengan_indeks WHERE cardinality(found) > 2', 'in several families too');

-- overlap
SELECT is_empty($$
    SELECT a.family, b.family FROM lengkap a JOIN lengkap b ON a.family < 40 AND b.family BETWEEN 30 AND 200
    WHERE (a.k <-> b.k) <> 1 - (SELECT count(*) FROM keluarga_members(a.k) x JOIN keluarga_members(b.k) y USING (nik))::float8
        / (SELECT count(DISTINCT nik) FROM (SELECT nik FROM keluarga_members(a.k) UNION SELECT nik FROM keluarga_members(b.k)) u)
       OR (a.k <-> b.k) <> (b.k <-> a.k) $$, 'distance: share of the members not in common');
SELECT is('{3216010101900001 1 L -, 3216010101900002 2 P -}'::keluarga <-> '{3216010101900002 1 P -, 3216010101900003 3 - -}'::keluarga,
          2 / 3.0::float8, 'one of three in common');

-- ---------------------------------------------------------------------------
-- Size: 13 bytes a member
-- ---------------------------------------------------------------------------
SELECT is_empty('SELECT family FROM rumah WHERE pg_column_size(k) <> 2 + 13 * n AND n < 8', 'bytes in a table');

-- ---------------------------------------------------------------------------
-- Errors
-- ---------------------------------------------------------------------------
SELECT throws_ok(format('SELECT %L::keluarga', x), '22P02', NULL, 'refused text: ' || left(x, 50))
FROM unnest(ARRAY['', '{}', 'x', '{3216010101900001}', '{3216010101900001 1 L 1990-01-01', '{321601010190000 1 L -}',
    '{3216010101900001 9 L -}', '{3216010101900001 0 L -}', '{3216010101900001 1 X -}', '{3216010101900001 1 L 1990-02-30}',
    '{3216010101900001 1 L 30-01-1990}', '{3216010101900001 1 L -, 3216010101900001 2 P -}',
    '{3216010101900001 1 L -}{', '{3216010101900001 1 L - HAMIL}', '{3216010101900001 1 L - kawin=5}',
    '{3216010101900001 1 L - sekolah=sd sekolah=smp}', '{3216010101900001 1 L - disabilitas=1}', '{３216010101900001 1 L -}']) x;
SELECT throws_ok(format('SELECT %L::keluarga',
    (SELECT '{' || string_agg(lpad(g::text, 16, '0') || ' 8 - -', ',') || '}' FROM generate_series(1, 201) g)),
    '54000', NULL, 'refused text: 201 members');
SELECT is(keluarga_size(keluarga(to_nik(lpad(g::text, 16, '0')), 8, 'L', NULL)), 200, '200 members')
FROM generate_series(1, 200) g;
SELECT throws_ok(query, code, NULL, query) FROM (VALUES
    ('SELECT keluarga(''3216010101900001'', 1, ''L'', NULL) FROM generate_series(1, 2)', 'SE101'),
    ('SELECT keluarga(to_nik(lpad(g::text, 16, ''0'')), 8, ''L'', NULL) FROM generate_series(1, 201) g', '54000'),
    ('SELECT keluarga(NULL, 1, ''L'', NULL)', '22004'),
    ('SELECT keluarga(''3216010101900001'', NULL, ''L'', NULL)', '22004'),
    ('SELECT keluarga(''3216010101900001'', 0, ''L'', NULL)', '22023'),
    ('SELECT keluarga(''3216010101900001'', 9, ''L'', NULL)', '22023'),
    ('SELECT keluarga(''3216010101900001'', 257, ''L'', NULL)', '22023'),
    ('SELECT keluarga(''3216010101900001'', 1, ''X'', NULL)', '22023'),
    ('SELECT keluarga(''3216010101900001'', 1, '''', NULL)', '22023'),
    ('SELECT keluarga(''3216010101900001'', 1, 3, NULL)', '22023'),
    ('SELECT keluarga(''3216010101900001'', 1, 0, NULL)', '22023'),
    ('SELECT keluarga(''3216010101900001'', 1, ''L'', ''infinity'')', '22023'),
    ('SELECT keluarga(''3216010101900001'', 1, ''L'', ''0044-03-15 BC'')', '22023'),
    ('SELECT keluarga(''3216010101900001'', 1, ''L'', ''10000-01-01'')', '22023'),
    ('SELECT keluarga_age_count(k, 5, 4, ''2026-01-01'') FROM varian', '22023'),
    ('SELECT keluarga_age_count(k, -1, 4, ''2026-01-01'') FROM varian', '22023'),
    ('SELECT keluarga_age_count(k, 1, 4, ''infinity'') FROM varian', '22023'),
    ('SELECT keluarga_elderly(k, ''-infinity'') FROM varian', '22023'),
    ('SELECT keluarga_errors(k, ''infinity'') FROM varian', '22023'),
    ('SELECT keluarga_warnings(k, ''infinity'') FROM varian', '22023'),
    ('SELECT keluarga_pupils(k, ''tk'') FROM varian', '22023'),
    ('SELECT keluarga_pupils(k, ''belum'') FROM varian', '22023'),
    ('SELECT keluarga_equivalence(k, ''2026-01-01'', ''oxford'') FROM varian', '22023'),
    ('SELECT keluarga((''3216010101900001'', 1, ''L'', NULL, 5, NULL, NULL, NULL)::anggota_keluarga)', '22023'),
    ('SELECT keluarga((''3216010101900001'', 1, ''L'', NULL, 0, NULL, NULL, NULL)::anggota_keluarga)', '22023'),
    ('SELECT keluarga((''3216010101900001'', 1, ''L'', NULL, NULL, ''SD'', NULL, NULL)::anggota_keluarga)', '22023'),
    ('SELECT keluarga((''3216010101900001'', 1, ''L'', NULL, NULL, NULL, 3, NULL)::anggota_keluarga)', '22023'),
    ('SELECT keluarga((NULL, 1, ''L'', NULL, NULL, NULL, NULL, NULL)::anggota_keluarga)', '22004'),
    ('SELECT keluarga_components(k, ''2026-01-01'', ''{"(smp,1,,,{SMP},,)"}'') FROM varian', '22023'),
    ('SELECT keluarga_components(k, ''2026-01-01'', ''{"(,1,,,,,)"}'') FROM varian', '22023'),
    ('SELECT keluarga_components(k, ''2026-01-01'', ''{"(smp,,,,,,)"}'') FROM varian', '22023'),
    ('SELECT keluarga_components(k, ''2026-01-01'', ''{"(smp,-1,,,,,)"}'') FROM varian', '22023'),
    ('SELECT keluarga_components(k, ''2026-01-01'', ''{"(smp,1,7,6,,,)"}'') FROM varian', '22023'),
    ('SELECT keluarga_components(k, ''2026-01-01'', ''{"(smp,1,,,,3,)"}'') FROM varian', '22023')) v(query, code);
SELECT is(keluarga(NULL::anggota_keluarga)::text, NULL, 'a NULL anggota_keluarga is no member');
SELECT is(keluarga((NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::anggota_keluarga)::text, NULL, 'nor is one of NULLs');
SELECT is(keluarga(NULL, NULL, NULL::text, NULL)::text, NULL, 'an outer join without members: no family');
SELECT is(keluarga(nik, 1, 'L', NULL)::text, '{3216010101900001 1 L -}', 'and rows of NULL are no members')
FROM (VALUES ('3216010101900001'::nik)) v(nik);
SELECT is(keluarga(nik, hubungan, kelamin, lahir)::text, NULL, 'no row: NULL') FROM anggota WHERE false;

-- no message shows a whole NIK
CREATE FUNCTION message_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; detail text; hint text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' ', message, detail, hint);
END $$;
SELECT doesnt_match(message_of(query), '[0-9]{3}(?!.*character)|no error', 'masked: ' || query) FROM unnest(ARRAY[
    'SELECT keluarga(''3216010101900001'', 1, ''L'', NULL) FROM generate_series(1, 2)',
    'SELECT ''{3216010101900001 1 L -, 3216010101900001 1 L -}''::keluarga',
    'SELECT ''{3216010101900001 3216010101900001 L -}''::keluarga',
    'SELECT ''{32160101019000012 1 L -}''::keluarga']) query;

-- helpers are not for everyone
CREATE ROLE dtsen_household_reader;
SELECT is(has_function_privilege('dtsen_household_reader', p.oid, 'execute'), p.proname !~ '^_keluarga',
          'privilege on ' || p.oid::regprocedure)
FROM pg_proc p WHERE p.pronamespace = 'dtsen'::regnamespace AND p.proname ~ 'keluarga';

-- ---------------------------------------------------------------------------
-- Binary form
-- ---------------------------------------------------------------------------
CREATE FUNCTION receive(message bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    file text := current_setting('data_directory') || '/dtsen_pgtap_household.bin';
    object oid;
    result bytea;
BEGIN
    object := lo_from_bytea(0, '\x5047434f50590aff0d0a000000000000000000'::bytea || int2send(1::int2)
        || int4send(octet_length(message)) || message || int2send((-1)::int2));
    PERFORM lo_export(object, file);
    PERFORM lo_unlink(object);
    CREATE TEMPORARY TABLE received (k keluarga) ON COMMIT DROP;
    EXECUTE format('COPY received FROM %L (FORMAT binary)', file);
    SELECT keluarga_send(k) INTO result FROM received;
    DROP TABLE received;
    RETURN result;
END $$;
SELECT is_empty('SELECT family FROM rumah WHERE family % 60 = 0 AND receive(keluarga_send(k)) <> keluarga_send(k)',
    'binary round trip');
SELECT is_empty('SELECT family FROM lengkap WHERE family % 60 = 0 AND receive(keluarga_send(k)) <> keluarga_send(k)',
    'binary round trip, with all that is known');
SELECT is(keluarga_send('{3216010101900001 1 L 2000-01-02, 3216010101900002 8 - -}'),
    decode(concat('01', '02', '000b6cf1b3b7c2e1', '01', '01', '00000001', '00000000',
                  '000b6cf1b3b7c2e2', '08', '00', '7fffffff', '00000000'), 'hex'), 'the bytes of docs/formats.md');
SELECT throws_ok(format('SELECT receive(%L)', decode(hex, 'hex')), '22P03', NULL, 'refused bytes: ' || why)
FROM (VALUES
    ('0201' || '000b6cf1b3b7c2e1' || '0101' || '0000000100000000', 'version'),
    ('0100', 'no members'),
    ('01c9' || repeat('00', 201 * 18), '201 members'),
    ('0101' || '002386f26fc10000' || '0101' || '0000000100000000', 'a NIK of 17 digits'),
    ('0101' || 'ffffffffffffffff' || '0101' || '0000000100000000', 'a negative NIK'),
    ('0101' || '000b6cf1b3b7c2e1' || '0001' || '0000000100000000', 'relation 0'),
    ('0101' || '000b6cf1b3b7c2e1' || '0901' || '0000000100000000', 'relation 9'),
    ('0101' || '000b6cf1b3b7c2e1' || '0103' || '0000000100000000', 'sex 3'),
    ('0101' || '000b6cf1b3b7c2e1' || '0101' || '7ffffffe00000000', 'a date past the year 9999'),
    ('0101' || '000b6cf1b3b7c2e1' || '0101' || '8000000000000000', 'a date before the year 1'),
    ('0101' || '000b6cf1b3b7c2e1' || '0101' || '0000000105000000', 'marital state 5'),
    ('0101' || '000b6cf1b3b7c2e1' || '0101' || '0000000100070000', 'schooling 7'),
    ('0101' || '000b6cf1b3b7c2e1' || '0101' || '0000000100000300', 'disability 3'),
    ('0101' || '000b6cf1b3b7c2e1' || '0101' || '0000000100000002', 'pregnancy 2'),
    ('0102' || '000b6cf1b3b7c2e1' || '0101' || '0000000100000000' || '000b6cf1b3b7c2e1' || '0201' || '0000000100000000', 'a member twice'),
    ('0101' || '000b6cf1b3b7c2e1' || '0101' || '0000000100000000' || '00', 'a byte too many')) v(hex, why);
SELECT throws_ok($$SELECT receive('\x0101000b')$$, '08P01', NULL, 'refused bytes: cut short');

SELECT * FROM finish();
ROLLBACK;
