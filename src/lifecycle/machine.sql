-- Lifecycle: machines and their versions.

CREATE FUNCTION dtsen._machine_versions(
    schema pg_catalog.name, wanted_machine pg_catalog.text,
    wanted_version pg_catalog.int4)
    RETURNS TABLE (machine pg_catalog.text, version pg_catalog.int4,
                   initial_state pg_catalog.text, is_live pg_catalog.bool,
                   digest pg_catalog.bytea)
    LANGUAGE plpgsql STABLE ROWS 4
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY EXECUTE format($q$
            SELECT m.machine::text, coalesce($2, m.version), coalesce(v.initial_state, m.initial_state)::text,
                   m.is_live AND coalesce($2, m.version) = m.version, m.digest::bytea
            FROM %1$I.machine AS m LEFT JOIN %1$I.machine_version AS v
                ON v.machine = m.machine AND v.version = coalesce($2, m.version)
            WHERE ($1 IS NULL OR m.machine = $1)
              AND (coalesce($2, m.version) = 1 OR v.version IS NOT NULL)$q$, schema)
            USING wanted_machine, wanted_version;
    END
    $$;
COMMENT ON FUNCTION dtsen._machine_versions(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4) IS
    'machines of a schema (NULL: all) in a version (NULL: the one in force)';

CREATE FUNCTION dtsen.machine_digest(
    schema pg_catalog.name, machine pg_catalog.text, version pg_catalog.int4)
    RETURNS pg_catalog.bytea
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        result bytea;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema);
        EXECUTE format($q$
            SELECT sha256(convert_to(jsonb_build_array('dtsen.machine.1', v.machine, v.version, v.initial_state,
                (SELECT jsonb_agg(jsonb_build_array(s.state, s.is_final, s.is_published)
                        ORDER BY s.state COLLATE "C")
                    FROM %1$I.state AS s WHERE s.machine = $1 AND s.version = $2),
                (SELECT jsonb_agg(jsonb_build_array(t.from_state, t.to_state, t.action, t.actor_role, t.guards,
                            t.distinct_from, t.needs_reason, t.is_timed)
                        ORDER BY t.from_state COLLATE "C", t.to_state COLLATE "C")
                    FROM %1$I.transition AS t WHERE t.machine = $1 AND t.version = $2))::text, 'UTF8'))
            FROM dtsen._machine_versions(%1$L, $1, $2) AS v$q$, schema) INTO result USING machine, version;
        RETURN result;
    END
    $$;
COMMENT ON FUNCTION dtsen.machine_digest(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4) IS
    'SHA-256 over the rules of a version of a machine: states and steps, not their labels; NULL if there is none';

