-- Import of files: every line is either in the registry or kept with its reason.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SELECT t.login('data_a', 'pengelola', '32.16') \g /dev/null
SELECT t.login('data_b', 'pengelola', '3217') \g /dev/null
SELECT t.login('bps_a', 'bps', NULL) \g /dev/null
\set head '''kode_kelurahan_desa|nomor_kartu_keluarga|alamat|jumlah_anggota_keluarga|luas_lantai|jenis_lantai_terluas|jumlah_ternak_sapi'''

-- headers
SELECT throws_ok($$ SELECT t.import('data_a', 'keluarga', 'kode_kelurahan_desa|nkk|alamat', 'x') $$,
    '22P04', 'the header has columns that a file of kind "keluarga" does not have', 'another name in the header');
SELECT throws_ok($$ SELECT t.import('data_a', 'keluarga', 'alamat', 'x') $$,
    '22P04', 'the header lacks columns that a file of kind "keluarga" must have', 'a required column is missing');
SELECT throws_ok($$ SELECT t.import('data_a', 'keluarga', 'nomor_kartu_keluarga|kode_kelurahan_desa|alamat|alamat', 'x') $$,
    '22P04', 'the header names a column twice', 'a column is named twice');
SELECT throws_ok($$ SELECT t.act('data_a', 'SELECT reg.import_open()'), t.act('data_a', 'SELECT reg.import_keluarga(''x'')') $$,
    '22P04', 'the file is empty', 'an empty file');
DO $$
DECLARE
    detail text;
BEGIN
    PERFORM t.import('data_a', 'keluarga', '3216011007|' || '32160117' || '01200001|BUDI SANTOSO', 'x');
EXCEPTION WHEN bad_copy_file_format THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    PERFORM set_config('test.detail', detail, true);
END $$;
SELECT is(current_setting('test.detail'), 'Unknown: all of them, it may be no header.', 'a file without header: its first line is not shown');
-- no more of it is shown where a line of data hangs on the header, or the file is no text
CREATE FUNCTION t.detail(login text, kind text, VARIADIC lines text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    PERFORM t.import(login, kind, VARIADIC lines);
    RETURN 'it was taken';
EXCEPTION WHEN bad_copy_file_format THEN
    GET STACKED DIAGNOSTICS said = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' / ', SQLERRM, said);
END $$;
SELECT is(t.detail('data_a', k.kind, h.header || E'\x1d' || '3216011007' || d.d || t.nik(1) || d.d || 'SITI AMINAH' || d.d || 'JL. MAWAR' || E'\x1d' || 'BUDI SANTOSO' || d.d || 'x'),
    'the first line holds control characters / It may be a spreadsheet itself, text in UTF-16, or a file whose lines end in CR alone.', 'lines that end in CR alone, kind ' || k.kind)
FROM reg.import_kind AS k, LATERAL (VALUES ('|')) AS d (d), LATERAL (SELECT string_agg(c.header, d.d ORDER BY c.position) AS header FROM reg.import_column AS c
    WHERE c.kind = k.kind AND c.is_required) AS h WHERE k.kind <> 'skor' ORDER BY k.kind;
SELECT is(t.detail('data_a', 'keluarga', E'PK\x03\x04\x14'), t.detail('data_a', 'keluarga', E'k\x1ao\x1ad\x1ae\x1a'), 'a spreadsheet itself, and UTF-16');
SELECT is(t.detail('data_a', 'dukcapil', 'nik|nama_lengkap|status_hidup 3216011408780003|SUPARMAN|hidup 3216015201830002|SITI MAESAROH|hidup'),
    'the header has columns that a file of kind "dukcapil" does not have / Unknown: 5 of 7.', 'a header on which lines of data hang');
SELECT is(t.detail('data_a', 'dukcapil', 'nik|nama_lengkap|tanggal_lahir|status_hidup 3216011408780003|nomor_telepon'),
    'the header has columns that a file of kind "dukcapil" does not have / Unknown: (no name), nomor_telepon.', 'a name with a number in it');
SELECT is(t.detail('data_a', 'siks_ng', 'SITI AMINAH|NO|BUDI SANTOSO|PBI', 'x'),
    'the header has columns that a file of kind "siks_ng" does not have / Unknown: 2 of 4.', 'a value that is a name by chance');
SELECT is((SELECT count(*) FROM reg.import_run), 0::bigint, 'a refused file leaves nothing behind');
SELECT is(t.import('data_a', 'keluarga', ARRAY['\xefbbbf'::bytea
    || '"KODE_KELURAHAN_DESA"|nomor_kartu_keluarga' || E'\x1d'::bytea, ('3216011007|' || t.nkk(99))::bytea]),
    '1 read 1 accepted 0 refused 1 new 0 changed 0 same', 'byte order mark, capitals, quotes and CR LF in the header');

