-- attach(), detach(), create_lifecycle(), check_machine(), immutable().
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();

-- creating
SELECT throws_ok($$SELECT dtsen.create_lifecycle('nix')$$, '3F000', NULL, 'the schema must exist');
SELECT throws_ok($$SELECT as_role('lct_operator', 'SELECT dtsen.create_lifecycle(''reg'')')$$, '42501', NULL, 'and be the caller''s');
CREATE SCHEMA "Odd ""schema";
SELECT lives_ok($$SELECT dtsen.create_lifecycle('Odd "schema')$$, 'any name will do');
SELECT is_empty($$SELECT * FROM dtsen.check_machine('Odd "schema')$$, 'to check');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('Odd "schema')$$, 'and to verify');
INSERT INTO "Odd ""schema".machine VALUES ('it''s', 1, 'a');
INSERT INTO "Odd ""schema".state (machine, state) VALUES ('it''s', 'a');
CREATE TABLE "Odd ""schema"."t '%1$s" ("%s" int PRIMARY KEY, "state '""" text);
SELECT lives_ok($$SELECT dtsen.attach('"Odd ""schema"."t ''%1$s"', 'it''s', 'Odd "schema', '%s', 'state ''"', NULL, NULL, NULL, NULL)$$,
    'and to attach');
SELECT is_empty($$SELECT * FROM dtsen.check_attached('"Odd ""schema"."t ''%1$s"')$$, 'all is there');
SELECT throws_ok($$INSERT INTO "Odd ""schema"."t '%1$s" VALUES (1, 'b')$$, 'SE001', NULL, 'and works');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('Odd "schema')$$, 'and verifies');
SELECT alike(dtsen.machine_diagram('Odd "schema', 'it''s'), '%state "a" as s1%', 'and is drawn');
SELECT unalike(dtsen.lifecycle_ddl('Odd "schema'), '%@registry@%', 'no placeholder is left');
SELECT alike(dtsen.lifecycle_ddl('Odd "schema'), '%CREATE TABLE "Odd ""schema".journal_block (%', 'the name is quoted');
SELECT is_empty($$
    SELECT c.relname, a.attname FROM pg_class AS c
    LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'reg'::regnamespace AND c.relkind = 'r' AND c.relname <> 'usulan'
      AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)$$,
    'every table and column has a comment');
SELECT is_empty($$SELECT * FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
    AND objid IN (SELECT oid FROM pg_class WHERE relnamespace = 'reg'::regnamespace)$$, 'none is the extension''s');

-- attaching: what is wrong changes nothing
CREATE TABLE reg.own ("Kode" text NOT NULL UNIQUE, "Status" varchar(20) NOT NULL, daerah text,
    made text GENERATED ALWAYS AS (lower("Kode")) STORED, nullable int UNIQUE, tanggal date PRIMARY KEY DEFAULT now(),
    who name, number int);
ALTER TABLE reg.own OWNER TO lct_owner;
CREATE VIEW reg.v AS SELECT * FROM reg.own;
CREATE TABLE reg.parent (id int PRIMARY KEY, state text) PARTITION BY RANGE (id);
CREATE TABLE reg.part PARTITION OF reg.parent DEFAULT;
CREATE UNLOGGED TABLE reg.fleeting (id int PRIMARY KEY, state text);
CREATE TABLE reg.base (id int PRIMARY KEY, state text);
CREATE TABLE reg.child () INHERITS (reg.base);
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('own', 1, 'a');
    INSERT INTO reg.state (machine, state) VALUES ('own', 'a'), ('own', 'b');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('own', 'a', 'b', 'go', 'operator')$q$);
