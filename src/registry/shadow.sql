-- What this extension's templates make, seen on a registry that is made and
-- taken back at once: no list of it is kept that could be wrong or grow old.

CREATE FUNCTION dtsen._registry_grants_for(shadow pg_catalog.text, name pg_catalog.text) RETURNS pg_catalog.text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        grants text := dtsen._registry_grants();
        r record;
    BEGIN
        FOR r IN SELECT x.role FROM dtsen._registry_role() AS x ORDER BY length(x.role) DESC LOOP
            grants := replace(grants, '@registry@_' || r.role, name || '_' || r.role);
        END LOOP;
        RETURN dtsen._registry_fill(grants, shadow);
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_grants_for(pg_catalog.text, pg_catalog.text) IS
    'rights of a registry''s roles on the objects of another';

CREATE FUNCTION dtsen._registry_roles_missing(name pg_catalog.text) RETURNS SETOF pg_catalog.text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT name || '_' || r.role FROM dtsen._registry_role() AS r
        WHERE NOT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = name || '_' || r.role)
    $$;
COMMENT ON FUNCTION dtsen._registry_roles_missing(pg_catalog.text) IS
    'group roles that a registry does not have';

CREATE FUNCTION dtsen._registry_has_roles(name pg_catalog.text) RETURNS pg_catalog.bool
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        -- the roles alone do not tell: they are of the cluster, a registry is of a database
        SELECT EXISTS (SELECT FROM pg_namespace AS n, aclexplode(n.nspacl) AS a JOIN pg_roles AS p ON p.oid = a.grantee
            WHERE n.nspname = name AND p.rolname IN (SELECT name || '_' || r.role FROM dtsen._registry_role() AS r))
    $$;
COMMENT ON FUNCTION dtsen._registry_has_roles(pg_catalog.text) IS
    'whether setup_roles() has run for a registry';

CREATE FUNCTION dtsen._registry_rows(registry pg_catalog.name) RETURNS SETOF dtsen._registry_object
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        t record;
    BEGIN
        FOR t IN
            SELECT c.oid::int8 AS ord, c.oid::regclass::text AS relation, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns,
                string_agg(format('quote_nullable(t.%I::text)', a.attname), ' || '', '' || ' ORDER BY a.attnum) AS literals
            FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND a.attgenerated = '' AND a.attidentity <> 'a'
            WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND c.relkind = 'r' AND NOT c.relispartition
            -- regions are kept current by the ministry, machines change by a version that two people approve, attach() writes what it gave
            -- what viewers see is said by the owner: a row that he took away stays away
            -- and rows without a key of their own could come in twice
            AND EXISTS (SELECT FROM pg_index AS x WHERE x.indrelid = c.oid AND x.indisprimary
                AND NOT EXISTS (SELECT FROM pg_attribute AS y WHERE y.attrelid = c.oid AND y.attnum = ANY (x.indkey) AND y.attidentity <> ''))
            AND c.relname NOT IN ('meta', 'wilayah', 'machine', 'state', 'transition', 'machine_version', 'journal_attached', 'mask_rule')
            GROUP BY c.oid
        LOOP
            RETURN QUERY EXECUTE format('SELECT %s::int8, ''row'', %L, %L, NULL, NULL, format(%L, %s), NULL, NULL FROM %s AS t',
                t.ord, t.relation, 'table ' || t.relation, format('INSERT INTO %s (%s) VALUES (%%s) ON CONFLICT DO NOTHING', t.relation, t.columns),
                t.literals, t.relation);
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_rows(pg_catalog.name) IS
    'rows of the lists that the templates fill, each with the statement that adds it';

