-- journal(), guards over whole statements, and what tampering leaves behind.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();

SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah)
    SELECT g, '3216012001' FROM generate_series(1, 40) AS g$q$);

-- the view calls a function for each block: none leaves anything behind
SELECT cmp_ok((SELECT (SELECT max(used_bytes) FROM pg_backend_memory_contexts WHERE name = 'ExecutorState' AND entries > 0)
        FROM (SELECT count(*) AS entries FROM generate_series(1, 10000) AS g,
            LATERAL (SELECT e.* FROM reg.journal_block AS b, dtsen.journal_entries(b.seq + 0 * g, b.entries, b.body) AS e) AS again) AS s),
    '<', 6000000::bigint, 'memory does not grow with blocks');

-- who may write to it
SELECT throws_ok($$INSERT INTO reg.journal_block SELECT * FROM reg.journal_block$$, 'SE004', NULL, 'a superuser adds nothing');
SELECT throws_ok($$SELECT as_role('lct_owner', 'INSERT INTO reg.journal_block SELECT * FROM reg.journal_block')$$, 'SE004', NULL, 'nor the owner');
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.journal_block SET seq = 1')$$, 'SE004', NULL, 'the owner changes nothing');
SELECT throws_ok($$SELECT as_role('lct_owner', 'DELETE FROM reg.journal_block')$$, 'SE004', NULL, 'and deletes nothing');
SELECT throws_ok($$SELECT as_role('lct_owner', 'TRUNCATE reg.journal_block')$$, 'SE004', NULL, 'and does not truncate');
SELECT throws_ok($$SELECT as_role('lct_operator', 'INSERT INTO reg.journal_block SELECT * FROM reg.journal_block')$$, '42501', NULL, 'a client adds nothing');
SELECT throws_ok($$SELECT as_role('lct_operator', 'SELECT * FROM reg.journal')$$, '42501', NULL, 'nor reads it');
SELECT throws_ok($$SELECT as_role('lct_operator', 'SELECT * FROM dtsen.journal_history(''reg'', ''usulan'', ''40'')')$$, '42501', NULL, 'nor a row''s part of it');
SELECT throws_ok($$SELECT as_role('lct_operator', 'DELETE FROM reg.journal_block')$$, '42501', NULL, 'nor deletes');
SET LOCAL session_replication_role = replica;
SELECT throws_ok('DELETE FROM reg.journal_block', 'SE004', NULL, 'replica role: nothing is deleted');
SELECT throws_ok('INSERT INTO reg.journal_block SELECT * FROM reg.journal_block', 'SE004', NULL, 'replica role: nothing is added');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 40')$$, 'replica role: a lawful step');
SET LOCAL session_replication_role = origin;
SELECT is((SELECT count(*) FROM reg.journal WHERE key = '40'), 2::bigint, 'is journalled');
SELECT throws_ok($$SELECT as_role('lct_owner', 'MERGE INTO reg.journal_block AS j USING (VALUES (1)) AS s(x) ON true
    WHEN MATCHED THEN DELETE')$$, 'SE004', NULL, 'MERGE deletes nothing');

-- guards: set-based, once per statement
CREATE TABLE reg.call (guard text, keys text[]);
ALTER TABLE reg.call OWNER TO lct_owner;
SELECT as_role('lct_owner', $q$
    CREATE FUNCTION reg.even_only(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE plpgsql AS $f$
    BEGIN
        INSERT INTO reg.call VALUES ('even_only', keys);
        RETURN QUERY SELECT k, 'SE002', 'window is closed', 'Wait.' FROM unnest(keys) AS k WHERE k::int % 2 = 1 ORDER BY k::int;
    END $f$;
    CREATE FUNCTION reg.small_only(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql AS $f$ SELECT k, 'P0001', NULL::text, NULL::text FROM unnest(keys) AS k WHERE k::int > 30 $f$;
    REVOKE ALL ON FUNCTION reg.even_only(text[]) FROM PUBLIC;
    UPDATE reg.transition SET guards = '{reg.even_only,reg.small_only}' WHERE action = 'ajukan';
$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id < 11')$$,
    'SE002', 'window is closed', 'a guard''s first row raises its code and message');
SELECT matches(refusal('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id < 11'),
    'row 1; .*: 5\. \| Wait\.', 'with key, count and hint');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id < 21 AND id % 2 = 0')$$,
    'rows that no guard lists take the step');
SELECT results_eq('SELECT guard, cardinality(keys) FROM reg.call', $$VALUES ('even_only', 10)$$,
    'one call for the statement, with its keys');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 32')$$,
    'SE003', 'guard refuses the row', 'a code outside SE, 22, 23 and 42 becomes SE003');
SELECT as_role('lct_owner', $q$
    DROP FUNCTION reg.small_only(text[]);
    CREATE FUNCTION reg.small_only(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql AS $f$ SELECT k, '23514', 'made anew', NULL::text FROM unnest(keys) AS k WHERE k::int > 30 $f$ $q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 32')$$,
    '23514', 'made anew', 'a guard that was dropped and made anew is the new one');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{reg.gone}' WHERE action = 'ajukan'$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    '42883', NULL, 'a missing guard stops the step');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{even_only}' WHERE action = 'ajukan'$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    '22023', NULL, 'so does a guard without schema');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{reg.small_only(pg_temp}' WHERE action = 'ajukan'$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    '42883', NULL, 'or one that is no name');
CREATE SCHEMA evil AUTHORIZATION lct_far;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
SELECT as_role('lct_far', $q$CREATE FUNCTION evil.g(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text)
    LANGUAGE sql AS 'SELECT NULL::text, NULL::text, NULL::text, NULL::text WHERE false'$q$);
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{evil.g}' WHERE action = 'ajukan'$q$);
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    '42501', NULL, 'or one of another owner, who would act as the machine''s');
SELECT as_role('lct_owner', $q$UPDATE reg.transition SET guards = '{}' WHERE action = 'ajukan'$q$);

-- another's lifecycle is not to be had by a trigger on one's own table
SELECT as_role('lct_far', $q$
    CREATE TABLE evil.t (id int PRIMARY KEY, state text);
    CREATE TRIGGER a AFTER INSERT ON evil.t REFERENCING NEW TABLE AS n FOR EACH STATEMENT
        EXECUTE FUNCTION dtsen.journal('reg', 'usulan', 'id', 'state', '', '', '', '')$q$);
SELECT throws_ok($$SELECT as_role('lct_far', 'INSERT INTO evil.t VALUES (1, ''draf'')')$$, '42501', NULL,
    'a foreign table cannot write this journal');
SELECT throws_ok($$SELECT as_role('lct_far', $q$SELECT dtsen._journal_attached('evil.t', 'reg', 'usulan', 'id', 'state', '', '')$q$)$$,
    '42501', NULL, 'nor by the helper of attach()');

-- triggers that spoil what the guard allowed
CREATE FUNCTION reg.spoil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'state' THEN NEW.state := 'terbit'; RETURN NEW; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER zzz_spoil BEFORE UPDATE ON reg.usulan FOR EACH ROW EXECUTE FUNCTION reg.spoil('state');
SELECT is((SELECT count(*) FROM dtsen.check_attached('reg.usulan') WHERE check_name = 'trigger_after_guard'), 1::bigint,
    'a trigger after the guard is reported');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 22')$$,
    'SE005', NULL, 'a state that it exchanges is noticed by the journal');
DROP TRIGGER zzz_spoil ON reg.usulan;
ALTER TABLE reg.usulan DISABLE TRIGGER zz_dtsen_guard;
SELECT throws_ok($$DELETE FROM reg.usulan WHERE id = 22$$, 'SE005', NULL, 'guard switched off: a DELETE is noticed');
SELECT throws_ok($$UPDATE reg.usulan SET state = 'terbit' WHERE id = 22$$, 'SE005', NULL, 'guard switched off: an unlawful step');
SELECT throws_ok($$INSERT INTO reg.usulan VALUES (99, 'terbit')$$, 'SE005', NULL, 'guard switched off: an unlawful birth');
SELECT results_eq($$SELECT check_name, value FROM dtsen.check_attached('reg.usulan')$$,
    $$VALUES ('trigger_disabled', 'disabled')$$, 'and reported');
ALTER TABLE reg.usulan ENABLE ALWAYS TRIGGER zz_dtsen_guard;
ALTER TABLE reg.journal_block ENABLE TRIGGER journal_only;
SELECT results_eq($$SELECT row_id, check_name, value FROM dtsen.check_attached('reg.usulan')$$,
    $$VALUES ('reg.journal_block.journal_only', 'machine_trigger', 'not on replicas')$$, 'so is the journal''s own trigger');
ALTER TABLE reg.journal_block ENABLE ALWAYS TRIGGER journal_only;
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.usulan')$$, 'all is well again');

-- undone parts of a transaction leave no gap
SAVEPOINT undone;
SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id IN (22, 24)');
ROLLBACK TO undone;
SELECT as_role('lct_operator', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id IN (24, 26)');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'the chain goes on after a savepoint was rolled back');

-- other statement triggers read the same transition tables, spilt to disk
CREATE TABLE reg.seen (n bigint);
CREATE FUNCTION reg.look() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    r record;
BEGIN
    INSERT INTO reg.seen SELECT count(*) FROM o JOIN n USING (id);
    FOR r IN SELECT * FROM n LIMIT 5 LOOP
        NULL;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER a_look AFTER UPDATE ON reg.usulan REFERENCING OLD TABLE AS o NEW TABLE AS n
    FOR EACH STATEMENT EXECUTE FUNCTION reg.look();
CREATE TRIGGER zz_dtsen_h_look AFTER UPDATE ON reg.usulan REFERENCING OLD TABLE AS o NEW TABLE AS n
    FOR EACH STATEMENT EXECUTE FUNCTION reg.look();
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah, isi)
    SELECT g, '3216012001', repeat('x', 400) FROM generate_series(1001, 1500) AS g$q$);
