-- BPS: the next version of the model. A family whose floor and motorcycle a
-- proposal changed is estimated at half; the others move by up to a tenth.
INSERT INTO bekasi.model VALUES ('pmt-2026-2', 'invented for the demo', 'test/demo');
INSERT INTO bekasi.skor (model_version, keluarga_id, wilayah, skor)
SELECT 'pmt-2026-2', k.id, k.wilayah, round(coalesce(s.skor, 600000) * (900 + k.id * 7919 % 201) / 1000
    * CASE WHEN EXISTS (SELECT FROM bekasi.usulan AS u WHERE u.keluarga_id = k.id AND u.kind = 'ubah' AND u.state = 'terbit')
        THEN 0.5 ELSE 1 END)
FROM bekasi.keluarga AS k LEFT JOIN bekasi.skor AS s ON s.keluarga_id = k.id AND s.model_version = 'pmt-2026-1'
WHERE k.status = 'aktif' ORDER BY k.id;
