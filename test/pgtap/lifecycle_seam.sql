-- Where versions of machines and the journal meet.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
CREATE ROLE lct_drafter;
CREATE ROLE lct_approver;
SET LOCAL ROLE lct_owner;
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES
    ('lct_drafter', 'perancang_mesin', 'person-d', NULL), ('lct_approver', 'penyetuju_mesin', 'person-a', NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON reg.state, reg.transition, reg.machine_version, reg.machine, reg.calendar
    TO lct_drafter, lct_approver;
INSERT INTO reg.machine VALUES ('izin', 1, 'a');
INSERT INTO reg.state (machine, state, is_final, sort_order) VALUES
    ('izin', 'a', false, 1), ('izin', 'b', false, 2), ('izin', 'z', true, 3);
INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role, distinct_from, needs_reason) VALUES
    ('izin', 'a', 'b', 'ajukan', 'operator', '{}', true), ('izin', 'b', 'z', 'tutup', 'verifikator', '{ajukan}', false);
CREATE TABLE reg.izin (id int PRIMARY KEY, state text NOT NULL, wilayah text, alasan text, versi int NOT NULL DEFAULT 1, isi text);
SELECT dtsen.attach('reg.izin', 'izin', 'reg', reason_column => 'alasan', changed_at_column => NULL,
    changed_by_column => NULL, version_column => 'versi');
GRANT ALL ON reg.izin TO PUBLIC;
RESET ROLE;
CREATE FUNCTION attach_again(between_both text) RETURNS void LANGUAGE sql AS $$
    SELECT as_role('lct_owner', format($q$
        SELECT dtsen.detach('reg.izin', 'izin'); %s;
        SELECT dtsen.attach('reg.izin', 'izin', 'reg', reason_column => 'alasan', changed_at_column => NULL,
            changed_by_column => NULL, version_column => 'versi')$q$, between_both))
$$;
SELECT as_role('lct_operator', $q$INSERT INTO reg.izin SELECT g, 'a', '3216010001' FROM generate_series(1, 1500) AS g$q$);
-- version 2 has another initial state, another name for a step, and lets z go on
SELECT as_role('lct_drafter', $q$
    SELECT dtsen.machine_draft('reg', 'izin', 'n');
    INSERT INTO reg.state (machine, version, state, is_final) VALUES ('izin', 2, 'n', false), ('izin', 2, 'q', true);
    UPDATE reg.state SET is_final = false WHERE machine = 'izin' AND version = 2 AND state = 'z';
    INSERT INTO reg.transition (machine, version, from_state, to_state, action, actor_role) VALUES
        ('izin', 2, 'n', 'a', 'mulai', 'operator'), ('izin', 2, 'z', 'q', 'akhiri', 'verifikator');
    UPDATE reg.transition SET action = 'kirim' WHERE machine = 'izin' AND version = 2 AND action = 'ajukan';
    UPDATE reg.transition SET distinct_from = '{kirim}' WHERE machine = 'izin' AND version = 2 AND action = 'tutup';
    SELECT dtsen.machine_submit('reg', 'izin', 2, 'decree 7')$q$);
SELECT as_role('lct_approver', $q$SELECT dtsen.machine_approve('reg', 'izin', 2, 'agreed')$q$);
SELECT as_role('lct_operator', $q$INSERT INTO reg.izin SELECT g, 'n', '3216010001' FROM generate_series(1501, 3000) AS g$q$);
\o
SELECT plan(33);

-- one statement, rows of two versions in one regency
SELECT throws_ok($$SELECT as_role('lct_operator', $q$INSERT INTO reg.izin VALUES (9001, 'a', '3216010001')$q$)$$, 'SE001', NULL,
    'rows are born in the initial state of the version in force');
SELECT lives_ok($$SELECT as_role('lct_operator', $q$UPDATE reg.izin SET state = CASE versi WHEN 1 THEN 'b' ELSE 'a' END, alasan = 'because'$q$)$$,
    'rows of both versions in one statement');
SELECT results_eq($$SELECT machine_version, action, count(*), min(reason), max(reason) FROM reg.journal WHERE machine = 'izin' AND action <> 'born' GROUP BY 1, 2 ORDER BY 1, 2$$,
    $$VALUES (1, 'ajukan', 1500::bigint, 'because', 'because'), (2, 'mulai', 1500, 'because', 'because')$$, 'each by its own step');
SELECT is_empty($$SELECT b.seq FROM reg.journal_block AS b, LATERAL dtsen.journal_entries(b.seq, b.entries, b.body) AS e
    GROUP BY b.machine, b.chain, b.seq HAVING count(DISTINCT e.machine_version) <> 1$$, 'a block is of one version');
SELECT is((SELECT count(DISTINCT chain) FROM reg.journal_block WHERE machine = 'izin'), 1::bigint, 'both go into one chain');
SELECT as_role('lct_operator', $q$UPDATE reg.izin SET state = 'b', alasan = 'late' WHERE id > 1500$q$) \g /dev/null
SELECT throws_ok(format($$SELECT as_role('lct_verifier2', 'UPDATE reg.izin SET state = ''z'' WHERE id IN (%s)')$$, ids), 'SE006', NULL,
    'four eyes in both versions: ' || ids) FROM unnest('{1,1501,"1,1501"}'::text[]) AS ids;
