-- Population events: what happened becomes a proposal, and the proposal changes
-- families with their history.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SELECT t.login('op_a', 'operator_desa', '3216011007'), t.login('op_b', 'operator_desa', '3216012002'), t.login('op_far', 'operator_desa', '3217012001'),
    t.login('kades_a', 'kades', '3216011007'), t.login('pend', 'pendamping', '321601'), t.login('ver', 'verifikator', '3216'),
    t.login('opd', 'kepala_opd', '3216'), t.login('bupati_a', 'kepala_daerah', '3216'), t.login('kem', 'kemensos', NULL),
    t.login('bps1', 'bps', NULL), t.login('aud', 'auditor', NULL), t.login('data_a', 'pengelola', '3216'), t.login('data_far', 'pengelola', '3217') \g /dev/null

-- families 1 to 30 in one village, 31 to 40 in another, 41 to 50 in another
-- regency: head, spouse and two children, members n * 10 + 1 to 4
INSERT INTO reg.keluarga (id, nkk, nkk_since, alamat_since, wilayah, alamat, jumlah_anggota, nama_kepala, rt, rw, dusun)
SELECT n, t.nkk(n)::dtsen.nkk, '2020-01-01', '2020-01-01', v.w::dtsen.kode_wilayah, 'JALAN ' || n, 4, 'WARGA SATU',
    CASE WHEN n IN (3, 12) THEN '001' END, CASE WHEN n IN (3, 12) THEN '002' END, CASE WHEN n IN (3, 12) THEN 'KRAJAN' END
FROM (VALUES ('3216011007', 1, 30), ('3216012002', 31, 40), ('3217012001', 41, 50)) AS v (w, a, b), generate_series(v.a, v.b) AS n;
INSERT INTO reg.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, jenis_kelamin, tanggal_lahir, member_since)
SELECT k.id * 10 + m, k.id, k.wilayah, t.nik((k.id * 10 + m)::int)::dtsen.nik,
    ('WARGA ' || (ARRAY['SATU', 'DUA', 'TIGA', 'EMPAT'])[m])::dtsen.nama, least(m, 3), CASE WHEN m IN (1, 3) THEN 1 ELSE 2 END,
    (ARRAY['1970-01-01', '1972-01-01', '1995-01-01', '2010-01-01'])[m]::date, '2020-01-01'
FROM reg.keluarga AS k, generate_series(1, 4) AS m;
SELECT setval(pg_get_serial_sequence('reg.keluarga', 'id'), 1000), setval(pg_get_serial_sequence('reg.anggota', 'id'), 10000) \g /dev/null
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v1', now() + '10 days', now() + '11 days', now() + '12 days', now() + '13 days', now() + '14 days') $$) \g /dev/null
SELECT id AS e FROM reg.edisi \gset

CREATE FUNCTION t.note(login text, kind text, family bigint, member bigint, day text, payload text DEFAULT '{}', village text DEFAULT '3216011007', source_key text DEFAULT NULL)
    RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN t.value(login, format('INSERT INTO reg.peristiwa (kind, wilayah, keluarga_id, anggota_id, occurred_on, payload, source, source_key,
        document_name, document_size, document_sha256) VALUES (%L, %L, %L, %L, %L, %L, ''desa'', %L, ''surat.pdf'', 9, sha256(''x'')) RETURNING id',
        kind, village, family, member, day, payload, coalesce(source_key, gen_random_uuid()::text)));
END $$;
CREATE FUNCTION t.note_error(login text, kind text, family bigint, member bigint, day text, payload text DEFAULT '{}', village text DEFAULT '3216011007')
    RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM t.note(login, kind, family, member, day, payload, village);
    RAISE EXCEPTION 'it was noted' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- the bad ones, each named
SELECT is(t.note_error('op_a', kind, family, member, day, payload), CASE WHEN answer ~ '^(ZZZZZ|SE101|42501|23)' THEN answer
    ELSE format('SE101 this event of kind "%s" cannot be: %s', kind, answer) END, format('%s %s %s', kind, coalesce(member, family), payload))