SET LOCAL work_mem = '64kB';
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id > 1000$q$);
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET state = 'disahkan' WHERE id > 1000$q$);
RESET work_mem;
SELECT results_eq('SELECT n FROM reg.seen', 'SELECT 500::bigint FROM generate_series(1, 4)', 'other triggers saw the rows');
SELECT results_eq($$SELECT action, count(*), count(DISTINCT key) FROM reg.journal WHERE key::int > 1000 GROUP BY action ORDER BY action$$,
    $$VALUES ('ajukan', 500::bigint, 500::bigint), ('born', 500, 500), ('sahkan', 500, 500)$$, 'so did the journal');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all in order');
DROP TRIGGER a_look ON reg.usulan;
DROP TRIGGER zz_dtsen_h_look ON reg.usulan;

-- partitions
CREATE TABLE reg.bagian (id int, state text NOT NULL, wilayah text, PRIMARY KEY (id, state)) PARTITION BY LIST (state);
CREATE TABLE reg.bagian_draf PARTITION OF reg.bagian FOR VALUES IN ('draf');
CREATE TABLE reg.bagian_lain (wilayah text, junk int, state text NOT NULL, id int NOT NULL);
ALTER TABLE reg.bagian_lain DROP COLUMN junk;
ALTER TABLE reg.bagian ATTACH PARTITION reg.bagian_lain DEFAULT;
ALTER TABLE reg.bagian OWNER TO lct_owner;
ALTER TABLE reg.bagian_draf OWNER TO lct_owner;
ALTER TABLE reg.bagian_lain OWNER TO lct_owner;
GRANT ALL ON reg.bagian, reg.bagian_draf, reg.bagian_lain TO PUBLIC;
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('bagian', 1, 'draf');
    INSERT INTO reg.state (machine, state) VALUES ('bagian', 'draf'), ('bagian', 'maju');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES
        ('bagian', 'draf', 'maju', 'majukan', 'operator'), ('bagian', 'maju', 'draf', 'mundurkan', 'operator');
    SELECT dtsen.attach('reg.bagian', 'bagian', 'reg', changed_at_column => NULL, changed_by_column => NULL)$q$);
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.bagian')$$, 'triggers on a partitioned table and its partitions');
SELECT as_role('lct_operator', $q$INSERT INTO reg.bagian SELECT g, 'draf', '321601' FROM generate_series(1, 50) AS g$q$);
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.bagian SET state = ''maju'' WHERE id > 10')$$,
    'an UPDATE moves rows to another partition');
