-- Registry @registry@: programmes of social aid, their rules, and who is in them.
--
-- Rules are data. What a programme asks of a family or a person is a row that
-- holds from a day on; an edition is judged by the rules of the day on which it
-- is due. Nothing here names a real programme: docs/program.md has examples.

CREATE TABLE @registry@.exclusive_group (
    exclusive_group varchar(20) PRIMARY KEY,
    unit varchar(10) NOT NULL CHECK (unit IN ('keluarga', 'anggota')),
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    UNIQUE (exclusive_group, unit)
);
COMMENT ON TABLE @registry@.exclusive_group IS 'Groups of programmes of which a family, or a person, may be in one only: no double aid of centre, province, regency and village';
COMMENT ON COLUMN @registry@.exclusive_group.exclusive_group IS 'Key';
COMMENT ON COLUMN @registry@.exclusive_group.unit IS 'keluarga: one programme a family; anggota: one a person';
COMMENT ON COLUMN @registry@.exclusive_group.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry@.exclusive_group.label_en IS 'English label';

CREATE TABLE @registry@.program (
    program varchar(20) PRIMARY KEY CHECK (program ~ '^[a-z][a-z0-9_]*$'),
    owner_level varchar(10) NOT NULL CHECK (owner_level IN ('pusat', 'provinsi', 'kabupaten', 'desa')),
    wilayah dtsen.kode_wilayah REFERENCES @registry@.wilayah,
    unit varchar(10) NOT NULL CHECK (unit IN ('keluarga', 'anggota')),
    exclusive_group varchar(20),
    member_ceiling integer CHECK (member_ceiling > 0),
    legal_basis varchar(200) NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    valid_from date NOT NULL DEFAULT '2000-01-01',
    valid_to date CHECK (valid_to >= valid_from),
    UNIQUE (program, unit),
    FOREIGN KEY (exclusive_group, unit) REFERENCES @registry@.exclusive_group (exclusive_group, unit),
    CHECK (CASE owner_level WHEN 'pusat' THEN wilayah IS NULL
        ELSE wilayah IS NOT NULL AND dtsen.wilayah_level(wilayah)
            = CASE owner_level WHEN 'provinsi' THEN 1 WHEN 'kabupaten' THEN 2 ELSE 4 END END)
);
COMMENT ON TABLE @registry@.program IS 'A programme of aid';
COMMENT ON COLUMN @registry@.program.program IS 'Key';
COMMENT ON COLUMN @registry@.program.owner_level IS 'Who pays: pusat (centre), provinsi, kabupaten (or city), desa (village)';
COMMENT ON COLUMN @registry@.program.wilayah IS 'Region that pays, and where it pays; NULL: the centre';
COMMENT ON COLUMN @registry@.program.unit IS 'Who is helped: keluarga (a family) or anggota (a person)';
COMMENT ON COLUMN @registry@.program.exclusive_group IS 'Group of which a family or person may be in one programme only';
COMMENT ON COLUMN @registry@.program.member_ceiling IS 'Members of a family that are paid for at most; NULL: all';
COMMENT ON COLUMN @registry@.program.legal_basis IS 'Regulation';
COMMENT ON COLUMN @registry@.program.label_id IS 'Indonesian name';
COMMENT ON COLUMN @registry@.program.label_en IS 'English name';
COMMENT ON COLUMN @registry@.program.valid_from IS 'First day';
COMMENT ON COLUMN @registry@.program.valid_to IS 'Last day; NULL: none set';

