-- actor_regions(), scope_rows(), setup_lifecycle_roles().
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
CREATE FUNCTION value(role name, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE query INTO result;
    RESET ROLE;
    RETURN result;
END $$;
CREATE ROLE lct_many;
CREATE ROLE lct_country;
CREATE ROLE lct_plain;
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES
    ('lct_many', 'operator', 'person-6', '32.16.01'), ('lct_many', 'verifikator', 'person-6', '32.16.01.1007'),
    ('lct_many', 'kepala', 'person-6', '3216'), ('lct_many', 'operator', 'person-6', '12'), ('lct_many', 'analis', 'person-6', '11'),
    ('lct_country', 'kepala', 'person-7', NULL), ('lct_country', 'operator', 'person-7', '11.01');
\o
SELECT no_plan();

-- where who acts may act
SELECT is(value(role, format('SELECT dtsen.actor_regions(%L, %L)', 'reg', except_roles)), regions, role || ' but ' || except_roles)
FROM (VALUES ('lct_operator', '{}', '{321601}'), ('lct_many', '{}', '{11,12,3216}'), ('lct_many', '{analis,kepala}', '{12,321601}'),
    ('lct_many', '{analis,kepala,NULL,operator,verifikator}', NULL), ('lct_country', '{}', '{""}'), ('lct_country', '{kepala}', '{1101}'),
    ('lct_nobody', '{}', NULL), ('lct_super', '{}', '{""}'), ('lct_far', '{}', '{3201}')) AS v (role, except_roles, regions);
SELECT is(dtsen.actor_regions(NULL), NULL, 'NULL in, NULL out');
SELECT is(dtsen.actor_regions('reg', NULL), NULL, 'the roles too');
SELECT throws_ok($$SELECT dtsen.actor_regions('nix')$$, '39P01', NULL, 'no lifecycle, no regions');
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('lct_nobody', 'operator', 'person-8', '51.03');
SELECT is(value('lct_nobody', $$SELECT dtsen.actor_regions('reg')$$), '{5103}', 'a change is seen at once');
CREATE FUNCTION hop() RETURNS text[] LANGUAGE sql SECURITY DEFINER AS $$SELECT dtsen.actor_regions('reg')$$;
SELECT is(value('lct_operator', 'SELECT hop()'), '{321601}', 'a SECURITY DEFINER function does not make the caller another');
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('lct_far', 'kepala', 'person-9', '51');
SELECT is(value('lct_far', $$SELECT dtsen.actor_regions('reg')$$), '{3201,51}', 'a login of two persons reads');
SELECT alike(refusal('lct_far', $$INSERT INTO reg.usulan (id, wilayah) VALUES (1, '32.01')$$), '42501 | login stands for more than one person%',
    'and does nothing else');
DELETE FROM reg.actor WHERE person_key = 'person-9';

SELECT alike(refusal('lct_operator', format('INSERT INTO reg.usulan (id, wilayah) VALUES (1, %L)', w)), '42501 | % for the whole country, as the row has no region.%', 'no region: ' || coalesce(w, 'NULL'))
FROM unnest('{NULL,"",tidak ada}'::text[]) AS w;

-- rows are seen by region, whatever its type, level and spelling
CREATE TABLE reg.kode (nomor bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Status" text NOT NULL DEFAULT 'baru',
    "Wil'ayah" dtsen.kode_wilayah NOT NULL, versi int NOT NULL DEFAULT 1);
CREATE TABLE reg.padat (id serial PRIMARY KEY, state text NOT NULL DEFAULT 'a', wilayah char(13));
CREATE TABLE reg.angka (id int PRIMARY KEY, state text NOT NULL DEFAULT 'a', wilayah bigint);
CREATE TABLE reg.tanpa (id int PRIMARY KEY, state text NOT NULL DEFAULT 'a');
CREATE TABLE reg.bagian (id int PRIMARY KEY, state text NOT NULL DEFAULT 'a', wilayah dtsen.kode_wilayah) PARTITION BY RANGE (id);
CREATE TABLE reg.bagian_1 PARTITION OF reg.bagian DEFAULT;
SELECT format('ALTER TABLE reg.%I OWNER TO lct_owner', t) FROM unnest('{kode,padat,angka,tanpa,bagian,bagian_1}'::text[]) AS t \gexec
INSERT INTO reg.machine SELECT t, 1, CASE t WHEN 'kode' THEN 'baru' ELSE 'a' END FROM unnest('{kode,padat,angka,tanpa,bagian}'::text[]) AS t;
INSERT INTO reg.state (machine, state, is_final) SELECT m.machine, s, s = 'z' FROM reg.machine AS m,
    unnest(ARRAY[m.initial_state, 'z']) AS s WHERE m.machine IN ('kode', 'padat', 'angka', 'tanpa', 'bagian');
INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role)
    SELECT m.machine, m.initial_state, 'z', 'akhiri', 'penutup' FROM reg.machine AS m WHERE m.machine IN ('kode', 'padat', 'angka', 'tanpa', 'bagian');
