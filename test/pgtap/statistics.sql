-- Statistics against R, against their definitions in plain SQL, and their laws.
\set ON_ERROR_STOP on
BEGIN;
SET client_min_messages = warning;
SET search_path = public, dtsen; -- dtsen has a type person
SELECT no_plan();

CREATE FUNCTION near(a float8, b float8, relative float8 DEFAULT 1e-12) RETURNS bool LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(abs(a - b) <= relative * greatest(abs(a), abs(b)) OR a = b, a IS NULL AND b IS NULL)
$$;

-- ---------------------------------------------------------------------------
-- What R says (test/oracle/statistics.R has the same data)
-- ---------------------------------------------------------------------------
CREATE TABLE r_figure (what text, name text, element int, figure float8);
\ir ../oracle/statistics.sql
CREATE TABLE r_row AS
SELECT i, (CASE WHEN i % 5 = 0 THEN x - x % 100000 + 100000 ELSE x END)::float8 AS x,
       1 + (i * 31) % 7 + (i = 1)::int AS person, 0.5 + ((i * 37) % 101) / 8::float8 AS survey, (i * 13) % 6 AS region
FROM (SELECT i, 150000 + ((i * 7919) % 1009) * ((i * 1047) % 997) * 7 AS x FROM generate_series(1, 2000) i) g;
ALTER TABLE r_row ADD benefit float8, ADD line float8;
UPDATE r_row SET line = 700000 + region * 100000,
    benefit = CASE WHEN (i * 17) % 3 = 0 OR x < 900000 THEN 100000 + ((i * 3) % 4) * 50000 ELSE 0 END;

CREATE FUNCTION numbers(r json) RETURNS float8[] LANGUAGE sql AS $$
    SELECT array_agg(value::float8 ORDER BY n) FROM json_each_text(r) WITH ORDINALITY AS j (key, value, n)
$$;

CREATE FUNCTION ours(weight text) RETURNS TABLE (name text, figure float8[]) LANGUAGE plpgsql AS $f$
BEGIN
    RETURN QUERY EXECUTE replace($q$
    WITH p AS (SELECT '{0.01,0.05,0.1,0.25,0.55,0.9,0.99}'::float8[] AS p),
    all_at_once AS (SELECT
        weighted_percentile_disc(x, WEIGHT, (SELECT p FROM p)) AS disc, weighted_percentile_cont(x, WEIGHT, (SELECT p FROM p)) AS cont,
        weighted_median(x, WEIGHT) AS median, lorenz(x, WEIGHT) AS lorenz, gini(x, WEIGHT) AS gini, quintile_share_ratio(x, WEIGHT) AS qsr,
        at_risk_of_poverty(x, WEIGHT) AS arpr, at_risk_of_poverty(x, WEIGHT, 0.5) AS arpr_half, theil_t(x, WEIGHT) AS t,
        theil_l(x, WEIGHT) AS l, palma(x, WEIGHT) AS palma, share_between(x, WEIGHT, 0.4, 0.8) AS between, watts(x, WEIGHT, line) AS watts,
        concentration_index(benefit, x, WEIGHT) AS ci, concentration_curve(benefit, x, WEIGHT, 5) AS curve,
        cgh_index(benefit, x, WEIGHT) AS cgh, targeting_errors(x < line, benefit > 0, WEIGHT) AS targeting,
        theil_decompose(x, WEIGHT, region::text) AS theil, gini_decompose(x, WEIGHT, region::text) AS ginis,
        quantile_table(x, WEIGHT, 5) AS quantiles, benefit_incidence(benefit, x, WEIGHT, 5) AS incidence
        FROM r_row)
    SELECT v.* FROM all_at_once, LATERAL (VALUES
        ('weighted_percentile_disc', disc), ('weighted_percentile_cont', cont), ('weighted_median', ARRAY[median]),
        ('lorenz', lorenz), ('gini', ARRAY[gini]), ('quintile_share_ratio', ARRAY[qsr]),
        ('at_risk_of_poverty', ARRAY[arpr]), ('at_risk_of_poverty_half', ARRAY[arpr_half]), ('theil_t', ARRAY[t]),
        ('theil_l', ARRAY[l]), ('palma', ARRAY[palma]), ('share_between', ARRAY[between]), ('watts', ARRAY[watts]),
        ('concentration_index', ARRAY[ci]), ('concentration_curve', curve), ('cgh_index', ARRAY[cgh]),
        ('targeting_errors', numbers(row_to_json(targeting))), ('theil_decompose', numbers(row_to_json(theil))),
        ('gini_decompose', numbers(row_to_json(ginis)))) v
    UNION ALL SELECT 'quantile_table_' || (q).grp, numbers(row_to_json(q)) FROM all_at_once, unnest(quantiles) q
    UNION ALL SELECT 'benefit_incidence_' || (q).grp, numbers(row_to_json(q)) FROM all_at_once, unnest(incidence) q
    UNION ALL SELECT 'generalized_entropy_' || a, ARRAY[generalized_entropy(x, WEIGHT, a)]
        FROM r_row, unnest('{-1,0.5,2,3.5}'::float8[]) a GROUP BY a
    UNION ALL SELECT 'atkinson_' || a, ARRAY[atkinson(x, WEIGHT, a)] FROM r_row, unnest('{0.5,1,2}'::float8[]) a GROUP BY a
    UNION ALL SELECT 'fgt_' || a, ARRAY[fgt(x, WEIGHT, line, a)] FROM r_row, unnest('{0,1,2,1.5}'::float8[]) a GROUP BY a
    UNION ALL SELECT 'fgt_' || n - 1, ARRAY[f] FROM (SELECT numbers(row_to_json(fgt_all(x, WEIGHT, line))) AS all_ FROM r_row) s,
        unnest(all_) WITH ORDINALITY AS u (f, n)
    $q$, 'WEIGHT', weight);