CREATE TABLE @registry@.program_rule (
    program varchar(20) NOT NULL REFERENCES @registry@.program,
    valid_from date NOT NULL,
    desil_scope varchar(10) NOT NULL DEFAULT 'nasional' CHECK (desil_scope IN ('nasional', 'provinsi', 'kabupaten')),
    desil_from smallint NOT NULL DEFAULT 1 CHECK (desil_from BETWEEN 1 AND 10),
    desil_to smallint NOT NULL CHECK (desil_to BETWEEN 1 AND 10),
    takes_unranked boolean NOT NULL DEFAULT false,
    needs_component boolean NOT NULL DEFAULT false,
    legal_basis varchar(200),
    PRIMARY KEY (program, valid_from),
    CHECK (desil_from <= desil_to)
);
COMMENT ON TABLE @registry@.program_rule IS 'What a programme asks, from a day on; the latest row that has begun holds';
COMMENT ON COLUMN @registry@.program_rule.program IS 'The programme';
COMMENT ON COLUMN @registry@.program_rule.valid_from IS 'First day';
COMMENT ON COLUMN @registry@.program_rule.desil_scope IS 'Which of the three deciles counts';
COMMENT ON COLUMN @registry@.program_rule.desil_from IS 'First decile';
COMMENT ON COLUMN @registry@.program_rule.desil_to IS 'Last decile';
COMMENT ON COLUMN @registry@.program_rule.takes_unranked IS 'Whether families without a decile are taken too';
COMMENT ON COLUMN @registry@.program_rule.needs_component IS 'Whether a family needs a member, or a person must be one, who meets a component';
COMMENT ON COLUMN @registry@.program_rule.legal_basis IS 'Regulation of this rule';

CREATE TABLE @registry@.program_component (
    program varchar(20) NOT NULL REFERENCES @registry@.program,
    code varchar(30) NOT NULL,
    amount numeric(12, 0) NOT NULL CHECK (amount >= 0),
    min_age integer CHECK (min_age >= 0),
    max_age integer CHECK (max_age >= 0),
    sekolah text[] CHECK (sekolah <@ '{belum,tidak,sd,smp,sma,tinggi,not_attending}'::text[] AND cardinality(sekolah) > 0),
    disabilitas integer CHECK (disabilitas IN (1, 2)),
    hamil boolean,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL,
    PRIMARY KEY (program, code),
    CHECK (min_age <= max_age),
    CHECK (num_nonnulls(min_age, max_age, sekolah, disabilitas, hamil) > 0)
);
COMMENT ON TABLE @registry@.program_component IS 'Components of a programme: who counts, and for how much; see type dtsen.komponen_program';
COMMENT ON COLUMN @registry@.program_component.program IS 'The programme';
COMMENT ON COLUMN @registry@.program_component.code IS 'Key within it';
COMMENT ON COLUMN @registry@.program_component.amount IS 'Rupiah a year for a member';
COMMENT ON COLUMN @registry@.program_component.min_age IS 'Least age in completed years; NULL: any';
COMMENT ON COLUMN @registry@.program_component.max_age IS 'Greatest age in completed years; NULL: any';
COMMENT ON COLUMN @registry@.program_component.sekolah IS 'Schooling, any of belum, tidak, sd, smp, sma, tinggi, not_attending; NULL: any';
COMMENT ON COLUMN @registry@.program_component.disabilitas IS 'Least degree of disability, 1 or 2; NULL: any';
COMMENT ON COLUMN @registry@.program_component.hamil IS 'Pregnant or not; NULL: either';
COMMENT ON COLUMN @registry@.program_component.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry@.program_component.label_en IS 'English label';

CREATE TABLE @registry@.school_level (
    jenjang smallint PRIMARY KEY,
    sekolah varchar(10) NOT NULL CHECK (sekolah IN ('sd', 'smp', 'sma', 'tinggi'))
);
COMMENT ON TABLE @registry@.school_level IS 'Level of school of a code of jenjang_tertinggi, for components of programmes';
COMMENT ON COLUMN @registry@.school_level.jenjang IS 'Code of the person file';
COMMENT ON COLUMN @registry@.school_level.sekolah IS 'sd, smp, sma or tinggi, each with its equals';
INSERT INTO @registry@.school_level (jenjang, sekolah)
SELECT n, CASE WHEN n <= 5 THEN 'sd' WHEN n <= 10 THEN 'smp' WHEN n <= 17 THEN 'sma' ELSE 'tinggi' END
FROM generate_series(1, 22) AS n;

