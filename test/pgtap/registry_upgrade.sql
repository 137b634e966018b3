-- upgrade_registry(): a registry of version 1 with a published edition, a
-- journal and open work becomes one of today, and no row of it is another.
BEGIN;
SELECT no_plan();
-- the templates of version 1 as they were; what the extension of then had for
-- them and has no more stands in
CREATE FUNCTION dtsen._registry_state(name) RETURNS TABLE (kind text, object text, detail text) LANGUAGE sql AS $$ VALUES ('table', 'keluarga', 'row security') $$;
\set registry_script ../../upgrade/registry-1.sql
\ir include/registry.sql
DROP FUNCTION dtsen._registry_state(name);
SELECT is((SELECT version FROM reg.meta), 1, 'a registry of version 1');
SELECT t.login('op_a', 'operator_desa', '3216011007'), t.login('bupati_a', 'kepala_daerah', '3216'), t.login('kem', 'kemensos', NULL),
    t.login('bps1', 'bps', NULL), t.login('bps2', 'bps', NULL) \g /dev/null
INSERT INTO reg.model VALUES ('m1', 'test', 'test');
INSERT INTO reg.keluarga (id, nkk, wilayah, jumlah_anggota, changed_at)
SELECT n, t.nkk(n)::dtsen.nkk, CASE WHEN n <= 57 THEN '3216011007' ELSE (SELECT min(kode::text) FROM reg.wilayah WHERE level = 4
    AND status = 'present' AND kode::text BETWEEN '321602' AND '321603') END::dtsen.kode_wilayah, 3,
    CASE WHEN n < 60 THEN '2026-05-04 12:00+07' ELSE '2026-06-05 03:00+07' END::timestamptz FROM generate_series(1, 60) AS n;
INSERT INTO reg.anggota (keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir)
SELECT k.id, k.wilayah, (3216010000000000 + k.id * 100 + m)::dtsen.nik, 'WARGA'::dtsen.nama, CASE m WHEN 1 THEN 1 ELSE 3 END, '1990-03-02'::date + m
FROM reg.keluarga AS k, generate_series(1, 3) AS m;
INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor) SELECT 'm1', k.id, k.wilayah, 100000 + (k.id * 7919 % 173) * 2500.25 FROM reg.keluarga AS k;
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v1', now() - '5 days'::interval, now() - '4 days'::interval, now() - '3 days'::interval, now() + '1 day', now() + '2 days'),
    ('v2', now() + '25 days'::interval, now() + '26 days'::interval, now() + '27 days'::interval, now() + '28 days', now() + '29 days') $$),
    t.act('kem', 'UPDATE reg.edisi SET state = ''cut_off'' WHERE name = ''v1'''),
    t.act('bps1', 'UPDATE reg.edisi SET state = ''pemeringkatan'', model_version = ''m1'' WHERE name = ''v1''') \g /dev/null
SELECT id AS e FROM reg.edisi WHERE name = 'v1' \gset
SELECT t.act('bps1', format('SELECT reg.edisi_rank(%s)', :e)), t.act('bps1', format('UPDATE reg.edisi SET state = ''cek_ulang'' WHERE id = %s', :e)),
    t.act('bupati_a', format('INSERT INTO reg.cek_ulang (edisi_id, wilayah, is_agreed) VALUES (%s, ''3216'', true)', :e)),
    t.act('bps2', format('UPDATE reg.edisi SET state = ''ditetapkan'' WHERE id = %s', :e)),
    t.act('bps2', format('UPDATE reg.edisi SET recheck_to = now(), publish_at = now() WHERE id = %s', :e)),
    t.act('bps2', format('SELECT reg.edisi_publish(%s)', :e)) \g /dev/null
SELECT t.act('op_a', $$ INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id)
    SELECT 'k' || n, 'ubah', '3216011007', n, '{"jenis_lantai_terluas": "8"}', (SELECT id FROM reg.edisi WHERE name = 'v2') FROM generate_series(1, 6) AS n $$) \g /dev/null
SELECT reg.pemadanan_run() \g /dev/null
SELECT is((SELECT state FROM reg.edisi WHERE id = :e), 'terbit', 'with a published edition');
SELECT is((SELECT count(*) FROM reg.usulan), 6::bigint, 'and proposals');

