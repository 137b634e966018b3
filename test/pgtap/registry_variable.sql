-- The catalogue of variables, code lists, bit masks, and dated addresses.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SET search_path = public, dtsen;
SELECT t.login('data_a', 'pengelola', '3216'), t.login('op_a', 'operator_desa', '3216011007') \g /dev/null
SELECT is_empty($$ SELECT i.target, i.target_column FROM reg.import_column i WHERE i.target IN ('rumah', 'aset', 'anggota')
    EXCEPT SELECT table_name, variable FROM reg.variable $$, 'every variable of the files is in the catalogue');
SELECT is_empty($$ SELECT v.* FROM reg.variable v WHERE NOT EXISTS (SELECT FROM pg_attribute a
    WHERE a.attrelid = format('reg.%I', v.table_name)::regclass AND a.attname = v.variable) $$, 'and every one of the catalogue is a column');
SELECT is_empty($$ SELECT variable FROM reg.variable WHERE list IS NOT NULL AND list NOT IN (SELECT list FROM reg.code) $$, 'every list has codes');
SELECT is_empty($$ SELECT list FROM reg.code WHERE label_id = '' OR label_en = '' OR label_id IS NULL $$, 'every code has labels');
SELECT results_eq($$ SELECT list::text, count(*), max(code) FROM reg.code WHERE list IN ('jenis_lantai_terluas', 'sumber_air_minum_utama', 'bahan_bakar_utama_memasak', 'daya_terpasang') GROUP BY 1 ORDER BY 1 $$,
    $$ VALUES ('bahan_bakar_utama_memasak', 12::bigint, 12), ('daya_terpasang', 5, 5), ('jenis_lantai_terluas', 9, 9), ('sumber_air_minum_utama', 11, 11) $$, 'lists are whole');
SELECT results_eq($$ SELECT v.variable::text, count(c.code), min(c.code), max(c.code) FROM reg.variable AS v JOIN reg.code AS c ON c.list = v.list
    WHERE v.variable IN ('jenjang_tertinggi', 'ijazah_tertinggi', 'kelas_tertinggi', 'lapangan_usaha_pekerjaan_utama', 'lapangan_usaha_usaha_utama', 'omzet_usaha_utama', 'kondisi_gizi', 'penyakit_kronis',
        'fasilitas_bab', 'jenis_kloset', 'pembuangan_akhir_tinja', 'hubungan', 'jenis_kelamin', 'status_kawin', 'partisipasi_sekolah', 'status_dalam_pekerjaan_utama') GROUP BY 1 ORDER BY 1 $$,
    $$ VALUES ('fasilitas_bab', 6::bigint, 1, 6), ('hubungan', 8, 1, 8), ('ijazah_tertinggi', 23, 1, 23), ('jenis_kelamin', 2, 1, 2), ('jenis_kloset', 4, 1, 4), ('jenjang_tertinggi', 22, 1, 22), ('kelas_tertinggi', 8, 1, 8),
        ('kondisi_gizi', 4, 1, 8), ('lapangan_usaha_pekerjaan_utama', 26, 1, 26), ('lapangan_usaha_usaha_utama', 26, 1, 26), ('omzet_usaha_utama', 7, 1, 7), ('partisipasi_sekolah', 3, 1, 3),
        ('pembuangan_akhir_tinja', 6, 1, 6), ('penyakit_kronis', 18, 1, 18), ('status_dalam_pekerjaan_utama', 8, 1, 8), ('status_kawin', 4, 1, 4) $$, 'those of persons and sanitation too');
