-- Registry @registry@: the import of deaths that the civil registry reports.

CREATE FUNCTION @registry@.import_kematian(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run @registry@.import_run := @registry@.import_known('kematian');
BEGIN
    IF run.id IS NOT NULL THEN
        RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, true);
        RETURN;
    END IF;
    PERFORM @registry@.import_check('kematian');
    UPDATE pg_temp.import_row AS r SET reason = 'duplicate_line'
    FROM (SELECT line_number, row_number() OVER (PARTITION BY source_key ORDER BY line_number) AS n,
            row_number() OVER (PARTITION BY nik ORDER BY line_number) AS m
        FROM pg_temp.import_row WHERE reason IS NULL) AS d
    WHERE d.line_number = r.line_number AND (d.n > 1 OR d.m > 1);

    CREATE TEMPORARY TABLE import_plan ON COMMIT DROP AS
        SELECT r.line_number, a.id AS anggota_id, a.keluarga_id, a.wilayah,
            CASE WHEN e.id IS NULL THEN 'new' ELSE 'same' END AS action,
            CASE WHEN e.id IS NOT NULL THEN CASE WHEN (e.occurred_on, o.nik) IS DISTINCT FROM (r.occurred_on, r.nik) THEN 'event_differs' END
                WHEN a.id IS NULL THEN 'person_unknown' WHEN a.n > 1 THEN 'nik_shared'
                WHEN r.nama IS NOT NULL AND nama_similarity(a.nama, r.nama) < 0.8 THEN 'name_differs'
                WHEN a.tanggal_lahir > r.occurred_on THEN 'before_birth'
                WHEN d.id IS NOT NULL THEN 'event_known'
                WHEN n.id IS NOT NULL THEN 'event_differs' END AS reason
        FROM pg_temp.import_row AS r
        LEFT JOIN @registry@.peristiwa AS e ON e.source = 'dukcapil' AND e.source_key = r.source_key AND e.kind = 'meninggal'
        LEFT JOIN @registry@.anggota AS o ON o.id = e.anggota_id
        LEFT JOIN (SELECT DISTINCT ON (m.nik) m.*, count(*) OVER (PARTITION BY m.nik) AS n
            FROM @registry@.anggota AS m WHERE m.status = 'aktif' ORDER BY m.nik, m.id) AS a ON a.nik = r.nik
        LEFT JOIN @registry@.peristiwa AS d ON d.kind = 'meninggal' AND d.anggota_id = a.id AND d.void_reason IS NULL
        LEFT JOIN @registry@.peristiwa AS n ON n.source = 'dukcapil' AND n.source_key = r.source_key AND n.kind <> 'meninggal' AND n.wilayah = a.wilayah
        WHERE r.reason IS NULL;
    -- what the trigger would refuse, and the whole file with it
    SET LOCAL enable_nestloop = on; -- one event at a time is looked at
    UPDATE pg_temp.import_plan AS p SET reason = 'event_contradicts'
    FROM pg_temp.import_row AS r
    WHERE r.line_number = p.line_number AND p.reason IS NULL AND p.action = 'new'
    AND @registry@.peristiwa_problem(jsonb_populate_record(NULL::@registry@.peristiwa, jsonb_build_object('id', 0, 'kind', 'meninggal',
        'wilayah', p.wilayah::text, 'keluarga_id', p.keluarga_id, 'anggota_id', p.anggota_id, 'occurred_on', r.occurred_on, 'payload', '{}'::jsonb))) IS NOT NULL;
    SET LOCAL enable_nestloop = off;
    UPDATE pg_temp.import_row AS r SET reason = p.reason
    FROM pg_temp.import_plan AS p WHERE p.line_number = r.line_number AND p.reason IS NOT NULL;
    DELETE FROM pg_temp.import_plan AS p WHERE p.reason IS NOT NULL;
    ANALYZE pg_temp.import_plan;
    run := @registry@.import_record(run, file_name);

    SET LOCAL enable_nestloop = on; -- the trigger, too
    INSERT INTO @registry@.peristiwa (kind, wilayah, keluarga_id, anggota_id, occurred_on, source, source_key,
        document_name, document_size, document_sha256, import_id)
    SELECT 'meninggal', p.wilayah, p.keluarga_id, p.anggota_id, r.occurred_on, 'dukcapil', r.source_key,
        run.file_name, (SELECT sum(octet_length(l.line)) FROM pg_temp.import_line AS l), run.sha256, run.id
    FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
    WHERE p.action = 'new' ORDER BY r.line_number;
    RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, false);
END $$;
COMMENT ON FUNCTION @registry@.import_kematian(text) IS 'Imports a staged file of deaths of the civil registry: each becomes an event of the active person with the NIK; nothing else changes';