END $f$;

SELECT is(count(*), 260::bigint, 'R has said something') FROM r_figure;
SELECT is_empty(format($$
    SELECT r.name, r.element, r.figure, o.figure FROM r_figure r FULL JOIN
        (SELECT name, n AS element, f AS figure FROM ours(%1$L) o, unnest(o.figure) WITH ORDINALITY AS u (f, n)) o
        ON o.name = r.name AND o.element = r.element
    WHERE coalesce(r.what, %1$L) = %1$L AND near(r.figure, o.figure) IS NOT TRUE $$, what),
    format('every statistic within 1e-12 of R, weights %s', what))
FROM unnest('{person,survey}'::text[]) what;
SELECT is_empty($$
    SELECT * FROM ours('person') a JOIN ours('person::float8') b USING (name)
    WHERE (SELECT bool_or(NOT near(x, y, 1e-15)) FROM unnest(a.figure, b.figure) u (x, y)) $$,
    'integer weights and the same as double precision agree');
SELECT is_empty(format($$
    SELECT * FROM ours('person') a JOIN ours('person::%s') b USING (name) WHERE a.figure IS DISTINCT FROM b.figure $$, t),
    'person weights of type ' || t) FROM unnest('{smallint,bigint}'::text[]) t;

-- Printed in published examples of R's packages ineq and SciencesPo, seven digits.
SELECT is(round(gini(x, w)::numeric, 7), 0.4263158, 'Gini as ineq prints it: rep(c(10, 100), times = c(9, 1))')
FROM (VALUES (10::float8, 9), (100, 1)) v(x, w);
SELECT is(round(gini(x, 1)::numeric, 7), 0.3600000, 'Gini as published for 80, 60, 10, 20, 30')
FROM unnest('{80,60,10,20,30}'::float8[]) x;

-- ---------------------------------------------------------------------------
-- Generated multisets: definitions in plain SQL
-- ---------------------------------------------------------------------------
SELECT setseed(0.2026);
CREATE TABLE case_row (c int, i int, s float8, w int, b float8, g text);
INSERT INTO case_row
SELECT c, i, CASE c % 4 WHEN 0 THEN exp(13.9 + random() + random()) WHEN 1 THEN 1 + (random() * 9)::int
                        WHEN 2 THEN round((random() * 1e6)::numeric, -4) + 1e4 ELSE 5e5 + random() * 1e-3 END,
       (random() * 6)::int, (random() * 3)::int * 1000, (ARRAY['a', 'b', 'ccc', ''])[1 + (random() * 3)::int]
FROM generate_series(1, 60) c, generate_series(1, 1 + c * 3) i;
DELETE FROM case_row WHERE c IN (SELECT c FROM case_row GROUP BY c HAVING sum(w) < 2 OR sum(b * w) = 0);
INSERT INTO case_row SELECT c, -1, NULL, 3, 1000, 'a' FROM generate_series(1, 60) c UNION ALL
    SELECT c, -2, 5, NULL, 1000, 'a' FROM generate_series(1, 60) c;

CREATE INDEX ON case_row (c);
ANALYZE case_row;

-- Each person a row: then weights are not needed any more.
CREATE TABLE person AS SELECT c, s, b, g FROM case_row, generate_series(1, w) WHERE s IS NOT NULL AND w IS NOT NULL;

SELECT is_empty($$
    SELECT c, p FROM generate_series(0, 20) n, LATERAL (SELECT n / 20.0::float8 AS p) f,
        LATERAL (SELECT c, weighted_percentile_cont(s, w, p) AS q FROM case_row GROUP BY c) o
        JOIN LATERAL (SELECT c, percentile_cont(p) WITHIN GROUP (ORDER BY s) AS r FROM person GROUP BY c) x USING (c)
    WHERE NOT near(q, r) $$, 'weighted_percentile_cont is percentile_cont over persons');
SELECT is_empty($$
    SELECT c, weighted_median(s, w) FROM case_row GROUP BY c HAVING NOT near(weighted_median(s, w),
        (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY s) FROM person p WHERE p.c = case_row.c)) $$,
    'weighted_median is the median over persons');
SELECT is_empty(format($$
    SELECT c, %1$s FROM case_row GROUP BY c HAVING weighted_percentile_disc(s, w,
        (SELECT array_agg(k / %1$s.0::float8 ORDER BY k) FROM generate_series(1, %1$s - 1) k)) <> desil_cuts(s, w, %1$s) $$, n),
    format('fractions k/%s give the cuts', n)) FROM unnest('{2,4,5,10,20,100}'::int[]) n;
