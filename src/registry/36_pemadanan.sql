-- Registry @registry@: matching against the civil registry.

CREATE FUNCTION @registry@.pemadanan_run(threshold double precision DEFAULT 0.8)
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    run_id bigint;
BEGIN
    IF threshold BETWEEN 0 AND 1 IS NOT TRUE THEN
        RAISE EXCEPTION 'threshold must be from 0 to 1' USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'It is the similarity of two names from which they count as equal.',
            HINT = 'Leave it away for 0.8.';
    END IF;
    DROP TABLE IF EXISTS pg_temp.match_row;
    CREATE TEMPORARY TABLE match_row ON COMMIT DROP AS
        SELECT m.id, m.wilayah, m.nik, m.nama, m.tanggal_lahir, m.similarity, CASE
            WHEN NOT nik_is_valid(m.nik) THEN 'format_salah'
            WHEN m.rows > 1 THEN 'nik_ganda'
            WHEN m.similarity IS NULL THEN 'nik_tidak_ditemukan'
            WHEN m.status_hidup = 'meninggal' THEN 'meninggal'
            WHEN m.status_hidup = 'pindah' THEN 'pindah'
            WHEN m.similarity < threshold THEN 'padan_nama_beda'
            WHEN m.tanggal_lahir <> m.civil_tanggal_lahir THEN 'padan_tgl_beda'
            WHEN m.nkk <> m.civil_nkk THEN 'padan_kk_beda'
            ELSE 'padan' END AS status
        FROM (SELECT a.id, a.wilayah, a.nik, a.nama, a.tanggal_lahir, a.rows, a.nkk,
                d.nkk AS civil_nkk, d.tanggal_lahir AS civil_tanggal_lahir, d.status_hidup,
                nama_similarity(a.nama, d.nama) AS similarity
            -- who is in a family that was taken out is no second record
            FROM (SELECT p.*, f.nkk, count(*) FILTER (WHERE f.status = 'aktif') OVER (PARTITION BY p.nik) AS rows
                FROM @registry@.anggota AS p JOIN @registry@.keluarga AS f ON f.id = p.keluarga_id
                WHERE p.status = 'aktif') AS a
            LEFT JOIN @registry@.dukcapil AS d
                ON d.nik = a.nik AND d.owner_scope = (SELECT @registry@.scope_common())
            OFFSET 0) AS m;
    ANALYZE pg_temp.match_row;

    INSERT INTO @registry@.pemadanan (threshold, person_count)
    SELECT pemadanan_run.threshold, count(*) FROM pg_temp.match_row
    RETURNING id INTO run_id;
    -- Whose NIK leads nowhere may be one edit away from his own.
    INSERT INTO @registry@.pemadanan_result
        (pemadanan_id, anggota_id, wilayah, status, nama_similarity, suggested_nik, suggestion_count,
        is_suggestion_held)
    SELECT run_id, m.id, m.wilayah, m.status, m.similarity,
        CASE WHEN s.n = 1 THEN s.nik END, coalesce(s.n, 0),
        coalesce(s.n = 1 AND EXISTS (SELECT FROM @registry@.anggota AS o
            WHERE o.nik = s.nik AND o.status = 'aktif' AND o.id <> m.id), false)
    FROM pg_temp.match_row AS m
    LEFT JOIN (SELECT w.id, count(*) AS n, (array_agg(d.nik))[1] AS nik
        FROM pg_temp.match_row AS w
        JOIN @registry@.dukcapil AS d ON d.nik % w.nik
            AND d.owner_scope = (SELECT @registry@.scope_common())
            AND d.nik <> w.nik AND d.tanggal_lahir = w.tanggal_lahir
            AND nama_similarity(d.nama, w.nama) >= threshold
        WHERE w.status IN ('format_salah', 'nik_ganda', 'nik_tidak_ditemukan', 'padan_nama_beda')
        GROUP BY w.id) AS s USING (id)
    ORDER BY m.id;
    PERFORM @registry@.padan_summarise(run_id);
    RETURN run_id;
END $$;
COMMENT ON FUNCTION @registry@.pemadanan_run(double precision) IS 'Matches all active persons that the login sees against its extract of the civil registry; returns the number of the run';

CREATE FUNCTION @registry@.pemadanan_known(run_id bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM @registry@.pemadanan AS p WHERE p.id = run_id) THEN
        RAISE EXCEPTION 'there is no run % of matching', run_id USING ERRCODE = 'no_data_found', DETAIL = 'Nothing was counted or changed.', HINT = 'Table pemadanan lists the runs; one that pemadanan_run() makes is seen from the next statement on.';
    END IF;
    RETURN run_id;
END $$;
COMMENT ON FUNCTION @registry@.pemadanan_known(bigint) IS 'The run of matching, if there is one of this number; else an error';

CREATE FUNCTION @registry@.pemadanan_summary(run_id bigint)
    RETURNS TABLE (verdict varchar, status varchar, label_en varchar, persons bigint, suggested bigint)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT @registry@.pemadanan_known(run_id);
    SELECT p.verdict, p.status, p.label_en, count(r.anggota_id), count(r.suggested_nik)
    FROM @registry@.padan_status AS p
    LEFT JOIN @registry@.pemadanan_result AS r ON r.status = p.status AND r.pemadanan_id = run_id
    GROUP BY p.status ORDER BY p.sort_order DESC
$$;
COMMENT ON FUNCTION @registry@.pemadanan_summary(bigint) IS 'Persons of a run of matching by finding';
