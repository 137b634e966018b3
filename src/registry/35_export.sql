-- Registry @registry@: files go out in the shapes in which they came in.

CREATE FUNCTION @registry@.export_field(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN value ~ '[|"]' THEN '"' || replace(l.line, '"', '""') || '"' ELSE l.line END
    FROM (SELECT translate(value, E'\n\r', '  ') AS line) AS l
$$;
COMMENT ON FUNCTION @registry@.export_field(text) IS 'A value as a field of a line; in quotes where it holds a delimiter or a quote';

CREATE FUNCTION @registry@.export_lines(kind text, edisi_id integer DEFAULT NULL) RETURNS SETOF text
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp SET jit = off
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
            WHERE keluarga.status = ''aktif'' ORDER BY keluarga.id'
        WHEN 'anggota' THEN '@registry@.anggota AS anggota
            JOIN @registry@.keluarga AS keluarga ON keluarga.id = anggota.keluarga_id
            WHERE anggota.status = ''aktif'' AND keluarga.status = ''aktif'' ORDER BY anggota.keluarga_id, anggota.id'
        WHEN 'skor' THEN '@registry@.skor AS skor JOIN @registry@.keluarga AS keluarga ON keluarga.id = skor.keluarga_id
            ORDER BY skor.model_version, skor.keluarga_id' END;
    IF source IS NULL THEN
        RAISE EXCEPTION 'there is no export of kind "%"', kind USING ERRCODE = 'invalid_parameter_value',
            HINT = 'Kinds are keluarga, anggota and skor.';
    END IF;
    IF edisi_id IS NOT NULL AND NOT EXISTS (SELECT FROM @registry@.edisi AS e
        WHERE e.id = export_lines.edisi_id AND e.state = 'terbit') THEN
        RAISE EXCEPTION 'edition % is not published', edisi_id USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT string_agg(c.header, '|' ORDER BY c.position), string_agg(format('coalesce(@registry@.export_field(%s), '''')', CASE c.type
            WHEN 'yesno' THEN format('CASE WHEN %s THEN ''1'' WHEN NOT %1$s THEN ''2'' END', c.place)
            WHEN 'flag' THEN format('CASE WHEN %s THEN ''1'' WHEN NOT %1$s THEN ''0'' END', c.place)
            WHEN 'date' THEN format('to_char(%s, ''YYYY-MM-DD'')', c.place)
            ELSE format('%s::text', c.place) END), ' || ''|'' || ' ORDER BY c.position)
    INTO header, line
    FROM (SELECT DISTINCT ON (i.target, i.target_column) i.header, i.type, i.position, CASE
                WHEN export_lines.edisi_id IS NOT NULL AND i.target_column ~ '^file_desil_' THEN format('desil.%I', substr(i.target_column, 6))
                ELSE format('%I.%I', i.target, i.target_column) END AS place
        FROM @registry@.import_column AS i
        WHERE i.kind = export_lines.kind AND i.target IS NOT NULL
        ORDER BY i.target, i.target_column, i.position) AS c;
    RETURN NEXT header;
    RETURN QUERY EXECUTE format('SELECT %s FROM %s', line, source) USING edisi_id;
END $$;
COMMENT ON FUNCTION @registry@.export_lines(text, integer) IS 'Active families, their persons, or scores, of the regions that the caller sees, as lines of a file of that kind, header first; with a published edition the deciles are those of the edition';
