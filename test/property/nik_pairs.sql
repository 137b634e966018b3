-- Every pair of a large table and many probes: rows within 0 to 3 edits and the
-- order of the nearest, by SP-GiST and by the table. psql variables: rows, probes,
-- seed. Three tables: numbers as the civil registry gives them, any digits, few
-- digits; half of the rows come after the index and a third goes again.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION dtsen;
SET search_path = public, dtsen;
SET jit = off;
SELECT setseed(:seed) \g /dev/null
\ir ../pgtap/include/damage.sql
CREATE FUNCTION numbers(kind text, many int) RETURNS SETOF nik LANGUAGE sql VOLATILE AS $$
    SELECT CASE kind
        WHEN 'registry' THEN ((321601 + floor(random() * 23)::bigint) * 10000000000
            + (extract(day FROM born)::bigint + CASE WHEN random() < 0.5 THEN 40 ELSE 0 END) * 100000000
            + extract(month FROM born)::int * 1000000 + extract(year FROM born)::int % 100 * 10000 + 1 + floor(random() ^ 4 * 30)::int)::nik
        WHEN 'any digits' THEN floor(random() * 1e16)::bigint::nik
        ELSE translate(((random() * 65535)::int)::bit(16)::text, '01', '38')::nik END
    FROM (SELECT date '1945-01-01' + floor(random() * 29000)::int born FROM generate_series(1, many)) s $$;
CREATE PROCEDURE compare(kind text, many int, probes int) LANGUAGE plpgsql AS $$
DECLARE
    w record;
    k int;
    a text;
    b text;
    wrong bigint := 0;
BEGIN
    DROP TABLE IF EXISTS t, probe;
    CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, n nik);
    INSERT INTO t (n) SELECT numbers(kind, many / 2);
    CREATE INDEX ON t USING spgist (n);
    INSERT INTO t (n) SELECT numbers(kind, many / 2);
    DELETE FROM t WHERE id % 3 = 1;
    ANALYZE t;
    CREATE TABLE probe AS SELECT damage(n::text, (random() * 4)::int)::nik AS p FROM (SELECT n FROM t ORDER BY random() LIMIT probes) s;
    FOR w IN SELECT p, array(SELECT nik_distance(n, p) AS d FROM t ORDER BY d LIMIT 200) AS d FROM probe LOOP
        CREATE TEMP TABLE near AS SELECT id, nik_distance(n, w.p) AS d FROM t WHERE nik_distance(n, w.p) <= 3;
        SET LOCAL enable_seqscan = off;
        FOR k IN 0..3 LOOP
            SELECT count(*) || '/' || coalesce(sum(id), 0) INTO a FROM near WHERE d <= k;
            EXECUTE format('SELECT count(*) || ''/'' || coalesce(sum(id), 0) FROM t WHERE nik_within(n, %L, %s)', w.p, k) INTO b;
            wrong := wrong + (a <> b)::int;
        END LOOP;
        SET LOCAL enable_sort = off;
        wrong := wrong + (array(SELECT nik_distance(n, w.p) FROM (SELECT n FROM t ORDER BY n <-> w.p LIMIT 200) x) <> w.d)::int;
        SET LOCAL enable_seqscan = on;
        SET LOCAL enable_sort = on;
        DROP TABLE near;
    END LOOP;
    RAISE WARNING '%: % pairs, % of % searches wrong', kind, (SELECT count(*) FROM t) * probes, wrong, probes * 5;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'the index and the table differ';
    END IF;
END $$;
CALL compare('registry', :rows, :probes);
CALL compare('any digits', :rows, :probes);
CALL compare('few digits', :rows, :probes);
