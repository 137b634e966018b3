-- The rules that every view for analysts keeps, from the catalogue; and what a
-- login of one region sees.
BEGIN;
SELECT no_plan();
\ir include/registry.sql
SET search_path = public, dtsen;

CREATE TEMP VIEW col AS
    SELECT c.oid, c.relname::text AS view_name, a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
        coalesce(col_description(c.oid, a.attnum), '') AS comment, coalesce(obj_description(c.oid, 'pg_class'), '') AS view_comment
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'reg_bi'::regnamespace;
SELECT cmp_ok((SELECT count(DISTINCT view_name) FROM col), '>=', 16::bigint, 'there are views');

-- 1. types that every driver shows as what they are; long integers are keys only
SELECT is_empty($$ SELECT view_name, name, type FROM col
    WHERE type !~ '^(character varying\([0-9]+\)|integer|bigint|numeric\([0-9]+,[0-9]+\)|double precision|date|timestamp with time zone|boolean)$'
    OR (type = 'bigint' AND name !~ '_id$') $$, 'standard types with a length or precision; bigint for keys only');
-- 2. no number, name, address or login of a person
SELECT is_empty($$ SELECT view_name, name FROM col WHERE name ~ 'nik|nkk|alamat|login|_by$|(^|_)nama(_|$)' $$,
    'no column for a number or name of a person');
SELECT is_empty($$ SELECT view_name, name, type FROM col WHERE name ~ '_code$' AND type <> 'character varying(10)' $$,
    'codes of regions are text of ten');
-- 3. plain views only, nothing that information_schema does not show
SELECT is_empty($$ SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'reg_bi'::regnamespace AND c.relkind <> 'v'
    UNION ALL SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'reg_bi'::regnamespace $$, 'nothing but plain views');
SELECT set_eq('SELECT DISTINCT view_name FROM col', $$ SELECT table_name::text FROM information_schema.views WHERE table_schema = 'reg_bi' $$,
    'information_schema shows them all');
-- 4. and 9.: a sentence, the grain, the key, when it changes; at most 64 columns
SELECT is_empty($$ SELECT DISTINCT view_name, view_comment FROM col WHERE view_comment !~
    '^[A-Z][^.]+\. Grain: [^.]+\. Key: [a-z_]+(, [a-z_]+)*\. (Changes with a|Always current|Constant)' $$,
    'the comment of a view is a sentence, the grain, the key and when it changes');
SELECT is_empty($$ SELECT d.view_name, k FROM (SELECT DISTINCT view_name, view_comment FROM col) AS d,
    LATERAL unnest(string_to_array((regexp_match(d.view_comment, 'Key: ([^.]+)\.'))[1], ', ')) AS k
    WHERE NOT EXISTS (SELECT FROM col AS c WHERE c.view_name = d.view_name AND c.name = k AND c.comment !~ '\mNULL\M') $$,
    'a key is made of columns of the view that are never NULL');
SELECT is_empty($$ SELECT view_name, count(*) FROM col GROUP BY 1 HAVING count(*) > 64 $$, 'at most 64 columns');
SELECT is_empty($$ SELECT view_name, name FROM col WHERE comment = '' $$, 'each column has a comment');
SELECT is_empty($$ SELECT view_name, name, comment FROM col WHERE comment ~* '\mempty\M' $$, 'what may be missing is called NULL');
-- 5. what takes one of few values has labels in both languages and an order;
-- names, free text and keys of a dimension with its own labels do not
SELECT is_empty($$
    SELECT c.view_name, c.name FROM col AS c
    WHERE c.type ~ '^character varying' AND c.name !~ '_(code|name)$|(^|_)label_(id|en)$'
    AND NOT (c.name = 'program' AND c.view_name <> 'dim_program')
    AND NOT (c.view_name, c.name) IN (VALUES ('edisi', 'model_version'), ('edisi', 'rule'), ('edisi', 'digest'), ('control_total', 'source'))
    AND 3 > (SELECT count(*) FROM col AS l WHERE l.view_name = c.view_name
        AND l.name IN (c.name || '_label_id', c.name || '_label_en', c.name || '_sort_order'))
    AND NOT (c.name IN ('program', 'state', 'status', 'machine')
        AND 3 = (SELECT count(*) FROM col AS l WHERE l.view_name = c.view_name AND l.name IN ('label_id', 'label_en', 'sort_order'))) $$,
    'each column of few values has both labels and an order');
