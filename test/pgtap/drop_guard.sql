-- DROP commands that would take registry data along are refused.
BEGIN;
SELECT plan(57);

CREATE SCHEMA reg;
CREATE SCHEMA plain;
CREATE ROLE drop_guard_owner;
CREATE TABLE plain.person (id int, number dtsen.nik);
CREATE TABLE plain.no_types (id int);

SELECT throws_ok('DROP EXTENSION dtsen', '2BP01', NULL,
    'the server refuses DROP EXTENSION while a column uses a type');
SELECT throws_ok('DROP EXTENSION dtsen CASCADE', '2BP01',
    'cannot drop extension "dtsen": registry data would be lost',
    'CASCADE is refused while a column uses a type');
SELECT throws_ok('DROP EXTENSION IF EXISTS dtsen CASCADE', '2BP01', NULL,
    'IF EXISTS makes no difference');

-- nor by a way round: the language of its functions, or a member that is none any more
SELECT throws_ok('DROP EXTENSION plpgsql CASCADE', '2BP01', 'cannot drop extension "plpgsql": registry data would be lost',
    'the extension of the language in which members are written takes it along');
SELECT throws_ok('DROP EXTENSION IF EXISTS nothing, plpgsql CASCADE', '2BP01', NULL, 'also as the second of a list');
SAVEPOINT loose;
ALTER EXTENSION plpgsql DROP LANGUAGE plpgsql;
SELECT throws_ok('DROP LANGUAGE plpgsql CASCADE', '2BP01', 'cannot drop language "plpgsql": registry data would be lost', 'so does the language itself');
ROLLBACK TO loose;
SELECT throws_ok(format('ALTER EXTENSION dtsen DROP %s', member), '2BP01', 'cannot drop a member from extension "dtsen": registry data would be lost',
    'no member leaves the extension: ' || member)
FROM unnest(ARRAY['FUNCTION dtsen.nik_in(cstring)', 'TYPE dtsen.nama', 'OPERATOR dtsen.= (dtsen.nik, dtsen.nik)', 'EVENT TRIGGER dtsen_drop_guard', 'SCHEMA dtsen']) AS member;
SELECT lives_ok('ALTER EXTENSION dtsen ADD SCHEMA plain; ALTER EXTENSION plpgsql DROP LANGUAGE plpgsql', 'another may come in, and leave another extension');
ROLLBACK TO loose;
SELECT lives_ok('CREATE EXTENSION IF NOT EXISTS pgtap; CREATE LANGUAGE other HANDLER plpgsql_call_handler; DROP LANGUAGE other CASCADE', 'what nothing of it depends on goes');

-- nested: an array, a domain over the type, a domain over that domain
ALTER TABLE plain.person DROP COLUMN number;
CREATE DOMAIN plain.a AS dtsen.nik;
CREATE DOMAIN plain.b AS plain.a;
SAVEPOINT nested;
CREATE TABLE plain.nested (id int, number dtsen.nik[]);
SELECT throws_ok('DROP EXTENSION dtsen CASCADE', '2BP01', NULL,
    'a column of an array of the type counts');
ROLLBACK TO nested;
CREATE TABLE plain.nested (id int, number plain.b);
SELECT throws_ok('DROP EXTENSION dtsen CASCADE', '2BP01', NULL,
    'a column of a domain over a domain counts');
ROLLBACK TO nested;

-- a hostile search_path does not blind the look-up
CREATE TABLE plain.person2 (number dtsen.nik);
CREATE FUNCTION plain.never(oid, oid) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR plain.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = plain.never);
CREATE TABLE plain.pg_depend (LIKE pg_catalog.pg_depend);
SET LOCAL search_path = plain, pg_catalog, public;
SELECT public.throws_ok('DROP EXTENSION dtsen CASCADE', '2BP01', NULL,
    'a search_path with other operators and tables changes nothing');
SET LOCAL search_path = public, pg_catalog;
ROLLBACK TO nested;

-- tables under a lifecycle
CREATE TABLE reg.proposal (id int, state text, number plain.b);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON reg.proposal
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
SELECT throws_ok('DROP SCHEMA reg CASCADE', '2BP01',
    'cannot drop schema "reg": registry data would be lost',
    'DROP SCHEMA CASCADE is refused when a table in it is under a lifecycle');
