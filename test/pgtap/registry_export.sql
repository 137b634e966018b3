-- What goes out comes in again as it was.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SET search_path = public, dtsen;
SELECT t.login('data_a', 'pengelola', '3216'), t.login('data_b', 'pengelola', '3217'), t.login('op_a', 'operator_desa', '3216011007'), t.login('bps1', 'bps', NULL) \g /dev/null
INSERT INTO reg.keluarga (id, nkk, wilayah, alamat, nama_kepala, jumlah_anggota, is_pbi_nas, is_siks_ng, file_desil_nasional)
SELECT n, t.nkk(n)::nkk, CASE WHEN n % 5 = 0 THEN '3217012001' ELSE '3216011007' END::kode_wilayah,
    (ARRAY['JL. MELATI | NO. 1', 'GG "BUNTU"', NULL, 'RT 001', E'dua | "\nbaris\x01\x1f\x7f"', '"', '|'])[1 + n % 7], CASE WHEN n % 3 > 0 THEN 'WARGA' END::nama, n % 9,
    (ARRAY[true, false, NULL])[1 + n % 3], (ARRAY[true, false, NULL])[1 + n % 3], nullif(n % 11, 0) FROM generate_series(1, 100) AS n;
INSERT INTO reg.rumah (keluarga_id, wilayah, luas_lantai, jenis_lantai_terluas, id_pelanggan_pln) SELECT id, wilayah, id + 0.25, id % 9, '00' || id FROM reg.keluarga WHERE id % 2 = 0;
INSERT INTO reg.aset (keluarga_id, wilayah, jumlah_ternak_sapi) SELECT id, wilayah, id FROM reg.keluarga WHERE id % 4 = 0;
INSERT INTO reg.anggota (keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir, jenis_kelamin, alamat_ktp, status_kawin, is_pbi_pemda)
SELECT k.id, k.wilayah, t.nik((k.id * 10 + m)::integer)::nik, 'SITI "O''NEIL" AMINAH', m, CASE WHEN m > 1 THEN '2001-12-31'::date - m END, NULLIF(m, 3), k.alamat, 1, m = 2 FROM reg.keluarga k, generate_series(1, 3) m;
UPDATE reg.keluarga SET status = 'pindah' WHERE id = 7;
INSERT INTO reg.model VALUES ('m1', 'test', 'test');
INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor) SELECT 'm1', id, wilayah, CASE id WHEN 1 THEN 0.00001234567 WHEN 2 THEN 1e18 WHEN 3 THEN -1.2345678901234567e-9 ELSE id * 1.1 / 3 END FROM reg.keluarga WHERE id <> 7;

CREATE TEMP TABLE lines (kind text, n bigint, line text);
GRANT ALL ON lines TO PUBLIC;
SELECT t.act('data_a', format('INSERT INTO pg_temp.lines SELECT %L, n, l FROM reg.export_lines(%1$L) WITH ORDINALITY AS x (l, n)', k)) FROM unnest(ARRAY['keluarga', 'anggota']) k \g /dev/null
-- whatever the session shows of a number
SET extra_float_digits = -3;
INSERT INTO lines SELECT 'skor', n, l FROM reg.export_lines('skor') WITH ORDINALITY AS x (l, n);
RESET extra_float_digits;
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
SELECT throws_ok('SELECT * FROM reg.export_lines(''kematian'')', '22023', 'there is no export of kind "kematian"', 'events do not go out as files');
SELECT throws_ok('SELECT * FROM reg.export_lines(''keluarga'', 77)', '55000', NULL, 'nor a draft');
SELECT throws_ok($$ SELECT t.act('op_a', 'SELECT * FROM reg.export_lines(''keluarga'')') $$, '42501', NULL, 'nor by the village');
SELECT is(t.value('data_b', 'SELECT count(*) FROM reg.export_lines(''keluarga'')'), '1', 'nor other regions''');
-- every shape goes round: out, into a second registry, and out again with the same bytes
SELECT is(t.import('data_a', 'dukcapil', 'nik|nkk|nama_lengkap|tanggal_lahir|jenis_kelamin|status_hidup|kode_wilayah',
    t.nik(11) || '|' || t.nkk(1) || '|SITI|1990-03-02|P|hidup|3216011007', t.nik(12) || '||"BUDI ""X"" S"|||meninggal|'), '2 read 2 accepted 0 refused 2 new 0 changed 0 same', 'an extract');
SELECT is(t.import('data_a', 'dtks', 'id_dtks|nama|nik|nkk|tanggal_lahir|jenis_kelamin|alamat|kode_kelurahan_desa|status',
    '000017|SITI|x17|' || t.nkk(1) || '|1990-03-02|P|"JL | A"|3216011007|AKTIF', '000016|BUDI|||||"JL | ""B"""|3216012002|'), '2 read 2 accepted 0 refused 2 new 0 changed 0 same', 'a list');
SELECT is(t.import('data_a', 'siks_ng', E'ID DTKS\tKABUPATEN\tKECAMATAN\tDESA\tNAMA\tHUBUNGAN KELUARGA\tJENIS KELAMIN\tBANSOS PKH\tPBI JKN\tTANGGAL LAHIR\tRT',
    E'S2\tBEKASI\tTARUMAJAYA\tPAHLAWAN SETIA\tANI\tISTRI\tPR\tYA\tTIDAK\t2-3-1990\t4', E'S1\tBEKASI\tTARUMAJAYA\tNIRWANA\tANA\t\t\t\t\t\t'), '2 read 2 accepted 0 refused 2 new 0 changed 0 same', 'a sheet');
