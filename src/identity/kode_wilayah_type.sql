
-- Type kode_wilayah: the code of a province, regency, district or village,
-- stored filled up with zeros to ten digits. A region sorts right before what
-- lies in it.
CREATE TYPE dtsen.kode_wilayah;

CREATE FUNCTION dtsen.kode_wilayah_in(pg_catalog.cstring)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_in(pg_catalog.cstring) IS
    'text input of kode_wilayah';
CREATE FUNCTION dtsen.kode_wilayah_out(dtsen.kode_wilayah)
    RETURNS pg_catalog.cstring
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_out'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_out(dtsen.kode_wilayah) IS
    'text output of kode_wilayah, without dots';
CREATE FUNCTION dtsen.kode_wilayah_recv(pg_catalog.internal)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_recv'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_recv(pg_catalog.internal) IS
    'binary input of kode_wilayah';
CREATE FUNCTION dtsen.kode_wilayah_send(dtsen.kode_wilayah)
    RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_send'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_send(dtsen.kode_wilayah) IS
    'binary output of kode_wilayah';

CREATE TYPE dtsen.kode_wilayah (
    INPUT = dtsen.kode_wilayah_in,
    OUTPUT = dtsen.kode_wilayah_out,
    RECEIVE = dtsen.kode_wilayah_recv,
    SEND = dtsen.kode_wilayah_send,
    LIKE = pg_catalog.int8
);
COMMENT ON TYPE dtsen.kode_wilayah IS
    'code of a province (2 digits), regency (4), district (6) or village (10), 8 bytes';

CREATE FUNCTION dtsen.kode_wilayah(pg_catalog.int8)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_from_bigint'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah(pg_catalog.int8) IS
    'converts bigint to kode_wilayah: 321601 is 32.16.01';
CREATE FUNCTION dtsen.kode_wilayah(pg_catalog.int4)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_from_integer'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah(pg_catalog.int4) IS
    'converts integer to kode_wilayah: 321601 is 32.16.01';
CREATE FUNCTION dtsen.kode_wilayah_to_bigint(dtsen.kode_wilayah)
    RETURNS pg_catalog.int8
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_to_bigint'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_to_bigint(dtsen.kode_wilayah) IS
    'converts kode_wilayah to bigint: 32.16.01 is 321601';
CREATE CAST (pg_catalog.int8 AS dtsen.kode_wilayah)
    WITH FUNCTION dtsen.kode_wilayah(pg_catalog.int8);
COMMENT ON CAST (pg_catalog.int8 AS dtsen.kode_wilayah) IS
    'explicit, a number of 2, 4, 6 or 10 digits';
CREATE CAST (pg_catalog.int4 AS dtsen.kode_wilayah)
    WITH FUNCTION dtsen.kode_wilayah(pg_catalog.int4);
COMMENT ON CAST (pg_catalog.int4 AS dtsen.kode_wilayah) IS
    'explicit, a number of 2, 4, 6 or 10 digits';
CREATE CAST (dtsen.kode_wilayah AS pg_catalog.int8)
    WITH FUNCTION dtsen.kode_wilayah_to_bigint(dtsen.kode_wilayah);
COMMENT ON CAST (dtsen.kode_wilayah AS pg_catalog.int8) IS 'explicit';
CREATE CAST (pg_catalog.text AS dtsen.kode_wilayah) WITH INOUT;
COMMENT ON CAST (pg_catalog.text AS dtsen.kode_wilayah) IS 'explicit';
CREATE CAST (pg_catalog.varchar AS dtsen.kode_wilayah) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS dtsen.kode_wilayah) IS
    'implicit, for clients that send every parameter as varchar';
CREATE CAST (dtsen.kode_wilayah AS pg_catalog.text)
    WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (dtsen.kode_wilayah AS pg_catalog.text) IS
    'on assignment: digits without dots';

CREATE FUNCTION dtsen.to_kode_wilayah(pg_catalog.text)
    RETURNS dtsen.kode_wilayah
    AS 'MODULE_PATHNAME', 'dtsen_to_kode_wilayah'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.to_kode_wilayah(pg_catalog.text) IS
    'reads a code written with dots, dashes, slashes or spaces between its parts, or in quotes; NULL where a digit would have to be guessed';
CREATE FUNCTION dtsen.is_kode_wilayah(pg_catalog.text)
    RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_is_kode_wilayah'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.is_kode_wilayah(pg_catalog.text) IS
    'whether the text can be cast to kode_wilayah';
