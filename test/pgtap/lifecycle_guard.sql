-- guard(): each promise, attacked.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();

-- birth
SELECT lives_ok($$SELECT as_role('lct_operator',
    'INSERT INTO reg.usulan (id, wilayah, isi, changed_at, changed_by)
     SELECT g, ''3216012001'', ''x'', ''2001-01-01'', ''bupati'' FROM generate_series(1, 9) AS g')$$,
    'an operator gives birth in his district');
SELECT is((SELECT count(*) FROM reg.usulan WHERE changed_by = 'lct_operator' AND changed_at = now()),
    9::bigint, 'stamps of a birth are the guard''s, not the client''s');
SELECT throws_ok($$SELECT as_role('lct_operator',
    'INSERT INTO reg.usulan (id, state, wilayah) VALUES (20, ''terbit'', ''321601'')')$$,
    'SE001', NULL, 'no birth in another state');
SELECT throws_ok($$SELECT as_role('lct_operator',
    'INSERT INTO reg.usulan (id, state, wilayah) VALUES (20, ''bukan'', ''321601'')')$$,
    'SE001', NULL, 'no birth in an unknown state');
SELECT throws_ok($$SELECT as_role('lct_operator',
    'INSERT INTO reg.usulan (id, wilayah) VALUES (20, ''321602'')')$$,
    '42501', NULL, 'no birth in the neighbour district');
SELECT throws_ok($$SELECT as_role('lct_operator',
    'INSERT INTO reg.usulan (id, wilayah) VALUES (20, ''3216'')')$$,
    '42501', NULL, 'no birth in a region wider than the actor''s');
SELECT throws_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.usulan (id) VALUES (20)')$$,
    '42501', NULL, 'no birth without region by a regional actor');
SELECT throws_ok($$SELECT as_role('lct_verifier',
    'INSERT INTO reg.usulan (id, wilayah) VALUES (20, ''321601'')')$$,
    '42501', NULL, 'no birth by a role that has no step from the initial state');
SELECT lives_ok($$SELECT as_role('lct_super', 'INSERT INTO reg.usulan (id) VALUES (20)')$$,
    'an actor of the whole country may do without a region');
SELECT throws_ok($$SELECT as_role('lct_operator',
    'INSERT INTO reg.usulan (id, wilayah) VALUES (NULL, ''321601'')')$$,
    '23502', NULL, 'no birth without key');

-- steps
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 1')$$,
    'SE001', 'machine "usulan" has no step from "draf" to "disahkan"', 'no skipping');
SELECT matches(refusal('lct_operator', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 1'),
    'Row 1\..*"diajukan" \(ajukan, by role "operator"\)', 'the refusal names row and possible step');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = NULL WHERE id = 1')$$,
    'SE001', NULL, 'no step to null');
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1')$$,
    '42501', NULL, 'no step of another role');
SELECT throws_ok($$SELECT as_role('lct_far', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1')$$,
    '42501', NULL, 'no step in another region');
SELECT throws_ok($$SELECT as_role('lct_nobody', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1')$$,
    '42501', NULL, 'no step by one who is no actor');
SELECT throws_ok($$UPDATE reg.usulan SET state = 'diajukan' WHERE id = 1$$,
    '42501', NULL, 'a superuser who is no actor is refused');
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1')$$,
    '42501', NULL, 'the owner of the table is refused');
SELECT throws_ok($$SELECT as_role('lct_operator',
    'UPDATE reg.usulan SET state = ''diajukan'', wilayah = ''3201'' WHERE id = 1')$$,
    '42501', NULL, 'no step that takes the row out of the actor''s region');
SELECT throws_ok($$SELECT as_role('lct_far', 'UPDATE reg.usulan SET wilayah = ''3201'' WHERE id = 1')$$,
    '42501', NULL, 'no edit that takes a row into the actor''s region');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'',
    changed_by = ''bupati'', changed_at = ''infinity'' WHERE id < 9')$$, 'the right actor takes the step');
SELECT is((SELECT count(*) FROM reg.usulan WHERE state = 'diajukan' AND changed_by = 'lct_operator'
    AND changed_at = now()), 8::bigint, 'and cannot forge the stamps');

-- edits
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET alasan = ''x'' WHERE id = 1')$$,
    '42501', NULL, 'no edit by a role that has no step from here');
SELECT lives_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET alasan = ''catatan'' WHERE id = 1')$$,
    'an edit by a role that has');
