-- Versions of machines, the calendar, explain_transition(), diagrams.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
CREATE ROLE lct_drafter;
CREATE ROLE lct_drafter2;
CREATE ROLE lct_approver;
CREATE ROLE lct_both;
SET LOCAL ROLE lct_owner;
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES
    ('lct_drafter', 'perancang_mesin', 'person-d', NULL), ('lct_drafter2', 'perancang_mesin', 'person-a', NULL),
    ('lct_approver', 'penyetuju_mesin', 'person-a', NULL), ('lct_both', 'perancang_mesin', 'person-b', NULL),
    ('lct_both', 'penyetuju_mesin', 'person-b', NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON reg.state, reg.transition, reg.machine_version, reg.machine, reg.calendar
    TO lct_drafter, lct_drafter2, lct_approver, lct_both;
INSERT INTO reg.machine VALUES ('izin', 1, 'draf');
INSERT INTO reg.state (machine, state, is_final, sort_order) VALUES
    ('izin', 'draf', false, 1), ('izin', 'jadi', true, 2), ('izin', 'batal', true, 3);
INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role, is_timed, needs_reason) VALUES
    ('izin', 'draf', 'jadi', 'buat', 'operator', true, false), ('izin', 'draf', 'batal', 'batalkan', 'operator', false, true);
CREATE TABLE reg.izin (id int PRIMARY KEY, state text NOT NULL DEFAULT 'draf', wilayah text, alasan text,
    bulan varchar(10), versi int NOT NULL DEFAULT 1, isi text CHECK (isi <> 'buruk'));
INSERT INTO reg.izin (id, wilayah) VALUES (1, '3216');
SELECT dtsen.attach('reg.izin', 'izin', 'reg', reason_column => 'alasan', changed_at_column => NULL, changed_by_column => NULL,
    version_column => 'versi', period_column => 'bulan');
GRANT ALL ON reg.izin TO PUBLIC;
RESET ROLE;
\o
SELECT no_plan();

-- rules in force are not written, by whoever
SELECT ok(is_live AND digest = dtsen.machine_digest('reg', 'izin', 1), 'attach() puts a machine in force') FROM reg.machine WHERE machine = 'izin';
SELECT throws_ok(format('SET LOCAL ROLE %I; %s', who, s), 'SE004', NULL, who || ': ' || s)
FROM (VALUES ('lct_owner'), ('lct_super'), ('lct_drafter')) AS w (who), (VALUES
    ($$UPDATE reg.state SET is_final = false WHERE machine = 'izin'$$),
    ($$DELETE FROM reg.transition WHERE machine = 'izin'$$),
    ($$INSERT INTO reg.state (machine, state) VALUES ('izin', 'baru')$$),
    ($$INSERT INTO reg.state (machine, version, state) VALUES ('izin', 7, 'baru')$$),
    ($$UPDATE reg.transition SET machine = 'usulan' WHERE machine = 'izin'$$),
    ($$UPDATE reg.machine SET initial_state = 'jadi' WHERE machine = 'izin'$$),
    ($$UPDATE reg.machine SET version = 2 WHERE machine = 'izin'$$),
    ($$UPDATE reg.machine SET is_live = false WHERE machine = 'izin'$$),
    ($$UPDATE reg.machine SET digest = sha256('') WHERE machine = 'izin'$$),
    ($$DELETE FROM reg.machine WHERE machine = 'izin'$$)) AS s (s);
RESET ROLE;
SELECT throws_ok($$INSERT INTO reg.machine (machine, version, initial_state) VALUES ('x', 2, 'a')$$, '22023', NULL, 'a machine begins with version 1');
SELECT throws_ok(format('TRUNCATE reg.%I CASCADE', t), 'SE004', NULL, 'no TRUNCATE of ' || t)
FROM unnest('{machine,state,transition,calendar,actor,machine_version}'::text[]) AS t;
SELECT lives_ok($$SELECT as_role('lct_super', $q$UPDATE reg.machine SET label_en = 'permit' WHERE machine = 'izin'$q$)$$, 'a label is no rule');
SELECT throws_ok($$SELECT as_role('lct_super', $q$INSERT INTO reg.machine_version (id, machine, version, initial_state, state)
    VALUES ('izin/2', 'izin', 2, 'draf', 'berlaku')$q$)$$, 'SE001', NULL, 'no version is born in force');

-- a version: drafted by one, put in force by another
SELECT throws_ok($$SELECT as_role('lct_nobody', 'SELECT dtsen.machine_draft(''reg'', ''izin'')')$$, '42501', NULL, 'not anyone drafts');
SELECT throws_ok($$SELECT as_role('lct_approver', 'SELECT dtsen.machine_draft(''reg'', ''nix'')')$$, 'P0002', NULL, 'only what there is');
SELECT is(as_role('lct_drafter', 'SELECT dtsen.machine_draft(''reg'', ''izin'')')::text, '', 'a version is drafted');
SELECT is((SELECT state FROM reg.machine_version WHERE id = 'izin/2'), 'draf', 'as version 2');
SELECT is((SELECT count(*) FROM reg.transition WHERE machine = 'izin' AND version = 2), 2::bigint, 'a copy of the one in force');
SELECT lives_ok($$SELECT as_role('lct_drafter', $q$
    INSERT INTO reg.state (machine, version, state, is_final) VALUES ('izin', 2, 'diperiksa', false), ('izin', 2, 'lepas', true);
    DELETE FROM reg.transition WHERE machine = 'izin' AND version = 2 AND to_state = 'jadi';
    INSERT INTO reg.transition (machine, version, from_state, to_state, action, actor_role, distinct_from) VALUES
        ('izin', 2, 'draf', 'diperiksa', 'periksa', 'operator', '{}'), ('izin', 2, 'diperiksa', 'jadi', 'buat', 'verifikator', '{periksa}')$q$)$$, 'its rules are written');
