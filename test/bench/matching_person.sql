-- Benchmark of the person score: quality, pairs a second, one new person.
--
-- psql variables: rows, probes, dir (a directory that the server can write to
-- and psql too). Run in the root of the tree: the data are made by
-- build/corpus and build/population. Milliseconds are CPU time of the backend,
-- from the scheduler's own clock, unless a column says wall; nothing runs in
-- parallel.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS dtsen;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
CREATE SCHEMA bench_person;
SET search_path = bench_person, public, dtsen;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET max_parallel_maintenance_workers = 0;
\ir lib.sql
SELECT setseed(0.5) \g /dev/null

\setenv BENCH_DIR :dir
\setenv BENCH_ROWS :rows
\! for s in 11 12 13; do build/corpus --seed $s >"$BENCH_DIR/corpus.$s"; done
-- a family has some three lines; the second register errs as the corpus does
\! build/population --dir "$BENCH_DIR/people" --families $((BENCH_ROWS * 10 / 31 + 100)) --seed 21 --wilayah nasional --rate all=0 --rate nik_digit=0.06 --rate nik_swap=0.03 --rate nik_last0=0.03 --rate nik_relative=0.04 --rate nik_empty=0.08 --rate nik_15=0.01 --rate name_old=0.1 --rate name_letter=0.24 --rate name_typo=0.18 --rate name_abbreviated=0.18 --rate name_dropped=0.12 --rate name_joined=0.09 --rate birth_date=0.08 --rate sex=0.02 >/dev/null
\! chmod -R a+rX "$BENCH_DIR"

-- ---------------------------------------------------------------- quality
CREATE TABLE raw (kind text, label int, by_name bool,
    a_nik text, a_name text, a_birth_date date, a_sex text, a_mother text, a_place text, a_nkk text, a_region text,
    b_nik text, b_name text, b_birth_date date, b_sex text, b_mother text, b_place text, b_nkk text, b_region text, seed int);
\set columns '(kind, label, by_name, a_nik, a_name, a_birth_date, a_sex, a_mother, a_place, a_nkk, a_region, b_nik, b_name, b_birth_date, b_sex, b_mother, b_place, b_nkk, b_region)'
SELECT format('ALTER TABLE raw ALTER seed SET DEFAULT %s', s), format('COPY raw %s FROM %L (FORMAT csv, HEADER)', :'columns', :'dir' || '/corpus.' || s)
FROM unnest('{11,12,13}'::int[]) s \gexec
CREATE TABLE pair AS
SELECT seed, kind, label = 1 AS same, a_nik, b_nik, a_name, b_name, a_birth_date, b_birth_date,
    ROW(a_nik, to_nama(a_name), a_birth_date, a_sex, to_nama(a_mother), a_place, to_nkk(a_nkk), to_kode_wilayah(a_region))::person_record AS a,
    ROW(b_nik, to_nama(b_name), b_birth_date, b_sex, to_nama(b_mother), b_place, to_nkk(b_nkk), to_kode_wilayah(b_region))::person_record AS b
FROM raw;
CREATE FUNCTION without(p person_record, fields text[]) RETURNS person_record LANGUAGE sql IMMUTABLE RETURN ROW(
    CASE WHEN NOT 'nik' = ANY (fields) THEN (p).nik END, CASE WHEN NOT 'nama' = ANY (fields) THEN (p).nama END,
    CASE WHEN NOT 'birth_date' = ANY (fields) THEN (p).birth_date END, CASE WHEN NOT 'sex' = ANY (fields) THEN (p).sex END,
    CASE WHEN NOT 'mother' = ANY (fields) THEN (p).mother END, CASE WHEN NOT 'birth_place' = ANY (fields) THEN (p).birth_place END,
    CASE WHEN NOT 'nkk' = ANY (fields) THEN (p).nkk END, CASE WHEN NOT 'wilayah' = ANY (fields) THEN (p).wilayah END)::person_record;
