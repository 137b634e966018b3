-- Registry @registry@: what the views for analysts count, counted once.
--
-- A published edition never changes, so its figures are made with it, in the
-- transaction that publishes it. The views read these tables: a dashboard costs
-- the same at a thousand families and at ninety million.

CREATE FUNCTION @registry@.is_hidden_cell(cell numeric, smallest numeric, place bigint, running numeric)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT cell < 5 OR (smallest < 5 AND (place <= 2 OR running - cell < 5)) $$;
COMMENT ON FUNCTION @registry@.is_hidden_cell(numeric, numeric, bigint, numeric) IS 'Whether a figure is hidden: below 5; and where one of its group is, at least the two smallest and 5 in all, so that the total of the group does not give it away. Arguments: the figure, the smallest of the group, its place by size, the sum up to it';

CREATE TABLE @registry@.desil_summary (
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    scope varchar(10) NOT NULL CHECK (scope IN ('nasional', 'provinsi', 'kabupaten')),
    wilayah dtsen.kode_wilayah NOT NULL,
    desil smallint,
    families integer NOT NULL,
    persons integer NOT NULL,
    is_hidden boolean NOT NULL,
    UNIQUE NULLS NOT DISTINCT (edisi_id, scope, wilayah, desil)
);
-- its key may hold a NULL, which is no identity for logical replication
ALTER TABLE @registry@.desil_summary REPLICA IDENTITY FULL;
COMMENT ON TABLE @registry@.desil_summary IS 'Families and persons of a published edition by district and decile';
COMMENT ON COLUMN @registry@.desil_summary.edisi_id IS 'The edition';
COMMENT ON COLUMN @registry@.desil_summary.scope IS 'Scope of the decile';
COMMENT ON COLUMN @registry@.desil_summary.wilayah IS 'The district';
COMMENT ON COLUMN @registry@.desil_summary.desil IS '1 to 10; NULL: not ranked';
COMMENT ON COLUMN @registry@.desil_summary.families IS 'Families';
COMMENT ON COLUMN @registry@.desil_summary.persons IS 'Persons';
COMMENT ON COLUMN @registry@.desil_summary.is_hidden IS 'Not for analysts: see is_hidden_cell()';

CREATE TABLE @registry@.movement_summary (
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    from_edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    scope varchar(10) NOT NULL CHECK (scope IN ('nasional', 'provinsi', 'kabupaten')),
    wilayah dtsen.kode_wilayah NOT NULL,
    from_desil smallint,
    to_desil smallint,
    families integer NOT NULL,
    persons integer NOT NULL,
    is_hidden boolean NOT NULL,
    UNIQUE NULLS NOT DISTINCT (edisi_id, scope, wilayah, from_desil, to_desil)
);
-- its key may hold a NULL, which is no identity for logical replication
ALTER TABLE @registry@.movement_summary REPLICA IDENTITY FULL;
COMMENT ON TABLE @registry@.movement_summary IS 'Families that moved between deciles from the edition published before, by regency';
COMMENT ON COLUMN @registry@.movement_summary.edisi_id IS 'The edition';
COMMENT ON COLUMN @registry@.movement_summary.from_edisi_id IS 'The one published before it';
COMMENT ON COLUMN @registry@.movement_summary.scope IS 'Scope of the deciles';
COMMENT ON COLUMN @registry@.movement_summary.wilayah IS 'The regency or city, in the later edition';
COMMENT ON COLUMN @registry@.movement_summary.from_desil IS 'Decile before; NULL: not ranked';
COMMENT ON COLUMN @registry@.movement_summary.to_desil IS 'Decile now; NULL: not ranked';
COMMENT ON COLUMN @registry@.movement_summary.families IS 'Families of both editions';
COMMENT ON COLUMN @registry@.movement_summary.persons IS 'Their persons, in the later edition';
COMMENT ON COLUMN @registry@.movement_summary.is_hidden IS 'Not for analysts: see is_hidden_cell()';

CREATE FUNCTION @registry@.edisi_summarise() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET enable_nestloop = off
AS $$
DECLARE
    before integer;
