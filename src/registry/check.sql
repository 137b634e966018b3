-- Care: what is wrong with a registry, one row a finding, with what mends it.

CREATE FUNCTION dtsen._registry_check_structure(name pg_catalog.name, expected dtsen._registry_object[])
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text, severity pg_catalog.text,
        value pg_catalog.text, hint pg_catalog.text, mend pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT d.object, CASE
                WHEN d.kind = 'firing of trigger' AND d.found = 'never' THEN 'trigger disabled'
                WHEN d.kind = 'firing of trigger' THEN 'trigger weakened'
                WHEN d.kind = 'function' AND d.found ~ '^.* SECURITY DEFINER' AND split_part(d.found, E'\nAS ', 1) !~ ' SET search_path '
                    THEN 'definer without search_path'
                ELSE format('%s %s', replace(d.kind, 'table ', ''), d.way) END,
            d.severity,
            CASE WHEN strpos(d.found, E'\n') > 0 THEN 'another definition' ELSE d.found END,
            CASE WHEN d.way = 'added' THEN 'It is not of the template.'
                WHEN strpos(d.wanted, E'\n') > 0 OR d.wanted = '' THEN 'dtsen.registry_ddl() shows how it is made.'
                ELSE format('The template says: %s.', d.wanted) END,
            d.mend || ';'
        FROM dtsen._registry_differences(name, expected) AS d
    $$;
COMMENT ON FUNCTION dtsen._registry_check_structure(pg_catalog.name, dtsen._registry_object[]) IS
    'differences between a registry and the template';

CREATE FUNCTION dtsen._registry_check_objects(registry pg_catalog.name)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text, severity pg_catalog.text,
        value pg_catalog.text, hint pg_catalog.text, mend pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT i.identity, 'wrong owner', 'error', o.owner::regrole::text,
            format('Every object belongs to %s, the owner of the schema.', n.nspowner::regrole),
            format('ALTER %s %s OWNER TO %s;', CASE i.type WHEN 'function' THEN 'ROUTINE' WHEN 'procedure' THEN 'ROUTINE' ELSE upper(i.type) END,
                i.identity, n.nspowner::regrole)
        FROM pg_namespace AS n,
            (SELECT 'pg_class'::regclass, c.oid, c.relowner FROM pg_class AS c
                WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
                -- a sequence of a column goes with its table
                AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
                    AND d.refclassid = 'pg_class'::regclass AND c.relkind = 'S')
            UNION ALL SELECT 'pg_proc'::regclass, f.oid, f.proowner FROM pg_proc AS f
                WHERE f.pronamespace IN (SELECT dtsen._registry_schemas(registry))
            UNION ALL SELECT 'pg_namespace'::regclass, s.oid, s.nspowner FROM pg_namespace AS s WHERE s.nspname = registry || '_bi'
            ) AS o (classid, objid, owner),
            LATERAL pg_identify_object(o.classid, o.objid, 0) AS i
        WHERE n.nspname = registry AND o.owner <> n.nspowner
        UNION ALL
        SELECT i.identity, 'definer without search_path', 'error', '',
            'A caller could put his own functions in the place of those that it means.',
            format('ALTER ROUTINE %s SET search_path = pg_catalog, pg_temp;', i.identity)
        FROM pg_proc AS f, LATERAL pg_identify_object('pg_proc'::regclass, f.oid, 0) AS i
        WHERE f.pronamespace IN (SELECT dtsen._registry_schemas(registry)) AND f.prosecdef
        AND NOT EXISTS (SELECT FROM unnest(f.proconfig) AS c WHERE c LIKE 'search_path=%')
        UNION ALL
        SELECT i.identity, CASE g.tgenabled WHEN 'D' THEN 'trigger disabled' ELSE 'trigger weakened' END, 'error', '',
            'On a partition it fires as on the table.',
            format('ALTER TABLE ONLY %s %s TRIGGER %I;', g.tgrelid::regclass,
                CASE p.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'D' THEN 'DISABLE' ELSE 'ENABLE' END, g.tgname)
        FROM pg_trigger AS g JOIN pg_trigger AS p ON p.oid = g.tgparentid JOIN pg_class AS c ON c.oid = g.tgrelid,
            LATERAL pg_identify_object('pg_trigger'::regclass, g.oid, 0) AS i
        WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND NOT g.tgisinternal AND g.tgenabled <> p.tgenabled
        UNION ALL
        SELECT i.identity, 'foreign key disabled', 'error', '', 'Rows that break it can come in: look for them.',
            format('ALTER TABLE %s ENABLE TRIGGER %I;', g.tgrelid::regclass, g.tgname)
        FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid,
            LATERAL pg_identify_object('pg_trigger'::regclass, g.oid, 0) AS i
        WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND g.tgisinternal AND g.tgconstraint <> 0
        AND g.tgenabled <> 'O'
        UNION ALL
        SELECT i.identity, 'index invalid', 'error', '', 'No query uses it, and it may let doubles pass.', format('REINDEX INDEX %s;', i.identity)
        FROM pg_index AS x JOIN pg_class AS c ON c.oid = x.indrelid,
            LATERAL pg_identify_object('pg_class'::regclass, x.indexrelid, 0) AS i
        WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND NOT (x.indisvalid AND x.indisready)
        UNION ALL
        SELECT e.evtname::text, 'drop guard disabled', 'error', '', 'A DROP ... CASCADE could take the registry along.',
            format('ALTER EVENT TRIGGER %I ENABLE ALWAYS;', e.evtname)
        FROM pg_event_trigger AS e WHERE e.evtfoid = 'dtsen.drop_guard'::regproc AND e.evtenabled <> 'A'
        UNION ALL
        SELECT e.evtname::text, 'partition guard disabled', 'error', '', 'A new partition would lack triggers of the lifecycle.',
            format('ALTER EVENT TRIGGER %I ENABLE ALWAYS;', e.evtname)
        FROM pg_event_trigger AS e WHERE e.evtfoid = 'dtsen.partition_guard'::regproc AND e.evtenabled <> 'A'
        ORDER BY 2, 1
    $$;
