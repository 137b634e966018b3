-- Reports: each figure against the rows it is made of, counted another way.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SET search_path = public, dtsen;
SELECT t.login('kem', 'kemensos', NULL), t.login('opd_a', 'kepala_opd', '3216'), t.login('opd_b', 'kepala_opd', '3217'),
    t.login('pend_a', 'pendamping', '3216'), t.login('op_a', 'operator_desa', '3216011007'), t.login('data_a', 'pengelola', '3216'), t.login('data_b', 'pengelola', '3217') \g /dev/null

INSERT INTO reg.model VALUES ('m1', 'test', 'test'), ('m2', 'test', 'test');
INSERT INTO reg.keluarga (id, nkk, wilayah, jumlah_anggota, is_gc_kemensos, is_siks_ng)
SELECT n, t.nkk(n)::dtsen.nkk, (ARRAY['3216011007', '3216012002', '3217012001'])[1 + n % 3]::dtsen.kode_wilayah, CASE WHEN n % 10 = 0 THEN 5 END, n % 4 = 0, n % 6 = 0
FROM generate_series(1, 300) AS n;
INSERT INTO reg.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir, jenis_kelamin, status_kawin)
SELECT k.id * 10 + m, k.id, k.wilayah, t.nik((k.id * 10 + m)::integer)::dtsen.nik, 'WARGA', CASE m WHEN 1 THEN CASE WHEN k.id % 25 = 0 THEN 8 ELSE 1 END WHEN 2 THEN 2 ELSE 3 END,
    CASE WHEN k.id % 30 = 7 THEN NULL ELSE '1990-03-02'::date + CASE m WHEN 3 THEN CASE WHEN k.id % 40 = 1 THEN 3000 WHEN k.id % 40 = 2 THEN -10 ELSE 9000 END ELSE m END::integer END,
    CASE WHEN m = 2 AND k.id % 50 = 3 THEN 1 ELSE m % 2 + CASE WHEN m = 2 THEN 2 ELSE 0 END END, CASE WHEN k.id % 2 = 0 THEN 2 END
FROM reg.keluarga AS k, generate_series(1, 3) AS m WHERE k.id % 60 <> 59;
UPDATE reg.anggota SET nik = t.nik(11)::dtsen.nik WHERE id = 21;
UPDATE reg.anggota SET nik = '3216014001900001' WHERE id = 31;
SELECT t.act('kem', format($$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES (%L, now() + '3 days'::interval, now() + '4 days', now() + '5 days', now() + '6 days', now() + '7 days') $$, v)) FROM (VALUES ('v1'), ('v2')) AS x (v) \g /dev/null
SELECT min(id) AS a, max(id) AS b FROM reg.edisi \gset
INSERT INTO reg.desil_cut (edisi_id, scope, number, cut) SELECT e, 'nasional', n, n * 100 + CASE e WHEN :b THEN 50 ELSE 0 END FROM unnest(ARRAY[:a, :b]) e, generate_series(1, 9) n;
INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor, desil_nasional)
SELECT e, k.id, k.wilayah, k.nkk, 3, s, CASE WHEN s IS NOT NULL THEN 1 + (SELECT count(*) FROM reg.desil_cut c WHERE c.edisi_id = e AND c.cut < s) END
FROM reg.keluarga k, unnest(ARRAY[:a, :b]) e, LATERAL (SELECT CASE WHEN k.id % 20 = 0 THEN NULL WHEN e = :a THEN (k.id * 7919 % 1000)::float8 ELSE (k.id * 104729 % 1000)::float8 END AS s) x
WHERE NOT (e = :b AND k.id > 290);

-- movement
SELECT results_eq(format('SELECT from_desil, to_desil, families FROM reg.report_movement(%s, %s)', :a, :b),
    format('SELECT o.desil_nasional::integer, n.desil_nasional::integer, count(*) FROM reg.desil o JOIN reg.desil n ON n.keluarga_id = o.keluarga_id AND n.edisi_id = %s WHERE o.edisi_id = %s GROUP BY 1, 2 ORDER BY 1, 2', :b, :a),
    'movement: the matrix');
