
-- kode_wilayah against the bigint it is stored as, for the operator families.
-- The operators have names of their own: 321601 as a number is not what
-- 32.16.01 is stored as.
CREATE FUNCTION dtsen._kode_wilayah_lt_bigint(
    dtsen.kode_wilayah, pg_catalog.int8)
    RETURNS pg_catalog.bool
    AS 'int8lt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._kode_wilayah_lt_bigint(
    dtsen.kode_wilayah, pg_catalog.int8) IS
    'implementation of operator #<';
CREATE FUNCTION dtsen._kode_wilayah_le_bigint(
    dtsen.kode_wilayah, pg_catalog.int8)
    RETURNS pg_catalog.bool
    AS 'int8le' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._kode_wilayah_le_bigint(
    dtsen.kode_wilayah, pg_catalog.int8) IS
    'implementation of operator #<=';
CREATE FUNCTION dtsen._kode_wilayah_eq_bigint(
    dtsen.kode_wilayah, pg_catalog.int8)
    RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._kode_wilayah_eq_bigint(
    dtsen.kode_wilayah, pg_catalog.int8) IS
    'implementation of operator #=';
CREATE FUNCTION dtsen._kode_wilayah_ge_bigint(
    dtsen.kode_wilayah, pg_catalog.int8)
    RETURNS pg_catalog.bool
    AS 'int8ge' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._kode_wilayah_ge_bigint(
    dtsen.kode_wilayah, pg_catalog.int8) IS
    'implementation of operator #>=';
CREATE FUNCTION dtsen._kode_wilayah_gt_bigint(
    dtsen.kode_wilayah, pg_catalog.int8)
    RETURNS pg_catalog.bool
    AS 'int8gt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._kode_wilayah_gt_bigint(
    dtsen.kode_wilayah, pg_catalog.int8) IS
    'implementation of operator #>';

CREATE OPERATOR dtsen.#< (
    FUNCTION = dtsen._kode_wilayah_lt_bigint,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.#>), NEGATOR = OPERATOR(dtsen.#>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.#< (dtsen.kode_wilayah, pg_catalog.int8) IS
    'less than, filled up to ten digits; within the operator families';
CREATE OPERATOR dtsen.#<= (
    FUNCTION = dtsen._kode_wilayah_le_bigint,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.#>=), NEGATOR = OPERATOR(dtsen.#>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.#<= (dtsen.kode_wilayah, pg_catalog.int8) IS
    'less than or equal, filled up to ten digits; within the operator families';
CREATE OPERATOR dtsen.#= (
    FUNCTION = dtsen._kode_wilayah_eq_bigint,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.#=),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.#= (dtsen.kode_wilayah, pg_catalog.int8) IS
    'equal, filled up to ten digits; within the operator families';
CREATE OPERATOR dtsen.#>= (
    FUNCTION = dtsen._kode_wilayah_ge_bigint,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.#<=), NEGATOR = OPERATOR(dtsen.#<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.#>= (dtsen.kode_wilayah, pg_catalog.int8) IS
    'greater than or equal, filled up to ten digits; within the operator families';
CREATE OPERATOR dtsen.#> (
    FUNCTION = dtsen._kode_wilayah_gt_bigint,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.#<), NEGATOR = OPERATOR(dtsen.#<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.#> (dtsen.kode_wilayah, pg_catalog.int8) IS
    'greater than, filled up to ten digits; within the operator families';

CREATE FUNCTION dtsen._bigint_kode_wilayah_lt(
    pg_catalog.int8, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8lt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._bigint_kode_wilayah_lt(
    pg_catalog.int8, dtsen.kode_wilayah) IS
    'implementation of operator #<';
CREATE FUNCTION dtsen._bigint_kode_wilayah_le(
    pg_catalog.int8, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8le' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._bigint_kode_wilayah_le(
    pg_catalog.int8, dtsen.kode_wilayah) IS
    'implementation of operator #<=';
CREATE FUNCTION dtsen._bigint_kode_wilayah_eq(
    pg_catalog.int8, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._bigint_kode_wilayah_eq(
    pg_catalog.int8, dtsen.kode_wilayah) IS
    'implementation of operator #=';
CREATE FUNCTION dtsen._bigint_kode_wilayah_ge(
    pg_catalog.int8, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8ge' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._bigint_kode_wilayah_ge(
    pg_catalog.int8, dtsen.kode_wilayah) IS
    'implementation of operator #>=';
CREATE FUNCTION dtsen._bigint_kode_wilayah_gt(
    pg_catalog.int8, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8gt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._bigint_kode_wilayah_gt(
    pg_catalog.int8, dtsen.kode_wilayah) IS
    'implementation of operator #>';

CREATE OPERATOR dtsen.#< (
    FUNCTION = dtsen._bigint_kode_wilayah_lt,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.#>), NEGATOR = OPERATOR(dtsen.#>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.#< (pg_catalog.int8, dtsen.kode_wilayah) IS
    'less than, filled up to ten digits; within the operator families';
CREATE OPERATOR dtsen.#<= (
    FUNCTION = dtsen._bigint_kode_wilayah_le,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.#>=), NEGATOR = OPERATOR(dtsen.#>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.#<= (pg_catalog.int8, dtsen.kode_wilayah) IS
    'less than or equal, filled up to ten digits; within the operator families';
CREATE OPERATOR dtsen.#= (
    FUNCTION = dtsen._bigint_kode_wilayah_eq,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.#=),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.#= (pg_catalog.int8, dtsen.kode_wilayah) IS
    'equal, filled up to ten digits; within the operator families';
CREATE OPERATOR dtsen.#>= (
    FUNCTION = dtsen._bigint_kode_wilayah_ge,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.#<=), NEGATOR = OPERATOR(dtsen.#<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.#>= (pg_catalog.int8, dtsen.kode_wilayah) IS
    'greater than or equal, filled up to ten digits; within the operator families';
CREATE OPERATOR dtsen.#> (
    FUNCTION = dtsen._bigint_kode_wilayah_gt,
    LEFTARG = pg_catalog.int8, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.#<), NEGATOR = OPERATOR(dtsen.#<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.#> (pg_catalog.int8, dtsen.kode_wilayah) IS
    'greater than, filled up to ten digits; within the operator families';