CREATE TABLE @registry@.flag_kind (
    kind varchar(30) PRIMARY KEY CHECK (kind ~ '^[a-z][a-z0-9_]*$'),
    of_member boolean NOT NULL,
    label_id varchar(80) NOT NULL,
    label_en varchar(80) NOT NULL
);
COMMENT ON TABLE @registry@.flag_kind IS 'Kinds of flags that another register or a check sets on a family or a person';
COMMENT ON COLUMN @registry@.flag_kind.kind IS 'Key';
COMMENT ON COLUMN @registry@.flag_kind.of_member IS 'Set on a person (true) or on a family (false)';
COMMENT ON COLUMN @registry@.flag_kind.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry@.flag_kind.label_en IS 'English label';
INSERT INTO @registry@.flag_kind (kind, of_member, label_id, label_en) VALUES
    ('aparatur', true, 'ASN, TNI, Polri, BUMN/BUMD atau pejabat negara', 'civil servant, soldier, police, state enterprise or official'),
    ('upah_minimum', true, 'upah di atas upah minimum', 'pay above the minimum wage'),
    ('judi_daring', true, 'terindikasi judi daring', 'indicated online gambling'),
    ('pekerja_penerima_upah', true, 'menjadi pekerja penerima upah', 'became a wage earner'),
    ('bukan_penerima_upah', true, 'terdaftar sebagai bukan penerima upah', 'registered on his own account'),
    ('mampu', false, 'dinilai mampu', 'judged able to pay'),
    ('daya_listrik', false, 'daya listrik di atas batas', 'electric power above the limit'),
    ('alamat_tidak_ditemukan', false, 'alamat tidak ditemukan', 'address not found at a check'),
    ('hamil', true, 'hamil', 'pregnant'),
    ('asesmen', false, 'layak menurut asesmen', 'entitled by an assessment');

CREATE TABLE @registry@.flag (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    kind varchar(30) NOT NULL REFERENCES @registry@.flag_kind,
    keluarga_id bigint NOT NULL,
    anggota_id bigint,
    wilayah dtsen.kode_wilayah NOT NULL,
    source varchar(80) NOT NULL CHECK (length(source) > 0),
    noted_on date NOT NULL,
    valid_to date CHECK (valid_to >= noted_on),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE NULLS NOT DISTINCT (kind, keluarga_id, anggota_id, source, noted_on),
    FOREIGN KEY (keluarga_id, wilayah) REFERENCES @registry@.keluarga (id, wilayah) ON UPDATE CASCADE,
    FOREIGN KEY (anggota_id) REFERENCES @registry@.anggota
);
CREATE INDEX ON @registry@.flag (keluarga_id);
CREATE INDEX ON @registry@.flag (wilayah);
COMMENT ON TABLE @registry@.flag IS 'Flags on families and persons, with their source and day';
COMMENT ON COLUMN @registry@.flag.id IS 'Key';
COMMENT ON COLUMN @registry@.flag.kind IS 'Kind of flag';
COMMENT ON COLUMN @registry@.flag.keluarga_id IS 'The family';
COMMENT ON COLUMN @registry@.flag.anggota_id IS 'The person, for kinds that are set on one';
COMMENT ON COLUMN @registry@.flag.wilayah IS 'Village of the family';
COMMENT ON COLUMN @registry@.flag.source IS 'Register or check that says so';
COMMENT ON COLUMN @registry@.flag.noted_on IS 'Day it says so for';
COMMENT ON COLUMN @registry@.flag.valid_to IS 'Last day; NULL: it stands';
COMMENT ON COLUMN @registry@.flag.created_at IS 'When it came in';
COMMENT ON COLUMN @registry@.flag.created_by IS 'Login that noted it';

CREATE TABLE @registry@.program_flag (
    program varchar(20) NOT NULL REFERENCES @registry@.program,
    kind varchar(30) NOT NULL REFERENCES @registry@.flag_kind,
    effect varchar(10) NOT NULL CHECK (effect IN ('exclude', 'include')),
    legal_basis varchar(200),
    PRIMARY KEY (program, kind)
);
COMMENT ON TABLE @registry@.program_flag IS 'What a flag means to a programme; a flag on a member counts for the family of a family programme, and for that person of another';
COMMENT ON COLUMN @registry@.program_flag.program IS 'The programme';
COMMENT ON COLUMN @registry@.program_flag.kind IS 'Kind of flag';
COMMENT ON COLUMN @registry@.program_flag.effect IS 'exclude: out, whatever the decile; include: in, whatever the decile. Both at once are a contradiction that a person decides';
COMMENT ON COLUMN @registry@.program_flag.legal_basis IS 'Regulation';

