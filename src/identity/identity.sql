
-- Shared by nik, nkk and kode_wilayah, whose operator families also hold
-- bigint. A range condition with a constant is planned as one on bigint, the
-- type whose histogram the planner can interpolate; the four functions below
-- do that, and bigint's own < <= >= > are members of the families.
--
-- bigint's = must not be: the planner merges equal columns into one class by
-- the families of the operator, and = of bigint would no longer be in the same
-- ones as = of integer and bigint. Mixed joins would lose conditions that
-- follow from others, in every query of the database. So the families have an
-- equality of their own.
CREATE FUNCTION dtsen._lt_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__lt_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._lt_support(pg_catalog.internal) IS
    'planner support: plans < with a constant on bigint';
CREATE FUNCTION dtsen._le_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__le_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._le_support(pg_catalog.internal) IS
    'planner support: plans <= with a constant on bigint';
CREATE FUNCTION dtsen._ge_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__ge_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._ge_support(pg_catalog.internal) IS
    'planner support: plans >= with a constant on bigint';
CREATE FUNCTION dtsen._gt_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__gt_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._gt_support(pg_catalog.internal) IS
    'planner support: plans > with a constant on bigint';

CREATE FUNCTION dtsen._bigint_eq(pg_catalog.int8, pg_catalog.int8)
    RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._bigint_eq(pg_catalog.int8, pg_catalog.int8) IS
    'implementation of operator #=';
CREATE OPERATOR dtsen.#= (
    FUNCTION = dtsen._bigint_eq,
    LEFTARG = pg_catalog.int8, RIGHTARG = pg_catalog.int8,
    COMMUTATOR = OPERATOR(dtsen.#=),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.#= (pg_catalog.int8, pg_catalog.int8) IS
    'equality of bigint within the operator families of nik, nkk, kode_wilayah';
