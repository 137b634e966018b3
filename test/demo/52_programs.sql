-- The ministry: food aid for deciles 1 to 5, which excludes those judged able.
INSERT INTO bekasi.exclusive_group VALUES ('pangan', 'keluarga', 'bantuan pangan', 'food aid');
INSERT INTO bekasi.program (program, owner_level, unit, exclusive_group, legal_basis, label_id, label_en)
VALUES ('sembako', 'pusat', 'keluarga', 'pangan', 'Kepmensos 79/HUK/2025', 'Sembako', 'Food aid of the centre');
INSERT INTO bekasi.program_rule (program, valid_from, desil_to, legal_basis) VALUES ('sembako', '2025-05-01', 5, 'Kepmensos 79/HUK/2025');
INSERT INTO bekasi.program_flag (program, kind, effect) VALUES ('sembako', 'mampu', 'exclude');