SELECT is((SELECT count(*) FROM reg.bagian_lain), 40::bigint, 'they are there');
SELECT is((SELECT count(*) FROM reg.journal WHERE machine = 'bagian' AND action = 'majukan'), 40::bigint, 'and journalled');
SELECT lives_ok($$SELECT as_role('lct_operator', 'UPDATE reg.bagian SET state = ''draf'' WHERE id > 40')$$, 'and back');
SELECT throws_ok($$SELECT as_role('lct_operator', 'DELETE FROM reg.bagian WHERE id = 1')$$, 'SE004', NULL, 'no DELETE');
SELECT throws_ok($$SELECT as_role('lct_operator', 'DELETE FROM reg.bagian_draf WHERE id = 1')$$, 'SE004', NULL, 'nor from a partition');
SELECT throws_ok('TRUNCATE reg.bagian_draf', 'SE004', NULL, 'nor TRUNCATE of a partition');
SAVEPOINT before;
SELECT as_role('lct_operator', 'UPDATE reg.bagian SET wilayah = ''3216012001'' WHERE id = 1');
ROLLBACK TO before;
SELECT throws_ok($$SELECT as_role('lct_operator', 'DELETE FROM reg.bagian WHERE id = 1')$$, 'SE004', NULL,
    'an UPDATE that was undone opens no door to a DELETE');
CREATE TRIGGER a_spoil BEFORE INSERT ON reg.bagian_lain FOR EACH ROW WHEN (NEW.id = 7) EXECUTE FUNCTION reg.spoil('swallow');
SELECT throws_ok($$SELECT as_role('lct_operator', 'UPDATE reg.bagian SET state = ''maju'' WHERE id IN (6, 7, 8)')$$,
    'SE005', NULL, 'a trigger that swallows a moving row is noticed');
DROP TRIGGER a_spoil ON reg.bagian_lain;
CREATE TABLE reg.bagian_baru PARTITION OF reg.bagian FOR VALUES IN ('baru');
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.bagian')$$, 'a new partition gets all triggers');
DROP TABLE reg.bagian_baru;
CREATE SCHEMA bagian CREATE TABLE baru PARTITION OF reg.bagian FOR VALUES IN ('baru')
    CREATE TABLE lain (id int) CREATE VIEW semua AS SELECT id FROM reg.bagian;
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.bagian')$$, 'one that is made with its schema, too');
SELECT throws_ok('TRUNCATE bagian.baru', 'SE004', NULL, 'so nobody empties it');
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'bagian.lain'::regclass), 0::bigint, 'a table beside it gets none');
DROP VIEW bagian.semua;
DROP TABLE bagian.baru;
CREATE TABLE reg.bagian_dalam (LIKE reg.bagian INCLUDING ALL) PARTITION BY HASH (id);
CREATE TABLE reg.bagian_dalam_1 PARTITION OF reg.bagian_dalam FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE reg.bagian ATTACH PARTITION reg.bagian_dalam FOR VALUES IN ('baru');
SELECT is_empty($$SELECT * FROM dtsen.check_attached('reg.bagian')$$, 'one that is attached with its own partitions, and these');
DROP TABLE reg.bagian_dalam;
ALTER EVENT TRIGGER dtsen_partition_guard DISABLE;
CREATE TABLE reg.bagian_baru PARTITION OF reg.bagian FOR VALUES IN ('baru');
ALTER EVENT TRIGGER dtsen_partition_guard ENABLE ALWAYS;
SELECT results_eq($$SELECT row_id, check_name FROM dtsen.check_attached('reg.bagian') WHERE severity = 'error'$$,
    $$VALUES ('reg.bagian_baru.zz_dtsen_guard_truncate', 'trigger_missing')$$,
    'without the event trigger it has the row triggers; TRUNCATE of it alone is reported as an error');
