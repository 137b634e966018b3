-- Registry @registry@: files come in by parts, and go on after an interruption.
--
-- What dtsen-import calls: import_begin() says how much of the file is kept,
-- import_hold() keeps other sessions away from it, import_keep() keeps a part,
-- import_ready() begins the writing, import_finish() writes. A session that dies
-- leaves its file as the last of these calls that ended left it.

CREATE FUNCTION @registry@.import_stage_of(stage_id bigint) RETURNS @registry@.import_stage
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stage @registry@.import_stage;
BEGIN
    SELECT * INTO stage FROM @registry@.import_stage AS s WHERE s.id = import_stage_of.stage_id;
    IF stage.id IS NULL THEN
        RAISE EXCEPTION 'there is no file % under way', stage_id USING ERRCODE = 'no_data_found',
            DETAIL = 'It was never begun or was given up, or another region sends it.',
            HINT = 'import_progress() lists the files; dtsen-import begins one.';
    END IF;
    RETURN stage;
END $$;
COMMENT ON FUNCTION @registry@.import_stage_of(bigint) IS 'A file under way; an error if the login has none of this number';

CREATE FUNCTION @registry@.import_staged_bytes(stage_id bigint) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(sum(p.byte_count), 0)::bigint FROM @registry@.import_part AS p
    WHERE p.stage_id = import_staged_bytes.stage_id
$$;
COMMENT ON FUNCTION @registry@.import_staged_bytes(bigint) IS 'How many bytes of a file are kept';

CREATE FUNCTION @registry@.import_begin(kind text, file_name text, sha256 text, byte_count bigint,
    OUT stage_id bigint, OUT state text, OUT staged_bytes bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM @registry@.import_kind AS k WHERE k.kind = import_begin.kind) THEN
        RAISE EXCEPTION 'there is no kind "%" of files', kind USING ERRCODE = 'invalid_parameter_value',
            DETAIL = format('Kinds are %s.', (SELECT string_agg(k.kind, ', ' ORDER BY k.kind COLLATE "C") FROM @registry@.import_kind AS k)),
            HINT = 'Table import_kind says what each one is.';
    ELSIF coalesce(sha256 !~ '^[0-9a-f]{64}$', true) THEN
        RAISE EXCEPTION 'the digest of the file is no SHA-256' USING ERRCODE = 'invalid_parameter_value',
            DETAIL = '64 hexadecimal digits in lower case are wanted.', HINT = 'dtsen-import computes it with sha256sum.';
    END IF;
    INSERT INTO @registry@.import_stage (kind, file_name, sha256, byte_count)
    VALUES (import_begin.kind, right(import_begin.file_name, 200), decode(import_begin.sha256, 'hex'), import_begin.byte_count)
    ON CONFLICT DO NOTHING;
    SELECT s.id, s.state, CASE WHEN s.state = 'done' THEN s.byte_count ELSE @registry@.import_staged_bytes(s.id) END
    INTO import_begin.stage_id, import_begin.state, import_begin.staged_bytes
    FROM @registry@.import_stage AS s
    WHERE s.kind = import_begin.kind AND s.sha256 = decode(import_begin.sha256, 'hex')
    AND s.owner_scope = @registry@.scope_common();
END $$;
COMMENT ON FUNCTION @registry@.import_begin(text, text, text, bigint) IS 'Begins a file, or finds the one of the same bytes that was begun before, with the number of bytes that are kept';

