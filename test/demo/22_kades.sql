-- The head of the village: the meeting is valid; it refuses some proposals and
-- agrees to the others, but for the one that came too late for it.
BEGIN;
UPDATE bekasi.musyawarah SET state = 'sah' WHERE state = 'selesai' RETURNING id AS meeting \gset
UPDATE bekasi.usulan SET state = 'ditolak_musdes', musyawarah_id = :meeting, reason = 'the meeting knows better'
WHERE state = 'diajukan' AND id % 20 = 0;
UPDATE bekasi.usulan SET state = 'disepakati', musyawarah_id = :meeting
WHERE state = 'diajukan' AND request_key NOT LIKE 'tunggu-%';
COMMIT;
