-- journal(), guards over whole statements, and what tampering leaves behind.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();

SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah)
    SELECT g, '3216012001' FROM generate_series(1, 40) AS g$q$);

-- who may write to it
SELECT throws_ok($$INSERT INTO reg.journal SELECT * FROM reg.journal$$, 'SE004', NULL, 'a superuser adds nothing');
SELECT throws_ok($$SELECT as_role('lct_owner', 'INSERT INTO reg.journal SELECT * FROM reg.journal')$$, 'SE004', NULL, 'nor the owner');
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.journal SET reason = NULL')$$, 'SE004', NULL, 'the owner changes nothing');
SELECT throws_ok($$SELECT as_role('lct_owner', 'DELETE FROM reg.journal')$$, 'SE004', NULL, 'and deletes nothing');
SELECT throws_ok($$SELECT as_role('lct_owner', 'TRUNCATE reg.journal')$$, 'SE004', NULL, 'and does not truncate');
SELECT throws_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.journal SELECT * FROM reg.journal')$$, '42501', NULL, 'a client adds nothing');
SELECT throws_ok($$SELECT as_role('lct_operator', 'SELECT * FROM reg.journal')$$, '42501', NULL, 'nor reads it');
SELECT throws_ok($$SELECT as_role('lct_operator', 'DELETE FROM reg.journal')$$, '42501', NULL, 'nor deletes');
SET LOCAL session_replication_role = replica;
SELECT throws_ok('DELETE FROM reg.journal', 'SE004', NULL, 'replica role: nothing is deleted');
SELECT throws_ok('INSERT INTO reg.journal SELECT * FROM reg.journal', 'SE004', NULL, 'replica role: nothing is added');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 40')$$, 'replica role: a lawful step');
SET LOCAL session_replication_role = origin;
SELECT is((SELECT count(*) FROM reg.journal WHERE key = '40'), 2::bigint, 'is journalled');
SELECT throws_ok($$SELECT as_role('lct_owner', 'MERGE INTO reg.journal AS j USING (VALUES (1)) AS s(x) ON true
    WHEN MATCHED THEN DELETE')$$, 'SE004', NULL, 'MERGE deletes nothing');

-- guards: set-based, once per statement
CREATE TABLE reg.call (guard text, keys text[]);
ALTER TABLE reg.call OWNER TO lct_owner;
SELECT as_role('lct_owner', $q$
    CREATE FUNCTION reg.even_only(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE plpgsql AS $f$
    BEGIN
        INSERT INTO reg.call VALUES ('even_only', keys);
        RETURN QUERY SELECT k, 'SE002', 'window is closed', 'Wait.' FROM unnest(keys) AS k WHERE k::int % 2 = 1 ORDER BY k::int;
    END $f$;
    CREATE FUNCTION reg.small_only(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql AS $f$ SELECT k, 'P0001', NULL::text, NULL::text FROM unnest(keys) AS k WHERE k::int > 30 $f$;
    REVOKE ALL ON FUNCTION reg.even_only(text[]) FROM PUBLIC;
    UPDATE reg.transition SET guards = '{reg.even_only,reg.small_only}' WHERE action = 'ajukan';
$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id < 11')$$,
    'SE002', 'window is closed', 'a guard''s first row raises its code and message');
SELECT matches(refusal('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id < 11'),
    'row 1; .*: 5\. \| Wait\.', 'with key, count and hint');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id < 21 AND id % 2 = 0')$$,
    'rows that no guard lists take the step');
SELECT results_eq('SELECT guard, cardinality(keys) FROM reg.call', $$VALUES ('even_only', 10)$$,
    'one call for the statement, with its keys');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 32')$$,
    'SE003', 'guard refuses the row', 'a code outside SE, 22, 23 and 42 becomes SE003');
SELECT as_role('lct_owner', $q$
    DROP FUNCTION reg.small_only(text[]);
    CREATE FUNCTION reg.small_only(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql AS $f$ SELECT k, '23514', 'made anew', NULL::text FROM unnest(keys) AS k WHERE k::int > 30 $f$ $q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 32')$$,
    '23514', 'made anew', 'a guard that was dropped and made anew is the new one');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{reg.gone}' WHERE action = 'ajukan'$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    '42883', NULL, 'a missing guard stops the step');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{even_only}' WHERE action = 'ajukan'$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    '22023', NULL, 'so does a guard without schema');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{reg.small_only(pg_temp}' WHERE action = 'ajukan'$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    '42883', NULL, 'or one that is no name');
CREATE SCHEMA evil AUTHORIZATION lct_far;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
SELECT as_role('lct_far', $q$CREATE FUNCTION evil.g(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql AS 'SELECT NULL::text, NULL::text, NULL::text, NULL::text WHERE false'$q$);
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{evil.g}' WHERE action = 'ajukan'$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    '42501', NULL, 'or one of another owner, who would act as the machine''s');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{}' WHERE action = 'ajukan'$q$);

-- another's lifecycle is not to be had by a trigger on one's own table
SELECT as_role('lct_far', $q$
    CREATE TABLE evil.t (id int PRIMARY KEY, state text);
    CREATE TRIGGER a AFTER INSERT ON evil.t REFERENCING NEW TABLE AS n FOR EACH STATEMENT
        EXECUTE FUNCTION dtsen.journal('reg', 'usulan', 'id', 'state', '', '', '', '')$q$);
SELECT throws_ok($$SELECT as_role('lct_far', 'INSERT INTO evil.t VALUES (1, ''draf'')')$$, '42501', NULL,
    'a foreign table cannot write this journal');
SELECT throws_ok($$SELECT as_role('lct_far', $q$SELECT dtsen._journal_attached('evil.t', 'reg', 'usulan', 'id', 'state', '')$q$)$$,
    '42501', NULL, 'nor by the helper of attach()');

-- triggers that spoil what the guard allowed
CREATE FUNCTION reg.spoil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'state' THEN NEW.state := 'terbit'; RETURN NEW; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER zzz_spoil BEFORE UPDATE ON reg.usulan FOR EACH ROW EXECUTE FUNCTION reg.spoil('state');
SELECT is((SELECT count(*) FROM dtsen.check_attached('reg.usulan') WHERE check_name = 'trigger_after_guard'), 1::bigint,
    'a trigger after the guard is reported');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    'SE005', NULL, 'a state that it exchanges is noticed by the journal');
DROP TRIGGER zzz_spoil ON reg.usulan;
ALTER TABLE reg.usulan DISABLE TRIGGER zz_dtsen_guard;
SELECT throws_ok($$DELETE FROM reg.usulan WHERE id = 22$$, 'SE005', NULL, 'guard switched off: a DELETE is noticed');
SELECT throws_ok($$UPDATE reg.usulan SET state = 'terbit' WHERE id = 22$$, 'SE005', NULL, 'guard switched off: an unlawful step');
SELECT throws_ok($$INSERT INTO reg.usulan VALUES (99, 'terbit')$$, 'SE005', NULL, 'guard switched off: an unlawful birth');
SELECT results_eq($$SELECT check_name, value FROM dtsen.check_attached('reg.usulan')$$,
    $$VALUES ('trigger_disabled', 'disabled')$$, 'and reported');
ALTER TABLE reg.usulan ENABLE ALWAYS TRIGGER zz_dtsen_guard;
ALTER TABLE reg.journal ENABLE TRIGGER journal_only;
SELECT results_eq($$SELECT row_id, check_name, value FROM dtsen.check_attached('reg.usulan')$$,
    $$VALUES ('reg.journal.journal_only', 'machine_trigger', 'not on replicas')$$, 'so is the journal''s own trigger');
ALTER TABLE reg.journal ENABLE ALWAYS TRIGGER journal_only;
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.usulan')$$, 'all is well again');

-- undone parts of a transaction leave no gap
SAVEPOINT undone;
SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id IN (22, 24)');
ROLLBACK TO undone;
SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id IN (24, 26)');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'the chain goes on after a savepoint was rolled back');

-- other statement triggers read the same transition tables, spilt to disk
CREATE TABLE reg.seen (n bigint);
CREATE FUNCTION reg.look() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    r record;
BEGIN
    INSERT INTO reg.seen SELECT count(*) FROM o JOIN n USING (id);
    FOR r IN SELECT * FROM n LIMIT 5 LOOP
        NULL;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER a_look AFTER UPDATE ON reg.usulan REFERENCING OLD TABLE AS o NEW TABLE AS n
    FOR EACH STATEMENT EXECUTE FUNCTION reg.look();
CREATE TRIGGER zz_dtsen_h_look AFTER UPDATE ON reg.usulan REFERENCING OLD TABLE AS o NEW TABLE AS n
    FOR EACH STATEMENT EXECUTE FUNCTION reg.look();
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah, isi)
    SELECT g, '3216012001', repeat('x', 400) FROM generate_series(1001, 1500) AS g$q$);
