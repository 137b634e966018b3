-- In what a registry differs from what the templates make.

CREATE FUNCTION dtsen._registry_severity(kind pg_catalog.text, is_added pg_catalog.bool, object pg_catalog.text, detail pg_catalog.text)
    RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE
            WHEN kind = 'comment' THEN 'notice'
            WHEN kind IN ('index', 'storage', 'replica identity') THEN 'warning'
            WHEN NOT is_added THEN 'error'
            -- what was added and opens a way past the rules
            WHEN kind = 'policy' AND detail LIKE 'PERMISSIVE %' OR kind = 'rule' THEN 'error'
            WHEN kind = 'grant' AND (object LIKE '% TO PUBLIC' OR object ~ E'^(TRUNCATE|TRIGGER|REFERENCES|CREATE|MAINTAIN)\\M'
                OR object ~ E'^(INSERT|UPDATE|DELETE)\\M.* ON \\S+\\.(journal\\w*|actor|machine\\w*|state|transition|calendar|meta) TO ') THEN 'error'
            WHEN kind = 'table column' THEN 'notice'
            ELSE 'warning' END
    $$;
COMMENT ON FUNCTION dtsen._registry_severity(pg_catalog.text, pg_catalog.bool, pg_catalog.text, pg_catalog.text) IS
    'error: rules or rows are not kept as promised; warning: something else than the template; notice: no harm';

CREATE FUNCTION dtsen._registry_lost(expected dtsen._registry_object[], actual dtsen._registry_object[])
    RETURNS TABLE (ord pg_catalog.int8, kind pg_catalog.text, object pg_catalog.text, detail pg_catalog.text)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        WITH lost AS MATERIALIZED (
            SELECT e.*, e.kind || ' ' || e.object AS key FROM unnest(expected) AS e
            WHERE e.kind NOT IN ('row', 'step') AND NOT EXISTS (SELECT FROM unnest(actual) AS a WHERE a.kind = e.kind AND a.object = e.object))
        SELECT l.ord, l.kind, l.object, l.detail FROM lost AS l
        -- what its parent brings along when it is made has no row of its own
        WHERE NOT (l.kind IN ('table column', 'default', 'not null', 'identity', 'comment', 'grant', 'storage', 'row security', 'replica identity', 'firing of trigger')
            AND l.parent IN (SELECT p.key FROM lost AS p))
    $$;
COMMENT ON FUNCTION dtsen._registry_lost(dtsen._registry_object[], dtsen._registry_object[]) IS
    'objects of the template that a registry lacks';

CREATE FUNCTION dtsen._registry_changed(expected dtsen._registry_object[], actual dtsen._registry_object[])
    RETURNS TABLE (ord pg_catalog.int8, kind pg_catalog.text, object pg_catalog.text, found pg_catalog.text,
        wanted pg_catalog.text, mend pg_catalog.text, is_dropped pg_catalog.bool)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT e.ord, e.kind, e.object, a.detail, e.detail, CASE
                WHEN v.is_dropped THEN NULL
                WHEN e.remake IS NOT NULL THEN e.remake
                WHEN e.kind = 'trigger' AND e.make LIKE 'CREATE TRIGGER %' THEN
                    replace(m.make, 'CREATE TRIGGER ', 'CREATE OR REPLACE TRIGGER ')
                WHEN a.unmake IS NULL THEN e.make
                WHEN e.kind = 'table constraint' AND a.detail = e.detail || ' NOT VALID' THEN
                    replace(replace(a.unmake, ' DROP CONSTRAINT ', ' VALIDATE CONSTRAINT '), ' CASCADE', '')
                ELSE concat_ws(E';\n', a.unmake, m.make) END,
            v.is_dropped
        FROM unnest(expected) AS e JOIN unnest(actual) AS a ON a.kind = e.kind AND a.object = e.object
            LEFT JOIN dtsen._registry_make_each(expected) AS m ON m.key = e.kind || ' ' || e.object,
            -- a view may get columns at its end
            LATERAL (SELECT e.kind <> 'table' AND a.unmake IS NOT NULL AND e.variant IS DISTINCT FROM a.variant
                AND NOT (e.kind = 'view' AND starts_with(e.variant, a.variant))) AS v (is_dropped)
        WHERE a.detail IS DISTINCT FROM e.detail
    $$;
