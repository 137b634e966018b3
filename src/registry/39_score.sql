-- Registry @registry@: scores by a formula of the ministry's, and their reasons.
--
-- A model whose formula is known is a row with it (see docs/pmt.md): the registry
-- computes its scores and says for each family what made its score. Of a model
-- whose coefficients are not public only the scores come in, as a file.

ALTER TABLE @registry@.model ADD formula jsonb;
COMMENT ON COLUMN @registry@.model.formula IS 'Model of dtsen.pmt_score(), over the columns of skor_input; NULL: not known here, the scores come from elsewhere';

CREATE FUNCTION @registry@.model_fits() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    problems text;
BEGIN
    SELECT string_agg(format('%s %s', p.path, p.problem), '; ') INTO problems FROM (
        SELECT c.path, c.problem FROM pmt_check(NEW.formula) AS c
        UNION ALL
        SELECT '$.variables.' || v, 'is no column of skor_input'
        FROM jsonb_object_keys(CASE WHEN jsonb_typeof(NEW.formula -> 'variables') = 'object' THEN NEW.formula -> 'variables' ELSE '{}' END) AS v
        WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = '@registry@.skor_input'::regclass AND a.attname = v AND a.attnum > 0)) AS p;
    IF NEW.formula IS NOT NULL AND problems IS NOT NULL THEN
        RAISE EXCEPTION 'the formula of model "%" cannot be used', NEW.version
            USING ERRCODE = 'invalid_parameter_value', DETAIL = problems, HINT = 'docs/pmt.md says what a formula is.';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION @registry@.model_fits() IS 'Trigger: a formula is one that every family can be asked for';
CREATE TRIGGER fits BEFORE INSERT OR UPDATE ON @registry@.model
    FOR EACH ROW WHEN (NOT dtsen.is_apply_worker()) EXECUTE FUNCTION @registry@.model_fits();
ALTER TABLE @registry@.model ENABLE ALWAYS TRIGGER fits;

-- every column of housing and assets, and what the members say together
DO $do$
DECLARE
    own text;
    c record;
BEGIN
    SELECT string_agg(format('%s.%I', lower(left(x.t, 1)), a.attname), ', ' ORDER BY x.n, a.attnum) INTO own
    FROM unnest(ARRAY['rumah', 'aset']) WITH ORDINALITY AS x (t, n) JOIN pg_attribute AS a ON a.attrelid = format('@registry@.%I', x.t)::regclass
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('keluarga_id', 'wilayah', 'id_pelanggan_pln');
    EXECUTE format($sql$
        CREATE VIEW @registry@.skor_input WITH (security_invoker) AS
        SELECT k.id AS keluarga_id, k.wilayah, coalesce(m.members, 0)::integer AS members, coalesce(m.under_seven, 0)::integer AS under_seven,
            coalesce(m.school_age, 0)::integer AS school_age, coalesce(m.elderly, 0)::integer AS elderly, coalesce(m.working, 0)::integer AS working,
            m.head_sex::integer, m.head_jenjang::integer, m.head_job::integer, %s
        FROM @registry@.keluarga AS k
        LEFT JOIN (SELECT a.keluarga_id, count(*) AS members, count(*) FILTER (WHERE a.age < 7) AS under_seven,
                count(*) FILTER (WHERE a.age BETWEEN 7 AND 18) AS school_age, count(*) FILTER (WHERE a.age >= 60) AS elderly,
                count(*) FILTER (WHERE a.status_bekerja = 1) AS working, min(a.jenis_kelamin) FILTER (WHERE a.hubungan = 1) AS head_sex,
                min(a.jenjang_tertinggi) FILTER (WHERE a.hubungan = 1) AS head_jenjang,
                min(a.status_dalam_pekerjaan_utama) FILTER (WHERE a.hubungan = 1) AS head_job
            FROM (SELECT x.*, extract(year FROM age((now() AT TIME ZONE 'Asia/Jakarta')::date::timestamp, x.tanggal_lahir::timestamp)) AS age
                FROM @registry@.anggota AS x WHERE x.status = 'aktif') AS a
            GROUP BY a.keluarga_id) AS m ON m.keluarga_id = k.id
        LEFT JOIN @registry@.rumah AS r ON r.keluarga_id = k.id
        LEFT JOIN @registry@.aset AS a ON a.keluarga_id = k.id
        WHERE k.status = 'aktif' $sql$, own);
    FOR c IN SELECT v.attname, coalesce(d.said, 'as in the tables of the registry') AS said
        FROM pg_attribute AS v
        LEFT JOIN LATERAL (SELECT col_description(a.attrelid, a.attnum) AS said FROM pg_attribute AS a
            WHERE a.attrelid IN ('@registry@.rumah'::regclass, '@registry@.aset'::regclass) AND a.attname = v.attname ORDER BY a.attrelid LIMIT 1) AS d ON true
        WHERE v.attrelid = '@registry@.skor_input'::regclass AND v.attnum > 10
    LOOP
        EXECUTE format('COMMENT ON COLUMN @registry@.skor_input.%I IS %L', c.attname, c.said);
    END LOOP;
