-- From DTKS: who is found how, what changed, who is missing or new.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SET search_path = public, dtsen;
SELECT t.login('data_a', 'pengelola', '3216'), t.login('data_b', 'pengelola', '3217') \g /dev/null
INSERT INTO reg.keluarga (id, nkk, wilayah) SELECT n, t.nkk(n)::nkk, '3216011007' FROM generate_series(1, 9) AS n;
INSERT INTO reg.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir) VALUES
    (1, 1, '3216011007', '3216010203900001', 'SITI AMINAH', 1, '1990-03-02'),
    (2, 2, '3216011007', '3216011504850002', 'BAMBANG HARTONO', 1, '1985-04-15'),
    (3, 3, '3216011007', '3216012005700003', 'NURHAYATI', 1, '1970-05-20'),
    (4, 4, '3216011007', '3216011109600004', 'SLAMET RIYADI', 1, '1960-09-11'),
    (5, 5, '3216011007', '3216010101010005', 'DEWI LESTARI', 1, '2001-01-01'),
    (6, 6, '3216011007', '3216010101010006', 'AGUS SALIM', 1, '2001-01-01');
UPDATE reg.anggota SET status = 'meninggal' WHERE id = 6;
SELECT is(t.import('data_a', 'dtks', 'id_dtks|nama|nik|nkk|tanggal_lahir|jenis_kelamin|alamat|kode_kelurahan_desa|status',
    '1|SITI AMINAH|3216010203900001|' || t.nkk(1) || '|1990-03-02|P|JL|3216011007|AKTIF',
    '2|SITI AMINAH|3216010203900001|' || t.nkk(9) || '|1990-03-02|P|JL|3216011007|AKTIF',
    '3|BAMBANG HARTONO|3216011504850020|' || t.nkk(2) || '|1985-04-15|L|JL|3216011007|AKTIF',
    '4|NUR HAYATI|x|' || t.nkk(8) || '|1970-05-20|P|JL|3216012002|AKTIF',
    '5|SLAMET RIYADI||' || t.nkk(4) || '|1961-09-11|L|JL|3216011007|AKTIF',
    '6|TIDAK ADA|3216010101010099|' || t.nkk(7) || '|1999-01-01|L|JL|3216011007|AKTIF',
    '7|BUDI SANTOSO|3216010101010005|' || t.nkk(5) || '|1950-01-01|L|JL|3216011007|AKTIF',
    '8|AGUS SALIM|3216010101010006|' || t.nkk(6) || '|2001-01-01|L|JL|3216011007|AKTIF',
    '8|AGUS SALIM|3216010101010006|' || t.nkk(6) || '|2001-01-01|L|JL|3216011007|AKTIF'),
    '9 read 8 accepted 1 refused 8 new 0 changed 0 same', 'the list comes in, also those whose NIK is no number');
CREATE TEMP TABLE found AS SELECT source_key, how, anggota_id, changes FROM reg.migration_match() LIMIT 0;
GRANT ALL ON found TO PUBLIC;
SELECT t.act('data_a', 'INSERT INTO pg_temp.found SELECT source_key, how, anggota_id, changes FROM reg.migration_match()') \g /dev/null
SELECT results_eq('SELECT * FROM found ORDER BY source_key', $$ VALUES
    ('1', 'nik', 1::bigint, '{}'::text[]), ('2', 'second_record', 1, '{nkk}'), ('3', 'near_nik', 2, '{nik}'), ('4', 'birth_date', 3, '{nik,nama,nkk,wilayah}'),
    ('5', 'card', 4, '{nik,tanggal_lahir}'), ('6', 'missing', NULL, '{nik,tanggal_lahir,nkk,wilayah}'), ('7', 'missing', NULL, '{nik,tanggal_lahir,nkk,wilayah}'),
    ('8', 'missing', NULL, '{nik,tanggal_lahir,nkk,wilayah}') $$, 'each way of being found; another person''s NIK is none, nor is somebody dead');
SELECT is(t.value('data_a', $$ SELECT string_agg(concat_ws(' ', kecamatan, listed, by_nik, by_near_nik, by_birth_date, by_card, second_records, missing, changed, percent_changed, new_persons), '; ')
    FROM reg.report_migration() $$), '321601 8 1 1 1 1 1 3 3 37.5 1', 'the report: all of it in one call');
SELECT is(t.value('data_b', 'SELECT count(*) FROM reg.migration_match()'), '0', 'lists of other regions are not seen');
SELECT throws_ok('SELECT * FROM reg.migration_match(1.5)', '22023', NULL, 'a threshold is a share');
SELECT is(t.value('data_a', 'SELECT string_agg(how, '' '' ORDER BY source_key) FROM reg.migration_match(1)'), 'nik second_record near_nik missing card missing missing missing', 'equal names only');
-- again, with one change
SELECT is(t.import('data_a', 'dtks', 'id_dtks|nama|nik', '1|SITI AMINAH|3216010203900001', '5|SLAMET RIYADI|3216011109600004', '9|DEWI LESTARI|3216010101010005'),
    '3 read 3 accepted 0 refused 1 new 1 changed 1 same', 'a later list changes what differs');
SELECT is(t.value('data_a', 'SELECT how FROM reg.migration_match() WHERE source_key = ''5'''), 'nik', 'and is looked at anew');
SELECT * FROM finish();
ROLLBACK;
