-- Registry @registry@: lists of candidates, and what happens to them.

CREATE FUNCTION @registry@.daftar_line(place bigint, keluarga_id bigint, anggota_id bigint, is_in boolean, reasons text[])
    RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT format('%s %s %s %s %s', place, keluarga_id, anggota_id, is_in::integer, array_to_string(reasons, ',')) $$;
COMMENT ON FUNCTION @registry@.daftar_line(bigint, bigint, bigint, boolean, text[]) IS 'What the digest of a list takes of a candidate';

CREATE FUNCTION @registry@.daftar_digest(daftar_id bigint) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT sha256(convert_to(coalesce((SELECT string_agg(@registry@.daftar_line(i.place, i.keluarga_id, i.anggota_id, i.is_in, i.reasons),
            E'\n' ORDER BY i.place) FROM @registry@.daftar_item AS i WHERE i.daftar_id = d.id), ''), 'UTF8'))
    FROM @registry@.daftar AS d WHERE d.id = daftar_digest.daftar_id
$$;
COMMENT ON FUNCTION @registry@.daftar_digest(bigint) IS 'SHA-256 of the candidates of a list; NULL: there is no such list';

CREATE FUNCTION @registry@.wilayah_known(wilayah text) RETURNS dtsen.kode_wilayah
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    code kode_wilayah := wilayah::kode_wilayah;
BEGIN
    IF code IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.wilayah AS w WHERE w.kode = code) THEN
        RAISE EXCEPTION 'there is no region %', wilayah USING ERRCODE = 'no_data_found', DETAIL = 'Nothing was counted or changed.', HINT = 'Table wilayah of the registry lists them.';
    END IF;
    RETURN code;
END $$;
COMMENT ON FUNCTION @registry@.wilayah_known(text) IS 'The region, if the table has one of this code, or NULL; else an error';

CREATE FUNCTION @registry@.program_ranked(program text, edisi_id integer, wilayah text, quota integer,
    desil_to integer DEFAULT NULL, model_version text DEFAULT NULL)
    RETURNS TABLE (place bigint, keluarga_id bigint, anggota_id bigint, wilayah_code dtsen.kode_wilayah, skor double precision,
        desil integer, verdict text, is_in boolean, reasons text[])
    LANGUAGE sql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off
AS $$
    SELECT @registry@.wilayah_known(wilayah), @registry@.argument_within('quota', quota, 0, NULL);
    -- Whoever has one score has one place: a group of equal scores that the
    -- quota would cut stays out as a whole, and somebody decides.
    SELECT row_number() OVER (ORDER BY c.verdict DESC, c.skor NULLS LAST, c.keluarga_id, c.anggota_id),
        c.keluarga_id, c.anggota_id, c.wilayah, c.skor, c.desil, c.verdict,
        c.verdict = 'layak' AND (quota IS NULL OR c.upto <= quota),
        c.reasons || CASE WHEN c.verdict = 'bertentangan' THEN '{-contradiction}'
            WHEN quota IS NULL OR c.upto <= quota THEN '{}'
            WHEN c.before < quota THEN '{-quota_tie}' ELSE '{-quota}' END::text[]
    FROM (SELECT e.*, count(*) OVER (PARTITION BY e.verdict ORDER BY e.skor NULLS LAST) AS upto,
            rank() OVER (PARTITION BY e.verdict ORDER BY e.skor NULLS LAST) - 1 AS before
        FROM @registry@.program_eligibility(program, edisi_id, desil_to, model_version) AS e
        WHERE e.verdict IN ('layak', 'bertentangan')
        AND (program_ranked.wilayah IS NULL OR e.wilayah <@ program_ranked.wilayah::dtsen.kode_wilayah)) AS c
$$;
COMMENT ON FUNCTION @registry@.program_ranked(text, integer, text, integer, integer, text) IS 'Candidates of a programme with their places, lowest score first, and who is within the quota';

CREATE FUNCTION @registry@.program_list(program text, edisi_id integer, wilayah text DEFAULT NULL, quota integer DEFAULT NULL)
    RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    list bigint;
    places integer := quota;
