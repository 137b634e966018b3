-- Registry @registry@: the columns of the files, by the headers of the exports.

INSERT INTO @registry@.import_column (kind, header, type, target, target_column, is_required) VALUES
    ('keluarga', 'kode_kelurahan_desa', 'wilayah', 'keluarga', 'wilayah', true),
    ('keluarga', 'nomor_kartu_keluarga', 'nkk', 'keluarga', 'nkk', true),
    ('keluarga', 'alamat', 'text', 'keluarga', 'alamat', false),
    ('keluarga', 'jumlah_anggota_keluarga', 'small', 'keluarga', 'jumlah_anggota', false),
    ('keluarga', 'nama_kepala_keluarga', 'nama', 'keluarga', 'nama_kepala', false),
    ('keluarga', 'pbi_nas', 'yesno', 'keluarga', 'is_pbi_nas', false),
    ('keluarga', 'pbi_pemda', 'yesno', 'keluarga', 'is_pbi_pemda', false),
    ('keluarga', 'is_gc_kemensos', 'flag', 'keluarga', 'is_gc_kemensos', false),
    ('keluarga', 'is_pbi_se', 'flag', 'keluarga', 'is_pbi_se', false),
    ('keluarga', 'is_siks_ng', 'flag', 'keluarga', 'is_siks_ng', false),
    ('keluarga', 'desil_nasional', 'decile', 'keluarga', 'file_desil_nasional', false),
    ('keluarga', 'desil_provinsi', 'decile', 'keluarga', 'file_desil_provinsi', false),
    ('keluarga', 'desil_kabupaten_kota', 'decile', 'keluarga', 'file_desil_kabupaten', false),
    ('keluarga', 'rt', 'rtrw', 'keluarga', 'rt', false),
    ('keluarga', 'rw', 'rtrw', 'keluarga', 'rw', false),
    ('keluarga', 'dusun', 'short', 'keluarga', 'dusun', false),
    ('keluarga', 'luas_lantai', 'area', 'rumah', 'luas_lantai', false),
    ('keluarga', 'id_pelanggan_pln', 'short', 'rumah', 'id_pelanggan_pln', false);

-- What the export repeats of the region above the village is not stored twice.
INSERT INTO @registry@.import_column (kind, header, type)
SELECT 'keluarga', h, 'text' FROM unnest(ARRAY[
    'kode_provinsi', 'provinsi', 'kode_kabupaten_kota', 'kabupaten_kota',
    'kode_kecamatan', 'kecamatan', 'kelurahan_desa']) AS h;

INSERT INTO @registry@.import_column (kind, header, type, target, target_column)
SELECT 'keluarga', h, 'code', 'rumah', h FROM unnest(ARRAY[
    'status_kepemilikan_rumah', 'jenis_lantai_terluas', 'jenis_dinding_terluas',
    'jenis_atap_terluas', 'sumber_air_minum_utama', 'sumber_penerangan_utama',
    'daya_terpasang', 'bahan_bakar_utama_memasak', 'fasilitas_bab', 'jenis_kloset',
    'pembuangan_akhir_tinja']) AS h;

INSERT INTO @registry@.import_column (kind, header, type, target, target_column)
SELECT 'keluarga', h, CASE WHEN h LIKE 'jumlah%' THEN 'count' ELSE 'code' END, 'aset', h
FROM unnest(ARRAY[
    'kepemilikan_aset', 'aset_bergerak_tabung_gas', 'aset_bergerak_lemari_es',
    'aset_bergerak_ac', 'aset_bergerak_pemanas_air', 'aset_bergerak_telepon_rumah',
    'aset_bergerak_tv_datar', 'aset_bergerak_emas_perhiasan',
    'aset_bergerak_komputer_laptop_tablet', 'aset_bergerak_sepeda_motor',
    'aset_bergerak_sepeda', 'aset_bergerak_mobil', 'aset_bergerak_perahu',
    'aset_bergerak_kapal_perahu_motor', 'aset_bergerak_smartphone',
    'aset_tidak_bergerak_lahan_lainnya', 'aset_tidak_bergerak_rumah_lainnya',
    'jumlah_ternak_sapi', 'jumlah_ternak_kerbau', 'jumlah_ternak_kuda',
    'jumlah_ternak_babi', 'jumlah_ternak_kambing_domba']) AS h;

