-- nama: SQLSTATEs, privacy of messages, round trips, order and hash, operators
-- with varchar, threshold, and properties over names made from its own table.
BEGIN;
SET search_path = dtsen, public, pg_catalog;
SELECT no_plan();

-- Names for the properties: words that cover every rule, in a fixed mix.
CREATE TEMP TABLE word (i serial, w text);
INSERT INTO word (w) SELECT unnest(ARRAY[
    'SITI', 'Muhammad', 'M.', 'Moch.', 'ABD.', 'Abdurrahman', 'Nur', 'Nurhayati', 'Hayati', 'Sunarto', 'Sunarti',
    'Soekarno', 'Sukarno', 'Hasan', 'Hasanah', 'H.', 'Drs.', 'bin', 'binti', 'Amat', 'Ahmad', 'S.', 'B',
    'Tjahjono', 'Cahyono', 'Rizky', 'Riski', 'Xyzzyq', 'Wayan', 'I', 'Al', 'alm.', '(Wawan)', 'alias', 'Ma''ruf',
    'Makruf', 'S.Pd', ', SE', 'José', 'محمد', '李', '7', '5it1', 'O''Brien', 'Abdul-Aziz']);
CREATE TEMP TABLE name AS
SELECT n, to_nama((SELECT string_agg(w, ' ' ORDER BY o)
                   FROM unnest(ARRAY[n % 45, (n * 7 + n / 45) % 45, (n * 13 + n / 7) % 45, (n * 29 + n / 3) % 45])
                        WITH ORDINALITY AS u(k, o)
                   JOIN word ON i = k + 1
                   WHERE o <= 1 + n % 4)) AS name
FROM generate_series(0, 1199) AS n;
DELETE FROM name WHERE name IS NULL;
SELECT cmp_ok((SELECT count(*) FROM name), '>', 1100::bigint, 'most of the mixtures are names');

-- text and binary round trips
SELECT is((SELECT count(*) FROM name WHERE name IS DISTINCT FROM name::text::nama), 0::bigint, 'text round trip');
SELECT is((SELECT count(*) FROM name
           WHERE nama_send(name) IS DISTINCT FROM convert_to(name::text, 'UTF8')), 0::bigint,
          'binary output is the text alone');
CREATE TEMP TABLE copied (LIKE name);
DO $$
DECLARE
    file text := current_setting('data_directory') || '/nama_round_trip.bin';
BEGIN
    EXECUTE format('COPY name TO %L (FORMAT binary)', file);
    EXECUTE format('COPY copied FROM %L (FORMAT binary)', file);
END $$;
SELECT is((SELECT count(*) FROM name JOIN copied USING (n)
           WHERE name.name = copied.name AND name.name::text = copied.name::text
             AND pg_column_size(name.name) = pg_column_size(copied.name)),
          (SELECT count(*) FROM name), 'binary COPY there and back');