BEGIN
    IF NOT EXISTS (SELECT FROM @registry@.edisi AS e WHERE e.id = program_list.edisi_id AND e.state = 'terbit') THEN
        RAISE EXCEPTION 'edition % is not published', edisi_id
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'A list is made by an official edition; program_what_if() looks ahead.';
    END IF;
    IF @registry@.argument_within('quota', places, 0, NULL) IS NULL THEN
        SELECT q.quota INTO places FROM @registry@.program_quota AS q
        WHERE q.program = program_list.program AND q.edisi_id = program_list.edisi_id
        AND q.wilayah IS NOT DISTINCT FROM program_list.wilayah::dtsen.kode_wilayah;
    END IF;
    WITH r AS MATERIALIZED (
        SELECT x.* FROM @registry@.program_ranked(program_list.program, program_list.edisi_id, program_list.wilayah, places) AS x),
    d AS (
        INSERT INTO @registry@.daftar (program, edisi_id, wilayah, quota, item_count, in_count, digest)
        SELECT program_list.program, program_list.edisi_id, program_list.wilayah::dtsen.kode_wilayah, places, count(*),
            count(*) FILTER (WHERE r.is_in), sha256(convert_to(coalesce(string_agg(
                @registry@.daftar_line(r.place, r.keluarga_id, r.anggota_id, r.is_in, r.reasons), E'\n' ORDER BY r.place), ''), 'UTF8'))
        FROM r
        RETURNING id),
    i AS (
        INSERT INTO @registry@.daftar_item (daftar_id, place, keluarga_id, anggota_id, wilayah, skor, desil, verdict, is_in, reasons)
        SELECT d.id, r.place, r.keluarga_id, r.anggota_id, r.wilayah_code, r.skor, r.desil, r.verdict, r.is_in, r.reasons
        FROM r, d)
    SELECT d.id INTO list FROM d;
    RETURN list;
END $$;
COMMENT ON FUNCTION @registry@.program_list(text, integer, text, integer) IS 'Makes the list of candidates of a programme by a published edition, for a region or all that the caller sees, and marks who is within the quota (the argument, else that of program_quota); returns its number';

CREATE FUNCTION @registry@.daftar_is_whole() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    list bigint;
BEGIN
    -- as the client, whose row security hides the lists of others
    SELECT n.daftar_id INTO list
    FROM (SELECT DISTINCT x.daftar_id FROM new_rows AS x) AS n
    LEFT JOIN @registry@.daftar AS d ON d.id = n.daftar_id
    WHERE d.item_count IS DISTINCT FROM (SELECT count(*) FROM @registry@.daftar_item AS i WHERE i.daftar_id = n.daftar_id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'list % has another number of candidates', list USING ERRCODE = 'SE004',
            DETAIL = 'A list is made with all its candidates, by who makes it.',
            HINT = 'program_list() makes a new one.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.daftar_is_whole() IS 'Trigger: candidates come with their list and never later, into a list of one''s own office';
CREATE TRIGGER is_whole AFTER INSERT ON @registry@.daftar_item
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @registry@.daftar_is_whole();

CREATE FUNCTION @registry@.daftar_verify(daftar_id bigint) RETURNS TABLE (problem text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT 'there is no such list' WHERE NOT EXISTS (SELECT FROM @registry@.daftar AS d WHERE d.id = daftar_verify.daftar_id)
    UNION ALL
    SELECT p.problem
    FROM @registry@.daftar AS d,
    LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE i.is_in) AS taken FROM @registry@.daftar_item AS i WHERE i.daftar_id = d.id) AS c,
    LATERAL (SELECT count(*) AS n FROM (
            (SELECT i.place::bigint, i.keluarga_id, i.anggota_id, i.is_in, i.reasons FROM @registry@.daftar_item AS i WHERE i.daftar_id = d.id)
            EXCEPT (SELECT r.place, r.keluarga_id, r.anggota_id, r.is_in, r.reasons
                FROM @registry@.program_ranked(d.program, d.edisi_id, d.wilayah::text, d.quota) AS r)) AS x) AS changed,
    LATERAL (VALUES
        (c.n <> d.item_count OR c.taken <> d.in_count, format('it has %s candidates and %s places given, not %s and %s', c.n, c.taken, d.item_count, d.in_count)),
        (d.digest <> @registry@.daftar_digest(d.id), 'its items are not those that were listed'),
        (d.quota IS NOT NULL AND c.taken > d.quota, format('%s are in, the quota is %s', c.taken, d.quota)),
        (changed.n > 0, format('%s candidates would be listed otherwise today', changed.n))) AS p (is_so, problem)
    WHERE d.id = daftar_verify.daftar_id AND p.is_so
