-- Registry @registry@: words that the views for analysts use, in both languages.

CREATE TABLE @registry@.label (
    list varchar(30) NOT NULL,
    code varchar(30) NOT NULL,
    sort_order integer NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    PRIMARY KEY (list, code),
    UNIQUE (list, sort_order)
);
COMMENT ON TABLE @registry@.label IS 'What people call the values of the views for analysts that no other list of the registry explains';
COMMENT ON COLUMN @registry@.label.list IS 'Name of the list: that of the column which uses it';
COMMENT ON COLUMN @registry@.label.code IS 'Value as the views show it';
COMMENT ON COLUMN @registry@.label.sort_order IS 'Order in lists and charts';
COMMENT ON COLUMN @registry@.label.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry@.label.label_en IS 'English label';
INSERT INTO @registry@.label (list, code, sort_order, label_id, label_en) VALUES
    ('scope', 'nasional', 1, 'nasional', 'country'),
    ('scope', 'provinsi', 2, 'provinsi', 'province'),
    ('scope', 'kabupaten', 3, 'kabupaten/kota', 'regency or city'),
    ('unit', 'keluarga', 1, 'keluarga', 'family'),
    ('unit', 'anggota', 2, 'anggota keluarga', 'person'),
    ('owner_level', 'pusat', 1, 'pusat', 'centre'),
    ('owner_level', 'provinsi', 2, 'provinsi', 'province'),
    ('owner_level', 'kabupaten', 3, 'kabupaten/kota', 'regency or city'),
    ('owner_level', 'desa', 4, 'desa/kelurahan', 'village'),
    ('movement', 'extreme_fall', 1, 'turun ekstrem', 'extreme fall'),
    ('movement', 'significant_fall', 2, 'turun signifikan', 'significant fall'),
    ('movement', 'fall', 3, 'turun', 'fall'),
    ('movement', 'same', 4, 'tetap', 'same'),
    ('movement', 'rise', 5, 'naik', 'rise'),
    ('movement', 'significant_rise', 6, 'naik signifikan', 'significant rise'),
    ('movement', 'extreme_rise', 7, 'naik ekstrem', 'extreme rise'),
    ('verdict', 'agree', 1, 'padan', 'agrees'),
    ('verdict', 'differ', 2, 'padan, isi berbeda', 'found, but differs'),
    ('verdict', 'unknown', 3, 'tidak ditemukan', 'not found'),
    ('verdict', 'duplicate', 4, 'ganda', 'second record'),
    ('verdict', 'invalid', 5, 'tidak mungkin', 'impossible'),
    ('verdict', 'gone', 6, 'meninggal atau pindah', 'dead or moved away');
