-- Registry @registry@: civil registry, matching, scores and deciles.

CREATE TABLE @registry@.dukcapil (
    nik dtsen.nik NOT NULL,
    owner_scope text COLLATE "C" NOT NULL DEFAULT @registry@.scope_common(),
    nkk dtsen.nkk,
    nama dtsen.nama NOT NULL,
    tanggal_lahir date,
    jenis_kelamin smallint CHECK (jenis_kelamin IN (1, 2)),
    status_hidup varchar(20) NOT NULL CHECK (status_hidup IN ('hidup', 'meninggal', 'pindah')),
    wilayah dtsen.kode_wilayah,
    import_id bigint NOT NULL,
    PRIMARY KEY (nik, owner_scope)
);
COMMENT ON TABLE @registry@.dukcapil IS 'Extract of the civil registry, taken as right';
COMMENT ON COLUMN @registry@.dukcapil.nik IS 'Number of the person';
COMMENT ON COLUMN @registry@.dukcapil.owner_scope IS 'Region whose login brought the row; empty: the country';
COMMENT ON COLUMN @registry@.dukcapil.nkk IS 'Number of the family card';
COMMENT ON COLUMN @registry@.dukcapil.nama IS 'Name';
COMMENT ON COLUMN @registry@.dukcapil.tanggal_lahir IS 'Date of birth';
COMMENT ON COLUMN @registry@.dukcapil.jenis_kelamin IS '1 male, 2 female';
COMMENT ON COLUMN @registry@.dukcapil.status_hidup IS 'hidup (alive), meninggal (dead) or pindah (moved away)';
COMMENT ON COLUMN @registry@.dukcapil.wilayah IS 'Village of residence, anywhere in the country';
COMMENT ON COLUMN @registry@.dukcapil.import_id IS 'Import that brought the row';

CREATE TABLE @registry@.dtks (
    source_key varchar(30) NOT NULL,
    owner_scope text COLLATE "C" NOT NULL DEFAULT @registry@.scope_common(),
    nik_written varchar(30),
    nik dtsen.nik GENERATED ALWAYS AS (dtsen.to_nik(nik_written)) STORED,
    nkk dtsen.nkk,
    nama dtsen.nama NOT NULL,
    tanggal_lahir date,
    jenis_kelamin smallint CHECK (jenis_kelamin IN (1, 2)),
    alamat text CHECK (length(alamat) <= 300),
    wilayah dtsen.kode_wilayah,
    status varchar(30),
    provinsi varchar(300),
    kabupaten varchar(300),
    kecamatan varchar(300),
    desa varchar(300),
    dusun varchar(30),
    rt varchar(3),
    rw varchar(3),
    tempat_lahir varchar(300),
    hubungan smallint CHECK (hubungan BETWEEN 1 AND 8),
    pekerjaan varchar(300),
    keterangan_padan varchar(300),
    is_bpnt boolean,
    is_pkh boolean,
    is_bpnt_ppkm boolean,
    is_pbi_jkn boolean,
    import_id bigint NOT NULL,
    PRIMARY KEY (source_key, owner_scope)
);
CREATE INDEX ON @registry@.dtks (nik);
COMMENT ON TABLE @registry@.dtks IS 'List of the former registry, DTKS, as it was, also from sheets of SIKS-NG; report_migration() compares';
COMMENT ON COLUMN @registry@.dtks.source_key IS 'Key of the person in that list';
COMMENT ON COLUMN @registry@.dtks.owner_scope IS 'Region whose login brought the row; empty: the country';
COMMENT ON COLUMN @registry@.dtks.nik_written IS 'NIK as the list writes it';
COMMENT ON COLUMN @registry@.dtks.nik IS 'NIK, where what is written can be cleaned without a guess';
COMMENT ON COLUMN @registry@.dtks.nkk IS 'Number of the family card';
COMMENT ON COLUMN @registry@.dtks.nama IS 'Name';
COMMENT ON COLUMN @registry@.dtks.tanggal_lahir IS 'Date of birth';
COMMENT ON COLUMN @registry@.dtks.jenis_kelamin IS '1 male, 2 female';
COMMENT ON COLUMN @registry@.dtks.alamat IS 'Address within the village';
COMMENT ON COLUMN @registry@.dtks.wilayah IS 'Village';
COMMENT ON COLUMN @registry@.dtks.status IS 'Status in that list';
COMMENT ON COLUMN @registry@.dtks.provinsi IS 'Province as a sheet of SIKS-NG writes it';
COMMENT ON COLUMN @registry@.dtks.kabupaten IS 'Regency or city, so written';
COMMENT ON COLUMN @registry@.dtks.kecamatan IS 'District, so written';
COMMENT ON COLUMN @registry@.dtks.desa IS 'Village, so written; import_place() finds its code';
COMMENT ON COLUMN @registry@.dtks.dusun IS 'Hamlet';
COMMENT ON COLUMN @registry@.dtks.rt IS 'RT';
COMMENT ON COLUMN @registry@.dtks.rw IS 'RW';
COMMENT ON COLUMN @registry@.dtks.tempat_lahir IS 'Place of birth';
COMMENT ON COLUMN @registry@.dtks.hubungan IS 'Relation to the head, of the list hubungan';
COMMENT ON COLUMN @registry@.dtks.pekerjaan IS 'Occupation';
COMMENT ON COLUMN @registry@.dtks.keterangan_padan IS 'What the sheet says of the match with the civil registry';
COMMENT ON COLUMN @registry@.dtks.is_bpnt IS 'Had BPNT';
COMMENT ON COLUMN @registry@.dtks.is_pkh IS 'Had PKH';
COMMENT ON COLUMN @registry@.dtks.is_bpnt_ppkm IS 'Had BPNT of the PPKM time';
COMMENT ON COLUMN @registry@.dtks.is_pbi_jkn IS 'Was PBI-JK';
COMMENT ON COLUMN @registry@.dtks.import_id IS 'Import that brought the row';