FROM (VALUES
    ('lahir', 1, NULL, '2026-05-01', '{"nik": "3216014105260001", "nama": "BAYI", "jenis_kelamin": 2}', 'ZZZZZ it was noted'),
    ('lahir', 1, NULL, '2026-05-01', '{"nama": "BAYI", "jenis_kelamin": 2}', 'its content is not complete: "nik" is no NIK'),
    ('lahir', 1, NULL, '2026-05-01', '{"nik": "3216014105260001", "jenis_kelamin": 2}', 'its content is not complete: "nama" is no name'),
    ('lahir', 1, NULL, '2026-05-01', '{"nik": "3216014105260001", "nama": "BAYI", "jenis_kelamin": 3}', 'its content is not complete: "jenis_kelamin" is neither 1 nor 2'),
    ('lahir', 1, NULL, '2026-05-01', '{"nik": "3216014105260001", "nama": "BAYI", "jenis_kelamin": 2, "hubungan": 1}', 'its content is not complete: "hubungan" is not 2 to 8'),
    ('lahir', 1, NULL, '2026-05-01', '{"nik": "3216010203900021", "nama": "BAYI", "jenis_kelamin": 2}', 'it does not fit the family: another record of the registry has this NIK'),
    ('lahir', 1, 11, '2026-05-01', '{"nik": "3216014105260001", "nama": "BAYI", "jenis_kelamin": 2}', 'it is of the family: anggota_id must be NULL'),
    ('lahir', 1, NULL, '2999-05-01', '{"nik": "3216014105260001", "nama": "BAYI", "jenis_kelamin": 2}', 'SE101 an event cannot be noted before its day'),
    ('meninggal', 1, NULL, '2026-05-01', '{}', 'it names no member'),
    ('meninggal', 1, 21, '2026-05-01', '{}', 'it does not fit the family: person 21 is no member of it'),
    ('meninggal', 1, 14, '2009-05-01', '{}', 'it does not fit the family: member 14 was born after that day'),
    ('meninggal', 1, 11, '2026-05-01', '{"anggota": [{"id": 12, "hubungan": 1}, {"id": 13, "hubungan": 1}]}', 'it does not fit the family: the family would have 2 heads'),
    ('meninggal', 1, 13, '2026-05-01', '{"anggota": [{"id": 11, "hubungan": 8}]}', 'it does not fit the family: the family would have no head'),
    ('meninggal', 1, 11, '2026-05-01', '{"nkk": "12"}', 'its content is not complete: "nkk" is no number of a family card'),
    ('hapus', 1, NULL, '2026-05-01', '{"status": "nonaktif", "alasan": "x"}', '"hapus" is no kind of event'),
    ('pindah', 1, NULL, '2026-05-01', '{"wilayah": "3216019999"}', 'its content is not complete: "wilayah" is no village'),
    ('pindah', 1, NULL, '2026-05-01', '{"luar_negeri": true, "wilayah": "3216012002"}', 'its content is not complete: "wilayah" is for a move within the country'),
    ('pindah', 31, NULL, '2026-05-01', '{"wilayah": "3216012002"}', 'the family lives in another village'),
    ('pecah_kk', 1, NULL, '2026-05-01', '{"nkk": "3216010105260001"}', 'its content is not complete: "anggota" is missing'),
    ('pecah_kk', 1, NULL, '2026-05-01', '{"nkk": "3216010105260001", "anggota": []}', 'its content is not complete: "anggota" is no list of members'),
    ('pecah_kk', 1, NULL, '2026-05-01', '{"nkk": "3216010105260001", "anggota": [{"id": "x", "hubungan": 1}]}', 'its content is not complete: each of "anggota" needs id, the number of a member, and hubungan, 1 to 8'),
    ('pecah_kk', 1, NULL, '2026-05-01', '{"nkk": "3216010105260001", "anggota": [{"id": 23, "hubungan": 1}]}', 'it does not fit the family: person 23 is no member of it'),
    ('pecah_kk', 1, NULL, '2026-05-01', '{"nkk": "3216010105260001", "anggota": [{"id": 13, "hubungan": 1}, {"id": 13, "hubungan": 3}]}', 'it does not fit the family: member 13 is named twice'),
    ('pecah_kk', 1, NULL, '2026-05-01', '{"nkk": "3216010105260001", "anggota": [{"id": 13, "hubungan": 3}]}', 'it does not fit the family: the new family would have 0 heads'),
    ('pecah_kk', 1, NULL, '2026-05-01', '{"nkk": "3216010105260001", "anggota": [{"id": 11, "hubungan": 1}]}', 'it does not fit the family: the family would have no head'),
    ('pecah_kk', 1, NULL, '2026-05-01', '{"nkk": "3216010105260001", "anggota": [{"id": 11, "hubungan": 1}, {"id": 12, "hubungan": 2}, {"id": 13, "hubungan": 3}, {"id": 14, "hubungan": 3}]}',
        'it does not fit the family: a split leaves somebody behind; a whole family moves or merges'),
    ('pecah_kk', 1, NULL, '2026-05-01', format('{"nkk": "%s", "anggota": [{"id": 13, "hubungan": 1}]}', t.nkk(2)), 'it does not fit the family: the new family card is, or was, that of a family of the registry'),
    ('gabung_kk', 1, NULL, '2026-05-01', format('{"nkk": "%s", "anggota": [{"id": 11, "hubungan": 8}]}', t.nkk(2)), 'it does not fit the family: all active members come along, 3 are not named'),
    ('gabung_kk', 1, NULL, '2026-05-01', format('{"nkk": "%s", "anggota": [{"id": 11, "hubungan": 8}, {"id": 12, "hubungan": 8}, {"id": 13, "hubungan": 8}, {"id": 14, "hubungan": 8}]}', t.nkk(1)),
        'it does not fit the family: a family does not merge with itself'),
    ('gabung_kk', 1, NULL, '2026-05-01', format('{"nkk": "%s", "anggota": [{"id": 11, "hubungan": 1}, {"id": 12, "hubungan": 8}, {"id": 13, "hubungan": 8}, {"id": 14, "hubungan": 8}]}', t.nkk(2)),
        'it does not fit the family: the merged family would have 2 heads'),
    ('ganti_kepala', 1, 11, '2026-05-01', '{}', 'it does not fit the family: member 11 is the head already'),
    ('ganti_kepala', 1, 12, '2026-05-01', '{}', 'it does not fit the family: the family would have 2 heads')
    ) AS v (kind, family, member, day, payload, answer);
-- the day is that of Jakarta, whatever the client's: one of these zones is a day behind it, or the other one ahead
SET TimeZone = 'Etc/GMT+12';
SELECT is(t.note_error('op_a', 'meninggal', 30, 303, (now() AT TIME ZONE 'Asia/Jakarta')::date::text), 'ZZZZZ it was noted', 'today in Jakarta, for a client further west');
SELECT is(reg.event_day('pindah', '{}'), (now() AT TIME ZONE 'Asia/Jakarta')::date, 'and a day that nobody names');
SET TimeZone = 'Etc/GMT-14';
SELECT is(reg.event_problem('meninggal', jsonb_build_object('tanggal', (now() AT TIME ZONE 'Asia/Jakarta')::date + 1)), '"tanggal" is no day up to today', 'tomorrow in Jakarta, for one further east');
SET TimeZone = 'Asia/Jakarta';
-- across regencies: one answer, whether the card is of another village, of another regency, or nobody's
SELECT is(t.note_error('op_a', 'gabung_kk', 1, NULL, '2026-05-01', format('{"nkk": "%s", "anggota": [{"id": 11, "hubungan": 8}, {"id": 12, "hubungan": 8}, {"id": 13, "hubungan": 8}, {"id": 14, "hubungan": 8}]}', t.nkk(n))),
    'SE101 this event of kind "gabung_kk" cannot be: it does not fit the family: no active family of this village has the card "nkk"; one of another village moves here first', 'no merge into family ' || n)
