-- Registry @registry@: from lines of a file to typed rows.
--
-- A client stages the lines (dtsen-import does; docs/registry.md has the recipe):
--   SELECT @registry@.import_open();
--   \copy pg_temp.import_line (line) FROM ... with every line prefixed by '#'
--   SELECT * FROM @registry@.import_keluarga('file name');
-- Every byte arrives, since the staging reads the file as Latin-1; what is no
-- UTF-8 is found here, line by line. All is one statement a step, no loop a row.
--
-- The functions that touch every row of a table are planned without nested
-- loops: under row security the planner takes a whole table for few rows. And
-- without JIT, whose compilation costs more than it gains here.

CREATE FUNCTION @registry@.import_open() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass('pg_temp.import_line') IS NOT NULL THEN
        DROP TABLE pg_temp.import_line;
    END IF;
    CREATE TEMPORARY TABLE import_line (
        id bigint GENERATED ALWAYS AS IDENTITY,
        line text NOT NULL
    );
END $$;
COMMENT ON FUNCTION @registry@.import_open() IS 'Makes the session''s empty staging table pg_temp.import_line (line text): every line of a file, header included, behind a #';

CREATE FUNCTION @registry@.import_fields(line text, delimiter text DEFAULT '|') RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    -- Split at the quotes: odd parts are outside, even ones inside. An empty
    -- part between two inside ones is a doubled quote. Outside, a delimiter
    -- becomes 1F, which no line holds.
    SELECT CASE WHEN bool_and(n % 2 = 0 OR part = ''
            OR ((n = 1 OR left(part, 1) = delimiter) AND (n = m OR right(part, 1) = delimiter)))
        THEN string_to_array(string_agg(CASE
            WHEN n % 2 = 0 THEN part
            WHEN part = '' AND n > 1 AND n < m THEN '"'
            ELSE translate(part, delimiter, E'\x1f') END, '' ORDER BY n), E'\x1f')
        END
    FROM (SELECT part, n, count(*) OVER () AS m
        FROM unnest(string_to_array(line, '"')) WITH ORDINALITY AS u (part, n)) AS p
$$;
COMMENT ON FUNCTION @registry@.import_fields(text, text) IS 'Fields of a line with quotes, whose number is even; NULL: a quote stands within a field that does not begin with one';

CREATE FUNCTION @registry@.import_utf8() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN E'^([\\x01-\\x7f]|[\\u00c2-\\u00df][\\u0080-\\u00bf]'
        || E'|\\u00e0[\\u00a0-\\u00bf][\\u0080-\\u00bf]|\\u00ed[\\u0080-\\u009f][\\u0080-\\u00bf]'
        || E'|[\\u00e1-\\u00ec\\u00ee\\u00ef][\\u0080-\\u00bf]{2}'
        || E'|\\u00f0[\\u0090-\\u00bf][\\u0080-\\u00bf]{2}|[\\u00f1-\\u00f3][\\u0080-\\u00bf]{3}'
        || E'|\\u00f4[\\u0080-\\u008f][\\u0080-\\u00bf]{2})*$';
COMMENT ON FUNCTION @registry@.import_utf8() IS 'Regular expression for bytes, read as Latin-1, that are UTF-8 as PostgreSQL takes it';

CREATE FUNCTION @registry@.import_header(kind text)
    RETURNS TABLE (pos integer, header text, type text, target text, target_column text, is_required boolean)
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    first_line text;
    names text[];
    problem text;
    known bigint;
