-- Registry @registry@: programmes follow families and persons.
--
-- A person keeps his place in a programme for persons when he changes family. A
-- family keeps its place while it is one: whoever splits off begins without, a
-- family that joins another ends, and nobody stays in a programme that does not
-- pay where he lives. These run for every client, and for events and imports.

CREATE FUNCTION @registry@.kepesertaan_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, dtsen, pg_temp SET timezone = 'Asia/Jakarta'
    SET enable_nestloop = off -- the plan that one row got in this session is that of a million later
AS $$
DECLARE
    moved bigint[];
BEGIN
    -- ANY (...): places are found by index for one row, and are still no nested loop
    IF TG_RELID = '@registry@.keluarga'::regclass THEN
        -- a status ends what has a reason of its name: on hold is no end
        UPDATE @registry@.kepesertaan AS p SET exit_reason = n.reason, valid_to = greatest(n.day, p.valid_from)
        FROM (SELECT n.id, r.reason, CASE WHEN n.alamat_since > o.alamat_since THEN n.alamat_since ELSE CURRENT_DATE END AS day
            FROM old_rows AS o JOIN new_rows AS n USING (id)
            JOIN @registry@.kepesertaan_reason AS r ON r.reason = n.status AND r.of_exit
            WHERE o.status <> n.status) AS n
        WHERE p.keluarga_id = n.id AND p.valid_to IS NULL
        AND p.keluarga_id = ANY (ARRAY(SELECT n.id FROM old_rows AS o JOIN new_rows AS n USING (id) WHERE o.status <> n.status));
        UPDATE @registry@.kepesertaan AS p SET exit_reason = 'pindah', valid_to = greatest(n.day, p.valid_from)
        FROM (SELECT n.id, n.wilayah, CASE WHEN n.alamat_since > o.alamat_since THEN n.alamat_since ELSE CURRENT_DATE END AS day
            FROM old_rows AS o JOIN new_rows AS n USING (id) WHERE o.wilayah <> n.wilayah) AS n, @registry@.program AS g
        WHERE p.keluarga_id = n.id AND p.valid_to IS NULL AND g.program = p.program AND NOT n.wilayah <@ g.wilayah
        AND p.keluarga_id = ANY (ARRAY(SELECT n.id FROM old_rows AS o JOIN new_rows AS n USING (id) WHERE o.wilayah <> n.wilayah));
        RETURN NULL;
    END IF;
    PERFORM @registry@.trigger_is_of(TG_RELID, '@registry@.anggota');
    -- ends first, with the family that he was in: who leaves the region that pays does not take his place along
    UPDATE @registry@.kepesertaan AS p SET exit_reason = n.reason, valid_to = greatest(n.member_since, p.valid_from)
    FROM (SELECT n.id, n.member_since, r.reason
        FROM old_rows AS o JOIN new_rows AS n USING (id)
        JOIN @registry@.kepesertaan_reason AS r ON r.reason = n.status AND r.of_exit
        WHERE o.status <> n.status) AS n
    WHERE p.anggota_id = n.id AND p.unit = 'anggota' AND p.valid_to IS NULL
    AND p.anggota_id = ANY (ARRAY(SELECT n.id FROM old_rows AS o JOIN new_rows AS n USING (id) WHERE o.status <> n.status));
    moved := ARRAY(SELECT n.id FROM old_rows AS o JOIN new_rows AS n USING (id) WHERE o.keluarga_id <> n.keluarga_id);
    UPDATE @registry@.kepesertaan AS p SET exit_reason = 'pindah', valid_to = greatest(n.member_since, p.valid_from)
    FROM old_rows AS o JOIN new_rows AS n USING (id), @registry@.program AS g
    WHERE o.keluarga_id <> n.keluarga_id AND p.anggota_id = n.id AND p.unit = 'anggota' AND p.valid_to IS NULL
    AND g.program = p.program AND NOT n.wilayah <@ g.wilayah AND p.anggota_id = ANY (moved);
    UPDATE @registry@.kepesertaan AS p SET keluarga_id = n.keluarga_id, wilayah = n.wilayah
    FROM old_rows AS o JOIN new_rows AS n USING (id)
    WHERE o.keluarga_id <> n.keluarga_id AND p.anggota_id = n.id AND p.unit = 'anggota' AND p.valid_to IS NULL AND p.anggota_id = ANY (moved);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION @registry@.kepesertaan_follow() IS 'Trigger: what a change of a family or person means to its places in programmes: a person takes his along, and who is gone, or lives where the programme does not pay, leaves it for an official reason. SECURITY DEFINER, because who changes families need not be who runs programmes';
CREATE TRIGGER kepesertaan_follow AFTER UPDATE ON @registry@.keluarga
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @registry@.kepesertaan_follow();
CREATE TRIGGER kepesertaan_follow AFTER UPDATE ON @registry@.anggota
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @registry@.kepesertaan_follow();
