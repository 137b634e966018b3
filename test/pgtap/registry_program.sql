-- Programmes: who is entitled and why, lists by quota, no double aid.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SELECT t.login('kem', 'kemensos', NULL), t.login('opd_a', 'kepala_opd', '3216'), t.login('opd_b', 'kepala_opd', '3217'),
    t.login('data_a', 'pengelola', '3216'), t.login('ver_a', 'verifikator', '3216'), t.login('op_a', 'operator_desa', '3216011007'),
    t.login('aud', 'auditor', NULL), t.login('ana', 'analis', NULL) \g /dev/null

-- 400 families in two regencies with deciles of a published edition; every 20th
-- is not ranked; scores come in pairs
INSERT INTO reg.model VALUES ('m1', 'test', 'test'), ('m2', 'test', 'other');
INSERT INTO reg.keluarga (id, nkk, wilayah)
SELECT n, t.nkk(n)::dtsen.nkk, CASE WHEN n % 4 = 0 THEN '3217012001' ELSE '3216011007' END::dtsen.kode_wilayah FROM generate_series(1, 400) AS n;
INSERT INTO reg.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir, partisipasi_sekolah, jenjang_tertinggi, penglihatan, mengurus_diri)
SELECT k.id * 10 + m, k.id, k.wilayah, (3216010000000000 + k.id * 100 + m)::dtsen.nik, 'WARGA', CASE m WHEN 1 THEN 1 ELSE 3 END,
    CASE m WHEN 1 THEN '1950-01-01'::date + (k.id * 53)::integer ELSE '2004-05-05'::date + (k.id * 17 + m * 1000)::integer END,
    CASE WHEN m = 1 THEN 3 ELSE 1 + (k.id + m) % 3 END, 1 + (k.id * 7 + m) % 22, 4, CASE WHEN k.id % 31 = 0 THEN 1 WHEN k.id % 17 = 0 THEN 2 ELSE 4 END
FROM reg.keluarga AS k, generate_series(1, 4) AS m WHERE m <= 1 + k.id % 4;
INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor) SELECT 'm1', id, wilayah, id / 2 FROM reg.keluarga WHERE id % 20 <> 0;
INSERT INTO reg.skor (model_version, keluarga_id, wilayah, skor) SELECT 'm2', id, wilayah, -id FROM reg.keluarga WHERE id % 20 <> 0;
SELECT t.act('kem', $$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES ('v1', '2026-02-17', '2026-02-18', '2026-02-18', '2026-02-19', '2026-02-20 00:00+07') $$) \g /dev/null
SELECT id AS e FROM reg.edisi \gset
INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor, desil_nasional, desil_provinsi, desil_kabupaten)
SELECT :e, k.id, k.wilayah, k.nkk, 1 + k.id % 4, s.skor, CASE WHEN s.skor IS NOT NULL THEN 1 + (k.id - 1) / 40 END,
    CASE WHEN s.skor IS NOT NULL THEN 1 + (k.id - 1) / 40 END, CASE WHEN s.skor IS NOT NULL THEN 1 + (k.id % 10) END
FROM reg.keluarga AS k LEFT JOIN reg.skor AS s ON s.keluarga_id = k.id AND s.model_version = 'm1';

SELECT t.act('kem', $$ INSERT INTO reg.exclusive_group VALUES ('pangan', 'keluarga', 'bantuan pangan', 'food aid'), ('jkn', 'anggota', 'iuran kesehatan', 'health insurance') $$),
    t.act('kem', $$ INSERT INTO reg.program (program, owner_level, unit, exclusive_group, member_ceiling, legal_basis, label_id, label_en) VALUES
        ('pkh', 'pusat', 'keluarga', NULL, 4, 'test', 'pkh', 'cash'), ('sembako', 'pusat', 'keluarga', 'pangan', NULL, 'test', 'sembako', 'food'),
        ('pbi_jk', 'pusat', 'anggota', 'jkn', NULL, 'test', 'pbi', 'insurance'), ('jkn_kosong', 'pusat', 'anggota', 'jkn', NULL, 'test', 'kosong', 'no rule') $$),
    t.act('opd_a', $$ INSERT INTO reg.program (program, owner_level, wilayah, unit, exclusive_group, legal_basis, label_id, label_en)
        VALUES ('pangan_bekasi', 'kabupaten', '3216', 'keluarga', 'pangan', 'perbup', 'pangan', 'food of the regency') $$),
    t.act('kem', $$ INSERT INTO reg.program_rule (program, valid_from, desil_to, needs_component) VALUES
        ('pkh', '2020-01-01', 9, false), ('pkh', '2026-01-01', 4, true), ('pkh', '2027-01-01', 1, true), ('sembako', '2026-01-01', 5, false), ('pbi_jk', '2026-01-01', 5, false) $$),
    t.act('opd_a', $$ INSERT INTO reg.program_rule (program, valid_from, desil_scope, desil_from, desil_to, takes_unranked) VALUES ('pangan_bekasi', '2026-01-01', 'kabupaten', 2, 6, true) $$),
    t.act('kem', $$ INSERT INTO reg.program_component (program, code, amount, min_age, max_age, sekolah, disabilitas, hamil, label_id, label_en) VALUES
        ('pkh', 'hamil', 3000000, NULL, NULL, NULL, NULL, true, 'hamil', 'pregnant'), ('pkh', 'usia_dini', 3000000, 0, 6, '{not_attending}', NULL, NULL, 'usia dini', 'small child'),
        ('pkh', 'sd', 900000, NULL, NULL, '{sd}', NULL, NULL, 'sd', 'primary'), ('pkh', 'lansia', 2400000, 70, NULL, NULL, NULL, NULL, 'lansia', 'elderly'),
        ('pkh', 'berat', 2400000, NULL, NULL, NULL, 2, NULL, 'berat', 'severe') $$),
    t.act('kem', $$ INSERT INTO reg.program_flag (program, kind, effect, legal_basis) VALUES ('pkh', 'aparatur', 'exclude', 'rule X'), ('pkh', 'asesmen', 'include', 'rule Y'),
        ('pbi_jk', 'pekerja_penerima_upah', 'exclude', NULL), ('pbi_jk', 'mampu', 'exclude', NULL), ('pbi_jk', 'asesmen', 'include', NULL), ('sembako', 'judi_daring', 'exclude', NULL) $$) \g /dev/null
