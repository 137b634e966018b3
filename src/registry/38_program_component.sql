-- Registry @registry@: what a programme owes a family for its members.

CREATE FUNCTION @registry@.program_components(program text, asof date DEFAULT CURRENT_DATE, only_keluarga bigint DEFAULT NULL)
    RETURNS TABLE (keluarga_id bigint, anggota_id bigint, wilayah dtsen.kode_wilayah, code text, amount numeric, is_paid boolean)
    LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog, dtsen, pg_temp
    SET jit = off SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    ceiling integer;
BEGIN
    SELECT p.member_ceiling INTO ceiling FROM @registry@.program AS p WHERE p.program = program_components.program;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no programme "%"', program USING ERRCODE = 'no_data_found', DETAIL = 'Nothing was counted or changed.', HINT = 'Table program of the registry lists them.';
    END IF;
    -- A member counts once, for the component with the greatest amount; of a
    -- family the members with the greatest amounts are paid, as many as the
    -- ceiling allows: those before others whom keluarga_components() puts first.
    RETURN QUERY
    SELECT m.keluarga_id, m.anggota_id, m.wilayah, m.code::text, m.amount, coalesce(m.place <= ceiling, true)
    FROM (SELECT b.*, row_number() OVER (PARTITION BY b.keluarga_id ORDER BY b.amount DESC, b.hubungan, b.tanggal_lahir, b.nik) AS place
        FROM (SELECT DISTINCT ON (a.id) a.id AS anggota_id, a.keluarga_id, a.wilayah, a.hubungan, a.tanggal_lahir, a.nik, c.code, c.amount
            FROM @registry@.program_component AS c
            JOIN @registry@.anggota_facts(asof) AS f ON komponen_applies(
                ROW (c.code, c.amount, c.min_age, c.max_age, c.sekolah, c.disabilitas, c.hamil)::komponen_program, f.age, f.sekolah, f.disabilitas, f.hamil)
            JOIN @registry@.anggota AS a ON a.id = f.anggota_id
            WHERE c.program = program_components.program AND (only_keluarga IS NULL OR f.keluarga_id = only_keluarga)
            ORDER BY a.id, c.amount DESC, c.code COLLATE "C") AS b) AS m
    ORDER BY m.keluarga_id, m.place;
END $$;
COMMENT ON FUNCTION @registry@.program_components(text, date, bigint) IS 'Active members who count for a component of a programme at a date, each once, with the amount a year, and whether the ceiling of the programme leaves them paid; of the families that the caller sees, or of one';
