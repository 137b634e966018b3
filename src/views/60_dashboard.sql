-- Registry @registry@: what the dashboard of docs/dashboard draws beside the
-- other views. Published editions only, but for the calendar of those to come;
-- a login sees its regions (bi_scope()).

CREATE FUNCTION @registry@.shown_share(part bigint, whole bigint)
    RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT CASE WHEN whole >= 5 AND part NOT BETWEEN 1 AND 4 AND whole - part NOT BETWEEN 1 AND 4 THEN part::double precision / whole END $$;
COMMENT ON FUNCTION @registry@.shown_share(bigint, bigint) IS 'A share of a count, 0 to 1; NULL where it would tell of 1 to 4 within or without, or of fewer than 5 in all';
REVOKE EXECUTE ON FUNCTION @registry@.shown_share(bigint, bigint) FROM PUBLIC;

CREATE VIEW @registry_bi@.inequality_by_kabupaten WITH (security_barrier) AS
    SELECT e.publication_id, e.edition_name, e.published_at, e.as_of_date, e.month_key, e.month_date,
        i.wilayah::varchar(10) AS kabupaten_code, w.nama::varchar(100) AS kabupaten_name,
        CASE WHEN i.families >= 5 THEN i.families END::integer AS family_count,
        CASE WHEN i.families >= 5 THEN i.persons END::integer AS person_count,
        CASE WHEN NOT i.is_hidden THEN i.gini END AS gini,
        i.is_hidden AS is_suppressed
    FROM @registry@.inequality_summary AS i
    JOIN @registry@.bi_scope() AS b ON i.wilayah BETWEEN b.low AND b.high
    JOIN @registry@.edisi_published AS e ON e.publication_id = i.edisi_id
    JOIN @registry@.wilayah AS w ON w.kode = i.wilayah;
COMMENT ON VIEW @registry_bi@.inequality_by_kabupaten IS 'Inequality of the estimated spending per person. Grain: published edition, regency. Key: publication_id, kabupaten_code. Changes with a publication';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.publication_id IS 'Key of the edition';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.edition_name IS 'Name of the edition';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.published_at IS 'When it was published';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.as_of_date IS 'Day of publication, in Jakarta';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.month_key IS 'Month in which the edition is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.family_count IS 'Families with a score; NULL where suppressed and fewer than 5';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.person_count IS 'Their persons, who weigh; NULL where suppressed and fewer than 5 families';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.gini IS 'Gini coefficient, 0 to 1; NULL where suppressed, or where the scores are no amounts of money';
COMMENT ON COLUMN @registry_bi@.inequality_by_kabupaten.is_suppressed IS 'No curve and no coefficient: fewer than 200 families, so that a twentieth of the curve may be fewer than 5';

CREATE VIEW @registry_bi@.lorenz_by_kabupaten WITH (security_barrier) AS
    SELECT e.publication_id, e.edition_name, e.published_at, e.as_of_date, e.month_key, e.month_date,
        i.wilayah::varchar(10) AS kabupaten_code, w.nama::varchar(100) AS kabupaten_name,
        k AS sort_order, (k / 20.0)::double precision AS person_share,
        CASE WHEN k = 0 THEN 0 ELSE i.lorenz[k] END AS spending_share
    FROM @registry@.inequality_summary AS i
    JOIN @registry@.bi_scope() AS b ON i.wilayah BETWEEN b.low AND b.high
    JOIN @registry@.edisi_published AS e ON e.publication_id = i.edisi_id
    JOIN @registry@.wilayah AS w ON w.kode = i.wilayah
    CROSS JOIN generate_series(0, 20) AS k
    WHERE NOT i.is_hidden AND i.lorenz IS NOT NULL;
COMMENT ON VIEW @registry_bi@.lorenz_by_kabupaten IS 'Lorenz curve of the estimated spending per person: a regency of 200 families or more has 21 points. Grain: published edition, regency, point. Key: publication_id, kabupaten_code, sort_order. Changes with a publication';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.publication_id IS 'Key of the edition';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.edition_name IS 'Name of the edition';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.published_at IS 'When it was published';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.as_of_date IS 'Day of publication, in Jakarta';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.month_key IS 'Month in which the edition is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.sort_order IS 'Number of the point, 0 to 20';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.person_share IS 'Share of the persons, the poorest first, 0 to 1';
COMMENT ON COLUMN @registry_bi@.lorenz_by_kabupaten.spending_share IS 'Share of all spending that they have, 0 to 1';