CREATE TABLE @registry@.padan_status (
    status varchar(25) PRIMARY KEY,
    verdict varchar(10) NOT NULL
        CHECK (verdict IN ('agree', 'differ', 'unknown', 'duplicate', 'invalid', 'gone')),
    sort_order integer NOT NULL UNIQUE,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL
);
COMMENT ON TABLE @registry@.padan_status IS 'What a matching can say of a person';
COMMENT ON COLUMN @registry@.padan_status.status IS 'Key';
COMMENT ON COLUMN @registry@.padan_status.verdict IS 'Its kind: agree, differ, unknown, duplicate, invalid, or gone (dead or moved)';
COMMENT ON COLUMN @registry@.padan_status.sort_order IS 'The first that applies is given';
COMMENT ON COLUMN @registry@.padan_status.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry@.padan_status.label_en IS 'English label';
INSERT INTO @registry@.padan_status (status, verdict, sort_order, label_id, label_en) VALUES
    ('format_salah', 'invalid', 1, 'NIK tidak mungkin', 'impossible NIK'),
    ('nik_ganda', 'duplicate', 2, 'NIK ganda', 'one NIK on several records'),
    ('nik_tidak_ditemukan', 'unknown', 3, 'NIK tidak ditemukan', 'NIK not found'),
    ('meninggal', 'gone', 4, 'meninggal', 'dead'),
    ('pindah', 'gone', 5, 'pindah', 'moved away'),
    ('padan_nama_beda', 'differ', 6, 'padan, nama beda', 'NIK found, name differs'),
    ('padan_tgl_beda', 'differ', 7, 'padan, tanggal lahir beda', 'NIK found, date of birth differs'),
    ('padan_kk_beda', 'differ', 8, 'padan, KK beda', 'NIK found, family card differs'),
    ('padan', 'agree', 9, 'padan', 'matched');

CREATE TABLE @registry@.pemadanan (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    threshold double precision NOT NULL CHECK (threshold BETWEEN 0 AND 1),
    person_count integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER
);
COMMENT ON TABLE @registry@.pemadanan IS 'A run of matching against the civil registry';
COMMENT ON COLUMN @registry@.pemadanan.id IS 'Key';
COMMENT ON COLUMN @registry@.pemadanan.threshold IS 'Name similarity from which names are taken as equal';
COMMENT ON COLUMN @registry@.pemadanan.person_count IS 'Persons matched';
COMMENT ON COLUMN @registry@.pemadanan.created_at IS 'When';
COMMENT ON COLUMN @registry@.pemadanan.created_by IS 'Login that ran it';

