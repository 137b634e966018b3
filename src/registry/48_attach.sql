-- Registry @registry@: the triggers that enforce all this, whichever client writes.

-- what a proposal is about, and who entered it, never changes
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.usulan
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.musyawarah
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.bukti
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.import_run
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.import_stage
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.pemadanan
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.stamp_created();

CREATE FUNCTION @registry@.edisi_takes(edisi_id integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    e record;
BEGIN
    SELECT * INTO e FROM @registry@.edisi AS x WHERE x.id = edisi_takes.edisi_id FOR SHARE;
    IF e.state <> 'buka' OR clock_timestamp() >= e.cut_off_at THEN
        RAISE EXCEPTION 'edition % takes no more proposals', e.name
            USING ERRCODE = 'SE002', DETAIL = format('It is in state "%s".', e.state),
                HINT = 'Set edisi_id to an edition that is open.';
    END IF;
END $$;
COMMENT ON FUNCTION @registry@.edisi_takes(integer) IS 'Raises unless an edition is open, and keeps it so to the end of the transaction. SECURITY DEFINER, because it locks the edition';

CREATE FUNCTION @registry@.village_takes(edisi_id integer, village dtsen.kode_wilayah) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    -- whoever closes the village waits for this transaction, and the reverse
    PERFORM FROM @registry@.wilayah AS w WHERE w.kode = village FOR SHARE;
    IF EXISTS (SELECT FROM @registry@.desa_tutup AS d WHERE d.edisi_id = village_takes.edisi_id AND d.wilayah = village) THEN
        RAISE EXCEPTION 'the village has closed edition %', (SELECT e.name FROM @registry@.edisi AS e WHERE e.id = village_takes.edisi_id)
            USING ERRCODE = 'SE002', DETAIL = format('It is village %s.', village),
                HINT = 'Set edisi_id to a later edition.';
    END IF;
END $$;
COMMENT ON FUNCTION @registry@.village_takes(integer, dtsen.kode_wilayah) IS 'Raises if a village has closed an edition, and keeps it open to the end of the transaction. SECURITY DEFINER, because it locks the village';

CREATE FUNCTION @registry@.usulan_keep_content() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    IF NEW.payload IS DISTINCT FROM OLD.payload THEN
        IF OLD.state NOT IN ('draf', 'dikembalikan') AND NOT dtsen.is_emptied('@registry@', 'usulan', OLD.id::text) THEN
            RAISE EXCEPTION 'the content of proposal % cannot change any more', OLD.id
                USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state),
                    HINT = 'The verifier can return it to the village.';
        END IF;
        NEW.payload_changed_at := clock_timestamp();
    ELSE
        NEW.payload_changed_at := OLD.payload_changed_at;
    END IF;
    IF NEW.musyawarah_id IS DISTINCT FROM OLD.musyawarah_id
        AND OLD.state NOT IN ('draf', 'diajukan', 'dikembalikan')
        OR NEW.edisi_id <> OLD.edisi_id
        AND OLD.state NOT IN ('draf', 'diajukan', 'dikembalikan', 'disepakati', 'diverifikasi') THEN
        RAISE EXCEPTION 'meeting and edition of proposal % cannot change any more', OLD.id
            USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state),
            HINT = 'Before it is agreed both may change; the edition until it is in a batch.';
    END IF;
    IF NEW.edisi_id <> OLD.edisi_id AND NEW.state <> 'draf' THEN
        PERFORM @registry@.edisi_takes(NEW.edisi_id);
        -- what no meeting has decided on yet comes into no edition that the village is done with
        IF NEW.state IN ('diajukan', 'dikembalikan') THEN
            PERFORM @registry@.village_takes(NEW.edisi_id, NEW.wilayah);
        END IF;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.usulan_keep_content() IS 'Trigger: what a meeting agreed to stays as it was, and goes to no edition that is cut off; what none has agreed to goes to none that the village has closed';
CREATE TRIGGER keep_content BEFORE UPDATE ON @registry@.usulan
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.usulan_keep_content();