SELECT is(weighted_percentile_disc(i, 1, '{0.55,0.07,0.14,0.29,0.57,0.58,1,0}'::float8[]), '{55,7,14,29,57,58,100,1}',
    'a fraction is the decimal that is written') FROM generate_series(1, 100) i;

SELECT is_empty($$
    WITH x AS (SELECT c, s, sum(w)::numeric AS w, sum(w * b)::numeric AS b FROM case_row
               WHERE w > 0 AND s IS NOT NULL GROUP BY c, s),
    y AS (SELECT *, sum(w) OVER o AS cw, sum(w) OVER (PARTITION BY c) AS tw, sum(w * s::numeric) OVER (PARTITION BY c) AS ts,
                 sum(b) OVER (PARTITION BY c) AS tb FROM x WINDOW o AS (PARTITION BY c ORDER BY s)),
    z AS (SELECT c, sum(w * s::numeric * (2 * cw - w)) / max(tw * ts) - 1 AS gini,
                 sum(b * (2 * cw - w)) / max(tw * tb) - 1 AS ci,
                 sum(w * s::numeric / ts * ln(s::numeric * tw / ts)) AS t, sum(w / tw * ln(ts / tw / s::numeric)) AS l
          FROM y GROUP BY c)
    SELECT c, o.*, z FROM z JOIN (
        SELECT c, gini(s, w) AS g, theil_t(s, w) AS t, theil_l(s, w) AS l, concentration_index(b, s, w) AS ci
        FROM case_row GROUP BY c) o USING (c)
    WHERE abs(o.g - z.gini::float8) > 1e-14 OR abs(o.ci - z.ci::float8) > 1e-14
       OR abs(o.t - z.t::float8) > 1e-14 OR abs(o.l - z.l::float8) > 1e-14 $$,
    'Gini, concentration, Theil T and L are what numeric arithmetic says');
SELECT is_empty($$
    SELECT c, q.* FROM (SELECT c, quantile_table(s, w, 5) AS t, desil_cuts(s, w, 5) AS cuts FROM case_row GROUP BY c) x,
        unnest(t) q
    WHERE (grp, families, persons, lower, upper) IS DISTINCT FROM (
        SELECT (q.grp, count(*), coalesce(sum(w), 0)::numeric, min(s), max(s)) FROM case_row r
        WHERE r.c = x.c AND s IS NOT NULL AND w IS NOT NULL AND desil(s, cuts) = q.grp) $$,
    'quantile_table counts as desil() assigns');
SELECT is_empty($$
    SELECT c, q.* FROM (SELECT c, benefit_incidence(b, s, w, 5) AS t, desil_cuts(s, w, 5) AS cuts FROM case_row GROUP BY c) x,
        unnest(t) q
    WHERE (persons, amount) IS DISTINCT FROM (SELECT (coalesce(sum(w), 0)::numeric, coalesce(sum(w * b), 0)::float8)
        FROM case_row r WHERE r.c = x.c AND s IS NOT NULL AND w IS NOT NULL AND desil(s, cuts) = q.grp) $$,
    'benefit_incidence adds up as desil() assigns');
SELECT is_empty($$
    SELECT c FROM case_row GROUP BY c HAVING NOT near((theil_decompose(s, w, g)).theil, theil_t(s, w), 1e-11)
        AND theil_t(s, w) > 1e-12 $$, 'the parts of Theil T add up to it');
SELECT is_empty($$
    SELECT c, d FROM (SELECT c, gini_decompose(s, w, g) AS d, gini(s, w) AS gini FROM case_row GROUP BY c) x
    WHERE (d).gini <> x.gini OR (d).overlap < -1e-12 OR (d).between < -1e-12 $$,
    'Gini: the whole is that of the whole, no part is negative');
SELECT ok(near(x.gini, gini_grouped((SELECT array_agg(k / 10.0 ORDER BY k) FROM generate_series(1, 10) k), l), 0.05),
    'Gini of the Lorenz ordinates is near that of the rows')
FROM (SELECT gini(s, w) AS gini, lorenz(s, w) AS l FROM case_row WHERE c = 60) x;

-- ---------------------------------------------------------------------------
-- Laws: the order of rows, splits, merges and the form of a state change nothing
-- ---------------------------------------------------------------------------
CREATE AGGREGATE scores(float8, float8) (SFUNC = _stat_add, STYPE = stat_state, COMBINEFUNC = _stat_combine);
CREATE AGGREGATE persons(float8, int) (SFUNC = _stat_add, STYPE = stat_state, COMBINEFUNC = _stat_combine);
CREATE AGGREGATE paid(float8, float8, float8) (SFUNC = _stat_add_benefit, STYPE = stat_state, COMBINEFUNC = _stat_combine);
CREATE AGGREGATE grouped(float8, int, text) (SFUNC = _stat_add_grouped, STYPE = stat_state, COMBINEFUNC = _stat_combine);
CREATE AGGREGATE tabled(float8, int) (SFUNC = _stat_add_table, STYPE = stat_state, COMBINEFUNC = _stat_combine);
CREATE AGGREGATE merged(stat_state) (SFUNC = _stat_combine, STYPE = stat_state);

