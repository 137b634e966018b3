-- Plain string comparators, for those who know them. Characters are code
-- points; they know nothing of names.

CREATE FUNCTION dtsen.jaro(pg_catalog.text, pg_catalog.text)
    RETURNS pg_catalog.float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2
    AS 'MODULE_PATHNAME', 'dtsen_jaro';
COMMENT ON FUNCTION dtsen.jaro(pg_catalog.text, pg_catalog.text) IS
    'similarity of Jaro, 0 to 1';

CREATE FUNCTION dtsen.jaro_winkler(pg_catalog.text, pg_catalog.text)
    RETURNS pg_catalog.float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2
    AS 'MODULE_PATHNAME', 'dtsen_jaro_winkler';
COMMENT ON FUNCTION dtsen.jaro_winkler(pg_catalog.text, pg_catalog.text) IS
    'similarity of Jaro and Winkler, 0 to 1: above 0.7 more for an equal beginning';

CREATE FUNCTION dtsen.osa_distance(pg_catalog.text, pg_catalog.text)
    RETURNS pg_catalog.int4
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 2
    AS 'MODULE_PATHNAME', 'dtsen_osa_distance';
COMMENT ON FUNCTION dtsen.osa_distance(pg_catalog.text, pg_catalog.text) IS
    'optimal string alignment distance: insertions, deletions, substitutions, exchanged neighbours';