SELECT is((SELECT count(*) FROM reg.program_rule), 6::bigint, 'rules are entered by their owners');

-- who may write what
SELECT throws_ok($$ SELECT t.act('opd_a', 'INSERT INTO reg.program_rule (program, valid_from, desil_to) VALUES (''sembako'', ''2026-02-01'', 10)') $$, '42501', NULL, 'a regency does not write the centre''s rules');
SELECT throws_ok($$ SELECT t.act('opd_b', 'INSERT INTO reg.program_rule (program, valid_from, desil_to) VALUES (''pangan_bekasi'', ''2026-02-01'', 10)') $$, '42501', NULL, 'nor another regency''s');
SELECT is(t.act('opd_b', 'UPDATE reg.program SET label_en = ''mine'''), 0::bigint, 'nor changes a programme');
SELECT throws_ok($$ SELECT t.act('opd_a', 'INSERT INTO reg.program (program, owner_level, unit, legal_basis, label_id, label_en) VALUES (''x'', ''pusat'', ''keluarga'', ''-'', ''-'', ''-'')') $$, '42501', NULL, 'nor makes one of the centre');
-- of several regions: these and not what lies between them, nor the centre
SELECT t.login('opd_two', 'kepala_opd', '3216'), t.login('opd_two', 'kepala_opd', '3273'), t.login('opd_apart', 'kepala_opd', '3216'), t.login('opd_apart', 'kepala_opd', '1101') \g /dev/null
SELECT throws_ok(format('SELECT t.act(%L, %L)', l, format('INSERT INTO reg.program (program, owner_level, wilayah, unit, legal_basis, label_id, label_en) VALUES (''x'', %L, %L, ''keluarga'', ''-'', ''-'', ''-'')', o, w)),
    '42501', NULL, format('%s writes no programme of %s', l, coalesce(w, o))) FROM (VALUES ('opd_two', 'kabupaten', '3217'), ('opd_apart', 'kabupaten', '1201'), ('opd_apart', 'pusat', NULL)) AS v (l, o, w);
SELECT throws_ok($$ SELECT t.act('opd_apart', 'INSERT INTO reg.program_rule (program, valid_from, desil_to) VALUES (''sembako'', ''2026-02-01'', 10)') $$, '42501', NULL, 'nor a rule of it');
SAVEPOINT two;
SELECT is(t.act('opd_two', 'INSERT INTO reg.program (program, owner_level, wilayah, unit, legal_basis, label_id, label_en) VALUES (''dua'', ''kabupaten'', ''3273'', ''keluarga'', ''-'', ''-'', ''-'')'), 1::bigint, 'one of its own it does');
ROLLBACK TO two;
SELECT throws_ok($$ SELECT t.act('op_a', 'SELECT * FROM reg.flag') $$, '42501', NULL, 'flags are not for the village to see');
SELECT throws_ok($$ INSERT INTO reg.program (program, owner_level, wilayah, unit, legal_basis, label_id, label_en) VALUES ('x', 'desa', '3216', 'keluarga', '-', '-', '-') $$, '23514', NULL, 'level and region agree');