SELECT throws_ok('DROP SCHEMA plain, reg CASCADE', '2BP01', NULL,
    'also as the second of a list');
SELECT throws_ok('DROP SCHEMA dtsen CASCADE', '2BP01',
    'cannot drop schema "dtsen": registry data would be lost',
    'nor goes the extension with its schema');
SELECT throws_ok('DROP DOMAIN plain.a CASCADE', '2BP01', NULL,
    'DROP DOMAIN CASCADE is refused when it would take such a column');
SELECT throws_ok('DROP TYPE plain.b CASCADE', '2BP01', NULL,
    'so is DROP TYPE');
ALTER TABLE reg.proposal OWNER TO drop_guard_owner;
SELECT throws_ok('DROP OWNED BY drop_guard_owner', '2BP01',
    'cannot drop what the role owns: registry data would be lost',
    'DROP OWNED is refused when the role owns such a table');
CREATE ROLE drop_guard_schema;
ALTER SCHEMA dtsen OWNER TO drop_guard_schema;
SELECT throws_ok('DROP OWNED BY drop_guard_schema', '2BP01',
    'cannot drop extension "dtsen": registry data would be lost',
    'nor with who owns that schema');
ALTER SCHEMA dtsen OWNER TO CURRENT_USER;
SET LOCAL session_replication_role = replica;
SELECT throws_ok('DROP SCHEMA reg CASCADE', '2BP01', NULL,
    'session_replication_role does not switch it off');
SET LOCAL session_replication_role = origin;

-- rows of something published: its name is read as a name, whatever SQL would make of it
CREATE SCHEMA "user";
CREATE TABLE "user".edition (id int PRIMARY KEY, state text);
CREATE TABLE plain.entry (edition int, n int);
CREATE TRIGGER i BEFORE INSERT ON plain.entry FOR EACH ROW
    EXECUTE FUNCTION dtsen.immutable('edition', 'user.edition', 'id', 'state', 'out');
INSERT INTO "user".edition VALUES (1, 'made');
INSERT INTO plain.entry VALUES (1, 1);
SELECT lives_ok('ALTER TABLE plain.entry DROP COLUMN n', 'not yet published');
UPDATE "user".edition SET state = 'out';
SELECT throws_ok('ALTER TABLE plain.entry RENAME TO other', 'SE004', NULL, 'published');
-- the column that names a parent may be of another type, as the trigger converts it
CREATE TABLE plain.loose (edition text, n int, o int);
CREATE TRIGGER i BEFORE INSERT ON plain.loose FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('edition', 'user.edition', 'id', 'state', 'out');
INSERT INTO "user".edition VALUES (2, 'made');
INSERT INTO plain.loose VALUES ('2', 1);
SELECT lives_ok('ALTER TABLE plain.loose DROP COLUMN n', 'of another type, not yet published');
UPDATE "user".edition SET state = 'out' WHERE id = 2;
SELECT throws_ok('ALTER TABLE plain.loose DROP COLUMN o', 'SE004', NULL, 'of another type, published');
CREATE TABLE plain.padded (id char(4) PRIMARY KEY, state text);
CREATE TABLE plain.narrow (edition text, n int);
CREATE TRIGGER i BEFORE INSERT ON plain.narrow FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('edition', 'plain.padded', 'id', 'state', 'out');
INSERT INTO plain.narrow VALUES ('26A');
INSERT INTO plain.padded VALUES ('26A', 'out');
SELECT throws_ok('ALTER TABLE plain.narrow DROP COLUMN n', 'SE004', NULL, 'of another length, published');
CREATE TABLE plain.t (id int, state text);
CREATE TABLE plain."t/**/p)x;create/**/schema/**/slipped;select/**/limit/**/0--" (id int, state text);
CREATE TABLE plain.bait (edition int, n int);
CREATE TRIGGER i BEFORE INSERT ON plain.bait FOR EACH ROW EXECUTE FUNCTION
    dtsen.immutable('edition', 'plain.t/**/p)x;create/**/schema/**/slipped;select/**/limit/**/0--', 'id', 'state', 'out');
