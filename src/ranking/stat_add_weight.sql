-- Transition functions of the statistics for one type of weight. The build writes
-- the type for WEIGHT, see the Makefile.

CREATE FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT) IS
    'transition of aggregates of (score, weight)';

CREATE FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'transition of aggregates of (score, weight, parameters)';

CREATE FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8[]) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8[]) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8[]) IS
    'transition of aggregates of (score, weight, parameters)';

CREATE FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) IS
    'transition of aggregates of (score, weight, parameters)';

CREATE FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) IS
    'transition of aggregates of (score, weight, parameters)';

CREATE FUNCTION dtsen._stat_add_table(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_table'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_table(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_table(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT) IS
    'transition of quantile_table(score, weight)';

CREATE FUNCTION dtsen._stat_add_table(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_table'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_table(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_table(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) IS
    'transition of quantile_table(score, weight, groups)';

CREATE FUNCTION dtsen._stat_add_poverty(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_poverty'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_poverty(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_poverty(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'transition of aggregates of (score, weight, line)';

CREATE FUNCTION dtsen._stat_add_poverty(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_poverty'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_poverty(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_poverty(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) IS
    'transition of aggregates of (score, weight, line, alpha)';

CREATE FUNCTION dtsen._stat_add_benefit(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_benefit'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_benefit(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_benefit(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) IS
    'transition of aggregates of (benefit, score, weight)';

CREATE FUNCTION dtsen._stat_add_benefit(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_benefit'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_benefit(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_benefit(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'transition of aggregates of (benefit, score, weight, parameter)';

CREATE FUNCTION dtsen._stat_add_benefit(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_benefit'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_benefit(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_benefit(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) IS
    'transition of aggregates of (benefit, score, weight, parameter)';

CREATE FUNCTION dtsen._stat_add_grouped(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.text) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_grouped'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_grouped(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_grouped(dtsen.stat_state, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.text) IS
    'transition of the decompositions by group';

CREATE FUNCTION dtsen._stat_add_targeting(dtsen.stat_state, pg_catalog.bool, pg_catalog.bool, pg_catalog.WEIGHT) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_targeting'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_targeting(dtsen.stat_state, pg_catalog.bool, pg_catalog.bool, pg_catalog.WEIGHT) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_targeting(dtsen.stat_state, pg_catalog.bool, pg_catalog.bool, pg_catalog.WEIGHT) IS
    'transition of targeting_errors';