SET LOCAL work_mem = '64kB';
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id > 1000$q$);
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET state = 'disahkan' WHERE id > 1000$q$);
RESET work_mem;
SELECT results_eq('SELECT n FROM reg.seen', 'SELECT 500::bigint FROM generate_series(1, 4)', 'other triggers saw the rows');
SELECT results_eq($$SELECT action, count(*), count(DISTINCT key) FROM reg.journal WHERE key::int > 1000 GROUP BY action ORDER BY action$$,
    $$VALUES ('ajukan', 500::bigint, 500::bigint), ('born', 500, 500), ('sahkan', 500, 500)$$, 'so did the journal');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all in order');
DROP TRIGGER a_look ON reg.usulan;
DROP TRIGGER zz_dtsen_h_look ON reg.usulan;

-- partitions
CREATE TABLE reg.bagian (id int, state text NOT NULL, wilayah text, PRIMARY KEY (id, state)) PARTITION BY LIST (state);
CREATE TABLE reg.bagian_draf PARTITION OF reg.bagian FOR VALUES IN ('draf');
CREATE TABLE reg.bagian_lain (wilayah text, junk int, state text NOT NULL, id int NOT NULL);
ALTER TABLE reg.bagian_lain DROP COLUMN junk;
ALTER TABLE reg.bagian ATTACH PARTITION reg.bagian_lain DEFAULT;
ALTER TABLE reg.bagian OWNER TO lct_owner;
ALTER TABLE reg.bagian_draf OWNER TO lct_owner;
ALTER TABLE reg.bagian_lain OWNER TO lct_owner;
GRANT ALL ON reg.bagian, reg.bagian_draf, reg.bagian_lain TO PUBLIC;
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('bagian', 1, 'draf');
    INSERT INTO reg.state (machine, state) VALUES ('bagian', 'draf'), ('bagian', 'maju');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES
        ('bagian', 'draf', 'maju', 'majukan', 'operator'), ('bagian', 'maju', 'draf', 'mundurkan', 'operator');
    SELECT dtsen.attach('reg.bagian', 'bagian', 'reg', changed_at_column => NULL, changed_by_column => NULL)$q$);
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.bagian')$$, 'triggers on a partitioned table and its partitions');
SELECT as_role('lct_operator', $q$INSERT INTO reg.bagian SELECT g, 'draf', '321601' FROM generate_series(1, 50) AS g$q$);
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.bagian SET state = ''maju'' WHERE id > 10')$$,
    'an UPDATE moves rows to another partition');