SELECT is((SELECT action FROM reg.journal WHERE key = '1' ORDER BY seq DESC LIMIT 1), 'edit', 'is journalled');
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET isi = ''y'' WHERE id = 1')$$,
    'SE004', NULL, 'no change of a frozen column');
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET isi = NULL WHERE id = 1')$$,
    'SE004', NULL, 'nor to null');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET isi = ''y'' WHERE id = 9')$$,
    'it may change in the initial state');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET id = 99 WHERE id = 9')$$,
    'SE004', NULL, 'the key never changes');

-- reasons
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET state = ''ditolak'' WHERE id = 1')$$,
    'SE003', NULL, 'an old reason is no reason');
SELECT throws_ok($$SELECT as_role('lct_verifier',
    'UPDATE reg.usulan SET state = ''ditolak'', alasan = e'' \t'' WHERE id = 1')$$,
    'SE003', NULL, 'blanks are no reason');
SELECT throws_ok($$SELECT as_role('lct_verifier',
    'UPDATE reg.usulan SET state = ''ditolak'', alasan = NULL WHERE id = 1')$$,
    'SE003', NULL, 'null is no reason');
SELECT lives_ok($$SELECT as_role('lct_verifier',
    'UPDATE reg.usulan SET state = ''ditolak'', alasan = ''ganda'' WHERE id = 1')$$, 'a reason is');
SELECT is((SELECT reason FROM reg.journal WHERE key = '1' ORDER BY seq DESC LIMIT 1), 'ganda', 'it is journalled');

-- final states
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET alasan = ''x'' WHERE id = 1')$$,
    'SE004', NULL, 'no edit of a final row');
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET state = ''draf'' WHERE id = 1')$$,
    'SE004', NULL, 'no way back');
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET state = state WHERE id = 1')$$,
    'SE004', NULL, 'not even no change');

-- a login is a name: a role that gets another one is not that actor any more
SELECT lives_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) VALUES (9001, ''3216012001'')')$$, 'a login');
ALTER ROLE lct_operator RENAME TO lct_renamed;
SELECT throws_ok($$SELECT as_role('lct_renamed', 'INSERT INTO reg.usulan (id, wilayah) VALUES (9002, ''3216012001'')')$$, '42501', NULL,
    'renamed it is nobody');
ALTER ROLE lct_renamed RENAME TO lct_operator;

-- four eyes, by person
SELECT throws_ok($$SELECT as_role('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id IN (2, 3)')$$,
    'SE006', 'step "sahkan" of machine "usulan" takes another person', 'another login of the same person is refused');
SELECT matches(refusal('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id IN (2, 3)'),
    'in this statement: 2\.', 'the refusal counts the rows');
SELECT lives_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id IN (2, 3)')$$,
    'another person is not');
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 2')$$,
    'SE001', 'row 2 is already in state "disahkan"', 'who repeats a step is told so');

-- DELETE, TRUNCATE, cascades
SELECT throws_ok($$SELECT as_role('lct_operator', 'DELETE FROM reg.usulan WHERE id = 9')$$,
    'SE004', NULL, 'no DELETE by an actor');
SELECT throws_ok('DELETE FROM reg.usulan WHERE id = 9', 'SE004', NULL, 'no DELETE by a superuser');
SELECT throws_ok('TRUNCATE reg.usulan', 'SE004', NULL, 'no TRUNCATE');
CREATE TABLE reg.batch (id int PRIMARY KEY);
ALTER TABLE reg.usulan ADD batch int REFERENCES reg.batch ON DELETE CASCADE ON UPDATE CASCADE;
INSERT INTO reg.batch VALUES (1), (2);
SELECT as_role('lct_operator', 'UPDATE reg.usulan SET batch = 1 WHERE id = 9');
SELECT throws_ok('DELETE FROM reg.batch', 'SE004', NULL, 'no DELETE by a cascade');
SELECT throws_ok('UPDATE reg.batch SET id = 3 WHERE id = 1', '42501', NULL, 'a cascading UPDATE is its client''s');
SELECT throws_ok('TRUNCATE reg.batch CASCADE', 'SE004', NULL, 'no TRUNCATE by a cascade');

