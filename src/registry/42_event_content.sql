-- Registry @registry@: what a population event says, and whether it fits the family.
--
-- The keys of a payload: tanggal is the day; anggota and sisa are lists of
-- {"id", "hubungan"}, members by their numbers in table anggota with the relation
-- that they get; nkk is a family card. See docs/registry.md.

CREATE FUNCTION @registry@.event_list_problem(key text, list jsonb, is_needed boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN list IS NULL THEN CASE WHEN is_needed THEN format('"%s" is missing', key) END
        WHEN jsonb_typeof(list) <> 'array' OR jsonb_array_length(list) = 0 THEN format('"%s" is no list of members', key)
        WHEN EXISTS (SELECT FROM jsonb_array_elements(list) AS e
            WHERE ((e ->> 'id') ~ '^[1-9][0-9]{0,17}$' AND (e ->> 'hubungan') ~ '^[1-8]$') IS NOT TRUE)
        THEN format('each of "%s" needs id, the number of a member, and hubungan, 1 to 8', key)
        END
$$;
COMMENT ON FUNCTION @registry@.event_list_problem(text, jsonb, boolean) IS 'What is wrong with a list of members in the content of an event; NULL: nothing';

CREATE FUNCTION @registry@.event_place_problem(payload jsonb) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM @registry@.wilayah AS w
            WHERE w.kode = to_kode_wilayah(payload ->> 'wilayah') AND w.level = 4 AND w.status = 'present')
        THEN '"wilayah" is no village'
        WHEN payload ? 'alamat' AND length(payload ->> 'alamat') BETWEEN 1 AND 300 IS NOT TRUE
        THEN '"alamat" is empty or too long'
        WHEN (payload ? 'rt' AND (payload ->> 'rt') ~ '^[0-9]{1,3}$' IS NOT TRUE) OR (payload ? 'rw' AND (payload ->> 'rw') ~ '^[0-9]{1,3}$' IS NOT TRUE)
        THEN '"rt" and "rw" are one to three digits' END
$$;
COMMENT ON FUNCTION @registry@.event_place_problem(jsonb) IS 'What is wrong with village and address in the content of an event; NULL: nothing';

CREATE FUNCTION @registry@.event_problem(kind text, payload jsonb) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT CASE
        WHEN kind = 'lahir' THEN CASE
            WHEN to_nik(payload ->> 'nik') IS NULL THEN '"nik" is no NIK'
            WHEN NOT is_nama(payload ->> 'nama') OR payload ->> 'nama' IS NULL THEN '"nama" is no name'
            WHEN (payload ->> 'jenis_kelamin') ~ '^[12]$' IS NOT TRUE THEN '"jenis_kelamin" is neither 1 nor 2'
            WHEN @registry@.text_date(payload ->> 'tanggal_lahir') IS NULL THEN '"tanggal_lahir" is no day up to today'
            WHEN payload ? 'hubungan' AND (payload ->> 'hubungan') ~ '^[2-8]$' IS NOT TRUE THEN '"hubungan" is not 2 to 8'
            END
        WHEN kind = 'pindah' THEN CASE
            WHEN payload ? 'tanggal' AND @registry@.text_date(payload ->> 'tanggal') IS NULL THEN '"tanggal" is no day up to today'
            WHEN payload ->> 'luar_negeri' = 'true' THEN CASE WHEN payload ? 'wilayah' THEN '"wilayah" is for a move within the country' END
            ELSE @registry@.event_place_problem(payload) END
        WHEN @registry@.text_date(payload ->> 'tanggal') IS NULL THEN '"tanggal" is no day up to today'
        WHEN (payload ? 'nkk' OR kind IN ('pecah_kk', 'gabung_kk')) AND to_nkk(payload ->> 'nkk') IS NULL
        THEN '"nkk" is no number of a family card'
        WHEN kind = 'pecah_kk' THEN coalesce(
            @registry@.event_list_problem('anggota', payload -> 'anggota', true),
            @registry@.event_list_problem('sisa', payload -> 'sisa', false),
            CASE WHEN payload ? 'wilayah' THEN @registry@.event_place_problem(payload) END)
        ELSE @registry@.event_list_problem('anggota', payload -> 'anggota', kind = 'gabung_kk')
        END
