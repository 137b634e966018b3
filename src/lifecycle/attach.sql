-- Lifecycle: attaching a machine to a table.

CREATE FUNCTION dtsen._lifecycle_trigger(
    OUT name pg_catalog.name, OUT definition pg_catalog.text,
    OUT scope pg_catalog.text)
    RETURNS SETOF record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 6
    SET search_path = pg_catalog, pg_temp
    AS $$
        VALUES
        ('zz_dtsen_guard'::name,
         'BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION dtsen.guard(%s)',
         'table'),
        ('zz_dtsen_guard_arrival',
         'AFTER INSERT ON %s FOR EACH ROW EXECUTE FUNCTION dtsen.guard(%s)',
         'partitioned'),
        ('zz_dtsen_guard_truncate',
         'BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION dtsen.guard(%s)',
         'each'),
        ('zz_dtsen_journal_delete',
         'AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION dtsen.journal(%s)',
         'each'),
        ('zz_dtsen_journal_insert',
         'AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION dtsen.journal(%s)',
         'each'),
        ('zz_dtsen_journal_update',
         'AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION dtsen.journal(%s)',
         'each')
    $$;
COMMENT ON FUNCTION dtsen._lifecycle_trigger() IS
    'triggers of an attached table; scope: table, only if partitioned, or each partition too. Names sort after others, so that the guard sees what other triggers made of a row';

CREATE FUNCTION dtsen._lifecycle_tables(target pg_catalog.regclass)
    RETURNS TABLE (relid pg_catalog.regclass, is_partitioned pg_catalog.bool,
                   is_target pg_catalog.bool)
    LANGUAGE sql STABLE STRICT ROWS 4
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT c.oid::regclass, c.relkind = 'p', c.oid = target
        FROM pg_class AS c
        WHERE c.oid = target
           OR c.oid IN (SELECT t.relid FROM pg_partition_tree(target) AS t)
        ORDER BY c.oid <> target, c.oid::regclass::text COLLATE "C"
    $$;
COMMENT ON FUNCTION dtsen._lifecycle_tables(pg_catalog.regclass) IS
    'a table and its partitions of all levels';

CREATE FUNCTION dtsen._create_trigger(
    name pg_catalog.name, definition pg_catalog.text, relid pg_catalog.regclass,
    arguments pg_catalog.text, schema pg_catalog.text, machine pg_catalog.text)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        EXECUTE format('CREATE TRIGGER %I ', name)
            || format(definition, relid,
                      CASE WHEN name = 'zz_dtsen_guard' THEN arguments
                           ELSE format('%L, %L', schema, machine) END);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', relid, name);
    END
    $$;
COMMENT ON FUNCTION dtsen._create_trigger(
    pg_catalog.name, pg_catalog.text, pg_catalog.regclass, pg_catalog.text,
    pg_catalog.text, pg_catalog.text) IS
    'makes a trigger of _lifecycle_trigger(): arguments are those of the guard, the others have schema and machine';

CREATE FUNCTION dtsen._journal_attached(
    pg_catalog.regclass, pg_catalog.name, pg_catalog.text, pg_catalog.name,
    pg_catalog.name, pg_catalog.name, pg_catalog.name)
    RETURNS pg_catalog.int8
    AS 'MODULE_PATHNAME', 'dtsen__journal_attached'
    LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION dtsen._journal_attached(
    pg_catalog.regclass, pg_catalog.name, pg_catalog.text, pg_catalog.name,
    pg_catalog.name, pg_catalog.name, pg_catalog.name) IS
    'writes the journal entries of the rows that dtsen.attach() finds in a table';

CREATE FUNCTION dtsen._journal_attachment(
    target pg_catalog.regclass, schema pg_catalog.name, machine pg_catalog.text)
    RETURNS pg_catalog.void
    AS 'MODULE_PATHNAME', 'dtsen__journal_attachment'
    LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION dtsen._journal_attachment(
    pg_catalog.regclass, pg_catalog.name, pg_catalog.text) IS
    'writes down what trigger zz_dtsen_guard of a table was given, for check_attached()';

