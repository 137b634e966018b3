-- A drop that would take registry data along is refused.

CREATE FUNCTION dtsen.drop_guard() RETURNS pg_catalog.event_trigger
    AS 'MODULE_PATHNAME', 'dtsen_drop_guard'
    LANGUAGE C;
COMMENT ON FUNCTION dtsen.drop_guard() IS
    'event trigger: refuses DROP EXTENSION, LANGUAGE, SCHEMA, TYPE, DOMAIN and OWNED that would take registry data along, ALTER EXTENSION that would let it, and DDL on tables that would change published rows';

CREATE EVENT TRIGGER dtsen_drop_guard ON ddl_command_start
    WHEN TAG IN ('DROP EXTENSION', 'DROP SCHEMA', 'DROP TYPE', 'DROP DOMAIN', 'DROP OWNED',
        'DROP LANGUAGE', 'ALTER EXTENSION', 'DROP TABLE', 'DROP TRIGGER', 'CREATE TRIGGER', 'ALTER TABLE', 'ALTER TRIGGER')
    EXECUTE FUNCTION dtsen.drop_guard();
ALTER EVENT TRIGGER dtsen_drop_guard ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER dtsen_drop_guard IS
    'keeps registry data from going with a DROP ... CASCADE, and published rows from DDL; dtsen.allow_data_loss lifts it';

-- A partition that is made or attached later gets the triggers of its table.

CREATE FUNCTION dtsen._complete_partition(partition pg_catalog.regclass)
    RETURNS pg_catalog.void
    LANGUAGE sql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT dtsen._create_trigger(t.name, t.definition, c.relid, '', a.arguments[1], a.arguments[2])
        FROM pg_trigger AS g,
             LATERAL dtsen.trigger_arguments(g.oid) AS a(arguments),
             dtsen._lifecycle_trigger() AS t, dtsen._lifecycle_tables(partition) AS c
        WHERE g.tgrelid = pg_partition_root(partition) AND g.tgname = 'zz_dtsen_guard'
          AND g.tgfoid = 'dtsen.guard()'::regprocedure AND t.scope = 'each'
          AND NOT EXISTS (SELECT FROM pg_trigger AS p
                          WHERE p.tgrelid = c.relid AND p.tgname = t.name)
    $$;
COMMENT ON FUNCTION dtsen._complete_partition(pg_catalog.regclass) IS
    'gives a partition the statement triggers of its table''s lifecycle, which PostgreSQL does not clone';

CREATE FUNCTION dtsen.partition_guard() RETURNS pg_catalog.event_trigger
    AS 'MODULE_PATHNAME', 'dtsen_partition_guard'
    LANGUAGE C;
COMMENT ON FUNCTION dtsen.partition_guard() IS
    'event trigger: a partition that is made or attached under a table with a lifecycle gets all its triggers';

CREATE EVENT TRIGGER dtsen_partition_guard ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE', 'CREATE SCHEMA')
    EXECUTE FUNCTION dtsen.partition_guard();
ALTER EVENT TRIGGER dtsen_partition_guard ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER dtsen_partition_guard IS
    'gives the partitions of a table with a lifecycle its triggers';
