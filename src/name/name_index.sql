-- Index for similar names: operator class of GIN, the type nama_query that
-- carries a threshold into an index condition, planner support.

CREATE TYPE dtsen.nama_query;
COMMENT ON TYPE dtsen.nama_query IS
    'a name and the similarity asked of others, for nama % nama_query';
CREATE FUNCTION dtsen.nama_query_in(pg_catalog.cstring)
    RETURNS dtsen.nama_query
    AS 'MODULE_PATHNAME', 'dtsen_nama_query_in'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION dtsen.nama_query_in(pg_catalog.cstring) IS
    'input function of nama_query: threshold, blank, name';
CREATE FUNCTION dtsen.nama_query_out(dtsen.nama_query)
    RETURNS pg_catalog.cstring
    AS 'MODULE_PATHNAME', 'dtsen_nama_query_out'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nama_query_out(dtsen.nama_query) IS
    'output function of nama_query';
CREATE FUNCTION dtsen.nama_query_recv(pg_catalog.internal)
    RETURNS dtsen.nama_query
    AS 'MODULE_PATHNAME', 'dtsen_nama_query_recv'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION dtsen.nama_query_recv(pg_catalog.internal) IS
    'binary input function of nama_query: float8, then the name as text';
CREATE FUNCTION dtsen.nama_query_send(dtsen.nama_query)
    RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen_nama_query_send'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nama_query_send(dtsen.nama_query) IS
    'binary output function of nama_query';
CREATE TYPE dtsen.nama_query (
    INPUT = dtsen.nama_query_in,
    OUTPUT = dtsen.nama_query_out,
    RECEIVE = dtsen.nama_query_recv,
    SEND = dtsen.nama_query_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
CREATE FUNCTION dtsen.nama_query(dtsen.nama, threshold pg_catalog.float8)
    RETURNS dtsen.nama_query
    AS 'MODULE_PATHNAME', 'dtsen_nama_query'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nama_query(dtsen.nama, pg_catalog.float8) IS
    'a search for names of at least this similarity; error 22023 unless it is in [0, 1]';

-- Planner support.

CREATE FUNCTION dtsen._nama_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__nama_support'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nama_support(pg_catalog.internal) IS
    'planner support: index condition and estimate of nama_similar()';
CREATE FUNCTION dtsen._nama_similar_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4)
    RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__nama_similar_sel'
    LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nama_similar_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal,
    pg_catalog.int4) IS 'restriction selectivity of %';
REVOKE ALL ON FUNCTION dtsen._nama_similar_sel(pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4) FROM PUBLIC;
CREATE FUNCTION dtsen._nama_similar_joinsel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2,
    pg_catalog.internal) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__nama_similar_joinsel'
    LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nama_similar_joinsel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2,
    pg_catalog.internal) IS 'join selectivity of %';
REVOKE ALL ON FUNCTION dtsen._nama_similar_joinsel(pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal) FROM PUBLIC;

CREATE FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama_query)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_nama_similar_query'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF COST 20;
COMMENT ON FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama_query) IS
    'is the similarity at least that of the search?';
ALTER FUNCTION dtsen._nama_similar(dtsen.nama, dtsen.nama, pg_catalog.float8)
    SUPPORT dtsen._nama_support;
ALTER FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama, pg_catalog.float8)
    SUPPORT dtsen._nama_support;
ALTER FUNCTION dtsen.nama_similar(dtsen.nama, dtsen.nama)
    SUPPORT dtsen._nama_support;
ALTER OPERATOR dtsen.% (dtsen.nama, dtsen.nama) SET (
    RESTRICT = dtsen._nama_similar_sel, JOIN = dtsen._nama_similar_joinsel
);
CREATE OPERATOR dtsen.% (
    LEFTARG = dtsen.nama, RIGHTARG = dtsen.nama_query,
    FUNCTION = dtsen.nama_similar,
    RESTRICT = dtsen._nama_similar_sel, JOIN = dtsen._nama_similar_joinsel
);
COMMENT ON OPERATOR dtsen.% (dtsen.nama, dtsen.nama_query) IS
    'similar: at least as the search asks';

-- The operator class.

CREATE FUNCTION dtsen._nama_gin_extract_value(
    dtsen.nama, pg_catalog.internal) RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__nama_gin_extract_value'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nama_gin_extract_value(
    dtsen.nama, pg_catalog.internal) IS 'GIN: keys of a name';
CREATE FUNCTION dtsen._nama_gin_extract_query(
    dtsen.nama, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal, pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__nama_gin_extract_query'
    LANGUAGE c STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nama_gin_extract_query(
    dtsen.nama, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal, pg_catalog.internal) IS
    'GIN: keys that a search looks up';
CREATE FUNCTION dtsen._nama_gin_compare_partial(
    pg_catalog.bytea, pg_catalog.bytea, pg_catalog.int2, pg_catalog.internal)
    RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen__nama_gin_compare_partial'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nama_gin_compare_partial(
    pg_catalog.bytea, pg_catalog.bytea, pg_catalog.int2,
    pg_catalog.internal) IS 'GIN: is a key near to a word of the search?';
