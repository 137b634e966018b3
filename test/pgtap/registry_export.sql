-- What goes out comes in again as it was.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SET search_path = public, dtsen;
SELECT t.login('data_a', 'pengelola', '3216'), t.login('data_b', 'pengelola', '3217'), t.login('op_a', 'operator_desa', '3216011007'), t.login('bps1', 'bps', NULL) \g /dev/null
INSERT INTO reg.keluarga (id, nkk, wilayah, alamat, nama_kepala, jumlah_anggota, is_pbi_nas, is_siks_ng, file_desil_nasional)
SELECT n, t.nkk(n)::nkk, CASE WHEN n % 5 = 0 THEN '3217012001' ELSE '3216011007' END::kode_wilayah,
    (ARRAY['JL. MELATI | NO. 1', 'GG "BUNTU"', NULL, 'RT 001', E'dua | "\nbaris"', '"', '|'])[1 + n % 7], CASE WHEN n % 3 > 0 THEN 'WARGA' END::nama, n % 9,
    (ARRAY[true, false, NULL])[1 + n % 3], (ARRAY[true, false, NULL])[1 + n % 3], nullif(n % 11, 0) FROM generate_series(1, 100) AS n;
INSERT INTO reg.rumah (keluarga_id, wilayah, luas_lantai, jenis_lantai_terluas, id_pelanggan_pln) SELECT id, wilayah, id + 0.25, id % 9, '00' || id FROM reg.keluarga WHERE id % 2 = 0;
INSERT INTO reg.aset (keluarga_id, wilayah, jumlah_ternak_sapi) SELECT id, wilayah, id FROM reg.keluarga WHERE id % 4 = 0;
INSERT INTO reg.anggota (keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir, jenis_kelamin, alamat_ktp, status_kawin, is_pbi_pemda)
SELECT k.id, k.wilayah, t.nik((k.id * 10 + m)::integer)::nik, 'SITI "O''NEIL" AMINAH', m, CASE WHEN m > 1 THEN '2001-12-31'::date - m END, NULLIF(m, 3), k.alamat, 1, m = 2 FROM reg.keluarga k, generate_series(1, 3) m;
UPDATE reg.keluarga SET status = 'pindah' WHERE id = 7;
INSERT INTO reg.model VALUES ('m1', 'test', 'test');
INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor) SELECT 'm1', id, wilayah, id * 1.1 / 3 FROM reg.keluarga WHERE id <> 7;

CREATE TEMP TABLE lines (kind text, n bigint, line text);
GRANT ALL ON lines TO PUBLIC;
SELECT t.act('data_a', format('INSERT INTO pg_temp.lines SELECT %L, n, l FROM reg.export_lines(%1$L) WITH ORDINALITY AS x (l, n)', k)) FROM unnest(ARRAY['keluarga', 'anggota']) k \g /dev/null
INSERT INTO lines SELECT 'skor', n, l FROM reg.export_lines('skor') WITH ORDINALITY AS x (l, n);
SELECT is((SELECT string_agg(kind || ' ' || c, ', ' ORDER BY kind COLLATE "C") FROM (SELECT kind, count(*) AS c FROM lines GROUP BY 1) x), 'anggota 238, keluarga 80, skor 100', 'active ones of one''s own region, and a header');
SELECT is_empty($$ SELECT line FROM lines WHERE line ~ '[\n\r]' $$, 'a line is a line');
SELECT alike((SELECT line FROM lines WHERE kind = 'keluarga' AND n = 1), 'kode_kelurahan_desa|nomor_kartu_keluarga|alamat|%', 'headers are those of the files');

