-- Registry @registry@: what stands against an edition, and what of it stops its publication.
--
-- Which classes of errors block is for the ministry to mark in finding_class.
-- A score that is no finite number always does.

CREATE TABLE @registry@.finding_class (
    class varchar(40) PRIMARY KEY CHECK (class ~ '^[a-z][a-z0-9_]*$'),
    origin varchar(10) NOT NULL CHECK (origin IN ('anomaly', 'program', 'rules')),
    is_blocking boolean NOT NULL DEFAULT false,
    legal_basis varchar(200),
    label_id varchar(120) NOT NULL,
    label_en varchar(120) NOT NULL
);
COMMENT ON TABLE @registry@.finding_class IS 'Classes of errors that edisi_findings() reports; an edition is not determined or published with an unresolved one of a class that is_blocking';
COMMENT ON COLUMN @registry@.finding_class.class IS 'Key: the code of the finding';
COMMENT ON COLUMN @registry@.finding_class.origin IS 'What finds it: anomaly (report_anomaly), program (program_conflicts) or rules (program_check)';
COMMENT ON COLUMN @registry@.finding_class.is_blocking IS 'Marked by the ministry: no publication with one of these';
COMMENT ON COLUMN @registry@.finding_class.legal_basis IS 'Why it blocks';
COMMENT ON COLUMN @registry@.finding_class.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry@.finding_class.label_en IS 'English label';
INSERT INTO @registry@.finding_class (class, origin, label_id, label_en) VALUES
    ('nik_region_malformed', 'anomaly', 'NIK: kode wilayah 00', 'NIK: region digits are 00'),
    ('nik_region_unknown', 'anomaly', 'NIK: wilayah tidak dikenal', 'NIK: no district has the code'),
    ('nik_day_impossible', 'anomaly', 'NIK: tanggal tidak mungkin', 'NIK: impossible day'),
    ('nik_month_impossible', 'anomaly', 'NIK: bulan tidak mungkin', 'NIK: impossible month'),
    ('nik_date_impossible', 'anomaly', 'NIK: tanggal lahir tidak ada', 'NIK: the date does not exist'),
    ('nik_date_in_future', 'anomaly', 'NIK: tanggal lahir di masa depan', 'NIK: the date is to come'),
    ('nik_serial_zero', 'anomaly', 'NIK: nomor urut 0000', 'NIK: serial 0000'),
    ('nik_twice', 'anomaly', 'NIK ganda', 'several active persons have the NIK'),
    ('birth_date_missing', 'anomaly', 'tanggal lahir kosong', 'no date of birth'),
    ('sex_missing', 'anomaly', 'jenis kelamin kosong', 'no sex'),
    ('born_later', 'anomaly', 'lahir setelah tanggal ini', 'born later than today'),
    ('older_than_120', 'anomaly', 'umur di atas 120 tahun', 'older than 120 years'),
    ('no_member', 'anomaly', 'keluarga tanpa anggota', 'a family without members'),
    ('no_head', 'anomaly', 'keluarga tanpa kepala', 'a family without a head'),
    ('members_not_as_declared', 'anomaly', 'jumlah anggota berbeda', 'other members than the file declares'),
    ('child_older_than_head', 'anomaly', 'anak lebih tua dari kepala keluarga', 'a child older than the head'),
    ('child_close_to_head', 'anomaly', 'umur anak dan kepala keluarga berdekatan', 'a child less than ten years younger than the head'),
    ('spouse_of_same_sex', 'anomaly', 'pasangan berjenis kelamin sama', 'head and spouse of one sex'),
    ('program_conflict', 'program', 'aturan program bertentangan', 'one rule requires, another excludes'),
    ('program_rules', 'rules', 'aturan program salah', 'the rules of a programme cannot work');

CREATE FUNCTION @registry@.edisi_findings(edisi_id integer, classes text[] DEFAULT NULL)
    RETURNS TABLE (class text, is_blocking boolean, severity text, wilayah dtsen.kode_wilayah, keluarga_id bigint,
        anggota_id bigint, program text, explanation text)
    LANGUAGE plpgsql STABLE ROWS 1000 SET search_path = pg_catalog, dtsen, pg_temp SET timezone = 'Asia/Jakarta'
AS $$
#variable_conflict use_column
DECLARE
    asof date;
    origins text[] := ARRAY(SELECT c.origin::text FROM @registry@.finding_class AS c
        WHERE edisi_findings.classes IS NULL OR c.class = ANY (edisi_findings.classes));
    is_ranked boolean := EXISTS (SELECT FROM @registry@.desil AS d WHERE d.edisi_id = edisi_findings.edisi_id);
    unknown text;
