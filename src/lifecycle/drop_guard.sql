-- A drop that would take registry data along is refused.

CREATE FUNCTION dtsen.drop_guard() RETURNS pg_catalog.event_trigger
    AS 'MODULE_PATHNAME', 'dtsen_drop_guard'
    LANGUAGE C;
COMMENT ON FUNCTION dtsen.drop_guard() IS
    'event trigger: refuses DROP EXTENSION, LANGUAGE, SCHEMA, TYPE, DOMAIN and OWNED that would take registry data along, ALTER EXTENSION that would let it, and DDL on tables that would change published rows';

CREATE EVENT TRIGGER dtsen_drop_guard ON ddl_command_start
    WHEN TAG IN ('DROP EXTENSION', 'DROP SCHEMA', 'DROP TYPE', 'DROP DOMAIN', 'DROP OWNED',
        'DROP LANGUAGE', 'ALTER EXTENSION', 'DROP TABLE', 'DROP TRIGGER', 'ALTER TABLE', 'ALTER TRIGGER')
    EXECUTE FUNCTION dtsen.drop_guard();
ALTER EVENT TRIGGER dtsen_drop_guard ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER dtsen_drop_guard IS
    'keeps registry data from going with a DROP ... CASCADE, and published rows from DDL; dtsen.allow_data_loss lifts it';
