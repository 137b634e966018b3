-- Lifecycle: what is missing, broken or not as it should be.

CREATE FUNCTION dtsen.check_attached(target pg_catalog.regclass)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text,
                   severity pg_catalog.text, value pg_catalog.text,
                   hint pg_catalog.text)
    LANGUAGE sql STABLE STRICT ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
        WITH expected AS (
            SELECT c.relid, t.name, c.is_target,
                   CASE WHEN t.definition LIKE '%dtsen.guard(%' THEN 'dtsen.guard()'
                        WHEN t.definition LIKE '%dtsen.guard_statement(%' THEN 'dtsen.guard_statement()'
                        ELSE 'dtsen.journal()' END::regprocedure AS function
            FROM dtsen._lifecycle_trigger() AS t,
                 dtsen._lifecycle_tables(target) AS c
            WHERE CASE t.scope
                WHEN 'table' THEN c.is_target
                    OR t.definition LIKE '%FOR EACH ROW%'
                WHEN 'partitioned' THEN EXISTS (
                    SELECT FROM pg_class AS p
                    WHERE p.oid = target AND p.relkind = 'p')
                ELSE true END
        ), root AS (
            SELECT dtsen.trigger_arguments(t.oid) AS arguments
            FROM pg_trigger AS t
            WHERE t.tgrelid = target AND t.tgname = 'zz_dtsen_guard'
              AND t.tgfoid = 'dtsen.guard()'::regprocedure
        ), present AS (
            SELECT e.relid, e.name, t.oid, t.tgenabled,
                   t.tgfoid = e.function
                   AND dtsen.trigger_arguments(t.oid)
                       IS NOT DISTINCT FROM (SELECT r.arguments FROM root AS r) AS same
            FROM expected AS e
            LEFT JOIN pg_trigger AS t ON t.tgrelid = e.relid AND t.tgname = e.name
        )
        SELECT p.relid::text || '.' || p.name, 'trigger_missing', 'error', NULL,
               'Without it changes are not checked or not journalled: dtsen.detach() and dtsen.attach().'
        FROM present AS p WHERE p.oid IS NULL
        UNION ALL
        SELECT p.relid::text || '.' || p.name, 'trigger_disabled', 'error',
               CASE p.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only'
                                ELSE 'not on replicas' END,
               format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I;', p.relid, p.name)
        FROM present AS p WHERE p.oid IS NOT NULL AND p.tgenabled <> 'A'
        UNION ALL
        SELECT p.relid::text || '.' || p.name, 'trigger_altered', 'error', NULL,
               'It calls another function or has other arguments than trigger zz_dtsen_guard of the table.'
        FROM present AS p WHERE p.oid IS NOT NULL AND NOT p.same
        UNION ALL
        SELECT n.schema || '.' || n.name || '.' || n.trigger, 'machine_trigger', 'error',
               CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only'
                                WHEN 'O' THEN 'not on replicas' ELSE 'missing' END,
               'Without it the journal can be rewritten, or sessions keep old rules.'
        FROM (SELECT quote_ident(r.arguments[1]) AS schema, u.name, u.trigger
              FROM root AS r, (VALUES
                  ('machine', 'machine_changed'), ('state', 'machine_changed'),
                  ('transition', 'machine_changed'), ('actor', 'machine_changed'),
                  ('journal_block', 'journal_only'), ('journal_block', 'journal_immutable'),
                  ('journal_block', 'journal_no_truncate'),
                  ('journal_note', 'journal_only'), ('journal_note', 'journal_erase'),
                  ('journal_note', 'journal_immutable'), ('journal_note', 'journal_no_truncate'),
                  ('journal_anchor', 'journal_immutable'), ('journal_anchor', 'journal_no_truncate'),
                  ('journal_anchor_chain', 'journal_immutable'),
                  ('journal_anchor_chain', 'journal_no_truncate')) AS u(name, trigger)) AS n
        LEFT JOIN pg_trigger AS t ON t.tgname = n.trigger
            AND t.tgrelid = to_regclass(n.schema || '.' || n.name)
        WHERE t.tgenabled IS DISTINCT FROM 'A'
        UNION ALL
        SELECT t.tgrelid::regclass::text || '.' || t.tgname, 'trigger_after_guard', 'warning',
               t.tgfoid::regprocedure::text,
               'It fires after the guard and may change the row that the guard has judged.'
        FROM pg_trigger AS t
        JOIN dtsen._lifecycle_tables(target) AS c ON c.relid = t.tgrelid
        WHERE t.tgtype & 3 = 3 AND NOT t.tgisinternal
          AND t.tgname::text COLLATE "C" > 'zz_dtsen_guard'
          AND t.tgname NOT IN (SELECT e.name FROM expected AS e)
        UNION ALL
        SELECT target::text, 'machine_tables_missing', 'error', n.schema || '.' || n.name,
               'The triggers name a table that is not there.'
        FROM (SELECT quote_ident(r.arguments[1]) AS schema, u.name
              FROM root AS r, unnest('{machine,state,transition,actor,journal_block,journal_note,journal}'::text[]) AS u(name)) AS n
        WHERE to_regclass(n.schema || '.' || n.name) IS NULL
        ORDER BY 3, 1, 2
    $$;