FROM unnest(ARRAY[31, 41, 999]) AS n;
SELECT is(t.note_error('op_a', 'meninggal', 41, 411, '2026-05-01', '{}', '3217012001'), t.note_error('op_a', 'meninggal', 42, 421, '2026-05-01', '{}', '3217012001'), 'nor does anybody learn of another regency''s families');
SELECT matches(t.note_error('op_a', 'meninggal', 41, 411, '2026-05-01', '{}', '3217012001'), '^42501', 'he does not even reach them');
SELECT matches(t.note_error('op_a', 'meninggal', 41, 411, '2026-05-01'), '^SE101 .*: the family lives in another village', 'under his own village neither');
SELECT throws_ok($$ SELECT t.note('aud', 'meninggal', 1, 11, '2026-05-01') $$, '42501', NULL, 'an auditor notes nothing');

-- two notices, two events
SELECT t.note('op_a', 'meninggal', 2, 21, '2026-03-01', '{"anggota": [{"id": 22, "hubungan": 1}], "nkk": "3216010103260002"}', source_key => 'akta-1') AS p_death \gset
SELECT throws_ok($$ SELECT t.note('op_a', 'meninggal', 2, 22, '2026-03-02', source_key => 'akta-1') $$, '23505', NULL, 'one notice is one event');
SELECT is(t.note_error(login, 'meninggal', 2, 21, day), 'SE101 this event of kind "meninggal" cannot be: the death of person 21 is known already, on 2026-03-01', 'nobody dies twice: ' || day)
FROM (VALUES ('op_a', '2026-03-02'), ('pend', '2026-02-02')) AS v (login, day);
SELECT throws_ok($$ SELECT t.note('pend', 'meninggal', 2, 21, '2026-03-01') $$, '23505', NULL, 'nor on the same day for another source');
SELECT is(t.note_error('op_a', 'ganti_kepala', 2, 21, day), answer, 'a dead person does nothing: ' || day) FROM (VALUES
    ('2026-03-01', 'SE101 this event of kind "ganti_kepala" cannot be: person 21 died on 2026-03-01'),
    ('2026-02-28', 'SE101 this event of kind "ganti_kepala" cannot be: it does not fit the family: member 21 is the head already')) AS v (day, answer);
SELECT is(t.note_error('op_a', 'pecah_kk', 2, NULL, '2026-04-01', '{"nkk": "3216010105260001", "wilayah": "3216012002", "anggota": [{"id": 21, "hubungan": 1}]}'),
    'SE101 this event of kind "pecah_kk" cannot be: person 21 died on 2026-03-01', 'nor moves');
SELECT t.note('op_a', 'pecah_kk', 3, NULL, '2026-04-01', '{"nkk": "3216010104260003", "wilayah": "3216012002", "alamat": "BARU 3", "anggota": [{"id": 33, "hubungan": 1}]}') AS p_split \gset
SELECT is(t.note_error('op_a', 'meninggal', 3, 33, '2026-03-31'), 'SE101 this event of kind "meninggal" cannot be: an event of a later day is known of person 33: pecah_kk on 2026-04-01', 'nor died before he moved');
SELECT throws_ok($$ SELECT t.note('op_a', 'pecah_kk', 3, NULL, '2026-04-01', '{"nkk": "3216010104260099", "anggota": [{"id": 33, "hubungan": 1}]}') $$, '23505', NULL, 'one split a day');
-- a notice that was wrong
SELECT throws_ok(format($$ SELECT t.act('op_a', 'UPDATE reg.peristiwa SET occurred_on = ''2026-01-01'' WHERE id = %s') $$, :p_death), '42501', NULL, 'what was noted stays');
SELECT throws_ok(format($$ UPDATE reg.peristiwa SET occurred_on = '2026-01-01' WHERE id = %s $$, :p_death), 'SE004', NULL, 'also for a superuser');
SELECT throws_ok('DELETE FROM reg.peristiwa', 'SE004', NULL, 'nothing is deleted');
SELECT throws_ok('TRUNCATE reg.peristiwa CASCADE', 'SE004', NULL, 'nor truncated');
SELECT t.note('op_a', 'meninggal', 4, 41, '2026-03-01') AS p_wrong \gset
SELECT is(t.act('op_a', format('UPDATE reg.peristiwa SET void_reason = ''he lives'' WHERE id = %s', :p_wrong)), 1::bigint, 'a wrong notice is void');
SELECT throws_ok(format($$ SELECT t.act('op_a', 'UPDATE reg.peristiwa SET void_reason = NULL WHERE id = %s') $$, :p_wrong), 'SE004', NULL, 'for good');

-- the others of the story
SELECT t.note('op_a', 'lahir', 5, NULL, '2026-05-01', format('{"nik": "32160141052600%s", "nama": "BAYI %s", "jenis_kelamin": 2}', lpad(n::text, 2, '0'), chr(64 + n))) FROM generate_series(1, 2) AS n \g /dev/null
SELECT t.note('op_a', 'meninggal', 6, 61, '2026-02-01') \g /dev/null
SELECT t.note('op_a', 'pindah', 7, NULL, '2026-02-02', '{"wilayah": "3217012001", "alamat": "JAUH 7", "rt": "7", "rw": "012"}') \g /dev/null
SELECT t.note('op_a', 'pindah', 8, NULL, '2026-02-02', '{"luar_negeri": true}') \g /dev/null
SELECT t.note('op_a', 'gabung_kk', 9, NULL, '2026-02-03', format('{"nkk": "%s", "anggota": [{"id": 91, "hubungan": 6}, {"id": 92, "hubungan": 6}, {"id": 93, "hubungan": 8}, {"id": 94, "hubungan": 5}]}', t.nkk(10))) \g /dev/null
SELECT t.note('op_a', 'ganti_kepala', 11, 112, '2026-02-04', '{"nkk": "3216010402260011", "anggota": [{"id": 111, "hubungan": 2}]}') \g /dev/null
-- two events of one family: a split, and on the same day the death of one who left
SELECT t.note('op_a', 'pecah_kk', 12, NULL, '2026-02-05', '{"nkk": "3216010502260012", "anggota": [{"id": 122, "hubungan": 1}, {"id": 124, "hubungan": 3}]}') \g /dev/null
SELECT t.note('op_a', 'meninggal', 12, 121, '2026-02-06', '{"anggota": [{"id": 123, "hubungan": 1}]}') \g /dev/null
INSERT INTO reg.flag (kind, keluarga_id, anggota_id, wilayah, source, noted_on) VALUES ('hamil', 12, 122, '3216011007', 'puskesmas', '2026-01-01');

