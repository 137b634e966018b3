-- Transition functions and aggregates of (score, weight) for one type of weight. The
-- build writes the type for WEIGHT, see the Makefile: without an aggregate of its own
-- an integer weight would be taken for double precision by the parser.

CREATE FUNCTION dtsen._rank_add(dtsen.rank_state, pg_catalog.float8, pg_catalog.WEIGHT) RETURNS dtsen.rank_state
    AS 'MODULE_PATHNAME', 'dtsen__rank_add_WEIGHT'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._rank_add(dtsen.rank_state, pg_catalog.float8, pg_catalog.WEIGHT) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._rank_add(dtsen.rank_state, pg_catalog.float8, pg_catalog.WEIGHT) IS
    'transition of rank_state(score, weight)';

CREATE FUNCTION dtsen._desil_add(dtsen.rank_state, pg_catalog.float8, pg_catalog.WEIGHT) RETURNS dtsen.rank_state
    AS 'MODULE_PATHNAME', 'dtsen__desil_add_WEIGHT'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._desil_add(dtsen.rank_state, pg_catalog.float8, pg_catalog.WEIGHT) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._desil_add(dtsen.rank_state, pg_catalog.float8, pg_catalog.WEIGHT) IS
    'transition of desil_cuts(score, weight)';

CREATE FUNCTION dtsen._desil_add(dtsen.rank_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) RETURNS dtsen.rank_state
    AS 'MODULE_PATHNAME', 'dtsen__desil_add_WEIGHT'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._desil_add(dtsen.rank_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._desil_add(dtsen.rank_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) IS
    'transition of desil_cuts(score, weight, groups)';

CREATE AGGREGATE dtsen.rank_state(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._rank_add,
    STYPE = dtsen.rank_state,
    SSPACE = 2048,
    COMBINEFUNC = dtsen._rank_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.rank_state(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'state of scores and weights, summed exactly';

CREATE AGGREGATE dtsen.desil_cuts(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._desil_add,
    STYPE = dtsen.rank_state,
    SSPACE = 2048,
    FINALFUNC = dtsen._desil_cuts_final,
    COMBINEFUNC = dtsen._rank_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.desil_cuts(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'nine cut points of ten groups of equal weight, by rule A';

CREATE AGGREGATE dtsen.desil_cuts(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) (
    SFUNC = dtsen._desil_add,
    STYPE = dtsen.rank_state,
    SSPACE = 2048,
    FINALFUNC = dtsen._desil_cuts_final,
    COMBINEFUNC = dtsen._rank_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.desil_cuts(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) IS
    'cut points of 2 to 10000 groups of equal weight, by rule A';
