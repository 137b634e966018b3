-- Where standard_conforming_strings is off (PostgreSQL 19 knows it no more): no
-- function of dtsen or of a registry is read otherwise, when it is made or when it runs.
BEGIN;
CREATE FUNCTION pg_temp.conforming(value text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    PERFORM set_config('standard_conforming_strings', value, true), set_config('escape_string_warning', 'off', true);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE '%', SQLERRM;
END $$;
SELECT pg_temp.conforming('off') \g /dev/null
SELECT no_plan();
\ir include/registry.sql
SELECT pg_temp.conforming('on') \g /dev/null
SELECT is_empty($$ SELECT row_id, check_name, value FROM dtsen.check_registry('reg') $$, 'a registry is made as ever');

-- A backslash is in E'' only. Texts within dollar quotes are looked at as well, as
-- most are statements; $re$ says of one that it is not.
CREATE FUNCTION pg_temp.suspect(body text) RETURNS SETOF text LANGUAGE sql AS $body$
    SELECT m.m[1] FROM regexp_matches(body,
        $re$(--[^\n]*|/\*(?:[^*]|\*+[^*/])*\*+/|[$]re[$][^$]*[$]re[$]|"[^"]*"|[eE]'(?:''|\\.|[^'\\])*'|'(?:''|[^'])*')$re$, 'g') AS m (m)
    WHERE starts_with(m.m[1], '''') AND strpos(m.m[1], E'\\') > 0
$body$;
SELECT results_eq($$ SELECT t FROM unnest(ARRAY[E'SELECT ''\\d'', ''it''''s'', E''\\d''', E'-- ''\\d''\nSELECT 1 /* ''\\d'' */', E'EXECUTE $q$ SELECT ''\\d''$q$', E'SELECT $re$''\\d''$re$']) AS b,
    pg_temp.suspect(b) AS t $$, $$ VALUES (E'''\\d'''), (E'''\\d''') $$, 'how they are found');
SELECT is_empty($$ SELECT p.oid::regprocedure, pg_temp.suspect(p.prosrc)
    FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE p.pronamespace IN ('dtsen'::regnamespace, 'reg'::regnamespace, 'reg_bi'::regnamespace) AND l.lanname IN ('sql', 'plpgsql')
    AND NOT 'standard_conforming_strings=on' = ANY (coalesce(p.proconfig, '{}')) $$, 'none is in a plain literal of a function, nor of a template');

-- what some of them answer
CREATE FUNCTION pg_temp.answers() RETURNS TABLE (asked text, answer text) LANGUAGE sql AS $$
    SELECT 'date', reg.import_date('03/02/2001')::text || coalesce(reg.import_date('03/02-2001')::text, ' none')
    UNION ALL SELECT 'place', reg.place_key(' Kab. Bekasi') || reg.place_key('Kecamatan Tarumajaya') || reg.place_key('KABUN')
    UNION ALL SELECT 'field', reg.export_field(E'a\x01|"b')
    UNION ALL SELECT 'bytes', concat(v.v ~ reg.import_utf8()) FROM (VALUES (E'a\u00c3\u00a9'), (E'\u00c3x'), (E'\u00ff')) AS v (v)
    UNION ALL SELECT 'roles', s FROM dtsen.setup_roles('reg') AS s
    UNION ALL SELECT 'dictionary', d::text FROM dtsen.data_dictionary('reg') AS d
    UNION ALL SELECT 'severity', dtsen._registry_severity('grant', true, 'UPDATE ON reg.journal_block TO x', NULL)
$$;
SELECT t.login('data_a', 'pengelola', '32.16') \g /dev/null
CREATE TEMP TABLE usual AS SELECT * FROM pg_temp.answers();
SELECT pg_temp.conforming('off') \g /dev/null
DISCARD PLANS;
SELECT is_empty($$ (TABLE usual EXCEPT ALL SELECT * FROM pg_temp.answers()) UNION ALL (SELECT * FROM pg_temp.answers() EXCEPT ALL TABLE usual) $$, 'they answer the same');
SELECT is(t.import('data_a', 'keluarga', ARRAY[E'\\xefbbbf'::bytea || convert_to('"KODE_KELURAHAN_DESA"|nomor_kartu_keluarga|alamat' || E'\x1d', 'UTF8'),
    convert_to('3216011007|' || t.nkk(1) || '|"JL. ""MAWAR"" | 2"', 'UTF8'), convert_to('3216011007|' || t.nkk(2) || '|JL.' || E'\x01', 'UTF8'), convert_to('3216011007|' || t.nkk(3) || E'|JL.\u00ff', 'LATIN1')]),
    '3 read 1 accepted 2 refused 1 new 0 changed 0 same', 'a file with byte order mark, quotes, a control character and what is no UTF-8');
SELECT results_eq($$ SELECT r.reason FROM reg.import_reject AS r ORDER BY r.line_number $$, $$ VALUES ('control_byte'::varchar), ('not_utf8') $$, 'refused for these');
SELECT is_empty($$ SELECT row_id, check_name, value FROM dtsen.check_registry('reg') $$, 'and nothing drifted');
SELECT lives_ok($$ SELECT dtsen.upgrade_registry('reg') $$, 'nor is there anything to upgrade');
SELECT * FROM finish();
ROLLBACK;
