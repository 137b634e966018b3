-- Registry @registry@: programmes for analysts, by the last published edition.

CREATE VIEW @registry_bi@.dim_program WITH (security_barrier) AS
    SELECT p.program::varchar(20) AS program, p.label_id::varchar(80) AS label_id, p.label_en::varchar(80) AS label_en,
        row_number() OVER (ORDER BY p.program)::integer AS sort_order,
        p.owner_level::varchar(10) AS owner_level, o.label_id AS owner_level_label_id, o.label_en AS owner_level_label_en,
        o.sort_order AS owner_level_sort_order, p.wilayah::varchar(10) AS wilayah_code,
        p.unit::varchar(10) AS unit, u.label_id AS unit_label_id, u.label_en AS unit_label_en, u.sort_order AS unit_sort_order,
        p.exclusive_group::varchar(20) AS exclusive_group, g.label_id AS exclusive_group_label_id, g.label_en AS exclusive_group_label_en,
        CASE WHEN g.exclusive_group IS NOT NULL THEN dense_rank() OVER (ORDER BY g.exclusive_group)::integer END AS exclusive_group_sort_order,
        r.desil_scope::varchar(10) AS desil_scope, s.label_id AS desil_scope_label_id, s.label_en AS desil_scope_label_en,
        s.sort_order AS desil_scope_sort_order,
        r.desil_from::integer AS desil_from, r.desil_to::integer AS desil_to, r.needs_component
    FROM @registry@.program AS p
    JOIN @registry@.label AS o ON o.list = 'owner_level' AND o.code = p.owner_level
    JOIN @registry@.label AS u ON u.list = 'unit' AND u.code = p.unit
    LEFT JOIN @registry@.exclusive_group AS g ON g.exclusive_group = p.exclusive_group
    LEFT JOIN LATERAL (SELECT x.* FROM @registry@.program_rule AS x
        WHERE x.program = p.program AND x.valid_from <= (now() AT TIME ZONE 'Asia/Jakarta')::date
        ORDER BY x.valid_from DESC LIMIT 1) AS r ON true
    LEFT JOIN @registry@.label AS s ON s.list = 'scope' AND s.code = r.desil_scope;
COMMENT ON VIEW @registry_bi@.dim_program IS 'Programmes with the rule of today. Grain: one programme. Key: program. Always current';
COMMENT ON COLUMN @registry_bi@.dim_program.program IS 'Key of the programme';
COMMENT ON COLUMN @registry_bi@.dim_program.label_id IS 'Indonesian name';
COMMENT ON COLUMN @registry_bi@.dim_program.label_en IS 'English name';
COMMENT ON COLUMN @registry_bi@.dim_program.sort_order IS 'Order in lists and charts';
COMMENT ON COLUMN @registry_bi@.dim_program.owner_level IS 'Who pays: pusat, provinsi, kabupaten or desa';
COMMENT ON COLUMN @registry_bi@.dim_program.owner_level_label_id IS 'Indonesian label of who pays';
COMMENT ON COLUMN @registry_bi@.dim_program.owner_level_label_en IS 'English label of who pays';
COMMENT ON COLUMN @registry_bi@.dim_program.owner_level_sort_order IS 'Order of the values in lists and charts';
COMMENT ON COLUMN @registry_bi@.dim_program.wilayah_code IS 'Region that pays; NULL: the centre';
COMMENT ON COLUMN @registry_bi@.dim_program.unit IS 'keluarga or anggota: who is helped';
COMMENT ON COLUMN @registry_bi@.dim_program.unit_label_id IS 'Indonesian label of who is helped';
COMMENT ON COLUMN @registry_bi@.dim_program.unit_label_en IS 'English label of who is helped';
COMMENT ON COLUMN @registry_bi@.dim_program.unit_sort_order IS 'Order of the values in lists and charts';
COMMENT ON COLUMN @registry_bi@.dim_program.exclusive_group IS 'Group of which one may be in one programme only; NULL: none';
COMMENT ON COLUMN @registry_bi@.dim_program.exclusive_group_label_id IS 'Indonesian label of the group; NULL: none';
COMMENT ON COLUMN @registry_bi@.dim_program.exclusive_group_label_en IS 'English label of the group; NULL: none';
COMMENT ON COLUMN @registry_bi@.dim_program.exclusive_group_sort_order IS 'Order of the values in lists and charts; NULL: none';
COMMENT ON COLUMN @registry_bi@.dim_program.desil_scope IS 'Decile that counts: nasional, provinsi or kabupaten; NULL: no rule yet';
COMMENT ON COLUMN @registry_bi@.dim_program.desil_scope_label_id IS 'Indonesian label of the scope; NULL: no rule yet';
COMMENT ON COLUMN @registry_bi@.dim_program.desil_scope_label_en IS 'English label of the scope; NULL: no rule yet';
COMMENT ON COLUMN @registry_bi@.dim_program.desil_scope_sort_order IS 'Order of the values in lists and charts; NULL: no rule yet';
COMMENT ON COLUMN @registry_bi@.dim_program.desil_from IS 'First decile taken; NULL: no rule yet';
COMMENT ON COLUMN @registry_bi@.dim_program.desil_to IS 'Last decile taken; NULL: no rule yet';
COMMENT ON COLUMN @registry_bi@.dim_program.needs_component IS 'Whether a component must be met; NULL: no rule yet';

