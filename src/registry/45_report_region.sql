-- Registry @registry@: reports on regions, officers and programmes. Each runs
-- with the rights of who asks, but for the one that says otherwise.

CREATE FUNCTION @registry@.edisi_at(moment timestamptz) RETURNS integer
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT e.id FROM @registry@.edisi AS e
    WHERE e.state = 'terbit' AND e.published_at <= moment
    ORDER BY e.published_at DESC, e.id DESC LIMIT 1
$$;
COMMENT ON FUNCTION @registry@.edisi_at(timestamptz) IS 'The edition that was in force at a moment: the last one published until then; NULL: none';

CREATE FUNCTION @registry@.report_village(edisi_id integer, months integer DEFAULT 3)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, nama text, families bigint, is_closed boolean, is_absent boolean, waiting bigint,
        agreed bigint, last_meeting date, is_meeting_late boolean, days_to_cut_off integer)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET timezone = 'Asia/Jakarta'
AS $$
    SELECT @registry@.edisi_known(edisi_id), @registry@.argument_within('months', months, 0, NULL);
    SELECT k.wilayah, w.nama::text, k.n, t.edisi_id IS NOT NULL, coalesce(t.is_absent, false), coalesce(u.waiting, 0), coalesce(u.agreed, 0),
        m.last, coalesce(m.last < CURRENT_DATE - make_interval(months => months), true), e.cut_off_at::date - CURRENT_DATE
    FROM (SELECT f.wilayah, count(*) AS n FROM @registry@.keluarga AS f WHERE f.status = 'aktif' GROUP BY 1) AS k
    JOIN @registry@.wilayah AS w ON w.kode = k.wilayah
    JOIN @registry@.edisi AS e ON e.id = report_village.edisi_id
    LEFT JOIN @registry@.desa_tutup AS t ON t.edisi_id = e.id AND t.wilayah = k.wilayah
    LEFT JOIN (SELECT x.wilayah, count(*) FILTER (WHERE x.state IN ('draf', 'diajukan', 'dikembalikan')) AS waiting,
            count(*) FILTER (WHERE x.state IN ('disepakati', 'diverifikasi')) AS agreed
        FROM @registry@.usulan AS x WHERE x.edisi_id = report_village.edisi_id GROUP BY 1) AS u ON u.wilayah = k.wilayah
    LEFT JOIN (SELECT x.wilayah, max(x.held_on) AS last FROM @registry@.musyawarah AS x WHERE x.state = 'sah' GROUP BY 1) AS m
        ON m.wilayah = k.wilayah
    ORDER BY k.wilayah
$$;
COMMENT ON FUNCTION @registry@.report_village(integer, integer) IS 'Each village with families: whether it has closed an edition or is listed as absent, how many of its proposals wait in the village and how many at the social office, its last valid meeting and whether that is late, and the days to the cut-off (negative: passed)';

CREATE FUNCTION @registry@.report_stale(months integer DEFAULT 3)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, nama text, families bigint, last_change date, last_visit date, last_proposal date,
        days integer, is_stale boolean)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET timezone = 'Asia/Jakarta'
AS $$
    SELECT @registry@.argument_within('months', months, 0, NULL);
    SELECT k.wilayah, w.nama::text, k.n, k.last, v.last, u.last, CURRENT_DATE - greatest(k.last, v.last, u.last),
        greatest(k.last, v.last, u.last) < CURRENT_DATE - make_interval(months => months)
    FROM (SELECT f.wilayah, count(*) AS n, max(f.changed_at)::date AS last
        FROM @registry@.keluarga AS f WHERE f.status = 'aktif' GROUP BY 1) AS k
    JOIN @registry@.wilayah AS w ON w.kode = k.wilayah
    LEFT JOIN (SELECT x.wilayah, max(x.visited_on) AS last FROM @registry@.kunjungan AS x GROUP BY 1) AS v ON v.wilayah = k.wilayah
    LEFT JOIN (SELECT x.wilayah, max(x.changed_at)::date AS last FROM @registry@.usulan AS x
        WHERE x.state <> 'draf' GROUP BY 1) AS u ON u.wilayah = k.wilayah
    ORDER BY greatest(k.last, v.last, u.last), k.wilayah