-- every kind of bad line
SELECT is(t.import('data_a', 'keluarga', VARIADIC ARRAY[
    :head,                                                                  -- line 1
    '3216011007|' || t.nkk(1) || '|JL. MAWAR 1|4|36,5|2|0',                 -- 2 good
    '3216011007|' || t.nkk(2) || '|"JL. ""MAWAR"" | 2"|4|36.5|2|',          -- 3 good, quoted
    '"3216011007"|"' || t.nkk(3) || '"|""|"4"|""|"2"|"1"',                  -- 4 good, all quoted
    '',                                                                     -- 5
    '3216011007|' || t.nkk(4) || '|JL. MAWAR|4|36',                         -- 6
    '3216011007|' || t.nkk(4) || '|JL. MAWAR|4|36|2|0|x',                   -- 7
    '3216011007|' || t.nkk(4) || '|"JL. MAWAR|4|36|2|0',                    -- 8
    '3216011007|' || t.nkk(4) || '|JL. "MAWAR"|4|36|2|0',                   -- 9
    '3216011007|321601170120|JL. MAWAR|4|36|2|0',                           -- 10
    '3216011007||JL. MAWAR|4|36|2|0',                                       -- 11
    '3216011007|3.2160E+15|JL. MAWAR|4|36|2|0',                             -- 12
    '3216011007|' || t.nkk(4) || '|JL. MAWAR|400|36|2|0',                   -- 13
    '3216011007|' || t.nkk(4) || '|JL. MAWAR|4|36m2|2|0',                   -- 14
    '3216011007|' || t.nkk(4) || '|JL. MAWAR|4|36|X|0',                     -- 15
    '3216011007|' || t.nkk(4) || '|JL. MAWAR|4|36|2|-1',                    -- 16
    '3216991007|' || t.nkk(4) || '|JL. MAWAR|4|36|2|0',                     -- 17
    '321601|' || t.nkk(4) || '|JL. MAWAR|4|36|2|0',                         -- 18
    '3217012001|' || t.nkk(4) || '|JL. MAWAR|4|36|2|0',                     -- 19
    '3216011007|' || t.nkk(1) || '|JL. MELATI|4|36|2|0',                    -- 20
    '3216011007|' || t.nkk(5) || '|' || repeat('x', 301) || '|4|36|2|0',    -- 21
    '3216011007|' || t.nkk(5) || '|' || repeat('x', 10000) || '|4|36|2|0',  -- 22
    '3216011007|' || t.nkk(6) || '|JL. KRÁTON – ’X’|4|36|2|0',              -- 23 good, UTF-8
    '3216011007|' || t.nkk(5) || '|JL.' || E'\x1a' || 'MAWAR|4|36|2|0',     -- 24 a NUL, as dtsen-import sends it
    '3216011007|' || t.nkk(5) || '|JL.' || E'\x1d' || 'MAWAR|4|36|2|0',     -- 25 a CR within the line
    '\.',                                                                   -- 26
    '3216011007|' || t.nkk(7) || '|JL. MAWAR|4|36|"1|2"|0'                  -- 27 a delimiter in a code
    ]::text[]), '26 read 4 accepted 22 refused 4 new 0 changed 0 same', 'read = accepted + refused');
SELECT results_eq(
    $$ SELECT r.line_number::integer, r.reason::text, r.field::text FROM reg.import_reject r
        WHERE r.import_id = (SELECT max(id) FROM reg.import_run) ORDER BY 1 $$,
    $$ VALUES (5, 'empty_line', NULL), (6, 'too_few_columns', NULL), (7, 'too_many_columns', NULL),
        (8, 'unclosed_quote', NULL), (9, 'stray_quote', NULL), (10, 'bad_value', 'nomor_kartu_keluarga'),
        (11, 'required_empty', 'nomor_kartu_keluarga'), (12, 'spreadsheet', 'nomor_kartu_keluarga'),
        (13, 'bad_value', 'jumlah_anggota_keluarga'), (14, 'bad_value', 'luas_lantai'),
        (15, 'bad_value', 'jenis_lantai_terluas'), (16, 'bad_value', 'jumlah_ternak_sapi'),
        (17, 'wilayah_unknown', NULL), (18, 'wilayah_unknown', NULL), (19, 'outside_scope', NULL),
        (20, 'duplicate_line', NULL), (21, 'bad_value', 'alamat'), (22, 'too_long', NULL),
        (24, 'control_byte', NULL), (25, 'control_byte', NULL), (26, 'too_few_columns', NULL),
        (27, 'bad_value', 'jenis_lantai_terluas') $$,
    'each refused line with its number, reason and field');
SELECT is((SELECT convert_from(line, 'UTF8') FROM reg.import_reject WHERE line_number = 9 AND reason = 'stray_quote'),
    '3216011007|' || t.nkk(4) || '|JL. "MAWAR"|4|36|2|0', 'a refused line is kept whole');
SELECT results_eq(
    $$ SELECT k.alamat, h.luas_lantai, h.jenis_lantai_terluas::int, a.jumlah_ternak_sapi
        FROM reg.keluarga k JOIN reg.rumah h ON h.keluarga_id = k.id JOIN reg.aset a ON a.keluarga_id = k.id
        WHERE k.alamat IS NULL OR k.alamat LIKE 'JL.%' AND k.nkk::text <> t.nkk(99) ORDER BY k.nkk $$,
    $$ VALUES ('JL. MAWAR 1', 36.5, 2, 0), ('JL. "MAWAR" | 2', 36.5, 2, NULL), (NULL, NULL, 2, 1),
        ('JL. KRÁTON – ’X’', 36, 2, 0) $$,
    'values as written, quotes resolved');

-- bytes: what is no UTF-8 by the server's own judgement is refused, the rest is not
CREATE TEMP TABLE sequence AS
    SELECT decode(lpad(to_hex(b), 2, '0'), 'hex') || s AS bytes
    FROM generate_series(128, 255) AS b,
        (VALUES (''::bytea), ('\x41'), ('\x80'), ('\xbf'), ('\x8080'), ('\xa080'), ('\xbfbf'), ('\x9fbf'),
            ('\x808080'), ('\x908080'), ('\x8fbfbf'), ('\xbfbfbf'), ('\xbfbf41'), ('\xc3a9'), ('\xbf')) AS v (s);
CREATE FUNCTION t.is_utf8(bytea) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM convert_from($1, 'UTF8');
    RETURN true;
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
    RETURN false;
