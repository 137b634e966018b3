-- explain_transition() beside what enforces, and both beside a model of the
-- rules written anew here: random rows, logins, states and reasons, on tables of
-- all kinds. Then what tables may be like: names, keys, types, columns.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();
\set walks `echo ${WALKS:-400}`
SELECT setseed(0.7), set_config('lct.walks', :'walks', true) \g /dev/null

\o /dev/null
SELECT as_role('lct_owner', $q$
    CREATE TABLE reg.blocked (key text, code text);
    CREATE FUNCTION reg.open_only(keys text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text) LANGUAGE sql STABLE
        AS 'SELECT b.key, b.code, ''blocked'', ''Unblock it.'' FROM reg.blocked AS b WHERE b.key = ANY (keys) ORDER BY b.key';
    CREATE FUNCTION reg.not_kind(keys text[], kinds text[]) RETURNS TABLE (key text, sqlstate text, message text, hint text) LANGUAGE plpgsql
        AS 'BEGIN RETURN QUERY SELECT k, ''23514'', ''of such a kind'', NULL::text FROM unnest(keys) AS k WHERE right(rtrim(k), 1) = ANY (kinds); END';
    INSERT INTO reg.actor (login, actor_role, person_key, wilayah) VALUES ('lct_head', 'verifikator', 'person-3', '32'), ('lct_super', 'kepala', 'person-5', NULL),
        ('lct_far', 'kepala', 'person-4', '3216')$q$);

-- A machine of that name, with everything that a step can ask for.
CREATE FUNCTION a_machine(name text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reg.machine VALUES (name, 1, 'draf');
    INSERT INTO reg.state (machine, state, is_final) SELECT name, s, s = 'selesai' FROM unnest('{draf,diajukan,ditinjau,sah,selesai,buntu}'::text[]) AS s;
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role, guards, distinct_from, needs_reason, is_timed) VALUES
        (name, 'draf', 'diajukan', 'ajukan', 'operator', '{}', '{}', false, false),
        (name, 'diajukan', 'draf', 'kembali', 'verifikator', '{}', '{ajukan}', true, false),
        (name, 'diajukan', 'ditinjau', 'tinjau', 'verifikator', '{reg.open_only}', '{born,ajukan}', false, true),
        (name, 'ditinjau', 'sah', 'sahkan', 'kepala', '{"reg.not_kind(7, x)",reg.open_only}', '{tinjau}', true, true),
        (name, 'ditinjau', 'diajukan', 'ulang', 'operator', '{}', '{}', false, false),
        (name, 'sah', 'selesai', 'tutup', 'kepala', '{}', '{sahkan}', false, false),
        (name, 'sah', 'buntu', 'buntu', 'operator', '{}', '{}', true, false);
    INSERT INTO reg.calendar VALUES (name, 'kini', 'tinjau', now() - interval '1 day', now() + interval '1 day'),
        (name, 'kini', 'sahkan', now() - interval '1 day', now() + interval '1 day'), (name, 'dulu', 'tinjau', '2020-01-01', '2020-02-01'),
        (name, 'nanti', 'sahkan', '2200-01-01', '2200-02-01');
$$;
GRANT ALL ON FUNCTION a_machine(text) TO PUBLIC;