CREATE TABLE @registry@.program_quota (
    program varchar(20) NOT NULL REFERENCES @registry@.program,
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    wilayah dtsen.kode_wilayah REFERENCES @registry@.wilayah,
    quota integer NOT NULL CHECK (quota >= 0),
    UNIQUE NULLS NOT DISTINCT (program, edisi_id, wilayah)
);
-- its key may hold a NULL, which is no identity for logical replication
ALTER TABLE @registry@.program_quota REPLICA IDENTITY FULL;
COMMENT ON TABLE @registry@.program_quota IS 'How many families or persons a programme takes';
COMMENT ON COLUMN @registry@.program_quota.program IS 'The programme';
COMMENT ON COLUMN @registry@.program_quota.edisi_id IS 'Edition by which they are ranked';
COMMENT ON COLUMN @registry@.program_quota.wilayah IS 'Region of the quota; NULL: the country';
COMMENT ON COLUMN @registry@.program_quota.quota IS 'Families or persons';

CREATE TABLE @registry@.daftar (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    program varchar(20) NOT NULL REFERENCES @registry@.program,
    edisi_id integer NOT NULL REFERENCES @registry@.edisi,
    wilayah dtsen.kode_wilayah REFERENCES @registry@.wilayah,
    quota integer CHECK (quota >= 0),
    owner_scope text COLLATE "C" NOT NULL DEFAULT @registry@.scope_common(),
    item_count integer NOT NULL,
    in_count integer NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE (id, program)
);
COMMENT ON TABLE @registry@.daftar IS 'A list of candidates of a programme, made by program_list()';
COMMENT ON COLUMN @registry@.daftar.id IS 'Key';
COMMENT ON COLUMN @registry@.daftar.program IS 'The programme';
COMMENT ON COLUMN @registry@.daftar.edisi_id IS 'Edition by which they are ranked';
COMMENT ON COLUMN @registry@.daftar.wilayah IS 'Region of the list; NULL: all that its maker sees';
COMMENT ON COLUMN @registry@.daftar.quota IS 'Places; NULL: no limit';
COMMENT ON COLUMN @registry@.daftar.owner_scope IS 'Region of the login that made it; empty: the country';
COMMENT ON COLUMN @registry@.daftar.item_count IS 'Candidates on it';
COMMENT ON COLUMN @registry@.daftar.in_count IS 'of whom these have a place';
COMMENT ON COLUMN @registry@.daftar.digest IS 'SHA-256 of its items';
COMMENT ON COLUMN @registry@.daftar.created_at IS 'When it was made';
COMMENT ON COLUMN @registry@.daftar.created_by IS 'Login that made it';

CREATE TABLE @registry@.daftar_item (
    daftar_id bigint NOT NULL REFERENCES @registry@.daftar,
    place integer NOT NULL CHECK (place > 0),
    keluarga_id bigint NOT NULL REFERENCES @registry@.keluarga,
    anggota_id bigint REFERENCES @registry@.anggota,
    wilayah dtsen.kode_wilayah NOT NULL,
    skor double precision,
    desil smallint,
    verdict varchar(20) NOT NULL CHECK (verdict IN ('layak', 'bertentangan')),
    is_in boolean NOT NULL,
    reasons text[] NOT NULL,
    PRIMARY KEY (daftar_id, place),
    UNIQUE NULLS NOT DISTINCT (daftar_id, keluarga_id, anggota_id)
);
COMMENT ON TABLE @registry@.daftar_item IS 'Candidates on a list, the poorest first';
COMMENT ON COLUMN @registry@.daftar_item.daftar_id IS 'The list';
COMMENT ON COLUMN @registry@.daftar_item.place IS 'Place, from 1; equal scores stand by key, which decides nothing';
COMMENT ON COLUMN @registry@.daftar_item.keluarga_id IS 'The family';
COMMENT ON COLUMN @registry@.daftar_item.anggota_id IS 'The person, of a programme for persons';
COMMENT ON COLUMN @registry@.daftar_item.wilayah IS 'Village';
COMMENT ON COLUMN @registry@.daftar_item.skor IS 'Score of the family in the edition';
COMMENT ON COLUMN @registry@.daftar_item.desil IS 'Decile by which the programme judges';
COMMENT ON COLUMN @registry@.daftar_item.verdict IS 'layak: entitled; bertentangan: rules contradict each other, so somebody decides';
COMMENT ON COLUMN @registry@.daftar_item.is_in IS 'Has a place within the quota';
COMMENT ON COLUMN @registry@.daftar_item.reasons IS 'Codes of what speaks for and against, and of the quota';