SET client_min_messages = warning;
SELECT dtsen.create_registry('second') \g /dev/null
SELECT dtsen.setup_roles('second', false) \g /dev/null
GRANT second_pengelola TO data_a;
INSERT INTO second.actor (login, actor_role, person_key, wilayah) VALUES ('data_a', 'pengelola', 'p', '32.16');
CREATE FUNCTION t.moved(kind text) RETURNS TABLE (same boolean, line_count bigint, refused bigint) LANGUAGE plpgsql AS $$
DECLARE
    before text[];
    after text[];
BEGIN
    PERFORM set_config('role', 'data_a', true);
    before := ARRAY(SELECT l FROM reg.export_lines(kind) WITH ORDINALITY AS x (l, n) ORDER BY n);
    PERFORM second.import_open();
    INSERT INTO pg_temp.import_line (line) SELECT '#' || convert_from(convert_to(l, 'UTF8'), 'LATIN1') FROM unnest(before) WITH ORDINALITY AS x (l, n) ORDER BY n;
    EXECUTE format('SELECT refused_count FROM second.%I(%L)', 'import_' || kind, kind) INTO refused;
    after := ARRAY(SELECT l FROM second.export_lines(kind) WITH ORDINALITY AS x (l, n) ORDER BY n);
    PERFORM set_config('role', 'none', true);
    RETURN QUERY SELECT before = after, cardinality(before)::bigint, moved.refused;
END $$;
SELECT is((SELECT m::text FROM t.moved(k) AS m), format('(t,%s,0)', n), k || ': the same bytes after a second registry')
FROM (VALUES (1, 'keluarga', 80), (2, 'anggota', 238), (3, 'dukcapil', 3), (4, 'dtks', 5), (5, 'siks_ng', 5)) AS v (i, k, n) ORDER BY i;
SELECT is(t.value('data_a', 'SELECT string_agg(l, E''\n'' ORDER BY n) FROM reg.export_lines(''siks_ng'') WITH ORDINALITY AS x (l, n) WHERE n <> 3'), concat_ws(E'\n',
    'id_dtks|provinsi|kabupaten_kota|kecamatan|desa_kelurahan|alamat|dusun|rt|rw|nomor_kk|nomor_nik|nama|tanggal_lahir|tempat_lahir|jenis_kelamin|pekerjaan|hubungan_keluarga|keterangan_padan|bansos_bpnt|bansos_pkh|bansos_bpnt_ppkm|pbi_jkn|status|kode_kelurahan_desa',
    '000016|Jawa Barat|Kabupaten Bekasi|Tarumajaya|Segarajaya|"JL | ""B"""||||||BUDI||||||||||||3216012002',
    'S1||BEKASI|TARUMAJAYA|NIRWANA|||||||ANA||||||||||||',
    'S2|Jawa Barat|BEKASI|TARUMAJAYA|PAHLAWAN SETIA|||004||||ANI|1990-03-02||PEREMPUAN||ISTRI/SUAMI|||YA||TIDAK||3216012004'),
    'a sheet goes out with its words, and with the places of what came as a code');
SELECT is((SELECT string_agg(split_part(l, '|', h.i::integer), '|' ORDER BY h.i) FROM reg.export_lines('keluarga') WITH ORDINALITY AS x (l, n),
    unnest(string_to_array((SELECT l FROM reg.export_lines('keluarga') AS l LIMIT 1), '|')) WITH ORDINALITY AS h (name, i)
    WHERE x.n = 3 AND h.name IN ('kode_provinsi', 'provinsi', 'kode_kabupaten_kota', 'kabupaten_kota', 'kode_kecamatan', 'kecamatan', 'kelurahan_desa')),
    '32|JAWA BARAT|3216|KABUPATEN BEKASI|321601|TARUMAJAYA|SETIA ASIH', 'families with the regions above them, as the published files have it');
SELECT is(t.value('data_b', format('SELECT count(*) FROM reg.export_lines(%L)', k)), '1', k || ': another regency gets the header alone') FROM unnest('{anggota,dukcapil,dtks,siks_ng}'::text[]) AS k;
SELECT throws_ok(format('SELECT t.act(''op_a'', %L)', format('SELECT * FROM reg.export_lines(%L)', k)), '42501', NULL, k || ': nor does the village export') FROM unnest('{dukcapil,dtks,siks_ng}'::text[]) AS k;
-- what went out is on record
SELECT cmp_ok(t.value('data_a', 'SELECT count(*) FROM reg.export_run WHERE exported_by = ''data_a'' AND owner_scope = ''3216''')::integer, '>', 5, 'each export of a region is noted');
SELECT is(t.value('data_a', 'SELECT concat_ws('' '', kind, edisi_id, line_count) FROM reg.export_run WHERE exported_by = ''data_a'' ORDER BY id LIMIT 1'), 'keluarga 79', 'with its kind and lines');
SELECT is(t.value('data_b', 'SELECT string_agg(DISTINCT exported_by || owner_scope || line_count, '' '') FROM reg.export_run'), 'data_b32170', 'for that region');
SELECT throws_ok(statement, code, NULL, statement) FROM (VALUES ($$ SELECT t.act('data_a', 'UPDATE reg.export_run SET line_count = 0') $$, '42501'), ($$ SELECT t.act('data_a', 'DELETE FROM reg.export_run') $$, '42501'),
    ('DELETE FROM reg.export_run', 'SE004'), ('TRUNCATE reg.export_run', 'SE004'), ($$ SELECT t.act('data_a', 'INSERT INTO reg.export_run (kind, line_count, exported_by) VALUES (''dtks'', 1, ''x'')') $$, '42501')) AS v (statement, code);
SAVEPOINT reading;
SET TRANSACTION READ ONLY;
SELECT throws_ok($$ SELECT * FROM reg.export_lines('dtks') $$, '25006', NULL, 'nothing goes out without a note');
SELECT * FROM finish();
ROLLBACK;
