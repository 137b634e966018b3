-- check_registry(): each kind of harm is seen as exactly one finding, and what
-- the finding says mends it.
BEGIN;
SET LOCAL search_path = dtsen, public; -- what users have
SET LOCAL client_min_messages = warning;
SELECT no_plan();
SELECT lives_ok($$ SELECT dtsen.create_registry('care') $$, 'a registry is made');
SELECT is_empty($$ SELECT * FROM dtsen.check_registry('care') $$, 'with nothing to find, before it has roles');
SELECT is(current_setting('search_path'), 'dtsen, public', 'the path is as before');
SELECT is_empty($$ SELECT nspname FROM pg_namespace WHERE nspname LIKE 'dtsen\_shadow%' $$, 'and nothing stays of what it compared with');
SELECT lives_ok($$ SELECT * FROM dtsen.setup_roles('care', dry_run => false) $$, 'its roles are made');
SELECT is_empty($$ SELECT * FROM dtsen.check_registry('care') $$, 'nothing to find with them');
-- what docs/operations.md tells a DBA to set
ALTER TABLE care.anggota SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.01);
ALTER TABLE care.anggota ALTER COLUMN nama SET STATISTICS 500;
ALTER TABLE care.journal_block SET (fillfactor = 90);
SELECT format('ALTER INDEX %s SET (%s)', i.indexrelid::regclass, CASE a.amname WHEN 'gin' THEN 'fastupdate = off' ELSE 'fillfactor = 70' END)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS a ON a.oid = c.relam
WHERE c.relnamespace = 'care'::regnamespace AND c.relkind = 'i' AND a.amname IN ('btree', 'gin') \gexec
SELECT is_empty($$ SELECT * FROM dtsen.check_registry('care') $$, 'nor in how a DBA tunes tables');
ALTER TABLE care.journal_block RESET (toast_tuple_target);
SELECT results_eq($$ SELECT row_id, check_name FROM dtsen.check_registry('care') $$, $$ VALUES ('care.journal_block', 'table changed') $$, 'but in what the template sets itself');
SELECT mend FROM dtsen.check_registry('care') \gexec
SELECT is_empty($$ SELECT * FROM dtsen.check_registry('care') $$, 'which is mended');

-- an edition with its partition, a batch near its cut-off
SET LOCAL dtsen.allow_data_loss = on;
CREATE ROLE care_kem; CREATE ROLE care_opd;
GRANT care_kemensos TO care_kem; GRANT care_kepala_opd TO care_opd;
INSERT INTO care.actor (login, actor_role, person_key, wilayah) VALUES ('care_kem', 'kemensos', 'a', NULL), ('care_opd', 'kepala_opd', 'b', '3216'),
    ('care_op', 'operator_desa', 'c', '3216011007');
CREATE ROLE care_op IN ROLE care_operator_desa;
INSERT INTO care.keluarga (nkk, wilayah) VALUES ('3216011701200001', '3216011007');
SET LOCAL ROLE care_kem;
INSERT INTO care.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
VALUES ('2026-12', now() + '2 days', now() + '5 days', now() + '6 days', now() + '7 days', now() + '8 days');
SET LOCAL ROLE care_op;
INSERT INTO care.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id)
VALUES ('k', 'ubah', '3216011007', 1, '{"jenis_lantai_terluas": "8"}', 1);
SET LOCAL ROLE care_opd;
INSERT INTO care.batch (wilayah, edisi_id) VALUES ('3216', 1);
SELECT is_empty($$ SELECT * FROM care.batch_item $$, 'a batch is open');
INSERT INTO care.batch_item (batch_id, wilayah, usulan_id) VALUES (1, '3216', 1);
RESET ROLE;

