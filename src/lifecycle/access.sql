-- Who may reach the rows of tables under machines: group roles, and row security
-- by region. A registry has its own: setup_roles() and its policies.

CREATE FUNCTION dtsen.actor_regions(schema pg_catalog.name, except_roles pg_catalog.text[] DEFAULT '{}')
    RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_actor_regions'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION dtsen.actor_regions(pg_catalog.name, pg_catalog.text[]) IS
    'regions that table actor of a lifecycle gives who acts, in whatever role but these: digits without dots, ascending, none within another, an empty text for the whole country; NULL: none';

CREATE FUNCTION dtsen._attachment(target pg_catalog.regclass,
    OUT schema pg_catalog.name, OUT machine pg_catalog.text, OUT key_column pg_catalog.name,
    OUT state_column pg_catalog.name, OUT wilayah_column pg_catalog.name, OUT version_column pg_catalog.name)
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        SELECT a.arguments[1], a.arguments[2], a.arguments[3], a.arguments[4], nullif(a.arguments[5], ''), nullif(a.arguments[9], '')
        INTO schema, machine, key_column, state_column, wilayah_column, version_column
        FROM pg_trigger AS t, LATERAL (SELECT dtsen.trigger_arguments(t.oid)) AS a (arguments)
        WHERE t.tgrelid = target AND t.tgname = 'zz_dtsen_guard' AND t.tgparentid = 0
          AND t.tgfoid = 'dtsen.guard()'::regprocedure;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'table % is under no machine', target
                USING ERRCODE = 'undefined_object',
                      HINT = 'dtsen.attach() puts it under one; of a partitioned table name the table, not a partition.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._attachment(pg_catalog.regclass) IS
    'schema, machine and columns that a table was attached with; an error if it is under no machine';

-- The regions are compared by their text without dots. Each subquery is computed
-- once a statement, but each when it is first asked: who reads on from a cursor may
-- have become another in between. So the range, which an index can serve, only
-- leaves rows out; what lets one in is one subquery, by itself. What is left for
-- each row are operators.
CREATE FUNCTION dtsen._scope_condition(target pg_catalog.regclass, wilayah_column pg_catalog.name, schema pg_catalog.name)
    RETURNS pg_catalog.text
    LANGUAGE sql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT format('(%1$s OPERATOR(%7$s.>=) (SELECT %3$s) AND '
            '%1$s OPERATOR(%7$s.<=) (SELECT %4$s) AND '
            '((SELECT '''' = ANY (%6$s)) OR '
            '%1$s %8$s OR %2$s ^@ ANY ((SELECT %6$s)::pg_catalog.text[])))%5$s',
            CASE WHEN t.is_kode THEN t.name ELSE t.digits || ' COLLATE pg_catalog."C"' END,
            t.digits,
            CASE WHEN t.is_kode
                THEN format('CASE %1$s[1] WHEN '''' THEN ''01'' ELSE %1$s[1] END::dtsen.kode_wilayah', r.regions)
                ELSE format('%s[1]', r.regions) END,
            CASE WHEN t.is_kode
                THEN format('rpad(%1$s[cardinality(%1$s)], 10, ''9'')::dtsen.kode_wilayah', r.regions)
                ELSE format('%1$s[cardinality(%1$s)] || ''~''', r.regions) END,
            CASE WHEN t.attnotnull THEN ''
                ELSE format(' OR (%s IS NULL AND (SELECT '''' = ANY (%s)))', t.name, r.regions) END,
            r.regions,
            CASE WHEN t.is_kode THEN 'dtsen' ELSE 'pg_catalog' END,
            -- most have one region, which saves the array
            format(CASE WHEN t.is_kode THEN 'OPERATOR(dtsen.<@) (SELECT CASE cardinality(%1$s) WHEN 1 THEN nullif(%1$s[1], '''')::dtsen.kode_wilayah END)'
                ELSE '^@ (SELECT CASE cardinality(%1$s) WHEN 1 THEN %1$s[1] END)' END, r.regions))
        FROM (
            SELECT quote_ident(a.attname) AS name, a.attnotnull, y.is_kode,
                   format(CASE WHEN y.is_kode THEN '%I::pg_catalog.text'
                       -- functions of text take no collation under which unlike texts are equal
                       WHEN NOT coalesce(l.collisdeterministic, true) THEN 'replace(%I::pg_catalog.text COLLATE pg_catalog."C", ''.'', '''')'
                       ELSE 'replace(%I::pg_catalog.text, ''.'', '''')' END, a.attname) AS digits
            FROM pg_attribute AS a LEFT JOIN pg_collation AS l ON l.oid = a.attcollation,
                LATERAL (SELECT a.atttypid = 'dtsen.kode_wilayah'::regtype) AS y (is_kode)
            WHERE a.attrelid = target AND a.attname = wilayah_column AND NOT a.attisdropped) AS t,
            LATERAL format('(dtsen.actor_regions(%L))', schema) AS r (regions)
    $$;
