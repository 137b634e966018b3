
-- Type nkk: exactly 16 digits, stored as the number they write. Comparison,
-- sorting and hashing are bigint's.
CREATE TYPE dtsen.nkk;

CREATE FUNCTION dtsen.nkk_in(pg_catalog.cstring) RETURNS dtsen.nkk
    AS 'MODULE_PATHNAME', 'dtsen_nkk_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_in(pg_catalog.cstring) IS 'text input of nkk';
CREATE FUNCTION dtsen.nkk_out(dtsen.nkk) RETURNS pg_catalog.cstring
    AS 'MODULE_PATHNAME', 'dtsen_nkk_out'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_out(dtsen.nkk) IS 'text output of nkk';
CREATE FUNCTION dtsen.nkk_recv(pg_catalog.internal) RETURNS dtsen.nkk
    AS 'MODULE_PATHNAME', 'dtsen_nkk_recv'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_recv(pg_catalog.internal) IS
    'binary input of nkk';
CREATE FUNCTION dtsen.nkk_send(dtsen.nkk) RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen_nkk_send'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_send(dtsen.nkk) IS 'binary output of nkk';

CREATE TYPE dtsen.nkk (
    INPUT = dtsen.nkk_in,
    OUTPUT = dtsen.nkk_out,
    RECEIVE = dtsen.nkk_recv,
    SEND = dtsen.nkk_send,
    LIKE = pg_catalog.int8
);
COMMENT ON TYPE dtsen.nkk IS
    'number of a family card (nomor kartu keluarga): exactly 16 digits, 8 bytes';

-- Casts. A varchar converts by itself, because that is what JDBC's setString
-- sends; text and bigint have to be told to; nik and nkk never mix.
CREATE FUNCTION dtsen.nkk(pg_catalog.int8) RETURNS dtsen.nkk
    AS 'MODULE_PATHNAME', 'dtsen_nkk_from_bigint'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk(pg_catalog.int8) IS
    'converts bigint to nkk, refuses what is not 0 to 16 digits';
CREATE CAST (pg_catalog.int8 AS dtsen.nkk) WITH FUNCTION dtsen.nkk(pg_catalog.int8);
COMMENT ON CAST (pg_catalog.int8 AS dtsen.nkk) IS 'explicit, checks the range';
CREATE CAST (dtsen.nkk AS pg_catalog.int8) WITHOUT FUNCTION;
COMMENT ON CAST (dtsen.nkk AS pg_catalog.int8) IS 'explicit, costs nothing';
CREATE CAST (pg_catalog.text AS dtsen.nkk) WITH INOUT;
COMMENT ON CAST (pg_catalog.text AS dtsen.nkk) IS 'explicit';
CREATE CAST (pg_catalog.varchar AS dtsen.nkk) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS dtsen.nkk) IS
    'implicit, for clients that send every parameter as varchar';
CREATE CAST (dtsen.nkk AS pg_catalog.text) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (dtsen.nkk AS pg_catalog.text) IS 'on assignment: 16 digits';

CREATE FUNCTION dtsen.to_nkk(pg_catalog.text) RETURNS dtsen.nkk
    AS 'MODULE_PATHNAME', 'dtsen_to_nkk'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.to_nkk(pg_catalog.text) IS
    'reads an nkk written with spaces, dots, dashes, slashes or quotes; NULL where a digit would have to be guessed';
CREATE FUNCTION dtsen.is_nkk(pg_catalog.text) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_is_nkk'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.is_nkk(pg_catalog.text) IS
    'whether the text can be cast to nkk: exactly 16 digits';
CREATE FUNCTION dtsen.nkk_input_error(pg_catalog.text) RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_nkk_input_error'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_input_error(pg_catalog.text) IS
    'code of what keeps the text from being cast to nkk, NULL when nothing does';

