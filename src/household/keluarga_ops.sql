-- Comparison, btree and hash of keluarga, membership of a NIK, overlap.

CREATE FUNCTION dtsen.keluarga_eq(dtsen.keluarga, dtsen.keluarga) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_eq'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_eq(dtsen.keluarga, dtsen.keluarga) IS
    'implementation of operator =';

CREATE FUNCTION dtsen.keluarga_ne(dtsen.keluarga, dtsen.keluarga) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_ne'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_ne(dtsen.keluarga, dtsen.keluarga) IS
    'implementation of operator <>';

CREATE FUNCTION dtsen.keluarga_lt(dtsen.keluarga, dtsen.keluarga) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_lt'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_lt(dtsen.keluarga, dtsen.keluarga) IS
    'implementation of operator <';

CREATE FUNCTION dtsen.keluarga_le(dtsen.keluarga, dtsen.keluarga) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_le'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_le(dtsen.keluarga, dtsen.keluarga) IS
    'implementation of operator <=';

CREATE FUNCTION dtsen.keluarga_gt(dtsen.keluarga, dtsen.keluarga) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_gt'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_gt(dtsen.keluarga, dtsen.keluarga) IS
    'implementation of operator >';

CREATE FUNCTION dtsen.keluarga_ge(dtsen.keluarga, dtsen.keluarga) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_ge'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_ge(dtsen.keluarga, dtsen.keluarga) IS
    'implementation of operator >=';

CREATE FUNCTION dtsen.keluarga_cmp(dtsen.keluarga, dtsen.keluarga) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_cmp'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_cmp(dtsen.keluarga, dtsen.keluarga) IS
    'btree comparison of keluarga';

CREATE FUNCTION dtsen.keluarga_hash(dtsen.keluarga) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_hash'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_hash(dtsen.keluarga) IS
    'hash of keluarga';

CREATE FUNCTION dtsen.keluarga_hash_extended(dtsen.keluarga, pg_catalog.int8) RETURNS pg_catalog.int8
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_hash_extended'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_hash_extended(dtsen.keluarga, pg_catalog.int8) IS
    'extended hash of keluarga';

CREATE FUNCTION dtsen.keluarga_contained(dtsen.nik, dtsen.keluarga) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_contained'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_contained(dtsen.nik, dtsen.keluarga) IS
    'implementation of operator <@';

