-- A small registry "bekasi" with two published editions, programmes, payments,
-- a run of matching and proposals; all invented. Triggers that want a whole
-- month of steps are off while it is made, but for the one that counts.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET TimeZone = 'Asia/Jakarta';
CREATE EXTENSION dtsen;
ALTER DATABASE clients SET search_path = public, dtsen;
SELECT dtsen.create_registry('bekasi') \g /dev/null
SELECT dtsen.setup_roles('bekasi', false) \g /dev/null
SET search_path = public, dtsen;
CREATE ROLE analis_1 LOGIN IN ROLE bekasi_analis;
CREATE ROLE analis_3216 LOGIN IN ROLE bekasi_analis;
INSERT INTO bekasi.actor (login, actor_role, person_key, wilayah)
VALUES ('analis_1', 'analis', 'person 1', NULL), ('analis_3216', 'analis', 'person 2', '3216');

INSERT INTO bekasi.model VALUES ('m1', 'test', 'test');
INSERT INTO bekasi.keluarga (id, nkk, wilayah)
SELECT n, ('321601170120' || lpad(n::text, 4, '0'))::nkk,
    (ARRAY['3216011007', '3216012002', '3217012001'])[1 + n % 3]::kode_wilayah
FROM generate_series(1, 600) AS n;
INSERT INTO bekasi.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir, jenis_kelamin)
SELECT k.id * 10 + m, k.id, k.wilayah, ('321601020390' || lpad(((k.id - 1) * 3 + m)::text, 4, '0'))::nik,
    ((ARRAY['SITI', 'BUDI', 'AGUS'])[m] || ' ' || (ARRAY['AMINAH', 'SANTOSO', 'RAHAYU', 'WIBOWO', 'LESTARI'])[1 + k.id % 5])::nama,
    m, '1990-03-02'::date, 1 + m % 2
FROM bekasi.keluarga AS k, generate_series(1, 3) AS m;
INSERT INTO bekasi.import_run (id, kind, file_name, sha256, read_count, accepted_count, refused_count, new_count, changed_count, same_count)
VALUES (1, 'dukcapil', 'x', sha256(''), 0, 0, 0, 0, 0, 0);
INSERT INTO bekasi.dukcapil (nik, nkk, nama, tanggal_lahir, jenis_kelamin, status_hidup, wilayah, import_id)
SELECT a.nik, k.nkk, a.nama, a.tanggal_lahir, a.jenis_kelamin, CASE WHEN a.id % 20 = 1 THEN 'meninggal' ELSE 'hidup' END, a.wilayah, 1
FROM bekasi.anggota AS a JOIN bekasi.keluarga AS k ON k.id = a.keluarga_id WHERE a.id % 7 <> 0;
SELECT bekasi.pemadanan_run() \g /dev/null

ALTER TABLE bekasi.edisi DISABLE TRIGGER USER;
ALTER TABLE bekasi.edisi ENABLE ALWAYS TRIGGER summarise;
ALTER TABLE bekasi.usulan DISABLE TRIGGER USER;
ALTER TABLE bekasi.musyawarah DISABLE TRIGGER USER;
INSERT INTO bekasi.edisi (id, name, model_version, cut_off_at, draw_at, recheck_from, recheck_to, publish_at, digest)
SELECT e, format('v%s_2026', e), 'm1', d, d, d, d, d, sha256('x')
FROM generate_series(1, 3) AS e, make_timestamptz(2026, 6 + e, 20, 9, 0, 0, 'Asia/Jakarta') AS d;
SELECT format('CREATE TABLE IF NOT EXISTS bekasi.desil_%s PARTITION OF bekasi.desil FOR VALUES IN (%s)', e, e) FROM generate_series(1, 2) AS e \gexec
INSERT INTO bekasi.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor, desil_nasional, desil_provinsi, desil_kabupaten)
SELECT e, k.id, k.wilayah, k.nkk, 3, s, d, d, 1 + d % 10
FROM bekasi.keluarga AS k, generate_series(1, 2) AS e,
    LATERAL (SELECT CASE WHEN k.id % 20 > 0 THEN (k.id * CASE e WHEN 1 THEN 7919 ELSE 104729 END % 1000)::float8 END AS s) AS x,
    LATERAL (SELECT 1 + s::integer / 100 AS d) AS y;
INSERT INTO bekasi.exclusive_group VALUES ('pangan', 'keluarga', 'bantuan pangan', 'food aid');
INSERT INTO bekasi.program (program, owner_level, wilayah, unit, exclusive_group, legal_basis, label_id, label_en) VALUES
    ('sembako', 'pusat', NULL, 'keluarga', 'pangan', 'x', 'sembako', 'staple food'),
    ('jkn', 'pusat', NULL, 'anggota', NULL, 'x', 'iuran kesehatan', 'health insurance'),
    ('bekasi_1', 'kabupaten', '3216', 'keluarga', NULL, 'x', 'bantuan Bekasi', 'aid of Bekasi');
INSERT INTO bekasi.program_rule (program, valid_from, desil_to) VALUES ('sembako', '2026-01-01', 5), ('bekasi_1', '2026-01-01', 3);
INSERT INTO bekasi.kepesertaan (program, keluarga_id, wilayah, valid_from)
SELECT 'sembako', k.id, k.wilayah, '2026-07-01'::date FROM bekasi.keluarga AS k WHERE k.id % 3 <> 1 AND k.id % 2 = 0
UNION ALL SELECT 'bekasi_1', k.id, k.wilayah, '2026-07-01'::date FROM bekasi.keluarga AS k WHERE k.wilayah <@ '3216'::kode_wilayah AND k.id % 50 = 0;
INSERT INTO bekasi.penerimaan (program, keluarga_id, wilayah, period, amount, source)
SELECT p.program, p.keluarga_id, p.wilayah, m, 200000, 'report' FROM bekasi.kepesertaan AS p, unnest('{2026-07-01,2026-08-01}'::date[]) AS m;
UPDATE bekasi.edisi SET state = 'terbit', published_at = publish_at, (family_count, person_count, ranked_count) = (600, 1800, 570) WHERE id = 1;
UPDATE bekasi.edisi SET state = 'terbit', published_at = publish_at, (family_count, person_count, ranked_count) = (600, 1800, 570) WHERE id = 2;
INSERT INTO bekasi.musyawarah (wilayah, held_on, place, state) VALUES ('3216011007', '2026-08-03', 'balai desa', 'sah');
INSERT INTO bekasi.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id, state)
SELECT 'k' || k.id, 'ubah', k.wilayah, k.id, '{}', 2 + k.id % 2, CASE WHEN k.id % 3 = 0 THEN 'draf' ELSE 'diajukan' END
FROM bekasi.keluarga AS k WHERE k.id <= 120;
INSERT INTO bekasi.control_total (name, source, noted_on, unit, total) VALUES ('penerima', 'berita', '2026-08-20', 'keluarga', 163000);
INSERT INTO bekasi.control_part (control_id, name, desil, value)
SELECT 1, 'desil ' || n, n, v FROM unnest('{28000,38000,33000,25000,19000}'::bigint[]) WITH ORDINALITY AS u (v, n);
ALTER TABLE bekasi.edisi ENABLE TRIGGER USER;
ALTER TABLE bekasi.usulan ENABLE TRIGGER USER;
ALTER TABLE bekasi.musyawarah ENABLE TRIGGER USER;
ANALYZE;
