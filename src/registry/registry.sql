-- The ready-made registry: ordinary tables in a schema of the caller's, made
-- from the templates of src/registry and src/views.

CREATE FUNCTION dtsen._registry_version() RETURNS pg_catalog.int4
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT 2 $$;
COMMENT ON FUNCTION dtsen._registry_version() IS
    'version of the registry''s tables that this extension makes';

CREATE FUNCTION dtsen._registry_name(name pg_catalog.name) RETURNS pg_catalog.text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF name IS NULL THEN
            RAISE EXCEPTION 'the name of a registry must not be null'
                USING ERRCODE = 'null_value_not_allowed',
                DETAIL = 'It names the two schemas of the registry and its roles.',
                HINT = 'Give a name such as ''bekasi''.';
        ELSIF length(name) > 40 THEN
            RAISE EXCEPTION 'name of a registry is too long'
                USING ERRCODE = 'name_too_long',
                      DETAIL = format('It has %s characters, 40 are allowed.', length(name)),
                      HINT = 'Its roles and its schema for analysts have longer names.';
        ELSIF name !~ '^[a-z][a-z0-9_]*$' THEN
            RAISE EXCEPTION '"%" cannot be the name of a registry', name
                USING ERRCODE = 'invalid_name',
                      HINT = 'Use lower case letters, digits and underscores, a letter first.';
        ELSIF quote_ident(name) <> name OR name ~ '^pg_' OR name ~ '_bi$'
            OR name IN ('public', 'information_schema', 'dtsen') THEN
            RAISE EXCEPTION '"%" cannot be the name of a registry', name
                USING ERRCODE = 'reserved_name',
                      HINT = 'It is a word of SQL or a name that PostgreSQL or dtsen uses.';
        END IF;
        RETURN name;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_name(pg_catalog.name) IS
    'the name, if a registry may have it; else an error that says why not';

CREATE FUNCTION dtsen._registry_fill(template pg_catalog.text, name pg_catalog.text)
    RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT replace(replace(template, '@registry_bi@', name || '_bi'), '@registry@', name)
    $$;
COMMENT ON FUNCTION dtsen._registry_fill(pg_catalog.text, pg_catalog.text) IS
    'a template with the registry''s name in the place of its placeholders';

CREATE FUNCTION dtsen._registry_body(name pg_catalog.text) RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT format(E'CREATE SCHEMA %1$s;\nCOMMENT ON SCHEMA %1$s IS %2$L;\n', name,
                'Socio-economic registry made by dtsen.create_registry()')
            || dtsen.lifecycle_ddl(name::name)
            || dtsen._registry_fill(dtsen._registry_template(), name)
    $$;
COMMENT ON FUNCTION dtsen._registry_body(pg_catalog.text) IS
    'statements that make a registry, for a search_path of pg_catalog and dtsen';

CREATE FUNCTION dtsen.registry_ddl(name pg_catalog.name) RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT E'SET search_path = pg_catalog, dtsen, pg_temp;\n\n'
            || dtsen._registry_body(dtsen._registry_name(name))
    $$;
COMMENT ON FUNCTION dtsen.registry_ddl(pg_catalog.name) IS
    'what dtsen.create_registry() would run, for review or for one''s own migrations';

CREATE FUNCTION dtsen._registry_execute(statements pg_catalog.text) RETURNS pg_catalog.void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = warning
    AS $$
    DECLARE
        message text;
        detail text;
        hint text;
    BEGIN
        PERFORM set_config('search_path', 'pg_catalog, dtsen, pg_temp', true);
        EXECUTE statements;
    EXCEPTION WHEN OTHERS THEN
        -- the server would show all the statements as the context of an error
        GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
            hint = PG_EXCEPTION_HINT;
        RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = message,
            DETAIL = coalesce(nullif(detail, ''), 'Nothing was made or changed.'),
            HINT = coalesce(nullif(hint, ''), 'dtsen.registry_ddl() returns the statements of a registry.');
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_execute(pg_catalog.text) IS
    'runs statements of the templates: all of them or none';

CREATE FUNCTION dtsen.create_registry(name pg_catalog.name) RETURNS pg_catalog.void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = warning
    AS $$
    DECLARE
        n text := dtsen._registry_name(name);
        taken text;
    BEGIN
        IF getdatabaseencoding() <> 'UTF8' THEN
            RAISE EXCEPTION 'a registry needs a database in UTF8'
                USING ERRCODE = 'feature_not_supported',
                      DETAIL = format('This one is in %s.', getdatabaseencoding()),
                HINT = 'Create one with ENCODING UTF8 and TEMPLATE template0.';
        END IF;
        SELECT s.nspname INTO taken FROM pg_namespace AS s
        WHERE s.nspname IN (n, n || '_bi') ORDER BY s.nspname LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'schema "%" already exists', taken
                USING ERRCODE = 'duplicate_schema',
                      HINT = 'A registry makes its own two schemas; dtsen.check_registry() looks at one that exists.';
        END IF;
        PERFORM dtsen._registry_execute(dtsen._registry_body(n));
    END
    $$;
COMMENT ON FUNCTION dtsen.create_registry(pg_catalog.name) IS
    'makes a registry: tables in schema name, views for analysts in schema name_bi, all of the caller';

CREATE FUNCTION dtsen._registry_exists(name pg_catalog.name) RETURNS pg_catalog.int4
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        version int4;
    BEGIN
        IF to_regclass(format('%I.meta', name)) IS NULL THEN
            RAISE EXCEPTION 'there is no registry "%"', name
                USING ERRCODE = 'invalid_schema_name',
                      HINT = 'dtsen.create_registry() makes one.';
        END IF;
        EXECUTE format('SELECT m.version FROM %I.meta AS m', name) INTO version;
        RETURN version;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_exists(pg_catalog.name) IS
    'version of a registry; an error if there is none of this name';