END $$;
SELECT is((SELECT count(*) FROM sequence
    WHERE t.is_utf8(bytes) <> (convert_from(bytes, 'LATIN1') ~ reg.import_utf8())), 0::bigint,
    'the expression for UTF-8 agrees with the server on 1920 sequences');
SELECT is(t.import('data_a', 'keluarga', ARRAY[:head::bytea,
    ('3216011007|' || t.nkk(8) || '|JL. ')::bytea || '\xe9'::bytea || '|4|36|2|0'::bytea]),
    '1 read 0 accepted 1 refused 0 new 0 changed 0 same', 'a Latin-1 line is refused');
SELECT is((SELECT r.reason || ' ' || encode(substr(r.line, 33, 1), 'hex') FROM reg.import_reject r
    WHERE r.import_id = (SELECT max(id) FROM reg.import_run)), 'not_utf8 e9', 'and kept with its bytes');

-- splitting agrees with the server's own reader of such files
SELECT is(reg.import_fields(l), f, 'fields of ' || l) FROM (VALUES
    ('"a"|b', ARRAY['a', 'b']), ('a|"b"', ARRAY['a', 'b']), ('""|""', ARRAY['', '']), ('"a""b"|', ARRAY['a"b', '']),
    ('""""|x', ARRAY['"', 'x']), ('"|"|"||"', ARRAY['|', '||']), ('"a""""b"|c', ARRAY['a""b', 'c']),
    ('a"b"|c', NULL), ('"a"b|c', NULL), ('a|b""', NULL)) AS v (l, f);

-- the same file twice, then a changed one
SELECT t.import('data_a', 'keluarga', :head, '3216012002|' || t.nkk(20) || '|A|1|20|1|0', '3216012002|' || t.nkk(21) || '|B|1|20|1|0') \g /dev/null
CREATE TEMP TABLE before AS SELECT k.*, k.xmin AS version FROM reg.keluarga k;
SELECT is(t.import('data_a', 'keluarga', :head, '3216012002|' || t.nkk(20) || '|A|1|20|1|0', '3216012002|' || t.nkk(21) || '|B|1|20|1|0'),
    '2 read 2 accepted 0 refused 2 new 0 changed 0 same repeat', 'the same file again is known');
SELECT is((SELECT count(*) FROM reg.import_run), 4::bigint, 'and is not a new import');
SELECT is_empty($$ SELECT * FROM before EXCEPT SELECT k.*, k.xmin FROM reg.keluarga k $$, 'and touches no row');
SELECT is(t.import('data_a', 'keluarga', :head, '3216012002|' || t.nkk(20) || '|A|1|20|1|0',
    '3216012002|' || t.nkk(21) || '|B|1|20|2|0', '3216012002|' || t.nkk(22) || '|C|1|20|1|0'),
    '3 read 3 accepted 0 refused 1 new 1 changed 1 same', 'another file: one new, one changed, one the same');
SELECT is((SELECT h.jenis_lantai_terluas::int FROM reg.rumah h JOIN reg.keluarga k ON k.id = h.keluarga_id WHERE k.nkk::text = t.nkk(21)),
    2, 'the change is in');
SELECT is_empty($$ SELECT * FROM before b WHERE b.nkk::text = t.nkk(20) EXCEPT SELECT k.*, k.xmin FROM reg.keluarga k $$,
    'the row that is the same was not written');
SELECT is(t.import('data_a', 'keluarga', 'kode_kelurahan_desa|nomor_kartu_keluarga|jenis_lantai_terluas', '3216012002|' || t.nkk(21) || '|3'),
    '1 read 1 accepted 0 refused 0 new 1 changed 0 same', 'a file with fewer columns changes these');
SELECT is((SELECT k.alamat || h.luas_lantai FROM reg.rumah h JOIN reg.keluarga k ON k.id = h.keluarga_id WHERE k.nkk::text = t.nkk(21)),
    'B20.00', 'and leaves the others');