-- flags
SELECT t.act('data_a', $$ INSERT INTO reg.flag (kind, keluarga_id, anggota_id, wilayah, source, noted_on, valid_to)
    SELECT k.kind, a.keluarga_id, CASE WHEN k.of_member THEN a.id END, a.wilayah, 'register', k.noted_on, k.valid_to
    FROM reg.anggota AS a, (VALUES ('aparatur', 13, true, '2025-01-01'::date, NULL::date), ('asesmen', 11, false, '2025-01-01', NULL),
        ('judi_daring', 7, true, '2026-03-01', NULL), ('pekerja_penerima_upah', 5, true, '2025-01-01', '2026-01-31'), ('mampu', 23, false, '2025-01-01', NULL),
        ('hamil', 19, true, '2026-01-01', '2026-10-01')) AS k (kind, n, of_member, noted_on, valid_to)
    WHERE a.id % 10 = 1 AND a.keluarga_id % k.n = 0 $$) \g /dev/null
SELECT throws_ok($$ INSERT INTO reg.flag (kind, keluarga_id, wilayah, source, noted_on) VALUES ('aparatur', 1, '3216011007', 'x', '2026-01-01') $$, 'SE101', NULL, 'a flag of a person names one');
SELECT throws_ok($$ INSERT INTO reg.flag (kind, keluarga_id, anggota_id, wilayah, source, noted_on) VALUES ('mampu', 1, 11, '3216011007', 'x', '2026-01-01') $$, 'SE101', NULL, 'one of a family does not');
SELECT throws_ok($$ INSERT INTO reg.flag (kind, keluarga_id, anggota_id, wilayah, source, noted_on) VALUES ('aparatur', 1, 21, '3216011007', 'x', '2026-01-01') $$, 'SE101', NULL, 'nor of another family');

-- verdicts against the rules written again, a family at a time
CREATE FUNCTION t.facts(family bigint) RETURNS TABLE (id bigint, age integer, at text, severe boolean, hamil boolean) LANGUAGE sql AS $$
    SELECT a.id, extract(year FROM age('2026-02-20', a.tanggal_lahir))::integer,
        CASE a.partisipasi_sekolah WHEN 2 THEN CASE WHEN a.jenjang_tertinggi < 6 THEN 'sd' ELSE 'more' END ELSE 'not' END,
        a.mengurus_diri = 1, EXISTS (SELECT FROM reg.flag f WHERE f.anggota_id = a.id AND f.kind = 'hamil')
    FROM reg.anggota a WHERE a.keluarga_id = family $$;
SELECT is_empty(format($$
    SELECT e.* FROM reg.program_eligibility('pkh', %1$s) AS e
    FULL JOIN (SELECT d.keluarga_id, CASE WHEN out AND asked THEN 'bertentangan' WHEN out THEN 'tidak_layak' WHEN asked THEN 'layak'
            WHEN coalesce(d.desil_nasional <= 4, false) AND EXISTS (SELECT FROM t.facts(d.keluarga_id) f
                WHERE f.hamil OR (f.age <= 6 AND f.at = 'not') OR f.at = 'sd' OR f.age >= 70 OR f.severe) THEN 'layak' ELSE 'tidak_layak' END AS verdict
        FROM reg.desil d, LATERAL (SELECT d.keluarga_id %% 13 = 0 AND d.keluarga_id %% 4 <> 0 AS out, d.keluarga_id %% 11 = 0 AND d.keluarga_id %% 4 <> 0 AS asked) AS f
        ) AS x USING (keluarga_id)
    WHERE e.verdict IS DISTINCT FROM x.verdict $$, :e), 'verdicts of a programme with components and flags');
SELECT is((SELECT count(DISTINCT verdict) FROM reg.program_eligibility('pkh', :e)), 3::bigint, 'all three occur');
SELECT is_empty(format($$ SELECT * FROM reg.program_eligibility('pangan_bekasi', %s) AS e FULL JOIN (SELECT * FROM reg.desil WHERE wilayah::text ~ '^3216') AS d USING (keluarga_id)
    WHERE e.verdict IS DISTINCT FROM CASE WHEN coalesce(d.desil_kabupaten BETWEEN 2 AND 6, true) THEN 'layak' ELSE 'tidak_layak' END $$, :e),
    'a regency''s programme judges its own, by its own decile, and takes those not ranked');
SELECT is_empty(format($$ SELECT * FROM reg.program_eligibility('pbi_jk', %s) AS e FULL JOIN reg.anggota AS a ON a.id = e.anggota_id
    JOIN reg.desil AS d ON d.keluarga_id = a.keluarga_id, LATERAL (SELECT a.keluarga_id %% 23 = 0 AND a.keluarga_id %% 4 <> 0 AS out, a.keluarga_id %% 11 = 0 AND a.keluarga_id %% 4 <> 0 AS asked) AS f
    WHERE e.verdict IS DISTINCT FROM CASE WHEN out AND asked THEN 'bertentangan' WHEN out THEN 'tidak_layak' WHEN asked OR coalesce(d.desil_nasional <= 5, false) THEN 'layak' ELSE 'tidak_layak' END $$, :e),
    'persons: each member by himself; a flag of the family counts for all, one that has ended for nobody');
