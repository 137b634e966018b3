
-- nkk against bigint: in the operator families, so that indexes, hash and merge
-- joins work across the two.
CREATE FUNCTION dtsen.nkk_lt_bigint(dtsen.nkk, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8lt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._lt_support;
COMMENT ON FUNCTION dtsen.nkk_lt_bigint(dtsen.nkk, pg_catalog.int8) IS
    'implementation of operator <';
CREATE FUNCTION dtsen.nkk_le_bigint(dtsen.nkk, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8le' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._le_support;
COMMENT ON FUNCTION dtsen.nkk_le_bigint(dtsen.nkk, pg_catalog.int8) IS
    'implementation of operator <=';
CREATE FUNCTION dtsen.nkk_eq_bigint(dtsen.nkk, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_eq_bigint(dtsen.nkk, pg_catalog.int8) IS
    'implementation of operator =';
CREATE FUNCTION dtsen.nkk_ne_bigint(dtsen.nkk, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8ne' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_ne_bigint(dtsen.nkk, pg_catalog.int8) IS
    'implementation of operator <>';
CREATE FUNCTION dtsen.nkk_ge_bigint(dtsen.nkk, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8ge' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._ge_support;
COMMENT ON FUNCTION dtsen.nkk_ge_bigint(dtsen.nkk, pg_catalog.int8) IS
    'implementation of operator >=';
CREATE FUNCTION dtsen.nkk_gt_bigint(dtsen.nkk, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8gt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._gt_support;
COMMENT ON FUNCTION dtsen.nkk_gt_bigint(dtsen.nkk, pg_catalog.int8) IS
    'implementation of operator >';

CREATE OPERATOR dtsen.< (
    FUNCTION = dtsen.nkk_lt_bigint, LEFTARG = dtsen.nkk, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.>), NEGATOR = OPERATOR(dtsen.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.< (dtsen.nkk, pg_catalog.int8) IS 'less than';
CREATE OPERATOR dtsen.<= (
    FUNCTION = dtsen.nkk_le_bigint, LEFTARG = dtsen.nkk, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.>=), NEGATOR = OPERATOR(dtsen.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.<= (dtsen.nkk, pg_catalog.int8) IS 'less than or equal';
CREATE OPERATOR dtsen.= (
    FUNCTION = dtsen.nkk_eq_bigint, LEFTARG = dtsen.nkk, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.=), NEGATOR = OPERATOR(dtsen.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.= (dtsen.nkk, pg_catalog.int8) IS 'equal';
CREATE OPERATOR dtsen.<> (
    FUNCTION = dtsen.nkk_ne_bigint, LEFTARG = dtsen.nkk, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.<>), NEGATOR = OPERATOR(dtsen.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR dtsen.<> (dtsen.nkk, pg_catalog.int8) IS 'not equal';
CREATE OPERATOR dtsen.>= (
    FUNCTION = dtsen.nkk_ge_bigint, LEFTARG = dtsen.nkk, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.<=), NEGATOR = OPERATOR(dtsen.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.>= (dtsen.nkk, pg_catalog.int8) IS 'greater than or equal';
CREATE OPERATOR dtsen.> (
    FUNCTION = dtsen.nkk_gt_bigint, LEFTARG = dtsen.nkk, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.<), NEGATOR = OPERATOR(dtsen.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.> (dtsen.nkk, pg_catalog.int8) IS 'greater than';

CREATE FUNCTION dtsen.bigint_nkk_lt(pg_catalog.int8, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8lt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._lt_support;
COMMENT ON FUNCTION dtsen.bigint_nkk_lt(pg_catalog.int8, dtsen.nkk) IS
    'implementation of operator <';
CREATE FUNCTION dtsen.bigint_nkk_le(pg_catalog.int8, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8le' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._le_support;
COMMENT ON FUNCTION dtsen.bigint_nkk_le(pg_catalog.int8, dtsen.nkk) IS
    'implementation of operator <=';
CREATE FUNCTION dtsen.bigint_nkk_eq(pg_catalog.int8, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.bigint_nkk_eq(pg_catalog.int8, dtsen.nkk) IS
    'implementation of operator =';
CREATE FUNCTION dtsen.bigint_nkk_ne(pg_catalog.int8, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8ne' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.bigint_nkk_ne(pg_catalog.int8, dtsen.nkk) IS
    'implementation of operator <>';
CREATE FUNCTION dtsen.bigint_nkk_ge(pg_catalog.int8, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8ge' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._ge_support;
COMMENT ON FUNCTION dtsen.bigint_nkk_ge(pg_catalog.int8, dtsen.nkk) IS
    'implementation of operator >=';
CREATE FUNCTION dtsen.bigint_nkk_gt(pg_catalog.int8, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8gt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._gt_support;
COMMENT ON FUNCTION dtsen.bigint_nkk_gt(pg_catalog.int8, dtsen.nkk) IS
    'implementation of operator >';

CREATE OPERATOR dtsen.< (
    FUNCTION = dtsen.bigint_nkk_lt,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.>), NEGATOR = OPERATOR(dtsen.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.< (pg_catalog.int8, dtsen.nkk) IS 'less than';
CREATE OPERATOR dtsen.<= (
    FUNCTION = dtsen.bigint_nkk_le,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.>=), NEGATOR = OPERATOR(dtsen.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.<= (pg_catalog.int8, dtsen.nkk) IS 'less than or equal';
CREATE OPERATOR dtsen.= (
    FUNCTION = dtsen.bigint_nkk_eq,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.=), NEGATOR = OPERATOR(dtsen.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.= (pg_catalog.int8, dtsen.nkk) IS 'equal';
CREATE OPERATOR dtsen.<> (
    FUNCTION = dtsen.bigint_nkk_ne,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.<>), NEGATOR = OPERATOR(dtsen.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR dtsen.<> (pg_catalog.int8, dtsen.nkk) IS 'not equal';
CREATE OPERATOR dtsen.>= (
    FUNCTION = dtsen.bigint_nkk_ge,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.<=), NEGATOR = OPERATOR(dtsen.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.>= (pg_catalog.int8, dtsen.nkk) IS 'greater than or equal';
CREATE OPERATOR dtsen.> (
    FUNCTION = dtsen.bigint_nkk_gt,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.<), NEGATOR = OPERATOR(dtsen.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.> (pg_catalog.int8, dtsen.nkk) IS 'greater than';
