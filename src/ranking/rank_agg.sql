-- Aggregates of ranking.sql, and what reads a rank_state.
-- Those with a weight are in rank_agg_weight.sql.
--
-- SSPACE: what a state of some hundred rows takes, as a village has (16 bytes a
-- row); by it the planner chooses between hashing and sorting.

CREATE AGGREGATE dtsen.rank_state(pg_catalog.float8) (
    SFUNC = dtsen._rank_add,
    STYPE = dtsen.rank_state,
    SSPACE = 2048,
    COMBINEFUNC = dtsen._rank_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.rank_state(pg_catalog.float8) IS
    'state of the scores, each row weighing 1';

CREATE AGGREGATE dtsen.rank_state_merge(dtsen.rank_state) (
    SFUNC = dtsen._rank_combine,
    STYPE = dtsen.rank_state,
    SSPACE = 2048,
    COMBINEFUNC = dtsen._rank_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.rank_state_merge(dtsen.rank_state) IS
    'merges states of parts of a population; the order does not matter';

CREATE AGGREGATE dtsen.desil_cuts(pg_catalog.float8) (
    SFUNC = dtsen._desil_add,
    STYPE = dtsen.rank_state,
    SSPACE = 2048,
    FINALFUNC = dtsen._desil_cuts_final,
    COMBINEFUNC = dtsen._rank_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.desil_cuts(pg_catalog.float8) IS
    'nine cut points of ten groups with equally many rows, by rule A';

CREATE FUNCTION dtsen.rank_cuts(state dtsen.rank_state, groups pg_catalog.int4 DEFAULT 10) RETURNS pg_catalog.float8[]
    AS 'MODULE_PATHNAME', 'dtsen_rank_cuts'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION dtsen.rank_cuts(dtsen.rank_state, pg_catalog.int4) IS
    'groups - 1 cut points of a state by rule A; NULL without weight';

CREATE FUNCTION dtsen.rank_total(dtsen.rank_state) RETURNS pg_catalog.numeric
    AS 'MODULE_PATHNAME', 'dtsen_rank_total'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dtsen.rank_total(dtsen.rank_state) IS
    'sum of the weights in a state';

CREATE FUNCTION dtsen.rank_count(dtsen.rank_state) RETURNS pg_catalog.int8
    AS 'MODULE_PATHNAME', 'dtsen_rank_count'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION dtsen.rank_count(dtsen.rank_state) IS
    'rows ranked in a state';

CREATE FUNCTION dtsen.rank_ignored(dtsen.rank_state) RETURNS pg_catalog.int8
    AS 'MODULE_PATHNAME', 'dtsen_rank_ignored'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION dtsen.rank_ignored(dtsen.rank_state) IS
    'rows left out of a state because the score or the weight is NULL';

CREATE FUNCTION dtsen.desil(score pg_catalog.float8, cuts pg_catalog.float8[]) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_desil'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION dtsen.desil(pg_catalog.float8, pg_catalog.float8[]) IS
    'group of a score: 1 + the number of cuts below it; equal scores share a group, the one at a cut is in the poorer group';

CREATE FUNCTION dtsen.quantile_group(score pg_catalog.float8, cuts pg_catalog.float8[]) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_desil'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION dtsen.quantile_group(pg_catalog.float8, pg_catalog.float8[]) IS
    'group of a score by any number of cuts; desil() under a general name';

CREATE FUNCTION dtsen.percentile(score pg_catalog.float8, cuts pg_catalog.float8[]) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_percentile'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION dtsen.percentile(pg_catalog.float8, pg_catalog.float8[]) IS
    'percentile of a score, 1 to 100, by 99 cuts';

CREATE FUNCTION dtsen.rank_of(state dtsen.rank_state, score pg_catalog.float8) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_rank_of'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION dtsen.rank_of(dtsen.rank_state, pg_catalog.float8) IS
    'share of the weight that lies below a score, 0 to 1; NULL without weight';

CREATE FUNCTION dtsen.rank_error(dtsen.rank_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_rank_error'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION dtsen.rank_error(dtsen.rank_state) IS
    'bound of the error of rank_of and rank_cuts as a share of the weight: 0, the state is exact';
