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
COMMENT ON COLUMN dtsen.person_record.sex IS 'L, 1 or laki-laki male, P, 2 or perempuan female, in any case; everything else is not known';
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

CREATE FUNCTION dtsen.person_match(a dtsen.person_record, b dtsen.person_record, model pg_catalog.jsonb,
        names dtsen.nama_model)
    RETURNS pg_catalog.float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 60
    AS 'MODULE_PATHNAME', 'dtsen_person_match';
COMMENT ON FUNCTION dtsen.person_match(dtsen.person_record, dtsen.person_record, pg_catalog.jsonb, dtsen.nama_model) IS
    'match weight in bits by another model and own tables of names';

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

CREATE FUNCTION dtsen.person_explain(a dtsen.person_record, b dtsen.person_record, model pg_catalog.jsonb,
        names dtsen.nama_model)
    RETURNS pg_catalog.jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 200
    AS 'MODULE_PATHNAME', 'dtsen_person_explain';
COMMENT ON FUNCTION dtsen.person_explain(dtsen.person_record, dtsen.person_record, pg_catalog.jsonb, dtsen.nama_model) IS
    'explanation of a match weight by another model and own tables of names';

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

CREATE FUNCTION dtsen._person_niks(pg_catalog.text)
    RETURNS dtsen.nik[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20
    AS 'MODULE_PATHNAME', 'dtsen__person_niks';
COMMENT ON FUNCTION dtsen._person_niks(pg_catalog.text) IS
    'numbers that the NIK of a record may stand for; person_candidates_sql() searches by them';

CREATE FUNCTION dtsen.person_candidates_sql(relation pg_catalog.regclass,
        columns pg_catalog.jsonb DEFAULT '{}', own_model pg_catalog.bool DEFAULT false,
        own_names pg_catalog.bool DEFAULT false)
    RETURNS pg_catalog.text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$
DECLARE
    -- where each attribute of dtsen.person_record comes from, in its order
    attribute text;
    field text[];
    source text;
    number int2;
    type_name text;
    category text;
    expression text[] := '{}';
    branch text[] := '{}';
    selected text;
    condition text;
    limited int;
    kind "char";
    relation_name text;
BEGIN
    SELECT c.relkind, format('%I.%I', n.nspname, c.relname) INTO kind, relation_name
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'relation does not exist' USING ERRCODE = '42P01',
            HINT = 'Give a table by its name, in quotes.';
    ELSIF kind NOT IN ('r', 'p', 'm') THEN
        RAISE EXCEPTION '% is no table', relation USING ERRCODE = '42809',
            HINT = 'Give the table that a view reads: candidates are rows of it.';
    END IF;
    IF jsonb_typeof(columns) <> 'object' THEN
        RAISE EXCEPTION 'columns must be an object' USING ERRCODE = '22023',
            HINT = 'As in {"birth_date": "tanggal_lahir"}; null leaves an attribute out.';
    END IF;
    field := ARRAY(SELECT attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_type t ON t.typrelid = c.oid WHERE t.oid = 'dtsen.person_record'::regtype ORDER BY attnum);
    SELECT key INTO attribute FROM jsonb_each(columns) WHERE NOT key = ANY (field) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'dtsen.person_record has no attribute "%"', attribute USING ERRCODE = '42703',
            HINT = format('It has %s.', array_to_string(field, ', '));
    END IF;
    FOREACH attribute IN ARRAY field LOOP
        source := CASE WHEN columns ? attribute THEN columns ->> attribute ELSE attribute END;
        -- the type below all domains
        WITH RECURSIVE base AS (
            SELECT attnum, atttypid AS oid FROM pg_attribute
            WHERE attrelid = relation AND attname = source AND attnum > 0 AND NOT attisdropped
            UNION ALL
            SELECT b.attnum, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.oid WHERE t.typtype = 'd')
        SELECT b.attnum, n.nspname || '.' || t.typname, t.typcategory INTO number, type_name, category
            FROM base b JOIN pg_type t ON t.oid = b.oid JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE t.typtype <> 'd';
        IF NOT FOUND THEN
            IF columns ->> attribute IS NOT NULL THEN
                RAISE EXCEPTION 'column "%" of relation % does not exist', source, relation USING ERRCODE = '42703',
                    HINT = 'As in {"birth_date": "tanggal_lahir"}; null leaves an attribute out.';
            END IF;
            expression := expression || 'NULL'::text;
            CONTINUE;
        END IF;
        IF attribute = 'birth_date' AND category <> 'D' THEN
            RAISE EXCEPTION 'column "%" of relation % is no date', source, relation USING ERRCODE = '42804',
                HINT = 'Convert the column, or leave it out: {"birth_date": null}.';
        END IF;
        -- what may be no value of the type is cleaned, or left out
        expression := expression || format(CASE
            WHEN attribute IN ('nama', 'mother') AND type_name <> 'dtsen.nama' THEN 'dtsen.to_nama(t.%I::pg_catalog.text)'
            WHEN attribute = 'nkk' AND type_name <> 'dtsen.nkk' THEN 'dtsen.to_nkk(t.%I::pg_catalog.text)'
            WHEN attribute = 'wilayah' AND type_name <> 'dtsen.kode_wilayah' THEN 'dtsen.to_kode_wilayah(t.%I::pg_catalog.text)'
            WHEN attribute = 'birth_date' THEN 't.%I::pg_catalog.date'
            WHEN attribute IN ('nik', 'sex', 'birth_place') THEN 't.%I::pg_catalog.text'
            ELSE 't.%I' END, source);
        -- search by it only where that needs no sequential scan
        CONTINUE WHEN NOT EXISTS (SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_am am ON am.oid = c.relam
            WHERE i.indrelid = relation AND i.indkey[0] = number AND i.indisvalid AND i.indpred IS NULL AND am.amname = 'btree');
        CASE
            WHEN attribute IN ('nik', 'nkk') THEN
                CONTINUE WHEN NOT type_name IN ('pg_catalog.text', 'pg_catalog.varchar',
                    'pg_catalog.bpchar', 'pg_catalog.int8', 'dtsen.' || attribute);
                condition := format(CASE attribute
                    WHEN 'nik' THEN 't.%I OPERATOR(%s.=) ANY ((SELECT dtsen._person_niks(($1).nik))::%s[])'
                    ELSE 't.%I OPERATOR(%s.=) ($1).nkk::%s' END,
                    source, CASE WHEN type_name LIKE 'dtsen.%' THEN 'dtsen' ELSE 'pg_catalog' END, type_name);
                limited := 400;
            WHEN attribute = 'birth_date' AND type_name = 'pg_catalog.date' THEN
                -- as said, day and month exchanged, and as the NIK says
                condition := format('t.%I OPERATOR(pg_catalog.=) ANY (ARRAY[($1).birth_date, CASE'
                    ' WHEN extract(day FROM ($1).birth_date) OPERATOR(pg_catalog.<=) 12 THEN pg_catalog.make_date('
                    'extract(year FROM ($1).birth_date)::pg_catalog.int4, extract(day FROM ($1).birth_date)::pg_catalog.int4,'
                    ' extract(month FROM ($1).birth_date)::pg_catalog.int4) END,'
                    ' dtsen.nik_birth_date(dtsen.to_nik(($1).nik), current_date)])', source);
                limited := 2000;
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
        array_to_string(expression, ', '), relation_name);
    RETURN 'SELECT r::pg_catalog.regclass, i, w, p FROM (SELECT r, i, p, dtsen.person_match(p, $1'
        || CASE WHEN own_model THEN ', $3' WHEN own_names THEN ', ''{"version": 1}''::pg_catalog.jsonb' ELSE '' END
        || CASE WHEN own_names THEN ', $4' ELSE '' END
        || ') AS w FROM (SELECT DISTINCT ON (r, i) r, i, p FROM ('
        || (SELECT string_agg(selected || b || ')', ' UNION ALL ') FROM unnest(branch) b)
        || ') u) d) e ORDER BY w DESC, r, i LIMIT $2';