BEGIN
    SELECT (e.publish_at AT TIME ZONE 'Asia/Jakarta')::date INTO asof FROM @registry@.edisi AS e
    WHERE e.id = @registry@.edisi_known(edisi_findings.edisi_id);
    SELECT a INTO unknown FROM unnest(edisi_findings.classes) AS a
    WHERE NOT EXISTS (SELECT FROM @registry@.finding_class AS c WHERE c.class = a);
    IF FOUND THEN
        RAISE EXCEPTION 'there is no class "%" of findings', unknown USING ERRCODE = 'no_data_found',
            DETAIL = 'Nothing was counted or changed.', HINT = 'Table finding_class lists them.';
    END IF;
    IF 'anomaly' = ANY (origins) THEN
        RETURN QUERY SELECT a.code, coalesce(c.is_blocking, false), a.severity, a.wilayah, a.keluarga_id, a.anggota_id,
                NULL::text, c.label_en::text
            FROM @registry@.report_anomaly() AS a
            LEFT JOIN @registry@.finding_class AS c ON c.class = a.code
            WHERE (edisi_findings.classes IS NULL OR a.code = ANY (edisi_findings.classes))
            AND (NOT is_ranked OR a.keluarga_id IN (SELECT d.keluarga_id FROM @registry@.desil AS d WHERE d.edisi_id = edisi_findings.edisi_id));
    END IF;
    -- villages and BPS do not read flags: they get the rest, unless they ask for these
    IF 'program' = ANY (origins) AND (classes IS NOT NULL OR has_table_privilege('@registry@.flag', 'SELECT')) THEN
        RETURN QUERY SELECT c.class::text, c.is_blocking, 'error', x.wilayah, x.keluarga_id, x.anggota_id, p.program::text,
                format('required by %s, excluded by %s', x.requires, x.excludes)
            FROM @registry@.finding_class AS c, @registry@.program AS p,
            LATERAL @registry@.program_conflicts(p.program, edisi_findings.edisi_id) AS x
            WHERE c.class = 'program_conflict'
            AND EXISTS (SELECT FROM @registry@.program_rule AS r WHERE r.program = p.program AND r.valid_from <= asof);
    END IF;
    IF 'rules' = ANY (origins) THEN
        RETURN QUERY SELECT c.class::text, c.is_blocking, x.severity, NULL::dtsen.kode_wilayah, NULL::bigint, NULL::bigint, x.row_id,
                concat_ws(': ', x.check_name, x.value, x.hint)
            FROM @registry@.finding_class AS c, @registry@.program_check() AS x
            WHERE c.class = 'program_rules' AND x.severity = 'error';
    END IF;
END $$;
COMMENT ON FUNCTION @registry@.edisi_findings(integer, text[]) IS 'Unresolved errors of an edition, as far as the caller sees its families: of all classes, or of those given; of contradictory rules both, for those who may read flags. Once it is ranked, of its families only';

CREATE FUNCTION @registry@.edisi_is_clean(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    blocking text[] := ARRAY(SELECT c.class::text FROM @registry@.finding_class AS c WHERE c.is_blocking);
BEGIN
    IF blocking = '{}' THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT k, 'SE003', format('edition %s has unresolved errors of classes that block it: %s', e.name, f.counts),
            format('edisi_findings(%s) lists them; resolve them, or have the ministry change is_blocking in finding_class.', e.id)
        FROM unnest(keys) AS k
        JOIN @registry@.edisi AS e ON e.id = k::integer,
        LATERAL (SELECT string_agg(format('%s (%s)', x.class, x.n), ', ' ORDER BY x.class COLLATE "C") AS counts
            FROM (SELECT y.class, count(*) AS n FROM @registry@.edisi_findings(e.id, blocking) AS y GROUP BY 1) AS x) AS f
        WHERE f.counts IS NOT NULL;
END $$;
COMMENT ON FUNCTION @registry@.edisi_is_clean(text[]) IS 'Guard: editions with an unresolved error of a class that the ministry marked blocking';

CREATE FUNCTION @registry@.edisi_is_finite(keys text[])
    RETURNS TABLE (key text, code text, message text, hint text)
    LANGUAGE sql STABLE SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    SELECT k, '22023', format('edition %s has %s that are no finite numbers: %s NaN, %s infinite', e.name, n.what, n.nans, n.infinities),
        'Correct them and rank again.'
    FROM unnest(keys) AS k
    JOIN @registry@.edisi AS e ON e.id = k::integer,
    LATERAL (SELECT 'scores' AS what, count(*) FILTER (WHERE d.skor = 'NaN') AS nans,
            count(*) FILTER (WHERE d.skor IN ('infinity', '-infinity')) AS infinities
        FROM @registry@.desil AS d WHERE d.edisi_id = e.id
        UNION ALL SELECT 'cuts', count(*) FILTER (WHERE c.cut = 'NaN'), count(*) FILTER (WHERE c.cut IN ('infinity', '-infinity'))
        FROM @registry@.desil_cut AS c WHERE c.edisi_id = e.id) AS n
    WHERE n.nans + n.infinities > 0
$$;
COMMENT ON FUNCTION @registry@.edisi_is_finite(text[]) IS 'Guard: editions with scores or cuts that are NaN or infinite, with their counts. Constraints refuse such a row; this stands if somebody took them away';
