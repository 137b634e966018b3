-- Registry @registry@: files go out in the shapes in which they came in, in an
-- order that depends on their content alone.

CREATE FUNCTION @registry@.export_field(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    -- a line end or another control character, which an import refuses, goes out as a blank
    SELECT CASE WHEN value !~ '[|"\x01-\x1f\x7f]' THEN value WHEN value ~ '[|"]' THEN '"' || replace(l.line, '"', '""') || '"' ELSE l.line END
    FROM (SELECT regexp_replace(value, '[\x01-\x08\x0a-\x1f\x7f]', ' ', 'g') AS line) AS l
$$;
COMMENT ON FUNCTION @registry@.export_field(text) IS 'A value as a field of a line; in quotes where it holds a delimiter or a quote, without control characters';

CREATE FUNCTION @registry@.export_words(type text, value text) RETURNS text
    LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN count(*) = 0 THEN export_words.value ELSE format('CASE %s %s ELSE %1$s END', export_words.value,
        string_agg(format('WHEN %L THEN %L', w.value, w.word), ' ' ORDER BY w.value COLLATE "C")) END
    FROM @registry@.import_word AS w WHERE w.type = export_words.type AND w.is_written
$$;
COMMENT ON FUNCTION @registry@.export_words(text, text) IS 'SQL of a value as its type is written: by the words that import_word has for it';

CREATE FUNCTION @registry@.export_lines(kind text, edisi_id integer DEFAULT NULL) RETURNS SETOF text
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp SET jit = off
    SET extra_float_digits = 1 -- a score goes out whole, whatever the session shows
AS $$
DECLARE
    source text;
    header text;
    line text;
BEGIN
    source := CASE kind
        WHEN 'keluarga' THEN '@registry@.keluarga AS keluarga
            LEFT JOIN @registry@.rumah AS rumah ON rumah.keluarga_id = keluarga.id
            LEFT JOIN @registry@.aset AS aset ON aset.keluarga_id = keluarga.id
            LEFT JOIN @registry@.desil AS desil ON desil.keluarga_id = keluarga.id AND desil.edisi_id = $1
            LEFT JOIN @registry@.wilayah AS w4 ON w4.kode = keluarga.wilayah
            LEFT JOIN @registry@.wilayah AS w3 ON w3.kode = w4.parent
            LEFT JOIN @registry@.wilayah AS w2 ON w2.kode = w3.parent
            LEFT JOIN @registry@.wilayah AS w1 ON w1.kode = w2.parent
            WHERE keluarga.status = ''aktif'' ORDER BY keluarga.wilayah, keluarga.nkk'
        WHEN 'anggota' THEN '@registry@.anggota AS anggota
            JOIN @registry@.keluarga AS keluarga ON keluarga.id = anggota.keluarga_id
            LEFT JOIN @registry@.wilayah AS w4 ON w4.kode = anggota.wilayah_ktp
            LEFT JOIN @registry@.wilayah AS w3 ON w3.kode = w4.parent
            LEFT JOIN @registry@.wilayah AS w2 ON w2.kode = w3.parent
            LEFT JOIN @registry@.wilayah AS w1 ON w1.kode = w2.parent
            WHERE anggota.status = ''aktif'' AND keluarga.status = ''aktif''
            ORDER BY anggota.wilayah, keluarga.nkk, anggota.hubungan, anggota.nik, anggota.tanggal_lahir'
        WHEN 'skor' THEN '@registry@.skor AS skor JOIN @registry@.keluarga AS keluarga ON keluarga.id = skor.keluarga_id
            ORDER BY skor.model_version COLLATE "C", skor.wilayah, keluarga.nkk'
        -- lists as they were brought, of the login's own region
        WHEN 'dukcapil' THEN '@registry@.dukcapil AS dukcapil
            WHERE dukcapil.owner_scope = (SELECT @registry@.scope_common()) ORDER BY dukcapil.nik'
        WHEN 'dtks' THEN '@registry@.dtks AS dtks
            WHERE dtks.owner_scope = (SELECT @registry@.scope_common()) ORDER BY dtks.source_key COLLATE "C"'
        WHEN 'siks_ng' THEN '@registry@.dtks AS dtks
            LEFT JOIN @registry@.wilayah AS desa ON desa.kode = dtks.wilayah
            LEFT JOIN @registry@.wilayah AS kecamatan ON kecamatan.kode = desa.parent
            LEFT JOIN @registry@.wilayah AS kabupaten ON kabupaten.kode = kecamatan.parent
            LEFT JOIN @registry@.wilayah AS provinsi ON provinsi.kode = kabupaten.parent
            WHERE dtks.owner_scope = (SELECT @registry@.scope_common()) ORDER BY dtks.source_key COLLATE "C"' END;
    IF source IS NULL THEN
        RAISE EXCEPTION 'there is no export of kind "%"', kind USING ERRCODE = 'invalid_parameter_value',
            DETAIL = 'What comes in as events, such as deaths, does not go out as a file.',
            HINT = 'Kinds are keluarga, anggota, dukcapil, dtks, siks_ng and skor.';
    END IF;
    IF edisi_id IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.edisi AS e
        WHERE e.id = export_lines.edisi_id AND e.state = 'terbit') THEN
        RAISE EXCEPTION 'edition % is not published', edisi_id USING ERRCODE = 'object_not_in_prerequisite_state',
            DETAIL = 'Deciles of a draft, or of no edition, do not go out.', HINT = 'Table edisi lists the editions with their states; leave the edition away for the deciles of the files.';
    END IF;
    SELECT string_agg(c.header, '|' ORDER BY c.position), string_agg(format('coalesce(@registry@.export_field(%s), '''')',
        @registry@.export_words(c.type, CASE regexp_replace(c.type, '_word$', '')
            WHEN 'yesno' THEN format('CASE WHEN %s THEN ''1'' WHEN NOT %1$s THEN ''2'' END', c.place)
            WHEN 'flag' THEN format('CASE WHEN %s THEN ''1'' WHEN NOT %1$s THEN ''0'' END', c.place)
            WHEN 'number' THEN format('%s::text::numeric::text', c.place) -- without an exponent
            WHEN 'date' THEN format('to_char(%s, ''YYYY-MM-DD'')', c.place)
            WHEN 'tanggal' THEN format('to_char(%s, ''YYYY-MM-DD'')', c.place)
            ELSE format('%s::text', c.place) END)), ' || ''|'' || ' ORDER BY c.position)
    INTO header, line
    FROM ((SELECT DISTINCT ON (i.target, i.target_column) i.header, i.type, i.position, CASE
                WHEN export_lines.edisi_id IS NOT NULL AND i.target_column ~ '^file_desil_' THEN format('desil.%I', substr(i.target_column, 6))
                WHEN i.kind = 'siks_ng' AND i.target_column IN ('provinsi', 'kabupaten', 'kecamatan', 'desa')
                THEN format('coalesce(dtks.%1$I, %1$I.nama)', i.target_column)
                ELSE format('%I.%I', i.target, i.target_column) END AS place
            FROM @registry@.import_column AS i
            WHERE i.kind = export_lines.kind AND i.target IS NOT NULL AND i.type !~ '^wilayah_[1-4]$'
            ORDER BY i.target, i.target_column, i.position)
        -- what the files repeat of the regions above the village
        UNION ALL SELECT i.header, i.type, i.position, r.place
        FROM (VALUES ('kode_provinsi', 'w1.kode'), ('provinsi', 'upper(w1.nama)'), ('kode_kabupaten_kota', 'w2.kode'), ('kabupaten_kota', 'upper(w2.nama)'),
            ('kode_kecamatan', 'w3.kode'), ('kecamatan', 'upper(w3.nama)'), ('kelurahan_desa', 'upper(w4.nama)')) AS r (header, place)
        JOIN @registry@.import_column AS i ON i.kind = export_lines.kind AND i.target IS NULL
            AND i.header = CASE i.kind WHEN 'keluarga' THEN r.header WHEN 'anggota' THEN r.header || '_ktp' END) AS c;
    RETURN NEXT header;
    RETURN QUERY EXECUTE format('SELECT %s FROM %s', line, source) USING edisi_id;
END $$;
COMMENT ON FUNCTION @registry@.export_lines(text, integer) IS 'Active families, their persons, or scores, of the regions that the caller sees, or the lists that its region brought (civil registry, DTKS, also as a sheet of SIKS-NG), as lines of a file of that kind, header first; with a published edition the deciles are those of the edition';
