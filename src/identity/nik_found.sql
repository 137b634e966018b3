
-- The btree index that a search for slips reads: the planner puts it into index
-- conditions, = ANY (_nik_found_keys(index, number, edits)). Nobody else can make
-- a value, so nobody can read an index by that function.
CREATE TYPE dtsen._nik_index;
CREATE FUNCTION dtsen._nik_index_in(pg_catalog.cstring)
    RETURNS dtsen._nik_index
    AS 'MODULE_PATHNAME', 'dtsen__nik_index_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_index_in(pg_catalog.cstring) IS
    'text input of _nik_index: an error';
CREATE FUNCTION dtsen._nik_index_out(dtsen._nik_index)
    RETURNS pg_catalog.cstring
    AS 'regclassout' LANGUAGE internal STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_index_out(dtsen._nik_index) IS
    'text output of _nik_index: the name';
CREATE FUNCTION dtsen._nik_index_recv(pg_catalog.internal)
    RETURNS dtsen._nik_index
    AS 'MODULE_PATHNAME', 'dtsen__nik_index_recv'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_index_recv(pg_catalog.internal) IS
    'binary input of _nik_index: an error';
CREATE FUNCTION dtsen._nik_index_send(dtsen._nik_index)
    RETURNS pg_catalog.bytea
    AS 'oidsend' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_index_send(dtsen._nik_index) IS
    'binary output of _nik_index';
REVOKE EXECUTE ON FUNCTION dtsen._nik_index_in(pg_catalog.cstring),
    dtsen._nik_index_out(dtsen._nik_index),
    dtsen._nik_index_send(dtsen._nik_index) FROM PUBLIC;
CREATE TYPE dtsen._nik_index (
    INPUT = dtsen._nik_index_in,
    OUTPUT = dtsen._nik_index_out,
    RECEIVE = dtsen._nik_index_recv,
    SEND = dtsen._nik_index_send,
    LIKE = pg_catalog.oid
);
COMMENT ON TYPE dtsen._nik_index IS
    'an index, for index conditions; has no values of its own';

CREATE FUNCTION dtsen._nik_found_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__nik_found_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_found_support(pg_catalog.internal) IS
    'planner support: what a search of a btree for slips costs';
-- Volatile, or the planner would search the index to estimate what it has
-- estimated; and what they return changes with the index.
CREATE FUNCTION dtsen._nik_found_keys(dtsen._nik_index, dtsen.nik)
    RETURNS dtsen.nik[]
    AS 'MODULE_PATHNAME', 'dtsen__nik_found_keys_setting'
    LANGUAGE C VOLATILE STRICT PARALLEL SAFE
    SUPPORT dtsen._nik_found_support;
COMMENT ON FUNCTION dtsen._nik_found_keys(dtsen._nik_index, dtsen.nik) IS
    'numbers of an index within dtsen.nik_max_distance; the planner puts it into index conditions';
CREATE FUNCTION dtsen._nik_found_keys(
    dtsen._nik_index, dtsen.nik, pg_catalog.int4) RETURNS dtsen.nik[]
    AS 'MODULE_PATHNAME', 'dtsen__nik_found_keys'
    LANGUAGE C VOLATILE STRICT PARALLEL SAFE
    SUPPORT dtsen._nik_found_support;
COMMENT ON FUNCTION dtsen._nik_found_keys(
    dtsen._nik_index, dtsen.nik, pg_catalog.int4) IS
    'numbers of an index within so many edits; the planner puts it into index conditions';
