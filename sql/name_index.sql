-- Index of names: the query type, conditions with a threshold, nearest first.
SET search_path = dtsen, pg_catalog;
\set VERBOSITY terse

-- a search: a threshold and a name
SELECT nama_query('Siti Aminah', 0.85) AS query, '0.5 Budi'::nama_query AS read,
    nama_query(NULL, 0.5) IS NULL AS null_name;
SELECT 'Siti Aminah'::nama % nama_query('SITI AMINA', 0.9) AS similar,
    'Siti Aminah'::nama % nama_query('Budi', 0.2) AS not_similar;
\set VERBOSITY default
SELECT nama_query('Budi', 1.5);
SELECT nama_query('Budi', 'NaN');
SELECT nama_similar('Budi', 'Budi', -0.1);
SELECT 'Budi'::nama_query;
SELECT '2 Budi'::nama_query;
SELECT '0.5 '::nama_query;
\set VERBOSITY terse

CREATE TEMP TABLE person (id int, name nama);
INSERT INTO person VALUES (1, 'Siti Aminah'), (2, 'AMINAH'), (3, 'S. Aminah'), (4, 'Siti Aminah Rahmawati'),
    (5, 'Nurhayati'), (6, 'Nur Hayati'), (7, 'Nur Hayatti'), (8, 'M. Yusuf'), (9, 'Muhammad Jusuf'), (10, 'Yusuf'),
    (11, 'Sutrisno'), (12, 'Sutirsno'), (13, 'Bambang S.'), (14, 'Bambang Sutrisno'), (15, 'Wawan (Hermawan)'),
    (16, 'Hermawan'), (17, NULL), (18, '王小明'), (19, 'A B'), (20, 'Megawati');
CREATE INDEX person_name ON person USING gin (name);
CREATE INDEX person_near ON person USING dtsen_nama (name) WITH (fastupdate = off);
SET enable_seqscan = off;
SELECT id, name FROM person WHERE nama_similar(name, 'SITI AMINA', 0.8) ORDER BY id;
SELECT id, name FROM person WHERE name % 'NURHAYATI' ORDER BY id;
SELECT id, name FROM person WHERE nama_similar('MUHAMMAD YUSUP', name, 0.9) ORDER BY id;
SELECT id, name FROM person WHERE name % nama_query('Sutrisno', 0.9) ORDER BY id;
SELECT id, name FROM person WHERE nama_similar(name, 'HERMAWAN', 0.99) ORDER BY id;
SELECT id, name FROM person WHERE nama_similar(name, '王小明', 0.99) ORDER BY id;
SELECT count(*) FROM person WHERE nama_similar(name, 'BUDI', 0);
SELECT count(*) FROM person WHERE nama_similar(name, 'BUDI', 1);
SELECT count(*) FROM person WHERE nama_similar(name, NULL, 0.5);
SET dtsen.nama_similarity_threshold = 0.95;
SELECT id FROM person WHERE name % 'SITI AMINA' ORDER BY id;
RESET dtsen.nama_similarity_threshold;

-- nearest first
SELECT id, name FROM person ORDER BY name <-> 'SUTRISNO', id LIMIT 3;
SELECT id FROM (SELECT id FROM person ORDER BY name <-> 'SITI AMINA' LIMIT 4) AS s ORDER BY id;
SELECT count(*), count(name) FROM (SELECT * FROM person ORDER BY name <-> 'Budi' OFFSET 0) AS s;
SELECT count(*) FROM (SELECT * FROM person ORDER BY name <-> NULL OFFSET 0) AS s;
SELECT id, name FROM person WHERE name % 'AMINAH' ORDER BY name <-> 'AMINAH', id;
RESET enable_seqscan;

SELECT opcname, amname, amvalidate(c.oid)
FROM pg_opclass AS c JOIN pg_am AS m ON m.oid = opcmethod
WHERE opcintype = 'nama'::regtype ORDER BY 1;
