-- Registry @registry@: addresses down to RT and RW, with their days.

ALTER TABLE @registry@.keluarga
    ADD rt varchar(3) CHECK (rt ~ '^[0-9]{3}$'),
    ADD rw varchar(3) CHECK (rw ~ '^[0-9]{3}$'),
    ADD dusun varchar(60),
    ADD alamat_since date NOT NULL DEFAULT CURRENT_DATE;
COMMENT ON COLUMN @registry@.keluarga.rt IS 'Neighbourhood (RT), three digits with leading zeros';
COMMENT ON COLUMN @registry@.keluarga.rw IS 'Ward (RW), three digits with leading zeros';
COMMENT ON COLUMN @registry@.keluarga.dusun IS 'Hamlet';
COMMENT ON COLUMN @registry@.keluarga.alamat_since IS 'Day from which the registry knows this address';

CREATE TABLE @registry@.keluarga_alamat (
    keluarga_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    former_wilayah dtsen.kode_wilayah NOT NULL,
    alamat text,
    rt varchar(3),
    rw varchar(3),
    dusun varchar(60),
    valid_from date NOT NULL,
    valid_to date NOT NULL CHECK (valid_to >= valid_from),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT keluarga_alamat_no_overlap EXCLUDE USING gist
        (int8range(keluarga_id, keluarga_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&),
    FOREIGN KEY (keluarga_id, wilayah)
        REFERENCES @registry@.keluarga (id, wilayah) ON UPDATE CASCADE
);
CREATE INDEX ON @registry@.keluarga_alamat (keluarga_id);
COMMENT ON TABLE @registry@.keluarga_alamat IS 'Former addresses of families with their days; the present one is in keluarga';
COMMENT ON COLUMN @registry@.keluarga_alamat.keluarga_id IS 'The family';
COMMENT ON COLUMN @registry@.keluarga_alamat.wilayah IS 'Village of the family today';
COMMENT ON COLUMN @registry@.keluarga_alamat.former_wilayah IS 'Village then';
COMMENT ON COLUMN @registry@.keluarga_alamat.alamat IS 'Address within it then';
COMMENT ON COLUMN @registry@.keluarga_alamat.rt IS 'Neighbourhood (RT) then';
COMMENT ON COLUMN @registry@.keluarga_alamat.rw IS 'Ward (RW) then';
COMMENT ON COLUMN @registry@.keluarga_alamat.dusun IS 'Hamlet then';
COMMENT ON COLUMN @registry@.keluarga_alamat.valid_from IS 'First day';
COMMENT ON COLUMN @registry@.keluarga_alamat.valid_to IS 'Day on which the next address took over';
COMMENT ON COLUMN @registry@.keluarga_alamat.changed_at IS 'When the change was made';

CREATE FUNCTION @registry@.keluarga_date_alamat() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
BEGIN
    -- not a condition of the trigger: a restore would not find the operator there
    IF (OLD.wilayah, OLD.alamat, OLD.rt, OLD.rw, OLD.dusun) IS NOT DISTINCT FROM (NEW.wilayah, NEW.alamat, NEW.rt, NEW.rw, NEW.dusun) THEN
        RETURN NEW;
    END IF;
    -- who writes an address may say from which day on; not before the one it follows
    NEW.alamat_since := CASE WHEN NEW.alamat_since > OLD.alamat_since THEN NEW.alamat_since
        ELSE greatest(OLD.alamat_since, CURRENT_DATE) END;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.keluarga_date_alamat() IS 'Trigger: another address begins today, if its writer does not say another day';
CREATE TRIGGER date_alamat BEFORE UPDATE ON @registry@.keluarga
    FOR EACH ROW EXECUTE FUNCTION @registry@.keluarga_date_alamat();

CREATE FUNCTION @registry@.keluarga_keep_alamat() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
    SET enable_nestloop = off -- the plan that one row got in this session is that of a million later
AS $$
BEGIN
    PERFORM @registry@.trigger_is_of(TG_RELID, '@registry@.keluarga');
    INSERT INTO @registry@.keluarga_alamat (keluarga_id, wilayah, former_wilayah, alamat, rt, rw, dusun, valid_from, valid_to)
    SELECT o.id, n.wilayah, o.wilayah, o.alamat, o.rt, o.rw, o.dusun, o.alamat_since, greatest(n.alamat_since, o.alamat_since)
    FROM old_rows AS o JOIN new_rows AS n USING (id)
    WHERE (o.wilayah, o.alamat, o.rt, o.rw, o.dusun) IS DISTINCT FROM (n.wilayah, n.alamat, n.rt, n.rw, n.dusun)
    AND num_nonnulls(o.alamat, o.rt, o.rw, o.dusun) + (o.wilayah <> n.wilayah)::integer > 0;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.keluarga_keep_alamat() IS 'Trigger: keeps the former address when a family gets another. SECURITY DEFINER, because nobody but the owner writes this history';
CREATE TRIGGER keluarga_keep_alamat AFTER UPDATE ON @registry@.keluarga
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @registry@.keluarga_keep_alamat();
