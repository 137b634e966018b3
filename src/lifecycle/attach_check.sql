-- Lifecycle: what is in the way of attaching a machine to a table.

CREATE FUNCTION dtsen._lifecycle_relatives(target pg_catalog.regclass)
    RETURNS SETOF pg_catalog.regclass
    LANGUAGE sql STABLE STRICT ROWS 1
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT i.inhparent::regclass FROM pg_inherits AS i WHERE i.inhrelid = target
        UNION ALL
        SELECT i.inhrelid::regclass FROM pg_inherits AS i
        JOIN pg_class AS c ON c.oid = i.inhparent
        WHERE i.inhparent = target AND c.relkind = 'r'
    $$;
COMMENT ON FUNCTION dtsen._lifecycle_relatives(pg_catalog.regclass) IS
    'tables that a table inherits from or is a partition of, and those that inherit from it other than as partitions';

CREATE FUNCTION dtsen._check_lifecycle(schema pg_catalog.name)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        relation text;
    BEGIN
        IF schema IS NULL THEN
            RAISE EXCEPTION 'the schema must not be null' USING ERRCODE = 'null_value_not_allowed',
                DETAIL = 'It is the one that dtsen.create_lifecycle() or dtsen.create_registry() made.',
                HINT = 'Name the schema of the lifecycle.';
        END IF;
        FOREACH relation IN ARRAY '{machine,state,transition,machine_version,calendar,actor,journal_block,journal_note}'::text[] LOOP
            IF NOT EXISTS (SELECT FROM pg_class AS c
                           WHERE c.oid = to_regclass(format('%I.%I', schema, relation))
                             AND c.relkind IN ('r', 'p')) THEN
                RAISE EXCEPTION 'there is no table "%" in schema "%"', relation, schema
                    USING ERRCODE = 'undefined_table',
                          HINT = 'dtsen.create_lifecycle() makes the tables of a lifecycle.';
            END IF;
            IF EXISTS (SELECT FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
                       WHERE a.attrelid = to_regclass(format('%I.%I', schema, relation))
                         AND a.attnum > 0 AND NOT a.attisdropped
                         AND t.typnamespace <> ALL ('{pg_catalog,dtsen}'::regnamespace[])) THEN
                RAISE EXCEPTION 'table "%" in schema "%" has a column of a stranger''s type', relation, schema
                    USING ERRCODE = 'datatype_mismatch',
                    DETAIL = 'Its functions would run in the name of whoever reads the table.',
                    HINT = 'Drop the column, or change it to a type of PostgreSQL or dtsen.';
            END IF;
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen._check_lifecycle(pg_catalog.name) IS
    'raises if a schema does not hold the tables of a lifecycle, or holds something that would run its owner''s code in a reader''s name';

CREATE FUNCTION dtsen._names_rows(type pg_catalog.oid)
    RETURNS pg_catalog.bool
    LANGUAGE sql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT t.typnamespace = 'dtsen'::regnamespace
            OR CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
               = ANY ('{int2,int4,int8,text,varchar,bpchar,name,uuid}'::regtype[]::oid[])
        FROM pg_type AS t WHERE t.oid = type
    $$;
COMMENT ON FUNCTION dtsen._names_rows(pg_catalog.oid) IS
    'whether values of a type have the same text in every session, and no code of the type''s owner: key, state, region and period are of such';

CREATE FUNCTION dtsen._check_machine_known(
    schema pg_catalog.name, wanted_machine pg_catalog.text,
    wanted_version pg_catalog.int4)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM dtsen._machine_versions(schema, wanted_machine, wanted_version)) THEN
            RAISE EXCEPTION 'there is no machine "%" in schema "%"', concat_ws('/', wanted_machine, wanted_version), schema
                USING ERRCODE = 'no_data_found',
                DETAIL = 'Nothing was checked.',
                HINT = 'Table machine of the schema lists the machines, machine_version their later versions.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._check_machine_known(
    pg_catalog.name, pg_catalog.text, pg_catalog.int4) IS
    'raises where a check was asked for of a machine that there is not: no finding would say that all is well';

CREATE FUNCTION dtsen._check_journal_right(schema pg_catalog.name, relation pg_catalog.text)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NOT has_table_privilege(format('%I.%I', schema, relation), 'SELECT') THEN
            RAISE EXCEPTION 'permission denied for the journal of schema "%"', schema
                USING ERRCODE = 'insufficient_privilege',
                DETAIL = format('It takes the right to read table %s, which knows the rows of all regions.', relation),
                HINT = 'The owner of the lifecycle verifies, anchors and proves; auditors read view journal, and in a registry ask journal_check().';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._check_journal_right(pg_catalog.name, pg_catalog.text) IS
    'raises if the caller does not read what a function on the whole journal reads';

