-- Errors that stand against an edition: what is reported, and what stops it.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SELECT t.login('kem', 'kemensos', NULL), t.login('bps1', 'bps', NULL), t.login('bps2', 'bps', NULL), t.login('opd_a', 'kepala_opd', '3216'),
    t.login('opd_b', 'kepala_opd', '3217'), t.login('op_a', 'operator_desa', '3216011007'), t.login('data_a', 'pengelola', '3216'),
    t.login('bupati_a', 'kepala_daerah', '3216'), t.login('bupati_b', 'kepala_daerah', '3217') \g /dev/null
-- 40 families in two regencies; 3 and 4 have no head, 5 and 6 share a NIK, 40 has no member
INSERT INTO reg.model VALUES ('m1', 'test', 'test');
INSERT INTO reg.keluarga (id, nkk, wilayah) SELECT n, t.nkk(n)::dtsen.nkk, CASE WHEN n % 4 = 0 THEN '3217012001' ELSE '3216011007' END::dtsen.kode_wilayah FROM generate_series(1, 40) AS n;
INSERT INTO reg.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, jenis_kelamin, tanggal_lahir)
SELECT k.id, k.id, k.wilayah, t.nik(CASE k.id WHEN 6 THEN 5 ELSE k.id END::integer)::dtsen.nik, 'WARGA', CASE WHEN k.id IN (3, 4) THEN 3 ELSE 1 END, 1, '1990-03-02'
FROM reg.keluarga AS k WHERE k.id < 40;
INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor) SELECT 'm1', id, wilayah, id FROM reg.keluarga;
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v1', now() - '5 days'::interval, now() - '4 days'::interval, now() - '3 days'::interval, now() + '1 day', now() + '2 days') $$) \g /dev/null
SELECT id AS e FROM reg.edisi \gset
SELECT t.act('kem', $$ INSERT INTO reg.exclusive_group VALUES ('pangan', 'keluarga', 'pangan', 'food') $$),
    t.act('kem', $$ INSERT INTO reg.program (program, owner_level, unit, exclusive_group, legal_basis, label_id, label_en) VALUES
        ('sembako', 'pusat', 'keluarga', 'pangan', 'law S', 's', 's'), ('beras', 'pusat', 'keluarga', 'pangan', 'law B', 'b', 'b') $$),
    t.act('kem', $$ INSERT INTO reg.program_rule (program, valid_from, desil_to) VALUES ('sembako', '2026-01-01', 5), ('beras', '2026-01-01', 5) $$),
    t.act('kem', $$ INSERT INTO reg.program_flag (program, kind, effect, legal_basis) VALUES ('sembako', 'asesmen', 'include', 'rule Y'), ('sembako', 'aparatur', 'exclude', 'rule X') $$),
    t.act('data_a', $$ INSERT INTO reg.flag (kind, keluarga_id, anggota_id, wilayah, source, noted_on) VALUES
        ('asesmen', 7, NULL, '3216011007', 'dinsos', '2026-01-01'), ('aparatur', 7, 7, '3216011007', 'bkn', '2026-01-01'), ('asesmen', 9, NULL, '3216011007', 'dinsos', '2026-01-01') $$) \g /dev/null
INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah, valid_from) VALUES ('beras', 9, '3216011007', '2026-02-01');

-- every code that the reports give is a class
SELECT is_empty($$ SELECT DISTINCT m[1] FROM pg_proc p, regexp_matches(p.prosrc, '''([a-z_0-9]+)'', ''(?:error|warning)''', 'g') AS m
    WHERE p.oid = 'reg.report_anomaly(date)'::regprocedure EXCEPT SELECT class FROM reg.finding_class $$, 'every code of report_anomaly is a class');
SELECT is_empty($$ SELECT 'nik_' || e FROM unnest(ARRAY['0016010203900001', '9916010203900001', '3216010003900001', '3216010200900001', '3216013102900001',
    '3216012902000001', '3216010203900000']) AS n, unnest(dtsen.nik_errors(n::dtsen.nik, '1999-01-01')) AS e EXCEPT SELECT class FROM reg.finding_class $$, 'every error of a NIK too');
SELECT is((SELECT count(DISTINCT e) FROM unnest(ARRAY['0016010203900001', '9916010203900001', '3216010003900001', '3216010200900001', '3216013102900001',
    '3216012902000001', '3216010203900000']) AS n, unnest(dtsen.nik_errors(n::dtsen.nik, '1999-01-01')) AS e), (SELECT count(*) FROM reg.finding_class WHERE class ~ '^nik_' AND class <> 'nik_twice'), 'all of them');

