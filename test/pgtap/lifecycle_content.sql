-- What entries commit to: every column of a row of any type, whatever the
-- settings of the sessions that write and verify; its erasure; other lists.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();
\set tamperings `echo ${TAMPERINGS:-300}`
SELECT setseed(0.17) \g /dev/null

-- an oracle that knows docs/formats.md and sha256() alone
CREATE FUNCTION field(b bytea) RETURNS bytea LANGUAGE sql AS $$
    SELECT CASE WHEN b IS NULL THEN '\x00'::bytea
        WHEN length(b) < 127 THEN set_byte('\x00', 0, length(b) + 1) || b
        ELSE set_byte(set_byte('\x0000', 0, (length(b) + 1) % 128 + 128), 1, (length(b) + 1) / 128) || b END $$;
CREATE FUNCTION field(t text) RETURNS bytea LANGUAGE sql AS $$ SELECT field(convert_to(t, 'UTF8')) $$;
CREATE FUNCTION committed(seed bytea, place bigint, columns bytea, fields bytea) RETURNS bytea LANGUAGE sql AS $$
    SELECT sha256('dtsen.commit.1'::bytea || '\x00'
        || substr(sha256('dtsen.salt.1'::bytea || '\x00' || seed || int8send(place)), 1, 16)
        || sha256('dtsen.row.1'::bytea || '\x00' || sha256('dtsen.columns.1'::bytea || '\x00' || columns) || fields)) $$;
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah, isi) SELECT g, '3216012001', nullif(repeat('é', g % 90), '')
    FROM generate_series(1, 300) AS g$q$);
SELECT is((SELECT count(*) FILTER (WHERE e.content = committed(b.salt, e.seq - b.seq,
            (SELECT string_agg(field(c.name) || field('pg_catalog.' || c.type), ''::bytea ORDER BY c.name COLLATE "C")
             FROM (VALUES ('id', 'int8'), ('state', 'text'), ('wilayah', 'text'), ('isi', 'text'), ('alasan', 'text'),
                ('changed_at', 'timestamptz'), ('changed_by', 'text')) AS c(name, type)),
            field(u.alasan) || field(timestamptz_send(u.changed_at)) || field(u.changed_by) || field(int8send(u.id))
            || field(u.isi) || field(u.state) || field(u.wilayah)))
    FROM reg.journal_block AS b, dtsen.journal_entries(b.seq, b.entries, b.body) AS e, reg.usulan AS u
    WHERE b.machine = 'usulan' AND u.id = e.key::bigint), 300::bigint, 'commitments agree with an independent computation');
SELECT results_eq($$SELECT names, types FROM reg.journal_columns AS c WHERE 'isi' = ANY (names)$$,
    $$VALUES ('{alasan,changed_at,changed_by,id,isi,state,wilayah}'::text[],
        '{pg_catalog.text,pg_catalog.timestamptz,pg_catalog.text,pg_catalog.int8,pg_catalog.text,pg_catalog.text,pg_catalog.text}'::text[])$$,
    'the list of columns is kept once, in the order of their names');

-- columns of many types
SELECT as_role('lct_owner', $q$
    UPDATE reg.actor SET wilayah = NULL;
    INSERT INTO reg.machine VALUES ('isian', 1, 'a');
    INSERT INTO reg.state (machine, state) VALUES ('isian', 'a'), ('isian', 'b');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('isian', 'a', 'b', 'go', 'operator'), ('isian', 'b', 'a', 'back', 'operator');
    CREATE TYPE reg.warna AS ENUM ('merah', 'hijau');
    CREATE DOMAIN reg.uang AS numeric(14, 2);
    CREATE TYPE reg.pasang AS (a int, b text, c reg.uang[]);
    CREATE TABLE reg.isian (hilang int, "Kunci" text PRIMARY KEY, state text NOT NULL DEFAULT 'a', wilayah text, n numeric, d date, t text, j jsonb, e reg.warna,
        k dtsen.nik, nm dtsen.nama, w dtsen.kode_wilayah, ts timestamptz, f float8, b bytea, iv interval, ia int[], ta text[], ka dtsen.nik[],
        p reg.pasang, pa reg.pasang[], r daterange, mr int8multirange, u uuid, ip inet, dm reg.uang, bits varbit, ch char(9), bo bool, i2 int2,
        js json, vc varchar(50), panjang int GENERATED ALWAYS AS (length(t)) STORED, zz_dtsen_row text);
    ALTER TABLE reg.isian DROP COLUMN hilang;
    SELECT dtsen.attach('reg.isian', 'isian', 'reg', 'Kunci', changed_at_column => NULL, changed_by_column => NULL);
    GRANT ALL ON reg.isian TO PUBLIC; GRANT USAGE ON TYPE reg.warna TO PUBLIC$q$);
