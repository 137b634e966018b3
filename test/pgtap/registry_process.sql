-- The steps of a registry: who sees what, who may do what, and what a step needs.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SELECT t.login('op_a', 'operator_desa', '32.16.01.1007'), t.login('kades_a', 'kades', '3216011007'),
    t.login('op_b', 'operator_desa', '3216012002'), t.login('kades_b', 'kades', '3216012002'),
    t.login('op_far', 'operator_desa', '3217012001'), t.login('pend', 'pendamping', '321601'),
    t.login('ver', 'verifikator', '3216'), t.login('opd', 'kepala_opd', '3216'), t.login('bupati_a', 'kepala_daerah', '3216'),
    t.login('ver_far', 'verifikator', '3217'), t.login('kem', 'kemensos', NULL), t.login('bps1', 'bps', NULL),
    t.login('bps2', 'bps', NULL), t.login('aud', 'auditor', NULL), t.login('ana', 'analis', NULL),
    t.login('data_a', 'pengelola', '3216') \g /dev/null
-- one person with two logins; a login of two regions; one that is in a role and no actor
SELECT t.login('kades_double', 'kades', '3216011007', 'person op_a') \g /dev/null
SELECT t.login('two', 'pendamping', '3216011007'), t.login('two', 'pendamping', '3217') \g /dev/null
-- one of a region and of another within it; one of a village that reads the country's figures
SELECT t.login('nested', 'pendamping', '32'), t.login('nested', 'pendamping', '3216011007'),
    t.login('figures', 'kades', '3216011007'), t.login('figures', 'analis', NULL) \g /dev/null
CREATE ROLE nobody_yet LOGIN IN ROLE reg_verifikator;

-- 3 villages: two of one regency, one of another; a family of two in each place
INSERT INTO reg.keluarga (id, nkk, wilayah, alamat)
SELECT n, t.nkk(n)::dtsen.nkk, v.w::dtsen.kode_wilayah, 'RT ' || n
FROM (VALUES ('3216011007', 1, 20), ('3216012002', 21, 30), ('3217012001', 31, 40)) AS v (w, a, b), generate_series(v.a, v.b) AS n;
INSERT INTO reg.rumah (keluarga_id, wilayah, jenis_lantai_terluas) SELECT id, wilayah, 1 FROM reg.keluarga;
INSERT INTO reg.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, jenis_kelamin, tanggal_lahir)
SELECT k.id * 10 + h, k.id, k.wilayah, t.nik((k.id * 10 + h)::int)::dtsen.nik, ('WARGA ' || CASE h WHEN 1 THEN 'SATU' ELSE 'DUA' END)::dtsen.nama,
    h, h, '1990-03-02'
FROM reg.keluarga AS k, generate_series(1, 2) AS h;
SELECT setval(pg_get_serial_sequence('reg.keluarga', 'id'), 1000), setval(pg_get_serial_sequence('reg.anggota', 'id'), 10000) \g /dev/null
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v1', now() + '10 days', now() + '11 days', now() + '12 days', now() + '13 days', now() + '14 days') $$) \g /dev/null
SELECT id AS e FROM reg.edisi \gset

-- who sees what
SELECT results_eq(
    $$ SELECT l, t.value(l, 'SELECT count(*) FROM reg.keluarga'), t.value(l, 'SELECT count(*) FROM reg.anggota')
        FROM unnest('{op_a,op_b,op_far,pend,ver,ver_far,kem,aud,two,nested,figures,nobody_yet}'::text[]) AS l $$,
    $$ VALUES ('op_a', '20', '40'), ('op_b', '10', '20'), ('op_far', '10', '20'), ('pend', '30', '60'), ('ver', '30', '60'),
        ('ver_far', '10', '20'), ('kem', '40', '80'), ('aud', '40', '80'), ('two', '30', '60'), ('nested', '40', '80'), ('figures', '20', '40'), ('nobody_yet', '0', '0') $$,
    'each login sees the families and persons of its regions');
