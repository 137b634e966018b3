-- Record linkage: weights, explanations, models, candidates.
SET search_path = dtsen, public;
\set VERBOSITY terse
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'person_record'::regclass ORDER BY attnum;
-- one person, written twice
CREATE TEMP TABLE pair (what text, a person_record, b person_record);
INSERT INTO pair VALUES
    ('same', ROW('3216014107850003', 'Siti Nurhayati', '1985-07-01', 'P', 'Sulastri', 'Bekasi', '3216010203100001', '3216012001'),
        ROW('3216014107850003', 'SITI NUR HAYATI', '1985-07-01', 'P', 'SULASTRI', 'KOTA BEKASI', '3216010203100001', '32.16.01.2001')),
    ('no NIK', ROW('3216014107850003', 'Siti Nurhayati', '1985-07-01', 'P', 'Sulastri', 'Bekasi', '3216010203100001', '3216012001'),
        ROW(NULL, 'St. Nurhayati', '1985-07-01', 'P', 'SULASTRI', NULL, NULL, '3216')),
    ('15 digits', ROW('3216014107850003', 'Siti Nurhayati', NULL, NULL, NULL, NULL, NULL, NULL),
        ROW('321601410785003', 'SITI NURHAYATI', NULL, NULL, NULL, NULL, NULL, NULL)),
    ('twins', ROW('3216014107850003', 'Siti Nurhayati', '1985-07-01', 'P', 'Sulastri', 'Bekasi', '3216010203100001', '3216012001'),
        ROW('3216014107850004', 'Siti Nurhasanah', '1985-07-01', 'P', 'Sulastri', 'Bekasi', '3216010203100001', '3216012001')),
    ('namesakes', ROW('3216014107850003', 'Siti Nurhayati', '1985-07-01', 'P', 'Sulastri', 'Bekasi', '3216010203100001', '3216012001'),
        ROW('3578014503620001', 'SITI NURHAYATI', '1962-03-05', 'P', 'RUMINAH', 'SURABAYA', '3578010203100001', '3578011001')),
    ('nothing', ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)),
    ('dummies', ROW('9999999999999999', NULL, NULL, '?', NULL, '-', '0000000000000000', NULL),
        ROW('9999999999999999', NULL, NULL, '?', NULL, '-', '0000000000000000', NULL));
SELECT what, person_match(a, b) > 20 AS match, person_match(a, b) = person_match(b, a) AS symmetric,
    person_explain(a, b) ->> 'rival' AS rival, person_explain(a, b) -> 'missing' AS missing
FROM pair;
SELECT what, f ->> 'field' AS field, f ->> 'level' AS level
FROM pair, jsonb_array_elements(person_explain(a, b) -> 'fields') f WHERE what IN ('15 digits', 'twins', 'namesakes');
-- the contributions and the rarity add up to the weight
SELECT what FROM pair WHERE (person_explain(a, b) ->> 'weight')::float8 <> person_match(a, b)
    OR (SELECT sum((f ->> 'contribution')::numeric) FROM jsonb_array_elements(person_explain(a, b) -> 'fields') f)
        + (person_explain(a, b) ->> 'rarity')::numeric <> (person_explain(a, b) ->> 'weight')::numeric;
-- what a NIK says against its own record
SELECT person_explain(ROW('3216014107850003', NULL, '1985-07-02', 'L', NULL, NULL, NULL, NULL),
    ROW('3216019907850003', NULL, NULL, NULL, NULL, NULL, NULL, NULL)) -> 'nik_contradicts' AS contradicts;
-- NULL in, NULL out
SELECT person_match(NULL, ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)) IS NULL AS null_in,
    person_explain(NULL, NULL) IS NULL AS null_explained, person_match(a, b, NULL) IS NULL AS null_model FROM pair LIMIT 1;
-- models
SELECT linkage_model() = linkage_model('{"version": 1}') AS completed, linkage_model(linkage_model()) = linkage_model() AS stable;
SELECT bool_and(person_match(a, b) = person_match(a, b, linkage_model())) AS same FROM pair;
SELECT person_match(a, b, '{"version": 1, "fields": {"nik": {"length": {"m": 1, "u": {"stranger": 1, "local": 1, "neighbour": 1, "sibling": 1, "twin": 1, "kin": 1}}}}}') < person_match(a, b)
    AS replaced FROM pair WHERE what = '15 digits';