CREATE TABLE kind (machine text, target text, key_column text, state_column text, period text, keys text);
INSERT INTO kind VALUES
    ('polos', 'reg.polos', 'id', 'state', 'bulan', $$SELECT g::text FROM generate_series(1, 16) AS g$$),
    ('Aneh "é\', 'reg."Aneh ""é\ tabel"', 'Kunci ''x', 'Keadaan', 'bulan', $$SELECT 'Wahyu Ningsih ' || g FROM generate_series(1, 16) AS g$$),
    ('uuid', 'reg.uuid_rows', 'id', 'state', 'bulan', $$SELECT md5(g::text)::uuid::text FROM generate_series(1, 16) AS g$$),
    ('padded', 'reg.padded', 'id', 'state', 'bulan', $$SELECT 'k' || g FROM generate_series(1, 16) AS g$$),
    ('bagian', 'reg.bagian', 'id', 'state', 'bulan', $$SELECT g::text FROM generate_series(1, 16) AS g$$);
SELECT as_role('lct_owner', format('SELECT a_machine(%L)', machine)) FROM kind;
SELECT as_role('lct_owner', $q$
    CREATE DOMAIN reg.keadaan AS varchar(20) CHECK (VALUE <> '');
    CREATE TABLE reg.polos (id bigint PRIMARY KEY, state text NOT NULL, wilayah text, bulan text, alasan text, changed_at timestamptz, changed_by text);
    CREATE TABLE reg."Aneh ""é\ tabel" (nomor int GENERATED ALWAYS AS IDENTITY, "Kunci 'x" text NOT NULL UNIQUE, "Keadaan" reg.keadaan NOT NULL,
        wilayah dtsen.kode_wilayah, bulan text, alasan text, changed_at timestamptz, changed_by name, panjang int GENERATED ALWAYS AS (length("Kunci 'x")) STORED,
        isi jsonb DEFAULT '{"a": 1.00}');
    CREATE TABLE reg.uuid_rows (id uuid, state text NOT NULL, wilayah varchar(20), bulan varchar(9), alasan text, changed_at timestamptz, changed_by text, PRIMARY KEY (wilayah, id));
    CREATE TABLE reg.padded (id char(12) PRIMARY KEY, state char(10) NOT NULL, wilayah char(14), bulan char(8), alasan text, changed_at timestamptz, changed_by text);
    CREATE TABLE reg.bagian (id int, state text NOT NULL, wilayah text, bulan text, alasan text, changed_at timestamptz, changed_by text, PRIMARY KEY (id, bulan)) PARTITION BY LIST (bulan);
    CREATE TABLE reg.bagian_1 PARTITION OF reg.bagian FOR VALUES IN ('kini', 'dulu');
    CREATE TABLE reg.bagian_n PARTITION OF reg.bagian DEFAULT$q$);
SELECT as_role('lct_owner', format('SELECT dtsen.attach(%L, %L, %L, %L, %L, reason_column => %L, period_column => %L, frozen_columns => %L);
    GRANT ALL ON %s TO PUBLIC', target, machine, 'reg', key_column, state_column, 'alasan', period, CASE WHEN machine LIKE 'Aneh%' THEN '{isi,nomor}' ELSE '{}' END, target)) FROM kind;
\o
SELECT is_empty($$SELECT * FROM kind, dtsen.check_attached(target::regclass)$$, 'attached to tables of all kinds');

-- Of a row as it stands: what the rules must refuse a login, as SQLSTATEs.
CREATE FUNCTION model(k kind, the_key text, who name, wanted text, why text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    r record; t record; me text; result text[] := '{}';
BEGIN
    EXECUTE format('SELECT rtrim(%I::text) AS state, regexp_replace(wilayah::text, ''[^0-9]'', '''', ''g'') AS region, rtrim(bulan) AS bulan FROM %s WHERE %I::text = $1',
        k.state_column, k.target, k.key_column) INTO r USING the_key;
    IF r.state = 'selesai' THEN
        RETURN '{SE004}';
    ELSIF r.state = wanted THEN
        RETURN CASE WHEN EXISTS (SELECT FROM reg.transition AS x JOIN reg.actor AS a USING (actor_role)
            WHERE x.machine = k.machine AND x.from_state = r.state AND a.login = who
              AND (a.wilayah IS NULL OR starts_with(r.region, replace(a.wilayah, '.', '')))) THEN '{}' ELSE '{42501,SE001}' END;
    END IF;
    SELECT * INTO t FROM reg.transition AS x WHERE x.machine = k.machine AND x.from_state = r.state AND x.to_state = wanted;
    IF NOT FOUND THEN
        RETURN '{SE001}';
    END IF;
    IF NOT EXISTS (SELECT FROM reg.actor AS a WHERE a.login = who AND a.actor_role = t.actor_role
                   AND (a.wilayah IS NULL OR starts_with(r.region, replace(a.wilayah, '.', '')))) THEN
        result := result || '42501'::text;
    END IF;
    IF t.needs_reason AND coalesce(why, '') !~ '\S' THEN
        result := result || 'SE003'::text;
    END IF;
    IF t.is_timed AND NOT EXISTS (SELECT FROM reg.calendar AS c WHERE c.machine = k.machine AND c.action = t.action AND c.period = r.bulan
                                  AND clock_timestamp() >= c.opens_at AND clock_timestamp() < c.closes_at) THEN
        result := result || 'SE002'::text;
    END IF;
    SELECT min(a.person_key) INTO me FROM reg.actor AS a WHERE a.login = who;
    IF EXISTS (SELECT FROM reg.journal AS j WHERE j.machine = k.machine AND j.key = the_key AND j.action = ANY (t.distinct_from) AND j.person_key = me) THEN
        result := result || 'SE006'::text;
    END IF;
    IF 'reg.open_only' = ANY (t.guards) THEN
        result := result || ARRAY(SELECT CASE WHEN b.code ~ '^(SE|22|23|42)' THEN b.code ELSE 'SE003' END FROM reg.blocked AS b WHERE b.key = the_key);
    END IF;
    IF t.action = 'sahkan' AND the_key ~ '[7x]$' THEN
        result := result || '23514'::text;
    END IF;
    RETURN ARRAY(SELECT DISTINCT c FROM unnest(result) AS c ORDER BY 1);
END $$;

-- One step that somebody tries: what is said beforehand, and what happens.
CREATE TABLE tried (machine text, key text, who name, stands text, wanted text, expected text[], said text[], told text[], happened text, moved bool);
CREATE FUNCTION try(k kind, the_key text, who name, wanted text, why text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    expected text[] := model(k, the_key, who, wanted, why);
    stands text; said text[]; told text[]; happened text; before text; after text; m text; d text; h text; s text;
    state_of text := format('SELECT t::text || ctid FROM %s AS t WHERE t.%I::text = %L', k.target, k.key_column, the_key);
BEGIN
    EXECUTE state_of INTO before;
    EXECUTE format('SELECT rtrim(%I) FROM %s AS t WHERE t.%I::text = %L', k.state_column, k.target, k.key_column, the_key) INTO stands;
    EXECUTE format('SET LOCAL ROLE %I', who);
    SELECT coalesce(array_agg(concat_ws('|', e.sqlstate, e.message, e.detail, e.hint) ORDER BY e.n), '{}'),
           ARRAY(SELECT DISTINCT c FROM unnest(array_agg(e.sqlstate)) AS c ORDER BY 1) INTO told, said
    FROM dtsen.explain_transition(k.target::regclass, the_key, wanted, why) WITH ORDINALITY AS e(sqlstate, message, detail, hint, n);
    RESET ROLE;
    EXECUTE state_of INTO after;
    BEGIN
        EXECUTE format('SET LOCAL ROLE %I', who);
        EXECUTE format('UPDATE %s SET %I = %L', k.target, k.state_column, wanted) || CASE WHEN why IS NULL THEN '' ELSE format(', alasan = %L', why) END
            || format(' WHERE %I = %L', k.key_column, the_key);
        RESET ROLE;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT, s = RETURNED_SQLSTATE;
        happened := concat_ws('|', s, m, nullif(d, ''), nullif(h, ''));
    END;
    INSERT INTO tried VALUES (k.machine, the_key, who, stands, wanted, expected, said, told, happened, before IS DISTINCT FROM after);
END $$;
CREATE FUNCTION any_of(list text[]) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT list[1 + floor(random() * cardinality(list))::int]';

\o /dev/null
SELECT as_role('lct_super', format('INSERT INTO %s (%I, %I, wilayah, bulan) SELECT k::%s, ''draf'', (ARRAY[''3216012001'', ''321602'', ''3201''])[1 + (hashtext(k) & 1)]%s,
    (ARRAY[''kini'', ''kini'', ''kini'', ''kini'', ''dulu'', ''nanti'', ''lain''])[1 + (hashtext(k || ''x'') & 1023) %% 7] FROM (%s) AS g(k)',
    target, key_column, state_column, CASE machine WHEN 'uuid' THEN 'uuid' WHEN 'polos' THEN 'int8' WHEN 'bagian' THEN 'int4' ELSE 'text' END,
    CASE WHEN machine LIKE 'Aneh%' THEN '::dtsen.kode_wilayah' END, keys)) FROM kind;
DO $$
DECLARE
    k kind; keys text[]; one text; who text; wanted text; step record;
BEGIN
    FOR k IN SELECT * FROM kind LOOP
        EXECUTE 'SELECT array_agg(k) FROM (' || k.keys || ') AS g(k)' INTO keys;
        INSERT INTO reg.blocked SELECT keys[1 + g], (ARRAY['SE007', 'XX000', '23514'])[1 + g % 3] FROM generate_series(0, 5) AS g;
        FOR i IN 1..current_setting('lct.walks')::int LOOP
            one := any_of(keys);
            who := any_of('{lct_operator,lct_verifier,lct_verifier2,lct_head,lct_far,lct_nobody,lct_super}');
            wanted := any_of('{draf,diajukan,ditinjau,sah,selesai,buntu,hantu}');
            -- half of the time something sensible
            IF random() < 0.5 THEN
                EXECUTE format('SELECT t.to_state, a.login FROM %s AS r JOIN reg.transition AS t ON t.machine = %L AND t.from_state = rtrim(r.%I)
                    JOIN reg.actor AS a USING (actor_role) WHERE r.%I::text = %L ORDER BY random() LIMIT 1', k.target, k.machine, k.state_column, k.key_column, one)
                    INTO step;
                wanted := coalesce(step.to_state, wanted);
                who := coalesce(step.login, who);
            END IF;
            PERFORM try(k, one, who, wanted, any_of(ARRAY[NULL, 'sebab', 'sebab', E' \t']));
        END LOOP;
    END LOOP;
END $$;
\o
SELECT is_empty($$SELECT * FROM tried WHERE said <> expected$$, 'explain_transition() tells all that the model of the rules refuses, and nothing else');
SELECT is_empty($$SELECT * FROM tried WHERE happened IS DISTINCT FROM told[1]$$, 'what then happens is what it told first, word for word');
SELECT is_empty($$SELECT * FROM tried WHERE moved$$, 'asking changes nothing');
SELECT is_empty($$SELECT * FROM tried WHERE happened ~ 'Wahyu|Ningsih'$$, 'no refusal shows a key that may be a name');
SELECT is_empty($$SELECT t FROM tried, unnest(told) AS t WHERE t !~ '[Rr]ow [^| ]'$$, 'each names the row');
SELECT is_empty($$SELECT t FROM tried, unnest(told) AS t WHERE machine IN ('polos', 'uuid', 'bagian') AND t !~ ('[Rr]ow ' || key || '\M')$$, 'by its whole key, where that is a number or a uuid');
SELECT is_empty($$SELECT stands, wanted, t FROM tried, unnest(told) AS t WHERE strpos(t, format('"%s"', stands)) = 0 OR wanted <> 'hantu' AND strpos(t, format('"%s"', wanted)) = 0$$,
    'and from which state to which');
SELECT is_empty($$SELECT stands, wanted, t FROM tried, unnest(told) AS t
    WHERE t !~ '\|[^|]+\|[^|]*([Rr]ole "|none|Nobody)' AND t !~ '\|blocked\|.*Unblock it'$$, 'and who could take the step, but where a guard says what to do instead');
SELECT cmp_ok((SELECT count(DISTINCT split_part(t, '|', 1)) FROM tried, unnest(told) AS t), '>=', 6::bigint, 'refusals of many kinds were met');
SELECT cmp_ok((SELECT min(n) FROM (SELECT count(*) FILTER (WHERE happened IS NULL) AS n FROM tried GROUP BY machine) AS t), '>=', 10::bigint, 'and steps taken on each table');
SELECT is_empty($$SELECT * FROM dtsen.verify_journal('reg')$$, 'the journal verifies, with keys, states and regions of every type');
-- a final row whose next state would be in another partition: nothing is moved, so nothing is deleted
SELECT as_role('lct_owner', $q$
    INSERT INTO reg.machine VALUES ('menurut', 1, 'a');
    INSERT INTO reg.state (machine, state, is_final) VALUES ('menurut', 'a', false), ('menurut', 'b', true);
    INSERT INTO reg.transition (machine, from_state, to_state, action, actor_role) VALUES ('menurut', 'a', 'b', 'tutup', 'operator');
    CREATE TABLE reg.menurut (id int, state text, PRIMARY KEY (id, state)) PARTITION BY LIST (state);
    CREATE TABLE reg.menurut_a PARTITION OF reg.menurut FOR VALUES IN ('a');
    CREATE TABLE reg.menurut_b PARTITION OF reg.menurut FOR VALUES IN ('b');
    SELECT dtsen.attach('reg.menurut', 'menurut', 'reg', wilayah_column => NULL, changed_at_column => NULL, changed_by_column => NULL);
    GRANT ALL ON reg.menurut TO PUBLIC$q$);
SELECT as_role('lct_operator', 'INSERT INTO reg.menurut VALUES (1, ''a'')');
SELECT as_role('lct_operator', 'UPDATE reg.menurut SET state = ''b''');
SELECT results_eq($$SELECT sqlstate, message FROM dtsen.explain_transition('reg.menurut', '1', 'a')$$,
    $$VALUES ('SE004', 'row 1 is in the final state "b" of machine "menurut"')$$, 'a final row has one refusal');
SELECT * FROM finish();
ROLLBACK;
