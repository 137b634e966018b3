-- The operator of one village: proposals, their forms, a meeting. Row security
-- shows him his village only.
BEGIN;
SELECT id AS edition FROM bekasi.edisi WHERE state = 'buka' \gset

-- what the matching found
INSERT INTO bekasi.usulan (request_key, kind, wilayah, keluarga_id, anggota_id, payload, edisi_id)
SELECT k.kind || '-' || a.id, k.kind, a.wilayah, a.keluarga_id, a.id,
    jsonb_build_object('nik', r.suggested_nik::text), :edition
FROM bekasi.pemadanan_result AS r JOIN bekasi.anggota AS a ON a.id = r.anggota_id,
LATERAL (SELECT CASE WHEN NOT r.is_suggestion_held THEN 'perbaikan_nik'
    WHEN EXISTS (SELECT FROM bekasi.anggota AS o WHERE o.keluarga_id = a.keluarga_id AND o.nik = r.suggested_nik)
    THEN 'ganda' END AS kind) AS k
WHERE r.suggested_nik IS NOT NULL AND k.kind IS NOT NULL ORDER BY a.id;
INSERT INTO bekasi.usulan (request_key, kind, wilayah, keluarga_id, anggota_id, payload, edisi_id)
SELECT 'meninggal-' || a.id, 'meninggal', a.wilayah, a.keluarga_id, a.id,
    jsonb_build_object('tanggal', CURRENT_DATE - 30), :edition
FROM bekasi.pemadanan_result AS r JOIN bekasi.anggota AS a ON a.id = r.anggota_id
WHERE r.status = 'meninggal' ORDER BY a.id;
-- what the village knows
INSERT INTO bekasi.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id)
SELECT 'ubah-' || k.id, 'ubah', k.wilayah, k.id,
    '{"jenis_lantai_terluas": "8", "aset_bergerak_sepeda_motor": "0"}', :edition
FROM bekasi.keluarga AS k WHERE k.id % 40 = 7 ORDER BY k.id;
INSERT INTO bekasi.usulan (request_key, kind, wilayah, payload, edisi_id)
SELECT 'baru-' || :'village', 'baru', :'village', jsonb_build_object(
    'nkk', left(:'village', 6) || '170126' || right(:'village', 4), 'alamat', 'RT 001 RW 001',
    'anggota', jsonb_build_array(
        jsonb_build_object('nik', left(:'village', 6) || '010190' || right(:'village', 4), 'nama', 'WARGA BARU',
            'hubungan', 1, 'jenis_kelamin', 1, 'tanggal_lahir', '1990-01-01'),
        jsonb_build_object('nik', left(:'village', 6) || '420292' || right(:'village', 4), 'nama', 'ISTRI WARGA BARU',
            'hubungan', 2, 'jenis_kelamin', 2, 'tanggal_lahir', '1992-02-02'))), :edition;
INSERT INTO bekasi.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256)
SELECT 'formulir', u.wilayah, u.id, 'formulir-' || u.request_key || '.pdf', 1000 + length(u.payload::text),
    sha256(convert_to(u.request_key || u.payload, 'UTF8'))
FROM bekasi.usulan AS u;
UPDATE bekasi.usulan SET state = 'diajukan' WHERE state = 'draf';
-- two more: one that misses the meeting, one that stays a draft
INSERT INTO bekasi.usulan (request_key, kind, wilayah, keluarga_id, payload, edisi_id)
SELECT 'tunggu-' || k.id, 'ubah', k.wilayah, k.id, '{"jenis_kloset": "1"}', :edition
FROM bekasi.keluarga AS k WHERE k.id % 40 <> 7 ORDER BY k.id LIMIT 2;
COMMIT;

BEGIN;
INSERT INTO bekasi.musyawarah (wilayah, held_on, place) VALUES (:'village', CURRENT_DATE, 'balai desa')
RETURNING id AS meeting \gset
UPDATE bekasi.musyawarah SET state = 'berlangsung' WHERE id = :meeting;
INSERT INTO bekasi.bukti (kind, wilayah, musyawarah_id, file_name, file_size, sha256)
SELECT k.kind, :'village', :meeting, k.kind || '-' || :'village' || '.pdf', 100000,
    sha256(convert_to(k.kind || :'village', 'UTF8'))
FROM bekasi.bukti_kind AS k WHERE k.of_meeting;
UPDATE bekasi.musyawarah SET state = 'selesai', attendee_count = 24 WHERE id = :meeting;
COMMIT;

-- this one was too late for the meeting
BEGIN;
INSERT INTO bekasi.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256)
SELECT 'formulir', u.wilayah, u.id, 'formulir.pdf', 1000, sha256(convert_to(u.request_key, 'UTF8'))
FROM bekasi.usulan AS u WHERE u.state = 'draf';
UPDATE bekasi.usulan SET state = 'diajukan'
WHERE id = (SELECT min(id) FROM bekasi.usulan WHERE state = 'draf');
COMMIT;