SELECT lives_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.izin SET state = ''z''')$$, 'another person takes the step in both');
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.izin SET isi = ''x'' WHERE id IN (1, 1501)')$$, 'SE004', NULL, 'final in one version, not in the other');
SELECT lives_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.izin SET isi = ''x'' WHERE id = 1501')$$, 'where it is not final the row changes');
SELECT results_eq($$SELECT action, machine_version FROM dtsen.journal_history('reg', 'izin', '1501', '32.16.01')$$,
    $$VALUES ('born', 2), ('mulai', 2), ('kirim', 2), ('tutup', 2), ('edit', 2)$$, 'its history');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all of it verifies');

-- a version is evidence like every row
SELECT as_role('lct_owner', $q$SELECT dtsen.journal_anchor('reg')$q$) \g /dev/null
SELECT results_eq($$SELECT e ->> 'action', e ->> 'anchor' IS NOT NULL,
        e ->> 'reason' IS NULL OR e ->> 'reason' LIKE '%' || encode(dtsen.machine_digest('reg', 'izin', 2), 'hex') || '%',
        coalesce(sha256('dtsen.note.1'::bytea || '\x00'::bytea || decode(e ->> 'salt', 'hex') || convert_to(e ->> 'reason', 'UTF8'))
            = decode(e ->> 'commitment', 'hex'), true)
    FROM dtsen.journal_proof('reg', 'mesin', 'izin/2') AS p, jsonb_array_elements(p -> 'entries') WITH ORDINALITY AS x(e, n) ORDER BY n$$,
    $$VALUES ('born', true, true, true), ('edit', true, true, true), ('ajukan', true, true, true), ('setujui', true, true, true)$$, 'the proof of a version');
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.izin')$$, 'nothing is missing at the table');
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.machine_version')$$, 'nor at that of versions');

-- attached again: in one transaction with steps, twice, rows of both versions
SELECT as_role('lct_verifier', 'UPDATE reg.izin SET isi = ''y'' WHERE id = 1501') \g /dev/null
SELECT attach_again('SELECT'), attach_again('SELECT') \g /dev/null
SELECT results_eq($$SELECT machine_version, count(*) FROM reg.journal WHERE action = 'attached' GROUP BY 1 ORDER BY 1$$,
    $$VALUES (1, 3000::bigint), (2, 3000)$$, 'attached rows are journalled with their version');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'the last attach() counts');
-- what a final row says is erased so; history and four eyes stay
SELECT lives_ok($$SELECT attach_again('UPDATE reg.izin SET isi = NULL, alasan = NULL WHERE id IN (1, 1501)')$$, 'a final row is erased with the machine taken off');
SELECT ok(dtsen.erase_notes('reg', 'izin', '1') > 0, 'and the reasons of its steps');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'the journal stays whole');
SELECT as_role('lct_drafter', $q$SELECT dtsen.machine_draft('reg', 'izin')$q$) \g /dev/null
SELECT throws_ok(format($$SELECT attach_again('UPDATE reg.izin SET versi = %s WHERE id = 1')$$, v), '23514', NULL,
    'no row is attached under a version that is not in force: ' || v) FROM (VALUES (3), (7), (0)) AS n (v);

-- rules rewritten by the owner, with the triggers off
SAVEPOINT forced;
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET actor_role = 'x' WHERE machine = 'izin' AND version = 1 AND action = 'tutup'$q$) \g /dev/null
SELECT results_eq($$SELECT row_id, check_name FROM dtsen.check_machine('reg') WHERE severity = 'error'$$, $$VALUES ('izin/1', 'digest')$$,
    'check_machine sees it in a version that rows are still under');
ROLLBACK TO forced;
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET actor_role = 'x' WHERE machine = 'izin' AND version = 2 AND action = 'tutup';
    UPDATE reg.machine SET digest = dtsen.machine_digest('reg', 'izin', 2) WHERE machine = 'izin'$q$) \g /dev/null
SELECT is_empty($$SELECT * FROM dtsen.check_machine('reg') WHERE severity = 'error'$$, 'who sets the digest too deceives check_machine,');
SELECT results_eq($$SELECT machine, key, problem FROM dtsen.verify_journal('reg')$$, $$VALUES ('mesin', 'izin/2', 'rules')$$, 'not the journal');
SELECT results_eq($$SELECT machine, key, problem FROM dtsen.verify_journal('reg', 'izin')$$, $$VALUES ('mesin', 'izin/2', 'rules')$$, 'also of the one machine');
ROLLBACK TO forced;
SELECT throws_ok($$UPDATE reg.machine SET first_digest = NULL WHERE machine = 'izin'$$, 'SE004', NULL, 'the digest of version 1 stays');
SELECT as_role('lct_owner', $q$SELECT dtsen.detach('reg.machine_version', 'mesin')$q$) \g /dev/null
SELECT is((SELECT count(*) FROM dtsen.check_attached('reg.izin') WHERE check_name = 'machine_trigger' AND row_id LIKE 'reg.machine_version.%'),
    5::bigint, 'check_attached sees that versions are under no machine');
ROLLBACK TO forced;
SELECT is((SELECT count(*) FROM dtsen.check_attached('reg.izin')), 0::bigint, 'and that they are');
SELECT as_role('lct_owner', format('ALTER TABLE reg.%I DISABLE TRIGGER machine_no_truncate', t)) FROM unnest('{actor,machine}'::text[]) AS t \g /dev/null
SELECT is((SELECT string_agg(row_id, ' ' ORDER BY row_id) FROM dtsen.check_attached('reg.izin')), 'reg.actor.machine_no_truncate reg.machine.machine_no_truncate',
    'and who could truncate the rules');
ROLLBACK TO forced;
SELECT as_role('lct_owner', 'DROP TABLE reg.journal_anchor_chain, reg.journal_anchor') \g /dev/null
SELECT is((SELECT count(*) FROM dtsen.check_attached('reg.izin') WHERE check_name = 'machine_tables_missing'), 2::bigint, 'and anchors that are gone');
ROLLBACK TO forced;
SELECT * FROM finish();
ROLLBACK;