SELECT is((SELECT sum(families) FROM reg.report_movement(:a, :b)), 290::numeric, 'movement: families of both editions');
SELECT is_empty(format($$ SELECT * FROM reg.report_movers(%s, %s, 4) WHERE abs(to_desil - from_desil) < 4 OR score_effect + cut_effect <> to_desil - from_desil
    OR movement <> CASE WHEN to_desil - from_desil <= -7 THEN 'extreme_fall' WHEN to_desil - from_desil <= -4 THEN 'significant_fall' WHEN to_desil - from_desil >= 7 THEN 'extreme_rise' ELSE 'significant_rise' END
    OR source <> CASE WHEN keluarga_id %% 4 = 0 THEN 'ground_check' WHEN keluarga_id %% 6 = 0 THEN 'siks_ng' ELSE 'other' END $$, :a, :b), 'movers: labels, sources and the two effects');
SELECT is((SELECT count(*) FROM reg.report_movers(:a, :b, 4)), (SELECT sum(families)::bigint FROM reg.report_movement(:a, :b) WHERE abs(to_desil - from_desil) >= 4), 'movers: all of them');
SELECT is_empty(format($$ SELECT * FROM reg.report_movers(%1$s, %2$s, 0) m JOIN reg.desil o ON o.edisi_id = %1$s AND o.keluarga_id = m.keluarga_id
    WHERE cut_effect <> (SELECT count(*) FROM reg.desil_cut c WHERE c.edisi_id = %2$s AND c.cut < o.skor) - (SELECT count(*) FROM reg.desil_cut c WHERE c.edisi_id = %1$s AND c.cut < o.skor) $$, :a, :b),
    'movers: the effect of the cuts is that on the old score');
SELECT is(string_agg(reg.movement_label(n), ' ' ORDER BY n), 'extreme_fall significant_fall fall same rise significant_rise extreme_rise', 'labels') FROM unnest(ARRAY[-7, -4, -1, 0, 3, 6, 7]) n;

-- anomalies
SELECT results_eq($$ SELECT code, count(*) FROM reg.report_anomaly() GROUP BY 1 ORDER BY code COLLATE "C" $$, $$
    SELECT * FROM (VALUES
        ('birth_date_missing', (SELECT count(*) FROM reg.anggota WHERE tanggal_lahir IS NULL)),
        ('child_close_to_head', (SELECT count(*) FROM reg.keluarga WHERE id % 40 = 1 AND id % 30 <> 7 AND id % 60 <> 59)),
        ('child_older_than_head', (SELECT count(*) FROM reg.keluarga WHERE id % 40 = 2 AND id % 30 <> 7 AND id % 60 <> 59)),
        ('members_not_as_declared', (SELECT count(*) FROM reg.keluarga WHERE id % 10 = 0)),
        ('nik_day_impossible', 1::bigint), ('nik_twice', 2),
        ('no_head', (SELECT count(*) FROM reg.keluarga WHERE id % 25 = 0)),
        ('no_member', (SELECT count(*) FROM reg.keluarga WHERE id % 60 = 59)),
        ('spouse_of_same_sex', (SELECT count(*) FROM reg.keluarga WHERE id % 50 = 3 AND id % 60 <> 59))) v WHERE column2 > 0 $$, 'anomalies: each kind');
SELECT is(t.value('opd_b', 'SELECT count(*) FROM reg.report_anomaly() WHERE wilayah::text !~ ''^3217'''), '0', 'anomalies: of one''s own region');
UPDATE reg.keluarga SET changed_at = now() - interval '40 days' WHERE id = 59;
SELECT is((SELECT days FROM reg.report_anomaly((now() AT TIME ZONE current_setting('TimeZone'))::date) WHERE keluarga_id = 59), 40, 'anomalies: with their age');

-- visits and the worklist
SELECT is(t.act('pend_a', $$ INSERT INTO reg.kunjungan (keluarga_id, wilayah, visited_on, result)
    SELECT id, wilayah, CURRENT_DATE - CASE WHEN id % 7 = 0 THEN 10 ELSE 200 END, CASE WHEN id % 14 = 0 THEN 3 ELSE 1 END FROM reg.keluarga WHERE id % 2 = 0 OR id % 7 = 0 $$),
    (SELECT count(*) FROM reg.keluarga WHERE (id % 2 = 0 OR id % 7 = 0) AND wilayah::text ~ '^3216'), 'visits are entered for families that one sees');
