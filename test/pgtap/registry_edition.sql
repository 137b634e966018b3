-- An edition: ranked by the rule, re-checked, published, and then unchangeable.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SELECT t.login('op_a', 'operator_desa', '3216011007'), t.login('bupati_a', 'kepala_daerah', '3216'),
    t.login('bupati_b', 'kepala_daerah', '3217'), t.login('bupati_c', 'kepala_daerah', '1101'), t.login('ver', 'verifikator', '3216'),
    t.login('kem', 'kemensos', NULL), t.login('bps1', 'bps', NULL), t.login('bps2', 'bps', NULL), t.login('bps_again', 'bps', NULL, 'person bps1'),
    t.login('aud', 'auditor', NULL), t.login('ana', 'analis', NULL), t.login('data_a', 'pengelola', '3216') \g /dev/null

-- 900 families in three regencies of two provinces; equal scores, weights 1 to
-- 9, every 50th without a score, every 70th not active
INSERT INTO reg.model VALUES ('m1', 'test', 'test'), ('m2', 'test', 'test');
INSERT INTO reg.keluarga (id, nkk, wilayah, jumlah_anggota, status)
SELECT n, t.nkk(n)::dtsen.nkk, v.w::dtsen.kode_wilayah, 3, CASE WHEN n % 70 = 0 THEN 'nonaktif' ELSE 'aktif' END
FROM (VALUES (0, '3216011007'), (1, '3216012002'), (2, '3217012001'), (3, '1101012001')) AS v (i, w), generate_series(1, 900) AS n
WHERE n % 4 = v.i;
INSERT INTO reg.anggota (keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir, status)
SELECT k.id, k.wilayah, (3216010000000000 + k.id * 100 + m)::dtsen.nik, 'WARGA'::dtsen.nama, CASE m WHEN 1 THEN 1 ELSE 3 END,
    '1990-03-02'::date + m, CASE WHEN m = 9 THEN 'meninggal' ELSE 'aktif' END
FROM reg.keluarga AS k, generate_series(1, 9) AS m WHERE m <= k.id % 10;
INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor)
SELECT 'm1', k.id, k.wilayah, 100000 + (k.id * 7919 % 173) * 2500.25 FROM reg.keluarga AS k WHERE k.id % 50 <> 0;
INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor) SELECT 'm2', k.id, k.wilayah, -k.id FROM reg.keluarga AS k;

SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v1', now() - '5 days'::interval, now() - '4 days'::interval, now() - '3 days'::interval, now() + '1 day', now() + '2 days') $$) \g /dev/null
SELECT id AS e FROM reg.edisi \gset
SELECT throws_ok(format($$ SELECT t.value('bps1', 'SELECT reg.edisi_rank(%s)') $$, :e), '55000', NULL, 'no ranking before its state');
SELECT t.act('kem', 'UPDATE reg.edisi SET state = ''cut_off''') \g /dev/null
SELECT throws_ok($$ SELECT t.act('kem', 'UPDATE reg.edisi SET state = ''pemeringkatan''') $$, '42501', NULL, 'the ministry does not rank');
SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''pemeringkatan'', model_version = ''m1''') \g /dev/null
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''cek_ulang''') $$, 'SE003', NULL, 'no re-check of what is not ranked');
-- the cuts of one province are supplied, as a regency alone cannot know them
INSERT INTO reg.desil_cut (edisi_id, scope, wilayah, number, cut)
SELECT :e, 'provinsi', '11', n, 150000 + 20000 * n FROM generate_series(1, 8) AS n;
SELECT throws_ok(format($$ SELECT t.value('bps1', 'SELECT reg.edisi_rank(%s)') $$, :e), '22023', '1 scopes have supplied cuts, but not nine',
    'with eight cuts the families of a province would get no decile');
