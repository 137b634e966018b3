-- Registry @registry@: the legal acts that rules of the registry rest on.

CREATE TABLE @registry@.dasar_hukum (
    act varchar(60) PRIMARY KEY,
    issued_on date,
    subject_id varchar(300) NOT NULL,
    subject_en varchar(300) NOT NULL,
    replaced_by varchar(60) REFERENCES @registry@.dasar_hukum,
    CHECK (replaced_by <> act)
);
COMMENT ON TABLE @registry@.dasar_hukum IS 'Legal acts; a ministry keeps the list. legal_basis of programmes, rules and reasons names them';
COMMENT ON COLUMN @registry@.dasar_hukum.act IS 'Short name, as it is cited';
COMMENT ON COLUMN @registry@.dasar_hukum.issued_on IS 'Day of the act; NULL: not known to us';
COMMENT ON COLUMN @registry@.dasar_hukum.subject_id IS 'What it is about, in Indonesian';
COMMENT ON COLUMN @registry@.dasar_hukum.subject_en IS 'What it is about, in English';
COMMENT ON COLUMN @registry@.dasar_hukum.replaced_by IS 'Act that took its place; NULL: in force';
INSERT INTO @registry@.dasar_hukum (act, issued_on, subject_id, subject_en, replaced_by) VALUES
    ('UU 13/2011', NULL, 'penanganan fakir miskin', 'care for the poor', NULL),
    ('UU 27/2022', NULL, 'pelindungan data pribadi', 'protection of personal data', NULL),
    ('Inpres 4/2025', '2025-02-05', 'Data Tunggal Sosial dan Ekonomi Nasional', 'the single socio-economic registry', NULL),
    ('Permensos 3/2025', NULL, 'pemutakhiran dan penggunaan DTSEN', 'updating and use of DTSEN', NULL),
    ('Permensos 3/2021', NULL, 'pengelolaan Data Terpadu Kesejahteraan Sosial (DTKS)', 'the former registry, DTKS', 'Permensos 3/2025'),
    ('Kepmensos 245/HUK/2025', NULL, 'tata cara usulan, verifikasi dan validasi DTSEN', 'procedure of proposal, verification and validation', NULL),
    ('Kepmensos 73/HUK/2024', '2024-05-08', 'musyawarah desa untuk usulan, penghentian dan penonaktifan', 'village meeting for proposals, stopping and deactivation', 'Kepmensos 245/HUK/2025'),
    ('Kepmensos 79/HUK/2025', NULL, 'desil penerima bantuan sosial', 'deciles of the programmes of social aid', NULL),
    ('Permen PPN 7/2025', '2025-08-04', 'berbagi pakai DTSEN', 'sharing DTSEN', NULL),
    ('Permensos 3/2026', NULL, 'perubahan data PBI-JK, penghapusan dan reaktivasi', 'changes of PBI-JK, removal and reactivation', NULL);
