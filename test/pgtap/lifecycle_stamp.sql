-- Who and when are written over what is in a row, wherever the two columns are
-- in it and whatever is beside them: nothing else changes.
BEGIN;
\set QUIET on
\o /dev/null
\ir lifecycle.inc
\o
SELECT no_plan();

SELECT as_role('lct_owner', $q$SELECT dtsen.detach('reg.usulan', 'usulan')$q$) \g /dev/null
-- Makes a table of columns in an order of its own, with rows of many shapes, and
-- takes each a step; what is then wrong.
CREATE FUNCTION wrong_stamps(seed int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    who text := CASE WHEN seed % 4 = 0 THEN 'name' ELSE 'text' END;
    columns text[];
    before jsonb;
BEGIN
    SELECT array_agg(c ORDER BY CASE WHEN seed % 3 = 0 AND c LIKE 'changed%' THEN 'z' || c ELSE md5(c || seed) END) INTO columns
    FROM unnest(ARRAY['id int', 'state text', 'changed_at timestamptz', 'changed_by ' || who, 'a bool', 'b int2', 'c int8', 'd float8',
        'e numeric', 'f text', 'g text', 'h "char"', 'i bytea', 'j uuid', 'k date', 'gone text', 'm int[]']) AS c;
    EXECUTE format('CREATE TABLE reg.own (%s)', array_to_string(columns, ', '));
    ALTER TABLE reg.own ALTER id SET NOT NULL, ALTER state SET NOT NULL, ADD UNIQUE (id), ALTER i SET STORAGE EXTERNAL, OWNER TO lct_owner;
    IF seed % 5 = 0 THEN
        ALTER TABLE reg.own ALTER changed_by SET STORAGE PLAIN;
    END IF;
    INSERT INTO reg.own (id, state, changed_at, changed_by, a, b, c, d, e, f, g, h, i, j, k, gone, m)
    SELECT g, 'draf', CASE WHEN r[1] < 0.8 THEN now() - g * interval '1 hour' END,
        CASE WHEN r[2] < 0.9 THEN left(repeat(md5(g::text), 10), (ARRAY[0, 1, 2, 11, 12, 12, 13, 63, 126, 127, 128, 300])[1 + (r[3] * 12)::int % 12]) END,
        CASE WHEN r[4] < 0.7 THEN r[4] < 0.5 END, CASE WHEN r[5] < 0.8 THEN g END, CASE WHEN r[6] < 0.8 THEN g::int8 * 1000000007 END, r[7],
        CASE WHEN r[8] < 0.8 THEN (r[8] * 1e6)::numeric END, left(md5(g::text), (r[9] * 20)::int), repeat('x', (r[10] * 200)::int),
        CASE WHEN r[11] < 0.5 THEN 'q' END, CASE WHEN r[12] < 0.3 THEN convert_to(repeat(md5(g::text), 100), 'UTF8') END,
        CASE WHEN r[13] < 0.8 THEN md5(g::text)::uuid END, '2026-01-01'::date + g, 'gone', CASE WHEN r[14] < 0.7 THEN ARRAY[g, g] END
    FROM generate_series(1, 60) AS g, LATERAL (SELECT array_agg(('x' || left(md5(seed || '/' || g || '/' || n), 7))::bit(28)::int / 268435456.0 ORDER BY n) AS r
        FROM generate_series(1, 14) AS n) AS random;
    IF seed % 2 = 0 THEN
        ALTER TABLE reg.own DROP COLUMN gone;
    END IF;
    IF seed % 7 = 0 THEN
        ALTER TABLE reg.own ADD COLUMN later text DEFAULT 'later', ADD COLUMN latest int DEFAULT 7;
    END IF;
    PERFORM as_role('lct_owner', $q$SELECT dtsen.attach('reg.own', 'usulan', 'reg', 'id', 'state', NULL, 'f', 'changed_at', 'changed_by')$q$);
    GRANT ALL ON reg.own TO PUBLIC;
    FOR step IN 1..2 LOOP
        SELECT jsonb_object_agg(o.id, to_jsonb(o) - '{state,changed_at,changed_by}'::text[]) INTO before FROM reg.own AS o;
        PERFORM as_role((ARRAY['lct_operator', 'lct_verifier'])[step], format('UPDATE reg.own SET state = %L, b = b + 1', (ARRAY['diajukan', 'disahkan'])[step]));
        RETURN QUERY SELECT format('seed %s, step %s, row %s: %s', seed, step, o.id, to_jsonb(o)) FROM reg.own AS o
            WHERE o.changed_at IS DISTINCT FROM now() OR o.changed_by IS DISTINCT FROM (ARRAY['lct_operator', 'lct_verifier'])[step]
               OR o.b IS DISTINCT FROM ((before -> o.id::text ->> 'b')::int + 1)::int2
               OR to_jsonb(o) - '{state,changed_at,changed_by,b}'::text[] IS DISTINCT FROM (before -> o.id::text) - 'b'
               OR pg_column_size(o.changed_at) <> 8;
    END LOOP;
    PERFORM as_role('lct_owner', $q$SELECT dtsen.detach('reg.own', 'usulan')$q$);
    DROP TABLE reg.own;
END $$;
SELECT is_empty(format('SELECT wrong_stamps(%s)', s), 'stamps of ' || s) FROM generate_series(1, 42) AS s;
SELECT * FROM finish();
ROLLBACK;