-- a dry run shows and changes nothing
CREATE TEMP TABLE shown AS SELECT row_number() OVER () AS n, s FROM dtsen.upgrade_registry('reg') AS s;
SELECT cmp_ok((SELECT count(*) FROM shown), '>', 2::bigint, 'a dry run shows the statements');
SELECT is((SELECT version FROM reg.meta), 1, 'and takes all back');
SELECT has_table('reg', 'manifest', 'also the steps by hand');
SELECT is(current_setting('role'), 'none', 'and the role');
SELECT is_empty($$ SELECT * FROM shown WHERE s ~ 'shadow|@registry' $$, 'with nothing of what it compares with');

-- what stands against it
CREATE ROLE t_poor;
GRANT USAGE ON SCHEMA dtsen, reg TO t_poor; GRANT SELECT ON reg.meta TO t_poor;
SET LOCAL ROLE t_poor;
SELECT throws_ok($$ SELECT dtsen.upgrade_registry('reg') $$, '42501', 'must be owner of registry "reg"', 'the owner does it');
RESET ROLE;
DROP OWNED BY t_poor;
SAVEPOINT s;
UPDATE reg.meta SET version = 99;
SELECT throws_ok($$ SELECT dtsen.upgrade_registry('reg') $$, '55000', NULL, 'not from a version to come');
DELETE FROM reg.meta;
SELECT throws_ok($$ SELECT dtsen.upgrade_registry('reg') $$, '55000', 'registry "reg" does not say its version', 'nor from an unknown one');
ROLLBACK TO s;
CREATE VIEW public.of_others AS SELECT program, recipient_count FROM reg_bi.peserta_by_desil;
ALTER TABLE reg.penerimaan ALTER amount DROP NOT NULL;
ALTER VIEW reg_bi.peserta_by_desil RENAME COLUMN is_suppressed TO hidden;
SELECT throws_ok($$ SELECT dtsen.upgrade_registry('reg', false) $$, '2BP01', NULL, 'what others built on it is not taken along');
ROLLBACK TO s;
CREATE TABLE reg.kept (a int);
ALTER TABLE reg.manifest RENAME TO gone;
SELECT throws_ok($$ SELECT dtsen.upgrade_registry('reg', false) $$, '42P01', NULL, 'a step that fails');
SELECT is((SELECT version FROM reg.meta), 1, 'leaves all as it was');
ROLLBACK TO s;