-- a flag that two programmes of a group require: the rules contradict each other whoever is flagged
SELECT is((SELECT count(*) FROM reg.program_check() WHERE severity = 'error'), 0::bigint, 'the rules of each programme can work');
SELECT t.act('kem', $$ INSERT INTO reg.program_flag (program, kind, effect, legal_basis) VALUES ('beras', 'asesmen', 'include', 'rule Z') $$) \g /dev/null
SELECT results_eq('SELECT row_id, check_name, value FROM reg.program_check()',
    $$ VALUES ('beras', 'required by two programmes of a group', 'asesmen: beras (rule Z) and sembako (rule Y)') $$, 'both rules are named');

SELECT t.act('kem', 'UPDATE reg.edisi SET state = ''cut_off'''), t.act('bps1', 'UPDATE reg.edisi SET state = ''pemeringkatan'', model_version = ''m1''') \g /dev/null
-- scores that are no finite numbers: the table refuses them, and so does the ranking if the table did not
SELECT throws_ok($$ UPDATE reg.skor SET skor = 'NaN' WHERE keluarga_id = 1 $$, '23514', NULL, 'no score is NaN');
SELECT throws_ok($$ UPDATE reg.skor SET skor = '-infinity' WHERE keluarga_id = 1 $$, '23514', NULL, 'or infinite');
SAVEPOINT unguarded;
ALTER TABLE reg.skor DROP CONSTRAINT skor_skor_check;
UPDATE reg.skor SET skor = CASE keluarga_id WHEN 3 THEN 'infinity' WHEN 4 THEN '-infinity' ELSE 'NaN' END::float8 WHERE keluarga_id IN (1, 3, 4);
CREATE FUNCTION t.detail(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    d text;
BEGIN
    PERFORM t.act('bps1', statement);
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' ', SQLSTATE, SQLERRM || ':', d);
END $$;
SELECT is(t.detail(format('SELECT reg.edisi_rank(%s)', :e)), '22023 model "m1" has scores that are no finite numbers: 1 are NaN, 2 are infinite.', 'the ranking refuses them, with their count');
ROLLBACK TO unguarded;
SELECT t.value('bps1', format('SELECT ranked_count FROM reg.edisi_rank(%s)', :e)) \g /dev/null
SELECT throws_ok(format($$ SELECT t.act('bps1', 'INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor) SELECT %s, 1, wilayah, nkk, 1, ''NaN'' FROM reg.keluarga WHERE id = 1') $$, :e), '23514', NULL, 'no decile comes of NaN');
SAVEPOINT unguarded;
ALTER TABLE reg.desil DROP CONSTRAINT desil_skor_check;
ALTER TABLE reg.desil_cut DROP CONSTRAINT desil_cut_cut_check;
UPDATE reg.desil SET skor = CASE keluarga_id WHEN 1 THEN 'NaN' ELSE 'infinity' END::float8 WHERE keluarga_id IN (1, 2, 3);
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''cek_ulang''') $$, '22023', 'edition v1 has scores that are no finite numbers: 1 NaN, 2 infinite', 'the re-check does not open with them');
UPDATE reg.desil SET skor = 1 WHERE keluarga_id IN (1, 2, 3);
UPDATE reg.desil_cut SET cut = 'infinity' WHERE scope = 'nasional' AND number > 7;
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''cek_ulang''') $$, '22023', 'edition v1 has cuts that are no finite numbers: 0 NaN, 2 infinite', 'nor with such cuts');
ROLLBACK TO unguarded;

-- what is unresolved
SELECT results_eq(format($$ SELECT class, keluarga_id, program, explanation FROM reg.edisi_findings(%s) ORDER BY 1, 2 $$, :e), $$ VALUES
    ('nik_twice', 5::bigint, NULL, 'several active persons have the NIK'), ('nik_twice', 6, NULL, 'several active persons have the NIK'),
    ('no_head', 3, NULL, 'a family without a head'), ('no_head', 4, NULL, 'a family without a head'), ('no_member', 40, NULL, 'a family without members'),
    ('program_conflict', 7, 'sembako', 'required by asesmen (rule Y), excluded by aparatur (rule X)'),
    ('program_conflict', 9, 'sembako', 'required by asesmen (rule Y), excluded by beras in group pangan (law B)'),
    ('program_rules', NULL, 'beras', 'required by two programmes of a group: asesmen: beras (rule Z) and sembako (rule Y): Group pangan allows one of them: take one flag away, or the group.') $$,
    'all of it, of contradictions both rules');
