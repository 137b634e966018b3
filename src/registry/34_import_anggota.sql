-- Registry @registry@: the import of persons.

CREATE FUNCTION @registry@.import_plan_anggota() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
BEGIN
    UPDATE pg_temp.import_row AS r SET reason = 'keluarga_unknown'
    WHERE r.reason IS NULL AND NOT EXISTS (SELECT FROM @registry@.keluarga AS k WHERE k.nkk = r.nkk);
    UPDATE pg_temp.import_row AS r
    SET reason = CASE WHEN d.n > 1 THEN 'duplicate_line' ELSE 'second_head' END
    FROM (SELECT line_number, n,
            count(*) FILTER (WHERE hubungan = 1 AND n = 1)
                OVER (PARTITION BY nkk ORDER BY line_number) AS heads, hubungan
        FROM (SELECT line_number, nkk, hubungan,
                row_number() OVER (PARTITION BY nkk, nik, tanggal_lahir ORDER BY line_number) AS n
            FROM pg_temp.import_row WHERE reason IS NULL) AS f) AS d
    WHERE d.line_number = r.line_number AND (d.n > 1 OR (d.hubungan = 1 AND d.heads > 1));

    -- The row of the same family with the same day of birth; where family and
    -- file have the NIK once, whatever the day. Or else the only row with this
    -- NIK, if the file has it once: that person changed family.
    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_plan ON COMMIT DROP AS
        SELECT r.line_number, k.id AS keluarga_id, k.wilayah, a.id AS anggota_id,
            a.hubungan AS old_hubungan, a.status AS old_status, r.hubungan,
            CASE WHEN a.id IS NULL THEN 'new'
                WHEN (a.keluarga_id, %s) IS DISTINCT FROM (k.id, %s) THEN 'changed'
                ELSE 'same' END AS action
        FROM (SELECT *, count(*) OVER (PARTITION BY nik) AS lines,
                count(*) OVER (PARTITION BY nik, nkk) AS family_lines
            FROM pg_temp.import_row WHERE reason IS NULL) AS r
        JOIN @registry@.keluarga AS k ON k.nkk = r.nkk
        LEFT JOIN (SELECT *, count(*) OVER (PARTITION BY nik) AS rows,
                count(*) OVER (PARTITION BY nik, keluarga_id) AS family_rows
            FROM @registry@.anggota) AS a
            ON a.nik = r.nik AND CASE WHEN a.keluarga_id = k.id
                THEN a.tanggal_lahir IS NOT DISTINCT FROM r.tanggal_lahir
                    OR (a.family_rows = 1 AND r.family_lines = 1)
                ELSE a.rows = 1 AND r.lines = 1 END
        $sql$, @registry@.import_columns('anggota', 'a.'), @registry@.import_columns('anggota', 'r.'));

    -- A head cannot come in where another stays, or where the old one leaves
    -- only to head another family in the same file.
    WITH refused AS (
        DELETE FROM pg_temp.import_plan AS p
        USING @registry@.anggota AS h
        WHERE p.hubungan = 1 AND coalesce(p.old_status, 'aktif') = 'aktif'
        AND h.keluarga_id = p.keluarga_id AND h.hubungan = 1 AND h.status = 'aktif'
        AND h.id IS DISTINCT FROM p.anggota_id
        AND NOT EXISTS (SELECT FROM pg_temp.import_plan AS o
            WHERE o.anggota_id = h.id AND o.hubungan <> 1)
        RETURNING p.line_number)
    UPDATE pg_temp.import_row AS r SET reason = 'second_head'
    FROM refused WHERE refused.line_number = r.line_number;
    ANALYZE pg_temp.import_plan;
END $$;
COMMENT ON FUNCTION @registry@.import_plan_anggota() IS 'Refuses persons of unknown families, double lines and second heads, and plans the rest';

CREATE FUNCTION @registry@.import_anggota(file_name text)
    RETURNS TABLE (import_id bigint, is_repeat boolean, read_count bigint, accepted_count bigint,
        refused_count bigint, new_count bigint, changed_count bigint, same_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET timezone = 'Asia/Jakarta' SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run @registry@.import_run := @registry@.import_known('anggota');
    leaving text;
BEGIN
    IF run.id IS NOT NULL THEN
        RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, true);
        RETURN;
    END IF;
    PERFORM @registry@.import_check('anggota');
    PERFORM @registry@.import_plan_anggota();
    run := @registry@.import_record(run, file_name);

    -- former heads first, so that no family has two for a moment
    FOREACH leaving IN ARRAY ARRAY['p.old_hubungan = 1 AND p.hubungan <> 1',
        'NOT (p.old_hubungan = 1 AND p.hubungan <> 1)'] LOOP
        EXECUTE format($sql$
            UPDATE @registry@.anggota AS a
            SET (keluarga_id, wilayah, import_id, changed_at, member_since, %s)
                = ROW (p.keluarga_id, p.wilayah, $1, now(),
                    CASE WHEN (a.keluarga_id, a.hubungan) = (p.keluarga_id, p.hubungan)
                        THEN a.member_since ELSE greatest(a.member_since, CURRENT_DATE) END, %s)
            FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
            WHERE p.action = 'changed' AND a.id = p.anggota_id AND (%s)
            $sql$, @registry@.import_columns('anggota', ''),
            @registry@.import_columns('anggota', 'r.'), leaving)
        USING run.id;
    END LOOP;
    EXECUTE format($sql$
        INSERT INTO @registry@.anggota (keluarga_id, wilayah, import_id, %s)
        SELECT p.keluarga_id, p.wilayah, $1, %s
        FROM pg_temp.import_row AS r JOIN pg_temp.import_plan AS p USING (line_number)
        WHERE p.action = 'new' ORDER BY p.keluarga_id, r.hubungan, r.line_number
        $sql$, @registry@.import_columns('anggota', ''), @registry@.import_columns('anggota', 'r.'))
    USING run.id;
    RETURN QUERY SELECT * FROM @registry@.import_answer(run.id, false);
END $$;
COMMENT ON FUNCTION @registry@.import_anggota(text) IS 'Imports the staged person file: new persons come in, changed ones are changed, a person may change family; the same file twice changes nothing';