SELECT is_empty($$ SELECT l.jenjang FROM reg.school_level AS l WHERE NOT EXISTS (SELECT FROM reg.code AS c WHERE c.list = 'jenjang' AND c.code = l.jenjang) $$, 'levels of school are those of the list');
SELECT results_eq($$ SELECT table_name::text, variable::text FROM reg.variable WHERE list IS NULL AND variable !~ '^(jumlah_|aset_bergerak_|is_)' ORDER BY 1, 2 $$,
    $$ VALUES ('anggota', 'alamat_ktp'), ('anggota', 'dusun_ktp'), ('anggota', 'nama'), ('anggota', 'nik'), ('anggota', 'pekerjaan_ktp'), ('anggota', 'pendidikan_akhir_ktp'),
        ('anggota', 'rt_ktp'), ('anggota', 'rw_ktp'), ('anggota', 'tanggal_lahir'), ('anggota', 'wilayah_ktp'), ('rumah', 'id_pelanggan_pln'), ('rumah', 'luas_lantai') $$, 'what has no list is a number, a text or a yes');
SELECT is(reg.code_label(list, value, is_mask), label, format('%s %s', list, value)) FROM (VALUES
    ('jenis_lantai_terluas', 8, false, 'tanah'), ('jenis_lantai_terluas', 10, false, NULL), ('jaminan_kesehatan', 5, true, 'PBI JKN, JKN pemberi kerja'),
    ('kepemilikan_identitas', 7, true, 'akta kelahiran, KIA, KTP'), ('kepemilikan_identitas', 0, true, NULL), ('jaminan_kesehatan', 99, true, NULL)) AS v (list, value, is_mask, label);
-- RT and RW get their zeros, codes lose theirs, masks are sums
SELECT is(t.import('data_a', 'keluarga', 'kode_kelurahan_desa|nomor_kartu_keluarga|alamat|rt|rw|jenis_lantai_terluas', '3216011007|' || t.nkk(1) || '|JL A|1|02|08',
    '3216011007|' || t.nkk(2) || '|JL B|012|1234|1', '3216011007|' || t.nkk(3) || '|JL C|||77'), '3 read 2 accepted 1 refused 2 new 0 changed 0 same', 'families');
SELECT is((SELECT reason || ' ' || field FROM reg.import_reject), 'bad_value rw', 'what is no RW is refused');
SELECT is((SELECT concat_ws(' ', k.rt, k.rw, r.jenis_lantai_terluas) FROM reg.keluarga k JOIN reg.rumah r ON r.keluarga_id = k.id WHERE k.nkk = t.nkk(1)::dtsen.nkk), '001 002 8', 'zeros');
SELECT is(t.import('data_a', 'anggota', 'nomor_induk_kependudukan|nomor_kartu_keluarga|nama|status_hubungan_keluarga|jaminan_kesehatan|kepemilikan_identitas', t.nik(1) || '|' || t.nkk(1) || '|WARGA SATU|1|99|5',
    t.nik(2) || '|' || t.nkk(1) || '|WARGA DUA|2|16|8'), '2 read 2 accepted 0 refused 2 new 0 changed 0 same', 'persons');
SELECT results_eq('SELECT table_name, variable, value, row_count FROM reg.report_codes() ORDER BY 1, 2',
    $$ VALUES ('anggota', 'jaminan_kesehatan', 16, 1::bigint), ('anggota', 'kepemilikan_identitas', 8, 1), ('rumah', 'jenis_lantai_terluas', 77, 1) $$, 'values outside their lists are reported');
-- another address: the former one with its days
UPDATE reg.keluarga SET alamat_since = '2025-01-01' WHERE nkk = t.nkk(1)::dtsen.nkk;
SELECT is(t.import('data_a', 'keluarga', 'kode_kelurahan_desa|nomor_kartu_keluarga|alamat|rt|rw', '3216011007|' || t.nkk(1) || '|JL A|2|2'), '1 read 1 accepted 0 refused 0 new 1 changed 0 same', 'another RT');
SELECT results_eq('SELECT rt::text, rw::text, valid_from, valid_to FROM reg.keluarga_alamat', $$ VALUES ('001', '002', '2025-01-01'::date, (now() AT TIME ZONE 'Asia/Jakarta')::date) $$, 'the former address ends today');
SELECT is(t.value('op_a', 'SELECT count(*) FROM reg.keluarga_alamat'), '1', 'and is seen in its village');
UPDATE reg.keluarga SET rt = '003' WHERE nkk = t.nkk(1)::dtsen.nkk;
UPDATE reg.keluarga SET changed_at = now();
SELECT is((SELECT count(*) || ' ' || count(*) FILTER (WHERE valid_from = valid_to) FROM reg.keluarga_alamat), '2 1', 'two changes on a day do not overlap; no change, no history');
SELECT throws_ok($$ UPDATE reg.keluarga SET rt = '3' $$, '23514', NULL, 'an RT has three digits');