-- hops
CREATE FUNCTION hop(statement text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS
    $$BEGIN EXECUTE statement; END$$;
ALTER FUNCTION hop(text) OWNER TO lct_operator;
GRANT EXECUTE ON FUNCTION hop(text) TO PUBLIC;
SELECT throws_ok($$SELECT as_role('lct_nobody', $q$SELECT hop('UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 9')$q$)$$,
    '42501', NULL, 'a SECURITY DEFINER function of an actor''s lends nobody his role');
ALTER FUNCTION hop(text) OWNER TO lct_super;
SELECT lives_ok($$SELECT as_role('lct_operator', $q$SELECT hop('UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 9')$q$)$$,
    'an actor stays himself in one');
SELECT is((SELECT login || ' ' || session_login FROM reg.journal WHERE key = '9' ORDER BY seq DESC LIMIT 1),
    'lct_operator ' || session_user, 'and is journalled beside who connected');
SELECT throws_ok($$SELECT as_role('lct_nobody', $q$SELECT hop('SET ROLE lct_super')$q$)$$,
    '42501', NULL, 'SET ROLE is out of reach there');

-- settings
SET LOCAL session_replication_role = replica;
SELECT throws_ok('UPDATE reg.usulan SET state = ''terbit'' WHERE id = 9', 'SE001', NULL, 'replica role: the guard fires');
SELECT throws_ok('DELETE FROM reg.usulan', 'SE004', NULL, 'replica role: no DELETE');
SELECT throws_ok('TRUNCATE reg.usulan', 'SE004', NULL, 'replica role: no TRUNCATE');
SELECT throws_ok($$SELECT as_role('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 4')$$,
    'SE006', NULL, 'replica role: four eyes');
SET LOCAL session_replication_role = origin;

-- COPY, ON CONFLICT, MERGE
SELECT set_config('lct.file', current_setting('data_directory') || '/lct_copy.txt', true) \g /dev/null
SELECT lives_ok(format($$COPY (VALUES (50, 'terbit', '3216')) TO %L$$, current_setting('lct.file')), 'a file to copy from');
SELECT throws_ok($$SELECT as_role('lct_super', format('COPY reg.usulan (id, state, wilayah) FROM %L',
    current_setting('lct.file')))$$, 'SE001', NULL, 'COPY bears no published row');
SELECT throws_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) VALUES (4, ''321601'')
    ON CONFLICT (id) DO UPDATE SET state = ''terbit''')$$, 'SE001', NULL, 'ON CONFLICT skips no step');
SELECT throws_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.usulan (id, state, wilayah) VALUES (4, ''terbit'', ''321601'')
    ON CONFLICT (id) DO NOTHING')$$, 'SE001', NULL, 'nor bears what it then drops');
SELECT lives_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) VALUES (4, ''321601''), (51, ''321601'')
    ON CONFLICT (id) DO NOTHING')$$, 'ON CONFLICT DO NOTHING inserts what is new');
SELECT lives_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) VALUES (51, ''321601''), (52, ''321601'')
    ON CONFLICT (id) DO UPDATE SET state = ''diajukan''')$$, 'ON CONFLICT DO UPDATE steps');
SELECT results_eq($$SELECT key COLLATE "default", action FROM reg.journal WHERE key IN ('51', '52') ORDER BY key, seq$$,
    $$VALUES ('51', 'born'), ('51', 'ajukan'), ('52', 'born')$$, 'and both are journalled');