-- persons
\set phead '''nomor_induk_kependudukan|nomor_kartu_keluarga|nama|tanggal_lahir|jenis_kelamin|status_hubungan_keluarga|status_kawin'''
SELECT is(t.import('data_a', 'anggota', VARIADIC ARRAY[
    :phead,                                                                     -- 1
    t.nik(1) || '|' || t.nkk(20) || '|BUDI SANTOSO|1990-03-02|1|1|2',           -- 2 good
    '''' || t.nik(2) || '|' || t.nkk(20) || '|SITI AMINAH|1992-02-29|P|2|2',    -- 3 good: an apostrophe, P
    t.nik(3) || '|' || t.nkk(20) || '|ANI|2020-01-01|2|3|1',                    -- 4 good
    t.nik(1) || '|' || t.nkk(20) || '|BUDI SANTOSA|1990-03-02|1|8|2',           -- 5 duplicate
    t.nik(1) || '|' || t.nkk(20) || '|ISTRI BUDI|1991-04-05|2|8|2',             -- 6 good: another person with his NIK
    t.nik(4) || '|' || t.nkk(20) || '|TONO|1980-01-01|1|1|2',                   -- 7 second head
    '321601020390000|' || t.nkk(21) || '|X|1990-03-02|1|1|2',                   -- 8 15 digits
    '|' || t.nkk(21) || '|X|1990-03-02|1|1|2',                                  -- 9
    t.nik(5) || '|' || t.nkk(21) || '||1990-03-02|1|1|2',                       -- 10
    t.nik(5) || '|' || t.nkk(21) || '|X|1991-02-29|1|1|2',                      -- 11
    t.nik(5) || '|' || t.nkk(21) || '|X|02-03-1990|1|1|2',                      -- 12
    t.nik(5) || '|' || t.nkk(21) || '|X|2990-01-01|1|1|2',                      -- 13
    t.nik(5) || '|' || t.nkk(21) || '|X|1990-03-02|3|1|2',                      -- 14
    t.nik(5) || '|' || t.nkk(21) || '|X|1990-03-02|1|9|2',                      -- 15
    t.nik(5) || '|' || t.nkk(1234) || '|X|1990-03-02|1|1|2',                    -- 16
    t.nik(5) || '|' || t.nkk(21) || '|RINA|||1|',                               -- 17 good: unknown birth date and sex
    t.nik(6) || '|' || t.nkk(22) || '|JOKO|1970-12-31|1|1|2'                    -- 18 good
    ]::text[]), '17 read 6 accepted 11 refused 6 new 0 changed 0 same', 'persons: read = accepted + refused');
SELECT results_eq(
    $$ SELECT r.line_number::integer, r.reason::text, r.field::text FROM reg.import_reject r
        WHERE r.import_id = (SELECT max(id) FROM reg.import_run) ORDER BY 1 $$,
    $$ VALUES (5, 'duplicate_line', NULL), (7, 'second_head', NULL), (8, 'spreadsheet', 'nomor_induk_kependudukan'),
        (9, 'required_empty', 'nomor_induk_kependudukan'), (10, 'required_empty', 'nama'),
        (11, 'bad_value', 'tanggal_lahir'), (12, 'bad_value', 'tanggal_lahir'), (13, 'bad_value', 'tanggal_lahir'),
        (14, 'bad_value', 'jenis_kelamin'), (15, 'bad_value', 'status_hubungan_keluarga'), (16, 'keluarga_unknown', NULL) $$,
    'each refused person with number, reason and field');
SELECT is((SELECT count(*) FROM reg.anggota WHERE nik::text = t.nik(1)), 2::bigint, 'two persons with one NIK are two rows');
-- a person changes family, heads change, names are corrected
SELECT is(t.import('data_a', 'anggota', :phead,
    t.nik(1) || '|' || t.nkk(20) || '|BUDI SANTOSO|1990-03-02|1|8|2',
    t.nik(2) || '|' || t.nkk(20) || '|SITI AMINAH|1992-02-29|P|1|4',
    t.nik(3) || '|' || t.nkk(22) || '|ANI|2020-01-01|2|3|1',
    t.nik(5) || '|' || t.nkk(21) || '|RINA WATI|1999-09-09|2|1|'),
    '4 read 4 accepted 0 refused 0 new 4 changed 0 same', 'four changes, no new person');
SELECT results_eq(
    $$ SELECT a.nama::text, right(k.nkk::text, 2), a.hubungan::int FROM reg.anggota a JOIN reg.keluarga k ON k.id = a.keluarga_id ORDER BY 1 $$,
    $$ VALUES ('ANI', '22', 3), ('BUDI SANTOSO', '20', 8), ('ISTRI BUDI', '20', 8), ('JOKO', '22', 1), ('RINA WATI', '21', 1), ('SITI AMINAH', '20', 1) $$,
    'the new state');
SELECT results_eq(
    $$ SELECT a.nama::text, right(k.nkk::text, 2), o.hubungan::int FROM reg.keanggotaan o JOIN reg.anggota a ON a.id = o.anggota_id
        JOIN reg.keluarga k ON k.id = o.keluarga_id ORDER BY 1 $$,
    $$ VALUES ('ANI', '20', 3), ('BUDI SANTOSO', '20', 1), ('SITI AMINAH', '20', 2) $$, 'the former memberships are kept');
SELECT is(t.import('data_a', 'anggota', :phead, t.nik(7) || '|' || t.nkk(20) || '|WAHYU|1960-01-01|1|1|2'),
    '1 read 0 accepted 1 refused 0 new 0 changed 0 same', 'no second head beside one that stays');
-- a family moves: its persons and its house go along
SELECT is(t.import('data_a', 'keluarga', 'kode_kelurahan_desa|nomor_kartu_keluarga', '3216011007|' || t.nkk(20)),
    '1 read 1 accepted 0 refused 0 new 1 changed 0 same', 'a family in another village');
SELECT is((SELECT count(DISTINCT w) FROM (SELECT a.wilayah FROM reg.anggota a JOIN reg.keluarga k ON k.id = a.keluarga_id WHERE k.nkk::text = t.nkk(20)
    UNION ALL SELECT h.wilayah FROM reg.rumah h JOIN reg.keluarga k ON k.id = h.keluarga_id WHERE k.nkk::text = t.nkk(20)
    UNION ALL SELECT '3216011007') AS x (w)), 1::bigint, 'all its rows are in the new village');
-- a new card: the former number is kept and refused in files
UPDATE reg.keluarga SET nkk = t.nkk(30)::dtsen.nkk, nkk_since = CURRENT_DATE WHERE nkk::text = t.nkk(22);
SELECT is((SELECT o.nkk::text FROM reg.keluarga_nkk o), t.nkk(22), 'the former card number is kept');
SELECT t.import('data_a', 'keluarga', 'kode_kelurahan_desa|nomor_kartu_keluarga', '3216012002|' || t.nkk(22)) \g /dev/null
SELECT is((SELECT reason::text FROM reg.import_reject ORDER BY import_id DESC LIMIT 1), 'former_nkk', 'a file with the former number is refused');

-- scores
INSERT INTO reg.model VALUES ('m1', 'test', 'test');
SELECT is(t.import('bps_a', 'skor', 'nomor_kartu_keluarga|skor|model_version', t.nkk(20) || '|500000|m1', t.nkk(21) || '|1e6|m1',
    t.nkk(21) || '|600000.5|m2', t.nkk(777) || '|1|m1', t.nkk(20) || '|2|m1', t.nkk(21) || '|-1,5|m1'),
    '6 read 2 accepted 4 refused 2 new 0 changed 0 same', 'scores: only of known families and models');

-- two regions do not see each other's files and lines
SELECT is(t.value('data_b', 'SELECT count(*) FROM reg.import_run') || t.value('data_b', 'SELECT count(*) FROM reg.import_reject')
    || t.value('data_b', 'SELECT count(*) FROM reg.keluarga'), '000', 'another regency sees nothing of it');
SELECT is(t.import('data_b', 'anggota', :phead, t.nik(8) || '|' || t.nkk(20) || '|X|1990-03-02|1|3|2'),
    '1 read 0 accepted 1 refused 0 new 0 changed 0 same', 'and cannot put persons into its families');
SELECT is((SELECT reason::text FROM reg.import_reject ORDER BY import_id DESC LIMIT 1), 'keluarga_unknown', 'which it does not know');
-- a family of another regency refuses its line, not the file; who asks learns no more
SELECT is(t.import('data_b', 'keluarga', 'kode_kelurahan_desa|nomor_kartu_keluarga', '3217012001|' || t.nkk(20), '3217012001|' || t.nkk(501)),
    '2 read 1 accepted 1 refused 1 new 0 changed 0 same', 'a file with a family of another region comes in without it');
SELECT is((SELECT reason::text FROM reg.import_reject ORDER BY import_id DESC LIMIT 1), 'other_region', 'and says so');
SELECT is_empty($$ SELECT r.rolname FROM pg_roles AS r WHERE r.rolname ~ '^reg_' AND r.rolname <> 'reg_pengelola'
    AND has_function_privilege(r.rolname, 'reg.import_taken(dtsen.nkk[])', 'EXECUTE') $$, 'only importers may ask for numbers');
-- a login of two regencies sees the files of these, not of all the province
SELECT t.login('data_two', 'pengelola', '3217'), t.login('data_two', 'pengelola', '3273'), t.login('data_27', 'pengelola', '327301') \g /dev/null
SELECT t.import('data_27', 'dukcapil', 'nik|nama_lengkap|status_hidup', t.nik(70) || '|X|hidup') \g /dev/null
SELECT is(t.value('data_two', 'SELECT string_agg(DISTINCT owner_scope, '','' ORDER BY owner_scope) FROM reg.import_run'), '3217,327301', 'runs of its regions only');
SELECT is(t.import('data_two', 'dukcapil', 'nik|nama_lengkap|status_hidup', t.nik(71) || '|X|hidup'), '1 read 1 accepted 0 refused 1 new 0 changed 0 same',
    'it imports for what holds both');
SELECT is(t.value('data_two', 'SELECT count(*) FROM reg.dukcapil'), '2', 'and sees what it brought');
SELECT t.login('data_other', 'pengelola', '3201'), t.login('data_other', 'pengelola', '3202'), t.login('data_apart', 'pengelola', '3217'), t.login('data_apart', 'pengelola', '1101'),
    t.login('data_all', 'pengelola', NULL), t.login('data_32', 'pengelola', '32') \g /dev/null
SELECT is(t.import('data_all', 'dukcapil', 'nik|nama_lengkap|status_hidup', t.nik(71) || '|Z|hidup', t.nik(72) || '|Z|hidup'), '2 read 2 accepted 0 refused 2 new 0 changed 0 same', 'the country''s extract');
SELECT is(t.import('data_apart', 'dukcapil', 'nik|nama_lengkap|status_hidup', t.nik(71) || '|Y|hidup'), '1 read 1 accepted 0 refused 1 new 0 changed 0 same', 'regencies of two provinces write nothing into it');
SELECT is((SELECT string_agg(concat_ws(' ', l, t.value(l, 'SELECT string_agg(nama::text, '''' ORDER BY nama::text) FROM reg.dukcapil WHERE nik::text IN (' || quote_literal(t.nik(71)) || ',' || quote_literal(t.nik(72)) || ')')), ', ' ORDER BY l)
    FROM unnest('{data_two,data_other,data_apart,data_b,data_32,data_all}'::text[]) AS l), 'data_32 X, data_all XYZZ, data_apart Y, data_b, data_other, data_two X',
    'two logins of several regencies of a province, or of the country, do not share what they bring; who sees all of these regions sees it');