SELECT throws_ok($$SELECT as_role('lct_nobody', $q$DELETE FROM reg.state WHERE machine = 'izin' AND version = 2$q$)$$, '42501', NULL, 'not by anyone');
SELECT throws_ok($$SELECT as_role('lct_super', $q$UPDATE reg.state SET sort_order = 9 WHERE machine = 'izin' AND version = 2$q$)$$, '42501', NULL, 'nor by a superuser who is no drafter');
SELECT set_eq($$SELECT check_name FROM dtsen.check_machine('reg', 'izin', 2) WHERE severity = 'error'$$, ARRAY['unreachable'], 'check_machine looks at a draft');
SELECT throws_like($$SELECT as_role('lct_drafter', $q$SELECT dtsen.machine_submit('reg', 'izin', 2, 'why not')$q$)$$,
    'version 2 of machine "izin" does not load: unreachable, izin:lepas', 'what does not load is not submitted');
SELECT as_role('lct_drafter', $q$DELETE FROM reg.state WHERE machine = 'izin' AND version = 2 AND state = 'lepas'$q$) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_drafter', $q$SELECT dtsen.machine_submit('reg', 'izin', 2, ' ')$q$)$$, 'SE003', NULL, 'a reason is given');
SELECT throws_ok($$SELECT as_role('lct_drafter', $q$SELECT dtsen.machine_approve('reg', 'izin', 2, 'me')$q$)$$, 'SE001', NULL, 'a draft is not approved');
SELECT lives_ok($$SELECT as_role('lct_drafter2', $q$UPDATE reg.state SET sort_order = 5 WHERE machine = 'izin' AND version = 2 AND state = 'diperiksa'$q$)$$, 'another drafter joins');
SELECT lives_ok($$SELECT as_role('lct_drafter', $q$SELECT dtsen.machine_submit('reg', 'izin', 2, 'decree 7')$q$)$$, 'it is submitted');
SELECT throws_ok($$SELECT as_role('lct_drafter', $q$DELETE FROM reg.transition WHERE machine = 'izin' AND version = 2$q$)$$, 'SE004', NULL, 'and no longer written');
SELECT throws_ok($$SELECT as_role('lct_drafter', $q$SELECT dtsen.machine_approve('reg', 'izin', 2, 'me')$q$)$$, '42501', NULL, 'the drafter does not approve');
SELECT throws_ok($$SELECT as_role('lct_approver', $q$SELECT dtsen.machine_approve('reg', 'izin', 2, 'me')$q$)$$, 'SE006', NULL, 'nor one who wrote in the draft under another login');
SELECT throws_ok($$SELECT as_role('lct_super', $q$UPDATE reg.machine_version SET state = 'berlaku' WHERE id = 'izin/2'$q$)$$, '42501', NULL, 'nor a superuser');
SELECT as_role('lct_operator', $q$INSERT INTO reg.izin (id, wilayah, versi) VALUES (2, '321601', 2)$q$) \g /dev/null
SELECT lives_ok($$SELECT as_role('lct_both', $q$SELECT dtsen.machine_approve('reg', 'izin', 2, 'agreed')$q$)$$, 'another person does');
SELECT is((SELECT version FROM reg.machine WHERE machine = 'izin'), 2, 'and it is in force');
SELECT set_eq($$SELECT DISTINCT action, person_key FROM reg.journal WHERE machine = 'mesin'$$,
    $$VALUES ('born', 'person-d'), ('edit', 'person-d'), ('edit', 'person-a'), ('ajukan', 'person-d'), ('setujui', 'person-b')$$, 'who did what is in the journal');
SELECT ok(bool_and(reason LIKE '%' || encode(dtsen.machine_digest('reg', 'izin', 2), 'hex') || '%'), 'with the digest of the rules')
FROM reg.journal WHERE machine = 'mesin' AND action IN ('ajukan', 'setujui');
SELECT is_empty($$SELECT * FROM dtsen.check_machine('reg', 'izin') WHERE severity = 'error'$$, 'the rules are those approved');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'the journal is whole');

-- rows keep their version
SELECT as_role('lct_operator', $q$INSERT INTO reg.izin (id, wilayah, versi) VALUES (3, '321601', 1)$q$) \g /dev/null
SELECT results_eq('SELECT id, versi FROM reg.izin ORDER BY id', 'VALUES (1, 1), (2, 1), (3, 2)', 'rows are born under the version in force, whatever the client says');
SELECT as_role('lct_super', $q$INSERT INTO reg.calendar VALUES ('izin', '', 'buat', clock_timestamp() - interval '1 day', clock_timestamp() + interval '1 day')$q$) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.izin SET state = ''jadi'' WHERE id = 3')$$, 'SE001', NULL, 'the new version has no such step');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.izin SET state = ''diperiksa'' WHERE id = 2')$$, 'SE001', NULL, 'the old one none of the new ones');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.izin SET state = CASE id WHEN 2 THEN ''jadi'' ELSE ''diperiksa'' END WHERE id IN (2, 3)')$$,
    'rows of both go on in one statement, each by its rules');
