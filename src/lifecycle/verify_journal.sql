-- Lifecycle: is the journal whole, and are the rows as it says?

CREATE FUNCTION dtsen._masked_key(key pg_catalog.text)
    RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE WHEN key ~ '^[0-9]{13,}$'
            THEN rpad(left(key, 2), length(key), '*') ELSE key END
    $$;
COMMENT ON FUNCTION dtsen._masked_key(pg_catalog.text) IS
    'a row''s key as reports may show it: what may be a NIK is masked';

CREATE FUNCTION dtsen._verify_chains(
    schema pg_catalog.name, only_machine pg_catalog.text,
    secret pg_catalog.bytea, OUT problems pg_catalog.jsonb,
    OUT sums pg_catalog.jsonb)
    RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- one pass over the blocks, which several processes may share
        EXECUTE format($q$
            WITH b AS MATERIALIZED (
                SELECT b.machine, b.chain, b.seq, b.entries, b.previous, b.digest,
                       k.bad_seq, k.problem, k.at, k.txid, k.is_attached, k.rows, k.contents, k.is_salted
                FROM %I.journal_block AS b
                CROSS JOIN LATERAL dtsen._journal_check(b.machine, b.chain, b.seq,
                    b.entries, b.body, b.keys, b.previous, b.digest, $2, coalesce(b.salt, '')) AS k
                WHERE $1 IS NULL OR b.machine = $1
            ), l AS (
                SELECT b.machine, b.chain, b.seq, b.previous, b.bad_seq, b.problem,
                       coalesce(lag(b.seq + b.entries) OVER w, 1) AS expected,
                       lag(b.seq) OVER w AS seq_before,
                       coalesce(lag(b.digest) OVER w, decode(repeat('00', 32), 'hex')) AS before
                FROM b WINDOW w AS (PARTITION BY b.machine, b.chain ORDER BY b.seq)
            ), p AS (
                SELECT l.machine, l.chain, l.bad_seq AS seq, l.problem FROM l WHERE l.problem IS NOT NULL
                UNION ALL
                SELECT l.machine, l.chain, least(l.seq, l.expected), 'gap' FROM l WHERE l.seq <> l.expected
                UNION ALL
                SELECT b.machine, b.chain, b.seq, 'salt' FROM b WHERE b.problem IS NULL AND NOT b.is_salted
                UNION ALL
                -- this block is whole, so the one before it was exchanged
                SELECT l.machine, l.chain, coalesce(l.seq_before, l.seq), 'link' FROM l
                WHERE l.seq = l.expected AND l.problem IS NULL AND l.previous <> l.before
            ), a AS (
                -- attaching a table begins its rows' history anew
                SELECT b.machine, max(b.at) AS since
                FROM b WHERE b.is_attached GROUP BY b.machine
            ), s AS (
                SELECT b.machine, a.since,
                       sum(b.rows) FILTER (WHERE a.since IS NULL OR b.at >= a.since) AS rows,
                       sum(b.contents) AS contents
                FROM b LEFT JOIN a ON a.machine = b.machine GROUP BY b.machine, a.since
            )
            SELECT (SELECT jsonb_agg(jsonb_build_object('machine', p.machine, 'chain', p.chain,
                        'seq', p.seq, 'problem', p.problem)) FROM p),
                   (SELECT jsonb_agg(jsonb_build_object('machine', s.machine,
                        'since', s.since, 'rows', s.rows, 'contents', s.contents)) FROM s)$q$, schema)
            INTO problems, sums USING only_machine, secret;
    END
    $$;
COMMENT ON FUNCTION dtsen._verify_chains(
    pg_catalog.name, pg_catalog.text, pg_catalog.bytea) IS
    'checks blocks and chains, and adds up what the entries say of the rows';

