-- Lifecycle: reading the journal's blocks.

CREATE FUNCTION dtsen.journal_entries(
    first_seq pg_catalog.int8, entries pg_catalog.int4, body pg_catalog.bytea)
    RETURNS TABLE (seq pg_catalog.int8, key pg_catalog.text,
        wilayah pg_catalog.text, from_state pg_catalog.text,
        to_state pg_catalog.text, action pg_catalog.text,
        login pg_catalog.name, session_login pg_catalog.name,
        person_key pg_catalog.text, at pg_catalog.timestamptz,
        txid pg_catalog.int8, machine_version pg_catalog.int4,
        digest pg_catalog.bytea, from_chain pg_catalog.text,
        note_seq pg_catalog.int8, commitment pg_catalog.bytea,
        columns pg_catalog.bytea, content pg_catalog.bytea)
    AS 'MODULE_PATHNAME', 'dtsen_journal_entries'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 500;
COMMENT ON FUNCTION dtsen.journal_entries(
    pg_catalog.int8, pg_catalog.int4, pg_catalog.bytea) IS
    'entries of a block of table journal_block, from its columns seq, entries and body';

CREATE FUNCTION dtsen._journal_history(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.text, pg_catalog.text,
    OUT machine pg_catalog.text, OUT chain pg_catalog.text,
    OUT seq pg_catalog.int8, OUT key pg_catalog.text,
    OUT wilayah pg_catalog.text, OUT from_state pg_catalog.text,
    OUT to_state pg_catalog.text, OUT action pg_catalog.text,
    OUT login pg_catalog.name, OUT session_login pg_catalog.name,
    OUT person_key pg_catalog.text, OUT at pg_catalog.timestamptz,
    OUT txid pg_catalog.int8, OUT machine_version pg_catalog.int4,
    OUT digest pg_catalog.bytea, OUT from_chain pg_catalog.text,
    OUT note_seq pg_catalog.int8, OUT commitment pg_catalog.bytea,
    OUT columns pg_catalog.bytea, OUT content pg_catalog.bytea)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'dtsen__journal_history'
    LANGUAGE C STABLE PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION dtsen._journal_history(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
    'entries of one row, in no order, for those who may read view journal';

CREATE FUNCTION dtsen.journal_history(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text,
    wilayah pg_catalog.text DEFAULT NULL)
    RETURNS TABLE (chain pg_catalog.text, seq pg_catalog.int8,
        entry_wilayah pg_catalog.text, from_state pg_catalog.text,
        to_state pg_catalog.text, action pg_catalog.text,
        login pg_catalog.name, session_login pg_catalog.name,
        person_key pg_catalog.text, at pg_catalog.timestamptz,
        txid pg_catalog.int8, machine_version pg_catalog.int4,
        digest pg_catalog.bytea)
    LANGUAGE sql STABLE COST 10000 ROWS 10
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT h.chain, h.seq, h.wilayah, h.from_state, h.to_state, h.action,
               h.login, h.session_login, h.person_key, h.at, h.txid,
               h.machine_version, h.digest
        FROM dtsen._journal_history(
            to_regclass(format('%I.journal_block', schema)), machine, key,
            wilayah) AS h
        ORDER BY h.at, h.chain, h.seq
    $$;
COMMENT ON FUNCTION dtsen.journal_history(
    pg_catalog.name, pg_catalog.text, pg_catalog.text, pg_catalog.text) IS
    'entries of one row, oldest first, found by index; wilayah: the region that the row is in, without which every chain is looked into';

CREATE FUNCTION dtsen.erase_notes(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text)
    RETURNS pg_catalog.int8
    LANGUAGE plpgsql VOLATILE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        n int8;
    BEGIN
        PERFORM dtsen._check_lifecycle(schema);
        EXECUTE format('UPDATE %1$I.journal_note AS n SET salt = NULL, note = NULL
            FROM (SELECT DISTINCT h.chain, h.note_seq
                  FROM dtsen._journal_history($1, $2, $3, NULL) AS h) AS h
            WHERE n.machine = $2 AND n.chain = h.chain AND n.seq = h.note_seq
              AND n.salt IS NOT NULL', schema)
            USING to_regclass(format('%I.journal_block', schema)), machine, key;
        GET DIAGNOSTICS n = ROW_COUNT;
        RETURN n;
    END
    $$;
COMMENT ON FUNCTION dtsen.erase_notes(
    pg_catalog.name, pg_catalog.text, pg_catalog.text) IS
    'erases the reasons given with the steps of a row, and returns how many; entries and chains stay as they are';

CREATE FUNCTION dtsen._journal_check(
    machine pg_catalog.text, chain pg_catalog.text, seq pg_catalog.int8,
    entries pg_catalog.int4, body pg_catalog.bytea, keys pg_catalog.int8,
    previous pg_catalog.bytea, digest pg_catalog.bytea,
    secret pg_catalog.bytea, salt pg_catalog.bytea,
    OUT bad_seq pg_catalog.int8, OUT problem pg_catalog.text,
    OUT at pg_catalog.timestamptz, OUT txid pg_catalog.int8,
    OUT is_attached pg_catalog.bool, OUT notes pg_catalog.int4,
    OUT rows pg_catalog.int8, OUT contents pg_catalog.int4,
    OUT is_salted pg_catalog.bool)
    RETURNS record
    AS 'MODULE_PATHNAME', 'dtsen__journal_check'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION dtsen._journal_check(
    pg_catalog.text, pg_catalog.text, pg_catalog.int8, pg_catalog.int4,
    pg_catalog.bytea, pg_catalog.int8, pg_catalog.bytea, pg_catalog.bytea,
    pg_catalog.bytea, pg_catalog.bytea) IS
    'whether a block is as it was written, and what the states of its rows add up to';

CREATE FUNCTION dtsen._journal_note_count(
    entries pg_catalog.int4, body pg_catalog.bytea)
    RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen__journal_note_count'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION dtsen._journal_note_count(pg_catalog.int4, pg_catalog.bytea) IS
    'how many reasons a block refers to';

CREATE FUNCTION dtsen._journal_row_hash(
    secret pg_catalog.bytea, key pg_catalog.text, state pg_catalog.text)
    RETURNS pg_catalog.int8
    AS 'MODULE_PATHNAME', 'dtsen__journal_row_hash'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen._journal_row_hash(
    pg_catalog.bytea, pg_catalog.text, pg_catalog.text) IS
    'SipHash of a row''s key and state under a secret of 16 bytes';

CREATE FUNCTION dtsen._journal_content(
    machine pg_catalog.text, chain pg_catalog.text, seq pg_catalog.int8,
    entries pg_catalog.int4, body pg_catalog.bytea,
    OUT root pg_catalog.bytea, OUT body_digest pg_catalog.bytea,
    OUT content pg_catalog.bytea)
    RETURNS record
    AS 'MODULE_PATHNAME', 'dtsen__journal_content'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION dtsen._journal_content(
    pg_catalog.text, pg_catalog.text, pg_catalog.int8, pg_catalog.int4,
    pg_catalog.bytea) IS
    'what the digest of a block is made of, besides the digest of the block before';

CREATE FUNCTION dtsen.merkle_root(leaves pg_catalog.bytea[])
    RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen_merkle_root'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.merkle_root(pg_catalog.bytea[]) IS
    'root of the tree of RFC 6962 over digests of 32 bytes, which are its leaves';

CREATE FUNCTION dtsen.merkle_path(
    leaves pg_catalog.bytea[], index pg_catalog.int4)
    RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_merkle_path'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.merkle_path(pg_catalog.bytea[], pg_catalog.int4) IS
    'way from a leaf, counted from 1, to the root: of each node the sibling in hexadecimal, after L if it is the left one, else R';
