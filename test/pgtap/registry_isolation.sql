-- Two regencies: whatever the logins of one may read or call, nothing of the
-- other comes out, in a row, a result, an error, a plan or a statistic. Views,
-- tables and functions come from the catalogue, so that new ones are covered.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
-- near: 3216, far: 1101, in another province; all that is far is marked
SELECT t.login('near_' || r.role, r.role, CASE WHEN r.role IN ('operator_desa', 'kades') THEN '3216011007' ELSE '3216' END),
    t.login('far_' || r.role, r.role, CASE WHEN r.role IN ('operator_desa', 'kades') THEN '1101012001' ELSE '1101' END)
FROM dtsen._registry_role() AS r WHERE r.role NOT IN ('kemensos', 'bps', 'perancang_mesin', 'penyetuju_mesin', 'analis') \g /dev/null
SELECT t.login('kem', 'kemensos', NULL) \g /dev/null
INSERT INTO reg.keluarga (id, nkk, wilayah, alamat, nama_kepala)
SELECT n, (CASE WHEN n <= 30 THEN 3216010101200000 ELSE 1101010101200000 END + n)::dtsen.nkk, (CASE WHEN n <= 30 THEN '3216011007' ELSE '1101012001' END)::dtsen.kode_wilayah,
    CASE WHEN n <= 30 THEN 'JALAN DEKAT' ELSE 'JALAN RAHASIA' END, (CASE WHEN n <= 30 THEN 'BUDI' ELSE 'RAHASIANTO' END)::dtsen.nama FROM generate_series(1, 60) AS n;
INSERT INTO reg.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir)
SELECT k.id, k.id, k.wilayah, (k.nkk::bigint - 400000 + 190000)::dtsen.nik, k.nama_kepala, 1, '1990-03-02' FROM reg.keluarga AS k;
INSERT INTO reg.rumah (keluarga_id, wilayah, id_pelanggan_pln) SELECT id, wilayah, 'PLN' || alamat FROM reg.keluarga;
INSERT INTO reg.model VALUES ('m1', 'test', 'test');
INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor) SELECT 'm1', id, wilayah, id FROM reg.keluarga;
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v1', now() + '1 day', now() + '2 days', now() + '3 days', now() + '4 days', now() + '5 days') $$) \g /dev/null
SELECT t.act(side || '_operator_desa', format($$ INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id)
    SELECT 'k' || k.id, 'ubah', k.wilayah, k.id, jsonb_build_object('alamat', k.alamat), (SELECT id FROM reg.edisi) FROM reg.keluarga AS k $$)),
    t.act(side || '_operator_desa', $$ INSERT INTO reg.musyawarah (wilayah, held_on, place) SELECT DISTINCT wilayah, CURRENT_DATE, alamat FROM reg.keluarga $$),
    t.act(side || '_operator_desa', $$ INSERT INTO reg.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256)
        SELECT 'formulir', u.wilayah, u.id, k.alamat, 1, sha256('f') FROM reg.usulan AS u JOIN reg.keluarga AS k ON k.id = u.keluarga_id $$),
    t.act(side || '_pendamping', $$ INSERT INTO reg.kunjungan (keluarga_id, wilayah, visited_on, result) SELECT id, wilayah, '2026-01-05', (SELECT min(code) FROM reg.kunjungan_result) FROM reg.keluarga $$),
    t.import(side || '_pengelola', 'dukcapil', ARRAY(SELECT convert_to(l, 'UTF8') FROM (SELECT 0 AS n, 'nik|nama_lengkap|tanggal_lahir|status_hidup' AS l
        UNION ALL SELECT id, format('%s|%s|1990-03-02|hidup', nik, nama) FROM reg.anggota WHERE (id <= 30) = (side = 'near')
        UNION ALL SELECT 99, 'x|' || CASE side WHEN 'near' THEN 'BUDI' ELSE 'RAHASIANTO' END || '|1990-03-02|hidup') AS x ORDER BY n))
FROM unnest('{near,far}'::text[]) AS side \g /dev/null
-- a file under way on each side
SELECT t.value(side || '_pengelola', format('SELECT stage_id FROM reg.import_begin(''dtks'', %L, %L, 99)', CASE side WHEN 'near' THEN 'dekat.csv' ELSE 'RAHASIA.csv' END, repeat('ef', 32))),
    t.act(side || '_pengelola', format('INSERT INTO reg.import_part (stage_id, first_byte, lines) SELECT max(id), 0, %L FROM reg.import_stage', CASE side WHEN 'near' THEN '#BUDI' ELSE '#RAHASIANTO' END))
