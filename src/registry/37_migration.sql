-- Registry @registry@: from DTKS to this registry: who came along, and how.

CREATE FUNCTION @registry@.migration_match(threshold double precision DEFAULT 0.8)
    RETURNS TABLE (source_key text, wilayah dtsen.kode_wilayah, how text, anggota_id bigint, nama_similarity double precision, changes text[])
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    scope text := @registry@.scope_common();
BEGIN
    IF threshold BETWEEN 0 AND 1 IS NOT TRUE THEN
        RAISE EXCEPTION 'threshold must be from 0 to 1' USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'It is the similarity of two names from which they count as equal.',
            HINT = 'Leave it away for 0.8.';
    END IF;
    -- The first of these that applies: the NIK with a similar name or the same
    -- day of birth; a NIK one edit away with a similar name; the day of birth in
    -- the same regency with a similar name; the family card with a similar name.
    RETURN QUERY
    WITH d AS MATERIALIZED (SELECT * FROM @registry@.dtks AS x WHERE x.owner_scope = scope),
    a AS MATERIALIZED (
        SELECT m.id, m.nik, m.nama, m.tanggal_lahir, m.wilayah, wilayah_parent(m.wilayah, 2) AS kabupaten, k.nkk
        FROM @registry@.anggota AS m JOIN @registry@.keluarga AS k ON k.id = m.keluarga_id WHERE m.status = 'aktif'),
    same_nik AS MATERIALIZED (
        SELECT d.source_key, a.id, 1 AS place, nama_similarity(d.nama, a.nama) AS sim, d.tanggal_lahir = a.tanggal_lahir AS same_day
        FROM d JOIN a ON a.nik = d.nik),
    found AS MATERIALIZED (SELECT s.* FROM same_nik AS s WHERE s.sim >= threshold OR s.same_day),
    rest AS MATERIALIZED (SELECT d.* FROM d WHERE NOT EXISTS (SELECT FROM found AS f WHERE f.source_key = d.source_key)),
    by_day AS MATERIALIZED (
        SELECT r.source_key, a.id, nik_within(r.nik, a.nik, 1) AS near, nama_similarity(r.nama, a.nama) AS sim
        FROM rest AS r JOIN a ON a.tanggal_lahir = r.tanggal_lahir AND a.kabupaten = wilayah_parent(r.wilayah, 2)),
    by_card AS MATERIALIZED (
        SELECT r.source_key, a.id, nik_within(r.nik, a.nik, 1) AS near, nama_similarity(r.nama, a.nama) AS sim
        FROM rest AS r JOIN a ON a.nkk = r.nkk),
    every AS (
        SELECT f.source_key, f.id, 1 AS place, f.sim FROM found AS f
        UNION ALL SELECT b.source_key, b.id, CASE WHEN b.near THEN 2 ELSE 3 END, b.sim FROM by_day AS b WHERE b.sim >= threshold
        UNION ALL SELECT c.source_key, c.id, CASE WHEN c.near THEN 2 ELSE 4 END, c.sim FROM by_card AS c WHERE c.sim >= threshold),
    best AS (
        SELECT DISTINCT ON (e.source_key) e.* FROM every AS e ORDER BY e.source_key, e.place, e.sim DESC, e.id)
    SELECT d.source_key::text, d.wilayah, CASE
            WHEN b.id IS NULL THEN 'missing'
            WHEN row_number() OVER (PARTITION BY b.id ORDER BY b.place, b.sim DESC, d.source_key) > 1 THEN 'second_record'
            ELSE (ARRAY['nik', 'near_nik', 'birth_date', 'card'])[b.place] END,
        b.id, b.sim,
        array_remove(ARRAY[CASE WHEN a.nik IS DISTINCT FROM d.nik THEN 'nik' END, CASE WHEN a.nama <> d.nama THEN 'nama' END,
            CASE WHEN a.tanggal_lahir IS DISTINCT FROM d.tanggal_lahir THEN 'tanggal_lahir' END,
            CASE WHEN a.nkk IS DISTINCT FROM d.nkk THEN 'nkk' END, CASE WHEN a.wilayah IS DISTINCT FROM d.wilayah THEN 'wilayah' END], NULL)
    FROM d LEFT JOIN best AS b USING (source_key) LEFT JOIN a ON a.id = b.id;
END $$;
COMMENT ON FUNCTION @registry@.migration_match(double precision) IS 'For each person of the DTKS list: how he was found in the registry (nik, near_nik, birth_date, card; second_record: somebody of the list was found there before; missing), and what differs';

CREATE FUNCTION @registry@.report_migration(threshold double precision DEFAULT 0.8)
    RETURNS TABLE (kecamatan dtsen.kode_wilayah, listed bigint, by_nik bigint, by_near_nik bigint, by_birth_date bigint, by_card bigint,
        second_records bigint, missing bigint, changed bigint, percent_changed numeric, new_persons bigint)
    LANGUAGE plpgsql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH m AS MATERIALIZED (SELECT * FROM @registry@.migration_match(threshold)),
    l AS (SELECT wilayah_parent(m.wilayah) AS kecamatan, count(*) AS listed, count(*) FILTER (WHERE m.how = 'nik') AS by_nik,
            count(*) FILTER (WHERE m.how = 'near_nik') AS by_near_nik, count(*) FILTER (WHERE m.how = 'birth_date') AS by_birth_date,
            count(*) FILTER (WHERE m.how = 'card') AS by_card, count(*) FILTER (WHERE m.how = 'second_record') AS second_records,
            count(*) FILTER (WHERE m.how = 'missing') AS missing,
            count(*) FILTER (WHERE m.how NOT IN ('missing', 'second_record') AND cardinality(m.changes) > 0) AS changed
        FROM m GROUP BY 1),
    n AS (SELECT wilayah_parent(a.wilayah) AS kecamatan, count(*) AS new_persons FROM @registry@.anggota AS a
        WHERE a.status = 'aktif' AND NOT EXISTS (SELECT FROM m WHERE m.anggota_id = a.id) GROUP BY 1)
    SELECT coalesce(l.kecamatan, n.kecamatan), coalesce(l.listed, 0), coalesce(l.by_nik, 0), coalesce(l.by_near_nik, 0),
        coalesce(l.by_birth_date, 0), coalesce(l.by_card, 0), coalesce(l.second_records, 0), coalesce(l.missing, 0), coalesce(l.changed, 0),
        round(100.0 * l.changed / nullif(l.listed, 0), 1), coalesce(n.new_persons, 0)
    FROM l FULL JOIN n ON n.kecamatan = l.kecamatan ORDER BY 1;
END $$;
COMMENT ON FUNCTION @registry@.report_migration(double precision) IS 'From DTKS to this registry, by district: listed, found and how, second records, missing, found with something changed (number, and percent of those listed), and persons who were not listed';
