-- Registry @registry@: families and persons for those who may look, but not see
-- who somebody is.
--
-- A viewer has no right on the tables, only on two views. What these show of
-- numbers, names, birth dates and addresses is said by rows, for each role.

CREATE TABLE @registry@.mask_rule (
    actor_role varchar(30) NOT NULL,
    field varchar(12) NOT NULL CHECK (field IN ('number', 'name', 'birth_date', 'address')),
    degree varchar(6) NOT NULL CHECK (degree IN ('masked', 'open')),
    legal_basis varchar(200),
    PRIMARY KEY (actor_role, field),
    -- whoever needs whole numbers takes an office, with the duties of one
    CHECK (field <> 'number' OR degree <> 'open')
);
COMMENT ON TABLE @registry@.mask_rule IS 'What keluarga_masked and anggota_masked show to a role; what has no row is hidden';
COMMENT ON COLUMN @registry@.mask_rule.actor_role IS 'Role, as table actor gives it to a login';
COMMENT ON COLUMN @registry@.mask_rule.field IS 'number: NIK and family card; name; birth_date; address';
COMMENT ON COLUMN @registry@.mask_rule.degree IS 'masked: last four digits, initials, year of birth, RT and RW; open: name, day of birth, address as they are; numbers are never open';
COMMENT ON COLUMN @registry@.mask_rule.legal_basis IS 'Regulation or agreement that allows it';
INSERT INTO @registry@.mask_rule (actor_role, field, degree) VALUES
    ('pemantau', 'number', 'masked'), ('pemantau', 'name', 'masked'), ('pemantau', 'birth_date', 'masked'),
    ('mitra', 'number', 'masked'), ('mitra', 'name', 'open'), ('mitra', 'birth_date', 'masked'), ('mitra', 'address', 'masked');

CREATE FUNCTION @registry@.mask_scope()
    RETURNS TABLE (low dtsen.kode_wilayah, high dtsen.kode_wilayah, is_outer boolean, number integer, name integer, birth_date integer, address integer)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 2 PARALLEL RESTRICTED SET search_path = pg_catalog, dtsen, pg_temp
AS $$
    WITH g AS (
        SELECT coalesce(replace(a.wilayah, '.', ''), '') AS prefix, r.field, CASE r.degree WHEN 'open' THEN 2 ELSE 1 END AS degree
        FROM @registry@.actor AS a JOIN @registry@.mask_rule AS r USING (actor_role)
        WHERE a.login = @registry@.scope_login())
    SELECT (CASE g.prefix WHEN '' THEN '01' ELSE g.prefix END)::kode_wilayah, rpad(g.prefix, 10, '9')::kode_wilayah,
        NOT EXISTS (SELECT FROM g AS o WHERE o.prefix <> g.prefix AND starts_with(g.prefix, o.prefix)),
        coalesce(max(g.degree) FILTER (WHERE g.field = 'number'), 0), coalesce(max(g.degree) FILTER (WHERE g.field = 'name'), 0),
        coalesce(max(g.degree) FILTER (WHERE g.field = 'birth_date'), 0), coalesce(max(g.degree) FILTER (WHERE g.field = 'address'), 0)
    FROM g GROUP BY g.prefix
$$;
COMMENT ON FUNCTION @registry@.mask_scope() IS 'Ranges of region codes that the login may see masked, whether one is in no other, and how much of each field: 0 nothing, 1 masked, 2 open. SECURITY DEFINER, because nobody but the owner reads actor';

CREATE VIEW @registry@.keluarga_masked WITH (security_barrier) AS
    WITH s AS MATERIALIZED (SELECT * FROM @registry@.mask_scope())
    SELECT k.id AS keluarga_id, k.wilayah,
        (CASE WHEN m.number > 0 THEN nkk_mask(k.nkk) END)::varchar(16) AS nkk,
        (CASE m.name WHEN 2 THEN k.nama_kepala::text WHEN 1 THEN nama_mask(k.nama_kepala) END)::varchar(300) AS nama_kepala,
        (CASE WHEN m.address = 2 THEN k.alamat END)::varchar(300) AS alamat,
        (CASE WHEN m.address > 0 THEN k.rt END)::varchar(3) AS rt, (CASE WHEN m.address > 0 THEN k.rw END)::varchar(3) AS rw,
        k.jumlah_anggota::integer AS member_count, k.status,
        e.name::varchar(20) AS edition_name, d.desil_nasional::integer, d.desil_provinsi::integer, d.desil_kabupaten::integer
    FROM (SELECT s.low, s.high FROM s WHERE s.is_outer) AS r
    JOIN @registry@.keluarga AS k ON k.wilayah >= r.low AND k.wilayah <= r.high
    CROSS JOIN LATERAL (SELECT max(s.number) AS number, max(s.name) AS name, max(s.address) AS address
        FROM s WHERE k.wilayah >= s.low AND k.wilayah <= s.high) AS m
    LEFT JOIN (SELECT x.id, x.name FROM @registry@.edisi AS x WHERE x.state = 'terbit'
        ORDER BY x.published_at DESC, x.id DESC LIMIT 1) AS e ON true
    LEFT JOIN @registry@.desil AS d ON d.edisi_id = e.id AND d.keluarga_id = k.id;