DROP TABLE reg.bagian_baru;
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all verifies');

-- digests: the form is written down in docs/formats.md; here it is in SQL
CREATE FUNCTION field(t text) RETURNS bytea LANGUAGE sql AS $$
    SELECT CASE WHEN t IS NULL THEN '\x00'::bytea
        ELSE set_byte('\x00', 0, octet_length(convert_to(t, 'UTF8')) + 1) || convert_to(t, 'UTF8') END $$;
SELECT is((SELECT count(*) FROM reg.journal_block AS b, dtsen.journal_entries(b.seq, b.entries, b.body) AS e
    WHERE e.digest IS DISTINCT FROM sha256(CASE WHEN e.content IS NULL THEN '\x00'::bytea ELSE '\x02' END || int8send(e.seq) || field(e.key) || field(e.wilayah) || field(e.from_chain)
        || field(e.from_state) || field(e.to_state) || field(e.action)
        || CASE WHEN e.commitment IS NULL THEN '\x00'::bytea ELSE '\x21'::bytea || e.commitment END || coalesce(e.content, ''))),
    0::bigint, 'leaves agree with an independent computation');
CREATE FUNCTION tree(leaves bytea[]) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    n int := cardinality(leaves);
    k int := 1;
BEGIN
    IF n = 1 THEN
        RETURN leaves[1];
    END IF;
    WHILE k * 2 < n LOOP
        k := k * 2;
    END LOOP;
    RETURN sha256('\x01'::bytea || tree(leaves[1:k]) || tree(leaves[k + 1:n]));
END $$;
SELECT is((SELECT count(*) FROM (
        SELECT b.*, e.*, lag(b.digest, 1, decode(repeat('00', 32), 'hex')) OVER (PARTITION BY machine, chain ORDER BY b.seq) AS before
        FROM reg.journal_block AS b, LATERAL (
            SELECT tree(array_agg(e.digest ORDER BY e.seq)) AS root, min(e.at) AS at, min(e.txid) AS txid, min(e.machine_version) AS version,
                min(e.login::text) AS login, min(e.session_login::text) AS session_login, min(e.person_key) AS person
            FROM dtsen.journal_entries(b.seq, b.entries, b.body) AS e) AS e) AS j
    WHERE previous <> before OR digest IS DISTINCT FROM sha256('dtsen.block.1'::bytea || '\x00'::bytea || before
        || sha256('dtsen.content.1'::bytea || '\x00'::bytea || field(machine) || field(chain) || int8send(seq) || int8send(entries)
            || int8send((extract(epoch FROM at) * 1000000)::int8 - 946684800000000) || int8send(txid) || int8send(version)
            || field(login) || field(session_login) || field(person) || root || sha256(body)))),
    0::bigint, 'digests of blocks agree with an independent computation');
SELECT is((SELECT count(*) FROM reg.journal), (SELECT sum(entries) FROM reg.journal_block), 'the view shows each entry');
SELECT is(tree(leaves), dtsen.merkle_root(leaves), format('tree of %s leaves', n))
FROM generate_series(1, 40) AS n, LATERAL (SELECT array_agg(sha256(int4send(g * n)) ORDER BY g) AS leaves FROM generate_series(1, n) AS g) AS l;
CREATE FUNCTION climbed(leaf bytea, path text[]) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    step text;
BEGIN
    FOREACH step IN ARRAY path LOOP
        leaf := sha256('\x01'::bytea || CASE left(step, 1) WHEN 'L' THEN decode(substr(step, 2), 'hex') || leaf
            ELSE leaf || decode(substr(step, 2), 'hex') END);
    END LOOP;
    RETURN leaf;
END $$;
SELECT is((SELECT count(*) FROM generate_series(1, 40) AS n,
        LATERAL (SELECT array_agg(sha256(int4send(g * n)) ORDER BY g) AS leaves FROM generate_series(1, n) AS g) AS l,
        generate_series(1, n) AS i
    WHERE climbed(leaves[i], dtsen.merkle_path(leaves, i)) <> dtsen.merkle_root(leaves)), 0::bigint, 'every path leads to the root');
SELECT is(dtsen.merkle_root('{}'), sha256(''), 'a tree without leaves');
SELECT throws_ok($$SELECT dtsen.merkle_root('{"\\x00"}')$$, '22023', NULL, 'a leaf has 32 bytes');
SELECT throws_ok($$SELECT dtsen.merkle_root(ARRAY[NULL]::bytea[])$$, '22023', NULL, 'and is not null');
SELECT throws_ok($$SELECT dtsen.merkle_path(ARRAY[sha256('')], 2)$$, '22023', NULL, 'a path begins at a leaf');
SELECT throws_ok($$SELECT dtsen.journal_entries(1, 5, '\x01')$$, 'SE005', NULL, 'what is no block is not read');
SELECT throws_ok(format('SELECT dtsen.journal_entries(1, 1, %L)', '\x01' || repeat('00', 19) || '01000000' || '8008' || repeat('00', 2048)
    || '00' || repeat('00', 8)), 'SE005', NULL, 'nor one that says more regions than entries');