COMMENT ON FUNCTION dtsen._registry_changed(dtsen._registry_object[], dtsen._registry_object[]) IS
    'objects of a registry that are not as in the template; is_dropped: it takes a DROP to mend them';

CREATE FUNCTION dtsen._registry_added(expected dtsen._registry_object[], actual dtsen._registry_object[])
    RETURNS SETOF dtsen._registry_object
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT a.* FROM unnest(actual) AS a
        WHERE NOT EXISTS (SELECT FROM unnest(expected) AS e WHERE e.kind = a.kind AND e.object = a.object)
        AND CASE
            -- tables, views, indexes and functions of one's own are nobody's business
            WHEN a.kind IN ('table column', 'default', 'not null', 'identity', 'storage', 'table constraint', 'trigger', 'policy', 'rule')
                THEN EXISTS (SELECT FROM unnest(expected) AS e WHERE e.kind || ' ' || e.object = a.parent)
            WHEN a.kind = 'grant' THEN a.object LIKE '% TO PUBLIC'
                OR EXISTS (SELECT FROM unnest(expected) AS e WHERE e.kind || ' ' || e.object = a.parent)
            -- but one that a call could take for the template's
            WHEN a.kind IN ('function', 'procedure') THEN split_part(a.object, '(', 1)
                IN (SELECT split_part(e.object, '(', 1) FROM unnest(expected) AS e WHERE e.kind = a.kind)
            ELSE false END
    $$;
COMMENT ON FUNCTION dtsen._registry_added(dtsen._registry_object[], dtsen._registry_object[]) IS
    'what somebody added to the objects of the template';

CREATE FUNCTION dtsen._registry_differences(name pg_catalog.name, expected dtsen._registry_object[])
    RETURNS TABLE (ord pg_catalog.int8, kind pg_catalog.text, object pg_catalog.text, way pg_catalog.text, severity pg_catalog.text,
        found pg_catalog.text, wanted pg_catalog.text, mend pg_catalog.text, drops pg_catalog.text[])
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        actual dtsen._registry_object[] := ARRAY(SELECT o FROM dtsen._registry_objects(name) AS o);
    BEGIN
        RETURN QUERY
        SELECT l.ord, l.kind, l.object, 'missing', dtsen._registry_severity(l.kind, false, l.object, l.detail), '', l.detail,
            m.make, '{}'::text[]
        FROM dtsen._registry_lost(expected, actual) AS l
            LEFT JOIN dtsen._registry_make_each(expected) AS m ON m.key = l.kind || ' ' || l.object
        -- a view that is made anew brings the comments on its columns
        WHERE l.kind <> 'comment' OR NOT EXISTS (SELECT FROM dtsen._registry_changed(expected, actual) AS c
            WHERE c.is_dropped AND starts_with(l.object, format('%s column %s.', c.kind, c.object)))
        UNION ALL
        SELECT c.ord, c.kind, c.object, 'changed', dtsen._registry_severity(c.kind, false, c.object, c.wanted), c.found, c.wanted,
            CASE WHEN c.is_dropped THEN (SELECT concat_ws(E';\n', string_agg(d.statement, E';\n' ORDER BY d.n),
                    dtsen._registry_make(expected, array_agg(d.key)))
                FROM dtsen._registry_drops(name, ARRAY[c.kind || ' ' || c.object]) WITH ORDINALITY AS d (key, statement, n))
                ELSE c.mend END,
            CASE WHEN c.is_dropped THEN ARRAY[c.kind || ' ' || c.object] ELSE '{}' END
        FROM dtsen._registry_changed(expected, actual) AS c
        UNION ALL
        -- first: to take a right on a table takes those on its columns along
        SELECT -1, a.kind, a.object, 'added', dtsen._registry_severity(a.kind, true, a.object, a.detail), a.detail, '',
            a.unmake, '{}'
        FROM dtsen._registry_added(expected, actual) AS a
        -- while roles are missing or not set up nothing is known of their rights
        WHERE a.kind <> 'grant' OR EXISTS (SELECT FROM unnest(expected) AS e WHERE e.kind = 'grant')
            OR substring(a.object FROM ' TO (.*)$') NOT IN (SELECT name || '_' || r.role FROM dtsen._registry_role() AS r)
        ORDER BY 1, 2, 3;
    END
    $$;
COMMENT ON FUNCTION dtsen._registry_differences(pg_catalog.name, dtsen._registry_object[]) IS
    'differences between a registry and what the templates make, with the statements that mend each; drops: objects that must be dropped first';