INSERT INTO @registry@.import_column (kind, header, type, target, target_column, is_required) VALUES
    ('anggota', 'nomor_induk_kependudukan', 'nik', 'anggota', 'nik', true),
    ('anggota', 'nomor_kartu_keluarga', 'nkk', 'keluarga', 'nkk', true),
    ('anggota', 'nama', 'nama', 'anggota', 'nama', true),
    ('anggota', 'tanggal_lahir', 'date', 'anggota', 'tanggal_lahir', false),
    ('anggota', 'jenis_kelamin', 'sex', 'anggota', 'jenis_kelamin', false),
    ('anggota', 'status_hubungan_keluarga', 'relation', 'anggota', 'hubungan', true),
    ('anggota', 'pbi_nas', 'yesno', 'anggota', 'is_pbi_nas', false),
    ('anggota', 'pbi_pemda', 'yesno', 'anggota', 'is_pbi_pemda', false),
    ('anggota', 'jumlah_pekerja_dibayar', 'count', 'anggota', 'jumlah_pekerja_dibayar', false),
    ('anggota', 'jumlah_pekerja_tidak_dibayar', 'count', 'anggota', 'jumlah_pekerja_tidak_dibayar', false),
    ('anggota', 'kode_kelurahan_desa_ktp', 'wilayah', 'anggota', 'wilayah_ktp', false),
    ('anggota', 'alamat_ktp', 'text', 'anggota', 'alamat_ktp', false),
    ('anggota', 'rt_ktp', 'short', 'anggota', 'rt_ktp', false),
    ('anggota', 'rw_ktp', 'short', 'anggota', 'rw_ktp', false),
    ('anggota', 'dusun_ktp', 'short', 'anggota', 'dusun_ktp', false),
    ('anggota', 'pekerjaan_ktp', 'text', 'anggota', 'pekerjaan_ktp', false),
    ('anggota', 'pendidikan_akhir_ktp', 'text', 'anggota', 'pendidikan_akhir_ktp', false);

INSERT INTO @registry@.import_column (kind, header, type)
SELECT 'anggota', h, 'text' FROM unnest(ARRAY[
    'kode_provinsi_ktp', 'provinsi_ktp', 'kode_kabupaten_kota_ktp', 'kabupaten_kota_ktp',
    'kode_kecamatan_ktp', 'kecamatan_ktp', 'kelurahan_desa_ktp']) AS h;

INSERT INTO @registry@.import_column (kind, header, type, target, target_column)
SELECT 'anggota', h, 'code', 'anggota', h FROM unnest(ARRAY[
    'status_kawin', 'partisipasi_sekolah', 'jenjang_tertinggi', 'kelas_tertinggi',
    'ijazah_tertinggi', 'status_bekerja', 'lapangan_usaha_pekerjaan_utama',
    'status_dalam_pekerjaan_utama', 'kepemilikan_usaha', 'jumlah_usaha',
    'lapangan_usaha_usaha_utama', 'omzet_usaha_utama', 'kondisi_gizi', 'penglihatan',
    'pendengaran', 'berjalan_atau_naik_tangga', 'menggunakan_tangan_jari',
    'belajar_kemampuan_intelektual', 'pengendalian_perilaku', 'berbicara_komunikasi',
    'mengurus_diri', 'mengingat_berkonsentrasi', 'kesedihan_depresi', 'penyakit_kronis',
    'kepemilikan_identitas', 'jaminan_kesehatan']) AS h;

INSERT INTO @registry@.import_column (kind, header, type, target, target_column, is_required) VALUES
    ('dukcapil', 'nik', 'nik', 'dukcapil', 'nik', true),
    ('dukcapil', 'nkk', 'nkk', 'dukcapil', 'nkk', false),
    ('dukcapil', 'nama_lengkap', 'nama', 'dukcapil', 'nama', true),
    ('dukcapil', 'tanggal_lahir', 'tanggal', 'dukcapil', 'tanggal_lahir', false),
    ('dukcapil', 'jenis_kelamin', 'sex', 'dukcapil', 'jenis_kelamin', false),
    ('dukcapil', 'status_hidup', 'life', 'dukcapil', 'status_hidup', true),
    ('dukcapil', 'kode_wilayah', 'wilayah', 'dukcapil', 'wilayah', false),
    ('dtks', 'id_dtks', 'short', 'dtks', 'source_key', true),
    ('dtks', 'nama', 'nama', 'dtks', 'nama', true),
    ('dtks', 'nik', 'short', 'dtks', 'nik_written', false),
    ('dtks', 'nkk', 'nkk', 'dtks', 'nkk', false),
    ('dtks', 'tanggal_lahir', 'tanggal', 'dtks', 'tanggal_lahir', false),
    ('dtks', 'jenis_kelamin', 'sex', 'dtks', 'jenis_kelamin', false),
    ('dtks', 'alamat', 'text', 'dtks', 'alamat', false),
    ('dtks', 'kode_kelurahan_desa', 'wilayah', 'dtks', 'wilayah', false),
    ('dtks', 'status', 'short', 'dtks', 'status', false),
    ('kematian', 'nomor_akta', 'short', 'peristiwa', 'source_key', true),
    ('kematian', 'nik', 'nik', 'anggota', 'nik', true),
    ('kematian', 'nama_lengkap', 'nama', 'anggota', 'nama', false),
    ('kematian', 'tanggal_meninggal', 'date', 'peristiwa', 'occurred_on', true),
    ('skor', 'nomor_kartu_keluarga', 'nkk', 'keluarga', 'nkk', true),
    ('skor', 'skor', 'number', 'skor', 'skor', true),
    ('skor', 'model_version', 'short', 'skor', 'model_version', true);
