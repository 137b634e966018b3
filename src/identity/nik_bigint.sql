
-- nik against bigint: in the operator families, so that indexes, hash and merge
-- joins work across the two.
CREATE FUNCTION dtsen.nik_lt_bigint(dtsen.nik, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8lt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._lt_support;
COMMENT ON FUNCTION dtsen.nik_lt_bigint(dtsen.nik, pg_catalog.int8) IS
    'implementation of operator <';
CREATE FUNCTION dtsen.nik_le_bigint(dtsen.nik, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8le' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._le_support;
COMMENT ON FUNCTION dtsen.nik_le_bigint(dtsen.nik, pg_catalog.int8) IS
    'implementation of operator <=';
CREATE FUNCTION dtsen.nik_eq_bigint(dtsen.nik, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_eq_bigint(dtsen.nik, pg_catalog.int8) IS
    'implementation of operator =';
CREATE FUNCTION dtsen.nik_ne_bigint(dtsen.nik, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8ne' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_ne_bigint(dtsen.nik, pg_catalog.int8) IS
    'implementation of operator <>';
CREATE FUNCTION dtsen.nik_ge_bigint(dtsen.nik, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8ge' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._ge_support;
COMMENT ON FUNCTION dtsen.nik_ge_bigint(dtsen.nik, pg_catalog.int8) IS
    'implementation of operator >=';
CREATE FUNCTION dtsen.nik_gt_bigint(dtsen.nik, pg_catalog.int8) RETURNS pg_catalog.bool
    AS 'int8gt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._gt_support;
COMMENT ON FUNCTION dtsen.nik_gt_bigint(dtsen.nik, pg_catalog.int8) IS
    'implementation of operator >';

CREATE OPERATOR dtsen.< (
    FUNCTION = dtsen.nik_lt_bigint, LEFTARG = dtsen.nik, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.>), NEGATOR = OPERATOR(dtsen.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.< (dtsen.nik, pg_catalog.int8) IS 'less than';
CREATE OPERATOR dtsen.<= (
    FUNCTION = dtsen.nik_le_bigint, LEFTARG = dtsen.nik, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.>=), NEGATOR = OPERATOR(dtsen.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.<= (dtsen.nik, pg_catalog.int8) IS 'less than or equal';
CREATE OPERATOR dtsen.= (
    FUNCTION = dtsen.nik_eq_bigint, LEFTARG = dtsen.nik, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.=), NEGATOR = OPERATOR(dtsen.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.= (dtsen.nik, pg_catalog.int8) IS 'equal';
CREATE OPERATOR dtsen.<> (
    FUNCTION = dtsen.nik_ne_bigint, LEFTARG = dtsen.nik, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.<>), NEGATOR = OPERATOR(dtsen.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR dtsen.<> (dtsen.nik, pg_catalog.int8) IS 'not equal';
CREATE OPERATOR dtsen.>= (
    FUNCTION = dtsen.nik_ge_bigint, LEFTARG = dtsen.nik, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.<=), NEGATOR = OPERATOR(dtsen.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.>= (dtsen.nik, pg_catalog.int8) IS 'greater than or equal';
CREATE OPERATOR dtsen.> (
    FUNCTION = dtsen.nik_gt_bigint, LEFTARG = dtsen.nik, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.<), NEGATOR = OPERATOR(dtsen.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.> (dtsen.nik, pg_catalog.int8) IS 'greater than';

CREATE FUNCTION dtsen.bigint_nik_lt(pg_catalog.int8, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8lt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._lt_support;
COMMENT ON FUNCTION dtsen.bigint_nik_lt(pg_catalog.int8, dtsen.nik) IS
    'implementation of operator <';
CREATE FUNCTION dtsen.bigint_nik_le(pg_catalog.int8, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8le' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._le_support;
COMMENT ON FUNCTION dtsen.bigint_nik_le(pg_catalog.int8, dtsen.nik) IS
    'implementation of operator <=';
CREATE FUNCTION dtsen.bigint_nik_eq(pg_catalog.int8, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.bigint_nik_eq(pg_catalog.int8, dtsen.nik) IS
    'implementation of operator =';
CREATE FUNCTION dtsen.bigint_nik_ne(pg_catalog.int8, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8ne' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.bigint_nik_ne(pg_catalog.int8, dtsen.nik) IS
    'implementation of operator <>';
CREATE FUNCTION dtsen.bigint_nik_ge(pg_catalog.int8, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8ge' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._ge_support;
COMMENT ON FUNCTION dtsen.bigint_nik_ge(pg_catalog.int8, dtsen.nik) IS
    'implementation of operator >=';
CREATE FUNCTION dtsen.bigint_nik_gt(pg_catalog.int8, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8gt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._gt_support;
COMMENT ON FUNCTION dtsen.bigint_nik_gt(pg_catalog.int8, dtsen.nik) IS
    'implementation of operator >';

CREATE OPERATOR dtsen.< (
    FUNCTION = dtsen.bigint_nik_lt,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.>), NEGATOR = OPERATOR(dtsen.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.< (pg_catalog.int8, dtsen.nik) IS 'less than';
CREATE OPERATOR dtsen.<= (
    FUNCTION = dtsen.bigint_nik_le,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.>=), NEGATOR = OPERATOR(dtsen.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.<= (pg_catalog.int8, dtsen.nik) IS 'less than or equal';
CREATE OPERATOR dtsen.= (
    FUNCTION = dtsen.bigint_nik_eq,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.=), NEGATOR = OPERATOR(dtsen.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.= (pg_catalog.int8, dtsen.nik) IS 'equal';
CREATE OPERATOR dtsen.<> (
    FUNCTION = dtsen.bigint_nik_ne,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.<>), NEGATOR = OPERATOR(dtsen.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR dtsen.<> (pg_catalog.int8, dtsen.nik) IS 'not equal';
CREATE OPERATOR dtsen.>= (
    FUNCTION = dtsen.bigint_nik_ge,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.<=), NEGATOR = OPERATOR(dtsen.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.>= (pg_catalog.int8, dtsen.nik) IS 'greater than or equal';
CREATE OPERATOR dtsen.> (
    FUNCTION = dtsen.bigint_nik_gt,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.<), NEGATOR = OPERATOR(dtsen.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.> (pg_catalog.int8, dtsen.nik) IS 'greater than';