COMMENT ON FUNCTION dtsen.check_attached(pg_catalog.regclass) IS
    'what is missing, disabled or altered of a table''s lifecycle triggers; no row means all is well';

CREATE FUNCTION dtsen.machine_diagram(
    schema pg_catalog.name, machine pg_catalog.text)
    RETURNS pg_catalog.text
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        result text;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema);
        EXECUTE format($q$
            WITH state AS (
                SELECT s.state, s.is_final, s.is_published,
                       's' || row_number() OVER (ORDER BY s.sort_order, s.state) AS id,
                       row_number() OVER (ORDER BY s.sort_order, s.state) AS n
                FROM %1$I.state AS s WHERE s.machine = $1
            ), line AS (
                SELECT 1 AS part, s.n, 0 AS m,
                       format('state "%%s" as %%s', translate(s.state, E'"\n\r', '___'), s.id) AS line
                FROM state AS s
                UNION ALL
                SELECT 2, 0, 0, format('[*] --> %%s', s.id)
                FROM state AS s JOIN %1$I.machine AS m
                  ON m.machine = $1 AND m.initial_state = s.state
                UNION ALL
                SELECT 3, f.n, t.n, format('%%s --> %%s: %%s (%%s)', f.id, t.id,
                       translate(x.action, E':;\n\r', '____'),
                       translate(x.actor_role, E':;\n\r', '____'))
                FROM %1$I.transition AS x
                JOIN state AS f ON f.state = x.from_state
                JOIN state AS t ON t.state = x.to_state
                WHERE x.machine = $1
                UNION ALL
                SELECT 4, s.n, 0, format('%%s --> [*]', s.id) FROM state AS s WHERE s.is_final
            )
            SELECT E'stateDiagram-v2\n'
                   || string_agg('    ' || l.line, E'\n' ORDER BY l.part, l.n, l.m)
            FROM line AS l$q$, schema) INTO result USING machine;
        RETURN result;
    END
    $$;
COMMENT ON FUNCTION dtsen.machine_diagram(pg_catalog.name, pg_catalog.text) IS
    'a machine as a Mermaid state diagram; NULL if there is none of that name';

CREATE FUNCTION dtsen._guard_function(name pg_catalog.text)
    RETURNS pg_catalog.regprocedure
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF cardinality(parse_ident(name)) <> 2 THEN
            RETURN NULL;
        END IF;
        RETURN to_regprocedure(name || '(text[])');
    EXCEPTION WHEN syntax_error OR invalid_name OR invalid_parameter_value
              OR invalid_text_representation THEN
        RETURN NULL;
    END
    $$;
COMMENT ON FUNCTION dtsen._guard_function(pg_catalog.text) IS
    'the function that a guard names; NULL if there is none or the name is not schema.function';