SELECT results_eq($$SELECT key COLLATE "default", action, machine_version FROM reg.journal WHERE machine = 'izin' AND key IN ('2', '3') AND action <> 'born' ORDER BY key$$,
    $$VALUES ('2', 'buat', 1), ('3', 'periksa', 2)$$, 'the journal says by which');
SELECT throws_ok($$SELECT as_role('lct_verifier2', 'UPDATE reg.izin SET state = ''jadi'' WHERE id = 3')$$, 'SE006', NULL, 'four eyes are those of the version');
SELECT as_role('lct_operator', $q$INSERT INTO reg.izin (id, wilayah) VALUES (4, '321601')$q$) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.izin SET versi = 2 WHERE id = 2')$$, 'SE001', NULL, 'a final row is not moved');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.izin SET versi = 2 WHERE id = 1')$$, '42501', NULL, 'nobody but an approver moves a row');
SELECT throws_ok($$SELECT as_role('lct_approver', 'UPDATE reg.izin SET versi = 1 WHERE id = 4')$$, 'SE001', NULL, 'never back');
SELECT throws_ok($$SELECT as_role('lct_approver', 'UPDATE reg.izin SET versi = 3 WHERE id = 1')$$, 'SE001', NULL, 'nor to one that is not in force');
SELECT throws_ok($$SELECT as_role('lct_approver', 'UPDATE reg.izin SET versi = 2, state = ''diperiksa'' WHERE id = 1')$$, 'SE001', NULL, 'nor with a step');
SELECT lives_ok($$SELECT as_role('lct_approver', 'UPDATE reg.izin SET versi = 2 WHERE id = 1')$$, 'a row is moved');
SELECT results_eq($$SELECT action, machine_version, person_key FROM reg.journal WHERE machine = 'izin' AND key = '1' ORDER BY seq DESC LIMIT 1$$,
    $$VALUES ('edit', 2, 'person-a')$$, 'which is journalled');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'and verifies');
-- a refused version, and one that comes after a later one
SELECT as_role('lct_drafter', $q$SELECT dtsen.machine_draft('reg', 'izin'), dtsen.machine_draft('reg', 'izin')$q$) \g /dev/null
SELECT as_role('lct_drafter', format('SELECT dtsen.machine_submit(''reg'', ''izin'', %s, ''x'')', v)) FROM (VALUES (3), (4)) AS n (v) \g /dev/null
SELECT as_role('lct_approver', $q$SELECT dtsen.machine_approve('reg', 'izin', 4, 'ok')$q$) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_approver', $q$SELECT dtsen.machine_approve('reg', 'izin', 3, 'ok')$q$)$$, 'SE001', NULL, 'an older version no longer comes into force');
SELECT throws_ok($$SELECT as_role('lct_approver', $q$UPDATE reg.machine_version SET state = 'ditolak' WHERE id = 'izin/3'$q$)$$, 'SE003', NULL, 'a refusal has a reason');
SELECT lives_ok($$SELECT as_role('lct_approver', $q$UPDATE reg.machine_version SET state = 'ditolak', reason = 'late' WHERE id = 'izin/3'$q$)$$, 'it is refused');
SELECT lives_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.izin SET state = ''jadi'' WHERE id = 3')$$, 'rows of a version in between go on');
-- what an owner forces is seen
SAVEPOINT forced;
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET actor_role = 'operator' WHERE machine = 'izin' AND version = 4$q$) \g /dev/null
SELECT results_eq($$SELECT row_id, check_name FROM dtsen.check_machine('reg', 'izin') WHERE severity = 'error'$$, $$VALUES ('izin/4', 'digest')$$, 'check_machine sees rules that were not approved');
ALTER TABLE reg.transition DISABLE TRIGGER machine_rules;
SELECT results_eq($$SELECT row_id, value FROM dtsen.check_attached('reg.izin') WHERE check_name = 'machine_trigger'$$, $$VALUES ('reg.transition.machine_rules', 'disabled')$$, 'check_attached the disabled trigger');
ROLLBACK TO forced;
-- a machine that does not load says so
CREATE TABLE reg.rusak (id int PRIMARY KEY, state text);
ALTER TABLE reg.rusak OWNER TO lct_owner;
SELECT as_role('lct_owner', $q$INSERT INTO reg.machine VALUES ('rusak', 1, 'a'); INSERT INTO reg.state (machine, state) VALUES ('rusak', 'a'), ('rusak', 'b');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role, guards) VALUES ('rusak', 'a', 'b', 'go', 'operator', '{reg.nix}')$q$) \g /dev/null
SELECT throws_ok($$SELECT dtsen.attach('reg.rusak', 'rusak', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL)$$,
    '22023', 'machine "rusak" does not load: guard_missing at row rusak:a>b', 'attach() names the row and the reason');
SELECT is_empty($$SELECT * FROM pg_trigger WHERE tgrelid = 'reg.rusak'::regclass$$, 'and changes nothing');
SELECT throws_ok($$SELECT dtsen.attach('reg.rusak', 'izin', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL, version_column => 'state')$$,
    '42804', NULL, 'a version is a number');

