-- Attacks on the ready-made registry by its own people: each with the SQLSTATE
-- that meets it. What analysts and the published editions have to bear is in
-- registry_edition.sql, the steps in registry_process.sql.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SELECT t.login('op_a', 'operator_desa', '3216011007'), t.login('kades_a', 'kades', '3216011007'), t.login('kades_b', 'kades', '3216012002'),
    t.login('op_b', 'operator_desa', '3216012002'), t.login('ver', 'verifikator', '3216'), t.login('ver_far', 'verifikator', '3217'),
    t.login('opd', 'kepala_opd', '3216'), t.login('opd_far', 'kepala_opd', '3217'), t.login('bupati', 'kepala_daerah', '3216'),
    t.login('kem', 'kemensos', NULL), t.login('bps1', 'bps', NULL), t.login('aud', 'auditor', NULL),
    t.login('rina', 'perancang_mesin', NULL), t.login('agus', 'penyetuju_mesin', NULL), t.login('rina_too', 'penyetuju_mesin', NULL, 'person rina') \g /dev/null
INSERT INTO reg.keluarga (id, nkk, wilayah) SELECT n, t.nkk(n)::dtsen.nkk, CASE WHEN n <= 20 THEN '3216011007' ELSE '3216012002' END::dtsen.kode_wilayah
FROM generate_series(1, 40) AS n;
INSERT INTO reg.anggota (keluarga_id, wilayah, nik, nama, hubungan)
SELECT k.id, k.wilayah, t.nik(k.id::int)::dtsen.nik, 'WARGA'::dtsen.nama, 1 FROM reg.keluarga AS k;
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v1', now() + '1 hour', now() + '2 hours', now() + '3 hours', now() + '4 hours', now() + '5 hours'),
    ('v2', now() + '30 days', now() + '31 days', now() + '32 days', now() + '33 days', now() + '34 days') $$) \g /dev/null
SELECT min(id) AS e, max(id) AS e2 FROM reg.edisi \gset
SELECT t.act('op_a', format($$ INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id)
    SELECT 'k' || n, 'ubah', '3216011007', n, '{"jenis_lantai_terluas": "8"}', %s FROM generate_series(1, 6) AS n $$, :e)) \g /dev/null
SELECT t.act('op_a', $$ INSERT INTO reg.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256)
    SELECT k, wilayah, id, k, 1, sha256(k::bytea) FROM reg.usulan, unnest('{formulir,sptjm}'::text[]) AS k WHERE k = 'formulir' OR id % 2 = 0 OR true $$) \g /dev/null
SELECT t.act('op_a', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id <> (SELECT min(id) FROM reg.usulan)') \g /dev/null
SELECT t.act('kades_a', 'UPDATE reg.usulan SET state = ''disepakati'' WHERE state = ''diajukan''') \g /dev/null
SELECT t.act('ver', $$ INSERT INTO reg.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256)
    SELECT 'cek_lapangan', wilayah, id, 'c', 1, sha256('c') FROM reg.usulan WHERE state = 'disepakati' $$) \g /dev/null
SELECT t.act('ver', 'UPDATE reg.usulan SET state = ''diverifikasi'' WHERE state = ''disepakati'' AND id < (SELECT max(id) FROM reg.usulan)') \g /dev/null
SELECT min(id) AS p, max(id) AS last, min(id) FILTER (WHERE state = 'diverifikasi') AS v FROM reg.usulan \gset
SELECT t.value('opd', format('INSERT INTO reg.batch (wilayah, edisi_id) VALUES (''3216'', %s) RETURNING id', :e)) AS b \gset
SELECT t.value('opd', format('SELECT reg.batch_fill(%s)', :b)) AS filled \gset
SELECT is(:'filled'::text, '4', 'four verified proposals are in the batch');

