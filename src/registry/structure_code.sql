-- What a registry is made of: functions, views, triggers, policies, comments,
-- rights.

CREATE FUNCTION dtsen._registry_functions(registry pg_catalog.name) RETURNS SETOF dtsen._registry_object
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT f.oid::int8, i.type, i.identity, NULL, pg_get_functiondef(f.oid),
            format('(%s) %s', pg_get_function_arguments(f.oid), pg_get_function_result(f.oid)),
            concat_ws(E';\n', pg_get_functiondef(f.oid), CASE WHEN NOT EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) AS a
                WHERE a.grantee = 0) THEN format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', i.identity) END),
            pg_get_functiondef(f.oid), format('DROP ROUTINE %s', i.identity)
        FROM pg_proc AS f, LATERAL pg_identify_object('pg_proc'::regclass, f.oid, 0) AS i
        WHERE f.pronamespace IN (SELECT dtsen._registry_schemas(registry)) AND f.prokind IN ('f', 'p')
    $$;
COMMENT ON FUNCTION dtsen._registry_functions(pg_catalog.name) IS
    'functions of a registry';

CREATE FUNCTION dtsen._registry_views(registry pg_catalog.name) RETURNS SETOF dtsen._registry_object
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT c.oid::int8, i.type, i.identity, NULL, concat_ws(' ', array_to_string(c.reloptions, ' '), pg_get_viewdef(c.oid)),
            CASE c.relkind WHEN 'v' THEN (SELECT string_agg(format('%I %s;', a.attname, format_type(a.atttypid, a.atttypmod)), '' ORDER BY a.attnum)
                    FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0)
                ELSE concat_ws(' ', array_to_string(c.reloptions, ' '), pg_get_viewdef(c.oid)) END,
            format('CREATE %s %s%s AS %s', CASE c.relkind WHEN 'v' THEN 'OR REPLACE VIEW' ELSE 'MATERIALIZED VIEW' END, i.identity,
                ' WITH (' || array_to_string(c.reloptions, ', ') || ')', rtrim(pg_get_viewdef(c.oid), ';')),
            CASE c.relkind WHEN 'v' THEN format('CREATE OR REPLACE VIEW %s%s AS %s', i.identity,
                ' WITH (' || array_to_string(c.reloptions, ', ') || ')', rtrim(pg_get_viewdef(c.oid), ';')) END,
            format('DROP %s %s', upper(i.type), i.identity)
        FROM pg_class AS c, LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) AS i
        WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND c.relkind IN ('v', 'm')
    $$;
COMMENT ON FUNCTION dtsen._registry_views(pg_catalog.name) IS
    'views and materialized views of a registry';

CREATE FUNCTION dtsen._registry_triggers(registry pg_catalog.name) RETURNS SETOF dtsen._registry_object
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        WITH trig AS (
            SELECT g.oid::int8 AS ord, i.identity AS object, t.identity AS host, pg_get_triggerdef(g.oid) AS def, g.tgname,
                g.tgenabled, format('ALTER TABLE %s %s TRIGGER %I', t.identity, CASE g.tgenabled WHEN 'O' THEN 'ENABLE' WHEN 'A' THEN 'ENABLE ALWAYS'
                    WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'DISABLE' END, g.tgname) AS enable
            FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid,
                LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) AS t,
                LATERAL pg_identify_object('pg_trigger'::regclass, g.oid, 0) AS i
            WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND NOT c.relispartition AND NOT g.tgisinternal
        )
        SELECT ord, 'trigger', object, 'table ' || host, def, NULL, def, NULL, format('DROP TRIGGER %I ON %s', tgname, host) FROM trig
        UNION ALL
        SELECT ord, 'firing of trigger', object, 'trigger ' || object, CASE tgenabled WHEN 'O' THEN 'enabled' WHEN 'A' THEN 'always'
            WHEN 'R' THEN 'on a replica only' ELSE 'never' END, NULL, enable, NULL, NULL
        FROM trig
    $$;
COMMENT ON FUNCTION dtsen._registry_triggers(pg_catalog.name) IS
    'triggers of a registry''s tables, and when they fire';

