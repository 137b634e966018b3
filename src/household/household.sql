-- Households: type keluarga, the roster of a family, and how one is made of rows.

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

-- One member, for what keluarga_members() returns and keluarga(anggota_keluarga) takes.
CREATE TYPE dtsen.anggota_keluarga AS (
    nik dtsen.nik,
    hubungan pg_catalog.int4,
    kelamin pg_catalog.text,
    tanggal_lahir pg_catalog.date,
    kawin pg_catalog.int4,
    sekolah pg_catalog.text,
    disabilitas pg_catalog.int4,
    hamil pg_catalog.bool
);
COMMENT ON TYPE dtsen.anggota_keluarga IS
    'a member of a family; NULL for what is not known';
COMMENT ON COLUMN dtsen.anggota_keluarga.nik IS
    'NIK, never NULL';
COMMENT ON COLUMN dtsen.anggota_keluarga.hubungan IS
    'relation to the head, code 1 to 8, never NULL';
COMMENT ON COLUMN dtsen.anggota_keluarga.kelamin IS
    'sex: L or P';
COMMENT ON COLUMN dtsen.anggota_keluarga.tanggal_lahir IS
    'birth date';
COMMENT ON COLUMN dtsen.anggota_keluarga.kawin IS
    'marital state: 1 single, 2 married, 3 divorced, 4 widowed';
COMMENT ON COLUMN dtsen.anggota_keluarga.sekolah IS
    'schooling: belum (never), tidak (no longer), or the level attended: sd, smp, sma, tinggi';
COMMENT ON COLUMN dtsen.anggota_keluarga.disabilitas IS
    'disability: 0 none known, 1 yes, 2 severe';
COMMENT ON COLUMN dtsen.anggota_keluarga.hamil IS
    'pregnant?';

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

CREATE FUNCTION dtsen._keluarga_add(dtsen.keluarga, dtsen.anggota_keluarga) RETURNS dtsen.keluarga
    AS 'MODULE_PATHNAME', 'dtsen__keluarga_add_anggota'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._keluarga_add(dtsen.keluarga, dtsen.anggota_keluarga) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._keluarga_add(dtsen.keluarga, dtsen.anggota_keluarga) IS
    'transition of keluarga(anggota_keluarga)';

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

CREATE AGGREGATE dtsen.keluarga(anggota dtsen.anggota_keluarga) (
    SFUNC = dtsen._keluarga_add,
    STYPE = dtsen.keluarga,
    SSPACE = 64,
    COMBINEFUNC = dtsen._keluarga_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.keluarga(dtsen.anggota_keluarga) IS
    'roster of the family whose members the rows are; NIKs must differ';