CREATE FUNCTION @registry@.usulan_keep_family() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    -- as the client, whose row security hides the families of other villages
    IF EXISTS (SELECT FROM new_rows AS n
        LEFT JOIN @registry@.keluarga AS k ON k.id = n.keluarga_id
        WHERE n.keluarga_id IS NOT NULL AND k.wilayah IS DISTINCT FROM n.wilayah) THEN
        RAISE EXCEPTION 'the family lives in another village'
            USING ERRCODE = 'SE101', HINT = 'Its present village proposes, also a move.';
    END IF;
    IF EXISTS (SELECT FROM new_rows AS n
        LEFT JOIN @registry@.anggota AS a ON a.id = n.anggota_id
        WHERE n.anggota_id IS NOT NULL AND a.keluarga_id IS DISTINCT FROM n.keluarga_id) THEN
        RAISE EXCEPTION 'the member is not of this family' USING ERRCODE = 'SE101',
            DETAIL = 'The proposal names a family and a person who is not in it now.',
            HINT = 'Name the family in which the person is now, column keluarga_id of anggota.';
    END IF;
    -- whoever takes the event for void at this moment sees the proposal, or is seen here
    PERFORM FROM @registry@.peristiwa AS p
    WHERE p.id = ANY (ARRAY(SELECT n.peristiwa_id FROM new_rows AS n WHERE n.peristiwa_id IS NOT NULL)) ORDER BY p.id FOR SHARE;
    IF EXISTS (SELECT FROM new_rows AS n
        LEFT JOIN @registry@.peristiwa AS p ON p.id = n.peristiwa_id
        WHERE n.peristiwa_id IS NOT NULL AND (p.void_reason IS NOT NULL
            OR (p.kind, p.keluarga_id, p.anggota_id) IS DISTINCT FROM (n.kind, n.keluarga_id, n.anggota_id))) THEN
        RAISE EXCEPTION 'the proposal is not that of its population event' USING ERRCODE = 'SE101',
            HINT = 'Kind, family and member are those of the event, which must not be void; peristiwa_propose() enters it.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.usulan_keep_family() IS 'Trigger: nobody enters, not even as a draft, a proposal for a family of another village; it would bar that village from its own';
CREATE TRIGGER keep_family AFTER INSERT ON @registry@.usulan
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @registry@.usulan_keep_family();

CREATE FUNCTION @registry@.batch_item_in_region() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows AS n
        LEFT JOIN @registry@.usulan AS u ON u.id = n.usulan_id
        WHERE (u.wilayah <@ n.wilayah) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a proposal of another region does not belong into this batch'
            USING ERRCODE = 'SE003',
            DETAIL = 'A proposal is in one batch: another region could withhold it.',
            HINT = 'batch_fill() takes those of the batch''s region.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.batch_item_in_region() IS 'Trigger: a batch holds proposals of its region only; a proposal is in one batch, so another region could withhold it';
CREATE TRIGGER in_region_insert AFTER INSERT ON @registry@.batch_item
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @registry@.batch_item_in_region();
CREATE TRIGGER in_region_update AFTER UPDATE ON @registry@.batch_item
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @registry@.batch_item_in_region();

CREATE FUNCTION @registry@.bukti_by_role() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    roles text[] := (SELECT n.noted_by FROM @registry@.bukti_kind AS n WHERE n.kind = NEW.kind);
BEGIN
    IF roles IS NOT NULL AND NOT @registry@.scope_has_role(VARIADIC roles) THEN
        RAISE EXCEPTION 'evidence of kind "%" is noted by others', NEW.kind
            USING ERRCODE = 'insufficient_privilege',
                HINT = format('An actor with one of these roles notes it: %s.', array_to_string(roles, ', '));
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.bukti_by_role() IS 'Trigger: who proposes does not prove it himself';
CREATE TRIGGER by_role BEFORE INSERT ON @registry@.bukti
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.bukti_by_role();

CREATE FUNCTION @registry@.edisi_keep_draft() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.model_version IS DISTINCT FROM OLD.model_version
        AND OLD.state NOT IN ('buka', 'cut_off', 'pemeringkatan') THEN
        RAISE EXCEPTION 'the model of edition % cannot change any more', OLD.name
            USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state),
                HINT = 'Step ulang takes it back to the ranking.';
    END IF;
    IF OLD.state = 'cek_ulang' AND NEW.recheck_to < OLD.recheck_to THEN
        RAISE EXCEPTION 'the re-check of edition % cannot be cut short', OLD.name
            USING ERRCODE = 'SE004', HINT = 'Its window can be made longer.';
    END IF;
    NEW.published_at := CASE WHEN NEW.state = 'terbit' AND OLD.state <> 'terbit'
        THEN clock_timestamp() ELSE OLD.published_at END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.edisi_keep_draft() IS 'Trigger: what the regions re-check stays as it is, the window too; the time of publication is not for the client to say';