CREATE TABLE @registry@.pemadanan_result (
    pemadanan_id bigint NOT NULL REFERENCES @registry@.pemadanan,
    anggota_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    status varchar(25) NOT NULL REFERENCES @registry@.padan_status,
    nama_similarity double precision,
    suggested_nik dtsen.nik,
    suggestion_count integer NOT NULL DEFAULT 0,
    is_suggestion_held boolean NOT NULL DEFAULT false,
    PRIMARY KEY (anggota_id, pemadanan_id),
    FOREIGN KEY (anggota_id, wilayah)
        REFERENCES @registry@.anggota (id, wilayah) ON UPDATE CASCADE
);
CREATE INDEX ON @registry@.pemadanan_result (pemadanan_id, wilayah, status);
COMMENT ON TABLE @registry@.pemadanan_result IS 'What a run of matching says of each person';
COMMENT ON COLUMN @registry@.pemadanan_result.pemadanan_id IS 'The run';
COMMENT ON COLUMN @registry@.pemadanan_result.anggota_id IS 'The person';
COMMENT ON COLUMN @registry@.pemadanan_result.wilayah IS 'Village of the person';
COMMENT ON COLUMN @registry@.pemadanan_result.status IS 'The finding';
COMMENT ON COLUMN @registry@.pemadanan_result.nama_similarity IS 'Similarity of the two names, 0 to 1, where the NIK was found';
COMMENT ON COLUMN @registry@.pemadanan_result.suggested_nik IS 'NIK of the only person one edit away with the same date of birth and a similar name; a suggestion to a clerk, never applied by itself';
COMMENT ON COLUMN @registry@.pemadanan_result.suggestion_count IS 'Persons of the civil registry that fit as well; above 1 none is suggested';
COMMENT ON COLUMN @registry@.pemadanan_result.is_suggestion_held IS 'Another person of the registry has the suggested NIK: one of the two records is the second one of a person';

CREATE TABLE @registry@.skor (
    model_version varchar(30) NOT NULL REFERENCES @registry@.model,
    keluarga_id bigint NOT NULL,
    wilayah dtsen.kode_wilayah NOT NULL,
    skor double precision NOT NULL
        CHECK (skor > '-infinity' AND skor < 'infinity'),
    import_id bigint,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (model_version, keluarga_id),
    FOREIGN KEY (keluarga_id, wilayah)
        REFERENCES @registry@.keluarga (id, wilayah) ON UPDATE CASCADE
);
COMMENT ON TABLE @registry@.skor IS 'Score of a family by a version of the model';
COMMENT ON COLUMN @registry@.skor.model_version IS 'The model';
COMMENT ON COLUMN @registry@.skor.keluarga_id IS 'The family';
COMMENT ON COLUMN @registry@.skor.wilayah IS 'Village of the family';
COMMENT ON COLUMN @registry@.skor.skor IS 'Estimated spending per person, rupiah a month; low is poor';
COMMENT ON COLUMN @registry@.skor.import_id IS 'Import that brought or last changed it';
COMMENT ON COLUMN @registry@.skor.changed_at IS 'When the row last changed';

CREATE TABLE @registry@.desil_cut (
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    scope varchar(10) NOT NULL CHECK (scope IN ('nasional', 'provinsi', 'kabupaten')),
    wilayah dtsen.kode_wilayah REFERENCES @registry@.wilayah,
    number integer NOT NULL CHECK (number BETWEEN 1 AND 9),
    cut double precision NOT NULL
        CHECK (cut > '-infinity' AND cut < 'infinity'),
    origin varchar(10) NOT NULL DEFAULT 'supplied' CHECK (origin IN ('supplied', 'computed')),
    UNIQUE NULLS NOT DISTINCT (edisi_id, wilayah, number),
    CHECK (CASE scope WHEN 'nasional' THEN wilayah IS NULL
        ELSE wilayah IS NOT NULL
            AND dtsen.wilayah_level(wilayah) = CASE scope WHEN 'provinsi' THEN 1 ELSE 2 END
        END)
);
-- its key may hold a NULL, which is no identity for logical replication
ALTER TABLE @registry@.desil_cut REPLICA IDENTITY FULL;
COMMENT ON TABLE @registry@.desil_cut IS 'The nine cuts of an edition for each scope: a family is in decile 1 + number of cuts below its score';
COMMENT ON COLUMN @registry@.desil_cut.edisi_id IS 'The edition';
COMMENT ON COLUMN @registry@.desil_cut.scope IS 'nasional, provinsi or kabupaten';
COMMENT ON COLUMN @registry@.desil_cut.wilayah IS 'Province or regency of the cut; NULL: the country';
COMMENT ON COLUMN @registry@.desil_cut.number IS 'Which cut, 1 to 9';
COMMENT ON COLUMN @registry@.desil_cut.cut IS 'Score that the k-th tenth of the persons does not exceed';
COMMENT ON COLUMN @registry@.desil_cut.origin IS 'supplied: given by BPS before the ranking; computed: from the registry''s own families';

