-- Drift of a registry from what create_registry() made.

CREATE FUNCTION dtsen._registry_state(name pg_catalog.name)
    RETURNS TABLE (kind pg_catalog.text, object pg_catalog.text, detail pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT 'table', c.relname::text,
            CASE WHEN c.relrowsecurity THEN 'row security' ELSE '' END
        FROM pg_class AS c
        WHERE c.relnamespace = to_regnamespace(quote_ident(name)) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        UNION ALL
        SELECT 'trigger', c.relname || '.' || t.tgname,
            format('%s %s %s', t.tgenabled, t.tgfoid::regproc, encode(t.tgargs, 'escape'))
        FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE c.relnamespace = to_regnamespace(quote_ident(name)) AND NOT t.tgisinternal AND NOT c.relispartition
        UNION ALL
        SELECT 'policy', c.relname || '.' || p.polname,
            format('%s %s', p.polcmd, CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END)
        FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
        WHERE c.relnamespace = to_regnamespace(quote_ident(name)) AND NOT c.relispartition
        UNION ALL
        SELECT 'function', format('%s(%s)', f.proname, oidvectortypes(f.proargtypes)),
            format('%s %s %s', CASE WHEN f.prosecdef THEN 'definer' ELSE 'invoker' END,
                md5(f.prosrc), array_to_string(f.proconfig, ' '))
        FROM pg_proc AS f
        WHERE f.pronamespace = to_regnamespace(quote_ident(name))
        UNION ALL
        SELECT 'constraint', c.relname || '.' || k.conname, format('%s %s', k.contype, k.convalidated)
        FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
        WHERE c.relnamespace = to_regnamespace(quote_ident(name)) AND NOT c.relispartition
            AND k.contype IN ('c', 'f', 'p', 'u') AND k.conparentid = 0
        UNION ALL
        SELECT 'view', c.relname::text, array_to_string(c.reloptions, ' ')
        FROM pg_class AS c
        WHERE c.relnamespace = to_regnamespace(quote_ident(name || '_bi')) AND c.relkind = 'v'
    $$;
COMMENT ON FUNCTION dtsen._registry_state(pg_catalog.name) IS
    'objects of a registry that keep its promises, as text: what table manifest keeps from the day it was made';

CREATE FUNCTION dtsen._registry_grants_found(name pg_catalog.name)
    RETURNS TABLE (object pg_catalog.text, grantee pg_catalog.text, privilege pg_catalog.text,
        is_own_role pg_catalog.bool, is_writing_rules pg_catalog.bool)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT o.object, coalesce(r.rolname, 'PUBLIC'), a.privilege_type,
            coalesce(r.rolname IN (SELECT name || '_' || x.role FROM dtsen._registry_role() AS x), false),
            a.privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES', 'CREATE')
                OR (o.item IN ('journal', 'journal_block', 'journal_note', 'journal_anchor',
                        'journal_anchor_chain', 'actor', 'machine', 'state', 'transition', 'machine_version', 'calendar',
                        'meta', 'manifest')
                    AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE')
                    -- drafts of new versions; trigger machine_rules keeps the rules in force
                    AND (o.item NOT IN ('state', 'transition', 'machine_version')
                        OR (r.rolname IN (name || '_perancang_mesin', name || '_penyetuju_mesin')) IS NOT TRUE))
        FROM (SELECT c.oid::regclass::text, c.relname::text, c.relowner, c.relacl FROM pg_class AS c
                WHERE c.relnamespace IN (to_regnamespace(quote_ident(name)), to_regnamespace(quote_ident(name || '_bi')))
                AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
            UNION ALL SELECT format('%s.%s', t.attrelid::regclass, quote_ident(t.attname)), c.relname, c.relowner, t.attacl
                FROM pg_attribute AS t JOIN pg_class AS c ON c.oid = t.attrelid
                WHERE c.relnamespace IN (to_regnamespace(quote_ident(name)), to_regnamespace(quote_ident(name || '_bi')))
                AND t.attacl IS NOT NULL
            UNION ALL SELECT f.oid::regprocedure::text, f.proname, f.proowner,
                    coalesce(f.proacl, acldefault('f', f.proowner)) FROM pg_proc AS f
                WHERE f.pronamespace = to_regnamespace(quote_ident(name))
            UNION ALL SELECT s.nspname::text, s.nspname, s.nspowner, s.nspacl FROM pg_namespace AS s
                WHERE s.nspname IN (name, name || '_bi')) AS o (object, item, owner, acl),
            aclexplode(o.acl) AS a
        LEFT JOIN pg_roles AS r ON r.oid = a.grantee
        WHERE a.grantee <> o.owner
    $$;
COMMENT ON FUNCTION dtsen._registry_grants_found(pg_catalog.name) IS
    'rights on the objects of a registry that others than their owner have';

CREATE FUNCTION dtsen.check_registry(name pg_catalog.name)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text, severity pg_catalog.text,
        value pg_catalog.text, hint pg_catalog.text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        version int4 := dtsen._registry_exists(name);
    BEGIN
        RETURN QUERY SELECT name::text, 'version', 'warning', version::text,
            'The tables are of another version than this extension: see dtsen.upgrade_registry().'
        WHERE version <> dtsen._registry_version();

        RETURN QUERY EXECUTE format('
            SELECT m.object, m.kind || CASE WHEN s.object IS NULL THEN '' missing'' ELSE '' changed'' END,
                ''error'', coalesce(s.detail, ''''), format(''It was: %%s. dtsen.registry_ddl() shows how it is made.'',
                    m.detail)
            FROM %1$I.manifest AS m LEFT JOIN dtsen._registry_state(%1$L) AS s USING (kind, object)
            WHERE s.object IS NULL OR s.detail IS DISTINCT FROM m.detail
            ORDER BY 2, 1', name);

        RETURN QUERY EXECUTE format('
            SELECT s.object, ''policy added'', ''warning'', s.detail,
                ''Not of create_registry(): a permissive policy shows more rows.''
            FROM dtsen._registry_state(%1$L) AS s
            WHERE s.kind = ''policy'' AND NOT EXISTS (SELECT FROM %1$I.manifest AS m
                WHERE m.kind = s.kind AND m.object = s.object)
            ORDER BY 1', name);

        RETURN QUERY SELECT c.oid::regclass::text, 'trigger missing', 'error', '',
            'A partition of table desil must have trigger immutable_truncate, enabled always.'
        FROM pg_class AS c JOIN pg_inherits AS i ON i.inhrelid = c.oid
        WHERE i.inhparent = to_regclass(format('%I.desil', name))
        AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid
            AND t.tgname = 'immutable_truncate' AND t.tgenabled = 'A');

        RETURN QUERY SELECT o.object, 'wrong owner', 'error', o.owner::regrole::text,
            format('Every object belongs to %s, the owner of the schema.', n.nspowner::regrole)
        FROM (SELECT c.oid::regclass::text, c.relowner, c.relnamespace FROM pg_class AS c
                WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
            UNION ALL SELECT f.oid::regprocedure::text, f.proowner, f.pronamespace FROM pg_proc AS f
            ) AS o (object, owner, namespace),
            pg_namespace AS n
        WHERE o.namespace IN (to_regnamespace(quote_ident(name)), to_regnamespace(quote_ident(name || '_bi')))
        AND n.nspname = name AND o.owner <> n.nspowner ORDER BY 1;

        RETURN QUERY SELECT g.object, 'extra grant',
            CASE WHEN g.grantee = 'PUBLIC' OR g.is_writing_rules THEN 'error' ELSE 'warning' END,
            g.grantee || ': ' || string_agg(g.privilege, ', ' ORDER BY g.privilege),
            'Not of dtsen.setup_roles(): revoke it, or know why it is there.'
        FROM dtsen._registry_grants_found(name) AS g
        WHERE NOT g.is_own_role OR g.is_writing_rules
        GROUP BY g.object, g.grantee, g.is_writing_rules ORDER BY 1;
    END
    $$;
COMMENT ON FUNCTION dtsen.check_registry(pg_catalog.name) IS
    'drift of a registry from what create_registry() made: objects missing or changed, disabled triggers, wrong owners, extra grants; no row: none';
