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
COMMENT ON VIEW @registry_bi@.dim_wilayah IS 'Regions with the regions above them. Grain: one region code, present or retired. Key: wilayah_code. Always current';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.wilayah_code IS 'Region code of 2, 4, 6 or 10 digits';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.wilayah_name IS 'Official name';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.wilayah_level IS '1 province, 2 regency or city, 3 district, 4 village';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.is_present IS 'False: the code is retired';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.provinsi_code IS 'Code of its province';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.provinsi_name IS 'Name of its province';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.kabupaten_code IS 'Code of its regency or city; NULL for a province';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.kabupaten_name IS 'Name of its regency or city; NULL for a province';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.kecamatan_code IS 'Code of its district; NULL above';
COMMENT ON COLUMN @registry_bi@.dim_wilayah.kecamatan_name IS 'Name of its district; NULL above';

CREATE VIEW @registry_bi@.dim_desil WITH (security_barrier) AS
    SELECT n AS desil, n AS sort_order, ('desil ' || n)::varchar(30) AS label_id, ('decile ' || n)::varchar(30) AS label_en
    FROM generate_series(1, 10) AS n
    UNION ALL
    SELECT NULL::integer, 11, 'belum diperingkat'::varchar(30), 'not ranked'::varchar(30);
COMMENT ON VIEW @registry_bi@.dim_desil IS 'Deciles. Grain: one decile, and one row for not ranked. Key: sort_order. Constant';
COMMENT ON COLUMN @registry_bi@.dim_desil.desil IS '1 the poorest to 10; NULL: not ranked';
COMMENT ON COLUMN @registry_bi@.dim_desil.sort_order IS 'Order in lists, 1 to 11; the key to join by';
COMMENT ON COLUMN @registry_bi@.dim_desil.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry_bi@.dim_desil.label_en IS 'English label';

CREATE VIEW @registry_bi@.dim_label WITH (security_barrier) AS
    SELECT x.list::varchar(30) AS list_name, x.code::varchar(30) AS value_name, x.label_id, x.label_en, x.sort_order
    FROM @registry@.label AS x;
COMMENT ON VIEW @registry_bi@.dim_label IS 'Every value of columns scope, unit, owner_level, movement and verdict, for axes that show empty ones too. Grain: a value of a list. Key: list_name, value_name. Constant';
COMMENT ON COLUMN @registry_bi@.dim_label.list_name IS 'Name of the column';
COMMENT ON COLUMN @registry_bi@.dim_label.value_name IS 'Value as the column has it';
COMMENT ON COLUMN @registry_bi@.dim_label.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry_bi@.dim_label.label_en IS 'English label';
COMMENT ON COLUMN @registry_bi@.dim_label.sort_order IS 'Order within the list';

CREATE VIEW @registry_bi@.dim_status WITH (security_barrier) AS
    SELECT s.machine::varchar(63) AS machine, coalesce(m.label_id, m.machine)::varchar(80) AS machine_label_id,
        coalesce(m.label_en, m.machine)::varchar(80) AS machine_label_en,
        dense_rank() OVER (ORDER BY s.machine)::integer AS machine_sort_order,
        s.state::varchar(63) AS state, coalesce(s.label_id, s.state)::varchar(80) AS label_id,
        coalesce(s.label_en, s.state)::varchar(80) AS label_en, s.sort_order, s.is_final, s.is_published
    FROM @registry@.machine AS m
    JOIN (SELECT DISTINCT ON (x.machine, x.state) x.* FROM @registry@.state AS x
        JOIN @registry@.machine AS o ON o.machine = x.machine AND x.version <= o.version
        ORDER BY x.machine, x.state, x.version DESC) AS s ON s.machine = m.machine;