SELECT lives_ok('ALTER TABLE plain.bait DROP COLUMN n', 'a name that would be SQL');
SELECT hasnt_schema('slipped', 'is none');

-- ways round what is published: its trigger, its parent, its owner, a table that it is made to go with
CREATE ROLE drop_guard_helper;
CREATE SCHEMA past AUTHORIZATION drop_guard_owner;
GRANT drop_guard_helper TO drop_guard_owner;
GRANT ALL ON SCHEMA past TO drop_guard_helper;
GRANT USAGE ON SCHEMA plain TO drop_guard_owner;
CREATE FUNCTION plain.lets() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
SET LOCAL ROLE drop_guard_owner;
CREATE TABLE past.edition (id int PRIMARY KEY, state text);
CREATE TABLE past.entry (edition int, part int, n int) PARTITION BY LIST (edition);
CREATE TABLE past.entry_1 PARTITION OF past.entry FOR VALUES IN (1) PARTITION BY LIST (part);
CREATE TABLE past.entry_1_1 PARTITION OF past.entry_1 FOR VALUES IN (1);
CREATE TRIGGER i BEFORE INSERT OR UPDATE OR DELETE ON past.entry FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('edition', 'past.edition', 'id', 'state', 'out');
ALTER TABLE past.entry ENABLE ALWAYS TRIGGER i;
CREATE TABLE past.leaf (edition int, n int);
CREATE TRIGGER i BEFORE INSERT OR UPDATE OR DELETE ON past.leaf FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('edition', 'past.edition', 'id', 'state', 'out');
INSERT INTO past.edition VALUES (1, 'made'), (2, 'made');
INSERT INTO past.entry VALUES (1, 1, 1);
INSERT INTO past.leaf VALUES (1, 1);
CREATE TABLE past.other_1 AS SELECT 1 AS edition, 2 AS part, 7 AS n;
CREATE TABLE past.other_2 AS SELECT 2 AS edition, 1 AS part, 7 AS n;
CREATE TABLE past.root ();
SAVEPOINT past;
SELECT lives_ok('CREATE OR REPLACE TRIGGER i BEFORE INSERT OR UPDATE OR DELETE ON past.entry FOR EACH ROW EXECUTE FUNCTION plain.lets()', 'not yet published');
ROLLBACK TO past;
UPDATE past.edition SET state = 'out' WHERE id = 1;
SAVEPOINT past;
SELECT throws_ok(format('CREATE OR REPLACE TRIGGER i BEFORE INSERT OR UPDATE OR DELETE ON past.%s FOR EACH ROW EXECUTE FUNCTION plain.lets()', t),
    'SE004', format('cannot replace a trigger of table "%s": its rows are published', t), 'the trigger is not replaced: ' || t) FROM unnest('{entry,leaf}'::text[]) AS t;