BEGIN
    PERFORM @registry@.trigger_is_of(TG_RELID, '@registry@.edisi');
    IF NEW.state <> 'terbit' OR OLD.state = 'terbit' THEN
        RETURN NULL;
    END IF;
    INSERT INTO @registry@.desil_summary (edisi_id, scope, wilayah, desil, families, persons, is_hidden)
    SELECT NEW.id, s.scope, g.kecamatan, s.desil, sum(g.families), sum(g.persons),
        @registry@.is_hidden_cell(sum(g.families), min(sum(g.families)) OVER c, row_number() OVER (c ORDER BY sum(g.families), s.desil),
            sum(sum(g.families)) OVER (c ORDER BY sum(g.families), s.desil ROWS UNBOUNDED PRECEDING))
    FROM (SELECT wilayah_parent(d.wilayah) AS kecamatan, d.desil_nasional, d.desil_provinsi, d.desil_kabupaten,
            count(*) AS families, sum(d.person_count) AS persons
        FROM @registry@.desil AS d WHERE d.edisi_id = NEW.id GROUP BY 1, 2, 3, 4) AS g
    CROSS JOIN LATERAL (VALUES ('nasional', g.desil_nasional), ('provinsi', g.desil_provinsi),
        ('kabupaten', g.desil_kabupaten)) AS s (scope, desil)
    GROUP BY 2, 3, 4
    WINDOW c AS (PARTITION BY s.scope, g.kecamatan);

    SELECT e.id INTO before FROM @registry@.edisi AS e
    WHERE e.state = 'terbit' AND e.id <> NEW.id AND e.published_at <= NEW.published_at
    ORDER BY e.published_at DESC, e.id DESC LIMIT 1;
    IF before IS NOT NULL THEN
        INSERT INTO @registry@.movement_summary (edisi_id, from_edisi_id, scope, wilayah, from_desil, to_desil, families, persons, is_hidden)
        SELECT NEW.id, before, s.scope, g.kabupaten, s.from_desil, s.to_desil, sum(g.families), sum(g.persons),
            @registry@.is_hidden_cell(sum(g.families), min(sum(g.families)) OVER c,
                row_number() OVER (c ORDER BY sum(g.families), s.from_desil, s.to_desil),
                sum(sum(g.families)) OVER (c ORDER BY sum(g.families), s.from_desil, s.to_desil ROWS UNBOUNDED PRECEDING))
        FROM (SELECT wilayah_parent(n.wilayah, 2) AS kabupaten, o.desil_nasional AS on1, n.desil_nasional AS nn1,
                o.desil_provinsi AS op, n.desil_provinsi AS np, o.desil_kabupaten AS ok, n.desil_kabupaten AS nk,
                count(*) AS families, sum(n.person_count) AS persons
            FROM (SELECT * FROM @registry@.desil AS d WHERE d.edisi_id = NEW.id) AS n
            JOIN (SELECT * FROM @registry@.desil AS d WHERE d.edisi_id = before) AS o USING (keluarga_id)
            GROUP BY 1, 2, 3, 4, 5, 6, 7) AS g
        CROSS JOIN LATERAL (VALUES ('nasional', g.on1, g.nn1), ('provinsi', g.op, g.np), ('kabupaten', g.ok, g.nk)) AS s (scope, from_desil, to_desil)
        GROUP BY 3, 4, 5, 6
        WINDOW c AS (PARTITION BY s.scope, g.kabupaten);
    END IF;
    PERFORM @registry@.program_summarise();
    PERFORM @registry@.inequality_summarise(NEW.id);
    PERFORM @registry@.quality_summarise(NEW.id);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.edisi_summarise() IS 'Trigger: makes the figures of an edition when it is published. SECURITY DEFINER, because nobody but the owner writes them';
CREATE TRIGGER summarise AFTER UPDATE ON @registry@.edisi
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.edisi_summarise();
ALTER TABLE @registry@.edisi ENABLE ALWAYS TRIGGER summarise;
