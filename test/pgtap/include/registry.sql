-- A registry "reg" with its roles, and helpers to act as somebody. Included in
-- a transaction that is rolled back.
SET client_min_messages = warning;
SET TimeZone = 'Asia/Jakarta';
\if :{?registry_script}
\ir :registry_script
SET search_path = public;
\else
SELECT dtsen.create_registry('reg') \g /dev/null
SELECT dtsen.setup_roles('reg', false) \g /dev/null
\endif
CREATE SCHEMA t;
GRANT USAGE ON SCHEMA t TO PUBLIC;

-- a login with its row in table actor
CREATE FUNCTION t.login(login text, actor_role text, wilayah text, person text DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    IF to_regrole(login) IS NULL THEN
        EXECUTE format('CREATE ROLE %I LOGIN', login);
    END IF;
    EXECUTE format('GRANT %I TO %I', 'reg_' || actor_role, login);
    INSERT INTO reg.actor (login, actor_role, person_key, wilayah)
    VALUES (login, actor_role, coalesce(person, 'person ' || login), wilayah);
END $$;

-- runs a statement as a login; the number of rows, or the error
CREATE FUNCTION t.act(login text, statement text) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    PERFORM set_config('role', login, true);
    EXECUTE statement;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM set_config('role', 'none', true);
    RETURN n;
END $$;

-- the first value of a query as a login
CREATE FUNCTION t.value(login text, query text) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    v text;
BEGIN
    PERFORM set_config('role', login, true);
    EXECUTE query INTO v;
    PERFORM set_config('role', 'none', true);
    RETURN v;
END $$;

-- imports lines, given as bytes, as a file of a kind
CREATE FUNCTION t.import(login text, kind text, lines bytea[]) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    PERFORM set_config('role', login, true);
    PERFORM reg.import_open();
    INSERT INTO pg_temp.import_line (line)
    SELECT '#' || convert_from(l, 'LATIN1') FROM unnest(lines) WITH ORDINALITY AS u (l, n) ORDER BY n;
    EXECUTE format('SELECT * FROM reg.%I(%L)', 'import_' || kind, kind || '.csv') INTO r;
    PERFORM set_config('role', 'none', true);
    RETURN format('%s read %s accepted %s refused %s new %s changed %s same%s', r.read_count, r.accepted_count,
        r.refused_count, r.new_count, r.changed_count, r.same_count, CASE WHEN r.is_repeat THEN ' repeat' ELSE '' END);
END $$;
CREATE FUNCTION t.import(login text, kind text, VARIADIC lines text[]) RETURNS text
    LANGUAGE sql AS $$
    SELECT t.import(login, kind, ARRAY(SELECT convert_to(l, 'UTF8') FROM unnest(lines) WITH ORDINALITY AS u (l, n) ORDER BY n))
$$;

-- families and persons of a village: NKK and NIK from numbers
CREATE FUNCTION t.nkk(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '321601' || '170120' || lpad(n::text, 4, '0') $$;
CREATE FUNCTION t.nik(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '321601' || '020390' || lpad(n::text, 4, '0') $$;
