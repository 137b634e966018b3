-- The verifier of the social office: a field check for new families, some
-- proposals go back to the village.
\set QUIET off
INSERT INTO bekasi.bukti (kind, wilayah, usulan_id, file_name, file_size, sha256)
SELECT 'cek_lapangan', u.wilayah, u.id, 'cek-lapangan-' || u.id || '.pdf', 2000, sha256(convert_to(u.request_key, 'UTF8'))
FROM bekasi.usulan AS u WHERE u.state = 'disepakati' AND u.kind = 'baru';
UPDATE bekasi.usulan SET state = 'dikembalikan', reason = 'form not readable' WHERE state = 'disepakati' AND id % 50 = 1;
UPDATE bekasi.usulan SET state = 'diverifikasi' WHERE state = 'disepakati';
\set QUIET on