SELECT throws_ok($$SELECT as_role('lct_super', 'MERGE INTO reg.usulan AS u USING (VALUES (4)) AS s(id) ON u.id = s.id
    WHEN MATCHED THEN UPDATE SET state = ''terbit''')$$, 'SE001', NULL, 'MERGE skips no step');
SELECT throws_ok($$SELECT as_role('lct_super', 'MERGE INTO reg.usulan AS u USING (VALUES (4)) AS s(id) ON u.id = s.id
    WHEN MATCHED THEN DELETE')$$, 'SE004', NULL, 'MERGE deletes nothing');
SELECT lives_ok($$SELECT as_role('lct_operator', 'MERGE INTO reg.usulan AS u
    USING (VALUES (52), (53)) AS s(id) ON u.id = s.id
    WHEN MATCHED THEN UPDATE SET state = ''diajukan''
    WHEN NOT MATCHED THEN INSERT (id, wilayah) VALUES (s.id, ''321601'')')$$, 'a lawful MERGE passes');
SELECT results_eq($$SELECT key COLLATE "default", action FROM reg.journal WHERE key IN ('52', '53') ORDER BY key, seq$$,
    $$VALUES ('52', 'born'), ('52', 'ajukan'), ('53', 'born')$$, 'and is journalled');
SELECT throws_ok($$SELECT as_role('lct_operator', 'WITH a AS (UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 53 RETURNING id)
    DELETE FROM reg.usulan WHERE id = 53')$$, 'SE004', NULL, 'no DELETE beside an UPDATE in one command');

-- hostile surroundings
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE TABLE evil.actor AS SELECT 'lct_nobody'::name AS login, 'operator' AS actor_role, 'evil' AS person_key, NULL::text AS wilayah;
CREATE FUNCTION evil.yes(text, text) RETURNS bool LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION evil.yes(name, name) RETURNS bool LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR evil.= (FUNCTION = evil.yes, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR evil.= (FUNCTION = evil.yes, LEFTARG = name, RIGHTARG = name);
CREATE FUNCTION evil.unnest(text[]) RETURNS SETOF text LANGUAGE sql AS 'SELECT ''none''::text';
CREATE TEMP TABLE actor AS TABLE evil.actor;
GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC;
CREATE FUNCTION as_hostile(role name, statement text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    SET LOCAL search_path = evil, pg_temp, public, pg_catalog;
    EXECUTE statement;
    SET LOCAL search_path = public, pg_catalog;
    RESET ROLE;
END $$;
SELECT throws_ok($$SELECT as_hostile('lct_nobody', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 53')$$,
    '42501', NULL, 'false tables and operators make nobody an actor');
SELECT throws_ok($$SELECT as_hostile('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 5')$$,
    'SE006', NULL, 'nor another person');
SELECT lives_ok($$SELECT as_hostile('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 53')$$,
    'and stop no actor');
DROP TABLE pg_temp.actor;

-- rules are those of now
SELECT lives_ok($$SELECT as_role('lct_owner', 'DELETE FROM reg.actor WHERE login = ''lct_verifier''')$$, 'an actor is dismissed');
SELECT throws_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 5')$$,
    '42501', NULL, 'and can do nothing more');
SELECT lives_ok($$SELECT as_role('lct_owner',
    'INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES (''lct_verifier'', ''verifikator'', ''person-2'', ''3216'')')$$, 'he is back');
SELECT lives_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 5')$$, 'and can');
SELECT as_role('lct_owner', 'UPDATE reg.state SET is_final = true WHERE state = ''disahkan''');
SELECT throws_ok($$SELECT as_role('lct_head', 'UPDATE reg.usulan SET state = ''terbit'' WHERE id = 5')$$,
    'SE004', NULL, 'a state that became final is final');
SELECT as_role('lct_owner', 'UPDATE reg.state SET is_final = false WHERE state = ''disahkan''');
SAVEPOINT rules;
SELECT as_role('lct_owner', 'DELETE FROM reg.transition WHERE action = ''terbitkan''');
SELECT throws_ok($$SELECT as_role('lct_head', 'UPDATE reg.usulan SET state = ''terbit'' WHERE id = 5')$$,
    'SE001', NULL, 'a step that was taken away is gone');
ROLLBACK TO rules;
SELECT lives_ok($$SELECT as_role('lct_head', 'UPDATE reg.usulan SET state = ''terbit'' WHERE id = 5')$$,
    'and there again when that is undone');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.actor SET wilayah = NULL')$$,
    '42501', NULL, 'an actor cannot widen his region');
SELECT as_role('lct_owner', 'INSERT INTO reg.actor (login, actor_role, person_key) VALUES (''lct_operator'', ''kepala'', ''person-9'')');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET isi = ''z'' WHERE id = 20')$$,
    '42501', 'login stands for more than one person in table reg.actor', 'a login of two persons can do nothing');