-- a spreadsheet has rounded the numbers of a whole file: each looks right, together they do not
CREATE FUNCTION t.rounded(share integer) RETURNS text LANGUAGE sql AS $$
    SELECT t.import('data_two', 'dukcapil', VARIADIC array_prepend('nik|nama_lengkap|status_hidup',
        ARRAY(SELECT '321701' || '0203900' || lpad((n / 10 * 100 + CASE WHEN n % 100 < share THEN n % 10 * 10 ELSE n % 9 + 1 END)::text, 3, '0') || '|X|hidup' FROM generate_series(1, 99) AS n)))
$$;
SELECT throws_ok('SELECT t.rounded(100)', '22P04', 'the numbers of column "nik" have lost their last digit', 'numbers that a spreadsheet has rounded refuse the file');
SELECT lives_ok('SELECT t.rounded(10)', 'some that end in 0 do not');
SELECT is(t.import('data_two', 'dukcapil', 'nik|nkk|nama_lengkap|status_hidup', '3217010203900001.0||X|hidup', '''3217010203900002||X|hidup', '3,2170102039E15||X|hidup', '32170102039000||X|hidup'),
    '4 read 1 accepted 3 refused 1 new 0 changed 0 same', 'an apostrophe goes, other damage is refused');
SELECT is((SELECT string_agg(line_number || ' ' || reason, ', ' ORDER BY line_number) FROM reg.import_reject WHERE import_id = (SELECT max(id) FROM reg.import_run)), '2 spreadsheet, 4 spreadsheet, 5 bad_value', 'and named');
-- sheets of SIKS-NG: their headers as they are, commas, words, days first, villages by name; what a spreadsheet did to them
\set sheet '''NO,ID DTKS,PROVINSI,KABUPATEN/KOTA,KECAMATAN,DESA/KELURAHAN,ALAMAT,DUSUN,RT,RW,NO. KK,NIK,NAMA,TANGGAL LAHIR,TEMPAT LAHIR,JENIS KELAMIN,PEKERJAAN,NAMA IBU KANDUNG,HUB. KELUARGA,KETERANGAN PADAN,BANSOS BPNT,BANSOS PKH,BANSOS BPNT-PPKM,PBI JKN'''
CREATE FUNCTION t.sheet(n integer, nik text, born text, sex text, relation text, desa text, pkh text DEFAULT 'TIDAK') RETURNS text LANGUAGE sql AS $$
    SELECT format('%s,D%1$s,JAWA BARAT,KAB. BEKASI,TARUMAJAYA,%s,"JL. MELATI, NO. 7",,1,012,%s,%s,SITI AMINAH,%s,BEKASI,%s,PETANI,SUMIATI,%s,PADAN,YA,%s,,Ya',
        n, desa, t.nkk(800), nik, born, sex, relation, pkh)
$$;
SELECT is(t.import('data_a', 'siks_ng', VARIADIC ARRAY[:sheet,
    t.sheet(1, t.nik(81), '02-03-1990', 'PEREMPUAN', 'KEPALA KELUARGA', 'SETIA ASIH', 'YA'),  -- 2 good
    t.sheet(2, '''' || t.nik(82), '2/3/1990', 'Laki-laki', 'Anak', 'Kel. Setiaasih'),         -- 3 good
    t.sheet(3, '', '1990-03-02 00:00:00', 'L', '3', 'SEGARAJAYA'),                            -- 4 good, no NIK
    t.sheet(4, 'TIDAK ADA', '', '', '', 'NIRWANA'),                                           -- 5 good, an unknown village
    t.sheet(5, '3.2160102039E+15', '02-03-1990', 'P', 'ANAK', 'SEGARAJAYA'),                  -- 6
    t.sheet(6, '321601020390012', '02-03-1990', 'P', 'ANAK', 'SEGARAJAYA'),                   -- 7
    t.sheet(7, t.nik(87) || '.0', '02-03-1990', 'P', 'ANAK', 'SEGARAJAYA'),                   -- 8
    t.sheet(8, t.nik(88), '32934', 'P', 'ANAK', 'SEGARAJAYA'),                                -- 9 days since 1900
    t.sheet(9, t.nik(89), '3/25/1990', 'P', 'ANAK', 'SEGARAJAYA'),                            -- 10 the month first
    t.sheet(10, t.nik(90), '31-02-1990', 'P', 'ANAK', 'SEGARAJAYA'),                          -- 11
    t.sheet(11, t.nik(91), '02-03-1990', 'P', 'SEPUPU', 'SEGARAJAYA'),                        -- 12
    t.sheet(12, t.nik(92), '02-03-1990', 'P', 'ANAK', 'SEGARAJAYA', 'MUNGKIN'),               -- 13
    t.sheet(1, t.nik(93), '02-03-1990', 'P', 'ANAK', 'SEGARAJAYA'),                           -- 14 the ID of line 2
    replace(t.sheet(13, t.nik(94), '02-03-1990', 'P', 'ANAK', 'SEGARAJAYA'), ',D13,', ',,')   -- 15 no ID
    ]::text[]), '14 read 4 accepted 10 refused 4 new 0 changed 0 same', 'a sheet: what is right comes in');
