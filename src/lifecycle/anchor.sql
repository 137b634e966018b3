-- Lifecycle: roots over all chains, for a place where nobody can change them.

CREATE FUNCTION dtsen._journal_field(value pg_catalog.text)
    RETURNS pg_catalog.bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE WHEN value IS NULL THEN decode('00', 'hex')
            WHEN octet_length(convert_to(value, 'UTF8')) < 127 THEN
                set_byte(decode('00', 'hex'), 0, octet_length(convert_to(value, 'UTF8')) + 1)
                || convert_to(value, 'UTF8')
            ELSE set_byte(set_byte(decode('0000', 'hex'), 0,
                    (octet_length(convert_to(value, 'UTF8')) + 1) % 128 + 128),
                    1, (octet_length(convert_to(value, 'UTF8')) + 1) / 128)
                || convert_to(value, 'UTF8') END
    $$;
COMMENT ON FUNCTION dtsen._journal_field(pg_catalog.text) IS
    'a text of at most 16,382 bytes as the journal hashes it: docs/formats.md';

CREATE FUNCTION dtsen._anchor_leaf(
    machine pg_catalog.text, chain pg_catalog.text, entries pg_catalog.int8,
    blocks pg_catalog.int8, root pg_catalog.bytea, digest pg_catalog.bytea)
    RETURNS pg_catalog.bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT sha256(decode('00', 'hex') || dtsen._journal_field(machine)
            || dtsen._journal_field(chain) || int8send(entries)
            || int8send(blocks) || root || digest)
    $$;
COMMENT ON FUNCTION dtsen._anchor_leaf(
    pg_catalog.text, pg_catalog.text, pg_catalog.int8, pg_catalog.int8,
    pg_catalog.bytea, pg_catalog.bytea) IS
    'leaf that a chain is in the tree of an anchor';

CREATE FUNCTION dtsen._chain_root(
    schema pg_catalog.name, machine pg_catalog.text, chain pg_catalog.text,
    last_entry pg_catalog.int8)
    RETURNS pg_catalog.bytea
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        result bytea;
    BEGIN
        -- a block's leaf is a digest of its digest: no leaf passes for a node
        EXECUTE format('SELECT dtsen.merkle_root(array_agg(sha256(decode(''00'', ''hex'') || b.digest) ORDER BY b.seq))
            FROM %I.journal_block AS b
            WHERE b.machine = $1 AND b.chain = $2 AND b.seq <= $3', schema)
            INTO result USING machine, chain, last_entry;
        RETURN result;
    END
    $$;
COMMENT ON FUNCTION dtsen._chain_root(
    pg_catalog.name, pg_catalog.text, pg_catalog.text, pg_catalog.int8) IS
    'root of the tree over the blocks of a chain up to an entry';

CREATE FUNCTION dtsen._anchor_root(
    schema pg_catalog.name, anchor_id pg_catalog.int8)
    RETURNS pg_catalog.bytea
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        result bytea;
    BEGIN
        EXECUTE format('SELECT dtsen.merkle_root(array_agg(
                dtsen._anchor_leaf(c.machine, c.chain, c.entries, c.blocks, c.root, c.digest)
                ORDER BY c.machine, c.chain))
            FROM %I.journal_anchor_chain AS c WHERE c.anchor_id = $1', schema)
            INTO result USING anchor_id;
        RETURN result;
    END
    $$;
COMMENT ON FUNCTION dtsen._anchor_root(pg_catalog.name, pg_catalog.int8) IS
    'root that the chains of an anchor give';

CREATE FUNCTION dtsen.journal_anchor(schema pg_catalog.name)
    RETURNS pg_catalog.int8
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    AS $$
    DECLARE
        id int8;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema), dtsen._check_journal_right(schema, 'journal_block');
        EXECUTE format('
            WITH block AS (
                SELECT b.machine, b.chain, max(b.seq + b.entries - 1) AS entries, count(*) AS blocks,
                       dtsen.merkle_root(array_agg(sha256(decode(''00'', ''hex'') || b.digest) ORDER BY b.seq)) AS root,
                       (array_agg(b.digest ORDER BY b.seq DESC))[1] AS digest
                FROM %1$I.journal_block AS b GROUP BY b.machine, b.chain
            ), anchor AS (
                INSERT INTO %1$I.journal_anchor (made_at, made_by, chains, entries, root)
                SELECT clock_timestamp(), current_user, count(*), sum(b.entries),
                       dtsen.merkle_root(array_agg(
                           dtsen._anchor_leaf(b.machine, b.chain, b.entries, b.blocks, b.root, b.digest)
                           ORDER BY b.machine, b.chain))
                FROM block AS b HAVING count(*) > 0
                  AND NOT EXISTS (SELECT FROM %1$I.journal_anchor AS a WHERE a.root = dtsen.merkle_root(array_agg(
                           dtsen._anchor_leaf(b.machine, b.chain, b.entries, b.blocks, b.root, b.digest)
                           ORDER BY b.machine, b.chain)))
                RETURNING anchor_id
            ), chain AS (
                INSERT INTO %1$I.journal_anchor_chain (anchor_id, machine, chain, entries, blocks, root, digest)
                SELECT a.anchor_id, b.machine, b.chain, b.entries, b.blocks, b.root, b.digest
                FROM block AS b, anchor AS a
            )
            SELECT a.anchor_id FROM anchor AS a', schema) INTO id;
        IF id IS NULL THEN
            -- nothing has happened since the last one, which says the same
            EXECUTE format('SELECT max(a.anchor_id) FROM %I.journal_anchor AS a', schema) INTO id;
        END IF;
        RETURN id;
    END
    $$;
COMMENT ON FUNCTION dtsen.journal_anchor(pg_catalog.name) IS
    'makes an anchor: the root of a tree over all chains as they stand; returns its number, of the last one if nothing happened since, NULL for an empty journal';

CREATE FUNCTION dtsen.anchor_json(
    schema pg_catalog.name, anchor_id pg_catalog.int8 DEFAULT NULL)
    RETURNS pg_catalog.jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        result jsonb;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema), dtsen._check_journal_right(schema, 'journal_anchor');
        EXECUTE format('SELECT jsonb_build_object(
                ''format'', ''dtsen.anchor.1'', ''anchor'', a.anchor_id,
                ''made_at'', to_char(a.made_at AT TIME ZONE ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS.US"Z"''),
                ''chains'', a.chains, ''entries'', a.entries, ''root'', encode(a.root, ''hex''))
            FROM %I.journal_anchor AS a
            WHERE a.anchor_id = $1 OR $1 IS NULL
            ORDER BY a.anchor_id DESC LIMIT 1', schema) INTO result USING anchor_id;
        RETURN result;
    END
    $$;
