-- Attacks on a lifecycle on a DBA's own tables: each with the SQLSTATE that
-- meets it, and at the end a journal that verifies.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
CREATE FUNCTION code(role name, statement text) RETURNS text LANGUAGE sql AS $$ SELECT left(refusal(role, statement), 5) $$;
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah, isi) SELECT g, '3216012001', 'x' FROM generate_series(1, 20) AS g$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id BETWEEN 6 AND 20$q$);
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET state = 'disahkan' WHERE id BETWEEN 11 AND 20$q$);
SELECT as_role('lct_head', $q$UPDATE reg.usulan SET state = 'terbit' WHERE id BETWEEN 16 AND 20$q$);
-- a partitioned table under a machine, a child that cascades to it, a parent
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('berkas', 1, 'a');
    INSERT INTO reg.state (machine, state, is_final) VALUES ('berkas', 'a', false), ('berkas', 'b', false), ('berkas', 'c', true);
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES
        ('berkas', 'a', 'b', 'go', 'operator'), ('berkas', 'b', 'c', 'end', 'verifikator');
    CREATE TABLE reg.map (id int PRIMARY KEY);
    CREATE TABLE reg.berkas (id int, bulan int, state text NOT NULL, wilayah text, map int REFERENCES reg.map ON DELETE CASCADE ON UPDATE CASCADE,
        PRIMARY KEY (id, bulan)) PARTITION BY LIST (bulan);
    CREATE TABLE reg.berkas_1 PARTITION OF reg.berkas FOR VALUES IN (1);
    CREATE TABLE reg.berkas_2 PARTITION OF reg.berkas FOR VALUES IN (2);
    SELECT dtsen.attach('reg.berkas', 'berkas', 'reg', changed_at_column => NULL, changed_by_column => NULL);
    INSERT INTO reg.map VALUES (1), (2), (3);
    GRANT ALL ON reg.berkas, reg.berkas_1, reg.berkas_2, reg.map TO PUBLIC$q$);
SELECT as_role('lct_operator', $q$INSERT INTO reg.berkas SELECT g, 1 + g % 2, 'a', '321601', 1 + g % 2 FROM generate_series(1, 10) AS g$q$);
\o
SELECT no_plan();