CREATE FUNCTION sample(g int) RETURNS TABLE (col text, val text) LANGUAGE sql AS $$
    SELECT v.col, CASE WHEN random() < 0.1 THEN NULL ELSE v.val END
    FROM (SELECT random() AS x, 1 + floor(random() * 1000 + g * 0)::int AS i) AS r, LATERAL (VALUES
        ('n', (x * 1e6)::numeric::text), ('d', (date '2001-02-03' + i)::text), ('t', repeat('ö ', i % 70) || i), ('j', format('{"a": %s, "b": [%s, null]}', x, i)),
        ('e', (ARRAY['merah', 'hijau'])[1 + i % 2]), ('k', (3216012000000000 + i)::text), ('nm', 'SITI ' || chr(65 + i % 26) || chr(66 + i % 20)), ('w', (ARRAY['32', '3216', '321601'])[1 + i % 3]),
        ('ts', (timestamptz '2026-01-01' + i * interval '1 hour')::text), ('f', x::text), ('b', encode(sha256(i::text::bytea), 'escape')), ('iv', (i * interval '7 minutes')::text),
        ('ia', format('{%s,NULL,%s}', i, i * 2)), ('ta', format('{{a,%s},{NULL,"b c"}}', i)), ('ka', format('{%s}', 3216012000000000 + i)),
        ('p', format('(%s,"x %s","{1.50,%s}")', i, i, i)), ('pa', format('{"(%s,,)","(,b,)"}', i)), ('r', format('[2026-01-01,%s)', date '2026-01-02' + i)),
        ('mr', format('{[1,%s),[%s,%s)}', i + 1, i + 5, i + 9)), ('u', md5(i::text)), ('ip', format('10.0.%s.1/24', i % 250)), ('dm', (x * 100)::numeric(14, 2)::text), ('bits', i::bit(12)::text),
        ('ch', 'c' || i), ('bo', (i % 2 = 0)::text), ('i2', (-i)::text), ('js', format('{"z":  %s}', i)), ('vc', 'é' || i), ('zz_dtsen_row', 'r' || i)) AS v(col, val) $$;
CREATE FUNCTION fill(keys text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    key text;
BEGIN
    FOREACH key IN ARRAY keys LOOP
        EXECUTE (SELECT format('INSERT INTO reg.isian ("Kunci", wilayah, %s) VALUES (%L, %L, %s)', string_agg(quote_ident(s.col), ', '), key,
            '32' || (10 + length(key) % 3), string_agg(quote_nullable(s.val), ', ')) FROM sample(1) AS s);
    END LOOP;
END $$;
\o /dev/null
SELECT as_role('lct_operator', $q$SELECT fill(ARRAY(SELECT 'k' || g FROM generate_series(1, 60) AS g))$q$);
-- other sessions write with other settings
SET LOCAL client_encoding = 'LATIN1'; SET LOCAL DateStyle = 'SQL, DMY'; SET LOCAL TimeZone = 'Asia/Jayapura'; SET LOCAL extra_float_digits = -10;
SET LOCAL bytea_output = 'escape'; SET LOCAL IntervalStyle = 'iso_8601'; SET LOCAL search_path = reg, public;
SELECT as_role('lct_operator', $q$UPDATE reg.isian SET state = 'b' WHERE "Kunci" LIKE '%3'$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.isian SET t = 'ü' || t WHERE "Kunci" LIKE '%4'$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.isian SET wilayah = '1471' WHERE "Kunci" LIKE '%5'$q$);
\o
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'no false alarm under other settings');
RESET client_encoding; SET LOCAL search_path = public; SET LOCAL DateStyle = 'German'; SET LOCAL TimeZone = 'America/New_York'; SET LOCAL extra_float_digits = 3;
SET LOCAL IntervalStyle = 'sql_standard'; SET LOCAL bytea_output = 'hex'; SET LOCAL enable_hashjoin = off;
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'nor under those of a third session');
SET LOCAL enable_hashjoin = on;
SELECT is((SELECT count(*) FROM reg.journal_block AS b, dtsen.journal_entries(b.seq, b.entries, b.body) AS e WHERE b.machine = 'isian' AND e.content IS NULL), 0::bigint,
    'every entry commits');