CREATE TABLE score (method text, seed int, same bool, kind text, score float8);
INSERT INTO score SELECT 'person_match, all fields', seed, same, kind, person_match(a, b) FROM pair;
INSERT INTO score SELECT 'person_match, five fields', seed, same, kind, person_match(without(a, f), without(b, f))
    FROM pair, (SELECT '{birth_place,nkk,wilayah}'::text[] AS f) w;
INSERT INTO score SELECT 'person_match, each field of b missing in 1 of 5', seed, same, kind,
    person_match(a, without(b, ARRAY(SELECT x FROM unnest('{nik,nama,birth_date,sex,mother,birth_place,nkk,wilayah}'::text[]) x WHERE random() < 0.2 AND seed > 0))) FROM pair;
INSERT INTO score SELECT 'person_match, no NIK', seed, same, kind, person_match(a, without(b, '{nik}')) FROM pair;
INSERT INTO score SELECT 'NIK equal', seed, same, kind, (coalesce(a_nik = b_nik, false))::int FROM pair;
INSERT INTO score SELECT 'levenshtein(NIK) <= 1', seed, same, kind, (coalesce(levenshtein_less_equal(a_nik, b_nik, 1) <= 1, false))::int FROM pair;
INSERT INTO score SELECT 'rule of NIK, birth date, pg_trgm', seed, same, kind,
    2 * coalesce((levenshtein_less_equal(a_nik, b_nik, 1) <= 1)::int, 0) + 1.5 * (a_birth_date = b_birth_date)::int + 3 * similarity(lower(a_name), lower(b_name)) FROM pair;
CREATE TABLE curve AS
SELECT method, seed, score, sum(sum(same::int)) OVER w AS tp, sum(count(*)) OVER w AS found, sum(same::int) AS here,
    sum(sum(same::int)) OVER (PARTITION BY method, seed) AS total
FROM score GROUP BY method, seed, score WINDOW w AS (PARTITION BY method, seed ORDER BY score DESC);
\echo '# Quality: 15,000 matches, 25,000 hard non-matches, three seeds (lowest, highest)'
SELECT method, min(f1) || ' - ' || max(f1) AS "best F1", min(ap) || ' - ' || max(ap) AS "average precision", min(r99) || ' - ' || max(r99) AS "recall at 99 % precision"
FROM (SELECT method, seed, round(max(2.0 * tp / (found + total)), 4) AS f1, round(sum(tp / found * here / total), 5) AS ap,
        round(coalesce(max(tp / total) FILTER (WHERE tp >= 0.99 * found), 0), 4) AS r99 FROM curve GROUP BY 1, 2) m
GROUP BY method ORDER BY max(f1) DESC;
\echo '# Thresholds, all fields, three seeds together'
SELECT t AS "weight at least", round(avg(same::int) FILTER (WHERE score >= t), 4) AS precision, round(avg((score >= t)::int) FILTER (WHERE same), 4) AS recall,
    round(avg((score >= t)::int) FILTER (WHERE kind = 'twin'), 4) AS "twins accepted", round(avg((score >= t)::int) FILTER (WHERE kind = 'sibling'), 5) AS "siblings",
    round(avg((score >= t)::int) FILTER (WHERE kind IN ('near_spelling', 'namesake', 'first_token', 'neighbour')), 5) AS "strangers"
FROM score, unnest('{5,10,12,14,16,18,20,25,30}'::float8[]) t WHERE method LIKE '%all fields' GROUP BY t ORDER BY t;
\echo '# By kind, all fields: quantiles of the weight'
SELECT kind, count(*) AS pairs, round(percentile_cont(0.01) WITHIN GROUP (ORDER BY score)::numeric, 1) AS "1 %", round(percentile_cont(0.5) WITHIN GROUP (ORDER BY score)::numeric, 1) AS median,
    round(percentile_cont(0.99) WITHIN GROUP (ORDER BY score)::numeric, 1) AS "99 %" FROM score WHERE method LIKE '%all fields' GROUP BY kind ORDER BY median DESC;

