-- A ministry's own tables of names as a value: variants, abbreviations,
-- nicknames, frequencies. It is an argument, never hidden state, so what takes
-- it stays immutable.

CREATE TYPE dtsen.nama_model;
COMMENT ON TYPE dtsen.nama_model IS
    'own variants, abbreviations, nicknames and frequencies of name words';

CREATE FUNCTION dtsen.nama_model_in(pg_catalog.cstring)
    RETURNS dtsen.nama_model
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS 'MODULE_PATHNAME', 'dtsen_nama_model_in';
COMMENT ON FUNCTION dtsen.nama_model_in(pg_catalog.cstring) IS
    'input function of nama_model: a JSON array of objects';

CREATE FUNCTION dtsen.nama_model_out(dtsen.nama_model)
    RETURNS pg_catalog.cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS 'MODULE_PATHNAME', 'dtsen_nama_model_out';
COMMENT ON FUNCTION dtsen.nama_model_out(dtsen.nama_model) IS
    'output function of nama_model';

CREATE FUNCTION dtsen.nama_model_recv(pg_catalog.internal)
    RETURNS dtsen.nama_model
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS 'MODULE_PATHNAME', 'dtsen_nama_model_recv';
COMMENT ON FUNCTION dtsen.nama_model_recv(pg_catalog.internal) IS
    'binary input function of nama_model: a version byte, then the text';

CREATE FUNCTION dtsen.nama_model_send(dtsen.nama_model)
    RETURNS pg_catalog.bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS 'MODULE_PATHNAME', 'dtsen_nama_model_send';
COMMENT ON FUNCTION dtsen.nama_model_send(dtsen.nama_model) IS
    'binary output function of nama_model: a version byte, then the text';

CREATE TYPE dtsen.nama_model (
    INPUT = dtsen.nama_model_in,
    OUTPUT = dtsen.nama_model_out,
    RECEIVE = dtsen.nama_model_recv,
    SEND = dtsen.nama_model_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended,
    COLLATABLE = false
);

CREATE FUNCTION dtsen.nama_model(pg_catalog.jsonb)
    RETURNS dtsen.nama_model
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS 'MODULE_PATHNAME', 'dtsen_nama_model_from_jsonb';
COMMENT ON FUNCTION dtsen.nama_model(pg_catalog.jsonb) IS
    'a model of the rows of a table, as jsonb_agg(to_jsonb(t)) gives them: kind, word, and name, count or bits';

CREATE FUNCTION dtsen.nama_similarity(dtsen.nama, dtsen.nama, dtsen.nama_model)
    RETURNS pg_catalog.float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20
    AS 'MODULE_PATHNAME', 'dtsen_nama_similarity_model';
COMMENT ON FUNCTION dtsen.nama_similarity(dtsen.nama, dtsen.nama, dtsen.nama_model) IS
    'graded similarity of two names by own tables on top of the library''s';

CREATE FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama, pg_catalog.float8, dtsen.nama_model)
    RETURNS pg_catalog.bool
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 20
    AS 'MODULE_PATHNAME', 'dtsen_nama_similar_model';
COMMENT ON FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama, pg_catalog.float8, dtsen.nama_model) IS
    'is the similarity by own tables at least the threshold given?';

CREATE FUNCTION dtsen.nama_explain(dtsen.nama, dtsen.nama, dtsen.nama_model)
    RETURNS pg_catalog.jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 100
    AS 'MODULE_PATHNAME', 'dtsen_nama_explain_model';
COMMENT ON FUNCTION dtsen.nama_explain(dtsen.nama, dtsen.nama, dtsen.nama_model) IS
    'pairs of words (masked), rules, weights and contributions behind a similarity by own tables';

-- Which values, and with them which indexes, an earlier version has folded.

CREATE FUNCTION dtsen.nama_version(dtsen.nama)
    RETURNS pg_catalog.int4
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_value_version';
COMMENT ON FUNCTION dtsen.nama_version(dtsen.nama) IS
    'version of the tables that folded this value';

CREATE FUNCTION dtsen.nama_stale_indexes(
        OUT "table" pg_catalog.regclass, OUT "column" pg_catalog.name,
        OUT stale_values pg_catalog.int8, OUT indexes pg_catalog.regclass[])
    RETURNS SETOF pg_catalog.record
    LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED COST 1000000 -- there may be temporary tables
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c record;
BEGIN
    FOR c IN
        WITH RECURSIVE named AS (SELECT 'dtsen.nama'::regtype::oid AS id
            UNION ALL SELECT d.oid FROM named n JOIN pg_type d ON d.typbasetype = n.id AND d.typtype = 'd')
        SELECT a.attrelid::regclass AS t, a.attname AS n,
            (SELECT array_agg(DISTINCT d.objid::regclass)
             FROM pg_depend d JOIN pg_index i ON i.indexrelid = d.objid
             WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
               AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum) AS i
        FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid
        WHERE a.atttypid IN (SELECT id FROM named) AND NOT a.attisdropped
          AND r.relkind IN ('r', 'm') AND NOT pg_is_other_temp_schema(r.relnamespace)
          AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
        ORDER BY 1, 2
    LOOP
        EXECUTE format('SELECT count(*) FROM ONLY %s WHERE dtsen.nama_version(%I) <> dtsen.nama_version()', c.t, c.n)
            INTO stale_values;
        IF stale_values > 0 THEN
            "table" := c.t;
            "column" := c.n;
            indexes := coalesce(c.i, '{}');
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION dtsen.nama_stale_indexes() IS
    'columns of type nama, or of a domain over it, that hold values folded by another version, and the indexes on them, which need REINDEX';

-- Least and greatest, in the order of the btree operator class.

CREATE FUNCTION dtsen.nama_smaller(dtsen.nama, dtsen.nama)
    RETURNS dtsen.nama
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_smaller';
COMMENT ON FUNCTION dtsen.nama_smaller(dtsen.nama, dtsen.nama) IS
    'the one that sorts first';

CREATE FUNCTION dtsen.nama_larger(dtsen.nama, dtsen.nama)
    RETURNS dtsen.nama
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    AS 'MODULE_PATHNAME', 'dtsen_nama_larger';
COMMENT ON FUNCTION dtsen.nama_larger(dtsen.nama, dtsen.nama) IS
    'the one that sorts last';

CREATE AGGREGATE dtsen.min(dtsen.nama) (
    SFUNC = dtsen.nama_smaller, STYPE = dtsen.nama,
    COMBINEFUNC = dtsen.nama_smaller, SORTOP = OPERATOR(dtsen.<), PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.min(dtsen.nama) IS
    'the name that sorts first';

CREATE AGGREGATE dtsen.max(dtsen.nama) (
    SFUNC = dtsen.nama_larger, STYPE = dtsen.nama,
    COMBINEFUNC = dtsen.nama_larger, SORTOP = OPERATOR(dtsen.>), PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.max(dtsen.nama) IS
    'the name that sorts last';