CREATE FUNCTION dtsen.kode_wilayah_input_error(pg_catalog.text)
    RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_kode_wilayah_input_error'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_input_error(pg_catalog.text) IS
    'code of what keeps the text from being cast to kode_wilayah, NULL when nothing does';

CREATE FUNCTION dtsen.kode_wilayah_lt(
    dtsen.kode_wilayah, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8lt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._lt_support;
COMMENT ON FUNCTION dtsen.kode_wilayah_lt(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'implementation of operator <';
CREATE FUNCTION dtsen.kode_wilayah_le(
    dtsen.kode_wilayah, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8le' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._le_support;
COMMENT ON FUNCTION dtsen.kode_wilayah_le(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'implementation of operator <=';
CREATE FUNCTION dtsen.kode_wilayah_eq(
    dtsen.kode_wilayah, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_eq(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'implementation of operator =';
CREATE FUNCTION dtsen.kode_wilayah_ne(
    dtsen.kode_wilayah, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8ne' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_ne(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'implementation of operator <>';
CREATE FUNCTION dtsen.kode_wilayah_ge(
    dtsen.kode_wilayah, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8ge' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._ge_support;
COMMENT ON FUNCTION dtsen.kode_wilayah_ge(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'implementation of operator >=';
CREATE FUNCTION dtsen.kode_wilayah_gt(
    dtsen.kode_wilayah, dtsen.kode_wilayah)
    RETURNS pg_catalog.bool
    AS 'int8gt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._gt_support;
COMMENT ON FUNCTION dtsen.kode_wilayah_gt(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'implementation of operator >';

CREATE OPERATOR dtsen.< (
    FUNCTION = dtsen.kode_wilayah_lt,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.>), NEGATOR = OPERATOR(dtsen.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.< (dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'less than';
CREATE OPERATOR dtsen.<= (
    FUNCTION = dtsen.kode_wilayah_le,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.>=), NEGATOR = OPERATOR(dtsen.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.<= (dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'less than or equal';
CREATE OPERATOR dtsen.= (
    FUNCTION = dtsen.kode_wilayah_eq,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.=), NEGATOR = OPERATOR(dtsen.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.= (dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'equal';
CREATE OPERATOR dtsen.<> (
    FUNCTION = dtsen.kode_wilayah_ne,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.<>), NEGATOR = OPERATOR(dtsen.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR dtsen.<> (dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'not equal';
CREATE OPERATOR dtsen.>= (
    FUNCTION = dtsen.kode_wilayah_ge,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.<=), NEGATOR = OPERATOR(dtsen.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.>= (dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'greater than or equal';
CREATE OPERATOR dtsen.> (
    FUNCTION = dtsen.kode_wilayah_gt,
    LEFTARG = dtsen.kode_wilayah, RIGHTARG = dtsen.kode_wilayah,
    COMMUTATOR = OPERATOR(dtsen.<), NEGATOR = OPERATOR(dtsen.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.> (dtsen.kode_wilayah, dtsen.kode_wilayah) IS
    'greater than';

CREATE FUNCTION dtsen.kode_wilayah_larger(
    dtsen.kode_wilayah, dtsen.kode_wilayah)
    RETURNS dtsen.kode_wilayah
    AS 'int8larger' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_larger(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS 'larger of two, for max()';
CREATE FUNCTION dtsen.kode_wilayah_smaller(
    dtsen.kode_wilayah, dtsen.kode_wilayah)
    RETURNS dtsen.kode_wilayah
    AS 'int8smaller' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.kode_wilayah_smaller(
    dtsen.kode_wilayah, dtsen.kode_wilayah) IS 'smaller of two, for min()';
CREATE AGGREGATE dtsen.max(dtsen.kode_wilayah) (
    SFUNC = dtsen.kode_wilayah_larger, STYPE = dtsen.kode_wilayah,
    COMBINEFUNC = dtsen.kode_wilayah_larger, SORTOP = OPERATOR(dtsen.>),
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.max(dtsen.kode_wilayah) IS 'largest code';
CREATE AGGREGATE dtsen.min(dtsen.kode_wilayah) (
    SFUNC = dtsen.kode_wilayah_smaller, STYPE = dtsen.kode_wilayah,
    COMBINEFUNC = dtsen.kode_wilayah_smaller, SORTOP = OPERATOR(dtsen.<),
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.min(dtsen.kode_wilayah) IS 'smallest code';
