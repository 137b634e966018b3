-- Registry @registry@: figures of an edition beside those of its deciles.
--
-- Inequality never changes with a published edition. The quality of the data and
-- the errors of programmes do, as records are mended and lists are drawn up: they
-- are counted at publication and again whenever somebody asks, never by a view.

CREATE TABLE @registry@.inequality_summary (
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    wilayah dtsen.kode_wilayah NOT NULL,
    families integer NOT NULL,
    persons integer NOT NULL,
    gini double precision,
    lorenz double precision[] CHECK (cardinality(lorenz) = 20),
    is_hidden boolean NOT NULL GENERATED ALWAYS AS (families < 200) STORED,
    PRIMARY KEY (edisi_id, wilayah)
);
COMMENT ON TABLE @registry@.inequality_summary IS 'Inequality of the scores of a published edition, by regency; persons weigh';
COMMENT ON COLUMN @registry@.inequality_summary.edisi_id IS 'The edition';
COMMENT ON COLUMN @registry@.inequality_summary.wilayah IS 'The regency or city';
COMMENT ON COLUMN @registry@.inequality_summary.families IS 'Families with a score';
COMMENT ON COLUMN @registry@.inequality_summary.persons IS 'Their persons';
COMMENT ON COLUMN @registry@.inequality_summary.gini IS 'Gini coefficient; NULL: the scores are no amounts, since some are negative';
COMMENT ON COLUMN @registry@.inequality_summary.lorenz IS 'Element k: share that the poorest k of 20 parts of the persons have';
COMMENT ON COLUMN @registry@.inequality_summary.is_hidden IS 'Too few families to show: a twentieth of them may be fewer than 5';

CREATE TABLE @registry@.quality_summary (
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    wilayah dtsen.kode_wilayah NOT NULL,
    persons bigint NOT NULL,
    matched bigint NOT NULL,
    agreed bigint NOT NULL,
    asked bigint NOT NULL,
    filled bigint NOT NULL,
    recent bigint NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (edisi_id, wilayah)
);
COMMENT ON TABLE @registry@.quality_summary IS 'Counts of quality_counts(), as they were when they were last counted for an edition';
COMMENT ON COLUMN @registry@.quality_summary.edisi_id IS 'The edition';
COMMENT ON COLUMN @registry@.quality_summary.wilayah IS 'The district';
COMMENT ON COLUMN @registry@.quality_summary.persons IS 'Active persons';
COMMENT ON COLUMN @registry@.quality_summary.matched IS 'Persons whom a run of matching judged';
COMMENT ON COLUMN @registry@.quality_summary.agreed IS 'Of these, those who agree with the civil registry';
COMMENT ON COLUMN @registry@.quality_summary.asked IS 'Variables asked of all persons';
COMMENT ON COLUMN @registry@.quality_summary.filled IS 'Of these, those that are filled';
COMMENT ON COLUMN @registry@.quality_summary.recent IS 'Persons changed or visited within three months';
COMMENT ON COLUMN @registry@.quality_summary.counted_at IS 'When it was counted';

CREATE TABLE @registry@.targeting_summary (
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    program varchar(20) NOT NULL REFERENCES @registry@.program,
    wilayah dtsen.kode_wilayah NOT NULL,
    reached integer NOT NULL,
    missed integer NOT NULL,
    outside integer NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (edisi_id, program, wilayah)
);
COMMENT ON TABLE @registry@.targeting_summary IS 'Errors of programmes by report_exclusion(), as they were when they were last counted for an edition';
COMMENT ON COLUMN @registry@.targeting_summary.edisi_id IS 'The edition whose deciles judge';
COMMENT ON COLUMN @registry@.targeting_summary.program IS 'The programme';
COMMENT ON COLUMN @registry@.targeting_summary.wilayah IS 'The regency or city';
COMMENT ON COLUMN @registry@.targeting_summary.reached IS 'Entitled and in the programme';
COMMENT ON COLUMN @registry@.targeting_summary.missed IS 'Entitled and not in it';
COMMENT ON COLUMN @registry@.targeting_summary.outside IS 'In it and not entitled';
COMMENT ON COLUMN @registry@.targeting_summary.counted_at IS 'When it was counted';

