-- Registry @registry@: movement and quality for analysts.

CREATE VIEW @registry_bi@.movement_by_kabupaten WITH (security_barrier) AS
    SELECT e.publication_id, e.edition_name, e.published_at, e.as_of_date, e.month_key, e.month_date,
        f.from_edisi_id AS from_publication_id,
        f.scope, x.label_id AS scope_label_id, x.label_en AS scope_label_en, x.sort_order AS scope_sort_order,
        f.wilayah::varchar(10) AS kabupaten_code, w.nama::varchar(100) AS kabupaten_name,
        f.from_desil::integer AS from_desil, coalesce(f.from_desil, 11)::integer AS from_sort_order,
        f.to_desil::integer AS to_desil, coalesce(f.to_desil, 11)::integer AS to_sort_order,
        m.code AS movement, m.label_id AS movement_label_id, m.label_en AS movement_label_en, m.sort_order AS movement_sort_order,
        CASE WHEN NOT f.is_hidden THEN f.families END AS family_count,
        CASE WHEN NOT f.is_hidden THEN f.persons END AS person_count,
        f.is_hidden AS is_suppressed
    FROM @registry@.movement_summary AS f
    JOIN @registry@.bi_scope() AS b ON f.wilayah BETWEEN b.low AND b.high
    JOIN @registry@.edisi_published AS e ON e.publication_id = f.edisi_id
    JOIN @registry@.label AS x ON x.list = 'scope' AND x.code = f.scope
    LEFT JOIN @registry@.label AS m ON m.list = 'movement' AND m.code = @registry@.movement_label(f.to_desil - f.from_desil)
    JOIN @registry@.wilayah AS w ON w.kode = f.wilayah;
COMMENT ON VIEW @registry_bi@.movement_by_kabupaten IS 'Families that moved between deciles from one published edition to the next. Grain: edition, scope, regency, decile before, decile now. Key: publication_id, scope, kabupaten_code, from_sort_order, to_sort_order. Changes with a publication';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.publication_id IS 'Key of the later edition';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.edition_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.published_at IS 'When it was published';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.as_of_date IS 'Day of publication, in Jakarta';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.month_key IS 'Month in which the later edition is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.from_publication_id IS 'Key of the edition published before it';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.scope IS 'Scope of the deciles: nasional, provinsi or kabupaten';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.scope_label_id IS 'Indonesian label of the scope';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.scope_label_en IS 'English label of the scope';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.scope_sort_order IS 'Order of the values in lists and charts';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.from_desil IS 'Decile before; NULL: not ranked';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.from_sort_order IS 'Decile before, 11 for not ranked';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.to_desil IS 'Decile now; NULL: not ranked';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.to_sort_order IS 'Decile now, 11 for not ranked';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.movement IS 'extreme_fall, significant_fall, fall, same, rise, significant_rise or extreme_rise; NULL: not ranked in one of them';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.movement_label_id IS 'Indonesian label of the movement; NULL: not ranked in one of them';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.movement_label_en IS 'English label of the movement; NULL: not ranked in one of them';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.movement_sort_order IS 'Order of the values in lists and charts; NULL: not ranked in one of them';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.family_count IS 'Families; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.person_count IS 'Persons; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.movement_by_kabupaten.is_suppressed IS 'Not shown: fewer than 5 families, or shown it would give away such a cell by subtraction';

CREATE VIEW @registry_bi@.control_total WITH (security_barrier) AS
    SELECT c.id AS control_id, c.name::varchar(80) AS total_name, c.source::varchar(200) AS source, c.noted_on AS as_of_date,
        c.edisi_id AS publication_id, e.published_at, c.wilayah::varchar(10) AS wilayah_code,
        c.unit::varchar(10) AS unit, u.label_id AS unit_label_id, u.label_en AS unit_label_en, u.sort_order AS unit_sort_order,
        c.total::numeric(18, 0) AS published_total, p.total::numeric(18, 0) AS parts_total,
        (p.total - c.total)::numeric(18, 0) AS difference, coalesce(p.total <> c.total, false) AS is_contradictory
    FROM @registry@.control_total AS c
    JOIN @registry@.label AS u ON u.list = 'unit' AND u.code = c.unit
    LEFT JOIN @registry@.edisi_published AS e ON e.publication_id = c.edisi_id
    LEFT JOIN (SELECT x.control_id, sum(x.value) AS total FROM @registry@.control_part AS x GROUP BY 1) AS p ON p.control_id = c.id;
COMMENT ON VIEW @registry_bi@.control_total IS 'Totals that somebody published, beside the sum of their published parts. Grain: one published total. Key: control_id. Always current';
COMMENT ON COLUMN @registry_bi@.control_total.control_id IS 'Key of the total';
COMMENT ON COLUMN @registry_bi@.control_total.total_name IS 'What it is a total of';
COMMENT ON COLUMN @registry_bi@.control_total.source IS 'Who published it';
COMMENT ON COLUMN @registry_bi@.control_total.as_of_date IS 'Day it was published';
COMMENT ON COLUMN @registry_bi@.control_total.publication_id IS 'Key of the edition that it is about; NULL: none';
COMMENT ON COLUMN @registry_bi@.control_total.published_at IS 'When that edition was published; NULL: it is not, or none';
COMMENT ON COLUMN @registry_bi@.control_total.wilayah_code IS 'Region that it is about; NULL: the country';
COMMENT ON COLUMN @registry_bi@.control_total.unit IS 'keluarga: families; anggota: persons';
COMMENT ON COLUMN @registry_bi@.control_total.unit_label_id IS 'Indonesian label of the unit';
COMMENT ON COLUMN @registry_bi@.control_total.unit_label_en IS 'English label of the unit';
COMMENT ON COLUMN @registry_bi@.control_total.unit_sort_order IS 'Order of the values in lists and charts';
COMMENT ON COLUMN @registry_bi@.control_total.published_total IS 'The total as published';
COMMENT ON COLUMN @registry_bi@.control_total.parts_total IS 'Sum of its parts as published; NULL: none were';
COMMENT ON COLUMN @registry_bi@.control_total.difference IS 'Parts less total; NULL: no parts';
COMMENT ON COLUMN @registry_bi@.control_total.is_contradictory IS 'The parts do not add up to the total';
