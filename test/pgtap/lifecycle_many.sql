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
SELECT * FROM finish();
ROLLBACK;
