-- Lifecycle: emptying rows in final states.

CREATE FUNCTION dtsen.is_emptied(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_is_emptied'
    LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION dtsen.is_emptied(
    pg_catalog.name, pg_catalog.text, pg_catalog.text) IS
    'whether empty_row() is emptying this row now: for triggers of one''s own that keep what rows say';

CREATE FUNCTION dtsen._empty_statement(
    schema pg_catalog.name, machine pg_catalog.text, emptied pg_catalog.jsonb)
    RETURNS pg_catalog.text
    LANGUAGE plpgsql STABLE STRICT
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        attached record;
        bad text;
        assigned text;
    BEGIN
        SELECT a.* INTO STRICT attached FROM dtsen._attached(schema) AS a
        WHERE a.machine = _empty_statement.machine;
        SELECT min(e.key) INTO bad FROM jsonb_each(emptied) AS e
        WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = attached.target AND a.attname = e.key
                AND a.attnum > 0 AND NOT a.attisdropped)
           OR e.key = ANY (attached.arguments[3:10]);
        IF bad IS NOT NULL THEN
            RAISE EXCEPTION 'column "%" of table "%" cannot be emptied', bad, attached.target
                USING ERRCODE = 'invalid_parameter_value',
                      DETAIL = 'Key, state, region, stamps, version and period stay; the reason is an argument of its own.',
                      HINT = 'Name columns of the table that say what the row is about.';
        END IF;
        SELECT min(e.key) INTO bad FROM jsonb_each(emptied) AS e
        WHERE e.value NOT IN ('null', '{}', '[]', '""');
        IF bad IS NOT NULL THEN
            RAISE EXCEPTION 'what column "%" is to say is not empty', bad
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'Give null, {}, [] or "" for it.';
        END IF;
        SELECT string_agg(format('%I = %L::%s', a.attname, e.value #>> '{}',
                   format_type(a.atttypid, a.atttypmod)), ', ') INTO assigned
        FROM jsonb_each(emptied) AS e
        JOIN pg_attribute AS a ON a.attrelid = attached.target AND a.attname = e.key;
        -- the reason goes with each erasure, so that none from before is left
        RETURN format('UPDATE %s AS t SET %s WHERE %s', attached.target,
            concat_ws(', ', assigned, quote_ident(nullif(attached.arguments[6], '')) || ' = $2'),
            dtsen._key_condition(attached.target, attached.arguments[3], 't', '$1'));
    END
    $$;
COMMENT ON FUNCTION dtsen._empty_statement(
    pg_catalog.name, pg_catalog.text, pg_catalog.jsonb) IS
    'the UPDATE that empties columns of a row, whose key and reason are its parameters';

CREATE FUNCTION dtsen._empty_row(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text,
    emptied pg_catalog.jsonb, reason pg_catalog.text)
    RETURNS pg_catalog.int8
    AS 'MODULE_PATHNAME', 'dtsen__empty_row'
    LANGUAGE C VOLATILE;
COMMENT ON FUNCTION dtsen._empty_row(
    pg_catalog.name, pg_catalog.text, pg_catalog.text, pg_catalog.jsonb,
    pg_catalog.text) IS
    'empties columns of a row, in whatever state it is';

CREATE FUNCTION dtsen.empty_row(
    schema pg_catalog.name, machine pg_catalog.text, key pg_catalog.text,
    emptied pg_catalog.jsonb, reason pg_catalog.text DEFAULT NULL)
    RETURNS pg_catalog.void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET row_security = off
    AS $$
    BEGIN
        IF jsonb_typeof(emptied) IS DISTINCT FROM 'object' THEN
            RAISE EXCEPTION 'no columns are given that are to be emptied'
                USING ERRCODE = 'invalid_parameter_value',
                      HINT = 'Give an object like {"payload": {}, "note": null}.';
        END IF;
        -- first what the journal could prove, so that it commits to the emptied row
        PERFORM dtsen.erase_content(schema, machine, key), dtsen.erase_notes(schema, machine, key);
        PERFORM dtsen._empty_row(schema, machine, key, emptied, reason);
    END
    $$;
COMMENT ON FUNCTION dtsen.empty_row(
    pg_catalog.name, pg_catalog.text, pg_catalog.text, pg_catalog.jsonb,
    pg_catalog.text) IS
    'empties columns of a row under a machine, in a final state too, with its reasons and with what the journal could prove of it; the row, its state and its steps stay, and the erasure is journalled with its own reason';
