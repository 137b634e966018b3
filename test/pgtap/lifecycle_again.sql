-- A session outlives a lifecycle whose name another one gets, while its table stays.
-- What it knows of the first, from the transaction after it on, does not hold of the other.
\set QUIET on
CREATE TABLE public.tetap (id int PRIMARY KEY, state text NOT NULL DEFAULT 'a', isi text);
CREATE PROCEDURE pg_temp.again(step text) LANGUAGE plpgsql AS $$
BEGIN
    CREATE SCHEMA lagi;
    PERFORM dtsen.create_lifecycle('lagi');
    INSERT INTO lagi.machine VALUES ('tetap', 1, 'a');
    INSERT INTO lagi.state (machine, state) VALUES ('tetap', 'a'), ('tetap', 'b');
    INSERT INTO lagi.transition (machine, from_state, to_state, action, actor_role) VALUES ('tetap', 'a', 'b', 'go', 'operator');
    INSERT INTO lagi.actor (login, actor_role, person_key) VALUES (current_user, 'operator', 'p');
    EXECUTE step;
END $$;
CALL pg_temp.again($$SELECT dtsen.attach('public.tetap', 'tetap', 'lagi', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL)$$);
INSERT INTO public.tetap VALUES (1);
INSERT INTO public.tetap VALUES (2);
SET dtsen.allow_data_loss = on;
SET client_min_messages = warning;
BEGIN;
SELECT no_plan();
DROP SCHEMA lagi CASCADE;
CALL pg_temp.again('SELECT');
INSERT INTO public.tetap VALUES (3);
SELECT is((SELECT count(*) FROM lagi.journal_columns WHERE 'isi' = ANY (names)), 1::bigint, 'the journal of a lifecycle that is made again has its lists of columns');
DROP SCHEMA lagi CASCADE;
CALL pg_temp.again('SELECT');
INSERT INTO public.tetap VALUES (4);
SELECT results_eq('SELECT seq FROM lagi.journal_block', 'VALUES (1::bigint)', 'within one transaction too its chains begin anew');
SELECT * FROM finish();
ROLLBACK;
DROP TABLE public.tetap;
DROP SCHEMA lagi CASCADE;