CREATE FUNCTION dtsen._registry_policies(registry pg_catalog.name) RETURNS SETOF dtsen._registry_object
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT p.oid::int8, 'policy', i.identity, 'table ' || t.identity, d.def, NULL,
            format('CREATE POLICY %I ON %s AS %s', p.polname, t.identity, d.def), NULL,
            format('DROP POLICY %I ON %s', p.polname, t.identity)
        FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid,
            LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) AS t,
            LATERAL pg_identify_object('pg_policy'::regclass, p.oid, 0) AS i,
            LATERAL (SELECT format('%s FOR %s TO %s%s%s', CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                (SELECT string_agg(CASE r.oid WHEN 0 THEN 'PUBLIC' ELSE r.oid::regrole::text END, ', ') FROM unnest(p.polroles) AS r (oid)),
                ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
                ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')) AS d (def)
        WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND NOT c.relispartition
        UNION ALL
        SELECT r.oid::int8, 'rule', i.identity, 'table ' || t.identity, pg_get_ruledef(r.oid), NULL, pg_get_ruledef(r.oid), NULL,
            format('DROP RULE %I ON %s', r.rulename, t.identity)
        FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class,
            LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) AS t,
            LATERAL pg_identify_object('pg_rewrite'::regclass, r.oid, 0) AS i
        WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND c.relkind IN ('r', 'p')
    $$;
COMMENT ON FUNCTION dtsen._registry_policies(pg_catalog.name) IS
    'policies and rules on a registry''s tables';

CREATE FUNCTION dtsen._registry_comments(registry pg_catalog.name) RETURNS SETOF dtsen._registry_object
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        WITH member AS (
            SELECT 'pg_class'::regclass AS classid, c.oid AS objid FROM pg_class AS c
                WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND NOT c.relispartition
            UNION ALL SELECT 'pg_proc'::regclass, f.oid FROM pg_proc AS f WHERE f.pronamespace IN (SELECT dtsen._registry_schemas(registry))
            UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
                WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry))
            UNION ALL SELECT 'pg_trigger'::regclass, g.oid FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid
                WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND NOT c.relispartition
            UNION ALL SELECT 'pg_namespace'::regclass, s FROM dtsen._registry_schemas(registry) AS s
        )
        SELECT d.objoid::int8, 'comment', format('%s %s', i.type, i.identity),
            -- columns of views do not stand by themselves
            CASE WHEN i.type LIKE '%view column' THEN (SELECT format('%s %s', v.type, v.identity) FROM pg_identify_object(d.classoid, d.objoid, 0) AS v)
                ELSE format('%s %s', i.type, i.identity) END,
            d.description, NULL, m.make, m.make, NULL
        FROM member AS x JOIN pg_description AS d ON d.classoid = x.classid AND d.objoid = x.objid,
            LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i,
            LATERAL format('COMMENT ON %s %s IS %L', CASE WHEN i.type LIKE '% column' THEN 'COLUMN' ELSE upper(i.type) END,
                i.identity, d.description) AS m (make)
    $$;
COMMENT ON FUNCTION dtsen._registry_comments(pg_catalog.name) IS
    'comments on the objects and columns of a registry';

