-- Registry @registry@: what the import of files needs.
--
-- A file arrives as lines of text (import_open() makes the staging table,
-- dtsen-import or COPY fills it). Which header names a file may have, and where
-- its columns go, are rows of import_column: a ministry maps another layout by
-- adding rows.

CREATE TABLE @registry@.import_kind (
    kind varchar(20) PRIMARY KEY,
    description text NOT NULL
);
COMMENT ON TABLE @registry@.import_kind IS 'Kinds of files that can be imported';
COMMENT ON COLUMN @registry@.import_kind.kind IS 'Key';
COMMENT ON COLUMN @registry@.import_kind.description IS 'What one line of the file is';
INSERT INTO @registry@.import_kind (kind, description) VALUES
    ('keluarga', 'one line a family'),
    ('anggota', 'one line a person as member of a family'),
    ('dukcapil', 'one line a person of the civil registry'),
    ('dtks', 'one line a person of the former registry, DTKS'),
    ('siks_ng', 'one line a person of a sheet of SIKS-NG; kept with the former registry'),
    ('skor', 'one line a family with its score'),
    ('kematian', 'one line a death that the civil registry reports');

CREATE TABLE @registry@.import_type (
    type varchar(20) PRIMARY KEY,
    description text NOT NULL
);
COMMENT ON TABLE @registry@.import_type IS 'How a text field becomes a value; import_check() knows each one';
COMMENT ON COLUMN @registry@.import_type.type IS 'Key';
COMMENT ON COLUMN @registry@.import_type.description IS 'Texts that are taken; the empty field is NULL';
INSERT INTO @registry@.import_type (type, description) VALUES
    ('nik', 'what dtsen.to_nik() can clean'),
    ('nkk', 'what dtsen.to_nkk() can clean'),
    ('wilayah', 'what dtsen.to_kode_wilayah() can clean'),
    ('nama', 'a text of 1 to 100 characters with a letter'),
    ('text', 'any text of at most 300 characters'),
    ('short', 'any text of at most 30 characters'),
    ('date', 'yyyy-mm-dd, a day that exists, from 1850 to today'),
    ('sex', '1, L male; 2, P female'),
    ('relation', '1 to 8'),
    ('decile', '1 to 10; 0 is not ranked, NULL'),
    ('yesno', '1 yes, 2 no'),
    ('flag', '1 or 0'),
    ('rtrw', 'one to three digits, filled up with zeros to three'),
    ('code', 'a whole number of at most 4 digits'),
    ('count', 'a whole number of at most 9 digits'),
    ('small', 'a whole number of at most 2 digits'),
    ('area', 'a number below 1,000,000 with at most two decimals'),
    ('number', 'a decimal number of at most 20 digits before the point and 40 behind it'),
    ('life', 'hidup, meninggal or pindah'),
    ('tanggal', 'yyyy-mm-dd or dd-mm-yyyy, also with / or . between; a day that exists, from 1850 to today'),
    ('nik_written', 'any text of at most 30 characters that no spreadsheet has damaged'),
    ('sex_word', 'as sex; files that go out write the words'),
    ('relation_word', 'as relation; files that go out write the words'),
    ('yesno_word', 'as yesno; files that go out write the words'),
    ('wilayah_1', 'first two digits of a region code; with wilayah_2 to wilayah_4 in columns of their own'),
    ('wilayah_2', 'the next two'),
    ('wilayah_3', 'the next two'),
    ('wilayah_4', 'the last four');

CREATE TABLE @registry@.import_word (
    type varchar(20) NOT NULL REFERENCES @registry@.import_type,
    word varchar(60) NOT NULL CHECK (word = upper(btrim(word)) AND word <> ''),
    value varchar(20) NOT NULL,
    is_written boolean NOT NULL DEFAULT false,
    PRIMARY KEY (type, word)
);
CREATE UNIQUE INDEX import_word_one_written ON @registry@.import_word (type, value) WHERE is_written;
COMMENT ON TABLE @registry@.import_word IS 'Words that files write for the values of a type';
COMMENT ON COLUMN @registry@.import_word.type IS 'The type';
COMMENT ON COLUMN @registry@.import_word.word IS 'The word, in capitals; files may write it as they like';
COMMENT ON COLUMN @registry@.import_word.value IS 'The text of the type that it means';
COMMENT ON COLUMN @registry@.import_word.is_written IS 'Files that go out write this word for the value';
INSERT INTO @registry@.import_word (type, word, value, is_written)
SELECT t.type, w.word, w.value, w.is_written AND t.type ~ '_word$'
FROM (VALUES ('sex', 'LAKI-LAKI', '1', true), ('sex', 'LAKI LAKI', '1', false), ('sex', 'LK', '1', false), ('sex', 'PEREMPUAN', '2', true), ('sex', 'PR', '2', false),
    ('relation', 'KEPALA KELUARGA', '1', true), ('relation', 'ISTRI/SUAMI', '2', true), ('relation', 'ISTRI', '2', false), ('relation', 'SUAMI', '2', false),
    ('relation', 'ANAK', '3', true), ('relation', 'MENANTU', '4', true), ('relation', 'CUCU', '5', true), ('relation', 'ORANG TUA/MERTUA', '6', true),
    ('relation', 'ORANG TUA', '6', false), ('relation', 'ORANGTUA', '6', false), ('relation', 'MERTUA', '6', false), ('relation', 'PEMBANTU/SOPIR', '7', true),
    ('relation', 'PEMBANTU', '7', false), ('relation', 'SOPIR', '7', false), ('relation', 'LAINNYA', '8', true), ('relation', 'FAMILI LAIN', '8', false),
    ('yesno', 'YA', '1', true), ('yesno', 'Y', '1', false), ('yesno', 'TIDAK', '2', true), ('yesno', 'T', '2', false), ('yesno', 'N', '2', false), ('yesno', '0', '2', false))
    AS w (type, word, value, is_written)
