-- What the views for analysts hold, from their comments: a dictionary for people
-- and sources with tests for dbt. The comments are written by rule, which
-- test/pgtap/registry_bi.sql holds and test/clients checks against data:
-- a view's says "Grain: ..." and "Key: column, ..."; that of a column which may
-- be NULL says when, with that word.

CREATE FUNCTION dtsen._dictionary_refers(column_name pg_catalog.text, is_desil_order pg_catalog.bool)
    RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE
            WHEN column_name ~ '^(from_)?publication_id$' THEN 'edisi.publication_id'
            WHEN column_name ~ '_code$' THEN 'dim_wilayah.wilayah_code'
            WHEN column_name = 'program' THEN 'dim_program.program'
            WHEN column_name = 'month_key' THEN 'dim_period.month_key'
            WHEN is_desil_order THEN 'dim_desil.sort_order' END
    $$;
COMMENT ON FUNCTION dtsen._dictionary_refers(pg_catalog.text, pg_catalog.bool) IS
    'view and column that a column of the views for analysts names a row of, by its name';

CREATE FUNCTION dtsen.data_dictionary(name pg_catalog.name)
    RETURNS TABLE (view_name pg_catalog.text, column_number pg_catalog.int4, column_name pg_catalog.text,
        data_type pg_catalog.text, is_key pg_catalog.bool, is_nullable pg_catalog.bool,
        refers_to pg_catalog.text, accepted_values pg_catalog.text[], description pg_catalog.text)
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    #variable_conflict use_column
    DECLARE
        labels jsonb;
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = name || '_bi' AND c.relname = 'dim_label') THEN
            RAISE EXCEPTION 'there is no registry "%"', name
                USING ERRCODE = 'invalid_schema_name',
                      HINT = 'Say its name without "_bi"; dtsen.create_registry() makes one.';
        END IF;
        EXECUTE format('SELECT jsonb_object_agg(l.list_name, l.names) FROM (SELECT d.list_name,
            jsonb_agg(d.value_name ORDER BY d.sort_order) AS names FROM %I.dim_label AS d GROUP BY 1) AS l', name || '_bi') INTO labels;
        RETURN QUERY
        WITH v AS (
            SELECT c.oid, c.relname::text AS view_name, obj_description(c.oid, 'pg_class') AS description,
                string_to_array((regexp_match(obj_description(c.oid, 'pg_class'), E'Key: ([a-z0-9_, ]+)\\.'))[1], ', ') AS keys
            FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = name || '_bi' AND c.relkind = 'v'),
        a AS (
            SELECT v.oid, v.view_name, v.keys, x.attnum::int4 AS column_number, x.attname::text AS column_name,
                format_type(x.atttypid, x.atttypmod) AS data_type, col_description(v.oid, x.attnum) AS description,
                -- the order of deciles stands beside a decile
                x.attname ~ '^(from_|to_)?sort_order$' AND EXISTS (SELECT FROM pg_attribute AS d WHERE d.attrelid = v.oid
                    AND d.attname = replace(x.attname, 'sort_order', 'desil')) AS is_desil_order
            FROM v JOIN pg_attribute AS x ON x.attrelid = v.oid AND x.attnum > 0 AND NOT x.attisdropped)
        SELECT v.view_name, 0, NULL, NULL, NULL::bool, NULL::bool, NULL, NULL::text[], v.description FROM v
        UNION ALL
        SELECT a.view_name, a.column_number, a.column_name, a.data_type, coalesce(a.column_name = ANY (a.keys), false),
            coalesce(a.description ~ E'\\mNULL\\M', false),
            nullif(dtsen._dictionary_refers(a.column_name, a.is_desil_order), a.view_name || '.' || a.column_name),
            CASE WHEN a.column_name ~ '^(from_|to_)?desil(_from|_to)?$' THEN ARRAY(SELECT n::text FROM generate_series(1, 10) AS n)
                WHEN a.is_desil_order THEN ARRAY(SELECT n::text FROM generate_series(1, 11) AS n)
                WHEN labels ? replace(a.column_name, 'desil_scope', 'scope')
                THEN ARRAY(SELECT jsonb_array_elements_text(labels -> replace(a.column_name, 'desil_scope', 'scope'))) END,
            a.description
        FROM a
        ORDER BY 1, 2;
    END
    $$;
COMMENT ON FUNCTION dtsen.data_dictionary(pg_catalog.name) IS
    'what each view for analysts of a registry holds: its columns with type, key, whether NULL occurs, what row they name, which values they take, and their comment; column 0 is the view itself';

CREATE FUNCTION dtsen.dbt_sources(name pg_catalog.name) RETURNS pg_catalog.text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        -- text in JSON is text in YAML
        WITH d AS (SELECT * FROM dtsen.data_dictionary(name)),
        c AS (
            SELECT d.view_name, d.column_number, concat_ws(E'\n',
                '          - name: ' || d.column_name,
                '            description: ' || to_json(d.description),
                '            data_type: ' || to_json(d.data_type),
                CASE WHEN t.tests <> '' THEN E'            tests:\n' || t.tests END) AS yaml
            FROM d
            CROSS JOIN LATERAL (SELECT concat_ws(E'\n',
                CASE WHEN NOT d.is_nullable THEN '              - not_null' END,
                CASE WHEN d.is_key AND 1 = (SELECT count(*) FROM d AS o WHERE o.view_name = d.view_name AND o.is_key)
                    THEN '              - unique' END,
                '              - accepted_values:' || E'\n                  values: ' || (SELECT '[' || string_agg(
                        CASE WHEN d.data_type = 'integer' THEN x ELSE to_json(x)::text END, ', ') || ']' FROM unnest(d.accepted_values) AS x)
                    || CASE WHEN d.data_type = 'integer' THEN E'\n                  quote: false' ELSE '' END,
                CASE WHEN d.refers_to IS NOT NULL THEN
                    format(E'              - relationships:\n                  to: source(''%s'', ''%s'')\n                  field: %s',
                        name, split_part(d.refers_to, '.', 1), split_part(d.refers_to, '.', 2)) END) AS tests) AS t
            WHERE d.column_number > 0)
        SELECT format(E'version: 2\nsources:\n  - name: %s\n    schema: %s\n    description: %s\n    tables:\n', name, name || '_bi',
                to_json('Views for analysts of registry ' || name || ', made by dtsen.dbt_sources()'))
            || string_agg(format(E'      - name: %s\n        description: %s\n        columns:\n%s\n', v.view_name, to_json(v.description),
                (SELECT string_agg(c.yaml, E'\n' ORDER BY c.column_number) FROM c WHERE c.view_name = v.view_name)),
                '' ORDER BY v.view_name)
        FROM d AS v WHERE v.column_number = 0
    $$;
COMMENT ON FUNCTION dtsen.dbt_sources(pg_catalog.name) IS
    'the views for analysts of a registry as sources of dbt, in YAML: descriptions, types, and the tests not_null, unique, accepted_values and relationships that hold of them';