COMMENT ON FUNCTION dtsen._registry_check_objects(pg_catalog.name) IS
    'owners, functions that run as their owner, triggers of partitions, foreign keys, indexes, the event triggers';

CREATE FUNCTION dtsen._registry_check_partitions(name pg_catalog.name)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text, severity pg_catalog.text,
        value pg_catalog.text, hint pg_catalog.text, mend pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        -- triggers of statements are not inherited; edisi_partition() makes this one
        SELECT format('immutable_truncate on %s', c.oid::regclass),
            CASE WHEN g.oid IS NULL THEN 'trigger missing' WHEN NOT s.is_same THEN 'trigger altered' ELSE 'trigger weakened' END,
            'error', '', 'A partition of table desil has the trigger, enabled always.',
            CASE WHEN s.is_same THEN '' ELSE regexp_replace(pg_get_triggerdef(p.oid), '^CREATE (.*) ON [^ ]+ ',
                format(E'CREATE OR REPLACE \\1 ON %s ', c.oid::regclass)) || E';\n' END
            || format('ALTER TABLE ONLY %s ENABLE ALWAYS TRIGGER immutable_truncate;', c.oid::regclass)
        FROM pg_inherits AS h JOIN pg_class AS c ON c.oid = h.inhrelid
        JOIN pg_trigger AS p ON p.tgrelid = h.inhparent AND p.tgname = 'immutable_truncate'
        LEFT JOIN pg_trigger AS g ON g.tgrelid = c.oid AND g.tgname = p.tgname,
            LATERAL (SELECT coalesce(g.tgfoid = p.tgfoid AND g.tgtype = p.tgtype AND g.tgqual IS NULL, false)) AS s (is_same)
        WHERE h.inhparent = to_regclass(format('%I.desil', name)) AND (g.tgenabled IS DISTINCT FROM 'A' OR NOT s.is_same)
        ORDER BY 1
    $$;
COMMENT ON FUNCTION dtsen._registry_check_partitions(pg_catalog.name) IS
    'what partitions of editions do not inherit';