CREATE FUNCTION state_of(kind text, which int, condition text, sorting text) RETURNS stat_state LANGUAGE plpgsql AS $$
DECLARE
    state stat_state;
BEGIN
    EXECUTE format('SELECT %s FROM (SELECT * FROM case_row WHERE c = %s AND (%s) ORDER BY %s) x',
        CASE kind WHEN 'scores' THEN 'scores(s, w / 3.0::float8)' WHEN 'persons' THEN 'persons(s, w)'
                  WHEN 'paid' THEN 'paid(b, s, w / 7.0::float8)' WHEN 'tabled' THEN 'tabled(s, w)'
                  ELSE 'grouped(s, w, g)' END, which, condition, sorting) INTO state;
    RETURN state;
END $$;
CREATE TABLE whole AS
SELECT kind, c, state_of(kind, c, 'true', 'i') AS state
FROM unnest('{scores,persons,paid,grouped,tabled}'::text[]) kind, (SELECT DISTINCT c FROM case_row WHERE i > 0) x;
SELECT is_empty($$ SELECT kind, c FROM whole WHERE state::text <> state_of(kind, c, 'true', $$ || quote_literal(o) || $$)::text $$,
    'rows ordered by ' || o) FROM unnest('{-i,s,"s DESC NULLS LAST",md5(i::text),w}'::text[]) o;
SELECT is_empty($$
    SELECT kind, c FROM whole WHERE state::text <> (
        SELECT merged(part ORDER BY $$ || o || $$)::text FROM (
            SELECT k, state_of(kind, c, 'i % 5 = ' || k, 'i') AS part FROM generate_series(-2, 4) k) p) $$,
    'parts merged in the order ' || o) FROM unnest('{-k,md5(k::text)}'::text[]) o;
SELECT is_empty($$ SELECT kind, c FROM whole WHERE state::text::stat_state::text <> state::text $$, 'text round trip');
CREATE TEMP TABLE sent (kind text, c int, state stat_state);
\copy whole TO 'tmp_stat_state.bin' (FORMAT binary)
\copy sent FROM 'tmp_stat_state.bin' (FORMAT binary)
\! rm -f tmp_stat_state.bin
SELECT is_empty($$ SELECT kind, c FROM whole JOIN sent USING (kind, c) WHERE whole.state::text <> sent.state::text $$,
    'binary round trip');
SELECT is((SELECT count(*) FROM sent), (SELECT count(*) FROM whole), 'all were sent');

-- States with a few wrong bytes: refused, or an ordinary error of a statistic
CREATE FUNCTION odd_states(n int) RETURNS TABLE (code text) LANGUAGE plpgsql AS $$
DECLARE
    finals text[]; bytes bytea; state stat_state; result text;
BEGIN
    SELECT array_agg('dtsen.' || proname) INTO finals FROM pg_proc
    WHERE pronamespace = 'dtsen'::regnamespace AND proname LIKE '\_stat\_%' AND proargtypes::text = 'dtsen.stat_state'::regtype::oid::text;
    FOR bytes IN SELECT stat_state_send(w.state) FROM whole w, generate_series(1, n) WHERE w.c IN (1, 5, 7) LOOP
        FOR i IN 1..1 + (random() * 2)::int LOOP
            bytes := set_byte(bytes, (random() * (least(length(bytes), 90) - 1))::int, (ARRAY[0, 1, 2, 3, 4, 127, 128, 255])[1 + (random() * 7)::int]);
        END LOOP;
        BEGIN
            state := encode(bytes, 'hex')::stat_state;
            code := 'read';
            RETURN NEXT;
            FOR i IN 1..cardinality(finals) LOOP
                BEGIN
                    EXECUTE format('SELECT %s($1)::text', finals[i]) INTO result USING state;
                EXCEPTION WHEN OTHERS THEN code := SQLSTATE; RETURN NEXT;
                END;
            END LOOP;
        EXCEPTION WHEN OTHERS THEN code := 'in ' || SQLSTATE; RETURN NEXT;
        END;
    END LOOP;
END $$;
SELECT ok('read' = ANY (codes) AND 'in 22P02' = ANY (codes) AND codes <@ '{read,in 22P02,22003,22023,54000,XX001}', 'wrong bytes: ' || codes::text)
FROM (SELECT array_agg(DISTINCT code ORDER BY code) AS codes FROM odd_states(20)) x;

-- Workers: the same figures to the last bit
CREATE TABLE many AS SELECT i, exp(13 + sin(i) + cos(i * 1.7))::float8 AS s, 1 + i % 7 AS w, 0.1 * (i % 31) AS f,
    (i % 400 * 1000)::float8 AS b, (i % 37)::text AS g FROM generate_series(1, 20000) i;
