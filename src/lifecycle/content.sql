-- Lifecycle: what entries of the journal commit to, and its erasure.

CREATE FUNCTION dtsen._journal_columns_digest(
    names pg_catalog.text[], types pg_catalog.text[])
    RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen__journal_columns_digest'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._journal_columns_digest(
    pg_catalog.text[], pg_catalog.text[]) IS
    'digest of a list of columns';

CREATE FUNCTION dtsen._journal_contents(
    first_seq pg_catalog.int8, entries pg_catalog.int4, body pg_catalog.bytea,
    block_salt pg_catalog.bytea,
    OUT key pg_catalog.text, OUT seq pg_catalog.int8,
    OUT at pg_catalog.timestamptz, OUT txid pg_catalog.int8,
    OUT to_state pg_catalog.text, OUT columns pg_catalog.bytea,
    OUT salt pg_catalog.bytea, OUT content pg_catalog.bytea)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'dtsen__journal_contents'
    LANGUAGE C STABLE PARALLEL SAFE COST 1000 ROWS 150;
COMMENT ON FUNCTION dtsen._journal_contents(
    pg_catalog.int8, pg_catalog.int4, pg_catalog.bytea, pg_catalog.bytea) IS
    'what each entry of a block commits to; salt is NULL where it was erased or changed';

CREATE FUNCTION dtsen._journal_row_is(
    live record, columns pg_catalog.bytea, names pg_catalog.text[],
    salt pg_catalog.bytea, content pg_catalog.bytea)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen__journal_row_is'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION dtsen._journal_row_is(
    record, pg_catalog.bytea, pg_catalog.text[], pg_catalog.bytea, pg_catalog.bytea) IS
    'whether a row is what an entry commits to; NULL if it has not the columns of that list';

CREATE FUNCTION dtsen._journal_row_fields(
    live record, columns pg_catalog.bytea, names pg_catalog.text[])
    RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen__journal_row_fields'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION dtsen._journal_row_fields(
    record, pg_catalog.bytea, pg_catalog.text[]) IS
    'columns of a row as the journal hashes them';

CREATE FUNCTION dtsen._journal_salt_without(
    salt pg_catalog.bytea, entries pg_catalog.int4, places pg_catalog.int4[])
    RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen__journal_salt_without'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dtsen._journal_salt_without(
    pg_catalog.bytea, pg_catalog.int4, pg_catalog.int4[]) IS
    'salts of a block without those of some of its entries, counted from 0';

CREATE FUNCTION dtsen._key_condition(
    target pg_catalog.regclass, key_column pg_catalog.text, alias pg_catalog.text, key pg_catalog.text)
    RETURNS pg_catalog.text
    LANGUAGE sql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
        -- the operators of dtsen's types are not on the search_path
        SELECT format('%1$s.%2$I OPERATOR(%3$s.=) %4$s::%5$s AND %1$s.%2$I::text COLLATE "C" = %4$s', alias, a.attname,
            CASE t.typnamespace WHEN 'dtsen'::regnamespace THEN 'dtsen' ELSE 'pg_catalog' END, key, format_type(t.oid, -1))
        FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE a.attrelid = target AND a.attname = key_column
    $$;
