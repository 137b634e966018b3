-- Registry @registry@: ranking and publication of an edition.

CREATE FUNCTION @registry@.edisi_digest(edisi_id integer) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    -- by district first, so that no text grows with the country
    SELECT sha256(convert_to(e.name || '|' || e.rule || '|' || coalesce(e.model_version, ''), 'UTF8')
        || coalesce((SELECT sha256(string_agg(convert_to(coalesce(c.wilayah::text, '') || '|' || c.number || '|', 'UTF8')
            || float8send(c.cut), '' ORDER BY c.wilayah NULLS FIRST, c.number))
            FROM @registry@.desil_cut AS c WHERE c.edisi_id = e.id), '')
        || coalesce((SELECT string_agg(k.digest, '' ORDER BY k.kecamatan)
            FROM (SELECT wilayah_parent(d.wilayah) AS kecamatan,
                    sha256(string_agg(convert_to(format('%s|%s|%s|%s|%s|%s|%s|', d.keluarga_id, d.wilayah,
                        d.nkk, d.person_count, d.desil_nasional, d.desil_provinsi, d.desil_kabupaten), 'UTF8')
                        || coalesce(float8send(d.skor), ''), '' ORDER BY d.keluarga_id)) AS digest
                FROM @registry@.desil AS d WHERE d.edisi_id = e.id GROUP BY 1) AS k), ''))
    FROM @registry@.edisi AS e WHERE e.id = edisi_digest.edisi_id
$$;
COMMENT ON FUNCTION @registry@.edisi_digest(integer) IS 'SHA-256 over the rows of an edition, its cuts, its rule and its model';

