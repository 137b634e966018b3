-- Columns, types, schemas and owners that change under a lifecycle.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();
CREATE FUNCTION found() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat_ws(' ', row_id, check_name, value), ', ' ORDER BY row_id, check_name) FROM dtsen.check_attached('reg.usulan')
$$;
SELECT as_role('lct_owner', $q$
    SELECT dtsen.detach('reg.usulan', 'usulan');
    CREATE TYPE reg.rasa AS ENUM ('a', 'b');
    CREATE TYPE reg.bagian AS (x int);
    ALTER TABLE reg.usulan ADD rasa reg.rasa DEFAULT 'a', ADD semua reg.rasa[], ADD bagian reg.bagian, ADD versi int NOT NULL DEFAULT 1, ADD masa text;
    SELECT dtsen.attach('reg.usulan', 'usulan', 'reg', reason_column => 'alasan', frozen_columns => '{isi}',
        version_column => 'versi', period_column => 'masa')$q$);

-- what attach() was told is there no more, or is something else
SELECT is(found(), NULL, 'as it was attached');
SAVEPOINT attached;
SELECT as_role('lct_owner', 'ALTER TABLE reg.usulan RENAME isi TO "Isi lama"');
SELECT is(found(), 'reg.usulan.isi column_missing', 'a frozen column that was renamed');
SELECT as_role('lct_owner', 'ALTER TABLE reg.usulan ' || ddl) FROM unnest('{RENAME alasan TO sebab,DROP masa,RENAME wilayah TO daerah,RENAME id TO nomor}'::text[]) AS ddl;
SELECT is(found(), 'reg.usulan.alasan column_missing, reg.usulan.id column_missing, reg.usulan.isi column_missing, reg.usulan.masa column_missing, reg.usulan.wilayah column_missing',
    'reason, period, region and key');
SELECT matches(refusal('lct_operator', 'INSERT INTO reg.usulan (nomor) VALUES (1)'), '^39P01 .*rename it back', 'why nothing is written, and what to do');
ROLLBACK TO attached;
SELECT as_role('lct_owner', 'ALTER TABLE reg.usulan ALTER id TYPE numeric, ALTER wilayah TYPE float8 USING NULL, ALTER changed_at TYPE timestamp,
    ALTER changed_by TYPE varchar(9), ALTER versi DROP NOT NULL, ALTER masa TYPE date USING NULL');
SELECT is(found(), 'reg.usulan.changed_at column_type timestamp without time zone, reg.usulan.changed_by column_type character varying(9), '
    'reg.usulan.id column_type numeric, reg.usulan.masa column_type date, reg.usulan.versi column_type integer, reg.usulan.wilayah column_type double precision',
    'columns of types that attach() does not take');
SELECT matches(refusal('lct_operator', 'INSERT INTO reg.usulan (id) VALUES (1)'), '^39P01 .*Give it that type again', 'the stamps stop all changes');
ROLLBACK TO attached;
SELECT as_role('lct_owner', 'ALTER TABLE reg.usulan ALTER id TYPE text, ALTER state TYPE varchar(20), ALTER wilayah TYPE dtsen.kode_wilayah USING NULL,
    ALTER changed_by TYPE name, ALTER alasan TYPE varchar(99)');
SELECT is(found(), NULL, 'but not those that it takes');
ROLLBACK TO attached;
ALTER TABLE reg.usulan OWNER TO lct_far;
SELECT is(found(), 'reg.usulan owner lct_far', 'an owner who lacks the privileges of the lifecycle''s owner');
SELECT matches(refusal('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) VALUES (1, ''321601'')'), '^42501 .*Grant that role', 'for whom the triggers do nothing');
GRANT lct_owner TO lct_far;
SELECT is(found(), NULL, 'not one who has them');
ROLLBACK TO attached;

-- types that get other names in a session that knows them
SELECT as_role('lct_operator', 'INSERT INTO reg.usulan (id, wilayah) VALUES (1, ''321601'')');
SELECT as_role('lct_operator', 'UPDATE reg.usulan SET rasa = ''a'' WHERE id = 1');
SELECT as_role('lct_owner', 'ALTER TYPE reg.rasa RENAME TO selera');
SELECT as_role('lct_operator', 'UPDATE reg.usulan SET rasa = ''b'', semua = ''{a}'', bagian = ROW(1) WHERE id = 1');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'a type that was renamed');
CREATE SCHEMA lain AUTHORIZATION lct_owner;
ALTER TYPE reg.bagian SET SCHEMA lain;
SELECT as_role('lct_operator', 'UPDATE reg.usulan SET rasa = ''a'' WHERE id = 1');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'one in another schema');
ALTER SCHEMA lain RENAME TO lain2;
SELECT as_role('lct_operator', 'UPDATE reg.usulan SET rasa = ''b'' WHERE id = 1');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'one whose schema was renamed');

-- the lifecycle's own schema gets another name in a session that knows it
SAVEPOINT schema;
ALTER SCHEMA reg RENAME TO reg_lama;
SELECT matches(refusal('lct_operator', 'UPDATE reg_lama.usulan SET rasa = ''a'' WHERE id = 1'), '^39P01 .*gets its name back', 'every change fails');
SELECT lives_ok($$SELECT dtsen.detach('reg_lama.usulan', 'usulan')$$, 'detach() takes the triggers off');
SELECT throws_ok($$SELECT dtsen.attach('reg_lama.usulan', 'usulan', 'reg_lama', reason_column => 'alasan')$$, '55000',
    'the lifecycle in schema "reg_lama" was made in schema "reg"', 'no table comes under machines that nobody could change any more');
ALTER SCHEMA reg_lama RENAME TO reg;
SELECT lives_ok($$SELECT dtsen.attach('reg.usulan', 'usulan', 'reg', reason_column => 'alasan')$$, 'under its name it is as it was');
ROLLBACK TO schema;
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 1')$$, 'and goes on');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'with a whole journal');

SELECT * FROM finish();
ROLLBACK;