COMMENT ON VIEW @registry_bi@.dim_status IS 'States of proposals, meetings, batches and editions, as the machines in force have them. Grain: a state of a machine. Key: machine, state. Always current';
COMMENT ON COLUMN @registry_bi@.dim_status.machine IS 'Machine that has the state: what goes through it';
COMMENT ON COLUMN @registry_bi@.dim_status.machine_label_id IS 'Indonesian label of the machine';
COMMENT ON COLUMN @registry_bi@.dim_status.machine_label_en IS 'English label of the machine';
COMMENT ON COLUMN @registry_bi@.dim_status.machine_sort_order IS 'Order of the values in lists and charts';
COMMENT ON COLUMN @registry_bi@.dim_status.state IS 'The state';
COMMENT ON COLUMN @registry_bi@.dim_status.label_id IS 'Indonesian label of the state';
COMMENT ON COLUMN @registry_bi@.dim_status.label_en IS 'English label of the state';
COMMENT ON COLUMN @registry_bi@.dim_status.sort_order IS 'Order of the states within the machine';
COMMENT ON COLUMN @registry_bi@.dim_status.is_final IS 'What is in this state does not leave it';
COMMENT ON COLUMN @registry_bi@.dim_status.is_published IS 'What is in this state is official';

CREATE VIEW @registry_bi@.dim_period WITH (security_barrier) AS
    SELECT to_char(d.day, 'YYYYMM')::integer AS month_key, d.day::date AS month_date,
        extract(year FROM d.day)::integer AS year_number, extract(quarter FROM d.day)::integer AS quarter_number,
        extract(month FROM d.day)::integer AS month_number,
        ((ARRAY['Januari', 'Februari', 'Maret', 'April', 'Mei', 'Juni', 'Juli', 'Agustus', 'September', 'Oktober', 'November',
            'Desember'])[extract(month FROM d.day)::integer] || to_char(d.day, ' YYYY'))::varchar(20) AS label_id,
        to_char(d.day, 'FMMonth YYYY')::varchar(20) AS label_en,
        e.id AS publication_id, (e.cut_off_at AT TIME ZONE 'Asia/Jakarta')::date AS cut_off_date,
        (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS publish_date, coalesce(e.state = 'terbit', false) AS is_published
    FROM (SELECT date_trunc('year', least(min(p.at), now() AT TIME ZONE 'Asia/Jakarta')) AS first_day,
            date_trunc('year', greatest(max(p.at), now() AT TIME ZONE 'Asia/Jakarta')) + interval '23 months' AS last_day
        FROM (SELECT x.publish_at AT TIME ZONE 'Asia/Jakarta' AS at FROM @registry@.edisi AS x
            UNION ALL SELECT r.period FROM @registry@.penerimaan_summary AS r) AS p) AS b
    CROSS JOIN LATERAL generate_series(b.first_day, b.last_day, interval '1 month') AS d (day)
    LEFT JOIN (SELECT DISTINCT ON (1) date_trunc('month', x.publish_at AT TIME ZONE 'Asia/Jakarta') AS month, x.*
        FROM @registry@.edisi AS x ORDER BY 1, x.id DESC) AS e ON e.month = d.day;
COMMENT ON VIEW @registry_bi@.dim_period IS 'Months, with the edition that is due in each. Grain: one month, from the first year with an edition or payment to the end of the year after the last. Key: month_key. Always current';
COMMENT ON COLUMN @registry_bi@.dim_period.month_key IS 'Month as yyyymm';
COMMENT ON COLUMN @registry_bi@.dim_period.month_date IS 'First day of the month';
COMMENT ON COLUMN @registry_bi@.dim_period.year_number IS 'Year';
COMMENT ON COLUMN @registry_bi@.dim_period.quarter_number IS 'Quarter, 1 to 4';
COMMENT ON COLUMN @registry_bi@.dim_period.month_number IS 'Month of the year, 1 to 12';
COMMENT ON COLUMN @registry_bi@.dim_period.label_id IS 'Indonesian name of the month';
COMMENT ON COLUMN @registry_bi@.dim_period.label_en IS 'English name of the month';
COMMENT ON COLUMN @registry_bi@.dim_period.publication_id IS 'Key of the edition that is due in the month, the later one of two; NULL: none is';
COMMENT ON COLUMN @registry_bi@.dim_period.cut_off_date IS 'Day of its cut-off, in Jakarta; NULL: no edition';
COMMENT ON COLUMN @registry_bi@.dim_period.publish_date IS 'Day it is due, in Jakarta; NULL: no edition';
COMMENT ON COLUMN @registry_bi@.dim_period.is_published IS 'It is published';

CREATE VIEW @registry_bi@.edisi WITH (security_barrier) AS
    SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name,
        (now() AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
        to_char(e.publish_at AT TIME ZONE 'Asia/Jakarta', 'YYYYMM')::integer AS month_key,
        date_trunc('month', e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS month_date,
        e.state::varchar(63) AS state, s.label_id, s.label_en, s.sort_order,
        (e.state = 'terbit') AS is_published,
        (e.cut_off_at AT TIME ZONE 'Asia/Jakarta')::date AS cut_off_date,
        (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS publish_date,
        e.published_at,
        CASE WHEN e.state = 'terbit' THEN e.family_count END AS family_count,
        CASE WHEN e.state = 'terbit' THEN e.person_count END AS person_count,
        CASE WHEN e.state = 'terbit' THEN e.ranked_count END AS ranked_family_count,
        e.model_version::varchar(30) AS model_version, e.rule::varchar(20) AS rule,
        CASE WHEN e.state = 'terbit' THEN encode(e.digest, 'hex') END::varchar(64) AS digest
    FROM @registry@.edisi AS e
    LEFT JOIN @registry_bi@.dim_status AS s ON s.machine = 'edisi' AND s.state = e.state;
COMMENT ON VIEW @registry_bi@.edisi IS 'Editions. Grain: one edition; counts once it is published. Key: publication_id. Always current';
COMMENT ON COLUMN @registry_bi@.edisi.publication_id IS 'Key of the edition';
COMMENT ON COLUMN @registry_bi@.edisi.edition_name IS 'Name of the edition';
COMMENT ON COLUMN @registry_bi@.edisi.as_of_date IS 'Today, in Jakarta';
COMMENT ON COLUMN @registry_bi@.edisi.month_key IS 'Month in which it is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.edisi.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.edisi.state IS 'State of the edition';
COMMENT ON COLUMN @registry_bi@.edisi.label_id IS 'Indonesian label of the state';
COMMENT ON COLUMN @registry_bi@.edisi.label_en IS 'English label of the state';
COMMENT ON COLUMN @registry_bi@.edisi.sort_order IS 'Order of the states';
COMMENT ON COLUMN @registry_bi@.edisi.is_published IS 'Official and final';
COMMENT ON COLUMN @registry_bi@.edisi.cut_off_date IS 'Day of the cut-off, in Jakarta';
COMMENT ON COLUMN @registry_bi@.edisi.publish_date IS 'Day it is due, in Jakarta';
COMMENT ON COLUMN @registry_bi@.edisi.published_at IS 'When it was published; NULL: it is not';
COMMENT ON COLUMN @registry_bi@.edisi.family_count IS 'Families; NULL: not published';
COMMENT ON COLUMN @registry_bi@.edisi.person_count IS 'Persons; NULL: not published';
COMMENT ON COLUMN @registry_bi@.edisi.ranked_family_count IS 'Families with a national decile; NULL: not published';
COMMENT ON COLUMN @registry_bi@.edisi.model_version IS 'Model whose scores were ranked; NULL: not ranked yet';
COMMENT ON COLUMN @registry_bi@.edisi.rule IS 'Rule of the cuts';
COMMENT ON COLUMN @registry_bi@.edisi.digest IS 'SHA-256 of the edition, hexadecimal; NULL: not published';