SELECT is_empty($$ SELECT view_name, name, type FROM col WHERE name ~ 'sort_order$' AND type <> 'integer' $$, 'orders are integers');
SELECT is_empty($$ SELECT list FROM reg.label GROUP BY list HAVING min(sort_order) <> 1 OR max(sort_order) <> count(*) $$, 'and without gaps');
SELECT set_eq($$ SELECT DISTINCT m[1], w[1] FROM pg_constraint AS k,
    LATERAL regexp_matches(pg_get_constraintdef(k.oid), '^CHECK \(\(\((scope|unit|owner_level|verdict)\)::text = ANY (.*)$') AS m,
    LATERAL regexp_matches(m[2], $q$'([a-z_]+)'::$q$, 'g') AS w WHERE k.connamespace = 'reg'::regnamespace AND k.contype = 'c'
    AND k.conrelid <> 'reg.daftar_item'::regclass $$,
    $$ SELECT list::text, code::text FROM reg.label WHERE list <> 'movement' $$, 'every value that a table allows has its label, and no other');
SELECT is_empty($$ SELECT n FROM generate_series(-9, 9) AS n WHERE reg.movement_label(n) NOT IN (SELECT code FROM reg.label WHERE list = 'movement') $$,
    'so has every movement');
-- 6. days and months
SELECT is_empty($$ SELECT view_name, name, type FROM col WHERE (type = 'date') <> (name ~ '_date$')
    OR (type = 'timestamp with time zone') <> (name ~ '_at$') OR (name = 'month_key' AND type <> 'integer') $$,
    'days are called _date, instants _at, months are integers');
SELECT is_empty($$ SELECT view_name FROM col GROUP BY 1 HAVING count(*) FILTER (WHERE name = 'month_key') <> count(*) FILTER (WHERE name = 'month_date') $$,
    'a month has its key and its first day');
SELECT is_empty($$ SELECT view_name, pg_get_viewdef(oid) FROM (SELECT DISTINCT view_name, oid FROM col) AS v
    WHERE pg_get_viewdef(oid) ~ 'CURRENT_DATE|LOCALTIME|CURRENT_TIMESTAMP' $$, 'no day depends on the time zone of the session');
-- 7. the owner's barriers, not the invoker's
SELECT is_empty($$ SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'reg_bi'::regnamespace
    AND NOT coalesce(c.reloptions && '{security_barrier=true,security_barrier=on}', false) $$, 'each view is a security barrier');
SELECT is_empty($$ SELECT DISTINCT c.view_name FROM col AS c WHERE c.name ~ '^(kelurahan|kecamatan|kabupaten)_code$' AND c.view_name !~ '^dim_'
    AND pg_get_viewdef(c.oid) !~ 'bi_scope\(\)' $$, 'what has a region asks which ones the login may see');
-- 10. figures say of when they are, and of which edition
SELECT is_empty($$ SELECT view_name FROM col WHERE view_name !~ '^dim_' GROUP BY 1
    HAVING count(*) FILTER (WHERE name = 'as_of_date') = 0
    OR (count(*) FILTER (WHERE name = 'publication_id') > 0 AND count(*) FILTER (WHERE name = 'published_at') = 0) $$,
    'figures say of when they are, those of an edition when it was published');