INSERT INTO reg.desil_cut (edisi_id, scope, wilayah, number, cut) SELECT :e, 'provinsi', '11', 9, 150000 + 20000 * 9;
SELECT is(t.value('bps1', format('SELECT family_count || '' '' || ranked_count FROM reg.edisi_rank(%s)', :e)), '888 872', 'all active families are in, those with a score are ranked');
CREATE TEMP TABLE first_run AS SELECT * FROM reg.desil;
SELECT is(t.value('bps1', format('SELECT family_count || '' '' || ranked_count FROM reg.edisi_rank(%s)', :e)), '888 872', 'ranking again');
SELECT is_empty($$ (TABLE first_run EXCEPT TABLE reg.desil) UNION ALL (TABLE reg.desil EXCEPT TABLE first_run) $$, 'gives the same');

-- rule A by its definition: Q_k is the least score x with 10 * C(x) >= k * W,
-- the decile is 1 + the number of cuts below the score
CREATE TEMP TABLE input AS
    SELECT k.id, k.wilayah::text AS w, s.skor, coalesce(nullif(a.n, 0), k.jumlah_anggota)::bigint AS weight
    FROM reg.keluarga k LEFT JOIN reg.skor s ON s.keluarga_id = k.id AND s.model_version = 'm1',
    LATERAL (SELECT count(*) AS n FROM reg.anggota m WHERE m.keluarga_id = k.id AND m.status = 'aktif') AS a
    WHERE k.status = 'aktif';
CREATE TEMP TABLE oracle AS
    WITH scoped AS (
        SELECT 'nasional' AS scope, NULL::text AS region, * FROM input
        UNION ALL SELECT 'provinsi', left(w, 2), * FROM input
        UNION ALL SELECT 'kabupaten', left(w, 4), * FROM input),
    running AS (
        SELECT DISTINCT scope, region, skor,
            sum(weight) OVER (PARTITION BY scope, region ORDER BY skor RANGE UNBOUNDED PRECEDING) AS c,
            sum(weight) OVER (PARTITION BY scope, region) AS total
        FROM scoped WHERE skor IS NOT NULL)
    SELECT r.scope, r.region, n AS number, min(r.skor) AS cut
    FROM running AS r, generate_series(1, 9) AS n WHERE 10 * r.c >= n * r.total
    GROUP BY r.scope, r.region, n;
SELECT results_eq($$ SELECT scope::text, wilayah::text, number, cut FROM reg.desil_cut WHERE origin = 'computed' ORDER BY 1, 2, 3 $$,
    $$ SELECT scope, region, number, cut FROM oracle WHERE (scope, region) IS DISTINCT FROM ('provinsi', '11') ORDER BY 1, 2, 3 $$,
    'the cuts of country, provinces and regencies are those of the rule');
SELECT is((SELECT count(*) FROM reg.desil_cut WHERE scope = 'provinsi' AND wilayah::text = '11' AND origin = 'supplied'), 9::bigint, 'the supplied cuts stand');
SELECT is_empty($$
    SELECT d.keluarga_id FROM reg.desil d JOIN input i ON i.id = d.keluarga_id
    WHERE (d.desil_nasional, d.desil_provinsi, d.desil_kabupaten, d.skor, d.person_count) IS DISTINCT FROM (
        CASE WHEN i.skor IS NOT NULL THEN 1 + (SELECT count(*) FROM oracle o WHERE o.scope = 'nasional' AND o.cut < i.skor) END::smallint,
        CASE WHEN i.skor IS NOT NULL THEN 1 + (SELECT count(*) FROM reg.desil_cut o WHERE o.wilayah::text = left(i.w, 2) AND o.cut < i.skor) END::smallint,
        CASE WHEN i.skor IS NOT NULL THEN 1 + (SELECT count(*) FROM oracle o WHERE o.region = left(i.w, 4) AND o.cut < i.skor) END::smallint,
        i.skor, i.weight::integer) $$, 'and each family has the three deciles that the rule gives it');
