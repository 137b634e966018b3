-- Registry @registry@: a proposal becomes data.
--
-- The step peringkat of BPS applies what was proposed, agreed, verified and
-- signed. It is a guard, so that no client can take the step without it, and
-- no login needs the right to change families.
--
-- One session applies at a time, and none beside an import: what is written
-- comes from rows that were read before, and two that did not see each other
-- brought the dead back to life.

CREATE FUNCTION @registry@.usulan_apply(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
DECLARE
    ids bigint[] := keys::bigint[];
    t text;
    cols text;
BEGIN
    RETURN QUERY SELECT * FROM @registry@.usulan_edition_is(keys, '{pemeringkatan}', false);
    IF FOUND THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock('@registry@.import_run'::regclass::oid::integer, 0);
    RETURN QUERY
        SELECT u.id::text, 'SE101', 'the family card of the new family is in the registry already',
            'Another proposal or an import brought it meanwhile.'
        FROM @registry@.usulan AS u JOIN @registry@.keluarga AS k ON k.nkk = to_nkk(u.payload ->> 'nkk')
        WHERE u.id = ANY (ids) AND u.kind = 'baru';
    IF FOUND THEN
        RETURN;
    END IF;
    -- what a village said of house and presence, it did not say of where the family is now
    RETURN QUERY
        SELECT u.id::text, 'SE101', 'the family lives in another village', 'It moved meanwhile; its present village proposes.'
        FROM @registry@.usulan AS u JOIN @registry@.keluarga AS k ON k.id = u.keluarga_id AND k.wilayah <> u.wilayah
        WHERE u.id = ANY (ids) AND u.kind IN ('ubah', 'hapus');
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT u.id::text, 'SE101', 'another record of the registry has this NIK',
            'Another proposal or an import brought it meanwhile.'
        FROM @registry@.usulan AS u JOIN @registry@.anggota AS a
            ON a.nik = to_nik(u.payload ->> 'nik') AND a.status = 'aktif' AND a.id <> u.anggota_id
        WHERE u.id = ANY (ids) AND u.kind = 'perbaikan_nik';
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT n.id::text, 'SE101', 'another proposal of this statement brings the same NIK', 'Take the step for one of them.'
        FROM (SELECT i.*, min(i.id) OVER w <> max(i.id) OVER w AS is_shared
            FROM (SELECT u.id, u.kind, to_nik(u.payload ->> 'nik') AS nik
                FROM @registry@.usulan AS u WHERE u.id = ANY (ids) AND u.kind IN ('perbaikan_nik', 'lahir')
                UNION ALL SELECT u.id, u.kind, to_nik(a ->> 'nik')
                FROM @registry@.usulan AS u, jsonb_array_elements(u.payload -> 'anggota') AS a
                WHERE u.id = ANY (ids) AND u.kind = 'baru') AS i
            WINDOW w AS (PARTITION BY i.nik)) AS n
        WHERE n.is_shared AND n.kind <> 'baru';
    IF FOUND THEN
        RETURN;
    END IF;
    -- of two records that each name the other as the first, one stays
    RETURN QUERY
        SELECT u.id::text, 'SE101', 'no other active record of the family has this NIK any more',
            'Another proposal or an import changed it meanwhile, or this statement does.'
        FROM @registry@.usulan AS u
        WHERE u.id = ANY (ids) AND u.kind = 'ganda' AND NOT EXISTS (
            SELECT FROM @registry@.anggota AS m JOIN @registry@.anggota AS o ON o.keluarga_id = m.keluarga_id AND o.id <> m.id
            WHERE m.id = u.anggota_id AND m.keluarga_id = u.keluarga_id AND m.status = 'aktif'
            AND o.status = 'aktif' AND o.nik = to_nik(u.payload ->> 'nik')
            AND NOT EXISTS (SELECT FROM @registry@.usulan AS g
                WHERE g.id = ANY (ids) AND g.kind = 'ganda' AND g.keluarga_id = u.keluarga_id AND g.anggota_id = o.id));
    IF FOUND THEN
        RETURN;
    END IF;

    INSERT INTO @registry@.keluarga (nkk, wilayah, alamat, jumlah_anggota)
    SELECT to_nkk(u.payload ->> 'nkk'), u.wilayah, u.payload ->> 'alamat',
        jsonb_array_length(u.payload -> 'anggota')
    FROM @registry@.usulan AS u WHERE u.id = ANY (ids) AND u.kind = 'baru' ORDER BY u.id;
    INSERT INTO @registry@.anggota
        (keluarga_id, wilayah, nik, nama, hubungan, jenis_kelamin, tanggal_lahir)
    SELECT k.id, k.wilayah, to_nik(a ->> 'nik'), to_nama(a ->> 'nama'), (a ->> 'hubungan')::smallint,
        (a ->> 'jenis_kelamin')::smallint, (a ->> 'tanggal_lahir')::date
    FROM @registry@.usulan AS u JOIN @registry@.keluarga AS k ON k.nkk = to_nkk(u.payload ->> 'nkk'),
        jsonb_array_elements(u.payload -> 'anggota') AS a
    WHERE u.id = ANY (ids) AND u.kind = 'baru';

    UPDATE @registry@.keluarga AS k SET alamat = u.payload ->> 'alamat', changed_at = now(), import_id = NULL
    FROM @registry@.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind = 'ubah' AND u.payload ? 'alamat' AND k.id = u.keluarga_id;
    FOREACH t IN ARRAY ARRAY['rumah', 'aset'] LOOP
        -- what the payload names comes from it, the rest stays
        EXECUTE format('INSERT INTO @registry@.%I (keluarga_id, wilayah) SELECT k.id, k.wilayah
            FROM @registry@.usulan AS u JOIN @registry@.keluarga AS k ON k.id = u.keluarga_id
            WHERE u.id = ANY ($1) AND u.kind = ''ubah'' ON CONFLICT (keluarga_id) DO NOTHING', t)
            USING ids;
        SELECT string_agg(quote_ident(c.target_column), ', ') INTO cols
        FROM (SELECT DISTINCT i.target_column FROM @registry@.import_column AS i
            WHERE i.kind = 'keluarga' AND i.target = t AND i.type IN ('code', 'count')) AS c;
        EXECUTE format('UPDATE @registry@.%I AS h SET (%s) = (SELECT %2$s
                FROM jsonb_populate_record(h, u.payload - ''{keluarga_id,wilayah}''::text[]))
            FROM @registry@.usulan AS u
            WHERE u.id = ANY ($1) AND u.kind = ''ubah'' AND h.keluarga_id = u.keluarga_id', t, cols)
            USING ids;
    END LOOP;

    UPDATE @registry@.anggota AS a SET nik = to_nik(u.payload ->> 'nik'), changed_at = now(), import_id = NULL
    FROM @registry@.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind = 'perbaikan_nik' AND a.id = u.anggota_id;
    UPDATE @registry@.anggota AS a SET status = u.kind, changed_at = now(), import_id = NULL,
        member_since = greatest(a.member_since, CURRENT_DATE)
    FROM @registry@.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind = 'ganda' AND a.id = u.anggota_id;
    RETURN QUERY SELECT * FROM @registry@.event_apply(ids);
    IF FOUND THEN
        RETURN;
    END IF;
    UPDATE @registry@.keluarga AS k SET status = u.payload ->> 'status',
        status_reason = u.payload ->> 'alasan', changed_at = now(), import_id = NULL
    FROM @registry@.usulan AS u
    WHERE u.id = ANY (ids) AND u.kind = 'hapus' AND k.id = u.keluarga_id;
EXCEPTION
    -- the server's own detail would show numbers and names
    WHEN integrity_constraint_violation THEN
        RAISE EXCEPTION 'a proposal of this statement contradicts the registry, or another one of it'
            USING ERRCODE = 'SE101', HINT = 'Take the step for fewer proposals at a time to find it.';
END $$;
COMMENT ON FUNCTION @registry@.usulan_apply(text[]) IS 'Guard: applies the proposals to families and persons, all of a statement or none; lists those that cannot be applied';
