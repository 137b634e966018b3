-- Registry @registry@: from typed rows to the registry's tables.
--
-- Each import first refuses the lines that do not fit what is there, then makes
-- a plan (new, changed, same), then writes: all or nothing, set by set.

CREATE FUNCTION @registry@.import_known(kind text) RETURNS @registry@.import_run
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    run @registry@.import_run;
BEGIN
    IF to_regclass('pg_temp.import_line') IS NULL THEN
        RAISE EXCEPTION 'no file was staged' USING ERRCODE = 'bad_copy_file_format',
            HINT = 'Call import_open() and copy the lines of the file into pg_temp.import_line first.';
    END IF;
    -- one import at a time: two of the same file must see each other; and none
    -- while usulan_apply() changes families
    PERFORM pg_advisory_xact_lock('@registry@.import_run'::regclass::oid::integer, 0);
    run.kind := kind;
    SELECT sha256(string_agg(sha256(convert_to(line, 'UTF8')), '' ORDER BY id))
    INTO run.sha256 FROM pg_temp.import_line;
    SELECT r.id INTO run.id FROM @registry@.import_run AS r
    WHERE r.kind = run.kind AND r.sha256 = run.sha256
    AND r.owner_scope = @registry@.scope_common();
    RETURN run;
END $$;
COMMENT ON FUNCTION @registry@.import_known(text) IS 'Digest of the staged file, and the number of the import that brought the same file before, if one did';

CREATE FUNCTION @registry@.import_columns(target text, alias text) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT string_agg(alias || quote_ident(u.target_column), ', ' ORDER BY u.pos)
        FROM pg_temp.import_used AS u WHERE u.target = import_columns.target);
END $$;
COMMENT ON FUNCTION @registry@.import_columns(text, text) IS 'Columns of a table that the staged file fills, for a statement';

CREATE FUNCTION @registry@.import_record(run @registry@.import_run, file_name text)
    RETURNS @registry@.import_run
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO @registry@.import_run AS i (kind, file_name, sha256, read_count,
        accepted_count, refused_count, new_count, changed_count, same_count)
    SELECT run.kind, file_name, run.sha256, r.read, p.accepted, r.refused, p.new, p.changed, p.same
    FROM (SELECT count(*) AS read, count(reason) AS refused FROM pg_temp.import_row) AS r,
        (SELECT count(*) AS accepted, count(*) FILTER (WHERE action = 'new') AS new,
            count(*) FILTER (WHERE action = 'changed') AS changed,
            count(*) FILTER (WHERE action = 'same') AS same FROM pg_temp.import_plan) AS p
    RETURNING i.* INTO run;
    INSERT INTO @registry@.import_reject (import_id, owner_scope, line_number, reason, field, line)
    SELECT run.id, run.owner_scope, r.line_number, r.reason, r.field, l.line
    FROM pg_temp.import_row AS r
    JOIN (SELECT id - (SELECT min(id) FROM pg_temp.import_line) + 1 AS line_number,
            convert_to(rtrim(substr(line, 2), E'\x1d'), 'LATIN1') AS line
        FROM pg_temp.import_line OFFSET 0) AS l USING (line_number)
    WHERE r.reason IS NOT NULL;
    RETURN run;
END $$;
COMMENT ON FUNCTION @registry@.import_record(@registry@.import_run, text) IS 'Notes an import with its counts, and every refused line';

CREATE FUNCTION @registry@.import_answer(run_id bigint, repeated boolean)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.import_line, pg_temp.import_used, pg_temp.import_row,
        pg_temp.import_plan;
    RETURN QUERY SELECT r.id, repeated, r.read_count, r.accepted_count, r.refused_count,
        r.new_count, r.changed_count, r.same_count
    FROM @registry@.import_run AS r WHERE r.id = run_id;
END $$;
COMMENT ON FUNCTION @registry@.import_answer(bigint, boolean) IS 'Drops the staging tables and returns the counts of an import';

