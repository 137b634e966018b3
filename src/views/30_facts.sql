-- Registry @registry@: figures for analysts. Published editions only; cells of
-- fewer than 5 families or persons are not shown (is_hidden_cell()), and a
-- login sees its regions (bi_scope()).

CREATE VIEW @registry_bi@.desil_by_kecamatan WITH (security_barrier) AS
    SELECT e.publication_id, e.edition_name, e.published_at, e.as_of_date, e.month_key, e.month_date,
        f.scope, x.label_id AS scope_label_id, x.label_en AS scope_label_en, x.sort_order AS scope_sort_order,
        f.wilayah::varchar(10) AS kecamatan_code, w.nama::varchar(100) AS kecamatan_name,
        dtsen.wilayah_parent(f.wilayah)::varchar(10) AS kabupaten_code,
        f.desil::integer AS desil, coalesce(f.desil, 11)::integer AS sort_order,
        CASE WHEN NOT f.is_hidden THEN f.families END AS family_count,
        CASE WHEN NOT f.is_hidden THEN f.persons END AS person_count,
        f.is_hidden AS is_suppressed
    FROM @registry@.desil_summary AS f
    JOIN @registry@.bi_scope() AS b ON f.wilayah BETWEEN b.low AND b.high
    JOIN @registry@.edisi_published AS e ON e.publication_id = f.edisi_id
    JOIN @registry@.label AS x ON x.list = 'scope' AND x.code = f.scope
    JOIN @registry@.wilayah AS w ON w.kode = f.wilayah;
COMMENT ON VIEW @registry_bi@.desil_by_kecamatan IS 'Families and persons per decile and district. Grain: published edition, scope, district, decile. Key: publication_id, scope, kecamatan_code, sort_order. Changes with a publication';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.publication_id IS 'Key of the edition';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.edition_name IS 'Name of the edition';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.published_at IS 'When it was published';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.as_of_date IS 'Day of publication, in Jakarta';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.month_key IS 'Month in which the edition is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.scope IS 'Scope of the decile: nasional, provinsi or kabupaten';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.scope_label_id IS 'Indonesian label of the scope';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.scope_label_en IS 'English label of the scope';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.scope_sort_order IS 'Order of the values in lists and charts';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.kecamatan_code IS 'Code of the district';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.kecamatan_name IS 'Name of the district';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.desil IS '1 the poorest to 10; NULL: not ranked';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.sort_order IS 'Decile, 11 for not ranked';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.family_count IS 'Families; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.person_count IS 'Persons; NULL where suppressed';
COMMENT ON COLUMN @registry_bi@.desil_by_kecamatan.is_suppressed IS 'Not shown: fewer than 5 families, or shown it would give away such a cell by subtraction';

