-- Registry @registry@: a region signs when every village of it has closed.

CREATE TABLE @registry@.desa_tutup (
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    wilayah dtsen.kode_wilayah NOT NULL REFERENCES @registry@.wilayah
        CHECK (dtsen.wilayah_level(wilayah) = 4),
    is_absent boolean NOT NULL DEFAULT false,
    reason text,
    closed_at timestamptz NOT NULL DEFAULT now(),
    closed_by name NOT NULL DEFAULT CURRENT_USER,
    PRIMARY KEY (edisi_id, wilayah),
    CHECK (NOT is_absent OR coalesce(length(btrim(reason)), 0) > 0)
);
COMMENT ON TABLE @registry@.desa_tutup IS 'Villages that are done with an edition: closed by their head, or listed as absent by the social office';
COMMENT ON COLUMN @registry@.desa_tutup.edisi_id IS 'The edition';
COMMENT ON COLUMN @registry@.desa_tutup.wilayah IS 'The village';
COMMENT ON COLUMN @registry@.desa_tutup.is_absent IS 'Listed as absent, not closed by the village itself';
COMMENT ON COLUMN @registry@.desa_tutup.reason IS 'Why it is absent';
COMMENT ON COLUMN @registry@.desa_tutup.closed_at IS 'When';
COMMENT ON COLUMN @registry@.desa_tutup.closed_by IS 'Login that said so';
ALTER TABLE @registry@.desa_tutup ENABLE ROW LEVEL SECURITY;
DO $do$
BEGIN
    EXECUTE format('CREATE POLICY scope ON @registry@.desa_tutup USING (%s)', @registry@.scope_condition());
END $do$;
COMMENT ON POLICY scope ON @registry@.desa_tutup IS 'Rows of the regions that table actor gives the login';

CREATE FUNCTION @registry@.desa_tutup_by_role() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    needed text := CASE WHEN NEW.is_absent THEN 'kepala_opd' ELSE 'kades' END;
    edition record;
BEGIN
    PERFORM @registry@.trigger_is_of(TG_RELID, '@registry@.desa_tutup');
    IF NOT EXISTS (SELECT FROM @registry@.actor AS a
        WHERE a.login = @registry@.scope_login() AND a.actor_role = needed
        AND (a.wilayah IS NULL OR starts_with(NEW.wilayah::text, replace(a.wilayah, '.', '')))) THEN
        RAISE EXCEPTION 'village % is closed by others', NEW.wilayah
            USING ERRCODE = 'insufficient_privilege',
                HINT = format('It takes an actor with role "%s" for it.', needed);
    END IF;
    SELECT * INTO edition FROM @registry@.edisi AS e WHERE e.id = NEW.edisi_id FOR SHARE;
    IF edition.state NOT IN ('buka', 'cut_off') THEN
        RAISE EXCEPTION 'edition % is past its cut-off and draw', edition.name
            USING ERRCODE = 'SE002', DETAIL = format('It is in state "%s".', edition.state),
            HINT = 'Close the village for the next edition.';
    END IF;
    IF NOT NEW.is_absent AND current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a village is closed in a transaction that is read committed'
            USING ERRCODE = 'active_sql_transaction',
            DETAIL = 'An older snapshot would miss proposals that were submitted meanwhile.',
            HINT = 'Begin the transaction with ISOLATION LEVEL READ COMMITTED.';
    END IF;
    -- whoever submits a proposal of this village has the row share-locked; it is
    -- written, so that nobody locks it under a snapshot in which the village is open
    UPDATE @registry@.wilayah AS w SET kode = w.kode WHERE w.kode = NEW.wilayah;
    NEW.closed_at := clock_timestamp();
    NEW.closed_by := @registry@.scope_login();
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.desa_tutup_by_role() IS 'Trigger: the head of a village closes it, the head of the office lists it as absent, before the draw. SECURITY DEFINER, because nobody but the owner reads actor';
CREATE TRIGGER by_role BEFORE INSERT ON @registry@.desa_tutup
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.desa_tutup_by_role();

CREATE FUNCTION @registry@.desa_tutup_is_done() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    open record;
BEGIN
    PERFORM @registry@.trigger_is_of(TG_RELID, '@registry@.desa_tutup');
    SELECT n.wilayah, count(*) AS n INTO open
    FROM new_rows AS n JOIN @registry@.usulan AS u ON u.wilayah = n.wilayah AND u.edisi_id = n.edisi_id
    WHERE u.state = 'diajukan' AND NOT n.is_absent GROUP BY n.wilayah LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'village % has proposals that no meeting has decided on: %', open.wilayah, open.n
            USING ERRCODE = 'SE003', HINT = 'Agree to them, refuse them, or take them to another edition first.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.desa_tutup_is_done() IS 'Trigger: a village closes when its submitted proposals are decided; those of one that is absent wait for a later edition. SECURITY DEFINER, because it counts all of them';
CREATE TRIGGER is_done AFTER INSERT ON @registry@.desa_tutup
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @registry@.desa_tutup_is_done();
CREATE TRIGGER immutable BEFORE INSERT OR UPDATE OR DELETE ON @registry@.desa_tutup
    FOR EACH ROW EXECUTE FUNCTION dtsen.immutable();
CREATE TRIGGER immutable_truncate BEFORE TRUNCATE ON @registry@.desa_tutup
    FOR EACH STATEMENT EXECUTE FUNCTION dtsen.immutable();

CREATE FUNCTION @registry@.village_close(edisi_id integer, village dtsen.kode_wilayah) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    INSERT INTO @registry@.desa_tutup (edisi_id, wilayah) VALUES (@registry@.edisi_known(edisi_id), village)
$$;
COMMENT ON FUNCTION @registry@.village_close(integer, dtsen.kode_wilayah) IS 'The head of a village closes an edition for it: no more proposals';

CREATE FUNCTION @registry@.village_absent(edisi_id integer, region dtsen.kode_wilayah, reason text) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n bigint;
BEGIN
    PERFORM @registry@.edisi_known(village_absent.edisi_id), @registry@.wilayah_known(region::text);
    INSERT INTO @registry@.desa_tutup (edisi_id, wilayah, is_absent, reason)
    SELECT village_absent.edisi_id, w.kode, true, village_absent.reason
    FROM @registry@.wilayah AS w
    WHERE w.level = 4 AND w.status = 'present' AND w.kode <@ region
    AND NOT EXISTS (SELECT FROM @registry@.desa_tutup AS d
        WHERE d.edisi_id = village_absent.edisi_id AND d.wilayah = w.kode)
    ORDER BY w.kode;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION @registry@.village_absent(integer, dtsen.kode_wilayah, text) IS 'The head of the social office lists all villages of a region that have not closed an edition as absent; returns how many';