COMMENT ON FUNCTION dtsen._scope_condition(pg_catalog.regclass, pg_catalog.name, pg_catalog.name) IS
    'condition of a policy: the region in this column is one of who acts, or within it';

CREATE FUNCTION dtsen.scope_rows(target pg_catalog.regclass, dry_run pg_catalog.bool DEFAULT true)
    RETURNS SETOF pg_catalog.text
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        a record;
        qualified text;
        statement text;
    BEGIN
        SELECT * INTO a FROM dtsen._attachment(target);
        IF a.wilayah_column IS NULL THEN
            RAISE EXCEPTION 'table % has no regions', target
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      DETAIL = format('It is under machine "%s" without a wilayah_column.', a.machine),
                      HINT = 'detach() it, and attach() it with the column that holds the region.';
        END IF;
        IF to_regclass(format('%I.meta', a.schema)) IS NOT NULL
           AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = target AND c.relnamespace = to_regnamespace(quote_ident(a.schema))) THEN
            RAISE EXCEPTION 'table % belongs to a registry', target
                USING ERRCODE = 'wrong_object_type',
                      DETAIL = 'Its policies leave out the roles that read views and no rows.',
                      HINT = 'dtsen.check_registry() says whether the policies are those that the registry was made with.';
        END IF;
        IF EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = target AND p.polname = 'scope'
                AND NOT (p.polcmd = '*' AND p.polpermissive AND p.polwithcheck IS NULL)) THEN
            RAISE EXCEPTION 'table % has another policy "scope"', target
                USING ERRCODE = 'duplicate_object',
                      DETAIL = 'It is of one command, restrictive, or has a WITH CHECK of its own, which ALTER POLICY would leave.',
                      HINT = format('Give it another name: ALTER POLICY scope ON %s RENAME TO ...', target);
        END IF;
        SELECT format('%I.%I', n.nspname, c.relname) INTO qualified
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = target;
        FOREACH statement IN ARRAY ARRAY[
            format('%s POLICY scope ON %s USING (%s)',
                CASE WHEN EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = target AND p.polname = 'scope')
                    THEN 'ALTER' ELSE 'CREATE' END,
                qualified, dtsen._scope_condition(target, a.wilayah_column, a.schema)),
            format('COMMENT ON POLICY scope ON %s IS %L', qualified,
                format('Rows of the regions that table %I.actor gives the login', a.schema)),
            format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', qualified)]
        LOOP
            IF NOT dry_run THEN
                EXECUTE statement;
            END IF;
            RETURN NEXT statement || ';';
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen.scope_rows(pg_catalog.regclass, pg_catalog.bool) IS
    'row security of a table under a machine: who acts sees and writes the rows of his regions; shows the statements, and runs them unless dry_run';

CREATE FUNCTION dtsen._execute_right(statement pg_catalog.text)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        EXECUTE statement;
    EXCEPTION WHEN insufficient_privilege THEN
        RAISE EXCEPTION '%', SQLERRM
            USING ERRCODE = 'insufficient_privilege',
            DETAIL = format('It was to run: %s', statement),
            HINT = 'A superuser may do all of it. Else whoever may create roles runs the lines CREATE ROLE and COMMENT that it shows without dry_run => false, and then the owner of the tables runs it.';
    END
    $$;
COMMENT ON FUNCTION dtsen._execute_right(pg_catalog.text) IS
    'runs a statement about roles and rights; says who may where the caller may not';