CREATE FUNCTION dtsen._check_attachable(
    target pg_catalog.regclass, key_column pg_catalog.name,
    state_column pg_catalog.name, wilayah_column pg_catalog.name,
    columns pg_catalog.name[], version_column pg_catalog.name DEFAULT NULL,
    period_column pg_catalog.name DEFAULT NULL)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        kind "char";
        wanted name;
        col record;
    BEGIN
        SELECT c.relkind INTO kind FROM pg_class AS c WHERE c.oid = target;
        IF kind NOT IN ('r', 'p') THEN
            RAISE EXCEPTION '"%" is not a table', target
                USING ERRCODE = 'wrong_object_type',
                DETAIL = 'A machine stands under ordinary and partitioned tables.',
                HINT = 'Attach the table that holds the rows.';
        END IF;
        FOREACH wanted IN ARRAY columns LOOP
            SELECT a.attnum, a.attgenerated INTO col FROM pg_attribute AS a
            WHERE a.attrelid = target AND a.attname = wanted
              AND a.attnum > 0 AND NOT a.attisdropped;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'table "%" has no column "%"', target, wanted
                    USING ERRCODE = 'undefined_column',
                    DETAIL = 'Key, state and the other columns named must be there.',
                    HINT = 'Add the column, name the one that the table has, or give NULL for wilayah_column, changed_at_column or changed_by_column if there is none.';
            END IF;
            IF col.attgenerated <> '' THEN
                RAISE EXCEPTION 'column "%" of table "%" is generated', wanted, target
                    USING ERRCODE = 'invalid_column_reference',
                          DETAIL = 'It is computed after the guard has looked at the row.',
                    HINT = 'Name an ordinary column.';
            END IF;
        END LOOP;
        IF NOT EXISTS (
            SELECT FROM pg_index AS i
            JOIN pg_attribute AS a ON a.attrelid = target AND a.attname = key_column
            WHERE i.indrelid = target AND i.indisunique AND i.indisvalid
              AND i.indpred IS NULL AND a.attnotnull
              AND a.attnum = ANY (i.indkey::int2[])) THEN
            RAISE EXCEPTION 'column "%" of table "%" is no key', key_column, target
                USING ERRCODE = 'invalid_column_reference',
                      HINT = 'It must be NOT NULL and in a unique index.';
        END IF;
        IF version_column IS NOT NULL AND NOT EXISTS (SELECT FROM pg_attribute AS a
            WHERE a.attrelid = target AND a.attname = version_column
              AND a.atttypid = 'int4'::regtype AND a.attnotnull) THEN
            RAISE EXCEPTION 'column "%" of table "%" cannot hold a version', version_column, target
                USING ERRCODE = 'datatype_mismatch',
                      HINT = 'It must be of type integer and NOT NULL; DEFAULT 1 suits the rows that are there.';
        END IF;
        -- their text must be the same in every session, and no code of a type's owner
        SELECT a.attname INTO wanted
        FROM pg_attribute AS a
        WHERE a.attrelid = target
          AND a.attname = ANY (ARRAY[key_column, state_column, wilayah_column, period_column])
          AND NOT dtsen._names_rows(a.atttypid);
        IF FOUND THEN
            RAISE EXCEPTION 'column "%" of table "%" has an unsuitable type', wanted, target
                USING ERRCODE = 'datatype_mismatch',
                      HINT = 'Key, state, region and period are of integers, text, varchar, char, name, uuid, domains over these or types of dtsen.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._check_attachable(
    pg_catalog.regclass, pg_catalog.name, pg_catalog.name, pg_catalog.name,
    pg_catalog.name[], pg_catalog.name, pg_catalog.name) IS
    'raises what is in the way of attaching a lifecycle to a table';

CREATE FUNCTION dtsen._check_columns(
    target pg_catalog.regclass, state_column pg_catalog.name,
    reason_column pg_catalog.name, changed_at_column pg_catalog.name,
    changed_by_column pg_catalog.name, version_column pg_catalog.name,
    columns pg_catalog.name[])
    RETURNS pg_catalog.void
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        twice name;
    BEGIN
        IF EXISTS (SELECT FROM pg_class AS c WHERE c.oid = target AND c.relpersistence <> 'p') THEN
            RAISE EXCEPTION 'table "%" is temporary or unlogged', target
                USING ERRCODE = 'wrong_object_type',
                DETAIL = 'Its rows would be gone after a crash or with the session, and the journal would miss them.',
                HINT = 'ALTER TABLE ... SET LOGGED, or attach an ordinary table.';
        END IF;
        -- what the guard writes, and what changes by steps, is nothing else
        SELECT w.name INTO twice
        FROM unnest(ARRAY[state_column, reason_column, changed_at_column,
                          changed_by_column, version_column]) AS w(name)
        WHERE (SELECT count(*) FROM unnest(columns) AS c(name) WHERE c.name = w.name) > 1;
        IF FOUND THEN
            RAISE EXCEPTION 'column "%" of table "%" is named for two purposes', twice, target
                USING ERRCODE = 'invalid_column_reference',
                DETAIL = 'State, reason, stamps and version are columns of their own, and not frozen.',
                HINT = 'Name another column, or NULL where the table has none.';
        END IF;
        IF EXISTS (SELECT FROM pg_attribute AS a
                   WHERE a.attrelid = target AND a.attname = changed_at_column
                     AND a.atttypid <> 'timestamptz'::regtype) THEN
            RAISE EXCEPTION 'column "%" of table "%" cannot hold when a row changed', changed_at_column, target
                USING ERRCODE = 'datatype_mismatch',
                      HINT = 'It must be of type timestamptz; changed_at_column => NULL if there is none.';
        END IF;
        IF EXISTS (SELECT FROM pg_attribute AS a
                   WHERE a.attrelid = target AND a.attname = changed_by_column
                     AND a.atttypid <> ALL ('{text,name}'::regtype[]::oid[])) THEN
            RAISE EXCEPTION 'column "%" of table "%" cannot hold who changed a row', changed_by_column, target
                USING ERRCODE = 'datatype_mismatch',
                      HINT = 'It must be of type text or name; changed_by_column => NULL if there is none.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._check_columns(
    pg_catalog.regclass, pg_catalog.name, pg_catalog.name, pg_catalog.name,
    pg_catalog.name, pg_catalog.name, pg_catalog.name[]) IS
    'raises if a table is temporary or unlogged, a column is named for two purposes, or a stamp is of another type';
