
-- SP-GiST over the digits of nik: any number of edits, nearest first. The planner
-- puts nik <@ _nik_ball(number, edits) into index conditions; nobody else needs it.
CREATE TYPE dtsen._nik_ball;
CREATE FUNCTION dtsen._nik_ball_in(pg_catalog.cstring) RETURNS dtsen._nik_ball
    AS 'int8in' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_ball_in(pg_catalog.cstring) IS
    'text input of _nik_ball';
CREATE FUNCTION dtsen._nik_ball_out(dtsen._nik_ball) RETURNS pg_catalog.cstring
    AS 'int8out' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_ball_out(dtsen._nik_ball) IS
    'text output of _nik_ball';
CREATE FUNCTION dtsen._nik_ball_recv(pg_catalog.internal)
    RETURNS dtsen._nik_ball
    AS 'int8recv' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_ball_recv(pg_catalog.internal) IS
    'binary input of _nik_ball';
CREATE FUNCTION dtsen._nik_ball_send(dtsen._nik_ball) RETURNS pg_catalog.bytea
    AS 'int8send' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_ball_send(dtsen._nik_ball) IS
    'binary output of _nik_ball';
REVOKE EXECUTE ON FUNCTION dtsen._nik_ball_in(pg_catalog.cstring),
    dtsen._nik_ball_out(dtsen._nik_ball),
    dtsen._nik_ball_send(dtsen._nik_ball) FROM PUBLIC;
CREATE TYPE dtsen._nik_ball (
    INPUT = dtsen._nik_ball_in,
    OUTPUT = dtsen._nik_ball_out,
    RECEIVE = dtsen._nik_ball_recv,
    SEND = dtsen._nik_ball_send,
    LIKE = pg_catalog.int8
);
COMMENT ON TYPE dtsen._nik_ball IS
    'a nik and a number of edits, for index conditions; not to be stored';

CREATE FUNCTION dtsen._nik_ball_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__nik_ball_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_ball_support(pg_catalog.internal) IS
    'planner support: what a search with the ball costs';
CREATE FUNCTION dtsen._nik_ball(dtsen.nik, pg_catalog.int4)
    RETURNS dtsen._nik_ball
    AS 'MODULE_PATHNAME', 'dtsen__nik_ball'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._nik_ball_support;
COMMENT ON FUNCTION dtsen._nik_ball(dtsen.nik, pg_catalog.int4) IS
    'all within so many edits; the planner puts it into index conditions';
CREATE FUNCTION dtsen._nik_ball(dtsen.nik) RETURNS dtsen._nik_ball
    AS 'MODULE_PATHNAME', 'dtsen__nik_ball_setting'
    LANGUAGE C STABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._nik_ball_support;
COMMENT ON FUNCTION dtsen._nik_ball(dtsen.nik) IS
    'all within dtsen.nik_max_distance; the planner puts it into index conditions';
CREATE FUNCTION dtsen._nik_ball_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4)
    RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__nik_ball_sel'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_ball_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal,
    pg_catalog.int4) IS 'restriction selectivity of nik <@ _nik_ball';
REVOKE ALL ON FUNCTION dtsen._nik_ball_sel(pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4) FROM PUBLIC;
CREATE FUNCTION dtsen._nik_in_ball(dtsen.nik, dtsen._nik_ball)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen__nik_in_ball'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen._nik_in_ball(dtsen.nik, dtsen._nik_ball) IS
    'implementation of operator <@';
CREATE OPERATOR dtsen.<@ (
    FUNCTION = dtsen._nik_in_ball,
    LEFTARG = dtsen.nik, RIGHTARG = dtsen._nik_ball,
    RESTRICT = dtsen._nik_ball_sel, JOIN = pg_catalog.contjoinsel
);
COMMENT ON OPERATOR dtsen.<@ (dtsen.nik, dtsen._nik_ball) IS
    'within so many edits of a number; in index conditions';