SELECT is((SELECT count(*) FROM reg.bagian_lain), 40::bigint, 'they are there');
SELECT is((SELECT count(*) FROM reg.journal WHERE machine = 'bagian' AND action = 'majukan'), 40::bigint, 'and journalled');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.bagian SET state = ''draf'' WHERE id > 40')$$, 'and back');
SELECT throws_ok($$SELECT as_role('lct_operator', 'DELETE FROM reg.bagian WHERE id = 1')$$, 'SE004', NULL, 'no DELETE');
SELECT throws_ok($$SELECT as_role('lct_operator', 'DELETE FROM reg.bagian_draf WHERE id = 1')$$, 'SE004', NULL, 'nor from a partition');
SELECT throws_ok('TRUNCATE reg.bagian_draf', 'SE004', NULL, 'nor TRUNCATE of a partition');
SAVEPOINT before;
SELECT as_role('lct_operator', 'UPDATE reg.bagian SET wilayah = ''3216012001'' WHERE id = 1');
ROLLBACK TO before;
SELECT throws_ok($$SELECT as_role('lct_operator', 'DELETE FROM reg.bagian WHERE id = 1')$$, 'SE004', NULL,
    'an UPDATE that was undone opens no door to a DELETE');
CREATE TRIGGER a_spoil BEFORE INSERT ON reg.bagian_lain FOR EACH ROW WHEN (NEW.id = 7) EXECUTE FUNCTION reg.spoil('swallow');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.bagian SET state = ''maju'' WHERE id IN (6, 7, 8)')$$,
    'SE005', NULL, 'a trigger that swallows a moving row is noticed');