SELECT setseed(0.4);
CREATE TABLE region AS SELECT left(p || lpad((random() * 3)::int::text, 2, '0') || lpad((1 + random() * 2)::int::text, 2, '0') || 2001, l) AS digits
    FROM generate_series(1, 60), unnest('{3216,3201,1201,5103}'::text[]) AS p, unnest('{2,4,6,10}'::int[]) AS l;
DELETE FROM region WHERE digits ~ '^....00';
INSERT INTO region VALUES ('3216011007'), ('321601');
INSERT INTO reg.kode ("Wil'ayah") SELECT digits::dtsen.kode_wilayah FROM region;
INSERT INTO reg.padat (wilayah) SELECT CASE WHEN random() < 0.5 THEN digits ELSE rtrim(regexp_replace(digits, '^(..)(..)?(..)?(....)?', '\1.\2.\3.\4'), '.') END
    FROM region UNION ALL SELECT NULL;
INSERT INTO reg.angka (id, wilayah) SELECT row_number() OVER (), digits::bigint FROM region;
INSERT INTO reg.bagian SELECT row_number() OVER (), 'a', digits::dtsen.kode_wilayah FROM region;
SELECT as_role('lct_owner', $q$
    SELECT dtsen.attach('reg.kode', 'kode', 'reg', 'nomor', 'Status', 'Wil''ayah', NULL, NULL, NULL, '{}', 'versi');
    SELECT dtsen.attach('reg.padat', 'padat', 'reg', changed_at_column => NULL, changed_by_column => NULL);
    SELECT dtsen.attach('reg.angka', 'angka', 'reg', changed_at_column => NULL, changed_by_column => NULL);
    SELECT dtsen.attach('reg.tanpa', 'tanpa', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL);
    SELECT dtsen.attach('reg.bagian', 'bagian', 'reg', changed_at_column => NULL, changed_by_column => NULL)$q$) \g /dev/null
CREATE TABLE before AS SELECT c.oid, c.relrowsecurity, (SELECT count(*) FROM pg_policy AS p WHERE p.polrelid = c.oid) AS n
    FROM pg_class AS c WHERE c.relnamespace = 'reg'::regnamespace;
SELECT is((SELECT count(*) FROM dtsen.scope_rows('reg.kode')), 3::bigint, 'three statements are shown');
SELECT results_eq($$SELECT c.oid, c.relrowsecurity, (SELECT count(*) FROM pg_policy AS p WHERE p.polrelid = c.oid)
    FROM pg_class AS c WHERE c.relnamespace = 'reg'::regnamespace$$, 'TABLE before', 'and nothing is done');
SELECT lives_ok(format($$SELECT as_role('lct_owner', 'SELECT dtsen.scope_rows(''reg.%s'', false)')$$, t), t || ': policy made')
FROM unnest('{kode,padat,angka,bagian,usulan}'::text[]) AS t;
SELECT alike((SELECT string_agg(s, ' ') FROM dtsen.scope_rows('reg.kode') AS s), 'ALTER POLICY scope ON reg.kode %', 'the next time it is altered');
SELECT lives_ok($$SELECT as_role('lct_owner', 'SELECT dtsen.scope_rows(''reg.kode'', false)')$$, 'which works as well');
GRANT SELECT ON reg.kode, reg.padat, reg.angka, reg.bagian TO PUBLIC;
CREATE FUNCTION seen(role name, relation text, col text) RETURNS text LANGUAGE sql AS $$
    SELECT value(role, format('SELECT string_agg(translate(%I::text, ''. '', ''''), '' '' ORDER BY translate(%1$I::text, ''. '', '''') COLLATE "C") FROM %s', col, relation)) $$;
-- the oracle: regions whose digits begin with one of those in table actor
CREATE FUNCTION expected(role name) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(r.digits, ' ' ORDER BY r.digits COLLATE "C") FROM region AS r
    WHERE EXISTS (SELECT FROM reg.actor AS a WHERE a.login = role AND starts_with(r.digits, replace(coalesce(a.wilayah, ''), '.', ''))) $$;
