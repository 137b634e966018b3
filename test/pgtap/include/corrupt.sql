-- A repeatable fraction for a number and a purpose.
CREATE FUNCTION draw(bigint, int) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashint8extended($1, $2) & 1048575) / 1048576.0 $$;

-- One of eight corruptions; NULL where the name has nothing to corrupt so.
CREATE FUNCTION corrupt(name text, kind int, seed bigint) RETURNS text
    LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    word text[] := string_to_array(name, ' ');
    n int := cardinality(word);
    w int := 1 + floor(draw(seed, 1) * n);
    at int;
    letter text := chr(97 + floor(draw(seed, 3) * 26)::int);
BEGIN
    at := 2 + floor(draw(seed, 2) * greatest(length(word[w]) - 2, 0));
    IF kind < 4 AND (length(word[w]) < 5 OR word[w] !~ '^[A-Z]+$') THEN
        RETURN NULL;
    ELSIF kind = 0 THEN -- a letter for another
        word[w] := overlay(word[w] PLACING upper(letter) FROM at FOR 1);
    ELSIF kind = 1 THEN -- a letter less
        word[w] := overlay(word[w] PLACING '' FROM at FOR 1);
    ELSIF kind = 2 THEN -- two letters exchanged
        word[w] := overlay(word[w] PLACING
            reverse(substr(word[w], at, 2)) FROM at FOR 2);
    ELSIF kind = 3 THEN -- a letter more
        word[w] := overlay(word[w] PLACING upper(letter) FROM at FOR 0);
    ELSIF kind = 4 THEN -- spelling before 1972
        word := string_to_array(regexp_replace(
            replace(replace(name, 'U', 'OE'), 'J', 'DJ'),
            'C(?=[AIUEO])', 'TJ', 'g'), ' ');
    ELSIF n < 2 OR word[1] = '' THEN
        RETURN NULL;
    ELSIF kind = 5 THEN -- initial
        word[w] := left(word[w], 1);
    ELSIF kind = 6 THEN -- a word less, two are left
        IF n < 3 THEN
            RETURN NULL;
        END IF;
        word := word[1:w - 1] || word[w + 1:];
    ELSE -- order
        word := word[2:] || word[1];
    END IF;
    RETURN nullif(array_to_string(word, ' '), name);
END $$;