$$;
COMMENT ON FUNCTION @registry@.daftar_verify(bigint) IS 'Checks a list: its counts, its digest, its quota, and whether the rules give the same today; no row: all is right';

CREATE FUNCTION @registry@.program_enrol(daftar_id bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    problem text;
    n bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM @registry@.daftar AS d WHERE d.id = program_enrol.daftar_id) THEN
        RAISE EXCEPTION 'there is no list %', daftar_id USING ERRCODE = 'no_data_found',
            DETAIL = 'It was never made, or by another office.', HINT = 'Table daftar has the lists; program_list() makes one.';
    END IF;
    SELECT v.problem INTO problem FROM @registry@.daftar_verify(program_enrol.daftar_id) AS v LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'list % cannot be taken as it is', daftar_id
            USING ERRCODE = 'SE101', DETAIL = format('The check says: %s.', problem), HINT = 'Make a new list.';
    END IF;
    INSERT INTO @registry@.kepesertaan (program, keluarga_id, anggota_id, wilayah, daftar_id)
    SELECT d.program, i.keluarga_id, i.anggota_id, k.wilayah, d.id
    FROM @registry@.daftar AS d
    JOIN @registry@.daftar_item AS i ON i.daftar_id = d.id AND i.is_in
    JOIN @registry@.keluarga AS k ON k.id = i.keluarga_id
    WHERE d.id = program_enrol.daftar_id
    AND NOT EXISTS (SELECT FROM @registry@.kepesertaan AS o WHERE o.program = d.program
        AND coalesce(o.anggota_id, o.keluarga_id) = coalesce(i.anggota_id, i.keluarga_id) AND o.valid_to IS NULL)
    ORDER BY i.place;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION @registry@.program_enrol(bigint) IS 'Takes those of a list who have a place, and are not yet in it, into the programme; returns how many';

CREATE FUNCTION @registry@.program_why(program text, edisi_id integer, keluarga_id bigint, anggota_id bigint DEFAULT NULL)
    RETURNS TABLE (speaks text, code text, explanation text)
    LANGUAGE sql STABLE ROWS 5 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    WITH e AS MATERIALIZED (
        SELECT x.* FROM @registry@.program_eligibility(program, edisi_id, only_keluarga => program_why.keluarga_id) AS x
        WHERE (program_why.anggota_id IS NULL OR x.anggota_id = program_why.anggota_id)),
    r AS (SELECT x.* FROM @registry@.program_rule AS x
        WHERE x.program = program_why.program AND x.valid_from <= @registry@.program_asof(program, edisi_id) ORDER BY x.valid_from DESC LIMIT 1)
    SELECT 'verdict', e.verdict, CASE WHEN e.anggota_id IS NOT NULL THEN format('person %s', e.anggota_id) ELSE format('family %s', e.keluarga_id) END
    FROM e
    UNION ALL
    SELECT CASE left(c, 1) WHEN '+' THEN 'for' ELSE 'against' END, substr(c, 2), CASE
        WHEN c ~ '^.desil:' THEN format('its %s decile is %s; the programme takes %s to %s%s', r.desil_scope,
            coalesce(e.desil::text, 'not ranked'), r.desil_from, r.desil_to, CASE WHEN r.takes_unranked THEN ' and families not ranked' ELSE '' END)
        WHEN c ~ '^.component:' THEN 'meets the component ' || (SELECT k.label_en FROM @registry@.program_component AS k
            WHERE k.program = program_why.program AND k.code = substr(c, 12))
        WHEN c = '-component' THEN 'meets no component of the programme'
        WHEN c ~ '^.flag:' THEN (SELECT format('flag "%s"%s', k.label_en, (SELECT string_agg(DISTINCT format(', of %s on %s', f.source, f.noted_on), '')
                FROM @registry@.flag AS f WHERE f.kind = k.kind AND f.keluarga_id = e.keluarga_id
                AND (e.anggota_id IS NULL OR coalesce(f.anggota_id, e.anggota_id) = e.anggota_id)))
            FROM @registry@.flag_kind AS k WHERE k.kind = substr(c, 7))
        WHEN c ~ '^.program:' THEN 'is in another programme of the group: ' || (SELECT o.label_en FROM @registry@.program AS o WHERE o.program = substr(c, 10))
        END
    FROM e CROSS JOIN r, unnest(e.reasons) AS c
    UNION ALL
    SELECT CASE WHEN i.is_in THEN 'for' ELSE 'against' END, 'list',
        format('list %s gives place %s of %s candidates, %s', i.daftar_id, i.place, d.item_count, CASE
            WHEN i.is_in THEN 'within the quota' WHEN '-quota_tie' = ANY (i.reasons) THEN 'among equal scores that the quota would cut'
            WHEN '-contradiction' = ANY (i.reasons) THEN 'which waits for a decision' ELSE format('outside the quota of %s', d.quota) END)
    FROM e JOIN @registry@.daftar AS d ON d.program = program_why.program AND d.edisi_id = program_why.edisi_id
    JOIN @registry@.daftar_item AS i ON i.daftar_id = d.id AND i.keluarga_id = e.keluarga_id AND i.anggota_id IS NOT DISTINCT FROM e.anggota_id
    UNION ALL
    SELECT 'verdict', 'unknown', 'the edition, as far as the caller may see it, does not have this family or person'
    WHERE NOT EXISTS (SELECT FROM e)