$$;
COMMENT ON FUNCTION @registry@.report_stale(integer) IS 'Villages by the day on which anything of theirs was last updated: a family changed, a visit, a proposal submitted or decided; stale: not for so many months';

CREATE FUNCTION @registry@.report_persons(what text, asof date DEFAULT CURRENT_DATE)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, keluarga_id bigint, anggota_id bigint, age integer, sekolah text, disabilitas integer, hamil boolean, desil integer)
    LANGUAGE plpgsql STABLE ROWS 10000 SET search_path = pg_catalog, dtsen, pg_temp SET jit = off SET enable_nestloop = off
AS $$
#variable_conflict use_column
BEGIN
    IF what IN ('disabilitas', 'lansia', 'balita', 'usia_sekolah', 'tidak_sekolah', 'hamil') IS NOT TRUE THEN
        RAISE EXCEPTION 'there is no list "%" of persons', what USING ERRCODE = 'invalid_parameter_value', DETAIL = 'Nothing was counted or changed.',
            HINT = 'Lists are disabilitas, lansia, balita, usia_sekolah, tidak_sekolah and hamil.';
    END IF;
    RETURN QUERY SELECT k.wilayah, f.keluarga_id, f.anggota_id, f.age, f.sekolah, f.disabilitas, f.hamil, d.desil_nasional::integer
        FROM @registry@.anggota_facts(asof) AS f
        JOIN @registry@.keluarga AS k ON k.id = f.keluarga_id AND k.status = 'aktif'
        LEFT JOIN (SELECT * FROM @registry@.desil AS x WHERE x.edisi_id = (SELECT @registry@.edisi_at(now()))) AS d ON d.keluarga_id = f.keluarga_id
        WHERE CASE what WHEN 'disabilitas' THEN f.disabilitas > 0 WHEN 'lansia' THEN f.age >= 60 WHEN 'balita' THEN f.age < 5
            WHEN 'usia_sekolah' THEN f.age BETWEEN 7 AND 18 WHEN 'tidak_sekolah' THEN f.age BETWEEN 7 AND 18 AND f.sekolah IN ('belum', 'tidak')
            ELSE f.hamil END
        ORDER BY k.wilayah, f.keluarga_id, f.anggota_id;
END $$;
COMMENT ON FUNCTION @registry@.report_persons(text, date) IS 'Active persons with a disability (disabilitas, 2: severe), of 60 years and more (lansia), below 5 (balita), from 7 to 18 (usia_sekolah), of these who attend no school (tidak_sekolah), or pregnant (hamil), at a date, with the national decile of their family in the edition in force';

CREATE FUNCTION @registry@.report_operator()
    RETURNS TABLE (wilayah dtsen.kode_wilayah, nama text, operators bigint, heads bigint, problem text)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp SET jit = off SET enable_nestloop = off
AS $$
    WITH a AS MATERIALIZED (SELECT replace(x.wilayah, '.', '') AS kode, count(*) FILTER (WHERE x.actor_role = 'operator_desa') AS operators,
            count(*) FILTER (WHERE x.actor_role = 'kades') AS heads
        FROM @registry@.actor AS x WHERE x.actor_role IN ('operator_desa', 'kades') GROUP BY 1),
    w AS MATERIALIZED (
        SELECT v.kode, v.nama::text AS nama, v.status FROM @registry@.wilayah AS v
        WHERE v.level = 4 AND v.kode >= (SELECT @registry@.scope_low()) AND v.kode <= (SELECT @registry@.scope_high())
        AND ((SELECT @registry@.scope_list() IS NULL) OR v.kode = ANY ((SELECT @registry@.scope_list())::kode_wilayah[])))
    SELECT w.kode, w.nama, c.operators, c.heads,
        CASE WHEN w.status <> 'present' THEN 'the code of the village is retired'
            WHEN c.operators = 0 THEN 'no operator' WHEN c.heads = 0 THEN 'no head of the village' END
    FROM w LEFT JOIN a ON a.kode = w.kode::text
    CROSS JOIN LATERAL (SELECT coalesce(a.operators, 0) AS operators, coalesce(a.heads, 0) AS heads) AS c
    WHERE w.status = 'present' OR c.operators + c.heads > 0
    ORDER BY w.kode
