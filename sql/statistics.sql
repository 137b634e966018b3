-- Statistics: what a user sees, with the examples of docs/statistics.md and
-- docs/pmt.md. Figures are proven in test/pgtap/statistics.sql.
SET search_path = dtsen, public;

CREATE TABLE family (name text, region text, score float8, persons int, aid float8, line float8);
INSERT INTO family VALUES ('A', 'north', 100, 6, 20, 150), ('B', 'north', 200, 1, 20, 150),
    ('C', 'south', 200, 1, 0, 250), ('D', 'south', 400, 2, 0, 250), ('E', 'south', NULL, 3, 20, 250);

-- quantiles and inequality
SELECT weighted_percentile_disc(score, persons, '{0.5,0.9}'::float8[])::int[] AS disc,
       weighted_percentile_cont(score, persons, 0.75) = 200 AS cont, weighted_median(score, persons) = 100 AS median
FROM family;
SELECT (q).grp, (q).lower::int, (q).upper::int, (q).families, (q).persons, (q).mean::int, round((q).share::numeric, 4) AS share
FROM (SELECT unnest(quantile_table(score, persons, 2)) AS q FROM family) x;
SELECT round(gini(score, persons)::numeric, 4) AS gini, round(theil_t(score, persons)::numeric, 4) AS theil_t,
       round(theil_l(score, persons)::numeric, 4) AS theil_l, round(atkinson(score, persons, 1)::numeric, 4) AS atkinson,
       round(palma(score, persons)::numeric, 4) AS palma,
       round(share_between(score, persons, 0, 0.4)::numeric, 4) AS poorest_40
FROM family;
SELECT array_agg(round(l::numeric, 3)) AS lorenz FROM (SELECT unnest(lorenz(score, persons, 5)) AS l FROM family) x;
SELECT region, round(gini(score, persons)::numeric, 4) AS gini FROM family GROUP BY region ORDER BY region;
SELECT round((d).gini::numeric, 4) AS gini, round((d).within::numeric, 4) AS within, round((d).between::numeric, 4) AS between,
       round((d).overlap::numeric, 4) AS overlap
FROM (SELECT gini_decompose(score, persons, region) AS d FROM family) x;

-- poverty and targeting
SELECT round((p).p0::numeric, 4) AS p0, round((p).p1::numeric, 4) AS p1, round((p).p2::numeric, 4) AS p2
FROM (SELECT fgt_all(score, persons, line) AS p FROM family) x;
SELECT round(concentration_index(aid, score, persons)::numeric, 4) AS concentration,
       round(cgh_index(aid, score, persons)::numeric, 4) AS cgh FROM family;
SELECT (b).grp, (b).persons, (b).amount::int, round((b).mean::numeric, 2) AS mean, round((b).share::numeric, 4) AS share
FROM (SELECT unnest(benefit_incidence(aid, score, persons, 2)) AS b FROM family) x;
SELECT (t).tp, (t).fp, (t).fn, (t).tn, round((t).exclusion_error::numeric, 4) AS exclusion_error,
       round((t).inclusion_error::numeric, 4) AS inclusion_error, round((t).leakage::numeric, 4) AS leakage
FROM (SELECT targeting_errors(score < line, aid > 0, persons) AS t FROM family) x;

-- movement
CREATE TABLE edition (name text, old_score float8, new_score float8, persons int);
INSERT INTO edition VALUES ('A', 100, 100, 6), ('B', 200, 450, 1), ('C', 200, 200, 1), ('D', 400, 150, 2);
SELECT (unnest(rank_movement(old_score, new_score, '{100}', '{150}', persons))).* FROM edition;
SELECT persons, same, risen, fallen, by_score, by_cuts FROM (
    SELECT (rank_movement_effects(old_score, new_score, '{100}', '{150}', persons)).* FROM edition) x;
SELECT transition_matrix(desil(old_score, '{100}'), desil(new_score, '{150}'), persons, 2) FROM edition;
SELECT round(mobility_index('{{6,0},{2,2}}')::numeric, 4) AS mobility, movement_class(9, 2);
SELECT round(gini_grouped('{0.5,1}', '{0.25,1}')::numeric, 4) AS gini;

-- proxy means test
CREATE TABLE pmt_model (model jsonb);
INSERT INTO pmt_model VALUES ('{
  "version": "2026.1", "scale": "log_rupiah", "wilayah": "wilayah",
  "variables": {
    "members": {"kind": "number"},
    "wall":    {"kind": "category", "levels": ["brick", "wood"], "default": "wood"}},
  "models": [
    {"name": "Java", "wilayah": ["31", "32"], "intercept": 14, "terms": [
      {"variable": "members", "coefficient": -0.5, "transform": "log"},
      {"variable": "wall", "coefficients": {"brick": 0.25, "wood": 0}}]},
    {"name": "others", "intercept": 13.5, "terms": [{"variable": "members", "coefficient": -0.125}]}]}');
SELECT * FROM pmt_model, pmt_check(model);
CREATE TABLE household (id int, wilayah kode_wilayah, members int, wall text);
INSERT INTO household VALUES (1, '3201012001', 1, 'brick'), (2, '3201012001', 1, NULL), (3, '7371', 4, 'brick');
SELECT id, round(pmt_score(model, h)::numeric, 4) AS score FROM household h, pmt_model ORDER BY id;
SELECT jsonb_pretty(pmt_explain(model, h) #- '{terms,0,rupiah}' #- '{terms,1,rupiah}' #- '{rupiah}') FROM household h, pmt_model WHERE id = 2;
SELECT path, problem FROM pmt_check('{"version": "1", "scale": "rupiah", "variables": {}, "models": [
  {"name": "all", "intercept": "1", "terms": [{"variable": "wall", "coefficient": 1}]}]}');
SELECT pmt_score(model, '{"wilayah": "31", "members": 1, "wall": "straw"}'::jsonb) FROM pmt_model;
SELECT pmt_score(model, '{"wilayah": "31", "wall": "brick"}'::jsonb) FROM pmt_model;

-- refusals
SELECT gini(score, -1) FROM family;
SELECT gini(score - 200, persons) FROM family;
SELECT theil_t(score - 100, persons) FROM family;
SELECT gini('NaN', persons) FROM family;
SELECT lorenz(score, persons, 0) FROM family;
SELECT weighted_percentile_disc(score, persons, 1.5) FROM family;
SELECT weighted_percentile_disc(score, persons, score / 1000) FROM family;
SELECT fgt(score, persons, 0, 1) FROM family;
SELECT concentration_index(-aid, score, persons) FROM family;
SELECT transition_matrix(11, 1, 1, 10);
SELECT mobility_index('{{1,2}}');
SELECT '00'::stat_state;
SELECT _stat_add(NULL, 1, 1);

DROP TABLE family, edition, pmt_model, household;