-- 13. figures about people can be withheld
SELECT is_empty($$ SELECT DISTINCT view_name FROM col AS c WHERE name ~ '^(family|person|proposal|recipient)_count$' AND view_name <> 'edisi'
    AND (comment !~ 'NULL where suppressed' OR NOT EXISTS (SELECT FROM col AS s WHERE s.view_name = c.view_name AND s.name = 'is_suppressed')) $$,
    'figures about people can be withheld');

-- small cells
SELECT is_empty($$
    WITH g AS (SELECT i, j, floor(random() * random() * 20)::integer AS n FROM generate_series(1, 2000) AS i, generate_series(1, 1 + i % 11) AS j),
    h AS (SELECT *, reg.is_hidden_cell(n, min(n) OVER c, row_number() OVER (c ORDER BY n, j), sum(n) OVER (c ORDER BY n, j ROWS UNBOUNDED PRECEDING)) AS hidden
        FROM g WINDOW c AS (PARTITION BY i))
    SELECT i FROM h GROUP BY i
    HAVING bool_or(n < 5 AND NOT hidden)
    OR (bool_or(hidden) AND NOT bool_or(n < 5))
    OR (bool_or(hidden) AND count(*) > 1 AND (count(*) FILTER (WHERE hidden) < 2 OR (sum(n) >= 5 AND coalesce(sum(n) FILTER (WHERE hidden), 0) < 5))) $$,
    'random groups: no small cell is shown, none can be had by subtraction, nothing is hidden without a need');

-- regions: figures of two regencies of one province and of another one
SELECT t.login('kem', 'kemensos', NULL), t.login('ana', 'analis', NULL), t.login('ana_a', 'analis', '3216'), t.login('ana_c', 'analis', '32.16.01'),
    t.login('ana_p', 'analis', '32'), t.login('ana_two', 'analis', '3216'), t.login('ana_two', 'analis', '3578'), t.login('aud_b', 'auditor', '3217'),
    t.login('mix', 'analis', '3578'), t.login('mix', 'verifikator', '3216') \g /dev/null
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('ana_p', 'analis', 'person ana_p', '3216');
CREATE ROLE nobody_yet LOGIN;
GRANT reg_analis TO nobody_yet;
ALTER TABLE reg.edisi DISABLE TRIGGER USER;
INSERT INTO reg.edisi (id, name, state, cut_off_at, draw_at, recheck_from, recheck_to, publish_at, published_at)
SELECT 70, 'v70', 'terbit', d, d, d, d, d, d FROM (VALUES ('2026-07-20 00:00+07'::timestamptz)) AS x (d);
INSERT INTO reg.desil_summary (edisi_id, scope, wilayah, desil, families, persons, is_hidden)
SELECT 70, 'nasional', w, n, 10 * n, 30 * n, n = 10 FROM unnest('{321601,321602,321701,357801}'::kode_wilayah[]) AS w, generate_series(1, 10) AS n;
INSERT INTO reg.movement_summary (edisi_id, from_edisi_id, scope, wilayah, from_desil, to_desil, families, persons, is_hidden)
SELECT 70, 70, 'nasional', w, n, 5, 10, 30, false FROM unnest('{3216,3217,3578}'::kode_wilayah[]) AS w, generate_series(1, 10) AS n;
SELECT results_eq($$ SELECT l, t.value(l, $q$ SELECT string_agg(DISTINCT kecamatan_code, ' ' ORDER BY kecamatan_code) FROM reg_bi.desil_by_kecamatan $q$),
        t.value(l, $q$ SELECT string_agg(DISTINCT kabupaten_code, ' ' ORDER BY kabupaten_code) FROM reg_bi.movement_by_kabupaten $q$),
        t.value(l, 'SELECT count(*) FROM reg_bi.desil_by_kecamatan')
    FROM unnest('{ana,ana_a,ana_c,ana_p,ana_two,aud_b,mix,nobody_yet}'::text[]) WITH ORDINALITY AS u (l, n) ORDER BY n $$, $$ VALUES
    ('ana', '321601 321602 321701 357801', '3216 3217 3578', '40'), ('ana_a', '321601 321602', '3216', '20'), ('ana_c', '321601', NULL, '10'),
    ('ana_p', '321601 321602 321701', '3216 3217', '30'), ('ana_two', '321601 321602 357801', '3216 3578', '30'), ('aud_b', '321701', '3217', '10'),
    ('mix', '357801', '3578', '10'), ('nobody_yet', NULL, NULL, '0') $$,
    'each analyst sees the figures of his regions, once; rows of other roles do not widen that; who has no row sees none');