CREATE TABLE @registry@.desil (
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    keluarga_id bigint NOT NULL REFERENCES @registry@.keluarga,
    wilayah dtsen.kode_wilayah NOT NULL,
    nkk dtsen.nkk NOT NULL,
    person_count integer NOT NULL CHECK (person_count >= 0),
    skor double precision CHECK (skor > '-infinity' AND skor < 'infinity'),
    desil_nasional smallint CHECK (desil_nasional BETWEEN 1 AND 10),
    desil_provinsi smallint CHECK (desil_provinsi BETWEEN 1 AND 10),
    desil_kabupaten smallint CHECK (desil_kabupaten BETWEEN 1 AND 10),
    PRIMARY KEY (edisi_id, keluarga_id),
    CHECK (skor IS NOT NULL
        OR num_nonnulls(desil_nasional, desil_provinsi, desil_kabupaten) = 0)
) PARTITION BY LIST (edisi_id);
CREATE INDEX ON @registry@.desil (wilayah, desil_nasional);
COMMENT ON TABLE @registry@.desil IS 'Families of an edition with their three deciles; a partition an edition, unchangeable once published';
COMMENT ON COLUMN @registry@.desil.edisi_id IS 'The edition';
COMMENT ON COLUMN @registry@.desil.keluarga_id IS 'The family';
COMMENT ON COLUMN @registry@.desil.wilayah IS 'Village of the family at the ranking';
COMMENT ON COLUMN @registry@.desil.nkk IS 'Family card at the ranking';
COMMENT ON COLUMN @registry@.desil.person_count IS 'Members, the weight of the family; 0: none is registered';
COMMENT ON COLUMN @registry@.desil.skor IS 'Score that was ranked; NULL: not ranked';
COMMENT ON COLUMN @registry@.desil.desil_nasional IS 'Decile in the country, 1 the poorest; NULL: not ranked';
COMMENT ON COLUMN @registry@.desil.desil_provinsi IS 'Decile in the province; NULL: not ranked';
COMMENT ON COLUMN @registry@.desil.desil_kabupaten IS 'Decile in the regency or city; NULL: not ranked';

CREATE TABLE @registry@.desil_label (
    label_set varchar(20) NOT NULL,
    desil smallint NOT NULL CHECK (desil BETWEEN 1 AND 10),
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    PRIMARY KEY (label_set, desil)
);
COMMENT ON TABLE @registry@.desil_label IS 'What offices call the deciles; places use different words, so there are sets of them. A decile without a row has no name in that set';
COMMENT ON COLUMN @registry@.desil_label.label_set IS 'Name of the set';
COMMENT ON COLUMN @registry@.desil_label.desil IS 'Decile';
COMMENT ON COLUMN @registry@.desil_label.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry@.desil_label.label_en IS 'English label';
INSERT INTO @registry@.desil_label (label_set, desil, label_id, label_en) VALUES
    ('kemiskinan', 1, 'miskin ekstrem', 'extremely poor'), ('kemiskinan', 2, 'miskin', 'poor'),
    ('kemiskinan', 3, 'rentan', 'vulnerable'), ('kemiskinan', 4, 'rentan', 'vulnerable'), ('kemiskinan', 5, 'rentan', 'vulnerable');
INSERT INTO @registry@.desil_label (label_set, desil, label_id, label_en)
SELECT 'bantuan', n, CASE WHEN n <= 5 THEN 'sasaran bantuan' ELSE 'mampu' END, CASE WHEN n <= 5 THEN 'for aid' ELSE 'able' END
FROM generate_series(1, 10) AS n;