CREATE FUNCTION dtsen.nkk_lt(dtsen.nkk, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8lt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._lt_support;
COMMENT ON FUNCTION dtsen.nkk_lt(dtsen.nkk, dtsen.nkk) IS
    'implementation of operator <';
CREATE FUNCTION dtsen.nkk_le(dtsen.nkk, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8le' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._le_support;
COMMENT ON FUNCTION dtsen.nkk_le(dtsen.nkk, dtsen.nkk) IS
    'implementation of operator <=';
CREATE FUNCTION dtsen.nkk_eq(dtsen.nkk, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_eq(dtsen.nkk, dtsen.nkk) IS
    'implementation of operator =';
CREATE FUNCTION dtsen.nkk_ne(dtsen.nkk, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8ne' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_ne(dtsen.nkk, dtsen.nkk) IS
    'implementation of operator <>';
CREATE FUNCTION dtsen.nkk_ge(dtsen.nkk, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8ge' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._ge_support;
COMMENT ON FUNCTION dtsen.nkk_ge(dtsen.nkk, dtsen.nkk) IS
    'implementation of operator >=';
CREATE FUNCTION dtsen.nkk_gt(dtsen.nkk, dtsen.nkk) RETURNS pg_catalog.bool
    AS 'int8gt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._gt_support;
COMMENT ON FUNCTION dtsen.nkk_gt(dtsen.nkk, dtsen.nkk) IS
    'implementation of operator >';

CREATE OPERATOR dtsen.< (
    FUNCTION = dtsen.nkk_lt, LEFTARG = dtsen.nkk, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.>), NEGATOR = OPERATOR(dtsen.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.< (dtsen.nkk, dtsen.nkk) IS 'less than';
CREATE OPERATOR dtsen.<= (
    FUNCTION = dtsen.nkk_le, LEFTARG = dtsen.nkk, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.>=), NEGATOR = OPERATOR(dtsen.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.<= (dtsen.nkk, dtsen.nkk) IS 'less than or equal';
CREATE OPERATOR dtsen.= (
    FUNCTION = dtsen.nkk_eq, LEFTARG = dtsen.nkk, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.=), NEGATOR = OPERATOR(dtsen.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.= (dtsen.nkk, dtsen.nkk) IS 'equal';
CREATE OPERATOR dtsen.<> (
    FUNCTION = dtsen.nkk_ne, LEFTARG = dtsen.nkk, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.<>), NEGATOR = OPERATOR(dtsen.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR dtsen.<> (dtsen.nkk, dtsen.nkk) IS 'not equal';
CREATE OPERATOR dtsen.>= (
    FUNCTION = dtsen.nkk_ge, LEFTARG = dtsen.nkk, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.<=), NEGATOR = OPERATOR(dtsen.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.>= (dtsen.nkk, dtsen.nkk) IS 'greater than or equal';
CREATE OPERATOR dtsen.> (
    FUNCTION = dtsen.nkk_gt, LEFTARG = dtsen.nkk, RIGHTARG = dtsen.nkk,
    COMMUTATOR = OPERATOR(dtsen.<), NEGATOR = OPERATOR(dtsen.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.> (dtsen.nkk, dtsen.nkk) IS 'greater than';

CREATE FUNCTION dtsen.nkk_larger(dtsen.nkk, dtsen.nkk) RETURNS dtsen.nkk
    AS 'int8larger' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_larger(dtsen.nkk, dtsen.nkk) IS
    'larger of two, for max()';
CREATE FUNCTION dtsen.nkk_smaller(dtsen.nkk, dtsen.nkk) RETURNS dtsen.nkk
    AS 'int8smaller' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nkk_smaller(dtsen.nkk, dtsen.nkk) IS
    'smaller of two, for min()';
CREATE AGGREGATE dtsen.max(dtsen.nkk) (
    SFUNC = dtsen.nkk_larger, STYPE = dtsen.nkk,
    COMBINEFUNC = dtsen.nkk_larger, SORTOP = OPERATOR(dtsen.>),
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.max(dtsen.nkk) IS 'largest nkk';
CREATE AGGREGATE dtsen.min(dtsen.nkk) (
    SFUNC = dtsen.nkk_smaller, STYPE = dtsen.nkk,
    COMBINEFUNC = dtsen.nkk_smaller, SORTOP = OPERATOR(dtsen.<),
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.min(dtsen.nkk) IS 'smallest nkk';