CREATE FUNCTION dtsen.check_machine(
    schema pg_catalog.name, machine pg_catalog.text DEFAULT NULL)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text,
                   severity pg_catalog.text, value pg_catalog.text,
                   hint pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM dtsen._check_lifecycle(schema);
        RETURN QUERY EXECUTE format($q$
            WITH RECURSIVE m AS (
                SELECT m.* FROM %1$I.machine AS m WHERE $1 IS NULL OR m.machine = $1
            ), reached AS (
                SELECT m.machine, m.initial_state AS state FROM m
                UNION
                SELECT t.machine, t.to_state FROM reached AS r
                JOIN %1$I.transition AS t
                  ON t.machine = r.machine AND t.from_state = r.state
            ), ending AS (
                SELECT s.machine, s.state FROM %1$I.state AS s WHERE s.is_final
                UNION
                SELECT t.machine, t.from_state FROM ending AS e
                JOIN %1$I.transition AS t
                  ON t.machine = e.machine AND t.to_state = e.state
            ), guard AS (
                SELECT t.machine, t.from_state, t.to_state, g.name,
                       dtsen._guard_function(g.name) AS function
                FROM %1$I.transition AS t, unnest(t.guards) AS g(name)
            )
            SELECT m.machine, 'initial_state', 'error', m.initial_state,
                   'The initial state is no state of the machine: no row can be born.'
            FROM m WHERE NOT EXISTS (SELECT FROM %1$I.state AS s
                WHERE s.machine = m.machine AND s.state = m.initial_state)
            UNION ALL
            SELECT s.machine || ':' || s.state, 'unreachable', 'error', s.state,
                   'No steps lead there from the initial state.'
            FROM %1$I.state AS s JOIN m ON m.machine = s.machine
            WHERE NOT EXISTS (SELECT FROM reached AS r
                WHERE r.machine = s.machine AND r.state = s.state)
            UNION ALL
            SELECT t.machine || ':' || t.from_state || '>' || t.to_state, 'exit_from_final', 'error',
                   t.from_state, 'A final state has no way out: the step is ignored.'
            FROM %1$I.transition AS t JOIN m ON m.machine = t.machine
            JOIN %1$I.state AS s ON s.machine = t.machine AND s.state = t.from_state
            WHERE s.is_final
            UNION ALL
            SELECT s.machine || ':' || s.state, 'no_end', 'warning', s.state,
                   'No steps lead from there to a final state.'
            FROM %1$I.state AS s JOIN m ON m.machine = s.machine
            WHERE NOT EXISTS (SELECT FROM ending AS e
                WHERE e.machine = s.machine AND e.state = s.state)
            UNION ALL
            SELECT g.machine || ':' || g.from_state || '>' || g.to_state, 'guard_missing', 'error', g.name,
                   'There is no such function schema.name(text[]): the step can never be taken.'
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
            FROM %1$I.transition AS t JOIN m ON m.machine = t.machine,
                 unnest(t.distinct_from) AS d(action)
            WHERE d.action NOT IN ('born', 'edit', 'attached') AND NOT EXISTS (
                SELECT FROM %1$I.transition AS x
                WHERE x.machine = t.machine AND x.action = d.action)
            UNION ALL
            SELECT t.machine || ':' || t.from_state || '>' || t.to_state, 'no_actor', 'warning', t.actor_role,
                   'Nobody has this role.'
            FROM %1$I.transition AS t JOIN m ON m.machine = t.machine
            WHERE NOT EXISTS (SELECT FROM %1$I.actor AS a WHERE a.actor_role = t.actor_role)
            UNION ALL
            SELECT DISTINCT t.machine || ':' || t.from_state || '>' || t.to_state, 'same_person', 'warning',
                   x.action || ', ' || t.action,
                   'Somebody has the roles of both steps, which on one row must be two people''s: they are refused row by row.'
            FROM %1$I.transition AS t JOIN m ON m.machine = t.machine
            JOIN %1$I.transition AS x ON x.machine = t.machine AND x.action = ANY (t.distinct_from)
            JOIN %1$I.actor AS a ON a.actor_role = t.actor_role
            JOIN %1$I.actor AS b ON b.actor_role = x.actor_role AND b.person_key = a.person_key
            UNION ALL
            SELECT a.login, 'login_of_two', 'error', count(DISTINCT a.person_key)::text,
                   'A login stands for one person: until then it can do nothing.'
            FROM %1$I.actor AS a GROUP BY a.login HAVING count(DISTINCT a.person_key) > 1
            ORDER BY 3, 1, 2, 4$q$, schema) USING machine;
    END
    $$;
COMMENT ON FUNCTION dtsen.check_machine(pg_catalog.name, pg_catalog.text) IS
    'what is wrong or worth a look in a machine (NULL: in all of a schema); no row means all is well';
