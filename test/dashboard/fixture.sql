-- A registry of one regency with two published editions, one under way, two
-- programmes, and figures that every chart has to show; some cells are small.
-- Written past the triggers of the process: what is tested is what is drawn.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET timezone = 'Asia/Jakarta';
CREATE EXTENSION dtsen;
SET search_path = public, dtsen;
SELECT create_registry('bekasi') \g /dev/null
SELECT setup_roles('bekasi', dry_run => false) \g /dev/null
CREATE ROLE dashboard LOGIN IN ROLE bekasi_analis;
CREATE ROLE no_region LOGIN IN ROLE bekasi_analis;
INSERT INTO bekasi.actor (login, actor_role, person_key, wilayah) VALUES ('dashboard', 'analis', 'dashboard', '3216');
SET session_replication_role = replica;
SELECT format('ALTER TABLE bekasi.%I DISABLE TRIGGER USER', t) FROM unnest('{edisi,usulan,musyawarah,desa_tutup,desil,desil_cut,program,program_rule,kepesertaan,keluarga,anggota}'::text[]) AS t \gexec

CREATE TEMP TABLE village AS SELECT row_number() OVER (ORDER BY kode) - 1 AS n, kode FROM bekasi.wilayah
    WHERE level = 4 AND status = 'present' AND kode <@ '3216';
INSERT INTO bekasi.model VALUES ('m1', 'test', 'test');
INSERT INTO bekasi.keluarga (id, nkk, wilayah)
SELECT n, ('32160117012' || lpad(n::text, 5, '0'))::nkk, (SELECT kode FROM village AS v WHERE v.n = (f.n * 7919 / (1 + f.n % 3)) % (SELECT count(*) FROM village))
FROM generate_series(1, 3000) AS f (n);
INSERT INTO bekasi.anggota (id, keluarga_id, wilayah, nik, nama, hubungan, tanggal_lahir, jenis_kelamin, changed_at)
SELECT k.id, k.id, k.wilayah, ('32160102039' || lpad(k.id::text, 5, '0'))::nik, 'WARGA', 1, CASE WHEN k.id % 3 > 0 THEN '1990-03-02'::date END,
    CASE WHEN k.id % 4 > 0 THEN 1 END, now() - CASE WHEN k.id % 5 = 0 THEN interval '1 year' ELSE interval '1 day' END
FROM bekasi.keluarga AS k;
UPDATE bekasi.keluarga SET changed_at = now() - interval '1 year';
INSERT INTO bekasi.edisi (id, name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at, state, model_version, family_count, person_count, ranked_count, digest)
SELECT n, 'v' || n || '_2026', d, d + '1 day', d + '2 days', d + '3 days', d + '4 days', CASE WHEN n < 3 THEN 'ditetapkan' ELSE 'buka' END, 'm1', 3000, 9000, 2880, sha256('x')
FROM generate_series(1, 3) AS n, LATERAL (SELECT now() + ((n - 3) * 30 + 11) * interval '1 day') AS x (d);
CREATE TABLE bekasi.desil_1 PARTITION OF bekasi.desil FOR VALUES IN (1);
CREATE TABLE bekasi.desil_2 PARTITION OF bekasi.desil FOR VALUES IN (2);
-- poor villages are poorer; a twenty-fifth is not ranked
INSERT INTO bekasi.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor, desil_nasional, desil_provinsi, desil_kabupaten)
SELECT e, k.id, k.wilayah, k.nkk, 1 + k.id % 6, s, d, CASE WHEN d IS NOT NULL THEN greatest(1, d - 1) END, CASE WHEN d IS NOT NULL THEN least(10, d + 1) END
FROM bekasi.keluarga AS k CROSS JOIN generate_series(1, 2) AS e
CROSS JOIN LATERAL (SELECT CASE WHEN k.id % 25 > 0 THEN 300000 + 120 * ((k.id * 104729) % 20011) * (1 + right(wilayah_parent(k.wilayah)::text, 2)::integer % 5) / 3
    END) AS x (first)
