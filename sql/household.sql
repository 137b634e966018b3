-- Households: what a user sees. Properties are proven in test/pgtap/household.sql.
SET search_path = dtsen, public;

CREATE TABLE anggota (family int, nik nik, hubungan int, kelamin text, lahir date);
INSERT INTO anggota VALUES
    (1, '3216011501100003', 3, 'L', '2010-01-15'),
    (1, '3216010101800001', 1, 'L', '1980-01-01'),
    (1, '3216015402850002', 2, 'P', '1985-02-14'),
    (1, '3216014503550004', 6, 'P', '1955-03-05'),
    (2, '3216010202900005', 1, 'L', NULL),
    (2, '3216010303880006', 3, NULL, '1988-03-03'),
    (3, '3216010404700007', 3, 'L', '1970-04-04');

-- one value for each family
CREATE TABLE rumah AS
SELECT family, keluarga(nik, hubungan, kelamin, lahir) AS k FROM anggota GROUP BY family;
SELECT family, k FROM rumah ORDER BY family;
SELECT family, keluarga_size(k), keluarga_head(k), keluarga_age_count(k, 0, 17, '2026-01-01') AS minors,
       keluarga_elderly(k, '2026-01-01'), keluarga_errors(k, '2026-01-01'), keluarga_warnings(k, '2026-01-01') FROM rumah ORDER BY family;
SELECT m.* FROM rumah, keluarga_members(k) m WHERE family = 2;
SELECT family FROM rumah WHERE k @> '3216010303880006';

-- written by hand, in any order
SELECT '{3216015402850002 2 2 1985-02-14,3216010101800001 1 1 1980-01-01}'::keluarga;

-- with all that is known, and what that gives
CREATE TABLE penuh AS SELECT '{3216010101800001 1 L 1980-01-01 kawin=2, 3216015402850002 2 P 1985-02-14 hamil kawin=2,
    3216011501100003 3 L 2010-01-15 sekolah=smp, 3216011501200004 3 L 2020-01-15,
    3216011501500005 6 L 1950-01-15 disabilitas_berat}'::keluarga AS k;
SELECT m.* FROM penuh, keluarga_members(k) m;
SELECT keluarga(m) = k AS the_same FROM penuh, keluarga_members(k) m GROUP BY k;
SELECT keluarga_generations(k), keluarga_pupils(k, 'smp'), keluarga_under_seven(k, '2026-01-01'), keluarga_pregnant(k),
       keluarga_disabled(k), keluarga_disabled(k, severe => true), keluarga_equivalence(k, '2026-01-01')::numeric(4,1) FROM penuh;
SELECT c.* FROM penuh, keluarga_components(k, '2026-01-01', ARRAY[('hamil', 3000000, NULL, NULL, NULL, NULL, true),
    ('usia_dini', 3000000, 0, 6, '{not_attending}', NULL, NULL), ('smp', 1500000, NULL, NULL, '{smp}', NULL, NULL),
    ('lansia', 2400000, 60, NULL, NULL, NULL, NULL), ('disabilitas_berat', 2400000, NULL, NULL, NULL, 2, NULL)]::komponen_program[], 3) c;
SELECT c.* FROM penuh, keluarga_components(k, '2026-01-01', ARRAY[('smp', 1, NULL, NULL, '{SMP}', NULL, NULL)]::komponen_program[]) c;
CREATE INDEX rumah_k ON rumah USING gin (k);
SELECT family FROM rumah WHERE '3216010303880006' <@ k;
SELECT a.family, (a.k <-> b.k)::numeric(3,2) AS distance FROM rumah a, rumah b WHERE b.family = 1 ORDER BY 1;

-- refusals show no NIK
\set VERBOSITY default
CREATE FUNCTION refusal(input text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; detail text;
BEGIN
    PERFORM input::dtsen.keluarga;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ' ' || message || '. ' || detail;
END $$;
SELECT refusal(x) FROM (VALUES
    ('{}'), ('3216010101800001 1 L -'), ('{321601010180000 1 L -}'), ('{3216010101800001 9 L -}'),
    ('{3216010101800001 1 M -}'), ('{3216010101800001 1 L 31-12-1980}'),
    ('{3216010101800001 1 L -, 3216010101800001 2 P -}'),
    ('{3216010101800001 1 L - HAMIL}')) v(x);
SELECT keluarga(nik, hubungan, kelamin, lahir) FROM (TABLE anggota UNION ALL TABLE anggota) x;
SELECT keluarga(nik, 10, kelamin, lahir) FROM anggota;
SELECT keluarga(nik, hubungan, 'M', lahir) FROM anggota;
SELECT keluarga(NULL, hubungan, kelamin, lahir) FROM anggota;
SELECT keluarga(nik, hubungan, kelamin, 'infinity') FROM anggota;
SELECT keluarga_age_count(k, 10, 5, '2026-01-01') FROM rumah;

DROP FUNCTION refusal;
DROP TABLE rumah, penuh, anggota;