CREATE FUNCTION dtsen._verify_notes(
    schema pg_catalog.name, only_machine pg_catalog.text)
    RETURNS TABLE (machine pg_catalog.text, chain pg_catalog.text,
                   seq pg_catalog.int8, problem pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY EXECUTE format($q$
            WITH e AS (
                SELECT b.machine, b.chain, e.note_seq AS seq, e.commitment
                FROM %1$I.journal_block AS b
                CROSS JOIN LATERAL dtsen.journal_entries(b.seq, b.entries, b.body) AS e
                WHERE ($1 IS NULL OR b.machine = $1) AND e.note_seq = e.seq
                  AND dtsen._journal_note_count(b.entries, b.body) > 0
            )
            SELECT coalesce(e.machine, n.machine)::text, coalesce(e.chain, n.chain)::text,
                   coalesce(e.seq, n.seq), 'note'
            FROM e FULL JOIN (SELECT n.* FROM %1$I.journal_note AS n
                              WHERE $1 IS NULL OR n.machine = $1) AS n
              ON n.machine = e.machine AND n.chain = e.chain AND n.seq = e.seq
            WHERE e.seq IS NULL OR n.seq IS NULL
               OR (n.salt IS NULL) <> (n.note IS NULL)
               OR n.salt IS NULL AND n.erased_at IS NULL
               OR sha256('dtsen.note.1'::bytea || decode('00', 'hex') || n.salt
                      || convert_to(n.note, 'UTF8')) <> e.commitment$q$, schema)
            USING only_machine;
    END
    $$;
COMMENT ON FUNCTION dtsen._verify_notes(pg_catalog.name, pg_catalog.text) IS
    'reasons that are not as they were given';

CREATE FUNCTION dtsen._verify_anchors(
    schema pg_catalog.name, only_machine pg_catalog.text)
    RETURNS TABLE (machine pg_catalog.text, chain pg_catalog.text,
                   seq pg_catalog.int8, problem pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY EXECUTE format($q$
            SELECT c.machine::text, c.chain::text,
                   -- where the chain ends too early, else somewhere up to here
                   min(least(c.entries, 1 + coalesce((SELECT max(b.seq + b.entries - 1)
                       FROM %1$I.journal_block AS b
                       WHERE b.machine = c.machine AND b.chain = c.chain), 0))), 'anchor'
            FROM %1$I.journal_anchor_chain AS c
            LEFT JOIN %1$I.journal_block AS b
              ON b.machine = c.machine AND b.chain = c.chain
             AND b.seq + b.entries - 1 = c.entries AND b.digest = c.digest
            WHERE b.machine IS NULL AND ($1 IS NULL OR c.machine = $1)
            GROUP BY c.machine, c.chain
            UNION ALL
            SELECT NULL, NULL, a.anchor_id, 'anchor'
            FROM %1$I.journal_anchor AS a
            WHERE a.root IS DISTINCT FROM dtsen._anchor_root($2, a.anchor_id)$q$, schema)
            USING only_machine, schema;
    END
    $$;
COMMENT ON FUNCTION dtsen._verify_anchors(pg_catalog.name, pg_catalog.text) IS
    'chains that are not those of an anchor, and anchors that are not as they were made';

CREATE FUNCTION dtsen._verify_rows(
    schema pg_catalog.name, target pg_catalog.regclass,
    arguments pg_catalog.text[], since pg_catalog.timestamptz)
    RETURNS TABLE (chain pg_catalog.text, seq pg_catalog.int8,
                   key pg_catalog.text, problem pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN QUERY EXECUTE format($q$
            WITH e AS (
                SELECT b.chain, e.seq, e.key COLLATE "C" AS key, e.at, e.from_state, e.to_state
                FROM %1$I.journal_block AS b
                CROSS JOIN LATERAL dtsen.journal_entries(b.seq, b.entries, b.body) AS e
                WHERE b.machine = $1 AND ($2 IS NULL OR e.at >= $2)
            ), o AS (
                SELECT e.*, lag(e.to_state) OVER w AS state_before, lead(e.seq) OVER w IS NULL AS is_last
                FROM e WINDOW w AS (PARTITION BY e.key ORDER BY e.at, e.chain, e.seq)
            ), live AS (
                SELECT t.%2$I::text COLLATE "C" AS key, t.%3$I::text AS state
                FROM %4$s AS t
            )
            SELECT l.chain::text, l.seq, coalesce(l.key, t.key)::text,
                   CASE WHEN t.key IS NULL THEN 'row missing'
                        WHEN l.key IS NULL THEN 'row without entry'
                        ELSE 'row differs' END
            FROM (SELECT o.* FROM o WHERE o.is_last) AS l
            FULL JOIN live AS t ON t.key = l.key
            WHERE t.key IS NULL OR l.key IS NULL OR t.state IS DISTINCT FROM l.to_state
            UNION ALL
            SELECT o.chain::text, o.seq, o.key::text, 'history'
            FROM o WHERE o.state_before IS DISTINCT FROM o.from_state
            ORDER BY 1, 2, 3, 4$q$,
            schema, arguments[3], arguments[4], target)
            USING arguments[2], since;
    END
    $$;
COMMENT ON FUNCTION dtsen._verify_rows(
    pg_catalog.name, pg_catalog.regclass, pg_catalog.text[],
    pg_catalog.timestamptz) IS
    'rows of a table that are not as their last entry says';

CREATE FUNCTION dtsen._verify_rules(
    schema pg_catalog.name, only_machine pg_catalog.text)
    RETURNS TABLE (chain pg_catalog.text, seq pg_catalog.int8,
                   key pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        -- whoever approved a version journalled the digest of its rules
        RETURN QUERY EXECUTE format($q$
            SELECT j.chain::text, j.seq, j.key::text
            FROM %1$I.journal AS j
            LEFT JOIN %1$I.machine_version AS v ON v.id = j.key
            WHERE j.machine = 'mesin' AND j.to_state = 'berlaku' AND j.from_state <> 'berlaku'
              AND ($1 IS NULL OR $1 = 'mesin' OR v.machine = $1)
              AND strpos(j.reason, coalesce(encode(
                  dtsen.machine_digest(%1$L, v.machine, v.version), 'hex'), 'none')) = 0
            ORDER BY 1, 2$q$, schema) USING only_machine;
    END
    $$;
COMMENT ON FUNCTION dtsen._verify_rules(pg_catalog.name, pg_catalog.text) IS
    'approvals of versions of machines whose rules are now others';

CREATE FUNCTION dtsen._journal_hint(problem pg_catalog.text)
    RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE problem
            WHEN 'damaged' THEN 'The bytes from this entry on are not those of a block.'
            WHEN 'entry' THEN 'This entry is not as it was written.'
            WHEN 'digest' THEN 'The block that begins with this entry is not as it was written.'
            WHEN 'index' THEN 'The column keys of the block that begins with this entry was changed: its entries are not found by key.'
            WHEN 'gap' THEN 'Entries from this one on are missing from the chain, or there twice.'
            WHEN 'link' THEN 'The block that begins with this entry was exchanged for another: the next one follows something else.'
            WHEN 'salt' THEN 'Salts of the block that begins with this entry, or the one of this entry, were changed or removed, not erased: what its rows said cannot be proven.'
            WHEN 'content' THEN 'The row does not say what this, its last entry, commits to: its columns were changed behind the triggers.'
            WHEN 'columns' THEN 'Rows cannot be compared with entries that commit to columns which the table has no longer, or of another type: dtsen.detach() and dtsen.attach() journal them anew.'
            WHEN 'note' THEN 'The reason given with this entry was changed or removed, not erased.'
            WHEN 'anchor' THEN 'What was anchored is not what is there now: of a chain the entries up to this one; without a chain the anchor of that number.'
            WHEN 'rules' THEN 'The entry put a version of a machine in force whose rules are now others.'
            WHEN 'detached' THEN 'The journal has entries of this machine, but it is attached to no table.'
            WHEN 'row missing' THEN 'The journal knows the row, the table has none.'
            WHEN 'row without entry' THEN 'The table has the row, the journal does not know it.'
            WHEN 'row differs' THEN 'The row is in another state than its last entry says.'
            WHEN 'history' THEN 'The entry leaves another state than the entry of the row before it led to: a change was not journalled.'
            WHEN 'rows' THEN 'The rows are not those of the journal, but each of them agrees with its last entry: the clock went back, or rows changed meanwhile.'
            END
    $$;
COMMENT ON FUNCTION dtsen._journal_hint(pg_catalog.text) IS
    'what a problem of verify_journal() means';

CREATE FUNCTION dtsen.verify_journal(
    schema pg_catalog.name, only_machine pg_catalog.text DEFAULT NULL)
    RETURNS TABLE (machine pg_catalog.text, chain pg_catalog.text,
                   seq pg_catalog.int8, key pg_catalog.text,
                   problem pg_catalog.text, hint pg_catalog.text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    AS $$
    DECLARE
        secret bytea := uuid_send(gen_random_uuid());
        chains record;
        attached record;
        said record;
        live numeric;
        broken text[];
        n int8;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema), dtsen._check_salts(schema),
            dtsen._check_journal_right(schema, 'journal_block');
        SELECT * INTO chains FROM dtsen._verify_chains(schema, only_machine, secret);
        IF only_machine IS NOT NULL AND chains.sums IS NULL THEN
            PERFORM dtsen._check_machine_known(schema, only_machine, NULL);
        END IF;
        RETURN QUERY
            SELECT p.machine, p.chain, p.seq, NULL::text, p.problem, dtsen._journal_hint(p.problem)
            FROM jsonb_to_recordset(coalesce(chains.problems, '[]'))
                AS p(machine text, chain text, seq int8, problem text)
            UNION ALL
            SELECT p.machine, p.chain, p.seq, NULL, p.problem, dtsen._journal_hint(p.problem)
            FROM dtsen._verify_anchors(schema, only_machine) AS p
            ORDER BY 1, 2, 3, 5;
        -- entries that are not as they were written say nothing of rows
        broken := ARRAY(SELECT DISTINCT p.machine
            FROM jsonb_to_recordset(coalesce(chains.problems, '[]')) AS p(machine text, problem text)
            WHERE p.problem IN ('damaged', 'entry', 'digest'));
        IF cardinality(broken) = 0 THEN
            RETURN QUERY
                SELECT p.machine, p.chain, p.seq, NULL::text, p.problem, dtsen._journal_hint(p.problem)
                FROM dtsen._verify_notes(schema, only_machine) AS p ORDER BY 1, 2, 3;
            RETURN QUERY
                SELECT 'mesin', p.chain, p.seq, p.key, 'rules', dtsen._journal_hint('rules')
                FROM dtsen._verify_rules(schema, only_machine) AS p;
        END IF;
        RETURN QUERY
            SELECT s.machine, NULL::text, NULL::int8, NULL::text, 'detached', dtsen._journal_hint('detached')
            FROM jsonb_to_recordset(coalesce(chains.sums, '[]')) AS s(machine text)
            WHERE s.machine NOT IN (SELECT a.machine FROM dtsen._attached(schema) AS a)
            ORDER BY 1;
        FOR attached IN
            SELECT a.* FROM dtsen._attached(schema) AS a
            WHERE (only_machine IS NULL OR a.machine = only_machine)
              AND a.machine <> ALL (broken)
        LOOP
            PERFORM dtsen._check_attachable(attached.target,
                attached.arguments[3]::name, attached.arguments[4]::name,
                nullif(attached.arguments[5], '')::name, '{}');
            SELECT s.* INTO said
            FROM jsonb_to_recordset(coalesce(chains.sums, '[]'))
                AS s(machine text, since timestamptz, rows numeric, contents int8)
            WHERE s.machine = attached.machine;
            IF said.contents > 0 THEN
                RETURN QUERY
                    SELECT attached.machine, p.chain, p.seq, dtsen._masked_key(p.key), p.problem,
                           dtsen._journal_hint(p.problem)
                    FROM dtsen._verify_contents(schema, attached.target, attached.arguments, said.since) AS p;
            END IF;
            -- the sum over rows is that over entries, each of which takes one
            -- state away and adds another: only if not, rows are looked at
            EXECUTE format('SELECT sum(dtsen._journal_row_hash($1, t.%I::text, t.%I::text)) FROM %s AS t',
                attached.arguments[3], attached.arguments[4], attached.target)
                INTO live USING secret;
            CONTINUE WHEN mod(coalesce(live, 0) - coalesce(said.rows, 0), 18446744073709551616) = 0;
            RETURN QUERY
                SELECT attached.machine, p.chain, p.seq, dtsen._masked_key(p.key), p.problem,
                       dtsen._journal_hint(p.problem)
                FROM dtsen._verify_rows(schema, attached.target, attached.arguments, said.since) AS p;
            GET DIAGNOSTICS n = ROW_COUNT;
            IF n = 0 THEN
                RETURN QUERY SELECT attached.machine, NULL::text, NULL::int8, NULL::text,
                    'rows', dtsen._journal_hint('rows');
            END IF;
        END LOOP;
    END
    $$;
COMMENT ON FUNCTION dtsen.verify_journal(pg_catalog.name, pg_catalog.text) IS
    'recomputes every digest of a journal (of one machine, or all), compares chains with anchors and the rows of the attached tables with what the entries say; no row means all is well';