SELECT is(seen(role, 'reg.' || relation, col), expected(role), role || ' sees of ' || relation)
FROM unnest('{lct_operator,lct_many,lct_country,lct_nobody,lct_far,lct_plain,lct_verifier}'::text[]) AS role,
    (VALUES ('kode', 'Wil''ayah'), ('padat', 'wilayah'), ('angka', 'wilayah'), ('bagian', 'wilayah')) AS t (relation, col);
SELECT isnt(expected('lct_many'), expected('lct_country'), 'these are not all');
SELECT is(value(role, 'SELECT count(*) FROM reg.padat WHERE wilayah IS NULL'), n, role || ' and rows of no region')
FROM (VALUES ('lct_country', '1'), ('lct_many', '0'), ('lct_plain', '0')) AS v (role, n);
INSERT INTO reg.usulan (id, wilayah) SELECT 1, '32.16.01.1007' WHERE false;
SELECT alike(refusal('lct_operator', $$INSERT INTO reg.usulan (id, wilayah) VALUES (9, '51.03')$$), '42501%', 'nothing is written elsewhere');
SELECT is(refusal('lct_operator', $$INSERT INTO reg.usulan (id, wilayah) VALUES (9, '32.16.01.1007')$$), NULL, 'at home it is');
SELECT is(value('lct_nobody', 'WITH u AS (UPDATE reg.usulan SET isi = $q$x$q$ RETURNING 1) SELECT count(*) FROM u'), '0', 'what is not seen is not changed');