SELECT throws_ok($$SELECT dtsen.attach($$ || arguments || $$)$$, code, NULL, code || ': attach ' || arguments)
FROM (VALUES
    ($$'reg.own', 'own', 'reg'$$, '42703'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'nix', NULL, NULL, NULL, NULL$$, '42703'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'Status', NULL, NULL, NULL, NULL, '{nix}'$$, '42703'),
    ($$'reg.own', 'nix', 'reg', 'Kode', 'Status', NULL, NULL, NULL, NULL$$, '22023'),
    ($$'reg.own', 'own', 'nix', 'Kode', 'Status', NULL, NULL, NULL, NULL$$, '42P01'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'Status', 'made', NULL, NULL, NULL$$, '42P10'),
    ($$'reg.own', 'own', 'reg', 'nullable', 'Status', NULL, NULL, NULL, NULL$$, '42P10'),
    ($$'reg.own', 'own', 'reg', 'daerah', 'Status', NULL, NULL, NULL, NULL$$, '42P10'),
    ($$'reg.own', 'own', 'reg', 'tanggal', 'Status', NULL, NULL, NULL, NULL$$, '42804'),
    ($$'reg.own', 'own', 'reg', NULL$$, '22004'),
    ($$'reg.usulan', 'own', 'reg', 'id', 'state', 'wilayah'$$, '42710'),
    ($$'reg.own', 'usulan', 'reg', 'Kode', 'Status', NULL, NULL, NULL, NULL$$, '22023'),
    ($$'reg.own', 'usulan', 'reg', 'Kode', 'Status', NULL, 'daerah', NULL, NULL$$, '42710'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'Status', NULL, NULL, 'tanggal', NULL$$, '42804'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'Status', NULL, NULL, NULL, 'tanggal'$$, '42804'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'Status', NULL, NULL, NULL, 'Kode'$$, '42P10'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'Status', 'daerah', NULL, NULL, 'daerah'$$, '42P10'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'Status', NULL, 'Status', NULL, NULL$$, '42P10'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'Kode', NULL, NULL, NULL, NULL$$, '42P10'),
    ($$'reg.own', 'own', 'reg', 'Kode', 'Status', NULL, NULL, NULL, NULL, '{Status}'$$, '42P10'),
    ($$0, 'own', 'reg', 'Kode', 'Status', NULL, NULL, NULL, NULL$$, '42P01'),
    ($$'reg.fleeting', 'own', 'reg', 'id', 'state', NULL, NULL, NULL, NULL$$, '42809'),
    ($$'reg.v', 'own', 'reg', 'Kode', 'Status', NULL, NULL, NULL, NULL$$, '42809'),
    ($$'reg.part', 'own', 'reg', 'id', 'state', NULL, NULL, NULL, NULL$$, '42809'),
    ($$'reg.base', 'own', 'reg', 'id', 'state', NULL, NULL, NULL, NULL$$, '42809'),
    ($$'reg.child', 'own', 'reg', 'id', 'state', NULL, NULL, NULL, NULL$$, '42809')
    ) AS v(arguments, code);
SELECT throws_ok($$SELECT as_role('lct_far', $q$SELECT dtsen.attach('reg.own', 'own', 'reg', 'Kode', 'Status', NULL, NULL, NULL, NULL)$q$)$$,
    '42501', NULL, 'only an owner attaches');
INSERT INTO reg.own ("Kode", "Status", tanggal) VALUES ('x', 'lain', '2026-01-01');
SELECT throws_ok($$SELECT dtsen.attach('reg.own', 'own', 'reg', 'Kode', 'Status', NULL, NULL, NULL, NULL)$$, '23514', NULL,
    'rows must be in states of the machine');
SELECT is_empty($$SELECT * FROM pg_trigger WHERE tgrelid = 'reg.own'::regclass$$, 'no trigger is left of all these');
SELECT results_eq($$SELECT count(*) FROM dtsen.check_attached('reg.own') WHERE check_name = 'trigger_missing'$$,
    'SELECT 5::bigint', 'check_attached misses them all');