CREATE FUNCTION everything() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT (gini(s, w), gini(s, f), theil_t(s, f), theil_l(s, w), atkinson(s, f, 0.7), lorenz(s, f, 20), palma(s, w),
            fgt_all(s, f, 5e5), watts(s, f, 5e5), concentration_index(b, s, f), cgh_index(b, s, w),
            targeting_errors(s < 5e5, b > 1e5, f), gini_decompose(s, f, g), theil_decompose(s, w, g),
            quantile_table(s, f, 7), benefit_incidence(b, s, f, 7), weighted_percentile_cont(s, f, 0.3))::text FROM many
$$;
ANALYZE many;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE alone AS SELECT everything() AS e;
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
\ir include/plan_of.sql
SELECT matches(plan_of('SELECT gini(s, f), gini_decompose(s, f, g) FROM many'), 'Finalize Aggregate.*Partial Aggregate',
    'the aggregates run in parallel');
SELECT is(everything(), (SELECT e FROM alone), 'workers change no bit of any statistic');
SELECT is((SELECT array_agg(x ORDER BY g) FROM (SELECT g, gini(s, w) AS x FROM many GROUP BY g) y),
          (SELECT array_agg((SELECT gini(s, w) FROM many m WHERE m.g = y.g) ORDER BY g)
           FROM (SELECT DISTINCT g FROM many) y), 'grouped and one by one');
SELECT is((SELECT max(x) FROM (SELECT gini(s, w) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS x, i
           FROM many WHERE i <= 200) y WHERE i = 200), (SELECT gini(s, w) FROM many WHERE i <= 200), 'as a window function');

