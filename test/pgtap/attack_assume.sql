-- Acting for others on a signature: who is meant acts, and nothing else makes
-- anybody another. The HMAC is made here from sha256() alone.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
CREATE ROLE lct_pool;
CREATE ROLE lct_pool2;
GRANT lct_operator, lct_head TO lct_pool;
\ir include/hmac.sql
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES
        ('siti', 'operator', 'person-11', '3216'), ('budi', 'verifikator', 'person-12', '3216'),
        ('siti2', 'verifikator', 'person-11', '3216'), ('dewi', 'operator', 'person-13', '3216'), ('dewi', 'kepala', 'person-13', '3216'),
        ('jauh', 'operator', 'person-14', '3201'), ('rina', 'perancang_mesin', 'person-15', NULL), ('agus', 'penyetuju_mesin', 'person-16', NULL),
        ('agus', 'perancang_mesin', 'person-16', NULL);
    INSERT INTO reg.assume_key (key_id, login, actors, actor_roles, valid_from, valid_to, revoked_at) VALUES
        ('k1', 'lct_pool', '{siti2,rina,agus}', '{operator,verifikator}', now() - interval '1 day', now() + interval '1 day', NULL),
        ('k2', 'lct_pool', '{siti}', '{}', now() - interval '1 day', now() + interval '1 day', now() + interval '1 hour'),
        ('revoked', 'lct_pool', '{siti}', '{}', now() - interval '1 day', now() + interval '1 day', now() - interval '1 hour'),
        ('over', 'lct_pool', '{siti}', '{}', now() - interval '1 day', now() - interval '1 hour', NULL),
        ('early', 'lct_pool', '{siti}', '{}', now() + interval '1 hour', now() + interval '1 day', NULL),
        ('other', 'lct_pool2', '{siti}', '{}', now() - interval '1 day', now() + interval '1 day', NULL)$q$);
SELECT as_role('lct_operator', $q$INSERT INTO reg.usulan (id, wilayah, isi) SELECT g, '3216012001', 'x' FROM generate_series(1, 20) AS g$q$);
-- what an application makes of a nonce
CREATE FUNCTION token(nonce text, actor text, key text = 'k1', schema text = 'reg', life int = 60) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s.%s.%s', k.key_id, e, encode(public.hmac(k.secret, concat_ws(E'\n', 'dtsen.assume.1', nonce, schema, actor, e)), 'hex'))
    FROM reg.assume_key AS k, LATERAL (SELECT extract(epoch FROM clock_timestamp())::bigint + life) AS t (e) WHERE k.key_id = key
$$;
-- The pool's login assumes somebody and runs a statement; the result is its
-- SQLSTATE, or what it returns. mend: what is done to the token on its way.
CREATE FUNCTION pool(actor text, statement text = 'SELECT dtsen.assumed_actor(''reg'')', key text = 'k1', mend text = '$1', login text = 'lct_pool',
    schema text = 'reg', life int = 60) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    nonce text;
    given text;
    result text;
