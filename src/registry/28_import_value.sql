-- Registry @registry@: how a text of a file becomes a value.

CREATE FUNCTION @registry@.import_date(value text) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN d.day >= '1850-01-01' THEN d.day END
    FROM (SELECT @registry@.text_date(CASE WHEN m.m IS NULL THEN regexp_replace(value, '[ T]00:00(:00([.]0+)?)?$', '')
            ELSE format('%s-%s-%s', m.m[4], lpad(m.m[3], 2, '0'), lpad(m.m[1], 2, '0')) END) AS day
        FROM (SELECT regexp_match(value, E'^([0-9]{1,2})([-/.])([0-9]{1,2})\\2([0-9]{4})$') AS m) AS m) AS d
$$;
COMMENT ON FUNCTION @registry@.import_date(text) IS 'The day that a text names as offices write it: yyyy-mm-dd, also with midnight behind it, or the day first; NULL: none';

CREATE FUNCTION @registry@.import_expression(type text, field text, OUT bad text, OUT value text, OUT damaged text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT replace(t.bad, '@', field), replace(t.value, '@', format('nullif(%s, '''')', field)), replace(t.damaged, '@', field)
    FROM (SELECT 'CASE WHEN @ !~ ''^(1[89]|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'''
            || ' THEN true WHEN right(@, 2) > ''28'' AND right(@, 2)::integer > extract(day FROM'
            || ' (left(@, 7) || ''-01'')::date + interval ''1 month - 1 day'') THEN true'
            || ' ELSE @::date NOT BETWEEN ''1850-01-01'' AND CURRENT_DATE END' AS no_date,
            -- 15 digits, 3.2E+15, .0 behind the number
            '@ ~* ''^[0-9][.,][0-9]+E[+]?[0-9]+$|^[0-9]{15}$|^[0-9]{15,16}[.,]0+$''' AS rounded) AS c,
    LATERAL (VALUES
        ('nik', 'dtsen.to_nik(@) IS NULL', 'dtsen.to_nik(@)', c.rounded),
        ('nkk', 'dtsen.to_nkk(@) IS NULL', 'dtsen.to_nkk(@)', c.rounded),
        ('nik_written', 'length(@) > 30 OR ' || c.rounded, '@', c.rounded),
        ('wilayah', 'dtsen.to_kode_wilayah(@) IS NULL', 'dtsen.to_kode_wilayah(@)', NULL),
        ('nama', 'dtsen.to_nama(@) IS NULL', 'dtsen.to_nama(@)', NULL),
        ('text', 'length(@) > 300', '@', NULL),
        ('short', 'length(@) > 30', '@', NULL),
        ('date', c.no_date, '@::date', NULL),
        ('tanggal', 'CASE WHEN length(@) = 10 AND substr(@, 5, 1) = ''-'' THEN ' || c.no_date || ' ELSE @registry@.import_date(@) IS NULL END',
            'CASE WHEN length(@) = 10 AND substr(@, 5, 1) = ''-'' THEN @::date ELSE @registry@.import_date(@) END',
            -- days counted from 1900; the month before the day
            '@ ~ ''^[1-9][0-9]{4}([.,]0+)?$|^(0?[1-9]|1[0-2])[-/.](1[3-9]|2[0-9]|3[01])[-/.](1[89]|20)[0-9]{2}$'''),
        ('sex', '@ !~ ''^[12LlPp]$''',
            'CASE upper(@) WHEN ''1'' THEN 1 WHEN ''L'' THEN 1 WHEN ''2'' THEN 2 WHEN ''P'' THEN 2 END::smallint', NULL),
        ('relation', '@ !~ ''^0?[1-8]$''', '@::smallint', NULL),
        ('decile', '@ !~ ''^(0?[0-9]|10)$''', 'nullif(@::smallint, 0)', NULL),
        ('yesno', '@ !~ ''^[12]$''', '@ = ''1''', NULL),
        ('flag', '@ !~ ''^[01]$''', '@ = ''1''', NULL),
        ('rtrw', '@ !~ ''^[0-9]{1,3}$''', 'lpad(@, 3, ''0'')', NULL),
        ('code', '@ !~ ''^[0-9]{1,4}$''', '@::smallint', NULL),
        ('small', '@ !~ ''^[0-9]{1,2}$''', '@::smallint', NULL),
        ('count', '@ !~ ''^[0-9]{1,9}$''', '@::integer', NULL),
        ('area', '@ !~ ''^[0-9]{1,6}([.,][0-9]{1,2})?$''', 'translate(@, '','', ''.'')::numeric(8, 2)', NULL),
        ('number', '@ !~ ''^-?[0-9]{1,20}([.,][0-9]{1,40})?$''',
            'translate(@, '','', ''.'')::double precision', NULL),
        ('life', 'lower(@) NOT IN (''hidup'', ''meninggal'', ''pindah'')', 'lower(@)', NULL)
    ) AS t (type, bad, value, damaged)
    WHERE t.type = regexp_replace(import_expression.type, '_word$', '')
$$;
COMMENT ON FUNCTION @registry@.import_expression(text, text) IS 'SQL that tells whether a text that is not empty is no value of an import type, SQL that makes the value, NULL of the empty text, and SQL that tells whether what is no value was damaged by a spreadsheet (NULL: never)';

CREATE FUNCTION @registry@.import_source(type text, field text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    -- what is shorter than any word is none
    SELECT CASE WHEN count(*) = 0 THEN field
        ELSE format('CASE WHEN length(%s) < %s THEN %1$s ELSE CASE upper(btrim(%1$s)) %3$s ELSE %1$s END END', field, min(length(w.word)),
            string_agg(format('WHEN %L THEN %L', w.word, w.value), ' ' ORDER BY w.word COLLATE "C")) END
    FROM @registry@.import_word AS w WHERE w.type = import_source.type
$$;
COMMENT ON FUNCTION @registry@.import_source(text, text) IS 'SQL of a field in which the words of its type stand as what they mean';

CREATE FUNCTION @registry@.import_delimiter() RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    header text := (SELECT l.line FROM pg_temp.import_line AS l ORDER BY l.id LIMIT 1);
BEGIN
    RETURN coalesce((SELECT d FROM unnest(ARRAY['|', E'\t', ';', ',']) WITH ORDINALITY AS u (d, i)
        WHERE strpos(header, d) > 0 ORDER BY i LIMIT 1), '|');
END $$;
COMMENT ON FUNCTION @registry@.import_delimiter() IS 'What stands between the fields of the staged file: the first of |, tab, ; and , that its header has';

CREATE FUNCTION @registry@.place_key(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(regexp_replace(upper(btrim(name)),
        E'^(PROVINSI|PROV|KABUPATEN|KAB|KECAMATAN|KEC|KELURAHAN|KEL|DESA)(\\.| |\\. )\\s*', ''), '[^A-Z0-9]', '', 'g');
COMMENT ON FUNCTION @registry@.place_key(text) IS 'Name of a region without its kind (but Kota, which tells a city from the regency of that name), blanks and signs, to compare';

CREATE FUNCTION @registry@.import_place() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, dtsen, pg_temp
AS $$
BEGIN
    UPDATE pg_temp.import_row AS r SET wilayah = f.kode
    FROM (SELECT p.provinsi, p.kabupaten, p.kecamatan, p.desa, min(v.kode) AS kode
        FROM (SELECT DISTINCT i.provinsi, i.kabupaten, i.kecamatan, i.desa FROM pg_temp.import_row AS i
            WHERE i.reason IS NULL AND i.wilayah IS NULL AND i.desa IS NOT NULL AND i.kecamatan IS NOT NULL AND i.kabupaten IS NOT NULL) AS p
        JOIN @registry@.wilayah AS k ON k.level = 2 AND k.status = 'present' AND @registry@.place_key(k.nama) = @registry@.place_key(p.kabupaten)
        JOIN @registry@.wilayah AS a ON a.kode = k.parent
            AND (p.provinsi IS NULL OR @registry@.place_key(a.nama) = @registry@.place_key(p.provinsi))
        JOIN @registry@.wilayah AS c ON c.parent = k.kode AND c.status = 'present' AND @registry@.place_key(c.nama) = @registry@.place_key(p.kecamatan)
        JOIN @registry@.wilayah AS v ON v.parent = c.kode AND v.status = 'present' AND @registry@.place_key(v.nama) = @registry@.place_key(p.desa)
        GROUP BY 1, 2, 3, 4 HAVING count(*) = 1) AS f
    WHERE r.reason IS NULL AND r.wilayah IS NULL AND (r.kabupaten, r.kecamatan, r.desa) = (f.kabupaten, f.kecamatan, f.desa)
    AND r.provinsi IS NOT DISTINCT FROM f.provinsi;
    INSERT INTO pg_temp.import_used (pos, type, target, target_column, is_required)
    SELECT 0, 'wilayah', u.target, 'wilayah', false FROM pg_temp.import_used AS u
    WHERE u.target_column = 'desa' AND NOT EXISTS (SELECT FROM pg_temp.import_used AS w WHERE w.target_column = 'wilayah');
END $$;
COMMENT ON FUNCTION @registry@.import_place() IS 'Finds the villages of a staged sheet by the names of regency, district and village (and province, if it has them), where exactly one present village has them';