CREATE FUNCTION @registry@.inequality_summarise(edisi_id integer) RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off
AS $$
    INSERT INTO @registry@.inequality_summary (edisi_id, wilayah, families, persons, gini, lorenz)
    SELECT inequality_summarise.edisi_id, g.wilayah, g.families, g.persons,
        CASE WHEN g.is_amount THEN g.gini END, CASE WHEN g.is_amount THEN g.lorenz END
    FROM (SELECT wilayah_parent(d.wilayah, 2) AS wilayah, count(*) AS families, sum(d.person_count) AS persons,
            min(d.skor) >= 0 AND sum(greatest(d.skor, 0) * d.person_count) > 0 AS is_amount,
            gini(greatest(d.skor, 0), d.person_count) AS gini, lorenz(greatest(d.skor, 0), d.person_count, 20) AS lorenz
        FROM @registry@.desil AS d WHERE d.edisi_id = inequality_summarise.edisi_id AND d.skor IS NOT NULL GROUP BY 1) AS g
$$;
COMMENT ON FUNCTION @registry@.inequality_summarise(integer) IS 'Fills inequality_summary for an edition, once';

CREATE FUNCTION @registry@.quality_summarise(edisi_id integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    edition record;
    last integer;
BEGIN
    SELECT e.id, e.name, e.state, (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS asof INTO edition
    FROM @registry@.edisi AS e WHERE e.id = quality_summarise.edisi_id FOR UPDATE;
    IF edition.id IS NULL THEN
        RAISE EXCEPTION 'there is no edition %', edisi_id
            USING ERRCODE = 'no_data_found', HINT = 'Table edisi lists the editions.';
    END IF;
    SELECT e.id INTO last FROM @registry@.edisi AS e WHERE e.state = 'terbit' ORDER BY e.published_at DESC, e.id DESC LIMIT 1;
    IF edition.state <> 'terbit' OR edition.id <> last THEN
        RAISE EXCEPTION 'edition % is not the one published last', edition.name
            USING ERRCODE = 'invalid_parameter_value',
                DETAIL = 'Records and lists are counted as they are now; they say nothing of another edition.',
                HINT = 'Ask for the edition published last.';
    END IF;
    DELETE FROM @registry@.quality_summary AS q WHERE q.edisi_id = edition.id;
    INSERT INTO @registry@.quality_summary (edisi_id, wilayah, persons, matched, agreed, asked, filled, recent, counted_at)
    SELECT edition.id, q.kecamatan, q.persons, q.matched, q.agreed, q.asked, q.filled, q.recent, clock_timestamp()
    FROM @registry@.quality_counts((now() AT TIME ZONE 'Asia/Jakarta')::date) AS q;

    DELETE FROM @registry@.targeting_summary AS t WHERE t.edisi_id = edition.id;
    INSERT INTO @registry@.targeting_summary (edisi_id, program, wilayah, reached, missed, outside, counted_at)
    SELECT edition.id, p.program, wilayah_parent(x.kecamatan, 2), sum(x.entitled - x.entitled_without),
        sum(x.entitled_without), sum(x.without_right), clock_timestamp()
    FROM @registry@.program AS p CROSS JOIN LATERAL @registry@.report_exclusion(p.program, edition.id) AS x
    WHERE (p.valid_to IS NULL OR p.valid_to >= edition.asof)
    AND EXISTS (SELECT FROM @registry@.program_rule AS r WHERE r.program = p.program AND r.valid_from <= edition.asof)
    GROUP BY 2, 3;
END $$;
COMMENT ON FUNCTION @registry@.quality_summarise(integer) IS 'Counts again the quality of the data and the errors of programmes for the edition published last; publication does it, ask again after lists were given out. SECURITY DEFINER, because it counts every region and nobody but the owner writes the figures';