-- a row's entries by index, and by the view
SELECT is((SELECT count(*) FROM (SELECT DISTINCT key FROM reg.journal WHERE machine = 'usulan') AS k,
        LATERAL (SELECT array_agg(row(j.seq, j.to_state, j.action, j.digest)::text ORDER BY j.at, j.seq) AS e
                 FROM reg.journal AS j WHERE j.machine = 'usulan' AND j.key = k.key) AS v,
        LATERAL (SELECT array_agg(row(h.seq, h.to_state, h.action, h.digest)::text ORDER BY h.at, h.seq) AS e
                 FROM dtsen.journal_history('reg', 'usulan', k.key, '3216') AS h) AS h
    WHERE v.e IS DISTINCT FROM h.e AND k.key::int % 10 = 0), 0::bigint, 'journal_history finds what the view shows');
SELECT is_empty($$SELECT * FROM dtsen.journal_history('reg', 'usulan', '4711')$$, 'a row that is not there has none');
SELECT is_empty($$SELECT * FROM dtsen.journal_history('reg', 'usulan', '1040', '1101')$$, 'nor one in another regency');
SELECT is((SELECT count(*) FROM dtsen.journal_history('reg', 'usulan', '1040')), 3::bigint, 'without the region it is looked for everywhere');
SELECT is_empty($$SELECT * FROM dtsen.journal_history('reg', 'usulan', NULL)$$, 'NULL has none');

-- a row that moves to another regency takes its history along
SELECT as_role('lct_owner', $q$UPDATE reg.actor SET wilayah = NULL WHERE login = 'lct_operator'$q$);
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah) SELECT g, '1101' FROM generate_series(5001, 5100) AS g$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET wilayah = '1201012001', state = 'diajukan' WHERE id > 5000$q$);
SELECT as_role('lct_owner', $q$UPDATE reg.actor SET wilayah = NULL WHERE login IN ('lct_verifier', 'lct_verifier2')$q$);
SELECT results_eq($$SELECT chain COLLATE "default", action FROM dtsen.journal_history('reg', 'usulan', '5042', '1201012001')$$,
    $$VALUES ('1101', 'born'), ('1201', 'ajukan')$$, 'its entries are followed to the chain before');
SELECT throws_ok($$SELECT as_role('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 5042')$$,
    'SE006', NULL, 'four eyes see it, of one row');
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET state = 'draf', alasan = 'kembali' WHERE id > 5000$q$);
SELECT as_role('lct_owner', $q$DELETE FROM reg.actor WHERE login = 'lct_far' AND actor_role = 'verifikator'$q$);
SELECT as_role('lct_owner', $q$UPDATE reg.actor SET wilayah = NULL, person_key = 'person-9' WHERE login = 'lct_far'$q$);
SELECT as_role('lct_far', $q$UPDATE reg.usulan SET wilayah = '3216012001', state = 'diajukan' WHERE id > 5000$q$);
SELECT throws_ok($$SELECT as_role('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id > 5000')$$,
    'SE006', NULL, 'and of many, two chains away');
SELECT lives_ok($$SELECT as_role('lct_verifier', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id > 5000')$$, 'another person may');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'and all verifies');
-- also by way of no region at all, and back
SAVEPOINT nowhere;
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah) SELECT g, '1101' FROM generate_series(5101, 5150) AS g$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id BETWEEN 5101 AND 5150$q$);
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET wilayah = NULL WHERE id BETWEEN 5101 AND 5150$q$);
SELECT throws_ok(format($$SELECT as_role('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id %s')$$, ids), 'SE006', NULL, 'without a region, of rows ' || ids)
FROM unnest('{= 5101,BETWEEN 5101 AND 5150}'::text[]) AS ids;
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET wilayah = '3217012001' WHERE id BETWEEN 5101 AND 5150$q$);
SELECT throws_ok(format($$SELECT as_role('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id %s')$$, ids), 'SE006', NULL, 'and in another one, of rows ' || ids)
FROM unnest('{= 5101,BETWEEN 5101 AND 5150}'::text[]) AS ids;
SELECT results_eq($$SELECT chain COLLATE "default", action FROM dtsen.journal_history('reg', 'usulan', '5142', '3217012001')$$,
    $$VALUES ('1101', 'born'), ('1101', 'ajukan'), ('', 'edit'), ('3217', 'edit')$$, 'the history has them all');
SELECT is(dtsen.journal_proof('reg', 'usulan', '5142', '3217012001') #>> '{entries,3,from_chain}', '', 'so has the proof');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'and the chains verify');
ROLLBACK TO nowhere;
SAVEPOINT damage;
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah) SELECT g, '1471012001' FROM generate_series(5201, 5240) AS g$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id > 5200$q$);
SELECT key AS first FROM reg.journal WHERE chain LIKE '1471%' ORDER BY seq LIMIT 1 \gset
ALTER TABLE reg.journal_block DISABLE TRIGGER USER;
UPDATE reg.journal_block SET entries = 1 WHERE chain LIKE '1471%';
SELECT throws_ok($$SELECT as_role('lct_verifier2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id > 5200 AND id <> $$ || :'first' || $$')$$,
    'SE005', NULL, 'what a damaged block says no more is not taken for nothing');
