-- Pseudonyms: HMAC by its definition, a key a project, nothing for others.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SET search_path = public, dtsen;

-- HMAC-SHA-256 (RFC 2104) written with sha256 alone
CREATE FUNCTION t.padded(key bytea, pad integer) RETURNS bytea LANGUAGE sql AS $$
    SELECT string_agg(set_byte('\x00', 0, get_byte(k || decode(repeat('00', 64), 'hex'), i) # pad), '' ORDER BY i)
    FROM (SELECT CASE WHEN length(key) > 64 THEN sha256(key) ELSE key END AS k) x, generate_series(0, 63) i $$;
CREATE FUNCTION t.hmac(key bytea, message bytea) RETURNS bytea LANGUAGE sql AS $$
    SELECT sha256(t.padded(key, 92) || sha256(t.padded(key, 54) || message)) $$;
SELECT is(encode(t.hmac('Jefe', 'what do ya want for nothing?'), 'hex'), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'the oracle: RFC 4231, case 2');
SELECT is_empty($$ SELECT n, k FROM unnest(ARRAY['0000000000000000', '3216010203900001', '9999999999999999']) n, unnest(ARRAY['0123456789abcdef', repeat('x', 64), repeat('y', 65), repeat('z', 200)]) k
    WHERE nik_pseudonym(n::nik, k::bytea) <> left(encode(t.hmac(k::bytea, 'nik'::bytea || '\x00' || n::bytea), 'hex'), 32)
       OR nkk_pseudonym(n::nkk, k::bytea) <> left(encode(t.hmac(k::bytea, 'nkk'::bytea || '\x00' || n::bytea), 'hex'), 32) $$, 'pseudonyms are what the definition says');
SELECT is((SELECT count(DISTINCT nik_pseudonym(n::nik, 'a key of sixteen')) FROM generate_series(3216010101900000, 3216010101904999) n), 5000::bigint, 'others for other people');
SELECT throws_ok($$ SELECT nik_pseudonym('3216010203900001', '123456789012345') $$, '22023', NULL, 'not under a short key');
SELECT is(nik_pseudonym(NULL, 'a key of sixteen'), NULL, 'nobody has none');

SELECT t.login('ver_a', 'verifikator', '3216'), t.login('bps1', 'bps', NULL) \g /dev/null
INSERT INTO reg.project (project, purpose, legal_basis, valid_to) VALUES ('riset', 'research', 'agreement', CURRENT_DATE + 30), ('lama', 'past', 'agreement', CURRENT_DATE), ('lain', 'other', 'agreement', CURRENT_DATE + 30);
UPDATE reg.project SET valid_from = CURRENT_DATE - 60, valid_to = CURRENT_DATE - 30 WHERE project = 'lama';
INSERT INTO reg.project_login VALUES ('riset', 'ver_a'), ('lama', 'ver_a'), ('lain', 'ver_a');
SELECT is(t.value('ver_a', 'SELECT reg.pseudonym(''riset'', ''3216010203900001'')'), (SELECT nik_pseudonym('3216010203900001', key) FROM reg.project WHERE project = 'riset'), 'who makes extracts of a project gets its pseudonyms');
SELECT isnt(t.value('ver_a', 'SELECT reg.pseudonym(''riset'', ''3216010203900001'')'), t.value('ver_a', 'SELECT reg.pseudonym(''lain'', ''3216010203900001'')'), 'others in another project');
SELECT throws_ok($$ SELECT t.value('bps1', 'SELECT reg.pseudonym(''riset'', ''3216010203900001'')') $$, '42501', NULL, 'nobody else does');
SELECT throws_ok($$ SELECT t.value('ver_a', 'SELECT reg.pseudonym(''lama'', ''3216010203900001'')') $$, '42501', NULL, 'nor after its time');
SELECT throws_ok($$ SELECT t.value('ver_a', 'SELECT reg.pseudonym(''nix'', ''3216010203900001'')') $$, '42501', NULL, 'nor of none');
SELECT throws_ok(format($$ SELECT t.value('ver_a', %L) $$, q), '42501', NULL, q) FROM unnest(ARRAY['SELECT key FROM reg.project', 'SELECT reg.project_key(''riset'')', 'INSERT INTO reg.project_login VALUES (''lain'', ''bps1'')']) q;
SELECT * FROM finish();
ROLLBACK;