$$;
COMMENT ON FUNCTION @registry@.report_operator() IS 'Logins of operators and heads for each village of the region table that the caller sees, and what is missing. SECURITY DEFINER, because nobody but the owner reads actor; it names no login';

CREATE FUNCTION @registry@.report_program_audit(edisi_id integer)
    RETURNS TABLE (program text, unit text, recipients bigint, matched bigint, gone bigint, number_twice bigint, outside_rule bigint,
        double_aid bigint, clean bigint, score numeric)
    LANGUAGE plpgsql STABLE ROWS 20 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    due date := (SELECT (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date FROM @registry@.edisi AS e WHERE e.id = report_program_audit.edisi_id);
    p record;
BEGIN
    PERFORM @registry@.edisi_known(edisi_id);
    FOR p IN SELECT x.program, x.unit, EXISTS (SELECT FROM @registry@.program_rule AS r WHERE r.program = x.program AND r.valid_from <= due) AS has_rule
        FROM @registry@.program AS x
        WHERE EXISTS (SELECT FROM @registry@.kepesertaan AS k WHERE k.program = x.program AND k.valid_to IS NULL)
        ORDER BY x.program COLLATE "C"
    LOOP
        -- the person of a programme of persons, the head of a family for one of families
        RETURN QUERY
        WITH r AS (
            SELECT k.id, s.verdict, d.verdict AS by_rule,
                EXISTS (SELECT FROM @registry@.penerimaan AS x JOIN @registry@.penerimaan AS y USING (keluarga_id, period)
                    JOIN @registry@.program AS q ON q.program = y.program AND q.exclusive_group = k.exclusive_group
                    WHERE x.keluarga_id = k.keluarga_id AND x.program = k.program AND y.program <> k.program
                    AND y.anggota_id IS NOT DISTINCT FROM x.anggota_id AND x.anggota_id IS NOT DISTINCT FROM k.anggota_id) AS is_double
            FROM @registry@.kepesertaan AS k
            LEFT JOIN @registry@.anggota AS a ON a.id = coalesce(k.anggota_id, (SELECT h.id FROM @registry@.anggota AS h
                WHERE h.keluarga_id = k.keluarga_id AND h.hubungan = 1 AND h.status = 'aktif'))
            LEFT JOIN @registry@.padan_status AS s ON s.status = (SELECT x.status FROM @registry@.pemadanan_result AS x
                WHERE x.anggota_id = a.id ORDER BY x.pemadanan_id DESC LIMIT 1)
            -- nobody is entitled to a programme that has no rule
            LEFT JOIN (SELECT * FROM @registry@.program_eligibility(p.program, report_program_audit.edisi_id) AS x WHERE p.has_rule) AS d
                ON coalesce(d.anggota_id, d.keluarga_id) = coalesce(k.anggota_id, k.keluarga_id)
            WHERE k.program = p.program AND k.valid_to IS NULL),
        c AS (SELECT count(*) AS n, count(*) FILTER (WHERE r.verdict IN ('agree', 'differ')) AS matched,
                count(*) FILTER (WHERE r.verdict = 'gone') AS gone, count(*) FILTER (WHERE r.verdict = 'duplicate') AS twice,
                count(*) FILTER (WHERE r.by_rule IS DISTINCT FROM 'layak') AS outside, count(*) FILTER (WHERE r.is_double) AS doubled,
                count(*) FILTER (WHERE r.verdict IN ('agree', 'differ') AND r.by_rule = 'layak' AND NOT r.is_double) AS clean
            FROM r)
        SELECT p.program::text, p.unit::text, c.n, c.matched, c.gone, c.twice, c.outside, c.doubled, c.clean,
            round(100.0 * c.clean / c.n, 1)
        FROM c;
    END LOOP;
END $$;
COMMENT ON FUNCTION @registry@.report_program_audit(integer) IS 'For auditors, by programme: recipients of now; whose NIK (of the person, or of the head of the family) their last matching found with the civil registry; who is dead or moved there; whose NIK several records bear; whom the rules of the edition do not take; who was paid by two programmes of a group for one month; and how many have none of these findings, in percent';

CREATE FUNCTION @registry@.round_known(round_id integer) RETURNS integer
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM @registry@.verification_round AS r WHERE r.id = round_id) THEN
        RAISE EXCEPTION 'there is no round %', round_id USING ERRCODE = 'no_data_found', DETAIL = 'Nothing was counted or changed.', HINT = 'Table verification_round lists those of your regions.';
    END IF;
    RETURN round_id;