BEGIN
    SELECT lower(ltrim(rtrim(substr(l.line, 2), E'\x1d'), E'\u00EF\u00BB\u00BF')) INTO first_line
    FROM pg_temp.import_line AS l
    WHERE l.id = (SELECT min(m.id) FROM pg_temp.import_line AS m);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the file is empty' USING ERRCODE = 'bad_copy_file_format',
            DETAIL = 'It has no header line.',
            HINT = 'Look at what was exported; by hand, copy the lines into pg_temp.import_line after import_open().';
    ELSIF first_line ~ E'[\\x01-\\x08\\x0a-\\x1f\\x7f]' THEN
        RAISE EXCEPTION 'the first line holds control characters' USING ERRCODE = 'bad_copy_file_format',
            DETAIL = 'It may be a spreadsheet itself, text in UTF-16, or a file whose lines end in CR alone.',
            HINT = 'Export the file again as CSV in UTF-8, with lines that end in LF or CR LF.';
    END IF;
    names := CASE WHEN strpos(first_line, '"') = 0 THEN string_to_array(first_line, @registry@.import_delimiter())
        ELSE coalesce(@registry@.import_fields(first_line, @registry@.import_delimiter()), '{}') END;
    -- NO. KK is no_kk, KABUPATEN/KOTA is kabupaten_kota
    names := ARRAY(SELECT coalesce((SELECT c.header FROM @registry@.import_column AS c WHERE c.kind = import_header.kind AND c.header = btrim(n)),
            nullif(btrim(regexp_replace(n, '[^a-z0-9]+', '_', 'g'), '_'), ''), '')
        FROM unnest(names) WITH ORDINALITY AS u (n, i) ORDER BY i);

    -- A first line without one known name may be a line of data: never shown. Nor
    -- one of which half is unknown: a value may be a name by chance, or a line of
    -- data hang on the header.
    SELECT string_agg(DISTINCT CASE WHEN n ~ '^[a-z][a-z0-9_ ]{0,39}$' AND n !~ '[0-9]{5}' THEN quote_ident(n)
        ELSE '(no name)' END, ', ') FILTER (WHERE NOT k.is_known), count(*) FILTER (WHERE k.is_known)
    INTO problem, known
    FROM unnest(names) AS n, LATERAL (SELECT EXISTS (SELECT FROM @registry@.import_column AS c
        WHERE c.kind = import_header.kind AND c.header = n) AS is_known) AS k;
    IF known = 0 THEN
        problem := 'all of them, it may be no header';
    ELSIF 2 * known <= cardinality(names) THEN
        problem := format('%s of %s', cardinality(names) - known, cardinality(names));
    END IF;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'the header has columns that a file of kind "%" does not have', kind
            USING ERRCODE = 'bad_copy_file_format', DETAIL = format('Unknown: %s.', problem),
            HINT = 'Table import_column of the registry lists the names; a row there makes another one known.';
    END IF;

    RETURN QUERY SELECT i::integer, n, c.type::text, c.target::text, c.target_column::text, c.is_required
        FROM unnest(names) WITH ORDINALITY AS u (n, i)
        JOIN @registry@.import_column AS c ON c.header = n AND c.kind = import_header.kind;
    SELECT string_agg(quote_ident(r.target_column), ', ') INTO problem
    FROM (SELECT DISTINCT c.target_column FROM @registry@.import_column AS c
        WHERE c.kind = import_header.kind AND c.is_required
        AND NOT EXISTS (SELECT FROM @registry@.import_column AS o
            WHERE o.kind = c.kind AND o.target = c.target AND o.target_column = c.target_column
            AND o.header = ANY (names))) AS r;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'the header lacks columns that a file of kind "%" must have', kind
            USING ERRCODE = 'bad_copy_file_format', DETAIL = format('Missing: %s.', problem),
            HINT = 'Table import_column of the registry says under which names each may stand in the header.';
    END IF;
    -- a region code in parts is all of its four columns
    IF EXISTS (SELECT FROM unnest(names) AS n JOIN @registry@.import_column AS c ON c.header = n AND c.kind = import_header.kind
        WHERE c.type ~ '^wilayah_[1-4]$' HAVING count(*) BETWEEN 1 AND 3) THEN
        RAISE EXCEPTION 'the header has a part of a region code only' USING ERRCODE = 'bad_copy_file_format',
            DETAIL = 'Province, regency, district and village each have a column, or one column has the whole code.',
            HINT = 'Put the missing columns in, or take the others out.';
    END IF;
    SELECT string_agg(quote_ident(r.target_column), ', ' ORDER BY r.target_column COLLATE "C") INTO problem
    FROM (SELECT c.target_column FROM unnest(names) AS n
        JOIN @registry@.import_column AS c ON c.header = n AND c.kind = import_header.kind
        WHERE c.target IS NOT NULL
        GROUP BY c.target, c.target_column HAVING count(*) > 1
            AND array_agg(c.type::text ORDER BY c.type COLLATE "C") <> '{wilayah_1,wilayah_2,wilayah_3,wilayah_4}') AS r;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'the header names a column twice' USING ERRCODE = 'bad_copy_file_format',
            DETAIL = format('Twice: %s.', problem), HINT = 'Take one of them out; several names may lead to one column.';
    END IF;
