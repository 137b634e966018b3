-- Guards that the template's steps have and a registry's steps never had: an
-- upgrade leaves machines alone, two people change them.

CREATE FUNCTION dtsen._registry_steps(registry pg_catalog.name) RETURNS SETOF dtsen._registry_object
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY EXECUTE format('SELECT 0::int8, ''step'', t.machine::text, t.from_state::text, t.guards::text, t.to_state::text,
            NULL, NULL, NULL FROM %I.transition AS t WHERE t.version = 1', registry);
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_steps(pg_catalog.name) IS
    'steps of the first version of each machine of a registry: machine as object, the states as parent and variant, guards as detail';

CREATE FUNCTION dtsen._registry_guards_lacking(name pg_catalog.name, expected dtsen._registry_object[])
    RETURNS TABLE (machine pg_catalog.text, from_state pg_catalog.text, to_state pg_catalog.text, action pg_catalog.text,
        lacking pg_catalog.text[], guards pg_catalog.text[])
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY EXECUTE format($q$
            SELECT t.machine::text, t.from_state::text, t.to_state::text, t.action::text, l.lacking,
                -- in the order of the template, then what the ministry added
                ARRAY(SELECT g FROM unnest(e.detail::text[]) WITH ORDINALITY AS u (g, n) WHERE g = ANY (t.guards || l.lacking) ORDER BY n)
                || ARRAY(SELECT g FROM unnest(t.guards) WITH ORDINALITY AS u (g, n) WHERE g <> ALL (e.detail::text[]) ORDER BY n)
            FROM unnest($1) AS e
            JOIN dtsen._machine_versions(%1$L, NULL, NULL) AS v ON v.machine = e.object
            JOIN %1$I.transition AS t ON t.machine = v.machine AND t.version = v.version
                AND t.from_state = e.parent AND t.to_state = e.variant,
            -- a guard that a version in force once had was taken away by two people
            LATERAL (SELECT ARRAY(SELECT g FROM unnest(e.detail::text[]) WITH ORDINALITY AS u (g, n)
                WHERE NOT EXISTS (SELECT FROM %1$I.transition AS o
                    WHERE o.machine = t.machine AND o.from_state = t.from_state AND o.to_state = t.to_state AND g = ANY (o.guards)
                    AND (o.version = 1 OR EXISTS (SELECT FROM %1$I.machine_version AS w
                        WHERE w.machine = o.machine AND w.version = o.version AND w.state = 'berlaku')))
                ORDER BY n)) AS l (lacking)
            WHERE e.kind = 'step' AND cardinality(l.lacking) > 0
            ORDER BY 1, 2, 3 $q$, name) USING expected;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_guards_lacking(pg_catalog.name, dtsen._registry_object[]) IS
    'guards of the template that no version in force of a machine has had at a step, and the guards that the step would have with them';

CREATE FUNCTION dtsen._registry_check_machines(name pg_catalog.name, expected dtsen._registry_object[])
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text, severity pg_catalog.text,
        value pg_catalog.text, hint pg_catalog.text, mend pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT format('machine %s', g.machine), 'guards missing', 'error',
            string_agg(format('%s: %s', g.action, array_to_string(g.lacking, ', ')), '; ' ORDER BY g.from_state, g.to_state),
            'The template checks this at these steps. Two people bring it: somebody with role perancang_mesin drafts and submits, somebody else with role penyetuju_mesin approves.',
            format(E'-- as a login with role perancang_mesin\nSELECT dtsen.machine_draft(%L, %L);\n', name, g.machine)
            || string_agg(format(E'UPDATE %1$I.transition AS t SET guards = %2$L WHERE t.machine = %3$L AND t.from_state = %4$L AND t.to_state = %5$L\n    AND t.version = %6$s;\n',
                name, g.guards, g.machine, g.from_state, g.to_state, n.number), '' ORDER BY g.from_state, g.to_state)
            || format(E'SELECT dtsen.machine_submit(%1$L, %2$L, %3$s, %4$L);\n-- as a login of another person with role penyetuju_mesin\nSELECT dtsen.machine_approve(%1$L, %2$L, %3$s, %4$L);',
                name, g.machine, n.number, format('guards of registry version %s', dtsen._registry_version()))
        FROM dtsen._registry_guards_lacking(name, expected) AS g,
            LATERAL (SELECT format('(SELECT max(v.version) FROM %I.machine_version AS v WHERE v.machine = %L)', name, g.machine)) AS n (number)
        GROUP BY g.machine, n.number ORDER BY 1
    $$;
COMMENT ON FUNCTION dtsen._registry_check_machines(pg_catalog.name, dtsen._registry_object[]) IS
    'machines whose steps never had guards that the template has, with what drafts and what approves a version that has them';