$$;
COMMENT ON FUNCTION @registry@.event_problem(text, jsonb) IS 'What is wrong with the content of a population event; NULL: nothing';

CREATE FUNCTION @registry@.event_day(kind text, payload jsonb) RETURNS date
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
    SELECT coalesce(@registry@.text_date(CASE kind WHEN 'lahir' THEN payload ->> 'tanggal_lahir' ELSE payload ->> 'tanggal' END), CURRENT_DATE)
$$;
COMMENT ON FUNCTION @registry@.event_day(text, jsonb) IS 'Day of a population event; a move without one is of today';

CREATE FUNCTION @registry@.event_members(kind text, member bigint, payload jsonb)
    RETURNS TABLE (anggota_id bigint, what text, hubungan smallint)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 5 SET search_path = pg_catalog, pg_temp
AS $$
    SELECT member, CASE kind WHEN 'meninggal' THEN 'dies' ELSE 'stays' END, CASE kind WHEN 'ganti_kepala' THEN 1 END::smallint
    WHERE kind IN ('meninggal', 'ganti_kepala')
    UNION ALL
    SELECT (e ->> 'id')::bigint, CASE WHEN kind IN ('pecah_kk', 'gabung_kk') THEN 'leaves' ELSE 'stays' END, (e ->> 'hubungan')::smallint
    FROM jsonb_array_elements(CASE WHEN kind IN ('meninggal', 'ganti_kepala', 'pecah_kk', 'gabung_kk')
        THEN payload -> 'anggota' END) AS e
    UNION ALL
    SELECT (e ->> 'id')::bigint, 'stays', (e ->> 'hubungan')::smallint
    FROM jsonb_array_elements(CASE kind WHEN 'pecah_kk' THEN payload -> 'sisa' END) AS e
$$;
COMMENT ON FUNCTION @registry@.event_members(text, bigint, jsonb) IS 'Members whom a population event changes: who dies, leaves the family, or stays with another relation; of content that event_problem() finds right';

CREATE FUNCTION @registry@.event_target_problem(kind text, family bigint, payload jsonb, heads bigint) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    target bigint;
BEGIN
    IF kind <> 'gabung_kk' THEN
        RETURN CASE WHEN payload ? 'nkk' AND (EXISTS (SELECT FROM @registry@.keluarga AS k WHERE k.nkk = to_nkk(payload ->> 'nkk'))
                OR EXISTS (SELECT FROM @registry@.keluarga_nkk AS o WHERE o.nkk = to_nkk(payload ->> 'nkk')))
            THEN 'the new family card is, or was, that of a family of the registry' END;
    END IF;
    -- One answer for a card that nobody has and for one of another village:
    -- nobody learns from it whom another region has.
    SELECT k.id INTO target FROM @registry@.keluarga AS k
    WHERE k.nkk = to_nkk(payload ->> 'nkk') AND k.status = 'aktif'
    AND k.wilayah = (SELECT s.wilayah FROM @registry@.keluarga AS s WHERE s.id = family);
    heads := heads + (SELECT count(*) FROM @registry@.anggota AS a WHERE a.keluarga_id = target AND a.status = 'aktif' AND a.hubungan = 1);
    RETURN CASE
        WHEN target IS NULL THEN 'no active family of this village has the card "nkk"; one of another village moves here first'
        WHEN target = family THEN 'a family does not merge with itself'
        WHEN heads <> 1 THEN format('the merged family would have %s heads', heads) END;
END $$;
COMMENT ON FUNCTION @registry@.event_target_problem(text, bigint, jsonb, bigint) IS 'What is wrong with the family card that a population event names, given how many heads come along; NULL: nothing';

