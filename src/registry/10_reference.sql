-- Registry @registry@: version, regions and code lists.
--
-- Every table of the registry is an ordinary table of its owner. A ministry
-- keeps these lists current itself; nothing in the extension depends on them.

CREATE TABLE @registry@.meta (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version integer NOT NULL CHECK (version > 0),
    extension_version varchar(20) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    upgraded_at timestamptz,
    upgraded_by name
);
COMMENT ON TABLE @registry@.meta IS 'One row: which version of the registry''s tables this schema holds';
COMMENT ON COLUMN @registry@.meta.only_row IS 'Always true: there is one row';
COMMENT ON COLUMN @registry@.meta.version IS 'Version of the tables; dtsen.upgrade_registry() moves it on';
COMMENT ON COLUMN @registry@.meta.extension_version IS 'Version of the extension that made the tables';
COMMENT ON COLUMN @registry@.meta.created_at IS 'When the registry was made';
COMMENT ON COLUMN @registry@.meta.created_by IS 'Who made it';
COMMENT ON COLUMN @registry@.meta.upgraded_at IS 'When dtsen.upgrade_registry() last moved it on; NULL: never';
COMMENT ON COLUMN @registry@.meta.upgraded_by IS 'Who ran that';

INSERT INTO @registry@.meta (version, extension_version)
VALUES (dtsen._registry_version(), dtsen.dtsen_version());

CREATE TABLE @registry@.wilayah (
    kode dtsen.kode_wilayah PRIMARY KEY,
    nama varchar(100) NOT NULL,
    level integer NOT NULL CHECK (level BETWEEN 1 AND 4),
    parent dtsen.kode_wilayah,
    status varchar(10) NOT NULL DEFAULT 'present' CHECK (status IN ('present', 'retired')),
    decree varchar(200),
    decree_date date,
    last_edition integer,
    successor dtsen.kode_wilayah,
    CHECK ((level = 1) = (parent IS NULL)),
    CHECK (status = 'retired' OR successor IS NULL),
    CHECK (dtsen.wilayah_level(kode) = level)
);
COMMENT ON TABLE @registry@.wilayah IS 'Kemendagri''s region codes, present and retired; copied from dtsen.wilayah_reference() and kept current here';
COMMENT ON COLUMN @registry@.wilayah.kode IS 'Region code of 2, 4, 6 or 10 digits';
COMMENT ON COLUMN @registry@.wilayah.nama IS 'Official name';
COMMENT ON COLUMN @registry@.wilayah.level IS '1 province, 2 regency or city, 3 district, 4 village';
COMMENT ON COLUMN @registry@.wilayah.parent IS 'Code of the region above; NULL for a province';
COMMENT ON COLUMN @registry@.wilayah.status IS 'present, or retired: no decree in force lists it any more';
COMMENT ON COLUMN @registry@.wilayah.decree IS 'Decree that last lists the code';
COMMENT ON COLUMN @registry@.wilayah.decree_date IS 'Date of that decree';
COMMENT ON COLUMN @registry@.wilayah.last_edition IS 'Year of the last edition that lists a retired code';
COMMENT ON COLUMN @registry@.wilayah.successor IS 'Code that took the place of a retired one';

INSERT INTO @registry@.wilayah
    (kode, nama, level, parent, status, decree, decree_date, last_edition, successor)
SELECT kode, nama, level, parent, status, decree, decree_date, last_edition, successor
FROM dtsen.wilayah_reference();
CREATE INDEX ON @registry@.wilayah (parent);

CREATE TABLE @registry@.code (
    list varchar(40) NOT NULL,
    code integer NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    PRIMARY KEY (list, code)
);
COMMENT ON TABLE @registry@.code IS 'Code lists of the family and person variables, by the questionnaire of the 2022 registration';
COMMENT ON COLUMN @registry@.code.list IS 'Name of the list: the column that uses it';
COMMENT ON COLUMN @registry@.code.code IS 'Code as stored';
COMMENT ON COLUMN @registry@.code.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry@.code.label_en IS 'English label';

INSERT INTO @registry@.code (list, code, label_id, label_en) VALUES
    ('jenis_kelamin', 1, 'laki-laki', 'male'),
    ('jenis_kelamin', 2, 'perempuan', 'female'),
    ('hubungan', 1, 'kepala keluarga', 'head'),
    ('hubungan', 2, 'istri/suami', 'spouse'),
    ('hubungan', 3, 'anak', 'child'),
    ('hubungan', 4, 'menantu', 'child-in-law'),
    ('hubungan', 5, 'cucu', 'grandchild'),
    ('hubungan', 6, 'orang tua/mertua', 'parent or parent-in-law'),
    ('hubungan', 7, 'pembantu/sopir', 'servant or driver'),
    ('hubungan', 8, 'lainnya', 'other');
