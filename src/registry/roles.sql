-- Roles of a registry and what they may do.

CREATE FUNCTION dtsen._registry_role() RETURNS TABLE (role pg_catalog.text, label pg_catalog.text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        VALUES
        ('operator_desa', 'enters proposals and meetings of a village'),
        ('kades', 'head of a village: decides with the meeting'),
        ('pendamping', 'companion: looks at families and notes field checks'),
        ('verifikator', 'verifier of the social office of a regency'),
        ('kepala_opd', 'head of the social office: endorses and seals batches'),
        ('kepala_daerah', 'regent or mayor: signs batches and re-checks drafts'),
        ('kemensos', 'ministry: calendar, receives signed batches'),
        ('bps', 'statistics: scores, ranking, publication'),
        ('auditor', 'reads all, changes nothing'),
        ('pengelola', 'data manager: imports files and runs the matching'),
        ('perancang_mesin', 'drafts versions of the machines'),
        ('penyetuju_mesin', 'puts versions of the machines in force'),
        ('analis', 'analyst: reads the views for analysts and nothing else'),
        ('pemantau', 'monitor: sees families and persons of a region masked'),
        ('mitra', 'partner with an agreement: the same, with what mask_rule opens to partners')
    $$;
COMMENT ON FUNCTION dtsen._registry_role() IS
    'endings of the names of a registry''s roles';

CREATE FUNCTION dtsen._registry_role_statements(name pg_catalog.name) RETURNS TABLE (statement pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT s.statement
        FROM dtsen._registry_role() WITH ORDINALITY AS r (role, label, n),
            LATERAL (VALUES (1, format('CREATE ROLE %I NOLOGIN', name || '_' || r.role)),
                (2, format('COMMENT ON ROLE %I IS %L', name || '_' || r.role, format('registry %s: %s', name, r.label)))) AS s (part, statement)
        WHERE NOT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = name || '_' || r.role)
        ORDER BY s.part, r.n
    $$;
COMMENT ON FUNCTION dtsen._registry_role_statements(pg_catalog.name) IS
    'statements that make the roles which a registry lacks';

CREATE FUNCTION dtsen.setup_roles(name pg_catalog.name, dry_run pg_catalog.bool DEFAULT true)
    RETURNS SETOF pg_catalog.text
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        statements text[];
        statement text;
    BEGIN
        PERFORM dtsen._registry_exists(name);
        statements := ARRAY(
            SELECT c.statement FROM dtsen._registry_role_statements(name) AS c
            UNION ALL
            SELECT btrim(s.s, E' \n')
            FROM regexp_split_to_table(
                regexp_replace(dtsen._registry_fill(dtsen._registry_grants(), name), E'^\\s*--[^\\n]*\\n', '', 'gn'),
                E';\\s*') AS s
            WHERE btrim(s.s, E' \n') <> '');
        FOREACH statement IN ARRAY statements LOOP
            IF NOT dry_run THEN
                PERFORM dtsen._execute_right(statement);
            END IF;
            RETURN NEXT statement || ';';
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen.setup_roles(pg_catalog.name, pg_catalog.bool) IS
    'group roles of a registry and their rights: shows the statements, and runs them unless dry_run; logins are granted membership by the DBA';