-- what a stranger puts in the way
CREATE SCHEMA stranger AUTHORIZATION lct_far;
GRANT USAGE ON SCHEMA stranger TO PUBLIC;
SELECT as_role('lct_far', $q$
    CREATE TYPE stranger.trap AS ENUM ('a', 'b');
    CREATE FUNCTION stranger.spring(stranger.trap) RETURNS text LANGUAGE plpgsql AS
        $f$BEGIN RAISE EXCEPTION 'sprung as %', current_user; END$f$;
    CREATE CAST (stranger.trap AS text) WITH FUNCTION stranger.spring(stranger.trap);
    CREATE TABLE stranger.bait (id int PRIMARY KEY, state stranger.trap);
    INSERT INTO stranger.bait VALUES (1, 'a');
    CREATE TRIGGER zz_dtsen_guard BEFORE INSERT ON stranger.bait FOR EACH ROW
        EXECUTE FUNCTION dtsen.guard('reg', 'own', 'id', 'state', '', '', '', '');
    CREATE TABLE stranger.machine (machine stranger.trap);
    CREATE VIEW stranger.journal AS SELECT 'a'::stranger.trap AS machine$q$);
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'a stranger''s table is none of the lifecycle''s');
SELECT throws_ok($$SELECT * FROM dtsen.verify_journal('stranger')$$, '42804', NULL, 'verify_journal runs no code of a stranger''s');
SELECT throws_ok($$SELECT * FROM dtsen.check_machine('stranger')$$, '42804', NULL, 'nor check_machine');
SELECT throws_ok($$SELECT dtsen.machine_diagram('stranger', 'a')$$, '42804', NULL, 'nor machine_diagram');
SELECT throws_ok($$SELECT dtsen.attach('stranger.bait', 'own', 'reg', 'id', 'state', NULL, NULL, NULL, NULL)$$, '42804', NULL, 'nor attach');
SELECT throws_ok($$SELECT * FROM dtsen.verify_journal('evil_or_not')$$, '42P01', NULL, 'a lifecycle must be there');

-- odd names, and rows from before
UPDATE reg.own SET "Status" = 'b';
INSERT INTO reg.own ("Kode", "Status", daerah, tanggal) SELECT g, 'a', CASE g % 3 WHEN 0 THEN '32.16' WHEN 1 THEN '11' END, date '2026-02-01' + g
    FROM generate_series(1, 2100) AS g;
SELECT lives_ok($$SELECT as_role('lct_owner', $q$SELECT dtsen.attach('reg.own', 'own', 'reg', 'Kode', 'Status', 'daerah', NULL, NULL, 'who')$q$)$$,
    'attach with the table''s own names');
SELECT results_eq($$SELECT chain COLLATE "default", count(*), count(DISTINCT key), max(seq) FROM reg.journal WHERE machine = 'own' AND action = 'attached' GROUP BY chain ORDER BY 1$$,
    $$VALUES ('', 701::bigint, 701::bigint, 701::bigint), ('11', 700, 700, 700), ('3216', 700, 700, 700)$$, 'the rows are journalled as attached');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'and verify');
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.own')$$, 'nothing is missing');
SELECT lives_ok($$SELECT as_role('lct_owner', 'GRANT ALL ON reg.own TO PUBLIC')$$, 'for all');

-- one trigger has the columns, the others its machine; without it, or with another's, nothing passes
SELECT results_eq($$SELECT DISTINCT t.tgname = 'zz_dtsen_guard', dtsen.trigger_arguments(t.oid) FROM pg_trigger AS t WHERE t.tgrelid = 'reg.own'::regclass ORDER BY 1$$,
    $$VALUES (false, '{reg,own}'::text[]), (true, '{reg,own,Kode,Status,daerah,"","",who,"","",""}')$$, 'the columns are given once');
ALTER TRIGGER zz_dtsen_guard ON reg.own RENAME TO other;
SELECT results_eq($$SELECT check_name FROM dtsen.check_attached('reg.own') WHERE severity = 'error' AND row_id = 'reg.own.zz_dtsen_guard'$$,
    $$VALUES ('trigger_missing')$$, 'check_attached misses a guard that is renamed');