CREATE VIEW @registry_bi@.usulan_by_state WITH (security_barrier) AS
    SELECT f.edisi_id AS publication_id, e.name::varchar(20) AS edition_name,
        CASE WHEN e.state = 'terbit' THEN e.published_at END AS published_at,
        (now() AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
        to_char(e.publish_at AT TIME ZONE 'Asia/Jakarta', 'YYYYMM')::integer AS month_key,
        date_trunc('month', e.publish_at AT TIME ZONE 'Asia/Jakarta')::date AS month_date,
        f.kode::varchar(10) AS kabupaten_code, w.nama::varchar(100) AS kabupaten_name,
        s.state, s.label_id, s.label_en, s.sort_order, s.is_final,
        CASE WHEN NOT f.is_hidden THEN f.proposals END::integer AS proposal_count,
        f.is_hidden AS is_suppressed
    FROM (SELECT g.*, @registry@.is_hidden_cell(g.proposals, min(g.proposals) OVER c,
            row_number() OVER (c ORDER BY g.proposals, g.state),
            sum(g.proposals) OVER (c ORDER BY g.proposals, g.state ROWS UNBOUNDED PRECEDING)) AS is_hidden
        FROM (SELECT v.edisi_id, dtsen.wilayah_parent(v.wilayah, 2) AS kode, v.state, sum(v.n) AS proposals
            FROM (SELECT u.edisi_id, u.wilayah, u.state, count(*) AS n FROM @registry@.usulan AS u
                WHERE u.edisi_id IS NOT NULL GROUP BY 1, 2, 3) AS v GROUP BY 1, 2, 3) AS g
        WINDOW c AS (PARTITION BY g.edisi_id, g.kode)) AS f
    JOIN @registry@.bi_scope() AS b ON f.kode BETWEEN b.low AND b.high
    JOIN @registry@.edisi AS e ON e.id = f.edisi_id
    JOIN @registry@.wilayah AS w ON w.kode = f.kode
    JOIN @registry_bi@.dim_status AS s ON s.machine = 'usulan' AND s.state = f.state;
COMMENT ON VIEW @registry_bi@.usulan_by_state IS 'Proposal funnel. Grain: edition, regency, state. Key: publication_id, kabupaten_code, state. Always current';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.publication_id IS 'Edition that the proposals are meant for';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.edition_name IS 'Its name';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.published_at IS 'When it was published; NULL: it is not';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.as_of_date IS 'Today, in Jakarta';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.month_key IS 'Month in which the edition is due, as yyyymm';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.month_date IS 'First day of that month';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.kabupaten_code IS 'Code of the regency or city';
COMMENT ON COLUMN @registry_bi@.usulan_by_state.kabupaten_name IS 'Its name';
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
        t.today AS as_of_date, m.last_date AS last_meeting_date,
        (t.today - m.last_date) AS days_since_meeting,
        coalesce(m.last_date >= t.today - interval '3 months', false) AS has_meeting_in_3_months,
        coalesce(m.n, 0)::integer AS meeting_count
    FROM @registry@.wilayah AS w
    CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date AS today) AS t
    JOIN @registry@.bi_scope() AS b ON w.kode BETWEEN b.low AND b.high
    LEFT JOIN (SELECT x.wilayah, max(x.held_on) AS last_date, count(*) AS n
        FROM @registry@.musyawarah AS x WHERE x.state = 'sah' GROUP BY x.wilayah) AS m ON m.wilayah = w.kode
    WHERE w.level = 4 AND w.status = 'present'
    AND EXISTS (SELECT FROM @registry@.keluarga AS k WHERE k.wilayah = w.kode);
COMMENT ON VIEW @registry_bi@.musyawarah_by_kelurahan IS 'When each village last held a valid meeting. Grain: a village with families in the registry. Key: kelurahan_code. Always current';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.kelurahan_code IS 'Code of the village';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.kelurahan_name IS 'Name of the village';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.kecamatan_code IS 'Code of its district';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.as_of_date IS 'Today, in Jakarta';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.last_meeting_date IS 'Day of the last valid meeting; NULL: none yet';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.days_since_meeting IS 'Days since then; NULL: none yet';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.has_meeting_in_3_months IS 'False: the village is late';
COMMENT ON COLUMN @registry_bi@.musyawarah_by_kelurahan.meeting_count IS 'Valid meetings on record';

