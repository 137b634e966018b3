\echo Use "CREATE EXTENSION dtsen" to load this file. \quit

-- Everything is in schema dtsen. Functions are for everyone unless a part
-- says otherwise; helpers that start with "_" are for the extension itself.

COMMENT ON SCHEMA dtsen IS
    'dtsen: types, matching, ranking and lifecycle of a socio-economic registry';
GRANT USAGE ON SCHEMA dtsen TO PUBLIC;

CREATE FUNCTION dtsen.dtsen_version() RETURNS pg_catalog.text
    AS 'MODULE_PATHNAME', 'dtsen_version'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.dtsen_version() IS
    'version of the loaded dtsen library; the SQL version is in pg_extension';
