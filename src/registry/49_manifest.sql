-- Registry @registry@: what it was made of, for dtsen.check_registry().

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA @registry@ FROM PUBLIC;

CREATE TABLE @registry@.manifest (
    kind text NOT NULL,
    object text NOT NULL,
    detail text,
    PRIMARY KEY (kind, object)
);
COMMENT ON TABLE @registry@.manifest IS 'Triggers, policies, functions and constraints as they were made; dtsen.check_registry() compares';
COMMENT ON COLUMN @registry@.manifest.kind IS 'Kind of object';
COMMENT ON COLUMN @registry@.manifest.object IS 'Its name within the schema';
COMMENT ON COLUMN @registry@.manifest.detail IS 'What of it must not change';
