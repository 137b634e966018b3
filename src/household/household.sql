-- Households: type keluarga, the roster of a family.

CREATE TYPE dtsen.keluarga;

CREATE FUNCTION dtsen.keluarga_in(pg_catalog.cstring) RETURNS dtsen.keluarga
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_in(pg_catalog.cstring) IS
    'text input of keluarga';

CREATE FUNCTION dtsen.keluarga_out(dtsen.keluarga) RETURNS pg_catalog.cstring
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_out'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_out(dtsen.keluarga) IS
    'text output of keluarga';

CREATE FUNCTION dtsen.keluarga_recv(pg_catalog.internal) RETURNS dtsen.keluarga
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_recv'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_recv(pg_catalog.internal) IS
    'binary input of keluarga';

CREATE FUNCTION dtsen.keluarga_send(dtsen.keluarga) RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_send'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_send(dtsen.keluarga) IS
    'binary output of keluarga';

CREATE TYPE dtsen.keluarga (
    INPUT = dtsen.keluarga_in,
    OUTPUT = dtsen.keluarga_out,
    RECEIVE = dtsen.keluarga_recv,
    SEND = dtsen.keluarga_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
COMMENT ON TYPE dtsen.keluarga IS
    'roster of a family: NIK, relation to the head, sex and birth date of each member';

-- The transition type is the roster itself, so that any engine can split it.

CREATE FUNCTION dtsen._keluarga_add(dtsen.keluarga, dtsen.nik, pg_catalog.int4, pg_catalog.text, pg_catalog.date) RETURNS dtsen.keluarga
    AS 'MODULE_PATHNAME', 'dtsen__keluarga_add'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._keluarga_add(dtsen.keluarga, dtsen.nik, pg_catalog.int4, pg_catalog.text, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._keluarga_add(dtsen.keluarga, dtsen.nik, pg_catalog.int4, pg_catalog.text, pg_catalog.date) IS
    'transition of keluarga(nik, hubungan, kelamin, lahir)';

CREATE FUNCTION dtsen._keluarga_add(dtsen.keluarga, dtsen.nik, pg_catalog.int4, pg_catalog.int4, pg_catalog.date) RETURNS dtsen.keluarga
    AS 'MODULE_PATHNAME', 'dtsen__keluarga_add_int4'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._keluarga_add(dtsen.keluarga, dtsen.nik, pg_catalog.int4, pg_catalog.int4, pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._keluarga_add(dtsen.keluarga, dtsen.nik, pg_catalog.int4, pg_catalog.int4, pg_catalog.date) IS
    'transition of keluarga(nik, hubungan, kelamin, lahir)';

CREATE FUNCTION dtsen._keluarga_combine(dtsen.keluarga, dtsen.keluarga) RETURNS dtsen.keluarga
    AS 'MODULE_PATHNAME', 'dtsen__keluarga_combine'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._keluarga_combine(dtsen.keluarga, dtsen.keluarga) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._keluarga_combine(dtsen.keluarga, dtsen.keluarga) IS
    'merges two parts of a roster within an aggregate';

CREATE AGGREGATE dtsen.keluarga(nik dtsen.nik, hubungan pg_catalog.int4, kelamin pg_catalog.text, lahir pg_catalog.date) (
    SFUNC = dtsen._keluarga_add,
    STYPE = dtsen.keluarga,
    SSPACE = 64,
    COMBINEFUNC = dtsen._keluarga_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.keluarga(dtsen.nik, pg_catalog.int4, pg_catalog.text, pg_catalog.date) IS
    'roster of the family whose members the rows are, sex as L or P; NIKs must differ';

CREATE AGGREGATE dtsen.keluarga(nik dtsen.nik, hubungan pg_catalog.int4, kelamin pg_catalog.int4, lahir pg_catalog.date) (
    SFUNC = dtsen._keluarga_add,
    STYPE = dtsen.keluarga,
    SSPACE = 64,
    COMBINEFUNC = dtsen._keluarga_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.keluarga(dtsen.nik, pg_catalog.int4, pg_catalog.int4, pg_catalog.date) IS
    'roster of the family whose members the rows are, sex as code 1 or 2; NIKs must differ';

CREATE FUNCTION dtsen.keluarga_size(dtsen.keluarga) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_size'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_size(dtsen.keluarga) IS
    'number of members';

CREATE FUNCTION dtsen.keluarga_head(dtsen.keluarga) RETURNS dtsen.nik
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_head'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_head(dtsen.keluarga) IS
    'NIK of the head; NULL unless there is exactly one';

CREATE FUNCTION dtsen.keluarga_members(
    dtsen.keluarga,
    OUT nik dtsen.nik, OUT hubungan pg_catalog.int4,
    OUT kelamin pg_catalog.text, OUT tanggal_lahir pg_catalog.date
) RETURNS SETOF pg_catalog.record
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_members'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10 ROWS 4;
COMMENT ON FUNCTION dtsen.keluarga_members(dtsen.keluarga) IS
    'members as rows: head first, then by relation, birth date and NIK';

CREATE FUNCTION dtsen.keluarga_has(dtsen.keluarga, dtsen.nik) RETURNS pg_catalog.bool
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_has'
    LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.keluarga_has(dtsen.keluarga, dtsen.nik) IS
    'is the NIK one of a member?';

CREATE FUNCTION dtsen.keluarga_age_count(dtsen.keluarga, from_age pg_catalog.int4, to_age pg_catalog.int4, asof pg_catalog.date) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_age_count'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_age_count(dtsen.keluarga, pg_catalog.int4, pg_catalog.int4, pg_catalog.date) IS
    'members from one age to another, in completed years at a date';

CREATE FUNCTION dtsen.keluarga_elderly(dtsen.keluarga, asof pg_catalog.date) RETURNS pg_catalog.int4
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_elderly'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION dtsen.keluarga_elderly(dtsen.keluarga, pg_catalog.date) IS
    'members of 60 years and more at a date';

CREATE FUNCTION dtsen.keluarga_dependency_ratio(dtsen.keluarga, asof pg_catalog.date) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_dependency_ratio'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 4;
COMMENT ON FUNCTION dtsen.keluarga_dependency_ratio(dtsen.keluarga, pg_catalog.date) IS
    'members under 15 and above 64 for each of 15 to 64 years at a date; NULL if there is none of those';

CREATE FUNCTION dtsen.keluarga_errors(dtsen.keluarga, asof pg_catalog.date) RETURNS pg_catalog.text[]
    AS 'MODULE_PATHNAME', 'dtsen_keluarga_errors'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION dtsen.keluarga_errors(dtsen.keluarga, pg_catalog.date) IS
    'codes of what cannot be, or hardly can, in a family at a date';