CREATE TEMP TABLE harm (n serial, statement text, row_id text, check_name text, severity text);
INSERT INTO harm (statement, row_id, check_name, severity) VALUES
    -- tables, columns
    ('DROP TABLE care.project_login', 'care.project_login', 'table missing', 'error'),
    ('SELECT', 'project_login_pkey on care.project_login', 'constraint missing', 'error'),
    ('SELECT', 'project_login_project_fkey on care.project_login', 'constraint missing', 'error'),
    ('ALTER TABLE care.penerimaan SET UNLOGGED', 'care.penerimaan', 'table changed', 'error'),
    ('ALTER TABLE care.keluarga_nkk DROP COLUMN changed_at', 'care.keluarga_nkk.changed_at', 'column missing', 'error'),
    ('ALTER TABLE care.keluarga ALTER file_desil_nasional TYPE integer', 'care.keluarga.file_desil_nasional', 'column changed', 'error'),
    ('ALTER TABLE care.keluarga ADD COLUMN own_note text', 'care.keluarga.own_note', 'column added', 'notice'),
    ('ALTER TABLE care.keluarga ALTER nkk_since DROP DEFAULT', 'care.keluarga.nkk_since', 'default missing', 'error'),
    ('ALTER TABLE care.keluarga ALTER status SET DEFAULT ''nonaktif''', 'care.keluarga.status', 'default changed', 'error'),
    ('ALTER TABLE care.aset ALTER jumlah_ternak_sapi SET DEFAULT 1', 'care.aset.jumlah_ternak_sapi', 'default added', 'warning'),
    ('ALTER TABLE care.anggota ALTER nama DROP NOT NULL', 'care.anggota.nama', 'not null missing', 'error'),
    ('ALTER TABLE care.control_total ALTER edisi_id SET NOT NULL', 'care.control_total.edisi_id', 'not null added', 'warning'),
    ('ALTER TABLE care.kunjungan ALTER id SET GENERATED ALWAYS', 'care.kunjungan.id', 'identity changed', 'error'),
    ('ALTER TABLE care.import_run ALTER id DROP IDENTITY', 'care.import_run.id', 'identity missing', 'error'),
    ('ALTER TABLE care.journal_block ALTER body SET STORAGE EXTENDED', 'care.journal_block.body', 'storage missing', 'warning'),
    -- constraints, indexes
    ('ALTER TABLE care.keluarga DROP CONSTRAINT keluarga_nkk_key', 'keluarga_nkk_key on care.keluarga', 'constraint missing', 'error'),
    ('ALTER TABLE care.skor DROP CONSTRAINT skor_model_version_fkey', 'skor_model_version_fkey on care.skor', 'constraint missing', 'error'),
    ('ALTER TABLE care.skor DROP CONSTRAINT skor_skor_check, ADD CONSTRAINT skor_skor_check CHECK (skor > 0)', 'skor_skor_check on care.skor', 'constraint changed', 'error'),
    ('ALTER TABLE care.skor ADD CONSTRAINT own_check CHECK (skor < 1e12)', 'own_check on care.skor', 'constraint added', 'warning'),
    ('DROP INDEX care.keluarga_wilayah_idx', 'care.keluarga_wilayah_idx', 'index missing', 'warning'),
    ('DROP INDEX care.desil_wilayah_desil_nasional_idx', 'care.desil_wilayah_desil_nasional_idx', 'index missing', 'warning'),
    ('DROP INDEX care.dtks_nik_idx; CREATE INDEX dtks_nik_idx ON care.dtks (nama)', 'care.dtks_nik_idx', 'index changed', 'warning'),
    ('UPDATE pg_index SET indisvalid = false WHERE indexrelid = ''care.keluarga_nkk_nkk_idx''::regclass', 'care.keluarga_nkk_nkk_idx', 'index invalid', 'error'),
    -- functions, views
    ('DROP FUNCTION care.text_date(text)', 'care.text_date(pg_catalog.text)', 'function missing', 'error'),
    ('CREATE OR REPLACE FUNCTION care.scope_common() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS ''SELECT ''''''''''', 'care.scope_common()', 'function changed', 'error'),
    ('ALTER FUNCTION care.project_key(text) RESET search_path', 'care.project_key(pg_catalog.text)', 'definer without search_path', 'error'),
    ('CREATE FUNCTION care.own() RETURNS int LANGUAGE sql SECURITY DEFINER AS ''SELECT 1''; REVOKE EXECUTE ON FUNCTION care.own() FROM PUBLIC', 'care.own()', 'definer without search_path', 'error'),
    ('CREATE FUNCTION care.edisi_verify(text) RETURNS int LANGUAGE sql AS ''SELECT 1''; REVOKE EXECUTE ON FUNCTION care.edisi_verify(text) FROM PUBLIC', 'care.edisi_verify(pg_catalog.text)', 'function added', 'warning'),
    ('ALTER FUNCTION care.edisi_digest(integer) IMMUTABLE', 'care.edisi_digest(integer)', 'function changed', 'error'),
    ('DROP VIEW care_bi.movement_by_kabupaten', 'care_bi.movement_by_kabupaten', 'view missing', 'error'),
    ('ALTER VIEW care_bi.usulan_by_state RESET (security_barrier)', 'care_bi.usulan_by_state', 'view changed', 'error'),
    ('ALTER VIEW care_bi.control_total RENAME COLUMN difference TO gap', 'care_bi.control_total', 'view changed', 'error'),
    ('COMMENT ON COLUMN care.anggota.nik IS NULL', 'table column care.anggota.nik', 'comment missing', 'notice'),
    ('COMMENT ON TABLE care.batch IS ''mine''', 'table care.batch', 'comment changed', 'notice'),
    -- triggers, row security, rights, owners
    ('DROP TRIGGER stamp_created ON care.bukti', 'stamp_created on care.bukti', 'trigger missing', 'error'),
    ('CREATE OR REPLACE TRIGGER keep BEFORE INSERT ON care.kunjungan FOR EACH ROW WHEN (NEW.id > 5) EXECUTE FUNCTION care.kunjungan_keep(); ALTER TABLE care.kunjungan ENABLE ALWAYS TRIGGER keep',
        'keep on care.kunjungan', 'trigger changed', 'error'),
    ('CREATE TRIGGER own BEFORE INSERT ON care.skor FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()', 'own on care.skor', 'trigger added', 'warning'),
    ('ALTER TABLE care.usulan DISABLE TRIGGER keep_content', 'keep_content on care.usulan', 'trigger disabled', 'error'),
    ('ALTER TABLE care.usulan ENABLE TRIGGER zz_dtsen_guard', 'zz_dtsen_guard on care.usulan', 'trigger weakened', 'error'),
    ('ALTER TABLE ONLY care.desil_1 DISABLE TRIGGER immutable', 'immutable on care.desil_1', 'trigger disabled', 'error'),
    ('DROP TRIGGER immutable_truncate ON care.desil_1', 'immutable_truncate on care.desil_1', 'trigger missing', 'error'),
    ('DROP POLICY edition ON care.desil', 'edition on care.desil', 'policy missing', 'error'),
    ('ALTER POLICY scope ON care.anggota USING (true)', 'scope on care.anggota', 'policy changed', 'error'),
    ('CREATE POLICY everyone ON care.keluarga USING (true)', 'everyone on care.keluarga', 'policy added', 'error'),
    ('ALTER TABLE care.penerimaan DISABLE ROW LEVEL SECURITY', 'care.penerimaan', 'row security changed', 'error'),
    ('CREATE RULE own AS ON DELETE TO care.flag DO INSTEAD NOTHING', 'own on care.flag', 'rule added', 'error'),
    ('GRANT SELECT ON care.rumah TO PUBLIC', 'SELECT ON care.rumah TO PUBLIC', 'grant added', 'error'),
    ('CREATE ROLE care_stranger; GRANT UPDATE (nama) ON care.anggota TO care_stranger', 'UPDATE (nama) ON care.anggota TO care_stranger', 'grant added', 'warning'),
    ('GRANT SELECT ON care.desil_1 TO care_stranger', 'SELECT ON care.desil_1 TO care_stranger', 'grant added', 'warning'),
    ('GRANT UPDATE ON care.meta TO care_bps', 'UPDATE ON care.meta TO care_bps', 'grant added', 'error'),
    ('GRANT SELECT ON care.program TO care_kades WITH GRANT OPTION', 'SELECT ON care.program TO care_kades', 'grant changed', 'error'),
    ('REVOKE SELECT ON care.kunjungan FROM care_kades', 'SELECT ON care.kunjungan TO care_kades', 'grant missing', 'error'),
    ('ALTER FUNCTION care.usulan_sealed(text[]) OWNER TO care_stranger; REVOKE ALL ON FUNCTION care.usulan_sealed(text[]) FROM care_stranger', 'care.usulan_sealed(pg_catalog.text[])', 'wrong owner', 'error'),
    ('ALTER TABLE care.program_quota REPLICA IDENTITY NOTHING', 'care.program_quota', 'replica identity missing', 'warning'),
    ('ALTER EVENT TRIGGER dtsen_drop_guard DISABLE', 'dtsen_drop_guard', 'drop guard disabled', 'error'),
    ('ALTER EVENT TRIGGER dtsen_partition_guard DISABLE', 'dtsen_partition_guard', 'partition guard disabled', 'error'),
    ($$ INSERT INTO care.import_stage (id, kind, file_name, sha256, byte_count, owner_scope, changed_at) VALUES (7, 'dtks', 'f', sha256('f'), 9, '3216', now() - interval '8 days'),
        (8, 'dtks', 'g', sha256('g'), 9, '3216', now()); INSERT INTO care.import_part (stage_id, owner_scope, first_byte, lines) VALUES (7, '3216', 0, '#x'), (8, '3216', 0, '#x') $$,
        'file 7', 'import interrupted', 'warning'),
    ('UPDATE care.edisi SET name = name WHERE false', 'batch 1 of region 3216', 'batch not sealed', 'warning');
