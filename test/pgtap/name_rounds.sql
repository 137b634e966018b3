-- A search of the index of names goes on with what its first round has found,
-- whatever happens between them: other searches, and a pending list that is moved.
BEGIN;
SELECT no_plan();
SET LOCAL search_path = public, dtsen;
\ir include/names.sql

CREATE TABLE person (id int, name nama);
CREATE FUNCTION fill(first int, last int) RETURNS void LANGUAGE sql AS $$
    WITH drawn AS MATERIALIZED (SELECT g, name_at(g) AS t FROM generate_series(first, last) AS g)
    INSERT INTO person SELECT g, to_nama(t) FROM drawn $$;
SELECT fill(1, 2000);
CREATE INDEX person_name ON person USING dtsen_nama (name) WITH (gin_pending_list_limit = 64);
ANALYZE person;
-- in the pending list: some of the first round, look-alikes and others of the second
CREATE FUNCTION pending(id int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO person SELECT id, t::nama FROM unnest('{Sunarto Wibowo,Sunato Wibowo,Sunarti Wibowo,Sunarti Wibawa,Sunarto,
        Kartini Wibowo,Wibowo,Sunaryo Wibawa,Sunarto W,Sunartowibowo}'::text[]) AS t $$;
SELECT pending(0);

-- The distances that a cursor gives, which has given some before the event.
CREATE FUNCTION in_rounds(search nama, first int, event text) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE
    near refcursor;
    d float8;
    result float8[] = '{}';
BEGIN
    PERFORM allow(true, false);
    OPEN near FOR EXECUTE 'SELECT name <-> $1 FROM person ORDER BY name <-> $1' USING search;
    LOOP
        IF cardinality(result) = first THEN
            EXECUTE event;
        END IF;
        FETCH near INTO d;
        EXIT WHEN NOT FOUND;
        result = result || d;
    END LOOP;
    CLOSE near;
    RETURN result;
END $$;
CREATE FUNCTION sorted(search nama) RETURNS float8[] LANGUAGE plpgsql AS $$
BEGIN
    PERFORM allow(false, false);
    RETURN (SELECT array_agg(name <-> search ORDER BY name <-> search) FROM person);
END $$;

CREATE TABLE kept AS SELECT first, sorted('Sunarto Wibowo') AS d FROM unnest('{1,2,3,4,6,8,9}'::int[]) AS first;
SELECT is(in_rounds('Sunarto Wibowo', first, 'SELECT'), d, format('nothing between the rounds, after %s', first)) FROM kept;
SELECT is(in_rounds('Sunarto Wibowo', first, $$SELECT in_rounds('Putu Suparta', 1, 'SELECT')$$), d,
    format('another search after %s', first)) FROM kept;

-- as many rows as no pending list holds: it is empty then, and holds some rows for the next one
SELECT is(in_rounds('Sunarto Wibowo', first, format('SELECT pending(%s); SELECT fill(3000, 4500); SELECT pending(%1$s)', first)),
    d, format('the pending list is moved after %s', first)) FROM (SELECT first, sorted('Sunarto Wibowo') AS d FROM kept LIMIT 1) AS k;
SELECT is(in_rounds('Sunarto Wibowo', 1, 'SELECT'), sorted('Sunarto Wibowo'), 'all that is in either');
SELECT * FROM finish();
ROLLBACK;
