-- Cuts against those that R's svyquantile(qrule = "math") found on the same rows
-- (test/oracle/ranking.csv, made by make check-r).
\set ON_ERROR_STOP on
BEGIN;
SET client_min_messages = warning;
SET search_path = dtsen, public;
SELECT no_plan();
\ir ../oracle/ranking_rows.sql
CREATE TEMPORARY TABLE oracle_cut (shape text, kind text, groups int, k int, cut float8);
\copy oracle_cut FROM test/oracle/ranking.csv (FORMAT csv)
SELECT is(count(*), 2664::bigint, 'cuts of R') FROM oracle_cut;
CREATE TEMPORARY TABLE expected AS
SELECT shape, kind, groups, array_agg(cut ORDER BY k) AS cuts FROM oracle_cut GROUP BY 1, 2, 3;
SELECT is(rank_cuts(rank_state(score, weight), groups), cuts, format('%s, weight %s, %s groups', shape, kind, groups))
FROM expected JOIN oracle_row USING (shape, kind) GROUP BY shape, kind, groups, cuts;
SELECT is_empty($$SELECT shape, kind, groups FROM expected JOIN oracle_row USING (shape, kind) WHERE kind IN ('one', 'persons')
    GROUP BY shape, kind, groups, cuts HAVING rank_cuts(rank_state(score, weight::bigint), groups) IS DISTINCT FROM cuts$$,
    'integer weights');
SELECT is_empty($$SELECT shape, kind, groups FROM expected
    WHERE rank_cuts('oracle_row', 'score', 'weight', groups, format('shape = %L AND kind = %L', shape, kind)) IS DISTINCT FROM cuts$$,
    'rank_cuts of the relation');
SELECT * FROM finish();
ROLLBACK;