DO $$ DECLARE h record; BEGIN FOR h IN SELECT * FROM harm ORDER BY n LOOP EXECUTE h.statement; END LOOP; END $$;
CREATE TEMP TABLE found AS SELECT row_number() OVER () AS n, c.* FROM dtsen.check_registry('care') AS c;
SELECT results_eq($$ SELECT row_id, check_name, severity FROM found ORDER BY 1, 2 $$, $$ SELECT row_id, check_name, severity FROM harm ORDER BY 1, 2 $$,
    'every harm is one finding, and nothing else is found');
SELECT is_empty($$ SELECT * FROM found WHERE hint = '' OR hint IS NULL OR value IS NULL $$, 'each says what is wrong');
SELECT results_eq($$ SELECT row_id FROM found WHERE mend IS NULL ORDER BY 1 $$, $$ VALUES ('batch 1 of region 3216'), ('care.keluarga.own_note') $$,
    'each has a statement, but where people must act or data would be lost');
DO $$ DECLARE f record; BEGIN FOR f IN SELECT * FROM found WHERE mend IS NOT NULL ORDER BY n LOOP EXECUTE f.mend; END LOOP; END $$;
SELECT results_eq($$ SELECT row_id FROM dtsen.check_registry('care') ORDER BY 1 $$, $$ VALUES ('batch 1 of region 3216'), ('care.keluarga.own_note') $$,
    'and mends it');