-- one value of one row behind the triggers
ALTER TABLE reg.isian DISABLE TRIGGER USER;
CREATE FUNCTION tampered(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
    n int;
BEGIN
    EXECUTE statement;
    GET DIAGNOSTICS n = ROW_COUNT;
    SELECT string_agg(concat_ws(' ', v.machine, v.key, v.problem), '; ') INTO found FROM dtsen.verify_journal('reg') AS v;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN CASE WHEN n = 0 THEN 'nothing was changed' ELSE coalesce(found, 'nothing') END;
END $$;
CREATE TEMP TABLE outcome AS
    SELECT s.col, s.val, 'k' || k.k AS key, tampered(format('UPDATE reg.isian SET %1$I = %2$L WHERE "Kunci" = %3$L AND %1$I::text IS DISTINCT FROM (%2$L::%4$s)::text',
            s.col, s.val, 'k' || k.k, (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute AS a WHERE a.attrelid = 'reg.isian'::regclass AND a.attname = s.col))) AS found
    FROM generate_series(1, :tamperings) AS g, LATERAL (SELECT 1 + floor(random() * 60 + g * 0)::int AS k) AS k,
        LATERAL (SELECT * FROM sample(g) ORDER BY random() + g * 0 LIMIT 1) AS s;
SELECT is_empty($$SELECT col, val, key, found FROM outcome WHERE found NOT IN (format('isian %s content', key), 'nothing was changed')$$,
    'each column that is changed is found, at its row');
SELECT cmp_ok((SELECT count(*) FROM outcome WHERE found LIKE '%content'), '>=', (:tamperings * 0.7)::bigint, 'they were done');
SELECT is(tampered($$UPDATE reg.isian SET t = NULL WHERE t IS NOT NULL AND "Kunci" = (SELECT min("Kunci") FROM reg.isian WHERE t IS NOT NULL)$$),
    (SELECT format('isian %s content', min("Kunci")) FROM reg.isian WHERE t IS NOT NULL), 'NULL is no empty text');
SELECT is(tampered($$UPDATE reg.isian SET state = 'b' WHERE "Kunci" = 'k1'$$), 'isian k1 row differs', 'a state that was changed is named as before, once');
SELECT is(tampered($$UPDATE reg.isian SET t = t || 'x', vc = 'y' WHERE "Kunci" IN ('k2', 'k3', 'k5')$$), 'isian k5 content; isian k2 content; isian k3 content',
    'all rows are listed') ;
ALTER TABLE reg.isian ENABLE TRIGGER USER;

-- erasure: the chain stays whole, the row can no longer be compared
SELECT throws_ok($$SELECT as_role('lct_operator', $q$SELECT dtsen.erase_content('reg', 'usulan', '7')$q$)$$, '42501', NULL, 'it is the owner''s');
SELECT throws_ok($$SELECT as_role('lct_owner', $q$SELECT dtsen.erase_content('reg', 'usulan', '70000')$q$)$$, 'P0002', NULL, 'of a row that is there');
SELECT throws_ok($$SELECT as_role('lct_owner', $q$SELECT dtsen.erase_content('reg', 'lain', '7')$q$)$$, '22023', NULL, 'under a machine');
SELECT unalike(refusal('lct_owner', format($q$SELECT dtsen.erase_content('reg', 'usulan', %L)$q$, k)), '%' || k || '%', 'a key that no row can have is not shown')
FROM unnest(ARRAY['32160101019' || '000019', 'SITI AMINAH', '3216010101900001234' || '56']) AS k;
SELECT matches(refusal('lct_owner', $q$SELECT dtsen.erase_content('reg', 'usulan', 'SITI')$q$), '^P0002 ', 'it is of no row');
\o /dev/null
SELECT as_role('lct_operator', $q$UPDATE reg.usulan SET state = 'diajukan' WHERE id < 20$q$);
SELECT as_role('lct_owner', $q$SELECT dtsen.journal_anchor('reg')$q$);
\o
SELECT lives_ok($$SELECT as_role('lct_owner', $q$CREATE TABLE reg.dihapus AS SELECT dtsen.erase_content('reg', 'usulan', '7') AS n$q$)$$, 'the owner erases');
SELECT results_eq('SELECT n FROM reg.dihapus', 'VALUES (2::bigint)', 'the salts of both entries');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all chains and anchors verify');
SELECT results_eq($$SELECT action, login, from_state, to_state FROM reg.journal WHERE key = '7' ORDER BY at DESC, seq DESC LIMIT 1$$,
    $$VALUES ('erased', 'lct_owner'::name, 'diajukan', 'diajukan')$$, 'the erasure is journalled');
SELECT results_eq($$SELECT c.key, count(*) FROM reg.journal_block AS b, dtsen._journal_contents(b.seq, b.entries, b.body, b.salt) AS c
    WHERE b.machine = 'usulan' AND c.content IS NOT NULL AND c.salt IS NULL GROUP BY 1$$, $$VALUES ('7', 2::bigint)$$, 'no other row has lost a salt');
SELECT lives_ok($$SELECT as_role('lct_owner', $q$UPDATE reg.dihapus SET n = dtsen.erase_content('reg', 'usulan', '7')$q$)$$, 'again');
SELECT results_eq('SELECT n FROM reg.dihapus', 'VALUES (0::bigint)', 'there is nothing left to erase');
SELECT matches(refusal('lct_owner', format($q$SELECT dtsen._journal_erased('reg', 'usulan', %L)$q$, k)), '^P0002 ', 'the owner journals no erasure of what is no row: ' || k)
FROM unnest(ARRAY['70000', '08', 'SITI']) AS k;
SELECT matches(refusal('lct_operator', $q$SELECT dtsen._journal_erased('reg', 'usulan', '8')$q$), '^42501 ', 'another journals none');
SELECT is_empty($$SELECT FROM pg_proc AS p WHERE p.proname = '_journal_erased' AND 'state' = ANY (p.proargnames)$$, 'nobody says in which state');
SAVEPOINT direct;
SELECT lives_ok($$SELECT as_role('lct_owner', $q$SELECT dtsen._journal_erased('reg', 'usulan', '8')$q$)$$, 'of a row he can');
SELECT results_eq($$SELECT action, from_state, to_state FROM reg.journal WHERE key = '8' ORDER BY at DESC, seq DESC LIMIT 1$$,
    $$VALUES ('erased', 'diajukan', 'diajukan')$$, 'in the state in which it is');
ROLLBACK TO direct;
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
SELECT is(tampered($$UPDATE reg.usulan SET alasan = 'palsu' WHERE id = 7$$), 'nothing', 'what was erased proves nothing');
SELECT is(tampered($$UPDATE reg.usulan SET alasan = 'palsu' WHERE id = 8$$), 'usulan 8 content', 'the rows beside it are compared as before');
SELECT is(tampered($$UPDATE reg.usulan SET state = 'draf' WHERE id = 7$$), 'usulan 7 row differs', 'and its state is');
ALTER TABLE reg.usulan ENABLE TRIGGER USER;
SELECT is((SELECT count(*) FROM jsonb_array_elements(dtsen.journal_proof('reg', 'usulan', '7', '3216', true) -> 'entries') AS e WHERE e -> 'content' ->> 'salt' IS NOT NULL), 0::bigint,
    'its proof holds no salt');
SELECT is((SELECT count(*) FROM jsonb_array_elements(dtsen.journal_proof('reg', 'usulan', '8', '3216', true) -> 'entries') AS e WHERE e -> 'content' ->> 'fields' IS NOT NULL), 1::bigint,
    'that of another shows the columns that its last entry commits to');
SELECT results_eq($$SELECT w, count(e -> 'content' ->> 'commitment'), count(e -> 'content' ->> 'fields'), count(e -> 'content' ->> 'salt')
    FROM unnest(ARRAY[false, true]) AS w, jsonb_array_elements(dtsen.journal_proof('reg', 'usulan', '8', '3216', w) -> 'entries') AS e GROUP BY w ORDER BY w$$,
    $$VALUES (false, 2::bigint, 0::bigint, 0::bigint), (true, 2, 1, 1)$$, 'and a salt only beside the columns');
\o /dev/null
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET state = 'disahkan' WHERE id = 7$q$);
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
\o
SELECT is(tampered($$UPDATE reg.usulan SET alasan = 'palsu' WHERE id = 7$$), 'usulan 7 content', 'after its next change it is compared again');
ALTER TABLE reg.usulan ENABLE TRIGGER USER;
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all verifies');