CREATE FUNCTION dtsen._registry_check_statistics(registry pg_catalog.name)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text, severity pg_catalog.text,
        value pg_catalog.text, hint pg_catalog.text, mend pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT c.oid::regclass::text, CASE WHEN s.is_known THEN 'statistics stale' ELSE 'statistics missing' END, 'warning',
            CASE WHEN s.is_known THEN format('%s rows changed, %s are there', t.n_mod_since_analyze, t.n_live_tup)
                ELSE pg_size_pretty(pg_relation_size(c.oid)) END,
            CASE WHEN s.is_known THEN 'Does autovacuum keep up?' ELSE 'The planner knows nothing of the rows; after a restore autovacuum comes in a while.' END,
            format('ANALYZE %s;', c.oid::regclass)
        FROM pg_class AS c JOIN pg_stat_all_tables AS t ON t.relid = c.oid,
            LATERAL (SELECT EXISTS (SELECT FROM pg_stats AS x WHERE x.schemaname = t.schemaname AND x.tablename = t.relname)) AS s (is_known)
        -- below 4,096 pages any plan will do
        WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND c.relkind IN ('r', 'm') AND pg_relation_size(c.oid) >= 33554432
        -- twice what autovacuum waits for by default, and then some
        AND (NOT s.is_known OR t.n_mod_since_analyze > 1000 + 0.2 * t.n_live_tup)
        ORDER BY 1
    $$;
COMMENT ON FUNCTION dtsen._registry_check_statistics(pg_catalog.name) IS
    'large tables that were never analyzed, or not since a fifth of their rows changed';

CREATE FUNCTION dtsen._registry_check_names(registry pg_catalog.name)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text, severity pg_catalog.text,
        value pg_catalog.text, hint pg_catalog.text, mend pg_catalog.text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        i record;
        is_stale bool;
    BEGIN
        FOR i IN
            SELECT a.attrelid::regclass AS host, a.attname, string_agg(format('REINDEX INDEX %s;', x.indexrelid::regclass), E'\n' ORDER BY x.indexrelid) AS reindex,
                string_agg(x.indexrelid::regclass::text, ', ' ORDER BY x.indexrelid) AS indexes
            FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.atttypid = 'dtsen.nama'::regtype
            JOIN pg_index AS x ON x.indrelid = c.oid
            JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = x.indexrelid
                AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
            WHERE c.relnamespace IN (SELECT dtsen._registry_schemas(registry)) AND c.relkind IN ('r', 'm')
            GROUP BY 1, 2 ORDER BY 1, 2
        LOOP
            -- ends at the first such value
            EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE dtsen.nama_version(%I) <> dtsen.nama_version())', i.host, i.attname) INTO is_stale;
            IF is_stale THEN
                RETURN QUERY SELECT format('%s.%s', i.host, quote_ident(i.attname)), 'names folded by another version', 'error', i.indexes,
                    'Indexes may miss such names until they are built again; the UPDATE is for speed.',
                    format(E'%1$s\nUPDATE %2$s SET %3$I = %3$I::text::dtsen.nama WHERE dtsen.nama_version(%3$I) <> dtsen.nama_version();',
                        i.reindex, i.host, i.attname);
            END IF;
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_check_names(pg_catalog.name) IS
    'columns with an index and names that another version of the folding tables stored';