ALTER TABLE care.keluarga DROP COLUMN own_note;
SET LOCAL ROLE care_opd;
SELECT care.batch_fill(1) \g /dev/null
DELETE FROM care.batch_item WHERE batch_id = 1;
RESET ROLE;
SELECT is_empty($$ SELECT * FROM dtsen.check_registry('care') $$, 'nothing is left to find');

-- what another mends than the owner is the owner's
SAVEPOINT owned;
CREATE ROLE care_owner;
SELECT format('ALTER %s %s OWNER TO care_owner', CASE WHEN i.type = 'function' THEN 'ROUTINE' ELSE upper(i.type) END, i.identity)
FROM (SELECT 'pg_class'::regclass AS c, oid FROM pg_class WHERE relnamespace IN ('care'::regnamespace, 'care_bi'::regnamespace) AND relkind IN ('r', 'p', 'v', 'm')
    UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace IN ('care'::regnamespace, 'care_bi'::regnamespace)
    UNION ALL SELECT 'pg_namespace'::regclass, oid FROM pg_namespace WHERE nspname IN ('care', 'care_bi')) AS o, pg_identify_object(o.c, o.oid, 0) AS i \gexec
DROP VIEW care_bi.dim_program; DROP TABLE care.project_login; DROP FUNCTION care.text_date(text); ALTER VIEW care_bi.control_total RENAME COLUMN difference TO gap;
DO $$ DECLARE f record; BEGIN FOR f IN SELECT * FROM dtsen.check_registry('care') LOOP EXECUTE f.mend; END LOOP; END $$;
SELECT is_empty($$ SELECT row_id, check_name, value FROM dtsen.check_registry('care') $$, 'mended by a superuser, nothing is left to find');
ROLLBACK TO owned;
-- a login whose roles came to different regions before that was refused
SAVEPOINT roles;
ALTER TABLE care.actor DISABLE TRIGGER agree_insert;
INSERT INTO care.actor (login, actor_role, person_key, wilayah) VALUES ('care_opd', 'verifikator', 'b', '3217');
ALTER TABLE care.actor ENABLE ALWAYS TRIGGER agree_insert;
SELECT results_eq($$ SELECT row_id, check_name, severity, value, mend FROM dtsen.check_registry('care') $$,
    $$ VALUES ('login care_opd', 'roles of different regions', 'error', 'kepala_opd of 3216, verifikator of 3217', NULL) $$, 'is found');