SELECT results_eq(
    $$ SELECT r.line_number::integer, r.reason::text, r.field::text FROM reg.import_reject r
        WHERE r.import_id = (SELECT max(id) FROM reg.import_run) ORDER BY 1 $$,
    $$ VALUES (6, 'spreadsheet', 'nik'), (7, 'spreadsheet', 'nik'), (8, 'spreadsheet', 'nik'), (9, 'spreadsheet', 'tanggal_lahir'),
        (10, 'spreadsheet', 'tanggal_lahir'), (11, 'bad_value', 'tanggal_lahir'), (12, 'bad_value', 'hub_keluarga'),
        (13, 'bad_value', 'bansos_pkh'), (14, 'duplicate_line', NULL), (15, 'required_empty', 'id_dtks') $$,
    'what a spreadsheet damaged is named as such');
SELECT results_eq($$ SELECT d.source_key::text, d.nik::text, d.tanggal_lahir, d.jenis_kelamin::int, d.hubungan::int, d.wilayah::text, d.alamat, d.rt || '/' || d.rw, d.is_pkh, d.is_pbi_jkn, d.is_bpnt_ppkm
    FROM reg.dtks AS d ORDER BY 1 $$, format($$ VALUES
    ('D1', %L, '1990-03-02'::date, 2, 1, '3216011007', 'JL. MELATI, NO. 7', '001/012', true, true, NULL::boolean),
    ('D2', %L, '1990-03-02', 1, 3, '3216011007', 'JL. MELATI, NO. 7', '001/012', false, true, NULL),
    ('D3', NULL, '1990-03-02', 1, 3, '3216012002', 'JL. MELATI, NO. 7', '001/012', false, true, NULL),
    ('D4', NULL, NULL, NULL, NULL, NULL, 'JL. MELATI, NO. 7', '001/012', false, true, NULL) $$, t.nik(81), t.nik(82)), 'every column is what the sheet says, villages by their names');
