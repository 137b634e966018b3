-- Movement between two editions: who changes group, and why.

CREATE TYPE dtsen.movement_cell AS (
    old_group pg_catalog.int4,
    recut_group pg_catalog.int4,
    new_group pg_catalog.int4,
    persons pg_catalog.int8
);
COMMENT ON TYPE dtsen.movement_cell IS
    'a row of rank_movement()';
COMMENT ON COLUMN dtsen.movement_cell.old_group IS 'group by the old score and the old cuts';
COMMENT ON COLUMN dtsen.movement_cell.recut_group IS 'group of the old score by the new cuts';
COMMENT ON COLUMN dtsen.movement_cell.new_group IS 'group by the new score and the new cuts';
COMMENT ON COLUMN dtsen.movement_cell.persons IS 'weight of the families with these three';

CREATE TYPE dtsen.movement_effects AS (
    persons pg_catalog.int8,
    same pg_catalog.int8,
    risen pg_catalog.int8,
    fallen pg_catalog.int8,
    extreme_rise pg_catalog.int8,
    extreme_fall pg_catalog.int8,
    by_score pg_catalog.int8,
    by_cuts pg_catalog.int8,
    by_both pg_catalog.int8,
    cancelled pg_catalog.int8,
    mean_steps pg_catalog.float8,
    score_steps pg_catalog.float8,
    cut_steps pg_catalog.float8
);
COMMENT ON TYPE dtsen.movement_effects IS
    'result of rank_movement_effects(); all weights are of families with both scores';
COMMENT ON COLUMN dtsen.movement_effects.persons IS 'weight of all';
COMMENT ON COLUMN dtsen.movement_effects.same IS 'in the same group as before';
COMMENT ON COLUMN dtsen.movement_effects.risen IS 'in a higher group';
COMMENT ON COLUMN dtsen.movement_effects.fallen IS 'in a lower group';
COMMENT ON COLUMN dtsen.movement_effects.extreme_rise IS 'risen by more than 6 groups';
COMMENT ON COLUMN dtsen.movement_effects.extreme_fall IS 'fallen by 7 groups or more';
COMMENT ON COLUMN dtsen.movement_effects.by_score IS 'moved, and the new cuts alone would not have moved them';
COMMENT ON COLUMN dtsen.movement_effects.by_cuts IS 'moved by the new cuts alone';
COMMENT ON COLUMN dtsen.movement_effects.by_both IS 'moved by cuts and score';
COMMENT ON COLUMN dtsen.movement_effects.cancelled IS 'not moved, because score and cuts moved against each other';
COMMENT ON COLUMN dtsen.movement_effects.mean_steps IS 'mean number of groups moved upwards, score_steps + cut_steps';
COMMENT ON COLUMN dtsen.movement_effects.score_steps IS 'of which by the score: new group less recut group';
COMMENT ON COLUMN dtsen.movement_effects.cut_steps IS 'of which by the cuts: recut group less old group';

CREATE FUNCTION dtsen._stat_add_transition(dtsen.stat_state, pg_catalog.int4, pg_catalog.int4, pg_catalog.int8, pg_catalog.int4) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_transition'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_transition(dtsen.stat_state, pg_catalog.int4, pg_catalog.int4, pg_catalog.int8, pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_transition(dtsen.stat_state, pg_catalog.int4, pg_catalog.int4, pg_catalog.int8, pg_catalog.int4) IS
    'transition of transition_matrix';

CREATE FUNCTION dtsen._stat_add_movement(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8[], pg_catalog.float8[], pg_catalog.int8) RETURNS dtsen.stat_state
    AS 'MODULE_PATHNAME', 'dtsen__stat_add_movement'
    LANGUAGE C IMMUTABLE PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_add_movement(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8[], pg_catalog.float8[], pg_catalog.int8) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_add_movement(dtsen.stat_state, pg_catalog.float8, pg_catalog.float8, pg_catalog.float8[], pg_catalog.float8[], pg_catalog.int8) IS
    'transition of rank_movement and rank_movement_effects';

CREATE FUNCTION dtsen._stat_transition(dtsen.stat_state) RETURNS pg_catalog.int8[]
    AS 'MODULE_PATHNAME', 'dtsen__stat_transition'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_transition(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_transition(dtsen.stat_state) IS
    'result of transition_matrix';

CREATE FUNCTION dtsen._stat_movement(dtsen.stat_state) RETURNS dtsen.movement_cell[]
    AS 'MODULE_PATHNAME', 'dtsen__stat_movement'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_movement(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_movement(dtsen.stat_state) IS
    'result of rank_movement';

CREATE FUNCTION dtsen._stat_movement_effects(dtsen.stat_state) RETURNS dtsen.movement_effects
    AS 'MODULE_PATHNAME', 'dtsen__stat_movement_effects'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
REVOKE ALL ON FUNCTION dtsen._stat_movement_effects(dtsen.stat_state) FROM PUBLIC;
COMMENT ON FUNCTION dtsen._stat_movement_effects(dtsen.stat_state) IS
    'result of rank_movement_effects';

CREATE AGGREGATE dtsen.transition_matrix(pg_catalog.int4, pg_catalog.int4, pg_catalog.int8, pg_catalog.int4) (
    SFUNC = dtsen._stat_add_transition,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_transition,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.transition_matrix(pg_catalog.int4, pg_catalog.int4, pg_catalog.int8, pg_catalog.int4) IS
    'persons by old group (rows) and new group (columns): old group, new group, weight, number of groups';

CREATE AGGREGATE dtsen.rank_movement(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8[], pg_catalog.float8[], pg_catalog.int8) (
    SFUNC = dtsen._stat_add_movement,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_movement,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.rank_movement(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8[], pg_catalog.float8[], pg_catalog.int8) IS
    'persons by old group, group of the old score by the new cuts, and new group: old score, new score, old cuts, new cuts, weight';

CREATE AGGREGATE dtsen.rank_movement_effects(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8[], pg_catalog.float8[], pg_catalog.int8) (
    SFUNC = dtsen._stat_add_movement,
    STYPE = dtsen.stat_state,
    SSPACE = 8192,
    FINALFUNC = dtsen._stat_movement_effects,
    COMBINEFUNC = dtsen._stat_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE dtsen.rank_movement_effects(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8[], pg_catalog.float8[], pg_catalog.int8) IS
    'how many move, how far, and whether score or cuts moved them: old score, new score, old cuts, new cuts, weight';

CREATE FUNCTION dtsen.mobility_index(matrix pg_catalog.int8[]) RETURNS pg_catalog.float8
    AS 'MODULE_PATHNAME', 'dtsen_mobility_index'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dtsen.mobility_index(pg_catalog.int8[]) IS
    'Shorrocks mobility of a transition matrix: 0 nobody moves, 1 as if by chance';

CREATE FUNCTION dtsen.movement_class(old_group pg_catalog.int4, new_group pg_catalog.int4) RETURNS pg_catalog.text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE
        WHEN new_group - old_group <= -7 THEN 'extreme fall'
        WHEN new_group - old_group <= -4 THEN 'significant fall'
        WHEN new_group - old_group < 0 THEN 'fall'
        WHEN new_group - old_group = 0 THEN 'same'
        WHEN new_group - old_group <= 3 THEN 'rise'
        WHEN new_group - old_group <= 6 THEN 'significant rise'
        ELSE 'extreme rise'
    END;
COMMENT ON FUNCTION dtsen.movement_class(pg_catalog.int4, pg_catalog.int4) IS
    'size of a movement between deciles, with the thresholds of DTSEN from V2 to V3';
