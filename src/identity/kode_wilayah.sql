
-- What regions are asked: level, parent, containment.
CREATE FUNCTION dtsen.wilayah_level(dtsen.kode_wilayah)
    RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_wilayah_level'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.wilayah_level(dtsen.kode_wilayah) IS
    '1 province, 2 regency, 3 district, 4 village';
CREATE FUNCTION dtsen.wilayah_parent(dtsen.kode_wilayah)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen_wilayah_parent'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.wilayah_parent(dtsen.kode_wilayah) IS
    'region one level up, NULL of a province';
CREATE FUNCTION dtsen.wilayah_parent(
    kode dtsen.kode_wilayah, level pg_catalog.int4)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen_wilayah_parent_level'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.wilayah_parent(
    dtsen.kode_wilayah, pg_catalog.int4) IS
    'region of a level (1 to 4) that the region lies in, NULL where it is larger than that';
CREATE FUNCTION dtsen.wilayah_ancestors(dtsen.kode_wilayah)
    RETURNS dtsen.kode_wilayah[]
    AS 'MODULE_PATHNAME', 'dtsen_wilayah_ancestors'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.wilayah_ancestors(dtsen.kode_wilayah) IS
    'the region and all that it lies in, province first';
CREATE FUNCTION dtsen.wilayah_dotted(dtsen.kode_wilayah)
    RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_wilayah_dotted'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.wilayah_dotted(dtsen.kode_wilayah) IS
    'the code with dots: 32.16.01.2001';
CREATE FUNCTION dtsen._wilayah_last(dtsen.kode_wilayah)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen__wilayah_last'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._wilayah_last(dtsen.kode_wilayah) IS
    'largest code that can lie in the region; the planner puts it into index conditions';

CREATE FUNCTION dtsen._wilayah_contains_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__wilayah_contains_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._wilayah_contains_support(pg_catalog.internal) IS
    'planner support: plans @> as a list of at most four codes';
CREATE FUNCTION dtsen._wilayah_contained_support(pg_catalog.internal)
    RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__wilayah_contained_support'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._wilayah_contained_support(pg_catalog.internal) IS
    'planner support: plans <@ as a range of codes';
CREATE FUNCTION dtsen._wilayah_contains_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4)
    RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__wilayah_contains_sel'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._wilayah_contains_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal,
    pg_catalog.int4) IS 'restriction selectivity of @>';
REVOKE ALL ON FUNCTION dtsen._wilayah_contains_sel(pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4) FROM PUBLIC;
CREATE FUNCTION dtsen._wilayah_contained_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4)
    RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__wilayah_contained_sel'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._wilayah_contained_sel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal,
    pg_catalog.int4) IS 'restriction selectivity of <@';
REVOKE ALL ON FUNCTION dtsen._wilayah_contained_sel(pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int4) FROM PUBLIC;
CREATE FUNCTION dtsen._wilayah_contains_joinsel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2,
    pg_catalog.internal) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__wilayah_contains_joinsel'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._wilayah_contains_joinsel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2,
    pg_catalog.internal) IS 'join selectivity of @>';
REVOKE ALL ON FUNCTION dtsen._wilayah_contains_joinsel(pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal) FROM PUBLIC;
CREATE FUNCTION dtsen._wilayah_contained_joinsel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2,
    pg_catalog.internal) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__wilayah_contained_joinsel'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen._wilayah_contained_joinsel(
    pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2,
    pg_catalog.internal) IS 'join selectivity of <@';
REVOKE ALL ON FUNCTION dtsen._wilayah_contained_joinsel(pg_catalog.internal, pg_catalog.oid, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal) FROM PUBLIC;

CREATE FUNCTION dtsen.kode_wilayah_contains(
    dtsen.kode_wilayah, dtsen.kode_wilayah) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_contains'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._wilayah_contains_support;
COMMENT ON FUNCTION dtsen.kode_wilayah_contains(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'whether the second region is the first or lies in it; operator @>';
CREATE FUNCTION dtsen.kode_wilayah_contained(
    dtsen.kode_wilayah, dtsen.kode_wilayah) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_contained'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._wilayah_contained_support;
COMMENT ON FUNCTION dtsen.kode_wilayah_contained(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'whether the first region is the second or lies in it; operator <@';
CREATE OPERATOR dtsen.@> (
    FUNCTION = dtsen.kode_wilayah_contains,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.<@),
    RESTRICT = dtsen._wilayah_contains_sel,
    JOIN = dtsen._wilayah_contains_joinsel
);
COMMENT ON OPERATOR dtsen.@> (dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'contains, or is the same region';
CREATE OPERATOR dtsen.<@ (
    FUNCTION = dtsen.kode_wilayah_contained,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.@>),
    RESTRICT = dtsen._wilayah_contained_sel,
    JOIN = dtsen._wilayah_contained_joinsel
);
COMMENT ON OPERATOR dtsen.<@ (dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'lies in, or is the same region';