SELECT is(concat_ws(' ', t.value('opd_a', format('SELECT count(*) FROM reg.edisi_findings(%s) WHERE keluarga_id IS NOT NULL', :e)), t.value('opd_b', format('SELECT count(*) FROM reg.edisi_findings(%s) WHERE keluarga_id IS NOT NULL', :e)),
    t.value('op_a', format('SELECT count(*) FROM reg.edisi_findings(%s) WHERE keluarga_id IS NOT NULL', :e))), '3 2 3', 'a region sees its own, and before publication nothing that comes of a decile');
SELECT throws_ok(format($$ SELECT t.value('op_a', 'SELECT count(*) FROM reg.edisi_findings(%s, ''{program_conflict}'')') $$, :e), '42501', NULL, 'if it asks for them it is told');
SELECT is((SELECT string_agg(DISTINCT class, ' ') FROM reg.edisi_findings(:e, '{no_member}')), 'no_member', 'one class');
SELECT throws_ok('SELECT * FROM reg.edisi_findings(-1)', 'P0002', NULL, 'of no edition');
-- a family that came in after the ranking is not of the edition
SAVEPOINT later;
INSERT INTO reg.keluarga (id, nkk, wilayah) VALUES (50, t.nkk(50)::dtsen.nkk, '3216011007');
SELECT is((SELECT count(*) FROM reg.edisi_findings(:e, '{no_member}')), 1::bigint, 'only families of the edition');
ROLLBACK TO later;

-- which of them block is for the ministry to say
SELECT throws_ok($$ SELECT t.act('bps1', 'UPDATE reg.finding_class SET is_blocking = true') $$, '42501', NULL, 'not for BPS');
SELECT is(t.act('kem', 'UPDATE reg.finding_class SET is_blocking = true WHERE class IN (''no_head'', ''program_conflict'')'), 2::bigint, 'the ministry marks two classes');
SELECT t.act('bps1', 'UPDATE reg.edisi SET state = ''cek_ulang'''),
    t.act('bupati_a', format('INSERT INTO reg.cek_ulang (edisi_id, wilayah, is_agreed) VALUES (%s, ''3216'', true)', :e)),
    t.act('bupati_b', format('INSERT INTO reg.cek_ulang (edisi_id, wilayah, is_agreed) VALUES (%s, ''3217'', true)', :e)) \g /dev/null
SELECT throws_ok($$ SELECT t.act('bps2', 'UPDATE reg.edisi SET state = ''ditetapkan''') $$, 'SE003',
    'edition v1 has unresolved errors of classes that block it: no_head (2), program_conflict (2)', 'the edition is not determined with them, in whatever region they are');
SELECT t.act('data_a', 'UPDATE reg.anggota SET hubungan = 1 WHERE id = 3') \g /dev/null
UPDATE reg.anggota SET hubungan = 1 WHERE id = 4;
SELECT throws_ok($$ SELECT t.act('bps2', 'UPDATE reg.edisi SET state = ''ditetapkan''') $$, 'SE003',
    'edition v1 has unresolved errors of classes that block it: program_conflict (2)', 'nor with what is left');
SELECT t.act('kem', 'UPDATE reg.finding_class SET is_blocking = false WHERE class = ''program_conflict''') \g /dev/null
SELECT is(t.act('bps2', 'UPDATE reg.edisi SET state = ''ditetapkan'''), 1::bigint, 'others do not block');
-- and again at the publication
SELECT t.act('bps2', 'UPDATE reg.edisi SET recheck_to = now(), publish_at = now()') \g /dev/null
UPDATE reg.anggota SET hubungan = 3 WHERE id = 4;
SELECT throws_ok(format($$ SELECT t.value('bps2', 'SELECT reg.edisi_publish(%s)') $$, :e), 'SE003', 'edition v1 has unresolved errors of classes that block it: no_head (1)', 'what comes up later stops the publication');
UPDATE reg.anggota SET hubungan = 1 WHERE id = 4;
SELECT is(t.value('bps2', format('SELECT octet_length(reg.edisi_publish(%s))', :e)), '32', 'resolved, it is published');
SELECT * FROM finish();
ROLLBACK;
