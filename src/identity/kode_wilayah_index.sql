
-- Support functions and operator classes of kode_wilayah.
CREATE FUNCTION dtsen.kode_wilayah_cmp(dtsen.kode_wilayah, dtsen.kode_wilayah) RETURNS pg_catalog.int4
    AS 'btint8cmp' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_cmp(dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'less-equal-greater, for btree';
CREATE FUNCTION dtsen.kode_wilayah_cmp_bigint(dtsen.kode_wilayah, pg_catalog.int8)
    RETURNS pg_catalog.int4
    AS 'btint8cmp' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_cmp_bigint(dtsen.kode_wilayah, pg_catalog.int8) IS
    'less-equal-greater, for btree';
CREATE FUNCTION dtsen.bigint_kode_wilayah_cmp(pg_catalog.int8, dtsen.kode_wilayah)
    RETURNS pg_catalog.int4
    AS 'btint8cmp' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.bigint_kode_wilayah_cmp(pg_catalog.int8, dtsen.kode_wilayah) IS
    'less-equal-greater, for btree';
CREATE FUNCTION dtsen.kode_wilayah_hash(dtsen.kode_wilayah) RETURNS pg_catalog.int4
    AS 'hashint8' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_hash(dtsen.kode_wilayah) IS
    'hash, the same as that of the bigint';
CREATE FUNCTION dtsen.kode_wilayah_hash_extended(dtsen.kode_wilayah, pg_catalog.int8)
    RETURNS pg_catalog.int8
    AS 'hashint8extended' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_hash_extended(dtsen.kode_wilayah, pg_catalog.int8) IS
    'hash with a seed, the same as that of the bigint';

CREATE OPERATOR FAMILY dtsen.kode_wilayah_btree_ops USING btree;
COMMENT ON OPERATOR FAMILY dtsen.kode_wilayah_btree_ops USING btree IS
    'kode_wilayah and bigint';
CREATE OPERATOR CLASS dtsen.kode_wilayah_btree_ops
    DEFAULT FOR TYPE dtsen.kode_wilayah USING btree FAMILY dtsen.kode_wilayah_btree_ops AS
    OPERATOR 1 dtsen.<, OPERATOR 2 dtsen.<=, OPERATOR 3 dtsen.=,
    OPERATOR 4 dtsen.>=, OPERATOR 5 dtsen.>,
    FUNCTION 1 dtsen.kode_wilayah_cmp(dtsen.kode_wilayah, dtsen.kode_wilayah),
    FUNCTION 2 pg_catalog.btint8sortsupport(pg_catalog.internal),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS dtsen.kode_wilayah_btree_ops USING btree IS
    'order of the digits';
ALTER OPERATOR FAMILY dtsen.kode_wilayah_btree_ops USING btree ADD
    OPERATOR 1 dtsen.#< (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 2 dtsen.#<= (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 3 dtsen.#= (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 4 dtsen.#>= (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 5 dtsen.#> (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 1 dtsen.#< (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 2 dtsen.#<= (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 3 dtsen.#= (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 4 dtsen.#>= (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 5 dtsen.#> (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 1 pg_catalog.< (pg_catalog.int8, pg_catalog.int8),
    OPERATOR 2 pg_catalog.<= (pg_catalog.int8, pg_catalog.int8),
    OPERATOR 3 dtsen.#= (pg_catalog.int8, pg_catalog.int8),
    OPERATOR 4 pg_catalog.>= (pg_catalog.int8, pg_catalog.int8),
    OPERATOR 5 pg_catalog.> (pg_catalog.int8, pg_catalog.int8),
    FUNCTION 1 (dtsen.kode_wilayah, pg_catalog.int8)
        dtsen.kode_wilayah_cmp_bigint(dtsen.kode_wilayah, pg_catalog.int8),
    FUNCTION 1 (pg_catalog.int8, dtsen.kode_wilayah)
        dtsen.bigint_kode_wilayah_cmp(pg_catalog.int8, dtsen.kode_wilayah),
    FUNCTION 1 (pg_catalog.int8, pg_catalog.int8)
        pg_catalog.btint8cmp(pg_catalog.int8, pg_catalog.int8),
    FUNCTION 2 (pg_catalog.int8, pg_catalog.int8)
        pg_catalog.btint8sortsupport(pg_catalog.internal),
    FUNCTION 4 (pg_catalog.int8, pg_catalog.int8)
        pg_catalog.btequalimage(pg_catalog.oid);

CREATE OPERATOR FAMILY dtsen.kode_wilayah_hash_ops USING hash;
COMMENT ON OPERATOR FAMILY dtsen.kode_wilayah_hash_ops USING hash IS
    'kode_wilayah and bigint';
CREATE OPERATOR CLASS dtsen.kode_wilayah_hash_ops
    DEFAULT FOR TYPE dtsen.kode_wilayah USING hash FAMILY dtsen.kode_wilayah_hash_ops AS
    OPERATOR 1 dtsen.=,
    FUNCTION 1 dtsen.kode_wilayah_hash(dtsen.kode_wilayah),
    FUNCTION 2 dtsen.kode_wilayah_hash_extended(dtsen.kode_wilayah, pg_catalog.int8);
COMMENT ON OPERATOR CLASS dtsen.kode_wilayah_hash_ops USING hash IS 'equality';
ALTER OPERATOR FAMILY dtsen.kode_wilayah_hash_ops USING hash ADD
    OPERATOR 1 dtsen.#= (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 1 dtsen.#= (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 1 dtsen.#= (pg_catalog.int8, pg_catalog.int8),
    FUNCTION 1 (pg_catalog.int8, pg_catalog.int8)
        pg_catalog.hashint8(pg_catalog.int8),
    FUNCTION 2 (pg_catalog.int8, pg_catalog.int8)
        pg_catalog.hashint8extended(pg_catalog.int8, pg_catalog.int8);

CREATE OPERATOR FAMILY dtsen.kode_wilayah_brin_minmax_ops USING brin;
COMMENT ON OPERATOR FAMILY dtsen.kode_wilayah_brin_minmax_ops USING brin IS
    'kode_wilayah and bigint';
CREATE OPERATOR CLASS dtsen.kode_wilayah_brin_minmax_ops
    DEFAULT FOR TYPE dtsen.kode_wilayah USING brin FAMILY dtsen.kode_wilayah_brin_minmax_ops AS
    OPERATOR 1 dtsen.<, OPERATOR 2 dtsen.<=, OPERATOR 3 dtsen.=,
    OPERATOR 4 dtsen.>=, OPERATOR 5 dtsen.>,
    FUNCTION 1 pg_catalog.brin_minmax_opcinfo(pg_catalog.internal),
    FUNCTION 2 pg_catalog.brin_minmax_add_value(pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal, pg_catalog.internal),
    FUNCTION 3 pg_catalog.brin_minmax_consistent(pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal),
    FUNCTION 4 pg_catalog.brin_minmax_union(pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal);
COMMENT ON OPERATOR CLASS dtsen.kode_wilayah_brin_minmax_ops USING brin IS
    'smallest and largest of a block range';
ALTER OPERATOR FAMILY dtsen.kode_wilayah_brin_minmax_ops USING brin ADD
    OPERATOR 1 dtsen.#< (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 2 dtsen.#<= (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 3 dtsen.#= (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 4 dtsen.#>= (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 5 dtsen.#> (dtsen.kode_wilayah, pg_catalog.int8),
    OPERATOR 1 dtsen.#< (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 2 dtsen.#<= (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 3 dtsen.#= (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 4 dtsen.#>= (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 5 dtsen.#> (pg_catalog.int8, dtsen.kode_wilayah),
    OPERATOR 1 pg_catalog.< (pg_catalog.int8, pg_catalog.int8),
    OPERATOR 2 pg_catalog.<= (pg_catalog.int8, pg_catalog.int8),
    OPERATOR 3 dtsen.#= (pg_catalog.int8, pg_catalog.int8),
    OPERATOR 4 pg_catalog.>= (pg_catalog.int8, pg_catalog.int8),
    OPERATOR 5 pg_catalog.> (pg_catalog.int8, pg_catalog.int8),
    FUNCTION 1 (pg_catalog.int8, pg_catalog.int8)
        pg_catalog.brin_minmax_opcinfo(pg_catalog.internal),
    FUNCTION 2 (pg_catalog.int8, pg_catalog.int8)
        pg_catalog.brin_minmax_add_value(pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal, pg_catalog.internal),
    FUNCTION 3 (pg_catalog.int8, pg_catalog.int8)
        pg_catalog.brin_minmax_consistent(pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal),
    FUNCTION 4 (pg_catalog.int8, pg_catalog.int8)
        pg_catalog.brin_minmax_union(pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal);