-- a guard with arguments
SELECT as_role('lct_owner', $q$
    CREATE FUNCTION reg.has_kind(keys text[], kinds text[]) RETURNS TABLE (key text, code text, message text, hint text) LANGUAGE sql STABLE AS
        'SELECT k, ''SE003'', ''missing: '' || array_to_string(kinds, ''+''), NULL FROM unnest(keys) AS k WHERE k::int > 60';
    UPDATE reg.transition SET guards = '{"reg.has_kind(foto, daftar hadir)"}' WHERE machine = 'usulan' AND action = 'ajukan'$q$) \g /dev/null
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah) VALUES (60, '321601'), (61, '321601')$q$) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 61')$$, 'SE003', 'missing: foto+daftar hadir', 'a guard takes arguments from the table');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 60')$$, 'and lets the others through');
SELECT is_empty($$SELECT * FROM dtsen.check_machine('reg', 'usulan') WHERE check_name ~ 'guard'$$, 'check_machine finds it');

-- the calendar
SELECT as_role('lct_owner', $q$INSERT INTO reg.machine VALUES ('jadwal', 1, 'a'); INSERT INTO reg.state (machine, state, is_final) VALUES ('jadwal', 'a', false), ('jadwal', 'b', true);
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role, is_timed) VALUES ('jadwal', 'a', 'b', 'ajukan', 'operator', true);
    CREATE TABLE reg.jadwal (id int PRIMARY KEY, state text DEFAULT 'a', wilayah text, bulan text);
    SELECT dtsen.attach('reg.jadwal', 'jadwal', 'reg', changed_at_column => NULL, changed_by_column => NULL, period_column => 'bulan');
    GRANT ALL ON reg.jadwal TO PUBLIC$q$) \g /dev/null
SELECT as_role('lct_operator', $q$INSERT INTO reg.jadwal SELECT g, 'a', '321601', CASE g % 3 WHEN 0 THEN '2026-10' WHEN 1 THEN '2026-11' END FROM generate_series(1, 9) AS g$q$) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.jadwal SET state = ''b'' WHERE id = 1')$$, 'SE002', NULL, 'without a window a timed step is not taken');
SELECT results_eq($$SELECT check_name FROM dtsen.check_machine('reg', 'jadwal') WHERE check_name ~ 'window'$$, $$VALUES ('no_window')$$, 'which check_machine warns of');
SELECT as_role('lct_owner', $q$INSERT INTO reg.calendar VALUES ('jadwal', '2026-10', 'ajukan', now() - interval '2 months', now() - interval '1 month'),
    ('jadwal', '2026-11', 'ajukan', now() - interval '1 day', now() + interval '1 day')$q$) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.jadwal SET state = ''b'' WHERE id = 3')$$, 'SE002', NULL, 'nor when it has closed');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.jadwal SET state = ''b'' WHERE id IN (1, 3)')$$, 'SE002', NULL, 'one row too late stops the statement');