CREATE FUNCTION @registry@.import_hold(stage_id bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @registry@.import_stage_of(stage_id);
    IF NOT pg_try_advisory_lock('@registry@.import_stage'::regclass::oid::integer, stage_id::integer) THEN
        RAISE NOTICE 'file % is under way in another session, waiting for it', stage_id;
        PERFORM pg_advisory_lock('@registry@.import_stage'::regclass::oid::integer, stage_id::integer);
    END IF;
END $$;
COMMENT ON FUNCTION @registry@.import_hold(bigint) IS 'Waits until no other session is at this file, and keeps others away until the session ends';

CREATE FUNCTION @registry@.import_keep(stage_id bigint, first_byte bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stage @registry@.import_stage := @registry@.import_stage_of(stage_id);
    staged bigint := @registry@.import_staged_bytes(stage_id);
BEGIN
    IF stage.state <> 'staging' OR staged IS DISTINCT FROM first_byte THEN
        RAISE EXCEPTION 'file % is not where this part goes on', stage_id USING ERRCODE = 'object_in_use',
            DETAIL = format('It is in state "%s" with %s bytes; the part begins at byte %s.', stage.state, staged, first_byte),
            HINT = 'Another session has sent more of it meanwhile: run dtsen-import again.';
    END IF;
    INSERT INTO @registry@.import_part (stage_id, first_byte, lines)
    -- without the cover that dtsen-import puts before a part
    SELECT stage.id, staged, CASE WHEN starts_with(l.lines, '-') THEN substr(l.lines, strpos(l.lines, E'\n') + 1) ELSE l.lines END
    FROM (SELECT string_agg(line, E'\n' ORDER BY id) AS lines FROM pg_temp.import_line) AS l
    WHERE l.lines IS NOT NULL;
    TRUNCATE pg_temp.import_line;
    RETURN @registry@.import_staged_bytes(stage_id);
END $$;
COMMENT ON FUNCTION @registry@.import_keep(bigint, bigint) IS 'Keeps the lines in pg_temp.import_line as the part of a file that begins there, and empties that table; returns the number of bytes that are kept';

CREATE FUNCTION @registry@.import_ready(stage_id bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stage @registry@.import_stage;
    staged bigint;
BEGIN
    PERFORM @registry@.import_hold(stage_id);
    stage := @registry@.import_stage_of(stage_id);
    staged := @registry@.import_staged_bytes(stage_id);
    IF stage.state = 'done' THEN
        RETURN;
    ELSIF staged <> stage.byte_count THEN
        RAISE EXCEPTION 'file % could not be read to its end', stage_id USING ERRCODE = 'io_error',
            DETAIL = format('%s of %s bytes are kept; nothing was imported.', staged, stage.byte_count),
            HINT = 'Run dtsen-import again with the same file: it goes on there.';
    END IF;
    UPDATE @registry@.import_stage AS s
    SET state = 'writing', attempt_count = s.attempt_count + 1, changed_at = now() WHERE s.id = stage.id;
END $$;
COMMENT ON FUNCTION @registry@.import_ready(bigint) IS 'Says that all of a file is there and its writing begins; an error if bytes are missing. Its own transaction, so that other sessions see it';

CREATE FUNCTION @registry@.import_finish(stage_id bigint)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
AS $$
#variable_conflict use_column
DECLARE
    stage @registry@.import_stage;
    part record;
    answer record;
BEGIN
    PERFORM pg_advisory_xact_lock('@registry@.import_stage'::regclass::oid::integer, import_finish.stage_id::integer);
    stage := @registry@.import_stage_of(import_finish.stage_id);
    IF stage.state = 'done' THEN
        RETURN QUERY SELECT * FROM @registry@.import_answer(stage.import_id, true);
        RETURN;
    ELSIF stage.state <> 'writing' THEN
        RAISE EXCEPTION 'file % is not ready to be written', stage.id USING ERRCODE = 'object_not_in_prerequisite_state',
            DETAIL = format('It is in state "%s".', stage.state), HINT = 'import_ready() comes first.';
    END IF;
    PERFORM @registry@.import_open();
    FOR part IN SELECT p.lines FROM @registry@.import_part AS p WHERE p.stage_id = stage.id ORDER BY p.first_byte LOOP
        INSERT INTO pg_temp.import_line (line) SELECT unnest(string_to_array(part.lines, E'\n'));
    END LOOP;
    EXECUTE format('SELECT * FROM @registry@.%I($1)', 'import_' || stage.kind) INTO answer USING stage.file_name;
    UPDATE @registry@.import_stage AS s SET state = 'done', import_id = answer.import_id, changed_at = now()
    WHERE s.id = stage.id;
    DELETE FROM @registry@.import_part AS p WHERE p.stage_id = stage.id;
    RETURN QUERY SELECT answer.import_id, answer.is_repeat, answer.read_count, answer.accepted_count,
        answer.refused_count, answer.new_count, answer.changed_count, answer.same_count;
END $$;
COMMENT ON FUNCTION @registry@.import_finish(bigint) IS 'Checks and writes a file of which all is there: all of it or nothing, and its parts go; of one that is done, what came of it';

CREATE FUNCTION @registry@.import_discard(stage_id bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stage @registry@.import_stage := @registry@.import_stage_of(stage_id);
BEGIN
    IF stage.state = 'done' THEN
        RAISE EXCEPTION 'file % is imported', stage.id USING ERRCODE = 'object_not_in_prerequisite_state',
            DETAIL = format('It was import %s; nothing is left to give up.', stage.import_id),
            HINT = 'A later file corrects what an earlier one brought.';
    ELSIF NOT pg_try_advisory_xact_lock('@registry@.import_stage'::regclass::oid::integer, stage.id::integer) THEN
        RAISE EXCEPTION 'file % is under way in another session', stage.id USING ERRCODE = 'object_in_use',
            DETAIL = 'Only what nobody is at can be given up.', HINT = 'Wait for that session, or end it.';
    END IF;
    DELETE FROM @registry@.import_stage AS s WHERE s.id = stage.id;
END $$;
COMMENT ON FUNCTION @registry@.import_discard(bigint) IS 'Gives up a file under way: its lines go';

CREATE FUNCTION @registry@.import_progress()
    RETURNS TABLE (stage_id bigint, kind text, file_name text, state text, is_running boolean, line_count bigint,
        staged_bytes bigint, byte_count bigint, percent numeric, attempt_count integer, import_id bigint,
        created_by name, changed_at timestamptz)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, pg_temp
AS $$
    SELECT s.id, s.kind::text, s.file_name, s.state::text, EXISTS (SELECT FROM pg_locks AS l
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.objid = s.id::integer::oid
            AND l.classid = '@registry@.import_stage'::regclass
            AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())),
        CASE WHEN s.state = 'done' THEN r.read_count + 1 ELSE p.lines END, x.bytes, s.byte_count,
        round(100.0 * least(x.bytes, s.byte_count) / nullif(s.byte_count, 0), 1), s.attempt_count, s.import_id,
        s.created_by, s.changed_at
    FROM @registry@.import_stage AS s
    LEFT JOIN @registry@.import_run AS r ON r.id = s.import_id,
    LATERAL (SELECT coalesce(sum(q.line_count), 0)::bigint AS lines, coalesce(sum(q.byte_count), 0)::bigint AS bytes
        FROM @registry@.import_part AS q WHERE q.stage_id = s.id) AS p,
    LATERAL (SELECT CASE WHEN s.state = 'done' THEN s.byte_count ELSE p.bytes END AS bytes) AS x
    ORDER BY s.id
$$;
COMMENT ON FUNCTION @registry@.import_progress() IS 'How far each file is: parts that are kept (lines, bytes, percent), whether the writing was begun and how often, whether a session is at it now; one that is not done and not running was interrupted, and goes on with dtsen-import and the same file';
