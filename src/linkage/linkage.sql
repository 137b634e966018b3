-- Record linkage: how likely two records are one person. The weights are
-- constant tables of the library or an argument, so everything is immutable.

CREATE TYPE dtsen.person_record AS (
    nik pg_catalog.text,
    nama dtsen.nama,
    birth_date pg_catalog.date,
    sex pg_catalog.text,
    mother dtsen.nama,
    birth_place pg_catalog.text,
    nkk dtsen.nkk,
    wilayah dtsen.kode_wilayah
);
COMMENT ON TYPE dtsen.person_record IS
    'what a record says about a person, each attribute may be null; an argument, not a column type';
COMMENT ON COLUMN dtsen.person_record.nik IS
    'NIK as written: also with 15 or 17 digits, which still tell something';
COMMENT ON COLUMN dtsen.person_record.nama IS 'name';
COMMENT ON COLUMN dtsen.person_record.birth_date IS 'date of birth';
COMMENT ON COLUMN dtsen.person_record.sex IS 'L or 1 male, P or 2 female; everything else is not known';
COMMENT ON COLUMN dtsen.person_record.mother IS 'name of the mother';
COMMENT ON COLUMN dtsen.person_record.birth_place IS 'place of birth as written';
COMMENT ON COLUMN dtsen.person_record.nkk IS 'number of the family card';
COMMENT ON COLUMN dtsen.person_record.wilayah IS 'region of residence, of any level';

CREATE FUNCTION dtsen.person_match(a dtsen.person_record, b dtsen.person_record)
    RETURNS pg_catalog.float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 60
    AS 'MODULE_PATHNAME', 'dtsen_person_match';
COMMENT ON FUNCTION dtsen.person_match(dtsen.person_record, dtsen.person_record) IS
    'match weight in bits: the logarithm of how much likelier the two records are one person than two';

CREATE FUNCTION dtsen.person_match(a dtsen.person_record, b dtsen.person_record, model pg_catalog.jsonb)
    RETURNS pg_catalog.float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 60
    AS 'MODULE_PATHNAME', 'dtsen_person_match';
COMMENT ON FUNCTION dtsen.person_match(dtsen.person_record, dtsen.person_record, pg_catalog.jsonb) IS
    'match weight in bits by another model';

CREATE FUNCTION dtsen.person_explain(a dtsen.person_record, b dtsen.person_record)
    RETURNS pg_catalog.jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200
    AS 'MODULE_PATHNAME', 'dtsen_person_explain';
COMMENT ON FUNCTION dtsen.person_explain(dtsen.person_record, dtsen.person_record) IS
    'level and contribution of each field behind a match weight, and the rival it was taken against';

CREATE FUNCTION dtsen.person_explain(a dtsen.person_record, b dtsen.person_record, model pg_catalog.jsonb)
    RETURNS pg_catalog.jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200
    AS 'MODULE_PATHNAME', 'dtsen_person_explain';
COMMENT ON FUNCTION dtsen.person_explain(dtsen.person_record, dtsen.person_record, pg_catalog.jsonb) IS
    'explanation of a match weight by another model';

CREATE FUNCTION dtsen.person_probability(weight pg_catalog.float8,
        prior pg_catalog.float8 DEFAULT 0.000001)
    RETURNS pg_catalog.float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
    AS 'MODULE_PATHNAME', 'dtsen_person_probability';
COMMENT ON FUNCTION dtsen.person_probability(pg_catalog.float8, pg_catalog.float8) IS
    'probability that a match weight means, given the share of matches among all pairs';

CREATE FUNCTION dtsen.linkage_model()
    RETURNS pg_catalog.jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS 'MODULE_PATHNAME', 'dtsen_linkage_model_default';
COMMENT ON FUNCTION dtsen.linkage_model() IS
    'the model that comes with dtsen, complete';

CREATE FUNCTION dtsen.linkage_model(pg_catalog.jsonb)
    RETURNS pg_catalog.jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS 'MODULE_PATHNAME', 'dtsen_linkage_model';
COMMENT ON FUNCTION dtsen.linkage_model(pg_catalog.jsonb) IS
    'a model checked, and completed by what comes with dtsen';

-- One record against a table.

CREATE FUNCTION dtsen.person_candidates_sql(relation pg_catalog.regclass,
        columns pg_catalog.jsonb DEFAULT '{}', own_model pg_catalog.bool DEFAULT false)
    RETURNS pg_catalog.text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    -- where each attribute of dtsen.person_record comes from, in its order
    attribute text;
    field text[];
    source text;
    type_name text;
    is_text bool;
    equal text;
    number int2;
    expression text[] := '{}';
    branch text[] := '{}';
    selected text;
    condition text;
    limited int;