CREATE VIEW @registry_bi@.padan_by_kecamatan WITH (security_barrier) AS
    SELECT m.id AS run_id, (m.created_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date,
        f.wilayah::varchar(10) AS kecamatan_code, w.nama::varchar(100) AS kecamatan_name,
        dtsen.wilayah_parent(f.wilayah)::varchar(10) AS kabupaten_code,
        f.status, p.label_id, p.label_en, p.sort_order,
        p.verdict, x.label_id AS verdict_label_id, x.label_en AS verdict_label_en, x.sort_order AS verdict_sort_order,
        CASE WHEN NOT f.is_hidden THEN f.persons END AS person_count,
        f.is_hidden AS is_suppressed
    FROM @registry@.padan_summary AS f
    JOIN @registry@.bi_scope() AS b ON f.wilayah BETWEEN b.low AND b.high
    JOIN @registry@.pemadanan AS m ON m.id = f.pemadanan_id
    JOIN @registry@.padan_status AS p ON p.status = f.status
    JOIN @registry@.label AS x ON x.list = 'verdict' AND x.code = p.verdict
    JOIN @registry@.wilayah AS w ON w.kode = f.wilayah;
COMMENT ON VIEW @registry_bi@.padan_by_kecamatan IS 'Quality of the match with the civil registry. Grain: run, district, finding. Key: run_id, kecamatan_code, status. Changes with a run';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.run_id IS 'Key of the run';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.as_of_date IS 'Day of the run, in Jakarta';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.kecamatan_code IS 'Code of the district';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.kecamatan_name IS 'Name of the district';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.kabupaten_code IS 'Code of its regency or city';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.status IS 'Finding';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.label_id IS 'Indonesian label of the finding';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.label_en IS 'English label of the finding';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.sort_order IS 'Order of the findings';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.verdict IS 'Kind of the finding: agree, differ, unknown, duplicate, invalid or gone';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.verdict_label_id IS 'Indonesian label of the kind';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.verdict_label_en IS 'English label of the kind';
COMMENT ON COLUMN @registry_bi@.padan_by_kecamatan.verdict_sort_order IS 'Order of the values in lists and charts';
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
COMMENT ON FUNCTION @registry@.journal_check() IS 'Verifies the journal now: entries and broken entries per machine. SECURITY DEFINER, because it reads every region';
REVOKE EXECUTE ON FUNCTION @registry@.journal_check() FROM PUBLIC;

CREATE VIEW @registry_bi@.journal_check WITH (security_barrier) AS
    SELECT m.machine::varchar(63) AS machine, coalesce(m.label_id, m.machine)::varchar(80) AS label_id, coalesce(m.label_en, m.machine)::varchar(80) AS label_en,
        dense_rank() OVER (ORDER BY m.machine)::integer AS sort_order, j.entries::integer AS entry_count, j.problems AS problem_count,
        (j.problems = 0) AS is_intact, j.last_at, (j.verified_at AT TIME ZONE 'Asia/Jakarta')::date AS as_of_date, j.verified_at
    FROM @registry@.machine AS m LEFT JOIN @registry@.journal_summary AS j ON j.machine = m.machine;
COMMENT ON VIEW @registry_bi@.journal_check IS 'Whether the journal verified when that was last asked. Grain: machine. Key: machine. Changes with a publication and with journal_summarise(), which read the whole journal';
COMMENT ON COLUMN @registry_bi@.journal_check.machine IS 'What the entries are about';
COMMENT ON COLUMN @registry_bi@.journal_check.label_id IS 'Indonesian label of the machine';
COMMENT ON COLUMN @registry_bi@.journal_check.label_en IS 'English label of the machine';
COMMENT ON COLUMN @registry_bi@.journal_check.sort_order IS 'Order of the machines';
COMMENT ON COLUMN @registry_bi@.journal_check.entry_count IS 'Entries that were verified; NULL: never verified';
COMMENT ON COLUMN @registry_bi@.journal_check.problem_count IS 'Problems that the verification found; NULL: never verified';
COMMENT ON COLUMN @registry_bi@.journal_check.is_intact IS 'No problem: nothing was changed, removed or added; NULL: never verified';
COMMENT ON COLUMN @registry_bi@.journal_check.last_at IS 'Time of the last entry that was verified; NULL: there is none';
COMMENT ON COLUMN @registry_bi@.journal_check.as_of_date IS 'Day of the verification, in Jakarta; NULL: never verified';
COMMENT ON COLUMN @registry_bi@.journal_check.verified_at IS 'When it was verified; NULL: never';