CREATE FUNCTION t.code(login text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    PERFORM set_config('role', login, true);
    EXECUTE statement;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM set_config('role', 'none', true);
    RETURN n || ' rows';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
-- who and where
SELECT is(t.code(who, s), wanted, format('%s: %s', who, s)) FROM (VALUES
    ('op_b', format('UPDATE reg.usulan SET state = ''ditarik'' WHERE id = %s', :p), '0 rows'),
    ('op_b', 'SELECT FROM reg.usulan', '0 rows'), ('ver_far', 'SELECT FROM reg.keluarga', '0 rows'),
    ('op_b', format($$INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id) VALUES ('x', 'ubah', '3216011007', 1, '{}', %s)$$, :e), '42501'),
    ('op_b', format($$INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id) VALUES ('x', 'ubah', '3216012002', 10, '{}', %s)$$, :e), 'SE101'),
    ('op_a', format('UPDATE reg.usulan SET state = ''diverifikasi'' WHERE id = %s', :p), 'SE001'),
    ('kades_a', format('UPDATE reg.usulan SET state = ''diverifikasi'' WHERE id = %s', :last), '42501'),
    ('kades_b', format('UPDATE reg.usulan SET state = ''diajukan'' WHERE id = %s', :p), '0 rows'),
    ('ver', format('UPDATE reg.usulan SET state = ''disahkan'' WHERE id = %s', :v), '42501'),
    ('op_a', format('UPDATE reg.usulan SET wilayah = ''3216012002'' WHERE id = %s', :p), '42501'),
    ('op_a', format('UPDATE reg.usulan SET created_by = ''op_b'' WHERE id = %s', :p), '42501'),
    ('op_a', format('UPDATE reg.usulan SET machine_version = 2 WHERE id = %s', :p), '42501'),
    ('op_a', 'DELETE FROM reg.usulan', '42501'), ('op_a', 'TRUNCATE reg.usulan', '42501'),
    ('op_a', 'COPY reg.usulan FROM PROGRAM ''true''', '42501'),
    ('op_a', $$INSERT INTO reg.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256) SELECT 'cek_lapangan', wilayah, id, 'x', 1, sha256('x') FROM reg.usulan LIMIT 1$$, '42501'),
    ('aud', 'UPDATE reg.usulan SET reason = ''x''', '42501'),
    ('kem', format('UPDATE reg.edisi SET state = ''terbit'' WHERE id = %s', :e), 'SE001'),
    ('kem', format('UPDATE reg.edisi SET state = ''cut_off'' WHERE id = %s', :e), 'SE002'),
    ('bps1', 'UPDATE reg.desil SET desil_nasional = 1', '42501'), ('bps1', 'UPDATE reg.keluarga SET status = ''nonaktif''', '42501'),
    ('kades_a', 'SELECT reg.usulan_apply(''{1}'')', '42501'), ('kades_a', 'SELECT reg.machine_version_apply(''{x}'')', '42501'),
    ('kades_a', 'SELECT * FROM reg.journal', '42501'), ('kades_a', 'UPDATE reg.calendar SET period = ''x''', '42501'),
    ('kades_a', 'INSERT INTO reg.transition SELECT * FROM reg.transition', '42501'),
    ('rina', $$UPDATE reg.transition SET actor_role = 'operator_desa' WHERE machine = 'usulan'$$, 'SE004'),
    ('rina', $$DELETE FROM reg.state$$, 'SE004'),
    ('agus', $$UPDATE reg.transition SET actor_role = 'operator_desa'$$, '42501'),
    ('rina', $$UPDATE reg.usulan SET machine_version = 2$$, '42501')) AS a (who, s, wanted);

