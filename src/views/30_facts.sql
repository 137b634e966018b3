-- Registry @registry@: figures for analysts. Published editions only; cells of
-- fewer than 5 families or persons are not shown.

CREATE FUNCTION @registry@.is_hidden_cell(cell numeric, smallest numeric, place bigint, running numeric)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT cell < 5 OR (smallest < 5 AND (place <= 2 OR running - cell < 5)) $$;
COMMENT ON FUNCTION @registry@.is_hidden_cell(numeric, numeric, bigint, numeric) IS 'Whether a figure is hidden: below 5; and where one of its group is, at least the two smallest and 5 in all, so that the total of the group does not give it away. Arguments: the figure, the smallest of the group, its place by size, the sum up to it';
REVOKE EXECUTE ON FUNCTION @registry@.is_hidden_cell(numeric, numeric, bigint, numeric) FROM PUBLIC;

CREATE VIEW @registry_bi@.desil_by_kecamatan WITH (security_barrier) AS
    SELECT f.publication_id, f.edition_name, f.published_at, f.as_of_date,
        f.scope, f.kecamatan_code, w.nama::varchar(100) AS kecamatan_name,
        f.kabupaten_code, f.desil, coalesce(f.desil, 11) AS sort_order,
        CASE WHEN NOT f.is_hidden THEN f.families END::integer AS family_count,
        CASE WHEN NOT f.is_hidden THEN f.persons END::integer AS person_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT g.*, @registry@.is_hidden_cell(g.families, min(g.families) OVER c,
            row_number() OVER (c ORDER BY g.families, g.desil),
            sum(g.families) OVER (c ORDER BY g.families, g.desil ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM (SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name, e.published_at,
            (e.published_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
            g.scope::varchar(10) AS scope, g.wilayah AS kode,
            g.wilayah::varchar(10) AS kecamatan_code,
            dtsen.wilayah_parent(g.wilayah)::varchar(10) AS kabupaten_code,
            g.desil::integer AS desil, g.families, g.persons
        FROM @registry@.desil_summary AS g
        JOIN @registry@.edisi AS e ON e.id = g.edisi_id AND e.state = 'terbit') AS g
        WINDOW c AS (PARTITION BY g.publication_id, g.scope, g.kode)) AS f
    JOIN @registry@.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW @registry_bi@.desil_by_kecamatan IS 'Families and persons per decile and district. Grain: published edition, scope, district, decile. Changes with a publication';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.publication_id IS 'Key of the edition';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.edition_name IS 'Name of the edition';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.published_at IS 'When it was published';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.as_of_date IS 'Day of publication, in Jakarta';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.scope IS 'Scope of the decile: nasional, provinsi or kabupaten';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.kecamatan_code IS 'Code of the district';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.kecamatan_name IS 'Name of the district';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.desil IS '1 the poorest to 10; NULL: not ranked';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.sort_order IS 'Decile, 11 for not ranked';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.family_count IS 'Families; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.person_count IS 'Persons; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.is_suppressed IS 'Not shown: fewer than 5 families, or shown it would give away such a cell by subtraction';

CREATE VIEW @registry_bi@.usulan_by_state WITH (security_barrier) AS
    SELECT f.publication_id, f.edition_name, CURRENT_DATE AS as_of_date, f.kabupaten_code, f.state,
        s.label_id::varchar(80) AS label_id, s.label_en::varchar(80) AS label_en, s.sort_order, s.is_final,
        CASE WHEN NOT f.is_hidden THEN f.proposals END::integer AS proposal_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT g.*, @registry@.is_hidden_cell(g.proposals, min(g.proposals) OVER c,
            row_number() OVER (c ORDER BY g.proposals, g.state),
            sum(g.proposals) OVER (c ORDER BY g.proposals, g.state ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM (SELECT e.id AS publication_id, e.name::varchar(20) AS edition_name,
            dtsen.wilayah_parent(u.wilayah, 2)::varchar(10) AS kabupaten_code,
            u.state::varchar(30) AS state, count(*) AS proposals
        FROM @registry@.usulan AS u JOIN @registry@.edisi AS e ON e.id = u.edisi_id
        GROUP BY e.id, 3, u.state) AS g
        WINDOW c AS (PARTITION BY g.publication_id, g.kabupaten_code)) AS f
    JOIN @registry@.state AS s ON s.machine = 'usulan' AND s.state = f.state;
COMMENT ON VIEW @registry_bi@.usulan_by_state IS 'Proposal funnel. Grain: edition, regency, state. Always current';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.publication_id IS 'Edition that the proposals are meant for';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.edition_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.as_of_date IS 'Today';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.state IS 'State of the proposals';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.label_id IS 'Indonesian label of the state';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.label_en IS 'English label of the state';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.sort_order IS 'Order of the states';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.is_final IS 'Proposals do not leave this state';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.proposal_count IS 'Proposals; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.is_suppressed IS 'Not shown: fewer than 5 proposals, or shown it would give away such a cell by subtraction';

CREATE VIEW @registry_bi@.musyawarah_by_kelurahan WITH (security_barrier) AS
    SELECT w.kode::varchar(10) AS kelurahan_code, w.nama::varchar(100) AS kelurahan_name,
        dtsen.wilayah_parent(w.kode, 3)::varchar(10) AS kecamatan_code,
        dtsen.wilayah_parent(w.kode, 2)::varchar(10) AS kabupaten_code,
        CURRENT_DATE AS as_of_date, m.last_date AS last_meeting_date,
        (CURRENT_DATE - m.last_date) AS days_since_meeting,
        coalesce(m.last_date >= CURRENT_DATE - interval '3 months', false) AS has_meeting_in_3_months,
        coalesce(m.n, 0)::integer AS meeting_count
    FROM @registry@.wilayah AS w
    LEFT JOIN (SELECT x.wilayah, max(x.held_on) AS last_date, count(*) AS n
        FROM @registry@.musyawarah AS x WHERE x.state = 'sah' GROUP BY x.wilayah) AS m ON m.wilayah = w.kode
    WHERE w.level = 4 AND w.status = 'present'
    AND EXISTS (SELECT FROM @registry@.keluarga AS k WHERE k.wilayah = w.kode);
COMMENT ON VIEW @registry_bi@.musyawarah_by_kelurahan IS 'When each village last held a valid meeting. Grain: a village with families in the registry. Always current';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.kelurahan_code IS 'Code of the village';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.kelurahan_name IS 'Name of the village';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.kecamatan_code IS 'Code of its district';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.as_of_date IS 'Today';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.last_meeting_date IS 'Day of the last valid meeting; NULL: none yet';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.days_since_meeting IS 'Days since then';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.has_meeting_in_3_months IS 'False: the village is late';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.meeting_count IS 'Valid meetings on record';

CREATE VIEW @registry_bi@.padan_by_kecamatan WITH (security_barrier) AS
    SELECT f.run_id, f.as_of_date, f.kecamatan_code, w.nama::varchar(100) AS kecamatan_name, f.kabupaten_code,
        f.status, p.verdict::varchar(10) AS verdict, p.label_id::varchar(80) AS label_id,
        p.label_en::varchar(80) AS label_en, p.sort_order,
        CASE WHEN NOT f.is_hidden THEN f.persons END::integer AS person_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT g.*, @registry@.is_hidden_cell(g.persons, min(g.persons) OVER c,
            row_number() OVER (c ORDER BY g.persons, g.status),
            sum(g.persons) OVER (c ORDER BY g.persons, g.status ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM (SELECT m.id AS run_id, (m.created_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
            dtsen.wilayah_parent(r.wilayah) AS kode,
            dtsen.wilayah_parent(r.wilayah)::varchar(10) AS kecamatan_code,
            dtsen.wilayah_parent(r.wilayah, 2)::varchar(10) AS kabupaten_code,
            r.status::varchar(25) AS status, count(*) AS persons
        FROM @registry@.pemadanan_result AS r JOIN @registry@.pemadanan AS m ON m.id = r.pemadanan_id
        GROUP BY m.id, 3, 5, r.status) AS g
        WINDOW c AS (PARTITION BY g.run_id, g.kode)) AS f
    JOIN @registry@.padan_status AS p ON p.status = f.status
    JOIN @registry@.wilayah AS w ON w.kode = f.kode;
COMMENT ON VIEW @registry_bi@.padan_by_kecamatan IS 'Quality of the match with the civil registry. Grain: run, district, finding. Changes with a run';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.run_id IS 'Key of the run';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.as_of_date IS 'Day of the run, in Jakarta';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.kecamatan_code IS 'Code of the district';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.kecamatan_name IS 'Name of the district';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.status IS 'Finding';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.verdict IS 'Its kind: agree, differ, unknown, duplicate, invalid or gone';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.label_en IS 'English label';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.sort_order IS 'Order of the findings';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.person_count IS 'Persons; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.is_suppressed IS 'Not shown: fewer than 5 persons, or shown it would give away such a cell by subtraction';

CREATE FUNCTION @registry@.journal_check()
    RETURNS TABLE (machine varchar(63), entry_count integer, problem_count integer, last_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH v AS MATERIALIZED (SELECT x.machine FROM dtsen.verify_journal('@registry@') AS x)
    SELECT m.machine::varchar(63),
        coalesce((SELECT sum(b.entries) FROM @registry@.journal_block AS b WHERE b.machine = m.machine), 0)::integer,
        (SELECT count(*) FROM v WHERE v.machine = m.machine)::integer,
        (SELECT max(e.at) FROM (SELECT DISTINCT ON (b.chain) b.seq, b.entries, b.body FROM @registry@.journal_block AS b
                WHERE b.machine = m.machine ORDER BY b.chain, b.seq DESC) AS b,
            dtsen.journal_entries(b.seq, b.entries, b.body) AS e)
    FROM @registry@.machine AS m
$$;
COMMENT ON FUNCTION @registry@.journal_check() IS 'Entries and broken entries of the journal per machine. SECURITY DEFINER, because analysts see the figures, not the entries';
REVOKE EXECUTE ON FUNCTION @registry@.journal_check() FROM PUBLIC;

CREATE VIEW @registry_bi@.journal_check WITH (security_barrier) AS
    SELECT j.machine::varchar(63) AS machine, j.entry_count, j.problem_count,
        (j.problem_count = 0) AS is_intact, j.last_at, CURRENT_DATE AS as_of_date
    FROM @registry@.journal_check() AS j;
COMMENT ON VIEW @registry_bi@.journal_check IS 'Whether the journal verifies. Grain: machine. Always current: each read verifies the whole journal, see docs/bi.md';
COMMENT ON COLUMN @registry_bi@.journal_check.machine IS 'What the entries are about';
COMMENT ON COLUMN @registry_bi@.journal_check.entry_count IS 'Entries of the journal';
COMMENT ON COLUMN @registry_bi@.journal_check.problem_count IS 'Problems that the verification found';
COMMENT ON COLUMN @registry_bi@.journal_check.is_intact IS 'No problem: nothing was changed, removed or added';
COMMENT ON COLUMN @registry_bi@.journal_check.last_at IS 'Time of the last entry';
COMMENT ON COLUMN @registry_bi@.journal_check.as_of_date IS 'Today';