-- places in programmes: of families, of persons, of the centre and of the regency
INSERT INTO reg.exclusive_group VALUES ('jkn', 'anggota', 'jkn', 'insurance');
INSERT INTO reg.program (program, owner_level, wilayah, unit, exclusive_group, legal_basis, label_id, label_en) VALUES ('pkh', 'pusat', NULL, 'keluarga', NULL, 'x', 'x', 'x'),
    ('pangan', 'kabupaten', '3216', 'keluarga', NULL, 'x', 'x', 'x'), ('desa', 'desa', '3216011007', 'anggota', NULL, 'x', 'x', 'x'), ('pbi', 'pusat', NULL, 'anggota', 'jkn', 'x', 'x', 'x'), ('jkd', 'kabupaten', '3216', 'anggota', 'jkn', 'x', 'x', 'x');
INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah, valid_from)
SELECT p, k.id, k.wilayah, '2026-01-01' FROM reg.keluarga AS k, unnest('{pkh,pangan}'::text[]) AS p WHERE k.id IN (2, 3, 6, 7, 8, 9, 10, 12, 13);
INSERT INTO reg.kepesertaan (program, keluarga_id, anggota_id, wilayah, valid_from)
SELECT p, a.keluarga_id, a.id, a.wilayah, '2026-01-01' FROM reg.anggota AS a, unnest('{pbi,desa}'::text[]) AS p WHERE a.id IN (21, 33, 34, 71, 91, 122, 123, 131);
CREATE FUNCTION t.places(family bigint) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', p.program, p.anggota_id, p.wilayah, CASE WHEN p.keluarga_id <> family THEN p.keluarga_id::text || '!' END, p.exit_reason || '@' || p.valid_to), ', ' ORDER BY p.anggota_id NULLS FIRST, p.program)
    FROM reg.kepesertaan AS p WHERE p.keluarga_id = family $$;

-- proposals of them: each event asks for its own, whatever has become of it
CREATE FUNCTION t.plan(query text) RETURNS SETOF text LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN (COSTS off) ' || query;
END $$;
SELECT isnt_empty($$ SELECT p FROM t.plan('SELECT n.tries FROM reg.peristiwa AS p, LATERAL (SELECT count(*) AS tries FROM reg.usulan AS u WHERE u.peristiwa_id = p.id) AS n') AS p
    WHERE p ~ 'Index Cond: .*peristiwa_id = p.id' $$, 'by an index');