-- the batch: what is sealed stays, and is what was signed
SAVEPOINT open_batch;
SELECT is(t.code('opd_far', format('INSERT INTO reg.batch_item VALUES (%s, ''3216'', %s)', :b, :last)), '42501', 'no other office fills the batch');
SELECT is(t.code('opd', format('INSERT INTO reg.batch_item VALUES (%s, ''3216'', %s)', :b, :last)), '1 rows', 'a proposal that is not verified gets in,');
SELECT is(t.code('opd', format('SELECT reg.batch_seal(%s)', :b)), 'SE003', 'but stops the seal');
ROLLBACK TO open_batch;
SELECT t.value('opd', format('SELECT reg.batch_digest(%s)', :b)) AS before \gset
SELECT t.value('opd', format('SELECT reg.batch_seal(%s)', :b)) AS digest \gset
SELECT is(:'digest'::text, :'before', 'the seal is the digest of the content');
SELECT is(t.code(who, s), wanted, format('sealed, %s: %s', who, s)) FROM (VALUES
    ('opd', format('DELETE FROM reg.batch_item WHERE batch_id = %s', :b), 'SE004'),
    ('opd', format('INSERT INTO reg.batch_item VALUES (%s, ''3216'', %s)', :b, :last), 'SE004'),
    ('opd', format('UPDATE reg.batch_item SET usulan_id = %s WHERE usulan_id = %s', :last, :v), '42501'),
    ('opd', format('UPDATE reg.batch SET item_count = 3 WHERE id = %s', :b), 'SE004'),
    ('opd', format('UPDATE reg.batch SET edisi_id = %s WHERE id = %s', :e2, :b), '42501'),
    ('opd', format('SELECT reg.batch_seal(%s)', :b), 'SE001'),
    ('postgres', format('UPDATE reg.usulan SET payload = ''{}'' WHERE id = %s', :v), 'SE004'),
    ('postgres', format('UPDATE reg.usulan SET edisi_id = %s WHERE id = %s', :e2, :v), 'SE004'),
    ('postgres', format('DELETE FROM reg.bukti WHERE usulan_id = %s', :v), 'SE004'),
    ('kem', format('UPDATE reg.usulan SET edisi_id = %s WHERE id = %s', :e2, :v), 'SE004'),
    ('bupati', format('UPDATE reg.usulan SET state = ''ditandatangani'' WHERE id = %s', :v), 'SE003'),
    ('bupati', format('SELECT reg.batch_sign(%s, ''\x01'')', :b), 'SE003'),
    ('opd', format('SELECT reg.batch_sign(%s, ''\x01'')', :b), '42501'),
    ('kem', format('SELECT reg.batch_receive(%s)', :b), 'SE001'),
    ('opd', 'SELECT reg.batch_fill(999)', 'P0002'), ('opd', 'SELECT reg.batch_seal(999)', 'P0002'),
    ('kem', format('SELECT reg.edisi_carry_over(%s, 999)', :e), 'P0002'), ('kem', format('SELECT reg.edisi_carry_over(999, %s)', :e), 'P0002')) AS a (who, s, wanted);
-- the digest covers the edition: what a superuser moves behind the triggers is seen when it is signed
SAVEPOINT moved;
SELECT t.value('opd', format('SELECT reg.village_absent(%s, ''3216'', ''flood'')', :e)) \g /dev/null
ALTER TABLE reg.batch DISABLE TRIGGER USER;
UPDATE reg.batch SET edisi_id = :e2 WHERE id = :b;
SELECT isnt(reg.batch_digest(:b)::text, :'digest'::text, 'a batch of another edition has another digest');
ROLLBACK TO moved;

-- the roles of a login are of the same regions, whatever session_replication_role says
SET LOCAL session_replication_role = replica;
SELECT throws_ok($$ INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('ver', 'kepala_opd', 'person ver', '3217') $$, 'SE101', NULL, 'replica: a role elsewhere');
SELECT throws_ok($$ UPDATE reg.actor SET wilayah = CASE actor_role WHEN 'bps' THEN '32' END WHERE login = 'bps1'; INSERT INTO reg.actor (login, actor_role, person_key) VALUES ('bps1', 'kemensos', 'person bps1') $$, 'SE101', NULL, 'replica: nor by an update');
SET LOCAL session_replication_role = origin;

