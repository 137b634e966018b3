
-- NIKs that differ by a slip of the pen. Distance is the restricted
-- Damerau-Levenshtein distance (optimal string alignment). A condition of one
-- edit is planned as = ANY (up to 160 keys) on a plain btree index, any other on
-- an SP-GiST index (nik_spgist.sql).
CREATE FUNCTION dtsen.nik_distance(dtsen.nik, dtsen.nik)
    RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_nik_distance'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 4;
COMMENT ON FUNCTION dtsen.nik_distance(dtsen.nik, dtsen.nik) IS
    'edits between two: digits replaced, inserted, deleted, neighbours exchanged; 0 to 16';
CREATE OPERATOR dtsen.<-> (
    FUNCTION = dtsen.nik_distance, LEFTARG = dtsen.nik, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.<->)
);
COMMENT ON OPERATOR dtsen.<-> (dtsen.nik, dtsen.nik) IS
    'edits between two, 0 to 16';

-- The next two are not volatile. They are declared so because the planner would
-- make the keys of a constant, and look up statistics for each of the 160, only
-- to estimate what has been estimated: a third of the time of a search.
CREATE FUNCTION dtsen._nik_keys(dtsen.nik) RETURNS dtsen.nik[]
    AS 'MODULE_PATHNAME', 'dtsen__nik_keys'
    LANGUAGE C VOLATILE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION dtsen._nik_keys(dtsen.nik) IS
    'numbers within dtsen.nik_max_distance; the planner puts it into index conditions';
CREATE FUNCTION dtsen._nik_within_keys(dtsen.nik, pg_catalog.int4)
    RETURNS dtsen.nik[]
    AS 'MODULE_PATHNAME', 'dtsen__nik_within_keys'
    LANGUAGE C VOLATILE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION dtsen._nik_within_keys(dtsen.nik, pg_catalog.int4) IS
    'numbers within so many edits; the planner puts it into index conditions';

CREATE FUNCTION dtsen._nik_fuzzy_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__nik_fuzzy_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_fuzzy_support(pg_catalog.internal) IS
    'planner support: index condition and estimate of nik_within() and %';
CREATE FUNCTION dtsen._nik_similar_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4)
    RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__nik_similar_sel'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_similar_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal,
    pg_catalog.int4) IS 'restriction selectivity of %';
REVOKE ALL ON FUNCTION dtsen._nik_similar_sel(pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4) FROM PUBLIC;
CREATE FUNCTION dtsen._nik_similar_joinsel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2,
    pg_catalog.internal) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__nik_similar_joinsel'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_similar_joinsel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2,
    pg_catalog.internal) IS 'join selectivity of %';
REVOKE ALL ON FUNCTION dtsen._nik_similar_joinsel(pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal) FROM PUBLIC;

CREATE FUNCTION dtsen.nik_within(dtsen.nik, dtsen.nik, distance pg_catalog.int4)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_nik_within'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2
    SUPPORT dtsen._nik_fuzzy_support;
COMMENT ON FUNCTION dtsen.nik_within(dtsen.nik, dtsen.nik, pg_catalog.int4) IS
    'whether two are at most so many edits apart; 0 and 1 use a btree index, any number an SP-GiST index';
CREATE FUNCTION dtsen.nik_similar(dtsen.nik, dtsen.nik)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_nik_similar'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE COST 2
    SUPPORT dtsen._nik_fuzzy_support;
COMMENT ON FUNCTION dtsen.nik_similar(dtsen.nik, dtsen.nik) IS
    'whether two are within dtsen.nik_max_distance edits; operator %';
CREATE OPERATOR dtsen.% (
    FUNCTION = dtsen.nik_similar, LEFTARG = dtsen.nik, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.%),
    RESTRICT = dtsen._nik_similar_sel, JOIN = dtsen._nik_similar_joinsel
);
COMMENT ON OPERATOR dtsen.% (dtsen.nik, dtsen.nik) IS
    'within dtsen.nik_max_distance edits';

CREATE FUNCTION dtsen._nik_neighbours_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__nik_neighbours_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_neighbours_support(pg_catalog.internal) IS
    'planner support: rows and cost of nik_neighbours()';
CREATE FUNCTION dtsen.nik_neighbours(dtsen.nik, distance pg_catalog.int4)
    RETURNS SETOF dtsen.nik
    AS 'MODULE_PATHNAME', 'dtsen_nik_neighbours'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20 ROWS 160
    SUPPORT dtsen._nik_neighbours_support;
COMMENT ON FUNCTION dtsen.nik_neighbours(dtsen.nik, pg_catalog.int4) IS
    'all numbers within 0 to 3 edits, itself included, whether anyone has them or not';
