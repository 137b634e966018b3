-- Final functions of the statistics.

CREATE FUNCTION dtsen._stat_percentile_disc(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_percentile_disc'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_percentile_disc(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_percentile_disc(dtsen.stat_state) IS
    'result of weighted_percentile_disc, one fraction';

CREATE FUNCTION dtsen._stat_percentiles_disc(dtsen.stat_state) RETURNS pg_catalog.float8[]
    AS 'MODULE_PATHNAME', 'dtsen__stat_percentiles_disc'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_percentiles_disc(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_percentiles_disc(dtsen.stat_state) IS
    'result of weighted_percentile_disc, several fractions';

CREATE FUNCTION dtsen._stat_percentile_cont(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_percentile_cont'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_percentile_cont(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_percentile_cont(dtsen.stat_state) IS
    'result of weighted_percentile_cont, one fraction';

CREATE FUNCTION dtsen._stat_percentiles_cont(dtsen.stat_state) RETURNS pg_catalog.float8[]
    AS 'MODULE_PATHNAME', 'dtsen__stat_percentiles_cont'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_percentiles_cont(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_percentiles_cont(dtsen.stat_state) IS
    'result of weighted_percentile_cont, several fractions';

CREATE FUNCTION dtsen._stat_median(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_median'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_median(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_median(dtsen.stat_state) IS
    'result of weighted_median';

CREATE FUNCTION dtsen._stat_lorenz(dtsen.stat_state) RETURNS pg_catalog.float8[]
    AS 'MODULE_PATHNAME', 'dtsen__stat_lorenz'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_lorenz(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_lorenz(dtsen.stat_state) IS
    'result of lorenz';

CREATE FUNCTION dtsen._stat_gini(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_gini'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_gini(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_gini(dtsen.stat_state) IS
    'result of gini';

CREATE FUNCTION dtsen._stat_theil_t(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_theil_t'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_theil_t(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_theil_t(dtsen.stat_state) IS
    'result of theil_t';

CREATE FUNCTION dtsen._stat_theil_l(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_theil_l'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_theil_l(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_theil_l(dtsen.stat_state) IS
    'result of theil_l';

CREATE FUNCTION dtsen._stat_entropy(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_entropy'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_entropy(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_entropy(dtsen.stat_state) IS
    'result of generalized_entropy';

CREATE FUNCTION dtsen._stat_atkinson(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_atkinson'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_atkinson(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_atkinson(dtsen.stat_state) IS
    'result of atkinson';

CREATE FUNCTION dtsen._stat_palma(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_palma'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_palma(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_palma(dtsen.stat_state) IS
    'result of palma';

CREATE FUNCTION dtsen._stat_quintile_ratio(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_quintile_ratio'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_quintile_ratio(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_quintile_ratio(dtsen.stat_state) IS
    'result of quintile_share_ratio';

CREATE FUNCTION dtsen._stat_share_between(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_share_between'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_share_between(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_share_between(dtsen.stat_state) IS
    'result of share_between';

CREATE FUNCTION dtsen._stat_risk_of_poverty(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_risk_of_poverty'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_risk_of_poverty(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_risk_of_poverty(dtsen.stat_state) IS
    'result of at_risk_of_poverty';

CREATE FUNCTION dtsen._stat_table(dtsen.stat_state) RETURNS dtsen.quantile_group[]
    AS 'MODULE_PATHNAME', 'dtsen__stat_table'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_table(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_table(dtsen.stat_state) IS
    'result of quantile_table';

CREATE FUNCTION dtsen._stat_fgt(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_fgt'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_fgt(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_fgt(dtsen.stat_state) IS
    'result of fgt';

CREATE FUNCTION dtsen._stat_fgt_all(dtsen.stat_state) RETURNS dtsen.poverty_result
    AS 'MODULE_PATHNAME', 'dtsen__stat_fgt_all'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_fgt_all(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_fgt_all(dtsen.stat_state) IS
    'result of fgt_all';

CREATE FUNCTION dtsen._stat_watts(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_watts'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_watts(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_watts(dtsen.stat_state) IS
    'result of watts';

CREATE FUNCTION dtsen._stat_concentration(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_concentration'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_concentration(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_concentration(dtsen.stat_state) IS
    'result of concentration_index';

CREATE FUNCTION dtsen._stat_concentration_curve(dtsen.stat_state) RETURNS pg_catalog.float8[]
    AS 'MODULE_PATHNAME', 'dtsen__stat_concentration_curve'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_concentration_curve(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_concentration_curve(dtsen.stat_state) IS
    'result of concentration_curve';

CREATE FUNCTION dtsen._stat_cgh(dtsen.stat_state) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen__stat_cgh'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_cgh(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_cgh(dtsen.stat_state) IS
    'result of cgh_index';

CREATE FUNCTION dtsen._stat_incidence(dtsen.stat_state) RETURNS dtsen.benefit_group[]
    AS 'MODULE_PATHNAME', 'dtsen__stat_incidence'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_incidence(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_incidence(dtsen.stat_state) IS
    'result of benefit_incidence';

CREATE FUNCTION dtsen._stat_targeting(dtsen.stat_state) RETURNS dtsen.targeting_result
    AS 'MODULE_PATHNAME', 'dtsen__stat_targeting'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_targeting(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_targeting(dtsen.stat_state) IS
    'result of targeting_errors';

CREATE FUNCTION dtsen._stat_gini_decompose(dtsen.stat_state) RETURNS dtsen.gini_parts
    AS 'MODULE_PATHNAME', 'dtsen__stat_gini_decompose'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_gini_decompose(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_gini_decompose(dtsen.stat_state) IS
    'result of gini_decompose';

CREATE FUNCTION dtsen._stat_theil_decompose(dtsen.stat_state) RETURNS dtsen.theil_parts
    AS 'MODULE_PATHNAME', 'dtsen__stat_theil_decompose'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_theil_decompose(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_theil_decompose(dtsen.stat_state) IS
    'result of theil_decompose';

CREATE FUNCTION dtsen.gini_grouped(p pg_catalog.float8[], share pg_catalog.float8[]) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_gini_grouped'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.gini_grouped(pg_catalog.float8[], pg_catalog.float8[]) IS
    'Gini index of grouped data: cumulative shares of persons and of what they have, both ascending to 1';