SELECT throws_ok($$SELECT as_role('lct_super', 'UPDATE reg.own SET "Status" = ''b'' WHERE "Status" = ''a''')$$, '39P01', NULL, 'and no row changes without the journal');
ALTER TRIGGER other ON reg.own RENAME TO zz_dtsen_guard;
SAVEPOINT exchanged;
DROP TRIGGER zz_dtsen_journal_update ON reg.own;
CREATE TRIGGER zz_dtsen_journal_update AFTER UPDATE ON reg.own REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION dtsen.journal('reg', 'usulan');
ALTER TABLE reg.own ENABLE ALWAYS TRIGGER zz_dtsen_journal_update;
SELECT results_eq($$SELECT check_name FROM dtsen.check_attached('reg.own') WHERE severity = 'error'$$, $$VALUES ('trigger_altered')$$, 'nor one of another machine');
SELECT throws_ok($$SELECT as_role('lct_super', 'UPDATE reg.own SET "Status" = ''b'' WHERE "Status" = ''a''')$$, '39P01', NULL, 'whose journal gets nothing');
ROLLBACK TO exchanged;
SELECT lives_ok($$SELECT as_role('lct_super', 'UPDATE reg.own SET "Status" = ''b'' WHERE "Status" = ''a''')$$, '2,100 rows in three chains step at once');
SELECT is((SELECT count(*) FROM reg.own WHERE "Status" = 'b' AND who = 'lct_super'), 2100::bigint, 'all did');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'and verify');
SELECT throws_ok($$SELECT as_role('lct_operator', 'SELECT dtsen.detach(''reg.own'', ''own'')')$$, '42501', NULL, 'only the owner detaches');
SELECT throws_ok($$SELECT dtsen.detach('reg.own', 'usulan')$$, '42704', NULL, 'from what is attached');
ALTER TABLE reg.own RENAME COLUMN "Status" TO status;
SELECT throws_ok($$SELECT as_role('lct_super', 'UPDATE reg.own SET status = ''a''')$$, '39P01', NULL, 'a renamed column stops everything');
ALTER TABLE reg.own RENAME COLUMN status TO "Status";
SELECT lives_ok($$SELECT as_role('lct_owner', 'SELECT dtsen.detach(''reg.own'', ''own'')')$$, 'detached');
SELECT lives_ok('DELETE FROM reg.own', 'it is a table like any other');
SELECT is((SELECT count(DISTINCT problem) FROM dtsen.verify_journal('reg') WHERE machine = 'own' AND problem = 'detached'), 1::bigint, 'which the journal tells');

-- one that is there, but does not do its work; as for the tables of the lifecycle
SAVEPOINT idle;
CREATE FUNCTION reg.idle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION idle_trigger(name text, events text, condition text, call text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER %I %s %s EXECUTE FUNCTION %s', name, events, condition, coalesce(call, (
        SELECT format('dtsen.guard(%s)', string_agg(quote_literal(a), ', ' ORDER BY n)) FROM pg_trigger AS t, unnest(dtsen.trigger_arguments(t.oid)) WITH ORDINALITY AS a (a, n)
        WHERE t.tgrelid = 'reg.usulan'::regclass AND t.tgname = 'zz_dtsen_guard')));
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', substring(events FROM 'reg\.\w+'), name);
END $$;
CREATE FUNCTION idle_found(name text, events text, condition text, call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    PERFORM idle_trigger(name, events, condition, call);
    SELECT string_agg(concat_ws(' ', c.row_id, c.check_name, c.value), ', ' ORDER BY c.row_id) INTO found FROM dtsen.check_attached('reg.usulan') AS c WHERE c.severity = 'error';
    RAISE EXCEPTION 'undo' USING DETAIL = coalesce(found, 'nothing');
EXCEPTION WHEN raise_exception THEN
    GET STACKED DIAGNOSTICS found = PG_EXCEPTION_DETAIL;
    RETURN found;
END $$;
SELECT is(idle_found('zz_dtsen_guard', 'BEFORE INSERT OR UPDATE OR DELETE ON reg.usulan FOR EACH ROW', '', NULL), 'nothing', 'the guard as it was');
SELECT is(idle_found('zz_dtsen_guard', events, condition, NULL), 'reg.usulan.zz_dtsen_guard trigger_altered', concat_ws(' ', events, condition))
FROM (VALUES ('BEFORE INSERT OR UPDATE OR DELETE ON reg.usulan FOR EACH ROW', 'WHEN (false)'), ('BEFORE INSERT OR UPDATE ON reg.usulan FOR EACH ROW', ''),
    ('BEFORE INSERT OR UPDATE OF isi OR DELETE ON reg.usulan FOR EACH ROW', ''), ('AFTER INSERT OR UPDATE OR DELETE ON reg.usulan FOR EACH ROW', '')) AS v (events, condition);
SELECT is(idle_found('zz_dtsen_journal_update', 'AFTER UPDATE ON reg.usulan REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT', 'WHEN (false)', $$dtsen.journal('reg', 'usulan')$$),
    'reg.usulan.zz_dtsen_journal_update trigger_altered', 'nor the journal');
SELECT is(idle_found(name, events, condition, call), format('reg.%s.%s machine_trigger altered', substring(events FROM 'reg\.(\w+)'), name), concat_ws(' ', name, events, condition))
FROM (VALUES ('machine_rules', 'BEFORE INSERT OR UPDATE OR DELETE ON reg.transition FOR EACH ROW', '', 'reg.idle()'),
    ('machine_rules', 'BEFORE INSERT OR UPDATE OR DELETE ON reg.state FOR EACH ROW', 'WHEN (false)', $$dtsen.machine_rules('rule')$$),
    ('machine_changed', 'AFTER INSERT ON reg.actor FOR EACH ROW', '', 'dtsen.machine_changed()'), ('journal_erase', 'BEFORE UPDATE ON reg.journal_block FOR EACH ROW', '', 'reg.idle()'),
    ('journal_erase', 'BEFORE UPDATE OF keys ON reg.journal_block FOR EACH ROW', '', 'dtsen.salt_erase()'), ('journal_immutable', 'BEFORE UPDATE ON reg.journal_anchor FOR EACH ROW', '', 'dtsen.immutable()'),
    ('zz_dtsen_guard_truncate', 'BEFORE TRUNCATE ON reg.machine_version FOR EACH STATEMENT', '', 'reg.idle()')) AS v (name, events, condition, call);
CREATE RULE other AS ON UPDATE TO reg.usulan DO INSTEAD NOTHING;
ALTER TABLE reg.usulan SET UNLOGGED, DROP CONSTRAINT usulan_pkey, DROP COLUMN isi, ADD COLUMN isi text GENERATED ALWAYS AS ('x') STORED;
SELECT set_eq($$SELECT concat_ws(' ', row_id, check_name, severity) FROM dtsen.check_attached('reg.usulan')$$,
    '{reg.usulan.other rule warning,reg.usulan unlogged error,reg.usulan.id key_not_unique error,reg.usulan.isi column_generated error}'::text[], 'what else became of the table');
ROLLBACK TO idle;

-- rows that a policy hides from the owner, too, are not left out
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('paksa', 1, 'a');
    INSERT INTO reg.state (machine, state) VALUES ('paksa', 'a'), ('paksa', 'b');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('paksa', 'a', 'b', 'go', 'operator');
    CREATE TABLE reg.paksa (id int PRIMARY KEY, state text, wilayah text);
    INSERT INTO reg.paksa VALUES (1, 'a', '3216'), (2, 'a', '1101');
    CREATE POLICY satu ON reg.paksa USING (wilayah = '3216');
    ALTER TABLE reg.paksa ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY$q$);