-- a registry that drifted far is brought along: the structure is derived, not scripted
ALTER TABLE reg.keluarga_nkk DROP COLUMN changed_at;
DROP FUNCTION reg.report_control_totals CASCADE;
DROP TABLE reg.control_part CASCADE;
ALTER VIEW reg_bi.peserta_by_desil RENAME COLUMN is_suppressed TO hidden;
DROP FUNCTION reg.movement_label(integer) CASCADE;
CREATE FUNCTION reg.movement_label(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
DELETE FROM reg.kunjungan_result WHERE code = (SELECT max(code) FROM reg.kunjungan_result);

-- every row of every table; new columns do not count
CREATE FUNCTION t.rows_of(relation text, columns text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT x::text FROM (SELECT %s FROM %s) AS x', columns, relation);
END $$;
CREATE TEMP TABLE before AS
    SELECT c.oid::regclass::text AS relation, k.columns
    FROM pg_class AS c, LATERAL (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS k
    WHERE c.relnamespace = 'reg'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('meta', 'manifest');
CREATE TEMP TABLE row_before AS SELECT b.relation, r FROM before AS b, t.rows_of(b.relation, b.columns) AS r;
SELECT cmp_ok((SELECT count(DISTINCT relation) FROM row_before), '>=', 30::bigint, 'tables with rows are compared');
CREATE TEMP TABLE shown_before AS SELECT scope, kecamatan_code, desil, family_count, is_suppressed FROM reg_bi.desil_by_kecamatan;
SELECT is((SELECT count(DISTINCT is_suppressed) FROM shown_before), 2::bigint, 'some figures are shown, some are suppressed');

SET TimeZone = 'UTC';
SELECT cmp_ok((SELECT count(*) FROM dtsen.upgrade_registry('reg', dry_run => false)), '>=', 12::bigint, 'upgraded');
SET TimeZone = 'Asia/Jakarta';
SELECT is((SELECT version FROM reg.meta), dtsen._registry_version(), 'it has the version of today');
SELECT is((SELECT count(*) FROM reg.meta WHERE upgraded_at IS NOT NULL AND upgraded_by = SESSION_USER), 1::bigint, 'and says who did it');
SELECT is_empty($$ SELECT * FROM dtsen.upgrade_registry('reg', dry_run => false) $$, 'once more does nothing');
-- guards are for two people to bring, and both say so
CREATE TEMP TABLE left_over AS SELECT * FROM dtsen.check_registry('reg');
SELECT results_eq('SELECT row_id, check_name, severity, value FROM left_over', $$ VALUES ('machine edisi', 'guards missing', 'error',
    'tetapkan: reg.edisi_is_clean; terbitkan: reg.edisi_is_finite, reg.edisi_is_clean; buka_cek_ulang: reg.edisi_is_finite') $$, 'only guards of a machine are to be found');
SELECT is((SELECT s FROM shown WHERE s LIKE '-- left for two people:%'), (SELECT '-- left for two people: machine edisi lacks guards (' || value || '). The statements, also in dtsen.check_registry(''reg''):'
    || regexp_replace(E'\n' || mend, '\n', E'\n-- ', 'g') FROM left_over), 'the upgrade said it at its end, as a comment');
CREATE TEMP TABLE template AS SELECT dtsen._registry_template_objects('reg') AS objects;
SAVEPOINT s;
SELECT t.login('drafter', 'perancang_mesin', NULL), t.login('approver', 'penyetuju_mesin', NULL) \g /dev/null
CREATE TEMP TABLE two AS SELECT part, s FROM left_over, regexp_split_to_table(mend, '-- as a login [^\n]*') WITH ORDINALITY AS p (s, part);
SELECT lives_ok($$ SELECT t.act('drafter', s) FROM two WHERE part = 2 $$, 'one person drafts');
SELECT throws_ok($$ SELECT t.act('drafter', s) FROM two WHERE part = 3 $$, '42501', NULL, 'and does not approve');
SELECT lives_ok($$ SELECT t.act('approver', s) FROM two WHERE part = 3 $$, 'another does');
SELECT is_empty($$ SELECT m.* FROM template, dtsen._registry_check_machines('reg', objects) AS m $$, 'then nothing is to be found');
SELECT is_empty($$ SELECT * FROM dtsen.check_machine('reg', 'edisi', 2) WHERE severity = 'error' $$, 'and the version is sound');
-- two people may also take a guard away: that is their decision
SELECT t.value('drafter', $$ SELECT dtsen.machine_draft('reg', 'edisi') $$), t.act('drafter', $$ UPDATE reg.transition SET guards = array_remove(guards, 'reg.edisi_is_clean') WHERE machine = 'edisi' AND version = 3 $$),
    t.value('drafter', $$ SELECT dtsen.machine_submit('reg', 'edisi', 3, 'decree') $$), t.value('approver', $$ SELECT dtsen.machine_approve('reg', 'edisi', 3, 'decree') $$) \g /dev/null
SELECT is_empty($$ SELECT m.* FROM template, dtsen._registry_check_machines('reg', objects) AS m $$, 'a guard that two people took away is not asked for again');
DELETE FROM template;
ROLLBACK TO s;
-- the structure is that of a registry made today, to the last object
SELECT dtsen.create_registry('zz_fresh') \g /dev/null
CREATE TEMP VIEW structure AS
    SELECT r, o.kind, replace(o.object, 'zz_fresh', 'reg') AS object, replace(o.detail, 'zz_fresh', 'reg') AS detail
    FROM unnest('{reg,zz_fresh}'::text[]) AS r, dtsen._registry_objects(r::name) AS o WHERE o.kind <> 'grant';
SELECT cmp_ok((SELECT count(*) FROM structure WHERE r = 'zz_fresh'), '>', 2000::bigint, 'a registry has thousands of properties');
SELECT is_empty($$ SELECT kind, object FROM structure GROUP BY kind, object, detail HAVING count(*) <> 2 $$, 'all of them are those of a registry made today');
-- and the rows are what they were
CREATE TEMP TABLE row_after AS SELECT b.relation, r FROM before AS b, t.rows_of(b.relation, b.columns) AS r;
SELECT is_empty($$ TABLE row_before EXCEPT ALL TABLE row_after $$, 'no row is another');
SELECT is_empty($$ SELECT DISTINCT relation FROM (TABLE row_after EXCEPT ALL TABLE row_before) AS r
    WHERE relation NOT IN ('reg.code', 'reg.usulan_kind', 'reg.kunjungan_result', 'reg.kepesertaan_reason', 'reg.import_kind', 'reg.import_type', 'reg.import_column', 'reg.import_reason') $$,
    'only lists got rows');
-- roles that version 1 did not have are there, with their rights; the others lost what they have no more
SELECT is((SELECT count(*) FROM pg_roles WHERE rolname IN ('reg_pemantau', 'reg_mitra') AND has_table_privilege(oid, 'reg.anggota_masked', 'SELECT') AND NOT has_table_privilege(oid, 'reg.anggota', 'SELECT')), 2::bigint, 'roles that are new');
SELECT is(has_table_privilege('reg_auditor', 'reg.journal', 'SELECT'), false, 'an auditor has the journal of his region instead of all of it');
SELECT bag_eq('SELECT actor_role, field, degree FROM reg.mask_rule', 'SELECT actor_role, field, degree FROM zz_fresh.mask_rule', 'viewers see what they do in a registry made today');
-- what is new says of them what it would had it been there
SELECT is((SELECT array_agg(kind::text ORDER BY kind) FROM reg.usulan_kind WHERE is_event),
    (SELECT array_agg(kind::text ORDER BY kind) FROM zz_fresh.usulan_kind WHERE is_event), 'population events are marked');
SELECT is((SELECT array_agg(DISTINCT channel::text) FROM reg.usulan), '{desa}', 'proposals came from the village');
SELECT is((SELECT count(*) FROM reg.keluarga WHERE alamat_since = '2026-05-04'), 59::bigint, 'addresses are known since their row last changed');
SELECT is((SELECT alamat_since FROM reg.keluarga WHERE id = 60), '2026-06-05', 'in Jakarta');
SELECT set_eq('SELECT scope, kecamatan_code, desil, family_count, is_suppressed FROM reg_bi.desil_by_kecamatan', 'TABLE shown_before',
    'figures are shown and suppressed as before');
SELECT is((SELECT sum(families) FROM reg.inequality_summary WHERE edisi_id = :e), 60::bigint, 'inequality is counted');
SELECT is((SELECT sum(persons) FROM reg.quality_summary WHERE edisi_id = :e), 180::numeric, 'and quality');
SELECT is((SELECT sum(persons) FROM reg.padan_summary), 180::bigint, 'and matching');
SELECT cmp_ok(t.value('op_a', 'SELECT count(*) FROM reg.variable')::integer, '>', 50, 'roles read new tables');
SELECT is((SELECT is_intact FROM reg.edisi_verify(:e)), true, 'the published edition verifies');
SELECT is_empty($$ SELECT * FROM dtsen.verify_journal('reg') $$, 'the journal verifies');
SELECT throws_ok('UPDATE reg.desil SET desil_nasional = 1', 'SE004', NULL, 'what was published cannot change');
SELECT is(t.act('op_a', $$ UPDATE reg.usulan SET payload = '{"jenis_lantai_terluas": "7"}' WHERE request_key = 'k1' $$), 1::bigint, 'and work goes on');
SELECT is_empty($$ SELECT * FROM dtsen.verify_journal('reg') $$, 'under the same journal');
SELECT is((SELECT string_agg(c, '') FROM (SELECT regexp_replace(dtsen.registry_ddl('reg'), '^SET [^;]*;\s*', '') AS c) AS d),
    dtsen._registry_body('reg'), 'registry_ddl() is what create_registry() runs');
SELECT * FROM finish();
ROLLBACK;