DROP TRIGGER a_spoil ON reg.bagian_lain;
CREATE TABLE reg.bagian_baru PARTITION OF reg.bagian FOR VALUES IN ('baru');
SELECT results_eq($$SELECT row_id, check_name FROM dtsen.check_attached('reg.bagian') WHERE severity = 'error'$$,
    $$VALUES ('reg.bagian_baru.zz_dtsen_guard_truncate', 'trigger_missing')$$,
    'a new partition has the row triggers; TRUNCATE of it alone is reported as an error');
DROP TABLE reg.bagian_baru;
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all verifies');

-- digests: the form is written down in docs/lifecycle.md; here it is in SQL
CREATE FUNCTION canon(t text) RETURNS bytea LANGUAGE sql AS $$
    SELECT CASE WHEN t IS NULL THEN '\x00'::bytea
        ELSE '\x01'::bytea || int8send(octet_length(convert_to(t, 'UTF8'))) || convert_to(t, 'UTF8') END $$;
CREATE FUNCTION canon(n int8) RETURNS bytea LANGUAGE sql AS $$ SELECT '\x02'::bytea || int8send(n) $$;
SELECT is((SELECT count(*) FROM (
        SELECT j.*, lag(digest, 1, decode(repeat('00', 32), 'hex')) OVER (PARTITION BY machine, chain ORDER BY seq) AS before
        FROM reg.journal AS j) AS j
    WHERE digest IS DISTINCT FROM sha256('dtsen.journal.1'::bytea || '\x00'::bytea || before
        || canon(machine) || canon(chain) || canon(seq) || canon(key) || canon(wilayah) || canon(from_state)
        || canon(to_state) || canon(action) || canon(login::text) || canon(session_login::text)
        || canon(person_key)
        || canon((extract(epoch FROM at) * 1000000)::int8 - 946684800000000)
        || canon(txid) || canon(machine_version::int8) || canon(reason))),
    0::bigint, 'digests agree with an independent computation');

