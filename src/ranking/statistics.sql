-- Statistics: the state type, row types and what does not depend on the type of a weight.

CREATE TYPE dtsen.stat_state;

CREATE FUNCTION dtsen.stat_state_in(pg_catalog.cstring) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen_stat_state_in'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.stat_state_in(pg_catalog.cstring) IS
    'text input of stat_state, hexadecimal';

CREATE FUNCTION dtsen.stat_state_out(dtsen.stat_state) RETURNS pg_catalog.cstring
    AS 'MODULE_PATHNAME', 'dtsen_stat_state_out'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.stat_state_out(dtsen.stat_state) IS
    'text output of stat_state, hexadecimal';

CREATE FUNCTION dtsen.stat_state_recv(pg_catalog.internal) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen_stat_state_recv'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.stat_state_recv(pg_catalog.internal) IS
    'binary input of stat_state';

CREATE FUNCTION dtsen.stat_state_send(dtsen.stat_state) RETURNS pg_catalog.bytea
    AS 'MODULE_PATHNAME', 'dtsen_stat_state_send'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.stat_state_send(dtsen.stat_state) IS
    'binary output of stat_state, the same on every machine';

-- Compressed already, so the server need not try.
CREATE TYPE dtsen.stat_state (
    INPUT = dtsen.stat_state_in,
    OUTPUT = dtsen.stat_state_out,
    RECEIVE = dtsen.stat_state_recv,
    SEND = dtsen.stat_state_send,
    INTERNALLENGTH = VARIABLE,
    STORAGE = external
);
COMMENT ON TYPE dtsen.stat_state IS
    'what an aggregate of a statistic has seen so far: a multiset and parameters';

CREATE TYPE dtsen.quantile_group AS (
    grp pg_catalog.int4,
    lower pg_catalog.float8,
    upper pg_catalog.float8,
    families pg_catalog.int8,
    persons pg_catalog.numeric,
    mean pg_catalog.float8,
    share pg_catalog.float8
);
COMMENT ON TYPE dtsen.quantile_group IS
    'a row of quantile_table()';
COMMENT ON COLUMN dtsen.quantile_group.grp IS 'group, 1 is the poorest';
COMMENT ON COLUMN dtsen.quantile_group.lower IS 'lowest score in the group';
COMMENT ON COLUMN dtsen.quantile_group.upper IS 'highest score in the group';
COMMENT ON COLUMN dtsen.quantile_group.families IS 'rows in the group';
COMMENT ON COLUMN dtsen.quantile_group.persons IS 'weight of the group';
COMMENT ON COLUMN dtsen.quantile_group.mean IS 'weighted mean of the scores';
COMMENT ON COLUMN dtsen.quantile_group.share IS 'share of the sum of weight times score';

CREATE TYPE dtsen.benefit_group AS (
    grp pg_catalog.int4,
    persons pg_catalog.numeric,
    amount pg_catalog.float8,
    mean pg_catalog.float8,
    share pg_catalog.float8
);
COMMENT ON TYPE dtsen.benefit_group IS
    'a row of benefit_incidence()';
COMMENT ON COLUMN dtsen.benefit_group.grp IS 'group, 1 is the poorest';
COMMENT ON COLUMN dtsen.benefit_group.persons IS 'weight of the group';
COMMENT ON COLUMN dtsen.benefit_group.amount IS 'sum of weight times benefit';
COMMENT ON COLUMN dtsen.benefit_group.mean IS 'weighted mean of the benefit';
COMMENT ON COLUMN dtsen.benefit_group.share IS 'share of all that is paid';

CREATE TYPE dtsen.poverty_result AS (
    p0 pg_catalog.float8,
    p1 pg_catalog.float8,
    p2 pg_catalog.float8
);
COMMENT ON TYPE dtsen.poverty_result IS
    'result of fgt_all()';
COMMENT ON COLUMN dtsen.poverty_result.p0 IS 'headcount ratio, FGT with alpha 0';
COMMENT ON COLUMN dtsen.poverty_result.p1 IS 'poverty gap index, FGT with alpha 1';
COMMENT ON COLUMN dtsen.poverty_result.p2 IS 'poverty severity index, FGT with alpha 2';

CREATE TYPE dtsen.targeting_result AS (
    tp pg_catalog.numeric,
    fp pg_catalog.numeric,
    fn pg_catalog.numeric,
    tn pg_catalog.numeric,
    exclusion_error pg_catalog.float8,
    inclusion_error pg_catalog.float8,
    leakage pg_catalog.float8,
    error_rate pg_catalog.float8,
    coverage pg_catalog.float8,
    differential pg_catalog.float8,
    normalized_share pg_catalog.float8
);
COMMENT ON TYPE dtsen.targeting_result IS
    'result of targeting_errors()';
COMMENT ON COLUMN dtsen.targeting_result.tp IS 'weight of the poor who receive';
COMMENT ON COLUMN dtsen.targeting_result.fp IS 'weight of the others who receive';
COMMENT ON COLUMN dtsen.targeting_result.fn IS 'weight of the poor who do not receive';
COMMENT ON COLUMN dtsen.targeting_result.tn IS 'weight of the others who do not receive';
COMMENT ON COLUMN dtsen.targeting_result.exclusion_error IS 'share of the poor who do not receive, fn/(tp+fn)';
COMMENT ON COLUMN dtsen.targeting_result.inclusion_error IS 'share of the others who receive, fp/(fp+tn)';
COMMENT ON COLUMN dtsen.targeting_result.leakage IS 'share of those who receive and are not poor, fp/(tp+fp)';
COMMENT ON COLUMN dtsen.targeting_result.error_rate IS 'share of all who are treated wrongly, (fp+fn)/all';
COMMENT ON COLUMN dtsen.targeting_result.coverage IS 'share of all who receive, (tp+fp)/all';
COMMENT ON COLUMN dtsen.targeting_result.differential IS 'tp/(tp+fn) - fp/(fp+tn)';
COMMENT ON COLUMN dtsen.targeting_result.normalized_share IS 'share of the poor among those who receive, by their share of all';

CREATE TYPE dtsen.gini_parts AS (
    gini pg_catalog.float8,
    within pg_catalog.float8,
    between pg_catalog.float8,
    overlap pg_catalog.float8
);
COMMENT ON TYPE dtsen.gini_parts IS
    'result of gini_decompose()';
COMMENT ON COLUMN dtsen.gini_parts.gini IS 'index of the whole';
COMMENT ON COLUMN dtsen.gini_parts.within IS 'sum over groups of weight share, score share and index';
COMMENT ON COLUMN dtsen.gini_parts.between IS 'index of the means of the groups';
COMMENT ON COLUMN dtsen.gini_parts.overlap IS 'what is left, because groups overlap';

CREATE TYPE dtsen.theil_parts AS (
    theil pg_catalog.float8,
    within pg_catalog.float8,
    between pg_catalog.float8
);
COMMENT ON TYPE dtsen.theil_parts IS
    'result of theil_decompose()';
COMMENT ON COLUMN dtsen.theil_parts.theil IS 'index of the whole, within + between';
COMMENT ON COLUMN dtsen.theil_parts.within IS 'sum over groups of score share and index';
COMMENT ON COLUMN dtsen.theil_parts.between IS 'sum over groups of score share and logarithm of the relative mean';

CREATE FUNCTION dtsen._stat_combine(dtsen.stat_state, dtsen.stat_state) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_combine'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_combine(dtsen.stat_state, dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_combine(dtsen.stat_state, dtsen.stat_state) IS
    'merges two states within an aggregate';