SELECT throws_ok($$ SELECT t.act('pend_a', 'INSERT INTO reg.kunjungan (keluarga_id, wilayah, visited_on, result) VALUES (3, ''3216011007'', CURRENT_DATE + 2, 1)') $$, 'SE101', NULL, 'not before their day');
SELECT throws_ok($$ SELECT t.act('pend_a', 'INSERT INTO reg.kunjungan (keluarga_id, wilayah, visited_on, result) VALUES (2, ''3217012001'', CURRENT_DATE, 1)') $$, '42501', NULL, 'nor for others');
SELECT set_eq(format('SELECT keluarga_id FROM reg.report_worklist(%s)', :a), format($$ SELECT d.keluarga_id FROM reg.desil d WHERE edisi_id = %s AND desil_nasional <= 2
    AND NOT EXISTS (SELECT FROM reg.kunjungan v WHERE v.keluarga_id = d.keluarga_id AND v.result = 1 AND v.visited_on > CURRENT_DATE - interval '3 months') $$, :a), 'worklist: poor and not seen');
SELECT isnt_empty(format('SELECT 1 FROM reg.report_worklist(%s) WHERE last_visit IS NOT NULL', :a), 'worklist: seen long ago counts as not seen');

-- civil registry
INSERT INTO reg.import_run (id, kind, file_name, sha256, read_count, accepted_count, refused_count, new_count, changed_count, same_count)
VALUES (1, 'dukcapil', 'x', sha256(''), 0, 0, 0, 0, 0, 0);
INSERT INTO reg.dukcapil (nik, nkk, nama, status_hidup, wilayah, import_id)
SELECT t.nik(9000 + n)::dtsen.nik, CASE WHEN n % 5 = 0 THEN t.nkk(n) ELSE t.nkk(5000 + n / 2) END::dtsen.nkk, 'WARGA', CASE WHEN n % 7 = 0 THEN 'meninggal' ELSE 'hidup' END, '3216011007', 1 FROM generate_series(1, 60) AS n;
SELECT results_eq('SELECT wilayah::text, cards, persons FROM reg.report_unregistered()', $$ SELECT '3216011007', count(DISTINCT n / 2), count(*) FROM generate_series(1, 60) n WHERE n % 5 <> 0 AND n % 7 <> 0 $$, 'cards that the registry does not know');

-- quality
SELECT is_empty($$ SELECT * FROM reg.report_quality() q JOIN (SELECT dtsen.wilayah_parent(wilayah) AS kecamatan, count(*) AS n,
    round(100.0 * avg(num_nonnulls(tanggal_lahir, jenis_kelamin, status_kawin) / 15.0), 1) AS c FROM reg.anggota GROUP BY 1) x USING (kecamatan) WHERE persons <> n OR completeness <> c OR accuracy IS NOT NULL OR currency <> 100 $$, 'quality: completeness and currency');
SELECT t.value('data_a', 'SELECT reg.pemadanan_run()') \g /dev/null
SELECT is((SELECT accuracy FROM reg.report_quality() WHERE kecamatan = '321601'), 0.0, 'quality: accuracy after a matching in which nobody is found');
DROP TABLE pg_temp.match_row;
SELECT t.value('data_b', 'SELECT reg.pemadanan_run()') \g /dev/null
SELECT is((SELECT string_agg(accuracy::text, ' ') FROM reg.report_quality()), '0.0 0.0', 'quality: that of another regency does not take its place');
-- a second record of a family that was taken out
SAVEPOINT doubled;
SELECT t.login('data_32', 'pengelola', '32') \g /dev/null
UPDATE reg.keluarga SET status = 'ganda' WHERE id = 2;
DROP TABLE pg_temp.match_row;
SELECT t.value('data_32', 'SELECT reg.pemadanan_run()') AS r \gset
SELECT is_empty($$ SELECT FROM reg.report_anomaly() WHERE code = 'nik_twice' $$, 'of two families with one person, when one is taken out, the NIK is there once');
SELECT is((SELECT string_agg(status, ' ') FROM reg.pemadanan_result WHERE pemadanan_id = :r AND anggota_id IN (11, 21)), 'nik_tidak_ditemukan nik_tidak_ditemukan', 'for the matching too');
ROLLBACK TO doubled;