SELECT throws_ok($$ SELECT t.act('ana', 'SELECT FROM reg.keluarga') $$, '42501', NULL, 'an analyst sees no family');
SELECT throws_ok($$ SELECT t.act('op_a', 'SELECT FROM reg.actor') $$, '42501', NULL, 'nobody but the owner reads actor');
CREATE FUNCTION t.plan(login text, query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('role', login, true);
    RETURN QUERY EXECUTE 'EXPLAIN (COSTS off) ' || query;
    PERFORM set_config('role', 'none', true);
END $$;
SELECT is_empty(format($$ SELECT p FROM t.plan(%L, 'SELECT * FROM reg.%I') AS p
    WHERE p ~ '(Filter|Cond):.*scope_' $$, l, r), format('row security of %s calls no function per row (%s)', r, l))
FROM unnest('{op_a,ver,kem,two}'::text[]) AS l, unnest('{keluarga,anggota,usulan,desil}'::text[]) AS r;
SET LOCAL enable_seqscan = off;
SELECT isnt_empty($$ SELECT p FROM t.plan('op_a', 'SELECT * FROM reg.keluarga') AS p WHERE p ~ 'Index Cond: .*wilayah .*>=' $$,
    'it is a range of the index');
RESET enable_seqscan;

-- entering proposals
CREATE FUNCTION t.propose(login text, kind text, wilayah text, family bigint, member bigint, payload text) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    id bigint;
BEGIN
    PERFORM set_config('role', login, true);
    EXECUTE format('INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, anggota_id, payload, edisi_id)
        VALUES (%L, %L, %L, %L, %L, %L, %s) RETURNING id', gen_random_uuid(), kind, wilayah, family, member, payload,
        (SELECT max(e.id) FROM reg.edisi AS e)) INTO id;
    PERFORM set_config('role', 'none', true);
    RETURN id;
END $$;
CREATE FUNCTION t.evidence(login text, kind text, meeting bigint, proposal bigint) RETURNS bigint LANGUAGE sql AS $$
    SELECT t.act(login, format('INSERT INTO reg.bukti (kind, wilayah, musyawarah_id, usulan_id, file_name, file_size, sha256)
        SELECT %L, w, %L, %L, ''x.pdf'', 1, sha256(%L) FROM (SELECT wilayah FROM reg.musyawarah WHERE id = %2$L
        UNION ALL SELECT wilayah FROM reg.usulan WHERE id = %3$L) AS s (w)', kind, meeting, proposal,
        concat_ws('-', kind, meeting, proposal)))
$$;
SELECT throws_ok($$ SELECT t.propose('op_a', 'ubah', '3216012002', 21, NULL, '{}') $$, '42501', NULL, 'nobody proposes for another village');
SELECT throws_ok($$ SELECT t.propose('ver', 'ubah', '3216011007', 1, NULL, '{}') $$, '42501', NULL, 'a verifier enters no proposals');
SELECT throws_ok($$ SELECT t.act('op_a', 'INSERT INTO reg.usulan (request_key, kind, wilayah, payload, edisi_id, state)
    VALUES (''x'', ''baru'', ''3216011007'', ''{}'', 1, ''diajukan'')') $$, '42501', NULL, 'the state is not for the client to say');
SELECT t.propose('op_a', 'ubah', '3216011007', 1, NULL, '{"jenis_lantai_terluas": "8"}') AS p1 \gset
SELECT throws_ok($$ SELECT t.propose('op_a', 'ubah', '3216011007', 1, NULL, '{"jenis_lantai_terluas": "7"}') $$,
    '23505', NULL, 'one live proposal of a kind for a family');
SELECT is((SELECT created_by || ' ' || changed_by || ' ' || state FROM reg.usulan WHERE id = :p1), 'op_a op_a draf', 'who entered it is noted');
SELECT throws_ok(format($$ SELECT t.act('op_a', 'UPDATE reg.usulan SET keluarga_id = 2 WHERE id = %s') $$, :p1), '42501', NULL,
    'a proposal cannot be turned to another family by its operator');
SELECT throws_ok(format($$ UPDATE reg.usulan SET keluarga_id = 2 WHERE id = %s $$, :p1), '42501', NULL, 'a superuser is no actor');

-- what a proposal needs to be submitted
SELECT throws_ok(format($$ SELECT t.act('op_a', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = %s') $$, :p1), 'SE003',
    'evidence of kind "formulir" is missing', 'no submission without the form');
SELECT is(t.evidence('op_a', 'formulir', NULL, :p1), 1::bigint, 'the operator notes the form');
SELECT is(t.act('op_a', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = ' || :p1), 1::bigint, 'then it is submitted');
CREATE FUNCTION t.why_not(kind text, family bigint, member bigint, payload text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    id bigint;
BEGIN
    id := t.propose('op_a', kind, '3216011007', family, member, payload);
    PERFORM t.evidence('op_a', 'formulir', NULL, id);
    PERFORM t.act('op_a', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = ' || id);
    RAISE EXCEPTION 'nothing' USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is(t.why_not(kind, family, member, payload), answer, format('%s %s', kind, payload)) FROM (VALUES
    ('ubah', 2, NULL, '{"jenis_lantai_terluas": "1", "alamat": "RT 9"}', 'ZZZZZ nothing'),
    ('ubah', 2, NULL, '{"jenis_lantai_terluas": "tanah"}', 'SE101 the content of the proposal is not complete: each key is alamat or a column of rumah or aset, each value a whole number below 10000'),
    ('ubah', 2, NULL, '{"nkk": "1"}', 'SE101 the content of the proposal is not complete: each key is alamat or a column of rumah or aset, each value a whole number below 10000'),
    ('ubah', 2, NULL, '{}', 'SE101 the content of the proposal is not complete: it changes nothing'),
    ('ubah', NULL, NULL, '{"alamat": "x"}', 'SE101 the proposal names no family'),
    ('ubah', 21, NULL, '{"alamat": "x"}', 'SE101 the family lives in another village'),
    ('perbaikan_nik', 2, 21, '{"nik": "3216010203909999"}', 'ZZZZZ nothing'),
    ('perbaikan_nik', 2, 21, '{"nik": "321601020390"}', 'SE101 the content of the proposal is not complete: "nik" is no NIK'),
    ('perbaikan_nik', 2, NULL, '{"nik": "3216010203909999"}', 'SE101 the proposal names no member'),
    ('perbaikan_nik', 2, 31, '{"nik": "3216010203909999"}', 'SE101 the member is not of this family'),
    ('perbaikan_nik', 2, 21, '{"nik": "3216010203900311"}', 'SE101 another record of the registry has this NIK'),
    ('ganda', 2, 21, '{"nik": "3216010203900022"}', 'ZZZZZ nothing'),
    ('ganda', 2, 21, '{"nik": "3216010203900311"}', 'SE101 no other record of the family has this NIK'),
    ('meninggal', 2, 21, '{"tanggal": "2026-01-02"}', 'ZZZZZ nothing'),
    ('meninggal', 2, 21, '{"tanggal": "2026-02-30"}', 'SE101 the content of the proposal is not complete: "tanggal" is no day up to today'),
    ('meninggal', 2, 21, '{"tanggal": "2999-01-01"}', 'SE101 the content of the proposal is not complete: "tanggal" is no day up to today'),
    ('pindah', 2, NULL, '{"wilayah": "3216012002"}', 'ZZZZZ nothing'),
    ('pindah', 2, NULL, '{"wilayah": "3216019999"}', 'SE101 the content of the proposal is not complete: "wilayah" is no village'),
    ('hapus', 2, NULL, '{"status": "nonaktif", "alasan": "ASN"}', 'ZZZZZ nothing'),
    ('hapus', 2, NULL, '{"status": "aktif", "alasan": "ASN"}', 'SE101 the content of the proposal is not complete: "status" is not one of the list keberadaan'),
    ('hapus', 2, NULL, '{"status": "nonaktif"}', 'SE101 the content of the proposal is not complete: "alasan" is missing'),
    ('baru', 2, NULL, '{}', 'SE101 a new family is not one of the registry'),
    ('baru', NULL, NULL, '{"nkk": "1"}', 'SE101 the content of the proposal is not complete: "nkk" is no number of a family card'),
    ('baru', NULL, NULL, '{"nkk": "3216011701209000", "alamat": "RT 1", "anggota": [{"nik": "3216010203909001", "nama": "A B", "hubungan": 2, "jenis_kelamin": 1, "tanggal_lahir": "1990-03-02"}]}',
        'SE101 the content of the proposal is not complete: each of "anggota" needs nik, nama, hubungan, jenis_kelamin and tanggal_lahir; one is the head; no nik twice'),
    ('baru', NULL, NULL, '{"nkk": "3216011701209000", "alamat": "RT 1", "anggota": [{"nik": "3216010203909001", "hubungan": 1, "jenis_kelamin": 1, "tanggal_lahir": "1990-03-02"}]}',
        'SE101 the content of the proposal is not complete: each of "anggota" needs nik, nama, hubungan, jenis_kelamin and tanggal_lahir; one is the head; no nik twice'),
    ('baru', NULL, NULL, '{"nkk": "3216011701209000", "alamat": "RT 1", "anggota": [{"nik": "3216010203909001", "nama": "A B", "hubungan": 1, "jenis_kelamin": 1, "tanggal_lahir": "1849-12-31"}]}',
        'SE101 the content of the proposal is not complete: each of "anggota" needs nik, nama, hubungan, jenis_kelamin and tanggal_lahir; one is the head; no nik twice'),
    ('baru', NULL, NULL, '{"nkk": "3216011701209000", "alamat": "RT 1", "anggota": [{"nik": "3216010203909001", "nama": "A B", "hubungan": 1, "jenis_kelamin": 1, "tanggal_lahir": "1990-03-02"}]}', 'ZZZZZ nothing')
    ) AS v (kind, family, member, payload, answer);

-- a draft for a family of another village would bar that village from its own
SELECT throws_ok($$ SELECT t.propose('op_a', 'hapus', '3216011007', 25, NULL, '{}') $$, 'SE101', 'the family lives in another village',
    'not even a draft for a family of another village');
SELECT throws_ok($$ SELECT t.propose('op_a', 'meninggal', '3216011007', 9, 251, '{}') $$, 'SE101', 'the member is not of this family',
    'nor for a member of another family');

-- rows before and after have no index: each with each is no plan for many, though it is the one for the first row of a session
SELECT is_empty($$ SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'reg'::regnamespace AND p.prosrc ~ 'old_rows' AND p.prosrc ~ 'JOIN new_rows'
    AND 'enable_nestloop=off' <> ALL (coalesce(p.proconfig, '{}')) $$, 'no trigger joins the rows of a statement by a nested loop');

-- functions of triggers and machines lend nobody the rights of the owner
SELECT is_empty($$ SELECT p.proname FROM pg_proc AS p, unnest('{op_a,kades_a,pend,ver,opd,bupati_a,kem,bps1,aud,ana,data_a}'::name[]) AS l
    WHERE p.pronamespace = 'reg'::regnamespace AND (p.prorettype = 'trigger'::regtype OR p.proname = 'usulan_apply')
    AND has_function_privilege(l, p.oid, 'EXECUTE') $$, 'no role attaches a trigger function to a table of its own');
GRANT EXECUTE ON FUNCTION reg.edisi_partition(), reg.keluarga_keep_nkk(), reg.anggota_keep_membership(), reg.cek_ulang_in_window() TO op_a;
SELECT is(t.act('op_a', 'CREATE TEMP TABLE mine (id text, name text)') IS NOT NULL, true, 'a table of its own');
SELECT throws_ok(format($$ SELECT t.act('op_a', 'CREATE TRIGGER x AFTER %s ON pg_temp.mine REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION reg.%s()'),
        t.act('op_a', 'INSERT INTO pg_temp.mine VALUES (''9'', ''x'')'), t.act('op_a', 'UPDATE pg_temp.mine SET id = ''10''') $$, 'UPDATE',
        'OLD TABLE AS old_rows NEW TABLE AS new_rows', f), '39P01', NULL, f || ' serves its own table only, if it could')
FROM unnest('{keluarga_keep_nkk,anggota_keep_membership}'::text[]) AS f;
SELECT throws_ok(format($$ SELECT t.act('op_a', 'CREATE TRIGGER x AFTER INSERT ON pg_temp.mine FOR EACH ROW EXECUTE FUNCTION reg.%s()'),
        t.act('op_a', 'INSERT INTO pg_temp.mine VALUES (''9); DROP TABLE reg.aset; --'', ''x'')') $$, f), '39P01', NULL, f || ' serves its own table only, if it could')
FROM unnest('{edisi_partition,cek_ulang_in_window}'::text[]) AS f;
REVOKE EXECUTE ON FUNCTION reg.edisi_partition(), reg.keluarga_keep_nkk(), reg.anggota_keep_membership(), reg.cek_ulang_in_window() FROM op_a;

-- the meeting
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'UPDATE reg.usulan SET state = ''disepakati'' WHERE id = %s') $$, :p1), 'SE003',
    'no village meeting decided on the proposal', 'no agreement without a meeting');
CREATE FUNCTION t.meeting(village text, held_on date, attendees integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    id bigint;
    operator text := CASE village WHEN '3216011007' THEN 'op_a' ELSE 'op_b' END;
BEGIN
    id := t.value(operator, format('INSERT INTO reg.musyawarah (wilayah, held_on, place) VALUES (%L, %L, ''balai desa'') RETURNING id', village, held_on));
    PERFORM t.act(operator, 'UPDATE reg.musyawarah SET state = ''berlangsung'' WHERE id = ' || id);
    PERFORM t.act(operator, format('UPDATE reg.musyawarah SET state = ''selesai'', attendee_count = %s WHERE id = %s', attendees, id));
    RETURN id;
END $$;
SELECT t.meeting('3216011007', CURRENT_DATE, 25) AS m1 \gset
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'UPDATE reg.musyawarah SET state = ''sah'' WHERE id = %s') $$, :m1), 'SE003',
    'evidence of the meeting is missing: berita_acara, daftar_hadir, foto, publikasi', 'a meeting needs its evidence');
SELECT t.evidence('op_a', k, :m1, NULL) FROM unnest('{berita_acara,daftar_hadir,foto}'::text[]) AS k \g /dev/null
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'UPDATE reg.musyawarah SET state = ''sah'' WHERE id = %s') $$, :m1), 'SE003',
    'evidence of the meeting is missing: publikasi', 'all four kinds');
SELECT t.evidence('kades_a', 'publikasi', :m1, NULL) \g /dev/null
SELECT throws_ok(format($$ SELECT t.act('op_a', 'UPDATE reg.musyawarah SET state = ''sah'' WHERE id = %s') $$, :m1), '42501', NULL, 'not by the operator');
SELECT is(t.act('kades_b', 'UPDATE reg.musyawarah SET state = ''sah'' WHERE id = ' || :m1), 0::bigint, 'the head of another village sees no such meeting');
SELECT throws_ok(format($$ SELECT t.act('kades_double', 'UPDATE reg.musyawarah SET state = ''sah'' WHERE id = %s') $$, :m1), 'SE006', NULL,
    'not by the same person with another login');
SELECT is(t.act('kades_a', 'UPDATE reg.musyawarah SET state = ''sah'' WHERE id = ' || :m1), 1::bigint, 'the head of the village declares it valid');
SELECT throws_ok(format($$ SELECT t.evidence('op_a', 'foto', %s, NULL) $$, :m1), 'SE004', NULL, 'no more evidence for a valid meeting');
SELECT throws_ok($$ DELETE FROM reg.bukti WHERE musyawarah_id IS NOT NULL $$, 'SE004', NULL, 'and none is taken away, not by a superuser');
SELECT t.meeting('3216011007', CURRENT_DATE, 3) AS m2 \gset
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'UPDATE reg.musyawarah SET state = ''sah'' WHERE id = %s') $$, :m2), 'SE003',
    'the meeting had 3 persons, it needs 10', 'a meeting needs its quorum');