CREATE FUNCTION dtsen._registry_shadow(shadow pg_catalog.text, name pg_catalog.text) RETURNS SETOF dtsen._registry_object
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        -- an OID may begin anew in between: count from that of the schema
        SELECT (o.ord - to_regnamespace(shadow)::oid::int8 + 4294967296) % 4294967296, o.kind, replace(o.object, shadow, name),
            replace(o.parent, shadow, name), replace(o.detail, shadow, name), replace(o.variant, shadow, name),
            replace(o.make, shadow, name), replace(o.remake, shadow, name), replace(o.unmake, shadow, name)
        FROM (SELECT * FROM dtsen._registry_objects(shadow) UNION ALL SELECT * FROM dtsen._registry_rows(shadow)
            UNION ALL SELECT * FROM dtsen._registry_steps(shadow)) AS o
        -- whatever default privileges gave to others is not of the template
        WHERE o.kind <> 'grant' OR substring(o.object FROM ' TO (.*)$') IN (SELECT name || '_' || r.role FROM dtsen._registry_role() AS r)
    $$;
COMMENT ON FUNCTION dtsen._registry_shadow(pg_catalog.text, pg_catalog.text) IS
    'objects of a registry as those of one with another name';

CREATE FUNCTION dtsen._registry_template_objects(name pg_catalog.name) RETURNS dtsen._registry_object[]
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        -- a name that occurs nowhere else, so that it can be replaced
        shadow text := format('dtsen_shadow_%s_%s', pg_backend_pid(), pg_current_xact_id_if_assigned());
        objects dtsen._registry_object[];
    BEGIN
        IF current_setting('transaction_read_only')::bool THEN
            RAISE EXCEPTION 'the structure of a registry cannot be checked in a read-only transaction'
                USING ERRCODE = 'read_only_sql_transaction',
                      DETAIL = 'It is compared with a registry that is made and taken back.',
                      HINT = 'Run it on the primary server.';
        END IF;
        IF NOT has_database_privilege(current_database(), 'CREATE') THEN
            RAISE EXCEPTION 'permission denied to compare the structure of a registry'
                USING ERRCODE = 'insufficient_privilege',
                      DETAIL = 'It is compared with a registry that is made and taken back.',
                      HINT = 'The caller needs the right to create schemas in this database.';
        END IF;
        BEGIN
            -- the 92,000 regions are left out: they are data
            PERFORM dtsen._registry_execute(replace(dtsen._registry_body(shadow),
                'FROM dtsen.wilayah_reference()', 'FROM dtsen.wilayah_reference() WHERE false'));
            IF dtsen._registry_has_roles(name) AND NOT EXISTS (SELECT FROM dtsen._registry_roles_missing(name)) THEN
                PERFORM dtsen._registry_execute(dtsen._registry_grants_for(shadow, name));
            END IF;
            objects := ARRAY(SELECT s FROM dtsen._registry_shadow(shadow, name) AS s
                ORDER BY s.ord, CASE s.kind WHEN 'schema' THEN 1 WHEN 'table' THEN 2 WHEN 'table column' THEN 3
                    WHEN 'row security' THEN 5 WHEN 'firing of trigger' THEN 5 WHEN 'storage' THEN 5 WHEN 'comment' THEN 6
                    WHEN 'grant' THEN 7 WHEN 'row' THEN 8 ELSE 4 END, s.kind, s.object);
            RAISE EXCEPTION 'seen';
        EXCEPTION WHEN OTHERS THEN
            -- takes it back; what was seen stays
            IF objects IS NULL THEN
                RAISE;
            END IF;
        END;
        RETURN objects;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_template_objects(pg_catalog.name) IS
    'objects that a registry of this name would have if it were made now, in the order in which they are made';