CROSS JOIN LATERAL (SELECT greatest(50000, x.first + CASE WHEN e = 1 THEN 0 WHEN k.id % 4 = 0 THEN 380000 * (k.id % 9) WHEN k.id % 7 = 0 THEN -380000 * (k.id % 11) ELSE 0 END)::float8) AS w (score)
CROSS JOIN LATERAL (SELECT CASE WHEN k.id % 25 > 0 THEN w.score END) AS y (s)
CROSS JOIN LATERAL (SELECT CASE WHEN s IS NOT NULL THEN least(10, 1 + floor(s / 380000))::smallint END) AS z (d);

INSERT INTO bekasi.program (program, owner_level, unit, legal_basis, label_id, label_en) VALUES
    ('sembako', 'pusat', 'keluarga', 'x', 'Sembako', 'Staple food'), ('pkh', 'pusat', 'keluarga', 'x', 'PKH', 'Family hope (PKH)'), ('kecil', 'pusat', 'keluarga', 'x', 'Program kecil', 'Small programme');
INSERT INTO bekasi.program_rule (program, valid_from, desil_to) VALUES ('sembako', '2020-01-01', 5), ('pkh', '2020-01-01', 3), ('kecil', '2020-01-01', 1);
INSERT INTO bekasi.kepesertaan (program, unit, keluarga_id, wilayah)
SELECT p.program, 'keluarga', d.keluarga_id, d.wilayah FROM bekasi.desil AS d, (VALUES ('sembako', 5, 3), ('pkh', 3, 2), ('kecil', 1, 0)) AS p (program, last, every)
WHERE d.edisi_id = 2 AND CASE WHEN p.every = 0 THEN d.keluarga_id IN (SELECT x.keluarga_id FROM bekasi.desil AS x WHERE x.edisi_id = 2 AND x.desil_nasional = 1 ORDER BY 1 LIMIT 3)
    WHEN d.desil_nasional <= p.last THEN d.keluarga_id % (p.every + 1) > 0 ELSE d.keluarga_id % 17 = 0 END;
INSERT INTO bekasi.pemadanan (id, threshold, person_count) VALUES (1, 0.9, 3000);
INSERT INTO bekasi.pemadanan_result (pemadanan_id, anggota_id, wilayah, status)
SELECT 1, a.id, a.wilayah, (SELECT min(s.status) FROM bekasi.padan_status AS s WHERE (s.verdict = 'agree') = (a.id % 7 > 0)) FROM bekasi.anggota AS a;

INSERT INTO bekasi.musyawarah (wilayah, held_on, place, attendee_count, state)
SELECT v.kode, CURRENT_DATE - CASE WHEN v.n % 5 = 0 THEN 200 ELSE 20 END, 'balai desa', 20, 'sah' FROM village AS v WHERE v.n % 3 < 2;
INSERT INTO bekasi.desa_tutup (edisi_id, wilayah, is_absent, reason)
SELECT 3, v.kode, v.n % 10 = 0, CASE WHEN v.n % 10 = 0 THEN 'no meeting' END FROM village AS v WHERE v.n % 2 = 0;
INSERT INTO bekasi.usulan (request_key, kind, wilayah, payload, edisi_id, state)
SELECT s.state || e || '-' || n, 'baru', k.wilayah, '{}', e, s.state
FROM (VALUES ('draf', 12, 3), ('diajukan', 147, 3), ('disepakati', 1203, 3), ('ditolak_musdes', 6, 3), ('dikembalikan', 3, 3), ('terbit', 1467, 2), ('ditolak_musdes', 31, 2)) AS s (state, count, e),
    generate_series(1, s.count) AS n JOIN bekasi.keluarga AS k ON k.id = n;

ALTER TABLE bekasi.edisi ENABLE ALWAYS TRIGGER summarise;
SET session_replication_role = origin;
UPDATE bekasi.edisi SET state = 'terbit', published_at = cut_off_at + interval '4 days' WHERE id = 1;
UPDATE bekasi.edisi SET state = 'terbit', published_at = now() WHERE id = 2;
ANALYZE;