-- ---------------------------------------------------------------------------
-- Values that are not ordinary
-- ---------------------------------------------------------------------------
CREATE FUNCTION odd(call text, rows_ text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SELECT (%s)::text FROM (VALUES %s) v (s, w)', call, rows_) INTO result;
    RETURN coalesce(result, 'NULL');
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
-- a ratio to the mean that a double holds only eighteen bits of: from the logarithms
SELECT ok(near(theil_l(s, 1), (ln(0.0065::numeric) - (-1064 * ln(2::numeric) + ln(0.013::numeric)) / 2)::float8), 'theil_l of scores far apart')
FROM unnest(ARRAY[2::float8 ^ -1064, 0.013]) s;
SELECT is(odd(call, values_), expected, call || ' of ' || values_ || ' is ' || expected) FROM (VALUES
    ('gini(s, w)', '(1::float8, -1)', '22023'), ('gini(s, w)', '(1::float8, ''NaN''::float8)', '22023'),
    ('gini(s, w)', '(1::float8, ''Infinity''::float8)', '22023'), ('gini(s, w)', '(1::float8, -0.5::float8)', '22023'),
    ('gini(s, w)', '(''NaN''::float8, 1)', '22023'), ('gini(s, w)', '(''Infinity''::float8, 1), (1, 1)', '22023'),
    ('gini(s, w)', '(''Infinity''::float8, 0), (1, 1)', '0'), ('gini(s, w)', '(-1::float8, 1), (5, 1)', '22023'),
    ('gini(s, w)', '(0::float8, 1)', 'NULL'), ('gini(s, w)', '(1::float8, 0)', 'NULL'),
    ('gini(s, w)', '(NULL::float8, 1), (5, NULL)', 'NULL'), ('gini(s, w)', '(7::float8, 3)', '0'),
    ('gini(s, w)', '(1::float8, 1), (3, 1)', '0.25'), ('gini(s, w)', '(0::float8, 9), (3, 1)', '0.9'),
    ('gini(s, w)', '(1e308::float8, 9), (1e308, 9)', '22003'),
    ('gini(s, w)', '(1::float8, 9223372036854775807), (2, 1)', '22003'),
    ('gini(s, w)', '(1::float8, 1e308::float8), (2, 1e308)', '22003'),
    ('theil_t(s, w)', '(0::float8, 1), (1, 1)', '22023'), ('theil_l(s, w)', '(0::float8, 1), (1, 1)', '22023'),
    ('theil_l(s, w)', '(0::float8, 0), (1, 1)', '0'), ('generalized_entropy(s, w, 2)', '(0::float8, 1), (2, 1)', '0.5'),
    ('generalized_entropy(s, w, 2)', '(-1::float8, 1), (2, 1)', '22023'),
    ('generalized_entropy(s, w, -1)', '(0::float8, 1), (2, 1)', '22023'),
    ('generalized_entropy(s, w, ''NaN'')', '(1::float8, 1)', '22023'),
    ('generalized_entropy(s, w, 5000)', '(1::float8, 1), (2, 1)', '22003'),
    ('atkinson(s, w, 0.5)', '(0::float8, 1), (2, 1)', '0.5'), ('atkinson(s, w, 1)', '(0::float8, 1), (2, 1)', '22023'),
    ('atkinson(s, w, 0)', '(1::float8, 1)', '22023'), ('atkinson(s, w, -1)', '(1::float8, 1)', '22023'),
    ('weighted_median(s, w)', '(''Infinity''::float8, 2), (1, 1)', 'Infinity'),
    ('weighted_median(s, w)', '(1::float8, 1), (2, 0), (3, 1)', '2'),
    ('weighted_percentile_disc(s, w, 1.5)', '(1::float8, 1)', '22023'),
    ('weighted_percentile_disc(s, w, -0.1)', '(1::float8, 1)', '22023'),
    ('weighted_percentile_disc(s, w, ''NaN''::float8)', '(1::float8, 1)', '22023'),
    ('weighted_percentile_disc(s, w, NULL::float8)', '(1::float8, 1)', '22004'),
    ('weighted_percentile_disc(s, w, s / 10)', '(1::float8, 1), (2, 1)', '22023'),
    ('weighted_percentile_disc(s, w, ''{}''::float8[])', '(1::float8, 1)', '{}'),
    ('weighted_percentile_disc(s, w, ''{0.5,NULL}''::float8[])', '(1::float8, 1)', '22004'),
    ('weighted_percentile_disc(s, w, ''{{0.5}}''::float8[])', '(1::float8, 1)', '2202E'),
    ('weighted_percentile_disc(s, w, 1e-300)', '(1::float8, 1), (2, 1)', '1'),
    ('weighted_percentile_cont(s, w, 0.5)', '(1::float8, 0.2::float8), (2, 0.3)', '22023'),
    ('weighted_percentile_cont(s, w, 1)', '(1::float8, 3), (9, 1)', '9'),
    ('weighted_percentile_cont(s, w, 1)', '(10::float8, 1::float8), (20, 1.5), (30, 0)', '20'),
    ('weighted_percentile_cont(s, w, 0.5)', '(5::float8, 0), (10, 1), (11, 0), (20, 1), (30, 0)', '15'),
    ('weighted_percentile_cont(s, w, 0.123456789012345)', '(1::float8, 1e300::float8), (2, 1e300)', '22003'),
    ('weighted_percentile_cont(s, w, 0.5)', '(''-Infinity''::float8, 1), (''-Infinity'', 1)', '-Infinity'),
    ('lorenz(s, w, 0)', '(1::float8, 1)', '22023'), ('lorenz(s, w, 20000)', '(1::float8, 1)', '22023'),
    ('lorenz(s, w, 4)', '(1::float8, 1), (3, 1)', '{0.125,0.25,0.625,1}'),
    ('share_between(s, w, 0.6, 0.4)', '(1::float8, 1)', '22023'), ('share_between(s, w, 0, 1)', '(1::float8, 1)', '1'),
    ('palma(s, w)', '(0::float8, 9), (1, 1)', 'NULL'), ('quintile_share_ratio(s, w)', '(0::float8, 9), (1, 1)', 'NULL'),
    ('fgt(s, w, 0, 1)', '(1::float8, 1)', '22023'), ('fgt(s, w, ''Infinity'', 1)', '(1::float8, 1)', '22023'),
    ('fgt(s, w, 1e-10::float8, 0)', '(-1e308::float8, 1), (1, 1)', '22003'), ('fgt(s, w, 1e-10::float8, 0)', '(-1e308::float8, 0), (1, 1)', '0'),
    ('fgt(s, w, 2, -1)', '(1::float8, 1)', '22023'), ('fgt(s, w, NULL, 1)', '(1::float8, 1)', 'NULL'),
    ('fgt(s, w, 2, 0)', '(2::float8, 1), (1, 1)', '0.5'), ('fgt(s, w, 2, 1)', '(0::float8, 1), (9, 3)', '0.25'),
    ('fgt(s, w, 2, 1)', '(''NaN''::float8, 1)', '22023'), ('fgt_all(s, w, 2)', '(1::float8, 1), (2, 3)', '(0.25,0.125,0.0625)'),
    ('watts(s, w, 2)', '(0::float8, 1)', '22023'), ('watts(s, w, 2)', '(2::float8, 1)', '0'),
    ('watts(s, w, 1e300)', '(1e-300::float8, 1)', '22003'), ('watts(s, w, 1e300)', '(1e-8::float8, 1), (1e301, 3)', '22003'),
    ('watts(s, w, 1e300)', '(1e-300::float8, 0), (1e301, 1)', '0'), ('fgt(s, w, 1e300, 1)', '(1e-300::float8, 1)', '1'),
    ('round(watts(s, w, 1e300)::numeric, 10)', '(1e-7::float8, 1)', '706.8936235492'), -- 307 ln 10
    ('theil_t(s, w) > 0', '(1e-300::float8, 1), (1e300, 1)', 'true'),
    ('at_risk_of_poverty(s, w, 0)', '(1::float8, 1)', '22023'),
    ('concentration_index(-s, s, w)', '(1::float8, 1)', '22023'), ('concentration_index(s - 1, s, w)', '(1::float8, 1)', 'NULL'),
    ('concentration_index(''Infinity'', s, w)', '(1::float8, 1)', '22023'),
    ('cgh_index(s, s, w, 0)', '(1::float8, 1)', '22023'), ('cgh_index(s, s, w, 1)', '(1::float8, 1)', '1'),
    ('quantile_table(s, w, 1)', '(1::float8, 1)', '22023'), ('quantile_table(s, w, NULL)', '(1::float8, 1)', '22004'),
    ('quantile_table(s, w, 2)', '(1::float8, 0)', 'NULL'),
    ('quantile_table(s, w, 2)', '(''NaN''::float8, 0), (1, 1)', '22023'),
    ('quantile_table(s, w, 2)', '(-1::float8, 1), (1, 1)', '{"(1,-1,-1,1,1,-1,)","(2,1,1,1,1,1,)"}'),
    ('quantile_table(s, w, 3)', '(5::float8, 4)', '{"(1,5,5,1,4,5,1)","(2,,,0,0,,0)","(3,,,0,0,,0)"}'),
    ('(quantile_table(s, w, 2))[1].persons', '(1::float8, 9223372036854775807)', '9223372036854775807'),
    ('targeting_errors(s > 1, s > 0, w)', '(1::float8, 0)', 'NULL'),
    ('(targeting_errors(true, true, w)).leakage', '(1::float8, 5)', '0'),
    ('(targeting_errors(true, true, w)).inclusion_error', '(1::float8, 5)', 'NULL'),
    ('transition_matrix(s::int, 1, w, 2)', '(3::float8, 1)', '22023'),
    ('transition_matrix(s::int, 1, w, 2)', '(0::float8, 1)', '22023'),
    ('transition_matrix(s::int, 2, w, 2)', '(1::float8, 4), (2, 0)', '{{0,4},{0,0}}'),
    ('transition_matrix(s::int, 2, w, 2)', '(NULL::float8, 4)', 'NULL'),
    ('theil_decompose(s, w, ''g'')', '(0::float8, 4)', '22023'), ('gini_decompose(s, w, ''g'')', '(0::float8, 4)', 'NULL'),
    ('gini_decompose(s, w, NULL)', '(1::float8, 4)', 'NULL'),
    ('gini_decompose(s, w, s::text)', '(1::float8, 1), (3, 1)', '(0.25,0,0.25,0)')) t (call, values_, expected);
SELECT throws_like($$ SELECT gini(x, 1) FROM unnest('{NaN,1,Infinity}'::float8[]) x $$, 'scores must be finite numbers');
SELECT is(odd(format('gini_grouped(%L, %L)', a, b), '(1::float8, 1)'), expected, 'gini_grouped of ' || a || ', ' || b)
FROM (VALUES ('{0.5,0.4,1}', '{0.1,0.2,1}', '22023'), ('{0.5,1}', '{0.2,0.9}', '22023'), ('{0.5,1}', '{1}', '2202E'),
    ('{0.5,1}', '{0.5,1}', '0'), ('{0,0.5,1}', '{0,0.25,1}', '0.25'), ('{NULL,1}', '{0.1,1}', '22004'),
    ('{}', '{}', '2202E'), ('{-0.5,1}', '{0.1,1}', '22023')) t (a, b, expected);
SELECT is(odd(format('mobility_index(%L)', m), '(1::float8, 1)'), expected, 'mobility_index of ' || m)
FROM (VALUES ('{{1,0},{0,1}}', '0'), ('{{1,1},{1,1}}', '1'), ('{{0,1},{1,0}}', '2'), ('{{1,0},{0,0}}', 'NULL'),
    ('{{1,0}}', '2202E'), ('{1}', '2202E'), ('{{1}}', '2202E'), ('{{1,NULL},{0,1}}', '22004'),
    ('{{1,-1},{0,1}}', '22023')) t (m, expected);

-- ---------------------------------------------------------------------------
-- Movement
-- ---------------------------------------------------------------------------
CREATE TABLE moved AS SELECT i, exp(13 + sin(i)) AS a, exp(13 + sin(i) + cos(i * 3.3) / 3) AS b, 1 + i % 5 AS w,
    i % 3 AS region FROM generate_series(1, 900) i;
CREATE TABLE moved_cuts AS SELECT region, desil_cuts(a, w) AS old_cuts, desil_cuts(b, w) AS new_cuts FROM moved GROUP BY region;
CREATE TABLE assigned AS SELECT m.*, old_cuts, new_cuts, desil(a, old_cuts) AS g0, desil(a, new_cuts) AS g1,
    desil(b, new_cuts) AS g2 FROM moved m JOIN moved_cuts USING (region);
SELECT results_eq($$ SELECT (unnest(rank_movement(a, b, old_cuts, new_cuts, w))).* FROM assigned $$,
    $$ SELECT g0, g1, g2, sum(w) FROM assigned GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 $$, 'rank_movement counts what desil() assigns');
SELECT is((SELECT rank_movement_effects(a, b, old_cuts, new_cuts, w) FROM assigned), (SELECT ROW(sum(w),
        sum(w) FILTER (WHERE g2 = g0), sum(w) FILTER (WHERE g2 > g0), sum(w) FILTER (WHERE g2 < g0),
        coalesce(sum(w) FILTER (WHERE movement_class(g0, g2) = 'extreme rise'), 0),
        coalesce(sum(w) FILTER (WHERE movement_class(g0, g2) = 'extreme fall'), 0),
        sum(w) FILTER (WHERE g2 <> g0 AND g1 = g0), sum(w) FILTER (WHERE g2 <> g0 AND g1 = g2),
        sum(w) FILTER (WHERE g2 <> g0 AND g1 <> g0 AND g1 <> g2), sum(w) FILTER (WHERE g2 = g0 AND g1 <> g0),
        sum(w * (g2 - g0))::float8 / sum(w), sum(w * (g2 - g1))::float8 / sum(w),
        sum(w * (g1 - g0))::float8 / sum(w))::movement_effects FROM assigned), 'rank_movement_effects the same');
SELECT is((SELECT transition_matrix(g0, g2, w, 10) FROM assigned), (SELECT array_agg(r ORDER BY o) FROM (
    SELECT o, array_agg((SELECT coalesce(sum(w), 0)::bigint FROM assigned WHERE g0 = o AND g2 = n) ORDER BY n) AS r
    FROM generate_series(1, 10) o, generate_series(1, 10) n GROUP BY o) x), 'transition_matrix the same');
SELECT ok(near(a, b), 'mobility_index is Shorrocks'' formula') FROM
    (SELECT mobility_index(transition_matrix(g0, g2, w, 10)) AS a FROM assigned) x,
    (SELECT (10 - sum(stay)) / 9 AS b FROM
        (SELECT sum(w) FILTER (WHERE g0 = g2) / sum(w)::float8 AS stay FROM assigned GROUP BY g0) y) z;
SELECT is(array_agg(movement_class(10, 10 + d) ORDER BY d), '{extreme fall,extreme fall,significant fall,significant fall,fall,same,rise,rise,significant rise,significant rise,extreme rise}',
    'thresholds of the classes') FROM unnest('{-8,-7,-6,-4,-3,0,1,3,4,6,7}'::int[]) d;
SELECT throws_ok($$ SELECT rank_movement(1, 2, '{1,2}', '{1}', 1) $$, '22023', NULL, 'cuts of different numbers of groups');
SELECT is((SELECT rank_movement(NULL, 2, '{1}', '{1}', 1)), NULL, 'nothing but rows to ignore');

-- ---------------------------------------------------------------------------
-- States from outside
-- ---------------------------------------------------------------------------
SELECT throws_ok(format('SELECT %L::stat_state', t), '22P02', NULL, 'no state: ' || left(t, 40)) FROM unnest(ARRAY[
    '', 'x', '0', '01', '02010100' || repeat('0', 104), '01050100' || repeat('0', 104), '01010300' || repeat('0', 104),
    '01010100' || repeat('0', 104),
    '0104010000000001' || repeat('0', 96) || '01ffffffff00000002' || '0000']) t; -- lengths whose sum has 33 bits
SELECT is_empty($$
    SELECT kind, k FROM (SELECT kind, state::text AS t FROM whole WHERE c = 7) x, generate_series(0, length(t) / 2 - 1) k
    WHERE odd(format('%L::stat_state IS NULL', left(t, 2 * k)), '(1::float8, 1)') <> '22P02' $$, 'no state cut short is one');
CREATE FUNCTION survives(kind text, t text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state stat_state;
BEGIN
    state := t::stat_state;
    CASE kind WHEN 'paid' THEN PERFORM _stat_concentration(state), _stat_cgh(state), _stat_incidence(state);
    WHEN 'grouped' THEN PERFORM _stat_gini_decompose(state), _stat_theil_decompose(state);
    WHEN 'tabled' THEN PERFORM _stat_table(state);
    ELSE PERFORM _stat_gini(state), _stat_lorenz(state), _stat_theil_t(state), _stat_median(state);
    END CASE;
    PERFORM merged(s) FROM unnest(ARRAY[state, state]) s;
    RETURN 'fine';
EXCEPTION WHEN invalid_text_representation OR data_corrupted OR numeric_value_out_of_range
    OR invalid_parameter_value THEN
    RETURN 'refused';
END $$;
SELECT throws_ok(format('SELECT %s(state) FROM whole WHERE kind = %L AND c = 7', f, kind), 'XX001', NULL, f || ' of ' || kind)
FROM (VALUES ('_stat_table', 'scores'), ('_stat_cgh', 'scores'), ('_stat_gini', 'tabled'), ('_stat_gini', 'grouped'),
    ('_stat_gini_decompose', 'persons'), ('_stat_fgt', 'scores'), ('_stat_share_between', 'scores')) t (f, kind);
SELECT throws_ok(format('SELECT _stat_table(%L)', overlay(overlay(state::text PLACING '01' FROM 9 FOR 2) PLACING '7ff8000000000000' FROM 113 FOR 0)),
    '22023', NULL, 'a number of groups that is none') FROM whole WHERE kind = 'tabled' AND c = 7;
SELECT is_empty($$
    SELECT k FROM (SELECT kind, state::text AS t FROM whole WHERE c = (SELECT min(c) FROM whole)) x, generate_series(1, length(t)) k,
        unnest('{0,2,f}'::text[]) digit
    WHERE survives(kind, overlay(t PLACING digit FROM k FOR 1)) IS NULL $$,
    'a damaged state is refused or computes something, nothing else');

SELECT * FROM finish();
ROLLBACK;