SELECT matches(refusal('lct_operator', 'UPDATE reg.jadwal SET state = ''b'' WHERE id IN (1, 3)'), 'Row 3, from "a" to "b", period "2026-10": the window closed', 'and is named');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.jadwal SET state = ''b'' WHERE id = 2')$$, 'SE002', NULL, 'a row without a period needs the empty one');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.jadwal SET state = ''b'' WHERE bulan = ''2026-11''')$$, 'within the window it is taken');
SELECT throws_ok(s, 'SE004', NULL, s) FROM unnest(ARRAY[$$UPDATE reg.calendar SET closes_at = now() + interval '1 day' WHERE period = '2026-10'$$, $$DELETE FROM reg.calendar WHERE period = '2026-10'$$]) AS s;
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.calendar SET closes_at = now() + interval ''1 year''')$$, '42501', NULL, 'an actor does not write the calendar');
SELECT lives_ok($$SELECT as_role('lct_owner', $q$UPDATE reg.calendar SET closes_at = clock_timestamp() WHERE period = '2026-11'$q$)$$, 'an open window can be closed');
SELECT as_role('lct_operator', $q$INSERT INTO reg.jadwal VALUES (10, 'a', '321601', '2026-11')$q$) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.jadwal SET state = ''b'' WHERE id = 10')$$, 'SE002', NULL,
    'the clock decides, not the time at which the transaction began');

-- explain_transition(): the same rules, asked
CREATE FUNCTION asked(who name, target regclass, key text, to_state text, reason text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    PERFORM set_config('role', who, true);
    SELECT string_agg(e.sqlstate, ' ' ORDER BY e.sqlstate) INTO answer FROM dtsen.explain_transition(target, key, to_state, reason) AS e;
    PERFORM set_config('role', 'none', true);
    RETURN coalesce(answer, 'allowed');
END $$;
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{}' WHERE machine = 'usulan' AND action = 'ajukan'$q$) \g /dev/null
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah) VALUES (70, '321601')$q$) \g /dev/null
SELECT is(asked('lct_operator', 'reg.usulan', '70', 'diajukan'), 'allowed', 'a step that is allowed');
SELECT is((SELECT state FROM reg.usulan WHERE id = 70), 'draf', 'is not taken by asking');
SELECT is((SELECT count(*) FROM reg.journal WHERE key = '70'), 1::bigint, 'nor journalled');
SELECT is(asked('lct_far', 'reg.usulan', '70', 'diajukan'), '42501', 'another region');
SELECT is(asked('lct_operator', 'reg.usulan', '70', 'terbit'), 'SE001', 'no such step');
SELECT is(asked('lct_operator', 'reg.usulan', '71', 'terbit'), 'P0002', 'no such row');
SELECT is(asked('lct_operator', 'reg.izin', '4', 'batal'), 'SE003', 'a reason is missing');
SELECT is(asked('lct_operator', 'reg.izin', '4', 'batal', 'no need'), 'allowed', 'and then given');
SELECT is(asked('lct_super', 'reg.jadwal', '10', 'b'), 'SE002', 'the window');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{"reg.has_kind(foto)"}', is_timed = true WHERE machine = 'usulan' AND action = 'ajukan'$q$) \g /dev/null
SELECT is(asked('lct_far', 'reg.usulan', '70', 'diajukan'), '42501 SE002 SE003', 'all that is missing is told at once');
SELECT throws_ok($$SELECT * FROM dtsen.explain_transition('reg.calendar', 'x', 'y')$$, '42704', NULL, 'a table under no machine');
SELECT throws_ok($$SELECT * FROM dtsen.explain_transition(0, '1', 'y')$$, '22023', 'relation with OID 0 does not exist', 'a number that is no table''s');
SELECT throws_ok($$SELECT * FROM dtsen.explain_transition('reg.machine_pkey', '1', 'y')$$, '42809', NULL, 'an index');
SELECT throws_ok($$SELECT * FROM dtsen.explain_transition('reg.usulan', NULL, 'y')$$, '22004', NULL, 'no key');
SELECT throws_ok($$SELECT * FROM dtsen.explain_transition('reg.usulan', '1', NULL)$$, '22004', NULL, 'no state');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''terbit'' WHERE id = 70')$$, 'SE001', NULL, 'afterwards rules are enforced again');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{}', is_timed = false WHERE machine = 'usulan' AND action = 'ajukan'$q$) \g /dev/null

-- many rows: the guard is planned with them in sight, as written, pinned or made anew
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah) SELECT g, '321601' FROM generate_series(5001, 6500) AS g$q$) \g /dev/null
SELECT as_role('lct_owner', format($q$CREATE OR REPLACE FUNCTION reg.is_even(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql STABLE %s AS 'SELECT k, ''SE003'', ''odd'', ''Add one.'' FROM unnest(keys) AS k WHERE k::int %% 2 = 1'$q$, '')) \g /dev/null
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{reg.is_even}' WHERE machine = 'usulan' AND action = 'ajukan'$q$) \g /dev/null
CREATE FUNCTION odd_ones() RETURNS text LANGUAGE sql AS $$
    SELECT substring(refusal('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id BETWEEN 5001 AND 6500') FROM 'in this statement: [0-9]*') $$;
SELECT is(odd_ones(), 'in this statement: 750', 'a guard in plain SQL');
SELECT is(odd_ones(), 'in this statement: 750', 'and asked again');
SELECT as_role('lct_owner', 'ALTER FUNCTION reg.is_even(text[]) SET search_path = pg_catalog, pg_temp') \g /dev/null
SELECT is(odd_ones(), 'in this statement: 750', 'with a path of its own');
SELECT as_role('lct_owner', $q$DROP FUNCTION reg.is_even(text[])$q$) \g /dev/null
SELECT as_role('lct_owner', $q$CREATE FUNCTION reg.is_even(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql STABLE AS 'SELECT k, ''SE003'', ''odd'', ''Add one.'' FROM unnest(keys) AS k WHERE k::int % 3 = 1'$q$) \g /dev/null
SELECT is(odd_ones(), 'in this statement: 500', 'made anew');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id BETWEEN 5001 AND 6500 AND id % 3 <> 1')$$, 'who is in order passes');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{}' WHERE machine = 'usulan' AND action = 'ajukan'$q$) \g /dev/null

-- generated situations: it says "allowed" exactly where the UPDATE succeeds
CREATE FUNCTION situation(seed int, OUT who name, OUT id int, OUT to_state text, OUT reason text) LANGUAGE sql AS $$
    SELECT (ARRAY['lct_operator', 'lct_verifier', 'lct_verifier2', 'lct_head', 'lct_far', 'lct_nobody', 'lct_super'])[1 + h[1] % 7],
        1000 + h[2] % 40, (ARRAY['draf', 'diajukan', 'disahkan', 'terbit', 'ditolak', 'nix'])[1 + h[3] % 6], (ARRAY[NULL, 'why', ' '])[1 + h[4] % 3]
    FROM (SELECT array_agg(abs(hashint8(seed * 10 + n))) AS h FROM generate_series(1, 4) AS n) AS s
$$;
SELECT as_role('lct_super', $q$INSERT INTO reg.usulan (id, wilayah) SELECT g, CASE g % 4 WHEN 0 THEN '320101' WHEN 1 THEN '321602' ELSE '321601' END
    FROM generate_series(1000, 1039) AS g$q$) \g /dev/null
CREATE TEMP TABLE outcome AS SELECT NULL::text AS said, NULL::text AS did LIMIT 0;
DO $$
DECLARE
    s record;
    answer text;
    outcome text;
BEGIN
    FOR seed IN 1 .. 1500 LOOP
        s := situation(seed);
        answer := asked(s.who, 'reg.usulan', s.id::text, s.to_state, s.reason);
        outcome := coalesce(left(refusal(s.who, format('UPDATE reg.usulan SET state = %L%s WHERE id = %s', s.to_state,
            CASE WHEN s.reason IS NOT NULL THEN format(', alasan = %L', s.reason) ELSE '' END, s.id)), 5), 'allowed');
        INSERT INTO outcome VALUES (answer, outcome);
    END LOOP;
END $$;
SELECT is((SELECT count(*) FROM outcome), 1500::bigint, 'situations were generated');
SELECT is_empty($$SELECT * FROM outcome WHERE (said = 'allowed') <> (did = 'allowed') OR position(did IN said) = 0$$, 'what is said is what happens');
SELECT ok((SELECT count(*) FROM outcome WHERE did = 'allowed') > 60 AND (SELECT count(DISTINCT did) FROM outcome) >= 6,
    format('of many kinds: %s', (SELECT string_agg(format('%s %s', did, n), ', ') FROM (SELECT did, count(*) AS n FROM outcome GROUP BY did ORDER BY did) AS d)));
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'the journal is whole after all of it');

-- drawn
SELECT matches(dtsen.machine_diagram('reg', 'izin', 'graphviz'), '^digraph machine \{.*s1 \[label="draf"\];.*peripheries=2.*start -> s1;.*s1 -> s4 \[label="periksa \(operator\)"\];.*\}$', 'a graph for Graphviz');
SELECT alike(dtsen.machine_diagram('reg', 'izin', 'mermaid', 1), '%buat (operator)%', 'a version of old');
SELECT is(dtsen.machine_diagram('reg', 'izin', 'mermaid', 9), NULL, 'no version, no drawing');
SELECT throws_ok($$SELECT dtsen.machine_diagram('reg', 'izin', 'png')$$, '22023', NULL, 'no such format');
-- a version that comes into force between the rows of a statement, of which one has had
-- another statement on the same machine nested in it: no row stands under rules it was not judged by
SELECT as_role('lct_drafter', $q$SELECT dtsen.machine_draft('reg', 'usulan')$q$) \g /dev/null
SELECT as_role('lct_drafter', format($q$SELECT dtsen.machine_submit('reg', 'usulan', %s, 'decree 9')$q$, (SELECT max(version) FROM reg.machine_version WHERE machine = 'usulan'))) \g /dev/null
CREATE FUNCTION meanwhile(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    acting text := current_setting('role');
BEGIN
    IF what ~ '^[IU]' THEN
        EXECUTE replace(what, 'approve', '');
    END IF;
    IF what ~ 'approve$' THEN
        SET LOCAL ROLE lct_approver;
        PERFORM dtsen.machine_approve('reg', 'usulan', (SELECT max(version) FROM reg.machine_version WHERE machine = 'usulan'), 'agreed');
        PERFORM set_config('role', acting, true);
    END IF;
    RETURN what;
END $$;
SELECT is(left(refusal('lct_operator', format('INSERT INTO reg.usulan (id, wilayah, isi) SELECT x.id, ''3216012001'', meanwhile(x.what) FROM (VALUES %s) AS x (id, what)', rows)), 5), wanted, said)
FROM (VALUES
    ('(801, ''''), (802, ''approve''), (803, '''')', '40001', 'between two rows'),
    ('(801, ''''), (802, ''INSERT INTO reg.usulan (id, wilayah) VALUES (811, ''''3216012001''''); approve'')', '40001', 'right after a nested statement'),
    ('(801, ''''), (802, ''INSERT INTO reg.usulan (id, wilayah) VALUES (811, ''''3216012001'''')''), (803, ''approve'')', '40001', 'after a nested statement, and a row'),
    ('(801, ''''), (802, ''approve''), (803, ''INSERT INTO reg.usulan (id, wilayah) VALUES (811, ''''3216012001'''')'')', '40001', 'before one'),
    ('(801, ''''), (802, ''UPDATE reg.usulan SET isi = NULL WHERE id = 1; approve'')', '40001', 'right after an update'),
    ('(801, ''INSERT INTO reg.usulan (id, wilayah) VALUES (811, ''''3216012001'''')''), (802, ''INSERT INTO reg.usulan (id, wilayah) VALUES (811, ''''3216012001'''') ON CONFLICT DO NOTHING'')', NULL, 'nested ones by themselves do no harm')
    ) AS v (rows, wanted, said);
SELECT is(refusal('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah, isi) SELECT x.id, '3216012001', meanwhile(x.what) FROM (VALUES
    (821, 'INSERT INTO reg.usulan (id, wilayah) VALUES (831, ''3216012001''); INSERT INTO reg.usulan (id, wilayah) VALUES (831, ''3216012001'') ON CONFLICT DO NOTHING'), (822, '')) AS x (id, what)$q$),
    NULL, 'nor do they keep a later version from the statements to come');
SELECT is(refusal('lct_operator', $q$SELECT meanwhile('approve'); INSERT INTO reg.usulan (id, wilayah) VALUES (841, '3216012001')$q$), NULL, 'which are judged by it');
SELECT is((SELECT j.machine_version - m.version FROM reg.journal AS j, reg.machine AS m WHERE j.key = '841' AND j.machine = 'usulan' AND m.machine = 'usulan'), 0, 'as the journal says');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'which is whole');

-- machines as files
CREATE FUNCTION definition(change jsonb = '{}', states jsonb = '[]', steps jsonb = '[]') RETURNS jsonb LANGUAGE sql AS $$
    SELECT d || change || jsonb_build_object('states', (d -> 'states') || states, 'transitions', (d -> 'transitions') || steps)
    FROM (SELECT '{"machine": "surat", "initial_state": "a", "label_id": "surat \"resmi\"",
        "states": [{"state": "a"}, {"state": "z", "is_final": true, "is_published": true, "label_en": "the end"}, {"state": "b"}],
        "transitions": [{"from_state": "b", "to_state": "z", "action": "end", "actor_role": "kepala", "distinct_from": ["born", "go"], "needs_reason": true, "is_timed": true},
            {"from_state": "a", "to_state": "b", "action": "go", "actor_role": "operator", "guards": ["of_letter", "of_kind(foto, a.b)", "public.has"]}]}'::jsonb) AS x (d)
$$;
SELECT as_role('lct_owner', $q$
    CREATE FUNCTION reg.of_letter(keys text[]) RETURNS TABLE (key text, code text, message text, hint text) LANGUAGE sql STABLE AS 'SELECT NULL, NULL, NULL, NULL WHERE false';
    CREATE FUNCTION reg.of_kind(keys text[], arguments text[]) RETURNS TABLE (key text, code text, message text, hint text) LANGUAGE sql STABLE AS 'SELECT NULL, NULL, NULL, NULL WHERE false'$q$) \g /dev/null
SELECT alike(refusal('lct_owner', $$SELECT dtsen.machine_load('reg', definition())$$), '22023 | machine "surat" does not load: % at row surat:a>b | public.has: %', 'a guard that is not there: row and guard are named');
SELECT is((SELECT count(*) FROM reg.machine WHERE machine = 'surat'), 0::bigint, 'and nothing is loaded');
CREATE FUNCTION public.has(keys text[]) RETURNS TABLE (key text, code text, message text, hint text) LANGUAGE sql STABLE AS 'SELECT NULL, NULL, NULL, NULL WHERE false';
ALTER FUNCTION public.has(text[]) OWNER TO lct_owner;
SELECT is(refusal('lct_owner', $$SELECT dtsen.machine_load('reg', definition())$$), NULL, 'a machine is loaded');
SELECT results_eq($$SELECT state, is_final, is_published, label_en, sort_order FROM reg.state WHERE machine = 'surat' ORDER BY sort_order$$,
    $$VALUES ('a', false, false, NULL, 1), ('z', true, true, 'the end', 2), ('b', false, false, NULL, 3)$$, 'states in the order of the file');
SELECT results_eq($$SELECT action, guards, distinct_from, needs_reason, is_timed FROM reg.transition WHERE machine = 'surat' ORDER BY action$$,
    $$VALUES ('end', '{}'::text[], '{born,go}'::text[], true, true), ('go', ARRAY['reg.of_letter', 'reg.of_kind(foto, a.b)', 'public.has'], '{}', false, false)$$, 'steps, with guards of the lifecycle''s own schema');
SELECT is(dtsen.machine_definition('reg', 'surat')::jsonb, definition() || jsonb_build_object('transitions',
    jsonb_build_array(definition() -> 'transitions' -> 1, definition() -> 'transitions' -> 0)), 'and comes out as it went in, steps in the order of states');
SELECT ok(dtsen.machine_definition('reg', 'none') IS NULL AND dtsen.machine_definition('reg', NULL) IS NULL, 'no machine, no definition');
SELECT is(refusal('lct_owner', $$SELECT dtsen.machine_load('reg', definition('{"initial_state": "b", "label_en": "letter"}', steps => '[{"from_state": "b", "to_state": "a", "action": "back", "actor_role": "kepala"}]'))$$),
    NULL, 'one that guards no table yet is replaced');
SELECT results_eq($$SELECT initial_state, label_en, version, (SELECT count(*) FROM reg.transition AS t WHERE t.machine = m.machine) FROM reg.machine AS m WHERE machine = 'surat'$$,
    $$VALUES ('b', 'letter', 1, 3::bigint)$$, 'as a whole');
SELECT alike(refusal('lct_owner', format('SELECT dtsen.machine_load(''reg'', %s)', d)), '22023 | the definition of a machine does not load: ' || said || '%', said) FROM (VALUES
    ('definition(''{"initial": "a"}'')', 'there is no field "initial", at the top'),
    ('definition(''{"machine": ""}'')', 'field "machine" is empty, at the top'),
    ('definition() - ''machine''', 'field "machine" is missing, at the top'),
    ('definition(''{"label_id": 1}'')', 'field "label_id" must be a text, at the top'),
    ('definition() - ''states''', 'field "states" must be a list, at the top'),
    ('definition() || ''{"transitions": {}}''', 'field "transitions" must be a list, at the top'),
    ('''[]''::jsonb', 'it is no object, at the top'),
    ('''null''::jsonb', 'it is no object, at the top'),
    ('definition(states => ''["c"]'')', 'it is no object, at state 4'),
    ('definition(states => ''[{"state": null}]'')', 'field "state" is empty, at state 4'),
    ('definition(states => ''[{"state": "c", "is_final": "yes"}]'')', 'field "is_final" must be true or false, at state 4'),
    ('definition(states => ''[{"state": "a"}]'')', 'state "a" is there twice, at states 1 and 4'),
    ('definition(steps => ''[{"from_state": "a", "to_state": "z", "action": "x"}]'')', 'field "actor_role" is missing, at transition 3'),
    ('definition(steps => ''[{"from_state": "a", "to_state": "z", "action": "x", "actor_role": "r", "guards": "g"}]'')', 'field "guards" must be a list of texts, at transition 3'),
    ('definition(steps => ''[{"from_state": "a", "to_state": "z", "action": "x", "actor_role": "r", "guards": [1]}]'')', 'field "guards" must be a list of texts, at transition 3'),
    ('definition(steps => ''[{"from_state": "a", "to_state": "b", "action": "x", "actor_role": "r"}]'')', 'the step from "a" to "b" is there twice, at transitions 2 and 3'),
    ('definition(steps => ''[{"from_state": "a", "to_state": "q", "action": "x", "actor_role": "r"}]'')', 'there is no state "q", at transition 3')) AS v (d, said);