-- control totals
INSERT INTO reg.control_total (name, source, noted_on, unit, total) VALUES ('deciles 1 to 5', 'a press report', '2025-08-01', 'keluarga', 163000);
INSERT INTO reg.control_part SELECT c.id, 'decile ' || n, n, v FROM reg.control_total c, unnest(ARRAY[28000, 38000, 33000, 25000, 19000]) WITH ORDINALITY AS u (v, n);
INSERT INTO reg.control_total (name, source, noted_on, unit, total, edisi_id) VALUES ('registry', 'ourselves', '2025-08-02', 'anggota', 30, :a);
INSERT INTO reg.control_part SELECT max(id), 'decile 1', 1, 30 FROM reg.control_total;
SELECT results_eq('SELECT total, parts_sum, difference, verdict, registry_count FROM reg.report_control_totals()',
    format($$ VALUES (163000::bigint, 143000::bigint, -20000::bigint, 'parts do not add up', NULL::bigint), (30, 30, 0, 'parts add up', (SELECT sum(person_count) FROM reg.desil WHERE edisi_id = %s AND desil_nasional = 1)) $$, :a),
    'a total that its parts do not add up to is shown as such');

-- proposals, evidence, officers
SELECT t.act('op_a', format($$ INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id) SELECT 'r' || id, 'hapus', wilayah, id, '{"status": "pindah", "alasan": "x"}', %s FROM reg.keluarga WHERE wilayah = '3216011007' AND id < 30 $$, :b)) AS n \gset
SELECT results_eq(format('SELECT state, proposals, oldest_days, days_to_cut_off FROM reg.report_funnel(%s)', :b), format($$ VALUES ('draf', %s::bigint, 0, 3) $$, :n), 'funnel: states, age, days to the cut-off');
SELECT t.act('op_a', $$ INSERT INTO reg.musyawarah (wilayah, held_on, place) VALUES ('3216011007', CURRENT_DATE, 'balai') $$) \g /dev/null
SELECT t.act('op_a', $$ INSERT INTO reg.bukti (kind, wilayah, musyawarah_id, file_name, file_size, sha256) SELECT 'foto', wilayah, id, 'f', 1, sha256('x') FROM reg.musyawarah $$) \g /dev/null
SELECT results_eq('SELECT missing FROM reg.report_evidence()', $$ VALUES ('{berita_acara,daftar_hadir,publikasi}'::text[]) $$, 'evidence: what is missing');
SELECT results_eq('SELECT login::text COLLATE "default", proposals, evidence, visits FROM reg.report_officer(CURRENT_DATE - 1, CURRENT_DATE + 1)',
    format($$ VALUES ('op_a', %s::bigint, 1::bigint, 0::bigint), ('pend_a', 0, 0, (SELECT count(*) FROM reg.kunjungan)) $$, :n), 'officers: who entered what');

-- inclusion and exclusion
SELECT t.act('kem', $$ INSERT INTO reg.program (program, owner_level, unit, legal_basis, label_id, label_en) VALUES ('p', 'pusat', 'keluarga', 'x', 'x', 'x') $$),
    t.act('kem', $$ INSERT INTO reg.program_rule (program, valid_from, desil_to) VALUES ('p', '2020-01-01', 5) $$),
    t.act('kem', $$ INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah) SELECT 'p', id, wilayah FROM reg.keluarga WHERE id % 3 = 0 $$) \g /dev/null
SELECT results_eq(format('SELECT kecamatan::text, entitled, entitled_without, without_right FROM reg.report_exclusion(''p'', %s)', :a), format($$
    SELECT left(wilayah::text, 6), count(*) FILTER (WHERE desil_nasional <= 5), count(*) FILTER (WHERE desil_nasional <= 5 AND keluarga_id %% 3 <> 0),
        count(*) FILTER (WHERE (desil_nasional <= 5) IS NOT TRUE AND keluarga_id %% 3 = 0) FROM reg.desil WHERE edisi_id = %s GROUP BY 1 ORDER BY 1 $$, :a), 'inclusion and exclusion');

