-- Called by pg_upgrade.sh before and after: prints what a user of the database
-- can see of it, by name and never by OID, one fact a line. Nothing is changed.
SET client_min_messages = warning;
SET search_path = public, dtsen;
SET extra_float_digits = 1;
SELECT 'version ' || extversion || ' ' || dtsen_version() FROM pg_extension WHERE extname = 'dtsen';

-- every row of every table, and where it is kept
CREATE FUNCTION pg_temp.digest(relation text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format('SELECT count(*) || '' '' || coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text COLLATE "C")), ''-'') FROM %s AS t', relation) INTO answer;
    RETURN answer;
END $$;
SELECT 'rows ' || c.oid::regclass || ' ' || pg_temp.digest(c.oid::regclass::text)
FROM pg_class AS c WHERE c.relnamespace IN ('bekasi'::regnamespace, 'own'::regnamespace) AND c.relkind IN ('r', 'p', 'm')
ORDER BY c.oid::regclass::text COLLATE "C";
SELECT 'view ' || c.oid::regclass || ' ' || pg_temp.digest(c.oid::regclass::text)
FROM pg_class AS c WHERE c.relnamespace IN ('bekasi'::regnamespace, 'bekasi_bi'::regnamespace, 'own'::regnamespace) AND c.relkind = 'v'
ORDER BY c.oid::regclass::text COLLATE "C";
SELECT 'sequence ' || schemaname || '.' || sequencename || ' ' || coalesce(last_value::text, '-') FROM pg_sequences ORDER BY 1;
SELECT 'trigger ' || t.tgrelid::regclass || ' ' || t.tgname || ' ' || t.tgenabled::text
FROM pg_trigger AS t WHERE NOT t.tgisinternal ORDER BY 1;
SELECT 'event trigger ' || evtname || ' ' || evtenabled::text FROM pg_event_trigger ORDER BY 1;
SELECT 'policy ' || schemaname || '.' || tablename || ' ' || policyname || ' ' || md5(concat_ws('|', roles::text, cmd, qual, with_check)) FROM pg_policies ORDER BY 1;
-- rights that are the default are not written down again; from 17 on an owner has one more
SELECT 'grants ' || c.oid::regclass || ' ' || coalesce((SELECT string_agg(concat_ws(' ', g.grantee::regrole, g.privilege_type, g.is_grantable), ', ' ORDER BY g.grantee::regrole::text, g.privilege_type)
    FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS g WHERE g.privilege_type <> 'MAINTAIN'), '-')
FROM pg_class AS c WHERE c.relnamespace IN ('bekasi'::regnamespace, 'bekasi_bi'::regnamespace, 'own'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY 1;
SELECT 'member ' || m.roleid::regrole || ' ' || m.member::regrole FROM pg_auth_members AS m ORDER BY 1;

-- what the registry says about itself; planner statistics are another matter
SELECT 'edition ' || id || ' ' || v FROM bekasi.edisi, bekasi.edisi_verify(id) AS v WHERE state = 'terbit' ORDER BY 1;
SELECT 'journal ' || v FROM dtsen.verify_journal('bekasi') AS v;
SELECT 'journal of own ' || v FROM dtsen.verify_journal('own') AS v;
SELECT 'machine ' || v FROM dtsen.check_machine('bekasi') AS v WHERE v.severity = 'error';
SELECT 'attached ' || v FROM dtsen.check_attached('own.request') AS v;
SELECT 'finding ' || v.check_name || ' ' || v FROM dtsen.check_registry('bekasi') AS v WHERE v.check_name <> 'statistics missing';
SELECT 'ddl ' || md5(dtsen.registry_ddl('bekasi'));

-- ranking: from stored states the cuts that the rows have
SELECT 'cuts ' || wilayah || ' ' || weight || ' ' || rank_cuts(state, 10)::text FROM own.part ORDER BY 1;

-- Every index of the types answers as a scan of the table does.
CREATE FUNCTION pg_temp.answers(question text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    scanned text;
    indexed text;
    plan text := '';
    line text;
BEGIN
    SET LOCAL enable_seqscan = on;
    SET LOCAL enable_indexscan = off;
    SET LOCAL enable_bitmapscan = off;
    SET LOCAL enable_indexonlyscan = off;
    EXECUTE question INTO scanned;
    SET LOCAL enable_seqscan = off;
    SET LOCAL enable_indexscan = on;
    SET LOCAL enable_bitmapscan = on;
    SET LOCAL enable_indexonlyscan = on;
    EXECUTE question INTO indexed;
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || question LOOP
        plan := plan || coalesce(substring(line FROM '(?:using|Scan on) ((?:person|roster)_\w+)'), '');
    END LOOP;
    RETURN CASE WHEN scanned IS NOT DISTINCT FROM indexed THEN 'as the table' ELSE 'NOT as the table' END || ' ' || plan || ' ' || md5(coalesce(scanned, '-'));
END $$;
CREATE TEMPORARY TABLE asked AS
SELECT row_number() OVER (ORDER BY md5(id::text)) AS n, p.* FROM own.person AS p WHERE nik IS NOT NULL AND nama IS NOT NULL ORDER BY n LIMIT 5;
-- An index at a time: the others of its column are dropped, and come back.
CREATE FUNCTION pg_temp.only(index_name text, question text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
    other text;
BEGIN
    BEGIN
        FOR other IN SELECT i.indexrelid::regclass FROM pg_index AS i, pg_index AS mine
            WHERE mine.indexrelid = ('own.' || index_name)::regclass AND i.indrelid = mine.indrelid AND i.indexrelid <> mine.indexrelid
        LOOP
            EXECUTE 'DROP INDEX ' || other;
        END LOOP;
        answer := pg_temp.answers(question);
        RAISE EXCEPTION USING ERRCODE = 'P0099';
    EXCEPTION WHEN SQLSTATE 'P0099' THEN
        RETURN index_name || ': ' || answer;
    END;
END $$;
SELECT 'index ' || n || ' ' || pg_temp.only(i, format('SELECT string_agg(id::text, '','' ORDER BY id) FROM own.person WHERE ' || c, nik, nkk, wilayah, nama))
FROM asked, (VALUES
    ('person_nik_btree', 'nik = %1$L'), ('person_nik_btree', 'nik_within(nik, %1$L, 1)'), ('person_nik_btree', 'nik >= %1$L AND nik < (%1$L::nik::bigint + 500000)::nik'),
    ('person_nik_hash', 'nik = %1$L'), ('person_nik_brin', 'nik = %1$L'), ('person_nik_spgist', 'nik_within(nik, %1$L, 3)'),
    ('person_nkk_btree', 'nkk = %2$L'), ('person_nkk_hash', 'nkk = %2$L'), ('person_nkk_brin', 'nkk = %2$L'), ('person_nkk_spgist', 'nkk_within(nkk, %2$L, 3)'),
    ('person_wilayah_btree', 'wilayah <@ wilayah_parent(%3$L, 3)'), ('person_wilayah_hash', 'wilayah = %3$L'), ('person_wilayah_brin', 'wilayah <@ wilayah_parent(%3$L, 3)'),
    ('person_nama_btree', 'nama >= %4$L AND nama < (%4$L || ''Z'')::nama'), ('person_nama_hash', 'nama = %4$L'),
    ('person_nama_gin', 'nama %% %4$L::nama'), ('person_nama_gin', 'nama_similar(nama, %4$L, 0.7)'), ('person_nama_near', 'nama_similar(nama, %4$L, 0.8)'),
    ('person_born', 'nik_birth_date(nik, ''2026-11-01'') = nik_birth_date(%1$L, ''2026-11-01'') AND nik_is_valid(nik)')) AS x (i, c)
ORDER BY i, c, n;
SELECT 'index nearest ' || n || ' ' || pg_temp.only('person_nama_near', format('SELECT string_agg(d::text, '','') FROM
    (SELECT round((nama <-> %L)::numeric, 12) AS d FROM own.person ORDER BY nama <-> %1$L LIMIT 20) AS x', nama)) FROM asked ORDER BY n;
SELECT 'index nearest ' || n || ' ' || pg_temp.only('person_nik_spgist', format('SELECT string_agg(d::text, '','') FROM
    (SELECT nik <-> %L AS d FROM own.person ORDER BY nik <-> %1$L LIMIT 20) AS x', nik)) FROM asked ORDER BY n;
CREATE TEMPORARY TABLE asked_roster AS SELECT a.n, a.nik, r.members FROM asked AS a JOIN own.roster AS r ON r.members @> a.nik;
SELECT 'index ' || n || ' ' || pg_temp.only(i, format('SELECT string_agg(id::text, '','' ORDER BY id) FROM own.roster WHERE ' || c, nik, members))
FROM asked_roster, (VALUES ('roster_btree', 'members = %2$L'), ('roster_hash', 'members = %2$L'), ('roster_gin', 'members @> %1$L')) AS y (i, c)
ORDER BY i, n;
CREATE EXTENSION IF NOT EXISTS amcheck;
SELECT 'amcheck ' || count(*) || ' btree indexes of own tables' FROM (
    SELECT bt_index_check(i.indexrelid, true) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS m ON m.oid = c.relam
    WHERE m.amname = 'btree' AND c.relkind = 'i' AND c.relnamespace IN ('bekasi'::regnamespace, 'own'::regnamespace)) AS x;


-- What the guards refuse, to whom and why. Whatever was allowed would be undone.
SELECT 'refusals';
\set ON_ERROR_STOP off
\set VERBOSITY verbose
\set SHOW_CONTEXT never
\connect - bps_1
BEGIN; UPDATE bekasi.usulan SET state = 'draf' WHERE state = 'terbit'; ROLLBACK;
BEGIN; DELETE FROM bekasi.desil; ROLLBACK;
BEGIN; UPDATE bekasi.edisi SET state = 'ditetapkan' WHERE name = 'v4_2026'; ROLLBACK;
BEGIN; INSERT INTO bekasi.journal SELECT * FROM bekasi.journal LIMIT 1; ROLLBACK;
\connect - dba
BEGIN; UPDATE bekasi.desil SET desil_nasional = 1; ROLLBACK;
BEGIN; TRUNCATE bekasi.desil_1; ROLLBACK;
BEGIN; UPDATE bekasi.transition SET needs_reason = false; ROLLBACK;
BEGIN; DELETE FROM bekasi.journal_block; ROLLBACK;
BEGIN; UPDATE bekasi.usulan SET state = 'terbit'; ROLLBACK;
\connect - analis_1
BEGIN; SELECT count(*) FROM bekasi.anggota; ROLLBACK;
\connect - own_clerk
BEGIN; UPDATE own.request SET state = 'granted', reason = 'x' WHERE state = 'sent'; ROLLBACK;
BEGIN; INSERT INTO own.request (id, wilayah, state) OVERRIDING SYSTEM VALUE VALUES (900, '3216011007', 'sent'); ROLLBACK;
BEGIN; INSERT INTO own.request (id, wilayah) OVERRIDING SYSTEM VALUE VALUES (900, '1101012001'); ROLLBACK;
BEGIN; INSERT INTO own.request (id, wilayah, nik) OVERRIDING SYSTEM VALUE VALUES (900, '3216011007', '3216014199900001'); ROLLBACK;
\connect - own_head
BEGIN; UPDATE own.request SET reason = 'other' WHERE state = 'granted'; ROLLBACK;
BEGIN; UPDATE own.request SET state = 'granted' WHERE state = 'sent'; ROLLBACK;
\connect - postgres
BEGIN; UPDATE own.request SET state = 'granted'; ROLLBACK;
BEGIN; DROP EXTENSION dtsen CASCADE; ROLLBACK;
BEGIN; DROP TYPE dtsen.nik CASCADE; ROLLBACK;
BEGIN; DROP SCHEMA bekasi CASCADE; ROLLBACK;

-- what row security shows to whom
\connect - verifikator_1
SELECT 'verifikator_1 sees ' || count(*) || ' families, ' || (SELECT count(*) FROM bekasi.usulan) || ' proposals' FROM bekasi.keluarga;
\connect - op_3216011007
SELECT 'op_3216011007 sees ' || count(*) || ' families, ' || (SELECT count(*) FROM bekasi.usulan) || ' proposals' FROM bekasi.keluarga;
\connect - analis_1
SELECT 'analis_1 sees ' || sum(family_count) FROM bekasi_bi.desil_by_kecamatan;
