-- Guards are asked about exactly the rows that changed: whatever statement
-- changed them, and whatever was nested, undone or swallowed between.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();

SELECT as_role('lct_owner', $q$
    CREATE TABLE reg.asked (n serial, key text);
    CREATE FUNCTION reg.ask(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text) LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
        INSERT INTO reg.asked (key) SELECT string_agg(k, ',') FROM unnest(keys) AS k;
        RETURN QUERY SELECT k, 'SE003', 'not this one', 'Wait.' FROM unnest(keys) AS k WHERE k = current_setting('test.refused', true);
    END $$;
    INSERT INTO reg.calendar VALUES ('usulan', 'kini', 'ajukan', now() - interval '1 day', now() + interval '1 day'),
        ('usulan', 'lampau', 'ajukan', now() - interval '2 days', now() - interval '1 day');
    SELECT dtsen.detach('reg.usulan', 'usulan');
    CREATE TABLE reg.berkas (id int, bulan int, state text NOT NULL DEFAULT 'draf', wilayah text DEFAULT '321601', periode text DEFAULT 'kini', alasan text, PRIMARY KEY (id, bulan))
        PARTITION BY LIST (bulan);
    CREATE TABLE reg.berkas_1 PARTITION OF reg.berkas FOR VALUES IN (1);
    CREATE TABLE reg.berkas_2 PARTITION OF reg.berkas FOR VALUES IN (2);
    SELECT dtsen.attach('reg.berkas', 'usulan', 'reg', reason_column => 'alasan', changed_at_column => NULL, changed_by_column => NULL, period_column => 'periode');
    UPDATE reg.transition SET guards = '{reg.ask}', is_timed = true WHERE action = 'ajukan';
    GRANT ALL ON reg.berkas, reg.berkas_1, reg.asked, reg.asked_n_seq TO PUBLIC$q$) \g /dev/null
SELECT as_role('lct_operator', 'INSERT INTO reg.berkas SELECT g, 1 FROM generate_series(1, 30) AS g') \g /dev/null
-- what was asked since the last time
CREATE FUNCTION asked() RETURNS text LANGUAGE sql AS 'WITH a AS (DELETE FROM reg.asked RETURNING n, key) SELECT string_agg(key, '' '' ORDER BY n) FROM a';

-- each kind of statement
SELECT as_role('lct_operator', $$UPDATE reg.berkas SET state = 'diajukan' WHERE id IN (1, 2)$$) \g /dev/null
SELECT is(asked(), '1,2', 'UPDATE');
CREATE FUNCTION kept() RETURNS bigint LANGUAGE sql AS $$SELECT used_bytes FROM pg_backend_memory_contexts WHERE name = 'dtsen asked rows'$$;
SELECT kept() AS kept \gset
SELECT as_role('lct_operator', $$INSERT INTO reg.berkas VALUES (3, 1), (31, 1) ON CONFLICT (id, bulan) DO UPDATE SET state = 'diajukan'$$) \g /dev/null
SELECT is(asked(), '3', 'ON CONFLICT DO UPDATE, but not a birth');
SELECT as_role('lct_operator', $$MERGE INTO reg.berkas AS b USING (VALUES (4), (32)) AS v (id) ON b.id = v.id AND b.bulan = 1
    WHEN MATCHED THEN UPDATE SET state = 'diajukan' WHEN NOT MATCHED THEN INSERT (id, bulan) VALUES (v.id, 1)$$) \g /dev/null
