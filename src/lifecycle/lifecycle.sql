-- Lifecycle: trigger functions, and the tables of a lifecycle.

CREATE FUNCTION dtsen.guard() RETURNS trigger
    AS 'MODULE_PATHNAME', 'dtsen_guard'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen.guard() IS
    'row trigger: which change of a row a machine allows, and to whom; created by dtsen.attach()';

CREATE FUNCTION dtsen.guard_statement() RETURNS trigger
    AS 'MODULE_PATHNAME', 'dtsen_guard_statement'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen.guard_statement() IS
    'statement trigger: calendar, four eyes and the guards of a machine''s steps, which journal() checks as well';

CREATE FUNCTION dtsen.journal() RETURNS trigger
    AS 'MODULE_PATHNAME', 'dtsen_journal'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen.journal() IS
    'statement trigger: an entry of the journal for each changed row, in blocks chained by digests; created by dtsen.attach()';

CREATE FUNCTION dtsen.journal_only() RETURNS trigger
    AS 'MODULE_PATHNAME', 'dtsen_journal_only'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen.journal_only() IS
    'row trigger of the journal''s tables: refuses every INSERT, as dtsen.journal() writes below the triggers';

CREATE FUNCTION dtsen.note_erase() RETURNS trigger
    AS 'MODULE_PATHNAME', 'dtsen_note_erase'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen.note_erase() IS
    'row trigger of table journal_note: lets a note be erased and nothing else change';

CREATE FUNCTION dtsen.salt_erase() RETURNS trigger
    AS 'MODULE_PATHNAME', 'dtsen_salt_erase'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen.salt_erase() IS
    'row trigger of table journal_block: lets salts be erased and nothing else change';

CREATE FUNCTION dtsen.immutable() RETURNS trigger
    AS 'MODULE_PATHNAME', 'dtsen_immutable'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen.immutable() IS
    'row trigger: append-only without arguments; with (column, ''schema.parent'', key, state column, published states...) refuses rows of a published parent';

CREATE FUNCTION dtsen.machine_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'dtsen_machine_changed'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen.machine_changed() IS
    'row trigger of the machine tables: tells all sessions to read them again';

CREATE FUNCTION dtsen.machine_rules() RETURNS trigger
    AS 'MODULE_PATHNAME', 'dtsen_machine_rules'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen.machine_rules() IS
    'row trigger of the machine tables: refuses to change rules in force, and windows that have closed';

CREATE FUNCTION dtsen.is_apply_worker() RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_is_apply_worker'
    LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION dtsen.is_apply_worker() IS
    'whether logical replication applies what another server has judged; a client cannot make it true';

CREATE FUNCTION dtsen.trigger_arguments(pg_catalog.oid)
    RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_trigger_arguments'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.trigger_arguments(pg_catalog.oid) IS
    'arguments of a trigger, as given';

CREATE FUNCTION dtsen.lifecycle_ddl(schema pg_catalog.name)
    RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT replace(replace(replace(dtsen._lifecycle_template(),
            '@registry@', quote_ident(schema)),
            '@registry_name@', quote_literal(schema)),
            '@registry_text@', quote_literal(quote_ident(schema)))
    $$;
COMMENT ON FUNCTION dtsen.lifecycle_ddl(pg_catalog.name) IS
    'what dtsen.create_lifecycle() would run, for review or for one''s own migrations';

CREATE FUNCTION dtsen.create_lifecycle(schema pg_catalog.name)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_namespace AS n
                       WHERE n.nspname = schema) THEN
            RAISE EXCEPTION 'schema "%" does not exist', schema
                USING ERRCODE = 'invalid_schema_name',
                      HINT = 'Create it first: its owner will own the tables.';
        END IF;
        IF NOT EXISTS (SELECT FROM pg_namespace AS n
                       WHERE n.nspname = schema
                         AND n.nspowner = current_user::regrole) THEN
            RAISE EXCEPTION 'must be owner of schema "%"', schema
                USING ERRCODE = 'insufficient_privilege',
                      HINT = 'SET ROLE to its owner, who will own the tables.';
        END IF;
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE EXCEPTION 'create_lifecycle must run in a transaction that is read committed'
                USING ERRCODE = 'active_sql_transaction',
                DETAIL = format('It is %s.', current_setting('transaction_isolation')),
                HINT = 'Begin the transaction with ISOLATION LEVEL READ COMMITTED.';
        END IF;
        EXECUTE dtsen.lifecycle_ddl(schema);
    EXCEPTION WHEN duplicate_table THEN
        RAISE EXCEPTION '%', SQLERRM
            USING ERRCODE = 'duplicate_table',
            DETAIL = format('Nothing was made in schema "%s".', schema),
            HINT = 'If it has a lifecycle already, go on with attach(); else a table of your own is in the way: give the lifecycle a schema to itself.';
    END
    $$;
COMMENT ON FUNCTION dtsen.create_lifecycle(pg_catalog.name) IS
    'creates the tables of a lifecycle (machine, state, transition, machine_version, calendar, actor, journal) in a schema of the caller''s';

CREATE FUNCTION dtsen.explain_transition(
    target pg_catalog.regclass, key pg_catalog.text, to_state pg_catalog.text,
    reason pg_catalog.text DEFAULT NULL,
    OUT sqlstate pg_catalog.text, OUT message pg_catalog.text,
    OUT detail pg_catalog.text, OUT hint pg_catalog.text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'dtsen_explain_transition'
    LANGUAGE C VOLATILE ROWS 5;
COMMENT ON FUNCTION dtsen.explain_transition(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
    'what is missing before a row can go to a state, for the login that asks: the same rules, asked instead of enforced; no row: the step is allowed';
