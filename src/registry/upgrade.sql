-- A registry of a former version becomes one of this. What the templates say
-- more or otherwise is found by comparing with them; steps written by hand
-- (src/registry/upgrade/) move data and drop what the templates have no more.

CREATE FUNCTION dtsen._registry_step(version pg_catalog.int4, part pg_catalog.text) RETURNS pg_catalog.text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        step text;
    BEGIN
        IF to_regprocedure(format('dtsen._registry_step_%s%s()', version, part)) IS NOT NULL THEN
            EXECUTE format('SELECT dtsen._registry_step_%s%s()', version, part) INTO step;
        END IF;
        RETURN step;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_step(pg_catalog.int4, pg_catalog.text) IS
    'the step to a version that is written by hand: part '''' before the tables are those of the new version, _after when they are; NULL: there is none';

CREATE FUNCTION dtsen._registry_upgrade_check(name pg_catalog.name) RETURNS pg_catalog.int4
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        version int4 := dtsen._registry_exists(name);
        owner oid := (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = name);
    BEGIN
        IF NOT pg_has_role(owner, 'MEMBER') THEN
            RAISE EXCEPTION 'must be owner of registry "%"', name
                USING ERRCODE = 'insufficient_privilege',
                      HINT = format('SET ROLE %s, or let a superuser do it.', owner::regrole);
        ELSIF version > dtsen._registry_version() THEN
            RAISE EXCEPTION 'registry "%" has version %, this extension knows up to %',
                    name, version, dtsen._registry_version()
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = 'Update the extension.';
        ELSIF version IS NULL THEN
            RAISE EXCEPTION 'registry "%" does not say its version', name
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      DETAIL = 'Its table meta has no row.',
                      HINT = 'Restore the row from a backup: without it nobody knows which steps are to be taken.';
        END IF;
        RETURN version;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_upgrade_check(pg_catalog.name) IS
    'version of a registry, if the caller may upgrade it and this extension knows how';

CREATE FUNCTION dtsen._registry_derive(name pg_catalog.name, expected dtsen._registry_object[]) RETURNS SETOF pg_catalog.text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        part text;
        statement text;
        n bigint;
    BEGIN
        -- what can only be made anew goes first, with what depends on it
        FOR statement IN SELECT d.statement FROM dtsen._registry_drops(name,
                ARRAY(SELECT k FROM dtsen._registry_differences(name, expected) AS x, unnest(x.drops) AS k)) AS d
        LOOP
            PERFORM dtsen._registry_execute(statement);
            RETURN NEXT statement;
        END LOOP;
        FOREACH part IN ARRAY ARRAY['structure', 'references'] LOOP
            -- rows of the lists come between: they need tables and keys, and foreign keys need them
            FOR statement IN SELECT e.make FROM unnest(expected) AS e WHERE e.kind = 'row' AND part = 'references' LOOP
                EXECUTE statement;
                GET DIAGNOSTICS n = ROW_COUNT;
                IF n > 0 THEN
                    RETURN NEXT statement;
                END IF;
            END LOOP;
            FOR statement IN SELECT x.mend FROM dtsen._registry_differences(name, expected) AS x
                WHERE x.mend IS NOT NULL AND part = CASE WHEN x.wanted LIKE 'FOREIGN KEY %' THEN 'references' ELSE 'structure' END
                -- what somebody added stays, but for rights of the registry's own roles
                AND (x.way <> 'added' OR x.kind = 'grant'
                    AND substring(x.object FROM ' TO (.*)$') IN (SELECT name || '_' || r.role FROM dtsen._registry_role() AS r))
            LOOP
                PERFORM dtsen._registry_execute(statement);
                RETURN NEXT statement;
            END LOOP;
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_derive(pg_catalog.name, dtsen._registry_object[]) IS
    'makes the structure of a registry that of the template, and adds rows that its lists lack; returns what it ran';

CREATE FUNCTION dtsen._registry_upgrade_run(name pg_catalog.name, version pg_catalog.int4, expected dtsen._registry_object[])
    RETURNS SETOF pg_catalog.text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = warning
    AS $$
    DECLARE
        part text;
        step text;
        rest text;
    BEGIN
        FOREACH part IN ARRAY ARRAY['', '_after'] LOOP
            FOR v IN version + 1 .. dtsen._registry_version() LOOP
                step := dtsen._registry_fill(dtsen._registry_step(v, part), name);
                IF step IS NOT NULL THEN
                    PERFORM dtsen._registry_execute(step);
                    RETURN NEXT step;
                END IF;
            END LOOP;
            IF part = '' THEN
                RETURN QUERY SELECT d || ';' FROM dtsen._registry_derive(name, expected) AS d;
            END IF;
        END LOOP;
        step := format('UPDATE %I.meta SET version = %s, extension_version = %L, upgraded_at = now(), upgraded_by = SESSION_USER;',
            name, dtsen._registry_version(), dtsen.dtsen_version());
        EXECUTE step;
        RETURN NEXT step;
        SELECT string_agg(format('%s %s is %s', d.kind, d.object, d.way), E'\n') INTO rest
        FROM dtsen._registry_differences(name, expected) AS d WHERE d.way <> 'added';
        IF rest IS NOT NULL THEN
            RAISE EXCEPTION 'registry "%" cannot be upgraded', name
                USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = rest,
                      HINT = 'These objects were changed by hand in a way that no statement undoes without a loss: bring them to what dtsen.registry_ddl() says, then upgrade.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_upgrade_run(pg_catalog.name, pg_catalog.int4, dtsen._registry_object[]) IS
    'upgrades a registry, proves that its structure is that of the template, and returns what it ran';

CREATE FUNCTION dtsen._registry_add_roles(name pg_catalog.name) RETURNS SETOF pg_catalog.text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        statement text;
    BEGIN
        IF NOT dtsen._registry_has_roles(name)
            OR NOT (SELECT p.rolcreaterole OR p.rolsuper FROM pg_roles AS p WHERE p.rolname = current_user) THEN
            RETURN;
        END IF;
        FOR statement IN SELECT c.statement FROM dtsen._registry_role_statements(name) AS c LOOP
            EXECUTE statement;
            RETURN NEXT statement || ';';
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_add_roles(pg_catalog.name) IS
    'makes roles that a registry with roles lacks, where the caller may make roles; returns what it ran';

CREATE FUNCTION dtsen.upgrade_registry(name pg_catalog.name, dry_run pg_catalog.bool DEFAULT true)
    RETURNS SETOF pg_catalog.text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        version int4 := dtsen._registry_upgrade_check(name);
        acting text := current_setting('role');
        expected dtsen._registry_object[];
        statements text[];
        is_done bool := false;
    BEGIN
        IF version = dtsen._registry_version() THEN
            RETURN;
        END IF;
        BEGIN
            -- one at a time; what is made belongs to the owner, whoever runs this
            EXECUTE format('LOCK TABLE %I.meta IN ACCESS EXCLUSIVE MODE', name);
            -- but for roles, which the caller makes if he may: only with all of them their rights are compared
            statements := ARRAY(SELECT dtsen._registry_add_roles(name));
            expected := dtsen._registry_template_objects(name);
            PERFORM set_config('role', (SELECT n.nspowner::regrole::text FROM pg_namespace AS n WHERE n.nspname = name), true);
            IF dtsen._registry_upgrade_check(name) = version THEN
                statements := statements || ARRAY(SELECT dtsen._registry_upgrade_run(name, version, expected));
                -- what no statement of one person may change is left, and said
                statements := statements || ARRAY(SELECT format('-- left for two people: %s lacks guards (%s). The statements, also in dtsen.check_registry(%L):', m.row_id, m.value, name)
                    || regexp_replace(E'\n' || m.mend, E'\\n', E'\n-- ', 'g') FROM dtsen._registry_check_machines(name, expected) AS m);
            END IF;
            PERFORM set_config('role', acting, true);
            is_done := true;
            IF dry_run THEN
                RAISE EXCEPTION 'shown';
            END IF;
        EXCEPTION WHEN OTHERS THEN
            -- takes a dry run back; what was shown stays
            IF NOT is_done THEN
                RAISE;
            END IF;
        END;
        RETURN QUERY SELECT unnest(statements);
    END
    $$;
COMMENT ON FUNCTION dtsen.upgrade_registry(pg_catalog.name, pg_catalog.bool) IS
    'takes a registry''s tables to the version of this extension and returns the statements; with dry_run, the default, it takes all of it back; what is left to people is a comment at the end; no row: it has this version';