CREATE FUNCTION dtsen._lifecycle_rights(schema pg_catalog.name)
    RETURNS TABLE (role pg_catalog.text, label pg_catalog.text, statement pg_catalog.text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- $1: the schema; %1$I in rights: it as well
        RETURN QUERY EXECUTE format($sql$
            WITH step AS (
                SELECT DISTINCT t.machine, t.actor_role, bool_or(t.from_state = v.initial_state) AS is_first
                FROM %1$I.transition AS t
                JOIN (SELECT m.machine, 1 AS version, m.initial_state FROM %1$I.machine AS m
                      UNION ALL SELECT v.machine, v.version, v.initial_state FROM %1$I.machine_version AS v)
                    AS v (machine, version, initial_state) USING (machine, version)
                WHERE t.machine <> 'mesin'
                GROUP BY t.machine, t.actor_role
            ), attached AS (
                SELECT c.oid, a.*, format('%%I.%%I', n.nspname, c.relname) AS name, n.nspname
                FROM pg_trigger AS t
                JOIN pg_class AS c ON c.oid = t.tgrelid
                JOIN pg_namespace AS n ON n.oid = c.relnamespace,
                LATERAL dtsen._attachment(c.oid) AS a
                WHERE t.tgname = 'zz_dtsen_guard' AND t.tgparentid = 0
                  AND t.tgfoid = 'dtsen.guard()'::regprocedure AND a.schema = $1 AND a.machine <> 'mesin'
            ), own (name) AS (
                SELECT format('%%I.%%I', $1, r) FROM unnest('{machine,state,transition,machine_version,calendar}'::text[]) AS r
            ), rights (role, part, "right") AS (
                SELECT s.actor_role, 1, format('USAGE ON SCHEMA %%I', a.nspname)
                FROM step AS s JOIN attached AS a USING (machine)
                UNION
                SELECT s.actor_role, 2, format('SELECT, %%sUPDATE ON %%s', CASE WHEN s.is_first THEN 'INSERT, ' END, a.name)
                FROM step AS s JOIN attached AS a USING (machine)
                UNION
                SELECT s.actor_role, 3, format('USAGE ON SEQUENCE %%s', d.objid::regclass)
                FROM step AS s JOIN attached AS a USING (machine)
                JOIN pg_depend AS d ON d.refobjid = a.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
                    AND d.classid = 'pg_class'::regclass
                JOIN pg_class AS q ON q.oid = d.objid AND q.relkind = 'S'
                WHERE s.is_first
                UNION
                SELECT r, 4, format('USAGE ON SCHEMA %%I', $1) FROM unnest('{perancang_mesin,penyetuju_mesin,auditor}'::text[]) AS r
                UNION
                SELECT r, 5, format('SELECT ON %%s', o.name)
                FROM unnest('{perancang_mesin,penyetuju_mesin,auditor}'::text[]) AS r, own AS o
                UNION
                SELECT r, 6, format('SELECT (login, actor_role, person_key) ON %%I.actor', $1)
                FROM unnest('{perancang_mesin,penyetuju_mesin,auditor}'::text[]) AS r
                UNION
                SELECT 'perancang_mesin', 7, format('INSERT, UPDATE, DELETE ON %%1$I.state, %%1$I.transition', $1)
                UNION
                SELECT 'perancang_mesin', 8, format('INSERT, UPDATE ON %%I.machine_version', $1)
                UNION
                SELECT 'penyetuju_mesin', 9, format('UPDATE (state, digest, reason) ON %%I.machine_version', $1)
                UNION
                -- rows in flight are moved to another version
                SELECT 'penyetuju_mesin', 4, format('USAGE ON SCHEMA %%I', a.nspname)
                FROM attached AS a WHERE a.version_column IS NOT NULL
                UNION
                SELECT 'penyetuju_mesin', 10, format('SELECT (%%s), UPDATE (%%I) ON %%s', (
                        SELECT string_agg(quote_ident(c), ', ')
                        FROM unnest(ARRAY[a.key_column, a.state_column, a.wilayah_column, a.version_column]) AS c WHERE c IS NOT NULL),
                    a.version_column, a.name)
                FROM attached AS a WHERE a.version_column IS NOT NULL
                UNION
                SELECT 'auditor', 11, format('SELECT ON %%I.journal', $1)
                UNION
                SELECT 'auditor', 11, format('SELECT ON %%s', a)
                FROM to_regclass(format('%%I.journal_attached', $1)) AS a WHERE a IS NOT NULL
                UNION
                -- what check_anchor() compares: no salts, and nothing of rows
                SELECT 'auditor', 12, r FROM unnest(ARRAY[format('SELECT ON %%1$I.journal_anchor, %%1$I.journal_anchor_chain', $1),
                    format('SELECT (machine, chain, seq, entries, digest) ON %%I.journal_block', $1)]) AS r
            )
            SELECT r.role, coalesce('takes steps of ' || (
                       SELECT string_agg(DISTINCT s.machine, ', ' ORDER BY s.machine) FROM step AS s WHERE s.actor_role = r.role),
                       CASE r.role WHEN 'perancang_mesin' THEN 'drafts versions of the machines'
                           WHEN 'penyetuju_mesin' THEN 'puts versions of the machines in force'
                           ELSE 'reads machines and journal, checks anchors, changes nothing' END),
                   format('GRANT %%s TO %%I', r."right", $1 || '_' || r.role)
            FROM rights AS r ORDER BY r.role COLLATE "C", r.part, r."right" COLLATE "C"
            $sql$, schema) USING schema;
    END
    $$;
COMMENT ON FUNCTION dtsen._lifecycle_rights(pg_catalog.name) IS
    'what the group roles of a lifecycle may: those that its machines name, those of its machines'' versions, and auditors';

CREATE FUNCTION dtsen.setup_lifecycle_roles(schema pg_catalog.name, dry_run pg_catalog.bool DEFAULT true)
    RETURNS SETOF pg_catalog.text
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        statement text;
        bad text;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema);
        IF to_regclass(format('%I.meta', schema)) IS NOT NULL THEN
            RAISE EXCEPTION 'schema "%" is a registry', schema
                USING ERRCODE = 'wrong_object_type',
                      HINT = 'Its roles are made by dtsen.setup_roles().';
        END IF;
        SELECT r.role INTO bad FROM dtsen._lifecycle_rights(schema) AS r
        WHERE octet_length(schema || '_' || r.role) > 63 LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'the name of a role would be too long'
                USING ERRCODE = 'name_too_long',
                      DETAIL = format('It would be schema and role of the machines, "%s_%s".', schema, bad),
                      HINT = 'Names have at most 63 bytes: shorten one of the two.';
        END IF;
        SELECT p.rolname INTO bad FROM dtsen._lifecycle_rights(schema) AS r
        JOIN pg_roles AS p ON p.rolname = schema || '_' || r.role
        WHERE shobj_description(p.oid, 'pg_authid') LIKE 'lifecycle %' AND NOT starts_with(shobj_description(p.oid, 'pg_authid'), format('lifecycle %s: ', schema))
        LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'role "%" is of another lifecycle', bad
                USING ERRCODE = 'duplicate_object',
                      DETAIL = 'Its members would get the rights of both: names of schema and role, put together, are the same.',
                      HINT = 'Call the role otherwise in a version of the machine, or change the comment of the role if it is meant to have both.';
        END IF;
        FOR statement IN
            SELECT s.statement
            FROM (SELECT DISTINCT r.role, r.label FROM dtsen._lifecycle_rights(schema) AS r) AS r,
                LATERAL (VALUES (1, format('CREATE ROLE %I NOLOGIN', schema || '_' || r.role)),
                    (2, format('COMMENT ON ROLE %I IS %L', schema || '_' || r.role, format('lifecycle %s: %s', schema, r.label))))
                    AS s (part, statement)
            WHERE NOT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = schema || '_' || r.role)
            UNION ALL
            SELECT r.statement FROM dtsen._lifecycle_rights(schema) AS r
        LOOP
            IF NOT dry_run THEN
                PERFORM dtsen._execute_right(statement);
            END IF;
            RETURN NEXT statement || ';';
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen.setup_lifecycle_roles(pg_catalog.name, pg_catalog.bool) IS
    'group roles of a lifecycle and their rights, by what its machines name: shows the statements, and runs them unless dry_run; logins are granted membership by the DBA';