-- emptying a row in a final state, with all that was known of it
\o /dev/null
SELECT as_role('lct_owner', $q$UPDATE reg.actor SET wilayah = NULL$q$);
SELECT as_role('lct_verifier', $q$UPDATE reg.usulan SET state = 'ditolak', alasan = 'SITI pindah' WHERE id IN (15, 16)$q$);
\o
SELECT results_eq('SELECT state FROM reg.usulan WHERE id = 15', $$VALUES ('ditolak')$$, 'a row is in a final state');
SELECT throws_ok($$SELECT as_role('lct_owner', $q$UPDATE reg.usulan SET isi = NULL WHERE id = 15$q$)$$, 'SE004', NULL, 'which no UPDATE empties');
SELECT matches(refusal(r, $q$SELECT dtsen.empty_row('reg', 'usulan', '15', '{"isi": null}', 'x')$q$), '^42501 ', r || ' does not empty it')
FROM unnest(ARRAY['lct_operator', 'lct_verifier']) AS r;
SELECT matches(refusal(r, $q$SELECT dtsen._empty_row('reg', 'usulan', '15', '{"isi": null}', 'x')$q$), '^42501 ', r || ' does not either by the function within')
FROM unnest(ARRAY['lct_operator', 'lct_verifier']) AS r;
SELECT matches(refusal('lct_owner', format($q$SELECT dtsen.empty_row('reg', 'usulan', '15', %L)$q$, e)), '^22023 ', 'not this: ' || coalesce(e, 'nothing'))
FROM unnest(ARRAY['{"isi": "palsu"}', '{"state": null}', '{"id": null}', '{"wilayah": null}', '{"alasan": null}', '{"tiada": null}', '{"isi = 1 --": null}', '[]', NULL]) AS e;
SELECT matches(refusal('lct_owner', $q$SELECT dtsen.empty_row('reg', 'usulan', '70000', '{"isi": null}')$q$), '^P0002 ', 'no row that is not there');
SELECT lives_ok($$SELECT as_role('lct_owner', $q$SELECT dtsen.empty_row('reg', 'usulan', '15', '{"isi": null}', 'request 12')$q$)$$, 'the owner empties it');
SELECT results_eq('SELECT state, isi, alasan, changed_by FROM reg.usulan WHERE id = 15', $$VALUES ('ditolak', NULL, 'request 12', 'lct_owner')$$, 'it is empty, where it was, and says why');
SELECT results_eq($$SELECT action, login, to_state, reason FROM reg.journal WHERE machine = 'usulan' AND key = '15' AND action IN ('tolak', 'erased') ORDER BY at, seq$$,
    $$VALUES ('tolak', 'lct_verifier'::name, 'ditolak', NULL), ('erased', 'lct_owner', 'ditolak', NULL), ('erased', 'lct_owner', 'ditolak', 'request 12')$$,
    'its steps stay, without the reason that was given, and the erasure is journalled with its own');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all verifies');