BEGIN
    IF (SELECT relkind FROM pg_class WHERE oid = relation) NOT IN ('r', 'p', 'm') THEN
        RAISE EXCEPTION '% is no table', relation USING ERRCODE = '42809';
    END IF;
    IF jsonb_typeof(columns) <> 'object' THEN
        RAISE EXCEPTION 'columns must be an object' USING ERRCODE = '22023',
            HINT = 'As in {"birth_date": "tanggal_lahir"}; null leaves an attribute out.';
    END IF;
    field := ARRAY(SELECT attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_type t ON t.typrelid = c.oid WHERE t.oid = 'dtsen.person_record'::regtype ORDER BY attnum);
    SELECT key INTO attribute FROM jsonb_each(columns) WHERE NOT key = ANY (field) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'dtsen.person_record has no attribute "%"', attribute USING ERRCODE = '42703';
    END IF;
    FOREACH attribute IN ARRAY field LOOP
        source := CASE WHEN columns ? attribute THEN columns ->> attribute ELSE attribute END;
        number := NULL;
        SELECT attnum, format_type(b.oid, NULL), b.typcategory = 'S', CASE WHEN b.typnamespace = 'dtsen'::regnamespace
                THEN 'OPERATOR(dtsen.=)' ELSE '=' END
            INTO number, type_name, is_text, equal
            FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                JOIN pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
            WHERE a.attrelid = relation AND a.attname = source AND a.attnum > 0 AND NOT a.attisdropped;
        IF number IS NULL THEN
            IF columns ->> attribute IS NOT NULL THEN
                RAISE EXCEPTION 'column "%" of relation % does not exist', source, relation USING ERRCODE = '42703';
            END IF;
            expression := expression || 'NULL'::text;
            CONTINUE;
        END IF;
        -- text that may be no value of the type is cleaned, or left out
        expression := expression || format(CASE WHEN NOT is_text THEN 't.%I'
            WHEN attribute IN ('nama', 'mother') THEN 'dtsen.to_nama(t.%I::text)'
            WHEN attribute = 'nkk' THEN 'dtsen.to_nkk(t.%I::text)'
            WHEN attribute = 'wilayah' THEN 'dtsen.to_kode_wilayah(t.%I::text)'
            ELSE 't.%I' END, source);
        -- search by it only where that needs no sequential scan
        CONTINUE WHEN NOT EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_am am ON am.oid = c.relam
            WHERE i.indrelid = relation AND i.indkey[0] = number AND i.indisvalid AND i.indpred IS NULL AND am.amname = 'btree');
        CASE attribute
            WHEN 'nik' THEN
                condition := format('t.%I %s ANY (ARRAY(SELECT dtsen.nik_neighbours(dtsen.to_nik(($1).nik), 1))::%s[])', source, equal, type_name);
                limited := 400;
            WHEN 'birth_date' THEN
                CONTINUE WHEN type_name <> 'date';
                -- as said, day and month exchanged, and as the NIK says
                condition := format('t.%I = ANY (ARRAY[($1).birth_date,'
                    ' CASE WHEN extract(day FROM ($1).birth_date) <= 12 THEN make_date(extract(year FROM ($1).birth_date)::int,'
                    ' extract(day FROM ($1).birth_date)::int, extract(month FROM ($1).birth_date)::int) END,'
                    ' dtsen.nik_birth_date(dtsen.to_nik(($1).nik), current_date)])', source);
                limited := 2000;
            WHEN 'nkk' THEN
                condition := format('t.%I %s ($1).nkk::%s', source, equal, type_name);
                limited := 400;
            ELSE
                CONTINUE;
        END CASE;
        branch := branch || format('WHERE %s LIMIT %s', condition, limited);
    END LOOP;
    IF branch = '{}' THEN
        RAISE EXCEPTION 'no index of % helps to find candidates', relation USING ERRCODE = '55000',
            HINT = 'A btree index that begins with the NIK, the birth date or the number of the family card does.';
    END IF;
    selected := format('(SELECT t.tableoid AS r, t.ctid AS i, ROW(%s)::dtsen.person_record AS p FROM %s t ',
        array_to_string(expression, ', '), relation);
    RETURN 'SELECT r::regclass, i, w, p FROM (SELECT r, i, p, dtsen.person_match(p, $1'
        || CASE WHEN own_model THEN ', $3' ELSE '' END || ') AS w FROM (SELECT DISTINCT ON (r, i) r, i, p FROM ('
        || (SELECT string_agg(selected || b || ')', ' UNION ALL ') FROM unnest(branch) b)
        || ') u) d) e ORDER BY w DESC, r, i LIMIT $2';
END $$;
COMMENT ON FUNCTION dtsen.person_candidates_sql(pg_catalog.regclass, pg_catalog.jsonb, pg_catalog.bool) IS
    'text of the query behind person_candidates(), to prepare: $1 the record, $2 how many, $3 a model if asked for';

CREATE FUNCTION dtsen.person_candidates(relation pg_catalog.regclass, probe dtsen.person_record,
        k pg_catalog.int4 DEFAULT 10, columns pg_catalog.jsonb DEFAULT '{}',
        model pg_catalog.jsonb DEFAULT NULL)
    RETURNS TABLE (row_table pg_catalog.regclass, row_tid pg_catalog.tid,
        weight pg_catalog.float8, candidate dtsen.person_record)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 COST 10000
    SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF k < 1 THEN
        RAISE EXCEPTION 'number of candidates must be above zero' USING ERRCODE = '22023';
    END IF;
    IF relation IS NULL OR probe IS NULL OR k IS NULL OR columns IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE dtsen.person_candidates_sql(relation, columns, model IS NOT NULL) USING probe, k, model;
END $$;
COMMENT ON FUNCTION dtsen.person_candidates(pg_catalog.regclass, dtsen.person_record, pg_catalog.int4, pg_catalog.jsonb, pg_catalog.jsonb) IS
    'the rows of a table that are most likely the person of a record, by its indexes on NIK, birth date and family card';