COMMENT ON FUNCTION dtsen._key_condition(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
    'condition, which an index serves, of the row whose key has exactly this text: a parameter, or a literal';

CREATE FUNCTION dtsen._live_row(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text,
    waits pg_catalog.bool, OUT state pg_catalog.text, OUT wilayah pg_catalog.text,
    OUT version pg_catalog.int4)
    RETURNS record
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    AS $$
    DECLARE
        attached record;
        key_type text;
    BEGIN
        SELECT a.* INTO attached FROM dtsen._attached(schema) AS a
        WHERE a.machine = _live_row.machine;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'machine "%" of schema "%" is attached to no table', machine, schema
                USING ERRCODE = 'invalid_parameter_value',
                      DETAIL = 'The erasure is journalled in the state that the row is in.',
                      HINT = 'Attach the table, or name another machine.';
        END IF;
        SELECT format_type(a.atttypid, -1) INTO key_type FROM pg_attribute AS a
        WHERE a.attrelid = attached.target AND a.attname = attached.arguments[3];
        BEGIN
            EXECUTE format('SELECT $1::%s', key_type) USING key;
        EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
            key_type := NULL;   -- no row has it, and the error would show it
        END;
        IF key_type IS NOT NULL THEN
            EXECUTE format('SELECT t.%2$I::text, %3$s::text, %4$s::int4 FROM %5$s AS t
                WHERE %1$s FOR NO KEY UPDATE %6$s',
                dtsen._key_condition(attached.target, attached.arguments[3], 't', '$1'), attached.arguments[4],
                coalesce('t.' || quote_ident(nullif(attached.arguments[5], '')), 'NULL'),
                coalesce('t.' || quote_ident(nullif(attached.arguments[9], '')), 'NULL'),
                attached.target, CASE WHEN NOT waits THEN 'NOWAIT' END) INTO state, wilayah, version USING key;
        END IF;
        IF state IS NULL THEN
            RAISE EXCEPTION 'table "%" has no such row', attached.target
                USING ERRCODE = 'no_data_found',
                      DETAIL = 'The erasure is journalled in the state that the row is in.',
                      HINT = 'Give the key of a row as the journal has it.';
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._live_row(
    pg_catalog.name, pg_catalog.text, pg_catalog.text, pg_catalog.bool) IS
    'locks a row of the table under a machine, and returns how it stands; raises if there is none, or, unless it waits, if another transaction holds it';

CREATE FUNCTION dtsen._lock_for_erasure(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        blocks text := format('LOCK TABLE %I.journal_block IN SHARE ROW EXCLUSIVE MODE', schema);
        is_waiting bool;
    BEGIN
        -- Who changes the row has it first and then writes to the journal; but he may
        -- have written there before. So this waits for one of them without the other.
        LOOP
            BEGIN
                is_waiting := true;
                PERFORM dtsen._live_row(schema, machine, key, true);
                is_waiting := false;
                EXECUTE blocks || ' NOWAIT';
                RETURN;
            EXCEPTION WHEN lock_not_available THEN
                IF is_waiting THEN
                    RAISE;   -- lock_timeout
                END IF;
            END;
            BEGIN
                is_waiting := true;
                EXECUTE blocks;
                is_waiting := false;
                PERFORM dtsen._live_row(schema, machine, key, false);
                RETURN;
            EXCEPTION WHEN lock_not_available THEN
                IF is_waiting THEN
                    RAISE;
                END IF;
            END;
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen._lock_for_erasure(
    pg_catalog.name, pg_catalog.text, pg_catalog.text) IS
    'locks a row of the table under a machine and the blocks of the journal, such that nobody who holds one of them and waits for the other is in the way';

CREATE FUNCTION dtsen._journal_erased(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text)
    RETURNS pg_catalog.void
    AS 'MODULE_PATHNAME', 'dtsen__journal_erased'
    LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION dtsen._journal_erased(
    pg_catalog.name, pg_catalog.text, pg_catalog.text) IS
    'writes the entry of dtsen.erase_content()';

CREATE FUNCTION dtsen._check_salts(schema pg_catalog.name)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF to_regclass(format('%I.journal_columns', schema)) IS NULL THEN
            RAISE EXCEPTION 'the lifecycle in schema "%" was made by an earlier version', schema
                USING ERRCODE = 'undefined_table',
                DETAIL = 'There is no table journal_columns beside its journal.',
                HINT = format('SELECT dtsen.upgrade_lifecycle(%L), as the owner of its tables.', schema);
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen._check_salts(pg_catalog.name) IS
    'raises if a lifecycle is of a version whose entries committed to no rows';

CREATE FUNCTION dtsen.erase_content(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text)
    RETURNS pg_catalog.int8
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    AS $$
    DECLARE
        n int8;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema), dtsen._check_salts(schema);
        -- nobody looks for the end of a chain while its last block is exchanged
        PERFORM dtsen._lock_for_erasure(schema, machine, key);
        EXECUTE format($q$
            WITH h AS (
                SELECT DISTINCT h.chain, (
                    SELECT max(b.seq) FROM %1$I.journal_block AS b
                    WHERE b.machine = $2 AND b.chain = h.chain AND b.seq <= h.seq) AS seq
                FROM dtsen._journal_history($1, $2, $3, NULL) AS h WHERE h.content IS NOT NULL
            ), x AS (
                SELECT b.machine, b.chain, b.seq, array_agg((c.seq - b.seq)::int4) AS places
                FROM h JOIN %1$I.journal_block AS b
                  ON b.machine = $2 AND b.chain = h.chain AND b.seq = h.seq
                CROSS JOIN LATERAL dtsen._journal_contents(b.seq, b.entries, b.body, b.salt) AS c
                WHERE c.key = $3 AND c.salt IS NOT NULL GROUP BY b.machine, b.chain, b.seq
            ), u AS (
                UPDATE %1$I.journal_block AS b
                SET salt = dtsen._journal_salt_without(b.salt, b.entries, x.places) FROM x
                WHERE b.machine = x.machine AND b.chain = x.chain AND b.seq = x.seq
                RETURNING cardinality(x.places) AS n
            )
            SELECT coalesce(sum(u.n), 0) FROM u$q$, schema)
            INTO n USING to_regclass(format('%I.journal_block', schema)), machine, key;
        IF n > 0 THEN
            PERFORM dtsen._journal_erased(schema, machine, key);
        END IF;
        RETURN n;
    END
    $$;
COMMENT ON FUNCTION dtsen.erase_content(
    pg_catalog.name, pg_catalog.text, pg_catalog.text) IS
    'erases the salts by which the journal could prove what a row said, journals that, and returns how many; entries and chains stay as they are';

CREATE FUNCTION dtsen._verify_contents(
    schema pg_catalog.name, target pg_catalog.regclass,
    arguments pg_catalog.text[], since pg_catalog.timestamptz)
    RETURNS TABLE (chain pg_catalog.text, seq pg_catalog.int8,
                   key pg_catalog.text, problem pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY EXECUTE format($q$
            WITH k AS MATERIALIZED (
                SELECT c.digest, c.names FROM %1$I.journal_columns AS c
                WHERE dtsen._journal_columns_digest(c.names, c.types) = c.digest
            ), e AS (
                SELECT b.chain, c.*
                FROM %1$I.journal_block AS b
                CROSS JOIN LATERAL dtsen._journal_contents(b.seq, b.entries, b.body, b.salt) AS c
                WHERE b.machine = $1 AND ($2 IS NULL OR c.at >= $2)
            ), o AS (
                SELECT e.*, row_number() OVER w AS n, lead(e.txid) OVER w = e.txid AS is_again
                FROM e WINDOW w AS (PARTITION BY e.key COLLATE "C"
                                    ORDER BY e.at DESC, e.chain DESC, e.seq DESC)
            ), m AS MATERIALIZED (
                SELECT o.*, (zz_dtsen_row.*)::%4$s AS live,
                       dtsen._journal_row_is(zz_dtsen_row.*, o.columns, k.names, o.salt, o.content) AS is_same
                FROM o
                JOIN %4$s AS zz_dtsen_row
                  ON zz_dtsen_row.%2$I::text COLLATE "C" = o.key COLLATE "C"
                 AND zz_dtsen_row.%3$I::text COLLATE "C" = o.to_state COLLATE "C"
                LEFT JOIN k ON k.digest = o.columns
                WHERE o.n = 1 AND o.content IS NOT NULL AND o.salt IS NOT NULL
                  AND dtsen._journal_row_is(zz_dtsen_row.*, o.columns, k.names, o.salt, o.content) IS NOT TRUE
            )
            SELECT m.chain::text, m.seq, m.key, 'content'
            FROM m
            WHERE NOT m.is_same AND NOT (coalesce(m.is_again, false) AND EXISTS (
                -- a trigger that changes a row again is journalled before it
                SELECT FROM dtsen._journal_history($3, $1, m.key, NULL) AS h
                CROSS JOIN LATERAL (
                    SELECT b.* FROM %1$I.journal_block AS b
                    WHERE b.machine = $1 AND b.chain = h.chain AND b.seq <= h.seq
                    ORDER BY b.seq DESC LIMIT 1) AS b
                CROSS JOIN LATERAL dtsen._journal_contents(b.seq, b.entries, b.body, b.salt) AS c
                JOIN k ON k.digest = c.columns
                WHERE h.txid = m.txid AND c.seq = h.seq
                  AND dtsen._journal_row_is(m.live, c.columns, k.names, c.salt, c.content)))
            UNION ALL
            SELECT min(m.chain)::text, NULL, NULL, 'columns'
            FROM m WHERE m.is_same IS NULL GROUP BY m.columns
            ORDER BY 1, 2, 3, 4$q$,
            schema, arguments[3], arguments[4], target)
            USING arguments[2], since, to_regclass(format('%I.journal_block', schema));
        -- an erasure is journalled
        RETURN QUERY EXECUTE format($q$
            SELECT x.chain::text, x.seq, x.key, 'salt'
            FROM (SELECT b.chain, c.key, c.seq, c.at
                  FROM %1$I.journal_block AS b
                  CROSS JOIN LATERAL dtsen._journal_contents(b.seq, b.entries, b.body, b.salt) AS c
                  WHERE b.machine = $1 AND octet_length(b.salt) > 16
                    AND c.content IS NOT NULL AND c.salt IS NULL) AS x
            LEFT JOIN (SELECT e.key, max(e.at) AS at
                  FROM %1$I.journal_block AS b
                  CROSS JOIN LATERAL dtsen.journal_entries(b.seq, b.entries, b.body) AS e
                  WHERE b.machine = $1 AND e.action = 'erased'
                    AND (SELECT bool_or(octet_length(s.salt) > 16) FROM %1$I.journal_block AS s
                         WHERE s.machine = $1)
                  GROUP BY e.key) AS y ON y.key = x.key
            WHERE y.at IS NULL OR y.at < x.at
            ORDER BY 1, 2$q$, schema) USING arguments[2];
    END
    $$;
COMMENT ON FUNCTION dtsen._verify_contents(
    pg_catalog.name, pg_catalog.regclass, pg_catalog.text[],
    pg_catalog.timestamptz) IS
    'rows of a table that do not say what their last entry commits to, and salts that are missing though nobody erased them';