CREATE TEMP TABLE made (peristiwa_id bigint, usulan_id bigint, problem text);
GRANT ALL ON made TO PUBLIC;
SELECT t.act('op_a', format('INSERT INTO pg_temp.made SELECT * FROM reg.peristiwa_propose(%s)', :e)) \g /dev/null
SELECT results_eq('SELECT count(usulan_id), count(problem), count(*) FROM made', 'VALUES (11::bigint, 0::bigint, 11::bigint)', 'each event that is not void is proposed');
SELECT is_empty('SELECT FROM made JOIN reg.usulan u ON u.id = usulan_id JOIN reg.peristiwa p ON p.id = u.peristiwa_id
    WHERE (u.kind, u.keluarga_id, u.anggota_id, u.payload ->> CASE u.kind WHEN ''lahir'' THEN ''tanggal_lahir'' ELSE ''tanggal'' END)
    IS DISTINCT FROM (p.kind, p.keluarga_id, p.anggota_id, p.occurred_on::text)', 'with family, member and day of the event');
SELECT is((SELECT count(*) FROM reg.bukti WHERE kind = 'formulir'), 11::bigint, 'its document is the form');
SELECT is(t.value('op_a', format('SELECT count(*) FROM reg.peristiwa_propose(%s)', :e)), '0', 'and proposed once');
SELECT throws_ok($$ SELECT t.act('op_a', 'UPDATE reg.peristiwa SET void_reason = ''x'' WHERE id = (SELECT min(peristiwa_id) FROM reg.usulan)') $$, 'SE004', NULL, 'what is under way is not void');
SELECT throws_ok(format($$ SELECT t.act('op_a', 'INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, anggota_id, payload, edisi_id, peristiwa_id)
    VALUES (''x'', ''meninggal'', ''3216011007'', 4, 42, ''{}'', %s, %s)') $$, :e, :p_wrong), 'SE101', 'the proposal is not that of its population event', 'a proposal is of its own event');
SELECT is(t.act('op_a', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE state = ''draf'''), 11::bigint, 'the village submits them');
SELECT t.act('kades_a', format('INSERT INTO reg.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256) SELECT ''sptjm'', wilayah, id, ''s.pdf'', 1, sha256(''s'') FROM reg.usulan')),
    t.act('kades_a', 'UPDATE reg.usulan SET state = ''disepakati'''),
    t.act('ver', 'INSERT INTO reg.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256) SELECT ''cek_lapangan'', wilayah, id, ''c.pdf'', 1, sha256(''c'') FROM reg.usulan'),
    t.act('ver', 'UPDATE reg.usulan SET state = ''diverifikasi''') \g /dev/null
SELECT t.value('opd', format('INSERT INTO reg.batch (wilayah, edisi_id) VALUES (''3216'', %s) RETURNING id', :e)) AS b \gset
SELECT t.value('opd', format('SELECT reg.batch_fill(%s)', :b)), t.value('opd', format('SELECT reg.batch_seal(%s)', :b)),
    t.value('opd', format('SELECT reg.village_absent(%s, ''3216'', ''test'')', :e)), t.value('bupati_a', format('SELECT reg.batch_sign(%s, ''\x01'')', :b)),
    t.act('kem', 'UPDATE reg.edisi SET cut_off_at = clock_timestamp()'), t.act('kem', 'UPDATE reg.edisi SET state = ''cut_off'''),
    t.value('kem', format('SELECT reg.batch_receive(%s)', :b)),
    t.act('bps1', 'UPDATE reg.edisi SET draw_at = clock_timestamp()'), t.act('bps1', 'UPDATE reg.edisi SET state = ''pemeringkatan''') \g /dev/null
CREATE TEMP TABLE untouched AS SELECT a.* FROM reg.anggota a WHERE a.keluarga_id NOT IN (2, 3, 5, 6, 7, 8, 9, 10, 11, 12);
SELECT is((SELECT count(*) FROM reg.keanggotaan) + (SELECT count(*) FROM reg.keluarga_nkk), 0::bigint, 'so far nothing has changed');

-- somebody leaves the registry in another way meanwhile: refused, with the reason, and nothing is applied
SAVEPOINT meanwhile;
UPDATE reg.anggota SET status = 'ganda' WHERE id = 91;
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE state = ''diserahkan''') $$, 'SE101',
    'the event does not fit the family any more: member 91 is not active (ganda)', 'an event that does not fit any more');
ROLLBACK TO meanwhile;
SELECT is(t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE state = ''diserahkan'''), 11::bigint, 'BPS processes all of them');

CREATE FUNCTION t.roster(family bigint) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', k.status, k.jumlah_anggota, coalesce(k.nama_kepala::text, '-'), (SELECT string_agg(a.id || ':' || a.hubungan || CASE WHEN a.status <> 'aktif' THEN '!' ELSE '' END, ' ' ORDER BY a.id)
        FROM reg.anggota a WHERE a.keluarga_id = k.id)) FROM reg.keluarga k WHERE k.id = family $$;
SELECT is(t.roster(id), answer, what) FROM (VALUES
    (2, 'aktif 3 WARGA DUA 21:1! 22:1 23:3 24:3', 'death of the head, with the next one'),
    (3, 'aktif 3 WARGA SATU 31:1 32:2 34:3', 'split: who stays'),
    (5, 'aktif 6 WARGA SATU 51:1 52:2 53:3 54:3 10001:3 10002:3', 'birth: twins'),
    (6, 'aktif 3 - 61:1! 62:2 63:3 64:3', 'death of the head without a next one: a family without a head'),
    (7, 'aktif 4 WARGA SATU 71:1 72:2 73:3 74:3', 'move'),
    (8, 'pindah 4 WARGA SATU 81:1 82:2 83:3 84:3', 'move abroad'),
    (9, 'nonaktif 0 -', 'merge: nobody is left'),
    (10, 'aktif 8 WARGA SATU 91:6 92:6 93:8 94:5 101:1 102:2 103:3 104:3', 'merge: all are there'),
    (11, 'aktif 4 WARGA DUA 111:2 112:1 113:3 114:3', 'change of head'),
    (12, 'aktif 1 WARGA TIGA 121:1! 123:1', 'two events of a family, by their days')) AS v (id, answer, what);
SELECT is(t.places(id), answer, 'programmes: ' || what) FROM (VALUES
    (2, 'pangan 3216011007, pkh 3216011007, desa 21 3216011007 meninggal@2026-03-01, pbi 21 3216011007 meninggal@2026-03-01', 'a death ends what the person had, not what the family has'),
    (3, 'pangan 3216011007, pkh 3216011007, desa 33 3216011007 pindah@2026-04-01, desa 34 3216011007, pbi 34 3216011007', 'who splits off leaves the family its own'),
    ((SELECT keluarga_id FROM reg.anggota WHERE id = 33), 'pbi 33 3216012002', 'and takes his own along, but for what another village does not pay'),
    (7, 'pangan 3217012001 pindah@2026-02-02, pkh 3217012001, desa 71 3217012001 pindah@2026-02-02, pbi 71 3217012001', 'a move out of the region that pays'),
    (8, 'pangan 3216011007 pindah@2026-02-02, pkh 3216011007 pindah@2026-02-02', 'a move abroad'),
    (9, 'pangan 3216011007 bergabung@2026-02-03, pkh 3216011007 bergabung@2026-02-03', 'a family that joins another has ended'),
    (10, 'pangan 3216011007, pkh 3216011007, desa 91 3216011007, pbi 91 3216011007', 'its persons keep what they have, the other family too'),
    (12, 'pangan 3216011007, pkh 3216011007, desa 123 3216011007, pbi 123 3216011007', 'split and death: who stays'),
    ((SELECT keluarga_id FROM reg.anggota WHERE id = 122), 'desa 122 3216011007, pbi 122 3216011007', 'split and death: who left'),
    (13, 'pangan 3216011007, pkh 3216011007, desa 131 3216011007, pbi 131 3216011007', 'of others nothing changes')) AS v (id, answer, what);
SELECT is((SELECT count(*) FROM reg.kepesertaan AS p LEFT JOIN reg.anggota AS a ON a.id = p.anggota_id WHERE p.valid_to IS NULL AND coalesce(a.keluarga_id, p.keluarga_id) <> p.keluarga_id), 0::bigint, 'whoever is in a programme is in it with his family');
SELECT throws_ok(format('INSERT INTO reg.kepesertaan (program, keluarga_id, anggota_id, wilayah) SELECT ''jkd'', keluarga_id, id, wilayah FROM reg.anggota WHERE id = %s', m), '23505', NULL, 'no double aid through a change of family: ' || m)
FROM unnest(ARRAY[33, 122]) AS m;
SELECT throws_ok($$ UPDATE reg.kepesertaan SET keluarga_id = 13 WHERE anggota_id = 123 AND program = 'pbi' $$, 'SE004', NULL, 'nobody takes a place to a family that the person is not of');
SELECT throws_ok($$ UPDATE reg.kepesertaan SET keluarga_id = 3 WHERE keluarga_id = 13 AND anggota_id IS NULL AND program = 'pkh' $$, 'SE004', NULL, 'nor that of a family to another');
-- who left his family comes back by the row that ended then
SAVEPOINT programs;
UPDATE reg.kepesertaan SET valid_to = '2026-06-01', exit_reason = 'mampu' WHERE anggota_id = 34 AND program = 'pbi';
UPDATE reg.anggota SET keluarga_id = 13, member_since = '2026-06-02' WHERE id = 34;
SELECT lives_ok($$ INSERT INTO reg.kepesertaan (program, keluarga_id, anggota_id, wilayah, returns_id, return_reason)
    SELECT 'pbi', 13, 34, '3216011007', id, 'perbaikan_data' FROM reg.kepesertaan WHERE anggota_id = 34 AND program = 'pbi' $$, 'and a return from another family');
-- who is taken out of the registry is in no programme; who is on hold stays
UPDATE reg.keluarga SET status = 'ditangguhkan' WHERE id = 13;
SELECT is((SELECT count(*) FROM reg.kepesertaan WHERE keluarga_id = 13 AND valid_to IS NULL), 6::bigint, 'on hold is no end');
UPDATE reg.keluarga SET status = 'tidak_ditemukan' WHERE id = 13;
SELECT is((SELECT string_agg(DISTINCT exit_reason || CASE WHEN valid_to = CURRENT_DATE THEN '' ELSE '!' END, ' ') FROM reg.kepesertaan WHERE keluarga_id = 13), 'tidak_ditemukan', 'a family that is not found leaves its programmes today');
-- paid twice in two families is paid twice
INSERT INTO reg.penerimaan (program, keluarga_id, anggota_id, wilayah, period, amount, source) VALUES ('pbi', 13, 34, '3216011007', '2026-06-01', 1, 'a');
ALTER TABLE reg.penerimaan DISABLE TRIGGER kind_fits;
INSERT INTO reg.penerimaan (program, keluarga_id, anggota_id, wilayah, period, amount, source) VALUES ('jkd', 3, 34, '3216011007', '2026-06-01', 1, 'a');
ALTER TABLE reg.penerimaan ENABLE ALWAYS TRIGGER kind_fits;
SELECT is((SELECT concat_ws(' ', anggota_id, programs, amount) FROM reg.double_aid('2026-06-01')), '34 {jkd,pbi} 2', 'double aid of a person in two families is found');
ROLLBACK TO programs;
SELECT is((SELECT string_agg(concat_ws(' ', k.wilayah, k.alamat, k.rt, k.rw, k.dusun, k.nkk_since, t.roster(k.id)), '; ' ORDER BY k.nkk) FROM reg.keluarga k WHERE k.id > 1000),
    '3216012002 BARU 3 2026-04-01 aktif 1 WARGA TIGA 33:1; 3216011007 JALAN 12 001 002 KRAJAN 2026-02-05 aktif 2 WARGA DUA 122:1 124:3', 'the families that split off, one in another village');
SELECT is((SELECT concat_ws(' ', former_wilayah, alamat, rt, valid_from, valid_to) FROM reg.keluarga_alamat WHERE keluarga_id = 7), '3216011007 JALAN 7 2020-01-01 2026-02-02', 'the former address is kept with its days');
SELECT is((SELECT concat_ws(' ', rt, rw, alamat_since) FROM reg.keluarga WHERE id = 7), '007 012 2026-02-02', 'RT and RW have their zeros');
SELECT is(t.value('op_a', 'SELECT count(*) FROM reg.keluarga_alamat') || t.value('op_far', 'SELECT count(*) FROM reg.keluarga_alamat'), '01', 'the history is where the family is');
SELECT is((SELECT wilayah::text FROM reg.anggota WHERE id = 71) || (SELECT alamat FROM reg.keluarga WHERE id = 7), '3217012001JAUH 7', 'who moves to another regency is there');
SELECT is(t.value('op_far', 'SELECT count(*) FROM reg.keluarga'), '11', 'and seen there');
SELECT is(t.value('op_a', 'SELECT count(*) FROM reg.keluarga WHERE id = 7'), '0', 'no more here');
SELECT results_eq('SELECT keluarga_id, nkk::text, valid_from, valid_to FROM reg.keluarga_nkk ORDER BY 1',
    format($$ VALUES (2::bigint, '%s', '2020-01-01'::date, '2026-03-01'::date), (11, '%s', '2020-01-01', '2026-02-04') $$, t.nkk(2), t.nkk(11)), 'former cards end on the day of the event');
SELECT is((SELECT nkk::text || nkk_since FROM reg.keluarga WHERE id = 11), '32160104022600112026-02-04', 'the next begins on it');
SELECT results_eq('SELECT anggota_id, keluarga_id, hubungan::int, valid_from, valid_to FROM reg.keanggotaan WHERE anggota_id IN (22, 33, 91, 111, 121, 123) ORDER BY 1, 4',
    $$ VALUES (22::bigint, 2::bigint, 2, '2020-01-01'::date, '2026-03-01'::date), (33, 3, 3, '2020-01-01', '2026-04-01'), (91, 9, 1, '2020-01-01', '2026-02-03'),
        (111, 11, 1, '2020-01-01', '2026-02-04'), (121, 12, 1, '2020-01-01', '2026-02-06'), (123, 12, 3, '2020-01-01', '2026-02-06') $$, 'former memberships too');
SELECT is((SELECT count(*) FROM reg.keanggotaan), 14::bigint, 'one for each that ended');
SELECT is_empty('SELECT o.anggota_id FROM reg.keanggotaan o JOIN reg.anggota a ON a.id = o.anggota_id AND a.member_since < o.valid_to', 'none reaches into the present one');
SELECT is_empty('SELECT keluarga_id FROM reg.anggota WHERE hubungan = 1 AND status = ''aktif'' GROUP BY 1 HAVING count(*) > 1', 'one head each');
SELECT is_empty('TABLE untouched EXCEPT TABLE reg.anggota', 'nobody else has changed');
SELECT is((SELECT keluarga_id > 1000 FROM reg.flag WHERE anggota_id = 122), true, 'a flag goes with the person');
SELECT is((SELECT string_agg(code, ' ') FROM reg.report_anomaly() WHERE keluarga_id = 6), 'no_head', 'the family without a head is reported');
SELECT is(t.value('aud', 'SELECT string_agg(concat_ws('' '', kind, events, without_proposal, applied, void), ''; '') FROM reg.report_peristiwa()'),
    'gabung_kk 1 0 1 0; ganti_kepala 1 0 1 0; lahir 2 0 2 0; meninggal 4 0 3 1; pecah_kk 2 0 2 0; pindah 2 0 2 0', 'events, and what became of them');
-- several cards of a family on one day: the same number may come, go and come again
SAVEPOINT cards;
UPDATE reg.keluarga SET nkk = t.nkk(600 + n)::dtsen.nkk, nkk_since = '2026-07-01' FROM (SELECT 1 AS n) AS x WHERE id = 20;
UPDATE reg.keluarga SET nkk = t.nkk(20)::dtsen.nkk WHERE id = 20;
UPDATE reg.keluarga SET nkk = t.nkk(601)::dtsen.nkk WHERE id = 20;
UPDATE reg.keluarga SET nkk = t.nkk(20)::dtsen.nkk WHERE id = 20;
SELECT lives_ok($$ UPDATE reg.keluarga SET nkk = t.nkk(602)::dtsen.nkk, nkk_since = '2026-07-09' WHERE id = 20 $$, 'cards that change several times a day');
SELECT results_eq('SELECT nkk::text, valid_from, valid_to FROM reg.keluarga_nkk WHERE keluarga_id = 20 ORDER BY valid_from, nkk',
    format($$ VALUES ('%1$s', '2020-01-01'::date, '2026-07-01'::date), ('%1$s', '2026-07-01', '2026-07-09'), ('%2$s', '2026-07-01', '2026-07-01') $$, t.nkk(20), t.nkk(601)), 'are kept with their days');
ROLLBACK TO cards;
-- a move that happened before the registry knew the address that it ends
SAVEPOINT late;
UPDATE reg.keluarga SET alamat = 'KETAHUAN', alamat_since = '2026-08-01' WHERE id = 21;
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
INSERT INTO reg.usulan (id, request_key, kind, wilayah, keluarga_id, payload, edisi_id, state)
SELECT 9000 + n, 'late-' || n, 'pindah', '3216011007', 21, payload::jsonb, :e, 'terbit'
FROM (VALUES (1, '{"wilayah": "3216012002", "alamat": "BARU", "tanggal": "2026-07-15"}'), (2, '{"wilayah": "3216011007", "alamat": "LAGI", "tanggal": "2026-08-01"}'), (3, '{"wilayah": "3216012002", "alamat": "AKHIR", "tanggal": "2026-08-20"}')) AS v (n, payload);
SELECT reg.event_write(ARRAY[9000 + n]::bigint[]) FROM generate_series(1, 3) AS n \g /dev/null
SELECT results_eq('SELECT alamat, valid_from, valid_to FROM reg.keluarga_alamat WHERE keluarga_id = 21 ORDER BY changed_at, valid_from, valid_to, id',
    $$ VALUES ('JALAN 21', '2020-01-01'::date, '2026-08-01'::date), ('KETAHUAN', '2026-08-01', '2026-08-01'), ('BARU', '2026-08-01', '2026-08-01'), ('LAGI', '2026-08-01', '2026-08-20') $$,
    'what follows begins on the day from which it was known, not today');
SELECT is((SELECT alamat || ' ' || alamat_since FROM reg.keluarga WHERE id = 21), 'AKHIR 2026-08-20', 'and goes on from there');
UPDATE reg.keluarga SET alamat = 'TANPA HARI' WHERE id = 21;
SELECT is((SELECT alamat_since FROM reg.keluarga WHERE id = 21), (now() AT TIME ZONE 'Asia/Jakarta')::date, 'an address of which nobody says the day begins today');
ROLLBACK TO late;
-- a copy by logical replication knows each row
SAVEPOINT copies;
SET client_min_messages = error;
CREATE PUBLICATION copies FOR TABLES IN SCHEMA reg;
SET client_min_messages = warning;
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class AS c WHERE c.relnamespace = 'reg'::regnamespace AND c.relkind IN ('r', 'p') AND c.relreplident <> 'f'
    AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary) $$, 'every table has an identity for it');
