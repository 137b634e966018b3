-- The data manager: what other registers and the payers report.
INSERT INTO bekasi.flag (kind, keluarga_id, wilayah, source, noted_on)
SELECT 'mampu', k.id, k.wilayah, 'ground check', '2026-01-10' FROM bekasi.keluarga AS k
WHERE k.id % 41 = 5 AND k.status = 'aktif' ORDER BY k.id;