-- tampering, by one who can switch triggers off
CREATE TEMP TABLE original AS TABLE reg.journal;
CREATE FUNCTION tampered(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    ALTER TABLE reg.journal DISABLE TRIGGER USER;
    EXECUTE statement;
    SELECT string_agg(DISTINCT v.problem, ',') INTO found FROM dtsen.verify_journal('reg') AS v;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = coalesce(found, 'nothing');
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN SQLERRM;
END $$;
SELECT is(tampered('SELECT'), 'nothing', 'no false alarm');
SELECT isnt(tampered(format($q$UPDATE reg.journal SET %s WHERE machine = 'usulan' AND seq = %s$q$, change, seq)), 'nothing',
    format('found at %s: %s', seq, change))
FROM unnest('{1,7,30,41}'::int[]) AS seq,
    unnest(ARRAY['key = key || ''0''', 'wilayah = ''3216022001''', 'wilayah = NULL', 'from_state = ''x''',
        'to_state = ''terbit''', 'action = ''edit2''', 'login = ''x''', 'session_login = ''x''', 'person_key = ''x''',
        'person_key = NULL', 'at = at + interval ''1 microsecond''', 'txid = txid + 1', 'machine_version = 2',
        'reason = ''''', 'digest = sha256(''x'')', 'chain = ''3217''', 'seq = 1000000']) AS change;
SELECT is(tampered($q$DELETE FROM reg.journal WHERE machine = 'usulan' AND seq = 7$q$), 'gap,row without entry', 'a deleted entry is found');
SELECT is(tampered($q$DELETE FROM reg.journal WHERE machine = 'usulan' AND seq = 1$q$), 'gap,row without entry', 'the first one too');
SELECT is(tampered($q$DELETE FROM reg.journal WHERE machine = 'usulan' AND seq = (SELECT max(seq) FROM reg.journal WHERE machine = 'usulan')$q$),
    'row differs', 'the last one is, by the live row');
SELECT is(tampered($q$UPDATE reg.journal AS j SET (key, digest) = (SELECT o.key, o.digest FROM original AS o
    WHERE o.machine = j.machine AND o.seq = 25 - j.seq) WHERE j.machine = 'usulan' AND j.seq IN (12, 13)$q$),
    'digest', 'exchanged entries are found');
SELECT isnt(tampered($q$WITH e AS (SELECT * FROM reg.journal WHERE machine = 'usulan' AND seq = 41)
    INSERT INTO reg.journal SELECT machine, chain, 1 + (SELECT max(seq) FROM reg.journal WHERE machine = 'usulan'), key, wilayah,
    from_state, 'ditolak', action, login, session_login, person_key, at + interval '1 day', txid, machine_version, reason, digest FROM e$q$),
    'nothing', 'an entry put at the end is found');
SELECT is(tampered($q$ALTER TABLE reg.usulan DISABLE TRIGGER USER; UPDATE reg.usulan SET state = 'terbit' WHERE id = 30$q$),
    'row differs', 'a row changed behind the triggers is found');
SELECT is(tampered($q$ALTER TABLE reg.usulan DISABLE TRIGGER USER; DELETE FROM reg.usulan WHERE id = 30$q$),
    'row missing', 'a row deleted behind them');
SELECT is(tampered($q$ALTER TABLE reg.usulan DISABLE TRIGGER USER; INSERT INTO reg.usulan VALUES (999)$q$),
    'row without entry', 'a row smuggled in');
SELECT is(tampered($q$SELECT dtsen.detach('reg.usulan', 'usulan')$q$), 'detached', 'a table taken off');
SELECT throws_ok($$SELECT dtsen.journal_digest('\x00', 'm', 'c', 1, 'k', NULL, NULL, 's', 'a', 'l', 's', NULL, now(), 1, 1, NULL)$$,
    '22023', NULL, 'a digest has 32 bytes');

-- misuse of the trigger functions
CREATE TABLE misuse (id int PRIMARY KEY, state text);
CREATE FUNCTION misused(definition text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'CREATE TRIGGER x ' || definition;
    INSERT INTO misuse VALUES (1, 'a');
    UPDATE misuse SET state = 'b';
    TRUNCATE misuse;
    RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT is(misused(definition), '39P01', definition) FROM (VALUES
    ('BEFORE INSERT ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.guard()'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard()'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'')'),
    ('AFTER UPDATE ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', ''id'', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', ''nix'', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', '''', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''nix'', ''id'', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''nix'', ''usulan'', ''id'', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', ''id'', ''state'', '''', '''', ''state'', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', ''id'', ''state'', '''', '''', '''', ''id'')'),
    ('BEFORE TRUNCATE ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.guard()'),
    ('AFTER INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard_statement()'),
    ('AFTER UPDATE ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.guard_statement()'),
    ('AFTER INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.journal()'),
    ('AFTER INSERT ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.journal()'),
    ('AFTER UPDATE ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.journal()'),
    ('AFTER TRUNCATE ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.journal()'),
    ('AFTER INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only()'),
    ('BEFORE UPDATE ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only()'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed()'),
    ('AFTER INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed(''x'')'),
    ('AFTER UPDATE ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.immutable()'),
    ('BEFORE INSERT ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable()'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.immutable(''id'')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.immutable(''id'', ''usulan'', ''id'', ''state'', ''terbit'')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.immutable(''nix'', ''reg.usulan'', ''id'', ''state'', ''terbit'')')
    ) AS v(definition);
SELECT throws_ok('SELECT dtsen.guard()', '39P01', NULL, 'a trigger function is no function');

SELECT * FROM finish();
ROLLBACK;