SELECT t.meeting('3216011007', CURRENT_DATE - 1, 25) AS m_before \gset
SELECT t.evidence('op_a', k, :m_before, NULL) FROM unnest('{berita_acara,daftar_hadir,foto,publikasi}'::text[]) AS k \g /dev/null
SELECT t.act('kades_a', 'UPDATE reg.musyawarah SET state = ''sah'' WHERE id = ' || :m_before) \g /dev/null
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'UPDATE reg.usulan SET state = ''disepakati'', musyawarah_id = %s WHERE id = %s') $$, :m_before, :p1),
    'SE003', 'the village meeting was before the proposal', 'a meeting decides on what lay before it');
SAVEPOINT zone;
SET LOCAL TimeZone = 'Etc/GMT+12';
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'UPDATE reg.usulan SET state = ''disepakati'', musyawarah_id = %s WHERE id = %s') $$, :m_before, :p1),
    'SE003', 'the village meeting was before the proposal', 'in whatever time zone the client is');
ROLLBACK TO zone;
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'UPDATE reg.usulan SET state = ''disepakati'', musyawarah_id = %s WHERE id = %s') $$, :m2, :p1),
    'SE003', 'the village meeting is not valid', 'only a valid meeting counts');
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'UPDATE reg.usulan SET state = ''ditolak_musdes'', musyawarah_id = %s WHERE id = %s') $$, :m1, :p1),
    'SE003', NULL, 'a refusal needs a reason');
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
UPDATE reg.usulan SET payload_changed_at = now() + '1 day' WHERE id = :p1;
ALTER TABLE reg.usulan ENABLE TRIGGER USER;
ALTER TABLE reg.usulan ENABLE ALWAYS TRIGGER keep_content, ENABLE ALWAYS TRIGGER zz_dtsen_guard,
    ENABLE ALWAYS TRIGGER zz_dtsen_guard_truncate, ENABLE ALWAYS TRIGGER zz_dtsen_journal_insert,
    ENABLE ALWAYS TRIGGER zz_dtsen_journal_update, ENABLE ALWAYS TRIGGER zz_dtsen_journal_delete;
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'UPDATE reg.usulan SET state = ''disepakati'', musyawarah_id = %s WHERE id = %s') $$, :m1, :p1),
    'SE003', 'the content of the proposal changed after the village meeting', 'a meeting decides on the content that lay before it');
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
UPDATE reg.usulan SET payload_changed_at = created_at WHERE id = :p1;
ALTER TABLE reg.usulan ENABLE TRIGGER USER;
ALTER TABLE reg.usulan ENABLE ALWAYS TRIGGER keep_content, ENABLE ALWAYS TRIGGER zz_dtsen_guard,
    ENABLE ALWAYS TRIGGER zz_dtsen_guard_truncate, ENABLE ALWAYS TRIGGER zz_dtsen_journal_insert,
    ENABLE ALWAYS TRIGGER zz_dtsen_journal_update, ENABLE ALWAYS TRIGGER zz_dtsen_journal_delete;