-- what publication counts for analysts
SELECT t.login('ana', 'analis', NULL) \g /dev/null
ALTER TABLE reg.edisi DISABLE TRIGGER USER;
ALTER TABLE reg.edisi ENABLE ALWAYS TRIGGER summarise;
UPDATE reg.edisi SET state = 'terbit', published_at = now() - interval '1 day' WHERE id = :a;
UPDATE reg.edisi SET state = 'terbit', published_at = now() WHERE id = :b;
SELECT is(t.value('ana', 'SELECT count(*) FROM reg_bi.movement_by_kabupaten WHERE publication_id = ' || :a), '0', 'nothing moved into the first edition');
SELECT is_empty(format($$ SELECT * FROM reg_bi.movement_by_kabupaten v FULL JOIN (
        SELECT left(n.wilayah::text, 4) AS kabupaten_code, o.desil_nasional::integer AS from_desil, n.desil_nasional::integer AS to_desil, count(*) AS n, sum(n.person_count) AS p
        FROM reg.desil o JOIN reg.desil n ON n.keluarga_id = o.keluarga_id AND n.edisi_id = %s WHERE o.edisi_id = %s GROUP BY 1, 2, 3) x
        ON x.kabupaten_code = v.kabupaten_code AND x.from_desil IS NOT DISTINCT FROM v.from_desil AND x.to_desil IS NOT DISTINCT FROM v.to_desil
    WHERE v.scope = 'nasional' AND (x.n IS NULL OR family_count <> x.n OR person_count <> x.p OR (x.n < 5 AND NOT is_suppressed)
        OR movement IS DISTINCT FROM reg.movement_label(x.to_desil - x.from_desil)) $$, :b, :a), 'movement: what is shown is so');
SELECT is((SELECT count(*) FROM reg_bi.movement_by_kabupaten WHERE scope = 'nasional'), (SELECT count(*) FROM (SELECT DISTINCT left(n.wilayah::text, 4), o.desil_nasional, n.desil_nasional
    FROM reg.desil o JOIN reg.desil n ON n.keluarga_id = o.keluarga_id AND n.edisi_id = :b WHERE o.edisi_id = :a) x), 'movement: every cell is there');
SELECT isnt_empty($$ SELECT FROM reg_bi.movement_by_kabupaten WHERE NOT is_suppressed $$, 'movement: some are shown');
SELECT throws_ok($$ SELECT t.act('opd_a', 'INSERT INTO reg.desil_summary VALUES (1, ''nasional'', ''321601'', 1, 1, 1)') $$, '42501', NULL, 'nobody writes the figures of an edition');
SELECT is(t.value('ana', 'SELECT difference FROM reg_bi.control_total WHERE is_contradictory'), '-20000', 'control totals that contradict themselves');

-- which edition was in force
SELECT is(ARRAY[reg.edisi_at(now()), reg.edisi_at(now() - interval '12 hours'), reg.edisi_at(now() - interval '2 days')], ARRAY[:b, :a, NULL]::integer[], 'edition in force at a moment');

-- villages
SELECT results_eq(format('SELECT wilayah::text, families, is_closed, waiting, agreed, is_meeting_late, days_to_cut_off FROM reg.report_village(%s)', :b), format($$
    SELECT wilayah::text, count(*), false, CASE wilayah::text WHEN '3216011007' THEN %s ELSE 0 END::bigint, 0::bigint, true, 3 FROM reg.keluarga WHERE status = 'aktif' GROUP BY wilayah ORDER BY wilayah $$, :n),
    'villages: families, waiting proposals; a meeting that is not valid does not count');
UPDATE reg.keluarga SET changed_at = now() - interval '200 days' WHERE wilayah <> '3217012001';
UPDATE reg.kunjungan SET visited_on = visited_on - 100 WHERE wilayah <> '3217012001';
SELECT is_empty($$ SELECT * FROM reg.report_stale() AS r, LATERAL (SELECT max(x.day) AS last FROM (
        SELECT changed_at::date AS day FROM reg.keluarga AS k WHERE k.wilayah = r.wilayah UNION ALL SELECT visited_on FROM reg.kunjungan AS v WHERE v.wilayah = r.wilayah
        UNION ALL SELECT changed_at::date FROM reg.usulan AS u WHERE u.wilayah = r.wilayah AND u.state <> 'draf') AS x) AS o
    WHERE abs(r.days - (CURRENT_DATE - o.last)) > 1 OR r.is_stale <> (r.days > 100) $$, 'stale villages: by their last change, visit or proposal');