SELECT is(asked(), '4', 'MERGE');
SELECT as_role('lct_operator', $$UPDATE reg.berkas SET state = 'diajukan', bulan = 2 WHERE id = 5$$) \g /dev/null
SELECT is(asked(), '5', 'a move to another partition');
SELECT as_role('lct_operator', $$UPDATE reg.berkas_1 SET state = 'diajukan' WHERE id = 6$$) \g /dev/null
SELECT is(asked(), '6', 'a partition that is named');
SELECT as_role('lct_operator', $$WITH a AS (UPDATE reg.berkas SET state = 'diajukan' WHERE id = 7 RETURNING 1), b AS (UPDATE reg.berkas SET state = 'diajukan' WHERE id = 8 RETURNING 1) SELECT$$) \g /dev/null
SELECT is((SELECT string_agg(k, ',' ORDER BY k) FROM regexp_split_to_table(asked(), '[ ,]') AS k), '7,8', 'two changes in one query');
-- of two names in one query only one would be asked about: none is
SELECT alike(refusal('lct_operator', $$WITH a AS (UPDATE reg.berkas_1 SET state = 'diajukan' WHERE id = 9) UPDATE reg.berkas SET state = 'diajukan' WHERE id = 10$$),
    'SE005 | rows that changed under machine "usulan" are not those that the guard let through%two names%', 'a table under two names in one query');
SELECT as_role('lct_operator', $$UPDATE reg.berkas SET wilayah = wilayah WHERE id = 9$$) \g /dev/null
SELECT is(asked(), NULL, 'an edit is no step');

-- what is undone
SELECT is(left(refusal('lct_operator', $$DO 'BEGIN UPDATE reg.berkas SET state = ''diajukan'' WHERE id = 9; RAISE ''undone''; END'$$), 5), 'P0001', 'a step is undone,');
SELECT is(asked(), NULL, 'and what was asked about it;');
SELECT as_role('lct_operator', $$DO $d$ BEGIN
    BEGIN UPDATE reg.berkas SET state = 'diajukan', wilayah = CASE id WHEN 11 THEN '9999' ELSE wilayah END WHERE id IN (10, 11); EXCEPTION WHEN insufficient_privilege THEN NULL; END;
    UPDATE reg.berkas SET state = 'diajukan' WHERE id = 12; END $d$ $$) \g /dev/null
SELECT is(asked(), '12', 'of a statement that failed half-way nothing is left for the next');

-- what is nested between rows, seen by the row trigger of another
SELECT as_role('lct_owner', $q$
    CREATE FUNCTION reg.nest() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        UPDATE reg.berkas SET state = 'diajukan' WHERE id = NEW.id + 1 AND state = 'draf';
        BEGIN UPDATE reg.berkas SET state = 'diajukan' WHERE id = NEW.id + 2 AND state = 'draf'; RAISE 'undone'; EXCEPTION WHEN raise_exception THEN NULL; END;
        RETURN NEW; END $$;
    CREATE TRIGGER aaa BEFORE UPDATE ON reg.berkas_1 FOR EACH ROW WHEN (NEW.id IN (13, 16)) EXECUTE FUNCTION reg.nest()$q$) \g /dev/null
SELECT as_role('lct_operator', $$UPDATE reg.berkas SET state = 'diajukan' WHERE id IN (13, 16)$$) \g /dev/null
SELECT is(asked(), '14 17 13,16', 'nested statements are asked about theirs, the one around them about its own');
SELECT as_role('lct_owner', 'DROP TRIGGER aaa ON reg.berkas_1') \g /dev/null

-- a cascade
SELECT as_role('lct_owner', $q$
    CREATE TABLE reg.keadaan (id int, state text, PRIMARY KEY (id, state));
    INSERT INTO reg.keadaan SELECT b.id, b.state FROM reg.berkas AS b;
    ALTER TABLE reg.berkas ADD CONSTRAINT keadaan FOREIGN KEY (id, state) REFERENCES reg.keadaan ON UPDATE CASCADE;
    GRANT ALL ON reg.keadaan TO PUBLIC$q$) \g /dev/null
SELECT as_role('lct_operator', $$UPDATE reg.keadaan SET state = 'diajukan' WHERE id IN (19, 20)$$) \g /dev/null
SELECT is(asked(), '20,19', 'rows to which a key cascades are asked about together');
SELECT set_config('test.refused', '21', true) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.keadaan SET state = ''diajukan'' WHERE id IN (21, 22)')$$, 'SE003', 'not this one', 'and refused');
SELECT set_config('test.refused', '', true) \g /dev/null
SELECT as_role('lct_owner', 'ALTER TABLE reg.berkas DROP CONSTRAINT keadaan') \g /dev/null
SELECT is(asked(), NULL, 'which is undone');

