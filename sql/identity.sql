-- nik, nkk, kode_wilayah: values in and out, casts, operators, components.
SET search_path = public, dtsen;
SET datestyle = ISO;
-- Runs an expression and shows its value, or all of the error. Errors are
-- caught so that no number reaches the server's log.
CREATE FUNCTION pg_temp.try(expression text)
    RETURNS TABLE (value text, state text, message text, detail text, hint text)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'SELECT (' || expression || ')::text' INTO value;
    RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE,
        message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT;
    RETURN NEXT;
END $$;

-- every operator class is complete
SELECT opcname, amname, amvalidate(c.oid)
FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod
WHERE opcnamespace = 'dtsen'::regnamespace
  AND opcintype IN ('nik'::regtype, 'nkk'::regtype, 'kode_wilayah'::regtype)
ORDER BY 1;
-- the types are as long as bigint, and as by-value
SELECT t.typname, t.typlen, t.typbyval = b.typbyval AS byval_as_bigint,
       t.typalign = b.typalign AS align_as_bigint
FROM pg_type t, pg_type b
WHERE t.oid IN ('nik'::regtype, 'nkk'::regtype, 'kode_wilayah'::regtype)
  AND b.oid = 'bigint'::regtype
ORDER BY 1;

-- input: 16 digits, nothing else
SELECT nik '3216010101900001', nik '0000000000000000', nik '9999999999999999',
       nkk '0000000000000042';