SELECT is((SELECT count(*) FROM reg.report_stale() WHERE is_stale), 2::bigint, 'stale villages: those and no others');
SELECT results_eq($$ SELECT x FROM t.act('opd_a', 'SELECT 1') AS a, LATERAL (VALUES (t.value('opd_a', 'SELECT count(*) FROM reg.report_operator()')),
        (t.value('opd_a', 'SELECT count(*) FROM reg.report_operator() WHERE problem = ''no head of the village''')),
        (t.value('opd_b', 'SELECT count(*) FROM reg.report_operator() WHERE wilayah::text !~ ''^3217'''))) AS v (x) $$,
    $$ SELECT count(*)::text FROM reg.wilayah WHERE level = 4 AND status = 'present' AND kode::text ~ '^3216' UNION ALL VALUES ('1'), ('0') $$,
    'operators: every village of one''s region, and none of another');

-- rounds of verification
SELECT t.act('opd_a', format($$ INSERT INTO reg.verification_round (name, wilayah, edisi_id, desil_to, from_day, to_day) VALUES ('one', '3216', %s, 3, CURRENT_DATE - 320, CURRENT_DATE - 50) $$, :a)) \g /dev/null
SELECT throws_ok(format($$ SELECT t.act('opd_b', 'INSERT INTO reg.verification_round (name, wilayah, edisi_id, from_day, to_day) VALUES (''two'', ''3216'', %s, CURRENT_DATE, CURRENT_DATE)') $$, :a), '42501', NULL, 'a region makes rounds of its own only');
SELECT results_eq('SELECT wilayah::text, families, seen, not_found, open FROM reg.report_round((SELECT id FROM reg.verification_round))', format($$
    SELECT d.wilayah::text, count(*), count(*) FILTER (WHERE v.result = 1), count(*) FILTER (WHERE v.result = 3), count(*) FILTER (WHERE v.result IS NULL)
    FROM reg.desil AS d LEFT JOIN reg.kunjungan AS v ON v.keluarga_id = d.keluarga_id AND v.visited_on BETWEEN CURRENT_DATE - 320 AND CURRENT_DATE - 50
    WHERE d.edisi_id = %s AND d.desil_nasional <= 3 AND d.wilayah::text ~ '^3216' GROUP BY 1 ORDER BY 1 $$, :a), 'a round: seen, not found, open');
SELECT isnt_empty('SELECT FROM reg.report_round((SELECT id FROM reg.verification_round)) WHERE seen > 0 AND open > 0', 'a round: some of both');

-- audit of programmes
SELECT t.act('kem', $$ INSERT INTO reg.exclusive_group VALUES ('g', 'keluarga', 'g', 'g') $$),
    t.act('kem', $$ INSERT INTO reg.program (program, owner_level, unit, exclusive_group, legal_basis, label_id, label_en) VALUES ('q', 'pusat', 'keluarga', 'g', 'UU 13/2011', 'x', 'x'), ('r', 'pusat', 'keluarga', 'g', 'UU 13/2011', 'x', 'x') $$),
    t.act('kem', $$ INSERT INTO reg.program_rule (program, valid_from, desil_to) VALUES ('q', '2020-01-01', 5), ('r', '2020-01-01', 10) $$),
    t.act('kem', $$ INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah) SELECT 'q', id, wilayah FROM reg.keluarga WHERE id % 5 = 0 $$),
    t.act('kem', $$ INSERT INTO reg.penerimaan (program, keluarga_id, wilayah, period, amount, source) SELECT p, id, wilayah, '2026-01-01', 1, 'x' FROM reg.keluarga, unnest('{q,r}'::text[]) AS p WHERE id % 10 = 0 $$) \g /dev/null
