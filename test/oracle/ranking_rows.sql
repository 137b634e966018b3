-- Rows of the cases that R ranks too: made by arithmetic, the same everywhere.
-- No case where one row has more than 1/100 of the weight: below the share of
-- the first row survey 4.1.1 gives the second score instead of the first
-- (x = 1, 2 with equal weights: 2 for p = 0.2, 1 for p = 0.5).
CREATE TEMPORARY TABLE oracle_row AS
SELECT c.shape, c.kind, i, CASE c.shape
        WHEN 'spread' THEN (i * 7919::bigint % 10007) / 7.0::float8
        WHEN 'ties' THEN (i * 7919::bigint % 13)::float8
        WHEN 'all equal' THEN 42
        WHEN 'denormals' THEN (i * 7919::bigint % 41) * '4.9406564584124654e-324'::float8
        WHEN 'great and small' THEN (i % 2 * 2 - 1) * power(10::float8, (i * 31 % 40) - 20)
        WHEN 'neighbours' THEN 1e6::float8 + (i % 50) * 1.1641532182693481e-10 END AS score,
    CASE c.kind WHEN 'one' THEN 1 WHEN 'persons' THEN i * 104729::bigint % 12
        WHEN 'survey' THEN (i * 104729::bigint % 9973) / 3.0::float8 + 0.1
        WHEN 'small' THEN (1 + i * 104729::bigint % 97) * 1e-9::float8 END AS weight
FROM unnest(ARRAY['spread', 'ties', 'all equal', 'denormals', 'great and small', 'neighbours']) AS c1(shape),
     unnest(ARRAY['one', 'persons', 'survey', 'small']) AS c2(kind), LATERAL (SELECT c1.shape, c2.kind) c,
     generate_series(1, 500) i;