SELECT is((SELECT count(*) FROM reg.desil), (SELECT count(*) FROM input), 'no family is missing, none too many');
SELECT ok((SELECT max(p) - min(p) < 60 FROM (SELECT sum(person_count) AS p FROM reg.desil WHERE desil_nasional IS NOT NULL GROUP BY desil_nasional) AS s),
    'tenths of persons, but for equal scores');
SELECT is((SELECT count(*) FROM reg.desil WHERE skor IS NULL AND num_nonnulls(desil_nasional, desil_provinsi, desil_kabupaten) = 0), 16::bigint, 'without a score there is no decile, and no 0');
SELECT throws_ok($$ UPDATE reg.desil SET desil_nasional = 0 WHERE keluarga_id = 1 $$, '23514', NULL, 'a decile is never 0');

-- a family that comes in meanwhile stops the re-check
INSERT INTO reg.keluarga (id, nkk, wilayah) VALUES (9001, t.nkk(9001)::dtsen.nkk, '3216021006');
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''cek_ulang''') $$, 'SE003', '1 families of the registry are not in the edition', 'no family is lost');
SELECT t.value('bps1', format('SELECT reg.edisi_rank(%s)', :e)) \g /dev/null
-- nor is it opened with anything that the ranking does not give
SAVEPOINT stale;
CREATE FUNCTION t.reopen(change text, who text DEFAULT 'bps1') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM t.act(who, change);
    PERFORM t.act('bps1', 'UPDATE reg.edisi SET state = ''cek_ulang''');
    RAISE EXCEPTION 'it was opened' USING ERRCODE = 'P0001';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT is(t.reopen(change, who), answer, change) FROM (VALUES
    ('WITH d AS (DELETE FROM reg.desil WHERE keluarga_id = 1 RETURNING *) INSERT INTO reg.desil SELECT edisi_id, keluarga_id, wilayah, nkk, person_count, skor, 11 - desil_nasional, desil_provinsi, desil_kabupaten FROM d',
        'bps1', '1 families of the edition'),
    ('UPDATE reg.skor SET skor = skor + 1 WHERE model_version = ''m1'' AND keluarga_id = 1', 'bps1', '1 families of the edition'),
    ('UPDATE reg.anggota SET status = ''meninggal'' WHERE keluarga_id = 4 AND hubungan = 1', 'data_a', '1 families of the edition'),
    ('UPDATE reg.keluarga SET status = ''nonaktif'' WHERE id = 4', 'data_a', '1 families of the edition'),
    ('UPDATE reg.edisi SET recheck_to = clock_timestamp()', 'bps1', 'edition v1: the window of the re-check is over')) AS v (change, who, what),
    LATERAL (SELECT CASE WHEN what ~ 'window' THEN 'SE003 ' || what
        ELSE 'SE003 ' || what || ' are not as the ranking gives them' END) AS a (answer);