SELECT is(left(refusal('lct_owner', s), 5), w, s) FROM (VALUES ('SELECT dtsen.machine_load(''reg'', NULL)', '22004'), ('SELECT dtsen.machine_load(NULL, definition())', '22004'), ('SELECT dtsen.machine_draft(NULL, ''izin'')', '22004'),
    ('SELECT dtsen.machine_load(''reg'', definition(states => ''[{"state": "island"}]''))', '22023'), ('SELECT dtsen.machine_load(''public'', definition())', '42P01'),
    ('SELECT dtsen.machine_load(''reg'', definition(steps => ''[{"from_state": "a", "to_state": "a", "action": "x", "actor_role": "r"}]''))', '23514')) AS v (s, w);
SELECT is(left(refusal('lct_nobody', $$SELECT dtsen.machine_load('reg', definition())$$), 5), '42501', 'not by anyone');
-- of a machine in force it makes a draft
GRANT SELECT ON reg.actor TO lct_drafter;
CREATE TEMP TABLE had AS SELECT max(version) AS version FROM reg.machine_version WHERE machine = 'izin';
SELECT is(refusal('lct_drafter', $q$SELECT dtsen.machine_load('reg', jsonb_set(dtsen.machine_definition('reg', 'izin')::jsonb, '{states,0,label_en}', '"draft"'))$q$), NULL, 'of a machine in force');
SELECT results_eq($$SELECT v.version, v.state, s.label_en FROM reg.machine_version AS v JOIN reg.state AS s USING (machine, version), had WHERE machine = 'izin' AND v.version > had.version AND s.state = 'draf'$$,
    $$SELECT version + 1, 'draf', 'draft' FROM had$$, 'it makes the draft of the next version');