CREATE FUNCTION @registry@.event_roster_problem(kind text, family bigint, member bigint, payload jsonb) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    r record;
    family_status text := (SELECT k.status FROM @registry@.keluarga AS k WHERE k.id = family);
BEGIN
    IF family_status IS DISTINCT FROM 'aktif' AND kind NOT IN ('meninggal', 'pindah') THEN
        RETURN format('the family is not active (%s)', coalesce(family_status, 'unknown here'));
    ELSIF kind = 'pindah' THEN
        RETURN CASE WHEN family_status IN ('meninggal', 'nonaktif', 'pindah') THEN format('the family is not active (%s)', family_status) END;
    ELSIF kind = 'lahir' THEN
        RETURN CASE WHEN EXISTS (SELECT FROM @registry@.anggota AS a WHERE a.nik = to_nik(payload ->> 'nik') AND a.status = 'aktif')
            THEN 'another record of the registry has this NIK' END;
    END IF;

    SELECT x.* INTO r
    FROM (SELECT m.anggota_id AS id, count(*) OVER (PARTITION BY m.anggota_id) AS times, a.status,
            coalesce(a.tanggal_lahir > @registry@.event_day(kind, payload), false) AS unborn
        FROM @registry@.event_members(kind, member, payload) AS m
        LEFT JOIN @registry@.anggota AS a ON a.id = m.anggota_id AND a.keluarga_id = family) AS x
    ORDER BY x.status = 'aktif' NULLS FIRST, x.unborn DESC, x.times DESC, x.id LIMIT 1;
    IF r.status IS NULL THEN
        RETURN format('person %s is no member of it', r.id);
    ELSIF r.status <> 'aktif' THEN
        RETURN format('member %s is not active (%s)', r.id, r.status);
    ELSIF r.unborn THEN
        RETURN format('member %s was born after that day', r.id);
    ELSIF r.times > 1 THEN
        RETURN format('member %s is named twice', r.id);
    END IF;

    SELECT count(*) FILTER (WHERE m.what IS DISTINCT FROM 'leaves' AND m.what IS DISTINCT FROM 'dies') AS staying,
        count(*) FILTER (WHERE m.what IS DISTINCT FROM 'leaves' AND m.what IS DISTINCT FROM 'dies' AND coalesce(m.hubungan, a.hubungan) = 1) AS heads,
        count(*) FILTER (WHERE m.what = 'leaves' AND m.hubungan = 1) AS heads_leaving,
        count(*) FILTER (WHERE a.hubungan = 1 AND m.what IS DISTINCT FROM 'dies') > 0 AS had_head,
        bool_or(a.id = member AND a.hubungan = 1) AS is_head
    INTO r
    FROM @registry@.anggota AS a
    LEFT JOIN @registry@.event_members(kind, member, payload) AS m ON m.anggota_id = a.id
    WHERE a.keluarga_id = family AND a.status = 'aktif';
    RETURN CASE
        WHEN kind = 'gabung_kk' AND r.staying > 0 THEN format('all active members come along, %s are not named', r.staying)
        WHEN kind = 'pecah_kk' AND r.staying = 0 THEN 'a split leaves somebody behind; a whole family moves or merges'
        WHEN kind = 'pecah_kk' AND r.heads_leaving <> 1 THEN format('the new family would have %s heads', r.heads_leaving)
        WHEN kind = 'ganti_kepala' AND r.is_head THEN format('member %s is the head already', member)
        WHEN r.heads > 1 THEN format('the family would have %s heads', r.heads)
        -- a death may leave a family without a head until one is named
        WHEN r.staying > 0 AND r.heads = 0 AND (kind <> 'meninggal' OR r.had_head) THEN 'the family would have no head'
        ELSE @registry@.event_target_problem(kind, family, payload, r.heads_leaving) END;
END $$;
COMMENT ON FUNCTION @registry@.event_roster_problem(text, bigint, bigint, jsonb) IS 'Why a population event does not fit its family as it is now: members that are not there, no head or two, a card that is taken; NULL: it fits';
