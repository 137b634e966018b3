
-- Type nik: exactly 16 digits, stored as the number they write. Comparison,
-- sorting and hashing are bigint's.
CREATE TYPE dtsen.nik;

CREATE FUNCTION dtsen.nik_in(pg_catalog.cstring) RETURNS dtsen.nik
    AS 'MODULE_PATHNAME', 'dtsen_nik_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_in(pg_catalog.cstring) IS 'text input of nik';
CREATE FUNCTION dtsen.nik_out(dtsen.nik) RETURNS pg_catalog.cstring
    AS 'MODULE_PATHNAME', 'dtsen_nik_out'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_out(dtsen.nik) IS 'text output of nik';
CREATE FUNCTION dtsen.nik_recv(pg_catalog.internal) RETURNS dtsen.nik
    AS 'MODULE_PATHNAME', 'dtsen_nik_recv'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_recv(pg_catalog.internal) IS
    'binary input of nik';
CREATE FUNCTION dtsen.nik_send(dtsen.nik) RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen_nik_send'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_send(dtsen.nik) IS 'binary output of nik';

CREATE TYPE dtsen.nik (
    INPUT = dtsen.nik_in,
    OUTPUT = dtsen.nik_out,
    RECEIVE = dtsen.nik_recv,
    SEND = dtsen.nik_send,
    LIKE = pg_catalog.int8
);
COMMENT ON TYPE dtsen.nik IS
    'NIK, the number of a person: exactly 16 digits, 8 bytes';

-- Casts. A varchar converts by itself, because that is what JDBC's setString
-- sends; text and bigint have to be told to; nik and nkk never mix.
CREATE FUNCTION dtsen.nik(pg_catalog.int8) RETURNS dtsen.nik
    AS 'MODULE_PATHNAME', 'dtsen_nik_from_bigint'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik(pg_catalog.int8) IS
    'converts bigint to nik, refuses what is not 0 to 16 digits';
CREATE CAST (pg_catalog.int8 AS dtsen.nik) WITH FUNCTION dtsen.nik(pg_catalog.int8);
COMMENT ON CAST (pg_catalog.int8 AS dtsen.nik) IS 'explicit, checks the range';
CREATE CAST (dtsen.nik AS pg_catalog.int8) WITHOUT FUNCTION;
COMMENT ON CAST (dtsen.nik AS pg_catalog.int8) IS 'explicit, costs nothing';
CREATE CAST (pg_catalog.text AS dtsen.nik) WITH INOUT;
COMMENT ON CAST (pg_catalog.text AS dtsen.nik) IS 'explicit';
CREATE CAST (pg_catalog.varchar AS dtsen.nik) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (pg_catalog.varchar AS dtsen.nik) IS
    'implicit, for clients that send every parameter as varchar';
CREATE CAST (dtsen.nik AS pg_catalog.text) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (dtsen.nik AS pg_catalog.text) IS 'on assignment: 16 digits';

CREATE FUNCTION dtsen.to_nik(pg_catalog.text) RETURNS dtsen.nik
    AS 'MODULE_PATHNAME', 'dtsen_to_nik'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.to_nik(pg_catalog.text) IS
    'reads a nik written with spaces, dots, dashes, slashes or quotes; NULL where a digit would have to be guessed';
CREATE FUNCTION dtsen.is_nik(pg_catalog.text) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_is_nik'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.is_nik(pg_catalog.text) IS
    'whether the text can be cast to nik: exactly 16 digits';
CREATE FUNCTION dtsen.nik_input_error(pg_catalog.text) RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_nik_input_error'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_input_error(pg_catalog.text) IS
    'code of what keeps the text from being cast to nik, NULL when nothing does';

