-- The figures beside those of the deciles: inequality, quality, errors of
-- programmes, the calendar; each against the rows it is made of.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SET search_path = public, dtsen;
SELECT t.login('kem', 'kemensos', NULL), t.login('bps1', 'bps', NULL), t.login('opd_a', 'kepala_opd', '3216'), t.login('kades_a', 'kades', '3216011007'),
    t.login('data_a', 'pengelola', '3216'), t.login('ana', 'analis', NULL),
    t.login('ana_a', 'analis', '3216'), t.login('ana_c', 'analis', '321602') \g /dev/null

-- 400 families in Bekasi, 30 in Bandung Barat, three in Simeulue with negative scores
INSERT INTO reg.model VALUES ('m1', 'test', 'test');
INSERT INTO reg.keluarga (id, nkk, wilayah)
SELECT n, t.nkk(n)::dtsen.nkk, CASE WHEN n > 430 THEN '1109012007' WHEN n > 400 THEN '3217012001' WHEN n % 3 = 0 THEN '3216011007' ELSE '3216022002' END::dtsen.kode_wilayah
FROM generate_series(1, 433) AS n;
INSERT INTO reg.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir, jenis_kelamin, status_kawin, changed_at)
SELECT k.id * 10 + m, k.id, k.wilayah, t.nik((k.id * 10 + m)::integer)::dtsen.nik, 'WARGA', CASE m WHEN 1 THEN 1 ELSE 3 END,
    CASE WHEN k.id % 10 <> 3 THEN '1990-03-02'::date + m::integer * 5000 END, 1 + m % 2, CASE WHEN k.id % 2 = 0 THEN 2 END, now()
FROM reg.keluarga AS k, generate_series(1, 2) AS m;
UPDATE reg.keluarga SET changed_at = now() - interval '1 year';
UPDATE reg.anggota SET changed_at = now() - CASE WHEN keluarga_id % 4 = 0 THEN interval '1 year' ELSE interval '1 day' END;
SELECT t.act('kem', format($$ INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
    VALUES (%L, now() + '3 days'::interval, now() + '4 days', now() + '5 days', now() + '6 days', now() + '7 days') $$, v)) FROM (VALUES ('v1'), ('v2'), ('v3')) AS x (v) \g /dev/null
SELECT min(id) AS a, min(id) + 1 AS b, max(id) AS c FROM reg.edisi \gset
INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor, desil_nasional)
SELECT e, k.id, k.wilayah, k.nkk, 1 + k.id % 5, s, CASE WHEN s IS NOT NULL THEN 1 + (k.id * 7) % 10 END
FROM reg.keluarga AS k, unnest(ARRAY[:a, :b]) AS e,
    LATERAL (SELECT CASE WHEN k.id > 430 THEN -1 WHEN k.id % 20 = 0 THEN NULL ELSE (k.id * 7919 % 1000)::float8 END AS s) AS x;
-- programmes: for families by decile, one without a rule yet, one that ended
SELECT t.act('kem', $$ INSERT INTO reg.program (program, owner_level, unit, legal_basis, label_id, label_en, valid_to) VALUES
        ('sembako', 'pusat', 'keluarga', 'x', 'Sembako', 'staple food', NULL), ('baru', 'pusat', 'keluarga', 'x', 'Baru', 'new', NULL),
        ('lama', 'pusat', 'keluarga', 'x', 'Lama', 'old', '2020-01-01') $$),
    t.act('kem', $$ INSERT INTO reg.program_rule (program, valid_from, desil_to) VALUES ('sembako', '2020-01-01', 5), ('lama', '2010-01-01', 5), ('baru', CURRENT_DATE + 30, 5) $$),
    t.act('kem', $$ INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah) SELECT 'sembako', id, wilayah FROM reg.keluarga WHERE id % 3 = 0 $$) \g /dev/null
SELECT t.value('data_a', 'SELECT reg.pemadanan_run()') \g /dev/null
-- agreement with the civil registry is what the run says; say it here
UPDATE reg.pemadanan_result SET status = (SELECT min(s.status) FROM reg.padan_status AS s WHERE s.verdict = 'agree') WHERE anggota_id % 3 <> 0;

