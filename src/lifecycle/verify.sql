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
        SELECT p.relid::text || '.' || p.name, 'trigger_missing',
               CASE WHEN p.relid = target OR p.name IN ('zz_dtsen_guard', 'zz_dtsen_guard_arrival', 'zz_dtsen_guard_truncate')
                    THEN 'error' ELSE 'warning' END, NULL,
               CASE WHEN p.relid = target OR p.name IN ('zz_dtsen_guard', 'zz_dtsen_guard_arrival', 'zz_dtsen_guard_truncate')
                    THEN 'Without it changes are not checked or not journalled: dtsen.detach() and dtsen.attach().'
                    ELSE 'What names this partition instead of its table fails at COMMIT: dtsen.detach() and dtsen.attach().' END
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
                  ('machine', 'machine_rules'), ('state', 'machine_rules'),
                  ('transition', 'machine_rules'), ('calendar', 'machine_rules'),
                  ('journal', 'journal_only'), ('journal', 'journal_immutable'),
                  ('journal', 'journal_no_truncate')) AS u(name, trigger)) AS n
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
              FROM root AS r, unnest('{machine,state,transition,machine_version,calendar,actor,journal}'::text[]) AS u(name)) AS n
        WHERE to_regclass(n.schema || '.' || n.name) IS NULL
        ORDER BY 3, 1, 2
    $$;
COMMENT ON FUNCTION dtsen.check_attached(pg_catalog.regclass) IS
    'what is missing, disabled or altered of a table''s lifecycle triggers; no row means all is well';

CREATE FUNCTION dtsen.verify_journal(schema pg_catalog.name)
    RETURNS TABLE (machine pg_catalog.text, chain pg_catalog.text,
                   seq pg_catalog.int8, key pg_catalog.text,
                   problem pg_catalog.text, hint pg_catalog.text)
    LANGUAGE plpgsql STABLE STRICT ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    AS $$
    DECLARE
        attached record;
        masked constant text := $m$CASE WHEN %1$s ~ '^[0-9]{13,}$'
            THEN rpad(left(%1$s, 2), length(%1$s), '*') ELSE %1$s END$m$;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema);
        RETURN QUERY EXECUTE format($q$
            SELECT j.machine::text, j.chain::text, j.seq,
                   $q$ || format(masked, 'j.key') || $q$::text, p.problem, p.hint
            FROM (SELECT e.*, lag(e.seq) OVER w AS seq_before,
                         lag(e.digest) OVER w AS digest_before
                  FROM %I.journal AS e
                  WINDOW w AS (PARTITION BY e.machine, e.chain ORDER BY e.seq)) AS j
            CROSS JOIN LATERAL (
                SELECT 'gap', 'Entries before this one are missing from the chain.'
                WHERE j.seq <> coalesce(j.seq_before, 0) + 1
                UNION ALL
                SELECT 'digest', 'This entry, or the one before it, is not as it was written.'
                WHERE j.seq = coalesce(j.seq_before, 0) + 1
                  AND j.digest IS DISTINCT FROM dtsen.journal_digest(
                      j.digest_before, j.machine, j.chain, j.seq, j.key,
                      j.wilayah, j.from_state, j.to_state, j.action, j.login,
                      j.session_login, j.person_key, j.at, j.txid,
                      j.machine_version, j.reason)
            ) AS p(problem, hint)
            ORDER BY 1, 2, 3$q$, schema);
        RETURN QUERY EXECUTE format($q$
            SELECT m.machine::text, NULL::text, NULL::int8, NULL::text, 'detached',
                   'The journal has entries of this machine, but it is attached to no table.'
            FROM (SELECT DISTINCT j.machine FROM %I.journal AS j) AS m
            WHERE m.machine NOT IN (SELECT a.machine FROM dtsen._attached($1) AS a)
            ORDER BY 1$q$, schema) USING schema;
        FOR attached IN SELECT * FROM dtsen._attached(schema) LOOP
            PERFORM dtsen._check_attachable(attached.target,
                attached.arguments[3]::name, attached.arguments[4]::name,
                nullif(attached.arguments[5], '')::name, '{}');
            RETURN QUERY EXECUTE format($q$
                WITH last AS (
                    SELECT DISTINCT ON (c.key) c.* FROM (
                        SELECT DISTINCT ON (j.key, j.chain)
                               j.key, j.chain, j.seq, j.at, j.to_state
                        FROM %1$I.journal AS j WHERE j.machine = $1
                        ORDER BY j.key, j.chain, j.seq DESC) AS c
                    ORDER BY c.key, c.at DESC, c.seq DESC
                ), live AS (
                    SELECT t.%2$I::text COLLATE "C" AS key, t.%3$I::text AS state
                    FROM %4$s AS t
                )
                SELECT $1, l.chain::text, l.seq,
                       $q$ || replace(format(masked, 'coalesce(l.key, t.key)'), '%', '%%')
                       || $q$::text, p.problem, p.hint
                FROM last AS l FULL JOIN live AS t ON t.key = l.key
                CROSS JOIN LATERAL (
                    SELECT CASE WHEN t.key IS NULL THEN 'row missing'
                                WHEN l.key IS NULL THEN 'row without entry'
                                WHEN t.state IS DISTINCT FROM l.to_state THEN 'row differs' END,
                           CASE WHEN t.key IS NULL THEN 'The journal knows the row, the table has none.'
                                WHEN l.key IS NULL THEN 'The table has the row, the journal does not know it.'
                                ELSE 'The row is in another state than its last entry says.' END
                ) AS p(problem, hint)
                WHERE p.problem IS NOT NULL
                ORDER BY 2, 3, 4$q$,
                schema, attached.arguments[3], attached.arguments[4], attached.target)
                USING attached.machine;
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen.verify_journal(pg_catalog.name) IS
    'recomputes every digest of a journal and compares the last entries with the rows of the attached tables; no row means all is well';