END $do$;
COMMENT ON VIEW @registry@.skor_input IS 'What a formula may ask of an active family: housing, assets, and its active members counted, with ages of today in Jakarta. As the caller sees them';
COMMENT ON COLUMN @registry@.skor_input.keluarga_id IS 'The family';
COMMENT ON COLUMN @registry@.skor_input.wilayah IS 'Village of the family';
COMMENT ON COLUMN @registry@.skor_input.members IS 'Active members';
COMMENT ON COLUMN @registry@.skor_input.under_seven IS 'Members from birth to six years';
COMMENT ON COLUMN @registry@.skor_input.school_age IS 'Members of 7 to 18 years';
COMMENT ON COLUMN @registry@.skor_input.elderly IS 'Members of 60 years and more';
COMMENT ON COLUMN @registry@.skor_input.working IS 'Members who worked in the last week';
COMMENT ON COLUMN @registry@.skor_input.head_sex IS 'Sex of the head, 1 male, 2 female';
COMMENT ON COLUMN @registry@.skor_input.head_jenjang IS 'Highest level of schooling of the head, of the list jenjang';
COMMENT ON COLUMN @registry@.skor_input.head_job IS 'Status of the head in his main work';

CREATE FUNCTION @registry@.model_formula(model_version text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found_formula jsonb;
BEGIN
    SELECT m.formula INTO found_formula FROM @registry@.model AS m WHERE m.version = model_version;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no model "%"', model_version USING ERRCODE = 'no_data_found', DETAIL = 'Nothing was counted or changed.', HINT = 'Table model of the registry lists them.';
    ELSIF found_formula IS NULL THEN
        RAISE EXCEPTION 'the formula of model "%" is not known here', model_version USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = 'Table model has none.',
            HINT = 'Its scores come from elsewhere, and who made them knows their reasons.';
    END IF;
    RETURN found_formula;
END $$;
COMMENT ON FUNCTION @registry@.model_formula(text) IS 'Formula of a model; an error if there is no such model or its formula is not known';

CREATE FUNCTION @registry@.skor_compute(model_version text) RETURNS bigint
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp SET jit = off SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
    formula jsonb := @registry@.model_formula(model_version);
    n bigint;
BEGIN
    INSERT INTO @registry@.skor AS s (model_version, keluarga_id, wilayah, skor)
    SELECT skor_compute.model_version, i.keluarga_id, i.wilayah, pmt_score(formula, i) FROM @registry@.skor_input AS i ORDER BY i.keluarga_id
    ON CONFLICT (model_version, keluarga_id) DO UPDATE SET skor = EXCLUDED.skor, import_id = NULL, changed_at = now()
        WHERE s.skor <> EXCLUDED.skor;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
COMMENT ON FUNCTION @registry@.skor_compute(text) IS 'Computes the scores of all active families that the caller sees by the formula of a model, all or none; returns how many are new or others';

CREATE FUNCTION @registry@.skor_explain(model_version text, keluarga_id bigint)
    RETURNS TABLE (part text, variable text, value text, contribution double precision, rupiah double precision, is_default boolean)
    LANGUAGE plpgsql STABLE ROWS 40 SET search_path = pg_catalog, dtsen, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    formula jsonb := @registry@.model_formula(model_version);
    e jsonb;
    computed double precision;
BEGIN
    SELECT pmt_explain(formula, i), pmt_score(formula, i) INTO e, computed
    FROM @registry@.skor_input AS i WHERE i.keluarga_id = skor_explain.keluarga_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no active family % here', keluarga_id USING ERRCODE = 'no_data_found',
            DETAIL = 'It is not there, not active, or of a region that you do not see.', HINT = 'Table keluarga has those that you see.';
    END IF;
    RETURN QUERY
    SELECT 'intercept', e ->> 'model', NULL::text, (e ->> 'intercept')::double precision, NULL::double precision, NULL::boolean
    UNION ALL
    SELECT 'term', coalesce(t ->> 'variable', t ->> 'product'), t ->> 'value', (t ->> 'contribution')::double precision,
        (t ->> 'rupiah')::double precision, coalesce((t ->> 'defaulted')::boolean, false)
    FROM jsonb_array_elements(e -> 'terms') AS t
    UNION ALL SELECT 'sum', NULL, NULL, (e ->> 'sum')::double precision, (e ->> 'rupiah')::double precision, NULL
    UNION ALL SELECT 'score', NULL, NULL, computed, NULL, NULL
    UNION ALL SELECT 'stored', NULL, s.changed_at::text, s.skor, NULL, NULL FROM @registry@.skor AS s
    WHERE s.model_version = skor_explain.model_version AND s.keluarga_id = skor_explain.keluarga_id;
END $$;
COMMENT ON FUNCTION @registry@.skor_explain(text, bigint) IS 'Why a family has its score: what each variable contributes, their sum, the score by the records of now, and the score stored (another one if records changed since)';