ROLLBACK TO damage;

-- reasons, and their erasure
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah) SELECT g, '3216012001' FROM generate_series(6001, 6005) AS g$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id > 6000$q$);
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET state = 'ditolak', alasan = 'ibu Siti pindah ' || id / 6003 WHERE id IN (6001, 6002, 6003)$q$);
SELECT results_eq($$SELECT key COLLATE "default", reason FROM reg.journal WHERE key::int > 6000 AND action = 'tolak' ORDER BY 1$$,
    $$VALUES ('6001', 'ibu Siti pindah 0'), ('6002', 'ibu Siti pindah 0'), ('6003', 'ibu Siti pindah 1')$$, 'a reason is in the journal');
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.journal_note SET note = ''x''')$$, 'SE004', NULL, 'it cannot be changed');
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.journal_note SET salt = NULL')$$, 'SE004', NULL, 'nor lose its salt alone');
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.journal_note SET salt = NULL, note = NULL, seq = 0')$$, 'SE004', NULL, 'nor move');
SELECT throws_ok($$SELECT as_role('lct_owner', 'DELETE FROM reg.journal_note')$$, 'SE004', NULL, 'nor go');
SELECT throws_ok($$SELECT as_role('lct_owner', 'TRUNCATE reg.journal_note')$$, 'SE004', NULL, 'nor all of them');
SELECT throws_ok($$SELECT as_role('lct_owner', 'INSERT INTO reg.journal_note VALUES (''usulan'', ''3216'', 1)')$$, 'SE004', NULL, 'none can be added');
SELECT throws_ok($$SELECT as_role('lct_verifier', 'SELECT dtsen.erase_notes(''reg'', ''usulan'', ''6003'')')$$, '42501', NULL, 'erasing is the owner''s');
SELECT lives_ok($$SELECT as_role('lct_owner', 'SELECT dtsen.erase_notes(''reg'', ''usulan'', ''6003'')')$$, 'the owner erases it');
SELECT results_eq($$SELECT key COLLATE "default", reason FROM reg.journal WHERE key::int > 6000 AND action = 'tolak' ORDER BY 1$$,
    $$VALUES ('6001', 'ibu Siti pindah 0'), ('6002', 'ibu Siti pindah 0'), ('6003', NULL)$$, 'that reason is gone');
SELECT results_eq($$SELECT erased_by, erased_at IS NOT NULL, salt IS NULL FROM reg.journal_note WHERE note IS NULL$$,
    $$VALUES ('lct_owner'::name, true, true)$$, 'who erased it is noted');
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.journal_note SET erased_by = ''x'' WHERE note IS NULL')$$, 'SE004', NULL, 'and stays');
SELECT is(dtsen.erase_notes('reg', 'usulan', '6003'), 0::bigint, 'there is nothing to erase twice');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'the chain is whole without it');
-- a query that updates the table twice tells one UPDATE's columns only
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah) VALUES (6006, '3216012001'), (6007, '3216012001')$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id > 6005$q$);
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET state = 'draf', alasan = 'foto kabur' WHERE id = 6006$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id = 6006$q$);
SELECT as_role('lct_verifier', $q$WITH other AS (UPDATE reg.usulan SET changed_by = 'x' WHERE id = 6007 RETURNING id)
    UPDATE reg.usulan SET state = 'draf', alasan = 'foto kabur' WHERE id = 6006$q$);
SELECT results_eq($$SELECT reason FROM reg.journal WHERE key = '6006' AND action = 'kembalikan' ORDER BY at, seq$$,
    $$VALUES ('foto kabur'), ('foto kabur')$$, 'a step that needs a reason is journalled with it, though the same text was there');

-- anchors
SELECT as_role('lct_owner', $q$SELECT dtsen.journal_anchor('reg')$q$);
SELECT results_eq('SELECT anchor_id, chains, entries, made_by FROM reg.journal_anchor',
    $$SELECT 1::bigint, count(DISTINCT (machine, chain)), sum(entries)::bigint, 'lct_owner'::name FROM reg.journal_block$$, 'an anchor covers all chains');
SELECT is(dtsen.journal_anchor('reg'), 1::bigint, 'when nothing happened the last one stands');
SELECT results_eq('SELECT root FROM reg.journal_anchor', $$
    SELECT tree(array_agg(sha256('\x00'::bytea || field(machine) || field(chain) || int8send(entries) || int8send(blocks) || root || digest)
        ORDER BY machine, chain))
    FROM (SELECT machine, chain, max(seq + entries - 1) AS entries, count(*) AS blocks,
            tree(array_agg(sha256('\x00'::bytea || digest) ORDER BY seq)) AS root, (array_agg(digest ORDER BY seq DESC))[1] AS digest
        FROM reg.journal_block GROUP BY 1, 2) AS c$$, 'its root agrees with an independent computation');
SELECT is(dtsen.anchor_json('reg') ->> 'root', (SELECT encode(root, 'hex') FROM reg.journal_anchor), 'it can be exported');
SELECT is(dtsen.anchor_json('reg', 17), NULL, 'one that is not there cannot');
SELECT matches(dtsen.anchor_text('reg'), E'^dtsen journal anchor 1 of .*\n.*\nSHA-256 ([0-9a-f]{8} ){7}[0-9a-f]{8}$', 'and printed');
SELECT is_empty($$SELECT * FROM dtsen.check_anchor('reg', substring(dtsen.anchor_text('reg') FROM 'SHA-256 (.*)'))$$, 'what was printed is found to hold');
SELECT results_eq($$SELECT problem FROM dtsen.check_anchor('reg', repeat('0', 64))$$, $$VALUES ('unknown')$$, 'a root of something else is not');
SELECT throws_ok($$SELECT * FROM dtsen.check_anchor('reg', 'abc')$$, '22023', NULL, 'a root has 64 digits');
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.journal_anchor SET chains = 0')$$, 'SE004', NULL, 'an anchor does not change');
SELECT throws_ok($$SELECT as_role('lct_owner', 'DELETE FROM reg.journal_anchor_chain')$$, 'SE004', NULL, 'nor do its chains');
SELECT throws_ok($$SELECT as_role('lct_operator', 'SELECT dtsen.journal_anchor(''reg'')')$$, '42501', NULL, 'to make one is the owner''s');
SELECT throws_ok(format('SELECT as_role(''lct_operator'', %L)', q), '42501', 'permission denied for the journal of schema "reg"', q || ', too')
FROM unnest('{SELECT dtsen.verify_journal(''reg''),SELECT dtsen.anchor_text(''reg''),"SELECT dtsen.check_anchor(''reg'', repeat(''0'', 64))","SELECT dtsen.journal_proof(''reg'', ''usulan'', ''40'')"}'::text[]) AS q;
-- no row means that all is well: not where nothing was looked at
SELECT throws_ok($$SELECT * FROM dtsen.check_anchor('reg', NULL)$$, '22023', 'a root has 64 hexadecimal digits', 'no root does not hold');
SELECT throws_ok($$SELECT * FROM dtsen.verify_journal('reg', 'uslan')$$, 'P0002', 'there is no machine "uslan" in schema "reg"', 'a machine that there is not does not verify');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg', 'mesin')$$, 'one without entries does');
SELECT throws_ok('SELECT * FROM dtsen.verify_journal(NULL)', '22004', NULL, 'nor does no journal');
SELECT throws_ok($$SELECT * FROM dtsen.check_machine('reg', 'uslan')$$, 'P0002', 'there is no machine "uslan" in schema "reg"', 'nor is such a machine sound');
SELECT throws_ok($$SELECT * FROM dtsen.check_machine('reg', 'usulan', 9)$$, 'P0002', 'there is no machine "usulan/9" in schema "reg"', 'or such a version');
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET state = 'ditolak', alasan = 'ganda' WHERE id = 6004$q$);
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'the journal goes on after an anchor');
SELECT is_empty($$SELECT * FROM dtsen.check_anchor('reg', dtsen.anchor_json('reg', 1) ->> 'root')$$, 'which still holds');
SELECT is(dtsen.journal_anchor('reg'), 2::bigint, 'then there is a second one');

-- tampering, by one who can switch triggers off; more of it: make check-tamper
CREATE FUNCTION tampered(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    EXECUTE statement;
    SELECT string_agg(DISTINCT v.problem, ',') INTO found FROM dtsen.verify_journal('reg') AS v;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = coalesce(found, 'nothing');
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN SQLERRM;
END $$;
SAVEPOINT untouched;
ALTER TABLE reg.journal_block DISABLE TRIGGER USER;
ALTER TABLE reg.journal_note DISABLE TRIGGER USER;
ALTER TABLE reg.journal_anchor DISABLE TRIGGER USER;
ALTER TABLE reg.journal_anchor_chain DISABLE TRIGGER USER;
SELECT is(tampered('SELECT'), 'nothing', 'no false alarm');
SELECT isnt(tampered(format($q$UPDATE reg.journal_block SET %s WHERE machine = 'usulan' AND seq = 1 AND chain = '3216'$q$, change)), 'nothing',
    format('found: %s', change))
FROM unnest(ARRAY['seq = 1000000', 'seq = 2', 'entries = entries - 1', 'entries = entries + 1', 'entries = 0', 'entries = -1', 'entries = 2000000000',
    'keys = keys + 1', 'previous = sha256(''x'')', 'digest = sha256(''x'')', 'digest = ''''', 'previous = ''\x00''', 'chain = ''3217''',
    'machine = ''bagian'', chain = ''9''', 'body = ''''', 'body = body || ''\x00''', 'body = substr(body, 1, length(body) - 1)', 'body = ''\x01''']) AS change;