CREATE FUNCTION dtsen._nik_spg_config(pg_catalog.internal, pg_catalog.internal)
    RETURNS pg_catalog.void
    AS 'MODULE_PATHNAME', 'dtsen__number16_spg_config'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_spg_config(
    pg_catalog.internal, pg_catalog.internal) IS 'SP-GiST: types in the index';
CREATE FUNCTION dtsen._nik_spg_choose(pg_catalog.internal, pg_catalog.internal)
    RETURNS pg_catalog.void
    AS 'MODULE_PATHNAME', 'dtsen__number16_spg_choose'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_spg_choose(
    pg_catalog.internal, pg_catalog.internal) IS
    'SP-GiST: where a new number goes';
CREATE FUNCTION dtsen._nik_spg_picksplit(
    pg_catalog.internal, pg_catalog.internal)
    RETURNS pg_catalog.void
    AS 'MODULE_PATHNAME', 'dtsen__number16_spg_picksplit'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_spg_picksplit(
    pg_catalog.internal, pg_catalog.internal) IS
    'SP-GiST: divides leaves that are too many';
CREATE FUNCTION dtsen._nik_spg_inner_consistent(
    pg_catalog.internal, pg_catalog.internal)
    RETURNS pg_catalog.void
    AS 'MODULE_PATHNAME', 'dtsen__number16_spg_inner_consistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_spg_inner_consistent(
    pg_catalog.internal, pg_catalog.internal) IS
    'SP-GiST: children that a search has to visit';
CREATE FUNCTION dtsen._nik_spg_leaf_consistent(
    pg_catalog.internal, pg_catalog.internal)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen__number16_spg_leaf_consistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_spg_leaf_consistent(
    pg_catalog.internal, pg_catalog.internal) IS
    'SP-GiST: whether a number is wanted, and its distance';
CREATE FUNCTION dtsen._nik_spg_compress(dtsen.nik) RETURNS pg_catalog.int8
    AS 'MODULE_PATHNAME', 'dtsen__number16_spg_compress'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._nik_spg_compress(dtsen.nik) IS
    'SP-GiST: the form that leaves have';
REVOKE EXECUTE ON FUNCTION dtsen._nik_spg_compress(dtsen.nik) FROM PUBLIC;

CREATE OPERATOR FAMILY dtsen.nik_spgist_ops USING spgist;
COMMENT ON OPERATOR FAMILY dtsen.nik_spgist_ops USING spgist IS
    'digits of nik';
CREATE OPERATOR CLASS dtsen.nik_spgist_ops
    DEFAULT FOR TYPE dtsen.nik USING spgist FAMILY dtsen.nik_spgist_ops AS
    OPERATOR 1 dtsen.= (dtsen.nik, dtsen.nik),
    OPERATOR 2 dtsen.<@ (dtsen.nik, dtsen._nik_ball),
    OPERATOR 3 dtsen.<-> (dtsen.nik, dtsen.nik)
        FOR ORDER BY pg_catalog.integer_ops,
    FUNCTION 1 dtsen._nik_spg_config(pg_catalog.internal, pg_catalog.internal),
    FUNCTION 2 dtsen._nik_spg_choose(pg_catalog.internal, pg_catalog.internal),
    FUNCTION 3 dtsen._nik_spg_picksplit(
        pg_catalog.internal, pg_catalog.internal),
    FUNCTION 4 dtsen._nik_spg_inner_consistent(
        pg_catalog.internal, pg_catalog.internal),
    FUNCTION 5 dtsen._nik_spg_leaf_consistent(
        pg_catalog.internal, pg_catalog.internal),
    FUNCTION 6 dtsen._nik_spg_compress(dtsen.nik),
    STORAGE pg_catalog.int8;
COMMENT ON OPERATOR CLASS dtsen.nik_spgist_ops USING spgist IS
    'equality, any number of edits (nik_within, %), nearest first (ORDER BY <->)';