END $$;
COMMENT ON FUNCTION @registry@.round_known(integer) IS 'The round of verification, if the caller sees one of this number; else an error';

CREATE FUNCTION @registry@.report_round(round_id integer)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, nama text, families bigint, seen bigint, not_found bigint, open bigint, percent_seen numeric)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT @registry@.round_known(round_id);
    -- the last visit within the round counts
    SELECT d.wilayah, w.nama::text, count(*), count(*) FILTER (WHERE v.is_done), count(*) FILTER (WHERE NOT v.is_done),
        count(*) FILTER (WHERE v.is_done IS NULL), round(100.0 * count(*) FILTER (WHERE v.is_done) / count(*), 1)
    FROM @registry@.verification_round AS r
    JOIN @registry@.desil AS d ON d.edisi_id = r.edisi_id AND d.desil_nasional <= r.desil_to AND d.wilayah <@ r.wilayah
    JOIN @registry@.keluarga AS k ON k.id = d.keluarga_id AND k.status = 'aktif'
    JOIN @registry@.wilayah AS w ON w.kode = d.wilayah
    LEFT JOIN (SELECT DISTINCT ON (x.keluarga_id) x.keluarga_id, n.is_done
        FROM @registry@.kunjungan AS x JOIN @registry@.kunjungan_result AS n ON n.code = x.result
        JOIN @registry@.verification_round AS y ON y.id = round_id AND x.visited_on BETWEEN y.from_day AND y.to_day
        ORDER BY x.keluarga_id, x.visited_on DESC, x.id DESC) AS v ON v.keluarga_id = d.keluarga_id
    WHERE r.id = round_id
    GROUP BY d.wilayah, w.nama ORDER BY d.wilayah
$$;
COMMENT ON FUNCTION @registry@.report_round(integer) IS 'How far a round of verification is, by village: families to visit, seen, not found, not yet visited';

CREATE FUNCTION @registry@.report_legal_basis()
    RETURNS TABLE (act text, used_by text, object text, replaced_by text)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT coalesce(d.act, u.act)::text, u.used_by, u.object,
        CASE WHEN d.act IS NULL THEN 'not in the list of acts' ELSE d.replaced_by::text END
    FROM (SELECT x.* FROM (
            SELECT p.legal_basis, 'program', p.program::text FROM @registry@.program AS p
            UNION ALL SELECT r.legal_basis, 'program_rule', r.program || ' from ' || r.valid_from FROM @registry@.program_rule AS r
            UNION ALL SELECT f.legal_basis, 'program_flag', f.program || ': ' || f.kind FROM @registry@.program_flag AS f
            UNION ALL SELECT k.legal_basis, 'kepesertaan_reason', k.reason::text FROM @registry@.kepesertaan_reason AS k) AS x (act, used_by, object)
        WHERE x.act IS NOT NULL) AS u
    FULL JOIN @registry@.dasar_hukum AS d ON u.act = d.act
    ORDER BY coalesce(d.act, u.act) COLLATE "C", u.used_by COLLATE "C", u.object COLLATE "C"
$$;
COMMENT ON FUNCTION @registry@.report_legal_basis() IS 'Legal acts, and which programmes, rules, flags and reasons rest on each; an act that another one replaced, or that the list lacks, is shown as such';
