-- Called by bi.sh, which says what this is.
SET TimeZone = 'Asia/Jakarta';
SET synchronous_commit = off;
CREATE EXTENSION dtsen;
SELECT dtsen.create_registry('reg') \g /dev/null
SELECT dtsen.setup_roles('reg', false) \g /dev/null
SET search_path = public, dtsen;
CREATE ROLE ana_country LOGIN IN ROLE reg_analis;
CREATE ROLE ana_regency LOGIN IN ROLE reg_analis;
CREATE ROLE ana_district LOGIN IN ROLE reg_analis;
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES
    ('ana_country', 'analis', 'a', NULL), ('ana_regency', 'analis', 'b', '3216'), ('ana_district', 'analis', 'c', '321601');
SELECT format('ALTER TABLE reg.%I DISABLE TRIGGER ALL', t)
FROM unnest('{keluarga,anggota,edisi,musyawarah,desil,pemadanan,pemadanan_result,kepesertaan,penerimaan}'::text[]) AS t \gexec
ALTER TABLE reg.edisi ENABLE ALWAYS TRIGGER summarise;

CREATE TEMP TABLE village AS
    SELECT row_number() OVER (ORDER BY kode) - 1 AS n, kode FROM reg.wilayah WHERE level = 4 AND status = 'present' AND kode <@ '3216'::kode_wilayah;
SELECT count(*) AS villages FROM village \gset
INSERT INTO reg.keluarga (id, nkk, wilayah)
SELECT f, (3216010101000000 + f)::bigint::text::nkk, v.kode FROM generate_series(1, :families) AS f JOIN village AS v ON v.n = f % :villages;
INSERT INTO reg.edisi (id, name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at, digest)
SELECT e, 'v' || e, d, d, d, d, d, sha256('x') FROM generate_series(1, 3) AS e, make_timestamptz(2026, 6 + e, 20, 9, 0, 0) AS d;
SELECT format('CREATE TABLE IF NOT EXISTS reg.desil_%s PARTITION OF reg.desil FOR VALUES IN (%s)', e, e) FROM generate_series(1, 2) AS e \gexec
SELECT format('ALTER TABLE reg.desil_%s DISABLE TRIGGER ALL', e) FROM generate_series(1, 2) AS e \gexec
INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor, desil_nasional, desil_provinsi, desil_kabupaten)
SELECT e, k.id, k.wilayah, k.nkk, 3, s, 1 + s::integer / 100, 1 + s::integer / 100, 1 + s::integer / 100
FROM generate_series(1, 2) AS e, reg.keluarga AS k,
    LATERAL (SELECT CASE WHEN k.id % 20 > 0 THEN (k.id * CASE e WHEN 1 THEN 7919 ELSE 104729 END % 1000)::float8 END AS s) AS x;
INSERT INTO reg.pemadanan (id, threshold, person_count) VALUES (1, 0.8, 3 * :families);
INSERT INTO reg.pemadanan_result (pemadanan_id, anggota_id, wilayah, status)
SELECT 1, k.id * 3 + m, k.wilayah, (ARRAY['padan', 'padan', 'padan', 'padan_nama_beda', 'nik_tidak_ditemukan', 'padan_tgl_beda', 'meninggal'])[1 + (k.id * 3 + m) % 7]
FROM reg.keluarga AS k, generate_series(0, 2) AS m;
INSERT INTO reg.program (program, owner_level, unit, legal_basis, label_id, label_en) VALUES
    ('pkh', 'pusat', 'keluarga', 'x', 'PKH', 'PKH'), ('sembako', 'pusat', 'keluarga', 'x', 'sembako', 'staple food');
INSERT INTO reg.program_rule (program, valid_from, desil_to) VALUES ('pkh', '2026-01-01', 4), ('sembako', '2026-01-01', 5);
INSERT INTO reg.kepesertaan (program, unit, keluarga_id, wilayah)
SELECT CASE WHEN k.id % 10 = 0 THEN 'pkh' ELSE 'sembako' END, 'keluarga', k.id, k.wilayah FROM reg.keluarga AS k WHERE k.id % 10 < 3;
INSERT INTO reg.penerimaan (program, keluarga_id, wilayah, period, amount, source)
SELECT p.program, p.keluarga_id, p.wilayah, m, 200000, 'report' FROM reg.kepesertaan AS p,
    (SELECT x::date AS m FROM generate_series('2025-09-01'::date, '2026-08-01', interval '1 month') AS x) AS y;
