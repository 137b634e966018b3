-- Registry @registry@: reports. Each runs with the rights of who asks, so that
-- it counts the regions that he sees.

CREATE FUNCTION @registry@.desil_of(d @registry@.desil, scope text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE scope WHEN 'nasional' THEN d.desil_nasional WHEN 'provinsi' THEN d.desil_provinsi
        WHEN 'kabupaten' THEN d.desil_kabupaten END::integer;
COMMENT ON FUNCTION @registry@.desil_of(@registry@.desil, text) IS 'Decile of a family by its scope: nasional, provinsi or kabupaten';

CREATE FUNCTION @registry@.scope_known(scope text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF scope IN ('nasional', 'provinsi', 'kabupaten') IS NOT TRUE THEN
        RAISE EXCEPTION 'a decile has no scope "%"', scope USING ERRCODE = 'invalid_parameter_value', DETAIL = 'Nothing was counted or changed.', HINT = 'It is nasional, provinsi or kabupaten.';
    END IF;
    RETURN scope;
END $$;
COMMENT ON FUNCTION @registry@.scope_known(text) IS 'The scope of a decile, if there is such a one; else an error';

CREATE FUNCTION @registry@.movement_label(change integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN change <= -7 THEN 'extreme_fall' WHEN change <= -4 THEN 'significant_fall' WHEN change < 0 THEN 'fall'
        WHEN change = 0 THEN 'same' WHEN change <= 3 THEN 'rise' WHEN change <= 6 THEN 'significant_rise'
        WHEN change > 6 THEN 'extreme_rise' END;
COMMENT ON FUNCTION @registry@.movement_label(integer) IS 'Name of a change of decile: extreme from 7, significant from 4; NULL: not ranked in one of the editions';

CREATE FUNCTION @registry@.report_movement(from_edisi integer, to_edisi integer, scope text DEFAULT 'nasional')
    RETURNS TABLE (from_desil integer, to_desil integer, families bigint, persons bigint)
    LANGUAGE sql STABLE ROWS 121 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT @registry@.edisi_known(from_edisi), @registry@.edisi_known(to_edisi), @registry@.scope_known(scope);
    SELECT @registry@.desil_of(o, scope), @registry@.desil_of(n, scope), count(*), sum(n.person_count)
    FROM (SELECT * FROM @registry@.desil AS d WHERE d.edisi_id = from_edisi) AS o
    JOIN (SELECT * FROM @registry@.desil AS d WHERE d.edisi_id = to_edisi) AS n USING (keluarga_id)
    GROUP BY 1, 2 ORDER BY 1, 2
$$;
COMMENT ON FUNCTION @registry@.report_movement(integer, integer, text) IS 'How many families, and persons of the later edition, moved from which decile to which; families of both editions only';

CREATE FUNCTION @registry@.report_movers(from_edisi integer, to_edisi integer, smallest integer DEFAULT 4, scope text DEFAULT 'nasional')
    RETURNS TABLE (keluarga_id bigint, wilayah dtsen.kode_wilayah, from_desil integer, to_desil integer, movement text,
        source text, score_effect integer, cut_effect integer)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT @registry@.edisi_known(from_edisi), @registry@.edisi_known(to_edisi), @registry@.scope_known(scope), @registry@.argument_within('smallest', smallest, 0, 9);
    -- What the new cuts alone would have done to the old score is the effect of
    -- the cuts, the rest that of the score.
    SELECT m.keluarga_id, m.wilayah, m.old_desil, m.new_desil, @registry@.movement_label(m.new_desil - m.old_desil),
        CASE WHEN k.is_gc_kemensos THEN 'ground_check' WHEN k.is_pbi_se THEN 'pbi_se' WHEN k.is_siks_ng THEN 'siks_ng' ELSE 'other' END,
        m.new_desil - desil(m.old_skor, c.cuts)::integer, desil(m.old_skor, c.cuts)::integer - m.old_desil
    FROM (SELECT n.keluarga_id, n.wilayah, o.skor AS old_skor, @registry@.desil_of(o, scope) AS old_desil,
            @registry@.desil_of(n, scope) AS new_desil, CASE scope WHEN 'provinsi' THEN wilayah_parent(n.wilayah, 1)
                WHEN 'kabupaten' THEN wilayah_parent(n.wilayah, 2) END AS part
        FROM (SELECT * FROM @registry@.desil AS d WHERE d.edisi_id = from_edisi) AS o
        JOIN (SELECT * FROM @registry@.desil AS d WHERE d.edisi_id = to_edisi) AS n USING (keluarga_id)) AS m
    JOIN @registry@.keluarga AS k ON k.id = m.keluarga_id
    LEFT JOIN (SELECT x.wilayah, array_agg(x.cut ORDER BY x.number) AS cuts FROM @registry@.desil_cut AS x
        WHERE x.edisi_id = to_edisi GROUP BY x.wilayah HAVING count(*) = 9) AS c ON c.wilayah IS NOT DISTINCT FROM m.part
    WHERE abs(m.new_desil - m.old_desil) >= smallest
    ORDER BY abs(m.new_desil - m.old_desil) DESC, m.keluarga_id
$$;
COMMENT ON FUNCTION @registry@.report_movers(integer, integer, integer, text) IS 'Families whose decile changed by so much or more, with what brought their data and how much of the change is due to their score and to the cuts';

CREATE FUNCTION @registry@.report_anomaly(asof date DEFAULT CURRENT_DATE)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, keluarga_id bigint, anggota_id bigint, code text, severity text, days integer)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT x.wilayah, x.keluarga_id, x.anggota_id, x.code, x.severity, greatest(asof - x.since::date, 0)
    FROM (
        SELECT a.wilayah, a.keluarga_id, a.id AS anggota_id, 'nik_' || e.code AS code, 'error' AS severity, a.changed_at AS since
        FROM @registry@.anggota AS a, unnest(nik_errors(a.nik, asof)) AS e (code) WHERE a.status = 'aktif'
        UNION ALL
        SELECT a.wilayah, a.keluarga_id, a.id, 'nik_twice', 'error', a.changed_at
        FROM (SELECT m.*, count(*) OVER (PARTITION BY m.nik) AS n FROM @registry@.anggota AS m
            JOIN @registry@.keluarga AS k ON k.id = m.keluarga_id AND k.status = 'aktif' WHERE m.status = 'aktif') AS a WHERE a.n > 1
        UNION ALL
        SELECT a.wilayah, a.keluarga_id, a.id, f.code, f.severity, a.changed_at
        FROM @registry@.anggota AS a,
        LATERAL (VALUES (a.tanggal_lahir IS NULL, 'birth_date_missing', 'warning'), (a.jenis_kelamin IS NULL, 'sex_missing', 'warning'),
            (a.tanggal_lahir > asof, 'born_later', 'error'), (a.tanggal_lahir < asof - interval '120 years', 'older_than_120', 'warning')) AS f (is_so, code, severity)
        WHERE a.status = 'aktif' AND f.is_so
        UNION ALL
        SELECT k.wilayah, k.id, NULL, f.code, f.severity, k.changed_at
        FROM @registry@.keluarga AS k
        LEFT JOIN (SELECT m.keluarga_id, count(*) AS n, count(*) FILTER (WHERE m.hubungan = 1) AS heads
            FROM @registry@.anggota AS m WHERE m.status = 'aktif' GROUP BY 1) AS c ON c.keluarga_id = k.id,
        LATERAL (VALUES (c.n IS NULL, 'no_member', 'error'), (c.n > 0 AND c.heads = 0, 'no_head', 'error'),
            (c.n <> k.jumlah_anggota, 'members_not_as_declared', 'warning')) AS f (is_so, code, severity)
        WHERE k.status = 'aktif' AND f.is_so
        UNION ALL
        SELECT c.wilayah, c.keluarga_id, c.id, f.code, f.severity, c.changed_at
        FROM @registry@.anggota AS c
        JOIN @registry@.anggota AS h ON h.keluarga_id = c.keluarga_id AND h.hubungan = 1 AND h.status = 'aktif',
        LATERAL (VALUES (c.hubungan = 3 AND c.tanggal_lahir <= h.tanggal_lahir, 'child_older_than_head', 'error'),
            (c.hubungan = 3 AND c.tanggal_lahir > h.tanggal_lahir AND c.tanggal_lahir < h.tanggal_lahir + interval '10 years', 'child_close_to_head', 'warning'),
            (c.hubungan = 2 AND c.jenis_kelamin = h.jenis_kelamin, 'spouse_of_same_sex', 'error')) AS f (is_so, code, severity)
        WHERE c.status = 'aktif' AND c.id <> h.id AND f.is_so) AS x
$$;
COMMENT ON FUNCTION @registry@.report_anomaly(date) IS 'What is wrong, or looks wrong, with persons and families, and for how many days: since the record last changed. The village of the record mends it';

CREATE FUNCTION @registry@.report_worklist(edisi_id integer, last_desil integer DEFAULT 2, months integer DEFAULT 3)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, keluarga_id bigint, desil integer, last_visit date)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET timezone = 'Asia/Jakarta'
AS $$
    SELECT @registry@.edisi_known(edisi_id), @registry@.argument_within('last_desil', last_desil, 1, 10), @registry@.argument_within('months', months, 0, NULL);
    SELECT d.wilayah, d.keluarga_id, d.desil_nasional::integer, v.last
    FROM @registry@.desil AS d
    JOIN @registry@.keluarga AS k ON k.id = d.keluarga_id AND k.status = 'aktif'
    LEFT JOIN (SELECT x.keluarga_id, max(x.visited_on) AS last FROM @registry@.kunjungan AS x
        JOIN @registry@.kunjungan_result AS r ON r.code = x.result AND r.is_done GROUP BY 1) AS v ON v.keluarga_id = d.keluarga_id
    WHERE d.edisi_id = report_worklist.edisi_id AND d.desil_nasional <= last_desil
    AND (v.last IS NULL OR v.last < CURRENT_DATE - make_interval(months => months))
    ORDER BY d.wilayah, d.desil_nasional, d.keluarga_id
$$;
COMMENT ON FUNCTION @registry@.report_worklist(integer, integer, integer) IS 'Poor families of an edition whom nobody has seen for so many months';

CREATE FUNCTION @registry@.report_unregistered()
    RETURNS TABLE (wilayah dtsen.kode_wilayah, cards bigint, persons bigint)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT d.wilayah, count(DISTINCT d.nkk), count(*)
    FROM @registry@.dukcapil AS d
    WHERE d.owner_scope = (SELECT @registry@.scope_common()) AND d.status_hidup = 'hidup' AND d.nkk IS NOT NULL
    AND NOT EXISTS (SELECT FROM @registry@.keluarga AS k WHERE k.nkk = d.nkk)
    AND NOT EXISTS (SELECT FROM @registry@.keluarga_nkk AS o WHERE o.nkk = d.nkk)
    AND NOT EXISTS (SELECT FROM @registry@.anggota AS a WHERE a.nik = d.nik AND a.status = 'aktif')
    GROUP BY 1 ORDER BY 1
$$;
COMMENT ON FUNCTION @registry@.report_unregistered() IS 'Family cards, and their living persons, of the civil registry that this registry does not know, by village';

CREATE FUNCTION @registry@.report_funnel(edisi_id integer)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, state text, label_en text, proposals bigint, oldest_days integer, days_to_cut_off integer)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
    SELECT @registry@.edisi_known(edisi_id);
    SELECT u.wilayah, u.state::text, s.label_en::text, count(*), CURRENT_DATE - min(u.changed_at)::date, e.cut_off_at::date - CURRENT_DATE
    FROM @registry@.usulan AS u JOIN @registry@.edisi AS e ON e.id = u.edisi_id
    JOIN @registry@.state AS s ON s.machine = 'usulan' AND s.state = u.state
    WHERE u.edisi_id = report_funnel.edisi_id
    GROUP BY u.wilayah, u.state, s.label_en, s.sort_order, e.cut_off_at ORDER BY u.wilayah, s.sort_order
