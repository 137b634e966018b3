-- Registry @registry@: movement and quality for analysts.

CREATE VIEW @registry_bi@.movement_by_kabupaten WITH (security_barrier) AS
    SELECT f.publication_id, f.edition_name, f.from_publication_id, f.as_of_date, f.scope, f.kabupaten_code,
        w.nama::varchar(100) AS kabupaten_name, f.from_desil, f.to_desil, @registry@.movement_label(f.to_desil - f.from_desil)::varchar(20) AS movement,
        CASE WHEN NOT f.is_hidden THEN f.families END::integer AS family_count,
        CASE WHEN NOT f.is_hidden THEN f.persons END::integer AS person_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, m.from_edisi_id AS from_publication_id,
            (e.published_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date, m.scope::varchar(10) AS scope, m.wilayah AS kode,
            m.wilayah::varchar(10) AS kabupaten_code, m.from_desil::integer AS from_desil, m.to_desil::integer AS to_desil, m.families, m.persons,
            @registry@.is_hidden_cell(m.families, min(m.families) OVER c, row_number() OVER (c ORDER BY m.families, m.from_desil, m.to_desil),
                sum(m.families) OVER (c ORDER BY m.families, m.from_desil, m.to_desil ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM @registry@.movement_summary AS m JOIN @registry@.edisi AS e ON e.id = m.edisi_id AND e.state = 'terbit'
        WINDOW c AS (PARTITION BY m.edisi_id, m.scope, m.wilayah)) AS f
    JOIN @registry@.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW @registry_bi@.movement_by_kabupaten IS 'Families that moved between deciles from one published edition to the next. Grain: edition, scope, regency, decile before, decile now. Changes with a publication';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.publication_id IS 'Key of the later edition';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.edition_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.from_publication_id IS 'Key of the edition published before it';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.as_of_date IS 'Day of publication, in Jakarta';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.scope IS 'Scope of the deciles: nasional, provinsi or kabupaten';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.from_desil IS 'Decile before; NULL: not ranked';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.to_desil IS 'Decile now; NULL: not ranked';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.movement IS 'extreme_fall, significant_fall, fall, same, rise, significant_rise or extreme_rise; empty: not ranked in one of them';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.family_count IS 'Families; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.person_count IS 'Persons; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.is_suppressed IS 'Not shown: fewer than 5 families, or shown it would give away such a cell by subtraction';

CREATE VIEW @registry_bi@.control_total WITH (security_barrier) AS
    SELECT c.name::varchar(80) AS total_name, c.source::varchar(200) AS source, c.noted_on AS as_of_date, c.wilayah::varchar(10) AS wilayah_code,
        c.unit::varchar(10) AS unit, c.total AS published_total, p.total::bigint AS parts_total, (p.total - c.total)::bigint AS difference,
        (p.total IS NOT NULL AND p.total <> c.total) AS is_contradictory
    FROM @registry@.control_total AS c
    LEFT JOIN (SELECT x.control_id, sum(x.value) AS total FROM @registry@.control_part AS x GROUP BY 1) AS p ON p.control_id = c.id;
COMMENT ON VIEW @registry_bi@.control_total IS 'Totals that somebody published, beside the sum of their published parts. Grain: one published total. Always current';
COMMENT ON COLUMN @registry_bi@.control_total.total_name IS 'What it is a total of';
COMMENT ON COLUMN @registry_bi@.control_total.source IS 'Who published it';
COMMENT ON COLUMN @registry_bi@.control_total.as_of_date IS 'Day it was published';
COMMENT ON COLUMN @registry_bi@.control_total.wilayah_code IS 'Region that it is about; empty: the country';
COMMENT ON COLUMN @registry_bi@.control_total.unit IS 'keluarga: families; anggota: persons';
COMMENT ON COLUMN @registry_bi@.control_total.published_total IS 'The total as published';
COMMENT ON COLUMN @registry_bi@.control_total.parts_total IS 'Sum of its parts as published; NULL: none were';
COMMENT ON COLUMN @registry_bi@.control_total.difference IS 'Parts less total';
COMMENT ON COLUMN @registry_bi@.control_total.is_contradictory IS 'The parts do not add up to the total';
