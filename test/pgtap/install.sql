-- What CREATE EXTENSION dtsen leaves behind, for an ordinary user too.
BEGIN;
SELECT plan(14);

SELECT is(extversion, dtsen.dtsen_version(), 'SQL objects and library have the same version')
  FROM pg_extension WHERE extname = 'dtsen';
SELECT is(extnamespace::regnamespace::text, 'dtsen', 'everything is in schema dtsen')
  FROM pg_extension WHERE extname = 'dtsen';
SELECT ok(NOT extrelocatable, 'the extension is not relocatable')
  FROM pg_extension WHERE extname = 'dtsen';
SELECT is(extconfig, NULL, 'the extension has no configuration table')
  FROM pg_extension WHERE extname = 'dtsen';
SELECT is_empty(
    $$SELECT relname FROM pg_class WHERE relnamespace = 'dtsen'::regnamespace
         AND relkind NOT IN ('c', 'v')$$,
    'the extension owns no table');
SELECT throws_ok('CREATE EXTENSION dtsen', '42710', NULL, 'a second CREATE EXTENSION is refused');
SELECT throws_ok('ALTER EXTENSION dtsen SET SCHEMA public', '0A000', NULL, 'it cannot be moved');
SELECT throws_ok('SET dtsen.no_such_setting = 1', '42602', NULL,
    'a misspelt setting is an error: the prefix is reserved');

CREATE ROLE dtsen_pgtap_reader;
SET LOCAL ROLE dtsen_pgtap_reader;
PREPARE version AS SELECT dtsen.dtsen_version();
SELECT lives_ok('version', 'an ordinary user may call functions');
SELECT throws_ok('CREATE TABLE dtsen.mine (a int)', '42501', NULL,
    'an ordinary user may not create in the schema');
SELECT throws_ok('CREATE FUNCTION dtsen.dtsen_version(int) RETURNS text LANGUAGE sql RETURN NULL', '42501', NULL,
    'nor overload a function');
RESET ROLE;

-- An operator of one's own that names one gives it values of other types: the
-- server would read them as pointers. Who may not execute it may not name it.
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc AS p
    WHERE p.pronamespace = 'dtsen'::regnamespace AND 'internal'::regtype = ANY (p.proargtypes) AND p.prorettype = 'float8'::regtype
    AND has_function_privilege('pg_monitor', p.oid, 'EXECUTE') $$, 'estimates of selectivity are for the operators of the extension');
SELECT cmp_ok((SELECT count(*) FROM pg_proc AS p
    WHERE p.pronamespace = 'dtsen'::regnamespace AND 'internal'::regtype = ANY (p.proargtypes) AND p.prorettype = 'float8'::regtype), '>', 8::bigint, 'there are some');
-- A worker cannot read a temporary table.
SELECT is((SELECT string_agg(p.proname, ' ' ORDER BY p.proname) FROM pg_proc AS p
    WHERE p.pronamespace = 'dtsen'::regnamespace AND 'regclass'::regtype = ANY (p.proargtypes) AND p.proparallel = 's'), 'person_candidates_sql',
    'of functions that are given a relation only what reads the catalog runs in workers');
SELECT * FROM finish();
ROLLBACK;