SELECT is((SELECT count(*) FROM reg_bi.desil_by_kecamatan), 40::bigint, 'the owner sees all');
CREATE FUNCTION t.peek(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN IF $1 = '321701' THEN RAISE EXCEPTION 'peeked'; END IF; RETURN true; END $$;
GRANT EXECUTE ON FUNCTION t.peek(text) TO PUBLIC;
SELECT is(t.value('ana_a', 'SELECT count(*) FROM reg_bi.desil_by_kecamatan WHERE t.peek(kecamatan_code)'), '20', 'a filter of his own does not see the others'' rows');
SELECT throws_ok($$ SELECT t.value('ana_a', 'SELECT count(*) FROM reg.desil_summary') $$, '42501', NULL, 'the tables behind are not for analysts');
SELECT throws_ok($$ SELECT t.value('ana_a', 'SELECT reg.program_summarise()') $$, '42501', NULL, 'nor is counting anew');
SELECT results_eq($$ SELECT month_key, month_date, as_of_date, published_at = '2026-07-20 00:00+07' FROM reg_bi.desil_by_kecamatan LIMIT 1 $$,
    $$ VALUES (202607, '2026-07-01'::date, '2026-07-20'::date, true) $$, 'an edition is of the month in Jakarta in which it is due');
SET TimeZone = 'America/New_York';
SELECT results_eq($$ SELECT month_key, month_date, as_of_date FROM reg_bi.desil_by_kecamatan LIMIT 1 $$,
    $$ VALUES (202607, '2026-07-01'::date, '2026-07-20'::date) $$, 'whatever the time zone of the session');
SELECT results_eq($$ SELECT publication_id, cut_off_date, publish_date, is_published, label_id, label_en, quarter_number FROM reg_bi.dim_period WHERE month_key = 202607 $$,
    $$ VALUES (70, '2026-07-20'::date, '2026-07-20'::date, true, 'Juli 2026'::varchar(20), 'July 2026'::varchar(20), 3) $$, 'the calendar is data');
RESET TimeZone;
SELECT is_empty($$ SELECT month_key FROM reg_bi.dim_period GROUP BY 1 HAVING count(*) > 1
    UNION ALL SELECT x.month FROM (SELECT to_char(m, 'YYYYMM')::integer AS month FROM generate_series((SELECT min(month_date) FROM reg_bi.dim_period),
        (SELECT max(month_date) FROM reg_bi.dim_period), interval '1 month') AS m) AS x WHERE x.month NOT IN (SELECT month_key FROM reg_bi.dim_period) $$,
    'every month is there, once');

-- a new version of a machine doubles nothing and renames what is in force only
INSERT INTO reg.keluarga (id, nkk, wilayah) SELECT n, t.nkk(n)::nkk, '3216011007' FROM generate_series(1, 7) AS n;
ALTER TABLE reg.usulan DISABLE TRIGGER USER;
INSERT INTO reg.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id) SELECT 'k' || n, 'ubah', '3216011007', n, '{}', 70 FROM generate_series(1, 7) AS n;
CREATE TEMP TABLE before AS SELECT state, label_en, proposal_count FROM reg_bi.usulan_by_state;
SELECT results_eq('TABLE before', $$ VALUES ('draf'::varchar(63), 'draft'::varchar(80), 7) $$, 'the funnel');
ALTER TABLE reg.state DISABLE TRIGGER USER;
INSERT INTO reg.state (machine, state, label_id, label_en, sort_order, version) VALUES ('usulan', 'draf', 'konsep', 'sketch', 1, 2);
SELECT results_eq('SELECT state, label_en, proposal_count FROM reg_bi.usulan_by_state', 'TABLE before', 'a draft of a version changes no figure and no word');
ALTER TABLE reg.machine DISABLE TRIGGER USER;
UPDATE reg.machine SET version = 2 WHERE machine = 'usulan';
SELECT results_eq('SELECT state, label_en, proposal_count FROM reg_bi.usulan_by_state', $$ VALUES ('draf'::varchar(63), 'sketch'::varchar(80), 7) $$,
    'a version in force changes the word, and no figure');