-- the same file, imported: nothing to change
SELECT is(t.import('data_a', 'keluarga', VARIADIC ARRAY(SELECT line FROM lines WHERE kind = 'keluarga' ORDER BY n)), '79 read 79 accepted 0 refused 0 new 11 changed 68 same', 'families: the same, but that a line break is a blank now');
SELECT is(t.import('data_a', 'anggota', VARIADIC ARRAY(SELECT line FROM lines WHERE kind = 'anggota' ORDER BY n)), '237 read 237 accepted 0 refused 0 new 33 changed 204 same', 'persons: the same, but that');
SELECT is(t.import('bps1', 'skor', VARIADIC ARRAY(SELECT line FROM lines WHERE kind = 'skor' ORDER BY n)), '99 read 99 accepted 0 refused 0 new 0 changed 99 same', 'scores: to the last digit');
-- and into an empty registry
CREATE TEMP TABLE before AS SELECT k.nkk, k.wilayah, k.alamat, k.nama_kepala, k.jumlah_anggota, k.is_pbi_nas, k.is_siks_ng, k.file_desil_nasional, r.luas_lantai, r.jenis_lantai_terluas, r.id_pelanggan_pln, a.jumlah_ternak_sapi
    FROM reg.keluarga k LEFT JOIN reg.rumah r ON r.keluarga_id = k.id LEFT JOIN reg.aset a ON a.keluarga_id = k.id WHERE k.wilayah::text ~ '^3216' AND k.status = 'aktif';
CREATE TEMP TABLE persons AS SELECT k.nkk, a.nik, a.nama, a.tanggal_lahir, a.jenis_kelamin, a.hubungan, a.alamat_ktp, a.status_kawin, a.is_pbi_pemda FROM reg.anggota a JOIN reg.keluarga k ON k.id = a.keluarga_id WHERE k.wilayah::text ~ '^3216' AND k.status = 'aktif';
DELETE FROM reg.skor; DELETE FROM reg.rumah; DELETE FROM reg.aset; DELETE FROM reg.keanggotaan; DELETE FROM reg.keluarga_alamat; DELETE FROM reg.anggota; DELETE FROM reg.keluarga; DELETE FROM reg.import_run;
SELECT is(t.import('data_a', 'keluarga', VARIADIC ARRAY(SELECT line FROM lines WHERE kind = 'keluarga' ORDER BY n)), '79 read 79 accepted 0 refused 79 new 0 changed 0 same', 'into an empty registry: families');
SELECT is(t.import('data_a', 'anggota', VARIADIC ARRAY(SELECT line FROM lines WHERE kind = 'anggota' ORDER BY n)), '237 read 237 accepted 0 refused 237 new 0 changed 0 same', 'persons');
SELECT is_empty($$ (TABLE before EXCEPT ALL SELECT k.nkk, k.wilayah, k.alamat, k.nama_kepala, k.jumlah_anggota, k.is_pbi_nas, k.is_siks_ng, k.file_desil_nasional, r.luas_lantai, r.jenis_lantai_terluas, r.id_pelanggan_pln, a.jumlah_ternak_sapi
    FROM reg.keluarga k LEFT JOIN reg.rumah r ON r.keluarga_id = k.id LEFT JOIN reg.aset a ON a.keluarga_id = k.id) $$, 'families are what they were');
SELECT is_empty($$ TABLE persons EXCEPT ALL SELECT k.nkk, a.nik, a.nama, a.tanggal_lahir, a.jenis_kelamin, a.hubungan, a.alamat_ktp, a.status_kawin, a.is_pbi_pemda FROM reg.anggota a JOIN reg.keluarga k ON k.id = a.keluarga_id $$, 'persons too');
SELECT throws_ok('SELECT * FROM reg.export_lines(''dukcapil'')', '22023', NULL, 'what is not ours does not go out');
SELECT throws_ok('SELECT * FROM reg.export_lines(''keluarga'', 77)', '55000', NULL, 'nor a draft');
SELECT throws_ok($$ SELECT t.act('op_a', 'SELECT * FROM reg.export_lines(''keluarga'')') $$, '42501', NULL, 'nor by the village');
SELECT is(t.value('data_b', 'SELECT count(*) FROM reg.export_lines(''keluarga'')'), '1', 'nor other regions''');
SELECT * FROM finish();
ROLLBACK;