-- the villages
SELECT is(t.code(who, s), wanted, format('%s: %s', who, s)) FROM (VALUES
    ('kades_b', format('SELECT reg.village_close(%s, ''3216011007'')', :e), '42501'),
    ('op_b', format('SELECT reg.village_close(%s, ''3216012002'')', :e), '42501'),
    ('opd_far', format('SELECT reg.village_absent(%s, ''3216'', ''x'')', :e), '0 rows'),
    ('kades_b', format('INSERT INTO reg.desa_tutup (edisi_id, wilayah, is_absent, reason) VALUES (%s, ''3216012002'', true, ''x'')', :e), '42501'),
    ('kades_b', format('INSERT INTO reg.desa_tutup (edisi_id, wilayah, closed_by) VALUES (%s, ''3216012002'', ''kades_a'')', :e), '42501'),
    ('kades_b', format('SELECT reg.village_close(%s, ''3216012002'')', :e), '1 rows'),
    ('kades_b', format('SELECT reg.village_close(%s, ''3216012002'')', :e), '23505'),
    ('kades_b', 'DELETE FROM reg.desa_tutup', '42501'), ('postgres', 'DELETE FROM reg.desa_tutup', 'SE004'),
    ('postgres', 'TRUNCATE reg.desa_tutup', 'SE004')) AS a (who, s, wanted)
WHERE wanted <> '0 rows';
SELECT t.act('op_b', format($$ INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id)
    VALUES ('late', 'ubah', '3216012002', 21, '{"jenis_lantai_terluas": "8"}', %s) $$, :e)) \g /dev/null
SELECT t.act('op_b', $$ INSERT INTO reg.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256)
    SELECT 'formulir', wilayah, id, 'f', 1, sha256('f') FROM reg.usulan WHERE request_key = 'late' $$) \g /dev/null
SELECT is(t.code('op_b', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE request_key = ''late'''), 'SE002', 'a village that has closed submits no more');
SELECT is(t.code('op_b', format('UPDATE reg.usulan SET state = ''diajukan'', edisi_id = %s WHERE request_key = ''late''', :e2)), '1 rows', 'but for a later edition');
-- and nothing that is submitted goes into an edition that is cut off
SELECT t.act('kem', format('UPDATE reg.edisi SET cut_off_at = clock_timestamp() WHERE id = %s', :e)), t.act('kem', format('UPDATE reg.edisi SET state = ''cut_off'' WHERE id = %s', :e)) \g /dev/null
SELECT is(t.code('op_b', format('UPDATE reg.usulan SET edisi_id = %s WHERE request_key = ''late''', :e)), 'SE002', 'by a change of its edition');
SELECT is(t.code('kem', format('SELECT reg.edisi_carry_over(%s, %s)', :e2, :e)), 'SE002', 'nor by the ministry');
SELECT is(t.code('op_a', format('UPDATE reg.usulan SET state = ''diajukan'' WHERE id = %s', :p)), 'SE002', 'nor by a step');