END $$;
COMMENT ON FUNCTION @registry@.import_header(text) IS 'Columns of the staged file by the names in its first line, signs other than letters and digits not minded; an error where a name is unknown, missing or double';

CREATE FUNCTION @registry@.import_rounded(header text, target_column text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
DECLARE
    n record;
BEGIN
    EXECUTE format('SELECT count(*) AS numbers, count(*) FILTER (WHERE right(d.v, 1) = ''0'') AS zeros
        FROM (SELECT DISTINCT %1$I::text AS v FROM pg_temp.import_row WHERE reason IS NULL AND %1$I IS NOT NULL AND line_number <= 10001) AS d',
        target_column) INTO n;
    IF n.numbers >= 50 AND n.zeros > 0.9 * n.numbers THEN
        RAISE EXCEPTION 'the numbers of column "%" have lost their last digit', header
            USING ERRCODE = 'bad_copy_file_format',
                DETAIL = format('%s of %s different ones end in 0: a spreadsheet keeps 15 digits.', n.zeros, n.numbers),
                HINT = 'Export the file again with the column as text.';
    END IF;
END $$;
COMMENT ON FUNCTION @registry@.import_rounded(text, text) IS 'Refuses a file whose numbers a spreadsheet has rounded to 15 digits, by the first 10,000 lines';

CREATE FUNCTION @registry@.import_check(kind text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
    SET timezone = 'Asia/Jakarta' -- which day it is, is not for the client to say
AS $$
DECLARE
    column_count integer;
    checks text;
    damage text;
    vals text;
BEGIN
    DROP TABLE IF EXISTS pg_temp.import_used, pg_temp.import_row, pg_temp.import_plan;
    CREATE TEMPORARY TABLE import_used ON COMMIT DROP AS
        SELECT h.*, @registry@.import_source(h.type, format('f[%s]', h.pos)) AS source FROM @registry@.import_header(kind) AS h;
    SELECT count(*) INTO column_count FROM pg_temp.import_used;
    -- the four columns of a region code are one
    WITH parts AS (DELETE FROM pg_temp.import_used AS u WHERE u.type ~ '^wilayah_[1-4]$' RETURNING u.*)
    INSERT INTO pg_temp.import_used
    SELECT max(p.pos), max(p.header), 'wilayah', p.target, p.target_column, bool_or(p.is_required),
        format('CASE WHEN concat(%s) <> '''' THEN %s ELSE '''' END', string_agg(p.source, ', ' ORDER BY p.type),
            string_agg(format('lpad(%s, greatest(length(%1$s), %s), ''0'')', p.source, CASE p.type WHEN 'wilayah_4' THEN 4 ELSE 2 END), ' || ' ORDER BY p.type))
    FROM parts AS p GROUP BY p.target, p.target_column;
    SELECT string_agg(format('WHEN %s THEN %s', u.pos, e.damaged), ' ') FILTER (WHERE e.damaged IS NOT NULL),
        string_agg(format(', CASE WHEN reason IS NULL THEN %s END AS %I', e.value, u.target_column),
            '' ORDER BY u.pos)
    INTO damage, vals
    FROM pg_temp.import_used AS u, @registry@.import_expression(u.type, u.source) AS e
    WHERE u.target IS NOT NULL;

    -- columns that the file does not have are NULL
    SELECT concat(vals, string_agg(DISTINCT format(', (NULL::@registry@.%I).%I', c.target, c.target_column), ''))
    INTO vals
    FROM @registry@.import_column AS c
    WHERE c.kind = import_check.kind AND c.target IS NOT NULL
        AND NOT EXISTS (SELECT FROM pg_temp.import_used AS u
        WHERE (u.target, u.target_column) = (c.target, c.target_column));

    -- One test for each column, but one for a whole run of columns with codes:
    -- only where that fails is each of them looked at.
    SELECT string_agg(CASE WHEN r.n = 1 THEN r.tests ELSE
            format($c$WHEN array_to_string(f[%s:%s], E'\x1f') !~ E'^([0-9]{0,4}\\x1f)*[0-9]{0,4}$' THEN CASE %s END$c$,
                r.low, r.high, r.tests) END, ' ' ORDER BY r.low)
    INTO checks
    FROM (SELECT min(c.pos) AS low, max(c.pos) AS high, count(*) AS n,
            string_agg(CASE WHEN c.is_required THEN format('WHEN f[%s] = '''' THEN %s ', c.pos, -c.pos) ELSE '' END
                || format('WHEN %s <> '''' AND (%s) THEN %s', CASE WHEN c.type = 'wilayah' THEN c.source ELSE format('f[%s]', c.pos) END, e.bad, c.pos), ' ' ORDER BY c.pos) AS tests
        FROM (SELECT u.*, CASE WHEN u.type = 'code' AND NOT u.is_required
                THEN u.pos - row_number() OVER (PARTITION BY u.type, u.is_required, u.target IS NULL ORDER BY u.pos)
                ELSE -u.pos END AS run
            FROM pg_temp.import_used AS u) AS c,
            @registry@.import_expression(c.type, c.source) AS e
        WHERE c.target IS NOT NULL
        GROUP BY c.run, c.type = 'code') AS r;

    -- OFFSET 0 keeps the planner from computing an inner expression again for
    -- every outer reference to it.
    EXECUTE format($sql$
        CREATE TEMPORARY TABLE import_row ON COMMIT DROP AS
        SELECT line_number, reason, field %1$s
        FROM (SELECT line_number, f,
                coalesce(reason, CASE WHEN p > 0 AND CASE p %4$s ELSE false END THEN 'spreadsheet'
                    WHEN p > 0 THEN 'bad_value' WHEN p < 0 THEN 'required_empty' END) AS reason,
                CASE WHEN p IS NOT NULL THEN
                    (SELECT u.header FROM pg_temp.import_used AS u WHERE u.pos = abs(p)) END AS field
            FROM (SELECT line_number, f, reason,
                    CASE WHEN reason IS NULL THEN CASE %2$s END END AS p
                FROM (SELECT line_number, f, coalesce(reason,
                        CASE WHEN f IS NULL THEN 'stray_quote'
                            WHEN cardinality(f) < %3$s THEN 'too_few_columns'
                            WHEN cardinality(f) > %3$s THEN 'too_many_columns' END) AS reason
                    FROM (SELECT line_number, reason, CASE WHEN reason IS NULL THEN
                                CASE WHEN strpos(t, '"') = 0 THEN string_to_array(t, %5$L)
                                    ELSE @registry@.import_fields(t, %5$L) END END AS f
                        FROM (SELECT line_number, reason, CASE
                                    WHEN reason IS NULL AND octet_length(line) <> length(line)
                                    THEN convert_from(convert_to(line, 'LATIN1'), 'UTF8')
                                    ELSE line END AS t
                            FROM (SELECT line_number, line, CASE
                                        WHEN line = '' THEN 'empty_line'
                                        WHEN length(line) > 10000 THEN 'too_long'
                                        WHEN line ~ E'[\\x01-\\x08\\x0a-\\x1f\\x7f]' THEN 'control_byte'
                                        WHEN octet_length(line) <> length(line) AND line !~ @registry@.import_utf8()
                                        THEN 'not_utf8'
                                        WHEN (length(line) - length(replace(line, '"', ''))) %% 2 = 1
                                        THEN 'unclosed_quote' END AS reason
                                FROM (SELECT id - (SELECT min(id) FROM pg_temp.import_line) + 1 AS line_number,
                                        rtrim(substr(line, 2), E'\x1d') AS line
                                    FROM pg_temp.import_line OFFSET 0) AS r
                                WHERE line_number > 1 OFFSET 0) AS s0
                            OFFSET 0) AS s1
                        OFFSET 0) AS s2
                    OFFSET 0) AS s3
                OFFSET 0) AS s4
            OFFSET 0) AS s5
        $sql$, vals, checks, column_count,
        coalesce(damage, 'WHEN 0 THEN false'), @registry@.import_delimiter());
    ANALYZE pg_temp.import_row;
    PERFORM @registry@.import_rounded(u.header, u.target_column) FROM pg_temp.import_used AS u
    WHERE u.type IN ('nik', 'nkk', 'nik_written') AND u.target IS NOT NULL;
END $$;
COMMENT ON FUNCTION @registry@.import_check(text) IS 'Makes pg_temp.import_row from the staged file: a row a line, its values by type, or the reason why it is refused';
