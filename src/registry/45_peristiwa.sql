-- Registry @registry@: noting population events, and proposing what follows from them.

CREATE FUNCTION @registry@.peristiwa_content(kind text, occurred_on date, payload jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT payload || jsonb_build_object(CASE kind WHEN 'lahir' THEN 'tanggal_lahir' ELSE 'tanggal' END, to_char(occurred_on, 'YYYY-MM-DD'))
$$;
COMMENT ON FUNCTION @registry@.peristiwa_content(text, date, jsonb) IS 'Content of the proposal of an event: its payload with its day';

CREATE FUNCTION @registry@.peristiwa_keep() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.occurred_on > CURRENT_DATE THEN
            RAISE EXCEPTION 'an event cannot be noted before its day' USING ERRCODE = 'SE101',
                HINT = 'occurred_on is a day up to today.';
        ELSIF NEW.void_reason IS NOT NULL THEN
            RAISE EXCEPTION 'a new event is not void' USING ERRCODE = 'SE101', HINT = 'Set void_reason when a notice turns out to be wrong.';
        END IF;
        NEW.created_at := now();
        NEW.created_by := @registry@.scope_login();
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.void_reason IS NOT NULL OR to_jsonb(OLD) - 'void_reason' <> to_jsonb(NEW) - 'void_reason' THEN
        RAISE EXCEPTION 'event % stays as it was noted', OLD.id USING ERRCODE = 'SE004',
            HINT = 'One that is wrong gets a void_reason, once.';
    ELSIF EXISTS (SELECT FROM @registry@.usulan AS u WHERE u.peristiwa_id = OLD.id
        AND u.state NOT IN ('ditarik', 'ditolak_musdes', 'kedaluwarsa')) THEN
        RAISE EXCEPTION 'event % has a proposal that is under way or published', OLD.id USING ERRCODE = 'SE004',
            HINT = 'Withdraw or refuse the proposal first; what is published is corrected by another proposal.';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.peristiwa_keep() IS 'Trigger: what was noted stays, but that it turned out to be wrong; who and when are not for the client to say';
CREATE TRIGGER keep BEFORE INSERT OR UPDATE OR DELETE ON @registry@.peristiwa
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.peristiwa_keep();

CREATE FUNCTION @registry@.peristiwa_problem(p @registry@.peristiwa) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    k @registry@.usulan_kind;
    content jsonb := @registry@.peristiwa_content(p.kind, p.occurred_on, p.payload);
    problem text;
    other record;
BEGIN
    SELECT * INTO k FROM @registry@.usulan_kind AS n WHERE n.kind = p.kind;
    IF NOT k.is_event THEN
        RETURN format('"%s" is no kind of event', p.kind);
    ELSIF k.needs_member <> (p.anggota_id IS NOT NULL) THEN
        RETURN CASE WHEN k.needs_member THEN 'it names no member' ELSE 'it is of the family: anggota_id must be NULL' END;
    ELSIF NOT EXISTS (SELECT FROM @registry@.keluarga AS f WHERE f.id = p.keluarga_id AND f.wilayah = p.wilayah) THEN
        RETURN 'the family lives in another village';
    END IF;
    problem := @registry@.event_problem(p.kind, content);
    IF problem IS NOT NULL THEN
        RETURN 'its content is not complete: ' || problem;
    END IF;
    -- nobody lives on after his death, and nobody dies twice
    SELECT e.anggota_id, e.occurred_on INTO other
    FROM @registry@.event_members(p.kind, p.anggota_id, content) AS m
    JOIN @registry@.peristiwa AS e ON e.anggota_id = m.anggota_id AND e.kind = 'meninggal' AND e.void_reason IS NULL AND e.id <> p.id
    WHERE e.occurred_on <= p.occurred_on OR m.what = 'dies' ORDER BY e.occurred_on LIMIT 1;
    IF FOUND THEN
        RETURN format(CASE WHEN other.anggota_id = p.anggota_id AND p.kind = 'meninggal' THEN 'the death of person %s is known already, on %s'
            ELSE 'person %s died on %s' END, other.anggota_id, other.occurred_on);
    END IF;
    SELECT e.kind, e.occurred_on INTO other
    FROM @registry@.peristiwa AS e
    WHERE p.kind = 'meninggal' AND e.void_reason IS NULL AND e.occurred_on > p.occurred_on
    AND (e.keluarga_id = p.keluarga_id OR e.keluarga_id IN (SELECT o.keluarga_id FROM @registry@.keanggotaan AS o WHERE o.anggota_id = p.anggota_id))
    AND EXISTS (SELECT FROM @registry@.event_members(e.kind, e.anggota_id, e.payload) AS x WHERE x.anggota_id = p.anggota_id)
    ORDER BY e.occurred_on LIMIT 1;
    IF FOUND THEN
        RETURN format('an event of a later day is known of person %s: %s on %s', p.anggota_id, other.kind, other.occurred_on);
    END IF;
    problem := @registry@.event_roster_problem(p.kind, p.keluarga_id, p.anggota_id, content);
    RETURN 'it does not fit the family: ' || problem;
END $$;
COMMENT ON FUNCTION @registry@.peristiwa_problem(@registry@.peristiwa) IS 'Why an event cannot be, by its content, its family as it is now, and the other events known; NULL: nothing';

CREATE FUNCTION @registry@.peristiwa_fits() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    bad record;
BEGIN
    -- as the client, whose row security hides the families of other villages
    SELECT n.kind, n.source_key, x.problem INTO bad
    FROM new_rows AS n
    JOIN @registry@.peristiwa AS p ON p.id = n.id,
    LATERAL (SELECT @registry@.peristiwa_problem(p) AS problem) AS x
    WHERE x.problem IS NOT NULL ORDER BY n.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'this event of kind "%" cannot be: %', bad.kind, bad.problem
            USING ERRCODE = 'SE101', DETAIL = format('Its source_key is "%s".', bad.source_key),
                HINT = 'An event that is noted wrongly gets a void_reason; docs/registry.md says what each kind needs.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.peristiwa_fits() IS 'Trigger: nobody notes an event for a family of another village, or one that cannot be';
CREATE TRIGGER fits AFTER INSERT ON @registry@.peristiwa
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @registry@.peristiwa_fits();
CREATE TRIGGER immutable_truncate BEFORE TRUNCATE ON @registry@.peristiwa
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();

CREATE FUNCTION @registry@.peristiwa_propose(edisi_id integer, only_ids bigint[] DEFAULT NULL)
    RETURNS TABLE (peristiwa_id bigint, usulan_id bigint, problem text)
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp SET client_min_messages = warning
AS $$
#variable_conflict use_column
BEGIN
    PERFORM @registry@.edisi_known(peristiwa_propose.edisi_id);
    DROP TABLE IF EXISTS pg_temp.event_open;
    CREATE TEMPORARY TABLE event_open ON COMMIT DROP AS
        SELECT p.id, n.tries, CASE
            WHEN EXISTS (SELECT FROM @registry@.usulan AS u WHERE u.keluarga_id = p.keluarga_id AND u.kind = p.kind
                AND u.anggota_id IS NOT DISTINCT FROM p.anggota_id AND (p.kind <> 'lahir' OR u.payload ->> 'nik' = p.payload ->> 'nik')
                AND u.state NOT IN ('ditarik', 'ditolak_musdes', 'kedaluwarsa', 'terbit'))
            THEN 'a proposal of this kind is under way'
            WHEN row_number() OVER (PARTITION BY p.keluarga_id, p.kind, p.anggota_id, CASE p.kind WHEN 'lahir' THEN p.payload ->> 'nik' END
                ORDER BY p.occurred_on, p.id) > 1 THEN 'an earlier event of this kind comes first'
            ELSE @registry@.peristiwa_problem(p) END AS problem
        FROM @registry@.peristiwa AS p,
        LATERAL (SELECT count(*) AS tries, bool_or(u.state NOT IN ('ditarik', 'ditolak_musdes', 'kedaluwarsa')) AS done
            FROM @registry@.usulan AS u WHERE u.peristiwa_id = p.id) AS n
        WHERE p.void_reason IS NULL AND n.done IS NOT TRUE AND (only_ids IS NULL OR p.id = ANY (only_ids));
    INSERT INTO @registry@.usulan (request_key, kind, wilayah, keluarga_id, anggota_id, payload, edisi_id, peristiwa_id)
    SELECT format('peristiwa-%s-%s', p.id, o.tries + 1), p.kind, p.wilayah, p.keluarga_id, p.anggota_id,
        @registry@.peristiwa_content(p.kind, p.occurred_on, p.payload), peristiwa_propose.edisi_id, p.id
    FROM pg_temp.event_open AS o JOIN @registry@.peristiwa AS p USING (id)
    WHERE o.problem IS NULL ORDER BY p.id;
    -- the notice of an event is the form of its proposal
    INSERT INTO @registry@.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256)
    SELECT 'formulir', p.wilayah, u.id, p.document_name, p.document_size, p.document_sha256
    FROM pg_temp.event_open AS o JOIN @registry@.peristiwa AS p USING (id)
    JOIN @registry@.usulan AS u ON u.peristiwa_id = p.id AND u.state = 'draf'
    WHERE o.problem IS NULL AND p.document_name IS NOT NULL ORDER BY p.id;
    RETURN QUERY SELECT o.id, u.id, o.problem
        FROM pg_temp.event_open AS o
        LEFT JOIN @registry@.usulan AS u ON o.problem IS NULL AND u.peristiwa_id = o.id AND u.state = 'draf'
        ORDER BY o.id;
    DROP TABLE pg_temp.event_open;