SELECT throws_ok(format($$ SELECT t.value('kem', 'SELECT reg.quality_summarise(%s)') $$, :a), '22023', 'edition v1 is not the one published last', 'nothing is counted for a draft');
SELECT throws_ok($$ SELECT t.value('kem', 'SELECT reg.quality_summarise(999)') $$, 'P0002', NULL, 'nor for no edition');
ALTER TABLE reg.edisi DISABLE TRIGGER USER;
ALTER TABLE reg.edisi ENABLE ALWAYS TRIGGER summarise;
SELECT is(t.value('ana', 'SELECT count(*) FROM reg_bi.' || v), '0', v || ' shows no draft')
FROM unnest('{inequality_by_kabupaten,lorenz_by_kabupaten,quality_by_kecamatan,targeting_by_kabupaten}'::text[]) AS v;
UPDATE reg.edisi SET state = 'terbit', published_at = now() - interval '1 day' WHERE id = :a;
UPDATE reg.edisi SET state = 'terbit', published_at = now() WHERE id = :b;

-- inequality, by the definition: half the mean difference over the mean
CREATE TEMP TABLE person AS SELECT skor, person_count AS w FROM reg.desil WHERE edisi_id = :b AND wilayah <@ '3216' AND skor IS NOT NULL;
SELECT is((SELECT abs(gini - (SELECT sum(x.w * y.w * abs(x.skor - y.skor)) / (2 * sum(x.w * y.w) * (SELECT sum(skor * w) / sum(w) FROM person)) FROM person x, person y)) < 1e-12
    FROM reg_bi.inequality_by_kabupaten WHERE publication_id = :b AND kabupaten_code = '3216'), true, 'Gini of the regency');
-- the poorest share, by sharing out the family that lies across the point
SELECT is_empty(format($$ WITH c AS (SELECT skor, w, sum(w) OVER o - w AS before, sum(w) OVER () AS all_w, sum(w * skor) OVER () AS all_s
        FROM person WINDOW o AS (ORDER BY skor, w, ctid ROWS UNBOUNDED PRECEDING))
    SELECT sort_order FROM reg_bi.lorenz_by_kabupaten AS v WHERE publication_id = %s AND kabupaten_code = '3216'
    AND abs(spending_share - (SELECT sum(skor * greatest(0, least(w, v.person_share * all_w - before))) / min(all_s) FROM c)) > 1e-12 $$, :b), 'the points of the Lorenz curve');
SELECT is((SELECT count(*) || ' ' || min(person_share) || ' ' || max(person_share) || ' ' || max(spending_share) FROM reg_bi.lorenz_by_kabupaten WHERE publication_id = :b), '21 0 1 1', 'from nothing to everything');
SELECT results_eq(format('SELECT kabupaten_code::text, family_count, gini IS NULL, is_suppressed FROM reg_bi.inequality_by_kabupaten WHERE publication_id = %s ORDER BY 1', :b),
    $$ VALUES ('1109', NULL::integer, true, true), ('3216', 380, false, false), ('3217', 29, true, true) $$, 'few families: no curve; very few: not even their number');
UPDATE reg.desil SET skor = 0 WHERE edisi_id = :c;
INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor) SELECT :c, k.id, k.wilayah, k.nkk, CASE WHEN k.id <= 400 THEN 0 ELSE 1 END, CASE WHEN k.id > 400 THEN 0 ELSE -5 END FROM reg.keluarga AS k;
SELECT lives_ok(format('SELECT reg.inequality_summarise(%s)', :c), 'scores that are no amounts do not stop a publication');
SELECT is((SELECT count(gini) || ' ' || count(lorenz) FROM reg.inequality_summary WHERE edisi_id = :c), '0 0', 'they have no curve');
SELECT throws_ok(format($$ SELECT t.act(%L, 'SELECT reg.inequality_summarise(1)') $$, l), '42501', NULL, l || ' does not fill the figures of an edition')
FROM unnest('{bps1,kem,opd_a,ana}'::text[]) AS l;

-- quality
CREATE TEMP VIEW quality AS
    SELECT left(a.wilayah::text, 6) AS kecamatan_code, count(*) AS n, count(*) FILTER (WHERE a.id % 3 <> 0) AS agreed,
        sum(num_nonnulls(a.tanggal_lahir, a.jenis_kelamin, a.status_kawin)) AS filled, count(*) FILTER (WHERE a.keluarga_id % 4 <> 0) AS recent
    FROM reg.anggota AS a GROUP BY 1;