CREATE FUNCTION dtsen.machine_draft(
    schema pg_catalog.name, machine pg_catalog.text,
    initial_state pg_catalog.text DEFAULT NULL)
    RETURNS pg_catalog.int4
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        present record;
        number int4;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema);
        SELECT v.* INTO present FROM dtsen._machine_versions(schema, machine, NULL) AS v
        WHERE v.machine = machine_draft.machine;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no machine "%" in schema "%"', machine, schema
                USING ERRCODE = 'no_data_found',
                DETAIL = 'A draft is a copy of the version in force.',
                HINT = 'Table machine of the schema lists the machines.';
        END IF;
        EXECUTE format('SELECT greatest($2, coalesce(max(v.version), 1)) + 1
            FROM %I.machine_version AS v WHERE v.machine = $1', schema) INTO number USING machine, present.version;
        EXECUTE format('INSERT INTO %I.machine_version (id, machine, version, initial_state)
            VALUES ($1 || ''/'' || $2, $1, $2, $3)', schema)
            USING machine, number, coalesce(initial_state, present.initial_state);
        EXECUTE format('INSERT INTO %1$I.state (machine, version, state, is_final, is_published, label_id, label_en, sort_order)
            SELECT s.machine, $2, s.state, s.is_final, s.is_published, s.label_id, s.label_en, s.sort_order
            FROM %1$I.state AS s WHERE s.machine = $1 AND s.version = $3', schema)
            USING machine, number, present.version;
        EXECUTE format('INSERT INTO %1$I.transition (machine, version, from_state, to_state, action, actor_role,
                guards, distinct_from, needs_reason, is_timed)
            SELECT t.machine, $2, t.from_state, t.to_state, t.action, t.actor_role,
                t.guards, t.distinct_from, t.needs_reason, t.is_timed
            FROM %1$I.transition AS t WHERE t.machine = $1 AND t.version = $3', schema)
            USING machine, number, present.version;
        RETURN number;
    END
    $$;
COMMENT ON FUNCTION dtsen.machine_draft(
    pg_catalog.name, pg_catalog.text, pg_catalog.text) IS
    'drafts the next version of a machine, a copy of the one in force that can then be changed; returns its number';

CREATE FUNCTION dtsen._machine_step(
    schema pg_catalog.name, machine pg_catalog.text, version pg_catalog.int4,
    state pg_catalog.text, reason pg_catalog.text)
    RETURNS pg_catalog.bytea
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        digest bytea;
    BEGIN
        IF coalesce(btrim(reason), '') = '' THEN
            RAISE EXCEPTION 'a change of a machine needs a reason' USING ERRCODE = 'SE003',
                DETAIL = 'It stands in the journal with the digest of the rules.',
                HINT = 'Say why the rules change.';
        END IF;
        digest := dtsen.machine_digest(schema, machine, version);
        EXECUTE format('UPDATE %I.machine_version AS v SET state = $1, digest = $2,
                reason = format(''%%s [rules %%s]'', $3, encode($2, ''hex'')) WHERE v.machine = $4 AND v.version = $5
            RETURNING v.digest', schema)
            INTO digest USING state, digest, reason, machine, version;
        IF digest IS NULL THEN
            RAISE EXCEPTION 'there is no version % of machine "%" in schema "%"', version, machine, schema
                USING ERRCODE = 'no_data_found', HINT = 'dtsen.machine_draft() makes one.';
        END IF;
        RETURN digest;
    END
    $$;
COMMENT ON FUNCTION dtsen._machine_step(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4, pg_catalog.text, pg_catalog.text) IS
    'takes a version of a machine to a state, with the digest of its rules in the journal';

CREATE FUNCTION dtsen.machine_submit(
    schema pg_catalog.name, machine pg_catalog.text, version pg_catalog.int4,
    reason pg_catalog.text)
    RETURNS pg_catalog.bytea
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT dtsen._machine_step(schema, machine, version, 'diajukan', reason) $$;
COMMENT ON FUNCTION dtsen.machine_submit(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4, pg_catalog.text) IS
    'submits a drafted version of a machine; its rules must load, and no longer change; returns their digest';

CREATE FUNCTION dtsen.machine_approve(
    schema pg_catalog.name, machine pg_catalog.text, version pg_catalog.int4,
    reason pg_catalog.text)
    RETURNS pg_catalog.bytea
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT dtsen._machine_step(schema, machine, version, 'berlaku', reason) $$;
COMMENT ON FUNCTION dtsen.machine_approve(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4, pg_catalog.text) IS
    'puts a submitted version of a machine in force, for rows born from now on; takes another person than those who drafted it; returns the digest of its rules';

CREATE FUNCTION dtsen.machine_diagram(
    schema pg_catalog.name, machine pg_catalog.text,
    format pg_catalog.text DEFAULT 'mermaid',
    version pg_catalog.int4 DEFAULT NULL)
    RETURNS pg_catalog.text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        result text;
    BEGIN
        IF schema IS NULL OR machine IS NULL OR format IS NULL THEN
            RETURN NULL;
        ELSIF format NOT IN ('mermaid', 'graphviz') THEN
            RAISE EXCEPTION 'there is no format "%"', format
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'It is mermaid or graphviz.';
        END IF;
        PERFORM dtsen._check_lifecycle(schema);
        EXECUTE pg_catalog.format($q$
            WITH drawn AS (
                SELECT * FROM dtsen._machine_versions(%1$L, $1, $3)
            ), state AS (
                SELECT s.state, s.is_final, s.is_published, d.initial_state = s.state AS is_initial,
                       's' || row_number() OVER (ORDER BY s.sort_order, s.state) AS id,
                       row_number() OVER (ORDER BY s.sort_order, s.state) AS n
                FROM %1$I.state AS s JOIN drawn AS d USING (machine, version)
            ), step AS (
                SELECT f.id AS from_id, t.id AS to_id, f.n AS from_n, t.n AS to_n, x.action, x.actor_role
                FROM %1$I.transition AS x JOIN drawn AS d USING (machine, version)
                JOIN state AS f ON f.state = x.from_state
                JOIN state AS t ON t.state = x.to_state
            ), line AS (
                SELECT 1 AS part, s.n, 0 AS m,
                       format('state "%%s" as %%s', translate(s.state, E'"\n\r', '___'), s.id) AS mermaid,
                       format('%%s [label="%%s"%%s];', s.id, translate(s.state, E'"\\\n\r', '____'), CASE
                           WHEN s.is_published THEN ', shape=doubleoctagon'
                           WHEN s.is_final THEN ', peripheries=2' ELSE '' END) AS graphviz
                FROM state AS s
                UNION ALL
                SELECT 2, 0, 0, format('[*] --> %%s', s.id),
                       format('start [shape=point]; start -> %%s;', s.id)
                FROM state AS s WHERE s.is_initial
                UNION ALL
                SELECT 3, x.from_n, x.to_n, format('%%s --> %%s: %%s (%%s)', x.from_id, x.to_id,
                       translate(x.action, E':;\n\r', '____'), translate(x.actor_role, E':;\n\r', '____')),
                       format('%%s -> %%s [label="%%s (%%s)"];', x.from_id, x.to_id,
                       translate(x.action, E'"\\\n\r', '____'), translate(x.actor_role, E'"\\\n\r', '____'))
                FROM step AS x
                UNION ALL
                SELECT 4, s.n, 0, format('%%s --> [*]', s.id), NULL FROM state AS s WHERE s.is_final
            )
            SELECT CASE $2 WHEN 'mermaid'
                THEN E'stateDiagram-v2\n' || string_agg('    ' || l.mermaid, E'\n' ORDER BY l.part, l.n, l.m)
                ELSE E'digraph machine {\n    rankdir=LR;\n    node [shape=box];\n'
                     || string_agg('    ' || l.graphviz, E'\n' ORDER BY l.part, l.n, l.m) || E'\n}' END
            FROM line AS l HAVING count(*) > 0$q$, schema) INTO result USING machine, format, version;
        RETURN result;
    END
    $$;
COMMENT ON FUNCTION dtsen.machine_diagram(
    pg_catalog.name, pg_catalog.text, pg_catalog.text, pg_catalog.int4) IS
    'a machine as a Mermaid state diagram, or as a graph of Graphviz; version NULL: the one in force; NULL if there is none of that name';

CREATE FUNCTION dtsen._guard_function(name pg_catalog.text)
    RETURNS pg_catalog.regprocedure
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        base text := regexp_replace(name, '[(].*[)]$', '');
    BEGIN
        IF cardinality(parse_ident(base)) <> 2 THEN
            RETURN NULL;
        END IF;
        RETURN (SELECT p.oid FROM pg_proc AS p
            WHERE p.oid = to_regprocedure(base || CASE WHEN base = name THEN '(text[])' ELSE '(text[],text[])' END) AND p.proretset
            AND 4 = coalesce(cardinality(array_remove(p.proargmodes::text[], 'i')), (SELECT c.relnatts FROM pg_class AS c WHERE c.reltype = p.prorettype)));
    EXCEPTION WHEN syntax_error OR invalid_name OR invalid_parameter_value
              OR invalid_text_representation THEN
        RETURN NULL;
    END
    $$;
COMMENT ON FUNCTION dtsen._guard_function(pg_catalog.text) IS
    'the function that a guard names, as schema.function or schema.function(arguments), if it returns what a guard returns; NULL if there is none';

CREATE FUNCTION dtsen._check_guard_arguments(
    schema pg_catalog.name, machine pg_catalog.text, version pg_catalog.int4)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text,
                   severity pg_catalog.text, value pg_catalog.text,
                   hint pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        g record;
    BEGIN
        -- the table and its key column that the guard's second argument is called after
        FOR g IN EXECUTE format($q$
            SELECT t.machine || ':' || t.from_state || '>' || t.to_state AS step, c.oid::regclass AS list, a.attname,
                array(SELECT btrim(x) FROM regexp_split_to_table(substring(n.name FROM '[(](.*)[)]$'), ',') AS x) AS arguments
            FROM %1$I.transition AS t
            JOIN dtsen._machine_versions(%1$L, $1, $2) AS v ON v.machine = t.machine AND v.version = t.version,
            unnest(t.guards) AS n(name), pg_proc AS f, pg_class AS c, pg_index AS i, pg_attribute AS a
            WHERE f.oid = dtsen._guard_function(n.name) AND f.pronargs = 2
            AND c.relname = f.proargnames[2] AND c.relnamespace = f.pronamespace AND c.relkind = 'r'
            AND i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
            AND a.attrelid = c.oid AND a.attnum = i.indkey[0] AND a.atttypid IN ('text'::regtype, 'varchar'::regtype)
            ORDER BY 1$q$, schema) USING machine, version
        LOOP
            RETURN QUERY EXECUTE format($q$
                SELECT $1, 'guard_argument', 'error', x.a, $3
                FROM unnest($2) AS x(a) WHERE NOT EXISTS (SELECT FROM %1$s AS l WHERE l.%2$I::text = x.a)$q$,
                g.list, g.attname) USING g.step, g.arguments, format('Table %s does not know it.', g.list);
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen._check_guard_arguments(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4) IS
    'arguments of guards that the table called like the guard''s second argument does not know, such as kinds of evidence';

CREATE FUNCTION dtsen.check_machine(
    schema pg_catalog.name, machine pg_catalog.text DEFAULT NULL,
    version pg_catalog.int4 DEFAULT NULL)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text,
                   severity pg_catalog.text, value pg_catalog.text,
                   hint pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM dtsen._check_lifecycle(schema), CASE WHEN machine IS NOT NULL THEN dtsen._check_machine_known(schema, machine, version) END;
        RETURN QUERY EXECUTE format($q$
            WITH RECURSIVE m AS (
                SELECT v.* FROM dtsen._machine_versions(%1$L, $1, $2) AS v
            ), state AS (
                SELECT s.* FROM %1$I.state AS s JOIN m USING (machine, version)
            ), transition AS (
                SELECT t.* FROM %1$I.transition AS t JOIN m USING (machine, version)
            ), reached AS (
                SELECT m.machine, m.initial_state AS state FROM m
                UNION
                SELECT t.machine, t.to_state FROM reached AS r
                JOIN transition AS t
                  ON t.machine = r.machine AND t.from_state = r.state
            ), ending AS (
                SELECT s.machine, s.state FROM state AS s WHERE s.is_final
                UNION
                SELECT t.machine, t.from_state FROM ending AS e
                JOIN transition AS t
                  ON t.machine = e.machine AND t.to_state = e.state
            ), guard AS (
                SELECT t.machine, t.from_state, t.to_state, g.name,
                       dtsen._guard_function(g.name) AS function
                FROM transition AS t, unnest(t.guards) AS g(name)
            )
            SELECT m.machine, 'initial_state', 'error', m.initial_state,
                   'The initial state is no state of the machine: no row can be born.'
            FROM m WHERE NOT EXISTS (SELECT FROM state AS s
                WHERE s.machine = m.machine AND s.state = m.initial_state)
            UNION ALL
            SELECT s.machine || ':' || s.state, 'unreachable', 'error', s.state,
                   'No steps lead there from the initial state.'
            FROM state AS s JOIN m ON m.machine = s.machine
            WHERE NOT EXISTS (SELECT FROM reached AS r
                WHERE r.machine = s.machine AND r.state = s.state)
            UNION ALL
            SELECT t.machine || ':' || t.from_state || '>' || t.to_state, 'exit_from_final', 'error',
                   t.from_state, 'A final state has no way out: the step is ignored.'
            FROM transition AS t JOIN m ON m.machine = t.machine
            JOIN state AS s ON s.machine = t.machine AND s.state = t.from_state
            WHERE s.is_final
            UNION ALL
            SELECT s.machine || ':' || s.state, 'no_end', 'warning', s.state,
                   'No steps lead from there to a final state.'
            FROM state AS s JOIN m ON m.machine = s.machine
            WHERE NOT EXISTS (SELECT FROM ending AS e
                WHERE e.machine = s.machine AND e.state = s.state)
            UNION ALL
            SELECT g.machine || ':' || g.from_state || '>' || g.to_state, 'guard_missing', 'error', g.name,
                   'There is no such function schema.name(text[]), or (text[], text[]) with arguments, that returns TABLE (key text, sqlstate text, message text, hint text): the step can never be taken.'
            FROM guard AS g JOIN m ON m.machine = g.machine WHERE g.function IS NULL
            UNION ALL
            SELECT g.machine || ':' || g.from_state || '>' || g.to_state, 'guard_owner', 'error', g.name,
                   'It must belong to the owner of the machine tables or to a superuser.'
            FROM guard AS g JOIN m ON m.machine = g.machine
            JOIN pg_proc AS p ON p.oid = g.function
            JOIN pg_roles AS o ON o.oid = p.proowner
            WHERE NOT o.rolsuper AND p.proowner <> (
                SELECT c.relowner FROM pg_class AS c WHERE c.oid = to_regclass(format('%%I.machine', %1$L::text)))
            UNION ALL
            SELECT t.machine || ':' || t.from_state || '>' || t.to_state, 'unknown_action', 'error', d.action,
                   'Column distinct_from names an action that the machine does not have.'
            FROM transition AS t JOIN m ON m.machine = t.machine,
                 unnest(t.distinct_from) AS d(action)
            WHERE d.action NOT IN ('born', 'edit', 'attached', 'erased') AND NOT EXISTS (
                SELECT FROM transition AS x
                WHERE x.machine = t.machine AND x.action = d.action)
            UNION ALL
            SELECT t.machine || ':' || t.from_state || '>' || t.to_state, 'no_actor', 'warning', t.actor_role,
                   'Nobody has this role.'
            FROM transition AS t JOIN m ON m.machine = t.machine
            WHERE NOT EXISTS (SELECT FROM %1$I.actor AS a WHERE a.actor_role = t.actor_role)
            AND ($1 IS NOT NULL OR t.machine <> 'mesin')
            UNION ALL
            SELECT DISTINCT t.machine || ':' || t.from_state || '>' || t.to_state, 'same_person', 'warning',
                   x.action || ', ' || t.action,
                   'Somebody has the roles of both steps, which on one row must be two people''s: they are refused row by row.'
            FROM transition AS t JOIN m ON m.machine = t.machine
            JOIN transition AS x ON x.machine = t.machine AND x.action = ANY (t.distinct_from)
            JOIN %1$I.actor AS a ON a.actor_role = t.actor_role
            JOIN %1$I.actor AS b ON b.actor_role = x.actor_role AND b.person_key = a.person_key
            UNION ALL
            SELECT m.machine || '/' || m.version, 'digest', 'error', encode(m.digest, 'hex'),
                   'The rules in force are not those that were approved, or attached: somebody wrote past trigger machine_rules.'
            FROM m WHERE m.is_live AND m.digest IS DISTINCT FROM dtsen.machine_digest(%1$L, m.machine, m.version)
            UNION ALL
            -- rows may still be under a version of before
            SELECT o.machine || '/' || o.version, 'digest', 'error', encode(o.digest, 'hex'),
                   'The rules of a version that was in force are not those that were approved, or attached: somebody wrote past trigger machine_rules.'
            FROM (SELECT f.machine, 1 AS version, f.first_digest AS digest
                  FROM %1$I.machine AS f WHERE f.is_live AND f.version > 1
                  UNION ALL
                  SELECT v.machine, v.version, v.digest
                  FROM %1$I.machine_version AS v JOIN %1$I.machine AS f USING (machine)
                  WHERE v.state = 'berlaku' AND v.version < f.version) AS o
            WHERE ($1 IS NULL OR o.machine = $1) AND ($2 IS NULL OR o.version = $2)
            AND o.digest IS DISTINCT FROM dtsen.machine_digest(%1$L, o.machine, o.version)
            UNION ALL
            SELECT t.machine || ':' || t.from_state || '>' || t.to_state, 'no_window', 'warning', t.action,
                   'The step is timed, and the calendar has no window for it that is open or to come.'
            FROM transition AS t JOIN m ON m.machine = t.machine
            WHERE t.is_timed AND NOT EXISTS (SELECT FROM %1$I.calendar AS c
                WHERE c.machine = t.machine AND c.action = t.action AND c.closes_at > clock_timestamp())
            UNION ALL
            SELECT c.machine || ':' || c.period || ':' || c.action, 'unknown_window', 'warning', c.action,
                   'The calendar names an action that is no timed step of the machine.'
            FROM %1$I.calendar AS c JOIN m ON m.machine = c.machine
            WHERE NOT EXISTS (SELECT FROM transition AS t
                WHERE t.machine = c.machine AND t.action = c.action AND t.is_timed)
            UNION ALL
            SELECT a.login, 'login_of_two', 'error', count(DISTINCT a.person_key)::text,
                   'A login stands for one person: until then it can do nothing.'
            FROM %1$I.actor AS a GROUP BY a.login HAVING count(DISTINCT a.person_key) > 1
            ORDER BY 3, 1, 2, 4$q$, schema) USING machine, version;
        RETURN QUERY SELECT * FROM dtsen._check_guard_arguments(schema, machine, version);
    END
    $$;
COMMENT ON FUNCTION dtsen.check_machine(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4) IS
    'what is wrong or worth a look in a machine (NULL: in all of a schema) and version (NULL: the one in force); no row means all is well';