COMMENT ON VIEW @registry@.keluarga_masked IS 'Families of the regions of a viewer, with numbers masked and of the rest what mask_rule shows to his role';
COMMENT ON COLUMN @registry@.keluarga_masked.keluarga_id IS 'Key of the registry';
COMMENT ON COLUMN @registry@.keluarga_masked.wilayah IS 'Village';
COMMENT ON COLUMN @registry@.keluarga_masked.nkk IS 'Last four digits of the family card; NULL: hidden';
COMMENT ON COLUMN @registry@.keluarga_masked.nama_kepala IS 'Name of the head, or initials; NULL: hidden';
COMMENT ON COLUMN @registry@.keluarga_masked.alamat IS 'Address; NULL: hidden';
COMMENT ON COLUMN @registry@.keluarga_masked.rt IS 'Neighbourhood (RT); NULL: hidden';
COMMENT ON COLUMN @registry@.keluarga_masked.rw IS 'Ward (RW); NULL: hidden';
COMMENT ON COLUMN @registry@.keluarga_masked.member_count IS 'Members';
COMMENT ON COLUMN @registry@.keluarga_masked.status IS 'Presence, of the list keberadaan';
COMMENT ON COLUMN @registry@.keluarga_masked.edition_name IS 'The edition published last; NULL: none';
COMMENT ON COLUMN @registry@.keluarga_masked.desil_nasional IS 'Its decile in the country; NULL: not ranked';
COMMENT ON COLUMN @registry@.keluarga_masked.desil_provinsi IS 'Its decile in the province; NULL: not ranked';
COMMENT ON COLUMN @registry@.keluarga_masked.desil_kabupaten IS 'Its decile in the regency; NULL: not ranked';

CREATE VIEW @registry@.anggota_masked WITH (security_barrier) AS
    WITH s AS MATERIALIZED (SELECT * FROM @registry@.mask_scope())
    SELECT a.id AS anggota_id, a.keluarga_id, a.wilayah,
        (CASE WHEN m.number > 0 THEN nik_mask(a.nik) END)::varchar(16) AS nik,
        (CASE m.name WHEN 2 THEN a.nama::text WHEN 1 THEN nama_mask(a.nama) END)::varchar(300) AS nama,
        CASE WHEN m.birth_date = 2 THEN a.tanggal_lahir END AS tanggal_lahir,
        CASE WHEN m.birth_date > 0 THEN extract(year FROM a.tanggal_lahir)::integer END AS birth_year,
        a.jenis_kelamin::integer, a.hubungan::integer, a.status
    FROM (SELECT s.low, s.high FROM s WHERE s.is_outer) AS r
    JOIN @registry@.anggota AS a ON a.wilayah >= r.low AND a.wilayah <= r.high
    CROSS JOIN LATERAL (SELECT max(s.number) AS number, max(s.name) AS name, max(s.birth_date) AS birth_date
        FROM s WHERE a.wilayah >= s.low AND a.wilayah <= s.high) AS m;
COMMENT ON VIEW @registry@.anggota_masked IS 'Persons of the regions of a viewer, with numbers masked and of the rest what mask_rule shows to his role; nothing of health, work or schooling';
COMMENT ON COLUMN @registry@.anggota_masked.anggota_id IS 'Key of the registry';
COMMENT ON COLUMN @registry@.anggota_masked.keluarga_id IS 'The family';
COMMENT ON COLUMN @registry@.anggota_masked.wilayah IS 'Village of the family';
COMMENT ON COLUMN @registry@.anggota_masked.nik IS 'Last four digits of the number; NULL: hidden';
COMMENT ON COLUMN @registry@.anggota_masked.nama IS 'Name, or initials; NULL: hidden';
COMMENT ON COLUMN @registry@.anggota_masked.tanggal_lahir IS 'Day of birth; NULL: hidden or not known';
COMMENT ON COLUMN @registry@.anggota_masked.birth_year IS 'Year of birth; NULL: hidden or not known';
COMMENT ON COLUMN @registry@.anggota_masked.jenis_kelamin IS '1 male, 2 female';
COMMENT ON COLUMN @registry@.anggota_masked.hubungan IS 'Relation to the head, of the list hubungan';
COMMENT ON COLUMN @registry@.anggota_masked.status IS 'Presence, of the list keberadaan';