SELECT is_empty(format($$ SELECT * FROM quality AS q FULL JOIN (SELECT * FROM reg_bi.quality_by_kecamatan WHERE publication_id = %s AND kabupaten_code = '3216') AS v USING (kecamatan_code)
    WHERE kecamatan_code LIKE '3216%%' AND (v.kecamatan_code IS NULL OR person_count <> n OR abs(accuracy - agreed / n::float8) > 1e-12 OR abs(completeness - filled / (15.0 * n)) > 1e-12
    OR abs(currency - recent / n::float8) > 1e-12 OR num_nulls(accuracy, completeness, currency) > 0 OR is_suppressed) $$, :b), 'quality: what is shown is so');
SELECT is((SELECT count(*) FROM reg_bi.quality_by_kecamatan WHERE publication_id = :b AND kabupaten_code = '3216'), 2::bigint, 'quality: of every district');
SELECT is((SELECT concat_ws(' ', person_count, accuracy, completeness::numeric(4, 3), currency, is_suppressed) FROM reg_bi.quality_by_kecamatan WHERE publication_id = :b AND kabupaten_code = '1109'),
    '6 0.133 t', 'quality: nobody of a district was matched, 2 of 6 are out of date and not told');
SELECT results_eq($$ SELECT reg.shown_share(p, 20) IS NULL FROM unnest(ARRAY[0, 1, 4, 5, 15, 16, 19, 20]) AS p $$, $$ SELECT unnest(ARRAY[false, true, true, false, false, true, true, false]) $$, 'a share tells of nobody, or of 5 and more');
SELECT is(reg.shown_share(0, 4), NULL, 'nor of a group below 5');

-- errors of programmes
CREATE TEMP VIEW target AS
    SELECT left(wilayah::text, 4) AS kabupaten_code, count(*) FILTER (WHERE ok AND keluarga_id % 3 = 0) AS reached,
        count(*) FILTER (WHERE ok AND keluarga_id % 3 <> 0) AS missed, count(*) FILTER (WHERE NOT ok AND keluarga_id % 3 = 0) AS outside
    FROM (SELECT *, desil_nasional IS NOT NULL AND desil_nasional <= 5 AS ok FROM reg.desil) AS d WHERE edisi_id = (SELECT max(edisi_id) FROM reg.targeting_summary) GROUP BY 1;
SELECT is_empty(format($$ SELECT * FROM target AS x FULL JOIN (SELECT * FROM reg_bi.targeting_by_kabupaten WHERE publication_id = %s) AS v USING (kabupaten_code)
    WHERE program IS NULL OR reached IS NULL OR program <> 'sembako' OR is_suppressed <> (reached BETWEEN 1 AND 4 OR missed BETWEEN 1 AND 4 OR outside BETWEEN 1 AND 4)
    OR is_suppressed <> (num_nulls(reached_count, missed_count, outside_count, exclusion_share, inclusion_share) = 5)
    OR (reached_count, missed_count, outside_count) <> (reached, missed, outside)
    OR abs(exclusion_share - missed / (reached + missed)::float8) > 1e-12 OR abs(inclusion_share - outside / (reached + outside)::float8) > 1e-12 $$, :b), 'targeting: what is shown is so, of programmes that have a rule');
SELECT results_eq(format('SELECT kabupaten_code::text, is_suppressed FROM reg_bi.targeting_by_kabupaten WHERE publication_id = %s ORDER BY 1', :b),
    $$ VALUES ('1109', true), ('3216', false), ('3217', true) $$, 'targeting: some are shown, few are not');
-- a list is given out: nobody is missed any more, once it is counted
SELECT t.act('kem', $$ INSERT INTO reg.kepesertaan (program, keluarga_id, wilayah) SELECT 'sembako', d.keluarga_id, d.wilayah FROM reg.desil AS d
    WHERE d.desil_nasional <= 5 AND d.keluarga_id % 3 <> 0 AND d.edisi_id = (SELECT max(id) FROM reg.edisi WHERE state = 'terbit') $$) \g /dev/null
