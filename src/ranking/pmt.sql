-- Proxy means test: the score of a family by a model that is data.

CREATE FUNCTION dtsen.pmt_check(model pg_catalog.jsonb, OUT path pg_catalog.text, OUT problem pg_catalog.text)
    RETURNS SETOF pg_catalog.record
    AS 'MODULE_PATHNAME', 'dtsen_pmt_check'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 5;
COMMENT ON FUNCTION dtsen.pmt_check(pg_catalog.jsonb) IS
    'all that is wrong with a proxy-means-test model, with the place in it; no row if it is valid';

CREATE FUNCTION dtsen.pmt_score(model pg_catalog.jsonb, family pg_catalog.jsonb) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_pmt_score_jsonb'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION dtsen.pmt_score(pg_catalog.jsonb, pg_catalog.jsonb) IS
    'score of a family, given as a JSON object, by a proxy-means-test model';

-- Categories in columns of other types go through their output function, which
-- may depend on a setting: stable.
CREATE FUNCTION dtsen.pmt_score(model pg_catalog.jsonb, family pg_catalog.record) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_pmt_score_record'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION dtsen.pmt_score(pg_catalog.jsonb, pg_catalog.record) IS
    'score of a family, given as a row whose columns have the names of the variables';

CREATE FUNCTION dtsen.pmt_explain(model pg_catalog.jsonb, family pg_catalog.jsonb) RETURNS pg_catalog.jsonb
    AS 'MODULE_PATHNAME', 'dtsen_pmt_explain_jsonb'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dtsen.pmt_explain(pg_catalog.jsonb, pg_catalog.jsonb) IS
    'what each variable contributes to the score of a family, given as a JSON object';

CREATE FUNCTION dtsen.pmt_explain(model pg_catalog.jsonb, family pg_catalog.record) RETURNS pg_catalog.jsonb
    AS 'MODULE_PATHNAME', 'dtsen_pmt_explain_record'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dtsen.pmt_explain(pg_catalog.jsonb, pg_catalog.record) IS
    'what each variable contributes to the score of a family, given as a row';
