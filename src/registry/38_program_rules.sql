-- Registry @registry@: who is entitled to a programme, and why.
--
-- A reason is a code with its sign: +desil:3 speaks for, -flag:aparatur against.
-- docs/program.md lists them.

CREATE FUNCTION @registry@.edisi_known(edisi_id integer) RETURNS integer
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM @registry@.edisi AS e WHERE e.id = edisi_known.edisi_id) THEN
        RAISE EXCEPTION 'there is no edition %', edisi_id USING ERRCODE = 'no_data_found', DETAIL = 'Nothing was counted or changed.', HINT = 'Table edisi lists the editions.';
    END IF;
    RETURN edisi_id;
END $$;
COMMENT ON FUNCTION @registry@.edisi_known(integer) IS 'The edition, if there is one of this number; else an error: a report on nothing is not an empty report';

CREATE FUNCTION @registry@.argument_within(argument text, value integer, lowest integer, highest integer) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF value < lowest OR value > highest THEN
        RAISE EXCEPTION 'argument % cannot be %', argument, value USING ERRCODE = 'invalid_parameter_value', DETAIL = 'Nothing was counted or changed.',
            HINT = CASE WHEN highest IS NULL THEN format('It is %s or more.', lowest) ELSE format('It is from %s to %s.', lowest, highest) END;
    END IF;
    RETURN value;
END $$;
COMMENT ON FUNCTION @registry@.argument_within(text, integer, integer, integer) IS 'The value of an argument, if it is within its bounds (highest NULL: without an upper one), or NULL; else an error';

CREATE FUNCTION @registry@.days_in_order(from_day date, to_day date) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF from_day <= to_day IS NOT TRUE THEN
        RAISE EXCEPTION 'there is no time from % to %', from_day, to_day USING ERRCODE = 'invalid_parameter_value', DETAIL = 'Nothing was counted or changed.', HINT = 'Name the first day first.';
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION @registry@.days_in_order(date, date) IS 'True; an error if the second day is before the first, or one is NULL';

CREATE FUNCTION @registry@.anggota_facts(asof date)
    RETURNS TABLE (anggota_id bigint, keluarga_id bigint, age integer, sekolah text, disabilitas integer, hamil boolean)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    -- A disability is much difficulty (2) or none of a function left (1), of the
    -- nine questions on functions; it is severe where one is lost. The body is
    -- parsed now, so that a query for one family is planned as one.
    SELECT a.id, a.keluarga_id,
        CASE WHEN a.tanggal_lahir <= asof THEN extract(year FROM age(asof::timestamp, a.tanggal_lahir::timestamp))::integer END,
        CASE a.partisipasi_sekolah WHEN 1 THEN 'belum' WHEN 3 THEN 'tidak' WHEN 2 THEN l.sekolah::text END,
        CASE WHEN f.worst <= 1 THEN 2 WHEN f.worst <= 2 THEN 1 ELSE 0 END,
        EXISTS (SELECT FROM @registry@.flag AS h WHERE h.anggota_id = a.id AND h.kind = 'hamil'
            AND h.noted_on <= asof AND (h.valid_to IS NULL OR h.valid_to >= asof))
    FROM @registry@.anggota AS a
    LEFT JOIN @registry@.school_level AS l ON l.jenjang = a.jenjang_tertinggi
    CROSS JOIN LATERAL (SELECT nullif(least(nullif(a.penglihatan, 0), nullif(a.pendengaran, 0), nullif(a.berjalan_atau_naik_tangga, 0),
        nullif(a.menggunakan_tangan_jari, 0), nullif(a.belajar_kemampuan_intelektual, 0), nullif(a.pengendalian_perilaku, 0),
        nullif(a.berbicara_komunikasi, 0), nullif(a.mengurus_diri, 0), nullif(a.mengingat_berkonsentrasi, 0)), 0) AS worst) AS f
    WHERE a.status = 'aktif';
END;
COMMENT ON FUNCTION @registry@.anggota_facts(date) IS 'What components of programmes ask of each active person, at a date';