CREATE FUNCTION @registry@.import_taken(numbers dtsen.nkk[]) RETURNS SETOF dtsen.nkk
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k.nkk FROM @registry@.keluarga AS k WHERE k.nkk = ANY (numbers)
$$;
COMMENT ON FUNCTION @registry@.import_taken(dtsen.nkk[]) IS 'Which card numbers the registry has, in whatever region. SECURITY DEFINER, because one line of another region must not stop a file; for importers, to whom the unique key says as much';

CREATE FUNCTION @registry@.import_keluarga(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET timezone = 'Asia/Jakarta' SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run @registry@.import_run := @registry@.import_known('keluarga');
    t text;
BEGIN
    IF run.id IS NOT NULL THEN
        RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, true);
        RETURN;
    END IF;
    PERFORM @registry@.import_check('keluarga');

    UPDATE pg_temp.import_row AS r SET reason = 'wilayah_unknown'
    WHERE r.reason IS NULL AND NOT EXISTS (SELECT FROM @registry@.wilayah AS w
        WHERE w.kode = r.wilayah AND w.level = 4);
    IF row_security_active('@registry@.keluarga') THEN
        EXECUTE format('UPDATE pg_temp.import_row AS r SET reason = ''outside_scope''
            WHERE r.reason IS NULL AND (%s) IS NOT TRUE', @registry@.scope_condition('r.wilayah'));
    END IF;
    UPDATE pg_temp.import_row AS r SET reason = 'former_nkk'
    WHERE r.reason IS NULL AND EXISTS (SELECT FROM @registry@.keluarga_nkk AS o WHERE o.nkk = r.nkk)
    AND NOT EXISTS (SELECT FROM @registry@.keluarga AS k WHERE k.nkk = r.nkk);
    IF row_security_active('@registry@.keluarga') THEN
        UPDATE pg_temp.import_row AS r SET reason = 'other_region'
        FROM @registry@.import_taken(ARRAY(SELECT n.nkk FROM pg_temp.import_row AS n
            WHERE n.reason IS NULL AND NOT EXISTS (SELECT FROM @registry@.keluarga AS k WHERE k.nkk = n.nkk))) AS t (nkk)
        WHERE r.reason IS NULL AND r.nkk = t.nkk;
    END IF;
    UPDATE pg_temp.import_row AS r SET reason = 'duplicate_line'
    FROM (SELECT line_number, row_number() OVER (PARTITION BY nkk ORDER BY line_number) AS n
        FROM pg_temp.import_row WHERE reason IS NULL) AS d
    WHERE d.line_number = r.line_number AND d.n > 1;

    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_plan ON COMMIT DROP AS
        SELECT r.line_number, k.id AS keluarga_id, CASE WHEN k.id IS NULL THEN 'new'
            WHEN (%s) IS DISTINCT FROM (%s) THEN 'changed' ELSE 'same' END AS action
        FROM pg_temp.import_row AS r
        LEFT JOIN @registry@.keluarga AS k ON k.nkk = r.nkk
        LEFT JOIN @registry@.rumah AS h ON h.keluarga_id = k.id
        LEFT JOIN @registry@.aset AS a ON a.keluarga_id = k.id
        WHERE r.reason IS NULL
        $sql$,
        concat_ws(', ', @registry@.import_columns('keluarga', 'k.'),
            @registry@.import_columns('rumah', 'h.'), @registry@.import_columns('aset', 'a.')),
        concat_ws(', ', @registry@.import_columns('keluarga', 'r.'),
            @registry@.import_columns('rumah', 'r.'), @registry@.import_columns('aset', 'r.')));
    ANALYZE pg_temp.import_plan;
    run := @registry@.import_record(run, file_name);

    EXECUTE format($sql$
        INSERT INTO @registry@.keluarga (import_id, %s)
        SELECT $1, %s FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
        WHERE p.action = 'new' ORDER BY r.wilayah, r.line_number
        $sql$, @registry@.import_columns('keluarga', ''), @registry@.import_columns('keluarga', 'r.'))
    USING run.id;
    EXECUTE format($sql$
        UPDATE @registry@.keluarga AS k SET (import_id, changed_at, %s) = ROW ($1, now(), %s)
        FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
        WHERE p.action = 'changed' AND k.id = p.keluarga_id
        $sql$, @registry@.import_columns('keluarga', ''), @registry@.import_columns('keluarga', 'r.'))
    USING run.id;
    FOR t IN SELECT DISTINCT u.target FROM pg_temp.import_used AS u WHERE u.target IN ('rumah', 'aset') LOOP
        EXECUTE format($sql$
            INSERT INTO @registry@.%I (keluarga_id, wilayah, %s)
            SELECT k.id, k.wilayah, %s
            FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
            JOIN @registry@.keluarga AS k ON k.nkk = r.nkk
            WHERE p.action <> 'same' ORDER BY k.id
            ON CONFLICT (keluarga_id) DO UPDATE SET (%2$s) = ROW (%4$s)
            $sql$, t, @registry@.import_columns(t, ''), @registry@.import_columns(t, 'r.'),
            @registry@.import_columns(t, 'EXCLUDED.'));
    END LOOP;
    RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, false);