CREATE FUNCTION dtsen._registry_makes(expected dtsen._registry_object[])
    RETURNS TABLE (key pg_catalog.text, n pg_catalog.int8, statement pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        WITH made AS MATERIALIZED (
            -- whoever may make it, it is the owner's
            SELECT e.kind, e.kind || ' ' || e.object AS key, e.parent, e.n, coalesce(e.make, e.remake)
                || coalesce((SELECT format(E';\nALTER %s %s OWNER TO %I', upper(e.kind), e.object, pg_get_userbyid(n.nspowner))
                    FROM pg_namespace AS n WHERE e.kind IN ('table', 'view', 'materialized view', 'sequence', 'function', 'procedure')
                    AND n.nspname = split_part(e.object, '.', 1) AND pg_get_userbyid(n.nspowner) <> current_user), '') AS statement
            FROM unnest(expected) WITH ORDINALITY AS e (ord, kind, object, parent, detail, variant, make, remake, unmake, n)),
        -- what comes with another and has no row of its own
        along AS (
            SELECT m.parent, m.n, m.statement FROM made AS m
            WHERE m.kind IN ('comment', 'grant', 'storage', 'row security', 'replica identity', 'firing of trigger'))
        SELECT m.key, m.n, m.statement FROM made AS m
        UNION SELECT a.parent, a.n, a.statement FROM along AS a
        UNION SELECT m.parent, a.n, a.statement FROM along AS a JOIN made AS m ON m.key = a.parent AND m.kind = 'table column'
    $$;
COMMENT ON FUNCTION dtsen._registry_makes(dtsen._registry_object[]) IS
    'of each object the statements that make it with its comments, rights and owner; n: their order in the template';

CREATE FUNCTION dtsen._registry_make_each(expected dtsen._registry_object[]) RETURNS TABLE (key pg_catalog.text, make pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT m.key, string_agg(m.statement, E';\n' ORDER BY m.n) FROM dtsen._registry_makes(expected) AS m GROUP BY m.key $$;
COMMENT ON FUNCTION dtsen._registry_make_each(dtsen._registry_object[]) IS
    'of each object the statements that make it, as one text';

CREATE FUNCTION dtsen._registry_make(expected dtsen._registry_object[], keys pg_catalog.text[]) RETURNS pg_catalog.text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT string_agg(m.statement, E';\n' ORDER BY m.n)
        FROM (SELECT DISTINCT n, statement FROM dtsen._registry_makes(expected) WHERE key = ANY (keys)) AS m
    $$;
COMMENT ON FUNCTION dtsen._registry_make(dtsen._registry_object[], pg_catalog.text[]) IS
    'statements that make objects with their comments, rights and owner, in the order of the template';

CREATE FUNCTION dtsen._registry_drops(registry pg_catalog.name, keys pg_catalog.text[])
    RETURNS TABLE (key pg_catalog.text, statement pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        WITH RECURSIVE depender (classid, objid) AS (
            SELECT a.classid, a.objid FROM unnest(keys) AS k,
                LATERAL (SELECT CASE WHEN k LIKE 'function %' OR k LIKE 'procedure %' THEN 'pg_proc' ELSE 'pg_class' END::regclass::oid,
                    (SELECT o.ord::oid FROM dtsen._registry_objects(registry) AS o WHERE o.kind || ' ' || o.object = k)) AS a (classid, objid)
            UNION
            SELECT CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END, coalesce(r.ev_class, d.objid)
            FROM depender AS x JOIN pg_depend AS d ON d.refclassid = x.classid AND d.refobjid = x.objid AND d.deptype = 'n'
            LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
        )
        SELECT o.kind || ' ' || o.object, o.unmake
        FROM depender AS x, LATERAL pg_identify_object(x.classid, x.objid, 0) AS i,
            LATERAL (SELECT CASE i.type WHEN 'default value' THEN 'default' ELSE i.type END,
                CASE i.type WHEN 'default value' THEN substr(i.identity, 5) ELSE i.identity END) AS k (kind, object)
        JOIN dtsen._registry_objects(registry) AS o ON o.kind = k.kind AND o.object = k.object
        WHERE o.unmake IS NOT NULL
        ORDER BY x.objid DESC
    $$;
COMMENT ON FUNCTION dtsen._registry_drops(pg_catalog.name, pg_catalog.text[]) IS
    'statements that drop objects of a registry and what of it depends on them, dependent ones first';