SELECT is(left(refusal('lct_head', $q$SELECT dtsen.machine_load('reg', dtsen.machine_definition('reg', 'izin')::jsonb)$q$), 5), '42501', 'by who drafts');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'and the journal is whole');
-- a state that is final in one version and not in another: a row is emptied, and changed by nobody, by its own
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('buku', 1, 'a');
    INSERT INTO reg.state (machine, state, is_final) VALUES ('buku', 'a', false), ('buku', 'z', true);
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('buku', 'a', 'z', 'akhiri', 'operator');
    CREATE TABLE reg.buku (id int PRIMARY KEY, state text NOT NULL DEFAULT 'a', wilayah text DEFAULT '321601', isi text, versi int NOT NULL DEFAULT 1);
    GRANT ALL ON reg.buku TO PUBLIC$q$) \g /dev/null
SELECT as_role('lct_owner', $q$SELECT dtsen.attach('reg.buku', 'buku', 'reg', changed_at_column => NULL, changed_by_column => NULL, version_column => 'versi')$q$) \g /dev/null
SELECT as_role('lct_operator', $$INSERT INTO reg.buku (id, isi) VALUES (1, 'x'), (2, 'x')$$), as_role('lct_operator', $$UPDATE reg.buku SET state = 'z'$$),
    as_role('lct_drafter', $$SELECT dtsen.machine_draft('reg', 'buku')$$), as_role('lct_drafter', $$UPDATE reg.state SET is_final = false WHERE machine = 'buku' AND version = 2 AND state = 'z'$$),
    as_role('lct_drafter', $$INSERT INTO reg.transition (machine, version, from_state, to_state, action, actor_role) VALUES ('buku', 2, 'z', 'a', 'buka', 'operator')$$),
    as_role('lct_drafter', $$SELECT dtsen.machine_submit('reg', 'buku', 2, 'x')$$), as_role('lct_approver', $$SELECT dtsen.machine_approve('reg', 'buku', 2, 'x')$$) \g /dev/null
SELECT as_role('lct_owner', $q$SELECT dtsen.empty_row('reg', 'buku', '1', '{"isi": null}')$q$) \g /dev/null
SELECT results_eq($$SELECT action FROM reg.journal WHERE machine = 'buku' AND key = '1' ORDER BY at, seq$$, '{born,akhiri,erased,erased}'::text[], 'what is emptied is journalled as erased');
SELECT as_role('lct_owner', 'ALTER TABLE reg.buku DISABLE TRIGGER zz_dtsen_guard') \g /dev/null
SELECT is(left(refusal('lct_owner', $$UPDATE reg.buku SET isi = 'y' WHERE id = 2$$), 5), 'SE005', 'and past the guard nothing is journalled as an edit');
SELECT * FROM finish();
ROLLBACK;