$$;
COMMENT ON FUNCTION @registry@.report_funnel(integer) IS 'Proposals of an edition by village and state, how long the oldest has been in it, and the days to the cut-off (negative: passed)';

CREATE FUNCTION @registry@.report_evidence()
    RETURNS TABLE (wilayah dtsen.kode_wilayah, musyawarah_id bigint, held_on date, state text, missing text[])
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT m.wilayah, m.id, m.held_on, m.state::text, ARRAY(SELECT n.kind::text FROM @registry@.bukti_kind AS n
        WHERE n.of_meeting AND NOT EXISTS (SELECT FROM @registry@.bukti AS b WHERE b.musyawarah_id = m.id AND b.kind = n.kind)
        ORDER BY n.kind COLLATE "C")
    FROM @registry@.musyawarah AS m WHERE m.state <> 'batal' ORDER BY m.wilayah, m.held_on
$$;
COMMENT ON FUNCTION @registry@.report_evidence() IS 'Which evidence each village meeting lacks; an empty list: none';

CREATE FUNCTION @registry@.quality_counts(asof date)
    RETURNS TABLE (kecamatan dtsen.kode_wilayah, persons bigint, matched bigint, agreed bigint, asked bigint, filled bigint, recent bigint)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT wilayah_parent(a.wilayah), count(*), count(s.verdict), count(*) FILTER (WHERE s.verdict = 'agree'), 15 * count(*),
        sum(num_nonnulls(a.tanggal_lahir, a.jenis_kelamin, a.status_kawin, a.partisipasi_sekolah, a.jenjang_tertinggi,
            a.status_bekerja, a.penglihatan, a.mengurus_diri, h.jenis_lantai_terluas, h.jenis_dinding_terluas, h.jenis_atap_terluas,
            h.sumber_air_minum_utama, h.sumber_penerangan_utama, h.fasilitas_bab, t.kepemilikan_aset)),
        count(*) FILTER (WHERE greatest(a.changed_at::date, k.changed_at::date, v.last) >= asof - interval '3 months')
    FROM @registry@.anggota AS a
    JOIN @registry@.keluarga AS k ON k.id = a.keluarga_id AND k.status = 'aktif'
    LEFT JOIN @registry@.rumah AS h ON h.keluarga_id = a.keluarga_id
    LEFT JOIN @registry@.aset AS t ON t.keluarga_id = a.keluarga_id
    -- each region runs its own matching: the last one that judged the person
    LEFT JOIN @registry@.padan_status AS s ON s.status = (SELECT r.status FROM @registry@.pemadanan_result AS r
        WHERE r.anggota_id = a.id ORDER BY r.pemadanan_id DESC LIMIT 1)
    LEFT JOIN (SELECT x.keluarga_id, max(x.visited_on) AS last FROM @registry@.kunjungan AS x GROUP BY 1) AS v ON v.keluarga_id = a.keluarga_id
    WHERE a.status = 'aktif'
    GROUP BY 1 ORDER BY 1
