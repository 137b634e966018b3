-- Keyed pseudonyms, for handing data out without its numbers.

CREATE FUNCTION dtsen.nik_pseudonym(dtsen.nik, key pg_catalog.bytea) RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_nik_pseudonym'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION dtsen.nik_pseudonym(dtsen.nik, pg_catalog.bytea) IS
    'pseudonym of a person under a key of at least 16 bytes: 32 hexadecimal digits of an HMAC-SHA-256';

CREATE FUNCTION dtsen.nkk_pseudonym(dtsen.nkk, key pg_catalog.bytea) RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_nkk_pseudonym'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION dtsen.nkk_pseudonym(dtsen.nkk, pg_catalog.bytea) IS
    'pseudonym of a family card under a key of at least 16 bytes: 32 hexadecimal digits of an HMAC-SHA-256';