SELECT throws_ok($$SELECT as_role('lct_owner', $q$UPDATE reg.usulan SET isi = 'x' WHERE id = 15$q$)$$, 'SE004', NULL, 'it is as final as it was');
SELECT matches(refusal('lct_owner', $q$SELECT dtsen.empty_row('reg', 'usulan', '30', '{"isi": null}', 'x')$q$), '^42501 ', 'a row that is not final is for those who may edit it');
SELECT is(dtsen.is_emptied('reg', 'usulan', '15'), false, 'nothing is being emptied now');
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
SELECT is(tampered($$UPDATE reg.usulan SET isi = 'palsu' WHERE id = 15$$), 'usulan 15 content', 'and is compared, as it is now');
ALTER TABLE reg.usulan ENABLE TRIGGER USER;

-- salts change by erasure alone
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.journal_block SET salt = NULL')$$, 'SE004', NULL, 'nobody takes salts away');
SELECT throws_ok($$SELECT as_role('lct_super', 'UPDATE reg.journal_block SET salt = sha256(salt)')$$, 'SE004', NULL, 'nor exchanges them');
SELECT throws_ok($$SELECT as_role('lct_owner', 'UPDATE reg.journal_block SET salt = dtsen._journal_salt_without(salt, entries, ''{0}''), seq = seq + 1 WHERE salt IS NOT NULL')$$, 'SE004', NULL,
    'nor anything with them');
SELECT throws_ok($$SELECT as_role('lct_owner', 'DELETE FROM reg.journal_columns')$$, 'SE004', NULL, 'nor lists');
SELECT throws_ok($$SELECT as_role('lct_owner', 'INSERT INTO reg.journal_columns SELECT sha256(digest), names, types FROM reg.journal_columns')$$, 'SE004', NULL, 'nor adds any');
SELECT throws_ok('SELECT dtsen._journal_salt_without(''abc'', 1, ''{0}'')', '22023', NULL, 'what is no salt is refused');
SELECT throws_ok('SELECT dtsen._journal_salt_without(sha256('''')::bytea, 2, ''{0}'')', '22023', NULL, 'whatever its length');
SELECT throws_ok('SELECT dtsen._journal_salt_without(substr(sha256(''''), 1, 16), 2, ''{2}'')', '22023', NULL, 'nor is there a place behind the last');
ALTER TABLE reg.journal_block DISABLE TRIGGER USER;
SELECT is(tampered($$UPDATE reg.journal_block SET salt = NULL WHERE machine = 'isian' AND seq = 1 AND chain = '3212'$$), 'isian salt', 'a superuser''s removal is found');
SELECT is(tampered($$UPDATE reg.journal_block SET salt = substr(sha256(salt), 1, 16) WHERE machine = 'isian' AND seq = 1 AND chain = '3212'$$), 'isian salt', 'an exchange is');
SELECT is(tampered($$UPDATE reg.journal_block SET salt = dtsen._journal_salt_without(salt, entries, '{0}') WHERE machine = 'isian' AND chain = '3212' AND seq = (SELECT max(seq) FROM reg.journal_block WHERE machine = 'isian' AND chain = '3212')$$),
    (SELECT format('isian %s salt', key) FROM reg.journal_block AS b, dtsen.journal_entries(b.seq, b.entries, b.body) WHERE b.machine = 'isian' AND b.chain = '3212' ORDER BY b.seq DESC, 1 LIMIT 1),
    'and an erasure that nobody journalled');
SELECT is(tampered($$UPDATE reg.journal_block SET salt = substr(sha256(body), 1, 16) WHERE salt IS NULL AND seq = (SELECT min(seq) FROM reg.journal_block WHERE salt IS NULL)$$), 'usulan salt', 'and a salt that belongs to nothing');
ALTER TABLE reg.journal_block ENABLE TRIGGER USER;

-- a trigger that changes a row again after its change
\o /dev/null
CREATE FUNCTION reg.again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN UPDATE reg.isian SET i2 = coalesce(i2, 0) + 1 WHERE "Kunci" = NEW."Kunci"; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER again AFTER UPDATE ON reg.isian FOR EACH ROW EXECUTE FUNCTION reg.again();
SELECT as_role('lct_operator', $q$UPDATE reg.isian SET state = 'b' WHERE "Kunci" LIKE '%6'$q$);
SELECT as_role('lct_operator', $q$UPDATE reg.isian SET vc = 'lagi' WHERE "Kunci" LIKE '%7'$q$);
DROP TRIGGER again ON reg.isian;
\o
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'a row that a trigger changes again raises no alarm');

