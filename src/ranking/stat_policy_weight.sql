-- Groups, poverty, benefits and decompositions for one type of weight. The build
-- writes the type for WEIGHT, see the Makefile.

CREATE AGGREGATE dtsen.quantile_table(pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add_table,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_table,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.quantile_table(pg_catalog.float8, pg_catalog.WEIGHT) IS
    'what is in each decile, an array of rows';

CREATE AGGREGATE dtsen.quantile_table(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) (
    SFUNC = dtsen._stat_add_table,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_table,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.quantile_table(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) IS
    'what is in each of so many groups of equal weight, an array of rows';

CREATE AGGREGATE dtsen.fgt(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) (
    SFUNC = dtsen._stat_add_poverty,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_fgt,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.fgt(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8, pg_catalog.float8) IS
    'Foster-Greer-Thorbecke index of poverty: score, weight, poverty line, alpha';

CREATE AGGREGATE dtsen.fgt_all(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) (
    SFUNC = dtsen._stat_add_poverty,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_fgt_all,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.fgt_all(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'headcount ratio, poverty gap and severity: score, weight, poverty line';

CREATE AGGREGATE dtsen.watts(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) (
    SFUNC = dtsen._stat_add_poverty,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_watts,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.watts(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'Watts index of poverty: score, weight, poverty line';

CREATE AGGREGATE dtsen.concentration_index(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add_benefit,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_concentration,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.concentration_index(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) IS
    'concentration index of a benefit over the ranking by score, -1 to 1';

CREATE AGGREGATE dtsen.concentration_curve(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add_benefit,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_concentration_curve,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.concentration_curve(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) IS
    'shares of a benefit that go to the poorest 10, 20 ... 100 percent';

CREATE AGGREGATE dtsen.concentration_curve(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) (
    SFUNC = dtsen._stat_add_benefit,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_concentration_curve,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.concentration_curve(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) IS
    'element k is the share of a benefit that goes to the poorest k/points';

CREATE AGGREGATE dtsen.cgh_index(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add_benefit,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_cgh,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.cgh_index(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) IS
    'share of a benefit that goes to the poorest 40 percent, by 0.4';

CREATE AGGREGATE dtsen.cgh_index(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) (
    SFUNC = dtsen._stat_add_benefit,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_cgh,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.cgh_index(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.float8) IS
    'share of a benefit that goes to the poorest q, by q';

CREATE AGGREGATE dtsen.benefit_incidence(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add_benefit,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_incidence,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.benefit_incidence(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT) IS
    'what each decile is paid, an array of rows';

CREATE AGGREGATE dtsen.benefit_incidence(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) (
    SFUNC = dtsen._stat_add_benefit,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_incidence,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.benefit_incidence(pg_catalog.float8, pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.int4) IS
    'what each of so many groups is paid, an array of rows';

CREATE AGGREGATE dtsen.targeting_errors(pg_catalog.bool, pg_catalog.bool, pg_catalog.WEIGHT) (
    SFUNC = dtsen._stat_add_targeting,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_targeting,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.targeting_errors(pg_catalog.bool, pg_catalog.bool, pg_catalog.WEIGHT) IS
    'exclusion error, inclusion error, leakage and more: is poor, receives, weight';

CREATE AGGREGATE dtsen.gini_decompose(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.text) (
    SFUNC = dtsen._stat_add_grouped,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_gini_decompose,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.gini_decompose(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.text) IS
    'Gini index within groups, between their means, and from their overlap';

CREATE AGGREGATE dtsen.theil_decompose(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.text) (
    SFUNC = dtsen._stat_add_grouped,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_theil_decompose,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.theil_decompose(pg_catalog.float8, pg_catalog.WEIGHT, pg_catalog.text) IS
    'Theil T within groups and between their means';