CREATE FUNCTION @registry@.program_asof(program text, edisi_id integer) RETURNS date
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    asof date;
BEGIN
    SELECT (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date INTO asof FROM @registry@.edisi AS e WHERE e.id = program_asof.edisi_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no edition %', program_asof.edisi_id USING ERRCODE = 'no_data_found',
            DETAIL = 'A programme is judged as of the day on which an edition is published.',
            HINT = 'Table edisi lists the editions.';
    END IF;
    IF NOT EXISTS (SELECT FROM @registry@.program AS p WHERE p.program = program_asof.program) THEN
        RAISE EXCEPTION 'there is no programme "%"', program_asof.program USING ERRCODE = 'no_data_found',
            HINT = 'Table program of the registry lists them.';
    END IF;
    IF NOT EXISTS (SELECT FROM @registry@.program_rule AS r WHERE r.program = program_asof.program AND r.valid_from <= asof) THEN
        RAISE EXCEPTION 'programme "%" has no rule for edition %', program_asof.program, program_asof.edisi_id
            USING ERRCODE = 'no_data_found', HINT = format('A row of program_rule must begin on %s or before.', asof);
    END IF;
    RETURN asof;
END $$;
COMMENT ON FUNCTION @registry@.program_asof(text, integer) IS 'Day whose rules judge an edition: when it is due, in Jakarta; an error if there is no such edition, programme or rule';

CREATE FUNCTION @registry@.program_base(program text, edisi_id integer, model_version text DEFAULT NULL, only_keluarga bigint DEFAULT NULL)
    RETURNS TABLE (keluarga_id bigint, wilayah dtsen.kode_wilayah, person_count integer, skor double precision, desil integer)
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    scope text;
    region dtsen.kode_wilayah;
    asof date := @registry@.program_asof(program, edisi_id);
BEGIN
    IF model_version IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.model AS m WHERE m.version = program_base.model_version) THEN
        RAISE EXCEPTION 'there is no model "%"', model_version USING ERRCODE = 'no_data_found', DETAIL = 'Nothing was counted or changed.', HINT = 'Table model of the registry lists them.';
    END IF;
    SELECT p.wilayah, r.desil_scope INTO region, scope
    FROM @registry@.program AS p JOIN @registry@.program_rule AS r USING (program)
    WHERE p.program = program_base.program AND r.valid_from <= asof ORDER BY r.valid_from DESC LIMIT 1;
    IF model_version IS NULL THEN
        RETURN QUERY SELECT d.keluarga_id, d.wilayah, d.person_count, d.skor,
            CASE scope WHEN 'nasional' THEN d.desil_nasional WHEN 'provinsi' THEN d.desil_provinsi ELSE d.desil_kabupaten END::integer
        FROM @registry@.desil AS d
        WHERE d.edisi_id = program_base.edisi_id AND (region IS NULL OR d.wilayah <@ region)
        AND (only_keluarga IS NULL OR d.keluarga_id = only_keluarga);
        RETURN;
    END IF;
    -- Another model: its own cuts, from the families of the edition that the login sees.
    RETURN QUERY
        WITH f AS MATERIALIZED (
            SELECT d.keluarga_id, d.wilayah, d.person_count, s.skor,
                CASE scope WHEN 'provinsi' THEN wilayah_parent(d.wilayah, 1) WHEN 'kabupaten' THEN wilayah_parent(d.wilayah, 2) END AS part
            FROM @registry@.desil AS d
            LEFT JOIN @registry@.skor AS s ON s.keluarga_id = d.keluarga_id AND s.model_version = program_base.model_version
            WHERE d.edisi_id = program_base.edisi_id),
        c AS (SELECT f.part, desil_cuts(f.skor, f.person_count) AS cuts FROM f WHERE f.skor IS NOT NULL GROUP BY f.part)
        SELECT f.keluarga_id, f.wilayah, f.person_count, f.skor, desil(f.skor, c.cuts)::integer
        FROM f LEFT JOIN c ON c.part IS NOT DISTINCT FROM f.part
        WHERE (region IS NULL OR f.wilayah <@ region) AND (only_keluarga IS NULL OR f.keluarga_id = only_keluarga);
END $$;
COMMENT ON FUNCTION @registry@.program_base(text, integer, text, bigint) IS 'Families of an edition in the region of a programme, with the decile by which it judges; with a model, as that model would rank them';

