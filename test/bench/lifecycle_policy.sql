-- Row security by region, for lifecycle.sh: the rows of one's own regency are
-- counted, one of 103 of 200,000 rows, by the policies that dtsen makes, beside
-- ones by hand on columns of the same types, whose regions are an array from a
-- subquery (an InitPlan), and one that calls a function per row. Each policy is counted in a session of its own, 300
-- times after 20 to warm up, by single statements, planning included.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET search_path = public, dtsen;
CREATE ROLE bench_region;
GRANT bench_region TO CURRENT_USER;
GRANT INSERT ON fact TO bench_region;
CREATE SCHEMA pol;
GRANT USAGE ON SCHEMA pol TO bench_region;
SELECT dtsen.create_lifecycle('pol') \g /dev/null
SELECT dtsen.create_registry('bench') \g /dev/null
SELECT dtsen.setup_roles('bench', false) \g /dev/null
GRANT bench_verifikator TO bench_region;
INSERT INTO pol.actor (login, actor_role, person_key, wilayah) VALUES ('bench_region', 'pembaca', 'P-1', '32.16');
INSERT INTO bench.actor (login, actor_role, person_key, wilayah) VALUES ('bench_region', 'verifikator', 'P-1', '32.16');
GRANT SELECT ON pol.actor TO bench_region;
CREATE FUNCTION pol.may(kode dtsen.kode_wilayah) RETURNS bool LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM pol.actor AS a WHERE a.login = CURRENT_USER
        AND starts_with(kode::text, replace(a.wilayah, '.', '')));
END $$;
CREATE TABLE pol.by_hand (id bigint, wilayah dtsen.kode_wilayah NOT NULL, pad text);
INSERT INTO pol.by_hand
SELECT i, CASE i % 103 WHEN 0 THEN '3216' ELSE (1301 + i % 99)::text END::dtsen.kode_wilayah, repeat('x', 100)
FROM generate_series(1, 200000) AS i;
CREATE TABLE pol.own_table AS TABLE pol.by_hand;
CREATE TABLE pol.registry AS TABLE pol.by_hand;
CREATE TABLE pol.per_row AS TABLE pol.by_hand;
CREATE TABLE pol.own_table_text AS SELECT b.id, left(b.wilayah::text, 2) || '.' || substr(b.wilayah::text, 3) AS wilayah, b.pad FROM pol.by_hand AS b;
CREATE TABLE pol.by_hand_text AS TABLE pol.own_table_text;
CREATE INDEX ON pol.by_hand (wilayah);
CREATE INDEX ON pol.own_table (wilayah);
CREATE INDEX ON pol.registry (wilayah);
CREATE INDEX ON pol.by_hand_text ((replace(wilayah, '.', '')) COLLATE "C") INCLUDE (wilayah);
CREATE INDEX ON pol.own_table_text ((replace(wilayah, '.', '')) COLLATE "C") INCLUDE (wilayah);
ALTER TABLE pol.own_table ALTER wilayah SET NOT NULL;
ALTER TABLE pol.own_table_text ALTER wilayah SET NOT NULL;
SELECT format('ALTER TABLE pol.%1$I ENABLE ROW LEVEL SECURITY; GRANT SELECT ON pol.%1$I TO bench_region', t)
FROM unnest('{by_hand,by_hand_text,own_table,registry,per_row,own_table_text}'::text[]) AS t \gexec
CREATE POLICY p ON pol.by_hand USING (wilayah = ANY ((SELECT array_agg(replace(a.wilayah, '.', '')::dtsen.kode_wilayah)
    FROM pol.actor AS a WHERE a.login = CURRENT_USER)::dtsen.kode_wilayah[]));
CREATE POLICY p ON pol.by_hand_text USING (replace(wilayah, '.', '') COLLATE "C" = ANY ((SELECT array_agg(replace(a.wilayah, '.', ''))
    FROM pol.actor AS a WHERE a.login = CURRENT_USER)::text[]));
CREATE POLICY p ON pol.per_row USING (pol.may(wilayah));
SELECT format('CREATE POLICY p ON pol.%I USING (%s)', t.name, t.condition)
FROM (VALUES ('own_table', dtsen._scope_condition('pol.own_table', 'wilayah', 'pol')),
    ('own_table_text', dtsen._scope_condition('pol.own_table_text', 'wilayah', 'pol')),
    ('registry', bench.scope_condition())) AS t (name, condition) \gexec
VACUUM (FREEZE, ANALYZE) pol.by_hand, pol.by_hand_text, pol.own_table, pol.registry, pol.per_row, pol.own_table_text;
