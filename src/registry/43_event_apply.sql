-- Registry @registry@: population events change families and memberships.
--
-- Former memberships and cards keep their days: what follows begins on the day of
-- the event, or on the day from which the registry knows what it ends, whichever
-- is later, so that no two overlap.

CREATE FUNCTION @registry@.event_write(ids bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    head_first boolean;
BEGIN
    INSERT INTO @registry@.keluarga (nkk, nkk_since, wilayah, alamat, rt, rw, dusun, alamat_since)
    SELECT to_nkk(u.payload ->> 'nkk'), @registry@.event_day(u.kind, u.payload), coalesce(to_kode_wilayah(u.payload ->> 'wilayah'), k.wilayah),
        coalesce(u.payload ->> 'alamat', CASE WHEN NOT u.payload ? 'wilayah' THEN k.alamat END),
        coalesce(lpad(u.payload ->> 'rt', 3, '0'), CASE WHEN NOT u.payload ? 'wilayah' THEN k.rt END),
        coalesce(lpad(u.payload ->> 'rw', 3, '0'), CASE WHEN NOT u.payload ? 'wilayah' THEN k.rw END),
        CASE WHEN NOT u.payload ? 'wilayah' THEN k.dusun END, @registry@.event_day(u.kind, u.payload)
    FROM @registry@.usulan AS u JOIN @registry@.keluarga AS k ON k.id = u.keluarga_id
    WHERE u.id = ANY (ids) AND u.kind = 'pecah_kk' ORDER BY u.id;

    -- former heads first, so that no family has two for a moment
    FOREACH head_first IN ARRAY '{true,false}'::boolean[] LOOP
        UPDATE @registry@.anggota AS a SET keluarga_id = m.family, wilayah = m.village, hubungan = m.relation, status = m.presence,
            member_since = greatest(m.asof, a.member_since), changed_at = now(), import_id = NULL
        FROM (SELECT e.anggota_id, @registry@.event_day(u.kind, u.payload) AS asof,
                CASE e.what WHEN 'leaves' THEN t.id ELSE k.id END AS family, CASE e.what WHEN 'leaves' THEN t.wilayah ELSE k.wilayah END AS village,
                coalesce(e.hubungan, o.hubungan) AS relation, CASE e.what WHEN 'dies' THEN 'meninggal' ELSE o.status END AS presence
            FROM @registry@.usulan AS u
            CROSS JOIN LATERAL @registry@.event_members(u.kind, u.anggota_id, u.payload) AS e
            JOIN @registry@.anggota AS o ON o.id = e.anggota_id
            JOIN @registry@.keluarga AS k ON k.id = u.keluarga_id
            LEFT JOIN @registry@.keluarga AS t ON u.kind IN ('pecah_kk', 'gabung_kk') AND t.nkk = to_nkk(u.payload ->> 'nkk')
            WHERE u.id = ANY (ids)) AS m
        WHERE a.id = m.anggota_id AND (a.keluarga_id, a.hubungan, a.status) IS DISTINCT FROM (m.family, m.relation, m.presence)
        AND (a.hubungan = 1 OR NOT head_first);
    END LOOP;

    INSERT INTO @registry@.anggota (keluarga_id, wilayah, nik, nama, hubungan, jenis_kelamin, tanggal_lahir, member_since)
    SELECT k.id, k.wilayah, to_nik(u.payload ->> 'nik'), to_nama(u.payload ->> 'nama'), coalesce((u.payload ->> 'hubungan')::smallint, 3),
        (u.payload ->> 'jenis_kelamin')::smallint, (u.payload ->> 'tanggal_lahir')::date, (u.payload ->> 'tanggal_lahir')::date
    FROM @registry@.usulan AS u JOIN @registry@.keluarga AS k ON k.id = u.keluarga_id
    WHERE u.id = ANY (ids) AND u.kind = 'lahir' ORDER BY u.id;

    UPDATE @registry@.keluarga AS k SET nkk = to_nkk(u.payload ->> 'nkk'), nkk_since = greatest(@registry@.event_day(u.kind, u.payload), k.nkk_since),
        changed_at = now(), import_id = NULL
    FROM @registry@.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind IN ('meninggal', 'ganti_kepala') AND u.payload ? 'nkk' AND k.id = u.keluarga_id;
    UPDATE @registry@.keluarga AS k SET wilayah = coalesce(to_kode_wilayah(u.payload ->> 'wilayah'), k.wilayah),
        alamat = coalesce(u.payload ->> 'alamat', k.alamat), alamat_since = CASE WHEN @registry@.event_day(u.kind, u.payload) > k.alamat_since THEN @registry@.event_day(u.kind, u.payload) ELSE k.alamat_since - 1 END,
        rt = CASE WHEN u.payload ? 'wilayah' THEN lpad(u.payload ->> 'rt', 3, '0') ELSE k.rt END,
        rw = CASE WHEN u.payload ? 'wilayah' THEN lpad(u.payload ->> 'rw', 3, '0') ELSE k.rw END,
        dusun = CASE WHEN u.payload ? 'wilayah' THEN NULL ELSE k.dusun END, changed_at = now(), import_id = NULL,
        status = CASE WHEN u.payload ? 'wilayah' THEN k.status ELSE 'pindah' END,
        status_reason = CASE WHEN u.payload ? 'wilayah' THEN k.status_reason ELSE 'pindah ke luar negeri' END
    FROM @registry@.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind = 'pindah' AND k.id = u.keluarga_id;
    PERFORM @registry@.event_close(ids);
END $$;
COMMENT ON FUNCTION @registry@.event_write(bigint[]) IS 'Writes population events that fit, no two of one family, to families and memberships; granted to no role';

CREATE FUNCTION @registry@.event_close(ids bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    -- a family of which nobody is left is in no programme any more
    UPDATE @registry@.kepesertaan AS p SET valid_to = greatest(@registry@.event_day(u.kind, u.payload), p.valid_from),
        exit_reason = CASE u.kind WHEN 'gabung_kk' THEN 'bergabung' ELSE 'meninggal' END
    FROM @registry@.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind IN ('gabung_kk', 'meninggal') AND p.keluarga_id = u.keluarga_id AND p.valid_to IS NULL
    AND NOT EXISTS (SELECT FROM @registry@.anggota AS a WHERE a.keluarga_id = p.keluarga_id AND a.status = 'aktif');
    UPDATE @registry@.keluarga AS k SET status = CASE u.kind WHEN 'gabung_kk' THEN 'nonaktif' ELSE 'meninggal' END,
        status_reason = CASE u.kind WHEN 'gabung_kk' THEN format('bergabung dengan keluarga %s', t.id) ELSE 'anggota terakhir meninggal' END,
        changed_at = now(), import_id = NULL
    FROM @registry@.usulan AS u
    LEFT JOIN @registry@.keluarga AS t ON u.kind = 'gabung_kk' AND t.nkk = to_nkk(u.payload ->> 'nkk')
    WHERE u.id = ANY (ids) AND u.kind IN ('gabung_kk', 'meninggal') AND k.id = u.keluarga_id AND k.status = 'aktif'
    AND NOT EXISTS (SELECT FROM @registry@.anggota AS a WHERE a.keluarga_id = k.id AND a.status = 'aktif');
    -- flags go with the person, as his places in programmes do (kepesertaan_follow)
    UPDATE @registry@.flag AS f SET keluarga_id = a.keluarga_id, wilayah = a.wilayah
    FROM @registry@.usulan AS u
    CROSS JOIN LATERAL @registry@.event_members(u.kind, u.anggota_id, u.payload) AS e
    JOIN @registry@.anggota AS a ON a.id = e.anggota_id
    WHERE u.id = ANY (ids) AND e.what = 'leaves' AND f.anggota_id = a.id;
    -- what the row of a family says of its members
    UPDATE @registry@.keluarga AS k SET jumlah_anggota = c.n, nama_kepala = c.head, changed_at = now()
    FROM @registry@.keluarga AS o,
    LATERAL (SELECT count(*) AS n, (array_agg(a.nama) FILTER (WHERE a.hubungan = 1))[1] AS head
        FROM @registry@.anggota AS a WHERE a.keluarga_id = o.id AND a.status = 'aktif') AS c
    WHERE k.id = o.id AND o.id IN (SELECT f.id FROM @registry@.usulan AS u
        JOIN @registry@.keluarga AS f ON f.id = u.keluarga_id OR (u.kind IN ('pecah_kk', 'gabung_kk') AND f.nkk = to_nkk(u.payload ->> 'nkk'))
        WHERE u.id = ANY (ids) AND u.kind <> 'pindah');
END $$;
COMMENT ON FUNCTION @registry@.event_close(bigint[]) IS 'What follows from population events that were written: families without members end, with their places in programmes, and flags follow the person; granted to no role';

CREATE FUNCTION @registry@.event_apply(ids bigint[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    waiting bigint[] := ARRAY(SELECT u.id FROM @registry@.usulan AS u JOIN @registry@.usulan_kind AS n USING (kind)
        WHERE u.id = ANY (ids) AND n.is_event);
    round bigint[];
BEGIN
    -- Events of one family are applied by their days, each to what those before
    -- left; events of different families all at once.
    WHILE cardinality(waiting) > 0 LOOP
        round := ARRAY(SELECT o.id FROM (
                SELECT u.id, row_number() OVER (PARTITION BY f.family ORDER BY @registry@.event_day(u.kind, u.payload), u.id) AS place
                FROM @registry@.usulan AS u
                LEFT JOIN @registry@.keluarga AS t ON u.kind = 'gabung_kk' AND t.nkk = to_nkk(u.payload ->> 'nkk')
                CROSS JOIN LATERAL (VALUES (u.keluarga_id), (t.id)) AS f (family)
                WHERE u.id = ANY (waiting) AND f.family IS NOT NULL) AS o
            GROUP BY o.id HAVING max(o.place) = 1);
        RETURN QUERY SELECT u.id::text, 'SE101', 'the event does not fit the family any more: ' || p.problem,
                'The registry changed since it was proposed; take the step for the other proposals.'
            FROM @registry@.usulan AS u,
            LATERAL (SELECT @registry@.event_roster_problem(u.kind, u.keluarga_id, u.anggota_id, u.payload) AS problem) AS p
            WHERE u.id = ANY (round) AND p.problem IS NOT NULL;
        IF FOUND THEN
            RETURN;
        END IF;
        PERFORM @registry@.event_write(round);
        waiting := ARRAY(SELECT w FROM unnest(waiting) AS w EXCEPT SELECT r FROM unnest(round) AS r);
    END LOOP;
END $$;
COMMENT ON FUNCTION @registry@.event_apply(bigint[]) IS 'Applies the population events among these proposals, those of one family by their days; lists those that do not fit any more. Granted to no role';
