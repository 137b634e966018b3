-- Ranking: exact weighted cut points by rule A, and the group of a score.

CREATE TYPE dtsen.rank_state;

CREATE FUNCTION dtsen.rank_state_in(pg_catalog.cstring) RETURNS dtsen.rank_state
    AS 'MODULE_PATHNAME', 'dtsen_rank_state_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.rank_state_in(pg_catalog.cstring) IS
    'text input of rank_state';

CREATE FUNCTION dtsen.rank_state_out(dtsen.rank_state) RETURNS pg_catalog.cstring
    AS 'MODULE_PATHNAME', 'dtsen_rank_state_out'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.rank_state_out(dtsen.rank_state) IS
    'text output of rank_state, exact';

CREATE FUNCTION dtsen.rank_state_recv(pg_catalog.internal) RETURNS dtsen.rank_state
    AS 'MODULE_PATHNAME', 'dtsen_rank_state_recv'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.rank_state_recv(pg_catalog.internal) IS
    'binary input of rank_state';

CREATE FUNCTION dtsen.rank_state_send(dtsen.rank_state) RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen_rank_state_send'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.rank_state_send(dtsen.rank_state) IS
    'binary output of rank_state, exact and independent of the machine';

-- Already compressed: the server's compression would only cost time.
CREATE TYPE dtsen.rank_state (
    INPUT = dtsen.rank_state_in,
    OUTPUT = dtsen.rank_state_out,
    RECEIVE = dtsen.rank_state_recv,
    SEND = dtsen.rank_state_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = external
);
COMMENT ON TYPE dtsen.rank_state IS
    'weighted multiset of scores, exact; parts of a population are merged with rank_state_merge, rank_cuts gives the cut points';

-- Transition functions. They change the state in place and are of no use
-- outside an aggregate, so nobody may call them directly.

CREATE FUNCTION dtsen._rank_add(dtsen.rank_state, pg_catalog.float8) RETURNS dtsen.rank_state
    AS 'MODULE_PATHNAME', 'dtsen__rank_add'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._rank_add(dtsen.rank_state, pg_catalog.float8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._rank_add(dtsen.rank_state, pg_catalog.float8) IS
    'transition of rank_state(score)';

CREATE FUNCTION dtsen._desil_add(dtsen.rank_state, pg_catalog.float8) RETURNS dtsen.rank_state
    AS 'MODULE_PATHNAME', 'dtsen__desil_add'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._desil_add(dtsen.rank_state, pg_catalog.float8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._desil_add(dtsen.rank_state, pg_catalog.float8) IS
    'transition of desil_cuts(score)';

-- The cost, some microseconds a merge, keeps the planner from parallel partial
-- aggregates of many small groups, which took more than they saved.
CREATE FUNCTION dtsen._rank_combine(dtsen.rank_state, dtsen.rank_state) RETURNS dtsen.rank_state
    AS 'MODULE_PATHNAME', 'dtsen__rank_combine'
    LANGUAGE C IMMUTABLE PARALLEL SAFE COST 400;
REVOKE ALL ON FUNCTION dtsen._rank_combine(dtsen.rank_state, dtsen.rank_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._rank_combine(dtsen.rank_state, dtsen.rank_state) IS
    'merges two states within an aggregate';

CREATE FUNCTION dtsen._desil_cuts_final(dtsen.rank_state) RETURNS pg_catalog.float8[]
    AS 'MODULE_PATHNAME', 'dtsen__desil_cuts_final'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._desil_cuts_final(dtsen.rank_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._desil_cuts_final(dtsen.rank_state) IS
    'cuts of a state that knows its number of groups';