SELECT lives_ok('CREATE OR REPLACE TRIGGER other BEFORE UPDATE ON past.leaf FOR EACH ROW EXECUTE FUNCTION plain.lets();
    CREATE OR REPLACE TRIGGER other BEFORE INSERT ON past.leaf FOR EACH ROW EXECUTE FUNCTION plain.lets()', 'another may be');
SELECT throws_ok('ALTER TRIGGER i ON past.leaf DEPENDS ON EXTENSION plpgsql', 'SE004', 'cannot make trigger "i" of table "leaf" depend on another extension', 'nor does it go with an extension');
SELECT lives_ok('ALTER TRIGGER other ON past.leaf DEPENDS ON EXTENSION plpgsql', 'another may');
SELECT throws_ok('ALTER TABLE past.entry ENABLE TRIGGER ' || w, 'SE004', 'cannot weaken triggers of table "entry": its rows are published', 'it stays ALWAYS: ' || w) FROM unnest('{ALL,USER}'::text[]) AS w;
SELECT lives_ok('ALTER TABLE past.leaf ENABLE TRIGGER ALL', 'what is not ALWAYS may be switched on, as a restore does that switched it off');
SELECT throws_ok('ALTER TABLE past.entry_1 ATTACH PARTITION past.other_1 FOR VALUES IN (2)', 'SE004', 'cannot attach table "other_1": its rows are published', 'nothing gets into what is published as a partition');
SELECT lives_ok('ALTER TABLE past.entry ATTACH PARTITION past.other_2 FOR VALUES IN (2)', 'into another edition it does');
ALTER TABLE past.edition RENAME TO away;
SELECT throws_ok(s, 'SE004', NULL, 'the parent has another name: ' || s)
FROM unnest('{ALTER TABLE past.entry DISABLE TRIGGER i,DROP TABLE past.entry_1_1,DROP TRIGGER i ON past.leaf,DROP TABLE past.leaf}'::text[]) AS s;
ALTER TABLE past.away RENAME TO edition;
DROP TABLE past.edition;
SELECT throws_ok('DROP TABLE past.leaf', 'SE004', 'cannot drop table "leaf": its rows may be published', 'or is gone');
ROLLBACK TO past;
ALTER TABLE past.leaf OWNER TO drop_guard_helper;
SELECT throws_ok('ALTER TABLE past.leaf DISABLE TRIGGER i', 'SE004', 'cannot disable triggers of table "leaf": its rows may be published', 'the table has an owner who cannot ask');
ROLLBACK TO past;
ALTER TABLE past.leaf INHERIT past.root;
SELECT throws_ok('DROP TABLE past.root CASCADE', 'SE004', 'cannot drop table "leaf": its rows are published', 'a table that it was made to inherit from takes it along');
ROLLBACK TO past;
CREATE TYPE past.form AS (edition int, n int);
ALTER TABLE past.leaf OF past.form;
SELECT throws_ok('DROP TYPE past.form CASCADE', '2BP01', NULL, 'so does a type that it was made a table of');
ROLLBACK TO past;
CREATE TABLE past.fresh (edition int);
CREATE TRIGGER i BEFORE INSERT ON past.fresh FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('edition', 'past.nothing', 'id', 'state', 'out');
SELECT lives_ok('DROP TRIGGER i ON past.fresh', 'where no row names a parent a trigger that was a mistake goes');
RESET ROLE;

-- what an owner has the question look at does not act for who runs a command
CREATE ROLE drop_guard_evil;
CREATE SCHEMA evil AUTHORIZATION drop_guard_evil;
SET LOCAL ROLE drop_guard_evil;
CREATE TABLE evil.ran (who name);
CREATE TABLE evil.later (i int);
CREATE FUNCTION evil.act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO evil.ran VALUES (current_user); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER t AFTER INSERT ON evil.later DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evil.act();
CREATE FUNCTION evil.put_off() RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO evil.later VALUES (1); RETURN 'made'; END $$;
CREATE VIEW evil.edition AS SELECT 1 AS id, evil.put_off() AS state;
CREATE TABLE evil.entry (edition int, n int);
INSERT INTO evil.entry VALUES (1, 1);
CREATE TRIGGER i BEFORE UPDATE ON evil.entry FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('edition', 'evil.edition', 'id', 'state', 'out');
RESET ROLE;
SELECT throws_ok('ALTER TABLE evil.entry DROP COLUMN n', '42501', 'cannot fire deferred trigger within security-restricted operation', 'nothing is put off to the end of a superuser''s transaction');
SELECT lives_ok('SET CONSTRAINTS ALL IMMEDIATE', 'nor runs then');
SELECT is_empty('SELECT * FROM evil.ran', 'as him');

-- what holds no registry data goes as ever
SELECT lives_ok('CREATE SCHEMA other; CREATE TABLE other.t (i int); DROP SCHEMA other CASCADE',
    'another schema can be dropped');

-- only a superuser lifts it
SET LOCAL ROLE drop_guard_owner;
SELECT throws_ok('SET dtsen.allow_data_loss = on', '42501', NULL,
    'an ordinary role cannot lift the guard');
RESET ROLE;
SET LOCAL dtsen.allow_data_loss = on;
SELECT lives_ok('DROP SCHEMA reg CASCADE', 'a superuser can, and says so');

SELECT * FROM finish();
ROLLBACK;