-- ---------------------------------------------------------------- a regency
-- Records without NIK and mother, as a village's list has them, beside everybody of their
-- village and everybody of their birth date: what a weight is worth among all those.
\! build/population --dir "$BENCH_DIR/regency" --families 200000 --seed 5 --wilayah 35.09 --rate all=0 >/dev/null
\! chmod -R a+rX "$BENCH_DIR"
CREATE UNLOGGED TABLE resident (nik text, nkk text, nama text, birth_place text, birth_date date, sex text, mother text, status text, wilayah text);
SELECT format('COPY resident FROM %L (FORMAT csv, HEADER, DELIMITER ''|'')', :'dir' || '/regency/dukcapil.csv') \gexec
CREATE FUNCTION misspelt(t text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT CASE WHEN random() < 0.3 AND length(t) > 4 THEN
    (SELECT overlay(t PLACING CASE WHEN random() < 0.5 THEN '' ELSE chr(65 + floor(random() * 26)::int) END FROM place FOR 1)
     FROM (SELECT 2 + floor(random() * (length(t) - 2))::int AS place) p) ELSE t END $$;
CREATE TABLE listed AS SELECT nik, wilayah, birth_date_true, ROW(NULL, to_nama(misspelt(nama)), CASE WHEN random() < 0.05 THEN make_date(extract(year FROM birth_date_true)::int, CASE WHEN random() < 0.5 THEN 1 ELSE 7 END, 1)
        WHEN random() < 0.03 THEN birth_date_true + (random() * 2000 - 1000)::int ELSE birth_date_true END,
    sex, NULL, CASE WHEN random() < 0.8 THEN birth_place END, CASE WHEN random() < 0.4 THEN to_nkk(nkk) WHEN random() < 0.1 THEN nkk '3509010101200001' END, to_kode_wilayah(wilayah))::person_record AS p
FROM (SELECT *, birth_date AS birth_date_true FROM resident WHERE wilayah LIKE '3509%' ORDER BY random() LIMIT 3000) s;
CREATE TABLE compared AS SELECT block, same, person_match(p, ROW(nik, nama, birth_date, sex, mother, birth_place, nkk, wilayah)) AS weight
FROM (SELECT block, p, l.nik = r.nik AS same, r.nik, to_nama(nama) AS nama, birth_date, sex, to_nama(mother) AS mother, birth_place, to_nkk(nkk) AS nkk, to_kode_wilayah(r.wilayah) AS wilayah
    FROM (SELECT 'village' AS block, l, r FROM listed l JOIN resident r USING (wilayah) UNION ALL
        SELECT 'birth date', l, r FROM listed l JOIN resident r ON r.birth_date = (l.p).birth_date) x(block, l_, r_),
        LATERAL (SELECT (l_).*) l, LATERAL (SELECT (r_).*) r) y;
\echo '# Everybody of a village, everybody of a birth date, in a regency: no NIK, no mother'
SELECT block, t AS "weight at least", count(*) AS pairs, round(avg(same::int), 4) AS precision, round(sum(same::int)::numeric / max(n), 4) AS recall
FROM (SELECT *, sum(same::int) OVER (PARTITION BY block) AS n FROM compared) c, unnest('{12,14,16,18,20,22}'::float8[]) t WHERE weight >= t GROUP BY block, t ORDER BY block, t;
SELECT block, floor(weight / 2) * 2 AS "weight from", count(*) AS pairs, round(avg(same::int), 4) AS "are one person", round(avg(person_probability(weight, 1e-6))::numeric, 4) AS person_probability
FROM compared WHERE weight >= 12 GROUP BY 1, 2 ORDER BY 1, 2;

-- ---------------------------------------------------------------- the register
CREATE UNLOGGED TABLE source (nik text, nkk text, nama text, birth_place text, birth_date date, sex text, mother text, status text, wilayah text);
SELECT format('COPY source FROM %L (FORMAT csv, HEADER, DELIMITER ''|'')', :'dir' || '/people/dukcapil.csv') \gexec
CREATE UNLOGGED TABLE truth (id_person bigint, id_family bigint, nik text, nkk text, nama text, birth_date text, sex text, dtsen_line bigint, dtsen_nik text, dtsen_operations text,
    dtks_line bigint, dtks_nik text, dtks_operations text, dukcapil_line bigint, status text, traits text);
SELECT format('COPY truth FROM %L (FORMAT csv, HEADER, DELIMITER ''|'')', :'dir' || '/people/truth.csv') \gexec
CREATE UNLOGGED TABLE dtks (line bigserial, id bigint, nama text, nik text, nkk text, birth_date text, sex text, address text, village text, status text);
SELECT format('COPY dtks (id, nama, nik, nkk, birth_date, sex, address, village, status) FROM %L (FORMAT csv, HEADER, DELIMITER ''|'')', :'dir' || '/people/dtks.csv') \gexec
CREATE PROCEDURE register(people bigint) LANGUAGE plpgsql AS $$
BEGIN
    DROP TABLE IF EXISTS register;
    CREATE UNLOGGED TABLE register AS
        SELECT to_nik(nik) AS nik, to_nama(nama) AS nama, birth_date, sex, to_nama(mother) AS mother, birth_place, to_nkk(nkk) AS nkk, to_kode_wilayah(wilayah) AS wilayah
        FROM (SELECT * FROM source ORDER BY hashtext(nik) LIMIT people) s;
    CREATE INDEX register_nik ON register (nik);
    CREATE INDEX register_birth_date ON register (birth_date);
    CREATE INDEX register_nkk ON register (nkk);
    ANALYZE register;
    DROP TABLE IF EXISTS wanted;
    CREATE TABLE wanted AS SELECT row_number() OVER () AS id, q.* FROM (
        SELECT ROW(d.nik, to_nama(d.nama), d.birth_date::date, d.sex, NULL, NULL, to_nkk(d.nkk), to_kode_wilayah(d.village))::person_record AS p, to_nik(t.nik) AS true_nik
        FROM truth t JOIN dtks d ON d.line = t.dtks_line - 1
        WHERE t.dukcapil_line IS NOT NULL AND EXISTS (SELECT FROM register r WHERE r.nik = to_nik(t.nik)) ORDER BY hashtext(t.nik || 'x') LIMIT 20000) q;
END $$;
CREATE TABLE probe (people bigint, method text, id bigint, cpu_ms float8, wall_ms float8, first bool, ten bool);
CREATE PROCEDURE run_probes(people bigint, method text, query text, n int, given bool) LANGUAGE plpgsql AS $$
DECLARE
    w record;
    q person_record;
    started float8;
    began timestamptz;
    niks nik[];
    spent float8;
    waited float8;
BEGIN
    -- the first round warms caches and plans and is not counted
    FOR round IN 1..2 LOOP
        FOR w IN SELECT * FROM wanted ORDER BY id LIMIT n LOOP
            q := CASE WHEN given THEN w.p ELSE ROW((w.p).nik, (w.p).nama, (w.p).birth_date, (w.p).sex, NULL, NULL, NULL, NULL)::person_record END;
            started := cpu();
            began := clock_timestamp();
            -- the clock of the scheduler is coarser than one call
            FOR again IN 1..10 LOOP
                EXECUTE query INTO niks USING q;
                EXIT WHEN round = 1;
            END LOOP;
            waited := extract(epoch FROM clock_timestamp() - began) * 100;
            spent := (cpu() - started) / 10;
            IF round = 2 THEN
                INSERT INTO probe VALUES (people, method, w.id, spent, waited, coalesce(niks[1] = w.true_nik, false), coalesce(w.true_nik = ANY (niks), false));
            END IF;
        END LOOP;
    END LOOP;
END $$;
CREATE PROCEDURE methods(people bigint, n int) LANGUAGE plpgsql AS $$
BEGIN
    CALL run_probes(people, 'person_candidates(), NIK, name, date, sex, family card, region',
        $q$SELECT array_agg(((c.candidate).nik)::nik ORDER BY c.weight DESC) FROM person_candidates('bench_person.register', $1, 10) c$q$, n, true);
    CALL run_probes(people, 'person_candidates(), NIK, name, date, sex',
        $q$SELECT array_agg(((c.candidate).nik)::nik ORDER BY c.weight DESC) FROM person_candidates('bench_person.register', $1, 10) c$q$, n, false);
END $$;
CREATE TABLE bulk (people bigint, what text, pairs bigint, cpu_ms float8);
CREATE PROCEDURE in_bulk(people bigint) LANGUAGE plpgsql AS $$
DECLARE
    what text;
    query text;
    started float8;
    n bigint;
    s float8;
BEGIN
    -- pairs of one birth date, as blocking makes them
    DROP TABLE IF EXISTS block;
    CREATE UNLOGGED TABLE block AS SELECT ROW(a.nik, a.nama, a.birth_date, a.sex, a.mother, a.birth_place, a.nkk, a.wilayah)::person_record AS a,
        ROW(b.nik, b.nama, b.birth_date, b.sex, b.mother, b.birth_place, b.nkk, b.wilayah)::person_record AS b
    FROM register a JOIN register b ON b.birth_date = a.birth_date AND b.nik > a.nik LIMIT 500000;
    FOR what, query IN VALUES ('scan alone', 'SELECT count(*), count((a).nik) FROM block'),
        ('person_match', 'SELECT count(*), sum(person_match(a, b)) FROM block'),
        ('person_match with a model', 'SELECT count(*), sum(person_match(a, b, m)) FROM block, (SELECT linkage_model() AS m OFFSET 0) x'),
        ('pg_trgm similarity of two names', 'SELECT count(*), sum(similarity((a).nama::text, (b).nama::text)) FROM block') LOOP
        started := cpu();
        EXECUTE query INTO n, s;
        INSERT INTO bulk VALUES (people, what, n, cpu() - started);
    END LOOP;
END $$;
SELECT least(1000000, :rows) AS small \gset
CALL register(:small);
CALL methods(:small, :probes);
CALL in_bulk(:small);
SELECT :rows > :small AS more \gset
\if :more
CALL register(:rows);
CALL methods(:rows, :probes);
\endif
\echo '# One new person: milliseconds a call, planning included; recall of the true person'
SELECT (SELECT to_char(people, 'FM9,999,999')) AS rows, method, count(*) AS probes, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu_ms)::numeric, 2) AS "p50 CPU", round(percentile_cont(0.95) WITHIN GROUP (ORDER BY cpu_ms)::numeric, 2) AS "p95 CPU",
    round(percentile_cont(0.5) WITHIN GROUP (ORDER BY wall_ms)::numeric, 2) AS "p50 wall", round(percentile_cont(0.95) WITHIN GROUP (ORDER BY wall_ms)::numeric, 2) AS "p95 wall",
    round(avg(first::int), 3) AS "first", round(avg(ten::int), 3) AS "in ten"
FROM probe GROUP BY people, method ORDER BY people, method;
\echo '# Bulk: pairs of one birth date, one core'
SELECT what, to_char(pairs, 'FM9,999,999') AS pairs, round(cpu_ms::numeric) AS "CPU ms", round((cpu_ms * 1000 / pairs)::numeric, 2) AS "microseconds a pair", round((pairs / cpu_ms)::numeric) AS "thousand pairs a second"
FROM bulk ORDER BY cpu_ms;
SELECT count(*) AS "weights that differ between bulk and one row (none)" FROM wanted w, LATERAL person_candidates('bench_person.register', w.p, 3) c
WHERE w.id <= 50 AND float8send(c.weight) <> float8send(person_match(w.p, c.candidate));