CREATE FUNCTION dtsen._nama_gin_consistent(
    pg_catalog.internal, pg_catalog.int2, dtsen.nama, pg_catalog.int4,
    pg_catalog.internal, pg_catalog.internal, pg_catalog.internal)
    RETURNS pg_catalog."char"
    AS 'MODULE_PATHNAME', 'dtsen__nama_gin_consistent'
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nama_gin_consistent(
    pg_catalog.internal, pg_catalog.int2, dtsen.nama, pg_catalog.int4,
    pg_catalog.internal, pg_catalog.internal, pg_catalog.internal) IS
    'GIN: could the row reach the threshold?';
CREATE OPERATOR FAMILY dtsen.nama_gin_ops USING gin;
COMMENT ON OPERATOR FAMILY dtsen.nama_gin_ops USING gin IS
    'similar names';
CREATE OPERATOR CLASS dtsen.nama_gin_ops
    DEFAULT FOR TYPE dtsen.nama USING gin FAMILY dtsen.nama_gin_ops AS
    OPERATOR 1 dtsen.% (dtsen.nama, dtsen.nama),
    OPERATOR 2 dtsen.% (dtsen.nama, dtsen.nama_query),
    FUNCTION 1 pg_catalog.byteacmp(pg_catalog.bytea, pg_catalog.bytea),
    FUNCTION 2 dtsen._nama_gin_extract_value(
        dtsen.nama, pg_catalog.internal),
    FUNCTION 3 dtsen._nama_gin_extract_query(
        dtsen.nama, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal, pg_catalog.internal),
    FUNCTION 5 dtsen._nama_gin_compare_partial(
        pg_catalog.bytea, pg_catalog.bytea, pg_catalog.int2,
        pg_catalog.internal),
    FUNCTION 6 dtsen._nama_gin_consistent(
        pg_catalog.internal, pg_catalog.int2, dtsen.nama, pg_catalog.int4,
        pg_catalog.internal, pg_catalog.internal, pg_catalog.internal),
    STORAGE pg_catalog.bytea;
COMMENT ON OPERATOR CLASS dtsen.nama_gin_ops USING gin IS
    'similar names';

-- The same with order: GIN's pages, nearest first.

CREATE FUNCTION dtsen._nama_am_handler(pg_catalog.internal)
    RETURNS pg_catalog.index_am_handler
    AS 'MODULE_PATHNAME', 'dtsen__nama_am_handler'
    LANGUAGE c;
COMMENT ON FUNCTION dtsen._nama_am_handler(pg_catalog.internal) IS
    'access method dtsen_nama';
CREATE ACCESS METHOD dtsen_nama TYPE INDEX HANDLER dtsen._nama_am_handler;
COMMENT ON ACCESS METHOD dtsen_nama IS
    'GIN that also answers ORDER BY nama <-> name, nearest first';
CREATE OPERATOR FAMILY dtsen.nama_near_ops USING dtsen_nama;
COMMENT ON OPERATOR FAMILY dtsen.nama_near_ops USING dtsen_nama IS
    'similar names, nearest first';
CREATE OPERATOR CLASS dtsen.nama_near_ops
    DEFAULT FOR TYPE dtsen.nama USING dtsen_nama FAMILY dtsen.nama_near_ops AS
    OPERATOR 1 dtsen.% (dtsen.nama, dtsen.nama),
    OPERATOR 2 dtsen.% (dtsen.nama, dtsen.nama_query),
    OPERATOR 3 dtsen.<-> (dtsen.nama, dtsen.nama)
        FOR ORDER BY pg_catalog.float_ops,
    FUNCTION 1 pg_catalog.byteacmp(pg_catalog.bytea, pg_catalog.bytea),
    FUNCTION 2 dtsen._nama_gin_extract_value(
        dtsen.nama, pg_catalog.internal),
    FUNCTION 3 dtsen._nama_gin_extract_query(
        dtsen.nama, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal, pg_catalog.internal),
    FUNCTION 5 dtsen._nama_gin_compare_partial(
        pg_catalog.bytea, pg_catalog.bytea, pg_catalog.int2,
        pg_catalog.internal),
    FUNCTION 6 dtsen._nama_gin_consistent(
        pg_catalog.internal, pg_catalog.int2, dtsen.nama, pg_catalog.int4,
        pg_catalog.internal, pg_catalog.internal, pg_catalog.internal),
    STORAGE pg_catalog.bytea;
COMMENT ON OPERATOR CLASS dtsen.nama_near_ops USING dtsen_nama IS
    'similar names, nearest first';
