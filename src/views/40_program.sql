-- Registry @registry@: programmes for analysts, by the last published edition.

CREATE VIEW @registry_bi@.dim_program WITH (security_barrier) AS
    SELECT p.program::varchar(20) AS program, p.label_id::varchar(80) AS label_id, p.label_en::varchar(80) AS label_en,
        p.owner_level::varchar(10) AS owner_level, p.wilayah::varchar(10) AS wilayah_code, p.unit::varchar(10) AS unit,
        p.exclusive_group::varchar(20) AS exclusive_group, r.desil_scope::varchar(10) AS desil_scope,
        r.desil_from::integer AS desil_from, r.desil_to::integer AS desil_to, r.needs_component
    FROM @registry@.program AS p
    LEFT JOIN LATERAL (SELECT x.* FROM @registry@.program_rule AS x
        WHERE x.program = p.program AND x.valid_from <= CURRENT_DATE ORDER BY x.valid_from DESC LIMIT 1) AS r ON true;
COMMENT ON VIEW @registry_bi@.dim_program IS 'Programmes with the rule of today. Grain: one programme. Always current';
COMMENT ON COLUMN @registry_bi@.dim_program.program IS 'Key of the programme';
COMMENT ON COLUMN @registry_bi@.dim_program.label_id IS 'Indonesian name';
COMMENT ON COLUMN @registry_bi@.dim_program.label_en IS 'English name';
COMMENT ON COLUMN @registry_bi@.dim_program.owner_level IS 'Who pays: pusat, provinsi, kabupaten or desa';
COMMENT ON COLUMN @registry_bi@.dim_program.wilayah_code IS 'Region that pays; empty: the centre';
COMMENT ON COLUMN @registry_bi@.dim_program.unit IS 'keluarga or anggota: who is helped';
COMMENT ON COLUMN @registry_bi@.dim_program.exclusive_group IS 'Group of which one may be in one programme only';
COMMENT ON COLUMN @registry_bi@.dim_program.desil_scope IS 'Decile that counts: nasional, provinsi or kabupaten';
COMMENT ON COLUMN @registry_bi@.dim_program.desil_from IS 'First decile taken';
COMMENT ON COLUMN @registry_bi@.dim_program.desil_to IS 'Last decile taken';
COMMENT ON COLUMN @registry_bi@.dim_program.needs_component IS 'Whether a component must be met';

CREATE VIEW @registry_bi@.peserta_by_desil WITH (security_barrier) AS
    SELECT f.publication_id, f.edition_name, CURRENT_DATE AS as_of_date, f.program, f.kabupaten_code,
        w.nama::varchar(100) AS kabupaten_name, f.desil, coalesce(f.desil, 11) AS sort_order, f.is_outside_rule,
        CASE WHEN NOT f.is_hidden THEN f.n END::integer AS recipient_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT g.*, @registry@.is_hidden_cell(g.n, min(g.n) OVER c,
            row_number() OVER (c ORDER BY g.n, g.desil),
            sum(g.n) OVER (c ORDER BY g.n, g.desil ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM (SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, k.program::varchar(20) AS program,
                dtsen.wilayah_parent(k.wilayah, 2) AS kode, dtsen.wilayah_parent(k.wilayah, 2)::varchar(10) AS kabupaten_code,
                x.desil, coalesce(x.desil NOT BETWEEN r.desil_from AND r.desil_to, NOT r.takes_unranked) AS is_outside_rule,
                count(*) AS n
            FROM @registry@.kepesertaan AS k
            CROSS JOIN (SELECT o.id, o.name, (o.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS asof FROM @registry@.edisi AS o
                WHERE o.state = 'terbit' ORDER BY o.published_at DESC LIMIT 1) AS e
            LEFT JOIN LATERAL (SELECT y.* FROM @registry@.program_rule AS y
                WHERE y.program = k.program AND y.valid_from <= e.asof ORDER BY y.valid_from DESC LIMIT 1) AS r ON true
            LEFT JOIN @registry@.desil AS d ON d.edisi_id = e.id AND d.keluarga_id = k.keluarga_id
            CROSS JOIN LATERAL (SELECT CASE r.desil_scope WHEN 'provinsi' THEN d.desil_provinsi
                WHEN 'kabupaten' THEN d.desil_kabupaten ELSE d.desil_nasional END::integer) AS x (desil)
            WHERE k.valid_to IS NULL
            GROUP BY 1, 2, 3, 4, 6, 7) AS g
        WINDOW c AS (PARTITION BY g.program, g.kode)) AS f
    JOIN @registry@.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW @registry_bi@.peserta_by_desil IS 'Who is in programmes now, by decile of the last published edition. Grain: programme, regency, decile. Changes with every entry and exit';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.publication_id IS 'Key of the edition whose deciles are used';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.edition_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.as_of_date IS 'Today';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.program IS 'Key of the programme';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.desil IS 'Decile of the scope that the programme judges by; NULL: not ranked or not in the edition';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.sort_order IS 'Decile, 11 for not ranked';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.is_outside_rule IS 'The rule of the programme does not take this decile (inclusion error by the rule; flags and assessments are not seen here)';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.recipient_count IS 'Families or persons, by the unit of the programme; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.peserta_by_desil.is_suppressed IS 'Not shown: fewer than 5, or shown it would give away such a cell by subtraction';

CREATE VIEW @registry_bi@.penerimaan_by_month WITH (security_barrier) AS
    SELECT f.program, f.period, f.kabupaten_code, w.nama::varchar(100) AS kabupaten_name,
        CASE WHEN f.n >= 5 THEN f.n END::integer AS recipient_count,
        CASE WHEN f.n >= 5 THEN f.amount END::numeric(18, 0) AS amount_rupiah,
        (f.n < 5) AS is_suppressed
    FROM (SELECT r.program::varchar(20) AS program, r.period, dtsen.wilayah_parent(r.wilayah, 2) AS kode,
            dtsen.wilayah_parent(r.wilayah, 2)::varchar(10) AS kabupaten_code, count(*) AS n, sum(r.amount) AS amount
        FROM @registry@.penerimaan AS r GROUP BY 1, 2, 3) AS f
    JOIN @registry@.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW @registry_bi@.penerimaan_by_month IS 'Aid that was paid. Grain: programme, month, regency. Changes with every report of a payer';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.program IS 'Key of the programme';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.period IS 'First day of the month it was paid for';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.recipient_count IS 'Families or persons paid; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.amount_rupiah IS 'Rupiah; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.penerimaan_by_month.is_suppressed IS 'Not shown: fewer than 5 recipients';
