-- Ranking: what a user sees. Figures are proven in test/pgtap/ranking.sql.
SET search_path = dtsen, public;

-- five families: who is in which half, counting persons or families
CREATE TABLE family (name text, score float8, persons int);
INSERT INTO family VALUES ('A', 100, 6), ('B', 200, 1), ('C', 200, 1), ('D', 400, 2), ('E', NULL, 3);
SELECT desil_cuts(score, persons, 2)::int[] AS by_person, rank_cuts(rank_state(score), 2)::int[] AS by_family
FROM family;
SELECT name, desil(score, by_person) AS person_half, desil(score, by_family) AS family_half
FROM family, (SELECT desil_cuts(score, persons, 2) AS by_person, rank_cuts(rank_state(score), 2) AS by_family
              FROM family) cuts ORDER BY name;

-- the same as cuts of the relation, and as window functions
SELECT rank_cuts('family', 'score', 'persons', 2)::int[], rank_cuts('family', 'score', groups => 2)::int[],
    rank_cuts('family'::regclass, 'score + 1', 'persons', 2, 'name <> ''A''')::int[];
SELECT name, desil(score, (SELECT rank_cuts('family', 'score', 'persons', 2))) FROM family ORDER BY name;
SELECT count(*) FILTER (WHERE score IN ('NaN', 'Infinity', '-Infinity')) AS not_numbers FROM family;
SELECT name, weighted_ntile(2, persons) OVER w, (10 * weighted_cume_dist(persons) OVER w)::int AS cume_dist_10,
    (10 * weighted_percent_rank(persons) OVER w)::int AS percent_rank_10
FROM family WHERE score IS NOT NULL WINDOW w AS (ORDER BY score) ORDER BY name;
SELECT rank_cuts('family', 'score FROM family');

-- a state that can be kept, merged and read
SELECT rank_state(score, persons) FROM family;
SELECT rank_state(score, persons / 2.0::float8) FROM family;
SELECT rank_count(x), rank_ignored(x), rank_total(x), rank_cuts(x, 4)::int[]
FROM (SELECT rank_state_merge(part) AS x
      FROM (SELECT rank_state(score, persons) AS part FROM family GROUP BY name) p) m;

-- by region
SELECT * FROM rank_cuts_by('family', 'CASE WHEN persons > 2 THEN ''large'' ELSE ''small'' END', 'score', 'persons', 2) ORDER BY region;

-- refusals
SELECT desil_cuts(1, -1);
SELECT desil_cuts(1, 'Infinity'::float8);
SELECT desil_cuts(1, 1, 1);
SELECT desil_cuts(1, 1, NULL::int);
SELECT desil_cuts(g, 1, g) FROM generate_series(4, 5) g;
SELECT desil_cuts(g, 9223372036854775807) FROM generate_series(1, 2) g;
SELECT rank_state_merge(x) FROM (SELECT rank_state(1) AS x UNION ALL SELECT rank_state(1, 1::float8)) p;
SELECT desil(1, '{2,1}');
SELECT desil(1, '{1,NULL}');
SELECT desil(1, '{{1}}');
SELECT '1:integer:0:1:0{1:x}'::rank_state;
SELECT '1:integer:0:2:0{2:1,1:1}'::rank_state;
SELECT '1:integer:0:3:0{}'::rank_state;
SELECT '1:integer:77777:0:0{}'::rank_state;
SELECT _rank_add(NULL, 1);

DROP TABLE family;
