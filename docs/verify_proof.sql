-- Checks what dtsen.journal_proof() returned, on any PostgreSQL from 11 on,
-- without dtsen:
--
--   psql -X -v root=64_HEX_DIGITS -c '\set proof `cat proof.json`' -f verify_proof.sql
--
-- root: of the anchor, as it was printed; of several anchors with commas between,
-- as each entry leads to the first that covers it (column anchor).
-- One row an entry; machine and key must be those of the row that you asked for,
-- and all columns from same_key on true. No row: nothing is proven. Steps behind
-- the last entry that is shown may have been left out. Formats: docs/formats.md.
\set ON_ERROR_STOP on
-- a text: its length plus one in groups of seven bits, then its bytes
CREATE FUNCTION pg_temp.field(t text) RETURNS bytea LANGUAGE sql AS $$
    SELECT CASE WHEN t IS NULL THEN '\x00'::bytea
        WHEN n < 128 THEN set_byte('\x00', 0, n) || b
        ELSE set_byte(set_byte('\x0000', 0, n % 128 + 128), 1, n / 128) || b END
    FROM (SELECT convert_to(t, 'UTF8') AS b, octet_length(convert_to(t, 'UTF8')) + 1 AS n) AS v
$$;
CREATE FUNCTION pg_temp.number(n jsonb) RETURNS bytea LANGUAGE sql AS $$ SELECT int8send((n #>> '{}')::int8) $$;
CREATE FUNCTION pg_temp.hex(t text) RETURNS bytea LANGUAGE sql AS $$ SELECT decode(t, 'hex') $$;
-- the root above a leaf, by the siblings on the way
CREATE FUNCTION pg_temp.climb(leaf bytea, path jsonb) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    step text;
BEGIN
    FOR step IN SELECT value FROM jsonb_array_elements_text(path) WITH ORDINALITY AS p(value, n) ORDER BY n LOOP
        leaf := sha256('\x01'::bytea || CASE left(step, 1) WHEN 'L' THEN decode(substr(step, 2), 'hex') || leaf
            ELSE leaf || decode(substr(step, 2), 'hex') END);
    END LOOP;
    RETURN leaf;
END $$;
-- the columns that an entry commits to, one after the other
CREATE FUNCTION pg_temp.fields(given bytea) RETURNS SETOF bytea LANGUAGE plpgsql AS $$
DECLARE
    o int := 0;
    n int;
    shift int;
BEGIN
    WHILE o < length(given) LOOP
        n := 0;
        shift := 0;
        LOOP
            n := n | ((get_byte(given, o) & 127) << shift);
            shift := shift + 7;
            o := o + 1;
            EXIT WHEN get_byte(given, o - 1) < 128;
        END LOOP;
        RETURN NEXT CASE WHEN n > 0 THEN substr(given, o + 1, n - 1) END;
        o := o + greatest(n - 1, 0);
    END LOOP;
END $$;
CREATE FUNCTION pg_temp.columns(list jsonb) RETURNS bytea LANGUAGE sql AS $$
    SELECT sha256('dtsen.columns.1'::bytea || '\x00'::bytea
        || coalesce(string_agg(pg_temp.field(c.v ->> 0) || pg_temp.field(c.v ->> 1), ''::bytea ORDER BY c.n), ''))
    FROM jsonb_array_elements(list) WITH ORDINALITY AS c(v, n)
$$;
WITH entry AS (
    SELECT p.pack ->> 'machine' AS machine, p.pack ->> 'key' AS wanted, e.n, e.entry AS e, e.entry -> 'block' AS b,
        e.entry -> 'chain_tree' AS c, e.entry -> 'anchor' AS a, e.entry -> 'content' AS r
    FROM (SELECT :'proof'::jsonb AS pack) AS p, jsonb_array_elements(p.pack -> 'entries') WITH ORDINALITY AS e(entry, n)
    WHERE p.pack ->> 'format' = 'dtsen.proof.1'
)
SELECT n, machine, e ->> 'key' AS key, e ->> 'wilayah' AS wilayah, b ->> 'time' AS time, e ->> 'action' AS action,
    e ->> 'from_state' AS from_state, e ->> 'to_state' AS to_state, b ->> 'login' AS login, b ->> 'person_key' AS person_key,
    e ->> 'reason' AS given_reason, a ->> 'anchor' AS anchor,
    e ->> 'key' = wanted AS same_key,
    -- who leaves out a step leaves a hole
    e ->> 'action' = 'attached' OR e ->> 'from_state' IS NOT DISTINCT FROM lag(e ->> 'to_state') OVER (ORDER BY n) AS follows,
    -- what is not shown is not checked; what is shown must be what was committed to
    e ->> 'reason' IS NULL OR coalesce(sha256('dtsen.note.1'::bytea || '\x00'::bytea || pg_temp.hex(e ->> 'salt') || convert_to(e ->> 'reason', 'UTF8'))
        = pg_temp.hex(e ->> 'commitment'), false) AS reason,
    r ->> 'fields' IS NULL OR coalesce(sha256('dtsen.commit.1'::bytea || '\x00'::bytea || pg_temp.hex(r ->> 'salt')
            || sha256('dtsen.row.1'::bytea || '\x00'::bytea || pg_temp.columns(r -> 'columns') || pg_temp.hex(r ->> 'fields')))
        = pg_temp.hex(r ->> 'commitment'), false) AS content,
    pg_temp.climb(sha256(CASE WHEN r IS NULL THEN '\x00'::bytea ELSE '\x02' END || pg_temp.number(e -> 'seq') || pg_temp.field(e ->> 'key') || pg_temp.field(e ->> 'wilayah')
            || pg_temp.field(e ->> 'from_chain') || pg_temp.field(e ->> 'from_state') || pg_temp.field(e ->> 'to_state')
            || pg_temp.field(e ->> 'action')
            || CASE WHEN e ->> 'commitment' IS NULL THEN '\x00'::bytea ELSE '\x21'::bytea || pg_temp.hex(e ->> 'commitment') END
            || coalesce(pg_temp.hex(r ->> 'commitment'), ''::bytea)),
        e -> 'path') = pg_temp.hex(b ->> 'root') AS entry_in_block,
    timestamp '2000-01-01' + (b ->> 'at')::int8 * interval '1 microsecond'
        = replace(b ->> 'time', 'Z', '')::timestamp AS time_as_hashed,
    sha256('dtsen.block.1'::bytea || '\x00'::bytea || pg_temp.hex(b ->> 'previous')
        || sha256('dtsen.content.1'::bytea || '\x00'::bytea || pg_temp.field(machine) || pg_temp.field(e ->> 'chain')
            || pg_temp.number(b -> 'seq') || pg_temp.number(b -> 'entries') || pg_temp.number(b -> 'at') || pg_temp.number(b -> 'txid')
            || pg_temp.number(b -> 'machine_version') || pg_temp.field(b ->> 'login') || pg_temp.field(b ->> 'session_login')
            || pg_temp.field(b ->> 'person_key') || pg_temp.hex(b ->> 'root') || pg_temp.hex(b ->> 'body')))
        = pg_temp.hex(b ->> 'digest') AS block,
    pg_temp.climb(sha256('\x00'::bytea || pg_temp.hex(b ->> 'digest')), c -> 'path') = pg_temp.hex(c ->> 'root') AS block_in_chain,
    coalesce(pg_temp.climb(sha256('\x00'::bytea || pg_temp.field(machine) || pg_temp.field(e ->> 'chain') || pg_temp.number(c -> 'entries')
            || pg_temp.number(c -> 'blocks') || pg_temp.hex(c ->> 'root') || pg_temp.hex(c ->> 'digest')), a -> 'path')
        = ANY (ARRAY(SELECT pg_temp.hex(btrim(x)) FROM unnest(string_to_array(:'root', ',')) AS x)), false) AS chain_in_anchor
FROM entry ORDER BY n;
-- what the disclosed columns say; of other types their binary form
WITH disclosed AS (
    SELECT e.n, c.v ->> 0 AS name, c.v ->> 1 AS type, f.value, c.n AS place
    FROM jsonb_array_elements(:'proof'::jsonb -> 'entries') WITH ORDINALITY AS e(entry, n),
        ROWS FROM (jsonb_array_elements(e.entry -> 'content' -> 'columns'),
            pg_temp.fields(pg_temp.hex(e.entry -> 'content' ->> 'fields'))) WITH ORDINALITY AS c(v, value, n),
        LATERAL (SELECT c.value) AS f(value)
    WHERE e.entry -> 'content' ->> 'fields' IS NOT NULL
)
SELECT n, name, type, CASE type
        WHEN 'pg_catalog.text' THEN convert_from(value, 'UTF8')
        WHEN 'pg_catalog.varchar' THEN convert_from(value, 'UTF8')
        WHEN 'pg_catalog.bpchar' THEN convert_from(value, 'UTF8')
        WHEN 'pg_catalog.name' THEN convert_from(value, 'UTF8')
        WHEN 'pg_catalog.jsonb' THEN convert_from(substr(value, 2), 'UTF8')
        WHEN 'pg_catalog.uuid' THEN encode(value, 'hex')::uuid::text
        WHEN 'dtsen.nama' THEN convert_from(value, 'UTF8')
        WHEN 'dtsen.nik' THEN lpad(('x' || encode(value, 'hex'))::bit(64)::int8::text, 16, '0')
        WHEN 'dtsen.nkk' THEN lpad(('x' || encode(value, 'hex'))::bit(64)::int8::text, 16, '0')
        WHEN 'dtsen.kode_wilayah' THEN regexp_replace(('x' || encode(value, 'hex'))::bit(64)::int8::text, '(00000000|000000|0000)$', '')
        WHEN 'pg_catalog.int4' THEN ('x' || encode(value, 'hex'))::bit(32)::int::text
        WHEN 'pg_catalog.int8' THEN ('x' || encode(value, 'hex'))::bit(64)::int8::text
        WHEN 'pg_catalog.bool' THEN (get_byte(value, 0) = 1)::text
        WHEN 'pg_catalog.date' THEN (date '2000-01-01' + ('x' || encode(value, 'hex'))::bit(32)::int)::text
        WHEN 'pg_catalog.timestamptz' THEN (timestamp '2000-01-01' + ('x' || encode(value, 'hex'))::bit(64)::int8 * interval '1 microsecond')::text || 'Z'
        ELSE encode(value, 'hex') END AS value
FROM disclosed ORDER BY n, place;