-- scores by a formula, and their reasons
SELECT t.login('bps1', 'bps', NULL), t.login('aud', 'auditor', NULL), t.login('opd_far', 'kepala_opd', '1101') \g /dev/null
INSERT INTO reg.keluarga (id, nkk, wilayah, status) SELECT n, t.nkk(n)::dtsen.nkk, '3216011007', CASE n WHEN 150 THEN 'nonaktif' ELSE 'aktif' END FROM generate_series(101, 150) AS n;
INSERT INTO reg.rumah (keluarga_id, wilayah, jenis_lantai_terluas, luas_lantai) SELECT n, '3216011007', CASE WHEN n % 5 > 0 THEN n % 9 + 1 END, n FROM generate_series(101, 150) AS n;
INSERT INTO reg.anggota (keluarga_id, wilayah, nik, nama, hubungan, jenis_kelamin, tanggal_lahir, status_bekerja)
SELECT n, '3216011007', t.nik(n * 10 + m)::dtsen.nik, 'WARGA', CASE m WHEN 1 THEN 1 ELSE 3 END, 1 + n % 2, CASE m WHEN 1 THEN '1950-01-01' WHEN 2 THEN CURRENT_DATE - 400 ELSE CURRENT_DATE - 4000 END, 1 + m % 2
FROM generate_series(101, 150) AS n, generate_series(1, 3) AS m WHERE m <= 1 + n % 3;
SELECT t.act('bps1', $$ INSERT INTO reg.model (version, description, source, formula) VALUES ('f1', 'test', 'test', '{"version": "f1", "scale": "rupiah",
    "variables": {"members": {"kind": "number"}, "under_seven": {"kind": "number"}, "elderly": {"kind": "number"}, "luas_lantai": {"kind": "number", "default": 20},
        "jenis_lantai_terluas": {"kind": "category", "levels": ["1", "8"], "default": "1", "unknown": "1"}},
    "models": [{"name": "all", "intercept": 1000000, "terms": [{"variable": "members", "coefficient": -50000}, {"variable": "under_seven", "coefficient": -7}, {"variable": "elderly", "coefficient": -11},
        {"variable": "luas_lantai", "coefficient": 1000}, {"variable": "jenis_lantai_terluas", "coefficients": {"1": 0, "8": -100000}}]}]}') $$) \g /dev/null
SELECT is(t.value('bps1', 'SELECT reg.skor_compute(''f1'')'), (SELECT count(*)::text FROM reg.keluarga WHERE status = 'aktif'), 'all active families get a score');
SELECT is_empty($$ SELECT k.id FROM reg.keluarga AS k LEFT JOIN reg.rumah AS r ON r.keluarga_id = k.id LEFT JOIN reg.skor AS s ON s.keluarga_id = k.id AND s.model_version = 'f1'
    WHERE s.skor IS DISTINCT FROM CASE WHEN k.status = 'aktif' THEN 1000000 - 50000 * (SELECT count(*) FROM reg.anggota AS a WHERE a.keluarga_id = k.id AND a.status = 'aktif')
        - 7 * (SELECT count(*) FROM reg.anggota AS a WHERE a.keluarga_id = k.id AND a.tanggal_lahir > CURRENT_DATE - interval '7 years') - 11 * (SELECT count(*) FROM reg.anggota AS a WHERE a.keluarga_id = k.id AND a.tanggal_lahir <= CURRENT_DATE - interval '60 years')
        + 1000 * coalesce(r.luas_lantai, 20) - CASE r.jenis_lantai_terluas WHEN 8 THEN 100000 ELSE 0 END END $$, 'the one that the formula gives');
SELECT is(t.value('bps1', 'SELECT reg.skor_compute(''f1'')'), '0', 'once more nothing is another');
UPDATE reg.rumah SET jenis_lantai_terluas = 8, luas_lantai = NULL WHERE keluarga_id = 103;
SELECT results_eq($$ SELECT part, variable, value IS NOT NULL, contribution, is_default FROM reg.skor_explain('f1', 103) $$, $$ VALUES ('intercept', 'all', false, 1000000::float8, NULL::boolean),
    ('term', 'members', true, -100000, false), ('term', 'under_seven', true, -7, false), ('term', 'elderly', true, -11, false), ('term', 'luas_lantai', true, 20000, true), ('term', 'jenis_lantai_terluas', true, -100000, false),
    ('sum', NULL, false, 819982, NULL), ('score', NULL, false, 819982, NULL), ('stored', NULL, true, 1002982, NULL) $$, 'why: what each variable contributes, and that the records changed since');
SELECT is(t.value('bps1', 'SELECT reg.skor_compute(''f1'')'), '1', 'computed again');
SELECT is((SELECT count(DISTINCT contribution) FROM reg.skor_explain('f1', 103) WHERE part IN ('sum', 'score', 'stored')), 1::bigint, 'sum, score and what is stored agree');
SELECT throws_ok(format('SELECT t.value(%L, %L)', l, q), code, message, q) FROM (VALUES ('bps1', 'SELECT reg.skor_compute(''nix'')', 'P0002', 'there is no model "nix"'), ('aud', 'SELECT reg.skor_compute(''f1'')', '42501', NULL),
    ('aud', 'SELECT * FROM reg.skor_explain(''f1'', 150)', 'P0002', 'there is no active family 150 here'), ('opd_far', 'SELECT * FROM reg.skor_explain(''f1'', 103)', 'P0002', 'there is no active family 103 here'),
    ('data_a', 'SELECT * FROM reg.skor_input', '42501', NULL)) AS v (l, q, code, message);
INSERT INTO reg.model VALUES ('secret', 'coefficients are not public', 'BPS');
SELECT throws_ok($$ SELECT * FROM reg.skor_explain('secret', 103) $$, '55000', 'the formula of model "secret" is not known here', 'what nobody told is not explained');
SELECT throws_ok($$ INSERT INTO reg.model VALUES ('bad', 'x', 'x', '{"version": "1", "scale": "rupiah", "variables": {"income": {"kind": "number"}}, "models": [{"name": "all", "intercept": "1", "terms": []}]}') $$,
    '22023', 'the formula of model "bad" cannot be used', 'nor is a formula that nobody can be asked for taken');
SELECT is_empty($$ SELECT attname FROM pg_attribute WHERE attrelid = 'reg.skor_input'::regclass AND attnum > 0 AND (col_description(attrelid, attnum) IS NULL OR attname ~ 'nik|nama|pln|alamat') $$, 'what may be asked has a description and names nobody');
-- a column that a ministry adds may have any name
ALTER TABLE reg.rumah ADD COLUMN "Atap; DROP" smallint;
INSERT INTO reg.variable (table_name, variable, list, label_id, help_en) SELECT 'rumah', 'Atap; DROP', list, label_id, help_en FROM reg.variable WHERE variable = 'jenis_atap_terluas';
UPDATE reg.rumah SET "Atap; DROP" = 77 WHERE keluarga_id = 103;
SELECT is((SELECT value || ' ' || row_count FROM reg.report_codes() WHERE variable = 'Atap; DROP'), '77 1', 'a name that SQL would not read as one');
SELECT * FROM finish();
ROLLBACK;
