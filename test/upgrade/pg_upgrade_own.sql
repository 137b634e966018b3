-- Called by pg_upgrade.sh in the database of the demo: what a DBA has beside a
-- ready-made registry. A lifecycle on an own table, every index type of the
-- extension, states of ranking in columns, generated columns and constraints that
-- call its functions, a partitioned table by region.
CREATE SCHEMA own;
SELECT dtsen.create_lifecycle('own') \g /dev/null
INSERT INTO own.machine VALUES ('request', 1, 'draft');
INSERT INTO own.state (machine, state, is_final, is_published, sort_order) VALUES
    ('request', 'draft', false, false, 1), ('request', 'sent', false, false, 2), ('request', 'granted', true, true, 3);
INSERT INTO own.transition (machine, from_state, to_state, action, actor_role, distinct_from, needs_reason) VALUES
    ('request', 'draft', 'sent', 'send', 'clerk', '{}', false), ('request', 'sent', 'granted', 'grant', 'head', '{born,send}', true);
CREATE ROLE own_clerk LOGIN;
CREATE ROLE own_head LOGIN;
INSERT INTO own.actor (login, actor_role, person_key, wilayah) VALUES
    ('own_clerk', 'clerk', 'a', '3216'), ('own_head', 'head', 'b', '3216');
CREATE TABLE own.request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, wilayah dtsen.kode_wilayah NOT NULL, state text NOT NULL DEFAULT 'draft',
    reason text, changed_at timestamptz, changed_by text, nik dtsen.nik_valid);
SELECT dtsen.attach('own.request', 'request', 'own', reason_column => 'reason') \g /dev/null
GRANT USAGE ON SCHEMA own TO own_clerk, own_head;
GRANT SELECT, INSERT, UPDATE ON own.request TO own_clerk, own_head;
SET SESSION AUTHORIZATION own_clerk;
INSERT INTO own.request (wilayah, nik) SELECT '3216011007', '3216014107900001' FROM pg_catalog.generate_series(1, 50);
UPDATE own.request SET state = 'sent' WHERE id % 2 = 0;
SET SESSION AUTHORIZATION own_head;
UPDATE own.request SET state = 'granted', reason = 'in need' WHERE id % 4 = 0;
RESET SESSION AUTHORIZATION;

CREATE TABLE own.person (
    id bigint NOT NULL, nik dtsen.nik, nkk dtsen.nkk, nama dtsen.nama, wilayah dtsen.kode_wilayah,
    niks dtsen.nik[], sex text GENERATED ALWAYS AS (dtsen.nik_sex(nik)) STORED,
    CHECK (dtsen.wilayah_level(wilayah) = 4));
INSERT INTO own.person (id, nik, nkk, nama, wilayah, niks)
SELECT a.id, a.nik, k.nkk, a.nama, a.wilayah, ARRAY[a.nik, NULL]
FROM bekasi.anggota AS a JOIN bekasi.keluarga AS k ON k.id = a.keluarga_id;
CREATE INDEX person_nik_btree ON own.person (nik);
CREATE INDEX person_nik_hash ON own.person USING hash (nik);
CREATE INDEX person_nik_brin ON own.person USING brin (nik);
CREATE INDEX person_nik_spgist ON own.person USING spgist (nik);
CREATE INDEX person_nkk_btree ON own.person (nkk);
CREATE INDEX person_nkk_hash ON own.person USING hash (nkk);
CREATE INDEX person_nkk_brin ON own.person USING brin (nkk);
CREATE INDEX person_nkk_spgist ON own.person USING spgist (nkk);
CREATE INDEX person_wilayah_btree ON own.person (wilayah);
CREATE INDEX person_wilayah_hash ON own.person USING hash (wilayah);
CREATE INDEX person_wilayah_brin ON own.person USING brin (wilayah);
CREATE INDEX person_nama_btree ON own.person (nama);
CREATE INDEX person_nama_hash ON own.person USING hash (nama);
CREATE INDEX person_nama_gin ON own.person USING gin (nama);
CREATE INDEX person_nama_near ON own.person USING dtsen_nama (nama);
CREATE INDEX person_born ON own.person (dtsen.nik_birth_date(nik, '2026-11-01')) WHERE dtsen.nik_is_valid(nik);

CREATE TABLE own.roster (id bigint NOT NULL, members dtsen.keluarga);
INSERT INTO own.roster
SELECT m.keluarga_id, dtsen.keluarga(m.nik, m.hubungan, m.kelamin, m.tanggal_lahir)
FROM (SELECT DISTINCT ON (keluarga_id, nik) keluarga_id, nik, 1 + id::integer % 8 AS hubungan, 1 + id::integer % 2 AS kelamin, tanggal_lahir
    FROM bekasi.anggota WHERE nik IS NOT NULL ORDER BY keluarga_id, nik, id) AS m
GROUP BY m.keluarga_id;
CREATE INDEX roster_btree ON own.roster (members);
CREATE INDEX roster_hash ON own.roster USING hash (members);
CREATE INDEX roster_gin ON own.roster USING gin (members);

CREATE TABLE own.part (wilayah dtsen.kode_wilayah, weight text, state dtsen.rank_state) PARTITION BY LIST (wilayah);
CREATE TABLE own.part_rest PARTITION OF own.part DEFAULT;
CREATE TABLE own.part_3216 PARTITION OF own.part FOR VALUES IN ('3216');
INSERT INTO own.part
SELECT '3216'::dtsen.kode_wilayah, 'persons', dtsen.rank_state(skor, person_count) FROM bekasi.desil
UNION ALL SELECT '3216', 'float', dtsen.rank_state(skor, person_count * 0.37::double precision) FROM bekasi.desil
UNION ALL SELECT '32', 'none', dtsen.rank_state(skor) FROM bekasi.desil;
CREATE VIEW own.decile AS
SELECT d.keluarga_id, dtsen.desil(d.skor, c.cuts) AS decile
FROM bekasi.desil AS d, (SELECT dtsen.rank_cuts(dtsen.rank_state_merge(state), 10) AS cuts FROM own.part WHERE weight = 'persons') AS c;
CREATE MATERIALIZED VIEW own.gini AS SELECT wilayah, dtsen.gini(skor, person_count) AS gini FROM bekasi.desil GROUP BY wilayah;
CREATE TABLE own.models (id integer PRIMARY KEY, model dtsen.nama_model, member dtsen.anggota_keluarga, components dtsen.komponen_program[]);
INSERT INTO own.models
SELECT 1, dtsen.nama_model('[{"kind": "variant", "word": "Bejo", "name": "Untung"}, {"kind": "frequency", "word": "Untung", "count": 5212}]'),
    ROW('3216011501100003', 3, 'L', '2010-01-15', NULL, 'smp', NULL, NULL)::dtsen.anggota_keluarga,
    ARRAY[ROW('sd', 900000, NULL, NULL, '{sd}', NULL, NULL)]::dtsen.komponen_program[];
ANALYZE;
