-- Each recipient is paid for January; seven by both programmes.
INSERT INTO bekasi.penerimaan (program, keluarga_id, wilayah, period, amount, source)
SELECT k.program, k.keluarga_id, k.wilayah, '2026-01-01', CASE k.program WHEN 'sembako' THEN 200000 ELSE 150000 END, 'payment file'
FROM bekasi.kepesertaan AS k WHERE k.valid_to IS NULL ORDER BY k.id;
INSERT INTO bekasi.penerimaan (program, keluarga_id, wilayah, period, amount, source)
SELECT 'pangan_bekasi', k.keluarga_id, k.wilayah, '2026-01-01', 150000, 'payment file'
FROM bekasi.kepesertaan AS k WHERE k.program = 'sembako' ORDER BY k.keluarga_id LIMIT 7;
