-- What check_attached() finds of triggers that were made anew under their names,
-- and what an auditor can check.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
SELECT as_role('lct_owner', $q$
    CREATE TABLE reg.bagian (id int, bulan int, state text, wilayah text, alasan text, PRIMARY KEY (id, bulan)) PARTITION BY LIST (bulan);
    CREATE TABLE reg.bagian_1 PARTITION OF reg.bagian FOR VALUES IN (1);
    INSERT INTO reg.machine VALUES ('bagian', 1, 'a'), ('lain', 1, 'draf');
    INSERT INTO reg.state (machine, state) VALUES ('bagian', 'a'), ('bagian', 'b'), ('lain', 'draf'), ('lain', 'diajukan');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES
        ('bagian', 'a', 'b', 'go', 'operator'), ('lain', 'draf', 'diajukan', 'go', 'operator');
    SELECT dtsen.attach('reg.bagian', 'bagian', 'reg', changed_at_column => NULL, changed_by_column => NULL);
    CREATE TABLE reg.lain (LIKE reg.usulan INCLUDING ALL);
    SELECT dtsen.attach('reg.lain', 'lain', 'reg', reason_column => 'alasan', frozen_columns => '{isi}')$q$);
\o
SELECT no_plan();
CREATE FUNCTION found(target text DEFAULT 'reg.usulan') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', row_id, check_name, severity), ', ' ORDER BY row_id, check_name) FROM dtsen.check_attached(target::regclass)
$$;
-- made anew as given; nothing of it is left
CREATE FUNCTION anew(name text, target text, kind text, events text, call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    PERFORM as_role('lct_owner', format('DROP TRIGGER %2$I ON %3$s; CREATE %1$s %2$I %4$s EXECUTE FUNCTION %5$s; ALTER TABLE %3$s ENABLE ALWAYS TRIGGER %2$I',
        kind, name, target, format(events, target), call));
    result := coalesce(found(CASE WHEN target LIKE 'reg.bagian%' THEN target ELSE 'reg.usulan' END), 'nothing');
    RAISE EXCEPTION '%', result USING ERRCODE = 'P0099';
EXCEPTION WHEN SQLSTATE 'P0099' THEN
    RETURN result;
END $$;
SELECT is(found(t), NULL, t || ' as it was attached') FROM unnest('{reg.usulan,reg.lain,reg.bagian,reg.machine_version}'::text[]) AS t;

-- the guard of a table
SELECT is(anew('zz_dtsen_guard', 'reg.usulan', 'TRIGGER', events, call), 'reg.usulan.zz_dtsen_guard ' || wanted, events || ' ' || call) FROM (VALUES
    ('BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW', 'dtsen.guard(''reg'',''usulan'',''id'',''state'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''','''',''isi'','''')', NULL),
    ('BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW', 'dtsen.guard(''reg'',''usulan'',''id'',''state'','''',''alasan'',''changed_at'',''changed_by'','''','''',''isi'','''')', 'arguments_altered error'),
    ('BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW', 'dtsen.guard(''reg'',''usulan'',''id'',''isi'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''','''',''isi'','''')', 'arguments_altered error'),
    ('BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW', 'dtsen.guard(''reg'',''usulan'',''id'',''state'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''','''')', 'arguments_altered error'),
    ('BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW WHEN (false)', 'dtsen.guard(''reg'',''usulan'',''id'',''state'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''','''',''isi'','''')', 'trigger_altered error'),
    ('BEFORE INSERT OR DELETE ON %s FOR EACH ROW', 'dtsen.guard(''reg'',''usulan'',''id'',''state'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''','''',''isi'','''')', 'trigger_altered error'),
    ('BEFORE INSERT OR UPDATE OF isi OR DELETE ON %s FOR EACH ROW', 'dtsen.guard(''reg'',''usulan'',''id'',''state'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''','''',''isi'','''')', 'trigger_altered error'))
    AS v (events, call, wanted) WHERE wanted IS NOT NULL;
SELECT is(anew('zz_dtsen_guard', 'reg.usulan', 'TRIGGER', 'BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW',
    'dtsen.guard(''reg'',''usulan'',''id'',''state'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''','''',''isi'','''')'), 'nothing', 'one that is as it was is no finding');
SELECT is(split_part(anew('zz_dtsen_guard', 'reg.usulan', kind, events, call), ',', 1), 'reg.usulan.zz_dtsen_guard trigger_altered error', kind || ' ' || call) FROM (VALUES
    ('TRIGGER', 'BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW', 'dtsen.immutable()'),
    ('CONSTRAINT TRIGGER', 'AFTER INSERT OR UPDATE OR DELETE ON %s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW',
        'dtsen.guard(''reg'',''usulan'',''id'',''state'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''','''',''isi'','''')')) AS v (kind, events, call);
-- one that says nothing, or names nothing
SELECT matches(anew('zz_dtsen_guard', 'reg.usulan', 'TRIGGER', 'BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW', call), wanted, call) FROM (VALUES
    ('dtsen.guard()', 'lifecycle_missing error'), ('dtsen.guard('''', '''')', 'lifecycle_missing error'), ('dtsen.guard(''reg'')', 'trigger_altered error')) AS v (call, wanted);
SAVEPOINT guard;
SELECT as_role('lct_owner', 'ALTER TABLE reg.usulan ENABLE REPLICA TRIGGER zz_dtsen_guard') \g /dev/null
SELECT is(found(), 'reg.usulan.zz_dtsen_guard trigger_disabled error', 'replica only');
ROLLBACK TO guard;

-- another machine, with all triggers, as it has the columns of the table
SELECT as_role('lct_owner', format('CREATE OR REPLACE TRIGGER %I %s', t.name, format(t.definition, 'reg.usulan',
        CASE t.name WHEN 'zz_dtsen_guard' THEN '''reg'',''lain'',''id'',''state'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''','''',''isi'',''''' ELSE '''reg'',''lain''' END))),
    as_role('lct_owner', format('ALTER TABLE reg.usulan ENABLE ALWAYS TRIGGER %I', t.name))