-- columns that come and go
\o /dev/null
SELECT as_role('lct_owner', 'ALTER TABLE reg.isian ADD baru int DEFAULT 3, DROP zz_dtsen_row');
\o
SELECT bag_eq($$SELECT machine, problem FROM dtsen.verify_journal('reg')$$, $$VALUES ('isian', 'columns')$$, 'what was dropped cannot be compared, which is said once');
\o /dev/null
SELECT as_role('lct_owner', 'ALTER TABLE reg.isian ADD zz_dtsen_row text');
SELECT as_role('lct_owner', 'SELECT dtsen.detach(''reg.isian'', ''isian''), dtsen.attach(''reg.isian'', ''isian'', ''reg'', ''Kunci'', changed_at_column => NULL, changed_by_column => NULL)');
SELECT as_role('lct_owner', 'ALTER TABLE reg.isian ADD lagi int DEFAULT 5');
SELECT as_role('lct_operator', $q$UPDATE reg.isian SET t = 'baru' WHERE "Kunci" = 'k1'$q$);
\o
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'attached anew it is; a column more is none too many');
ALTER TABLE reg.isian DISABLE TRIGGER USER;
SELECT is(tampered($$UPDATE reg.isian SET lagi = 6 WHERE "Kunci" = 'k1'$$), 'isian k1 content', 'it counts from the next change on');
SELECT is(tampered($$UPDATE reg.isian SET lagi = 6 WHERE "Kunci" = 'k2'$$), 'nothing', 'and not before');
SELECT is(tampered($$UPDATE reg.isian SET baru = 6 WHERE "Kunci" = 'k2'$$), 'isian k2 content', 'the others do');
ALTER TABLE reg.isian ENABLE TRIGGER USER;

-- some columns, none, and those that have no bytes of their own
\o /dev/null
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('pilih', 1, 'a'), ('tanpa', 1, 'a'), ('kode', 1, 'a');
    INSERT INTO reg.state (machine, state) SELECT m, s FROM unnest('{pilih,tanpa,kode}'::text[]) AS m, unnest('{a,b}'::text[]) AS s;
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) SELECT m, 'a', 'b', 'go', 'operator' FROM unnest('{pilih,tanpa,kode}'::text[]) AS m;
    CREATE TABLE reg.kode (id char(9) PRIMARY KEY, state text DEFAULT 'a');
    INSERT INTO reg.kode VALUES ('abc'), ('abcd');
    SELECT dtsen.attach('reg.kode', 'kode', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL);
    CREATE TABLE reg.pilih (id int PRIMARY KEY, state text DEFAULT 'a', isi text, lain regclass, susun regclass[]);
    CREATE TABLE reg.tanpa (id int PRIMARY KEY, state text DEFAULT 'a', isi text, lain regclass);
    INSERT INTO reg.pilih VALUES (1, 'a', 'x', 'pg_class', '{pg_type}');
    GRANT ALL ON reg.pilih, reg.tanpa TO PUBLIC$q$);
\o
SELECT lives_ok($$SELECT as_role('lct_owner', $q$UPDATE reg.dihapus SET n = dtsen.erase_content('reg', 'kode', 'abc')$q$)$$, 'a row whose key is char(n) is found');
SELECT results_eq('SELECT n FROM reg.dihapus', 'VALUES (1::bigint)', 'it alone');
SELECT throws_ok($$SELECT as_role('lct_owner', $q$SELECT dtsen.attach('reg.pilih', 'pilih', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL)$q$)$$,
    '0A000', 'the journal cannot commit to column "lain" of type regclass', 'an OID is refused');
SELECT throws_ok($$SELECT as_role('lct_owner', $q$SELECT dtsen.attach('reg.pilih', 'pilih', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL, content_columns => '{susun}')$q$)$$,
    '0A000', NULL, 'in an array too');
SELECT throws_ok($$SELECT as_role('lct_owner', $q$SELECT dtsen.attach('reg.pilih', 'pilih', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL, content_columns => '{isi,tiada}')$q$)$$,
    '42703', NULL, 'and a column that is not there');
\o /dev/null
SELECT as_role('lct_owner', $q$SELECT dtsen.attach('reg.pilih', 'pilih', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL, frozen_columns => '{id}', content_columns => '{isi,id}')$q$);
SELECT as_role('lct_owner', $q$SELECT dtsen.attach('reg.tanpa', 'tanpa', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL, content_columns => '{}')$q$);
SELECT as_role('lct_operator', 'INSERT INTO reg.tanpa VALUES (1, ''a'', ''x'', NULL); UPDATE reg.tanpa SET state = ''b''; UPDATE reg.pilih SET state = ''b''');
\o
SELECT results_eq($$SELECT DISTINCT machine COLLATE "default", get_byte(body, 0), salt IS NULL FROM reg.journal_block WHERE machine IN ('pilih', 'tanpa') ORDER BY 1$$,
    $$VALUES ('pilih', 2, false), ('tanpa', 1, true)$$, 'without columns blocks are those of version 1');