END $$;
COMMENT ON FUNCTION dtsen.person_candidates_sql(pg_catalog.regclass, pg_catalog.jsonb, pg_catalog.bool, pg_catalog.bool) IS
    'text of the query behind person_candidates(), to prepare: $1 the record, $2 how many, $3 a model and $4 own tables of names if asked for';

CREATE FUNCTION dtsen.person_candidates(relation pg_catalog.regclass, probe dtsen.person_record,
        k pg_catalog.int4 DEFAULT 10, columns pg_catalog.jsonb DEFAULT '{}',
        model pg_catalog.jsonb DEFAULT NULL, names dtsen.nama_model DEFAULT NULL)
    RETURNS TABLE (row_table pg_catalog.regclass, row_tid pg_catalog.tid,
        weight pg_catalog.float8, candidate dtsen.person_record)
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 10 COST 10000 -- the table may be a temporary one
    SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF k < 1 THEN
        RAISE EXCEPTION 'number of candidates must be above zero' USING ERRCODE = '22023',
            HINT = 'Ask for 10, or for as many as somebody will look at.';
    END IF;
    IF relation IS NULL OR probe IS NULL OR k IS NULL OR columns IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE dtsen.person_candidates_sql(relation, columns, model IS NOT NULL, names IS NOT NULL)
        USING probe, k, model, names;
END $$;
COMMENT ON FUNCTION dtsen.person_candidates(pg_catalog.regclass, dtsen.person_record, pg_catalog.int4, pg_catalog.jsonb, pg_catalog.jsonb, dtsen.nama_model) IS
    'the rows of a table that are most likely the person of a record, by its indexes on NIK, birth date and family card';