SAVEPOINT gone;
UPDATE reg.anggota SET status = 'meninggal' WHERE id IN (SELECT f.anggota_id FROM reg.flag f WHERE f.kind = 'aparatur');
SELECT is((SELECT count(*) FROM reg.program_eligibility('pkh', :e) WHERE '-flag:aparatur' = ANY (reasons)), 0::bigint, 'nor does a flag on who is dead count for the family');
ROLLBACK TO gone;
SELECT isnt((SELECT count(*) FROM reg.program_eligibility('pkh', :e) WHERE '-flag:aparatur' = ANY (reasons)), 0::bigint, 'as it did while he lived');
SELECT is((SELECT count(*) FROM reg.program_eligibility('sembako', :e) WHERE verdict = 'layak' AND 'flag:judi_daring' = ANY (reasons)), 0::bigint, 'a flag set after the edition does not count');
SELECT throws_ok(format('SELECT * FROM reg.program_eligibility(''jkn_kosong'', %s)', :e), 'P0002', NULL, 'no rule, no verdict');
SELECT throws_ok(format('SELECT * FROM reg.program_eligibility(''nix'', %s)', :e), 'P0002', NULL, 'no programme');
SELECT throws_ok('SELECT * FROM reg.program_eligibility(''pkh'', -1)', 'P0002', NULL, 'no edition');
SELECT results_eq(format('SELECT keluarga_id, requires, excludes FROM reg.program_conflicts(''pkh'', %s) ORDER BY 1', :e),
    'SELECT id, ''asesmen (rule Y)'', ''aparatur (rule X)'' FROM reg.keluarga WHERE id % 143 = 0 AND id % 4 <> 0 ORDER BY 1', 'contradictions, with both rules');
SELECT results_eq('SELECT row_id, check_name FROM reg.program_check()', $$ VALUES ('jkn_kosong', 'no rule'), ('pbi_jk', 'family flag of a person programme'), ('pbi_jk', 'family flag of a person programme') $$, 'what is wrong with the rules');
SELECT is_empty(format($$ SELECT * FROM reg.program_why('pkh', %s, 143) WHERE explanation IS NULL $$, :e), 'why: every reason is explained');
SELECT results_eq(format($$ SELECT speaks, code FROM reg.program_why('pkh', %s, 143) WHERE code !~ 'component' $$, :e),
    $$ VALUES ('verdict', 'bertentangan'), ('for', 'desil:4'), ('for', 'flag:asesmen'), ('against', 'flag:aparatur') $$, 'why: what speaks for and against');
SELECT is((SELECT code FROM reg.program_why('pkh', :e, 99999)), 'unknown', 'why: of nobody');
SELECT is(t.value('opd_b', format('SELECT code FROM reg.program_why(''pkh'', %s, 143)', :e)), 'unknown', 'why: not of another region');

-- lists by quota
SELECT throws_ok($$ SELECT t.value('kem', 'SELECT reg.program_list(''sembako'', 1)') $$, '55000', NULL, 'no list by a draft');
ALTER TABLE reg.edisi DISABLE TRIGGER USER;
UPDATE reg.edisi SET state = 'terbit', published_at = '2026-02-20 08:00+07';
ALTER TABLE reg.edisi ENABLE TRIGGER USER;
SELECT t.value('kem', format('SELECT reg.program_list(''sembako'', %s, NULL, 41)', :e)) AS l \gset
SELECT is((SELECT in_count FROM reg.daftar WHERE id = :l), 41, 'the quota is kept');
SELECT is_empty(format($$ SELECT * FROM reg.daftar_item i WHERE daftar_id = %s AND is_in <> (skor <= (SELECT max(skor) FROM (SELECT skor FROM reg.desil
    WHERE desil_nasional <= 5 ORDER BY skor LIMIT 41) s)) $$, :l), 'the poorest first');
SELECT t.value('kem', format('SELECT reg.program_list(''sembako'', %s, NULL, 42)', :e)) AS l2 \gset
SELECT is((SELECT in_count || ' ' || count(*) FILTER (WHERE '-quota_tie' = ANY (reasons)) FROM reg.daftar d JOIN reg.daftar_item i ON i.daftar_id = d.id WHERE d.id = :l2 GROUP BY in_count), '41 2',
    'equal scores that the quota would cut stay out together, and it is said');
SELECT is_empty(format('SELECT * FROM reg.daftar_verify(%s)', :l), 'a list is as it was made');
SELECT is((SELECT problem FROM reg.daftar_verify(-1)), 'there is no such list', 'no list');
SELECT throws_ok(format($$ SELECT t.value('kem', 'SELECT reg.program_list(''sembako'', %s, NULL, -1)') $$, :e), '22023', 'argument quota cannot be -1', 'no negative quota');
SELECT t.value('opd_a', format('SELECT reg.program_list(''sembako'', %s, ''3216'')', :e)) AS l3 \gset
SELECT is((SELECT d.in_count FROM reg.daftar d WHERE d.id = :l3),
    (SELECT count(*)::integer FROM reg.desil WHERE desil_nasional <= 5 AND wilayah::text ~ '^3216'), 'a region''s list, without a quota');