CREATE VIEW @registry_bi@.quality_by_kecamatan WITH (security_barrier) AS
    SELECT e.publication_id, e.edition_name, e.published_at, (q.counted_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
        e.month_key, e.month_date,
        q.wilayah::varchar(10) AS kecamatan_code, w.nama::varchar(100) AS kecamatan_name,
        dtsen.wilayah_parent(q.wilayah, 2)::varchar(10) AS kabupaten_code,
        CASE WHEN q.persons >= 5 THEN q.persons END::integer AS person_count,
        @registry@.shown_share(q.agreed, q.matched) AS accuracy,
        @registry@.shown_share(q.filled, q.asked) AS completeness,
        @registry@.shown_share(q.recent, q.persons) AS currency,
        (q.persons < 5 OR @registry@.shown_share(q.filled, q.asked) IS NULL OR @registry@.shown_share(q.recent, q.persons) IS NULL
            OR (q.matched > 0 AND @registry@.shown_share(q.agreed, q.matched) IS NULL)) AS is_suppressed
    FROM @registry@.quality_summary AS q
    JOIN @registry@.bi_scope() AS b ON q.wilayah BETWEEN b.low AND b.high
    JOIN @registry@.edisi_published AS e ON e.publication_id = q.edisi_id
    JOIN @registry@.wilayah AS w ON w.kode = q.wilayah;
COMMENT ON VIEW @registry_bi@.quality_by_kecamatan IS 'Quality of the records of active persons. Grain: published edition, district. Key: publication_id, kecamatan_code. Changes with a publication and, while the edition is the last one, with quality_summarise()';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.publication_id IS 'Key of the edition';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.edition_name IS 'Name of the edition';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.published_at IS 'When it was published';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.as_of_date IS 'Day on which it was counted, in Jakarta';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.month_key IS 'Month in which the edition is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.kecamatan_code IS 'Code of the district';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.kecamatan_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.person_count IS 'Active persons; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.accuracy IS 'Share of persons who agree with the civil registry, by the last run of matching that judged them, of those whom one judged, 0 to 1; NULL where suppressed or where there was no run';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.completeness IS 'Share of fifteen variables of person, house and assets that is filled, 0 to 1; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.currency IS 'Share of persons changed or visited within three months, 0 to 1; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.quality_by_kecamatan.is_suppressed IS 'One of the figures is not shown: it would tell of fewer than 5 persons or values';

CREATE VIEW @registry_bi@.targeting_by_kabupaten WITH (security_barrier) AS
    SELECT e.publication_id, e.edition_name, e.published_at, (f.counted_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
        e.month_key, e.month_date, f.program::varchar(20) AS program, p.label_id::varchar(80) AS label_id, p.label_en::varchar(80) AS label_en,
        p.unit::varchar(10) AS unit, u.label_id AS unit_label_id, u.label_en AS unit_label_en, u.sort_order AS unit_sort_order,
        f.wilayah::varchar(10) AS kabupaten_code, w.nama::varchar(100) AS kabupaten_name,
        CASE WHEN NOT h.is_hidden THEN f.reached END AS reached_count,
        CASE WHEN NOT h.is_hidden THEN f.missed END AS missed_count,
        CASE WHEN NOT h.is_hidden THEN f.outside END AS outside_count,
        CASE WHEN NOT h.is_hidden THEN f.missed::double precision / nullif(f.reached + f.missed, 0) END AS exclusion_share,
        CASE WHEN NOT h.is_hidden THEN f.outside::double precision / nullif(f.reached + f.outside, 0) END AS inclusion_share,
        h.is_hidden AS is_suppressed
    FROM @registry@.targeting_summary AS f
    JOIN @registry@.bi_scope() AS b ON f.wilayah BETWEEN b.low AND b.high
    CROSS JOIN LATERAL (SELECT f.reached BETWEEN 1 AND 4 OR f.missed BETWEEN 1 AND 4 OR f.outside BETWEEN 1 AND 4 AS is_hidden) AS h
    JOIN @registry@.edisi_published AS e ON e.publication_id = f.edisi_id
    JOIN @registry@.program AS p ON p.program = f.program
    JOIN @registry@.label AS u ON u.list = 'unit' AND u.code = p.unit
    JOIN @registry@.wilayah AS w ON w.kode = f.wilayah;
COMMENT ON VIEW @registry_bi@.targeting_by_kabupaten IS 'Errors of inclusion and exclusion by the rules of a programme: deciles, flags, components. Grain: published edition, programme, regency. Key: publication_id, program, kabupaten_code. Changes with a publication and, while the edition is the last one, with quality_summarise()';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.publication_id IS 'Key of the edition whose deciles judge';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.edition_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.published_at IS 'When it was published';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.as_of_date IS 'Day on which it was counted, in Jakarta';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.month_key IS 'Month in which the edition is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.program IS 'Key of the programme';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.label_id IS 'Its Indonesian name';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.label_en IS 'Its English name';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.unit IS 'keluarga or anggota: who is counted';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.unit_label_id IS 'Indonesian label of who is counted';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.unit_label_en IS 'English label of who is counted';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.unit_sort_order IS 'Order of the values in lists and charts';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.reached_count IS 'Entitled and in the programme; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.missed_count IS 'Entitled and not in it, errors of exclusion; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.outside_count IS 'In it and not entitled, errors of inclusion; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.exclusion_share IS 'Share of the entitled who are not in it, 0 to 1; NULL where suppressed or where nobody is entitled';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.inclusion_share IS 'Share of those in it who are not entitled, 0 to 1; NULL where suppressed or where nobody is in it';
COMMENT ON COLUMN @registry_bi@.targeting_by_kabupaten.is_suppressed IS 'Not shown: one of the three counts is 1 to 4';

CREATE VIEW @registry_bi@.cut_off_by_kabupaten WITH (security_barrier) AS
    SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, e.published_at, today AS as_of_date,
        to_char(e.publish_at AT TIME ZONE 'Asia/Jakarta', 'YYYYMM')::integer AS month_key,
        date_trunc('month', e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS month_date,
        s.state, s.label_id, s.label_en, s.sort_order,
        v.kode::varchar(10) AS kabupaten_code, w.nama::varchar(100) AS kabupaten_name, d.cut_off AS cut_off_date,
        d.publish AS publish_date, (d.cut_off - today) AS days_to_cut_off, (d.publish - today) AS days_to_publish,
        v.villages::integer AS village_count, coalesce(c.closed, 0)::integer AS closed_village_count,
        coalesce(c.absent, 0)::integer AS absent_village_count,
        (v.villages - coalesce(c.closed, 0) - coalesce(c.absent, 0))::integer AS open_village_count
    FROM @registry@.edisi AS e
    JOIN @registry_bi@.dim_status AS s ON s.machine = 'edisi' AND s.state = e.state
    CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date AS today) AS t
    CROSS JOIN LATERAL (SELECT (e.cut_off_at AT TIME ZONE 'Asia/Jakarta')::date AS cut_off,
        (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS publish) AS d
    CROSS JOIN (SELECT dtsen.wilayah_parent(x.kode, 2) AS kode, count(*) AS villages
        FROM @registry@.wilayah AS x WHERE x.level = 4 AND x.status = 'present' GROUP BY 1) AS v
    LEFT JOIN (SELECT x.edisi_id, dtsen.wilayah_parent(x.wilayah, 2) AS kode, count(*) FILTER (WHERE NOT x.is_absent) AS closed,
            count(*) FILTER (WHERE x.is_absent) AS absent
        FROM @registry@.desa_tutup AS x GROUP BY 1, 2) AS c ON c.edisi_id = e.id AND c.kode = v.kode
    JOIN @registry@.bi_scope() AS b ON v.kode BETWEEN b.low AND b.high
    JOIN @registry@.wilayah AS w ON w.kode = v.kode
    WHERE e.state <> 'terbit'
    AND EXISTS (SELECT FROM @registry@.keluarga AS k
        WHERE k.wilayah OPERATOR(dtsen.<@) v.kode);
COMMENT ON VIEW @registry_bi@.cut_off_by_kabupaten IS 'Calendar of the editions that are not published yet, and which villages are done. Grain: edition, regency with families. Key: publication_id, kabupaten_code. Always current';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.publication_id IS 'Key of the edition';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.edition_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.published_at IS 'NULL: none of these is published';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.as_of_date IS 'Today, in Jakarta';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.month_key IS 'Month in which the edition is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.state IS 'State of the edition';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.label_id IS 'Indonesian label of the state';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.label_en IS 'English label of the state';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.sort_order IS 'Order of the states';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.kabupaten_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.cut_off_date IS 'Day of the cut-off, in Jakarta';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.publish_date IS 'Day it is due, in Jakarta';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.days_to_cut_off IS 'Days from today; negative: passed';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.days_to_publish IS 'Days from today; negative: late';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.village_count IS 'Villages of the regency';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.closed_village_count IS 'Villages whose head has closed the edition';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.absent_village_count IS 'Villages listed as absent by the head of the office';
COMMENT ON COLUMN @registry_bi@.cut_off_by_kabupaten.open_village_count IS 'Villages that have done neither; a batch of the regency waits for them';
