-- To version 2, when its tables are there: what their new columns and tables say
-- about the rows that were there before.
-- what viewers see; afterwards the owner's rows stand
INSERT INTO @registry@.mask_rule (actor_role, field, degree) VALUES
    ('pemantau', 'number', 'masked'), ('pemantau', 'name', 'masked'), ('pemantau', 'birth_date', 'masked'),
    ('mitra', 'number', 'masked'), ('mitra', 'name', 'open'), ('mitra', 'birth_date', 'masked'), ('mitra', 'address', 'masked');

UPDATE @registry@.kepesertaan_reason SET document = 'surat keterangan fasilitas kesehatan' WHERE reason = 'penyakit_berat';
UPDATE @registry@.usulan_kind SET is_event = true WHERE kind IN ('meninggal', 'pindah');

UPDATE @registry@.desil_summary AS s SET is_hidden = false
FROM (SELECT m.ctid AS row_id, @registry@.is_hidden_cell(m.families, min(m.families) OVER c, row_number() OVER (c ORDER BY m.families, m.desil),
        sum(m.families) OVER (c ORDER BY m.families, m.desil ROWS UNBOUNDED PRECEDING)) AS is_hidden
    FROM @registry@.desil_summary AS m WINDOW c AS (PARTITION BY m.edisi_id, m.scope, m.wilayah)) AS h
WHERE s.ctid = h.row_id AND NOT h.is_hidden;
UPDATE @registry@.movement_summary AS s SET is_hidden = false
FROM (SELECT m.ctid AS row_id, @registry@.is_hidden_cell(m.families, min(m.families) OVER c,
        row_number() OVER (c ORDER BY m.families, m.from_desil, m.to_desil),
        sum(m.families) OVER (c ORDER BY m.families, m.from_desil, m.to_desil ROWS UNBOUNDED PRECEDING)) AS is_hidden
    FROM @registry@.movement_summary AS m WINDOW c AS (PARTITION BY m.edisi_id, m.scope, m.wilayah)) AS h
WHERE s.ctid = h.row_id AND NOT h.is_hidden;

-- figures that publication and matching count from now on
SELECT @registry@.padan_summarise(p.id) FROM @registry@.pemadanan AS p;
SELECT @registry@.inequality_summarise(e.id) FROM @registry@.edisi AS e WHERE e.state = 'terbit';
SELECT @registry@.program_summarise();
SELECT @registry@.journal_summarise();
SELECT @registry@.quality_summarise(e.id) FROM (SELECT x.id FROM @registry@.edisi AS x WHERE x.state = 'terbit'
    ORDER BY x.published_at DESC, x.id DESC LIMIT 1) AS e;
-- what its tables are attached with now counts as given
SELECT dtsen._journal_attachment(a.target, '@registry@', a.machine) FROM dtsen._attached('@registry@') AS a;