SELECT isnt((SELECT missed_count FROM reg_bi.targeting_by_kabupaten WHERE publication_id = :b AND kabupaten_code = '3216'), 0, 'targeting: not counted yet');
SELECT throws_ok(format($$ SELECT t.value(%L, 'SELECT reg.quality_summarise(%s)') $$, l, :b), '42501', NULL, l || ' does not count the country')
FROM unnest('{opd_a,kades_a,data_a,ana}'::text[]) AS l;
SELECT t.value('kem', format('SELECT reg.quality_summarise(%s)', :b)) \g /dev/null
SELECT is((SELECT missed_count || ' ' || exclusion_share FROM reg_bi.targeting_by_kabupaten WHERE publication_id = :b AND kabupaten_code = '3216'), '0 0', 'targeting: counted again');
SELECT isnt((SELECT missed_count FROM reg_bi.targeting_by_kabupaten WHERE publication_id = :a AND kabupaten_code = '3216'), 0, 'targeting: an edition before stays as it was');
SELECT throws_ok(format($$ SELECT t.value('kem', 'SELECT reg.quality_summarise(%s)') $$, :a), '22023', 'edition v1 is not the one published last', 'nor is it counted again');
SELECT throws_ok(format($$ SELECT t.act(%L, 'DELETE FROM reg.%s') $$, l, r), '42501', NULL, format('%s does not write %s', l, r))
FROM unnest('{kem,bps1,opd_a}'::text[]) AS l, unnest('{inequality_summary,quality_summary,targeting_summary}'::text[]) AS r;

-- the calendar
SELECT t.act('kades_a', format($$ SELECT reg.village_close(%s, '3216011007') $$, :c)), t.act('opd_a', format($$ SELECT reg.village_absent(%s, '321602', 'none') $$, :c)) \g /dev/null
SELECT results_eq('SELECT kabupaten_code::text, edition_name::text, days_to_cut_off, days_to_publish, village_count::bigint, closed_village_count, absent_village_count::bigint, open_village_count::bigint FROM reg_bi.cut_off_by_kabupaten ORDER BY 1',
    $$ SELECT k, 'v3', 3, 7, v.n, CASE k WHEN '3216' THEN 1 ELSE 0 END, CASE k WHEN '3216' THEN v.x ELSE 0 END, v.n - CASE k WHEN '3216' THEN 1 + v.x ELSE 0 END
       FROM unnest(ARRAY['1109', '3216', '3217']) AS k, LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE kode::text LIKE '321602%') AS x FROM reg.wilayah
           WHERE level = 4 AND status = 'present' AND left(kode::text, 4) = k) AS v ORDER BY 1 $$, 'calendar: days left and villages, of regencies with families');
SELECT results_eq('SELECT as_of_date, cut_off_date - as_of_date, publish_date - as_of_date FROM reg_bi.cut_off_by_kabupaten LIMIT 1', $$ SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date, 3, 7 $$, 'calendar: its days');

SELECT results_eq($$ SELECT l, t.value(l, format('SELECT string_agg(DISTINCT %1$s, '' '' ORDER BY %1$s) FROM reg_bi.%2$s', c, v))
    FROM unnest('{ana,ana_a,ana_c}'::text[]) WITH ORDINALITY AS u (l, n), (VALUES (1, 'inequality_by_kabupaten', 'kabupaten_code'), (2, 'lorenz_by_kabupaten', 'kabupaten_code'),
        (3, 'quality_by_kecamatan', 'kecamatan_code'), (4, 'targeting_by_kabupaten', 'kabupaten_code'), (5, 'cut_off_by_kabupaten', 'kabupaten_code')) AS x (m, v, c) ORDER BY n, m $$,
    $$ VALUES ('ana', '1109 3216 3217'), ('ana', '3216'), ('ana', '110901 321601 321602 321701'), ('ana', '1109 3216 3217'), ('ana', '1109 3216 3217'),
        ('ana_a', '3216'), ('ana_a', '3216'), ('ana_a', '321601 321602'), ('ana_a', '3216'), ('ana_a', '3216'),
        ('ana_c', NULL), ('ana_c', NULL), ('ana_c', '321602'), ('ana_c', NULL), ('ana_c', NULL) $$, 'each analyst sees the figures of his regions');
ALTER TABLE reg.state DISABLE TRIGGER USER;
INSERT INTO reg.state (machine, state, label_id, label_en, sort_order, version)
SELECT machine, state, 'konsep', 'sketch', sort_order, 2 FROM reg.state AS s WHERE (s.machine, s.state) = (SELECT 'edisi', e.state FROM reg.edisi AS e WHERE e.name = 'v3');
SELECT is((SELECT count(*) || ' ' || count(*) FILTER (WHERE label_en = 'sketch') FROM reg_bi.cut_off_by_kabupaten), '3 0', 'calendar: a draft of a version doubles nothing');

SELECT * FROM finish();
ROLLBACK;