UPDATE reg.pemadanan_result AS r SET status = CASE WHEN a.keluarga_id % 4 = 0 THEN 'padan' WHEN a.keluarga_id % 4 = 1 THEN 'meninggal' ELSE 'nik_ganda' END FROM reg.anggota AS a WHERE a.id = r.anggota_id;
SELECT results_eq(format('SELECT program, recipients, matched, gone, number_twice, outside_rule, double_aid, clean, score FROM reg.report_program_audit(%s) WHERE program = ''q''', :a), format($$
    SELECT 'q', count(*), count(*) FILTER (WHERE s = 'padan'), count(*) FILTER (WHERE s = 'meninggal'), count(*) FILTER (WHERE s = 'nik_ganda'), count(*) FILTER (WHERE NOT ok), count(*) FILTER (WHERE twice),
        count(*) FILTER (WHERE s = 'padan' AND ok AND NOT twice), round(100.0 * count(*) FILTER (WHERE s = 'padan' AND ok AND NOT twice) / count(*), 1)
    FROM (SELECT k.id, k.id %% 10 = 0 AS twice, coalesce((SELECT d.desil_nasional <= 5 FROM reg.desil AS d WHERE d.edisi_id = %s AND d.keluarga_id = k.id), false) AS ok,
            (SELECT min(r.status) FROM reg.pemadanan_result AS r JOIN reg.anggota AS a ON a.id = r.anggota_id WHERE a.keluarga_id = k.id AND a.hubungan = 1) AS s
        FROM reg.keluarga AS k WHERE k.id %% 5 = 0) AS x $$, :a), 'audit of a programme: each kind of finding, and who has none');
SELECT results_eq($$ SELECT act, replaced_by FROM reg.report_legal_basis() WHERE used_by = 'program' ORDER BY object $$,
    $$ VALUES ('x', 'not in the list of acts'), ('UU 13/2011', NULL), ('UU 13/2011', NULL) $$, 'legal acts: what rests on them, and one that is not listed');