SELECT throws_ok($$SELECT as_role('lct_owner', 'SELECT dtsen.attach(''reg.paksa'', ''paksa'', ''reg'', changed_at_column => NULL, changed_by_column => NULL)')$$,
    '42501', NULL, 'whom a policy keeps rows from does not attach');
SELECT as_role('lct_owner', 'ALTER TABLE reg.paksa NO FORCE ROW LEVEL SECURITY');
SELECT as_role('lct_owner', 'SELECT dtsen.attach(''reg.paksa'', ''paksa'', ''reg'', changed_at_column => NULL, changed_by_column => NULL)');
SELECT is((SELECT array_agg(key ORDER BY key) FROM reg.journal WHERE machine = 'paksa'), '{1,2}', 'who owns all rows does');

-- check_machine
SELECT results_eq($$SELECT check_name, severity FROM dtsen.check_machine('reg', 'usulan')$$,
    $$VALUES ('same_person', 'warning')$$, 'one person has two roles that must be two people''s');
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('bad', 1, 'nix');
    INSERT INTO reg.state (machine, state, is_final) VALUES ('bad', 'a', false), ('bad', 'end', true), ('bad', 'loop', false);
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role, guards, distinct_from) VALUES
        ('bad', 'end', 'a', 'back', 'ghost', '{reg.nix,"reg . nix(",pg_catalog.count}', '{fly}')$q$);
SELECT set_eq($$SELECT check_name || ' ' || severity FROM dtsen.check_machine('reg', 'bad')$$,
    ARRAY['initial_state error', 'unreachable error', 'exit_from_final error', 'guard_missing error', 'unknown_action error',
          'no_actor warning', 'no_end warning'], 'everything wrong is named');
