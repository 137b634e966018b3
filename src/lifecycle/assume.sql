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
        narrow name;
        taken bool;
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
                || format('
                COMMENT ON COLUMN %I.journal_block.salt IS ''salts of its entries'''' commitments to what their rows say, which can be erased; NULL if there are none: docs/formats.md'';
                ', schema)
                || replace(dtsen._lifecycle_template_content(), '@registry@', quote_ident(schema));
            EXECUTE step;
            RETURN NEXT step;
        END IF;
        IF to_regclass(format('%I.journal_attached', schema)) IS NULL THEN
            step := replace(dtsen._lifecycle_template_attached(), '@registry@', quote_ident(schema));
            EXECUTE step;
            -- what there is now counts as given
            PERFORM dtsen._journal_attachment(a.target, schema, a.machine) FROM dtsen._attached(schema) AS a;
            RETURN NEXT step;
        END IF;
        SELECT c.conname INTO narrow FROM pg_constraint AS c
        WHERE c.conrelid = to_regclass(format('%I.transition', schema)) AND c.contype = 'c'
          AND pg_get_constraintdef(c.oid) LIKE '%''attached''%'
          AND pg_get_constraintdef(c.oid) NOT LIKE '%''erased''%';
        IF FOUND THEN
            -- a step of that name from before stays: only new ones are refused
            EXECUTE format('SELECT EXISTS (SELECT FROM %I.transition AS t WHERE t.action = ''erased'')', schema)
                INTO taken;
            step := format('ALTER TABLE %1$I.transition DROP CONSTRAINT %2$I, ADD CONSTRAINT %2$I
                    CHECK (action <> '''' AND action NOT IN (''born'', ''edit'', ''attached'', ''erased''))%3$s;
                COMMENT ON COLUMN %1$I.transition.action IS ''name of the step in the journal; born, edit, attached and erased are taken'';',
                schema, narrow, CASE WHEN taken THEN ' NOT VALID' ELSE '' END);
            EXECUTE step;
            RETURN NEXT step;
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen.upgrade_lifecycle(pg_catalog.name) IS
    'makes what a lifecycle of an earlier version lacks, as the owner of its tables, and returns the statements; no row: it has all';