-- binary input is as strict as text: one field of two columns, forged
CREATE FUNCTION pg_temp.receive(field bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    file text := current_setting('data_directory') || '/nama_forged.bin';
    lo oid;
BEGIN
    lo := lo_from_bytea(0, '\x5047434f50590aff0d0a00'::bytea || '\x0000000000000000'::bytea || '\x0002'::bytea
        || '\x0000000400000001'::bytea || int4send(length(field)) || field || '\xffff'::bytea);
    PERFORM lo_export(lo, file);
    PERFORM lo_unlink(lo);
    EXECUTE format('COPY copied FROM %L (FORMAT binary)', file);
END $$;
SELECT lives_ok($$SELECT pg_temp.receive('Siti')$$, 'binary input takes a name');
SELECT is((SELECT nama_keys(name) FROM copied WHERE n = 1 AND name = 'Siti'), '{SITI}', 'and folds it itself');
SELECT throws_ok($$SELECT pg_temp.receive('')$$, '22P03', NULL, 'binary: empty');
SELECT throws_ok($$SELECT pg_temp.receive('  ')$$, '22P03', NULL, 'binary: blanks');
SELECT throws_ok($$SELECT pg_temp.receive('Siti\012Aminah')$$, '22P03', NULL, 'binary: control character');
SELECT throws_ok($$SELECT pg_temp.receive('Siti\000Aminah')$$, '22021', NULL, 'binary: NUL');
SELECT throws_ok($$SELECT pg_temp.receive('Siti\377')$$, '22021', NULL, 'binary: no UTF-8');
SELECT throws_ok($$SELECT pg_temp.receive(convert_to(repeat('x', 256), 'UTF8'))$$, '54000', NULL, 'binary: too long');

-- SQLSTATEs of text input
SELECT throws_ok($$SELECT ''::dtsen.nama$$, '22P02', NULL, 'empty');
SELECT throws_ok($$SELECT ' .-, '::dtsen.nama$$, '22P02', NULL, 'no letter');
SELECT throws_ok($$SELECT '3216010101900001'::dtsen.nama$$, '22P02', NULL, 'a number is no name');
SELECT throws_ok($$SELECT E'a\tb'::dtsen.nama$$, '22P02', NULL, 'control character');
SELECT throws_ok($$SELECT E'a\u0085b'::dtsen.nama$$, '22P02', NULL, 'control character of two bytes');
SELECT throws_ok(format('SELECT %L::dtsen.nama', 'Budi' || c || 'x'), '22P02', NULL, 'line end or reversal: ' || ascii(c))
FROM unnest(ARRAY[E'\u2028', E'\u2029', E'\u202a', E'\u202e', E'\u2066', E'\u2069']) AS c;
SELECT is(to_nama(c || 'Budi' || c || ' ' || c || 'Santoso' || c)::text, 'Budi Santoso', 'to_nama cleans ' || ascii(c))
FROM unnest(ARRAY[E'\t', E'\u00a0', E'\u00ad', E'\u2000', E'\u200a', E'\u200b', E'\u200e', E'\u2028', E'\u202e', E'\u202f', E'\u205f', E'\u2069', E'\u3000', E'\ufeff']) AS c;
SELECT is(to_nama(c || 'Budi')::text, c || 'Budi', 'and leaves ' || ascii(c))
FROM unnest(ARRAY[E'\u200d', E'\u2010', E'\u3001', E'\u00e9', '😀']) AS c;
SELECT throws_ok($$SELECT repeat('x', 256)::dtsen.nama$$, '54000', NULL, '256 characters');
SELECT throws_ok($$SELECT repeat('é', 256)::dtsen.nama$$, '54000', NULL, '256 characters of two bytes');
SELECT throws_ok($$SELECT repeat('x', 10000)::dtsen.nama$$, '54000', NULL, '10,000 characters');
SELECT throws_ok($$SELECT repeat('ab ', 33)::dtsen.nama$$, '54000', NULL, '33 words');
SELECT lives_ok($$SELECT repeat('😀', 255)::dtsen.nama$$, '255 characters of four bytes');
SELECT is((SELECT count(*) FROM unnest(ARRAY['', ' ', '--', E'\t', repeat('x', 300)]) AS t WHERE to_nama(t) IS NOT NULL),
          0::bigint, 'to_nama gives null where there is no name');
SELECT is((SELECT count(*) FROM unnest(ARRAY['', ' ', '--', E'a\tb', 'Siti', repeat('x', 255), repeat('x', 256), '😀'])
               AS t WHERE is_nama(t)), 3::bigint, 'is_nama agrees with the cast');

-- what an explanation says adds up, also for names whose words repeat or begin each other
CREATE TEMP TABLE explained AS
    SELECT a, b, nama_explain(a, b) AS x
    FROM unnest('{A bin Abd,Abd A,Nur Hayati Nurhayati,Nurhayati,M. Muhammad M.,Siti (Aminah),Budi 5 S.E. Budi,Rina Lestari,Lestari Rina,D Dewi Dewi}'::nama[]) a,
         unnest('{A bin Abd,Abd A,Nur Hayati Nurhayati,Nurhayati,M. Muhammad M.,Siti (Aminah),Budi 5 S.E. Budi,Rina Lestari,Lestari Rina,D Dewi Dewi}'::nama[]) b;
SELECT is_empty($$SELECT a, b, x FROM explained WHERE abs((x ->> 'similarity')::float8 - (1 - (x ->> 'order')::float8)
    * (SELECT sum((p ->> 'contribution')::float8) FROM jsonb_array_elements(x -> 'pairs') p)) > 0.0005$$, 'contributions times 1 - order');
SELECT is_empty($$SELECT a, b FROM explained WHERE (x ->> 'similarity')::float8 <> nama_similarity(a, b)$$, 'explained is what is computed');
SELECT is_empty($$SELECT a, p FROM explained, jsonb_array_elements(x -> 'pairs') p WHERE a = b AND p ->> 'rule' <> 'equal'$$,
    'a name and itself: every word is equal');

-- no message shows a whole name
CREATE FUNCTION pg_temp.message_of(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE m text; d text; h text;
BEGIN
    EXECUTE command;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
    RETURN m || '|' || d || '|' || h;
END $$;
SELECT is(pg_temp.message_of($$SELECT E'Siti Aminah\tBinti'::dtsen.nama$$),
    'invalid input syntax for type nama: "Si** ******?*****"|A name holds no control characters.'
    '|dtsen.to_nama() replaces them by spaces.', 'control character: masked');
SELECT is(pg_temp.message_of($$SELECT '3216010101900001'::dtsen.nama$$),
    'invalid input syntax for type nama: "32**************"|A name needs at least one letter.|', 'digits: masked');
SELECT unalike(pg_temp.message_of($$SELECT (repeat('Sukarno ', 30) || repeat('x', 30))::dtsen.nama$$), '%karno%',
    'too long: not shown');
SELECT unalike(nama_explain('Sukarno Aminah', 'Soekarno Aminat')::text, '%kar%', 'an explanation is masked');
SELECT unalike(nama_explain('Sukarno Aminah', 'Soekarno Aminat')::text, '%min%', 'in all its words');
SELECT is((SELECT string_agg(p ->> 'a' || ' ' || (p ->> 'b'), ', ') FROM jsonb_array_elements(nama_explain('A B', 'A B Cokro') -> 'pairs') AS p), '* A, * B',
    'a name of nothing but letters is starred, letters beside a word are not');
SELECT is((SELECT count(*) FROM name a
           WHERE length(translate(a.name::text, ' .,()''-0123456789', '')) > 4
             AND nama_mask(a.name) = a.name::text), 0::bigint, 'a mask is not the name');
SELECT is(nama_mask('Siti  Aminah B'), 'S***  A***** B', 'initials and stars');
SELECT is(nama_mask('A B'), '* *', 'nothing but initials is starred');
SELECT is(nama_mask('李 明'), '* *', 'so are single characters of other scripts');

-- btree and hash: total order, hash of equals, agreement with the definition
SELECT is((SELECT count(*) FROM name a, name b
           WHERE a.n % 9 = 0 AND b.n % 9 = 1
             AND ((a.name < b.name)::int + (a.name = b.name)::int + (a.name > b.name)::int <> 1
               OR (a.name <= b.name) IS DISTINCT FROM NOT (a.name > b.name)
               OR (a.name >= b.name) IS DISTINCT FROM NOT (a.name < b.name)
               OR (a.name <> b.name) IS DISTINCT FROM NOT (a.name = b.name)
               OR (a.name = b.name) IS DISTINCT FROM (a.name::text COLLATE "C" = b.name::text)
               OR sign(nama_cmp(a.name, b.name)) <> - sign(nama_cmp(b.name, a.name)))),
          0::bigint, 'exactly one of <, = and > holds');
SELECT is((SELECT count(*) FROM name WHERE nama_hash(name) <> nama_hash(name::text::nama)
               OR nama_hash_extended(name, 7) <> nama_hash_extended(name::text::nama, 7)
               OR nama_hash_extended(name, 0) & 4294967295 <> nama_hash(name)::bigint & 4294967295), 0::bigint,
          'equal names hash alike');
SELECT is((SELECT count(*) FROM (SELECT name, rank() OVER (ORDER BY name) AS place FROM name WHERE n % 6 = 0) AS a
           WHERE place <> 1 + (SELECT count(*) FROM name b WHERE b.n % 6 = 0 AND b.name < a.name)), 0::bigint,
          'sorting agrees with <: the order is total');
SELECT results_eq(
    $$SELECT x::text FROM unnest(ARRAY['Budi','Soekarno','Boedi','SUKARNO','Ani']::nama[]) AS x ORDER BY x$$,
    $$VALUES ('Ani'), ('Boedi'), ('Budi'), ('SUKARNO'), ('Soekarno')$$, 'spellings of one name are neighbours');
SELECT is((SELECT array_agg(opcname::text ORDER BY opcname) FROM pg_opclass
           WHERE opcintype = 'nama'::regtype AND amvalidate(oid)), ARRAY['nama_btree_ops', 'nama_gin_ops', 'nama_hash_ops', 'nama_near_ops'],
          'operator classes are valid');
SELECT is((SELECT typcollation FROM pg_type WHERE oid = 'nama'::regtype), 0::oid, 'no collation takes part');
CREATE INDEX ON name USING btree (name);
CREATE INDEX ON name USING hash (name);
ANALYZE name;

-- every operator takes a varchar on either side, and the index serves it
PREPARE either_side(varchar) AS
    SELECT name = $1, $1 = name, name <> $1, $1 <> name, name < $1, $1 < name, name <= $1, $1 <= name,
           name > $1, $1 > name, name >= $1, $1 >= name, name % $1, $1 % name, name <-> $1, $1 <-> name
    FROM (VALUES ('Siti'::nama)) AS v(name);
SELECT lives_ok($$EXECUTE either_side('Siti')$$, 'varchar on either side of each operator');
SET LOCAL enable_seqscan = off;
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE by_varchar(varchar) AS SELECT n FROM name WHERE name = $1;
CREATE FUNCTION pg_temp.plan_of(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; whole text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || command LOOP whole := whole || line || E'\n'; END LOOP;
    RETURN whole;
END $$;
SELECT matches(pg_temp.plan_of($$EXECUTE by_varchar('SITI')$$), 'Index', 'a varchar parameter keeps the index');
SELECT throws_ok('PREPARE by_text(text) AS SELECT n FROM name WHERE name = $1', '42883', NULL, 'text asks for a cast');
SELECT throws_ok($$SELECT name FROM name WHERE name = ''::varchar$$, '22P02', NULL, 'an empty parameter is no name');
SELECT is((SELECT castcontext::text FROM pg_cast WHERE castsource = 'varchar'::regtype AND casttarget = 'nama'::regtype),
          'i', 'varchar casts implicitly');
SELECT is((SELECT castcontext::text FROM pg_cast WHERE castsource = 'text'::regtype AND casttarget = 'nama'::regtype),
          'e', 'text explicitly');
SELECT is((SELECT 'abc'::varchar = 'abc'::varchar), true, 'varchar compares with varchar as ever');

-- similarity: range, symmetry, reflexivity
SELECT is((SELECT count(*) FROM name WHERE nama_similarity(name, name) <> 1 OR name <-> name <> 0
               OR NOT nama_similar(name, name, 1)), 0::bigint, 'a name is like itself');
SELECT is((SELECT count(*) FROM name a, name b, nama_similarity(a.name, b.name) AS s
           WHERE a.n % 9 = 0 AND b.n % 9 = 2
             AND (s IS DISTINCT FROM nama_similarity(b.name, a.name) OR NOT s BETWEEN 0 AND 1
               OR a.name <-> b.name <> 1 - s OR nama_similar(a.name, b.name, 0.65) <> (s >= 0.65)
               OR a.name % b.name <> (s >= 0.65))), 0::bigint, 'symmetric, in [0, 1], operators agree');
SELECT is((SELECT count(*) FROM name a, name b, nama_explain(a.name, b.name) AS e
           WHERE a.n % 20 = 0 AND b.n % 20 = 7
             AND ((e ->> 'similarity')::float8 <> nama_similarity(a.name, b.name)
               OR abs((SELECT coalesce(sum((p ->> 'contribution')::float8), 0) FROM jsonb_array_elements(e -> 'pairs') AS p)
                      * (1 - (e ->> 'order')::float8) - (e ->> 'similarity')::float8) > 0.001
                  AND (e ->> 'similarity')::float8 < 1)), 0::bigint, 'an explanation adds up to the similarity');
SELECT is((SELECT count(*) FROM name WHERE nama_keys(name) IS NULL OR cardinality(nama_keys(name)) = 0), 0::bigint,
          'every name has a key');

-- similarity: the figures of the documentation (docs/name.md)
SELECT is(round(nama_similarity(a, b)::numeric, 3), s, a || ' ~ ' || b)
FROM (VALUES ('M. Yusuf'::varchar, 'Muhammad Jusuf'::varchar, 0.968), ('M. Yusuf', 'Yusuf', 0.978),
      ('M. Yusuf', 'M. Rizki', 0.029), ('NURHAYATI', 'Nur Hayati', 0.970), ('Siti Aminah', 'AMINAH SITI', 0.980),
      ('Bambang S.', 'Bambang Sutrisno', 0.908), ('Rina', 'Rina Lestari', 0.714), ('Sutrisno', 'SUTIRSNO', 0.920),
      ('Wawan (Hermawan)', 'HERMAWAN', 1.000)) AS v(a, b, s);
SELECT cmp_ok(nama_similarity(a, b), '<', 0.3::float8, a || ' is not ' || b)
FROM (VALUES ('SUNARTO'::varchar, 'SUNARTI'::varchar), ('HASAN', 'HASANAH'), ('AMIN', 'AMINAH'), ('DINA', 'DINI'),
      ('RUDI', 'RUDIN'), ('SURYADI', 'SURYANI'), ('HASAN', 'HUSEIN'), ('RINA', 'RIMA')) AS v(a, b);

-- a value that another version of the tables has folded is folded again
CREATE CAST (bytea AS nama) WITHOUT FUNCTION;
CREATE TEMP TABLE aged AS
SELECT ('\x630001010000000000'::bytea || 'Z'::bytea || 'Soekarno'::bytea)::nama AS name;
SELECT is((SELECT name::text FROM aged), 'Soekarno', 'an old value shows as written');
SELECT is((SELECT nama_keys(name) FROM aged), '{SUKARNO}', 'its keys are of today');
SELECT ok((SELECT name = 'Soekarno' AND NOT name < 'Soekarno' AND name < 'Sukarno' AND name > 'Budi'
             AND nama_hash(name) = nama_hash('Soekarno') FROM aged), 'it compares by the tables of today');
SELECT is((SELECT nama_similarity(name, 'Soekarno') FROM aged), 1::float8, 'and is like itself');
SELECT is((SELECT nama_explain(name, 'Sukarno') #>> '{pairs,0,rule}' FROM aged), 'spelling', 'and can be explained');
DROP CAST (bytea AS nama);

-- thresholds
SELECT throws_ok($$SELECT dtsen.nama_similar('a', 'b', t) FROM (VALUES (-0.001::float8)) AS v(t)$$, '22023',
                 'similarity threshold must be between 0 and 1', 'threshold below 0');
SELECT throws_ok($$SELECT dtsen.nama_similar('a', 'b', 1.001)$$, '22023', NULL, 'threshold above 1');
SELECT throws_ok($$SELECT dtsen.nama_similar('a', 'b', 'NaN')$$, '22023', NULL, 'threshold NaN');
SELECT ok(nama_similar('Siti', 'Budi', 0) AND NOT nama_similar('Siti', 'Budi', 0.5), 'threshold 0 accepts all');
SELECT is(current_setting('dtsen.nama_similarity_threshold'), '0.65', 'default threshold');
SELECT throws_ok('SET dtsen.nama_similarity_threshold = 1.01', '22023', NULL, 'setting above 1');
SELECT throws_ok('SET dtsen.nama_similarity_threshold = -0.1', '22023', NULL, 'setting below 0');
SELECT throws_ok($$SET dtsen.nama_similarity_threshold = 'NaN'$$, '22023', NULL, 'setting NaN');
SET LOCAL dtsen.nama_similarity_threshold = 1;
SELECT ok(NOT 'Sutrisno'::nama % 'Sutirsno' AND 'Sutrisno'::nama % 'SUTRISNO', 'threshold 1: equal spellings only');
SET LOCAL dtsen.nama_similarity_threshold = 0;
SELECT ok('Siti'::nama % 'Budi', 'threshold 0: all');

-- volatility: what reads a setting is not immutable
SELECT is((SELECT string_agg(DISTINCT provolatile::text, '') FROM pg_proc
           WHERE oid = 'dtsen.nama_similar(dtsen.nama, dtsen.nama)'::regprocedure), 's', '% is stable');
SELECT is((SELECT string_agg(DISTINCT provolatile::text || proparallel::text, '') FROM pg_proc
           WHERE oid IN ('dtsen.nama_similarity(dtsen.nama, dtsen.nama)'::regprocedure,
                         'dtsen.nama_similar(dtsen.nama, dtsen.nama, float8)'::regprocedure,
                         'dtsen.nama_cmp(dtsen.nama, dtsen.nama)'::regprocedure)), 'is', 'the rest is immutable');
SELECT is((SELECT count(*) FROM pg_proc WHERE pronamespace = 'dtsen'::regnamespace
           AND proname ~ '^(nama|to_nama|is_nama)' AND (NOT proisstrict OR proparallel <> CASE proname WHEN 'nama_stale_indexes' THEN 'r' ELSE 's' END)), 0::bigint,
          'NULL in, NULL out, parallel safe but for what reads tables');
SELECT is((SELECT array_agg(nama_normalize(t)) FROM unnest(ARRAY['Moch. Rizky', '', 'H. Siti', repeat('x', 300)]) AS t),
          ARRAY['MUHAMMAD RIZKY', NULL, 'SITI', NULL], 'nama_normalize raises nothing');
-- whose wife, and whose child
SELECT is(nama_normalize(n), w, n) FROM (VALUES ('Siti (Ny. Sutrisno)', 'SITI (SUTRISNO)'), ('Siti binti alias Ny. Sutrisno', 'SITI (SUTRISNO)'), ('Siti (binti H. Ahmad)', 'SITI BIN AHMAD')) AS v (n, w);
SELECT is(nama_similarity(a::nama, b::nama), s, a || ', ' || b) FROM (VALUES ('Ny. Sutrisno', 'Dewi binti Sutrisno', 0::float8), ('Ny. Sutrisno bin Karto', 'Sutrisno bin Karto', 0), ('Siti, Ny. Sutrisno', 'Siti', 1)) AS v (a, b, s);
SELECT is(nama_version(), 8, 'version of the folding tables');

-- a Latin letter with a mark is the letter, whether Unicode writes both as one or as two
SELECT is((SELECT string_agg('U+' || to_hex(ascii(c)), ' ') FROM (SELECT chr(n) AS c, normalize(chr(n), NFD) AS two
        FROM (SELECT generate_series(192, 591) UNION ALL SELECT generate_series(7680, 7935)) AS r(n)) AS x
    WHERE two <> c AND left(two, 1) ~ '[A-Za-zÆæØø]' AND nama_normalize('Budi' || c) IS DISTINCT FROM nama_normalize('Budi' || two)), NULL, 'letters with marks');
SELECT is(nama_similarity('Ḥasan Ṣāliḥ', 'HASAN SALIH'), 1::float8, 'Arabic as scholars write it');

-- comparators: what would take a gigabyte is refused, not tried
SELECT throws_ok(format('SELECT dtsen.%s(repeat(''a'', 12000000), repeat(''b'', 12000000))', f), '54000', NULL, f || ' of two long texts')
    FROM unnest('{jaro,jaro_winkler,osa_distance}'::text[]) AS f;
SELECT is(jaro(repeat('ab', 100000), repeat('ab', 100000)), 1::float8, 'long texts are compared');

-- A sort of values that another version has folded frees what it folds again.
CREATE CAST (bytea AS nama) WITHOUT FUNCTION;
CREATE CAST (nama AS bytea) WITHOUT FUNCTION;
CREATE TABLE stale AS SELECT set_byte((format('BUDI SANTOSO %s%s%s', chr(65 + n % 26), chr(65 + n / 26 % 26), chr(65 + n / 676 % 26))::nama)::bytea, 0, 0)::nama AS n
    FROM (SELECT g * 37 % 17576 AS n FROM generate_series(1, 17576) AS g) AS g;
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL work_mem = '50MB';
SELECT cmp_ok((SELECT max(m) FROM (SELECT (SELECT sum(b.total_bytes) FROM pg_backend_memory_contexts AS b) AS m
    FROM (SELECT count(*) AS c FROM (SELECT s.n FROM stale AS s ORDER BY s.n OFFSET 0) AS s) AS s) AS m), '<', 30000000::numeric, 'a sort of stale names keeps no copy of each');
SELECT * FROM finish();
ROLLBACK;
