-- Names of a few words, the same in each run, and which plans may search them.
CREATE TABLE word (n serial, w text);
INSERT INTO word (w) VALUES ('SITI'), ('NUR'), ('MUHAMMAD'), ('ABDUL'), ('SRI'), ('AMINAH'), ('HAYATI'), ('YANTI'),
    ('WAHYUNI'), ('DWI'), ('AHMAD'), ('RAHMAN'), ('RAHMAWATI'), ('SUTRISNO'), ('BAMBANG'), ('HIDAYAT'), ('SUNARTO'),
    ('SUNARTI'), ('SULASTRI'), ('HERMAWAN'), ('WAWAN'), ('YUSUF'), ('FAUZI'), ('ZAINAL'), ('ABIDIN'), ('KHADIJAH'),
    ('FATIMAH'), ('WAYAN'), ('KETUT'), ('TJAHJONO'), ('WIDJAJA'), ('BUDI'), ('SANTOSO'), ('RINA'), ('RINI'),
    ('LESTARI'), ('EUIS'), ('ADE'), ('UJANG'), ('DEDI'), ('DEWI'), ('ANI'), ('NURHAYATI'), ('SRIWAHYUNI'),
    ('MUHAMADYUSUF'), ('A'), ('S'), ('M.'), ('MOCH.'), ('PRATAMA'), ('NGURAH'), ('MARIA'), ('GORETI'), ('SILALAHI');

-- Repeatable: the n-th draw below k.
CREATE SEQUENCE draws;
CREATE FUNCTION pick(k int) RETURNS int LANGUAGE sql VOLATILE AS
    $$ SELECT ((hashint8extended(nextval('draws'), 5) & 1048575) % k)::int $$;
CREATE FUNCTION name_at(n int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result text := '';
    k int;
BEGIN
    FOR i IN 1..1 + pick(3) LOOP
        k := 1 + pick(54);
        result := result || (SELECT w FROM word WHERE word.n = k) || CASE WHEN pick(15) = 0 THEN '' ELSE ' ' END;
    END LOOP;
    RETURN btrim(result) || CASE pick(40) WHEN 0 THEN ' BIN SLAMET' WHEN 1 THEN ' (UDIN)' WHEN 2 THEN ' S.PD' ELSE '' END;
END $$;
CREATE FUNCTION damaged(name text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    at int := 1 + pick(greatest(length(name), 1));
    word text[] := string_to_array(name, ' ');
BEGIN
    CASE pick(7)
        WHEN 0 THEN RETURN overlay(name PLACING chr(65 + pick(26)) FROM at FOR 1);
        WHEN 1 THEN RETURN overlay(name PLACING '' FROM at FOR 1);
        WHEN 2 THEN RETURN overlay(name PLACING chr(65 + pick(26)) FROM at FOR 0);
        WHEN 3 THEN RETURN overlay(name PLACING reverse(substr(name, at, 2)) FROM at FOR 2);
        WHEN 4 THEN RETURN array_to_string(word[2:] || word[1], ' ');
        WHEN 5 THEN RETURN left(word[1], 1) || ' ' || array_to_string(word[2:], ' ');
        ELSE RETURN replace(name, ' ', '');
    END CASE;
END $$;
CREATE FUNCTION allow(index boolean, bitmap boolean) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('enable_seqscan', (NOT index)::text, true), set_config('enable_indexscan', (index AND NOT bitmap)::text, true),
        set_config('enable_bitmapscan', (index AND bitmap)::text, true) $$;