CREATE TRIGGER keep_draft BEFORE UPDATE ON @registry@.edisi
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.edisi_keep_draft();

CREATE FUNCTION @registry@.batch_keep_seal() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    IF (NEW.item_count, NEW.digest) IS DISTINCT FROM (OLD.item_count, OLD.digest) AND OLD.state <> 'terbuka' THEN
        RAISE EXCEPTION 'the seal of batch % cannot change', OLD.id
            USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state),
            HINT = 'Count and digest are fixed by sealing; a refused batch leaves its proposals to a new one.';
    END IF;
    IF NEW.signature IS DISTINCT FROM OLD.signature AND OLD.state = 'terbuka' THEN
        RAISE EXCEPTION 'batch % is not sealed, so there is nothing to sign', OLD.id
            USING ERRCODE = 'SE001', DETAIL = 'A signature is over the digest, which the seal fixes.',
            HINT = 'The head of the office seals it with batch_seal(); batch_sign() takes the signature over the digest that this returns.';
    ELSIF NEW.signature IS DISTINCT FROM OLD.signature AND OLD.state <> 'disegel' THEN
        RAISE EXCEPTION 'batch % was %', OLD.id, CASE OLD.state WHEN 'ditolak' THEN 'refused' ELSE 'signed already' END
            USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state),
            HINT = CASE OLD.state WHEN 'ditolak' THEN 'batch_fill() takes its proposals into a new batch, which is sealed and signed.'
                ELSE 'A signature is given once.' END;
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.batch_keep_seal() IS 'Trigger: count and digest are fixed by the seal, the signature by signing';
CREATE TRIGGER keep_seal BEFORE UPDATE ON @registry@.batch
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.batch_keep_seal();

CREATE FUNCTION @registry@.cek_ulang_in_window() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    PERFORM @registry@.trigger_is_of(TG_RELID, '@registry@.cek_ulang');
    IF NOT EXISTS (SELECT FROM @registry@.edisi AS e WHERE e.id = NEW.edisi_id AND e.state = 'cek_ulang'
        AND clock_timestamp() BETWEEN e.recheck_from AND e.recheck_to) THEN
        RAISE EXCEPTION 'the re-check of edition % is not open', NEW.edisi_id USING ERRCODE = 'SE002',
            DETAIL = 'Answers are taken in state "cek_ulang", from recheck_from to recheck_to.',
            HINT = 'Table edisi has the calendar of each edition.';
    END IF;
    IF NOT EXISTS (SELECT FROM @registry@.actor AS a
        WHERE a.login = @registry@.scope_login() AND a.actor_role = 'kepala_daerah'
        AND (a.wilayah IS NULL OR starts_with(NEW.wilayah::text, replace(a.wilayah, '.', '')))) THEN
        RAISE EXCEPTION 'only the head of region % answers for it', NEW.wilayah
            USING ERRCODE = 'insufficient_privilege',
            DETAIL = 'The login does not act there as kepala_daerah.',
            HINT = 'Whoever keeps table actor can give the head of the region that role.';
    END IF;
    NEW.answered_at := clock_timestamp();
    NEW.answered_by := @registry@.scope_login();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.cek_ulang_in_window() IS 'Trigger: the head of a region answers, within the window. SECURITY DEFINER, because nobody but the owner reads actor';
CREATE TRIGGER in_window BEFORE INSERT OR UPDATE ON @registry@.cek_ulang
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.cek_ulang_in_window();

