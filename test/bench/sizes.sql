-- What test/bench/sizes.sh prints: a published edition, then rows, bytes and
-- the size for :total families.
SET search_path = pg_catalog, dtsen, pg_temp;
INSERT INTO reg.actor (login, actor_role, person_key) VALUES (SESSION_USER, 'kemensos', 'measure');
INSERT INTO reg.edisi (name, cut_off_at, draw_at, recheck_from, recheck_to, publish_at)
VALUES ('v1', '2026-01-17', '2026-01-18', '2026-01-18', '2026-01-19', '2026-01-20');
INSERT INTO reg.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor, desil_nasional, desil_provinsi, desil_kabupaten)
SELECT e.id, f.id, f.wilayah, f.nkk, f.persons, f.skor, 1 + f.id % 10, 1 + f.id % 10, 1 + f.id % 10
FROM reg.edisi AS e, reg.edisi_families('pmt-2026-1') AS f ORDER BY f.id;
VACUUM ANALYZE;
SELECT count(*) AS families FROM reg.keluarga \gset
\echo table, rows a family, heap bytes a row, index bytes a row, GB for :total families
WITH t AS (
    SELECT c.oid, c.relname, c.reltuples, pg_table_size(c.oid) AS heap, pg_indexes_size(c.oid) AS indexes
    FROM pg_class AS c
    WHERE c.relnamespace = 'reg'::regnamespace AND c.relkind = 'r'
    AND c.relname IN ('keluarga', 'rumah', 'aset', 'anggota', 'dukcapil', 'skor', 'desil_1'))
SELECT relname, round((reltuples / :families)::numeric, 2), round((heap / reltuples)::numeric), round((indexes / reltuples)::numeric),
    round(((heap + indexes) / :families * :total / 1e9)::numeric)
FROM t ORDER BY heap + indexes DESC;
\echo index, bytes a row, GB for :total families
SELECT i.indexrelid::regclass, round((pg_relation_size(i.indexrelid) / c.reltuples)::numeric, 1),
    round((pg_relation_size(i.indexrelid)::numeric / :families * :total / 1e9), 1)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
WHERE c.relnamespace = 'reg'::regnamespace AND c.relname IN ('keluarga', 'rumah', 'aset', 'anggota', 'dukcapil', 'skor', 'desil_1')
ORDER BY c.relname, 3 DESC;