-- 1. who: role, region, forged identity
SELECT is(code(who, s), wanted, format('%s: %s', who, s)) FROM (VALUES
    ('lct_nobody', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1', '42501'),
    ('lct_head', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1', '42501'),
    ('lct_verifier', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1', '42501'),
    ('lct_owner', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1', '42501'),
    ('lct_far', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1', '42501'),
    ('lct_far', 'UPDATE reg.usulan SET wilayah = ''3201012001'' WHERE id = 1', '42501'),
    ('lct_operator', 'UPDATE reg.usulan SET wilayah = ''3201012001'' WHERE id = 1', '42501'),
    ('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'', wilayah = ''3201012001'' WHERE id = 1', '42501'),
    ('lct_operator', 'UPDATE reg.usulan SET wilayah = NULL WHERE id = 1', '42501'),
    ('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) VALUES (99, ''3201012001'')', '42501'),
    ('lct_operator', 'INSERT INTO reg.usulan (id) VALUES (99)', '42501'),
    ('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 6', 'SE006'),
    ('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id IN (SELECT 6)', 'SE006'),
    ('lct_operator', 'UPDATE reg.actor SET actor_role = ''verifikator''', '42501'),
    ('lct_operator', 'INSERT INTO reg.actor (login, actor_role, person_key) VALUES (''lct_operator'', ''kepala'', ''x'')', '42501'),
    ('lct_operator', 'SET dtsen.actor = ''lct_verifier''', '42602')) AS a (who, s, wanted);
-- SET ROLE of a login that is no superuser: test/tap/020_lifecycle.pl
SELECT is(code('lct_super', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 6'), '42501', 'a superuser has the roles of table actor and no others');
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET isi = 'y', changed_by = 'lct_verifier', changed_at = '2020-01-01' WHERE id = 1$q$) \g /dev/null
SELECT is((SELECT changed_by FROM reg.usulan WHERE id = 1 AND changed_at = now()), 'lct_operator', 'stamps are not the client''s');

-- 2. what: steps, births, frozen columns, keys, deletes
SELECT is(code('lct_operator', s), wanted, s) FROM (VALUES
    ('UPDATE reg.usulan SET state = ''terbit'' WHERE id = 1', 'SE001'),
    ('UPDATE reg.usulan SET state = NULL WHERE id = 1', 'SE001'),
    ('UPDATE reg.usulan SET state = ''DIAJUKAN'' WHERE id = 1', 'SE001'),
    ('UPDATE reg.usulan SET state = ''diajukan '' WHERE id = 1', 'SE001'),
    ('INSERT INTO reg.usulan (id, state, wilayah) VALUES (98, ''terbit'', ''321601'')', 'SE001'),
    ('UPDATE reg.usulan SET id = 97 WHERE id = 1', 'SE004'),
    ('UPDATE reg.usulan SET isi = ''z'' WHERE id = 6', 'SE004'),
    ('UPDATE reg.usulan SET isi = ''z'' WHERE id = 16', 'SE004'),
    ('UPDATE reg.usulan SET state = ''draf'' WHERE id = 16', 'SE004'),
    ('DELETE FROM reg.usulan WHERE id = 1', 'SE004'),
    ('TRUNCATE reg.usulan', 'SE004'),
    ('WITH u AS (UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1 RETURNING id) UPDATE reg.usulan SET state = ''terbit'' WHERE id = 2', 'SE001'),
    ('INSERT INTO reg.usulan (id, wilayah) VALUES (1, ''321601'') ON CONFLICT (id) DO UPDATE SET state = ''terbit''', 'SE001'),
    ('MERGE INTO reg.usulan AS u USING (VALUES (1)) AS v (id) ON u.id = v.id WHEN MATCHED THEN UPDATE SET state = ''terbit''', 'SE001'),
    ('MERGE INTO reg.usulan AS u USING (VALUES (1)) AS v (id) ON u.id = v.id WHEN MATCHED THEN DELETE', 'SE004'),
    ('MERGE INTO reg.usulan AS u USING (VALUES (96)) AS v (id) ON u.id = v.id WHEN NOT MATCHED THEN INSERT (id, state, wilayah) VALUES (96, ''terbit'', ''321601'')', 'SE001')
    ) AS a (s, wanted);

-- two hats: one person's role for the step, another person's eyes for the rest of the statement
SELECT is(code('lct_verifier2', s), '42501', s) FROM unnest(ARRAY[
    'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 6 RETURNING set_config(''role'', ''lct_head'', true)',
    'WITH w AS (UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 6 RETURNING id) SELECT set_config(''role'', ''lct_head'', true) FROM w',
    'UPDATE reg.usulan SET state = ''disahkan'' WHERE id IN (6, 7) AND set_config(''role'', CASE id WHEN 7 THEN ''lct_verifier'' ELSE ''lct_verifier2'' END, true) <> ''''']) AS s;
SELECT is(code('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) VALUES (90, ''3216012001'') RETURNING set_config(''role'', ''lct_verifier'', true)'), '42501', 'nor for what is born');
SELECT is(code('lct_operator', 'UPDATE reg.usulan SET isi = ''y'' WHERE id = 1 AND set_config(''role'', ''lct_operator'', true) <> '''''), NULL, 'a role that is the same is no other');

-- a step nested in the statement that changed the row, before the journal tells who that was
SAVEPOINT nested;
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('lct_verifier', 'operator', 'person-2', '3216');
CREATE FUNCTION endorse(number bigint) RETURNS text LANGUAGE plpgsql AS $$ BEGIN UPDATE reg.usulan SET state = 'disahkan' WHERE id = number; RETURN 'x'; END $$;
CREATE FUNCTION touch_and_endorse(number bigint) RETURNS text LANGUAGE plpgsql AS $$ BEGIN UPDATE reg.usulan SET alasan = 'x' WHERE id = number; RETURN endorse(number); END $$;
SELECT is(code('lct_verifier', format(s, f)), 'SE006', format(s, f)) FROM unnest('{endorse,touch_and_endorse}'::text[]) AS f, unnest(ARRAY[
    'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 3 RETURNING %s(id)',
    'WITH w AS (UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 3 RETURNING id) SELECT %s(id) FROM w',
    'MERGE INTO reg.usulan AS u USING (VALUES (3)) AS v (id) ON u.id = v.id WHEN MATCHED THEN UPDATE SET state = ''diajukan''; SELECT %s(3)']) AS s;
CREATE FUNCTION advance() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM endorse(NEW.id); RETURN NULL; END';
CREATE TRIGGER advance AFTER UPDATE ON reg.usulan FOR EACH ROW WHEN (NEW.state = 'diajukan' AND OLD.state = 'draf') EXECUTE FUNCTION advance();
SELECT is(code('lct_verifier', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 3'), 'SE006', 'nor by a trigger after each row');
DROP TRIGGER advance ON reg.usulan;
SELECT is(code('lct_verifier', 'UPDATE reg.usulan SET isi = ''n'' WHERE id = 4 RETURNING endorse(7::bigint)'), NULL, 'of another row it may be nested');
SELECT is((SELECT state FROM reg.usulan WHERE id = 7), 'disahkan', 'and is taken');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'and journalled');
ROLLBACK TO nested;

-- 3. the journal, the calendar and the machines, directly, as anyone
GRANT ALL ON ALL TABLES IN SCHEMA reg TO lct_nobody;
SELECT is(code(who, s), 'SE004', format('%s: %s', who, s)) FROM (VALUES ('lct_nobody'), ('lct_owner'), ('lct_super')) AS w (who), (VALUES
    ('INSERT INTO reg.journal_block SELECT * FROM reg.journal_block LIMIT 1'), ('UPDATE reg.journal_block SET digest = previous'), ('DELETE FROM reg.journal_block'),
    ('TRUNCATE reg.journal_block'), ('MERGE INTO reg.journal_block AS j USING (VALUES (1)) AS v (seq) ON j.seq = v.seq WHEN MATCHED THEN DELETE'),
    ('INSERT INTO reg.journal_block SELECT * FROM reg.journal_block ON CONFLICT (machine, chain, seq) DO UPDATE SET digest = EXCLUDED.previous'),
    ('INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES (''usulan'', ''draf'', ''terbit'', ''lompat'', ''operator'')'),
    ('MERGE INTO reg.transition AS t USING (VALUES (1)) AS v (n) ON t.machine = ''usulan'' WHEN MATCHED THEN UPDATE SET actor_role = ''operator'''),
    ('UPDATE reg.state SET is_final = false'), ('DELETE FROM reg.state'), ('TRUNCATE reg.machine CASCADE'), ('TRUNCATE reg.actor'),
    ('UPDATE reg.machine SET initial_state = ''terbit''')) AS s (s)
-- as_role() lets the owner switch the trigger off for some of these: see the next
WHERE NOT (who = 'lct_owner' AND s ~ '(UPDATE|DELETE FROM) reg\.(state|machine)');
REVOKE ALL ON ALL TABLES IN SCHEMA reg FROM lct_nobody;
SAVEPOINT off;
SET LOCAL session_replication_role = replica;
SELECT throws_ok(s, 'SE004', NULL, 'replica: ' || s) FROM unnest(ARRAY['DELETE FROM reg.journal_block', 'DELETE FROM reg.transition WHERE machine = ''usulan''', 'TRUNCATE reg.calendar']) AS s;
SELECT throws_ok('UPDATE reg.usulan SET state = ''terbit'' WHERE id = 11', '42501', NULL, 'replica: the role counts');
ROLLBACK TO off;

-- 4. hops through other people's functions, triggers and views
SELECT as_role('lct_owner', $q$
    CREATE FUNCTION reg.helper(statement text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN EXECUTE statement; END';
    CREATE VIEW reg.window_view AS SELECT * FROM reg.usulan;
    GRANT ALL ON reg.window_view TO PUBLIC$q$) \g /dev/null
SELECT is(code('lct_nobody', s), wanted, s) FROM (VALUES
    ('SELECT reg.helper(''UPDATE reg.usulan SET state = ''''diajukan'''' WHERE id = 1'')', '42501'),
    ('SELECT reg.helper(''DELETE FROM reg.journal_block'')', 'SE004'),
    ('SELECT reg.helper(''SET ROLE lct_operator'')', '42501'),
    ('SELECT reg.helper(''SET session_replication_role = replica'')', '42501'),
    ('UPDATE reg.window_view SET state = ''diajukan'' WHERE id = 1', '42501'),
    ('DELETE FROM reg.window_view', 'SE004'),
    ('SET session_replication_role = replica', '42501'),
    ('DO $d$ BEGIN EXECUTE ''UPDATE reg.usulan SET state = ''''diajukan'''' WHERE id = 1''; END $d$', '42501'),
    ('ALTER TABLE reg.usulan DISABLE TRIGGER ALL', '42501'),
    ('DROP TRIGGER zz_dtsen_guard ON reg.usulan', '42501'),
    ('DROP TABLE reg.journal_block', '42501'),
    ('ALTER TABLE reg.usulan RENAME COLUMN state TO keadaan', '42501'),
    ('SELECT dtsen.detach(''reg.usulan'', ''usulan'')', '42501'),
    ('SELECT dtsen._journal_attached(''reg.usulan'', ''reg'', ''usulan'', ''id'', ''state'', ''wilayah'', '''')', '42501')) AS a (s, wanted);
-- a role to which a superuser's session_replication_role was handed
GRANT SET ON PARAMETER session_replication_role TO lct_nobody;
SELECT is(code('lct_nobody', 'SET session_replication_role = replica; UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1'), '42501', 'a granted replication role lets nobody through');
SET session_replication_role = origin;

-- 5. hostile names: search_path, pg_temp, shadowed tables, functions, operators, casts
CREATE SCHEMA evil;
GRANT ALL ON SCHEMA evil TO PUBLIC;
SELECT as_role('lct_nobody', $q$
    CREATE TABLE evil.machine AS SELECT 'usulan'::text AS machine, 1 AS version, 'terbit'::text AS initial_state;
    CREATE TABLE evil.actor AS SELECT 'lct_nobody'::name AS login, 'operator'::text AS actor_role, 'e'::text AS person_key, NULL::text AS wilayah;
    CREATE TABLE evil.journal (x int);
    CREATE TEMP TABLE actor AS TABLE evil.actor;
    CREATE TEMP TABLE journal (machine text, key text, action text, person_key text);
    CREATE TEMP TABLE pg_class AS SELECT 1 AS oid;
    CREATE FUNCTION evil.ja(text, text) RETURNS bool LANGUAGE sql AS 'SELECT true';
    CREATE OPERATOR evil.= (FUNCTION = evil.ja, LEFTARG = text, RIGHTARG = text);
    CREATE OPERATOR evil.<> (FUNCTION = evil.ja, LEFTARG = text, RIGHTARG = text);
    CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $f$ SELECT '2020-01-01'::timestamptz $f$;
    CREATE FUNCTION evil.unnest(text[]) RETURNS SETOF text LANGUAGE sql AS $f$ SELECT 'none'::text $f$;
    CREATE FUNCTION evil.count(text) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'$q$) \g /dev/null
CREATE FUNCTION hostile(role name, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('search_path', 'evil, pg_temp, public, pg_catalog', true);
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE statement;
    RESET ROLE;
    PERFORM set_config('search_path', 'public, pg_catalog', true);
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT is(hostile(who, s), wanted, format('among evil names, %s: %s', who, s)) FROM (VALUES
    ('lct_nobody', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id OPERATOR(pg_catalog.=) 1', '42501'),
    ('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id OPERATOR(pg_catalog.=) 6', 'SE006'),
    ('lct_operator', 'UPDATE reg.usulan SET state = ''terbit'' WHERE id OPERATOR(pg_catalog.=) 1', 'SE001'),
    ('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id OPERATOR(pg_catalog.=) 2', 'done'),
    ('lct_nobody', 'SELECT * FROM dtsen.explain_transition(''reg.usulan'', ''1'', ''diajukan'')', 'done'),
    ('lct_super', 'DELETE FROM reg.transition', 'SE004')) AS a (who, s, wanted);
SELECT is((SELECT state FROM reg.usulan WHERE id = 2), 'diajukan', 'the actor''s step was taken');
DROP TABLE pg_temp.actor, pg_temp.journal, pg_temp.pg_class;
-- tables that are renamed away and shadowed: everything stops
SAVEPOINT shadow;
ALTER TABLE reg.actor RENAME TO actor_of_old;
SELECT is(code('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1'), '39P01', 'without its table actor a lifecycle stops');
CREATE TABLE reg.actor AS SELECT 'lct_nobody'::name AS login, 'operator'::text AS actor_role, 'e'::text AS person_key, NULL::text AS wilayah;
SELECT is(code('lct_nobody', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1'), '42501', 'a false one of another owner is not read');
ROLLBACK TO shadow;
ALTER TABLE reg.journal_block RENAME TO journal_of_old;
SELECT is(code('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1'), '39P01', 'nor without its journal');
ROLLBACK TO shadow;
ALTER SCHEMA reg RENAME TO gone;
SELECT is(code('lct_operator', 'UPDATE gone.usulan SET state = ''diajukan'' WHERE id = 1'), '39P01', 'nor under another schema name');
ALTER SCHEMA gone RENAME TO reg;
SELECT is(code('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1'), NULL, 'which is cured by its own one');
ROLLBACK TO shadow;

-- 6. partitions, cascades, and triggers that swallow
SELECT is(code('lct_operator', s), wanted, s) FROM (VALUES
    ('UPDATE reg.berkas_1 SET state = ''c''', 'SE001'),
    ('DELETE FROM reg.berkas_1', 'SE004'),
    ('TRUNCATE reg.berkas_1', 'SE004'),
    ('INSERT INTO reg.berkas_1 VALUES (50, 1, ''c'', ''321601'')', 'SE001'),
    ('INSERT INTO reg.berkas_1 VALUES (50, 1, ''a'', ''320101'')', '42501'),
    ('UPDATE reg.berkas SET bulan = 2, state = ''c'' WHERE id = 2', 'SE001'),
    ('DELETE FROM reg.map WHERE id = 1', 'SE004'),
    ('TRUNCATE reg.map CASCADE', 'SE004')) AS a (s, wanted);
SELECT is(code('lct_far', 'UPDATE reg.map SET id = 9 WHERE id = 1'), '42501', 'a cascading UPDATE is its client''s, who is of another region');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.berkas_2 SET state = ''b'' WHERE id IN (1, 3)')$$, 'a lawful step, on the partition');
SELECT results_eq($$SELECT action, count(*) FROM reg.journal WHERE machine = 'berkas' GROUP BY action ORDER BY 1$$, $$VALUES ('born', 10::bigint), ('go', 2)$$, 'is journalled');
SAVEPOINT part;
SELECT is(code('lct_operator', 'MERGE INTO reg.berkas AS b USING (VALUES (2), (4), (60)) AS s(id) ON b.id = s.id ' || s), wanted, s) FROM (VALUES
    ('WHEN MATCHED THEN UPDATE SET bulan = 2', '0A000'),
    ('WHEN MATCHED AND b.id = 2 THEN UPDATE SET bulan = 2 WHEN MATCHED THEN UPDATE SET map = 2', '0A000'),
    ('WHEN MATCHED THEN UPDATE SET bulan = 2 WHEN NOT MATCHED THEN INSERT VALUES (s.id, 1, ''a'', ''321601'')', '0A000'),
    ('WHEN MATCHED AND b.state = ''c'' THEN DELETE WHEN MATCHED THEN UPDATE SET bulan = 2', '0A000'),
    ('WHEN MATCHED THEN UPDATE SET bulan = 2, state = ''c''', 'SE001'),
    ('WHEN MATCHED THEN UPDATE SET map = 2 WHEN NOT MATCHED THEN INSERT VALUES (s.id, 1, ''a'', ''321601'')', NULL)) AS a (s, wanted);
SELECT is((SELECT string_agg(key || ' ' || action, ', ' ORDER BY key) FROM reg.journal WHERE machine = 'berkas' AND (key IN ('2', '4') AND action <> 'born' OR key = '60')),
    '2 edit, 4 edit, 60 born', 'a MERGE that moves nothing is journalled');
CREATE FUNCTION reg.follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO reg.berkas VALUES (NEW.id + 100, 1, 'a', '321601'); RETURN NULL; END $$;
CREATE TRIGGER follow AFTER INSERT ON reg.berkas FOR EACH ROW WHEN (NEW.id < 100) EXECUTE FUNCTION reg.follow();
SELECT is(code('lct_operator', 'UPDATE reg.berkas SET bulan = 2 WHERE id = 2'), NULL, 'UPDATE moves a row, and a trigger writes another meanwhile');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all of it is in the journal');
ROLLBACK TO part;
-- a partition that is made later is guarded like the others, whoever makes it
SELECT lives_ok($$SELECT as_role('lct_owner', $q$
    CREATE TABLE reg.berkas_4 PARTITION OF reg.berkas FOR VALUES IN (4, 5) PARTITION BY LIST (bulan);
    CREATE TABLE reg.berkas_4a PARTITION OF reg.berkas_4 FOR VALUES IN (4);
    CREATE TABLE reg."B 5" (LIKE reg.berkas INCLUDING ALL);
    GRANT ALL ON reg.berkas_4, reg.berkas_4a, reg."B 5" TO PUBLIC;
    ALTER TABLE reg.berkas_4 ATTACH PARTITION reg."B 5" FOR VALUES IN (5)$q$)$$, 'partitions made and attached later');
CREATE SCHEMA lct_lain
    CREATE TABLE berkas_6 PARTITION OF reg.berkas FOR VALUES IN (6, 7) PARTITION BY LIST (bulan)
    CREATE TABLE berkas_6a PARTITION OF lct_lain.berkas_6 FOR VALUES IN (6)
    CREATE TABLE berkas (id int);
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.berkas')$$, 'have all triggers, also those made with their schema');
GRANT USAGE ON SCHEMA lct_lain TO PUBLIC; GRANT ALL ON lct_lain.berkas_6a TO PUBLIC;
SELECT is(code('lct_operator', 'TRUNCATE lct_lain.berkas_6a'), 'SE004', 'which cannot be emptied by their names');
SELECT lives_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.berkas_4a VALUES (40, 4, ''a'', ''321601''); INSERT INTO reg."B 5" VALUES (41, 5, ''a'', ''321601''); UPDATE reg."B 5" SET state = ''b''')$$, 'are written to by their names');
SELECT is((SELECT string_agg(key || ' ' || action, ', ' ORDER BY key, seq) FROM reg.journal WHERE key IN ('40', '41')), '40 born, 41 born, 41 go', 'which is journalled');
SELECT is(code('lct_operator', s), 'SE004', s) FROM unnest(ARRAY['TRUNCATE reg.berkas_4a', 'TRUNCATE reg."B 5"', 'TRUNCATE reg.berkas_4', 'DELETE FROM reg.berkas_4a']) AS s;
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'and verifies');
ALTER TABLE reg.berkas_4 DETACH PARTITION reg."B 5";
SELECT is(code('lct_operator', s), wanted, s) FROM (VALUES ('UPDATE reg."B 5" SET state = ''a''', '39P01'), ('INSERT INTO reg."B 5" VALUES (42, 5, ''c'', ''321601'')', '39P01'),
    ('DELETE FROM reg."B 5"', '39P01'), ('TRUNCATE reg."B 5"', 'SE004')) AS a (s, wanted);
ALTER TABLE reg.berkas_4 ATTACH PARTITION reg."B 5" FOR VALUES IN (5);
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.berkas')$$, 'one that leaves is closed, and whole when it is back');
SELECT lives_ok($$SELECT as_role('lct_owner', 'ALTER TABLE reg.berkas_4 DETACH PARTITION reg."B 5"; SELECT dtsen.detach(''reg."B 5"'', ''berkas''); DELETE FROM reg."B 5"')$$, 'detach() takes what is left of the lifecycle off');
ROLLBACK TO part;
CREATE TABLE reg.outside (LIKE reg.berkas);
INSERT INTO reg.outside VALUES (77, 3, 'c', '321601', NULL);
ALTER TABLE reg.berkas ATTACH PARTITION reg.outside FOR VALUES IN (3);
SELECT results_eq($$SELECT key, problem FROM dtsen.verify_journal('reg')$$, $$VALUES ('77', 'row without entry')$$, 'rows that come by ATTACH are found');
ROLLBACK TO part;
ALTER TABLE reg.berkas DETACH PARTITION reg.berkas_1;
SELECT results_eq($$SELECT problem, count(*) FROM dtsen.verify_journal('reg') GROUP BY 1$$, $$VALUES ('row missing', 5::bigint)$$, 'and those that go by DETACH');
ROLLBACK TO part;
CREATE FUNCTION reg.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER zzz BEFORE INSERT ON reg.berkas_2 FOR EACH ROW EXECUTE FUNCTION reg.swallow();
SELECT is(code('lct_operator', 'UPDATE reg.berkas SET bulan = 2 WHERE id = 2'), 'SE005', 'a trigger that swallows a row on its way to another partition is noticed');
ROLLBACK TO part;
CREATE FUNCTION reg.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER zzz BEFORE UPDATE ON reg.usulan FOR EACH ROW EXECUTE FUNCTION reg.swallow();
SELECT is(code('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 3'), NULL, 'a row is swallowed after the guard:');
SELECT is((SELECT state FROM reg.usulan WHERE id = 3), 'draf', 'nothing changes, and the COMMIT would fail (SE005)');
ROLLBACK TO part;
CREATE FUNCTION reg.turn() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.state := ''terbit''; RETURN NEW; END';
CREATE TRIGGER zzz BEFORE INSERT OR UPDATE ON reg.usulan FOR EACH ROW EXECUTE FUNCTION reg.turn();
SELECT is(code('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 3'), 'SE005', 'a trigger that turns the state after the guard is noticed');
SELECT is(code('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) VALUES (90, ''321601'')'), 'SE005', 'at a birth, too');
SELECT isnt_empty($$SELECT * FROM dtsen.check_attached('reg.usulan') WHERE check_name = 'trigger_after_guard'$$, 'and reported');
ROLLBACK TO part;
CREATE FUNCTION reg.rename() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.id := NEW.id + 100; RETURN NEW; END';
CREATE TRIGGER zzz BEFORE UPDATE ON reg.usulan FOR EACH ROW EXECUTE FUNCTION reg.rename();
SELECT is(code('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 3'), 'SE005', 'one that changes the key, too');
ROLLBACK TO part;
CREATE RULE r AS ON UPDATE TO reg.usulan DO INSTEAD DELETE FROM reg.usulan WHERE id = OLD.id;
SELECT is(code('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 3'), 'SE004', 'a rule that turns an UPDATE into a DELETE meets the guard');
ROLLBACK TO part;

-- 7. what an owner can do is found
CREATE FUNCTION found(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    BEGIN
        EXECUTE statement;
        SELECT string_agg(DISTINCT p, ',' ORDER BY p) INTO answer FROM (SELECT problem AS p FROM dtsen.verify_journal('reg')
            UNION ALL SELECT check_name FROM dtsen.check_attached('reg.usulan')) AS f;
        RAISE EXCEPTION USING ERRCODE = 'ZZ999';
    EXCEPTION WHEN SQLSTATE 'ZZ999' THEN
        RETURN answer;
    END;
END $$;
SELECT is(found(s), wanted, s) FROM (VALUES
    ('ALTER TABLE reg.usulan DISABLE TRIGGER ALL', 'trigger_disabled'),
    ('ALTER TABLE reg.usulan ENABLE TRIGGER zz_dtsen_guard', 'trigger_disabled'),
    ('ALTER TABLE reg.usulan ENABLE REPLICA TRIGGER zz_dtsen_journal_update', 'trigger_disabled'),
    ('DROP TRIGGER zz_dtsen_guard_truncate ON reg.usulan', 'trigger_missing'),
    ('ALTER TABLE reg.journal_block DISABLE TRIGGER journal_only', 'machine_trigger'),
    ('ALTER TABLE reg.transition DISABLE TRIGGER machine_rules', 'machine_trigger'),
    ('ALTER TABLE reg.calendar DISABLE TRIGGER machine_rules', 'machine_trigger'),
    ('ALTER TABLE reg.usulan DISABLE TRIGGER USER; UPDATE reg.usulan SET state = ''terbit'' WHERE id = 1', 'row differs,trigger_disabled'),
    ('CREATE TABLE reg.anak () INHERITS (reg.usulan); INSERT INTO reg.anak (id, state) VALUES (5000, ''terbit'')', 'inheritance,row without entry'),
    ('CREATE TABLE reg.induk (id bigint); ALTER TABLE reg.usulan INHERIT reg.induk', 'inheritance'),
    ('ALTER TABLE reg.usulan DISABLE TRIGGER USER; DELETE FROM reg.usulan WHERE id = 1', 'row missing,trigger_disabled')) AS a (s, wanted);
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'after all attacks the journal is whole');
SELECT * FROM finish();
ROLLBACK;