CREATE FUNCTION dtsen._registry_rights(registry pg_catalog.name) RETURNS SETOF dtsen._registry_object
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        WITH item AS (
            SELECT 'pg_class'::regclass AS classid, c.oid AS objid, 0 AS sub, c.relowner AS owner, c.relacl AS acl,
                CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS noun, '' AS columns FROM pg_class AS c
                WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
            UNION ALL SELECT 'pg_class'::regclass, c.oid, a.attnum, c.relowner, a.attacl, 'TABLE', format(' (%I)', a.attname)
                FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
                WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND a.attacl IS NOT NULL AND NOT a.attisdropped
            UNION ALL SELECT 'pg_proc'::regclass, f.oid, 0, f.proowner, coalesce(f.proacl, acldefault('f', f.proowner)), 'ROUTINE', ''
                FROM pg_proc AS f WHERE f.pronamespace IN (SELECT dtsen._registry_schemas(registry))
            UNION ALL SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspowner, n.nspacl, 'SCHEMA', ''
                FROM pg_namespace AS n WHERE n.nspname IN (registry, registry || '_bi')
        )
        SELECT x.objid::int8, 'grant', format('%s%s ON %s TO %s', a.privilege_type, x.columns, i.object, r.grantee),
            -- a partition is of its table
            coalesce((SELECT format('%s %s', t.type, t.identity) FROM pg_class AS c, pg_identify_object('pg_class'::regclass, pg_partition_root(c.oid), 0) AS t
                WHERE x.classid = 'pg_class'::regclass AND c.oid = x.objid AND c.relispartition), format('%s %s', i.type, i.identity)),
            CASE WHEN bool_or(a.is_grantable) THEN 'with grant option' ELSE '' END, NULL,
            format('GRANT %s%s ON %s %s TO %s', a.privilege_type, x.columns, x.noun, i.object, r.grantee),
            format('REVOKE GRANT OPTION FOR %s%s ON %s %s FROM %s CASCADE', a.privilege_type, x.columns, x.noun, i.object, r.grantee),
            format('REVOKE %s%s ON %s %s FROM %s CASCADE', a.privilege_type, x.columns, x.noun, i.object, r.grantee)
        FROM item AS x CROSS JOIN LATERAL aclexplode(x.acl) AS a
            CROSS JOIN LATERAL (SELECT w.identity AS object, c.* FROM pg_identify_object(x.classid, x.objid, 0) AS w,
                pg_identify_object(x.classid, x.objid, x.sub) AS c) AS i
            CROSS JOIN LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS grantee) AS r
        WHERE a.grantee <> x.owner
        GROUP BY x.classid, x.objid, x.columns, x.noun, i.object, i.type, i.identity, r.grantee, a.privilege_type
    $$;
COMMENT ON FUNCTION dtsen._registry_rights(pg_catalog.name) IS
    'rights on the objects of a registry that others than their owner have';

CREATE FUNCTION dtsen._registry_printed(definition pg_catalog.text) RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT regexp_replace(regexp_replace(definition,
            $re$\(('(?:[^']|'')*'::character varying)\)::text\M$re$, E'\\1', 'g'),
            $re$\((ARRAY\['(?:[^']|'')*'::character varying(?:, '(?:[^']|'')*'::character varying)*\])\)::text\[\]$re$, E'\\1', 'g')
    $$;
COMMENT ON FUNCTION dtsen._registry_printed(pg_catalog.text) IS
    'an expression as the server prints it, whether it was read as the templates write it or as the server printed it: it moves the cast of a list to its items then';

CREATE FUNCTION dtsen._registry_objects(registry pg_catalog.name) RETURNS SETOF dtsen._registry_object
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        WITH object AS (
            SELECT n.oid::int8 AS ord, 'schema' AS kind, n.nspname::text AS object, NULL::text AS parent, '' AS detail, NULL::text AS variant,
                format('CREATE SCHEMA %I', n.nspname) AS make, NULL::text AS remake, NULL::text AS unmake
            FROM pg_namespace AS n WHERE n.nspname IN (registry, registry || '_bi')
            UNION ALL SELECT * FROM dtsen._registry_tables(registry)
            UNION ALL SELECT * FROM dtsen._registry_columns(registry)
            UNION ALL SELECT * FROM dtsen._registry_constraints(registry)
            UNION ALL SELECT * FROM dtsen._registry_functions(registry)
            UNION ALL SELECT * FROM dtsen._registry_views(registry)
            UNION ALL SELECT * FROM dtsen._registry_triggers(registry)
            UNION ALL SELECT * FROM dtsen._registry_policies(registry)
            UNION ALL SELECT * FROM dtsen._registry_comments(registry)
            UNION ALL SELECT * FROM dtsen._registry_rights(registry)
        )
        SELECT o.ord, o.kind, o.object, o.parent,
            CASE WHEN o.kind IN ('function', 'procedure', 'comment') THEN o.detail ELSE dtsen._registry_printed(o.detail) END,
            o.variant, o.make, o.remake, o.unmake
        FROM object AS o
    $$;
COMMENT ON FUNCTION dtsen._registry_objects(pg_catalog.name) IS
    'every object of a registry with what must be equal in it, and the statements that make, change and remove it';
