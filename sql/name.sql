-- Personal names: input, comparison, what a name says, similarity.
SET search_path = dtsen, pg_catalog;
\set VERBOSITY terse

-- as written comes out as written; blanks at the ends are no part of it
SELECT x::nama AS name, nama_normalize(x::text) AS normal, nama_keys(x::nama) AS keys, nama_mask(x::nama) AS mask
FROM (VALUES ('Siti Aminah'::varchar), ('  Drs. H. Ahmad Fauzi, M.Si '), ('M. Jusuf'), ('Moch. Rizky S.Pd.I'),
      ('NURHAYATI'), ('Ma''ruf Amin'), ('Tjahjono Widjaja'), ('I Wayan Sudira'), ('Bambang S.'), ('Siti binti Amat'),
      ('Wawan (Hermawan)'), ('(ALM) Soekarno'), ('5UTR1SNO'), ('Abdurrahman Wahid'), ('José Ñandú'), ('H.'),
      ('محمد'), ('A B')) AS v(x);

-- refused, with the value masked
\set VERBOSITY default
SELECT ''::nama;
SELECT '   '::nama;
SELECT '12345'::nama;
SELECT E'Siti\tAminah'::nama;
SELECT E'Siti\nAminah'::text::nama;
SELECT repeat('x', 256)::nama;
SELECT repeat('x ', 33)::nama;
\set VERBOSITY terse
SELECT length(repeat('x', 255)::nama::text), cardinality(nama_keys(repeat('ab ', 32)::nama));
SELECT is_nama('Siti'), is_nama(''), is_nama(E'a\tb'), is_nama(repeat('x', 256)), is_nama(NULL);
SELECT to_nama(E'  Siti \t\n Aminah '), to_nama('--'), to_nama(repeat('x', 256)), to_nama(NULL);

-- order is by folded keys, then as written; equality is as written
CREATE TEMP TABLE person (id serial, name nama);
INSERT INTO person (name) VALUES ('Soekarno'), ('SUKARNO'), ('Sukarno'), ('Budi'), ('boedi'), ('Siti Aminah'), ('SITI AMINA'), (NULL);
SELECT name FROM person ORDER BY name;
SELECT count(*) FROM person a JOIN person b ON a.name = b.name;
SELECT name, 'Soekarno'::nama < name AS after, 'Soekarno'::nama = name AS same FROM person WHERE id IN (1, 2, 4) ORDER BY id;
SELECT count(DISTINCT name) FROM person;
CREATE UNIQUE INDEX person_name ON person (name);
INSERT INTO person (name) VALUES ('Sukarno') ON CONFLICT (name) DO NOTHING;
SELECT count(*) FROM person;
SET enable_seqscan = off;
SELECT name FROM person WHERE name = 'Sukarno';
RESET enable_seqscan;

-- a varchar parameter needs no cast, text does
PREPARE by_name(varchar) AS SELECT id FROM person WHERE name = $1;
EXECUTE by_name('Sukarno');
PREPARE by_text(text) AS SELECT id FROM person WHERE name = $1;

-- similarity; figures are in the pgTAP file
SELECT a, b, nama_similar(a, b, 0.9) AS same_name, a::nama % b AS similar
FROM (VALUES ('M. Yusuf'::varchar, 'Muhammad Jusuf'::varchar), ('Siti Aminah', 'AMINAH SITI'), ('Nur Hayati', 'NURHAYATI'),
      ('Bambang S', 'Bambang Sutrisno'), ('Rina', 'Rina Lestari'), ('Sunarto', 'Sunarti'), ('Hasan', 'Hasanah'),
      ('M. Yusuf', 'M. Rizki'), ('Sutrisno', 'Sutirsno')) AS v(a, b);
SELECT jsonb_path_query_array(nama_explain('Siti Nur Hayati', 'NURHAYATI PUTRI'), '$.pairs[*].rule') AS rules,
       jsonb_path_query_array(nama_explain('Siti Nur Hayati', 'NURHAYATI PUTRI'), '$.pairs[*].a') AS a,
       jsonb_path_query_array(nama_explain('Siti Nur Hayati', 'NURHAYATI PUTRI'), '$.pairs[*].b') AS b;
SELECT nama_similar('a', 'b', 1.01);
SELECT nama_similar('a', 'b', 'NaN');
SET dtsen.nama_similarity_threshold = 1.5;
SET dtsen.nama_similarity_threshold = 0.99;
SELECT 'M. Yusuf'::nama % 'Muhammad Jusuf' AS similar;
RESET dtsen.nama_similarity_threshold;
SELECT amname, opcname, amvalidate(o.oid) FROM pg_opclass o JOIN pg_am a ON a.oid = opcmethod
WHERE opcname LIKE 'nama%' ORDER BY 1;
