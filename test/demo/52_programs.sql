-- The ministry: food aid for deciles 1 to 5, which excludes those judged able.
INSERT INTO bekasi.exclusive_group VALUES ('pangan', 'keluarga', 'bantuan pangan', 'food aid');
INSERT INTO bekasi.program (program, owner_level, unit, exclusive_group, legal_basis, label_id, label_en)
VALUES ('sembako', 'pusat', 'keluarga', 'pangan', 'Kepmensos 79/HUK/2025', 'Sembako', 'Food aid of the centre');
INSERT INTO bekasi.program_rule (program, valid_from, desil_to, legal_basis) VALUES ('sembako', '2025-05-01', 5, 'Kepmensos 79/HUK/2025');
INSERT INTO bekasi.program_flag (program, kind, effect) VALUES ('sembako', 'mampu', 'exclude');
-- PKH for families of deciles 1 to 4 with a component (amounts made up), PBI-JK for persons of deciles 1 to 5.
INSERT INTO bekasi.program (program, owner_level, unit, member_ceiling, legal_basis, label_id, label_en)
VALUES ('pkh', 'pusat', 'keluarga', 4, 'Kepmensos 79/HUK/2025', 'PKH', 'Conditional cash'),
    ('pbi_jk', 'pusat', 'anggota', NULL, 'Permensos 3/2026', 'PBI-JK', 'Health insurance');
INSERT INTO bekasi.program_rule (program, valid_from, desil_to, needs_component, legal_basis)
VALUES ('pkh', '2025-05-01', 4, true, 'Kepmensos 79/HUK/2025'), ('pbi_jk', '2025-05-01', 5, false, 'Kepmensos 79/HUK/2025');
INSERT INTO bekasi.program_component (program, code, amount, min_age, max_age, sekolah, disabilitas, hamil, label_id, label_en) VALUES
    ('pkh', 'hamil', 3000000, NULL, NULL, NULL, NULL, true, 'ibu hamil', 'pregnant'), ('pkh', 'usia_dini', 3000000, 0, 6, '{not_attending}', NULL, NULL, 'anak usia dini', 'small child'),
    ('pkh', 'sd', 900000, NULL, NULL, '{sd}', NULL, NULL, 'anak SD', 'primary school'), ('pkh', 'smp', 1500000, NULL, NULL, '{smp}', NULL, NULL, 'anak SMP', 'lower secondary school'),
    ('pkh', 'sma', 2000000, NULL, NULL, '{sma}', NULL, NULL, 'anak SMA', 'upper secondary school'), ('pkh', 'lansia', 2400000, 60, NULL, NULL, NULL, NULL, 'lanjut usia', 'elderly'),
    ('pkh', 'disabilitas_berat', 2400000, NULL, NULL, NULL, 2, NULL, 'disabilitas berat', 'severe disability');
INSERT INTO bekasi.program_flag (program, kind, effect) VALUES ('pbi_jk', 'pekerja_penerima_upah', 'exclude');
