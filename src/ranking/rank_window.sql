-- Window functions by rule A: rank_window.c. Rows that are equal in the ORDER BY
-- share the result. Overloads as in rank_agg.sql: every integer weight is exact.

CREATE FUNCTION dtsen.weighted_ntile(groups pg_catalog.int4, weight pg_catalog.int8) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_weighted_ntile_int8'
    LANGUAGE C IMMUTABLE WINDOW PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.weighted_ntile(pg_catalog.int4, pg_catalog.int8) IS
    'group of 1 to groups by rule A: 1 + floor(groups * weight before / whole weight)';

CREATE FUNCTION dtsen.weighted_cume_dist(weight pg_catalog.int8) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_weighted_cume_dist_int8'
    LANGUAGE C IMMUTABLE WINDOW PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.weighted_cume_dist(pg_catalog.int8) IS
    'share of the weight up to the row and its peers';

CREATE FUNCTION dtsen.weighted_percent_rank(weight pg_catalog.int8) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_weighted_percent_rank_int8'
    LANGUAGE C IMMUTABLE WINDOW PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.weighted_percent_rank(pg_catalog.int8) IS
    'share of the weight before the row and its peers';

CREATE FUNCTION dtsen.weighted_ntile(groups pg_catalog.int4, weight pg_catalog.float8) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_weighted_ntile_float8'
    LANGUAGE C IMMUTABLE WINDOW PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.weighted_ntile(pg_catalog.int4, pg_catalog.float8) IS
    'group of 1 to groups by rule A: 1 + floor(groups * weight before / whole weight)';

CREATE FUNCTION dtsen.weighted_cume_dist(weight pg_catalog.float8) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_weighted_cume_dist_float8'
    LANGUAGE C IMMUTABLE WINDOW PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.weighted_cume_dist(pg_catalog.float8) IS
    'share of the weight up to the row and its peers';

CREATE FUNCTION dtsen.weighted_percent_rank(weight pg_catalog.float8) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_weighted_percent_rank_float8'
    LANGUAGE C IMMUTABLE WINDOW PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.weighted_percent_rank(pg_catalog.float8) IS
    'share of the weight before the row and its peers';

CREATE FUNCTION dtsen.desil_position(weight pg_catalog.int8) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_desil_position_int8'
    LANGUAGE C IMMUTABLE WINDOW PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.desil_position(pg_catalog.int8) IS
    'place within the decile of weighted_ntile(10, weight): 0 at its lower end, towards 1 at its upper end';

CREATE FUNCTION dtsen.desil_position(weight pg_catalog.float8) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_desil_position_float8'
    LANGUAGE C IMMUTABLE WINDOW PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.desil_position(pg_catalog.float8) IS
    'place within the decile of weighted_ntile(10, weight): 0 at its lower end, towards 1 at its upper end';
