-- Guards are asked about each row of a large statement once, in goes of so many
-- bytes of keys, whatever the keys' lengths; what a later go refuses holds. What
-- goes look up is planned as read in order, and only theirs.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();

CREATE TABLE reg.own (code text PRIMARY KEY, state text NOT NULL, wilayah text, reason text, changed_at timestamptz, changed_by text);
ALTER TABLE reg.own OWNER TO lct_owner;
-- 8 million bytes of keys, of 1 to 2,000 each
INSERT INTO reg.own SELECT g || left(repeat(md5(g::text), 70), CASE WHEN g % 5 = 0 THEN 0 ELSE (hashint4(g) & 1023) * 2 END), 'draf', '32.16.01' FROM generate_series(1, 9000) AS g;
SELECT as_role('lct_owner', $q$
    CREATE TABLE reg.asked (go int, n int, key text, page_cost text);
    CREATE SEQUENCE reg.go;
    CREATE FUNCTION reg.ask(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text) LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
        this int := nextval('reg.go');
    BEGIN
        INSERT INTO reg.asked SELECT this, u.n, u.k, current_setting('random_page_cost') FROM unnest(keys) WITH ORDINALITY AS u (k, n);
        RETURN QUERY SELECT k, 'SE003', 'not this one', 'Wait.' FROM unnest(keys) AS k
            WHERE k = current_setting('test.refused', true);
    END $$;
    SELECT dtsen.detach('reg.usulan', 'usulan');
    SELECT dtsen.attach('reg.own', 'usulan', 'reg', 'code', 'state', 'wilayah', 'reason', 'changed_at', 'changed_by');
    UPDATE reg.transition SET guards = '{reg.ask}' WHERE action = 'ajukan'$q$) \g /dev/null
GRANT ALL ON reg.own TO PUBLIC;

SELECT set_config('test.refused', (SELECT code FROM reg.own WHERE code ~ '^8999'), false) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.own SET state = ''diajukan''')$$, 'SE003', 'not this one', 'a row of a later go is refused');
SELECT is((SELECT count(*) FROM reg.own WHERE state = 'draf'), 9000::bigint, 'and with it the statement');
SELECT set_config('test.refused', '', false) \g /dev/null
SET LOCAL seq_page_cost = 1.5;
SET LOCAL random_page_cost = 3.5;
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.own SET state = ''diajukan''')$$, 'else all go');
SELECT set_eq('SELECT key FROM reg.asked', 'SELECT code FROM reg.own', 'each was asked about');
SELECT is((SELECT count(*) FROM reg.asked), 9000::bigint, 'once');
SELECT cmp_ok((SELECT count(DISTINCT go) FROM reg.asked), '=', 2::bigint, 'in two goes');
SELECT cmp_ok((SELECT max(b)::bigint FROM (SELECT sum(octet_length(key) + 4) AS b FROM reg.asked GROUP BY go) AS x), '<', (5 * 1024 * 1024 + 3000)::bigint,
    'none of much more than 5 MB');
SELECT set_eq('SELECT page_cost FROM reg.asked', ARRAY['1.5'], 'to each go a random page costs what the next one does');
SELECT is(current_setting('random_page_cost'), '3.5', 'not to what comes after');
DELETE FROM reg.asked;
SELECT as_role('lct_operator', $q$INSERT INTO reg.own SELECT 'few ' || g, 'draf', '32.16.01' FROM generate_series(1, 2) AS g;
    UPDATE reg.own SET state = 'diajukan' WHERE code LIKE 'few%'$q$) \g /dev/null
SELECT results_eq('SELECT n, page_cost FROM reg.asked ORDER BY n', $$VALUES (1, '3.5'), (2, '3.5')$$, 'nor to a statement of one go');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'and the journal has all');

-- a machine of many steps: the last is a step like the first
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('jala', 1, 's1');
    INSERT INTO reg.state (machine, state) VALUES ('jala', 's1'), ('jala', 's2');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('jala', 's1', 's2', 'go', 'operator');
    CREATE TABLE reg.jala (id int PRIMARY KEY, state text NOT NULL DEFAULT 's1', wilayah text DEFAULT '321601');
    SELECT dtsen.attach('reg.jala', 'jala', 'reg', changed_at_column => NULL, changed_by_column => NULL);
    GRANT ALL ON reg.jala TO PUBLIC$q$) \g /dev/null
SELECT as_role('lct_owner', $q$INSERT INTO reg.state (machine, state) SELECT 'jala', 's' || g FROM generate_series(3, 183) AS g /* UPDATE reg.state */$q$),
    as_role('lct_owner', $q$INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role)
        SELECT 'jala', 's' || a, 's' || b, 'go', 'operator' FROM generate_series(1, 183) AS a, generate_series(1, 183) AS b WHERE a <> b AND (a > 1 OR b > 2) /* UPDATE reg.transition */$q$) \g /dev/null
SELECT lives_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.jala VALUES (1); UPDATE reg.jala SET state = ''s99''')$$, 'of 33,306 steps one');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.jala SET state = ''s98''')$$, 'and one of the last');

-- versions that have their states in common: these count once
SELECT as_role('lct_owner', $q$
    ALTER TABLE reg.machine_version DISABLE TRIGGER USER;
    INSERT INTO reg.machine_version (id, machine, version, initial_state, state)
        SELECT 'usulan/' || v, 'usulan', v, 'draf', 'berlaku' FROM generate_series(2, 251) AS v;
    ALTER TABLE reg.machine_version ENABLE TRIGGER USER$q$) \g /dev/null
SELECT as_role('lct_owner', $q$INSERT INTO reg.state (machine, state, is_final, version) SELECT machine, state, is_final, v FROM reg.state, generate_series(2, 251) AS v WHERE machine = 'usulan' /* UPDATE reg.state */$q$),
    as_role('lct_owner', $q$INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role, version)
        SELECT machine, from_state, to_state, action, actor_role, v FROM reg.transition, generate_series(2, 251) AS v WHERE machine = 'usulan' /* UPDATE reg.transition */$q$),
    as_role('lct_owner', 'UPDATE reg.machine SET version = 251 WHERE machine = ''usulan''') \g /dev/null
SELECT lives_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.own VALUES (''x'', ''draf'', ''321601'')')$$, '251 versions of five states');
SELECT as_role('lct_owner', $q$INSERT INTO reg.state (machine, state, version) SELECT 'usulan', 's' || g, 251 FROM generate_series(1, 996) AS g /* UPDATE reg.state */$q$) \g /dev/null
SELECT throws_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.own VALUES (''y'', ''draf'', ''321601'')')$$, '54000', 'machine "usulan" has more than 1000 states', 'but 1,001 are too many');
SELECT * FROM finish();
ROLLBACK;