BEGIN
    EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', login);
    nonce := dtsen.assume_nonce();
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
    EXECUTE 'SELECT ' || mend INTO given USING token(nonce, actor, key, schema, life), nonce, key;
    EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', login);
    PERFORM dtsen.assume(schema, actor, given);
    IF statement ~ '^(SELECT|UPDATE.* RETURNING|WITH)' THEN
        EXECUTE statement INTO result;
    ELSE
        EXECUTE statement;
    END IF;
    PERFORM dtsen.assume_end();
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
CREATE FUNCTION left_alone() RETURNS text LANGUAGE sql AS 'SELECT dtsen.assume_end()::text';
CREATE FUNCTION code(login text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', login);
    EXECUTE statement;
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
\o
SELECT no_plan();

-- 1. who is assumed acts
SELECT is(pool('siti'), 'siti', 'somebody who is no database role is assumed');
SELECT is(dtsen.assumed_actor('reg'), NULL::name, 'and no longer after assume_end');
SELECT is(pool('siti', 'UPDATE reg.usulan SET state = ''diajukan'', changed_by = ''budi'' WHERE id BETWEEN 1 AND 5'), NULL, 'takes a step');
SELECT results_eq('SELECT DISTINCT changed_by FROM reg.usulan WHERE id BETWEEN 1 AND 5', ARRAY['siti'], 'is in the stamp');
SELECT results_eq($q$SELECT DISTINCT login, session_login, person_key FROM reg.journal WHERE action = 'ajukan'$q$,
    $q$VALUES ('siti'::name, 'lct_pool'::name, 'person-11')$q$, 'and in the journal, with the login of the pool');
SELECT is(pool(who, s), wanted, format('%s: %s', who, s)) FROM (VALUES
    ('siti', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 1', '42501'),
    ('jauh', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 6', '42501'),
    ('siti2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 1', 'SE006'),
    ('budi', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 1', NULL),
    ('budi', 'UPDATE reg.usulan SET state = ''ditolak'' WHERE id = 2', 'SE003'),
    ('budi', 'SELECT count(*) FROM dtsen.explain_transition(''reg.usulan'', ''2'', ''disahkan'')', '0'),
    ('siti2', 'SELECT sqlstate FROM dtsen.explain_transition(''reg.usulan'', ''2'', ''disahkan'')', 'SE006')) AS a (who, s, wanted);
SELECT is(code('lct_pool', 'UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 6'), '42501', 'the pool by itself is nobody');
SELECT is(pool('siti', key => 'k2'), 'siti', 'a second key of the login; one that is to be revoked later');

SELECT is(pool('siti2', 'UPDATE reg.usulan SET state = ''disahkan'' WHERE id = 3 RETURNING public.left_alone()'), '42501', 'nobody takes off his hat in the midst of a statement');

-- 2. whom: listed, or all of whose roles are
SELECT is(pool(who, key => k), '42501', format('key %s may not assume %s', k, who)) FROM (VALUES
    ('dewi', 'k1'), ('budi', 'k2'), ('lct_head', 'k1'), ('nobody', 'k1'), ('', 'k1')) AS a (who, k);

-- 3. forged: any byte of the signature, any part of what is signed
SELECT is(count(*) FILTER (WHERE pool('siti', mend => format($m$overlay($1 PLACING translate(substr($1, length($1) - %s, 1), '0123456789abcdef', '123456789abcdef0')
    FROM length($1) - %s FOR 1)$m$, n, n)) = '28000'), 64::bigint, 'each of 64 digits counts') FROM generate_series(0, 63) AS n;
SELECT is(pool('siti', mend => m), '28000', 'refused: ' || m) FROM unnest(ARRAY[
    'token($2, ''budi'')', 'token($2, ''siti'', schema => ''public'')', 'token($2, ''Siti'')', 'token(dtsen.assume_nonce(), ''siti'') || ''0''',
    'token(replace($2, ''.'' || pg_backend_pid(), ''.1''), ''siti'')', 'token(regexp_replace($2, ''[0-9]+\.t$'', ''1.t''), ''siti'')',
    'token(regexp_replace($2, ''t$'', ''s''), ''siti'')', 'token(repeat(''0'', 64) || substr($2, 65), ''siti'')',
    'replace($1, ''k1.'', ''k2.'')', 'replace($1, ''k1.'', ''k3.'')', 'replace($1, ''k1.'', ''.'')', 'regexp_replace($1, ''\.[0-9]+\.'', ''.99999999999.'')',
    'regexp_replace($1, ''\.[0-9]+\.'', ''.999999999999999999999.'')', 'regexp_replace($1, ''\.[0-9]+\.'', ''.-1.'')', 'regexp_replace($1, ''\.[0-9]+\.'', ''..'')',
    'upper($1)', '$1 || '' ''', '''''', '''.''', '''..''', 'left($1, -1)', 'repeat(''x'', 100000)', '$1 || $1',
    'format(''k1.%s.%s'', split_part($1, ''.'', 2), encode(hmac(''\x'', ''''), ''hex''))']) AS m;
SELECT is(pool('siti', mend => 'NULL::text'), '22004', 'no token');
SELECT is(code('lct_pool', s), '22004', s) FROM unnest(ARRAY['SELECT dtsen.assume(NULL, ''siti'', ''x'')', 'SELECT dtsen.assume(''reg'', NULL, ''x'')', 'SELECT dtsen.assume_nonce(NULL)']) AS s;
SELECT is(pool(E'siti\nx'), '22023', 'a line feed would let two texts be one');
SELECT is(pool('siti', life => -1), '28000', 'expired');
SELECT is(pool('siti', key => k), '28000', 'key is ' || k) FROM unnest(ARRAY['revoked', 'over', 'early', 'other']) AS k;
SELECT is(pool('siti', login => 'lct_pool2'), '28000', 'a key of another login');
SELECT is(pool('siti', login => 'lct_super'), '28000', 'a superuser needs a key of his like everyone');
SELECT is(pool('siti', key => 'other', login => 'lct_pool2'), 'siti', 'and with its own it may');
SELECT is(code('lct_pool', 'SET dtsen.assumed_actor = ''siti'''), '42602', 'there is no setting');

-- 4. a nonce is for one attempt
SET LOCAL SESSION AUTHORIZATION lct_pool;
SELECT dtsen.assume_nonce() AS nonce \gset
SELECT dtsen.assume_nonce() AS nonce2 \gset
SET LOCAL SESSION AUTHORIZATION DEFAULT;
SELECT isnt(:'nonce'::text, :'nonce2'::text, 'each nonce is another');
SELECT matches(:'nonce2'::text, format('^[0-9a-f]{64}\.%s\.%s\.t$', pg_backend_pid(), (SELECT oid FROM pg_database WHERE datname = current_database())), 'it names backend and database');
SELECT token(:'nonce', 'siti') AS token, token(:'nonce2', 'siti') AS token2 \gset
SELECT is(code('lct_pool', format('SELECT dtsen.assume(''reg'', ''siti'', %L)', t)), w, n) FROM (VALUES (1, :'token'::text, '28000', 'a nonce that another has replaced'),
    (2, :'token2', '28000', 'the right one, after an attempt')) AS v (i, t, w, n) ORDER BY i;
SET LOCAL SESSION AUTHORIZATION lct_pool;
SELECT dtsen.assume_nonce() AS nonce \gset
SET LOCAL SESSION AUTHORIZATION DEFAULT;
SELECT token(:'nonce', 'siti') AS token \gset
SET LOCAL SESSION AUTHORIZATION lct_pool;
SELECT dtsen.assume('reg', 'siti', :'token') \g /dev/null
SET LOCAL SESSION AUTHORIZATION DEFAULT;
SELECT is(code('lct_pool', format('SELECT dtsen.assume(''reg'', ''siti'', %L)', :'token')), '28000', 'a token twice');
SELECT is(code('lct_pool', 'SELECT dtsen.assume(''reg'', ''budi'', ''k1.1.00'')'), '28000', 'no nonce');

-- 5. how far it reaches: siti is assumed here
CREATE FUNCTION acting(statement text, login text = 'lct_pool') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', login);
    EXECUTE statement INTO result;
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT is(acting('SELECT dtsen.assumed_actor(''reg'')'), 'siti', 'assumed');
SELECT is(dtsen.assumed_actor('reg'), NULL::name, 'not to another session user');
SELECT is(acting('SELECT dtsen.assumed_actor(''reg'')', 'lct_operator'), NULL, 'nor to an actor');
SELECT is(acting('SELECT dtsen.assumed_actor(''public'')'), NULL, 'nor in another lifecycle');
SELECT is(acting('SELECT dtsen.assumed_actor(NULL)'), NULL, 'NULL: none');
SAVEPOINT roles;
SET LOCAL SESSION AUTHORIZATION lct_pool;
SET LOCAL ROLE lct_head;
UPDATE reg.usulan SET state = 'diajukan' WHERE id = 7;
RESET SESSION AUTHORIZATION;
SELECT is((SELECT changed_by FROM reg.usulan WHERE id = 7), 'siti', 'SET ROLE changes rights, not who acts');
ROLLBACK TO roles;
CREATE FUNCTION reg.hop() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ UPDATE reg.usulan SET state = 'diajukan' WHERE id = 8 RETURNING changed_by $$;
GRANT EXECUTE ON FUNCTION reg.hop() TO PUBLIC;
SELECT is(acting('SELECT reg.hop()'), 'siti', 'nor does a SECURITY DEFINER function');
CREATE FUNCTION asks(int) RETURNS bool LANGUAGE sql PARALLEL SAFE COST 100000 AS $$ SELECT dtsen.assumed_actor('reg') = 'siti' $$;
CREATE TABLE big AS SELECT g AS id FROM generate_series(1, 5000) AS g;
GRANT SELECT ON big TO PUBLIC;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_leader_participation = off;
SELECT is(acting('SELECT count(*) FROM big WHERE asks(id)'), '0A000', 'a worker says that it does not know');
SELECT is(acting('SELECT count(*) FROM big WHERE dtsen.assumed_actor(''reg'') = ''siti'''), '5000', 'nor is it asked');
SAVEPOINT inner_one;
SELECT is(pool('budi', 'SELECT dtsen.assumed_actor(''reg'')'), 'budi', 'another in the place of the first');
SELECT is(acting('SELECT dtsen.assumed_actor(''reg'')'), NULL, 'then nobody');
ROLLBACK TO inner_one;
SELECT is(acting('SELECT dtsen.assumed_actor(''reg'')'), NULL, 'also when that is rolled back');
SELECT is(pool('siti', 'SELECT public.pool(''budi'', ''SELECT 1/0'') || coalesce(dtsen.assumed_actor(''reg''), '' nobody'')'), '22012 nobody',
    'a subtransaction that is undone leaves nobody assumed');

-- 6. revoked meanwhile; an actor's rows taken away meanwhile
CREATE FUNCTION reg.revoke() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ UPDATE reg.assume_key SET revoked_at = now() WHERE key_id = 'k2' RETURNING 'revoked' $$;
CREATE FUNCTION reg.dismiss(who name) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ DELETE FROM reg.actor WHERE login = who RETURNING 'dismissed' $$;
CREATE FUNCTION reg.promote(who name) RETURNS text LANGUAGE sql SECURITY DEFINER AS $$
    INSERT INTO reg.actor (login, actor_role, person_key, wilayah) SELECT who, 'kepala', a.person_key, NULL FROM reg.actor AS a WHERE a.login = who RETURNING 'promoted' $$;
SELECT is(pool('siti', $q$SELECT reg.revoke(), dtsen.assumed_actor('reg')$q$, key => 'k2'), 'revoked', 'revoked in the midst of a statement');
SELECT is((SELECT revoked_at FROM reg.assume_key WHERE key_id = 'k2'), now(), 'which stays');
SELECT is(pool('siti', key => 'k2'), '28000', 'and counts from then on');
UPDATE reg.assume_key SET revoked_at = NULL WHERE key_id = 'k2';
SELECT is(pool('siti', 'DO $d$ BEGIN PERFORM reg.revoke(); UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 9; END $d$', key => 'k2'), '28000', 'for the guard, too');
SELECT is(pool('siti', 'DO $d$ BEGIN PERFORM reg.revoke(); PERFORM dtsen.assumed_actor(''reg''); END $d$', key => 'k2'), '28000', 'and for policies');
-- k1 may assume siti by her role, k2 by her name
SELECT is(pool(who, format('DO $d$ BEGIN PERFORM reg.%s(%L); %s; END $d$', change, who, asked), key => k), wanted, format('%s by %s, then %s: %s', who, k, change, asked))
FROM (VALUES ('dismiss', 'siti', 'k1', '28000'), ('dismiss', 'siti', 'k2', '28000'), ('dismiss', 'rina', 'k1', '28000'),
        ('promote', 'siti', 'k1', '28000')) AS a (change, who, k, wanted),
    unnest(ARRAY['UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 9', 'PERFORM dtsen.assumed_actor(''reg'')', 'PERFORM dtsen.actor_regions(''reg'')']) AS asked
WHERE who <> 'rina' OR asked LIKE 'PERFORM%';
SELECT is(pool('siti', 'DO $d$ BEGIN PERFORM reg.promote(''siti''); PERFORM dtsen.assumed_actor(''reg''); PERFORM dtsen.actor_regions(''reg''); END $d$', key => 'k2'), NULL, 'who may be assumed by name may have any role');
DELETE FROM reg.actor WHERE login = 'siti' AND actor_role = 'kepala';
SELECT is(pool('siti', 'DO $d$ BEGIN PERFORM reg.dismiss(''jauh''); UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 9; END $d$'), NULL, 'another''s dismissal does not end it');
SELECT is(code('lct_operator', 'DO $d$ BEGIN PERFORM reg.dismiss(''lct_operator''); UPDATE reg.usulan SET state = ''diajukan'' WHERE id = 10; END $d$'), '42501',
    'who acts for himself loses his rights at once, too');

-- 7. who drafts a machine is its editor, whoever connects
SELECT as_role('lct_owner', 'GRANT SELECT ON reg.machine, reg.state, reg.transition, reg.machine_version, reg.actor, reg.calendar TO lct_pool;
    GRANT INSERT, UPDATE, DELETE ON reg.state, reg.transition TO lct_pool; GRANT INSERT, UPDATE ON reg.machine_version TO lct_pool') \g /dev/null
SELECT is(pool('rina', 'SELECT dtsen.machine_draft(''reg'', ''usulan'')'), '2', 'rina drafts');
SELECT is(pool('agus', 'UPDATE reg.transition SET needs_reason = true WHERE machine = ''usulan'' AND version = 2 AND action = ''ajukan'''), NULL, 'agus edits, in the same transaction');
SELECT results_eq($q$SELECT login, action FROM reg.journal WHERE machine = 'mesin' GROUP BY login, action ORDER BY 1, 2$q$,
    $q$VALUES ('agus'::name, 'edit'), ('rina', 'born'), ('rina', 'edit')$q$, 'both are in the journal');
SELECT is(pool('rina', 'SELECT dtsen.machine_submit(''reg'', ''usulan'', 2, ''x'') IS NOT NULL'), 'true', 'rina submits');
SELECT is(pool('agus', 'SELECT dtsen.machine_approve(''reg'', ''usulan'', 2, ''x'')'), 'SE006', 'agus, who edited, cannot approve');

-- 8. the keys
SELECT is(code(who, s), '42501', format('%s: %s', who, s)) FROM unnest(ARRAY['lct_pool', 'lct_operator', 'lct_nobody']) AS who,
    unnest(ARRAY['SELECT secret FROM reg.assume_key', 'SELECT FROM reg.assume_key', 'UPDATE reg.assume_key SET actors = ''{dewi}''', 'DELETE FROM reg.assume_key',
        'INSERT INTO reg.assume_key (key_id, login, actors, valid_to) VALUES (''mine'', ''lct_nobody'', ''{siti}'', ''2100-01-01'')']) AS s;
SELECT is((SELECT count(DISTINCT secret) FROM reg.assume_key WHERE octet_length(secret) = 32), (SELECT count(*) FROM reg.assume_key), 'each key has a secret of its own');
SELECT throws_ok(s, '23514', NULL, s) FROM unnest(ARRAY['UPDATE reg.assume_key SET secret = ''\x00'' WHERE key_id = ''k1''', 'UPDATE reg.assume_key SET key_id = ''a.b'' WHERE key_id = ''k1''',
    'UPDATE reg.assume_key SET actors = ''{}'' WHERE key_id = ''k2''', 'UPDATE reg.assume_key SET valid_to = valid_from WHERE key_id = ''k1''']) AS s;
SELECT hasnt_table('public', 'assume_key', 'no table elsewhere is looked at');
-- where the lifecycle has none, nobody else can make one
CREATE SCHEMA old AUTHORIZATION lct_owner;
SET LOCAL ROLE lct_owner;
SELECT dtsen.create_lifecycle('old') \g /dev/null
CREATE TEMP TABLE fresh AS SELECT dtsen_shape FROM (SELECT string_agg(a.attname || format_type(a.atttypid, a.atttypmod) || a.attnotnull, ',' ORDER BY attnum) AS dtsen_shape FROM pg_attribute AS a
    WHERE a.attrelid = 'old.assume_key'::regclass AND attnum > 0) AS x;
DROP TABLE old.assume_key;
INSERT INTO old.actor (login, actor_role, person_key) VALUES ('siti', 'kepala', 'p');
GRANT USAGE, CREATE ON SCHEMA old TO lct_pool;
GRANT SELECT ON old.actor TO lct_pool;
RESET ROLE;
SELECT is(pool('siti', schema => 'old'), '42P01', 'a lifecycle of an earlier version has no keys');
SET LOCAL ROLE lct_pool;
CREATE TABLE old.assume_key (key_id text, login name, secret bytea, actors name[], actor_roles text[], valid_from timestamptz, valid_to timestamptz, revoked_at timestamptz);
INSERT INTO old.assume_key VALUES ('k1', 'lct_pool', '\x00', '{siti}', '{}', '2000-01-01', '2100-01-01', NULL);
RESET ROLE;
SELECT is(pool('siti', schema => 'old'), '42P01', 'and a stranger''s table is none');
SELECT is(pool('siti', schema => 'nowhere'), '42P01', 'no lifecycle');
DROP TABLE old.assume_key;
SET LOCAL ROLE lct_owner;
SELECT is((SELECT count(*) FROM dtsen.upgrade_lifecycle('old')), 1::bigint, 'upgrade_lifecycle makes it');
SELECT is((SELECT count(*) FROM dtsen.upgrade_lifecycle('old')), 0::bigint, 'once');
ALTER TABLE old.transition DROP CONSTRAINT transition_action_check,
    ADD CONSTRAINT transition_action_check CHECK (action <> '' AND action NOT IN ('born', 'edit', 'attached'));
INSERT INTO old.machine VALUES ('punya', 1, 'a');
INSERT INTO old.state (machine, state) SELECT 'punya', s FROM unnest('{a,b,c}'::text[]) AS s;
SAVEPOINT narrow;
INSERT INTO old.transition (machine, from_state, to_state, action, actor_role) VALUES ('punya', 'a', 'b', 'erased', 'x');
SELECT matches((SELECT string_agg(u, '') FROM dtsen.upgrade_lifecycle('old') AS u), 'NOT VALID', 'a step that is called as an erasure is stays');
SELECT throws_ok($$INSERT INTO old.transition (machine, from_state, to_state, action, actor_role) VALUES ('punya', 'a', 'c', 'erased', 'x')$$, '23514', NULL, 'none is added');
ROLLBACK TO narrow;
SELECT is((SELECT count(*) FROM dtsen.upgrade_lifecycle('old')), 1::bigint, 'the name is reserved');
SELECT throws_ok($$INSERT INTO old.transition (machine, from_state, to_state, action, actor_role) VALUES ('punya', 'a', 'b', 'erased', 'x')$$, '23514', NULL, 'for all');
SELECT ok((SELECT convalidated FROM pg_constraint WHERE conrelid = 'old.transition'::regclass AND conname = 'transition_action_check'), 'of before, too');
SELECT is((SELECT count(*) FROM dtsen.upgrade_lifecycle('old')), 0::bigint, 'and once');
SELECT results_eq($q$SELECT string_agg(a.attname || format_type(a.atttypid, a.atttypmod) || a.attnotnull, ',' ORDER BY attnum) FROM pg_attribute AS a
    WHERE a.attrelid = 'old.assume_key'::regclass AND attnum > 0$q$, 'SELECT dtsen_shape FROM fresh', 'as create_lifecycle does');
SELECT is((SELECT tgenabled FROM pg_trigger WHERE tgrelid = 'old.assume_key'::regclass AND tgname = 'machine_changed'), 'A', 'its trigger fires always');
RESET ROLE;
SELECT is_empty('SELECT * FROM dtsen.verify_journal(''reg'')', 'the journal verifies');
SELECT finish();
ROLLBACK;