SELECT is(t.act('kades_a', format('UPDATE reg.usulan SET state = ''disepakati'', musyawarah_id = %s WHERE id = %s', :m1, :p1)), 1::bigint,
    'the meeting agrees');
SELECT throws_ok(format($$ SELECT t.act('ver', 'UPDATE reg.usulan SET musyawarah_id = NULL WHERE id = %s') $$, :p1), '42501', NULL, 'its link to the meeting stays');
-- a statement of responsibility instead
SELECT t.propose('op_b', 'ubah', '3216012002', 21, NULL, '{"jenis_lantai_terluas": "8"}') AS p2 \gset
SELECT t.evidence('op_b', 'formulir', NULL, :p2), t.act('op_b', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = ' || :p2),
    t.evidence('kades_b', 'sptjm', NULL, :p2) \g /dev/null
SELECT is(t.act('kades_b', 'UPDATE reg.usulan SET state = ''disepakati'' WHERE id = ' || :p2), 1::bigint, 'a statement of responsibility stands for a meeting');
SELECT results_eq(format('SELECT key::bigint, code, message FROM reg.usulan_meeting_held(''{%s,%s}'')', :p1, :p2), format($$ VALUES (%s::bigint, 'SE003', 'no village meeting decided on the proposal') $$, :p2),
    'a machine may want the meeting itself');

-- the verifier
SELECT throws_ok(format($$ SELECT t.act('ver', 'UPDATE reg.usulan SET state = ''diverifikasi'' WHERE id = %s') $$, :p1), 'SE003',
    'neither a field check nor a matching of the family is on record', 'no verification without a check');
SELECT is(t.act('ver_far', 'UPDATE reg.usulan SET state = ''diverifikasi'' WHERE id = ' || :p1), 0::bigint, 'another regency does not see it');
SELECT is(t.act('ver', format('UPDATE reg.usulan SET state = ''dikembalikan'', reason = ''form not readable'' WHERE id = %s', :p1)), 1::bigint, 'it is returned');
SELECT throws_ok(format($$ SELECT t.act('op_a', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = %s') $$, :p1), 'SE003',
    'the proposal is as it was when it was returned', 'and must be changed');
SELECT is(t.act('op_a', format('UPDATE reg.usulan SET payload = payload || ''{"jenis_kloset": "2"}'' WHERE id = %s', :p1)), 1::bigint, 'it is changed');
SELECT is(t.act('op_a', format('UPDATE reg.usulan SET state = ''diajukan'' WHERE id = %s', :p1)), 1::bigint, 'submitted again');
SELECT throws_ok(format($$ SELECT t.act('op_a', 'UPDATE reg.usulan SET payload = ''{}'' WHERE id = %s') $$, :p1), NULL, NULL, 'what is submitted does not change');
SELECT is(t.act('kades_a', format('UPDATE reg.usulan SET state = ''disepakati'' WHERE id = %s', :p1)), 1::bigint, 'and agreed to');
SELECT t.evidence('pend', 'cek_lapangan', NULL, :p1), t.evidence('ver', 'cek_lapangan', NULL, :p2) \g /dev/null
SELECT throws_ok(format($$ SELECT t.evidence(%L, 'cek_lapangan', NULL, %s) $$, l, :p1), '42501', 'evidence of kind "cek_lapangan" is noted by others',
    l || ' does not note a field check') FROM unnest('{op_a,kades_a}'::text[]) AS l;
SELECT is(t.act('ver', 'UPDATE reg.usulan SET state = ''diverifikasi'' WHERE state = ''disepakati'''), 2::bigint, 'both are verified');

-- a proposal is in one batch: no other region can withhold it
SELECT t.login('opd_far', 'kepala_opd', '3217') \g /dev/null
SELECT t.value('opd_far', format('INSERT INTO reg.batch (wilayah, edisi_id) VALUES (''3217'', %s) RETURNING id', :e)) AS b_far \gset
SELECT throws_ok(format($$ SELECT t.act('opd_far', 'INSERT INTO reg.batch_item (batch_id, wilayah, usulan_id) VALUES (%s, ''3217'', %s)') $$, :b_far, :p1),
    'SE003', 'a proposal of another region does not belong into this batch', 'nobody puts a proposal of another region into his batch');

-- the batch
SELECT t.value('opd', format('INSERT INTO reg.batch (wilayah, edisi_id) VALUES (''3216'', %s) RETURNING id', :e)) AS b \gset
SELECT throws_ok(format($$ SELECT t.act('opd', 'SELECT reg.batch_seal(%s)') $$, :b), 'SE003', 'the batch is empty', 'an empty batch is not sealed');
SELECT throws_ok(format($$ SELECT t.act('opd', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = %s') $$, :p1), 'SE003',
    'the proposal is in no sealed batch', 'no endorsement outside a sealed batch');
SELECT is(t.value('opd', format('SELECT reg.batch_fill(%s)', :b)), '2', 'the verified proposals come into the batch');
SELECT throws_ok(format($$ SELECT t.act('opd', 'UPDATE reg.batch SET state = ''disegel'' WHERE id = %s') $$, :b),
    'SE003', 'the count of the batch is wrong', 'a seal fixes a count');
SELECT throws_ok(format($$ SELECT t.act('opd', 'UPDATE reg.batch SET state = ''disegel'', item_count = 1, digest = reg.batch_digest(id) WHERE id = %s') $$, :b),
    'SE003', 'the count of the batch is wrong', 'the seal has the right count');
SELECT throws_ok(format($$ SELECT t.act('opd', 'UPDATE reg.batch SET state = ''disegel'', item_count = 2, digest = sha256(''x'') WHERE id = %s') $$, :b),
    'SE003', 'the digest of the batch is wrong', 'and the right digest');
SAVEPOINT plain;
SELECT is(t.act('opd', format('UPDATE reg.batch SET state = ''disegel'', item_count = 2, digest = reg.batch_digest(id) WHERE id = %s', :b)), 1::bigint, 'an UPDATE seals like batch_seal()');
CREATE TEMP TABLE by_update AS SELECT b.state, b.item_count, b.digest, array_agg(u.id || u.state ORDER BY u.id) AS members
    FROM reg.batch AS b JOIN reg.batch_item AS i ON i.batch_id = b.id JOIN reg.usulan AS u ON u.id = i.usulan_id WHERE b.id = :b GROUP BY b.id;
SELECT throws_ok(format($$ SELECT t.act('ver', 'UPDATE reg.usulan SET state = ''dikembalikan'', reason = ''no'' WHERE id = %s') $$, :p1), 'SE001', NULL, 'no proposal is returned from under it');
SELECT throws_ok(format($$ SELECT t.act('opd', 'UPDATE reg.usulan SET state = ''dikembalikan'', reason = ''no'' WHERE id = %s') $$, :p1), 'SE001', NULL, 'by nobody');
SELECT throws_ok(format($$ SELECT t.act('opd', %L) $$, s), 'SE004', NULL, s) FROM unnest(ARRAY[format('UPDATE reg.batch SET item_count = 1 WHERE id = %s', :b),
    format('UPDATE reg.batch SET digest = sha256(digest) WHERE id = %s', :b), format('DELETE FROM reg.batch_item WHERE batch_id = %s', :b)]) AS s;
SELECT is((SELECT array_agg(DISTINCT problem) FROM dtsen.verify_journal('reg')), NULL, 'the journal verifies');
SELECT string_agg(by_update::text, '') AS by_update FROM by_update \gset
ROLLBACK TO plain;
SELECT throws_ok(format($$ SELECT t.act('bupati_a', 'SELECT reg.batch_sign(%s, ''\x01'')') $$, :b), 'SE001',
    format('batch %s is not sealed, so there is nothing to sign', :b), 'who signs before the seal learns that');
SELECT is(t.value('opd', format('SELECT octet_length(reg.batch_seal(%s))', :b)), '32', 'the batch is sealed');
SELECT is((SELECT string_agg(s::text, '') FROM (SELECT b.state, b.item_count, b.digest, array_agg(u.id || u.state ORDER BY u.id) AS members
    FROM reg.batch AS b JOIN reg.batch_item AS i ON i.batch_id = b.id JOIN reg.usulan AS u ON u.id = i.usulan_id WHERE b.id = :b GROUP BY b.id) AS s),
    :'by_update', 'with the same members, count and digest');
SELECT is((SELECT array_agg(state::text ORDER BY id) FROM reg.usulan WHERE id IN (:p1, :p2)), '{disahkan,disahkan}'::text[], 'its proposals are endorsed');
SELECT throws_ok(format($$ SELECT t.act('opd', 'DELETE FROM reg.batch_item WHERE batch_id = %s') $$, :b), 'SE004', NULL, 'nothing leaves it');
SELECT throws_ok($$ TRUNCATE reg.batch_item $$, 'SE004', NULL, 'not by TRUNCATE');
SELECT throws_ok(format($$ SELECT t.act('bupati_a', 'UPDATE reg.batch SET state = ''ditolak'' WHERE id = %s') $$, :b), 'SE003', NULL, 'the regent says why he refuses');
SELECT is(t.act('bupati_a', format('UPDATE reg.batch SET state = ''ditolak'', reason = ''villages are missing'' WHERE id = %s', :b)), 1::bigint, 'the regent refuses the batch');
SELECT throws_ok(format($$ SELECT t.act('bupati_a', 'SELECT reg.batch_sign(%s, ''\x01'')') $$, :b), 'SE004', format('batch %s was refused', :b), 'which is signed no more');
SELECT t.value('opd', format('INSERT INTO reg.batch (wilayah, edisi_id) VALUES (''3216'', %s) RETURNING id', :e)) AS b \gset
SELECT is(t.value('opd', format('SELECT reg.batch_fill(%s)', :b)), '2', 'its proposals come into the next batch');
SELECT is(t.value('opd', format('SELECT octet_length(reg.batch_seal(%s))', :b)), '32', 'which is sealed');
SELECT throws_ok(format($$ SELECT t.act('bupati_a', 'UPDATE reg.batch SET state = ''ditandatangani'' WHERE id = %s') $$, :b), 'SE003',
    'the signature is missing', 'signed is what has a signature');
SELECT throws_ok(format($$ SELECT t.act('opd', 'SELECT reg.batch_sign(%s, ''\x01'')') $$, :b), '42501', NULL, 'not by the head of the office');
SELECT throws_ok(format($$ SELECT t.act('bupati_a', 'SELECT reg.batch_sign(%s, ''\x01'')') $$, :b), 'SE003', NULL, 'nor before every village has closed');
SELECT is(t.act('kades_a', format('SELECT reg.village_close(%s, ''3216011007'')', :e)), 1::bigint, 'a village closes');
SELECT throws_ok(format($$ SELECT t.act('kades_a', 'SELECT reg.village_close(%s, ''3216012002'')') $$, :e), '42501', NULL, 'nobody closes another village');
SELECT throws_ok(format($$ SELECT t.act('op_a', 'SELECT reg.village_close(%s, ''3216011007'')') $$, :e), '42501', NULL, 'nor does its operator');
SELECT throws_ok(format($$ SELECT t.act('opd', 'SELECT reg.village_absent(%s, ''3216'', '''')') $$, :e), '23514', NULL, 'who is absent is so for a reason');
SELECT is(t.value('opd', format('SELECT reg.village_absent(%s, ''3216'', ''flooded'')', :e)),
    (SELECT (count(*) - 1)::text FROM reg.wilayah WHERE level = 4 AND status = 'present' AND starts_with(kode::text, '3216')), 'the others are listed as absent');
SELECT throws_ok('UPDATE reg.desa_tutup SET is_absent = false', 'SE004', NULL, 'and stay so');
SAVEPOINT later;
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('later', now() + '40 days', now() + '41 days', now() + '42 days', now() + '43 days', now() + '44 days') $$) \g /dev/null
SELECT t.propose('op_b', 'ubah', '3216012002', 22, NULL, '{"jenis_lantai_terluas": 1}') AS late \gset
SELECT t.evidence('op_b', 'formulir', NULL, :late) \g /dev/null
SELECT is(t.act('op_b', format('UPDATE reg.usulan SET state = ''diajukan'' WHERE id = %s', :late)), 1::bigint, 'a later edition takes a proposal');
SELECT throws_ok(format($$ SELECT t.act('op_b', 'UPDATE reg.usulan SET edisi_id = %s WHERE id = %s') $$, :e, :late), 'SE002', 'the village has closed edition v1', 'which comes into none that the village has closed');
SELECT throws_ok(format($$ SELECT t.act('kem', 'UPDATE reg.usulan SET edisi_id = %s WHERE id = %s') $$, :e, :late), 'SE002', 'the village has closed edition v1', 'the ministry cannot take it there either');
SELECT is(t.value('kem', format('SELECT reg.edisi_carry_over((SELECT max(id) FROM reg.edisi), %s)', :e)), '0', 'and leaves it where it is');
ROLLBACK TO later;
SAVEPOINT plain;
SELECT is(t.act('bupati_a', format('UPDATE reg.batch SET state = ''ditandatangani'', signature = ''\x01'' WHERE id = %s', :b)), 1::bigint, 'the regent signs by an UPDATE');
SELECT is((SELECT array_agg(state::text ORDER BY id) FROM reg.usulan WHERE id IN (:p1, :p2)), '{ditandatangani,ditandatangani}'::text[], 'and so the proposals');
SELECT is(t.act('kem', format('UPDATE reg.batch SET reason = ''note'' WHERE id = %s', :b)), 1::bigint, 'what is no step');
SELECT is((SELECT array_agg(DISTINCT state::text) FROM reg.usulan WHERE id IN (:p1, :p2)), '{ditandatangani}'::text[], 'moves none');
SELECT is(t.act('kem', 'UPDATE reg.edisi SET cut_off_at = clock_timestamp()'), 1::bigint, 'after the cut-off');
SELECT is(t.act('kem', 'UPDATE reg.edisi SET state = ''cut_off'''), 1::bigint, 'it comes');
SELECT is(t.act('kem', format('UPDATE reg.batch SET state = ''diterima'' WHERE id = %s', :b)), 1::bigint, 'the ministry receives by an UPDATE');
SELECT is((SELECT array_agg(state::text ORDER BY id) FROM reg.usulan WHERE id IN (:p1, :p2)), '{diserahkan,diserahkan}'::text[], 'and so the proposals');
SELECT is((SELECT array_agg(DISTINCT problem) FROM dtsen.verify_journal('reg')), NULL, 'the journal verifies');
ROLLBACK TO plain;
SELECT is(t.value('bupati_a', format('SELECT reg.batch_sign(%s, ''\x01''::bytea)', :b)), '2', 'the regent signs');
SELECT throws_ok(format($$ SELECT t.act('bupati_a', 'SELECT reg.batch_sign(%s, ''\x02'')') $$, :b), 'SE004', format('batch %s was signed already', :b), 'once');
SELECT throws_ok(format($$ SELECT t.act('opd', 'UPDATE reg.batch SET digest = sha256(''x'') WHERE id = %s') $$, :b), NULL, NULL, 'the seal does not change');

-- the ministry, the cut-off, the draw
SELECT throws_ok($$ SELECT t.act('kem', 'UPDATE reg.edisi SET state = ''cut_off''') $$, 'SE002', NULL, 'no cut-off before its time');
SELECT t.act('kem', 'UPDATE reg.edisi SET cut_off_at = clock_timestamp()'), t.act('kem', 'UPDATE reg.edisi SET state = ''cut_off''') \g /dev/null
SELECT throws_ok($$ SELECT t.propose('op_b', 'pindah', '3216012002', 22, NULL, '{"wilayah": "3216011007"}') AS id,
    t.act('op_b', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE state = ''draf''') $$, 'SE002', 'edition v1 takes no more proposals', 'after the cut-off it is too late');
SELECT is(t.value('kem', format('SELECT reg.batch_receive(%s)', :b)), '2', 'the ministry receives the batch');

-- what is applied
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE state = ''diserahkan''') $$, 'SE002', NULL, 'not before the ranking');
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''pemeringkatan''') $$, 'SE002', NULL, 'no ranking before the draw');
SELECT t.act('bps1', 'UPDATE reg.edisi SET draw_at = clock_timestamp()'), t.act('bps1', 'UPDATE reg.edisi SET state = ''pemeringkatan''') \g /dev/null
SELECT is(t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE state = ''diserahkan'''), 2::bigint, 'BPS processes the proposals');
SELECT results_eq($$ SELECT keluarga_id, jenis_lantai_terluas::int, jenis_kloset::int FROM reg.rumah WHERE keluarga_id IN (1, 2, 21) ORDER BY 1 $$,
    $$ VALUES (1::bigint, 8, 2), (2, 1, NULL), (21, 8, NULL) $$, 'what they say is in the registry, and nothing else');

-- each kind, applied (the state is set past the steps between, which the tests above took)
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
INSERT INTO reg.usulan (id, request_key, kind, wilayah, keluarga_id, anggota_id, payload, edisi_id, state) VALUES
    (101, '101', 'perbaikan_nik', '3216011007', 3, 31, '{"nik": "3216010203909999"}', :e, 'diserahkan'),
    (102, '102', 'meninggal', '3216011007', 3, 32, '{"tanggal": "2026-01-02"}', :e, 'diserahkan'),
    (103, '103', 'pindah', '3216011007', 4, NULL, '{"wilayah": "3216012002", "alamat": "BARU"}', :e, 'diserahkan'),
    (104, '104', 'hapus', '3216011007', 5, NULL, '{"status": "nonaktif", "alasan": "ASN"}', :e, 'diserahkan'),
    (105, '105', 'baru', '3216011007', NULL, NULL, '{"nkk": "3216011701209000", "alamat": "RT 1", "anggota": [
        {"nik": "3216010203909001", "nama": "A B", "hubungan": 1, "jenis_kelamin": 1, "tanggal_lahir": "1990-03-02"},
        {"nik": "3216010203909002", "nama": "C D", "hubungan": 3, "jenis_kelamin": 2, "tanggal_lahir": "2020-03-02"}]}', :e, 'diserahkan'),
    (106, '106', 'ganda', '3216011007', 6, 62, '{"nik": "3216010203900061"}', :e, 'diserahkan'),
    (107, '107', 'ubah', '3216011007', 7, NULL, '{"alamat": "RT 77", "jumlah_ternak_sapi": 3}', :e, 'diserahkan');
ALTER TABLE reg.usulan ENABLE TRIGGER USER;
ALTER TABLE reg.usulan ENABLE ALWAYS TRIGGER keep_content, ENABLE ALWAYS TRIGGER zz_dtsen_guard,
    ENABLE ALWAYS TRIGGER zz_dtsen_guard_truncate, ENABLE ALWAYS TRIGGER zz_dtsen_journal_insert,
    ENABLE ALWAYS TRIGGER zz_dtsen_journal_update, ENABLE ALWAYS TRIGGER zz_dtsen_journal_delete;
SELECT is(t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE state = ''diserahkan'''), 7::bigint, 'every other kind is processed');
SELECT is((SELECT nik::text FROM reg.anggota WHERE id = 31), '3216010203909999', 'perbaikan_nik');
SELECT is((SELECT status::text FROM reg.anggota WHERE id = 32), 'meninggal', 'meninggal');
SELECT is((SELECT k.wilayah::text || k.alamat || min(a.wilayah::text) || max(a.wilayah::text) FROM reg.keluarga k JOIN reg.anggota a ON a.keluarga_id = k.id
    WHERE k.id = 4 GROUP BY k.id), '3216012002BARU32160120023216012002', 'pindah, with all members');
SELECT is((SELECT status || status_reason FROM reg.keluarga WHERE id = 5), 'nonaktifASN', 'hapus');
SELECT is((SELECT count(*) FROM reg.anggota a JOIN reg.keluarga k ON k.id = a.keluarga_id WHERE k.nkk::text = '3216011701209000'), 2::bigint, 'baru, with its members');
SELECT is((SELECT status::text FROM reg.anggota WHERE id = 62), 'ganda', 'ganda');
SELECT is((SELECT k.alamat || a.jumlah_ternak_sapi FROM reg.keluarga k JOIN reg.aset a ON a.keluarga_id = k.id WHERE k.id = 7), 'RT 773', 'ubah, where there was no row yet');
SELECT is((SELECT count(*) FROM reg.keanggotaan), 2::bigint, 'former memberships are kept');
-- one that contradicts stops the statement, without a number in the message
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
INSERT INTO reg.usulan (id, request_key, kind, wilayah, keluarga_id, anggota_id, payload, edisi_id, state) VALUES
    (108, '108', 'perbaikan_nik', '3216011007', 8, 81, '{"nik": "3216010203907777"}', :e, 'diserahkan'),
    (109, '109', 'perbaikan_nik', '3216011007', 8, 82, '{"nik": "3216010203907777"}', :e, 'diserahkan'),
    (110, '110', 'baru', '3216011007', NULL, NULL, '{"nkk": "3216011701200009", "alamat": "RT 1", "anggota": []}', :e, 'diserahkan'),
    (111, '111', 'perbaikan_nik', '3216012002', 23, 231, '{"nik": "3216010203907777"}', :e, 'diserahkan'),
    (112, '112', 'lahir', '3216011007', 9, NULL, '{"nik": "3216014105260001", "nama": "BAYI", "jenis_kelamin": 2, "tanggal_lahir": "2026-05-01"}', :e, 'diserahkan'),
    (113, '113', 'lahir', '3216011007', 10, NULL, '{"nik": "3216014105260001", "nama": "BAYI", "jenis_kelamin": 2, "tanggal_lahir": "2026-05-01"}', :e, 'diserahkan'),
    (114, '114', 'ganda', '3216011007', 11, 111, format('{"nik": "%s"}', t.nik(112))::jsonb, :e, 'diserahkan'),
    (115, '115', 'ganda', '3216011007', 11, 112, format('{"nik": "%s"}', t.nik(111))::jsonb, :e, 'diserahkan'),
    (116, '116', 'ganda', '3216011007', 6, 61, format('{"nik": "%s"}', t.nik(62))::jsonb, :e, 'diserahkan'),
    (117, '117', 'baru', '3216011007', NULL, NULL, '{"nkk": "3216011701209001", "alamat": "RT 1", "anggota": [
        {"nik": "3216010203909001", "hubungan": 1, "jenis_kelamin": 1, "tanggal_lahir": "1990-03-02"}]}', :e, 'diserahkan'),
    (118, '118', 'ubah', '3216011007', 4, NULL, '{"alamat": "LAMA"}', :e, 'diserahkan'),
    (119, '119', 'hapus', '3216011007', 4, NULL, '{"status": "tidak_ditemukan", "alasan": "x"}', :e, 'diserahkan');
ALTER TABLE reg.usulan ENABLE TRIGGER USER;
ALTER TABLE reg.usulan ENABLE ALWAYS TRIGGER keep_content, ENABLE ALWAYS TRIGGER zz_dtsen_guard,
    ENABLE ALWAYS TRIGGER zz_dtsen_guard_truncate, ENABLE ALWAYS TRIGGER zz_dtsen_journal_insert,
    ENABLE ALWAYS TRIGGER zz_dtsen_journal_update, ENABLE ALWAYS TRIGGER zz_dtsen_journal_delete;
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE id IN (108, 109)') $$, 'SE101',
    'another proposal of this statement brings the same NIK', 'two proposals for one NIK');
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE id IN (108, 111)') $$, 'SE101',
    'another proposal of this statement brings the same NIK', 'also where the two are of different families');
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE id IN (112, 113)') $$, 'SE101',
    'another proposal of this statement brings the same NIK', 'nobody is born into two families');
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE id IN (114, 115)') $$, 'SE101',
    'no other active record of the family has this NIK any more', 'of two records that each name the other one stays');
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE id = 116') $$, 'SE101',
    'no other active record of the family has this NIK any more', 'the first record is not the second one of its own second record');
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE id = 117') $$, 'SE101',
    'a proposal of this statement contradicts the registry, or another one of it', 'nor where the server''s own message would show the row');
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE id = 110') $$, 'SE101',
    'the family card of the new family is in the registry already', 'a new family that is there');