$$;
COMMENT ON FUNCTION @registry@.quality_counts(date) IS 'Per district: active persons, those whom a run of matching judged and those who agree by the last one that judged them; variables asked (fifteen a person, house and assets included) and filled; persons changed or visited within three months';

CREATE FUNCTION @registry@.report_quality(asof date DEFAULT CURRENT_DATE)
    RETURNS TABLE (kecamatan dtsen.kode_wilayah, persons bigint, accuracy numeric, completeness numeric, currency numeric)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT q.kecamatan, q.persons, round(100.0 * q.agreed / nullif(q.matched, 0), 1), round(100.0 * q.filled / q.asked, 1),
        round(100.0 * q.recent / q.persons, 1)
    FROM @registry@.quality_counts(asof) AS q ORDER BY q.kecamatan
$$;
COMMENT ON FUNCTION @registry@.report_quality(date) IS 'Per district, in percent of active persons: accuracy (matched with the civil registry in the last run that judged them), completeness (of fifteen variables of person, house and assets, the share that is filled), currency (changed or visited within three months)';

CREATE FUNCTION @registry@.report_control_totals()
    RETURNS TABLE (name text, source text, noted_on date, wilayah dtsen.kode_wilayah, unit text, total bigint, parts_sum bigint,
        difference bigint, registry_count bigint, verdict text)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT c.name::text, c.source::text, c.noted_on, c.wilayah, c.unit::text, c.total, p.total, p.total - c.total, r.n,
        CASE WHEN p.total IS NULL THEN 'no parts' WHEN p.total <> c.total THEN 'parts do not add up' ELSE 'parts add up' END
    FROM @registry@.control_total AS c
    LEFT JOIN LATERAL (SELECT sum(x.value)::bigint AS total, array_agg(x.desil) AS desils FROM @registry@.control_part AS x
        WHERE x.control_id = c.id) AS p ON true
    LEFT JOIN LATERAL (SELECT CASE c.unit WHEN 'keluarga' THEN count(*) ELSE sum(d.person_count) END::bigint AS n
        FROM @registry@.desil AS d
        WHERE d.edisi_id = c.edisi_id AND (c.wilayah IS NULL OR d.wilayah <@ c.wilayah)
        AND (p.desils IS NULL OR array_position(p.desils, NULL) IS NOT NULL OR d.desil_nasional = ANY (p.desils))
        HAVING c.edisi_id IS NOT NULL) AS r ON true
    ORDER BY c.noted_on, c.name
