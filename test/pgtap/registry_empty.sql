-- Erasing what a proposal says that has come to its end: by whom, when, and what stays.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SELECT t.login('op', 'operator_desa', '3216011007'), t.login('kades', 'kades', '3216011007'), t.login('ver', 'verifikator', '3216'), t.login('opd', 'kepala_opd', '3216'),
    t.login('bupati', 'kepala_daerah', '3216'), t.login('kem', 'kemensos', NULL), t.login('bps', 'bps', NULL), t.login('aud', 'auditor', NULL),
    t.login('pend', 'pendamping', '3216'), t.login('data', 'pengelola', '32.16'), t.login('data_far', 'pengelola', '3217'), t.login('data_all', 'pengelola', NULL) \g /dev/null
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v1', now() + '10 days', now() + '11 days', now() + '12 days', now() + '13 days', now() + '14 days') $$) \g /dev/null
CREATE FUNCTION t.proposal(n text) RETURNS text LANGUAGE sql AS $$
    SELECT t.value('op', format('INSERT INTO reg.usulan (request_key, kind, wilayah, payload, edisi_id) SELECT %L, ''baru'', ''3216011007'',
        ''{"alamat": "Jalan Melati 5", "anggota": [{"nama": "SITI RAHAYU"}]}'', max(id) FROM reg.edisi RETURNING id', n)) $$;
SELECT t.proposal('draft') AS draft, t.proposal('gone') AS gone, t.proposal('beside') AS beside, t.proposal('out') AS out, t.proposal('signed') AS signed \gset
-- each with a reason of its own: rows of one statement share one and lose it together
SELECT t.act('op', format('UPDATE reg.usulan SET state = ''ditarik'', reason = ''Siti has moved'' WHERE id = %s', u)) FROM unnest(ARRAY[:gone, :beside]) AS u \g /dev/null
-- how they came there is tested elsewhere
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
ALTER TABLE reg.batch_item DISABLE TRIGGER USER;
ALTER TABLE reg.batch DISABLE TRIGGER USER;
UPDATE reg.usulan SET state = 'terbit' WHERE id = :out;
UPDATE reg.usulan SET state = 'kedaluwarsa' WHERE id = :signed;
INSERT INTO reg.batch (id, edisi_id, wilayah, state) SELECT 1, max(id), '3216', 'disegel' FROM reg.edisi;
INSERT INTO reg.batch_item (batch_id, wilayah, usulan_id) VALUES (1, '3216', :signed);
SET CONSTRAINTS ALL IMMEDIATE;
DO $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT t.tgrelid::regclass AS relid, t.tgname FROM pg_trigger AS t WHERE NOT t.tgisinternal AND t.tgenabled = 'D' AND t.tgrelid::regclass::text LIKE 'reg.%' LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', r.relid, r.tgname);
    END LOOP;
END $$;

-- too few rights
SELECT throws_ok(format($$ SELECT t.act(%L, 'SELECT reg.usulan_empty(%s, ''x'')') $$, l, :gone), '42501', NULL, l || ' erases nothing')
FROM unnest('{op,kades,ver,opd,bupati,kem,bps,aud,pend}'::text[]) AS l;
SELECT is((SELECT count(*) FROM pg_proc AS p, LATERAL aclexplode(p.proacl) AS a WHERE p.oid = 'reg.usulan_empty(bigint,text)'::regprocedure AND a.grantee = 0), 0::bigint, 'nor does PUBLIC');
SELECT throws_ok(format($$ SELECT t.act('data', 'SELECT dtsen.empty_row(''reg'', ''usulan'', ''%s'', ''{"payload": {}}'', ''x'')') $$, :gone), '42501', NULL, 'who may call it cannot go past it');
SELECT throws_ok(format($$ SELECT t.act('data', 'SELECT dtsen._empty_row(''reg'', ''usulan'', ''%s'', ''{"payload": {}}'', ''x'')') $$, :gone), '42501', NULL, 'nor below it');
SELECT throws_ok(format($$ SELECT t.act('data', 'UPDATE reg.usulan SET payload = ''{}'' WHERE id = %s') $$, :gone), '42501', NULL, 'nor by an UPDATE');
SELECT throws_ok(format($$ SELECT t.act('data_far', 'SELECT reg.usulan_empty(%s, ''x'')') $$, :gone), 'P0002', format('there is no proposal %s', :gone), 'in another region it is as if it were not');
SELECT throws_ok($$ SELECT t.act('data', 'SELECT reg.usulan_empty(70000, ''x'')') $$, 'P0002', 'there is no proposal 70000', 'as one that is not');
SELECT throws_ok(format($$ SELECT t.act('data', %L) $$, format('SELECT reg.usulan_empty(%s, %L)', :gone, r)), 'SE003', 'an erasure needs a reason', 'a reason is none: ' || coalesce(r, 'NULL'))
FROM unnest(ARRAY['', '  ', NULL]) AS r;
SELECT throws_ok(format($$ SELECT t.act('data', 'SELECT reg.usulan_empty(%s, ''x'')') $$, :draft), 'SE001', format('proposal %s is under way', :draft), 'what is under way is not erased');
SELECT throws_ok(format($$ SELECT t.act('data', 'SELECT reg.usulan_empty(%s, ''x'')') $$, :signed), '55000', format('proposal %s is in a sealed batch', :signed), 'nor what is to be signed');
SELECT is((SELECT count(*) FROM reg.usulan WHERE payload ->> 'alamat' = 'Jalan Melati 5'), 5::bigint, 'nothing of that has erased anything');

-- names that others put in the way
CREATE SCHEMA hostile;
GRANT USAGE ON SCHEMA hostile TO PUBLIC;
CREATE FUNCTION hostile.btrim(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
CREATE FUNCTION hostile.bad(bigint, text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'captured'; END $$;
CREATE OPERATOR hostile.= (FUNCTION = hostile.bad, LEFTARG = bigint, RIGHTARG = text);
CREATE TEMP TABLE usulan (id bigint);
CREATE TEMP TABLE actor AS SELECT 'op'::name AS login, 'pengelola'::text AS actor_role, NULL::text AS wilayah;
SET LOCAL search_path = hostile, pg_temp, pg_catalog, public;
SELECT throws_ok(format($$ SELECT t.act('op', 'SELECT reg.usulan_empty(%s, ''x'')') $$, :gone), '42501', NULL, 'a table actor of one''s own gives no role');

-- enough rights
SELECT is(t.act('data', format('SELECT reg.usulan_empty(%s, ''request 77'')', :gone)), 1::bigint, 'who looks after the data of the region erases');
SET LOCAL search_path = public;
SELECT is((SELECT concat_ws(' ', state, payload, reason, changed_by, request_key) FROM reg.usulan WHERE id = :gone), 'ditarik {} request 77 data gone', 'the proposal is empty, and where it was');
SELECT is((SELECT string_agg(concat_ws(' ', action, login, to_state, reason), ', ' ORDER BY at, seq) FROM reg.journal WHERE machine = 'usulan' AND key = :'gone'),
    'born op draf, tarik op ditarik, erased data ditarik, erased data ditarik request 77',
    'its steps stay without the reason, and who erased it why is journalled');
SELECT is((SELECT count(*) FROM reg.journal_block AS b, dtsen._journal_contents(b.seq, b.entries, b.body, b.salt) AS c
    WHERE b.machine = 'usulan' AND c.key = :'gone' AND c.content IS NOT NULL AND c.salt IS NOT NULL), 1::bigint, 'of what it said nothing can be proven, of its being empty it can');
SELECT is((SELECT concat_ws(' ', payload ->> 'alamat', reason) FROM reg.usulan WHERE id = :beside), 'Jalan Melati 5 Siti has moved', 'the one beside it says what it said');
SELECT is((SELECT count(*) FROM reg.journal WHERE machine = 'usulan' AND key = :'beside' AND reason IS NOT NULL), 1::bigint, 'with its reason');
SELECT is(t.act('data_all', format('SELECT reg.usulan_empty(%s, ''request 78'')', :out)), 1::bigint, 'a published one too');
SELECT is((SELECT concat_ws(' ', state, payload) FROM reg.usulan WHERE id = :out), 'terbit {}', 'which stays published');
SELECT throws_ok(format($$ SELECT t.act('op', 'UPDATE reg.usulan SET payload = ''{"alamat": "x"}'' WHERE id = %s') $$, :gone), 'SE004', NULL, 'nobody fills it again');
SELECT is_empty(format($$ SELECT v.key, v.problem FROM dtsen.verify_journal('reg', 'usulan') AS v WHERE v.key IS DISTINCT FROM '%s' AND v.key IS DISTINCT FROM '%s' $$, :out, :signed), 'the journal verifies');
SELECT is_empty($$ SELECT * FROM dtsen.check_attached('reg.usulan') $$, 'the table is under its machine as before');
SELECT * FROM finish();
ROLLBACK;