CREATE VIEW @registry_bi@.peserta_by_desil WITH (security_barrier) AS
    SELECT e.publication_id, e.edition_name, e.published_at, (f.counted_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
        e.month_key, e.month_date, f.program, f.wilayah::varchar(10) AS kabupaten_code, w.nama::varchar(100) AS kabupaten_name,
        f.desil::integer AS desil, coalesce(f.desil, 11)::integer AS sort_order, f.is_outside_rule,
        CASE WHEN NOT f.is_hidden THEN f.recipients END AS recipient_count,
        f.is_hidden AS is_suppressed
    FROM @registry@.peserta_summary AS f
    JOIN @registry@.bi_scope() AS b ON f.wilayah BETWEEN b.low AND b.high
    JOIN @registry@.edisi_published AS e ON e.publication_id = f.edisi_id
    JOIN @registry@.wilayah AS w ON w.kode = f.wilayah;
COMMENT ON VIEW @registry_bi@.peserta_by_desil IS 'Who is in programmes, by decile of the edition that was the last one published. Grain: published edition, programme, regency, decile. Key: publication_id, program, kabupaten_code, sort_order. Changes with a publication and with program_summarise()';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.publication_id IS 'Key of the edition whose deciles are used';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.edition_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.published_at IS 'When it was published';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.as_of_date IS 'Day on which they were counted, in Jakarta';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.month_key IS 'Month in which the edition is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.program IS 'Key of the programme';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.desil IS 'Decile of the scope that the programme judges by; NULL: not ranked or not in the edition';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.sort_order IS 'Decile, 11 for not ranked';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.is_outside_rule IS 'The rule of the programme does not take this decile (inclusion error by the rule; flags and assessments are not seen here); NULL: it had no rule';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.recipient_count IS 'Families or persons, by the unit of the programme; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.is_suppressed IS 'Not shown: fewer than 5, or shown it would give away such a cell by subtraction';

CREATE VIEW @registry_bi@.penerimaan_by_month WITH (security_barrier) AS
    SELECT f.program, to_char(f.period, 'YYYYMM')::integer AS month_key, f.period AS month_date,
        (f.counted_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
        f.wilayah::varchar(10) AS kabupaten_code, w.nama::varchar(100) AS kabupaten_name,
        CASE WHEN NOT f.is_hidden THEN f.recipients END AS recipient_count,
        CASE WHEN NOT f.is_hidden THEN f.amount END::numeric(18, 0) AS amount_rupiah,
        f.is_hidden AS is_suppressed
    FROM @registry@.penerimaan_summary AS f
    JOIN @registry@.bi_scope() AS b ON f.wilayah BETWEEN b.low AND b.high
    JOIN @registry@.wilayah AS w ON w.kode = f.wilayah;
COMMENT ON VIEW @registry_bi@.penerimaan_by_month IS 'Aid that was paid. Grain: programme, month, regency. Key: program, month_key, kabupaten_code. Changes with a publication and with program_summarise()';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.program IS 'Key of the programme';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.month_key IS 'Month it was paid for, as yyyymm';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.as_of_date IS 'Day on which it was counted, in Jakarta';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.recipient_count IS 'Families or persons paid; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.amount_rupiah IS 'Rupiah; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.is_suppressed IS 'Not shown: fewer than 5 recipients, or shown it would give away such a regency within the province';