-- explain_transition() says the same, to each of them
CREATE FUNCTION t.asked(login text, key bigint, to_state text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    PERFORM set_config('role', login, true);
    SELECT string_agg(DISTINCT e.sqlstate, ' ' ORDER BY e.sqlstate) INTO answer FROM dtsen.explain_transition('reg.usulan', key::text, to_state, 'why') AS e;
    PERFORM set_config('role', 'none', true);
    RETURN coalesce(answer, 'allowed');
END $$;
CREATE TEMP TABLE asked AS
    SELECT l.login, u.id, s.state, t.asked(l.login, u.id, s.state) AS said,
        t.code(l.login, format('UPDATE reg.usulan SET state = %L, reason = ''why'' WHERE id = %s; SELECT 1/(1-1)', s.state, u.id)) AS did
    FROM unnest('{op_a,op_b,kades_a,ver,ver_far,opd,bupati,kem,bps1,aud}'::text[]) AS l (login), reg.usulan AS u,
        unnest('{ditarik,diajukan,disepakati,dikembalikan,diverifikasi,disahkan,kedaluwarsa}'::text[]) AS s (state);
SELECT cmp_ok((SELECT count(*) FROM asked), '>=', 490::bigint, 'every login, proposal and state');
-- a step that is allowed comes to the division by zero, which undoes it; one that no row takes, too
SELECT is_empty($$ SELECT * FROM asked WHERE CASE said WHEN 'allowed' THEN did <> '22012' WHEN 'P0002' THEN did <> '22012' ELSE position(did IN said) = 0 END $$,
    'what is said is what happens');
SELECT cmp_ok((SELECT count(DISTINCT said) FROM asked), '>=', 6::bigint, 'in many ways');

-- the machines: evidence kinds are known, two people change them
SELECT t.act('rina', $$ SELECT dtsen.machine_draft('reg', 'usulan') $$) \g /dev/null
SELECT t.act('rina', $$ UPDATE reg.transition SET guards = array_replace(guards, 'reg.usulan_evidence(formulir)', 'reg.usulan_evidence(formulir,surat)')
    WHERE machine = 'usulan' AND version = 2 AND action = 'ajukan' $$) \g /dev/null
SELECT results_eq($$ SELECT row_id, check_name, value FROM dtsen.check_machine('reg', 'usulan', 2) WHERE severity = 'error' $$,
    $$ VALUES ('usulan:draf>diajukan', 'guard_argument', 'surat') $$, 'an unknown kind of evidence is named');
SELECT is(t.code('rina', $$ SELECT dtsen.machine_submit('reg', 'usulan', 2, 'x') $$), 'SE003', 'and does not load');
SELECT t.act('rina', $$ UPDATE reg.transition SET guards = array_replace(guards, 'reg.usulan_evidence(formulir,surat)', 'reg.usulan_evidence(formulir,foto)')
    WHERE machine = 'usulan' AND version = 2 AND action = 'ajukan' $$) \g /dev/null
SELECT alike(t.code(who, $$ SELECT * FROM dtsen.check_machine('reg', 'usulan', 2) $$), '%rows', 'who drafts, approves or audits can check it: ' || who)
FROM unnest('{rina,agus,aud}'::text[]) AS who;
SELECT is(t.code('rina', $$ SELECT dtsen.machine_submit('reg', 'usulan', 2, 'photos are needed') $$), '1 rows', 'a draft that loads is submitted');
SELECT is(t.code(who, $$ SELECT dtsen.machine_approve('reg', 'usulan', 2, 'yes') $$), wanted, who || ' approves') FROM (VALUES
    ('rina', '42501'), ('rina_too', 'SE006'), ('postgres', '42501'), ('agus', '1 rows')) AS a (who, wanted);
SELECT t.act('op_b', format($$ INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id)
    VALUES ('new', 'ubah', '3216012002', 22, '{"jenis_lantai_terluas": "8"}', %s) $$, :e2)) \g /dev/null
SELECT t.act('op_b', $$ INSERT INTO reg.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256)
    SELECT 'formulir', wilayah, id, 'f', 1, sha256('f') FROM reg.usulan WHERE request_key = 'new' $$) \g /dev/null
SELECT is(t.code('op_b', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE request_key = ''new'''), 'SE003', 'the new version governs what is born now');
SELECT is_empty($$ SELECT * FROM dtsen.check_machine('reg') WHERE severity = 'error' $$, 'the machines are sound');
SELECT is_empty($$ SELECT * FROM dtsen.verify_journal('reg') $$, 'the journal is whole');
SELECT is_empty($$ SELECT * FROM dtsen.check_registry('reg') WHERE severity = 'error' AND check_name <> 'grant added' $$, 'nothing drifted');
SELECT * FROM finish();
ROLLBACK;