CREATE FUNCTION dtsen.attach(
    target pg_catalog.regclass, machine pg_catalog.text,
    lifecycle_schema pg_catalog.name,
    key_column pg_catalog.name DEFAULT 'id',
    state_column pg_catalog.name DEFAULT 'state',
    wilayah_column pg_catalog.name DEFAULT 'wilayah',
    reason_column pg_catalog.name DEFAULT NULL,
    changed_at_column pg_catalog.name DEFAULT 'changed_at',
    changed_by_column pg_catalog.name DEFAULT 'changed_by',
    frozen_columns pg_catalog.name[] DEFAULT '{}',
    version_column pg_catalog.name DEFAULT NULL,
    period_column pg_catalog.name DEFAULT NULL,
    content_columns pg_catalog.name[] DEFAULT NULL)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET row_security = off    -- rather refuse than leave rows out
    AS $$
    DECLARE
        arguments text;
        columns name[];
        known bool;
        named name;
        other regclass;
    BEGIN
        IF target IS NULL OR machine IS NULL OR lifecycle_schema IS NULL
           OR key_column IS NULL OR state_column IS NULL THEN
            RAISE EXCEPTION 'table, machine, schema, key and state column must not be null'
                USING ERRCODE = 'null_value_not_allowed',
                DETAIL = 'The other columns may be NULL: the table has none for them.',
                HINT = 'Name all five.';
        END IF;
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE EXCEPTION 'attach must run in a transaction that is read committed'
                USING ERRCODE = 'active_sql_transaction',
                      DETAIL = 'An older snapshot would miss rows that need a journal entry.',
                HINT = 'Begin the transaction with ISOLATION LEVEL READ COMMITTED.';
        END IF;
        IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = target) THEN
            RAISE EXCEPTION 'relation with OID % does not exist', target::oid
                USING ERRCODE = 'undefined_table',
                      HINT = 'Name the table: ''schema.table''.';
        END IF;
        EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', target);
        frozen_columns := coalesce(frozen_columns, '{}');
        IF content_columns IS NULL AND to_regclass(format('%I.journal_columns', lifecycle_schema)) IS NULL THEN
            content_columns := '{}';    -- it was made by an earlier version, as check_attached() says
        END IF;
        columns := array_remove(ARRAY[key_column, state_column, wilayah_column,
            reason_column, changed_at_column, changed_by_column, version_column,
            period_column] || frozen_columns || content_columns, NULL);
        PERFORM dtsen._check_lifecycle(lifecycle_schema);
        SELECT (dtsen.trigger_arguments(t.oid))[1] INTO named FROM pg_trigger AS t
        WHERE t.tgrelid = to_regclass(format('%I.machine_version', lifecycle_schema)) AND t.tgname = 'zz_dtsen_guard';
        IF named <> lifecycle_schema THEN
            RAISE EXCEPTION 'the lifecycle in schema "%" was made in schema "%"', lifecycle_schema, named
                USING ERRCODE = 'object_not_in_prerequisite_state',
                DETAIL = 'Its machines could never be changed: triggers and guards have that name.',
                HINT = format('ALTER SCHEMA %I RENAME TO %I;', lifecycle_schema, named);
        END IF;
        IF EXISTS (SELECT FROM dtsen._lifecycle_relatives(target)) THEN
            RAISE EXCEPTION 'table "%" is a partition or part of an inheritance tree', target
                USING ERRCODE = 'wrong_object_type',
                      HINT = 'Attach the partitioned table itself.';
        END IF;
        PERFORM dtsen._check_attachable(target, key_column, state_column,
                                        wilayah_column, columns, version_column,
                                        period_column);
        PERFORM dtsen._check_columns(target, state_column, reason_column,
            changed_at_column, changed_by_column, version_column, columns);
        -- two sessions do not put two tables under one machine
        EXECUTE format('SELECT true FROM %I.machine AS m WHERE m.machine = $1 FOR NO KEY UPDATE',
                       lifecycle_schema) INTO known USING machine;
        IF known IS NULL THEN
            RAISE EXCEPTION 'there is no machine "%" in schema "%"', machine, lifecycle_schema
                USING ERRCODE = 'invalid_parameter_value',
                DETAIL = 'A table gets the states of a machine.',
                HINT = 'Table machine of the schema lists the machines.';
        END IF;
        PERFORM dtsen._check_rules(lifecycle_schema, machine, NULL);
        IF reason_column IS NULL THEN
            EXECUTE format('SELECT EXISTS (SELECT FROM %I.transition AS t
                WHERE t.machine = $1 AND t.needs_reason)', lifecycle_schema)
                INTO known USING machine;
            IF known THEN
                RAISE EXCEPTION 'machine "%" has steps that need a reason', machine
                    USING ERRCODE = 'invalid_parameter_value',
                          HINT = 'Name the reason_column.';
            END IF;
        END IF;
        SELECT a.target INTO other
        FROM dtsen._attached(lifecycle_schema) AS a
        WHERE a.machine = attach.machine;
        IF FOUND THEN
            RAISE EXCEPTION 'machine "%" of schema "%" is attached to table "%"',
                    machine, lifecycle_schema, other
                USING ERRCODE = 'duplicate_object',
                      HINT = 'A machine guards one table; dtsen.detach() takes it off.';
        END IF;
        SELECT string_agg(quote_literal(coalesce(a.value, '')), ', ' ORDER BY a.n)
        INTO arguments
        FROM unnest(ARRAY[lifecycle_schema, machine, key_column, state_column,
                          wilayah_column, reason_column, changed_at_column,
                          changed_by_column, version_column, period_column]::text[]
                          || frozen_columns::text[]
                          -- nothing after the empty one: all columns
                          || CASE WHEN content_columns = '{}' THEN '{}'
                                  ELSE '{""}'::text[] || content_columns::text[] END)
            WITH ORDINALITY AS a(value, n);
        PERFORM dtsen._create_trigger(t.name, t.definition, c.relid, arguments, lifecycle_schema, machine)
        FROM dtsen._lifecycle_trigger() AS t, dtsen._lifecycle_tables(target) AS c
        WHERE c.is_target AND (t.scope <> 'partitioned' OR c.is_partitioned)
           OR t.scope = 'each';
        EXECUTE format('SELECT EXISTS (SELECT FROM %s AS t WHERE NOT EXISTS (
                SELECT FROM %I.state AS s
                JOIN %I.machine AS m USING (machine)
                LEFT JOIN %I.machine_version AS v ON v.machine = s.machine AND v.version = s.version
                WHERE s.machine = $1 AND s.version = %s AND s.state = t.%I::text
                AND (s.version = 1 OR v.state = ''berlaku'')))',
                target, lifecycle_schema, lifecycle_schema, lifecycle_schema,
                CASE WHEN version_column IS NULL THEN 'm.version' ELSE format('t.%I', version_column) END,
                state_column) INTO known USING machine;
        IF known THEN
            RAISE EXCEPTION 'table "%" has rows in a state that machine "%" does not have', target, machine
                USING ERRCODE = 'check_violation',
                      HINT = 'A state counts in the version of the row, which must have come into force.';
        END IF;
        EXECUTE format('UPDATE %1$I.machine AS m SET is_live = true,
                digest = dtsen.machine_digest(%1$L, m.machine, m.version),
                first_digest = dtsen.machine_digest(%1$L, m.machine, 1)
            WHERE m.machine = $1 AND NOT m.is_live', lifecycle_schema) USING machine;
        PERFORM dtsen._journal_attachment(target, lifecycle_schema, machine);
        PERFORM dtsen._journal_attached(target, lifecycle_schema, machine,
            key_column, state_column, coalesce(wilayah_column, ''),
            coalesce(version_column, ''));
    END
    $$;
COMMENT ON FUNCTION dtsen.attach(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.name, pg_catalog.name,
    pg_catalog.name, pg_catalog.name, pg_catalog.name, pg_catalog.name,
    pg_catalog.name, pg_catalog.name[], pg_catalog.name, pg_catalog.name,
    pg_catalog.name[]) IS
    'puts a table under a machine of a lifecycle; a NULL column is one that the table does not have; the journal commits to content_columns, NULL for all, ''{}'' for none';

CREATE FUNCTION dtsen._attached(lifecycle_schema pg_catalog.name)
    RETURNS TABLE (machine pg_catalog.text, target pg_catalog.regclass,
                   arguments pg_catalog.text[])
    LANGUAGE sql STABLE ROWS 4
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT (dtsen.trigger_arguments(t.oid))[2], t.tgrelid::regclass,
               dtsen.trigger_arguments(t.oid)
        FROM pg_trigger AS t
        JOIN pg_class AS c ON c.oid = t.tgrelid
        JOIN pg_class AS m
          ON m.oid = to_regclass(format('%I.machine', lifecycle_schema))
        WHERE t.tgname = 'zz_dtsen_guard' AND t.tgparentid = 0
          AND t.tgfoid = 'dtsen.guard()'::regprocedure
          AND (dtsen.trigger_arguments(t.oid))[1] = lifecycle_schema
          AND pg_has_role(c.relowner, m.relowner, 'USAGE')
        ORDER BY 1
    $$;
COMMENT ON FUNCTION dtsen._attached(pg_catalog.name) IS
    'tables under the machines of a lifecycle, with the arguments of their triggers; not those of strangers, whose triggers do nothing';

CREATE FUNCTION dtsen.detach(
    target pg_catalog.regclass, machine pg_catalog.text)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        step record;
        dropped bool := false;
    BEGIN
        FOR step IN
            SELECT t.tgname, t.tgrelid::regclass AS relid
            FROM pg_trigger AS t
            JOIN dtsen._lifecycle_tables(target) AS c ON c.relid = t.tgrelid
            JOIN dtsen._lifecycle_trigger() AS d ON d.name = t.tgname
            WHERE t.tgparentid = 0
              AND (dtsen.trigger_arguments(t.oid))[2] = machine
        LOOP
            EXECUTE format('DROP TRIGGER %I ON %s', step.tgname, step.relid);
            dropped := true;
        END LOOP;
        IF NOT dropped THEN
            RAISE EXCEPTION 'machine "%" is not attached to table "%"', machine, target
                USING ERRCODE = 'undefined_object',
                DETAIL = 'None of the table''s triggers is of this machine.',
                HINT = 'dtsen.attach() puts it under the table.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen.detach(pg_catalog.regclass, pg_catalog.text) IS
    'takes a table from under its machine; its rows and the journal stay';
