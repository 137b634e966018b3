-- Partial indexes of names where a bitmap has no room for rows, only for pages:
-- no row that the index leaves out, and none that is not there.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;

-- few rows a page, so that many pages are needed
CREATE TABLE person (id int, born int, name nama, pad text) WITH (fillfactor = 10);
INSERT INTO person
    SELECT g, 1900 + g % 100, ((ARRAY['Siti Aminah', 'Sutrisno', 'Bambang Sutrisno', 'Nur Hayati', 'Aminah', 'Siti Rahmah'])
        [1 + g % 6])::nama, repeat('x', 60) FROM generate_series(1, 12000) AS g;
CREATE INDEX person_name ON person USING dtsen_nama (name) WHERE born >= 1950;
DELETE FROM person WHERE id % 7 = 0;
ANALYZE person;
SET LOCAL work_mem = '64kB';
SET LOCAL enable_bitmapscan = off;

-- Results of a query with and without the index.
\ir include/plan_of.sql
CREATE FUNCTION result_of(query text, with_index bool) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    PERFORM set_config('enable_seqscan', CASE WHEN with_index THEN 'off' ELSE 'on' END, true),
        set_config('enable_indexscan', CASE WHEN with_index THEN 'on' ELSE 'off' END, true),
        set_config('enable_indexonlyscan', CASE WHEN with_index THEN 'on' ELSE 'off' END, true);
    EXECUTE query INTO result;
    RETURN result;
END $$;
CREATE TABLE query (of text, q text);
INSERT INTO query VALUES
    ('nearest first', $$SELECT count(*) || ' ' || min(born) FROM (SELECT born FROM person WHERE born >= 1950 ORDER BY name <-> 'Siti Aminah') AS s$$),
    ('no threshold', $$SELECT count(*) || ' ' || min(born) FROM person WHERE born >= 1950 AND nama_similar(name, 'Siti Aminah', 0.1)$$),
    ('no column', 'SELECT count(*) FROM person WHERE born >= 1950');
SELECT is(result_of(q, true), result_of(q, false), of || ': the rows of the partial index') FROM query;
SELECT result_of('SELECT 1', true) IS NOT NULL;
SELECT alike(plan_of(q), '%Index%Scan using person_name%', of || ' uses the index') FROM query;
SELECT * FROM finish();
ROLLBACK;