CREATE FUNCTION dtsen.nik_lt(dtsen.nik, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8lt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._lt_support;
COMMENT ON FUNCTION dtsen.nik_lt(dtsen.nik, dtsen.nik) IS
    'implementation of operator <';
CREATE FUNCTION dtsen.nik_le(dtsen.nik, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8le' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._le_support;
COMMENT ON FUNCTION dtsen.nik_le(dtsen.nik, dtsen.nik) IS
    'implementation of operator <=';
CREATE FUNCTION dtsen.nik_eq(dtsen.nik, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8eq' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_eq(dtsen.nik, dtsen.nik) IS
    'implementation of operator =';
CREATE FUNCTION dtsen.nik_ne(dtsen.nik, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8ne' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_ne(dtsen.nik, dtsen.nik) IS
    'implementation of operator <>';
CREATE FUNCTION dtsen.nik_ge(dtsen.nik, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8ge' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._ge_support;
COMMENT ON FUNCTION dtsen.nik_ge(dtsen.nik, dtsen.nik) IS
    'implementation of operator >=';
CREATE FUNCTION dtsen.nik_gt(dtsen.nik, dtsen.nik) RETURNS pg_catalog.bool
    AS 'int8gt' LANGUAGE internal
    IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
    SUPPORT dtsen._gt_support;
COMMENT ON FUNCTION dtsen.nik_gt(dtsen.nik, dtsen.nik) IS
    'implementation of operator >';

CREATE OPERATOR dtsen.< (
    FUNCTION = dtsen.nik_lt, LEFTARG = dtsen.nik, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.>), NEGATOR = OPERATOR(dtsen.>=),
    RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR dtsen.< (dtsen.nik, dtsen.nik) IS 'less than';
CREATE OPERATOR dtsen.<= (
    FUNCTION = dtsen.nik_le, LEFTARG = dtsen.nik, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.>=), NEGATOR = OPERATOR(dtsen.>),
    RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR dtsen.<= (dtsen.nik, dtsen.nik) IS 'less than or equal';
CREATE OPERATOR dtsen.= (
    FUNCTION = dtsen.nik_eq, LEFTARG = dtsen.nik, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.=), NEGATOR = OPERATOR(dtsen.<>),
    RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel,
    HASHES, MERGES
);
COMMENT ON OPERATOR dtsen.= (dtsen.nik, dtsen.nik) IS 'equal';
CREATE OPERATOR dtsen.<> (
    FUNCTION = dtsen.nik_ne, LEFTARG = dtsen.nik, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.<>), NEGATOR = OPERATOR(dtsen.=),
    RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR dtsen.<> (dtsen.nik, dtsen.nik) IS 'not equal';
CREATE OPERATOR dtsen.>= (
    FUNCTION = dtsen.nik_ge, LEFTARG = dtsen.nik, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.<=), NEGATOR = OPERATOR(dtsen.<),
    RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR dtsen.>= (dtsen.nik, dtsen.nik) IS 'greater than or equal';
CREATE OPERATOR dtsen.> (
    FUNCTION = dtsen.nik_gt, LEFTARG = dtsen.nik, RIGHTARG = dtsen.nik,
    COMMUTATOR = OPERATOR(dtsen.<), NEGATOR = OPERATOR(dtsen.<=),
    RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR dtsen.> (dtsen.nik, dtsen.nik) IS 'greater than';

CREATE FUNCTION dtsen.nik_larger(dtsen.nik, dtsen.nik) RETURNS dtsen.nik
    AS 'int8larger' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_larger(dtsen.nik, dtsen.nik) IS
    'larger of two, for max()';
CREATE FUNCTION dtsen.nik_smaller(dtsen.nik, dtsen.nik) RETURNS dtsen.nik
    AS 'int8smaller' LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.nik_smaller(dtsen.nik, dtsen.nik) IS
    'smaller of two, for min()';
CREATE AGGREGATE dtsen.max(dtsen.nik) (
    SFUNC = dtsen.nik_larger, STYPE = dtsen.nik,
    COMBINEFUNC = dtsen.nik_larger, SORTOP = OPERATOR(dtsen.>),
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.max(dtsen.nik) IS 'largest nik';
CREATE AGGREGATE dtsen.min(dtsen.nik) (
    SFUNC = dtsen.nik_smaller, STYPE = dtsen.nik,
    COMBINEFUNC = dtsen.nik_smaller, SORTOP = OPERATOR(dtsen.<),
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.min(dtsen.nik) IS 'smallest nik';