SELECT is_empty($$ SELECT FROM reg.dtks AS d WHERE d::text ~ 'SUMIATI' $$, 'the mother''s name is not kept');
-- the civil registry under the names of its tables, the village in four columns
SELECT is(t.import('data_a', 'dukcapil', 'NIK;NO_KK;NAMA_LGKP;TGL_LHR;JENIS_KLMIN;NO_PROP;NO_KAB;NO_KEC;NO_KEL;status_hidup',
    t.nik(61) || ';' || t.nkk(800) || ';SITI;2-3-1990;PEREMPUAN;32;16;1;1007;HIDUP', t.nik(62) || ';;BUDI;02/03/1990;1;;;;;MATI',
    t.nik(63) || ';;BUDI;02/03/1990;1;32;16;1;107;hidup', t.nik(64) || ';;BUDI;02/03/1990;1;32;16;x;1007;hidup'),
    '4 read 3 accepted 1 refused 3 new 0 changed 0 same', 'an extract of the civil registry as it names its columns');
SELECT results_eq($$ SELECT d.nama::text, d.wilayah::text, d.jenis_kelamin::int, d.status_hidup::text FROM reg.dukcapil AS d WHERE d.owner_scope = '3216' AND d.nik::text ~ '00(61|62|63)$' ORDER BY d.nik $$,
    $$ VALUES ('SITI', '3216011007', 2, 'hidup'), ('BUDI', NULL, 1, 'meninggal'), ('BUDI', '3216010107', 1, 'hidup') $$, 'its village is put together');