SELECT is(t.value('opd_b', 'SELECT count(*) FROM reg.daftar'), '0', 'lists of others are not seen');
-- whoever may make lists adds nobody to one that there is
CREATE FUNCTION t.add(login text, list bigint) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT t.act(%L, %L)', login, format('INSERT INTO reg.daftar_item (daftar_id, place, keluarga_id, wilayah, verdict, is_in, reasons)
        SELECT %s, 100000, k.id, k.wilayah, ''layak'', true, ''{}'' FROM reg.keluarga AS k
        WHERE NOT EXISTS (SELECT FROM reg.daftar_item AS i WHERE i.daftar_id = %1$s AND i.keluarga_id = k.id) LIMIT 1', list)) $$;
SELECT throws_ok(t.add(l, :l), 'SE004', format('list %s has another number of candidates', :l), l || ' adds nobody to a list') FROM unnest('{opd_a,opd_b}'::text[]) AS l;
SELECT throws_ok(t.add('opd_a', :l3), 'SE004', NULL, 'nor to his own');
SELECT t.act('kem', format('INSERT INTO reg.program_quota VALUES (''sembako'', %s, NULL, 30), (''sembako'', %1$s, ''3216'', 20)', :e)) \g /dev/null
SELECT t.value('kem', format('SELECT reg.program_list(''sembako'', %s)', :e)) AS l4 \gset
SELECT is((SELECT quota FROM reg.daftar WHERE id = :l4), 30, 'the quota of the table');
SELECT is((SELECT check_name FROM reg.program_check() WHERE row_id = 'sembako'), 'quotas do not add up', 'and its sums are checked');
SELECT results_eq(format($$ SELECT speaks, explanation FROM reg.program_why('sembako', %s, 3) WHERE code = 'list' AND explanation ~ 'list %s ' $$, :e, :l),
    format($$ VALUES ('for', 'list %s gives place 3 of 190 candidates, within the quota') $$, :l), 'why: the list');

SELECT throws_ok(format($$ SELECT t.value('kem', 'SELECT reg.program_list(''sembako'', %s, ''9999'')') $$, :e), 'P0002', 'there is no region 9999', 'no list of no region');

-- what a programme owes for members, with its ceiling: as the roster of a family says it
UPDATE reg.program SET member_ceiling = 2 WHERE program = 'pkh';
CREATE TEMP VIEW owed AS SELECT r.keluarga_id, c.nik, c.code, c.amount, c.is_paid
FROM (SELECT a.keluarga_id, dtsen.keluarga((a.nik, a.hubungan, NULL, a.tanggal_lahir, NULL, f.sekolah, f.disabilitas, f.hamil)::dtsen.anggota_keluarga) AS k
    FROM reg.anggota AS a JOIN reg.anggota_facts('2026-02-20') AS f ON f.anggota_id = a.id GROUP BY 1) AS r,
    dtsen.keluarga_components(r.k, '2026-02-20', (SELECT array_agg((code, amount, min_age, max_age, sekolah, disabilitas, hamil)::dtsen.komponen_program ORDER BY code COLLATE "C")
        FROM reg.program_component WHERE program = 'pkh'), 2) AS c;
SELECT cmp_ok((SELECT count(*) FILTER (WHERE NOT is_paid) FROM owed), '>', 5::bigint, 'the ceiling matters');
SELECT set_eq($$ SELECT c.keluarga_id, a.nik, c.code, c.amount, c.is_paid FROM reg.program_components('pkh', '2026-02-20') AS c JOIN reg.anggota AS a ON a.id = c.anggota_id $$,
    'SELECT keluarga_id, nik, code, amount, is_paid FROM owed', 'components, amounts and the ceiling from the programme''s rows');
SELECT is((SELECT max(n) FROM (SELECT count(*) FILTER (WHERE is_paid) AS n FROM reg.program_components('pkh', '2026-02-20') GROUP BY keluarga_id) AS x), 2::bigint, 'nobody is paid for beyond it');
SELECT is((SELECT count(*) FROM reg.program_components('pkh', '2026-02-20', 19)), (SELECT count(*) FROM owed WHERE keluarga_id = 19), 'of one family');
SELECT is(t.value('opd_b', 'SELECT string_agg(DISTINCT left(wilayah::text, 4), '' '') FROM reg.program_components(''pkh'', ''2026-02-20'')'), '3217', 'a region asks of its own');
UPDATE reg.program SET member_ceiling = NULL WHERE program = 'pkh';
SELECT is((SELECT count(*) FROM reg.program_components('pkh', '2026-02-20') WHERE NOT is_paid), 0::bigint, 'without a ceiling all are');
SELECT throws_ok($$ SELECT * FROM reg.program_components('nix') $$, 'P0002', NULL, 'of no programme nothing');
-- into the programme
SELECT throws_ok(format($$ SELECT t.value('ver_a', 'SELECT reg.program_enrol(%s)') $$, :l3), '42501', NULL, 'not by everybody');
SELECT is(t.value('kem', format('SELECT reg.program_enrol(%s)', :l)), '41', 'those with a place come in');
SELECT is(t.value('kem', format('SELECT reg.program_enrol(%s)', :l)), '0', 'once');
UPDATE reg.daftar_item SET is_in = true WHERE daftar_id = :l2 AND '-quota_tie' = ANY (reasons);
SELECT throws_ok(format($$ SELECT t.value('kem', 'SELECT reg.program_enrol(%s)') $$, :l2), 'SE101', NULL, 'a list that was changed is not taken');