-- every edition has its partition, from its first day
CREATE FUNCTION @registry@.edisi_partition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    partition text;
BEGIN
    PERFORM @registry@.trigger_is_of(TG_RELID, '@registry@.edisi');
    partition := format('@registry@.%I', 'desil_' || NEW.id);
    EXECUTE format('CREATE TABLE %s PARTITION OF @registry@.desil FOR VALUES IN (%s)', partition, NEW.id);
    EXECUTE format('COMMENT ON TABLE %s IS %L', partition, 'Families of edition ' || NEW.name);
    -- triggers of statements are not inherited by partitions
    EXECUTE format('CREATE TRIGGER immutable_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT
        EXECUTE FUNCTION dtsen.immutable(''edisi_id'', ''@registry@.edisi'', ''id'', ''state'',
            ''cek_ulang'', ''ditetapkan'', ''terbit'')', partition);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER immutable_truncate', partition);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.edisi_partition() IS 'Trigger: makes the partition of an edition. SECURITY DEFINER, because only the owner of a table may add one';
CREATE TRIGGER make_partition AFTER INSERT ON @registry@.edisi
    FOR EACH ROW EXECUTE FUNCTION @registry@.edisi_partition();

-- what belongs to something sealed, valid or published stays as it is
DO $do$
DECLARE
    r record;
BEGIN
    FOR r IN VALUES
        ('desil', $a$'edisi_id', '@registry@.edisi', 'id', 'state', 'cek_ulang', 'ditetapkan', 'terbit'$a$),
        ('desil_cut', $a$'edisi_id', '@registry@.edisi', 'id', 'state', 'cek_ulang', 'ditetapkan', 'terbit'$a$),
        ('batch_item', $a$'batch_id', '@registry@.batch', 'id', 'state', 'disegel', 'ditandatangani', 'diterima'$a$),
        ('bukti', $a$'musyawarah_id', '@registry@.musyawarah', 'id', 'state', 'sah'$a$)
    LOOP
        EXECUTE format('CREATE TRIGGER immutable BEFORE INSERT OR UPDATE OR DELETE ON @registry@.%I
            FOR EACH ROW EXECUTE FUNCTION dtsen.immutable(%s)', r.column1, r.column2);
        EXECUTE format('CREATE TRIGGER immutable_truncate BEFORE TRUNCATE ON @registry@.%I
            FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable(%s)', r.column1, r.column2);
        EXECUTE format('ALTER TABLE @registry@.%I ENABLE ALWAYS TRIGGER immutable', r.column1);
        EXECUTE format('ALTER TABLE @registry@.%I ENABLE ALWAYS TRIGGER immutable_truncate', r.column1);
    END LOOP;
END $do$;
CREATE TRIGGER immutable_of_usulan BEFORE INSERT OR UPDATE OR DELETE ON @registry@.bukti
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable('usulan_id', '@registry@.usulan', 'id', 'state',
        'disahkan', 'ditandatangani', 'diserahkan', 'diolah', 'cek_ulang', 'disanggah', 'ditetapkan', 'terbit');
ALTER TABLE @registry@.bukti ENABLE ALWAYS TRIGGER immutable_of_usulan;

SELECT dtsen.attach('@registry@.usulan', 'usulan', '@registry@', reason_column => 'reason',
    version_column => 'machine_version', frozen_columns => '{request_key,kind,wilayah,keluarga_id,anggota_id,corrects_id,peristiwa_id,created_at,created_by}');
SELECT dtsen.attach('@registry@.musyawarah', 'musyawarah', '@registry@', reason_column => 'reason',
    version_column => 'machine_version', frozen_columns => '{wilayah,quorum,created_at,created_by}');
SELECT dtsen.attach('@registry@.batch', 'batch', '@registry@', reason_column => 'reason',
    version_column => 'machine_version', frozen_columns => '{wilayah,edisi_id,created_at}');
SELECT dtsen.attach('@registry@.edisi', 'edisi', '@registry@', wilayah_column => NULL,
    reason_column => 'reason', version_column => 'machine_version', frozen_columns => '{name,rule}');

-- also when session_replication_role says replica; what logical replication
-- applies, the publisher has judged
DO $do$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT t.tgrelid::regclass AS relid, t.tgname FROM pg_trigger AS t
        JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE c.relnamespace = '@registry@'::regnamespace AND NOT t.tgisinternal
        AND t.tgenabled <> 'A' AND c.relname IN ('actor', 'usulan', 'musyawarah', 'bukti', 'batch', 'batch_item',
            'edisi', 'cek_ulang', 'desa_tutup', 'import_run', 'import_stage', 'pemadanan', 'peristiwa')
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', r.relid, r.tgname);
    END LOOP;
END $do$;