CREATE FUNCTION dtsen._registry_check_work(name pg_catalog.name)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text, severity pg_catalog.text,
        value pg_catalog.text, hint pg_catalog.text, mend pg_catalog.text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY EXECUTE format($sql$
            SELECT format('batch %%s of region %%s', b.id, b.wilayah), 'batch not sealed',
                CASE WHEN e.cut_off_at <= now() THEN 'error' ELSE 'warning' END,
                format('%%s proposals, cut-off of edition %%s at %%s', n.items, e.name, e.cut_off_at),
                'The head of the office seals it: batch_seal(), the head of the region signs it.', NULL::text
            FROM %1$I.batch AS b JOIN %1$I.edisi AS e ON e.id = b.edisi_id AND e.state IN ('buka', 'cut_off'),
                LATERAL (SELECT count(*) AS items FROM %1$I.batch_item AS i WHERE i.batch_id = b.id) AS n
            WHERE b.state = 'terbuka' AND n.items > 0 AND e.cut_off_at < now() + interval '3 days'
            ORDER BY b.id $sql$, name);
        RETURN QUERY EXECUTE format($sql$
            SELECT format('login %%s', d.login), 'roles of different regions', 'error', d.roles,
                'Each role reaches the regions of the others: give the person a login for each, with the same person_key.', NULL::text
            FROM %1$I.actor_differing() AS d $sql$, name);
        RETURN QUERY EXECUTE format($sql$
            SELECT format('file %%s', s.id), 'import interrupted', 'warning',
                format('kind %%s, %%s bytes kept, since %%s', s.kind, sum(p.byte_count), s.changed_at),
                'Its lines stay until it goes on, with dtsen-import and the same file, or is given up.',
                format('SELECT %%I.import_discard(%%s);', $1, s.id)
            FROM %1$I.import_stage AS s JOIN %1$I.import_part AS p ON p.stage_id = s.id
            WHERE s.state <> 'done' AND s.changed_at < now() - interval '7 days'
            GROUP BY s.id ORDER BY s.id $sql$, name) USING name;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_check_work(pg_catalog.name) IS
    'logins whose roles are of different regions; batches with proposals that nobody sealed three days before the cut-off, or after it; files whose import stopped a week ago';

CREATE FUNCTION dtsen.check_registry(name pg_catalog.name)
    RETURNS TABLE (row_id pg_catalog.text, check_name pg_catalog.text, severity pg_catalog.text,
        value pg_catalog.text, hint pg_catalog.text, mend pg_catalog.text)
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        version int4 := dtsen._registry_exists(name);
        said text[] := '{}';
        expected dtsen._registry_object[];
    BEGIN
        IF version <> dtsen._registry_version() THEN
            RETURN QUERY SELECT name::text, 'version', 'error', version::text,
                CASE WHEN version < dtsen._registry_version() THEN 'The tables are older than this extension; how they differ from its template is not listed.'
                    ELSE 'The tables are newer than this extension: update the extension.' END,
                CASE WHEN version < dtsen._registry_version() THEN format('SELECT * FROM dtsen.upgrade_registry(%L, dry_run => false);', name) END;
        ELSE
            expected := dtsen._registry_template_objects(name);
            FOR row_id, check_name, severity, value, hint, mend IN
                SELECT s.* FROM dtsen._registry_check_structure(name, expected) AS s
            LOOP
                said := said || format('%s %s', check_name, row_id);
                RETURN NEXT;
            END LOOP;
            RETURN QUERY SELECT m.* FROM dtsen._registry_check_machines(name, expected) AS m;
        END IF;
        RETURN QUERY SELECT r, 'role missing', 'error', '', 'The registry''s other roles have their rights; while one is missing these are not compared.',
            format('SELECT * FROM dtsen.setup_roles(%L, dry_run => false);', name)
        FROM dtsen._registry_roles_missing(name) AS r WHERE dtsen._registry_has_roles(name);
        RETURN QUERY SELECT o.* FROM dtsen._registry_check_objects(name) AS o
            WHERE format('%s %s', o.check_name, o.row_id) <> ALL (said);
        RETURN QUERY SELECT p.* FROM dtsen._registry_check_partitions(name) AS p;
        RETURN QUERY SELECT t.* FROM dtsen._registry_check_statistics(name) AS t;
        RETURN QUERY SELECT n.* FROM dtsen._registry_check_names(name) AS n;
        RETURN QUERY SELECT w.* FROM dtsen._registry_check_work(name) AS w;
    END
    $$;
COMMENT ON FUNCTION dtsen.check_registry(pg_catalog.name) IS
    'what is wrong with a registry, one row a finding, with the statements that mend it (none: people must): drift from the template, guards that its machines never had, triggers, row security, owners, rights, indexes, statistics, unsealed batches, interrupted imports; no row: nothing';
