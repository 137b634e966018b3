-- Where standard_conforming_strings is off, as some old applications have it
-- (PostgreSQL 19 knows it no more): no function of dtsen is read otherwise. It
-- is set before the first of them is called, as their plans are kept.
BEGIN;
DO $$ BEGIN
    PERFORM set_config('standard_conforming_strings', 'off', true), set_config('escape_string_warning', 'off', true);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '%', SQLERRM;
END $$;
SELECT no_plan();
CREATE SCHEMA reg;
SELECT lives_ok($$SELECT dtsen.create_lifecycle('reg')$$, 'a lifecycle is made');
SELECT throws_ok($$INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('siti', 'op', 'P-2', '32x16')$$, '23514', NULL, 'with its constraints as they are written');
CREATE FUNCTION reg.has_kind(keys text[], kinds text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql STABLE AS $$SELECT k, 'SE003', 'kind', 'hint' FROM unnest(keys) AS k WHERE false$$;
SELECT lives_ok($l$SELECT dtsen.machine_load('reg', '{"machine": "m", "initial_state": "a", "states": [{"state": "a"}, {"state": "b", "is_final": true}],
    "transitions": [{"from_state": "a", "to_state": "b", "action": "go", "actor_role": "op", "guards": ["has_kind(x, y)"], "needs_reason": true}]}')$l$, 'a machine is read, with a guard that has arguments');
SELECT is((SELECT guards FROM reg.transition WHERE machine = 'm'), '{"reg.has_kind(x, y)"}', 'which is one of the lifecycle');
INSERT INTO reg.actor (login, actor_role, person_key) VALUES (current_user, 'op', 'P-1');
CREATE TABLE reg.t (id int PRIMARY KEY, state text, wilayah text, alasan text);
SELECT lives_ok($$SELECT dtsen.attach('reg.t', 'm', 'reg', reason_column => 'alasan', changed_at_column => NULL, changed_by_column => NULL)$$, 'a table is attached');
INSERT INTO reg.t VALUES (1, 'a', '32.16');
UPDATE reg.t SET state = 'b', alasan = 'sebab';
SELECT is(dtsen.journal_anchor('reg'), 1::bigint, 'an anchor is made');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'anchor and reasons verify');
SELECT is_empty($$SELECT * FROM dtsen.check_anchor('reg', regexp_replace(dtsen.anchor_text('reg'), '^.*SHA-256', ''))$$, 'from its print, too');
SELECT is(dtsen.journal_proof('reg', 'm', '1', '32.16') #>> '{entries,1,anchor,root}', (SELECT encode(root, 'hex') FROM reg.journal_anchor), 'to which a proof leads');
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.t')$$, 'the triggers are those of attach()');
SELECT is_empty($$SELECT * FROM dtsen.check_machine('reg') WHERE severity = 'error'$$, 'the machines are sound');
SELECT * FROM finish();
ROLLBACK;