CREATE OPERATOR dtsen.= (
    FUNCTION = dtsen.keluarga_eq,
    LEFTARG = dtsen.keluarga, RIGHTARG = dtsen.keluarga,
    COMMUTATOR = OPERATOR(dtsen.=),
    NEGATOR = OPERATOR(dtsen.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.= (dtsen.keluarga, dtsen.keluarga) IS
    'same members, the same in every part';

CREATE OPERATOR dtsen.<> (
    FUNCTION = dtsen.keluarga_ne,
    LEFTARG = dtsen.keluarga, RIGHTARG = dtsen.keluarga,
    COMMUTATOR = OPERATOR(dtsen.<>),
    NEGATOR = OPERATOR(dtsen.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR dtsen.<> (dtsen.keluarga, dtsen.keluarga) IS
    'not the same members';

CREATE OPERATOR dtsen.< (
    FUNCTION = dtsen.keluarga_lt,
    LEFTARG = dtsen.keluarga, RIGHTARG = dtsen.keluarga,
    COMMUTATOR = OPERATOR(dtsen.>),
    NEGATOR = OPERATOR(dtsen.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.< (dtsen.keluarga, dtsen.keluarga) IS
    'before, in an order without other meaning';

CREATE OPERATOR dtsen.<= (
    FUNCTION = dtsen.keluarga_le,
    LEFTARG = dtsen.keluarga, RIGHTARG = dtsen.keluarga,
    COMMUTATOR = OPERATOR(dtsen.>=),
    NEGATOR = OPERATOR(dtsen.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.<= (dtsen.keluarga, dtsen.keluarga) IS
    'before or equal';

CREATE OPERATOR dtsen.> (
    FUNCTION = dtsen.keluarga_gt,
    LEFTARG = dtsen.keluarga, RIGHTARG = dtsen.keluarga,
    COMMUTATOR = OPERATOR(dtsen.<),
    NEGATOR = OPERATOR(dtsen.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.> (dtsen.keluarga, dtsen.keluarga) IS
    'after';

CREATE OPERATOR dtsen.>= (
    FUNCTION = dtsen.keluarga_ge,
    LEFTARG = dtsen.keluarga, RIGHTARG = dtsen.keluarga,
    COMMUTATOR = OPERATOR(dtsen.<=),
    NEGATOR = OPERATOR(dtsen.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.>= (dtsen.keluarga, dtsen.keluarga) IS
    'after or equal';

CREATE OPERATOR dtsen.@> (
    FUNCTION = dtsen.keluarga_has,
    LEFTARG = dtsen.keluarga, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.<@),
    RESTRICT = pg_catalog.contsel, JOIN = pg_catalog.contjoinsel
);
COMMENT ON OPERATOR dtsen.@> (dtsen.keluarga, dtsen.nik) IS
    'the family has a member with this NIK';

CREATE OPERATOR dtsen.<@ (
    FUNCTION = dtsen.keluarga_contained,
    LEFTARG = dtsen.nik, RIGHTARG = dtsen.keluarga,
    COMMUTATOR = OPERATOR(dtsen.@>),
    RESTRICT = pg_catalog.contsel, JOIN = pg_catalog.contjoinsel
);
COMMENT ON OPERATOR dtsen.<@ (dtsen.nik, dtsen.keluarga) IS
    'the NIK is one of a member of the family';

CREATE OPERATOR CLASS dtsen.keluarga_btree_ops
    DEFAULT FOR TYPE dtsen.keluarga USING btree AS
    OPERATOR 1 dtsen.<,
    OPERATOR 2 dtsen.<=,
    OPERATOR 3 dtsen.=,
    OPERATOR 4 dtsen.>=,
    OPERATOR 5 dtsen.>,
    FUNCTION 1 dtsen.keluarga_cmp(dtsen.keluarga, dtsen.keluarga),
    FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS dtsen.keluarga_btree_ops USING btree IS
    'default order of keluarga';
COMMENT ON OPERATOR FAMILY dtsen.keluarga_btree_ops USING btree IS
    'default order of keluarga';

CREATE OPERATOR CLASS dtsen.keluarga_hash_ops
    DEFAULT FOR TYPE dtsen.keluarga USING hash AS
    OPERATOR 1 dtsen.=,
    FUNCTION 1 dtsen.keluarga_hash(dtsen.keluarga),
    FUNCTION 2 dtsen.keluarga_hash_extended(dtsen.keluarga, pg_catalog.int8);
COMMENT ON OPERATOR CLASS dtsen.keluarga_hash_ops USING hash IS
    'default hashing of keluarga';
COMMENT ON OPERATOR FAMILY dtsen.keluarga_hash_ops USING hash IS
    'default hashing of keluarga';

CREATE FUNCTION dtsen.keluarga_distance(dtsen.keluarga, dtsen.keluarga) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_distance'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_distance(dtsen.keluarga, dtsen.keluarga) IS
    'implementation of operator <->';

CREATE OPERATOR dtsen.<-> (
    FUNCTION = dtsen.keluarga_distance,
    LEFTARG = dtsen.keluarga, RIGHTARG = dtsen.keluarga,
    COMMUTATOR = OPERATOR(dtsen.<->)
);
COMMENT ON OPERATOR dtsen.<-> (dtsen.keluarga, dtsen.keluarga) IS
    'share of the members that only one of the families has, 0 to 1';

-- Inverted index: which families is a NIK in? The query is a NIK; amvalidate asks
-- for support functions that name the indexed type in its place.

CREATE FUNCTION dtsen._keluarga_gin_value(dtsen.keluarga, pg_catalog.internal, pg_catalog.internal) RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__keluarga_gin_value'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._keluarga_gin_value(dtsen.keluarga, pg_catalog.internal, pg_catalog.internal) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._keluarga_gin_value(dtsen.keluarga, pg_catalog.internal, pg_catalog.internal) IS
    'GIN support of keluarga: keys of a value';

CREATE FUNCTION dtsen._keluarga_gin_query(dtsen.keluarga, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal) RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__keluarga_gin_query'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._keluarga_gin_query(dtsen.keluarga, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._keluarga_gin_query(dtsen.keluarga, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal) IS
    'GIN support of keluarga: key of a query';

CREATE FUNCTION dtsen._keluarga_gin_consistent(pg_catalog.internal, pg_catalog.int2, dtsen.keluarga, pg_catalog.int4, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal, pg_catalog.internal) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen__keluarga_gin_consistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._keluarga_gin_consistent(pg_catalog.internal, pg_catalog.int2, dtsen.keluarga, pg_catalog.int4, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal, pg_catalog.internal) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._keluarga_gin_consistent(pg_catalog.internal, pg_catalog.int2, dtsen.keluarga, pg_catalog.int4, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal, pg_catalog.internal) IS
    'GIN support of keluarga: does a row match?';

CREATE FUNCTION dtsen._keluarga_gin_triconsistent(pg_catalog.internal, pg_catalog.int2, dtsen.keluarga, pg_catalog.int4, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal) RETURNS pg_catalog."char"
    AS 'MODULE_PATHNAME', 'dtsen__keluarga_gin_triconsistent'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._keluarga_gin_triconsistent(pg_catalog.internal, pg_catalog.int2, dtsen.keluarga, pg_catalog.int4, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._keluarga_gin_triconsistent(pg_catalog.internal, pg_catalog.int2, dtsen.keluarga, pg_catalog.int4, pg_catalog.internal,
    pg_catalog.internal, pg_catalog.internal) IS
    'GIN support of keluarga: does a row match, of which not all is known?';

CREATE OPERATOR CLASS dtsen.keluarga_gin_ops
    DEFAULT FOR TYPE dtsen.keluarga USING gin AS
    OPERATOR 1 dtsen.@> (dtsen.keluarga, dtsen.nik),
    FUNCTION 1 dtsen.nik_cmp(dtsen.nik, dtsen.nik),
    FUNCTION 2 dtsen._keluarga_gin_value(dtsen.keluarga, pg_catalog.internal, pg_catalog.internal),
    FUNCTION 3 dtsen._keluarga_gin_query(dtsen.keluarga, pg_catalog.internal, pg_catalog.int2, pg_catalog.internal, pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal),
    FUNCTION 4 dtsen._keluarga_gin_consistent(pg_catalog.internal, pg_catalog.int2, dtsen.keluarga, pg_catalog.int4, pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal, pg_catalog.internal),
    FUNCTION 6 dtsen._keluarga_gin_triconsistent(pg_catalog.internal, pg_catalog.int2, dtsen.keluarga, pg_catalog.int4, pg_catalog.internal,
        pg_catalog.internal, pg_catalog.internal),
    STORAGE dtsen.nik;
COMMENT ON OPERATOR CLASS dtsen.keluarga_gin_ops USING gin IS
    'families by the NIKs of their members, for @>';
COMMENT ON OPERATOR FAMILY dtsen.keluarga_gin_ops USING gin IS
    'families by the NIKs of their members, for @>';