-- no double aid, whoever enters it
SELECT is((SELECT count(*) FROM reg.program_eligibility('pangan_bekasi', :e) WHERE '-program:sembako' = ANY (reasons)), 0::bigint, 'those who came in after the edition''s day do not count yet');
UPDATE reg.program SET valid_from = valid_from;
ALTER TABLE reg.kepesertaan DISABLE TRIGGER USER;
UPDATE reg.kepesertaan SET valid_from = '2026-02-01';
ALTER TABLE reg.kepesertaan ENABLE TRIGGER USER; ALTER TABLE reg.kepesertaan ENABLE ALWAYS TRIGGER keep;
SELECT is_empty(format($$ SELECT * FROM reg.program_eligibility('pangan_bekasi', %s) e WHERE ('-program:sembako' = ANY (reasons)) <> EXISTS (SELECT FROM reg.kepesertaan k WHERE k.keluarga_id = e.keluarga_id)
    OR ('-program:sembako' = ANY (reasons) AND verdict <> 'tidak_layak') $$, :e), 'whoever the centre covers the regency does not');
SELECT throws_ok($$ SELECT t.act('opd_a', 'INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah) VALUES (''pangan_bekasi'', 3, ''3216011007'')') $$, '23505', NULL, 'nor by hand');
SELECT is(t.act('opd_a', 'INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah) VALUES (''pangan_bekasi'', 399, ''3216011007'')'), 1::bigint, 'a family without such aid comes in');
SELECT throws_ok($$ SELECT t.act('kem', 'INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah) VALUES (''pangan_bekasi'', 4, ''3217012001'')') $$, 'SE101', NULL, 'not outside the region that pays');
SELECT throws_ok($$ SELECT t.act('kem', 'INSERT INTO reg.kepesertaan (program, keluarga_id, anggota_id, wilayah) VALUES (''pbi_jk'', 3, 51, ''3216011007'')') $$, 'SE101', NULL, 'nor for a member of another family');
SELECT throws_ok($$ SELECT t.act('opd_b', 'INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah) VALUES (''pkh'', 3, ''3216011007'')') $$, '42501', NULL, 'nor for families of others');
UPDATE reg.keluarga SET status = 'meninggal' WHERE id = 397;
SELECT throws_ok($$ SELECT t.act('opd_a', 'INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah) VALUES (''pkh'', 397, ''3216011007'')') $$, 'SE101', NULL, 'nor for the dead');

-- an end, a return
SELECT throws_ok($$ SELECT t.act('opd_a', 'UPDATE reg.kepesertaan SET valid_to = CURRENT_DATE WHERE keluarga_id = 3') $$, '23514', NULL, 'no end without a reason');
SELECT throws_ok($$ SELECT t.act('opd_a', 'UPDATE reg.kepesertaan SET valid_to = CURRENT_DATE, exit_reason = ''bayi_peserta'' WHERE keluarga_id = 3') $$, 'SE101', NULL, 'nor with one of coming back');
SELECT is(t.act('opd_a', 'UPDATE reg.kepesertaan SET valid_to = CURRENT_DATE, exit_reason = ''mampu'' WHERE keluarga_id = 3'), 1::bigint, 'an end');
SELECT throws_ok($$ SELECT t.act('opd_a', 'UPDATE reg.kepesertaan SET valid_to = NULL, exit_reason = NULL WHERE keluarga_id = 3') $$, 'SE004', NULL, 'is one');
SELECT throws_ok($$ SELECT t.act('opd_a', 'DELETE FROM reg.kepesertaan') $$, '42501', NULL, 'and stays on record');
SELECT throws_ok(format($$ SELECT t.act('opd_a', 'INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah, returns_id, return_reason) VALUES (''sembako'', 3, ''3216011007'', %s, ''mampu'')') $$,
    (SELECT id FROM reg.kepesertaan WHERE keluarga_id = 3)), 'SE101', NULL, 'a return has a reason of its own');
-- a reason may ask for a paper
CREATE FUNCTION t.ill(paper text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT t.act(%L, %L)', 'opd_a', format('INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah, returns_id, return_reason, document_sha256)
        VALUES (''sembako'', 3, ''3216011007'', %s, ''penyakit_berat'', %s)', (SELECT id FROM reg.kepesertaan WHERE keluarga_id = 3), paper)) $$;