SELECT lives_ok($$ UPDATE reg.keanggotaan SET hubungan = hubungan; UPDATE reg.keluarga_alamat SET rt = rt; DELETE FROM reg.peserta_summary; DELETE FROM reg.desil_summary; DELETE FROM reg.movement_summary;
    DELETE FROM reg.desil_cut; UPDATE reg.program_quota SET quota = quota $$, 'so that rows can change and go');
ROLLBACK TO copies;
-- declared, not hoped for
SELECT throws_ok($$ INSERT INTO reg.keanggotaan SELECT anggota_id, wilayah, keluarga_id, hubungan, status, valid_from + 9, valid_to + 9 FROM reg.keanggotaan WHERE anggota_id = 22 $$, '23P01', NULL, 'memberships do not overlap');
SELECT throws_ok($$ INSERT INTO reg.keluarga_nkk SELECT keluarga_id, wilayah, t.nkk(77)::dtsen.nkk, valid_from + 9, valid_to + 9 FROM reg.keluarga_nkk WHERE keluarga_id = 2 $$, '23P01', NULL, 'nor do the days of cards');
SELECT throws_ok($$ UPDATE reg.anggota SET hubungan = 4, member_since = '2019-01-01' WHERE id = 13 $$, 'SE101', 'a membership cannot begin before the one that it follows', 'nor does the present one reach back');