SELECT as_role('lct_owner', 'DELETE FROM reg.actor WHERE person_key = ''person-9''');
SELECT throws_ok($$SELECT as_role('lct_owner', 'INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES (''x'', ''y'', ''z'', '''')')$$,
    '23514', NULL, 'an empty region is not the whole country');

-- no personal data in messages
CREATE TABLE reg.orang (nik text PRIMARY KEY, state text NOT NULL, wilayah text);
ALTER TABLE reg.orang OWNER TO lct_owner;
GRANT ALL ON reg.orang TO PUBLIC;
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('orang', 1, 'a');
    INSERT INTO reg.state (machine, state) VALUES ('orang', 'a'), ('orang', 'b');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role, distinct_from)
    VALUES ('orang', 'a', 'b', 'go', 'operator', '{born}');
    SELECT dtsen.attach('reg.orang', 'orang', 'reg', 'nik', changed_at_column => NULL, changed_by_column => NULL) $q$);
SELECT as_role('lct_operator', $q$INSERT INTO reg.orang VALUES ('3216010101900001', 'a', '321601')$q$);
SELECT ok(said !~ '\d{13}' AND said <> '', 'no NIK in: ' || left(said, 5)) FROM (VALUES
    (refusal('lct_operator', $q$UPDATE reg.orang SET state = 'b'$q$)),
    (refusal('lct_operator', $q$UPDATE reg.orang SET state = nik$q$)),
    (refusal('lct_operator', $q$UPDATE reg.orang SET state = 'c'$q$)),
    (refusal('lct_operator', $q$DELETE FROM reg.orang$q$)),
    (refusal('lct_nobody', $q$UPDATE reg.orang SET state = 'b'$q$)),
    (refusal('lct_operator', $q$UPDATE reg.orang SET nik = '3216010101900002'$q$)),
    (refusal('lct_operator', $q$UPDATE reg.orang SET wilayah = '3202010101900002'$q$)),
    (refusal('lct_operator', $q$INSERT INTO reg.orang VALUES ('3216010101900003', '3216010101900003', '321601')$q$))) AS v(said);

-- key and region of the extension's own types
CREATE TABLE reg.kartu (nik dtsen.nik PRIMARY KEY, state text NOT NULL, wilayah dtsen.kode_wilayah);
ALTER TABLE reg.kartu OWNER TO lct_owner;
GRANT ALL ON reg.kartu TO PUBLIC;
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('kartu', 1, 'a');
    INSERT INTO reg.state (machine, state) VALUES ('kartu', 'a'), ('kartu', 'b');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('kartu', 'a', 'b', 'go', 'operator');
    SELECT dtsen.attach('reg.kartu', 'kartu', 'reg', 'nik', changed_at_column => NULL, changed_by_column => NULL) $q$);
SELECT lives_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.kartu VALUES (''3216010101900001'', ''a'', ''3216012001'')')$$,
    'a nik as key, a kode_wilayah as region');
SELECT throws_ok($$SELECT as_role('lct_far', 'UPDATE reg.kartu SET state = ''b''')$$, '42501', NULL, 'the region counts');
SELECT unalike(refusal('lct_far', 'UPDATE reg.kartu SET state = ''b'''), '%3216010101900001%', 'the nik is masked');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.kartu SET state = ''b''')$$, 'and holds for the right one');
SELECT results_eq($$SELECT chain COLLATE "default", wilayah FROM reg.journal WHERE machine = 'kartu' AND action = 'go'$$,
    $$VALUES ('3216', '3216012001')$$, 'chain and region in the journal');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'which verifies');

-- a unique index of several columns, and keys that are put together: as docs/errors.md says
CREATE TABLE reg.surat (nomor text NOT NULL, tahun int, state text NOT NULL DEFAULT 'a', PRIMARY KEY (nomor, tahun));
ALTER TABLE reg.surat OWNER TO lct_owner;
GRANT ALL ON reg.surat TO PUBLIC;
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('surat', 1, 'a');
    INSERT INTO reg.state (machine, state) VALUES ('surat', 'a'), ('surat', 'b');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('surat', 'a', 'b', 'go', 'operator');
    SELECT dtsen.attach('reg.surat', 'surat', 'reg', 'nomor', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL);
    UPDATE reg.actor SET wilayah = NULL $q$);
SELECT as_role('lct_operator', format('INSERT INTO reg.surat VALUES (%L, 2026)', k)) FROM unnest('{SK-12/3216/2026,Siti Aminah,123456789012,1234567890123,Ñ7/é9}'::text[]) AS k \g /dev/null
SELECT matches(refusal('lct_operator', format('UPDATE reg.surat SET state = ''c'' WHERE nomor = %L', v.key)), '[Rr]ow ' || v.label || '[^0-9A-Za-z*]', v.key || ' is shown as ' || v.shown)
FROM (VALUES ('SK-12/3216/2026', 'SK-\*\*/\*\*\*\*/\*\*\*\*', 'SK-**/****/****'), ('Siti Aminah', 'Si\*\* \*\*\*\*\*\*', 'Si** ******'), ('123456789012', '123456789012', 'itself'),
    ('1234567890123', '12\*{11}', '12 and stars'), ('Ñ7/é9', '\*\*7/\*\*9', '**7/**9')) AS v (key, label, shown);

SELECT * FROM finish();
ROLLBACK;