END $$;
COMMENT ON FUNCTION @registry@.peristiwa_propose(integer, bigint[]) IS 'Enters, for an edition, the proposals of all events that the caller sees and that have none, or of those given, with their documents as forms; says of the others why not';

CREATE FUNCTION @registry@.report_peristiwa(asof date DEFAULT CURRENT_DATE)
    RETURNS TABLE (wilayah dtsen.kode_wilayah, kind text, label_en text, events bigint, without_proposal bigint, applied bigint, void bigint, oldest_days integer)
    LANGUAGE sql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT p.wilayah, p.kind::text, k.label_en::text, count(*), count(*) FILTER (WHERE p.void_reason IS NULL AND u.state IS NULL),
        count(*) FILTER (WHERE u.state IN ('diolah', 'cek_ulang', 'disanggah', 'ditetapkan', 'terbit')), count(p.void_reason),
        asof - min(p.occurred_on) FILTER (WHERE p.void_reason IS NULL AND u.state IS NULL)
    FROM @registry@.peristiwa AS p
    JOIN @registry@.usulan_kind AS k USING (kind)
    LEFT JOIN @registry@.usulan AS u ON u.peristiwa_id = p.id AND u.state NOT IN ('ditarik', 'ditolak_musdes', 'kedaluwarsa')
    GROUP BY p.wilayah, p.kind, k.label_en ORDER BY 1, 2
$$;
COMMENT ON FUNCTION @registry@.report_peristiwa(date) IS 'Population events by village and kind: how many, without a proposal, applied, void, and how old the oldest is that waits for a proposal';