SELECT throws_ok(format($$ SELECT t.act('bps1', 'UPDATE reg.usulan SET state = ''diolah'' WHERE id = %s') $$, n), 'SE101',
    'the family lives in another village', 'what its former village said of a family that has moved') FROM unnest('{118,119}'::integer[]) AS n;
SELECT is((SELECT nik::text FROM reg.anggota WHERE id = 81), t.nik(81), 'nothing of it was applied');
-- the next edition
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v2', now() + '40 days', now() + '41 days', now() + '42 days', now() + '43 days', now() + '44 days') $$) \g /dev/null
SELECT t.propose('op_b', 'pindah', '3216012002', 22, NULL, '{"wilayah": "3216011007"}') \g /dev/null
SELECT is(t.value('kem', format('SELECT reg.edisi_carry_over((SELECT max(id) FROM reg.edisi), %s)', :e)), '1', 'a draft is carried to another edition');
SELECT is(t.value('aud', 'SELECT count(*) FROM reg.journal_region'), (SELECT count(*)::text FROM reg.journal), 'the auditor of the country reads the journal');
SELECT throws_ok($$ SELECT t.act('aud', 'UPDATE reg.usulan SET reason = ''x''') $$, '42501', NULL, 'and changes nothing');
SELECT * FROM finish();
ROLLBACK;