-- who exchanges rows after the guard
SELECT as_role('lct_owner', $q$
    CREATE FUNCTION reg.spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        CASE TG_ARGV[0] WHEN 'period' THEN NEW.periode := 'lampau'; WHEN 'swallow' THEN RETURN NULL; END CASE;
        RETURN NEW; END $$;
    CREATE TRIGGER zzz BEFORE UPDATE ON reg.berkas_1 FOR EACH ROW EXECUTE FUNCTION reg.spoil('period')$q$) \g /dev/null
SELECT is(left(refusal('lct_operator', $$UPDATE reg.berkas SET state = 'diajukan', periode = 'lampau' WHERE id = 23$$), 5), 'SE002', 'a window is closed:');
SELECT is(left(refusal('lct_operator', $$UPDATE reg.berkas SET state = 'diajukan' WHERE id = 23$$), 5), 'SE005', 'a trigger after the guard that takes the row into it is noticed');
SELECT as_role('lct_owner', $q$DROP TRIGGER zzz ON reg.berkas_1; CREATE TRIGGER zzz BEFORE UPDATE ON reg.berkas_1 FOR EACH ROW WHEN (OLD.id = 24) EXECUTE FUNCTION reg.spoil('swallow')$q$) \g /dev/null
SELECT is(left(refusal('lct_operator', $$UPDATE reg.berkas SET state = 'diajukan' WHERE id IN (24, 25)$$), 5), 'SE005', 'so is one that swallows a row that was asked about,');
SELECT is(left(refusal('lct_operator', $$UPDATE reg.berkas SET state = 'diajukan' WHERE id = 24$$), 5), 'SE005', 'and one that swallows all');
SELECT as_role('lct_owner', 'DROP TRIGGER zzz ON reg.berkas_1; ALTER TABLE reg.berkas_1 DISABLE TRIGGER zz_dtsen_guard') \g /dev/null
SELECT is(left(refusal('lct_operator', $$UPDATE reg.berkas SET state = 'diajukan' WHERE id = 26$$), 5), 'SE005', 'a row that the guard never saw was not asked about');
SELECT as_role('lct_owner', 'ALTER TABLE reg.berkas_1 ENABLE ALWAYS TRIGGER zz_dtsen_guard') \g /dev/null

SELECT cmp_ok(kept(), '<=', :kept + 64::bigint, 'no memory is kept of statements that have ended');
CREATE FUNCTION undo(times int) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN
    FOR i IN 1..times LOOP
        BEGIN UPDATE reg.berkas SET wilayah = wilayah WHERE id = 9; RAISE 'undone'; EXCEPTION WHEN raise_exception THEN NULL; END;
    END LOOP;
    RETURN (SELECT used_bytes FROM pg_backend_memory_contexts WHERE name = 'TopTransactionContext'); END $$;
GRANT pg_read_all_stats TO lct_operator;
SET LOCAL ROLE lct_operator;
SELECT undo(20) AS kept \gset
SELECT cmp_ok(undo(500), '<=', :kept + 10000::bigint, 'nor of those that are undone');
RESET ROLE;

-- before triggers of one's own, without transition tables
SELECT as_role('lct_owner', $q$
    CREATE TRIGGER a_guard AFTER UPDATE ON reg.berkas FOR EACH STATEMENT EXECUTE FUNCTION dtsen.guard_statement('reg', 'usulan');
    CREATE FUNCTION reg.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO reg.asked (key) VALUES ('told'); RETURN NULL; END $$;
    ALTER FUNCTION reg.tell() SECURITY DEFINER;
    CREATE TRIGGER b_tell AFTER UPDATE ON reg.berkas FOR EACH STATEMENT EXECUTE FUNCTION reg.tell()$q$) \g /dev/null
SELECT as_role('lct_operator', $$UPDATE reg.berkas SET state = 'diajukan' WHERE id IN (27, 28)$$) \g /dev/null
SELECT is(asked(), '27,28 told 27,28', 'guard_statement asks before another trigger, the journal after it');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg') AS v WHERE v.problem <> 'detached'$$, 'the journal has all');
SELECT * FROM finish();
ROLLBACK;
