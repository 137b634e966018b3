-- Registry @registry@: dimensions for analysts.

CREATE VIEW @registry_bi@.dim_wilayah WITH (security_barrier) AS
    SELECT w.kode::varchar(10) AS wilayah_code, w.nama::varchar(100) AS wilayah_name, w.level AS wilayah_level,
        (w.status = 'present') AS is_present,
        p.kode::varchar(10) AS provinsi_code, p.nama::varchar(100) AS provinsi_name,
        k.kode::varchar(10) AS kabupaten_code, k.nama::varchar(100) AS kabupaten_name,
        c.kode::varchar(10) AS kecamatan_code, c.nama::varchar(100) AS kecamatan_name
    FROM @registry@.wilayah AS w
    LEFT JOIN @registry@.wilayah AS p ON p.kode = dtsen.wilayah_parent(w.kode, 1)
    LEFT JOIN @registry@.wilayah AS k ON w.level >= 2 AND k.kode = dtsen.wilayah_parent(w.kode, 2)
    LEFT JOIN @registry@.wilayah AS c ON w.level >= 3 AND c.kode = dtsen.wilayah_parent(w.kode, 3);
COMMENT ON VIEW @registry_bi@.dim_wilayah IS 'Regions with the regions above them. Grain: one region code, present or retired. Always current';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.wilayah_code IS 'Region code of 2, 4, 6 or 10 digits';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.wilayah_name IS 'Official name';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.wilayah_level IS '1 province, 2 regency or city, 3 district, 4 village';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.is_present IS 'False: the code is retired';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.provinsi_code IS 'Code of its province';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.provinsi_name IS 'Name of its province';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.kabupaten_code IS 'Code of its regency or city; empty for a province';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.kabupaten_name IS 'Name of its regency or city';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.kecamatan_code IS 'Code of its district; empty above';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.kecamatan_name IS 'Name of its district';

CREATE VIEW @registry_bi@.dim_desil WITH (security_barrier) AS
    SELECT n AS desil, n AS sort_order, ('desil ' || n)::varchar(30) AS label_id, ('decile ' || n)::varchar(30) AS label_en
    FROM generate_series(1, 10) AS n
    UNION ALL
    SELECT NULL::integer, 11, 'belum diperingkat'::varchar(30), 'not ranked'::varchar(30);
COMMENT ON VIEW @registry_bi@.dim_desil IS 'Deciles. Grain: one decile, and one row for not ranked. Constant';
COMMENT ON COLUMN @registry_bi@.dim_desil.desil IS '1 the poorest to 10; NULL: not ranked';
COMMENT ON COLUMN @registry_bi@.dim_desil.sort_order IS 'Order in lists, 1 to 11; the key to join by';
COMMENT ON COLUMN @registry_bi@.dim_desil.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry_bi@.dim_desil.label_en IS 'English label';

CREATE VIEW @registry_bi@.edisi WITH (security_barrier) AS
    SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, e.state::varchar(30) AS state,
        (e.state = 'terbit') AS is_published,
        (e.cut_off_at AT TIME ZONE 'Asia/Jakarta')::date AS cut_off_date,
        (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS publish_date,
        e.published_at,
        CASE WHEN e.state = 'terbit' THEN e.family_count END AS family_count,
        CASE WHEN e.state = 'terbit' THEN e.person_count END AS person_count,
        CASE WHEN e.state = 'terbit' THEN e.ranked_count END AS ranked_family_count,
        e.model_version::varchar(30) AS model_version, e.rule::varchar(20) AS rule,
        CASE WHEN e.state = 'terbit' THEN encode(e.digest, 'hex') END::varchar(64) AS digest
    FROM @registry@.edisi AS e;
COMMENT ON VIEW @registry_bi@.edisi IS 'Editions. Grain: one edition; counts once it is published. Always current';
COMMENT ON COLUMN @registry_bi@.edisi.publication_id IS 'Key of the edition';
COMMENT ON COLUMN @registry_bi@.edisi.edition_name IS 'Name of the edition';
COMMENT ON COLUMN @registry_bi@.edisi.state IS 'State of the edition';
COMMENT ON COLUMN @registry_bi@.edisi.is_published IS 'Official and final';
COMMENT ON COLUMN @registry_bi@.edisi.cut_off_date IS 'Day of the cut-off, in Jakarta';
COMMENT ON COLUMN @registry_bi@.edisi.publish_date IS 'Day it is due, in Jakarta';
COMMENT ON COLUMN @registry_bi@.edisi.published_at IS 'When it was published';
COMMENT ON COLUMN @registry_bi@.edisi.family_count IS 'Families';
COMMENT ON COLUMN @registry_bi@.edisi.person_count IS 'Persons';
COMMENT ON COLUMN @registry_bi@.edisi.ranked_family_count IS 'Families with a national decile';
COMMENT ON COLUMN @registry_bi@.edisi.model_version IS 'Model whose scores were ranked';
COMMENT ON COLUMN @registry_bi@.edisi.rule IS 'Rule of the cuts';
COMMENT ON COLUMN @registry_bi@.edisi.digest IS 'SHA-256 of the edition, hexadecimal';
