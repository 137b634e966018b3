-- Registry @registry@: the triggers that enforce all this, whichever client writes.

-- what a proposal is about, and who entered it, never changes
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.usulan
    FOR EACH ROW EXECUTE FUNCTION @registry@.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.musyawarah
    FOR EACH ROW EXECUTE FUNCTION @registry@.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.bukti
    FOR EACH ROW EXECUTE FUNCTION @registry@.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.import_run
    FOR EACH ROW EXECUTE FUNCTION @registry@.stamp_created();
CREATE TRIGGER stamp_created BEFORE INSERT ON @registry@.pemadanan
    FOR EACH ROW EXECUTE FUNCTION @registry@.stamp_created();

CREATE FUNCTION @registry@.usulan_keep_content() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    IF NEW.payload IS DISTINCT FROM OLD.payload THEN
        IF OLD.state NOT IN ('draf', 'dikembalikan') THEN
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
            USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.usulan_keep_content() IS 'Trigger: what a meeting agreed to stays as it was';
CREATE TRIGGER keep_content BEFORE UPDATE ON @registry@.usulan
    FOR EACH ROW EXECUTE FUNCTION @registry@.usulan_keep_content();

CREATE FUNCTION @registry@.batch_keep_seal() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    IF (NEW.item_count, NEW.digest) IS DISTINCT FROM (OLD.item_count, OLD.digest) AND OLD.state <> 'terbuka'
        OR NEW.signature IS DISTINCT FROM OLD.signature AND OLD.state <> 'disegel' THEN
        RAISE EXCEPTION 'the seal of batch % cannot change', OLD.id
            USING ERRCODE = 'SE004', DETAIL = format('It is in state "%s".', OLD.state);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.batch_keep_seal() IS 'Trigger: count and digest are fixed by the seal, the signature by signing';
CREATE TRIGGER keep_seal BEFORE UPDATE ON @registry@.batch
    FOR EACH ROW EXECUTE FUNCTION @registry@.batch_keep_seal();

CREATE FUNCTION @registry@.cek_ulang_in_window() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM @registry@.edisi AS e WHERE e.id = NEW.edisi_id AND e.state = 'cek_ulang'
        AND clock_timestamp() BETWEEN e.recheck_from AND e.recheck_to) THEN
        RAISE EXCEPTION 'the re-check of edition % is not open', NEW.edisi_id USING ERRCODE = 'SE002';
    END IF;
    IF NOT EXISTS (SELECT FROM @registry@.actor AS a
        WHERE a.login = @registry@.scope_login() AND a.actor_role = 'kepala_daerah'
        AND (a.wilayah IS NULL OR starts_with(NEW.wilayah::text, replace(a.wilayah, '.', '')))) THEN
        RAISE EXCEPTION 'only the head of region % answers for it', NEW.wilayah
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.answered_at := clock_timestamp();
    NEW.answered_by := @registry@.scope_login();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.cek_ulang_in_window() IS 'Trigger: the head of a region answers, within the window. SECURITY DEFINER, because nobody but the owner reads actor';
CREATE TRIGGER in_window BEFORE INSERT OR UPDATE ON @registry@.cek_ulang
    FOR EACH ROW EXECUTE FUNCTION @registry@.cek_ulang_in_window();

-- every edition has its partition, from its first day
CREATE FUNCTION @registry@.edisi_partition() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    partition text := format('@registry@.%I', 'desil_' || NEW.id);
BEGIN
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
        'disahkan', 'ditandatangani', 'diserahkan', 'diolah', 'ditetapkan', 'terbit');
ALTER TABLE @registry@.bukti ENABLE ALWAYS TRIGGER immutable_of_usulan;

SELECT dtsen.attach('@registry@.usulan', 'usulan', '@registry@', reason_column => 'reason',
    frozen_columns => '{request_key,kind,wilayah,keluarga_id,anggota_id,corrects_id,created_at,created_by}');
SELECT dtsen.attach('@registry@.musyawarah', 'musyawarah', '@registry@', reason_column => 'reason',
    frozen_columns => '{wilayah,quorum,created_at,created_by}');
SELECT dtsen.attach('@registry@.batch', 'batch', '@registry@', reason_column => 'reason',
    frozen_columns => '{wilayah,edisi_id,created_at}');
SELECT dtsen.attach('@registry@.edisi', 'edisi', '@registry@', wilayah_column => NULL,
    reason_column => 'reason', frozen_columns => '{name,rule}');

-- also when session_replication_role says replica
ALTER TABLE @registry@.usulan ENABLE ALWAYS TRIGGER keep_content;
ALTER TABLE @registry@.batch ENABLE ALWAYS TRIGGER keep_seal;