-- the dictionary
SELECT set_eq($$ SELECT view_name, column_name, data_type, description FROM dtsen.data_dictionary('reg') WHERE column_number > 0 $$,
    'SELECT view_name, name, type, comment FROM col', 'the dictionary has every column');
SELECT set_eq($$ SELECT view_name, description FROM dtsen.data_dictionary('reg') WHERE column_number = 0 $$,
    'SELECT view_name, view_comment FROM col', 'and every view');
SELECT results_eq($$ SELECT column_name, is_key, is_nullable, refers_to, array_to_string(accepted_values, ' ') FROM dtsen.data_dictionary('reg')
    WHERE view_name = 'desil_by_kecamatan' AND column_name IN ('publication_id', 'scope', 'kecamatan_code', 'desil', 'sort_order', 'family_count') ORDER BY column_number $$, $$ VALUES
    ('publication_id', true, false, 'edisi.publication_id', NULL), ('scope', true, false, NULL, 'nasional provinsi kabupaten'),
    ('kecamatan_code', true, false, 'dim_wilayah.wilayah_code', NULL), ('desil', false, true, NULL, '1 2 3 4 5 6 7 8 9 10'),
    ('sort_order', true, false, 'dim_desil.sort_order', '1 2 3 4 5 6 7 8 9 10 11'), ('family_count', false, true, NULL, NULL) $$,
    'with key, NULL, what it names and what it takes');
SELECT is(t.value('ana_a', $$ SELECT count(*) FROM dtsen.data_dictionary('reg') $$)::bigint, (SELECT count(*) + count(DISTINCT view_name) FROM col), 'analysts may read it');
SELECT throws_ok($$ SELECT * FROM dtsen.data_dictionary('reg_bi') $$, '3F000', 'there is no registry "reg_bi"', 'a name that is none');
SELECT throws_ok($$ SELECT dtsen.dbt_sources('nothing') $$, '3F000', 'there is no registry "nothing"', 'nor for dbt');
SELECT matches(t.value('ana_a', $$ SELECT dtsen.dbt_sources('reg') $$), E'\n          - name: wilayah_code\n            description: "[^\n]+"\n            data_type: "character varying\\(10\\)"\n            tests:\n              - not_null\n              - unique\n',
    'sources for dbt, with tests');
SELECT results_eq($$ SELECT count(*) FILTER (WHERE l ~ '^ *- relationships:'), count(*) FILTER (WHERE l ~ '^ *- accepted_values:'),
        count(*) FILTER (WHERE l ~ '^ *- not_null$'), count(*) FILTER (WHERE l ~ '^ *- unique$') FROM regexp_split_to_table(dtsen.dbt_sources('reg'), E'\n') AS l $$,
    $$ SELECT count(refers_to), count(accepted_values), count(*) FILTER (WHERE NOT is_nullable),
        (SELECT count(*) FROM (SELECT FROM dtsen.data_dictionary('reg') WHERE is_key GROUP BY view_name HAVING count(*) = 1) AS k)
       FROM dtsen.data_dictionary('reg') $$, 'exactly those that the dictionary says');
SELECT * FROM finish();
ROLLBACK;