ROLLBACK TO roles;

-- what is a DBA's own is nobody's business
CREATE INDEX own_idx ON care.keluarga (changed_at);
CREATE TABLE care.own_table (a int); CREATE VIEW care.own_view AS SELECT 1 AS a; GRANT SELECT ON care.own_table, care.own_view TO care_stranger;
CREATE FUNCTION care.own_too() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION care.own_too() FROM PUBLIC;
-- names folded by another version below an index, a large table without statistics, a role less
CREATE INDEX own_name ON care.anggota (nama);
CREATE CAST (bytea AS dtsen.nama) WITHOUT FUNCTION;
INSERT INTO care.anggota (keluarga_id, wilayah, nik, nama, hubungan) VALUES (1, '3216011007', '3216010101900001', ('\x0000000000'::bytea || 'SITI'::bytea)::dtsen.nama, 1);
UPDATE care.wilayah SET decree = repeat('x', 200) WHERE level = 4;
DROP OWNED BY care_perancang_mesin; DROP ROLE care_perancang_mesin;
CREATE TEMP TABLE late AS SELECT row_number() OVER () AS n, c.* FROM dtsen.check_registry('care') AS c;
SELECT results_eq($$ SELECT row_id, check_name FROM late ORDER BY 1 $$, $$ VALUES ('care.anggota.nama', 'names folded by another version'),
    ('care.wilayah', 'statistics missing'), ('care_perancang_mesin', 'role missing') $$, 'names, statistics and roles');
DO $$ DECLARE f record; BEGIN FOR f IN SELECT * FROM late ORDER BY n LOOP EXECUTE f.mend; END LOOP; END $$;
SELECT is_empty($$ SELECT * FROM dtsen.check_registry('care') $$, 'mended, too');

-- versions, rights, read-only transactions
UPDATE care.meta SET version = 1;
SELECT results_eq($$ SELECT row_id, check_name, severity, mend FROM dtsen.check_registry('care') $$,
    $$ VALUES ('care', 'version', 'error', 'SELECT * FROM dtsen.upgrade_registry(''care'', dry_run => false);') $$, 'an older version is one finding');
UPDATE care.meta SET version = 99;
SELECT results_eq($$ SELECT row_id, check_name, mend FROM dtsen.check_registry('care') $$, $$ VALUES ('care', 'version', NULL) $$, 'so is a newer one');
UPDATE care.meta SET version = dtsen._registry_version();
SELECT throws_ok($$ SELECT * FROM dtsen.check_registry('nowhere') $$, '3F000', NULL, 'there must be a registry');
CREATE ROLE care_poor;
GRANT USAGE ON SCHEMA dtsen, care TO care_poor;
GRANT SELECT ON care.meta TO care_poor;
SET LOCAL ROLE care_poor;
SELECT throws_ok($$ SELECT * FROM dtsen.check_registry('care') $$, '42501', NULL, 'and the right to make schemas');
RESET ROLE;
SAVEPOINT s;
SET TRANSACTION READ ONLY;
SELECT throws_ok($$ SELECT * FROM dtsen.check_registry('care') $$, '25006', NULL, 'not in a read-only transaction');
SELECT * FROM finish();
ROLLBACK;