JOIN @registry@.import_type AS t ON t.type IN (w.type || '_word', nullif(w.type, 'yesno'))
UNION ALL VALUES ('life', 'MATI', 'meninggal', false), ('life', 'MENINGGAL DUNIA', 'meninggal', false);

CREATE TABLE @registry@.import_column (
    kind varchar(20) NOT NULL REFERENCES @registry@.import_kind,
    header varchar(63) NOT NULL CHECK (header = lower(header)),
    type varchar(20) NOT NULL REFERENCES @registry@.import_type,
    target varchar(63),
    target_column varchar(63),
    is_required boolean NOT NULL DEFAULT false,
    position integer GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (kind, header),
    CHECK ((target IS NULL) = (target_column IS NULL)),
    CHECK (NOT is_required OR target IS NOT NULL)
);
COMMENT ON TABLE @registry@.import_column IS 'Columns that a file may have, by the name in its header, and where they go';
COMMENT ON COLUMN @registry@.import_column.kind IS 'Kind of file';
COMMENT ON COLUMN @registry@.import_column.header IS 'Name in the header, lower case; a name with other signs is also found with a _ for each run of them; several names may lead to one column';
COMMENT ON COLUMN @registry@.import_column.type IS 'How the text becomes a value';
COMMENT ON COLUMN @registry@.import_column.target IS 'Table that gets the value; NULL: the column is known and not used';
COMMENT ON COLUMN @registry@.import_column.target_column IS 'Column that gets the value';
COMMENT ON COLUMN @registry@.import_column.position IS 'Order in exports; of several names for one column the first is written';
COMMENT ON COLUMN @registry@.import_column.is_required IS 'The header must have it and no line may leave it empty';

CREATE TABLE @registry@.import_reason (
    reason varchar(30) PRIMARY KEY,
    label_id varchar(120) NOT NULL,
    label_en varchar(120) NOT NULL
);
COMMENT ON TABLE @registry@.import_reason IS 'Why a line is refused';
COMMENT ON COLUMN @registry@.import_reason.reason IS 'Key';
COMMENT ON COLUMN @registry@.import_reason.label_id IS 'Indonesian label';
COMMENT ON COLUMN @registry@.import_reason.label_en IS 'English label';
INSERT INTO @registry@.import_reason (reason, label_id, label_en) VALUES
    ('empty_line', 'baris kosong', 'the line is empty'),
    ('too_long', 'baris terlalu panjang', 'the line is longer than 10,000 bytes'),
    ('control_byte', 'karakter kendali atau NUL', 'the line holds a control character or a NUL byte'),
    ('not_utf8', 'bukan UTF-8', 'the line is no UTF-8'),
    ('unclosed_quote', 'tanda kutip tidak ditutup', 'a quote is not closed on the line'),
    ('stray_quote', 'tanda kutip salah tempat', 'a quote within a field that does not begin with one'),
    ('too_few_columns', 'kolom kurang', 'fewer columns than the header'),
    ('too_many_columns', 'kolom lebih', 'more columns than the header'),
    ('required_empty', 'isian wajib kosong', 'a required field is empty'),
    ('bad_value', 'nilai salah', 'the text of a field is no value of its type'),
    ('spreadsheet', 'rusak oleh lembar kerja: 15 angka, E+15, .0, tanggal menjadi bilangan atau bulan di depan', 'damaged by a spreadsheet: 15 digits, E+15, .0, a day as a count or with the month first'),
    ('wilayah_unknown', 'kode wilayah tidak dikenal', 'no village of the registry has this code'),
    ('outside_scope', 'di luar wilayah wewenang', 'the village is outside the region of the login'),
    ('other_region', 'keluarga terdaftar di wilayah lain', 'the card number is that of a family in another region'),
    ('duplicate_line', 'baris ganda', 'an earlier line of the file has the same key'),
    ('former_nkk', 'nomor KK lama', 'the card number was replaced by a later one'),
    ('keluarga_unknown', 'keluarga tidak dikenal', 'no family of the registry has this card number'),
    ('second_head', 'kepala keluarga ganda', 'the family has another head'),
    ('model_unknown', 'versi model tidak dikenal', 'no model of the registry has this version'),
    ('person_unknown', 'orang tidak dikenal', 'no active person of the registry has this NIK'),
    ('nik_shared', 'NIK ganda', 'several active persons of the registry have this NIK'),
    ('name_differs', 'nama beda', 'the name is another than that of the person with this NIK'),
    ('before_birth', 'sebelum lahir', 'the day is before the birth of the person'),
    ('event_known', 'peristiwa sudah dicatat', 'the event is known from another notice'),
    ('event_differs', 'peristiwa dicatat lain', 'the notice of this number says something else'),
    ('event_contradicts', 'bertentangan dengan data atau peristiwa lain', 'the registry, or an event that it knows, does not allow it');