-- every third byte: make check-tamper draws from all
SELECT is((SELECT count(*) FROM generate_series(0, (SELECT length(body) FROM reg.journal_block WHERE machine = 'usulan' AND seq = 1 AND chain = '3216') - 1, 3) AS i
    WHERE tampered(format($q$UPDATE reg.journal_block SET body = set_byte(body, %s, get_byte(body, %s) # %s) WHERE machine = 'usulan' AND seq = 1 AND chain = '3216'$q$,
        i, i, 1 << (i % 8))) = 'nothing'), 0::bigint, 'a bit turned in any third byte of a block is found');
SELECT is(tampered($q$DELETE FROM reg.journal_block WHERE machine = 'usulan' AND seq = 1 AND chain = '1201'$q$), 'gap,history', 'a deleted first block');
SELECT is(tampered($q$DELETE FROM reg.journal_block WHERE machine = 'usulan' AND chain = '3216' AND seq = (
    SELECT max(seq) FROM reg.journal_block WHERE machine = 'usulan' AND chain = '3216')$q$), 'anchor,note,row differs', 'a deleted last block');
SELECT is(tampered($q$DELETE FROM reg.journal_note WHERE note LIKE 'ibu Siti%'$q$), 'note', 'a reason removed');
SELECT is(tampered($q$UPDATE reg.journal_note SET note = 'x' WHERE note LIKE 'ibu Siti%'$q$), 'note', 'a reason changed');
SELECT is(tampered($q$INSERT INTO reg.journal_note VALUES ('usulan', '3216', 1, '\x00', 'x')$q$), 'note', 'a reason added');
SELECT is(tampered($q$UPDATE reg.journal_anchor SET root = sha256('x') WHERE anchor_id = 1$q$), 'anchor', 'an anchor changed');
SELECT is(tampered($q$UPDATE reg.journal_anchor_chain SET entries = entries - 1 WHERE anchor_id = 1$q$), 'anchor', 'a chain of an anchor changed');
-- the chain made anew, consistently: only the anchor tells
CREATE FUNCTION forge() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    b record;
    before bytea := decode(repeat('00', 32), 'hex');
    forged bytea;
    fresh bytea;
BEGIN
    FOR b IN SELECT * FROM reg.journal_block WHERE machine = 'usulan' AND chain = '1101' ORDER BY seq LOOP
        -- another person did it: the text is of the same length
        forged := overlay(b.body PLACING 'person-7'::bytea FROM position('person-1'::bytea IN b.body) FOR 8);
        SELECT sha256('dtsen.block.1'::bytea || '\x00'::bytea || before || c.content) INTO fresh
        FROM dtsen._journal_content(b.machine, b.chain, b.seq, b.entries, forged) AS c;
        UPDATE reg.journal_block SET body = forged, previous = before, digest = fresh
        WHERE machine = 'usulan' AND chain = '1101' AND seq = b.seq;
        before := fresh;
    END LOOP;
END $$;
SELECT is(tampered('SELECT forge()'), 'anchor', 'a whole chain made anew is found by the anchor');
SELECT is(tampered($q$SELECT forge(); DELETE FROM reg.journal_anchor_chain; DELETE FROM reg.journal_anchor$q$), 'nothing', 'and by nothing else');
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
SELECT is(tampered($q$UPDATE reg.usulan SET state = 'terbit' WHERE id = 30$q$), 'row differs', 'a row changed behind the triggers is found');
SELECT is(tampered($q$DELETE FROM reg.usulan WHERE id = 30$q$), 'row missing', 'a row deleted behind them');
SELECT is(tampered($q$INSERT INTO reg.usulan VALUES (999)$q$), 'row without entry', 'a row smuggled in');
SELECT is(tampered($q$SELECT dtsen.detach('reg.usulan', 'usulan')$q$), 'detached', 'a table taken off');
ROLLBACK TO untouched;

-- misuse of the trigger functions
CREATE TABLE misuse (id int PRIMARY KEY, state text);
CREATE FUNCTION misused(definition text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'CREATE TRIGGER x ' || definition;
    INSERT INTO misuse VALUES (1, 'a');
    UPDATE misuse SET state = 'b';
    TRUNCATE misuse;
    RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT is(misused(definition), '39P01', definition) FROM (VALUES
    ('BEFORE INSERT ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.guard()'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard()'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'')'),
    ('AFTER UPDATE ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', ''id'', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', ''nix'', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', '''', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''nix'', ''id'', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''nix'', ''usulan'', ''id'', ''state'', '''', '''', '''', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', ''id'', ''state'', '''', '''', ''state'', '''')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard(''reg'', ''usulan'', ''id'', ''state'', '''', '''', '''', ''id'')'),
    ('BEFORE TRUNCATE ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.guard()'),
    ('AFTER INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.guard_statement()'),
    ('AFTER UPDATE ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.guard_statement()'),
    ('AFTER INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.journal()'),
    ('AFTER INSERT ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.journal()'),
    ('AFTER UPDATE ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.journal()'),
    ('AFTER TRUNCATE ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.journal()'),
    ('AFTER INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only()'),
    ('BEFORE UPDATE ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.journal_only()'),
    ('AFTER UPDATE ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.note_erase()'),
    ('BEFORE UPDATE ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.note_erase()'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed()'),
    ('AFTER INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.machine_changed(''x'')'),
    ('AFTER UPDATE ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.immutable()'),
    ('BEFORE INSERT ON misuse FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable()'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.immutable(''id'')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.immutable(''id'', ''usulan'', ''id'', ''state'', ''terbit'')'),
    ('BEFORE INSERT ON misuse FOR EACH ROW EXECUTE FUNCTION dtsen.immutable(''nix'', ''reg.usulan'', ''id'', ''state'', ''terbit'')')
    ) AS v(definition);
SELECT throws_ok('SELECT dtsen.guard()', '39P01', NULL, 'a trigger function is no function');

SELECT * FROM finish();
ROLLBACK;