-- the day is that of Jakarta here too, and a membership that began tomorrow by the client's clock stops no file
SAVEPOINT clock;
SET TimeZone = 'Etc/GMT+12';
SELECT is(t.import('data_a', 'kematian', 'nomor_akta|nik|tanggal_meninggal', 'Z-1|' || t.nik(132) || '|' || (now() AT TIME ZONE 'Asia/Jakarta')::date), '1 read 1 accepted 0 refused 1 new 0 changed 0 same', 'a file with what happened today');
SET TimeZone = 'Etc/GMT-14';
SELECT is(t.import('data_a', 'kematian', 'nomor_akta|nik|tanggal_meninggal', 'Z-2|' || t.nik(133) || '|' || (now() AT TIME ZONE 'Asia/Jakarta')::date + 1), '1 read 0 accepted 1 refused 0 new 0 changed 0 same', 'not with what happens tomorrow');
UPDATE reg.anggota SET member_since = CURRENT_DATE + 1 WHERE id = 134;
SELECT is(t.import('data_a', 'anggota', 'nomor_induk_kependudukan|nomor_kartu_keluarga|nama|tanggal_lahir|jenis_kelamin|status_hubungan_keluarga', t.nik(134) || '|' || t.nkk(13) || '|WARGA EMPAT|2010-01-01|2|5'),
    '1 read 1 accepted 0 refused 0 new 1 changed 0 same', 'a relation that changes before its day');
