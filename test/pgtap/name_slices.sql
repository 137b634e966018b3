-- A search of the index of names whose rows do not fit into work_mem: it reads the
-- table in slices, and where candidates are too many the nearest first.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;
\ir include/names.sql

CREATE TABLE person (id int, name nama);
-- by far the most of one name, of which there are more than a search remembers
CREATE FUNCTION fill(first int, last int) RETURNS void LANGUAGE sql AS $$
    WITH drawn AS MATERIALIZED (SELECT g, name_at(g) AS t FROM generate_series(first, last) AS g)
    INSERT INTO person SELECT g, to_nama(CASE WHEN g % 5 < 2 THEN 'Putu Suparta' WHEN g % 5 = 2 THEN 'Putu Suparta ' || t ELSE t END) FROM drawn $$;
SELECT fill(1, 12000);
DELETE FROM person WHERE id % 13 = 4;
CREATE INDEX person_name ON person USING dtsen_nama (name) WITH (gin_pending_list_limit = 4096);
ANALYZE person;

CREATE TABLE search AS
    SELECT row_number() OVER () AS nr, name FROM (
        SELECT to_nama(damaged(name::text)) AS name FROM (SELECT * FROM person WHERE id % 4000 = 7) AS p
        UNION ALL VALUES ('Putu Suparta'::nama), ('Putu S'), ('P. Suparta'), ('Suparta Aminah'), ('Siti Putu Suparta Hayati')) AS s
    WHERE name IS NOT NULL;
CREATE FUNCTION nearest(index boolean, k int) RETURNS TABLE (nr bigint, d text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM allow(index, false);
    RETURN QUERY EXECUTE $q$SELECT s.nr, (SELECT string_agg(x.d::text, ' ') FROM
        (SELECT p.name <-> s.name AS d FROM person AS p ORDER BY p.name <-> s.name LIMIT $1) AS x) FROM search AS s$q$ USING k;
END $$;
CREATE FUNCTION similar(index boolean, bitmap boolean) RETURNS TABLE (nr bigint, t float8, rows bigint, ids bigint)
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM allow(index, bitmap);
    RETURN QUERY EXECUTE 'SELECT s.nr, v.t, count(p), sum(hashint4extended(p.id, 0) / 65536)::bigint FROM search AS s, unnest(ARRAY[0.45, 0.69, 0.9]::float8[]) AS v(t),
        LATERAL (SELECT id FROM person WHERE nama_similar(person.name, s.name, v.t)) AS p GROUP BY 1, 2';
END $$;
CREATE FUNCTION same(state text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE rows_of ON COMMIT DROP AS SELECT * FROM similar(false, false);
    CREATE TEMP TABLE order_of ON COMMIT DROP AS SELECT k, n.* FROM unnest(ARRAY[10, 3000]) AS k, nearest(false, k) AS n;
    RETURN NEXT cmp_ok((SELECT max(rows) FROM rows_of), '>', 4096::bigint, state || ': there are many');
    RETURN NEXT is_empty('SELECT * FROM rows_of EXCEPT SELECT * FROM similar(true, true)', state || ': similar, by a bitmap');
    RETURN NEXT is_empty('SELECT * FROM rows_of EXCEPT SELECT * FROM similar(true, false)', state || ': similar, one by one');
    RETURN QUERY SELECT is_empty(format('SELECT nr, d FROM order_of WHERE k = %1$s EXCEPT SELECT * FROM nearest(true, %1$s)', k),
        format('%s: the nearest %s', state, k)) FROM unnest(ARRAY[10, 3000]) AS k;
    DROP TABLE rows_of, order_of;
END $$;

SET LOCAL work_mem = '64kB';
SELECT same('little memory');
SELECT fill(12001, 12900);
SELECT same('and pending rows');
SELECT * FROM finish();
ROLLBACK;