INSERT INTO @registry@.import_column (kind, header, type) VALUES
    ('dukcapil', 'tempat_lahir', 'text'),
    ('dukcapil', 'nama_ibu', 'text');

-- other names in use: lists of DTKS, and extracts of the civil registry under
-- the names of its own tables, the code of the village in four columns
INSERT INTO @registry@.import_column (kind, header, type, target, target_column, is_required) VALUES
    ('dtks', 'iddtks', 'short', 'dtks', 'source_key', true),
    ('dtks', 'nokk', 'nkk', 'dtks', 'nkk', false),
    ('dtks', 'no_kk', 'nkk', 'dtks', 'nkk', false),
    ('dtks', 'tgl_lahir', 'tanggal', 'dtks', 'tanggal_lahir', false),
    ('dukcapil', 'no_kk', 'nkk', 'dukcapil', 'nkk', false),
    ('dukcapil', 'nama_lgkp', 'nama', 'dukcapil', 'nama', true),
    ('dukcapil', 'tgl_lhr', 'tanggal', 'dukcapil', 'tanggal_lahir', false),
    ('dukcapil', 'jenis_klmin', 'sex', 'dukcapil', 'jenis_kelamin', false),
    ('dukcapil', 'no_prop', 'wilayah_1', 'dukcapil', 'wilayah', false),
    ('dukcapil', 'no_kab', 'wilayah_2', 'dukcapil', 'wilayah', false),
    ('dukcapil', 'no_kec', 'wilayah_3', 'dukcapil', 'wilayah', false),
    ('dukcapil', 'no_kel', 'wilayah_4', 'dukcapil', 'wilayah', false);
INSERT INTO @registry@.import_column (kind, header, type)
SELECT 'dukcapil', h, 'text' FROM unnest(ARRAY[
    'tmpt_lhr', 'gol_drh', 'agama', 'stat_kwn', 'stat_hbkel', 'pddk_akh', 'jenis_pkrjn', 'nama_lgkp_ibu',
    'nama_lgkp_ayah', 'alamat', 'no_rt', 'no_rw', 'dusun']) AS h;

-- sheets of SIKS-NG
INSERT INTO @registry@.import_column (kind, header, type, target, target_column, is_required)
SELECT 'siks_ng', h.header, h.type, 'dtks', h.target_column, h.target_column IN ('source_key', 'nama')
FROM (VALUES ('id_dtks', 'short', 'source_key'), ('provinsi', 'text', 'provinsi'), ('kabupaten_kota', 'text', 'kabupaten'),
    ('kecamatan', 'text', 'kecamatan'), ('desa_kelurahan', 'text', 'desa'), ('alamat', 'text', 'alamat'), ('dusun', 'short', 'dusun'),
    ('rt', 'rtrw', 'rt'), ('rw', 'rtrw', 'rw'), ('nomor_kk', 'nkk', 'nkk'), ('nomor_nik', 'nik_written', 'nik_written'), ('nama', 'nama', 'nama'),
    ('tanggal_lahir', 'tanggal', 'tanggal_lahir'), ('tempat_lahir', 'text', 'tempat_lahir'), ('jenis_kelamin', 'sex_word', 'jenis_kelamin'),
    ('pekerjaan', 'text', 'pekerjaan'), ('hubungan_keluarga', 'relation_word', 'hubungan'), ('keterangan_padan', 'text', 'keterangan_padan'),
    ('bansos_bpnt', 'yesno_word', 'is_bpnt'), ('bansos_pkh', 'yesno_word', 'is_pkh'), ('bansos_bpnt_ppkm', 'yesno_word', 'is_bpnt_ppkm'),
    ('pbi_jkn', 'yesno_word', 'is_pbi_jkn'), ('status', 'short', 'status'), ('kode_kelurahan_desa', 'wilayah', 'wilayah'),
    -- the same under other names
    ('iddtks', 'short', 'source_key'), ('kabupaten', 'text', 'kabupaten'), ('kab_kota', 'text', 'kabupaten'), ('desa', 'text', 'desa'),
    ('kelurahan_desa', 'text', 'desa'), ('kelurahan', 'text', 'desa'), ('nokk', 'nkk', 'nkk'), ('no_kk', 'nkk', 'nkk'), ('kk', 'nkk', 'nkk'),
    ('nik', 'nik_written', 'nik_written'), ('tgl_lahir', 'tanggal', 'tanggal_lahir'), ('hub_keluarga', 'relation_word', 'hubungan'),
    ('bpnt', 'yesno_word', 'is_bpnt'), ('pkh', 'yesno_word', 'is_pkh'), ('bpnt_ppkm', 'yesno_word', 'is_bpnt_ppkm'),
    ('pbi', 'yesno_word', 'is_pbi_jkn')) AS h (header, type, target_column);
-- a mother's name opens accounts: it is read and not kept
INSERT INTO @registry@.import_column (kind, header, type)
SELECT 'siks_ng', h, 'text' FROM unnest(ARRAY['no', 'nama_ibu_kandung', 'nama_ibu']) AS h;