END $$;
COMMENT ON FUNCTION @registry@.import_keluarga(text) IS 'Imports the staged family file: new families come in, changed ones are changed; the same file twice changes nothing';

CREATE FUNCTION @registry@.import_extract(kind text, key_column text, file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run @registry@.import_run := @registry@.import_known(kind);
    place text;
BEGIN
    IF run.id IS NOT NULL THEN
        RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, true);
        RETURN;
    END IF;
    PERFORM @registry@.import_check(kind);
    place := (SELECT u.target FROM pg_temp.import_used AS u WHERE u.target_column = key_column);
    IF EXISTS (SELECT FROM pg_temp.import_used AS u WHERE u.target_column = 'desa') THEN
        PERFORM @registry@.import_place();
    END IF;
    EXECUTE format($sql$
        UPDATE pg_temp.import_row AS r SET reason = 'duplicate_line'
        FROM (SELECT line_number, row_number() OVER (PARTITION BY %I ORDER BY line_number) AS n
            FROM pg_temp.import_row WHERE reason IS NULL) AS d
        WHERE d.line_number = r.line_number AND d.n > 1
        $sql$, key_column);
    -- the key of somebody known without the zeros that it begins with is no other key
    IF key_column = 'source_key' THEN
        UPDATE pg_temp.import_row AS r SET reason = 'spreadsheet',
            field = (SELECT u.header FROM pg_temp.import_used AS u WHERE u.target_column = 'source_key')
        FROM @registry@.dtks AS d
        WHERE r.reason IS NULL AND d.owner_scope = (SELECT @registry@.scope_common()) AND d.source_key ~ '^0[0-9]+$'
        AND r.source_key ~ '^[1-9][0-9]*$' AND ltrim(d.source_key, '0') = r.source_key;
    END IF;
    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_plan ON COMMIT DROP AS
        SELECT r.line_number, CASE WHEN d.%1$I IS NULL THEN 'new'
            WHEN (%2$s) IS DISTINCT FROM (%3$s) THEN 'changed' ELSE 'same' END AS action
        FROM pg_temp.import_row AS r
        LEFT JOIN @registry@.%4$I AS d ON d.%1$I = r.%1$I AND d.owner_scope = $1
        WHERE r.reason IS NULL
        $sql$, key_column, @registry@.import_columns(place, 'd.'), @registry@.import_columns(place, 'r.'), place)
    USING @registry@.scope_common();
    ANALYZE pg_temp.import_plan;
    run := @registry@.import_record(run, file_name);
    -- the scope is named, since its default would be computed for every row
    EXECUTE format($sql$
        INSERT INTO @registry@.%4$I (import_id, owner_scope, %1$s)
        SELECT $1, $2, %2$s FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
        WHERE p.action <> 'same' ORDER BY r.%5$I
        ON CONFLICT (%5$I, owner_scope) DO UPDATE SET (import_id, %1$s) = ROW ($1, %3$s)
        $sql$, @registry@.import_columns(place, ''), @registry@.import_columns(place, 'r.'),
        @registry@.import_columns(place, 'EXCLUDED.'), place, key_column)
    USING run.id, run.owner_scope;
    RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, false);