-- a guard returns what a guard returns
SAVEPOINT results;
SELECT as_role('lct_owner', $q$
    CREATE TYPE reg.refusal AS (key text, code text, message text, hint text);
    CREATE FUNCTION reg.says_nothing(keys text[]) RETURNS void LANGUAGE sql AS 'SELECT';
    CREATE FUNCTION reg.says_yes(keys text[]) RETURNS SETOF boolean LANGUAGE sql AS 'SELECT true';
    CREATE FUNCTION reg.says_three(keys text[]) RETURNS TABLE (key text, code text, message text) LANGUAGE sql AS $f$ SELECT '1', 'SE003', 'x' $f$;
    CREATE FUNCTION reg.says_one(keys text[]) RETURNS reg.refusal LANGUAGE sql AS 'SELECT NULL::reg.refusal';
    CREATE FUNCTION reg.says_typed(keys text[]) RETURNS SETOF reg.refusal LANGUAGE sql AS 'SELECT NULL::reg.refusal WHERE false';
    CREATE FUNCTION reg.says_all(keys text[], OUT key text, OUT code text, OUT message text, OUT hint text) RETURNS SETOF record LANGUAGE sql AS $f$ SELECT '1', 'SE003', 'x', 'y' $f$;
    UPDATE reg.transition SET guards = '{reg.says_nothing,reg.says_yes,reg.says_three,reg.says_one,reg.says_typed,reg.says_all}' WHERE machine = 'bad'$q$);
SELECT set_eq($$SELECT value FROM dtsen.check_machine('reg', 'bad') WHERE check_name = 'guard_missing'$$,
    ARRAY['reg.says_nothing', 'reg.says_yes', 'reg.says_three', 'reg.says_one'], 'functions that return something else are no guards');
ROLLBACK TO results;
SELECT as_role('lct_owner', $q$
    CREATE TABLE reg."it's" (id text PRIMARY KEY);
    CREATE FUNCTION reg.odd(keys text[], "it's" text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
        LANGUAGE sql AS 'SELECT NULL, NULL, NULL, NULL WHERE false';
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role, guards) VALUES ('bad', 'a', 'loop', 'go', 'ghost', '{reg.odd(it)}')$q$);
SELECT is((SELECT value || ': ' || hint FROM dtsen.check_machine('reg', 'bad') WHERE check_name = 'guard_argument'),
    'it: Table reg."it''s" does not know it.', 'whatever the table is called');