ROLLBACK TO clock;
SET TimeZone = 'Asia/Jakarta';

-- deaths from the civil registry
SELECT is(t.import('data_a', 'kematian', 'nomor_akta|nik|nama_lengkap|tanggal_meninggal',
    'K-1|' || t.nik(142) || '|WARGA DUA|2026-06-01', 'K-2|' || t.nik(151) || '|WARGA SATU|2026-06-02', 'K-2|' || t.nik(152) || '|WARGA DUA|2026-06-02',
    'K-3|' || t.nik(411) || '|WARGA SATU|2026-06-01', 'K-4|' || t.nik(161) || '|SUTRISNO|2026-06-01', 'K-5|' || t.nik(164) || '|WARGA EMPAT|2009-06-01',
    'K-6|' || t.nik(21) || '|WARGA SATU|2026-06-01', 'K-7|' || t.nik(171) || '||2026-06-01', 'K-8|' || t.nik(172) || '|WARGA DUA|2026-02-30', 'K-9|' || t.nik(142) || '|WARGA DUA|2026-06-02'),
    '10 read 3 accepted 7 refused 3 new 0 changed 0 same', 'a file of deaths');
SELECT is((SELECT string_agg(line_number || ' ' || reason, ', ' ORDER BY line_number) FROM reg.import_reject),
    '4 duplicate_line, 5 person_unknown, 6 name_differs, 7 before_birth, 8 person_unknown, 10 bad_value, 11 duplicate_line', 'refused lines with their reasons; a person of another regency is unknown');
SELECT is((SELECT string_agg(concat_ws(' ', p.kind, p.anggota_id, p.occurred_on, p.source_key, p.document_name, p.document_size > 0, p.created_by), ', ' ORDER BY p.id) FROM reg.peristiwa p WHERE p.import_id IS NOT NULL),
    'meninggal 142 2026-06-01 K-1 kematian.csv t data_a, meninggal 151 2026-06-02 K-2 kematian.csv t data_a, meninggal 171 2026-06-01 K-7 kematian.csv t data_a', 'become events, with the file as document');
SELECT is((SELECT status::text FROM reg.anggota WHERE id = 142), 'aktif', 'and change nobody');
SELECT is(t.import('data_a', 'kematian', 'nomor_akta|nik|tanggal_meninggal', 'K-1|' || t.nik(142) || '|2026-06-01', 'K-2|' || t.nik(151) || '|2026-06-03', 'K-10|' || t.nik(171) || '|2026-06-01', 'K-11|' || t.nik(181) || '|2026-06-01'),
    '4 read 2 accepted 2 refused 1 new 0 changed 1 same', 'a later file brings what is new');
SELECT is((SELECT string_agg(line_number || ' ' || reason, ', ' ORDER BY line_number) FROM reg.import_reject WHERE import_id = (SELECT max(id) FROM reg.import_run)), '3 event_differs, 4 event_known', 'and says what it contradicts');
-- one death that cannot be, or whose number is that of another notice, is a line, not the end of the file
SAVEPOINT odd;
INSERT INTO reg.peristiwa (kind, wilayah, keluarga_id, anggota_id, occurred_on, payload, source, source_key)
SELECT 'ganti_kepala', a.wilayah, a.keluarga_id, a.id, '2026-06-20',
    jsonb_build_object('anggota', jsonb_build_array(jsonb_build_object('id', h.id, 'hubungan', 8))), 'desa', 'later'
FROM reg.anggota a JOIN reg.anggota h ON h.keluarga_id = a.keluarga_id AND h.hubungan = 1 WHERE a.id = 192;
INSERT INTO reg.peristiwa (kind, wilayah, keluarga_id, anggota_id, occurred_on, payload, source, source_key)
SELECT 'ganti_kepala', a.wilayah, a.keluarga_id, a.id, '2026-06-20',
    jsonb_build_object('anggota', jsonb_build_array(jsonb_build_object('id', h.id, 'hubungan', 8))), 'dukcapil', 'K-12'
FROM reg.anggota a JOIN reg.anggota h ON h.keluarga_id = a.keluarga_id AND h.hubungan = 1 WHERE a.id = 202;
SELECT is(t.import('data_a', 'kematian', 'nomor_akta|nik|tanggal_meninggal', 'K-21|' || t.nik(192) || '|2026-06-01', 'K-12|' || t.nik(203) || '|2026-06-01', 'K-13|' || t.nik(193) || '|2026-06-01'),
    '3 read 1 accepted 2 refused 1 new 0 changed 0 same', 'one that contradicts leaves the others alone');
SELECT is((SELECT string_agg(line_number || ' ' || reason, ', ' ORDER BY line_number) FROM reg.import_reject WHERE import_id = (SELECT max(id) FROM reg.import_run)), '2 event_contradicts, 3 event_differs', 'and is refused by its own reason');
ROLLBACK TO odd;
SELECT is(t.import('data_far', 'kematian', 'nomor_akta|nik|tanggal_meninggal', 'K-1|' || t.nik(142) || '|2026-06-01'), '1 read 0 accepted 1 refused 0 new 0 changed 0 same', 'another regency reaches nobody here');
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v2', now() + '40 days', now() + '41 days', now() + '42 days', now() + '43 days', now() + '44 days') $$) \g /dev/null
SELECT is(t.value('op_a', 'SELECT count(usulan_id) FROM reg.peristiwa_propose((SELECT max(id) FROM reg.edisi))'), '4', 'the village proposes them');
SELECT is(t.value('op_a', 'SELECT count(*) FROM reg.peristiwa_propose((SELECT max(id) FROM reg.edisi))'), '0', 'once');
-- withdrawn, an event can be proposed again
SELECT t.act('op_a', 'UPDATE reg.usulan SET state = ''ditarik'' WHERE state = ''draf'' AND anggota_id = 142') \g /dev/null
SELECT is(t.value('op_a', 'SELECT count(usulan_id) FROM reg.peristiwa_propose((SELECT max(id) FROM reg.edisi))'), '1', 'again after a withdrawal');
SELECT * FROM finish();
ROLLBACK;