CREATE TABLE @registry@.import_run (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    kind varchar(20) NOT NULL REFERENCES @registry@.import_kind,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    owner_scope text COLLATE "C" NOT NULL DEFAULT @registry@.scope_common(),
    read_count bigint NOT NULL,
    accepted_count bigint NOT NULL,
    refused_count bigint NOT NULL,
    new_count bigint NOT NULL,
    changed_count bigint NOT NULL,
    same_count bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by name NOT NULL DEFAULT CURRENT_USER,
    UNIQUE (kind, sha256, owner_scope),
    CHECK (read_count = accepted_count + refused_count),
    CHECK (accepted_count = new_count + changed_count + same_count)
);
COMMENT ON TABLE @registry@.import_run IS 'An import: one file, all of it in one transaction';
COMMENT ON COLUMN @registry@.import_run.id IS 'Key';
COMMENT ON COLUMN @registry@.import_run.kind IS 'Kind of file';
COMMENT ON COLUMN @registry@.import_run.file_name IS 'Its name';
COMMENT ON COLUMN @registry@.import_run.sha256 IS 'Digest of its lines as they were staged; the same lines are not imported again';
COMMENT ON COLUMN @registry@.import_run.owner_scope IS 'Region of the login that ran it; empty: the country';
COMMENT ON COLUMN @registry@.import_run.read_count IS 'Lines read, the header not counted';
COMMENT ON COLUMN @registry@.import_run.accepted_count IS 'Lines taken';
COMMENT ON COLUMN @registry@.import_run.refused_count IS 'Lines refused, each in import_reject';
COMMENT ON COLUMN @registry@.import_run.new_count IS 'Lines that brought a new row';
COMMENT ON COLUMN @registry@.import_run.changed_count IS 'Lines that changed a row';
COMMENT ON COLUMN @registry@.import_run.same_count IS 'Lines that said what the registry knew';
COMMENT ON COLUMN @registry@.import_run.created_at IS 'When';
COMMENT ON COLUMN @registry@.import_run.created_by IS 'Login that ran it';

CREATE TABLE @registry@.import_reject (
    import_id bigint NOT NULL REFERENCES @registry@.import_run,
    line_number bigint NOT NULL CHECK (line_number > 0),
    reason varchar(30) NOT NULL REFERENCES @registry@.import_reason,
    field varchar(63),
    owner_scope text COLLATE "C" NOT NULL DEFAULT @registry@.scope_common(),
    line bytea NOT NULL,
    PRIMARY KEY (import_id, line_number)
);
COMMENT ON TABLE @registry@.import_reject IS 'Every line that was refused, whole';
COMMENT ON COLUMN @registry@.import_reject.import_id IS 'The import';
COMMENT ON COLUMN @registry@.import_reject.line_number IS 'Line of the file, the header being line 1';
COMMENT ON COLUMN @registry@.import_reject.reason IS 'Why';
COMMENT ON COLUMN @registry@.import_reject.field IS 'Column of the header that is wrong, where one is';
COMMENT ON COLUMN @registry@.import_reject.owner_scope IS 'Region of the login that imported; empty: the country';
COMMENT ON COLUMN @registry@.import_reject.line IS 'Bytes of the line; a NUL stands as 1A';

ALTER TABLE @registry@.keluarga ADD FOREIGN KEY (import_id) REFERENCES @registry@.import_run;
ALTER TABLE @registry@.anggota ADD FOREIGN KEY (import_id) REFERENCES @registry@.import_run;
ALTER TABLE @registry@.dukcapil ADD FOREIGN KEY (import_id) REFERENCES @registry@.import_run;
ALTER TABLE @registry@.dtks ADD FOREIGN KEY (import_id) REFERENCES @registry@.import_run;
ALTER TABLE @registry@.skor ADD FOREIGN KEY (import_id) REFERENCES @registry@.import_run;
ALTER TABLE @registry@.peristiwa ADD FOREIGN KEY (import_id) REFERENCES @registry@.import_run;
