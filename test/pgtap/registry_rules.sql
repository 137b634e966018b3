-- The rules for SQL of the extension hold for what create_registry() makes.
BEGIN;
SELECT plan(7);
SELECT dtsen.create_registry('rules');

CREATE TEMPORARY VIEW made AS
    SELECT p.oid, p.proname, p.prosecdef, p.proconfig, p.proacl, l.lanname, p.prosqlbody
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace IN ('rules'::regnamespace, 'rules_bi'::regnamespace);

SELECT isnt_empty('SELECT FROM made', 'a registry has functions');
-- a body in SQL standard form is bound when it is created
SELECT is_empty($$SELECT proname FROM made WHERE prosqlbody IS NULL
    AND NOT coalesce(array_to_string(proconfig, ' '), '') ~ 'search_path=(pg_catalog, )?(dtsen, )?pg_temp'$$,
    'every function has a pinned search_path');
SELECT is_empty($$SELECT proname FROM made WHERE prosecdef
    AND coalesce(obj_description(oid, 'pg_proc'), '') !~ 'SECURITY DEFINER, because '$$,
    'every SECURITY DEFINER function says why');
SELECT is_empty($$SELECT proname FROM made WHERE has_function_privilege('public', oid, 'EXECUTE')$$,
    'PUBLIC may execute none of them');
SELECT is_empty($$SELECT c.oid::regclass, a.attname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum >= 0 AND NOT a.attisdropped
    WHERE c.relnamespace IN ('rules'::regnamespace, 'rules_bi'::regnamespace)
    AND c.relkind IN ('r', 'p', 'v') AND col_description(c.oid, a.attnum) IS NULL$$,
    'every column has a comment');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c
    WHERE c.relnamespace IN ('rules'::regnamespace, 'rules_bi'::regnamespace)
    AND c.relkind IN ('r', 'p', 'v') AND obj_description(c.oid, 'pg_class') IS NULL$$,
    'every table and view has a comment');
SELECT results_eq($$SELECT is_intact, problem FROM rules.edisi_verify(9)$$,
    $$VALUES (false, 'there is no such edition')$$,
    'an edition that does not exist is not taken for an intact one');
SELECT * FROM finish();
ROLLBACK;