SELECT is((SELECT replaced_by FROM reg.report_legal_basis() WHERE act = 'Permensos 3/2021'), 'Permensos 3/2025', 'legal acts: what replaced them');
SELECT throws_ok($$ SELECT t.act('opd_a', 'UPDATE reg.dasar_hukum SET replaced_by = NULL') $$, '42501', NULL, 'the ministry keeps the list');
SELECT throws_ok(format($$ SELECT t.act('op_a', 'INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, channel, edisi_id)
    SELECT ''c'', ''hapus'', wilayah, id, ''{}'', ''radio'', %s FROM reg.keluarga WHERE id = 33') $$, :b), '23503', NULL, 'a channel is one of the list');
SELECT is((SELECT array_agg(DISTINCT channel::text) FROM reg.usulan), '{desa}', 'and the village''s if nothing is said');

-- a report on what is not there is an error, not an empty one
SELECT throws_ok('SELECT * FROM reg.' || call, code, NULL, call || ' is refused') FROM (VALUES ('report_movement(1, 999)', 'P0002'), ('report_movement(999, 1)', 'P0002'), ('report_movers(999, 1)', 'P0002'),
    ('report_worklist(999)', 'P0002'), ('report_worklist(NULL)', 'P0002'), ('report_funnel(999)', 'P0002'), ('report_village(999)', 'P0002'), ('report_program_audit(999)', 'P0002'),
    ('edisi_findings(999)', 'P0002'), ('report_round(999)', 'P0002'), ('pemadanan_summary(999)', 'P0002'), ('pemadanan_summary(NULL)', 'P0002'),
    ('edisi_findings((SELECT min(id) FROM reg.edisi), ''{no_head,nix}'')', 'P0002'), ('edisi_rank(999)', 'P0002'), ('edisi_stale(999)', 'P0002'),
    ('program_ranked(''pkh'', (SELECT min(id) FROM reg.edisi), ''9999'', 1)', 'P0002'), ('program_ranked(''pkh'', (SELECT min(id) FROM reg.edisi), NULL, -1)', '22023'),
    ('program_enrol(999)', 'P0002'), ('peristiwa_propose(999)', 'P0002'), ('village_close(999, ''3216011007'')', 'P0002'), ('village_absent(999, ''3216'', ''x'')', 'P0002'),
    ('village_absent((SELECT min(id) FROM reg.edisi), ''9999'', ''x'')', 'P0002'), ('batch_fill(999)', 'P0002'), ('batch_seal(999)', 'P0002'), ('batch_sign(999, ''x'')', 'P0002'),
    ('batch_receive(999)', 'P0002'), ('edisi_publish(999)', 'P0002'), ('edisi_carry_over(999, 1)', 'P0002'), ('quality_summarise(999)', 'P0002'), ('import_discard(999)', 'P0002')) AS v (call, code);
-- lists of persons, against the records themselves
SAVEPOINT persons;
UPDATE reg.anggota SET tanggal_lahir = CASE id / 10 % 5 WHEN 0 THEN '1950-01-01' WHEN 1 THEN '2023-01-01' WHEN 2 THEN '2012-02-20' WHEN 3 THEN '2019-02-20' ELSE '2007-02-21' END::date,
    partisipasi_sekolah = 1 + id % 3, penglihatan = nullif(id % 6, 5), mengurus_diri = 4 WHERE id % 10 = 3 OR id % 7 = 0;
INSERT INTO reg.flag (kind, keluarga_id, anggota_id, wilayah, source, noted_on, valid_to) SELECT 'hamil', keluarga_id, id, wilayah, 'x', '2026-01-01', CASE WHEN id % 4 = 0 THEN '2026-02-01'::date END FROM reg.anggota WHERE id % 11 = 0;
SELECT is((SELECT array_agg(p.anggota_id ORDER BY p.anggota_id) FROM reg.report_persons(what, '2026-02-20') AS p), (SELECT array_agg(a.id ORDER BY a.id) FROM reg.anggota AS a
    JOIN reg.keluarga AS k ON k.id = a.keluarga_id AND k.status = 'aktif', LATERAL (SELECT extract(year FROM age('2026-02-20'::date, a.tanggal_lahir)) AS age) AS g
    WHERE a.status = 'aktif' AND CASE what WHEN 'lansia' THEN age >= 60 WHEN 'balita' THEN age BETWEEN 0 AND 4 WHEN 'usia_sekolah' THEN age BETWEEN 7 AND 18
        WHEN 'tidak_sekolah' THEN age BETWEEN 7 AND 18 AND a.partisipasi_sekolah IN (1, 3)
        WHEN 'disabilitas' THEN 1 IN (a.penglihatan, a.mengurus_diri, a.pendengaran) OR 2 IN (a.penglihatan, a.mengurus_diri, a.pendengaran)
        ELSE EXISTS (SELECT FROM reg.flag AS f WHERE f.anggota_id = a.id AND f.kind = 'hamil' AND f.noted_on <= '2026-02-20' AND coalesce(f.valid_to, '2026-02-20') >= '2026-02-20') END),
    'who is on the list ' || what) FROM unnest('{disabilitas,lansia,balita,usia_sekolah,tidak_sekolah,hamil}'::text[]) AS what;
SELECT is((SELECT string_agg(what, ' ' ORDER BY what) FROM unnest('{disabilitas,lansia,balita,usia_sekolah,tidak_sekolah,hamil}'::text[]) AS what WHERE EXISTS (SELECT FROM reg.report_persons(what, '2026-02-20'))), 'balita disabilitas hamil lansia tidak_sekolah usia_sekolah', 'each list has somebody');
SELECT throws_ok($$ SELECT * FROM reg.report_persons('orang') $$, '22023', 'there is no list "orang" of persons', 'no other list');
ROLLBACK TO persons;
SELECT is((SELECT concat_ws(' ', reg.batch_digest(999), reg.daftar_digest(999), reg.edisi_digest(999))), '', 'what is not there has no digest');
SELECT throws_ok(format('SELECT * FROM reg.%s', replace(call, 'E', (SELECT min(id)::text FROM reg.edisi))), '22023', message, call || ' is refused')
FROM (VALUES ('report_movement(E, E, ''kota'')', 'a decile has no scope "kota"'), ('report_movers(E, E, 4, ''kota'')', 'a decile has no scope "kota"'), ('report_movers(E, E, -1)', 'argument smallest cannot be -1'),
    ('report_worklist(E, 0)', 'argument last_desil cannot be 0'), ('report_worklist(E, 2, -1)', 'argument months cannot be -1'), ('report_village(E, -1)', 'argument months cannot be -1'), ('report_stale(-1)', 'argument months cannot be -1'),
    ('report_officer(''2026-02-01'', ''2026-01-01'')', 'there is no time from 2026-02-01 to 2026-01-01'), ('double_aid(''2026-02-01'', ''2026-01-01'')', 'there is no time from 2026-02-01 to 2026-01-01')) AS v (call, message);
SELECT * FROM finish();
ROLLBACK;