ALTER TABLE reg.pilih DISABLE TRIGGER USER;
SELECT is(tampered($$UPDATE reg.pilih SET lain = 'pg_type'$$), 'nothing', 'columns that were not named are not compared');
SELECT is(tampered($$UPDATE reg.pilih SET isi = 'y'$$), 'pilih 1 content', 'those named are');
ALTER TABLE reg.pilih ENABLE TRIGGER USER;
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'all verifies');

-- types whose names have dots: no two are taken for each other
\o /dev/null
CREATE SCHEMA "t.a";
CREATE SCHEMA t;
CREATE SCHEMA "t""a";
CREATE TYPE "t.a".b AS ENUM ('rendah', 'tinggi');
CREATE TYPE t."a.b" AS ENUM ('tinggi', 'rendah');
CREATE TYPE "t""a"."B" AS ENUM ('rendah');
CREATE TYPE t."interval" AS ENUM ('rendah');
GRANT USAGE ON SCHEMA "t.a", t, "t""a" TO PUBLIC;
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('titik', 1, 'a');
    INSERT INTO reg.state (machine, state) VALUES ('titik', 'a'), ('titik', 'b');
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('titik', 'a', 'b', 'go', 'operator');
    CREATE TABLE reg.titik (id int PRIMARY KEY, state text DEFAULT 'a', m "t.a".b, n "t""a"."B", o t."interval");
    SELECT dtsen.attach('reg.titik', 'titik', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL);
    GRANT ALL ON reg.titik TO PUBLIC$q$);
SELECT as_role('lct_operator', $q$INSERT INTO reg.titik VALUES (1, 'a', 'tinggi', 'rendah', 'rendah')$q$);
\o
SELECT results_eq($$SELECT types FROM reg.journal_columns WHERE 'm' = ANY (names) AND 'o' = ANY (names)$$,
    $$VALUES (ARRAY['pg_catalog.int4', '"t.a".b', '"t""a".B', 't.interval', 'pg_catalog.text'])$$, 'names with a dot or a quotation mark are quoted, words of SQL are not');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg', 'titik')$$, 'rows are compared');
SAVEPOINT titik;
ALTER TABLE reg.titik ALTER m TYPE t."a.b" USING m::text::t."a.b";
SELECT results_eq($$SELECT machine, problem FROM dtsen.verify_journal('reg', 'titik')$$, $$VALUES ('titik', 'columns')$$, 'a type that reads alike is another');
ROLLBACK TO titik;

-- partitions whose columns lie otherwise, however their rows are written; a list that an abort takes back
\o /dev/null
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('bagian', 1, 'a');
    INSERT INTO reg.state (machine, state) SELECT 'bagian', s FROM unnest('{a,b}'::text[]) AS s;
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('bagian', 'a', 'b', 'go', 'operator'), ('bagian', 'b', 'a', 'back', 'operator');
    CREATE TABLE reg.bagian (id int, bln int, state text NOT NULL DEFAULT 'a', isi text, len int GENERATED ALWAYS AS (length(isi)) STORED, ch timestamptz, who text,
        PRIMARY KEY (id, bln)) PARTITION BY LIST (bln);
    CREATE TABLE reg.bagian_1 PARTITION OF reg.bagian FOR VALUES IN (1);
    CREATE TABLE reg.bagian_2 (x int, who text, isi text, bln int NOT NULL, len int GENERATED ALWAYS AS (length(isi)) STORED, y text, state text NOT NULL DEFAULT 'a',
        id int NOT NULL, ch timestamptz, PRIMARY KEY (id, bln));
    ALTER TABLE reg.bagian_2 DROP x, DROP y;
    ALTER TABLE reg.bagian ATTACH PARTITION reg.bagian_2 FOR VALUES IN (2);
    SELECT dtsen.attach('reg.bagian', 'bagian', 'reg', wilayah_column => NULL, changed_at_column => 'ch', changed_by_column => 'who');
    CREATE TABLE reg.bagian_0 (who text, isi text, bln int NOT NULL, len int GENERATED ALWAYS AS (length(isi)) STORED, ch timestamptz, state text NOT NULL DEFAULT 'a', id int NOT NULL,
        PRIMARY KEY (id, bln));
    ALTER TABLE reg.bagian_0 ALTER who SET STORAGE PLAIN;
    ALTER TABLE reg.bagian ATTACH PARTITION reg.bagian_0 FOR VALUES IN (0);
    GRANT ALL ON reg.bagian, reg.bagian_0, reg.bagian_1, reg.bagian_2 TO PUBLIC$q$);