END $$;
COMMENT ON FUNCTION @registry@.import_extract(text, text, text) IS 'Imports a staged list of persons of another register into the table of its kind, by the key that the list gives them';

CREATE FUNCTION @registry@.import_dukcapil(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE sql SET search_path = pg_catalog, dtsen, pg_temp
AS $$ SELECT * FROM @registry@.import_extract('dukcapil', 'nik', file_name) $$;
COMMENT ON FUNCTION @registry@.import_dukcapil(text) IS 'Imports a staged extract of the civil registry';

CREATE FUNCTION @registry@.import_dtks(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE sql SET search_path = pg_catalog, dtsen, pg_temp
AS $$ SELECT * FROM @registry@.import_extract('dtks', 'source_key', file_name) $$;
COMMENT ON FUNCTION @registry@.import_dtks(text) IS 'Imports a staged list of the former registry, DTKS';

CREATE FUNCTION @registry@.import_siks_ng(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE sql SET search_path = pg_catalog, dtsen, pg_temp
AS $$ SELECT * FROM @registry@.import_extract('siks_ng', 'source_key', file_name) $$;
COMMENT ON FUNCTION @registry@.import_siks_ng(text) IS 'Imports a staged sheet of SIKS-NG into the list of the former registry, DTKS';

CREATE FUNCTION @registry@.import_skor(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run @registry@.import_run := @registry@.import_known('skor');
BEGIN
    IF run.id IS NOT NULL THEN
        RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, true);
        RETURN;
    END IF;
    PERFORM @registry@.import_check('skor');
    UPDATE pg_temp.import_row AS r SET reason = 'model_unknown'
    WHERE r.reason IS NULL AND NOT EXISTS (SELECT FROM @registry@.model AS m
        WHERE m.version = r.model_version);
    UPDATE pg_temp.import_row AS r SET reason = 'keluarga_unknown'
    WHERE r.reason IS NULL AND NOT EXISTS (SELECT FROM @registry@.keluarga AS k WHERE k.nkk = r.nkk);
    UPDATE pg_temp.import_row AS r SET reason = 'duplicate_line'
    FROM (SELECT line_number,
            row_number() OVER (PARTITION BY nkk, model_version ORDER BY line_number) AS n
        FROM pg_temp.import_row WHERE reason IS NULL) AS d
    WHERE d.line_number = r.line_number AND d.n > 1;
    CREATE TEMPORARY TABLE import_plan ON COMMIT DROP AS
        SELECT r.line_number, k.id AS keluarga_id, k.wilayah, CASE WHEN s.skor IS NULL THEN 'new'
            WHEN s.skor <> r.skor THEN 'changed' ELSE 'same' END AS action
        FROM pg_temp.import_row AS r
        JOIN @registry@.keluarga AS k ON k.nkk = r.nkk
        LEFT JOIN @registry@.skor AS s ON s.keluarga_id = k.id AND s.model_version = r.model_version
        WHERE r.reason IS NULL;
    ANALYZE pg_temp.import_plan;
    run := @registry@.import_record(run, file_name);
    INSERT INTO @registry@.skor (model_version, keluarga_id, wilayah, skor, import_id)
    SELECT r.model_version, p.keluarga_id, p.wilayah, r.skor, run.id
    FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
    WHERE p.action <> 'same' ORDER BY r.model_version, p.keluarga_id
    ON CONFLICT (model_version, keluarga_id) DO UPDATE
        SET skor = EXCLUDED.skor, import_id = EXCLUDED.import_id, changed_at = now();
    RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, false);
END $$;
COMMENT ON FUNCTION @registry@.import_skor(text) IS 'Imports a staged file of scores';