SELECT linkage_model('[]');
SELECT linkage_model('{}');
SELECT linkage_model('{"version": 2}');
SELECT linkage_model('{"version": 1, "field": {}}');
SELECT linkage_model('{"version": 1, "fields": []}');
SELECT linkage_model('{"version": 1, "fields": {"nik": {"equal": {"m": 0}}}}');
SELECT linkage_model('{"version": 1, "fields": {"nik": {"equal": {"slope": 1}}}}');
SELECT linkage_model('{"version": 1, "fields": {"nik": {"equal": {"u": {"stranger": "x"}}}}}');
SELECT linkage_model('{"version": 1, "rarity": {"stranger": -1}}');
SELECT linkage_model('{"version": 1, "frequency": {"least": 1}}');
-- probability
SELECT person_probability(0, 0.5) AS even, person_probability(1e9) AS sure, person_probability(-1e9) < 1e-200 AS never;
SELECT person_probability(1, 0);
SELECT person_probability('nan');
-- candidates
CREATE TEMP TABLE resident (id int, "No. KTP" nik, nama_lengkap text, tanggal_lahir date, sex text, nkk text, wilayah kode_wilayah);
INSERT INTO resident SELECT i, ('32160141078500' || lpad(i::text, 2, '0'))::nik, 'Siti ke ' || chr(64 + i), '1985-07-01'::date + i % 5, 'P', '3216010203100001', '3216012001'
FROM generate_series(1, 20) i;
INSERT INTO resident VALUES (21, '3216014107850003', 'SITI NURHAYATI', '1985-07-01', 'P', '3216010203100009', '3216012001'), (22, NULL, '-', NULL, NULL, NULL, NULL);
CREATE FUNCTION candidates(p person_record, k int DEFAULT 2) RETURNS TABLE (id int) LANGUAGE sql AS $$
    SELECT r.id FROM person_candidates('resident', p, k, '{"nik": "No. KTP", "nama": "nama_lengkap", "birth_date": "tanggal_lahir"}') c
    JOIN resident r ON r.ctid = c.row_tid ORDER BY c.weight DESC, r.id $$;
SELECT * FROM candidates(ROW('3216014107850003', 'Siti Nurhayati', '1985-07-01', 'P', NULL, NULL, NULL, NULL));
CREATE INDEX ON resident ("No. KTP");
CREATE INDEX ON resident (tanggal_lahir);
CREATE INDEX ON resident (nkk);
SELECT * FROM candidates(ROW('3216014107850003', 'Siti Nurhayati', '1985-07-01', 'P', NULL, NULL, NULL, NULL), 1);
SELECT * FROM candidates(ROW('3216014107850030', 'Siti Nurhayati', NULL, 'P', NULL, NULL, NULL, NULL), 1);
SELECT * FROM candidates(ROW(NULL, 'Siti Nurhayati', '1985-01-07', 'P', NULL, NULL, NULL, NULL), 1);
SELECT * FROM candidates(ROW(NULL, 'Siti Nurhayati', NULL, 'P', NULL, NULL, '3216010203100009', NULL), 1);
SELECT count(*) FROM candidates(ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL));
SELECT count(*) FROM candidates(NULL);
SELECT * FROM candidates(ROW(NULL, 'Siti', NULL, NULL, NULL, NULL, NULL, NULL), 0);
SELECT * FROM person_candidates('resident', NULL, 1, '{"nik": "no such"}');
SELECT * FROM person_candidates('resident', ROW('1', NULL, NULL, NULL, NULL, NULL, NULL, NULL), 1, '{"nik": "no such"}');
SELECT * FROM person_candidates('resident', ROW('1', NULL, NULL, NULL, NULL, NULL, NULL, NULL), 1, '{"no such": "x"}');
SELECT * FROM person_candidates('resident', ROW('1', NULL, NULL, NULL, NULL, NULL, NULL, NULL), 1, '[]');