FROM dtsen._lifecycle_trigger() AS t WHERE t.scope <> 'partitioned' \g /dev/null
SELECT is(found(), 'reg.usulan machine_twice error', 'the machine of another table');
SELECT is(found('reg.lain'), 'reg.lain machine_twice error', 'seen from there, too');
ROLLBACK TO guard;
SELECT as_role('lct_owner', 'INSERT INTO reg.machine VALUES (''longgar'', 1, ''draf'')') \g /dev/null
SELECT as_role('lct_owner', format('CREATE OR REPLACE TRIGGER %I %s', t.name, format(t.definition, 'reg.usulan',
        CASE t.name WHEN 'zz_dtsen_guard' THEN '''reg'',''longgar'',''id'',''state'',''wilayah'',''alasan'',''changed_at'',''changed_by'','''',''''' ELSE '''reg'',''longgar''' END))),
    as_role('lct_owner', format('ALTER TABLE reg.usulan ENABLE ALWAYS TRIGGER %I', t.name))
FROM dtsen._lifecycle_trigger() AS t WHERE t.scope <> 'partitioned' \g /dev/null
SELECT is(found(), 'reg.usulan.zz_dtsen_guard arguments_altered error', 'a machine that no table was put under');
ROLLBACK TO guard;

-- the other triggers of a table
SELECT is(anew('zz_dtsen_guard_arrival', 'reg.bagian', 'CONSTRAINT TRIGGER', 'AFTER INSERT ON %s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW', 'dtsen.guard(''reg'', ''bagian'')'),
    'reg.bagian.zz_dtsen_guard_arrival trigger_altered error, reg.bagian_1.zz_dtsen_guard_arrival trigger_altered error', 'one that is put off to COMMIT');
SELECT is(anew('zz_dtsen_journal_update', 'reg.usulan', 'TRIGGER', 'AFTER UPDATE ON %s REFERENCING ' || tables || ' FOR EACH STATEMENT', 'dtsen.journal(''reg'', ''usulan'')'),
    'reg.usulan.zz_dtsen_journal_update trigger_altered error', 'a journal with ' || tables || ' alone') FROM unnest('{OLD TABLE AS x,NEW TABLE AS x}'::text[]) AS tables;

-- those of the lifecycle's own tables
SELECT is(anew(name, target, 'TRIGGER', events, call), target || '.' || name || ' machine_trigger error', target || ' ' || call) FROM (VALUES
    ('journal_immutable', 'reg.journal_block', 'BEFORE DELETE ON %s FOR EACH ROW', 'dtsen.immutable(''machine'', ''reg.machine'', ''machine'', ''initial_state'', ''x'')'),
    ('journal_immutable', 'reg.journal_attached', 'BEFORE UPDATE OR DELETE ON %s FOR EACH ROW', 'dtsen.immutable(''machine'', ''reg.machine'', ''machine'', ''initial_state'', ''x'')'),
    ('machine_rules', 'reg.transition', 'BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW', 'dtsen.machine_rules(''calendar'')'),
    ('zz_dtsen_guard', 'reg.machine_version', 'BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW',
        'dtsen.guard(''reg'', ''mesin'', ''id'', ''state'', '''', ''reason'', ''changed_at'', ''changed_by'', '''', '''')')) AS v (name, target, events, call);

-- what attach() gave is written down, and nobody changes that
SELECT results_eq($$SELECT machine COLLATE "default", number, attached_by = 'lct_owner', arguments[3:4] FROM reg.journal_attached WHERE machine IN ('mesin', 'usulan') ORDER BY 1$$,
    $$VALUES ('mesin', 1, true, '{id,state}'::text[]), ('usulan', 1, true, '{id,state}')$$, 'who attached, and with what');
SELECT alike(refusal(role, s), 'SE004%', role || ': ' || s) FROM unnest('{lct_owner,lct_super}'::text[]) AS role, unnest(ARRAY[
    'INSERT INTO reg.journal_attached SELECT machine, 9, now(), attached_by, ''{x}'' FROM reg.journal_attached', 'UPDATE reg.journal_attached SET arguments = ''{}''',
    'DELETE FROM reg.journal_attached', 'TRUNCATE reg.journal_attached']) AS s;
SELECT as_role('lct_owner', 'SELECT dtsen.detach(''reg.usulan'', ''usulan''); SELECT dtsen.attach(''reg.usulan'', ''usulan'', ''reg'', reason_column => ''alasan'')') \g /dev/null
SELECT is(found(), NULL, 'attached with other columns, by attach()');
SELECT is((SELECT array_agg('isi' = ANY (arguments) ORDER BY number) FROM reg.journal_attached WHERE machine = 'usulan'), '{t,f}', 'which leaves a trace');
ROLLBACK TO guard;
SELECT alike(refusal('lct_operator', $$SELECT dtsen._journal_attachment('reg.usulan', 'reg', 'usulan')$$), '42501%', 'nobody else writes it down');
SELECT as_role('lct_owner', $$CREATE TABLE reg.polos (id int)$$) \g /dev/null
SELECT alike(refusal('lct_owner', $$SELECT dtsen._journal_attachment('reg.polos', 'reg', 'usulan')$$), '39P01%', 'of a table that is under no machine there is nothing');
-- a lifecycle of an earlier version
SET LOCAL ROLE lct_owner;
DROP TABLE reg.journal_attached;
SELECT is(found(), 'reg.journal_attached.journal_immutable machine_trigger error, reg.journal_attached.journal_no_truncate machine_trigger error, '
    'reg.journal_attached.journal_only machine_trigger error, reg.usulan machine_tables_missing error', 'a lifecycle without that table');
SELECT is((SELECT count(*) FROM dtsen.upgrade_lifecycle('reg')), 1::bigint, 'is upgraded');
RESET ROLE;
SELECT is(found(t), NULL, 'as it is then, is as it was given: ' || t) FROM unnest('{reg.usulan,reg.lain,reg.bagian,reg.machine_version}'::text[]) AS t;
SELECT is(anew('zz_dtsen_guard', 'reg.usulan', 'TRIGGER', 'BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW', 'dtsen.guard(''reg'',''usulan'',''id'',''state'','''','''','''','''','''','''')'),
    'reg.usulan.zz_dtsen_guard arguments_altered error', 'and from then on compared');
ROLLBACK TO guard;
-- a table of that name which would run its owner's code in the name of who asks
SET LOCAL ROLE lct_owner;
ALTER TABLE reg.journal_attached RENAME TO asli;
CREATE FUNCTION reg.boom() RETURNS text[] LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''ran as %'', current_user; END';
CREATE VIEW reg.journal_attached AS SELECT machine::text, number, reg.boom() AS arguments FROM reg.asli;
RESET ROLE;
SELECT alike(found(), '%arguments_unknown warning%', 'it is not asked');
ROLLBACK TO guard;
-- nor does what its owner put into an index act for who attaches
SELECT as_role('lct_owner', $q$
    CREATE FUNCTION reg.runs_as(machine text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
        $f$ BEGIN IF current_user <> 'lct_owner' THEN RAISE EXCEPTION 'it ran as %', current_user; END IF; RETURN machine; END $f$;
    CREATE INDEX ON reg.journal_attached (reg.runs_as(machine));
    SELECT dtsen.detach('reg.lain', 'lain')$q$) \g /dev/null
SELECT is(refusal('lct_super', 'SELECT dtsen.attach(''reg.lain'', ''lain'', ''reg'', reason_column => ''alasan'')'), NULL, 'an index has its owner''s rights');
ROLLBACK TO guard;

-- one finding of a schema that has another name
ALTER SCHEMA reg RENAME TO "Reg lama";
SELECT results_eq($$SELECT row_id, check_name, severity, value, hint LIKE '%ALTER SCHEMA "Reg lama" RENAME TO reg;' FROM dtsen.check_attached('"Reg lama".usulan')$$,
    $$VALUES ('"Reg lama".usulan', 'lifecycle_missing', 'error', 'reg', true)$$, 'the cause, and what helps');
CREATE SCHEMA reg;
SELECT results_eq($$SELECT check_name, hint LIKE '%ALTER SCHEMA "Reg lama" RENAME TO reg;' FROM dtsen.check_attached('"Reg lama".usulan')$$, $$VALUES ('lifecycle_missing', true)$$, 'also if another one has its name');
ROLLBACK TO guard;

-- what the auditor of setup_lifecycle_roles() can check
SELECT dtsen.setup_lifecycle_roles('reg', false) \g /dev/null
REVOKE ALL ON reg.usulan FROM PUBLIC;
REVOKE ALL ON SCHEMA reg FROM PUBLIC;
CREATE ROLE lct_auditor;
GRANT reg_auditor TO lct_auditor;
SELECT as_role('lct_owner', 'SELECT dtsen.journal_anchor(''reg'')') \g /dev/null
SAVEPOINT auditor;
GRANT reg_operator TO lct_operator;
SELECT as_role('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) SELECT g, ''321601'' FROM generate_series(1, 5) AS g') \g /dev/null
SELECT as_role('lct_owner', 'SELECT dtsen.journal_anchor(''reg'')') \g /dev/null
SELECT encode(root, 'hex') AS root FROM reg.journal_anchor ORDER BY anchor_id DESC LIMIT 1 \gset
SET LOCAL ROLE lct_auditor;
SELECT is_empty(format('SELECT * FROM dtsen.check_anchor(''reg'', %L)', :'root'), 'the auditor checks an anchor that holds');
SELECT results_eq(format('SELECT problem FROM dtsen.check_anchor(''reg'', %L)', repeat('0', 64)), $$VALUES ('unknown')$$, 'and one that is of no journal');
SELECT is(dtsen.anchor_json('reg') ->> 'root', :'root', 'reads the last one');
SELECT is(found(), NULL, 'checks what tables were attached with');
SELECT is_empty($$SELECT * FROM dtsen.check_machine('reg') WHERE severity = 'error'$$, 'and the machines');
RESET ROLE;
SELECT alike(refusal('lct_auditor', s), '42501%', s) FROM unnest(ARRAY['SELECT dtsen.journal_anchor(''reg'')', 'SELECT salt FROM reg.journal_block', 'SELECT body FROM reg.journal_block',
    'SELECT * FROM reg.journal_note', 'SELECT wilayah FROM reg.actor', 'SELECT * FROM reg.assume_key', 'SELECT * FROM reg.usulan', 'SELECT * FROM dtsen.verify_journal(''reg'')',
    'SELECT dtsen.journal_proof(''reg'', ''usulan'', ''1'', ''321601'')', 'SELECT dtsen.erase_content(''reg'', ''usulan'', ''1'')']) AS s;
SELECT is((SELECT string_agg(format('%s %s', c.relname, p.privilege), ', ') FROM pg_class AS c,
    unnest('{INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS p(privilege)
    WHERE c.relnamespace = 'reg'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND CASE WHEN p.privilege IN ('INSERT', 'UPDATE', 'REFERENCES')
        THEN has_any_column_privilege('lct_auditor', c.oid, p.privilege) ELSE has_table_privilege('lct_auditor', c.oid, p.privilege) END), NULL, 'he writes nowhere');
ALTER TABLE reg.journal_block DISABLE TRIGGER journal_erase;
UPDATE reg.journal_block SET digest = sha256(digest) WHERE machine = 'usulan';
ALTER TABLE reg.journal_block ENABLE ALWAYS TRIGGER journal_erase;
SELECT results_eq(format($$SELECT machine COLLATE "default", problem FROM dtsen.check_anchor('reg', %L)$$, :'root'), $$VALUES ('usulan', 'anchor')$$, 'a chain that was made anew');
SET LOCAL ROLE lct_auditor;
SELECT results_eq(format($$SELECT machine COLLATE "default", problem FROM dtsen.check_anchor('reg', %L)$$, :'root'), $$VALUES ('usulan', 'anchor')$$, 'the auditor sees, too');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