CREATE FUNCTION @registry@.program_eligibility(program text, edisi_id integer, desil_to integer DEFAULT NULL,
    model_version text DEFAULT NULL, only_keluarga bigint DEFAULT NULL)
    RETURNS TABLE (keluarga_id bigint, anggota_id bigint, wilayah dtsen.kode_wilayah, person_count integer,
        skor double precision, desil integer, verdict text, reasons text[])
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    asof date := @registry@.program_asof(program, edisi_id);
BEGIN
    PERFORM @registry@.argument_within('desil_to', desil_to, 1, 10);
    RETURN QUERY
    WITH p AS MATERIALIZED (SELECT x.* FROM @registry@.program AS x WHERE x.program = program_eligibility.program),
    r AS MATERIALIZED (
        SELECT x.*, coalesce(program_eligibility.desil_to, x.desil_to) AS last_desil
        FROM @registry@.program_rule AS x, p WHERE x.program = p.program AND x.valid_from <= asof
        ORDER BY x.valid_from DESC LIMIT 1),
    flagged AS MATERIALIZED (
        -- a flag on an active member counts for his family, one on a family for its members
        SELECT f.keluarga_id, CASE WHEN p.unit = 'anggota' THEN f.anggota_id END AS anggota_id, g.effect,
            array_agg(DISTINCT f.kind::text) AS kinds
        FROM p JOIN @registry@.program_flag AS g ON g.program = p.program
        JOIN @registry@.flag AS f ON f.kind = g.kind AND f.noted_on <= asof AND (f.valid_to IS NULL OR f.valid_to >= asof)
        WHERE (only_keluarga IS NULL OR f.keluarga_id = only_keluarga)
        -- looked up by key: a join would read every person
        AND (f.anggota_id IS NULL OR (SELECT m.status = 'aktif' FROM @registry@.anggota AS m WHERE m.id = f.anggota_id))
        GROUP BY 1, 2, 3),
    met AS MATERIALIZED (
        SELECT a.keluarga_id, CASE WHEN p.unit = 'anggota' THEN a.anggota_id END AS anggota_id, array_agg(DISTINCT c.code::text) AS codes
        FROM p JOIN @registry@.program_component AS c ON c.program = p.program
        JOIN @registry@.anggota_facts(asof) AS a ON komponen_applies(
            ROW (c.code, c.amount, c.min_age, c.max_age, c.sekolah, c.disabilitas, c.hamil)::komponen_program,
            a.age, a.sekolah, a.disabilitas, a.hamil)
        WHERE only_keluarga IS NULL OR a.keluarga_id = only_keluarga
        GROUP BY 1, 2),
    elsewhere AS MATERIALIZED (
        -- a person may have come from another family
        SELECT CASE WHEN p.unit = 'anggota' THEN k.anggota_id ELSE k.keluarga_id END AS unit_id, array_agg(DISTINCT k.program::text) AS programs
        FROM p JOIN @registry@.kepesertaan AS k ON k.exclusive_group = p.exclusive_group AND k.program <> p.program
            AND k.valid_from <= asof AND (k.valid_to IS NULL OR k.valid_to >= asof)
        WHERE only_keluarga IS NULL OR k.keluarga_id = only_keluarga
            OR k.anggota_id = ANY (ARRAY(SELECT a.id FROM @registry@.anggota AS a WHERE a.keluarga_id = only_keluarga))
        GROUP BY 1),
    unit AS (
        SELECT b.*, NULL::bigint AS anggota_id
        FROM @registry@.program_base(program_eligibility.program, program_eligibility.edisi_id,
            program_eligibility.model_version, only_keluarga) AS b, p
        WHERE p.unit = 'keluarga'
        UNION ALL
        SELECT b.*, a.id
        FROM @registry@.program_base(program_eligibility.program, program_eligibility.edisi_id,
            program_eligibility.model_version, only_keluarga) AS b
        JOIN @registry@.anggota AS a ON a.keluarga_id = b.keluarga_id AND a.status = 'aktif', p
        WHERE p.unit = 'anggota' AND (only_keluarga IS NULL OR a.keluarga_id = only_keluarga)),
    judged AS (
        SELECT u.*, coalesce(u.desil BETWEEN r.desil_from AND r.last_desil, r.takes_unranked) AS desil_ok,
            NOT r.needs_component OR m.codes IS NOT NULL AS component_ok, r.needs_component, m.codes, o.programs,
            coalesce(i.kinds, '{}') || coalesce(fi.kinds, '{}') AS including, coalesce(x.kinds, '{}') || coalesce(fx.kinds, '{}') AS excluding
        FROM unit AS u CROSS JOIN r
        LEFT JOIN met AS m ON m.keluarga_id = u.keluarga_id AND coalesce(m.anggota_id, 0) = coalesce(u.anggota_id, 0)
        LEFT JOIN elsewhere AS o ON o.unit_id = coalesce(u.anggota_id, u.keluarga_id)
        LEFT JOIN flagged AS i ON i.keluarga_id = u.keluarga_id AND coalesce(i.anggota_id, 0) = coalesce(u.anggota_id, 0) AND i.effect = 'include'
        LEFT JOIN flagged AS x ON x.keluarga_id = u.keluarga_id AND coalesce(x.anggota_id, 0) = coalesce(u.anggota_id, 0) AND x.effect = 'exclude'
        LEFT JOIN flagged AS fi ON u.anggota_id IS NOT NULL AND fi.keluarga_id = u.keluarga_id AND fi.anggota_id IS NULL AND fi.effect = 'include'
        LEFT JOIN flagged AS fx ON u.anggota_id IS NOT NULL AND fx.keluarga_id = u.keluarga_id AND fx.anggota_id IS NULL AND fx.effect = 'exclude')
    SELECT j.keluarga_id, j.anggota_id, j.wilayah, j.person_count, j.skor, j.desil,
        CASE WHEN j.programs IS NOT NULL THEN 'tidak_layak'
            WHEN cardinality(j.including) > 0 AND cardinality(j.excluding) > 0 THEN 'bertentangan'
            WHEN cardinality(j.excluding) > 0 THEN 'tidak_layak'
            WHEN cardinality(j.including) > 0 OR (j.desil_ok AND j.component_ok) THEN 'layak'
            ELSE 'tidak_layak' END,
        ARRAY[CASE WHEN j.desil_ok THEN '+' ELSE '-' END || 'desil:' || coalesce(j.desil::text, 'none')]
            || CASE WHEN NOT j.needs_component THEN '{}' WHEN j.codes IS NULL THEN '{-component}'
                ELSE ARRAY(SELECT '+component:' || c FROM unnest(j.codes) AS c ORDER BY c COLLATE "C") END::text[]
            || ARRAY(SELECT '+flag:' || k FROM unnest(j.including) AS k ORDER BY k COLLATE "C")
            || ARRAY(SELECT '-flag:' || k FROM unnest(j.excluding) AS k ORDER BY k COLLATE "C")
            || ARRAY(SELECT '-program:' || k FROM unnest(j.programs) AS k ORDER BY k COLLATE "C")
    FROM judged AS j;