SELECT is(t.reopen('WITH c AS (DELETE FROM reg.desil_cut WHERE wilayah::text = ''11'' AND number = 9), d AS (DELETE FROM reg.desil WHERE wilayah::text ~ ''^11'' RETURNING *)
        INSERT INTO reg.desil SELECT edisi_id, keluarga_id, wilayah, nkk, person_count, skor, desil_nasional, NULL, desil_kabupaten FROM d'),
    format('SE003 %s families have a score and not all three deciles', (SELECT count(*) FROM input WHERE w ~ '^11' AND skor IS NOT NULL)), 'a province without its nine cuts');
ROLLBACK TO stale;
SELECT is(t.value('bps2', 'SELECT count(*) FROM reg.desil'), '889', 'BPS sees the draft');
SELECT is(concat_ws(' ', t.value('bupati_a', 'SELECT count(*) FROM reg.desil'), t.value('op_a', 'SELECT count(*) FROM reg.desil'),
    t.value('aud', 'SELECT count(*) FROM reg.desil')), '0 0 0', 'nobody else does');
SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''cek_ulang''') \g /dev/null
SELECT is(concat_ws(' ', t.value('bupati_a', 'SELECT count(*) FROM reg.desil'), t.value('bupati_b', 'SELECT count(*) FROM reg.desil'),
    t.value('op_a', 'SELECT count(*) FROM reg.desil'), t.value('aud', 'SELECT count(*) FROM reg.desil')),
    (SELECT count(*) FILTER (WHERE starts_with(wilayah::text, '3216')) || ' ' || count(*) FILTER (WHERE starts_with(wilayah::text, '3217')) || ' 0 0' FROM reg.desil),
    'in the re-check the heads of the regions see their own');
SELECT throws_ok($$ SELECT t.act('bps1', 'DELETE FROM reg.desil') $$, 'SE004', NULL, 'what is re-checked does not change');

SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.edisi SET model_version = ''m2''') $$, 'SE004', 'the model of edition v1 cannot change any more', 'nor the model it names');
SELECT throws_ok($$ SELECT t.act('bps2', 'UPDATE reg.edisi SET recheck_to = clock_timestamp()') $$, 'SE004', 'the re-check of edition v1 cannot be cut short', 'nor is the window cut short');
-- an answer is to one draft, not to the next one
SAVEPOINT again;
SELECT t.act(l, format('INSERT INTO reg.cek_ulang (edisi_id, wilayah, is_agreed) VALUES (%s, %L, true)', :e, w))
FROM (VALUES ('bupati_a', '3216'), ('bupati_b', '3217'), ('bupati_c', '1101')) AS v (l, w) \g /dev/null
-- the test is one transaction, whose steps the journal notes at its time
ALTER TABLE reg.cek_ulang DISABLE TRIGGER in_window;
UPDATE reg.cek_ulang SET answered_at = now() - interval '1 hour';
SELECT throws_ok($$ SELECT t.act('bps2', 'UPDATE reg.edisi SET state = ''ditetapkan''') $$, 'SE002', '3 regions have not answered, and the re-check is open',
    'answers to a former draft do not count');
ROLLBACK TO again;

-- answers
SELECT throws_ok($$ SELECT t.act('bps2', 'UPDATE reg.edisi SET state = ''ditetapkan''') $$, 'SE002', '3 regions have not answered, and the re-check is open', 'no determination over their heads');
SELECT throws_ok(format($$ SELECT t.act('bupati_a', 'INSERT INTO reg.cek_ulang (edisi_id, wilayah, is_agreed) VALUES (%s, ''3217'', true)') $$, :e), '42501', NULL, 'nobody answers for another region');
SELECT throws_ok(format($$ SELECT t.act('ver', 'INSERT INTO reg.cek_ulang (edisi_id, wilayah, is_agreed) VALUES (%s, ''3216'', true)') $$, :e), '42501', NULL, 'only its head does');
SELECT throws_ok(format($$ SELECT t.act('bupati_a', 'INSERT INTO reg.cek_ulang (edisi_id, wilayah, is_agreed) VALUES (%s, ''3216'', false)') $$, :e), '23514', NULL, 'an objection says why');
SELECT t.act(l, format('INSERT INTO reg.cek_ulang (edisi_id, wilayah, is_agreed) VALUES (%s, %L, true)', :e, w))
FROM (VALUES ('bupati_a', '3216'), ('bupati_b', '3217'), ('bupati_c', '1101')) AS v (l, w) \g /dev/null
-- a proposal that stayed behind: refused here, since later it could go nowhere
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
INSERT INTO reg.usulan (id, request_key, kind, wilayah, keluarga_id, payload, edisi_id, state)
VALUES (1, '1', 'ubah', '3216011007', 4, '{}', :e, 'diserahkan');
ALTER TABLE reg.usulan ENABLE TRIGGER USER;
SELECT format('ALTER TABLE reg.usulan ENABLE ALWAYS TRIGGER %I', t.tgname) FROM pg_trigger AS t
WHERE t.tgrelid = 'reg.usulan'::regclass AND NOT t.tgisinternal \gexec
SELECT throws_ok($$ SELECT t.act('bps2', 'UPDATE reg.edisi SET state = ''ditetapkan''') $$, 'SE003', '1 proposals are not in the re-check', 'nothing stays behind');
SELECT throws_ok($$ SELECT t.act('kem', 'UPDATE reg.usulan SET state = ''kedaluwarsa''') $$, 'SE003', NULL, 'it expires with a reason only');
SELECT is(t.act('kem', 'UPDATE reg.usulan SET state = ''kedaluwarsa'', reason = ''was left behind'''), 1::bigint, 'the ministry lets it expire');
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''ditetapkan''') $$, 'SE006', NULL, 'not by the person who opened the ranking');
SELECT throws_ok($$ SELECT t.act('bps_again', 'UPDATE reg.edisi SET state = ''ditetapkan''') $$, 'SE006', NULL, 'nor with another login of that person');
SELECT is(t.act('bps2', 'UPDATE reg.edisi SET state = ''ditetapkan'''), 1::bigint, 'another person determines');

