-- Statistics of (score, weight) for one type of weight. The build writes the type
-- for WEIGHT, see the Makefile. Aggregates with the same arguments share one state.

CREATE AGGREGATE dtsen.weighted_percentile_disc(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_percentile_disc,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.weighted_percentile_disc(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'lowest score that this fraction of the weight reaches: min {x : C(x) >= fraction * W}';

CREATE AGGREGATE dtsen.weighted_percentile_disc(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8[]) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_percentiles_disc,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.weighted_percentile_disc(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8[]) IS
    'lowest scores that these fractions of the weight reach';

CREATE AGGREGATE dtsen.weighted_percentile_cont(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_percentile_cont,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.weighted_percentile_cont(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'percentile_cont over persons: as if each row stood there as often as its weight says';

CREATE AGGREGATE dtsen.weighted_percentile_cont(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8[]) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_percentiles_cont,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.weighted_percentile_cont(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8[]) IS
    'percentile_cont over persons, several fractions';

CREATE AGGREGATE dtsen.weighted_median(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_median,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.weighted_median(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'score that half of the weight reaches; the middle of two where the halves are equal';

CREATE AGGREGATE dtsen.lorenz(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_lorenz,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.lorenz(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'Lorenz curve: shares of the poorest 10, 20 ... 100 percent';

CREATE AGGREGATE dtsen.lorenz(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_lorenz,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.lorenz(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) IS
    'Lorenz curve: element k is the share of the poorest k/points';

CREATE AGGREGATE dtsen.gini(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_gini,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.gini(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'Gini index, 0 to 1';

CREATE AGGREGATE dtsen.theil_t(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_theil_t,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.theil_t(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'Theil T, generalised entropy with alpha 1';

CREATE AGGREGATE dtsen.theil_l(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_theil_l,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.theil_l(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'Theil L or mean log deviation, generalised entropy with alpha 0';

CREATE AGGREGATE dtsen.generalized_entropy(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_entropy,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.generalized_entropy(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'generalised entropy index with sensitivity alpha';

CREATE AGGREGATE dtsen.atkinson(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_atkinson,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.atkinson(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'Atkinson index with inequality aversion epsilon > 0';

CREATE AGGREGATE dtsen.palma(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_palma,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.palma(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'Palma ratio: share of the richest 10 percent by that of the poorest 40';

CREATE AGGREGATE dtsen.quintile_share_ratio(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_quintile_ratio,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.quintile_share_ratio(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'sum of the scores above the fourth quintile cut by the sum of those up to the first';

CREATE AGGREGATE dtsen.share_between(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_share_between,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.share_between(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) IS
    'share of those between two fractions of the ranking, L(hi) - L(lo)';

CREATE AGGREGATE dtsen.at_risk_of_poverty(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_risk_of_poverty,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.at_risk_of_poverty(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'share of the weight below 0.6 of the weighted median';

CREATE AGGREGATE dtsen.at_risk_of_poverty(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) (
    SFUNC = dtsen._stat_add,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_risk_of_poverty,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.at_risk_of_poverty(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'share of the weight below this share of the weighted median';
