-- Registry @registry@: meetings and batches.

CREATE FUNCTION @registry@.musyawarah_complete(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
    SET timezone = 'Asia/Jakarta' -- which day it is, is not for the client to say
AS $$
    SELECT k, p.code, p.message, p.hint
    FROM unnest(keys) AS k
    JOIN @registry@.musyawarah AS m ON m.id = k::bigint,
    LATERAL (SELECT string_agg(n.kind, ', ' ORDER BY n.kind) AS missing
        FROM @registry@.bukti_kind AS n WHERE n.of_meeting
        AND NOT EXISTS (SELECT FROM @registry@.bukti AS b
            WHERE b.musyawarah_id = m.id AND b.kind = n.kind)) AS e,
    LATERAL (VALUES
        (m.held_on > CURRENT_DATE, 'SE002', 'the meeting has not been held yet', NULL),
        (m.attendee_count < m.quorum, 'SE003',
            format('the meeting had %s persons, it needs %s', m.attendee_count, m.quorum), NULL),
        (e.missing IS NOT NULL, 'SE003', 'evidence of the meeting is missing: ' || e.missing,
            'Note each kind of evidence with the digest of its file.')
    ) AS p (is_refused, code, message, hint)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION @registry@.musyawarah_complete(text[]) IS 'Guard: meetings without quorum or without one of the kinds of evidence';

CREATE FUNCTION @registry@.batch_hold_edition(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM @registry@.edisi AS e
    WHERE e.id IN (SELECT b.edisi_id FROM @registry@.batch AS b WHERE b.id = ANY (keys::bigint[]))
    ORDER BY e.id FOR SHARE;
    -- nobody returns a proposal while its batch is sealed
    PERFORM FROM @registry@.usulan AS u
    WHERE u.id IN (SELECT i.usulan_id FROM @registry@.batch_item AS i JOIN @registry@.batch AS b ON b.id = i.batch_id
        WHERE b.id = ANY (keys::bigint[]) AND b.state = 'disegel')
    ORDER BY u.id FOR SHARE;
END $$;
COMMENT ON FUNCTION @registry@.batch_hold_edition(text[]) IS 'Guard that refuses nothing: keeps the editions of batches, and the proposals of those that are sealed, in the state that the guards after it see';

CREATE FUNCTION @registry@.batch_digest(batch_id bigint) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT sha256(convert_to((SELECT format(E'dtsen.batch.1|%s|%s|%s\n', b.id, b.edisi_id, b.wilayah)
        FROM @registry@.batch AS b WHERE b.id = batch_digest.batch_id) || coalesce(string_agg(format('%s|%s|%s|%s|%s|%s|%s', u.id, u.kind, u.wilayah,
        u.keluarga_id, u.anggota_id, u.musyawarah_id, u.payload), E'\n' ORDER BY u.id), ''), 'UTF8'))
    FROM @registry@.batch_item AS i JOIN @registry@.usulan AS u ON u.id = i.usulan_id
    WHERE i.batch_id = batch_digest.batch_id
$$;
COMMENT ON FUNCTION @registry@.batch_digest(bigint) IS 'SHA-256 of a batch: its edition, region, and what its proposals say, not how far they are; NULL: there is no such batch';

CREATE FUNCTION @registry@.batch_is_whole(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', p.message, 'batch_seal() fills in count and digest.'
    FROM unnest(keys) AS k
    JOIN @registry@.batch AS b ON b.id = k::bigint,
    -- trigger endorse has run: one that was verified after it looked is not endorsed
    LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE u.state <> 'disahkan'
            OR u.edisi_id <> b.edisi_id OR NOT u.wilayah <@ b.wilayah) AS wrong
        FROM @registry@.batch_item AS i JOIN @registry@.usulan AS u ON u.id = i.usulan_id
        WHERE i.batch_id = b.id) AS c,
    LATERAL (VALUES
        (c.n = 0, 'the batch is empty'),
        (b.item_count IS DISTINCT FROM c.n, 'the count of the batch is wrong'),
        (c.wrong > 0, 'the batch holds proposals that are not verified, of another edition or of another region'),
        (b.digest IS DISTINCT FROM @registry@.batch_digest(b.id), 'the digest of the batch is wrong')
    ) AS p (is_refused, message)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION @registry@.batch_is_whole(text[]) IS 'Guard: batches whose content, count or digest is not right';

CREATE FUNCTION @registry@.batch_is_signed(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', p.message, NULL
    FROM unnest(keys) AS k
    JOIN @registry@.batch AS b ON b.id = k::bigint,
    LATERAL (VALUES
        (b.signature IS NULL, 'the signature is missing'),
        (b.digest IS DISTINCT FROM @registry@.batch_digest(b.id),
            'the batch is not what was sealed: its digest differs')
    ) AS p (is_refused, message)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION @registry@.batch_is_signed(text[]) IS 'Guard: batches without a signature, or changed since the seal';

CREATE FUNCTION @registry@.batch_villages_closed(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE003', format('%s villages of the region have neither closed the edition nor been listed as absent', v.n),
        format('One of them is %s. The head of a village closes it (village_close), the head of the office lists the absent (village_absent).', v.one)
    FROM unnest(keys) AS k
    JOIN @registry@.batch AS b ON b.id = k::bigint,
    LATERAL (SELECT count(*) AS n, min(w.kode::text) AS one FROM @registry@.wilayah AS w
        WHERE w.level = 4 AND w.status = 'present' AND w.kode <@ b.wilayah
        AND NOT EXISTS (SELECT FROM @registry@.desa_tutup AS d
            WHERE d.edisi_id = b.edisi_id AND d.wilayah = w.kode)) AS v
    WHERE v.n > 0
$$;
COMMENT ON FUNCTION @registry@.batch_villages_closed(text[]) IS 'Guard: batches of a region whose villages have not all closed the edition';

CREATE FUNCTION @registry@.batch_in_time(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, 'SE002', 'batches for edition ' || e.name || ' were drawn already', NULL
    FROM unnest(keys) AS k
    JOIN @registry@.batch AS b ON b.id = k::bigint
    JOIN @registry@.edisi AS e ON e.id = b.edisi_id
    WHERE e.state NOT IN ('buka', 'cut_off') OR clock_timestamp() > e.draw_at
$$;
COMMENT ON FUNCTION @registry@.batch_in_time(text[]) IS 'Guard: batches that come after the draw';

CREATE FUNCTION @registry@.batch_fill(batch_id bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM @registry@.batch AS b WHERE b.id = batch_fill.batch_id) THEN
        RAISE EXCEPTION 'there is no batch %', batch_id USING ERRCODE = 'no_data_found',
            DETAIL = 'It was never made, or belongs to another region.',
            HINT = 'Table batch lists the batches of the login''s region.';
    END IF;
    INSERT INTO @registry@.batch_item (batch_id, wilayah, usulan_id)
    SELECT b.id, b.wilayah, u.id
    FROM @registry@.batch AS b JOIN @registry@.usulan AS u ON u.edisi_id = b.edisi_id
    WHERE b.id = batch_fill.batch_id AND u.wilayah <@ b.wilayah AND u.state IN ('diverifikasi', 'disahkan')
    AND NOT EXISTS (SELECT FROM @registry@.batch_item AS i JOIN @registry@.batch AS o ON o.id = i.batch_id
        WHERE i.usulan_id = u.id AND o.state <> 'ditolak')
    ORDER BY u.id
    ON CONFLICT (usulan_id) DO UPDATE SET batch_id = EXCLUDED.batch_id, wilayah = EXCLUDED.wilayah;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION @registry@.batch_fill(bigint) IS 'Puts the verified proposals of the region that are in no batch, or in a refused one, into this one; returns how many';

CREATE FUNCTION @registry@.batch_endorse() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    UPDATE @registry@.usulan AS u SET state = 'disahkan'
    FROM @registry@.batch_item AS i
    WHERE i.batch_id = NEW.id AND u.id = i.usulan_id AND u.state = 'diverifikasi';
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.batch_endorse() IS 'Trigger: whoever seals a batch, in whatever way, endorses its proposals, so that none of them is returned from under the seal';
CREATE TRIGGER endorse AFTER UPDATE ON @registry@.batch
    FOR EACH ROW WHEN (NEW.state = 'disegel' AND OLD.state <> 'disegel' AND NOT dtsen.is_apply_worker())
    EXECUTE FUNCTION @registry@.batch_endorse();

CREATE FUNCTION @registry@.batch_seal(batch_id bigint) RETURNS bytea
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    sealed bytea;
BEGIN
    UPDATE @registry@.batch AS b SET state = 'disegel', digest = @registry@.batch_digest(b.id),
        item_count = (SELECT count(*) FROM @registry@.batch_item AS i WHERE i.batch_id = b.id)
    WHERE b.id = batch_seal.batch_id
    RETURNING b.digest INTO sealed;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no batch %', batch_id USING ERRCODE = 'no_data_found',
            DETAIL = 'It was never made, or belongs to another region.',
            HINT = 'Table batch lists the batches of the login''s region.';
    END IF;
    RETURN sealed;
END $$;
COMMENT ON FUNCTION @registry@.batch_seal(bigint) IS 'Fixes count and digest of a batch and endorses its proposals; returns the digest that is to be signed';

CREATE FUNCTION @registry@.batch_move() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    moved bigint[] := ARRAY(SELECT x.id FROM (
        SELECT n.id, n.state FROM new_rows AS n WHERE n.state IN ('ditandatangani', 'diterima')
        EXCEPT SELECT o.id, o.state FROM old_rows AS o) AS x);
BEGIN
    UPDATE @registry@.usulan AS u SET state = CASE b.state WHEN 'diterima' THEN 'diserahkan' ELSE b.state END
    FROM @registry@.batch AS b JOIN @registry@.batch_item AS i ON i.batch_id = b.id
    WHERE b.id = ANY (moved) AND u.id = i.usulan_id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.batch_move() IS 'Trigger: whoever signs or receives a batch, in whatever way, signs its proposals or hands them over, so that they are never behind it';
-- after zz_dtsen_journal_update: what refuses the batch does so first
CREATE TRIGGER zz_move AFTER UPDATE ON @registry@.batch
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (NOT dtsen.is_apply_worker())
    EXECUTE FUNCTION @registry@.batch_move();

CREATE FUNCTION @registry@.batch_sign(batch_id bigint, signature bytea) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
BEGIN
    UPDATE @registry@.batch AS b SET state = 'ditandatangani', signature = batch_sign.signature
    WHERE b.id = batch_sign.batch_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no batch %', batch_id USING ERRCODE = 'no_data_found',
            DETAIL = 'It was never made, or belongs to another region.',
            HINT = 'Table batch lists the batches of the login''s region.';
    END IF;
    -- trigger zz_move has taken its proposals along
    SELECT count(*) INTO n FROM @registry@.batch_item AS i JOIN @registry@.usulan AS u ON u.id = i.usulan_id
    WHERE i.batch_id = batch_sign.batch_id AND u.state = 'ditandatangani';
    RETURN n;
END $$;
COMMENT ON FUNCTION @registry@.batch_sign(bigint, bytea) IS 'Stores the signature over the digest of a sealed batch and signs its proposals; returns how many';

CREATE FUNCTION @registry@.batch_receive(batch_id bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
BEGIN
    UPDATE @registry@.batch AS b SET state = 'diterima' WHERE b.id = batch_receive.batch_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no batch %', batch_id USING ERRCODE = 'no_data_found',
            DETAIL = 'It was never made, or belongs to another region.',
            HINT = 'Table batch lists the batches of the login''s region.';
    END IF;
    SELECT count(*) INTO n FROM @registry@.batch_item AS i JOIN @registry@.usulan AS u ON u.id = i.usulan_id
    WHERE i.batch_id = batch_receive.batch_id AND u.state = 'diserahkan';
    RETURN n;
END $$;
COMMENT ON FUNCTION @registry@.batch_receive(bigint) IS 'Receives a signed batch and hands its proposals over; returns how many';