END $$;
COMMENT ON FUNCTION @registry@.program_eligibility(text, integer, integer, text, bigint) IS 'Verdict on each family, or person, or on those of one family, of an edition by the rules of a programme, with its reasons; with another last decile or another model: what would be. Verdicts: layak (entitled), tidak_layak (not), bertentangan (one rule requires, another excludes)';

CREATE VIEW @registry@.program_verdict WITH (security_invoker) AS
    SELECT p.program, l.edisi_id, e.keluarga_id, e.anggota_id, e.wilayah, e.person_count, e.skor, e.desil, e.verdict, e.reasons
    FROM (SELECT x.id AS edisi_id, (x.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS due FROM @registry@.edisi AS x WHERE x.state = 'terbit'
        ORDER BY x.published_at DESC, x.id DESC LIMIT 1) AS l
    JOIN @registry@.program AS p ON (p.valid_to IS NULL OR p.valid_to >= l.due)
        AND EXISTS (SELECT FROM @registry@.program_rule AS r WHERE r.program = p.program AND r.valid_from <= l.due)
    CROSS JOIN LATERAL @registry@.program_eligibility(p.program, l.edisi_id) AS e;
COMMENT ON VIEW @registry@.program_verdict IS 'Verdicts of all programmes that have a rule on the families, or persons, of the edition published last: rules less exclusions less other programmes of the group. As the caller sees them; name a programme, all are judged anew';
COMMENT ON COLUMN @registry@.program_verdict.program IS 'The programme';
COMMENT ON COLUMN @registry@.program_verdict.edisi_id IS 'The edition published last';
COMMENT ON COLUMN @registry@.program_verdict.keluarga_id IS 'The family';
COMMENT ON COLUMN @registry@.program_verdict.anggota_id IS 'The person, of a programme for persons';
COMMENT ON COLUMN @registry@.program_verdict.wilayah IS 'Village of the family at the ranking';
COMMENT ON COLUMN @registry@.program_verdict.person_count IS 'Members';
COMMENT ON COLUMN @registry@.program_verdict.skor IS 'Score; NULL: none';
COMMENT ON COLUMN @registry@.program_verdict.desil IS 'Decile of the scope by which the programme judges; NULL: not ranked';
COMMENT ON COLUMN @registry@.program_verdict.verdict IS 'layak, tidak_layak or bertentangan';
COMMENT ON COLUMN @registry@.program_verdict.reasons IS 'Codes of what speaks for (+) and against (-)';

CREATE FUNCTION @registry@.program_conflicts(program text, edisi_id integer)
    RETURNS TABLE (keluarga_id bigint, anggota_id bigint, wilayah dtsen.kode_wilayah, requires text, excludes text)
    LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT e.keluarga_id, e.anggota_id, e.wilayah, t.requires, concat_ws(', ', t.excludes, o.programs)
    FROM @registry@.program_eligibility(program, edisi_id) AS e,
    LATERAL (SELECT string_agg(format('%s (%s)', g.kind, coalesce(g.legal_basis, 'no basis given')), ', ' ORDER BY g.kind COLLATE "C")
                FILTER (WHERE g.effect = 'include'),
            string_agg(format('%s (%s)', g.kind, coalesce(g.legal_basis, 'no basis given')), ', ' ORDER BY g.kind COLLATE "C")
                FILTER (WHERE g.effect = 'exclude')
        FROM @registry@.program_flag AS g
        WHERE g.program = program_conflicts.program
        AND CASE g.effect WHEN 'include' THEN '+' ELSE '-' END || 'flag:' || g.kind = ANY (e.reasons)) AS t (requires, excludes),
    LATERAL (SELECT string_agg(format('%s in group %s (%s)', x.program, x.exclusive_group, x.legal_basis), ', ' ORDER BY x.program COLLATE "C")
        FROM @registry@.program AS x WHERE '-program:' || x.program = ANY (e.reasons)) AS o (programs)
    WHERE t.requires IS NOT NULL AND num_nonnulls(t.excludes, o.programs) > 0
$$;
COMMENT ON FUNCTION @registry@.program_conflicts(text, integer) IS 'Families or persons whom one rule of a programme requires and another excludes, be it a flag or another programme of its group, with both rules';

CREATE FUNCTION @registry@.program_check()
    RETURNS TABLE (row_id text, check_name text, severity text, value text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT p.program::text, f.check_name, f.severity, f.value, f.hint
    FROM @registry@.program AS p,
    LATERAL (
        SELECT 'no rule', 'error', NULL, 'Nobody can be judged: add a row to program_rule.'
        WHERE NOT EXISTS (SELECT FROM @registry@.program_rule AS r WHERE r.program = p.program)
        UNION ALL
        SELECT 'no component', 'error', r.valid_from::text, 'The rule needs components and there is none: nobody is entitled.'
        FROM @registry@.program_rule AS r
        WHERE r.program = p.program AND r.needs_component
        AND NOT EXISTS (SELECT FROM @registry@.program_component AS c WHERE c.program = p.program)
        UNION ALL
        SELECT 'required by two programmes of a group', 'error',
            format('%s: %s (%s) and %s (%s)', g.kind, g.program, coalesce(g.legal_basis, 'no basis given'), h.program, coalesce(h.legal_basis, 'no basis given')),
            format('Group %s allows one of them: take one flag away, or the group.', p.exclusive_group)
        FROM @registry@.program_flag AS g
        JOIN @registry@.program_flag AS h ON h.kind = g.kind AND h.effect = 'include' AND h.program > g.program
        JOIN @registry@.program AS o ON o.program = h.program AND o.exclusive_group = p.exclusive_group
            AND (o.wilayah IS NULL OR p.wilayah IS NULL OR o.wilayah <@ p.wilayah OR p.wilayah <@ o.wilayah)
        WHERE g.program = p.program AND g.effect = 'include'
        UNION ALL
        SELECT 'components without use', 'warning', NULL, 'There are components and no rule asks for one.'
        WHERE EXISTS (SELECT FROM @registry@.program_component AS c WHERE c.program = p.program)
        AND NOT EXISTS (SELECT FROM @registry@.program_rule AS r WHERE r.program = p.program AND r.needs_component)
        UNION ALL
        SELECT 'family flag of a person programme', 'warning', g.kind::text, 'It counts for every member of a flagged family.'
        FROM @registry@.program_flag AS g JOIN @registry@.flag_kind AS k USING (kind)
        WHERE g.program = p.program AND p.unit = 'anggota' AND NOT k.of_member
        UNION ALL
        SELECT 'quotas do not add up', 'warning', format('edition %s: %s in all, %s in its regions', n.edisi_id, n.quota, s.total),
            'The quota of the country and those of its regions differ.'
        FROM @registry@.program_quota AS n,
        LATERAL (SELECT sum(q.quota) AS total FROM @registry@.program_quota AS q
            WHERE (q.program, q.edisi_id) = (n.program, n.edisi_id) AND q.wilayah IS NOT NULL) AS s
        WHERE n.program = p.program AND n.wilayah IS NULL AND s.total <> n.quota
    ) AS f (check_name, severity, value, hint)
    ORDER BY 1, 2, 4
$$;
COMMENT ON FUNCTION @registry@.program_check() IS 'What is wrong with the rules of the programmes; no row: nothing';