SELECT throws_ok(t.ill('NULL'), 'SE003', 'for reason "penyakit_berat" a paper is missing: surat keterangan fasilitas kesehatan', 'illness takes the letter of a health facility');
SELECT throws_ok(t.ill('''x'''), '23514', NULL, 'whose digest is one');
SAVEPOINT ill;
SELECT lives_ok(t.ill('sha256(''letter'')'), 'with which the family comes back');
SELECT throws_ok($$ UPDATE reg.kepesertaan SET document_sha256 = sha256('another') WHERE keluarga_id = 3 AND valid_to IS NULL $$, 'SE004', NULL, 'for good');
ROLLBACK TO ill;
SELECT throws_ok($$ UPDATE reg.kepesertaan_reason SET document = 'x' WHERE reason = 'mampu' $$, '23514', NULL, 'no paper is asked for to leave');
SELECT is(t.act('opd_a', format($$ INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah, returns_id, return_reason) VALUES ('sembako', 3, '3216011007', %s, 'perbaikan_data') $$,
    (SELECT id FROM reg.kepesertaan WHERE keluarga_id = 3))), 1::bigint, 'and is a new row');
SELECT is((SELECT count(*) FROM reg.kepesertaan WHERE created_by NOT IN ('kem', 'opd_a')), 0::bigint, 'stamps are the registry''s');

-- what was paid
SELECT t.act('data_a', $$ INSERT INTO reg.penerimaan (program, keluarga_id, wilayah, period, amount, source)
    SELECT p, k.id, k.wilayah, m, 200000, 'bank' FROM reg.keluarga k, unnest(ARRAY['sembako', 'pangan_bekasi']) p, unnest(ARRAY['2026-01-01', '2026-02-01']::date[]) m
    WHERE k.id <= CASE p WHEN 'sembako' THEN 50 ELSE 10 END AND (p = 'sembako' OR m = '2026-02-01') $$) \g /dev/null
SELECT results_eq($$ SELECT keluarga_id, programs, owner_levels, amount FROM reg.double_aid('2026-01-01', '2026-03-01') ORDER BY 1 $$,
    $$ SELECT id, '{pangan_bekasi,sembako}'::text[], '{kabupaten,pusat}'::text[], 400000::numeric FROM reg.keluarga WHERE id <= 10 AND id % 4 <> 0 ORDER BY 1 $$, 'double aid is found');
SELECT throws_ok($$ SELECT t.act('data_a', 'INSERT INTO reg.penerimaan (program, keluarga_id, wilayah, period, amount, source) VALUES (''sembako'', 1, ''3216011007'', ''2026-01-01'', 1, ''again'')') $$, '23505', NULL, 'a month is paid once');
SELECT throws_ok($$ INSERT INTO reg.penerimaan (program, keluarga_id, wilayah, period, amount, source) VALUES ('sembako', 1, '3216011007', '2026-01-02', 1, 'x') $$, '23514', NULL, 'a period is a month');

-- a person who goes to another family: in his programmes still, and in no other of the group
SAVEPOINT gone;
SELECT is(t.act('kem', 'INSERT INTO reg.kepesertaan (program, keluarga_id, anggota_id, wilayah, valid_from) VALUES (''jkn_kosong'', 7, 72, ''3216011007'', ''2026-01-01'')'), 1::bigint, 'a child is in a programme for persons');
UPDATE reg.anggota SET keluarga_id = 9 WHERE id = 72;
SELECT throws_ok($$ SELECT t.act('kem', 'INSERT INTO reg.kepesertaan (program, keluarga_id, anggota_id, wilayah) VALUES (''jkn_kosong'', 9, 72, ''3216011007'')') $$, '23505', NULL, 'not twice, once a family');
SELECT is((SELECT verdict || ' ' || reasons::text FROM reg.program_eligibility('pbi_jk', :e) WHERE anggota_id = 72), 'tidak_layak {+desil:1,-program:jkn_kosong}', 'nor in another programme of the group');
SELECT is((SELECT count(*) FROM reg.program_why('pbi_jk', :e, 9, 72) WHERE code = 'program:jkn_kosong'), 1::bigint, 'which is said when one family is asked for');
SELECT t.act('kem', 'UPDATE reg.kepesertaan SET valid_to = CURRENT_DATE, exit_reason = ''mampu'' WHERE anggota_id = 72') \g /dev/null
SELECT t.act('kem', 'INSERT INTO reg.kepesertaan (program, keluarga_id, anggota_id, wilayah, valid_from) VALUES (''pbi_jk'', 9, 72, ''3216011007'', ''2026-01-01'')') \g /dev/null
UPDATE reg.anggota SET keluarga_id = 7 WHERE id = 72;
SELECT t.value('kem', format('SELECT reg.program_list(''pbi_jk'', %s)', :e)) AS l5 \gset
SELECT lives_ok(format($$ SELECT t.value('kem', 'SELECT reg.program_enrol(%s)') $$, :l5), 'a list with him is taken');
SELECT is((SELECT count(*) FROM reg.kepesertaan WHERE anggota_id = 72 AND program = 'pbi_jk'), 1::bigint, 'and he is in once');
SELECT is((SELECT sum(entitled_without) FROM reg.report_exclusion('pbi_jk', :e)), 0::numeric, 'nobody of the list is counted as left out');
SELECT is((SELECT recipients - outside_rule FROM reg.report_program_audit(:e) WHERE program = 'pbi_jk'), (SELECT in_count::bigint FROM reg.daftar WHERE id = :l5), 'or as outside the rule');
ROLLBACK TO gone;