SELECT throws_ok($$INSERT INTO reg.transition VALUES ('bad', 'a', 'a', 'x', 'y')$$, '23514', NULL, 'no step to itself');
SELECT throws_ok($$INSERT INTO reg.transition VALUES ('bad', 'a', 'loop', 'born', 'y')$$, '23514', NULL, 'reserved actions are refused');
SELECT is(dtsen.machine_diagram('reg', 'usulan'), E'stateDiagram-v2
    state "draf" as s1
    state "diajukan" as s2
    state "disahkan" as s3
    state "terbit" as s4
    state "ditolak" as s5
    [*] --> s1
    s1 --> s2: ajukan (operator)
    s2 --> s1: kembalikan (verifikator)
    s2 --> s3: sahkan (verifikator)
    s2 --> s5: tolak (verifikator)
    s3 --> s4: terbitkan (kepala)
    s4 --> [*]
    s5 --> [*]', 'a machine drawn');
SELECT is(dtsen.machine_diagram('reg', 'nix'), NULL, 'no machine, no drawing');

-- nulls come to the trigger of table machine before its constraints refuse them
SELECT throws_ok($$SELECT as_role('lct_owner', 'INSERT INTO reg.machine (machine, initial_state, is_live) VALUES (''baru'', ''a'', NULL)')$$, '23502', NULL, 'a machine of which nobody says whether it is live');
SELECT throws_ok(s, 'SE004', NULL, s) FROM unnest(ARRAY['UPDATE reg.machine SET version = NULL WHERE machine = ''usulan''', 'UPDATE reg.machine SET digest = NULL WHERE machine = ''usulan''']) AS s;
SAVEPOINT nulls;
SELECT as_role('lct_owner', 'ALTER TABLE reg.machine ALTER version DROP NOT NULL, ALTER is_live DROP NOT NULL') \g /dev/null
SELECT lives_ok($$SELECT as_role('lct_owner', 'INSERT INTO reg.machine (machine, version, initial_state, is_live) VALUES (''a'', NULL, ''a'', true), (''b'', 1, ''a'', NULL)')$$, 'an owner who drops the constraints');
SELECT throws_ok(format('UPDATE reg.machine SET version = 2, digest = sha256(''x'') WHERE machine = %L', m), 'SE004', NULL, 'what has no version, or may be live, does not change: ' || m) FROM unnest('{a,b}'::text[]) AS m;
ROLLBACK TO nulls;

-- immutable(), append-only
CREATE TABLE reg.log (id int);
CREATE TRIGGER i BEFORE INSERT OR UPDATE OR DELETE ON reg.log FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER t BEFORE TRUNCATE ON reg.log FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
SELECT lives_ok('INSERT INTO reg.log VALUES (1)', 'append-only: INSERT');
SELECT throws_ok('UPDATE reg.log SET id = 1', 'SE004', NULL, 'append-only: no UPDATE');
SELECT throws_ok('DELETE FROM reg.log', 'SE004', NULL, 'append-only: no DELETE');
SELECT throws_ok('TRUNCATE reg.log', 'SE004', NULL, 'append-only: no TRUNCATE');

SELECT alike(refusal('lct_super', 'TRUNCATE reg.log'), '% | The table is append-only.', 'why');
SELECT alike(refusal('lct_super', 'TRUNCATE reg.actor'), '% | TRUNCATE asks no trigger of a row: DELETE those that may go.', 'which a table whose rows may go is not');

-- immutable(), once the parent is published; the parent's key is of another type
CREATE TABLE reg.edisi (id bigint PRIMARY KEY, state text);
CREATE TABLE reg.hasil (edisi_id text, n int) PARTITION BY LIST (edisi_id);
CREATE TABLE reg.hasil_1 PARTITION OF reg.hasil FOR VALUES IN ('1');
CREATE TABLE reg.hasil_n PARTITION OF reg.hasil DEFAULT;
ALTER TABLE reg.edisi OWNER TO lct_owner;
ALTER TABLE reg.hasil OWNER TO lct_owner;
ALTER TABLE reg.hasil_1 OWNER TO lct_owner;
ALTER TABLE reg.hasil_n OWNER TO lct_owner;
GRANT ALL ON reg.hasil TO lct_operator;
CREATE TRIGGER i BEFORE INSERT OR UPDATE OR DELETE ON reg.hasil FOR EACH ROW
    EXECUTE FUNCTION dtsen.immutable('edisi_id', 'reg.edisi', 'id', 'state', 'terbit', 'dicabut');
CREATE TRIGGER t BEFORE TRUNCATE ON reg.hasil FOR EACH STATEMENT
    EXECUTE FUNCTION dtsen.immutable('edisi_id', 'reg.edisi', 'id', 'state', 'terbit', 'dicabut');
INSERT INTO reg.edisi VALUES (1, 'disusun'), (2, 'disusun'), (3, 'dicabut');
SELECT lives_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.hasil SELECT (1 + g % 2)::text, g FROM generate_series(1, 1000) AS g')$$,
    'rows of unpublished editions, by one who may not read the editions');