$$;
COMMENT ON FUNCTION @registry@.report_control_totals() IS 'Published totals beside the sum of their published parts and the count of the registry (of the deciles that the parts name, in the edition of the total)';

CREATE FUNCTION @registry@.report_officer(from_day date, to_day date)
    RETURNS TABLE (login name, day date, proposals bigint, evidence bigint, visits bigint)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
    SELECT @registry@.days_in_order(from_day, to_day);
    SELECT x.login, x.day, count(*) FILTER (WHERE x.what = 'u'), count(*) FILTER (WHERE x.what = 'b'), count(*) FILTER (WHERE x.what = 'k')
    FROM (SELECT u.created_by, u.created_at::date, 'u' FROM @registry@.usulan AS u
        UNION ALL SELECT b.created_by, b.created_at::date, 'b' FROM @registry@.bukti AS b
        UNION ALL SELECT k.created_by, k.created_at::date, 'k' FROM @registry@.kunjungan AS k) AS x (login, day, what)
    WHERE x.day BETWEEN from_day AND to_day
    GROUP BY 1, 2 ORDER BY 1, 2
$$;
COMMENT ON FUNCTION @registry@.report_officer(date, date) IS 'Proposals, evidence and visits that each login entered, by day';

CREATE FUNCTION @registry@.report_exclusion(program text, edisi_id integer)
    RETURNS TABLE (kecamatan dtsen.kode_wilayah, entitled bigint, entitled_without bigint, without_right bigint)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT wilayah_parent(e.wilayah), count(*) FILTER (WHERE e.verdict = 'layak'),
        count(*) FILTER (WHERE e.verdict = 'layak' AND k.id IS NULL), count(*) FILTER (WHERE e.verdict = 'tidak_layak' AND k.id IS NOT NULL)
    FROM @registry@.program_eligibility(program, edisi_id) AS e
    LEFT JOIN @registry@.kepesertaan AS k ON k.program = report_exclusion.program AND k.valid_to IS NULL
        AND coalesce(k.anggota_id, k.keluarga_id) = coalesce(e.anggota_id, e.keluarga_id)
    GROUP BY 1 ORDER BY 1
$$;
COMMENT ON FUNCTION @registry@.report_exclusion(text, integer) IS 'Per district: who is entitled to a programme, of these who is not in it (exclusion), and who is in it without a right (inclusion)';