\x on
SELECT v AS input, e.*
FROM unnest(ARRAY['', '321601010190000', '32160101019000011', '1',
    '32160101O1900001', 'x216010101900001', '321601010190000１',
    ' 3216010101900001', '3216010101900001 ', E'\u00a03216010101900001',
    E'\ufeff3216010101900001', E'3216010101900001\n', E'3216010101\r\n900001',
    E'3216010101900001\t', '''3216010101900001', E'\u20193216010101900001',
    '3216.0101.0190.0001', '3216-0101-0190-0001', '3,216,010,101,900,001',
    '3216010101900001.0', '3.2160E+15', '3,2160e15', '"3216010101900001"',
    '+3216010101900001', '-321601010190000', E'\u0663216010101900001',
    '3216010101900001; DROP TABLE nik', repeat('3', 50)]) WITH ORDINALITY u(v, i),
    LATERAL pg_temp.try(format('%L::nik', v)) e
ORDER BY i;
\x off
-- nkk takes and refuses the same, under its own name
SELECT message, detail, hint FROM pg_temp.try('''32160101019O0001''::nkk');
SELECT hint FROM pg_temp.try('''3216.0101.0190.0001''::nkk');
-- what an import writes beside a refused line
-- (the width that psql gives to U+200B differs between versions)
SELECT replace(v, E'\u200b', '<U+200B>') AS v,
       nik_input_error(v), is_nik(v), to_nik(v)
FROM (VALUES ('3216010101900001'), (''), ('321601010190000'),
    ('32160101019000011'), ('32160101O1900001'), ('321601010190000１'),
    ('3216010101900001 '), (E'3216010101900001\r\n'), (E'\t3216010101900001'),
    ('''3216010101900001'), ('3216.0101.0190.0001'), ('3216010101900001.0'),
    ('3.2160E+15'), ('"3216010101900001"'), ('="3216010101900001"'),
    (E'\u201c3216010101900001\u201d'), ('32.16.01.010190.0001'),
    ('3216 0101 0190 0001'), (E'3216\u00a00101\u200b01900001'),
    ('3.216.010.101.900.001'), ('321601010190000.0'),
    ('3216010101900001/3216010101900002'), ('NIK: 3216010101900001'),
    (E'32160101\n01900001'), (NULL)) s(v);
SELECT to_nkk(' 3216-0101-0190-0001 '), is_nkk('3216010101900001'),
       is_nkk('3216-0101-0190-0001'), nkk_input_error('3216-');

-- casts
-- (the server's own detail on a missing operator is of 19)
SELECT e, t.value, t.state, t.message,
    CASE WHEN t.state <> '42883' THEN t.detail END AS detail FROM unnest(ARRAY[
    '3216010101900001::bigint::nik', '5::bigint::nik', '0::bigint::nik',
    '(-1)::bigint::nik', '10000000000000000::bigint::nik',
    '9223372036854775807::nkk', 'nik ''0000000000000005''::bigint',
    'nik ''0000000000000005''::text', 'nik ''0000000000000005''::varchar(4)',
    '''3216010101900001''::text::nik', '''3216010101900001''::varchar::nik',
    '''3216010101900001''::char(16)::nik', '5::nik', '5.0::nik',
    'nik ''3216010101900001''::nkk', 'nkk ''3216010101900001''::nik',
    'nik ''3216010101900001'' = nkk ''3216010101900001''',
    'nik ''3216010101900001'' = ''3216010101900001''::text',
    'nik ''3216010101900001'' = ''3216010101900001''::varchar',
    'nik ''3216010101900001'' = ''3216''::varchar',
    'to_json(nik ''0000000000000005'')',
    '3216::kode_wilayah', '32160::kode_wilayah', '321640001::kode_wilayah',
    '3216012001::bigint::kode_wilayah', '320001::kode_wilayah',
    'kode_wilayah ''321601''::bigint', 'kode_wilayah ''3216012001''::text'
    ]) WITH ORDINALITY u(e, i), LATERAL pg_temp.try(e) t
ORDER BY i;
-- text goes in on assignment of nik to text, not the other way
CREATE TEMP TABLE assign (n nik, t text, v varchar);
INSERT INTO assign (t, v) VALUES (nik '0000000000000007', nik '0000000000000008');
INSERT INTO assign (n) VALUES ('0000000000000009'::varchar);
INSERT INTO assign (n) VALUES ('0000000000000009'::text);
SELECT * FROM assign;

-- binary: as strict as text
SELECT nik_send('3216010101900001'), nkk_send('0000000000000001'),
       kode_wilayah_send('321601');

-- order is the order of the digits; max, min, distinct
CREATE TEMP TABLE n AS
    SELECT nik(i * 7919::bigint + 3216010000000000) AS n FROM generate_series(1, 1000) i;
SELECT min(n), max(n), count(DISTINCT n) FROM n;
SELECT n < '3216010000079190' AS lt, n <= '3216010000079190' AS le,
       n = '3216010000079190' AS eq, n <> '3216010000079190' AS ne,
       n >= '3216010000079190' AS ge, n > '3216010000079190' AS gt, count(*)
FROM n GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2;
SELECT n < 3216010000079190 AS lt, n <= 3216010000079190 AS le,
       n = 3216010000079190 AS eq, n <> 3216010000079190 AS ne,
       n >= 3216010000079190 AS ge, n > 3216010000079190 AS gt, count(*)
FROM n GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2;
SELECT 3216010000079190 > n AS lt, 3216010000079190 >= n AS le,
       3216010000079190 = n AS eq, 3216010000079190 <> n AS ne,
       3216010000079190 <= n AS ge, 3216010000079190 < n AS gt, count(*)
FROM n GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2;

-- what the digits say
SELECT v AS nik, nik_wilayah(v) AS wilayah, nik_birth_date(v, '2025-07-01') AS born,
       nik_sex(v) AS sex, nik_serial(v) AS serial, nik_is_valid(v) AS valid,
       nik_errors(v, '2025-07-01') AS errors, nik_warnings(v) AS warnings
FROM unnest('{3216010101900001,3216014101900001,3216010107250001,3216010207250001,
3216013106000012,3216013112240001,3216010001900001,3216013201900001,3216014001900001,
3216017201900001,3216019901900001,3216010100900001,3216010113900001,3216013002900001,
3216017102900001,3216012902000001,3216012902010001,3216012902960001,3216010101900000,
0016010101900001,3200010101900001,3216000101900001,9901010101900001,9101010101900001,
3216010101140001,3216010207130001,0000000000000000}'::nik[]) v;
SELECT nik_birth_date('3216012902000001', d), nik_errors('3216012902000001', d)
FROM unnest('{2000-02-28,2000-02-29,infinity,-infinity}'::date[]) d;
SELECT v AS nkk, nkk_wilayah(v) AS wilayah, nkk_date(v, '2025-07-01') AS recorded,
       nkk_serial(v) AS serial, nkk_is_valid(v) AS valid,
       nkk_errors(v, '2025-07-01') AS errors, nkk_warnings(v) AS warnings
FROM unnest('{3216011505120003,3216014105120003,3216010000000000,9101010101110001}'::nkk[]) v;
SELECT nik_birth_date('3216010101900001') AS born, nik_errors('3216010101900001') AS errors,
       nik_warnings('3216010101900001') AS warnings, nkk_date('3216010101120001') AS recorded,
       nkk_errors('3216010101120001') AS errors, nik_mask('3216010101900001'),
       nkk_mask('0000000000000042');
SELECT nik_sex(NULL), nik_birth_date(NULL, '2025-01-01'),
       nik_birth_date('3216010101900001', NULL), nik_errors(NULL), nik_is_valid(NULL),
       nik_mask(NULL), to_nik(NULL), is_nik(NULL);

-- the strict domains
SELECT '3216010101900001'::nik_valid, '3216010101120001'::nkk_valid,
       nik_valid '3216010101900001' = varchar '3216010101900001' AS eq;
SELECT * FROM pg_temp.try('''3216013201900001''::nik_valid');
SELECT * FROM pg_temp.try('''3216014101120001''::nkk_valid');

-- regions
SELECT v::kode_wilayah, wilayah_dotted(v::kode_wilayah), wilayah_level(v::kode_wilayah),
       wilayah_parent(v::kode_wilayah), wilayah_parent(v::kode_wilayah, 2),
       wilayah_ancestors(v::kode_wilayah), v::kode_wilayah::bigint
FROM unnest('{32,32.16,3216,321601,32.16.01,32.16.01.2001,3216012001,11,9999999999}'::text[]) v;
SELECT v, state, message, detail, hint, kode_wilayah_input_error(v), is_kode_wilayah(v),
       to_kode_wilayah(v)
FROM unnest(ARRAY['', '3', '321', '3216012', '32160120011', '3216010101900001', '32.1601',
    '321.6', '.3216', '3216.', '32 16', 'Bekasi', '00', '3200', '320001', '3216010000',
    ' 32-16/01 ', '''3216', '32.1']) WITH ORDINALITY u(v, i),
    LATERAL pg_temp.try(format('%L::kode_wilayah', v))
ORDER BY i;
SELECT state, message, detail FROM pg_temp.try('wilayah_parent(''3216'', 0)');
SELECT state, message FROM pg_temp.try('wilayah_parent(''3216'', 5)');
SELECT a, b, a @> b AS contains, a <@ b AS contained, a < b AS before
FROM unnest('{32,3216,3216012001,33}'::kode_wilayah[]) a,
     unnest('{32,3216,3216012001,33}'::kode_wilayah[]) b;
-- a region sorts right before what lies in it
SELECT v FROM unnest('{33,3216012001,32,321601,3217,3216,321602}'::kode_wilayah[]) v ORDER BY v;
SELECT min(v), max(v) FROM unnest('{33,3216012001,32}'::kode_wilayah[]) v;

-- slips of the pen
SELECT b, nik '3216010101900001' <-> b AS distance, nik '3216010101900001' % b AS similar,
       nik_within('3216010101900001', b, 0) AS within_0, nik_within('3216010101900001', b, 1) AS within_1,
       nik_within('3216010101900001', b, 2) AS within_2, nik_within('3216010101900001', b, -1) AS never,
       nik_explain('3216010101900001', b)
FROM unnest('{3216010101900001,3216010101900002,3216014101900001,3216010101090001,3216010101900010,
3217010101900002,3160101019000010,3216020101900001,9876543210987654}'::nik[]) b;
SELECT nik_explain('3216010203900001', '3216010302900001');
-- neighbours exchanged; a digit lost and a 0 put in; what a spreadsheet leaves
SELECT b, nik_explain('3216010101900001', b) -> 'slips' AS slips
FROM unnest('{3216010101090001,3216010101900010,3216101900001000,0321601010190000,3216010101900000,3216010101900001}'::nik[]) b;
SELECT count(*), min(k), max(k) FROM nik_neighbours('3216010101900001', 0) k;
SELECT count(*), min(k), max(k), max(k <-> '3216010101900001') FROM nik_neighbours('3216010101900001', 1) k;
SELECT count(*), count(DISTINCT k), max(k <-> '3216010101900001') FROM nik_neighbours('3216010101900001', 2) k;
SELECT state, message FROM pg_temp.try('(SELECT count(*) FROM nik_neighbours(''3216010101900001'', 4))');
SELECT state, message FROM pg_temp.try('(SELECT count(*) FROM nik_neighbours(''3216010101900001'', -1))');
-- family cards have the same
SELECT nkk '3216010101900001' <-> '3216010101900010' AS distance, nkk_within('3216010101900001', '3216010101900010', 1) AS within_1,
       nkk '3216010101900001' % '3216010101900010' AS similar, (SELECT count(*) FROM nkk_neighbours('3216010101900001', 1)) AS neighbours;
SET dtsen.nik_max_distance = 2;
SELECT nik '3216010101900001' % '3217010101900002';
SET dtsen.nik_max_distance = 0;
SELECT nik '3216010101900001' % '3216010101900002', nik '3216010101900001' % '3216010101900001';
SET dtsen.nik_max_distance = 4;
RESET dtsen.nik_max_distance;

-- functions that conditions below row security rest on raise nothing
SELECT p.oid::regprocedure
FROM pg_proc p
WHERE pronamespace = 'dtsen'::regnamespace AND proleakproof
  AND proname ~ '^_?(nik|nkk|kode_wilayah|wilayah)_'
  AND proname !~ '_(lt|le|eq|ne|ge|gt|cmp)(_bigint)?$'
ORDER BY p.oid::regprocedure::text COLLATE "C";