SELECT throws_ok($$ SELECT t.import('data_a', 'dukcapil', 'nik;nama_lgkp;no_prop;no_kab;status_hidup', 'x') $$, '22P04', 'the header has a part of a region code only', 'half a region code is none');
-- a spreadsheet takes the zeros at the beginning of a key: that of somebody known is no other key
SELECT is(t.import('data_a', 'dtks', 'id_dtks|nama|nik', '0320000000017|SUPARMAN|', '0320000000018|SITI|', '17|BUDI|'), '3 read 3 accepted 0 refused 3 new 0 changed 0 same', 'keys with zeros');
SELECT is(t.import('data_a', 'dtks', 'id_dtks|nama|nik', '320000000017|SUPARMAN|', '0320000000018|SITI A|', '18|BUDI|'), '3 read 2 accepted 1 refused 1 new 1 changed 0 same', 'without them');
SELECT is((SELECT concat_ws(' ', line_number, reason, field) FROM reg.import_reject WHERE import_id = (SELECT max(id) FROM reg.import_run)), '2 spreadsheet id_dtks', 'a key is refused');
SELECT is(t.import('data_b', 'dtks', 'id_dtks|nama|nik', '320000000017|SUPARMAN|'), '1 read 1 accepted 0 refused 1 new 0 changed 0 same', 'what another region has is not looked at');
-- another word is a row
INSERT INTO reg.import_word (type, word, value) VALUES ('relation_word', 'SEPUPU', '8');
SELECT is(t.import('data_a', 'siks_ng', :sheet, t.sheet(11, t.nik(91), '02-03-1990', 'P', 'sepupu', 'SEGARAJAYA')), '1 read 1 accepted 0 refused 1 new 0 changed 0 same', 'a spelling that a ministry adds is taken');
SELECT is(t.value('data_b', 'SELECT count(*) FROM reg.dtks'), '1', 'another regency sees its own only');
-- every shape of file: what is no line is refused with its reason, whatever the kind; other headers refuse the file; twice is once
CREATE FUNCTION t.bad(kind text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    login text := CASE kind WHEN 'skor' THEN 'bps_a' ELSE 'data_a' END;
    header text := (SELECT string_agg(c.header, '|' ORDER BY c.position) FROM (SELECT DISTINCT ON (i.target, i.target_column) i.*
        FROM reg.import_column AS i WHERE i.kind = bad.kind AND i.is_required ORDER BY i.target, i.target_column, i.position) AS c);
    bars text := regexp_replace(header, '[^|]', '', 'g');
    lines bytea[] := ARRAY['', 'x', 'x' || bars || '|', '"x' || bars, 'x"x"' || bars, E'x\x1a' || bars, 'x' || repeat('x', 10000) || bars, bars]::text[]::bytea[]
        || ('\xe9'::bytea || bars::bytea);
    said text := t.import(login, kind, header::bytea || lines);
BEGIN
    RETURN concat_ws(' ', said, (SELECT string_agg(r.reason, ' ' ORDER BY r.line_number) FROM reg.import_reject AS r WHERE r.import_id = (SELECT max(id) FROM reg.import_run)),
        right(t.import(login, kind, header::bytea || lines), 6));
END $$;
SELECT is(t.bad(k.kind), '9 read 0 accepted 9 refused 0 new 0 changed 0 same empty_line too_few_columns too_many_columns unclosed_quote stray_quote control_byte too_long required_empty not_utf8 repeat',
    'each kind of bad line in a file of kind ' || k.kind) FROM reg.import_kind AS k ORDER BY k.kind;
SELECT throws_ok(format($$ SELECT t.import(%L, %L, 'nomor_telepon|nama_panggilan', 'x|x') $$, CASE k.kind WHEN 'skor' THEN 'bps_a' ELSE 'data_a' END, k.kind),
    '22P04', format('the header has columns that a file of kind "%s" does not have', k.kind), 'other names in the header of kind ' || k.kind) FROM reg.import_kind AS k ORDER BY k.kind;
-- by parts: what is kept stays, and only what fits is kept
CREATE FUNCTION t.part(login text, stage bigint, first_byte bigint, VARIADIC lines text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    kept text;
BEGIN
    PERFORM set_config('role', login, true);
    PERFORM reg.import_hold(stage), reg.import_open();
    INSERT INTO pg_temp.import_line (line) SELECT '#' || l FROM unnest(lines) AS l;
    kept := reg.import_keep(stage, first_byte);
    PERFORM set_config('role', 'none', true);
    RETURN kept;
END $$;
SELECT is(t.value('data_a', format('SELECT concat_ws('' '', state, staged_bytes) FROM reg.import_begin(''keluarga'', ''parts.csv'', %L, 96)', repeat('ab', 32))),
    'staging 0', 'a file is begun');
SELECT max(id) AS stage FROM reg.import_stage \gset
SELECT is(t.part('data_a', :stage, 0, 'kode_kelurahan_desa|nomor_kartu_keluarga', ''), '42', 'a part is kept, with an empty line');
SELECT throws_ok(format($$ SELECT t.part('data_a', %s, 0, 'x') $$, :stage), '55006', 'file ' || :stage || ' is not where this part goes on', 'no part twice');
SELECT throws_ok(format($$ SELECT t.part('data_a', %s, 50, 'x') $$, :stage), '55006', NULL, 'nor behind a gap');
SELECT throws_ok(format($$ SELECT t.act('data_a', 'SELECT reg.import_ready(%s)') $$, :stage), '58030', 'file ' || :stage || ' could not be read to its end', 'half a file is not written');
SELECT throws_ok(format($$ SELECT t.act('data_a', 'SELECT * FROM reg.import_finish(%s)') $$, :stage), '55000', NULL, 'nor one that nobody said is whole');
SELECT is(t.value('data_a', format('SELECT concat_ws('' '', state, is_running, line_count, staged_bytes, byte_count, percent, attempt_count) FROM reg.import_progress() WHERE stage_id = %s', :stage)),
    'staging t 2 42 96 43.8 0', 'how far it is');
SELECT is(t.value('data_a', format('SELECT concat_ws('' '', state, staged_bytes) FROM reg.import_begin(''keluarga'', ''other name.csv'', %L, 96)', repeat('ab', 32))),
    'staging 42', 'the same bytes go on there, whatever their name');
SELECT throws_ok(format($$ SELECT t.part('data_b', %s, 42, 'x') $$, :stage), 'P0002', 'there is no file ' || :stage || ' under way', 'another region has no such file');
SELECT is(t.value('data_b', 'SELECT count(*) FROM reg.import_progress()') || t.value('data_b', 'SELECT count(*) FROM reg.import_part'), '00', 'and sees none');
SELECT is(t.value('data_b', format('SELECT concat_ws('' '', state, staged_bytes) FROM reg.import_begin(''keluarga'', ''parts.csv'', %L, 96)', repeat('ab', 32))),
    'staging 0', 'the same file of another region is another');
SELECT is(t.part('data_a', :stage, 42, '3216011007|' || t.nkk(601), '3216011007|' || t.nkk(601) || '|'), '99', 'the rest');
SELECT throws_ok(format($$ SELECT t.act('data_a', 'SELECT reg.import_ready(%s)') $$, :stage), '58030', NULL, 'more than the file has is not written either');
UPDATE reg.import_stage SET byte_count = 99 WHERE id = :stage;
SELECT t.act('data_a', format('SELECT reg.import_ready(%s)', :stage)) \g /dev/null
SELECT is(t.value('data_a', format('SELECT concat_ws('' '', read_count, accepted_count, refused_count, new_count, is_repeat) FROM reg.import_finish(%s)', :stage)),
    '3 1 2 1 f', 'it is written');
SELECT is(t.value('data_a', format('SELECT concat_ws('' '', read_count, accepted_count, refused_count, new_count, is_repeat) FROM reg.import_finish(%s)', :stage)),
    '3 1 2 1 t', 'once');
SELECT is(t.value('data_a', format('SELECT concat_ws('' '', state, line_count, percent, attempt_count, import_id = (SELECT max(id) FROM reg.import_run)) FROM reg.import_progress() WHERE stage_id = %s', :stage)),
    'done 4 100.0 1 t', 'and done');
SELECT is((SELECT count(*) FROM reg.import_part), 0::bigint, 'its parts are gone');
SELECT throws_ok(format($$ SELECT t.act('data_a', 'SELECT reg.import_discard(%s)') $$, :stage), '55000', 'file ' || :stage || ' is imported', 'what is done is not given up');
SELECT max(id) AS other FROM reg.import_stage \gset
SELECT is(t.part('data_b', :other, 0, 'kode_kelurahan_desa|nomor_kartu_keluarga'), '41', 'the other one has a part');
SELECT t.act('data_b', format('SELECT reg.import_discard(%s)', :other)) \g /dev/null
SELECT is((SELECT count(*) FROM reg.import_part) + (SELECT count(*) FROM reg.import_stage WHERE id = :other), 0::bigint, 'given up, it is gone');
SELECT throws_ok($$ SELECT t.act('data_a', 'SELECT reg.import_begin(''orang'', ''x'', repeat(''0'', 64), 1)') $$, '22023', 'there is no kind "orang" of files', 'an unknown kind');
SELECT throws_ok($$ SELECT t.act('data_a', 'SELECT reg.import_begin(''skor'', ''x'', ''0'', 1)') $$, '22023', 'the digest of the file is no SHA-256', 'no digest');
SELECT * FROM finish();
ROLLBACK;