SELECT lives_ok($$UPDATE reg.hasil SET n = n + 1$$, 'change');
UPDATE reg.edisi SET state = 'terbit' WHERE id = 1;
SELECT throws_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.hasil VALUES (''1'', 0)')$$, 'SE004', NULL, 'published: no INSERT');
SELECT throws_ok($$UPDATE reg.hasil SET n = 0 WHERE edisi_id = '1'$$, 'SE004', NULL, 'published: no UPDATE');
SELECT throws_ok($$UPDATE reg.hasil_1 SET n = 0$$, 'SE004', NULL, 'published: none of the partition');
SELECT throws_ok($$DELETE FROM reg.hasil WHERE edisi_id = '1'$$, 'SE004', NULL, 'published: no DELETE');
SELECT throws_ok($$UPDATE reg.hasil SET edisi_id = '1' WHERE edisi_id = '2'$$, 'SE004', NULL, 'nothing moves into it');
SELECT throws_ok($$UPDATE reg.hasil SET edisi_id = '2' WHERE edisi_id = '1'$$, 'SE004', NULL, 'nor out of it');
SELECT throws_ok($$INSERT INTO reg.hasil VALUES ('3', 0)$$, 'SE004', NULL, 'any of the states');
SELECT throws_ok($$INSERT INTO reg.hasil VALUES ('x', 0)$$, '22P02', NULL, 'what is no key of an edition');
SELECT throws_ok('TRUNCATE reg.hasil', 'SE004', NULL, 'no TRUNCATE, ever');
CREATE TRIGGER t BEFORE TRUNCATE ON reg.hasil_n FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();
SELECT alike(refusal('lct_super', 'TRUNCATE ' || t), '% | Rows of it may be published: DELETE those that are not.', 'the hint is of what is protected: ' || t) FROM unnest('{reg.hasil,reg.hasil_n}'::text[]) AS t;
SELECT lives_ok($$UPDATE reg.hasil SET n = 0 WHERE edisi_id = '2'$$, 'the other edition changes');
SELECT lives_ok($$INSERT INTO reg.hasil VALUES (NULL, 1), ('77', 1)$$, 'so do rows of none');
SELECT throws_ok($$WITH p AS (UPDATE reg.edisi SET state = 'terbit' WHERE id = 2 RETURNING id)
    INSERT INTO reg.hasil SELECT id::text, 0 FROM p$$, 'SE004', NULL, 'publishing and adding in one command');
-- the parent's key gets another type, for which the session has a plan already
CREATE TABLE reg.tahun (id int PRIMARY KEY, state text);
CREATE TABLE reg.baris (tahun_id int);
CREATE TRIGGER i BEFORE INSERT ON reg.baris FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('tahun_id', 'reg.tahun', 'id', 'state', 'terbit');
INSERT INTO reg.tahun VALUES (1, 'disusun');
SELECT lives_ok('INSERT INTO reg.baris VALUES (1)', 'asked by a key of four bytes');
ALTER TABLE reg.tahun ALTER id TYPE bigint;
ALTER TABLE reg.baris ALTER tahun_id TYPE bigint;
INSERT INTO reg.tahun VALUES (4294967297, 'terbit');
SELECT throws_ok('INSERT INTO reg.baris VALUES (4294967297)', 'SE004', NULL, 'then by one of eight');
-- each command asks anew; what it heard of a key that is no number does not stay in the session's memory
CREATE TABLE reg.terbitan (id text PRIMARY KEY, state text);
CREATE TABLE reg.isi (terbitan_id text);
CREATE TRIGGER i BEFORE INSERT ON reg.isi FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('terbitan_id', 'reg.terbitan', 'id', 'state', 'terbit');
CREATE FUNCTION kept_after(commands int) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..commands LOOP INSERT INTO reg.isi VALUES ('2026-01'); END LOOP;
    RETURN (SELECT sum(used_bytes) FROM pg_backend_memory_contexts WHERE name = 'dtsen parent');
END $$;
SELECT is(kept_after(1000), kept_after(10), 'a thousand commands keep what ten keep');
SET LOCAL session_replication_role = replica;
SELECT lives_ok($$UPDATE reg.hasil SET n = 1 WHERE edisi_id = '1'$$, 'a trigger that is not ALWAYS is switched off by the replica role');
SET LOCAL session_replication_role = origin;
ALTER TABLE reg.hasil ENABLE ALWAYS TRIGGER i;
SET LOCAL session_replication_role = replica;
SELECT throws_ok($$UPDATE reg.hasil SET n = 1 WHERE edisi_id = '1'$$, 'SE004', NULL, 'one that is ALWAYS is not');
SET LOCAL session_replication_role = origin;
CREATE SCHEMA evil AUTHORIZATION lct_far;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
SELECT as_role('lct_far', $q$CREATE TABLE evil.spy (e int);
    CREATE TRIGGER i BEFORE INSERT ON evil.spy FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('e', 'reg.edisi', 'id', 'state', 'terbit')$q$);
SELECT throws_ok($$SELECT as_role('lct_far', 'INSERT INTO evil.spy VALUES (1)')$$, '42501', NULL, 'nobody looks at, or locks, another''s editions');

SELECT * FROM finish();
ROLLBACK;
