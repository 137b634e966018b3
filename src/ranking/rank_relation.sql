-- rank_cuts(relation, ...): exact cuts in bounded memory, and the aggregate that
-- does one of its scans.

CREATE FUNCTION dtsen._rank_scan_add(pg_catalog.internal, pg_catalog.bytea, pg_catalog.float8, pg_catalog.int4) RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__rank_scan_add_int4'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._rank_scan_add(pg_catalog.internal, pg_catalog.bytea, pg_catalog.float8, pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._rank_scan_add(pg_catalog.internal, pg_catalog.bytea, pg_catalog.float8, pg_catalog.int4) IS
    'transition of _rank_scan, integer weights';

CREATE FUNCTION dtsen._rank_scan_add(pg_catalog.internal, pg_catalog.bytea, pg_catalog.float8, pg_catalog.int8) RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__rank_scan_add_int8'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._rank_scan_add(pg_catalog.internal, pg_catalog.bytea, pg_catalog.float8, pg_catalog.int8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._rank_scan_add(pg_catalog.internal, pg_catalog.bytea, pg_catalog.float8, pg_catalog.int8) IS
    'transition of _rank_scan, integer weights';

CREATE FUNCTION dtsen._rank_scan_add(pg_catalog.internal, pg_catalog.bytea, pg_catalog.float8, pg_catalog.float8) RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__rank_scan_add_float8'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._rank_scan_add(pg_catalog.internal, pg_catalog.bytea, pg_catalog.float8, pg_catalog.float8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._rank_scan_add(pg_catalog.internal, pg_catalog.bytea, pg_catalog.float8, pg_catalog.float8) IS
    'transition of _rank_scan, float weights';

CREATE FUNCTION dtsen._rank_scan_combine(pg_catalog.internal, pg_catalog.internal) RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__rank_scan_combine'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._rank_scan_combine(pg_catalog.internal, pg_catalog.internal) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._rank_scan_combine(pg_catalog.internal, pg_catalog.internal) IS
    'merges the scans of two processes';

CREATE FUNCTION dtsen._rank_scan_serialize(pg_catalog.internal) RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen__rank_scan_serialize'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._rank_scan_serialize(pg_catalog.internal) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._rank_scan_serialize(pg_catalog.internal) IS
    'sends the scan of a worker, and the result of _rank_scan';

CREATE FUNCTION dtsen._rank_scan_deserialize(pg_catalog.bytea, pg_catalog.internal) RETURNS pg_catalog.internal
    AS 'MODULE_PATHNAME', 'dtsen__rank_scan_deserialize'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._rank_scan_deserialize(pg_catalog.bytea, pg_catalog.internal) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._rank_scan_deserialize(pg_catalog.bytea, pg_catalog.internal) IS
    'receives the scan of a worker';

CREATE AGGREGATE dtsen._rank_scan(plan pg_catalog.bytea, score pg_catalog.float8, weight pg_catalog.int4) (
    SFUNC = dtsen._rank_scan_add,
    STYPE = pg_catalog.internal,
    SSPACE = 1048576,
    FINALFUNC = dtsen._rank_scan_serialize,
    COMBINEFUNC = dtsen._rank_scan_combine,
    SERIALFUNC = dtsen._rank_scan_serialize,
    DESERIALFUNC = dtsen._rank_scan_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen._rank_scan(pg_catalog.bytea, pg_catalog.float8, pg_catalog.int4) IS
    'one scan of rank_cuts(relation, ...): sums of the buckets of a plan';

CREATE AGGREGATE dtsen._rank_scan(plan pg_catalog.bytea, score pg_catalog.float8, weight pg_catalog.int8) (
    SFUNC = dtsen._rank_scan_add,
    STYPE = pg_catalog.internal,
    SSPACE = 1048576,
    FINALFUNC = dtsen._rank_scan_serialize,
    COMBINEFUNC = dtsen._rank_scan_combine,
    SERIALFUNC = dtsen._rank_scan_serialize,
    DESERIALFUNC = dtsen._rank_scan_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen._rank_scan(pg_catalog.bytea, pg_catalog.float8, pg_catalog.int8) IS
    'one scan of rank_cuts(relation, ...): sums of the buckets of a plan';

CREATE AGGREGATE dtsen._rank_scan(plan pg_catalog.bytea, score pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = dtsen._rank_scan_add,
    STYPE = pg_catalog.internal,
    SSPACE = 1048576,
    FINALFUNC = dtsen._rank_scan_serialize,
    COMBINEFUNC = dtsen._rank_scan_combine,
    SERIALFUNC = dtsen._rank_scan_serialize,
    DESERIALFUNC = dtsen._rank_scan_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen._rank_scan(pg_catalog.bytea, pg_catalog.float8, pg_catalog.float8) IS
    'one scan of rank_cuts(relation, ...): sums of the buckets of a plan';

-- PARALLEL RESTRICTED: the leader runs it, and starts workers of its own.
CREATE FUNCTION dtsen.rank_cuts(relation pg_catalog.regclass, score pg_catalog.text, weight pg_catalog.text DEFAULT NULL,
        groups pg_catalog.int4 DEFAULT 10, condition pg_catalog.text DEFAULT NULL) RETURNS pg_catalog.float8[]
    AS 'MODULE_PATHNAME', 'dtsen_rank_cuts_relation'
    LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000000;
COMMENT ON FUNCTION dtsen.rank_cuts(pg_catalog.regclass, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.text) IS
    'exact cuts of a relation by rule A in bounded memory; score, weight and condition are columns or SQL expressions, run with the rights of the caller';

-- Lets rank_cuts('family', 'score') mean a relation, not the text of a state.
CREATE FUNCTION dtsen.rank_cuts(relation pg_catalog.text, score pg_catalog.text, weight pg_catalog.text DEFAULT NULL,
        groups pg_catalog.int4 DEFAULT 10, condition pg_catalog.text DEFAULT NULL) RETURNS pg_catalog.float8[]
    LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000
    RETURN dtsen.rank_cuts(relation::pg_catalog.regclass, score, weight, groups, condition);
COMMENT ON FUNCTION dtsen.rank_cuts(pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.text) IS
    'the same for the name of a relation, written as in a query';

CREATE FUNCTION dtsen.rank_cuts_by(relation pg_catalog.regclass, by pg_catalog.text, score pg_catalog.text, weight pg_catalog.text DEFAULT NULL,
        groups pg_catalog.int4 DEFAULT 10, condition pg_catalog.text DEFAULT NULL,
        OUT region pg_catalog.text, OUT cuts pg_catalog.float8[], OUT ranked pg_catalog.int8, OUT ignored pg_catalog.int8) RETURNS SETOF pg_catalog.record
    AS 'MODULE_PATHNAME', 'dtsen_rank_cuts_by'
    LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000000 ROWS 10000;
COMMENT ON FUNCTION dtsen.rank_cuts_by(pg_catalog.regclass, pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.text) IS
    'exact cuts of each region of a relation by rule A, with the rows ranked and ignored; arguments as of rank_cuts, by is a column or SQL expression too';