$$;
COMMENT ON FUNCTION @registry@.program_why(text, integer, bigint, bigint) IS 'Why a family, or a person, is in or out: the verdict, each rule that speaks for or against, and its place on the lists';

CREATE FUNCTION @registry@.program_what_if(program text, edisi_id integer, desil_to integer DEFAULT NULL,
    model_version text DEFAULT NULL, quota integer DEFAULT NULL)
    RETURNS TABLE (kabupaten dtsen.kode_wilayah, entitled_now bigint, entitled_then bigint, gained bigint, lost bigint, in_quota_then bigint)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT wilayah_parent(coalesce(n.wilayah, t.wilayah_code), 2), count(n.keluarga_id), count(t.keluarga_id),
        count(*) FILTER (WHERE n.keluarga_id IS NULL), count(*) FILTER (WHERE t.keluarga_id IS NULL), count(*) FILTER (WHERE t.is_in)
    FROM (SELECT * FROM @registry@.program_eligibility(program, edisi_id) AS e WHERE e.verdict = 'layak') AS n
    FULL JOIN (SELECT * FROM @registry@.program_ranked(program, edisi_id, NULL, quota, desil_to, model_version) AS r WHERE r.verdict = 'layak') AS t
        ON t.keluarga_id = n.keluarga_id AND coalesce(t.anggota_id, 0) = coalesce(n.anggota_id, 0)
    GROUP BY 1 ORDER BY 1
$$;
COMMENT ON FUNCTION @registry@.program_what_if(text, integer, integer, text, integer) IS 'What another last decile, another model or another quota would change, by regency; nothing is touched';

CREATE FUNCTION @registry@.double_aid(from_period date, to_period date DEFAULT NULL)
    RETURNS TABLE (exclusive_group text, period date, keluarga_id bigint, anggota_id bigint, wilayah dtsen.kode_wilayah,
        programs text[], owner_levels text[], amount numeric)
    LANGUAGE sql STABLE ROWS 100 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT @registry@.days_in_order(from_period, coalesce(to_period, from_period));
    -- a person may have been paid in two families
    SELECT p.exclusive_group::text, r.period, max(r.keluarga_id), r.anggota_id, min(r.wilayah), array_agg(r.program::text ORDER BY r.program COLLATE "C"),
        array_agg(p.owner_level::text ORDER BY r.program COLLATE "C"), sum(r.amount)
    FROM @registry@.penerimaan AS r JOIN @registry@.program AS p USING (program)
    WHERE p.exclusive_group IS NOT NULL AND r.period BETWEEN from_period AND coalesce(to_period, from_period)
    GROUP BY p.exclusive_group, r.period, CASE WHEN r.anggota_id IS NULL THEN r.keluarga_id END, r.anggota_id
    HAVING count(DISTINCT r.program) > 1
$$;
COMMENT ON FUNCTION @registry@.double_aid(date, date) IS 'Families or persons who were paid by two programmes of a group for one month';