-- publication
SELECT throws_ok(format($$ SELECT t.value('bps2', 'SELECT reg.edisi_publish(%s)') $$, :e), 'SE002', NULL, 'not before its day');
SELECT t.act('bps2', 'UPDATE reg.edisi SET recheck_to = now(), publish_at = now()') \g /dev/null
SELECT throws_ok($$ SELECT t.act('bps2', 'UPDATE reg.edisi SET state = ''terbit'', family_count = 1, person_count = 1, ranked_count = 1, digest = sha256(''x'')') $$,
    'SE003', 'its counts differ from those published', 'the counts are right');
SELECT throws_ok($$ SELECT t.act('bps2', 'UPDATE reg.edisi SET state = ''terbit'', digest = sha256(''x''),
    (family_count, person_count, ranked_count) = (SELECT count(*), sum(person_count), count(desil_nasional) FROM reg.desil)') $$,
    'SE003', 'its digest differs from the one published', 'the digest is right');
SELECT is(t.value('ana', 'SELECT count(*) FROM reg_bi.desil_by_kecamatan'), '0', 'analysts see no draft');
SELECT is(t.value('bps2', format('SELECT octet_length(reg.edisi_publish(%s))', :e)), '32', 'published');
SELECT cmp_ok((SELECT published_at FROM reg.edisi), '>', now(), 'at the time when it was');
SELECT is((SELECT is_intact FROM reg.edisi_verify(:e)), true, 'it is what was published');
SELECT is(t.value('op_a', 'SELECT count(*) FROM reg.desil'), (SELECT count(*)::text FROM reg.desil WHERE wilayah::text = '3216011007'), 'now a village sees its own');

-- attacks on what is published
SELECT throws_ok(s, 'SE004', NULL, s) FROM unnest(ARRAY[
    'UPDATE reg.desil SET desil_nasional = 1', 'UPDATE reg.desil SET skor = skor', 'DELETE FROM reg.desil',
    format('INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count) VALUES (%s, 70, ''3216011007'', ''3216011701200070'', 1)', :'e'),
    format('MERGE INTO reg.desil_%s AS d USING (VALUES (1)) AS v (id) ON d.keluarga_id = v.id WHEN MATCHED THEN DELETE', :'e'),
    format('INSERT INTO reg.desil SELECT * FROM reg.desil ON CONFLICT (edisi_id, keluarga_id) DO UPDATE SET desil_nasional = 1', :'e'),
    format('UPDATE reg.desil_%s SET desil_nasional = 1', :'e'), format('DELETE FROM reg.desil_%s', :'e'),
    'TRUNCATE reg.desil', format('TRUNCATE reg.desil_%s', :'e'), 'TRUNCATE reg.edisi CASCADE',
    'UPDATE reg.desil_cut SET cut = cut + 1', 'DELETE FROM reg.desil_cut', 'TRUNCATE reg.desil_cut']) AS s;
SELECT throws_ok(format($$ SELECT t.act('bps1', %L) $$, s), '42501', NULL, s) FROM unnest(ARRAY[
    format('ALTER TABLE reg.desil DETACH PARTITION reg.desil_%s', :'e'), format('DROP TABLE reg.desil_%s', :'e'),
    format('ALTER TABLE reg.desil_%s DISABLE TRIGGER ALL', :'e'), 'TRUNCATE reg.desil', 'UPDATE reg.desil SET desil_nasional = 1',
    'CREATE TABLE reg.desil_x PARTITION OF reg.desil FOR VALUES IN (77)']) AS s;
SELECT throws_ok(format($$ SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''ditetapkan'' WHERE id = %s') $$, :e), 'SE004', NULL, 'nor is it taken back');
SELECT throws_ok($$ DELETE FROM reg.edisi $$, NULL, NULL, 'nor removed');
SELECT throws_ok($$ DELETE FROM reg.keluarga WHERE id = 1 $$, '23503', NULL, 'nor loses a family by its deletion');
SET LOCAL session_replication_role = replica;
SELECT throws_ok('UPDATE reg.desil SET desil_nasional = 1', 'SE004', NULL, 'nor by session_replication_role');
SET LOCAL session_replication_role = origin;
-- DDL is refused to the owner, too
SELECT throws_ok(s, 'SE004', NULL, s) FROM unnest(ARRAY[
    format('ALTER TABLE reg.desil DETACH PARTITION reg.desil_%s', :'e'), format('DROP TABLE reg.desil_%s', :'e'), 'DROP TABLE reg.desil CASCADE',
    format('ALTER TABLE reg.desil_%s DISABLE TRIGGER ALL', :'e'), 'ALTER TABLE reg.desil DISABLE TRIGGER immutable',
    format('ALTER TABLE ONLY reg.desil_%s DISABLE TRIGGER immutable', :'e'), 'ALTER TABLE reg.desil ENABLE REPLICA TRIGGER immutable',
    'DROP TRIGGER immutable ON reg.desil', format('ALTER TRIGGER immutable_truncate ON reg.desil_%s RENAME TO x', :'e'),
    'ALTER TABLE reg.desil DROP COLUMN skor', 'ALTER TABLE reg.desil ALTER skor TYPE numeric', 'ALTER TABLE reg.desil RENAME skor TO nilai',
    format('ALTER TABLE reg.desil_%s RENAME TO gone', :'e'), format('ALTER TABLE reg.desil_%s SET SCHEMA public', :'e'),
    format('ALTER TABLE reg.desil_%s SET UNLOGGED', :'e'), 'DROP TABLE reg.desil_cut', 'ALTER TABLE reg.desil_cut DISABLE TRIGGER USER']) AS s;
-- Who owns the tables takes the guard off the editions instead, opens one, changes a
-- row, sets digest and state as they must be, and puts all triggers back: the digest
-- then agrees, but the journal had another one.
SAVEPOINT opened;
CREATE TEMP TABLE guards AS SELECT t.tgname, pg_get_triggerdef(t.oid) AS def FROM pg_trigger AS t WHERE t.tgrelid = 'reg.edisi'::regclass AND NOT t.tgisinternal;
SELECT format('DROP TRIGGER %I ON reg.edisi', tgname) FROM guards \gexec
SELECT set_eq($$ SELECT DISTINCT check_name FROM dtsen.check_attached('reg.edisi') $$, '{trigger_missing}'::text[], 'check_attached sees that editions are without their guard');
SELECT is((SELECT count(*) FROM dtsen.check_registry('reg') WHERE check_name = 'trigger missing'), (SELECT count(*) FROM guards), 'so does check_registry');
UPDATE reg.edisi SET state = 'pemeringkatan' WHERE id = :e;
UPDATE reg.desil SET desil_nasional = 11 - desil_nasional WHERE keluarga_id = 1;
SELECT is((SELECT problem FROM reg.edisi_verify(:e)), 'it is not published', 'an edition that is open is not published');
UPDATE reg.edisi SET state = 'terbit' WHERE id = :e;
SELECT is((SELECT problem FROM reg.edisi_verify(:e)), 'its digest differs from the one published', 'closed again it is not what was published');
UPDATE reg.edisi SET digest = reg.edisi_digest(:e) WHERE id = :e;
SELECT def FROM guards \gexec
SELECT format('ALTER TABLE reg.edisi ENABLE ALWAYS TRIGGER %I', tgname) FROM guards \gexec
SELECT is_empty($$ SELECT row_id, check_name FROM dtsen.check_registry('reg') UNION ALL SELECT row_id, check_name FROM dtsen.check_attached('reg.edisi') $$, 'with all triggers back');
SELECT is((SELECT is_intact FROM reg.edisi_verify(:e)), true, 'and the digest set anew');
SELECT results_eq(format($$ SELECT machine, problem FROM dtsen.verify_journal('reg') WHERE key = '%s' AND machine = 'edisi' $$, :'e'), $$ VALUES ('edisi', 'content') $$, 'the journal still knows');
ROLLBACK TO opened;
-- a trigger of a partition that is another one, under its name
SET LOCAL dtsen.allow_data_loss = on;
CREATE FUNCTION t.lets() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
SELECT format('CREATE OR REPLACE TRIGGER immutable_truncate BEFORE TRUNCATE ON reg.desil_%1$s FOR EACH STATEMENT EXECUTE FUNCTION t.lets(); ALTER TABLE reg.desil_%1$s ENABLE ALWAYS TRIGGER immutable_truncate', :'e') \gexec
SELECT results_eq($$ SELECT row_id, check_name FROM dtsen.check_registry('reg') $$, format($$ VALUES ('immutable_truncate on reg.desil_%s', 'trigger altered') $$, :'e'), 'check_registry sees a trigger of a partition that was replaced');
SELECT mend FROM dtsen.check_registry('reg') \gexec
SELECT is_empty($$ SELECT * FROM dtsen.check_registry('reg') $$, 'and mends it');
ROLLBACK TO opened;
-- what a superuser forces is seen
SET LOCAL dtsen.allow_data_loss = on;
SELECT is_empty($$ SELECT * FROM dtsen.check_registry('reg') $$, 'nothing drifted');
SAVEPOINT s;
SELECT format('ALTER TABLE reg.desil_%s DISABLE TRIGGER ALL', :'e') \gexec
SELECT is((SELECT string_agg(DISTINCT check_name, ', ' ORDER BY check_name) FROM dtsen.check_registry('reg')), 'foreign key disabled, trigger disabled, trigger weakened', 'check_registry sees the disabled triggers');
UPDATE reg.desil SET desil_nasional = 10 WHERE keluarga_id = 1;
SELECT is((SELECT problem FROM reg.edisi_verify(:e)), 'its digest differs from the one published', 'the digest sees a changed decile');
ROLLBACK TO s;
SELECT format('ALTER TABLE reg.desil DETACH PARTITION reg.desil_%s', :'e') \gexec
SELECT is((SELECT problem FROM reg.edisi_verify(:e)), 'its counts differ from those published', 'the counts see a detached partition');
ROLLBACK TO s;
ALTER TABLE reg.desil_cut DISABLE TRIGGER ALL;
UPDATE reg.desil_cut SET cut = cut + 0.25 WHERE number = 9 AND scope = 'nasional';
SELECT is((SELECT problem FROM reg.edisi_verify(:e)), 'its digest differs from the one published', 'the digest sees a changed cut');
ROLLBACK TO s;

-- what analysts get
CREATE TEMP TABLE cell AS
    SELECT s.scope, left(d.wilayah::text, 6) AS kecamatan, s.desil, count(*) AS families
    FROM reg.desil AS d CROSS JOIN LATERAL (VALUES ('nasional', desil_nasional), ('provinsi', desil_provinsi), ('kabupaten', desil_kabupaten)) AS s (scope, desil)
    GROUP BY 1, 2, 3;
SELECT is_empty($$ SELECT * FROM cell AS c FULL JOIN reg_bi.desil_by_kecamatan AS v ON v.scope = c.scope AND v.kecamatan_code = c.kecamatan
    AND v.sort_order = coalesce(c.desil, 11) WHERE c.scope IS NULL OR v.scope IS NULL OR v.family_count <> c.families OR (c.families < 5 AND NOT v.is_suppressed) $$,
    'every family is in a cell, shown or suppressed, and no other');
SELECT is_empty($$ SELECT c.scope, c.kecamatan FROM cell AS c JOIN reg_bi.desil_by_kecamatan AS v ON v.scope = c.scope AND v.kecamatan_code = c.kecamatan
    AND v.sort_order = coalesce(c.desil, 11) WHERE v.is_suppressed
    AND (SELECT count(*) > 1 AND sum(o.families) >= 5 FROM cell AS o WHERE (o.scope, o.kecamatan) = (c.scope, c.kecamatan))
    GROUP BY 1, 2 HAVING count(*) < 2 OR sum(c.families) < 5 $$,
    'the total of a district, known from another scope, gives no small cell away');
SELECT is_empty($$ SELECT FROM reg_bi.desil_by_kecamatan AS v WHERE v.is_suppressed AND NOT EXISTS (SELECT FROM cell AS c
    WHERE c.scope = v.scope AND c.kecamatan = v.kecamatan_code AND c.families < 5) $$, 'nothing is hidden without a need');
SELECT is_empty($$ SELECT * FROM reg_bi.desil_by_kecamatan WHERE family_count < 5 OR person_count < 5
    OR is_suppressed <> (family_count IS NULL) OR is_suppressed <> (person_count IS NULL) $$, 'no small cell is shown');
SELECT isnt_empty($$ SELECT FROM reg_bi.desil_by_kecamatan WHERE is_suppressed $$, 'some are suppressed here');
SELECT throws_ok(format($$ SELECT t.act('ana', 'SELECT * FROM reg.%I') $$, r), '42501', NULL, 'an analyst does not read ' || r)
FROM unnest('{keluarga,anggota,desil,usulan,journal,dukcapil,skor,edisi}'::text[]) AS r;
SELECT is(t.value('ana', format('SELECT count(*) FROM reg_bi.%I', c.relname)) IS NOT NULL, true, 'an analyst reads ' || c.relname)
FROM pg_class AS c WHERE c.relnamespace = 'reg_bi'::regnamespace ORDER BY c.relname;
SELECT throws_ok(format($$ SELECT t.act(%L, 'SELECT * FROM reg_bi.desil_by_kecamatan') $$, l), '42501', NULL, l || ' does not read the views')
FROM unnest('{op_a,bupati_a}'::text[]) AS l;
SELECT results_eq($$ SELECT machine, chain, problem FROM dtsen.verify_journal('reg') $$, $$ VALUES ('usulan', '3216', 'history') $$,
    'the journal verifies, and tells of the proposal that was put in above behind the triggers');
SELECT is(t.value('ana', 'SELECT string_agg(machine || '' '' || is_intact, '', '' ORDER BY machine) FROM reg_bi.journal_check WHERE entry_count > 0 AND verified_at IS NOT NULL'),
    'edisi true, usulan false', 'publication verified the journal, its own steps among it');
SELECT throws_ok($$ SELECT t.value('ana', 'SELECT reg.journal_check()') $$, '42501', NULL, 'an analyst does not read the journal each time');
SELECT t.act('kem', 'SELECT reg.journal_summarise()') \g /dev/null
SELECT is(t.value('ana', 'SELECT string_agg(machine, '','') FROM reg_bi.journal_check WHERE NOT is_intact'), 'usulan', 'counted anew, it says what is wrong');
SELECT * FROM finish();
ROLLBACK;