INSERT INTO reg.musyawarah (wilayah, held_on, place, state) SELECT v.kode, '2026-08-01'::date - m * 30, 'x', 'sah' FROM village AS v, generate_series(0, 11) AS m;
-- proposals as a village operator enters them, so that they are in the journal
CREATE ROLE op LOGIN IN ROLE reg_operator_desa;
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('op', 'operator_desa', 'd', '3216');
UPDATE reg.edisi SET (cut_off_at, draw_at, recheck_from, recheck_to, publish_at) = (now() + '9 days', now() + '9 days', now() + '9 days', now() + '9 days', now() + '9 days')
WHERE id = 3;
SET ROLE op;
INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id)
SELECT 'k' || k.id, 'ubah', k.wilayah, k.id, '{"kepemilikan_rumah": 1}', 3 FROM reg.keluarga AS k WHERE k.id % 10 < 3;
RESET ROLE;
ANALYZE;

CREATE TABLE seconds (who text, view_name text, what text, s float8);
GRANT INSERT ON seconds TO PUBLIC;
CREATE PROCEDURE timed(who text, view_name text, what text, statement text) LANGUAGE plpgsql AS $$
DECLARE
    began timestamptz;
    ignored bigint;
BEGIN
    PERFORM set_config('role', who, false);
    began := clock_timestamp();
    EXECUTE statement INTO ignored;
    INSERT INTO public.seconds VALUES (who, view_name, what, extract(epoch FROM clock_timestamp() - began));
    PERFORM set_config('role', 'none', false);
END $$;
CALL timed('none', '', 'count a run of matching', 'SELECT count(*) FROM (SELECT reg.padan_summarise(1)) AS x');
UPDATE reg.edisi SET state = 'terbit', published_at = publish_at WHERE id = 1;
\timing on
\echo publication of an edition, its figures and those of programmes and payments:
UPDATE reg.edisi SET state = 'terbit', published_at = publish_at WHERE id = 2;
\timing off
CALL timed('none', '', 'program_summarise()', 'SELECT count(*) FROM (SELECT reg.program_summarise()) AS x');
CALL timed('none', '', 'journal_summarise()', 'SELECT count(*) FROM (SELECT reg.journal_summarise()) AS x');
SELECT format('CALL timed(%L, %L, %L, %L)', w.who, c.relname, 'rows',
    format('SELECT count(x::text) FROM (SELECT * FROM reg_bi.%I LIMIT 10000) AS x', c.relname))
FROM pg_class AS c, unnest('{ana_country,ana_regency,ana_district}'::text[]) AS w (who) WHERE c.relnamespace = 'reg_bi'::regnamespace \gexec
SELECT format('CALL timed(%L, %L, %L, %L)', w.who, c.relname, 'distinct ' || a.attname,
    format('SELECT count(*) FROM (SELECT DISTINCT %I FROM reg_bi.%I LIMIT 1000) AS x', a.attname, c.relname))
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0,
    unnest('{ana_country,ana_regency,ana_district}'::text[]) AS w (who) WHERE c.relnamespace = 'reg_bi'::regnamespace \gexec
SELECT what, round(s::numeric, 2) AS seconds FROM seconds WHERE who = 'none';
SELECT view_name, round(max(s) FILTER (WHERE what = 'rows' AND who = 'ana_country')::numeric, 3) AS rows_country,
    round(max(s) FILTER (WHERE what <> 'rows' AND who = 'ana_country')::numeric, 3) AS slowest_column_country,
    round(max(s) FILTER (WHERE what = 'rows' AND who <> 'ana_country')::numeric, 3) AS rows_restricted,
    round(max(s) FILTER (WHERE what <> 'rows' AND who <> 'ana_country')::numeric, 3) AS slowest_column_restricted,
    count(*) AS queries
FROM seconds WHERE who <> 'none' GROUP BY view_name ORDER BY greatest(max(s), 0) DESC;
SELECT count(*) AS queries, count(*) FILTER (WHERE s > 1) AS slower_than_a_second FROM seconds WHERE who <> 'none';
