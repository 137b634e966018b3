-- Lifecycle: acting for the people of an application that has one login.

CREATE FUNCTION dtsen.assume_nonce(for_session pg_catalog.bool DEFAULT false)
    RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_assume_nonce'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION dtsen.assume_nonce(pg_catalog.bool) IS
    'what an application signs for dtsen.assume(): good for one attempt in this session, to the end of the transaction or, for_session, until DISCARD ALL';

CREATE FUNCTION dtsen.assume(
    schema pg_catalog.name, actor pg_catalog.name, token pg_catalog.text)
    RETURNS pg_catalog.void
    AS 'MODULE_PATHNAME', 'dtsen_assume'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION dtsen.assume(
    pg_catalog.name, pg_catalog.name, pg_catalog.text) IS
    'makes somebody the actor of a lifecycle in this transaction, or session, on a token key.expiry.signature made with a key of table assume_key';

CREATE FUNCTION dtsen.assume_end()
    RETURNS pg_catalog.void
    AS 'MODULE_PATHNAME', 'dtsen_assume_end'
    LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION dtsen.assume_end() IS
    'ends what dtsen.assume() began: the login is its own actor again';

CREATE FUNCTION dtsen.assumed_actor(schema pg_catalog.name)
    RETURNS pg_catalog.name
    AS 'MODULE_PATHNAME', 'dtsen_assumed_actor'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION dtsen.assumed_actor(pg_catalog.name) IS
    'who is assumed in the lifecycle of a schema, for policies and triggers of one''s own; NULL: nobody, the login acts for itself';

CREATE FUNCTION dtsen.upgrade_lifecycle(schema pg_catalog.name)
    RETURNS SETOF pg_catalog.text
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        step text;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema);
        IF to_regclass(format('%I.assume_key', schema)) IS NULL THEN
            step := replace(dtsen._lifecycle_template_assume(), '@registry@', quote_ident(schema));
            EXECUTE step;
            RETURN NEXT step;
        END IF;
        IF to_regclass(format('%I.journal_columns', schema)) IS NULL THEN
            step := format('ALTER TABLE %1$I.journal_block ADD COLUMN salt pg_catalog.bytea;
                DROP TRIGGER journal_immutable ON %1$I.journal_block;
                CREATE TRIGGER journal_erase BEFORE UPDATE ON %1$I.journal_block
                    FOR EACH ROW EXECUTE FUNCTION dtsen.salt_erase();
                CREATE TRIGGER journal_immutable BEFORE DELETE ON %1$I.journal_block
                    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
                ALTER TABLE %1$I.journal_block ENABLE ALWAYS TRIGGER journal_erase;
                ALTER TABLE %1$I.journal_block ENABLE ALWAYS TRIGGER journal_immutable;', schema)
                || replace(dtsen._lifecycle_template_content(), '@registry@', quote_ident(schema));
            EXECUTE step;
            RETURN NEXT step;
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen.upgrade_lifecycle(pg_catalog.name) IS
    'makes the tables that a lifecycle of an earlier version lacks, as the owner of the others, and returns the statements; no row: it has them';