-- what if
SELECT results_eq(format($$ SELECT kabupaten::text, entitled_now, entitled_then, gained, lost FROM reg.program_what_if('sembako', %s, 7) $$, :e),
    $$ SELECT left(wilayah::text, 4), count(*) FILTER (WHERE desil_nasional <= 5), count(*) FILTER (WHERE desil_nasional <= 7), count(*) FILTER (WHERE desil_nasional IN (6, 7)), 0::bigint
       FROM reg.desil GROUP BY 1 ORDER BY 1 $$, 'another cut');
SELECT is((SELECT sum(gained) || ' ' || sum(lost) FROM reg.program_what_if('sembako', :e, model_version => 'm2')), (SELECT count(*) || ' ' || count(*) FROM reg.desil WHERE desil_nasional <= 5),
    'another model that turns the order round: all others');
SELECT is((SELECT sum(in_quota_then) FROM reg.program_what_if('sembako', :e, quota => 41)), 41::numeric, 'another quota');
SELECT is((SELECT count(*) FROM reg.daftar), 4::bigint, 'nothing is touched');
SELECT throws_ok(format('SELECT * FROM reg.program_what_if(''sembako'', %s, %s)', :e, arguments), code, message, 'what cannot be: ' || arguments) FROM (VALUES
    ('desil_to => 0', '22023', 'argument desil_to cannot be 0'), ('desil_to => 11', '22023', 'argument desil_to cannot be 11'), ('quota => -5', '22023', 'argument quota cannot be -5'),
    ('model_version => ''nix''', 'P0002', 'there is no model "nix"')) AS v (arguments, code, message);
SELECT is(t.value(l, format('SELECT sum(gained) FROM reg.program_what_if(''sembako'', %s, model_version => ''m2'')', :e)), (SELECT count(*)::text FROM reg.desil WHERE desil_nasional <= 5 AND wilayah::text ~ r), l || ' asks for another model')
FROM (VALUES ('kem', ''), ('opd_a', '^3216'), ('aud', '')) AS v (l, r) WHERE l <> 'opd_a';
SELECT ok(t.value('opd_a', format('SELECT sum(gained) + sum(lost) FROM reg.program_what_if(''sembako'', %s, model_version => ''m2'')', :e))::integer > 0, 'a regency, too');
-- verdicts as a view, of what the caller sees
SELECT set_eq('SELECT program, keluarga_id, anggota_id, verdict FROM reg.program_verdict', format($$ SELECT p::varchar(20), keluarga_id, anggota_id, verdict
    FROM unnest('{pkh,sembako,pbi_jk,pangan_bekasi}'::text[]) AS p, reg.program_eligibility(p, %s) $$, :e), 'verdicts of all programmes with a rule, on the last edition');
SELECT is(t.value('opd_b', 'SELECT string_agg(DISTINCT left(wilayah::text, 4), '' '') FROM reg.program_verdict WHERE program = ''sembako'''), '3217', 'each region its own');

-- for analysts
SELECT t.act('kem', 'SELECT reg.program_summarise()') \g /dev/null
SELECT is_empty($$ SELECT * FROM reg_bi.peserta_by_desil AS b FULL JOIN (SELECT left(k.wilayah::text, 4) AS kabupaten_code, k.program::varchar(20) AS program, d.desil_nasional::integer AS desil, count(*) AS n
    FROM reg.kepesertaan k JOIN reg.desil d USING (keluarga_id) WHERE k.valid_to IS NULL GROUP BY 1, 2, 3) AS x USING (kabupaten_code, program, desil)
    WHERE program = 'sembako' AND (n IS NULL OR b.program IS NULL OR is_outside_rule OR recipient_count <> n OR (n < 5 AND NOT is_suppressed)) $$, 'recipients by decile');
SELECT ok(t.value('ana', 'SELECT sum(recipient_count) FROM reg_bi.peserta_by_desil WHERE program = ''sembako''')::integer >= 8, 'of which some are shown');
SELECT is(t.value('ana', 'SELECT recipient_count IS NULL FROM reg_bi.peserta_by_desil WHERE program = ''pangan_bekasi'''), 'true', 'few are not shown');
SELECT is(t.value('ana', 'SELECT sum(amount_rupiah) FROM reg_bi.penerimaan_by_month WHERE program = ''sembako'''), (2 * 38 * 200000)::text, 'aid by month');
SELECT throws_ok($$ SELECT t.value('ana', 'SELECT count(*) FROM reg.kepesertaan') $$, '42501', NULL, 'analysts see no persons');

SELECT * FROM finish();
ROLLBACK;