-- a collation under which unlike texts are equal
SELECT EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') AS has_icu \gset
\if :has_icu
SAVEPOINT alike;
CREATE COLLATION alike (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
DROP POLICY scope ON reg.padat;
ALTER TABLE reg.padat ALTER wilayah TYPE varchar(13) COLLATE alike;
SELECT as_role('lct_owner', $$SELECT dtsen.scope_rows('reg.padat', false)$$) \g /dev/null
SELECT is(value(role, 'SELECT count(*) FROM reg.padat'), n::text, 'regions are digits under any collation: ' || role) FROM (VALUES
    ('lct_operator', (SELECT count(*) FROM region WHERE starts_with(digits, '321601'))), ('lct_country', (SELECT count(*) + 1 FROM region))) AS v (role, n);
ROLLBACK TO alike;
\endif

-- a cursor that is read on as another shows what that one may see, not what lies between the regions of the two
CREATE FUNCTION read_on(first name, second name, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    c refcursor;
    seen text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', first);
    OPEN c FOR EXECUTE query;
    FETCH c INTO seen;
    EXECUTE format('SET LOCAL ROLE %I', second);
    FETCH c INTO seen;
    CLOSE c;
    RESET ROLE;
    RETURN seen;
END $$;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
-- a row beyond the regions of lct_many, and one between them
CREATE TABLE place AS SELECT 'kode' AS relation, 'nomor' AS id, 'Wil''ayah' AS col, min(nomor) FILTER (WHERE w LIKE '51%') AS beyond, min(nomor) FILTER (WHERE w LIKE '3201%') AS between
    FROM (SELECT nomor, "Wil'ayah"::text AS w FROM reg.kode) AS k
UNION ALL SELECT 'padat', 'id', 'wilayah', min(id) FILTER (WHERE w LIKE '51%'), min(id) FILTER (WHERE w LIKE '3201%') FROM (SELECT id, replace(wilayah, '.', '') AS w FROM reg.padat) AS p
UNION ALL SELECT 'angka', 'id', 'wilayah', min(id) FILTER (WHERE w LIKE '51%'), min(id) FILTER (WHERE w LIKE '3201%') FROM (SELECT id, wilayah::text AS w FROM reg.angka) AS a;
SELECT is(read_on('lct_country', 'lct_country', format('SELECT t.%1$I FROM (VALUES (%2$s), (%3$s)) AS v (x) LEFT JOIN reg.%4$I AS t ON t.%5$I = v.x', col, beyond, between, relation, id)) IS NULL, false, relation || ' has these rows')
FROM place;
SELECT is(read_on('lct_many', second, format('SELECT t.%1$I FROM (VALUES (%2$s), (%3$s)) AS v (x) LEFT JOIN reg.%4$I AS t ON t.%5$I = v.x', col, beyond, between, relation, id)), NULL, format('%s read on by %s', relation, second))
FROM unnest('{lct_nobody,lct_plain,lct_operator}'::text[]) AS second, place;
RESET enable_hashjoin;
RESET enable_mergejoin;

-- computed once a statement, and a range of an index
CREATE INDEX ON reg.kode ("Wil'ayah");
CREATE INDEX ON reg.padat ((replace(wilayah::text, '.', '')) COLLATE "C");
SET LOCAL enable_seqscan = off;
CREATE FUNCTION plan(role name, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    result text := '';
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        result := result || line || E'\n';
    END LOOP;
    RESET ROLE;
    RETURN result;
END $$;
SELECT matches(plan('lct_operator', 'SELECT count(*) FROM reg.kode'), 'Index Cond: \(\("Wil''ayah" \S*>=\)? .*\) AND \("Wil''ayah" \S*<=', 'a range of the index');
SELECT matches(plan('lct_operator', 'SELECT count(*) FROM reg.padat WHERE wilayah IS NOT NULL'), 'InitPlan', 'what is asked of dtsen is asked once');
SELECT doesnt_match(plan('lct_operator', 'SELECT count(*) FROM reg.' || t), '(Filter|Cond)[^\n]*actor_regions', 'and not for each row: ' || t)
FROM unnest('{kode,padat,angka,bagian,usulan}'::text[]) AS t;
RESET enable_seqscan;
SELECT set_config(s, v, true) FROM (VALUES ('max_parallel_workers_per_gather', '2'), ('parallel_setup_cost', '0'), ('parallel_tuple_cost', '0'),
    ('min_parallel_table_scan_size', '0'), ('enable_indexscan', 'off'), ('enable_bitmapscan', 'off')) AS t (s, v) \g /dev/null
SELECT matches(plan('lct_operator', 'SELECT count(*) FROM reg.padat'), 'Gather', 'a parallel plan');
DELETE FROM reg.actor WHERE login = 'lct_nobody';
SELECT is(value(role, 'SELECT count(*) FROM reg.padat'), n, 'amidst it ' || role || ' is asked for as well, and anew')
FROM (VALUES ('lct_nobody', '0'), ('lct_operator', (SELECT count(*) FROM region WHERE starts_with(digits, '321601'))::text), ('lct_nobody', '0')) AS v (role, n);
SELECT is(value('lct_nobody', $$SELECT dtsen.actor_regions('reg')$$), NULL, 'and after it');
INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('lct_nobody', 'operator', 'person-8', '51.03');
SELECT is(value('lct_nobody', 'SELECT count(*) FROM reg.padat'), (SELECT count(*) FROM region WHERE starts_with(digits, '5103'))::text, 'who has become an actor');
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET enable_indexscan;
RESET enable_bitmapscan;

-- what cannot be
SELECT throws_ok($$SELECT dtsen.scope_rows('reg.actor')$$, '42704', 'table reg.actor is under no machine', 'a table under no machine');
SELECT throws_ok($$SELECT dtsen.scope_rows('reg.bagian_1')$$, '42704', NULL, 'a partition');
SELECT throws_ok($$SELECT dtsen.scope_rows('reg.tanpa')$$, '55000', 'table reg.tanpa has no regions', 'one without regions');
SELECT throws_ok($$SELECT as_role('lct_operator', 'SELECT dtsen.scope_rows(''reg.kode'', false)')$$, '42501', NULL, 'another''s');
SELECT is_empty($$SELECT dtsen.scope_rows(NULL)$$, 'NULL in, nothing out');
CREATE TABLE other_policy (words) AS VALUES ('FOR SELECT USING (true)'), ('AS RESTRICTIVE USING (true)'), ('USING (true) WITH CHECK (true)');
DROP POLICY scope ON reg.bagian;
SELECT alike(refusal('lct_owner', format('CREATE POLICY scope ON reg.bagian %s; SELECT dtsen.scope_rows(''reg.bagian'', %L)', words, dry)), '42710 | table reg.bagian has another policy "scope"%', words || ' stays what it is')
FROM other_policy, unnest('{true,false}'::bool[]) AS dry;

-- group roles
SELECT set_eq($$SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'reg\_%'$$, '{}'::text[], 'none are there');
SELECT ok((SELECT count(*) > 20 FROM dtsen.setup_lifecycle_roles('reg')), 'shown');
CREATE FUNCTION hint(role name, query text, OUT code text, OUT cure text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE query;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, cure = PG_EXCEPTION_HINT;
END $$;
SELECT results_eq($$SELECT code, cure LIKE 'A superuser%' FROM hint('lct_owner', 'SELECT dtsen.setup_lifecycle_roles(''reg'', false)')$$, $$VALUES ('42501', true)$$,
    'whoever may not make roles is told who may');
SELECT results_eq($$SELECT code, cure LIKE '%go on with attach()%' FROM hint('lct_owner', 'SELECT dtsen.create_lifecycle(''reg'')')$$, $$VALUES ('42P07', true)$$,
    'and whoever makes a lifecycle twice how to go on');
SELECT set_eq($$SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'reg\_%'$$, '{}'::text[], 'and not made');
REVOKE ALL ON reg.usulan, reg.kode, reg.padat, reg.angka, reg.bagian FROM PUBLIC;
REVOKE ALL ON SCHEMA reg FROM PUBLIC;
SELECT ok((SELECT count(*) > 20 FROM dtsen.setup_lifecycle_roles('reg', false)), 'made');
SELECT set_eq($$SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'reg\_%' AND NOT rolcanlogin AND NOT rolsuper$$,
    '{reg_operator,reg_verifikator,reg_kepala,reg_penutup,reg_perancang_mesin,reg_penyetuju_mesin,reg_auditor}'::text[], 'those that machines name, and three');
SELECT set_eq($$SELECT s FROM dtsen.setup_lifecycle_roles('reg') AS s WHERE s NOT LIKE 'GRANT %'$$, '{}'::text[], 'the next time there are only rights');
SELECT matches(shobj_description(oid, 'pg_authid'), '^lifecycle reg: ', rolname || ' has a comment') FROM pg_roles WHERE rolname LIKE 'reg\_%';
SELECT alike(refusal('lct_operator', $$INSERT INTO reg.usulan (id, wilayah) VALUES (10, '32.16.01')$$), '42501 | permission denied for schema reg%', 'no right without a role');
GRANT reg_operator TO lct_operator, lct_plain;
GRANT reg_verifikator TO lct_verifier;
GRANT reg_penutup TO lct_plain;
GRANT reg_auditor TO lct_head;
GRANT reg_penyetuju_mesin TO lct_country;
GRANT reg_perancang_mesin TO lct_far;
SELECT is(refusal('lct_operator', $$INSERT INTO reg.usulan (id, wilayah) VALUES (10, '32.16.01')$$), NULL, 'an operator proposes');
SELECT is(refusal('lct_operator', $$UPDATE reg.usulan SET state = 'diajukan' WHERE id = 10$$), NULL, 'submits');
SELECT alike(refusal('lct_verifier', $$INSERT INTO reg.usulan (id, wilayah) VALUES (11, '32.16.01')$$), '42501 | permission denied for table usulan%', 'a verifier does not propose');
SELECT is(refusal('lct_verifier', $$UPDATE reg.usulan SET state = 'disahkan' WHERE id = 10$$), NULL, 'he verifies');
SELECT alike(refusal('lct_plain', $$INSERT INTO reg.usulan (id, wilayah) VALUES (12, '32.16.01')$$), '42501%', 'the role alone makes nobody an actor');
SELECT alike(refusal(role, query), '42501 | permission denied%', role || ' may not: ' || query)
FROM unnest('{lct_operator,lct_verifier,lct_head,lct_far,lct_country}'::text[]) AS role,
    unnest('{INSERT INTO reg.actor (login) VALUES ($$x$$),DELETE FROM reg.usulan,TRUNCATE reg.usulan,SELECT person_key\, wilayah FROM reg.actor,
        UPDATE reg.machine SET version = 2,INSERT INTO reg.journal_block DEFAULT VALUES}'::text[]) AS query;
SELECT ok(value('lct_head', 'SELECT count(*) FROM reg.journal')::int > 2, 'an auditor reads the journal');
SELECT alike(refusal('lct_operator', 'SELECT FROM reg.journal'), '42501%', 'an operator does not');
SELECT ok(has_column_privilege('reg_penyetuju_mesin', 'reg.kode', 'versi', 'UPDATE')
    AND NOT has_column_privilege('reg_penyetuju_mesin', 'reg.kode', 'Status', 'UPDATE'), 'rows are moved to another version by who approves it');
SELECT ok(has_sequence_privilege('reg_penutup', 'reg.padat_id_seq', 'USAGE'), 'numbers come from the table''s sequence');
INSERT INTO reg.actor (login, actor_role, person_key) VALUES ('lct_country', 'penyetuju_mesin', 'person-7'), ('lct_far', 'perancang_mesin', 'person-4');
SELECT is(refusal('lct_far', $$SELECT dtsen.machine_draft('reg', 'usulan')$$), NULL, 'a version is drafted');
SELECT is(refusal('lct_far', $$DELETE FROM reg.transition WHERE machine = 'usulan' AND version = 2 AND action = 'kembalikan'$$), NULL, 'written');
SELECT is(refusal('lct_far', $$SELECT dtsen.machine_submit('reg', 'usulan', 2, 'why')$$), NULL, 'submitted');
SELECT is(refusal('lct_country', $$SELECT dtsen.machine_approve('reg', 'usulan', 2, 'so')$$), NULL, 'and approved with these rights');

-- what cannot be
SELECT throws_ok($$SELECT dtsen.setup_lifecycle_roles('nix')$$, '42P01', NULL, 'no lifecycle');
SELECT throws_ok($$SELECT as_role('lct_operator', 'SELECT dtsen.setup_lifecycle_roles(''reg'', false)')$$, '42501', NULL, 'nobody makes roles who may not');
CREATE SCHEMA nama_skema_yang_panjangnya_lebih_dari_lima_puluh_huruf_betul;
SELECT lives_ok($$SELECT dtsen.create_lifecycle('nama_skema_yang_panjangnya_lebih_dari_lima_puluh_huruf_betul')$$, 'a long name of a schema');
SELECT throws_ok($$SELECT dtsen.setup_lifecycle_roles('nama_skema_yang_panjangnya_lebih_dari_lima_puluh_huruf_betul')$$, '42622', 'the name of a role would be too long', 'leaves none for roles');
CREATE TABLE reg.meta ();
SELECT throws_ok($$SELECT dtsen.setup_lifecycle_roles('reg')$$, '42809', 'schema "reg" is a registry', 'a registry has its own');
SELECT throws_ok(format('SELECT dtsen.scope_rows(%L, %L)', 'reg.kode', dry), '42809', 'table reg.kode belongs to a registry', 'and policies of its own')
FROM unnest('{true,false}'::bool[]) AS dry;
DROP TABLE reg.meta;
CREATE SCHEMA reg_perancang;
SELECT dtsen.create_lifecycle('reg_perancang') \g /dev/null
INSERT INTO reg_perancang.machine VALUES ('m', 1, 'a');
INSERT INTO reg_perancang.state (machine, state) VALUES ('m', 'a'), ('m', 'b');
INSERT INTO reg_perancang.transition (machine, from_state, to_state, action, actor_role) VALUES ('m', 'a', 'b', 'go', 'mesin');
CREATE TABLE reg_perancang.m (id int PRIMARY KEY, state text, wilayah text);
SELECT dtsen.attach('reg_perancang.m', 'm', 'reg_perancang', changed_at_column => NULL, changed_by_column => NULL) \g /dev/null
SELECT throws_ok(format('SELECT dtsen.setup_lifecycle_roles(%L, %L)', 'reg_perancang', dry), '42710', 'role "reg_perancang_mesin" is of another lifecycle', 'two lifecycles do not share a role by their names')
FROM unnest('{true,false}'::bool[]) AS dry;
CREATE SCHEMA "Odd ""schema";
SELECT dtsen.create_lifecycle('Odd "schema') \g /dev/null
INSERT INTO "Odd ""schema".machine VALUES ('it''s', 1, 'a');
INSERT INTO "Odd ""schema".state (machine, state) VALUES ('it''s', 'a'), ('it''s', 'b');
INSERT INTO "Odd ""schema".transition (machine, from_state, to_state, action, actor_role) VALUES ('it''s', 'a', 'b', 'go', 'o"dd; x''y %1$s');
CREATE TABLE "Odd ""schema"."t '%1$s" ("%s" int PRIMARY KEY, "state '""" text, "w%I" text);
SELECT dtsen.attach('"Odd ""schema"."t ''%1$s"', 'it''s', 'Odd "schema', '%s', 'state ''"', 'w%I', NULL, NULL, NULL) \g /dev/null
SELECT lives_ok($$SELECT dtsen.setup_lifecycle_roles('Odd "schema', false)$$, 'any name will do');
SELECT lives_ok($$SELECT dtsen.scope_rows('"Odd ""schema"."t ''%1$s"', false)$$, 'for policies too');
SELECT ok(has_table_privilege('Odd "schema_o"dd; x''y %1$s', '"Odd ""schema"."t ''%1$s"', 'INSERT'), 'and means what it says');
SELECT * FROM finish();
ROLLBACK;