FROM unnest('{near,far}'::text[]) AS side \g /dev/null
SELECT t.value('near_pengelola', 'SELECT reg.pemadanan_run()') \g /dev/null
DROP TABLE match_row;
SELECT t.value('far_pengelola', 'SELECT reg.pemadanan_run()') \g /dev/null
DROP TABLE match_row;
SELECT t.act('far_kades', $$ SELECT reg.village_close((SELECT id FROM reg.edisi), '1101012001') $$) \g /dev/null
INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count) SELECT (SELECT id FROM reg.edisi), id, wilayah, nkk, 1 FROM reg.keluarga;
ANALYZE reg.keluarga; ANALYZE reg.anggota;

-- what must not come out: marks, and numbers that begin with the far regency
CREATE FUNCTION t.leaks(said text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(said ~ 'RAHASIA|1101010101[0-9]{6}|11\.?01\.?01\.?2001', false) $$;
SELECT is(t.leaks('x RAHASIANTO'), true, 'the detector detects') UNION ALL SELECT is(t.leaks('(1,3216010101200001,BUDI)'), false, 'and no more');
-- what a login gets to see of a statement: rows, or the whole error; undone
CREATE FUNCTION t.says(login text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
    detail text;
    hint text;
BEGIN
    BEGIN
        PERFORM set_config('role', login, true);
        EXECUTE format('SELECT string_agg(x::text, '' '') FROM (%s) AS x', query) INTO said;
        said := coalesce(said, '');
        RAISE EXCEPTION 'undo';
    EXCEPTION WHEN OTHERS THEN
        IF said IS NULL THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
            said := concat_ws(' ', SQLSTATE, SQLERRM, detail, hint);
        END IF;
    END;
    RETURN said;
END $$;
CREATE TEMP TABLE who AS SELECT rolname::text AS login FROM pg_roles WHERE rolname LIKE 'near\_%';
SELECT cmp_ok((SELECT count(*) FROM who), '>=', 8::bigint, 'every role of a region asks');

-- every table and view; the lists that everybody reads hold no person
CREATE TEMP TABLE asked AS
    SELECT w.login, c.oid::regclass::text AS object, t.says(w.login, 'SELECT * FROM ' || c.oid::regclass) AS said
    FROM who AS w, pg_class AS c
    WHERE c.relnamespace IN ('reg'::regnamespace, 'reg_bi'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname NOT IN ('wilayah', 'dim_wilayah');
SELECT cmp_ok((SELECT count(*) FROM asked WHERE said LIKE '(%'), '>', 100::bigint, 'they read many things');
SELECT is_empty($$ SELECT login, object FROM asked
    -- figures for analysts are by village everywhere
    WHERE t.leaks(CASE WHEN object LIKE 'reg\_bi.%' THEN regexp_replace(said, '\m1101012001\M', '', 'g') ELSE said END) $$, 'no table or view shows a row of the other regency');
-- each region reads its own: the sweep is no empty room
SELECT is_empty($$ SELECT r FROM unnest('{keluarga,anggota,rumah,skor,usulan,musyawarah,bukti,kunjungan,dukcapil,import_run,import_reject,import_stage,import_part,pemadanan_result,desa_tutup,journal_region,actor,keluarga_masked,anggota_masked}'::text[]) AS r
    WHERE NOT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname LIKE 'far\_%' AND t.says(p.rolname, CASE r WHEN 'actor' THEN 'SELECT login, actor_role, person_key FROM reg.actor' ELSE 'SELECT * FROM reg.' || r END) LIKE '(%') $$, 'the other regency has rows in all of them');

-- every function that a login may call, with arguments that name what is far
CREATE FUNCTION t.argument(type oid, n integer) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE format_type(type, NULL) WHEN 'bigint' THEN CASE n WHEN 1 THEN '45' ELSE '2' END WHEN 'integer' THEN CASE n WHEN 1 THEN '1' ELSE '45' END
        WHEN 'text' THEN CASE n WHEN 1 THEN '''45''' ELSE '''keluarga''' END WHEN 'text[]' THEN '''{45,1}''' WHEN 'dtsen.nkk[]' THEN '''{1101010101200031}'''
        WHEN 'dtsen.nik' THEN '''1101010101990031''' WHEN 'dtsen.nkk' THEN '''1101010101200032''' WHEN 'dtsen.kode_wilayah' THEN '''1101'''
        WHEN 'date' THEN '''2026-11-20''' WHEN 'boolean' THEN 'true' WHEN 'double precision' THEN '0.9' ELSE 'NULL' END || '::' || format_type(type, NULL)
$$;
CREATE TEMP TABLE called AS
    SELECT w.login, f.oid::regprocedure::text AS object, n, t.says(w.login, format('SELECT * FROM %s(%s) AS r', f.oid::regproc,
        (SELECT string_agg(t.argument(a.t, n), ', ' ORDER BY a.i) FROM unnest(f.proargtypes) WITH ORDINALITY AS a (t, i)))) AS said
    FROM who AS w, pg_proc AS f, generate_series(1, 2) AS n
    WHERE f.pronamespace = 'reg'::regnamespace AND f.prorettype <> 'trigger'::regtype AND has_function_privilege(w.login, f.oid, 'EXECUTE');
SELECT cmp_ok((SELECT count(DISTINCT object) FROM called), '>', 60::bigint, 'they call many functions');
SELECT is_empty($$ SELECT login, object, n FROM called WHERE
    -- a refusal may name the region that was asked for
    t.leaks(regexp_replace(said, CASE WHEN said LIKE '42501 %' THEN '1101012001' ELSE '1101010101(200031|990031|200032)' END, '', 'g')) $$,
    'no function says anything of the other regency, no error either');

-- every table that a login may write: no row of the other regency is touched
CREATE FUNCTION t.far_rows(relation regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    places text;
BEGIN
    -- a row that was written lies elsewhere
    EXECUTE format('SELECT string_agg(tableoid || '' '' || ctid::text, '','' ORDER BY tableoid, ctid) FROM %s AS x WHERE t.leaks(x::text)', relation) INTO places;
    RETURN coalesce(places, '');
END $$;
CREATE FUNCTION t.touches(login text, relation regclass) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    statement text;
    before text := t.far_rows(relation);
    is_touched boolean := false;
BEGIN
    FOR statement IN SELECT format('UPDATE %s SET %I = %I', relation, a.attname, a.attname) FROM pg_attribute AS a
            WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(login, relation, a.attname, 'UPDATE')
        UNION ALL SELECT format('DELETE FROM %s', relation) WHERE has_table_privilege(login, relation, 'DELETE')
    LOOP
        BEGIN
            PERFORM set_config('role', login, true);
            EXECUTE statement;
            PERFORM set_config('role', 'none', true);
            is_touched := is_touched OR before <> t.far_rows(relation);
            RAISE EXCEPTION 'undo';
        EXCEPTION WHEN OTHERS THEN
            NULL;
        END;
    END LOOP;
    RETURN is_touched;
END $$;
SELECT is(t.touches('postgres', 'reg.keluarga'), true, 'what touches a row is noticed');
SELECT is_empty($$ SELECT w.login, c.oid::regclass FROM who AS w, pg_class AS c
    WHERE c.relnamespace = 'reg'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'wilayah' AND t.touches(w.login, c.oid) $$, 'no UPDATE or DELETE reaches the other regency');

-- published totals are for all to read; who may note one changes none of another region, or of the country
INSERT INTO reg.control_total (id, name, source, noted_on, wilayah, unit, total) VALUES (1, 'far', 'x', '2026-01-01', '1101', 'keluarga', 1), (2, 'country', 'x', '2026-01-01', NULL, 'keluarga', 1);
INSERT INTO reg.control_part (control_id, name, value) VALUES (1, 'far', 1), (2, 'country', 1);
SELECT is(t.act('near_kepala_opd', 'UPDATE reg.control_total SET total = 2') + t.act('near_kepala_opd', 'UPDATE reg.control_part SET value = 2'), 0::bigint, 'the office of one regency changes no total of the other');
SELECT throws_ok($$ SELECT t.act('near_kepala_opd', 'INSERT INTO reg.control_part (control_id, name, value) VALUES (1, ''x'', 1)') $$, '42501', NULL, 'nor adds a part to it');
SELECT is(t.act('near_kepala_opd', 'INSERT INTO reg.control_total (id, name, source, noted_on, wilayah, unit, total) VALUES (3, ''near'', ''x'', ''2026-01-01'', ''3216'', ''keluarga'', 1)')
    + t.act('near_kepala_opd', 'INSERT INTO reg.control_part (control_id, name, value) VALUES (3, ''x'', 1)') + t.act('kem', 'UPDATE reg.control_total SET total = 2'), 5::bigint, 'his own he notes, and the ministry all');
SELECT is(t.value('near_kades', 'SELECT count(*) FROM reg.control_total'), '3', 'and all are read');

-- a login's regions are those of all its roles, so they are the same for each
SELECT throws_ok($$ INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('near_verifikator', 'pendamping', 'p', '1101') $$, 'SE101',
    'the roles of login "near_verifikator" are of different regions', 'nobody gets a second role in another regency');
SELECT throws_ok(format('INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES (%L, %L, %L, %L)', l, r, 'p', w), 'SE101', NULL, format('%s: %s of %s', l, r, coalesce(w, 'all')))
FROM (VALUES ('near_verifikator', 'pendamping', '321601'), ('near_operator_desa', 'kades', '3216'), ('near_kades', 'auditor', NULL), ('kem', 'bps', '32')) AS v (l, r, w);
SELECT throws_ok($$ UPDATE reg.actor SET login = 'near_verifikator' WHERE login = 'far_pendamping' $$, 'SE101', NULL, 'nor by a change');
SAVEPOINT roles;
SELECT lives_ok($$ INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('near_verifikator', 'pendamping', 'p', '32.16'), ('kem', 'bps', 'p', NULL), ('near_verifikator', 'analis', 'p', NULL),
    ('near_verifikator', 'mitra', 'p', '1101'), ('two', 'verifikator', 'q', '3216'), ('two', 'verifikator', 'q', '3217'), ('two', 'verifikator', 'q', '321701'), ('two', 'pendamping', 'q', '3217'), ('two', 'pendamping', 'q', '3216') $$,
    'a second role of the same regions, however they are written, and views of others');
SELECT is(t.value('near_verifikator', 'SELECT count(*) FROM reg.keluarga'), '30', 'a viewer''s regions are no more rows');
SELECT throws_ok($$ DELETE FROM reg.actor WHERE login = 'two' AND actor_role = 'pendamping' AND wilayah = '3217' $$, 'SE101', NULL, 'a region goes for all roles');
SELECT lives_ok($$ DELETE FROM reg.actor WHERE login = 'two' AND wilayah ~ '^3217' $$, 'at once');
ROLLBACK TO roles;
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname IN ('wilayah', 'owner_scope')
    WHERE c.relnamespace = 'reg'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT c.relrowsecurity
    -- counts for analysts are their owner's: views show of them what a login may see
    AND EXISTS (SELECT FROM dtsen._registry_role() AS r WHERE has_any_column_privilege('reg_' || r.role, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
        OR has_table_privilege('reg_' || r.role, c.oid, 'DELETE, TRUNCATE, TRIGGER'))
    -- actor is read by its owner, but for the columns that check_machine() needs
    AND c.relname <> 'actor' $$, 'every table with a region has row security');
-- which role may read which column that tells who somebody is (docs/privacy.md)
SELECT results_eq($$ SELECT format('%s.%s', c.relname, a.attname) COLLATE "default", string_agg(r.role, ' ' ORDER BY r.role COLLATE "C") FILTER (WHERE has_column_privilege('reg_' || r.role, c.oid, a.attnum, 'SELECT')) COLLATE "default"
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped, dtsen._registry_role() AS r
    WHERE c.relnamespace IN ('reg'::regnamespace, 'reg_bi'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
    AND (a.atttypid IN ('dtsen.nik'::regtype, 'dtsen.nkk'::regtype, 'dtsen.nama'::regtype)
        OR a.attname IN ('alamat', 'alamat_ktp', 'nik_written', 'payload', 'line', 'person_key', 'key', 'lines') AND c.relname NOT LIKE 'journal%'
        -- a view may show them as text
        OR c.relkind IN ('v', 'm') AND a.attname IN ('nik', 'nkk', 'nama', 'nama_kepala', 'tanggal_lahir'))
    GROUP BY 1 ORDER BY 1 $$, $$ SELECT m.* FROM (SELECT 'auditor bps kades kemensos kepala_daerah kepala_opd operator_desa pendamping pengelola verifikator') AS v (officers), LATERAL (VALUES
    ('actor.person_key', 'auditor penyetuju_mesin perancang_mesin'),
    ('anggota_masked.nama', 'mitra pemantau'), ('anggota_masked.nik', 'mitra pemantau'), ('anggota_masked.tanggal_lahir', 'mitra pemantau'),
    ('keluarga_masked.alamat', 'mitra pemantau'), ('keluarga_masked.nama_kepala', 'mitra pemantau'), ('keluarga_masked.nkk', 'mitra pemantau'),
    ('anggota.alamat_ktp', v.officers), ('anggota.nama', v.officers), ('anggota.nik', v.officers), ('desil.nkk', v.officers),
    ('dtks.alamat', 'pengelola'), ('dtks.nama', 'pengelola'), ('dtks.nik', 'pengelola'), ('dtks.nik_written', 'pengelola'), ('dtks.nkk', 'pengelola'),
    ('dukcapil.nama', 'pengelola'), ('dukcapil.nik', 'pengelola'), ('dukcapil.nkk', 'pengelola'), ('import_part.lines', 'bps pengelola'), ('import_reject.line', 'auditor bps pengelola'),
    ('keluarga.alamat', v.officers), ('keluarga.nama_kepala', v.officers), ('keluarga.nkk', v.officers), ('keluarga_alamat.alamat', v.officers), ('keluarga_nkk.nkk', v.officers),
    ('peristiwa.payload', v.officers), ('pemadanan_result.suggested_nik', replace(v.officers, 'kepala_daerah ', '')), ('project.key', NULL), ('usulan.payload', v.officers)) AS m (a, b) ORDER BY m.a $$,
    'who may read what tells who somebody is');
CREATE FUNCTION t.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE EXCEPTION 'told %', $1; END $$;
-- the journal: an auditor of a region reads its entries, one of the country all
SELECT t.login('aud_all', 'auditor', NULL), t.login('aud_none', 'auditor', '3217'), t.login('aud_village', 'auditor', '32.16.01.2001'), t.login('aud_prov', 'auditor', '32') \g /dev/null
-- who has more than one region, and other roles for the country
SELECT t.login('aud_two', 'auditor', '3217'), t.login('aud_two', 'auditor', '110101'), t.login('aud_two', 'analis', NULL) \g /dev/null
SELECT cmp_ok((SELECT count(*) FROM reg.journal WHERE wilayah LIKE '11%'), '>', 30::bigint, 'the journal has entries of the other regency');
SELECT is(t.value(login, 'SELECT count(*) FROM reg.journal_region'), (SELECT count(*)::text FROM reg.journal WHERE coalesce(wilayah, '') ~ mine), login || ' reads the journal of his region')
FROM (VALUES ('near_auditor', '^3216'), ('far_auditor', '^1101'), ('aud_all', ''), ('aud_none', '^3217'), ('aud_village', '^3216012001'), ('aud_prov', '^32'), ('aud_two', '^(3217|110101)')) AS a (login, mine);
SELECT is((SELECT count(*) FROM reg.journal_region), (SELECT count(*) FROM reg.journal), 'the owner reads all');
SELECT throws_ok(format('SELECT t.value(%L, %L)', login, query), '42501', NULL, format('%s: not %s', login, query))
FROM unnest('{near_auditor,aud_all}'::text[]) AS login, unnest(ARRAY['SELECT key FROM reg.journal', 'SELECT body FROM reg.journal_block', 'SELECT note FROM reg.journal_note',
    $$SELECT h.key FROM dtsen._journal_history('reg.journal_block', 'usulan', '1', NULL) AS h$$, $$SELECT at FROM dtsen.journal_history('reg', 'usulan', '1')$$,
    $$SELECT dtsen.journal_proof('reg', 'usulan', '1')$$, $$SELECT chain FROM dtsen.verify_journal('reg')$$, 'SELECT wilayah FROM reg.actor']) AS query;
SELECT is((SELECT count(*) FROM reg.usulan AS u WHERE (t.value('near_auditor', format('SELECT count(*) FROM reg.journal_history(''usulan'', %L)', u.id)) = '0') IS DISTINCT FROM (u.wilayah::text LIKE '11%')),
    0::bigint, 'of one row too: his own, and no other by its number');
SELECT is(t.value('near_auditor', $$SELECT count(*) FROM reg.journal_history('usulan', (SELECT max(id)::text FROM reg.usulan), '1101')$$), '0', 'nor by naming its region');
SELECT is(t.leaks(t.says('near_auditor', $$SELECT * FROM reg.journal_region AS j WHERE t.tell(j::text)$$)), false, 'a cheap function in a condition of the journal learns nothing');
SELECT is(t.value(login, 'SELECT string_agg(DISTINCT left(login, 4), '' '' ORDER BY left(login, 4)) FROM reg.actor'), mine, login || ' knows who may act there')
FROM (VALUES ('near_auditor', 'aud_ near'), ('far_auditor', 'aud_ far_'), ('aud_all', 'aud_ far_ kem near')) AS a (login, mine);

-- who sees masked: as mask_rule says for his role, written down again here
UPDATE reg.anggota SET nama = 'SITI AMINAH', jenis_kelamin = 2 WHERE id = 7;
UPDATE reg.keluarga SET rt = '003', rw = '011', nama_kepala = 'SITI AMINAH', jumlah_anggota = 1 WHERE id = 7;
SELECT t.login('near_both', 'pemantau', '3216'), t.login('near_both', 'mitra', '3216011007'), t.login('near_both', 'mitra', '3217'), t.login('near_lost', 'pemantau', '3217') \g /dev/null
SELECT is(t.value(login, query), answer, login || ' sees of ' || query)
FROM (SELECT 'SELECT concat_ws(''|'', nik, nama, coalesce(tanggal_lahir::text, ''-''), birth_year, jenis_kelamin, hubungan, status) FROM reg.anggota_masked WHERE anggota_id = 7',
        'SELECT concat_ws(''|'', nkk, nama_kepala, coalesce(alamat, ''-''), rt, rw, member_count, status) FROM reg.keluarga_masked WHERE keluarga_id = 7') AS q (person, family),
    LATERAL (VALUES ('near_pemantau', q.person, '************0007|S*** A*****|-|1990|2|1|aktif'), ('near_pemantau', q.family, '************0007|S*** A*****|-|1|aktif'),
        ('near_mitra', q.person, '************0007|SITI AMINAH|-|1990|2|1|aktif'), ('near_mitra', q.family, '************0007|SITI AMINAH|-|003|011|1|aktif'),
        ('near_both', q.person, '************0007|SITI AMINAH|-|1990|2|1|aktif'), ('near_both', q.family, '************0007|SITI AMINAH|-|003|011|1|aktif'),
        ('near_lost', q.person, NULL), ('near_lost', q.family, NULL)) AS a (login, query, answer);
SELECT is(t.value('near_both', 'SELECT count(*) || '' '' || count(DISTINCT anggota_id) FROM reg.anggota_masked'), '30 30', 'two roles show a person once');
SELECT is(t.value('near_verifikator', 'SELECT reg.mask_scope()::text'), NULL, 'an officer has no masked view: he has the tables');
SAVEPOINT rules;
UPDATE reg.mask_rule SET degree = 'open' WHERE actor_role = 'pemantau' AND field = 'birth_date';
DELETE FROM reg.mask_rule WHERE actor_role = 'pemantau' AND field IN ('number', 'name');
SELECT is(t.value('near_pemantau', 'SELECT concat_ws(''|'', coalesce(nik, ''-''), coalesce(nama, ''-''), tanggal_lahir) FROM reg.anggota_masked WHERE anggota_id = 7'), '-|-|1990-03-02', 'the rules are rows; what has none is hidden');
ROLLBACK TO rules;
SELECT throws_ok($$ UPDATE reg.mask_rule SET degree = 'open' WHERE field = 'number' $$, '23514', NULL, 'numbers are never open');
SELECT throws_ok(format('SELECT t.act(%L, %L)', login, statement), '42501', NULL, format('%s: not %s', login, statement))
FROM unnest('{near_pemantau,near_mitra}'::text[]) AS login, unnest(ARRAY['SELECT FROM reg.keluarga', 'SELECT FROM reg.anggota', 'SELECT FROM reg.desil', 'SELECT FROM reg.usulan', 'SELECT FROM reg.keanggotaan', 'SELECT FROM reg.rumah',
    'SELECT FROM reg.actor', 'UPDATE reg.mask_rule SET degree = ''open''', $$SELECT reg.report_worklist(1)$$, $$SELECT reg.pseudonym('x', '3216010101990007')$$]) AS statement;
SELECT is(t.says(login, $$SELECT anggota_id FROM reg.anggota_masked WHERE nik = '3216010101990007' OR nama ~ 'AMINAH' AND nik !~ '^[*]{12}'$$), '', login || ' finds nobody by a whole number') FROM unnest('{near_pemantau,near_mitra}'::text[]) AS login;
SELECT is(t.says('near_pemantau', format('SELECT * FROM reg.%s AS x WHERE t.tell(x::text)', v)) ~ 'AMINAH|BUDI|[0-9]{16}|RAHASIA|1101', false, 'a cheap function in a condition of ' || v || ' learns nothing')
FROM unnest('{keluarga_masked,anggota_masked}'::text[]) AS v;
SELECT is(t.says('near_pemantau', format('SELECT * FROM reg.%s', v)) ~ 'AMINAH|BUDI|JALAN|[0-9]{16}|-03-02', false, 'nothing open in ' || v) FROM unnest('{keluarga_masked,anggota_masked}'::text[]) AS v;
-- by hand: constraints, plans, statistics, functions slipped into conditions
SELECT is(t.leaks(replace(t.says(who, format('WITH x AS (%s RETURNING 1) SELECT * FROM x', s)), '1101010101200041', '')), false, who || ': ' || s) FROM (VALUES
    ('near_pengelola', $$INSERT INTO reg.keluarga (nkk, wilayah) SELECT '1101010101200041', '3216011007'$$),
    ('near_pengelola', $$INSERT INTO reg.keluarga (id, nkk, wilayah) SELECT 41, '3216010101209999', '3216011007'$$),
    ('near_pengelola', $$INSERT INTO reg.keluarga (nkk, wilayah) SELECT '1101010101209999', '1101012002'$$),
    ('near_pengelola', $$INSERT INTO reg.anggota (keluarga_id, wilayah, nik, nama, hubungan) SELECT 41, '3216011007', '3216010101990077', 'X', 1$$),
    ('near_pengelola', $$INSERT INTO reg.flag (kind, keluarga_id, wilayah, source, noted_on) SELECT (SELECT min(kind) FROM reg.flag_kind), 41, '3216011007', 'x', '2026-01-01'$$),
    ('near_operator_desa', $$INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id) SELECT 'k41', 'ubah', '3216011007', 41, '{}', 1$$),
    ('near_pendamping', $$INSERT INTO reg.kunjungan (keluarga_id, wilayah, visited_on, result) SELECT 41, '3216011007', '2026-01-05', 1$$)) AS a (who, s);
SELECT is(t.leaks(t.says('near_' || r, format('SELECT * FROM reg.%s AS x WHERE t.tell(x::text)', o))), false, format('a cheap function in a condition of %s learns nothing', o))
FROM (VALUES ('verifikator', 'keluarga'), ('verifikator', 'anggota'), ('verifikator', 'usulan'), ('auditor', 'skor')) AS a (r, o);
SELECT is(t.leaks(t.says('near_verifikator', $$SELECT * FROM reg.anggota AS x WHERE substr(nama::text, 1, 4)::int = 0 AND x.nik > '1'$$)), false, 'a cast that fails shows no name');
SELECT is(t.says(login, $$SELECT * FROM pg_stats WHERE schemaname = 'reg' AND tablename IN ('keluarga', 'anggota')$$), '', 'pg_stats is silent for ' || login) FROM who;
-- who is assumed reads what his rows in actor say, be he a role or not, or even the owner
\ir include/hmac.sql
CREATE ROLE near_app IN ROLE reg_auditor, reg_analis;
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('web.near', 'auditor', 'person web', '3216'), (CURRENT_USER, 'auditor', 'person owner', '3216');
INSERT INTO reg.assume_key (key_id, login, actor_roles, valid_to) VALUES ('near', 'near_app', '{auditor}', now() + interval '1 day');
CREATE FUNCTION t.assumed(actor text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    key bytea := (SELECT k.secret FROM reg.assume_key AS k WHERE k.key_id = 'near');
    expiry text := (extract(epoch FROM clock_timestamp())::bigint + 60)::text;
    said text;
BEGIN
    SET LOCAL SESSION AUTHORIZATION near_app;
    PERFORM dtsen.assume('reg', actor, format('near.%s.%s', expiry, encode(public.hmac(key, concat_ws(E'\n', 'dtsen.assume.1', dtsen.assume_nonce(), 'reg', actor, expiry)), 'hex')));
    EXECUTE query INTO said;
    PERFORM dtsen.assume_end();
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
    RETURN said;
EXCEPTION WHEN undefined_object THEN
    RETURN SQLERRM;
END $$;
SELECT is(t.assumed(actor, query), answer, actor || ' assumed: ' || query)
FROM unnest(ARRAY['web.near', CURRENT_USER]) AS actor, (VALUES ('SELECT count(*) FROM reg.journal_region', t.value('near_auditor', 'SELECT count(*) FROM reg.journal_region')),
    ('SELECT count(*) > 0 FROM reg.actor WHERE login = ''near_auditor''', 'true'), ('SELECT count(*) FROM reg.actor WHERE login = ''far_auditor''', '0'),
    ('SELECT concat_ws('' '', low, high) FROM reg.bi_scope()', '3216 3216999999')) AS q (query, answer);
-- a cursor that is read on as another login, or as none: what that one may see, and nothing that lies between the regions of two
SELECT t.login('near_two', 'verifikator', r), t.login('near_two_pengelola', 'pengelola', r) FROM unnest('{1102,3216}'::text[]) AS r \g /dev/null
SELECT t.login('isle_pengelola', 'pengelola', '5103') \g /dev/null
INSERT INTO reg.dukcapil (nik, owner_scope, nama, status_hidup, import_id) SELECT '3301010101990001', '3301', 'X', 'hidup', min(d.import_id) FROM reg.dukcapil AS d;
CREATE ROLE near_none IN ROLE reg_verifikator, reg_pengelola;
INSERT INTO reg.keluarga (id, nkk, wilayah) SELECT 60 + n, ('110101010120000' || n)::dtsen.nkk, (SELECT w.kode FROM reg.wilayah AS w WHERE w.level = 4 AND w.kode::text LIKE p ORDER BY 1 LIMIT 1)
FROM (VALUES (1, '51%'), (2, '3215%')) AS v (n, p);
CREATE FUNCTION t.read_on(first text, second text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    c refcursor;
    seen text;
BEGIN
    PERFORM set_config('role', first, true);
    OPEN c FOR EXECUTE query;
    FETCH c INTO seen;
    PERFORM set_config('role', second, true);
    FETCH c INTO seen;
    CLOSE c;
    PERFORM set_config('role', 'none', true);
    RETURN seen;
END $$;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_seqscan = off;
SELECT is(t.read_on(first, second, q.query), seen, format('%s read on by %s: %s', first, second, q.name))
FROM (VALUES ('family', 'SELECT k.id FROM (VALUES (61), (62)) AS v (x) LEFT JOIN reg.keluarga AS k ON k.id = v.x'),
    ('person', $$SELECT d.nik FROM (VALUES ('1101010100990031'::dtsen.nik), ('3301010101990001')) AS v (x) LEFT JOIN reg.dukcapil AS d ON d.nik OPERATOR(dtsen.=) v.x$$)) AS q (name, query),
    LATERAL (VALUES ('family', 'kem', 'kem', '62'), ('family', 'near_two', 'near_two', NULL), ('family', 'near_two', 'near_verifikator', NULL), ('family', 'near_two', 'near_none', NULL),
        ('person', 'near_pengelola', 'near_pengelola', NULL), ('person', 'near_pengelola', 'isle_pengelola', NULL), ('person', 'isle_pengelola', 'near_pengelola', NULL), ('person', 'near_pengelola', 'near_none', NULL),
        ('person', 'near_two_pengelola', 'near_pengelola', NULL)) AS a (name, first, second, seen)
WHERE a.name = q.name;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_seqscan;
-- nor a draft of the one's region by the other's right to drafts
SELECT id AS e1 FROM reg.edisi \gset
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v2', now() + '1 day', now() + '2 days', now() + '3 days', now() + '4 days', now() + '5 days') $$) \g /dev/null
SELECT max(id) AS e2 FROM reg.edisi \gset
INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count) SELECT :e2, id, wilayah, nkk, 1 FROM reg.keluarga;
SAVEPOINT recheck;
ALTER TABLE reg.edisi DISABLE TRIGGER USER;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
CREATE FUNCTION t.draft(first text, second text, unseen integer, edition integer, family integer) RETURNS text LANGUAGE sql AS $$
    SELECT t.read_on(first, second, format('SELECT d.keluarga_id FROM (VALUES (%s, 41), (%s, %s)) AS v (e, k) LEFT JOIN reg.desil AS d ON d.edisi_id = v.e AND d.keluarga_id = v.k', unseen, edition, family)) $$;
UPDATE reg.edisi SET state = 'cek_ulang' WHERE id = :e1;
SELECT is(t.draft(first, second, :e2, :e1, family), seen, format('a draft of family %s read by %s and on by %s', family, first, second))
FROM (VALUES ('near_verifikator', 'near_verifikator', 1, '1'), ('far_verifikator', 'far_verifikator', 41, '41'), ('far_auditor', 'far_auditor', 41, NULL), ('near_verifikator', 'near_verifikator', 41, NULL),
    ('near_verifikator', 'far_auditor', 41, NULL), ('near_verifikator', 'far_auditor', 1, NULL), ('near_two', 'far_auditor', 41, NULL), ('near_verifikator', 'near_none', 1, NULL)) AS a (first, second, family, seen);
UPDATE reg.edisi SET state = 'terbit' WHERE id = :e1;
SELECT is(t.draft(login, login, :e2, :e1, family), seen, format('what is published, of family %s to %s', family, login))
FROM (VALUES ('near_auditor', 1, '1'), ('near_auditor', 41, NULL), ('far_auditor', 41, '41'), ('near_verifikator', 1, '1'), ('kem', 41, '41'), ('kem', 1, '1')) AS a (login, family, seen);
ROLLBACK TO recheck;
SELECT is((SELECT count(*) FROM pg_class AS c WHERE c.relnamespace = 'reg'::regnamespace AND c.relkind = 'r' AND c.relispartition
    AND EXISTS (SELECT FROM who AS w WHERE has_table_privilege(w.login, c.oid, 'SELECT'))), 0::bigint, 'no partition is read past the policies of its table');
SELECT * FROM finish();
ROLLBACK;
