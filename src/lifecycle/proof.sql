-- Lifecycle: evidence of one row, to be checked without this database.

CREATE FUNCTION dtsen._proof_entry(
    schema pg_catalog.name, machine pg_catalog.text, chain pg_catalog.text,
    seq pg_catalog.int8, live_from pg_catalog.text DEFAULT NULL)
    RETURNS pg_catalog.jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        block record;
        entry record;
        root record;
        note record;
        content record;
        fields bytea;
        anchored record;
        leaves bytea[];
        place int;
        result jsonb;
    BEGIN
        EXECUTE format('SELECT b.* FROM %I.journal_block AS b
            WHERE b.machine = $1 AND b.chain = $2 AND b.seq <= $3
            ORDER BY b.seq DESC LIMIT 1', schema) INTO block USING machine, chain, seq;
        SELECT array_agg(e.digest ORDER BY e.seq) INTO leaves
        FROM dtsen.journal_entries(block.seq, block.entries, block.body) AS e;
        SELECT e.* INTO entry
        FROM dtsen.journal_entries(block.seq, block.entries, block.body) AS e
        WHERE e.seq = _proof_entry.seq;
        SELECT c.* INTO root
        FROM dtsen._journal_content(machine, chain, block.seq, block.entries, block.body) AS c;
        EXECUTE format('SELECT n.salt, n.note FROM %I.journal_note AS n
            WHERE n.machine = $1 AND n.chain = $2 AND n.seq = $3', schema)
            INTO note USING machine, chain, entry.note_seq;
        result := jsonb_build_object(
            'chain', chain, 'seq', entry.seq, 'key', entry.key,
            'wilayah', entry.wilayah, 'from_chain', entry.from_chain,
            'from_state', entry.from_state, 'to_state', entry.to_state,
            'action', entry.action, 'commitment', encode(entry.commitment, 'hex'),
            'salt', encode(note.salt, 'hex'), 'reason', note.note,
            'path', to_jsonb(dtsen.merkle_path(leaves, (entry.seq - block.seq)::int + 1)),
            'block', jsonb_build_object(
                'seq', block.seq, 'entries', block.entries,
                'at', (extract(epoch FROM entry.at) * 1000000)::int8 - 946684800000000,
                'time', to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'txid', entry.txid, 'machine_version', entry.machine_version,
                'login', entry.login, 'session_login', entry.session_login,
                'person_key', entry.person_key, 'root', encode(root.root, 'hex'),
                'body', encode(root.body_digest, 'hex'),
                'previous', encode(block.previous, 'hex'), 'digest', encode(block.digest, 'hex')));
        IF entry.content IS NOT NULL THEN
            EXECUTE format('SELECT c.salt, k.names, k.types,
                    (SELECT jsonb_agg(jsonb_build_array(n.name, n.type) ORDER BY n.n)
                     FROM unnest(k.names, k.types) WITH ORDINALITY AS n(name, type, n)) AS list
                FROM dtsen._journal_contents($1, $2, $3, $4) AS c
                LEFT JOIN %I.journal_columns AS k ON k.digest = c.columns WHERE c.seq = $5', schema)
                INTO content USING block.seq, block.entries, block.body, block.salt, entry.seq;
            IF live_from IS NOT NULL THEN
                -- what the row says now, where that is what the entry commits to
                EXECUTE format('SELECT dtsen._journal_row_fields(zz_dtsen_row.*, $1, $2) FROM %s
                    AND dtsen._journal_row_is(zz_dtsen_row.*, $1, $2, $3, $4)', live_from)
                    INTO fields USING entry.columns, content.names, content.salt, entry.content;
            END IF;
            result := result || jsonb_build_object('content', jsonb_build_object(
                'commitment', encode(entry.content, 'hex'),
                -- with it alone the reader could test guesses
                'salt', CASE WHEN fields IS NOT NULL THEN encode(content.salt, 'hex') END,
                'columns', content.list, 'fields', encode(fields, 'hex')));
        END IF;
        -- the first anchor that covers the block: whoever kept its root can check
        EXECUTE format('SELECT c.*, a.root AS anchor_root FROM %1$I.journal_anchor_chain AS c
            JOIN %1$I.journal_anchor AS a ON a.anchor_id = c.anchor_id
            WHERE c.machine = $1 AND c.chain = $2 AND c.entries >= $3
            ORDER BY c.anchor_id LIMIT 1', schema)
            INTO anchored USING machine, chain, block.seq + block.entries - 1;
        IF anchored.anchor_id IS NULL THEN
            RETURN result || '{"anchor": null}';
        END IF;
        EXECUTE format('SELECT array_agg(sha256(decode(''00'', ''hex'') || b.digest) ORDER BY b.seq),
                count(*) FILTER (WHERE b.seq <= $3)::int
            FROM %I.journal_block AS b WHERE b.machine = $1 AND b.chain = $2 AND b.seq <= $4', schema)
            INTO leaves, place USING machine, chain, block.seq, anchored.entries;
        result := result || jsonb_build_object('chain_tree', jsonb_build_object(
            'entries', anchored.entries, 'blocks', anchored.blocks, 'digest', encode(anchored.digest, 'hex'),
            'path', to_jsonb(dtsen.merkle_path(leaves, place)), 'root', encode(anchored.root, 'hex')));
        EXECUTE format('SELECT array_agg(dtsen._anchor_leaf(c.machine, c.chain, c.entries, c.blocks, c.root, c.digest)
                    ORDER BY c.machine, c.chain),
                count(*) FILTER (WHERE (c.machine, c.chain) <= ($2 COLLATE "C", $3 COLLATE "C"))::int
            FROM %I.journal_anchor_chain AS c WHERE c.anchor_id = $1', schema)
            INTO leaves, place USING anchored.anchor_id, machine, chain;
        RETURN result || jsonb_build_object('anchor', jsonb_build_object(
            'anchor', anchored.anchor_id, 'path', to_jsonb(dtsen.merkle_path(leaves, place)),
            'root', encode(anchored.anchor_root, 'hex')));
    END
    $$;
COMMENT ON FUNCTION dtsen._proof_entry(
    pg_catalog.name, pg_catalog.text, pg_catalog.text, pg_catalog.int8,
    pg_catalog.text) IS
    'one entry of a row''s evidence, with its way to the root of an anchor';

CREATE FUNCTION dtsen.journal_proof(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text,
    wilayah pg_catalog.text DEFAULT NULL,
    with_content pg_catalog.bool DEFAULT false)
    RETURNS pg_catalog.jsonb
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    AS $$
    DECLARE
        entries jsonb;
        live_from text;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema), dtsen._check_journal_right(schema, 'journal_block');
        IF with_content THEN
            SELECT format('%s AS zz_dtsen_row WHERE ', a.target)
                || dtsen._key_condition(a.target, a.arguments[3], 'zz_dtsen_row', quote_literal(key))
            INTO live_from FROM dtsen._attached(schema) AS a WHERE a.machine = journal_proof.machine;
        END IF;
        SELECT jsonb_agg(dtsen._proof_entry(schema, machine, h.chain, h.seq, live_from) ORDER BY h.at, h.chain, h.seq)
        INTO entries
        FROM dtsen.journal_history(schema, machine, key, wilayah) AS h;
        IF entries IS NULL THEN
            RETURN NULL;
        END IF;
        RETURN jsonb_build_object('format', 'dtsen.proof.1', 'machine', machine,
            'key', key, 'entries', entries);
    END
    $$;
COMMENT ON FUNCTION dtsen.journal_proof(
    pg_catalog.name, pg_catalog.text, pg_catalog.text, pg_catalog.text,
    pg_catalog.bool) IS
    'evidence of one row: its entries, and of each the way to the root of the first anchor that covers it; with_content: and its columns, where they are what the entry commits to; NULL if it has none. docs/verify_proof.sql checks it without dtsen';