COMMENT ON FUNCTION dtsen.anchor_json(pg_catalog.name, pg_catalog.int8) IS
    'an anchor (NULL: the last one) for export; NULL if there is none';

CREATE FUNCTION dtsen.anchor_text(
    schema pg_catalog.name, anchor_id pg_catalog.int8 DEFAULT NULL)
    RETURNS pg_catalog.text
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT format(E'dtsen journal anchor %s of %s\n%s entries in %s chains\nSHA-256 %s',
            a ->> 'anchor', a ->> 'made_at', a ->> 'entries', a ->> 'chains',
            regexp_replace(a ->> 'root', '(.{8})(?=.)', E'\\1 ', 'g'))
        FROM dtsen.anchor_json(schema, anchor_id) AS a
        WHERE a IS NOT NULL
    $$;
COMMENT ON FUNCTION dtsen.anchor_text(pg_catalog.name, pg_catalog.int8) IS
    'an anchor (NULL: the last one) as three lines to print; NULL if there is none';

CREATE FUNCTION dtsen.check_anchor(
    schema pg_catalog.name, root pg_catalog.text)
    RETURNS TABLE (machine pg_catalog.text, chain pg_catalog.text,
                   seq pg_catalog.int8, problem pg_catalog.text,
                   hint pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    AS $$
    DECLARE
        id int8;
        wanted bytea;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema), dtsen._check_journal_right(schema, 'journal_anchor');
        -- no row would say that NULL holds
        IF root IS NULL OR regexp_replace(root, '[[:space:]]', '', 'g') !~ '^[0-9a-fA-F]{64}$' THEN
            RAISE EXCEPTION 'a root has 64 hexadecimal digits'
                USING ERRCODE = 'invalid_parameter_value',
                DETAIL = format('What was given has %s characters; blanks do not count.', length(regexp_replace(coalesce(root, ''), '[[:space:]]', '', 'g'))),
                HINT = 'Give the root as it was published; table journal_anchor has all of them.';
        END IF;
        wanted := decode(regexp_replace(root, '[[:space:]]', '', 'g'), 'hex');
        EXECUTE format('SELECT a.anchor_id FROM %I.journal_anchor AS a WHERE a.root = $1', schema)
            INTO id USING wanted;
        IF id IS NULL THEN
            RETURN QUERY SELECT NULL::text, NULL::text, NULL::int8, 'unknown',
                'No anchor of this journal has that root: it is misread, of another journal, or the anchor was removed.';
        ELSIF dtsen._anchor_root(schema, id) IS DISTINCT FROM wanted THEN
            RETURN QUERY SELECT NULL::text, NULL::text, NULL::int8, 'anchor',
                'The chains kept with the anchor do not give its root: they were changed.';
        ELSE
            RETURN QUERY EXECUTE format('
                SELECT c.machine::text, c.chain::text, c.entries, ''anchor'',
                       ''The chain is not the one that was anchored, up to this entry.''
                FROM %1$I.journal_anchor_chain AS c
                WHERE c.anchor_id = $1
                  AND (dtsen._chain_root($2, c.machine, c.chain, c.entries) IS DISTINCT FROM c.root
                    OR NOT EXISTS (SELECT FROM %1$I.journal_block AS b
                        WHERE b.machine = c.machine AND b.chain = c.chain
                          AND b.seq + b.entries - 1 = c.entries AND b.digest = c.digest))
                ORDER BY 1, 2', schema) USING id, schema;
        END IF;
    END
    $$;
COMMENT ON FUNCTION dtsen.check_anchor(pg_catalog.name, pg_catalog.text) IS
    'whether the journal still begins with what a printed root stands for; no row means it does. verify_journal() checks the entries themselves';
