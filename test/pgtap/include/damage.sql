-- A number of 16 digits with so many random edits: a digit replaced, two exchanged,
-- or one lost and another put in elsewhere.
CREATE FUNCTION damage(t text, edits int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    i int;
    j int;
    kind int;
BEGIN
    FOR e IN 1..edits LOOP
        i := 1 + floor(random() * 15);
        j := floor(random() * 16);
        kind := floor(random() * 3);
        IF kind = 0 THEN
            t := overlay(t PLACING floor(random() * 10)::text FROM i FOR 1);
        ELSIF kind = 1 THEN
            t := overlay(t PLACING substr(t, i + 1, 1) || substr(t, i, 1) FROM i FOR 2);
        ELSE
            t := overlay(t PLACING '' FROM i FOR 1);
            t := substr(t, 1, j) || floor(random() * 10)::text || substr(t, j + 1);
        END IF;
    END LOOP;
    RETURN t;
END $$;