CREATE FUNCTION @registry@.edisi_verify(edisi_id integer)
    RETURNS TABLE (edition varchar, is_intact boolean, problem text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT e.name, p.problem IS NULL, p.problem
    FROM (SELECT edisi_verify.edisi_id) AS asked (id)
    LEFT JOIN @registry@.edisi AS e ON e.id = asked.id,
    LATERAL (SELECT count(*) AS families, sum(d.person_count) AS persons, count(d.desil_nasional) AS ranked
        FROM @registry@.desil AS d WHERE d.edisi_id = e.id) AS n,
    LATERAL (SELECT CASE
        WHEN e.id IS NULL THEN 'there is no such edition'
        WHEN e.state <> 'terbit' THEN 'it is not published'
        WHEN (n.families, n.persons, n.ranked) IS DISTINCT FROM (e.family_count, e.person_count, e.ranked_count)
        THEN 'its counts differ from those published'
        WHEN e.digest IS DISTINCT FROM @registry@.edisi_digest(e.id)
        THEN 'its digest differs from the one published' END AS problem) AS p
$$;
COMMENT ON FUNCTION @registry@.edisi_verify(integer) IS 'Whether a published edition is still what was published';

CREATE FUNCTION @registry@.edisi_is_due(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE002', format('edition %s: the %s is not before %s', e.name, d.what, d.due), NULL
    FROM unnest(keys) AS k
    JOIN @registry@.edisi AS e ON e.id = k::integer,
    LATERAL (SELECT CASE e.state WHEN 'cut_off' THEN 'cut-off' WHEN 'pemeringkatan' THEN 'draw'
            ELSE 'publication' END,
        CASE e.state WHEN 'cut_off' THEN e.cut_off_at WHEN 'pemeringkatan' THEN e.draw_at
            ELSE e.publish_at END) AS d (what, due)
    WHERE clock_timestamp() < d.due
$$;
COMMENT ON FUNCTION @registry@.edisi_is_due(text[]) IS 'Guard: editions whose calendar does not allow the step yet';

CREATE FUNCTION @registry@.desil_cuts_of(edisi_id integer)
    RETURNS TABLE (scope varchar, wilayah dtsen.kode_wilayah, cuts double precision[])
    LANGUAGE sql STABLE ROWS 600 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT c.scope, c.wilayah, array_agg(c.cut ORDER BY c.number)
    FROM @registry@.desil_cut AS c WHERE c.edisi_id = desil_cuts_of.edisi_id
    GROUP BY c.scope, c.wilayah
    HAVING count(*) = 9
$$;
COMMENT ON FUNCTION @registry@.desil_cuts_of(integer) IS 'Nine cuts of each scope of an edition as an array, for dtsen.desil()';

CREATE FUNCTION @registry@.edisi_families(model_version text)
    RETURNS TABLE (id bigint, wilayah dtsen.kode_wilayah, nkk dtsen.nkk, skor double precision, persons integer)
    LANGUAGE sql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    -- The weight of a family: the members registered, or those its file declares.
    SELECT k.id, k.wilayah, k.nkk, s.skor, coalesce(a.n, nullif(k.jumlah_anggota, 0), 1)::integer
    FROM @registry@.keluarga AS k
    JOIN @registry@.keberadaan AS p ON p.status = k.status AND p.is_ranked
    LEFT JOIN (SELECT m.keluarga_id, count(*) AS n FROM @registry@.anggota AS m
        JOIN @registry@.keberadaan AS q ON q.status = m.status AND q.is_ranked
        GROUP BY m.keluarga_id) AS a ON a.keluarga_id = k.id
    LEFT JOIN @registry@.skor AS s ON s.keluarga_id = k.id AND s.model_version = edisi_families.model_version
$$;
COMMENT ON FUNCTION @registry@.edisi_families(text) IS 'What is ranked: the active families with their score by a model and their weight';

CREATE FUNCTION @registry@.edisi_stale(edisi_id integer) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
    SELECT @registry@.edisi_known(edisi_id);
    WITH cuts AS MATERIALIZED (SELECT * FROM @registry@.desil_cuts_of(edisi_id))
    SELECT count(*)
    FROM @registry@.edisi_families((SELECT e.model_version FROM @registry@.edisi AS e
            WHERE e.id = edisi_stale.edisi_id)) AS f
    FULL JOIN (SELECT * FROM @registry@.desil AS x WHERE x.edisi_id = edisi_stale.edisi_id) AS d
        ON d.keluarga_id = f.id
    LEFT JOIN cuts AS p ON p.wilayah = wilayah_parent(f.wilayah, 1)
    LEFT JOIN cuts AS k ON k.wilayah = wilayah_parent(f.wilayah, 2)
    WHERE (d.wilayah, d.nkk, d.person_count, d.skor, d.desil_nasional::integer, d.desil_provinsi::integer,
        d.desil_kabupaten::integer)
        IS DISTINCT FROM (f.wilayah, f.nkk, f.persons, f.skor,
        desil(f.skor, (SELECT n.cuts FROM cuts AS n WHERE n.wilayah IS NULL))::integer,
        desil(f.skor, p.cuts)::integer, desil(f.skor, k.cuts)::integer)
$$;
COMMENT ON FUNCTION @registry@.edisi_stale(integer) IS 'Number of families whose row in the edition is not what the present scores, members and cuts give';

CREATE FUNCTION @registry@.edisi_is_ranked(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', p.message, p.hint
    FROM unnest(keys) AS k
    JOIN @registry@.edisi AS e ON e.id = k::integer,
    LATERAL (SELECT count(*) AS n FROM @registry@.usulan AS u
        WHERE u.edisi_id = e.id AND u.state = 'diserahkan') AS open,
    LATERAL (SELECT count(*) AS n FROM @registry@.keluarga AS f
        JOIN @registry@.keberadaan AS s ON s.status = f.status AND s.is_ranked
        WHERE NOT EXISTS (SELECT FROM @registry@.desil AS d WHERE d.edisi_id = e.id AND d.keluarga_id = f.id)) AS lost,
    LATERAL (SELECT count(d.desil_nasional) AS n, count(*) FILTER (WHERE d.skor IS NOT NULL
            AND num_nulls(d.desil_nasional, d.desil_provinsi, d.desil_kabupaten) > 0) AS part
        FROM @registry@.desil AS d WHERE d.edisi_id = e.id) AS ranked,
    LATERAL (SELECT @registry@.edisi_stale(e.id) AS n) AS stale,
    LATERAL (VALUES
        (open.n > 0, format('%s signed proposals are not processed', open.n), 'Take them to state diolah, then rank.'),
        (lost.n > 0, format('%s families of the registry are not in the edition', lost.n), 'Rank again.'),
        (ranked.n = 0, 'no family has a decile', 'edisi_rank() ranks.'),
        (ranked.part > 0, format('%s families have a score and not all three deciles', ranked.part), 'Each scope needs nine cuts: complete them in desil_cut, then rank again.'),
        (stale.n > 0, format('%s families of the edition are not as the ranking gives them', stale.n), 'Rank again.'),
        (clock_timestamp() >= e.recheck_to, format('edition %s: the window of the re-check is over', e.name),
            'Give the regions a new window: recheck_to.')
    ) AS p (is_refused, message, hint)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION @registry@.edisi_is_ranked(text[]) IS 'Guard: editions with signed proposals left, with a family missing, without deciles, without one of the three or with others than the ranking gives, or with no time left for the re-check';

CREATE FUNCTION @registry@.edisi_is_answered(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, p.code, p.message, p.hint
    FROM unnest(keys) AS k
    JOIN @registry@.edisi AS e ON e.id = k::integer,
    LATERAL (SELECT count(*) AS n FROM (SELECT DISTINCT wilayah_parent(d.wilayah, 2) AS kode
            FROM @registry@.desil AS d WHERE d.edisi_id = e.id) AS w
        WHERE NOT EXISTS (SELECT FROM @registry@.cek_ulang AS c
            WHERE c.edisi_id = e.id AND c.wilayah = w.kode
            -- an answer is to the draft that was shown, not to one ranked since
            AND c.answered_at >= (SELECT max(j.at) FROM journal_history('@registry@', 'edisi', k, '') AS j
                WHERE j.action = 'buka_cek_ulang'))) AS silent,
    LATERAL (SELECT count(*) FILTER (WHERE u.state = 'disanggah') AS objected,
            count(*) FILTER (WHERE u.state IN ('diserahkan', 'diolah')) AS behind
        FROM @registry@.usulan AS u WHERE u.edisi_id = e.id) AS open,
    LATERAL (VALUES
        (silent.n > 0 AND clock_timestamp() <= e.recheck_to, 'SE002',
            format('%s regions have not answered, and the re-check is open', silent.n),
            'Wait for their answers or for the end of the window.'),
        (open.objected > 0, 'SE003', format('%s proposals are under objection', open.objected), 'Answer the objections.'),
        (open.behind > 0, 'SE003', format('%s proposals are not in the re-check', open.behind),
            'Take them to state cek_ulang, or the ministry lets them expire.')
    ) AS p (is_refused, code, message, hint)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION @registry@.edisi_is_answered(text[]) IS 'Guard: editions whose re-check is neither over nor answered by all regions, with open objections, or with proposals that were not re-checked';

CREATE FUNCTION @registry@.edisi_is_whole(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', p.message, 'edisi_publish() does all of it.'
    FROM unnest(keys) AS k
    JOIN @registry@.edisi AS e ON e.id = k::integer
    CROSS JOIN LATERAL (SELECT count(*) AS n FROM @registry@.usulan AS u
        WHERE u.edisi_id = e.id AND u.state IN ('diserahkan', 'diolah', 'cek_ulang', 'disanggah')) AS open
    CROSS JOIN LATERAL @registry@.edisi_verify(e.id) AS v
    CROSS JOIN LATERAL (VALUES
        (open.n > 0, format('%s proposals of the edition are not determined', open.n)),
        (v.problem IS NOT NULL, v.problem)
    ) AS p (is_refused, message)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION @registry@.edisi_is_whole(text[]) IS 'Guard: editions with undetermined proposals, or whose counts or digest are not right';

CREATE FUNCTION @registry@.edisi_rank(edisi_id integer)
    RETURNS TABLE (family_count bigint, person_count bigint, ranked_count bigint)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET client_min_messages = warning SET jit = off SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
    e @registry@.edisi;
    wrong record;
BEGIN
    SELECT * INTO e FROM @registry@.edisi AS x WHERE x.id = @registry@.edisi_known(edisi_rank.edisi_id);
    IF e.state <> 'pemeringkatan' OR e.model_version IS NULL THEN
        RAISE EXCEPTION 'edition % cannot be ranked now', edisi_rank.edisi_id
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'It must be in state pemeringkatan and have a model_version.';
    END IF;
    DELETE FROM @registry@.desil AS d WHERE d.edisi_id = e.id;
    DELETE FROM @registry@.desil_cut AS c WHERE c.edisi_id = e.id AND c.origin = 'computed';
    DROP TABLE IF EXISTS pg_temp.rank_input;

    CREATE TEMPORARY TABLE rank_input ON COMMIT DROP AS
        SELECT f.*, wilayah_parent(f.wilayah, 1) AS provinsi, wilayah_parent(f.wilayah, 2) AS kabupaten
        FROM @registry@.edisi_families(e.model_version) AS f;
    ANALYZE pg_temp.rank_input;
    SELECT count(*) FILTER (WHERE r.skor = 'NaN') AS nans, count(*) FILTER (WHERE r.skor IN ('infinity', '-infinity')) AS infinities
    INTO wrong FROM pg_temp.rank_input AS r;
    IF wrong.nans + wrong.infinities > 0 THEN
        RAISE EXCEPTION 'model "%" has scores that are no finite numbers', e.model_version
            USING ERRCODE = 'invalid_parameter_value', DETAIL = format('%s are NaN, %s are infinite.', wrong.nans, wrong.infinities),
                HINT = 'Correct them in table skor; a family that cannot be scored has no row there.';
    END IF;

    SELECT count(*) AS scopes, min(coalesce(x.wilayah, 'the country')) AS one, min(x.n) AS n INTO wrong
    FROM (SELECT c.wilayah::text, count(*) AS n FROM @registry@.desil_cut AS c WHERE c.edisi_id = e.id GROUP BY 1) AS x WHERE x.n <> 9;
    IF wrong.scopes > 0 THEN
        RAISE EXCEPTION '% scopes have supplied cuts, but not nine', wrong.scopes
            USING ERRCODE = 'invalid_parameter_value', DETAIL = format('One of them is %s; one has %s.', wrong.one, wrong.n),
                HINT = 'Complete them in desil_cut, or delete them: then they are computed from the registry''s families.';
    END IF;

    -- Cuts that BPS supplied stand; the others come from the registry's families.
    INSERT INTO @registry@.desil_cut (edisi_id, scope, wilayah, number, cut, origin)
    SELECT e.id, c.scope, c.wilayah, u.n, u.cut, 'computed'
    FROM (SELECT 'nasional' AS scope, NULL::dtsen.kode_wilayah AS wilayah, desil_cuts(r.skor, r.persons) AS cuts
            FROM pg_temp.rank_input AS r WHERE r.skor IS NOT NULL
        UNION ALL SELECT 'provinsi', r.provinsi, desil_cuts(r.skor, r.persons)
            FROM pg_temp.rank_input AS r WHERE r.skor IS NOT NULL GROUP BY r.provinsi
        UNION ALL SELECT 'kabupaten', r.kabupaten, desil_cuts(r.skor, r.persons)
            FROM pg_temp.rank_input AS r WHERE r.skor IS NOT NULL GROUP BY r.kabupaten) AS c,
        unnest(c.cuts) WITH ORDINALITY AS u (cut, n)
    WHERE NOT EXISTS (SELECT FROM @registry@.desil_cut AS o
        WHERE o.edisi_id = e.id AND o.wilayah IS NOT DISTINCT FROM c.wilayah);

    INSERT INTO @registry@.desil (edisi_id, keluarga_id, wilayah, nkk, person_count, skor,
        desil_nasional, desil_provinsi, desil_kabupaten)
    SELECT e.id, r.id, r.wilayah, r.nkk, r.persons, r.skor,
        desil(r.skor, (SELECT n.cuts FROM @registry@.desil_cuts_of(e.id) AS n WHERE n.wilayah IS NULL)),
        desil(r.skor, p.cuts), desil(r.skor, k.cuts)
    FROM pg_temp.rank_input AS r
    LEFT JOIN @registry@.desil_cuts_of(e.id) AS p ON p.wilayah = r.provinsi
    LEFT JOIN @registry@.desil_cuts_of(e.id) AS k ON k.wilayah = r.kabupaten
    ORDER BY r.id;
    RETURN QUERY SELECT count(*), sum(d.person_count), count(d.desil_nasional)
        FROM @registry@.desil AS d WHERE d.edisi_id = e.id;
END $$;
COMMENT ON FUNCTION @registry@.edisi_rank(integer) IS 'Ranks all families of the registry for an edition in country, province and regency; may be repeated until the re-check opens';

CREATE FUNCTION @registry@.edisi_publish(edisi_id integer) RETURNS bytea
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    published bytea;
BEGIN
    UPDATE @registry@.edisi AS e SET state = 'terbit', published_at = clock_timestamp(),
        digest = @registry@.edisi_digest(e.id),
        (family_count, person_count, ranked_count) = (SELECT count(*), sum(d.person_count), count(d.desil_nasional)
            FROM @registry@.desil AS d WHERE d.edisi_id = e.id)
    WHERE e.id = edisi_publish.edisi_id
    RETURNING e.digest INTO published;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no edition %', edisi_id USING ERRCODE = 'no_data_found',
            DETAIL = 'Nothing was changed.',
            HINT = 'Table edisi lists the editions.';
    END IF;
    UPDATE @registry@.usulan AS u SET state = 'terbit'
    WHERE u.edisi_id = edisi_publish.edisi_id AND u.state = 'ditetapkan';
    PERFORM @registry@.journal_summarise();
    RETURN published;
END $$;
COMMENT ON FUNCTION @registry@.edisi_publish(integer) IS 'Publishes an edition with its proposals: all or nothing; verifies the journal for the views; returns its digest';

CREATE FUNCTION @registry@.edisi_carry_over(from_id integer, to_id integer) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
    unknown integer;
BEGIN
    SELECT a.id INTO unknown FROM unnest(ARRAY[from_id, to_id]) AS a (id)
    WHERE NOT EXISTS (SELECT FROM @registry@.edisi AS e WHERE e.id = a.id);
    IF FOUND THEN
        RAISE EXCEPTION 'there is no edition %', unknown USING ERRCODE = 'no_data_found',
            DETAIL = 'Nothing was changed.',
            HINT = 'Table edisi lists the editions.';
    END IF;
    UPDATE @registry@.usulan AS u SET edisi_id = to_id
    WHERE u.edisi_id = from_id AND u.state IN ('draf', 'diajukan', 'dikembalikan', 'disepakati', 'diverifikasi')
    AND NOT EXISTS (SELECT FROM @registry@.batch_item AS i WHERE i.usulan_id = u.id)
    AND NOT (u.state IN ('diajukan', 'dikembalikan')
        AND EXISTS (SELECT FROM @registry@.desa_tutup AS d JOIN @registry@.edisi AS e ON e.id = d.edisi_id
            WHERE d.edisi_id = to_id AND d.wilayah = u.wilayah AND e.state = 'buka'));
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION @registry@.edisi_carry_over(integer, integer) IS 'Takes proposals that missed an edition and are in no batch to another one, in the state they are in, but for those that no meeting has agreed to, of villages that have closed that one; returns how many';