SELECT as_role('lct_operator', s) FROM unnest(ARRAY[
    $q$INSERT INTO reg.bagian (id, bln, isi) SELECT g, g % 3, repeat('é', g) FROM generate_series(1, 200) AS g$q$,
    $q$INSERT INTO reg.bagian_0 (id, bln, isi) SELECT g, 0, repeat('x', g - 999) FROM generate_series(1000, 1010) AS g$q$,
    $q$UPDATE reg.bagian SET state = 'b' WHERE id % 5 = 0$q$, $q$UPDATE reg.bagian_2 SET isi = isi || 'z' WHERE id % 7 = 0$q$,
    $q$UPDATE reg.bagian SET isi = repeat(md5(id::text), 300) WHERE id < 20$q$, $q$UPDATE reg.bagian SET isi = NULL WHERE id BETWEEN 50 AND 60$q$,
    $q$INSERT INTO reg.bagian (id, bln, isi) SELECT g, g % 3, 'conf' FROM generate_series(150, 250) AS g ON CONFLICT (id, bln) DO UPDATE SET isi = 'konf' || EXCLUDED.id$q$,
    $q$MERGE INTO reg.bagian AS t USING (SELECT g AS id, g % 3 AS bln FROM generate_series(240, 300) AS g) AS s ON t.id = s.id AND t.bln = s.bln
        WHEN MATCHED THEN UPDATE SET isi = 'merged' WHEN NOT MATCHED THEN INSERT (id, bln, isi) VALUES (s.id, s.bln, 'new')$q$,
    $q$UPDATE reg.bagian SET bln = (bln + 1) % 3, isi = 'm' || isi WHERE id % 4 = 0$q$, $q$UPDATE reg.bagian SET isi = isi || 'p' WHERE id BETWEEN 30 AND 60$q$]) AS s;
SAVEPOINT list;
SELECT as_role('lct_owner', 'ALTER TABLE reg.bagian ADD baru int DEFAULT 4');
SELECT as_role('lct_operator', 'UPDATE reg.bagian SET baru = 5 WHERE id = 101');
ROLLBACK TO list;
SELECT as_role('lct_operator', $q$UPDATE reg.bagian SET isi = 'lagi' WHERE id = 102$q$);
\o
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'entries of partitions commit to their rows');
SELECT is((SELECT count(*) FROM reg.bagian WHERE who IS DISTINCT FROM 'lct_operator' OR ch IS DISTINCT FROM now() OR len IS DISTINCT FROM length(isi)), 0::bigint, 'which are stamped and computed');
-- keys of the extension's own types, whose operators are on no search_path
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('kunci', 1, 'a');
    INSERT INTO reg.state (machine, state, is_final) VALUES ('kunci', 'a', false), ('kunci', 'b', true);
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('kunci', 'a', 'b', 'tutup', 'operator');
    CREATE TABLE reg.kunci (id text PRIMARY KEY, state text DEFAULT 'a', isi text, alasan text)$q$);
CREATE FUNCTION erased(type text, the_key text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found jsonb;
    result text;
BEGIN
    PERFORM as_role('lct_owner', format('ALTER TABLE reg.kunci ALTER id TYPE %s USING id::%1$s', type));
    PERFORM as_role('lct_owner', $q$SELECT dtsen.attach('reg.kunci', 'kunci', 'reg', wilayah_column => NULL, reason_column => 'alasan',
        changed_at_column => NULL, changed_by_column => NULL); GRANT SELECT, INSERT, UPDATE ON reg.kunci TO PUBLIC$q$);
    PERFORM as_role('lct_super', format('INSERT INTO reg.kunci (id, isi) VALUES (%L, ''rahasia'')', the_key));
    PERFORM as_role('lct_super', 'UPDATE reg.kunci SET state = ''b'', alasan = ''sebab''');
    SELECT id::text INTO the_key FROM reg.kunci;
    PERFORM as_role('lct_owner', format('DO $d$ BEGIN PERFORM set_config(''lct.proof'', dtsen.journal_proof(''reg'', ''kunci'', %L, with_content => true)::text, true); END $d$', the_key));
    PERFORM as_role('lct_owner', format('SELECT dtsen.empty_row(''reg'', ''kunci'', %L, ''{"isi": null}'', ''minta'')', the_key));
    SELECT concat_ws(' ', jsonb_array_length(current_setting('lct.proof')::jsonb -> 'entries'),
        jsonb_path_exists(current_setting('lct.proof')::jsonb, '$.entries[1].content'), k.isi IS NULL, k.alasan,
        (SELECT string_agg(v.problem, ',') FROM dtsen.verify_journal('reg', 'kunci') AS v)) INTO result FROM reg.kunci AS k;
    RAISE EXCEPTION 'undo' USING DETAIL = result;
EXCEPTION WHEN raise_exception THEN
    GET STACKED DIAGNOSTICS result = PG_EXCEPTION_DETAIL;
    RETURN result;
END $$;
SELECT is(erased(type, key), '2 t t minta', 'a row whose key is a ' || type) FROM (VALUES ('bigint', '7'), ('char(9)', 'k1'), ('dtsen.kode_wilayah', '32.16'),
    ('dtsen.nik', '3216010101900001'), ('dtsen.nkk_valid', '3216010101900001'), ('dtsen.nama', 'Siti Aminah')) AS t (type, key);

SELECT * FROM finish();
ROLLBACK;
