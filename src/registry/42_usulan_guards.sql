-- Registry @registry@: guards of the steps of a proposal.
--
-- A guard is asked once a statement, with the keys of all rows that take the
-- step, and lists those that must not. It runs as the owner. enable_seqscan is
-- off where keys are looked up: statistics are behind when a batch of 300,000 was
-- filled a moment ago, and a sequential scan for each key would not end.

CREATE FUNCTION @registry@.usulan_hold_edition(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    -- whoever takes the edition on waits for this transaction, and the reverse
    PERFORM FROM @registry@.edisi AS e
    WHERE e.id IN (SELECT u.edisi_id FROM @registry@.usulan AS u WHERE u.id = ANY (keys::bigint[]))
    ORDER BY e.id FOR SHARE;
END $$;
COMMENT ON FUNCTION @registry@.usulan_hold_edition(text[]) IS 'Guard that refuses nothing: keeps the editions of proposals in the state that the guards after it see';

CREATE FUNCTION @registry@.usulan_hold_village(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
BEGIN
    PERFORM FROM @registry@.wilayah AS w
    WHERE w.kode IN (SELECT u.wilayah FROM @registry@.usulan AS u WHERE u.id = ANY (keys::bigint[]))
    ORDER BY w.kode FOR SHARE;
END $$;
COMMENT ON FUNCTION @registry@.usulan_hold_village(text[]) IS 'Guard that refuses nothing: keeps the villages of proposals from closing while the guards after it look';

CREATE FUNCTION @registry@.usulan_own(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, '42501', 'a proposal is withdrawn by the person who entered it',
        'The head of the village can refuse it with the meeting.'
    FROM unnest(keys) AS k
    JOIN @registry@.usulan AS u ON u.id = k::bigint
    WHERE NOT EXISTS (SELECT FROM journal_history('@registry@', 'usulan', k, u.wilayah::text) AS j
        JOIN @registry@.actor AS a ON a.person_key = j.person_key
        WHERE j.action = 'born' AND a.login = @registry@.scope_login())
$$;
COMMENT ON FUNCTION @registry@.usulan_own(text[]) IS 'Guard: proposals that another person entered';

CREATE FUNCTION @registry@.usulan_problem(kind text, payload jsonb) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT CASE kind
        WHEN 'baru' THEN CASE
            WHEN to_nkk(payload ->> 'nkk') IS NULL THEN '"nkk" is no number of a family card'
            WHEN length(payload ->> 'alamat') BETWEEN 1 AND 300 IS NOT TRUE THEN '"alamat" is missing or too long'
            WHEN jsonb_typeof(payload -> 'anggota') IS DISTINCT FROM 'array' THEN '"anggota" is no list'
            WHEN (SELECT count(*) FILTER (WHERE a ->> 'hubungan' = '1') <> 1 OR bool_or(
                    to_nik(a ->> 'nik') IS NULL OR is_nama(a ->> 'nama') IS NOT TRUE
                    OR (a ->> 'hubungan') !~ '^[1-8]$' OR (a ->> 'hubungan') IS NULL
                    OR (a ->> 'jenis_kelamin') !~ '^[12]$' OR (a ->> 'jenis_kelamin') IS NULL
                    OR @registry@.text_date(a ->> 'tanggal_lahir') IS NULL)
                    OR count(DISTINCT to_nik(a ->> 'nik')) <> count(*)
                FROM jsonb_array_elements(payload -> 'anggota') AS a)
            THEN 'each of "anggota" needs nik, nama, hubungan, jenis_kelamin and tanggal_lahir; one is the head; no nik twice'
            END
        WHEN 'ubah' THEN CASE
            WHEN payload = '{}' THEN 'it changes nothing'
            WHEN EXISTS (SELECT FROM jsonb_each_text(payload) AS p
                WHERE (p.key = 'alamat' AND length(p.value) BETWEEN 1 AND 300) IS NOT TRUE
                AND NOT EXISTS (SELECT FROM @registry@.import_column AS c
                    WHERE c.kind = 'keluarga' AND c.target IN ('rumah', 'aset')
                    AND c.target_column = p.key AND c.type IN ('code', 'count')
                    AND p.value ~ '^[0-9]{1,4}$'))
            THEN 'each key is alamat or a column of rumah or aset, each value a whole number below 10000'
            END
        WHEN 'perbaikan_nik' THEN CASE
            WHEN to_nik(payload ->> 'nik') IS NULL THEN '"nik" is no NIK' END
        WHEN 'ganda' THEN CASE
            WHEN to_nik(payload ->> 'nik') IS NULL THEN '"nik" is no NIK' END
        WHEN 'hapus' THEN CASE
            WHEN NOT EXISTS (SELECT FROM @registry@.keberadaan AS s
                WHERE s.status = payload ->> 'status' AND NOT s.is_ranked)
            THEN '"status" is not one of the list keberadaan'
            WHEN length(payload ->> 'alasan') > 0 IS NOT TRUE THEN '"alasan" is missing' END
        ELSE @registry@.event_problem(kind, payload)
        END
$$;
COMMENT ON FUNCTION @registry@.usulan_problem(text, jsonb) IS 'What is wrong with the content of a proposal; NULL: nothing';

CREATE FUNCTION @registry@.usulan_complete(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, p.code, p.message, p.hint
    FROM unnest(keys) AS k
    JOIN @registry@.usulan AS u ON u.id = k::bigint
    JOIN @registry@.usulan_kind AS n USING (kind)
    JOIN @registry@.edisi AS e ON e.id = u.edisi_id
    LEFT JOIN @registry@.keluarga AS f ON f.id = u.keluarga_id
    LEFT JOIN @registry@.anggota AS a ON a.id = u.anggota_id,
    LATERAL (SELECT @registry@.usulan_problem(u.kind, u.payload) AS problem) AS c,
    LATERAL (SELECT CASE WHEN n.is_event AND c.problem IS NULL AND a.keluarga_id = u.keluarga_id IS NOT FALSE AND f.wilayah = u.wilayah
        THEN @registry@.event_roster_problem(u.kind, u.keluarga_id, u.anggota_id, u.payload) END AS problem) AS r,
    LATERAL (VALUES
        (e.state <> 'buka' OR clock_timestamp() >= e.cut_off_at, 'SE002',
            'edition ' || e.name || ' takes no more proposals',
            'Set edisi_id to an edition that is open.'),
        (EXISTS (SELECT FROM @registry@.desa_tutup AS d WHERE d.edisi_id = u.edisi_id AND d.wilayah = u.wilayah), 'SE002',
            'the village has closed edition ' || e.name, 'Set edisi_id to a later edition.'),
        ((u.keluarga_id IS NOT NULL) <> n.needs_family, 'SE101',
            CASE WHEN n.needs_family THEN 'the proposal names no family' ELSE 'a new family is not one of the registry' END, NULL),
        (n.needs_member AND u.anggota_id IS NULL, 'SE101', 'the proposal names no member', NULL),
        (a.keluarga_id <> u.keluarga_id, 'SE101', 'the member is not of this family', NULL),
        (f.wilayah <> u.wilayah, 'SE101', 'the family lives in another village',
            'Its present village proposes, also a move.'),
        (u.kind IN ('perbaikan_nik', 'ganda') AND (u.kind = 'ganda') IS DISTINCT FROM EXISTS (
                SELECT FROM @registry@.anggota AS o WHERE o.nik = to_nik(u.payload ->> 'nik')
                AND o.status = 'aktif' AND o.id <> u.anggota_id
                AND (u.kind = 'perbaikan_nik' OR o.keluarga_id = u.keluarga_id)),
            'SE101', CASE u.kind WHEN 'ganda' THEN 'no other record of the family has this NIK'
                ELSE 'another record of the registry has this NIK' END,
            'Kind ganda is for the second record of a person in a family, perbaikan_nik for a wrong NIK.'),
        (c.problem IS NOT NULL, 'SE101', 'the content of the proposal is not complete: ' || c.problem, NULL),
        (r.problem IS NOT NULL, 'SE101', 'the event does not fit the family: ' || r.problem,
            'The members of the family and their numbers are in table anggota.')
    ) AS p (is_refused, code, message, hint)
    WHERE p.is_refused
$$;
COMMENT ON FUNCTION @registry@.usulan_complete(text[]) IS 'Guard: proposals that are not complete, or too late for their edition';

CREATE FUNCTION @registry@.usulan_evidence(keys text[], bukti_kind text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', format('evidence of kind "%s" is missing', e.kind), 'Note it with the digest of its file first.'
    FROM unnest(keys) AS k, unnest(bukti_kind) AS e (kind)
    WHERE NOT EXISTS (SELECT FROM @registry@.bukti AS b WHERE b.usulan_id = k::bigint AND b.kind = e.kind)
$$;
COMMENT ON FUNCTION @registry@.usulan_evidence(text[], text[]) IS 'Guard with arguments: proposals without one of these kinds of evidence; table bukti_kind knows them';

CREATE FUNCTION @registry@.usulan_meeting_held(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
    SET timezone = 'Asia/Jakarta' -- which day it is, is not for the client to say
AS $$
    SELECT k, 'SE003', CASE
        WHEN m.id IS NULL THEN 'no village meeting decided on the proposal'
        WHEN m.state <> 'sah' THEN 'the village meeting is not valid'
        WHEN m.held_on < u.created_at::date THEN 'the village meeting was before the proposal'
        WHEN m.held_on < u.payload_changed_at::date
        THEN 'the content of the proposal changed after the village meeting'
        ELSE 'the village meeting is too old' END,
        'Link a meeting with its four kinds of evidence.'
    FROM unnest(keys) AS k
    JOIN @registry@.usulan AS u ON u.id = k::bigint
    JOIN @registry@.edisi AS e ON e.id = u.edisi_id
    LEFT JOIN @registry@.musyawarah AS m ON m.id = u.musyawarah_id
    WHERE (m.state = 'sah' AND m.held_on >= u.created_at::date
        AND m.held_on >= u.payload_changed_at::date
        AND m.held_on >= CURRENT_DATE - e.meeting_max_age) IS NOT TRUE
$$;
COMMENT ON FUNCTION @registry@.usulan_meeting_held(text[]) IS 'Guard: proposals without a valid and recent meeting of their village; for machines that take no statement instead';

CREATE FUNCTION @registry@.usulan_meeting(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT h.key, h.code, h.message,
        'Link a meeting with its four kinds of evidence, or note a statement of responsibility (sptjm).'
    FROM @registry@.usulan_meeting_held(keys) AS h
    WHERE NOT EXISTS (SELECT FROM @registry@.bukti AS b WHERE b.usulan_id = h.key::bigint AND b.kind = 'sptjm')
$$;
COMMENT ON FUNCTION @registry@.usulan_meeting(text[]) IS 'Guard: proposals without a valid and recent meeting of their village, and without a statement instead';

CREATE FUNCTION @registry@.usulan_checked(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'neither a field check nor a matching of the family is on record',
        'Note evidence of kind cek_lapangan, or run the matching.'
    FROM unnest(keys) AS k
    JOIN @registry@.usulan AS u ON u.id = k::bigint
    WHERE NOT EXISTS (SELECT FROM @registry@.bukti AS b WHERE b.usulan_id = u.id AND b.kind = 'cek_lapangan')
    AND NOT EXISTS (SELECT FROM @registry@.anggota AS a
        JOIN @registry@.pemadanan_result AS r ON r.anggota_id = a.id
        WHERE a.keluarga_id = u.keluarga_id)
$$;
COMMENT ON FUNCTION @registry@.usulan_checked(text[]) IS 'Guard: proposals without a field check and without a matching';

CREATE FUNCTION @registry@.usulan_repaired(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'the proposal is as it was when it was returned', 'Change its content first.'
    FROM unnest(keys) AS k
    JOIN @registry@.usulan AS u ON u.id = k::bigint
    WHERE u.payload_changed_at <= (
        SELECT max(j.at) FROM journal_history('@registry@', 'usulan', k, u.wilayah::text) AS j
        WHERE j.action = 'kembalikan')
$$;
COMMENT ON FUNCTION @registry@.usulan_repaired(text[]) IS 'Guard: returned proposals that were not changed';

CREATE FUNCTION @registry@.usulan_sealed(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'the proposal is in no sealed batch', 'Seal its batch first.'
    FROM unnest(keys) AS k
    WHERE NOT EXISTS (SELECT FROM @registry@.batch_item AS i JOIN @registry@.batch AS b ON b.id = i.batch_id
        WHERE i.usulan_id = k::bigint AND b.state = 'disegel')
$$;
COMMENT ON FUNCTION @registry@.usulan_sealed(text[]) IS 'Guard: proposals that are in no sealed batch';

CREATE FUNCTION @registry@.usulan_signed(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'the batch of the proposal is not signed', 'Sign the batch, not the proposal.'
    FROM unnest(keys) AS k
    WHERE NOT EXISTS (SELECT FROM @registry@.batch_item AS i JOIN @registry@.batch AS b ON b.id = i.batch_id
        WHERE i.usulan_id = k::bigint AND b.state = 'ditandatangani')
$$;
COMMENT ON FUNCTION @registry@.usulan_signed(text[]) IS 'Guard: proposals whose batch is not signed';

CREATE FUNCTION @registry@.usulan_edition_is(keys text[], states text[], is_in_window boolean)
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE002', 'edition ' || e.name || ' is in state "' || e.state || '"',
        CASE WHEN e.state = ANY (states) THEN 'The window of the re-check is closed.'
            ELSE 'The step is taken while it is in state ' || array_to_string(states, ' or ') || '.' END
    FROM unnest(keys) AS k
    JOIN @registry@.usulan AS u ON u.id = k::bigint
    JOIN @registry@.edisi AS e ON e.id = u.edisi_id
    WHERE e.state <> ALL (states) OR (is_in_window
        AND clock_timestamp() NOT BETWEEN e.recheck_from AND e.recheck_to)
$$;
COMMENT ON FUNCTION @registry@.usulan_edition_is(text[], text[], boolean) IS 'Proposals whose edition is in none of the states, or outside its re-check window';

CREATE FUNCTION @registry@.usulan_received(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp SET enable_seqscan = off
AS $$
    SELECT k, 'SE003', 'the batch of the proposal is not received', 'Receive the batch first.'
    FROM unnest(keys) AS k
    WHERE NOT EXISTS (SELECT FROM @registry@.batch_item AS i JOIN @registry@.batch AS b ON b.id = i.batch_id
        WHERE i.usulan_id = k::bigint AND b.state = 'diterima')
    UNION ALL
    SELECT * FROM @registry@.usulan_edition_is(keys, '{buka,cut_off}', false)
$$;
COMMENT ON FUNCTION @registry@.usulan_received(text[]) IS 'Guard: proposals whose batch is not received, or that come after the draw';

CREATE FUNCTION @registry@.usulan_in_recheck(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM @registry@.usulan_edition_is(keys, '{cek_ulang}', false) $$;
COMMENT ON FUNCTION @registry@.usulan_in_recheck(text[]) IS 'Guard: proposals whose edition is not in its re-check';

CREATE FUNCTION @registry@.usulan_in_window(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM @registry@.usulan_edition_is(keys, '{cek_ulang}', true) $$;
COMMENT ON FUNCTION @registry@.usulan_in_window(text[]) IS 'Guard: proposals whose edition is outside the window of its re-check';

CREATE FUNCTION @registry@.usulan_determined(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM @registry@.usulan_edition_is(keys, '{ditetapkan}', false) $$;
COMMENT ON FUNCTION @registry@.usulan_determined(text[]) IS 'Guard: proposals whose edition is not determined';

CREATE FUNCTION @registry@.usulan_published(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT * FROM @registry@.usulan_edition_is(keys, '{terbit}', false) $$;
COMMENT ON FUNCTION @registry@.usulan_published(text[]) IS 'Guard: proposals whose edition is not published';

CREATE FUNCTION @registry@.usulan_overdue(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT * FROM @registry@.usulan_edition_is(keys,
        '{cut_off,pemeringkatan,cek_ulang,ditetapkan,terbit}', false)
$$;
COMMENT ON FUNCTION @registry@.usulan_overdue(text[]) IS 'Guard: proposals whose edition is still open';
